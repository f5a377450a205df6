/*
 * Causes that are seen by holding the messages that came against those that were due: golden sentences for each edit that makes the
 * one of the other, and for what is none.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

#include "base/hex.h"
#include "check/check.h"
#include "test_vector.h"

#define SERVICE(answer)                                                                            \
    "{'format': 1, 'service': 'talk', 'first-control': 'ping', 'probe': 'ping', 'pipelining': true,\n" \
    " 'end': {'name': 'end', 'clauses': ['X-1']},\n"                                               \
    " 'controls': {'ping': [ {'client': [{'word': 4}, {'dword': {'draw': {}, 'as': 'n'}}]},\n"     \
    "                        {'server': [" answer "]} ]}}"
#define TALK SERVICE("{'word': 0}, {'dword': {'reuse': 'n', 'plus': 1}}")
#define VAGUE SERVICE("{'dword': {'any': true}}")

#define ASK(n, on)        "{'client': [{'word': 4}, {'dword': " n "}], 'on': '" on "'}"
#define TELL(n, on, name) "{'server': [{'word': 0}, {'dword': " n "}], 'on': '" on "', 'check': '" name "'}"
#define ONE               ASK("7", "a") "," TELL("8", "a", "first")
#define SECOND            ONE "," ASK("9", "a") "," TELL("10", "a", "second")
#define THREE                                                                                      \
    "{'client': [{'word': 4}, {'dword': 7}, {'word': 4}, {'dword': 8}, {'word': 4}, {'dword': 9}], 'on': 'a'}," \
    TELL("8", "a", "first") "," TELL("9", "a", "second") "," TELL("10", "a", "third")
#define BOTH   ASK("1", "a") "," TELL("2", "a", "begun") "," ASK("9", "b") "," ASK("7", "a") "," TELL("8", "a", "first") "," TELL("10", "b", "second")
#define PIECES ONE ",{'client': [{'word': 4}], 'part': true, 'on': 'a'},{'client': [{'dword': 9}], 'on': 'a'}," TELL("10", "a", "second")
#define ENDS   ONE "," ASK("9", "a") ",{'end': 'server', 'on': 'a', 'check': 'end'}"
#define OBJECT_ENDS "{'client': [{'word': 1}], 'on': 'a'},{'server': [{'object': 'CAge(7)'}], 'on': 'a', 'check': 'first'}," ASK("9", "a") ",{'end': 'server', 'on': 'a', 'check': 'end'}"
#define PART   "{'client': [{'word': 4}, {'dword': 7}, {'word': 4}], 'part': true, 'on': 'a'}," TELL("8", "a", "first")
#define NOTE   "{'client': [{'word': 5}], 'on': 'a'}," ASK("7", "a") "," TELL("8", "a", "first")
#define QUIET  "{'client': [{'word': 5}], 'on': 'a'},{'silent': 'server', 'on': 'a'}," ASK("7", "a") "," TELL("8", "a", "first")
#define COARSE                                                                                     \
    "{'client': [{'word': 4}, {'dword': 7}, {'word': 4}, {'dword': 8}], 'on': 'a'},{'server': [{'dword': 8}], 'on': 'a', 'check': 'first'}," \
    "{'server': [{'dword': 9}], 'on': 'a', 'check': 'second'}"

#define PAIR_OF(first, second, on) "{'client': [{'word': 4}, {'dword': 7}, {'word': 4}, {'dword': 8}], 'on': 'a'},{'server': [" first "], 'on': 'a', 'check': 'first'}," \
    "{'server': [" second "], 'on': '" on "', 'check': 'second'}"
#define ASKED(own, first, second) "{'client': [{" own "}], 'on': 'a'},{'server': [" first "], 'on': 'a', 'check': 'first'},{'client': [{" own "}], 'on': 'a'},{'server': [" second "], 'on': 'a', 'check': 'second'}"
#define EITHER "{'client': [{'word': 4}, {'dword': 7}, {'word': 4}, {'dword': 8}], 'on': 'a'},{'server': [{'word': 0}, {'dword': 8}], 'on': 'a', 'check': 'first', 'optional': true}," \
    TELL("9", "a", "second") "," TELL("10", "a", "third")
#define HEARD  "{'open': 'client', 'on': 'a'}," ASK("7", "b") "," TELL("8", "a", "first") "," TELL("9", "a", "second")
#define AT_ONCE                                                                                    \
    "{'client': [{'word': 4}, {'dword': 7}, {'word': 4}, {'dword': 8}, {'word': 4}, {'dword': 9}], 'on': 'a'}," \
    "{'server': [{'word': 0}, {'dword': 8}, {'word': 0}, {'dword': 9}, {'word': 0}, {'dword': 10}], 'on': 'a', 'check': 'all'}"
#define EMPTY  "{'client': [{'word': 1}, {'byte': 0}], 'on': 'a'},{'server': [{'word': 0}], 'on': 'a', 'check': 'first'}"
#define HALF   "{'client': [{'word': 4}], 'part': true, 'on': 'a'},{'silent': 'server', 'on': 'a', 'check': 'quiet'},{'client': [{'dword': 9}], 'on': 'a'}," TELL("10", "a", "second")
#define LAST   "{'client': [{'word': 5}], 'on': 'a'},{'end': 'client', 'on': 'a'},{'end': 'server', 'on': 'a', 'check': 'end'}"
#define QUIT   ONE ",{'end': 'server', 'on': 'a', 'check': 'end'}"

// clang-format off
static const struct aligned_row {
    const char *label, *service, *steps;
    const char *trace; // OP, @CONNECTION where it is another than the op's, and > sent, ! the probe, = as due, <hex received, or a name
    const char *found; // what is said of the check that fails
} rows[] = {
    { "the reply before, once more",     TALK, SECOND, "0 open,1 >,2 =,3 >,4 <0000080000000000 0a000000,4 over", "second repeated: the reply before came once more, and what was due behind it" },
    { "and again",                       TALK, SECOND, "0 open,1 >,2 =,3 >,4 <000008000000000008000000,4 <00000a000000,4 over", "second repeated: 2 replies came once more, and what was due behind them" },
    { "our own words first",             TALK, SECOND, "0 open,1 >,2 =,3 >,4 <0400090000000000 0a000000,4 over", "second echo: a message of our own stands before what was due" },
    { "that of another connection first", TALK, BOTH,  "0 open,1 >,2 =,3 open,4 >,5 >,6 <00000a000000000008000000,6 over", "first wrong-request: the reply that is due on another connection stands before what was due" },
    { "the first is left out",           TALK, THREE,  "0 open,1 >,2 <0000090000000000 0a000000,2 over", "first dropped: what came is the reply to a later request, and nothing came for this one: it was dropped" },
    { "two are left out",                TALK, THREE,  "0 open,1 >,2 <00000a000000,2 over", "first dropped: 2 requests were dropped: what came are the replies to later ones" },
    { "in another order",                TALK, THREE,  "0 open,1 >,2 <000009000000000008000000,2 <00000a000000,2 over", "first wrong-request: the reply to a later request stands before the one that was due" },
    { "in the reverse order",            TALK, THREE,  "0 open,1 >,2 <00000a000000000009000000,2 <000008000000,2 over", "first wrong-request: 2 replies to later requests stand before the one that was due" },
    { "a message that nobody asked for", TALK, ONE,    "0 open,1 >,2 <000063000000000008000000,2 over", "first spoke-unasked: a message that nobody had asked for stands before what was due" },
    { "two of them",                     TALK, ONE,    "0 open,1 >,2 <000063000000000064000000,2 <000008000000,2 over", "first spoke-unasked: 2 messages that nobody had asked for stand before what was due" },
    { "bytes that are no message",       TALK, ONE,    "0 open,1 >,2 <06000000000008000000,2 over", "first extra-bytes: 4 bytes stand before what was due" },
    { "another one in its place",        TALK, ONE,    "0 open,1 >,2 <000063000000,2 over", "first wrong-value: the value is another one: the DWORD reads 99 where 8 is due" },
    { "on another connection",           TALK, BOTH,   "0 open,1 >,2 =,3 open,4 >,5 >,6@1 <000008000000,6 late,6 over", "first wrong-request: the reply that is due here came on connection b" },
    { "… and something else there",      TALK, BOTH,   "0 open,1 >,2 =,3 open,4 >,5 >,6@1 <00000a000000,6 late,6 over", "first no-answer: the limit passed without a byte of what was due" },
    { "… with the probe's answer here",  TALK, BOTH,   "0 open,1 >,2 =,3 open,4 >,5 >,6@1 <000008000000,6 late,6 probe,6 !,6 ?,6 over", "first wrong-request: the reply that is due here came on connection b" },
    { "… behind that one's own",         TALK, BOTH,   "0 open,1 >,2 =,3 open,4 >,5 >,6@1 <00000a000000000008000000,6 late,6 over", "first wrong-request: the reply that is due here came on connection b" },
    { "an answer where the end is due",  TALK, ENDS,   "0 open,1 >,2 =,3 >,4 <00000a000000,4 mismatch,4 over", "end not-refused: 6 bytes came where the connection was to end: the peer answered what it must refuse" },
    { "… that is no answer",             TALK, ENDS,   "0 open,1 >,2 =,3 >,4 <ff,4 mismatch,4 over", "end stray-bytes: 1 byte came behind all that was due" },
    { "… that begins as our words",      TALK, ENDS,   "0 open,1 >,2 =,3 >,4 <0400090007,4 mismatch,4 over", "end not-refused: 5 bytes came where the connection was to end: the peer answered what it must refuse" },
    { "… with three of their bytes",     TALK, ENDS,   "0 open,1 >,2 =,3 >,4 <0400090107,4 mismatch,4 over", "end stray-bytes: 5 bytes came behind all that was due" },
    { "… an object",                     TALK, OBJECT_ENDS, "0 open,1 >,2 =,3 >,4 <018008000000,4 mismatch,4 over", "end not-refused: 6 bytes came where the connection was to end: the peer answered what it must refuse" },
    { "… null",                          TALK, OBJECT_ENDS, "0 open,1 >,2 =,3 >,4 <0000,4 mismatch,4 over", "end not-refused: 2 bytes came where the connection was to end: the peer answered what it must refuse" },
    { "… half of one",                   TALK, OBJECT_ENDS, "0 open,1 >,2 =,3 >,4 <0180080000,4 mismatch,4 over", "end stray-bytes: 5 bytes came behind all that was due" },
    { "… one and a byte",                TALK, OBJECT_ENDS, "0 open,1 >,2 =,3 >,4 <01800800000009,4 mismatch,4 over", "end stray-bytes: 7 bytes came behind all that was due" },
    { "… one of a class that nobody has described", TALK, OBJECT_ENDS, "0 open,1 >,2 =,3 >,4 <038008000000,4 mismatch,4 over", "end stray-bytes: 6 bytes came behind all that was due" },
    { "… where none is due",             TALK, ENDS,   "0 open,1 >,2 =,3 >,4 <0000,4 mismatch,4 over", "end stray-bytes: 2 bytes came behind all that was due" },
    { "… that came before it",           TALK, ENDS,   "0 open,1 >,2 <0000080000000000 0a000000,3 >,4 mismatch,4 over", "end stray-bytes: 6 bytes came behind all that was due" },
    { "a part of the next behind it",    TALK, PART,   "0 open,1 >,2 proven,2 over", "first held-back: the peer provably waits for input without a byte of what was due: a part of the next message lies behind its request, and the reply is held back until that is whole" },
    { "more behind what has no reply",   TALK, NOTE,   "0 open,1 >,2 >,3 <00000000 08000000,3 over", "first spoke-unasked: 2 bytes came where nothing was due: a message that has no reply was answered" },
    { "… and a silence",                 TALK, QUIET,  "0 open,1 >,2 >,2 =,3 >,4 <00000000 08000000,4 over", "first padded: bytes stand before DWORD, so that it begins at a multiple of its size" },
    { "an end at a cut",                 TALK, PIECES, "0 open,1 >,2 =,3 >,3 fin,4 >,5 mismatch,5 over", "second false-end: the peer ended the connection before a byte of what was due, where its request came in pieces: it takes the end of what has arrived for the end of the stream" },
    { "an end at none",                  TALK, SECOND, "0 open,1 >,2 =,3 >,4 fin,4 mismatch,4 over", "second ended-early: the peer ended the connection before a byte of what was due" },
    { "an end at a cut, and it had never said a word", TALK, "{'client': [{'word': 4}], 'part': true, 'on': 'a'},{'client': [{'dword': 9}], 'on': 'a'}," TELL("10", "a", "second"), "0 open,1 >,2 >,3 fin,3 mismatch,3 over", "second false-end: the peer ended the connection before a byte of what was due, where its request came in pieces: it takes the end of what has arrived for the end of the stream" },
    { "passed over",                     TALK, ONE,    "0 open,1 >,2 late,2 probe,2 !,2 ?,2 over", "first no-answer: what was due never came, while the probe behind it was answered: the request, which came by itself, was read and passed over" },
    { "dropped with others",             TALK, THREE,  "0 open,1 >,2 late,2 probe,2 !,2 ?,2 over", "first dropped: what was due never came, while the probe behind it was answered: the message was dropped" },
    { "dropped behind one that was answered", TALK, THREE, "0 open,1 >,2 =,3 late,3 probe,3 !,3 ?,3 over", "second dropped: what was due never came, while the probe behind it was answered: the message was dropped" },
    { "an answer to the probe by which it is not known", VAGUE, COARSE, "0 open,1 >,2 =,3 late,3 probe,3 !,3 <63000000,3 over", "second dropped: what was due never came, while the probe behind it was answered: the message was dropped" },
    { "in another order, where nothing is asked", TALK, HEARD, "0 open,1 open,2 >,3 <000009000000000008000000,3 over", "first wrong-request: the reply to a later request stands before the one that was due" },
    { "nothing where nothing is asked, for the other connection has ended", TALK, HEARD, "0 open,1 open,2 >,2 fin,3 late,3 over", "first no-answer: the limit passed without a byte of what was due: the peer had ended connection b, on which it was asked for this" },
    { "… that we had ended",             TALK, HEARD,  "0 open,1 open,2 >,2 fin-sent,2 fin,3 late,3 over", "first no-answer: the limit passed without a byte of what was due" },
    { "one reply of three",              TALK, AT_ONCE, "0 open,1 >,2 <000008000000,2 late,2 probe,2 !,2 ?,2 over", "all dropped: 1 of 3 replies came, and nothing for the others: they were dropped" },
    { "two of three, without the second", TALK, AT_ONCE, "0 open,1 >,2 <00000800000000000a000000,2 late,2 probe,2 !,2 ?,2 over", "all dropped: 2 of 3 replies came, and nothing for the other: it was dropped" },
    { "… one for the probe",             TALK, AT_ONCE, "0 open,1 >,2 <000008000000,2 proven,2 probe,2 !,2 <000009000000,2 over", "all held-back: 6 bytes of what was due came only behind the probe, and not all of it by then: messages are held back until more bytes arrive" },
    { "one of them twice",               TALK, AT_ONCE, "0 open,1 >,2 <000008000000000008000000 000009000000 00000a000000,2 over", "all repeated: the 6 bytes before came once more, and what was due behind them" },
    { "passed over, and the probe's answer begins as what was due", TALK, EMPTY, "0 open,1 >,2 late,2 probe,2 !,2 ?,2 over", "first no-answer: what was due never came, while the probe behind it was answered: the request, which came by itself, was read and passed over" },
    { "a piece that is waited for",      TALK, PIECES, "0 open,1 >,2 =,3 >,4 >,5 proven,5 over", "second dropped: the peer waits for more, where its request has come whole and in pieces: it threw one of them away" },
    { "… and an end behind the probe",   TALK, PIECES, "0 open,1 >,2 =,3 >,4 >,5 proven,5 probe,5 !,5 fin,5 over", "second dropped: the peer waits for more, where its request has come whole and in pieces: it threw one of them away" },
    { "an end at a half",                TALK, HALF,   "0 open,1 >,2 fin,2 over", "quiet ended-early: the peer ended the connection before the silence was over, when a part of a message had come" },
    { "a reply to what has none, before the end", TALK, LAST, "0 open,1 >,1 <ff,2 fin-sent,3 over", "end spoke-unasked: 1 byte came behind all that was due: a message that has no reply was answered" },
    { "… behind ours",                   TALK, LAST,   "0 open,1 >,2 fin-sent,3 <ff,3 over", "end stray-bytes: 1 byte came behind all that was due" },
    { "a reply where the end is due",    TALK, QUIT,   "0 open,1 >,2 =,3 <000009000000,3 over", "end never-ends: 6 bytes came behind all that was due, and they are a reply: the peer went on where it was to end" },
    { "a text first",                    TALK, ONE,    "0 open,1 >,2 <03616263000008000000,2 over", "first spoke-unasked: a text of 4 bytes stands before the first reply of the connection: a greeting" },
    { "… that came before it",           VAGUE, COARSE, "0 open,1 >,2 =,3 <63000000,3 over", "second wrong-value: the value is another one: the DWORD reads 99 where 9 is due" },
    /* The answer to the probe behind all that is due. */
    { "the reply before, and the probe's answer", TALK, SECOND, "0 open,1 >,2 =,3 >,4 <0000080000000000 0a000000,4 probe,4 !,4 ?,4 over", "second repeated: the reply before came once more, and what was due behind it" },
    { "… in place of what is due",       TALK, SECOND, "0 open,1 >,2 =,3 >,4 <000008000000,4 probe,4 !,4 ?,4 over", "second wrong-request: what came is the reply to an earlier request, once more" },
    { "left out, and the probe's answer", TALK, THREE, "0 open,1 >,2 <0000090000000000 0a000000,2 probe,2 !,2 ?,2 over", "first dropped: what came is the reply to a later request, and nothing came for this one: it was dropped" },
    { "… and more behind it",            TALK, THREE,  "0 open,1 >,2 <0000090000000000 0a000000,2 probe,2 !,2 ?,2 <ff,2 over", "first wrong-request: what came is the reply to a later request" },
    /* Messages of three bytes tell, of two they do not. */
    { "again, of three bytes",           TALK, ASKED("'word': 4", "{'byte': 1}, {'word': 7}", "{'byte': 1}, {'word': 9}"), "0 open,1 >,2 =,3 >,4 <010700010900,4 over", "second repeated: the reply before came once more, and what was due behind it" },
    { "… of two",                        TALK, ASKED("'word': 4", "{'byte': 1}, {'byte': 7}", "{'byte': 1}, {'byte': 9}"), "0 open,1 >,2 =,3 >,4 <01070109,4 over", "second repeated: the reply before came once more, and what was due behind it" },
    { "our own, of four bytes",          TALK, ASKED("'dword': 4", "{'byte': 1}, {'word': 7}", "{'byte': 1}, {'word': 9}"), "0 open,1 >,2 =,3 >,4 <04000000010900,4 over", "second echo: a message of our own stands before what was due" },
    { "… of two",                        TALK, ASKED("'word': 4", "{'byte': 1}, {'word': 7}", "{'byte': 1}, {'word': 9}"), "0 open,1 >,2 =,3 >,4 <0400010900,4 over", "second extra-bytes: 2 bytes stand before what was due" },
    { "left out, and three bytes come",  TALK, PAIR_OF("{'byte': 1}, {'word': 7}", "{'byte': 1}, {'word': 9}", "a"), "0 open,1 >,2 <010900,2 over", "first dropped: what came is the reply to a later request, and nothing came for this one: it was dropped" },
    { "… and two",                       TALK, PAIR_OF("{'byte': 1}, {'byte': 7}", "{'byte': 1}, {'byte': 9}", "a"), "0 open,1 >,2 <0109,2 over", "first wrong-value: the value is another one: the BYTE reads 9 where 7 is due" },
    { "another order, of three bytes",   TALK, PAIR_OF("{'byte': 1}, {'word': 7}", "{'byte': 1}, {'word': 9}", "a"), "0 open,1 >,2 <010900010700,2 over", "first wrong-request: the reply to a later request stands before the one that was due" },
    { "… of two",                        TALK, PAIR_OF("{'byte': 1}, {'byte': 7}", "{'byte': 1}, {'byte': 9}", "a"), "0 open,1 >,2 <01090107,2 over", "first extra-bytes: 2 bytes stand before what was due" },
    { "unasked, of three bytes",         TALK, PAIR_OF("{'byte': 1}, {'word': 7}", "{'byte': 1}, {'word': 9}", "a"), "0 open,1 >,2 <016300010700,2 over", "first spoke-unasked: a message that nobody had asked for stands before what was due" },
    { "… that begins otherwise",         TALK, PAIR_OF("{'byte': 1}, {'word': 7}", "{'byte': 1}, {'word': 9}", "a"), "0 open,1 >,2 <026300010700,2 over", "first extra-bytes: 3 bytes stand before what was due" },
    { "… a text",                        TALK, PAIR_OF("{'cstringa': 'abc'}, {'byte': 7}", "{'cstringa': 'abc'}, {'byte': 9}", "a"), "0 open,1 >,2 <02786305 0361626307,2 over", "first spoke-unasked: a message that nobody had asked for stands before what was due" },
    { "… a text of the other width",     TALK, PAIR_OF("{'cstringa': 'abc'}, {'byte': 7}", "{'cstringa': 'abc'}, {'byte': 9}", "a"), "0 open,1 >,2 <fffeff01780005 0361626307,2 over", "first extra-bytes: 7 bytes stand before what was due" },
    /* What had not been asked for is no reply to it. */
    { "a reply to what was not said yet", TALK, SECOND, "0 open,1 >,2 <00000a000000,2 over", "first wrong-value: the value is another one: the DWORD reads 10 where 8 is due" },
    { "… and then the right one",        TALK, SECOND, "0 open,1 >,2 <00000a000000000008000000,2 over", "first spoke-unasked: a message that nobody had asked for stands before what was due" },
    { "another connection's, not asked there", TALK, BOTH, "0 open,1 >,2 <00000a000000000002000000,2 over", "begun spoke-unasked: a message that nobody had asked for stands before what was due" },
    { "where any of several may come",   TALK, EITHER, "0 open,1 >,2 <00000a000000000009000000,2 over", "second wrong-request: what came is the reply to a later request" },
    /* On another connection, where nothing came here. */
    { "its end there",                   TALK, BOTH,   "0 open,1 >,2 =,3 open,4 >,5 >,6@1 <ff000008000000,6 late,6 over", "first wrong-request: the reply that is due here came on connection b" },
    { "its middle there",                TALK, BOTH,   "0 open,1 >,2 =,3 open,4 >,5 >,6@1 <ff000008000000ff,6 late,6 over", "first no-answer: the limit passed without a byte of what was due" },
    { "before it was asked for",         TALK, BOTH,   "0 open,1 >,2 =,3 open,4 >,4@1 <000008000000,5 >,6 late,6 over", "first no-answer: the limit passed without a byte of what was due" },
};
// clang-format on

