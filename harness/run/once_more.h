#ifndef RUN_ONCE_MORE_H
#define RUN_ONCE_MORE_H
/*
 * What did not pass is played once more, by itself: what then comes out otherwise is unstable.
 */
#include "run/playing.h"

/* Whether a limit passed in a conversation. */
bool once_more_is_slow(const struct trace *t);

/* The bound of run.c, as far as this worker can tell; it never holds back what that would take. */
bool once_more_may(const struct worker *w, bool slow);

/*
 * Whether what came of a case is to be asked once more. Not where that was done to find out who ended the peer, and not
 * where a connection brought nothing at the cost of a whole limit, or the peer is somebody else's and does not speak any more:
 * that is the breaker's.
 */
bool once_more_is_due(const struct worker *w, const struct playing *p, bool dead, bool died);

/* Plays it by itself, on a fresh peer where it is ours. *second stays as it is where that came to nothing. */
bool once_more(struct worker *w, const struct turn *turn, struct playing **second, struct arena *keep, struct error *err);

/* The record of both plays, behind that of the first alone: which of them counts takes the order of the run to see. */
void once_more_tell(struct worker *w, struct result *result, struct playing *second, bool dead, bool slow, struct arena *keep);

#endif
