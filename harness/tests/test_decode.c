/*
 * Streams annotated: the recordings of genuine MFC, and where and why reading stops.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "archive/decode.h"
#include "base/hex.h"
#include "vector/captures.h"

static struct captures recordings(struct arena *keep)
{
    struct captures all = { 0 };
    const struct json *file;
    struct error err;

    cr_assert(json_read("vectors/captures/genuine-mfc.json", keep, &file, &err), "%s", err.text);
    cr_assert(captures_parse(file, keep, &all, &err), "%s", err.text);
    return all;
}

static struct decoding decode(const char *hex, const char *types, const char *profile,
                              struct arena *keep, struct bytes *in)
{
    struct profile p = profile_default;
    struct type_list list;
    struct decoding d;
    struct error err;

    cr_assert(eq(ptr, (void *)hex_read(hex, keep, in), NULL), "%s", hex);
    if (*profile)
        cr_assert(profile_parse(profile, &p, &err), "%s", err.text);
    cr_assert(type_list_parse(types, keep, &list, &err), "%s", err.text);
    stream_decode(*in, &p, &list, keep, &d);
    return d;
}

static void values_say(struct text *to, const struct decoding *d)
{
    for (size_t i = 0; i < d->value_count; i++) {
        if (i)
            text_char(to, ' ');
        value_text(to, &d->values[i]);
    }
}

Test(decode, every_recording_is_read_to_the_values_that_MFC_read, .timeout = 20)
{
    SCRATCH(keep);
    struct captures all = recordings(&keep);

    cr_expect(eq(sz, all.count, 12));
    for (const struct capture *c = all.items; c < all.items + all.count; c++) {
        struct decoding d;
        TEXT(values);
        stream_decode(c->bytes, &c->writer, &c->types, &keep, &d);
        cr_expect(decoding_whole(&d), "%s stops at %zu: %s", c->name, d.at,
                  d.reason ? d.reason : "");
        values_say(&values, &d);
        cr_expect(eq(str, (char *)text_string(&values), (char *)c->text), "%s", c->name);
        cr_expect(not(d.loose), "%s", c->name);
        cr_expect(eq(int, (int)d.odd.kind, ODD_NONE), "%s", c->name);
    }
}

#define AGE_CLASS "ffff 0100 0400 43416765 "

/* What readers take and no writer says, and beside it the like that one says. */
static const struct odd_row {
    const char *hex, *types;
    enum odd_kind kind;
    size_t at, number;
} odd_rows[] = {
    { "3412 02 6162 fffeff 01 6100",              "word,cstring*2",  ODD_NONE,   0,  0 },
    { "3412 ff 0200 6162",                        "word,cstring",    ODD_LENGTH, 2,  2 },
    { "fffeff ff 0100 6100 ff ffff 01000000 61",  "cstring*2",       ODD_LENGTH, 3,  1 }, // the first
    { "ff ffff ffffffff 0100000000000000 61",     "cstring",         ODD_LENGTH, 0,  1 },
    { "ff fdff 61*65533",                         "cstring",         ODD_NONE,   0,  0 },
    { "ff ffff feff0000 61*65534",                "cstring",         ODD_NONE,   0,  0 },
    { "fffeff ff feff 6100*65534",                "cstring",         ODD_LENGTH, 3,  1 }, // behind the prefix FFFE is a length
    { "ff 0500 61",                               "cstring",         ODD_LENGTH, 0,  0 }, // it is not whole
    { "feff ffff ffff0000",                       "count*2",         ODD_NONE,   0,  0 },
    { "0100 ffff feff0000",                       "count*2",         ODD_COUNT,  2,  2 },
    { "ffff ffffffff ffffffff00000000",           "count",           ODD_NONE,   0,  0 },
    { "ffff ffffffff feffffff00000000",           "count",           ODD_COUNT,  0,  1 },
    { AGE_CLASS "15000000 0180 16000000 0200",    "object*3",        ODD_NONE,   0,  0 },
    { AGE_CLASS "15000000 ff7f 02000000",         "object*2",        ODD_TAG,    14, 2 },
    { AGE_CLASS "15000000 ff7f 01000080 16000000", "object*2",       ODD_TAG,    14, 2 },
    { "ff7f 00000000",                            "object",          ODD_TAG,    0,  1 },
    { AGE_CLASS "15000000 " AGE_CLASS "16000000", "object*2",        ODD_CLASS,  14, 2 },
    { "0200 " AGE_CLASS "15000000 " AGE_CLASS "16000000", "obarray", ODD_CLASS,  16, 1 },
    { AGE_CLASS "15000000 " AGE_CLASS "16",       "object*2",        ODD_CLASS,  14, 0 },
};

