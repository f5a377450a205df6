/*
 * Every judgement in its own words: what is missing, what came too late or too early, what stands where nothing is due, and how connections end. And whoever
 * is not asked why says the same.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "talk.h"

#define SECOND  ASK ",{'server': [{'word': 0}, {'dword': 8}], 'check': 'second'}"
#define SILENT  "{'silent': 'server'}"
#define ENDING  "{'end': 'server', 'before': 'anything'}"
#define IN_TWO  "{'client': [{'word': 7}]},{'server': [{'word': 2}], 'part': true, 'check': 'status'},{'server': [{'word': 5}], 'check': 'cause'}"
#define SINGLY  PAIR "," SECOND
#define WANTS   " | or padded: DWORDs are aligned, to 4 bytes at most | or padded: DWORDs are aligned, to 8 bytes at most | or wrong-size: DWORDs are read in 8 bytes | or wrong-size: DWORDs are read in 8 bytes, big-endian"
#define HELD    " | replies are not sent before the connection ends"
#define MORE    " | messages are held back until more bytes arrive"
#define STREAM  "the peer takes the end of what has arrived for the end of the stream"

#define REFUSES                                                                                    \
    "{'format': 1, 'service': 'talk', 'no-first-control': 'it has none', 'end': {'name': 'end', 'clauses': ['X-1']}," \
    " 'refusals': {'exception': [ {'server': [{'word': 2}, {'word': {'any': true, 'as': 'cause'}}]} ],"               \
    "              'warning': [ {'server': [{'word': 3}, {'word': {'any': true, 'as': 'cause'}}, {'byte': 1}]} ]}}"

// clang-format off
static const struct judged {
    const char *label, *service, *steps, *trace;
    const char *told; // of each that did not pass: check, axis, grade, cause, sentence, summary, what else it may be
    enum party us;
} judged[] = {
    { "it is not there",           TALK, PAIR, "0 refused,0 over", "open life fail refused: no connection came about" },
    { "it did not dial",           TALK, PAIR, "0 refused,0 over", "open life fail refused: no connection came about: the client did not dial", PARTY_SERVER },
    { "it does not try again",     TALK, "{'listen': 'client'}," PING, "0 late,0 over", "retries life fail no-retry: the peer was not heard to try again after it was refused" },
    { "it says that it does",      TALK, "{'listen': 'client'}," PING, "0 retried,1 refused,1 over", "open life fail no-retry: no connection came about: the peer, which had been refused, did not dial again" },
    { "nothing was played",        TALK, PAIR, "0 open,0 over", "played life inconclusive unfinished: the play ended before the conversation did" },
    { "it was stopped",            TALK, PAIR, "0 open,0 stopped,0 over", "played life inconclusive stopped: the limit of the case passed, or the run was stopped" },
    { "a flood before anything",   TALK, PAIR, "0 open,0 cut-off,0 over", "played life fail flood: the peer flooded the connection: more came than any answer holds" },
    { "a RST while we speak",      TALK, PAIR, "0 open,1 reset,1 mismatch,1 over", "send end fail reset: the peer reset the connection while it was spoken to" },
    { "it takes nothing",          TALK, PAIR, "0 open,1 stopped,1 over", "send data fail stuck: the peer does not take what is sent" },
    { "… for a step",              TALK, PAIR, "0 open,1 late,1 over", "send data fail stuck: the peer does not take what is sent" },

    { "nothing",                   TALK, PAIR, "0 open,1 >,2 late,2 over", "reply data fail no-answer: the limit passed without a byte of what was due" WANTS },
    { "nothing, probed",           TALK, PAIR, "0 open,1 >,2 late,2 probe,2 !,2 over", "reply data fail no-answer: the limit passed without a byte of what was due, and the probe was not answered either" },
    { "nothing, proven",           TALK, PAIR, "0 open,1 >,2 proven,2 over", "reply data fail no-answer: the peer provably waits for input without a byte of what was due" WANTS },
    { "a RST",                     TALK, PAIR, "0 open,1 >,2 reset,2 mismatch,2 over", "reply data fail reset: the peer reset the connection before a byte of what was due" },
    { "a RST, and an end before it", TALK, PAIR, "0 open,1 >,2 fin,2 reset,2 mismatch,2 over", "reply data fail reset: the peer reset the connection before a byte of what was due" },
    { "a RST that our end brought", BLUNT, PAIR, "0 open,1 >,2 proven,2 fin-sent,2 reset,2 over", "reply data fail no-answer: the peer provably waits for input without a byte of what was due" },
    { "an end that our end brought", BLUNT, PAIR, "0 open,1 >,2 proven,2 fin-sent,2 fin,2 over", "reply data fail no-answer: the peer provably waits for input without a byte of what was due" },
    { "its end",                   TALK, PAIR, "0 open,1 >,2 fin,2 mismatch,2 over", "reply data fail ended-early: the peer ended the connection before a byte of what was due" },
    { "its end amid it",           TALK, PAIR, "0 open,1 >,2 <0000,2 fin,2 mismatch,2 over", "reply data fail ended-early: the peer ended the connection before all of what was due: only 2 of 6 bytes came | or cut" },
    { "its end for a refusal",     TALK, SHOW("{'server': [{'word': 2}, {'word': 5}]}"), "0 open,1 >,2 fin,2 mismatch,2 over", "reply data fail ended-early: the peer ended the connection without a word, where a refusal is due" },
    { "its end amid a refusal",    TALK, SHOW("{'server': [{'word': 2}, {'word': 5}]}"), "0 open,1 >,2 <0200,2 fin,2 mismatch,2 over", "reply data fail ended-early: the peer ended the connection before all of what was due: only 2 of 4 bytes came | or cut" },
    { "its end in a pause",        TALK, SINGLY, "0 open,1 >,2 =,3 >,4 paused,4 fin,4 over",
      "second data fail false-end: the peer ended the connection before a byte of what was due, while nothing was read of it for a moment: it takes a pause for the end" },
    { "… before it",               TALK, SINGLY, "0 open,1 >,2 =,3 >,4 fin,4 paused,4 over", "second data fail ended-early: the peer ended the connection before a byte of what was due" },
    { "… before all replies",      TALK, PAIR, "0 open,1 >,2 paused,2 fin,2 over", "reply data fail ended-early: the peer ended the connection before a byte of what was due" },
    { "a flood",                   TALK, PAIR, "0 open,1 >,2 cut-off,2 over", "reply data fail flood: the peer flooded the connection without a byte of what was due" },
    { "stopped",                   TALK, PAIR, "0 open,1 >,2 stopped,2 over", "reply data inconclusive stopped: the limit of the case passed, or the run was stopped" },
    { "stopped amid it",           TALK, PAIR, "0 open,1 >,2 <0000,2 stopped,2 over", "reply data inconclusive stopped: the limit of the case passed, or the run was stopped" },

    { "held back until our end",   TALK, PAIR, "0 open,1 >,2 proven,2 probe,2 !,2 proven,2 fin-sent,2 =,2 ?,2 over",
      "reply data fail held-back: what was due came only when we had ended our direction: it is not sent until then" HELD },
    { "… its rest",                TALK, PAIR, "0 open,1 >,2 <0000,2 proven,2 probe,2 !,2 proven,2 fin-sent,2 <08000000,2 over",
      "reply data fail held-back: the rest of what was due came only when we had ended our direction: it is not sent until then" HELD },
    { "… where there is no probe", BLUNT, PAIR, "0 open,1 >,2 proven,2 fin-sent,2 =,2 over",
      "reply data fail held-back: what was due came only when we had ended our direction: it is not sent until then" HELD },
    { "held back",                 TALK, PAIR, "0 open,1 >,2 late,2 probe,2 !,2 =,2 ?,2 over",
      "reply data fail held-back: what was due came only after the probe: a complete message was held back until more bytes arrived" },
    { "… its rest",                TALK, PAIR, "0 open,1 >,2 <0000,2 late,2 probe,2 !,2 <08000000,2 over",
      "reply data fail held-back: what was due came only after the probe: a complete message was held back until more bytes arrived" },
    { "… and another value",       TALK, PAIR, "0 open,1 >,2 proven,2 probe,2 !,2 <000063000000,2 mismatch,2 over",
      "reply data fail no-answer: nothing came before the probe, and then other bytes than were due: the peer waited for more, and took the probe for that | the peer waits for more than a request has | or wrong-value" },
    { "… of which a byte came before", TALK, PAIR, "0 open,1 >,2 <00,2 proven,2 probe,2 !,2 <0063000000,2 mismatch,2 over",
      "reply data fail wrong-value: the value is another one: the DWORD reads 99 where 8 is due" },
    { "… that may only have been late", TALK, PAIR, "0 open,1 >,2 late,2 probe,2 !,2 <000063000000,2 mismatch,2 over",
      "reply data fail wrong-value: the value is another one: the DWORD reads 99 where 8 is due" },
    { "… its beginning, and what is due behind it", TALK, IN_TWO, "0 open,1 >,2 late,2 probe,2 !,2 <0200 0500,3 over",
      "status data fail held-back: what was due came only after the probe: a complete message was held back until more bytes arrived" },
    { "… and more of that is to come", TALK, IN_TWO, "0 open,1 >,2 late,2 probe,2 !,2 <0200 05,3 over",
      "status data fail held-back: what was due came only after the probe: a complete message was held back until more bytes arrived\n"
      "cause data fail no-answer: the limit passed without all of what was due: only 1 of 2 bytes came | or wrong-size: WORDs are stored in 1 byte | or cut" },
    { "… and something else",      TALK, IN_TWO, "0 open,1 >,2 late,2 probe,2 !,2 <0200 0600,3 mismatch,3 over",
      "status data fail no-answer: nothing came before the probe, and then another message than was due: the peer waited for more, and took the probe for that | the peer waits for more than a request has\n"
      "cause data fail wrong-cause: the exception tells cause 6 (badClass), where 5 (badIndex) is due | exceptions tell another cause than the right one" },
    { "… and it is the answer's beginning", TALK, ASK ",{'server': [{'word': 0}]}", "0 open,1 >,2 late,2 probe,2 !,2 ?,2 over",
      "reply data fail no-answer: what was due never came, while the probe behind it was answered: the request, which came by itself, was read and passed over | passed over" },
    { "… with the answer's beginning in its last place", TALK, ASK ",{'server': [{'word': 7}, {'word': 0}]}", "0 open,1 >,2 <0700,2 late,2 probe,2 !,2 ?,2 over",
      "reply data fail cut: only 2 of 4 bytes came: what stands in the place of the last 2 is the beginning of the answer to the probe | or wrong-size: WORDs are stored in 1 byte" },
    { "a byte moved by the probe", TALK, PAIR, "0 open,1 >,2 <0000,2 proven,2 probe,2 !,2 <08,2 over",
      "reply data fail held-back: 1 byte of what was due came only behind the probe, and not all of it by then: messages are held back until more bytes arrive" MORE " | or wrong-size: DWORDs are stored in 1 byte | or cut" },
    { "… two",                     TALK, PAIR, "0 open,1 >,2 <0000,2 proven,2 probe,2 !,2 <0800,2 over",
      "reply data fail held-back: 2 bytes of what was due came only behind the probe, and not all of it by then: messages are held back until more bytes arrive" MORE " | or wrong-size: DWORDs are stored in 2 bytes | or cut" },
    { "before it was asked",       TALK, PAIR, "0 open,1 <0000 08000000,1 >,3 fin-sent,4 fin,5 over", "reply data fail spoke-unasked: the reply came before its request had been sent" },
    { "… by a client",             TALK, PAIR ",{'client': [{'word': 9}]}", "0 open,1 =,2 <0900,2 >,3 fin,4 fin-sent,5 over", "says-2 data fail spoke-unasked: the client went on before it had been answered", PARTY_SERVER },
    { "something before it was asked", TALK, PAIR, "0 open,1 <77,1 >,2 mismatch,2 over", "reply data fail spoke-unasked: something came before anything had been asked" },
    { "one other was as good",     TALK, SHOW("{'any-order': [{'server': [{'word': 1}], 'check': 'x'},{'server': [{'word': 2}], 'check': 'y'}]}"), "0 open,1 >,2 late,2 over",
      "x data fail no-answer: the limit passed without a byte of what was due; 1 other could have come in its place" },
    { "… two others",              TALK, SHOW("{'any-order': [{'server': [{'word': 1}], 'check': 'x'},{'server': [{'word': 2}], 'check': 'y'},{'server': [{'word': 3}], 'check': 'z'}]}"), "0 open,1 >,2 late,2 over",
      "x data fail no-answer: the limit passed without a byte of what was due; 2 others could have come in its place" },

    { "a byte in a silence",       BLUNT, PAIR "," SILENT, "0 open,1 >,2 =,3 <07,3 mismatch,3 over", "silent data fail spoke-unasked: 1 byte came where nothing was due" },
    { "… two",                     BLUNT, PAIR "," SILENT, "0 open,1 >,2 =,3 <0707,3 mismatch,3 over", "silent data fail spoke-unasked: 2 bytes came where nothing was due" },
    { "… behind the proof of it",  BLUNT, PAIR "," SILENT, "0 open,1 >,2 =,3 proven,4 <07,4 fin-sent,5 mismatch,5 over",
      "silent data fail proof-refuted: the silence had been proven, and then something came: the proof or the peer is wrong\nend end fail stray-bytes: 1 byte came behind all that was due" },
    { "a silence that was waited for", BLUNT, PAIR "," SILENT, "0 open,1 >,2 =,3 quiet,4 fin-sent,5 fin,6 over", "silent data pass-timed" },
    { "its end in a silence",      BLUNT, PAIR "," SILENT "," ASK ",{'end': 'server'},{'end': 'client'}", "0 open,1 >,2 =,3 fin,3 quiet,4 >,6 fin-sent,7 over",
      "silent data fail ended-early: the peer ended the connection before the silence was over" },
    { "… before all else",         BLUNT, SILENT "," PAIR, "0 open,1 fin,1 quiet,2 >,3 mismatch,3 over",
      "silent data fail ended-early: the peer ended the connection before the silence was over\nreply data fail ended-early: the peer ended the connection before a byte of what was due" },
    { "… amid our message",        BLUNT, PAIR ",{'client': [{'word': 4}], 'part': true}," SILENT ",{'client': [{'dword': 7}]},{'server': [{'word': 0}, {'dword': 8}], 'check': 'second'}",
      "0 open,1 >,2 =,3 >,4 fin,4 quiet,5 >,6 mismatch,6 over",
      "silent data fail ended-early: the peer ended the connection before the silence was over, when a part of a message had come | or false-end: " STREAM "\n"
      "second data fail false-end: the peer ended the connection before a byte of what was due, where its request came in pieces: it takes the end of what has arrived for the end of the stream | " STREAM " | or ended-early" },
    { "… a RST",                   BLUNT, PAIR "," SILENT "," ASK ",{'end': 'server'},{'end': 'client'}", "0 open,1 >,2 =,3 reset,3 quiet,4 mismatch,4 over",
      "silent data fail reset: the peer reset the connection before the silence was over\nsend end fail reset: the peer reset the connection while it was spoken to" },
    { "… with another connection's words between", BLUNT, "{'client': [{'word': 4}], 'part': true, 'on': 'a'},{'client': [{'word': 5}], 'on': 'b'},{'silent': 'server', 'on': 'a'},{'client': [{'dword': 7}], 'on': 'a'}",
      "0 open,1 >,2 open,3 >,4 fin,4 quiet,5 >,8 over",
      "silent data fail ended-early: the peer ended the connection before the silence was over, when a part of a message had come | or false-end: " STREAM "\nend end fail ended-early: the peer ended its direction before we had ended ours" },
    { "… and another silence",     BLUNT, "{'client': [{'word': 4}], 'part': true}," SILENT ",{'silent': 'server', 'check': 'again'},{'client': [{'dword': 7}]}",
      "0 open,1 >,2 quiet,3 fin,3 quiet,4 >,6 over", "silent data pass-timed\nagain data fail ended-early: the peer ended the connection before the silence was over, when a part of a message had come | or false-end: " STREAM "\nend end fail ended-early: the peer ended its direction before we had ended ours" },
    { "a flood in a silence",      BLUNT, PAIR "," SILENT, "0 open,1 >,2 =,3 cut-off,3 over", "silent data fail flood: the peer flooded the connection without the silence was over" },
    { "no answer to its probe",    TALK, PING "," SILENT, "0 open,1 >,2 =,3 >,3 late,3 over", "silent data fail no-answer: the limit passed without the answer to the probe that shows the silence" },
    { "… an answer too late",      TALK, PING "," SILENT, "0 open,1 >,2 =,3 >,3 late,3 probe,3 !,3 ?,3 over", "silent data fail held-back: the answer to the probe came only after more bytes had arrived behind it" },
    { "… too early",               TALK, PING "," SILENT, "0 open,1 >,2 =,3 ?,3 >,4 fin-sent,5 fin,6 over", "silent data fail spoke-unasked: the answer to the probe came before all of the probe had been sent" },
    { "… to the second one alone", TALK, PING "," SILENT, "0 open,1 >,2 =,3 >,3 late,3 probe,3 !,3 &,3 over",
      "silent data fail dropped: the request that shows the silence was never answered, while the probe behind it was: it was dropped" },
    { "a byte before the answer",  TALK, PING "," SILENT, "0 open,1 >,2 =,3 <07,3 >,3 mismatch,3 ?,3 over", "silent data fail spoke-unasked: 1 byte came where nothing was due, before the answer to the probe" },
    { "… two",                     TALK, PING "," SILENT, "0 open,1 >,2 =,3 <0707,3 >,3 mismatch,3 ?,3 over", "silent data fail spoke-unasked: 2 bytes came where nothing was due, before the answer to the probe" },
    { "something and no answer",   TALK, PING "," SILENT, "0 open,1 >,2 =,3 >,3 <070707,3 mismatch,3 over", "silent data fail spoke-unasked: something came where nothing was due, and the probe was not answered behind it" },

    { "no end",                    TALK, PAIR, "0 open,1 >,2 =,3 fin-sent,4 late,5 over", "end end fail never-ends: the peer did not end its direction" },
    { "… stopped",                 TALK, PAIR, "0 open,1 >,2 =,3 fin-sent,4 stopped,4 over", "end end inconclusive stopped: the limit of the case passed, or the run was stopped" },
    { "too late",                  TALK, PAIR, "0 open,1 >,2 =,3 fin-sent,4 late,4 fin,5 over", "end end fail never-ends: the peer did not end its direction when it was due; its FIN came only later" },
    { "too early",                 TALK, PAIR, "0 open,1 >,2 =,2 fin,3 fin-sent,5 over", "end end fail ended-early: the peer ended its direction before we had ended ours" },
    { "… where it may be first",   TALK, PAIR ",{'end': 'server'},{'end': 'client'}", "0 open,1 >,2 =,3 fin,4 fin-sent,5 over", "" },
    { "a RST for an end",          TALK, PAIR, "0 open,1 >,2 =,3 fin-sent,4 reset,5 over", "end end fail reset: the connection ended with a RST, not with FIN" },
    { "… and behind one",          TALK, PAIR, "0 open,1 >,2 =,3 fin-sent,4 fin,5 reset,5 over", "end end fail reset: the peer reset the connection behind its FIN: it closed with bytes unread or did not wait for ours" },
    { "… of the kernel's",         TALK, PAIR ",{'end': 'server'},{'end': 'client'}", "0 open,1 >,2 =,3 fin,4 fin-sent,5 reset,5 forgotten,5 over",
      "end end fail reset (should): a RST came behind both FINs: the kernel had no room to remember the connection, or the peer reset it" },
    { "… but not before our end",  TALK, PAIR, "0 open,1 >,2 =,3 fin-sent,4 fin,4 reset,4 forgotten,5 over",
      "end end fail reset: the peer reset the connection behind its FIN: it closed with bytes unread or did not wait for ours" },
    { "a byte behind it all",      TALK, PAIR, "0 open,1 >,2 =,3 <ff,3 fin-sent,4 mismatch,4 over", "end end fail stray-bytes: 1 byte came behind all that was due" },
    { "… two",                     TALK, PAIR, "0 open,1 >,2 =,3 <ffff,3 fin-sent,4 mismatch,4 over", "end end fail stray-bytes: 2 bytes came behind all that was due" },
    { "… a number too long",       TALK, SINGLY, "0 open,1 >,2 =,3 >,4 <0000 08000000 00000000,5 fin-sent,6 mismatch,6 over", "end end fail wrong-size: DWORD has 8 bytes | DWORDs are stored in 8 bytes" },
    { "… in one piece with the last byte of the reply", TALK, PAIR, "0 open,1 >,2 <0000 080000,2 <00 ff,3 fin-sent,4 mismatch,4 over", "end end fail extra-bytes: 1 byte stands behind the reply before, in one piece with it" },
    { "no end, whatever came",     TALK, PING "," ENDING, "0 open,1 >,2 =,3 <01,3 late,4 fin-sent,5 over", "end end fail never-ends: the peer did not end the connection" },
    { "… stopped",                 TALK, PING "," ENDING, "0 open,1 >,2 =,3 <01,3 stopped,3 over", "end end inconclusive stopped: the limit of the case passed, or the run was stopped" },
    { "… too late",                TALK, PING "," ENDING, "0 open,1 >,2 =,3 late,4 fin-sent,4 fin,5 over", "end end fail never-ends: the peer did not end the connection when it was due, only later" },
    { "… in time",                 TALK, PING "," ENDING, "0 open,1 >,2 =,3 <01,3 fin,4 fin-sent,5 over", "" },
    { "… by a RST",                TALK, PING "," ENDING, "0 open,1 >,2 =,3 <01,3 reset,5 over", "" },

    { "a reply where its end is due", TALK, PAIR ",{'end': 'server'}", "0 open,1 >,2 =,3 <0000 09000000,3 over",
      "end end fail never-ends: 6 bytes came behind all that was due, and they are a reply: the peer went on where it was to end | or stray-bytes" },
    { "… a refusal",               REFUSES, PAIR ",{'end': 'server'}", "0 open,1 >,2 =,3 <0300 0500 01,3 over",
      "end end fail never-ends: 5 bytes came behind all that was due, and they are a reply: the peer went on where it was to end | or stray-bytes" },
    { "… that is a cause alone",   REFUSES, PAIR ",{'end': 'server'}", "0 open,1 >,2 =,3 <0200 0500,3 over", "end end fail stray-bytes: 4 bytes came behind all that was due" },
    { "… and we went on, too",     TALK, PAIR ",{'end': 'server'},{'client': [{'word': 9}]}", "0 open,1 >,2 =,3 <0000 09000000,3 fin,4 >,4 over", "end end fail stray-bytes: 6 bytes came behind all that was due" },
    { "… behind ours",             TALK, PAIR, "0 open,1 >,2 =,3 fin-sent,4 <0000 09000000,4 over", "end end fail stray-bytes: 6 bytes came behind all that was due" },
    { "a reply to what is refused", TALK, PAIR "," ASK ",{'end': 'server'}", "0 open,1 >,2 =,3 >,4 <0000 09000000,4 over",
      "end end fail not-refused: 6 bytes came where the connection was to end: the peer answered what it must refuse | the peer answers what it must refuse" },
    { "… behind a silence",        BLUNT, PAIR "," ASK "," SILENT ",{'end': 'server'}", "0 open,1 >,2 =,3 >,4 quiet,5 <0000 09000000,5 over",
      "silent data pass-timed\nend end fail not-refused: 6 bytes came where the connection was to end: the peer answered what it must refuse | the peer answers what it must refuse" },
    { "… behind words elsewhere",  TALK, "{'client': [{'word': 4}, {'dword': 7}], 'on': 'a'},{'server': [{'word': 0}, {'dword': 8}], 'on': 'a'},{'client': [{'word': 4}, {'dword': 7}], 'on': 'a'},{'client': [{'word': 5}], 'on': 'b'},{'end': 'server', 'on': 'a'}",
      "0 open,1 >,2 =,3 >,4 open,5 >,6 <0000 09000000,6 mismatch,6 over",
      "end end fail not-refused: 6 bytes came where the connection was to end: the peer answered what it must refuse | the peer answers what it must refuse" },
    { "a RST before ours",         TALK, PING ",{'reset': 'client'}", "0 open,1 >,2 =,3 reset,4 over", "reset end fail reset: the peer reset the connection before we did" },
    { "a byte before ours",        TALK, PING ",{'reset': 'client'}", "0 open,1 >,2 =,3 <01,3 reset-sent,4 over", "reset end fail stray-bytes: 1 byte came behind all that was due" },
    { "… which was owed",          TALK, PING "," ASK ",{'reset': 'client'}", "0 open,1 >,2 =,3 >,4 <0000,4 reset-sent,5 over", "" },
    { "no RST, an end",            TALK, PING ",{'reset': 'server'}", "0 open,1 >,2 =,3 fin,3 mismatch,3 over", "reset end fail no-reset: the peer ended the connection with FIN, not with a RST" },
    { "no RST",                    TALK, PING ",{'reset': 'server'}", "0 open,1 >,2 =,3 late,3 over", "reset end fail no-reset: the peer did not reset the connection" },
    { "a RST too late",            TALK, PING ",{'reset': 'server'}", "0 open,1 >,2 =,3 late,3 reset,3 over", "reset end fail no-reset: the peer did not reset the connection" },
    { "a byte before the RST",     TALK, PING ",{'reset': 'server'}", "0 open,1 >,2 =,3 <01,3 reset,3 over", "reset end fail stray-bytes: 1 byte came behind all that was due" },
    { "the RST that is due",       TALK, PING ",{'reset': 'server'}", "0 open,1 >,2 =,3 reset,4 over", "" },
};
// clang-format on

static void tell(struct text *to, const struct finding *f)
{
    text_printf(to, "%s%s %s %s", to->b.len ? "\n" : "", f->check.name, axis_name(f->axis), grade_name(f->grade));
    if (f->cause)
        text_printf(to, " %s", f->cause);
    if (f->cause && strcmp(f->cause, "reset") == 0 && f->check.level != LEVEL_MUST)
        text_printf(to, " (%s)", level_name(f->check.level));
    if (f->sentence)
        text_printf(to, ": %s", f->sentence);
    if (f->summary)
        text_printf(to, " | %s", f->summary);
    for (size_t i = 0; i < f->other_count; i++)
        text_printf(to, " | or %s%s%s", f->others[i].cause, f->others[i].summary ? ": " : "", f->others[i].summary ? f->others[i].summary : "");
    if (f->passed_over)
        text_add(to, " | passed over");
}

Test(judged, each_in_its_own_words, .timeout = 20)
{
    for (const struct judged *t = judged; t < judged + COUNT_OF(judged); t++) {
        SCRATCH(keep);
        struct library lib;
        struct findings f;
        struct trace trace = { .keep = &keep };
        bool all = true;
        TEXT(told);
        talk_load(t->service, t->steps, &lib);
        struct program p = program_of(&lib, "t-1", "bits=64", t->us, "plain", &keep);
        talk_trace(t->trace, &p, &trace, &keep);
        judge(&p, &trace, &keep, &f);
        for (size_t i = 0; i < f.count; i++) {
            if (f.items[i].grade != GRADE_PASS)
                tell(&told, &f.items[i]);
            all &= f.items[i].grade <= GRADE_PASS_TIMED;
        }
        cr_expect(eq(str, (char *)text_string(&told), (char *)t->told), "%s", t->label);
        cr_expect(eq(int, judge_passes(&p, &trace, &keep), all), "%s", t->label);
        library_free(&lib);
    }
}

#define SHORTLY(reply)                                                                             \
    "{'format': 1, 'service': 'talk', 'no-first-control': 'it has none', 'end': {'name': 'end', 'clauses': ['X-1']}," \
    " 'controls': {'ping': [ {'client': [{'word': 4}]}, {'server': [" reply "]} ]}}"

/* A control shows nothing against the peer: but what stands before its reply, and behind one of the case, is the case's. */
Test(judged, what_stands_before_the_reply_to_a_control, .timeout = 10)
{
    static const struct {
        const char *label, *steps, *trace, *told; // check and, if it is one's, the control
        const char *service;                      // NULL: the one that talks
    } rows[] = {
        { "another reply", PAIR "," PING, "0 open,1 >,2 =,3 >,4 <0000 07070707,4 mismatch,4 over", "reply of ping" },
        { "bytes, before its request", PAIR "," PING, "0 open,1 >,2 =,2 <0707,3 >,4 =,4 mismatch,4 over", "reply" },
        { "… behind it", PAIR "," PING, "0 open,1 >,2 =,3 >,4 <0707,4 =,4 mismatch,4 over", "reply" },
        { "… one", PAIR "," PING, "0 open,1 >,2 =,3 >,4 <00,4 =,4 mismatch,4 over", "reply" },
        { "… that are alone", PAIR "," PING, "0 open,1 >,2 =,2 <0707,3 >,4 mismatch,4 over", "reply of ping" },
        { "… behind a reply of another check", PAIR "," SECOND "," PING, "0 open,1 >,2 =,3 >,4 =,5 >,6 <0707,6 =,6 mismatch,6 over", "second" },
        { "… behind that of a control", PAIR "," PING "," PING, "0 open,1 >,2 =,3 >,4 =,5 >,6 <0707,6 =,6 mismatch,6 over", "reply of ping" },
        { "… behind a silence", PAIR "," SILENT "," PING, "0 open,1 >,2 =,3 >,3 ?,4 >,5 <0707,5 =,5 mismatch,5 over", "reply of ping" },
        { "… behind words that have no reply", PAIR "," ASK "," PING, "0 open,1 >,2 =,3 >,4 >,5 <0707,5 =,5 mismatch,5 over", "reply of ping" },
        { "… and more behind it", PAIR "," PING, "0 open,1 >,2 =,3 >,4 <0707,4 =,4 <07,4 mismatch,4 over", "reply of ping" },
        { "a reply that is due later", PAIR "," PING "," ASK ",{'server': [{'word': 0}, {'dword': 9}], 'check': 'second'}", "0 open,1 >,2 =,3 >,4 <0000 09000000,4 =,4 mismatch,4 over", "reply of ping" },
        { "… behind none", PING, "0 open,1 >,2 <0707,2 =,2 mismatch,2 over", "reply of ping" },
        { "… before a reply of the case", PING "," PAIR, "0 open,1 >,2 =,3 >,4 <0707,4 =,4 mismatch,4 over", "reply" },
        { "… before a reply of four bytes", PAIR "," PING, "0 open,1 >,2 =,3 >,4 <07,4 =,4 mismatch,4 over", "reply", SHORTLY("{'word': 0}, {'word': 9}") },
        { "… of three, which may stand anywhere", PAIR "," PING, "0 open,1 >,2 =,3 >,4 <07,4 =,4 mismatch,4 over", "reply of ping", SHORTLY("{'word': 0}, {'byte': 9}") },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct library lib;
        struct findings f;
        struct trace trace = { .keep = &keep };
        TEXT(told);
        talk_load(rows[i].service ? rows[i].service : TALK, rows[i].steps, &lib);
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        talk_trace(rows[i].trace, &p, &trace, &keep);
        judge(&p, &trace, &keep, &f);
        const struct finding *last = &f.items[f.count - 1];
        cr_expect(eq(int, last->grade, GRADE_FAIL), "%s", rows[i].label);
        text_printf(&told, "%s%s%s", last->check.name, last->control ? " of " : "", last->control ? last->control : "");
        cr_expect(eq(str, (char *)text_string(&told), (char *)rows[i].told), "%s", rows[i].label);
        library_free(&lib);
    }
}

