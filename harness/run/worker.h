#ifndef RUN_WORKER_H
#define RUN_WORKER_H
/*
 * A worker: one peer, and one turn after the other played on it.
 *
 * What it opines on is what one connection or one peer shows; what takes the whole run to see (the breaker, the
 * number of failures, totals) is run.c's.
 */
#include "replay/engine.h"
#include "run/keeper.h"
#include "run/offer.h"
#include "run/played.h"
#include "run/run.h"

struct separations;

/* What is to be played: a service's prologue (vector is NULL), or a case under a delivery. */
struct turn {
    const struct service *service;
    const struct vector *vector;
    const struct delivery *delivery;
    size_t place; // in the run, over all shards
};

struct worker {
    const struct run_options *o;
    const struct sink *sink;       // only its describe, and say while a connection is waited for
    const volatile int *stop;
    struct engine engine;
    struct keeper keeper;
    const struct service *service; // in turn
    const struct turn *before;     // the case that was played on this peer before; NULL: it is fresh
    struct limits limits;          // of cases: those that were asked for, or longer for a peer that is far
    struct profile profile;
    const char *profile_from;      // what a service told holds for those behind it, too
    char profile_name[32];
    bool no_mfc;                   // the peer says that it imitates none
    struct offer offer;
    unsigned repeats, slow_repeats; // results that it played once more; of these, such in which a limit passed
    const struct separations *separations; // suspects that were told apart, by separate.c
    unsigned slow_separations;     // exchanges for it in which a limit passed
    struct played *out;            // of the turn in turn
    struct arena keep;
};

/* Starts the peer where it is ours. What is borrowed must outlive the worker. False: worker_end all the same. */
bool worker_begin(struct worker *w, const struct run_options *o, const struct sink *sink, const volatile int *stop,
                  struct error *err);

/* Plays one turn, which must outlive the next; *out is empty before. False when our surroundings fail or no connection
 * came about. */
bool worker_play(struct worker *w, const struct turn *turn, struct played *out, struct error *err);

/* Makes the record of a result that is not played; profile: what its peer is, as it stands in records, or "". */
void worker_not_played(const struct run_options *o, const struct sink *sink, const char *profile, const struct turn *turn,
                       enum verdict verdict, const char *reason, struct played *out);

/* The same for a result that came about without a peer. */
void worker_tell(const struct run_options *o, const struct sink *sink, const char *profile, struct result *result,
                 struct arena *keep, struct played *out);

/* The peer must still live behind its last case. Then it is ended. */
void worker_last_look(struct worker *w, struct played *out);

/* Ends its peer. Safe behind a worker_begin that failed. */
void worker_end(struct worker *w);

/* Makes a finished result into a record. dead: its connection brought nothing. */
void worker_hand_over(struct worker *w, struct result *result, bool dead, struct arena *keep);

/* The limits of what goes before a service's cases; first: of all that is said to the peer. */
struct limits exchange_limits(const struct run_options *o, bool first);

/* The exchanges that go before a service's cases: the first control, and what the peer offers. */
bool exchange_prologue(struct worker *w, struct error *err);

#endif
