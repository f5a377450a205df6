/*
 * Golden bytes: one notation, or one by predicate of the profile.
 */
#include "vector/vector.h"

#include "base/hex.h"

static bool alternative_parse(const struct json *at, struct golden *out, struct error *err)
{
    size_t len;

    if (!json_string(at, &out->hex, err))
        return false;
    const char *wrong = hex_measure(out->hex, &len);
    return !wrong || json_error(at, err, "%s", wrong);
}

/* Every valid profile must find exactly one. */
static bool covers(const struct json *at, const struct golden *g, struct error *err)
{
    for (size_t i = 0; i < profile_count; i++) {
        size_t n = 0;
        for (const struct golden *a = g; a; a = a->next)
            n += profile_matches(&profile_all[i], a->predicate);
        if (n != 1) {
            TEXT(name);
            profile_print(&name, &profile_all[i]);
            return json_error(at, err, "profile %s matches %s of the predicates, must match one", text_string(&name),
                              n ? "several" : "none");
        }
    }
    return true;
}

bool golden_parse(const struct json *at, struct arena *keep, const struct golden **out, struct error *err)
{
    if (at->kind != JSON_OBJECT) {
        struct golden *g = ARENA_NEW(keep, struct golden);
        *out = g;
        return alternative_parse(at, g, err);
    }
    struct golden *first = NULL, **last = &first;
    for json_each (e, at) {
        if (!predicate_valid(e->key))
            return json_error(e, err, "\"%s\" is no predicate: ansi unicode 32 64, or < <= >= > and a generation",
                              e->key);
        struct golden *g = *last = ARENA_NEW(keep, struct golden);
        g->predicate = e->key;
        if (!alternative_parse(e, g, err))
            return false;
        last = (struct golden **)&g->next;
    }
    *out = first;
    return covers(at, first, err);
}

const char *golden_hex(const struct golden *g, const struct profile *p)
{
    while (g && g->predicate && !profile_matches(p, g->predicate))
        g = g->next;
    return g ? g->hex : NULL;
}

const struct bytes *golden_for(const struct golden *g, const struct profile *p, struct arena *keep)
{
    const char *hex = golden_hex(g, p);
    struct bytes *out = hex ? ARENA_NEW(keep, struct bytes) : NULL;

    if (out)
        hex_read(hex, keep, out);
    return out;
}
