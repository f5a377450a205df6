#ifndef LAYOUT_WALK_H
#define LAYOUT_WALK_H
/*
 * The reading of one message, private to layout/: of a stream that is there as a whole, and of one that comes in pieces.
 */
#include "layout/layout.h"

/* What was read of a field, for those behind it that go by it. */
struct read_number {
    const char *name;
    int64_t number;
    struct value value;
    size_t leaf; // counted from 1
    const struct read_number *before;
};

/* What was said in a request, the last first. */
struct layout_request {
    const struct read_number *fields;
};

/* An entry of the table [OBJ-6]: a class, or an object of one. */
struct entry {
    const struct layout_message *class;
    unsigned schema;         // of a class, as it was described
    bool is_class;
};

struct walk {
    const struct layout *layout;
    struct decoder d;
    struct reader r;
    struct entry *entries;
    size_t entry_count, entry_room;
    size_t values;
    unsigned nested;
    struct layout_reading *reading; // where leaves go; NULL: nowhere
    size_t leaf_room;
    struct layout_requests *requests; // or NULL
    bool asks;              // they are read, and kept
    const struct layout_request *asked; // that is answered
    const char *message;    // that is read
    size_t number;          // of it, from 0
    const char *within;     // names of the fields around, each with a dot behind
    const char *field;      // name of the one that was begun last, behind those
    struct arena *tables;   // where the entries live
    struct marking *marking; // who is told where fields begin, and reads no lines; NULL: nobody
    struct around *around;  // … the fields around
};

/* A group that has begun: it is told of with its first byte. */
struct around {
    const char *name;
    bool told;
    struct around *outer;
};

/* Is told of each field that has a byte, in their order, once it is known where it begins, even if none of its bytes is there. */
struct marking {
    void (*take)(struct marking *m, size_t at, const char *name); // the name behind those of the fields around
};

/* The fields of one message. False where they do not fit, or are not whole; w->r tells which. */
bool walk_fields(struct walk *w, const struct layout_fields *f, unsigned depth, const struct read_number *before);

/* Whether it is a list or a map of nothing but strings, which are fields of their own behind "name.count". */
bool walk_holds_strings(const struct type *t);

#endif
