#ifndef BENCH_PROGRAM_H
#define BENCH_PROGRAM_H
/*
 * The arcwire program itself, started as from a command line, where what is measured is a process: its start, its memory.
 */
#include "bench/bench.h"

#include <sys/types.h>

/* Starts build/arcwire with these words, ended by NULL. It says nothing to us and dies with us. */
bool program_start(const struct bench *b, const char *const *words, pid_t *pid, struct error *err);

/* What a program used. */
struct program_used {
    double us;     // of processor time, with that of the processes it waited for
    double peak;   // bytes that it held at most, as the kernel told it every few ms. What wait tells of it is no use: the
                   // peak of a new program begins with the size of whoever forked it
};

/* Waits for it, or ends it when the bench is stopped. ERROR_SYSTEM when it did not exit with 0, unless the bench is stopped.
 * peak: whether that is wanted, which costs a look now and then. */
bool program_wait(const struct bench *b, pid_t pid, bool peak, struct program_used *used, struct error *err);

/* Ends it. */
void program_end(pid_t pid, struct program_used *used);

#endif
