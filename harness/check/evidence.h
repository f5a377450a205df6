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

/* One of the service's refusals, read from what came. */
struct refusal {
    const char *name;
    const struct op *op;        // that says it
    const struct value *values; // of its fields that are any, in order
};

/* Whether got begins with the i-th refusal of the service. */
bool refusal_read(const struct program *p, size_t i, struct bytes got, struct arena *keep, struct refusal *out);

/* The value that the refusal keeps by a name, or NULL. */
const struct value *refusal_value(const struct refusal *r, const char *name);

/* Grades a failed check as-genuine where the service or the case names that defect of the peer's generation; got is
 * what came since our last words on its connection. */
void genuine_apply(const struct program *p, const struct trace *t, struct bytes got, struct finding *f,
                   struct arena *keep);

/* Names the most likely cause of a mismatch; always finds one. */
void cause_find(const struct evidence *e, const char **cause, const char **sentence);

#endif
