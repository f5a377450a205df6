#ifndef SHRINK_GRAMMAR_H
#define SHRINK_GRAMMAR_H
/*
 * Conversations with the conformance service by chance: what a client may say, and what a right peer answers, by our own codec.
 */
#include "vector/vector.h"

struct grammar {
    struct profile profile; // of the peer
    const char *types;      // that it offers, joined by commas; NULL: all of its generation
    uint64_t seed;
};

#define GRAMMAR_SUITE "fuzz"

/* The conversation with that number, as a suite of one case. It lives in keep. */
const char *grammar_case(const struct grammar *g, uint64_t number, struct arena *keep);

#endif
