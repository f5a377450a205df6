#ifndef VECTOR_FMT_H
#define VECTOR_FMT_H
/*
 * Suites and services in their canonical form: one step, row or case begins a line, lines hold about 160 characters.
 * The order of keys and every value stay as they were written.
 */
#include "json/json.h"
#include "vector/vector.h"

/* The text of a file, with a newline at its end. What is printed prints the same again. */
void fmt_print(struct text *to, const struct json *file);

/* One of its cases, from the left margin on. */
void fmt_print_case(struct text *to, const struct json *of);

/*
 * A copy of a suite in which every typed step and row without golden bytes has those of our codec, with the source
 * "pinned": one `wire` for all profiles, or one for each predicate, as few as will do. Steps with drawn, kept or raw values
 * alone are left as they are. lib holds the services. ERROR_INPUT where the suite is wrong.
 */
bool fmt_pin(const struct json *file, const struct library *lib, struct arena *keep, const struct json **out,
             size_t *pinned, struct error *err);

/*
 * A case to begin with: it loads, and plays the exchange of the service's first control.
 */
const struct json *fmt_new_case(const char *id, const struct service *s, struct arena *keep);

#endif
