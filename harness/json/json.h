#ifndef JSON_JSON_H
#define JSON_JSON_H
/*
 * Strict JSON, read as a tree that knows where each value stood.
 *
 * cJSON parses; it lets much through that a vector must not contain, so a pass of our own goes first:
 * RFC 8259 to the letter, UTF-8, no duplicate keys, nothing behind the value, no NUL in a string, nesting
 * of 64 at most. It also keeps line, column and the text of each number, which cJSON would round.
 */
#include "base/arena.h"
#include "base/error.h"

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json {
    enum json_kind kind;
    bool truth;               // BOOL
    const char *key;          // its name, when it is a member of an object; else NULL
    const char *string;       // STRING: UTF-8; NUMBER: as it was written
    const struct json *first; // ARRAY, OBJECT: the first child, in the order of the text
    const struct json *next;  // the sibling behind it
    const struct json *parent;
    size_t count;             // ARRAY, OBJECT: number of children
    const char *file;         // the name given to json_parse
    unsigned line, column;    // from 1; column counts bytes
};

/* Walks the children of an array or object. */
#define json_each(child, of) (const struct json *child = (of)->first; child; child = child->next)

/*
 * Parses one JSON text. name is what errors call it; everything lives in keep.
 * Fails with ERROR_INPUT: "name:line:column: what was expected".
 */
bool json_parse(struct bytes text, const char *name, struct arena *keep, const struct json **out,
                struct error *err);

/* The same from a file, 256 MiB at most. A file that cannot be read is ERROR_INPUT too. */
bool json_read(const char *path, struct arena *keep, const struct json **out, struct error *err);

/* The member of an object, or NULL; keys are compared exactly. */
const struct json *json_get(const struct json *object, const char *key);

/*
 * ERROR_INPUT at a value: "file:line: path: message". The path leads from the root to it; an element that
 * has an "id" is called by it, as in `case byte-order-word: steps[1].client[0]`. Returns false.
 */
bool json_error(const struct json *at, struct error *err, const char *fmt, ...) PRINTF(3, 4);

/* Fails at the first member of object whose key is not in keys (ended by NULL), naming the known ones. */
bool json_known(const struct json *object, const char *const *keys, struct error *err);

/* What a value must be; each fails with json_error when it is something else or out of range. An integer
 * may also be a string of decimal digits or of 0x and hexadecimal ones (beyond 2^53 it must be, so that
 * other readers of the file see the same number). */
bool json_string(const struct json *at, const char **out, struct error *err);
bool json_bool(const struct json *at, bool *out, struct error *err);
bool json_u64(const struct json *at, uint64_t max, uint64_t *out, struct error *err);
bool json_i64(const struct json *at, int64_t min, int64_t max, int64_t *out, struct error *err);
bool json_is(const struct json *at, enum json_kind kind, struct error *err);

/* "a number", "a string" …: for messages. */
const char *json_kind_name(enum json_kind kind);

#endif
