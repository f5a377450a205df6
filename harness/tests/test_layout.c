/*
 * Layouts: what is refused, and streams by the golden text that is told of them.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hex.h"
#include "layout/layout.h"

#define MESSAGE(fields) "{'format':1,'layout':'x','client':'m','messages':{'m':[" fields "]}}"
#define LAYOUTS         "vectors/layouts/"

static const char *file_of(const char *text, struct arena *keep)
{
    char name[] = "/tmp/arcwire-test-layout-XXXXXX.json", *own = arena_string(keep, text);
    int fd = mkstemps(name, 5);

    for (char *quote = own; (quote = strchr(quote, '\'')); quote++)
        *quote = '"';
    cr_assert(fd >= 0 && write(fd, own, strlen(own)) == (ssize_t)strlen(own));
    close(fd);
    return arena_string(keep, name);
}

Test(layout, what_is_wrong_is_told_with_its_place)
{
    static const struct {
        const char *text, *said;
    } rows[] = {
        { "[]", "expected an object" },
        { "{'format':2}", "expected \"format\": 1" },
        { "{'format':1,'layout':'x'}", "has no \"messages\"" },
        { "{'format':1,'layout':'x','messages':{}}", "neither \"client\" nor \"server\" says what it sends" },
        { "{'format':1,'layout':'x','client':'n','messages':{'m':[]}}", "client: there is no message \"n\"" },
        { MESSAGE("{'wrod':'a'}"), "messages.m[0].wrod: " },
        { MESSAGE("{'word':'a','tims':3}"), "messages.m[0]" },
        { MESSAGE("{}"), "messages.m[0]: expected a field, such as {\"word\": \"close\"}" },
        { MESSAGE("{'byte':'a','times':'n'},{'word':'n'}"), "messages.m[0].times: \"n\": expected the name of a number that stands before" },
        { MESSAGE("{'cstring':'n'},{'byte':'a','times':'n'}"), "messages.m[1].times: \"n\": expected the name of a number" },
        { MESSAGE("{'raw':'a'}"), "messages.m[0]: raw has no \"length\"" },
        { MESSAGE("{'word':'n'},{'byte':'a','length':'n'}"), "messages.m[1].length: only raw has a \"length\"" },
        { MESSAGE("{'cstring':'a','values':{'1':'b'}}"), "only numbers have \"values\"" },
        { MESSAGE("{'word':'a','values':{'one':'b'}}"), "\"one\": expected a number" },
        { MESSAGE("{'word':'a'},{'choose':'a'}"), "messages.m[1]: a choice has no \"cases\"" },
        { MESSAGE("{'choose':'a','cases':{}}"), "\"a\": expected the name of a number" },
        { MESSAGE("{'group':'g'}"), "a group has no \"of\"" },
        { MESSAGE("{'values':'v'}"), "values have no \"of\"" },
        { MESSAGE("{'word':'n'},{'values':'v','of':'n'}"), "messages.m[1].of: \"n\": expected the name of a text that stands before" },
        { MESSAGE("{'word':'n'},{'byte':'b','times':'request.o'}"), "what the client sends has no number \"o\"" },
        { MESSAGE("{'word':'n'},{'values':'v','of':'request.n'}"), "what the client sends has no text \"n\"" },
        { MESSAGE("{'use':'n'}"), "there is no message \"n\" to use" },
        { MESSAGE("{'use':'m'}"), "a message uses itself" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct layout l;
        struct error err = { 0 };
        const char *path = file_of(rows[i].text, &keep);
        cr_expect(not(layout_read(path, &keep, &l, &err)), "%s", rows[i].text);
        cr_expect(strstr(err.text, rows[i].said) && strncmp(err.text, path, strlen(path)) == 0 && err.kind == ERROR_INPUT, "%s: %s", rows[i].text, err.text);
        unlink(path);
    }
}

static void told(const struct layout *l, enum layout_side from, const char *hex, struct text *out)
{
    SCRATCH(keep);
    struct bytes in;
    struct decoding d;

    const char *wrong = hex_read(hex, &keep, &in);
    cr_assert(wrong == NULL, "%s: %s", hex, wrong);
    layout_decode(l, from, in, &profile_default, NULL, NULL, &keep, &d);
    for (size_t i = 0; i < d.count; i++)
        if (d.lines[i].depth < 3)
            text_printf(out, "%zu+%zu %u %s\n", d.lines[i].at, d.lines[i].len, d.lines[i].depth, d.lines[i].meaning);
    if (d.status == WIRE_OK)
        text_printf(out, "%zu\n", d.value_count);
    else
        text_printf(out, "%zu, stopped at %zu: %s\n", d.value_count, d.at, d.status == WIRE_SHORT ? "short" : d.reason);
}

Test(layout, streams_are_told_in_the_programs_own_names)
{
    static const struct {
        const char *layout; // a file's name, or a layout
        enum layout_side from;
        const char *hex, *said;
    } rows[] = {
        { LAYOUTS "chat.json", LAYOUT_CLIENT, "0100 0141  0000 00",
          "0+4 0 message 1\n0+2 1 close: word  1 (leaves)\n2+2 1 text: cstring  u:0041\n2+1 2 length 1\n3+1 2 text \"A\"\n"
          "4+3 0 message 2\n4+2 1 close: word  0 (stays)\n6+1 1 text: cstring  u:\n6+1 2 length 0\n2\n" },
        { LAYOUTS "packet.json", LAYOUT_CLIENT, "07 0200 0707 00",
          "0+6 0 packet 1\n0+1 1 value: byte  7\n1+2 1 copies: word  2\n3+1 1 payload: byte  7\n4+1 1 payload: byte  7\n5+1 1 text: cstring  u:\n5+1 2 length 0\n1\n" },
        { LAYOUTS "packet.json", LAYOUT_CLIENT, "07 0000 00", "0+4 0 packet 1\n0+1 1 value: byte  7\n1+2 1 copies: word  0\n3+1 1 text: cstring  u:\n3+1 2 length 0\n1\n" },
        { LAYOUTS "packet.json", LAYOUT_SERVER, "00", "0+1 0 acknowledgement 1\n0+1 1 text: cstring  u:\n0+1 2 length 0\n1\n" },
        { LAYOUTS "telephony.json", LAYOUT_CLIENT, "01000000 02000000 aabb",
          "0+10 0 block 1\n0+4 1 command: dword  1\n4+4 1 size: dword  2\n8+2 1 data: raw:2  r:aabb\n1\n" },
        { LAYOUTS "update.json", LAYOUT_SERVER, "00", "0, stopped at 0: by the layout this side sends nothing\n" },
        { LAYOUTS "net-message.json", LAYOUT_CLIENT, "ffff 0100 0b00 434e65744d657373616765 00 00 01000000  0180 00 00 02000000  0200  0000",
          "0+23 0 message 1\n0+23 1 message: object, new class CNetMessage, schema 1, index 1, a CNetMessage with index 2\n"
          "17+1 2 from: cstring  u:\n18+1 2 text: cstring  u:\n19+4 2 time: long  1\n"
          "23+8 0 message 2\n23+8 1 message: object, a CNetMessage with index 3\n25+1 2 from: cstring  u:\n26+1 2 text: cstring  u:\n27+4 2 time: long  2\n"
          "31+2 0 message 3\n31+2 1 message: the object with index 2\n33+2 0 message 4\n33+2 1 message: null\n4\n" },
        { LAYOUTS "net-message.json", LAYOUT_CLIENT, "ff7f 01000080",
          "0+0 0 message 1\n0+0 1 message: object\n0, stopped at 0: index 1, which is no class: there are 0 so far\n" },
        { LAYOUTS "net-message.json", LAYOUT_CLIENT, "ffff 0100 0100 41", "0+6 0 message 1\n0+0 1 message: object\n0, stopped at 6: the class \"A\", which the layout does not have\n" },
        { LAYOUTS "net-message.json", LAYOUT_CLIENT, "0100", "0+0 0 message 1\n0+0 1 message: object\n0, stopped at 0: index 1, which is no object: there are 0 so far\n" },
        { MESSAGE("{'byte':'t'},{'choose':'t','cases':{'1':[{'word':'w'}],'2':[]},'else':[{'byte':'b'}]}"), LAYOUT_CLIENT, "01 0500 02 09 07",
          "0+3 0 m 1\n0+1 1 t: byte  1\n1+2 1 w: word  5\n3+1 0 m 2\n3+1 1 t: byte  2\n4+2 0 m 3\n4+1 1 t: byte  9\n5+1 1 b: byte  7\n3\n" },
        { MESSAGE("{'byte':'t'},{'choose':'t','cases':{'1':[]}}"), LAYOUT_CLIENT, "01 02",
          "0+1 0 m 1\n0+1 1 t: byte  1\n1+1 0 m 2\n1+1 1 t: byte  2\n1, stopped at 2: t is 2, and the layout has no case for that\n" },
        { MESSAGE("{'byte':'n'},{'group':'g','of':[{'byte':'a'},{'byte':'b','times':'a'}],'times':'n'}"), LAYOUT_CLIENT, "02 01ff 00",
          "0+4 0 m 1\n0+1 1 n: byte  2\n1+2 1 g 1 of 2\n1+1 2 a: byte  1\n2+1 2 b: byte  255\n3+1 1 g 2 of 2\n3+1 2 a: byte  0\n1\n" },
        { MESSAGE("{'char':'n'},{'byte':'b','times':'n'}"), LAYOUT_CLIENT, "ff", "0+1 0 m 1\n0+1 1 n: char  -1\n0, stopped at 1: b comes -1 times, by n: 0 to 1048576 are read\n" },
        { MESSAGE("{'byte':'k'},{'byte':'n','times':'k'},{'byte':'b','times':'n'}"), LAYOUT_CLIENT, "00",
          "0+1 0 m 1\n0+1 1 k: byte  0\n0, stopped at 1: n is asked for, and came no time\n" },
        { MESSAGE("{'dword':'n'},{'raw:0':'b','times':'n'}"), LAYOUT_CLIENT, "ffff0000", "0+4 0 m 1\n0+4 1 n: dword  65535\n4+0 1 b: raw:0  r:\n4+0 1 b: raw:0  r:\n1\n" },
        { MESSAGE("{'size':'s'}"), LAYOUT_CLIENT, "0100000002000000", "0+8 0 m 1\n0+8 1 s: size  (1,2)\n0+4 2 cx 1\n4+4 2 cy 2\n1\n" },
        { MESSAGE(""), LAYOUT_CLIENT, "00", "0+0 0 m 1\n1, stopped at 0: a m without a byte\n" },
        { "{'format':1,'layout':'x','client':'m','messages':{'m':[{'use':'h'},{'byte':'b'}],'h':[{'word':'w'}]}}", LAYOUT_CLIENT, "010002",
          "0+3 0 m 1\n0+2 1 h\n0+2 2 w: word  1\n2+1 1 b: byte  2\n1\n" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        TEXT(out);
        struct layout l;
        struct error err = { 0 };
        bool own = rows[i].layout[0] == '{';
        const char *path = own ? file_of(rows[i].layout, &keep) : rows[i].layout;
        cr_assert(layout_read(path, &keep, &l, &err), "%s", err.text);
        told(&l, rows[i].from, rows[i].hex, &out);
        cr_expect(eq(str, (char *)text_string(&out), (char *)rows[i].said), "%s", rows[i].hex);
        if (own)
            unlink(path);
    }
}

/* An object within an object, without end: told, and no stack is lost. */
Test(layout, objects_nest_so_far_and_no_further)
{
    SCRATCH(keep);
    struct layout l;
    struct error err = { 0 };
    CLEANUP(buffer_free) struct buffer in = { 0 };
    struct decoding d;
    const char *path = file_of("{'format':1,'layout':'x','client':'m','messages':{'m':[{'object':'o'}]},'classes':{'N':[{'object':'next'}]}}", &keep);

    cr_assert(layout_read(path, &keep, &l, &err), "%s", err.text);
    unlink(path);
    buffer_append(&in, "\xff\xff\1\0\1\0N", 7);
    for (int i = 0; i < 2 * LAYOUT_NESTED_MAX; i++)
        buffer_append(&in, "\1\x80", 2);
    layout_decode(&l, LAYOUT_CLIENT, buffer_bytes(&in), &profile_default, NULL, NULL, &keep, &d);
    cr_expect(eq(str, (char *)d.reason, "more than 64 objects within each other"));
}

