/*
 * What the tables of golden bytes do not come to: texts that end where they must not, values beyond what is
 * shown or noted, comparisons that fail late.
 */
#include "test_archive.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

#include "archive/objects.h"

static struct type_ref type_of(const char *name)
{
    struct type_ref t;
    struct error err;

    cr_assert(type_parse(name, &t, &err), "%s", err.text);
    return t;
}

static struct value value_of(const char *type, const char *text, struct arena *keep)
{
    struct value v;
    struct error err;

    cr_assert(value_parse(text, type_of(type), &profile_default, keep, &v, &err), "%s", err.text);
    return v;
}

// clang-format off
static const struct {
    const char *type, *text;
} refused[] = {
    { "line", "x" },           { "line", "u:0000" },        { "line", "u:0061000d" },  { "raw:2", "x" },
    { "bytearray", "[*x:1]" }, { "bytearray", "[*1048577:1]" }, { "bytearray", "[*2;1]" },
    { "stringlist", "x" },     { "stringlist", "[x]" },     { "obarray", "[null;null]" },
    { "mapwordtoob", "x" },    { "mapwordtoob", "{5=null;6=null}" }, { "mapwordtoob", "{5=x}" },
    { "mapwordtoob", "{5:null}" }, { "mapwordtoob", "{x=null}" },
    { "olevariant", "x" },     { "olevariant", "(x)" },     { "olevariant", "(3,x)" }, { "olevariant", "(3;1)" },
    { "class", "X:1" },        { "class", "CVersioned" },   { "class", "CVersioned:x" }, { "class", "CAge:2" },
    { "object", "CVersioned:x(1)" }, { "object", "CNope(1)" }, { "object", "@0" },     { "object", "@x" },
    { "cstring", "u*5;0041" }, { "cstring", "u*1048577:0041" }, { "cstring", "u*2:004" }, { "cstring", "u:004" },
    { "float", "3g800000" },   { "float", "3F800000" },     { "float", "3f8000" },     { "bool", "yes" },
    { "ulonglong", "18446744073709551616" }, { "ulonglong", "99999999999999999999" },  { "longlong", "-9223372036854775809" },
    { "byte", "" },            { "byte", "-0" },            { "byte", "01" },          { "byte", "00" }, { "byte", "09" }, { "size", "(1,2" },
    { "time", "1 " },
};
// clang-format on

Test(archive_edges, broken_texts_are_refused_and_leave_the_value_alone, .timeout = 10)
{
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        SCRATCH(keep);
        struct error err = { 0 };
        struct value v = { .number = 4711 };
        cr_expect(not(value_parse(refused[i].text, type_of(refused[i].type), &profile_default, &keep, &v, &err)),
                  "%s %s", refused[i].type, refused[i].text);
        cr_expect(eq(int, err.kind, ERROR_INPUT), "%s %s", refused[i].type, refused[i].text);
        cr_expect(eq(u64, v.number, 4711), "%s %s", refused[i].type, refused[i].text);
    }
}

// clang-format off
static const struct {
    const char *type, *one, *other;
} unequal[] = {
    { "mapwordtoob", "{1=null}", "{2=null}" },
    { "mapwordtoob", "{1=CAge(1),2=CNode(2,null)}", "{2=CNode(3,null),1=CAge(1)}" },
    { "olevariant",  "(3,1)", "(3,2)" },
    { "obarray",     "[@1]", "[@2]" },
    { "obarray",     "[CAge(1),CAge(1),@1]", "[CAge(1),CAge(1),@2]" },
    { "obarray",     "[CAge(1),null]", "[CAge(1),@1]" },
    { "obarray",     "[CAge(1),CAge(1)]", "[CAge(1),@1]" },
    { "object",      "@7", "CAge(1)" },
    { "object",      "CLetter:600(u:0041)", "CLetter:601(u:0041)" },
    { "class",       "CVersioned:2", "CVersioned:3" },
};
static const struct {
    const char *type, *one, *other;
} equal[] = {
    { "mapwordtoob", "{1=CAge(1),2=CNode(2,null)}", "{2=CNode(2,null),1=CAge(1)}" },
    { "mapwordtoob", "{1=null,1=CAge(1)}", "{1=CAge(1)}" },
    { "object",      "@7", "@7" },
};
// clang-format on

