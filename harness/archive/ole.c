/*
 * Times, and the automation types [8.2, 8.3] as far as they are no plain rows of others.
 */
#include <inttypes.h>
#include <time.h>

#include "archive/ops.h"

#define TIME_MARK 0x8000000a // in front of 64 bits, from 8 on

/* CTime: four bytes up to 7.1, from 8 on marked and twelve; the older form is still read [8.2]. */
static void time_load(struct load *l, struct value *v)
{
    uint32_t n = reader_u32(l->r);

    if (l->p->generation >= 80 && n == TIME_MARK)
        v->number = reader_u64(l->r);
    else
        v->number = (uint64_t)(int32_t)n;
}

static void time_store(struct store *s, const struct value *v)
{
    if (s->p->generation < 80) {
        wire_u32(s->w, (uint32_t)v->number);
        return;
    }
    wire_u32(s->w, TIME_MARK);
    wire_u64(s->w, v->number);
}

static bool time_parse(struct cursor *c, struct value *v)
{
    if (c->p->generation < 80)
        return cursor_number(c, INT32_MIN, INT32_MAX, &v->number);
    return cursor_number(c, INT64_MIN, INT64_MAX, &v->number);
}

/* People are shown the date behind the seconds. */
static void time_say(struct say *s, const struct value *v)
{
    time_t seconds = (time_t)v->number;
    struct tm utc;
    char date[64];

    integer_say(s, v);
    if (s->how == NOTATION_PEOPLE && gmtime_r(&seconds, &utc) &&
        strftime(date, sizeof date, " (%Y-%m-%d %H:%M:%S UTC)", &utc))
        text_add(s->to, date);
}

static bool time_fits(const struct value *v, const struct profile *p)
{
    return p->generation >= 80 || v->number == (uint64_t)(int32_t)v->number;
}

/* What every generation can write. */
static void time_draw(struct draw *d, struct value *v)
{
    v->number = (uint64_t)(int32_t)random_u64(d->chance);
}

const struct type_ops time_ops = { time_load, time_store,    time_say, time_parse,
                                   time_draw, integer_equal, time_fits };
const struct type_ops time64_ops = { integer_load,  integer_store, time_say,
                                     integer_parse, integer_draw,  integer_equal };

/* COleCurrency's amount: the high half first, unlike everything else. */
static void halves_load(struct load *l, struct value *v)
{
    uint64_t high = reader_u32(l->r);

    v->number = high << 32 | reader_u32(l->r);
}

static void halves_store(struct store *s, const struct value *v)
{
    wire_u32(s->w, (uint32_t)(v->number >> 32));
    wire_u32(s->w, (uint32_t)v->number);
}

const struct type_ops halves_ops = { halves_load,   halves_store, integer_say,
                                     integer_parse, integer_draw, integer_equal };

/* VARIANT_BOOL: any word but 0 is true. */
static void truth_load(struct load *l, struct value *v)
{
    v->number = reader_u16(l->r) != 0;
}

static void truth_store(struct store *s, const struct value *v)
{
    wire_u16(s->w, v->number ? 0xffff : 0);
}

const struct type_ops truth_ops = { truth_load, truth_store, bool_say,
                                    bool_parse, bool_draw,   integer_equal };

/* COleDateTimeSpan: 7.0 forgets the status when it writes, not when it reads [VAL-9]. */
static void span_load(struct load *l, struct value *v)
{
    const struct value_part *parts = v->of.type->fields;

    if (l->p->generation != 70 || !l->r->written) {
        tuple_load(l, v);
        return;
    }
    v->count = 2;
    v->items = ARENA_ARRAY(l->keep, v->count, struct value);
    v->items[0].of = type_named(parts[0].type);
    value_load_inner(l, type_named(parts[1].type), &v->items[1]);
}

static void span_store(struct store *s, const struct value *v)
{
    if (s->p->generation != 70)
        value_store_inner(s, &v->items[0]);
    value_store_inner(s, &v->items[1]);
}

/* CComBSTR counts units, a variant's BSTR bytes. */
static void take_units(struct load *l, struct value *v, size_t width)
{
    size_t from = l->r->at;
    uint32_t n = reader_u32(l->r);

    reader_landmark(l->r, from, LANDMARK_UNITS, n, false);
    reader_note(l->r, from, width == 1 ? "%" PRIu32 " bytes" : "length %" PRIu32, n);
    from = l->r->at;
    v->wide = true;
    v->data = reader_take(l->r, bytes_for(n, width));
    if (v->data.len)
        note_value(l, from, "text", v);
}

static void combstr_load(struct load *l, struct value *v)
{
    take_units(l, v, 2);
}

static void combstr_store(struct store *s, const struct value *v)
{
    SCRATCH(scratch);
    struct bytes units = units_as(v, true, &scratch);

    wire_u32(s->w, (uint32_t)(units.len / 2));
    buffer_append(s->w, units.data, units.len);
}

