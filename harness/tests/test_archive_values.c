/*
 * Primitive values, tuples and packed collections: golden bytes of the fact sheet's worked examples and of
 * recordings of genuine MFC.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "test_archive.h"

#define OLD  "generation=6.0"
#define ANSI "charset=ansi"

// clang-format off
static const struct golden rows[] = {
    { "E1",  "", "byte",      "65",                   "41"                      },
    { "E2",  "", "byte",      "255",                  "ff"                      },
    { "E3",  "", "char",      "-1",                   "ff"                      },
    { "E4",  "", "word",      "4660",                 "34 12"                   },
    { "E5",  "", "short",     "-2",                   "fe ff"                   },
    { "E6",  "", "int",       "1",                    "01 00 00 00"             },
    { "E7",  "", "int",       "-1",                   "ff ff ff ff"             },
    { "E8",  "", "long",      "-2147483648",          "00 00 00 80"             },
    { "E9",  "", "uint",      "3000000000",           "00 5e d0 b2"             },
    { "E10", "", "dword",     "3735928559",           "ef be ad de"             },
    { "E13", "", "bool",      "true",                 "01"                      },
    { "E14", "", "bool",      "false",                "00"                      },
    { "E15", "", "wchar",     "8364",                 "ac 20"                   },
    { "E16", "", "longlong",  "-2",                   "fe ff ff ff ff ff ff ff" },
    { "E17", "", "ulonglong", "72623859790382856",    "08 07 06 05 04 03 02 01" },
    { "E18", "", "float",     "3f800000",             "00 00 80 3f"             },
    { "E19", "", "float",     "3dcccccd",             "cd cc cc 3d"             },
    { "E20", "", "float",     "80000000",             "00 00 00 80"             },
    { "E21", "", "double",    "3ff0000000000000",     "00 00 00 00 00 00 f0 3f" },
    { "E22", "", "double",    "3fb999999999999a",     "9a 99 99 99 99 99 b9 3f" },
    { "E23", "", "double",    "7ff0000000000000",     "00 00 00 00 00 00 f0 7f" },
    { "E25", "", "byte,dword,word", "1 2 3",          "01 02 00 00 00 03 00"    },
    { "longlong, smallest", "", "longlong", "-9223372036854775808", "00*7 80"   },
    { "longlong, largest",  "", "longlong", "9223372036854775807",  "ff*7 7f"   },
    { "ulonglong, largest", "", "ulonglong", "18446744073709551615", "ff*8"     },
    { "char, smallest",     "", "char",     "-128",                 "80"        },
    { "short, largest",     "", "short",    "32767",                "ff 7f"     },
    { "E84", "", "point",     "(1,-1)",               "01 00 00 00 ff ff ff ff" },
    { "E85", "", "size",      "(640,480)",            "80 02 00 00 e0 01 00 00" },
    { "E86", "", "rect",      "(50,20,800,125)",      "32 00 00 00 14 00 00 00 20 03 00 00 7d 00 00 00" },
    { "E110", "", "bytearray",  "[1,2,3]",            "03 00 01 02 03"          },
    { "E111", "", "wordarray",  "[1,32768]",          "02 00 01 00 00 80"       },
    { "E112", "", "dwordarray", "[1]",                "01 00 01 00 00 00"       },
    { "E113", "", "bytearray",  "[]",                 "00 00"                   },
    { "E113", "", "stringarray", "[]",                "00 00"                   },
    { "E114", ANSI, "stringarray", "[u:0061,u:]",     "02 00 01 61 00"          },
    { "E115", "", "stringarray", "[u:0061,u:]",       "02 00 ff fe ff 01 61 00 ff fe ff 00" },
    { "E150", "", "net32,net16,net16,net32", "1296450353 7 65534 100000",
                                                      "4d 46 43 31 00 07 ff fe 00 01 86 a0" },
    { "E151", "", "dword,word,short,long", "1296450353 7 -2 100000",
                                                      "31 43 46 4d 07 00 fe ff a0 86 01 00" },
    { "raw, nothing",   "", "raw:0", "r:",            ""                        },
    { "raw, two bytes", "", "raw:2,byte", "r:00ff 7", "00 ff 07"                },
    /* recorded from mfc140u.dll 14.0 x64 */
    { "prims", "", "byte,byte,word,dword,long,longlong,float,double",
      "127 255 4660 305419896 -2 72623859790382856 40600000 bfb999999999999a",
      "7fff341278563412feffffff0807060504030201000060409a9999999999b9bf" },
    /* recorded from mfc42.dll 6.02 x86 */
    { "mfc42_prims", "generation=4.2,charset=ansi", "byte,byte,word,dword,long,float,double",
      "127 255 4660 305419896 -2 40600000 bfb999999999999a",
      "7fff341278563412feffffff000060409a9999999999b9bf" },
};
// clang-format on

