/*
 * Where the program and its data lie.
 */
#include "app/app.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"

/* The directory of a path, cut in place. */
static char *directory(char *path)
{
    char *slash = strrchr(path, '/');

    if (slash)
        *(slash == path ? slash + 1 : slash) = 0;
    return path;
}

/* A path as seen from the working directory, where it lies below it. */
static const char *shorter(const char *path)
{
    static char kept[2][PATH_MAX];
    static int turn;
    char here[PATH_MAX];
    char *out = kept[turn++ % 2];
    size_t len;

    snprintf(out, PATH_MAX, "%s", path);
    if (!getcwd(here, sizeof here) || strncmp(path, here, len = strlen(here)) != 0)
        return out;
    if (path[len] == '/')
        memmove(out, path + len + 1, strlen(path + len + 1) + 1);
    else if (!path[len])
        snprintf(out, PATH_MAX, ".");
    return out;
}

const char *place_build(void)
{
    static char build[PATH_MAX];

    if (!build[0] && !(realpath("/proc/self/exe", build) && directory(build)))
        snprintf(build, sizeof build, ".");
    return build;
}

const char *place_data(void)
{
    static const char *found;
    static const char *const above[] = { "../..", "../share/arcwire" };
    char path[PATH_MAX + 32], real[PATH_MAX];

    for (size_t i = 0; !found && i < COUNT_OF(above); i++) {
        snprintf(path, sizeof path, "%s/%s", place_build(), above[i]);
        if (!realpath(path, real))
            continue;
        snprintf(path, sizeof path, "%.4000s/vectors", real);
        if (file_exists(path))
            found = shorter(real);
    }
    if (!found)
        found = ARCWIRE_PREFIX "/share/arcwire";
    return found;
}

/* The directories that the options name, by one of the loaders. */
static bool open_by(bool (*load)(struct library *, const char *const *, size_t, struct error *), const struct options *o,
                    struct library *lib, struct error *err)
{
    const char *directories[DIRECTORIES + 1];
    size_t n = 0;

    *lib = (struct library){ 0 };
    if (!o->only_vectors) {
        const char *data = place_data();
        directories[n++] = strcmp(data, ".") == 0 ? "vectors" : arena_printf(&lib->keep, "%s/vectors", data);
    } else if (o->vectors.count == 0) {
        return error_set(err, ERROR_USAGE, "--only-vectors goes with --vectors DIR");
    }
    for (size_t i = 0; i < o->vectors.count; i++)
        directories[n++] = o->vectors.items[i];
    return load(lib, directories, n, err);
}

bool library_open(const struct options *o, struct library *lib, struct error *err)
{
    return open_by(library_load, o, lib, err);
}

bool services_open(const struct options *o, struct library *lib, struct error *err)
{
    return open_by(library_load_services, o, lib, err);
}
