/*
 * Steps and items: the lines of a conversation.
 *
 * One row of step_kinds per kind of step; what a step leaves out of its check is taken from the case around it.
 */
#include "vector/parse.h"

#include <stdlib.h>

#include "base/hex.h"

#define TIMES_MAX  4096 // that a message may come
#define GROUP_MAX  32   // messages whose order is free
#define REPEAT_MAX 4096 // items that one {"repeat"} may stand for

struct item_list {
    struct item *items;
    size_t count, room;
};

static const char *const step_keys[] = { "client", "server", "control", "silent", "end",   "reset", "listen", "wire",
                                         "source", "check",  "segment", "part",   "on",    "note",  "new-archive", "entries", "probe", "before",
                                         "open",   "pause",  "resume", "cut", "optional", "times", "anytime", "unguarded", NULL };

static bool party_parse(const struct json *at, enum party *out, struct error *err)
{
    const char *text;

    if (!json_string(at, &text, err))
        return false;
    if (strcmp(text, "client") == 0)
        *out = PARTY_CLIENT;
    else if (strcmp(text, "server") == 0)
        *out = PARTY_SERVER;
    else
        return json_error(at, err, "\"%s\" is no party: client or server", text);
    return true;
}

static struct item *item_add(struct item_list *l, struct arena *keep)
{
    if (l->count == l->room) {
        size_t room = l->room ? 2 * l->room : 8;
        struct item *more = ARENA_ARRAY(keep, room, struct item);
        if (l->count)
            memcpy(more, l->items, l->count * sizeof *more);
        l->items = more;
        l->room = room;
    }
    return &l->items[l->count++];
}

static bool limits_parse(const struct json *at, struct item *item, struct error *err)
{
    const struct json *limit;

    if ((limit = json_get(at, "min")) && !json_u64(limit, UINT64_MAX, &item->min, err))
        return false;
    return !(limit = json_get(at, "max")) || json_u64(limit, UINT64_MAX, &item->max, err);
}

static bool plus_parse(const struct json *at, struct item *item, struct error *err)
{
    const struct json *more = json_get(at, "plus");
    int64_t plus = 0;

    if (more && !json_i64(more, INT64_MIN, INT64_MAX, &plus, err))
        return false;
    item->plus = (uint64_t)plus;
    return true;
}

/* What {"draw"}, {"reuse"} and {"any"} say in the place of a value; *found tells whether it was one of them. */
static bool variable_parse(const struct json *at, const struct step_context *outer, struct item *item, bool *found,
                           struct error *err)
{
    static const char *const draw_keys[] = { "draw", "as", NULL };
    static const char *const limit_keys[] = { "min", "max", NULL };
    static const char *const reuse_keys[] = { "reuse", "plus", NULL };
    static const char *const any_keys[] = { "any", "as", "min", "max", NULL };
    static const char *const cause_keys[] = { "cause", NULL };
    const struct json *limits, *other;
    bool yes;

    *found = at->kind == JSON_OBJECT;
    if (!*found)
        return true;
    if ((limits = json_get(at, "draw"))) {
        item->kind = ITEM_DRAW;
        if (!json_known(at, draw_keys, err) || !json_is(limits, JSON_OBJECT, err) ||
            !json_known(limits, limit_keys, err) || !limits_parse(limits, item, err))
            return false;
        if (item->min > item->max)
            return json_error(limits, err, "min is above max");
    } else if ((other = json_get(at, "reuse"))) {
        item->kind = ITEM_REUSE;
        return json_known(at, reuse_keys, err) && json_string(other, &item->name, err) && plus_parse(at, item, err);
    } else if ((other = json_get(at, "any"))) {
        item->kind = ITEM_ANY;
        if (!json_known(at, any_keys, err) || !json_bool(other, &yes, err))
            return false;
        if (!yes)
            return json_error(other, err, "expected true");
        if (!limits_parse(at, item, err))
            return false;
        if ((item->min || item->max) && (item->of.type->kind != VALUE_INTEGER || item->of.type->is_signed))
            return json_error(at, err, "limits go with unsigned integers");
        if (item->max && item->min > item->max)
            return json_error(at, err, "min is above max");
    } else if (outer->in_table && (other = json_get(at, "cause"))) {
        item->kind = ITEM_CAUSE;
        if (!json_known(at, cause_keys, err) || !json_bool(other, &yes, err))
            return false;
        return yes || json_error(other, err, "expected true");
    } else {
        *found = false;
        return true;
    }
    return !(other = json_get(at, "as")) || json_string(other, &item->name, err);
}

