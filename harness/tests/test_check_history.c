/*
 * What was said on a connection up to an op, as values, and how a peer fares with it that reads with one mistake: golden, part by part.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "check/readers.h"
#include "talk.h"

#define SAID(values)  "{'client': [" values "]}"
#define DUE(values)   "{'server': [" values "]}"
#define THEN(values)  "{'server': [" values "], 'check': 'second'}"
#define ECHO(type, value) SAID("{'word': 1}, {'cstringa': '" type "'}, {'" type "': " value "}") "," DUE("{'word': 0}, {'" type "': " value "}")
#define ECHOES(said, due) SAID("{'word': 1}, {'cstringa': 'object'}, {'object': " said "}") "," DUE("{'word': 0}, {'object': " due "}")
#define TELLS(type, value, text) SAID("{'word': 2}, {'cstringa': '" type "'}, {'" type "': " value "}") "," DUE("{'word': 0}, {'cstringa': '" text "'}")
#define NAMED(types, hex) SAID("{'word': 1}, {'cstringa': '" types "'}, {'bytes': '" hex "'}") "," DUE("{'word': 0}")
#define REFUSED(types, hex) SAID("{'word': 1}, {'cstringa': '" types "'}, {'bytes': '" hex "'}") "," DUE("{'word': 2}, {'word': 5}")
#define ASKS(n)       SAID("{'word': 4}, {'dword': " n "}")
#define TELL(n, name) "{'server': [{'word': 0}, {'dword': " n "}], 'check': '" name "'}"
#define FRESH                                                                                      \
    "{'format': 1, 'service': 'talk', 'first-control': 'ping', 'probe': 'ping', 'pipelining': true,\n" \
    " 'archive': {'client': 'message', 'server': 'message'}, 'end': {'name': 'end', 'clauses': ['X-1']},\n" \
    " 'controls': {'ping': [ {'client': [{'word': 4}, {'dword': {'draw': {}, 'as': 'n'}}]},\n"     \
    "                        {'server': [{'word': 0}, {'dword': {'reuse': 'n', 'plus': 1}}]} ]}}"
#define COMMAS ",word,word,word,word,word,word,word,word,word,word,word,word,word,word,word"

/*
 * Each part: > ours, < the peer's, its value or how many raw bytes, +entries; of what is due behind a | also = the part that it says again,
 * + the one that it counts on from, ~ those that it tells.
 */
