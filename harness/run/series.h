#ifndef RUN_SERIES_H
#define RUN_SERIES_H
/*
 * A series: one case that stands for many conversations, its positions, folded into one result. Whoever has such a case says
 * what its positions are, and how one is played.
 */
#include "run/keeper.h"
#include "verdict/verdict.h"

/* What a series is made of. Borrowed; `of` goes to all that is called. False with *err: our surroundings fail. */
struct series {
    void *of;
    size_t count;
    const struct check *life;  // how it is judged that the peer lives: its name and clauses
    bool strict;               // should and may count as must
    bool alike;                // the positions are one case over and over: each has the verdict that it would have by itself
    const volatile int *stop;

    /* Which position that is, in words. */
    const char *(*name)(void *of, size_t at);
    bool (*compile)(void *of, size_t at, struct arena *keep, struct program *out, struct error *err);
    /* Plays and judges what was compiled; brief: with as little patience as goes. */
    bool (*play)(void *of, struct program *p, bool brief, struct trace *t, struct findings *f, struct arena *keep, struct error *err);
    /* Makes one program of several positions, from `at` on: as many as *count then says. NULL: they are played one by one. */
    bool (*join)(void *of, size_t at, size_t *count, struct arena *keep, struct program *out, struct error *err);
    /* A position is behind us. NULL: nobody counts them. */
    void (*tried)(void *of, size_t at);
    /* Behind a position that failed: whether the peer lives. When it has died, says how in *how (in keep), and there
     * is a new one. False with *err when there cannot be one. */
    bool (*look)(void *of, enum omen omen, bool *lives, const char **how, struct arena *keep, struct error *err);
    bool (*renew)(void *of, struct error *err); // a new peer in the place of one that lives
};

struct series_result {
    struct program *program; // the conversation that is shown: of the first position that went worst; NULL: none was played
    struct trace trace;
    struct findings findings;
    size_t shown;            // which position that is
    enum verdict worst;      // of a position by itself: of one that failed rather than of one that shows nothing
    size_t tried, failed;    // positions, and those at which a check failed; tried is less than all where so many did that the rest was left
};

/* Plays every position. Lives in keep. */
bool series_play(const struct series *s, struct arena *keep, struct series_result *out, struct error *err);

#endif
