/*
 * How far the values of a conversation go, so that a form begins there which a mistake is about; and what a text becomes in the hands of
 * whoever makes one: golden, at both sides of each number.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/hex.h"
#include "check/forms.h"

#define NARROW ONLY_NARROW
#define WIDE   ONLY_WIDE

// clang-format off
static const struct length_row {
    const char *label;
    enum deed deed;
    int64_t n;
    bool wide;    // the string
    size_t units; // from these on
    size_t upto;  // … up to these it is met
} lengths[] = {
    { "no form but one byte",               DEED_LENGTH_SHORT,   1 | NARROW,      false, 0xff,   0x20000 },
    { "… of wide ones",                     DEED_LENGTH_SHORT,   1 | WIDE,        true,  0xff,   0x20000 },
    { "no form but three",                  DEED_LENGTH_SHORT,   3 | NARROW,      false, 0xfffe, 0x20000 },
    { "four bytes as soon as it is escaped", DEED_LENGTH_LONG,   0 | NARROW,      false, 0xff,   0xfffd  },
    { "… from 8000 on",                     DEED_LENGTH_LONG,    0x8000 | NARROW, false, 0x8000, 0xfffd  },
    { "… from FFFD on",                     DEED_LENGTH_LONG,    0xfffd | WIDE,   true,  0xfffd, 0xfffd  },
    { "four bytes behind FF",               DEED_LENGTH_FOUR,    0,               false, 0xff,   0x20000 },
    { "FE taken for the escape",            DEED_LENGTH_TAKEN,   0xfe,            false, 0xfe,   0xfe    },
    { "80",                                 DEED_LENGTH_TAKEN,   0x80,            false, 0x80,   0xfe    },
    { "8000",                               DEED_LENGTH_TAKEN,   0x8000,          false, 0x8000, 0xfffe  },
    { "FFFD",                               DEED_LENGTH_TAKEN,   0xfffd,          true,  0xfffd, 0xfffe  },
    { "80 for none",                        DEED_LENGTH_SIGNED,  0x80,            false, 0x80,   0xfe    },
    { "8000",                               DEED_LENGTH_SIGNED,  0x8000,          false, 0x8000, 0xfffd  },
    { "FFFF",                               DEED_LENGTH_NONE,    0xffff,          false, 0xfffe, 0x20000 },
    { "FFFFFFFF",                           DEED_LENGTH_NONE,    0xffffffff,      false, 1,      0       },
    { "the low byte",                       DEED_LENGTH_LOW,     1,               false, 0x100,  0x20000 },
    { "the low two",                        DEED_LENGTH_LOW,     2,               false, 0x10000, 0x20000 },
    { "bytes with a sign",                  DEED_LENGTH_OF_SIGNED, 0,             false, 0xff,   0x20000 },
    { "-1 of nothing",                      DEED_LENGTH_MINUS,   1,               false, 0,      0       },
    { "FF not escaped",                     DEED_LENGTH_LATE,    0xff | NARROW,   false, 0xff,   0xff    },
    { "FFFE not",                           DEED_LENGTH_LATE,    0xfffe | WIDE,   true,  0xfffe, 0xfffe  },
    { "always escaped",                     DEED_LENGTH_ESCAPED, 0 | NARROW,      false, 0,      0xfe    },
    { "… from 80 on",                       DEED_LENGTH_ESCAPED, 0x80 | NARROW,   false, 0x80,   0xfe    },
    { "… from FE on",                       DEED_LENGTH_ESCAPED, 0xfe | NARROW,   false, 0xfe,   0xfe    },
};
// clang-format on

static struct value string_of(const char *type, bool wide, size_t units, struct arena *keep)
{
    size_t len = units * (wide ? 2 : 1);

    return (struct value){ .of = type_named(type), .wide = wide, .data = { memset(ARENA_ARRAY(keep, len + 1, uint8_t), 'a', len), len } };
}

/* Whether a mistake is met where one value was said. */
static bool is_met(const struct mistake *m, struct value v, struct bytes plain)
{
    struct part part = { .ours = true, .is_value = true, .value = v, .plain = plain };
    struct history h = { .parts = &part, .count = 1 };

    form_reach(&h);
    return form_is_met(&h, m);
}

