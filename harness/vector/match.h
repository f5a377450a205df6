#ifndef VECTOR_MATCH_H
#define VECTOR_MATCH_H
/*
 * Whether bytes are what an op expects: incrementally for the session, and again, for good, for the checks.
 */
#include "archive/objects.h"
#include "vector/program.h"

enum match_status {
    MATCH_MORE,     // right so far; at least `need` bytes in all would get further
    MATCH_DONE,     // complete: `len` bytes
    MATCH_MISMATCH, // the byte at `at` is wrong, in field `field`
};

struct match {
    enum match_status status;
    size_t need;  // MORE
    size_t len;   // DONE: bytes of the message
    size_t at;    // MISMATCH: offset of the first wrong byte; MORE: bytes that were right
    size_t field; // index of the field at `at`
    size_t start; // where that field begins in the stream
    struct value *kept; // values of the fields that are any, in order, as far as they have come
    size_t *starts;     // where the fields begin in the stream: of those up to `field`, or of all and their end
    const char *reason; // MISMATCH in a field of which any value is right: why it is none, or not one of those
};

/*
 * Matches in against fields, whose exact bytes are due one behind the other in `bytes`. Values that are kept live
 * in keep. table is the direction's object table (NULL: one of its own): it knows the new objects of the message
 * when that is DONE, and is as it was otherwise. It must live at least as long as keep's values are looked at.
 */
struct match match_fields(struct bytes in, struct bytes bytes, const struct fields *fields, const struct profile *p,
                          struct object_table *table, struct arena *keep);

/* The same for what an op expects: RECEIVE's bytes, or the answer to SILENT's probe. *table begins anew where the op
 * says so; it is made in keep when it is NULL. */
struct match match_op(struct bytes in, const struct op *op, const struct profile *p, struct object_table **table,
                      struct arena *keep);

/* What the bytes that came, and are not accounted for, begin with where op `at` is due. */
struct met {
    enum match_status status; // MORE: nothing yet, but something may still come right; MISMATCH: nothing does
    size_t op;                // DONE: that op, or another of its group,
    struct aside *aside;      // or this message, which may stand before it
};

/* Looks at what is due and at all that may come in its place. table is as it was behind. */
struct met program_meet(const struct program *p, size_t at, struct bytes in, struct object_table *table, struct arena *keep);

#endif
