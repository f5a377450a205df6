#include "peer/flaws.h"

#include <string.h>

#include "peer/parse.h"

const char *const flaw_keys[] = { "name", "kind", "family", "sentence", "clauses", "check", "cause", "arguments", "services",
                                  "patterns", "suites", "delivery", "play", "dial", "strict", "by-chance", "unstable", "held-out",
                                  "limit", "profile", "packages", "note", NULL };

static bool text_parse(const struct json *row, const char *key, const char **out, struct error *err)
{
    const struct json *part = json_get(row, key);

    if (!part)
        return json_error(row, err, "expected \"%s\"", key);
    return json_string(part, out, err) && (**out || json_error(part, err, "expected a text that is not empty"));
}

static bool list_parse(const struct json *row, const char *key, struct arena *keep, const char *const **out, struct error *err)
{
    const struct json *part = json_get(row, key);

    return part ? words_parse(part, keep, out, err) : json_error(row, err, "expected \"%s\"", key);
}

/* One cause, or a list of those that are right. */
static bool causes_parse(const struct json *at, struct arena *keep, const char *const **out, struct error *err)
{
    if (at->kind == JSON_ARRAY)
        return words_parse_some(at, "cause", keep, out, err);
    const char **one = ARENA_ARRAY(keep, 2, const char *);
    *out = one;
    return json_string(at, one, err);
}

/* Who finds it out, and what for: of flaws and degenerate peers, not of odd ones. */
static bool catch_parse(const struct json *row, struct arena *keep, struct flaw *f, struct error *err)
{
    const struct json *check = json_get(row, "check"), *cause = json_get(row, "cause"), *held_out = json_get(row, "held-out");

    if (f->kind == FLAW_ODD) {
        const struct json *either = check ? check : cause ? cause : held_out;
        return !either || json_error(either, err, either == held_out ? "a peer that is right has no cause to be measured by" : "a peer that is right fails no check");
    }
    if (held_out && !json_bool(held_out, &f->held_out, err))
        return false;
    if (!check || !cause)
        return json_error(row, err, "expected \"check\" and \"cause\"");
    return json_string(check, &f->check, err) && causes_parse(cause, keep, &f->causes, err);
}

/* How it is run. */
static bool playing_parse(const struct json *row, struct arena *keep, struct flaw *f, struct error *err)
{
    static const char *const plays[] = { "client", "server" }, *const dials[] = { "arcwire", "peer" };
    const struct json *part;
    size_t which = 0;

    f->delivery = "plain";
    if ((part = json_get(row, "delivery")) && !json_string(part, &f->delivery, err))
        return false;
    if ((part = json_get(row, "play")) && !choice_parse(part, plays, 2, "client or server", &which, err))
        return false;
    f->serves = part && which == 1;
    if ((part = json_get(row, "dial")) && !choice_parse(part, dials, 2, "arcwire or peer", &which, err))
        return false;
    f->dials = part && which == 1;
    if ((part = json_get(row, "strict")) && !json_bool(part, &f->strict, err))
        return false;
    if ((part = json_get(row, "by-chance")) && !json_bool(part, &f->by_chance, err))
        return false;
    if ((part = json_get(row, "unstable")) && !json_bool(part, &f->unstable, err))
        return false;
    if ((part = json_get(row, "limit")) && !json_u64(part, 3600000, &f->limit_ms, err))
        return false;
    if ((part = json_get(row, "profile")) && !json_string(part, &f->profile, err))
        return false;
    if ((part = json_get(row, "packages")) && !words_parse(part, keep, &f->packages, err))
        return false;
    if ((part = json_get(row, "services")) && !words_parse_some(part, "service", keep, &f->services, err))
        return false;
    return !(part = json_get(row, "suites")) || words_parse_some(part, "suite", keep, &f->suites, err);
}

static bool flaw_parse(const struct json *row, struct arena *keep, struct flaw *f, struct error *err)
{
    static const char *const kinds[] = { "flaw", "degenerate", "odd" };
    const struct json *part;
    size_t which;

    f->at = row;
    if (!json_is(row, JSON_OBJECT, err) || !json_known(row, flaw_keys, err) || !text_parse(row, "name", &f->name, err))
        return false;
    if (!(part = json_get(row, "kind")))
        return json_error(row, err, "expected \"kind\": \"flaw\", \"degenerate\" or \"odd\"");
    if (!choice_parse(part, kinds, 3, "flaw, degenerate or odd", &which, err))
        return false;
    f->kind = (enum flaw_kind)which;
    return text_parse(row, "family", &f->family, err) && text_parse(row, "sentence", &f->sentence, err) &&
           list_parse(row, "clauses", keep, &f->clauses, err) && list_parse(row, "arguments", keep, &f->arguments, err) &&
           list_parse(row, "patterns", keep, &f->patterns, err) && catch_parse(row, keep, f, err) &&
           playing_parse(row, keep, f, err);
}

bool flaws_read(const char *path, struct arena *keep, const struct flaw **out, size_t *count, struct error *err)
{
    static const char *const keys[] = { "format", "note", "flaws", NULL };
    const struct json *file, *part;
    uint64_t format;
    size_t n = 0;

    if (!json_read(path, keep, &file, err) || !json_is(file, JSON_OBJECT, err) || !json_known(file, keys, err))
        return false;
    if (!(part = json_get(file, "format")))
        return json_error(file, err, "expected \"format\": 1");
    if (!json_u64(part, UINT64_MAX, &format, err))
        return false;
    if (format != 1)
        return json_error(part, err, "format %llu is not known, 1 is", (unsigned long long)format);
    if (!(part = json_get(file, "flaws")))
        return json_error(file, err, "expected \"flaws\"");
    if (!json_is(part, JSON_ARRAY, err))
        return false;
    struct flaw *flaws = ARENA_ARRAY(keep, part->count, struct flaw);
    for json_each (row, part) {
        if (!flaw_parse(row, keep, &flaws[n], err))
            return false;
        for (size_t i = 0; i < n; i++)
            if (strcmp(flaws[i].name, flaws[n].name) == 0)
                return json_error(row, err, "\"%s\" stands twice", flaws[n].name);
        n++;
    }
    *out = flaws;
    *count = n;
    return true;
}
