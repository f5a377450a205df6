#ifndef BENCH_RAW_H
#define BENCH_RAW_H
/*
 * The raw side of a ratio: what the same bytes cost in plain C.
 *
 * A talk is what one connection of a run saw: bytes said and heard and both ends, in their order. Two processes have it
 * again over blocking sockets, each connection opened, talked over and ended in order: connect, the very bytes in the
 * very round trips, SHUT_WR, read to FIN, close. The answers are there beforehand, and nothing is compared, judged or
 * written down.
 */
#include <sys/types.h>

#include "net/net.h"
#include "trace/trace.h"

enum raw_kind { RAW_SAY, RAW_HEAR, RAW_END, RAW_AWAIT_END };

/* As the party sees it that dials; the other does the reverse. */
struct raw_turn {
    enum raw_kind kind;
    struct bytes bytes; // SAY: one send; HEAR: all that comes before the next turn
};

struct raw_talk {
    struct raw_turn *turns;
    size_t count;
    size_t trips; // how often something is waited for behind something said, the end included
    size_t bytes; // both ways
    size_t proofs; // silences in it that were proven: the raw side knows nothing of them
};

struct raw_plan {
    struct raw_talk *talks;
    size_t count;
};

/* The talk of a trace, in keep. False where it is none that two blocking processes could have: no or several
 * connections, a RST, a silence that was waited out, an end that did not come. */
bool raw_talk_of(const struct trace *t, struct arena *keep, struct raw_talk *out);

/* A process that answers: it accepts one connection for each talk of the plan, in their order, and then again from the
 * first. It dies with us. */
struct raw_answerer {
    pid_t pid; // -1 when there is none
    struct address at;
};
bool raw_answer(const struct raw_plan *plan, struct raw_answerer *out, struct error *err);
void raw_answer_end(struct raw_answerer *a);

/* A process that passes on to `to` what one connection after the other says, and back: poll, recv and send, and nothing else. As an answerer: by
 * its own address. */
bool raw_relay(const struct address *to, struct raw_answerer *out, struct error *err);

/* What the talks behind the first `before` took; all 0 when it was stopped. */
struct raw_took {
    int64_t us;
    double used; // µs of processor time, of both processes; not measured where several pairs talk
};

/* Each round trip by itself, from what is said to what is heard; or each talk, from before its socket is made. */
struct raw_each {
    bool talks;
    double *us;
    size_t count, room; // what finds no room is not noted
};

/* Plays the plan from its first talk to its last, with an answerer of its own, until *stop is set. each may be NULL. ERROR_SYSTEM. */
bool raw_play(const struct raw_plan *plan, size_t before, const volatile int *stop, struct raw_took *out, struct raw_each *each,
              struct error *err);

/* The same with an answerer that is there, and at the beginning of its plan. */
bool raw_ask(const struct raw_plan *plan, size_t before, const struct raw_answerer *a, const volatile int *stop, struct raw_took *out,
             struct raw_each *each, struct error *err);

/* The same `pairs` times at once, the n-th pair on the n-th processor; the slowest of them counts. */
bool raw_play_at_once(const struct raw_plan *plan, size_t before, unsigned pairs, const volatile int *stop, struct raw_took *out,
                      struct error *err);

#endif
