#ifndef VECTOR_MATCH_H
#define VECTOR_MATCH_H
/*
 * Whether bytes are what an op expects: incrementally for the session, and again, for good, for the checks.
 */
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
    struct value *kept; // DONE: values of the fields that are any, in order
    const char *reason; // MISMATCH in a field of which any value is right: why it is none
};

/*
 * Matches in against fields, whose exact bytes are due one behind the other in `bytes`. Values that are kept live
 * in keep.
 */
struct match match_fields(struct bytes in, struct bytes bytes, const struct fields *fields, const struct profile *p,
                          struct arena *keep);

#endif
