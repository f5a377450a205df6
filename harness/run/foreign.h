#ifndef RUN_FOREIGN_H
#define RUN_FOREIGN_H
/*
 * Both ends foreign: a program that asks and a peer that answers, which talk to each other through a relay of ours, one case after the other,
 * and are judged by its transcript. We say no word.
 *
 * A side is at fault that breaks the transcript first. What a side does behind a fault of the other one, also on another connection of the
 * case, is not held against it.
 */
#include "capture/relay.h"
#include "run/overhear.h"

struct foreign_side {
    const struct manifest *manifest; // of the one that asks: with an "ask" that dials
    const struct manifest_variant *variant; // or NULL
};

enum foreign_verdict { FOREIGN_RIGHT, FOREIGN_WRONG, FOREIGN_NOT_JUDGED };

struct foreign_result {
    const char *id;
    enum foreign_verdict verdict;
    bool wrong[2];           // by party
    const char *cause[2], *sentence[2];
    const char *why;         // NOT_JUDGED
};

struct foreign;

/* Starts the one that answers; sides are by party. The options say profile, limits and build; all is borrowed. In these pieces is passed on
 * what they say. ERROR_PEER, ERROR_SYSTEM. */
struct foreign *foreign_new(const struct foreign_side sides[2], const char *service, const struct library *lib, const struct run_options *run,
                            enum relay_pieces pieces, struct error *err);

/* Whether the program asks this case, and it needs nothing that only we can do. */
bool foreign_plays(const struct foreign *f, const struct vector *v);

/* Plays a case. False where it could not be: ERROR_PEER, ERROR_SYSTEM. What is told lives in keep. */
bool foreign_play(struct foreign *f, const struct vector *v, struct arena *keep, struct foreign_result *out, struct error *err);

/* Ends both. Safe for NULL. */
void foreign_free(struct foreign *f);

#endif
