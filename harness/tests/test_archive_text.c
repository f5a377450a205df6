/*
 * Values as text and back, at the limits of each notation: what is spelt out, what is repeated, what is cut; and
 * which values are the same.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "archive/objects.h"
#include "test_archive.h"

#define CAGE "ffff 0100 0400 43416765 "

static struct value made(const char *type, const char *text, struct arena *keep)
{
    struct type_ref t;
    struct error err;
    struct value v = { 0 };

    cr_assert(type_parse(type, &t, &err), "%s", err.text);
    cr_assert(value_parse(text, t, &profile_default, keep, &v, &err), "%s", err.text);
    return v;
}

/* One value behind others. */
static struct value loaded(const char *before, const char *type, const char *hex, struct arena *keep)
{
    struct object_table *table = object_table_new(keep);
    struct reader r = { .in = wire_of(before, keep) };
    struct type_ref object, t;
    struct error err;
    struct value v = { 0 };

    cr_assert(type_parse("object", &object, &err) && type_parse(type, &t, &err), "%s", err.text);
    while (r.at < r.in.len && r.status == WIRE_OK)
        value_load(&r, &profile_default, table, object, keep, &v);
    r = (struct reader){ .in = wire_of(hex, keep), .status = r.status };
    value_load(&r, &profile_default, table, t, keep, &v);
    cr_assert(eq(int, r.status, WIRE_OK), "%s", hex);
    return v;
}

/*
 * As many equal elements as given, but for one (none if it is beyond); 64 are spelt out, 65 told by their sum or made
 * from a repeat, where they are equal.
 */
static const struct notation {
    const char *type, *open, *join, *one, *other, *close;
    const char *repeat, *sum; // 65 equal ones, for MAKE and as told
} notations[] = {
    { "cstring", "u:", "", "0041", "0141", "", "u*65:0041", "u#65:" },
    { "cstringa", "a:", "", "41", "42", "", "a*65:41", "a#65:" },
    { "cstringw", "w:", "", "0041", "0042", "", "w*65:0041", "w#65:" },
    { "bytearray", "[", ",", "7", "8", "]", "[*65:7]", "[#65:" },
    { "wordarray", "[", ",", "7", "263", "]", "[*65:7]", "[#65:" },
    { "dwordarray", "[", ",", "7", "65543", "]", "[*65:7]", "[#65:" },
};

static const char *spelt(const struct notation *n, size_t count, size_t odd, struct arena *keep)
{
    TEXT(text);

    text_add(&text, n->open);
    for (size_t i = 0; i < count; i++)
        text_printf(&text, "%s%s", i ? n->join : "", i == odd ? n->other : n->one);
    text_add(&text, n->close);
    return arena_string(keep, text_string(&text));
}

Test(archive_text, up_to_64_are_spelt_out_and_more_only_where_they_differ, .timeout = 10)
{
    static const size_t odd[] = { 0, 1, 2, 32, 63, 64 };

    for (const struct notation *n = notations; n < notations + COUNT_OF(notations); n++) {
        SCRATCH(keep);
        for (size_t count = 0; count <= 64; count += count < 3 ? 1 : 61) {
            TEXT(told);
            TEXT(make);
            struct value v = made(n->type, spelt(n, count, SIZE_MAX, &keep), &keep);
            value_text(&told, &v);
            value_make_text(&make, &v);
            cr_expect(eq(str, (char *)text_string(&told), (char *)spelt(n, count, SIZE_MAX, &keep)));
            cr_expect(eq(str, (char *)text_string(&make), (char *)spelt(n, count, SIZE_MAX, &keep)));
        }
        for (size_t i = 0; i < COUNT_OF(odd); i++) {
            TEXT(told);
            TEXT(make);
            struct value v = made(n->type, spelt(n, 65, odd[i], &keep), &keep);
            value_text(&told, &v);
            value_make_text(&make, &v);
            cr_expect(eq(int, strncmp(text_string(&told), n->sum, strlen(n->sum)), 0), "%s", text_string(&told));
            cr_expect(eq(str, (char *)text_string(&make), (char *)spelt(n, 65, odd[i], &keep)));
        }
        TEXT(told);
        TEXT(make);
        struct value same = made(n->type, spelt(n, 65, SIZE_MAX, &keep), &keep);
        value_text(&told, &same);
        value_make_text(&make, &same);
        cr_expect(eq(int, strncmp(text_string(&told), n->sum, strlen(n->sum)), 0), "%s", text_string(&told));
        cr_expect(eq(str, (char *)text_string(&make), (char *)n->repeat));
    }
}

