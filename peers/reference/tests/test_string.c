/* Strings, counts and lines: each form at its edges, from both sides. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "reference/text.h"
#include "rig.h"

/* The threshold table [STR-5]. */
static const struct threshold {
    size_t length;
    const char *narrow, *wide;
} thresholds[] = {
    { 0, "00", "ff fe ff 00" },
    { 1, "01", "ff fe ff 01" },
    { 253, "fd", "ff fe ff fd" },
    { 254, "fe", "ff fe ff fe" },
    { 255, "ff ff 00", "ff fe ff ff ff 00" },
    { 256, "ff 00 01", "ff fe ff ff 00 01" },
    { 32767, "ff ff 7f", "ff fe ff ff ff 7f" },
    { 65533, "ff fd ff", "ff fe ff ff fd ff" },
    { 65534, "ff ff ff fe ff 00 00", "ff fe ff ff ff ff fe ff 00 00" },
    { 65535, "ff ff ff ff ff 00 00", "ff fe ff ff ff ff ff ff 00 00" },
    { 65536, "ff ff ff 00 00 01 00", "ff fe ff ff ff ff 00 00 01 00" },
};

static struct units run_of(size_t length, unsigned width)
{
    struct units u;

    units_new(&u, &scratch, length, width);
    for (size_t i = 0; i < length; i++)
        bits_store(u.data + i * width, 'A' + i % 26, width);
    return u;
}

