#ifndef RUN_SEPARATE_H
#define RUN_SEPARATE_H
/*
 * The separating exchange: where several mistakes explain a wrong reply equally well, a request is made up whose reply is another
 * one with each of them, and asked on a connection of its own. It changes how sure a cause is, never a verdict.
 */
#include "run/apart.h"
#include "run/worker.h"

/* What a play of it shows, by its trace and the findings of its checks. Lives in keep. */
void separation_judge(const struct suspects *suspects, const struct made *made, const struct trace *t, const struct findings *f,
                      struct arena *keep, struct separation *out);

/*
 * Tells apart what explains the failures of a result, each set of suspects once for a worker: what came of it holds for every
 * later case that has the same. A cause that is confirmed is then the finding's. False when our surroundings fail.
 */
bool separate(struct worker *w, struct result *result, struct arena *keep, struct error *err);

#endif