/* Who does not come again breaks what the step that waits for it is about; who never comes, what connections are about. */
Test(judged, whose_clauses_no_connection_breaks, .timeout = 10)
{
    static const struct {
        const char *steps, *trace;
        bool again;
    } rows[] = { { "{'listen': 'client'}," PING, "0 retried,1 refused,1 over", true }, { PING, "0 refused,0 over", false } };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct library lib;
        struct findings f;
        struct trace trace = { .keep = &keep };
        talk_load(TALK, rows[i].steps, &lib);
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        talk_trace(rows[i].trace, &p, &trace, &keep);
        judge(&p, &trace, &keep, &f);
        const struct finding *last = &f.items[f.count - 1];
        cr_expect(eq(str, (char *)last->check.name, "open"));
        cr_expect(eq(int, last->check.clauses == p.ops[0].check.clauses, rows[i].again));
        cr_expect(eq(int, last->check.clauses == p.vector->service->end.clauses, !rows[i].again));
        library_free(&lib);
    }
}

/* Where nothing is said for a while a peer that ends takes that for the end; one that has not ended has reset. */
Test(judged, who_ends_in_a_pause_of_ours, .timeout = 10)
{
    static const struct {
        const char *label, *delivery, *trace, *told;
    } rows[] = {
        { "before a message", "idle", "0 open,1 fin,1 reset,1 mismatch,1 over", "false-end" },
        { "amid it", "idle", "0 open,1 >,1 fin,1 reset,1 mismatch,1 over", "false-end" },
        { "before an end that nothing follows", "idle", "0 open,1 fin,1 >,2 mismatch,2 over", "false-end" },
        { "behind what was said", "idle", "0 open,1 >,2 fin,2 mismatch,2 over", "ended-early" },
        { "by a RST alone", "idle", "0 open,1 reset,1 mismatch,1 over", "reset" },
        { "where we do not pause", "plain", "0 open,1 fin,1 reset,1 mismatch,1 over", "reset" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct library lib;
        struct findings f;
        struct trace trace = { .keep = &keep };
        talk_load(TALK, PAIR, &lib);
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, rows[i].delivery, &keep);
        talk_trace(rows[i].trace, &p, &trace, &keep);
        judge(&p, &trace, &keep, &f);
        cr_assert(eq(sz, f.count, 1), "%s", rows[i].label);
        cr_expect(eq(str, (char *)f.items[0].cause, (char *)rows[i].told), "%s", rows[i].label);
        library_free(&lib);
    }
}

