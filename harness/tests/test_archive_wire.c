/*
 * The gate: what is taken, when it is short, and that nothing moves after a failure; profiles; the checksum.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "archive/crc32.h"
#include "archive/wire.h"
#include "test_archive.h"

Test(archive_wire, numbers_are_little_endian, .timeout = 10)
{
    CLEANUP(buffer_free) struct buffer w = { 0 };

    wire_u8(&w, 0x01);
    wire_u16(&w, 0x0302);
    wire_u32(&w, 0x07060504);
    wire_u64(&w, 0x0f0e0d0c0b0a0908);
    for (size_t i = 0; i < w.len; i++)
        cr_expect(eq(u8, w.data[i], (uint8_t)(i + 1)));
    struct reader r = { .in = buffer_bytes(&w) };
    cr_expect(eq(u8, reader_u8(&r), 0x01));
    cr_expect(eq(u16, reader_u16(&r), 0x0302));
    cr_expect(eq(u32, reader_u32(&r), 0x07060504));
    cr_expect(eq(u64, reader_u64(&r), 0x0f0e0d0c0b0a0908));
    cr_expect(eq(sz, r.at, 15));
    cr_expect(eq(int, r.status, WIRE_OK));
}

/* Up to the last byte of whatever room there is, and from there on. */
Test(archive_wire, a_row_of_numbers_is_as_long_as_they_are, .timeout = 10)
{
    CLEANUP(buffer_free) struct buffer bytes = { 0 }, words = { 0 };

    for (unsigned i = 0; i < 5000; i++) {
        wire_u8(&bytes, (uint8_t)i);
        wire_u16(&words, (uint16_t)i);
    }
    cr_assert(eq(sz, bytes.len, 5000));
    cr_assert(eq(sz, words.len, 10000));
    struct reader b = { .in = buffer_bytes(&bytes) }, w = { .in = buffer_bytes(&words) };
    for (unsigned i = 0; i < 5000; i++) {
        cr_expect(eq(u8, reader_u8(&b), (uint8_t)i));
        cr_expect(eq(u16, reader_u16(&w), i));
    }
}

Test(archive_wire, after_a_failure_nothing_moves, .timeout = 10)
{
    struct reader r = { .in = BYTES(1, 2, 3) };

    cr_expect(eq(u8, reader_u8(&r), 1));
    cr_expect(eq(u32, reader_u32(&r), 0));
    cr_expect(eq(int, r.status, WIRE_SHORT));
    cr_expect(eq(sz, r.need, 5));
    cr_expect(eq(int, r.cut, CAUSE_END_OF_FILE));
    cr_expect(eq(u8, reader_u8(&r), 0), "also what is there is not taken any more");
    cr_expect(eq(sz, reader_take(&r, 0).len, 0));
    reader_reject(&r, CAUSE_BAD_INDEX, "late");
    cr_expect(eq(int, r.status, WIRE_SHORT), "the first failure stays");
    cr_expect(eq(sz, r.at, 1));
}

Test(archive_wire, a_need_beyond_all_memory_is_the_largest_number, .timeout = 10)
{
    struct reader r = { .in = BYTES(1, 2, 3), .at = 2 };

    reader_take(&r, SIZE_MAX);
    cr_expect(eq(int, r.status, WIRE_SHORT));
    cr_expect(eq(sz, r.need, SIZE_MAX));
}

Test(archive_wire, an_empty_input_gives_nothing_and_asks_for_one_byte, .timeout = 10)
{
    struct reader r = { 0 };

    cr_expect(eq(sz, reader_take(&r, 0).len, 0));
    cr_expect(eq(int, r.status, WIRE_OK));
    cr_expect(eq(u8, reader_u8(&r), 0));
    cr_expect(eq(sz, r.need, 1));
}

Test(archive_wire, notes_have_a_limit, .timeout = 10)
{
    SCRATCH(keep);
    struct span_list spans = { .keep = &keep };
    struct reader r = { .in = BYTES(1, 2), .spans = &spans };

    for (int i = 0; i < 100000; i++)
        reader_note(&r, 0, "note %d", i);
    cr_expect(lt(sz, spans.count, 10000));
    cr_expect(eq(str, (char *)spans.items[17].meaning, "note 17"));
}

Test(archive_wire, causes_have_the_names_of_MFC, .timeout = 10)
{
    cr_expect(eq(str, (char *)cause_name(0), "none"));
    cr_expect(eq(str, (char *)cause_name(CAUSE_END_OF_FILE), "endOfFile"));
    cr_expect(eq(str, (char *)cause_name(CAUSE_BUFFER_FULL), "bufferFull"));
    cr_expect(eq(str, (char *)cause_name(9), "unknown"));
    cr_expect(eq(str, (char *)cause_name(65535), "unknown"));
}

