#ifndef RUN_SEPARATE_H
#define RUN_SEPARATE_H
/*
 * The separating exchange: where several mistakes explain a wrong reply equally well, a request is made up whose reply is another
 * one with each of them, and asked on a connection of its own. It changes how sure a cause is, never a verdict.
 */
#include "check/suspects.h"
#include "run/worker.h"

/* An exchange that is made up. */
struct made {
    struct program program;
    const char *request, *values; // in words: "echo of cstringw", and what it holds
    struct {
        size_t op;         // the reply in which the mistake shows first; the count of ops: it shows in none
        struct bytes says; // which is then this
    } said[SUSPECTS_MAX];
    size_t apart;          // suspects whose reply is nobody else's, nor the right one
};

/*
 * Makes one up from what the service does with rows: values by chance, from the seed and from what is to be told apart, until all are apart,
 * else those with which most are. op: what the service did with the row of the case, or NULL. False with *why: there is none.
 * Lives in keep.
 */
bool separation_make(const struct service *service, const char *op, const struct suspects *suspects, const struct offer *offer,
                     const struct run_options *o, const struct profile *profile, struct arena *keep, struct made *out,
                     const char **why);

/* What a play of it shows, by its trace and the findings of its checks. Lives in keep. */
void separation_judge(const struct suspects *suspects, const struct made *made, const struct trace *t, const struct findings *f,
                      struct arena *keep, struct separation *out);

/*
 * Tells apart what explains the failures of a result, each set of suspects once for a worker: what came of it holds for every
 * later case that has the same. A cause that is confirmed is then the finding's. False when our surroundings fail.
 */
bool separate(struct worker *w, struct result *result, struct arena *keep, struct error *err);

#endif