static void event_read(const char *event, const struct program *p, struct trace *t, struct arena *keep)
{
    unsigned op, on;
    char word[64];
    bool elsewhere = sscanf(event, "%u@%u %63[^\n]", &op, &on, word) == 3;

    cr_assert(elsewhere || sscanf(event, "%u %63[^\n]", &op, word) == 2, "%s", event);
    on = elsewhere ? on : p->ops[op].on;
    if (*word == '>') {
        trace_add_data(t, TRACE_SENT, on, op, 0, p->ops[op].bytes, 1);
    } else if (*word == '!') {
        trace_add_data(t, TRACE_SENT, on, op, 0, p->probe.bytes, 1);
    } else if (*word == '?') {
        trace_add_data(t, TRACE_RECEIVED, on, op, 0, p->probe.answer, 0);
    } else if (*word == '=') {
        trace_add_data(t, TRACE_RECEIVED, on, op, 0, p->ops[op].kind == OP_SILENT ? p->ops[op].answer : p->ops[op].bytes, 0);
    } else if (*word == '<') {
        struct bytes came;
        cr_assert(hex_read(word + 1, keep, &came) == NULL, "%s", event);
        trace_add_data(t, TRACE_RECEIVED, on, op, 0, came, 0);
    } else {
        enum trace_kind kind = TRACE_OPEN;
        while (kind < TRACE_OVER && (!trace_name(kind) || strcmp(trace_name(kind), word) != 0))
            kind++;
        cr_assert(strcmp(trace_name(kind), word) == 0, "%s", word);
        trace_add(t, kind, on, op, 0);
    }
}