/* A repeat stands for 1048576 at most. */
Test(archive_text, the_largest_repeat_is_read_and_made, .timeout = 10)
{
    static const char *const largest[][2] = {
        { "cstringa", "a*1048576:41" }, { "cstring", "u*1048576:0100" }, { "bytearray", "[*1048576:7]" }
    };

    for (size_t i = 0; i < COUNT_OF(largest); i++) {
        SCRATCH(keep);
        TEXT(make);
        struct value v = made(largest[i][0], largest[i][1], &keep);
        value_make_text(&make, &v);
        cr_expect(eq(str, (char *)text_string(&make), (char *)largest[i][1]));
    }
}

// clang-format off
static const struct shown_row {
    const char *type, *text, *shown;
} shown[] = {
    // Surrogates: a pair is one character, anything else is told by its number.
    { "cstringw", "w:d83dde000041",       "\"\U0001f600A\""                   },
    { "cstringw", "w:d83dde00d83dde00",   "\"\U0001f600\U0001f600\""          },
    { "cstringw", "w:0800dc00",           "\"\u0800\\udc00\""                 },
    { "cstringw", "w:d7ffdc00",           "\"\ud7ff\\udc00\""                 },
    { "cstringw", "w:dc00dc00",           "\"\\udc00\\udc00\""                },
    { "cstringw", "w:dbffe000",           "\"\\udbff\ue000\""                 },
    { "cstringw", "w:dbffdc00",           "\"\U0010fc00\""                    },
    { "cstringw", "w:d83ddbff",           "\"\\ud83d\\udbff\""                },
    { "cstringw", "w:e000dc00",           "\"\ue000\\udc00\""                 },
    { "cstringw", "w:0041dc00",           "\"A\\udc00\""                      },
    { "cstringw", "w:d83d",               "\"\\ud83d\""                       },
    // Cut behind 40 units; a pair is not cut in two.
    { "cstringw", "w*39:0041",            "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"" },
    { "cstringa", "a*40:41",              "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"" },
    { "cstringa", "a*41:41",              "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA…\" (41 units)" },
    // Twelve entries are shown, and each object in full that stands beside others, not within them.
    { "mapwordtoob", "{1=null,2=null,3=null,4=null,5=null,6=null,7=null,8=null,9=null,10=null,11=null,12=null}",
      "{1=null, 2=null, 3=null, 4=null, 5=null, 6=null, 7=null, 8=null, 9=null, 10=null, 11=null, 12=null}" },
    { "mapwordtoob", "{1=null,2=null,3=null,4=null,5=null,6=null,7=null,8=null,9=null,10=null,11=null,12=null,13=null}",
      "{1=null, 2=null, 3=null, 4=null, 5=null, 6=null, 7=null, 8=null, 9=null, 10=null, 11=null, 12=null, …} (13 entries)" },
    { "oblist",   "[null,null,null,null,null,null,null,null,null,null,null,null]",
      "[null, null, null, null, null, null, null, null, null, null, null, null]" },
    { "wordarray", "[1,2,3,4,5,6,7,8,9,10,11,12]", "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]" },
    { "obarray",  "[CAge(1),CAge(2),CAge(3),CAge(4),CAge(5),CAge(6)]", "[CAge(1), CAge(2), CAge(3), CAge(4), CAge(5), CAge(6)]" },
};
// clang-format on

Test(archive_text, people_are_shown_characters_and_the_first_entries, .timeout = 10)
{
    for (const struct shown_row *x = shown; x < shown + COUNT_OF(shown); x++) {
        SCRATCH(keep);
        TEXT(text);
        struct value v = made(x->type, x->text, &keep);
        value_print(&text, &v);
        cr_expect(eq(str, (char *)text_string(&text), (char *)x->shown), "%s", x->text);
    }
}

/* What lies behind a text is no part of it. */
Test(archive_text, half_a_pair_at_the_end_is_alone, .timeout = 10)
{
    TEXT(text);
    struct type_ref t = type_named("cstringw");
    struct bytes pair = BYTES(0x3d, 0xd8, 0x00, 0xde);
    struct value v = value_string(t, true, (struct bytes){ pair.data, 2 });

    value_print(&text, &v);
    cr_expect(eq(str, (char *)text_string(&text), "\"\\ud83d\""));
}

// clang-format off
static const struct golden widths[] = {
    // Within objects a text may have a width of its own; elsewhere it has the build's.
    { "own, in a wide build", "", "object", "CNetMessage(a:4142,u:0043,5)",
      "ffff 0100 0b00 434e65744d657373616765 02 4142 fffeff01 4300 05000000" },
    { "own, in a narrow build", "charset=ansi", "object", "CNetMessage(u:0041,w:00420143,5)",
      "ffff 0100 0b00 434e65744d657373616765 01 41 fffeff02 4200 4301 05000000" },
    { "a list within an object", "", "object", "CStringList[a:,w:,a:ff]",
      "ffff 0000 0b00 43537472696e674c697374 0300 00 fffeff00 01ff" },
    // What does not fit becomes a question mark [STR-18].
    { "narrowed", "charset=ansi", "cstring", "u:00fe00ff01000041ffff", "05 fe ff 3f 41 3f" },
    { "narrowed line", "charset=ansi", "line", "u:00ff0100", "ff 3f 0a" },
    { "widened", "", "cstring", "u:00ff0100", "fffeff02 ff00 0001" },
    { "a line of two bytes each", "", "line", "u:00ff0100", "ff00 0001 0a00" },
};
// clang-format on

// clang-format off
static const struct golden lines[] = {
    // Of two bytes only the whole unit ends a line.
    { "units with 0a and 0d in them", "", "line,byte", "u:010a010d0a000d00 7", "0a01 0d01 000a 000d 0a00 07" },
    { "one after the other", "charset=ansi", "line,line,line", "u:0061 u: u:0062", "61 0a 0a 62 0a" },
};
// clang-format on

Test(archive_text, a_line_ends_at_its_own_unit, .timeout = 10)
{
    golden_loads(lines, COUNT_OF(lines), false);
    golden_stores(lines, COUNT_OF(lines));
    golden_prefixes(lines, COUNT_OF(lines));
}

Test(archive_text, texts_are_stored_in_their_width, .timeout = 10)
{
    golden_stores(widths, COUNT_OF(widths));
}

Test(archive_text, a_width_of_its_own_is_told_again, .timeout = 10)
{
    static const char *const texts[] = { "CNetMessage(a:4142,w:0043,5)", "CStringArray[a:,w:,u:0041]", "CMapStringToString{a:6b=w:0076}" };

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        SCRATCH(keep);
        TEXT(told);
        TEXT(make);
        struct value v = made("object", texts[i], &keep);
        value_text(&told, &v);
        value_make_text(&make, &v);
        cr_expect(eq(str, (char *)text_string(&told), (char *)texts[i]));
        cr_expect(eq(str, (char *)text_string(&make), (char *)texts[i]));
    }
}

// clang-format off
static const struct refused_row {
    const char *type, *text, *error;
} refused[] = {
    { "stringarray", "[a:41]",              "stringarray: expected u: or u*, found \"a:41]\""      },
    { "object",   "CNetMessage(b:41,u:,5)", "object: expected u: or u*, found \"b:41,u:,5)\""      },
    { "object",   "CNetMessage(a;41,u:,5)", "object: expected a: or a*, found \"a;41,u:,5)\""      },
    { "object",   "CNetMessage(w:41,u:,5)", "object: expected 4 hexadecimal digits, found \"41,u:,5)\"" },
    { "combstr",  "a:41",                   "combstr: expected u: or u*, found \"a:41\""           },
    { "bool",     "trux",                   "bool: expected true or false, found \"trux\""         },
    { "bool",     "tru",                    "bool: expected true or false, found \"tru\""          },
    { "bool",     "falsx",                  "bool: expected true or false, found \"falsx\""        },
    { "bool",     "fals",                   "bool: expected true or false, found \"fals\""         },
    { "object",   "nulx",                   "object: expected a class, found \"nulx\""             },
    { "object",   "CAgea(1)",               "object: expected a class, found \"CAgea(1)\""         },
    { "object",   "CAgez(1)",               "object: expected a class, found \"CAgez(1)\""         },
    { "object",   "CAgeA(1)",               "object: expected a class, found \"CAgeA(1)\""         },
    { "object",   "CAgeZ(1)",               "object: expected a class, found \"CAgeZ(1)\""         },
    { "object",   "CAge[1)",                "object: expected '(', found \"[1)\""                  },
    { "object",   "CAge`1)",                "object: expected '(', found \"`1)\""                  },
    { "object",   "CAge@1)",                "object: expected '(', found \"@1)\""                  },
    { "object",   "CAge{1)",                "object: expected '(', found \"{1)\""                  },
};
// clang-format on

Test(archive_text, what_is_almost_a_text_is_refused_with_reason, .timeout = 10)
{
    for (const struct refused_row *x = refused; x < refused + COUNT_OF(refused); x++) {
        SCRATCH(keep);
        struct error err = { 0 };
        struct type_ref t;
        struct value v;
        cr_assert(type_parse(x->type, &t, &err), "%s", err.text);
        cr_expect(not(value_parse(x->text, t, &profile_default, &keep, &v, &err)), "%s", x->text);
        cr_expect(eq(str, err.text, (char *)x->error));
    }
}

/* 2001 objects beside each other are not nested: read, told, stored and loaded. */
Test(archive_text, many_objects_are_not_deep, .timeout = 10)
{
    SCRATCH(keep);
    TEXT(text);
    TEXT(told);
    CLEANUP(buffer_free) struct buffer w = { 0 };

    for (int i = 0; i < 2001; i++)
        text_add(&text, i ? ",CAge(1)" : "[CAge(1)");
    text_char(&text, ']');
    struct value v = made("obarray", text_string(&text), &keep), back;
    value_store(&w, &profile_default, NULL, &v);
    struct reader r = { .in = buffer_bytes(&w) };
    value_load(&r, &profile_default, NULL, v.of, &keep, &back);
    cr_assert(eq(int, r.status, WIRE_OK));
    value_text(&told, &back);
    cr_expect(eq(str, (char *)text_string(&told), (char *)text_string(&text)));
    cr_expect(value_equal(&v, &back));
}

/* Numbers of objects count from those that came before; @2 and @3 below are the first and second of the value's own. */
Test(archive_text, objects_correspond_whatever_came_before, .timeout = 10)
{
    SCRATCH(keep);
    struct value first = loaded("", "obarray", "0300" CAGE "07000000 0180 08000000 0200", &keep);
    struct value third = loaded(CAGE "01000000 0180 02000000", "obarray", "0300 0180 07000000 0180 08000000 0400", &keep);
    struct value other = loaded(CAGE "01000000 0180 02000000", "obarray", "0300 0180 07000000 0180 08000000 0500", &keep);
    struct value early = loaded(CAGE "01000000 0180 02000000", "obarray", "0300 0180 07000000 0180 08000000 0200", &keep);
    struct value text1 = made("obarray", "[CAge(7),CAge(8),@1]", &keep), text3 = made("obarray", "[CAge(7),CAge(8),@3]", &keep);
    struct value text4 = made("obarray", "[CAge(7),CAge(8),@4]", &keep);
    const struct {
        const struct value *a, *b;
        bool same;
    } pairs[] = {
        { &first, &third, true },  { &first, &other, false }, { &third, &other, false }, { &third, &early, false },
        { &first, &early, false }, { &first, &text1, true },  { &first, &text3, false }, { &third, &text3, true },
        { &third, &text4, false }, { &other, &text4, true },  { &early, &text1, true },  { &third, &text1, false },
    };

    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        cr_expect(eq(int, value_equal(pairs[i].a, pairs[i].b), pairs[i].same), "%zu", i);
        cr_expect(eq(int, value_equal(pairs[i].b, pairs[i].a), pairs[i].same), "%zu, the other way", i);
    }
}

