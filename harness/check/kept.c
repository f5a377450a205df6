/*
 * What a collection held before is still in it: all that is due is there, and more. A list has that before what is due, a map anywhere. A
 * text shows the same between brackets.
 */
#include "check/values.h"

/* What stands between brackets of a text, and how much of it. */
struct inside {
    const char *begin;
    size_t len; // up to the bracket that closes it
};

/* Elements of a collection, as they are due and as they came. */
struct held {
    size_t due, came;
    bool map, zeroes; // … of which those that are not due are nothing but zeroes
    bool (*same)(const void *of, size_t due, size_t came);
    bool (*is_zero)(const void *of, size_t came);
    const void *of;
};

/* Whether those that are due stand in a row from element c of what came on. */
static bool stands_at(const struct held *h, size_t c)
{
    for (size_t d = 0; d < h->due; d++)
        if (!h->same(h->of, d, c + d))
            return false;
    return true;
}

/* Whether behind those that are due stand zeroes. */
static bool zeroes_stand(const struct held *h)
{
    bool all = stands_at(h, 0);

    for (size_t c = h->due; c < h->came; c++)
        all = all && h->is_zero(h->of, c);
    return all;
}

/* How many elements came beside those that are due, in their order; 0: none, or some are missing. One that stands behind those of a list
 * may as well be one too many; several are what a longer one has left there. */
static size_t more_of(const struct held *h)
{
    size_t more = h->came - h->due, d = 0;

    if (h->came <= h->due)
        return 0;
    if (h->zeroes)
        return zeroes_stand(h) ? more : 0;
    if (!h->map)
        return stands_at(h, more) || (more > 1 && h->due && stands_at(h, 0)) ? more : 0;
    for (size_t c = 0; c < h->came && d < h->due; c++)
        d += h->same(h->of, d, c);
    return d == h->due ? more : 0;
}

/* ---- values ---- */

struct values {
    const struct value *due, *came;
};

static bool same_values(const void *of, size_t due, size_t came)
{
    const struct values *v = of;
    size_t step = v->due->of.type->kind == VALUE_MAP ? 2 : 1;
    bool same = true;

    for (size_t i = 0; i < step; i++)
        same &= value_equal(&v->due->items[step * due + i], &v->came->items[step * came + i]);
    return same;
}

static bool same_numbers(const void *of, size_t due, size_t came)
{
    const struct values *v = of;
    size_t width = v->due->of.type->width;

    return memcmp(v->due->data.data + due * width, v->came->data.data + came * width, width) == 0;
}

static bool is_zero_value(const void *of, size_t came)
{
    const struct value *v = &((const struct values *)of)->came->items[came];

    return !v->number && !v->data.len && !v->count; // an object has members
}

static bool is_zero_number(const void *of, size_t came)
{
    const struct value *v = ((const struct values *)of)->came;
    size_t width = v->of.type->width;
    bool zero = true;

    for (size_t i = 0; i < width; i++)
        zero = zero && v->data.data[came * width + i] == 0;
    return zero;
}

/* How many elements stand in collections of `came` beside those that are due, any or zeroes behind them; 0 also where they differ otherwise. */
static size_t kept_in(const struct value *due, const struct value *came, bool zeroes)
{
    enum value_kind kind = due->of.type->kind;
    bool map = kind == VALUE_MAP;
    const struct values both = { due, came };
    size_t n = 0;

    if (kind != came->of.type->kind || (kind == VALUE_OBJECT && due->class != came->class))
        return 0;
    if ((kind == VALUE_LIST || (map && !zeroes)) && came->count > due->count) {
        const struct held h = { due->count / (1 + map), came->count / (1 + map), map, zeroes, same_values, is_zero_value, &both };
        return more_of(&h);
    }
    if (kind == VALUE_ARRAY) {
        const struct held h = { due->count, came->count, false, zeroes, same_numbers, is_zero_number, &both };
        return more_of(&h);
    }
    if (came->count != due->count || (kind != VALUE_LIST && kind != VALUE_OBJECT && kind != VALUE_TUPLE && !map))
        return 0;
    for (size_t i = 0; i < due->count; i++) {
        size_t within = kept_in(&due->items[i], &came->items[i], zeroes);
        if (!within && !value_equal(&due->items[i], &came->items[i]))
            return 0;
        n += within;
    }
    return n;
}

/* ---- texts ---- */

#define ELEMENTS 256 // of a text that are looked at

struct texts {
    struct inside due[ELEMENTS], came[ELEMENTS];
};

static bool same_texts(const void *of, size_t due, size_t came)
{
    const struct texts *t = of;

    return t->due[due].len == t->came[came].len && memcmp(t->due[due].begin, t->came[came].begin, t->due[due].len) == 0;
}

/* The elements behind a bracket, and where that is closed; NULL: nowhere, or they are too many. */
static const char *elements_of(const char *at, struct inside *to, size_t *count)
{
    int depth = 0;

    *count = 0;
    if (*at == ']' || *at == '}')
        return at;
    for (const char *begin = at;; at++) {
        bool closes = *at == ']' || *at == '}' || *at == ')';
        if (!*at || *count == ELEMENTS)
            return NULL;
        if (depth == 0 && (closes || *at == ',')) {
            to[(*count)++] = (struct inside){ begin, (size_t)(at - begin) };
            begin = at + 1;
        }
        if (closes && depth-- == 0)
            return at;
        depth += *at == '[' || *at == '{' || *at == '(';
    }
}