/* By what a server refused, where it was to answer. */
Test(judged, which_refusal_came_first, .timeout = 10)
{
    static const struct {
        const char *label, *trace, *name;
        enum party us;
    } rows[] = {
        { "the first", "0 open,1 >,2 <0200 0500,2 mismatch,2 over", "exception" },
        { "the second", "0 open,1 >,2 <0300 0500 01,2 mismatch,2 over", "warning" },
        { "a part of it", "0 open,1 >,2 <0300 0500,2 mismatch,2 over", NULL },
        { "another", "0 open,1 >,2 <0400 0500,2 mismatch,2 over", NULL },
        { "none", "0 open,1 >,2 =,3 >,4 =,5 fin-sent,6 fin,7 over", NULL },
        { "behind a reply", "0 open,1 >,2 =,3 >,4 <0200 0500,4 mismatch,4 over", "exception" },
        { "… in one with it", "0 open,1 >,2 <0000 08000000 0200 0500,3 >,4 mismatch,4 over", "exception" },
        { "behind another", "0 open,1 >,2 <0400 0200 0500,2 mismatch,4 over", NULL },
        { "where the play had ended", "0 open,1 <0200 0500,1 over", NULL },
        { "where it had just come to it", "0 open,1 >,2 <0200 0500,2 over", "exception" },
        { "by a client", "0 open,1 >,2 <0200 0500,2 mismatch,2 over", NULL, PARTY_SERVER },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct library lib;
        struct trace t = { .keep = &keep };
        talk_load(REFUSES, rows[i].us == PARTY_CLIENT ? SINGLY : "{'server': [{'word': 4}]},{'client': [{'word': 5}]},{'server': [{'word': 4}]}", &lib);
        struct program p = program_of(&lib, "t-1", "bits=64", rows[i].us, "plain", &keep);
        talk_trace(rows[i].trace, &p, &t, &keep);
        const char *name = judge_refusal(&p, &t, &keep);
        cr_expect(eq(str, name ? (char *)name : "", rows[i].name ? (char *)rows[i].name : ""), "%s", rows[i].label);
        library_free(&lib);
    }
}

