/*
 * Bytes of ours that a peer has lost, asked about by themselves: where buffers are full and pieces end, refusals of what stands there then,
 * replies that are missing amid others.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "cause_rows.h"

#define SAYS_WHY                                                                                   \
    "{'format': 1, 'service': 'talk', 'first-control': 'ping', 'probe': 'ping', 'pipelining': true,\n" \
    " 'end': {'name': 'end', 'clauses': ['X-1']},\n"                                               \
    " 'refusals': {'refused': [ {'server': [{'word': 1}, {'cstringa': {'any': true}}, {'cstringw': {'any': true}}]} ]},\n" \
    " 'controls': {'ping': [ {'client': [{'word': 4}, {'dword': {'draw': {}, 'as': 'n'}}]},\n"     \
    "                        {'server': [{'word': 0}, {'dword': {'reuse': 'n', 'plus': 1}}]} ]}}"

/* ---- what the reply is right without ---- */

#define ELEMENTS 290 // of the array that is asked for
#define HEAD     12  // bytes before it: a number, the name of its type
#define FIRST    (HEAD + 2 + ELEMENTS)
#define SECOND   62  // an array that nobody asks for, behind it

// clang-format off
static const struct loss_row {
    const char *label;
    bool before;      // an exchange stands before it
    size_t cut;       // at which what is asked leaves in two pieces; 0: in one
    bool joined;      // … and what stands behind it leaves with it
    size_t from, len; // what is lost of the words that are asked
    const char *why;  // NULL: that is not thought of
} losses[] = {
    { "beyond 256",                     false, 0,   false, 256,  48,  "they came together with what stands before them, and that fills a buffer" },
    { "… without its last byte",        false, 0,   false, 256,  47,  NULL },
    { "… without its first",            false, 0,   false, 257,  47,  NULL },
    { "the 256th",                      false, 0,   false, 255,  1,   "it is the last one of a full buffer" },
    { "… the 255th",                    false, 0,   false, 254,  1,   NULL },
    { "… the 257th",                    false, 0,   false, 256,  1,   NULL },
    { "beyond 256 of a piece",          false, 14,  false, 270,  34,  "they came together with what stands before them, and that fills a buffer" },
    { "… the 256th of it",              false, 14,  false, 269,  1,   "it is the last one of a full buffer" },
    { "… not of all",                   false, 14,  false, 255,  1,   NULL },
    { "… of a piece of 256",            false, 48,  false, 303,  1,   NULL },
    { "… of one of 257",                false, 47,  false, 302,  1,   "it is the last one of a full buffer" },
    { "beyond 256, behind an exchange", true,  0,   false, 256,  48,  "they came together with what stands before them, and that fills a buffer" },
    { "the array, which came by itself", false, HEAD, false, HEAD, 2 + ELEMENTS, "they came by themselves" },
    { "… with what stands before it",   false, 0,   false, HEAD, 2 + ELEMENTS, "they came together with what stands before them" },
    { "… with that and what is behind", false, 0,   true,  HEAD, 2 + ELEMENTS, NULL },
    { "… without a byte of it",         false, 0,   false, HEAD, 1 + ELEMENTS, NULL },
};
// clang-format on

static unsigned element(size_t i)
{
    return (unsigned)(i * i + i / 7 * 31 + i / 64 * 5) & 0xff;
}

static void array(struct text *to, size_t count, size_t from)
{
    text_add(to, "{'bytearray': [");
    for (size_t i = 0; i < count; i++)
        text_printf(to, "%s%u", i ? "," : "", element(from + i));
    text_add(to, "]}]}");
}

static void steps_of(struct text *to, bool before)
{
    text_printf(to, "%s{'client': [{'word': 1}, {'cstringa': 'bytearray'}, ", before ? PAIR "," : "");
    array(to, ELEMENTS, 0);
    text_add(to, ",{'client': [");
    array(to, SECOND - 2, 1000);
    text_add(to, ",{'server': [{'word': 0}, ");
    array(to, ELEMENTS, 0);
    text_add(to, ",{'server': [{'word': 7}], 'check': 'second'}");
}

