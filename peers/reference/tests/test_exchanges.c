/*
 * Requests and replies at the edges of the types: the largest and the first beyond, the order of maps, units and
 * lengths of each width. Worked out by the rules, byte by byte.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "reference/cmemfile.h"
#include "reference/service.h"
#include "rig.h"

#define X13(unit) unit unit unit unit unit unit unit unit unit unit unit unit unit
#define X63(unit) X13(unit) X13(unit) X13(unit) X13(unit) unit unit unit unit unit unit unit unit unit unit unit
#define X64(unit) X63(unit) unit
#define X65(unit) X64(unit) unit
#define CAGE      "ffff 0100 0400 43416765 "

// clang-format off
static const struct exchange {
    const char *label, *profile, *request, *reply;
} exchanges[] = {
    /* Lengths of strings [4.1, STR-7]. */
    { "eight bytes, largest int",      "10 ansi 32",   "0200 'cstring' ffffffffffffff ffffff7f00000000", "0200 0300" },
    { "eight bytes, beyond int",       "10 ansi 32",   "0200 'cstring' ffffffffffffff 0000008000000000", "0200 0100" },
    { "eight bytes are cut, 7.1",      "7.1 ansi 64",  "0200 'cstring' ffffffffffffff 0100000001000000 41", "0000 'u:0041'" },
    { "eight bytes are kept, 7.0",     "7.0 ansi 64",  "0200 'cstring' ffffffffffffff 0100000001000000 41", "0200 0300" },
    { "the largest of four bytes",     "10 ansi 64",   "0200 'cstring' ffffff feffffff 0100000000000000 41", "0200 0300" },
    { "the largest of one byte",       "10 ansi 64",   "0200 'cstring' fe 0000", "0200 0300" },
    { "the largest of one byte, 6.0",  "6.0 ansi 32",  "0200 'cstring' fe 0000", "0200 0300" },
    { "behind the prefix, too",        "10 ansi 64",   "0200 'cstringw' fffeff fe 0000", "0200 0300" },
    { "two bytes of one",              "10 ansi 64",   "0200 'cstring' ff0100 41", "0000 'u:0041'" },
    { "the largest of two bytes",      "10 ansi 64",   "0200 'cstring' fffdff 41", "0200 0300" },
    { "the prefix, 6.0",               "6.0 ansi 32",  "0200 'cstring' fffeff 01 4100", "0000 'u:0041'" },
    { "its longer form, 6.0",          "6.0 ansi 32",  "0200 'cstring' ffffffffffffff 01 4100", "0000 'u:0041'" },
    { "the prefix twice, 6.0",         "6.0 ansi 32",  "0200 'cstring' fffeff fffeff", "0200 0000" },
    { "the prefix, then its longer form, 6.0", "6.0 ansi 32", "0200 'cstring' fffeff ffffffffffffff", "0200 0000" },
    /* NUL in texts [STR-19]. */
    { "NUL at once, 7.1",              "7.1 ansi 32",  "0200 'cstring' 03 004142", "0000 'u:'" },
    { "NUL within, 7.1",               "7.1 ansi 32",  "0200 'cstring,byte' 05 4142004300 07", "0000 'u:00410042 7'" },
    { "NUL, converted, 6.0",           "6.0 unicode 32", "0200 'cstring' 03 410042", "0000 fffeff06 7500 3a00 3000 3000 3400 3100" },
    { "NUL, its own width, 6.0",       "6.0 ansi 32",  "0200 'cstring' 03 410042", "0000 'u:004100000042'" },
    { "NUL, 8",                        "8 ansi 32",    "0200 'cstring' fffeff03 4100 0000 4200", "0000 'u:004100000042'" },
    /* What does not fit a narrow build [STR-18]. */
    { "narrowed",                      "10 ansi 64",   "0300 'cstring' 'u:00fe00ff01000101'", "0000 04 fe ff 3f 3f" },
    { "widened",                       "10 unicode 64", "0300 'cstring' 'u:00ff0100'", "0000 fffeff02 ff00 0001" },
    /* Long values are told by their sum, from 65 on. */
    { "64 elements",                   "10 ansi 64",   "0200 'bytearray' 4000 " X64("07"), "0000 '[" X63("7,") "7]'" },
    { "65 words",                      "10 ansi 64",   "0200 'wordarray' 4100 " X65("0201"), "0000 '[#65:3faa507a]'" },
    { "65 bytes",                      "10 ansi 64",   "0200 'bytearray' 4100 " X65("07"), "0000 '[#65:89097dc9]'" },
    { "65 wide units",                 "10 ansi 64",   "0200 'cstringw' fffeff41 " X65("4101"), "0000 'w#65:44e02a8a'" },
    /* Elements and digits. */
    { "the largest elements",          "10 ansi 64",   "0300 'bytearray,wordarray,dwordarray' '[255] [65535,0] [4294967295]'",
      "0000 0100 ff 0200 ffff 0000 0100 ffffffff" },
    { "a byte too large",              "10 ansi 64",   "0300 'bytearray' '[256]'", "0300 'a number out of its range'" },
    { "a word too large",              "10 ansi 64",   "0300 'wordarray' '[65536]'", "0300 'a number out of its range'" },
    { "a dword too large",             "10 ansi 64",   "0300 'dwordarray' '[4294967296]'", "0300 'a number out of its range'" },
    { "a byte too large, repeated",    "10 ansi 64",   "0300 'bytearray' '[*2:256]'", "0300 'a number out of its range'" },
    { "no digit",                      "10 ansi 64",   "0300 'cstring' 'u:00g0'", "0300 'not the text of these types'" },
    { "all digits",                    "10 ansi 64",   "0300 'cstringw' 'w:012389abcdef'", "0000 fffeff03 2301 ab89 efcd" },
    { "reals with zeroes before",      "10 ansi 64",   "0200 'float,double' 01000000 0200000000000000", "0000 '00000001 0000000000000002'" },
    { "the largest numbers",           "10 ansi 64",   "0300 'longlong,ulonglong,dword' '9223372036854775807 18446744073709551615 4294967295'",
      "0000 ffffffffffffff7f ffffffffffffffff ffffffff" },
    { "one beyond, longlong",          "10 ansi 64",   "0300 'longlong' '9223372036854775808'", "0300 'a number out of its range'" },
    { "one below, longlong",           "10 ansi 64",   "0300 'longlong' '-9223372036854775809'", "0300 'a number out of its range'" },
    { "the smallest, longlong",        "10 ansi 64",   "0300 'longlong' '-9223372036854775808'", "0000 0000000000000080" },
    { "one beyond, dword",             "10 ansi 64",   "0300 'dword' '4294967296'", "0300 'a number out of its range'" },
    { "one beyond, wchar",             "10 ansi 64",   "0300 'wchar' '65536'", "0300 'a number out of its range'" },
    /* Currency: the high half first; a variant's: the low one. */
    { "currency",                      "10 ansi 64",   "0200 'olecurrency' ffffffff 01000000 02000000", "0000 '(-1,4294967298)'" },
    { "MAKE currency",                 "10 ansi 64",   "0300 'olecurrency' '(-1,4294967298)'", "0000 ffffffff 01000000 02000000" },
    { "currency in a variant",         "10 ansi 64",   "0200 'olevariant' 0600 02000000 01000000", "0000 '(6,4294967298)'" },
    { "MAKE BSTRs of three units",     "10 ansi 64",   "0300 'combstr,olevariant' 'u:004100420143 (8,u:004400450146)'",
      "0000 03000000 4100 4200 4301 0800 06000000 4400 4500 4601" },
    { "MAKE empty BSTRs",              "10 ansi 64",   "0300 'combstr,olevariant' 'u: (8,u:)'", "0000 00000000 0800 00000000" },
    /* Maps in the order of their buckets, of one bucket the last that was inserted first [COL-10 to COL-13]. */
    { "words, from 10 on",             "10 ansi 64",   "0300 'mapwordtoob' '{8=null,16=null,24=null,32=null,100=null,1000=null,40000=null}'",
      "0000 0700 e803 0000 0800 0000 409c 0000 1000 0000 1800 0000 6400 0000 2000 0000" },
    { "words, up to 9",                "9 ansi 64",    "0300 'mapwordtoob' '{8=null,16=null,24=null,32=null,100=null,1000=null,40000=null}'",
      "0000 0700 0800 0000 409c 0000 1800 0000 1000 0000 2000 0000 6400 0000 e803 0000" },
    { "texts, from 10 on",             "10 ansi 64",   "0200 '' 0100 'mapstringtostring' 0900 'a' '1' 'ab' '2' 'ba' '3' 'b' '4' 'abc' '5' 'Hello' '6' '0123456789' '7' '0x23456789' '8' '9876543210' '9'",
      "0000 '' 0000 0900 '0x23456789' '8' '0123456789' '7' 'abc' '5' 'ab' '2' '9876543210' '9' 'Hello' '6' 'b' '4' 'ba' '3' 'a' '1'" },
    { "texts, up to 9",                "9 ansi 64",    "0200 '' 0100 'mapstringtostring' 0800 'a' '1' 'ab' '2' 'ba' '3' 'b' '4' 'abc' '5' '0123456789' '7' '0x23456789' '8' '9876543210' '9'",
      "0000 '' 0000 0800 '9876543210' '9' 'ab' '2' '0123456789' '7' 'a' '1' 'abc' '5' 'b' '4' '0x23456789' '8' 'ba' '3'" },
    { "long texts, from 10 on",        "10 ansi 64",   "0100 'mapstringtostring' 0300 '01234567890123456789' '' '0a23456789b1234567890123' '' 'zzzzzzzzzzzzzzzzzzzzzzzzz' ''",
      "0000 0300 '0a23456789b1234567890123' '' '01234567890123456789' '' 'zzzzzzzzzzzzzzzzzzzzzzzzz' ''" },
    { "long texts, up to 9",           "9 ansi 64",    "0100 'mapstringtostring' 0300 '01234567890123456789' '' '0a23456789b1234567890123' '' 'zzzzzzzzzzzzzzzzzzzzzzzzz' ''",
      "0000 0300 'zzzzzzzzzzzzzzzzzzzzzzzzz' '' '0a23456789b1234567890123' '' '01234567890123456789' ''" },
    { "one is the beginning of another", "10 ansi 64", "0200 'mapstringtostring' 0600 'a' '1' 'ab' '2' 'a' '3' 'ab' '4' 'abc' '5' 'a' '6'",
      "0000 '{u:0061=u:0036,u:00610062=u:0034,u:006100620063=u:0035}'" },
    { "numbers more than once",        "10 ansi 64",   "0200 'mapwordtoob' 0500 0500 0000 0300 0000 0500 " CAGE "01000000 0300 0200 0400 0000",
      "0000 '{3=CAge(1),4=null,5=@1}'" },
    /* Objects by their number: those that the connection has carried, then those that the text makes. */
    { "@k of both",                    "10 ansi 64",   "0100 'object' " CAGE "15000000 0300 'object,object,object' 'CAge(2) @2 @1'",
      "0000 " CAGE "15000000 0000 0180 02000000 0300 0200" },
    { "@k of the next",                "10 ansi 64",   "0100 'object' " CAGE "15000000 0300 'object,object' 'CAge(2) @3'",
      "0000 " CAGE "15000000 0300 'an @k that is not yet reached'" },
    { "@0",                            "10 ansi 64",   "0300 'object' '@0'", "0300 'an @k that is not yet reached'" },
    { "a name that ends in a blank",   "10 ansi 64",   "0300 'object' 'CAge (1)'", "0300 'not the text of these types'" },
    { "a schema that is another's",    "10 ansi 64",   "0300 'class' 'CAge:2'", "0300 'not the text of these types'" },
    /* Other requests. */
    { "the high half of an op counts", "10 ansi 64",   "0201 'word' 3412", "0100 'unknown op'" },
    { "NOTES count, and the last is told", "10 ansi 64", "0500 'a' 0500 'bc' 0600", "0000 02000000 'bc'" },
};
// clang-format on

