/*
 * Genuine defects: what an old MFC does itself is told from failures, and from what it does not do.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "talk.h"
#include "verdict/verdict.h"

#define GENUINE(list)                                                                              \
    "{'format': 1, 'service': 'talk', 'first-control': 'ping', 'probe': 'ping', 'pipelining': true,\n" \
    " 'end': {'name': 'end', 'clauses': ['X-1']}, 'genuine': [" list "],\n"                        \
    " 'refusals': {'no': [ {'server': [{'word': 2}, {'word': {'any': true, 'as': 'cause'}}]} ]},\n" \
    " 'controls': {'ping': [ {'client': [{'word': 4}, {'dword': {'draw': {}, 'as': 'n'}}]},\n"     \
    "                        {'server': [{'word': 0}, {'dword': {'reuse': 'n', 'plus': 1}}]} ]}}"
#define DEFECT(profile, more) "{'profile': '" profile "', " more ", 'clause': 'X-1', 'why': 'it is old'}"
#define HANGS  GENUINE(DEFECT("<=6.0", "'outcome': 'hangs'"))
#define RAISES GENUINE(DEFECT("<=6.0", "'outcome': 'raises', 'cause': 3"))
#define ENDS   GENUINE(DEFECT("<=6.0", "'outcome': 'ends'"))
#define DIFFERS GENUINE(DEFECT("<=6.0", "'outcome': 'differs'"))
#define ANY    "'outcome': ['hangs', 'raises', 'ends', 'differs']"
#define LATE   "0 open,1 >,2 late,2 over"

// clang-format off
static const struct genuine_row {
    const char *label, *service, *steps, *profile, *delivery, *trace, *found;
} genuine_rows[] = {
    { "it hangs",              HANGS, PAIR, "generation=6.0", "plain", LATE, "reply data as-genuine no-answer" },
    { "it does better",        HANGS, PAIR, "generation=6.0", "plain", "0 open,1 >,2 =,3 fin-sent,4 fin,5 over", "" },
    { "a later one hangs",     HANGS, PAIR, "generation=7.0", "plain", LATE, "reply data fail no-answer" },
    { "it wakes up",           HANGS, PAIR, "generation=6.0", "plain", "0 open,1 >,2 late,2 probe,2 !,2 =,2 ?,2 over", "reply data as-genuine held-back" },
    { "it was to hang, and raises", HANGS, PAIR, "generation=6.0", "plain", "0 open,1 >,2 <0200 0300,2 mismatch,2 over", "reply data fail other-reply @0:0 0000/0200" },
    { "it was to hang, and ends", HANGS, PAIR, "generation=6.0", "plain", "0 open,1 >,2 fin,2 mismatch,2 over", "reply data fail ended-early" },
    { "a control hangs",       HANGS, PING, "generation=6.0", "plain", LATE, "reply data as-genuine no-answer" },
    { "it raises",             RAISES, PAIR, "generation=6.0", "plain", "0 open,1 >,2 <0200 0300,2 mismatch,2 over", "reply data as-genuine other-reply @0:0 0000/0200" },
    { "with another cause",    RAISES, PAIR, "generation=6.0", "plain", "0 open,1 >,2 <0200 0500,2 mismatch,2 over", "reply data fail other-reply @0:0 0000/0200" },
    { "other bytes come",      RAISES, PAIR, "generation=6.0", "plain", "0 open,1 >,2 <0700 0300,2 mismatch,2 over", "reply data fail differs @0:0 0000/0700" },
    { "it raises where another cause was due", RAISES, ASK ",{'server': [{'word': 2}], 'check': 'refused'},{'server': [{'word': 5}], 'check': 'cause'}", "generation=6.0", "plain",
                               "0 open,1 >,2 =,3 <0300,3 mismatch,3 over", "cause data as-genuine wrong-value @0:0 0500/0300" },
    { "it raises at the second of two", RAISES, "{'client': [{'word': 4}]},{'client': [{'word': 4}]},{'server': [{'word': 0}]},{'server': [{'word': 0}], 'check': 'second'}", "generation=6.0", "plain",
                               "0 open,1 >,2 >,3 =,4 <0200 0300,4 mismatch,4 over", "second data as-genuine false-end @0:0 0000/0200" },
    { "… behind a control that was joined with it", RAISES, PING "," PAIR, "generation=6.0", "coalesced",
                               "0 open,1 >,2 =,3 <0200 0300,3 mismatch,3 over", "reply data as-genuine other-reply @0:0 0000/0200" },
    { "… with what came behind the control's reply", RAISES, PING "," ASK ",{'server': [{'word': 2}], 'check': 'refused'},{'server': [{'word': 5}], 'check': 'cause'}", "generation=6.0", "coalesced",
                               "0 open,1 >,2 =,3 =,4 <0300,4 mismatch,4 over", "cause data as-genuine wrong-value @0:0 0500/0300" },
    { "it ends",               ENDS, PAIR, "generation=6.0", "plain", "0 open,1 >,2 fin,2 mismatch,2 over", "reply data as-genuine ended-early" },
    { "it ends while it is not read", ENDS, PAIR "," ASK ",{'server': [{'word': 0}, {'dword': 8}], 'check': 'second'}", "generation=6.0", "plain", "0 open,1 >,2 =,3 >,4 paused,4 fin,4 over", "second data as-genuine false-end" },
    { "… where it was to hang", HANGS, PAIR "," ASK ",{'server': [{'word': 0}, {'dword': 8}], 'check': 'second'}", "generation=6.0", "plain", "0 open,1 >,2 =,3 >,4 paused,4 fin,4 over", "second data fail false-end" },
    { "… and was to raise",    RAISES, PAIR "," ASK ",{'server': [{'word': 0}, {'dword': 8}], 'check': 'second'}", "generation=6.0", "plain", "0 open,1 >,2 =,3 >,4 paused,4 fin,4 over", "second data fail false-end" },
    { "it differs",            DIFFERS, PAIR, "generation=6.0", "plain", "0 open,1 >,2 <0700 0300,2 mismatch,2 over", "reply data as-genuine differs @0:0 0000/0700" },
    { "… and nothing comes",   DIFFERS, PAIR, "generation=6.0", "plain", LATE, "reply data fail no-answer" },
    { "… or an end",           DIFFERS, PAIR, "generation=6.0", "plain", "0 open,1 >,2 fin,2 mismatch,2 over", "reply data fail ended-early" },
    { "… where it was to hang", HANGS, PAIR, "generation=6.0", "plain", "0 open,1 >,2 <0700 0300,2 mismatch,2 over", "reply data fail differs @0:0 0000/0700" },
    { "… and was to end",      ENDS, PAIR, "generation=6.0", "plain", "0 open,1 >,2 <0700 0300,2 mismatch,2 over", "reply data fail differs @0:0 0000/0700" },
    { "it raises, whatever the cause", GENUINE(DEFECT("<=6.0", "'outcome': 'raises'")), PAIR, "generation=6.0", "plain", "0 open,1 >,2 <0200 0500,2 mismatch,2 over", "reply data as-genuine other-reply @0:0 0000/0200" },
    { "it resets",             ENDS, PAIR, "generation=6.0", "plain", "0 open,1 >,2 reset,2 mismatch,2 over", "reply data as-genuine reset" },
    { "it was to end, and hangs", ENDS, PAIR, "generation=6.0", "plain", LATE, "reply data fail no-answer" },
    { "in another delivery",   GENUINE(DEFECT("<=6.0", "'outcome': 'hangs', 'deliveries': ['bytewise']")), PAIR, "generation=6.0", "plain", LATE, "reply data fail no-answer" },
    { "in that delivery",      GENUINE(DEFECT("<=6.0", "'outcome': 'hangs', 'deliveries': ['bytewise']")), PAIR, "generation=6.0", "bytewise", LATE, "reply data as-genuine no-answer" },
    { "cut",                   GENUINE(DEFECT("<=6.0", "'outcome': 'hangs', 'when': {'cut': true}")), PAIR, "generation=6.0", "bytewise", LATE, "reply data as-genuine no-answer" },
    { "not cut",               GENUINE(DEFECT("<=6.0", "'outcome': 'hangs', 'when': {'cut': true}")), PAIR, "generation=6.0", "plain", LATE, "reply data fail no-answer" },
    { "cut by the network",    GENUINE(DEFECT("<=6.0", "'outcome': 'hangs', 'when': {'cut': true}")), PAIR, "generation=6.0", "plain", "0 open,1 >2,2 late,2 over", "reply data as-genuine no-answer" },
    { "sent in two",           GENUINE(DEFECT("<=6.0", "'outcome': 'hangs', 'when': {'cut': true}")), PAIR, "generation=6.0", "plain", "0 open,1 >,1 >,2 late,2 over", "reply data as-genuine no-answer" },
    { "another sent in two, behind it", GENUINE(DEFECT("<=6.0", "'outcome': 'hangs', 'when': {'cut': true}")), PAIR "," ASK ",{'server': [{'word': 0}, {'dword': 8}], 'check': 'second'}", "generation=6.0", "plain",
                               "0 open,1 >,3 >2,2 late,2 over", "reply data fail no-answer" },
    { "… before it",           GENUINE(DEFECT("<=6.0", "'outcome': 'hangs', 'when': {'cut': true}")), PAIR "," ASK ",{'server': [{'word': 0}, {'dword': 8}], 'check': 'second'}", "generation=6.0", "plain",
                               "0 open,1 >2,2 =,3 >,4 late,4 over", "second data as-genuine no-answer" },
    { "in two steps",          GENUINE(DEFECT("<=6.0", "'outcome': 'hangs', 'when': {'cut': true}")), "{'client': [{'word': 4}], 'part': true},{'client': [{'dword': 7}]}," TOLD, "generation=6.0", "plain",
                               "0 open,1 >,2 >,3 late,3 over", "reply data as-genuine no-answer" },
    { "cut, ends amid it",     GENUINE(DEFECT("<=6.0", "'outcome': 'ends', 'when': {'cut': true}")), PAIR, "generation=6.0", "bytewise", "0 open,1 >1,1 >1,1 reset,1 mismatch,1 over", "send end as-genuine reset" },
    { "… and only the next is cut", GENUINE(DEFECT("<=6.0", "'outcome': 'ends', 'when': {'cut': true}")), "{'client': [{'word': 4}]},{'client': [{'word': 4}], 'part': true},{'client': [{'dword': 7}]}," TOLD, "generation=6.0", "plain",
                               "0 open,1 reset,1 mismatch,1 over", "send end fail reset" },
    { "ends amid one segment", GENUINE(DEFECT("<=6.0", "'outcome': 'ends', 'when': {'cut': true}")), PAIR, "generation=6.0", "plain", "0 open,1 >,1 reset,1 mismatch,1 over", "send end fail reset" },
    { "long enough",           GENUINE(DEFECT("<=6.0", "'outcome': 'hangs', 'when': {'bytes': 5}")), "{'client': [{'raw:5': '00*5'}]}," TOLD, "generation=6.0", "plain", LATE, "reply data as-genuine no-answer" },
    { "not long enough",       GENUINE(DEFECT("<=6.0", "'outcome': 'hangs', 'when': {'bytes': 5}")), "{'client': [{'raw:4': '00*4'}]}," TOLD, "generation=6.0", "plain", LATE, "reply data fail no-answer" },
    { "a string as long",      GENUINE(DEFECT("<=6.0", "'outcome': 'hangs', 'when': {'bytes': 5}")), "{'client': [{'cstringa': 'abcd'}]}," TOLD, "generation=6.0", "plain", LATE, "reply data as-genuine no-answer" },
    { "… a unit shorter",      GENUINE(DEFECT("<=6.0", "'outcome': 'hangs', 'when': {'bytes': 5}")), "{'client': [{'cstringa': 'abc'}]}," TOLD, "generation=6.0", "plain", LATE, "reply data fail no-answer" },
    { "wide to narrow",        GENUINE(DEFECT("<=6.0", ANY ", 'when': {'other-width': true}")), "{'client': [{'cstringw': 'a'}]}," TOLD, "generation=6.0,charset=ansi", "plain", LATE, "reply data as-genuine no-answer" },
    { "passed over, which is no hang", GENUINE(DEFECT("<=6.0", "'outcome': 'hangs', 'when': {'other-width': true}")), "{'client': [{'cstringw': 'a'}]}," TOLD, "generation=6.0,charset=ansi", "plain", "0 open,1 >,2 late,2 probe,2 !,2 ?,2 over", "reply data fail no-answer @2:1 08000000/2869ae8d" },
    { "wide to wide",          GENUINE(DEFECT("<=6.0", ANY ", 'when': {'other-width': true}")), "{'client': [{'cstringw': 'a'}]}," TOLD, "generation=6.0,charset=unicode", "plain", LATE, "reply data fail no-answer" },
    { "its own width",         GENUINE(DEFECT("<=6.0", ANY ", 'when': {'other-width': true}")), "{'client': [{'cstring': 'a'}]}," TOLD, "generation=6.0,charset=unicode", "plain", LATE, "reply data fail no-answer" },
    { "wide in raw bytes",     GENUINE(DEFECT("<=6.0", ANY ", 'when': {'other-width': true}")), "{'client': [{'bytes': '05 fffeff 01'}]}," TOLD, "generation=6.0,charset=ansi", "plain", LATE, "reply data as-genuine no-answer" },
    { "wide by its length",    GENUINE(DEFECT("<=6.0", ANY ", 'when': {'other-width': true}")), "{'client': [{'bytes': '05 ffffffffffffff 01'}]}," TOLD, "generation=6.0,charset=ansi", "plain", LATE, "reply data as-genuine no-answer" },
    { "… a byte of it missing", GENUINE(DEFECT("<=6.0", ANY ", 'when': {'other-width': true}")), "{'client': [{'bytes': '05 ffffffffffff 01'}]}," TOLD, "generation=6.0,charset=ansi", "plain", LATE, "reply data fail no-answer" },
    { "… and of its mark",     GENUINE(DEFECT("<=6.0", ANY ", 'when': {'other-width': true}")), "{'client': [{'bytes': '05 fffe 01'}]}," TOLD, "generation=6.0,charset=ansi", "plain", LATE, "reply data fail no-answer" },
    { "… to wide",             GENUINE(DEFECT("<=6.0", ANY ", 'when': {'other-width': true}")), "{'client': [{'bytes': '05 fffeff 01'}]}," TOLD, "generation=6.0,charset=unicode", "plain", LATE, "reply data fail no-answer" },
    { "its mark, in 8",        GENUINE(DEFECT("<=8", ANY ", 'when': {'other-width': true}")), "{'client': [{'bytes': '05 fffeff 01'}]}," TOLD, "generation=8,charset=ansi", "plain", LATE, "reply data as-genuine no-answer" },
    { "no longer so in 7.0",   GENUINE(DEFECT("<=8", ANY ", 'when': {'other-width': true}")), "{'client': [{'bytes': '05 ffffffffffffff 01'}]}," TOLD, "generation=7.0,charset=ansi", "plain", LATE, "reply data fail no-answer" },
    { "no longer so in 8",     GENUINE(DEFECT("<=8", ANY ", 'when': {'other-width': true}")), "{'client': [{'bytes': '05 ffffffffffffff 01'}]}," TOLD, "generation=8,charset=ansi", "plain", LATE, "reply data fail no-answer" },
    { "the type",              GENUINE(DEFECT("<=7.0", ANY ", 'when': {'loads': ['bytearray', 'CByteArray']}")), "{'client': [{'bytearray': [1]}]}," TOLD, "generation=7.0", "plain", LATE, "reply data as-genuine no-answer" },
    { "empty",                 GENUINE(DEFECT("<=7.0", ANY ", 'when': {'loads': ['bytearray', 'CByteArray']}")), "{'client': [{'bytearray': []}]}," TOLD, "generation=7.0", "plain", LATE, "reply data fail no-answer" },
    { "another type",          GENUINE(DEFECT("<=7.0", ANY ", 'when': {'loads': ['bytearray', 'CByteArray']}")), "{'client': [{'wordarray': [1]}]}," TOLD, "generation=7.0", "plain", LATE, "reply data fail no-answer" },
    { "the class",             GENUINE(DEFECT("<=7.0", ANY ", 'when': {'loads': ['bytearray', 'CByteArray']}")), "{'client': [{'obarray': '[CAge(1),CByteArray[1,2]]'}]}," TOLD, "generation=7.0", "plain", LATE, "reply data as-genuine no-answer" },
    { "… first of two",        GENUINE(DEFECT("<=7.0", ANY ", 'when': {'loads': ['bytearray', 'CByteArray']}")), "{'client': [{'obarray': '[CByteArray[1,2],CAge(1)]'}]}," TOLD, "generation=7.0", "plain", LATE, "reply data as-genuine no-answer" },
    { "another class",         GENUINE(DEFECT("<=7.0", ANY ", 'when': {'loads': ['bytearray', 'CByteArray']}")), "{'client': [{'obarray': '[CAge(1)]'}]}," TOLD, "generation=7.0", "plain", LATE, "reply data fail no-answer" },
    { "said only behind it",   GENUINE(DEFECT("<=7.0", ANY ", 'when': {'loads': ['bytearray']}")), ASK "," TOLD ",{'client': [{'bytearray': [1]}]}", "generation=7.0", "plain", LATE, "reply data fail no-answer" },
};
// clang-format on

Test(check, tells_what_genuine_mfc_does_from_failures, .timeout = 20)
{
    for (const struct genuine_row *t = genuine_rows; t < genuine_rows + COUNT_OF(genuine_rows); t++) {
        SCRATCH(keep);
        struct library lib;
        struct trace trace = { .keep = &keep };
        talk_load(t->service, t->steps, &lib);
        struct program p = program_of(&lib, "t-1", t->profile, PARTY_CLIENT, t->delivery, &keep);
        talk_trace(t->trace, &p, &trace, &keep);
        cr_expect(eq(str, (char *)talk_found(&p, &trace, &keep), (char *)t->found), "%s", t->label);
        library_free(&lib);
    }
}

/* What is wrong is said, and then why it is no failure. */
Test(check, a_genuine_defect_is_told_with_its_reason, .timeout = 10)
{
    SCRATCH(keep);
    struct library lib;
    struct trace t = { .keep = &keep };

    talk_load(HANGS, PAIR, &lib);
    struct program p = program_of(&lib, "t-1", "generation=6.0", PARTY_CLIENT, "plain", &keep);
    talk_trace(LATE, &p, &t, &keep);
    cr_expect(eq(str, (char *)talk_told(&p, &t, &keep),
                 "no-answer: the limit passed without a byte of what was due; as MFC <=6.0 itself does [X-1]: it is old"));
    library_free(&lib);
}

