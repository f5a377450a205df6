#ifndef CHECK_TOLD_H
#define CHECK_TOLD_H
/*
 * By which numbers a text calls the objects that a connection has carried; private to check/. Each the sentence, or NULL.
 */
#include "check/evidence.h"

const char *cause_told_counting(const struct evidence *e); // something besides objects is counted
const char *cause_told_anew(const struct evidence *e);     // the count begins anew with each message

#endif
