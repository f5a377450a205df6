/*
 * Objects and classes in text [service, sections 5 and 6]: told in full where first named, `@k` from then on.
 *
 *   null   @1   CAge(21)   CNode(7,@1)   CLetter:600(u:0041)   CStringArray[u:0078]
 *
 * An object that this value brings is told where the *text* first comes to it, which a map's order may put
 * elsewhere than the stream did; one that came with an earlier value is `@k`.
 */
#include <inttypes.h>

#include "archive/graph.h"
#include "archive/ops.h"

#define PEOPLE_DEPTH 4 // objects within each other that people are shown
#define DRAW_DEPTH   3 // objects within each other that chance makes

static void say_new(struct say *s, const struct value *v)
{
    text_add(s->to, v->class->name);
    if (v->class->versionable)
        text_printf(s->to, ":%u", v->schema);
    if (s->how == NOTATION_PEOPLE && s->depth == PEOPLE_DEPTH) {
        text_add(s->to, "(…)");
        return;
    }
    s->depth++;
    value_say(s, v->items);
    s->depth--;
}

void object_say(struct say *s, const struct value *v)
{
    struct told *told = s->told;
    const struct value *in_full = v->class ? v : NULL;

    if (told && v->number >= told->fresh.first &&
        v->number - told->fresh.first < told->fresh.count) {
        size_t place = v->number - told->fresh.first;
        in_full = told->done[place] ? NULL : told->fresh.objects[place];
        told->done[place] = true;
    }
    if (in_full)
        say_new(s, in_full);
    else if (v->number)
        text_printf(s->to, "@%" PRIu64, v->number);
    else
        text_add(s->to, "null");
}

/* A class's name. */
static const struct mfc_class *parse_class(struct cursor *c)
{
    size_t len = 0;

    while ((c->at[len] >= 'a' && c->at[len] <= 'z') || (c->at[len] >= 'A' && c->at[len] <= 'Z'))
        len++;
    const struct mfc_class *found = class_find((struct bytes){ (const uint8_t *)c->at, len });
    if (!found)
        cursor_fail(c, "a class");
    else
        c->at += len;
    return found;
}

static bool parse_schema(struct cursor *c, uint16_t *out)
{
    uint64_t n;

    if (!cursor_expect(c, ':') || !cursor_number(c, 0, UINT16_MAX, &n))
        return false;
    *out = (uint16_t)n;
    return true;
}

bool object_parse(struct cursor *c, struct value *v)
{
    const char *from = c->at, *requested = v->of.class_name;

    if (cursor_skip(c, '@'))
        return cursor_number(c, 1, UINT32_MAX, &v->number);
    if (strncmp(c->at, "null", 4) == 0) {
        c->at += 4;
        return true;
    }
    v->class = parse_class(c);
    if (!v->class)
        return false;
    if (requested && strcmp(requested, v->class->name) != 0) {
        c->at = from;
        return cursor_fail(c, requested);
    }
    v->schema = v->class->schema;
    if (v->class->versionable && !parse_schema(c, &v->schema))
        return false;
    if (++c->depth > DEPTH_MAX)
        return cursor_fail(c, "less nesting");
    v->items = ARENA_NEW(c->keep, struct value);
    v->count = 1;
    v->items->schema = v->schema;
    bool ok = value_parse_inner(c, type_named(v->class->body), v->items);
    c->depth--;
    return ok;
}

void object_draw(struct draw *d, struct value *v)
{
    const char *requested = v->of.class_name;

    if (random_below(d->chance, 8) == 0 || (!requested && d->depth == DRAW_DEPTH))
        return; // null
    v->class = requested ? class_find(bytes_of(requested))
                         : &class_table[random_below(d->chance, class_count)];
    v->schema = v->class->schema;
    v->items = ARENA_NEW(d->keep, struct value);
    v->count = 1;
    v->items->schema = v->schema;
    d->depth++;
    value_draw_inner(d, type_named(v->class->body), v->items);
    d->depth--;
}

/*
 * Two values are equal when their new objects correspond one to one: each pair has the same content and stands
 * in the same places, in full or as a reference. So a map in another order is equal, though its objects have
 * other numbers then. Objects made from text have no numbers yet; they count like the other side's.
 */
static void prepare(struct compare *c)
{
    struct side *a = &c->a, *b = &c->b;

    if (a->pair)
        return;
    b->fresh = graph_fresh(b->whole, 1, &c->scratch);
    a->fresh = graph_fresh(a->whole, b->fresh.first, &c->scratch);
    if (!b->fresh.count || !b->fresh.objects[0]->number)
        b->fresh.first = a->fresh.first;
    a->pair = ARENA_ARRAY(&c->scratch, a->fresh.count + 1, size_t);
    b->pair = ARENA_ARRAY(&c->scratch, b->fresh.count + 1, size_t);
}

/* The place, from 1, of the new object that v is or refers to; 0 for one that came before. */
static size_t place_of(struct side *s, const struct value *v)
{
    const struct fresh *f = &s->fresh;

    if (v->number)
        return v->number >= f->first && v->number - f->first < f->count ? v->number - f->first + 1
                                                                        : 0;
    if (s->next == f->count || f->objects[s->next] != v)
        for (s->next = 0; f->objects[s->next] != v; s->next++)
            ;
    return ++s->next; // mostly they are met in this order
}

bool object_equal(struct compare *c, const struct value *a, const struct value *b)
{
    bool a_null = !a->class && !a->number, b_null = !b->class && !b->number;

    if (a_null || b_null)
        return a_null && b_null;
    prepare(c);
    size_t i = place_of(&c->a, a), j = place_of(&c->b, b);
    if (!i || !j)
        return !i && !j && a->number == b->number;
    if (c->a.pair[i] || c->b.pair[j])
        return c->a.pair[i] == j && c->b.pair[j] == i;
    c->a.pair[i] = j;
    c->b.pair[j] = i;
    a = c->a.fresh.objects[i - 1];
    b = c->b.fresh.objects[j - 1];
    return a->class == b->class && a->schema == b->schema &&
           value_equal_inner(c, a->items, b->items);
}

void class_say(struct say *s, const struct value *v)
{
    text_printf(s->to, "%s:%u", v->class->name, v->schema);
}

bool class_parse(struct cursor *c, struct value *v)
{
    v->class = parse_class(c);
    if (!v->class)
        return false;
    const char *from = c->at;
    if (!parse_schema(c, &v->schema))
        return false;
    if (v->class->versionable || v->schema == v->class->schema)
        return true;
    c->at = from;
    return cursor_fail(c, "the class's own schema");
}

void class_draw(struct draw *d, struct value *v)
{
    v->class = &class_table[random_below(d->chance, class_count)];
    v->schema = v->class->schema;
}

bool class_equal(struct compare *c, const struct value *a, const struct value *b)
{
    (void)c;
    return a->class == b->class && a->schema == b->schema;
}