/* Of texts without any stream each counts its own objects from 1, in the order in which it names them. */
Test(archive_text, maps_in_another_order_are_the_same_by_their_references, .timeout = 10)
{
    static const struct {
        const char *type, *a, *b;
        bool same;
    } rows[] = {
        { "mapwordtoob", "{1=CAge(1),2=CAge(2),3=@1}", "{2=CAge(2),1=CAge(1),3=@2}", true },
        { "mapwordtoob", "{1=CAge(1),2=CAge(2),3=@1}", "{2=CAge(2),1=CAge(1),3=@1}", false },
        { "mapwordtoob", "{1=CAge(1),2=CAge(2),3=@2}", "{3=CAge(2),1=CAge(1),2=@1}", true },
        { "mapwordtoob", "{1=CAge(1),2=CAge(1)}", "{1=CAge(1),2=@1}", false },
        { "obarray", "[CAge(1),CAge(1),@1,@2]", "[CAge(1),CAge(1),@2,@1]", false },
        { "obarray", "[CAge(1),CAge(1),@1,@2]", "[CAge(1),CAge(1),@1,@2]", true },
        { "obarray", "[CAge(1),@1,@2]", "[CAge(1),@1,@3]", false },
        { "obarray", "[CAge(1),@1,@2]", "[CAge(1),@1,@2]", true },
        { "obarray", "[@1,CAge(1)]", "[CAge(1),@1]", true },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct value a = made(rows[i].type, rows[i].a, &keep), b = made(rows[i].type, rows[i].b, &keep);
        cr_expect(eq(int, value_equal(&a, &b), rows[i].same), "%s %s", rows[i].a, rows[i].b);
        cr_expect(eq(int, value_equal(&b, &a), rows[i].same), "%s %s", rows[i].b, rows[i].a);
    }
}

