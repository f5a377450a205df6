#ifndef CAPTURE_BY_FIELD_H
#define CAPTURE_BY_FIELD_H
/*
 * Where a direction is cut, and spoiled, by the fields of a layout. Nothing waits for that: a place is known with the bytes in front of it.
 */
#include "capture/fault.h"
#include "layout/follow.h"

/* What is done to what a side says, on each connection; borrowed. */
struct by_field_plan {
    const struct layout *layout;
    const struct profile *profile;
    enum layout_side from;
    const struct layout_place *cuts; // in front of these
    size_t cut_count;                // BY_FIELD_MAX at most
    bool each;                       // and behind each field
    const struct faults *faults;     // of which some are by field; or NULL
};

#define BY_FIELD_MAX 64

struct by_field;

/* One direction of a connection; `waiting` belongs to both. */
struct by_field *by_field_new(const struct by_field_plan *plan, struct layout_waiting *waiting);
void by_field_free(struct by_field *b);

/* Takes what is said. Returns what is to be told of it, or NULL; it lives until the next call. */
const char *by_field_hear(struct by_field *b, struct bytes said);

/* Those that are done: by offset, and by field as far as they have been found. */
const struct faults *by_field_faults(const struct by_field *b);

/* How many bytes of what was heard last stand between the one at offset `at` of what is said and the next cut; SIZE_MAX: no cut follows. */
size_t by_field_said(const struct by_field *b, uint64_t at);

/* Of what is passed on: there is a cut in front of the byte at that offset, behind those told before … */
void by_field_cut(struct by_field *b, uint64_t at);

/* … bytes up to the next behind offset `left`, UINT64_MAX: none; and whether there is one at it. What lies before is forgotten. */
uint64_t by_field_up_to(struct by_field *b, uint64_t left);
bool by_field_is_cut(const struct by_field *b, uint64_t left);

#endif
