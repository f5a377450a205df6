/*
 * What a writer that makes one mistake writes: golden bytes, worked out from the format and the mistake's words, at both sides of whatever it
 * begins or ends with. The counterpart of test_reading_mistakes.c.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/hex.h"
#include "check/writing.h"

// clang-format off
static const struct miswritten_row {
    const char *label, *type, *text;
    enum deed deed;
    int64_t n;
    const char *told; // bytes, and what the writer was last about, if it was about anything
    const char *of;   // where the mistake is made; NULL: wherever it can be
} rows[] = {
    /* Strings. */
    { "the other width",                 "cstringa",  "a:6162", DEED_OTHER_WIDTH, 0, "fffeff0261006200, CStringA" },
    { "… of a wide one",                 "cstringw",  "w:00610062", DEED_OTHER_WIDTH, 0, "026162, CStringW" },
    { "wide without the mark",           "cstringw",  "w:00610062", DEED_NO_PREFIX, 0, "0261006200, CStringW" },
    { "… a narrow one",                  "cstringa",  "a:6162", DEED_NO_PREFIX, 0, "026162, CStringA" },
    { "in UTF-8",                        "cstringa",  "a:61e9", DEED_UTF8, 0, "0361c3a9, CStringA" },
    { "… of ASCII",                      "cstringa",  "a:6162", DEED_UTF8, 0, "026162, CStringA" },
    { "in code page 437",                "cstringa",  "a:61e9", DEED_CODE_PAGE, 437, "026182, CStringA" },
    { "… the euro sign, which it lacks", "cstringa",  "a:80", DEED_CODE_PAGE, 437, "013f, CStringA" },
    { "question marks",                  "cstringa",  "a:61e9", DEED_QUESTION, 0, "02613f, CStringA" },
    { "… where all is ASCII",            "cstringa",  "a:6162", DEED_QUESTION, 0, "026162, CStringA" },
    { "seven bits",                      "cstringa",  "a:61e9", DEED_7BIT, 0, "026169, CStringA" },
    { "units turned",                    "cstringw",  "w:00610062", DEED_SWAP_UNITS, 0, "fffeff0200610062, CStringW" },
    { "… of a narrow one",               "cstringa",  "a:6162", DEED_SWAP_UNITS, 0, "026162, CStringA" },
    { "its middle is the end",           "cstringw",  "w:0061006200630064", DEED_CUT_HALF, 0, "fffeff0261006200, CStringW" },
    { "… of three",                      "cstringw",  "w:006100620063", DEED_CUT_HALF, 0, "fffeff016100, CStringW" },
    { "… of one",                        "cstringw",  "w:0061", DEED_CUT_HALF, 0, "fffeff00, CStringW" },
    { "… of a narrow one",               "cstringa",  "a:6162", DEED_CUT_HALF, 0, "026162, CStringA" },
    { "cut at a NUL",                    "cstringa",  "a:610062", DEED_CUT_AT, 0, "0161, CStringA" },
    { "… at a CR",                       "cstringa",  "a:610d62", DEED_CUT_AT, '\r', "0161, CStringA" },
    { "cut to three",                    "cstringa",  "a:61626364", DEED_CUT_TO, 3, "03616263, CStringA" },
    { "… as long as that",               "cstringa",  "a:616263", DEED_CUT_TO, 3, "03616263, CStringA" },
    { "a byte behind",                   "cstringa",  "a:6162", DEED_BYTE_BEHIND, 0, "02616200, CStringA" },
    { "… a wide one",                    "cstringw",  "w:0061", DEED_BYTE_BEHIND, 0, "fffeff01610000, CStringW" },
    { "a newline behind",                "cstringa",  "a:6162", DEED_UNIT_BEHIND, '\n', "0361620a, CStringA" },
    { "… a wide one",                    "cstringw",  "w:0061", DEED_UNIT_BEHIND, '\n', "fffeff0261000a00, CStringW" },
    { "a byte order mark",               "cstringw",  "w:0061", DEED_BYTE_ORDER_MARK, 0, "fffeff01fffe6100, CStringW" },
    { "… counted",                       "cstringw",  "w:0061", DEED_BYTE_ORDER_MARK, 1, "fffeff02fffe6100, CStringW" },
    { "… of a narrow one",               "cstringa",  "a:61", DEED_BYTE_ORDER_MARK, 0, "01efbbbf61, CStringA" },
    { "bytes for units",                 "cstringw",  "w:00610062", DEED_COUNTS_BYTES, 0, "fffeff0461006200, CStringW" },
    { "characters for units",            "cstringw",  "w:d83dde000061", DEED_COUNTS_CHARS, 0, "fffeff023dd800de6100, CStringW" },
    { "its NUL, counted",                "cstringw",  "w:0061", DEED_COUNTS_NUL, 0, "fffeff0261000000, CStringW" },
    { "its NUL, behind",                 "cstringw",  "w:0061", DEED_NUL_BEHIND, 0, "fffeff0161000000, CStringW" },
    { "half a pair",                     "cstringw",  "w:d83d0061", DEED_LONE_REPLACED, '?', "fffeff023f006100, CStringW" },
    { "… at the end",                    "cstringw",  "w:0061d83d", DEED_LONE_REPLACED, '?', "fffeff0261003f00, CStringW" },
    { "… the wrong way round",           "cstringw",  "w:de00d83d", DEED_LONE_REPLACED, '?', "fffeff023f003f00, CStringW" },
    { "a pair",                          "cstringw",  "w:d83dde00", DEED_PAIR_REPLACED, '?', "fffeff013f00, CStringW" },
    { "not ASCII",                       "cstringw",  "w:007f0080", DEED_ASCII_ONLY, '?', "fffeff027f003f00, CStringW" },
    { "not Latin-1",                     "cstringw",  "w:00ff0100", DEED_LATIN_ONLY, '?', "fffeff02ff003f00, CStringW" },
    { "… of a line",                     "line",      "u:00610062", DEED_CUT_HALF, 0, "610062000a00, WriteString" },
    /* Lengths. */
    { "-1 of nothing",                   "cstringa",  "a:", DEED_LENGTH_MINUS, 1, "ff, CStringA" },
    { "… of something",                  "cstringa",  "a:61", DEED_LENGTH_MINUS, 1, "0161, CStringA" },
    { "… in four bytes",                 "cstringw",  "w:", DEED_LENGTH_MINUS, 4, "fffe ff*8, CStringW" },
    { "… of a CComBSTR",                 "combstr",   "u:", DEED_LENGTH_MINUS, 1, "ffffffff, CComBSTR" },
    { "… that is not empty",             "combstr",   "u:0061", DEED_LENGTH_MINUS, 4, "010000006100, CComBSTR" },
    { "… of a collection",               "wordarray", "[]", DEED_COUNT_MINUS, 2, "ffff, CWordArray" },
    { "… in four bytes",                 "stringlist", "[]", DEED_COUNT_MINUS, 4, "ffffffffffff, CStringList" },
    { "… that is not empty",             "wordarray", "[1]", DEED_COUNT_MINUS, 4, "01000100, CWordArray" },
    { "units of four bytes",             "cstringw",  "w:00610062", DEED_UNIT_SIZE, 4, "fffeff026100000062000000, CStringW" },
    { "… of one",                        "cstringw",  "w:00610062", DEED_UNIT_SIZE, 1, "fffeff026162, CStringW" },
    { "… of two, narrow",                "cstringa",  "a:6162", DEED_UNIT_SIZE, 2, "0261006200, CStringA" },
    { "… a wide one",                    "cstringw",  "w:0061", DEED_UNIT_SIZE, 2, "fffeff016100, CStringW" },
    { "the low byte of it",              "cstringa",  "a:6162", DEED_LENGTH_LOW, 1, "026162, CStringA" },
    { "… none",                          "cstringa",  "a:6162", DEED_LENGTH_LEFT, 0, "6162, CStringA" },
    { "… but of nothing",                "cstringw",  "w:", DEED_LENGTH_LEFT, 1, "fffeff00, CStringW" },
    { "… nor of a collection",           "wordarray", "[]", DEED_COUNT_BYTES, 0, "0000, CWordArray" },
    { "… but for the mark",              "cstringw",  "w:0061", DEED_LENGTH_LEFT, 0, "fffeff6100, CStringW" },
    { "… nor the mark",                  "cstringw",  "w:0061", DEED_LENGTH_LEFT, 1, "6100, CStringW" },
    { "… of a CComBSTR",                 "combstr",   "u:0061", DEED_LENGTH_LEFT, 0, "6100, CComBSTR" },
    { "… of a collection",               "wordarray", "[1]", DEED_COUNT_BYTES, 0, "0100, CWordArray" },
    { "a BSTR in the form of strings",   "olevariant", "(8,u:00610062)", DEED_BSTR_AS_STRING, 2, "0800fffeff0261006200, BSTR" },
    { "… with the mark, of a CComBSTR",  "olevariant", "(8,u:00610062)", DEED_BSTR_AS_STRING, 1, "08000400000061006200, BSTR" },
    { "… a CComBSTR is another",         "combstr",   "u:0061", DEED_BSTR_AS_STRING, 2, "010000006100, CComBSTR" },
    { "the low two bytes",               "long",      "-65538", DEED_LOW, 2, "feff0000, LONG" },
    { "… where the others are a sign",   "long",      "-2", DEED_LOW, 2, "feffffff" },
    { "… with their sign",               "dword",     "16777214", DEED_LOW, -2, "feffffff, DWORD" },
    { "… where the others are none",     "dword",     "65534", DEED_LOW, -2, "feff0000" },
    { "… of no more",                    "word",      "65534", DEED_LOW, 2, "feff" },
    { "… of elements",                   "dwordarray", "[16909060]", DEED_LOW, 1, "010004000000, CDWordArray" },
    { "… of a time",                     "time",      "4294967297", DEED_LOW, 4, "0a0000800100000000000000, CTime" },
    { "… of a count",                    "count",     "65537", DEED_COUNT_LOW, 2, "0100, WriteCount" },
    { "in eight bytes",                  "cstringa",  "a:6162", DEED_LENGTH_BYTES, 8, "02000000000000006162, CStringA" },
    { "in two bytes",                    "cstringa",  "a:6162", DEED_LENGTH_BYTES, 2, "02006162, CStringA" },
    { "… big-endian",                    "cstringa",  "a:6162", DEED_LENGTH_BYTES, -2, "00026162, CStringA" },
    { "… of wide ones alone",            "cstringa",  "a:6162", DEED_LENGTH_BYTES, 2 | ONLY_WIDE, "026162, CStringA" },
    { "the escape, always",              "cstringa",  "a:6162", DEED_LENGTH_ESCAPED, 0, "ff02006162, CStringA" },
    { "… from 128 on, at 2",             "cstringa",  "a:6162", DEED_LENGTH_ESCAPED, 128, "026162, CStringA" },
    { "… of narrow ones alone, wide",    "cstringw",  "w:0061", DEED_LENGTH_ESCAPED, 0 | ONLY_NARROW, "fffeff016100, CStringW" },
    { "as a count",                      "cstringa",  "a:6162", DEED_LENGTH_AS_COUNT, 0, "02006162, CStringA" },
    { "seven bits",                      "cstringa",  "a:6162", DEED_LENGTH_7BIT, 0, "026162, CStringA" },
    { "one too large",                   "cstringa",  "a:6162", DEED_LENGTH_PLUS, 1, "036162, CStringA" },
    { "… of none",                       "cstringa",  "a:", DEED_LENGTH_PLUS, 1, "01, CStringA" },
    { "one too small, of none",          "cstringa",  "a:", DEED_LENGTH_PLUS, -1, "ff*15, CStringA" },
    /* Lines. */
    { "a line without its newline",      "line",      "u:0061", DEED_NO_NEWLINE, 0, "6100, WriteString" },
    { "… with CR LF",                    "line",      "u:0061", DEED_CRLF, 0, "61000d000a00, WriteString" },
    { "… and its NUL",                   "line",      "u:0061", DEED_NUL_BEHIND, 0, "61000a000000, WriteString" },
    { "… and a byte",                    "line",      "u:0061", DEED_BYTE_BEHIND, 0, "61000a0000, WriteString" },
    { "… of the other width",            "line",      "u:0061", DEED_OTHER_WIDTH, 0, "610a, WriteString" },
    /* COM's strings. */
    { "a BSTR of units",                 "bstr",      "u:00610062", DEED_COUNTS_UNITS, 0, "0200000061006200, BSTR" },
    { "… with its NUL",                  "bstr",      "u:0061", DEED_NUL_BEHIND, 0, "0200000061000000, BSTR" },
    { "a CComBSTR of bytes",             "combstr",   "u:00610062", DEED_COUNTS_BYTES, 0, "0400000061006200, CComBSTR" },
    { "… one too large",                 "combstr",   "u:0061", DEED_LENGTH_PLUS, 1, "020000006100, CComBSTR" },
    /* Counts. */
    { "the longer form, always",         "count",     "7", DEED_COUNT_MARKED, 0, "ffff07000000, WriteCount" },
    { "… from FFFE on",                  "count",     "65534", DEED_COUNT_EARLY, 0xfffe, "fffffeff0000, WriteCount" },
    { "… at FFFD",                       "count",     "65533", DEED_COUNT_EARLY, 0xfffe, "fdff, WriteCount" },
    { "FFFF in two bytes",               "count",     "65535", DEED_COUNT_LATE, 0xffff, "ffff, WriteCount" },
    { "… 10000 not",                     "count",     "65536", DEED_COUNT_LATE, 0xffff, "ffff00000100, WriteCount" },
    { "no eight bytes",                  "count",     "4294967296", DEED_COUNT_SHORT, 0, "ffff00000000, WriteCount" },
    { "… FFFFFFFE in four",              "count",     "4294967294", DEED_COUNT_SHORT, 0, "fffffeffffff, WriteCount" },
    { "like a length, 254",              "count",     "254", DEED_COUNT_FORM, COUNT_LIKE_LENGTH, "fe, WriteCount" },
    { "… 255",                           "count",     "255", DEED_COUNT_FORM, COUNT_LIKE_LENGTH, "ffff00, WriteCount" },
    { "… 65535",                         "count",     "65535", DEED_COUNT_FORM, COUNT_LIKE_LENGTH, "ffffffffff0000, WriteCount" },
    { "one FF",                          "count",     "65535", DEED_COUNT_FORM, COUNT_ONE_FF, "ffffff0000, WriteCount" },
    { "eight bytes behind FFFF",         "count",     "65535", DEED_COUNT_FORM, COUNT_QUAD, "ffffffff000000000000, WriteCount" },
    { "the longest form",                "count",     "65535", DEED_COUNT_FORM, COUNT_QUAD_MARKED, "ff*8 000000000000, WriteCount" },
    { "… FFFE not",                      "count",     "65534", DEED_COUNT_FORM, COUNT_ONE_FF, "feff, WriteCount" },
    { "… nor in eight bytes",            "count",     "65534", DEED_COUNT_FORM, COUNT_QUAD, "feff, WriteCount" },
    { "… nor in the longest form",       "count",     "65534", DEED_COUNT_FORM, COUNT_QUAD_MARKED, "feff, WriteCount" },
    { "a mark that nobody writes",       "count",     "65535", DEED_COUNT_FORM, COUNT_WIDE_MARK, "ffffffff0000, WriteCount" },
    { "eight bytes from FFFFFFFE on",    "count",     "4294967294", DEED_COUNT_EARLY, 0xfffffffe, "fffffffffffffeffffff00000000, WriteCount" },
    { "… at FFFFFFFD",                   "count",     "4294967293", DEED_COUNT_EARLY, 0xfffffffe, "fffffdffffff, WriteCount" },
    { "FFFFFFFF in four",                "count",     "4294967295", DEED_COUNT_LATE, 0xffffffff, "ffffffffffff, WriteCount" },
    { "… 100000000 not",                 "count",     "4294967296", DEED_COUNT_LATE, 0xffffffff, "ffffffffffff0000000001000000, WriteCount" },
    { "FFFFFFFF, as it is",              "count",     "4294967295", DEED_NONE, 0, "ff*10 00000000, WriteCount" },
    { "… FFFFFFFE",                      "count",     "4294967294", DEED_NONE, 0, "fffffeffffff, WriteCount" },
    { "two bytes turned",                "count",     "258", DEED_SWAP_COUNTS, 2, "0102, WriteCount" },
    { "… four not",                      "count",     "65538", DEED_SWAP_COUNTS, 2, "ffff02000100, WriteCount" },
    /* Arrays and blocks. */
    { "whole blocks of 4 bytes",         "bytearray", "[1,2,3,4,5,6]", DEED_WHOLE_BLOCKS, 4, "060001020304, CByteArray" },
    { "… that are full",                 "bytearray", "[1,2,3,4]", DEED_WHOLE_BLOCKS, 4, "040001020304, CByteArray" },
    { "… none is",                       "wordarray", "[1]", DEED_WHOLE_BLOCKS, 4, "0100, CWordArray" },
    { "zeroes at the end",               "wordarray", "[1,0]", DEED_STRIP_BYTES, 0, "01000100, CWordArray" },
    { "cut to 2",                        "dwordarray", "[1,2,3]", DEED_CUT_BYTES, 2, "02000100000002000000, CDWordArray" },
    { "elements of 8 bytes",             "dwordarray", "[1,4294967295]", DEED_SIZE, 8, "02000100000000000000ffffffff00000000, CDWordArray" },
    { "the count of bytes",              "dwordarray", "[1]", DEED_COUNT_OF_BYTES, 0, "040001000000, CDWordArray" },
    { "zeroes at the end of raw bytes",  "raw:3",     "r:010000", DEED_STRIP_BYTES, 0, "01, Write" },
    { "… of arrays alone",               "raw:3",     "r:010000", DEED_STRIP_BYTES, 0, "010000, Write", "CByteArray" },
    { "… of these",                      "bytearray", "[1,0]", DEED_STRIP_BYTES, 0, "010001, CByteArray", "CByteArray" },
    { "numbers of a type alone, turned", "word",      "258", DEED_SWAP, 0, "0102, WORD", "WORD" },
    { "… of another",                    "word",      "258", DEED_SWAP, 0, "0201", "DWORD" },
    { "a byte has no order",             "byte",      "7", DEED_SWAP, 0, "07" },
    { "… and all numbers are turned",    "byte",      "7", DEED_SWAP_ALL, 0, "07" },
    { "halves of four bytes",            "dword",     "7", DEED_HALVES, 0, "07000000" },
    { "true in four bytes",              "bool",      "true", DEED_SIZE, 4, "01000000, bool" },
    { "a byte is not aligned",           "olevariant", "(17,7)", DEED_ALIGN, 4, "110007" },
    { "… a WORD in front of a LONG is",  "olevariant", "(3,7)", DEED_ALIGN, 4, "0300000007000000, LONG" },
    { "… to 2",                          "olevariant", "(3,7)", DEED_ALIGN, 2, "030007000000" },
    /* Alignment. */
    { "to 4 at most",                    "olecurrency", "(0,7)", DEED_ALIGN, 4, "00*8 07000000" },
    { "to 8 at most",                    "olecurrency", "(0,7)", DEED_ALIGN, 8, "00*12 07000000, CY" },
    { "members of it, to 8",             "olecurrency", "(0,7)", DEED_ALIGN_WITHIN, 8, "00*12 07000000, COleCurrency" },
    { "members of a CTime",              "time",      "7", DEED_ALIGN_WITHIN, 8, "0a000080000000000700000000000000, CTime" },
    { "… to 4",                          "time",      "7", DEED_ALIGN_WITHIN, 4, "0a0000800700000000000000" },
    /* Times. */
    { "4 bytes behind the mark",         "time",      "7", DEED_TIME_SHORT, 0, "0a00008007000000, CTime" },
    { "turned",                          "time",      "7", DEED_SWAP_TIMES, 0, "8000000a0000000000000007, CTime" },
    { "in 4",                            "time",      "-1", DEED_TIME, 4, "ffffffff, CTime" },
    { "in 8",                            "time",      "-1", DEED_TIME, 8, "ff*8, CTime" },
    /* Variants. */
    { "nothing, filled",                 "olevariant", "(0)", DEED_EMPTY_FILLED, 2, "00000000, COleVariant" },
    { "… where there is a value",        "olevariant", "(2,7)", DEED_EMPTY_FILLED, 2, "02000700" },
    /* Objects. */
    { "described again",                 "obarray",   "[CAge(1),CAge(2)]", DEED_DESCRIBE_AGAIN, 0, "0200ffff010004004341676501000000ffff010004004341676502000000, CAge" },
    { "sent again",                      "obarray",   "[CAge(1),@1]", DEED_NEVER_REFERS, 0, "0200ffff010004004341676501000000018001000000, CAge" },
    { "its body again",                  "obarray",   "[CAge(1),@1]", DEED_BODY_AGAIN, 0, "0200ffff010004004341676501000000020001000000, CAge" },
    { "merged with its equal",           "obarray",   "[CAge(1),CAge(1)]", DEED_EQUAL_MERGED, 0, "0200ffff0100040043416765010000000200, CAge" },
    { "… with another",                  "obarray",   "[CAge(1),CAge(2)]", DEED_EQUAL_MERGED, 0, "0200ffff010004004341676501000000018002000000, CAge" },
    { "null for an empty list",          "object",    "CObList[]", DEED_EMPTY_NULL, 0, "0000, CObList" },
    { "… for one of zeroes",             "object",    "CAge(0)", DEED_EMPTY_NULL, 0, "ffff010004004341676500000000, CAge" },
    { "… for one of zeroes, too",        "object",    "CAge(0)", DEED_EMPTY_NULL, 1, "0000, CAge" },
    { "without a tag",                   "object",    "CAge(1)", DEED_NO_TAG, 0, "01000000" },
    { "a wide name",                     "object",    "CAge(1)", DEED_NAME_WIDE, 0, "ffff01000400430041006700650001000000, CAge" },
    { "a name and its NUL",              "object",    "CAge(1)", DEED_NAME_NUL, 0, "ffff01000500434167650001000000, CAge" },
    { "… which is not counted",          "object",    "CAge(1)", DEED_NAME_NUL, 1, "ffff01000400434167650001000000, CAge" },
    { "schema 0",                        "object",    "CAge(1)", DEED_SCHEMA, 0, "ffff000004004341676501000000, CAge" },
    { "… turned",                        "object",    "CAge(1)", DEED_SWAP_SCHEMAS, 0, "ffff000104004341676501000000, CAge" },
    { "tags turned",                     "obarray",   "[CAge(1),@1]", DEED_SWAP_TAGS, 0, "0200ffff0001000443416765010000000002, CAge" },
    { "long tags",                       "obarray",   "[CAge(1),CAge(2),@1,null]", DEED_TAG_LONG, 0, "0400ffff010004004341676501000000ff7f0100008002000000ff7f020000000000, CAge" },
    { "… of objects",                    "obarray",   "[CAge(1),CAge(2),@1]", DEED_TAG_LONG, ONLY_OBJECTS, "0300ffff010004004341676501000000018002000000ff7f02000000, CAge" },
    { "… of classes",                    "obarray",   "[CAge(1),CAge(2),@1]", DEED_TAG_LONG, ONLY_CLASSES, "0300ffff010004004341676501000000ff7f01000080020000000200, CAge" },
    { "… from 3 on",                     "obarray",   "[CAge(1),CAge(2),@1,@2]", DEED_TAG_EARLY, 3, "0400ffff0100040043416765010000000180020000000200ff7f03000000, CAge" },
    { "indexes from 0",                  "obarray",   "[CAge(1),@1]", DEED_INDEX_PLUS, -1, "0200ffff0100040043416765010000000100, CAge" },
    { "the object first",                "obarray",   "[CAge(1),CAge(2),@1]", DEED_OBJECT_FIRST, 0, "0300ffff0100040043416765010000000280020000000100, CAge" },
    { "… late",                          "object",    "CNode(1,CAge(2))", DEED_OBJECT_LATE, 0, "ffff03000500434e6f646501000000ffff010004004341676502000000, CAge" },
    { "classes uncounted",               "obarray",   "[CAge(1),CAge(2),@2]", DEED_CLASS_UNCOUNTED, 0, "0300ffff0100040043416765010000000180020000000200, CAge" },
    { "objects uncounted",               "obarray",   "[CAge(1),CAge(2),@2]", DEED_OBJECT_UNCOUNTED, 0, "0300ffff0100040043416765010000000180020000000200, CAge" },
    { "apart",                           "obarray",   "[CAge(1),CAge(2),@2]", DEED_OWN_COUNTERS, 0, "0300ffff0100040043416765010000000180020000000200, CAge" },
    { "null counted",                    "obarray",   "[null,CAge(1),@1]", DEED_NULL_COUNTED, 0, "03000000ffff0100040043416765010000000300, CAge" },
    { "a list's own table",              "object",    "CObList[CAge(1),@2]", DEED_TABLE_PER_COLLECTION, 0, "ffff00000700434f624c6973740200ffff0100040043416765010000000200, CAge" },
    { "… of that class",                 "object",    "CObList[CAge(1),@2]", DEED_TABLE_PER_COLLECTION, 0, "ffff00000700434f624c6973740200ffff0100040043416765010000000200, CAge", "CObList" },
    { "… of another",                    "object",    "CObList[CAge(1),@2]", DEED_TABLE_PER_COLLECTION, 0, "ffff00000700434f624c6973740200ffff0100040043416765010000000400, CAge", "CObArray" },
    { "a cycle that it does not know",   "object",    "CNode(1,@1)", DEED_OBJECT_UNKNOWN, 0, "it comes to no end" },
    { "… and no cycle",                  "object",    "CNode(1,CAge(2))", DEED_OBJECT_UNKNOWN, 0, "ffff03000500434e6f646501000000ffff010004004341676502000000, CAge" },
};
// clang-format on

