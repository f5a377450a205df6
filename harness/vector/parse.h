#ifndef VECTOR_PARSE_H
#define VECTOR_PARSE_H
/*
 * Small parts of JSON that services, suites and steps have in common; private to vector/.
 */
#include "vector/vector.h"

/* A list of strings, ended by NULL. */
bool strings_parse(const struct json *list, struct arena *keep, const char *const **out, struct error *err);
bool check_parse(const struct json *at, const struct step_context *outer, struct check *out, struct error *err);
bool level_parse(const struct json *at, enum level *out, struct error *err);

/* A list of genuine defects. */
bool genuine_parse(const struct json *list, struct arena *keep, struct genuines *out, struct error *err);

/* The list of types behind "byte,raw:4": their number in *count. */
bool types_parse(const struct json *at, const char *text, struct arena *keep, struct type_ref **out, size_t *count,
                 struct error *err);

/* What a suite or service says in "unguarded": a reason by name of a field. */
bool reasons_parse(const struct json *file, struct error *err);

/* The file's "format" must be 1. */
bool format_parse(const struct json *file, struct error *err);

/* services.c and suites.c: one file each. */
bool service_parse(const struct json *file, struct arena *keep, struct service **out, struct error *err);
bool suite_parse(const struct json *file, const struct library *lib, struct arena *keep, struct suite *out,
                 struct error *err);

/* Once all suites are there: the cases of a suite's families. */
bool families_parse(const struct library *lib, struct suite *suite, struct arena *keep, struct error *err);

/* What a case's head says, over what stands in *v already; complete: title and clauses are there. */
bool head_parse(const struct json *object, struct vector *v, struct arena *keep, struct error *err);
bool head_complete(const struct json *object, const struct vector *v, struct error *err);
bool id_valid(const char *id, bool with_axes);

#endif