static void sent(struct trace *t, const struct loss_row *r, size_t at, struct bytes first, struct bytes second)
{
    CLEANUP(buffer_free) struct buffer rest = { 0 };

    if (r->cut)
        trace_add_data(t, TRACE_SENT, 0, at, 0, bytes_slice(first, 0, r->cut), 1);
    buffer_append(&rest, first.data + r->cut, first.len - r->cut);
    if (r->joined)
        buffer_append(&rest, second.data, second.len);
    trace_add_data(t, TRACE_SENT, 0, at, 0, buffer_bytes(&rest), 1);
    if (!r->joined)
        trace_add_data(t, TRACE_SENT, 0, at + 1, 0, second, 1);
}

/* What a peer answers that has read no more than is left: a status, and as many elements as it takes for those of the array. */
static void answer(struct buffer *to, const struct loss_row *r, struct bytes first, struct bytes second)
{
    CLEANUP(buffer_free) struct buffer left = { 0 };

    buffer_append(&left, first.data, r->from);
    buffer_append(&left, first.data + r->from + r->len, first.len - r->from - r->len);
    buffer_append(&left, second.data, second.len);
    size_t count = left.data[HEAD] | (size_t)left.data[HEAD + 1] << 8, there = left.len - HEAD - 2;
    buffer_append(to, "\0\0", 2);
    buffer_append(to, left.data + HEAD, 2 + (count < there ? count : there));
}

Test(cause_lost, what_a_full_buffer_or_the_end_of_a_piece_takes_along, .timeout = 60)
{
    for (const struct loss_row *r = losses; r < losses + COUNT_OF(losses); r++) {
        SCRATCH(keep);
        CLEANUP(buffer_free) struct buffer got = { 0 };
        TEXT(steps);
        struct library lib;
        struct trace t = { .keep = &keep };
        size_t at = r->before ? 3 : 1, base = 0;
        steps_of(&steps, r->before);
        talk_load(TALK, text_string(&steps), &lib);
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        struct bytes first = p.ops[at].bytes, second = p.ops[at + 1].bytes;
        cr_assert(p.ops[at + 2].kind == OP_RECEIVE && first.len == FIRST && second.len == SECOND, "%s", r->label);
        if (r->before) {
            talk_trace("0 open,1 >,2 =", &p, &t, &keep);
            base = p.ops[1].bytes.len;
        }
        sent(&t, r, at, first, second);
        answer(&got, r, first, second);
        trace_add_data(&t, TRACE_RECEIVED, 0, at + 2, 0, buffer_bytes(&got), 1);
        trace_add(&t, TRACE_OVER, 0, at + 2, 0);
        struct evidence e = talk_evidence(&p, &t, &keep);
        const char *told = cause_lost_more(&e), *due = r->why ? arena_printf(&keep, "the reply is right for what was said without %zu byte%s of it, from byte %zu of the connection on: %s", r->len, r->len == 1 ? "" : "s", base + r->from, r->why) : "";
        cr_expect(eq(str, (char *)(told ? told : ""), (char *)due), "%s", r->label);
        cr_expect(cause_lost(&e) == NULL, "%s: no block of 4096 is full", r->label);
        library_free(&lib);
    }
}

/* ---- refusals of what stands there then ---- */

#define CUT                                                                                        \
    "{'client': [{'word': 4}, {'dword': 7}, {'word': 4}], 'part': true}," TOLD ",{'client': [{'dword': 9}]}," \
    "{'server': [{'word': 0}, {'dword': 10}], 'check': 'second'}"
#define FULL "{'client': [{'word': 1}, {'raw:253': '41*253'}, {'word': 4660}, {'raw:40': '42*40'}]},{'client': [{'word': 22136}]},{'server': [{'word': 0}]}"
#define SMALL "{'client': [{'word': 1}, {'raw:98': '43*98'}]},{'client': [{'raw:200': '44*200'}]},{'client': [{'raw:55': '41*55'}, {'word': 4660}, {'raw:40': '42*40'}]},{'server': [{'word': 0}]}"
#define SAID(reason, wide)    "0 open,1 >,2 =,3 >,4 <0100" reason wide ",4 mismatch,4 over"
#define BEHIND(reason)        "0 open,1 >,2 >,3 <0100" reason "fffeff00,3 mismatch,3 over"
#define REFUSED(bytes, at)    "the peer said \"refused\" to a number that nobody sent, and that stands there without " bytes ", from byte " at " of the connection on: "
#define WITH_BEFORE           "it came together with what stands before"
#define NINE REFUSED("2 bytes", "6") WITH_BEFORE