static struct type_ref type_of(const char *name)
{
    struct type_ref type;
    struct error err;

    if (strcmp(name, "bstr") == 0) // no vector names it: it stands in variants
        return type_named(name);
    cr_assert(type_parse(name, &type, &err), "%s", err.text);
    return type;
}

static const char *told(const struct miswritten_row *row, struct arena *keep)
{
    const struct mistake m = { .key = "", .deed = row->deed, .n = row->n, .of = row->of };
    struct profile p = profile_default;
    struct value v;
    struct error err;
    CLEANUP(buffer_free) struct buffer wire = { 0 };
    TEXT(said);

    cr_assert(profile_parse("generation=10,charset=unicode,bits=64", &p, &err), "%s", err.text);
    cr_assert(value_parse(row->text, type_of(row->type), &p, keep, &v, &err), "%s: %s", row->label, err.text);
    struct writing *w = writing_new(&m, &p, keep);
    writing_message(w, true);
    writing_put(w, &v, &wire);
    if (writing_is_endless(w))
        return "it comes to no end";
    hex_write(&said, buffer_bytes(&wire));
    bool made = strcmp(writing_about(w), "value") != 0;
    return arena_printf(keep, "%s%s%s", text_string(&said), made ? ", " : "", made ? writing_about(w) : "");
}

