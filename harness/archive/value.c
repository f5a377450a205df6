/*
 * The doors to the type table: each finds the row and lets it work.
 */
#include "archive/value.h"

#include <assert.h>

#include "archive/ops.h"

size_t bytes_for(uint64_t count, size_t width)
{
    size_t len;

    return __builtin_mul_overflow(count, width, &len) ? SIZE_MAX : len;
}

void value_load_inner(struct load *l, struct type_ref t, struct value *v)
{
    *v = (struct value){ .of = t };
    if (++l->depth > DEPTH_MAX)
        reader_reject(l->r, CAUSE_NONE, "nested too deep");
    else
        t.type->ops->load(l, v);
    l->depth--;
}

void value_load(struct reader *r, const struct profile *p, struct object_table *table,
                struct type_ref t, struct arena *keep, struct value *out)
{
    struct load l = { r, p, table, keep, 0 };
    struct value v;

    if (r->status != WIRE_OK)
        return;
    value_load_inner(&l, t, &v);
    if (r->status == WIRE_OK)
        *out = v;
}

void note_value(struct load *l, size_t from, const char *name, const struct value *v)
{
    if (!l->r->spans || l->r->status != WIRE_OK)
        return;
    TEXT(shown);
    value_print(&shown, v);
    reader_note(l->r, from, "%s %s", name, text_string(&shown));
}

void value_store_inner(struct store *s, const struct value *v)
{
    v->of.type->ops->store(s, v);
}

void value_store(struct buffer *w, const struct profile *p, struct object_table *table,
                 const struct value *v)
{
    struct store s = { w, p, table };

    value_store_inner(&s, v);
}

void value_say(struct say *s, const struct value *v)
{
    v->of.type->ops->say(s, v);
}

static void say(struct text *to, enum notation how, const struct value *v)
{
    struct say s = { to, how };

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
    *v = (struct value){ .of = t };
    if (++c->depth > DEPTH_MAX)
        return cursor_fail(c, "less nesting");
    bool ok = t.type->ops->parse(c, v);
    c->depth--;
    return ok;
}

bool value_parse(const char *text, struct type_ref t, const struct profile *p, struct arena *keep,
                 struct value *out, struct error *err)
{
    struct cursor c = { .at = text, .p = p, .keep = keep, .err = err };
    struct value v;

    if (!value_parse_inner(&c, t, &v) || (*c.at && !cursor_fail(&c, "the end"))) {
        TEXT(name);
        type_print(&name, t);
        return error_within(err, "%s", text_string(&name));
    }
    *out = v;
    return true;
}

bool value_equal(const struct value *a, const struct value *b)
{
    const struct type *t = a->of.type, *u = b->of.type;

    return t->kind == u->kind && t->ops->equal(a, b);
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
    struct draw own = { d->chance, 0, 0, d->keep };

    *v = (struct value){ .of = t };
    t.type->ops->draw(&own, v);
}

void value_draw(struct random *chance, struct type_ref t, uint64_t min, uint64_t max,
                struct arena *keep, struct value *out)
{
    struct draw d = { chance, min, max, keep };
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
