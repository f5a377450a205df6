/*
 * Messages that came held against those that were due, and what is asked where nothing came: each question by itself, from both sides of
 * every condition.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "cause_rows.h"

#define WORDY                                                                                      \
    "{'format': 1, 'service': 'talk', 'first-control': 'ping', 'probe': 'ping', 'pipelining': true,\n" \
    " 'end': {'name': 'end', 'clauses': ['X-1']},\n"                                               \
    " 'controls': {'ping': [ {'client': [{'cstringa': 'a'}, {'cstringa': 'b'}]}, {'server': [{'word': 0}]} ]}}"
#define SAID(values, on)  "{'client': [" values "], 'on': '" on "'}"
#define DUE(values, on)   "{'server': [" values "], 'on': '" on "', 'check': '" on "'}"
#define AND(values, on, name) "{'server': [" values "], 'on': '" on "', 'check': '" name "'}"
#define ONE               SAID("{'word': 4}", "a") "," DUE("{'word': 0}", "a")
#define RAW(hex)          "{'bytes': '" hex "'}"
#define PARTS             "{'client': [{'word': 4}], 'part': true, 'on': 'a'}," SAID("{'dword': 9}", "a") "," DUE("{'dword': 7}", "a")
#define HEARD             "{'open': 'client', 'on': 'a'}," SAID("{'word': 4}", "b") "," DUE("{'word': 0}", "a")
#define BOTH(first, last) SAID("{'word': 4}", "b") "," SAID("{'word': 4}", "a") "," AND(last, "b", "b") "," DUE(first, "a")
#define THREE(a, b, c)    SAID("{'word': 4}", "a") "," SAID("{'word': 4}", "a") "," SAID("{'word': 4}", "a") "," AND(a, "a", "x") "," AND(b, "a", "y") "," AND(c, "a", "z")
#define TWICE(first, last) SAID("{'word': 4}", "a") "," AND(first, "a", "x") "," SAID("{'word': 4}", "a") "," AND(last, "a", "y")
#define LATE              "0 open,1 >,2 late,2 over"
#define LAST(got)         "0 open,1 >,2 <" got ",2 mismatch,2 over"
#define FIRST(got)        "0 open,1 >,2 >,3 >,4 <" got ",4 mismatch,4 over"
#define THIRD(got)        "0 open,1 >,2 =,3 >,4 <" got ",4 mismatch,4 over"

#define ON_B   "the reply that is due here came on connection b"
#define LEFT_B "the peer had ended connection b, on which it was asked for this"
#define ENDED  "the peer ended the connection before a byte of what was due, where its request came in pieces: it takes the end of what has arrived for the end of the stream"
#define THREW  "the peer waits for more, where its request has come whole and in pieces: it threw one of them away"

static const char *alone(const struct evidence *e)
{
    return asked_alone(e) ? "alone" : NULL;
}

static const char *with_a_part(const struct evidence *e)
{
    return asked_with_a_part(e) ? "with a part" : NULL;
}

static const char *message(const struct evidence *e)
{
    return reads_as_message(e->program, e->got, e->got.len) ? "a message" : NULL;
}

static const char *reply(const struct evidence *e)
{
    return reads_as_reply(e->program, e->got) ? "a reply" : NULL;
}

static const char *aligned(const struct evidence *e)
{
    struct finding f = { 0 };

    return cause_aligned(e, &f) ? arena_printf(e->keep, "%s: %s", f.cause, f.sentence) : NULL;
}

// clang-format off
static const struct cause_row nothing[] = {
    { "by itself",                       alone, TALK, ONE, LATE, "alone" },
    { "… in one segment, if one knew",   alone, TALK, ONE, "0 open,1 >0,2 late,2 over", "alone" },
    { "… in two",                        alone, TALK, ONE, "0 open,1 >2,2 late,2 over", NULL },
    { "… in two pieces",                 alone, TALK, ONE, "0 open,1 >,1 >,2 late,2 over", NULL },
    { "… not at all",                    alone, TALK, ONE, "0 open,2 late,2 over", NULL },
    { "… and the probe behind it",       alone, TALK, ONE, "0 open,1 >,2 late,2 probe,2 !,2 over", "alone" },
    { "… and something came",            alone, TALK, ONE, "0 open,1 >,2 <00,2 late,2 over", NULL },
    { "… behind the probe",              alone, TALK, ONE, "0 open,1 >,2 late,2 probe,2 !,2 ?,2 over", "alone" },
    { "… behind one that was answered",  alone, TALK, TWICE("{'word': 0}", "{'word': 0}"), "0 open,1 >,2 =,3 >,4 late,4 over", "alone" },
    { "… behind one that was not",       alone, TALK, SAID("{'word': 3}", "a") "," ONE, "0 open,1 >,2 >,3 late,3 over", NULL },
    { "… elsewhere",                     alone, TALK, SAID("{'word': 3}", "b") "," ONE, "0 open,1 >,2 open,3 >,4 late,4 over", "alone" },
    { "… and something came there",      alone, TALK, SAID("{'word': 3}", "b") "," ONE, "0 open,1 >,2 open,3 >,1 <00,4 late,4 over", "alone" },
    { "as the probe is",                 alone, TALK, SAID("{'word': 4}, {'dword': 7}", "a") "," DUE("{'word': 0}", "a"), LATE, "alone" },
    { "… and more, which may be another", alone, TALK, SAID("{'word': 4}, {'dword': 7}, {'word': 4}", "a") "," DUE("{'word': 0}", "a"), LATE, NULL },
    { "… and more, which is none",       alone, TALK, SAID("{'word': 4}, {'dword': 7}, {'byte': 4}", "a") "," DUE("{'word': 0}", "a"), LATE, "alone" },
    { "two of one type",                 alone, TALK, SAID("{'word': 4}, {'word': 7}", "a") "," DUE("{'word': 0}", "a"), LATE, NULL },
    { "texts, as the probe is",          alone, WORDY, SAID("{'cstringw': 'a'}, {'cstringw': 'b'}", "a") "," DUE("{'word': 0}", "a"), LATE, "alone" },
    { "… numbers are no texts",          alone, WORDY, SAID("{'word': 4}, {'word': 7}", "a") "," DUE("{'word': 0}", "a"), LATE, NULL },
    { "… nor is one of them",            alone, WORDY, SAID("{'cstringw': 'a'}, {'word': 7}, {'cstringw': 'b'}", "a") "," DUE("{'word': 0}", "a"), LATE, NULL },
    { "… nor raw bytes",                 alone, WORDY, SAID("{'bytes': '01'}, {'bytes': '02'}", "a") "," DUE("{'word': 0}", "a"), LATE, NULL },
    { "two messages in one piece",       alone, TALK, TWICE("{'word': 0}", "{'word': 0}"), LATE, NULL, .delivery = "coalesced" },

    { "a part of the next behind it",    with_a_part, TALK, "{'client': [{'word': 4}], 'part': true, 'on': 'a'}," DUE("{'word': 0}", "a"), LATE, "with a part" },
    { "… which was not sent",            with_a_part, TALK, "{'client': [{'word': 4}], 'part': true, 'on': 'a'}," DUE("{'word': 0}", "a"), "0 open,2 late,2 over", NULL },
    { "… all of it",                     with_a_part, TALK, ONE, LATE, NULL },
    { "… where a refusal is due",        with_a_part, TALK, "{'client': [{'word': 4}], 'part': true, 'on': 'a'}," DUE("{'word': 2}, {'word': 5}", "a"), LATE, NULL },
    { "… and words elsewhere",           with_a_part, TALK, "{'client': [{'word': 4}], 'part': true, 'on': 'a'}," SAID("{'word': 3}", "b") "," DUE("{'word': 0}", "a"), "0 open,1 >,2 open,3 >,4 late,4 over", NULL },
    { "… and words elsewhere before",    with_a_part, TALK, SAID("{'word': 3}", "b") ",{'client': [{'word': 4}], 'part': true, 'on': 'a'}," DUE("{'word': 0}", "a"), "0 open,1 >,2 open,3 >,4 late,4 over", "with a part" },
    { "… that nobody asked for",         with_a_part, TALK, DUE("{'word': 0}", "a"), "0 open,1 late,1 over", NULL },

    { "it came elsewhere",               cause_elsewhere, TALK, BOTH(RAW("010203"), RAW("040506")), "0 open,1 >,2 open,3 >,4 =,4 <010203,5 late,5 over", ON_B },
    { "… behind something",              cause_elsewhere, TALK, BOTH(RAW("010203"), RAW("040506")), "0 open,1 >,2 open,3 >,4 <040506010203,5 late,5 over", ON_B },
    { "… before something",              cause_elsewhere, TALK, BOTH(RAW("010203"), RAW("040506")), "0 open,1 >,2 open,3 >,4 <010203040506,5 late,5 over", ON_B },
    { "… amid something",                cause_elsewhere, TALK, BOTH(RAW("010203"), RAW("040506")), "0 open,1 >,2 open,3 >,4 <0401020305,5 late,5 over", NULL },
    { "… before it was asked for",       cause_elsewhere, TALK, BOTH(RAW("010203"), RAW("040506")), "0 open,1 >,4 <010203,2 open,3 >,5 late,5 over", NULL },
    { "… and half of it",                cause_elsewhere, TALK, BOTH(RAW("010203"), RAW("040506")), "0 open,1 >,2 open,3 >,4 <0102,5 late,5 over", NULL },
    { "… two bytes",                     cause_elsewhere, TALK, BOTH(RAW("0102"), RAW("040506")), "0 open,1 >,2 open,3 >,4 <0102,5 late,5 over", NULL },
    { "… where it is due, too",          cause_elsewhere, TALK, BOTH(RAW("010203"), RAW("010203")), "0 open,1 >,2 open,3 >,4 <010203,5 late,5 over", NULL },
    { "… and had not been asked for",    cause_elsewhere, TALK, BOTH(RAW("010203"), RAW("010203")), "0 open,2 open,3 >,4 <010203,5 late,5 over", ON_B },
    { "… here",                          cause_elsewhere, TALK, BOTH(RAW("010203"), RAW("040506")), "0 open,1 >,2 open,3 >,5 <010203,5 late,5 over", NULL },

    { "the connection of the request has ended", cause_left_elsewhere, TALK, HEARD, "0 open,1 open,2 >,2 fin,3 late,3 over", LEFT_B },
    { "… was reset",                     cause_left_elsewhere, TALK, HEARD, "0 open,1 open,2 >,2 reset,3 late,3 over", LEFT_B },
    { "… has not",                       cause_left_elsewhere, TALK, HEARD, "0 open,1 open,2 >,3 late,3 over", NULL },
    { "… by us",                         cause_left_elsewhere, TALK, HEARD, "0 open,1 open,2 >,2 fin-sent,2 fin,3 late,3 over", NULL },
    { "… by a reset of ours",            cause_left_elsewhere, TALK, HEARD, "0 open,1 open,2 >,2 reset-sent,2 reset,3 late,3 over", NULL },
    { "… by us, behind that",            cause_left_elsewhere, TALK, HEARD, "0 open,1 open,2 >,2 fin,2 fin-sent,3 late,3 over", LEFT_B },
    { "… where we are to end it",        cause_left_elsewhere, TALK, HEARD ",{'end': 'client', 'on': 'b'}", "0 open,1 open,2 >,2 fin,3 late,3 over", LEFT_B },
    { "… where the peer is",             cause_left_elsewhere, TALK, HEARD ",{'end': 'server', 'on': 'b'}", "0 open,1 open,2 >,2 fin,3 late,3 over", NULL },
    { "… where it is to reset it",       cause_left_elsewhere, TALK, HEARD ",{'reset': 'server', 'on': 'b'}", "0 open,1 open,2 >,2 fin,3 late,3 over", NULL },
    { "… where it is to end this one",   cause_left_elsewhere, TALK, HEARD ",{'end': 'server', 'on': 'a'}", "0 open,1 open,2 >,2 fin,3 late,3 over", LEFT_B },
    { "… only later",                    cause_left_elsewhere, TALK, HEARD ",{'end': 'client', 'on': 'b'}", "0 open,1 open,2 >,4 fin,3 late,3 over", NULL },
    { "this one has ended",              cause_left_elsewhere, TALK, HEARD, "0 open,1 open,2 >,3 fin,3 late,3 over", NULL },
    { "… and the request was said here", cause_left_elsewhere, TALK, ONE, "0 open,1 >,2 fin,2 late,2 over", NULL },
    { "… and nothing was",               cause_left_elsewhere, TALK, DUE("{'word': 0}", "a"), "0 open,1 fin,1 late,1 over", NULL },
    { "… and a control was said here behind it", cause_left_elsewhere, TALK, SAID("{'word': 4}", "b") ",{'control': 'ping', 'on': 'a'}," DUE("{'word': 0}", "a"), "0 open,1 >,1 fin,2 open,3 >,4 =,5 late,5 over", LEFT_B },

    { "… and on this connection at once", cause_left_elsewhere, TALK, "{'open': 'client', 'on': 'a'}," SAID("{'word': 4}", "b") ",{'control': 'ping', 'on': 'a'}," DUE("{'word': 0}", "a"), "0 open,1 open,2 >,2 fin,3 >,4 =,5 late,5 over", LEFT_B },

    { "an end amid the request",         cause_cut_request, TALK, PARTS, "0 open,1 >,2 >,3 fin,3 over", ENDED },
    { "… of one that came in one piece", cause_cut_request, TALK, ONE, "0 open,1 >,2 fin,2 over", NULL },
    { "… in two pieces",                 cause_cut_request, TALK, ONE, "0 open,1 >,1 >,2 fin,2 over", ENDED },
    { "… in segments that the kernel made", cause_cut_request, TALK, ONE, "0 open,1 >2,2 fin,2 over", NULL },
    { "… in segments that we made",      cause_cut_request, TALK, ONE, "0 open,1 >2,2 fin,2 over", ENDED, .delivery = "bytewise" },
    { "… behind our end",                cause_cut_request, TALK, PARTS, "0 open,1 >,2 >,3 fin-sent,3 fin,3 over", NULL },
    { "… before it",                     cause_cut_request, TALK, PARTS, "0 open,1 >,2 >,3 fin,3 fin-sent,3 over", ENDED },
    { "… behind the probe",              cause_cut_request, TALK, PARTS, "0 open,1 >,2 >,3 late,3 probe,3 !,3 fin,3 over", NULL },
    { "… and an end of ours elsewhere",  cause_cut_request, TALK, SAID("{'word': 4}", "b") "," PARTS, "0 open,1 >,1 fin-sent,2 open,3 >,4 >,5 fin,5 over", ENDED },
    { "… of a peer that need not speak", cause_cut_request, BLUNT, PARTS, "0 open,1 >,2 >,3 fin,3 over", NULL },
    { "… and has spoken",                cause_cut_request, BLUNT, ONE "," "{'client': [{'word': 4}], 'part': true, 'on': 'a'}," SAID("{'dword': 9}", "a") "," AND("{'dword': 7}", "a", "b"), "0 open,1 >,2 =,3 >,4 >,5 fin,5 over", ENDED },
    { "… of 16384 bytes",                cause_cut_request, TALK, SAID(RAW("41*16384"), "a") "," DUE("{'word': 0}", "a"), "0 open,1 >,2 fin,2 over", NULL },
    { "… of 16385",                      cause_cut_request, TALK, SAID(RAW("41*16385"), "a") "," DUE("{'word': 0}", "a"), "0 open,1 >,2 fin,2 over", ENDED },
    { "… that nobody said",              cause_cut_request, TALK, DUE("{'word': 0}", "a"), "0 open,1 fin,1 over", NULL },
    { "… of two messages in two pieces", cause_cut_request, TALK, TWICE("{'word': 0}", "{'word': 0}"), "0 open,1 >,1 >,2 fin,2 over", NULL, .delivery = "coalesced" },
    { "… in three",                      cause_cut_request, TALK, TWICE("{'word': 0}", "{'word': 0}"), "0 open,1 >,1 >,1 >,2 fin,2 over", ENDED, .delivery = "coalesced" },

    { "a piece was thrown away",         cause_thrown_away, TALK, ONE "," "{'client': [{'word': 4}], 'part': true, 'on': 'a'}," SAID("{'dword': 9}", "a") "," AND("{'dword': 7}", "a", "b"), "0 open,1 >,2 =,3 >,4 >,5 proven,5 over", THREW },
    { "… and never an answer came",      cause_thrown_away, TALK, PARTS, "0 open,1 >,2 >,3 proven,3 over", NULL },
    { "… of one piece",                  cause_thrown_away, TALK, TWICE("{'word': 0}", "{'word': 0}"), "0 open,1 >,2 =,3 >,4 proven,4 over", NULL },
    { "… and the limit passed",          cause_thrown_away, TALK, ONE "," "{'client': [{'word': 4}], 'part': true, 'on': 'a'}," SAID("{'dword': 9}", "a") "," AND("{'dword': 7}", "a", "b"), "0 open,1 >,2 =,3 >,4 >,5 late,5 over", NULL },
    { "… it was proven before",          cause_thrown_away, TALK, ONE "," "{'client': [{'word': 4}], 'part': true, 'on': 'a'}," SAID("{'dword': 9}", "a") "," AND("{'dword': 7}", "a", "b"), "0 open,1 >,2 =,3 >,3 proven,4 >,5 late,5 over", NULL },
    { "… and the peer has ended",        cause_thrown_away, TALK, ONE "," "{'client': [{'word': 4}], 'part': true, 'on': 'a'}," SAID("{'dword': 9}", "a") "," AND("{'dword': 7}", "a", "b"), "0 open,1 >,2 =,3 >,4 >,5 fin,5 proven,5 over", NULL },
    { "… and we have",                   cause_thrown_away, TALK, ONE "," "{'client': [{'word': 4}], 'part': true, 'on': 'a'}," SAID("{'dword': 9}", "a") "," AND("{'dword': 7}", "a", "b"), "0 open,1 >,2 =,3 >,4 >,5 fin-sent,5 proven,5 over", NULL },
    { "… and another connection stands amid a message", cause_thrown_away, TALK, ONE "," "{'client': [{'word': 4}], 'part': true, 'on': 'b'}," "{'client': [{'word': 4}], 'part': true, 'on': 'a'}," SAID("{'dword': 9}", "a") "," AND("{'dword': 7}", "a", "b"), "0 open,1 >,2 =,3 open,4 >,5 >,6 >,7 proven,7 over", NULL },
    { "… or behind it",                  cause_thrown_away, TALK, ONE "," "{'client': [{'word': 4}], 'part': true, 'on': 'b'}," SAID("{'dword': 8}", "b") "," "{'client': [{'word': 4}], 'part': true, 'on': 'a'}," SAID("{'dword': 9}", "a") "," AND("{'dword': 7}", "a", "b"), "0 open,1 >,2 =,3 open,4 >,5 >,6 >,7 >,8 proven,8 over", THREW },
    { "… only behind that",              cause_thrown_away, TALK, ONE "," "{'client': [{'word': 4}], 'part': true, 'on': 'a'}," SAID("{'dword': 9}", "a") "," AND("{'dword': 7}", "a", "b"), "0 open,1 >,2 =,3 >,4 >,5 proven,5 fin,5 over", THREW },
};

static const struct cause_row messages[] = {
    { "a message of several fields",     message, BLUNT, SAID("{'word': 4}", "a") "," DUE("{'byte': 1}, {'cstringa': 'ab'}, {'word': 7}", "a"), LAST("09 03 616263 0800"), "a message" },
    { "… and a byte more",               message, BLUNT, SAID("{'word': 4}", "a") "," DUE("{'byte': 1}, {'cstringa': 'ab'}, {'word': 7}", "a"), LAST("09 03 616263 0800 01"), NULL },
    { "… and cut",                       message, BLUNT, SAID("{'word': 4}", "a") "," DUE("{'byte': 1}, {'cstringa': 'ab'}, {'word': 7}", "a"), LAST("09 03 616263 08"), NULL },
    { "… of two fields",                 message, BLUNT, SAID("{'word': 4}", "a") "," DUE("{'byte': 1}, {'cstringa': 'ab'}", "a"), LAST("09 03 616263"), NULL },
    { "… without a text",                message, BLUNT, SAID("{'word': 4}", "a") "," DUE("{'byte': 1}, {'word': 2}, {'word': 7}", "a"), LAST("09 0500 0800"), NULL },
    { "… of a service that refuses",     message, TALK, SAID("{'word': 4}", "a") "," DUE("{'byte': 1}, {'cstringa': 'ab'}, {'word': 7}", "a"), LAST("09 03 616263 0800"), NULL },
    { "… of another reply",              message, BLUNT, SAID("{'word': 4}", "a") "," DUE("{'byte': 1}", "a") "," AND("{'byte': 1}, {'cstringa': 'ab'}, {'word': 7}", "a", "b"), LAST("09 03 616263 0800"), "a message" },
    { "… that holds an object",          message, BLUNT, SAID("{'word': 4}", "a") "," DUE("{'byte': 1}, {'cstringa': 'ab'}, {'object': 'null'}", "a"), LAST("09 03 616263 0000"), NULL },
    { "… or raw bytes",                  message, BLUNT, SAID("{'word': 4}", "a") "," DUE("{'byte': 1}, {'cstringa': 'ab'}, {'bytes': '07'}", "a"), LAST("09 03 616263 07"), NULL },
    { "… or what may be any",            message, BLUNT, SAID("{'word': 4}", "a") "," DUE("{'byte': 1}, {'cstringa': {'any': true}}, {'word': 7}", "a"), LAST("09 03 616263 0800"), "a message" },

    { "a reply of another value",        reply, TALK, SAID("{'word': 4}", "a") "," DUE("{'word': 1}, {'byte': 8}", "a"), LAST("0100 63"), "a reply" },
    { "… that begins otherwise",         reply, TALK, SAID("{'word': 4}", "a") "," DUE("{'word': 1}, {'byte': 8}", "a"), LAST("0500 63"), NULL },
    { "… whatever it begins with",       reply, TALK, SAID("{'word': 4}", "a") "," DUE("{'word': {'any': true}}, {'byte': 8}", "a"), LAST("0500 63"), "a reply" },
    { "… of two bytes",                  reply, TALK, SAID("{'word': 4}", "a") "," DUE("{'byte': 1}, {'byte': 8}", "a"), LAST("01 63"), NULL },
    { "… with a text first",             reply, TALK, SAID("{'word': 4}", "a") "," DUE("{'cstringa': 'ab'}, {'byte': 8}", "a"), LAST("03 616263 63"), "a reply" },
    { "… with a wide one",               reply, TALK, SAID("{'word': 4}", "a") "," DUE("{'cstringa': 'ab'}, {'byte': 8}", "a"), LAST("fffeff01 6100 63"), NULL },
    { "… where one is due",              reply, TALK, SAID("{'word': 4}", "a") "," DUE("{'cstringw': 'ab'}, {'byte': 8}", "a"), LAST("fffeff01 6100 63"), "a reply" },
    { "… and a narrow one comes",        reply, TALK, SAID("{'word': 4}", "a") "," DUE("{'cstringw': 'ab'}, {'byte': 8}", "a"), LAST("03 616263 63"), NULL },
    { "the answer to a probe",           reply, TALK, SAID("{'word': 4}", "a") "," DUE("{'byte': 1}", "a"), LAST("0000 63000000"), "a reply" },
    { "… that begins otherwise",         reply, TALK, SAID("{'word': 4}", "a") "," DUE("{'byte': 1}", "a"), LAST("0300 63000000"), NULL },

    { "the reply before, once",          aligned, TALK, TWICE(RAW("010203"), RAW("040506")), THIRD("010203 040506"), "repeated: the reply before came once more, and what was due behind it" },
    { "… of two bytes",                  aligned, TALK, TWICE(RAW("0102"), RAW("040506")), THIRD("0102 040506"), NULL },
    { "… sixteen times",                 aligned, TALK, TWICE(RAW("010203"), RAW("040506")), THIRD("010203*16 040506"), "repeated: 16 replies came once more, and what was due behind them" },
    { "… seventeen times",               aligned, TALK, TWICE(RAW("010203"), RAW("040506")), THIRD("010203*17 040506"), NULL },
    { "… and what is due is cut",        aligned, TALK, TWICE(RAW("010203"), RAW("040506")), THIRD("010203 0405"), NULL },
    { "… and more behind it",            aligned, TALK, TWICE(RAW("010203"), RAW("040506")), THIRD("010203 040506 07"), NULL },
    { "… and again behind it",           aligned, TALK, TWICE(RAW("010203"), RAW("040506")), THIRD("010203 040506 010203"), "repeated: 2 replies came once more, and what was due behind them" },
    { "… what is right",                 aligned, TALK, TWICE(RAW("010203"), RAW("040506")), THIRD("040506"), NULL },
    { "our own words first",             aligned, TALK, SAID(RAW("01020304"), "a") "," DUE(RAW("040506"), "a"), LAST("01020304 040506"), "echo: a message of our own stands before what was due" },
    { "… of three bytes",                aligned, TALK, SAID(RAW("010203"), "a") "," DUE(RAW("040506"), "a"), LAST("010203 040506"), NULL },
    { "… of another connection",         aligned, TALK, SAID(RAW("01020304"), "b") "," SAID(RAW("09"), "a") "," DUE(RAW("040506"), "a"), "0 open,1 >,2 open,3 >,4 <01020304 040506,4 mismatch,4 over", NULL },
    { "… that we say later",             aligned, TALK, ONE "," SAID(RAW("01020304"), "a"), LAST("01020304 0000"), NULL },
    { "another's reply first",           aligned, TALK, BOTH(RAW("040506"), RAW("010203")), "0 open,1 >,2 open,3 >,4 =,5 <010203 040506,5 mismatch,5 over", "wrong-request: the reply that is due on another connection stands before what was due" },
    { "… of two bytes",                  aligned, TALK, BOTH(RAW("040506"), RAW("0102")), "0 open,1 >,2 open,3 >,4 =,5 <0102 040506,5 mismatch,5 over", NULL },
    { "… which nobody asked for there",  aligned, TALK, BOTH(RAW("040506"), RAW("010203")), "0 open,2 open,3 >,5 <010203 040506,5 mismatch,5 over", NULL },
    { "a later one, and none for this",  aligned, TALK, THREE(RAW("010203"), RAW("040506"), RAW("070809")), FIRST("040506 070809"), "dropped: what came is the reply to a later request, and nothing came for this one: it was dropped" },
    { "… of two bytes",                  aligned, TALK, THREE(RAW("010203"), RAW("0405"), RAW("0708")), FIRST("0405 0708"), NULL },
    { "… and then one of three",         aligned, TALK, THREE(RAW("010203"), RAW("0405"), RAW("070809")), FIRST("0405 070809"), "dropped: what came is the reply to a later request, and nothing came for this one: it was dropped" },
    { "the next first, then this",       aligned, TALK, THREE(RAW("010203"), RAW("040506"), RAW("070809")), FIRST("040506 010203 070809"), "wrong-request: the reply to a later request stands before the one that was due" },
    { "… of two bytes",                  aligned, TALK, THREE(RAW("010203"), RAW("0405"), RAW("070809")), FIRST("0405 010203 070809"), NULL },
    { "… and what has come of the next", aligned, TALK, THREE(RAW("010203"), RAW("040506"), RAW("0708090a0b")), FIRST("040506 010203 0708090a"), "wrong-request: the reply to a later request stands before the one that was due" },
    { "… three bytes of it",             aligned, TALK, THREE(RAW("010203"), RAW("040506"), RAW("0708090a0b")), FIRST("040506 010203 070809"), NULL },
    { "one that nobody asked for",       aligned, TALK, SAID("{'word': 4}", "a") "," DUE("{'word': 1}, {'byte': 8}", "a"), LAST("0100 63 0100 08"), "spoke-unasked: a message that nobody had asked for stands before what was due" },
    { "… of one field",                  aligned, TALK, SAID("{'word': 4}", "a") "," DUE("{'dword': 8}", "a"), LAST("63000000 08000000"), NULL },
    { "what is no message",              aligned, TALK, SAID("{'word': 4}", "a") "," DUE("{'word': 1}, {'byte': 8}", "a"), LAST("0900 63 0100 08"), NULL },
    { "nothing",                         aligned, TALK, ONE, LATE, NULL },
};
// clang-format on

Test(cause_alignment, where_nothing_came_the_exchange_tells_why, .timeout = 20)
{
    cause_rows_hold(nothing, COUNT_OF(nothing));
}

Test(cause_alignment, messages_are_known_by_their_form_and_put_in_their_place, .timeout = 20)
{
    cause_rows_hold(messages, COUNT_OF(messages));
}
