/*
 * Which mistakes are held to explain what came, where several might: what goes before what, and what two suspects have in common. Programs
 * and traces have no room behind their end, so that the address sanitizer sees whoever looks there.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

#include "base/hex.h"
#include "check/check.h"
#include "check/mistake.h"
#include "check/suspects.h"
#include "test_vector.h"

#define SERVICE                                                                                    \
    "{'format': 1, 'service': 'talk', 'first-control': 'ping', 'probe': 'ping', 'pipelining': true,\n" \
    " 'end': {'name': 'end', 'clauses': ['X-1']},\n"                                               \
    " 'refusals': {'exception': [ {'server': [{'word': 2}, {'word': {'any': true, 'as': 'cause'}}]} ],\n" \
    "              'refused': [ {'server': [{'word': 1}, {'cstringa': {'any': true, 'as': 'reason'}}]} ]},\n" \
    " 'controls': {'ping': [ {'client': [{'word': 4}, {'dword': {'draw': {}, 'as': 'n'}}]},\n"     \
    "                        {'server': [{'word': 0}, {'dword': {'reuse': 'n', 'plus': 1}}]} ]}}"
#define SAY(value) "{'client': [{'word': 1}]},{'server': [{'word': 0}, " value "]}"
#define ECHO(type, value) "{'client': [{'word': 1}, {'cstringa': '" type "'}, {'" type "': " value "}]},{'server': [{'word': 0}, {'" type "': " value "}]}"
#define TELL(type, value, text) "{'client': [{'word': 2}, {'cstringa': '" type "'}, {'" type "': " value "}]},{'server': [{'word': 0}, {'cstringa': '" text "'}]}"
#define OBJECTS(first, last) "{'client': [{'word': 1}, {'object': '" first "'}]},{'server': [{'word': 0}]},{'client': [{'word': 1}, {'object': '" last "'}]},{'server': [{'word': 0}], 'check': 'second'}"

// clang-format off
static const struct fit {
    const char *label, *steps, *got; // got: of the last message that is due
    const char *cause;               // its key, sentence and summary, and what else it may be
} fits[] = {
    { "a refusal of what was carried, for another cause", OBJECTS("CAge(1)", "@1"), "0200 0700",
      "other-reply: the peer said \"exception\", cause 7 (badSchema)" },
    { "a WORD turned that might be an exception, too", "{'client': [{'word': 1}, {'object': 'CAge(1)'}]},{'server': [{'word': 0}]},{'client': [{'word': 1}, {'object': '@1'}]},{'server': [{'word': 512}, {'word': 1280}], 'check': 'second'}", "0200 0500",
      "bytes-swapped: the bytes of this WORD stand in big-endian order: it reads 2, and 512 with its bytes exchanged | WORDs are stored big-endian" },
};
// clang-format on

static void program_load(const char *steps, struct library *lib, struct program *p, struct arena *keep)
{
    char suite[2048];

    snprintf(suite, sizeof suite, "{'format': 1, 'suite': 't', 'service': 'talk', 'cases': [\n {'id': 't-1', 'title': 'T', 'clauses': ['X-1'], 'steps': [%s]}]}", steps);
    library_loads(SERVICE, suite, lib);
    *p = program_of(lib, "t-1", "bits=64", PARTY_CLIENT, "plain", keep);
    p->ops = memcpy(ARENA_ARRAY(keep, p->count, struct op), p->ops, p->count * sizeof *p->ops);
}

/* All goes well up to the last message that is due, in whose place other bytes come. */
static struct trace trace_with(const struct program *p, struct bytes got, struct arena *keep)
{
    struct trace t = { .keep = keep };
    size_t last = 0;

    for (size_t i = 0; i < p->count; i++)
        last = p->ops[i].kind == OP_RECEIVE ? i : last;
    for (size_t i = 0; i < last; i++) {
        if (p->ops[i].kind == OP_OPEN)
            trace_add(&t, TRACE_OPEN, 0, i, 0);
        else
            trace_add_data(&t, p->ops[i].kind == OP_SEND ? TRACE_SENT : TRACE_RECEIVED, 0, i, 0, p->ops[i].bytes, 1);
    }
    if (got.len) {
        trace_add_data(&t, TRACE_RECEIVED, 0, last, 0, got, 0);
        trace_add(&t, TRACE_MISMATCH, 0, last, 0);
    } else {
        trace_add(&t, TRACE_LATE, 0, last, 0)->number = 1000;
    }
    trace_add(&t, TRACE_OVER, 0, last, 0);
    t.events = memcpy(ARENA_ARRAY(keep, t.count, struct trace_event), t.events, t.count * sizeof *t.events);
    t.room = t.count;
    return t;
}

