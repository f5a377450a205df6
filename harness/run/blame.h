#ifndef RUN_BLAME_H
#define RUN_BLAME_H
/*
 * Who ended the peer.
 *
 * A peer that is gone behind a case need not have been ended by it: by the one before, by both together, or by
 * somebody outside. So the case is played again by itself on a fresh peer, and if that does no harm, behind the one
 * that was played before it.
 */
#include "base/arena.h"
#include "base/error.h"

enum blame_kind {
    BLAME_ALONE,     // the case ends a fresh peer by itself
    BLAME_BEHIND,    // only behind the one before it
    BLAME_BEFORE,    // the one before it ends a fresh peer by itself: that was noticed late
    BLAME_NOT_AGAIN, // neither: it did not happen again
};

/* How something is played again. */
struct blame_trial {
    void *of;
    bool (*renew)(void *of, struct error *err); // a fresh peer
    /* Plays the case, or the one before it, on the peer that there is. *died: it has ended behind that. */
    bool (*play)(void *of, bool before, bool *died, struct error *err);
    const char *before;                         // its name; NULL: nothing was played on the peer before the case
    const char *what;                           // what is played, in words: "the case"
};

struct blame {
    enum blame_kind kind;
    const char *sentence; // goes on behind "the peer died …; "
    const char *reason;   // of the result; NULL where the case itself is to blame
};

/* Finds out; a fresh peer is there before and behind. False when our surroundings fail, or no peer can be had any more. */
bool blame_find(const struct blame_trial *t, struct arena *keep, struct blame *out, struct error *err);

#endif
