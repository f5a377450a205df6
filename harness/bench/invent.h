#ifndef BENCH_INVENT_H
#define BENCH_INVENT_H
/*
 * Vectors that only a benchmark wants: very many cases, and conversations that are nothing but round trips. They are
 * written to a directory of their own, as any author's would be.
 */
#include "bench/bench.h"

/*
 * A directory name/ in the bench's own, with `count` cases like those that are shipped: numbers and strings by every op,
 * and conversations with a silence. alone: with a copy of the service that they are for, so that they need nothing else;
 * else they are to be loaded beside ours.
 */
bool invent_many(const struct bench *b, const char *name, bool alone, size_t count, struct arena *keep, const char **directory,
                 struct error *err);

/* The same, alone, with two cases: bench-kept has `trips` round trips on one connection, bench-silent as many silences that no
 * probe may show, each behind a round trip. */
bool invent_kept(const struct bench *b, const char *name, size_t trips, size_t silences, struct arena *keep, const char **directory,
                 struct error *err);

#endif
