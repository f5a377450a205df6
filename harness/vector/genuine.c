/*
 * Genuine defects: what MFC of a generation itself does wrong, as a service or a case names it.
 */
#include "vector/parse.h"
#include "vector/program.h"

// clang-format off
static const struct {
    const char *name;
    enum genuine_outcome outcome;
} outcomes[] = {
    { "hangs",   GENUINE_HANGS   },
    { "raises",  GENUINE_RAISES  },
    { "ends",    GENUINE_ENDS    },
    { "differs", GENUINE_DIFFERS },
};
// clang-format on

static bool outcome_parse(const struct json *at, struct genuine *g, struct error *err)
{
    const char *text;

    if (!json_string(at, &text, err))
        return false;
    for (size_t i = 0; i < COUNT_OF(outcomes); i++)
        if (strcmp(text, outcomes[i].name) == 0) {
            g->outcomes |= outcomes[i].outcome;
            return true;
        }
    return json_error(at, err, "\"%s\" is no outcome: hangs, raises, ends or differs", text);
}

static bool outcomes_parse(const struct json *at, struct genuine *g, struct error *err)
{
    if (at->kind != JSON_ARRAY)
        return outcome_parse(at, g, err);
    for json_each (e, at)
        if (!outcome_parse(e, g, err))
            return false;
    return at->count > 0 || json_error(at, err, "expected at least one outcome");
}

/* What must have been said to the peer before the defect can show. */
static bool when_parse(const struct json *at, struct genuine *g, struct arena *keep, struct error *err)
{
    static const char *const keys[] = { "cut", "other-width", "loads", "bytes", NULL };
    const struct json *part;

    if (!json_is(at, JSON_OBJECT, err) || !json_known(at, keys, err))
        return false;
    if ((part = json_get(at, "cut")) && !json_bool(part, &g->cut, err))
        return false;
    if ((part = json_get(at, "other-width")) && !json_bool(part, &g->other_width, err))
        return false;
    if ((part = json_get(at, "loads")) && !strings_parse(part, keep, &g->loads, err))
        return false;
    return !(part = json_get(at, "bytes")) || json_u64(part, UINT64_MAX, &g->bytes, err);
}

static bool deliveries_parse(const struct json *at, struct genuine *g, struct arena *keep, struct error *err)
{
    if (!strings_parse(at, keep, &g->deliveries, err))
        return false;
    for (const char *const *d = g->deliveries; *d; d++)
        if (!delivery_find(*d))
            return json_error(at, err, "no delivery is called \"%s\"", *d);
    return true;
}

static bool one_parse(const struct json *at, struct arena *keep, struct genuine *g, struct error *err)
{
    static const char *const keys[] = { "profile", "deliveries", "check", "when",   "outcome",
                                        "cause",   "clause",     "why",   "note",   NULL };
    const struct json *part;

    *g = (struct genuine){ .at = at };
    if (!json_is(at, JSON_OBJECT, err) || !json_known(at, keys, err))
        return false;
    static const char *const due[] = { "profile", "outcome", "clause", "why", NULL };
    for (const char *const *k = due; *k; k++)
        if (!json_get(at, *k))
            return json_error(at, err, "expected \"%s\"", *k);
    if (!json_string(json_get(at, "profile"), &g->predicate, err) ||
        !outcomes_parse(json_get(at, "outcome"), g, err) || !json_string(json_get(at, "clause"), &g->clause, err) ||
        !json_string(json_get(at, "why"), &g->why, err))
        return false;
    if (!predicate_valid(g->predicate))
        return json_error(json_get(at, "profile"), err, "\"%s\" is no predicate", g->predicate);
    if ((part = json_get(at, "deliveries")) && !deliveries_parse(part, g, keep, err))
        return false;
    if ((part = json_get(at, "check")) && !json_string(part, &g->check, err))
        return false;
    if ((part = json_get(at, "when")) && !when_parse(part, g, keep, err))
        return false;
    if ((part = json_get(at, "cause"))) {
        if (!(g->outcomes & GENUINE_RAISES))
            return json_error(part, err, "a cause belongs to \"raises\"");
        if (!json_u64(part, UINT16_MAX, &g->cause, err))
            return false;
        g->has_cause = true;
    }
    return true;
}

bool genuine_parse(const struct json *list, struct arena *keep, struct genuines *out, struct error *err)
{
    if (!json_is(list, JSON_ARRAY, err))
        return false;
    struct genuine *items = ARENA_ARRAY(keep, list->count, struct genuine);
    size_t n = 0;
    for json_each (e, list)
        if (!one_parse(e, keep, &items[n++], err))
            return false;
    *out = (struct genuines){ items, n };
    return true;
}
