/*
 * Each mistake at golden bytes: what the writer makes of values that makes it, and what the reader takes these bytes for that makes it, too.
 * The bytes are worked out by hand from the format and the mistake's words.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

#include "base/hex.h"
#include "check/mistake.h"
#include "check/reading.h"
#include "check/writing.h"

#define AGE  "ffff 0100 0400 43416765 " // CAge is described
#define LIST "ffff 0000 0700 434f624c697374"
#define LETTER "0700 434c6574746572 fffeff01 4100"
#define NODE "ffff 0300 0500 434e6f6465 "
#define SEVENTEEN(type)                                                                            \
    type "," type "," type "," type "," type "," type "," type "," type "," type "," type "," type \
         "," type "," type "," type "," type "," type "," type
#define SEVENTEEN_OF(text)                                                                         \
    text " " text " " text " " text " " text " " text " " text " " text " " text " " text " " text \
         " " text " " text " " text " " text " " text " " text
#define SAME   "="  // whoever reads so has what was written
#define UNREAD NULL // only a writer makes it, or what is read is another row's
#define WIDE   "generation=10,charset=unicode"
#define MFC71  "generation=7.1"
#define MFC70  "generation=7.0,bits=64"
#define MFC42  "generation=4.2,charset=ansi"

// clang-format off
static const struct mistaken {
    const char *label;
    enum deed deed;
    int64_t n;
    const char *of;      // MFC's name of the type it is about; NULL: all
    const char *profile; // "": the usual one
    const char *types;   // behind a ; a new message begins
    const char *texts;   // of the values; N*x: a string or an array of N times x
    const char *wire;
    const char *read;    // what the reader that makes the mistake takes the bytes for
    const char *about;   // in which the writer says that it was made last
} rows[] = {
    /* numbers */
    { "right",                      DEED_NONE, 0, NULL, "", "byte,word,long,longlong", "7 258 -2 4294967298", "07 0201 feffffff 0200000001000000", SAME, "value" },
    { "turned",                     DEED_SWAP, 0, NULL, "", "byte,word,long,longlong", "7 258 -2 4294967298", "07 0102 fffffffe 0000000100000002", SAME, "LONGLONG" },
    { "turned, of one type",        DEED_SWAP, 0, "WORD", "", "long,word", "-2 258", "feffffff 0102", SAME, "WORD" },
    { "turned, of another",         DEED_SWAP, 0, "DWORD", "", "long,word", "-2 258", "feffffff 0201", SAME, "value" },
    { "network order, turned",      DEED_SWAP, 0, NULL, "", "net16,net32", "258 66051", "0201 03020100", SAME, "DWORD" },
    { "network order",              DEED_NONE, 0, NULL, "", "net16,net32", "258 66051", "0102 00010203", SAME, "value" },
    { "all turned",                 DEED_SWAP_ALL, 0, NULL, "", "byte,word,count,time", "7 258 258 1", "07 0102 0102 8000000a 0000000000000001", SAME, "WriteCount" },
    { "of elements and no count",   DEED_SWAP, 0, NULL, "", "wordarray", "[258,1]", "0200 0102 0001", SAME, "CWordArray" },
    { "of elements and the count",  DEED_SWAP_ALL, 0, NULL, "", "dwordarray", "[258]", "0001 00000102", SAME, "CDWordArray" },
    { "bytes have no order",        DEED_SWAP, 0, NULL, "", "bytearray", "[1,2]", "0200 0102", SAME, "CByteArray" },
    { "halves exchanged",           DEED_HALVES, 0, NULL, "", "long,longlong", "7 4294967298", "07000000 01000000 02000000", SAME, "LONGLONG" },
    { "halves of a sum",            DEED_HALVES, 0, NULL, "", "olecurrency", "(0,4294967298)", "00000000 02000000 01000000", SAME, "CY" },
    { "halves, as they are due",    DEED_NONE, 0, NULL, "", "olecurrency", "(0,4294967298)", "00000000 01000000 02000000", SAME, "value" },
    { "a double through a float",   DEED_ROUND, 0, NULL, "", "double,float,long", "3fb999999999999a 3dcccccd 7", "000000a09999b93f cdcccc3d 07000000", "3fb99999a0000000 3dcccccd 7", "double" },
    { "through a double",           DEED_ROUND_WHOLE, 1, NULL, "", "longlong", "9007199254740993", "0000000000002000", UNREAD, "LONGLONG" },
    { "… that is narrow",           DEED_ROUND_WHOLE, 1, NULL, "", "short", "-3", "fdff", SAME, "value" },
    { "through a float",            DEED_ROUND_WHOLE, 0, NULL, "", "long,dword", "-16777217 16777217", "000000ff 00000001", UNREAD, "DWORD" },
    { "… of two bytes not",         DEED_ROUND_WHOLE, 0, NULL, "", "word", "65535", "ffff", SAME, "value" },
    { "beyond all that is signed",  DEED_ROUND_WHOLE, 1, NULL, "", "ulonglong", "9223372036854775809", "0100000000000080", UNREAD, "ULONGLONG" },
    { "the largest one",            DEED_ROUND_WHOLE, 1, NULL, "", "longlong", "9223372036854775807", "ffffffffffffff7f", UNREAD, "LONGLONG" },
    { "the smallest one",           DEED_ROUND_WHOLE, 1, NULL, "", "longlong", "-9223372036854775807", "0100000000000080", UNREAD, "LONGLONG" },
    { "padded to four",             DEED_ALIGN, 4, NULL, "", "byte,long,longlong", "1 7 8", "01 000000 07000000 0800000000000000", SAME, "LONG" },
    { "padded to four, of eight",   DEED_ALIGN, 4, NULL, "", "byte,longlong", "1 8", "01 000000 0800000000000000", SAME, "LONGLONG" },
    { "padded to eight",            DEED_ALIGN, 8, NULL, "", "byte,longlong", "1 8", "01 00000000000000 0800000000000000", SAME, "LONGLONG" },
    { "padded to two",              DEED_ALIGN, 8, NULL, "", "byte,word,byte", "1 2 3", "01 00 0200 03", SAME, "WORD" },
    { "padded, of one type",        DEED_ALIGN, 8, "LONG", "", "byte,word,long", "1 2 3", "01 0200 00 03000000", SAME, "LONG" },
    { "nothing to pad",             DEED_ALIGN, 8, NULL, "", "long,long", "1 2", "01000000 02000000", SAME, "value" },
    { "of eight bytes",             DEED_SIZE, 8, NULL, "", "long,longlong", "-2 -3", "feffffffffffffff fdffffffffffffff", SAME, "LONG" },
    { "of two bytes",               DEED_SIZE, 2, NULL, "", "long,short", "-2 -3", "feff fdff", SAME, "LONG" },
    { "of one byte",                DEED_SIZE, 1, "WORD", "", "word,long", "7 -2", "07 feffffff", SAME, "WORD" },
    { "of four bytes",              DEED_SIZE, 4, NULL, "", "byte,float", "200 3f800000", "c8000000 0000803f", SAME, "BYTE" },
    { "no sign in eight bytes",     DEED_SIZE_UNSIGNED, 8, NULL, "", "long", "-2", "feffffff 00000000", UNREAD, "LONG" },
    { "no sign in four bytes",      DEED_SIZE_UNSIGNED, 4, NULL, "", "short,longlong", "-2 -3", "feff0000 fdffffff", UNREAD, "LONGLONG" },
    { "elements of four bytes",     DEED_SIZE, 4, NULL, "", "wordarray", "[258,65535]", "0200 02010000 ffff0000", SAME, "CWordArray" },
    { "elements of one byte",       DEED_SIZE, 1, NULL, "", "dwordarray", "[7,258]", "0200 07 02", "[7,2]", "CDWordArray" },
    { "elements of eight bytes",    DEED_SIZE_UNSIGNED, 8, NULL, "", "dwordarray", "[4294967295]", "0100 ffffffff00000000", SAME, "CDWordArray" },
    { "elements of their own size", DEED_SIZE, 2, NULL, "", "wordarray", "[258]", "0100 0201", SAME, "CWordArray" },
    { "raw bytes have no size",     DEED_SIZE, 2, NULL, "", "raw:2", "r:0708", "0708", SAME, "Write" },
    { "truth is all ones",          DEED_NONE, 0, NULL, "", "olevariant", "(11,true)", "0b00 ffff", UNREAD, "value" },

    /* times */
    { "a time",                     DEED_NONE, 0, NULL, "", "time", "7", "0a000080 0700000000000000", SAME, "value" },
    { "in four bytes",              DEED_TIME, 4, NULL, "", "time", "-7", "f9ffffff", SAME, "CTime" },
    { "in eight bytes",             DEED_TIME, 8, NULL, "", "time", "7", "0700000000000000", SAME, "CTime" },
    { "in twelve bytes, as due",    DEED_TIME, 12, NULL, "", "time", "7", "0a000080 0700000000000000", SAME, "value" },
    { "in twelve bytes, of 7.1",    DEED_TIME, 12, NULL, MFC71, "time", "7", "0a000080 0700000000000000", SAME, "CTime" },
    { "in four bytes, of 7.1",      DEED_TIME, 4, NULL, MFC71, "time", "-7", "f9ffffff", SAME, "value" },
    { "of 7.1",                     DEED_NONE, 0, NULL, MFC71, "time", "-7", "f9ffffff", SAME, "value" },
    { "no mark is known to 7.1",    DEED_NONE, 0, NULL, MFC71, "time", "-2147483638", "0a000080", SAME, "value" },
    { "turned times",               DEED_SWAP_TIMES, 0, NULL, "", "time,long", "258 258", "8000000a 0000000000000102 02010000", SAME, "CTime" },
    { "four bytes behind the mark", DEED_TIME_SHORT, 0, NULL, "", "time", "7", "0a000080 07000000", SAME, "CTime" },

    /* counts */
    { "counts",                     DEED_NONE, 0, NULL, "", "count,count,count,count", "258 65534 65535 4294967294", "0201 feff ffff ffff0000 ffff feffffff", SAME, "WriteCount" },
    { "a count of eight bytes",     DEED_NONE, 0, NULL, "", "count", "4294967295", "ffff ffffffff ffffffff00000000", SAME, "WriteCount" },
    { "… of 7.0",                   DEED_NONE, 0, NULL, MFC70, "count", "4294967295", "ffff ffffffff ffffffff00000000", SAME, "WriteCount" },
    { "not of 32 bits",             DEED_NONE, 0, NULL, "bits=32", "count", "4294967295", "ffff ffffffff", SAME, "WriteCount" },
    { "in one byte",                DEED_COUNT_BYTES, 1, NULL, "", "count", "7", "07", SAME, "WriteCount" },
    { "in two bytes",               DEED_COUNT_BYTES, 2, NULL, "", "count", "65535", "ffff", SAME, "WriteCount" },
    { "in four bytes, of a list",   DEED_COUNT_BYTES, 4, NULL, "", "stringlist", "[]", "00000000", SAME, "CStringList" },
    { "in eight bytes",             DEED_COUNT_BYTES, 8, NULL, "", "count", "4294967298", "0200000001000000", SAME, "WriteCount" },
    { "one too large",              DEED_COUNT_PLUS, 1, NULL, "", "count", "7", "0800", SAME, "WriteCount" },
    { "one too large, of elements", DEED_COUNT_PLUS, 1, NULL, "", "bytearray,byte", "[7] 9", "0200 07 09", UNREAD, "CByteArray" },
    { "one too small",              DEED_COUNT_PLUS, -1, NULL, "", "count,count", "7 1", "0600 0000", SAME, "WriteCount" },
    { "always marked",              DEED_COUNT_MARKED, 0, NULL, "", "count", "7", "ffff 07000000", SAME, "WriteCount" },
    { "not yet from FF on",         DEED_COUNT_EARLY, 0xff, NULL, "", "count,count", "254 255", "fe00 ffff ff000000", SAME, "WriteCount" },
    { "no form of eight bytes",     DEED_COUNT_SHORT, 0, NULL, "", "count,count", "4294967295 65535", "ffff ffffffff ffff ffff0000", SAME, "WriteCount" },
    { "eight bytes too early",      DEED_COUNT_EARLY, 0xfffffffe, NULL, "", "count,count", "4294967293 4294967294", "ffff fdffffff ffff ffffffff feffffff00000000", SAME, "WriteCount" },
    { "two bytes at FFFF",          DEED_COUNT_LATE, 0xffff, NULL, "", "count,count", "65536 65535", "ffff 00000100 ffff", UNREAD, "WriteCount" },
    { "four bytes at FFFFFFFF",     DEED_COUNT_LATE, 0xffffffff, NULL, "", "count,count", "65535 4294967295", "ffff ffff0000 ffff ffffffff", UNREAD, "WriteCount" },
    { "turned counts",              DEED_SWAP_COUNTS, 0, NULL, "", "count,count,count", "258 65536 4294967297", "0102 ffff 00010000 ffff ffffffff 0000000100000001", SAME, "WriteCount" },
    { "turned counts of two bytes", DEED_SWAP_COUNTS, 2, NULL, "", "count,count,count", "258 65536 4294967297", "0102 ffff 00000100 ffff ffffffff 0100000001000000", SAME, "WriteCount" },
    { "turned count of elements",   DEED_SWAP_COUNTS, 0, NULL, "", "wordarray", "[258]", "0001 0201", SAME, "CWordArray" },

    /* lengths */
    { "lengths",                    DEED_NONE, 0, NULL, "", "cstringa,cstringa", "254*x 255*x", "fe 78*254 ff ff00 78*255", SAME, "CStringA" },
    { "two bytes of length",        DEED_NONE, 0, NULL, "", "cstringa", "65533*x", "ff fdff 78*65533", SAME, "CStringA" },
    { "four bytes of length",       DEED_NONE, 0, NULL, "", "cstringa", "65534*x", "ff ffff feff0000 78*65534", SAME, "CStringA" },
    { "one too large, of a string", DEED_LENGTH_PLUS, 1, NULL, "", "cstringa", "2*x", "03 7878", SAME, "CStringA" },
    { "one too small, of a string", DEED_LENGTH_PLUS, -1, NULL, "", "cstringa,cstringa", "2*x 1*x", "01 7878 00 78", SAME, "CStringA" },
    { "one too large, of none",     DEED_LENGTH_PLUS, 1, NULL, "", "cstringw", "0*x", "fffeff 01", UNREAD, "CStringW" },
    { "length in two bytes",        DEED_LENGTH_BYTES, 2, NULL, "", "cstringa,cstringw", "258*x 1*x", "0201 78*258 fffeff 0100 7800", SAME, "CStringW" },
    { "length in four bytes",       DEED_LENGTH_BYTES, 4, NULL, "", "cstringa", "258*x", "02010000 78*258", SAME, "CStringA" },
    { "big-endian in two",          DEED_LENGTH_BYTES, -2, NULL, "", "cstringa", "258*x", "0102 78*258", SAME, "CStringA" },
    { "big-endian in four",         DEED_LENGTH_BYTES, -4, NULL, "", "cstringa", "258*x", "00000102 78*258", SAME, "CStringA" },
    { "seven bits, one byte",       DEED_LENGTH_7BIT, 0, NULL, "", "cstringa,cstringw", "127*x 1*x", "7f 78*127 fffeff 01 7800", SAME, "CStringW" },
    { "seven bits, two bytes",      DEED_LENGTH_7BIT, 0, NULL, "", "cstringa", "300*x", "ac02 78*300", SAME, "CStringA" },
    { "seven bits, three bytes",    DEED_LENGTH_7BIT, 0, NULL, "", "cstringa", "16384*x", "808001 78*16384", SAME, "CStringA" },
    { "always escaped",             DEED_LENGTH_ESCAPED, 0, NULL, "", "cstringa,cstringa", "0*x 3*x", "ff 0000 ff 0300 78*3", SAME, "CStringA" },
    { "escaped from 128 on",        DEED_LENGTH_ESCAPED, 128, NULL, "", "cstringa,cstringa", "127*x 128*x", "7f 78*127 ff 8000 78*128", SAME, "CStringA" },
    { "escaped from 254 on",        DEED_LENGTH_ESCAPED, 254, NULL, "", "cstringa,cstringa", "253*x 254*x", "fd 78*253 ff fe00 78*254", SAME, "CStringA" },
    { "and no more where it is due", DEED_LENGTH_ESCAPED, 254, NULL, "", "cstringa", "65534*x", "ff ffff feff0000 78*65534", SAME, "CStringA" },
    { "FF without the escape",      DEED_LENGTH_LATE, 0xff, NULL, "", "cstringa,cstringa", "256*x 255*x", "ff 0001 78*256 ff 78*255", UNREAD, "CStringA" },
    { "FFFE in two bytes",          DEED_LENGTH_LATE, 0xfffe, NULL, "", "cstringa", "65534*x", "ff feff 78*65534", UNREAD, "CStringA" },
    { "FFFF in four",               DEED_LENGTH_LATE, 0xfffe, NULL, "", "cstringa,cstringa", "65535*x 255*x", "ff ffff ffff0000 78*65535 ff ff00 78*255", SAME, "CStringA" },
    { "one byte",                   DEED_LENGTH_SHORT, 1, NULL, "", "cstringa", "255*x", "ff 78*255", SAME, "CStringA" },
    { "one byte, beyond it",        DEED_LENGTH_SHORT, 1, NULL, "", "cstringa", "258*x", "02 78*258", UNREAD, "CStringA" },
    { "two bytes at most",          DEED_LENGTH_SHORT, 3, NULL, "", "cstringa,cstringa", "65535*x 254*x", "ff ffff 78*65535 fe 78*254", SAME, "CStringA" },
    { "four bytes at once",         DEED_LENGTH_LONG, 0, NULL, "", "cstringa,cstringa", "254*x 255*x", "fe 78*254 ff ffff ff000000 78*255", SAME, "CStringA" },
    { "four bytes from 8000 on",    DEED_LENGTH_LONG, 0x8000, NULL, "", "cstringa,cstringa", "32767*x 32768*x", "ff ff7f 78*32767 ff ffff 00800000 78*32768", SAME, "CStringA" },
    { "one FF too few",             DEED_LENGTH_ONE_FF, 0, NULL, "", "cstringa,cstringa", "65534*x 256*x", "ff ff feff0000 78*65534 ff 0001 78*256", SAME, "CStringA" },
    { "four bytes behind FF",       DEED_LENGTH_FOUR, 0, NULL, "", "cstringa,cstringw", "255*x 1*x", "ff ff000000 78*255 fffeff 01 7800", SAME, "CStringW" },
    { "one byte of wide ones",      DEED_LENGTH_SHORT, 1 | ONLY_WIDE, NULL, "", "cstringa,cstringw", "255*x 255*x", "ff ff00 78*255 fffeff ff 7800*255", SAME, "CStringW" },
    { "one byte of narrow ones",    DEED_LENGTH_SHORT, 1 | ONLY_NARROW, NULL, "", "cstringa,cstringw", "255*x 255*x", "ff 78*255 fffeff ff ff00 7800*255", SAME, "CStringW" },
    { "two bytes of wide ones",     DEED_LENGTH_BYTES, 2 | ONLY_WIDE, NULL, "", "cstringa,cstringw", "1*x 1*x", "01 78 fffeff 0100 7800", SAME, "CStringW" },
    { "escaped from 254 on, narrow", DEED_LENGTH_ESCAPED, 254 | ONLY_NARROW, NULL, "", "cstringa,cstringw", "254*x 254*x", "ff fe00 78*254 fffeff fe 7800*254", SAME, "CStringW" },
    { "FF without the escape, wide", DEED_LENGTH_LATE, 0xff | ONLY_WIDE, NULL, "", "cstringa,cstringw", "255*x 255*x", "ff ff00 78*255 fffeff ff 7800*255", UNREAD, "CStringW" },
    { "four bytes at once, wide",   DEED_LENGTH_LONG, 0 | ONLY_WIDE, NULL, "", "cstringa,cstringw", "255*x 255*x", "ff ff00 78*255 fffeff ff ffff ff000000 7800*255", SAME, "CStringW" },
    { "turned lengths",             DEED_SWAP_LENGTHS, 0, NULL, "", "cstringa,cstringa", "258*x 65536*x", "ff 0102 78*258 ff ffff 00010000 78*65536", SAME, "CStringA" },
    { "turned, of two bytes",       DEED_SWAP_LENGTHS, 2, NULL, "", "cstringa,cstringa", "258*x 65536*x", "ff 0102 78*258 ff ffff 00000100 78*65536", SAME, "CStringA" },
    { "turned, and the mark is not", DEED_SWAP_LENGTHS, 0, NULL, "", "cstringw", "258*x", "fffeff ff 0102 7800*258", UNREAD, "CStringW" },
    { "turned, of COM",             DEED_SWAP_LENGTHS, 0, NULL, "", "combstr", "u:00610062", "00000002 61006200", SAME, "CComBSTR" },
    { "no mark",                    DEED_NO_PREFIX, 0, NULL, "", "cstringa", "2*x", "02 7878", SAME, "CStringA" },
    { "no mark of a wide one",      DEED_NO_PREFIX, 0, NULL, WIDE, "cstring", "2*x", "02 78007800", SAME, "CString" },

    { "turned, of four bytes",      DEED_SWAP_LENGTHS, 4, NULL, "", "cstringa,cstringa", "258*x 65536*x", "ff 0201 78*258 ff ffff 00010000 78*65536", SAME, "CStringA" },
    { "counts turned, of four",     DEED_SWAP_COUNTS, 4, NULL, "", "count,count", "258 65536", "0201 ffff 00010000", SAME, "WriteCount" },
    { "Serialize64 as the operator", DEED_TIME_LIKE, 64, NULL, "", "time64,timespan", "7 8", "0a000080 0700000000000000 08000000", SAME, "CTime::Serialize64" },
    { "a span as the operator",     DEED_TIME_LIKE, 32, NULL, "", "timespan,time64", "-2 7", "0a000080 feffffffffffffff 0700000000000000", SAME, "CTimeSpan" },
    { "a mark of a time turned",    DEED_SWAP_TIMES, 4, NULL, "", "time", "258", "8000000a 0201000000000000", SAME, "CTime" },
    { "its seconds turned",         DEED_SWAP_TIMES, 8, NULL, "", "time", "258", "0a000080 0000000000000102", SAME, "CTime" },
    { "a time through a double",    DEED_ROUND_WHOLE, 1, NULL, "", "time", "9007199254740993", "0a000080 0000000000002000", UNREAD, "CTime" },
    { "a count of 64 bits in 32",   DEED_COUNT_FORM, COUNT_QUAD_KNOWN, NULL, "bits=32", "count,count", "4294967295 4294967294", "ffff ffffffff ffffffff00000000 ffff feffffff", SAME, "WriteCount" },
    { "six digits",                 DEED_ROUND, 6, NULL, "", "double,float", "3ff3c0ca428c59fb 3f9e0652", "a9f6e978ccc0f33f 64069e3f", "3ff3c0cc78e9f6a9 3f9e0664", "float" },
    { "six digits behind the point", DEED_ROUND, -6, NULL, "", "double,float,double", "3ff3c0ca428c59fb 3f9e0652 3e7ad7f29abcaf48", "93020b60cac0f33f 53069e3f 0000000000000000", "3ff3c0ca600b0293 3f9e0653 0000000000000000", "double" },
    { "two behind the point",       DEED_ROUND, -2, NULL, "", "double,double", "4132d68720000000 7fe1ccf385ebc8a0", "ec51b81e87d63241 a0c8eb85f3cce17f", "4132d6871eb851ec 7fe1ccf385ebc8a0", "double" },
    { "WORDs exchanged",            DEED_HALVES, 4, NULL, "", "word,longlong,long,dword", "258 4294967298 -2 66051", "0201 0200000001000000 fffffeff 01000302", SAME, "DWORD" },
    { "… of a float",               DEED_HALVES, 4, NULL, "", "float,olecurrency", "3f800000 (7,4294967298)", "803f0000 00000700 01000000 02000000", SAME, "LONG" },
    { "… as they stand in network order", DEED_HALVES, 4, NULL, "", "net32", "66051", "00010203", SAME, "DWORD" },
    { "the last element left",      DEED_ELEMENT_LEFT, 0, NULL, "", "stringarray,mapstringtostring,wordarray", "[u:0061,u:0062] {u:0061=u:0062,u:0063=u:0064} [1]", "0200 fffeff01 6100 0200 fffeff01 6100 fffeff01 6200 0100 0100", UNREAD, "CWordArray" },
    { "the first element left",     DEED_ELEMENT_LEFT, 1, NULL, "", "stringarray,mapstringtostring,stringlist", "[u:0061,u:0062] {u:0061=u:0062,u:0063=u:0064} []", "0200 fffeff01 6200 0200 fffeff01 6300 fffeff01 6400 0000", UNREAD, "CStringList" },
    { "… of one type",              DEED_ELEMENT_LEFT, 0, "CStringList", "", "stringarray,stringlist", "[u:0061] [u:0061]", "0100 fffeff01 6100 0100", UNREAD, "CStringList" },
    { "eight bytes, turned",        DEED_SIZE_BIG, 8, NULL, "", "long,longlong,dwordarray", "-2 258 [258]", "fffffffffffffffe 0201000000000000 0100 0000000000000102", SAME, "CDWordArray" },
    { "four bytes, turned",         DEED_SIZE_BIG, 4, NULL, "", "word,net16,long,double", "258 258 258 3ff0000000000000", "00000102 02010000 02010000 000000000000f03f", SAME, "WORD" },
    { "FFFF for none",              DEED_COUNT_NONE, 0xffff, NULL, "", "count,count", "65534 7", "feff 0700", SAME, "WriteCount" },
    { "members turned",             DEED_MEMBERS_TURNED, TURN_ALL, NULL, "", "size,rect,oledatetime", "(1,2) (1,2,3,4) (2,3ff0000000000000)", "0200000001000000 04000000030000000200000001000000 000000000000f03f02000000", SAME, "COleDateTime" },
    { "… by twos",                  DEED_MEMBERS_TURNED, TURN_TWOS, NULL, "", "size,rect", "(1,2) (1,2,3,4)", "0200000001000000 02000000010000000400000003000000", SAME, "CRect" },
    { "… of one type",              DEED_MEMBERS_TURNED, TURN_ALL, "SIZE", "", "point,long", "(1,2) 7", "0100000002000000 07000000", SAME, "value" },
    { "… by twos, and one is left",  DEED_MEMBERS_TURNED, TURN_TWOS, NULL, "", "object", "CTestPoint(1,2,null)", "ffff 0700 0a00 4354657374506f696e74 02000000 01000000 0000", SAME, "CTestPoint" },
    { "the first member last",      DEED_MEMBERS_TURNED, TURN_FIRST, NULL, "", "rect,size", "(1,2,3,4) (1,2)", "02000000030000000400000001000000 0100000002000000", SAME, "CRect" },
    { "the last member first",      DEED_MEMBERS_TURNED, TURN_LAST, NULL, "", "rect,size", "(1,2,3,4) (1,2)", "04000000010000000200000003000000 0100000002000000", SAME, "CRect" },
    { "… that is a reference",      DEED_MEMBERS_TURNED, TURN_LAST, "CTestPoint", "", "object", "CTestPoint(1,2,@1)", "ffff 0700 0a00 4354657374506f696e74 0200 01000000 02000000", SAME, "CTestPoint" },
    { "values before their keys",   DEED_ENTRIES_TURNED, 0, NULL, "", "mapstringtostring,mapwordtoob", "{u:0061=u:0062} {5=null,6=CAge(7)}", "0100 fffeff01 6200 fffeff01 6100 0200 0000 0500 ffff 0100 0400 43416765 07000000 0600", SAME, "CAge" },
    { "… of one type",              DEED_ENTRIES_TURNED, 0, "CMapWordToOb", "", "mapstringtostring,mapwordtoob,stringlist", "{u:0061=u:0062} {5=null} [u:0061,u:0062]", "0100 fffeff01 6100 fffeff01 6200 0100 0000 0500 0200 fffeff01 6100 fffeff01 6200", SAME, "CString" },
    { "the first member left out",  DEED_MEMBER_LEFT, 0, NULL, "", "size,rect", "(1,2) (1,2,3,4)", "02000000 020000000300000004000000", "(0,2) (0,2,3,4)", "CRect" },
    { "… the third",                DEED_MEMBER_LEFT, 2, NULL, "", "size,rect", "(1,2) (1,2,3,4)", "0100000002000000 010000000200000004000000", "(1,2) (1,2,0,4)", "CRect" },
    { "… of one class",             DEED_MEMBER_LEFT, 1, "CNode", "", "object,size", "CNode(7,CAge(9)) (1,2)", "ffff 0300 0500 434e6f6465 07000000 0100000002000000", "CNode(7,null) (1,2)", "CNode" },
    { "… that came with a schema",  DEED_MEMBER_LEFT, 1, NULL, "", "object", "CLetter:700(u:0041,5)", "ffff bc02 0700 434c6574746572 fffeff01 4100 05000000", SAME, "CString" },
    { "the first member twice",     DEED_MEMBER_TWICE, 0, NULL, "", "size,rect", "(1,2) (1,2,3,4)", "010000000100000002000000 0100000001000000020000000300000004000000", SAME, "CRect" },
    { "… the fourth",               DEED_MEMBER_TWICE, 3, NULL, "", "size,rect", "(1,2) (1,2,3,4)", "0100000002000000 0100000002000000030000000400000004000000", SAME, "CRect" },
    { "… a new object",             DEED_MEMBER_TWICE, 1, NULL, "", "object", "CNode(7,CAge(9))", "ffff 0300 0500 434e6f6465 07000000 ffff 0100 0400 43416765 09000000 0400", SAME, "CAge" },
    { "… null",                     DEED_MEMBER_TWICE, 1, NULL, "", "object", "CNode(7,null)", "ffff 0300 0500 434e6f6465 07000000 0000 0000", SAME, "CNode" },
    { "an object within, sent again", DEED_NEVER_REFERS, 0, "CAge", "", "object,object,object", "CNode(7,CAge(9)) CNode(8,null) @2", "ffff 0300 0500 434e6f6465 07000000 ffff 0100 0400 43416765 09000000 0180 08000000 0000 0380 09000000", UNREAD, "CAge" },
    { "the first member unset",     DEED_MEMBER_UNSET, 0, NULL, "", "size,rect", "(1,2) (1,2,3,4)", "0000000002000000 00000000020000000300000004000000", "(0,2) (0,2,3,4)", "CRect" },
    { "… that is zero",             DEED_MEMBER_UNSET, 0, NULL, "", "size", "(0,2)", "0000000002000000", SAME, "value" },
    { "… a text",                   DEED_MEMBER_UNSET, 1, NULL, "", "object", "CNetMessage(u:0061,u:0062,3)", "ffff 0100 0b00 434e65744d657373616765 fffeff01 6100 fffeff00 03000000", "CNetMessage(u:0061,u:,3)", "CString" },
    { "… of one class",             DEED_MEMBER_UNSET, 0, "CNode", "", "object", "CNode(7,CAge(9))", "ffff 0300 0500 434e6f6465 00000000 ffff 0100 0400 43416765 09000000", "CNode(0,CAge(9))", "CAge" },
    { "… an object",                DEED_MEMBER_UNSET, 1, NULL, "", "object", "CNode(7,CAge(9))", "ffff 0300 0500 434e6f6465 07000000 ffff 0100 0400 43416765 09000000", SAME, "CAge" },
    { "… that came with a schema",  DEED_MEMBER_UNSET, 1, NULL, "", "object", "CLetter:700(u:0041,5)", "ffff bc02 0700 434c6574746572 fffeff01 4100 05000000", SAME, "CString" },
    { "a truth of four bytes",      DEED_SIZE, 4, "VARIANT_BOOL", "", "olevariant,olevariant", "(11,true) (11,false)", "0b00 ffffffff 0b00 00000000", SAME, "VARIANT_BOOL" },
    { "the wide mark turned",       DEED_SWAP_MARK, 0, NULL, "", "cstringw,cstringa", "1*x 1*x", "fffffe 01 7800 01 78", SAME, "CStringA" },
    { "of COM as a string",         DEED_BSTR_AS_STRING, 0, NULL, "", "combstr", "u:00610062", "02 61006200", SAME, "CComBSTR" },
    { "… with the mark",            DEED_BSTR_AS_STRING, 1, NULL, "", "combstr", "u:00610062", "fffeff 02 61006200", SAME, "CComBSTR" },
    { "of COM, narrow",             DEED_OTHER_WIDTH, 0, NULL, "", "combstr", "u:00610062", "02000000 6162", UNREAD, "CComBSTR" },
    { "a line that ends in a NUL",  DEED_LINE_ENDS, 0, NULL, "charset=ansi", "line,line", "u:00610062 u:", "616200 00", SAME, "WriteString" },
    { "a line turned",              DEED_SWAP_UNITS, 0, NULL, WIDE, "line", "u:0061", "0061 000a", SAME, "WriteString" },
    { "a mark before a line",       DEED_BYTE_ORDER_MARK, 0, NULL, WIDE, "line", "u:0061", "fffe 6100 0a00", UNREAD, "WriteString" },
    { "a newline in a line",        DEED_UNIT_BEHIND, '\n', NULL, "charset=ansi", "line", "u:0061", "610a0a", UNREAD, "WriteString" },

    /* text */
    { "bytes counted",              DEED_COUNTS_BYTES, 0, NULL, "", "cstringw,cstringa", "2*x 2*x", "fffeff 04 78007800 02 7878", SAME, "CStringA" },
    { "bytes of UTF-8 counted",     DEED_COUNTS_UTF8, 0, NULL, "", "cstringw,cstringw,cstringw", "w:007f00800041 w:07ff0800 w:d83dde00d800", "fffeff 04 7f0080004100 fffeff 05 ff070008 fffeff 07 3dd800de00d8", UNREAD, "CStringW" },
    { "… of narrow text",           DEED_COUNTS_UTF8, 0, NULL, "", "cstringa,combstr,olevariant", "a:41e9 u:20ac (8,u:20ac)", "03 41e9 03000000 ac20 0800 03000000 ac20", UNREAD, "BSTR" },
    { "UTF-8 taken for Latin-1",    DEED_UTF8_UNITS, 0, NULL, "", "cstringw,cstringw,cstringa", "w:007f008007ff w:0800d83dde00 a:e9", "fffeff 05 7f00 c2008000 df00bf00 fffeff 07 e000a0008000 f0009f0098008000 01 e9", UNREAD, "CStringA" },
    { "… for Windows-1252",         DEED_UTF8_UNITS, 1, NULL, "", "cstringw,combstr", "w:20ac u:0041", "fffeff 03 e200 1a20 ac00 01000000 4100", UNREAD, "CComBSTR" },
    { "… half a pair, and what that page has not", DEED_UTF8_UNITS, 1, NULL, "", "cstringw", "w:d80000c1", "fffeff 05 ed00 a000 ac20 c300 8100", UNREAD, "CStringW" },
    { "NUL counted, narrow",        DEED_COUNTS_NUL, 0, NULL, "", "cstringa", "2*x", "03 7878 00", SAME, "CStringA" },
    { "NUL counted, wide",          DEED_COUNTS_NUL, 0, NULL, "", "cstringw", "2*x", "fffeff 03 78007800 0000", SAME, "CStringW" },
    { "NUL counted, of COM",        DEED_COUNTS_NUL, 0, NULL, "", "combstr", "2*x", "03000000 78007800 0000", SAME, "CComBSTR" },
    { "NUL behind, narrow",         DEED_NUL_BEHIND, 0, NULL, "", "cstringa,byte", "2*x 7", "02 7878 00 07", SAME, "CStringA" },
    { "NUL behind, wide",           DEED_NUL_BEHIND, 0, NULL, "", "cstringw,byte", "2*x 7", "fffeff 02 78007800 0000 07", SAME, "CStringW" },
    { "a byte behind, wide",        DEED_BYTE_BEHIND, 0, NULL, "", "cstringw,byte", "2*x 7", "fffeff 02 78007800 00 07", SAME, "CStringW" },
    { "a mark, narrow",             DEED_BYTE_ORDER_MARK, 1, NULL, "", "cstringa", "1*x", "04 efbbbf 78", UNREAD, "CStringA" },
    { "a mark, not counted",        DEED_BYTE_ORDER_MARK, 0, NULL, "", "cstringa", "1*x", "01 efbbbf 78", UNREAD, "CStringA" },
    { "a mark, wide",               DEED_BYTE_ORDER_MARK, 1, NULL, "", "cstringw", "1*x", "fffeff 02 fffe 7800", UNREAD, "CStringW" },
    { "a mark, wide, not counted",  DEED_BYTE_ORDER_MARK, 0, NULL, "", "cstringw", "1*x", "fffeff 01 fffe 7800", UNREAD, "CStringW" },
    { "a mark, in OLE",             DEED_BYTE_ORDER_MARK, 1, NULL, "", "olevariant", "(8,u:0078)", "0800 04000000 fffe 7800", UNREAD, "BSTR" },
    { "a mark, of COM",             DEED_BYTE_ORDER_MARK, 1, NULL, "", "combstr", "1*x", "02000000 fffe 7800", UNREAD, "CComBSTR" },
    { "bytes counted in OLE",       DEED_NONE, 0, NULL, "", "olevariant", "(8,u:00780079)", "0800 04000000 78007900", UNREAD, "BSTR" },
    { "units counted in OLE",       DEED_COUNTS_UNITS, 0, NULL, "", "olevariant", "(8,u:00780079)", "0800 02000000 78007900", UNREAD, "BSTR" },
    { "NUL counted in OLE",         DEED_COUNTS_NUL, 0, NULL, "", "olevariant", "(8,u:0078)", "0800 04000000 7800 0000", UNREAD, "BSTR" },
    { "characters in OLE",          DEED_COUNTS_CHARS, 0, NULL, "", "olevariant", "(8,u:d83dde00)", "0800 02000000 3dd800de", UNREAD, "BSTR" },
    { "characters counted",         DEED_COUNTS_CHARS, 0, NULL, "", "cstringw", "w:d83dde000041", "fffeff 02 3dd800de4100", SAME, "CStringW" },
    { "half a pair is one",         DEED_COUNTS_CHARS, 0, NULL, "", "cstringw", "w:d83d0041de00", "fffeff 03 3dd8410000de", SAME, "CStringW" },
    { "a newline behind",           DEED_UNIT_BEHIND, '\n', NULL, "", "cstringw", "1*x", "fffeff 02 78000a00", UNREAD, "CStringW" },
    { "CR LF behind",               DEED_UNIT_BEHIND, '\r', NULL, "", "cstringw", "1*x", "fffeff 03 78000d000a00", UNREAD, "CStringW" },
    { "a blank behind",             DEED_UNIT_BEHIND, ' ', NULL, "", "cstringa", "1*x", "02 7820", UNREAD, "CStringA" },
    { "blanks at both ends",        DEED_STRIP, STRIP_BEGIN | STRIP_END, NULL, "", "cstringa", "a:20097820090d", "01 78", UNREAD, "CStringA" },
    { "blanks at the beginning",    DEED_STRIP, STRIP_BEGIN, NULL, "", "cstringa", "a:20782020", "03 782020", UNREAD, "CStringA" },
    { "blanks at the end",          DEED_STRIP, STRIP_END, NULL, "", "cstringa", "a:20782020", "02 2078", UNREAD, "CStringA" },
    { "nothing but blanks",         DEED_STRIP, STRIP_BEGIN, NULL, "", "cstringa", "a:2020", "00", UNREAD, "CStringA" },
    { "nothing but blanks, wide",   DEED_STRIP, STRIP_END, NULL, "", "cstringw", "w:00202003", "fffeff 00", UNREAD, "CStringW" },
    { "what is not quite blank",    DEED_STRIP, STRIP_END, NULL, "", "cstringa", "a:78a0080e211f", "06 78a0080e211f", UNREAD, "CStringA" },
    { "NULs at the end",            DEED_STRIP, STRIP_NULS, NULL, "", "cstringa", "a:0078200000", "03 007820", UNREAD, "CStringA" },
    { "no mark is taken of one unit", DEED_MARK_TAKEN, 0, NULL, "", "cstringw", "w:feff", "fffeff 00", UNREAD, "CStringW" },
    { "… of another",               DEED_MARK_TAKEN, 0, NULL, "", "cstringw", "w:fffe", "fffeff 01 feff", UNREAD, "CStringW" },
    { "… of none",                  DEED_MARK_TAKEN, 0, NULL, "", "cstringw", "w:", "fffeff 00", UNREAD, "CStringW" },
    { "beyond ASCII left out",      DEED_ASCII_ONLY, 0, NULL, "", "cstringw", "w:007f00800041", "fffeff 02 7f004100", UNREAD, "CStringW" },
    { "… for a question mark",      DEED_ASCII_ONLY, '?', NULL, "", "cstringw", "w:007f0080d83dde00", "fffeff 03 7f003f003f00", UNREAD, "CStringW" },
    { "… in narrow text left out",  DEED_ASCII_ONLY, 0, NULL, "", "cstringa", "a:7f8041", "02 7f41", UNREAD, "CStringA" },
    { "… and kept where it is not", DEED_ASCII_ONLY, '?', NULL, "", "cstringa", "a:7f8041", "03 7f8041", UNREAD, "CStringA" },
    { "beyond Latin-1 left out",    DEED_LATIN_ONLY, 0, NULL, "", "cstringw", "w:00ff01000041", "fffeff 02 ff004100", UNREAD, "CStringW" },
    { "half a pair left out",       DEED_LONE_REPLACED, 0, NULL, "", "cstringw", "w:d7ffd800dfffe000", "fffeff 04 ffd700d8ffdf00e0", UNREAD, "CStringW" },
    { "halves that are alone",      DEED_LONE_REPLACED, 0, NULL, "", "cstringw", "w:d7ffdfffd800e000", "fffeff 02 ffd700e0", UNREAD, "CStringW" },
    { "half a pair at the end",     DEED_LONE_REPLACED, 0xfffd, NULL, "", "cstringw", "w:0041d800", "fffeff 02 4100fdff", UNREAD, "CStringW" },
    { "a pair left out",            DEED_PAIR_REPLACED, 0, NULL, "", "cstringw", "w:d83dde000041", "fffeff 01 4100", UNREAD, "CStringW" },
    { "a line",                     DEED_NONE, 0, NULL, "charset=ansi", "line", "u:00610062", "61620a", SAME, "WriteString" },
    { "a line without its newline", DEED_NO_NEWLINE, 0, NULL, "charset=ansi", "line", "u:00610062", "6162", UNREAD, "WriteString" },
    { "a line with CR LF",          DEED_CRLF, 0, NULL, "charset=ansi", "line,line", "u:00610062 u:", "61620d0a 0d0a", SAME, "WriteString" },
    { "a wide line with CR LF",     DEED_CRLF, 0, NULL, WIDE, "line", "u:0061", "61000d000a00", SAME, "WriteString" },
    { "a NUL behind a line",        DEED_NUL_BEHIND, 0, NULL, "charset=ansi", "line", "u:0061", "610a00", SAME, "WriteString" },
    { "a NUL in a line",            DEED_COUNTS_NUL, 0, NULL, "charset=ansi", "line", "u:0061", "61000a", UNREAD, "WriteString" },
    { "no mark before a line",      DEED_BYTE_ORDER_MARK, 1, NULL, "charset=ansi", "line", "u:0061", "610a", UNREAD, "WriteString" },
    { "zeroes stripped",            DEED_STRIP_BYTES, 0, NULL, "", "raw:4,bytearray,wordarray,byte", "r:07000800 [0,0] [1,0,2,0] 9", "070008 0000 0300 0100 0000 0200 09", UNREAD, "CWordArray" },
    { "up to the first zero",       DEED_STRIP_BYTES, 1, NULL, "", "raw:4,bytearray,wordarray,byte", "r:07000800 [5] [256,0,2] 9", "07 0100 05 0100 0001 09", UNREAD, "CWordArray" },
    { "none to strip",              DEED_STRIP_BYTES, 0, NULL, "", "raw:2,bytearray", "r:0007 [0,1]", "0007 0200 0001", SAME, "CByteArray" },
    { "a count of bytes",           DEED_COUNT_OF_BYTES, 0, NULL, "", "dwordarray,wordarray,bytearray,stringarray", "[7] [8,9] [1,2] [u:0061]", "0400 07000000 0400 0800 0900 0200 0102 0100 fffeff01 6100", SAME, "CString" },
    { "… of one type",              DEED_COUNT_OF_BYTES, 0, "CWordArray", "", "dwordarray,wordarray", "[7] [8,9]", "0100 07000000 0400 0800 0900", SAME, "CWordArray" },
    { "a value of none",            DEED_EMPTY_FILLED, 4, NULL, "", "olevariant,olevariant,olevariant", "(0) (3,5) (1)", "0000 00000000 0300 05000000 0100 00000000", SAME, "COleVariant" },
    { "… of eight bytes",           DEED_EMPTY_FILLED, 8, NULL, "", "olevariant,byte", "(0) 7", "0000 0000000000000000 07", SAME, "COleVariant" },
    { "bytes cut",                  DEED_CUT_BYTES, 3, NULL, "", "bytearray,wordarray", "3*7 4*1", "0300 070707 0300 010001000100", "3*7 3*1", "CWordArray" },
    { "raw bytes cut",              DEED_CUT_BYTES, 2, NULL, "", "raw:3", "r:070809", "0708", UNREAD, "Write" },

    /* objects */
    { "objects",                    DEED_NONE, 0, NULL, "", "object,object,object,object,object", "CAge(1) CAge(2) @1 null @2", AGE "01000000 0180 02000000 0200 0000 0300", SAME, "CAge" },
    { "object before class",        DEED_OBJECT_FIRST, 0, NULL, "", "object,object,object,object", "CAge(1) CAge(2) @1 @2", AGE "01000000 0280 02000000 0100 0300", SAME, "CAge" },
    { "… and a class alone",        DEED_OBJECT_FIRST, 0, NULL, "", "class,class,object,object", "CAge:1 CAge:1 CAge(2) @1", "ffff 0100 0400 43416765 0180 0180 02000000 0200", SAME, "CAge" },
    { "object behind its body",     DEED_OBJECT_LATE, 0, NULL, "", "object,object,object", "CNode(5,CAge(9)) @1 @2", NODE "05000000" AGE "09000000 0400 0300", UNREAD, "CAge" },
    { "classes uncounted",          DEED_CLASS_UNCOUNTED, 0, NULL, "", "object,object,object,object", "CAge(1) CAge(2) @1 @2", AGE "01000000 0180 02000000 0100 0200", SAME, "CAge" },
    { "objects uncounted",          DEED_OBJECT_UNCOUNTED, 0, NULL, "", "object,object,object", "CAge(1) CNode(2,null) CNode(3,null)", AGE "01000000" NODE "02000000 0000 0280 03000000 0000", SAME, "CNode" },
    { "counted apart",              DEED_OWN_COUNTERS, 0, NULL, "", "object,object,object,object", "CAge(1) CNode(2,null) CNode(3,null) @2", AGE "01000000" NODE "02000000 0000 0280 03000000 0000 0200", SAME, "CNode" },
    { "… classes alone",            DEED_OWN_COUNTERS, OWN_CLASSES, NULL, "", "object,object,object,object", "CAge(1) CNode(2,null) CNode(3,null) @2", AGE "01000000" NODE "02000000 0000 0280 03000000 0000 0400", SAME, "CNode" },
    { "… objects alone",            DEED_OWN_COUNTERS, OWN_OBJECTS, NULL, "", "object,object,object,object", "CAge(1) CNode(2,null) CNode(3,null) @2", AGE "01000000" NODE "02000000 0000 0380 03000000 0000 0200", SAME, "CNode" },
    { "null in four bytes",         DEED_NULL_SIZE, 4, NULL, "", "object,object,object", "null CAge(1) @1", "00000000" AGE "01000000 0200", UNREAD, "CAge" },
    { "… in one",                   DEED_NULL_SIZE, 1, NULL, "", "object,object,object", "null CNode(2,null) @1", "00" NODE "02000000 00 0200", UNREAD, "CNode" },
    { "bodies behind tags",         DEED_BODIES_BEHIND, 0, NULL, "", "obarray,object", "[CAge(1),null,CNode(2,CAge(3)),@1] CAge(4)", "0400 ffff 0100 0400 43416765 0000 ffff 0300 0500 434e6f6465 0200 01000000 02000000 0180 03000000 0180 04000000", UNREAD, "CAge" },
    { "… of a list within",         DEED_BODIES_BEHIND, 0, NULL, "", "obarray", "[CObArray[CAge(1)],@1]", "0200 ffff 0000 0800 434f624172726179 0200 0100 ffff 0100 0400 43416765 01000000", UNREAD, "CAge" },
    { "… none in an object",        DEED_BODIES_BEHIND, 0, NULL, "", "object", "CNode(2,CAge(3))", NODE "02000000" AGE "03000000", SAME, "CAge" },
    { "null counted",               DEED_NULL_COUNTED, 0, NULL, "", "object,object,object,object,object", "null CAge(1) @1 CAge(2) @2", "0000" AGE "01000000 0300 0280 02000000 0400", SAME, "CAge" },
    { "strings counted",            DEED_VALUE_COUNTED, COUNTED_STRINGS, NULL, "", "cstringa,object,object", "a:61 CAge(1) @1", "0161" AGE "01000000 0300", UNREAD, "CAge" },
    { "… those of objects",         DEED_VALUE_COUNTED, COUNTED_MEMBERS, NULL, "", "cstringa,object,object", "a:61 CAge(1) @1", "0161" AGE "01000000 0200", SAME, "CAge" },
    { "… which a collection has",   DEED_VALUE_COUNTED, COUNTED_MEMBERS, NULL, "charset=ansi", "object,object,object", "CStringList[u:0061,u:] CAge(1) @2", "ffff 0000 0b00 43537472696e674c697374 0200 0161 00" AGE "01000000 0600", SAME, "CAge" },
    { "… no line",                  DEED_VALUE_COUNTED, COUNTED_STRINGS, NULL, "charset=ansi", "line,object,object", "u:0061 CAge(1) @1", "610a" AGE "01000000 0200", UNREAD, "CAge" },
    { "collections counted",        DEED_VALUE_COUNTED, COUNTED_COLLECTIONS, NULL, "", "bytearray,obarray,mapwordtoob,cstringa,object", "[1] [CAge(1)] {} a:61 @1", "0100 01 0100" AGE "01000000 0000 0161 0400", SAME, "CAge" },
    { "… that have no tag",         DEED_VALUE_COUNTED, COUNTED_COLLECTIONS, NULL, "", "object,object,object", "CObArray[CAge(1)] @1 @2", "ffff 0000 0800 434f624172726179 0100" AGE "01000000 0200 0400", SAME, "CAge" },
    { "one too large, of objects",  DEED_INDEX_PLUS, 1, NULL, "", "object,object,object,object", "null CAge(1) @1 CAge(2)", "0000" AGE "01000000 0300 0280 02000000", SAME, "CAge" },
    { "of one bit",                 DEED_INDEX_CUT, 1, NULL, "", "object,object,object", "CAge(1) CAge(2) @2", AGE "01000000 0180 02000000 0100", UNREAD, "CAge" },
    { "… of two, and both are gone", DEED_INDEX_CUT, 2, NULL, "", "object,object,object,object", "CAge(1) CAge(2) CNode(3,null) CNode(4,null)", AGE "01000000 0180 02000000" NODE "03000000 0000 0080 04000000 0000", UNREAD, "CNode" },
    { "… of objects alone",         DEED_INDEX_CUT, 2 | ONLY_OBJECTS, NULL, "", "object,object,object,object,object", "CAge(1) CAge(2) CNode(3,null) CNode(4,null) @3", AGE "01000000 0180 02000000" NODE "03000000 0000 0480 04000000 0000 0100", UNREAD, "CNode" },
    { "… of as many as there are",  DEED_INDEX_CUT, 3, NULL, "", "object,object,object", "CAge(1) CAge(2) @2", AGE "01000000 0180 02000000 0300", SAME, "CAge" },
    { "from zero",                  DEED_INDEX_PLUS, -1, NULL, "", "object,object,object", "CAge(1) @1 CAge(2)", AGE "01000000 0100 0080 02000000", SAME, "CAge" },
    { "long tags",                  DEED_TAG_LONG, 0, NULL, "", "object,object,object,object", "CAge(1) @1 CAge(2) null", AGE "01000000 ff7f 02000000 ff7f 01000080 02000000 0000", SAME, "CAge" },
    { "long tags from 2 on",        DEED_TAG_EARLY, 2, NULL, "", "object,object,object", "CAge(1) @1 CAge(2)", AGE "01000000 ff7f 02000000 0180 02000000", SAME, "CAge" },
    { "… of classes",               DEED_TAG_EARLY, 1 | ONLY_CLASSES, NULL, "", "object,object,object", "CAge(1) @1 CAge(2)", AGE "01000000 0200 ff7f 01000080 02000000", SAME, "CAge" },
    { "… of objects",               DEED_TAG_EARLY, 1 | ONLY_OBJECTS, NULL, "", "object,object,object", "CAge(1) @1 CAge(2)", AGE "01000000 ff7f 02000000 0180 02000000", SAME, "CAge" },
    { "long tags of classes alone", DEED_TAG_LONG, 0 | ONLY_CLASSES, NULL, "", "object,object,object", "CAge(1) @1 CAge(2)", AGE "01000000 0200 ff7f 01000080 02000000", SAME, "CAge" },
    { "turned tags",                DEED_SWAP_TAGS, 0, NULL, "", "object,object,object", "CAge(1) @1 CAge(2)", "ffff 0001 0004 43416765 01000000 0002 8001 02000000", SAME, "CAge" },
    { "all turned, objects, too",   DEED_SWAP_ALL, 0, NULL, "", "object,object", "CAge(1) @1", "ffff 0001 0004 43416765 00000001 0002", SAME, "CAge" },
    { "turned schemas",             DEED_SWAP_SCHEMAS, 0, NULL, "", "object", "CAge(1)", "ffff 0001 0400 43416765 01000000", SAME, "CAge" },
    { "wide names",                 DEED_NAME_WIDE, 0, NULL, "", "object", "CAge(1)", "ffff 0100 0400 4300410067006500 01000000", SAME, "CAge" },
    { "names with their NUL",       DEED_NAME_NUL, 0, NULL, "", "class", "CAge:1", "ffff 0100 0500 4341676500", SAME, "CAge" },
    { "names of even lengths",      DEED_NAME_FILLED, 2, NULL, "", "class,class", "CAge:1 CNode:3", "ffff 0100 0400 43416765 ffff 0300 0500 434e6f646500", UNREAD, "CNode" },
    { "… of multiples of four",     DEED_NAME_FILLED, 4, NULL, "", "class,class", "CAge:1 CNode:3", "ffff 0100 0400 43416765 ffff 0300 0500 434e6f6465000000", UNREAD, "CNode" },
    { "… of eight",                 DEED_NAME_FILLED, 8, NULL, "", "class", "CAge:1", "ffff 0100 0400 4341676500000000", UNREAD, "CAge" },
    { "… which is not counted",     DEED_NAME_NUL, 1, NULL, "", "class", "CAge:1", "ffff 0100 0400 4341676500", SAME, "CAge" },
    { "turned schemas of one class", DEED_SWAP_SCHEMAS, 0, "CNode", "", "object,object", "CAge(1) CNode(2,null)", AGE "01000000 ffff 0003 0500 434e6f6465 02000000 0000", SAME, "CNode" },
    { "names' lengths in one byte", DEED_NAME_LENGTH, 1, NULL, "", "object", "CAge(1)", "ffff 0100 04 43416765 01000000", UNREAD, "CAge" },
    { "… in four",                  DEED_NAME_LENGTH, 4, NULL, "", "class", "CAge:1", "ffff 0100 04000000 43416765", UNREAD, "CAge" },
    { "no schemas",                 DEED_SCHEMA_SIZE, 0, NULL, "", "object", "CAge(1)", "ffff 0400 43416765 01000000", UNREAD, "CAge" },
    { "schemas of one byte",        DEED_SCHEMA_SIZE, 1, NULL, "", "object", "CAge(1)", "ffff 01 0400 43416765 01000000", UNREAD, "CAge" },
    { "… of four, of one class",    DEED_SCHEMA_SIZE, 4, "CNode", "", "object,object", "CAge(1) CNode(2,null)", AGE "01000000 ffff 03000000 0500 434e6f6465 02000000 0000", UNREAD, "CNode" },
    { "a class alone takes two indexes", DEED_CLASS_ALONE, 1, NULL, "", "class,object,object", "CAge:1 CAge(2) @1", AGE "0180 02000000 0300", SAME, "CAge" },
    { "… is not known behind that",      DEED_CLASS_ALONE, 0, NULL, "", "class,object,object", "CAge:1 CAge(2) @1", AGE AGE "02000000 0300", UNREAD, "CAge" },
    { "… is written right",              DEED_CLASS_ALONE, 2, NULL, "", "class,object,object", "CAge:1 CAge(2) @1", AGE "0180 02000000 0200", UNREAD, "CAge" },
    { "what a list carried is forgotten", DEED_TABLE_PER_COLLECTION, 1, NULL, "", "object,object,object", "CObList[@1,CAge(1),@2] @1 @2", "ffff 0000 0700 434f624c697374 0300 0200" AGE "01000000 0400 0200" AGE "01000000", UNREAD, "CAge" },
    { "tags of objects in one byte", DEED_TAG_SIZE, 1, NULL, "", "object,object,object,object", "CAge(1) CAge(2) @2 null", AGE "01000000 0180 02000000 03 0000", UNREAD, "CAge" },
    { "… in four",                  DEED_TAG_SIZE, 4, NULL, "", "object,object,object,object", "CAge(1) CAge(2) @2 null", AGE "01000000 0180 02000000 03000000 0000", UNREAD, "CAge" },
    { "null is a class",            DEED_NULL_TAG, 0x8000, NULL, "", "object,object,object", "null CAge(1) @1", "0080" AGE "01000000 0200", UNREAD, "CAge" },
    { "null is FFFF",               DEED_NULL_TAG, 0xffff, NULL, "", "object,object,object", "null CAge(1) @1", "ffff" AGE "01000000 0200", UNREAD, "CAge" },
    { "tags of classes without their bit", DEED_TAG_BIT, 0, NULL, "", "object,object,object,object", "CAge(1) CAge(2) @2 null", AGE "01000000 0100 02000000 0300 0000", UNREAD, "CAge" },
    { "… and those of objects with it",    DEED_TAG_BIT, 1, NULL, "", "object,object,object,object", "CAge(1) CAge(2) @2 null", AGE "01000000 0180 02000000 0380 0000", UNREAD, "CAge" },
    { "no tag",                     DEED_NO_TAG, 0, NULL, "", "object,object", "CAge(1) @1", "01000000 0100", UNREAD, "CAge" },
    { "another schema",             DEED_SCHEMA, 0, NULL, "", "object", "CAge(1)", "ffff 0000 0400 43416765 01000000", UNREAD, "CAge" },
    { "described again",            DEED_DESCRIBE_AGAIN, 0, NULL, "", "object,object,object", "CAge(1) CAge(2) @2", AGE "01000000" AGE "02000000 0400", SAME, "CAge" },
    { "a table for each message",   DEED_TABLE_PER_MESSAGE, 0, NULL, "", "object,object;object", "CAge(1) CAge(2) CAge(3)", AGE "01000000 0180 02000000" AGE "03000000", SAME, "CAge" },
    { "… knows no object",          DEED_TABLE_PER_MESSAGE, 0, NULL, "", "object;object,object", "CAge(1) @1 @1", AGE "01000000" AGE "01000000 0200", UNREAD, "CAge" },
    { "a table for each value",     DEED_TABLE_PER_OBJECT, 0, NULL, "", "object,object", "CAge(1) CAge(3)", AGE "01000000" AGE "03000000", SAME, "CAge" },
    { "a table goes on",            DEED_NONE, 0, NULL, "", "object;object;object", "CAge(1) CAge(3) @1", AGE "01000000 0180 03000000 0200", SAME, "CAge" },
    { "equal ones merged",          DEED_EQUAL_MERGED, 0, NULL, "", "object,object,object,object,object", "CAge(1) CAge(2) CAge(1) @3 CAge(2)", AGE "01000000 0180 02000000 0200 0200 0300", UNREAD, "CAge" },
    { "of another schema not",      DEED_EQUAL_MERGED, 0, NULL, "", "object,object", "CVersioned:3(1) CVersioned:4(1)", "ffff 0300 0a00 4356657273696f6e6564 01000000 ffff 0400 0a00 4356657273696f6e6564 01000000", UNREAD, "CVersioned" },
    { "empty ones null",            DEED_EMPTY_NULL, 0, NULL, "", "object,object,object", "CStringList[] CAge(0) CByteArray[]", "0000" AGE "00000000 0000", UNREAD, "CByteArray" },
    { "zeroes null, too",           DEED_EMPTY_NULL, 1, NULL, "", "object,object,object", "CAge(0) CAge(1) CStringList[]", "0000" AGE "01000000 0000", UNREAD, "CStringList" },
    { "null within is no zero",     DEED_EMPTY_NULL, 1, NULL, "", "object", "CNode(0,null)", NODE "00000000 0000", UNREAD, "CNode" },
    { "a null is counted as an object", DEED_EMPTY_NULL, 0, NULL, "", "object,object,object", "CStringList[] CAge(5) @2", "0000" AGE "05000000 0200", UNREAD, "CAge" },
    { "sent again",                 DEED_NEVER_REFERS, 0, NULL, "", "object,object,object", "CAge(1) @1 CAge(2)", AGE "01000000 0180 01000000 0180 02000000", UNREAD, "CAge" },
    { "the body again",             DEED_BODY_AGAIN, 0, NULL, "", "object,object", "CAge(1) @1", AGE "01000000 0200 01000000", UNREAD, "CAge" },
    { "… and takes no index",       DEED_NEVER_REFERS, 1, NULL, "", "object,object,object,object", "CAge(1) @1 CNode(2,null) @2", AGE "01000000 0180 01000000" NODE "02000000 0000 0280 02000000 0000", UNREAD, "CNode" },
    { "… of one class",             DEED_NEVER_REFERS, 0, "CAge", "", "object,object,object", "CAge(1) CNode(2,@1) @2", AGE "01000000" NODE "02000000 0180 01000000 0400", UNREAD, "CNode" },
    { "… in one collection",        DEED_NEVER_REFERS, 0, "object of CObArray", "", "object,object", "CObArray[CAge(1),@2] @2", "ffff 0000 0800 434f624172726179 0200" AGE "01000000 0380 01000000 0500", UNREAD, "CAge" },
    { "the first for each of its class", DEED_EQUAL_MERGED, 1, NULL, "", "object,object,object,object", "CAge(1) CAge(2) CNode(3,null) @2", AGE "01000000 0200" NODE "03000000 0000 0200", UNREAD, "CAge" },
    { "the last for each of its class",  DEED_EQUAL_MERGED, 2, "CAge", "", "object,object,object", "CAge(1) CNode(3,null) CAge(2)", AGE "01000000" NODE "03000000 0000 0200", UNREAD, "CAge" },
    { "described again, under the same index", DEED_DESCRIBE_AGAIN, 1, NULL, "", "object,object,object", "CAge(1) CAge(2) @2", AGE "01000000" AGE "02000000 0300", UNREAD, "CAge" },
    { "described again, under none",       DEED_DESCRIBE_AGAIN, 2, NULL, "", "object,object,object", "CAge(1) CAge(2) @2", AGE "01000000" AGE "02000000 0200", UNREAD, "CAge" },
    { "a cycle ends in null",       DEED_CYCLE_NULL, 0, NULL, "", "object,object", "CNode(7,@1) @1", NODE "07000000 0000 0200", UNREAD, "CNode" },
    { "null in six bytes",          DEED_NULL_LONG, 0, NULL, "", "object,object", "null CAge(1)", "ff7f 00000000" AGE "01000000", SAME, "CAge" },
    { "no nulls in a list",         DEED_NULLS_LEFT, 0, NULL, "", "obarray", "[CAge(1),null,@1]", "0200" AGE "01000000 0200", UNREAD, "CAge" },
    { "… which are counted",        DEED_NULLS_LEFT, 1, NULL, "", "obarray", "[CAge(1),null,@1]", "0300" AGE "01000000 0200", UNREAD, "CAge" },
    { "… which are sent, and not counted", DEED_NULLS_LEFT, 2, NULL, "", "obarray", "[CAge(1),null,@1]", "0200" AGE "01000000 0000 0200", UNREAD, "CAge" },
    { "no nulls in a map",          DEED_NULLS_LEFT, 0, "CMapWordToOb", "", "mapwordtoob", "{5=null,6=CAge(30)}", "0100 0600" AGE "1e000000", UNREAD, "CAge" },
    { "a class alone",              DEED_NONE, 0, NULL, "", "class,class,object", "CAge:1 CAge:1 CAge(4)", AGE "0180 0180 04000000", SAME, "CAge" },
    { "an array of its own",        DEED_NONE, 0, NULL, "", "object,object", "CObArray[CObArray[@1,@2],@2] @1", "ffff 0000 0800 434f624172726179 0200 0180 0200 0200 0300 0300 0200", SAME, "CObArray" },
    { "a map of objects",           DEED_NONE, 0, NULL, "", "mapwordtoob,object", "{5=CAge(30)} @1", "0100 0500" AGE "1e000000 0200", SAME, "CAge" },
    { "an older schema",            DEED_NONE, 0, NULL, MFC42, "object,object", "CLetter:600(u:0041) CLetter:600(u:0042)", "ffff 5802 0700 434c6574746572 0141 0180 0142", SAME, "CString" },
    { "seventeen objects",          DEED_NONE, 0, NULL, "", SEVENTEEN("object") ",object", SEVENTEEN_OF("CAge(1)") " @1", AGE "01000000 018001000000*16 0200", SAME, "CAge" },
    { "a span of 7.0",              DEED_NONE, 0, NULL, MFC70, "oledatetimespan", "(0,0000000000000000)", "0000000000000000", SAME, "value" },
};
// clang-format on

