#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H
/*
 * Benchmarks: what arcwire costs, beside what the same costs in plain C, in one run on one machine.
 *
 * A benchmark is a row of bench_table and a function that fills in one value for each round. Both sides of a ratio take
 * turns, A B A B, on the same processors. Nothing is left behind: files are in one temporary directory, processes die
 * with us.
 */
#include "bench/figures.h"
#include "peer/manifest.h"
#include "vector/vector.h"

#define BENCH_MORE   12
#define BENCH_ROUNDS 5 // unless told

/* What came of one benchmark. */
struct measured {
    struct series value;    // a round each, in the row's unit
    bool at_least;          // it was cut short: the true value is that or more
    size_t n;               // things in a round …
    const char *of;         // … of this kind: "cases"
    struct {
        const char *name, *unit;
        struct series s;
    } more[BENCH_MORE];     // what the value was made from, and where the time went
    size_t more_count;
    char remark[256];       // "", or what must be known about it; why it was not measured, when it has no value
};

/* Adds a round's value to one of those behind the main one; names and units are constants. */
void measured_more(struct measured *m, const char *name, const char *unit, double value);
void measured_remark(struct measured *m, const char *fmt, ...) PRINTF(2, 3);

/* How much is measured in a round. */
struct bench_sizes {
    size_t cases;    // conversations, at most
    size_t trips;    // round trips on one connection
    size_t silences; // on one connection
    size_t invented; // cases where there must be many
    int64_t timeout; // µs for one answer of a bad peer
};
extern const struct bench_sizes bench_sizes;

struct bench {
    const char *build;         // directory of the arcwire program and its peers
    const char *data;          // directory with vectors/ and peers/
    const char *version;
    unsigned rounds;           // 1 to SERIES_MAX
    struct bench_sizes sizes;
    const volatile int *stop;  // looked at all the time

    const char *directory;     // the rest is bench_begin's: a temporary one
    struct library lib;        // what is shipped
    struct manifest reference; // the peer
    double load;               // of the machine, as getloadavg tells it, when it began
    struct talked *talked;     // conversations of a run and their talks; made when first asked for
    int64_t healthy;           // µs that the whole suite takes; 0: not yet known
    struct arena keep;
};

struct bench_row {
    const char *name, *what, *unit;
    struct goal goal;
    bool (*measure)(struct bench *b, struct measured *out, struct error *err);
};
extern const struct bench_row bench_table[];
extern const size_t bench_count;

/* Loads what all need. False: bench_end all the same. */
bool bench_begin(struct bench *b, struct error *err);
void bench_end(struct bench *b);

/* Measures one row. False when our surroundings fail or arcwire does; when *stop is set the values may be incomplete. */
bool bench_measure(struct bench *b, const struct bench_row *row, struct measured *out, struct error *err);

/* Whether the goal was missed, and by how much in *by. What has no value misses nothing. */
bool bench_missed(const struct bench_row *row, const struct measured *m, double *by);

#endif