Test(archive_wire, the_checksum_is_that_of_zlib, .timeout = 10)
{
    cr_expect(eq(u32, crc32_of(bytes_of("")), 0));
    cr_expect(eq(u32, crc32_of(bytes_of("123456789")), 0xcbf43926)); // the usual check value
    cr_expect(eq(u32, crc32_of(BYTES(0x00, 0xff)), 0x6cdbfd72));
    cr_expect(eq(u32, crc32_of(bytes_of("The quick brown fox jumps over the lazy dog")), 0x414fa339));
    uint8_t each[256];
    for (size_t i = 0; i < sizeof each; i++)
        each[i] = (uint8_t)i;
    cr_expect(eq(u32, crc32_of((struct bytes){ each, sizeof each }), 0x29058c73));
}

Test(archive_profile, there_is_none_of_64_bits_before_7_0, .timeout = 10)
{
    cr_expect(eq(sz, profile_count, 24));
    for (size_t i = 0; i < profile_count; i++) {
        TEXT(a);
        cr_expect(profile_all[i].bits == 32 || profile_all[i].generation >= 70);
        profile_print(&a, &profile_all[i]);
        for (size_t j = 0; j < i; j++) {
            TEXT(b);
            profile_print(&b, &profile_all[j]);
            cr_expect(ne(str, (char *)text_string(&a), (char *)text_string(&b)));
        }
    }
}

// clang-format off
static const struct profile_row {
    const char *parts, *printed;    // printed NULL: refused
} profiles[] = {
    { "generation=10,charset=unicode,bits=64", "10-unicode-64"  },
    { "charset=ansi",                          "10-ansi-64"     },
    { "generation=none",                       "10-unicode-64"  },
    { "generation=4.2",                        "4.2-unicode-32" },
    { "bits=32,generation=7.1,charset=ansi",   "7.1-ansi-32"    },
    { "generation=7.0",                        "7.0-unicode-64" },
    { "generation=6.0,bits=64",                NULL             },
    { "generation=11",                         NULL             },
    { "generation=7",                          NULL             },
    { "charset=utf8",                          NULL             },
    { "bits=16",                               NULL             },
    { "bits",                                  NULL             },
    { "charset=ansi,,bits=32",                 NULL             },
    { "charset=ansi,",                         NULL             },
    { "",                                      NULL             },
};
// clang-format on

Test(archive_profile, parts_change_what_they_name, .timeout = 10)
{
    for (const struct profile_row *x = profiles; x < profiles + COUNT_OF(profiles); x++) {
        TEXT(printed);
        struct profile p = profile_default;
        struct error err = { 0 };
        cr_expect(eq(int, profile_parse(x->parts, &p, &err), x->printed != NULL), "%s", x->parts);
        if (!x->printed)
            cr_expect(eq(int, err.kind, ERROR_INPUT));
        profile_print(&printed, &p);
        cr_expect(eq(str, (char *)text_string(&printed),
                     x->printed ? (char *)x->printed : "10-unicode-64"));
    }
}

// clang-format off
static const struct predicate_row {
    const char *predicate;
    bool valid;
    size_t matches;     // of the 24 profiles
} predicates[] = {
    { "ansi",            true,  12 }, { "unicode",     true,  12 }, { "32",        true,  14 },
    { "64",              true,  10 }, { "<8",          true,  12 }, { "<=8",       true,  16 },
    { ">8",              true,  8  }, { ">=8",         true,  12 }, { "<4.2",      true,  0  },
    { ">=4.2",           true,  24 }, { "ansi,<8",     true,  6  }, { ">=7.0,<=7.1", true, 8 },
    { "ansi,unicode",    true,  0  }, { "64,<=6.0",    true,  0  }, { ">=10,64,ansi", true, 1 },
    { "",                false, 0  }, { "ansi,",       false, 0  }, { ",ansi",     false, 0  },
    { "<",               false, 0  }, { "<=",          false, 0  }, { "8",         false, 0  },
    { "=8",              false, 0  }, { "< 8",         false, 0  }, { "<5",        false, 0  },
};
// clang-format on

Test(archive_profile, predicates_choose_profiles, .timeout = 10)
{
    for (const struct predicate_row *x = predicates; x < predicates + COUNT_OF(predicates); x++) {
        size_t matches = 0;
        cr_expect(eq(int, predicate_valid(x->predicate), x->valid), "%s", x->predicate);
        for (size_t i = 0; i < profile_count && x->valid; i++)
            matches += profile_matches(&profile_all[i], x->predicate);
        cr_expect(eq(sz, matches, x->matches), "%s", x->predicate);
    }
}
