#ifndef RUN_ASK_H
#define RUN_ASK_H
/*
 * Programs that ask: arcwire is the server. One program is started for each case; it dials a port of the case's own, or listens and
 * is dialled, says what the client says, and ends by itself.
 */
#include "run/worker.h"

/* Why such a program does not play a case, with the verdict in *verdict; NULL when it does. */
const char *ask_excused(const struct run_options *o, const struct profile *p, const struct vector *v, enum verdict *verdict);

/*
 * Plays a program compiled for the server, and judges besides how the program ends: by itself, soon, with status 0, and without
 * a connection too many. Nothing of it is left. False when our surroundings fail or it cannot be started.
 */
bool ask_play(struct worker *w, struct program *p, const char *delivery, struct trace *t, struct result *result,
              struct arena *keep, struct error *err);

#endif
