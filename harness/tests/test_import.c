/*
 * Files of harness/fuzz/corpus/import, each with what becomes of it. The captures are of one conversation, made by hand, whose client's
 * sequence numbers wrap around behind its second byte: 0400, then aabb out of order, 0700, and once more the same two bytes as 0800.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/text.h"
#include "capture/import.h"

#define CORPUS   "harness/fuzz/corpus/import/"
#define AGAIN    "0: the client's byte at offset 2 comes again as 08, and was 07: what came first is kept\n0: 1 segment of the client came more than once\n"
#define WHOLE    "0 open 40000, 20 client 0400, 40 client 0700, 40 client aabb, 60 server 0000, 70 client fin, 80 server fin, 80 closed"

static const struct import_row {
    const char *file, *events, *notes;
} rows[] = {
    { "ethernet", WHOLE, AGAIN },
    { "vlan", WHOLE, AGAIN },
    { "raw", WHOLE, AGAIN },
    { "null", WHOLE, AGAIN },
    { "sll", WHOLE, AGAIN },
    { "sll2", WHOLE, AGAIN },
    { "cut", WHOLE, "-1: the file is not whole, and read up to packet 9: truncated dump file; tried to read 54 captured bytes, only got 51\n" AGAIN },
    { "pcapng", "0 open 40000, 2 client 0400, 4 client 0700, 4 client aabb, 6 server 0000, 7 client fin, 8 server fin, 8 closed", AGAIN },
    { "middle", "0 open 40000, 0 client 0400, 20 client 0700, 20 client aabb, 40 server 0000, 50 client fin, 60 server fin, 60 closed",
      "0: begins in the middle: the capture has not seen how it was opened; 10.0.0.2:4000 is taken for the server, as the lower port\n" AGAIN },
    { "lost", "0 open 40000, 20 client 0400, 30 client aabb, 40 server 0000, 50 client fin, 60 server fin, 60 closed",
      "0: 2 bytes of the client, at offset 2, are missing: no segment of the capture has them\n" },
    { "snaplen", "0 open 40000, 20 client 04, 40 client 07, 40 client aa, 60 server 00, 70 client fin, 80 server fin, 80 closed",
      "0: 1 byte of the client, at offset 1, is missing: no segment of the capture has them\n"
      "0: 1 byte of the client, at offset 3, is missing: no segment of the capture has them\n"
      "0: 1 byte of the client, at offset 5, is missing: no segment of the capture has them\n"
      "0: 1 byte of the server, at offset 1, is missing: no segment of the capture has them\n"
      "0: 1 segment of the client came more than once\n"
      "0: 4 segments of the client are cut by the capture (its snaplen): bytes are missing\n"
      "0: 1 segment of the server is cut by the capture (its snaplen): bytes are missing\n" },
    { "fin-behind-reset", "0 open 40000, 0 client reset, 0 closed",
      "0: begins in the middle: the capture has not seen how it was opened; 10.0.0.2:4000 is taken for the server, as the lower port\n"
      "0: the client speaks behind the end of the connection: that is left out\n"
      "0: the server speaks behind the end of the connection: that is left out\n" },
    { "ipv6", "0 open 40000, 10 client 0400", "0: its end was not seen\n" },
    { "xxd", "0 open, 0 client 0400070000000000000000000000000041", "" },
    { "hexdump", "0 open, 0 client 040007000000000000000000000000000400070000000000000000000000000041", "" },
    { "plain", "0 open, 0 client 04000700000004000800", "" },
    { "follow-hex", "0 open, 0 client 040007000000, 0 server 000008000000, 0 client 05", "" },
    { "follow-raw", "0 open, 0 client 040007000000, 0 server 000008000000, 0 client 05", "" },
    { "arrays", "0 open, 0 client 04000700, 0 server 0000", "" },
    { "yaml", "0 open, 0 client 04000700, 10 server 0000", "" },
    { "strace", "0 open, 0 client 040007000000, 0 server 00000800, 0 server fin, 0 closed", "" },
    { "strace-pid", "0 open, 0 client 040061220a, 50 server 0000",
      "0: descriptor 5 begins in the middle: the log has not how it came about; its process is taken for the server, as it reads first\n" },
};

static const struct refusal_row {
    const char *label;
    struct bytes file;
    const char *text;
} refusals[] = {
    { "empty", { 0 }, "the file is empty" },
    { "prose", { (const uint8_t *)"hello\n", 6 }, "this is no capture, no followed stream, no log of strace, and no hex dump" },
    { "magic alone", BYTES(0xd4, 0xc3, 0xb2, 0xa1), "truncated dump file; tried to read 24 file header bytes, only got 0" },
    { "odd digits", { (const uint8_t *)"040\n", 4 }, "this is no capture, no followed stream, no log of strace, and no hex dump" },
    { "offset jumps", { (const uint8_t *)"00000000  04 00\n00000010  05\n", 29 }, "line 2: offset 0x10 does not follow 0x2" },
    { "array without end", { (const uint8_t *)"char peer0_0[] = { 0x04", 23 }, "an array has no end: the file is cut short" },
    { "call cut short", { (const uint8_t *)"write(3, \"ab", 12 }, "line 1: expected what the call returned: the file is cut short" },
    { "call in pieces", { (const uint8_t *)"read(3, <unfinished ...>\n", 25 },
      "line 1: a call is in two pieces, as of several threads: trace with strace -ff -o FILE, and import each file" },
};

static const struct import_options any;

static void print_events(const struct import *in, struct text *to)
{
    static const char *const sides[] = { "client", "server" };

    for (size_t i = 0; i < in->count; i++) {
        const struct relay_event *e = &in->events[i];
        text_printf(to, "%s%lld ", i ? ", " : "", (long long)e->us);
        switch (e->kind) {
        case RELAY_OPEN:
            text_add(to, "open");
            if (e->number)
                text_printf(to, " %lld", (long long)e->number);
            break;
        case RELAY_REFUSED:
            text_add(to, "refused");
            break;
        case RELAY_DATA:
            text_printf(to, "%s ", sides[e->from]);
            text_hex(to, e->data, false);
            break;
        case RELAY_END:
            text_printf(to, "%s fin", sides[e->from]);
            break;
        case RELAY_RESET:
            text_printf(to, "%s reset", sides[e->from]);
            break;
        case RELAY_CLOSED:
            text_add(to, "closed");
            break;
        case RELAY_FAULT: // nobody but the proxy makes one, or a note
        case RELAY_NOTE:
            text_add(to, "fault");
            break;
        }
    }
}

Test(import, each_file_of_the_corpus_becomes_its_conversation)
{
    for (const struct import_row *t = rows; t < rows + COUNT_OF(rows); t++) {
        SCRATCH(keep);
        TEXT(events);
        TEXT(notes);
        struct bytes file;
        struct import in;
        struct error err = { 0 };
        cr_assert(file_read(arena_printf(&keep, CORPUS "%s", t->file), IMPORT_MAX, &keep, &file, &err), "%s", err.text);
        cr_expect(import_read(file, &any, &keep, &in, &err), "%s: %s", t->file, err.text);
        if (err.kind)
            continue;
        print_events(&in, &events);
        for (size_t i = 0; i < in.note_count; i++)
            text_printf(&notes, "%lld: %s\n", (long long)in.notes[i].on, in.notes[i].text);
        cr_expect(strcmp(text_string(&events), t->events) == 0, "%s: %s", t->file, text_string(&events));
        cr_expect(strcmp(text_string(&notes), t->notes) == 0, "%s: %s", t->file, text_string(&notes));
    }
}

Test(import, every_file_cut_anywhere_is_read_or_refused_in_one_line)
{
    for (const struct import_row *t = rows; t < rows + COUNT_OF(rows); t++) {
        SCRATCH(keep);
        struct bytes file;
        struct error err = { 0 };
        cr_assert(file_read(arena_printf(&keep, CORPUS "%s", t->file), IMPORT_MAX, &keep, &file, &err));
        for (size_t len = 0; len < file.len; len++) {
            struct import in;
            uint8_t *edge = memcpy(malloc(len + !len), file.data, len);
            err = (struct error){ 0 };
            bool good = import_read((struct bytes){ edge, len }, &any, &keep, &in, &err);
            cr_expect(good || (err.kind == ERROR_INPUT && err.text[0] && !strchr(err.text, '\n')), "%s cut to %zu: %s", t->file, len, err.text);
            free(edge);
        }
    }
}

Test(import, what_is_none_is_refused)
{
    for (const struct refusal_row *t = refusals; t < refusals + COUNT_OF(refusals); t++) {
        SCRATCH(keep);
        struct import in;
        struct error err = { 0 };
        bool good = import_read(t->file, &any, &keep, &in, &err);
        cr_expect(good == false, "%s", t->label);
        cr_expect(err.kind == ERROR_INPUT && strcmp(err.text, t->text) == 0, "%s: %s", t->label, err.text);
    }
}

Test(import, a_port_chooses_conversations_and_says_who_the_server_is)
{
    static const struct import_options client = { .port = 40000 }, other = { .port = 4001 };
    SCRATCH(keep);
    struct bytes file;
    struct import in;
    struct error err = { 0 };

    cr_assert(file_read(CORPUS "middle", IMPORT_MAX, &keep, &file, &err));
    cr_assert(import_read(file, &client, &keep, &in, &err));
    cr_expect(strcmp(in.server, "10.0.0.1:40000") == 0, "%s", in.server);
    cr_expect(in.events[1].from == RELAY_SERVER);
    cr_assert(import_read(file, &other, &keep, &in, &err));
    cr_expect(in.connections == 0);
}

Test(import, a_filter_chooses_packets)
{
    static const struct import_options none = { .filter = "port 4001" }, bad = { .filter = "port port" };
    SCRATCH(keep);
    struct bytes file;
    struct import in;
    struct error err = { 0 };

    cr_assert(file_read(CORPUS "ethernet", IMPORT_MAX, &keep, &file, &err));
    cr_assert(import_read(file, &none, &keep, &in, &err));
    cr_expect(in.connections == 0);
    bool good = import_read(file, &bad, &keep, &in, &err);
    cr_expect(good == false && err.kind == ERROR_USAGE);
}
