#ifndef ARCHIVE_DECODE_H
#define ARCHIVE_DECODE_H
/*
 * A stream annotated for people: each value and its parts with offset, bytes and meaning, and where and why the
 * reading stops.
 */
#include "archive/codepage.h"
#include "archive/value.h"

#define DECODE_VALUES_MAX 65536 // values that one list may stand for

/* What a stream is said to hold: "word,cstring*2,object*". */
struct type_list {
    struct type_ref *types;
    size_t count;
    bool repeated; // the last type goes on to the end of the stream
    const struct codepage *page; // of narrow text, which is then told as characters, too; NULL: not known
};

/* TYPE, TYPE*N, and at the end TYPE*, which goes on while bytes are left; joined by commas. ERROR_INPUT. */
bool type_list_parse(const char *text, struct arena *keep, struct type_list *out,
                     struct error *err);

struct decode_line {
    size_t at, len;
    unsigned depth;      // 0: a value of the list; more: a part of what stands above
    bool outer;          // the lines below it tell its parts
    const char *meaning;
};

/* Lives in the arena given. */
struct decoding {
    struct decode_line *lines;
    size_t count;
    struct value *values; // those that are complete
    size_t value_count;
    const char *noun;     // what is counted; NULL: "value"
    enum wire_status status;
    size_t at;            // of the first byte that was not read
    size_t left;          // bytes from there on
    size_t
        need; // SHORT: bytes of the stream that would get further; SIZE_MAX: more than there can be
    enum cause cause;     // BAD, and SHORT if the stream ended here: what MFC throws
    const char *reason;   // BAD: in words
    struct type_ref of;   // SHORT and BAD: which value is not complete; no type: BAD by other than a value
    bool loose;           // a longer form than needed was met
    struct oddity odd;    // the first …
    size_t odd_number;    // … and the number of the value that it is in, from 1; 0: the one that is not complete
    const char *clause;   // BAD: what it breaks, where that is not what the clause of `of` says
};

/* Reads the values of a list as a reader of profile p does, from one table of objects. */
void stream_decode(struct bytes in, const struct profile *p, const struct type_list *list,
                   struct arena *keep, struct decoding *out);

/*
 * The same for whoever knows otherwise which value comes next, such as a layout: zeroed but for these, and *out zeroed, too.
 */
struct decoder {
    struct decoding *out;
    struct arena *keep;
    const struct profile *profile;
    const struct codepage *page; // or NULL
    struct object_table *table;
    size_t room, value_room;     // its own
};

/* Room for one more line. */
struct decode_line *decoder_line(struct decoder *d);

/* Loads one value and tells it and its parts, from `depth` on, with its name before (NULL: none). False when it is not complete. */
bool decoder_value(struct decoder *d, struct reader *r, struct type_ref t, const char *name, unsigned depth, struct value *out);

/* The end of the reading: what *out says of it. */
void decoder_end(struct decoder *d, const struct reader *r);

/* One line per decode_line, and one or two about the end. */
void decoding_print(struct text *to, struct bytes in, const struct decoding *d);

/* All of the list was read, and nothing is left. */
bool decoding_whole(const struct decoding *d);

/*
 * What the bytes could be when nobody says: how each type that a stream may begin with reads them, and which types
 * repeated fit them from end to end.
 */
void stream_guess(struct text *to, struct bytes in, const struct profile *p);

#endif