static void bstr_load(struct load *l, struct value *v)
{
    take_units(l, v, 1);
}

static void bstr_store(struct store *s, const struct value *v)
{
    SCRATCH(scratch);
    struct bytes units = units_as(v, true, &scratch);

    wire_u32(s->w, (uint32_t)units.len);
    buffer_append(s->w, units.data, units.len);
}

const struct type_ops combstr_ops = { combstr_load, combstr_store, units_say,
                                      units_parse,  string_draw,   units_equal };
const struct type_ops bstr_ops = { bstr_load,   bstr_store,  units_say,
                                   units_parse, string_draw, units_equal };

/*
 * COleVariant: its vartype, then what a value of that kind is. Kinds that are not in the table, or that the
 * generation lacks, have no body [8.3, VAL-10].
 */
// clang-format off
static const struct variant {
    uint16_t vt;
    uint8_t since;
    const char *type;   // NULL: no body
} variants[] = {
    { 0,  42, NULL        },    // VT_EMPTY
    { 1,  42, NULL        },    // VT_NULL
    { 2,  42, "short"     },
    { 3,  42, "long"      },
    { 4,  42, "float"     },
    { 5,  42, "double"    },
    { 6,  42, "longlong"  },    // VT_CY: here the low half first
    { 7,  42, "double"    },    // VT_DATE
    { 8,  42, "bstr"      },
    { 10, 42, "long"      },    // VT_ERROR
    { 11, 42, "truth"     },
    { 16, 71, "char"      },
    { 17, 42, "byte"      },
    { 18, 71, "word"      },
    { 19, 71, "dword"     },
    { 20, 71, "longlong"  },
    { 21, 71, "ulonglong" },
};
// clang-format on

static const struct variant *variant_find(uint64_t vt, const struct profile *p)
{
    for (const struct variant *x = variants; x < variants + COUNT_OF(variants); x++)
        if (x->vt == vt && p->generation >= x->since)
            return x;
    return NULL;
}

const char *variant_body(uint64_t vt, const struct profile *p)
{
    const struct variant *x = variant_find(vt, p);

    return x ? x->type : NULL;
}

static void variant_load(struct load *l, struct value *v)
{
    size_t from = l->r->at;

    v->number = reader_u16(l->r);
    reader_note(l->r, from, "vartype %" PRIu64, v->number);
    const struct variant *x = variant_find(v->number, l->p);
    if (v->number == 9 || v->number == 13)
        reader_reject(l->r, CAUSE_NONE, "a variant that carries a COM object");
    if (l->r->status != WIRE_OK || !x || !x->type)
        return;
    v->items = ARENA_NEW(l->keep, struct value);
    v->count = 1;
    value_load_inner(l, type_named(x->type), v->items);
}

static void variant_store(struct store *s, const struct value *v)
{
    wire_u16(s->w, (uint16_t)v->number);
    if (v->count)
        value_store_inner(s, v->items);
}

static void variant_say(struct say *s, const struct value *v)
{
    text_printf(s->to, "(%" PRIu64, v->number);
    if (v->count) {
        text_add(s->to, s->how == NOTATION_PEOPLE ? ", " : ",");
        value_say(s, v->items);
    }
    text_char(s->to, ')');
}

static bool variant_parse(struct cursor *c, struct value *v)
{
    const char *from = c->at + 1;

    if (!cursor_expect(c, '(') || !cursor_number(c, 0, UINT16_MAX, &v->number))
        return false;
    const struct variant *x = variant_find(v->number, c->p);
    if (!x) {
        c->at = from;
        return cursor_fail(c, "a vartype of this generation");
    }
    if (x->type) {
        v->items = ARENA_NEW(c->keep, struct value);
        v->count = 1;
        if (!cursor_expect(c, ',') || !value_parse_inner(c, type_named(x->type), v->items))
            return false;
    }
    return cursor_expect(c, ')');
}

/* Only kinds that all generations have. */
static void variant_draw(struct draw *d, struct value *v)
{
    const struct variant *x;

    do
        x = &variants[random_below(d->chance, COUNT_OF(variants))];
    while (x->since > 42);
    v->number = x->vt;
    if (!x->type)
        return;
    v->items = ARENA_NEW(d->keep, struct value);
    v->count = 1;
    value_draw_inner(d, type_named(x->type), v->items);
}

static bool variant_fits(const struct value *v, const struct profile *p)
{
    return variant_find(v->number, p) != NULL;
}

static bool variant_equal(struct compare *c, const struct value *a, const struct value *b)
{
    return a->number == b->number && items_equal(c, a, b);
}

const struct type_ops variant_ops = { variant_load, variant_store, variant_say, variant_parse,
                                      variant_draw, variant_equal, variant_fits };
const struct type_ops span_ops = { span_load,  span_store, tuple_say,
                                   tuple_parse, tuple_draw, items_equal };
