/*
 * Narrow text in code pages: golden bytes from Windows' tables, both ways.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "archive/codepage.h"
#include "test_archive.h"

// clang-format off
static const struct row {
    const char *label;
    unsigned page;
    const char *utf8;
    struct bytes units;
} rows[] = {
    { "ASCII",                  1252, "Az~\\ 09",  BYTES(0x41, 0x7a, 0x7e, 0x5c, 0x20, 0x30, 0x39) },
    { "nothing",                932,  "",          { NULL, 0 } },
    { "e acute, E31",           1252, "\u00e9",    BYTES(0xe9) },
    { "euro",                   1252, "\u20ac",    BYTES(0x80) },
    { "first and last of the upper half", 1252, "\u00a0\u00ff", BYTES(0xa0, 0xff) },
    { "quotes, not in Latin-1", 1252, "\u201e\u201c\u2122", BYTES(0x84, 0x93, 0x99) },
    { "e acute",                1250, "\u00e9",    BYTES(0xe9) },
    { "o with two acutes",      1250, "\u0151",    BYTES(0xf5) },
    { "Polish",                 1250, "\u017b\u00f3\u0142\u0107", BYTES(0xaf, 0xf3, 0xb3, 0xe6) },
    { "dot above",              1250, "\u02d9",    BYTES(0xff) },
    { "Shift-JIS, E32",         932,  "\uff2d\uff33 \u30b4\u30b7\u30c3\u30af",
                                BYTES(0x82, 0x6c, 0x82, 0x72, 0x20, 0x83, 0x53, 0x83, 0x56, 0x83, 0x62, 0x83, 0x4e) },
    { "half-width katakana is one unit", 932, "\uff76\uff85", BYTES(0xb6, 0xc5) },
    { "a trail byte like a backslash", 932, "\u8868", BYTES(0x95, 0x5c) },
    { "NEC's circled one",      932,  "\u2460",    BYTES(0x87, 0x40) },
    { "IBM's tall ladder",      932,  "\u9ad9",    BYTES(0xfb, 0xfc) },
    { "middle",                 936,  "\u4e2d\u6587", BYTES(0xd6, 0xd0, 0xce, 0xc4) },
    { "first of GBK",           936,  "\u4e02",    BYTES(0x81, 0x40) },
    { "e acute takes two",      936,  "a\u00e9",   BYTES(0x61, 0xa8, 0xa6) },
    { "euro is one unit",       936,  "\u20ac",    BYTES(0x80) },
};

static const struct refused {
    const char *label;
    unsigned page;
    const char *utf8, *complaint;
} refusals[] = {
    { "Japanese in Western",    1252, "a\u30b4",   "\"\u30b4\" is not in code page 1252" },
    { "o with two acutes in Western", 1252, "\u0151", "\"\u0151\" is not in code page 1252" },
    { "yen is no backslash",    932,  "\u00a5",    "\"\u00a5\" is not in code page 932" },
    { "overline is no tilde",   932,  "x\u203e",   "\"\u203e\" is not in code page 932" },
    { "beyond the basic plane", 936,  "\U0001f600", "\"\U0001f600\" is not in code page 936" },
    // Each of its length in UTF-8, first and last, with more text behind it: only the character is named.
    { "first of two bytes",     1252, "A\xc2\x80\x42", "\"\xc2\x80\" is not in code page 1252" },
    { "last of two bytes",      1252, "\u07ffB",   "\"\u07ff\" is not in code page 1252" },
    { "first of three bytes",   1252, "\u0800B",   "\"\u0800\" is not in code page 1252" },
    { "last of three bytes",    1252, "\uffffB",   "\"\uffff\" is not in code page 1252" },
    { "first of four bytes",    932,  "\U00010000B", "\"\U00010000\" is not in code page 932" },
    { "behind two units",       932,  "\u8868\u00e9A", "\"\u00e9\" is not in code page 932" },
};

static const struct broken {
    const char *label;
    unsigned page;
    struct bytes units;
    size_t good; // units that are characters
    const char *utf8;
} broken[] = {
    { "undefined",              1252, BYTES(0x41, 0x81, 0x42),       1, "A" },
    { "a lead byte alone",      932,  BYTES(0x41, 0x82),             1, "A" },
    { "a lead byte and no trail", 932, BYTES(0x82, 0x6c, 0x82, 0x20), 2, "\uff2d" },
    { "no lead byte",           936,  BYTES(0xff),                   0, "" },
    { "no lead byte, and more", 936,  BYTES(0xff, 0x41, 0x42, 0x43, 0x44), 0, "" },
    { "two characters, then none", 936, BYTES(0xd6, 0xd0, 0x41, 0xff, 0x41), 3, "\u4e2dA" },
    { "nothing",                1252, { NULL, 0 },                   0, "" },
};
// clang-format on

Test(codepage, text_becomes_units_and_units_text, .timeout = 10)
{
    for (const struct row *t = rows; t < rows + COUNT_OF(rows); t++) {
        const struct codepage *page = codepage_find(t->page);
        CLEANUP(buffer_free) struct buffer units = { 0 };
        struct error err = { 0 };
        TEXT(utf8);
        cr_assert(codepage_encode(page, t->utf8, &units, &err), "%s: %s", t->label, err.text);
        cr_expect(bytes_equal(buffer_bytes(&units), t->units), "%s", t->label);
        cr_expect(eq(sz, codepage_decode(page, t->units, &utf8), t->units.len), "%s", t->label);
        cr_expect(eq(str, (char *)text_string(&utf8), (char *)t->utf8), "%s", t->label);
    }
}

Test(codepage, what_it_does_not_have_is_refused_by_name, .timeout = 10)
{
    for (const struct refused *t = refusals; t < refusals + COUNT_OF(refusals); t++) {
        CLEANUP(buffer_free) struct buffer units = { 0 };
        struct error err = { 0 };
        cr_expect(not(codepage_encode(codepage_find(t->page), t->utf8, &units, &err)), "%s", t->label);
        cr_expect(eq(int, err.kind, ERROR_INPUT), "%s", t->label);
        cr_expect(eq(str, err.text, (char *)t->complaint), "%s", t->label);
    }
}

Test(codepage, units_are_read_up_to_the_first_that_are_none, .timeout = 10)
{
    for (const struct broken *t = broken; t < broken + COUNT_OF(broken); t++) {
        TEXT(utf8);
        cr_expect(eq(sz, codepage_decode(codepage_find(t->page), t->units, &utf8), t->good), "%s", t->label);
        cr_expect(eq(str, (char *)text_string(&utf8), (char *)t->utf8), "%s", t->label);
    }
}

/* Of the pages in which every character takes one unit. NUL ends text; five units of each are undefined. */
Test(codepage, every_unit_comes_back, .timeout = 60)
{
    static const unsigned pages[] = { 1250, 1252 };

    for (size_t i = 0; i < COUNT_OF(pages); i++) {
        const struct codepage *page = codepage_find(pages[i]);
        size_t count = 0;
        for (unsigned u = 1; u < 256; u++) {
            uint8_t unit = (uint8_t)u;
            CLEANUP(buffer_free) struct buffer back = { 0 };
            struct error err;
            TEXT(utf8);
            size_t decoded = codepage_decode(page, (struct bytes){ &unit, 1 }, &utf8);
            if (decoded == 0)
                continue;
            cr_expect(eq(sz, decoded, 1), "%u: %02x", page->number, u);
            count++;
            cr_expect(codepage_encode(page, text_string(&utf8), &back, &err), "%u: %02x", page->number, u);
            cr_expect(bytes_equal(buffer_bytes(&back), (struct bytes){ &unit, 1 }), "%u: %02x", page->number, u);
        }
        cr_expect(eq(sz, count, 250), "%u", pages[i]);
    }
}

/* What the C library does not have: said as such, and no unit is read. */
Test(codepage, one_that_iconv_lacks_is_an_error_of_the_system, .timeout = 10)
{
    static const struct codepage lacking = { 4711, "NO-SUCH-CODE-PAGE", "none" };
    CLEANUP(buffer_free) struct buffer units = { 0 };
    struct error err = { 0 };
    TEXT(utf8);

    cr_expect(not(codepage_encode(&lacking, "A", &units, &err)));
    cr_expect(eq(int, err.kind, ERROR_SYSTEM));
    cr_expect(eq(str, err.text, "iconv does not know NO-SUCH-CODE-PAGE"));
    cr_expect(eq(sz, units.len, 0));
    cr_expect(eq(sz, codepage_decode(&lacking, BYTES(0x41), &utf8), 0));
    cr_expect(eq(str, (char *)text_string(&utf8), ""));
}

Test(codepage, others_are_not_known, .timeout = 10)
{
    for (const struct codepage *p = codepage_table; p->number; p++)
        cr_expect(eq(ptr, (void *)codepage_find(p->number), (void *)p));
    cr_expect(codepage_find(0) == NULL);
    cr_expect(codepage_find(65001) == NULL);
}
