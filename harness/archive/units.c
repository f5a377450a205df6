/*
 * Rows of units: strings and raw bytes in the service's text [service, section 5].
 *
 *   u:00480069      a letter and the digits of each unit: four for u and w, two for a and r
 *   u#1000:9571905c  more than 64: their number and CRC-32
 *   u*1000:0041     equal ones, where a text is to be made into a value
 */
#include <inttypes.h>
#include <stdio.h>

#include "archive/crc32.h"
#include "archive/ops.h"

#define PEOPLE_MAX 40 // units shown to people

size_t units_count(const struct value *v)
{
    return v->wide ? v->data.len / 2 : v->data.len;
}

uint16_t unit_at(const struct value *v, size_t i)
{
    const uint8_t *p = v->data.data;

    if (!v->wide)
        return p[i];
    return (uint16_t)(p[2 * i] | p[2 * i + 1] << 8);
}

struct bytes units_as(const struct value *v, bool wide, struct arena *keep)
{
    size_t n = units_count(v);

    if (v->wide == wide)
        return v->data;
    uint8_t *to = arena_array(keep, n, wide ? 2 : 1);
    for (size_t i = 0; i < n; i++) {
        uint16_t unit = unit_at(v, i);
        if (wide)
            to[2 * i] = (uint8_t)unit;
        else
            to[i] = unit <= 0xff ? (uint8_t)unit : '?';
    }
    return (struct bytes){ to, wide ? 2 * n : n };
}

