/*
 * Where a mistake still explains what came, and where it does so no longer: values that may be any, words behind the reply, what a peer
 * does in the place of an answer, raw bytes that hold objects.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "talk.h"

#define SERVICE                                                                                    \
    "{'format': 1, 'service': 'talk', 'first-control': 'ping', 'probe': 'ping', 'pipelining': true,\n" \
    " 'end': {'name': 'end', 'clauses': ['X-1']},\n"                                               \
    " 'refusals': {'exception': [ {'server': [{'word': 2}, {'word': {'any': true, 'as': 'cause'}}]} ],\n" \
    "              'refused': [ {'server': [{'word': 1}, {'cstringa': {'any': true, 'as': 'reason'}}]} ]},\n" \
    " 'controls': {'ping': [ {'client': [{'word': 4}, {'dword': {'draw': {}, 'as': 'n'}}]},\n"     \
    "                        {'server': [{'word': 0}, {'dword': {'reuse': 'n', 'plus': 1}}]} ]}}"
#define SAY(value) "{'client': [{'word': 1}]},{'server': [{'word': 0}, " value "]}"
#define ECHO(type, value) "{'client': [{'word': 1}, {'cstringa': '" type "'}, {'" type "': " value "}]},{'server': [{'word': 0}, {'" type "': " value "}]}"
#define TELL(type, value, text) "{'client': [{'word': 2}, {'cstringa': '" type "'}, {'" type "': " value "}]},{'server': [{'word': 0}, {'cstringa': '" text "'}]}"
#define NAMED(types, hex) "{'client': [{'word': 1}, {'cstringa': '" types "'}, {'bytes': '" hex "'}]},{'server': [{'word': 0}, {'bytes': '" hex "'}]}"
#define COMMAS ",word,word,word,word,word,word,word,word,word,word,word,word,word,word,word"
#define OBJECTS(first, last) "{'client': [{'word': 1}, {'object': '" first "'}]},{'server': [{'word': 0}]},{'client': [{'word': 1}, {'object': '" last "'}]},{'server': [{'word': 0}], 'check': 'second'}"
#define THREE_OBJECTS "{'client': [{'word': 1}]},{'server': [{'word': 0}]},{'client': [{'word': 1}]},{'server': [{'word': 0}, {'object': 'CAge(1)'}, {'object': 'CAge(2)'}, {'object': '@2'}], 'check': 'second'}"
#define COMES(hex) "0 open,1 >,2 <" hex ",2 mismatch,2 over"
#define LATE       "0 open,1 >,2 late,2 over"

#define TURNED  "bytes-swapped: the bytes of DWORD stand in the wrong order | DWORDs are stored big-endian"
#define READS   "bytes-swapped: the bytes of this DWORD stand in big-endian order: it reads 33619968, and 258 with its bytes exchanged | DWORDs are stored big-endian"
#define LIMITS  "differs: no DWORD: it is not within its limits"
#define BAD_INDEX "other-reply: the peer said \"exception\", cause 5 (badIndex)"
#define UNSEEN  "{'client': [{'word': 1}]},{'server': [{'word': 0}, {'bytes': 'ffff010004004341676501000000'}], 'entries': 2}," \
                "{'client': [{'word': 1}]},{'server': [{'word': 0}, {'object': 'CAge(2)'}], 'check': 'second'}," \
                "{'client': [{'word': 1}]},{'server': [{'word': 0}, {'object': 'CAge(3)'}], 'check': 'third'}"
#define UNSEEN_OURS \
                "{'client': [{'word': 1}, {'bytes': 'ffff010004004341676501000000'}], 'entries': 2},{'server': [{'word': 0}]}," \
                "{'client': [{'word': 1}, {'object': 'CAge(2)'}]},{'server': [{'word': 0}], 'check': 'second'}," \
                "{'client': [{'word': 1}, {'object': 'CAge(3)'}]},{'server': [{'word': 0}], 'check': 'third'}"

// clang-format off
static const struct edge {
    const char *label, *steps, *events, *told; // told: cause, sentence and summary
    const char *also, *not_also;               // stands among what else explains it, or does not; NULL: no matter
} edges[] = {
    /* A value that may be any is whole to a reader that turns it where it is then within its limits. */
    { "turned, the smallest that may be",   SAY("{'dword': {'any': true, 'min': 5, 'max': 9}}"), COMES("000000000005"), TURNED },
    { "… one less",                         SAY("{'dword': {'any': true, 'min': 5, 'max': 9}}"), COMES("000000000004"), LIMITS },
    { "… the largest",                      SAY("{'dword': {'any': true, 'min': 5, 'max': 9}}"), COMES("000000000009"), TURNED },
    { "… one more",                         SAY("{'dword': {'any': true, 'min': 5, 'max': 9}}"), COMES("00000000000a"), LIMITS },
    { "… the smallest, without a largest",  SAY("{'dword': {'any': true, 'min': 16777216}}"), COMES("000001000000"), TURNED },
    { "… one less",                         SAY("{'dword': {'any': true, 'min': 16777217}}"), COMES("000001000000"), LIMITS },
    { "… behind raw bytes",                 SAY("{'bytes': '0102'}, {'dword': {'any': true, 'max': 9}}"), COMES("0000010200000005"), TURNED },
    { "… that are others",                  SAY("{'bytes': '0102'}, {'dword': {'any': true, 'max': 9}}"), COMES("0000010300000005"), "differs: differs from byte 3 on" },
    { "… and a value behind it, too",       SAY("{'dword': {'any': true, 'max': 9}}, {'dword': 7}"), COMES("00000000000500000007"), TURNED },
    { "… that is another",                  SAY("{'dword': {'any': true, 'max': 9}}, {'dword': 7}"), COMES("00000000000500000008"), LIMITS },
    { "… that is cut",                      SAY("{'dword': {'any': true, 'max': 9}}, {'dword': 7}"), COMES("000000000005000000"), LIMITS },
    { "… and more behind it",               SAY("{'dword': {'any': true, 'max': 9}}"), COMES("00000000000501"), LIMITS },
    /* What stands behind the reply. */
    { "behind it the answer to the probe",  SAY("{'dword': 258}"), "0 open,1 >,2 <000000000102,2 ?,2 mismatch,2 over", READS },
    { "… a refusal",                        SAY("{'dword': 258}"), COMES("00000000010202000700"), READS },
    { "… something else",                   SAY("{'dword': 258}"), COMES("00000000010207"), READS },
    /* As much as is collected of a long one. */
    { "what came is cut where no more is collected", SAY("{'cstringw': {'unit': 'x', 'times': 40000}}"), COMES("0000fffeffff409c 0078*32764"),
      "bytes-swapped: the units of the wide string stand in big-endian order | units of wide strings are stored big-endian" },
    { "… one byte short of that",           SAY("{'cstringw': {'unit': 'x', 'times': 40000}}"), COMES("0000fffeffff409c 0078*32763 00"),
      "cut: 14473 bytes of what was due are missing, from byte 8 on" },
    /* In the place of an answer. */
    { "it waits for more of a number",      ECHO("word", "258"), LATE, "no-answer: the limit passed without a byte of what was due",
      "wrong-size WORDs are read in 4 bytes", "WORDs are read in 1 byte" },
    { "… or of a string's length",          ECHO("word", "258"), LATE, "no-answer: the limit passed without a byte of what was due",
      "length-escape lengths are read in two bytes", "bytes-swapped" },
    { "an exception in its place",          ECHO("cstringa", "'ab'"), COMES("02000300"),
      "other-reply: the peer said \"exception\", cause 3 (endOfFile)" },
    { "a refusal in its place",             ECHO("cstringa", "'ab'"), COMES("01000161"), "other-reply: the peer said \"refused\", reason \"a\"",
      "terminated strings are sent with their NUL", "cut" },
    { "it waits for more of its first number, behind an answer", "{'client': [{'byte': 9}]},{'server': [{'word': 0}]},{'client': [{'dword': 7}]},{'server': [{'dword': 7}], 'check': 'second'}",
      "0 open,1 >,2 =,3 >,4 late,4 over", "no-answer: the limit passed without a byte of what was due", "wrong-size DWORDs are read in 8 bytes" },
    { "it waits for a byte behind a string", "{'client': [{'word': 1}, {'cstringa': 'ab'}]},{'server': [{'word': 0}]}",
      LATE, "no-answer: the limit passed without a byte of what was due", "dropped a byte behind each string is dropped" },
    { "… though it answered one without",   "{'client': [{'word': 1}, {'cstringa': 'ab'}]},{'server': [{'word': 0}]},{'client': [{'word': 1}, {'cstringa': 'ab'}]},{'server': [{'word': 0}], 'check': 'second'}",
      "0 open,1 >,2 =,3 >,4 late,4 over", "no-answer: the limit passed without a byte of what was due", NULL, "dropped a byte behind each string is dropped" },
    /* Which of several requests it answers. */
    { "the second of two that were sent ahead", "{'client': [{'word': 4}, {'dword': 258}]},{'client': [{'word': 4}, {'dword': 300}]},{'server': [{'word': 0}, {'dword': 259}]},{'server': [{'word': 0}, {'dword': 301}], 'check': 'second'}",
      "0 open,1 >,2 >,3 =,4 <0000 0100012c,4 mismatch,4 over", "bytes-swapped: the bytes of DWORD stand in the wrong order | DWORDs are read big-endian" },
    { "… the first",                        "{'client': [{'word': 4}, {'dword': 258}]},{'client': [{'word': 4}, {'dword': 300}]},{'server': [{'word': 0}, {'dword': 259}]},{'server': [{'word': 0}, {'dword': 301}], 'check': 'second'}",
      "0 open,1 >,2 >,3 <0000 01000102,3 mismatch,3 over", "bytes-swapped: the bytes of DWORD stand in the wrong order | DWORDs are read big-endian" },
    { "… the second, behind what has no answer", "{'client': [{'word': 9}]},{'client': [{'word': 4}, {'dword': 258}]},{'client': [{'word': 4}, {'dword': 300}]},{'server': [{'word': 0}, {'dword': 259}]},{'server': [{'word': 0}, {'dword': 301}], 'check': 'second'}",
      "0 open,1 >,2 >,3 >,4 =,5 <0000 0100012c,5 mismatch,5 over", "bytes-swapped: the bytes of DWORD stand in the wrong order | DWORDs are read big-endian" },
    { "… of three, the last",               "{'client': [{'word': 4}, {'dword': 258}]},{'client': [{'word': 4}, {'dword': 300}]},{'client': [{'word': 4}, {'dword': 5}]},{'server': [{'word': 0}, {'dword': 259}]},{'server': [{'word': 0}, {'dword': 301}], 'check': 'second'},{'server': [{'word': 0}, {'dword': 6}], 'check': 'third'}",
      "0 open,1 >,2 >,3 >,4 =,5 =,6 <0000 01000005,6 mismatch,6 over", "bytes-swapped: the bytes of DWORD stand in the wrong order | DWORDs are read big-endian" },
    { "… of three, the second",               "{'client': [{'word': 4}, {'dword': 258}]},{'client': [{'word': 4}, {'dword': 300}]},{'client': [{'word': 4}, {'dword': 5}]},{'server': [{'word': 0}, {'dword': 259}]},{'server': [{'word': 0}, {'dword': 301}], 'check': 'second'},{'server': [{'word': 0}, {'dword': 6}], 'check': 'third'}",
      "0 open,1 >,2 >,3 >,4 =,5 <0000 0100012c,5 mismatch,5 over", "bytes-swapped: the bytes of DWORD stand in the wrong order | DWORDs are read big-endian" },
    /* Objects that came, other ones than were due, in a direction whose table is there. */
    { "two of three",                       THREE_OBJECTS, "0 open,1 >,2 =,3 >,4 <0000 ffff0100 0400 43416765 05000000 0180 06000000 0300,4 mismatch,4 over",
      "wrong-value: the reply reads well, and 2 of its values are other ones, the CObject* first" },
    { "… and the third refers to another",  THREE_OBJECTS, "0 open,1 >,2 =,3 >,4 <0000 ffff0100 0400 43416765 05000000 0180 06000000 0200,4 mismatch,4 over",
      "wrong-value: the reply reads well, and 3 of its values are other ones, the CObject* first" },
    { "… or to none",                       THREE_OBJECTS, "0 open,1 >,2 =,3 >,4 <0000 ffff0100 0400 43416765 05000000 0180 06000000 0400,4 mismatch,4 over",
      "differs: differs from byte 12 on" },
    { "one of them",                        THREE_OBJECTS, "0 open,1 >,2 =,3 >,4 <0000 ffff0100 0400 43416765 05000000 0180 02000000 0300,4 mismatch,4 over",
      "wrong-value: the value is another one: the CObject* reads CAge(5) where CAge(1) is due" },
    /* Texts that do not read. */
    { "a number told, and nothing of its text", TELL("short", "-256", "-256"), COMES("000005"), "differs: differs from byte 2 on" },
    { "… and its first digits",             TELL("short", "-256", "-256"), COMES("0000053635"), "differs: differs from byte 2 on" },
    /* Raw bytes whose types a text before them names: 16 at most, in 200 characters. */
    { "two that are named",                 NAMED("word,dword", "0100 02000000"), COMES("0000 0001 00000002"), "bytes-swapped: the bytes of DWORD stand in the wrong order | numbers are stored big-endian" },
    { "… with more than they need",         NAMED("word,dword", "0100 0200000000"), COMES("0000 0001 0000000200"), "differs: differs from byte 2 on" },
    { "… with less",                        NAMED("word,dword", "0100 020000"), COMES("0000 0001 000002"), "differs: differs from byte 2 on" },
    { "… one of which there is not",        NAMED("word,dwerd", "0100 02000000"), COMES("0000 0001 00000002"), "differs: differs from byte 2 on" },
    { "… without a comma",                  NAMED("word", "0100 02000000"), COMES("0000 0001 02000000"), "bytes-swapped: bytes 2 and 3 stand in each other's place | two bytes change places" },
    { "sixteen",                            NAMED("word" COMMAS, "0100*16"), COMES("0000 0001*16"), "bytes-swapped: the bytes of WORD stand in the wrong order | WORDs are stored big-endian" },
    { "seventeen",                          NAMED("word,word" COMMAS, "0100*17"), COMES("0000 0001*17"), "bytes-swapped: each 2 bytes of the block stand in the reverse order | blocks have their bytes exchanged" },
    /* Objects within others, of what was carried before: a table that begins anew does not know them, or takes the list's own index or class for theirs. */
    { "an object in a list",                OBJECTS("CAge(1)", "CObArray[@1]"), "0 open,1 >,2 =,3 >,4 <02000500,4 mismatch,4 over", BAD_INDEX, NULL, "object tables begin anew" },
    { "… in a list in a list",              OBJECTS("CAge(1)", "CObArray[CObArray[@1]]"), "0 open,1 >,2 =,3 >,4 <02000500,4 mismatch,4 over", BAD_INDEX, "table-restarted object tables begin anew with each message" },
    { "… of its class",                     OBJECTS("CAge(1)", "CObArray[CAge(2)]"), "0 open,1 >,2 =,3 >,4 <02000500,4 mismatch,4 over", BAD_INDEX, NULL, "object tables begin anew" },
    { "… of a class within another",        OBJECTS("CObArray[CAge(1)]", "CAge(2)"), "0 open,1 >,2 =,3 >,4 <02000500,4 mismatch,4 over", BAD_INDEX, "table-restarted object tables begin anew with each message" },
    { "… of another class",                 OBJECTS("CObArray[CAge(1)]", "CNode(1,null)"), "0 open,1 >,2 =,3 >,4 <02000500,4 mismatch,4 over", BAD_INDEX, NULL, "table-restarted" },
    { "… that is its own",                  OBJECTS("CAge(1)", "CNode(2,@1)"), "0 open,1 >,2 =,3 >,4 <02000500,4 mismatch,4 over", "wrong-index: the object took its index before its class | objects take their index before their class" },
    /* What may come, or in any order, and is not right. */
    { "a reply that need not come",         "{'client': [{'word': 1}]},{'server': [{'word': 0}, {'word': 258}], 'optional': true},{'server': [{'word': 0}, {'word': 7}], 'check': 'last'}", COMES("00000102"), "wrong-value: the value is another one: the WORD reads 513 where 7 is due" },
    /* Raw bytes that hold objects: two entries that no object of the case has. */
    { "an index behind them, one too small", UNSEEN, "0 open,1 >,2 =,3 >,4 =,5 >,6 <0000028003000000,6 mismatch,6 over",
      "wrong-index: the index is one too small: it counts from 0 | indexes count from 0" },
    { "words of ours before them",           UNSEEN_OURS, "0 open,1 >,2 =,3 >,4 =,5 >,6 <02000500,6 mismatch,6 over",
      BAD_INDEX, "table-restarted object tables begin anew with each message" },
};
// clang-format on