// clang-format off
static const struct cause_row refusals[] = {
    { "the number behind what is lost",  cause_lost_refused, SAYS_WHY, CUT, SAID("0139", "fffeff00"), NINE },
    { "… amid words",                    cause_lost_refused, SAYS_WHY, CUT, SAID("03783978", "fffeff00"), NINE },
    { "… at their end",                  cause_lost_refused, SAYS_WHY, CUT, SAID("026f39", "fffeff00"), NINE },
    { "… in a wide string",              cause_lost_refused, SAYS_WHY, CUT, SAID("00", "fffeff023a003900"), NINE },
    { "… behind another number",         cause_lost_refused, SAYS_WHY, CUT, SAID("0539302c3920", "fffeff00"), NINE },
    { "… with a digit before it",        cause_lost_refused, SAYS_WHY, CUT, SAID("023139", "fffeff00"), NULL },
    { "… with one behind it",            cause_lost_refused, SAYS_WHY, CUT, SAID("023930", "fffeff00"), NULL },
    { "… with what is next to digits",   cause_lost_refused, SAYS_WHY, CUT, SAID("032f393a", "fffeff00"), NINE },
    { "… another number",                cause_lost_refused, SAYS_WHY, CUT, SAID("0138", "fffeff00"), NULL },
    { "… that had been sent",            cause_lost_refused, SAYS_WHY, CUT, SAID("0134", "fffeff00"), NULL },
    { "… that stands there in any case", cause_lost_refused, SAYS_WHY, "{'client': [{'word': 4}, {'dword': 4}, {'word': 4}], 'part': true},{'server': [{'word': 0}, {'dword': 5}]},{'client': [{'dword': 4}]},{'server': [{'word': 0}, {'dword': 5}], 'check': 'second'}", SAID("0134", "fffeff00"), NULL },
    { "… none",                          cause_lost_refused, SAYS_WHY, CUT, SAID("00", "fffeff00"), NULL },
    { "… no refusal",                    cause_lost_refused, SAYS_WHY, CUT, "0 open,1 >,2 =,3 >,4 <00000139,4 mismatch,4 over", NULL },
    { "… where one is due",              cause_lost_refused, SAYS_WHY, "{'client': [{'word': 4}, {'dword': 7}, {'word': 4}], 'part': true}," TOLD ",{'client': [{'dword': 9}]},{'server': [{'word': 1}, {'cstringa': '8'}, {'cstringw': ''}], 'check': 'second'}",
      SAID("0139", "fffeff00"), NULL },
    { "the last byte of a full buffer",  cause_lost_refused, SAYS_WHY, FULL, BEHIND("053136393134"), REFUSED("1 byte", "255") "it is the last one of a full buffer" },
    { "… all that is behind one",        cause_lost_refused, SAYS_WHY, FULL, BEHIND("053330373732"), REFUSED("41 bytes", "256") "it is more than a buffer holds" },
    { "… the last field",                cause_lost_refused, SAYS_WHY, FULL, BEHIND("053232313336"), REFUSED("40 bytes", "257") WITH_BEFORE },
    { "… behind no full buffer",         cause_lost_refused, SAYS_WHY, SMALL, "0 open,1 >,2 >,3 >,4 <0100 053136393134 fffeff00,4 mismatch,4 over", NULL },
    { "… one that had been sent",              cause_lost_refused, SAYS_WHY, FULL, BEHIND("053136393632"), NULL },
};

#define THREE "{'client': [{'word': 4}, {'dword': 7}, {'word': 4}, {'dword': 8}, {'word': 4}, {'dword': 9}]}," \
    "{'server': [{'word': 0}, {'dword': 8}, {'word': 0}, {'dword': 9}, {'word': 0}, {'dword': 10}]}"
