#ifndef RUN_FAMILY_H
#define RUN_FAMILY_H
/*
 * A family's case: many small conversations, folded into one result.
 */
#include "replay/engine.h"
#include "run/keeper.h"
#include "verdict/verdict.h"

/* What a family is played with. Borrowed. */
struct family_play {
    struct engine *engine;
    struct meeting *meeting;
    const struct limits *limits;
    const struct profile *profile;
    uint64_t seed;
    const volatile int *stop;
    bool one_by_one; // no two connections at once
    bool lone;       // each connection has a process of its own: there is no other that survives
    /* Called behind a position that failed: whether the peer lives. When it has died, says how in *how (in keep), and there
     * is a new one. False with *err when there cannot be one. */
    bool (*look)(void *of, enum omen omen, bool *lives, const char **how, struct arena *keep, struct error *err);
    bool (*renew)(void *of, struct error *err); // a new peer in the place of one that lives
    void *of;
};

struct family_result {
    struct program *program; // the conversation that is shown: of the first position that failed, else of the last
    struct trace trace;
    struct findings findings;
    struct family_tally tally;
    uint64_t sent;           // bytes of the longest position
    uint64_t claim;          // the largest of all positions
};

/* Plays every position of a family's vector. False when our surroundings fail. Lives in keep. */
bool family_play(const struct family_play *f, const struct vector *v, struct arena *keep, struct family_result *out,
                 struct error *err);

#endif