Test(archive_values, golden_bytes_load, .timeout = 10)
{
    golden_loads(rows, COUNT_OF(rows), false);
}

Test(archive_values, texts_become_golden_bytes, .timeout = 10)
{
    golden_stores(rows, COUNT_OF(rows));
}

Test(archive_values, every_strict_prefix_is_short_and_asks_for_more, .timeout = 10)
{
    golden_prefixes(rows, COUNT_OF(rows));
}

Test(archive_values, a_changed_byte_does_no_harm, .timeout = 30)
{
    golden_changes(rows, COUNT_OF(rows));
}

Test(archive_values, any_byte_but_zero_is_true, .timeout = 10)
{
    for (unsigned byte = 0; byte < 256; byte++) {
        SCRATCH(keep);
        struct reader r = { .in = BYTES((uint8_t)byte) };
        struct type_ref t;
        struct error err;
        struct value v;
        cr_assert(type_parse("bool", &t, &err));
        value_load(&r, &profile_default, NULL, t, &keep, &v);
        cr_expect(eq(u64, v.number, byte != 0), "%u", byte);
    }
}

/*
 * What the end of the stream means where a value is cut: endOfFile, or nothing where old readers do not look
 * whether a raw Read was short [8.1, COL-2].
 */
// clang-format off
static const struct cut_row {
    const char *label, *profile, *type, *wire;
    enum cause cut;
} cuts[] = {
    { "N1",           "",                "word",       "34",             CAUSE_END_OF_FILE },
    { "N2",           "",                "dword",      "",               CAUSE_END_OF_FILE },
    { "N32",          "",                "count",      "ff ff",          CAUSE_END_OF_FILE },
    { "N33",          "",                "bytearray",  "05 00 01 02",    CAUSE_END_OF_FILE },
    { "N33, 8",       "generation=8",    "bytearray",  "05 00 01 02",    CAUSE_END_OF_FILE },
    { "N33, 7.1",     "generation=7.1",  "bytearray",  "05 00 01 02",    CAUSE_NONE        },
    { "count, 7.1",   "generation=7.1",  "bytearray",  "05",             CAUSE_END_OF_FILE },
    { "N35",          "",                "rect",       "00*15",          CAUSE_END_OF_FILE },
    { "N35, 7.1",     "generation=7.1",  "rect",       "00*15",          CAUSE_NONE        },
    { "N35, 7.1",     "generation=7.1",  "size",       "",               CAUSE_NONE        },
    { "string, 7.1",  "generation=7.1",  "stringarray", "02 00 00",      CAUSE_END_OF_FILE },
    { "N41",          "",                "raw:10",     "01 02 03 04",    CAUSE_END_OF_FILE },
    { "N3",           "",                "cstring",    "05 41 42",       CAUSE_END_OF_FILE },
    { "N4",           "",                "cstring",    "ff",             CAUSE_END_OF_FILE },
    { "N5",           "",                "cstring",    "ff fe ff",       CAUSE_END_OF_FILE },
    { "N11",          "",                "cstring",    "ff fe ff 02 41 00 42", CAUSE_END_OF_FILE },
    { "N40",          ANSI,              "line",       "61 62",          CAUSE_NONE        },
    { "no line",      ANSI,              "line",       "",               CAUSE_END_OF_FILE },
    { "CR alone",     ANSI,              "line",       "0d",             CAUSE_END_OF_FILE },
    { "CR at its end", ANSI,             "line",       "61 0d",          CAUSE_NONE        },
};
// clang-format on

