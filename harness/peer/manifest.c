#include "peer/manifest.h"

#include <fnmatch.h>

static bool words_parse(const struct json *list, struct arena *keep, const char *const **out, struct error *err)
{
    if (!json_is(list, JSON_ARRAY, err))
        return false;
    const char **words = ARENA_ARRAY(keep, list->count + 1, const char *);
    size_t n = 0;
    for json_each (e, list)
        if (!json_string(e, &words[n++], err))
            return false;
    *out = words;
    return true;
}

static bool command_parse(const struct json *at, struct arena *keep, const char *const **out, struct error *err)
{
    if (!words_parse(at, keep, out, err))
        return false;
    return at->count > 0 || json_error(at, err, "a command has at least its program");
}

/* {"command": […], "services": […], "plays": […]} */
static bool ask_parse(const struct json *at, struct arena *keep, const struct manifest_ask **out, struct error *err)
{
    static const char *const keys[] = { "command", "services", "plays", "note", NULL };
    struct manifest_ask *ask = ARENA_NEW(keep, struct manifest_ask);
    const struct json *command, *services, *plays;

    if (!json_is(at, JSON_OBJECT, err) || !json_known(at, keys, err))
        return false;
    if (!(command = json_get(at, "command")) || !(services = json_get(at, "services")) || !(plays = json_get(at, "plays")))
        return json_error(at, err, "expected \"command\", \"services\" and \"plays\"");
    if (!command_parse(command, keep, &ask->command, err) || !words_parse(services, keep, &ask->services, err) ||
        !words_parse(plays, keep, &ask->plays, err))
        return false;
    if (services->count == 0)
        return json_error(services, err, "expected at least one service");
    for (const char *const *w = ask->command; *w; w++)
        if (strstr(*w, "{port}")) {
            *out = ask;
            return true;
        }
    return json_error(command, err, "where does it dial? {port} stands in no argument");
}

/* {"arguments": […], "services": […]} */
static bool variant_parse(const struct json *at, struct arena *keep, struct manifest_variant *v, struct error *err)
{
    static const char *const keys[] = { "arguments", "services", "note", NULL };
    const struct json *part;

    if (!json_known(at, keys, err))
        return false;
    if (!(part = json_get(at, "arguments")))
        return json_error(at, err, "expected \"arguments\"");
    if (!words_parse(part, keep, &v->arguments, err))
        return false;
    if (!(part = json_get(at, "services")))
        return true;
    if (!words_parse(part, keep, &v->services, err))
        return false;
    return part->count > 0 || json_error(part, err, "expected at least one service");
}

static bool variants_parse(const struct json *at, struct arena *keep, struct manifest *m, struct error *err)
{
    if (!json_is(at, JSON_OBJECT, err))
        return false;
    m->variants = ARENA_ARRAY(keep, at->count, struct manifest_variant);
    for json_each (e, at) {
        struct manifest_variant *v = &m->variants[m->variant_count++];
        v->name = e->key;
        if (!(e->kind == JSON_OBJECT ? variant_parse(e, keep, v, err) : words_parse(e, keep, &v->arguments, err)))
            return false;
    }
    return true;
}

static bool files_parse(const struct json *at, struct arena *keep, struct manifest *m, struct error *err)
{
    if (!json_is(at, JSON_OBJECT, err))
        return false;
    m->files = ARENA_ARRAY(keep, at->count, struct manifest_file);
    for json_each (e, at) {
        struct manifest_file *f = &m->files[m->file_count++];
        if (strchr(e->key, '/') || e->key[0] == '.' || !e->key[0])
            return json_error(e, err, "\"%s\" is no plain file name", e->key);
        f->name = e->key;
        if (!words_parse(e, keep, &f->lines, err))
            return false;
    }
    return true;
}

static bool environment_parse(const struct json *at, struct arena *keep, struct manifest *m, struct error *err)
{
    if (!json_is(at, JSON_OBJECT, err))
        return false;
    const char **list = ARENA_ARRAY(keep, at->count + 1, const char *);
    size_t n = 0;
    for json_each (e, at) {
        const char *value;
        if (!json_string(e, &value, err))
            return false;
        list[n++] = arena_printf(keep, "%s=%s", e->key, value);
    }
    m->environment = list;
    return true;
}

/* Whether a placeholder stands anywhere in what is started. */
static bool mentions(const struct manifest *m, const char *mark)
{
    bool yes = false;

    for (const char *const *w = m->listen; w && *w; w++)
        yes |= strstr(*w, mark) != NULL;
    for (size_t i = 0; i < m->variant_count; i++)
        for (const char *const *w = m->variants[i].arguments; *w; w++)
            yes |= strstr(*w, mark) != NULL;
    for (size_t i = 0; i < m->file_count; i++)
        for (const char *const *w = m->files[i].lines; *w; w++)
            yes |= strstr(*w, mark) != NULL;
    return yes;
}

