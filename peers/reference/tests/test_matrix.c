/*
 * The generations side by side: each property of the matrix is tried out, with
 * all genuine defects switched on, on programs as the article has them.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loop.h"
#include "rig.h"
#include "reference/types.h"

/*
 * A program: OnReceive takes messages, each a WORD, from a load archive.
 */

struct program {
    struct rig r;
    bool loops;               // until IsBufferEmpty
    bool archive_per_message; // made in OnReceive and destroyed there
    bool flushes;             // the load archive, behind each message
    char taken[64];           // "1 2 3"
    unsigned calls;           // of OnReceive
};

static void take_one(struct program *p, struct CArchive *ar)
{
    unsigned word = CArchive_ExtractWORD(ar);

    if (CArchive_Failed(ar))
        return;
    size_t len = strlen(p->taken);
    snprintf(p->taken + len, sizeof p->taken - len, "%s%u", len ? " " : "", word);
    if (p->flushes)
        CArchive_Flush(ar);
}

static void program_receives(struct CSocket *s, int error)
{
    struct program *p = s->context;
    struct CArchive fresh, *ar = &p->r.load;

    (void)error;
    p->calls++;
    if (p->archive_per_message) {
        CArchive_Construct(&fresh, &p->r.file.base, CARCHIVE_LOAD, CARCHIVE_BUFFER, NULL,
                           &p->r.profile);
        ar = &fresh;
    }
    do
        take_one(p, ar);
    while (p->loops && !CArchive_IsBufferEmpty(ar) && !CArchive_Failed(ar));
    if (p->archive_per_message)
        CArchive_Destroy(&fresh);
}

static const struct CSocketEvents program_events = { .OnReceive = program_receives };

static void program_start(struct program *p, const char *profile)
{
    rig_open(&p->r, profile, SOCK_STREAM);
    p->r.near.events = &program_events;
    p->r.near.context = p;
    settle();
}

static const char *taken_of(struct program *p, const char *profile, const char *said)
{
    program_start(p, profile);
    rig_say_hex(&p->r, said);
    settle();
    rig_close(&p->r);
    return p->taken;
}

/*
 * The properties
 */

static bool reads_ahead(const char *profile)
{
    RIG(r);

    rig_open(&r, profile, SOCK_STREAM);
    rig_say_hex(&r, "01 00 02 00");
    CArchive_ExtractWORD(&r.load);
    return !CArchive_IsBufferEmpty(&r.load);
}

static bool needs_the_loop(const char *profile)
{
    struct program with = { .loops = true }, without = { 0 };

    cr_expect(eq(str, (char *)taken_of(&with, profile, "01 00 02 00 03 00"), "1 2 3"), "%s",
              profile);
    return strcmp(taken_of(&without, profile, "01 00 02 00 03 00"), "1 2 3") != 0;
}

static bool loses_with_an_archive_per_message(const char *profile)
{
    struct program p = { .archive_per_message = true };

    return strcmp(taken_of(&p, profile, "01 00 02 00 03 00"), "1 2 3") != 0;
}

static bool loses_with_a_flush_per_message(const char *profile)
{
    struct program p = { .loops = true, .flushes = true };

    return strcmp(taken_of(&p, profile, "01 00 02 00 03 00"), "1 2 3") != 0;
}

/* Each of these is what one receive gets. The first brings half of the next item, where it can. */
static bool ends_falsely(const char *profile)
{
    RIG(r);

    rig_open(&r, profile, SOCK_SEQPACKET);
    rig_say_hex(&r, reads_ahead(profile) ? "09 04 03" : "09");
    if (!reads_ahead(profile))
        rig_say_hex(&r, "04 03");
    rig_say_hex(&r, "02");
    rig_say_hex(&r, "01");
    CArchive_ExtractBYTE(&r.load);
    uint32_t dword = CArchive_ExtractDWORD(&r.load);
    int cause = caught(&r.load);
    cr_expect(eq(u32, dword, cause ? 0 : 0x01020304), "%s", profile);
    return cause == CAUSE_END_OF_FILE;
}

static void read_a_buffer(void *archive)
{
    static uint8_t to[CARCHIVE_BUFFER];

    CArchive_Read(archive, to, sizeof to);
}

static bool hangs_at_a_multiple(const char *profile)
{
    static const uint8_t block[CARCHIVE_BUFFER];
    RIG(r);

    rig_open(&r, profile, SOCK_STREAM);
    rig_say(&r, (struct bytes){ block, sizeof block });
    return hangs(&r.near, read_a_buffer, &r.load);
}

