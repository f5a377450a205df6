#ifndef LAYOUT_GUESS_H
#define LAYOUT_GUESS_H
/*
 * What a stream could be when nobody knows its layout: messages of a few fields, told by the shape of what they hold. Lengths before
 * printable text, descriptions of classes, numbers that do not fill their width, lengths that are followed by as many bytes.
 * Nothing of this proves a reading: what speaks for and against each is told with it.
 */
#include "archive/value.h"
#include "base/text.h"

#define GUESS_FIELDS   5       // of one message
#define GUESS_READINGS 8       // that are told at most
#define GUESS_BYTES    8192    // of a stream that are looked at

enum shape { SHAPE_BYTE, SHAPE_WORD, SHAPE_DWORD, SHAPE_TEXT, SHAPE_LIST, SHAPE_DATE, SHAPE_OBJECT, SHAPE_DATA, SHAPES };

/* What was seen of a field in all messages. */
struct guess_field {
    enum shape shape;
    size_t small, clocks, wide, empty, some; // numbers far below what they can be, and such that may be times; texts; not empty, of what has a length
    bool negative;           // a number just below 0
    const char *class_name;  // OBJECT: the first that is described, …
    unsigned schema;
    size_t described, referred; // … how many are, and how often one is referred to
};

struct guess_reading {
    struct guess_field fields[GUESS_FIELDS];
    size_t field_count;
    size_t messages;
    size_t bytes;            // of whole messages, from the first byte on
    int score;               // in bits, roughly: how much likelier these bytes are by it than by chance
};

struct guess {
    struct guess_reading readings[GUESS_READINGS]; // the likeliest first
    size_t count;
    size_t looked_at;        // bytes of the stream
};

/* The most readings that are asked for, GUESS_READINGS at most. */
void guess_make(struct bytes in, const struct profile *p, size_t most, struct guess *out);

/* "word,cstring" */
void guess_types(const struct guess_reading *r, struct text *to);

/* What speaks for a reading, or against it: lines that live in keep. */
size_t guess_reasons(const struct guess *g, const struct guess_reading *r, bool for_it, struct arena *keep, const char **out, size_t room);

/* A layout to begin with, of one side or both. */
void guess_layout(const struct guess_reading *client, const struct guess_reading *server, struct text *to);

#endif
