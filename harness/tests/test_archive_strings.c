/*
 * CString, counts and lines: every length form from both sides of its threshold, for every kind of reader.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "test_archive.h"

#define ANSI "charset=ansi"

// clang-format off
static const struct golden rows[] = {
    { "E26", ANSI, "cstring",  "u:",                            "00"                   },
    { "E27", ANSI, "cstring",  "u:0041",                        "01 41"                },
    { "E28", ANSI, "cstring",  "u:00480065006c006c006f",        "05 48 65 6c 6c 6f"    },
    { "E29", ANSI, "cstring",  "u:0031002e00310030",            "04 31 2e 31 30"       },
    { "E30", ANSI, "cstring",  "u:006100000062",                "03 61 00 62"          },
    { "E31", "",   "cstringa", "a:e9",                          "01 e9"                },
    { "E32", "",   "cstringa", "a:826c827220835383568362834e",  "0d 82 6c 82 72 20 83 53 83 56 83 62 83 4e" },
    { "E33", "",   "cstring",  "u:",                            "ff fe ff 00"          },
    { "E34", "",   "cstring",  "u:0041",                        "ff fe ff 01 41 00"    },
    { "E35", "",   "cstring",  "u:00480065006c006c006f",        "ff fe ff 05 48 00 65 00 6c 00 6c 00 6f 00" },
    { "E36", "",   "cstringw", "w:ff2dff33002030b430b730c330af",
      "ff fe ff 07 2d ff 33 ff 20 00 b4 30 b7 30 c3 30 af 30" },
    { "E38", "",   "cstringw", "w:d83dde00",                    "ff fe ff 02 3d d8 00 de" },
    { "cstringa in any build", "", "cstringa,cstringa", "a: a:4869", "00 02 48 69"     },
    { "cstringw in any build", ANSI, "cstringw", "w:0041",      "ff fe ff 01 41 00"    },
    /* recorded from mfc140u.dll 14.0 x64 and mfc42.dll 6.02 x86 */
    { "chat", "", "word,cstring,word,cstring",
      "0 u:00480065006c006c006f002000660072006f006d0020004d00460043 1 u:006200790065",
      "0000fffeff0e480065006c006c006f002000660072006f006d0020004d00460043000100fffeff03620079006500" },
    { "mfc42_chat", "generation=4.2,charset=ansi", "word,cstring,word,cstring",
      "0 u:00480065006c006c006f002000660072006f006d0020004d004600430034" "0032 1 u:006200790065",
      "00001048656c6c6f2066726f6d204d46433432010003627965" },
    { "count", "", "count,count,count,count,count,count,count,count,count,count,count",
      "0 1 32767 65534 65535 65536 305419896 4294967294 4294967295 4294967296 1234605616436508552",
      "00000100ff7ffeffffffffff0000ffff00000100ffff78563412fffffeffffffffffffffffffffffffff00000000"
      "ffffffffffff0000000001000000ffffffffffff8877665544332211" },
    { "mfc42_count", "generation=4.2,charset=ansi", "count,count,count,count,count,count,count,count",
      "0 1 32767 65534 65535 65536 305419896 4294967295",
      "00000100ff7ffeffffffffff0000ffff00000100ffff78563412ffffffffffff" },
    { "E59", "", "count", "255", "ff 00" },
    { "E55", ANSI, "line,line", "u:00480069 u:", "48 69 0a 0a" },
    { "E56", "",   "line",      "u:00480069",    "48 00 69 00 0a 00" },
};

/* Forms that readers accept and writers never produce. */
static const struct golden longer[] = {
    { "E51", ANSI, "cstring", "u:00410042",   "ff 02 00 41 42"                             },
    { "E52", ANSI, "cstring", "u:00410042",   "ff ff ff 02 00 00 00 41 42"                 },
    { "E53", "",   "cstring", "u:0041",       "ff fe ff ff 01 00 41 00"                    },
    { "E54", ANSI, "cstring", "u:0041",       "ff ff ff ff ff ff ff 01 00 00 00 00 00 00 00 41" },
    { "N8",  "",   "cstring", "u:",           "ff 00 00"                                   },
    { "N9",  "",   "cstring", "u:",           "ff ff ff 00 00 00 00"                       },
    { "254 in the WORD form", ANSI, "cstringa", "a#254:ac103f64", "ff fe 00 61*254"        },
    { "E64", "",   "count",   "2",            "ff ff 02 00 00 00"                          },
    { "a QWORD for a small count", "", "count", "2", "ff ff ff ff ff ff 02 00 00 00 00 00 00 00" },
    { "65534 in the DWORD form",   "", "count", "65534", "ff ff fe ff 00 00"               },
    { "STR-7, cut to 32 bits", "", "cstringa", "a:41", "ff ff ff ff ff ff ff 01 00 00 00 01 00 00 00 41" },
    { "up to 6.0 ffffffff is the prefix", "generation=6.0,charset=ansi", "cstring", "u:0041",
                                              "ff ff ff ff ff ff ff 01 41 00"              },
};
// clang-format on

