#ifndef CAPTURE_RECORDED_H
#define CAPTURE_RECORDED_H
/*
 * What a recording holds; private to capture/. recording.c makes acts of what was heard and tells what is volatile, fields.c
 * finds the fields of a layout in them, recording_print.c writes them down.
 */
#include "capture/recording.h"

enum act_kind { OPENED, SAID, ENDED, RESET };

/* What a byte is. */
enum meaning {
    FIXED,
    ANY,
    KEPT,  // any, and said again later
    AGAIN, // said before, at `source`
};

struct place {
    uint32_t act;
    uint32_t at;
};

/* A field of a layout within an act. */
struct part {
    size_t at, len;               // in the act's words
    size_t header;                // bytes before its units or elements: they say how many these are
    const struct layout_leaf *leaf;
    const struct layout_reading *of; // that it is a leaf of
    bool varies;                  // its length is another in each recording
    bool apart;                   // its bytes have meanings of their own: what is in it is said elsewhere
    enum meaning meaning;         // of all of it, unless apart
    const struct value *object;   // what is written for this part and all others within `object_len` bytes; NULL: nothing
    size_t object_len;
    const struct part *source;    // AGAIN: the whole of that part
    struct bytes *others;         // in each recording, from the first on
};

struct act {
    enum act_kind kind;
    enum talk_side from;
    uint32_t on;
    struct bytes data;      // of SAID, in the first recording
    struct bytes *others;   // the same in each recording, from the first on; what varies in length is here what the first has
    bool *differs;          // by byte, as all below
    enum meaning *meanings;
    struct place *sources;
    bool *cuts;             // a kept value begins here, or has just ended
    bool *edges;            // a part begins here, or has just ended
    struct part *parts;     // in order; between them are bytes that are no field
    size_t part_count;
    const char *note;       // where and why the layout ends to fit, or NULL
};

struct acts {
    struct act *items;
    size_t count, room;
    struct arena *keep;
};

/* Finds the fields of the layouts in all that was said. */
void fields_find(struct acts *a, const struct recording_manner *how);

/*
 * Holds a further recording's act against the first one's: what varies in length is made as long, in *aligned. Where its fields are
 * others, neither has any. False: they are not alike.
 */
bool fields_alike(struct act *first, struct act *other);
struct bytes fields_aligned(struct act *first, const struct act *other, size_t recording, struct arena *keep);

/* The part that begins there, or NULL. */
struct part *part_at(const struct act *a, size_t at);

/* The part that holds a byte, or NULL. */
struct part *part_around(const struct act *a, size_t at);

/* When each byte has its meaning: what all of a part means. */
void fields_mean(struct recording *r);

/* The part of its act that says how long another one is, or NULL. */
const struct part *part_measure(const struct act *a, const struct part *p);

/* Where the bytes from `at` on stop being one item. */
size_t item_end(const struct recording *r, const struct act *a, size_t at);

#endif
