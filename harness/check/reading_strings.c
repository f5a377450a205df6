/*
 * What the mistaken reader does with strings and their lengths.
 */
#include "check/reading_parts.h"

#include "check/forms.h"

#define ESCAPE 0xff

static uint64_t get_7bit(struct reader *r)
{
    uint64_t n = 0;
    uint8_t byte = 0x80;

    for (unsigned i = 0; i < 63 && byte & 0x80 && r->status == WIRE_OK; i += 7) {
        byte = reader_u8(r);
        n |= (uint64_t)(byte & 0x7f) << i;
    }
    return n;
}

/* Whether a length of so many bytes is taken for none. */
static bool is_none(const struct reading *g, uint64_t n, size_t width)
{
    uint64_t m = (uint64_t)g->m->n, mark = width == 1 ? ESCAPE : width == 2 ? 0xffff : 0xffffffff;

    if (does(g, DEED_LENGTH_NONE))
        return m == mark && n == mark;
    return does(g, DEED_LENGTH_SIGNED) && m == (width == 1 ? 0x80 : 0x8000) && width <= 2 && n >= m && n < mark;
}

/* One length, or the mark of a wide string: then *marked. */
uint64_t reading_length(struct reading *g, struct reader *r, const char *of, bool behind, bool *marked)
{
    bool swap = (does(g, DEED_SWAP_LENGTHS) || does(g, DEED_SWAP_ALL)) && about(g, of);
    bool meant = form_is_of_width(g->m, behind), narrow = does(g, DEED_LENGTH_SHORT) && !form_is_of_width(g->m, true);
    enum deed deed = meant ? g->m->deed : DEED_NONE;
    int64_t m = form_number(g->m);

    *marked = false;
    if ((does(g, DEED_LENGTH_BYTES) || does(g, DEED_LENGTH_7BIT) || does(g, DEED_LENGTH_AS_COUNT) || does(g, DEED_LENGTH_FOUR) || narrow) && !behind && r->in.len - r->at > 2 && memcmp(r->in.data + r->at, "\xff\xfe\xff", 3) == 0) {
        reader_take(r, 3);
        *marked = true;
        return 0;
    }
    if (deed == DEED_LENGTH_BYTES && about(g, of))
        return take(r, (size_t)(m < 0 ? -m : m), m < 0);
    if (deed == DEED_LENGTH_7BIT && about(g, of))
        return get_7bit(r);
    if (deed == DEED_LENGTH_AS_COUNT && about(g, of)) {
        uint64_t count = take(r, 2, false);
        return count == 0xffff ? take(r, 4, false) : count;
    }
    uint64_t n = reader_u8(r);
    if (is_none(g, n, 1) && about(g, of))
        return 0;
    bool taken = deed == DEED_LENGTH_TAKEN && m < ESCAPE && n >= (uint64_t)m && n < ESCAPE && about(g, of);
    if ((n < ESCAPE && !taken) || (deed == DEED_LENGTH_SHORT && m == 1 && about(g, of)))
        return n;
    size_t from = r->at;
    if (deed == DEED_LENGTH_FOUR && about(g, of))
        return take(r, 4, false);
    n = take(r, 2, does(g, DEED_SWAP_MARK) && !behind && about(g, of));
    if (n != MARK && does(g, DEED_SWAP_MARK) && !behind)
        n = (n & 0xff) << 8 | n >> 8;
    if (n == MARK && !(behind ? !(does(g, DEED_MARK_AGAIN) && about(g, of)) : does(g, DEED_MARK_UNKNOWN) && about(g, of))) {
        *marked = true;
        return 0;
    }
    if (deed == DEED_LENGTH_ONE_FF && (n & 0xff) == 0xff && about(g, of)) {
        r->at = r->status == WIRE_OK ? from + 1 : r->at;
        return take(r, 4, false);
    }
    n = reading_signed(g, swap && m != 4 ? (n & 0xff) << 8 | n >> 8 : n, 2, DEED_LENGTH_OF_SIGNED, of);
    if (is_none(g, n, 2) && about(g, of))
        return 0;
    taken = deed == DEED_LENGTH_TAKEN && m > ESCAPE && n >= (uint64_t)m && n < 0xffff && about(g, of);
    if ((n < 0xffff && !taken) || (deed == DEED_LENGTH_SHORT && m == 3 && about(g, of)))
        return n;
    swap = swap && m != 2;
    n = reading_signed(g, take(r, 4, swap), 4, DEED_LENGTH_OF_SIGNED, of);
    if (is_none(g, n, 4) && about(g, of))
        return 0;
    if (n == 0xffffffff && deed == DEED_LENGTH_SHORT && m == 7 && about(g, of))
        return n;
    if (deed == DEED_LENGTH_QUAD && n != 0xffffffff && about(g, of))
        return take(r, 8, swap);
    return n == 0xffffffff ? take(r, 8, swap) : n;
}

