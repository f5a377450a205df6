#ifndef AGREE_DRAW_H
#define AGREE_DRAW_H
/*
 * Values by chance, as types and the service's text, for `store`.
 */
#include "archive/value.h"

struct drawn {
    const struct profile *profile;
    const char *types, *text;
    size_t count; // of values
};

/* One to six values, for one profile. */
struct drawn draw(struct random *chance, struct arena *keep);

/* The other kinds on their own: values with a length or count next to a threshold, and references that need
 * big tags. */
struct drawn draw_long(struct random *chance, struct arena *keep);
struct drawn draw_big_tags(struct random *chance, struct arena *keep);

#endif
