/*
 * Lengths of strings and counts of elements at the edges of their forms [4.1, 4.3, 5], loaded and stored by themselves.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "test_archive.h"

// clang-format off
static const struct length_row {
    uint64_t units;
    const char *wire; // of narrow text; of wide text behind ff fe ff
} lengths[] = {
    { 0,           "00"                                  },
    { 254,         "fe"                                  },
    { 255,         "ff ff00"                             },
    { 65533,       "ff fdff"                             },
    { 65534,       "ff ffff feff0000"                    },
    { 65535,       "ff ffff ffff0000"                    },
    { 65536,       "ff ffff 00000100"                    },
    { 0xfffffffe,  "ff ffff feffffff"                    },
    { 0xffffffff,  "ff ffff ffffffff ffffffff00000000"   },
    { 0x123456789, "ff ffff ffffffff 8967452301000000"   },
};
// clang-format on

Test(archive_lengths, a_length_has_its_shortest_form, .timeout = 10)
{
    struct profile p = profile_of("generation=7.0");

    for (const struct length_row *x = lengths; x < lengths + COUNT_OF(lengths); x++)
        for (int wide = 0; wide < 2; wide++) {
            SCRATCH(keep);
            TEXT(hex);
            TEXT(got);
            TEXT(wanted);
            CLEANUP(buffer_free) struct buffer w = { 0 };
            bool is_wide;
            text_printf(&hex, "%s%s", wide ? "fffeff" : "", x->wire);
            archive_store_string_length(&w, x->units, wide);
            text_hex(&got, buffer_bytes(&w), false);
            text_hex(&wanted, wire_of(text_string(&hex), &keep), false);
            cr_expect(eq(str, (char *)text_string(&got), (char *)text_string(&wanted)));
            struct reader r = { .in = buffer_bytes(&w) };
            cr_expect(eq(u64, archive_load_string_length(&r, &p, &is_wide), x->units));
            cr_expect(eq(int, is_wide, wide), "%s", text_string(&hex));
            cr_expect(eq(sz, r.at, r.in.len), "%s", text_string(&hex));
            cr_expect(eq(int, r.loose, x->units > 0xfffffffe), "%s", text_string(&hex)); // no MFC writes eight bytes [STR-7]
        }
}

// clang-format off
static const struct read_row {
    const char *label, *profile, *wire;
    uint64_t units;
    bool wide, loose;
    const char *reason; // NULL: it can be read
    size_t at;          // BAD: where
    enum cause cause;
} reads[] = {
    { "word that a byte could hold",   "",               "ff fe00",                              254,         false, true  },
    { "word of nothing",               "",               "ff 0000",                              0,           false, true  },
    { "dword that a word could hold",  "",               "ff ffff fdff0000",                     65533,       false, true  },
    { "least dword",                   "",               "ff ffff feff0000",                     65534,       false, false },
    { "largest dword",                 "",               "ff ffff feffffff",                     0xfffffffe,  false, false },
    { "qword of 5",                    "",               "ff ffff ffffffff 0500000000000000",    5,           false, true  },
    // [STR-7]
    { "qword, 7.0 keeps it",           "generation=7.0", "ff ffff ffffffff 0100000001000000",    0x100000001, false, true  },
    { "qword, 7.1 cuts it",            "generation=7.1", "ff ffff ffffffff 0100000001000000",    1,           false, true  },
    { "qword, 10 cuts it",             "",               "ff ffff ffffffff 0500000002000000",    5,           false, true  },
    { "qword, largest int",            "bits=32",        "ff ffff ffffffff ffffff7f00000000",    0x7fffffff,  false, true  },
    { "qword, largest int, 7.0",       "bits=32,generation=7.0", "ff ffff ffffffff ffffff7f00000000", 0x7fffffff, false, true },
    { "qword beyond int",              "bits=32",        "ff ffff ffffffff 0000008000000000",    0, false, true,
      "a string length above 7fffffff in a 32-bit build", 7, CAUSE_GENERIC },
    { "qword beyond int, 7.0",         "bits=32,generation=7.0", "ff ffff ffffffff 0000008000000000", 0, false, true,
      "a string length above 7fffffff in a 32-bit build", 7, CAUSE_GENERIC },
    // Behind the prefix the same bytes are a length.
    { "prefix twice",                  "",               "fffeff fffeff",                        65534,       true,  true  },
    { "prefix twice, 7.0",             "generation=7.0", "fffeff fffeff",                        65534,       true,  true  },
    { "prefix twice, 6.0",             "generation=6.0", "fffeff fffeff",                        0, true, false,
      "a second wide marker: length ffffffff, no memory", 3, CAUSE_NONE },
    { "prefix twice, 4.2",             "generation=4.2", "fffeff fffeff",                        0, true, false,
      "a second wide marker: length ffffffff, no memory", 3, CAUSE_NONE },
    { "prefix, and its longer form",   "generation=6.0", "fffeff ffffffffffffff",                0, true, false,
      "a second wide marker: length ffffffff, no memory", 3, CAUSE_NONE },
    { "longer form of the prefix",     "generation=6.0", "ffffffffffffff 02",                    2,           true,  true  },
    { "longer form of it, 4.2",        "generation=4.2", "ffffffffffffff ff0001",                256,         true,  true  },
    { "largest dword, 6.0",            "generation=6.0", "ff ffff feffffff",                     0xfffffffe,  false, false },
};
// clang-format on

Test(archive_lengths, longer_forms_and_doubtful_ones_are_read_as_each_generation_does, .timeout = 10)
{
    for (const struct read_row *x = reads; x < reads + COUNT_OF(reads); x++) {
        SCRATCH(keep);
        struct profile p = profile_of(x->profile);
        struct reader r = { .in = wire_of(x->wire, &keep) };
        bool wide;
        uint64_t units = archive_load_string_length(&r, &p, &wide);
        cr_expect(eq(int, r.status, x->reason ? WIRE_BAD : WIRE_OK), "%s", x->label);
        cr_expect(eq(int, wide, x->wide), "%s", x->label);
        cr_expect(eq(int, r.loose, x->loose), "%s", x->label);
        cr_expect(eq(sz, r.at, x->reason ? x->at : r.in.len), "%s", x->label);
        if (x->reason) {
            cr_expect(eq(str, (char *)r.reason, (char *)x->reason), "%s", x->label);
            cr_expect(eq(int, r.cause, x->cause), "%s", x->label);
        } else {
            cr_expect(eq(u64, units, x->units), "%s", x->label);
        }
    }
}

// clang-format off
static const struct count_row {
    const char *label, *profile;
    uint64_t count;
    const char *wire;
    bool loose; // true: read, never written
} counts[] = {
    { "nothing",           "",               0,           "0000"                              },
    { "largest word",      "",               0xfffe,      "feff"                              },
    { "least dword",       "",               0xffff,      "ffff ffff0000"                     },
    { "largest dword",     "",               0xfffffffe,  "ffff feffffff"                     },
    { "least qword",       "",               0xffffffff,  "ffff ffffffff ffffffff00000000"    },
    { "qword",             "",               0x123456789, "ffff ffffffff 8967452301000000"    },
    { "qword, 7.0",        "generation=7.0", 0xffffffff,  "ffff ffffffff ffffffff00000000"    },
    { "largest of 32 bits", "bits=32",       0xffffffff,  "ffff ffffffff"                     },
    { "the same, 6.0",     "generation=6.0", 0xffffffff,  "ffff ffffffff"                     },
    { "dword of a word",   "",               0xfffe,      "ffff feff0000",                     true },
    { "dword of nothing",  "bits=32",        0,           "ffff 00000000",                     true },
    { "qword of a dword",  "",               0xfffffffe,  "ffff ffffffff feffffff00000000",    true },
    { "qword of 7",        "",               7,           "ffff ffffffff 0700000000000000",    true },
};
// clang-format on

Test(archive_lengths, counts_have_their_shortest_form_and_longer_ones_are_read, .timeout = 10)
{
    for (const struct count_row *x = counts; x < counts + COUNT_OF(counts); x++) {
        SCRATCH(keep);
        TEXT(got);
        TEXT(wanted);
        CLEANUP(buffer_free) struct buffer w = { 0 };
        struct profile p = profile_of(x->profile);
        struct reader r = { .in = wire_of(x->wire, &keep) };
        cr_expect(eq(u64, archive_load_count(&r, &p), x->count), "%s", x->label);
        cr_expect(eq(int, r.status, WIRE_OK), "%s", x->label);
        cr_expect(eq(sz, r.at, r.in.len), "%s", x->label);
        cr_expect(eq(int, r.loose, x->loose), "%s", x->label);
        if (x->loose)
            continue;
        archive_store_count(&w, &p, x->count);
        text_hex(&got, buffer_bytes(&w), false);
        text_hex(&wanted, r.in, false);
        cr_expect(eq(str, (char *)text_string(&got), (char *)text_string(&wanted)), "%s", x->label);
    }
}

/* Text that is cut at its first NUL, and when [STR-19]. */
Test(archive_lengths, text_is_cut_at_NUL_where_the_generation_does_so, .timeout = 10)
{
    // clang-format off
    static const struct golden rows[] = {
        { "7.1, narrow",            "generation=7.1,charset=ansi", "cstring", "u:00410042",             "05 41 42 00 43 44" },
        { "7.1, at once",           "generation=7.1,charset=ansi", "cstring", "u:",                     "03 00 41 42" },
        { "7.1, wide",              "generation=7.1",              "cstring", "u:00410042",             "fffeff04 4100 4200 0000 4300" },
        { "7.0, wide, at once",     "generation=7.0",              "cstring", "u:",                     "fffeff02 0000 4100" },
        { "7.0, half of it is NUL", "generation=7.0",              "cstring", "u:010000410042",         "fffeff03 0001 4100 4200" },
        { "8, wide",                "generation=8",                "cstring", "u:0041000000420000",     "fffeff04 4100 0000 4200 0000" },
        { "8, converted",           "generation=8",                "cstring", "u:004100000042",         "03 41 00 42" },
        { "6.0, its own width",     "generation=6.0,charset=ansi", "cstring", "u:004100000042",         "03 41 00 42" },
        { "6.0, converted",         "generation=6.0",              "cstring", "u:0041",                 "03 41 00 42" },
        { "6.0, wide, its own",     "generation=6.0",              "cstring", "u:004100000042",         "fffeff03 4100 0000 4200" },
    };
    // clang-format on

    golden_loads(rows, COUNT_OF(rows), false);
}
