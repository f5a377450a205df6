/*
 * Values from JSON: how an author writes them, by kind of value.
 *
 * A number that a double would round must be a string, so that other readers of the file see the same; json/
 * sees to that. Text is ASCII where it becomes narrow bytes, unless the service names a code page; of text whose
 * width is the peer's, it always is.
 */
#include "vector/vector.h"

#include "base/hex.h"

#define TIMES_MAX (16u << 20) // units in one literal; a case with more is a mistake

static bool integer_parse(const struct json *at, struct type_ref t, struct value *out, struct error *err)
{
    unsigned bits = t.type->width * 8;
    uint64_t u = 0;
    int64_t i = 0;

    if (strcmp(t.type->name, "bool") == 0) {
        bool truth;
        if (!json_bool(at, &truth, err))
            return false;
        *out = value_integer(t, truth);
        return true;
    }
    if (bits == 0 || bits > 64)
        bits = 64;
    if (t.type->is_signed) {
        int64_t max = (int64_t)(UINT64_MAX >> (65 - bits));
        if (!json_i64(at, -max - 1, max, &i, err))
            return false;
        u = (uint64_t)i;
    } else if (!json_u64(at, UINT64_MAX >> (64 - bits), &u, err)) {
        return false;
    }
    *out = value_integer(t, u);
    return true;
}

static bool bits_parse(const struct json *at, struct type_ref t, struct value *out, struct error *err)
{
    size_t digits = t.type->kind == VALUE_FLOAT ? 8 : 16;
    const char *text;
    uint8_t bytes[8];

    if (!json_string(at, &text, err))
        return false;
    if (strlen(text) != digits || !hex_parse(text, digits, bytes))
        return json_error(at, err, "expected %zu hex digits, the IEEE bits", digits);
    uint64_t bits = 0;
    for (size_t i = 0; i < digits / 2; i++)
        bits = bits << 8 | bytes[i];
    *out = (struct value){ .of = t, .number = bits };
    return true;
}

/* UTF-8, which json/ has checked, to units of the width. */
static bool units_append(const struct json *at, const char *text, bool wide, const struct codepage *page,
                         struct buffer *units, struct error *err)
{
    struct error wrong;

    if (!wide && page)
        return codepage_encode(page, text, units, &wrong) || json_error(at, err, "%s", wrong.text);
    for (const uint8_t *s = (const uint8_t *)text; *s;) {
        uint32_t c = *s++;
        int more = c < 0x80 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
        if (more)
            c &= 0x3fu >> more;
        for (; more; more--)
            c = c << 6 | (*s++ & 0x3f);
        if (!wide) {
            if (c > 0x7f)
                return json_error(at, err, "narrow text is ASCII here: other characters depend on a code page");
            wire_u8(units, (uint8_t)c);
        } else if (c < 0x10000) {
            wire_u16(units, (uint16_t)c);
        } else {
            wire_u16(units, (uint16_t)(0xd800 + ((c - 0x10000) >> 10)));
            wire_u16(units, (uint16_t)(0xdc00 + ((c - 0x10000) & 0x3ff)));
        }
    }
    return true;
}

/* {"unit": …, "times": N} */
static bool run_parse(const struct json *at, const struct json **unit, uint64_t *times, struct error *err)
{
    static const char *const keys[] = { "unit", "times", NULL };

    if (!json_known(at, keys, err))
        return false;
    *unit = json_get(at, "unit");
    const struct json *n = json_get(at, "times");
    if (!*unit || !n)
        return json_error(at, err, "expected \"unit\" and \"times\"");
    return json_u64(n, TIMES_MAX, times, err);
}

static struct bytes repeated(struct bytes unit, uint64_t times, struct arena *keep)
{
    size_t all = unit.len * times;
    uint8_t *to = arena_alloc(keep, all + 1);

    if (all > 0) {
        memcpy(to, unit.data, unit.len);
        bytes_repeat(to, unit.len, all);
    }
    return (struct bytes){ to, all };
}

static bool is_wide(struct type_ref t)
{
    return t.type->width == 2;
}

static bool string_parse(const struct json *at, struct type_ref t, const struct codepage *page, struct arena *keep,
                         struct value *out, const char **template, struct error *err)
{
    CLEANUP(buffer_free) struct buffer units = { 0 };
    bool wide = is_wide(t);
    uint64_t times = 1;
    const struct json *unit = at;
    const char *text;

    if (at->kind == JSON_OBJECT && json_get(at, "hex")) {
        static const char *const keys[] = { "hex", NULL };
        struct bytes raw;
        if (!json_known(at, keys, err) || !json_string(json_get(at, "hex"), &text, err))
            return false;
        const char *wrong = hex_read(text, keep, &raw);
        if (wrong)
            return json_error(at, err, "%s", wrong);
        if (wide && raw.len % 2)
            return json_error(at, err, "units of two bytes: expected an even number of bytes");
        *out = value_string(t, wide, raw);
        return true;
    }
    if (at->kind == JSON_OBJECT && !run_parse(at, &unit, &times, err))
        return false;
    if (!json_string(unit, &text, err))
        return false;
    if (template && unit == at && strchr(text, '{'))
        *template = text;
    if (!units_append(unit, text, wide, t.type->width == 1 ? page : NULL, &units, err))
        return false;
    size_t one = units.len;
    if (times * one > TIMES_MAX)
        return json_error(at, err, "longer than %u bytes", TIMES_MAX);
    *out = value_string(t, wide, repeated(buffer_bytes(&units), times, keep));
    return true;
}