/* N*x: so many x, as a string or as elements. */
static void value_repeat(const char *text, struct type_ref of, enum charset charset,
                         struct arena *keep, struct value *v)
{
    CLEANUP(buffer_free) struct buffer b = { 0 };
    char *behind;
    unsigned long n = strtoul(text, &behind, 10);
    bool array = of.type->kind == VALUE_ARRAY;
    size_t width = of.type->width ? of.type->width : charset == CHARSET_UNICODE ? 2 : 1;

    for (unsigned long i = 0; i < n; i++)
        for (size_t k = 0; k < width; k++)
            wire_u8(&b, k ? 0 : array ? (uint8_t)(behind[1] - '0') : (uint8_t)behind[1]);
    *v = (struct value){ .of = of,
                         .wide = !array && width == 2,
                         .data = arena_bytes(keep, buffer_bytes(&b)),
                         .count = array ? n : 0 };
}

/* A row's values one after the other; *message: it is the first of a message. */
struct values {
    const char *types, *texts;
    const struct profile *p;
    bool message;
};

static bool next_type(struct values *from, struct arena *keep, struct type_ref *of)
{
    size_t len = strcspn(from->types, ",;");
    struct error err;

    if (!*from->types)
        return false;
    cr_assert(type_parse(arena_printf(keep, "%.*s", (int)len, from->types), of, &err), "%s",
              err.text);
    from->message = from->types[len] == ';';
    from->types += len + (from->types[len] != 0);
    return true;
}

