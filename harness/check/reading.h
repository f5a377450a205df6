#ifndef CHECK_READING_H
#define CHECK_READING_H
/*
 * What a reader takes a stream for that makes one mistake, and makes it always; private to check/.
 *
 * The counterpart of the mistaken writer (writing.h): it reads any value as the codec does, but for the mistake, and so reads what that writer
 * writes. It goes where its mistake leads it: a length that it takes for a longer one eats what stands behind the string, or
 * wants more bytes than there are.
 */
#include "check/mistake.h"

struct reading;

/* A reader for one direction that begins; it lives in keep. */
struct reading *reading_new(const struct mistake *m, const struct profile *p, struct arena *keep);

/* A new message begins; fresh: with an archive of its own, as it should. */
void reading_message(struct reading *g, bool fresh, size_t at);

/* Entries of raw bytes [OBJ-15]. */
void reading_skip(struct reading *g, size_t entries);

/* Its object tables begin anew. */
void reading_forget(struct reading *g);

/* Reads one value. r->status tells SHORT, it wants more bytes than there are, from BAD, it raises r->cause. */
void reading_get(struct reading *g, struct reader *r, struct type_ref of, struct value *out);

/* What is read next is the i-th part of a value of that type, whose other parts are read by themselves; NULL: of none. */
void reading_within(struct reading *g, const struct type *holder, size_t i);

/* The other direction carried it: it counts where one table serves both. */
void reading_heard(struct reading *g, const struct value *v);

/* MFC's name of what the mistake was made in last, or NULL: it has not been made. */
const char *reading_about(const struct reading *g);

#endif