static bool row_item_parse(const struct json *at, const struct step_context *outer, struct item *item,
                           struct error *err)
{
    const char *which;

    if (!outer->in_table)
        return json_error(at, err, "\"row\" belongs into the ops of a service");
    if (!json_string(at, &which, err))
        return false;
    if (strcmp(which, "load") == 0)
        item->kind = ITEM_ROW_LOAD;
    else if (strcmp(which, "store") == 0)
        item->kind = ITEM_ROW_STORE;
    else
        return json_error(at, err, "\"%s\" is no part of a row: load or store", which);
    return true;
}

/* Hex, or an object: as many bytes as a number tells, or bytes that were told. */
static bool bytes_parse(const struct json *at, struct item *item, struct error *err)
{
    static const char *const length_keys[] = { "length", "plus", "as", NULL };
    static const char *const reuse_keys[] = { "reuse", NULL };
    const struct json *part;
    const char *text;
    size_t len;

    item->kind = ITEM_BYTES;
    if (at->kind != JSON_OBJECT) {
        if (!json_string(at, &text, err))
            return false;
        const char *wrong = hex_measure(text, &len);
        item->hex = text;
        return !wrong || json_error(at, err, "%s", wrong);
    }
    if (!type_parse("raw:0", &item->of, err))
        return false;
    if ((part = json_get(at, "reuse"))) {
        item->kind = ITEM_REUSE;
        return json_known(at, reuse_keys, err) && json_string(part, &item->name, err);
    }
    if (!(part = json_get(at, "length")))
        return json_error(at, err, "expected hex, \"length\" or \"reuse\"");
    item->kind = ITEM_ANY;
    if (!json_known(at, length_keys, err) || !json_string(part, &item->length, err) || !plus_parse(at, item, err))
        return false;
    return !(part = json_get(at, "as")) || json_string(part, &item->name, err);
}

/* Characters, each of which is a byte. */
static bool text_parse(const struct json *at, struct item *item, struct error *err)
{
    const char *text;

    if (!json_string(at, &text, err))
        return false;
    for (const char *c = text; *c; c++)
        if (*c < 0x20 || *c > 0x7e)
            return json_error(at, err, "text is printable ASCII; other bytes stand in \"bytes\"");
    item->kind = ITEM_BYTES;
    item->text = text;
    return true;
}

void item_say(const struct item *item, struct buffer *to)
{
    if (item->text)
        buffer_append(to, item->text, strlen(item->text));
    else
        hex_append(item->hex, to);
}

static bool items_parse(const struct json *list, const struct step_context *outer, struct item_list *to,
                        struct error *err);

static bool repeat_parse(const struct json *at, const struct step_context *outer, struct item_list *to,
                         struct error *err)
{
    static const char *const keys[] = { "times", "items", NULL };
    uint64_t times;

    if (!json_is(at, JSON_OBJECT, err) || !json_known(at, keys, err))
        return false;
    const struct json *n = json_get(at, "times"), *items = json_get(at, "items");
    if (!n || !items)
        return json_error(at, err, "expected \"times\" and \"items\"");
    if (!json_u64(n, REPEAT_MAX, &times, err))
        return false;
    for (uint64_t i = 0; i < times; i++)
        if (!items_parse(items, outer, to, err))
            return false;
    return true;
}

/* Fields of one message, by the application's own names. */
static bool message_parse(const struct json *at, const struct step_context *outer, struct item_list *to, struct error *err)
{
    static const char *const keys[] = { "name", "items", NULL };
    struct step_context within = *outer;

    if (!json_is(at, JSON_OBJECT, err) || !json_known(at, keys, err))
        return false;
    const struct json *name = json_get(at, "name"), *items = json_get(at, "items");
    if (!name || !items)
        return json_error(at, err, "expected \"name\" and \"items\"");
    if (outer->message)
        return json_error(at, err, "a message within a message");
    return json_string(name, &within.message, err) && items_parse(items, &within, to, err);
}

