/*
 * A stream annotated, line for line: what is whole, what is not, what is left, and where a list of types ends.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "archive/decode.h"
#include "archive/objects.h"
#include "test_archive.h"

#define ANSI "charset=ansi"
#define CAGE "ffff 0100 0400 43416765 "

static struct decoding decode(const char *hex, const char *types, const char *profile, unsigned page, struct arena *keep,
                              struct bytes *in)
{
    struct profile p = profile_of(profile);
    struct type_list list;
    struct decoding d;
    struct error err;

    *in = wire_of(hex, keep);
    cr_assert(type_list_parse(types, keep, &list, &err), "%s", err.text);
    list.page = page ? codepage_find(page) : NULL;
    stream_decode(*in, &p, &list, keep, &d);
    return d;
}

// clang-format off
static const struct row {
    const char *label, *hex, *types, *profile;
    unsigned page; // 0: none
    const char *printed;
} rows[] = {
    { "nothing at all", "", "word*", "", 0, "\n0 values, 0 of 0 bytes\n" },
    { "a name that has all columns", "0000000000000000", "longlong", "", 0,
      "00000000  00 00 00 00 00 00 00 00                   longlong  0\n"
      "\n1 value, 8 of 8 bytes\n" },
    // A note that would say the value again is left out: only where it is all of it.
    { "count", "0500", "count", "", 0,
      "00000000  05 00                                     count    5\n"
      "\n1 value, 2 of 2 bytes\n" },
    { "a class, and again", CAGE "0180", "class*", "", 0,
      "00000000  10 bytes                                  class    CAge:1\n"
      "00000000    ff ff 01 00 04 00 43 41 67 65             new class CAge, schema 1, index 1\n"
      "0000000a  01 80                                     class    CAge:1\n"
      "\n2 values, 12 of 12 bytes\n" },
    { "null", "0000", "object", "", 0,
      "00000000  2 bytes                                   object   null\n"
      "00000000    00 00                                     null\n"
      "\n1 value, 2 of 2 bytes\n" },
    { "an empty text", "00", "cstring", "", 0,
      "00000000  1 byte                                    cstring  u:\n"
      "00000000    00                                        length 0\n"
      "\n1 value, 1 of 1 bytes\n" },
    { "an empty list", "0000", "stringlist", "", 0,
      "00000000  00 00                                     stringlist  []\n"
      "\n1 value, 2 of 2 bytes\n" },
    { "parts side by side", "01000000 ffffffff", "point", "", 0,
      "00000000  8 bytes                                   point    (1,-1)\n"
      "00000000    01 00 00 00                               x 1\n"
      "00000004    ff ff ff ff                               y -1\n"
      "\n1 value, 8 of 8 bytes\n" },
    // Up to twelve bytes are shown, of more the first eight.
    { "eleven bytes", "01*11", "raw:11", "", 0,
      "00000000  01 01 01 01 01 01 01 01 01 01 01          raw:11   r:0101010101010101010101\n"
      "\n1 value, 11 of 11 bytes\n" },
    { "twelve bytes", "0a000080 80436d38 00000000", "time", "", 0,
      "00000000  0a 00 00 80 80 43 6d 38 00 00 00 00       time     946684800\n"
      "\n1 value, 12 of 12 bytes\n" },
    { "thirteen bytes", "01*13", "raw:13", "", 0,
      "00000000  01 01 01 01 01 01 01 01 (13)              raw:13   r:01010101010101010101010101\n"
      "\n1 value, 13 of 13 bytes\n" },
    // A value that is not complete is told as far as it was read.
    { "a text that is cut", "05 4142", "cstring", ANSI, 0,
      "00000000  1 byte                                    cstring, not complete\n"
      "00000000    05                                        length 5\n"
      "\nstops at offset 1 (0x1): the stream ends 3 bytes too early\n"
      "expected: cstring (MFC's CString, clause STR-8); if no more comes, MFC's reader raises archive exception 3, endOfFile\n"
      "2 bytes are left: 41 42\n" },
    { "a text that lacks one", "0700 02 41", "word,cstring", ANSI, 0,
      "00000000  07 00                                     word     7\n"
      "00000002  1 byte                                    cstring, not complete\n"
      "00000002    02                                        length 2\n"
      "\nstops at offset 3 (0x3): the stream ends 1 byte too early\n"
      "expected: cstring (MFC's CString, clause STR-8); if no more comes, MFC's reader raises archive exception 3, endOfFile\n"
      "1 byte is left: 41\n" },
    { "a number that is cut", "0700", "dword", "", 0,
      "00000000                                            dword, not complete\n"
      "\nstops at offset 0 (0x0): the stream ends 2 bytes too early\n"
      "expected: dword (MFC's DWORD, clause TAB-3.1); if no more comes, MFC's reader raises archive exception 3, endOfFile\n"
      "2 bytes are left: 07 00\n" },
    { "an array, up to 7.1", "0300 0102", "bytearray", "generation=7.1", 0,
      "00000000  2 bytes                                   bytearray, not complete\n"
      "00000000    03 00                                     count 3\n"
      "\nstops at offset 2 (0x2): the stream ends 1 byte too early\n"
      "expected: bytearray (MFC's CByteArray, clause TAB-8.4); if no more comes, MFC's reader raises no archive exception and takes what there is\n"
      "2 bytes are left: 01 02\n" },
    { "in the second object", "0200" CAGE "15000000 0180 1500", "obarray", "", 0,
      "00000000  18 bytes                                  obarray, not complete\n"
      "00000000    02 00                                     count 2\n"
      "00000002    14 bytes                                  [0] CAge(21)\n"
      "00000002      14 bytes                                  object @1, index 2, a CAge\n"
      "00000002        ff ff 01 00 04 00 43 41 67 65             new class CAge, schema 1, index 1\n"
      "0000000c        15 00 00 00                               age 21\n"
      "00000010    01 80                                     class CAge, index 1\n"
      "\nstops at offset 18 (0x12): the stream ends 2 bytes too early\n"
      "expected: obarray (MFC's CObArray, clause TAB-8.4); if no more comes, MFC's reader raises archive exception 3, endOfFile\n"
      "2 bytes are left: 15 00\n" },
    // Where it is wrong may lie before what was read: that is told, too.
    { "of another class", CAGE "15000000", "object:CNode", "", 0,
      "00000000  10 bytes                                  object:CNode, not complete\n"
      "00000000    ff ff 01 00 04 00 43 41 67 65             new class CAge, schema 1, index 1\n"
      "\nstops at offset 0 (0x0): archive exception 6, badClass: an object of another class than requested\n"
      "expected: object:CNode (MFC's CObject*, clause TAB-6.1)\n"
      "14 bytes are left: ff ff 01 00 04 00 43 41 67 65 15 00 00 00\n" },
    { "a COM object", "0d00", "olevariant", "", 0,
      "00000000  2 bytes                                   olevariant, not complete\n"
      "00000000    0d 00                                     vartype 13\n"
      "\nstops at offset 2 (0x2): no archive exception: a variant that carries a COM object\n"
      "expected: olevariant (MFC's COleVariant, clause TAB-8.3)\n" },
    { "a length that nothing backs", "ffffff7f 4100", "combstr", "", 0,
      "00000000  4 bytes                                   combstr, not complete\n"
      "00000000    ff ff ff 7f                               length 2147483647\n"
      "\nstops at offset 4 (0x4): the stream ends 4294967292 bytes too early\n"
      "expected: combstr (MFC's CComBSTR, clause TAB-8.3); if no more comes, MFC's reader raises archive exception 3, endOfFile\n"
      "2 bytes are left: 41 00\n" },
    { "a count that no memory has", "ff*14", "dwordarray", "", 0,
      "00000000  14 bytes                                  dwordarray, not complete\n"
      "00000000    ff ff ff ff ff ff ff ff (14)              count 18446744073709551615\n"
      "\nstops at offset 14 (0xe): the stream ends, and there is no memory for what should follow\n"
      "expected: dwordarray (MFC's CDWordArray, clause TAB-8.4); if no more comes, MFC's reader raises archive exception 3, endOfFile\n" },
    // Up to 16 bytes that are left are shown.
    { "16 are left", "07 01*16", "byte", "", 0,
      "00000000  07                                        byte     7\n"
      "\n1 value, 1 of 17 bytes\n"
      "16 bytes are left: 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01\n" },
    { "17 are left", "07 01*17", "byte", "", 0,
      "00000000  07                                        byte     7\n"
      "\n1 value, 1 of 18 bytes\n"
      "17 bytes are left: 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 01 …\n" },
    { "a longer form", "ff0100 41", "cstring", ANSI, 0,
      "00000000  4 bytes                                   cstring  u:0041\n"
      "00000000    ff 01 00                                  length 1\n"
      "00000003    41                                        text \"A\"\n"
      "\n1 value, 4 of 4 bytes\n"
      "a longer form than needed stands in it: a reader takes it, MFC does not write it\n" },
    // Narrow text in a code page; wide text and none at all need no more words.
    { "characters of all parts", "0300 01e9 00 0241 42", "stringlist", ANSI, 1252,
      "00000000  8 bytes                                   stringlist  [u:00e9,u:,u:00410042]  \"é\"  \"AB\"\n"
      "00000000    03 00                                     count 3\n"
      "00000002    2 bytes                                   [0] \"\\xe9\"\n"
      "00000002      01                                        length 1\n"
      "00000003      e9                                        text \"\\xe9\"\n"
      "00000004    1 byte                                    [1] \"\"\n"
      "00000004      00                                        length 0\n"
      "00000005    3 bytes                                   [2] \"AB\"\n"
      "00000005      02                                        length 2\n"
      "00000006      41 42                                     text \"AB\"\n"
      "\n1 value, 8 of 8 bytes\n" },
    { "wide text", "fffeff01 e900", "cstring", "", 1252,
      "00000000  6 bytes                                   cstring  u:00e9\n"
      "00000000    ff fe ff 01                               wide, length 1\n"
      "00000004    e9 00                                     text \"é\"\n"
      "\n1 value, 6 of 6 bytes\n" },
    { "no character there", "03 41 81 42", "cstringa", ANSI, 1252,
      "00000000  4 bytes                                   cstringa  a:418142  \"A\" and no character of code page 1252 from unit 1 on\n"
      "00000000    03                                        length 3\n"
      "00000001    41 81 42                                  text \"A\\x81B\"\n"
      "\n1 value, 4 of 4 bytes\n" },
};
// clang-format on

Test(decode_lines, each_value_has_its_line_and_each_part_below_it, .timeout = 10)
{
    for (const struct row *x = rows; x < rows + COUNT_OF(rows); x++) {
        SCRATCH(keep);
        TEXT(out);
        struct bytes in;
        struct decoding d = decode(x->hex, x->types, x->profile, x->page, &keep, &in);
        decoding_print(&out, in, &d);
        cr_expect(eq(str, (char *)text_string(&out), (char *)x->printed), "%s", x->label);
    }
}

/* Where the last type goes on, it does so to the end, and as long as anything moves. */
Test(decode_lines, a_list_ends_where_it_says, .timeout = 10)
{
    // clang-format off
    static const struct {
        const char *hex, *types;
        size_t values, left;
        enum wire_status status;
    } lists[] = {
        { "",             "word*",           0, 0, WIRE_OK    }, { "",           "word",             0, 0, WIRE_SHORT },
        { "",             "word,word*",      0, 0, WIRE_SHORT }, { "0100",       "word,word*",       1, 0, WIRE_OK    },
        { "0100 0200",    "word,word*",      2, 0, WIRE_OK    }, { "0100 02",    "word,word*",       1, 1, WIRE_SHORT },
        { "0100",         "word,word,word*", 1, 0, WIRE_SHORT }, { "0100 0200",  "word,word,word*",  2, 0, WIRE_OK    },
        { "",             "raw:0*",          0, 0, WIRE_OK    }, { "01",         "raw:0*",           1, 1, WIRE_OK    },
        { "0100",         "word,raw:0*",     1, 0, WIRE_OK    }, { "0100 02",    "word,raw:0*",      2, 1, WIRE_OK    },
        { "0100",         "word,raw:0",      2, 0, WIRE_OK    }, { "0100 02",    "word,raw:0*3,byte", 5, 0, WIRE_OK   },
        { "0100 02 0300", "word,byte",       2, 2, WIRE_OK    }, { "0100 02",    "word*0",           0, 3, WIRE_OK    },
    };
    // clang-format on

    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        SCRATCH(keep);
        struct bytes in;
        struct decoding d = decode(lists[i].hex, lists[i].types, "", 0, &keep, &in);
        cr_expect(eq(sz, d.value_count, lists[i].values), "%s of %s", lists[i].types, lists[i].hex);
        cr_expect(eq(sz, d.left, lists[i].left), "%s of %s", lists[i].types, lists[i].hex);
        cr_expect(eq(int, (int)d.status, lists[i].status), "%s of %s", lists[i].types, lists[i].hex);
        cr_expect(eq(int, decoding_whole(&d), lists[i].status == WIRE_OK && !lists[i].left), "%s of %s", lists[i].types, lists[i].hex);
    }
}

