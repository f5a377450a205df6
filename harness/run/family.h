#ifndef RUN_FAMILY_H
#define RUN_FAMILY_H
/*
 * A family's case: many small conversations, folded into one result.
 */
#include "replay/engine.h"
#include "run/series.h"

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
    // As series.h has them.
    bool (*look)(void *of, enum omen omen, bool *lives, const char **how, struct arena *keep, struct error *err);
    bool (*renew)(void *of, struct error *err);
    void *of;
    struct unguarded *unguarded; // what the positions that pass would let pass is added here; NULL: it is not looked for
};

struct family_result {
    struct series_result series;
    struct series_tally tally;
    uint64_t sent;           // bytes of the longest position
    uint64_t claim;          // the largest of all positions
};

/* Plays every position of a family's vector. False when our surroundings fail. Lives in keep. */
bool family_play(const struct family_play *f, const struct vector *v, struct arena *keep, struct family_result *out,
                 struct error *err);

#endif