/* Whatever the width of an element or unit, and wherever they differ. */
Test(archive_text, elements_are_compared_one_by_one, .timeout = 10)
{
    static const struct {
        const char *one_type, *one, *other_type, *other;
        bool same;
    } rows[] = {
        { "bytearray", "[1,2,3]", "wordarray", "[1,2,3]", true },
        { "bytearray", "[1,2,3]", "dwordarray", "[9,2,3]", false },
        { "bytearray", "[1,2,3]", "wordarray", "[1,9,3]", false },
        { "bytearray", "[1,2,3]", "wordarray", "[1,2,259]", false },
        { "bytearray", "[1,2,3]", "wordarray", "[1,2]", false },
        { "bytearray", "[]", "wordarray", "[]", true },
        { "cstringa", "a:010203", "cstringw", "w:000100020003", true },
        { "cstringa", "a:010203", "cstringw", "w:000900020003", false },
        { "cstringa", "a:010203", "cstringw", "w:000100090003", false },
        { "cstringa", "a:010203", "cstringw", "w:000100020103", false },
        { "cstringa", "a:010203", "cstringw", "w:00010002", false },
        { "cstringa", "a:", "cstringw", "w:", true },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct value a = made(rows[i].one_type, rows[i].one, &keep), b = made(rows[i].other_type, rows[i].other, &keep);
        cr_expect(eq(int, value_equal(&a, &b), rows[i].same), "%s %s", rows[i].one, rows[i].other);
        cr_expect(eq(int, value_equal(&b, &a), rows[i].same), "%s %s", rows[i].other, rows[i].one);
    }
}