Test(decode_lines, every_one_of_many_values_has_its_own, .timeout = 10)
{
    SCRATCH(keep);
    TEXT(hex);
    struct bytes in;

    for (unsigned i = 0; i < 300; i++)
        text_printf(&hex, "%02x%02x", i & 0xff, i >> 8);
    struct decoding d = decode(text_string(&hex), "word*", "", 0, &keep, &in);
    cr_assert(eq(sz, d.count, 300));
    cr_assert(eq(sz, d.value_count, 300));
    for (size_t i = 0; i < d.count; i++) {
        TEXT(meaning);
        text_printf(&meaning, "word     %zu", i);
        cr_expect(eq(str, (char *)d.lines[i].meaning, (char *)text_string(&meaning)));
        cr_expect(eq(sz, d.lines[i].at, 2 * i));
        cr_expect(eq(u64, d.values[i].number, i));
    }
}

/*
 * A chain of nodes: each object lies within the part `next` of the one before. From the 15th level on nothing is
 * indented any more.
 */
Test(decode_lines, levels_are_indented_up_to_the_15th, .timeout = 10)
{
    SCRATCH(keep);
    TEXT(hex);
    struct bytes in;
    size_t line = 1;

    for (int i = 0; i < 12; i++)
        text_add(&hex, i ? "0180 07000000 " : "ffff 0300 0500 434e6f6465 07000000 ");
    text_add(&hex, "0000");
    struct decoding d = decode(text_string(&hex), "object", "", 0, &keep, &in);
    cr_assert(decoding_whole(&d));
    cr_assert(eq(sz, d.count, 1 + 4 * 12 + 1));
    cr_expect(eq(u32, d.lines[0].depth, 0));
    for (unsigned node = 0; node < 12; node++) {
        const char *const parts[] = { "object @", node ? "class CNode" : "new class CNode", "value 7", "next " };
        for (unsigned part = 0; part < 4; part++, line++) {
            unsigned depth = 2 * node + 1 + (part > 0);
            cr_expect(eq(u32, d.lines[line].depth, depth < 15 ? depth : 15), "%zu", line);
            cr_expect(eq(int, strncmp(d.lines[line].meaning, parts[part], strlen(parts[part])), 0), "%s", d.lines[line].meaning);
        }
    }
    cr_expect(eq(str, (char *)d.lines[line].meaning, "null"));
    cr_expect(eq(u32, d.lines[line].depth, 15));
}