static bool sees_short_arrays(const char *profile)
{
    RIG(r);
    struct value value = { 0 };
    struct slot slot = { .type = type_named("rect") };

    rig_open(&r, profile, SOCK_STREAM);
    rig_say_hex(&r, "01 00 00 00 02 00 00 00 03 00 00 00 04 00 00"); // N35
    rig_end(&r);
    slot.type->load(&r.load, &slot, &value);
    return caught(&r.load) == CAUSE_END_OF_FILE;
}

static bool knows_full_buffers(const char *profile)
{
    static const uint8_t block[CARCHIVE_BUFFER + 1];
    RIG(r);

    rig_open(&r, profile, SOCK_STREAM);
    rig_say(&r, (struct bytes){ block, sizeof block });
    CArchive_FillBuffer(&r.load, sizeof block);
    return caught(&r.load) == CAUSE_BUFFER_FULL;
}

/* As in the matrix of the facts, from the column of 4.2 on. */
static const struct property {
    const char *name;
    bool (*shows)(const char *profile);
    bool in_4_2_and_6_0, in_7_0_and_7_1, in_8_and_9, from_10_on;
} matrix[] = {
    { "reads ahead", reads_ahead, true, false, false, false },
    { "needs the loop over IsBufferEmpty", needs_the_loop, true, false, false, false },
    { "loses messages with an archive per message", loses_with_an_archive_per_message, true, false,
      false, false },
    { "loses messages with a flush of the load archive", loses_with_a_flush_per_message, true,
      false, false, false },
    { "false end on fragmentation", ends_falsely, true, false, false, false },
    { "hang on an exact multiple of the buffer", hangs_at_a_multiple, true, false, false, false },
    { "arrays and rectangles see short data", sees_short_arrays, false, false, true, true },
    { "bufferFull", knows_full_buffers, false, false, false, true },
};

Test(matrix, each_generation_has_the_properties_of_its_column, .timeout = 20) // 9.7
{
    for (const struct generation *g = generations; g->name; g++) {
        char profile[32];
        sprintf(profile, "%s ansi 32 bugs", g->name);
        for (const struct property *t = matrix; t < matrix + COUNT_OF(matrix); t++) {
            bool due = g->rank <= 60   ? t->in_4_2_and_6_0
                       : g->rank <= 71 ? t->in_7_0_and_7_1
                       : g->rank <= 90 ? t->in_8_and_9
                                       : t->from_10_on;
            cr_expect(eq(int, t->shows(profile), due), "%s: %s", profile, t->name);
        }
    }
}

/* False ends and hangs are defects: whoever did not ask for them does not get them. */
Test(matrix, without_defects_nothing_ends_falsely_or_hangs, .timeout = 20)
{
    for (const struct generation *g = generations; g->name; g++) {
        char profile[32];
        sprintf(profile, "%s ansi 32", g->name);
        cr_expect(not(ends_falsely(profile)), "%s", profile);
        cr_expect(not(hangs_at_a_multiple(profile)), "%s", profile);
        cr_expect(eq(int, reads_ahead(profile), g->rank <= 60), "%s", profile);
    }
}

/*
 * What genuine MFC 4.2 and 14 did
 */

static const struct profile_row {
    const char *profile;
    const char *calls_with_loop;
} looped[] = { { "4.2 ansi 32", "1" }, { "6.0 ansi 32", "1" }, { "10 unicode 64", "5" } };

Test(matrix, five_messages_in_one_segment_are_taken_by_the_loop, .timeout = 10) // G-7, G-9
{
    for (const struct profile_row *t = looped; t < looped + COUNT_OF(looped); t++) {
        struct program p = { .loops = true };
        char calls[8];
        const char *taken = taken_of(&p, t->profile, "01 00 02 00 03 00 04 00 05 00");
        cr_expect(eq(str, (char *)taken, "1 2 3 4 5"), "%s", t->profile);
        sprintf(calls, "%u", p.calls);
        cr_expect(eq(str, calls, (char *)t->calls_with_loop), "%s", t->profile);
    }
}

/* The second call takes its message from the buffer and never touches the socket: it is the last. */
Test(matrix, without_the_loop_the_second_notification_is_the_last_up_to_6_0, .timeout = 10) // G-8
{
    struct program old = { 0 }, modern = { 0 };

    program_start(&old, "4.2 ansi 32");
    rig_say_hex(&old.r, "01 00 02 00 03 00 04 00 05 00");
    settle();
    cr_expect(eq(str, old.taken, "1"));
    for (int more = 0; more < 3; more++) {
        rig_say_hex(&old.r, "06 00");
        settle();
        cr_expect(eq(str, old.taken, "1 2"), "whatever arrives");
    }
    cr_expect(eq(u32, old.calls, 2));

    program_start(&modern, "10 unicode 64");
    rig_say_hex(&modern.r, "01 00 02 00 03 00 04 00 05 00");
    settle();
    cr_expect(eq(str, modern.taken, "1 2 3 4 5"));
    cr_expect(eq(u32, modern.calls, 5));
    rig_close(&old.r);
    rig_close(&modern.r);
}

