/*
 * The export of a capture, byte by byte. The bytes were made from RFC 791, RFC 9293 and the pcapng draft, not printed by what is tested.
 */
#include <criterion/criterion.h>

#include "base/text.h"
#include "capture/pcapng.h"

#define BEGAN 1000000000000000 // 2001-09-09 01:46:40

static const struct relay_event said[] = {
    { .kind = RELAY_OPEN, .number = 40000 },
    { .kind = RELAY_DATA, .from = RELAY_CLIENT, .us = 20, .data = BYTES(4, 0, 7) },
    { .kind = RELAY_DATA, .from = RELAY_SERVER, .us = 45, .data = BYTES(0, 0) },
    { .kind = RELAY_OPEN, .on = 1, .us = 50 },
    { .kind = RELAY_END, .from = RELAY_CLIENT, .us = 60 },
    { .kind = RELAY_DATA, .on = 1, .from = RELAY_CLIENT, .us = 65, .data = BYTES(1) },
    { .kind = RELAY_RESET, .on = 1, .from = RELAY_SERVER, .us = 70 },
    { .kind = RELAY_CLOSED, .on = 1, .us = 70 },
    { .kind = RELAY_END, .from = RELAY_SERVER, .us = 80 },
    { .kind = RELAY_CLOSED, .us = 80 },
};

/* A packet: the block's head, IPv4, TCP with its data, padding and the block's length again. */
static const char golden[] =
    // Section Header Block, Interface Description Block
    "0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000"
    "0100000014000000650000000000040014000000"
    // SYN
    "0600000048000000000000007e8d03000080c6a42800000028000000"
    "4500002800004000400626ce0a0000010a000002"
    "9c400fa0000003e8000000005002ffffec170000"
    "48000000"
    // SYN of the server
    "0600000048000000000000007e8d03001480c6a42800000028000000"
    "4500002800004000400626ce0a0000020a000001"
    "0fa09c40000007d0000003e95012ffffe4360000"
    "48000000"
    // ACK
    "0600000048000000000000007e8d03001480c6a42800000028000000"
    "4500002800004000400626ce0a0000010a000002"
    "9c400fa0000003e9000007d15010ffffe4370000"
    "48000000"
    // 04 00 07
    "060000004c000000000000007e8d03001480c6a42b0000002b000000"
    "4500002b00004000400626cb0a0000010a000002"
    "9c400fa0000003e9000007d15018ffffd92c0000040007"
    "004c000000"
    // 00 00
    "060000004c000000000000007e8d03002d80c6a42a0000002a000000"
    "4500002a00004000400626cc0a0000020a000001"
    "0fa09c40000007d1000003ec5018ffffe42a00000000"
    "00004c000000"
    // connection 1: SYN
    "0600000048000000000000007e8d03003280c6a42800000028000000"
    "4500002800004000400626ce0a0000010a000002"
    "c0010fa0000f462b000000005002ffff86040000"
    "48000000"
    // FIN of the client
    "0600000048000000000000007e8d03003c80c6a42800000028000000"
    "4500002800004000400626ce0a0000010a000002"
    "9c400fa0000003ec000007d35011ffffe4310000"
    "48000000"
    // SYN of the server
    "0600000048000000000000007e8d03004180c6a42800000028000000"
    "4500002800004000400626ce0a0000020a000001"
    "0fa0c001000f4a13000f462c5012ffff3bd10000"
    "48000000"
    // ACK
    "0600000048000000000000007e8d03004180c6a42800000028000000"
    "4500002800004000400626ce0a0000010a000002"
    "c0010fa0000f462c000f4a145010ffff3bd20000"
    "48000000"
    // 01
    "060000004c000000000000007e8d03004180c6a42900000029000000"
    "4500002900004000400626cd0a0000010a000002"
    "c0010fa0000f462c000f4a145018ffff3ac9000001"
    "0000004c000000"
    // RST of the server
    "0600000048000000000000007e8d03004680c6a42800000028000000"
    "4500002800004000400626ce0a0000020a000001"
    "0fa0c001000f4a14000f462d5014ffff3bcd0000"
    "48000000"
    // FIN of the server
    "0600000048000000000000007e8d03005080c6a42800000028000000"
    "4500002800004000400626ce0a0000020a000001"
    "0fa09c40000007d3000003ed5011ffffe4300000"
    "48000000";

