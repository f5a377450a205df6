/*
 * Both values, the one that is due and the one that came, are walked together, as they are stored or as a text tells them. Where they differ in
 * texts, arrays or numbers and in nothing else, all of these that differ must do so in the same way.
 */
#include "check/leaves.h"

#include "check/graphs.h"
#include "check/mistake.h"
#include "check/values.h"

#include <ctype.h>
#include <stdio.h>

#define PAIRS_MAX 64

struct pair {
    const struct value *due, *came;
};

struct pairs {
    struct pair items[PAIRS_MAX];
    size_t count;
    bool within; // they are no field by themselves
};

static bool is_number(const struct value *v)
{
    enum value_kind k = v->of.type->kind;

    return k == VALUE_INTEGER || k == VALUE_FLOAT || k == VALUE_DOUBLE;
}

/* Texts and rows of bytes, of which a part may be missing. */
static bool is_row(const struct value *v)
{
    enum value_kind k = v->of.type->kind;

    return k == VALUE_STRING || k == VALUE_ARRAY;
}

/* Adds the leaves that differ; false: the values do so otherwise, too. */
static bool pairs_add(struct pairs *p, const struct value *due, const struct value *came)
{
    bool variant = due->of.type->kind == VALUE_VARIANT;

    if (value_equal(due, came))
        return true;
    if (due->of.type != came->of.type || p->count == PAIRS_MAX)
        return false;
    if (is_number(due) || is_row(due) || due->of.type->kind == VALUE_BYTES) {
        p->items[p->count++] = (struct pair){ due, came };
        return true;
    }
    if (due->count != came->count || !due->items || !came->items || due->class != came->class || (variant && due->number != came->number))
        return false;
    for (size_t i = 0; i < due->count; i++)
        if (!pairs_add(p, &due->items[i], &came->items[i]))
            return false;
    return true;
}

static bool pairs_of(const struct evidence *e, struct pairs *p)
{
    struct value *values = ARENA_ARRAY(e->keep, 2, struct value);
    const struct value *due = &values[0], *came = &values[1];
    size_t count = 1;
    bool told = values_told(e, &due, &came, &count);

    *p = (struct pairs){ 0 };
    if (!told && !values_of(e, &values[0], &values[1]))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!pairs_add(p, &due[i], &came[i]))
            return false;
    p->within = told || (p->count && p->items[0].due != due);
    return p->count;
}

/* ---- what is left of texts and arrays ---- */

static size_t unit_size(const struct value *v)
{
    return v->of.type->kind == VALUE_ARRAY ? v->of.type->width : v->wide ? 2 : 1;
}

static bool is_part(struct bytes part, struct bytes all, bool last)
{
    return part.len < all.len && (!part.len || memcmp(part.data, all.data + (last ? all.len - part.len : 0), part.len) == 0);
}

/* Whether what came are the first units of what was due, or its last ones. */
static bool is_cut(const struct pair *p, bool first_lost)
{
    return is_row(p->due) && p->due->wide == p->came->wide && is_part(p->came->data, p->due->data, first_lost);
}

/* Whether the last unit of a text, or byte of a block, has given way to a NUL. */
static bool is_ended_by_nul(const struct pair *p)
{
    size_t step = unit_size(p->due), len = p->due->data.len, nul = 0;

    if ((!is_row(p->due) && p->due->of.type->kind != VALUE_BYTES) || p->due->wide != p->came->wide || p->came->data.len != len || len < 2 * step)
        return false;
    for (size_t i = len - step; i < len; i++)
        nul += p->came->data.data[i] == 0;
    return nul == step && memcmp(p->due->data.data, p->came->data.data, len - step) == 0;
}

const char *cause_ended_by_nul(const struct evidence *e)
{
    struct pairs p;

    if (!pairs_of(e, &p))
        return NULL;
    for (size_t i = 0; i < p.count; i++)
        if (!is_ended_by_nul(&p.items[i]))
            return NULL;
    return arena_printf(e->keep, "a NUL stands in the place of the last %s of %s", p.items[0].due->of.type->kind == VALUE_STRING ? "unit" : "byte", p.items[0].due->of.type->mfc);
}

const char *cause_cut_within(const struct evidence *e)
{
    struct pairs p;
    bool some = false, first = true, last = true;

    if (!pairs_of(e, &p) || !p.within)
        return NULL;
    for (size_t i = 0; i < p.count; i++) {
        some |= p.items[i].came->data.len > 0; // else all are but empty
        first &= is_cut(&p.items[i], true);
        last &= is_cut(&p.items[i], false);
    }
    if (!some || (!first && !last))
        return NULL;
    const struct value *due = p.items[0].due, *came = p.items[0].came;
    return arena_printf(e->keep, "a %s within the value came without the %s %zu of its %zu %ss", due->of.type->mfc, last ? "last" : "first",
                        (due->data.len - came->data.len) / unit_size(due), due->data.len / unit_size(due), due->of.type->kind == VALUE_ARRAY ? "element" : "unit");
}