// clang-format off
static const struct history_row {
    const char *label, *service, *steps, *delivery;
    size_t op; // that is due
    const char *is;
} rows[] = {
    { "a value that is said again",      TALK, ECHO("word", "258"), "plain", 2, ">1 >\"word\" >258 | <0 <258=2; asked 0-3 of 3, units 5, names \"word\"" },
    { "two of them, from the end on",    TALK, SAID("{'word': 7}, {'word': 8}, {'word': 7}") "," DUE("{'word': 7}, {'word': 7}"), "plain", 2, ">7 >8 >7 | <7=0 <7=2; asked 0-3 of 3" },
    { "… in their order",                TALK, SAID("{'word': 7}, {'word': 8}") "," DUE("{'word': 8}, {'word': 7}"), "plain", 2, ">7 >8 | <8 <7=0; asked 0-2 of 2" },
    { "another value",                   TALK, SAID("{'word': 7}") "," DUE("{'word': 8}"), "plain", 2, ">7 | <8; asked 0-1 of 1" },
    { "… of another type",               TALK, SAID("{'word': 7}") "," DUE("{'short': 7}"), "plain", 2, ">7 | <7; asked 0-1 of 1" },
    { "strings of any type",             TALK, SAID("{'cstringa': 'ab'}") "," DUE("{'cstringw': 'ab'}"), "plain", 2, ">\"ab\" | <\"ab\"=0; asked 0-1 of 1, units 3, names \"ab\"" },
    { "… of the same",                   TALK, SAID("{'cstringa': 'ab'}") "," DUE("{'cstringa': 'ab'}"), "plain", 2, ">\"ab\" | <\"ab\"=0; asked 0-1 of 1, units 3, names \"ab\"" },
    { "raw bytes of one size",           TALK, SAID("{'raw:2': '0102'}") "," DUE("{'raw:2': '0102'}"), "plain", 2, ">01 02 | <01 02=0; asked 0-1 of 1" },
    { "… of another",                    TALK, SAID("{'raw:2': '0102'}") "," DUE("{'raw:3': '010200'}"), "plain", 2, ">01 02 | <01 02 00; asked 0-1 of 1" },
    { "one more",                        TALK, ASKS("7") "," TELL("8", "a"), "plain", 2, ">4 >7 | <0 <8+1; asked 0-2 of 2" },
    { "… two more",                      TALK, ASKS("7") "," TELL("9", "a"), "plain", 2, ">4 >7 | <0 <9; asked 0-2 of 2" },
    { "… of two bytes",                  TALK, SAID("{'word': 7}") "," DUE("{'word': 8}"), "plain", 2, ">7 | <8; asked 0-1 of 1" },
    { "… of eight",                      TALK, SAID("{'longlong': 7}") "," DUE("{'longlong': 8}"), "plain", 2, ">7 | <8+0; asked 0-1 of 1" },
    { "… of another type",               TALK, SAID("{'long': 7}") "," DUE("{'dword': 8}"), "plain", 2, ">7 | <8; asked 0-1 of 1" },
    { "… the last of two",               TALK, SAID("{'dword': 7}, {'dword': 7}") "," DUE("{'dword': 8}"), "plain", 2, ">7 >7 | <8+1; asked 0-2 of 2" },
    { "a string that was said before",   TALK, SAID("{'cstringa': 'ab'}") "," DUE("{'word': 0}") "," SAID("{'word': 6}") "," THEN("{'word': 0}, {'cstringa': 'ab'}"), "plain", 4,
      ">\"ab\" <0 >6 | <0 <\"ab\"=0; asked 2-3 of 3, units 3, names \"ab\"" },
    { "… an empty one",                  TALK, SAID("{'cstringa': ''}") "," DUE("{'word': 0}") "," SAID("{'word': 6}") "," THEN("{'word': 0}, {'cstringa': ''}"), "plain", 4,
      ">\"\" <0 >6 | <0 <\"\"; asked 2-3 of 3, units 1, names \"\"" },
    { "… by the peer",                   TALK, SAID("{'word': 6}") "," DUE("{'cstringa': 'ab'}") "," SAID("{'word': 6}") "," THEN("{'cstringa': 'ab'}"), "plain", 4,
      ">6 <\"ab\" >6 | <\"ab\"; asked 2-3 of 3, units 3" },
    { "… a number that was said before", TALK, SAID("{'dword': 9}") "," DUE("{'word': 0}") "," SAID("{'word': 6}") "," THEN("{'dword': 9}"), "plain", 4,
      ">9 <0 >6 | <9; asked 2-3 of 3" },
    { "a text that tells a value",       TALK, TELLS("word", "258", "258"), "plain", 2, ">2 >\"word\" >258 | <0 <\"258\"~2-3; asked 0-3 of 3, units 5, names \"word\"" },
    { "… another",                       TALK, TELLS("word", "258", "259"), "plain", 2, ">2 >\"word\" >258 | <0 <\"259\"; asked 0-3 of 3, units 5, names \"word\"" },
    { "… more than that",                TALK, TELLS("word", "258", "2580"), "plain", 2, ">2 >\"word\" >258 | <0 <\"2580\"; asked 0-3 of 3, units 5, names \"word\"" },
    { "… the first value of all",        TALK, SAID("{'word': 2}, {'word': 7}") "," DUE("{'cstringa': '2'}"), "plain", 2, ">2 >7 | <\"2\"~0-1; asked 0-2 of 2, units 2" },
    { "… two values",                    TALK, SAID("{'word': 2}, {'word': 7}") "," DUE("{'cstringa': '2 7'}"), "plain", 2, ">2 >7 | <\"2 7\"~0-2; asked 0-2 of 2, units 4" },
    { "… in a wide string",              TALK, SAID("{'word': 2}, {'word': 77}") "," DUE("{'cstringw': '77'}"), "plain", 2, ">2 >77 | <\"77\"~1-2; asked 0-2 of 2, units 3" },
    { "… nothing",                       TALK, SAID("{'word': 2}, {'cstringa': ''}") "," DUE("{'cstringa': ''}"), "plain", 2, ">2 >\"\" | <\"\"=1; asked 0-2 of 2, units 1, names \"\"" },
    { "… beyond what is no value",       TALK, SAID("{'bytes': '01'}, {'word': 77}") "," DUE("{'cstringa': '77'}"), "plain", 2, ">(1) >77 | <\"77\"~1-2; asked 0-2 of 2, units 3" },

    { "the first of two requests",       TALK, ASKS("7") "," ASKS("17") "," TELL("8", "a") "," TELL("18", "b"), "plain", 3, ">4 >7 >4 >17 | <0 <8+1; asked 0-2 of 4" },
    { "… the second",                    TALK, ASKS("7") "," ASKS("17") "," TELL("8", "a") "," TELL("18", "b"), "plain", 4, ">4 >7 >4 >17 <0 <8 | <0 <18+3; asked 2-4 of 4" },
    { "… behind one that has no reply",  TALK, SAID("{'word': 9}") "," ASKS("7") "," TELL("8", "a"), "plain", 3, ">9 >4 >7 | <0 <8+2; asked 1-3 of 3" },
    { "… behind two",                    TALK, SAID("{'word': 9}") "," SAID("{'word': 9}") "," ASKS("7") "," TELL("8", "a"), "plain", 4, ">9 >9 >4 >7 | <0 <8+3; asked 2-4 of 4" },
    { "… that nobody asked for",         TALK, DUE("{'word': 7}"), "plain", 1, "| <7; asked 0-0 of 0" },
    { "… a second reply to one",         TALK, ASKS("7") "," TELL("8", "a") "," TELL("8", "b"), "plain", 3, ">4 >7 <0 <8 | <0 <8+1; asked 0-2 of 2" },
    { "two requests in one piece",       TALK, ASKS("7") "," TELL("8", "a") "," ASKS("17") "," TELL("18", "b"), "coalesced", 2, ">4 >7 >4 >17 | <0 <8+1; asked 0-2 of 4" },
    { "… the second",                    TALK, ASKS("7") "," TELL("8", "a") "," ASKS("17") "," TELL("18", "b"), "coalesced", 3, ">4 >7 >4 >17 <0 <8 | <0 <18+3; asked 2-4 of 4" },
    { "other connections are others",    TALK, "{'client': [{'word': 9}], 'on': 'b'},{'client': [{'word': 4}], 'on': 'a'},{'server': [{'word': 0}], 'on': 'b', 'check': 'b'},{'server': [{'word': 5}], 'on': 'a'}", "plain", 5, ">4 | <5; asked 0-1 of 1" },
    { "the string that names types",     TALK, SAID("{'cstringa': 'a'}, {'cstringa': 'b'}") "," DUE("{'word': 0}"), "plain", 2, ">\"a\" >\"b\" | <0; asked 0-2 of 2, units 2, names \"a\"" },
    { "… of the request that is answered", TALK, SAID("{'cstringa': 'a'}") "," SAID("{'cstringa': 'bc'}") "," DUE("{'word': 0}") "," THEN("{'word': 1}"), "plain", 3, ">\"a\" >\"bc\" | <0; asked 0-1 of 2, units 3, names \"a\"" },

    { "raw bytes whose types are named", TALK, NAMED("word,dword", "0100 02000000"), "plain", 2, ">1 >\"word,dword\" >1 >2 | <0; asked 0-4 of 4, units 11, names \"word,dword\"" },
    { "… and one byte more",             TALK, NAMED("word,dword", "0100 0200000000"), "plain", 2, ">1 >\"word,dword\" >(7) | <0; asked 0-3 of 3, units 11, names \"word,dword\"" },
    { "… and less",                      TALK, NAMED("word,dword", "0100 020000"), "plain", 2, ">1 >\"word,dword\" >(5) | <0; asked 0-3 of 3, units 11, names \"word,dword\"" },
    { "… one of which there is not",     TALK, NAMED("word,dwerd", "0100 02000000"), "plain", 2, ">1 >\"word,dwerd\" >(6) | <0; asked 0-3 of 3, units 11, names \"word,dwerd\"" },
    { "… in a wide string",              TALK, SAID("{'word': 1}, {'cstringw': 'word,byte'}, {'bytes': '010002'}") "," DUE("{'word': 0}"), "plain", 2, ">1 >\"word,byte\" >1 >2 | <0; asked 0-4 of 4, units 10, names \"word,byte\"" },
    { "… sixteen",                       TALK, NAMED("word" COMMAS, "0100*16"), "plain", 2, ">1 >\"word,word,word,word,word,word,word,word,…\" (79 units) >1 >1 >1 >1 >1 >1 >1 >1 >1 >1 >1 >1 >1 >1 >1 >1 | <0; asked 0-18 of 18, units 80, names \"word,word,word,word,word,word,word,word,…\" (79 units)" },
    { "… seventeen",                     TALK, NAMED("word,byte" COMMAS, "0100 01 0100*15"), "plain", 2, ">1 >\"word,byte,word,word,word,word,word,word,…\" (84 units) >(33) | <0; asked 0-3 of 3, units 85, names \"word,byte,word,word,word,word,word,word,…\" (84 units)" },
    { "… objects, which later ones are of", TALK, "{'client': [{'cstringa': 'object'}, {'bytes': 'ffff010004004341676507000000'}], 'entries': 2}," DUE("{'word': 0}") "," SAID("{'object': 'CAge(2)'}") "," THEN("{'word': 0}"), "plain", 4,
      ">\"object\" >CAge(7) <0 >CAge(2) | <0; asked 3-4 of 4, 1 object before, asks objects, names \"object\"" },
    { "raw bytes that hold objects",     TALK, SAID("{'bytes': 'ffff010004004341676507000000'}") "," DUE("{'word': 0}"), "plain", 2, ">(14) | <0; asked 0-1 of 1" },
    { "… as the case says",              TALK, "{'client': [{'word': 1}, {'bytes': 'ffff010004004341676507000000'}], 'entries': 2}," DUE("{'word': 0}"), "plain", 2, ">1 >(14)+2 | <0; asked 0-2 of 2" },
    { "… of a named type",               TALK, "{'client': [{'cstringa': 'object'}, {'bytes': 'ffff010004004341676507000000'}], 'entries': 2}," DUE("{'word': 0}"), "plain", 2, ">\"object\" >CAge(7) | <0; asked 0-2 of 2, asks objects, units 7, names \"object\"" },

    { "objects",                         TALK, ECHO("object", "'CAge(7)'"), "plain", 2, ">1 >\"object\" >CAge(7) | <0 <CAge(7)=2; asked 0-3 of 3, due objects, asks objects, units 7, names \"object\"" },
    { "… of which one was before",       TALK, SAID("{'object': 'CNode(1,CAge(2))'}") "," DUE("{'word': 0}") "," SAID("{'word': 3}") "," THEN("{'object': 'CAge(2)'}"), "plain", 4, ">CNode(1, CAge(2)) <0 >3 | <CAge(2); asked 2-3 of 3, 2 objects before, due objects" },
    { "… null is none",                  TALK, SAID("{'object': 'null'}") "," DUE("{'word': 0}") "," SAID("{'word': 3}") "," THEN("{'word': 0}"), "plain", 4, ">null <0 >3 | <0; asked 2-3 of 3" },
    { "… in a list",                     TALK, SAID("{'word': 3}") "," DUE("{'obarray': '[null]'}"), "plain", 2, ">3 | <[null]; asked 0-1 of 1, due objects" },
    { "… in a list that is empty",       TALK, SAID("{'word': 3}") "," DUE("{'obarray': '[]'}"), "plain", 2, ">3 | <[]; asked 0-1 of 1" },
    { "… of an older schema, stored anew", TALK, ECHOES("'CVersioned:2(1)'", "'CVersioned:3(1)'"), "plain", 2, ">1 >\"object\" >CVersioned:2(1) | <0 <CVersioned:3(1)=2; asked 0-3 of 3, due objects, asks objects, units 7, names \"object\"" },
    { "… as it was",                     TALK, ECHOES("'CVersioned:2(1)'", "'CVersioned:2(1)'"), "plain", 2, ">1 >\"object\" >CVersioned:2(1) | <0 <CVersioned:2(1); asked 0-3 of 3, due objects, asks objects, units 7, names \"object\"" },
    { "… within a list, beside nothing", TALK, ECHOES("'CObArray[null,CVersioned:2(1)]'", "'CObArray[null,CVersioned:3(1)]'"), "plain", 2,
      ">1 >\"object\" >CObArray[null, CVersioned:2(1)] | <0 <CObArray[null, CVersioned:3(1)]=2; asked 0-3 of 3, due objects, asks objects, units 7, names \"object\"" },
    { "… with what its class has since", TALK, ECHOES("'CLetter:600(u:0041)'", "'CLetter:700(u:0041,0)'"), "plain", 2, ">1 >\"object\" >CLetter:600(\"A\") | <0 <CLetter:700(\"A\", 0)=2; asked 0-3 of 3, due objects, asks objects, units 7, names \"object\"" },
    { "… and another number there",      TALK, ECHOES("'CLetter:600(u:0041)'", "'CLetter:700(u:0041,5)'"), "plain", 2, ">1 >\"object\" >CLetter:600(\"A\") | <0 <CLetter:700(\"A\", 5); asked 0-3 of 3, due objects, asks objects, units 7, names \"object\"" },
    { "a value that may be any",         TALK, SAID("{'word': 3}") "," DUE("{'word': {'any': true}}, {'cstringa': {'any': true}}, {'word': 3}"), "plain", 2, ">3 | <any <any <3=0; asked 0-1 of 1, any text" },
    { "… that is no text",               TALK, SAID("{'word': 3}") "," DUE("{'word': {'any': true}}"), "plain", 2, ">3 | <any; asked 0-1 of 1" },
    { "the longest string",              TALK, SAID("{'cstringa': 'abc'}, {'stringarray': ['a', 'bcdef']}") "," DUE("{'cstringw': 'abcd'}"), "plain", 2, ">\"abc\" >[\"a\", \"bcdef\"] | <\"abcd\"; asked 0-2 of 2, units 6, names \"abc\"" },
    { "… of those before",               TALK, SAID("{'cstringa': 'abc'}") "," DUE("{'word': 0}") "," SAID("{'cstringa': 'a'}") "," THEN("{'word': 0}"), "plain", 4, ">\"abc\" <0 >\"a\" | <0; asked 2-3 of 3, units 2, names \"a\"" },

    { "what must be refused",            TALK, REFUSED("word,dword", "0100 02"), "plain", 2, ">1 >\"word,dword\" >(3) | <2 <5; asked 0-3 of 3, units 11, names \"word,dword\", malformed 2 of 2 types" },
    { "… and need not be",               TALK, NAMED("word,dword", "0100 02"), "plain", 2, ">1 >\"word,dword\" >(3) | <0; asked 0-3 of 3, units 11, names \"word,dword\"" },
    { "… and reads",                     TALK, REFUSED("word,dword", "0100 02000000"), "plain", 2, ">1 >\"word,dword\" >1 >2 | <2 <5; asked 0-4 of 4, units 11, names \"word,dword\"" },
    { "… and names nothing",             TALK, SAID("{'word': 1}, {'bytes': '010002'}") "," DUE("{'word': 2}, {'word': 5}"), "plain", 2, ">1 >(3) | <2 <5; asked 0-2 of 2" },
    { "… of nothing that there is",      TALK, REFUSED("none", "0100 02"), "plain", 2, ">1 >\"none\" >(3) | <2 <5; asked 0-3 of 3, units 5, names \"none\", malformed 2 of 0 types" },

    { "archives of each message",        FRESH, SAID("{'object': 'CAge(1)'}") "," DUE("{'word': 0}") "," SAID("{'object': 'CAge(2)'}") "," THEN("{'word': 0}"), "plain", 4, ">CAge(1) <0 >CAge(2) | <0; asked 2-3 of 3, 1 object before, asks objects" },
};
// clang-format on

