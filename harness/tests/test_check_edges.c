/*
 * Checks and causes at their edges: the shortest and longest forms that a rule speaks of, and what is no such case by a hair.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

#include "base/hex.h"
#include "check/fold.h"
#include "test_vector.h"

#define SERVICE                                                                                    \
    "{'format': 1, 'service': 'talk', 'first-control': 'ping', 'probe': 'ping', 'pipelining': true,\n" \
    " 'end': {'name': 'end', 'clauses': ['X-1']},\n"                                               \
    " 'refusals': {'exception': [ {'server': [{'word': 2}, {'word': {'any': true, 'as': 'cause'}}]} ],\n" \
    "              'warning': [ {'server': [{'word': 3}, {'word': {'any': true, 'as': 'cause'}}, {'word': {'any': true, 'as': 'place'}}]} ]},\n" \
    " 'controls': {'ping': [ {'client': [{'word': 4}, {'dword': {'draw': {}, 'as': 'n'}}]},\n"     \
    "                        {'server': [{'word': 0}, {'dword': {'reuse': 'n', 'plus': 1}}]} ]}}"
#define SAY(value) "{'client': [{'word': 1}]},{'server': [{'word': 0}, " value "]}"
#define OBJECTS(first, last) "{'client': [{'word': 1}, {'object': '" first "'}]},{'server': [{'word': 0}]},{'client': [{'word': 1}, {'object': '" last "'}]},{'server': [{'word': 0}], 'check': 'second'}"

// clang-format off
static const struct edge {
    const char *label, *steps, *got, *cause; // got: of the last message that is due; cause: its key, sentence and summary, and what else it may be
} edges[] = {
    { "elements turned",               SAY("{'wordarray': [1, 2]}"), "0000 0200 0001 0002",
      "bytes-swapped: the elements of this CWordArray stand in big-endian order | CWordArrays are stored big-endian" },
    { "elements turned, count alike",  SAY("{'dwordarray': [5, 66051]}"), "0000 0200 00000005 00010203",
      "bytes-swapped: the elements of this CDWordArray stand in big-endian order | CDWordArrays are stored big-endian" },
    { "a count of six bytes turned",   SAY("{'count': 70000}"), "0000 ffff 00011170",
      "bytes-swapped: the bytes of this WriteCount stand in big-endian order: it reads 1880162560, and 70000 with its bytes exchanged | counts are stored big-endian or bytes-swapped counts of four bytes are stored big-endian" },
    { "a wide length in one byte",     SAY("{'cstringw': {'unit': 'x', 'times': 300}}"), "0000 fffeff ff 7800*300",
      "length-escape: the length 300 stands in one byte, FF, which says that a longer form follows | lengths have no longer form than one byte" },
    { "one unit of the other width",   SAY("{'cstringa': 'a'}"), "0000 fffeff01 6100",
      "string-width: a wide string came where a narrow one was due | strings have the other width" },
    { "one unit, and its NUL",         SAY("{'cstringa': 'a'}"), "0000 02 6100",
      "terminated: the string has a NUL behind it, and its length counts that, too | strings are sent with their NUL" },
    { "a unit of FF, narrow",          SAY("{'cstringw': '\xc3\xbf'}"), "0000 01 ff",
      "string-width: a narrow string came where a wide one was due | strings have the other width" },
    { "a unit beyond FF, narrow",      SAY("{'cstringw': 'a\xc4\x80'}"), "0000 02 613f",
      "string-width: a narrow string came where a wide one was due | strings have the other width" },
    { "refers to what was before",     OBJECTS("CAge(1)", "@1"), "0200 0500",
      "other-reply: the peer said \"exception\", cause 5 (badIndex) or table-restarted object tables begin anew with each message or table-restarted object tables begin anew with each value or wrong-index objects take their index before their class or wrong-index classes take no index or wrong-index classes and objects are counted apart or wrong-index indexes of objects count objects alone, those of classes all or wrong-index indexes count from 0 or wrong-index indexes are one too large or table-restarted objects are forgotten with each message" },
    { "… by its class alone",          OBJECTS("CAge(1)", "CAge(2)"), "0200 0500",
      "other-reply: the peer said \"exception\", cause 5 (badIndex) or table-restarted object tables begin anew with each message or table-restarted object tables begin anew with each value or wrong-index objects take their index before their class or wrong-index indexes count from 0 or wrong-index indexes are one too large" },
    { "… not at all",                  OBJECTS("CAge(1)", "null"), "0200 0500",
      "other-reply: the peer said \"exception\", cause 5 (badIndex)" },
    { "… inside of another",           OBJECTS("CAge(1)", "CNode(2,@1)"), "0200 0500",
      "wrong-index: the object took its index before its class | objects take their index before their class or wrong-index indexes count from 0 or wrong-index indexes are one too large or table-restarted objects are forgotten with each message" },
    { "… of another class",            OBJECTS("CAge(1)", "CNode(2,null)"), "0200 0500",
      "other-reply: the peer said \"exception\", cause 5 (badIndex)" },
    { "outside of its limits",         SAY("{'byte': {'any': true, 'min': 1, 'max': 3}}"), "0000 09",
      "differs: no BYTE: it is not within its limits" },
    { "… which it knew before",        OBJECTS("CAge(1)", "@1") ",{'client': [{'word': 1}, {'object': '@1'}]},{'server': [{'word': 0}], 'check': 'third'}", "0200 0500",
      "table-restarted: the peer does not know (badIndex) what an earlier message of this direction has carried: its object table did not outlive that | object tables begin anew with each message" },
    { "an empty string, and its NUL",  SAY("{'cstringa': ''}"), "0000 01 00",
      "terminated: the string has a NUL behind it, and its length counts that, too | strings are sent with their NUL" },
    { "a refusal that tells two values", SAY("{'byte': 1}"), "0300 0700 0900",
      "other-reply: the peer said \"warning\", cause 7 (badSchema), place 9" },
    { "one right byte by chance",      SAY("{'dword': 7}"), "670073c6 51ff4aec 29cdbaab f2fbe346",
      "random: what came has nothing in common with what was due: of its first 16 bytes 16 are different ones | what the peer says looks like chance" },
    { "two are too many",              SAY("{'dword': 7}"), "670007c6 51ff4aec 29cdbaab f2fbe346",
      "differs: differs from byte 0 on" },
};
// clang-format on

static void program_load(const char *steps, struct library *lib, struct program *p, struct arena *keep)
{
    char suite[2048];

    snprintf(suite, sizeof suite, "{'format': 1, 'suite': 't', 'service': 'talk', 'cases': [\n {'id': 't-1', 'title': 'T', 'clauses': ['X-1'], 'steps': [%s]}]}", steps);
    library_loads(SERVICE, suite, lib);
    *p = program_of(lib, "t-1", "bits=64", PARTY_CLIENT, "plain", keep);
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
    trace_add_data(&t, TRACE_RECEIVED, 0, last, 0, got, 0);
    trace_add(&t, TRACE_MISMATCH, 0, last, 0);
    trace_add(&t, TRACE_OVER, 0, last, 0);
    return t;
}

Test(check_edges, have_their_causes, .timeout = 20)
{
    for (const struct edge *r = edges; r < edges + COUNT_OF(edges); r++) {
        SCRATCH(keep);
        struct library lib;
        struct program p;
        struct findings f;
        struct bytes got;
        TEXT(said);
        program_load(r->steps, &lib, &p, &keep);
        cr_assert(hex_read(r->got, &keep, &got) == NULL, "%s", r->label);
        struct trace t = trace_with(&p, got, &keep);
        judge(&p, &t, &keep, &f);
        const struct finding *one = &f.items[f.count - 1];
        text_printf(&said, "%s: %s", one->cause, one->sentence);
        if (one->summary)
            text_printf(&said, " | %s", one->summary);
        for (size_t i = 0; i < one->other_count; i++)
            if (!one->others[i].narrow)
                text_printf(&said, " or %s %s", one->others[i].cause, one->others[i].summary ? one->others[i].summary : "");
        cr_expect(eq(str, (char *)text_string(&said), (char *)r->cause), "%s", r->label);
        cr_expect(not(judge_passes(&p, &t, &keep)), "%s", r->label);
        library_free(&lib);
    }
}

/* What explains it as well is what a case that passed may rule out: each by its own words. */
Test(check_edges, whatever_else_explains_it_stands_with_its_own_words, .timeout = 20)
{
    size_t met = 0;

    for (const struct edge *r = edges; r < edges + COUNT_OF(edges); r++) {
        SCRATCH(keep);
        struct library lib;
        struct program p;
        struct findings f;
        struct bytes got;
        program_load(r->steps, &lib, &p, &keep);
        cr_assert(hex_read(r->got, &keep, &got) == NULL, "%s", r->label);
        struct trace t = trace_with(&p, got, &keep);
        judge(&p, &t, &keep, &f);
        const struct finding *one = &f.items[f.count - 1];
        for (size_t i = 0; i < one->other_count; i++, met++) {
            const struct accused *a = one->others[i].accused;
            cr_expect(a && strcmp(a->cause, one->others[i].cause) == 0 && strcmp(a->summary, one->others[i].summary) == 0, "%s, %zu", r->label, i);
        }
        library_free(&lib);
    }
    cr_expect(gt(sz, met, 5));
}

