#ifndef PEER_GUARD_H
#define PEER_GUARD_H
/*
 * A guard: the process between us and a program that we start.
 *
 * It adopts what the program leaves behind, in whatever group or session that is (a server that becomes a daemon, a
 * helper of a shell), and ends all of it with SIGKILL when we let go or are gone, however we went. When the program has
 * ended it ends in the same way, with the same status, but for a program that exits with 0 and leaves processes behind:
 * then it stays with them. It is the leader of their group.
 *
 * The program's limits are set by it, too. Memory has none of its own, for sanitizers and managed runtimes reserve far more
 * than they use; but when the machine runs out of it, the kernel takes the program first.
 */
#include <stdbool.h>
#include <sys/types.h>

#define GUARD_DESCRIPTORS 65536 // open at a time; or fewer, where the system allows no more
#define GUARD_CPU         3600  // seconds of processor time of each process
#define GUARD_OOM         "900" // oom_score_adj

struct guard {
    pid_t pid;     // -1: none
    pid_t program; // to look at it: it is not our child
    int over;      // readable once the program has ended
    int leash;     // what holds the guard: closed, or closed by our end, it ends all
};
extern const struct guard guard_none;

/* Forks a guard, and that its program, which runs become(of) and must not return. False with errno. */
bool guard_start(struct guard *g, void (*become)(void *of), void *of);

/* Whether it has ended; then *status is that of the program, as waitpid tells it. */
bool guard_ended(struct guard *g, int *status);

/* Waits until it has ended, for limit_ms at most; -1: however long. */
void guard_wait(const struct guard *g, int limit_ms);

/* The same for the program alone, whatever it leaves behind. False when it still runs. */
bool guard_wait_program(const struct guard *g, int limit_ms);

/* Ends all: SIGTERM to its group first, and polite_ms (0: no SIGTERM) for the program to end. *status as in guard_ended. */
void guard_end(struct guard *g, int polite_ms, int *status);

#endif