static bool item_parse(const struct json *at, const struct step_context *outer, struct item_list *to,
                       struct error *err)
{
    const struct json *what = NULL, *label = NULL, *wire = NULL;
    struct item item = { .at = at, .message = outer->message };
    bool variable = false;

    if (!json_is(at, JSON_OBJECT, err))
        return false;
    for json_each (e, at) {
        if (strcmp(e->key, "name") == 0)
            label = e;
        else if (strcmp(e->key, "wire") == 0)
            wire = e;
        else if (what)
            return json_error(e, err, "\"%s\": an item has one type", e->key);
        else
            what = e;
    }
    if (!what)
        return json_error(at, err, "an item is {\"TYPE\": VALUE}");
    if (strcmp(what->key, "repeat") == 0)
        return repeat_parse(what, outer, to, err);
    if (strcmp(what->key, "message") == 0)
        return message_parse(what, outer, to, err);
    if (label && !json_string(label, &item.label, err))
        return false;
    if (wire && !golden_parse(wire, outer->keep, &item.golden, err))
        return false;
    if (strcmp(what->key, "row") == 0) {
        if (!row_item_parse(what, outer, &item, err))
            return false;
    } else if (strcmp(what->key, "bytes") == 0) {
        if (!bytes_parse(what, &item, err))
            return false;
    } else if (strcmp(what->key, "text") == 0) {
        if (!text_parse(what, &item, err))
            return false;
    } else {
        struct error unknown;
        if (!type_parse(what->key, &item.of, &unknown))
            return json_error(what, err, "%s", unknown.text);
        if (!variable_parse(what, outer, &item, &variable, err))
            return false;
        if (!variable) {
            item.kind = ITEM_VALUE;
            if (!literal_parse(what, item.of, outer->codepage, outer->keep, &item.value, &item.template, err))
                return false;
        }
    }
    *item_add(to, outer->keep) = item;
    return true;
}

static bool items_parse(const struct json *list, const struct step_context *outer, struct item_list *to,
                        struct error *err)
{
    if (!json_is(list, JSON_ARRAY, err))
        return false;
    for json_each (e, list)
        if (!item_parse(e, outer, to, err))
            return false;
    return true;
}

bool strings_parse(const struct json *list, struct arena *keep, const char *const **out, struct error *err)
{
    if (!json_is(list, JSON_ARRAY, err))
        return false;
    const char **items = ARENA_ARRAY(keep, list->count + 1, const char *);
    size_t n = 0;
    for json_each (e, list)
        if (!json_string(e, &items[n++], err))
            return false;
    *out = items;
    return true;
}

bool level_parse(const struct json *at, enum level *out, struct error *err)
{
    const char *text;

    if (!json_string(at, &text, err))
        return false;
    for (enum level l = LEVEL_MUST; l <= LEVEL_MAY; l++)
        if (strcmp(text, level_name(l)) == 0) {
            *out = l;
            return true;
        }
    return json_error(at, err, "\"%s\" is no level: must, should or may", text);
}

bool check_parse(const struct json *at, const struct step_context *outer, struct check *out, struct error *err)
{
    static const char *const keys[] = { "name", "clauses", "level", NULL };
    const struct json *name = at, *part;

    if (at->kind == JSON_OBJECT) {
        if (!json_known(at, keys, err))
            return false;
        if (!(name = json_get(at, "name")))
            return json_error(at, err, "a check needs a \"name\"");
        if ((part = json_get(at, "clauses")) && !strings_parse(part, outer->keep, &out->clauses, err))
            return false;
        if ((part = json_get(at, "level")) && !level_parse(part, &out->level, err))
            return false;
    }
    return json_string(name, &out->name, err);
}

