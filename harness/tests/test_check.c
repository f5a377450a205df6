/*
 * What is found in a conversation, and the cause that is named.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "talk.h"

// clang-format off
static const struct finding_row {
    const char *label, *service, *steps, *trace, *found;
} finding_rows[] = {
    { "all is well",         TALK, PAIR, "0 open,1 >,2 =,3 fin-sent,4 fin,5 over", "" },
    { "the last byte differs", TALK, PAIR, "0 open,1 >,2 <0000 08000001,2 mismatch,2 over",
      "reply data fail wrong-value @5:1 08000000/08000001" },
    { "in the first field",  TALK, PAIR, "0 open,1 >,2 <0300 08000000,2 mismatch,2 over",
      "reply data fail wrong-value @0:0 0000/0300" },
    { "big-endian",          TALK, PAIR, "0 open,1 >,2 <0000 00000008,2 mismatch,2 over",
      "reply data fail bytes-swapped @2:1 08000000/00000008" },
    { "big-endian, a word",  TALK, SHOW("{'server': [{'word': 4660}]}"), "0 open,1 >,2 <1234,2 mismatch,2 over",
      "reply data fail bytes-swapped @0:0 3412/1234" },
    { "big-endian both ways", TALK, "{'client': [{'dword': {'draw': {'min': 5, 'max': 5}, 'as': 'n'}}]},{'server': [{'dword': {'reuse': 'n', 'plus': 1}}]}",
                                   "0 open,1 >,2 <05000001,2 mismatch,2 over",
      "reply data fail bytes-swapped @0:0 06000000/05000001" },
    { "big-endian, a count", TALK, SHOW("{'server': [{'count': 70000}]}"), "0 open,1 >,2 <ffff 00011170,2 mismatch,2 over",
      "reply data fail bytes-swapped @2:0 ffff70110100/ffff00011170" },
    { "a count of 64 bits",  TALK, SHOW("{'server': [{'count': '0x100000000'}]}"), "0 open,1 >,2 <ffff ffffffff 0000000100000000,2 mismatch,2 over",
      "reply data fail bytes-swapped @9:0 ffffffffffff0000/ffffffffffff0000" },
    { "another such count",  TALK, SHOW("{'server': [{'count': '0x100000000'}]}"), "0 open,1 >,2 <ffff ffffffff 0000000002000000,2 mismatch,2 over",
      "reply data fail wrong-value @10:0 ffffffffffff0000/ffffffffffff0000" },
    { "a time of 64 bits",   TALK, SHOW("{'server': [{'time': 1}]}"), "0 open,1 >,2 <8000000a 0000000000000001,2 mismatch,2 over",
      "reply data fail bytes-swapped @0:0 0a00008001000000/8000000a" },
    { "all but its mark",    TALK, SHOW("{'server': [{'time': 1}]}"), "0 open,1 >,2 <0a000080 0000000000000001,2 mismatch,2 over",
      "reply data fail bytes-swapped @4:0 0a00008001000000/0a00008000000000" },
    { "without its marks",   TALK, SHOW("{'server': [{'count': 70000}]}"), "0 open,1 >,2 <0001 11700000,2 mismatch,2 over",
      "reply data fail wrong-value @0:0 ffff70110100/0001" },
    { "little-endian",       TALK, SHOW("{'server': [{'net16': 4660}]}"), "0 open,1 >,2 <3412,2 mismatch,2 over",
      "reply data fail bytes-swapped @0:0 1234/3412" },
    { "below its limit",     TALK, SHOW("{'server': [{'net16': {'any': true, 'min': 1}}]}"), "0 open,1 >,2 <0000,2 mismatch,2 over",
      "reply data fail differs @0:0 /0000" },
    { "beyond its limit",    TALK, SHOW("{'server': [{'byte': 1}, {'net16': {'any': true, 'max': 258}}]}"), "0 open,1 >,2 <010103,2 mismatch,2 over",
      "reply data fail differs @1:1 /0103" },
    { "fewer than nothing",  TALK, SHOW("{'server': [{'net32': {'any': true, 'as': 'n'}}, {'bytes': {'length': 'n', 'plus': -4}}]}"), "0 open,1 >,2 <00000003,2 mismatch,2 over",
      "reply data fail differs @4:1 /" },
    { "more than can be",    TALK, SHOW("{'server': [{'net32': {'any': true, 'as': 'n'}}, {'bytes': {'length': 'n'}}]}"), "0 open,1 >,2 <fffffff0 01,2 mismatch,2 over",
      "reply data fail differs @4:1 /" },
    { "a count in its longest form", TALK, SHOW("{'server': [{'count': '0x100000000'}]}"), "0 open,1 >,2 <ffff ffffffff 0000000002000000,2 mismatch,2 over",
      "reply data fail wrong-value @10:0 ffffffffffff0000/ffffffffffff0000" },
    { "elements big-endian", TALK, SHOW("{'server': [{'wordarray': [1, 2]}]}"), "0 open,1 >,2 <0200 0001 0002,2 mismatch,2 over",
      "reply data fail bytes-swapped @2:0 020001000200/020000010002" },
    { "many of them",        TALK, SHOW("{'server': [{'wordarray': {'unit': 7, 'times': 65536}}]}"), "0 open,1 >,2 <ffff 00010000 0007*65536,2 mismatch,2 over",
      "reply data fail bytes-swapped @3:0 ffff000001000700/ffff000100000007" },
    { "wide for narrow",     TALK, SHOW("{'server': [{'cstringa': 'ab'}]}"), "0 open,1 >,2 <fffeff 02 6100 6200,2 mismatch,2 over",
      "reply data fail string-width @0:0 026162/fffeff0261006200" },
    { "narrow for wide",     TALK, SHOW("{'server': [{'cstringw': 'ab'}]}"), "0 open,1 >,2 <02 6162,2 mismatch,2 over",
      "reply data fail string-width @0:0 fffeff0261006200/026162" },
    { "length in one byte",  TALK, SHOW("{'server': [{'cstringa': {'unit': 'x', 'times': 255}}]}"), "0 open,1 >,2 <ff 78*255,2 mismatch,2 over",
      "reply data fail length-escape @1:0 ffff007878787878/ff78787878787878" },
    { "two bytes before",    TALK, PAIR, "0 open,1 >,2 <7777 0000 08000000,2 mismatch,2 over",
      "reply data fail extra-bytes @0:0 0000/7777" },
    { "a refusal",           TALK, PAIR, "0 open,1 >,2 <0200 0500,2 mismatch,2 over",
      "reply data fail other-reply @0:0 0000/0200" },
    { "no string at all",    TALK, SHOW("{'server': [{'stringarray': {'any': true}}, {'word': 7}]}"), "0 open,1 >,2 <0000 0800,2 mismatch,2 over",
      "reply data fail wrong-value @2:1 0700/0800" },

    { "nothing comes",       TALK, PAIR, "0 open,1 >,2 late,2 over",
      "reply data fail no-answer" },
    { "nothing, probed",     TALK, PAIR, "0 open,1 >,2 late,2 probe,2 !,2 over",
      "reply data fail no-answer" },
    { "half of it",          TALK, PAIR, "0 open,1 >,2 <0000 08,2 late,2 over",
      "reply data fail no-answer @3:1 08000000/08" },
    { "held back",           TALK, PAIR, "0 open,1 >,2 late,2 probe,2 !,2 =,2 ?,2 over",
      "reply data fail held-back" },
    { "our end brings something else", TALK, PAIR, "0 open,1 >,2 proven,2 probe,2 !,2 proven,2 fin-sent,2 <0200 0300,2 fin,2 over",
      "reply data fail no-answer" },
    { "… or another end", TALK, PAIR, "0 open,1 >,2 proven,2 probe,2 !,2 proven,2 fin-sent,2 fin,2 over",
      "reply data fail no-answer" },
    { "… or a RST", TALK, PAIR, "0 open,1 >,2 proven,2 probe,2 !,2 proven,2 fin-sent,2 reset,2 over",
      "reply data fail no-answer" },
    { "half of it, and nothing at our end", TALK, PAIR, "0 open,1 >,2 <0000 08,2 proven,2 probe,2 !,2 proven,2 fin-sent,2 fin,2 over",
      "reply data fail no-answer @3:1 08000000/08" },
    { "held back until our end", TALK, PAIR, "0 open,1 >,2 proven,2 probe,2 !,2 proven,2 fin-sent,2 =,2 ?,2 over",
      "reply data fail held-back" },
    { "its rest held back",  TALK, PAIR, "0 open,1 >,2 <0000,2 late,2 probe,2 !,2 <08000000,2 over",
      "reply data fail held-back" },
    { "passed over",         TALK, PAIR, "0 open,1 >,2 late,2 probe,2 !,2 ?,2 over",
      "reply data fail no-answer @2:1 08000000/2869ae8d" },
    { "an end instead",      TALK, PAIR, "0 open,1 >,2 fin,2 mismatch,2 over",
      "reply data fail ended-early" },
    { "a RST instead",       TALK, PAIR, "0 open,1 >,2 reset,2 mismatch,2 over",
      "reply data fail reset" },
    { "before it was asked", TALK, PAIR, "0 open,1 <0000 08000000,1 >,3 fin-sent,4 fin,5 over",
      "reply data fail spoke-unasked" },
    { "a RST while we speak", TALK, PAIR, "0 open,1 reset,1 mismatch,1 over",
      "send end fail reset" },
    { "it takes nothing",    TALK, PAIR, "0 open,1 stopped,1 over",
      "send data fail stuck" },
    { "stopped",             TALK, PAIR, "0 open,1 >,2 stopped,2 over",
      "reply data inconclusive stopped" },
    { "refused",             TALK, PAIR, "0 refused,0 over",
      "open life fail refused" },
    { "a flood",             TALK, PAIR, "0 open,1 cut-off,1 over",
      "played life fail flood" },

    { "a byte behind it all", TALK, PAIR, "0 open,1 >,2 <0000 08000000 ff,3 fin-sent,4 mismatch,4 over",
      "end end fail extra-bytes @0:0 /ff" },
    { "a byte behind it all, later", TALK, PAIR, "0 open,1 >,2 =,3 <ff,3 fin-sent,4 mismatch,4 over",
      "end end fail stray-bytes @0:0 /ff" },
    { "the reply again behind it all", TALK, PAIR, "0 open,1 >,2 =,3 <0000 08000000,3 fin-sent,4 mismatch,4 over",
      "end end fail repeated @0:0 /000008000000" },
    { "a number too long, seen behind it all", TALK, PAIR, "0 open,1 >,2 <0000 08000000 00000000,3 fin-sent,4 mismatch,4 over",
      "end end fail wrong-size @0:0 /00000000" },
    { "bytes behind that are no such number", TALK, PAIR, "0 open,1 >,2 =,3 <01000000,3 fin-sent,4 mismatch,4 over",
      "end end fail stray-bytes @0:0 /01000000" },
    { "a byte behind, before the next request", TALK, PAIR "," ASK ",{'server': [{'word': 0}, {'dword': 8}], 'check': 'second'}", "0 open,1 >,2 <0000 08000000 ff,4 <0000 08000000,3 >,4 mismatch,4 over",
      "second data fail extra-bytes @0:0 0000/ff00" },
    { "the next reply, before its request", TALK, PAIR "," ASK ",{'server': [{'word': 0}, {'dword': 9}], 'check': 'second'}", "0 open,1 >,2 <0000 08000000 0000 09000000,3 >,5 fin-sent,6 fin,7 over",
      "second data fail spoke-unasked" },

    { "a RST at the end",    TALK, PAIR, "0 open,1 >,2 =,3 fin-sent,4 reset,5 over",
      "end end fail reset" },
    { "a RST behind its FIN", TALK, PAIR, "0 open,1 >,2 =,3 fin-sent,4 fin,5 reset,5 over",
      "end end fail reset" },
    { "a RST of the kernel's, perhaps", TALK, SHOW("{'end': 'server'},{'end': 'client'}"), "0 open,0 >,1 fin,2 fin-sent,3 reset,3 forgotten,3 over",
      "end end fail reset (should)" },
    { "a RST of the peer's for a FIN of ours", TALK, SHOW("{'end': 'server'},{'end': 'client'}"), "0 open,0 >,1 fin,2 fin-sent,3 reset,3 over",
      "end end fail reset" },
    { "a RST of the peer's before a FIN of ours", TALK, PAIR, "0 open,1 >,2 =,3 fin-sent,4 fin,4 reset,4 forgotten,5 over",
      "end end fail reset" },
    { "it never ends",       TALK, PAIR, "0 open,1 >,2 =,3 fin-sent,4 late,5 over",
      "end end fail never-ends" },
    { "it ends too late",    TALK, PAIR, "0 open,1 >,2 =,3 fin-sent,4 late,4 fin,5 over",
      "end end fail never-ends" },
    { "it ends when it was proven idle", TALK, PAIR, "0 open,1 >,2 =,3 fin-sent,4 proven,4 fin,5 over",
      "end end fail never-ends" },
    { "proven that nothing comes", TALK, PAIR, "0 open,1 >,2 proven,2 probe,2 !,2 over",
      "reply data fail no-answer" },
    { "proven, and held back", TALK, PAIR, "0 open,1 >,2 proven,2 probe,2 !,2 =,2 ?,2 over",
      "reply data fail held-back" },
    { "a silence proven",    BLUNT, PAIR ",{'silent': 'server'}", "0 open,1 >,2 =,3 proven,4 fin-sent,5 fin,6 over", "" },
    { "and refuted",         BLUNT, PAIR ",{'silent': 'server'}", "0 open,1 >,2 =,3 proven,4 <07,4 fin-sent,5 mismatch,5 over",
      "silent data fail proof-refuted; end end fail stray-bytes @0:0 /07" },
    { "an answer to the second probe", TALK, PING ",{'silent': 'server'}", "0 open,1 >,2 =,3 >,3 late,3 probe,3 !,3 ?,3 over",
      "silent data fail held-back" },
    { "it ends before us",   TALK, PING ",{'end': 'client'}", "0 open,1 >,2 =,2 fin,3 fin-sent,5 over",
      "end end fail ended-early" },
    { "it does not try again", TALK, "{'listen': 'client'}," PING, "0 late,0 over",
      "retries life fail no-retry" },
    { "it ends, and was to reset", TALK, PING ",{'reset': 'server'}", "0 open,1 >,2 =,3 fin,3 mismatch,3 over",
      "reset end fail no-reset" },
    { "it resets before us", TALK, PING ",{'reset': 'client'}", "0 open,1 >,2 =,3 reset,4 over",
      "reset end fail reset" },
    { "a byte before we reset", TALK, PING ",{'reset': 'client'}", "0 open,1 >,2 =,3 <01,3 reset-sent,4 over",
      "reset end fail stray-bytes @0:0 /01" },
    { "its end, whatever came before", TALK, PING ",{'end': 'server', 'before': 'anything'}", "0 open,1 >,2 =,3 <01,3 fin,4 fin-sent,5 over", "" },
    { "its end by a RST, as allowed", TALK, PING ",{'end': 'server', 'before': 'anything'}", "0 open,1 >,2 =,3 reset,5 over", "" },
    { "its end only behind ours", TALK, PING ",{'end': 'server', 'before': 'anything'}", "0 open,1 >,2 =,3 late,4 fin-sent,4 fin,5 over",
      "end end fail never-ends" },
    { "its end proven not to come", TALK, PING ",{'end': 'server', 'before': 'anything'}", "0 open,1 >,2 =,3 proven,4 fin-sent,4 reset,5 over",
      "end end fail never-ends" },
    { "no end at all, whatever came", TALK, PING ",{'end': 'server', 'before': 'anything'}", "0 open,1 >,2 =,3 <01,3 late,4 fin-sent,5 over",
      "end end fail never-ends" },
    { "more before we reset, as allowed", TALK, PING ",{'reset': 'client', 'before': 'anything'}", "0 open,1 >,2 =,3 <01,3 reset-sent,4 over", "" },
    { "its reset is not allowed", TALK, PING ",{'reset': 'client', 'before': 'anything'}", "0 open,1 >,2 =,3 <01,3 reset,4 over",
      "reset end fail reset" },
    { "owed when we reset",  TALK, PING "," ASK ",{'reset': 'client'}", "0 open,1 >,2 =,3 >,4 <0000,4 reset-sent,5 over", "" },

    { "silent",              TALK, PING ",{'silent': 'server'}", "0 open,1 >,2 =,3 >,3 ?,4 fin-sent,5 fin,6 over", "" },
    { "a byte in a silence", TALK, PING ",{'silent': 'server'}", "0 open,1 >,2 =,3 <07,3 >,3 mismatch,3 ?,3 over",
      "silent data fail spoke-unasked @0:0 /07" },
    { "other words in a silence", TALK, PING ",{'silent': 'server'}", "0 open,1 >,2 =,3 >,3 <070707,3 mismatch,3 over",
      "silent data fail spoke-unasked @0:0 /070707" },
    { "a silence without an answer", TALK, PING ",{'silent': 'server'}", "0 open,1 >,2 =,3 >,3 late,3 over",
      "silent data fail no-answer" },
    { "an end in a silence, with more to say", BLUNT, PAIR ",{'silent': 'server'}," ASK ",{'end': 'server'},{'end': 'client'}", "0 open,1 >,2 =,3 fin,3 quiet,4 >,6 fin-sent,7 over",
      "silent data fail ended-early" },
    { "… a RST",             BLUNT, PAIR ",{'silent': 'server'}," ASK ",{'end': 'server'},{'end': 'client'}", "0 open,1 >,2 =,3 reset,3 quiet,4 mismatch,7 over",
      "silent data fail reset; end end fail reset" },
    { "… an end that was due", BLUNT, PAIR ",{'end': 'server'},{'silent': 'server'}," ASK ",{'end': 'client'}", "0 open,1 >,2 =,3 fin,4 quiet,5 >,6 fin-sent,7 over",
      "silent data pass-timed" },
    { "… and the end behind it", BLUNT, PAIR ",{'silent': 'server'},{'end': 'server'},{'end': 'client'}", "0 open,1 >,2 =,3 fin,3 quiet,5 fin-sent,6 over",
      "silent data pass-timed" },
    { "waited for",          BLUNT, PAIR ",{'silent': 'server'}", "0 open,1 >,2 =,3 quiet,4 fin-sent,5 fin,6 over",
      "silent data pass-timed" },
    { "a byte before the wait was over", BLUNT, PAIR ",{'silent': 'server'}", "0 open,1 >,2 =,3 <07,3 quiet,4 fin-sent,5 mismatch,5 over",
      "silent data fail spoke-unasked @0:0 /07; end end fail stray-bytes @0:0 /07" },
    { "a byte while we wait", BLUNT, PAIR ",{'silent': 'server'}", "0 open,1 >,2 =,3 <07,3 mismatch,3 over",
      "silent data fail spoke-unasked @0:0 /07" },
    { "a failed control",    TALK, PING, "0 open,1 >,2 <0000 00000000,2 mismatch,2 over",
      "reply data fail wrong-value @2:1 5b036050/00000000" },
};
// clang-format on

Test(check, names_what_it_found, .timeout = 20)
{
    for (const struct finding_row *t = finding_rows; t < finding_rows + COUNT_OF(finding_rows); t++) {
        SCRATCH(keep);
        struct library lib;
        struct trace trace = { .keep = &keep };
        talk_load(t->service, t->steps, &lib);
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        talk_trace(t->trace, &p, &trace, &keep);
        cr_expect(eq(str, (char *)talk_found(&p, &trace, &keep), (char *)t->found), "%s", t->label);
        library_free(&lib);
    }
}

/* Who answers only behind the probe may have read more than was said: with a DWORD of eight bytes, for one. */
Test(check, what_came_late_may_have_waited_for_more, .timeout = 20)
{
    SCRATCH(keep);
    struct library lib;
    struct trace trace = { .keep = &keep };
    struct findings f;
    bool told = false;
    static const char steps[] = ASK ",{'server': [{'word': 0}, {'dword': {'any': true}}]}";

    talk_load(TALK, steps, &lib);
    struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
    talk_trace("0 open,1 >,2 late,2 probe,2 !,2 =,2 ?,2 over", &p, &trace, &keep);
    judge(&p, &trace, &keep, &f);
    for (size_t i = 0; i < f.items[0].other_count; i++)
        told |= strcmp(f.items[0].others[i].cause, "wrong-size") == 0;
    cr_expect(eq(str, (char *)f.items[0].cause, "held-back"));
    cr_expect(told);
    library_free(&lib);
}

