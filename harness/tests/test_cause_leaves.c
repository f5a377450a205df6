/*
 * Each cause that shows in the leaves of a value, or in several values of a reply, asked by itself.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "cause_rows.h"
#include "check/leaves.h"
#include "check/several.h"

#define SAY(values)   "{'client': [{'word': 1}]},{'server': [{'word': 0}, " values "]}"
#define TELL(type, value, text) "{'client': [{'word': 2}, {'cstringa': '" type "'}, {'" type "': " value "}]},{'server': [{'word': 0}, {'cstringa': '" text "'}]}"
#define LAST(got)     "0 open,1 >,2 <0000 " got ",2 mismatch,2 over"
#define TEXTS         "{'stringarray': ['abc', 'de']}"
#define WITHIN(what, side, n) "a " what " within the value came without the " side " " n
#define UNDECODED(n) "U+FFFD, which stands for what cannot be decoded, came " n " where none is due"
#define STANDS(by, n) by " came for " n
#define HALVED(n)     "one unit came for " n " of two"
#define EXPANDS(units, n) units " came for " n
#define ESCAPES(n)    "an escape, such as stands in a source text, came for " n
#define MOVED(type)   "the bytes of this " type " stand in an order that is neither little-endian nor big-endian"
#define NEARLY(type)  type " is nearly what is due, and has fewer digits"
#define ONE_MORE      "a collection has an element more, at its end, than is due"

// clang-format off
static const struct cause_row rows[] = {
    { "a NUL for the last unit",    cause_ended_by_nul, TALK, SAY("{'cstringa': 'ab'}"), LAST("02 6100"), "a NUL stands in the place of the last unit of CStringA" },
    { "… of a block",               cause_ended_by_nul, TALK, SAY("{'raw:3': '010203'}"), LAST("010200"), "a NUL stands in the place of the last byte of Write" },
    { "… that is another",          cause_ended_by_nul, TALK, SAY("{'raw:3': '010203'}"), LAST("010204"), NULL },
    { "… and the one before it",    cause_ended_by_nul, TALK, SAY("{'raw:3': '010203'}"), LAST("010000"), NULL },
    { "… of one unit",              cause_ended_by_nul, TALK, SAY("{'raw:1': '01'}"), LAST("00"), NULL },
    { "… of a wide text",           cause_ended_by_nul, TALK, SAY("{'cstringw': 'ab'}"), LAST("fffeff 02 61000000"), "a NUL stands in the place of the last unit of CStringW" },
    { "… of an element of it",      cause_ended_by_nul, TALK, SAY("{'wordarray': [1, 258]}"), LAST("0200 01000200"), NULL },
    { "the ends of both texts",     cause_cut_within, TALK, SAY(TEXTS), LAST("0200 fffeff02 61006200 fffeff01 6400"), WITHIN("CString", "last", "1 of its 3 units") },
    { "… their beginnings",         cause_cut_within, TALK, SAY(TEXTS), LAST("0200 fffeff01 6300 fffeff01 6500"), WITHIN("CString", "first", "2 of its 3 units") },
    { "… the end of one",           cause_cut_within, TALK, SAY(TEXTS), LAST("0200 fffeff03 610062006300 fffeff01 6400"), WITHIN("CString", "last", "1 of its 2 units") },
    { "… the end and a beginning",  cause_cut_within, TALK, SAY(TEXTS), LAST("0200 fffeff02 61006200 fffeff01 6500"), NULL },
    { "… all of both",              cause_cut_within, TALK, SAY(TEXTS), LAST("0200 fffeff00 fffeff00"), NULL },
    { "… all of one",               cause_cut_within, TALK, SAY(TEXTS), LAST("0200 fffeff02 61006200 fffeff00"), WITHIN("CString", "last", "1 of its 3 units") },
    { "… and another unit",         cause_cut_within, TALK, SAY(TEXTS), LAST("0200 fffeff02 61006300 fffeff01 6400"), NULL },
    { "… and an element is missing", cause_cut_within, TALK, SAY(TEXTS), LAST("0100 fffeff02 61006200"), NULL },
    { "… of a text by itself",      cause_cut_within, TALK, SAY("{'cstringa': 'abcd'}"), LAST("02 6162"), NULL },
    { "… of one that a text tells", cause_cut_within, TALK, TELL("cstringa", "'ab'", "a:6162"), LAST("04 613a3631"), WITHIN("CStringA", "last", "1 of its 2 units") },
    { "… all is right",             cause_cut_within, TALK, SAY(TEXTS ", {'byte': 7}"), LAST("0200 fffeff03 610062006300 fffeff02 64006500 08"), NULL },
    { "a mark for a character",     cause_replaced, TALK, SAY("{'cstringw': 'a\\u00e9'}"), LAST("fffeff02 61003f00"), STANDS("U+003F", "1 character") },
    { "… for two",                  cause_replaced, TALK, SAY("{'cstringw': '\\u00e9a\\u00e9'}"), LAST("fffeff03 200061002000"), STANDS("U+0020", "2 characters") },
    { "… two marks",                cause_replaced, TALK, SAY("{'cstringw': '\\u00e9a\\u00e9'}"), LAST("fffeff03 20006100 3f00"), NULL },
    { "… a letter",                 cause_replaced, TALK, SAY("{'cstringw': 'a\\u00e9'}"), LAST("fffeff02 61006500"), NULL },
    { "… the replacement character", cause_replaced, TALK, SAY("{'cstringw': 'a\\u00e9'}"), LAST("fffeff02 6100fdff"), STANDS("U+FFFD", "1 character") },
    { "… none for one of them",     cause_replaced, TALK, SAY("{'cstringw': 'a\\u00e9'}"), LAST("fffeff01 6100"), NULL },
    { "an escape",                  cause_replaced, TALK, SAY("{'cstringw': '\\u00e9'}"), LAST("fffeff06 5c0075003000300065003900"), ESCAPES("1 character") },
    { "… before a letter",          cause_replaced, TALK, SAY("{'cstringw': '\\u00e9a'}"), LAST("fffeff04 250065003900 6100"), ESCAPES("1 character") },
    { "… of one unit",              cause_replaced, TALK, SAY("{'cstringw': '\\u00e9'}"), LAST("fffeff01 5c00"), NULL },
    { "letters for a character",    cause_replaced, TALK, SAY("{'cstringw': '\\u00e9'}"), LAST("fffeff02 78006500"), EXPANDS("2 units", "1 character U+00E9") },
    { "… for a letter",             cause_replaced, TALK, SAY("{'cstringw': 'a'}"), LAST("fffeff02 5c006500"), NULL },
    { "what could not be decoded",  cause_undecoded, TALK, SAY("{'cstringw': 'ab'}"), LAST("fffeff04 fdfffdfffdfffdff"), UNDECODED("4 times") },
    { "… among what could",         cause_undecoded, TALK, SAY("{'cstringw': 'ab'}"), LAST("fffeff03 6100fdffb000"), UNDECODED("1 time") },
    { "… which is due",             cause_undecoded, TALK, SAY("{'cstringw': '\ufffdb'}"), LAST("fffeff03 fdfffdfffdff"), NULL },
    { "… in one of two texts",      cause_undecoded, TALK, SAY("{'mapwordtoob': '{5=CStringList[u:0061,u:0062]}'}"), LAST("0100 0500 ffff 0000 0b00 43537472696e674c697374 0200 fffeff02 fdfffdff fffeff01 6300"), NULL },
    { "… in UTF-8",                 cause_undecoded, TALK, SAY("{'cstringa': {'hex': '61e9e8'}}"), LAST("07 61efbfbdefbfbd"), UNDECODED("2 times") },
    { "… a part of it",             cause_undecoded, TALK, SAY("{'cstringa': {'hex': '61e9e8'}}"), LAST("03 61efbf"), NULL },
    { "a unit for a pair",          cause_replaced, TALK, SAY("{'cstringw': '\\ud83d\\ude00'}"), LAST("fffeff01 00f6"), HALVED("1 character") },
    { "… amid others",              cause_replaced, TALK, SAY("{'cstringw': 'a\\ud83d\\ude00b'}"), LAST("fffeff03 6100 00f6 6200"), HALVED("1 character") },
    { "… for two",                  cause_replaced, TALK, SAY("{'cstringw': '\\ud83d\\ude00\\ud83d\\ude01'}"), LAST("fffeff02 00f6 01f6"), HALVED("2 characters") },
    { "… for one of two",           cause_replaced, TALK, SAY("{'cstringw': '\\ud83d\\ude00\\ud83d\\ude01'}"), LAST("fffeff03 3dd8 00de 01f6"), NULL },
    { "… and another is wrong",     cause_replaced, TALK, SAY("{'cstringw': 'a\\ud83d\\ude00'}"), LAST("fffeff02 6200 00f6"), NULL },
    { "… and one is missing",       cause_replaced, TALK, SAY("{'cstringw': '\\ud83d\\ude00b'}"), LAST("fffeff01 00f6"), NULL },
    { "… and one more",             cause_replaced, TALK, SAY("{'cstringw': '\\ud83d\\ude00'}"), LAST("fffeff03 00f6 6100 6200"), NULL },
    { "… in narrow text",           cause_replaced, TALK, SAY("{'cstringw': '\\ud83d\\ude00'}"), LAST("01 f6"), NULL },
    { "… in one of two texts",      cause_replaced, TALK, SAY("{'mapwordtoob': '{5=CStringList[u:d83dde00,u:00e9]}'}"), LAST("0100 0500 ffff 0000 0b00 43537472696e674c697374 0200 fffeff01 00f6 fffeff01 3f00"), HALVED("1 character") },
    { "NULs as two bytes each",     cause_replaced, TALK, SAY("{'cstringa': {'hex': '61006200'}}"), LAST("06 61c080 62c080"), EXPANDS("2 units", "2 characters U+0000") },
    { "… other bytes the second time", cause_replaced, TALK, SAY("{'cstringa': {'hex': '61006200'}}"), LAST("06 61c080 62c081"), NULL },
    { "… and once left out",        cause_replaced, TALK, SAY("{'cstringa': {'hex': '61006200'}}"), LAST("05 61c08062 00"), NULL },
    { "… and another unit is wrong", cause_replaced, TALK, SAY("{'cstringa': {'hex': '610062'}}"), LAST("04 61c080 63"), NULL },
    { "a tab as blanks",            cause_replaced, TALK, SAY("{'cstringw': '\\u0009b'}"), LAST("fffeff05 2000200020002000 6200"), EXPANDS("4 units", "1 character U+0009") },
    { "… eleven of them",           cause_replaced, TALK, SAY("{'cstringa': '\\u0009b'}"), LAST("0c 2020202020202020202020 62"), NULL },
    { "… ten",                      cause_replaced, TALK, SAY("{'cstringa': '\\u0009b'}"), LAST("0b 20202020202020202020 62"), EXPANDS("10 units", "1 character U+0009") },
    { "a quote with a mark before it", cause_replaced, TALK, SAY("{'cstringa': {'hex': '612262'}}"), LAST("04 615c2262"), EXPANDS("2 units", "1 character U+0022") },
    { "… twice",                    cause_replaced, TALK, SAY("{'cstringa': {'hex': '612262'}}"), LAST("04 61222262"), EXPANDS("2 units", "1 character U+0022") },
    { "… with a letter before it",  cause_replaced, TALK, SAY("{'cstringa': {'hex': '612262'}}"), LAST("04 61412262"), NULL },
    { "… with two marks",           cause_replaced, TALK, SAY("{'cstringa': {'hex': '612262'}}"), LAST("05 615c5c2262"), NULL },
    { "a letter as two",            cause_replaced, TALK, SAY("{'cstringa': 'ab'}"), LAST("03 617879"), NULL },
    { "a digit as two",             cause_replaced, TALK, SAY("{'cstringa': 'a1'}"), LAST("03 617879"), NULL },
    { "a text that is the beginning", cause_replaced, TALK, SAY("{'cstringa': 'a'}"), LAST("02 6162"), NULL },
    { "bytes in another order",     cause_bytes_moved, TALK, SAY("{'dword': 67305985}"), LAST("02 01 04 03"), MOVED("DWORD") },
    { "… of which two are alike",   cause_bytes_moved, TALK, SAY("{'dword': 50462977}"), LAST("02 01 01 03"), MOVED("DWORD") },
    { "… two different ones",       cause_bytes_moved, TALK, SAY("{'dword': 33620225}"), LAST("02 01 01 01"), NULL },
    { "… of two bytes",             cause_bytes_moved, TALK, SAY("{'word': 513}"), LAST("02 01"), NULL },
    { "… another byte",             cause_bytes_moved, TALK, SAY("{'dword': 67305985}"), LAST("02 01 04 05"), NULL },
    { "a double of fewer digits",   cause_nearly, TALK, SAY("{'double': '3ff8000000000000'}"), LAST("000000000000f83f"), NULL },
    { "… nearly",                   cause_nearly, TALK, SAY("{'double': '3ff8000000000000'}"), LAST("000000000004f83f"), NEARLY("double") },
    { "… not so nearly",            cause_nearly, TALK, SAY("{'double': '3ff8000000000000'}"), LAST("000000000020f83f"), NULL },
    { "… a float",                  cause_nearly, TALK, SAY("{'float': '3fc00000'}"), LAST("0010c03f"), NEARLY("float") },
    { "… of nothing",               cause_nearly, TALK, SAY("{'double': '0000000000000000'}"), LAST("010000000000f03f"), NULL },
    { "… whole numbers",            cause_nearly, TALK, SAY("{'dword': 100000}"), LAST("a1860100"), NULL },
    { "text behind",                cause_text_more, TALK, SAY("{'cstringa': 'ab'}"), LAST("04 61622121"), "2 units of text stand behind what is due of the string, and its length counts them" },
    { "… before",                   cause_text_more, TALK, SAY("{'cstringa': 'ab'}"), LAST("03 216162"), "1 unit of text stands before what is due of the string, and its length counts it" },
    { "… amid it",                  cause_text_more, TALK, SAY("{'cstringa': 'ab'}"), LAST("03 612162"), NULL },
    { "… and what is behind is right", cause_text_more, TALK, SAY("{'cstringa': 'ab'}, {'byte': 7}"), LAST("03 616221 07"), "1 unit of text stands behind what is due of the string, and its length counts it" },
    { "… and is not",               cause_text_more, TALK, SAY("{'cstringa': 'ab'}, {'byte': 7}"), LAST("03 616221 08"), NULL },
    { "one element more",           cause_one_more, TALK, SAY("{'wordarray': [5, 6]}"), LAST("0300 0500 0600 0000"), ONE_MORE },
    { "… of an array of texts",     cause_one_more, TALK, SAY("{'stringarray': ['a']}"), LAST("0200 fffeff01 6100 fffeff00"), ONE_MORE },
    { "… two",                      cause_one_more, TALK, SAY("{'wordarray': [5, 6]}"), LAST("0400 0500 0600 0000 0000"), NULL },
    { "… at the beginning",         cause_one_more, TALK, SAY("{'wordarray': [5, 6]}"), LAST("0300 0000 0500 0600"), NULL },
    { "… of a map",                 cause_one_more, TALK, SAY("{'mapwordtoob': '{5=null}'}"), LAST("0200 0500 0000 0600 0000"), ONE_MORE },
    { "… and what is behind is not right", cause_one_more, TALK, SAY("{'wordarray': [5, 6]}, {'byte': 7}"), LAST("0300 0500 0600 0000 08"), NULL },
    { "several numbers one too large", cause_several_off, TALK, SAY("{'dword': 5}, {'dword': 9}"), LAST("06000000 0a000000"), "2 numbers of the reply are one too large, the DWORD first" },
    { "… too small",                cause_several_off, TALK, SAY("{'dword': 5}, {'dword': 9}"), LAST("04000000 08000000"), "2 numbers of the reply are one too small, the DWORD first" },
    { "… one of each",              cause_several_off, TALK, SAY("{'dword': 5}, {'dword': 9}"), LAST("06000000 08000000"), NULL },
    { "… by two",                   cause_several_off, TALK, SAY("{'dword': 5}, {'dword': 9}"), LAST("07000000 0b000000"), NULL },
    { "… one alone",                cause_several_off, TALK, SAY("{'dword': 5}, {'dword': 9}"), LAST("06000000 09000000"), NULL },
    { "… of two bytes",             cause_several_off, TALK, SAY("{'word': 5}, {'word': 9}"), LAST("0600 0a00"), NULL },
    { "… with one between that is right", cause_several_off, TALK, SAY("{'dword': 5}, {'word': 1}, {'dword': 9}"), LAST("06000000 0100 0a000000"), "2 numbers of the reply are one too large, the DWORD first" },
    { "several other values",       cause_wrong_values, TALK, SAY("{'dword': 5}, {'word': 9}"), LAST("07000000 0b00"), "the reply reads well, and 2 of its values are other ones, the DWORD first" },
    { "… one",                      cause_wrong_values, TALK, SAY("{'dword': 5}, {'word': 9}"), LAST("07000000 0900"), NULL },
    { "… and more behind them",     cause_wrong_values, TALK, SAY("{'dword': 5}, {'word': 9}"), LAST("07000000 0b00 55"), NULL },
    { "… and the last is cut",      cause_wrong_values, TALK, SAY("{'dword': 5}, {'word': 9}"), LAST("07000000 0b"), NULL },
    { "a number of another size",   cause_other_size, TALK, SAY("{'dword': 5}, {'word': 513}"), LAST("0900 0102"), "DWORD takes 2 bytes, where 4 are due" },
    { "… of one byte",              cause_other_size, TALK, SAY("{'word': 5}, {'word': 513}"), LAST("09 0102"), "WORD takes 1 byte, where 2 are due" },
    { "… at the end",               cause_other_size, TALK, SAY("{'word': 5}"), LAST("090909"), "WORD takes 3 bytes, where 2 are due" },
    { "… of one byte at the end",   cause_other_size, TALK, SAY("{'byte': 5}"), LAST("0909"), NULL },
    { "… of its own size",          cause_other_size, TALK, SAY("{'dword': 5}, {'word': 513}"), LAST("09000000 0102"), NULL },
    { "… of a text",                cause_other_size, TALK, SAY("{'cstringa': 'ab'}, {'word': 513}"), LAST("09 0102"), NULL },
};
// clang-format on

Test(cause_leaves, what_differs_in_leaves_is_told, .timeout = 20)
{
    cause_rows_hold(rows, COUNT_OF(rows));
}
