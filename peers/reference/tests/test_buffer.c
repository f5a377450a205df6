/*
 * How an archive groups what it sends and takes what has come.
 *
 * Over SOCK_SEQPACKET each Write of the archive arrives as one record, and
 * each record that the far end sends is what one Receive gets.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rig.h"

/* A script: B, D and Q insert a BYTE, DWORD, ULONGLONG; W writes; S is a wide CString; F flushes. */
static const struct grouping {
    const char *script; // letter and number: how often, or how long
    const char *sizes;  // of the Writes; one of 0 bytes sends nothing and is not seen
} groupings[] = {
    { "B10 W10000 F", "4096 4096 1818" }, // worked examples
    { "W4096 F", "4096" },
    { "W4097 F", "4096 1" },
    { "W8192 F", "4096 4096" },
    { "W4095 D1 F", "4095 4" },
    { "B5000 F", "4096 904" },
    { "S3000 F", "4096 1910" },
    { "W4096", "" }, // a buffer that is just full is not sent yet
    { "W4096 B1", "4096" },
    { "W4093 D1", "4093" },
    { "W4092 D1", "" },
    { "W4089 Q1", "4089" },
    { "W20000 F", "4096 12288 3616" },
    { "B1 W4095 F", "4096" },
    { "B1 W8191 F", "4096 4096" },
    { "F F", "" },
};

static void run_script(struct rig *r, const char *script)
{
    static uint8_t zeroes[32768];
    char what;
    int n, used;

    for (; sscanf(script, " %c%n", &what, &used) == 1; script += used) {
        int more = 0;
        n = 1;
        if (sscanf(script + used, "%d%n", &n, &more) == 1)
            used += more;
        switch (what) {
        case 'W':
            CArchive_Write(&r->store, zeroes, n);
            break;
        case 'S':
            CArchive_InsertCString(&r->store, &(struct units){ zeroes, n, 2 });
            break;
        case 'F':
            CArchive_Flush(&r->store);
            break;
        default:
            while (n-- > 0)
                CArchive_Insert(&r->store, 0, what == 'B' ? 1 : what == 'D' ? 4 : 8);
        }
    }
}

Test(buffer, writes_are_grouped_as_mfc_groups_them, .timeout = 10)
{
    for (const struct grouping *t = groupings; t < groupings + COUNT_OF(groupings); t++) {
        RIG(r);
        struct bytes record;
        char sizes[100] = "";
        rig_open(&r, "10 unicode 64", SOCK_SEQPACKET);
        run_script(&r, t->script);
        while ((record = rig_hear(&r)).len > 0)
            sprintf(sizes + strlen(sizes), "%s%zu", *sizes ? " " : "", record.len);
        cr_expect(eq(str, sizes, (char *)t->sizes), "%s", t->script);
    }
}

Test(buffer, a_small_size_becomes_128_without_the_callers_buffer, .timeout = 10)
{
    RIG(r);
    static uint8_t mine[128];
    struct CArchive ar;

    rig_open(&r, "10 unicode 64", SOCK_SEQPACKET);
    CArchive_Construct(&ar, &r.file.base, CARCHIVE_STORE, 64, mine, &r.profile);
    cr_expect(eq(sz, ar.size, 128));
    cr_expect(ar.owns_buffer);
    CArchive_Destroy(&ar);
    CArchive_Construct(&ar, &r.file.base, CARCHIVE_STORE, 128, mine, &r.profile);
    cr_expect(not(ar.owns_buffer));
    CArchive_Abort(&ar);
}

Test(buffer, close_sends_and_abort_does_not, .timeout = 10)
{
    RIG(r);

    rig_open(&r, "10 unicode 64", SOCK_STREAM);
    CArchive_InsertBYTE(&r.store, 7);
    cr_expect(eq(sz, rig_hear(&r).len, 0));
    CArchive_Destroy(&r.store);
    cr_expect(eq(str, hex_of(rig_hear(&r)), "07"));
    CArchive_Construct(&r.store, &r.file.base, CARCHIVE_STORE | CARCHIVE_NO_FLUSH_ON_DELETE, 4096, NULL,
                       &r.profile);
    CArchive_InsertBYTE(&r.store, 8);
    CArchive_Destroy(&r.store);
    cr_expect(eq(sz, rig_hear(&r).len, 0));
}

Test(buffer, a_failed_flush_keeps_the_bytes_and_fails_again, .timeout = 10)
{
    RIG(r);
    struct exception e;

    rig_open(&r, "10 unicode 64", SOCK_STREAM);
    CArchive_InsertBYTE(&r.store, 7);
    close(r.far);
    for (int attempt = 0; attempt < 2; attempt++) {
        CArchive_Flush(&r.store);
        cr_expect(CArchive_Catch(&r.store, &e));
        cr_expect(eq(int, e.kind, EXCEPTION_FILE));
        cr_expect(eq(int, e.cause, 1));
        cr_expect(eq(sz, r.store.cur, 1));
    }
}

