/*
 * What a reader that makes one mistake takes bytes for: golden, at both sides of whatever the mistake begins or ends with.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/hex.h"
#include "check/reading.h"

#define OLD 42 // generations: without quad counts, without CTime of 64 bits
#define V70 70
#define NEW 100

// clang-format off
static const struct misread_row {
    const char *label, *type;
    enum deed deed;
    int64_t n;
    const char *in;
    const char *told;    // value, bytes that were read, and what the mistake was made in, if it was; or that it waits, or what it raises
    uint8_t generation;  // 0: NEW
    const char *of;      // where the mistake is made; NULL: wherever it can be
} rows[] = {
    /* Numbers. */
    { "turned",                          "word",       DEED_SWAP, 0, "0102 ff", "258, 2, WORD" },
    { "… in network order",              "net16",      DEED_SWAP, 0, "0102", "513, 2, WORD" },
    { "… of one byte",                   "byte",       DEED_SWAP, 0, "01", "1, 1" },
    { "… of eight",                      "longlong",   DEED_SWAP, 0, "fffffffffffffffe", "-2, 8, LONGLONG" },
    { "… cut",                           "dword",      DEED_SWAP, 0, "010203", "waits" },
    { "all turned",                      "dword",      DEED_SWAP_ALL, 0, "00000102", "258, 4, DWORD" },
    { "halves",                          "longlong",   DEED_HALVES, 0, "01000000 02000000", "4294967298, 8, LONGLONG" },
    { "… of four bytes",                 "dword",      DEED_HALVES, 0, "01000200", "131073, 4" },
    { "… that stood high first",         "olecurrency", DEED_HALVES, 0, "00000000 01000000 00000000", "(0, 1), 12, CY" },
    { "two bytes of four",               "long",       DEED_SIZE, 2, "feff 0700", "-2, 2, LONG" },
    { "eight bytes for four",            "long",       DEED_SIZE, 8, "feffffffffffffff", "-2, 8, LONG" },
    { "… without a sign",                "long",       DEED_SIZE_UNSIGNED, 8, "feffffff00000000", "4294967294, 8, LONG" },
    { "… of a number that has none",     "dword",      DEED_SIZE_UNSIGNED, 8, "feffffff00000000", "4294967294, 8, DWORD" },
    { "its own size",                    "long",       DEED_SIZE, 4, "feffffff", "-2, 4" },
    { "a float of eight bytes",          "float",      DEED_SIZE, 8, "000000000000f83f", "1.5, 8, float" },
    { "a double of four",                "double",     DEED_SIZE, 4, "0000c03f", "1.5, 4, double" },
    { "a double through a float",        "double",     DEED_ROUND, 0, "9a9999999999b93f", "0.10000000149011612, 8, double" },
    { "… a float",                       "float",      DEED_ROUND, 0, "cdcccc3d", "0.100000001, 4" },
    { "2^53 + 1 through a double",       "longlong",   DEED_ROUND_WHOLE, 1, "0100000000002000", "9007199254740992, 8, LONGLONG" },
    { "… 32 bits do not",                "long",       DEED_ROUND_WHOLE, 1, "01000001", "16777217, 4, LONG" },
    { "2^24 + 1 through a float",        "long",       DEED_ROUND_WHOLE, 0, "01000001", "16777216, 4, LONG" },
    { "… minus that",                    "long",       DEED_ROUND_WHOLE, 0, "fffffffe", "-16777216, 4, LONG" },
    { "… 16 bits do not",                "word",       DEED_ROUND_WHOLE, 0, "ffff", "65535, 2" },
    { "a sign lost",                     "short",      DEED_NO_SIGN, 0, "feff", "65534, 2, short" },
    { "… of a positive number",          "short",      DEED_NO_SIGN, 0, "fe7f", "32766, 2" },
    { "… of one that has none",          "word",       DEED_NO_SIGN, 0, "feff", "65534, 2" },
    { "… of eight bytes",                "longlong",   DEED_NO_SIGN, 0, "feffffffffffffff", "-2, 8, LONGLONG" },
    { "a sign added",                    "word",       DEED_SIGN, 0, "feff", "18446744073709551614, 2, WORD" },
    { "… to a small number",             "word",       DEED_SIGN, 0, "fe7f", "32766, 2" },
    { "… of one that has one",           "short",      DEED_SIGN, 0, "feff", "-2, 2" },
    { "a narrow string where any may be", "cstring",   DEED_NONE, 0, "026162", "\"ab\", 3" },
    { "… without the mark, read so",     "cstring",    DEED_NO_PREFIX, 0, "0261006200", "\"ab\", 5, CString" },
    { "a bool of 80",                    "bool",       DEED_NONE, 0, "80", "true, 1" },
    { "a bool of four bytes",            "bool",       DEED_SIZE, 4, "00000001", "true, 4, bool" },
    /* Times. */
    { "4 bytes where 12 are",            "time",       DEED_TIME, 4, "0a000080 0700000000000000", "-2147483638 (1901-12-13 20:46:02 UTC), 4, CTime" },
    { "8 bytes without the mark",        "time",       DEED_TIME, 8, "0700000000000000", "7 (1970-01-01 00:00:07 UTC), 8, CTime" },
    { "12 bytes",                        "time",       DEED_TIME, 12, "07000000 0800000000000000", "8 (1970-01-01 00:00:08 UTC), 12, CTime" },
    { "4 bytes behind the mark",         "time",       DEED_TIME_SHORT, 0, "0a000080 feffffff", "-2 (1969-12-31 23:59:58 UTC), 8, CTime" },
    { "… without it",                    "time",       DEED_TIME_SHORT, 0, "feffffff", "-2 (1969-12-31 23:59:58 UTC), 4" },
    { "8000000B has the mark's bit",     "time",       DEED_TIME_MARK, TIME_MARK_BIT, "0b000080 0700000000000000", "7 (1970-01-01 00:00:07 UTC), 12, CTime" },
    { "7FFFFFFF has not",                "time",       DEED_TIME_MARK, TIME_MARK_BIT, "ffffff7f", "2147483647 (2038-01-19 03:14:07 UTC), 4" },
    { "8000000B has all its bits",       "time",       DEED_TIME_MARK, TIME_MARK_BITS, "0b000080 0700000000000000", "7 (1970-01-01 00:00:07 UTC), 12, CTime" },
    { "80000009 has not",                "time",       DEED_TIME_MARK, TIME_MARK_BITS, "09000080", "-2147483639 (1901-12-13 20:46:01 UTC), 4" },
    { "0000000A has its lowest byte",    "time",       DEED_TIME_MARK, TIME_MARK_BYTE, "0a000000 0700000000000000", "7 (1970-01-01 00:00:07 UTC), 12, CTime" },
    { "8000000B has another",            "time",       DEED_TIME_MARK, TIME_MARK_BYTE, "0b000080", "-2147483637 (1901-12-13 20:46:03 UTC), 4" },
    { "8000000B has its high WORD",      "time",       DEED_TIME_MARK, TIME_MARK_WORD, "0b000080 0700000000000000", "7 (1970-01-01 00:00:07 UTC), 12, CTime" },
    { "8001000A has another",            "time",       DEED_TIME_MARK, TIME_MARK_WORD, "0a000180", "-2147418102 (1901-12-14 14:58:18 UTC), 4" },
    { "8000000B is no smaller",          "time",       DEED_TIME_MARK, TIME_MARK_FROM, "0b000080 0700000000000000", "7 (1970-01-01 00:00:07 UTC), 12, CTime" },
    { "80000009 is",                     "time",       DEED_TIME_MARK, TIME_MARK_FROM, "09000080", "-2147483639 (1901-12-13 20:46:01 UTC), 4" },
    { "the mark, where there is none",   "time",       DEED_TIME_MARK, TIME_MARK_KNOWN, "0a000080 0700000000000000", "7 (1970-01-01 00:00:07 UTC), 12, CTime", OLD },
    { "… not known",                     "time",       DEED_NONE, 0, "0a000080 0700000000000000", "-2147483638 (1901-12-13 20:46:02 UTC), 4", OLD },
    { "turned, mark and all",            "time",       DEED_SWAP_TIMES, 0, "8000000a 0000000000000007", "7 (1970-01-01 00:00:07 UTC), 12, CTime" },
    { "before 1970, as one after 2106",  "time",       DEED_NO_SIGN, 0, "feffffff", "4294967294 (2106-02-07 06:28:14 UTC), 4, CTime" },
    { "… behind the mark",               "time",       DEED_NO_SIGN, 0, "0a000080 feffffffffffffff", "-2 (1969-12-31 23:59:58 UTC), 12" },
    /* Counts. */
    { "the form of a length, one byte",  "count",      DEED_COUNT_FORM, COUNT_LIKE_LENGTH, "fe", "254, 1, WriteCount" },
    { "… three",                         "count",      DEED_COUNT_FORM, COUNT_LIKE_LENGTH, "ff ff00", "255, 3, WriteCount" },
    { "… seven",                         "count",      DEED_COUNT_FORM, COUNT_LIKE_LENGTH, "ff ffff 00000100", "65536, 7, WriteCount" },
    { "one FF",                          "count",      DEED_COUNT_FORM, COUNT_ONE_FF, "ff 00000100", "65536, 5, WriteCount" },
    { "… not before two bytes",          "count",      DEED_COUNT_FORM, COUNT_ONE_FF, "feff", "65534, 2, WriteCount" },
    { "eight bytes behind FFFF",         "count",      DEED_COUNT_FORM, COUNT_QUAD, "ffff 0000010000000000", "65536, 10, WriteCount" },
    { "… two without it",                "count",      DEED_COUNT_FORM, COUNT_QUAD, "feff", "65534, 2, WriteCount" },
    { "FFFE passed over",                "count",      DEED_COUNT_FORM, COUNT_WIDE_MARK, "feff 0700", "7, 4, WriteCount" },
    { "… and FFFF behind it",            "count",      DEED_COUNT_FORM, COUNT_WIDE_MARK, "feff ffff 00000100", "65536, 8, WriteCount" },
    { "the longest form",                "count",      DEED_COUNT_FORM, COUNT_QUAD_MARKED, "ffff ffffffff 0000010000000000", "65536, 14, WriteCount" },
    { "… and short",                     "count",      DEED_COUNT_FORM, COUNT_QUAD_MARKED, "feff", "65534, 2, WriteCount" },
    { "in two bytes, FFFF, too",         "count",      DEED_COUNT_BYTES, 2, "ffff", "65535, 2, WriteCount" },
    { "in eight",                        "count",      DEED_COUNT_BYTES, 8, "0700000000000000", "7, 8, WriteCount" },
    { "turned",                          "count",      DEED_SWAP_COUNTS, 0, "0007", "7, 2, WriteCount" },
    { "… four bytes",                    "count",      DEED_SWAP_COUNTS, 0, "ffff 00010000", "65536, 6, WriteCount" },
    { "… two alone",                     "count",      DEED_SWAP_COUNTS, 2, "ffff 00000100", "65536, 6, WriteCount" },
    { "no eight bytes",                  "count",      DEED_COUNT_SHORT, 0, "ffff ffffffff", "4294967295, 6, WriteCount" },
    { "… as there are",                  "count",      DEED_NONE, 0, "ffff ffffffff 0000000001000000", "4294967296, 14" },
    { "… and are not in 4.2",            "count",      DEED_NONE, 0, "ffff ffffffff", "4294967295, 6", OLD },
    { "FFFE says that more follows",     "count",      DEED_COUNT_TAKEN, 0xfffe, "feff 00000100", "65536, 6, WriteCount" },
    { "… FFFD does not",                 "count",      DEED_COUNT_TAKEN, 0xfffe, "fdff", "65533, 2" },
    { "… 8000 of four bytes does",       "count",      DEED_COUNT_TAKEN, 0x80000000, "ffff 00000080 0700000000000000", "7, 14, WriteCount" },
    { "one too large",                   "count",      DEED_COUNT_PLUS, 1, "0800", "7, 2, WriteCount" },
    { "… none, as it is",                "count",      DEED_COUNT_PLUS, 1, "0000", "0, 2" },
    { "one too small, from none",        "count",      DEED_COUNT_PLUS, -1, "0000", "1, 2, WriteCount" },
    { "that of an array's bytes",        "wordarray",  DEED_COUNT_OF_BYTES, 0, "0400 0100 0200", "[1, 2], 6, CWordArray" },
    { "… of bytes",                      "bytearray",  DEED_COUNT_OF_BYTES, 0, "0200 0102", "[1, 2], 4" },
    /* Lengths and marks. */
    { "in two bytes",                    "cstringa",   DEED_LENGTH_BYTES, 2, "0200 6162", "\"ab\", 4, CStringA" },
    { "… big-endian",                    "cstringa",   DEED_LENGTH_BYTES, -2, "0002 6162", "\"ab\", 4, CStringA" },
    { "… behind the mark",               "cstringw",   DEED_LENGTH_BYTES, 2, "fffeff 0100 6100", "\"a\", 7, CStringW" },
    { "seven bits",                      "cstringa",   DEED_LENGTH_7BIT, 0, "02 6162", "\"ab\", 3, CStringA" },
    { "… two bytes of them",             "cstringa",   DEED_LENGTH_7BIT, 0, "8200 6162", "\"ab\", 4, CStringA" },
    { "as a count",                      "cstringa",   DEED_LENGTH_AS_COUNT, 0, "0200 6162", "\"ab\", 4, CStringA" },
    { "… in four bytes",                 "cstringa",   DEED_LENGTH_AS_COUNT, 0, "ffff 02000000 6162", "\"ab\", 8, CStringA" },
    { "FE says that more follows",       "cstringa",   DEED_LENGTH_TAKEN, 0xfe, "fe 0200 6162", "\"ab\", 5, CStringA" },
    { "… FD does not",                   "cstringa",   DEED_LENGTH_TAKEN, 0xfe, "fd", "waits" },
    { "… of narrow strings alone",       "cstringw",   DEED_LENGTH_TAKEN, 0x80 | ONLY_NARROW, "fffeff 01 6100", "\"a\", 6" },
    { "FFFD says that more follows",     "cstringa",   DEED_LENGTH_TAKEN, 0xfffd, "ff fdff 02000000 6162", "\"ab\", 9, CStringA" },
    { "… FFFC does not",                 "cstringa",   DEED_LENGTH_TAKEN, 0xfffd, "ff fcff", "waits" },
    { "no escape",                       "cstringa",   DEED_LENGTH_SHORT, 1, "02 6162", "\"ab\", 3" },
    { "no form of four bytes",           "cstringa",   DEED_LENGTH_SHORT, 3, "ff ffff", "waits" },
    { "four bytes behind FF",            "cstringa",   DEED_LENGTH_FOUR, 0, "ff 02000000 6162", "\"ab\", 7, CStringA" },
    { "… of wide strings alone",         "cstringa",   DEED_LENGTH_FOUR, ONLY_WIDE, "ff 0200 6162", "\"ab\", 5" },
    { "one FF too few",                  "cstringa",   DEED_LENGTH_ONE_FF, 0, "ff ff 02000000 6162", "\"ab\", 8, CStringA" },
    { "… and none",                      "cstringa",   DEED_LENGTH_ONE_FF, 0, "ff 0200 6162", "\"ab\", 5" },
    { "the mark is a length",            "cstringa",   DEED_MARK_UNKNOWN, 0, "ff feff 61", "waits" },
    { "the mark again",                  "cstringw",   DEED_MARK_AGAIN, 0, "fffeff fffeff 01 6100", "\"a\", 9, CStringW" },
    { "eight bytes where four would do", "cstringa",   DEED_LENGTH_QUAD, 0, "ff ffff 09000000 0200000000000000 6162", "\"ab\", 17, CStringA" },
    { "… and as there are",              "cstringa",   DEED_NONE, 0, "ff ffff ffffffff 0200000000000000 6162", "\"ab\", 17" },
    { "turned",                          "cstringa",   DEED_SWAP_LENGTHS, 0, "ff 0002 6162", "\"ab\", 5, CStringA" },
    { "one too large",                   "cstringa",   DEED_LENGTH_PLUS, 1, "03 6162", "\"ab\", 3, CStringA" },
    { "… none",                          "cstringa",   DEED_LENGTH_PLUS, 1, "00", "\"\", 1" },
    { "one too small, of none",          "cstringa",   DEED_LENGTH_PLUS, -1, "00 61", "\"a\", 2, CStringA" },
    /* What stands in strings. */
    { "bytes for units",                 "cstringw",   DEED_COUNTS_BYTES, 0, "fffeff 04 61006200", "\"ab\", 8, CStringW" },
    { "… of a narrow one",               "cstringa",   DEED_COUNTS_BYTES, 0, "02 6162", "\"ab\", 3" },
    { "characters, one of a pair",       "cstringw",   DEED_COUNTS_CHARS, 0, "fffeff 02 3dd800de 6100", "\"😀a\", 10, CStringW" },
    { "… none of a pair",                "cstringw",   DEED_COUNTS_CHARS, 0, "fffeff 02 61006200", "\"ab\", 8" },
    { "wide ones as narrow",             "cstringw",   DEED_WIDE_AS_NARROW, 0, "fffeff 02 6162", "\"ab\", 6, CStringW" },
    { "… an empty one",                  "cstringw",   DEED_WIDE_AS_NARROW, 0, "fffeff 00", "\"\", 4" },
    { "its NUL, counted",                "cstringa",   DEED_COUNTS_NUL, 0, "03 616200", "\"ab\", 4, CStringA" },
    { "… none",                          "cstringa",   DEED_COUNTS_NUL, 0, "00", "\"\", 1" },
    { "its NUL, behind",                 "cstringa",   DEED_NUL_BEHIND, 0, "02 616200", "\"ab\", 4, CStringA" },
    { "… of two bytes",                  "cstringw",   DEED_NUL_BEHIND, 0, "fffeff 01 61000000", "\"a\", 8, CStringW" },
    { "a byte behind",                   "cstringw",   DEED_BYTE_BEHIND, 0, "fffeff 01 610000", "\"a\", 7, CStringW" },
    { "… dropped",                       "cstringa",   DEED_BYTE_SKIPPED, 0, "01 61 62", "\"a\", 3, CStringA" },
    { "units turned",                    "cstringw",   DEED_SWAP_UNITS, 0, "fffeff 02 00610062", "\"ab\", 8, CStringW" },
    { "… narrow ones",                   "cstringa",   DEED_SWAP_UNITS, 0, "02 6162", "\"ab\", 3" },
    { "cut at a NUL",                    "cstringa",   DEED_CUT_AT, 0, "03 610062", "\"a\", 4, CStringA" },
    { "… where there is none",           "cstringa",   DEED_CUT_AT, 0, "02 6162", "\"ab\", 3" },
    { "… at whatever ends a line",       "cstringw",   DEED_CUT_AT, CUT_LINES, "fffeff 03 6100 2820 6200", "\"a\", 10, CStringW" },
    { "… at U+2029",                     "cstringw",   DEED_CUT_AT, CUT_LINES, "fffeff 03 6100 2920 6200", "\"a\", 10, CStringW" },
    { "… not at U+2030",                 "cstringw",   DEED_CUT_AT, CUT_LINES, "fffeff 03 6100 3020 6200", "\"a‰b\", 10" },
    { "… at U+0085",                     "cstringw",   DEED_CUT_AT, CUT_LINES, "fffeff 03 6100 8500 6200", "\"a\", 10, CStringW" },
    { "… not at 85",                     "cstringa",   DEED_CUT_AT, CUT_LINES, "03 618562", "\"a\\x85b\", 4" },
    { "… at 1C",                         "cstringa",   DEED_CUT_AT, CUT_LINES, "03 611c62", "\"a\", 4, CStringA" },
    { "… at 1E",                         "cstringa",   DEED_CUT_AT, CUT_LINES, "03 611e62", "\"a\", 4, CStringA" },
    { "… not at 1F",                     "cstringa",   DEED_CUT_AT, CUT_LINES, "03 611f62", "\"a\\x1fb\", 4" },
    { "… not at 1B",                     "cstringa",   DEED_CUT_AT, CUT_LINES, "03 611b62", "\"a\\x1bb\", 4" },
    { "… at a vertical tab",             "cstringa",   DEED_CUT_AT, CUT_LINES, "03 610b62", "\"a\", 4, CStringA" },
    { "… not at a tab",                  "cstringa",   DEED_CUT_AT, CUT_LINES, "03 610962", "\"a\\x09b\", 4" },
    { "blanks at both ends",             "cstringa",   DEED_STRIP, STRIP_BEGIN | STRIP_END, "04 20612020", "\"a\", 5, CStringA" },
    { "… at the beginning",              "cstringa",   DEED_STRIP, STRIP_BEGIN, "03 206120", "\"a \", 4, CStringA" },
    { "… at the end",                    "cstringa",   DEED_STRIP, STRIP_END, "03 206120", "\" a\", 4, CStringA" },
    { "… nothing else",                  "cstringa",   DEED_STRIP, STRIP_BEGIN | STRIP_END, "02 2020", "\"\", 3, CStringA" },
    { "NULs at the end",                 "cstringa",   DEED_STRIP, STRIP_NULS, "04 00610000", "\"\\x00a\", 5, CStringA" },
    { "cut to 255",                      "cstringa",   DEED_CUT_TO, 255, "ff 0001 61*256", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…\" (255 units), 259, CStringA" },
    { "… as long as that",               "cstringa",   DEED_CUT_TO, 255, "ff ff00 61*255", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…\" (255 units), 258" },
    { "U+FEFF taken for a mark",         "cstringw",   DEED_MARK_TAKEN, 0, "fffeff 02 fffe 6100", "\"a\", 8, CStringW" },
    { "half a pair",                     "cstringw",   DEED_LONE_REPLACED, '?', "fffeff 02 3dd8 6100", "\"?a\", 8, CStringW" },
    { "… a whole one",                   "cstringw",   DEED_LONE_REPLACED, '?', "fffeff 02 3dd800de", "\"😀\", 8" },
    { "… left out",                      "cstringw",   DEED_LONE_REPLACED, 0, "fffeff 02 00de 6100", "\"a\", 8, CStringW" },
    { "a pair",                          "cstringw",   DEED_PAIR_REPLACED, 0xfffd, "fffeff 02 3dd800de", "\"�\", 8, CStringW" },
    { "what is not ASCII",               "cstringw",   DEED_ASCII_ONLY, '?', "fffeff 03 6100 7f00 8000", "\"a\\x7f?\", 10, CStringW" },
    { "what is not Latin-1",             "cstringw",   DEED_LATIN_ONLY, '?', "fffeff 03 6100 ff00 0001", "\"aÿ?\", 10, CStringW" },
    { "seven bits of each",              "cstringa",   DEED_7BIT, 0, "02 61e9", "\"ai\", 3, CStringA" },
    /* Lines. */
    { "a line up to its CR",             "line",       DEED_LINE_AT_CR, 0, "6100 0d00 6200 0a00", "\"a\", 4, WriteString" },
    { "… and the newline behind that",   "line",       DEED_LINE_AT_CR, 0, "6100 0d00 0a00", "\"a\", 6, WriteString" },
    { "… without a CR",                  "line",       DEED_LINE_AT_CR, 0, "6100 0a00", "\"a\", 4" },
    { "… that is cut behind it",         "line",       DEED_LINE_AT_CR, 0, "6100 0d00 0a", "\"a\", 4, WriteString" },
    { "a CR that stays",                 "line",       DEED_LINE_KEEPS_CR, 0, "6100 0d00 0a00", "\"a\\x0d\", 6, WriteString" },
    { "a NUL behind a line",             "line",       DEED_NUL_BEHIND, 0, "6100 0a00 0000", "\"a\", 6, WriteString" },
    /* What COM counts. */
    { "a BSTR of units",                 "bstr",       DEED_COUNTS_UNITS, 0, "01000000 6100", "\"a\", 6, BSTR" },
    { "… of bytes",                      "bstr",       DEED_NONE, 0, "02000000 6100", "\"a\", 6" },
    { "… that is turned",                "bstr",       DEED_SWAP_LENGTHS, 0, "00000002 6100", "\"a\", 6, BSTR" },
    { "… one too large",                 "bstr",       DEED_LENGTH_PLUS, 1, "04000000 6100", "\"a\", 6, BSTR" },
    { "… and empty",                     "bstr",       DEED_LENGTH_PLUS, 1, "00000000", "\"\", 4" },
    { "a CComBSTR of units",             "combstr",    DEED_NONE, 0, "01000000 6100", "\"a\", 6" },
    { "… of bytes",                      "combstr",    DEED_COUNTS_BYTES, 0, "02000000 6100", "\"a\", 6, CComBSTR" },
    { "… one too large",                 "combstr",    DEED_LENGTH_PLUS, 1, "02000000 6100", "\"a\", 6, CComBSTR" },
    /* Arrays. */
    { "elements turned",                 "wordarray",  DEED_SWAP, 0, "0200 0001 0002", "[1, 2], 6, CWordArray" },
    { "… of bytes",                      "bytearray",  DEED_SWAP, 0, "0200 0102", "[1, 2], 4" },
    { "FFFF for none",                   "count",      DEED_COUNT_NONE, 0xffff, "ffff 00000100", "0, 2, WriteCount" },
    { "… FFFE is a count",               "count",      DEED_COUNT_NONE, 0xffff, "feff", "65534, 2" },
    { "8000 for none",                   "bytearray",  DEED_COUNT_NONE, 0x8000, "0080 07", "[], 2, CByteArray" },
    { "… 7FFF is a count",               "count",      DEED_COUNT_NONE, 0x8000, "ff7f", "32767, 2" },
    { "80 for none",                     "cstringa",   DEED_LENGTH_SIGNED, 0x80, "80 41", "\"\", 1, CStringA" },
    { "… FE, of a wide string",          "cstringw",   DEED_LENGTH_SIGNED, 0x80, "fffeff fe 41", "\"\", 4, CStringW" },
    { "… FF says that two bytes follow", "cstringa",   DEED_LENGTH_SIGNED, 0x80, "ff 0100 41", "\"A\", 4" },
    { "… 7F is a length",                "cstringa",   DEED_LENGTH_SIGNED, 0x80, "7f 41*126", "waits" },
    { "… nor is 8000 none",              "cstringa",   DEED_LENGTH_SIGNED, 0x80, "ff 0080 41", "waits" },
    { "8000 for none",                   "cstringa",   DEED_LENGTH_SIGNED, 0x8000, "ff 0080 41", "\"\", 3, CStringA" },
    { "… FFFD, of a wide string",        "cstringw",   DEED_LENGTH_SIGNED, 0x8000, "fffeff ff fdff 41", "\"\", 6, CStringW" },
    { "… FFFF says that four bytes follow", "cstringa", DEED_LENGTH_SIGNED, 0x8000, "ff ffff 01000000 41", "\"A\", 8" },
    { "… 7FFF is a length",              "cstringa",   DEED_LENGTH_SIGNED, 0x8000, "ff ff7f 41*126", "waits" },
    { "… and so is 80",                  "cstringa",   DEED_LENGTH_SIGNED, 0x8000, "80 41*126", "waits" },
    { "FFFF for no length",              "cstringa",   DEED_LENGTH_NONE, 0xffff, "ff ffff 01000000 41", "\"\", 3, CStringA" },
    { "… FFFD is one",                   "cstringa",   DEED_LENGTH_NONE, 0xffff, "ff fdff 41", "waits" },
    { "… FF says that two bytes follow", "cstringa",   DEED_LENGTH_NONE, 0xffff, "ff 0100 41", "\"A\", 4" },
    { "FFFFFFFF for no length",          "cstringa",   DEED_LENGTH_NONE, 0xffffffff, "ff ffff ffffffff 0100000000000000 41", "\"\", 7, CStringA" },
    { "… of a wide string",              "cstringw",   DEED_LENGTH_NONE, 0xffffffff, "fffeff ff ffff ffffffff 0100000000000000 4100", "\"\", 10, CStringW" },
    { "… FFFFFFFE is one",               "cstringa",   DEED_LENGTH_NONE, 0xffffffff, "ff ffff feffffff 41", "waits" },
    { "… FFFF says that four bytes follow", "cstringa", DEED_LENGTH_NONE, 0xffffffff, "ff ffff 01000000 41", "\"A\", 8" },
    { "FFFFFFFF for the length",         "cstringa",   DEED_LENGTH_SHORT, 7, "ff ffff ffffffff 0100000000000000 41", "waits" },
    { "… FFFFFFFE is one",               "cstringa",   DEED_LENGTH_SHORT, 7, "ff ffff 01000000 41", "\"A\", 8" },
    { "bytes of a length or-ed",         "cstringa",   DEED_LENGTH_OF_SIGNED, BYTES_OR_ED, "ff 8000 41", "waits" },
    { "… 7F has no sign",                "cstringa",   DEED_LENGTH_OF_SIGNED, BYTES_OR_ED, "ff 7f00 41*127", "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA…\" (127 units), 130" },
    { "… added",                         "cstringa",   DEED_LENGTH_OF_SIGNED, BYTES_ADDED, "ff 0201 ff ff00", "waits" },
    { "… of a BSTR",                     "combstr",    DEED_LENGTH_OF_SIGNED, BYTES_ADDED, "81ff0000 4100", "waits" },
    { "bytes or-ed",                     "dword",      DEED_BYTES_SIGNED, BYTES_OR_ED, "60f3efaa", "4294964064, 4, DWORD" },
    { "… added",                         "dword",      DEED_BYTES_SIGNED, BYTES_ADDED, "60f3efaa", "2851009376, 4, DWORD" },
    { "… without a sign among them",     "dword",      DEED_BYTES_SIGNED, BYTES_OR_ED, "01027f00", "8323585, 4" },
    { "… but at the top",                "dword",      DEED_BYTES_SIGNED, BYTES_ADDED, "010203ff", "4278387201, 4" },
    { "… of a number with a sign",       "short",      DEED_BYTES_SIGNED, BYTES_OR_ED, "8001", "-128, 2, short" },
    { "… of a double",                   "double",     DEED_BYTES_SIGNED, BYTES_ADDED, "0000000000 80f03f", "1.5020370483398438e-05, 8, double" },
    { "… of one byte",                   "byte",       DEED_BYTES_SIGNED, BYTES_OR_ED, "80", "128, 1" },
    { "… in network order",              "net16",      DEED_BYTES_SIGNED, BYTES_OR_ED, "0180", "65408, 2, WORD" },
    { "… of a time",                     "time",       DEED_BYTES_SIGNED, BYTES_ADDED, "0a000080 8000000000000000", "-128 (1969-12-31 23:57:52 UTC), 12, CTime" },
    { "… that is added",                 "time",       DEED_BYTES_SIGNED, BYTES_ADDED, "0a000080 8001000000000000", "128 (1970-01-01 00:02:08 UTC), 12, CTime" },
    { "… of elements",                   "wordarray",  DEED_BYTES_SIGNED, BYTES_OR_ED, "0300 0100 8001 8000", "[1, 65408, 65408], 8, CWordArray" },
    { "… none of which has a sign",      "wordarray",  DEED_BYTES_SIGNED, BYTES_OR_ED, "0100 7f80", "[32895], 4" },
    { "… of bytes",                      "bytearray",  DEED_BYTES_SIGNED, BYTES_OR_ED, "0100 80", "[128], 3" },
    { "… not of counts",                 "bytearray",  DEED_COUNT_SIGNED, BYTES_OR_ED, "8001 41", "waits" },
    { "bytes of a count added",          "count",      DEED_COUNT_SIGNED, BYTES_ADDED, "8001", "128, 2, WriteCount" },
    { "… or-ed",                         "count",      DEED_COUNT_SIGNED, BYTES_OR_ED, "8001", "65408, 2, WriteCount" },
    { "… without a sign",                "count",      DEED_COUNT_SIGNED, BYTES_OR_ED, "7f80", "32895, 2" },
    { "bytes of a wide string",          "cstringa",   DEED_UNITS_COPIED, 0, "fffeff 02 48006900", "\"H\\x00i\\x00\", 8, CStringA" },
    { "… of an empty one",               "cstringa",   DEED_UNITS_COPIED, 0, "fffeff 00", "\"\", 4" },
    { "… of a narrow one",               "cstringa",   DEED_UNITS_COPIED, 0, "02 4869", "\"Hi\", 3" },
    { "… that is to be wide",            "cstringw",   DEED_UNITS_COPIED, 0, "fffeff 02 48006900", "\"Hi\", 8" },
    { "bytes of a narrow string",        "cstringw",   DEED_UNITS_COPIED, 1, "03 410042", "\"A\", 4, CStringW" },
    { "… that is to be so",              "cstringa",   DEED_UNITS_COPIED, 1, "02 4869", "\"Hi\", 3" },
    { "… of a wide one",                 "cstringw",   DEED_UNITS_COPIED, 1, "fffeff 02 48006900", "\"Hi\", 8" },
    { "eight bytes of length",           "cstringa",   DEED_LENGTH_BYTES, 8, "0200000000000000 4142", "\"AB\", 10, CStringA" },
    { "two bytes, of wide strings alone", "cstringw",  DEED_LENGTH_BYTES, 2 | ONLY_WIDE, "fffeff 0100 4100", "\"A\", 7, CStringW" },
    { "… of a narrow one",               "cstringw",   DEED_LENGTH_BYTES, 2 | ONLY_WIDE, "01 41", "\"A\", 2" },
    { "a line has no length to be halved", "line",     DEED_CUT_HALF, 0, "4100 4200 0a00", "\"AB\", 6" },
    { "elements of four bytes, turned",  "wordarray",  DEED_SIZE_BIG, 4, "0200 00000001 00000002", "[1, 2], 10, CWordArray" },
    { "four bytes, turned",              "word",       DEED_SIZE_BIG, 4, "00000102", "258, 4, WORD" },
    { "elements of four bytes",          "wordarray",  DEED_SIZE, 4, "0200 01000000 02000000", "[1, 2], 10, CWordArray" },
    { "… of one",                        "dwordarray", DEED_SIZE, 1, "0200 0102", "[1, 2], 4, CDWordArray" },
    { "… of their own size",             "wordarray",  DEED_SIZE, 2, "0100 0100", "[1], 4" },
    { "zeroes at the end",               "bytearray",  DEED_STRIP_BYTES, 0, "0400 01000200", "[1, 0, 2], 6, CByteArray" },
    { "… none",                          "bytearray",  DEED_STRIP_BYTES, 0, "0200 0001", "[0, 1], 4" },
    { "up to the first zero",            "wordarray",  DEED_STRIP_BYTES, 1, "0300 0100 0000 0200", "[1], 8, CWordArray" },
    { "cut to 255",                      "bytearray",  DEED_CUT_BYTES, 255, "0001 07*256", "[7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, …] (255 elements), 258, CByteArray" },
    { "… as long as that",               "bytearray",  DEED_CUT_BYTES, 255, "ff00 07*255", "[7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, …] (255 elements), 257" },
    /* Variants. */
    { "a variant without a value",       "olevariant", DEED_EMPTY_FILLED, 4, "0000 07000000", "(0), 6, COleVariant" },
    { "… with one",                      "olevariant", DEED_EMPTY_FILLED, 4, "0200 0700", "(2, 7), 4" },
    { "… its type of four bytes",        "olevariant", DEED_SIZE, 4, "02000000 07000000", "(2, 7), 8, short" },
    { "a COM object",                    "olevariant", DEED_NONE, 0, "0900", "raises none at 2" },
    { "… an unknown one",                "olevariant", DEED_NONE, 0, "0d00", "raises none at 2" },
    /* Objects. */
    { "a class name, wide",              "object",     DEED_NAME_WIDE, 0, "ffff 0100 0400 4300410067006500 07000000", "CAge(7), 18, CAge" },
    { "… with its NUL",                  "object",     DEED_NAME_NUL, 0, "ffff 0100 0500 4341676500 07000000", "CAge(7), 15, CAge" },
    { "… which is not counted",          "object",     DEED_NAME_NUL, 1, "ffff 0100 0400 4341676500 07000000", "CAge(7), 15, CAge" },
    { "… of 63 bytes",                   "object",     DEED_NONE, 0, "ffff 0100 3f00 43*63", "raises badClass at 69" },
    { "… of 64",                         "object",     DEED_NONE, 0, "ffff 0100 4000 43*64", "raises badClass at 6" },
    { "… that nobody knows",             "object",     DEED_NONE, 0, "ffff 0100 0400 43416766", "raises badClass at 10" },
    { "… cut",                           "object",     DEED_NONE, 0, "ffff 0100 0400 434167", "waits" },
    { "… the beginning of one",          "object",     DEED_NAME_BEGINS, 0, "ffff 0100 0300 434167 07000000", "CAge(7), 13, CAge" },
    { "… and longer than one",           "object",     DEED_NAME_LONGER, 0, "ffff 0100 0500 4341676578 07000000", "CAge(7), 15, CAge" },
    { "… whatever its capitals",         "object",     DEED_NAME_ANY_CASE, 0, "ffff 0100 0400 63416745 07000000", "CAge(7), 14, CAge" },
    { "… beginning, not like it",        "object",     DEED_NAME_BEGINS, 0, "ffff 0100 0300 434178", "raises badClass at 9" },
    { "another schema",                  "object",     DEED_NONE, 0, "ffff 0200 0400 43416765 07000000", "raises badSchema at 10" },
    { "… taken",                         "object",     DEED_SCHEMA_ANY, 0, "ffff 0200 0400 43416765 07000000", "CAge(7), 14, CAge" },
    { "… turned",                        "object",     DEED_SWAP_SCHEMAS, 0, "ffff 0001 0400 43416765 07000000", "CAge(7), 14, CAge" },
    { "tags turned",                     "object",     DEED_SWAP_TAGS, 0, "ffff 0001 0004 43416765 07000000", "CAge(7), 14, CAge" },
    { "null",                            "object",     DEED_NONE, 0, "0000", "null, 2" },
    { "no such index",                   "object",     DEED_NONE, 0, "0100", "raises badIndex at 2" },
    { "no such class",                   "object",     DEED_NONE, 0, "0180", "raises badIndex at 2" },
    { "8000 is no class",                "object",     DEED_NONE, 0, "0080", "raises badIndex at 2" },
    { "an object's tag for a class",     "class",      DEED_NONE, 0, "0000", "raises badIndex at 2" },
    { "a class by itself",               "class",      DEED_NONE, 0, "ffff 0100 0400 43416765", "CAge:1, 10, CAge" },
    { "the long form of null",           "object",     DEED_NONE, 0, "ff7f 00000000", "null, 6" },
    { "… which is not known",            "object",     DEED_TAG_SHORT, 0, "ff7f", "raises badIndex at 2" },
    { "an object that holds itself",     "object",     DEED_NONE, 0, "ffff 0300 0500 434e6f6465 07000000 0200", "CNode(7, @1), 17, CNode" },
    { "… counted from 0",                "object",     DEED_INDEX_PLUS, -1, "ffff 0300 0500 434e6f6465 07000000 0100", "CNode(7, @1), 17, CNode" },
    { "… before its class",              "object",     DEED_OBJECT_FIRST, 0, "ffff 0300 0500 434e6f6465 07000000 0100", "CNode(7, @1), 17, CNode" },
    { "… classes uncounted",             "object",     DEED_CLASS_UNCOUNTED, 0, "ffff 0300 0500 434e6f6465 07000000 0100", "CNode(7, @1), 17, CNode" },
    { "… objects uncounted",             "object",     DEED_OBJECT_UNCOUNTED, 0, "ffff 0300 0500 434e6f6465 07000000 0200", "CNode(7, @1), 17, CNode" },
    { "… counted apart",                 "object",     DEED_OWN_COUNTERS, 0, "ffff 0300 0500 434e6f6465 07000000 0100", "CNode(7, @1), 17, CNode" },
    { "… not known within itself",       "object",     DEED_OBJECT_LATE, 0, "ffff 0300 0500 434e6f6465 07000000 0200", "raises badIndex at 17" },
    { "a long tag of a class",           "object",     DEED_NONE, 0, "ff7f 01000080", "raises badIndex at 6" },
    { "… known in bit 15",               "obarray",    DEED_TAG_CLASS_BIT, 0x8000, "0200 ffff 0100 0400 43416765 07000000 ff7f 01800000 08000000", "[CAge(7), CAge(8)], 26, CAge" },
    { "… and no class by its highest",   "obarray",    DEED_TAG_CLASS_BIT, 0x8000, "0200 ffff 0100 0400 43416765 07000000 ff7f 02000080", "[CAge(7), @1], 22, CAge" },
    { "… without a mark",                "obarray",    DEED_TAG_CLASS_BIT, 0, "0200 ffff 0100 0400 43416765 07000000 ff7f 02000080", "[CAge(7), @1], 22, CAge" },
    { "… null in the long form, with it", "object",    DEED_TAG_CLASS_BIT, 0, "ff7f 00000080", "null, 6, CObject*" },
    { "… without it",                    "object",     DEED_TAG_CLASS_BIT, 0, "ff7f 00000000", "null, 6" },
    { "… and bit 15",                    "object",     DEED_TAG_CLASS_BIT, 0x8000, "ff7f 00000000", "null, 6" },
    { "one object of a class",           "obarray",    DEED_ONE_OF_CLASS, 0, "0300 ffff 0100 0400 43416765 07000000 0180 08000000 0300", "[CAge(8), @1, @1], 24, CAge" },
    { "… told by the last's number",     "obarray",    DEED_ONE_OF_CLASS, 1, "0300 ffff 0100 0400 43416765 07000000 0180 08000000 0200", "[CAge(8), @2, @2], 24, CAge" },
    { "… of this class",                 "obarray",    DEED_ONE_OF_CLASS, 0, "0200 ffff 0100 0400 43416765 07000000 0180 08000000", "[CAge(8), @1], 22, CAge", 0, "CAge" },
    { "… of another",                    "obarray",    DEED_ONE_OF_CLASS, 0, "0200 ffff 0100 0400 43416765 07000000 0180 08000000", "[CAge(7), CAge(8)], 22, CAge", 0, "CNode" },
    { "… within itself",                 "object",     DEED_ONE_OF_CLASS, 0, "ffff 0300 0500 434e6f6465 07000000 0180 08000000 0180 09000000 0000", "CNode(9, @1), 29, CNode" },
    { "… a list",                        "obarray",    DEED_ONE_OF_CLASS, 0, "0200 ffff 0000 0a00 43427974654172726179 0100 01 0180 0200 0203", "[CByteArray[2, 3], @1], 27, CByteArray" },
    { "… a list within itself",          "object",     DEED_ONE_OF_CLASS, 0, "ffff 0000 0700 434f624c697374 0300 0180 0100 0000 0000 0000", "CObList[@1, null, null], 25, CObList" },
    { "strings are numbered",            "obarray",    DEED_VALUE_COUNTED, COUNTED_MEMBERS, "0300 ffff 0000 0b00 43537472696e674c697374 0100 0161 ffff 0100 0400 43416765 07000000 0500", "[CStringList[\"a\"], CAge(7), @2], 39, CAge" },
    { "… and that of one is none",       "obarray",    DEED_VALUE_COUNTED, COUNTED_MEMBERS, "0200 ffff 0000 0b00 43537472696e674c697374 0100 0161 0300", "raises badIndex at 25" },
    { "null takes an index",             "obarray",    DEED_NULL_COUNTED, 0, "0300 0000 ffff 0100 0400 43416765 07000000 0300", "[null, CAge(7), @1], 20, CAge" },
    { "nulls are left out",              "obarray",    DEED_NULLS_LEFT, 0, "0300 0000 ffff 0100 0400 43416765 07000000 0000", "[CAge(7)], 20, CObArray" },
    { "… of such lists",                 "obarray",    DEED_NULLS_LEFT, 0, "0300 0000 ffff 0100 0400 43416765 07000000 0000", "[CAge(7)], 20, CObArray", 0, "CObArray" },
    { "… of others",                     "obarray",    DEED_NULLS_LEFT, 0, "0300 0000 ffff 0100 0400 43416765 07000000 0000", "[null, CAge(7), null], 20, CAge", 0, "CObList" },
    { "… by whoever writes",             "obarray",    DEED_NULLS_LEFT, 1, "0300 0000 ffff 0100 0400 43416765 07000000 0000", "[null, CAge(7), null], 20, CAge" },
    { "… and their keys",                "mapwordtoob", DEED_NULLS_LEFT, 0, "0200 0500 0000 0600 ffff 0100 0400 43416765 07000000", "{6=CAge(7)}, 22, CMapWordToOb" },
    { "each value's own table",          "obarray",    DEED_TABLE_PER_OBJECT, 0, "0200 ffff 0100 0400 43416765 07000000 0200", "[CAge(7), @1], 18, CAge" },
    { "a list's own table",              "object",     DEED_TABLE_PER_COLLECTION, 0, "ffff 0000 0700 434f624c697374 0200 ffff 0100 0400 43416765 01000000 0200", "CObList[CAge(1), @2], 31, CAge" },
    { "… of that class",                 "object",     DEED_TABLE_PER_COLLECTION, 0, "ffff 0000 0700 434f624c697374 0200 ffff 0100 0400 43416765 01000000 0200", "CObList[CAge(1), @2], 31, CAge", 0, "CObList" },
    { "… of another",                    "object",     DEED_TABLE_PER_COLLECTION, 0, "ffff 0000 0700 434f624c697374 0200 ffff 0100 0400 43416765 01000000 0400", "CObList[CAge(1), @2], 31, CAge", 0, "CObArray" },
    { "… behind which the list is known", "obarray",   DEED_TABLE_PER_COLLECTION, 0, "0200 ffff 0000 0700 434f624c697374 0200 ffff 0100 0400 43416765 01000000 0200 0200", "[CObList[CAge(1), @2], @1], 35, CObList", 0, "CObList" },
    /* Of one type alone. */
    { "WORDs turned",                    "word",       DEED_SWAP, 0, "0102", "258, 2, WORD", 0, "WORD" },
    { "… DWORDs alone",                  "word",       DEED_SWAP, 0, "0102", "513, 2", 0, "DWORD" },
    { "zeroes at the end of raw bytes",  "raw:3",      DEED_STRIP_BYTES, 0, "010000", "01, 3, Write" },
    { "… of arrays alone",               "raw:3",      DEED_STRIP_BYTES, 0, "010000", "01 00 00, 3", 0, "CByteArray" },
    { "a WORD in front of a LONG, to 4", "olevariant", DEED_ALIGN, 4, "0300 0000 07000000", "(3, 7), 8, LONG" },
    { "… to 2",                          "olevariant", DEED_ALIGN, 2, "0300 07000000", "(3, 7), 6" },
    { "members of a CTime, to 8",        "time",       DEED_ALIGN_WITHIN, 8, "0a000080 00000000 0700000000000000", "7 (1970-01-01 00:00:07 UTC), 16, CTime" },
    { "… to 4",                          "time",       DEED_ALIGN_WITHIN, 4, "0a000080 0700000000000000", "7 (1970-01-01 00:00:07 UTC), 12" },
    { "… of a currency alone",           "time",       DEED_ALIGN_WITHIN, 8, "0a000080 0700000000000000", "7 (1970-01-01 00:00:07 UTC), 12", 0, "COleCurrency" },
    { "members of a currency, to 8",     "olecurrency", DEED_ALIGN_WITHIN, 8, "00000000 00000000 00000000 07000000", "(0, 7), 16, COleCurrency" },
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