Test(archive_edges, what_differs_late_is_not_equal, .timeout = 10)
{
    SCRATCH(keep);

    for (size_t i = 0; i < COUNT_OF(unequal); i++) {
        struct value a = value_of(unequal[i].type, unequal[i].one, &keep);
        struct value b = value_of(unequal[i].type, unequal[i].other, &keep);
        cr_expect(not(value_equal(&a, &b)), "%s %s", unequal[i].one, unequal[i].other);
        cr_expect(not(value_equal(&b, &a)), "%s %s", unequal[i].other, unequal[i].one);
    }
    for (size_t i = 0; i < COUNT_OF(equal); i++) {
        struct value a = value_of(equal[i].type, equal[i].one, &keep);
        struct value b = value_of(equal[i].type, equal[i].other, &keep);
        cr_expect(value_equal(&a, &b), "%s %s", equal[i].one, equal[i].other);
    }
}

/* 65 entries: one more than get a note of their own, and more than people are shown. */
static const struct {
    const char *type, *before, *behind, *shown; // before and behind the byte that each entry has of its own
} many[] = {
    { "mapwordtoob", "", "00 0000", "…} (65 entries)" },
    { "stringarray", "01", "", "…] (65 elements)" },
    { "wordarray", "", "00", "…] (65 elements)" },
};

Test(archive_edges, long_collections_are_noted_and_shown_in_part, .timeout = 10)
{
    for (size_t i = 0; i < COUNT_OF(many); i++) {
        SCRATCH(keep);
        TEXT(hex);
        TEXT(shown);
        TEXT(made);
        struct span_list spans = { .keep = &keep };
        struct value v, again;
        struct error err;
        text_add(&hex, "4100");
        for (unsigned k = 0; k < 65; k++)
            text_printf(&hex, "%s%02x%s", many[i].before, k + 32, many[i].behind);
        struct reader r = { .in = wire_of(text_string(&hex), &keep), .spans = &spans };
        value_load(&r, &profile_default, NULL, type_of(many[i].type), &keep, &v);
        cr_assert(eq(int, r.status, WIRE_OK), "%s", many[i].type);
        cr_expect(eq(sz, r.at, r.in.len), "%s", many[i].type);
        cr_expect(ge(sz, spans.count, 64), "%s", many[i].type);
        cr_expect(le(sz, spans.count, 3 * 64 + 66), "%s", many[i].type);
        value_print(&shown, &v);
        cr_expect(ne(ptr, (char *)strstr(text_string(&shown), many[i].shown), NULL), "%s", text_string(&shown));
        value_make_text(&made, &v);
        cr_assert(value_parse(text_string(&made), v.of, &profile_default, &keep, &again, &err), "%s", err.text);
        cr_expect(value_equal(&v, &again), "%s", many[i].type);
    }
}

/* As many elements as get a note of their own, and one more: each note is that of its two bytes. */
Test(archive_edges, elements_beyond_64_share_a_note, .timeout = 10)
{
    for (size_t count = 64; count <= 65; count++) {
        SCRATCH(keep);
        TEXT(hex);
        struct span_list spans = { .keep = &keep };
        struct value v;
        text_printf(&hex, "%02zx00", count);
        for (size_t k = 0; k < count; k++)
            text_printf(&hex, "%02zx00", k + 7);
        struct reader r = { .in = wire_of(text_string(&hex), &keep), .spans = &spans };
        value_load(&r, &profile_default, NULL, type_of("wordarray"), &keep, &v);
        cr_assert(eq(int, r.status, WIRE_OK));
        cr_assert(eq(sz, r.at, 2 + 2 * count));
        size_t notes = 0;
        for (size_t i = 0; i < spans.count; i++) {
            const struct span *one = &spans.items[i];
            char meaning[32];
            if (one->meaning[0] == '[') {
                snprintf(meaning, sizeof meaning, "[%zu] %zu", notes, notes + 7);
                cr_expect(eq(str, (char *)one->meaning, meaning));
                cr_expect(eq(sz, one->at, 2 + 2 * notes));
                cr_expect(eq(sz, one->len, 2));
                notes++;
            }
        }
        const struct span *last = &spans.items[spans.count - 1];
        cr_expect(eq(sz, notes, 64));
        cr_expect(eq(str, (char *)last->meaning, count == 64 ? "[63] 70" : "1 more elements"));
        cr_expect(eq(sz, last->at, count == 64 ? 128 : 130));
        cr_expect(eq(sz, last->len, 2));
    }
}

