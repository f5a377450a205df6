#ifndef SHRINK_ROWS_H
#define SHRINK_ROWS_H
/*
 * The case of a table's row, or one position of a family's, written out as steps of its own, with ever smaller values.
 */
#include "vector/vector.h"

struct steps_text {
    const char **items; // each a JSON object
    size_t count;
};

struct rows {
    const struct vector *v; // of a row, or of a family
    const struct profile *profile; // of the peer
    uint64_t seed;
    bool smaller; // values may be others
    struct arena *keep;
    bool (*try)(void *of, const struct steps_text *steps, bool *still, struct error *err); // whether they fail as the case does
    void *of;
};

/* *found: out fails as the case does, of a family at the first position that does. Otherwise out is the case as it is, or nothing. */
bool rows_shrink(const struct rows *r, struct steps_text *out, bool *found, struct error *err);

/* A value as an item of a vector, without those of objects. */
const char *item_of(const struct value *v, const char *name, struct arena *keep);

#endif
