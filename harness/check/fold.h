#ifndef CHECK_FOLD_H
#define CHECK_FOLD_H
/*
 * The findings of a series' positions, as one result: one finding for each check, with the positions at which it
 * failed inside.
 */
#include "check/check.h"

struct fold {
    struct arena *keep;      // everything lives in it
    bool alike;              // all conversations have the same ops; a check that comes several times in one counts once
    struct finding *items;   // the worst of each check so far, the first of these
    const char **positions;  // POSITIONS_TOLD for each
    struct fold_place *places; // one for each
    size_t adds;             // so far
    size_t count, room;
};

/* Adds what was found at one position; `what` says in words which. Copies what it keeps. */
void fold_add(struct fold *f, const struct findings *of, const char *what);

/* Whether a position failed, or came to nothing. */
bool findings_bad(const struct findings *f);

/*
 * The findings, once all positions are in. shown is the conversation that goes with them, of the position `what` (NULL: of any): a
 * finding refers to its op of the same check, and to none where it is one that failed elsewhere.
 */
void fold_end(struct fold *f, const struct program *shown, const char *what, struct findings *out);

#endif