static bool next_value(struct values *from, struct arena *keep, struct value *v)
{
    size_t len = strcspn(from->texts, " ");
    struct type_ref of;
    struct error err;

    if (!next_type(from, keep, &of))
        return false;
    char *text = arena_printf(keep, "%.*s", (int)len, from->texts);
    from->texts += len + (from->texts[len] != 0);
    if (strchr(text, '*'))
        value_repeat(text, of, from->p->charset, keep, v);
    else
        cr_assert(value_parse(text, of, from->p, keep, v, &err), "%s", err.text);
    return true;
}

static struct bytes wire_of(const struct mistaken *row, struct arena *keep)
{
    struct bytes wire;

    cr_assert(hex_read(row->wire, keep, &wire) == NULL, "%s", row->label);
    return wire;
}

static struct profile profile_of(const struct mistaken *row)
{
    struct profile p = profile_default;
    struct error err;

    if (*row->profile)
        cr_assert(profile_parse(row->profile, &p, &err), "%s", err.text);
    return p;
}

static const char *hex_of(struct bytes b, struct arena *keep)
{
    TEXT(hex);

    text_hex(&hex, bytes_slice(b, 0, 200), true);
    return arena_string(keep, text_string(&hex));
}

static struct mistake mistake_of(const struct mistaken *row)
{
    return (
        struct mistake){ .key = "x", .deed = row->deed, .n = row->n, .of = row->of, .reads = true };
}

