/*
 * Each cause that lies in the exchange, asked by itself: a refusal where a value is due and the reverse, bytes before, amid and behind what is
 * right, replies to other requests. Every condition from both sides.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/hex.h"
#include "cause_rows.h"

#define WIDE_CAUSE SERVICE_REFUSING("'no': [ {'server': [{'word': 2}, {'dword': {'any': true, 'as': 'cause'}}]} ]")
#define SHORT      SERVICE_REFUSING("'no': [ {'server': [{'word': 2}]} ]")
#define THREE      SERVICE_REFUSING("'no': [ {'server': [{'word': 2}, {'byte': 5}]} ]")

#define SAID(word)      "{'client': [{'word': " #word "}]}"
#define DUE(hex, check) "{'server': [{'bytes': '" hex "'}], 'check': '" check "'}"
#define ON(steps, on)   "{" steps ", 'on': '" on "'}"
#define NO              "{'server': [{'word': 2}, {'word': 5}]}"
#define WHOLE           SAID(1) "," NO
#define PARTED          "{'client': [{'word': 1}], 'part': true}," NO
#define PIECES          "{'client': [{'word': 1}]},{'server': [{'word': 2}], 'part': true},{'server': [{'word': 5}], 'check': 'cause'}"
#define ZERO            SAID(1) "," DUE("0000", "reply")
#define CUT_LINE "{'client': [{'word': 2}, {'cstringa': 'line'}, {'bytes': '6162'}]},{'end': 'client'},{'server': [{'word': 0}, {'cstringa': 'u:00610062'}]}"
#define ENDING          SAID(1) ",{'end': 'client'}," DUE("0000", "reply")
#define OBJECTS(first, last) "{'client': [{'word': 1}, {'object': '" first "'}]},{'server': [{'word': 0}]},{'client': [{'word': 1}, {'object': '" last "'}]},{'server': [{'word': 0}], 'check': 'second'}"
#define LOADS(first, elsewhere, last) ON("'client': [{'word': 1}, {'object': '" first "'}]", "a") "," ON("'client': [{'word': 1}, {'object': '" elsewhere "'}]", "b") "," ON("'client': [{'word': 1}, {'object': '" last "'}]", "a") "," ON("'server': [{'word': 0}]", "a")
#define LOADED "the peer does not know (badIndex) what this connection has carried, and another one has carried objects, too: what both carry may stand in one table"
#define TWICE(first, last) SAID(1) "," DUE(first, "first") "," SAID(2) "," DUE(last, "second")
#define AHEAD(first, last) SAID(1) "," SAID(2) "," DUE(first, "first") "," DUE(last, "second")
#define LAST(got)       "0 open,1 >,2 <" got ",2 mismatch,2 over"
#define TWO(got)        "0 open,1 >,2 >,3 <" got ",3 mismatch,3 over"
#define THIRD(got)      "0 open,1 >,2 =,3 >,4 <" got ",4 mismatch,4 over"
#define UP4             UP UP UP UP
#define UP16            UP4 UP4 UP4 UP4
#define UP              "000102030405060708090a0b0c0d0e0f"

#define BEGUN(bytes)    bytes " came before the refusal: the reply had begun when its request was not whole"
#define UNREAD(bytes)   bytes " came before the refusal: the reply had begun when its request was not read"
#define ANSWERED(name)  "the peer answered, where \"" name "\" is due: it took what it must refuse"
#define FALSE_END(in)   "the peer took the end of what had arrived for the end of the stream: it said \"no\", cause 3 (endOfFile), to a request that came whole, in " in
#define UNKNOWN         "the peer does not know (badIndex) what an earlier message of this direction has carried: its object table did not outlive that"
#define TWICE_SAID      "the reply before came once more, and what was due behind it"
#define SKIPPED         "what came is the reply to a later request, and nothing came for this one: it was dropped"
#define LATER           "what came is the reply to a later request"
#define EARLIER         "what came is the reply to an earlier request, once more"
#define NO_REPLY(bytes) bytes " came where nothing was due: a message that has no reply was answered"
#define ITSELF          "1 byte came by itself when the connection began, before what was due"
#define THEMSELVES(n)   n " bytes came by themselves when the connection began, before what was due"
#define GREETING(n)     "a text of " n " bytes stands before the first reply of the connection: a greeting"
#define TAG(tag)        "the tag " tag " refers to what this direction of the connection has not carried: the table is that of another connection, too"

static const char *more_said(const struct evidence *e)
{
    return more_said_than_due(e) ? "more" : NULL;
}

// clang-format off
static const struct cause_row refusals[] = {
    { "a byte before a refusal",         cause_begun, TALK, PARTED, LAST("55 0200 0500"), BEGUN("1 byte") },
    { "… two of them",                   cause_begun, TALK, PARTED, LAST("5556 0200 0500"), BEGUN("2 bytes") },
    { "… none",                          cause_begun, TALK, PARTED, LAST("0200 0500"), NULL },
    { "… that is cut",                   cause_begun, TALK, PARTED, LAST("55 0200 05"), NULL },
    { "… to a request that was whole",   cause_begun, TALK, WHOLE, LAST("55 0200 0500"), UNREAD("1 byte") },
    { "… as many as a number has",       cause_begun, TALK, WHOLE, LAST("5556 0200 0500"), UNREAD("2 bytes") },
    { "… more than that",                cause_begun, TALK, WHOLE, LAST("555657 0200 0500"), NULL },
    { "… where a reply is due",          cause_begun, TALK, "{'client': [{'word': 1}], 'part': true},{'server': [{'word': 0}, {'word': 5}]}", LAST("55 0000 0500"), NULL },
    { "… of which a part had come",      cause_begun, TALK, "{'client': [{'word': 1}], 'part': true},{'server': [{'word': 2}], 'part': true},{'server': [{'word': 5}], 'check': 'cause'}", "0 open,1 >,2 =,3 <55 0200 0500,3 mismatch,3 over", NULL },
    { "… to words on this connection",   cause_begun, TALK, ON("'client': [{'word': 1}], 'part': true", "a") "," ON("'client': [{'word': 1}]", "b") "," ON("'server': [{'word': 2}, {'word': 5}]", "a"),
      "0 open,1 >,2 open,3 >,4 <55 0200 0500,4 mismatch,4 over", BEGUN("1 byte") },
    { "… and on another",                cause_begun, TALK, ON("'client': [{'word': 1}]", "a") "," ON("'client': [{'word': 1}], 'part': true", "b") "," ON("'server': [{'word': 2}, {'word': 5}]", "a"),
      "0 open,1 >,2 open,3 >,4 <55 0200 0500,4 mismatch,4 over", UNREAD("1 byte") },
    { "… that nobody asked for",         cause_begun, TALK, NO, "0 open,1 <55 0200 0500,1 mismatch,1 over", NULL },
    { "… of two bytes",                  cause_begun, SHORT, "{'client': [{'word': 1}], 'part': true},{'server': [{'word': 2}]}", LAST("55 0200"), NULL },
    { "… of three",                      cause_begun, THREE, "{'client': [{'word': 1}], 'part': true},{'server': [{'word': 2}, {'byte': 5}]}", LAST("55 0200 05"), BEGUN("1 byte") },

    { "an answer for a refusal",         cause_not_refused, TALK, WHOLE, LAST("0000 0300"), ANSWERED("no") },
    { "… of a byte",                     cause_not_refused, TALK, WHOLE, LAST("00"), ANSWERED("no") },
    { "the reply before for a refusal",  cause_said_before, TALK, SAID(1) "," DUE("01020304", "first") "," WHOLE, THIRD("01020304"), "the reply before came once more, where a refusal is due" },
    { "… and more",                      cause_said_before, TALK, SAID(1) "," DUE("01020304", "first") "," WHOLE, THIRD("01020304 05"), NULL },
    { "… and the reply behind it",       cause_said_before, TALK, SAID(1) "," DUE("01020304", "first") "," SAID(1) "," SAID(2) "," NO "," DUE("0a0b0c0d", "last"), "0 open,1 >,2 =,3 >,4 >,5 <01020304 0a0b0c0d,5 mismatch,5 over", "the reply before came once more, where a refusal is due" },
    { "… another",                       cause_said_before, TALK, SAID(1) "," DUE("01020304", "first") "," WHOLE, THIRD("01020305"), NULL },
    { "… of three bytes",                cause_said_before, TALK, SAID(1) "," DUE("010203", "first") "," WHOLE, THIRD("010203"), NULL },
    { "… for no refusal",                cause_said_before, TALK, TWICE("01020304", "05060708"), THIRD("01020304"), NULL },
    { "… where there is none",           cause_said_before, TALK, WHOLE, LAST("01020304"), NULL },
    { "… which is a refusal, too",       cause_said_before, TALK, SAID(1) "," DUE("0200 0300", "first") "," WHOLE, THIRD("0200 0300"), NULL },
    { "… nothing",                       cause_not_refused, TALK, WHOLE, "0 open,1 >,2 late,2 over", NULL },
    { "… the refusal, otherwise",        cause_not_refused, TALK, WHOLE, LAST("0200 0300"), NULL },
    { "… its beginning",                 cause_not_refused, TALK, WHOLE, LAST("02"), NULL },
    { "… another one",                   cause_not_refused, SEVERAL, WHOLE, LAST("0100 01 61"), NULL },
    { "… the beginning of another",      cause_not_refused, SEVERAL, WHOLE, LAST("0100 05 61"), NULL },
    { "… for another one",               cause_not_refused, SEVERAL, SAID(1) ",{'server': [{'word': 1}, {'cstringa': 'a'}]}", LAST("0000"), ANSWERED("refused") },
    { "… where none is due",             cause_not_refused, TALK, SAID(1) ",{'server': [{'word': 0}, {'word': 5}]}", LAST("0100 0300"), NULL },
    { "… for one of two parts",          cause_not_refused, TALK, PIECES, LAST("0000 0500"), ANSWERED("no") },
    { "… for its second part",           cause_not_refused, TALK, PIECES, "0 open,1 >,2 =,3 <0600,3 mismatch,3 over", NULL },

    { "another cause",                   cause_wrong_cause, TALK, WHOLE, LAST("0200 0300"), "the exception tells cause 3 (endOfFile), where 5 (badIndex) is due" },
    { "… beyond all",                    cause_wrong_cause, TALK, WHOLE, LAST("0200 0901"), "the exception tells cause 265 (unknown), where 5 (badIndex) is due" },
    { "… where such a one is due",       cause_wrong_cause, TALK, SAID(1) ",{'server': [{'word': 2}, {'word': 261}]}", LAST("0200 0500"), "the exception tells cause 5 (badIndex), where 261 (unknown) is due" },
    { "… of another refusal",            cause_wrong_cause, SEVERAL, WHOLE, LAST("0100 0161"), NULL },
    { "… that has none",                 cause_wrong_cause, SEVERAL, SAID(1) ",{'server': [{'word': 1}, {'cstringa': 'a'}]}", LAST("0100 0162"), NULL },
    { "… of four bytes",                 cause_wrong_cause, WIDE_CAUSE, SAID(1) ",{'server': [{'word': 2}, {'dword': 5}]}", LAST("0200 03000000"), NULL },
    { "… and none is due",               cause_wrong_cause, TALK, ZERO, LAST("0200 0300"), NULL },

    { "the end of what has arrived",     cause_false_end, TALK, ZERO, LAST("0200 0300"), NULL },
    { "… in three segments",             cause_false_end, TALK, ZERO, "0 open,1 >3,2 <0200 0300,2 mismatch,2 over", FALSE_END("3 segments") },
    { "… in how many nobody knows",      cause_false_end, TALK, ZERO, "0 open,1 >0,2 <0200 0300,2 mismatch,2 over", NULL },
    { "… for another cause",             cause_false_end, TALK, ZERO, LAST("0200 0500"), NULL },
    { "… for none",                      cause_false_end, SEVERAL, ZERO, LAST("0100 0161"), NULL },
    { "… where a refusal is due",        cause_false_end, TALK, WHOLE, LAST("0200 0300"), NULL },
    { "… behind our end",                cause_false_end, TALK, ENDING, "0 open,1 >,2 fin-sent,3 <0200 0300,3 mismatch,3 over", NULL },
    { "… and two segments",              cause_false_end, TALK, ENDING, "0 open,1 >2,2 fin-sent,3 <0200 0300,3 mismatch,3 over", FALSE_END("2 segments") },
    { "… and what ends only there",      cause_false_end, TALK, CUT_LINE, "0 open,1 >2,2 fin-sent,3 <0200 0300,3 mismatch,3 over", NULL },
    { "… and has not ended yet",         cause_false_end, TALK, CUT_LINE, "0 open,1 >2,3 <0200 0300,3 mismatch,3 over", FALSE_END("2 segments") },
    { "… behind an end of ours elsewhere", cause_false_end, TALK, ON("'client': [{'word': 1}]", "a") "," ON("'client': [{'word': 1}]", "b") "," ON("'end': 'client'", "b") "," ON("'server': [{'bytes': '0000'}]", "a"),
      "0 open,1 >,2 open,3 >,4 fin-sent,5 <0200 0300,5 mismatch,5 over", NULL },
    { "… and before our end",            cause_false_end, TALK, ZERO, "0 open,1 >,2 fin-sent,2 <0200 0300,2 mismatch,2 over", NULL },
    { "… and words of ours behind it",   cause_false_end, TALK, TWICE("0000", "0000"), "0 open,1 >,3 >,2 <0200 0300,2 mismatch,2 over", NULL },
    { "… in two messages",               cause_false_end, TALK, SAID(1) "," SAID(2) "," DUE("0000", "reply"), "0 open,1 >,2 >,3 <0200 0300,3 mismatch,3 over", FALSE_END("2 segments") },
    { "… behind another reply to both",  cause_false_end, TALK, SAID(1) "," SAID(2) "," DUE("0909", "first") "," DUE("0000", "reply"), "0 open,1 >,2 >,3 =,4 <0200 0300,4 mismatch,4 over", FALSE_END("2 segments") },
    { "… whose second part came behind it", cause_false_end, TALK, ZERO, "0 open,1 >,2 <0200 0300,1 >,2 mismatch,2 over", FALSE_END("2 segments") },
    { "… and words that were answered",  cause_false_end, TALK, TWICE("0909", "0000"), "0 open,1 >2,2 =,3 >2,4 <0200 0300,4 mismatch,4 over", FALSE_END("2 segments") },

    { "what was carried before is unknown", cause_table_unknown, TALK, OBJECTS("CAge(1)", "@1"), THIRD("0200 0500"), UNKNOWN },
    { "… for another cause",             cause_table_unknown, TALK, OBJECTS("CAge(1)", "@1"), THIRD("0200 0600"), NULL },
    { "… its class",                     cause_table_unknown, TALK, OBJECTS("CAge(1)", "CAge(2)"), THIRD("0200 0500"), UNKNOWN },
    { "… another class",                 cause_table_unknown, TALK, OBJECTS("CAge(1)", "CNode(1,null)"), THIRD("0200 0500"), NULL },
    { "… null",                          cause_table_unknown, TALK, OBJECTS("CAge(1)", "null"), THIRD("0200 0500"), NULL },
    { "… within a list",                 cause_table_unknown, TALK, OBJECTS("CAge(1)", "CObArray[CNode(1,null),@1]"), THIRD("0200 0500"), UNKNOWN },
    { "… its class within a list",       cause_table_unknown, TALK, OBJECTS("CAge(1)", "CObArray[CNode(1,null),CAge(2)]"), THIRD("0200 0500"), UNKNOWN },
    { "… that of one within a list",     cause_table_unknown, TALK, OBJECTS("CObArray[CNode(1,null),CAge(1)]", "CAge(2)"), THIRD("0200 0500"), UNKNOWN },
    { "… that of none in it",            cause_table_unknown, TALK, OBJECTS("CObArray[CNode(1,null)]", "CAge(2)"), THIRD("0200 0500"), NULL },
    { "… what is carried in one message", cause_table_unknown, TALK, OBJECTS("null", "CObArray[CAge(1),@2]"), THIRD("0200 0500"), NULL },
    { "… by the other direction",        cause_table_unknown, TALK, "{'client': [{'word': 1}]},{'server': [{'word': 0}, {'object': 'CAge(1)'}]},{'client': [{'word': 1}, {'object': 'CAge(2)'}]},{'server': [{'word': 0}], 'check': 'second'}", THIRD("0200 0500"), NULL },
    { "… where a refusal is due",        cause_table_unknown, TALK, "{'client': [{'word': 1}, {'object': 'CAge(1)'}]},{'server': [{'word': 0}]},{'client': [{'word': 1}, {'object': '@1'}]},{'server': [{'word': 2}, {'word': 7}], 'check': 'second'}", THIRD("0200 0500"), NULL },

    { "a refusal",                       cause_other_reply, TALK, ZERO, LAST("0200 0500"), "the peer said \"no\", cause 5 (badIndex)" },
    { "… of no cause",                   cause_other_reply, TALK, ZERO, LAST("0200 0000"), "the peer said \"no\", cause 0" },
    { "… of one that nobody knows",      cause_other_reply, TALK, ZERO, LAST("0200 6300"), "the peer said \"no\", cause 99 (unknown)" },
    { "… and a byte",                    cause_other_reply, TALK, ZERO, LAST("0200 0500 09"), "the peer said \"no\", cause 5 (badIndex)" },
    { "… that is cut",                   cause_other_reply, TALK, ZERO, LAST("0200 05"), NULL },
    { "… and its reason",                cause_other_reply, SEVERAL, ZERO, LAST("0100 02 6162"), "the peer said \"refused\", reason \"ab\"" },
    { "… and what has no name",          cause_other_reply, SEVERAL, ZERO, LAST("0700 0900"), "the peer said \"bare\", and 9" },
    { "… where it is due, otherwise",    cause_other_reply, TALK, WHOLE, LAST("0200 0300"), NULL },
    { "… of a service that has none",    cause_other_reply, BLUNT, ZERO, LAST("0200 0500"), NULL },
};

static const struct cause_row others[] = {
    { "our own bytes",                   cause_echo, TALK, "{'client': [{'dword': 7}]},{'server': [{'dword': 9}]}", LAST("07000000"), "what came are our own bytes, 4 of them" },
    { "… the last of ours",              cause_echo, TALK, "{'client': [{'dword': 7}]},{'client': [{'dword': 8}]},{'server': [{'dword': 9}]}", TWO("0800000005"), "what came are our own bytes, 5 of them" },
    { "… three",                         cause_echo, TALK, "{'client': [{'raw:3': '010203'}]},{'server': [{'dword': 9}]}", LAST("010203 04"), NULL },
    { "… not all of them",               cause_echo, TALK, "{'client': [{'dword': 7}, {'byte': 1}]},{'server': [{'dword': 9}]}", LAST("07000000"), NULL },
    { "… not at the beginning",          cause_echo, TALK, "{'client': [{'dword': 7}]},{'server': [{'dword': 9}]}", LAST("0107000000"), NULL },
    { "… of later words",                cause_echo, TALK, "{'client': [{'dword': 7}]},{'server': [{'dword': 9}]},{'client': [{'dword': 8}]}", LAST("08000000"), NULL },
    { "… of words on another connection", cause_echo, TALK, ON("'client': [{'dword': 7}]", "a") "," ON("'client': [{'dword': 8}]", "b") "," ON("'server': [{'dword': 9}]", "b"), "0 open,1 >,2 open,3 >,4 <07000000,4 mismatch,4 over", NULL },
    { "… the peer's own",                cause_echo, TALK, TWICE("01020304", "05060708"), THIRD("01020304"), NULL },

    { "the reply before, and this one",  cause_said_twice, TALK, TWICE("0102", "0304"), THIRD("0102 0304"), TWICE_SAID },
    { "… and more",                      cause_said_twice, TALK, TWICE("0102", "0304"), THIRD("0102 0304 05"), TWICE_SAID },
    { "… that is cut",                   cause_said_twice, TALK, TWICE("0102", "0304"), THIRD("0102 03"), NULL },
    { "… alone",                         cause_said_twice, TALK, TWICE("0102", "0304"), THIRD("0102"), NULL },
    { "… another",                       cause_said_twice, TALK, TWICE("0102", "0304"), THIRD("0103 0304"), NULL },
    { "… the one before that",           cause_said_twice, TALK, TWICE("0102", "0304") "," SAID(3) "," DUE("0506", "third"), "0 open,1 >,2 =,3 >,4 =,5 >,6 <0102 0506,6 mismatch,6 over", NULL },
    { "… the nearest one",               cause_said_twice, TALK, TWICE("0102", "0304") "," SAID(3) "," DUE("0506", "third"), "0 open,1 >,2 =,3 >,4 =,5 >,6 <0304 0506,6 mismatch,6 over", TWICE_SAID },
    { "… of another connection",         cause_said_twice, TALK, ON("'client': [{'word': 1}]", "a") "," ON("'server': [{'bytes': '0102'}]", "a") "," ON("'client': [{'word': 1}]", "b") "," ON("'server': [{'bytes': '0304'}], 'check': 'b'", "b"),
      "0 open,1 >,2 =,3 open,4 >,5 <0102 0304,5 mismatch,5 over", NULL },
    { "… none was",                      cause_said_twice, TALK, SAID(1) "," DUE("0304", "first"), LAST("0102 0304"), NULL },

    { "a later reply",                   cause_skipped, TALK, AHEAD("000001", "070001"), TWO("070001"), SKIPPED },
    { "… of two bytes",                  cause_skipped, TALK, AHEAD("000001", "0700"), TWO("0700"), NULL },
    { "… and more",                      cause_skipped, TALK, AHEAD("000001", "070001"), TWO("070001 05"), NULL },
    { "… that is cut",                   cause_skipped, TALK, AHEAD("000001", "070001"), TWO("0700"), NULL },
    { "… of a request that was not sent", cause_skipped, TALK, TWICE("000001", "070001"), LAST("070001"), NULL },
    { "… the first of two",              cause_skipped, TALK, SAID(1) "," SAID(2) "," SAID(3) "," DUE("000001", "a") "," DUE("070001", "b") "," DUE("080001", "c"), "0 open,1 >,2 >,3 >,4 <070001 080001,4 mismatch,4 over", SKIPPED },
    { "… and what has come of the next", cause_skipped, TALK, SAID(1) "," SAID(2) "," SAID(3) "," DUE("000001", "a") "," DUE("070001", "b") "," DUE("080001", "c"), "0 open,1 >,2 >,3 >,4 <070001 08,4 mismatch,4 over", SKIPPED },
    { "… and something else",            cause_skipped, TALK, SAID(1) "," SAID(2) "," SAID(3) "," DUE("000001", "a") "," DUE("070001", "b") "," DUE("080001", "c"), "0 open,1 >,2 >,3 >,4 <070001 09,4 mismatch,4 over", NULL },
    { "… the last of all",               cause_skipped, TALK, SAID(1) "," SAID(2) "," SAID(3) "," DUE("000001", "a") "," DUE("070001", "b") "," DUE("080001", "c"), "0 open,1 >,2 >,3 >,4 <080001,4 mismatch,4 over", SKIPPED },
    { "… on another connection",         cause_skipped, TALK, ON("'client': [{'word': 1}]", "a") "," ON("'client': [{'word': 2}]", "b") "," ON("'server': [{'bytes': '000001'}]", "a") "," ON("'server': [{'bytes': '070001'}], 'check': 'b'", "b"),
      "0 open,1 >,2 open,3 >,4 <070001,4 mismatch,4 over", NULL },
    { "… with one of another connection between", cause_skipped, TALK, ON("'client': [{'word': 1}]", "a") "," ON("'client': [{'word': 1}]", "a") "," ON("'client': [{'word': 1}]", "a") "," ON("'client': [{'word': 2}]", "b") "," ON("'server': [{'bytes': '000001'}], 'check': 'a'", "a") ","
      ON("'server': [{'bytes': '070001'}], 'check': 'b'", "a") "," ON("'server': [{'bytes': '090001'}], 'check': 'other'", "b") "," ON("'server': [{'bytes': '080001'}], 'check': 'c'", "a"),
      "0 open,1 >,2 >,3 >,4 open,5 >,6 <070001 080001,6 mismatch,6 over", SKIPPED },

    { "a later reply, and more",         cause_wrong_request, TALK, AHEAD("000001", "070001"), TWO("070001 05"), LATER },
    { "… of two bytes",                  cause_wrong_request, TALK, AHEAD("000001", "0700"), TWO("0700"), NULL },
    { "… that is cut",                   cause_wrong_request, TALK, AHEAD("000001", "070001"), TWO("0700"), NULL },
    { "… of a request that was not sent", cause_wrong_request, TALK, TWICE("000001", "070001"), LAST("070001"), NULL },
    { "an earlier one",                  cause_wrong_request, TALK, TWICE("000001", "070001"), THIRD("000001"), EARLIER },
    { "… that a later one is like, too", cause_wrong_request, TALK, SAID(1) "," SAID(2) "," SAID(3) "," DUE("010203", "a") "," DUE("070001", "b") "," DUE("010203", "c"), "0 open,1 >,2 >,3 >,4 =,5 <010203,5 mismatch,5 over", EARLIER },
    { "… two before",                    cause_wrong_request, TALK, TWICE("000001", "070001") "," SAID(3) "," DUE("080001", "third"), "0 open,1 >,2 =,3 >,4 =,5 >,6 <000001,6 mismatch,6 over", EARLIER },
    { "that of another connection",      cause_wrong_request, TALK, ON("'client': [{'word': 1}]", "a") "," ON("'client': [{'word': 2}]", "b") "," ON("'server': [{'bytes': '070809'}]", "a") "," ON("'server': [{'bytes': '010203'}], 'check': 'b'", "b"),
      "0 open,1 >,2 open,3 >,4 <010203,4 mismatch,4 over", "what came is the reply that is due on connection b" },
    { "no reply at all",                 cause_wrong_request, TALK, AHEAD("000001", "070001"), TWO("050505"), NULL },
    { "our own words",                   cause_wrong_request, TALK, "{'client': [{'dword': 7}]},{'server': [{'dword': 9}]}", LAST("07000000"), NULL },

    { "two requests, one reply",         more_said, TALK, SAID(1) "," SAID(2) "," DUE("0000", "a"), TWO("01"), "more" },
    { "… two replies",                   more_said, TALK, AHEAD("0000", "0000"), TWO("01"), NULL },
    { "… one and one",                   more_said, TALK, ZERO, LAST("01"), NULL },
    { "… three and two",                 more_said, TALK, SAID(1) "," SAID(2) "," SAID(3) "," DUE("0000", "a") "," DUE("0000", "b"), "0 open,1 >,2 >,3 >,4 <01,4 mismatch,4 over", "more" },
    { "… seen from the second",          more_said, TALK, SAID(1) "," SAID(2) "," SAID(3) "," DUE("0000", "a") "," DUE("0000", "b"), "0 open,1 >,2 >,3 >,4 =,5 <01,5 mismatch,5 over", "more" },
    { "… two parts of a request",        more_said, TALK, "{'client': [{'word': 1}], 'part': true}," SAID(2) "," DUE("0000", "a"), TWO("01"), NULL },
    { "… two of a reply",                more_said, TALK, SAID(1) "," SAID(2) ",{'server': [{'word': 0}], 'part': true},{'server': [{'word': 5}], 'check': 'b'}", TWO("01"), "more" },
    { "… and the requests before",       more_said, TALK, SAID(1) "," SAID(2) "," DUE("0000", "a") "," SAID(3) "," DUE("0000", "b"), "0 open,1 >,2 >,3 =,4 >,5 <01,5 mismatch,5 over", NULL },
    { "… behind a reply",                more_said, TALK, SAID(1) "," DUE("0000", "a") "," SAID(2) "," SAID(3) "," DUE("0000", "b"), "0 open,1 >,2 =,3 >,4 >,5 <01,5 mismatch,5 over", "more" },
    { "… and later replies",             more_said, TALK, SAID(1) "," SAID(2) "," DUE("0000", "a") "," SAID(3) "," DUE("0000", "b"), TWO("01"), "more" },
    { "… on another connection",         more_said, TALK, ON("'client': [{'word': 1}]", "b") "," ON("'client': [{'word': 1}]", "a") "," ON("'server': [{'bytes': '0000'}]", "a"), "0 open,1 >,2 open,3 >,4 <01,4 mismatch,4 over", NULL },
    { "… and a reply of another",        more_said, TALK, ON("'client': [{'word': 1}]", "b") "," ON("'client': [{'word': 1}]", "a") "," ON("'client': [{'word': 1}]", "a") "," ON("'server': [{'bytes': '0000'}], 'check': 'b'", "b") "," ON("'server': [{'bytes': '0000'}]", "a"),
      "0 open,1 >,2 open,3 >,4 >,5 =,6 <01,6 mismatch,6 over", "more" },

    { "what has no reply was answered",  cause_answered, TALK, SAID(1) "," SAID(2) "," DUE("0708", "a"), TWO("05 0708"), NO_REPLY("1 byte") },
    { "… with two bytes",                cause_answered, TALK, SAID(1) "," SAID(2) "," DUE("07", "a"), TWO("0506 07"), NO_REPLY("2 bytes") },
    { "… with none",                     cause_answered, TALK, SAID(1) "," SAID(2) "," DUE("0708", "a"), TWO("0708"), NULL },
    { "… and what is due is cut",        cause_answered, TALK, SAID(1) "," SAID(2) "," DUE("0708", "a"), TWO("05 07"), NULL },
    { "… where each has its own",        cause_answered, TALK, SAID(1) "," DUE("0708", "a"), LAST("05 0708"), NULL },
    { "… behind a silence",              cause_answered, TALK, SAID(1) ",{'silent': 'server'}," SAID(2) "," DUE("0708", "a"), "0 open,1 >,2 !,2 ?,3 >,4 <05 0708,4 mismatch,4 over", NULL },
    { "… behind a silence and a reply",  cause_answered, TALK, SAID(1) ",{'silent': 'server'}," SAID(2) "," DUE("0606", "a") "," SAID(3) "," SAID(4) "," DUE("0708", "b"), "0 open,1 >,2 !,2 ?,3 >,4 =,5 >,6 >,7 <05 0708,7 mismatch,7 over", NO_REPLY("1 byte") },
    { "… behind a silence of another connection", cause_answered, TALK, ON("'client': [{'word': 1}]", "b") "," ON("'client': [{'word': 1}]", "a") "," ON("'client': [{'word': 1}]", "a") "," ON("'silent': 'server'", "b") "," ON("'server': [{'bytes': '0708'}]", "a"),
      "0 open,1 >,2 open,3 >,4 >,5 quiet,6 <05 0708,6 mismatch,6 over", NO_REPLY("1 byte") },

    { "it began by itself",              cause_greeting, TALK, SAID(1) "," DUE("070809", "reply"), "0 open,1 >,2 <aabb,2 <070809,2 mismatch,2 over", THEMSELVES("2") },
    { "… with one byte",                 cause_greeting, TALK, SAID(1) "," DUE("0708", "reply"), "0 open,1 >,2 <aa,2 <0708,2 mismatch,2 over", ITSELF },
    { "… and went on in pieces",         cause_greeting, TALK, SAID(1) "," DUE("070809", "reply"), "0 open,1 >,2 <aabb,2 <07,2 <0809,2 mismatch,2 over", THEMSELVES("2") },
    { "… and is cut",                    cause_greeting, TALK, SAID(1) "," DUE("070809", "reply"), "0 open,1 >,2 <aabb,2 <0708,2 mismatch,2 over", NULL },
    { "… and went on otherwise",         cause_greeting, TALK, SAID(1) "," DUE("070809", "reply"), "0 open,1 >,2 <aabb,2 <070709,2 mismatch,2 over", NULL },
    { "… before one byte",               cause_greeting, TALK, SAID(1) "," DUE("07", "reply"), "0 open,1 >,2 <aabb,2 <07,2 mismatch,2 over", NULL },
    { "… in one piece",                  cause_greeting, TALK, SAID(1) "," DUE("070809", "reply"), LAST("aabb070809"), NULL },
    { "… behind a reply",                cause_greeting, TALK, TWICE("0606", "070809"), "0 open,1 >,2 =,3 >,4 <aabb,4 <070809,4 mismatch,4 over", NULL },
    { "… and another connection, too",   cause_greeting, TALK, ON("'client': [{'word': 1}]", "b") "," ON("'server': [{'bytes': '0606'}], 'check': 'b'", "b") "," ON("'client': [{'word': 1}]", "a") "," ON("'server': [{'bytes': '070809'}]", "a"),
      "0 open,1 >,2 =,3 open,4 >,5 <aabb070809,5 mismatch,5 over", NULL },
    { "a string in one piece",           cause_greeting, TALK, SAID(1) "," DUE("0708", "reply"), LAST("03 616263 0708"), GREETING("4") },
    { "… of three bytes",                cause_greeting, TALK, SAID(1) "," DUE("0708", "reply"), LAST("02 6162 0708"), NULL },
    { "… and a byte",                    cause_greeting, TALK, SAID(1) "," DUE("0708", "reply"), LAST("03 616263 01 0708"), NULL },
    { "… before one byte",               cause_greeting, TALK, SAID(1) "," DUE("07", "reply"), LAST("03 616263 07"), NULL },
    { "… and nothing behind it",         cause_greeting, TALK, SAID(1) "," DUE("0708", "reply"), LAST("03 616263"), NULL },
    { "… behind a reply",                cause_greeting, TALK, TWICE("0606", "0708"), THIRD("03 616263 0708"), NULL },
    { "a line",                          cause_greeting, TALK, SAID(1) "," DUE("0708", "reply"), LAST("68656c6c6f 0d0a 0708"), GREETING("7") },
    { "… that ends in a newline",        cause_greeting, TALK, SAID(1) "," DUE("0708", "reply"), LAST("61626364 0a 0708"), GREETING("5") },
    { "… in a CR",                       cause_greeting, TALK, SAID(1) "," DUE("0708", "reply"), LAST("61626364 0d 0708"), GREETING("5") },
    { "… of three characters",           cause_greeting, TALK, SAID(1) "," DUE("0708", "reply"), LAST("616263 0a 0708"), NULL },
    { "… and three behind them",         cause_greeting, TALK, SAID(1) "," DUE("0708", "reply"), LAST("61626364 0d0a0a 0708"), NULL },
    { "… without its end",               cause_greeting, TALK, SAID(1) "," DUE("0708", "reply"), LAST("61626364 0708"), NULL },
    { "… with another",                  cause_greeting, TALK, SAID(1) "," DUE("0708", "reply"), LAST("61626364 0b 0708"), NULL },
    { "… the first character of all",    cause_greeting, TALK, SAID(1) "," DUE("0708", "reply"), LAST("61622063 0a 0708"), GREETING("5") },
    { "… one before it",                 cause_greeting, TALK, SAID(1) "," DUE("0708", "reply"), LAST("61621f6364 0a 0708"), NULL },
    { "… the last",                      cause_greeting, TALK, SAID(1) "," DUE("0708", "reply"), LAST("61627e63 0a 0708"), GREETING("5") },
    { "… one behind it",                 cause_greeting, TALK, SAID(1) "," DUE("0708", "reply"), LAST("61627f6364 0a 0708"), NULL },
};

#define LONG SAID(1) "," DUE(UP " 101112131415161718191a1b1c1d1e1f 30*20", "reply")

static const struct cause_row misplaced[] = {
    { "it begins again",                 cause_began_again, TALK, LONG, LAST(UP " 10 " UP), "from byte 17 on what had come before begins again" },
    { "… behind sixteen bytes",          cause_began_again, TALK, LONG, LAST(UP " " UP), "from byte 16 on what had come before begins again" },
    { "… with sixteen zeroes",           cause_began_again, TALK, LONG, LAST("00*16 10 00*16"), NULL },
    { "… behind fifteen",                cause_began_again, TALK, LONG, LAST("000102030405060708090a0b0c0d0e " UP), NULL },
    { "… with fifteen",                  cause_began_again, TALK, LONG, LAST(UP " 10 000102030405060708090a0b0c0d0e"), NULL },
    { "… not from its beginning",        cause_began_again, TALK, LONG, LAST(UP " 1011 0102030405060708090a0b0c0d0e0f10"), NULL },
    { "… from that of the reply before", cause_began_again, TALK, SAID(1) "," DUE(UP " 40", "first") "," DUE("202122232425262728292a2b2c2d2e2f 50", "reply"), "0 open,1 >,2 =,3 <2021 " UP ",3 mismatch,3 over", "from byte 2 on what had come before begins again" },
    { "… before our last words",         cause_began_again, TALK, TWICE(UP " 40", "202122232425262728292a2b2c2d2e2f"), THIRD("2021 " UP), NULL },
    { "… before our words elsewhere",    cause_began_again, TALK, ON("'client': [{'word': 1}]", "a") "," ON("'server': [{'bytes': '" UP " 40'}], 'check': 'first'", "a") "," ON("'client': [{'word': 1}]", "b") "," ON("'server': [{'bytes': '2021222324'}]", "a"),
      "0 open,1 >,2 =,3 open,4 >,5 <2021 " UP ",5 mismatch,5 over", "from byte 2 on what had come before begins again" },
    { "… from the 4097th byte",          cause_began_again, TALK, SAID(1) "," DUE("41*4096 " UP " 42*40", "reply"), LAST("41*4096 " UP " 42*10 " UP), "from byte 4122 on what had come before begins again" },
    { "… from the 4096th",               cause_began_again, TALK, SAID(1) "," DUE("41*4095 " UP " 42*40", "reply"), LAST("41*4095 " UP " 42*10 " UP), NULL },
    { "… from the 8193rd",               cause_began_again, TALK, SAID(1) "," DUE("41*8192 " UP " 42*40", "reply"), LAST("41*8192 " UP " 42*10 " UP), "from byte 8218 on what had come before begins again" },

    { "the first two turned",            cause_pair_turned, TALK, SAID(1) "," DUE("01020304", "reply"), LAST("02010304"), "bytes 0 and 1 stand in each other's place" },
    { "… the last",                      cause_pair_turned, TALK, SAID(1) "," DUE("01020304", "reply"), LAST("01020403"), "bytes 2 and 3 stand in each other's place" },
    { "… and more behind",               cause_pair_turned, TALK, SAID(1) "," DUE("01020304", "reply"), LAST("01030204 05"), "bytes 1 and 2 stand in each other's place" },
    { "… and another wrong",             cause_pair_turned, TALK, SAID(1) "," DUE("01020304", "reply"), LAST("02010305"), NULL },
    { "… and the rest is cut",           cause_pair_turned, TALK, SAID(1) "," DUE("01020304", "reply"), LAST("020103"), NULL },
    { "one of two",                      cause_pair_turned, TALK, SAID(1) "," DUE("01020304", "reply"), LAST("02020304"), NULL },
    { "… the other",                     cause_pair_turned, TALK, SAID(1) "," DUE("01020304", "reply"), LAST("02050304"), NULL },
    { "the last and what is behind it",  cause_pair_turned, TALK, SAID(1) "," DUE("01020304", "reply"), LAST("01020305 04"), NULL },

    { "a flood",                         cause_flood, TALK, SAID(1) "," DUE("01020304", "reply"), LAST("70*4096"), "the peer flooded the connection: 4096 bytes came where 4 were due" },
    { "… of one byte less",              cause_flood, TALK, SAID(1) "," DUE("01020304", "reply"), LAST("70*4095"), NULL },
    { "… behind two right bytes",        cause_flood, TALK, SAID(1) "," DUE("01020304", "reply"), LAST("0102 70*4096"), "the peer flooded the connection: 4098 bytes came where 4 were due" },
    { "… behind three",                  cause_flood, TALK, SAID(1) "," DUE("01020304", "reply"), LAST("010203 70*4096"), NULL },
    { "… 16 times what is due",          cause_flood, TALK, SAID(1) "," DUE("01*256", "reply"), LAST("70*4096"), "the peer flooded the connection: 4096 bytes came where 256 were due" },
    { "… and less",                      cause_flood, TALK, SAID(1) "," DUE("01*257", "reply"), LAST("70*4111"), NULL },

    { "a byte before it",                cause_shifted, TALK, SAID(1) "," DUE("0102", "reply"), LAST("09 0102"), "1 byte stands before what was due" },
    { "… two",                           cause_shifted, TALK, SAID(1) "," DUE("0102", "reply"), LAST("0909 0102 05"), "2 bytes stand before what was due" },
    { "… none",                          cause_shifted, TALK, SAID(1) "," DUE("0102", "reply"), LAST("0102"), NULL },
    { "… and it is cut",                 cause_shifted, TALK, SAID(1) "," DUE("010203", "reply"), LAST("0909 0102"), NULL },
    { "… before one byte",               cause_shifted, TALK, SAID(1) "," DUE("01", "reply"), LAST("09 01"), NULL },
    { "… and it is too short",           cause_shifted, TALK, SAID(1) "," DUE("010203", "reply"), LAST("09"), NULL },

    { "four bytes once more",            cause_doubled, TALK, SAID(1) "," DUE("01020304 05060708", "reply"), LAST("01020304 01020304 05060708"), "the 4 bytes before came once more, and what was due behind them" },
    { "… three",                         cause_doubled, TALK, SAID(1) "," DUE("010203 05060708", "reply"), LAST("010203 010203 05060708"), NULL },
    { "… before three",                  cause_doubled, TALK, SAID(1) "," DUE("01020304 050607", "reply"), LAST("01020304 01020304 050607"), NULL },
    { "… others",                        cause_doubled, TALK, SAID(1) "," DUE("01020304 05060708", "reply"), LAST("01020304 01020305 05060708"), NULL },
    { "… of the reply before",           cause_doubled, TALK, TWICE("0a0b0c0d", "11121314"), THIRD("0a0b0c0d 11121314"), "the 4 bytes before came once more, and what was due behind them" },
    { "… where none came before",        cause_doubled, TALK, SAID(1) "," DUE("11121314", "reply"), LAST("0a0b0c0d 11121314"), NULL },
    { "… and the rest is cut",           cause_doubled, TALK, SAID(1) "," DUE("01020304 05060708", "reply"), LAST("01020304 01020304 050607"), NULL },

    { "a byte amid it",                  cause_inserted, TALK, SAID(1) "," DUE("01020304", "reply"), LAST("0102 10 0304"), "1 byte stands amid what was due, from byte 2 on" },
    { "… sixteen",                       cause_inserted, TALK, SAID(1) "," DUE("01020304", "reply"), LAST("0102 10*16 0304 05"), "16 bytes stand amid what was due, from byte 2 on" },
    { "… seventeen",                     cause_inserted, TALK, SAID(1) "," DUE("01020304", "reply"), LAST("0102 10*17 0304"), NULL },
    { "… before the last",               cause_inserted, TALK, SAID(1) "," DUE("01020304", "reply"), LAST("010203 10 04"), NULL },
    { "… and the rest is cut",           cause_inserted, TALK, SAID(1) "," DUE("01020304", "reply"), LAST("0102 10 03"), NULL },

    { "the end is missing",              cause_missing, TALK, SAID(1) "," DUE("01020304", "reply"), LAST("0102"), "2 bytes of what was due are missing, from byte 2 on" },
    { "… its last byte",                 cause_missing, TALK, SAID(1) "," DUE("01020304", "reply"), LAST("010203"), "1 byte of what was due is missing, from byte 3 on" },
    { "… all of it",                     cause_missing, TALK, SAID(1) "," DUE("01020304", "reply"), "0 open,1 >,2 late,2 over", NULL },
    { "… a byte amid it",                cause_missing, TALK, SAID(1) "," DUE("01020304", "reply"), LAST("010304"), "1 byte of what was due is missing, from byte 1 on" },
    { "… all but the last",              cause_missing, TALK, SAID(1) "," DUE("01020304", "reply"), LAST("04"), "3 bytes of what was due are missing, from byte 0 on" },
    { "… and another behind it",         cause_missing, TALK, SAID(1) "," DUE("01020304", "reply"), LAST("010304 05"), NULL },
    { "… and the probe's answer",        cause_missing, TALK, SAID(1) "," DUE("01020304", "reply"), "0 open,1 >,2 <0102,2 ?,2 mismatch,2 over", "2 bytes of what was due are missing, from byte 2 on" },
    { "… and the next reply",            cause_missing, TALK, SAID(1) "," SAID(1) "," DUE("01020304", "reply") "," DUE("0a0b0c", "next"), "0 open,1 >,2 >,3 <0104 0a0b0c,3 mismatch,3 over", "2 bytes of what was due are missing, from byte 1 on" },
    { "… that alone",                    cause_missing, TALK, SAID(1) "," SAID(1) "," DUE("01020304", "reply") "," DUE("0a0b0c", "next"), "0 open,1 >,2 >,3 <0a0b0c,3 mismatch,3 over", NULL },
    { "… and the beginning of that",     cause_missing, TALK, SAID(1) "," DUE("01020304", "reply"), LAST("0102 0000"), NULL },
    { "… behind the probe",              cause_missing, TALK, SAID(1) "," DUE("01020304", "reply"), LAST("0102 0000"), "2 bytes of what was due are missing, from byte 2 on", .late = true },
    { "… and a refusal",                 cause_missing, SEVERAL, SAID(1) "," DUE("0a020304", "reply"), LAST("0a02 0100 02 6162"), "2 bytes of what was due are missing, from byte 2 on" },
    { "… that says no more than a number", cause_missing, SEVERAL, SAID(1) "," DUE("0a020304", "reply"), LAST("0a02 0200 0500"), NULL },

    { "a later reply in the rest's place", cause_rest_lost, TALK, AHEAD("0102030405060708", "1112131415"), TWO("0102030405 1112131415"), "the reply ends at byte 5 of 8, and a later one follows: the rest was never sent" },
    { "… that lacks its own",            cause_rest_lost, TALK, AHEAD("0102030405060708", UP16 UP), TWO("0102030405" UP16 "55"), "the reply ends at byte 5 of 8, and a later one follows: the rest was never sent" },
    { "… within 256 bytes",              cause_rest_lost, TALK, AHEAD("0102030405060708", UP16 UP), TWO("0102030405" UP4 UP4 UP4 UP UP UP "000102030405060708090a0b0c0d0e55"), NULL },
    { "… behind four bytes",             cause_rest_lost, TALK, AHEAD("0102030405060708", "11121314"), TWO("01020304 11121314"), "the reply ends at byte 4 of 8, and a later one follows: the rest was never sent" },
    { "… behind three",                  cause_rest_lost, TALK, AHEAD("0102030405060708", "11121314"), TWO("010203 11121314"), NULL },
    { "… of three",                      cause_rest_lost, TALK, AHEAD("0102030405060708", "111213"), TWO("0102030405 111213"), NULL },
    { "… that is cut",                   cause_rest_lost, TALK, AHEAD("0102030405060708", "1112131415"), TWO("0102030405 11121314"), "the reply ends at byte 5 of 8, and a later one follows: the rest was never sent" },
    { "… to three",                      cause_rest_lost, TALK, AHEAD("0102030405060708", "1112131415"), TWO("0102030405 111213"), NULL },
    { "… that begins as the rest, with two bytes", cause_rest_lost, TALK, AHEAD("0102030405060708", "0607 11121314151617"), TWO("0102030405 0607 11121314151617"), "the reply ends at byte 5 of 8, and a later one follows: the rest was never sent" },
    { "… with three",                    cause_rest_lost, TALK, AHEAD("0102030405060708090a0b0c", "060708 2122232425262728"), TWO("0102030405 060708 2122232425262728"), "the reply ends at byte 5 of 12, and a later one follows: the rest was never sent" },
    { "… with four",                     cause_rest_lost, TALK, AHEAD("0102030405060708090a0b0c", "06070809 2122232425262728"), TWO("0102030405 06070809 2122232425262728"), NULL },
    { "… with two, and it is short",     cause_rest_lost, TALK, AHEAD("0102030405060708", "0607 111213"), TWO("0102030405 0607 111213"), NULL },
    { "… and nothing follows it",        cause_rest_lost, TALK, AHEAD("0102030405060708", "0607 111213"), TWO("0102030405 0607 1112"), NULL },
    { "… with two, and it is four that follow", cause_rest_lost, TALK, AHEAD("0102030405060708", "0607 11121314"), TWO("0102030405 0607 11121314"), "the reply ends at byte 5 of 8, and a later one follows: the rest was never sent" },
    { "… of another connection",         cause_rest_lost, TALK, ON("'client': [{'word': 1}]", "a") "," ON("'client': [{'word': 1}]", "b") "," ON("'server': [{'bytes': '0102030405060708'}]", "a") "," ON("'server': [{'bytes': '1112131415'}], 'check': 'b'", "b"),
      "0 open,1 >,2 open,3 >,4 <0102030405 1112131415,4 mismatch,4 over", NULL },
    { "… the probe's answer",            cause_rest_lost, TALK, SAID(1) "," DUE("0102030405060708", "reply"), "0 open,1 >,2 <0102030405,2 ?,2 mismatch,2 over", "the reply ends at byte 5 of 8, and a later one follows: the rest was never sent" },
    { "… an earlier one",                cause_rest_lost, TALK, TWICE("1112131415", "0102030405060708"), THIRD("0102030405 1112131415"), NULL },

    { "a table of all that is loaded", cause_loaded_elsewhere, TALK, LOADS("CAge(1)", "CAge(2)", "@1"), "0 open,1 >,2 open,3 >,4 >,5 <0200 0500,5 mismatch,5 over", LOADED },
    { "… of two that carry none before", cause_loaded_elsewhere, TALK, LOADS("null", "CAge(2)", "CAge(1)"), "0 open,1 >,2 open,3 >,4 >,5 <0200 0500,5 mismatch,5 over", LOADED },
    { "… another cause", cause_loaded_elsewhere, TALK, LOADS("CAge(1)", "CAge(2)", "@1"), "0 open,1 >,2 open,3 >,4 >,5 <0200 0300,5 mismatch,5 over", NULL },
    { "… a reply", cause_loaded_elsewhere, TALK, LOADS("CAge(1)", "CAge(2)", "@1"), "0 open,1 >,2 open,3 >,4 >,5 <0000 0500,5 mismatch,5 over", NULL },
    { "… on one connection", cause_loaded_elsewhere, TALK, OBJECTS("CAge(1)", "@1"), "0 open,1 >,2 =,3 >,4 <0200 0500,4 mismatch,4 over", NULL },
    { "… where it is due", cause_loaded_elsewhere, TALK, ON("'client': [{'word': 1}, {'object': 'CAge(1)'}]", "a") "," ON("'client': [{'word': 1}, {'object': 'CAge(2)'}]", "b") "," ON("'client': [{'word': 1}, {'object': '@1'}]", "a") "," ON("'server': [{'word': 2}, {'word': 3}]", "a"), "0 open,1 >,2 open,3 >,4 >,5 <0200 0500,5 mismatch,5 over", NULL },
    { "a class of another connection",   cause_known_elsewhere, TALK, "{'client': [{'word': 1}]},{'server': [{'object': 'CAge(7)'}]}", LAST("0180 07000000"), TAG("8001") },
    { "… behind a status",               cause_known_elsewhere, TALK, "{'client': [{'word': 1}]},{'server': [{'word': 0}, {'object': 'CAge(7)'}]}", LAST("0000 0180 07000000"), TAG("8001") },
    { "… an object",                     cause_known_elsewhere, TALK, "{'client': [{'word': 1}]},{'server': [{'object': 'CAge(7)'}]}", LAST("0200"), TAG("0002") },
    { "… the last that may be",          cause_known_elsewhere, TALK, "{'client': [{'word': 1}]},{'server': [{'object': 'CAge(7)'}]}", LAST("0010"), TAG("1000") },
    { "… one behind it",                 cause_known_elsewhere, TALK, "{'client': [{'word': 1}]},{'server': [{'object': 'CAge(7)'}]}", LAST("0110"), NULL },
    { "… the last class",                cause_known_elsewhere, TALK, "{'client': [{'word': 1}]},{'server': [{'object': 'CAge(7)'}]}", LAST("0090 07000000"), TAG("9000") },
    { "… one behind that",               cause_known_elsewhere, TALK, "{'client': [{'word': 1}]},{'server': [{'object': 'CAge(7)'}]}", LAST("0190 07000000"), NULL },
    { "… null",                          cause_known_elsewhere, TALK, "{'client': [{'word': 1}]},{'server': [{'object': 'CAge(7)'}]}", LAST("0000"), NULL },
    { "… a class of no number",          cause_known_elsewhere, TALK, "{'client': [{'word': 1}]},{'server': [{'object': 'CAge(7)'}]}", LAST("0080 07000000"), NULL },
    { "… one byte of a tag",             cause_known_elsewhere, TALK, "{'client': [{'word': 1}]},{'server': [{'object': 'CAge(7)'}]}", LAST("01"), NULL },
    { "… that begins as it should",      cause_known_elsewhere, TALK, "{'client': [{'word': 1}]},{'server': [{'object': 'CAge(7)'}]}", LAST("ff00 07000000"), NULL },
    { "… no object",                     cause_known_elsewhere, TALK, SAID(1) "," DUE("ffff", "reply"), LAST("0180"), NULL },
    { "… a number",                      cause_known_elsewhere, TALK, SAID(1) ",{'server': [{'word': 65535}]}", LAST("0180"), NULL },
    { "… where null is due",             cause_known_elsewhere, TALK, SAID(1) ",{'server': [{'object': 'null'}]}", LAST("0180 07000000"), NULL },
    { "… and we have carried one",       cause_known_elsewhere, TALK, "{'client': [{'word': 1}, {'object': 'CAge(1)'}]},{'server': [{'object': 'CAge(7)'}]}", LAST("0180 07000000"), TAG("8001") },
    { "… and the peer a number",         cause_known_elsewhere, TALK, "{'client': [{'word': 1}]},{'server': [{'word': 9}]},{'client': [{'word': 1}]},{'server': [{'object': 'CAge(7)'}], 'check': 'b'}", THIRD("0180 07000000"), TAG("8001") },
    { "… and the peer an object",        cause_known_elsewhere, TALK, "{'client': [{'word': 1}]},{'server': [{'object': 'CAge(1)'}]},{'client': [{'word': 1}]},{'server': [{'object': 'CNode(7,null)'}], 'check': 'b'}", THIRD("0580 07000000"), NULL },
    { "… or raw bytes that hold some",   cause_known_elsewhere, TALK, "{'client': [{'word': 1}]},{'server': [{'bytes': 'ffff010004004341676507000000'}], 'entries': 2},{'client': [{'word': 1}]},{'server': [{'object': 'CNode(1,null)'}], 'check': 'b'}", THIRD("0180 07000000"), NULL },
    { "… or that hold none",             cause_known_elsewhere, TALK, "{'client': [{'word': 1}]},{'server': [{'bytes': '0102'}], 'entries': 0},{'client': [{'word': 1}]},{'server': [{'object': 'CNode(1,null)'}], 'check': 'b'}", THIRD("0180 07000000"), TAG("8001") },
};
// clang-format on

Test(cause_exchange, refusals_are_told_from_replies, .timeout = 20)
{
    cause_rows_hold(refusals, COUNT_OF(refusals));
}

Test(cause_exchange, replies_to_others_are_told, .timeout = 20)
{
    cause_rows_hold(others, COUNT_OF(others));
}

Test(cause_exchange, bytes_in_the_wrong_place_are_told, .timeout = 20)
{
    cause_rows_hold(misplaced, COUNT_OF(misplaced));
}

/* ---- what a refusal is ---- */