Test(layout, the_shipped_ones_are_read)
{
    SCRATCH(keep);
    const char *const *names;
    size_t count;
    struct error err = { 0 };

    cr_assert(file_list(LAYOUTS, ".json", &keep, &names, &count, &err), "%s", err.text);
    cr_assert(eq(sz, count, 9));
    for (size_t i = 0; i < count; i++) {
        struct layout l;
        cr_expect(layout_read(arena_printf(&keep, LAYOUTS "%s", names[i]), &keep, &l, &err), "%s", err.text);
        cr_expect(eq(str, (char *)arena_printf(&keep, "%s.json", l.name), (char *)names[i]));
    }
}

/* What a server says goes by what it was asked, request by request; one whose answer has no byte is passed over. */
Test(layout, answers_go_by_requests)
{
    static const struct {
        const char *asked, *said, *told;
    } rows[] = {
        { "0400 07000000", "0000 08000000", "reply 1 status: word  0 (OK) n: dword  8 1" },
        { "0500 0161  0400 07000000", "0000 08000000", "reply 1 status: word  0 (OK) n: dword  8 1" },
        { "0100 09 776f72642c62797465 3412 56", "0000 3412 56", "reply 1 status: word  0 (OK) value: word  4660 value: byte  86 1" },
        { "0100 09 776f72642c62797465 3412 56", "0200 0300", "reply 1 status: word  2 (EXCEPTION) cause: word  3 1" },
        { "0700 0200 01000000  0800", "0000 00000000 0100 00  0000 01000000 0100 01  0000",
          "reply 1 part 1 of 2 part 2 of 2 reply 2 status: word  0 (OK) 2" },
        { "0700 0000 01000000  0800", "0000", "reply 1 status: word  0 (OK) 1" },
        { "0800", "0000 0000", "reply 1 status: word  0 (OK) reply 2 1, stopped at 2: it answers no request that was read" },
        { "0100 03 776f71 00", "", "asked: types: " },
    };
    SCRATCH(keep);
    struct layout l;
    struct error err = { 0 };

    cr_assert(layout_read(LAYOUTS "conformance.json", &keep, &l, &err), "%s", err.text);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct layout_requests requests = { 0 };
        struct bytes asked, said;
        struct decoding d;
        TEXT(out);
        cr_assert(hex_read(rows[i].asked, &keep, &asked) == NULL && hex_read(rows[i].said, &keep, &said) == NULL);
        layout_decode(&l, LAYOUT_CLIENT, asked, &profile_default, NULL, &requests, &keep, &d);
        if (d.status != WIRE_OK) {
            text_printf(&out, "asked: %.7s", d.reason);
        } else {
            layout_decode(&l, LAYOUT_SERVER, said, &profile_default, NULL, &requests, &keep, &d);
            for (size_t k = 0; k < d.count; k++)
                if (d.lines[k].depth < 2)
                    text_printf(&out, "%s ", d.lines[k].meaning);
            text_printf(&out, "%zu", d.value_count);
            if (d.status != WIRE_OK)
                text_printf(&out, ", stopped at %zu: %s", d.at, d.reason);
        }
        cr_expect(eq(str, (char *)text_string(&out), (char *)rows[i].told), "%s", rows[i].asked);
    }
}

Test(layout, an_answer_is_nothing_without_its_request)
{
    SCRATCH(keep);
    struct layout l;
    struct error err = { 0 };
    TEXT(out);

    cr_assert(layout_read(LAYOUTS "conformance.json", &keep, &l, &err), "%s", err.text);
    told(&l, LAYOUT_SERVER, "0000", &out);
    cr_expect(eq(str, (char *)text_string(&out), "0+0 0 reply 1\n0, stopped at 0: the requests that it answers are not known\n"));
}