Test(decode, what_no_writer_says_is_noted)
{
    for (const struct odd_row *t = odd_rows; t < odd_rows + COUNT_OF(odd_rows); t++) {
        SCRATCH(keep);
        struct bytes in;
        struct decoding d = decode(t->hex, t->types, "", &keep, &in);
        cr_expect(eq(int, (int)d.odd.kind, t->kind), "%s", t->hex);
        cr_expect(eq(sz, d.odd.at, t->at), "%s", t->hex);
        cr_expect(eq(sz, d.odd_number, t->number), "%s", t->hex);
        cr_expect(d.status == WIRE_OK || t->number == 0, "%s stops at %zu: %s", t->hex, d.at, d.reason ? d.reason : "");
    }
}

Test(decode, every_recording_cut_anywhere_tells_what_was_read_and_what_MFC_raises, .timeout = 60)
{
    SCRATCH(keep);
    struct captures all = recordings(&keep);

    for (const struct capture *c = all.items; c < all.items + all.count; c++)
        for (size_t len = 0; len<c->bytes.len; len += c->bytes.len> 200 ? 7 : 1) {
            SCRATCH(scratch);
            struct decoding d;
            TEXT(out);
            stream_decode(bytes_slice(c->bytes, 0, len), &c->writer, &c->types, &scratch, &d);
            cr_expect(eq(int, (int)d.status, WIRE_SHORT), "%s cut to %zu", c->name, len);
            cr_expect(d.cause == CAUSE_END_OF_FILE || d.cause == CAUSE_BAD_CLASS ||
                          d.cause == CAUSE_NONE,
                      "%s cut to %zu", c->name, len);
            decoding_print(&out, bytes_slice(c->bytes, 0, len), &d);
            cr_expect(strstr(text_string(&out), "the stream ends") != NULL, "%s cut to %zu",
                      c->name, len);
        }
}

Test(decode, the_parts_of_a_value_stand_below_it, .timeout = 10)
{
    SCRATCH(keep);
    struct bytes in;
    struct decoding d =
        decode("3412 fffeff02 48006900 0200 0500 ffff 0100 0400 43416765 15000000 0000",
               "word,cstring,obarray", "", &keep, &in);
    TEXT(out);

    cr_expect(eq(int, (int)d.status, WIRE_BAD)); // 5 is no index in use
    d = decode("3412 fffeff02 48006900 0100 ffff 0100 0400 43416765 15000000",
               "word,cstring,obarray", "", &keep, &in);
    decoding_print(&out, in, &d);
    cr_expect(
        eq(str, (char *)text_string(&out),
           "00000000  34 12                                     word     4660\n"
           "00000002  8 bytes                                   cstring  u:00480069\n"
           "00000002    ff fe ff 02                               wide, length 2\n"
           "00000006    48 00 69 00                               text \"Hi\"\n"
           "0000000a  16 bytes                                  obarray  [CAge(21)]\n"
           "0000000a    01 00                                     count 1\n"
           "0000000c    14 bytes                                  [0] CAge(21)\n"
           "0000000c      14 bytes                                  object @1, index 2, a CAge\n"
           "0000000c        ff ff 01 00 04 00 43 41 67 65             new class CAge, schema 1, "
           "index 1\n"
           "00000016        15 00 00 00                               age 21\n"
           "\n3 values, 26 of 26 bytes\n"));
}

static const struct stop_row {
    const char *label, *hex, *types, *profile, *expected;
} stops[] = {
    { "in the middle of a string", "05 4142", "cstring", "charset=ansi",
      "the stream ends 3 bytes too early\nexpected: cstring (MFC's CString, clause STR-8); if no "
      "more comes, "
      "MFC's reader raises archive exception 3, endOfFile\n2 bytes are left: 41 42\n" },
    { "in a class name", "ffff 0100 0400 4341", "object", "",
      "the stream ends 2 bytes too early\nexpected: object (MFC's CObject*, clause TAB-6.1); if no "
      "more comes, "
      "MFC's reader raises archive exception 6, badClass\n" },
    { "at an unknown class", "ffff 0100 0200 4358 00", "object", "",
      "stops at offset 6 (0x6): archive exception 6, badClass: a class that nobody "
      "knows\nexpected: object" },
    { "at another schema", "ffff 0900 0400 43416765 0000", "object", "",
      "archive exception 7, badSchema" },
    { "at an index", "0900", "object", "",
      "archive exception 5, badIndex: an object index that is not in use" },
    { "at a length that no memory has", "ffff ffffffff ffffffffffffffff", "dwordarray", "",
      "the stream ends, and there is no memory" },
    { "where an old MFC takes what there is", "0200 01", "bytearray", "generation=7.1",
      "raises no archive exception and takes what there is" },
    { "behind the list", "0100 0200 03", "word*2", "",
      "\n2 values, 4 of 5 bytes\n1 byte is left: 03\n" },
    { "nowhere, but forms were longer than needed", "ff0200 4869", "cstring", "",
      "1 value, 5 of 5 bytes\na longer form than needed stands in it" },
};

