/*
 * Drawn values: a report's seed repeats its run, with the next release, too, and what may be drawn is drawn.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "archive/crc32.h"
#include "archive/objects.h"
#include "archive/value.h"

#define DRAWS 400 // of each type

// clang-format off
/* The CRC-32 of the texts of all draws, a line each. Recorded: no rule says what a seed draws, but it has to stay the same. */
static const struct {
    const char *type;
    uint32_t crc;
} drawn[] = {
    { "byte",              0xb7949d88 },   { "char",              0x92cb9857 },   { "word",              0x40f364a1 },
    { "short",             0x66b971db },   { "int",               0x469343bf },   { "uint",              0x38bbafa5 },
    { "long",              0xfb307ff9 },   { "dword",             0xbb68c8b7 },   { "float",             0x19d25485 },
    { "double",            0xcf650a87 },   { "bool",              0x99c3e0ee },   { "longlong",          0xd4ade439 },
    { "ulonglong",         0x42b0a22a },   { "wchar",             0xfd65dc57 },   { "net16",             0x101dda5e },
    { "net32",             0x2344cc8c },   { "count",             0xe2279716 },   { "cstring",           0xf3d4647c },
    { "cstringa",          0xd7bdb734 },   { "cstringw",          0x7dc35a97 },   { "line",              0xf43ce3e1 },
    { "raw:20",            0x4a377949 },   { "size",              0x83b22238 },   { "point",             0x8e61358a },
    { "rect",              0xa095bfee },   { "bytearray",         0x010b0fe8 },   { "wordarray",         0x8ff60b88 },
    { "dwordarray",        0xa70e0429 },   { "stringarray",       0x75fa5db7 },   { "stringlist",        0x899e4dca },
    { "obarray",           0x9d1c8894 },   { "oblist",            0xad7333fd },   { "mapstringtostring", 0x8032a025 },
    { "mapstringtoob",     0xb77b7b75 },   { "mapwordtoob",       0xf7f19b1b },   { "object",            0x956e22d6 },
    { "class",             0x8d9ac4fd },   { "time",              0xfceca2cf },   { "timespan",          0x60a9f701 },
    { "time64",            0x282ac5d4 },   { "oledatetime",       0xe117a1e7 },   { "oledatetimespan",   0xad79990b },
    { "olecurrency",       0xaf941d1d },   { "olevariant",        0x44c27de5 },   { "combstr",           0xd0a93edf },
};
// clang-format on

static struct type_ref type_of(const char *name)
{
    struct type_ref t;
    struct error err;

    cr_assert(type_parse(name, &t, &err), "%s", err.text);
    return t;
}

Test(archive_draw, a_seed_draws_what_it_always_drew, .timeout = 20)
{
    for (size_t i = 0; i < COUNT_OF(drawn); i++) {
        TEXT(all);
        for (uint64_t seed = 0; seed < DRAWS; seed++) {
            SCRATCH(keep);
            struct random chance = random_for(seed, drawn[i].type, 0);
            struct value v;
            value_draw(&chance, type_of(drawn[i].type), 0, 0, &keep, &v);
            value_make_text(&all, &v);
            text_char(&all, '\n');
        }
        uint32_t crc = crc32_of((struct bytes){ (const uint8_t *)text_string(&all), all.b.len });
        cr_expect(eq(u32, crc, drawn[i].crc), "%s draws 0x%08x", drawn[i].type, (unsigned)crc);
    }
}

Test(archive_draw, every_type_has_a_row, .timeout = 10)
{
    for (const struct type *t = type_table; t < type_table + type_count; t++) {
        struct type_ref own;
        struct error err;
        size_t rows = !type_parse(t->name, &own, &err) && t->kind != VALUE_BYTES; // a part of others
        for (size_t i = 0; i < COUNT_OF(drawn); i++)
            rows += type_of(drawn[i].type).type == t;
        cr_expect(gt(sz, rows, 0), "%s", t->name);
    }
}