// clang-format off
static const struct read_row {
    const char *label, *got;
    size_t which;       // of the service's refusals
    const char *is;     // its name, how many bytes it has, and its values by their names; NULL: it is not that
    bool says_more;     // than a number, whichever of them it is
} reads[] = {
    { "a cause",              "0200 0500", 0, "no 4, cause 5", false },
    { "… and more behind it", "0200 0500 09", 0, "no 4, cause 5", false },
    { "… that is cut",        "0200 05", 0, NULL, false },
    { "… nothing",            "", 0, NULL, false },
    { "… of another",         "0100 02 6162", 0, NULL, true },
    { "a reason",             "0100 02 6162", 1, "refused 5, reason \"ab\"", true },
    { "… that is empty",      "0100 00", 1, "refused 3, reason \"\"", false },
    { "… of one character",   "0100 01 61 62", 1, "refused 4, reason \"a\"", false },
    { "what has no name",     "0700 0900", 2, "bare 4", false },
};
// clang-format on

Test(cause_exchange, refusals_are_read_where_they_begin, .timeout = 10)
{
    static const char *const names[] = { "cause", "reason" };
    struct library lib;

    talk_load(SEVERAL, WHOLE, &lib);
    for (const struct read_row *r = reads; r < reads + COUNT_OF(reads); r++) {
        SCRATCH(keep);
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep), other = program_of(&lib, "t-1", "bits=64", PARTY_SERVER, "plain", &keep);
        struct refusal refusal;
        struct bytes got;
        TEXT(is);
        cr_assert(hex_read(r->got, &keep, &got) == NULL, "%s", r->label);
        if (refusal_read(&p, r->which, got, &keep, &refusal)) {
            text_printf(&is, "%s %zu", refusal.name, refusal.len);
            for (size_t i = 0; i < COUNT_OF(names); i++) {
                const struct value *v = refusal_value(&refusal, names[i]);
                if (v) {
                    text_printf(&is, ", %s ", names[i]);
                    value_print(&is, v);
                }
            }
        }
        cr_expect(eq(str, (char *)text_string(&is), (char *)(r->is ? r->is : "")), "%s", r->label);
        cr_expect(eq(int, begins_refusal(&p, got, &keep), r->says_more), "%s", r->label);
        cr_expect(not(refusal_read(&other, r->which, got, &keep, &refusal)), "%s: clients do not refuse", r->label);
        if (r->is)
            cr_expect(is_refusal(&p, got, &keep), "%s", r->label);
    }
    library_free(&lib);
}