// clang-format off
static const struct list_row {
    const char *text;
    size_t count; // SIZE_MAX: refused
    const char *error;
} lists[] = {
    { "word*9", 9 }, { "word*10", 10 }, { "word*0", 0 }, { "word*007", 7 }, { "word*32768,byte*32768", 65536 },
    { "word* 1",  SIZE_MAX, "\"word* 1\": expected a number of values, 65536 in all at most"  },
    { "word*+1",  SIZE_MAX, "\"word*+1\": expected a number of values, 65536 in all at most"  },
    { "word*/1",  SIZE_MAX, "\"word*/1\": expected a number of values, 65536 in all at most"  },
    { "word*:1",  SIZE_MAX, "\"word*:1\": expected a number of values, 65536 in all at most"  },
    { "word*1x",  SIZE_MAX, "\"word*1x\": expected a number of values, 65536 in all at most"  },
    { "word*1 ",  SIZE_MAX, "\"word*1 \": expected a number of values, 65536 in all at most"  },
    { "word*1*2", SIZE_MAX, "\"word*1*2\": expected a number of values, 65536 in all at most" },
    { "word*32768,byte*32769", SIZE_MAX, "\"byte*32769\": expected a number of values, 65536 in all at most" },
    { "word*40000,byte*40000", SIZE_MAX, "\"byte*40000\": expected a number of values, 65536 in all at most" },
    { "word*65536,byte*1", SIZE_MAX, "\"byte*1\": expected a number of values, 65536 in all at most" },
    { "word*65536,byte*", SIZE_MAX, "more than 65536 values" },
};
// clang-format on

