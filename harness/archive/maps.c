/*
 * Maps [8.4]: a count, then key and value by turns. Writers differ in the order [COL-10 to COL-13], so maps are
 * told sorted and compared by content; of repeated keys the later value counts.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "archive/ops.h"

#define PEOPLE_MAX 12 // entries shown to people
#define NOTED_MAX  64 // entries that get a note of their own

static void load_entry(struct load *l, const struct value_part *f, uint64_t place,
                       struct buffer *items)
{
    for (; f->name; f++) {
        struct value item = { 0 };
        size_t from = l->r->at;
        char name[40];
        value_load_inner(l, type_named(f->type), &item);
        buffer_append(items, &item, sizeof item);
        if (l->r->spans && place < NOTED_MAX) {
            snprintf(name, sizeof name, "[%" PRIu64 "] %s", place, f->name);
            note_value(l, from, name, &item);
        }
    }
}

static void map_load(struct load *l, struct value *v)
{
    CLEANUP(buffer_free) struct buffer items = { 0 };
    uint64_t n = archive_load_count(l->r, l->p);

    for (uint64_t i = 0; i < n && l->r->status == WIRE_OK; i++)
        load_entry(l, v->of.type->fields, i, &items);
    if (l->r->status == WIRE_OK)
        items_keep(v, &items, l->keep);
}

static void map_store(struct store *s, const struct value *v)
{
    archive_store_count(s->w, s->p, v->count / 2);
    for (size_t i = 0; i < v->count; i++)
        value_store_inner(s, &v->items[i]);
}

/* An entry by its key's text. */
struct sorted {
    const char *key;
    const struct value *entry; // key, then value
};

static int by_key_then_place(const void *a, const void *b)
{
    const struct sorted *x = a, *y = b;
    int order = strcmp(x->key, y->key);

    return order ? order : (x->entry > y->entry) - (x->entry < y->entry);
}

/* The entries that count, sorted. */
static struct sorted *sort(const struct value *v, size_t *count, struct arena *keep)
{
    size_t n = v->count / 2, left = 0;
    struct sorted *all = ARENA_ARRAY(keep, n, struct sorted);

    for (size_t i = 0; i < n; i++) {
        TEXT(key);
        value_text(&key, &v->items[2 * i]);
        all[i] = (struct sorted){ arena_string(keep, text_string(&key)), &v->items[2 * i] };
    }
    if (n)
        qsort(all, n, sizeof *all, by_key_then_place);
    for (size_t i = 0; i < n; i++)
        if (i + 1 == n || !value_equal(all[i].entry, all[i + 1].entry))
            all[left++] = all[i];
    *count = left;
    return all;
}

static void say_entry(struct say *s, const struct value *entry)
{
    value_say(s, entry);
    text_char(s->to, '=');
    value_say(s, entry + 1);
}

static void map_say(struct say *s, const struct value *v)
{
    SCRATCH(scratch);
    bool people = s->how == NOTATION_PEOPLE;
    size_t n = v->count / 2;
    const struct sorted *sorted = s->how == NOTATION_TELL ? sort(v, &n, &scratch) : NULL;
    size_t shown = people && n > PEOPLE_MAX ? PEOPLE_MAX : n;

    text_char(s->to, '{');
    for (size_t i = 0; i < shown; i++) {
        if (i)
            text_add(s->to, people ? ", " : ",");
        say_entry(s, sorted ? sorted[i].entry : &v->items[2 * i]);
    }
    if (shown < n)
        text_printf(s->to, ", …} (%zu entries)", n);
    else
        text_char(s->to, '}');
}

static bool map_parse(struct cursor *c, struct value *v)
{
    CLEANUP(buffer_free) struct buffer items = { 0 };
    const struct value_part *f = v->of.type->fields;
    struct value key = { 0 }, value = { 0 };

    if (!cursor_expect(c, '{'))
        return false;
    while (!cursor_skip(c, '}')) {
        if (items.len && !cursor_expect(c, ','))
            return false;
        if (!value_parse_inner(c, type_named(f[0].type), &key) || !cursor_expect(c, '=') ||
            !value_parse_inner(c, type_named(f[1].type), &value))
            return false;
        buffer_append(&items, &key, sizeof key);
        buffer_append(&items, &value, sizeof value);
    }
    items_keep(v, &items, c->keep);
    return true;
}

/* Keys may repeat by chance; one new object at most, since its number depends on the order [service, 5]. */
static void map_draw(struct draw *d, struct value *v)
{
    const struct value_part *f = v->of.type->fields;
    size_t n = draw_count(d, 4);

    v->count = 2 * n;
    v->items = ARENA_ARRAY(d->keep, v->count, struct value);
    for (size_t i = 0; i < n; i++) {
        struct type_ref t = type_named(f[1].type);
        value_draw_inner(d, type_named(f[0].type), &v->items[2 * i]);
        if (t.type->kind == VALUE_OBJECT && i)
            v->items[2 * i + 1] = (struct value){ .of = t };
        else
            value_draw_inner(d, t, &v->items[2 * i + 1]);
    }
}

static bool map_equal(struct compare *c, const struct value *a, const struct value *b)
{
    SCRATCH(scratch);
    size_t n, m;
    const struct sorted *x = sort(a, &n, &scratch), *y = sort(b, &m, &scratch);

    if (n != m)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!value_equal(x[i].entry, y[i].entry) ||
            !value_equal_inner(c, x[i].entry + 1, y[i].entry + 1))
            return false;
    return true;
}

const struct type_ops map_ops = { map_load, map_store, map_say, map_parse, map_draw, map_equal };
