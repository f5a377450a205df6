#ifndef RUN_AFTERMATH_H
#define RUN_AFTERMATH_H
/*
 * Behind a case: whether the peer still lives, whose fault it is where it does not, and what a sanitizer said meanwhile.
 */
#include "run/playing.h"

/* A peer that did all that was due is not waited for: should it be dying, the next case sees that, and proves whose it was. */
enum omen aftermath_omen(const struct result *r);

/* What a sanitizer says during a case is the case's. */
void aftermath_hear(struct worker *w, const struct text *what, struct result *result, struct arena *keep);

/*
 * Adds to the result of a case what became of the peer. *died: the peer has, and who is to blame was found out, and there is another one;
 * *second: the case by itself on a fresh peer, where nobody is to blame and nothing of the kind happened again.
 */
bool aftermath_of(struct worker *w, const struct turn *turn, struct result *result, bool *died, struct playing **second,
                  struct arena *keep, struct error *err);

/* The same for an exchange, which is not played again. */
bool aftermath_of_exchange(struct worker *w, struct result *result, struct arena *keep, struct error *err);

#endif