Test(alignment, names_the_one_edit_that_explains_all_that_came, .timeout = 20)
{
    for (const struct aligned_row *r = rows; r < rows + COUNT_OF(rows); r++) {
        SCRATCH(keep);
        struct library lib;
        struct findings f;
        struct trace t = { .keep = &keep };
        char suite[2048];
        snprintf(suite, sizeof suite, "{'format': 1, 'suite': 't', 'service': 'talk', 'cases': [\n {'id': 't-1', 'title': 'T', 'clauses': ['X-1'], 'steps': [%s]}]}", r->steps);
        library_loads(r->service, suite, &lib);
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        char *rest = arena_string(&keep, r->trace);
        for (char *event; (event = strsep(&rest, ","));)
            event_read(event, &p, &t, &keep);
        t.events = memcpy(ARENA_ARRAY(&keep, t.count, struct trace_event), t.events, t.count * sizeof *t.events); // no room behind the last
        t.room = t.count;
        judge(&p, &t, &keep, &f);
        const struct finding *one = &f.items[f.count - 1];
        const char *said = arena_printf(&keep, "%s %s: %s", one->check.name, one->cause, one->sentence);
        cr_expect(eq(str, (char *)said, (char *)r->found), "%s", r->label);
        library_free(&lib);
    }
}
