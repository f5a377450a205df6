/*
 * What a value becomes in the hands of a party that makes a mistake, whether it reads or writes.
 */
#include "check/mistake.h"

#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- numbers ---- */

uint64_t mistake_round(uint64_t bits)
{
    double d;

    memcpy(&d, &bits, sizeof d);
    d = (double)(float)d;
    memcpy(&bits, &d, sizeof d);
    return bits;
}

#define BIGGEST 9.2e18 // that a signed number of 64 bits holds, or a little less

uint64_t mistake_widened(uint64_t bits)
{
    uint32_t narrow = (uint32_t)bits;
    float f;
    double d;

    memcpy(&f, &narrow, sizeof f);
    d = (double)f;
    memcpy(&bits, &d, sizeof d);
    return bits;
}

uint64_t mistake_narrowed(uint64_t bits)
{
    double d;

    memcpy(&d, &bits, sizeof d);
    float f = (float)d;
    uint32_t narrow;
    memcpy(&narrow, &f, sizeof f);
    return narrow;
}

uint64_t mistake_round_digits(uint64_t bits, bool is_float, int digits)
{
    uint64_t wide = is_float ? mistake_widened(bits) : bits;
    char text[400]; // the longest has 309 digits before the point
    double d;

    memcpy(&d, &wide, sizeof d);
    if (d - d != 0) // no number, or an infinite one
        return bits;
    if (digits < 0)
        snprintf(text, sizeof text, "%.*f", -digits, d);
    else
        snprintf(text, sizeof text, "%.*g", digits, d);
    d = strtod(text, NULL);
    memcpy(&wide, &d, sizeof wide);
    return is_float ? mistake_narrowed(wide) : wide;
}

bool mistake_halves(const struct mistake *m, size_t width)
{
    return m->deed == DEED_HALVES && width == (m->n ? (size_t)m->n : 8);
}

bool mistake_resizes(const struct mistake *m, const struct type *t)
{
    bool one = m->deed == DEED_SIZE || m->deed == DEED_SIZE_UNSIGNED || m->deed == DEED_SIZE_BIG, other_float = m->deed == DEED_SIZE && t->width == (m->n == 8 ? 4 : 8) && m->n >= 4;

    return one && (t->kind == VALUE_INTEGER ? t->width != (size_t)m->n : (t->kind == VALUE_FLOAT || t->kind == VALUE_DOUBLE) && other_float);
}

const struct type mistake_vartype = { .name = "vartype", .mfc = "VARTYPE", .kind = VALUE_INTEGER, .width = 2 };
static const struct type word_of_variant = { .name = "vartype", .mfc = "WORD", .kind = VALUE_INTEGER, .width = 2 };

const struct type *mistake_type_of_variant(const struct mistake *m)
{
    return m->of && strcmp(m->of, word_of_variant.mfc) == 0 ? &word_of_variant : &mistake_vartype;
}

uint64_t mistake_round_whole(uint64_t bits, size_t width, bool is_signed, int64_t parts)
{
    unsigned unused = (unsigned)(64 - 8 * width);
    int64_t number = is_signed ? (int64_t)(bits << unused) >> unused : (int64_t)bits;

    if ((!is_signed && number < 0) || (double)number > BIGGEST || (double)number < -BIGGEST)
        return bits;
    if (!parts)
        return (uint64_t)(int64_t)(float)number;
    return (uint64_t)(int64_t)((double)number / (double)parts * (double)parts);
}

uint64_t mistake_low(uint64_t number, size_t width, int64_t n)
{
    unsigned unused = (unsigned)(64 - 8 * (n < 0 ? -n : n)), outside = (unsigned)(64 - 8 * width);
    uint64_t whole = number << outside >> outside, with_sign = (uint64_t)((int64_t)(number << unused) >> unused) << outside >> outside, without = number << unused >> unused;

    if (whole == with_sign || whole == without) // no more than a sign stands in the others: whoever loses that, or finds one there, errs about signs
        return whole;
    return n < 0 ? with_sign : without;
}

struct bytes mistake_low_block(struct bytes b, size_t width, int64_t n, struct arena *keep)
{
    uint8_t *made = arena_array(keep, b.len + 1, 1);

    for (size_t at = 0; at + width <= b.len; at += width) {
        uint64_t number = 0;
        for (size_t i = 0; i < width; i++)
            number |= (uint64_t)b.data[at + i] << 8 * i;
        number = mistake_low(number, width, n);
        for (size_t i = 0; i < width; i++)
            made[at + i] = (uint8_t)(number >> 8 * i);
    }
    return (struct bytes){ made, b.len };
}

bool mistake_is_low(const struct mistake *m, size_t width)
{
    return m->deed == DEED_LOW && width > (size_t)(m->n < 0 ? -m->n : m->n);
}

/* ---- text ---- */

static unsigned unit_at(const struct value *s, size_t at)
{
    return s->wide ? s->data.data[at] | (unsigned)s->data.data[at + 1] << 8 : s->data.data[at];
}