/* Which variants stand in the matrix: patterns, and "" for the peer as it is. Without a word about it, that alone. */
static bool matrix_parse(const struct json *at, struct arena *keep, struct manifest *m, struct error *err)
{
    const char **rows = ARENA_ARRAY(keep, m->variant_count + 2, const char *);
    const char *const *patterns;
    size_t n = 0;

    m->matrix = rows;
    if (!at) {
        rows[0] = "";
        return true;
    }
    if (!words_parse(at, keep, &patterns, err))
        return false;
    for json_each (e, at) {
        bool met = !e->string[0];
        if (met)
            rows[n++] = "";
        for (size_t i = 0; e->string[0] && i < m->variant_count; i++) {
            if (fnmatch(e->string, m->variants[i].name, 0) != 0)
                continue;
            met = true;
            size_t known = 0;
            while (known < n && strcmp(rows[known], m->variants[i].name) != 0)
                known++;
            if (known == n)
                rows[n++] = m->variants[i].name;
        }
        if (!met)
            return json_error(e, err, "\"%s\": none of its variants is called so", e->string);
    }
    return true;
}

bool manifest_read(const char *path, struct arena *keep, struct manifest *out, struct error *err)
{
    static const char *const keys[] = { "format", "name",    "title",   "listen",   "dial",        "ask", "services", "ready",
                                        "variants", "files", "profile", "packages", "environment", "memory", "matrix", "note", NULL };
    const struct json *file, *part;
    uint64_t format;
    const char *ready;

    *out = (struct manifest){ .path = arena_string(keep, path), .directory = "." };
    const char *slash = strrchr(path, '/');
    if (slash)
        out->directory = arena_printf(keep, "%.*s", (int)(slash - path), path);
    if (!json_read(path, keep, &file, err) || !json_is(file, JSON_OBJECT, err) || !json_known(file, keys, err))
        return false;
    if (!(part = json_get(file, "format")))
        return json_error(file, err, "expected \"format\": 1");
    if (!json_u64(part, UINT64_MAX, &format, err))
        return false;
    if (format != 1)
        return json_error(part, err, "format %llu is not known, 1 is", (unsigned long long)format);
    if (!(part = json_get(file, "name")))
        return json_error(file, err, "expected \"name\"");
    if (!json_string(part, &out->name, err))
        return false;
    out->title = out->name;
    if ((part = json_get(file, "title")) && !json_string(part, &out->title, err))
        return false;
    if ((part = json_get(file, "listen")) && !command_parse(part, keep, &out->listen, err))
        return false;
    if ((part = json_get(file, "dial")) && !command_parse(part, keep, &out->dial, err))
        return false;
    if ((part = json_get(file, "ask")) && !ask_parse(part, keep, &out->ask, err))
        return false;
    if (!out->listen && !out->dial && !out->ask)
        return json_error(file, err, "expected \"listen\" or \"dial\", a command, or \"ask\"");
    if (!(part = json_get(file, "services")) && (out->listen || out->dial))
        return json_error(file, err, "expected \"services\"");
    if (!part)
        out->services = out->ask->services;
    else if (!words_parse(part, keep, &out->services, err))
        return false;
    if (part && part->count == 0)
        return json_error(part, err, "expected at least one service");
    if ((part = json_get(file, "ready"))) {
        if (!json_string(part, &ready, err))
            return false;
        if (strcmp(ready, "listener") == 0)
            out->ready = READY_LISTENER;
        else if (strcmp(ready, "stdout") != 0)
            return json_error(part, err, "\"%s\": expected stdout or listener", ready);
    }
    if ((part = json_get(file, "variants")) && !variants_parse(part, keep, out, err))
        return false;
    if (!matrix_parse(json_get(file, "matrix"), keep, out, err))
        return false;
    if ((part = json_get(file, "files")) && !files_parse(part, keep, out, err))
        return false;
    if (out->ready == READY_LISTENER && out->listen && !mentions(out, "{port}"))
        return json_error(json_get(file, "ready"), err, "where does it listen? {port} stands in no argument and no file");
    if ((part = json_get(file, "profile")) && !json_string(part, &out->profile, err))
        return false;
    if ((part = json_get(file, "memory"))) {
        const char *level;
        if (!json_string(part, &level, err))
            return false;
        if (strcmp(level, "must") != 0 && strcmp(level, "should") != 0)
            return json_error(part, err, "\"%s\": expected must or should", level);
        out->memory_must = level[0] == 'm';
    }
    if ((part = json_get(file, "packages")) && !words_parse(part, keep, &out->packages, err))
        return false;
    return !(part = json_get(file, "environment")) || environment_parse(part, keep, out, err);
}

const struct manifest_variant *manifest_variant(const struct manifest *m, const char *name)
{
    for (size_t i = 0; i < m->variant_count; i++)
        if (strcmp(m->variants[i].name, name) == 0)
            return &m->variants[i];
    return NULL;
}

const char *const *manifest_services(const struct manifest *m, const struct manifest_variant *variant)
{
    return variant && variant->services ? variant->services : m->services;
}