Test(form_reach, lengths_are_met_from_one_number_to_another, .timeout = 20)
{
    static const size_t tried[] = { 0, 1, 0x7f, 0x80, 0xfd, 0xfe, 0xff, 0x100, 0x7fff, 0x8000, 0xfffc, 0xfffd, 0xfffe, 0xffff, 0x10000 };

    for (const struct length_row *r = lengths; r < lengths + COUNT_OF(lengths); r++)
        for (size_t i = 0; i < COUNT_OF(tried); i++) {
            SCRATCH(keep);
            const struct mistake m = { .key = "x", .deed = r->deed, .n = r->n };
            bool due = tried[i] >= r->units && tried[i] <= r->upto;
            struct value own = string_of(r->wide ? "cstringw" : "cstringa", r->wide, tried[i], &keep);
            struct value other = string_of(r->wide ? "cstringa" : "cstringw", !r->wide, tried[i], &keep);
            struct value either = string_of("cstring", !r->wide, tried[i], &keep);
            cr_expect(eq(int, is_met(&m, own, (struct bytes){ 0 }), due), "%s, %zu", r->label, tried[i]);
            cr_expect(eq(int, is_met(&m, either, (struct bytes){ 0 }), due), "%s, %zu, of either width", r->label, tried[i]);
            if (r->n & (NARROW | WIDE))
                cr_expect(not(is_met(&m, other, (struct bytes){ 0 })), "%s, %zu, of the other width", r->label, tried[i]);
        }
}

/* A string that was said in a longer form than it needs may be of any length. */
Test(form_reach, a_string_in_a_longer_form_meets_all_that_are_about_lengths, .timeout = 10)
{
    static const struct {
        size_t units, header;
        bool wide;
    } forms[] = { { 0, 1, false }, { 254, 1, false }, { 255, 3, false }, { 65533, 3, false }, { 65534, 7, false }, { 0, 4, true }, { 254, 4, true }, { 255, 6, true }, { 65533, 6, true }, { 65534, 10, true } };

    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        SCRATCH(keep);
        size_t len = forms[i].header + forms[i].units * (forms[i].wide ? 2 : 1);
        // None of these lengths is 80, from which on lengths are escaped here to FE.
        const struct mistake m = { .key = "x", .deed = DEED_LENGTH_LATE, .n = 0xffff | (forms[i].wide ? WIDE : NARROW) };
        struct value v = string_of(forms[i].wide ? "cstringw" : "cstringa", forms[i].wide, forms[i].units, &keep);
        uint8_t *plain = arena_alloc(&keep, len + 1);
        cr_expect(not(is_met(&m, v, (struct bytes){ plain, len })), "%zu units", forms[i].units);
        cr_expect(is_met(&m, v, (struct bytes){ plain, len + 1 }), "%zu units, in a byte more", forms[i].units);
    }
}