Test(exchanges, are_as_the_rules_say, .timeout = 20)
{
    for (size_t i = 0; i < COUNT_OF(exchanges); i++) {
        const struct exchange *x = &exchanges[i];
        struct bytes reply = rig_ask(conformance_serve, x->profile, spelt(x->request), 0);
        cr_expect(eq(str, hex_of(reply), hex_of(spelt(x->reply))), "%s", x->label);
    }
}

/* The end of CAPS: generation, character set and bits. */
Test(exchanges, caps_ends_in_the_profile, .timeout = 10)
{
    static const struct {
        const char *profile, *end;
    } rows[] = {
        { "10 ansi 64", "'10' 'ansi' 4000" },
        { "7.1 ansi 32", "'7.1' 'ansi' 2000" },
        { "10 unicode 64", "fffeff02 3100 3000 fffeff07 7500 6e00 6900 6300 6f00 6400 6500 4000" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct bytes reply = rig_ask(conformance_serve, rows[i].profile, spelt("0900"), 0), end = spelt(rows[i].end);
        cr_assert(gt(sz, reply.len, end.len));
        cr_expect(eq(str, hex_of((struct bytes){ reply.data + reply.len - end.len, end.len }), hex_of(end)), "%s", rows[i].profile);
        cr_expect(eq(int, reply.data[0] | reply.data[1] << 8, 0));
    }
}

Test(exchanges, info_tells_what_there_is, .timeout = 10)
{
    static const char lines[] = "service=1\nimpl=reference 1\nops=1,2,3,4,5,6,7,8,9,10\nmax-bytes=134217728\nmax-depth=4096";
    struct bytes reply = rig_ask(conformance_serve, "10 ansi 64", spelt("0a00"), 0);

    cr_assert(eq(sz, reply.len, 3 + sizeof lines - 1));
    cr_expect(eq(str, hex_of((struct bytes){ reply.data, 3 }), hex_of((struct bytes){ (uint8_t[]){ 0, 0, sizeof lines - 1 }, 3 })));
    cr_expect(eq(int, memcmp(reply.data + 3, lines, sizeof lines - 1), 0));
}

enum { BULK = 4 << 20 }; // bytes: more than a connection holds

/* That all of it comes, and each byte as it is. */
static void *take_bulk(void *far)
{
    static uint8_t chunk[65536];
    size_t right = 0;

    for (ssize_t got; (got = recv(*(int *)far, chunk, sizeof chunk, 0)) > 0;)
        for (ssize_t i = 0; i < got; i++)
            right += chunk[i] == (uint8_t)(right * 31 >> 8 ^ right);
    return (void *)right;
}

Test(exchanges, what_does_not_go_at_once_goes_piece_by_piece, .timeout = 20)
{
    RIG(r);
    pthread_t taker;
    void *right;
    uint8_t *bulk = pool_new(&scratch, BULK, 1);

    for (size_t i = 0; i < BULK; i++)
        bulk[i] = (uint8_t)(i * 31 >> 8 ^ i);
    rig_open_tcp(&r, "10 ansi 64");
    pthread_create(&taker, NULL, take_bulk, &r.far);
    cr_expect(eq(i64, CSocket_Send(&r.near, bulk, BULK), BULK));
    cr_expect(CSocket_ShutDown(&r.near));
    pthread_join(taker, &right);
    cr_expect(eq(sz, (size_t)right, BULK));
}

/* 4097 objects beside each other are not nested; within each other they are one too many. */
Test(exchanges, as_many_objects_as_there_may_be_nested, .timeout = 20)
{
    static const struct {
        const char *open, *close;
        size_t count;
        bool made;
    } rows[] = { { ",CAge(1)", "", 4097, true }, { ",CNode(1", ",null)", 4095, true }, { ",CNode(1", ",null)", 4096, false } };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        static char text[200000];
        size_t len = (size_t)sprintf(text, "CObArray[null"); // itself one
        bool nested = *rows[i].close;
        for (size_t k = 0; k < rows[i].count; k++)
            len += (size_t)sprintf(text + len, "%s", nested && k ? ",CNode(1" : rows[i].open);
        for (size_t k = 0; nested && k < rows[i].count; k++)
            len += (size_t)sprintf(text + len, "%s", k ? ")" : rows[i].close);
        len += (size_t)sprintf(text + len, "]");
        struct bytes head = spelt("0300 'object'");
        uint8_t *request = pool_new(&scratch, head.len + 7 + len, 1);
        memcpy(request, head.data, head.len);
        memcpy(request + head.len, (uint8_t[]){ 0xff, 0xff, 0xff, (uint8_t)len, (uint8_t)(len >> 8), (uint8_t)(len >> 16), 0 }, 7);
        memcpy(request + head.len + 7, text, len);
        struct bytes reply = rig_ask(conformance_serve, "10 ansi 64", (struct bytes){ request, head.len + 7 + len }, 0);
        cr_assert(gt(sz, reply.len, 2));
        cr_expect(eq(int, reply.data[0], rows[i].made ? 0 : 3), "%zu", i);
    }
}