Test(judged, which_values_were_kept, .timeout = 10)
{
    enum { NONE = -1 };
    static const char steps[] = ASK ",{'server': [{'word': 0}, {'word': {'any': true, 'as': 'a'}}, {'byte': {'any': true}}, {'word': {'any': true, 'as': 'b'}}]}," ASK
                                    ",{'server': [{'word': {'any': true, 'as': 'c'}}], 'check': 'second'}";
    static const struct {
        const char *label, *trace;
        int is[4]; // a, b, c, x
    } rows[] = {
        { "all", "0 open,1 >,2 <0000 0700 01 0800,3 >,4 <0900,5 fin-sent,6 fin,7 over", { 7, 8, 9, NONE } },
        { "of those that were told", "0 open,1 >,2 <0000 0700 01 0800,3 >,4 late,4 over", { 7, 8, NONE, NONE } },
        { "of those that were played", "0 open,1 >,2 <0000 0700 01 0800 0900,3 >,4 over", { 7, 8, NONE, NONE } },
        { "none behind what was wrong", "0 open,1 >,2 <0100 0700 01 0800,3 >,4 <0900,5 fin-sent,6 fin,7 over", { NONE, NONE, NONE, NONE } },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct library lib;
        struct trace t = { .keep = &keep };
        talk_load(TALK, steps, &lib);
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        talk_trace(rows[i].trace, &p, &t, &keep);
        for (int k = 0; k < 4; k++) {
            const struct value *v = judge_kept(&p, &t, (const char[]){ "abcx"[k], 0 }, &keep);
            cr_expect(eq(int, v ? (int)v->number : NONE, rows[i].is[k]), "%s: %c", rows[i].label, "abcx"[k]);
        }
        library_free(&lib);
    }
}

