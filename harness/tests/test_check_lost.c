/*
 * A peer that loses bytes of what it is told, such as those where a block of 4096 ends: its reply is right for what is left, and the request behind
 * it is met in the place of what is missing.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "talk.h"

#define ELEMENTS 9000
#define HEAD     14 // bytes of the request before its elements: a number, the name of the type, a count

/* No eight of them in a row are alike anywhere else. */
static unsigned element(size_t i)
{
    return (unsigned)(i * i + i / 7 * 31 + i / 256 * 5) & 0xff;
}

// clang-format off
static const struct lost {
    const char *label;
    size_t first, at, n; // bytes that we send at first; those that are lost stand before `at`
    bool found;
} rows[] = {
    { "one byte",                       0,    4096, 1, true  },
    { "three of them",                  0,    4096, 3, true  },
    { "eight of them",                  0,    4096, 8, true  },
    { "nine are too many",              0,    4096, 9, false },
    { "in the second block",            0,    8192, 2, true  },
    { "where no block ends",            0,    4097, 2, false },
    { "a block begins where we go on",  1000, 5096, 2, true  },
    { "… and again 4096 behind that",   1000, 9192, 2, false }, // behind all of it
    { "… and nowhere else",             1000, 4096, 2, false },
};
// clang-format on

static void request(struct text *to)
{
    text_add(to, "{'client': [{'word': 1}, {'cstringa': 'bytearray'}, {'bytearray': [");
    for (size_t i = 0; i < ELEMENTS; i++)
        text_printf(to, "%s%u", i ? "," : "", element(i));
    text_add(to, "]}]}");
}

static void reply(struct text *to)
{
    text_add(to, ",{'server': [{'word': 0}, {'bytearray': [");
    for (size_t i = 0; i < ELEMENTS; i++)
        text_printf(to, "%s%u", i ? "," : "", element(i));
    text_add(to, "]}]}");
}

/* A request of many bytes, and one behind it, which is two numbers. */
static void steps_of(struct text *to)
{
    request(to);
    text_add(to, ",{'client': [{'dwordarray': [1,2,3]}]}");
    reply(to);
    text_add(to, ",{'server': [{'word': 7}], 'check': 'second'}");
}

Test(check_lost, bytes_before_the_end_of_a_block_are_found, .timeout = 60)
{
    TEXT(steps);
    struct library lib;

    steps_of(&steps);
    talk_load(TALK, text_string(&steps), &lib);
    for (const struct lost *r = rows; r < rows + COUNT_OF(rows); r++) {
        SCRATCH(keep);
        CLEANUP(buffer_free) struct buffer got = { 0 }, said = { 0 };
        struct trace t = { .keep = &keep };
        struct findings f;
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        struct bytes first = p.ops[1].bytes, second = p.ops[2].bytes;
        cr_assert(p.ops[2].kind == OP_SEND && first.len == HEAD + ELEMENTS);
        buffer_append(&said, first.data, first.len);
        buffer_append(&said, second.data, second.len);
        buffer_append(&got, "\0\0", 2);
        buffer_append(&got, said.data + HEAD - 2, r->at - r->n - (HEAD - 2));
        if (r->at < first.len)
            buffer_append(&got, said.data + r->at, first.len - r->at + r->n);
        got.len = got.len > 2 + 2 + ELEMENTS ? 2 + 2 + ELEMENTS : got.len;
        trace_add(&t, TRACE_OPEN, 0, 0, 0);
        trace_add_data(&t, TRACE_SENT, 0, 1, 0, bytes_slice(first, 0, r->first), 1);
        trace_add_data(&t, TRACE_SENT, 0, 1, 0, bytes_slice(first, r->first, SIZE_MAX), 1);
        trace_add_data(&t, TRACE_SENT, 0, 2, 0, second, 1);
        trace_add_data(&t, TRACE_RECEIVED, 0, 3, 0, buffer_bytes(&got), 1);
        trace_add(&t, TRACE_MISMATCH, 0, 3, 0);
        trace_add(&t, TRACE_OVER, 0, 3, 0);
        judge(&p, &t, &keep, &f);
        const struct finding *one = &f.items[f.count - 1];
        bool found = one->cause && strcmp(one->cause, "dropped") == 0;
        cr_expect(eq(int, found, r->found), "%s: %s, %s", r->label, one->cause, one->sentence);
        const char *due = arena_printf(&keep, "without %zu byte%s of it, from byte %zu of the connection on", r->n, r->n == 1 ? "" : "s", r->at - r->n);
        cr_expect(not(found && !strstr(one->sentence, due)), "%s: %s", r->label, one->sentence);
    }
    library_free(&lib);
}

#define REFUSING                                                                                   \
    "{'format': 1, 'service': 'talk', 'first-control': 'ping', 'probe': 'ping', 'pipelining': true,\n" \
    " 'end': {'name': 'end', 'clauses': ['X-1']},\n"                                               \
    " 'refusals': {'refused': [ {'server': [{'word': 1}, {'cstring': {'any': true, 'as': 'reason'}}]} ]},\n" \
    " 'controls': {'ping': [ {'client': [{'word': 4}, {'dword': {'draw': {}, 'as': 'n'}}]},\n"     \
    "                        {'server': [{'word': 0}, {'dword': {'reuse': 'n', 'plus': 1}}]} ]}}"
#define CUT                                                                                        \
    "{'client': [{'word': 4}, {'dword': 7}, {'word': 4}], 'part': true}," TOLD ",{'client': [{'dword': 9}]}," \
    "{'server': [{'word': 0}, {'dword': 10}], 'check': 'second'}"

// clang-format off
static const struct refused {
    const char *label, *trace, *told;
} refusals[] = {
    { "of what stands behind the rest",  "0 open,1 >,2 =,3 >,4 <0100fffeff076e006f0020006f00700020003900,4 mismatch,4 over",
      "dropped: the peer said \"refused\" to a number that nobody sent, and that stands there without 2 bytes, from byte 6 of the connection on: it came together with what stands before" },
    { "of another number",               "0 open,1 >,2 =,3 >,4 <0100fffeff076e006f0020006f00700020003800,4 mismatch,4 over",
      "other-reply: the peer said \"refused\", reason \"no op 8\"" },
    { "of one that begins as that does", "0 open,1 >,2 =,3 >,4 <0100fffeff086e006f0020006f007000200039003000,4 mismatch,4 over",
      "other-reply: the peer said \"refused\", reason \"no op 90\"" },
};
// clang-format on

Test(check_lost, a_refusal_tells_what_stands_behind_that, .timeout = 20)
{
    struct library lib;

    talk_load(REFUSING, CUT, &lib);
    for (const struct refused *r = refusals; r < refusals + COUNT_OF(refusals); r++) {
        SCRATCH(keep);
        struct trace t = { .keep = &keep };
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        talk_trace(r->trace, &p, &t, &keep);
        const char *told = talk_told(&p, &t, &keep);
        cr_expect(eq(str, (char *)told, (char *)r->told), "%s", r->label);
    }
    library_free(&lib);
}
