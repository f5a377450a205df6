#ifndef VECTOR_CUTS_H
#define VECTOR_CUTS_H
/*
 * Where a message can be cut: the positions of the deliveries that make a case a series of conversations, in each of which one
 * message is cut at one place, once.
 */
#include "base/arena.h"
#include "base/random.h"

#define EXHAUSTIVE 256 // bytes up to which every position of a message is tried

struct op;
struct program;

/* One position. */
struct cut {
    size_t op;         // index into the program's ops
    size_t message;    // the same as people count: from 1, among all that we send
    size_t at;         // offset of the byte that begins the second segment
    const char *field; // "within DWORD 7", "before WORD 4"
    const char *what;  // "message 3 cut at 5 of 12, within DWORD 7"
};

struct cuts {
    struct cut *items; // in the order of the conversation
    size_t count;
    bool sampled;      // not every position was taken
};

/* Every position of every message whose step does not say itself how it is cut; of one beyond EXHAUSTIVE bytes a selection, which
 * seed draws. */
struct cuts cuts_each(const struct program *p, uint64_t seed, struct arena *keep);

/* The boundaries of its fields, and of lengths, counts and tags within them, and one byte beside each. */
struct cuts cuts_fields(const struct program *p, uint64_t seed, struct arena *keep);

/* Cuts the program there, once. */
void cut_apply(struct program *p, const struct cut *c, struct arena *keep);

/* Marks the selection of a long message: each field boundary and each 4096 bytes with one byte beside each, both ends, and a draw
 * of the rest. mark has an element for each offset, and two behind the last. */
void cuts_mark_selection(const struct op *op, struct random *chance, uint8_t *mark);

#endif
