#ifndef BENCH_FIGURES_H
#define BENCH_FIGURES_H
/*
 * The arithmetic of benchmarks: one value for each round, their median and how far they lie apart, and goals.
 *
 * A ratio is taken within a round, between two things measured one behind the other; the median is that of the
 * rounds' ratios. So what slows the machine for a while slows both, and spoils a round at most.
 */
#include <stdbool.h>
#include <stddef.h>

#define SERIES_MAX 100 // rounds at most

/* One value for each round. All zero is empty. */
struct series {
    double values[SERIES_MAX]; // in the order of the rounds
    size_t count;
};

/* Adds a round's value; there must be room. */
void series_add(struct series *s, double value);

/* The middle one; of an even number the mean of the two in the middle. 0 when there is none. values are sorted. */
double median(double *values, size_t count);
double series_median(const struct series *s);
double series_low(const struct series *s);
double series_high(const struct series *s);

enum goal_kind { GOAL_NONE, GOAL_AT_MOST, GOAL_AT_LEAST };

struct goal {
    enum goal_kind kind;
    double value;
};

/* By how much a value misses its goal; 0 when it is met or there is none. */
double goal_missed(struct goal g, double value);

#endif
