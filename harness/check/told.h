#ifndef CHECK_TOLD_H
#define CHECK_TOLD_H
/*
 * By which numbers a text calls the objects that a connection has carried, and whether it tells more or less than is due; private to check/.
 * Each the sentence, or NULL.
 */
#include "check/evidence.h"

const char *cause_told_counting(const struct evidence *e); // something besides objects is counted
const char *cause_told_anew(const struct evidence *e);     // the count begins anew with each message
const char *cause_words_more(const struct evidence *e);     // words stand amid it that are not due
const char *cause_words_less(const struct evidence *e);     // words of it are missing

#endif