Test(pcapng, a_conversation_that_ends_and_one_that_is_reset_are_these_bytes)
{
    CLEANUP(buffer_free) struct buffer out = { 0 };
    struct pcapng *p = pcapng_new(&out, 4000, BEGAN);
    struct error err = { 0 };
    TEXT(hex);

    for (size_t i = 0; i < COUNT_OF(said); i++)
        cr_assert(pcapng_add(p, &said[i], &err), "%zu: %s", i, err.text);
    pcapng_free(p);
    text_hex(&hex, buffer_bytes(&out), false);
    const char *got = text_string(&hex);
    size_t same = 0;
    while (got[same] && got[same] == golden[same])
        same++;
    cr_expect(strcmp(got, golden) == 0, "from byte %zu on: %.80s", same / 2, got + same / 2 * 2);
}

Test(pcapng, a_connection_that_was_never_opened_is_refused)
{
    CLEANUP(buffer_free) struct buffer out = { 0 };
    struct pcapng *p = pcapng_new(&out, 4000, BEGAN);
    struct error err = { 0 };
    bool good = pcapng_add(p, &said[1], &err);

    cr_expect(good == false && err.kind == ERROR_INPUT && strcmp(err.text, "connection 0 was never opened") == 0, "%s", err.text);
    good = pcapng_add(p, &said[3], &err);
    cr_expect(good == false && err.kind == ERROR_INPUT && strcmp(err.text, "connection 1 is opened out of turn") == 0, "%s", err.text);
    pcapng_free(p);
}

/* The comment stands behind the packet's padding: option 1, its length, itself, and the end of options. The port holds from the next connection on. */
Test(pcapng, a_remark_stands_beside_the_next_packet_alone_and_a_port_holds_for_what_is_opened_later)
{
    static const char begin[] =
        "060000005c00000000000000000000000000000028000000280000004500002800004000400626ce0a0000010a"
        "0000029c400fa0000003e8000000005002ffffec170000"
        "010009006120636f6d6d656e74000000000000005c000000"; // "a comment"
    CLEANUP(buffer_free) struct buffer out = { 0 };
    struct pcapng *p = pcapng_new(&out, 4000, 0);
    struct relay_event open = { .kind = RELAY_OPEN, .number = 40000 },
                       next = { .kind = RELAY_OPEN, .number = 40000, .on = 1 },
                       said_on = { .kind = RELAY_DATA, .data = BYTES(1) };
    struct error err = { 0 };
    TEXT(hex);

    pcapng_remark(p, "a comment");
    cr_assert(pcapng_add(p, &open, &err), "%s", err.text);
    pcapng_serve(p, 4001);
    cr_assert(pcapng_add(p, &next, &err) && pcapng_add(p, &said_on, &err), "%s", err.text);
    pcapng_free(p);
    text_hex(&hex, bytes_slice(buffer_bytes(&out), 48, SIZE_MAX), false);
    const char *got = text_string(&hex);
    cr_expect(strncmp(got, begin, sizeof begin - 1) == 0, "%s", got);
    cr_expect(strncmp(got + 2 * (92 + 28 + 20), "9c400fa1", 8) == 0, "%.100s", got + 2 * 92);
    cr_expect(strncmp(got + 2 * (92 + 72 + 28 + 20), "0fa09c40", 8) == 0, "%.100s",
              got + 2 * (92 + 72));
}

/* A reader would take the window for full: the other side tells in between that the bytes came. */
Test(pcapng, much_that_one_side_says_is_acknowledged_before_its_window_is_full)
{
    static uint8_t much[200000];
    CLEANUP(buffer_free) struct buffer out = { 0 };
    struct pcapng *p = pcapng_new(&out, 4000, 0);
    struct relay_event open = { .kind = RELAY_OPEN },
                       data = { .kind = RELAY_DATA, .data = { much, sizeof much } };
    uint32_t sent = 0, acked = 0;
    struct error err = { 0 };

    cr_assert(pcapng_add(p, &open, &err) && pcapng_add(p, &data, &err), "%s", err.text);
    pcapng_free(p);
    for (size_t at = 48; at < out.len;) {
        const uint8_t *b = out.data + at, *tcp = b + 28 + 20;
        uint32_t all = b[4] | (uint32_t)b[5] << 8, len = b[20] | (uint32_t)b[21] << 8;
        uint32_t seq = (uint32_t)tcp[4] << 24 | (uint32_t)tcp[5] << 16 | (uint32_t)tcp[6] << 8 |
                       tcp[7],
                 ack = (uint32_t)tcp[8] << 24 | (uint32_t)tcp[9] << 16 | (uint32_t)tcp[10] << 8 |
                       tcp[11];
        if (tcp[2] == 0x0f) // to the server
            sent = seq + len - 40;
        else
            acked = ack;
        cr_expect(acked >= sent || sent - acked < 65535, "%u bytes are on their way", sent - acked);
        at += all;
    }
    cr_expect(sent == 1001 + sizeof much, "%u", sent);
}