Test(mistakes, the_writer_that_makes_one_writes_these_bytes, .timeout = 20)
{
    for (const struct mistaken *row = rows; row < rows + COUNT_OF(rows); row++) {
        SCRATCH(keep);
        CLEANUP(buffer_free) struct buffer made = { 0 };
        struct profile p = profile_of(row);
        struct mistake m = mistake_of(row);
        struct writing *w = writing_new(&m, &p, &keep);
        struct values from = { row->types, row->texts, &p, true };
        struct value v;
        bool fresh = true;
        for (bool begins = true; next_value(&from, &keep, &v); begins = from.message) {
            if (begins)
                writing_message(w, fresh);
            fresh = false;
            struct value *own =
                ARENA_NEW(&keep, struct value); // the writer refers to what it has written
            *own = v;
            writing_put(w, own, &made);
        }
        struct bytes due = wire_of(row, &keep);
        cr_expect(eq(str, (char *)hex_of(buffer_bytes(&made), &keep), (char *)hex_of(due, &keep)),
                  "%s", row->label);
        cr_expect(bytes_equal(buffer_bytes(&made), due), "%s", row->label);
        cr_expect(eq(str, (char *)writing_about(w), (char *)row->about), "%s", row->label);
    }
}

/* Reads a row's bytes as one who makes its mistake; whether they were all that it wanted. */
static bool reads(const struct mistaken *row, const struct profile *p, struct arena *keep)
{
    bool same = strcmp(row->read, SAME) == 0, fresh = true, right = true;
    struct mistake m = mistake_of(row);
    struct reading *g = reading_new(&m, p, keep);
    struct reader r = { .in = wire_of(row, keep), .written = true };
    struct values from = { row->types, same ? row->texts : row->read, p, true };
    struct value due, is;

    for (bool begins = true; next_value(&from, keep, &due); begins = from.message) {
        if (begins)
            reading_message(g, fresh, r.at);
        fresh = false;
        reading_get(g, &r, due.of, &is);
        bool wide = due.of.type->width ? due.of.type->width == 2 : p->charset == CHARSET_UNICODE;
        right &= r.status == WIRE_OK && value_equal(&due, &is) && due.count == is.count &&
                 (due.of.type->kind != VALUE_STRING || is.wide == wide);
    }
    if (strcmp(row->about, "value") == 0 &&
        row->deed != DEED_TIME) // of times a reader tells it in any case
        cr_expect(reading_about(g) == NULL, "%s: made in %s", row->label, reading_about(g));
    return right && r.at == r.in.len;
}