/* ---- characters that others stand for ---- */

static size_t units(const struct value *v)
{
    return v->data.len / unit_size(v);
}

static unsigned unit_at(const struct value *v, size_t i)
{
    size_t at = i * unit_size(v);

    return v->data.data[at] | (v->wide ? (unsigned)v->data.data[at + 1] << 8 : 0);
}

/* What commonly stands for a character that has no place. */
static bool is_substitute(unsigned unit)
{
    static const unsigned all[] = { '?', ' ', '_', '.', '*', '#', 0x1a, 0x7f, 0xfffd, 0x25a1 };

    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (all[i] == unit)
            return true;
    return false;
}

/* How many units came as *by, the first of them choosing that; 0: the texts differ otherwise. */
static size_t replaced_in(const struct pair *p, unsigned *by)
{
    size_t n = 0;

    if (p->due->of.type->kind != VALUE_STRING || units(p->due) != units(p->came))
        return 0;
    for (size_t i = 0; i < units(p->due); i++) {
        unsigned is = unit_at(p->came, i);
        if (unit_at(p->due, i) == is)
            continue;
        *by = *by ? *by : is;
        if (is != *by || !is_substitute(is))
            return 0;
        n++;
    }
    return n;
}

#define ESCAPE_MIN 2 // units, such as \n
#define ESCAPE_MAX 10 // … \U0001f600, &#128512;

static bool is_plain(unsigned unit)
{
    return unit >= ' ' && unit < 0x7f;
}

/* How many units of what came are an escape, such as %20, that stands for what is due at i; 0: none does. */
static size_t escape_at(const struct pair *p, size_t i, size_t at, size_t for_units)
{
    unsigned begin = unit_at(p->came, at);

    if (begin != '\\' && begin != '&' && begin != '%' && begin != '=')
        return 0;
    for (size_t len = 1; at + len <= units(p->came) && len <= ESCAPE_MAX && (len == 1 || is_plain(unit_at(p->came, at + len - 1))); len++) {
        bool ends = at + len == units(p->came), due_ends = i + for_units >= units(p->due);
        if (len >= ESCAPE_MIN && (ends ? due_ends : !due_ends && unit_at(p->came, at + len) == unit_at(p->due, i + for_units)))
            return len;
    }
    return 0;
}

/* How many characters came as escapes; 0: the texts differ otherwise. */
static size_t escaped_in(const struct pair *p)
{
    size_t n = 0, at = 0, i = 0;

    if (p->due->of.type->kind != VALUE_STRING)
        return 0;
    while (i < units(p->due)) {
        size_t character = mistake_character(p->due, i * unit_size(p->due)) / unit_size(p->due);
        if (at == units(p->came))
            return 0;
        if (unit_at(p->due, i) == unit_at(p->came, at)) {
            i++;
            at++;
            continue;
        }
        size_t len = is_plain(unit_at(p->due, i)) ? 0 : escape_at(p, i, at, character);
        if (!len)
            return 0;
        i += character;
        at += len;
        n++;
    }
    return at == units(p->came) ? n : 0;
}

/* Whether a unit is no letter and no digit: of those no program makes several. */
static bool is_special(unsigned unit)
{
    return !is_plain(unit) || !isalnum((int)unit);
}

/* Whether units [at, at + len) of what came may stand for one: it is not among them, or has a mark before it, such as stands before quotes. */
static bool may_stand_for(const struct value *came, size_t at, size_t len, unsigned one)
{
    static const char marks[] = "\\'\"%&^";
    bool marked = len == 2 && unit_at(came, at + 1) == one && unit_at(came, at) && unit_at(came, at) < 0x80 && strchr(marks, (int)unit_at(came, at));

    for (size_t i = at; !marked && i < at + len; i++)
        if (unit_at(came, i) == one)
            return false;
    return true;
}

