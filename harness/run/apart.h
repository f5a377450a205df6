#ifndef RUN_APART_H
#define RUN_APART_H
/*
 * Makes up an exchange in which suspects, mistakes that explain one reply equally well, differ.
 */
#include "check/suspects.h"
#include "run/offer.h"

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
 * Makes one up from what the service does with rows: values by chance, from the seed and from what is to be told apart, until all are
 * apart, else those with which most are. op: what the service did with the row of the case, or NULL. False with *why: there is none.
 * Lives in keep.
 */
bool made_make(const struct service *service, const char *op, const struct suspects *suspects, const struct offer *offer,
               const struct run_options *o, const struct profile *profile, struct arena *keep, struct made *out, const char **why);

/* Whether an op of its program is a reply that is judged, not a control's. */
bool made_replies(const struct made *m, size_t op);

/* What is to be told apart, in words: the same suspects of the same request. Lives in keep. */
const char *made_key(const struct service *service, const char *op, const struct suspects *suspects, struct arena *keep);

#endif
