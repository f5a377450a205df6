#ifndef CHECK_WRITING_H
#define CHECK_WRITING_H
/*
 * What a writer would have sent that makes one mistake, and makes it always; private to check/.
 */
#include "check/mistake.h"

struct writing;

/* A writer for one direction that begins; it lives in keep. */
struct writing *writing_new(const struct mistake *m, const struct profile *p, struct arena *keep);

/* A new message begins; fresh: with an archive of its own, as it should. */
void writing_message(struct writing *w, bool fresh);

/* Entries of raw bytes [OBJ-15]. */
void writing_skip(struct writing *w, size_t entries);

/* Its object tables begin anew. */
void writing_forget(struct writing *w);

/* Writes one value. */
void writing_put(struct writing *w, const struct value *v, struct buffer *to);

/* What is written next is the i-th part of a value of that type, whose other parts are written by themselves; NULL: of none. */
void writing_within(struct writing *w, const struct type *holder, size_t i);

/* The other direction carried it: it counts where one table serves both. */
void writing_heard(struct writing *w, const struct value *v);

/* Whether it would have gone on for ever, with an object that refers to itself. */
bool writing_is_endless(const struct writing *w);

/* MFC's name of what it was made in last, such as "DWORD". */
const char *writing_about(const struct writing *w);

#endif
