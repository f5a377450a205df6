/*
 * Collections whose Serialize is called directly [8.4]: a count, then the elements. Packed arrays keep their
 * elements as they stand on the wire; lists hold values, and grow only as far as bytes back them.
 */
#include <inttypes.h>
#include <stdio.h>

#include "archive/crc32.h"
#include "archive/ops.h"

#define NOTED_MAX  64 // elements that get a note of their own
#define PEOPLE_MAX 12 // elements shown to people

static size_t array_count(const struct value *v)
{
    return v->data.len / v->of.type->width;
}

static uint64_t element_at(const struct value *v, size_t i)
{
    size_t width = v->of.type->width;
    uint64_t n = 0;

    for (size_t k = width; k-- > 0;)
        n = n << 8 | v->data.data[i * width + k];
    return n;
}

static void array_load(struct load *l, struct value *v)
{
    const struct type *t = v->of.type;
    uint64_t n = archive_load_count(l->r, l->p);

    if (l->r->status != WIRE_OK)
        return;
    v->data = reader_take(l->r, bytes_for(n, t->width));
    forgive_short(l, t);
    if (l->r->status != WIRE_OK)
        return;
    v->count = array_count(v);
    if (!l->r->spans)
        return;
    size_t end = l->r->at, begin = end - v->data.len;
    for (size_t i = 0; i < v->count && i < NOTED_MAX; i++) {
        l->r->at = begin + (i + 1) * t->width;
        reader_note(l->r, begin + i * t->width, "[%zu] %" PRIu64, i, element_at(v, i));
    }
    l->r->at = end;
    if (v->count > NOTED_MAX)
        reader_note(l->r, begin + NOTED_MAX * t->width, "%zu more elements", v->count - NOTED_MAX);
}

static void array_store(struct store *s, const struct value *v)
{
    archive_store_count(s->w, s->p, array_count(v));
    buffer_append(s->w, v->data.data, v->data.len);
}

static bool all_same(const struct value *v)
{
    for (size_t i = 1, n = array_count(v); i < n; i++)
        if (element_at(v, i) != element_at(v, 0))
            return false;
    return true;
}

static void array_say(struct say *s, const struct value *v)
{
    bool people = s->how == NOTATION_PEOPLE;
    size_t n = array_count(v), shown = people && n > PEOPLE_MAX ? PEOPLE_MAX : n;

    if (s->how == NOTATION_TELL && n > SHORT_MAX) {
        text_printf(s->to, "[#%zu:%08" PRIx32 "]", n, crc32_of(v->data));
        return;
    }
    if (s->how == NOTATION_MAKE && n > SHORT_MAX && n <= REPEAT_MAX && all_same(v)) {
        text_printf(s->to, "[*%zu:%" PRIu64 "]", n, element_at(v, 0));
        return;
    }
    text_char(s->to, '[');
    for (size_t i = 0; i < shown; i++)
        text_printf(s->to, "%s%" PRIu64, !i ? "" : people ? ", " : ",", element_at(v, i));
    if (shown < n)
        text_printf(s->to, ", …] (%zu elements)", n);
    else
        text_char(s->to, ']');
}

static bool array_parse(struct cursor *c, struct value *v)
{
    CLEANUP(buffer_free) struct buffer got = { 0 };
    size_t width = v->of.type->width;
    uint64_t n = 1, element, max = UINT64_MAX >> (64 - 8 * width);

    if (!cursor_expect(c, '['))
        return false;
    bool repeated = cursor_skip(c, '*');
    if (repeated && !cursor_repeat(c, &n))
        return false;
    while (!cursor_skip(c, ']')) {
        if (got.len && !cursor_expect(c, ','))
            return false;
        if (!cursor_number(c, 0, max, &element))
            return false;
        for (uint64_t i = 0; i < n; i++)
            for (size_t k = 0; k < width; k++)
                wire_u8(&got, (uint8_t)(element >> (8 * k)));
        if (repeated && !cursor_expect(c, ']'))
            return false;
        if (repeated)
            break;
    }
    v->data = arena_bytes(c->keep, buffer_bytes(&got));
    v->count = array_count(v);
    return true;
}

static void array_draw(struct draw *d, struct value *v)
{
    size_t n = draw_count(d, 20) * v->of.type->width;
    uint8_t *to = arena_alloc(d->keep, n);

    for (size_t i = 0; i < n; i++)
        to[i] = (uint8_t)random_u64(d->chance);
    v->data = (struct bytes){ to, n };
    v->count = array_count(v);
}

static bool array_equal(struct compare *c, const struct value *a, const struct value *b)
{
    (void)c;
    size_t n = array_count(a);

    if (a->of.type->width == b->of.type->width)
        return bytes_equal(a->data, b->data);
    if (array_count(b) != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (element_at(a, i) != element_at(b, i))
            return false;
    return true;
}

const struct type_ops array_ops = { array_load,  array_store, array_say,
                                    array_parse, array_draw,  array_equal };

static void list_load(struct load *l, struct value *v)
{
    CLEANUP(buffer_free) struct buffer items = { 0 };
    struct type_ref element = type_named(v->of.type->fields->type);
    uint64_t n = archive_load_count(l->r, l->p);

    for (uint64_t i = 0; i < n && l->r->status == WIRE_OK; i++) {
        struct value item = { 0 };
        size_t from = l->r->at;
        char name[24];
        value_load_inner(l, element, &item);
        buffer_append(&items, &item, sizeof item);
        if (l->r->spans && i < NOTED_MAX) {
            snprintf(name, sizeof name, "[%" PRIu64 "]", i);
            note_value(l, from, name, &item);
        }
    }
    if (l->r->status == WIRE_OK)
        items_keep(v, &items, l->keep);
}

static void list_store(struct store *s, const struct value *v)
{
    archive_store_count(s->w, s->p, v->count);
    for (size_t i = 0; i < v->count; i++)
        value_store_inner(s, &v->items[i]);
}

static void list_say(struct say *s, const struct value *v)
{
    bool people = s->how == NOTATION_PEOPLE;
    size_t shown = people && v->count > PEOPLE_MAX ? PEOPLE_MAX : v->count;

    text_char(s->to, '[');
    for (size_t i = 0; i < shown; i++) {
        if (i)
            text_add(s->to, people ? ", " : ",");
        value_say(s, &v->items[i]);
    }
    if (shown < v->count)
        text_printf(s->to, ", …] (%zu elements)", v->count);
    else
        text_char(s->to, ']');
}

static bool list_parse(struct cursor *c, struct value *v)
{
    CLEANUP(buffer_free) struct buffer items = { 0 };
    struct type_ref element = type_named(v->of.type->fields->type);
    struct value item = { 0 };

    if (!cursor_expect(c, '['))
        return false;
    while (!cursor_skip(c, ']')) {
        if (items.len && !cursor_expect(c, ','))
            return false;
        if (!value_parse_inner(c, element, &item))
            return false;
        buffer_append(&items, &item, sizeof item);
    }
    items_keep(v, &items, c->keep);
    return true;
}

static void list_draw(struct draw *d, struct value *v)
{
    struct type_ref element = type_named(v->of.type->fields->type);

    v->count = draw_count(d, 5);
    v->items = ARENA_ARRAY(d->keep, v->count, struct value);
    for (size_t i = 0; i < v->count; i++)
        value_draw_inner(d, element, &v->items[i]);
}

const struct type_ops list_ops = { list_load,  list_store, list_say,
                                   list_parse, list_draw,  items_equal };
