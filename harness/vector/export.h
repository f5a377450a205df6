#ifndef VECTOR_EXPORT_H
#define VECTOR_EXPORT_H
/*
 * The codec cases as plain data: streams of listed types, and what a reader makes of each.
 *
 * Rows give one each. From written-out cases come those requests that have the shape of one of the service's ops: words
 * that are fixed, the list of types, the values; a fresh table of objects, and an answer that our own codec agrees with.
 * Drawn values have no bytes to give away.
 */
#include "vector/vector.h"

/* A stream for all profiles that fit a predicate. */
struct codec_case {
    const char *id;
    unsigned rev;
    const char *types;     // "word,cstring"
    const char *profile;   // predicate, or NULL: all valid profiles
    struct bytes wire;     // what is loaded
    bool loads;
    const char *text;      // LOADS: the values in the service's text
    struct bytes store;    // LOADS: what a writer of the profile stores
    enum cause cause;      // else: the exception
    size_t offset;         // else: of the first byte that is not read
    const char *const *clauses;
};

struct codec_cases {
    struct codec_case *items;
    size_t count;
    size_t left_out; // requests of that shape of which our codec and the case think differently, or that need more than
                     // themselves: a table, a generation's defect
};

/* All cases of a library, by id and then by predicate. */
void export_codec(const struct library *lib, struct arena *keep, struct codec_cases *out);

/* The file codec.json, by vectors/codec.schema.json. */
void export_print(struct text *to, const struct codec_cases *c);

/* A name for a case's stream as a file. */
const char *export_name(const struct codec_case *c, struct arena *keep);

#endif
