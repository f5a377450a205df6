#ifndef LAYOUT_LAYOUT_H
#define LAYOUT_LAYOUT_H
/*
 * The messages of an application, described once: fields by MFC's types, in the order of its Serialize. A layout reads what
 * its program sends and gives each value the program's own name. vectors/layouts/README.md is the format.
 */
#include "archive/decode.h"
#include "json/json.h"

#define LAYOUT_NESTED_MAX 64      // fields within fields, and objects within objects
#define LAYOUT_REQUEST    "request." // before the name of a field of what is answered
#define LAYOUT_TIMES_MAX  1048576 // that fields may be repeated

enum layout_kind {
    LAYOUT_VALUE,   // one of a type
    LAYOUT_GROUP,   // fields together, so that they can be repeated
    LAYOUT_CHOICE,  // fields by the value of a field before
    LAYOUT_USE,     // the fields of a message
    LAYOUT_OBJECT,  // null, a reference, or a new object of a class of the layout
    LAYOUT_VALUES,  // one value of each type that a text before names, separated by commas
};

struct layout_fields {
    struct layout_field *items;
    size_t count;
};

/* What a number stands for. */
struct layout_word {
    int64_t number;
    const char *word;
};

struct layout_case {
    int64_t number;
    struct layout_fields fields;
};

struct layout_field {
    enum layout_kind kind;
    const char *name;             // of a CHOICE: of the field that decides; of a USE: of the message
    struct type_ref type;         // VALUE
    const char *times_of;         // the field before that says how often it comes; NULL: `times`
    uint64_t times;               // 1 unless told
    const char *length_of;          // of raw: the field before that says how many bytes; NULL: the type's own
    const char *types_of;         // VALUES: the field before that names the types
    struct layout_word *words;    // VALUE of an integer
    size_t word_count;
    struct layout_fields fields;  // GROUP; CHOICE: of all other values …
    bool has_else;                // … where there are such
    struct layout_case *cases;    // CHOICE
    size_t case_count;
    const struct layout_message *use;
};

/* A message, or a class: its body. */
struct layout_message {
    const char *name;
    struct layout_fields fields;
};

struct layout {
    const char *name, *title, *file;
    struct layout_message *messages, *classes;
    size_t message_count, class_count;
    const struct layout_message *from[2]; // what comes from the client, and from the server, one after the other; NULL: nothing
    bool answers;                // what the server sends goes by the request that it answers
};

/*
 * The requests of a connection: what the server's messages answer, one each, in their order; a request whose answer has no byte has
 * none. Reading the client's side fills it, reading the server's looks there.
 */
struct layout_requests {
    struct layout_request *items;
    size_t count;
    size_t room;                 // private
    bool exceeded;               // a message of the server answers none of them: its reading stopped there
};

enum layout_side { LAYOUT_CLIENT, LAYOUT_SERVER };

/* Reads a layout; it lives in keep. ERROR_INPUT: "file:line: place: what was expected". */
bool layout_read(const char *path, struct arena *keep, struct layout *out, struct error *err);

/*
 * Reads a stream as messages of one side, to its end, as a reader of profile p; page is for narrow text, or NULL. Lines are told as
 * stream_decode tells them, with the field's name before; decoding->value_count counts messages. What no case of a choice has,
 * and what is no class of the layout, stops the reading as bad. Lives in keep. requests may be NULL; then nothing is read of a server
 * whose messages go by them.
 */
void layout_decode(const struct layout *l, enum layout_side from, struct bytes in, const struct profile *p, const struct codepage *page,
                   struct layout_requests *requests, struct arena *keep, struct decoding *out);

/* A value of a field, or the bytes before an object's own fields: its tag, and what describes its class. */
struct layout_leaf {
    size_t at, len;
    const char *name;      // of the field, behind those around it: "head.size"
    const char *message;   // whose field it is
    size_t number;         // of that message, from 0
    struct value value;    // its of.type is NULL for what stands before an object's own fields
    size_t measure;        // raw: the leaf that says how long it is, counted from 1; 0: none does
    size_t object;         // what stands before an object's own fields, which is in no other: bytes of all of it; else 0
};

struct layout_reading {
    struct layout_leaf *leaves; // in their order; together they are the whole messages
    size_t count;
    size_t whole;          // bytes of whole messages, from the beginning on
    const char *stopped;   // NULL: all was read; else the field at which it was not, and why, in words
    size_t stopped_at;
};

/* Reads as layout_decode does, value by value. A message that is not whole has no leaves. */
void layout_leaves(const struct layout *l, enum layout_side from, struct bytes in, const struct profile *p,
                   struct layout_requests *requests, struct arena *keep, struct layout_reading *out);

#endif