static const struct finding *last_found(const struct program *p, const struct trace *t, struct arena *keep)
{
    struct findings f;

    judge(p, t, keep, &f);
    while (f.count > 0 && !f.items[f.count - 1].cause)
        f.count--;
    cr_assert(f.count > 0);
    return &f.items[f.count - 1];
}

static const char *others(const struct finding *f, struct arena *keep)
{
    TEXT(said);

    for (size_t i = 0; i < f->other_count; i++)
        text_printf(&said, "%s %s\n", f->others[i].cause, f->others[i].summary ? f->others[i].summary : "");
    return arena_string(keep, text_string(&said));
}

Test(hypotheses_edges, explain_it_still_or_no_longer, .timeout = 20)
{
    for (const struct edge *r = edges; r < edges + COUNT_OF(edges); r++) {
        SCRATCH(keep);
        struct library lib;
        struct trace t = { .keep = &keep };
        talk_load(SERVICE, r->steps, &lib);
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        talk_trace(r->events, &p, &t, &keep);
        const struct finding *f = last_found(&p, &t, &keep);
        const char *told = arena_printf(&keep, "%s: %s%s%s", f->cause, f->sentence, f->summary ? " | " : "", f->summary ? f->summary : "");
        const char *rest = others(f, &keep);
        cr_expect(eq(str, (char *)told, (char *)r->told), "%s", r->label);
        cr_expect(r->also == NULL || strstr(rest, r->also), "%s: no %s in\n%s", r->label, r->also, rest);
        cr_expect(r->not_also == NULL || !strstr(rest, r->not_also), "%s: %s in\n%s", r->label, r->not_also, rest);
        library_free(&lib);
    }
}