Test(archive_text, types_know_their_fields, .timeout = 10)
{
    static const struct {
        const char *type;
        size_t fields;
    } rows[] = { { "word", 0 }, { "cstring", 0 }, { "object", 0 }, { "bytearray", 0 }, { "point", 2 }, { "rect", 4 }, { "stringlist", 1 },
                 { "mapwordtoob", 2 }, { "olecurrency", 2 }, { "CAge()", 1 }, { "CTestPoint()", 3 }, { "CLetter()", 2 } };

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        cr_expect(eq(sz, type_fields(type_named(rows[i].type).type), rows[i].fields), "%s", rows[i].type);
}

Test(archive_text, an_array_counts_its_elements, .timeout = 10)
{
    static const struct {
        const char *type, *text;
        size_t count, bytes;
    } rows[] = {
        { "bytearray", "[1,2,3]", 3, 3 },
        { "wordarray", "[1,2,3]", 3, 6 },
        { "dwordarray", "[*5:1]", 5, 20 },
        { "dwordarray", "[]", 0, 0 },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct value v = made(rows[i].type, rows[i].text, &keep);
        cr_expect(eq(sz, v.count, rows[i].count), "%s", rows[i].text);
        cr_expect(eq(sz, v.data.len, rows[i].bytes), "%s", rows[i].text);
    }
}

