/*
 * Causes that lie in the exchange, at their edges: what stands before, amid, behind or in the place of what is due, by one byte more
 * or less than what a rule speaks of, on this connection and on another, asked for and not.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "talk.h"

#define SAID(word)        "{'client': [{'word': " #word "}]}"
#define DUE(hex, check)   "{'server': [{'bytes': '" hex "'}], 'check': '" check "'}"
#define ON(steps, on)     "{" steps ", 'on': '" on "'}"
#define OBJECT(text)      "{'client': [{'word': 1}]},{'server': [{'object': '" text "'}]}"
#define LAST(got)         "0 open,1 >,2 <" got ",2 mismatch,2 over"
#define TWO(got)          "0 open,1 >,2 >,3 <" got ",3 mismatch,3 over"
#define THIRD(got)        "0 open,1 >,2 =,3 >,4 <" got ",4 mismatch,4 over"

// clang-format off
static const struct exchange_row {
    const char *label, *steps, *trace, *told;
} rows[] = {
    { "our own bytes, four of them", "{'client': [{'dword': 7}]},{'server': [{'dword': 9}]}",
      LAST("07000000"), "echo: what came are our own bytes, 4 of them" },
    { "… and three", "{'client': [{'raw:3': '010203'}]},{'server': [{'dword': 9}]}",
      LAST("010203 00"), "wrong-value: the value is another one: the DWORD reads 197121 where 9 is due" },
    { "… with others behind them", "{'client': [{'dword': 7}]},{'server': [{'dword': 9}]}",
      LAST("07000000 01"), "echo: what came are our own bytes, 5 of them" },
    { "… not all of them", "{'client': [{'dword': 7},{'byte': 1}]},{'server': [{'dword': 9}]}",
      LAST("07000000"), "wrong-value: the value is another one: the DWORD reads 7 where 9 is due" },
    { "what we have said on another connection", ON("'client': [{'dword': 7}]", "a") "," ON("'client': [{'dword': 8}]", "b") "," ON("'server': [{'dword': 9}]", "b"),
      "0 open,1 >,2 open,3 >,4 <07000000,4 mismatch,4 over", "wrong-value: the value is another one: the DWORD reads 7 where 9 is due" },
    { "a later reply of two bytes", SAID(1) "," SAID(2) "," DUE("0000 01", "first") "," DUE("0700", "second"),
      TWO("0700"), "differs: differs from byte 0 on" },
    { "… of three", SAID(1) "," SAID(2) "," DUE("0000 01", "first") "," DUE("070001", "second"),
      TWO("070001"), "dropped: what came is the reply to a later request, and nothing came for this one: it was dropped" },
    { "… and more behind it", SAID(1) "," SAID(2) "," DUE("0000 01", "first") "," DUE("070001", "second"),
      TWO("070001 05"), "wrong-request: what came is the reply to a later request" },
    { "a later reply, whose request has not been said", SAID(1) "," DUE("0000 01", "first") "," SAID(2) "," DUE("070001", "second"),
      LAST("070001"), "differs: differs from byte 0 on" },
    { "an earlier reply", SAID(1) "," DUE("0000 01", "first") "," SAID(2) "," DUE("070001", "second"),
      THIRD("000001"), "wrong-request: what came is the reply to an earlier request, once more" },
    { "… that has two bytes", SAID(1) "," DUE("0000", "first") "," SAID(2) "," DUE("0701", "second"),
      THIRD("0000"), "differs: differs from byte 0 on" },
    { "… and what was due behind it", SAID(1) "," DUE("0000", "first") "," SAID(2) "," DUE("0701", "second"),
      THIRD("0000 0701"), "repeated: the reply before came once more, and what was due behind it" },
    { "the reply of another connection", ON("'client': [{'word': 1}]", "a") "," ON("'client': [{'word': 2}]", "b") "," ON("'server': [{'bytes': '070809'}]", "a") "," ON("'server': [{'bytes': '010203'}], 'check': 'b'", "b"),
      "0 open,1 >,2 open,3 >,4 <010203,4 mismatch,4 over", "wrong-request: what came is the reply that is due on connection b" },
    { "… of a connection before", ON("'client': [{'word': 1}]", "a") "," ON("'client': [{'word': 2}]", "b") "," ON("'server': [{'bytes': '070809'}]", "a") "," ON("'server': [{'bytes': '010203'}], 'check': 'b'", "b"),
      "0 open,1 >,2 open,3 >,4 =,5 <070809,5 mismatch,5 over", "wrong-request: what came is the reply that is due on connection a" },
    { "an answer to what has none", SAID(1) "," SAID(2) "," DUE("070809", "reply"),
      TWO("05 070809"), "spoke-unasked: 1 byte came where nothing was due: a message that has no reply was answered" },
    { "… two bytes of it", SAID(1) "," SAID(2) "," DUE("070809", "reply"),
      TWO("0506 070809"), "spoke-unasked: 2 bytes came where nothing was due: a message that has no reply was answered" },
    { "… where each has its own", SAID(1) "," DUE("070809", "reply"),
      LAST("0506 070809"), "extra-bytes: 2 bytes stand before what was due" },
    { "sixteen bytes amid it", SAID(1) "," DUE("01020304", "reply"),
      LAST("0102 10*16 0304"), "extra-bytes: 16 bytes stand amid what was due, from byte 2 on" },
    { "seventeen", SAID(1) "," DUE("01020304", "reply"),
      LAST("0102 10*17 0304"), "differs: differs from byte 2 on" },
    { "a byte before the last", SAID(1) "," DUE("01020304", "reply"),
      LAST("010203 10 04"), "differs: differs from byte 3 on" },
    { "the first byte is missing", SAID(1) "," DUE("01020304", "reply"),
      LAST("020304"), "cut: 1 byte of what was due is missing, from byte 0 on" },
    { "the last two are, and the probe's answer stands there", SAID(1) "," DUE("01020304", "reply"),
      "0 open,1 >,2 <0102,2 late,2 probe,2 !,2 ?,2 over", "cut: 2 bytes of what was due are missing, from byte 2 on" },
    { "… and what has come of it", SAID(1) "," DUE("01020304", "reply"),
      "0 open,1 >,2 <0102,2 late,2 probe,2 !,2 <0000,2 over", "cut: 2 bytes of what was due are missing, from byte 2 on" },
    { "… where no probe was sent", SAID(1) "," DUE("01020304", "reply"),
      LAST("0102 0000"), "differs: differs from byte 2 on" },
    { "all of it is", SAID(1) "," DUE("01020304", "reply"),
      "0 open,1 >,2 late,2 probe,2 !,2 ?,2 over", "no-answer: what was due never came, while the probe behind it was answered: the request, which came by itself, was read and passed over" },
    { "4096 bytes that nothing explains", SAID(1) "," DUE("01020304", "reply"),
      LAST("70*4096"), "flood: the peer flooded the connection: 4096 bytes came where 4 were due" },
    { "4095", SAID(1) "," DUE("01020304", "reply"),
      LAST("70*4095"), "differs: differs from byte 0 on" },
    { "… of which two are right", SAID(1) "," DUE("01020304", "reply"),
      LAST("0102 70*5000"), "flood: the peer flooded the connection: 5002 bytes came where 4 were due" },
    { "… of which three are", SAID(1) "," DUE("01020304", "reply"),
      LAST("010203 70*5000"), "differs: differs from byte 3 on" },
    { "16 times as many as are due", SAID(1) "," DUE("01*300", "reply"),
      LAST("70*4800"), "flood: the peer flooded the connection: 4800 bytes came where 300 were due" },
    { "… and one less", SAID(1) "," DUE("01*300", "reply"),
      LAST("70*4799"), "differs: differs from byte 0 on" },
    { "sixteen bytes again from the beginning", SAID(1) "," DUE("000102030405060708090a0b0c0d0e0f 101112131415161718191a1b1c1d1e1f 30*20", "reply"),
      LAST("000102030405060708090a0b0c0d0e0f 10 000102030405060708090a0b0c0d0e0f 30*20"), "repeated: from byte 17 on what had come before begins again" },
    { "… and fifteen", SAID(1) "," DUE("000102030405060708090a0b0c0d0e0f 101112131415161718191a1b1c1d1e1f 30*20", "reply"),
      LAST("000102030405060708090a0b0c0d0e0f 10 000102030405060708090a0b0c0d0e 77 30*20"), "differs: differs from byte 17 on" },
    { "… from the beginning of the reply before", SAID(1) "," DUE("202122232425262728292a2b2c2d2e2f 40", "first") "," DUE("000102030405060708090a0b0c0d0e0f 101112131415161718191a1b1c1d1e1f", "reply"),
      "0 open,1 >,2 =,3 <000102030405060708090a0b0c0d0e0f 10 202122232425262728292a2b2c2d2e2f 40,3 mismatch,3 over", "repeated: from byte 17 on what had come before begins again" },
    { "two bytes in each other's place, the last", SAID(1) "," DUE("01020304", "reply"),
      LAST("01020403"), "bytes-swapped: bytes 2 and 3 stand in each other's place" },
    { "… and more is wrong behind them", SAID(1) "," DUE("01020304", "reply"),
      LAST("02010305"), "differs: differs from byte 0 on" },
    { "the rest was never sent", SAID(1) "," SAID(2) "," DUE("0102030405060708", "first") "," DUE("1112131415", "second"),
      TWO("0102030405 1112131415"), "cut: the reply ends at byte 5 of 8, and a later one follows: the rest was never sent" },
    { "… of which four bytes came", SAID(1) "," SAID(2) "," DUE("0102030405060708", "first") "," DUE("1112131415", "second"),
      TWO("01020304 1112131415"), "cut: the reply ends at byte 4 of 8, and a later one follows: the rest was never sent" },
    { "… three", SAID(1) "," SAID(2) "," DUE("0102030405060708", "first") "," DUE("1112131415", "second"),
      TWO("010203 1112131415"), "cut: 5 bytes of what was due are missing, from byte 3 on" },
    { "… and the later one begins as what is missing", SAID(1) "," SAID(2) "," DUE("0102030405060708", "first") "," DUE("0607131415", "second"),
      TWO("0102030405 0607131415"), "differs: differs from byte 7 on" },
    { "the class of another connection", OBJECT("CAge(7)"),
      LAST("0180 07000000"), "table-shared: the tag 8001 refers to what this direction of the connection has not carried: the table is that of another connection, too" },
    { "… which has many", OBJECT("CAge(7)"),
      LAST("0090 07000000"), "table-shared: the tag 9000 refers to what this direction of the connection has not carried: the table is that of another connection, too" },
    { "… and no such many", OBJECT("CAge(7)"),
      LAST("0190 07000000"), "differs: differs from byte 0 on" },
    { "… of no number", OBJECT("CAge(7)"),
      LAST("0080 07000000"), "differs: differs from byte 0 on" },
    { "… no object at all", OBJECT("CAge(7)"),
      LAST("0000 07000000"), "null-for-object: null stands where an object is due" },
    { "… on one that has carried some", OBJECT("CAge(7)") "," OBJECT("CNode(1,null)"),
      THIRD("0580 07000000"), "wrong-index: a tag refers to an entry that this direction has not, or not of that kind: what it has carried is numbered otherwise" },
    { "it began by itself", SAID(1) "," DUE("070809", "reply"),
      "0 open,0 <aabb,1 >,2 <070809,2 mismatch,2 over", "spoke-unasked: something came before anything had been asked" },
    { "… with one byte", SAID(1) "," DUE("070809", "reply"),
      "0 open,0 <aa,1 >,2 <070809,2 mismatch,2 over", "spoke-unasked: something came before anything had been asked" },
    { "… and what was due came in one piece with it", SAID(1) "," DUE("070809", "reply"),
      "0 open,1 >,2 <aa070809,2 mismatch,2 over", "extra-bytes: 1 byte stands before what was due" },
    { "bytes before it", SAID(1) "," DUE("0708", "reply"),
      LAST("aabb 0708"), "extra-bytes: 2 bytes stand before what was due" },
    { "… before one byte", SAID(1) "," DUE("07", "reply"),
      LAST("aabb 07"), "differs: differs from byte 0 on" },
    { "another cause", "{'client': [{'word': 1}]},{'server': [{'word': 2}, {'word': 5}]}",
      LAST("0200 0300"), "wrong-cause: the exception tells cause 3 (endOfFile), where 5 (badIndex) is due" },
    { "no refusal, where one is due", "{'client': [{'word': 1}]},{'server': [{'word': 2}, {'word': 5}]}",
      LAST("0000 0300"), "not-refused: the peer answered, where \"no\" is due: it took what it must refuse" },
    { "… and half of one", "{'client': [{'word': 1}]},{'server': [{'word': 2}, {'word': 5}]}",
      "0 open,1 >,2 <0200,2 late,2 over", "no-answer: the limit passed without all of what was due: only 2 of 4 bytes came" },
    { "its end amid a refusal", "{'client': [{'word': 1}]},{'server': [{'word': 2}], 'part': true},{'server': [{'word': 5}], 'check': 'cause'}",
      "0 open,1 >,2 =,3 fin,3 mismatch,3 over", "cut: the peer ended the connection amid a refusal" },
    { "its end in the place of one", "{'client': [{'word': 1}]},{'server': [{'word': 2}, {'word': 5}]}",
      "0 open,1 >,2 fin,2 mismatch,2 over", "ended-early: the peer ended the connection without a word, where a refusal is due" },
    { "the end of what has arrived, in two segments", SAID(1) "," DUE("0000", "reply"),
      "0 open,1 >2,2 <0200 0300,2 mismatch,2 over", "false-end: the peer took the end of what had arrived for the end of the stream: it said \"no\", cause 3 (endOfFile), to a request that came whole, in 2 segments" },
    { "… behind our end", "{'client': [{'word': 1}]},{'end': 'client'},{'server': [{'word': 0}]}",
      "0 open,1 >,2 fin-sent,3 <0200 0300,3 mismatch,3 over", "other-reply: the peer said \"no\", cause 3 (endOfFile)" },
    { "… which came in two segments", "{'client': [{'word': 1}]},{'end': 'client'},{'server': [{'word': 0}]}",
      "0 open,1 >2,2 fin-sent,3 <0200 0300,3 mismatch,3 over", "false-end: the peer took the end of what had arrived for the end of the stream: it said \"no\", cause 3 (endOfFile), to a request that came whole, in 2 segments" },
    { "… which came in two segments that were answered, and then in one", SAID(1) "," DUE("0909", "first") "," SAID(2) "," DUE("0000", "reply"),
      "0 open,1 >2,2 =,3 >,4 <0200 0300,4 mismatch,4 over", "other-reply: the peer said \"no\", cause 3 (endOfFile)" },
    { "… and two on another connection", ON("'client': [{'word': 1}]", "a") "," ON("'client': [{'word': 2}]", "b") "," ON("'server': [{'bytes': '0000'}]", "b"),
      "0 open,1 >2,2 open,3 >,4 <0200 0300,4 mismatch,4 over", "other-reply: the peer said \"no\", cause 3 (endOfFile)" },
    { "zeroes that came by themselves", "{'client': [{'word': 1}]},{'server': [{'byte': 0}, {'dword': 8}]}",
      "0 open,1 >,2 <000000,2 <0008000000,2 mismatch,2 over", "spoke-unasked: 3 bytes came by themselves when the connection began, before what was due" },
    { "… in one piece with what was due", "{'client': [{'word': 1}]},{'server': [{'byte': 0}, {'dword': 8}]}",
      "0 open,1 >,2 <0000000008000000,2 mismatch,2 over", "padded: bytes stand before DWORD, so that it begins at a multiple of its size" },
    { "… one of them", "{'client': [{'word': 1}]},{'server': [{'byte': 0}, {'word': 8}]}",
      "0 open,1 >,2 <00,2 <000800,2 mismatch,2 over", "spoke-unasked: 1 byte came by itself when the connection began, before what was due" },
    { "… behind a reply", SAID(1) "," DUE("0909", "first") ",{'client': [{'word': 1}]},{'server': [{'byte': 0}, {'dword': 8}], 'check': 'second'}",
      "0 open,1 >,2 =,3 >,4 <000000,4 <0008000000,4 mismatch,4 over", "padded: bytes stand before DWORD, so that it begins at a multiple of its size" },
    { "an answer to what has none, where a silence was answered", SAID(1) ",{'silent': 'server'}," SAID(2) "," DUE("070809", "reply"),
      "0 open,1 >,2 !,2 ?,3 >,4 <05 070809,4 mismatch,4 over", "extra-bytes: 1 byte stands before what was due" },
    { "… before a reply", SAID(1) ",{'silent': 'server'}," SAID(2) "," DUE("060607", "first") "," SAID(3) "," SAID(4) "," DUE("070809", "reply"),
      "0 open,1 >,2 !,2 ?,3 >,4 =,5 >,6 >,7 <05 070809,7 mismatch,7 over", "spoke-unasked: 1 byte came where nothing was due: a message that has no reply was answered" },
    { "a refusal whose two parts are two steps", "{'client': [{'word': 1}]},{'server': [{'word': 2}], 'part': true},{'server': [{'word': 5}], 'check': 'cause'}",
      "0 open,1 >,2 =,3 <0300,3 mismatch,3 over", "wrong-cause: the exception tells cause 3 (endOfFile), where 5 (badIndex) is due" },
    { "… the first of them another", "{'client': [{'word': 1}]},{'server': [{'word': 2}], 'part': true},{'server': [{'word': 5}], 'check': 'cause'}",
      "0 open,1 >,2 <0000 0500,2 mismatch,2 over", "not-refused: the peer answered, where \"no\" is due: it took what it must refuse" },
    { "one byte is missing amid it", SAID(1) "," DUE("01020304", "reply"),
      LAST("010304"), "cut: 1 byte of what was due is missing, from byte 1 on" },
    { "the rest was lost, and the probe's answer is there", SAID(1) "," DUE("0102030405060708", "reply"),
      "0 open,1 >,2 <0102030405,2 probe,2 !,2 ?,2 over", "cut: the reply ends at byte 5 of 8, and a later one follows: the rest was never sent" },
    { "the class of another connection, where raw bytes may have described it", "{'client': [{'word': 1}]},{'server': [{'bytes': 'ffff010004004341676507000000'}], 'entries': 2},{'client': [{'word': 1}]},{'server': [{'object': 'CNode(1,null)'}], 'check': 'second'}",
      THIRD("0180 07000000"), "differs: differs from byte 0 on" },
};
// clang-format on

Test(check_exchanges, are_told_with_their_evidence, .timeout = 20)
{
    for (const struct exchange_row *r = rows; r < rows + COUNT_OF(rows); r++) {
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