/* Whatever was in the memory of a channel is gone when it is opened. */
Test(exchanges, a_channel_begins_anew, .timeout = 10)
{
    RIG(r);
    struct channel c;

    memset(&c, 0xa5, sizeof c);
    rig_open(&r, "10 ansi 64", SOCK_STREAM);
    channel_open(&c, &r.near, &r.profile);
    cr_expect(not(c.archive_per_message));
    cr_expect(c.request.blocks == NULL && c.request.held == 0 && c.life.blocks == NULL && c.life.held == 0);
    cr_expect(not(CArchive_Failed(&c.load) || CArchive_Failed(&c.store)));
    rig_say_hex(&r, "0700");
    rig_end(&r);
    cr_expect(eq(int, CArchive_ExtractWORD(&c.load), 7));
    CArchive_InsertWORD(&c.store, 8);
    CArchive_Flush(&c.store);
    cr_expect(eq(str, hex_of(rig_hear(&r)), "08 00"));
    channel_end(&c);
}

/*
 * A file in memory: what is written stands behind what was there, what is read moves on.
 */
Test(exchanges, a_memory_file_gives_what_it_took, .timeout = 10)
{
    struct CMemFile f;
    struct exception e = { 0 };
    char data[16] = "";

    CMemFile_Construct(&f);
    cr_expect(eq(sz, f.base.class->Read(&f.base, data, 4, &e), 0));
    f.base.class->Write(&f.base, "", 0, &e);
    cr_expect(eq(sz, f.len, 0));
    f.base.class->Write(&f.base, "abc", 3, &e);
    f.base.class->Write(&f.base, "defgh", 5, &e);
    cr_expect(eq(sz, f.len, 8));
    cr_expect(eq(sz, f.base.class->Read(&f.base, data, 3, &e), 3));
    cr_expect(eq(str, data, "abc"));
    cr_expect(eq(i64, f.base.class->Seek(&f.base, -2), 1));
    cr_expect(eq(i64, f.base.class->Seek(&f.base, -5), 0));
    cr_expect(eq(i64, f.base.class->Seek(&f.base, 9), 8));
    cr_expect(eq(i64, f.base.class->Seek(&f.base, -4), 4));
    memset(data, 0, sizeof data);
    cr_expect(eq(sz, f.base.class->Read(&f.base, data, 16, &e), 4), "all that there is");
    cr_expect(eq(str, data, "efgh"));
    CMemFile_Drop(&f, 5);
    cr_expect(eq(sz, f.len, 3));
    memset(data, 0, sizeof data);
    cr_expect(eq(sz, f.base.class->Read(&f.base, data, 3, &e), 3));
    cr_expect(eq(str, data, "fgh"));
    memcpy(CMemFile_Room(&f, 1000), "ij", 2);
    f.len += 2;
    cr_expect(eq(sz, f.base.class->Read(&f.base, data, 3, &e), 2));
    cr_expect(eq(int, memcmp(data, "ij", 2), 0));
    cr_expect(eq(int, memcmp(f.data, "fghij", 5), 0));
    CMemFile_Drop(&f, 5);
    cr_expect(eq(sz, f.len, 0));
    f.base.class->Write(&f.base, "k", 1, &e);
    cr_expect(eq(sz, f.len, 1));
    *data = 0;
    cr_expect(eq(sz, f.base.class->Read(&f.base, data, 1, &e), 1));
    cr_expect(eq(int, *data, 'k'));
    CMemFile_Destroy(&f);
    cr_expect(f.data == NULL && f.len == 0 && f.room == 0 && f.at == 0);
}
