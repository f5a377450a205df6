/*
 * Numbers of fixed width [facts 3.1], and those that a program turned into network order first [BYO-5].
 *
 * An integer is kept sign-extended in 64 bits, a float or double as its IEEE bits: what a processor's own
 * arithmetic might change is never computed with.
 */
#include <inttypes.h>
#include <stdio.h>

#include "archive/ops.h"

int64_t integer_min(const struct type *t)
{
    return t->is_signed ? -(int64_t)((UINT64_C(1) << (8 * t->width - 1)) - 1) - 1 : 0;
}

uint64_t integer_max(const struct type *t)
{
    return UINT64_MAX >> (64 - 8 * t->width + t->is_signed);
}

static uint64_t extended(const struct type *t, uint64_t number)
{
    unsigned spare = 64 - 8 * t->width;

    if (t->is_signed)
        return (uint64_t)((int64_t)(number << spare) >> spare);
    return number << spare >> spare;
}

void integer_load(struct load *l, struct value *v)
{
    struct bytes b = reader_take(l->r, v->of.type->width);

    for (size_t i = b.len; i-- > 0;)
        v->number = v->number << 8 | b.data[i];
    v->number = extended(v->of.type, v->number);
}

void integer_store(struct store *s, const struct value *v)
{
    for (unsigned i = 0; i < v->of.type->width; i++)
        wire_u8(s->w, (uint8_t)(v->number >> (8 * i)));
}

void integer_say(struct say *s, const struct value *v)
{
    text_printf(s->to, v->of.type->is_signed ? "%" PRId64 : "%" PRIu64, v->number);
}

bool integer_parse(struct cursor *c, struct value *v)
{
    return cursor_number(c, integer_min(v->of.type), integer_max(v->of.type), &v->number);
}

uint64_t draw_within(struct draw *d, uint64_t largest)
{
    uint64_t max = d->max && d->max < largest ? d->max : largest, min = d->min < max ? d->min : max;

    return min + random_below(d->chance, max - min + 1); // 0, for all there are, where that overflows
}

void integer_draw(struct draw *d, struct value *v)
{
    if (d->min || d->max)
        v->number = draw_within(d, integer_max(v->of.type));
    else
        v->number = extended(v->of.type, random_u64(d->chance));
}

bool integer_equal(struct compare *c, const struct value *a, const struct value *b)
{
    (void)c;
    return a->number == b->number;
}

/* Any byte but 0 reads as true [facts 3.1]. */
static void bool_load(struct load *l, struct value *v)
{
    v->number = reader_u8(l->r) != 0;
}

void bool_say(struct say *s, const struct value *v)
{
    text_add(s->to, v->number ? "true" : "false");
}

bool bool_parse(struct cursor *c, struct value *v)
{
    v->number = strncmp(c->at, "true", 4) == 0;
    if (!v->number && strncmp(c->at, "false", 5) != 0)
        return cursor_fail(c, "true or false");
    c->at += v->number ? 4 : 5;
    return true;
}

void bool_draw(struct draw *d, struct value *v)
{
    v->number = random_u64(d->chance) & 1;
}

/* Converted before insertion, so the most significant byte comes first [BYO-6]. */
static void net_load(struct load *l, struct value *v)
{
    struct bytes b = reader_take(l->r, v->of.type->width);

    for (size_t i = 0; i < b.len; i++)
        v->number = v->number << 8 | b.data[i];
}

static void net_store(struct store *s, const struct value *v)
{
    for (unsigned i = v->of.type->width; i-- > 0;)
        wire_u8(s->w, (uint8_t)(v->number >> (8 * i)));
}

static bool is_nan(const struct value *v)
{
    uint64_t bits = v->number, infinity = v->of.type->width == 4 ? 0x7f800000 : 0x7ff0000000000000;

    return (bits & integer_max(v->of.type) >> 1) > infinity;
}

static void float_say(struct say *s, const struct value *v)
{
    bool narrow = v->of.type->width == 4;

    if (s->how != NOTATION_PEOPLE) {
        text_printf(s->to, narrow ? "%08" PRIx64 : "%016" PRIx64, v->number);
        return;
    }
    if (is_nan(v)) {
        text_printf(s->to, "NaN %" PRIx64, v->number);
    } else if (narrow) {
        uint32_t bits = (uint32_t)v->number;
        float number;
        memcpy(&number, &bits, sizeof number);
        text_printf(s->to, "%.9g", (double)number);
    } else {
        double number;
        memcpy(&number, &v->number, sizeof number);
        text_printf(s->to, "%.17g", number);
    }
}

static bool float_parse(struct cursor *c, struct value *v)
{
    return cursor_hex(c, 2u * v->of.type->width, &v->number);
}

static void float_draw(struct draw *d, struct value *v)
{
    do
        v->number = extended(v->of.type, random_u64(d->chance));
    while (is_nan(v));
}

const struct type_ops integer_ops = { integer_load,  integer_store, integer_say,
                                      integer_parse, integer_draw,  integer_equal };
const struct type_ops bool_ops = { bool_load,  integer_store, bool_say,
                                   bool_parse, bool_draw,     integer_equal };
const struct type_ops net_ops = { net_load,      net_store,    integer_say,
                                  integer_parse, integer_draw, integer_equal };
const struct type_ops float_ops = { integer_load, integer_store, float_say,
                                    float_parse,  float_draw,    integer_equal };

struct value value_integer(struct type_ref t, uint64_t number)
{
    struct value v = { .of = t, .number = number };

    if (t.type->ops == &bool_ops)
        v.number = number != 0;
    else if (t.type->width)
        v.number = extended(t.type, number);
    return v;
}

struct value value_real(struct type_ref t, double number)
{
    struct value v = { .of = t };

    if (t.type->width == 4) {
        float narrow = (float)number;
        uint32_t bits;
        memcpy(&bits, &narrow, sizeof bits);
        v.number = bits;
    } else {
        memcpy(&v.number, &number, sizeof v.number);
    }
    return v;
}
