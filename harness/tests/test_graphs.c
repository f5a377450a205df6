/*
 * Causes that show where graphs of objects part, and who is let in: where no mistake explains all that came.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "check/outlives.h"
#include "talk.h"

#define LOGIN                                                                                      \
    "{'format': 1, 'service': 'talk', 'first-control': 'enter', 'probe': 'ping', 'pipelining': true,\n" \
    " 'end': {'name': 'end', 'clauses': ['X-1']},\n"                                               \
    " 'controls': {'enter': [ {'client': [{'cstringa': 'guest'}]}, {'server': [{'word': 1}]} ],\n"  \
    "              'ping': [ {'client': [{'word': 4}, {'dword': {'draw': {}, 'as': 'n'}}]},\n"     \
    "                        {'server': [{'word': 0}, {'dword': {'reuse': 'n', 'plus': 1}}]} ]}}"

#define TELL(object, text, check) "{'client': [{'word': 2}, {'cstringa': 'object'}, {'object': '" object "'}]},{'server': [{'word': 0}, {'cstringa': '" text "'}], 'check': '" check "'}"
#define TELL2(one, two, check)    "{'client': [{'word': 2}, {'cstringa': 'object,object'}, {'object': '" one "'}, {'object': '" two "'}]},{'server': [{'word': 0}, {'cstringa': '" one " " two "'}], 'check': '" check "'}"
#define REFUSED                   "{'client': [{'word': 1}]},{'server': [{'word': 2}, {'word': 6}]}"
#define NAMED                     OBJECT("CAge(21)", "first") ",{'client': [{'word': 3}, {'cstringa': '@1'}]},{'server': [{'word': 0}, {'object': '@1'}], 'check': 'second'}"
#define OBJECT(text, check)       "{'client': [{'word': 1}]},{'server': [{'word': 0}, {'object': '" text "'}], 'check': '" check "'}"
#define SAY(value)                "{'client': [{'word': 1}]},{'server': [{'word': 0}, " value "]}"
#define LAST(got)                 "0 open,1 >,2 <" got ",2 mismatch,2 over"
#define THIRD(got)                "0 open,1 >,2 =,3 >,4 <" got ",4 mismatch,4 over"
#define REFERRED                  TELL("CAge(21)", "CAge(21)", "first") "," TELL("@1", "@1", "second")
#define TWO                       TELL("CAge(21)", "CAge(21)", "first") "," TELL("CAge(22)", "CAge(22)", "second")
#define ENTERS(who, said)         "{'client': [{'cstringa': '" who "'}]},{'server': [{'word': " said "}]}"

// clang-format off
static const struct graph_row {
    const char *label, *service, *steps, *trace, *told;
} rows[] = {
    { "told in full once more", TALK, REFERRED,
      THIRD("0000 08 4341676528323129"), "object-repeated: the object @1 is told in full once more, where a reference to it is due" },
    { "told from zero", TALK, REFERRED,
      THIRD("0000 02 4030"), "off-by-one: the number of an object is told one too small" },
    { "told two too large", TALK, REFERRED,
      THIRD("0000 02 4033"), "wrong-index: a reference to @3 stands where one to @1 is due" },
    { "told by its index in the table", TALK, TELL("CNode(1,CAge(2))", "CNode(1,CAge(2))", "first") "," TELL("@2", "@2", "second"),
      THIRD("0000 02 4034"), "wrong-index: an object is told by a number that counts classes, too" },
    { "… of one class", TALK, TELL("CNode(1,CNode(2,null))", "CNode(1,CNode(2,null))", "first") "," TELL("@2", "@2", "second"),
      THIRD("0000 02 4033"), "off-by-one: the number of an object is told one too large" },
    { "told by a number that counts nulls", TALK, TELL2("CTestPoint(1,2,null)", "CNode(3,CNode(4,null))", "first") "," TELL("@3", "@3", "second"),
      THIRD("0000 02 4034"), "off-by-one: the number of an object is told one too large" },
    { "… two of them", TALK, TELL2("CTestPoint(1,2,null)", "CNode(3,null)", "first") "," TELL2("CAge(5)", "@3", "second"),
      THIRD("0000 0a 43416765283529204035"), "wrong-index: an object is told by a number that counts null pointers, too" },
    { "told by a number that counts references", TALK, TELL("CNode(1,@1)", "CNode(1,@1)", "first") "," TELL2("CTestPoint(2,3,@1)", "CAge(5)", "second") "," TELL("@3", "@3", "third"),
      "0 open,1 >,2 =,3 >,4 =,5 >,6 <0000 02 4035,6 mismatch,6 over", "wrong-index: an object is told by a number that counts references, too" },
    { "told by its number in its class", TALK, TELL2("CAge(1)", "CAge(2)", "first") "," TELL2("CAge(5)", "CNode(3,null)", "second") "," TELL("@4", "@4", "third"),
      "0 open,1 >,2 =,3 >,4 =,5 >,6 <0000 02 4031,6 mismatch,6 over", "wrong-index: an object is told by a number that counts those of its class alone" },
    { "told by its number in the message", TALK, TELL2("CAge(1)", "CAge(2)", "first") "," TELL2("CAge(3)", "@3", "second"),
      THIRD("0000 0a 43416765283329204031"), "table-restarted: an object is told by a number that begins anew with each message" },
    { "told where nobody has carried it", TALK, REFERRED,
      THIRD("0000 07 43416765283729"), "table-shared: an object is told where @1 is due that this connection has not carried: the table is that of another, too" },
    { "told with its class", TALK, REFERRED,
      THIRD("0000 06 434167654031"), "extra-bytes: 4 units of text stand before what is due of the string, and its length counts them" },
    { "… and a blank, and at another place", TALK, TELL2("CAge(1)", "CNode(2,@1)", "first"),
      LAST("0000 19 4341676528312920434e6f646528322c20434167654031202920"), "extra-bytes: \" CAge\" stands amid the text, where it is not due, and something at 1 more place" },
    { "told without its schema", TALK, TELL("CVersioned:3(42)", "CVersioned:3(42)", "first"),
      LAST("0000 0e 4356657273696f6e656428343229"), "cut: a part of the value is missing: :3" },
    { "… and another one, too", TALK, TELL2("CVersioned:3(1)", "CVersioned:3(2)", "first"),
      LAST("0000 1b 4356657273696f6e65642831292043566572 73696f6e6564283229"), "cut: \":3\" is missing from the text, and something at 1 more place" },
    { "… and with another value", TALK, TELL("CVersioned:3(42)", "CVersioned:3(42)", "first"),
      LAST("0000 0e 4356657273696f6e656428343329"), "wrong-value: the value is another one: the CStringA reads \"CVersioned(43)\" where \"CVersioned:3(42)\" is due" },
    { "told as nothing", TALK, REFERRED,
      THIRD("0000 04 6e756c6c"), "null-for-object: null stands where an object is due" },
    { "told as one before", TALK, TWO,
      THIRD("0000 02 4031"), "objects-merged: the object was read into the one before of its class" },
    { "… of two that were right", TALK, TELL2("CAge(1)", "CAge(2)", "first") "," TELL("CAge(3)", "CAge(3)", "second"),
      THIRD("0000 02 4032"), "objects-merged: a reference to @2, another CAge, stands where a new one is due" },
    { "an index of nothing", TALK, OBJECT("CAge(1)", "first") "," OBJECT("CNode(2,@1)", "second"),
      THIRD("0000 ffff 0300 0500 434e6f6465 02000000 0900"), "wrong-index: a tag refers to an entry that this direction has not, or not of that kind: what it has carried is numbered otherwise" },
    { "… behind what differs already", TALK, OBJECT("CAge(1)", "first") "," OBJECT("CNode(2,@1)", "second"),
      THIRD("0000 ffff 0300 0500 434e6f6465 02000100 0900"), "differs: differs from byte 15 on" },
    { "one before in its place", TALK, OBJECT("CAge(1)", "first") "," OBJECT("CAge(2)", "second"),
      THIRD("0000 0200"), "objects-merged: a reference to the first object of its class stands where another object is due" },
    { "a list without one in its middle", TALK, SAY("{'stringarray': ['a', 'b', 'c']}"),
      LAST("0000 0200 fffeff01 6100 fffeff01 6300"), "cut: 1 element of a collection is missing" },
    { "a list without null", TALK, SAY("{'obarray': '[CAge(1),null,@1]'}"),
      LAST("0000 0200 ffff 0100 0400 43416765 01000000 0200"), "cut: null is missing from the collection" },
    { "a map that has more", TALK, SAY("{'mapwordtoob': '{5=null}'}"),
      LAST("0000 0200 0400 0000 0500 0000"), "kept-from-before: 1 element stands beside those that are due: the collection held them before, perhaps" },
    { "elements of an array before", TALK, SAY("{'wordarray': [7]}"),
      LAST("0000 0200 0300 0700"), "kept-from-before: 1 element stands beside those that are due: the collection held them before, perhaps" },
    { "a cycle without its end", TALK, OBJECT("CNode(7,@1)", "first"),
      LAST("0000 ffff 0300 0500 434e6f6465 07000000 0000"), "null-for-object: null stands where a reference is due to the object in whose body it is" },
    { "an exception amid it", TALK, OBJECT("CNode(7,CAge(1))", "first"),
      LAST("0000 ffff 0300 0500 434e6f6465 07000000 0200 0500"), "other-reply: the reply ends at byte 17, where the peer said \"no\", cause 5 (badIndex)" },
    { "a refusal behind the beginning of a reply", TALK, REFUSED,
      LAST("0000 0200 0600"), "spoke-unasked: 2 bytes came before the refusal: the reply had begun when its request was not read" },
    { "… behind more than a number", TALK, REFUSED,
      LAST("000000 0200 0600"), "not-refused: the peer answered, where \"no\" is due: it took what it must refuse" },
    { "bytes amid it at two places", TALK, SAY("{'raw:12': '0102030405060708090a0b0c'}"),
      LAST("0000 01020304 ee 05060708 ee 090a0b0c"), "extra-bytes: 1 byte stands at 2 places amid what was due, from byte 6 on" },
    { "… eight at three", TALK, SAY("{'raw:12': '0102030405060708090a0b0c'}"),
      LAST("0000 ee*8 01020304 ee*8 05060708 ee*8 090a0b0c"), "extra-bytes: 8 bytes stand at 3 places amid what was due, from byte 2 on" },
    { "… nine", TALK, SAY("{'raw:12': '0102030405060708090a0b0c'}"),
      LAST("0000 01020304 ee*9 05060708 ee*9 090a0b0c"), "wrong-value: the value is another one: the Write reads 01 02 03 04 ee ee ee ee ee ee ee ee where 01 02 03 04 05 06 07 08 09 0a 0b 0c is due" },
    { "… with three right between them", TALK, SAY("{'raw:12': '0102030405060708090a0b0c'}"),
      LAST("0000 01020304 ee 050607 ee 08090a0b0c"), "wrong-value: the value is another one: the Write reads 01 02 03 04 ee 05 06 07 ee 08 09 0a where 01 02 03 04 05 06 07 08 09 0a 0b 0c is due" },
    { "… the last before two", TALK, SAY("{'raw:12': '0102030405060708090a0b0c'}"),
      LAST("0000 01020304 ee 05060708090a ee 0b0c"), "extra-bytes: 1 byte stands at 2 places amid what was due, from byte 6 on" },
    { "… and one behind it", TALK, SAY("{'raw:12': '0102030405060708090a0b0c'}"),
      LAST("0000 01020304 ee 05060708 ee 090a0b0c 0d"), "wrong-value: the value is another one: the Write reads 01 02 03 04 ee 05 06 07 08 ee 09 0a where 01 02 03 04 05 06 07 08 09 0a 0b 0c is due" },
    { "an object of another connection by its name in a text", TALK, NAMED,
      THIRD("0000 0180 07000000"), "table-shared: an object is sent where @1 is due that this connection has not carried: the table is that of another, too" },
    { "who must not be", LOGIN, ENTERS("x", "0") ",{'end': 'server'}",
      LAST("0100"), "not-refused: the peer let in whom it must turn away" },
    { "who must be", LOGIN, ENTERS("guest", "1"),
      "0 open,1 >,2 <0000,2 fin,2 mismatch,2 over", "other-reply: the peer turned away whom it must let in, and ended" },
    { "the end in the answer to the probe", TALK, "{'client': [{'word': 1}]},{'server': [{'bytes': '0102 0000'}]}",
      "0 open,1 >,2 <0102,2 late,2 probe,2 !,2 ?,2 over", "cut: only 2 of 4 bytes came: what stands in the place of the last 2 is the beginning of the answer to the probe" },
};
// clang-format on

Test(graphs, say_where_they_part, .timeout = 20)
{
    for (const struct graph_row *r = rows; r < rows + COUNT_OF(rows); r++) {
        SCRATCH(keep);
        struct library lib;
        struct trace t = { .keep = &keep };
        talk_load(r->service, r->steps, &lib);
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        talk_trace(r->trace, &p, &t, &keep);
        cr_expect(eq(str, (char *)talk_told(&p, &t, &keep), (char *)r->told), "%s", r->label);
        library_free(&lib);
    }
}

/* What is right on a fresh peer, and about object tables: also where a refusal may come of that. */
Test(graphs, what_a_fresh_peer_does_right_comes_of_other_connections)
{
    static const struct {
        const char *cause, *other, *now;
    } kinds[] = {
        { "wrong-index", NULL,              "table-shared" },
        { "other-reply", "table-restarted", "table-shared" },
        { "other-reply", "tag-form",        "other-reply"  },
        { "cut",         "wrong-index",     "cut"          },
        { "object-repeated", NULL,          "table-shared" },
        { "objects-merged", NULL,           "table-shared" },
        { "described-again", NULL,          "table-shared" },
        { "wrong-value", NULL,              "wrong-value"  },
    };

    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        SCRATCH(keep);
        const struct accused accused = { 0 };
        const struct suspects suspects = { 0 };
        struct finding one = { .grade = GRADE_FAIL, .cause = kinds[i].cause, .sentence = "it", .seen = "cut", .accused = &accused, .suspects = &suspects };
        struct findings all = { &one, 1 };
        if (kinds[i].other)
            one.others[one.other_count++].cause = kinds[i].other;
        findings_outlive(&all, NULL, &keep);
        cr_expect(eq(str, (char *)one.cause, (char *)kinds[i].now));
        bool as_it_was = strcmp(kinds[i].now, kinds[i].cause) == 0;
        cr_expect(eq(str, (char *)one.sentence, (char *)(as_it_was ? "it" : "it; on a fresh peer it is right: the object table holds what other connections have carried")));
        cr_expect(eq(str, (char *)(one.summary ? one.summary : ""), (char *)(as_it_was ? "" : "one object table serves several connections")));
        cr_expect(as_it_was ? one.seen && one.accused && one.suspects : !one.seen && !one.accused && !one.suspects && one.other_count == 0, "nothing else is held to explain it");
    }
}

