#ifndef CHECK_SEVERAL_H
#define CHECK_SEVERAL_H
/*
 * Causes that show in several values of a reply; private to check/. Each the sentence, or NULL.
 */
#include "check/evidence.h"

const char *cause_several_off(const struct evidence *e); // all of them are one too large, or one too small
const char *cause_other_size(const struct evidence *e);   // a number takes another number of bytes, and is not the one that is due
const char *cause_wrong_values(const struct evidence *e); // they are others

/* Whether the field is due as it was said in the request, or one more: nothing is counted. */
bool says_again(const struct evidence *e, const struct field *f);

#endif