Test(string, every_length_form_is_written_and_read_in_both_widths, .timeout = 10)
{
    for (const struct threshold *t = thresholds; t < thresholds + COUNT_OF(thresholds); t++) {
        for (unsigned width = 1; width <= 2; width++) {
            RIG(r);
            struct units loaded;
            rig_open(&r, "10 unicode 64", SOCK_STREAM);
            int room = 1 << 20;
            setsockopt((int)r.near.handle, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
            struct units string = run_of(t->length, width);
            CArchive_InsertCString(&r.store, &string);
            CArchive_Flush(&r.store);
            struct bytes sent = rig_hear(&r);
            struct bytes header = bytes_of(width == 1 ? t->narrow : t->wide);
            cr_assert(eq(sz, sent.len, header.len + t->length * width), "length %zu", t->length);
            cr_expect(eq(int, memcmp(sent.data, header.data, header.len), 0), "length %zu",
                      t->length);
            setsockopt(r.far, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
            rig_say(&r, sent);
            CArchive_ExtractCString(&r.load, &loaded, width);
            cr_expect(eq(int, caught(&r.load), 0));
            cr_assert(eq(sz, loaded.count, t->length));
            cr_expect(eq(int, memcmp(loaded.data, string.data, t->length * width), 0));
        }
    }
}

static const struct loaded_row {
    const char *label, *profile, *wire;
    int width;
    int cause;
    const char *units; // as they stand in memory
} loaded_rows[] = {
    { "narrow", "10 ansi 32", "05 48 65 6c 6c 6f", 1, 0, "48 65 6c 6c 6f" },
    { "narrow into wide", "10 unicode 32", "01 41", 2, 0, "41 00" },
    { "N10: 0x80 by the code page", "10 unicode 64", "01 80", 2, 0, "80 00" },
    { "wide into narrow", "10 ansi 32", "ff fe ff 01 41 00", 1, 0, "41" },
    { "unmappable", "10 ansi 32", "ff fe ff 01 ac 20", 1, 0, "3f" },
    { "E51 WORD form of 2", "10 ansi 32", "ff 02 00 41 42", 1, 0, "41 42" },
    { "E52 DWORD form of 2", "10 ansi 32", "ff ff ff 02 00 00 00 41 42", 1, 0, "41 42" },
    { "E53 wide WORD form", "10 unicode 64", "ff fe ff ff 01 00 41 00", 2, 0, "41 00" },
    { "E54 QWORD form", "7.0 ansi 32", "ff ff ff ff ff ff ff 01 00 00 00 00 00 00 00 41", 1, 0,
      "41" },
    { "N8 empty in WORD form", "10 ansi 32", "ff 00 00", 1, 0, "" },
    { "N9 empty in DWORD form", "10 ansi 32", "ff ff ff 00 00 00 00", 1, 0, "" },
    { "N3 cut", "10 ansi 32", "05 41 42", 1, CAUSE_END_OF_FILE, "" },
    { "N4", "10 ansi 32", "ff", 1, CAUSE_END_OF_FILE, "" },
    { "N5", "10 unicode 64", "ff fe ff", 2, CAUSE_END_OF_FILE, "" },
    { "N11 half a unit", "10 unicode 64", "ff fe ff 02 41 00 42", 2, CAUSE_END_OF_FILE, "" },
    { "N7 on 32 bits", "10 ansi 32", "ff ff ff ff ff ff ff 00 00 00 80 00 00 00 00", 1,
      CAUSE_GENERIC, "" },
    { "N7 on 64 bits is long", "10 ansi 64", "ff ff ff ff ff ff ff 00 00 00 80 00 00 00 00", 1,
      CAUSE_END_OF_FILE, "" },
    { "64 bits cut to 32 from 7.1", "7.1 ansi 64",
      "ff ff ff ff ff ff ff 01 00 00 00 01 00 00 00 41", 1, 0, "41" },
    { "N7 up to 6.0 is a wide mark", "6.0 unicode 32", "ff ff ff ff ff ff ff 01 41 00", 2, 0,
      "41 00" },
    { "wide in 6.0", "6.0 unicode 32", "ff fe ff 01 ac 20", 2, 0, "ac 20" },
    { "twice the mark up to 6.0", "6.0 unicode 32", "ff fe ff ff fe ff 01 41 00", 2,
      -EXCEPTION_MEMORY, "" },
    { "a huge claim costs nothing", "10 ansi 64", "ff ff ff ff ff ff 7f 41", 1, CAUSE_END_OF_FILE,
      "" },
    { "NUL kept in the same width, 6.0", "6.0 ansi 32", "03 61 00 62", 1, 0, "61 00 62" },
    { "NUL cuts when converted, 6.0", "6.0 unicode 32", "03 61 00 62", 2, 0, "61 00" },
    { "NUL cuts, 7.0", "7.0 ansi 32", "03 61 00 62", 1, 0, "61" },
    { "NUL cuts, 7.1", "7.1 ansi 32", "03 61 00 62", 1, 0, "61" },
    { "NUL kept, 8", "8 unicode 32", "03 61 00 62", 2, 0, "61 00 00 00 62 00" },
    { "the other width crashes 6.0", "6.0 unicode 32 bugs", "01 41", 2, -EXCEPTION_CRASH, "" },
};

Test(string, loads_every_form_and_refuses_what_mfc_refuses, .timeout = 10)
{
    for (const struct loaded_row *t = loaded_rows; t < loaded_rows + COUNT_OF(loaded_rows); t++) {
        RIG(r);
        struct units u;
        rig_open(&r, t->profile, SOCK_STREAM);
        rig_say_hex(&r, t->wire);
        rig_end(&r);
        CArchive_ExtractCString(&r.load, &u, t->width);
        cr_expect(eq(int, caught(&r.load), t->cause), "%s", t->label);
        struct bytes got = { u.data, u.count * u.width };
        cr_expect(eq(str, hex_of(got), (char *)t->units), "%s", t->label);
    }
}

Test(string, a_second_mark_is_a_length, .timeout = 10) // N6
{
    RIG(r);
    struct units u;
    static uint8_t units[2 * 0xfffe];

    rig_open(&r, "10 unicode 64", SOCK_STREAM);
    rig_say_hex(&r, "ff fe ff ff fe ff");
    rig_say(&r, (struct bytes){ units, sizeof units });
    CArchive_ExtractCString(&r.load, &u, 2);
    cr_expect(eq(sz, u.count, 0xfffe));
}

static const struct count_row {
    const char *profile;
    uint64_t count;
    const char *wire;
    bool written; // else only read
} count_rows[] = {
    { "6.0 ansi 32", 0, "00 00", true },
    { "10 ansi 32", 1, "01 00", true },
    { "10 ansi 32", 255, "ff 00", true },
    { "10 ansi 64", 65534, "fe ff", true },
    { "10 ansi 64", 65535, "ff ff ff ff 00 00", true },
    { "10 ansi 64", 65536, "ff ff 00 00 01 00", true },
    { "10 ansi 64", 0xfffffffe, "ff ff fe ff ff ff", true },
    { "10 ansi 32", 0xffffffff, "ff ff ff ff ff ff", true },
    { "4.2 ansi 32", 0xffffffff, "ff ff ff ff ff ff", true },
    { "10 ansi 64", 0xffffffff, "ff ff ff ff ff ff ff ff ff ff 00 00 00 00", true },
    { "7.0 ansi 64", 0x1122334455667788, "ff ff ff ff ff ff 88 77 66 55 44 33 22 11", true },
    { "10 ansi 32", 2, "ff ff 02 00 00 00", false },
    { "10 ansi 64", 3, "ff ff ff ff ff ff 03 00 00 00 00 00 00 00", false },
};

Test(count, every_form_is_written_and_read, .timeout = 10)
{
    for (const struct count_row *t = count_rows; t < count_rows + COUNT_OF(count_rows); t++) {
        RIG(r);
        rig_open(&r, t->profile, SOCK_STREAM);
        if (t->written) {
            CArchive_WriteCount(&r.store, t->count);
            CArchive_Flush(&r.store);
            cr_expect(eq(str, hex_of(rig_hear(&r)), (char *)t->wire), "%s", t->wire);
        }
        rig_say_hex(&r, t->wire);
        cr_expect(eq(u64, CArchive_ReadCount(&r.load), t->count), "%s", t->wire);
    }
}

Test(count, every_strict_prefix_is_exception_3, .timeout = 10) // N32
{
    for (const struct count_row *t = count_rows; t < count_rows + COUNT_OF(count_rows); t++) {
        struct bytes wire = bytes_of(t->wire);
        for (size_t len = 0; len < wire.len; len++) {
            RIG(r);
            rig_open(&r, t->profile, SOCK_STREAM);
            rig_say(&r, (struct bytes){ wire.data, len });
            rig_end(&r);
            CArchive_ReadCount(&r.load);
            cr_expect(eq(int, caught(&r.load), CAUSE_END_OF_FILE), "%s to %zu", t->wire, len);
        }
    }
}

Test(line, a_bare_cr_swallows_a_unit, .timeout = 10) // N39
{
    RIG(r);
    uint16_t buffer[16];
    size_t count;

    rig_open(&r, "10 ansi 64", SOCK_STREAM);
    rig_say_hex(&r, "61 0d 62 0a");
    cr_expect(CArchive_ReadStringBuffer(&r.load, buffer, 16, &count));
    cr_expect(eq(sz, count, 1));
    cr_expect(CArchive_ReadStringBuffer(&r.load, buffer, 16, &count));
    cr_expect(eq(sz, count, 0));
}

Test(line, a_negative_maximum_keeps_what_ended_the_line, .timeout = 10) // STR-25
{
    RIG(r);
    uint16_t buffer[16];
    size_t count;

    rig_open(&r, "10 ansi 64", SOCK_STREAM);
    rig_say_hex(&r, "61 0a 62 0d 0a 63 0d 64");
    for (int i = 0; i < 3; i++) {
        cr_expect(CArchive_ReadStringBuffer(&r.load, buffer, -16, &count));
        cr_expect(eq(sz, count, 2));
        cr_expect(eq(int, buffer[1], i < 2 ? '\n' : 'd'));
    }
}

Test(line, the_end_gives_a_partial_line_and_then_false, .timeout = 10) // N40
{
    RIG(r);
    struct units u;

    rig_open(&r, "10 unicode 64", SOCK_STREAM);
    rig_say_hex(&r, "61 00 62 00");
    rig_end(&r);
    cr_expect(CArchive_ReadString(&r.load, &u));
    cr_expect(eq(sz, u.count, 2));
    cr_expect(not(CArchive_ReadString(&r.load, &u)));
    cr_expect(eq(sz, u.count, 0));
    cr_expect(eq(int, caught(&r.load), 0));
}

Test(line, a_last_line_of_128_units_is_there_but_false, .timeout = 10) // STR-28
{
    for (size_t len = 127; len <= 129; len++) {
        RIG(r);
        struct units u;
        rig_open(&r, "10 ansi 64", SOCK_STREAM);
        rig_say(&r, (struct bytes){ run_of(len, 1).data, len });
        rig_end(&r);
        cr_expect(eq(int, CArchive_ReadString(&r.load, &u), len != 128));
        cr_expect(eq(sz, u.count, len));
    }
}

/* Then nothing more is taken, however short, so that what is there is a beginning of the text and no other. */
Test(string, text_that_has_no_room_is_over, .timeout = 10)
{
    struct pool pool = { .limit = 100 };
    struct text t = { .pool = &pool };

    text_add(&t, "0123456789", 10); // room for 84
    cr_expect(not(t.over));
    for (int i = 0; i < 8; i++)
        text_add(&t, "0123456789", 10);
    cr_expect(t.over, "90 bytes would need room for 244");
    cr_expect(eq(sz, t.len, 80));
    text_add(&t, "x", 1);
    cr_expect(eq(sz, t.len, 80));
    pool_release(&pool);
}

/* Every digit, and what stands beside digits and letters in ASCII. */
Test(string, hexadecimal_digits_are_these_and_no_others, .timeout = 10)
{
    for (int c = 1; c < 256; c++) {
        const char *const digits = "0123456789abcdef", text[] = { (char)c };
        const char *found = strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
        struct scan s = { text, text + 1, NULL, NULL };
        uint64_t n = 99;
        cr_expect(eq(int, scan_hex(&s, 1, &n), found != NULL), "character %d", c);
        cr_expect(eq(u64, n, found ? (uint64_t)(found - digits) : 99), "character %d", c);
    }
}

/* However much stands behind it. */
Test(string, what_is_read_ends_with_the_text, .timeout = 10)
{
    static const char text[] = "12345678";
    uint64_t out;

    for (size_t len = 0; len < sizeof text; len++)
        for (unsigned digits = 1; digits <= 9; digits++) {
            struct scan s = { .at = text, .end = text + len };
            cr_expect(eq(int, scan_hex(&s, digits, &out), digits <= len), "%u of %zu", digits, len);
            cr_expect(eq(sz, (size_t)(s.at - text), digits < len ? digits : len), "%u of %zu", digits, len);
        }
}