/* What is known of the request that was answered wrong, for an exchange that tells suspects apart. */
Test(check_edges, the_request_that_was_answered_wrong_is_told, .timeout = 10)
{
#define WORD "{'server': [{'word': 0}, {'word': 258}]}"
    static const struct {
        const char *label, *steps, *got;
        bool has_request;
        uint64_t request;
        const char *types;
    } asked[] = {
        { "its number, and the types",     "{'client': [{'word': 6}, {'cstringa': 'word'}, {'word': 258}]}," WORD, "0000 0102", true, 6, "word" },
        { "types in a wide string",        "{'client': [{'word': 6}, {'cstringw': 'word'}, {'word': 258}]}," WORD, "0000 0102", true, 6, "word" },
        { "two of them",                   "{'client': [{'word': 6}, {'cstringa': 'byte,word'}, {'byte': 1}, {'word': 258}]}," WORD, "0000 0102", true, 6, "byte,word" },
        { "a string that names none",      "{'client': [{'word': 6}, {'cstringa': 'none'}, {'word': 258}]}," WORD, "0000 0102", true, 6, "word" },
        { "no string",                     "{'client': [{'word': 6}]}," WORD, "0000 0102", true, 6, "word" },
        { "no number at first",            "{'client': [{'cstringa': 'byte'}, {'byte': 1}]}," WORD, "0000 0102", false, 0, "byte" },
        { "nothing was asked",             "{'server': [{'word': 258}]}", "0102", false, 0, "word" },
    };

    for (size_t i = 0; i < COUNT_OF(asked); i++) {
        SCRATCH(keep);
        struct library lib;
        struct program p;
        struct findings f;
        struct bytes got;
        program_load(asked[i].steps, &lib, &p, &keep);
        cr_assert(hex_read(asked[i].got, &keep, &got) == NULL, "%s", asked[i].label);
        struct trace t = trace_with(&p, got, &keep);
        judge(&p, &t, &keep, &f);
        const struct suspects *s = f.items[f.count - 1].suspects;
        cr_assert(s != NULL, "%s", asked[i].label);
        cr_expect(eq(int, s->has_request, asked[i].has_request), "%s", asked[i].label);
        if (s->has_request)
            cr_expect(eq(u64, s->request, asked[i].request), "%s", asked[i].label);
        cr_expect(eq(str, (char *)s->types, (char *)asked[i].types), "%s", asked[i].label);
        library_free(&lib);
    }
}