#define W1   "7700"
#define W5   W1 W1 W1 W1 W1
#define W25  W5 W5 W5 W5 W5
#define W250 W25 W25 W25 W25 W25 W25 W25 W25 W25 W25

/* Too long to be made from what is told: recorded from mfc140u.dll 14.0 x64. */
static const struct golden told[] = {
    { "wstr_small", "", "cstring,cstring,cstring,cstring,cstring",
      "u: u:0041 u:006800e9006c006c006f002065e5672c u#254:39c4f38b u#255:dd64262c",
      "fffeff00 fffeff014100 fffeff086800e9006c006c006f002000e5652c67 fffefffe" W250 W1 W1 W1 W1
      " fffeffffff00" W250 W5 },
};

Test(archive_strings, golden_bytes_load, .timeout = 10)
{
    golden_loads(rows, COUNT_OF(rows), false);
    golden_loads(told, COUNT_OF(told), false);
}

Test(archive_strings, longer_forms_load_and_are_noticed, .timeout = 10)
{
    golden_loads(longer, COUNT_OF(longer), true);
}

Test(archive_strings, texts_become_golden_bytes, .timeout = 10)
{
    golden_stores(rows, COUNT_OF(rows));
}

Test(archive_strings, every_strict_prefix_is_short_and_asks_for_more, .timeout = 10)
{
    golden_prefixes(rows, COUNT_OF(rows));
    golden_prefixes(longer, COUNT_OF(longer));
}

Test(archive_strings, a_changed_byte_does_no_harm, .timeout = 60)
{
    golden_changes(rows, COUNT_OF(rows));
    golden_changes(longer, COUNT_OF(longer));
}

// clang-format off
static const struct header_row {    // STR-5, E39 to E50
    uint64_t units;
    const char *narrow, *wide;
} headers[] = {
    { 0,          "00",                      "ff fe ff 00"                      },
    { 1,          "01",                      "ff fe ff 01"                      },
    { 253,        "fd",                      "ff fe ff fd"                      },
    { 254,        "fe",                      "ff fe ff fe"                      },
    { 255,        "ff ff 00",                "ff fe ff ff ff 00"                },
    { 256,        "ff 00 01",                "ff fe ff ff 00 01"                },
    { 1000,       "ff e8 03",                "ff fe ff ff e8 03"                },
    { 32767,      "ff ff 7f",                "ff fe ff ff ff 7f"                },
    { 65533,      "ff fd ff",                "ff fe ff ff fd ff"                },
    { 65534,      "ff ff ff fe ff 00 00",    "ff fe ff ff ff ff fe ff 00 00"    },
    { 65535,      "ff ff ff ff ff 00 00",    "ff fe ff ff ff ff ff ff 00 00"    },
    { 65536,      "ff ff ff 00 00 01 00",    "ff fe ff ff ff ff 00 00 01 00"    },
    { 1000000,    "ff ff ff 40 42 0f 00",    "ff fe ff ff ff ff 40 42 0f 00"    },
    { 0x7fffffff, "ff ff ff ff ff ff 7f",    "ff fe ff ff ff ff ff ff ff 7f"    },
};
// clang-format on

static void check_header(uint64_t units, bool wide, const char *hex)
{
    SCRATCH(keep);
    CLEANUP(buffer_free) struct buffer w = { 0 };
    struct bytes wire = wire_of(hex, &keep);

    archive_store_string_length(&w, units, wide);
    cr_expect(bytes_equal(buffer_bytes(&w), wire), "%llu units", (unsigned long long)units);
    for (size_t i = 0; i < profile_count; i++) {
        struct reader r = { .in = wire };
        bool got;
        cr_expect(eq(u64, archive_load_string_length(&r, &profile_all[i], &got), units));
        cr_expect(eq(int, got, wide));
        cr_expect(eq(sz, r.at, wire.len));
        cr_expect(not(r.loose));
    }
}

