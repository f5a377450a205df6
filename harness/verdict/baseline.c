/*
 * Reading a baseline. Every entry says why it is there: what is only written down by a command has no reason yet, and says so.
 */
#include "verdict/baseline.h"

#include <stdlib.h>

static const char *const baseline_keys[] = { "format", "note", "knows", "flaky-budget", "entries", NULL };
static const char *const entry_keys[] = { "case", "check", "delivery", "profile", "signature", "flaky", "reason", "issue", "until", "note", NULL };
static const char *const knows_keys[] = { "vectors", "cases", "profile", "selection", "types", "revs", "note", NULL };

bool baseline_is_day(const char *text)
{
    static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    for (int i = 0; i < 10; i++)
        if (i == 4 || i == 7 ? text[i] != '-' : text[i] < '0' || text[i] > '9')
            return false;
    int year = atoi(text), month = atoi(text + 5), day = atoi(text + 8);
    if (text[10] || month < 1 || month > 12 || day < 1 || day > days[month - 1])
        return false;
    return month != 2 || day < 29 || (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
}

/* A string that is not empty; *out stays as it is where there is none. */
static bool optional_string(const struct json *object, const char *key, struct arena *keep, const char **out, struct error *err)
{
    const struct json *at = json_get(object, key);
    const char *text;

    if (!at)
        return true;
    if (!json_string(at, &text, err))
        return false;
    if (!*text)
        return json_error(at, err, "expected a text that is not empty");
    *out = arena_string(keep, text);
    return true;
}

static bool required_string(const struct json *object, const char *key, struct arena *keep, const char **out, struct error *err)
{
    return json_get(object, key) ? optional_string(object, key, keep, out, err) : json_error(object, err, "has no \"%s\"", key);
}

/* For people, and left as it is: a string, or a list of them. */
static bool note_parse(const struct json *object, struct error *err)
{
    const struct json *at = json_get(object, "note");
    const char *text;

    if (!at || at->kind != JSON_ARRAY)
        return !at || json_string(at, &text, err);
    for json_each (line, at)
        if (!json_string(line, &text, err))
            return false;
    return true;
}

static bool entry_parse(const struct json *at, struct arena *keep, struct baseline_entry *e, struct error *err)
{
    const struct json *flaky = NULL;

    *e = (struct baseline_entry){ .check = "*", .delivery = "*", .profile = "*", .line = at->line };
    if (!json_is(at, JSON_OBJECT, err) || !json_known(at, entry_keys, err) || !required_string(at, "case", keep, &e->id, err) ||
        !optional_string(at, "check", keep, &e->check, err) || !optional_string(at, "delivery", keep, &e->delivery, err) ||
        !optional_string(at, "profile", keep, &e->profile, err) || !required_string(at, "signature", keep, &e->signature, err) ||
        !required_string(at, "reason", keep, &e->reason, err) || !optional_string(at, "issue", keep, &e->issue, err) ||
        !optional_string(at, "until", keep, &e->until, err) || !note_parse(at, err) ||
        ((flaky = json_get(at, "flaky")) && !json_bool(flaky, &e->flaky, err)))
        return false;
    return !e->until || baseline_is_day(e->until) ||
           json_error(json_get(at, "until"), err, "\"%.40s\" is no day: expected one such as \"2027-03-31\"", e->until);
}

static bool same_place(const struct baseline_entry *a, const struct baseline_entry *b)
{
    return strcmp(a->id, b->id) == 0 && strcmp(a->check, b->check) == 0 && strcmp(a->delivery, b->delivery) == 0 &&
           strcmp(a->profile, b->profile) == 0 && strcmp(a->signature, b->signature) == 0 && a->flaky == b->flaky;
}

static bool entries_parse(const struct json *list, struct arena *keep, struct baseline *b, struct error *err)
{
    bool flaky = false;

    if (!json_is(list, JSON_ARRAY, err))
        return false;
    if (list->count > BASELINE_ENTRIES_MAX)
        return json_error(list, err, "%zu entries, %d are the most", list->count, BASELINE_ENTRIES_MAX);
    b->entries = ARENA_ARRAY(keep, list->count, struct baseline_entry);
    for json_each (at, list) {
        struct baseline_entry *e = &b->entries[b->count];
        if (!entry_parse(at, keep, e, err))
            return false;
        for (size_t i = 0; i < b->count; i++)
            if (same_place(e, &b->entries[i]))
                return json_error(at, err, "the same as entries[%zu], line %u", i, b->entries[i].line);
        flaky |= e->flaky;
        b->count++;
    }
    return !flaky || json_get(list->parent, "flaky-budget") ||
           json_error(list, err, "an entry is flaky, and there is no \"flaky-budget\": so many cases of a run may be");
}

static bool revs_parse(const struct json *at, struct arena *keep, struct baseline *b, struct error *err)
{
    if (!json_is(at, JSON_OBJECT, err))
        return false;
    b->knows.has_revs = true;
    b->knows.revs = ARENA_ARRAY(keep, at->count, struct baseline_rev);
    for json_each (rev, at) {
        struct baseline_rev *to = &b->knows.revs[b->knows.rev_count++];
        if (!json_u64(rev, UINT32_MAX, &to->rev, err))
            return false;
        to->id = arena_string(keep, rev->key);
    }
    return true;
}

static bool knows_parse(const struct json *at, struct arena *keep, struct baseline *b, struct error *err)
{
    const struct json *types, *number;

    if (!json_is(at, JSON_OBJECT, err) || !json_known(at, knows_keys, err) || !note_parse(at, err))
        return false;
    b->knows.told = true;
    if (!(number = json_get(at, "vectors")))
        return json_error(at, err, "has no \"vectors\"");
    if (!json_u64(number, UINT32_MAX, &b->knows.vectors, err))
        return false;
    if (!(number = json_get(at, "cases")))
        return json_error(at, err, "has no \"cases\"");
    if (!json_u64(number, UINT32_MAX, &b->knows.cases, err) || !optional_string(at, "profile", keep, &b->knows.profile, err) ||
        !optional_string(at, "selection", keep, &b->knows.selection, err))
        return false;
    if (json_get(at, "revs") && !revs_parse(json_get(at, "revs"), keep, b, err))
        return false;
    if (!(types = json_get(at, "types")))
        return true;
    if (!json_is(types, JSON_ARRAY, err))
        return false;
    b->knows.has_types = true;
    b->knows.types.names = ARENA_ARRAY(keep, types->count, const char *);
    for json_each (type, types) {
        const char *name;
        if (!json_string(type, &name, err))
            return false;
        b->knows.types.names[b->knows.types.count++] = arena_string(keep, name);
    }
    return true;
}

/* In a log all stands on one line; where the entries stood in the file is told beside them. */
static bool lines_take(const struct json *lines, struct baseline *b, struct error *err)
{
    size_t i = 0;

    if (!json_is(lines, JSON_ARRAY, err))
        return false;
    for json_each (at, lines) {
        uint64_t line;
        if (!json_u64(at, UINT32_MAX, &line, err))
            return false;
        if (i < b->count)
            b->entries[i++].line = (unsigned)line;
    }
    return true;
}

bool baseline_parse(const struct json *document, const char *file, const struct json *lines, struct arena *keep, struct baseline *out,
                    struct error *err)
{
    struct baseline b = { .file = arena_string(keep, file), .knows.selection = "", .document = document };
    const struct json *format, *knows, *entries, *budget;
    uint64_t number;

    if (!json_is(document, JSON_OBJECT, err) || !json_known(document, baseline_keys, err))
        return false;
    if (!(format = json_get(document, "format")))
        return json_error(document, err, "has no \"format\": a baseline begins with { \"format\": 1");
    if (!json_u64(format, UINT32_MAX, &number, err))
        return false;
    if (number != 1)
        return json_error(format, err, "%llu is a format that this arcwire does not know: expected 1", (unsigned long long)number);
    if (!(entries = json_get(document, "entries")))
        return json_error(document, err, "has no \"entries\"");
    if (!note_parse(document, err) || ((budget = json_get(document, "flaky-budget")) && !json_u64(budget, UINT32_MAX, &b.flaky_budget, err)) ||
        ((knows = json_get(document, "knows")) && !knows_parse(knows, keep, &b, err)) || !entries_parse(entries, keep, &b, err) ||
        (lines && !lines_take(lines, &b, err)))
        return false;
    *out = b;
    return true;
}

bool baseline_read(const char *path, struct arena *keep, struct baseline *out, struct error *err)
{
    const struct json *document;

    return json_read(path, keep, &document, err) && baseline_parse(document, path, NULL, keep, out, err);
}
