#ifndef VECTOR_CAPTURES_H
#define VECTOR_CAPTURES_H
/*
 * Recordings of genuine MFC: captures/ beside suites/. `"source": "recorded NAME"` refers to a stream of theirs.
 */
#include "archive/decode.h"
#include "json/json.h"

struct capture {
    const char *name, *title;
    struct profile writer;
    struct type_list types;
    struct bytes bytes;   // all segments, one behind the other
    size_t *segments;     // length of each
    size_t segment_count;
    const char *text;     // the values, as MFC read them back; a space between two
    const struct json *at;
};

struct captures {
    struct capture *items;
    size_t count;
};

/* Adds the streams of one file. ERROR_INPUT with file, line and stream. */
bool captures_parse(const struct json *file, struct arena *keep, struct captures *to,
                    struct error *err);

/* The stream of that name, or NULL. */
const struct capture *capture_find(const struct captures *c, const char *name);

#endif