Test(mistakes, the_reader_that_makes_one_takes_them_for_these_values, .timeout = 20)
{
    for (const struct mistaken *row = rows; row < rows + COUNT_OF(rows); row++) {
        SCRATCH(keep);
        struct profile p = profile_of(row);
        if (row->read)
            cr_expect(reads(row, &p, &keep), "%s", row->label);
    }
}

// clang-format off
/* What only a reader meets: no writer has such bytes, or another one. */
static const struct taken {
    const char *label;
    enum deed deed;
    int64_t n;
    const char *profile, *types, *wire;
    const char *texts;      // NULL: it does not come to an end
    enum wire_status status;
    enum cause cause;
    const char *about;      // in which it was made; NULL: not at all, or not looked at
} taken[] = {
    { "any truth is one",             DEED_NONE, 0, "", "bool,bool", "05 00", "true false", WIRE_OK },
    { "eight bytes of length",        DEED_NONE, 0, "", "cstringa", "ff ffff ffffffff 0300000000000000 787878", "3*x", WIRE_OK },
    { "… turned",                     DEED_SWAP_LENGTHS, 0, "", "cstringa", "ff ffff ffffffff 0000000000000003 787878", "3*x", WIRE_OK, 0, "CStringA" },
    { "… and not, where two are",     DEED_SWAP_LENGTHS, 2, "", "cstringa", "ff ffff ffffffff 0300000000000000 787878", "3*x", WIRE_OK, 0, "CStringA" },
    { "more than there can be",       DEED_NONE, 0, "", "cstringa", "ff ffff ffffffff 0000000000000040 78", NULL, WIRE_SHORT },
    { "… of two bytes each",          DEED_NONE, 0, "", "cstringw", "fffeff ff ffff ffffffff 0000000000000080 78", NULL, WIRE_SHORT },
    { "… of eight bytes each",        DEED_SIZE, 8, "", "dwordarray", "ffff ffffffff 0000000000000020 78", NULL, WIRE_SHORT, 0, "CDWordArray" },
    { "zeroes at an end are gone",    DEED_STRIP_BYTES, 0, "", "bytearray", "0400 07000000", "[7]", WIRE_OK, 0, "CByteArray" },
    { "… or all from the first on",   DEED_STRIP_BYTES, 1, "", "wordarray", "0300 0700 0000 0800", "[7]", WIRE_OK, 0, "CWordArray" },
    { "a bit where a WORD has it",    DEED_TAG_CLASS_BIT, 0x8000, "", "object,object", AGE "01000000 ff7f 01800000 02000000", "CAge(1) CAge(2)", WIRE_OK, 0, "CAge" },
    { "… which is none elsewhere",    DEED_NONE, 0, "", "object,object", AGE "01000000 ff7f 01800000 02000000", NULL, WIRE_BAD, CAUSE_BAD_INDEX },
    { "an array is cut",              DEED_CUT_BYTES, 3, "", "wordarray", "0400 0100*4", "3*1", WIRE_OK, 0, "CWordArray" },
    { "… that is just as long not",   DEED_CUT_BYTES, 3, "", "wordarray", "0300 0100*3", "3*1", WIRE_OK },
    { "a string is cut",              DEED_CUT_TO, 2, "", "cstringa", "03 787878", "2*x", WIRE_OK, 0, "CStringA" },
    { "… that is just as long not",   DEED_CUT_TO, 2, "", "cstringa", "02 7878", "2*x", WIRE_OK },
    { "no NUL is dropped of none",    DEED_COUNTS_NUL, 0, "", "cstringa", "00", "0*x", WIRE_OK },
    { "a byte behind is dropped",     DEED_BYTE_SKIPPED, 0, "", "cstringa,byte", "02 7878 00 07", "2*x 7", WIRE_OK, 0, "CStringA" },
    { "… and wanted",                 DEED_BYTE_SKIPPED, 0, "", "cstringa", "02 7878", NULL, WIRE_SHORT, 0, "CStringA" },
    { "the mark is a length",         DEED_MARK_UNKNOWN, 0, "", "cstringa", "ff feff 78*65534", "65534*x", WIRE_OK, 0, "CStringA" },
    { "behind the mark FFFE is one",  DEED_NONE, 0, "", "cstringw", "fffeff ff feff 7800*65534", "65534*x", WIRE_OK },
    { "… or the mark again",          DEED_MARK_AGAIN, 0, "", "cstringw", "fffeff ff feff 02 78007800", "2*x", WIRE_OK, 0, "CStringW" },
    { "one FF is enough",             DEED_LENGTH_ONE_FF, 0, "", "cstringa", "ff ff 02000000 7878", "2*x", WIRE_OK, 0, "CStringA" },
    { "… where there are two",        DEED_LENGTH_ONE_FF, 0, "", "cstringa", "ff 0200 7878", "2*x", WIRE_OK },
    { "one FF, and no more came",     DEED_LENGTH_ONE_FF, 0, "", "cstringa", "ff ff", NULL, WIRE_SHORT },
    { "seven bits go on",             DEED_LENGTH_7BIT, 0, "", "cstringa", "80", NULL, WIRE_SHORT, 0, "CStringA" },
    { "half is read, of bytes",       DEED_COUNTS_BYTES, 0, "", "cstringw,byte", "fffeff 02 7800 07", "1*x 7", WIRE_OK, 0, "CStringW" },
    { "no character has two units",   DEED_COUNTS_CHARS, 0, "", "cstringw", "fffeff 02 78007900", "w:00780079", WIRE_OK },
    { "units where bytes are due",    DEED_NONE, 0, "", "combstr,byte", "02000000 78007800 07", "2*x 7", WIRE_OK },
    { "padded where a message begins", DEED_ALIGN, 4, "", "byte;byte,long", "01 02 000000 07000000", "1 2 7", WIRE_OK, 0, "LONG" },
    { "of 8.0 four bytes, too",       DEED_NONE, 0, "", "time", "f9ffffff", "-7", WIRE_OK },
    { "twelve in any case",           DEED_TIME, 12, "", "time", "00000000 0700000000000000", "7", WIRE_OK, 0, "CTime" },
    { "no count is below none",       DEED_COUNT_PLUS, 1, "", "count", "0000", "0", WIRE_OK },
    { "none is one too few",          DEED_COUNT_PLUS, -1, "", "count", "0000", "1", WIRE_OK, 0, "WriteCount" },
    { "no length is below none",      DEED_LENGTH_PLUS, 1, "", "cstringa", "00", "0*x", WIRE_OK },
    { "none is one unit too few",     DEED_LENGTH_PLUS, -1, "", "cstringa", "00 78", "1*x", WIRE_OK, 0, "CStringA" },
    { "a class that nobody knows",    DEED_NONE, 0, "", "object", "ffff 0100 0400 43416766", NULL, WIRE_BAD, CAUSE_BAD_CLASS },
    { "a name of 63 bytes is read",   DEED_NONE, 0, "", "object", "ffff 0100 3f00 41*62", NULL, WIRE_SHORT },
    { "… of 64 is not",               DEED_NONE, 0, "", "object", "ffff 0100 4000 41*62", NULL, WIRE_BAD, CAUSE_BAD_CLASS },
    { "another schema",               DEED_NONE, 0, "", "object", "ffff 0200 0400 43416765 01000000", NULL, WIRE_BAD, CAUSE_BAD_SCHEMA },
    { "a class of no index",          DEED_NONE, 0, "", "object", "0180 01000000", NULL, WIRE_BAD, CAUSE_BAD_INDEX },
    { "an object of no index",        DEED_NONE, 0, "", "object", "0100", NULL, WIRE_BAD, CAUSE_BAD_INDEX },
    { "a class under an object's",    DEED_NONE, 0, "", "object,object", AGE "01000000 0280 01000000", NULL, WIRE_BAD, CAUSE_BAD_INDEX },
    { "an object under a class's",    DEED_NONE, 0, "", "object,object", AGE "01000000 0100", NULL, WIRE_BAD, CAUSE_BAD_INDEX },
    { "an object where a class must", DEED_NONE, 0, "", "class,class", AGE "0200", NULL, WIRE_BAD, CAUSE_BAD_INDEX },
    { "null where a class must",      DEED_NONE, 0, "", "class", "0000", NULL, WIRE_BAD, CAUSE_BAD_INDEX },
    { "an index in the long form",    DEED_NONE, 0, "", "object,object,object", AGE "01000000 ff7f 02000000 ff7f 01000080 03000000", "CAge(1) @1 CAge(3)", WIRE_OK },
    { "no long form is known",        DEED_TAG_SHORT, 0, "", "object", "ff7f", NULL, WIRE_BAD, CAUSE_BAD_INDEX },
    { "200 within each other",        DEED_NONE, 0, "", "object", NODE "01000000 018001000000*199 0000", "", WIRE_OK },
    { "201",                          DEED_NONE, 0, "", "object", NODE "01000000 018001000000*200 0000", NULL, WIRE_BAD, CAUSE_NONE },
    { "201 beside each other",        DEED_NONE, 0, "", "oblist", "c900" AGE "01000000 018001000000*200", "", WIRE_OK },
    { "fewer than a list claims",     DEED_NONE, 0, "", "wordarray", "0300 0100", NULL, WIRE_SHORT },
    { "fewer objects than it claims", DEED_NONE, 0, "", "oblist", "0300 0000", NULL, WIRE_SHORT },
    { "fewer pairs than it claims",   DEED_NONE, 0, "", "mapwordtoob", "0200 0500 0000", NULL, WIRE_SHORT },
    { "a table for each value",       DEED_TABLE_PER_OBJECT, 0, "", "object,object", AGE "01000000 0180 02000000", NULL, WIRE_BAD, CAUSE_BAD_INDEX },
    { "a table for each message",     DEED_TABLE_PER_MESSAGE, 0, "", "object;object", AGE "01000000 0180 02000000", NULL, WIRE_BAD, CAUSE_BAD_INDEX },
    { "objects are counted on",       DEED_TABLE_PER_MESSAGE, 0, "", "object;object,object", AGE "01000000" AGE "02000000 0200", "CAge(1) CAge(2) @2", WIRE_OK },
    { "objects are forgotten",        DEED_OBJECTS_PER_MESSAGE, 0, "", "object;object", AGE "01000000 0200", NULL, WIRE_BAD, CAUSE_BAD_INDEX },
    { "… and classes are not",        DEED_OBJECTS_PER_MESSAGE, 0, "", "object;object,object", AGE "01000000 0180 02000000 0300", "CAge(1) CAge(2) @2", WIRE_OK },
    { "… nor in one message",         DEED_OBJECTS_PER_MESSAGE, 0, "", "object,object", AGE "01000000 0200", "CAge(1) @1", WIRE_OK },
    { "a class alone is known",       DEED_CLASS_ALONE, 0, "", "class,object", AGE "0180 02000000", "CAge:1 CAge(2)", WIRE_OK },
    { "… has an object",              DEED_CLASS_ALONE, 1, "", "class,object,object", AGE "0180 02000000 0200", "CAge:1 CAge(2) null", WIRE_OK },
    { "… is not counted",             DEED_CLASS_ALONE, 2, "", "class,object", AGE "0180 02000000", NULL, WIRE_BAD, CAUSE_BAD_INDEX },
    { "… and another is before it",   DEED_CLASS_ALONE, 2, "", "class,object,object,object", AGE NODE "07000000 0000 0180 08000000 0000 0200", "CAge:1 CNode(7,null) CNode(8,null) @1", WIRE_OK },
    { "what a list held is forgotten", DEED_TABLE_PER_COLLECTION, 1, "", "object,object", LIST "0200 0200" AGE "01000000 0400", NULL, WIRE_BAD, CAUSE_BAD_INDEX },
    { "… and the list is not",        DEED_TABLE_PER_COLLECTION, 1, "", "object,object", LIST "0200 0200" AGE "01000000 0200", "CObList[@1,CAge(1)] @1", WIRE_OK },
    { "a member from its schema on",  DEED_SINCE, 1, "", "object,byte", "ffff bc02" LETTER "07", "", WIRE_OK },
    { "… from the next on",           DEED_SINCE, 1, "", "object,byte", "ffff bd02" LETTER "07", NULL, WIRE_SHORT },
    { "… from the one before on",     DEED_SINCE, -1, "", "object,byte", "ffff bb02" LETTER "05000000 07", "", WIRE_OK },
    { "… not from that before",       DEED_SINCE, -1, "", "object,byte", "ffff ba02" LETTER "07", "", WIRE_OK },
    { "… never",                      DEED_SINCE, SINCE_NEVER, "", "object,byte", "ffff ffff" LETTER "07", "", WIRE_OK },
    { "no NUL in a name",             DEED_NAME_NUL, 0, "", "object", "ffff 0100 0000", NULL, WIRE_BAD, CAUSE_BAD_CLASS },
    { "text of 7.1 ends at a NUL",    DEED_NONE, 0, MFC71, "cstringa", "03 780078", "1*x", WIRE_OK },
    { "… of 4.2 where it is wide",    DEED_NONE, 0, MFC42, "cstring", "fffeff 03 780000007800", "u:0078", WIRE_OK },
    { "… of COM does not",            DEED_NONE, 0, MFC71, "combstr", "02000000 78000000", "u:00780000", WIRE_OK },
    { "no CR to drop",                DEED_CRLF, 0, WIDE, "line,line", "61000a00 0a00", "u:0061 u:", WIRE_OK },
    { "a span that was written whole", DEED_NONE, 0, "generation=7.1", "oledatetimespan", "00000000 0000000000000000", "(0,0000000000000000)", WIRE_OK },
};
// clang-format on

