/*
 * `arcwire lint`: whether vectors are what they must be.
 */
#include "app/app.h"

#include <stdio.h>

#include "base/file.h"
#include "vector/lint.h"

#define LOCK_MAX (64u << 20)

static void tell(void *of, const char *line)
{
    (void)of;
    printf("%s\n", line);
}

static bool update(const struct library *lib, const char *path, struct arena *keep, struct error *err)
{
    struct bytes old = { 0 };
    TEXT(text);

    if (file_exists(path) && !file_read(path, LOCK_MAX, keep, &old, err))
        return false;
    lock_print(&text, lib, old);
    return file_write(path, buffer_bytes(&text.b), err);
}

int command_lint(const struct options *o)
{
    SCRATCH(keep);
    struct options with = *o;
    struct library lib;
    struct error err;
    struct lint lint = { .tell = tell };

    // Directories given as words are looked at alone, with our services at hand.
    for (size_t i = 0; i < o->word_count && with.vectors.count < DIRECTORIES; i++)
        with.vectors.items[with.vectors.count++] = o->words[i];
    if (!library_open(&with, &lib, &err)) {
        library_free(&lib);
        return fail(&err);
    }
    const char *own = strcmp(place_data(), ".") == 0 ? "vectors" : arena_printf(&keep, "%s/vectors", place_data());
    const char *lock = arena_printf(&keep, "%s/ids.lock", with.only_vectors ? with.vectors.items[0] : own);
    lint_library(&lint, &lib);
    bool locks = with.vectors.count == 0 || (with.only_vectors && file_exists(lock));
    if (lint.complaints == 0 && o->update_lock) {
        if (!update(&lib, lock, &keep, &err)) {
            library_free(&lib);
            return fail(&err);
        }
    } else if (locks) {
        lint_lock(&lint, &lib, lock);
    }
    size_t cases = 0;
    for (size_t i = 0; i < lib.suite_count; i++)
        cases += lib.suites[i].count;
    printf("%zu cases in %zu suites, %zu complaint%s\n", cases, lib.suite_count, lint.complaints,
           lint.complaints == 1 ? "" : "s");
    library_free(&lib);
    return lint.complaints ? EXIT_INPUT : EXIT_EXPECTED;
}
