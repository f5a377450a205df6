#ifndef SHRINK_SHRINK_H
#define SHRINK_SHRINK_H
/*
 * A failing case, made as small as it can be while it still fails for the same cause.
 */
#include "shrink/trial.h"
#include "vector/vector.h"

enum shrunk_how {
    SHRUNK_SMALLEST, // nothing more can be left out
    SHRUNK_BOUND,    // runs or time were over before that
    SHRUNK_PASSES,   // the case does not fail
    SHRUNK_UNSTABLE, // it fails, and not each time for the same cause
    SHRUNK_WITNESS,  // a right peer fails it, too
};

struct shrink {
    const struct library *library;
    struct trial *peer;
    struct trial *witness; // a right peer that every smaller case must pass; NULL: values are then left as they are
    const struct delivery *delivery;
    size_t max_runs;       // on the peer
    int64_t until;         // of clock_us; 0: no bound
    const volatile int *stop;
    struct arena *keep;
};

struct shrunk {
    enum shrunk_how how;
    struct came came;               // how it fails
    struct came other;              // UNSTABLE: the other way; WITNESS: how that fails
    const char *file;               // the suite, in canonical form
    size_t before, after;           // steps
    const struct delivery *delivery; // under which it still fails
};

/* ERROR_USAGE where the case is one that cannot be shrunk; else what a trial fails with. */
bool shrink(const struct shrink *s, const struct vector *v, struct shrunk *out, struct error *err);

#endif
