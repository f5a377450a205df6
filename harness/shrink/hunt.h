#ifndef SHRINK_HUNT_H
#define SHRINK_HUNT_H
/*
 * A hunt: conversations by chance on one peer, of which those that fail are made small and kept.
 */
#include "shrink/grammar.h"
#include "shrink/shrink.h"

#define HUNT_FINDINGS 64 // kinds that are told; then it ends

/* One kind of failure: its check without a number behind it, and its cause. */
struct quarry {
    uint64_t number;            // of the conversation
    struct came came, other;    // other: what came of the other peer, if there is one
    struct shrunk shrunk;       // how PASSES: it did not fail again
    const char *file;           // the suite, shrunk where that was possible; lives in keep
    const struct delivery *delivery;
};

struct hunt {
    const struct library *library;
    struct trial *peer, *witness; // witness: a right peer, or NULL
    struct trial *other;          // its answers must be the same; or NULL
    uint64_t seed, runs;
    int64_t until;                // of clock_us; 0: no bound
    const volatile int *stop;
    struct arena *keep;
    void (*found)(void *of, const struct quarry *q);
    void *of;
};

struct hunted {
    uint64_t played, failed, found;
    uint64_t wrong;    // that the witness fails, too: a mistake of ours
    bool stopped;      // before all were played
};

bool hunt(const struct hunt *h, struct hunted *out, struct error *err);

#endif