Test(decode, tells_where_and_why_it_stops, .timeout = 10)
{
    SCRATCH(keep);

    for (const struct stop_row *t = stops; t < stops + COUNT_OF(stops); t++) {
        struct bytes in;
        struct decoding d = decode(t->hex, t->types, t->profile, &keep, &in);
        TEXT(out);
        decoding_print(&out, in, &d);
        cr_expect(strstr(text_string(&out), t->expected) != NULL, "%s:\n%s", t->label,
                  text_string(&out));
    }
}

static const struct list_row {
    const char *text, *wrong; // wrong NULL: right
    size_t count;
    bool repeated;
} lists[] = {
    { "word", NULL, 1, false },
    { "word,cstring*3,raw:2", NULL, 5, false },
    { "word,object:CAge*", NULL, 2, true },
    { "count*65536", NULL, 65536, false },
    { "word*0", NULL, 0, false },
    { "", "unknown type \"\"", 0, false },
    { "word,", "unknown type \"\"", 0, false },
    { "wrod", "unknown type \"wrod\"", 0, false },
    { "word*,byte", "\"word*\" goes on to the end, and more types stand behind it", 0, false },
    { "word*x", "\"word*x\": expected a number of values, 65536 in all at most", 0, false },
    { "word*-1", "\"word*-1\": expected a number of values, 65536 in all at most", 0, false },
    { "word*65537", "\"word*65537\": expected a number of values, 65536 in all at most", 0, false },
    { "word*65536,byte", "more than 65536 values", 0, false },
};

Test(decode, a_list_of_types_repeats_with_a_star, .timeout = 10)
{
    for (const struct list_row *t = lists; t < lists + COUNT_OF(lists); t++) {
        SCRATCH(keep);
        struct type_list list = { 0 };
        struct error err = { 0 };
        bool good = type_list_parse(t->text, &keep, &list, &err);
        cr_expect(eq(int, good, !t->wrong), "\"%s\": %s", t->text, err.text);
        if (t->wrong)
            cr_expect(eq(str, err.text, (char *)t->wrong), "\"%s\"", t->text);
        cr_expect(eq(sz, list.count, t->count), "\"%s\"", t->text);
        cr_expect(eq(int, list.repeated, t->repeated), "\"%s\"", t->text);
    }
}

Test(decode, a_type_repeated_to_the_end_may_stand_for_none_and_ends_where_nothing_moves,
     .timeout = 10)
{
    SCRATCH(keep);
    struct bytes in;

    cr_expect(eq(sz, decode("", "word*", "", &keep, &in).value_count, 0));
    cr_expect(eq(sz, decode("0100", "word,word*", "", &keep, &in).value_count, 1));
    cr_expect(eq(sz, decode("0100 0200 0300", "word*", "", &keep, &in).value_count, 3));
    cr_expect(eq(sz, decode("01", "raw:0*", "", &keep, &in).value_count, 1));
    struct decoding d = decode("0100 02", "word*", "", &keep, &in);
    cr_expect(eq(sz, d.value_count, 1));
    cr_expect(eq(int, (int)d.status, WIRE_SHORT));
}

/* Whatever lies there, something is said of it, and nothing crashes. */
Test(decode, guesses_say_something_of_any_bytes, .timeout = 60)
{
    SCRATCH(keep);
    struct random chance = random_for(1, "guess", 0);
    struct captures all = recordings(&keep);

    for (int i = 0; i < 200; i++) {
        uint8_t bytes[64];
        TEXT(out);
        for (size_t k = 0; k < sizeof bytes; k++)
            bytes[k] = (uint8_t)(random_below(&chance, 3) ? random_below(&chance, 8)
                                                          : random_u64(&chance));
        stream_guess(&out, (struct bytes){ bytes, 1 + random_below(&chance, sizeof bytes) },
                     &profile_default);
        cr_expect(strstr(text_string(&out), "as the first value:\n  byte ") != NULL);
    }
    const struct capture *c = capture_find(&all, "wstr_small");
    TEXT(out);
    stream_guess(&out, c->bytes, &c->writer);
    cr_expect(strstr(text_string(&out), "cstring* reads all of it, as 5 values\n") != NULL, "%s",
              text_string(&out));
}