/* What C++ throws out of the destructor, and what Close in time, or Abort, prevents. */
Test(buffer, destroying_flushes_once_more_and_leaves_the_exception, .timeout = 10) // BUF-8, BUF-10
{
    RIG(r);
    struct exception e;

    rig_open(&r, "10 unicode 64", SOCK_STREAM);
    CArchive_InsertBYTE(&r.store, 7);
    close(r.far);
    r.far = -1;
    CArchive_Close(&r.store);
    cr_expect(CArchive_Catch(&r.store, &e));
    CArchive_Destroy(&r.store);
    cr_expect(CArchive_Catch(&r.store, &e));
    cr_expect(eq(int, e.kind, EXCEPTION_FILE));

    CArchive_Construct(&r.store, &r.file.base, CARCHIVE_STORE, CARCHIVE_BUFFER, NULL, &r.profile);
    CArchive_InsertBYTE(&r.store, 7);
    CArchive_Abort(&r.store);
    cr_expect(not(CArchive_Catch(&r.store, &e)));
}

/* How a generation reads, as far as one process can see it. */
static const struct generation_row {
    const char *profile;
    bool reads_ahead, spurious_end, once_more;
} matrix[] = {
    { "4.2 ansi 32", true, false, false },       { "6.0 unicode 32", true, false, false },
    { "4.2 ansi 32 bugs", true, true, true },    { "6.0 ansi 32 bugs", true, true, true },
    { "7.0 ansi 32 bugs", false, false, false }, { "7.1 unicode 32 bugs", false, false, false },
    { "8 ansi 64 bugs", false, false, false },   { "9 ansi 64", false, false, false },
    { "10 unicode 64", false, false, false },
};

Test(buffer, up_to_6_0_everything_there_is_is_read_ahead, .timeout = 10)
{
    for (const struct generation_row *t = matrix; t < matrix + COUNT_OF(matrix); t++) {
        RIG(r);
        rig_open(&r, t->profile, SOCK_STREAM);
        rig_say_hex(&r, "01 00 02 00 03 00");
        cr_expect(eq(int, CArchive_ExtractWORD(&r.load), 1), "%s", t->profile);
        cr_expect(eq(int, !CArchive_IsBufferEmpty(&r.load), t->reads_ahead), "%s", t->profile);

        // What a flush of the load archive costs: all that was read ahead.
        CArchive_Flush(&r.load);
        rig_say_hex(&r, "04 00");
        int next = CArchive_ExtractWORD(&r.load);
        cr_expect(eq(int, next, t->reads_ahead ? 4 : 2), "%s", t->profile);
    }
}

/* N45: 1 + 2 bytes, then 1, then 1. Behind the first item two of four bytes are left over. */
Test(buffer, a_fragmented_primitive_is_a_false_end_only_with_the_old_defect, .timeout = 10)
{
    for (const struct generation_row *t = matrix; t < matrix + COUNT_OF(matrix); t++) {
        RIG(r);
        rig_open(&r, t->profile, SOCK_SEQPACKET);
        rig_say_hex(&r, t->reads_ahead ? "09 04 03" : "09");
        if (!t->reads_ahead) // a record that is not taken whole loses its rest
            rig_say_hex(&r, "04 03");
        rig_say_hex(&r, "02");
        rig_say_hex(&r, "01");
        cr_expect(eq(int, CArchive_ExtractBYTE(&r.load), 9), "%s", t->profile);
        uint32_t dword = CArchive_ExtractDWORD(&r.load);
        int cause = caught(&r.load);
        cr_expect(eq(int, cause, t->spurious_end ? CAUSE_END_OF_FILE : 0), "%s", t->profile);
        cr_expect(eq(u32, dword, t->spurious_end ? 0 : 0x01020304), "%s", t->profile);
    }
}

/* N46, made visible by bytes that the one read too many takes instead of waiting. */
Test(buffer, a_multiple_of_the_buffer_is_read_once_more_only_with_the_old_defect, .timeout = 10)
{
    static uint8_t block[4096 + 2];

    for (const struct generation_row *t = matrix; t < matrix + COUNT_OF(matrix); t++) {
        RIG(r);
        uint8_t read[4096];
        rig_open(&r, t->profile, SOCK_STREAM);
        rig_say(&r, (struct bytes){ block, sizeof block });
        cr_expect(eq(sz, CArchive_Read(&r.load, read, sizeof read), sizeof read), "%s", t->profile);
        cr_expect(eq(int, !CArchive_IsBufferEmpty(&r.load), t->once_more), "%s", t->profile);
    }
}

Test(buffer, a_short_read_is_a_short_count_and_no_exception, .timeout = 10) // N41
{
    RIG(r);
    uint8_t read[10];

    rig_open(&r, "10 unicode 64", SOCK_STREAM);
    rig_say_hex(&r, "01 02 03 04");
    rig_end(&r);
    cr_expect(eq(sz, CArchive_Read(&r.load, read, sizeof read), 4));
    cr_expect(eq(int, caught(&r.load), 0));
}

/* After this the socket cannot be touched without a file exception. */
static void cut_wire(struct rig *r)
{
    CSocket_Close(&r->near);
}