/* … and what shows only where there are objects: in what is due, or in what it answers. */
Test(graphs, what_a_fresh_peer_does_right_may_be_seen_in_objects)
{
    static const struct {
        const char *steps, *cause, *now;
    } kinds[] = {
        { OBJECT("CAge(1)", "first"),           "wrong-value", "table-shared" },
        { OBJECT("CAge(1)", "first"),           "differs",     "table-shared" },
        { OBJECT("CAge(1)", "first"),           "other-reply", "table-shared" },
        { OBJECT("CAge(1)", "first"),           "cut",         "cut"          },
        { TELL("CAge(1)", "CAge(1)", "first"),  "wrong-value", "table-shared" },
        { SAY("{'class': 'CAge:1'}"),           "wrong-value", "table-shared" },
        { SAY("{'obarray': '[]'}"),             "wrong-value", "table-shared" },
        { SAY("{'mapwordtoob': '{}'}"),         "wrong-value", "table-shared" },
        { SAY("{'stringarray': []}"),           "wrong-value", "wrong-value"  },
        { SAY("{'mapstringtostring': '{}'}"),   "wrong-value", "wrong-value"  },
        { SAY("{'point': '(1,2)'}"),            "wrong-value", "wrong-value"  },
    };

    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        SCRATCH(keep);
        struct library lib;
        talk_load(TALK, kinds[i].steps, &lib);
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        struct finding one = { .grade = GRADE_FAIL, .cause = kinds[i].cause, .sentence = "it", .op = 2 };
        struct findings all = { &one, 1 };
        findings_outlive(&all, &p, &keep);
        cr_expect(eq(str, (char *)one.cause, (char *)kinds[i].now), "%zu", i);
        library_free(&lib);
    }
}