// clang-format off
static const struct {
    const char *label;
    struct bytes in;
    const char *said[6]; // each a part of what is told
    const char *unsaid;
} guesses[] = {
    { "one byte",      BYTES(0x41),    { "1 byte: 41\n", "byte         65   (1 byte, 0 left)\n", "word         no: at least 2 bytes would be needed\n",
                                         "cstring      no: at least 66 bytes would be needed\n", "no single type repeated fits it from end to end\n" }, "…" },
    { "an empty text", BYTES(0x00),    { "cstring      \"\"   (1 byte, 0 left)\n", "from end to end:\ncstring* reads all of it, as 1 value\n" }, "no single" },
    { "two of them",   BYTES(0, 0),    { "2 bytes: 00 00\n", "byte         0   (1 byte, 1 left)\n", "word         0   (2 bytes, 0 left)\n", "cstring* reads all of it, as 2 values\n" }, "no single" },
    { "16 bytes",      BYTES(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1),
                                       { "16 bytes: 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01\nas the first value:\n" }, "…" },
    { "17 bytes",      BYTES(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1),
                                       { "17 bytes: 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 …\nas the first value:\n" }, "01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01" },
};
// clang-format on

Test(decode, a_guess_tells_numbers_as_they_are, .timeout = 10)
{
    for (size_t i = 0; i < COUNT_OF(guesses); i++) {
        TEXT(out);
        stream_guess(&out, guesses[i].in, &profile_default);
        for (const char *const *part = guesses[i].said; *part; part++)
            cr_expect(strstr(text_string(&out), *part) != NULL, "%s: %s not in\n%s", guesses[i].label, *part, text_string(&out));
        cr_expect(strstr(text_string(&out), guesses[i].unsaid) == NULL, "%s: %s", guesses[i].label, text_string(&out));
    }
}

/* E31 and E32 of the worked examples: the units are told, and the characters that they are in the code page. */
Test(decode, narrow_text_is_told_in_its_code_page, .timeout = 10)
{
    static const struct {
        const char *hex;
        unsigned page;
        const char *said;
    } rows[] = {
        { "01 e9", 1252, "cstringa  a:e9  \"é\"" },
        { "0d 826c 8272 20 8353 8356 8362 834e", 932, "a:826c827220835383568362834e  \"ＭＳ ゴシック\"" },
        { "01 9c", 1250, "cstringa  a:9c  \"ś\"" },
        { "02 c4e3", 936, "cstringa  a:c4e3  \"你\"" },
        { "01 83", 932, "a:83  \"\" and no character of code page 932 from unit 0 on" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct type_list list;
        struct bytes in;
        struct error err;
        struct decoding d;
        TEXT(out);
        cr_assert(hex_read(rows[i].hex, &keep, &in) == NULL && type_list_parse("cstringa", &keep, &list, &err));
        list.page = codepage_find(rows[i].page);
        stream_decode(in, &profile_default, &list, &keep, &d);
        decoding_print(&out, in, &d);
        cr_expect(strstr(text_string(&out), rows[i].said) != NULL, "%s", text_string(&out));
    }
}

Test(decode, what_is_seldom_is_told_too, .timeout = 10)
{
    SCRATCH(keep);
    struct bytes in, list_in;
    struct type_list list;
    struct error err;
    struct decoding d = decode("41*100", "byte*", "", &keep, &in);
    TEXT(empty);
    TEXT(endless);
    TEXT(old);
    TEXT(page);

    cr_expect(eq(sz, d.value_count, 100));
    stream_guess(&empty, (struct bytes){ 0 }, &profile_default);
    cr_expect(strstr(text_string(&empty), "no bytes at all") != NULL, "%s", text_string(&empty));
    cr_assert(hex_read("ff*15", &keep, &in) == NULL);
    stream_guess(&endless, in, &profile_default);
    cr_expect(strstr(text_string(&endless), "longer than any memory") != NULL, "%s", text_string(&endless));
    struct profile first = profile_all[0]; // 4.2, which lacks some of what is tried
    stream_guess(&old, in, &first);
    cr_expect(strstr(text_string(&old), "longlong") == NULL, "%s", text_string(&old));
    cr_assert(hex_read("0200 02 8362 00", &keep, &list_in) == NULL && type_list_parse("stringarray", &keep, &list, &err));
    list.page = codepage_find(932);
    stream_decode(list_in, &profile_default, &list, &keep, &d);
    decoding_print(&page, list_in, &d);
    cr_expect(strstr(text_string(&page), "[u:00830062,u:]  \"ッ\"") != NULL, "%s", text_string(&page));

    TEXT(bytes);
    cr_assert(hex_read("0200 4142", &keep, &list_in) == NULL && type_list_parse("bytearray", &keep, &list, &err));
    list.page = codepage_find(932);
    stream_decode(list_in, &profile_default, &list, &keep, &d);
    decoding_print(&bytes, list_in, &d);
    cr_expect(strchr(text_string(&bytes), '"') == NULL, "bytes are no characters: %s", text_string(&bytes));
}