// clang-format off
static const struct reach_row {
    const char *label, *type, *text, *plain;
    enum deed deed;
    int64_t n;
    bool met;
} reaches[] = {
    { "a count",                         "count",      "65534", "", DEED_COUNT_TAKEN, 0xfffe, true },
    { "… one less",                      "count",      "65533", "", DEED_COUNT_TAKEN, 0xfffe, false },
    { "… the count FFFF in two bytes",   "count",      "65535", "", DEED_COUNT_LATE, 0xffff, true },
    { "… one less",                      "count",      "65534", "", DEED_COUNT_LATE, 0xffff, false },
    { "the low two bytes of a count",    "count",      "65536", "", DEED_COUNT_LOW, 2, true },
    { "… one less",                      "count",      "65535", "", DEED_COUNT_LOW, 2, false },
    { "bytes of a count with a sign",    "count",      "128", "", DEED_COUNT_SIGNED, 0, true },
    { "… one less",                      "count",      "127", "", DEED_COUNT_SIGNED, 0, false },
    { "… of an array",                   "bytearray",  "[1,2,3]", "", DEED_COUNT_TAKEN, 3, true },
    { "… one less",                      "bytearray",  "[1,2]", "", DEED_COUNT_TAKEN, 3, false },
    { "… of a list",                     "obarray",    "[null,null,null]", "", DEED_COUNT_TAKEN, 3, true },
    { "… of a map",                      "mapwordtoob", "{1=null,2=null,3=null}", "", DEED_COUNT_TAKEN, 3, true },
    { "… whose entries are two values",  "mapwordtoob", "{1=null,2=null}", "", DEED_COUNT_TAKEN, 3, false },
    { "… of a list within",              "object",     "CObArray[CObArray[null,null,null]]", "", DEED_COUNT_TAKEN, 3, true },
    { "… no count at all",               "dword",      "65534", "", DEED_COUNT_TAKEN, 3, false },
    { "a time",                          "time",       "7", "", DEED_TIME_SHORT, 0, true },
    { "… its mark",                      "time",       "7", "", DEED_TIME_MARK, TIME_MARK_BIT, true },
    { "… none",                          "longlong",   "7", "", DEED_TIME_SHORT, 0, false },
    { "… what is like one",              "time",       "7", "", DEED_TIME_LIKE, 64, false },
    { "… Serialize64",                   "time64",     "7", "", DEED_TIME_LIKE, 64, true },
    { "… a span",                        "timespan",   "7", "", DEED_TIME_LIKE, 32, true },
    { "… which is no time",              "timespan",   "7", "", DEED_TIME_SHORT, 0, false },
    { "two objects",                     "obarray",    "[CAge(1),CAge(2)]", "", DEED_TAG_EARLY, 4, true },
    { "… too few",                       "obarray",    "[CAge(1),CAge(2)]", "", DEED_TAG_EARLY, 5, false },
    { "… within each other",             "object",     "CNode(1,CNode(2,null))", "", DEED_TAG_LATE, 4, true },
    { "… and references",                "obarray",    "[CAge(1),@1,@1]", "", DEED_TAG_EARLY, 3, false },
    { "… of objects alone",              "obarray",    "[CAge(1),CAge(2)]", "", DEED_TAG_EARLY, 4 | ONLY_OBJECTS, true },
    { "… too few of them",               "obarray",    "[CAge(1),CAge(2)]", "", DEED_TAG_EARLY, 5 | ONLY_OBJECTS, false },
    { "a bit of long tags",              "object",     "CAge(1)", "ffff 0100 0400 43416765 01000000", DEED_TAG_CLASS_BIT, 0, false },
    { "… of which there is one",         "object",     "CAge(1)", "ff7f 01000080 01000000", DEED_TAG_CLASS_BIT, 0, true },
    { "… behind others",                 "obarray",    "[CAge(1),@1]", "0200 ffff 0100 0400 43416765 01000000 ff7f 02000000", DEED_TAG_CLASS_BIT, 0x8000, true },
    { "… and no object",                 "dword",      "32767", "ff7f 0000", DEED_TAG_CLASS_BIT, 0, false },
    { "a wide string",                   "cstringw",   "w:", "", DEED_WIDE_AS_NARROW, 0, true },
    { "… a narrow one",                  "cstringa",   "a:61", "", DEED_WIDE_AS_NARROW, 0, false },
    { "… one within",                    "stringlist", "[u:]", "", DEED_WIDE_AS_NARROW, 0, true },
    { "a mistake about any string",      "cstringa",   "a:61", "", DEED_LENGTH_SHORT, 1, true },
    { "… about none",                    "dword",      "7", "", DEED_SWAP, 0, true },
};
// clang-format on

Test(form_reach, what_was_said_goes_as_far_as_a_form_or_not, .timeout = 10)
{
    for (const struct reach_row *r = reaches; r < reaches + COUNT_OF(reaches); r++) {
        SCRATCH(keep);
        const struct mistake m = { .key = "x", .deed = r->deed, .n = r->n };
        struct value v;
        struct error err;
        struct bytes plain = { 0 };
        cr_assert(value_parse(r->text, type_named(r->type), &profile_default, &keep, &v, &err), "%s: %s", r->label, err.text);
        cr_assert(r->plain[0] == 0 || hex_read(r->plain, &keep, &plain) == NULL, "%s", r->label);
        cr_expect(eq(int, is_met(&m, v, plain), r->met), "%s", r->label);
    }
}