Test(mistakes, a_reader_takes_what_no_writer_has_for_these_values, .timeout = 20)
{
    for (const struct taken *row = taken; row < taken + COUNT_OF(taken); row++) {
        SCRATCH(keep);
        const struct mistaken as = { .label = row->label,
                                     .deed = row->deed,
                                     .n = row->n,
                                     .profile = row->profile,
                                     .wire = row->wire };
        struct profile p = profile_of(&as);
        struct mistake m = mistake_of(&as);
        struct reading *g = reading_new(&m, &p, &keep);
        struct reader r = { .in = wire_of(&as, &keep), .written = true };
        bool compares = row->texts && *row->texts;
        struct values from = { row->types, compares ? row->texts : "", &p, true };
        struct value due, is;
        bool fresh = true;
        for (bool begins = true;
             r.status == WIRE_OK &&
             (compares ? next_value(&from, &keep, &due) : next_type(&from, &keep, &due.of));
             begins = from.message) {
            if (begins)
                reading_message(g, fresh, r.at);
            fresh = false;
            reading_get(g, &r, due.of, &is);
            if (compares && r.status == WIRE_OK)
                cr_expect(value_equal(&due, &is) && due.count == is.count &&
                              due.number == (is.class ? due.number : is.number),
                          "%s", row->label);
        }
        cr_expect(eq(int, r.status, row->status), "%s", row->label);
        cr_expect(r.status != WIRE_BAD || r.cause == row->cause, "%s: %d", row->label,
                  (int)r.cause);
        cr_expect(r.status != WIRE_OK || r.at == r.in.len, "%s", row->label);
        if (row->about)
            cr_expect(eq(str, (char *)reading_about(g), (char *)row->about), "%s", row->label);
        else if (row->deed != DEED_TIME && strstr(row->types, "ob") == NULL &&
                 strstr(row->types, "class") == NULL)
            cr_expect(reading_about(g) == NULL, "%s: %s", row->label, reading_about(g));
    }
}

