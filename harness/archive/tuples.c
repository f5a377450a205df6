/*
 * Values that are a fixed row of others: the fields stand one after the other, nothing between them.
 */
#include "archive/ops.h"

/* A body has the fields that its schema had; anything else has all. */
static size_t fields_of(const struct value *v)
{
    size_t n = 0;

    while (v->of.type->fields[n].name && v->of.type->fields[n].since <= v->schema)
        n++;
    return n;
}

void tuple_load(struct load *l, struct value *v)
{
    const struct type *t = v->of.type;

    v->count = fields_of(v);
    v->items = ARENA_ARRAY(l->keep, v->count, struct value);
    for (size_t i = 0; i < v->count && l->r->status == WIRE_OK; i++) {
        size_t from = l->r->at;
        value_load_inner(l, type_named(t->fields[i].type), &v->items[i]);
        note_value(l, from, t->fields[i].name, &v->items[i]);
    }
    forgive_short(l, t);
}

static void tuple_store(struct store *s, const struct value *v)
{
    for (size_t i = 0; i < v->count; i++)
        value_store_inner(s, &v->items[i]);
}

void tuple_say(struct say *s, const struct value *v)
{
    text_char(s->to, '(');
    for (size_t i = 0; i < v->count; i++) {
        if (i)
            text_add(s->to, s->how == NOTATION_PEOPLE ? ", " : ",");
        value_say(s, &v->items[i]);
    }
    text_char(s->to, ')');
}

bool tuple_parse(struct cursor *c, struct value *v)
{
    const struct type *t = v->of.type;

    v->count = fields_of(v);
    v->items = ARENA_ARRAY(c->keep, v->count, struct value);
    for (size_t i = 0; i < v->count; i++)
        if (!cursor_expect(c, i ? ',' : '(') ||
            !value_parse_inner(c, type_named(t->fields[i].type), &v->items[i]))
            return false;
    return cursor_expect(c, ')');
}

void tuple_draw(struct draw *d, struct value *v)
{
    const struct type *t = v->of.type;

    v->count = fields_of(v);
    v->items = ARENA_ARRAY(d->keep, v->count, struct value);
    for (size_t i = 0; i < v->count; i++)
        value_draw_inner(d, type_named(t->fields[i].type), &v->items[i]);
}

const struct type_ops tuple_ops = { tuple_load,  tuple_store, tuple_say,
                                    tuple_parse, tuple_draw,  items_equal };