Test(decode_lines, numbers_of_values_are_digits_and_add_up, .timeout = 10)
{
    for (const struct list_row *x = lists; x < lists + COUNT_OF(lists); x++) {
        SCRATCH(keep);
        struct type_list list = { 0 };
        struct error err = { 0 };
        cr_expect(eq(int, type_list_parse(x->text, &keep, &list, &err), x->count != SIZE_MAX), "%s", x->text);
        cr_expect(eq(str, err.text, x->error ? (char *)x->error : ""), "%s", x->text);
        cr_expect(eq(sz, list.count, x->error ? 0 : x->count), "%s", x->text);
    }
}

/* As a layout uses it: each value has a name, and stands as deep as it is told. */
Test(decode_lines, a_value_may_have_a_name_and_a_depth, .timeout = 10)
{
    SCRATCH(keep);
    TEXT(out);
    struct decoding d = { 0 };
    struct decoder decoder = { .out = &d, .keep = &keep, .profile = &profile_default, .table = object_table_new(&keep) };
    struct reader r = { .in = wire_of("0700 fffeff01 4100 05", &keep) };
    struct value v;

    cr_expect(decoder_value(&decoder, &r, type_named("word"), "kind", 0, &v));
    cr_expect(eq(u64, v.number, 7));
    cr_expect(decoder_value(&decoder, &r, type_named("cstring"), "text", 1, &v));
    cr_expect(not(decoder_value(&decoder, &r, type_named("cstring"), "more", 2, &v)));
    cr_expect(r.spans == NULL, "what the decoder listens to is its own");
    decoder_end(&decoder, &r);
    d.noun = "message";
    decoding_print(&out, r.in, &d);
    cr_expect(eq(str, (char *)text_string(&out),
                 "00000000  07 00                                     kind: word  7\n"
                 "00000002    6 bytes                                   text: cstring  u:0041\n"
                 "00000002      ff fe ff 01                               wide, length 1\n"
                 "00000006      41 00                                     text \"A\"\n"
                 "00000008      1 byte                                    more: cstring, not complete\n"
                 "00000008        05                                        length 5\n"
                 "\nstops at offset 9 (0x9): the stream ends 5 bytes too early\n"
                 "expected: cstring (MFC's CString, clause STR-8); if no more comes, MFC's reader raises archive exception 3, endOfFile\n"));
}

