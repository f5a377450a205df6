#ifndef APP_REPRODUCE_H
#define APP_REPRODUCE_H
/*
 * A conversation as a program of its own, which needs nothing of arcwire: it dials, says our bytes in their order, and compares what comes.
 */
#include "vector/program.h"

/* as: "nc" (a shell script), "python" or "c". ERROR_USAGE where there is no such language, or the conversation has what such a program does not. */
bool reproduce(struct text *to, const struct program *p, const char *as, struct error *err);

#endif