Test(archive_values, a_cut_value_knows_what_the_end_would_mean, .timeout = 10)
{
    for (const struct cut_row *c = cuts; c < cuts + COUNT_OF(cuts); c++) {
        SCRATCH(keep);
        struct profile p = profile_of(c->profile);
        struct reader r = { .in = wire_of(c->wire, &keep) };
        struct type_ref t;
        struct error err;
        struct value v;
        cr_assert(type_parse(c->type, &t, &err), "%s", err.text);
        value_load(&r, &p, NULL, t, &keep, &v);
        cr_expect(eq(int, r.status, WIRE_SHORT), "%s", c->label);
        cr_expect(eq(int, r.cut, c->cut), "%s", c->label);
    }
}

/* Counts and lengths that no data backs, one of each kind. */
static const struct golden claims[] = {
    { "bytes", "", "bytearray", NULL, "ff ff ff ff ff ff ff ff ff ff ff ff ff 7f" },
    { "dwords", "", "dwordarray", NULL, "ff ff ff ff ff ff ff ff ff ff ff ff ff ff" },
    { "strings", "", "stringarray", NULL, "ff ff ff ff ff ff ff ff ff ff ff ff ff ff 00" },
    { "narrow", "", "cstring", NULL, "ff ff ff ff ff ff 7f 41" },
    { "wide", "generation=7.0", "cstring", NULL,
      "ff fe ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff ff" },
};

Test(archive_values, claims_that_no_data_backs_allocate_nothing, .timeout = 10)
{
    for (const struct golden *g = claims; g < claims + COUNT_OF(claims); g++) {
        SCRATCH(keep);
        SCRATCH(input);
        struct profile p = profile_of(g->profile);
        struct reader r = { .in = wire_of(g->wire, &input) };
        struct type_ref t;
        struct error err;
        struct value v;
        cr_assert(type_parse(g->types, &t, &err), "%s", err.text);
        value_load(&r, &p, NULL, t, &keep, &v);
        cr_expect(eq(int, r.status, WIRE_SHORT), "%s", g->label);
        cr_expect(gt(sz, r.need, r.in.len), "%s", g->label);
        cr_expect(lt(sz, keep.used, 1024), "%s", g->label);
    }
}

