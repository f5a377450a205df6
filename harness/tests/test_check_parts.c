/*
 * Values of which something is missing, or to which something was added, at the edges of each rule: units and elements at either end, numbers
 * in texts, what a list held before, what a class has only from some schema on.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "talk.h"

#define VALUE(values)           "{'client': [{'word': 1}]},{'server': [{'word': 0}, " values "]}"
#define TELL(type, value, text) "{'client': [{'word': 2}, {'cstringa': '" type "'}, {'" type "': " value "}]},{'server': [{'word': 0}, {'cstringa': '" text "'}]}"
#define COMES(hex)              "0 open,1 >,2 <0000 " hex ",2 mismatch,2 over"

// clang-format off
static const struct part_row {
    const char *label, *steps, *trace, *told;
} rows[] = {
    { "the end of a string is missing",   VALUE("{'cstringa': 'abcdef'}"), COMES("03 616263"), "cut: the CStringA came without the last 3 of its 6 units" },
    { "… its beginning",                  VALUE("{'cstringa': 'abcdef'}"), COMES("04 63646566"), "cut: the CStringA came without the first 2 of its 6 units" },
    { "… its middle",                     VALUE("{'cstringa': 'abcdef'}"), COMES("04 61626566"), "wrong-value: the value is another one: the CStringA reads \"abef\" where \"abcdef\" is due" },
    { "… all of it",                      VALUE("{'cstringa': 'abcdef'}"), COMES("00"), "wrong-value: the value is another one: the CStringA reads \"\" where \"abcdef\" is due" },
    { "… but one",                        VALUE("{'cstringa': 'abcdef'}"), COMES("01 61"), "cut: the CStringA came without the last 5 of its 6 units" },
    { "… of a wide one",                  VALUE("{'cstringw': 'abc'}"), COMES("fffeff02 6100 6200"), "cut: the CStringW came without the last 1 of its 3 units" },
    { "… and it is narrow",               VALUE("{'cstringw': 'abc'}"), COMES("02 6162"), "string-width: a narrow string came where a wide one was due" },
    { "elements at the end",              VALUE("{'wordarray': [5, 6, 7]}"), COMES("0200 0500 0600"), "cut: the CWordArray came without the last 1 of its 3 elements" },
    { "… at the beginning",               VALUE("{'dwordarray': [5, 6, 7]}"), COMES("0200 06000000 07000000"), "cut: the CDWordArray came without the first 1 of its 3 elements" },
    { "… of bytes",                       VALUE("{'bytearray': [5, 6, 7]}"), COMES("0100 07"), "cut: the CByteArray came without the first 2 of its 3 elements" },
    { "… a text, told",                   TELL("cstringa", "'abcd'", "abcd"), COMES("02 6162"), "cut: the CStringA came without the last 2 of its 4 units" },
    /* Numbers in texts that are said unasked. */
    { "a number in a text, one larger",   VALUE("{'cstringa': 'n 3 of 9'}"), COMES("08 6e2034206f662039"), "off-by-one: a number in the text is one too large: it is told as 4 where 3 is due" },
    { "… one smaller",                    VALUE("{'cstringa': 'n 3 of 9'}"), COMES("08 6e2032206f662039"), "off-by-one: a number in the text is one too small: it is told as 2 where 3 is due" },
    { "… two larger",                     VALUE("{'cstringa': 'n 3 of 9'}"), COMES("08 6e2035206f662039"), "wrong-value: the value is another one: the CStringA reads \"n 5 of 9\" where \"n 3 of 9\" is due" },
    { "… and the other one, too",         VALUE("{'cstringa': 'n 3 of 9'}"), COMES("08 6e2034206f662038"), "wrong-value: the value is another one: the CStringA reads \"n 4 of 8\" where \"n 3 of 9\" is due" },
    { "… with a digit more",              VALUE("{'cstringa': 'n 9'}"), COMES("04 6e203130"), "off-by-one: a number in the text is one too large: it is told as 10 where 9 is due" },
    { "… with a digit less",              VALUE("{'cstringa': 'n 10'}"), COMES("03 6e2039"), "off-by-one: a number in the text is one too small: it is told as 9 where 10 is due" },
    { "… with a zero before it",          VALUE("{'cstringa': 'n 9'}"), COMES("04 6e203039"), "wrong-value: the value is another one: the CStringA reads \"n 09\" where \"n 9\" is due" },
    { "… of nine digits",                 VALUE("{'cstringa': '123456789'}"), COMES("09 313233343536373930"), "off-by-one: a number in the text is one too large: it is told as 123456790 where 123456789 is due" },
    { "… of ten",                         VALUE("{'cstringa': '1234567890'}"), COMES("0a 31323334353637383931"), "wrong-value: the value is another one: the CStringA reads \"1234567891\" where \"1234567890\" is due" },
    { "… and other words",                VALUE("{'cstringa': 'n 3'}"), COMES("03 6d2034"), "wrong-value: the value is another one: the CStringA reads \"m 4\" where \"n 3\" is due" },
    { "… none in its place",              VALUE("{'cstringa': 'n 3'}"), COMES("03 6e2078"), "wrong-value: the value is another one: the CStringA reads \"n x\" where \"n 3\" is due" },
    /* A part of a text. */
    { "sixty characters are missing",     VALUE("{'cstringa': '(1,aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeefffffffff)'}"), COMES("03 283129"), "cut: a part of the value is missing: ,aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeefffffffff" },
    { "… sixty-one",                      VALUE("{'cstringa': '(1,aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff)'}"), COMES("03 283129"), "cut: a part of the value is missing: ,aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeefffffffff" },
    /* What a list held before. */
    { "an element before what is due",    VALUE("{'stringlist': ['b']}"), COMES("0200 fffeff01 6100 fffeff01 6200"), "kept-from-before: 1 element stands beside those that are due: the collection held them before, perhaps" },
    { "… two of them",                    VALUE("{'stringlist': ['b']}"), COMES("0300 fffeff01 6100 fffeff01 6300 fffeff01 6200"), "kept-from-before: 2 elements stand beside those that are due: the collection held them before, perhaps" },
    { "… behind it",                      VALUE("{'stringlist': ['b']}"), COMES("0200 fffeff01 6200 fffeff01 6100"), "off-by-one: a collection has an element more, at its end, than is due" },
    { "… where none is due",              VALUE("{'stringlist': []}"), COMES("0100 fffeff01 6100"), "kept-from-before: 1 element stands beside those that are due: the collection held them before, perhaps" },
    { "… within an object",               VALUE("{'object': 'CStringList[u:0062]'}"), COMES("ffff0000 0b00 43537472696e674c697374 0200 fffeff01 6100 fffeff01 6200"), "kept-from-before: 1 element stands beside those that are due: the collection held them before, perhaps" },
    { "… of another class",               VALUE("{'object': 'CStringList[u:0062]'}"), COMES("ffff0000 0c00 43537472696e674172726179 0200 fffeff01 6100 fffeff01 6200"), "wrong-value: the class CStringList is described by another name: \"CStringArray\"" },
    { "… of one in a list of two",        VALUE("{'object': 'CObList[CStringList[u:0062],CStringList[]]'}"),
      COMES("ffff0000 0700 434f624c697374 0200 ffff0000 0b00 43537472696e674c697374 0200 fffeff01 6100 fffeff01 6200 0380 0000"), "kept-from-before: 1 element stands beside those that are due: the collection held them before, perhaps" },
    { "… of both",                        VALUE("{'object': 'CObList[CStringList[u:0062],CStringList[]]'}"),
      COMES("ffff0000 0700 434f624c697374 0200 ffff0000 0b00 43537472696e674c697374 0200 fffeff01 6100 fffeff01 6200 0380 0100 fffeff01 6100"), "kept-from-before: 2 elements stand beside those that are due: the collection held them before, perhaps" },
    { "… and another element is wrong",   VALUE("{'object': 'CObList[CStringList[u:0062],CAge(1)]'}"),
      COMES("ffff0000 0700 434f624c697374 0200 ffff0000 0b00 43537472696e674c697374 0200 fffeff01 6100 fffeff01 6200 ffff0100 0400 43416765 02000000"), "wrong-value: the value is another one: the CObject* reads CObList[CStringList[\"a\", \"b\"], CAge(2)] where CObList[CStringList[\"b\"], CAge(1)] is due" },
    /* What a class has only from some schema on. */
    { "a letter without its stamp",       VALUE("{'object': 'CLetter:700(u:0041,7)'}"), COMES("ffffbc02 0700 434c6574746572 fffeff01 4100 00000000"), "wrong-schema: the object lacks what its class has from its schema on" },
    { "… with another",                   VALUE("{'object': 'CLetter:700(u:0041,7)'}"), COMES("ffffbc02 0700 434c6574746572 fffeff01 4100 09000000"), "wrong-value: the value is another one: the CObject* reads CLetter:700(\"A\", 9) where CLetter:700(\"A\", 7) is due" },
    { "… and another text",               VALUE("{'object': 'CLetter:700(u:0041,7)'}"), COMES("ffffbc02 0700 434c6574746572 fffeff01 4200 00000000"), "wrong-value: the value is another one: the CObject* reads CLetter:700(\"B\", 0) where CLetter:700(\"A\", 7) is due" },
    { "… within a node",                  VALUE("{'object': 'CObArray[CLetter:700(u:0041,7),CAge(1)]'}"),
      COMES("ffff0000 0800 434f624172726179 0200 ffffbc02 0700 434c6574746572 fffeff01 4100 00000000 ffff0100 0400 43416765 01000000"), "wrong-schema: the object lacks what its class has from its schema on" },
    { "… that is wrong elsewhere, too",   VALUE("{'object': 'CObArray[CLetter:700(u:0041,7),CAge(1)]'}"),
      COMES("ffff0000 0800 434f624172726179 0200 ffffbc02 0700 434c6574746572 fffeff01 4100 00000000 ffff0100 0400 43416765 02000000"), "wrong-value: the value is another one: the CObject* reads CObArray[CLetter:700(\"A\", 0), CAge(2)] where CObArray[CLetter:700(\"A\", 7), CAge(1)] is due" },
};
// clang-format on