/* How many times one special unit came as several, always the same, all else being right; 0: the texts differ otherwise. */
static size_t expanded_in(const struct pair *p, unsigned *one, size_t *by)
{
    size_t first = 0, n = 0, at = 0, due = p->due->of.type->kind == VALUE_STRING ? units(p->due) : 0, came = due ? units(p->came) : 0;

    while (first < due && first < came && unit_at(p->due, first) == unit_at(p->came, first))
        first++;
    if (first && first < came && unit_at(p->came, first) == unit_at(p->due, first - 1))
        first--; // which stands twice
    if (first == due || came <= due || unit_size(p->due) != unit_size(p->came))
        return 0;
    *one = unit_at(p->due, first);
    for (size_t i = 0; i < due; i++)
        n += unit_at(p->due, i) == *one;
    *by = (came - due) / n + 1;
    if ((came - due) % n || *by > ESCAPE_MAX || !is_special(*one) || !may_stand_for(p->came, first, *by, *one))
        return 0;
    for (size_t i = 0; i < due; i++) {
        bool is_one = unit_at(p->due, i) == *one;
        size_t len = is_one ? *by : 1, stands = is_one ? first : at;
        for (size_t k = 0; k < len; k++)
            if (unit_at(p->came, at + k) != (is_one ? unit_at(p->came, stands + k) : unit_at(p->due, i)))
                return 0;
        at += len;
    }
    return n;
}

/* How many characters of two units came as one unit, all others being right; 0: the texts differ otherwise. */
static size_t halved_in(const struct pair *p)
{
    size_t n = 0, at = 0, step;

    if (p->due->of.type->kind != VALUE_STRING || !p->due->wide || !p->came->wide)
        return 0;
    for (size_t i = 0; i < units(p->due); i += step, at++) {
        step = mistake_character(p->due, i * 2) / 2;
        if (at == units(p->came) || (step == 1 && unit_at(p->came, at) != unit_at(p->due, i)))
            return 0;
        n += step == 2;
    }
    return at == units(p->came) ? n : 0;
}

const char *cause_replaced(const struct evidence *e)
{
    struct pairs p;
    unsigned by = 0;
    size_t substituted = 0, escaped = 0, halved = 0, expanded = 0, several = 0;

    if (!pairs_of(e, &p))
        return NULL;
    for (size_t i = 0; i < p.count; i++) {
        size_t n = replaced_in(&p.items[i], &by), m = n ? 0 : escaped_in(&p.items[i]), h = n || m ? 0 : halved_in(&p.items[i]);
        size_t x = n || m || h ? 0 : expanded_in(&p.items[i], &by, &several);
        if (!n && !m && !h && !x)
            return NULL;
        expanded += x;
        substituted += n;
        escaped += m;
        halved += h;
    }
    if (halved)
        return arena_printf(e->keep, "one unit came for %zu character%s of two", halved, halved == 1 ? "" : "s");
    if (escaped)
        return arena_printf(e->keep, "an escape, such as stands in a source text, came for %zu character%s", escaped, escaped == 1 ? "" : "s");
    if (expanded)
        return arena_printf(e->keep, "%zu units came for %zu character%s U+%04X", several, expanded, expanded == 1 ? "" : "s", by);
    return arena_printf(e->keep, "U+%04X came for %zu character%s", by, substituted, substituted == 1 ? "" : "s");
}

/* How often U+FFFD, which stands for bytes that are no character, is in a text, of which a narrow one is in UTF-8. */
static size_t undecoded_in(const struct value *v)
{
    static const uint8_t wide[] = { 0xfd, 0xff }, narrow[] = { 0xef, 0xbf, 0xbd };
    struct bytes mark = v->wide ? (struct bytes){ wide, sizeof wide } : (struct bytes){ narrow, sizeof narrow };
    size_t n = 0;

    for (size_t i = 0; v->of.type->kind == VALUE_STRING && i < units(v); i++)
        n += bytes_begin(mark, bytes_slice(v->data, i * unit_size(v), SIZE_MAX));
    return n;
}

/* How often the texts that differ say that something could not be decoded; 0: one of them does not, or it was due. */
static size_t undecoded_of(const struct pairs *p)
{
    size_t n = 0;

    for (size_t i = 0; i < p->count; i++) {
        size_t came = undecoded_in(p->items[i].came);
        if (!came || undecoded_in(p->items[i].due))
            return 0;
        n += came;
    }
    return n;
}

const char *cause_undecoded(const struct evidence *e)
{
    struct pairs p;
    size_t n = pairs_of(e, &p) ? undecoded_of(&p) : 0;

    return n ? arena_printf(e->keep, "U+FFFD, which stands for what cannot be decoded, came %zu time%s where none is due", n, n == 1 ? "" : "s") : NULL;
}

/* ---- bytes of numbers ---- */

#define BYTES_MIN 3 // different ones, by which their order is known

/* Whether a number has the bytes of the other in another order. */
static bool is_moved(const struct pair *p)
{
    unsigned due[256] = { 0 }, came[256] = { 0 };
    size_t width = p->due->of.type->width, different = 0;

    if (!is_number(p->due) || width < 4)
        return false;
    for (size_t i = 0; i < width; i++) {
        due[p->due->number >> 8 * i & 0xff]++;
        came[p->came->number >> 8 * i & 0xff]++;
    }
    for (size_t i = 0; i < COUNT_OF(due); i++)
        different += due[i] != 0;
    return different >= BYTES_MIN && memcmp(due, came, sizeof due) == 0;
}