/* Of what had been answered before, objects alone count: they take indexes. */
Test(form_reach, before_what_is_answered_objects_alone_count, .timeout = 10)
{
    SCRATCH(keep);
    struct value time = { .of = type_named("time") }, object, longer = string_of("cstringa", false, 1, &keep);
    struct error err;
    const struct mistake of_time = { .key = "x", .deed = DEED_TIME_SHORT }, of_tags = { .key = "x", .deed = DEED_TAG_EARLY, .n = 2 }, of_bits = { .key = "x", .deed = DEED_TAG_CLASS_BIT },
                         of_lengths = { .key = "x", .deed = DEED_LENGTH_FOUR };

    cr_assert(value_parse("CAge(1)", type_named("object"), &profile_default, &keep, &object, &err));
    for (size_t asked = 0; asked < 2; asked++)
        for (int ours = 0; ours < 2; ours++) {
            struct part parts[] = { { .is_value = true, .value = time },
                                    { .is_value = true, .value = object, .plain = BYTES(0xff, 0x7f, 1, 0, 0, 0x80), .ours = ours },
                                    { .is_value = true, .value = longer, .plain = BYTES(0xff, 1, 0, 'a') },
                                    { .is_value = false, .value = time } };
            struct history h = { .parts = parts, .count = COUNT_OF(parts), .asked = asked ? 3 : 0 };
            form_reach(&h);
            cr_expect(eq(int, form_is_met(&h, &of_time), !asked));
            cr_expect(form_is_met(&h, &of_tags));
            cr_expect(eq(int, form_is_met(&h, &of_bits), !asked && ours), "the long tag is ours, and not answered yet");
            cr_expect(eq(int, form_is_met(&h, &of_lengths), !asked));
        }
}

/* What is taken for the mark of a longer form is none already, and is no count of fewer bytes. */
Test(form_reach, a_count_is_taken_for_what_says_that_more_follows, .timeout = 10)
{
    static const struct {
        enum deed deed;
        int64_t from;
        uint64_t count;
        size_t width;
        bool is;
    } taken[] = {
        { DEED_COUNT_TAKEN, 0xfffe, 0xfffd, 2, false },     { DEED_COUNT_TAKEN, 0xfffe, 0xfffe, 2, true },          { DEED_COUNT_TAKEN, 0xfffe, 0xffff, 2, false },
        { DEED_COUNT_TAKEN, 0, 0, 2, false },               { DEED_COUNT_TAKEN, 1, 1, 2, true },                    { DEED_COUNT_EARLY, 0xfffe, 0xfffe, 2, false },
        { DEED_COUNT_TAKEN, 0xfffe, 0xfffe, 4, false },     { DEED_COUNT_TAKEN, 0xffff, 0x10000, 4, false },        { DEED_COUNT_TAKEN, 0x10000, 0x10000, 4, true },
        { DEED_COUNT_TAKEN, 0x80000000, 0x7fffffff, 4, false }, { DEED_COUNT_TAKEN, 0x80000000, 0x80000000, 4, true }, { DEED_COUNT_TAKEN, 0x80000000, 0xfffffffe, 4, true },
        { DEED_COUNT_TAKEN, 0x80000000, 0xffffffff, 4, false }, { DEED_COUNT_TAKEN, 0x80000000, 0x8000, 2, false },
    };

    for (size_t i = 0; i < COUNT_OF(taken); i++) {
        const struct mistake m = { .key = "x", .deed = taken[i].deed, .n = taken[i].from };
        cr_expect(eq(int, form_takes_count(&m, taken[i].count, taken[i].width), taken[i].is), "%zu", i);
    }
}

/* ---- texts ---- */