static void part_print(struct text *to, const struct history *h, size_t i)
{
    const struct part *p = &h->parts[i];

    text_add(to, p->ours ? ">" : "<");
    if (p->field->any)
        text_add(to, "any");
    else if (p->is_value)
        value_print(to, &p->value);
    else
        text_printf(to, "(%zu)", p->plain.len);
    if (p->entries)
        text_printf(to, "+%zu", p->entries);
    if (i >= h->due && h->shows[i] != SIZE_MAX)
        text_printf(to, "%s%zu", h->counts_on[i] ? "+" : "=", h->shows[i]);
    if (i == h->told)
        text_printf(to, "~%zu-%zu", h->told_from, h->told_to);
}

static const char *history_told(const struct history *h, struct arena *keep)
{
    TEXT(to);

    for (size_t i = 0; i < h->count; i++) {
        if (i == h->due)
            text_add(&to, "| ");
        part_print(&to, h, i);
        text_add(&to, i + 1 < h->count ? " " : "");
    }
    text_printf(&to, "; asked %zu-%zu of %zu", h->asked, h->asked_end, h->said_end);
    if (h->asked_objects)
        text_printf(&to, ", %llu object%s before", (unsigned long long)h->asked_objects, h->asked_objects == 1 ? "" : "s");
    text_add(&to, h->has_objects ? ", due objects" : "");
    text_add(&to, h->asks_objects ? ", asks objects" : "");
    text_add(&to, h->many ? ", many" : "");
    text_add(&to, h->has_any_text ? ", any text" : "");
    if (h->units)
        text_printf(&to, ", units %llu", (unsigned long long)h->units);
    if (h->named) {
        text_add(&to, ", names ");
        value_print(&to, h->named);
    }
    if (h->malformed < h->count)
        text_printf(&to, ", malformed %zu of %zu types", h->malformed, h->malformed_count);
    return arena_string(keep, text_string(&to));
}

