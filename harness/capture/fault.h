#ifndef CAPTURE_FAULT_H
#define CAPTURE_FAULT_H
/*
 * Faults in what a relay passes on: each is done once on every connection, at a place in one direction. What they are called is what
 * peers/relay calls them.
 */
#include "layout/follow.h"

enum fault_kind {
    FAULT_GREET, // at the start
    FAULT_SWAP, FAULT_HOLD, FAULT_DROP, FAULT_ADD, FAULT_TWICE, FAULT_FLIP, FAULT_RESET, FAULT_END, // at a byte
    FAULT_STOP, FAULT_STAY, // at the end of the direction
};
const char *fault_name(enum fault_kind k);

#define FAULT_AT_END UINT64_MAX

struct fault {
    enum fault_kind kind;
    uint64_t at; // offset of a byte that is said, from 0; 0 at the start, FAULT_AT_END
    struct layout_place of; // in front of the first byte of which it is done; its name is NULL: at that offset
};

bool fault_is_at_byte(const struct fault *f);

#define FAULTS_MAX 64

/* Those of one direction, in the order of their places, FAULTS_MAX in all; and those whose place is found on each connection. All zero: none. */
struct faults {
    struct fault list[FAULTS_MAX], by_field[FAULTS_MAX];
    size_t count, by_field_count;
};

/* "to-client@17:reset", "to-client@text#2:reset": one more; ways are those to the client and to the server. What it says of a field is borrowed. ERROR_USAGE. */
bool fault_parse(const char *text, struct faults *to_client, struct faults *to_server, struct error *err);

/* One of a field has been found: `at` has not been said yet. False where it would be about the same place as another. */
bool fault_place(struct faults *f, const struct fault *by_field, uint64_t at);

/* How far a direction has come. All zero at first. */
struct fault_way {
    uint64_t at; // bytes said
    size_t next; // fault
    bool keeps, swaps;
    uint8_t kept;
};

/* What follows behind what is passed on. */
enum fault_next { FAULT_GOES_ON, FAULT_STAYS, FAULT_CLOSES, FAULT_RESETS };

/* What was done: so many of the list. */
struct fault_done {
    const struct fault *first;
    size_t count;
};

/* What is to be passed on instead is appended to *out: when the connection begins, of what is said, and at the direction's end. */
struct fault_done fault_begin(const struct faults *f, struct fault_way *w, struct buffer *out);
struct fault_done fault_pass(const struct faults *f, struct fault_way *w, struct bytes said, struct buffer *out, enum fault_next *next);
struct fault_done fault_end(const struct faults *f, struct fault_way *w, struct buffer *out, enum fault_next *next);

#endif