/* What came is what the probe would have brought: but none was sent, so nothing was dropped. */
Test(check_edges, the_answer_to_a_probe_that_was_not_sent_is_no_dropped_message, .timeout = 10)
{
    SCRATCH(keep);
    struct library lib;
    struct program p;
    struct findings f;

    program_load(SAY("{'byte': 1}"), &lib, &p, &keep);
    cr_assert(gt(sz, p.probe.answer.len, 0));
    struct trace t = trace_with(&p, p.probe.answer, &keep);
    judge(&p, &t, &keep, &f);
    cr_expect(ne(str, (char *)f.items[f.count - 1].cause, "dropped"));
    library_free(&lib);
}

/* A finding is shown at the first op of its check; of one that the shown conversation does not have, at the first op of all. */
Test(check_edges, a_folded_finding_is_shown_at_the_first_op_of_its_check, .timeout = 10)
{
    static const struct {
        const char *check;
        size_t op;
    } rows[] = { { "begin", 0 }, { "reply", 1 }, { "none", 0 } };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct op ops[] = { { .check.name = "begin" }, { .check.name = "reply" }, { .check.name = "begin" }, { .check.name = "reply" } };
        struct program shown = { .ops = ops, .count = COUNT_OF(ops) };
        struct fold f = { .keep = &keep };
        struct finding one = { .check.name = rows[i].check, .op = 7 };
        struct findings out;
        fold_add(&f, &(struct findings){ &one, 1 }, "here");
        fold_end(&f, &shown, NULL, &out);
        cr_assert(eq(sz, out.count, 1));
        cr_expect(eq(sz, out.items[0].op, rows[i].op), "%s", rows[i].check);
    }
}

/* A peer that ends while we read nothing has taken that for the end; one that ends before, or for itself, has not. */
Test(check_edges, who_ends_while_nothing_is_read_of_it_takes_a_pause_for_the_end, .timeout = 10)
{
    static const struct {
        const char *label;
        bool paused, first;
        const char *cause;
    } ends[] = {
        { "behind a pause",          true,  false, "false-end"   },
        { "without one",             false, false, "ended-early" },
        { "before we paused",        true,  true,  "ended-early" },
    };

    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        SCRATCH(keep);
        struct library lib;
        struct program p;
        struct findings f;
        program_load(SAY("{'byte': 1}") ", {'client': [{'word': 1}]},{'server': [{'word': 0}, {'byte': 2}], 'check': 'second'}", &lib, &p, &keep);
        struct trace t = trace_with(&p, (struct bytes){ 0 }, &keep);
        t.count -= 3; // what came in the place of the last
        size_t last = t.events[t.count - 1].op + 1;
        if (ends[i].first)
            trace_add(&t, TRACE_FIN, 0, last, 0);
        if (ends[i].paused)
            trace_add(&t, TRACE_PAUSED, 0, last, 0);
        if (!ends[i].first)
            trace_add(&t, TRACE_FIN, 0, last, 0);
        trace_add(&t, TRACE_OVER, 0, last, 0);
        judge(&p, &t, &keep, &f);
        cr_expect(eq(str, (char *)f.items[f.count - 1].cause, (char *)ends[i].cause), "%s", ends[i].label);
        library_free(&lib);
    }
}