static bool segment_parse(const struct json *at, struct step *step, struct arena *keep, struct error *err)
{
    uint64_t offset;

    if (at->kind == JSON_ARRAY) {
        step->segment = SEGMENT_CUTS;
        step->cuts = ARENA_ARRAY(keep, at->count, size_t);
        for json_each (e, at) {
            if (!json_u64(e, SIZE_MAX / 2, &offset, err))
                return false;
            if (offset == 0 || (step->cut_count && offset <= step->cuts[step->cut_count - 1]))
                return json_error(e, err, "offsets to cut at rise, and none is 0");
            step->cuts[step->cut_count++] = (size_t)offset;
        }
        return true;
    }
    const char *text;
    if (!json_string(at, &text, err))
        return false;
    if (strcmp(text, "one") == 0)
        step->segment = SEGMENT_ONE;
    else if (strcmp(text, "bytes") == 0)
        step->segment = SEGMENT_BYTES;
    else
        return json_error(at, err, "\"%s\" is no segmentation: one, bytes, or a list of offsets", text);
    return true;
}

/* {"at": OFFSET} or {"behind": NAME}, and what the party does then. *then: that as a step of its own, else NULL. */
static bool cut_parse(const struct json *at, struct step *step, const char **then, struct error *err)
{
    static const char *const keys[] = { "at", "behind", "then", NULL };
    uint64_t offset = 0;

    if (!json_is(at, JSON_OBJECT, err) || !json_known(at, keys, err))
        return false;
    const struct json *where = json_get(at, "at"), *behind = json_get(at, "behind"), *what = json_get(at, "then");
    if (!where == !behind || !what)
        return json_error(at, err, "expected \"at\" or \"behind\", and \"then\"");
    if (where ? !json_u64(where, SIZE_MAX / 2, &offset, err) : !json_string(behind, &step->cut.behind, err))
        return false;
    if (where && offset == 0)
        return json_error(where, err, "at 0 nothing is said");
    if (!json_string(what, then, err))
        return false;
    if (strcmp(*then, "end") != 0 && strcmp(*then, "reset") != 0 && strcmp(*then, "stop") != 0)
        return json_error(what, err, "\"%s\": expected end, reset or stop", *then);
    step->cut.is = step->part = true;
    step->cut.at = (size_t)offset;
    return true;
}

static bool parse_say(const struct json *at, const struct step_context *outer, struct step *out, struct error *err)
{
    struct item_list list = { 0 };

    out->who = strcmp(at->key, "server") == 0 ? PARTY_SERVER : PARTY_CLIENT;
    if (!items_parse(at, outer, &list, err))
        return false;
    if (list.count == 0)
        return json_error(at, err, "says nothing: expected at least one item");
    out->items = list.items;
    out->item_count = list.count;
    return true;
}

static bool parse_control(const struct json *at, const struct step_context *outer, struct step *out,
                          struct error *err)
{
    (void)outer;
    return json_string(at, &out->control, err);
}

static bool parse_party(const struct json *at, const struct step_context *outer, struct step *out,
                        struct error *err)
{
    (void)outer;
    return party_parse(at, &out->who, err);
}

// clang-format off
static const struct {
    const char *key;
    enum step_kind kind;
    const char *check;    // what its verdict is called unless the step says
    bool (*parse)(const struct json *at, const struct step_context *outer, struct step *out, struct error *err);
} step_kinds[] = {
    { "client",  STEP_SAY,     "says",    parse_say     },
    { "server",  STEP_SAY,     "reply",   parse_say     },
    { "control", STEP_CONTROL, "control", parse_control },
    { "silent",  STEP_SILENT,  "silent",  parse_party   },
    { "end",     STEP_END,     "end",     parse_party   },
    { "reset",   STEP_RESET,   "reset",   parse_party   },
    { "open",    STEP_OPEN,    "open",    parse_party   },
    { "listen",  STEP_LISTEN,  "retries", parse_party   },
    { "pause",   STEP_PAUSE,   "pause",   parse_party   },
    { "resume",  STEP_RESUME,  "resume",  parse_party   },
    { "new-archive", STEP_NEW_ARCHIVE, "new-archive", parse_party },
};
// clang-format on