static const char *told(const struct misread_row *row, struct arena *keep)
{
    const struct mistake m = { .key = "", .deed = row->deed, .n = row->n, .reads = true, .of = row->of };
    struct profile p = profile_default;
    struct reader r = { 0 };
    struct value v;
    TEXT(said);

    p.generation = row->generation ? row->generation : NEW;
    p.charset = CHARSET_UNICODE;
    p.bits = row->generation == OLD ? 32 : 64;
    cr_assert(hex_read(row->in, keep, &r.in) == NULL, "%s", row->label);
    struct reading *g = reading_new(&m, &p, keep);
    reading_message(g, true, 0);
    reading_get(g, &r, type_of(row->type), &v);
    if (r.status == WIRE_SHORT)
        return "waits";
    if (r.status == WIRE_BAD)
        return arena_printf(keep, "raises %s at %zu", cause_name(r.cause), r.at);
    value_print(&said, &v);
    return arena_printf(keep, "%s, %zu%s%s", text_string(&said), r.at, reading_about(g) ? ", " : "", reading_about(g) ? reading_about(g) : "");
}

Test(reading_mistakes, are_made_where_they_begin_and_not_before, .timeout = 20)
{
    for (const struct misread_row *row = rows; row < rows + COUNT_OF(rows); row++) {
        SCRATCH(keep);
        cr_expect(eq(str, (char *)told(row, &keep), (char *)row->told), "%s", row->label);
    }
}
