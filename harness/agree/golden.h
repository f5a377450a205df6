#ifndef AGREE_GOLDEN_H
#define AGREE_GOLDEN_H
/*
 * The golden streams of the vectors: rows as they are stored and loaded, and what each party of a case says on
 * its first connection, as one stream, its objects and all.
 */
#include "archive/value.h"

struct golden_stream {
    const char *types;
    struct bytes bytes;
    uint32_t profiles; // bit i: golden for profile_all[i]
};
struct golden_list {
    struct golden_stream *items;
    size_t count, room;
    size_t cases;
    struct arena *keep;
};


/* All of the vectors in a directory. ERROR_INPUT. */
bool golden_collect(const char *vectors, struct golden_list *out, struct error *err);

#endif
