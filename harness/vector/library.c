/*
 * All vectors of a run: directories of services and suites.
 */
#include "vector/parse.h"

#include <stdlib.h>

#include "base/file.h"
#include "base/sha256.h"

static bool read_services(struct library *lib, const char *directory, struct error *err)
{
    const char *path = arena_printf(&lib->keep, "%s/services", directory);
    const char *const *names;
    size_t count;

    if (!file_exists(path))
        return true;
    if (!file_list(path, ".json", &lib->keep, &names, &count, err))
        return false;
    struct service **all = ARENA_ARRAY(&lib->keep, lib->service_count + count, struct service *);
    if (lib->service_count)
        memcpy(all, lib->services, lib->service_count * sizeof *all);
    lib->services = all;
    for (size_t i = 0; i < count; i++) {
        const struct json *file;
        struct service *s;
        if (!json_read(arena_printf(&lib->keep, "%s/%s", path, names[i]), &lib->keep, &file, err) ||
            !service_parse(file, &lib->keep, &s, err))
            return false;
        if (library_service(lib, s->name))
            return json_error(file, err, "service \"%s\" stands in another file already", s->name);
        lib->services[lib->service_count++] = s;
    }
    return true;
}

static bool read_suites(struct library *lib, const char *directory, struct error *err)
{
    const char *path = arena_printf(&lib->keep, "%s/suites", directory);
    const char *const *names;
    size_t count;

    if (!file_exists(path))
        return true;
    if (!file_list(path, ".json", &lib->keep, &names, &count, err))
        return false;
    struct suite *all = ARENA_ARRAY(&lib->keep, lib->suite_count + count, struct suite);
    if (lib->suite_count)
        memcpy(all, lib->suites, lib->suite_count * sizeof *all);
    lib->suites = all;
    for (size_t i = 0; i < count; i++) {
        const struct json *file;
        if (!json_read(arena_printf(&lib->keep, "%s/%s", path, names[i]), &lib->keep, &file, err) ||
            !suite_parse(file, lib, &lib->keep, &lib->suites[lib->suite_count], err))
            return false;
        lib->suite_count++;
    }
    return true;
}

static bool read_captures(struct library *lib, const char *directory, struct error *err)
{
    const char *path = arena_printf(&lib->keep, "%s/captures", directory);
    const char *const *names;
    size_t count;

    if (!file_exists(path))
        return true;
    if (!file_list(path, ".json", &lib->keep, &names, &count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct json *file;
        if (!json_read(arena_printf(&lib->keep, "%s/%s", path, names[i]), &lib->keep, &file, err) ||
            !captures_parse(file, &lib->keep, &lib->captures, err))
            return false;
    }
    return true;
}

static int by_id(const void *a, const void *b)
{
    return strcmp((*(const struct vector *const *)a)->id, (*(const struct vector *const *)b)->id);
}

/* Ids are unique over all suites; the digest of the library walks them in order. */
static bool number(struct library *lib, struct error *err)
{
    SCRATCH(scratch);
    size_t total = 0, n = 0;
    struct sha256 sha;
    char hex[65];

    for (size_t i = 0; i < lib->suite_count; i++)
        total += lib->suites[i].count;
    const struct vector **all = ARENA_ARRAY(&scratch, total + 1, const struct vector *);
    for (size_t i = 0; i < lib->suite_count; i++)
        for (size_t k = 0; k < lib->suites[i].count; k++)
            all[n++] = &lib->suites[i].vectors[k];
    qsort(all, n, sizeof *all, by_id);
    sha256_init(&sha);
    for (size_t i = 0; i < n; i++) {
        if (i && strcmp(all[i]->id, all[i - 1]->id) == 0)
            return json_error(all[i]->at, err, "the id \"%s\" stands at %s:%u, too", all[i]->id, all[i - 1]->at->file,
                              all[i - 1]->at->line);
        sha256_add(&sha, all[i]->id, strlen(all[i]->id) + 1);
        sha256_add(&sha, all[i]->digest, sizeof all[i]->digest);
    }
    sha256_hex(&sha, hex);
    memcpy(lib->digest, hex, sizeof lib->digest - 1);
    return true;
}

static bool directory_exists(struct library *lib, const char *directory, struct error *err)
{
    return file_exists(arena_printf(&lib->keep, "%s/services", directory)) ||
           file_exists(arena_printf(&lib->keep, "%s/suites", directory)) ||
           error_set(err, ERROR_INPUT, "%s: holds neither suites/ nor services/", directory);
}

bool library_load_services(struct library *lib, const char *const *directories, size_t count, struct error *err)
{
    for (size_t i = 0; i < count; i++)
        if (!directory_exists(lib, directories[i], err) || !read_services(lib, directories[i], err) ||
            !read_captures(lib, directories[i], err))
            return false;
    return true;
}

bool library_load(struct library *lib, const char *const *directories, size_t count, struct error *err)
{
    if (!library_load_services(lib, directories, count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *clauses = arena_printf(&lib->keep, "%s/clauses.json", directories[i]), *guards = arena_printf(&lib->keep, "%s/guards.json", directories[i]);
        if (!lib->clauses && file_exists(clauses) && !json_read(clauses, &lib->keep, &lib->clauses, err))
            return false;
        if (!lib->guards && file_exists(guards) && !json_read(guards, &lib->keep, &lib->guards, err))
            return false;
        if (!read_suites(lib, directories[i], err))
            return false;
    }
    for (size_t i = 0; i < lib->suite_count; i++)
        if (!families_parse(lib, &lib->suites[i], &lib->keep, err))
            return false;
    return number(lib, err);
}

bool suite_of_one(const struct json *file, const struct library *lib, struct arena *keep, struct suite *out, struct error *err)
{
    return suite_parse(file, lib, keep, out, err);
}

void library_free(struct library *lib)
{
    arena_free(&lib->keep);
    *lib = (struct library){ 0 };
}