Test(archive_text, a_truth_is_made_from_any_number_but_0, .timeout = 10)
{
    static const uint64_t numbers[] = { 0, 1, 2, 255, 256, UINT64_MAX };

    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        cr_expect(eq(u64, value_integer(type_named("bool"), numbers[i]).number, i > 0), "%zu", i);
}

// clang-format off
static const struct fit_row {
    const char *profile, *type, *text;
    bool read, fits; // by MAKE of that profile, and from another's text
} fits[] = {
    { "generation=7.1", "time",       "2147483647",  true,  true  },
    { "generation=7.1", "time",       "2147483648",  false, false },
    { "generation=7.1", "time",       "-2147483648", true,  true  },
    { "generation=7.1", "time",       "-2147483649", false, false },
    { "generation=8",   "time",       "2147483648",  true,  true  },
    { "generation=8",   "time",       "-9223372036854775808", true, true },
    { "generation=9",   "time",       "9223372036854775807",  true, true },
    { "generation=7.0", "olevariant", "(16,1)",      false, false },
    { "generation=7.1", "olevariant", "(16,1)",      true,  true  },
    { "generation=7.0", "olevariant", "(17,1)",      true,  true  },
    { "generation=7.0", "olevariant", "(21,1)",      false, false },
    { "generation=7.1", "olevariant", "(21,1)",      true,  true  },
    { "bits=32",        "count",      "4294967295",  true,  true  },
    { "bits=32",        "count",      "4294967296",  false, false },
    { "generation=7.0", "count",      "4294967296",  true,  true  },
};
// clang-format on