/* The case's own entry says from which check on. */
Test(check, a_genuine_defect_begins_at_its_check, .timeout = 10)
{
    static const char *const suite =
        "{'format': 1, 'suite': 't', 'service': 'talk', 'cases': [\n"
        " {'id': 't-1', 'title': 'T', 'clauses': ['X-1'], 'genuine': [" DEFECT("<=6.0", "'check': 'second', 'outcome': 'hangs'") "],"
        "  'steps': [" ASK "," TOLD "," ASK ",{'server': [{'word': 0}, {'dword': 8}], 'check': 'second'}," PING "]}]}";
    static const struct {
        const char *label, *trace, *found;
    } rows[] = {
        { "before", LATE, "reply data fail no-answer" },
        { "there",  "0 open,1 >,2 =,3 >,4 late,4 over", "second data as-genuine no-answer" },
        { "behind, in a control", "0 open,1 >,2 =,3 >,4 =,5 >,6 late,6 over", "reply data as-genuine no-answer" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct library lib;
        struct findings f;
        struct trace trace = { .keep = &keep };
        library_must(TALK, suite, &lib);
        struct program p = program_of(&lib, "t-1", "generation=6.0", PARTY_CLIENT, "plain", &keep);
        talk_trace(rows[i].trace, &p, &trace, &keep);
        cr_expect(eq(str, (char *)talk_found(&p, &trace, &keep), (char *)rows[i].found), "%s", rows[i].label);
        judge(&p, &trace, &keep, &f);
        cr_expect(eq(int, verdict_fold(&f, true), i ? VERDICT_AS_GENUINE : VERDICT_FAIL), "%s", rows[i].label);
        library_free(&lib);
    }
}
