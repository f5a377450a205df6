/*
 * Each cause that shows where graphs of objects part, or collections and texts, or where bytes stand amid them, asked by itself: stored and told, from both sides of every condition.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "cause_rows.h"
#include "check/graphs.h"

#define FRESH                                                                                      \
    "{'format': 1, 'service': 'talk', 'first-control': 'ping', 'probe': 'ping', 'pipelining': true,\n" \
    " 'archive': {'client': 'message', 'server': 'message'}, 'end': {'name': 'end', 'clauses': ['X-1']},\n" \
    " 'controls': {'ping': [ {'client': [{'word': 4}, {'dword': {'draw': {}, 'as': 'n'}}]},\n"     \
    "                        {'server': [{'word': 0}, {'dword': {'reuse': 'n', 'plus': 1}}]} ]}}"

#define TELL(object, text, check) "{'client': [{'word': 2}, {'cstringa': 'object'}, {'object': '" object "'}]},{'server': [{'word': 0}, {'cstringa': '" text "'}], 'check': '" check "'}"
#define ECHO(object, check)       "{'client': [{'word': 1}, {'object': '" object "'}]},{'server': [{'word': 0}, {'object': '" object "'}], 'check': '" check "'}"
#define OBJECT(text, check)       "{'client': [{'word': 1}]},{'server': [{'word': 0}, {'object': '" text "'}], 'check': '" check "'}"
#define SAY(value)                "{'client': [{'word': 1}]},{'server': [{'word': 0}, " value "]}"
#define TEXT_OF(text)             SAY("{'cstringa': '" text "'}")
#define HEX_OF(text)              SAY("{'cstringa': {'hex': '" text "'}}") // {} would name something
#define NO                        "{'client': [{'word': 1}]},{'server': [{'word': 2}, {'word': 5}], 'check': 'no'}"
#define LAST(got)                 "0 open,1 >,2 <" got ",2 mismatch,2 over"
#define SAYS(text)                "0 open,1 >,2 \"" text ",2 mismatch,2 over"
#define THIRD(got)                "0 open,1 >,2 =,3 >,4 <" got ",4 mismatch,4 over"
#define THIRD_SAYS(text)          "0 open,1 >,2 =,3 >,4 \"" text ",4 mismatch,4 over"
#define REFERRED                  TELL("CAge(21)", "CAge(21)", "first") "," TELL("@1", "@1", "second")
#define STORED                    OBJECT("CAge(21)", "first") "," OBJECT("@1", "second")
#define TWO                       TELL("CAge(21)", "CAge(21)", "first") "," TELL("CAge(22)", "CAge(22)", "second")
#define TOGETHER(text)                "{'client': [{'word': 2}, {'cstringa': 'object,object'}, {'object': 'CAge(1)'}, {'object': '@1'}]},{'server': [{'word': 0}, {'cstringa': '" text "'}]}"
#define AGE                       "ffff 0100 0400 43416765 "
#define NODE                      "ffff 0300 0500 434e6f6465 "

#define ROOM(n)      n " elements, zero or empty, stand behind those that are due: room that the collection has, perhaps"
#define AGAIN(how)   "the object @1 is " how " in full once more, where a reference to it is due"
#define NEVER(how)   "an object is " how " where @1 is due that this connection has not carried: the table is that of another, too"
#define MERGED(k)    "a reference to @" k ", another CAge, stands where a new one is due"
#define NULL_STANDS  "null stands where an object is due"
#define OTHERWISE(k, due) "a reference to @" k " stands where " due " is due"
#define NUMBERED     "a tag refers to an entry that this direction has not, or not of that kind: what it has carried is numbered otherwise"
#define KEPT         "a tag refers to an entry that this direction has not: what was refused before has kept its place in the table"
#define TOLD_OFF(how) "the number of an object is told one too " how
#define HELD         "the collection has more than what is due: what it held before, perhaps"
#define BESIDE(n)    n " beside those that are due: the collection held them before, perhaps"
#define LACKS(n)     n " of a collection "
#define NO_MINUS     "a negative number came without its minus"
#define SAME_BITS    "a negative number is told as the one without a sign that has the same bits"
#define UNSIGNED     "a negative number is told without its minus"
#define ZEROES "a number in a text came without the zeroes in front of it"
#define SIGNED       "a number is told as the negative one that has the same bits"

// clang-format off
static const struct cause_row graphs[] = {
    { "told in full again",              cause_sent_again, TALK, REFERRED, THIRD_SAYS("CAge(21)"), AGAIN("told") },
    { "… another object",                cause_sent_again, TALK, REFERRED, THIRD_SAYS("CAge(22)"), NULL },
    { "… of another class",              cause_sent_again, TALK, REFERRED, THIRD_SAYS("CNode(21;null)"), NULL },
    { "… another reference",             cause_sent_again, TALK, REFERRED, THIRD_SAYS("@2"), NULL },
    { "… where an object is due",        cause_sent_again, TALK, TWO, THIRD_SAYS("CAge(21)"), NULL },
    { "stored in full again",            cause_sent_again, TALK, STORED, THIRD("0000 0180 15000000"), AGAIN("sent") },
    { "… another object",                cause_sent_again, TALK, STORED, THIRD("0000 0180 16000000"), NULL },
    { "… described again",               cause_sent_again, TALK, STORED, THIRD("0000 " AGE "15000000"), AGAIN("sent") },
    { "… cut",                           cause_sent_again, TALK, STORED, THIRD("0000 0180 150000"), NULL },
    { "… but for what it holds",         cause_sent_again, TALK, OBJECT("CNode(1,CAge(2))", "first") "," OBJECT("@1", "second"), THIRD("0000 0180 01000000 0400"), AGAIN("sent") },
    { "… with another number",           cause_sent_again, TALK, OBJECT("CNode(1,CAge(2))", "first") "," OBJECT("@1", "second"), THIRD("0000 0180 02000000 0400"), NULL },
    { "… the second of two",             cause_sent_again, TALK, SAY("{'object': 'CAge(1)'}, {'object': 'CAge(2)'}, {'object': '@2'}"), LAST("0000 " AGE "01000000 0180 02000000 0180 02000000"),
      "the object @2 is sent in full once more, where a reference to it is due" },
    { "… within a list",                 cause_sent_again, TALK, SAY("{'obarray': '[CAge(1),@1]'}"), LAST("0000 0200 " AGE "01000000 0180 01000000"), AGAIN("sent") },
    { "… within an object",              cause_sent_again, TALK, OBJECT("CObArray[CAge(1),@2]", "first"), LAST("0000 ffff 0000 0800 434f624172726179 0200 " AGE "01000000 0380 01000000"), "the object @2 is sent in full once more, where a reference to it is due" },
    { "… behind what may be any",        cause_sent_again, TALK, OBJECT("CAge(21)", "first") ",{'client': [{'word': 1}]},{'server': [{'word': {'any': true}}, {'object': '@1'}], 'check': 'second'}", THIRD("0000 0180 15000000"), NULL },
    { "… the second of two that are told", cause_sent_again, TALK, TOGETHER("CAge(1) @1"), SAYS("CAge(1) CAge(1)"), AGAIN("told") },
    { "… and a third word",              cause_sent_again, TALK, TOGETHER("CAge(1) @1"), SAYS("CAge(1) CAge(1) @1"), NULL },
    { "… and no second one",             cause_sent_again, TALK, TOGETHER("CAge(1) @1"), SAYS("CAge(1)"), NULL },
    { "… and what is no object",         cause_sent_again, TALK, TOGETHER("CAge(1) @1"), SAYS("CAge(1) CAge(1"), NULL },
    { "… and what is not ASCII",         cause_sent_again, TALK, TOGETHER("CAge(1) @1"), SAYS("CAge(1) CAge(1)\x7f"), NULL },

    { "told, and nobody has carried it", cause_never_carried, TALK, REFERRED, THIRD_SAYS("CAge(7)"), NEVER("told") },
    { "… it was carried",                cause_never_carried, TALK, REFERRED, THIRD_SAYS("CAge(21)"), NULL },
    { "… another reference",             cause_never_carried, TALK, REFERRED, THIRD_SAYS("@2"), NULL },
    { "… where an object is due",        cause_never_carried, TALK, TWO, THIRD_SAYS("CAge(23)"), NULL },
    { "stored, and nobody has carried it", cause_never_carried, TALK, ECHO("CAge(1)", "first") "," ECHO("@1", "second"), THIRD("0000 0180 07000000"), NEVER("sent") },
    { "… and no object was asked for",   cause_never_carried, TALK, STORED, THIRD("0000 0180 07000000"), NULL },

    { "told as one before",              cause_merged, TALK, TWO, THIRD_SAYS("@1"), MERGED("1") },
    { "… as itself",                     cause_merged, TALK, TWO, THIRD_SAYS("@2"), MERGED("2") },
    { "… as none",                       cause_merged, TALK, TWO, THIRD_SAYS("@3"), NULL },
    { "… of another class",              cause_merged, TALK, TELL("CAge(21)", "CAge(21)", "first") "," TELL("CNode(1,null)", "CNode(1,null)", "second"), THIRD_SAYS("@1"), NULL },
    { "… where a reference is due",      cause_merged, TALK, TELL("CObArray[CAge(1),CAge(2)]", "CObArray[CAge(1),CAge(2)]", "first") "," TELL("@2", "@2", "second"), THIRD_SAYS("@3"), NULL },
    { "… in full",                       cause_merged, TALK, TWO, THIRD_SAYS("CAge(21)"), NULL },
    { "stored as one before",            cause_merged, TALK, OBJECT("CAge(1)", "first") "," OBJECT("CAge(2)", "second"), THIRD("0000 0200"), MERGED("1") },
    { "… of the message before, told",   cause_merged, FRESH, TWO, THIRD_SAYS("@2"), NULL },
    { "… of its own",                    cause_merged, FRESH, TWO, THIRD_SAYS("@1"), MERGED("1") },

    { "told as nothing",                 cause_null_stands, TALK, REFERRED, THIRD_SAYS("null"), NULL_STANDS },
    { "stored as nothing",               cause_null_stands, TALK, OBJECT("CAge(1)", "first"), LAST("0000 0000"), NULL_STANDS },
    { "… where nothing is due",          cause_null_stands, TALK, OBJECT("null", "first"), LAST("0000 " AGE "01000000"), NULL },
    { "… another object",                cause_null_stands, TALK, REFERRED, THIRD_SAYS("@2"), NULL },
    { "an object for nothing",           cause_object_stands, TALK, OBJECT("null", "first"), LAST("0000 " AGE "01000000"), "an object stands where null is due" },
    { "… and nothing behind it",         cause_object_stands, TALK, OBJECT("null", "first"), LAST("0000 " AGE "01000000 0000"), NULL },
    { "… not whole",                     cause_object_stands, TALK, OBJECT("null", "first"), LAST("0000 " AGE "010000"), NULL },
    { "… for another",                   cause_object_stands, TALK, OBJECT("CAge(2)", "first"), LAST("0000 " AGE "01000000"), NULL },
    { "… for a number",                  cause_object_stands, TALK, SAY("{'word': 0}"), LAST("0000 " AGE "01000000"), NULL },
    { "… within a list",                 cause_null_stands, TALK, SAY("{'obarray': '[null,CAge(1)]'}"), LAST("0000 0200 0000 0000"), NULL_STANDS },
    { "… and the list is shorter",       cause_null_stands, TALK, SAY("{'obarray': '[null,CAge(1)]'}"), LAST("0000 0100 0000"), NULL },
    { "… in a map",                      cause_null_stands, TALK, SAY("{'mapwordtoob': '{5=CAge(1)}'}"), LAST("0000 0100 0500 0000"), NULL_STANDS },
    { "… no object at all",              cause_null_stands, TALK, SAY("{'stringarray': ['a']}"), LAST("0000 0100 fffeff01 6200"), NULL },

    { "a reference to another",          cause_refers_otherwise, TALK, REFERRED, THIRD_SAYS("@3"), OTHERWISE("3", "one to @1") },
    { "… in place of a new one",         cause_refers_otherwise, TALK, TWO, THIRD_SAYS("@1"), OTHERWISE("1", "a new object") },
    { "… in place of nothing",           cause_refers_otherwise, TALK, TELL("CAge(21)", "CAge(21)", "first") "," TELL("null", "null", "second"), THIRD_SAYS("@1"), NULL },
    { "… nothing",                       cause_refers_otherwise, TALK, REFERRED, THIRD_SAYS("null"), NULL },
    { "… a new object",                  cause_refers_otherwise, TALK, REFERRED, THIRD_SAYS("CAge(1)"), NULL },
    { "no such index, in the first field", cause_refers_otherwise, TALK, SAY("{'object': 'CAge(1)'}"), LAST("0000 0180 01000000"), NULL },
    { "… in the second behind a status", cause_refers_otherwise, TALK, SAY("{'word': 7}, {'object': 'CAge(1)'}"), LAST("0000 0700 0180 01000000"), NUMBERED },
    { "… within an object",              cause_refers_otherwise, TALK, OBJECT("CNode(7,@1)", "first"), LAST("0000 " NODE "07000000 0900"), NUMBERED },
    { "… behind what was carried",       cause_refers_otherwise, TALK, OBJECT("CAge(1)", "first") "," OBJECT("CNode(1,null)", "second"), THIRD("0000 0580 07000000"), NUMBERED },
    { "no such class",                   cause_refers_otherwise, TALK, OBJECT("CAge(1)", "first") "," OBJECT("CNode(1,null)", "second"), THIRD("0000 ffff 0300 0500 434e6f6466 07000000"), NULL },

    { "what was refused keeps its place", cause_refused_kept, TALK, NO "," OBJECT("CAge(1)", "second"), THIRD("0000 0180 01000000"), KEPT },
    { "… and nothing was",               cause_refused_kept, TALK, OBJECT("CAge(1)", "first") "," OBJECT("CNode(1,null)", "second"), THIRD("0000 0580 01000000"), NULL },
    { "… and another exception",         cause_refused_kept, TALK, NO "," OBJECT("CAge(1)", "second"), THIRD("0000 ffff 0100 0400 43416766 01000000"), NULL },
    { "… and it reads",                  cause_refused_kept, TALK, NO "," OBJECT("CAge(1)", "second"), THIRD("0000 0000"), NULL },
    { "… on another connection",         cause_refused_kept, TALK, "{'client': [{'word': 1}], 'on': 'b'},{'server': [{'word': 2}, {'word': 5}], 'check': 'no', 'on': 'b'},{'client': [{'word': 1}], 'on': 'a'},{'server': [{'word': 0}, {'object': 'CAge(1)'}], 'on': 'a'}",
      "0 open,1 >,2 =,3 open,4 >,5 <0000 0180 01000000,5 mismatch,5 over", NULL },
    { "… only behind it",                cause_refused_kept, TALK, OBJECT("CAge(1)", "first") "," NO, LAST("0000 0180 01000000"), NULL },

    { "told one too large",              cause_told_off, TALK, REFERRED, THIRD_SAYS("@2"), TOLD_OFF("large") },
    { "… too small",                     cause_told_off, TALK, REFERRED, THIRD_SAYS("@0"), TOLD_OFF("small") },
    { "… two too large",                 cause_told_off, TALK, REFERRED, THIRD_SAYS("@3"), NULL },
    { "… each of two",                   cause_told_off, TALK, TEXT_OF("[@1,@2]"), SAYS("[@2;@3]"), TOLD_OFF("large") },
    { "… with another digit",            cause_told_off, TALK, TEXT_OF("[@9,@2]"), SAYS("[@10;@3]"), TOLD_OFF("large") },
    { "… one of them",                   cause_told_off, TALK, TEXT_OF("[@1,@2]"), SAYS("[@1;@3]"), TOLD_OFF("large") },
    { "… only the first",                cause_told_off, TALK, TEXT_OF("[@1,@2]"), SAYS("[@2;@2]"), NULL },
    { "… one larger, one smaller",       cause_told_off, TALK, TEXT_OF("[@1,@2]"), SAYS("[@2;@1]"), NULL },
    { "… and more is different",         cause_told_off, TALK, TEXT_OF("[@1,x]"), SAYS("[@2;y]"), NULL },
    { "… and more is missing",           cause_told_off, TALK, TEXT_OF("[@1]"), SAYS("[@2"), NULL },
    { "… and more is there",             cause_told_off, TALK, TEXT_OF("[@1"), SAYS("[@2]"), NULL },
    { "… a number of no object",         cause_told_off, TALK, TEXT_OF("[1]"), SAYS("[2]"), NULL },
    { "… no number",                     cause_told_off, TALK, TEXT_OF("[@1]"), SAYS("[@x]"), NULL },
    { "… where none is due",             cause_told_off, TALK, TEXT_OF("[@x]"), SAYS("[@1]"), NULL },

    { "an entry more",                   cause_has_more, TALK, SAY("{'mapwordtoob': '{5=null}'}"), LAST("0000 0200 0400 0000 0500 0000"), "1 entry is in the map besides those that are due: it held that before, perhaps" },
    { "… behind it",                     cause_has_more, TALK, SAY("{'mapwordtoob': '{5=null}'}"), LAST("0000 0200 0500 0000 0400 0000"), "1 entry is in the map besides those that are due: it held that before, perhaps" },
    { "… two, among two",                cause_has_more, TALK, SAY("{'mapwordtoob': '{5=null,6=null}'}"), LAST("0000 0400 0600 0000 0400 0000 0500 0000 0300 0000"), "2 entries are in the map besides those that are due: it held them before, perhaps" },
    { "… and one that is due is not there", cause_has_more, TALK, SAY("{'mapwordtoob': '{5=null,6=null}'}"), LAST("0000 0300 0400 0000 0500 0000 0700 0000"), NULL },
    { "… with another value",            cause_has_more, TALK, SAY("{'mapwordtoob': '{5=null}'}"), LAST("0000 0200 0400 0000 0500 " AGE "01000000"), NULL },
    { "… in place of it",                cause_has_more, TALK, SAY("{'mapwordtoob': '{5=null}'}"), LAST("0000 0100 0400 0000"), NULL },
    { "… of a list",                     cause_has_more, TALK, SAY("{'stringarray': ['a']}"), LAST("0000 0200 fffeff01 6100 fffeff01 6200"), NULL },
    { "… within an object",              cause_has_more, TALK, OBJECT("CMapWordToOb{5=null}", "first"), LAST("0000 ffff 0000 0c00 434d6170576f7264546f4f62 0200 0400 0000 0500 0000"), "1 entry is in the map besides those that are due: it held that before, perhaps" },

    { "the middle of a list",            cause_lacks_elements, TALK, SAY("{'stringarray': ['a', 'b', 'c']}"), LAST("0000 0200 fffeff01 6100 fffeff01 6300"), LACKS("1 element") "is missing" },
    { "… two at its end",                cause_lacks_elements, TALK, SAY("{'stringarray': ['a', 'b', 'c']}"), LAST("0000 0100 fffeff01 6100"), LACKS("2 elements") "are missing" },
    { "… all of it",                     cause_lacks_elements, TALK, SAY("{'stringarray': ['a', 'b', 'c']}"), LAST("0000 0000"), LACKS("3 elements") "are missing" },
    { "… and another is there",          cause_lacks_elements, TALK, SAY("{'stringarray': ['a', 'b', 'c']}"), LAST("0000 0200 fffeff01 6100 fffeff01 6400"), NULL },
    { "… in another order",              cause_lacks_elements, TALK, SAY("{'stringarray': ['a', 'b', 'c']}"), LAST("0000 0200 fffeff01 6300 fffeff01 6100"), NULL },
    { "… none",                          cause_lacks_elements, TALK, SAY("{'stringarray': ['a', 'b']}"), LAST("0000 0200 fffeff01 6200 fffeff01 6100"), NULL },
    { "… an entry of a map",             cause_lacks_elements, TALK, SAY("{'mapstringtostring': '{u:0061=u:0062,u:0063=u:0064}'}"), LAST("0000 0100 fffeff01 6300 fffeff01 6400"), LACKS("1 element") "is missing" },
    { "… that has another value",        cause_lacks_elements, TALK, SAY("{'mapstringtostring': '{u:0061=u:0062,u:0063=u:0064}'}"), LAST("0000 0100 fffeff01 6300 fffeff01 6200"), NULL },
    { "… of a list within",              cause_lacks_elements, TALK, OBJECT("CObArray[CStringList[u:0061,u:0062],null]", "first"),
      LAST("0000 ffff 0000 0800 434f624172726179 0200 ffff 0000 0b00 43537472696e674c697374 0100 fffeff01 6200 0000"), LACKS("1 element") "is missing" },
};

static const struct cause_row collections[] = {
    { "an element before it",            cause_kept_before, TALK, TEXT_OF("[3]"), SAYS("[1;3]"), HELD },
    { "… two",                           cause_kept_before, TALK, TEXT_OF("[3]"), SAYS("[1;2;3]"), HELD },
    { "… behind it",                     cause_kept_before, TALK, TEXT_OF("[3]"), SAYS("[3;1]"), NULL },
    { "… before nothing",                cause_kept_before, TALK, TEXT_OF("[]"), SAYS("[1]"), HELD },
    { "… none",                          cause_kept_before, TALK, TEXT_OF("[3]"), SAYS("[4]"), NULL },
    { "… that begins as it",             cause_kept_before, TALK, TEXT_OF("[3]"), SAYS("[1;31]"), NULL },
    { "… amid several",                  cause_kept_before, TALK, TEXT_OF("[3,4,5]"), SAYS("[3;9;4;5]"), NULL },
    { "… before several",                cause_kept_before, TALK, TEXT_OF("[3,4,5]"), SAYS("[9;3;4;5]"), HELD },
    { "… that is a list",                cause_kept_before, TALK, TEXT_OF("[3]"), SAYS("[[1;2];3]"), HELD },
    { "… before a list",                 cause_kept_before, TALK, HEX_OF("5b5b312c325d2c7b333d347d5d"), SAYS("[(5;6);[1;2];{3=4}]"), HELD },
    { "… of a list within",              cause_kept_before, TALK, TEXT_OF("[7,[1,2]]"), SAYS("[7;[9;1;2]]"), HELD },
    { "… and its end is another",        cause_kept_before, TALK, TEXT_OF("[7,[1,2],8]"), SAYS("[7;[9;1;2];9]"), NULL },
    { "… and words behind it",           cause_kept_before, TALK, TEXT_OF("[3] x"), SAYS("[1;3] x"), HELD },
    { "… and others",                    cause_kept_before, TALK, TEXT_OF("[3] x"), SAYS("[1;3] y"), NULL },
    { "… and words before it",           cause_kept_before, TALK, TEXT_OF("x [3]"), SAYS("x [1;3]"), HELD },
    { "… and other ones",                cause_kept_before, TALK, TEXT_OF("x [3]"), SAYS("y [1;3]"), NULL },
    { "… that does not end",             cause_kept_before, TALK, TEXT_OF("[3]"), SAYS("[1;3"), NULL },
    { "… in round brackets",             cause_kept_before, TALK, TEXT_OF("(3)"), SAYS("(1;3)"), NULL },
    { "… of a map, before",              cause_kept_before, TALK, HEX_OF("7b313d327d"), SAYS("{0=1;1=2}"), HELD },
    { "… behind",                        cause_kept_before, TALK, HEX_OF("7b313d327d"), SAYS("{1=2;2=3}"), HELD },
    { "… amid",                          cause_kept_before, TALK, HEX_OF("7b313d322c333d347d"), SAYS("{1=2;2=3;3=4}"), HELD },
    { "… in another order",              cause_kept_before, TALK, HEX_OF("7b313d322c333d347d"), SAYS("{3=4;2=3;1=2}"), NULL },
    { "… and another value",             cause_kept_before, TALK, HEX_OF("7b313d327d"), SAYS("{0=1;1=3}"), NULL },
    { "… stored",                        cause_kept_before, TALK, SAY("{'wordarray': [7]}"), LAST("0000 0200 0300 0700"), BESIDE("1 element stands") },
    { "… two",                           cause_kept_before, TALK, SAY("{'wordarray': [7]}"), LAST("0000 0300 0300 0400 0700"), BESIDE("2 elements stand") },
    { "… behind it",                     cause_kept_before, TALK, SAY("{'wordarray': [7]}"), LAST("0000 0200 0700 0300"), NULL },
    { "… of a map, behind",              cause_kept_before, TALK, SAY("{'mapwordtoob': '{5=null}'}"), LAST("0000 0200 0500 0000 0600 0000"), BESIDE("1 element stands") },
    { "… with another key",              cause_kept_before, TALK, SAY("{'mapwordtoob': '{5=null}'}"), LAST("0000 0200 0400 0000 0600 0000"), NULL },
    { "… with another value",            cause_kept_before, TALK, SAY("{'mapwordtoob': '{5=null}'}"), LAST("0000 0200 0400 0000 0500 " AGE "01000000"), NULL },
    { "… of a list in a map",            cause_kept_before, TALK, SAY("{'mapwordtoob': '{5=CStringList[u:0061]}'}"), LAST("0000 0100 0500 ffff 0000 0b00 43537472696e674c697374 0200 fffeff01 6200 fffeff01 6100"), BESIDE("1 element stands") },
    { "… of a list, and the key is another", cause_kept_before, TALK, SAY("{'mapwordtoob': '{5=CStringList[u:0061]}'}"), LAST("0000 0100 0600 ffff 0000 0b00 43537472696e674c697374 0200 fffeff01 6200 fffeff01 6100"), NULL },

    { "zeroes behind an array",          cause_zeroes_behind, TALK, SAY("{'wordarray': [7]}"), LAST("0000 0300 0700 0000 0000"), ROOM("2") },
    { "… three",                         cause_zeroes_behind, TALK, SAY("{'wordarray': [7]}"), LAST("0000 0400 0700 0000 0000 0000"), ROOM("3") },
    { "… one",                           cause_zeroes_behind, TALK, SAY("{'wordarray': [7]}"), LAST("0000 0200 0700 0000"), NULL },
    { "… none",                          cause_zeroes_behind, TALK, SAY("{'wordarray': [7]}"), LAST("0000 0100 0800"), NULL },
    { "… and no zero",                   cause_zeroes_behind, TALK, SAY("{'wordarray': [7]}"), LAST("0000 0400 0700 0000 0001 0000"), NULL },
    { "… of which the last is none",     cause_zeroes_behind, TALK, SAY("{'wordarray': [7]}"), LAST("0000 0300 0700 0000 0100"), NULL },
    { "… before it",                     cause_zeroes_behind, TALK, SAY("{'wordarray': [7]}"), LAST("0000 0300 0000 0000 0700"), NULL },
    { "… of nothing",                    cause_zeroes_behind, TALK, SAY("{'wordarray': []}"), LAST("0000 0200 0000 0000"), ROOM("2") },
    { "… empty texts",                   cause_zeroes_behind, TALK, SAY("{'stringarray': ['a']}"), LAST("0000 0300 fffeff01 6100 fffeff00 fffeff00"), ROOM("2") },
    { "… and one that is not",           cause_zeroes_behind, TALK, SAY("{'stringarray': ['a']}"), LAST("0000 0300 fffeff01 6100 fffeff00 fffeff01 6200"), NULL },
    { "… no objects",                    cause_zeroes_behind, TALK, SAY("{'obarray': '[null]'}"), LAST("0000 0300 0000 0000 0000"), ROOM("2") },
    { "… and one that is",               cause_zeroes_behind, TALK, SAY("{'obarray': '[null]'}"), LAST("0000 0300 0000 0000 " AGE "01000000"), NULL },
    { "… and an empty array",            cause_zeroes_behind, TALK, SAY("{'obarray': '[null]'}"), LAST("0000 0300 0000 0000 ffff 0000 0a00 43576f72644172726179 0000"), NULL },
    { "… of a map",                      cause_zeroes_behind, TALK, SAY("{'mapwordtoob': '{5=null}'}"), LAST("0000 0300 0500 0000 0000 0000 0000 0000"), NULL },

    { "a text without its minus",        cause_sign_lost, TALK, TEXT_OF("a -2 b"), SAYS("a 2 b"), UNSIGNED },
    { "… and other words",               cause_sign_lost, TALK, TEXT_OF("a -2 b"), SAYS("a 2 c"), NULL },
    { "… of two numbers",                cause_sign_lost, TALK, TEXT_OF("(-2,-3)"), SAYS("(2;3)"), UNSIGNED },
    { "… of one of them",                cause_sign_lost, TALK, TEXT_OF("(-2,-3)"), SAYS("(-2;3)"), UNSIGNED },
    { "… another number",                cause_sign_lost, TALK, TEXT_OF("(-2,-3)"), SAYS("(2;4)"), NULL },
    { "… of 8 bits",                     cause_sign_lost, TALK, TEXT_OF("-2"), SAYS("254"), SAME_BITS },
    { "… of 16",                         cause_sign_lost, TALK, TEXT_OF("-2"), SAYS("65534"), SAME_BITS },
    { "… of 32",                         cause_sign_lost, TALK, TEXT_OF("-2"), SAYS("4294967294"), SAME_BITS },
    { "… of 64",                         cause_sign_lost, TALK, TEXT_OF("-2"), SAYS("18446744073709551614"), SAME_BITS },
    { "… of 9",                          cause_sign_lost, TALK, TEXT_OF("-2"), SAYS("510"), NULL },
    { "… the smallest of 8",             cause_sign_lost, TALK, TEXT_OF("-128"), SAYS("128"), SAME_BITS },
    { "… and the second is right",       cause_sign_lost, TALK, TEXT_OF("(-2,7)"), SAYS("(254;7)"), SAME_BITS },
    { "… no number behind it",           cause_sign_lost, TALK, TEXT_OF("-a"), SAYS("a"), NULL },
    { "… none in its place",             cause_sign_lost, TALK, TEXT_OF("-2"), SAYS("a"), NULL },
    { "… and it is cut",                 cause_sign_lost, TALK, TEXT_OF("-2]"), SAYS("2"), NULL },
    { "… and it is longer",              cause_sign_lost, TALK, TEXT_OF("-2"), SAYS("2]"), NULL },
    { "… that it gained",                cause_sign_lost, TALK, TEXT_OF("254"), SAYS("-2"), NULL },
    { "zeroes before a number",          cause_zeroes_lost, TALK, TEXT_OF("2 0000"), SAYS("2 0"), ZEROES },
    { "… of two",                        cause_zeroes_lost, TALK, TEXT_OF("00ff 0a"), SAYS("ff a"), ZEROES },
    { "… of the last",                   cause_zeroes_lost, TALK, TEXT_OF("1 0203"), SAYS("1 203"), ZEROES },
    { "… not all",                       cause_zeroes_lost, TALK, TEXT_OF("0012"), SAYS("012"), NULL },
    { "… and the number",                cause_zeroes_lost, TALK, TEXT_OF("2 00x"), SAYS("2 x"), NULL },
    { "… behind it",                     cause_zeroes_lost, TALK, TEXT_OF("100"), SAYS("1"), NULL },
    { "… another number",                cause_zeroes_lost, TALK, TEXT_OF("0012"), SAYS("13"), NULL },
    { "… where none are due",            cause_zeroes_lost, TALK, TEXT_OF("12"), SAYS("0012"), NULL },
    { "… and another word",              cause_zeroes_lost, TALK, TEXT_OF("x 01"), SAYS("y 1"), NULL },
    { "… and more behind",               cause_zeroes_lost, TALK, TEXT_OF("x 01"), SAYS("x 1;"), NULL },
    { "… of no text",                    cause_zeroes_lost, TALK, SAY("{'word': 254}"), LAST("0000 feff"), NULL },
    { "a number of hexadecimal digits as a negative one", cause_sign_added, TALK, TEXT_OF("u#65:dc0619a4"), SAYS("u#65:-23f9e65c"), SIGNED },
    { "… another number",                cause_sign_added, TALK, TEXT_OF("u#65:dc0619a4"), SAYS("u#65:-23f9e65d"), NULL },
    { "… of digits alone",               cause_sign_added, TALK, TEXT_OF("85ab0981"), SAYS("-7a54f67f"), SIGNED },
    { "… as if decimal digits were such", cause_sign_added, TALK, TEXT_OF("90"), SAYS("-70"), NULL },
    { "… in one of them",                cause_sign_added, TALK, TEXT_OF("f0"), SAYS("-10"), SIGNED },
    { "… in neither, but behind",        cause_sign_added, TALK, TEXT_OF("90 f"), SAYS("-70 f"), NULL },
    { "… the other way round",           cause_sign_lost,  TALK, TEXT_OF("-23f9e65c"), SAYS("dc0619a4"), SAME_BITS },
    { "… a minus before no number",      cause_sign_added, TALK, TEXT_OF("u1"), SAYS("u-x"), NULL },
    { "a sign of 8 bits",                cause_sign_added, TALK, TEXT_OF("254"), SAYS("-2"), SIGNED },
    { "… of 16",                         cause_sign_added, TALK, TEXT_OF("65534"), SAYS("-2"), SIGNED },
    { "… before the same number",        cause_sign_added, TALK, TEXT_OF("2"), SAYS("-2"), NULL },
    { "… that it lost",                  cause_sign_added, TALK, TEXT_OF("-2"), SAYS("254"), NULL },
    { "… of no text",                    cause_sign_added, TALK, SAY("{'word': 254}"), LAST("0000 feff"), NULL },
    { "a number without its minus",      cause_sign_lost, TALK, SAY("{'long': -2}"), LAST("0000 02000000"), NO_MINUS },
    { "… another",                       cause_sign_lost, TALK, SAY("{'long': -2}"), LAST("0000 03000000"), NULL },
    { "… that it gained",                cause_sign_lost, TALK, SAY("{'long': 2}"), LAST("0000 feffffff"), NULL },
    { "… of a type that has none",       cause_sign_lost, TALK, SAY("{'dword': 4294967294}"), LAST("0000 02000000"), NULL },
    { "… the largest of them",           cause_sign_lost, TALK, SAY("{'ulonglong': '18446744073709551614'}"), LAST("0000 0200000000000000"), NULL },
    { "… a double",                      cause_sign_lost, TALK, SAY("{'double': 'bff8000000000000'}"), LAST("0000 000000000000f83f"), NO_MINUS },
    { "… another",                       cause_sign_lost, TALK, SAY("{'double': 'bff8000000000000'}"), LAST("0000 000000000000f03f"), NULL },
    { "… that it gained",                cause_sign_lost, TALK, SAY("{'double': '3ff8000000000000'}"), LAST("0000 000000000000f8bf"), NULL },
    { "… a float",                       cause_sign_lost, TALK, SAY("{'float': 'bfc00000'}"), LAST("0000 0000c03f"), NO_MINUS },
    { "… of one of four",                cause_sign_lost, TALK, SAY("{'rect': [1, -2, 3, 4]}"), LAST("0000 01000000 02000000 03000000 04000000"), NO_MINUS },
    { "… and another is wrong",          cause_sign_lost, TALK, SAY("{'rect': [1, -2, 3, 4]}"), LAST("0000 01000000 02000000 03000000 05000000"), NULL },
    { "… in a variant",                  cause_sign_lost, TALK, SAY("{'olevariant': '(3,-7)'}"), LAST("0000 0300 07000000"), NO_MINUS },
    { "… that holds another type",       cause_sign_lost, TALK, SAY("{'olevariant': '(3,-7)'}"), LAST("0000 1600 07000000"), NULL },
    { "… in an object",                  cause_sign_lost, TALK, OBJECT("CAge(-1)", "first"), LAST("0000 " AGE "01000000"), NO_MINUS },
    { "… in a list",                     cause_sign_lost, TALK, SAY("{'obarray': '[CAge(-1),CAge(2)]'}"), LAST("0000 0200 " AGE "01000000 0180 02000000"), NO_MINUS },
    { "… that has less",                 cause_sign_lost, TALK, SAY("{'obarray': '[CAge(-1),CAge(2)]'}"), LAST("0000 0100 " AGE "01000000"), NULL },
    { "… in a map",                      cause_sign_lost, TALK, SAY("{'mapwordtoob': '{5=CAge(-1)}'}"), LAST("0000 0100 0500 " AGE "01000000"), NO_MINUS },
    { "… and the key is another",        cause_sign_lost, TALK, SAY("{'mapwordtoob': '{5=CAge(-1)}'}"), LAST("0000 0100 0600 " AGE "01000000"), NULL },
    { "bytes amid an object",            cause_inserted_whole, TALK, OBJECT("CNode(7,null)", "reply"), LAST("0000 ffff 0300 0500 434e6f6465 10 07000000 0000"), "1 byte stands amid what was due, from byte 13 on" },
    { "… sixteen",                       cause_inserted_whole, TALK, OBJECT("CNode(7,null)", "reply"), LAST("0000 ffff 0300 0500 434e6f6465 10*16 07000000 0000"), "16 bytes stand amid what was due, from byte 13 on" },
    { "… seventeen",                     cause_inserted_whole, TALK, OBJECT("CNode(7,null)", "reply"), LAST("0000 ffff 0300 0500 434e6f6465 10*17 07000000 0000"), NULL },
    { "… and more behind it",            cause_inserted_whole, TALK, OBJECT("CNode(7,null)", "reply"), LAST("0000 ffff 0300 0500 434e6f6465 10 07000000 0000 05"), NULL },
    { "… and the rest is cut",           cause_inserted_whole, TALK, OBJECT("CNode(7,null)", "reply"), LAST("0000 ffff 0300 0500 434e6f6465 10 07000000 00"), NULL },
    { "… before its last two bytes",     cause_inserted_whole, TALK, OBJECT("CNode(7,null)", "reply"), LAST("0000 ffff 0300 0500 434e6f6465 07000000 10 0000"), "1 byte stands amid what was due, from byte 17 on" },
    { "… before its last",               cause_inserted_whole, TALK, OBJECT("CNode(7,null)", "reply"), LAST("0000 ffff 0300 0500 434e6f6465 07000000 00 10 00"), NULL },
    { "… amid a class",                  cause_inserted_whole, TALK, SAY("{'class': 'CAge:1'}"), LAST("0000 ffff 05 0100 0400 43416765"), "1 byte stands amid what was due, from byte 4 on" },
    { "… behind a count",                cause_inserted_whole, TALK, SAY("{'oblist': '[null,null]'}"), LAST("0000 0200 0200 0000 0000"), "2 bytes stand amid what was due, from byte 4 on" },
    { "… within it",                     cause_inserted_whole, TALK, SAY("{'oblist': '[null,null]'}"), LAST("0000 02 05 00 0000 0000"), NULL },
    { "… amid a map",                    cause_inserted_whole, TALK, SAY("{'mapwordtoob': '{5=null}'}"), LAST("0000 0100 07 0500 0000"), "1 byte stands amid what was due, from byte 4 on" },
    { "… within its count",              cause_inserted_whole, TALK, SAY("{'mapwordtoob': '{5=null}'}"), LAST("0000 01 07 00 0500 0000"), NULL },
    { "… before a number",               cause_inserted_whole, TALK, SAY("{'dword': 7}"), LAST("0000 05 07000000"), "1 byte stands amid what was due, from byte 2 on" },
    { "… a count",                       cause_inserted_whole, TALK, SAY("{'count': 7}"), LAST("0000 05 0700"), NULL },
    { "… a time",                        cause_inserted_whole, TALK, SAY("{'time': 7}"), LAST("0000 05 0a000080 0700000000000000"), NULL },
    { "… a double",                      cause_inserted_whole, TALK, SAY("{'double': '3ff8000000000000'}"), LAST("0000 05 000000000000f83f"), "1 byte stands amid what was due, from byte 2 on" },
    { "… a float",                       cause_inserted_whole, TALK, SAY("{'float': '3fc00000'}"), LAST("0000 05 0000c03f"), "1 byte stands amid what was due, from byte 2 on" },
    { "… a value of several",            cause_inserted_whole, TALK, SAY("{'rect': [1, 2, 3, 4]}"), LAST("0000 01000000 05 02000000 03000000 04000000"), "1 byte stands amid what was due, from byte 6 on" },
    { "… a text",                        cause_inserted_whole, TALK, SAY("{'cstringa': 'ab'}"), LAST("0000 05 02 6162"), NULL },
    { "… an array",                      cause_inserted_whole, TALK, SAY("{'wordarray': [1, 2]}"), LAST("0000 0200 05 0100 0200"), NULL },
};
// clang-format on

Test(cause_graphs, objects_that_part_are_told, .timeout = 20)
{
    cause_rows_hold(graphs, COUNT_OF(graphs));
}

Test(cause_graphs, collections_and_signs_that_part_are_told, .timeout = 20)
{
    cause_rows_hold(collections, COUNT_OF(collections));
}