Test(writing_mistakes, are_made_where_they_begin_and_not_before, .timeout = 20)
{
    for (const struct miswritten_row *row = rows; row < rows + COUNT_OF(rows); row++) {
        SCRATCH(keep);
        cr_expect(eq(str, (char *)told(row, &keep), (char *)row->told), "%s", row->label);
    }
}

// clang-format off
static const struct prefix_row {
    const char *label;
    enum deed deed;
    int64_t n;
    size_t units;
    bool wide;
    const char *prefix; // what stands before them
} prefixes[] = {
    { "none 0, 0",                           DEED_NONE, 0, 0, false, "00" },
    { "none 0, 254",                         DEED_NONE, 0, 254, false, "fe" },
    { "none 0, 255",                         DEED_NONE, 0, 255, false, "ffff00" },
    { "none 0, 65533",                       DEED_NONE, 0, 65533, false, "fffdff" },
    { "none 0, 65534",                       DEED_NONE, 0, 65534, false, "fffffffeff0000" },
    { "none 0, 65535",                       DEED_NONE, 0, 65535, false, "ffffffffff0000" },
    { "none 0, 65536",                       DEED_NONE, 0, 65536, false, "ffffff00000100" },
    { "none 0, 0 wide",                      DEED_NONE, 0, 0, true, "fffeff00" },
    { "none 0, 254 wide",                    DEED_NONE, 0, 254, true, "fffefffe" },
    { "none 0, 255 wide",                    DEED_NONE, 0, 255, true, "fffeffffff00" },
    { "none 0, 65534 wide",                  DEED_NONE, 0, 65534, true, "fffefffffffffeff0000" },
    { "none 0, 65535 wide",                  DEED_NONE, 0, 65535, true, "fffeffffffffffff0000" },
    { "length short 1, 254",                 DEED_LENGTH_SHORT, 1, 254, false, "fe" },
    { "length short 1, 255",                 DEED_LENGTH_SHORT, 1, 255, false, "ff" },
    { "length short 1, 256",                 DEED_LENGTH_SHORT, 1, 256, false, "00" },
    { "length short 3, 255",                 DEED_LENGTH_SHORT, 3, 255, false, "ffff00" },
    { "length short 3, 65534",               DEED_LENGTH_SHORT, 3, 65534, false, "fffeff" },
    { "length short 3, 65535",               DEED_LENGTH_SHORT, 3, 65535, false, "ffffff" },
    { "length short 3, 65536",               DEED_LENGTH_SHORT, 3, 65536, false, "ff0000" },
    { "length short 3 | ONLY_NARROW, 65535 wide",  DEED_LENGTH_SHORT, 3 | ONLY_NARROW, 65535, true, "fffeffffffffffff0000" },
    { "length short 3 | ONLY_WIDE, 65535 wide",  DEED_LENGTH_SHORT, 3 | ONLY_WIDE, 65535, true, "fffeffffffff" },
    { "length escaped 128, 127",             DEED_LENGTH_ESCAPED, 128, 127, false, "7f" },
    { "length escaped 128, 128",             DEED_LENGTH_ESCAPED, 128, 128, false, "ff8000" },
    { "length escaped 254, 253",             DEED_LENGTH_ESCAPED, 254, 253, false, "fd" },
    { "length escaped 254, 254",             DEED_LENGTH_ESCAPED, 254, 254, false, "fffe00" },
    { "length escaped 254, 255",             DEED_LENGTH_ESCAPED, 254, 255, false, "ffff00" },
    { "length late 0xff, 254",               DEED_LENGTH_LATE, 0xff, 254, false, "fe" },
    { "length late 0xff, 255",               DEED_LENGTH_LATE, 0xff, 255, false, "ff" },
    { "length late 0xff, 256",               DEED_LENGTH_LATE, 0xff, 256, false, "ff0001" },
    { "length late 0xfffe, 65533",           DEED_LENGTH_LATE, 0xfffe, 65533, false, "fffdff" },
    { "length late 0xfffe, 65534",           DEED_LENGTH_LATE, 0xfffe, 65534, false, "fffeff" },
    { "length late 0xfffe, 65535",           DEED_LENGTH_LATE, 0xfffe, 65535, false, "ffffffffff0000" },
    { "length long 0, 254",                  DEED_LENGTH_LONG, 0, 254, false, "fe" },
    { "length long 0, 255",                  DEED_LENGTH_LONG, 0, 255, false, "ffffffff000000" },
    { "length long 0, 65534",                DEED_LENGTH_LONG, 0, 65534, false, "fffffffeff0000" },
    { "length long 0x8000, 255",             DEED_LENGTH_LONG, 0x8000, 255, false, "ffff00" },
    { "length long 0x8000, 32767",           DEED_LENGTH_LONG, 0x8000, 32767, false, "ffff7f" },
    { "length long 0x8000, 32768",           DEED_LENGTH_LONG, 0x8000, 32768, false, "ffffff00800000" },
    { "length long 0xfffd, 65532",           DEED_LENGTH_LONG, 0xfffd, 65532, false, "fffcff" },
    { "length long 0xfffd, 65533",           DEED_LENGTH_LONG, 0xfffd, 65533, false, "fffffffdff0000" },
    { "length four 0, 254",                  DEED_LENGTH_FOUR, 0, 254, false, "fe" },
    { "length four 0, 255",                  DEED_LENGTH_FOUR, 0, 255, false, "ffff000000" },
    { "length four 0, 65535",                DEED_LENGTH_FOUR, 0, 65535, false, "ffffff0000" },
    { "length four 0 | ONLY_NARROW, 255 wide",  DEED_LENGTH_FOUR, 0 | ONLY_NARROW, 255, true, "fffeffffff00" },
    { "length one ff 0, 255",                DEED_LENGTH_ONE_FF, 0, 255, false, "ffff00" },
    { "length one ff 0, 65533",              DEED_LENGTH_ONE_FF, 0, 65533, false, "fffdff" },
    { "length one ff 0, 65534",              DEED_LENGTH_ONE_FF, 0, 65534, false, "fffffeff0000" },
    { "length one ff 0, 65535",              DEED_LENGTH_ONE_FF, 0, 65535, false, "ffffffff0000" },
    { "length quad 1, 65533",                DEED_LENGTH_QUAD, 1, 65533, false, "fffdff" },
    { "length quad 1, 65534",                DEED_LENGTH_QUAD, 1, 65534, false, "fffffffeff000000000000" },
    { "length quad 0, 65533",                DEED_LENGTH_QUAD, 0, 65533, false, "fffdff" },
    { "length quad 0, 65534",                DEED_LENGTH_QUAD, 0, 65534, false, "fffffffffffffffeff000000000000" },
    { "length quad 0, 65535",                DEED_LENGTH_QUAD, 0, 65535, false, "ff*9 000000000000" },
    { "length 7bit 0, 127",                  DEED_LENGTH_7BIT, 0, 127, false, "7f" },
    { "length 7bit 0, 128",                  DEED_LENGTH_7BIT, 0, 128, false, "8001" },
    { "length 7bit 0, 16383",                DEED_LENGTH_7BIT, 0, 16383, false, "ff7f" },
    { "length 7bit 0, 16384",                DEED_LENGTH_7BIT, 0, 16384, false, "808001" },
    { "length as count 0, 254",              DEED_LENGTH_AS_COUNT, 0, 254, false, "fe00" },
    { "length as count 0, 255",              DEED_LENGTH_AS_COUNT, 0, 255, false, "ff00" },
    { "length as count 0, 65534",            DEED_LENGTH_AS_COUNT, 0, 65534, false, "feff" },
    { "length as count 0, 65535",            DEED_LENGTH_AS_COUNT, 0, 65535, false, "ffffffff0000" },
    { "length as count 0, 1 wide",           DEED_LENGTH_AS_COUNT, 0, 1, true, "fffeff0100" },
    { "length bytes 2, 65535",               DEED_LENGTH_BYTES, 2, 65535, false, "ffff" },
    { "length bytes 2, 65536",               DEED_LENGTH_BYTES, 2, 65536, false, "0000" },
    { "length bytes -4, 258",                DEED_LENGTH_BYTES, -4, 258, false, "00000102" },
    { "swap lengths 0, 254",                 DEED_SWAP_LENGTHS, 0, 254, false, "fe" },
    { "swap lengths 0, 255",                 DEED_SWAP_LENGTHS, 0, 255, false, "ff00ff" },
    { "swap lengths 0, 65535",               DEED_SWAP_LENGTHS, 0, 65535, false, "ffffff0000ffff" },
    { "swap lengths 2, 258",                 DEED_SWAP_LENGTHS, 2, 258, false, "ff0102" },
    { "swap lengths 2, 65538",               DEED_SWAP_LENGTHS, 2, 65538, false, "ffffff02000100" },
    { "swap all 0, 258",                     DEED_SWAP_ALL, 0, 258, false, "ff0102" },
    { "counts bytes 0, 127 wide",            DEED_COUNTS_BYTES, 0, 127, true, "fffefffe" },
    { "counts bytes 0, 128 wide",            DEED_COUNTS_BYTES, 0, 128, true, "fffeffff0001" },
    { "counts bytes 0, 32767 wide",          DEED_COUNTS_BYTES, 0, 32767, true, "fffefffffffffeff0000" },
    { "counts nul 0, 254",                   DEED_COUNTS_NUL, 0, 254, false, "ffff00" },
    { "length plus 1, 254",                  DEED_LENGTH_PLUS, 1, 254, false, "ffff00" },
    { "length plus -1, 255",                 DEED_LENGTH_PLUS, -1, 255, false, "fe" },
    { "mark again 0, 65534 wide",            DEED_MARK_AGAIN, 0, 65534, true, "fffefffffffffeff0000" },
    { "mark unknown 0, 1 wide",              DEED_MARK_UNKNOWN, 0, 1, true, "fffeff01" },
};
// clang-format on

Test(writing_mistakes, lengths_have_these_forms, .timeout = 20)
{
    for (const struct prefix_row *row = prefixes; row < prefixes + COUNT_OF(prefixes); row++) {
        SCRATCH(keep);
        const struct mistake m = { .key = "", .deed = row->deed, .n = row->n };
        struct value v = { .of = type_named(row->wide ? "cstringw" : "cstringa"), .wide = row->wide };
        CLEANUP(buffer_free) struct buffer wire = { 0 };
        size_t len = row->units * (row->wide ? 2 : 1);
        TEXT(said);

        v.data = (struct bytes){ memset(ARENA_ARRAY(&keep, len + 1, uint8_t), 'a', len), len };
        struct writing *w = writing_new(&m, &profile_default, &keep);
        writing_message(w, true);
        writing_put(w, &v, &wire);
        const uint8_t *text = memchr(wire.data, 'a', wire.len);
        hex_write(&said, (struct bytes){ wire.data, text ? (size_t)(text - wire.data) : wire.len });
        cr_expect(eq(str, (char *)text_string(&said), (char *)row->prefix), "%s", row->label);
    }
}
