#ifndef CHECK_HUNT_H
#define CHECK_HUNT_H
/*
 * Behind unguarded.h: what is known of the conversation whose places are tried, and how what is found is kept.
 */
#include "check/check.h"
#include "check/unguarded.h"

#define CONNECTIONS 8

/* What came for an op on its connection. */
struct came_for {
    size_t op, begin, end;
    const size_t *starts; // of its fields, from begin; one more than there are
};

struct hunt {
    const struct program *p;
    const struct trace *t;
    struct arena *keep; // of what is found
    struct arena *own;  // … and of what is only known meanwhile
    struct unguarded *out;
    struct came_for *spans;
    size_t span_count;
    struct bytes came[CONNECTIONS];
    struct object_table *table[CONNECTIONS]; // as it is before the span that is tried
    const volatile int *stop;
};

bool hunt_is_stopped(struct hunt *h);

/* Whether judge fails a trace. */
bool hunt_noticed(const struct hunt *h, const struct trace *t, struct arena *keep);

/* Whether judge is sure to fail the op of a span when it begins with the bytes of `in`. They may be cut behind, unless they are all. */
bool hunt_is_wrong(const struct hunt *h, const struct came_for *s, struct bytes in, bool all);

/* The same where `len` bytes from byte `at` of the connection on, which the span holds or reaches into, are others. */
bool hunt_is_wrong_with(const struct hunt *h, const struct came_for *s, size_t at, size_t len, struct bytes put);

/* The fields of what an op expects. */
const struct fields *hunt_fields_of(const struct op *op);

const char *hunt_name_of(const struct field *f);
const struct json *hunt_reason_of_step(const struct op *op);

/* Why nothing can be noticed at a field of an op, or NULL: the step's own reason, the suite's, or the service's. */
const struct json *hunt_reason_of(const struct program *p, const struct op *op, const char *name);

/* A place where nothing was noticed; one that goes on where the last of its kind ended makes that longer. */
void hunt_add(struct hunt *h, enum change change, size_t op, const struct field *field, size_t at, size_t len);
void hunt_append(struct unguarded *u, struct unguarded_place one, struct arena *keep);

/* Change what came for an op: its bytes, its fields, the message with the next one, and when it came. hunt_messages.c */
void hunt_bytes(struct hunt *h, const struct came_for *s);
void hunt_fields(struct hunt *h, const struct came_for *s);
void hunt_order(struct hunt *h, const struct came_for *s, const struct came_for *next);
void hunt_early(struct hunt *h, const struct came_for *s);

/* Changes a silence, or an end, that an op is about. hunt_ends.c */
void hunt_op(struct hunt *h, size_t at);

#endif