// clang-format off
static const struct text_row {
    const char *label;
    enum deed deed;
    int64_t n;
    bool wide;
    const char *of, *is; // units, as bytes
} texts[] = {
    { "nothing is done",             DEED_NONE, 0, false, "61 00 ff", "6100ff" },
    { "cut at a NUL",                DEED_CUT_AT, 0, false, "61 00 62 00", "61" },
    { "… of two bytes",              DEED_CUT_AT, 0, true, "0001 6100 0000 6200", "00016100" },
    { "… at a CR",                   DEED_CUT_AT, '\r', false, "61 0a 0d 62", "610a" },
    { "… at a newline",              DEED_CUT_AT, '\n', true, "6100 0d00 0a00 6200", "61000d00" },
    { "… at what ends a line: 09",   DEED_CUT_AT, CUT_LINES, false, "61 09", "6109" },
    { "… 0A",                        DEED_CUT_AT, CUT_LINES, false, "61 0a", "61" },
    { "… 0D",                        DEED_CUT_AT, CUT_LINES, false, "61 0d", "61" },
    { "… 0E",                        DEED_CUT_AT, CUT_LINES, false, "61 0e", "610e" },
    { "… 1B",                        DEED_CUT_AT, CUT_LINES, false, "61 1b", "611b" },
    { "… 1C",                        DEED_CUT_AT, CUT_LINES, false, "61 1c", "61" },
    { "… 1E",                        DEED_CUT_AT, CUT_LINES, false, "61 1e", "61" },
    { "… 1F",                        DEED_CUT_AT, CUT_LINES, false, "61 1f", "611f" },
    { "… 85",                        DEED_CUT_AT, CUT_LINES, false, "61 85", "6185" },
    { "… 85, wide",                  DEED_CUT_AT, CUT_LINES, true, "6100 8500", "6100" },
    { "… U+2027",                    DEED_CUT_AT, CUT_LINES, true, "6100 2720", "61002720" },
    { "… U+2028",                    DEED_CUT_AT, CUT_LINES, true, "6100 2820", "6100" },
    { "… U+2029",                    DEED_CUT_AT, CUT_LINES, true, "6100 2920", "6100" },
    { "… U+202A",                    DEED_CUT_AT, CUT_LINES, true, "6100 2a20", "61002a20" },
    { "NULs at the end",             DEED_STRIP, STRIP_NULS, false, "00 61 20 00 00", "006120" },
    { "… wide",                      DEED_STRIP, STRIP_NULS, true, "6100 0001 0000", "61000001" },
    { "… nothing else",              DEED_STRIP, STRIP_NULS, true, "0000 0000", "" },
    { "blanks at the beginning",     DEED_STRIP, STRIP_BEGIN, true, "2000 0920 6100 2000", "61002000" },
    { "… at the end",                DEED_STRIP, STRIP_END, true, "2000 6100 0030 2000", "20006100" },
    { "… at both",                   DEED_STRIP, STRIP_BEGIN | STRIP_END, false, "20 61 20 62 0d 0a", "612062" },
    { "half a pair",                 DEED_LONE_REPLACED, '?', true, "ffd7 00d8 6100 ffdf 00e0 3dd8 00de", "ffd73f0061003f0000e03dd800de" },
    { "… in narrow text",            DEED_LONE_REPLACED, '?', false, "d8 dc", "d8dc" },
    { "a pair",                      DEED_PAIR_REPLACED, 0xfffd, true, "3dd8 00de 3dd8 6100", "fdff3dd86100" },
    { "… that is cut",               DEED_PAIR_REPLACED, 0xfffd, true, "6100 3dd8", "61003dd8" },
    { "not ASCII, narrow, left out", DEED_ASCII_ONLY, 0, false, "7f 80 61", "7f61" },
    { "… a question mark",           DEED_ASCII_ONLY, '?', false, "7f 80 61", "7f8061" },
    { "… wide",                      DEED_ASCII_ONLY, '?', true, "7f00 8000 3dd8 00de", "7f003f003f00" },
    { "… left out",                  DEED_ASCII_ONLY, 0, true, "7f00 8000 3dd8 00de 6100", "7f006100" },
    { "NULs left out",               DEED_UNIT_LEFT, 0, false, "00 61 00 00 62 00", "6162" },
    { "… wide",                      DEED_UNIT_LEFT, 0, true, "0000 6100 0001 0000 0061", "610000010061" },
    { "CRs left out",                DEED_UNIT_LEFT, '\r', false, "61 0d 0a 0d", "610a" },
    { "newlines left out, wide",     DEED_UNIT_LEFT, '\n', true, "6100 0d00 0a00 000a", "61000d00000a" },
    { "not Latin-1",                 DEED_LATIN_ONLY, '?', true, "ff00 0001", "ff003f00" },
    { "a mark",                      DEED_MARK_TAKEN, 0, true, "fffe 6100", "6100" },
    { "… alone",                     DEED_MARK_TAKEN, 0, true, "fffe", "" },
    { "… the second",                DEED_MARK_TAKEN, 0, true, "6100 fffe", "6100fffe" },
    { "… in narrow text",            DEED_MARK_TAKEN, 0, false, "ff fe", "fffe" },
    { "… none",                      DEED_MARK_TAKEN, 0, true, "", "" },
    { "a newline behind",            DEED_UNIT_BEHIND, '\n', true, "6100", "61000a00" },
    { "CR LF",                       DEED_UNIT_BEHIND, '\r', false, "61", "610d0a" },
    { "… wide",                      DEED_UNIT_BEHIND, '\r', true, "", "0d000a00" },
    { "half of it",                  DEED_CUT_HALF, 0, true, "6100 6200 6300 6400 6500", "61006200" },
    { "… of one unit",               DEED_CUT_HALF, 0, true, "6100", "" },
    { "… not of narrow text",        DEED_CUT_HALF, 0, false, "61 62", "6162" },
    { "two units",                   DEED_CUT_TO, 2, true, "6100 6200 6300", "61006200" },
    { "… as many as there are",      DEED_CUT_TO, 2, false, "61 62", "6162" },
    { "UTF-8",                       DEED_UTF8, 0, false, "7f 80 bf c0 ff", "7fc280c2bfc380c3bf" },
    { "… wide text",                 DEED_UTF8, 0, true, "8000", "8000" },
    { "a question mark",             DEED_QUESTION, 0, false, "7f 80 ff", "7f3f3f" },
    { "seven bits",                  DEED_7BIT, 0, false, "7f 80 ff", "7f007f" },
};
// clang-format on