static bool is_blank(unsigned unit, bool wide)
{
    bool far = unit == 0xa0 || unit == 0x1680 || (unit >= 0x2000 && unit <= 0x200a) || unit == 0x2028 || unit == 0x2029 || unit == 0x202f || unit == 0x205f || unit == 0x3000;

    return unit == ' ' || (unit >= '\t' && unit <= '\r') || (wide && far);
}

static bool is_stripped(const struct value *s, size_t at, bool nuls)
{
    return nuls ? unit_at(s, at) == 0 : is_blank(unit_at(s, at), s->wide);
}

static void strip(struct value *s, int64_t which)
{
    size_t step = s->wide ? 2 : 1;

    while (which & (STRIP_END | STRIP_NULS) && s->data.len >= step && is_stripped(s, s->data.len - step, which & STRIP_NULS))
        s->data.len -= step;
    while (which & STRIP_BEGIN && s->data.len >= step && is_stripped(s, 0, false)) {
        s->data.data += step;
        s->data.len -= step;
    }
}

size_t mistake_character(const struct value *s, size_t at)
{
    bool pair = s->wide && at + 4 <= s->data.len && unit_at(s, at) >> 10 == 0xd800 >> 10 && unit_at(s, at + 2) >> 10 == 0xdc00 >> 10;

    return pair ? 4 : s->wide ? 2 : 1;
}

static bool is_replaced(enum deed d, unsigned unit, bool pair)
{
    switch (d) {
    case DEED_LONE_REPLACED:
        return !pair && unit >> 11 == 0xd800 >> 11;
    case DEED_PAIR_REPLACED:
        return pair;
    case DEED_ASCII_ONLY:
        return unit > 0x7f;
    case DEED_LATIN_ONLY:
        return unit > 0xff;
    default:
        return false;
    }
}

/* Of narrow text, where a question mark is a wrong code page, only what is left out is told here. */
static struct bytes replaced(const struct value *s, enum deed d, unsigned by, struct arena *keep)
{
    CLEANUP(buffer_free) struct buffer b = { 0 };
    size_t len;

    for (size_t at = 0; at + (s->wide ? 2 : 1) <= s->data.len; at += len) {
        len = mistake_character(s, at);
        if (!is_replaced(d, unit_at(s, at), len == 4) || (!s->wide && by))
            buffer_append(&b, s->data.data + at, len);
        else if (by)
            wire_u16(&b, (uint16_t)by);
    }
    return arena_bytes(keep, buffer_bytes(&b));
}

static struct bytes without(const struct value *s, unsigned unit, struct arena *keep)
{
    CLEANUP(buffer_free) struct buffer b = { 0 };
    size_t step = s->wide ? 2 : 1;

    for (size_t at = 0; at + step <= s->data.len; at += step)
        if (unit_at(s, at) != unit)
            buffer_append(&b, s->data.data + at, step);
    return arena_bytes(keep, buffer_bytes(&b));
}

static struct bytes with_behind(const struct value *s, unsigned unit, struct arena *keep)
{
    CLEANUP(buffer_free) struct buffer b = { 0 };
    unsigned units[] = { unit, '\n' };

    buffer_append(&b, s->data.data, s->data.len);
    for (size_t i = 0; i < (unit == '\r' ? 2 : 1); i++) {
        wire_u8(&b, (uint8_t)units[i]);
        if (s->wide)
            wire_u8(&b, 0);
    }
    return arena_bytes(keep, buffer_bytes(&b));
}

#define UPPER 0x80 // bytes from here on differ from one code page to the next

/* Narrow text from one code page in another, with a question mark for what that does not have. */
static struct bytes recoded(const struct value *s, const char *from, const char *to, struct arena *keep)
{
    CLEANUP(buffer_free) struct buffer b = { 0 };
    bool plain = true;

    for (size_t i = 0; i < s->data.len && plain; i++)
        plain = s->data.data[i] < UPPER;
    if (plain)
        return s->data;
    iconv_t by = iconv_open(to, from);
    for (size_t i = 0; i < s->data.len; i++) {
        char one = (char)s->data.data[i], made = '?', *in = &one, *out = &made;
        size_t in_len = 1, out_len = 1;
        if (by == (iconv_t)-1 || s->data.data[i] < UPPER)
            made = one;
        else if (iconv(by, &in, &in_len, &out, &out_len) != 0 || out_len)
            made = '?';
        wire_u8(&b, (uint8_t)made);
    }
    if (by != (iconv_t)-1)
        iconv_close(by);
    return arena_bytes(keep, buffer_bytes(&b));
}

static struct bytes in_page(const struct mistake *m, const struct value *v, bool reads, struct arena *keep)
{
    const char *own = m->deed == DEED_CODE_PAGE ? "CP1252" : "ISO-8859-1", *page = arena_printf(keep, "CP%d", (int)m->n);

    return reads ? recoded(v, page, own, keep) : recoded(v, own, page, keep);
}

