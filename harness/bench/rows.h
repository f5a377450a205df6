#ifndef BENCH_ROWS_H
#define BENCH_ROWS_H
/*
 * The functions of bench_table. Each fills in one value for a round; what cannot be measured here says why in the remark.
 */
#include "bench/bench.h"

bool measure_exchange(struct bench *b, struct measured *out, struct error *err);
bool measure_harness(struct bench *b, struct measured *out, struct error *err);
bool measure_round_trip(struct bench *b, struct measured *out, struct error *err);
bool measure_silence(struct bench *b, struct measured *out, struct error *err);
bool measure_proxy(struct bench *b, struct measured *out, struct error *err);
bool measure_proxy_one(struct bench *b, struct measured *out, struct error *err);
bool measure_workers(struct bench *b, struct measured *out, struct error *err);
bool measure_start(struct bench *b, struct measured *out, struct error *err);
bool measure_lint(struct bench *b, struct measured *out, struct error *err);
bool measure_reports(struct bench *b, struct measured *out, struct error *err);
bool measure_page(struct bench *b, struct measured *out, struct error *err);
bool measure_memory(struct bench *b, struct measured *out, struct error *err);
bool measure_mute(struct bench *b, struct measured *out, struct error *err);
bool measure_closing(struct bench *b, struct measured *out, struct error *err);
bool measure_stuck(struct bench *b, struct measured *out, struct error *err);
bool measure_dripping(struct bench *b, struct measured *out, struct error *err);
bool measure_babbling(struct bench *b, struct measured *out, struct error *err);

#endif
