/*
 * Causes that show in one value: of an object, a list, a text; and in what the peer must have read to come to it.
 */
#include "check/values.h"

#include "check/graphs.h"
#include "check/history.h"
#include "check/readers.h"

#include <ctype.h>
#include <stdlib.h>

bool values_of(const struct evidence *e, struct value *due, struct value *got)
{
    struct reader d = { .in = e->field_due, .written = true }, g = { .in = e->field_got, .written = true };

    if (!e->field || !e->field->of.type || e->field->any)
        return false;
    value_load(&d, &e->program->profile, NULL, e->field->of, e->keep, due);
    value_load(&g, &e->program->profile, NULL, e->field->of, e->keep, got);
    return d.status == WIRE_OK && g.status == WIRE_OK;
}

#define TEXT_MAX 4000 // units of a text that is looked at

bool texts_of(const struct evidence *e, struct text *due, struct text *got)
{
    struct value want, is;

    if (!values_of(e, &want, &is) || want.of.type->kind != VALUE_STRING || want.data.len > TEXT_MAX || is.data.len > TEXT_MAX)
        return false;
    for (size_t i = 0; i < want.data.len; i += want.wide ? 2 : 1)
        text_char(due, (char)want.data.data[i]);
    for (size_t i = 0; i < is.data.len; i += is.wide ? 2 : 1)
        text_char(got, (char)is.data.data[i]);
    return true;
}

bool tells_again(const struct evidence *e)
{
    struct history h;

    history_make(e, &h);
    return h.told < h.count && h.parts[h.told].field == e->field;
}

/* ---- what is left of a value ---- */

static bool has(struct bytes all, size_t at, struct bytes part)
{
    return at <= all.len && part.len <= all.len - at && (!part.len || memcmp(all.data + at, part.data, part.len) == 0);
}

const char *cause_value_cut(const struct evidence *e)
{
    struct value want, is;

    if (!values_of(e, &want, &is) || want.wide != is.wide || is.data.len >= want.data.len || !is.data.len)
        return NULL;
    enum value_kind kind = want.of.type->kind;
    size_t step = kind == VALUE_ARRAY ? want.of.type->width : want.wide ? 2 : 1, gone = want.data.len - is.data.len;
    if ((kind != VALUE_STRING && kind != VALUE_ARRAY) || (!has(want.data, 0, is.data) && !has(want.data, gone, is.data)) || tells_again(e))
        return NULL;
    return arena_printf(e->keep, "the %s came without %s %zu of its %zu %ss", want.of.type->mfc, has(want.data, 0, is.data) ? "the last" : "the first", gone / step,
                        want.data.len / step, kind == VALUE_ARRAY ? "element" : "unit");
}

/* ---- numbers in texts ---- */

/* How many digits stand there. */
static size_t digits(const char *text)
{
    return strspn(text, "0123456789");
}

const char *cause_number_off(const struct evidence *e)
{
    TEXT(due);
    TEXT(got);
    uint64_t want = 0, is = 0;
    size_t others = 0;

    if (!texts_of(e, &due, &got))
        return NULL;
    for (const char *x = text_string(&due), *y = text_string(&got); *x || *y;) {
        size_t a = digits(x), b = digits(y);
        if (!a != !b || a > 9 || b > 9 || (!a && *x != *y))
            return NULL;
        if (a && (a != b || memcmp(x, y, a) != 0)) {
            want = strtoull(x, NULL, 10);
            is = strtoull(y, NULL, 10);
            others++;
        }
        x += a ? a : 1;
        y += b ? b : 1;
    }
    if (others != 1 || (want != is + 1 && is != want + 1) || tells_again(e))
        return NULL;
    return arena_printf(e->keep, "a number in the text is one too %s: it is told as %llu where %llu is due", is > want ? "large" : "small",
                        (unsigned long long)is, (unsigned long long)want);
}

/* ---- schemas ---- */

/* Where the text that begins there says which schema an object has, "CVersioned:3(", behind the colon; else NULL. */
static const char *schema_in(const char *text, const char *at)
{
    const char *begin = at;

    while (begin > text && (begin[-1] == '-' || (begin[-1] >= '0' && begin[-1] <= '9')))
        begin--;
    if (begin == text || begin[-1] != ':')
        return NULL;
    const char *name = begin - 1;
    while (name > text && ((name[-1] >= 'A' && name[-1] <= 'Z') || (name[-1] >= 'a' && name[-1] <= 'z')))
        name--;
    return class_find((struct bytes){ (const uint8_t *)name, (size_t)(begin - 1 - name) }) ? begin : NULL;
}

