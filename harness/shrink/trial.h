#ifndef SHRINK_TRIAL_H
#define SHRINK_TRIAL_H
/*
 * Trials: one case after the other on one peer, each of which comes to a verdict, a check and a cause.
 */
#include "run/worker.h"

/* What came of a case; of what failed, the finding that a report tells first. */
struct came {
    enum verdict verdict;
    char check[64], cause[64];
};

/* Whether both are failures of the same check by the same cause. */
bool came_alike(const struct came *a, const struct came *b);

struct trial {
    struct run_options options;
    struct sink sink;
    struct worker worker;
    struct came last;
    char suite[128]; // of the case before
    size_t runs;
};

/* Starts the peer and plays the service's prologue; t must not move afterwards. ERROR_PEER where that fails. trial_end all the same. */
bool trial_begin(struct trial *t, const struct run_options *o, const struct service *s, const volatile int *stop, struct error *err);

/* Plays one case, once. */
bool trial_play(struct trial *t, const struct vector *v, const struct delivery *d, struct came *out, struct error *err);

void trial_end(struct trial *t);

#endif
