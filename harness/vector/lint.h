#ifndef VECTOR_LINT_H
#define VECTOR_LINT_H
/*
 * What a library of vectors must be beyond its form: values and golden bytes agree for every profile, controls
 * stand where they must, clauses are known, ids and digests are those of the lock.
 */
#include "vector/program.h"

/* One line per complaint, told to `tell`. Returns the number of complaints. lock: path of ids.lock, or NULL. */
struct lint {
    void (*tell)(void *of, const char *line);
    void *of;
    size_t complaints;
};

void lint_library(struct lint *l, const struct library *lib);

/* Holds ids, revisions and digests against a lock file. */
void lint_lock(struct lint *l, const struct library *lib, const char *path);

/* The text of the lock: `id rev digest` a line, sorted; entries of the old text that are gone stay, marked. */
void lock_print(struct text *to, const struct library *lib, struct bytes old);

#endif