/* Whether one list or map of a text has more than it is due, and all else is the same. */
static bool kept_in_text(const char *due, const char *came, struct arena *keep)
{
    struct texts *t = ARENA_NEW(keep, struct texts);

    for (size_t at = 0; due[at] && due[at] == came[at]; at++) {
        struct held h = { .map = due[at] == '{', .same = same_texts, .of = t };
        if (due[at] != '[' && due[at] != '{')
            continue;
        *t = (struct texts){ 0 };
        const char *end = elements_of(due + at + 1, t->due, &h.due), *came_end = elements_of(came + at + 1, t->came, &h.came);
        if (end && came_end && strcmp(end, came_end) == 0 && more_of(&h))
            return true;
    }
    return false;
}

/* ---- a count, and elements that are fields by themselves ---- */

/* The strings behind a count that differs, as values; false: something else stands there. */
static bool strings_due(const struct evidence *e, struct value *due, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct field *f = &e->fields->items[e->match.field + 1 + i];
        struct reader r = { .in = bytes_slice(e->due, f->at, f->len) };
        if (!f->of.type || f->any || f->of.type->kind != VALUE_STRING)
            return false;
        value_load(&r, &e->program->profile, NULL, f->of, e->keep, &due[i]);
    }
    return true;
}

/* How many strings came behind such a count before those that are due, which end the message; 0: it is not so. */
static size_t kept_behind_count(const struct evidence *e)
{
    size_t n = e->fields->count - e->match.field - 1, same = 0;
    struct reader r = { .in = bytes_slice(e->got, e->match.start, SIZE_MAX) };
    struct value *due = ARENA_ARRAY(e->keep, n + 1, struct value), came;

    if (!e->field || e->field->any || !e->field->of.type || strcmp(e->field->of.type->name, "count") != 0 || !strings_due(e, due, n))
        return 0;
    uint64_t count = archive_load_count(&r, &e->program->profile);
    if (count <= n || count > r.in.len)
        return 0;
    for (uint64_t i = 0; i < count && r.status == WIRE_OK; i++) {
        value_load(&r, &e->program->profile, NULL, n ? due[0].of : type_named("cstring"), e->keep, &came);
        same += r.status == WIRE_OK && i >= count - n && value_equal(&came, &due[i - (count - n)]);
    }
    struct bytes rest = bytes_slice(r.in, r.at, SIZE_MAX);
    return r.status == WIRE_OK && same == n && (rest.len == 0 || comes_later(e, rest)) ? (size_t)count - n : 0;
}

/* How many of those that are due did not come, and the count counts those that did, in their order. 0: it is not so. */
static size_t lacked_behind_count(const struct evidence *e)
{
    size_t n = e->fields->count - e->match.field - 1;
    struct reader r = { .in = bytes_slice(e->got, e->match.start, SIZE_MAX) };
    struct value *due = ARENA_ARRAY(e->keep, n + 1, struct value), came;
    size_t at = 0;

    if (!e->field || e->field->any || !e->field->of.type || strcmp(e->field->of.type->name, "count") != 0 || !strings_due(e, due, n))
        return 0;
    uint64_t count = archive_load_count(&r, &e->program->profile);
    if (r.status != WIRE_OK || count >= n)
        return 0;
    for (size_t i = 0; i < count && r.status == WIRE_OK; i++) {
        value_load(&r, &e->program->profile, NULL, due[0].of, e->keep, &came);
        if (r.status != WIRE_OK)
            return 0;
        while (at < n && !value_equal(&came, &due[at]))
            at++;
        if (at++ >= n)
            return 0;
    }
    struct bytes rest = bytes_slice(r.in, r.at, SIZE_MAX);
    return rest.len == 0 || comes_later(e, rest) ? n - (size_t)count : 0;
}

const char *cause_lacks_behind_count(const struct evidence *e)
{
    size_t n = e->match.field < e->fields->count ? lacked_behind_count(e) : 0;

    return n ? arena_printf(e->keep, "%zu element%s of a collection %s missing, and %s not counted", n, n == 1 ? "" : "s", n == 1 ? "is" : "are", n == 1 ? "is" : "are") : NULL;
}

const char *cause_kept_before(const struct evidence *e)
{
    struct value due, came;
    TEXT(want);
    TEXT(is);

    if (texts_of(e, &want, &is))
        return kept_in_text(text_string(&want), text_string(&is), e->keep) ? "the collection has more than what is due: what it held before, perhaps" : NULL;
    size_t n = values_of(e, &due, &came) ? kept_in(&due, &came, false) : 0;
    n = n ? n : kept_behind_count(e);
    if (!n)
        return NULL;
    return arena_printf(e->keep, "%zu element%s stand%s beside those that are due: the collection held them before, perhaps", n, n == 1 ? "" : "s", n == 1 ? "s" : "");
}

const char *cause_zeroes_behind(const struct evidence *e)
{
    struct value due, came;
    size_t n = values_of(e, &due, &came) ? kept_in(&due, &came, true) : 0;

    if (n < 2)
        return NULL; // one may be one too many
    return arena_printf(e->keep, "%zu elements, zero or empty, stand behind those that are due: room that the collection has, perhaps", n);
}