/* {"times": 3}, {"times": {"min": 1, "max": 3}} */
static bool times_parse(const struct json *at, struct step *out, struct error *err)
{
    static const char *const keys[] = { "min", "max", NULL };
    const struct json *least = at, *most = at;

    if (at->kind == JSON_OBJECT) {
        if (!json_known(at, keys, err))
            return false;
        least = json_get(at, "min");
        if (!(most = json_get(at, "max")))
            return json_error(at, err, "expected \"max\"");
    }
    if ((least && !json_u64(least, TIMES_MAX, &out->least, err)) || !json_u64(most, TIMES_MAX, &out->most, err))
        return false;
    return (out->most > 0 && out->least <= out->most) || json_error(at, err, "max is at least 1, and not below min");
}

/* Whether a message must come, once, in its place. */
static bool pattern_parse(const struct json *at, struct step *out, struct error *err)
{
    const struct json *optional = json_get(at, "optional"), *times = json_get(at, "times"), *anytime = json_get(at, "anytime");
    bool yes;

    out->least = out->most = 1;
    if (!optional && !times && !anytime)
        return true;
    if (out->kind != STEP_SAY || out->part || out->tells_entries)
        return json_error(at, err, "optional, times and anytime belong to a whole message, without entries");
    if ((optional != NULL) + (times != NULL) + (anytime != NULL) > 1)
        return json_error(at, err, "one of optional, times and anytime");
    if (times)
        return times_parse(times, out, err);
    if (!json_bool(optional ? optional : anytime, &yes, err))
        return false;
    if (!yes)
        return json_error(optional ? optional : anytime, err, "expected true");
    out->least = 0;
    out->anytime = anytime != NULL;
    return true;
}

static bool reason_parse(const struct json *at, struct error *err)
{
    const char *reason;

    if (!json_string(at, &reason, err))
        return false;
    return *reason || json_error(at, err, "expected the reason why a peer could do otherwise here and pass");
}

bool reasons_parse(const struct json *file, struct error *err)
{
    const struct json *all = json_get(file, "unguarded");

    if (!all)
        return true;
    if (!json_is(all, JSON_OBJECT, err))
        return false;
    for json_each (e, all)
        if (!reason_parse(e, err))
            return false;
    return true;
}

/* *then: what follows a message that is cut, "end", "reset" or "stop"; else NULL. */
static bool step_parse(const struct json *at, const struct step_context *outer, struct step *out, const char **then, struct error *err)
{
    const struct json *what = NULL, *part;
    size_t kind = 0;

    if (!json_is(at, JSON_OBJECT, err))
        return false;
    *out = (struct step){ .at = at, .on = "main" };
    for json_each (e, at)
        for (size_t k = 0; k < COUNT_OF(step_kinds); k++)
            if (strcmp(e->key, step_kinds[k].key) == 0) {
                if (what)
                    return json_error(e, err, "a step says one thing: both \"%s\" and \"%s\"", what->key, e->key);
                what = e;
                kind = k;
            }
    if (!what) {
        // Most often a misspelt kind: name it rather than all the keys.
        if (at->first && !json_known(at, step_keys, err))
            return json_error(at->first, err, "unknown step \"%s\"", at->first->key);
        return json_error(at, err, "a step is client, server, control, silent, end, reset, open, listen, pause, resume, new-archive or any-order");
    }
    if (!json_known(at, step_keys, err))
        return false;
    out->kind = step_kinds[kind].kind;
    out->check = (struct check){ step_kinds[kind].check, outer->clauses, outer->level };
    if (!step_kinds[kind].parse(what, outer, out, err))
        return false;
    if ((part = json_get(at, "on")) && !json_string(part, &out->on, err))
        return false;
    if ((part = json_get(at, "check")) && !check_parse(part, outer, &out->check, err))
        return false;
    if ((part = json_get(at, "wire")) && !golden_parse(part, outer->keep, &out->golden, err))
        return false;
    if ((part = json_get(at, "source")) && !json_string(part, &out->source, err))
        return false;
    if ((part = json_get(at, "segment")) && !segment_parse(part, out, outer->keep, err))
        return false;
    if ((part = json_get(at, "entries"))) {
        out->tells_entries = true;
        if (!json_u64(part, 0x3ffffffe, &out->entries, err)) // the most that a table holds [OBJ-13]
            return false;
    }
    if ((part = json_get(at, "probe"))) {
        bool probe;
        if (!json_bool(part, &probe, err))
            return false;
        if (probe || out->kind != STEP_SILENT)
            return json_error(part, err, "\"probe\": false belongs to a silence that the probe cannot show");
        out->waits = true;
    }
    if ((part = json_get(at, "before"))) {
        const char *text;
        if (!json_string(part, &text, err))
            return false;
        if ((out->kind != STEP_END && out->kind != STEP_RESET) || strcmp(text, "anything") != 0)
            return json_error(part, err, "\"before\": \"anything\" belongs to an end or a reset before which whatever comes is right");
        out->whatever = true;
    }
    if ((part = json_get(at, "unguarded")) && !reason_parse(part, err))
        return false;
    if ((part = json_get(at, "part")) && !json_bool(part, &out->part, err))
        return false;
    *then = NULL;
    if ((part = json_get(at, "cut")) && out->part)
        return json_error(part, err, "a message that is cut has no further part");
    if (part && !cut_parse(part, out, then, err))
        return false;
    if (out->kind != STEP_SAY && (out->golden || out->segment != SEGMENT_DELIVERY || out->part || out->tells_entries))
        return json_error(at, err, "wire, segment, part, cut and entries belong to what a party says");
    return pattern_parse(at, out, err);
}

