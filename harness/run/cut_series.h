#ifndef RUN_CUT_SERIES_H
#define RUN_CUT_SERIES_H
/*
 * A case under a delivery that cuts one message at one place: as many conversations as there are places, folded into one result.
 */
#include "run/series.h"

/* What they are played with; the rest is a series' own. Borrowed. */
struct cut_play {
    const struct vector *vector;
    const struct delivery *delivery;
    const struct profile *profile;
    uint64_t seed;
    enum party us;
    const struct cuts *cuts;
    /* Plays one, judges it and does with its findings what is done with those of a case. */
    bool (*play)(void *of, struct program *p, struct trace *t, struct findings *f, struct arena *keep, struct error *err);
    bool (*look)(void *of, enum omen omen, bool *lives, const char **how, struct arena *keep, struct error *err);
    bool (*renew)(void *of, struct error *err);
    void *of;
    bool opens_early; // we dial who asks: program_open_early, so that what is saved is what was played
    bool strict;
    const volatile int *stop;
};

/* Lives in keep. False when our surroundings fail. */
bool cut_series_play(const struct cut_play *c, struct arena *keep, struct series_result *out, struct series_tally *tally, struct error *err);

#endif