/* Values have the names of their fields, wherever these stand. */
Test(cause_exchange, values_of_a_refusal_are_known_by_their_names, .timeout = 10)
{
    SCRATCH(keep);
    struct library lib;
    struct refusal r;
    static const uint8_t wire[] = { 9, 7, 0, 5, 0, 8, 6, 0 };

    talk_load(SERVICE_REFUSING("'no': [ {'server': [{'byte': {'any': true, 'as': 'kind'}}, {'word': 7}, {'word': {'any': true, 'as': 'cause'}}, {'byte': {'any': true}}, {'word': {'any': true, 'as': 'place'}}]} ]"), WHOLE, &lib);
    struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
    cr_assert(refusal_read(&p, 0, (struct bytes){ wire, sizeof wire }, &keep, &r));
    cr_expect(eq(u64, refusal_value(&r, "kind")->number, 9));
    cr_expect(eq(u64, refusal_value(&r, "cause")->number, 5));
    cr_expect(eq(u64, refusal_value(&r, "place")->number, 6));
    cr_expect(refusal_value(&r, "reason") == NULL);
    library_free(&lib);
}

/* A reply in parts is one message, whatever stands between them elsewhere. */
Test(cause_exchange, the_parts_of_a_reply_are_one_message, .timeout = 10)
{
    static const char steps[] = ON("'client': [{'word': 1}]", "a") "," ON("'server': [{'word': 0}], 'check': 'x'", "a") "," ON("'server': [{'word': 2}], 'part': true", "a") ","
        ON("'client': [{'word': 1}]", "b") "," ON("'server': [{'word': 0}], 'check': 'y'", "b") "," ON("'server': [{'byte': 5}], 'part': true", "a") "," ON("'server': [{'byte': 0}], 'check': 'z'", "a") ","
        ON("'server': [{'word': 2}], 'check': 'u'", "a");
    SCRATCH(keep);
    struct library lib;
    TEXT(told);

    talk_load(TALK, steps, &lib);
    struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
    for (size_t i = 0; i < p.count; i++)
        if (p.ops[i].kind == OP_RECEIVE)
            text_printf(&told, "%s%zu%s", told.b.len ? ", " : "", reply_begun(&p, i, &keep), refusal_due(&p, i, &keep) ? " no" : "");
    cr_expect(eq(str, (char *)text_string(&told), "0, 0 no, 0, 2 no, 3 no, 0 no"));
    library_free(&lib);
}