// clang-format off
static const struct heard {
    const char *label, *heard; // of the other direction, before
    enum deed deed;
    bool fresh;                // an archive of its own begins behind
    const char *texts, *wire;
} heard[] = {
    { "nothing is shared",            "CAge(5)",                DEED_NONE,           false, "CAge(5) @1", AGE "05000000 0200" },
    { "indexes go on",                "CAge(5)",                DEED_COUNTER_SHARED, false, "CAge(5) @1", AGE "05000000 0400" },
    { "… behind a class that was known", "CNode(2,CNode(1,null))", DEED_COUNTER_SHARED, false, "CAge(5) @1", AGE "05000000 0500" },
    { "… behind two",                 "CNode(2,CAge(1))",       DEED_COUNTER_SHARED, false, "CAge(5) @1", AGE "05000000 0600" },
    { "… and nothing behind none",    "null",                   DEED_COUNTER_SHARED, false, "CAge(5) @1", AGE "05000000 0200" },
    { "the object is known",          "CAge(5)",                DEED_TABLE_SHARED,   false, "CAge(5) @1", "0200 0200" },
    { "its class is",                 "CAge(5)",                DEED_TABLE_SHARED,   false, "CAge(6) @1", "0180 06000000 0300" },
    { "neither, but for the count",   "CNode(2,null)",          DEED_TABLE_SHARED,   false, "CAge(5) @1", AGE "05000000 0400" },
    { "one within another is",        "CNode(2,CAge(5))",       DEED_TABLE_SHARED,   false, "CAge(5) @1", "0400 0400" },
    { "a class counts once",          "CNode(2,CNode(1,null))", DEED_TABLE_SHARED,   false, "CAge(5) @1", AGE "05000000 0500" },
    { "none",                         "null",                   DEED_TABLE_SHARED,   false, "CAge(5) @1", AGE "05000000 0200" },
    { "another schema is another class", "CObArray[CVersioned:3(1),CVersioned:4(1)]", DEED_COUNTER_SHARED, false, "CAge(5) @1", AGE "05000000 0800" },
    { "… and in one table",           "CObArray[CVersioned:3(1),CVersioned:4(1)]", DEED_TABLE_SHARED, false, "CAge(5) @1", AGE "05000000 0800" },
    { "an archive of its own",        "CAge(5)",                DEED_TABLE_SHARED,   true,  "CAge(5) @1", AGE "05000000 0200" },
    { "… counts from the beginning",  "CAge(5)",                DEED_COUNTER_SHARED, true,  "CAge(5) @1", AGE "05000000 0200" },
};
// clang-format on