Test(archive_text, what_fits_a_generation_is_known_to_a_value, .timeout = 10)
{
    for (const struct fit_row *x = fits; x < fits + COUNT_OF(fits); x++) {
        SCRATCH(keep);
        struct profile p = profile_of(x->profile);
        struct value v = made(x->type, x->text, &keep), again;
        struct error err = { 0 };
        cr_expect(eq(int, value_parse(x->text, v.of, &p, &keep, &again, &err), x->read), "%s %s", x->profile, x->text);
        cr_expect(eq(int, value_storable(&v, &p, NULL, &err), x->fits), "%s %s", x->profile, x->text);
    }
}

/* What a reference may stand for: null counts as no object. */
Test(archive_text, references_reach_objects_alone, .timeout = 10)
{
    static const struct {
        const char *text, *error; // NULL: it can be stored
    } rows[] = {
        { "[null,CAge(1),@1]", NULL },          { "[null,null,@1]", "@1 is not reached" },
        { "[CAge(1),CAge(2),@2]", NULL },       { "[CAge(1),CAge(2),@3]", "@3 is not reached" },
        { "[CNode(1,CAge(2)),@2,@1]", NULL },   { "[CNode(1,@2),CAge(2)]", "@2 is not reached" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct value v = made("obarray", rows[i].text, &keep);
        struct error err = { 0 };
        cr_expect(eq(int, value_storable(&v, &profile_default, NULL, &err), !rows[i].error), "%s", rows[i].text);
        cr_expect(eq(str, err.text, rows[i].error ? (char *)rows[i].error : ""), "%s", rows[i].text);
    }
}

Test(archive_text, a_vartype_has_the_body_of_its_generation, .timeout = 10)
{
    static const struct {
        uint64_t vt;
        const char *old, *late; // 7.0, and from 7.1 on; NULL: none
    } rows[] = {
        { 0, NULL, NULL },         { 1, NULL, NULL },          { 2, "short", "short" },   { 3, "long", "long" },
        { 4, "float", "float" },   { 5, "double", "double" },  { 6, "longlong", "longlong" }, { 7, "double", "double" },
        { 8, "bstr", "bstr" },     { 9, NULL, NULL },          { 10, "long", "long" },    { 11, "truth", "truth" },
        { 12, NULL, NULL },        { 13, NULL, NULL },         { 14, NULL, NULL },        { 15, NULL, NULL },
        { 16, NULL, "char" },      { 17, "byte", "byte" },     { 18, NULL, "word" },      { 19, NULL, "dword" },
        { 20, NULL, "longlong" },  { 21, NULL, "ulonglong" },  { 22, NULL, NULL },        { 65535, NULL, NULL },
    };
    struct profile p70 = profile_of("generation=7.0"), p71 = profile_of("generation=7.1");

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *old = variant_body(rows[i].vt, &p70), *late = variant_body(rows[i].vt, &p71);
        cr_expect(eq(str, (char *)(old ? old : "none"), (char *)(rows[i].old ? rows[i].old : "none")), "%zu", i);
        cr_expect(eq(str, (char *)(late ? late : "none"), (char *)(rows[i].late ? rows[i].late : "none")), "%zu", i);
    }
}

/* 9 and 13 carry objects of COM, which nobody can read; what has no body ends behind its number. */
Test(archive_text, a_variant_of_another_vartype_ends_behind_it, .timeout = 10)
{
    for (unsigned vt = 0; vt < 32; vt++) {
        SCRATCH(keep);
        struct reader r = { .in = BYTES((uint8_t)vt, 0, 0, 0, 0, 0, 0, 0, 0, 0) };
        struct value v;
        value_load(&r, &profile_default, NULL, type_named("olevariant"), &keep, &v);
        bool com = vt == 9 || vt == 13;
        cr_expect(eq(int, r.status, com ? WIRE_BAD : WIRE_OK), "%u", vt);
        cr_expect(eq(int, r.cause, CAUSE_NONE), "%u", vt);
        if (!com && !variant_body(vt, &profile_default))
            cr_expect(eq(sz, r.at, 2), "%u", vt);
        else if (!com)
            cr_expect(gt(sz, r.at, 2), "%u", vt);
    }
}