static struct evidence right_at(const struct program *p, size_t op, struct arena *keep)
{
    return (struct evidence){ .program = p, .op = &p->ops[op], .fields = &p->ops[op].fields, .due = p->ops[op].bytes, .keep = keep };
}

Test(check_history, what_was_said_is_told_part_by_part, .timeout = 20)
{
    for (const struct history_row *r = rows; r < rows + COUNT_OF(rows); r++) {
        SCRATCH(keep);
        struct library lib;
        struct history h;
        talk_load(r->service, r->steps, &lib);
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, r->delivery, &keep);
        cr_assert(r->op < p.count && p.ops[r->op].kind == OP_RECEIVE, "%s", r->label);
        struct evidence e = right_at(&p, r->op, &keep);
        history_make(&e, &h);
        cr_expect(eq(str, (char *)history_told(&h, &keep), (char *)r->is), "%s", r->label);
        library_free(&lib);
    }
}

/* ---- readers ---- */

// clang-format off
static const struct fare_row {
    const char *label, *service, *steps, *delivery;
    size_t op;
    enum deed deed;
    int64_t n;
    const char *of;
    bool ended;
    const char *is; // how it fares; the first part that it takes for another; what it leaves unread; in what the mistake was made
} fares[] = {
    { "it makes no mistake",             TALK, ECHO("word", "258"), "plain", 2, DEED_NONE, 0, NULL, false, "right" },
    { "another value",                   TALK, ECHO("word", "258"), "plain", 2, DEED_SWAP, 0, "WORD", false, "otherwise at 2, in WORD" },
    { "a number that reads so, too",     TALK, ECHO("word", "257"), "plain", 2, DEED_SWAP, 0, "WORD", false, "right, in WORD" },
    { "one that no reply tells",         TALK, SAID("{'word': 1}, {'dword': 7}, {'cstringa': 'a'}") "," DUE("{'word': 0}"), "plain", 2, DEED_SIZE, 1, "DWORD", false, "right" },
    { "a string that no reply tells",    TALK, SAID("{'word': 1}, {'cstringa': 'ab'}") "," DUE("{'word': 0}"), "plain", 2, DEED_CUT_TO, 1, NULL, false, "refuses at 1, in CStringA" },
    { "it waits",                        TALK, ECHO("word", "258"), "plain", 2, DEED_SIZE, 4, "WORD", false, "waits at 2, leaves 2, in WORD" },
    { "… and we have ended",             TALK, ECHO("word", "258"), "plain", 2, DEED_SIZE, 4, "WORD", true, "raises endOfFile at 2, leaves 2, in WORD" },
    { "it raises",                       TALK, SAID("{'object': 'CAge(1)'}") "," DUE("{'word': 0}") "," SAID("{'object': '@1'}") "," THEN("{'word': 0}"), "plain", 4, DEED_TABLE_PER_OBJECT, 0, NULL, false, "raises badIndex at 2, in CAge" },
    { "bytes are left",                  TALK, ECHO("dword", "258"), "plain", 2, DEED_SIZE, 2, "DWORD", false, "right, leaves 2, in DWORD" },
    { "… of a large number",             TALK, ECHO("dword", "65794"), "plain", 2, DEED_SIZE, 2, "DWORD", false, "otherwise at 2, leaves 2, in DWORD" },
    { "… of a request before",           TALK, ECHO("dword", "258") "," SAID("{'word': 3}") "," THEN("{'word': 0}"), "plain", 4, DEED_SIZE, 2, "DWORD", false, "right" },
    { "it waits, and a part of the reply had come", TALK, SAID("{'cstringa': 'ab'}, {'word': 1}") "," DUE("{'word': 0}") "," THEN("{'word': 0}"), "plain", 3, DEED_LENGTH_BYTES, 2, NULL, false, "waits at 0, leaves 1, in CStringA" },
    { "… all of it had",                 TALK, SAID("{'cstringa': 'ab'}, {'word': 1}") "," DUE("{'word': 0}") "," SAID("{'word': 1}") "," THEN("{'word': 0}"), "plain", 4, DEED_LENGTH_BYTES, 2, NULL, false, "waits at 0, leaves 1, ruled out, in CStringA" },
    { "the next message begins elsewhere", TALK, SAID("{'word': 1}, {'dword': 258}, {'cstringa': 'a'}") "," SAID("{'word': 3}") "," DUE("{'word': 0}, {'dword': 258}") "," THEN("{'word': 0}"), "plain", 4, DEED_BYTE_SKIPPED, 0, NULL, false, "refuses, ruled out, in CStringA" },
    { "… and the first is due",          TALK, SAID("{'word': 1}, {'cstringa': 'a'}") "," SAID("{'word': 3}") "," DUE("{'word': 0}") "," THEN("{'word': 0}"), "plain", 3, DEED_BYTE_SKIPPED, 0, NULL, false, "right, in CStringA" },
    { "it waited for a byte before",     TALK, SAID("{'word': 1}, {'cstringa': 'a'}") "," DUE("{'word': 0}") "," SAID("{'word': 3}, {'cstringa': 'b'}") "," THEN("{'word': 0}"), "plain", 4, DEED_BYTE_SKIPPED, 0, NULL, false, "refuses, ruled out, in CStringA" },
    { "it waits for words that nobody answers", TALK, SAID("{'cstringa': 'ab'}") "," SAID("{'word': 1}") "," DUE("{'word': 0}"), "plain", 3, DEED_LENGTH_BYTES, 2, NULL, false, "waits at 0, leaves 1, in CStringA" },
    { "archives of each message",        FRESH, SAID("{'object': 'CAge(9)'}, {'object': 'CAge(8)'}") "," DUE("{'word': 0}") "," SAID("{'object': 'CObArray[CAge(258),@2]'}") "," THEN("{'object': 'CObArray[CAge(258),@2]'}"), "plain", 4, DEED_SWAP, 0, "LONG", false, "otherwise at 3, in CAge" },
};
// clang-format on

