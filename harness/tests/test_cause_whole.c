/*
 * Causes that are seen by a whole message, each asked by itself: its order, its beginning and its end, and whose words it is. Every
 * condition from both sides.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "cause_rows.h"

#define IN_WORDS                                                                                   \
    SERVICE_REFUSING("'no': [ {'server': [{'word': 2}, {'word': {'any': true, 'as': 'cause'}}]} ],"         \
            "'refused': [ {'server': [{'word': 1}, {'cstringa': {'any': true, 'as': 'reason'}}]} ]")

#define SAID(word)   "{'client': [{'word': " #word "}]}"
#define DUE(fields)  "{'server': [" fields "], 'check': 'reply'}"
#define NO           "{'server': [{'word': 2}, {'word': 5}], 'check': 'reply'}"
#define PIECES       "{'server': [{'word': 2}], 'part': true},{'server': [{'word': 5}], 'check': 'reply'}"
#define REASON       "{'server': [{'word': 1}, {'cstringa': {'any': true}}], 'check': 'reply'}"
#define ON(steps, on) "{" steps ", 'on': '" on "'}"
#define LAST(got)    "0 open,1 >,2 <" got ",2 mismatch,2 over"
#define THIRD(first, got) "0 open,1 >,2 <" first ",3 >,4 <" got ",4 mismatch,4 over"

#define TURNED(what)   "the fields stand in another order: " what ", have changed places"
#define MOVED(what)    "the fields stand in another order: " what
#define OURS           "what came is what we had said, value by value"
#define THEIRS(on)     "what came is what we had said on connection " on ", and something else was due of it"
#define OF_ANOTHER(is, of) "field " is ", a CStringA, has the text that is due as field " of
#define PART_CUT(at, next) "part 1 of the reply ends at byte " at " of it, 2 bytes before its end, and part " next " follows: the rest was never sent"
#define OTHER_HEAD(is, due) "the reply begins with " is " where " due " is due, and all that stands behind it is right"
#define HEADLESS       "the refusal came without its first 2 bytes, the WORD"
#define NUMBERLESS     "the reply came without its first 2 bytes, the WORD"
#define LACKING(n, places, from) n " missing at each of " places " places, from byte " from " on"

#define NUMBERS   DUE("{'word': 0}, {'dword': 9}")
#define THREE     DUE("{'word': 0}, {'word': 1}, {'dword': 9}")
#define SEVEN     "{'byte': 1}, {'byte': 2}, {'byte': 3}, {'byte': 4}, {'byte': 5}, {'byte': 6}, {'word': 7}"
#define TWO       SAID(1) "," SAID(1) "," NUMBERS "," DUE("{'word': 0}, {'dword': 9}")
#define TWICE_CAME(got) "0 open,1 >,2 >,3 <" got ",3 mismatch,3 over"
#define TO_FROM   DUE("{'word': 3}, {'cstringa': ''}, {'cstringa': 'ann'}")
#define TO_FROM_AGAIN DUE("{'cstringa': 'ann'}, {'cstringa': ''}, {'cstringa': 'bob'}")
#define UP        "2122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f50515253545556575859"
#define ALIKE     "7172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9"
#define PARTS     DUE("{'bytes': '" UP "5a5b5c'}, {'bytes': '" ALIKE "01020304050607'}")
#define LETTER    "{'client': [{'word': 7}, {'cstringa': 'bye'}]}"
#define ANSWER    DUE("{'word': 7}, {'cstring': ''}")
#define COUNTED   DUE("{'word': 1}, {'count': 2}, {'cstringa': 'one'}, {'cstringa': 'two'}")

#define COUNTED_THREE DUE("{'word': 1}, {'count': 3}, {'cstringa': 'one'}, {'cstringa': ''}, {'cstringa': 'three'}")

#define NOTE_SAID "{'client': [{'word': 1}, {'cstringa': 'note'}, {'cstringa': ''}, {'cstringa': ''}]}"
#define NOTE_DUE  DUE("{'word': 1}, {'cstring': 'note'}, {'cstring': ''}, {'cstring': ''}")
#define FOUR_SAID "{'client': [{'long': 393}, {'long': 100}, {'long': 100}, {'cstringa': 'note'}]}"
#define FOUR_DUE  DUE("{'long': 393}, {'long': 100}, {'long': 100}, {'cstringa': 'note'}")

// clang-format off
static const struct cause_row rows[] = {
    /* another order */
    { "two fields in each other's place", cause_fields_turned, IN_WORDS, SAID(1) "," NUMBERS, LAST("09000000 0000"), TURNED("WORD and DWORD, fields 1 and 2") },
    { "… of which one is right", cause_fields_turned, IN_WORDS, SAID(1) "," NUMBERS, LAST("09000000 0100"), NULL },
    { "… and less", cause_fields_turned, IN_WORDS, SAID(1) "," NUMBERS, LAST("09000000 00"), NULL },
    { "… and more behind them", cause_fields_turned, IN_WORDS, SAID(1) "," NUMBERS, LAST("09000000 0000 01"), NULL },
    { "… and what is due next", cause_fields_turned, IN_WORDS, SAID(1) "," SAID(1) "," NUMBERS "," DUE("{'bytes': '313233'}"), "0 open,1 >,2 >,3 <09000000 0000 313233,3 mismatch,3 over", TURNED("WORD and DWORD, fields 1 and 2") },
    { "the last two of three", cause_fields_turned, IN_WORDS, SAID(1) "," THREE, LAST("0000 09000000 0100"), TURNED("WORD and DWORD, fields 2 and 3") },
    { "the first and the last", cause_fields_turned, IN_WORDS, SAID(1) "," THREE, LAST("09000000 0100 0000"), TURNED("WORD and DWORD, fields 1 and 3") },
    { "the first at the end", cause_fields_turned, IN_WORDS, SAID(1) "," THREE, LAST("0100 09000000 0000"), MOVED("WORD, which is due as field 1, came as field 3") },
    { "the last at the beginning", cause_fields_turned, IN_WORDS, SAID(1) "," THREE, LAST("09000000 0000 0100"), MOVED("DWORD, which is due as field 3, came as field 1") },
    { "one field alone", cause_fields_turned, IN_WORDS, SAID(1) "," DUE("{'dword': 9}"), LAST("00000009"), NULL },
    { "three bytes", cause_fields_turned, IN_WORDS, SAID(1) "," DUE("{'word': 1}, {'byte': 9}"), LAST("09 0100"), NULL },
    { "a refusal", cause_fields_turned, IN_WORDS, SAID(1) "," NO, LAST("0500 0200"), TURNED("WORD and WORD, fields 1 and 2") },
    { "… in two ops", cause_fields_turned, IN_WORDS, SAID(1) "," PIECES, LAST("0500 0200"), TURNED("WORD and WORD, fields 1 and 2") },
    { "a reason before its status", cause_fields_turned, IN_WORDS, SAID(1) "," REASON, LAST("026e6f 0100"), TURNED("WORD and CStringA, fields 1 and 2") },
    { "… that is empty", cause_fields_turned, IN_WORDS, SAID(1) "," REASON, LAST("00 0100"), NULL },
    { "… of what nobody writes", cause_fields_turned, IN_WORDS, SAID(1) "," REASON, LAST("026e07 0100"), NULL },
    { "… of blanks", cause_fields_turned, IN_WORDS, SAID(1) "," REASON, LAST("022020 0100"), TURNED("WORD and CStringA, fields 1 and 2") },
    { "… that is not whole", cause_fields_turned, IN_WORDS, SAID(1) "," REASON, LAST("076e6f 0100"), NULL },
    { "a number that may be any", cause_fields_turned, IN_WORDS, SAID(1) "," DUE("{'word': 1}, {'dword': {'any': true, 'max': 8}}"), LAST("09000000 0100"), NULL },
    { "eight fields", cause_fields_turned, IN_WORDS, SAID(1) "," DUE(SEVEN ", {'byte': 8}"), LAST("010203040506 08 0700"), TURNED("WORD and BYTE, fields 7 and 8") },
    { "nine", cause_fields_turned, IN_WORDS, SAID(1) "," DUE(SEVEN ", {'byte': 8}, {'byte': 9}"), LAST("010203040506 08 0700 09"), NULL },
    { "two bytes", cause_fields_turned, IN_WORDS, SAID(1) "," DUE("{'word': 1}, {'byte': 8}, {'byte': 9}"), LAST("0100 09 08"), NULL },
    { "a byte and a number", cause_fields_turned, IN_WORDS, SAID(1) "," DUE("{'word': 1}, {'byte': 8}, {'word': 9}"), LAST("0100 0900 08"), TURNED("BYTE and WORD, fields 2 and 3") },
    { "bytes without a type", cause_fields_turned, IN_WORDS, SAID(1) "," DUE("{'bytes': '0102'}, {'word': 9}"), LAST("0900 0102"), NULL },
    { "all is right", cause_fields_turned, IN_WORDS, SAID(1) "," NUMBERS, LAST("0000 09000000"), NULL },

    /* text */
    { "a CR before a LF", cause_written_as_text, IN_WORDS, SAID(1) "," DUE("{'word': 0}, {'word': 10}"), LAST("0000 0d0a00"), "before the byte 0A stands a 0D: the stream is written as text" },
    { "… before each", cause_written_as_text, IN_WORDS, SAID(1) "," DUE("{'word': 0}, {'word': 2570}"), LAST("0000 0d0a0d0a"), "before each of the 2 bytes 0A stands a 0D: the stream is written as text" },
    { "… before one of two", cause_written_as_text, IN_WORDS, SAID(1) "," DUE("{'word': 0}, {'word': 2570}"), LAST("0000 0d0a0a"), NULL },
    { "… and more behind it", cause_written_as_text, IN_WORDS, SAID(1) "," DUE("{'word': 0}, {'word': 10}"), LAST("0000 0d0a00 01"), NULL },
    { "… in three bytes", cause_written_as_text, IN_WORDS, SAID(1) "," DUE("{'byte': 0}, {'word': 10}"), LAST("00 0d0a00"), NULL },
    { "no LF at all", cause_written_as_text, IN_WORDS, SAID(1) "," DUE("{'word': 0}, {'word': 9}"), LAST("0000 0d0900"), NULL },

    /* our own words */
    { "our words, in the width of the peer", cause_own_values, IN_WORDS, LETTER "," ANSWER, LAST("0700 fffeff03620079006500"), OURS },
    { "… in ours", cause_own_values, IN_WORDS, LETTER "," ANSWER, LAST("0700 03627965"), OURS },
    { "… another number", cause_own_values, IN_WORDS, LETTER "," ANSWER, LAST("0800 03627965"), NULL },
    { "… another text", cause_own_values, IN_WORDS, LETTER "," ANSWER, LAST("0700 03627964"), NULL },
    { "… and more", cause_own_values, IN_WORDS, LETTER "," ANSWER, LAST("0700 03627965 01"), NULL },
    { "… not whole", cause_own_values, IN_WORDS, LETTER "," ANSWER, LAST("0700 036279"), NULL },
    { "… which is what was due, in another width", cause_own_values, IN_WORDS, LETTER "," DUE("{'word': 7}, {'cstring': 'bye'}"), LAST("0700 03627965"), NULL },
    { "… of another size", cause_own_values, IN_WORDS, "{'client': [{'dword': 7}, {'cstringa': 'bye'}]}," ANSWER, LAST("0700 03627965"), NULL },
    { "… of another kind", cause_own_values, IN_WORDS, "{'client': [{'bytes': '0700'}, {'cstringa': 'bye'}]}," ANSWER, LAST("0700 03627965"), NULL },
    { "… with a field less", cause_own_values, IN_WORDS, "{'client': [{'word': 7}]}," ANSWER, LAST("0700 03627965"), NULL },
    { "four bytes", cause_own_values, IN_WORDS, "{'client': [{'word': 7}, {'word': 8}]}," DUE("{'word': 7}, {'word': 9}"), LAST("0700 0800"), OURS },
    { "three bytes of ours", cause_own_values, IN_WORDS, "{'client': [{'word': 7}, {'byte': 8}]}," DUE("{'word': 7}, {'byte': 9}"), LAST("0700 08"), NULL },
    { "our words on another connection", cause_own_values, IN_WORDS, ON("'client': [{'word': 7}, {'cstringa': 'bye'}]", "a") "," ON("'client': [{'word': 8}, {'cstringa': 'all'}]", "b") "," ON("'server': [{'word': 8}, {'cstring': 'all'}]", "b"),
      "0 open,1 >,2 open,3 >,4 <0700 03627965,4 mismatch,4 over", NULL },
    { "… asked for that", cause_said_elsewhere, IN_WORDS, ON("'client': [{'word': 7}, {'cstringa': 'bye'}]", "a") "," ON("'client': [{'word': 8}, {'cstringa': 'all'}]", "b") "," ON("'server': [{'word': 8}, {'cstring': 'all'}]", "b"),
      "0 open,1 >,2 open,3 >,4 <0700 03627965,4 mismatch,4 over", THEIRS("a") },
    { "… one field alone", cause_said_elsewhere, IN_WORDS, ON("'client': [{'cstringa': 'bye'}]", "a") "," ON("'client': [{'cstringa': 'all'}]", "b") "," ON("'server': [{'cstring': 'all'}]", "b"),
      "0 open,1 >,2 open,3 >,4 <03627965,4 mismatch,4 over", NULL },
    { "our words on the same one", cause_said_elsewhere, IN_WORDS, LETTER "," ANSWER, LAST("0700 03627965"), NULL },

    /* a text of another field */
    { "the text of another field", cause_text_of_another, IN_WORDS, SAID(1) "," TO_FROM, LAST("0300 03616e6e 03616e6e"), OF_ANOTHER("2", "3") },
    { "… of the one before", cause_text_of_another, IN_WORDS, SAID(1) "," TO_FROM_AGAIN, LAST("03616e6e 03616e6e 03626f62"), OF_ANOTHER("2", "1") },
    { "… where another is due", cause_text_of_another, IN_WORDS, SAID(1) "," TO_FROM_AGAIN, LAST("03626f62 00 03626f62"), OF_ANOTHER("1", "3") },
    { "… and one more is wrong", cause_text_of_another, IN_WORDS, SAID(1) "," TO_FROM_AGAIN, LAST("03616e6e 03616e6e 03626f63"), NULL },
    { "… and more behind it", cause_text_of_another, IN_WORDS, SAID(1) "," TO_FROM, LAST("0300 03616e6e 03616e6e 01"), NULL },
    { "… not whole", cause_text_of_another, IN_WORDS, SAID(1) "," TO_FROM, LAST("0300 03616e6e 03616e"), NULL },
    { "a text of none", cause_text_of_another, IN_WORDS, SAID(1) "," TO_FROM, LAST("0300 03616e6f 03616e6e"), NULL },
    { "an empty text of another field", cause_text_of_another, IN_WORDS, SAID(1) "," TO_FROM, LAST("0300 00 00"), NULL },
    { "a number of another field", cause_text_of_another, IN_WORDS, SAID(1) "," DUE("{'word': 3}, {'word': 4}"), LAST("0400 0400"), NULL },

    /* the beginning */
    { "a refusal without its number", cause_head_missing, IN_WORDS, SAID(1) "," NO, LAST("0500"), HEADLESS },
    { "… in two ops", cause_head_missing, IN_WORDS, SAID(1) "," PIECES, LAST("0500"), HEADLESS },
    { "… and another cause", cause_head_missing, IN_WORDS, SAID(1) "," NO, LAST("0600"), NULL },
    { "… and more", cause_head_missing, IN_WORDS, SAID(1) "," NO, LAST("0500 01"), NULL },
    { "a reason without its status", cause_head_missing, IN_WORDS, SAID(1) "," REASON, LAST("026e6f"), HEADLESS },
    { "… that is empty", cause_head_missing, IN_WORDS, SAID(1) "," REASON, LAST("00"), NULL },
    { "what is no refusal", cause_head_missing, IN_WORDS, SAID(1) "," NUMBERS, LAST("09000000"), NULL },
    { "… goes before an answer", cause_not_refused, IN_WORDS, SAID(1) "," NO, LAST("0500"), NULL },
    { "an answer", cause_not_refused, IN_WORDS, SAID(1) "," NO, LAST("0000 05"), "the peer answered, where \"no\" is due: it took what it must refuse" },
    { "… of one byte", cause_not_refused, IN_WORDS, SAID(1) "," NO, LAST("00"), "the peer answered, where \"no\" is due: it took what it must refuse" },
    { "… with another number", cause_not_refused, IN_WORDS, SAID(1) "," NO, LAST("0009 05"), NULL },

    { "a reply without its number", cause_heads_missing, IN_WORDS, SAID(1) "," NUMBERS, LAST("09000000"), NUMBERLESS },
    { "… of three bytes", cause_heads_missing, IN_WORDS, SAID(1) "," DUE("{'word': 1}, {'byte': 7}, {'word': 8}"), LAST("07 0800"), NULL },
    { "… that is right", cause_heads_missing, IN_WORDS, SAID(1) "," NUMBERS, LAST("0000 09000000"), NULL },
    { "… and more", cause_heads_missing, IN_WORDS, SAID(1) "," NUMBERS, LAST("09000000 01"), NULL },
    { "… and less", cause_heads_missing, IN_WORDS, SAID(1) "," NUMBERS, LAST("090000"), NULL },
    { "… of any value", cause_heads_missing, IN_WORDS, SAID(1) "," DUE("{'word': {'any': true}}, {'dword': 9}"), LAST("09000000"), NULL },
    { "… of no type", cause_heads_missing, IN_WORDS, SAID(1) "," DUE("{'bytes': '0000'}, {'dword': 9}"), LAST("09000000"), NULL },
    { "… of one byte", cause_heads_missing, IN_WORDS, SAID(1) "," DUE("{'byte': 1}, {'dword': 9}"), LAST("09000000"), "the reply came without its first byte, the BYTE" },
    { "a reply with another number before it", cause_other_head, IN_WORDS, SAID(1) "," NUMBERS, LAST("0300 09000000"), OTHER_HEAD("3", "0") },
    { "… and more", cause_other_head, IN_WORDS, SAID(1) "," NUMBERS, LAST("0300 09000000 01"), NULL },
    { "… and less", cause_other_head, IN_WORDS, SAID(1) "," NUMBERS, LAST("0300 090000"), NULL },
    { "… and another value", cause_other_head, IN_WORDS, SAID(1) "," NUMBERS, LAST("0300 08000000"), NULL },
    { "… and two bytes", cause_other_head, IN_WORDS, SAID(1) "," NO, LAST("0300 0500"), NULL },
    { "… that is one off", cause_other_head, IN_WORDS, SAID(1) "," NUMBERS, LAST("0100 09000000"), NULL },
    { "another value alone", cause_other_head, IN_WORDS, SAID(1) "," NUMBERS, LAST("0000 08000000"), NULL },
    { "a reason with another status", cause_other_head, IN_WORDS, SAID(1) "," REASON, LAST("0300 026e6f"), OTHER_HEAD("3", "1") },
    { "… that says something else", cause_other_head, IN_WORDS, SAID(1) "," REASON, LAST("0300 03796573"), OTHER_HEAD("3", "1") },
    { "… and more", cause_other_head, IN_WORDS, SAID(1) "," REASON, LAST("0300 026e6f 00"), NULL },
    { "… not whole", cause_other_head, IN_WORDS, SAID(1) "," REASON, LAST("0300 036e6f"), NULL },
    { "a text that may be any, and no more", cause_heads_missing, IN_WORDS, SAID(1) "," REASON, LAST("0461626364"), NULL },
    { "… and a number", cause_heads_missing, IN_WORDS, SAID(1) "," DUE("{'word': 1}, {'cstringa': {'any': true}}, {'dword': 9}"), LAST("026162 09000000"), NULL },
    { "two without it", cause_heads_missing, IN_WORDS, TWO, TWICE_CAME("09000000 09000000"), NUMBERLESS ", and so did 1 behind it" },
    { "the first of two", cause_heads_missing, IN_WORDS, TWO, TWICE_CAME("09000000 0000 09000000"), NUMBERLESS },
    { "… and a part of the second", cause_heads_missing, IN_WORDS, TWO, TWICE_CAME("09000000 0000 09"), NUMBERLESS },
    { "… and something else", cause_heads_missing, IN_WORDS, TWO, TWICE_CAME("09000000 0500"), NULL },
    { "… and what is due behind them", cause_heads_missing, IN_WORDS, TWO, TWICE_CAME("09000000 09000000 0700"), NULL },
    { "… on another connection", cause_heads_missing, IN_WORDS, ON("'client': [{'word': 1}]", "a") "," ON("'client': [{'word': 1}]", "b") "," ON("'server': [{'word': 0}, {'dword': 9}]", "a") "," ON("'server': [{'word': 0}, {'dword': 9}]", "b"),
      "0 open,1 >,2 open,3 >,4 <09000000 09000000,4 mismatch,4 over", NULL },

    { "a part without its end", cause_part_cut, IN_WORDS, SAID(1) "," PARTS, LAST(UP "5a" ALIKE "01020304050607"), PART_CUT("58", "2") },
    { "… of which the next is short", cause_part_cut, IN_WORDS, SAID(1) "," DUE("{'bytes': '" UP "5a5b5c'}, {'bytes': '" ALIKE "'}"), LAST(UP ALIKE), NULL },
    { "… and another follows", cause_part_cut, IN_WORDS, SAID(1) "," PARTS, LAST(UP "5a" UP "595a5b5c5d5e5f60"), NULL },
    { "… which may be any", cause_part_cut, IN_WORDS, SAID(1) "," DUE("{'bytes': '" UP "5a5b5c'}, {'word': {'any': true}}, {'bytes': '" ALIKE "01020304050607'}"), LAST(UP "5a" ALIKE "01020304050607"), NULL },
    { "… that is right", cause_part_cut, IN_WORDS, SAID(1) "," PARTS, LAST(UP "5a5b5c" ALIKE "01020304050607"), NULL },

    /* amid it */
    { "a byte is missing at two places", cause_missing_often, IN_WORDS, SAID(1) "," DUE("{'bytes': '010203040506070809'}"), LAST("01 03040506 0809"), LACKING("1 byte of what was due is", "2", "1") },
    { "… at one", cause_missing_often, IN_WORDS, SAID(1) "," DUE("{'bytes': '010203040506070809'}"), LAST("01 0304050607 0809"), NULL },
    { "… and more behind", cause_missing_often, IN_WORDS, SAID(1) "," DUE("{'bytes': '010203040506070809'}"), LAST("01 03040506 0809 01"), NULL },
    { "… too near to each other", cause_missing_often, IN_WORDS, SAID(1) "," DUE("{'bytes': '010203040506070809'}"), LAST("01 030405 070809"), NULL },
    { "… the last is", cause_missing_often, IN_WORDS, SAID(1) "," DUE("{'bytes': '010203040506070809'}"), LAST("01 03040506 0708"), NULL },
    { "… the last, too, behind two", cause_missing_often, IN_WORDS, SAID(1) "," DUE("{'bytes': '0102030405060708090a0b0c0d0e'}"), LAST("01 03040506 08090a0b 0c0d"), LACKING("1 byte of what was due is", "3", "1") },
    { "… the last two", cause_missing_often, IN_WORDS, SAID(1) "," DUE("{'bytes': '0102030405060708090a0b0c0d0e'}"), LAST("01 03040506 08090a0b 0c"), NULL },
    { "eight bytes at two places", cause_missing_often, IN_WORDS, SAID(1) "," DUE("{'bytes': '01 0000000000000000 02030405 0000000000000000 06'}"), LAST("01 02030405 06"), LACKING("8 bytes of what was due are", "2", "1") },
    { "nine", cause_missing_often, IN_WORDS, SAID(1) "," DUE("{'bytes': '01 000000000000000000 02030405 000000000000000000 06'}"), LAST("01 02030405 06"), NULL },

    /* a count and elements */
    { "elements are missing", cause_lacks_behind_count, IN_WORDS, SAID(1) "," COUNTED, LAST("0100 0000"), "2 elements of a collection are missing, and are not counted" },
    { "the last one is", cause_lacks_behind_count, IN_WORDS, SAID(1) "," COUNTED, LAST("0100 0100 036f6e65"), "1 element of a collection is missing, and is not counted" },
    { "the first one is", cause_lacks_behind_count, IN_WORDS, SAID(1) "," COUNTED, LAST("0100 0100 0374776f"), "1 element of a collection is missing, and is not counted" },
    { "the second of three is", cause_lacks_behind_count, IN_WORDS, SAID(1) "," COUNTED_THREE, LAST("0100 0200 036f6e65 057468726565"), "1 element of a collection is missing, and is not counted" },
    { "… and the others have changed places", cause_lacks_behind_count, IN_WORDS, SAID(1) "," COUNTED_THREE, LAST("0100 0200 057468726565 036f6e65"), NULL },
    { "… and one stands there twice", cause_lacks_behind_count, IN_WORDS, SAID(1) "," COUNTED_THREE, LAST("0100 0200 036f6e65 036f6e65"), NULL },
    { "… of which all are there", cause_lacks_behind_count, IN_WORDS, SAID(1) "," COUNTED_THREE, LAST("0100 0300 036f6e65 00 057468726564"), NULL },
    { "… and the other is another", cause_lacks_behind_count, IN_WORDS, SAID(1) "," COUNTED, LAST("0100 0100 0374777f"), NULL },
    { "… which is counted", cause_lacks_behind_count, IN_WORDS, SAID(1) "," COUNTED, LAST("0100 0200 0374776f"), NULL },
    { "… and more behind it", cause_lacks_behind_count, IN_WORDS, SAID(1) "," COUNTED, LAST("0100 0100 0374776f 01"), NULL },
    { "… and not all of it came", cause_lacks_behind_count, IN_WORDS, SAID(1) "," COUNTED, LAST("0100 0100 037477"), NULL },
    { "a number before them is wrong", cause_lacks_behind_count, IN_WORDS, SAID(1) "," COUNTED, LAST("0000 0000"), NULL },
};