/* A byte as a unit of the text for which it is taken. */
static uint16_t unit_of(uint8_t byte, iconv_t by)
{
    char *in = (char *)&byte;
    uint16_t unit = 0;
    char *out = (char *)&unit;
    size_t in_len = 1, out_len = sizeof unit;

    if (by == (iconv_t)-1 || byte < UPPER || iconv(by, &in, &in_len, &out, &out_len) != 0)
        return byte;
    return unit;
}

/* Wide text of which each byte that it has in UTF-8 is a unit; half a surrogate pair has three there. */
static struct bytes in_utf8(const struct value *s, bool windows, struct arena *keep)
{
    CLEANUP(buffer_free) struct buffer b = { 0 };
    iconv_t by = windows ? iconv_open("UTF-16LE", "CP1252") : (iconv_t)-1;
    size_t len;

    for (size_t at = 0; at + 2 <= s->data.len; at += len) {
        len = mistake_character(s, at);
        unsigned c = len == 4 ? 0x10000 + ((unit_at(s, at) & 0x3ff) << 10 | (unit_at(s, at + 2) & 0x3ff)) : unit_at(s, at);
        unsigned more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
        wire_u16(&b, unit_of((uint8_t)(more ? (0xff00u >> (more + 1) & 0xff) | c >> 6 * more : c), by));
        while (more-- > 0)
            wire_u16(&b, unit_of((uint8_t)(0x80 | (c >> 6 * more & 0x3f)), by));
    }
    if (by != (iconv_t)-1)
        iconv_close(by);
    return arena_bytes(keep, buffer_bytes(&b));
}

size_t mistake_stripped(const struct mistake *m, struct bytes b, size_t width)
{
    size_t kept = 0;

    for (size_t at = 0; at + width <= b.len; at += width) {
        bool zero = true;
        for (size_t i = 0; i < width; i++)
            zero &= b.data[at + i] == 0;
        if (zero && m->n)
            return at;
        kept = zero ? kept : at + width;
    }
    return m->n ? b.len : kept;
}

static bool is_cut_at(int64_t n, unsigned unit, bool wide)
{
    bool ends_line = (unit >= '\n' && unit <= '\r') || (unit >= 0x1c && unit <= 0x1e) || (wide && (unit == 0x85 || unit == 0x2028 || unit == 0x2029));

    return n == CUT_LINES ? ends_line : unit == (unsigned)n;
}

struct value mistake_units(const struct mistake *m, const struct value *v, bool reads, struct arena *keep)
{
    struct value s = *v;
    size_t step = v->wide ? 2 : 1;
    enum deed d = m->deed;

    for (size_t at = 0; d == DEED_CUT_AT && at + step <= s.data.len; at += step)
        if (is_cut_at(m->n, unit_at(&s, at), s.wide))
            s.data.len = at;
    if (!v->wide && (d == DEED_CODE_PAGE || d == DEED_CODE_PAGE_LATIN))
        s.data = in_page(m, v, reads, keep);
    if (d == DEED_STRIP)
        strip(&s, m->n);
    if (d == DEED_LONE_REPLACED || d == DEED_PAIR_REPLACED || d == DEED_ASCII_ONLY || d == DEED_LATIN_ONLY)
        s.data = replaced(v, d, (unsigned)m->n, keep);
    if (d == DEED_UNIT_LEFT)
        s.data = without(v, (unsigned)m->n, keep);
    if (d == DEED_MARK_TAKEN && v->wide && s.data.len >= 2 && unit_at(v, 0) == 0xfeff)
        s.data = bytes_slice(s.data, 2, SIZE_MAX);
    if (v->wide && d == DEED_UTF8_UNITS)
        s.data = in_utf8(v, m->n, keep);
    if (d == DEED_UNIT_BEHIND)
        s.data = with_behind(v, (unsigned)m->n, keep);
    if (d == DEED_CUT_HALF && v->wide && strcmp(v->of.type->name, "line") != 0) // which has no length
        s.data.len = s.data.len / 4 * 2;
    if (d == DEED_CUT_TO && s.data.len > step * (size_t)m->n) {
        s.data.len = step * (size_t)m->n;
    }
    if (!v->wide && (d == DEED_UTF8 || d == DEED_QUESTION || d == DEED_7BIT)) {
        CLEANUP(buffer_free) struct buffer b = { 0 };
        for (size_t i = 0; i < s.data.len; i++) {
            uint8_t c = s.data.data[i];
            if (c > 0x7f && d == DEED_UTF8) {
                wire_u8(&b, 0xc0 | c >> 6);
                c = 0x80 | (c & 0x3f);
            }
            wire_u8(&b, c > 0x7f && d == DEED_QUESTION ? '?' : d == DEED_7BIT ? c & 0x7f : c);
        }
        s.data = arena_bytes(keep, buffer_bytes(&b));
    }
    return s;
}

bool mistake_is_null(const struct value *v)
{
    return v->of.type->kind == VALUE_OBJECT && !v->class && !v->number;
}

size_t mistake_nulls(const struct value *collection)
{
    size_t step = collection->of.type->kind == VALUE_MAP ? 2 : 1, n = 0;

    for (size_t i = step - 1; i < collection->count; i += step)
        n += mistake_is_null(&collection->items[i]);
    return n;
}
