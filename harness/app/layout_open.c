/*
 * Layouts as they are named on the command line.
 */
#include "app/app.h"

#include "base/file.h"

bool layout_open(const char *name, struct arena *keep, struct layout *out, struct error *err)
{
    bool is_file = strchr(name, '/') || (strlen(name) > 5 && strcmp(name + strlen(name) - 5, ".json") == 0);
    const char *path = is_file ? name : arena_printf(keep, "%s/vectors/layouts/%s.json", place_data(), name);

    if (!is_file && !file_exists(path))
        return error_set(err, ERROR_USAGE, "there is no layout \"%.60s\" in %s/vectors/layouts", name, place_data());
    return layout_read(path, keep, out, err);
}

/* One side's: "client=NAME". */
static bool side_open(char *part, struct arena *keep, const struct layout *out[2], struct error *err)
{
    static const char *const sides[] = { "client=", "server=" };

    for (int i = 0; i < 2; i++) {
        size_t len = strlen(sides[i]);
        if (strncmp(part, sides[i], len) != 0)
            continue;
        struct layout *l = ARENA_NEW(keep, struct layout);
        if (out[i])
            return error_set(err, ERROR_USAGE, "--layout: %.6s is there twice", sides[i]);
        out[i] = l;
        return layout_open(part + len, keep, l, err);
    }
    return error_set(err, ERROR_USAGE, "--layout: \"%.60s\": expected NAME, or client=NAME,server=NAME", part);
}

bool layouts_open(const char *text, struct arena *keep, const struct layout *out[2], struct error *err)
{
    char *rest, *part;

    out[0] = out[1] = NULL;
    if (!text)
        return true;
    rest = arena_string(keep, text);
    if (!strchr(text, '=')) {
        struct layout *both = ARENA_NEW(keep, struct layout);
        out[0] = out[1] = both;
        return layout_open(text, keep, both, err);
    }
    while ((part = strsep(&rest, ",")))
        if (!side_open(part, keep, out, err))
            return false;
    return true;
}