/* Read from 7.0 on; no MFC has a string that long [STR-7]. */
Test(archive_strings, beyond_32_bits_a_length_has_64, .timeout = 10)
{
    SCRATCH(keep);
    CLEANUP(buffer_free) struct buffer w = { 0 };
    bool wide;

    archive_store_string_length(&w, 0xffffffff, false);
    cr_expect(bytes_equal(buffer_bytes(&w),
                          wire_of("ff ff ff ff ff ff ff ff ff ff ff 00 00 00 00", &keep)));
    struct reader r = { .in = buffer_bytes(&w) };
    cr_expect(eq(u64, archive_load_string_length(&r, &profile_default, &wide), 0xffffffff));
}

Test(archive_strings, lengths_take_the_shortest_form, .timeout = 10)
{
    for (const struct header_row *h = headers; h < headers + COUNT_OF(headers); h++) {
        check_header(h->units, false, h->narrow);
        check_header(h->units, true, h->wide);
    }
}

// clang-format off
static const struct count_row {    // E57 to E63
    uint64_t count;
    const char *short_build, *long_build;
} counts[] = {
    { 0,           "00 00",                "00 00"                                      },
    { 1,           "01 00",                "01 00"                                      },
    { 255,         "ff 00",                "ff 00"                                      },
    { 65533,       "fd ff",                "fd ff"                                      },
    { 65534,       "fe ff",                "fe ff"                                      },
    { 65535,       "ff ff ff ff 00 00",    "ff ff ff ff 00 00"                          },
    { 65536,       "ff ff 00 00 01 00",    "ff ff 00 00 01 00"                          },
    { 0xfffffffe,  "ff ff fe ff ff ff",    "ff ff fe ff ff ff"                          },
    { 0xffffffff,  "ff ff ff ff ff ff",    "ff ff ff ff ff ff ff ff ff ff 00 00 00 00"  },
};
// clang-format on

Test(archive_strings, counts_take_the_form_of_the_build, .timeout = 10)
{
    for (const struct count_row *c = counts; c < counts + COUNT_OF(counts); c++)
        for (size_t i = 0; i < profile_count; i++) {
            SCRATCH(keep);
            CLEANUP(buffer_free) struct buffer w = { 0 };
            const struct profile *p = &profile_all[i];
            struct bytes wire = wire_of(p->bits == 64 ? c->long_build : c->short_build, &keep);
            struct reader r = { .in = wire };
            archive_store_count(&w, p, c->count);
            cr_expect(bytes_equal(buffer_bytes(&w), wire), "%llu", (unsigned long long)c->count);
            cr_expect(eq(u64, archive_load_count(&r, p), c->count));
            cr_expect(eq(sz, r.at, wire.len));
        }
}

/* Which cause, and where, for each kind of reader. */
// clang-format off
static const struct bad_row {
    const char *label, *profile, *wire;
    enum wire_status status;
    enum cause cause;
    size_t at;
} bad[] = {
    { "N7, 32 bits", "bits=32",        "ff ff ff ff ff ff ff 00 00 00 80 00 00 00 00", WIRE_BAD, CAUSE_GENERIC, 7 },
    { "largest, 32 bits", "bits=32",   "ff ff ff ff ff ff ff ff ff ff 7f 00 00 00 00", WIRE_SHORT, 0, 15 },
    { "N7, 64 bits", "",               "ff ff ff ff ff ff ff 00 00 00 80 00 00 00 00", WIRE_SHORT, 0, 15 },
    { "N7, 6.0",     "generation=6.0", "ff ff ff ff ff ff ff 00",                      WIRE_OK,    0, 8  },
    { "N6, 6.0",     "generation=6.0", "ff fe ff ff fe ff",                            WIRE_BAD,   CAUSE_NONE, 3 },
    { "N6, ffffffff behind the prefix, 6.0", "generation=6.0", "ff fe ff ff ff ff ff ff ff ff", WIRE_BAD, CAUSE_NONE, 3 },
    { "G-3",         "",               "ff fe ff ff fe ff 02 68 00 69 00",             WIRE_SHORT, 0, 6  },
};
// clang-format on

Test(archive_strings, lengths_that_are_none_fail_as_the_reader_would, .timeout = 10)
{
    for (const struct bad_row *b = bad; b < bad + COUNT_OF(bad); b++) {
        SCRATCH(keep);
        struct profile p = profile_of(b->profile);
        struct reader r = { .in = wire_of(b->wire, &keep) };
        struct type_ref t;
        struct error err;
        struct value v;
        cr_assert(type_parse("cstring", &t, &err));
        value_load(&r, &p, NULL, t, &keep, &v);
        cr_expect(eq(int, r.status, b->status), "%s", b->label);
        cr_expect(eq(int, r.cause, b->cause), "%s", b->label);
        cr_expect(eq(sz, r.at, b->at), "%s", b->label);
    }
}

