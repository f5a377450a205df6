#ifndef BENCH_PROCESSOR_H
#define BENCH_PROCESSOR_H
/*
 * Which processor this process, and what it starts from then on, may use. Both sides of a ratio are placed alike: a run
 * has harness and peer on one processor, so that is where the raw pair is.
 */
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct processor {
    cpu_set_t before;
    bool held;
};

/* How many we may use. */
unsigned processors(void);

/* Stays on the n-th of those that we may use, modulo their number. processor_release ends it. */
void processor_take(struct processor *p, unsigned n);
/* Stays on the one where this process is. */
void processor_stay(struct processor *p);
void processor_release(struct processor *p);

/* Nanoseconds of the monotonic clock, for what takes few µs. */
int64_t clock_ns(void);

/* Processor time so far, in µs: of this process; of another, 0 when it is gone; of all our descendants that run now. */
double processor_used(void);
double processor_used_by(pid_t pid);
double processor_used_by_children(void);

#endif
