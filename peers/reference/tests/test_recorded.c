/*
 * What genuine MFC sent over TCP: 14.0 (mfc140u, x64, Unicode) and 4.2 (mfc42, x86, ANSI). Told, it
 * is the text; made of the text, it is the same bytes; and echoed, too.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "reference/service.h"
#include "rig.h"

// clang-format off
static const struct recording {
    const char *name, *profile, *types, *text, *wire;
} recordings[] = {
    { "prims", "10 unicode 64", "byte,byte,word,dword,long,longlong,float,double",
      "127 255 4660 305419896 -2 72623859790382856 40600000 bfb999999999999a",
      "7fff341278563412feffffff0807060504030201000060409a9999999999b9bf" },
    { "mfc42_prims", "4.2 ansi 32", "byte,byte,word,dword,long,float,double",
      "127 255 4660 305419896 -2 40600000 bfb999999999999a",
      "7fff341278563412feffffff000060409a9999999999b9bf" },
    { "count", "10 unicode 64", "count,count,count,count,count,count,count,count,count,count,count",
      "0 1 32767 65534 65535 65536 305419896 4294967294 4294967295 4294967296 "
      "1234605616436508552",
      "00000100ff7ffeffffffffff0000ffff00000100ffff78563412fffffeffffffffffffffffffffffffff0000"
      "0000ffffffffffff0000000001000000ffffffffffff8877665544332211" },
    { "mfc42_count", "4.2 ansi 32", "count,count,count,count,count,count,count,count",
      "0 1 32767 65534 65535 65536 305419896 4294967295",
      "00000100ff7ffeffffffffff0000ffff00000100ffff78563412ffffffffffff" },
    { "refs", "10 unicode 64", "object",
      "CObArray[CStringArray[u:0078],CStringArray[u:0079],@2,null,@3]",
      "ffff00000800434f6241727261790500ffff00000c0043537472696e6741727261790100fffeff0178000380"
      "0100fffeff017900040000000500" },
    { "mfc42_refs", "4.2 ansi 32", "object",
      "CObArray[CStringArray[u:0078],CStringArray[u:0079],@2,null,@3]",
      "ffff00000800434f6241727261790500ffff00000c0043537472696e67417272617901000178038001000179"
      "040000000500" },
    { "user", "10 unicode 64", "object,object,object,object",
      "CTestPoint(1,2,CTestPoint(3,4,CTestPoint(5,6,null))) @2 CVersioned:3(99) @4",
      "ffff07000a004354657374506f696e7401000000020000000180030000000400000001800500000006000000"
      "00000300ffff03000a004356657273696f6e6564630000000600" },
    { "mfc42_user", "4.2 ansi 32", "object,object",
      "CTestPoint(1,2,CTestPoint(3,4,CTestPoint(5,6,null))) @2",
      "ffff07000a004354657374506f696e7401000000020000000180030000000400000001800500000006000000"
      "00000300" },
    { "class", "10 unicode 64", "class,class,class,object",
      "CTestPoint:7 CTestPoint:7 CVersioned:3 CTestPoint(7,8,null)",
      "ffff07000a004354657374506f696e740180ffff03000a004356657273696f6e656401800700000008000000"
      "0000" },
    { "chat", "10 unicode 64", "word,cstring,word,cstring",
      "0 u:00480065006c006c006f002000660072006f006d0020004d00460043 1 u:006200790065",
      "0000fffeff0e480065006c006c006f002000660072006f006d0020004d00460043000100fffeff0362007900"
      "6500" },
    { "mfc42_chat", "4.2 ansi 32", "word,cstring,word,cstring",
      "0 u:00480065006c006c006f002000660072006f006d0020004d0046004300340032 1 u:006200790065",
      "00001048656c6c6f2066726f6d204d46433432010003627965" },
};
// clang-format on

/* A str in its short or its WORD form. */
static void add_str(struct bytes *to, const char *text)
{
    uint8_t *data = (uint8_t *)to->data;
    size_t len = strlen(text);

    if (len >= 255) {
        data[to->len++] = 0xff;
        data[to->len++] = (uint8_t)len;
        data[to->len++] = (uint8_t)(len >> 8);
    } else {
        data[to->len++] = (uint8_t)len;
    }
    memcpy(data + to->len, text, len);
    to->len += len;
}

static struct bytes request_of(uint8_t op, const struct recording *t)
{
    struct bytes request = { pool_new(&scratch, 4096, 1), 2 };
    struct bytes wire = bytes_of(t->wire);

    ((uint8_t *)request.data)[0] = op;
    add_str(&request, t->types);
    if (op == 3) {
        add_str(&request, t->text);
    } else {
        memcpy((uint8_t *)request.data + request.len, wire.data, wire.len);
        request.len += wire.len;
    }
    return request;
}

static struct bytes ask(uint8_t op, const struct recording *t)
{
    return rig_ask(conformance_serve, t->profile, request_of(op, t), 0);
}

Test(recorded, tells_what_mfc_sent, .timeout = 10)
{
    for (const struct recording *t = recordings; t < recordings + COUNT_OF(recordings); t++) {
        struct bytes reply = ask(2, t);
        struct units text;
        RIG(r);
        rig_open(&r, "10 ansi 64", SOCK_STREAM);
        rig_say(&r, reply);
        cr_expect(eq(int, CArchive_ExtractWORD(&r.load), 0), "%s", t->name);
        CArchive_ExtractCString(&r.load, &text, 1);
        char *told = pool_grow(&scratch, units_to_ascii(&text, &scratch), text.count + 1, 1);
        cr_expect(eq(str, told, (char *)t->text), "%s", t->name);
    }
}

Test(recorded, makes_and_echoes_what_mfc_sent, .timeout = 10)
{
    for (const struct recording *t = recordings; t < recordings + COUNT_OF(recordings); t++) {
        char *due = hex_of(bytes_of(t->wire));
        for (uint8_t op = 1; op <= 3; op += 2) {
            struct bytes reply = ask(op, t);
            cr_assert(gt(sz, reply.len, 2), "%s", t->name);
            reply = (struct bytes){ reply.data + 2, reply.len - 2 };
            cr_expect(eq(str, hex_of(reply), due), "%s by op %d", t->name, op);
        }
    }
}