/* {"any-order": [STEP, …]}: whole messages of one party on one connection. */
static bool group_parse(const struct json *at, const struct step_context *outer, unsigned group, struct step *out, struct error *err)
{
    static const char *const keys[] = { "any-order", "note", NULL };
    const struct json *list = json_get(at, "any-order");
    struct step *first = out;

    if (!json_known(at, keys, err) || !json_is(list, JSON_ARRAY, err))
        return false;
    if (list->count < 2 || list->count > GROUP_MAX)
        return json_error(list, err, "expected 2 to %d messages", GROUP_MAX);
    for json_each (e, list) {
        const char *then;
        if (!step_parse(e, outer, out, &then, err))
            return false;
        if (out->kind != STEP_SAY || out->part || out->tells_entries || out->anytime || out->least != 1 || out->most != 1)
            return json_error(e, err, "only whole messages that come once, without entries, have any order");
        if (out->who != first->who || strcmp(out->on, first->on) != 0)
            return json_error(e, err, "the messages are one party's, on one connection");
        out++->group = group;
    }
    return true;
}

/* Most steps that a list may make: those of each group, and what follows words that are cut. */
static size_t steps_count(const struct json *list)
{
    const struct json *group;
    size_t n = 2 * list->count;

    for json_each (e, list)
        if (e->kind == JSON_OBJECT && (group = json_get(e, "any-order")) && group->kind == JSON_ARRAY)
            n += group->count;
    return n;
}

/* What a party does behind the words that it has cut, as if it stood in a step of its own. */
static bool then_add(const struct step *cut, const char *then, const struct step_context *outer, struct step *out)
{
    bool ends = then && strcmp(then, "end") == 0, resets = then && strcmp(then, "reset") == 0;

    *out = (struct step){ .kind = ends ? STEP_END : STEP_RESET, .at = cut->at, .on = cut->on, .who = cut->who,
                          .check = { then, outer->clauses, outer->level }, .least = 1, .most = 1 };
    return ends || resets;
}

bool steps_parse(const struct json *list, const struct step_context *outer, struct steps *out, struct error *err)
{
    if (!json_is(list, JSON_ARRAY, err))
        return false;
    struct step *items = ARENA_ARRAY(outer->keep, steps_count(list), struct step);
    unsigned groups = 0;
    size_t n = 0;
    for json_each (e, list) {
        const struct json *group = e->kind == JSON_OBJECT ? json_get(e, "any-order") : NULL;
        const char *then = NULL;
        if (!(group ? group_parse(e, outer, ++groups, &items[n], err) : step_parse(e, outer, &items[n], &then, err)))
            return false;
        n += group ? group->count : 1;
        n += then_add(&items[n - 1], then, outer, &items[n]);
    }
    *out = (struct steps){ items, n };
    return true;
}

const char *party_name(enum party p)
{
    return p == PARTY_CLIENT ? "client" : "server";
}

const char *level_name(enum level l)
{
    static const char *const names[] = { "must", "should", "may" };

    return names[l];
}