/* More than a repeat may stand for is spelt out. */
Test(archive_edges, what_a_repeat_cannot_hold_is_spelt_out, .timeout = 20)
{
    SCRATCH(keep);
    struct bytes zeroes = { arena_alloc(&keep, 1048577), 1048577 };
    struct value array = value_bytes(type_of("bytearray"), zeroes), raw = value_bytes(type_of("raw:4"), zeroes);
    TEXT(array_text);
    TEXT(raw_text);

    value_make_text(&array_text, &array);
    cr_expect(eq(sz, array_text.b.len, 2 * 1048577 + 1));
    value_make_text(&raw_text, &raw);
    cr_expect(eq(sz, raw_text.b.len, 2 * 1048577 + 2));
}

Test(archive_edges, a_reader_that_has_failed_loads_nothing, .timeout = 10)
{
    SCRATCH(keep);
    struct reader r = { .in = BYTES(1, 2, 3, 4), .status = WIRE_SHORT, .need = 9 };
    struct value v = { .number = 4711 };

    value_load(&r, &profile_default, NULL, type_of("dword"), &keep, &v);
    cr_expect(eq(u64, v.number, 4711));
    cr_expect(eq(sz, r.at, 0));
    cr_expect(eq(sz, r.need, 9));
}

/* Each of the kinds that can carry objects, on its own. */
Test(archive_edges, without_a_table_a_fresh_one_serves, .timeout = 10)
{
    static const struct {
        const char *type, *text;
    } rows[] = {
        { "object", "CAge(1)" }, { "class", "CAge:1" }, { "oblist", "[CAge(1),@1]" },
        { "mapwordtoob", "{5=CAge(1)}" }, { "word", "7" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        CLEANUP(buffer_free) struct buffer w = { 0 };
        struct value v = value_of(rows[i].type, rows[i].text, &keep), again;
        value_store(&w, &profile_default, NULL, &v);
        struct reader r = { .in = buffer_bytes(&w) };
        value_load(&r, &profile_default, NULL, v.of, &keep, &again);
        cr_expect(eq(int, r.status, WIRE_OK), "%s", rows[i].type);
        cr_expect(value_equal(&v, &again), "%s", rows[i].type);
    }
}

Test(archive_edges, drawing_keeps_limits_and_classes, .timeout = 10)
{
    SCRATCH(keep);
    struct random chance = random_for(1, "edges", 0);
    struct value v;

    for (int i = 0; i < 200; i++) {
        value_draw(&chance, type_of("count"), 5, 9, &keep, &v);
        cr_expect(v.number >= 5 && v.number <= 9);
        value_draw(&chance, type_of("dword"), 0, 3, &keep, &v);
        cr_expect(v.number <= 3);
        value_draw(&chance, type_of("byte"), 250, 1000, &keep, &v);
        cr_expect(v.number >= 250 && v.number <= 255);
        value_draw(&chance, type_of("object:CNode"), 0, 0, &keep, &v);
        bool node_or_null = !v.class || strcmp(v.class->name, "CNode") == 0;
        cr_expect(node_or_null);
    }
}

Test(archive_edges, names_of_generations, .timeout = 10)
{
    uint8_t generation = 0;

    cr_expect(profile_generation_parse("7.1", &generation));
    cr_expect(eq(u8, generation, 71));
    cr_expect(not(profile_generation_parse("7.2", &generation)));
    cr_expect(eq(str, (char *)profile_generation_name(80), "8"));
    cr_expect(eq(str, (char *)profile_generation_name(81), "unknown"));
    cr_expect(not(predicate_valid("")));
    cr_expect(not(predicate_valid("ansi,")));
    cr_expect(not(profile_matches(&profile_default, "ansi,>7.1")));
}

static const struct golden counts[] = {
    { "32 bits", "bits=32", "count", "4294967295", "ff ff ff ff ff ff" },
    { "64 bits before 7.0 do not exist", "generation=6.0", "count", "4294967295", "ff ff ff ff ff ff" },
    { "64 bits", "", "count", "4294967296", "ff ff ff ff ff ff 00 00 00 00 01 00 00 00" },
};

Test(archive_edges, counts_at_their_limits, .timeout = 10)
{
    golden_loads(counts, COUNT_OF(counts), false);
    golden_stores(counts, COUNT_OF(counts));
    golden_prefixes(counts, COUNT_OF(counts));
}