bool units_equal(struct compare *c, const struct value *a, const struct value *b)
{
    (void)c;
    size_t n = units_count(a);

    if (a->wide == b->wide)
        return bytes_equal(a->data, b->data);
    if (units_count(b) != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (unit_at(a, i) != unit_at(b, i))
            return false;
    return true;
}

static bool all_same(const struct value *v)
{
    for (size_t i = 1, n = units_count(v); i < n; i++)
        if (unit_at(v, i) != unit_at(v, 0))
            return false;
    return true;
}

/* One character as UTF-8; returns the units it took. What is no character, or is not printed, is escaped. */
static size_t say_character(struct text *to, const struct value *v, size_t i)
{
    uint32_t c = unit_at(v, i), low = i + 1 < units_count(v) ? unit_at(v, i + 1) : 0;

    if (c == '"' || c == '\\') {
        text_printf(to, "\\%c", (int)c);
    } else if (c >= ' ' && c < 0x7f) {
        text_char(to, (char)c);
    } else if (c < 0xa0 || !v->wide) {
        text_printf(to, "\\x%02" PRIx32, c);
    } else if (c < 0x800) {
        text_printf(to, "%c%c", (int)(0xc0 | c >> 6), (int)(0x80 | (c & 63)));
    } else if (c >= 0xd800 && c < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
        c = 0x10000 + ((c & 0x3ff) << 10 | (low & 0x3ff));
        text_printf(to, "%c%c%c%c", (int)(0xf0 | c >> 18), (int)(0x80 | (c >> 12 & 63)),
                    (int)(0x80 | (c >> 6 & 63)), (int)(0x80 | (c & 63)));
        return 2;
    } else if (c >= 0xd800 && c < 0xe000) {
        text_printf(to, "\\u%04" PRIx32, c);
    } else {
        text_printf(to, "%c%c%c", (int)(0xe0 | c >> 12), (int)(0x80 | (c >> 6 & 63)),
                    (int)(0x80 | (c & 63)));
    }
    return 1;
}

static void say_quoted(struct text *to, const struct value *v)
{
    size_t n = units_count(v), i = 0;

    text_char(to, '"');
    while (i < n && i < PEOPLE_MAX)
        i += say_character(to, v, i);
    text_add(to, i < n ? "…\"" : "\"");
    if (i < n)
        text_printf(to, " (%zu units)", n);
}

static void say_bytes(struct text *to, struct bytes b)
{
    text_hex(to, bytes_slice(b, 0, PEOPLE_MAX / 2), true);
    if (b.len > PEOPLE_MAX / 2)
        text_printf(to, "… (%zu bytes)", b.len);
}

static void say_digits(struct text *to, unsigned unit, int digits)
{
    while (digits-- > 0)
        text_char(to, "0123456789abcdef"[unit >> (4 * digits) & 15]);
}

void units_say(struct say *s, const struct value *v)
{
    char letter = v->own_width ? "aw"[v->wide] : v->of.type->letter;
    bool wide = letter == 'u' || letter == 'w';
    int digits = wide ? 4 : 2;
    size_t n = units_count(v);
    SCRATCH(scratch);

    if (s->how == NOTATION_PEOPLE && letter == 'r') {
        say_bytes(s->to, v->data);
        return;
    }
    if (s->how == NOTATION_PEOPLE) {
        say_quoted(s->to, v);
        return;
    }
    struct value shown = { .wide = wide, .data = units_as(v, wide, &scratch) };
    if (s->how == NOTATION_TELL && n > SHORT_MAX) {
        text_printf(s->to, "%c#%zu:%08" PRIx32, letter, n, crc32_of(shown.data));
    } else if (s->how == NOTATION_MAKE && n > SHORT_MAX && n <= REPEAT_MAX && all_same(&shown)) {
        text_printf(s->to, "%c*%zu:%0*x", letter, n, digits, unit_at(&shown, 0));
    } else {
        text_char(s->to, letter);
        text_char(s->to, ':');
        for (size_t i = 0; i < n; i++)
            say_digits(s->to, unit_at(&shown, i), digits);
    }
}

static void put_unit(uint8_t *to, size_t i, bool wide, uint64_t unit)
{
    if (wide)
        to[2 * i + 1] = (uint8_t)(unit >> 8);
    to[wide ? 2 * i : i] = (uint8_t)unit;
}

/* Units of a narrow string stay narrow; of a cstring they are wide until it is stored. Within an object it may have a width of its own. */
bool units_parse(struct cursor *c, struct value *v)
{
    char letter = v->of.type->letter;

    v->own_width = letter == 'u' && c->depth && (c->at[0] == 'a' || c->at[0] == 'w');
    if (v->own_width)
        letter = c->at[0];
    char expected[] = { letter, ':', ' ', 'o', 'r', ' ', letter, '*', 0 };
    bool repeated = c->at[0] == letter && c->at[1] == '*';
    uint64_t n, unit;

    v->wide = letter == 'u' || letter == 'w';
    size_t digits = v->wide ? 4 : 2, width = v->wide ? 2 : 1;
    if (c->at[0] != letter || (!repeated && c->at[1] != ':'))
        return cursor_fail(c, expected);
    c->at += 2;
    if (repeated) {
        if (!cursor_repeat(c, &n) || !cursor_hex(c, digits, &unit))
            return false;
    } else {
        n = (strspn(c->at, "0123456789abcdef") + digits - 1) / digits;
    }
    uint8_t *to = arena_array(c->keep, n, width);
    for (size_t i = 0; i < n; i++) {
        if (!repeated && !cursor_hex(c, digits, &unit))
            return false;
        put_unit(to, i, v->wide, unit);
    }
    v->data = (struct bytes){ to, n * width };
    return true;
}

/*
 * raw:N, Read and Write of N bytes.
 */
static void raw_load(struct load *l, struct value *v)
{
    v->data = reader_take(l->r, bytes_for(v->of.size, 1));
}

static void raw_store(struct store *s, const struct value *v)
{
    buffer_append(s->w, v->data.data, v->data.len);
}

static bool raw_parse(struct cursor *c, struct value *v)
{
    const char *from = c->at;
    char expected[40];

    if (!units_parse(c, v))
        return false;
    if (v->data.len == v->of.size)
        return true;
    snprintf(expected, sizeof expected, "%" PRIu64 " bytes", v->of.size);
    c->at = from;
    return cursor_fail(c, expected);
}

static void raw_draw(struct draw *d, struct value *v)
{
    uint8_t *to = arena_alloc(d->keep, bytes_for(v->of.size, 1));

    for (size_t i = 0; i < v->of.size; i++)
        to[i] = (uint8_t)random_u64(d->chance);
    v->data = (struct bytes){ to, v->of.size };
}

const struct type_ops raw_ops = {
    raw_load, raw_store, units_say, raw_parse, raw_draw, units_equal
};
