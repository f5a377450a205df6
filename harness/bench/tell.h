#ifndef BENCH_TELL_H
#define BENCH_TELL_H
/*
 * What was measured, for people and for programs.
 */
#include "bench/bench.h"
#include "json/write.h"

/* On what it is measured. */
void tell_head(const struct bench *b, struct text *to);
/* A line on the value and its goal, and one on what it was made from. */
void tell_row(const struct bench_row *row, const struct measured *m, struct text *to);

/* The document: what was measured where, then a row for each. Between begin and end come rows. */
void tell_json_begin(const struct bench *b, struct json_out *j);
void tell_json_row(const struct bench_row *row, const struct measured *m, struct json_out *j);
void tell_json_end(struct json_out *j);

#endif
