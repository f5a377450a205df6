/*
 * What a load tells of the bytes besides the value: notes on each part, and where the stream says how it goes on.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

#include "archive/objects.h"
#include "test_archive.h"

#define ANSI "charset=ansi"
#define CAGE "ffff 0100 0400 43416765 "

static const char *const kinds[] = {
    [LANDMARK_LENGTH] = "length", [LANDMARK_COUNT] = "count",   [LANDMARK_UNITS] = "units",
    [LANDMARK_TAG] = "tag",       [LANDMARK_SCHEMA] = "schema", [LANDMARK_NAME_LENGTH] = "name length",
};

// clang-format off
static const struct row {
    const char *label, *profile, *type, *wire;
    const char *notes, *landmarks; // a line each: offset+bytes, meaning; what stands there
} rows[] = {
    { "a number has none", "", "dword", "01000000", "", "" },
    { "count", "", "count", "0500", "0+2 count 5\n", "0+2 count 5\n" },
    { "count, four bytes", "", "count", "ffff 00000100", "0+6 count 65536\n", "0+6 count 65536\n" },
    { "count, eight bytes", "", "count", "ffff ffffffff 0000000001000000", "0+14 count 4294967296\n", "0+14 count 4294967296\n" },
    { "narrow", ANSI, "cstring", "05 68656c6c6f", "0+1 length 5\n1+5 text \"hello\"\n", "0+1 length 5\n" },
    { "no text at all", ANSI, "cstring", "00", "0+1 length 0\n", "0+1 length 0\n" },
    { "wide", "", "cstring", "fffeff02 48006900", "0+4 wide, length 2\n4+4 text \"Hi\"\n", "0+4 length 2 wide\n" },
    { "long", ANSI, "cstring", "ffff00 41*255",
      "0+3 length 255\n3+255 text \"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA…\" (255 units)\n", "0+3 length 255\n" },
    { "BSTR that counts units", "", "combstr", "02000000 48006900", "0+4 length 2\n4+4 text \"Hi\"\n", "0+4 units 2\n" },
    { "an empty one", "", "combstr", "00000000", "0+4 length 0\n", "0+4 units 0\n" },
    { "BSTR that counts bytes", "", "olevariant", "0800 04000000 48006900",
      "0+2 vartype 8\n2+4 4 bytes\n6+4 text \"Hi\"\n", "2+4 units 4\n" },
    { "a variant without a body", "", "olevariant", "0100", "0+2 vartype 1\n", "" },
    { "point", "", "point", "01000000 ffffffff", "0+4 x 1\n4+4 y -1\n", "" },
    { "date", "", "oledatetime", "00000000 000000000000f83f", "0+4 status 0\n4+8 date 1.5\n", "" },
    { "bytes", "", "bytearray", "0200 07 ff", "0+2 count 2\n2+1 [0] 7\n3+1 [1] 255\n", "0+2 count 2\n" },
    { "dwords", "", "dwordarray", "0100 04030201", "0+2 count 1\n2+4 [0] 16909060\n", "0+2 count 1\n" },
    { "list", ANSI, "stringlist", "0200 0178 00",
      "0+2 count 2\n2+1 length 1\n3+1 text \"x\"\n2+2 [0] \"x\"\n4+1 length 0\n4+1 [1] \"\"\n",
      "0+2 count 2\n2+1 length 1\n4+1 length 0\n" },
    { "map of strings", ANSI, "mapstringtostring", "0100 016b 0176",
      "0+2 count 1\n2+1 length 1\n3+1 text \"k\"\n2+2 [0] key \"k\"\n4+1 length 1\n5+1 text \"v\"\n4+2 [0] value \"v\"\n",
      "0+2 count 1\n2+1 length 1\n4+1 length 1\n" },
    { "map of objects", "", "mapwordtoob", "0200 0500 0000 0600 0000",
      "0+2 count 2\n2+2 [0] key 5\n4+2 null\n4+2 [0] value null\n6+2 [1] key 6\n8+2 null\n8+2 [1] value null\n",
      "0+2 count 2\n4+2 tag 0\n8+2 tag 0\n" },
    { "null in six bytes", "", "object", "ff7f 00000000", "0+6 null\n", "0+6 tag 32767\n" },
    { "class", "", "class", CAGE, "0+10 new class CAge, schema 1, index 1\n", "0+2 tag 65535\n2+2 schema 1\n4+2 name length 4\n" },
    { "objects", "", "obarray", "0300" CAGE "01000000 0180 02000000 0200",
      "0+2 count 3\n2+10 new class CAge, schema 1, index 1\n12+4 age 1\n2+14 object @1, index 2, a CAge\n2+14 [0] CAge(1)\n"
      "16+2 class CAge, index 1\n18+4 age 2\n16+6 object @2, index 3, a CAge\n16+6 [1] CAge(2)\n"
      "22+2 the CAge @1, index 2\n22+2 [2] @1\n",
      "0+2 count 3\n2+2 tag 65535\n4+2 schema 1\n6+2 name length 4\n16+2 tag 32769\n22+2 tag 2\n" },
    /* What fails is not noted, and nothing behind it. */
    { "a length that is cut", "", "cstring", "ff 00", "", "" },
    { "text that is cut", ANSI, "cstring", "02 41", "0+1 length 2\n", "0+1 length 2\n" },
    { "a count that is cut", "", "bytearray", "05", "", "" },
    { "a tag that is cut", "", "object", "ff7f 0000", "", "" },
    { "a schema that is cut", "", "object", "ffff 01", "", "0+2 tag 65535\n" },
    { "a name that is too long", "", "object", "ffff 0100 4000", "", "0+2 tag 65535\n2+2 schema 1\n4+2 name length 64\n" },
};
// clang-format on

