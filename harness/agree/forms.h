#ifndef AGREE_FORMS_H
#define AGREE_FORMS_H
/*
 * Which forms of the format a run has met, so that agreement about nothing is not taken for agreement.
 */
#include "archive/value.h"

/* "cstring,object" as types; count 0 when one of them is none. */
struct type_ref *types_of(const char *types, struct arena *keep, size_t *count);

/* Loads the stream here, and counts every form in it, and how it failed. */
void forms_note(const struct profile *p, const char *types, struct bytes bytes);

/* The same stream with one of its lengths, counts or tags in a longer form, or another schema of a class that
 * takes any; false when it has none. */
bool forms_loosen(struct random *chance, const struct profile *p, const char *types,
                  struct bytes bytes, struct arena *keep, struct bytes *out);

/* A form that is told here from outside, by its name in the table. */
void forms_hit(const char *name);

/* Prints the counts, and which are zero; returns how many are. */
size_t forms_print(void);

/* Streams by hand: each on all profiles that offer its types. */
struct odd_stream {
    const char *types;
    const char *hex; // with runs: 41*63
};
extern const struct odd_stream odd_streams[];
extern const size_t odd_stream_count;

#endif