/* A delivery may join a request with the beginning of the next: what is owed for it may come before the rest of that one has been sent. */
Test(check, a_reply_to_what_was_joined_with_a_part_is_not_unasked, .timeout = 20)
{
    static const struct {
        const char *trace, *found;
    } rows[] = {
        { "0 open,1 >,2 >,3 =,4 =,5 fin-sent,6 fin,7 over", "" },
        { "0 open,1 >,2 <0700,2 >,4 =,5 fin-sent,6 fin,7 over", "" },
        { "0 open,1 <0700,1 >,2 >,4 =,5 fin-sent,6 fin,7 over", "first data fail spoke-unasked" },
    };
    static const char steps[] = "{'client': [{'word': 1}]},{'client': [{'word': 2}], 'part': true},{'client': [{'word': 3}]},"
                                "{'server': [{'word': 7}], 'check': 'first'},{'server': [{'word': 8}], 'check': 'second'}";
    struct library lib;
    size_t met = 0;

    talk_load(TALK, steps, &lib);
    for (uint64_t seed = 1; seed < 64; seed++) {
        SCRATCH(keep);
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        delivery_find("random")->apply(&p, seed, &keep);
        if (p.count != 7 || p.ops[1].message_count != 1 || p.ops[1].whole || p.ops[2].kind != OP_SEND)
            continue;
        met++;
        for (size_t i = 0; i < COUNT_OF(rows); i++) {
            struct trace t = { .keep = &keep };
            talk_trace(rows[i].trace, &p, &t, &keep);
            cr_expect(eq(str, (char *)talk_found(&p, &t, &keep), (char *)rows[i].found), "%s", rows[i].trace);
        }
    }
    library_free(&lib);
    cr_expect(gt(sz, met, 0));
}

