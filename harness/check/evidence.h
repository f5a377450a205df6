#ifndef CHECK_EVIDENCE_H
#define CHECK_EVIDENCE_H
/*
 * What the causes look at; private to check/.
 */
#include "check/check.h"

struct evidence {
    const struct program *program;
    const struct trace *trace;
    const struct op *op;
    const struct fields *fields; // what was due, of the op or its probe's answer
    struct bytes due;            // exact bytes of those fields
    struct bytes got;            // what came from the op's beginning on, all of it
    struct match match;
    struct object_table *table;  // as it was at the op's beginning; NULL: fresh
    const struct field *field;   // that differs, or NULL
    struct bytes field_due, field_got;
    struct arena *keep;
};

/* Names the most likely cause of a mismatch; always finds one. */
void cause_find(const struct evidence *e, const char **cause, const char **sentence);

#endif