// clang-format off
static const struct text_row {
    const char *type, *text, *error;
} refused[] = {
    { "byte",      "256",        "byte: expected a number from 0 to 255, found \"256\""        },
    { "byte",      "-1",         "byte: expected a number from 0 to 255, found \"-1\""         },
    { "char",      "128",        "char: expected a number from -128 to 127, found \"128\""     },
    { "char",      "-129",       "char: expected a number from -128 to 127, found \"-129\""    },
    { "longlong",  "9223372036854775808",
      "longlong: expected a number from -9223372036854775808 to 9223372036854775807, found \"9223372036854775808\"" },
    { "ulonglong", "18446744073709551616",
      "ulonglong: expected a number from 0 to 18446744073709551615, found \"18446744073709551616\"" },
    { "word",      "",           "word: expected a number from 0 to 65535, found the end"      },
    { "word",      "01",         "word: expected a number from 0 to 65535, found \"01\""       },
    { "word",      "+1",         "word: expected a number from 0 to 65535, found \"+1\""       },
    { "word",      "1 ",         "word: expected the end, found \" \""                         },
    { "long",      "-0",         "long: expected a number from -2147483648 to 2147483647, found \"-0\"" },
    { "bool",      "1",          "bool: expected true or false, found \"1\""                   },
    { "bool",      "trues",      "bool: expected the end, found \"s\""                         },
    { "float",     "3f80000",    "float: expected 8 hexadecimal digits, found \"3f80000\""     },
    { "float",     "3F800000",   "float: expected 8 hexadecimal digits, found \"3F800000\""    },
    { "double",    "3f800000",   "double: expected 16 hexadecimal digits, found \"3f800000\""  },
    { "cstring",   "u:004",      "cstring: expected 4 hexadecimal digits, found \"004\""       },
    { "cstring",   "a:41",       "cstring: expected u: or u*, found \"a:41\""                  },
    { "cstringa",  "a:4",        "cstringa: expected 2 hexadecimal digits, found \"4\""        },
    { "cstringw",  "w#1000:9571905c", "cstringw: expected w: or w*, found \"w#1000:9571905c\"" },
    { "cstring",   "u*3:41",     "cstring: expected 4 hexadecimal digits, found \"41\""        },
    { "cstring",   "u*1048577:0041", "cstring: expected a number from 0 to 1048576, found \"1048577:0041\"" },
    { "line",      "u:0041000a", "line: expected a line without 0000, 000a and 000d, found \"u:0041000a\"" },
    { "raw:2",     "r:00",       "raw:2: expected 2 bytes, found \"r:00\""                     },
    { "point",     "(1,2,3)",    "point: expected ')', found \",3)\""                          },
    { "point",     "(1)",        "point: expected ',', found \")\""                            },
    { "bytearray", "[1,2",       "bytearray: expected ',', found the end"                      },
    { "bytearray", "[1,]",       "bytearray: expected a number from 0 to 255, found \"]\""     },
    { "bytearray", "[*3:256]",   "bytearray: expected a number from 0 to 255, found \"256]\""  },
    { "bytearray", "[*3:2,1]",   "bytearray: expected ']', found \",1]\""                      },
    { "bytearray", "[#65:00000000]", "bytearray: expected a number from 0 to 255, found \"#65:00000000]\"" },
    { "stringarray", "[u:0041 u:]", "stringarray: expected ',', found \" u:]\""                },
};
// clang-format on

Test(archive_values, texts_that_are_none_are_refused_with_reason, .timeout = 10)
{
    for (const struct text_row *x = refused; x < refused + COUNT_OF(refused); x++) {
        SCRATCH(keep);
        struct error err = { 0 };
        struct type_ref t;
        struct value v;
        cr_assert(type_parse(x->type, &t, &err), "%s", err.text);
        cr_expect(not(value_parse(x->text, t, &profile_default, &keep, &v, &err)), "%s", x->text);
        cr_expect(eq(str, err.text, (char *)x->error));
        cr_expect(eq(int, err.kind, ERROR_INPUT));
    }
}

// clang-format off
static const struct long_row {
    const char *type, *make, *tell;
} longs[] = {
    { "cstring",    "u*1000:0041",  "u#1000:9571905c"   },
    { "bytearray",  "[*64:1]",      "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,"
                                    "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]" },
    { "cstringa",   "a*3:41",       "a:414141"          },
    { "cstring",    "u*0:0041",     "u:"                },
    { "cstringw",   "w*2:20ac",     "w:20ac20ac"        },
    { "raw:3",      "r*3:00",       "r:000000"          },
    { "wordarray",  "[*3:65535]",   "[65535,65535,65535]" },
    { "dwordarray", "[*0:1]",       "[]"                },
    { "bytearray",  "[*65:1]",      "[#65:e367ac08]"    },
    { "wordarray",  "[*65:513]",    "[#65:ada01051]"    },
    { "dwordarray", "[*100:7]",     "[#100:1fcb0207]"   },
    { "raw:65",     "r*65:00",      "r#65:1dcdf777"     },
};
// clang-format on