/* Whether the two are alike but for members that a class has from a schema on, which are 0 here. */
static bool lacks_later(const struct value *due, const struct value *got)
{
    const struct value_part *parts = due->of.type->kind == VALUE_TUPLE ? due->of.type->fields : NULL;
    bool lacks = false;

    if (!due->items || !got->items || due->count != got->count || due->of.type != got->of.type || due->class != got->class)
        return false;
    for (size_t i = 0; i < due->count; i++) {
        if (value_equal(&due->items[i], &got->items[i]))
            continue;
        if (!(parts && parts[i].since && got->items[i].number == 0) && !lacks_later(&due->items[i], &got->items[i]))
            return false;
        lacks = true;
    }
    return lacks;
}

/* … of values that a text tells. */
static bool told_lack_later(const struct evidence *e)
{
    const struct value *due, *got;
    size_t count, lack = 0;

    if (!values_told(e, &due, &got, &count))
        return false;
    for (size_t i = 0; i < count; i++) {
        bool lacks = lacks_later(&due[i], &got[i]);
        if (!lacks && !value_equal(&due[i], &got[i]))
            return false;
        lack += lacks;
    }
    return lack;
}

const char *cause_wrong_schema(const struct evidence *e)
{
    static const char lacks[] = "the object lacks what its class has from its schema on";
    struct value want, is;
    TEXT(due);
    TEXT(got);

    if (e->field && e->field->of.type && e->field->of.type->kind == VALUE_OBJECT)
        return values_of(e, &want, &is) && lacks_later(&want, &is) ? lacks : NULL;
    if (told_lack_later(e))
        return lacks;
    if (!texts_of(e, &due, &got))
        return NULL;
    const char *x = text_string(&due), *y = text_string(&got);
    size_t same = 0;
    while (x[same] && x[same] == y[same])
        same++;
    const char *a = schema_in(x, x + same), *b = schema_in(y, y + same);
    if (!a || !b || a - x != b - y)
        return NULL;
    return arena_printf(e->keep, "the object is told with schema %.*s, where %.*s is due", (int)strcspn(b, "("), b, (int)strcspn(a, "("), a);
}

/* ---- counts ---- */

const char *cause_count_wrong(const struct evidence *e)
{
    enum value_kind k = e->field && e->field->of.type && !e->field->any ? e->field->of.type->kind : VALUE_INTEGER;
    struct reader d = { .in = e->field_due }, g = { .in = bytes_slice(e->got, e->match.start, SIZE_MAX) };

    if (k != VALUE_ARRAY && k != VALUE_LIST && k != VALUE_MAP)
        return NULL;
    uint64_t due = archive_load_count(&d, &e->program->profile), is = archive_load_count(&g, &e->program->profile);
    struct bytes want = bytes_slice(d.in, d.at, SIZE_MAX), rest = bytes_slice(g.in, g.at, want.len);
    if (d.status != WIRE_OK || g.status != WIRE_OK || due == is || d.at != g.at || !bytes_equal(want, rest))
        return NULL;
    return arena_printf(e->keep, "the count of the %s is another one, though its elements are those that are due: it reads %llu where %llu is due", e->field->of.type->mfc,
                        (unsigned long long)is, (unsigned long long)due);
}

/* ---- texts ---- */

static bool is_of_number(char c)
{
    return isxdigit((unsigned char)c);
}

/* Whether a part of a text can be missing and the numbers around it be the same: it begins and ends where they do. */
static bool is_apart(const char *text, size_t at, size_t len)
{
    bool begins = !at || !is_of_number(text[at - 1]) || !is_of_number(text[at]);

    return begins && (!is_of_number(text[at + len - 1]) || !is_of_number(text[at + len]));
}

const char *cause_text_cut(const struct evidence *e)
{
    const struct value *values, *others;
    size_t count, before = 0;
    TEXT(due);
    TEXT(got);

    if (!texts_of(e, &due, &got))
        return NULL;
    const char *x = text_string(&due), *y = text_string(&got);
    size_t long_one = strlen(x), short_one = strlen(y), missing = long_one - short_one;
    while (x[before] && x[before] == y[before])
        before++;
    if (long_one <= short_one || strcmp(x + before + missing, y + before) != 0)
        return NULL;
    bool any = short_one && tells_again(e) && !values_told(e, &values, &others, &count); // it tells no values, and so no others
    while (any && before && !is_apart(x, before, missing) && x[before - 1] == x[before + missing - 1])
        before--; // where it is missing cannot be seen
    if (x[before] != ',' && !(any && is_apart(x, before, missing)))
        return NULL;
    return arena_printf(e->keep, "a part of the value is missing: %.*s", (int)(missing > 60 ? 60 : missing), x + before);
}

/* ---- blocks ---- */

/* Whether bytes differ before `end` alone: what is due behind that is there, and no more, or a later reply. What may be any has no place. */
static bool differs_before(const struct evidence *e, size_t end)
{
    struct bytes behind = bytes_slice(e->got, e->due.len, SIZE_MAX);

    for (size_t i = 0; i < e->fields->count; i++)
        if (e->fields->items[i].any)
            return false;
    return e->match.status == MATCH_MISMATCH && e->got.len >= e->due.len && has(e->got, end, bytes_slice(e->due, end, SIZE_MAX)) && (!behind.len || comes_later(e, behind));
}

