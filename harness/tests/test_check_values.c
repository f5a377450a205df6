/*
 * Causes that show in one value, at their edges: lists and texts as they are told, schemas, chance, numbers that are one off or have lost
 * their sign, replies of which a round number of bytes came.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "talk.h"

#define SAID(word)              "{'client': [{'word': " #word "}]}"
#define DUE(hex, check)         "{'server': [{'bytes': '" hex "'}], 'check': '" check "'}"
#define VALUE(values)           SAID(1) ",{'server': [{'word': 0}, " values "]}"
#define TELL(type, value, text) "{'client': [{'word': 2}, {'cstringa': '" type "'}, {'" type "': " value "}]},{'server': [{'word': 0}, {'cstringa': '" text "'}]}"
#define OBJECT(text)            "{'client': [{'word': 1}]},{'server': [{'object': '" text "'}]}"
#define LAST(got)               "0 open,1 >,2 <" got ",2 mismatch,2 over"

// clang-format off
static const struct value_row {
    const char *label, *steps, *trace, *told;
} rows[] = {
    { "a list told behind what it held", TELL("wordarray", "[3]", "[3]"),
      LAST("0000 07 5b312c322c335d"), "kept-from-before: the collection has more than what is due: what it held before, perhaps" },
    { "… an empty one", TELL("wordarray", "[]", "[]"),
      LAST("0000 05 5b312c325d"), "kept-from-before: the collection has more than what is due: what it held before, perhaps" },
    { "… with more behind", TELL("wordarray", "[3]", "[3]"),
      LAST("0000 05 5b332c315d"), "wrong-value: the value is another one: the CStringA reads \"[3,1]\" where \"[3]\" is due" },
    { "… with another end", TELL("wordarray", "[3]", "[3]"),
      LAST("0000 07 5b312c322c345d"), "wrong-value: the value is another one: the CStringA reads \"[1,2,4]\" where \"[3]\" is due" },
    { "… without an end", TELL("wordarray", "[3]", "[3]"),
      LAST("0000 04 5b312c33"), "wrong-value: the value is another one: the CStringA reads \"[1,3\" where \"[3]\" is due" },
    { "… not between its elements", TELL("wordarray", "[3]", "[3]"),
      LAST("0000 04 5b31335d"), "wrong-value: the value is another one: the CStringA reads \"[13]\" where \"[3]\" is due" },
    { "a map told with an entry more", "{'client': [{'word': 2}, {'cstringa': 'mapstringtostring'}, {'mapstringtostring': '{u:0061=u:0062}'}]},{'server': [{'word': 0}, {'cstringa': {'hex': '7b753a303036313d753a303036327d'}}]}",
      LAST("0000 15 7b753a3d753a2c753a303036313d753a303036327d"), "kept-from-before: the collection has more than what is due: what it held before, perhaps" },
    { "… behind it", "{'client': [{'word': 2}, {'cstringa': 'mapstringtostring'}, {'mapstringtostring': '{u:=u:}'}]},{'server': [{'word': 0}, {'cstringa': {'hex': '7b753a3d753a7d'}}]}",
      LAST("0000 15 7b753a3d753a2c753a303036313d753a303036327d"), "kept-from-before: the collection has more than what is due: what it held before, perhaps" },
    { "… and another value", "{'client': [{'word': 2}, {'cstringa': 'mapstringtostring'}, {'mapstringtostring': '{u:=u:}'}]},{'server': [{'word': 0}, {'cstringa': {'hex': '7b753a3d753a7d'}}]}",
      LAST("0000 10 7b753a3d753a303036312c613d753a7d"), "wrong-value: the value is another one: the CStringA reads \"{u:=u:0061,a=u:}\" where \"{u:=u:}\" is due" },
    { "a count that is that of nothing", VALUE("{'stringarray': ['x', 'y']}"),
      LAST("0000 0900 fffeff01 7800 fffeff01 7900"), "wrong-value: the count of the CStringArray is another one, though its elements are those that are due: it reads 9 where 2 is due" },
    { "a count of three bytes", VALUE("{'wordarray': [258, 772, 3]}"),
      LAST("0000 000003 0201 0403 0300"), "count-escape: the count has a form of its own: 3 bytes stand before the value, where 2 are due" },
    { "a length in digits", VALUE("{'cstringa': 'abcdef'}"),
      LAST("0000 363a 616263646566"), "length-escape: the length of the string has a form of its own: 2 bytes stand before the value, where 1 is due" },
    { "a byte before a length", VALUE("{'word': 7}, {'cstringa': 'abcdef'}"),
      LAST("0000 0700 55 06 616263646566"), "extra-bytes: 1 byte stands amid what was due, from byte 4 on" },
    { "another mark of a time", VALUE("{'time': 7}"),
      LAST("0000 0b000080 0700000000000000"), "time-form: another mark stands before the seconds of the CTime: 0B000080, where 0A000080 is due" },
    { "a mark of eight bytes", VALUE("{'time': 263}"),
      LAST("0000 0a00008000000001 0701000000000000"), "extra-bytes: 4 bytes stand amid what was due, from byte 6 on" },
    { "a part of a text is missing", TELL("point", "'(1,2)'", "(1,2)"),
      LAST("0000 03 283129"), "cut: a part of the value is missing: ,2" },
    { "… at its beginning", TELL("point", "'(1,2)'", "(1,2)"),
      LAST("0000 03 283229"), "wrong-value: the value is another one: the CStringA reads \"(2)\" where \"(1,2)\" is due" },
    { "… and what is behind it is another", TELL("rect", "'(1,2,3,4)'", "(1,2,3,4)"),
      LAST("0000 05 28312c3529"), "wrong-value: the value is another one: the CStringA reads \"(1,5)\" where \"(1,2,3,4)\" is due" },
    { "… and what is behind it is right", TELL("rect", "'(1,2,3,4)'", "(1,2,3,4)"),
      LAST("0000 05 28312c3429"), "wrong-value: the value is another one: the CStringA reads \"(1,4)\" where \"(1,2,3,4)\" is due" },
    { "another schema, told", TELL("object", "'CVersioned:3(1)'", "CVersioned:3(1)"),
      LAST("0000 10 4356657273696f6e65643a3132283129"), "wrong-schema: the object is told with schema 12, where 3 is due" },
    { "… of another object", TELL("object", "'CVersioned:3(1)'", "CVersioned:3(1)"),
      LAST("0000 0f 4356657273696f6e65643a33283229"), "wrong-value: the value is another one: the CStringA reads \"CVersioned:3(2)\" where \"CVersioned:3(1)\" is due" },
    { "… of a class that is none", TELL("object", "'CVersioned:3(1)'", "CVersioned:3(1)"),
      LAST("0000 0e 56657273696f6e65643a32283129"), "wrong-value: the value is another one: the CStringA reads \"Versioned:2(1)\" where \"CVersioned:3(1)\" is due" },
    { "a schema of two bytes", OBJECT("CAge(1)"),
      LAST("ffff 0101 0400 43416765 01000000"), "wrong-schema: the class CAge is described with schema 257, where 1 is due" },
    { "… of another class", OBJECT("CAge(1)"),
      LAST("ffff 0201 0500 434e6f6465 01000000 0000"), "wrong-value: the class CAge is described by another name: \"CNode\"" },
    { "… whose name is cut", OBJECT("CAge(1)"),
      LAST("ffff 0201 0400 434167"), "differs: differs from byte 2 on" },
    { "sixteen bytes of chance", SAID(1) "," DUE("0000", "reply"),
      LAST("2122232425262728292a2b2c2d2e2f30"), "random: what came has nothing in common with what was due: of its first 16 bytes 16 are different ones" },
    { "fifteen", SAID(1) "," DUE("0000", "reply"),
      LAST("2122232425262728292a2b2c2d2e2f"), "differs: differs from byte 0 on" },
    { "sixteen of which fourteen are different ones", SAID(1) "," DUE("0000", "reply"),
      LAST("2122232425262728292a2b2c2d2e2e2e"), "differs: differs from byte 0 on" },
    { "… fifteen", SAID(1) "," DUE("0000", "reply"),
      LAST("2122232425262728292a2b2c2d2e2f2f"), "random: what came has nothing in common with what was due: of its first 16 bytes 15 are different ones" },
    { "63, of which 56 are", SAID(1) "," DUE("0000", "reply"),
      LAST("2122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f50515253545556575858585858585858"), "differs: differs from byte 0 on" },
    { "… 57", SAID(1) "," DUE("0000", "reply"),
      LAST("2122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f50515253545556575859595959595959"), "random: what came has nothing in common with what was due: of its first 63 bytes 57 are different ones" },
    { "64, of which 31 are", SAID(1) "," DUE("0000", "reply"),
      LAST("2122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f3f"), "differs: differs from byte 0 on" },
    { "… 32", SAID(1) "," DUE("0000", "reply"),
      LAST("2122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404040404040404040404040404040404040404040404040404040404040404040"), "random: what came has nothing in common with what was due: of its first 64 bytes 32 are different ones" },
    { "128 bytes, a round number", SAID(1) "," DUE("07*300", "reply"),
      "0 open,1 >,2 <07*128,2 late,2 over", "cut: the limit passed without all of what was due: only 128, a round number, of 300 bytes came" },
    { "127", SAID(1) "," DUE("07*300", "reply"),
      "0 open,1 >,2 <07*127,2 late,2 over", "no-answer: the limit passed without all of what was due: only 127 of 300 bytes came" },
    { "129", SAID(1) "," DUE("07*300", "reply"),
      "0 open,1 >,2 <07*129,2 late,2 over", "no-answer: the limit passed without all of what was due: only 129 of 300 bytes came" },
    { "255", SAID(1) "," DUE("07*300", "reply"),
      "0 open,1 >,2 <07*255,2 late,2 over", "cut: the limit passed without all of what was due: only 255, a round number, of 300 bytes came" },
    { "64", SAID(1) "," DUE("07*300", "reply"),
      "0 open,1 >,2 <07*64,2 late,2 over", "no-answer: the limit passed without all of what was due: only 64 of 300 bytes came" },
    { "one too small", VALUE("{'dword': 3}"),
      LAST("0000 02000000"), "off-by-one: the DWORD is one too small: it reads 2 where 3 is due" },
    { "one too large", VALUE("{'dword': 3}"),
      LAST("0000 04000000"), "off-by-one: the DWORD is one too large: it reads 4 where 3 is due" },
    { "two too large", VALUE("{'dword': 3}"),
      LAST("0000 05000000"), "wrong-value: the value is another one: the DWORD reads 5 where 3 is due" },
    { "a WORD that is one too large", VALUE("{'word': 3}"),
      LAST("0000 0400"), "wrong-value: the value is another one: the WORD reads 4 where 3 is due" },
    { "in network order", VALUE("{'net32': 3}"),
      LAST("0000 00000004"), "off-by-one: the DWORD is one too large: it reads 4 where 3 is due" },
    { "a ULONGLONG", VALUE("{'ulonglong': 3}"),
      LAST("0000 0400000000000000"), "off-by-one: the ULONGLONG is one too large: it reads 4 where 3 is due" },
    { "with a mark", VALUE("{'time': 3}"),
      LAST("0000 0a000080 0400000000000000"), "off-by-one: the CTime is one too large: it reads 4 where 3 is due" },
    { "two values", VALUE("{'word': 3}, {'word': 4}"),
      LAST("0000 0500 0600"), "wrong-value: the reply reads well, and 2 of its values are other ones, the WORD first" },
    { "… and more behind them", VALUE("{'word': 3}, {'word': 4}"),
      LAST("0000 0500 0600 01"), "differs: differs from byte 2 on" },
    { "told without its sign", TELL("long", "-2", "-2"),
      LAST("0000 0a 34323934393637323934"), "sign-lost: LONG is read without its sign" },
    { "… without its minus", TELL("long", "-2", "-2"),
      LAST("0000 01 32"), "sign-lost: a negative number is told without its minus" },
    { "sent without its minus", VALUE("{'rect': [1, -2, 3, -4]}"),
      LAST("0000 01000000 02000000 03000000 04000000"), "sign-lost: a negative number came without its minus" },
    { "… and another one", VALUE("{'rect': [1, -2, 3, -4]}"),
      LAST("0000 01000000 02000000 03000000 05000000"), "wrong-value: the value is another one: the CRect reads (1, 2, 3, 5) where (1, -2, 3, -4) is due" },
    { "… of 16 bits", TELL("short", "-2", "-2"),
      LAST("0000 05 3635353334"), "sign-lost: short is read without its sign" },
    { "… of 8", TELL("char", "-2", "-2"),
      LAST("0000 03 323534"), "sign-lost: char is read without its sign" },
    { "… another number", TELL("char", "-2", "-2"),
      LAST("0000 03 323533"), "wrong-value: the value is another one: the CStringA reads \"253\" where \"-2\" is due" },
    { "… of too many bits", TELL("char", "-2", "-2"),
      LAST("0000 0a 38353839393334353930"), "wrong-value: the value is another one: the CStringA reads \"8589934590\" where \"-2\" is due" },
    { "with a sign", TELL("word", "65534", "65534"),
      LAST("0000 02 2d32"), "sign-added: a number is told as the negative one that has the same bits" },
    { "… another", TELL("word", "65534", "65534"),
      LAST("0000 02 2d33"), "wrong-value: the value is another one: the CStringA reads \"-3\" where \"65534\" is due" },
    { "one of several, with a sign", TELL("wordarray", "[1,2]", "[1,2]"),
      LAST("0000 0a 5b312c2d36353533345d"), "sign-added: a number is told as the negative one that has the same bits" },
    { "a string of units of two bytes, empty", VALUE("{'cstringa': ''}"),
      LAST("0000 fffeff00"), "string-width: a wide string came where a narrow one was due" },
    { "… and a narrow one", VALUE("{'cstringw': ''}"),
      LAST("0000 00"), "string-width: a narrow string came where a wide one was due" },
    { "no cause", VALUE("{'raw:2': '0102'}"),
      LAST("0000 0304"), "wrong-value: the value is another one: the Write reads 03 04 where 01 02 is due" },
    { "a pair turned amid bytes", VALUE("{'raw:4': '01020304'}"),
      LAST("0000 01030204"), "bytes-swapped: bytes 3 and 4 stand in each other's place" },
};
// clang-format on

Test(check_values, are_told_with_their_evidence, .timeout = 20)
{
    for (const struct value_row *r = rows; r < rows + COUNT_OF(rows); r++) {
        SCRATCH(keep);
        struct library lib;
        struct trace t = { .keep = &keep };
        talk_load(TALK, r->steps, &lib);
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        talk_trace(r->trace, &p, &t, &keep);
        cr_expect(eq(str, (char *)talk_told(&p, &t, &keep), (char *)r->told), "%s", r->label);
        library_free(&lib);
    }
}