Test(archive_values, long_values_are_made_from_repeats_and_told_by_checksum, .timeout = 10)
{
    for (const struct long_row *x = longs; x < longs + COUNT_OF(longs); x++) {
        SCRATCH(keep);
        TEXT(told);
        struct error err = { 0 };
        struct type_ref t;
        struct value v;
        cr_assert(type_parse(x->type, &t, &err), "%s", err.text);
        cr_assert(value_parse(x->make, t, &profile_default, &keep, &v, &err), "%s", err.text);
        value_text(&told, &v);
        cr_expect(eq(str, (char *)text_string(&told), (char *)x->tell));
    }
}

// clang-format off
static const struct long_row shown[] = {    // type, text, for people
    { "long",       "-2",                  "-2"                       },
    { "float",      "3f800000",            "1"                        },
    { "float",      "3dcccccd",            "0.100000001"              },
    { "double",     "3fb999999999999a",    "0.10000000000000001"      },
    { "double",     "7ff0000000000000",    "inf"                      },
    { "float",      "7fc00000",            "NaN 7fc00000"             },
    { "float",      "bf800000",            "-1"                       },
    { "float",      "ff800000",            "-inf"                     },
    { "float",      "ff800001",            "NaN ff800001"             },
    { "double",     "bff0000000000000",    "-1"                       },
    { "double",     "fff0000000000000",    "-inf"                     },
    { "double",     "7ff0000000000001",    "NaN 7ff0000000000001"     },
    { "cstring",    "u:0022005c00410000",  "\"\\\"\\\\A\\x00\""       },
    { "cstringw",   "w:00e920acd83dde00",  "\"é€😀\""                 },
    { "cstringw",   "w:d83d0041",          "\"\\ud83dA\""             },
    { "cstringa",   "a:41e9",              "\"A\\xe9\""               },
    { "cstring",    "u*41:0041", "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA…\" (41 units)" },
    { "cstring",    "u*40:0041", "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"" },
    { "cstring",    "u:001f0020007e007f",  "\"\\x1f ~\\x7f\""      },
    { "cstring",    "u:009f00a007ff0800",  "\"\\x9f\u00a0\u07ff\u0800\"" },
    { "cstringw",   "w:d7ffd800dbffdfff",  "\"퟿\\ud800\U0010ffff\"" },
    { "cstringw",   "w:d800dc00",          "\"\U00010000\""           },
    { "cstringw",   "w:dfffe000",          "\"\\udfff\ue000\""      },
    { "cstringw",   "w:d83dd83d",          "\"\\ud83d\\ud83d\""     },
    { "cstringw",   "w:dc00d83d",          "\"\\udc00\\ud83d\""     },
    { "cstringw",   "w:d83de000",          "\"\\ud83d\ue000\""      },
    { "cstringa",   "a:a0ff",              "\"\\xa0\\xff\""         },
    { "raw:2",      "r:00ff",              "00 ff"                    },
    { "raw:20",     "r*20:07",  "07 07 07 07 07 07 07 07 07 07 07 07 07 07 07 07 07 07 07 07" },
    { "bytearray",  "[*12:7]", "[7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7]" },
    { "point",      "(1,-1)",              "(1, -1)"                  },
    { "bytearray",  "[*13:7]", "[7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, …] (13 elements)" },
    { "stringarray", "[u:0041,u:]",        "[\"A\", \"\"]"            },
    { "stringlist", "[u:,u:,u:,u:,u:,u:,u:,u:,u:,u:,u:,u:,u:]",
      "[\"\", \"\", \"\", \"\", \"\", \"\", \"\", \"\", \"\", \"\", \"\", \"\", …] (13 elements)" },
    { "raw:21",     "r*21:07",  "07 07 07 07 07 07 07 07 07 07 07 07 07 07 07 07 07 07 07 07… (21 bytes)" },
};
// clang-format on

Test(archive_values, equal_elements_are_made_from_repeats, .timeout = 10)
{
    static const char *const makes[][2] = {
        { "cstring", "u*65:0041" },  { "cstringa", "a*65:41" },  { "raw:65", "r*65:00" },
        { "bytearray", "[*65:1]" },  { "bytearray", "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]" },
        { "wordarray", "[*65:2]" }, { "dwordarray", "[*65:3]" },
        { "cstring", "u:00410042" }, { "bytearray", "[1,1]" }
    };

    for (size_t i = 0; i < COUNT_OF(makes); i++) {
        SCRATCH(keep);
        TEXT(text);
        struct error err = { 0 };
        struct type_ref t;
        struct value v;
        cr_assert(type_parse(makes[i][0], &t, &err), "%s", err.text);
        cr_assert(value_parse(makes[i][1], t, &profile_default, &keep, &v, &err), "%s", err.text);
        value_make_text(&text, &v);
        cr_expect(eq(str, (char *)text_string(&text), (char *)makes[i][1]));
    }
}

Test(archive_values, strings_and_arrays_are_equal_by_units, .timeout = 10)
{
    struct type_ref narrow, wide, bytes, words;
    struct error err;

    cr_assert(type_parse("cstringa", &narrow, &err) && type_parse("cstringw", &wide, &err));
    cr_assert(type_parse("bytearray", &bytes, &err) && type_parse("wordarray", &words, &err));
    struct value a = value_string(narrow, false, bytes_of("Hi")),
                 same = value_string(wide, true, BYTES('H', 0, 'i', 0));
    struct value other = value_string(wide, true, BYTES('H', 1, 'i', 0)),
                 less = value_string(wide, true, BYTES('H', 0));
    struct value b = value_bytes(bytes, BYTES(1, 2)), w = value_bytes(words, BYTES(1, 0, 2, 0));
    struct value x = value_bytes(words, BYTES(1, 0, 2, 1)), one = value_bytes(words, BYTES(1, 0));

    cr_expect(value_equal(&a, &same) && value_equal(&same, &a));
    cr_expect(not(value_equal(&a, &other) || value_equal(&a, &less)));
    cr_expect(value_equal(&b, &w) && value_equal(&w, &b));
    cr_expect(not(value_equal(&b, &x) || value_equal(&b, &one)));
    cr_expect(not(value_equal(&a, &b)), "different kinds");
    cr_expect(eq(sz, w.count, 2));
}

Test(archive_values, people_are_shown_less, .timeout = 10)
{
    for (const struct long_row *x = shown; x < shown + COUNT_OF(shown); x++) {
        SCRATCH(keep);
        TEXT(told);
        struct error err = { 0 };
        struct type_ref t;
        struct value v;
        cr_assert(type_parse(x->type, &t, &err), "%s", err.text);
        cr_assert(value_parse(x->make, t, &profile_default, &keep, &v, &err), "%s", err.text);
        value_print(&told, &v);
        cr_expect(eq(str, (char *)text_string(&told), (char *)x->tell));
    }
}

Test(archive_values, makers_cut_numbers_to_their_type, .timeout = 10)
{
    struct type_ref t;
    struct error err;

    cr_assert(type_parse("char", &t, &err));
    cr_expect(eq(u64, value_integer(t, 255).number, UINT64_MAX));
    cr_assert(type_parse("byte", &t, &err));
    cr_expect(eq(u64, value_integer(t, (uint64_t)-1).number, 255));
    cr_assert(type_parse("float", &t, &err));
    cr_expect(eq(u64, value_real(t, 1.0).number, 0x3f800000));
    cr_assert(type_parse("double", &t, &err));
    cr_expect(eq(u64, value_real(t, 0.1).number, 0x3fb999999999999a));
}