static void turn_units(struct reading *g, struct value *v)
{
    uint8_t *turned = arena_array(g->keep, v->data.len + 1, 1);

    for (size_t i = 0; i + 1 < v->data.len; i += 2) {
        turned[i] = v->data.data[i + 1];
        turned[i + 1] = v->data.data[i];
    }
    v->data.data = turned;
}

/* Up to a newline, or also up to a CR alone: as no ReadString does [STR-23]. */
static void take_line(struct reading *g, struct reader *r, struct value *v)
{
    CLEANUP(buffer_free) struct buffer got = { 0 };
    size_t width = g->p->charset == CHARSET_UNICODE ? 2 : 1;
    uint64_t unit;

    v->wide = width == 2;
    while (unit = take(r, width, false), r->status == WIRE_OK && unit != '\n' && !(unit == '\r' && does(g, DEED_LINE_AT_CR)))
        for (size_t i = 0; i < width; i++)
            wire_u8(&got, (uint8_t)(unit >> 8 * i));
    struct reader next = *r;
    if (unit == '\r' && r->status == WIRE_OK && take(&next, width, false) == '\n' && next.status == WIRE_OK)
        *r = next;
    v->data = arena_bytes(g->keep, buffer_bytes(&got));
    if (unit == '\r' || memchr(v->data.data, '\r', v->data.len))
        about(g, v->of.type->mfc);
}

/* A line of the other width, and what its units are in this one. */
static void take_other_width(struct reading *g, struct reader *r, struct value *v)
{
    CLEANUP(buffer_free) struct buffer got = { 0 };
    bool unicode = g->p->charset == CHARSET_UNICODE;
    uint64_t unit;

    v->wide = true; // also what is more than a byte is told by an ANSI build
    while (unit = take(r, unicode ? 1 : 2, false), r->status == WIRE_OK && unit != '\n')
        wire_u16(&got, (uint16_t)unit);
    v->data = arena_bytes(g->keep, buffer_bytes(&got));
    about(g, v->of.type->mfc);
}

/* A line up to whatever ends it. */
static void take_units(struct reading *g, struct reader *r, struct value *v, unsigned end, bool swap)
{
    CLEANUP(buffer_free) struct buffer got = { 0 };
    size_t width = g->p->charset == CHARSET_UNICODE ? 2 : 1;
    uint64_t unit;

    v->wide = width == 2;
    while (unit = take(r, width, swap), r->status == WIRE_OK && unit != end)
        for (size_t i = 0; i < width; i++)
            wire_u8(&got, (uint8_t)(unit >> 8 * i));
    v->data = arena_bytes(g->keep, buffer_bytes(&got));
    about(g, v->of.type->mfc);
}

static void get_line(struct reading *g, struct reader *r, struct value *v)
{
    if (does(g, DEED_LINE_AT_CR) || does(g, DEED_LINE_KEEPS_CR)) {
        take_line(g, r, v);
        return;
    }
    if (does(g, DEED_LINE_WIDTH)) {
        take_other_width(g, r, v);
        return;
    }
    bool turned = does(g, DEED_SWAP_UNITS) || does(g, DEED_SWAP_ALL), ends = does(g, DEED_LINE_ENDS);
    if (g->p->charset == CHARSET_UNICODE ? turned || ends : ends)
        take_units(g, r, v, ends ? (unsigned)g->m->n : '\n', turned && about(g, v->of.type->mfc));
    else
        value_load(r, g->p, NULL, v->of, g->keep, v);
    if (does(g, DEED_NUL_BEHIND) && about(g, v->of.type->mfc))
        reader_take(r, v->wide ? 2 : 1);
    if (r->status != WIRE_OK)
        return;
    struct value kept = mistake_units(g->m, v, true, g->keep);
    if (!bytes_equal(kept.data, v->data))
        g->about = v->of.type->mfc;
    v->data = kept.data;
}

/* Units that so many characters take. */
static uint64_t units_of(struct reading *g, const struct reader *r, const char *of, uint64_t characters)
{
    const struct value rest = { .wide = true, .data = bytes_slice(r->in, r->at, SIZE_MAX) };
    size_t at = 0;
    uint64_t n = 0;

    for (; n < characters && at + 2 <= rest.data.len; n++)
        at += mistake_character(&rest, at);
    if (at != 2 * n)
        about(g, of);
    return at / 2 + (characters - n);
}

static bool build_is_wide(const struct reading *g, const struct type *t)
{
    return t->width ? t->width == 2 : g->p->charset == CHARSET_UNICODE;
}

/* Bytes of one width as units of the other, which is that of the string's type. */
static void copy_units(struct reading *g, struct value *v)
{
    bool into_wide = g->m->n, own = build_is_wide(g, v->of.type);

    if (v->wide == into_wide || own != into_wide || !v->data.len)
        return;
    v->wide = into_wide;
    v->data.len -= into_wide ? v->data.len % 2 : 0;
    about(g, v->of.type->mfc);
}

