/*
 * Causes that show where a class is due to be described, or named by its tag.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "talk.h"

#define OBJECT(text, check) "{'client': [{'word': 1}]},{'server': [{'word': 0}, {'object': '" text "'}], 'check': '" check "'}"
#define CLASS(text, check)  "{'client': [{'word': 1}]},{'server': [{'word': 0}, {'class': '" text "'}], 'check': '" check "'}"
#define SAY(values)         "{'client': [{'word': 1}]},{'server': [{'word': 0}, " values "]}"
#define LAST(got)           "0 open,1 >,2 <" got ",2 mismatch,2 over"
#define THIRD(got)          "0 open,1 >,2 =,3 >,4 <" got ",4 mismatch,4 over"
#define LETTER(schema)      "{'client': [{'word': 1}, {'cstringa': 'object'}, {'object': 'CLetter:" schema "(u:0041)'}]},{'server': [{'word': 0}, {'object': 'CLetter:700(u:0041,0)'}]}"
#define POINT               OBJECT("CTestPoint(1,2,null)", "first")
#define BEHIND_A_NODE       OBJECT("CNode(7,null)", "first") "," OBJECT("CVersioned:3(5)", "second")
#define BEHIND_BOTH         OBJECT("CNode(7,CAge(8))", "first") "," OBJECT("CNode(5,null)", "second")

// clang-format off
static const struct description_row {
    const char *label, *steps, *trace, *told;
} rows[] = {
    /* Names. */
    { "without its end", POINT, LAST("0000 ffff 0700 0900 4354657374506f696e 01000000 02000000 0000"),
      "cut: a part of the name of the class CTestPoint is missing: it is described as \"CTestPoin\"" },
    { "without its beginning", POINT, LAST("0000 ffff 0700 0900 54657374506f696e74 01000000 02000000 0000"),
      "cut: a part of the name of the class CTestPoint is missing: it is described as \"TestPoint\"" },
    { "with more before it", OBJECT("CAge(7)", "first"), LAST("0000 ffff 0100 0a00 636c6173732043416765 07000000"),
      "wrong-value: the class CAge is described by another name: \"class CAge\"" },
    { "with more behind it", OBJECT("CAge(7)", "first"), LAST("0000 ffff 0100 0500 4341676532 07000000"),
      "wrong-value: the class CAge is described by another name: \"CAge2\"" },
    { "padded", OBJECT("CAge(7)", "first"), LAST("0000 ffff 0100 0800 43416765 00000000 07000000"),
      "terminated: the name of the class CAge came with 4 NULs behind it, which its length counts" },
    { "padded with blanks", OBJECT("CAge(7)", "first"), LAST("0000 ffff 0100 0600 43416765 0020 07000000"),
      "differs: differs from byte 6 on" },
    { "padded, another name", OBJECT("CAge(7)", "first"), LAST("0000 ffff 0100 0800 43416766 00000000 07000000"),
      "differs: differs from byte 6 on" },
    { "in small letters", OBJECT("CAge(7)", "first"), LAST("0000 ffff 0100 0400 63616765 07000000"),
      "wrong-value: the class CAge is described by another name: \"cage\"" },
    { "another class's, of the same schema", OBJECT("CVersioned:3(7)", "first"), LAST("0000 ffff 0300 0500 434e6f6465 07000000"),
      "wrong-value: the class CVersioned is described by another name: \"CNode\"" },
    { "another class's, with its schema", OBJECT("CAge(7)", "first"), LAST("0000 ffff 0300 0500 434e6f6465 07000000"),
      "wrong-value: the class CAge is described by another name: \"CNode\"" },
    /* Schemas. */
    { "another schema", OBJECT("CAge(7)", "first"), LAST("0000 ffff 0900 0400 43416765 07000000"),
      "wrong-schema: the class CAge is described with schema 9, where 1 is due" },
    { "another schema in its high byte", OBJECT("CAge(7)", "first"), LAST("0000 ffff 0109 0400 43416765 07000000"),
      "wrong-schema: the class CAge is described with schema 2305, where 1 is due" },
    { "another schema of a class alone", CLASS("CAge:1", "first"), LAST("0000 ffff 0900 0400 43416765"),
      "wrong-schema: the class CAge is described with schema 9, where 1 is due" },
    { "bodies of the schema with which they were loaded", LETTER("600"), "0 open,1 >,2 <0000 ffff bc02 0700 434c6574746572 fffeff01 4100,2 over",
      "wrong-schema: the body is that of the schema with which the object was loaded, where the class is described with its own: only 21 of 25 bytes came" },
    /* Tags. */
    { "the tag of a class before", BEHIND_A_NODE, THIRD("0000 0180 05000000"),
      "wrong-index: the tag 8001, which is that of the class CNode, stands where CVersioned is due to be described" },
    { "the tag of an object before", BEHIND_A_NODE, THIRD("0000 0280 05000000"),
      "table-shared: the tag 8002 stands where the class CVersioned is due to be described, which this direction of the connection has not carried: the table is that of another, too" },
    { "the tag of nothing", BEHIND_A_NODE, THIRD("0000 0380 05000000"),
      "table-shared: the tag 8003 stands where the class CVersioned is due to be described, which this direction of the connection has not carried: the table is that of another, too" },
    { "the tag of what may be there yet", BEHIND_A_NODE, THIRD("0000 0090 05000000"),
      "table-shared: the tag 9000 stands where the class CVersioned is due to be described, which this direction of the connection has not carried: the table is that of another, too" },
    { "… of what may not", BEHIND_A_NODE, THIRD("0000 0190 05000000"), "wrong-index: a tag refers to an entry that this direction has not, or not of that kind: what it has carried is numbered otherwise" },
    { "… of class 0", BEHIND_A_NODE, THIRD("0000 0080 05000000"), "wrong-index: a tag refers to an entry that this direction has not, or not of that kind: what it has carried is numbered otherwise" },
    { "… of another body", BEHIND_A_NODE, THIRD("0000 0180 05000100"), "differs: differs from byte 2 on" },
    { "… of a body that begins as its own", BEHIND_A_NODE, THIRD("0000 0180 05000001"),
      "wrong-index: the tag 8001, which is that of the class CNode, stands where CVersioned is due to be described" },
    { "… in a list", SAY("{'obarray': '[CNode(7,null),CAge(3),CVersioned:3(5)]'}"), LAST("0000 0300 ffff 0300 0500 434e6f6465 07000000 0000 ffff 0100 0400 43416765 03000000 0180 05000000"),
      "wrong-index: the tag 8001, which is that of the class CNode, stands where CVersioned is due to be described" },
    { "the tag of a class in the same reply", SAY("{'object': 'CNode(7,null)'}, {'object': 'CVersioned:3(5)'}"), LAST("0000 ffff 0300 0500 434e6f6465 07000000 0000 0180 05000000"),
      "wrong-index: the tag 8001, which is that of the class CNode, stands where CVersioned is due to be described" },
    { "the tag of the other class, of another body", BEHIND_BOTH, THIRD("0000 0380 05000100 0000"), "wrong-value: the value is another one: the CObject* reads CAge(65541) where CNode(5, null) is due" },
    { "… of no class", BEHIND_BOTH, THIRD("0000 0080 05000000 0000"), "wrong-index: the index is one too small: it counts from 0" },
    { "the tag of the other class", BEHIND_BOTH, THIRD("0000 0380 05000000 0000"),
      "wrong-index: the tag 8003 of a class stands where 8001 is due" },
};
// clang-format on

Test(descriptions, say_what_stands_there, .timeout = 20)
{
    for (const struct description_row *r = rows; r < rows + COUNT_OF(rows); r++) {
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