/* An end that belongs to no value, and other nouns. */
Test(decode_lines, an_end_may_be_of_no_value, .timeout = 10)
{
    static const struct {
        struct decoding d;
        const char *printed;
    } ends[] = {
        { { .status = WIRE_BAD, .at = 17, .left = 1, .reason = "no message begins so" },
          "\nstops at offset 17 (0x11): no archive exception: no message begins so\n1 byte is left: 01\n" },
        { { .status = WIRE_BAD, .at = 18, .cause = CAUSE_BAD_SCHEMA, .reason = "so" },
          "\nstops at offset 18 (0x12): archive exception 7, badSchema: so\n" },
        { { .status = WIRE_OK, .at = 18, .value_count = 1, .noun = "message" }, "\n1 message, 18 of 18 bytes\n" },
        { { .status = WIRE_OK, .at = 16, .left = 2, .value_count = 2, .noun = "message" },
          "\n2 messages, 16 of 18 bytes\n2 bytes are left: 01 01\n" },
    };

    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        SCRATCH(keep);
        TEXT(out);
        decoding_print(&out, wire_of("01*18", &keep), &ends[i].d);
        cr_expect(eq(str, (char *)text_string(&out), (char *)ends[i].printed));
    }
}

// clang-format off
static const struct guess_row {
    const char *hex, *profile, *said;
} guesses[] = {
    { "", "", "no bytes at all: a stream on which nothing was sent\n" },
    { "41", ANSI,
      "1 byte: 41\nas the first value:\n"
      "  byte         65   (1 byte, 0 left)\n"
      "  word         no: at least 2 bytes would be needed\n"
      "  dword        no: at least 4 bytes would be needed\n"
      "  double       no: at least 8 bytes would be needed\n"
      "  count        no: at least 2 bytes would be needed\n"
      "  cstring      no: at least 66 bytes would be needed\n"
      "  object       no: at least 2 bytes would be needed\n"
      "  class        no: at least 2 bytes would be needed\n"
      "  bytearray    no: at least 2 bytes would be needed\n"
      "  stringarray  no: at least 2 bytes would be needed\n"
      "  obarray      no: at least 2 bytes would be needed\n"
      "  time         no: at least 4 bytes would be needed\n"
      "no single type repeated fits it from end to end\n" },
    { "0100 0241 42", ANSI,
      "5 bytes: 01 00 02 41 42\nas the first value:\n"
      "  byte         1   (1 byte, 4 left)\n"
      "  word         1   (2 bytes, 3 left)\n"
      "  dword        1090650113   (4 bytes, 1 left)\n"
      "  double       no: at least 8 bytes would be needed\n"
      "  count        1   (2 bytes, 3 left)\n"
      "  cstring      \"\\x00\"   (2 bytes, 3 left)\n"
      "  object       no: an object index that is not in use, at offset 0\n"
      "  class        no: an object tag where a class must stand, at offset 0\n"
      "  bytearray    [2]   (3 bytes, 2 left)\n"
      "  stringarray  [\"AB\"]   (5 bytes, 0 left)\n"
      "  obarray      no: an object index that is not in use, at offset 2\n"
      "  time         1090650113 (2004-07-24 06:21:53 UTC)   (4 bytes, 1 left)\n"
      "from end to end:\n"
      "cstring* reads all of it, as 2 values\n"
      "stringarray* reads all of it, as 1 value\n"
      "word,cstring* reads all of it, as 2 values\n" },
    { "ff*15", "",
      "15 bytes: ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff\nas the first value:\n"
      "  byte         255   (1 byte, 14 left)\n"
      "  word         65535   (2 bytes, 13 left)\n"
      "  dword        4294967295   (4 bytes, 11 left)\n"
      "  double       NaN ffffffffffffffff   (8 bytes, 7 left)\n"
      "  count        18446744073709551615   (14 bytes, 1 left)\n"
      "  cstring      no: at least 4294967310 bytes would be needed\n"
      "  object       no: a class name of 64 bytes or more, at offset 4\n"
      "  class        no: a class name of 64 bytes or more, at offset 4\n"
      "  bytearray    no: longer than any memory\n"
      "  stringarray  no: at least 17 bytes would be needed\n"
      "  obarray      no: at least 16 bytes would be needed\n"
      "  time         -1 (1969-12-31 23:59:59 UTC)   (4 bytes, 11 left)\n"
      "no single type repeated fits it from end to end\n" },
};
// clang-format on

Test(decode_lines, a_guess_says_how_each_type_reads_it, .timeout = 10)
{
    for (const struct guess_row *x = guesses; x < guesses + COUNT_OF(guesses); x++) {
        SCRATCH(keep);
        TEXT(out);
        struct profile p = profile_of(x->profile);
        stream_guess(&out, wire_of(x->hex, &keep), &p);
        cr_expect(eq(str, (char *)text_string(&out), (char *)x->said), "%s", x->hex);
    }
}