/* Text that every code page has: from blank to tilde, both of them, too. */
Test(archive_draw, narrow_text_is_all_that_can_be_printed_and_nothing_else, .timeout = 10)
{
    size_t times[256] = { 0 }, longest = 0, empty = 0;

    for (uint64_t seed = 0; seed < DRAWS; seed++) {
        SCRATCH(keep);
        struct random chance = random_for(seed, "narrow", 0);
        struct value v;
        value_draw(&chance, type_of("cstring"), 0, 0, &keep, &v);
        for (size_t i = 0; i < v.data.len; i++)
            times[v.data.data[i]]++;
        longest = v.data.len > longest ? v.data.len : longest;
        empty += v.data.len == 0;
    }
    for (size_t unit = 0; unit < COUNT_OF(times); unit++)
        cr_expect(eq(int, times[unit] > 0, unit >= ' ' && unit <= '~'), "%zu", unit);
    cr_expect(eq(sz, longest, 40));
    cr_expect(gt(sz, empty, 0));
}

/* One in eight is null; the others are of every class, or of the one that is asked for. */
Test(archive_draw, objects_are_null_at_times_and_of_every_class, .timeout = 10)
{
    SCRATCH(keep);
    size_t times[64] = { 0 }, nulls[2] = { 0 };

    cr_assert(le(sz, class_count, COUNT_OF(times)));
    for (uint64_t seed = 0; seed < DRAWS; seed++) {
        struct random chance = random_for(seed, "object", 0);
        struct value v;
        value_draw(&chance, type_of("object"), 0, 0, &keep, &v);
        nulls[0] += !v.class;
        if (v.class)
            times[v.class - class_table]++;
        value_draw(&chance, type_of("object:CNode"), 0, 0, &keep, &v);
        nulls[1] += !v.class;
    }
    for (size_t i = 0; i < class_count; i++)
        cr_expect(gt(sz, times[i], 0), "%s", class_table[i].name);
    for (size_t i = 0; i < COUNT_OF(nulls); i++)
        cr_expect(nulls[i] > DRAWS / 16 && nulls[i] < DRAWS / 4, "%zu of %d", nulls[i], DRAWS);
}

/* What limits leave is drawn to its last, and nothing beyond; 0 and 0 are no limits. */
Test(archive_draw, limits_are_drawn_to_their_ends, .timeout = 20)
{
    static const struct {
        const char *type;
        uint64_t min, max, first, last; // limits, and what is drawn of numbers or counted of elements
    } rows[] = {
        { "dword", 5, 9, 5, 9 },         { "dword", 0, 3, 0, 3 },        { "byte", 250, 1000, 250, 255 },
        { "byte", 300, 1000, 255, 255 }, { "short", 32765, 40000, 32765, 32767 }, { "count", 0, 4, 0, 4 },
        { "count", UINT32_MAX - 1, UINT64_MAX, UINT32_MAX - 1, UINT32_MAX - 1 },
        { "count", 7, 7, 7, 7 },         { "cstring", 0, 3, 0, 3 },      { "cstringw", 2, 4, 2, 4 },
        { "bytearray", 0, 3, 0, 3 },     { "dwordarray", 2, 5, 2, 5 },   { "stringlist", 0, 2, 0, 2 },
        { "obarray", 1, 3, 1, 3 },       { "mapwordtoob", 0, 2, 0, 2 },
        { "bytearray", 0, 0, 0, 20 },    { "stringlist", 0, 0, 0, 5 },   { "mapwordtoob", 0, 0, 0, 4 },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct type_ref t = type_of(rows[i].type);
        size_t times[32] = { 0 };
        uint64_t wanted = rows[i].last - rows[i].first;
        for (uint64_t seed = 0; seed < DRAWS; seed++) {
            SCRATCH(keep);
            struct random chance = random_for(seed, "limits", 0);
            struct value v;
            value_draw(&chance, t, rows[i].min, rows[i].max, &keep, &v);
            uint64_t n = t.type->kind == VALUE_INTEGER  ? v.number
                         : t.type->kind == VALUE_STRING ? v.data.len / (v.wide ? 2 : 1)
                         : t.type->kind == VALUE_MAP    ? v.count / 2
                                                        : v.count;
            cr_assert(n >= rows[i].first && n - rows[i].first <= wanted, "%s %zu: %llu", rows[i].type, i, (unsigned long long)n);
            times[n - rows[i].first]++;
            if (t.type->kind == VALUE_ARRAY)
                cr_expect(eq(sz, v.count * t.type->width, v.data.len), "%s", rows[i].type);
        }
        for (uint64_t n = 0; n <= wanted; n++)
            cr_expect(gt(sz, times[n], 0), "%s %zu: never %llu", rows[i].type, i, (unsigned long long)(rows[i].first + n));
    }
}