Test(buffer, bytes_of_a_cut_item_stay_and_smaller_items_get_them, .timeout = 10) // N1
{
    RIG(r);

    rig_open(&r, "10 unicode 64", SOCK_STREAM);
    rig_say_hex(&r, "34");
    rig_end(&r);
    CArchive_ExtractWORD(&r.load);
    cr_expect(eq(int, caught(&r.load), CAUSE_END_OF_FILE));
    cut_wire(&r);
    CArchive_ExtractWORD(&r.load);
    cr_expect(eq(int, caught(&r.load), CAUSE_END_OF_FILE));
    cr_expect(eq(int, CArchive_ExtractBYTE(&r.load), 0x34));
    cr_expect(eq(int, caught(&r.load), 0));
}

Test(buffer, without_a_leftover_the_end_sticks_until_a_raw_read, .timeout = 10) // N2, BUF-22
{
    RIG(r);
    uint8_t read[2];

    rig_open(&r, "10 unicode 64", SOCK_SEQPACKET);
    send(r.far, "", 0, 0); // a record of nothing: an end of file behind which data can come
    CArchive_ExtractDWORD(&r.load);
    cr_expect(eq(int, caught(&r.load), CAUSE_END_OF_FILE));
    rig_say_hex(&r, "01 02");
    rig_say_hex(&r, "03");
    for (int i = 0; i < 3; i++) {
        CArchive_ExtractBYTE(&r.load);
        cr_expect(eq(int, caught(&r.load), CAUSE_END_OF_FILE));
    }
    cr_expect(eq(sz, CArchive_Read(&r.load, read, 2), 2));
    cr_expect(eq(int, CArchive_ExtractBYTE(&r.load), 3));
}

Test(buffer, a_reset_is_a_file_exception_and_not_an_end, .timeout = 10)
{
    RIG(r);
    struct exception e;

    rig_open(&r, "10 unicode 64", SOCK_STREAM);
    cut_wire(&r);
    CArchive_ExtractBYTE(&r.load);
    cr_expect(CArchive_Catch(&r.load, &e));
    cr_expect(eq(int, e.kind, EXCEPTION_FILE));
    cr_expect(ne(int, e.os_error, 0));
}

Test(buffer, wrong_direction_is_exception_2_or_4_from_7_1_on, .timeout = 10) // N42, N43
{
    for (const struct generation *g = generations; g->name; g++) {
        RIG(r);
        char words[32];
        uint8_t byte = 0;
        int read_only = g->rank >= 71 ? CAUSE_READ_ONLY : 0;
        int write_only = g->rank >= 71 ? CAUSE_WRITE_ONLY : 0;
        sprintf(words, "%s ansi 32", g->name);
        rig_open(&r, words, SOCK_STREAM);
        CArchive_InsertWORD(&r.load, 1);
        cr_expect(eq(int, caught(&r.load), read_only), "insert %s", words);
        CArchive_Write(&r.load, &byte, 1);
        cr_expect(eq(int, caught(&r.load), read_only), "write %s", words);
        CArchive_ExtractWORD(&r.store);
        cr_expect(eq(int, caught(&r.store), write_only), "extract %s", words);
        CArchive_Read(&r.store, &byte, 1);
        cr_expect(eq(int, caught(&r.store), write_only), "read %s", words);
        CArchive_FillBuffer(&r.store, 1);
        cr_expect(eq(int, caught(&r.store), write_only), "fill %s", words);
        CArchive_Read(&r.store, &byte, 0);
        CArchive_Write(&r.load, &byte, 0);
        cr_expect(eq(int, caught(&r.store) + caught(&r.load), 0), "nothing %s", words);
    }
}

Test(buffer, an_item_larger_than_the_buffer_is_exception_8_from_10_on, .timeout = 10) // N44
{
    static uint8_t block[200];
    static const char *const profiles[] = { "10 ansi 32", "9 ansi 32" };

    for (size_t i = 0; i < COUNT_OF(profiles); i++) {
        RIG(r);
        struct CArchive ar;
        rig_open(&r, profiles[i], SOCK_STREAM);
        CArchive_Construct(&ar, &r.file.base, CARCHIVE_LOAD, 128, NULL, &r.profile);
        rig_say(&r, (struct bytes){ block, sizeof block });
        CArchive_FillBuffer(&ar, 129);
        cr_expect(eq(int, caught(&ar), i == 0 ? CAUSE_BUFFER_FULL : CAUSE_END_OF_FILE));
        cr_expect(eq(sz, ar.max, 128)); // thrown after the read
        CArchive_Abort(&ar);
    }
}

Test(buffer, an_archive_needs_a_file, .timeout = 10)
{
    struct profile p = profile_of("10 unicode 64");
    struct CArchive ar;

    CArchive_Construct(&ar, NULL, CARCHIVE_LOAD, CARCHIVE_BUFFER, NULL, &p);
    cr_expect(eq(int, caught(&ar), -EXCEPTION_INVALID_ARG));
    CArchive_Destroy(&ar);
}