/* … and judged, for the reply before is looked at, too. */
static const struct {
    const char *label, *steps, *trace, *told;
} judged[] = {
    { "a reply that took its end from the next", SAID(1) "," REASON "," SAID(2) "," NUMBERS, THIRD("0100 00", "00 09000000"),
      "cut: what was taken for the last 1 byte of the reply before is the beginning of this one: of that only 2 bytes came" },
    { "… two bytes of it", SAID(1) "," REASON "," SAID(2) "," DUE("{'word': 28161}, {'dword': 9}"), THIRD("0100 016e", "09000000"),
      "cut: what was taken for the last 2 bytes of the reply before is the beginning of this one: of that only 2 bytes came" },
    { "… four of them", SAID(1) "," REASON "," SAID(2) "," DUE("{'dword': 1684234755}, {'word': 9}"), THIRD("0100 03626364", "0900"),
      "cut: what was taken for the last 4 bytes of the reply before is the beginning of this one: of that only 2 bytes came" },
    { "… five", SAID(1) "," REASON "," SAID(2) "," DUE("{'dword': 1684234756}, {'word': 2405}"), THIRD("0100 0462636465", "0909"),
      "differs: differs from byte 0 on" },
    { "… and its end is known", SAID(1) "," DUE("{'word': 1}, {'cstringa': ''}") "," SAID(2) "," NUMBERS, THIRD("0100 00", "00 09000000"), "wrong-size: WORD has 1 byte" },
    { "… and all of it are three bytes", SAID(1) "," REASON "," SAID(2) "," DUE("{'word': 0}, {'byte': 9}"), THIRD("0100 00", "00 09"), "wrong-size: WORD has 1 byte" },
    { "a refusal without its number", SAID(1) "," NO, LAST("0500"), "cut: the refusal came without its first 2 bytes, the WORD" },
    { "… with its numbers turned", SAID(1) "," NO, LAST("0500 0200"), "wrong-value: " TURNED("WORD and WORD, fields 1 and 2") },
    { "… with another number, and the cause is in a part of its own", SAID(1) "," PIECES, LAST("0900 0500"), "wrong-value: the value is another one: the WORD reads 9 where 2 is due" },
    { "… of four bytes", SAID(1) "," PIECES, LAST("09000000 0500"), "wrong-size: WORD takes 4 bytes, where 2 are due" },
    { "… that came twice", SAID(1) "," PIECES, "0 open,1 >,2 =,3 <0200 0500,3 mismatch,3 over", "repeated: the reply before came once more, and what was due behind it" },
    { "… with another behind it", SAID(1) "," PIECES, "0 open,1 >,2 =,3 <0300 0600,3 mismatch,3 over", "wrong-cause: the exception tells cause 3 (endOfFile), where 5 (badIndex) is due" },
    { "… with half of that behind it", SAID(1) "," PIECES, "0 open,1 >,2 =,3 <0300 05,3 mismatch,3 over", "wrong-cause: the exception tells cause 3 (endOfFile), where 5 (badIndex) is due" },
    { "the last text is missing, and the probe's answer stands there", NOTE_SAID "," NOTE_DUE, "0 open,1 >,2 <0100 fffeff046e006f0074006500 fffeff00,2 late,2 probe,2 !,2 ?,2 over",
      "cut: the reply ends at byte 18 of 22, and a later one follows: the rest was never sent" },
    { "a number is missing, and what stands there would be a refusal", SAID(1) "," DUE("{'word': 0}, {'dword': 1}, {'word': 9}"), LAST("01000000 0900"), "cut: the reply came without its first 2 bytes, the WORD" },
    { "… and is one, for there is more", SAID(1) "," DUE("{'word': 0}, {'dword': 1}, {'word': 9}"), LAST("01000161 0900"), "other-reply: the peer said \"refused\", reason \"a\"" },
    { "our own values", LETTER "," ANSWER, LAST("0700 fffeff03620079006500"), "echo: " OURS },
    { "a number that might have been read in two bytes, if the others were", FOUR_SAID "," FOUR_DUE, LAST("89010000 00000000 64000000 046e6f7465"),
      "wrong-value: the value is another one: the LONG reads 0 where 100 is due" },
    { "… and the one behind it is", FOUR_SAID "," FOUR_DUE, LAST("89010000 00000000 00000000 046e6f7465"), "wrong-size: LONG has 2 bytes" },
    { "a number of one byte before an empty text that may be any", SAID(1) "," DUE("{'word': 1}, {'cstringa': {'any': true}}, {'bytes': '0208090a'}"), LAST("01 00 0208090a"), "differs: differs from byte 5 on" },
    { "… before one that says something", SAID(1) "," DUE("{'word': 1}, {'cstringa': {'any': true}}, {'bytes': '0208090a'}"), LAST("01 0161 0208090a"), "wrong-size: WORD has 1 byte" },
    { "an answer to the probe of two bytes, which nobody asked for", SAID(1) "," DUE("{'bytes': '0102030000'}"), LAST("0102000000"), "differs: differs from byte 2 on" },
};
// clang-format on

Test(cause_whole, is_told_or_is_not_that, .timeout = 20)
{
    cause_rows_hold(rows, COUNT_OF(rows));
}

Test(cause_whole, is_told_where_it_is_judged, .timeout = 20)
{
    for (size_t i = 0; i < COUNT_OF(judged); i++) {
        SCRATCH(keep);
        struct library lib;
        struct trace t = { .keep = &keep };
        talk_load(IN_WORDS, judged[i].steps, &lib);
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        talk_trace(judged[i].trace, &p, &t, &keep);
        cr_expect(eq(str, (char *)talk_told(&p, &t, &keep), (char *)judged[i].told), "%s", judged[i].label);
        library_free(&lib);
    }
}
