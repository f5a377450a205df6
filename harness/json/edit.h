#ifndef JSON_EDIT_H
#define JSON_EDIT_H
/*
 * Changes to a tree: made on a copy, so that whoever holds the original sees nothing of them. What is new has the
 * place of what it was put into, for errors.
 */
#include "json/json.h"

/* A copy with all below it; its root has no parent. Strings are shared. */
struct json *json_clone(const struct json *from, struct arena *keep);

/* A string, for json_insert. text is copied. */
struct json *json_make_string(const char *key, const char *text, struct arena *keep);

/* An array or object without children. */
struct json *json_make(const char *key, enum json_kind kind, struct arena *keep);

/* Puts node into an array or object behind `behind`, a child of it; first when that is NULL. */
void json_insert(struct json *into, const struct json *behind, struct json *node);

/* Puts it last. */
void json_append(struct json *into, struct json *node);

#endif
