/*
 * Each cause that shows in one value, or in who is let in, asked by itself: from both sides of every condition.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "cause_rows.h"
#include "check/descriptions.h"

#define LOGIN                                                                                      \
    "{'format': 1, 'service': 'talk', 'first-control': 'enter', 'probe': 'ping', 'pipelining': true,\n" \
    " 'end': {'name': 'end', 'clauses': ['X-1']},\n"                                               \
    " 'controls': {'enter': [ {'client': [{'cstringa': 'guest'}]}, {'server': [{'word': 1}]} ],\n"  \
    "              'ping': [ {'client': [{'word': 4}, {'dword': {'draw': {}, 'as': 'n'}}]},\n"     \
    "                        {'server': [{'word': 0}, {'dword': {'reuse': 'n', 'plus': 1}}]} ]}}"

#define DUE(hex)                "{'client': [{'word': 1}]},{'server': [{'bytes': '" hex "'}]}"
#define SAY(value)              "{'client': [{'word': 1}]},{'server': [{'word': 0}, " value "]}"
#define TEXT_OF(text)           SAY("{'cstringa': '" text "'}")
#define TELL(type, value, text) "{'client': [{'word': 2}, {'cstringa': '" type "'}, {'" type "': " value "}]},{'server': [{'word': 0}, {'cstringa': '" text "'}]}"
#define TELL_TWO(a, b)          "{'client': [{'word': 2}, {'cstringa': 'object,object'}, {'object': '" a "'}, {'object': '" b "'}]},{'server': [{'word': 0}, {'cstringa': '" a " " b "'}]}"
#define OBJECT(text)            "{'client': [{'word': 1}]},{'server': [{'word': 0}, {'object': '" text "'}]}"
#define ENTERS(who, said)       "{'client': [{'cstringa': '" who "'}]},{'server': [{'word': " said "}], 'check': 'enters'}"
#define ON(steps, on)           "{" steps ", 'on': '" on "'}"
#define LAST(got)               "0 open,1 >,2 <" got ",2 mismatch,2 over"
#define SAYS(text)              "0 open,1 >,2 \"" text ",2 mismatch,2 over"
#define TURNED_AWAY(events)     "0 open,1 >,2 <0000," events ",2 mismatch,2 over"
#define AGE                     "ffff 0100 0400 43416765 "
#define UP                      "2122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f50515253545556575859"

#define UP2                     "22232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f50515253545556575859"
#define BLOCK                   SAY("{'bytes': '" UP "'}, {'bytes': '5a5b5c5d5e5f60'}, {'byte': 10}")

#define TURNED(n) "each " n " bytes of the block stand in the reverse order"
#define OTHERS(n, of) n " of the " of " bytes of a block are others than those that are due, and all else is right"
#define FORM(what, is, due) what " has a form of its own: " is " before the value, where " due " due"
#define LENGTH  "the length of the string"
#define MARK(is) "another mark stands before the seconds of the CTime: " is ", where 0A000080 is due"
#define MORE(what, places) what " in the text at " places " where nothing is due"
#define CUT(what, side, n) "the " what " came without the " side " " n
#define ONE_OFF(how, is, due) "a number in the text is one too " how ": it is told as " is " where " due " is due"
#define SCHEMA(is, due) "the object is told with schema " is ", where " due " is due"
#define DESCRIBED(is, due) "the class CAge is described with schema " is ", where " due " is due"
#define COUNT_IS(type, is, due) "the count of the " type " is another one, though its elements are those that are due: it reads " is " where " due " is due"
#define PART(text) "a part of the value is missing: " text
#define CHANCE(n, of) "what came has nothing in common with what was due: of its first " of " bytes " n " are different ones"
#define PAUSE   "the peer took a pause for the end of the stream: it said \"no\", cause 3 (endOfFile), before all was sent"
#define LET_IN  "the peer let in whom it must turn away"
#define NO_MINUS "a negative number came without its minus"
#define NONE_OF(type) "the " type " has other bytes than those that are due, which are none of its values, and all else is right"
#define AWAY    "the peer turned away whom it must let in, and ended"
#define NO_END   "the peer turned away whom it must let in"
#define BROKEN(at, cause) "the reply ends at byte " at ", where the peer said \"no\", cause " cause

static const char *paused(const struct evidence *e)
{
    return cause_paused(e, e->got.len);
}

static const char *paused_for_three(const struct evidence *e)
{
    return cause_paused(e, 3);
}

// clang-format off
static const struct cause_row forms[] = {
    { "a length of two bytes",           cause_length_form, TALK, TEXT_OF("abcdef"), LAST("0000 363a 616263646566"), FORM(LENGTH, "2 bytes stand", "1 is") },
    { "… of twenty",                     cause_length_form, TALK, TEXT_OF("abcdef"), LAST("0000 30*20 616263646566"), FORM(LENGTH, "20 bytes stand", "1 is") },
    { "… of twenty-one",                 cause_length_form, TALK, TEXT_OF("abcdef"), LAST("0000 30*21 616263646566"), NULL },
    { "… of its own size",               cause_length_form, TALK, TEXT_OF("abcdef"), LAST("0000 07 616263646566"), NULL },
    { "… before four characters",        cause_length_form, TALK, TEXT_OF("abcd"), LAST("0000 363a 61626364"), FORM(LENGTH, "2 bytes stand", "1 is") },
    { "… before three",                  cause_length_form, TALK, TEXT_OF("abc"), LAST("0000 363a 616263"), NULL },
    { "… before others",                 cause_length_form, TALK, TEXT_OF("abcdef"), LAST("0000 363a 616263646567"), NULL },
    { "… and the text is cut",           cause_length_form, TALK, TEXT_OF("abcdef"), LAST("0000 363a 6162636465"), NULL },
    { "… and more behind it",            cause_length_form, TALK, TEXT_OF("abcdef"), LAST("0000 363a 616263646566 99"), FORM(LENGTH, "2 bytes stand", "1 is") },
    { "… the right one behind a byte",   cause_length_form, TALK, TEXT_OF("abcdef"), LAST("0000 55 06 616263646566"), NULL },
    { "… and a byte behind it",          cause_length_form, TALK, TEXT_OF("abcdef"), LAST("0000 06 55 616263646566"), NULL },
    { "… of FF alone",                   cause_length_form, TALK, TEXT_OF("abcdef"), LAST("0000 ffff 616263646566"), FORM(LENGTH, "2 bytes stand", "1 is") },
    { "… of a wide string, one byte",    cause_length_form, TALK, SAY("{'cstringw': 'abc'}"), LAST("0000 33 610062006300"), FORM(LENGTH, "1 byte stands", "4 are") },
    { "… of a CComBSTR",                 cause_length_form, TALK, SAY("{'combstr': 'abc'}"), LAST("0000 33 610062006300"), FORM(LENGTH, "1 byte stands", "4 are") },
    { "… of a line",                     cause_length_form, TALK, SAY("{'line': 'abcdef'}"), LAST("0000 33 6100620063006400650066000a00"), NULL },
    { "… of any string",                 cause_length_form, TALK, "{'client': [{'word': 1}]},{'server': [{'cstringa': {'any': true}}, {'word': 7}]}", LAST("02 6162 0800"), NULL },
    { "… of raw bytes",                  cause_length_form, TALK, DUE("06616263646566"), LAST("363a616263646566"), NULL },
    { "a count of one byte",             cause_count_form, TALK, SAY("{'wordarray': [258, 772]}"), LAST("0000 32 0201 0403"), FORM("the count", "1 byte stands", "2 are") },
    { "… of a list",                     cause_count_form, TALK, SAY("{'stringarray': ['a']}"), LAST("0000 32 fffeff01 6100"), FORM("the count", "1 byte stands", "2 are") },
    { "… of a map",                      cause_count_form, TALK, SAY("{'mapwordtoob': '{5=null}'}"), LAST("0000 32 0500 0000"), FORM("the count", "1 byte stands", "2 are") },
    { "… of six bytes",                  cause_count_form, TALK, SAY("{'bytearray': {'unit': 7, 'times': 65535}}"), LAST("0000 55 07*65535"), FORM("the count", "1 byte stands", "6 are") },
    { "… by itself, of four bytes",      cause_count_form, TALK, SAY("{'count': 70000}"), LAST("0000 55 70110100"), FORM("the count", "1 byte stands", "2 are") },
    { "… of eight",                      cause_count_form, TALK, SAY("{'count': 4294967298}"), LAST("0000 55 0200000001000000"), FORM("the count", "1 byte stands", "6 are") },
    { "… of two",                        cause_count_form, TALK, SAY("{'count': 7}"), LAST("0000 55 0700"), NULL },
    { "… of its own size",               cause_count_form, TALK, SAY("{'wordarray': [258, 772]}"), LAST("0000 0900 0201 0403"), NULL },
    { "… of no collection",              cause_count_form, TALK, SAY("{'dword': 67305985}"), LAST("0000 55 01020304"), NULL },
    { "another mark",                    cause_time_form, TALK, SAY("{'time': 7}"), LAST("0000 0b000080 0700000000000000"), MARK("0B000080") },
    { "… each byte of it",               cause_time_form, TALK, SAY("{'time': 7}"), LAST("0000 01020304 0700000000000000"), MARK("01020304") },
    { "… and other seconds",             cause_time_form, TALK, SAY("{'time': 7}"), LAST("0000 0b000080 0800000000000000"), NULL },
    { "… of one byte",                   cause_time_form, TALK, SAY("{'time': 7}"), LAST("0000 55 0700000000000000"), FORM("the CTime", "1 byte stands", "4 are") },
    { "… of no time",                    cause_time_form, TALK, SAY("{'longlong': 7}"), LAST("0000 0800000000000000"), NULL },
    { "… and the seconds are cut",       cause_time_form, TALK, SAY("{'time': 7}"), LAST("0000 0b000080 07000000000000"), NULL },
};

static const struct cause_row values[] = {
    { "a number missing before a check sum", cause_text_cut, TALK, TELL("cstringa", "{'unit': 'x', 'times': 65}", "a#65:7f5fb567"), SAYS("a#7f5fb567"), PART("65:") },
    { "… a part of a number",            cause_text_cut, TALK, TELL("cstringa", "{'unit': 'x', 'times': 65}", "a#65:7f5fb567"), SAYS("a#65:7f5fb5"), NULL },
    { "… its beginning",                 cause_text_cut, TALK, TELL("cstringa", "{'unit': 'x', 'times': 65}", "a#65:7f5fb567"), SAYS("a#65:b567"), NULL },
    { "… all of it",                     cause_text_cut, TALK, TELL("cstringa", "{'unit': 'x', 'times': 65}", "a#65:7f5fb567"), SAYS("a#65:"), PART("7f5fb567") },
    { "… that may be missing elsewhere", cause_text_cut, TALK, TELL("cstringa", "{'unit': 'f', 'times': 65}", "a#65:67fb25e3"), SAYS("a#67fb25e3"), PART("65:") },
    { "… all of the text",               cause_text_cut, TALK, TELL("cstringa", "{'unit': 'x', 'times': 65}", "a#65:7f5fb567"), LAST("0000 00"), NULL },
    { "… of a text that does not tell",  cause_text_cut, TALK, TEXT_OF("a#65:1b2c"), SAYS("a#1b2c"), NULL },
    { "… of what is a value without it", cause_text_cut, TALK, TELL("word", "258", "258"), SAYS("8"), NULL },
    { "a blank behind a comma",          cause_told_more, TALK, TELL("wordarray", "[1,2]", "[1,2]"), SAYS("[1; 2]"), MORE("1 character stands", "1 place") },
    { "… behind two",                    cause_told_more, TALK, TELL("wordarray", "[1,2,3]", "[1,2,3]"), SAYS("[1; 2; 3]"), MORE("1 character stands", "2 places") },
    { "… and another number",            cause_told_more, TALK, TELL("wordarray", "[1,2,3]", "[1,2,3]"), SAYS("[1; 2; 4]"), NULL },
    { "… a number more",                 cause_told_more, TALK, TELL("wordarray", "[1,2]", "[1,2]"), SAYS("[1;2;3]"), NULL },
    { "… a digit",                       cause_told_more, TALK, TELL("word", "7", "7"), SAYS("71"), NULL },
    { "… before it",                     cause_told_more, TALK, TELL("word", "7", "7"), SAYS("17"), NULL },
    { "… a zero before it",              cause_told_more, TALK, TELL("wordarray", "[7,8]", "[7,8]"), SAYS("[07;08]"), MORE("1 character stands", "2 places") },
    { "… behind it",                     cause_told_more, TALK, TELL("wordarray", "[7,8]", "[7,8]"), SAYS("[70;8]"), NULL },
    { "… amid it",                       cause_told_more, TALK, TELL("wordarray", "[71,8]", "[71,8]"), SAYS("[701;8]"), NULL },
    { "… amid one that is no value then", cause_told_more, TALK, TELL("cstringa", "{'unit': 'x', 'times': 65}", "a#65:7f5fb567"), SAYS("a#65:7f5fb0567"), NULL },
    { "… behind a point",                cause_told_more, TALK, TELL("olevariant", "'(2,7)'", "(2,7)"), SAYS("(2;.07)"), NULL },
    { "… a sign",                        cause_told_more, TALK, TELL("word", "7", "7"), SAYS("-7"), NULL },
    { "… a plus",                        cause_told_more, TALK, TELL("word", "7", "7"), SAYS("+7"), MORE("1 character stands", "1 place") },
    { "… a point and zero",              cause_told_more, TALK, TELL("word", "7", "7"), SAYS("7.0"), MORE("2 characters stand", "1 place") },
    { "… a word",                        cause_told_more, TALK, TELL("olevariant", "'(0)'", "(0)"), SAYS("(0;null)"), MORE("5 characters stand", "1 place") },
    { "… of sixteen characters",         cause_told_more, TALK, TELL("word", "7", "7"), SAYS("sixteen letters 7"), MORE("16 characters stand", "1 place") },
    { "… of seventeen",                  cause_told_more, TALK, TELL("word", "7", "7"), SAYS("seventeen letter 7"), NULL },
    { "… before it and behind it",       cause_told_more, TALK, TELL("word", "7", "7"), SAYS("(7)"), "something stands before and behind what is due of the text" },
    { "… a value before it",             cause_told_more, TALK, TELL("word", "7", "7"), SAYS("5 7 "), NULL },
    { "… of a text that does not tell",  cause_told_more, TALK, TEXT_OF("7"), SAYS("+7"), NULL },
    { "… a mark amid such a text",       cause_told_more, TALK, TEXT_OF("of 1234 in 5678"), SAYS("of 1'234 in 5'678"), MORE("1 character stands", "2 places") },
    { "… at its end",                    cause_told_more, TALK, TEXT_OF("of 1234"), SAYS("of 1234'"), NULL },
    { "… at its beginning",              cause_told_more, TALK, TEXT_OF("of 1234"), SAYS("'of 1234"), NULL },
    { "… a letter",                      cause_told_more, TALK, TEXT_OF("of 1234"), SAYS("ofx 1234"), NULL },
    { "… a NUL",                         cause_told_more, TALK, TEXT_OF("ab"), LAST("0000 03 610062"), NULL },
    { "the same number otherwise",       cause_sign_added, TALK, TEXT_OF("of 7"), SAYS("of 07"), NULL },
    { "… another, made positive",        cause_sign_added, TALK, TEXT_OF("of 7 and 65535"), SAYS("of 07 and 1"), "a number came as the negative one that has the same bits, and that without its minus" },
    { "… of a value that it tells",      cause_told_more, TALK, TELL("cstringa", "'ab'", "a:6162"), LAST("0000 08 613a303036313632"), NULL },
    { "the end of a string is missing",  cause_value_cut, TALK, TEXT_OF("abcdef"), SAYS("abc"), CUT("CStringA", "last", "3 of its 6 units") },
    { "… its beginning",                 cause_value_cut, TALK, TEXT_OF("abcdef"), SAYS("ef"), CUT("CStringA", "first", "4 of its 6 units") },
    { "… its middle",                    cause_value_cut, TALK, TEXT_OF("abcdef"), SAYS("abef"), NULL },
    { "… all of it",                     cause_value_cut, TALK, TEXT_OF("abcdef"), SAYS(""), NULL },
    { "… and more is there",             cause_value_cut, TALK, TEXT_OF("abcdef"), SAYS("abcdefg"), NULL },
    { "… of a wide one",                 cause_value_cut, TALK, SAY("{'cstringw': 'abc'}"), LAST("0000 fffeff01 6100"), CUT("CStringW", "last", "2 of its 3 units") },
    { "… that came narrow",              cause_value_cut, TALK, SAY("{'cstringw': 'aaa'}"), LAST("0000 01 61"), NULL },
    { "… of an array",                   cause_value_cut, TALK, SAY("{'dwordarray': [5, 6, 7]}"), LAST("0000 0100 07000000"), CUT("CDWordArray", "first", "2 of its 3 elements") },
    { "… of raw bytes",                  cause_value_cut, TALK, SAY("{'raw:3': '010203'}"), LAST("0000 0102"), NULL },
    { "… of a text that tells",          cause_value_cut, TALK, TELL("word", "258", "258"), SAYS("25"), NULL },
    { "one too large",                   cause_number_off, TALK, TEXT_OF("n 3 of 9"), SAYS("n 4 of 9"), ONE_OFF("large", "4", "3") },
    { "… too small",                     cause_number_off, TALK, TEXT_OF("n 3 of 9"), SAYS("n 3 of 8"), ONE_OFF("small", "8", "9") },
    { "… two too large",                 cause_number_off, TALK, TEXT_OF("n 3 of 9"), SAYS("n 5 of 9"), NULL },
    { "… both",                          cause_number_off, TALK, TEXT_OF("n 3 of 9"), SAYS("n 4 of 8"), NULL },
    { "… with a digit more",             cause_number_off, TALK, TEXT_OF("n 99"), SAYS("n 100"), ONE_OFF("large", "100", "99") },
    { "… and words behind it",           cause_number_off, TALK, TEXT_OF("3 a"), SAYS("4 b"), NULL },
    { "… that are missing",              cause_number_off, TALK, TEXT_OF("3a"), SAYS("4"), NULL },
    { "… and more words",                cause_number_off, TALK, TEXT_OF("3"), SAYS("4a"), NULL },
    { "… of nine digits",                cause_number_off, TALK, TEXT_OF("123456789"), SAYS("123456790"), ONE_OFF("large", "123456790", "123456789") },
    { "… of ten",                        cause_number_off, TALK, TEXT_OF("1234567890"), SAYS("1234567891"), NULL },
    { "… ten in its place",              cause_number_off, TALK, TEXT_OF("999999999"), SAYS("1000000000"), NULL },
    { "… no number",                     cause_number_off, TALK, TEXT_OF("n 3"), SAYS("n x"), NULL },
    { "… of a text that tells",          cause_number_off, TALK, TELL("word", "258", "258"), SAYS("259"), NULL },
    { "bytes in pairs",                  cause_block_turned, TALK, DUE("01020304 05"), LAST("02010403 05"), TURNED("2") },
    { "… of four",                       cause_block_turned, TALK, DUE("0102030405060708"), LAST("0403020108070605"), TURNED("4") },
    { "… of eight",                      cause_block_turned, TALK, DUE("0102030405060708"), LAST("0807060504030201"), TURNED("8") },
    { "… of sixteen",                    cause_block_turned, TALK, DUE("0102030405060708090a0b0c0d0e0f10"), LAST("100f0e0d0c0b0a090807060504030201"), NULL },
    { "… and one that is right",         cause_block_turned, TALK, DUE("01020304"), LAST("02010304"), NULL },
    { "… and another behind them",       cause_block_turned, TALK, DUE("01020304 05"), LAST("02010403 06"), NULL },
    { "… of three bytes",                cause_block_turned, TALK, DUE("010203"), LAST("020103"), NULL },
    { "… and fewer",                     cause_block_turned, TALK, DUE("0102030405"), LAST("02010403"), NULL },
    { "… of a block by its type",        cause_block_turned, TALK, SAY("{'raw:4': '01020304'}, {'byte': 5}"), LAST("0000 02010403 05"), TURNED("2") },
    { "… and another number behind it",  cause_block_turned, TALK, SAY("{'raw:4': '01020304'}, {'byte': 5}"), LAST("0000 02010403 06"), NULL },
    { "… of a number",                   cause_block_turned, TALK, SAY("{'dword': 67305985}"), LAST("0000 02010403"), NULL },
    { "a variant that says that it holds another", cause_typed_differs, TALK, SAY("{'olevariant': '(2,258)'}, {'word': 7}"), LAST("0000 0700 0201 0700"), NONE_OF("COleVariant") },
    { "… and what is behind it differs", cause_typed_differs, TALK, SAY("{'olevariant': '(2,258)'}, {'word': 7}"), LAST("0000 0700 0201 0800"), NULL },
    { "… and a byte is missing",         cause_typed_differs, TALK, SAY("{'olevariant': '(2,258)'}, {'word': 7}"), LAST("0000 0700 02 0700"), NULL },
    { "… and one more",                  cause_typed_differs, TALK, SAY("{'olevariant': '(2,258)'}, {'word': 7}"), LAST("0000 0700 0201 0700 01"), NULL },
    { "… behind what may be any",        cause_typed_differs, TALK, "{'client': [{'word': 1}]},{'server': [{'word': {'any': true}}, {'olevariant': '(2,258)'}]}", LAST("0000 0700 0201"), NULL },
    { "… and bytes have no type",        cause_typed_differs, TALK, "{'client': [{'word': 1}]},{'server': [{'bytes': '0102'}]}", LAST("0103"), NULL },
    { "a block has other bytes",         cause_block_differs, TALK, BLOCK, LAST("0000" UP "5a5b5c5d5e5f61 0a"), OTHERS("1", "64") },
    { "… in two fields",                 cause_block_differs, TALK, BLOCK, LAST("0000" "00" UP2 "5a5b5c5d5e5f61 0a"), OTHERS("2", "64") },
    { "… and fewer of them",             cause_block_differs, TALK, BLOCK, LAST("0000" UP "5a5b5c5d5e61 0a"), NULL },
    { "… and more",                      cause_block_differs, TALK, BLOCK, LAST("0000" UP "5a5b5c5d5e5f61 0a 0b"), NULL },
    { "… and another number behind",     cause_block_differs, TALK, BLOCK, LAST("0000" UP "5a5b5c5d5e5f61 0b"), NULL },
    { "… before the next reply",         cause_block_differs, TALK, "{'client': [{'word': 1}]}," BLOCK ",{'server': [{'bytes': '010203'}]}", "0 open,1 >,2 >,3 <0000" UP "5a5b5c5d5e5f61 0a 010203,3 mismatch,3 over", OTHERS("1", "64") },
    { "… of 63 bytes",                   cause_block_differs, TALK, DUE(UP "5a5b5c5d5e5f"), LAST(UP "5a5b5c5d5e60"), NULL },
    { "… of 64 without a type",          cause_block_differs, TALK, DUE(UP "5a 5b 5c 5d 5e 5f 60"), LAST(UP "5a 5b 5c 5d 5e 5f 61"), OTHERS("1", "64") },
    { "a number before a block",         cause_block_differs, TALK, BLOCK, LAST("0100" UP "5a5b5c5d5e5f60 0a"), NULL },
    { "a block behind what may be any",  cause_block_differs, TALK, SAY("{'byte': {'any': true}}, {'bytes': '" UP "5a5b5c5d5e5f60'}"), LAST("0000 00" UP "5a5b5c5d5e5f61"), NULL },
    { "another schema is told",          cause_wrong_schema, TALK, TEXT_OF("CVersioned:3(1)"), SAYS("CVersioned:12(1)"), SCHEMA("12", "3") },
    { "… a negative one",                cause_wrong_schema, TALK, TEXT_OF("[CVersioned:3(1)]"), SAYS("[CVersioned:-1(1)]"), SCHEMA("-1", "3") },
    { "… in its second digit",           cause_wrong_schema, TALK, TEXT_OF("CVersioned:32(1)"), SAYS("CVersioned:31(1)"), SCHEMA("31", "32") },
    { "… of no class",                   cause_wrong_schema, TALK, TEXT_OF("CVersionad:3(1)"), SAYS("CVersionad:4(1)"), NULL },
    { "… of what begins as one",         cause_wrong_schema, TALK, TEXT_OF("xCVersioned:3(1)"), SAYS("xCVersioned:4(1)"), NULL },
    { "… behind no letter",              cause_wrong_schema, TALK, TEXT_OF("@CVersioned:3(1)"), SAYS("@CVersioned:4(1)"), SCHEMA("4", "3") },
    { "… without a colon",               cause_wrong_schema, TALK, TEXT_OF("CVersioned;3"), SAYS("CVersioned;4"), NULL },
    { "… another value",                 cause_wrong_schema, TALK, TEXT_OF("CVersioned:3(1)"), SAYS("CVersioned:3(2)"), NULL },
    { "… another class",                 cause_wrong_schema, TALK, TEXT_OF("CVersioned:3(1)"), SAYS("CVersionad:4(1)"), NULL },
    { "what came later is missing",      cause_wrong_schema, TALK, OBJECT("CLetter:700(u:0041,7)"), LAST("0000 ffffbc02 0700 434c6574746572 fffeff01 4100 00000000"), "the object lacks what its class has from its schema on" },
    { "… and is another",                cause_wrong_schema, TALK, OBJECT("CLetter:700(u:0041,7)"), LAST("0000 ffffbc02 0700 434c6574746572 fffeff01 4100 08000000"), NULL },
    { "… and the text, too",             cause_wrong_schema, TALK, OBJECT("CLetter:700(u:0041,7)"), LAST("0000 ffffbc02 0700 434c6574746572 fffeff01 4200 00000000"), NULL },
    { "… and it is told",                cause_wrong_schema, TALK, TELL("object", "'CLetter:700(u:0041,7)'", "CLetter:700(u:0041,7)"), SAYS("CLetter:700(u:0041;0)"), "the object lacks what its class has from its schema on" },
    { "… told as another",               cause_wrong_schema, TALK, TELL("object", "'CLetter:700(u:0041,7)'", "CLetter:700(u:0041,7)"), SAYS("CLetter:700(u:0041;8)"), NULL },
    { "… told within a list",            cause_wrong_schema, TALK, TELL("obarray", "'[CLetter:700(u:0041,7),CAge(1)]'", "[CLetter:700(u:0041,7),CAge(1)]"), SAYS("[CLetter:700(u:0041;0);CAge(1)]"), "the object lacks what its class has from its schema on" },
    { "… beside what is another",        cause_wrong_schema, TALK, TELL("obarray", "'[CLetter:700(u:0041,7),CAge(1)]'", "[CLetter:700(u:0041,7),CAge(1)]"), SAYS("[CLetter:700(u:0041;0);CAge(2)]"), NULL },
    { "… in the second of two",          cause_wrong_schema, TALK, TELL_TWO("CAge(1)", "CLetter:700(u:0041,7)"), SAYS("CAge(1) CLetter:700(u:0041;0)"), "the object lacks what its class has from its schema on" },
    { "… and the first is another",      cause_wrong_schema, TALK, TELL_TWO("CAge(1)", "CLetter:700(u:0041,7)"), SAYS("CAge(2) CLetter:700(u:0041;0)"), NULL },
    { "… of no object",                  cause_wrong_schema, TALK, SAY("{'word': 7}"), LAST("0000 0000"), NULL },
    { "a name whose length is doubled",  cause_name_doubled, TALK, OBJECT("CAge(1)"), LAST("0000 ffff 0100 0800 43416765 01000000"), "the length of the name of the class CAge is 8, where the name that stands behind it has 4 characters" },
    { "… and one more",                  cause_name_doubled, TALK, OBJECT("CAge(1)"), LAST("0000 ffff 0100 0900 43416765 01000000"), NULL },
    { "… and the name is another",       cause_name_doubled, TALK, OBJECT("CAge(1)"), LAST("0000 ffff 0100 0800 43416766 01000000"), NULL },
    { "… and the name is cut",           cause_name_doubled, TALK, OBJECT("CAge(1)"), LAST("0000 ffff 0100 0800 434167"), NULL },
    { "… and nothing stands behind it",  cause_name_doubled, TALK, OBJECT("CAge(1)"), LAST("0000 ffff 0100 0800 43416765"), "the length of the name of the class CAge is 8, where the name that stands behind it has 4 characters" },
    { "… and what stands there is a name",cause_name_doubled, TALK, OBJECT("CAge(1)"), LAST("0000 ffff 0100 0800 43416765 43416765"), NULL },
    { "… another schema",                cause_name_doubled, TALK, OBJECT("CAge(1)"), LAST("0000 ffff 0200 0400 43416765 01000000"), NULL },
    { "… whose length is one more",      cause_name_off, TALK, OBJECT("CAge(1)"), LAST("0000 ffff 0100 0500 43416765 01000000"), "the length of the name of the class CAge is 5, where the name that stands behind it has 4 characters" },
    { "… one less",                      cause_name_off, TALK, OBJECT("CAge(1)"), LAST("0000 ffff 0100 0300 43416765 01000000"), "the length of the name of the class CAge is 3, where the name that stands behind it has 4 characters" },
    { "… two more",                      cause_name_off, TALK, OBJECT("CAge(1)"), LAST("0000 ffff 0100 0600 43416765 01000000"), NULL },
    { "… two less",                      cause_name_off, TALK, OBJECT("CAge(1)"), LAST("0000 ffff 0100 0200 43416765 01000000"), NULL },
    { "… none",                          cause_name_off, TALK, OBJECT("CAge(1)"), LAST("0000 ffff 0100 0000 43416765 01000000"), NULL },
    { "… and it is a longer name",       cause_name_off, TALK, OBJECT("CAge(1)"), LAST("0000 ffff 0100 0500 4341676532 01000000"), NULL },
    { "… of no class",                   cause_name_off, TALK, DUE("04"), LAST("05"), NULL },
    { "another schema, its low byte",    cause_other_schema, TALK, OBJECT("CAge(1)"), LAST("0000 ffff 0200 0400 43416765 01000000"), DESCRIBED("2", "1") },
    { "… its high byte",                 cause_other_schema, TALK, OBJECT("CAge(1)"), LAST("0000 ffff 0102 0400 43416765 01000000"), DESCRIBED("513", "1") },
    { "… and the body is cut",           cause_other_schema, TALK, OBJECT("CAge(1)"), LAST("0000 ffff 0200 0400 43416765"), DESCRIBED("2", "1") },
    { "… and the name",                  cause_other_schema, TALK, OBJECT("CAge(1)"), LAST("0000 ffff 0200 0400 434167"), NULL },
    { "… and its length",                cause_other_schema, TALK, OBJECT("CAge(1)"), LAST("0000 ffff 0200 04"), NULL },
    { "… of another class",              cause_other_schema, TALK, OBJECT("CAge(1)"), LAST("0000 ffff 0300 0500 434e6f6465 01000000 0000"), NULL },
    { "… of no class",                   cause_other_schema, TALK, DUE("ffff 0100 0400 43416766"), LAST("ffff 0200 0400 43416766"), NULL },
    { "… of one in raw bytes",           cause_other_schema, TALK, DUE("ffff 0100 0400 43416765"), LAST("ffff 0200 0400 43416765"), DESCRIBED("2", "1") },
    { "… behind FF00",                   cause_other_schema, TALK, DUE("ff00 0100 0400 43416765"), LAST("ff00 0200 0400 43416765"), NULL },
    { "… behind 00FF",                   cause_other_schema, TALK, DUE("00ff 0100 0400 43416765"), LAST("00ff 0200 0400 43416765"), NULL },
    { "… whose name is 260 bytes long",  cause_other_schema, TALK, DUE("ffff 0100 0401 43416765"), LAST("ffff 0200 0401 43416765"), NULL },
    { "… another byte of the name",      cause_other_schema, TALK, OBJECT("CAge(1)"), LAST("0000 ffff 0100 0400 43416766 01000000"), NULL },
    { "… the first byte of all",         cause_other_schema, TALK, OBJECT("CAge(1)"), LAST("0100 ffff 0100 0400 43416765 01000000"), NULL },
    { "a count of nothing",              cause_count_wrong, TALK, SAY("{'stringarray': ['x', 'y']}"), LAST("0000 0900 fffeff01 7800 fffeff01 7900"), COUNT_IS("CStringArray", "9", "2") },
    { "… of an array",                   cause_count_wrong, TALK, SAY("{'wordarray': [5, 6]}"), LAST("0000 0300 0500 0600"), COUNT_IS("CWordArray", "3", "2") },
    { "… of a map",                      cause_count_wrong, TALK, SAY("{'mapwordtoob': '{5=null}'}"), LAST("0000 0000 0500 0000"), COUNT_IS("CMapWordToOb", "0", "1") },
    { "… in another form",               cause_count_wrong, TALK, SAY("{'wordarray': [5, 6]}"), LAST("0000 ffff 03000000 0500 0600"), NULL },
    { "… and other elements",            cause_count_wrong, TALK, SAY("{'wordarray': [5, 6]}"), LAST("0000 0300 0500 0700"), NULL },
    { "… the right one",                 cause_count_wrong, TALK, SAY("{'wordarray': [5, 6]}"), LAST("0000 0200 0500 0700"), NULL },
    { "… and cut",                       cause_count_wrong, TALK, SAY("{'wordarray': [5, 6]}"), LAST("0000 0300 0500 06"), NULL },
    { "… of a string",                   cause_count_wrong, TALK, TEXT_OF("ab"), LAST("0000 03 6162"), NULL },
    { "a part of a text is missing",     cause_text_cut, TALK, TEXT_OF("(1,2)"), SAYS("(1)"), PART(",2") },
    { "… its last words",                cause_text_cut, TALK, TEXT_OF("(1,2)"), SAYS("(1"), PART(",2)") },
    { "… two of them",                   cause_text_cut, TALK, TEXT_OF("(1,2,3)"), SAYS("(1)"), PART(",2,3") },
    { "… not up to a comma",             cause_text_cut, TALK, TEXT_OF("(1,2)"), SAYS("(2)"), NULL },
    { "… and the end is another",        cause_text_cut, TALK, TEXT_OF("(1,2,3)"), SAYS("(1;4)"), NULL },
    { "… and more is there",             cause_text_cut, TALK, TEXT_OF("(1)"), SAYS("(1;2)"), NULL },
    { "… as much is there",              cause_text_cut, TALK, TEXT_OF("(1,2)"), SAYS("(1;3)"), NULL },
    { "sixteen bytes of chance",         cause_random, TALK, DUE("0000"), LAST("2122232425262728292a2b2c2d2e2f30"), CHANCE("16", "16") },
    { "… fifteen",                       cause_random, TALK, DUE("0000"), LAST("2122232425262728292a2b2c2d2e2f"), NULL },
    { "… of which fifteen are different", cause_random, TALK, DUE("0000"), LAST("2122232425262728292a2b2c2d2e2f2f"), CHANCE("15", "16") },
    { "… fourteen",                      cause_random, TALK, DUE("0000"), LAST("2122232425262728292a2b2c2d2e2e2e"), NULL },
    { "… 57 of 63",                      cause_random, TALK, DUE("0000"), LAST(UP " 595959595959"), CHANCE("57", "63") },
    { "… 57 of 64",                      cause_random, TALK, DUE("0000"), LAST(UP " 59595959595959"), CHANCE("57", "64") },
    { "… of 300, half of 256",           cause_random, TALK, DUE("0000"), LAST(UP " 00*4 0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f5a5b5c5d5e5f606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f80 00*180"), CHANCE("128", "256") },
    { "… one less than half",            cause_random, TALK, DUE("0000"), LAST(UP " 00*4 0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f5a5b5c5d5e5f606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f7f 00*180"), NULL },
    { "… of which one is right",         cause_random, TALK, DUE("0000 23"), LAST("2122232425262728292a2b2c2d2e2f30"), CHANCE("16", "16") },
    { "… two are",                       cause_random, TALK, DUE("0000 2324"), LAST("2122232425262728292a2b2c2d2e2f30"), NULL },
    { "… the first is",                  cause_random, TALK, DUE("2100"), LAST("2122232425262728292a2b2c2d2e2f30"), NULL },
};

static const struct cause_row exceptions[] = {
    { "a pause for the end",             paused, TALK, DUE("0000"), LAST("0200 0300"), PAUSE },
    { "… of as many bytes",              paused_for_three, TALK, DUE("0000"), LAST("0200 0300"), NULL },
    { "… another exception",             paused, TALK, DUE("0000"), LAST("0200 0500"), NULL },
    { "… behind our end",                paused, TALK, "{'client': [{'word': 1}]},{'end': 'client'},{'server': [{'bytes': '0000'}]}", "0 open,1 >,2 fin-sent,3 <0200 0300,3 mismatch,3 over", NULL },
    { "… before it",                     paused, TALK, DUE("0000"), "0 open,1 >,2 <0200 0300,2 fin-sent,2 mismatch,2 over", PAUSE },
    { "… behind an end elsewhere",       paused, TALK, ON("'client': [{'word': 1}]", "a") "," ON("'client': [{'word': 1}]", "b") "," ON("'end': 'client'", "b") "," ON("'server': [{'bytes': '0000'}]", "a"),
      "0 open,1 >,2 open,3 >,4 fin-sent,5 <0200 0300,5 mismatch,5 over", PAUSE },
    { "… of a service without refusals", paused, BLUNT, DUE("0000"), LAST("0200 0300"), NULL },

    { "an exception amid a reply",       cause_broken_off, TALK, DUE("0102030405"), LAST("0102 0200 0500"), BROKEN("2", "5 (badIndex)") },
    { "… which begins as the rest",      cause_broken_off, TALK, DUE("0102 0200 0700"), LAST("0102 0200 0500"), BROKEN("2", "5 (badIndex)") },
    { "… with three bytes",              cause_broken_off, TALK, DUE("010203 020005 09"), LAST("010203 0200 0500"), BROKEN("3", "5 (badIndex)") },
    { "… of which nothing came",         cause_broken_off, TALK, DUE("0000"), LAST("0200 0500"), NULL },
    { "… but for one byte of it",        cause_broken_off, TALK, DUE("0209"), LAST("0200 0500"), NULL },
    { "… and more behind it",            cause_broken_off, TALK, DUE("0102030405"), LAST("0102 0200 0500 01"), NULL },
    { "… cut",                           cause_broken_off, TALK, DUE("0102030405"), LAST("0102 0200 05"), NULL },
    { "… of cause 1",                    cause_broken_off, TALK, DUE("0102030405"), LAST("0102 0200 0100"), BROKEN("2", "1 (genericException)") },
    { "… of cause 0",                    cause_broken_off, TALK, DUE("0102030405"), LAST("0102 0200 0000"), NULL },
    { "… of cause 8",                    cause_broken_off, TALK, DUE("0102030405"), LAST("0102 0200 0800"), BROKEN("2", "8 (bufferFull)") },
    { "… of cause 9",                    cause_broken_off, TALK, DUE("0102030405"), LAST("0102 0200 0900"), NULL },
    { "… that is due",                   cause_broken_off, TALK, DUE("01 0200 0500 09"), LAST("01 0200 0500"), NULL },

    { "who must not be, is let in",      cause_let_in, LOGIN, ENTERS("x", "0") ",{'end': 'server'}", LAST("0100"), LET_IN },
    { "… and told more",                 cause_let_in, LOGIN, ENTERS("x", "0") ",{'end': 'server'}", LAST("010005"), LET_IN },
    { "… is told something else",        cause_let_in, LOGIN, ENTERS("x", "0") ",{'end': 'server'}", LAST("0101"), NULL },
    { "… is told half of it",            cause_let_in, LOGIN, ENTERS("x", "0") ",{'end': 'server'}", LAST("01"), NULL },
    { "… and need not end",              cause_let_in, LOGIN, ENTERS("x", "0"), LAST("0100"), NULL },
    { "… who must be",                   cause_let_in, LOGIN, ENTERS("guest", "1") ",{'end': 'server'}", LAST("0100"), NULL },
    { "… behind an answer",              cause_let_in, LOGIN, ENTERS("guest", "1") ",{'client': [{'word': 4}]},{'server': [{'word': 0}]},{'end': 'server'}", "0 open,1 >,2 =,3 >,4 <0100,4 mismatch,4 over", NULL },
    { "… behind one elsewhere",          cause_let_in, LOGIN, ON("'client': [{'cstringa': 'guest'}]", "a") "," ON("'server': [{'word': 1}]", "a") "," ON("'client': [{'cstringa': 'x'}]", "b") "," ON("'server': [{'word': 0}], 'check': 'b'", "b") "," ON("'end': 'server'", "b"),
      "0 open,1 >,2 =,3 open,4 >,5 <0100,5 mismatch,5 over", LET_IN },
    { "… and another is to end",         cause_let_in, LOGIN, ON("'client': [{'cstringa': 'guest'}]", "a") "," ON("'client': [{'cstringa': 'x'}]", "b") "," ON("'server': [{'word': 0}]", "b") "," ON("'end': 'server'", "a"),
      "0 open,1 >,2 open,3 >,4 <0100,4 mismatch,4 over", NULL },
    { "… of a service without an entrance", cause_let_in, TALK, SAY("{'dword': 9}") ",{'end': 'server'}", LAST("0000 08000000"), NULL },
    { "… or a control",                  cause_let_in, BLUNT, DUE("0000") ",{'end': 'server'}", LAST("0100"), NULL },

    { "a minus that is told by its bits", cause_sign_lost, TALK, TELL("float", "'80000000'", "80000000"), SAYS("00000000"), NO_MINUS },
    { "… of a double",                   cause_sign_lost, TALK, TELL("double", "'bff8000000000000'", "bff8000000000000"), SAYS("3ff8000000000000"), NO_MINUS },
    { "… and another bit",               cause_sign_lost, TALK, TELL("float", "'80000000'", "80000000"), SAYS("00000001"), NULL },
    { "… and what is no number",         cause_sign_lost, TALK, TELL("float", "'80000000'", "80000000"), SAYS("x0000000"), NULL },
    { "… of the second of two",          cause_sign_lost, TALK, "{'client': [{'word': 2}, {'cstringa': 'byte,float'}, {'byte': 1}, {'float': '80000000'}]},{'server': [{'word': 0}, {'cstringa': '1 80000000'}]}", SAYS("1 00000000"), NO_MINUS },
    { "… and the first is another",      cause_sign_lost, TALK, "{'client': [{'word': 2}, {'cstringa': 'byte,float'}, {'byte': 1}, {'float': '80000000'}]},{'server': [{'word': 0}, {'cstringa': '1 80000000'}]}", SAYS("2 00000000"), NULL },

    { "who must be, is turned away",     cause_turned_away, LOGIN, ENTERS("guest", "1"), TURNED_AWAY("2 fin"), AWAY },
    { "… and it does not end",           cause_turned_away, LOGIN, ENTERS("guest", "1"), LAST("0000"), NO_END },
    { "… with another number",           cause_turned_away, LOGIN, ENTERS("guest", "1"), LAST("0200"), NULL },
    { "… or with a byte that is not 0",  cause_turned_away, LOGIN, ENTERS("guest", "1"), LAST("0001"), NULL },
    { "… and we end before",             cause_turned_away, LOGIN, ENTERS("guest", "1"), TURNED_AWAY("2 fin-sent,2 fin"), NO_END },
    { "… with another number then",      cause_turned_away, LOGIN, ENTERS("guest", "1"), "0 open,1 >,2 <0500,2 fin-sent,2 fin,2 mismatch,2 over", NULL },
    { "… or behind it",                  cause_turned_away, LOGIN, ENTERS("guest", "1"), TURNED_AWAY("2 fin,2 fin-sent"), AWAY },
    { "… and it says more",              cause_turned_away, LOGIN, ENTERS("guest", "1"), "0 open,1 >,2 <000001,2 fin,2 mismatch,2 over", NULL },
    { "… and is to end",                 cause_turned_away, LOGIN, ENTERS("guest", "1") ",{'end': 'server'}", TURNED_AWAY("2 fin"), NULL },
    { "… who must not be",               cause_turned_away, LOGIN, ENTERS("x", "0"), "0 open,1 >,2 <0500,2 fin,2 mismatch,2 over", NULL },
    { "… another connection ends",       cause_turned_away, LOGIN, ON("'client': [{'cstringa': 'x'}]", "a") "," ON("'client': [{'cstringa': 'guest'}]", "b") "," ON("'server': [{'word': 1}]", "b"),
      "0 open,1 >,2 open,3 >,1 fin,4 <0500,4 mismatch,4 over", NULL },
    { "… and we end another before",     cause_turned_away, LOGIN, ON("'client': [{'cstringa': 'x'}]", "a") "," ON("'client': [{'cstringa': 'guest'}]", "b") "," ON("'server': [{'word': 1}]", "b"),
      "0 open,1 >,2 open,3 >,1 fin-sent,4 <0000,4 fin,4 mismatch,4 over", AWAY },
};
// clang-format on

Test(cause_values, forms_of_their_own_are_told, .timeout = 20)
{
    cause_rows_hold(forms, COUNT_OF(forms));
}

Test(cause_values, what_differs_in_a_value_is_told, .timeout = 20)
{
    cause_rows_hold(values, COUNT_OF(values));
}

Test(cause_values, exceptions_and_entrances_are_told, .timeout = 20)
{
    cause_rows_hold(exceptions, COUNT_OF(exceptions));
}
