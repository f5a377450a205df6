/* The asker's side, and small things that nobody else asks for at their edges. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "reference/asker.h"
#include "reference/cwinthread.h"
#include "reference/units.h"
#include "rig.h"

Test(asker, packets_are_values_and_copies)
{
    static const struct {
        const char *list;
        size_t count;
        unsigned value, copies; // of the last
    } rows[] = {
        { "1:2", 1, 1, 2 },
        { "255:65535", 1, 255, 65535 },
        { "0:0", 1, 0, 0 },
        { "1:2,3:4", 2, 3, 4 },
        { "1:2,3:4,5:6", 3, 5, 6 },
        { "256:1", 0, 0, 0 },
        { "1:65536", 0, 0, 0 },
        { "1:2,256:1", 0, 0, 0 },
        { "", 0, 0, 0 },
        { "1", 0, 0, 0 },
        { "1:", 0, 0, 0 },
        { ":1", 0, 0, 0 },
        { "x:1", 0, 0, 0 },
        { "1:2,", 0, 0, 0 },
        { "1:2;3:4", 0, 0, 0 },
        { "1:2 ", 0, 0, 0 },
    };
    static struct packet packets[PACKETS_MAX];

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t count = packets_parse(rows[i].list, packets);
        cr_expect(eq(sz, count, rows[i].count), "%s", rows[i].list);
        if (count)
            cr_expect(packets[count - 1].value == rows[i].value &&
                          packets[count - 1].copies == rows[i].copies,
                      "%s", rows[i].list);
    }
}

Test(asker, as_many_packets_as_there_is_room_for)
{
    static struct packet packets[PACKETS_MAX];
    static char list[4 * PACKETS_MAX + 8];

    for (size_t i = 0; i < PACKETS_MAX; i++)
        memcpy(list + 4 * i, i ? ",7:1" : " 7:1", 4);
    cr_expect(eq(sz, packets_parse(list, packets), PACKETS_MAX));
    strcat(list, ",7:1");
    cr_expect(eq(sz, packets_parse(list, packets), 0));
}

/* Of many seeds: none has too many copies, most differ from the one before, and values and copies spread over all that there is. */
Test(asker, packets_are_drawn_by_their_seed)
{
    struct packet last[RANDOM_PACKETS] = { 0 }, packets[RANDOM_PACKETS + 1], again[RANDOM_PACKETS];
    unsigned differ = 0, values[4] = { 0 }, copies[4] = { 0 };

    for (unsigned seed = 1; seed <= 200; seed++) {
        packets[RANDOM_PACKETS] = (struct packet){ 7, 8 };
        cr_expect(eq(sz, packets_draw(packets, seed), RANDOM_PACKETS));
        cr_expect(packets[RANDOM_PACKETS].value == 7 && packets[RANDOM_PACKETS].copies == 8);
        packets_draw(again, seed);
        for (size_t i = 0; i < RANDOM_PACKETS; i++) {
            cr_expect(lt(uint, packets[i].copies, RANDOM_COPIES), "seed %u", seed);
            cr_expect(packets[i].value == again[i].value && packets[i].copies == again[i].copies);
            differ += packets[i].value != last[i].value && packets[i].copies != last[i].copies;
            values[packets[i].value / 64]++;
            copies[packets[i].copies / (RANDOM_COPIES / 4) % 4]++;
        }
        memcpy(last, packets, sizeof last);
    }
    cr_expect(gt(uint, differ, 900));
    for (size_t i = 0; i < 4; i++)
        cr_expect(values[i] > 150 && copies[i] > 150, "quarter %zu", i); // of a thousand
}

Test(asker, what_is_not_ascii_is_a_question_mark)
{
    static const struct {
        unsigned unit;
        char is;
    } rows[] = { { 0x20, ' ' }, { 0x7e, '~' }, { 0x7f, 0x7f }, { 0x80, '?' }, { 0x81, '?' }, { 0xff, '?' } };

    for (unsigned width = 1; width <= 2; width++)
        for (size_t i = 0; i < COUNT_OF(rows); i++) {
            uint8_t data[2] = { (uint8_t)rows[i].unit, 0 };
            struct units u = { .data = data, .count = 1, .width = width };
            cr_expect(eq(chr, *units_to_ascii(&u, &scratch), rows[i].is), "%u, width %u", rows[i].unit, width);
        }
}

/* A socket that does not listen accepts nobody, and there is no host of no name. */
Test(asker, no_connection_is_told_with_its_reason)
{
    struct profile profile = profile_of("10 ansi 64");
    struct CSocket deaf = CSOCKET_EMPTY, s;
    FILE *before = stderr;
    char *said = NULL;
    size_t len;

    cr_assert(CSocket_Create(&deaf, 0, SOCK_STREAM, "127.0.0.1"));
    stderr = open_memstream(&said, &len);
    bool accepted = asking_connect(&(struct asking){ .listener = &deaf, .profile = &profile }, &s);
    intptr_t first = s.handle;
    bool connected = asking_connect(&(struct asking){ .host = "", .port = 7, .profile = &profile }, &s);
    fclose(stderr);
    stderr = before;
    cr_expect(eq(str, said, "no connection: invalid argument\n:7: no such address here\n"));
    cr_expect(accepted == false && first == WSA_NONE);
    cr_expect(connected == false && s.handle == WSA_NONE);
    free(said);
}

static void nothing(void *arg)
{
    (void)arg;
}

/* One is that of blocking calls; the others have their numbers, the lowest that is free first. */
Test(asker, timers_are_as_many_as_there_are)
{
    for (unsigned i = 1; i < WSA_TIMERS; i++)
        cr_expect(eq(uint, CWinThread_SetTimer(60000, nothing, NULL), i));
    cr_expect(eq(uint, CWinThread_SetTimer(60000, nothing, NULL), 0));
    CWinThread_KillTimer(0);
    CWinThread_KillTimer(WSA_TIMERS);
    CWinThread_KillTimer(WSA_TIMERS + 1);
    cr_expect(eq(uint, CWinThread_SetTimer(60000, nothing, NULL), 0));
    CWinThread_KillTimer(WSA_TIMERS - 1);
    CWinThread_KillTimer(2);
    cr_expect(eq(uint, CWinThread_SetTimer(60000, nothing, NULL), 2));
    cr_expect(eq(uint, CWinThread_SetTimer(60000, nothing, NULL), WSA_TIMERS - 1));
    cr_expect(eq(uint, CWinThread_SetTimer(60000, nothing, NULL), 0));
}

Test(asker, every_error_has_its_words)
{
    cr_expect(eq(str, (char *)CSocket_ErrorText(WSAEINTR), "a blocking call was cancelled"));
    cr_expect(eq(str, (char *)CSocket_ErrorText(WSAEHOSTUNREACH), "the host cannot be reached"));
    cr_expect(eq(str, (char *)CSocket_ErrorText(0), "the socket failed"));
    cr_expect(eq(str, (char *)CSocket_ErrorText(WSAEHOSTUNREACH + 1), "the socket failed"));
}