Test(form_reach, a_text_becomes_another, .timeout = 10)
{
    for (const struct text_row *r = texts; r < texts + COUNT_OF(texts); r++)
        for (int reads = 0; reads < 2; reads++) {
            SCRATCH(keep);
            const struct mistake m = { .key = "x", .deed = r->deed, .n = r->n };
            struct value v = { .of = type_named(r->wide ? "cstringw" : "cstringa"), .wide = r->wide };
            TEXT(hex);
            cr_assert(hex_read(r->of, &keep, &v.data) == NULL, "%s", r->label);
            hex_write(&hex, mistake_units(&m, &v, reads, &keep).data);
            cr_expect(eq(str, (char *)text_string(&hex), (char *)r->is), "%s", r->label);
        }
}

// clang-format off
static const struct block_row {
    int64_t n;
    size_t width;
    const char *of;
    size_t left;
} blocks[] = {
    { 0, 1, "01 00 02 00 00", 3 }, { 0, 1, "00 00", 0 }, { 0, 1, "00 01", 2 }, { 0, 1, "", 0 },
    { 0, 2, "0100 0001 0000", 4 }, { 0, 4, "00000001 00000000", 4 }, { 0, 4, "01000000", 4 },
    { 1, 1, "01 00 02", 1 }, { 1, 1, "00 01", 0 }, { 1, 1, "01 02", 2 }, { 1, 2, "0001 0100 0000 0200", 4 },
};
// clang-format on

Test(form_reach, a_block_is_left_without_its_zeroes, .timeout = 10)
{
    for (const struct block_row *r = blocks; r < blocks + COUNT_OF(blocks); r++) {
        SCRATCH(keep);
        const struct mistake m = { .key = "x", .deed = DEED_STRIP_BYTES, .n = r->n };
        struct bytes of;
        cr_assert(hex_read(r->of, &keep, &of) == NULL, "%s", r->of);
        cr_expect(eq(sz, mistake_stripped(&m, of, r->width), r->left), "%s", r->of);
    }
}