Test(matrix, one_message_at_a_time_is_taken_by_all_without_a_loop, .timeout = 10)
{
    for (const struct generation *g = generations; g->name; g++) {
        struct program p = { 0 };
        char profile[32];
        sprintf(profile, "%s ansi 32", g->name);
        program_start(&p, profile);
        for (int message = 0; message < 3; message++) {
            rig_say_hex(&p.r, "07 00");
            settle();
        }
        cr_expect(eq(str, p.taken, "7 7 7"), "%s", profile);
        cr_expect(eq(u32, p.calls, 3), "%s", profile);
        rig_close(&p.r);
    }
}

/*
 * The rules of the sequence of operations, broken
 */

Test(matrix, closing_the_socket_before_the_archive_loses_what_was_buffered, .timeout = 10) // SEQ-2
{
    RIG(r);
    struct exception e;

    rig_open(&r, "10 unicode 64", SOCK_STREAM);
    CArchive_InsertWORD(&r.store, 1);
    CArchive_Flush(&r.store);
    CArchive_InsertWORD(&r.store, 2);
    CSocket_Close(&r.near);
    CArchive_Close(&r.store);
    cr_expect(CArchive_Catch(&r.store, &e));
    cr_expect(eq(int, e.kind, EXCEPTION_FILE));
    cr_expect(eq(int, e.os_error, WSAENOTSOCK));
    cr_expect(eq(str, hex_of(rig_hear(&r)), "01 00"));
    cr_expect(eq(sz, rig_hear(&r).len, 0));
}

Test(matrix, an_accepted_socket_that_is_forgotten_ends_the_connection, .timeout = 10) // SEQ-2
{
    struct CSocket listener = CSOCKET_EMPTY, client = CSOCKET_EMPTY, accepted = CSOCKET_EMPTY;
    char byte;

    cr_assert(CSocket_Create(&listener, 0, SOCK_STREAM, "127.0.0.1"));
    cr_assert(CSocket_Listen(&listener, CSOCKET_BACKLOG));
    cr_assert(CSocket_Create(&client, 0, SOCK_STREAM, NULL));
    cr_assert(CSocket_Connect(&client, "127.0.0.1", CSocket_GetSockPort(&listener)));
    cr_assert(CSocket_Accept(&listener, &accepted));
    CSocket_Close(&accepted);
    cr_expect(eq(i64, CSocket_Receive(&client, &byte, 1), 0));
}

Test(matrix, two_load_archives_on_one_socket_share_it_only_from_7_0_on, .timeout = 10) // SEQ-2
{
    for (const struct generation *g = generations; g->name; g++) {
        RIG(r);
        struct CArchive other;
        char profile[32];
        sprintf(profile, "%s ansi 32", g->name);
        rig_open(&r, profile, SOCK_STREAM);
        CArchive_Construct(&other, &r.file.base, CARCHIVE_LOAD, CARCHIVE_BUFFER, NULL, &r.profile);
        rig_say_hex(&r, "01 00 02 00 03 00");
        rig_end(&r);
        CArchive_ExtractWORD(&r.load);
        unsigned second = CArchive_ExtractWORD(&other);
        cr_expect(eq(u32, second, g->rank <= 60 ? 0 : 2), "%s", profile);
        cr_expect(eq(int, caught(&other), g->rank <= 60 ? CAUSE_END_OF_FILE : 0), "%s", profile);
        CArchive_Destroy(&other);
    }
}

Test(matrix, raw_receives_beside_an_archive_miss_what_it_has_read_ahead, .timeout = 10) // SEQ-2
{
    for (const struct generation *g = generations; g->name; g++) {
        RIG(r);
        char profile[32], raw[4];
        sprintf(profile, "%s ansi 32", g->name);
        rig_open(&r, profile, SOCK_STREAM);
        rig_say_hex(&r, "01 00 02 00");
        rig_end(&r);
        CArchive_ExtractWORD(&r.load);
        ptrdiff_t got = CSocket_Receive(&r.near, raw, sizeof raw);
        cr_expect(eq(i64, got, g->rank <= 60 ? 0 : 2), "%s", profile);
    }
}