/* The field that holds the first wrong byte: what was due there, and what came, in bytes and in words. Of long ones the first 64 bytes; of
 * bytes that are no value 16 at least. */
Test(judged, what_is_shown_of_a_wrong_field, .timeout = 10)
{
#define X16 "78787878787878787878787878787878"
    static const struct {
        const char *label, *reply, *came, *shown;
    } rows[] = {
        { "a number", "{'word': 0},{'word': 8, 'name': 'count'},{'byte': 1}", "0000 0900 01", "@2 in 1 \"count\": 0800 (8) / 0900 (9)" },
        { "its second byte", "{'word': 0},{'word': 8},{'byte': 1}", "0000 0801 01", "@3 in 1 \"-\": 0800 (8) / 0801 (264)" },
        { "bytes", "{'bytes': '01020304'}", "01020305 0708", "@3 in 0 \"-\": 01020304 (-) / 010203050708 (-)" },
        { "… and many came", "{'bytes': '01020304'}", "01020305" X16, "@3 in 0 \"-\": 01020304 (-) / 01020305787878787878787878787878 (-)" },
        { "… and many were due", "{'bytes': '78*70'}", X16 "79" X16 X16 X16 X16 X16, "@16 in 0 \"-\": " X16 X16 X16 X16 " (-) / " X16 "79" X16 X16 "787878787878787878787878787878 (-)" },
        { "… seventeen", "{'bytes': '78*17'}", "79" X16 X16, "@0 in 0 \"-\": " X16 "78 (-) / 79" X16 " (-)" },
        { "a text", "{'cstringa': 'ab'}", "03 616263 07", "@0 in 0 \"-\": 026162 (\"ab\") / 03616263 (\"abc\")" },
        { "… a long one", "{'cstringa': 'x'}", "50" X16 X16 X16 X16 X16, "@0 in 0 \"-\": 0178 (\"x\") / 50" X16 X16 X16 "787878787878787878787878787878 (\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…\" (80 units))" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct library lib;
        struct trace t = { .keep = &keep };
        struct findings f;
        TEXT(shown);
        talk_load(TALK, arena_printf(&keep, SHOW("{'server': [%s]}"), rows[i].reply), &lib);
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        talk_trace(arena_printf(&keep, "0 open,1 >,2 <%s,2 mismatch,2 over", rows[i].came), &p, &t, &keep);
        judge(&p, &t, &keep, &f);
        cr_assert(f.count == 1 && f.items->at_byte);
        text_printf(&shown, "@%zu in %zu \"%s\": ", f.items->at, f.items->field, f.items->field_name ? f.items->field_name : "-");
        text_hex(&shown, f.items->expected, false);
        text_printf(&shown, " (%s) / ", f.items->expected_text ? f.items->expected_text : "-");
        text_hex(&shown, f.items->got, false);
        text_printf(&shown, " (%s)", f.items->got_text ? f.items->got_text : "-");
        cr_expect(eq(str, (char *)text_string(&shown), (char *)rows[i].shown), "%s", rows[i].label);
        library_free(&lib);
    }
}