#define ONE(fields)  "{'client': [{'word': 4}]},{'server': [" fields "]}"
#define LATER(reply) "{'client': [{'word': 4}]},{'client': [{'word': 4}]},{'server': [{'word': 0}, {'dword': 8}, {'word': 0}, {'dword': 9}]},{'server': [" reply "], 'check': 'second'}"
#define LAST(got)    "0 open,1 >,2 <" got ",2 mismatch,2 over"
#define TWO(got)     "0 open,1 >,2 >,3 <" got ",3 mismatch,3 over"
#define CAME(n, of, rest) n " of " of " replies came, and nothing for the other" rest " dropped"

static const struct cause_row missing[] = {
    { "one of three",                    cause_replies_missing, TALK, THREE, LAST("0000 08000000"), CAME("1", "3", "s: they were") },
    { "… the second",                    cause_replies_missing, TALK, THREE, LAST("0000 09000000"), CAME("1", "3", "s: they were") },
    { "… the last",                      cause_replies_missing, TALK, THREE, LAST("0000 0a000000"), CAME("1", "3", "s: they were") },
    { "two of three",                    cause_replies_missing, TALK, THREE, LAST("0000 08000000 0000 0a000000"), CAME("2", "3", ": it was") },
    { "none of them",                    cause_replies_missing, TALK, THREE, LAST("0000 07000000"), NULL },
    { "all of them",                     cause_replies_missing, TALK, THREE, LAST("0000 08000000 0000 09000000 0000 0a000000"), NULL },
    { "… one that is cut",               cause_replies_missing, TALK, THREE, LAST("0000 08000000 0000 0a0000"), NULL },
    { "… in another order",              cause_replies_missing, TALK, THREE, LAST("0000 09000000 0000 08000000"), NULL },
    { "… and the probe's answer",        cause_replies_missing, TALK, THREE, "0 open,1 >,2 <0000 08000000,2 ?,2 mismatch,2 over", CAME("1", "3", "s: they were") },
    { "… and a later reply",             cause_replies_missing, TALK, LATER("{'word': 0}, {'byte': 5}"), TWO("0000 08000000 0000 05"), CAME("1", "2", ": it was") },
    { "… of two bytes",                  cause_replies_missing, TALK, LATER("{'word': 5}"), TWO("0000 08000000 0500"), NULL },
    { "… a part of it",                  cause_replies_missing, TALK, LATER("{'word': 0}, {'byte': 5}"), TWO("0000 08000000 0000"), NULL },
    { "values of one type",              cause_replies_missing, TALK, ONE("{'word': 1}, {'word': 2}, {'word': 3}"), LAST("0100 0300"), NULL },
    { "… four, two by two",              cause_replies_missing, TALK, ONE("{'word': 1}, {'word': 2}, {'word': 3}, {'word': 4}"), LAST("0300 0400"), CAME("1", "2", ": it was") },
    { "values of two types, once",       cause_replies_missing, TALK, ONE("{'word': 1}, {'dword': 2}"), LAST("0100"), NULL },
    { "… and a third one",               cause_replies_missing, TALK, ONE("{'word': 1}, {'dword': 2}, {'word': 3}"), LAST("0100 02000000"), NULL },
    { "… not in turns",                  cause_replies_missing, TALK, ONE("{'word': 1}, {'dword': 2}, {'dword': 3}, {'word': 4}"), LAST("0100 02000000"), NULL },
    { "… and what may be any",           cause_replies_missing, TALK, ONE("{'word': 1}, {'dword': 2}, {'word': 3}, {'dword': {'any': true}}"), LAST("0100 02000000"), NULL },
    { "raw bytes",                       cause_replies_missing, TALK, ONE("{'bytes': '01'}, {'bytes': '02'}, {'bytes': '03'}, {'bytes': '04'}"), LAST("0304"), NULL },
};
// clang-format on

Test(cause_lost, a_refusal_tells_the_number_that_stands_there_then, .timeout = 20)
{
    cause_rows_hold(refusals, COUNT_OF(refusals));
}

Test(cause_lost, replies_are_missing_amid_others, .timeout = 20)
{
    cause_rows_hold(missing, COUNT_OF(missing));
}