Test(archive_notes, each_part_is_noted_and_each_place_that_says_how_it_goes_on, .timeout = 10)
{
    for (const struct row *x = rows; x < rows + COUNT_OF(rows); x++) {
        SCRATCH(keep);
        TEXT(notes);
        TEXT(places);
        struct span_list spans = { .keep = &keep };
        struct landmark_list landmarks = { .keep = &keep };
        struct profile p = profile_of(x->profile);
        struct reader r = { .in = wire_of(x->wire, &keep), .spans = &spans, .landmarks = &landmarks };
        struct type_ref t;
        struct error err;
        struct value v;
        cr_assert(type_parse(x->type, &t, &err), "%s", err.text);
        value_load(&r, &p, NULL, t, &keep, &v);
        for (size_t i = 0; i < spans.count; i++)
            text_printf(&notes, "%zu+%zu %s\n", spans.items[i].at, spans.items[i].len, spans.items[i].meaning);
        for (size_t i = 0; i < landmarks.count; i++) {
            const struct landmark *l = &landmarks.items[i];
            text_printf(&places, "%zu+%zu %s %llu%s\n", l->at, l->len, kinds[l->kind], (unsigned long long)l->number, l->wide ? " wide" : "");
        }
        cr_expect(eq(str, (char *)text_string(&notes), (char *)x->notes), "%s", x->label);
        cr_expect(eq(str, (char *)text_string(&places), (char *)x->landmarks), "%s", x->label);
    }
}

/* Loads so many entries, each of the bytes given, and counts notes that begin with a bracket. */
static size_t noted(const char *type, size_t count, const char *entry)
{
    SCRATCH(keep);
    TEXT(hex);
    struct span_list spans = { .keep = &keep };
    struct profile p = profile_of(ANSI);
    struct type_ref t;
    struct error err;
    struct value v;
    size_t own = 0;

    text_printf(&hex, "%02zx00", count);
    for (size_t i = 0; i < count; i++)
        text_add(&hex, entry);
    struct reader r = { .in = wire_of(text_string(&hex), &keep), .spans = &spans };
    cr_assert(type_parse(type, &t, &err), "%s", err.text);
    value_load(&r, &p, NULL, t, &keep, &v);
    cr_assert(eq(int, r.status, WIRE_OK), "%s", type);
    for (size_t i = 0; i < spans.count; i++)
        own += spans.items[i].meaning[0] == '[';
    return own;
}

/* Of a map's entry key and value have a note each. */
Test(archive_notes, of_64_entries_each_has_its_own_and_of_more_none, .timeout = 10)
{
    static const struct {
        const char *type, *entry;
        size_t each;
    } types[] = { { "bytearray", "07", 1 }, { "stringlist", "00", 1 }, { "oblist", "0000", 1 }, { "mapwordtoob", "01000000", 2 } };

    for (size_t i = 0; i < COUNT_OF(types); i++) {
        cr_expect(eq(sz, noted(types[i].type, 63, types[i].entry), 63 * types[i].each), "%s", types[i].type);
        cr_expect(eq(sz, noted(types[i].type, 64, types[i].entry), 64 * types[i].each), "%s", types[i].type);
        cr_expect(eq(sz, noted(types[i].type, 65, types[i].entry), 64 * types[i].each), "%s", types[i].type);
    }
}

/* The count and the length of each text, of which 4096 are kept. */
Test(archive_notes, landmarks_stand_in_the_order_of_the_stream_up_to_4096, .timeout = 10)
{
    static const struct {
        size_t texts, kept;
    } lists[] = { { 14, 15 }, { 15, 16 }, { 16, 17 }, { 100, 101 }, { 4095, 4096 }, { 4096, 4096 }, { 5000, 4096 } };
    struct type_ref t;
    struct error err;

    cr_assert(type_parse("stringlist", &t, &err));
    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        SCRATCH(keep);
        char hex[40];
        struct landmark_list landmarks = { .keep = &keep };
        struct value v;
        snprintf(hex, sizeof hex, "%02zx%02zx 00*%zu", lists[i].texts & 0xff, lists[i].texts >> 8, lists[i].texts);
        struct reader r = { .in = wire_of(hex, &keep), .landmarks = &landmarks };
        value_load(&r, &profile_default, NULL, t, &keep, &v);
        cr_assert(eq(int, r.status, WIRE_OK));
        cr_assert(eq(sz, landmarks.count, lists[i].kept));
        cr_expect(eq(int, landmarks.items[0].kind, LANDMARK_COUNT));
        cr_expect(eq(u64, landmarks.items[0].number, lists[i].texts));
        for (size_t k = 1; k < landmarks.count; k++) {
            cr_expect(eq(int, landmarks.items[k].kind, LANDMARK_LENGTH));
            cr_expect(eq(sz, landmarks.items[k].at, k + 1));
            cr_expect(eq(sz, landmarks.items[k].len, 1));
        }
    }
}

Test(archive_notes, notes_stand_in_their_order_up_to_4096, .timeout = 10)
{
    SCRATCH(keep);
    struct span_list spans = { .keep = &keep };
    struct reader r = { .in = BYTES(1, 2, 3), .at = 3, .spans = &spans };

    for (size_t i = 0; i < 5000; i++)
        reader_note(&r, i % 3, "note %zu", i);
    cr_assert(eq(sz, spans.count, 4096));
    for (size_t i = 0; i < spans.count; i++) {
        char meaning[32];
        snprintf(meaning, sizeof meaning, "note %zu", i);
        cr_expect(eq(str, (char *)spans.items[i].meaning, meaning));
        cr_expect(eq(sz, spans.items[i].at, i % 3));
        cr_expect(eq(sz, spans.items[i].len, 3 - i % 3));
    }
}
