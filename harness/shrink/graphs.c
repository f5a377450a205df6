#include "shrink/graphs.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>

#include "json/write.h"

enum way { CLIENT, SERVER, WAYS };

/* What one way's objects are called. */
struct names {
    uint64_t *now; // the k-th object at k - 1; 0: gone
    size_t count, room;
    uint64_t last; // the greatest that is in use
};

struct renaming {
    const char *text;
    const struct smaller_text *by;
    struct names of[WAYS];
    struct arena *keep;
};

bool graph_is(const char *text)
{
    return strpbrk(text, "([{") && !strchr(text, ' ');
}

/* ---- names ---- */

static void met(struct renaming *r, struct names *n, bool gone)
{
    if (n->count == n->room) {
        uint64_t *more = ARENA_ARRAY(r->keep, n->room = 2 * n->room + 16, uint64_t);
        if (n->count)
            memcpy(more, n->now, n->count * sizeof *more);
        n->now = more;
    }
    n->now[n->count++] = gone ? 0 : ++n->last;
}

/* The objects that a text names in full, in its order. by: NULL, or what is gone of it. */
static void meet(struct renaming *r, struct names *n, const char *text, size_t len, const struct smaller_text *by)
{
    for (size_t at = 0; at < len; at++) {
        if (text[at] != 'C')
            continue;
        size_t name = at;
        at += strcspn(text + at, "([{,)]} ");
        if (at < len && strchr("([{", text[at]))
            met(r, n, by && name >= by->from && name < by->to && (name < by->kept || name >= by->kept_end));
    }
}

static void rename_in(struct text *out, const char *text, size_t len, const struct names *n)
{
    for (size_t at = 0; at < len;) {
        if (text[at] != '@' || !isdigit((unsigned char)text[at + 1])) {
            text_char(out, text[at++]);
            continue;
        }
        char *end;
        uint64_t k = strtoull(text + at + 1, &end, 10), now = k >= 1 && k <= n->count ? n->now[k - 1] : k;
        if (now)
            text_printf(out, "@%" PRIu64, now);
        else
            text_add(out, "null");
        at = (size_t)(end - text);
    }
}

/* ---- steps ---- */

/* Objects as they are said, or a text that tells of them: of what the other side said, or shall say. */
static bool is_said(const char *key)
{
    static const char *const keys[] = { "object", "obarray", "oblist", "mapstringtoob", "mapwordtoob" };

    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (strncmp(key, keys[i], strlen(keys[i])) == 0 && (!key[strlen(keys[i])] || key[strlen(keys[i])] == ':'))
            return true;
    return false;
}

/* A text, of values with a space between them. */
static void put_text(struct renaming *r, struct json_out *j, const char *key, const char *text, enum way side)
{
    bool said = is_said(key);
    struct names *n = &r->of[said ? side : 1 - side], told = *n;
    TEXT(out);

    for (const char *at = text; *at;) {
        size_t len = strcspn(at, " ");
        bool is = len == strlen(r->text) && strncmp(at, r->text, len) == 0;
        meet(r, said ? n : &told, at, len, is ? r->by : NULL);
        if (is)
            rename_in(&out, r->by->text, strlen(r->by->text), said ? n : &told);
        else
            rename_in(&out, at, len, said ? n : &told);
        at += len;
        if (*at)
            text_char(&out, *at++);
    }
    json_put_string(j, key, text_string(&out));
}

static void put(struct renaming *r, struct json_out *j, const struct json *value, enum way side)
{
    if (value->kind == JSON_STRING && value->key) {
        put_text(r, j, value->key, value->string, side);
        return;
    }
    if (value->kind != JSON_ARRAY && value->kind != JSON_OBJECT) {
        json_put_value(j, value->key, value);
        return;
    }
    json_begin(j, value->key, value->kind == JSON_ARRAY ? '[' : '{');
    for json_each (inner, value)
        put(r, j, inner, side);
    json_end(j, value->kind == JSON_ARRAY ? ']' : '}');
}

static const char *step_smaller(struct renaming *r, const char *step)
{
    const struct json *tree;
    struct error ignored;
    TEXT(text);
    struct json_out j = { .to = &text };

    if (!json_parse(bytes_of(step), "shrunk", r->keep, &tree, &ignored))
        return step;
    json_begin(&j, NULL, '{');
    for json_each (part, tree) {
        bool client = strcmp(part->key, "client") == 0;
        if (strcmp(part->key, "new-archive") == 0 && part->kind == JSON_STRING)
            r->of[strcmp(part->string, "client") == 0 ? CLIENT : SERVER] = (struct names){ 0 };
        if (part->kind == JSON_ARRAY && (client || strcmp(part->key, "server") == 0))
            put(r, &j, part, client ? CLIENT : SERVER);
        else
            json_put_value(&j, part->key, part);
    }
    json_end(&j, '}');
    return arena_string(r->keep, text_string(&text));
}

struct steps_text graph_smaller(const struct steps_text *steps, const char *text, const struct smaller_text *by, struct arena *keep)
{
    struct renaming r = { .text = text, .by = by, .keep = keep };
    struct steps_text out = { .items = ARENA_ARRAY(keep, steps->count + 1, const char *), .count = steps->count };

    for (size_t i = 0; i < steps->count; i++)
        out.items[i] = step_smaller(&r, steps->items[i]);
    return out;
}