Test(archive_strings, behind_the_prefix_fffe_is_a_length, .timeout = 10)
{
    SCRATCH(keep);
    struct golden n6 = { "N6", "", "cstringw", NULL, "ff fe ff ff fe ff 41*131068" };
    struct reader r = { .in = wire_of(n6.wire, &keep) };
    struct type_ref t;
    struct error err;
    struct value v;

    cr_assert(type_parse("cstringw", &t, &err));
    value_load(&r, &profile_default, NULL, t, &keep, &v);
    cr_expect(eq(int, r.status, WIRE_OK));
    cr_expect(eq(sz, v.data.len / 2, 65534));
    cr_expect(r.loose);
}

/* STR-19: what remains of "a", NUL, "b". */
// clang-format off
static const struct golden nuls[] = {
    { "6.0, same width",  "generation=6.0,charset=ansi", "cstring",  "u:006100000062", "03 61 00 62" },
    { "6.0, converted",   "generation=6.0",              "cstring",  "u:0061",         "03 61 00 62" },
    { "7.0",              "generation=7.0,charset=ansi", "cstring",  "u:0061",         "03 61 00 62" },
    { "7.1",              "generation=7.1",              "cstringw", "w:0061",         "ff fe ff 03 61 00 00 00 62 00" },
    { "8, converted",     "generation=8",                "cstring",  "u:006100000062", "03 61 00 62" },
    { "10, same width",   "charset=ansi",                "cstringa", "a:610062",       "03 61 00 62" },
};
// clang-format on

Test(archive_strings, NUL_is_kept_or_cuts_by_generation, .timeout = 10)
{
    golden_loads(nuls, COUNT_OF(nuls), false);
}

/* STR-16, STR-18: stored in the build's width whatever was loaded. */
// clang-format off
static const struct golden crossed[] = {
    { "narrow into unicode", "",   "cstring",  "01 41",               "ff fe ff 01 41 00" },
    { "wide into ansi",      ANSI, "cstring",  "ff fe ff 01 41 00",   "01 41"             },
    { "unmappable",          ANSI, "cstring",  "ff fe ff 01 ac 20",   "01 3f"             },
    { "cstringa from wide",  "",   "cstringa", "ff fe ff 01 41 00",   "01 41"             },
    { "cstringw from narrow", ANSI, "cstringw", "01 41",              "ff fe ff 01 41 00" },
};
// clang-format on

Test(archive_strings, strings_are_stored_in_the_width_of_their_type, .timeout = 10)
{
    for (const struct golden *g = crossed; g < crossed + COUNT_OF(crossed); g++) {
        SCRATCH(keep);
        CLEANUP(buffer_free) struct buffer w = { 0 };
        struct profile p = profile_of(g->profile);
        struct reader r = { .in = wire_of(g->text, &keep) };
        struct type_ref t;
        struct error err;
        struct value v;
        cr_assert(type_parse(g->types, &t, &err));
        value_load(&r, &p, NULL, t, &keep, &v);
        value_store(&w, &p, NULL, &v);
        cr_expect(bytes_equal(buffer_bytes(&w), wire_of(g->wire, &keep)), "%s", g->label);
    }
}

/* Lines as ReadString takes them [STR-23, STR-25, STR-28]. */
// clang-format off
static const struct golden lines[] = {
    { "LF",             ANSI, "line,byte", "u:0061 98",            "61 0a 62"             },
    { "CR LF",          ANSI, "line,byte", "u:0061 98",            "61 0d 0a 62"          },
    { "CR takes what follows", ANSI, "line,line", "u:00610062 u:", "61 0d 62 0a"          },
    { "CR CR LF",       ANSI, "line,byte", "u:0061000d 10",        "61 0d 0d 0a"          },
    { "only the last LF goes", ANSI, "line", "u:",                 "0d 0a"                },
    { "wide, high byte 0a", "", "line",    "u:0a41",               "41 0a 0a 00"          },
    { "127 units",      ANSI, "line,byte", "u#127:3d5eaf79 1",     "61*127 0a 01"         },
    { "128 units",      ANSI, "line,byte", "u#128:85ab0981 1",     "61*128 0a 01"         },
    { "129 units",      ANSI, "line,byte", "u#129:667bdc1c 1",     "61*129 0a 01"         },
    { "a CR that fills the chunk goes on", ANSI, "line", "u#129:667bdc1c", "61*127 0d 61 61 0a" },
};
// clang-format on

Test(archive_strings, lines_end_where_ReadString_ends_them, .timeout = 10)
{
    golden_loads(lines, COUNT_OF(lines), false);
}