static const char *fare_told(const struct fared *f, struct arena *keep)
{
    static const char *const names[] = { "right", "otherwise", "waits", "raises", "refuses" };
    TEXT(to);

    text_add(&to, names[f->fare]);
    if (f->fare == FARE_RAISES)
        text_printf(&to, " %s", cause_name(f->cause));
    if (f->where != SIZE_MAX)
        text_printf(&to, " at %zu", f->where);
    if (f->left)
        text_printf(&to, ", leaves %zu", f->left);
    text_add(&to, f->ruled_out ? ", ruled out" : "");
    if (f->about)
        text_printf(&to, ", in %s", f->about);
    return arena_string(keep, text_string(&to));
}

Test(check_history, a_reader_fares_as_its_mistake_leads_it, .timeout = 20)
{
    for (const struct fare_row *r = fares; r < fares + COUNT_OF(fares); r++) {
        SCRATCH(keep);
        CLEANUP(buffer_free) struct buffer said = { 0 };
        const struct mistake m = { .key = "x", .deed = r->deed, .n = r->n, .of = r->of, .reads = true };
        struct library lib;
        struct history h;
        struct fared read;
        talk_load(r->service, r->steps, &lib);
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, r->delivery, &keep);
        cr_assert(r->op < p.count && p.ops[r->op].kind == OP_RECEIVE, "%s", r->label);
        for (size_t i = 0; i < r->op; i++)
            if (p.ops[i].kind == OP_SEND)
                buffer_append(&said, p.ops[i].bytes.data, p.ops[i].bytes.len);
        struct evidence e = right_at(&p, r->op, &keep);
        history_make(&e, &h);
        reader_fares(&h, &m, buffer_bytes(&said), r->ended, &read);
        cr_expect(eq(str, (char *)fare_told(&read, &keep), (char *)r->is), "%s", r->label);
        library_free(&lib);
    }
}