Test(mistakes, a_writer_counts_what_it_has_heard_where_both_directions_share, .timeout = 20)
{
    for (const struct heard *row = heard; row < heard + COUNT_OF(heard); row++) {
        SCRATCH(keep);
        CLEANUP(buffer_free) struct buffer made = { 0 };
        const struct mistaken as = { .label = row->label, .wire = row->wire };
        struct mistake m = { .key = "x", .deed = row->deed };
        struct writing *w = writing_new(&m, &profile_default, &keep);
        struct values from = { "object", row->heard, &profile_default, true },
                      own = { "object,object", row->texts, &profile_default, true };
        struct value before, said[2];
        writing_message(w, true);
        cr_assert(next_value(&from, &keep, &before));
        writing_heard(w, &before);
        if (row->fresh)
            writing_message(w, true);
        for (size_t i = 0; i < COUNT_OF(said); i++) {
            cr_assert(next_value(&own, &keep, &said[i]));
            writing_put(w, &said[i], &made);
        }
        cr_expect(eq(str, (char *)hex_of(buffer_bytes(&made), &keep),
                     (char *)hex_of(wire_of(&as, &keep), &keep)),
                  "%s", row->label);
    }
}

// clang-format off
static const struct far {
    const char *label;
    size_t before;      // entries that were carried unseen
    enum deed deed;
    const char *texts, *wire;
} distant[] = {
    { "the last short index",         0x7ffc, DEED_NONE,      "CAge(1) @1 CAge(2)", AGE "01000000 fe7f fdff 02000000" },
    { "the first long one",           0x7ffd, DEED_NONE,      "CAge(1) @1 CAge(2)", AGE "01000000 ff7fff7f0000 feff 02000000" },
    { "… of a class, too",            0x7ffe, DEED_NONE,      "CAge(1) @1 CAge(2)", AGE "01000000 ff7f00800000 ff7fff7f0080 02000000" },
    { "turned",                       0x7ffe, DEED_SWAP_TAGS, "CAge(1) @1 CAge(2)", "ffff 0001 0004 43416765 01000000 7fff00008000 7fff80007fff 02000000" },
    { "an even one of a class",       0x7fff, DEED_NONE,      "CAge(1) @1 CAge(2)", AGE "01000000 ff7f01800000 ff7f00800080 02000000" },
    { "in the short form",            0x7ffd, DEED_TAG_SHORT, "CAge(1) @1 CAge(2)", AGE "01000000 ff7f feff 02000000" },
};
// clang-format on

Test(mistakes, indexes_from_7fff_on_have_32_bits, .timeout = 20)
{
    for (const struct far *row = distant; row < distant + COUNT_OF(distant); row++) {
        SCRATCH(keep);
        CLEANUP(buffer_free) struct buffer made = { 0 };
        const struct mistaken as = { .label = row->label, .deed = row->deed, .wire = row->wire };
        struct mistake m = mistake_of(&as);
        struct bytes wire = wire_of(&as, &keep);
        struct writing *w = writing_new(&m, &profile_default, &keep);
        struct reading *g = reading_new(&m, &profile_default, &keep);
        struct reader r = { .in = wire };
        struct values from = { "object,object,object", row->texts, &profile_default, true };
        struct value said[3], is;
        writing_message(w, true);
        writing_skip(w, row->before);
        reading_message(g, true, 0);
        reading_skip(g, row->before);
        for (size_t i = 0; i < COUNT_OF(said); i++) {
            cr_assert(next_value(&from, &keep, &said[i]));
            writing_put(w, &said[i], &made);
            reading_get(g, &r, said[i].of, &is);
            cr_expect(r.status == WIRE_OK && value_equal(&said[i], &is), "%s, %zu", row->label, i);
        }
        cr_expect(eq(str, (char *)hex_of(buffer_bytes(&made), &keep), (char *)hex_of(wire, &keep)),
                  "%s", row->label);
    }
}

/* White space, but for U+0085, which few runtimes take for a blank. */
static bool is_white(unsigned unit, bool wide)
{
    static const struct {
        unsigned first, last;
    } white[] = { { 0x09, 0x0d },     { 0x20, 0x20 },     { 0xa0, 0xa0 },
                  { 0x1680, 0x1680 }, { 0x2000, 0x200a }, { 0x2028, 0x2029 },
                  { 0x202f, 0x202f }, { 0x205f, 0x205f }, { 0x3000, 0x3000 } };

    for (size_t i = 0; i < COUNT_OF(white); i++)
        if (unit >= white[i].first && unit <= white[i].last && (wide || unit < 0x80))
            return true;
    return false;
}

Test(mistakes, blanks_are_white_space_and_nothing_else, .timeout = 20)
{
    static const struct mistake strips = { .deed = DEED_STRIP, .n = STRIP_END };

    for (unsigned unit = 0; unit < 0x10000; unit++) {
        SCRATCH(keep);
        const uint8_t text[] = { 'x', 0, (uint8_t)unit, (uint8_t)(unit >> 8) };
        struct value v = { .of = type_named("cstringw"),
                           .wide = true,
                           .data = { text, sizeof text } };
        cr_expect(eq(sz, mistake_units(&strips, &v, false, &keep).data.len, is_white(unit, true) ? 2 : 4),
                  "%04x", unit);
        struct value narrow = { .of = type_named("cstringa"), .data = { text + 2, 1 } };
        if (unit < 0x100)
            cr_expect(eq(sz, mistake_units(&strips, &narrow, false, &keep).data.len,
                         !is_white(unit, false)),
                      "%02x", unit);
    }
}

/* What a double keeps of a whole number, and a float. */
Test(mistakes, whole_numbers_are_rounded_as_they_are_kept, .timeout = 10)
{
    static const struct {
        int64_t number, parts, rounded;
        bool is_signed;
        size_t width;
    } whole[] = {
        { 9200000000000000000, 0, 9200000267938955264, true, 8 }, // the largest that is rounded
        { -9200000000000000000, 0, -9200000267938955264, true, 8 },
        { 9200000000000010000, 0, 9200000000000010000, true, 8 },
        { -9200000000000010000, 0, -9200000000000010000, true, 8 },
        { 90071992547409930, 10000, 90071992547409936, true, 8 }, // 2^53 and more
        { 123457, 10000, 123457, true, 8 },
        { 16777217, 0, 16777216, true, 4 },
        { 16777219, 0, 16777220, true, 4 },
        { -1, 0, -1, true, 4 },
        { 1, 1, 1, false, 4 },
    };

    for (size_t i = 0; i < COUNT_OF(whole); i++) {
        uint64_t bits =
            whole[i].width < 8 ? (uint64_t)whole[i].number & 0xffffffff : (uint64_t)whole[i].number;
        cr_expect(eq(i64,
                     (int64_t)mistake_round_whole(bits, whole[i].width, whole[i].is_signed,
                                                  whole[i].parts),
                     whole[i].rounded),
                  "%zu", i);
    }
}
