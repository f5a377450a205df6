#ifndef CHECK_FORMS_H
#define CHECK_FORMS_H
/*
 * Mistakes about the form of lengths, counts, tags and times: from which number on one is taken for another, and of which kind alone;
 * private to check/.
 */
#include "check/history.h"
#include "check/mistake.h"

#define MARK_OF_TIME 0x8000000a // before eight bytes [TAB-8.2]

/* n without the bits that say of what alone. */
int64_t form_number(const struct mistake *m);

/* Whether it is made in strings of a width, and in tags of objects or classes. */
bool form_is_of_width(const struct mistake *m, bool wide);
bool form_is_of_tag(const struct mistake *m, bool is_class);

/* Whether one is the other in one kind alone. */
bool form_is_within(const struct mistake *m, const struct mistake *part);

/* The index that a tag has, or is taken to have. */
uint64_t form_index(const struct mistake *m, bool is_class, uint64_t index);

/* Whether it is about tags, which only many objects make long. */
bool form_is_tag(enum deed d);

/* Whether a reader takes a DWORD for the mark before a time; known: there is one in its generation. */
bool form_is_time_mark(const struct mistake *m, uint64_t first, bool known);

/* Whether it gives a time or span of another form that of a CTime. */
bool form_is_like_time(const struct mistake *m, const struct type *t);

/* Whether a reader takes a count of two bytes, or four, for what says that a longer one follows; not what rightly says so. */
bool form_takes_count(const struct mistake *m, uint64_t n, size_t width);

/* Finds out how far the values of a history go. */
void form_reach(struct history *h);

/* Whether they go as far as the form that the mistake is about. */
bool form_is_met(const struct history *h, const struct mistake *m);

#endif