/* ---- what we have said ---- */

// clang-format off
static const struct said_row {
    const char *label, *steps, *trace;
    bool late;
    size_t said, in_time;
    bool ended;
} saids[] = {
    { "one request",                     ECHO("word", "258"), "0 open,1 >,2 over", false, 9, 0, false },
    { "… and the probe",                 ECHO("word", "258"), "0 open,1 >,2 late,2 probe,2 !,2 over", false, 15, 0, false },
    { "… which brought what came",       ECHO("word", "258"), "0 open,1 >,2 late,2 probe,2 !,2 over", true, 15, 9, false },
    { "… on another connection",         "{'client': [{'word': 9}], 'on': 'b'},{'client': [{'word': 4}], 'on': 'a'},{'server': [{'word': 5}], 'on': 'a'}", "0 open,1 >,1 probe,1 fin-sent,2 open,3 >,4 over", true, 2, 0, false },
    { "… and our end",                   SAID("{'word': 4}") ",{'end': 'client'}," DUE("{'word': 5}"), "0 open,1 >,2 fin-sent,3 over", false, 2, 0, true },
    { "… when it was too late",          SAID("{'word': 4}") "," DUE("{'word': 5}"), "0 open,1 >,2 fin-sent,2 over", false, 2, 0, false },
};
// clang-format on