#define BLOCK_MIN 64 // bytes without a type that are no structure which a case spells out

/* The bytes without a type, in fields beside each other, among which the difference lies. False: it does not. */
static bool block_of(const struct evidence *e, size_t *begin, size_t *end)
{
    const struct fields *all = e->fields;
    size_t first = e->match.field, last = first;

    if (!e->field || e->field->of.type)
        return false;
    while (first > 0 && !all->items[first - 1].of.type)
        first--;
    while (last + 1 < all->count && !all->items[last + 1].of.type)
        last++;
    *begin = all->items[first].at;
    *end = all->items[last].at + all->items[last].len;
    return *end - *begin >= BLOCK_MIN;
}

/* Whether it may be told by tags what a value is, which other causes look at. */
static bool is_of_tags(const struct type *t)
{
    return t->kind == VALUE_OBJECT || t->kind == VALUE_CLASS || t->kind == VALUE_LIST || t->kind == VALUE_MAP;
}

const char *cause_typed_differs(const struct evidence *e)
{
    const struct field *f = e->field;

    if (!f || !f->of.type || is_of_tags(f->of.type) || !differs_before(e, f->at + f->len))
        return NULL;
    return arena_printf(e->keep, "the %s has other bytes than those that are due, which are none of its values, and all else is right", f->of.type->mfc);
}

const char *cause_block_differs(const struct evidence *e)
{
    size_t begin, end, differ = 0;

    if (!block_of(e, &begin, &end) || !differs_before(e, end))
        return NULL;
    for (size_t i = begin; i < end; i++)
        differ += e->due.data[i] != e->got.data[i];
    return arena_printf(e->keep, "%zu of the %zu bytes of a block are others than those that are due, and all else is right", differ, end - begin);
}

/* Whether b has each `width` bytes of a in the reverse order, and what is left behind them as it is. */
static bool is_turned(struct bytes a, struct bytes b, size_t width)
{
    size_t groups = a.len / width * width;

    for (size_t i = 0; i < groups; i++)
        if (a.data[i] != b.data[i - i % width + width - 1 - i % width])
            return false;
    return groups && memcmp(a.data + groups, b.data + groups, a.len - groups) == 0;
}

#define TURNED_MIN 4 // bytes of a block

const char *cause_block_turned(const struct evidence *e)
{
    const struct type *t = e->field && !e->field->any ? e->field->of.type : NULL;
    struct bytes due = e->field_due, got = bytes_slice(e->field_got, 0, due.len);
    struct bytes left = bytes_slice(e->due, e->field ? e->field->at + due.len : 0, SIZE_MAX), rest = bytes_slice(e->field_got, due.len, left.len);

    if (!e->field || e->field->any || (t && t->kind != VALUE_BYTES) || due.len < TURNED_MIN || got.len < due.len || !bytes_equal(rest, left))
        return NULL;
    for (size_t width = 2; width <= 8; width *= 2)
        if (is_turned(due, got, width))
            return arena_printf(e->keep, "each %zu bytes of the block stand in the reverse order", width);
    return NULL;
}

/* ---- chance ---- */

#define MUCH 16 // bytes from which on it can be told

const char *cause_random(const struct evidence *e)
{
    bool seen[256] = { false };
    size_t distinct = 0, right = 0, n = e->got.len < 256 ? e->got.len : 256;

    for (size_t i = 0; i < n; i++) {
        distinct += !seen[e->got.data[i]];
        seen[e->got.data[i]] = true;
        right += i < e->due.len && e->got.data[i] == e->due.data[i];
    }
    if (n < MUCH || e->match.at > 0 || right > 1 || distinct * 10 < (n < 64 ? n * 9 : n * 5))
        return NULL;
    return arena_printf(e->keep, "what came has nothing in common with what was due: of its first %zu bytes %zu are different ones", n, distinct);
}

/* ---- what the peer has read ---- */

const char *cause_paused(const struct evidence *e, size_t strays)
{
    struct refusal r;

    if (e->before && refusal_due(e->program, (size_t)(e->before->op - e->program->ops), e->keep))
        return NULL;
    for (size_t i = 0; i < e->trace->count; i++)
        if (e->trace->events[i].kind == TRACE_FIN_SENT && e->trace->events[i].on == e->op->on && e->trace->events[i].op < (size_t)(e->op - e->program->ops))
            return NULL;
    for (size_t i = 0; i < e->program->vector->service->refusal_count; i++) {
        if (!refusal_read(e->program, i, e->got, e->keep, &r) || r.len > strays)
            continue;
        const struct value *cause = refusal_value(&r, "cause");
        if (cause && cause->number == CAUSE_END_OF_FILE)
            return arena_printf(e->keep, "the peer took a pause for the end of the stream: it said \"%s\", cause 3 (endOfFile), before all was sent", r.name);
    }
    return NULL;
}
