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