Test(check_parts, are_told_with_their_evidence, .timeout = 20)
{
    for (const struct part_row *r = rows; r < rows + COUNT_OF(rows); r++) {
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

/* Rows of a table, of which the service tells what it has read. */
#define TELLS                                                                                      \
    "{'format': 1, 'service': 'talk', 'first-control': 'ping', 'probe': 'ping', 'pipelining': true,\n" \
    " 'end': {'name': 'end', 'clauses': ['X-1']},\n"                                               \
    " 'controls': {'ping': [ {'client': [{'word': 4}, {'dword': {'draw': {}, 'as': 'n'}}]},\n"     \
    "                        {'server': [{'word': 0}, {'dword': {'reuse': 'n', 'plus': 1}}]} ]},\n" \
    " 'ops': {'tell': [ {'client': [{'word': 2}, {'row': 'load'}]}, {'server': [{'word': 0}, {'cstringa': '{text}'}]} ]}}"
#define ROW(type, value, wire)                                                                     \
    "{'format': 1, 'suite': 't', 'service': 'talk', 'tables': [{'id': 't', 'title': '{type} {text} {key} {op}', 'clauses': ['X-1'], 'ops': ['tell'],\n" \
    " 'rows': [ {'key': 'a', 'type': '" type "', 'value': " value ", 'wire': '" wire "', 'source': 'hand'} ]}]}"

// clang-format off
static const struct part_row of_tables[] = {
    { "the number with its bytes exchanged", ROW("word", "258", "0201"),         COMES("03 353133"), "bytes-swapped: the peer reads this WORD big-endian: it says 513 where 258 was sent" },
    { "… its lowest bits alone",             ROW("word", "258", "0201"),         COMES("03 353134"), "wrong-value: the value is another one: the CStringA reads \"514\" where \"258\" is due" },
    { "… of four bytes",                     ROW("dword", "258", "02010000"),    COMES("08 3333363139393638"), "bytes-swapped: the peer reads this DWORD big-endian: it says 33619968 where 258 was sent" },
    { "… the lower half alone",              ROW("dword", "258", "02010000"),    COMES("08 3333363139393639"), "wrong-value: the value is another one: the CStringA reads \"33619969\" where \"258\" is due" },
    { "… with a sign",                       ROW("short", "-2", "feff"),         COMES("04 2d323537"), "bytes-swapped: the peer reads this short big-endian: it says -257 where -2 was sent" },
    { "… of one byte",                       ROW("byte", "7", "07"),             COMES("01 38"), "wrong-value: the value is another one: the CStringA reads \"8\" where \"7\" is due" },
    { "no number",                           ROW("word", "258", "0201"),         COMES("03 616263"), "wrong-value: the value is another one: the CStringA reads \"abc\" where \"258\" is due" },
    { "a text beyond ASCII",                 ROW("word", "258", "0201"),         COMES("03 3531e9"), "wrong-value: the value is another one: the CStringA reads \"51\\xe9\" where \"258\" is due" },
};
// clang-format on

Test(check_parts, numbers_that_are_told_are_those_of_their_row, .timeout = 20)
{
    for (const struct part_row *r = of_tables; r < of_tables + COUNT_OF(of_tables); r++) {
        SCRATCH(keep);
        struct library lib;
        struct trace t = { .keep = &keep };
        library_loads(TELLS, r->steps, &lib);
        struct program p = program_of(&lib, lib.suites[0].vectors[0].id, "bits=64", PARTY_CLIENT, "plain", &keep);
        talk_trace(r->trace, &p, &t, &keep);
        cr_expect(eq(str, (char *)talk_told(&p, &t, &keep), (char *)r->told), "%s", r->label);
        library_free(&lib);
    }
}
