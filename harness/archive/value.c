/*
 * The doors to the type table: each finds the row and lets it work.
 */
#include "archive/value.h"

#include <assert.h>

#include "archive/graph.h"
#include "archive/ops.h"

size_t bytes_for(uint64_t count, size_t width)
{
    size_t len;

    return __builtin_mul_overflow(count, width, &len) ? SIZE_MAX : len;
}

void value_load_inner(struct load *l, struct type_ref t, struct value *v)
{
    *v = (struct value){ .of = t, .schema = v->schema };
    t.type->ops->load(l, v);
}

/* Types that need a table: objects, and what may hold them. */
static bool carries_objects(const struct type *t)
{
    return t->kind == VALUE_OBJECT || t->kind == VALUE_CLASS || t->kind == VALUE_LIST ||
           t->kind == VALUE_MAP;
}

void value_load(struct reader *r, const struct profile *p, struct object_table *table,
                struct type_ref t, struct arena *keep, struct value *out)
{
    struct load l = { r, p, table, keep, 0 };
    struct object_mark before = { 0 };
    struct value v = { 0 };

    if (r->status != WIRE_OK)
        return;
    if (!table && carries_objects(t.type))
        l.table = object_table_new(keep);
    if (l.table)
        before = object_table_mark(l.table);
    value_load_inner(&l, t, &v);
    if (r->status == WIRE_OK)
        *out = v;
    else if (l.table)
        object_table_rollback(l.table, before);
}

void note_value(struct load *l, size_t from, const char *name, const struct value *v)
{
    if (!l->r->spans || l->r->status != WIRE_OK)
        return;
    TEXT(shown);
    value_print(&shown, v);
    reader_note(l->r, from, "%s %s", name, text_string(&shown));
}

void forgive_short(struct load *l, const struct type *t)
{
    if (l->r->status == WIRE_SHORT && t->block && l->p->generation < 80)
        l->r->cut = CAUSE_NONE;
}

void value_store_inner(struct store *s, const struct value *v)
{
    v->of.type->ops->store(s, v);
}

void value_store(struct buffer *w, const struct profile *p, struct object_table *table,
                 const struct value *v)
{
    struct store s = { w, p, table };
    SCRATCH(scratch);

    if (!table && carries_objects(v->of.type))
        s.table = object_table_new(&scratch);
    value_store_inner(&s, v);
}

void value_say(struct say *s, const struct value *v)
{
    v->of.type->ops->say(s, v);
}

static void say(struct text *to, enum notation how, const struct value *v)
{
    SCRATCH(scratch);
    struct say s = { to, how, 0, NULL };
    struct told told = { 0 };

    if (v->items) {
        told.fresh = graph_fresh(v, 0, &scratch);
        told.done = ARENA_ARRAY(&scratch, told.fresh.count, bool);
        s.told = told.fresh.first ? &told : NULL;
    }
    value_say(&s, v);
}

void value_text(struct text *to, const struct value *v)
{
    say(to, NOTATION_TELL, v);
}

void value_make_text(struct text *to, const struct value *v)
{
    say(to, NOTATION_MAKE, v);
}

void value_print(struct text *to, const struct value *v)
{
    say(to, NOTATION_PEOPLE, v);
}

bool value_parse_inner(struct cursor *c, struct type_ref t, struct value *v)
{
    *v = (struct value){ .of = t, .schema = v->schema };
    return t.type->ops->parse(c, v);
}

bool value_parse(const char *text, struct type_ref t, const struct profile *p, struct arena *keep,
                 struct value *out, struct error *err)
{
    struct cursor c = { .at = text, .p = p, .keep = keep, .err = err };
    struct value v = { 0 };

    if (!value_parse_inner(&c, t, &v) || (*c.at && !cursor_fail(&c, "the end"))) {
        TEXT(name);
        type_print(&name, t);
        return error_within(err, "%s", text_string(&name));
    }
    *out = v;
    return true;
}

bool value_equal_inner(struct compare *c, const struct value *a, const struct value *b)
{
    const struct type *t = a->of.type, *u = b->of.type;

    return t->kind == u->kind && t->ops->equal(c, a, b);
}

bool value_equal(const struct value *a, const struct value *b)
{
    struct compare c = { .a.whole = a, .b.whole = b };
    bool same = value_equal_inner(&c, a, b);

    arena_free(&c.scratch);
    return same;
}

bool items_equal(struct compare *c, const struct value *a, const struct value *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!value_equal_inner(c, &a->items[i], &b->items[i]))
            return false;
    return true;
}

void items_keep(struct value *v, const struct buffer *gathered, struct arena *keep)
{
    struct bytes kept = arena_bytes(keep, buffer_bytes(gathered));

    v->items = (struct value *)kept.data;
    v->count = kept.len / sizeof(struct value);
}

uint64_t draw_count(struct draw *d, uint64_t most)
{
    uint64_t min = d->min, max = d->max;

    if (min == 0 && max == 0)
        max = most;
    assert(min <= max);
    return min + random_below(d->chance, max - min + 1);
}

void value_draw_inner(struct draw *d, struct type_ref t, struct value *v)
{
    struct draw own = { d->chance, 0, 0, d->keep, d->depth };

    *v = (struct value){ .of = t, .schema = v->schema };
    t.type->ops->draw(&own, v);
}

void value_draw(struct random *chance, struct type_ref t, uint64_t min, uint64_t max,
                struct arena *keep, struct value *out)
{
    struct draw d = { chance, min, max, keep, 0 };
    struct value v = { .of = t };

    t.type->ops->draw(&d, &v);
    *out = v;
}

struct value value_string(struct type_ref t, bool wide, struct bytes units)
{
    return (struct value){ .of = t, .wide = wide, .data = units };
}

struct value value_bytes(struct type_ref t, struct bytes data)
{
    struct value v = { .of = t, .data = data };

    if (t.type->kind == VALUE_ARRAY)
        v.count = data.len / t.type->width;
    return v;
}
