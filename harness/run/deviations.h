#ifndef RUN_DEVIATIONS_H
#define RUN_DEVIATIONS_H
/*
 * Deviations that a manifest declares.
 *
 * A finding that fails and cites nothing but declared clauses is graded DECLARED; a death of the peer never is, nor a
 * wrong reply in a control or another exchange of the service: these cite how connections end. What is declared must
 * be there: where the whole of the cases was played, and a declared clause was looked at by checks that cite nothing
 * else, one of these must have failed.
 */
#include "peer/manifest.h"
#include "verdict/verdict.h"

/* By index into the manifest's deviations. */
struct deviations_seen {
    uint64_t tested, shown;
};

/* Grades what is declared. m may be NULL. s is the service that the findings are of. */
void deviations_apply(const struct manifest *m, const struct service *s, struct findings *f, struct arena *keep);

/* Adds what the findings of a result show. */
void deviations_count(const struct manifest *m, const struct service *s, const struct findings *f, struct deviations_seen *seen);

/* The result that says for each deviation whether it is there. Lives in keep. */
struct result deviations_result(const struct manifest *m, const struct deviations_seen *seen, struct arena *keep);

#endif
