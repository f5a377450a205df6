/*
 * Values that are a fixed row of others: the fields stand one after the other, nothing between them.
 */
#include "archive/ops.h"

static void tuple_load(struct load *l, struct value *v)
{
    const struct type *t = v->of.type;

    v->count = type_fields(t);
    v->items = ARENA_ARRAY(l->keep, v->count, struct value);
    for (size_t i = 0; i < v->count && l->r->status == WIRE_OK; i++) {
        size_t from = l->r->at;
        value_load_inner(l, type_named(t->fields[i].type), &v->items[i]);
        note_value(l, from, t->fields[i].name, &v->items[i]);
    }
    if (l->r->status == WIRE_SHORT && t->block && l->p->generation < 80)
        l->r->cut = CAUSE_NONE;
}

static void tuple_store(struct store *s, const struct value *v)
{
    for (size_t i = 0; i < v->count; i++)
        value_store_inner(s, &v->items[i]);
}

static void tuple_say(struct say *s, const struct value *v)
{
    text_char(s->to, '(');
    for (size_t i = 0; i < v->count; i++) {
        if (i)
            text_add(s->to, s->how == NOTATION_PEOPLE ? ", " : ",");
        value_say(s, &v->items[i]);
    }
    text_char(s->to, ')');
}

static bool tuple_parse(struct cursor *c, struct value *v)
{
    const struct type *t = v->of.type;

    v->count = type_fields(t);
    v->items = ARENA_ARRAY(c->keep, v->count, struct value);
    for (size_t i = 0; i < v->count; i++)
        if (!cursor_expect(c, i ? ',' : '(') ||
            !value_parse_inner(c, type_named(t->fields[i].type), &v->items[i]))
            return false;
    return cursor_expect(c, ')');
}

static void tuple_draw(struct draw *d, struct value *v)
{
    const struct type *t = v->of.type;

    v->count = type_fields(t);
    v->items = ARENA_ARRAY(d->keep, v->count, struct value);
    for (size_t i = 0; i < v->count; i++)
        value_draw_inner(d, type_named(t->fields[i].type), &v->items[i]);
}

static bool tuple_equal(const struct value *a, const struct value *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!value_equal(&a->items[i], &b->items[i]))
            return false;
    return true;
}

const struct type_ops tuple_ops = { tuple_load,  tuple_store, tuple_say,
                                    tuple_parse, tuple_draw,  tuple_equal };