Test(check_history, all_that_we_have_said_is_told_and_what_was_said_in_time, .timeout = 10)
{
    for (const struct said_row *r = saids; r < saids + COUNT_OF(saids); r++) {
        SCRATCH(keep);
        struct library lib;
        struct trace t = { .keep = &keep };
        size_t in_time;
        bool ended;
        talk_load(TALK, r->steps, &lib);
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        talk_trace(r->trace, &p, &t, &keep);
        struct evidence e = talk_evidence(&p, &t, &keep);
        e.late = r->late;
        cr_expect(eq(sz, history_said(&e, &in_time, &ended).len, r->said), "%s", r->label);
        cr_expect(eq(sz, in_time, r->in_time), "%s", r->label);
        cr_expect(eq(int, ended, r->ended), "%s", r->label);
        library_free(&lib);
    }
}

Test(check_history, nothing_is_lost_of_a_long_one, .timeout = 10)
{
    SCRATCH(keep);
    struct library lib;
    struct history h;
    TEXT(steps);
    const size_t many = 200;

    for (size_t i = 0; i < many; i++)
        text_printf(&steps, "%s{'word': %zu}", i ? ", " : "{'client': [", i);
    text_add(&steps, "]},{'server': [{'word': 70}]}");
    talk_load(TALK, text_string(&steps), &lib);
    struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
    struct evidence e = right_at(&p, 2, &keep);
    history_make(&e, &h);
    cr_assert(eq(sz, h.count, many + 1));
    for (size_t i = 0; i < many; i++)
        cr_expect(eq(u64, h.parts[i].value.number, i));
    cr_expect(eq(sz, h.shows[many], (size_t)70));
    library_free(&lib);
}