/* A delivery may put a request before the reply to another, and leave the next where it is: what is owed for the first may then
 * come before the next has been sent, and what is owed for the next may not. */
Test(check, a_reply_to_what_was_joined_ahead_is_not_unasked, .timeout = 20)
{
    static const struct {
        const char *trace, *found;
    } rows[] = {
        { "0 open,1 >,2 =,3 >,4 =,5 =,6 fin-sent,7 fin,8 over", "" },
        { "0 open,1 >,2 =,3 <0800,3 >,5 =,6 fin-sent,7 fin,8 over", "" },
        { "0 open,1 <0700,1 >,3 >,4 =,5 =,6 fin-sent,7 fin,8 over", "reply data fail spoke-unasked" },
    };
    static const char steps[] = "{'client': [{'word': 1}]},{'server': [{'word': 7}]},{'client': [{'word': 2}]},{'client': [{'word': 3}]},"
                                "{'server': [{'word': 8}], 'check': 'second'},{'server': [{'word': 9}], 'check': 'third'}";
    struct library lib;
    size_t met = 0;

    talk_load(TALK, steps, &lib);
    for (uint64_t seed = 1; seed < 64; seed++) {
        SCRATCH(keep);
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        delivery_find("random")->apply(&p, seed, &keep);
        if (p.count != 8 || p.ops[1].message_count != 1 || p.ops[2].kind != OP_RECEIVE || p.ops[3].kind != OP_SEND)
            continue;
        met++;
        for (size_t i = 0; i < COUNT_OF(rows); i++) {
            struct trace t = { .keep = &keep };
            talk_trace(rows[i].trace, &p, &t, &keep);
            cr_expect(eq(str, (char *)talk_found(&p, &t, &keep), (char *)rows[i].found), "%s", rows[i].trace);
        }
    }
    cr_expect(gt(sz, met, 0));
    library_free(&lib);
}
/* What a peer keeps until more comes is counted: what had been asked for, whole, and nothing else. */
Test(check, counts_what_was_held_back, .timeout = 10)
{
    static const char steps[] = "{'client': [{'word': 4}, {'dword': 7}, {'word': 4}, {'dword': 7}]}," TOLD ",{'server': [{'word': 0}, {'dword': 8}], 'check': 'second'}";
    static const struct {
        const char *trace, *ends;
    } rows[] = {
        { "0 open,1 >,2 late,2 probe,2 !,2 <0000 08000000,2 over", ": a complete message was held back until more bytes arrived" },
        { "0 open,1 >,2 late,2 probe,2 !,2 <0000 08000000 0000 08000000,2 over", ": 2 complete messages were held back until more bytes arrived" },
        { "0 open,1 >,2 late,2 probe,2 !,2 <0000 08000000 0000 080000,2 over", ": a complete message was held back until more bytes arrived" },
        { "0 open,1 >,2 late,2 probe,2 !,2 <0000 08000000 0000 09000000,2 over", ": a complete message was held back until more bytes arrived" },
    };
    struct library lib;

    talk_load(TALK, steps, &lib);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct trace t = { .keep = &keep };
        struct findings f;
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        talk_trace(rows[i].trace, &p, &t, &keep);
        judge(&p, &t, &keep, &f);
        const char *sentence = NULL;
        for (size_t k = 0; k < f.count && !sentence; k++)
            sentence = f.items[k].sentence;
        cr_expect(sentence && strstr(sentence, rows[i].ends), "%s: %s", rows[i].trace, sentence);
    }
    library_free(&lib);
}

