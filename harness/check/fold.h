#ifndef CHECK_FOLD_H
#define CHECK_FOLD_H
/*
 * The findings of a family's positions, as one result: one finding for each check, with the positions at which it
 * failed inside.
 */
#include "check/check.h"

struct fold {
    struct arena *keep;      // everything lives in it
    struct finding *items;   // the worst of each check so far, the first of these
    const char **positions;  // POSITIONS_TOLD for each
    size_t count, room;
};

/* Adds what was found at one position; `what` says in words which. Copies what it keeps. */
void fold_add(struct fold *f, const struct findings *of, const char *what);

/* Whether a position failed, or came to nothing. */
bool findings_bad(const struct findings *f);

/*
 * The findings, once all positions are in. shown is the conversation that goes with them: a finding refers to its op
 * of the same check.
 */
void fold_end(struct fold *f, const struct program *shown, struct findings *out);

#endif
