#ifndef RUN_CREW_H
#define RUN_CREW_H
/*
 * Several workers, each a process of its own with a peer and a processor of its own.
 *
 * Who plays what is fixed by the turns and the number of workers, never by who is quick: a peer sees the same cases in
 * the same order in every run. Every worker plays every prologue, for its own peer; a prologue's outcome is the first
 * that did not pass, else the first worker's.
 */
#include "run/worker.h"

struct crew_shared; // what the processes have in common

struct crew {
    struct {
        pid_t pid;          // -1: it is gone and has been waited for
        int from;           // its pipe; -1 at its end
        struct buffer came; // from the pipe; what is before `at` has been taken
        size_t at;
    } workers[RUN_WORKERS];
    unsigned count;
    const struct turn *turns;
    size_t turn_count;
    unsigned *owner;        // of each turn
    struct crew_shared *shared;
    const volatile int *stop;
    struct arena keep;
};

/* Starts `count` workers, at most RUN_WORKERS. What is borrowed must outlive the crew. ERROR_SYSTEM. crew_end all the same. */
bool crew_begin(struct crew *c, unsigned count, const struct turn *turns, size_t turn_count, const struct run_options *o,
                const struct sink *sink, const volatile int *stop, struct error *err);

/*
 * Waits for the outcome of a turn; turns are asked for in their order, and those that are passed over are not played
 * from then on. False when a worker's surroundings failed, or when one ended by a bug of ours (ERROR_BUG).
 */
bool crew_next(struct crew *c, size_t turn, struct played *out, struct error *err);

/* What the workers saw behind their last case. */
void crew_last_look(struct crew *c, struct played *out);

/* Ends all workers and their peers, and waits until they are gone. */
void crew_end(struct crew *c);

#endif
