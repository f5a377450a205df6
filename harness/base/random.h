#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H
/*
 * Repeatable chance. A generator is made from the run's seed and the names of what it is for, never
 * from the order of a run, so that a case draws the same values alone, in parallel and in a shard.
 */
#include <stdint.h>

struct random {
    uint64_t state;
};

/* A generator for one purpose: seed, a name such as a case id, and a place within it. */
struct random random_for(uint64_t seed, const char *name, uint64_t place);

/* 64 bits, uniform. */
uint64_t random_u64(struct random *r);

/* A number from 0 to below limit, uniform; limit 0 means the whole range. */
uint64_t random_below(struct random *r, uint64_t limit);

#endif