Test(check, tells_a_rst_behind_a_fin_from_one_in_its_place, .timeout = 10)
{
    static const struct {
        const char *trace, *begins;
    } rows[] = {
        { "0 open,1 >,2 =,3 fin-sent,4 reset,5 over", "the connection ended with a RST, not with FIN" },
        { "0 open,1 >,2 =,3 fin-sent,4 fin,5 reset,5 over", "the peer reset the connection behind its FIN" },
    };
    static const char steps[] = PAIR;
    struct library lib;

    talk_load(TALK, steps, &lib);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct trace t = { .keep = &keep };
        struct findings f;
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        talk_trace(rows[i].trace, &p, &t, &keep);
        judge(&p, &t, &keep, &f);
        cr_expect(strncmp(f.items[f.count - 1].sentence, rows[i].begins, strlen(rows[i].begins)) == 0, "%s", f.items[f.count - 1].sentence);
    }
    library_free(&lib);
}

Test(check, keeps_what_was_asked_for_by_name, .timeout = 10)
{
    SCRATCH(keep);
    struct library lib;
    struct trace t = { .keep = &keep }, cut = { .keep = &keep };
    static const char steps[] = ASK ",{'server': [{'word': {'any': true, 'as': 'a'}}, {'cstringa': {'any': true, 'as': 's'}}]}";

    talk_load(TALK, steps, &lib);
    struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
    talk_trace("0 open,1 >,2 <0700 02 6162,3 fin-sent,4 fin,5 over", &p, &t, &keep);
    cr_expect(eq(u64, judge_kept(&p, &t, "a", &keep)->number, 7));
    cr_expect(bytes_equal(judge_kept(&p, &t, "s", &keep)->data, bytes_of("ab")));
    cr_expect(judge_kept(&p, &t, "x", &keep) == NULL);
    talk_trace("0 open,1 >,2 <0700 02 61,2 late,2 over", &p, &cut, &keep);
    cr_expect(judge_kept(&p, &cut, "a", &keep) == NULL);
    library_free(&lib);
}