const char *cause_bytes_moved(const struct evidence *e)
{
    struct pairs p;

    if (!pairs_of(e, &p))
        return NULL;
    for (size_t i = 0; i < p.count; i++)
        if (!is_moved(&p.items[i]))
            return NULL;
    return arena_printf(e->keep, "the bytes of this %s stand in an order that is neither little-endian nor big-endian", p.items[0].due->of.type->mfc);
}

/* ---- digits of numbers ---- */

#define NEAR 0.004 // of a number: less than this is off in one that has the fewest bits, ten or so, that are in use

static double real(const struct value *v)
{
    uint64_t bits = v->of.type->kind == VALUE_FLOAT ? mistake_widened(v->number) : v->number;
    double d;

    memcpy(&d, &bits, sizeof d);
    return d;
}

const char *cause_nearly(const struct evidence *e)
{
    struct pairs p;

    if (!pairs_of(e, &p))
        return NULL;
    for (size_t i = 0; i < p.count; i++) {
        const struct value *due = p.items[i].due, *came = p.items[i].came;
        enum value_kind k = due->of.type->kind;
        double off = k == VALUE_FLOAT || k == VALUE_DOUBLE ? (real(came) - real(due)) / real(due) : 1;
        if (!(off > -NEAR && off < NEAR) || off == 0) // what is no number is not near
            return NULL;
    }
    return arena_printf(e->keep, "%s is nearly what is due, and has fewer digits", p.items[0].due->of.type->mfc);
}

/* ---- more of texts ---- */

/* Whether behind the field that differs stands what is due there. */
static bool goes_on_right(const struct evidence *e)
{
    struct reader r = { .in = e->field_got, .written = true };
    struct value came;

    value_load(&r, &e->program->profile, NULL, e->field->of, e->keep, &came);
    struct bytes rest = bytes_slice(r.in, r.at, SIZE_MAX), left = bytes_slice(e->due, e->field->at + e->field->len, SIZE_MAX);
    return left.len <= rest.len && (!left.len || memcmp(left.data, rest.data, left.len) == 0);
}

const char *cause_text_more(const struct evidence *e)
{
    struct pairs p;
    bool before = true, behind = true;

    if (!pairs_of(e, &p))
        return NULL;
    for (size_t i = 0; i < p.count; i++) {
        const struct pair turned = { p.items[i].came, p.items[i].due };
        if (p.items[i].due->of.type->kind != VALUE_STRING || !turned.came->data.len)
            return NULL;
        before &= is_cut(&turned, true);
        behind &= is_cut(&turned, false);
    }
    if ((!before && !behind) || !goes_on_right(e))
        return NULL;
    const struct pair *one = &p.items[0];
    size_t n = units(one->came) - units(one->due);
    return arena_printf(e->keep, "%zu unit%s of text stand%s %s what is due of the string, and its length counts %s", n, n == 1 ? "" : "s", n == 1 ? "s" : "", behind ? "behind" : "before", n == 1 ? "it" : "them");
}

/* ---- elements ---- */

/* Whether a collection has one element more at its end, and all else is the same. */
static bool has_one_more(const struct value *due, const struct value *came)
{
    enum value_kind k = due->of.type->kind;
    size_t step = k == VALUE_MAP ? 2 : 1, same = 0;

    if (due->of.type != came->of.type || due->class != came->class)
        return false;
    if (k == VALUE_ARRAY)
        return came->count == due->count + 1 && is_part(due->data, came->data, false);
    while (same < due->count && same < came->count && value_equal(&due->items[same], &came->items[same]))
        same++;
    if (same == due->count)
        return (k == VALUE_LIST || k == VALUE_MAP) && came->count == due->count + step;
    if (!came->items || came->count != due->count || !has_one_more(&due->items[same], &came->items[same]))
        return false;
    while (++same < due->count)
        if (!value_equal(&due->items[same], &came->items[same]))
            return false;
    return true;
}

const char *cause_one_more(const struct evidence *e)
{
    struct value *values = ARENA_ARRAY(e->keep, 2, struct value);
    const struct value *due = &values[0], *came = &values[1];
    size_t count = 1;

    if ((!values_told(e, &due, &came, &count) && !values_of(e, &values[0], &values[1])) || count != 1 || !has_one_more(due, came) || !goes_on_right(e))
        return NULL;
    return "a collection has an element more, at its end, than is due";
}
