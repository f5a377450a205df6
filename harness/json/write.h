#ifndef JSON_WRITE_H
#define JSON_WRITE_H
/*
 * JSON as it is written: a thin layer over text that sees to commas, quotes and escapes.
 *
 *     struct json_out j = { .to = &text };
 *     json_begin(&j, NULL, '{');
 *     json_put_string(&j, "case", id);
 *     json_end(&j, '}');
 *
 * key is NULL for elements of arrays and for the outermost value. With indent, one member per line. After
 * the outermost value the next may begin; what separates them is the caller's.
 */
#include "base/text.h"
#include "json/json.h"

struct json_out {
    struct text *to;
    int indent;  // spaces per level; 0 writes everything on one line
    int depth;
    bool inner;  // a value stands before in this object or array
};

void json_begin(struct json_out *j, const char *key, char open);  // '{' or '['
void json_end(struct json_out *j, char close);                    // '}' or ']'

/* Bytes that are not UTF-8 come out as U+FFFD: a peer's words never break a log. */
void json_put_string(struct json_out *j, const char *key, const char *value);
void json_put_text(struct json_out *j, const char *key, struct bytes value);
void json_put_hex(struct json_out *j, const char *key, struct bytes value);
/* Both as a string beyond 2^53. */
void json_put_int(struct json_out *j, const char *key, int64_t value);
void json_put_u64(struct json_out *j, const char *key, uint64_t value);
void json_put_bool(struct json_out *j, const char *key, bool value);
void json_put_null(struct json_out *j, const char *key);
/* A value that was read. */
void json_put_value(struct json_out *j, const char *key, const struct json *value);
/* An array of strings, ended by NULL; NULL is an empty one. */
void json_put_strings(struct json_out *j, const char *key, const char *const *strings);
/* A JSON value that is already text. */
void json_put_raw(struct json_out *j, const char *key, const char *value);

#endif