static const char *told(const struct finding *f, struct arena *keep)
{
    TEXT(said);

    text_printf(&said, "%s: %s", f->cause, f->sentence);
    if (f->summary)
        text_printf(&said, " | %s", f->summary);
    for (size_t i = 0; i < f->other_count; i++)
        text_printf(&said, " or %s %s", f->others[i].cause, f->others[i].summary ? f->others[i].summary : "");
    return arena_string(keep, text_string(&said));
}

Test(hypotheses, the_most_telling_is_named, .timeout = 20)
{
    for (const struct fit *r = fits; r < fits + COUNT_OF(fits); r++) {
        SCRATCH(keep);
        struct library lib;
        struct program p;
        struct findings f;
        struct bytes got;
        program_load(r->steps, &lib, &p, &keep);
        cr_assert(hex_read(r->got, &keep, &got) == NULL, "%s", r->label);
        struct trace t = trace_with(&p, got, &keep);
        judge(&p, &t, &keep, &f);
        cr_expect(eq(str, (char *)told(&f.items[f.count - 1], &keep), (char *)r->cause), "%s", r->label);
        library_free(&lib);
    }
}

/* Two are the same where all is that they do, and alike where a reader cannot tell them apart. */
Test(hypotheses, suspects_are_the_same_in_all_that_they_do, .timeout = 10)
{
    static const struct mistake swap = { .key = "bytes-swapped", .deed = DEED_SWAP, .n = 1, .of = "WORD" };
    static const struct mistake others[] = {
        { .key = "wrong-size", .deed = DEED_SWAP, .n = 1, .of = "WORD" },
        { .key = "bytes-swapped", .deed = DEED_SWAP_ALL, .n = 1, .of = "WORD" },
        { .key = "bytes-swapped", .deed = DEED_SWAP, .n = 2, .of = "WORD" },
        { .key = "bytes-swapped", .deed = DEED_SWAP, .n = 1, .of = "DWORD" },
        { .key = "bytes-swapped", .deed = DEED_SWAP, .n = 1 },
    };
    const struct mistake again = { .key = "bytes-swapped", .deed = DEED_SWAP, .n = 1, .of = "WORD" }, nothing = { .key = "", .deed = DEED_SWAP };
    struct suspect a = { &swap, true, false, "cause", "a sentence", "summary" }, b = { &again, true, false, "cause", "another", "summary" };

    cr_expect(suspect_same(&a, &b));
    cr_expect(suspect_alike(&a, &b));
    b.reads = false;
    cr_expect(not(suspect_same(&a, &b)));
    b.reads = true;
    b.writes_right = true;
    cr_expect(not(suspect_same(&a, &b)));
    b.writes_right = false;
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        b.by = &others[i];
        cr_expect(not(suspect_same(&a, &b)), "%zu", i);
    }
    a.by = b.by = &nothing; // neither is of a type
    cr_expect(suspect_same(&a, &b));
    b.cause = "another";
    cr_expect(not(suspect_alike(&a, &b)));
    b.cause = "cause";
    b.summary = "another";
    cr_expect(not(suspect_alike(&a, &b)));
}

/* A copy lives on where the original is gone. */
Test(hypotheses, suspects_are_copied_with_all_that_they_hold, .timeout = 10)
{
    SCRATCH(keep);
    struct mistake swap = { .key = "bytes-swapped", .deed = DEED_SWAP, .n = 1, .of = "WORD" }, size = { .key = "wrong-size", .deed = DEED_SIZE, .n = 8 };
    char sentence[] = "a sentence", summary[] = "a summary", types[] = "word,long";
    struct suspect items[] = { { &swap, true, false, "bytes-swapped", sentence, summary }, { &size, false, true, "wrong-size", summary, sentence } };
    struct suspects all = { .items = items, .count = 2, .types = types, .has_request = true, .request = 7, .told = true, .tables = true };
    struct suspects *copy = suspects_copy(&all, &keep);

    cr_assert(eq(sz, copy->count, 2));
    memset(sentence, 'x', sizeof sentence - 1);
    memset(summary, 'x', sizeof summary - 1);
    memset(types, 'x', sizeof types - 1);
    swap.n = size.n = 0;
    items[0] = items[1] = (struct suspect){ 0 };
    cr_expect(eq(str, (char *)copy->types, "word,long"));
    cr_expect(copy->has_request && copy->request == 7 && copy->told && copy->tables);
    cr_expect(eq(str, (char *)copy->items[0].sentence, "a sentence"));
    cr_expect(eq(str, (char *)copy->items[0].summary, "a summary"));
    cr_expect(eq(str, (char *)copy->items[1].sentence, "a summary"));
    cr_expect(copy->items[0].by->n == 1 && copy->items[1].by->n == 8 && copy->items[1].by->deed == DEED_SIZE);
    cr_expect(copy->items[0].reads && !copy->items[0].writes_right && !copy->items[1].reads && copy->items[1].writes_right);
    all = (struct suspects){ .items = items };
    cr_expect(suspects_copy(&all, &keep)->types == NULL);
}