static bool raw_parse(const struct json *at, struct type_ref t, struct arena *keep, struct value *out,
                      struct error *err)
{
    struct bytes data;
    const char *text;

    if (!json_string(at, &text, err))
        return false;
    const char *wrong = hex_read(text, keep, &data);
    if (wrong)
        return json_error(at, err, "%s", wrong);
    if (data.len != t.size)
        return json_error(at, err, "%zu bytes where raw:%llu wants %llu", data.len, (unsigned long long)t.size,
                          (unsigned long long)t.size);
    *out = (struct value){ .of = t, .data = data };
    return true;
}

static bool tuple_parse(const struct json *at, struct type_ref t, struct arena *keep, struct value *out,
                        struct error *err)
{
    struct type_ref of_long;

    if (!json_is(at, JSON_ARRAY, err))
        return false;
    if (at->count != type_fields(t.type))
        return json_error(at, err, "expected %zu numbers, found %zu", type_fields(t.type), at->count);
    if (!type_parse("long", &of_long, err))
        return false;
    struct value *items = ARENA_ARRAY(keep, at->count, struct value);
    size_t n = 0;
    for json_each (e, at)
        if (!integer_parse(e, of_long, &items[n++], err))
            return false;
    *out = (struct value){ .of = t, .items = items, .count = at->count };
    return true;
}

static bool array_parse(const struct json *at, struct type_ref t, struct arena *keep, struct value *out,
                        struct error *err)
{
    CLEANUP(buffer_free) struct buffer data = { 0 };
    uint64_t max = UINT64_MAX >> (64 - 8 * t.type->width), times = 1, v;
    const struct json *unit = at->first;
    size_t count = at->count;

    if (at->kind == JSON_OBJECT) {
        if (!run_parse(at, &unit, &times, err))
            return false;
        count = 1;
    } else if (!json_is(at, JSON_ARRAY, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++, unit = unit->next) {
        if (!json_u64(unit, max, &v, err))
            return false;
        for (unsigned k = 0; k < t.type->width; k++)
            wire_u8(&data, (uint8_t)(v >> 8 * k));
    }
    *out = (struct value){ .of = t, .data = repeated(buffer_bytes(&data), times, keep), .count = count * times };
    return true;
}

static bool list_parse(const struct json *at, struct type_ref t, struct arena *keep, struct value *out,
                       struct error *err)
{
    struct type_ref of_string;

    if (!json_is(at, JSON_ARRAY, err) || !type_parse("cstring", &of_string, err))
        return false;
    struct value *items = ARENA_ARRAY(keep, at->count, struct value);
    size_t n = 0;
    for json_each (e, at)
        if (!string_parse(e, of_string, NULL, keep, &items[n++], NULL, err))
            return false;
    *out = (struct value){ .of = t, .items = items, .count = at->count };
    return true;
}

/* Graphs and the like: the service's own notation. */
static bool notation_parse(const struct json *at, struct type_ref t, struct arena *keep, struct value *out,
                           struct error *err)
{
    const char *text;
    struct error wrong;

    if (!json_string(at, &text, err))
        return false;
    return value_parse(text, t, &profile_default, keep, out, &wrong) || json_error(at, err, "%s", wrong.text);
}

bool literal_parse(const struct json *at, struct type_ref t, const struct codepage *page, struct arena *keep,
                   struct value *out, const char **template, struct error *err)
{
    switch (t.type->kind) {
    case VALUE_INTEGER:
        return integer_parse(at, t, out, err);
    case VALUE_FLOAT:
    case VALUE_DOUBLE:
        return bits_parse(at, t, out, err);
    case VALUE_STRING:
        return string_parse(at, t, page, keep, out, template, err);
    case VALUE_BYTES:
        return raw_parse(at, t, keep, out, err);
    case VALUE_TUPLE:
        if (at->kind == JSON_STRING)
            return notation_parse(at, t, keep, out, err);
        return tuple_parse(at, t, keep, out, err);
    case VALUE_ARRAY:
        return array_parse(at, t, keep, out, err);
    case VALUE_LIST:
        if (at->kind != JSON_STRING)
            return list_parse(at, t, keep, out, err);
        return notation_parse(at, t, keep, out, err);
    case VALUE_MAP:
    case VALUE_OBJECT:
    case VALUE_CLASS:
    case VALUE_VARIANT:
        return notation_parse(at, t, keep, out, err);
    }
    return json_error(at, err, "values of %s are not written here", t.type->name);
}