#define ELSEWHERE "one object table serves several connections"

/* What fails on a fresh peer, too, comes of no other connection. */
Test(graphs, what_a_fresh_peer_does_wrong_comes_of_no_other_connection)
{
    static const struct {
        unsigned connections;
        enum grade grade;
        const char *cause, *summary, *now;
    } kinds[] = {
        { 1, GRADE_FAIL, "table-shared", ELSEWHERE,                                "wrong-index"  },
        { 1, GRADE_FAIL, "table-shared", "one object table serves both directions", "table-shared" },
        { 1, GRADE_FAIL, "table-shared", NULL,                                     "table-shared" },
        { 1, GRADE_FAIL, "wrong-value",  ELSEWHERE,                                "wrong-value"  },
        { 1, GRADE_PASS, "table-shared", ELSEWHERE,                                "table-shared" },
        { 2, GRADE_FAIL, "table-shared", ELSEWHERE,                                "table-shared" },
    };

    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        SCRATCH(keep);
        const struct program p = { .connection_count = kinds[i].connections };
        struct finding one = { .grade = kinds[i].grade, .cause = kinds[i].cause, .summary = kinds[i].summary, .sentence = "it" };
        struct findings all = { &one, 1 };
        findings_stay(&all, NULL, &keep);
        cr_expect(eq(str, (char *)one.cause, (char *)kinds[i].cause), "nothing was played");
        findings_stay(&all, &p, &keep);
        cr_expect(eq(str, (char *)one.cause, (char *)kinds[i].now), "%zu", i);
        if (strcmp(one.cause, "wrong-index") == 0)
            cr_expect(eq(str, (char *)one.sentence, "it; but it is the same on a fresh peer, where there was no other: what it has carried is numbered otherwise"));
    }
}
