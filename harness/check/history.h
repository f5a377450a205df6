#ifndef CHECK_HISTORY_H
#define CHECK_HISTORY_H
/*
 * What was said on a connection up to an op, as values: what we said, what was right of the peer's words, and what is due now.
 * Private to check/.
 */
#include "check/evidence.h"

/* A value that was said on the connection, or bytes that are none. */
struct part {
    const struct op *op;
    const struct field *field;
    size_t index;        // of the field in its op
    bool ours;
    bool is_value;
    struct value value;
    struct bytes plain;
    size_t entries;      // of the last part of an op: what raw bytes in it register in the object table, where they are no values
};

#define MANY         2000 // objects that were carried, beyond which only mistakes about objects are looked for
#define MESSAGES_MAX 64 // of ours that are looked at, in a row

/* How far the values go that were said, where a form begins only from some number on. */
struct reach {
    uint64_t count;      // the largest one
    uint64_t objects;    // of the connection
    unsigned lengths[2]; // of narrow strings and wide ones: a bit for each stretch that has one (forms.c)
    bool has_time;
    bool has_like_time;  // what Serialize64 stores, or a span
    bool has_long_tag;   // a tag of four bytes may have been said, whatever its index is
    bool has_longer;     // a string was said in a longer form than its length needs
};

struct history {
    const struct evidence *e;
    struct part *parts;
    size_t count, room;
    size_t due;          // from this part on it is what is due
    const struct type *refusal; // what is due is one, its fields being the parts of a value; NULL: it is none, or nobody has looked (history_refusal)
    size_t asked, asked_end; // parts of the words of ours that it answers
    size_t said_end;     // behind our last
    uint64_t asked_objects;  // that we had carried before these
    bool has_objects;    // what is due carries objects or classes
    bool asks_objects;   // … what it answers does
    bool many;           // and so many were carried that not all can be tried
    bool has_any_text;   // of what is due a string may be any
    uint64_t units;      // of the longest string, at least 1 where there is one
    struct reach reach;
    size_t *shows;       // by part of what is due: the part of ours that it says again; SIZE_MAX: none
    bool *counts_on;     // … and one more than that number
    size_t told;         // part of what is due that is the text of what we had asked; its count: none
    size_t told_from, told_to; // … of the parts from this one on, up to that
    size_t unread;       // part of what it answers that should hold the types named before it, and does not read; its count: none
    size_t malformed;    // … where a refusal is due
    const struct type_ref *malformed_types;
    size_t malformed_count;
    const struct value *named; // a string of it, which may name types
    size_t messages[MESSAGES_MAX]; // parts at which those of our messages begin that have not been answered yet
    size_t message_count;
};

/* Lives in e->keep. */
void history_make(const struct evidence *e, struct history *h);

/* Sees whether what is due is a refusal, and sets `refusal`: it takes a while. */
void history_refusal(struct history *h);

/* Our words on the connection, all of them, and whether we had ended when they were to be answered; *in_time: how many stand before
 * the probe. */
struct bytes history_said(const struct evidence *e, size_t *in_time, bool *ended);

/* A value as a program stores it that has loaded it: objects have the schema of their class, and zero in members that theirs had not. */
struct value stored_anew(const struct value *v, struct arena *keep);

/* … that stores bodies as they were loaded. */
struct value stored_as_loaded(const struct value *v, struct arena *keep);

/* The string of the request that names types, or NULL. */
const struct value *history_types(const struct history *h);

/* Whether a value is, or holds, an object or a class. */
bool carries(const struct value *v);

/* Whether the last words that were said to the peer before the op have an object or a class that was carried before them. */
bool asked_before(const struct evidence *e);

#endif
