#ifndef PEER_PARSE_H
#define PEER_PARSE_H
/*
 * What manifests and the tables beside them consist of. Each fails with json_error.
 */
#include "json/json.h"

/* A list of strings, ended by NULL. */
bool words_parse(const struct json *at, struct arena *keep, const char *const **out, struct error *err);

/* The same, which holds at least one; what says which, "service". */
bool words_parse_some(const struct json *at, const char *what, struct arena *keep, const char *const **out, struct error *err);

/* Index of a word in a list of count. expected names them in a message, "must or should". */
bool choice_parse(const struct json *at, const char *const *words, size_t count, const char *expected, size_t *out,
                  struct error *err);

#endif