/* Units that have other bytes than their own. */
static void take_sized(struct reading *g, struct reader *r, struct value *v, uint64_t units)
{
    size_t step = v->wide ? 2 : 1, size = (size_t)g->m->n;
    struct bytes from = reader_take(r, units < SIZE_MAX / 8 ? (size_t)units * size : SIZE_MAX);
    uint8_t *made = arena_array(g->keep, from.len * step + 1, 1);

    for (size_t i = 0; i < from.len / size; i++)
        for (size_t k = 0; k < step && k < size; k++)
            made[i * step + k] = from.data[i * size + k];
    v->data = (struct bytes){ made, from.len / size * step };
}

void reading_string(struct reading *g, struct reader *r, struct value *v)
{
    const struct type *t = v->of.type;
    bool com = strcmp(t->name, "combstr") == 0, bstr = strcmp(t->name, "bstr") == 0, again = false;
    uint64_t units;

    if (strcmp(t->name, "line") == 0) {
        get_line(g, r, v);
        return;
    }
    if (com || bstr) {
        bool swap = (does(g, DEED_SWAP_LENGTHS) || does(g, DEED_SWAP_ALL)) && about(g, t->mfc), sized = does(g, DEED_LENGTH_BYTES) && g->m->of && g->m->n == form_number(g->m) && g->m->n != 4 && g->m->n != -4 && about(g, t->mfc);
        int64_t m = g->m->n;
        bool as_string = does(g, DEED_BSTR_AS_STRING) && bstr == (m == 2) && about(g, t->mfc);
        if (as_string) {
            units = reading_length(g, r, t->mfc, false, &again);
            units = again ? reading_length(g, r, t->mfc, true, &again) : units;
        } else {
            units = reading_signed(g, take(r, !sized ? 4 : (size_t)(m < 0 ? -m : m), sized ? m < 0 : swap), 4, DEED_LENGTH_OF_SIGNED, t->mfc);
        }
        v->wide = true;
        if (does(g, DEED_LENGTH_PLUS) && (units || m < 0) && about(g, t->mfc))
            units = (uint32_t)(units - (uint64_t)m * (bstr ? 2 : 1));
        if (bstr && !as_string && !(does(g, DEED_COUNTS_UNITS) && about(g, t->mfc)))
            units /= 2;
    } else {
        units = reading_length(g, r, t->mfc, false, &v->wide);
        for (again = v->wide; again;)
            units = reading_length(g, r, t->mfc, true, &again);
        if (does(g, DEED_NO_PREFIX) && !v->wide && g->p->charset == CHARSET_UNICODE && t->width != 1)
            v->wide = about(g, t->mfc);
    }
    if (does(g, DEED_WIDE_AS_NARROW) && v->wide && units && !com && !bstr && about(g, t->mfc))
        v->wide = false;
    size_t step = v->wide ? 2 : 1;
    if (does(g, DEED_COUNTS_BYTES) && !bstr && v->wide && about(g, t->mfc))
        units /= 2;
    if (does(g, DEED_LENGTH_PLUS) && !com && !bstr && (units || g->m->n < 0) && about(g, t->mfc))
        units -= (uint64_t)g->m->n;
    if (does(g, DEED_COUNTS_CHARS) && v->wide && units)
        units = units_of(g, r, t->mfc, units);
    if (does(g, DEED_UNIT_SIZE) && v->wide == (g->m->n != 2) && units && about(g, t->mfc))
        take_sized(g, r, v, units);
    else
        v->data = reader_take(r, units < SIZE_MAX / 4 ? (size_t)units * step : SIZE_MAX);
    if (does(g, DEED_UNITS_COPIED) && !com && !bstr)
        copy_units(g, v);
    if (does(g, DEED_COUNTS_NUL) && v->data.len && about(g, t->mfc))
        v->data.len -= step;
    if (does(g, DEED_NUL_BEHIND) && about(g, t->mfc))
        reader_take(r, step);
    if ((does(g, DEED_BYTE_BEHIND) || does(g, DEED_BYTE_SKIPPED)) && about(g, t->mfc))
        reader_take(r, 1);
    if (v->wide && (does(g, DEED_SWAP_UNITS) || does(g, DEED_SWAP_ALL)) && about(g, t->mfc))
        turn_units(g, v);
    struct value kept = mistake_units(g->m, v, true, g->keep);
    if (!bytes_equal(kept.data, v->data))
        g->about = t->mfc;
    v->data = kept.data;
    bool own = v->wide == build_is_wide(g, t);
    static const struct mistake cuts = { .deed = DEED_CUT_AT };
    if (!com && !bstr && g->p->generation < 80 && (g->p->generation >= 70 || !own))
        v->data = mistake_units(&cuts, v, true, g->keep).data; // [STR-19]
}
