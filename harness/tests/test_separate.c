/*
 * The exchange that tells causes apart: what peers say that make a mistake, golden; what is made up; what is made of what came; and
 * runs on flawed peers, by one worker and by several.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/hex.h"
#include "check/mistake.h"
#include "run/separate.h"
#include "test_vector.h"

#define SERVICE                                                                                    \
    "{'format': 1, 'service': 'talk', 'first-control': 'ping', 'probe': 'ping', 'pipelining': true,\n" \
    " 'end': {'name': 'end', 'clauses': ['X-1']},\n"                                               \
    " 'refusals': {'refused': [ {'server': [{'word': 1}]} ]},\n"                                    \
    " 'controls': {'ping': [ {'client': [{'word': 4}, {'dword': {'draw': {}, 'as': 'n'}}]},\n"     \
    "                        {'server': [{'word': 0}, {'dword': {'reuse': 'n', 'plus': 1}}]} ]},\n" \
    " 'ops': {'echo': [ {'client': [{'word': 1}, {'cstringa': '{type}'}, {'row': 'load'}]}, {'server': [{'word': 0}, {'row': 'store'}]} ],\n" \
    "         'tell': [ {'client': [{'word': 2}, {'cstringa': '{type}'}, {'row': 'load'}]}, {'server': [{'word': 0}, {'cstring': '{text}'}]} ],\n" \
    "         'make': [ {'client': [{'word': 3}, {'cstringa': '{type}'}, {'cstringa': '{make}'}]}, {'server': [{'word': 0}, {'row': 'store'}]} ]}}"
#define ECHO(type, value) "{'client': [{'word': 1}, {'cstringa': '" type "'}, {'" type "': " value "}]},{'server': [{'word': 0}, {'" type "': " value "}]}"
#define TELL(type, value, text) "{'client': [{'word': 2}, {'cstringa': '" type "'}, {'" type "': " value "}]},{'server': [{'word': 0}, {'cstring': '" text "'}]}"

/* 01 02 02 01 03 04 04 03: its halves exchanged are its bytes exchanged. */
#define PALINDROMES "'217303092968948225'"

static void program_load(const char *service, const char *steps, struct library *lib, struct program *p, struct arena *keep)
{
    char suite[2048];

    snprintf(suite, sizeof suite, "{'format': 1, 'suite': 't', 'service': 'talk', 'cases': [\n {'id': 't-1', 'title': 'T', 'clauses': ['X-1'], 'steps': [%s]}]}", steps);
    library_loads(service, suite, lib);
    *p = program_of(lib, "t-1", "bits=64", PARTY_CLIENT, "plain", keep);
}

static size_t last_reply(const struct program *p)
{
    size_t last = 0;

    for (size_t i = 0; i < p->count; i++)
        last = p->ops[i].kind == OP_RECEIVE ? i : last;
    return last;
}

/* All goes well up to a reply, in whose place other bytes come. */
static struct trace trace_with(const struct program *p, size_t at, struct bytes got, struct arena *keep)
{
    struct trace t = { .keep = keep };

    for (size_t i = 0; i < at; i++) {
        if (p->ops[i].kind == OP_OPEN)
            trace_add(&t, TRACE_OPEN, 0, i, 0);
        else if (p->ops[i].bytes.len)
            trace_add_data(&t, p->ops[i].kind == OP_SEND ? TRACE_SENT : TRACE_RECEIVED, 0, i, 0, p->ops[i].bytes, 1);
    }
    trace_add_data(&t, TRACE_RECEIVED, 0, at, 0, got, 0);
    trace_add(&t, TRACE_MISMATCH, 0, at, 0);
    trace_add(&t, TRACE_OVER, 0, at, 0);
    return t;
}

// clang-format off
/* Golden: written by hand from the sheet of the format. */
static const struct said_row {
    const char *label, *steps;
    struct mistake by;
    const char *says; // for the last reply
} said[] = {
    { "no mistake",            ECHO("word", "4660"),       { .key = "x", .deed = DEED_NONE },                                "0000 3412" },
    { "WORDs turned",          ECHO("word", "4660"),       { .key = "x", .deed = DEED_SWAP, .of = "WORD" },                  "0000 1234" },
    { "another type",          ECHO("word", "4660"),       { .key = "x", .deed = DEED_SWAP, .of = "DWORD" },                 "0000 3412" },
    { "in 4 bytes",            ECHO("word", "4660"),       { .key = "x", .deed = DEED_SIZE, .n = 4, .of = "WORD" },          "00000000 34120000" },
    { "halves",                ECHO("longlong", PALINDROMES), { .key = "x", .deed = DEED_HALVES },                           "0000 0304040301020201" },
    { "turned",                ECHO("longlong", PALINDROMES), { .key = "x", .deed = DEED_SWAP, .of = "LONGLONG" },           "0000 0304040301020201" },
    { "a NUL sent",            ECHO("cstringa", "'ab'"),   { .key = "x", .deed = DEED_COUNTS_NUL },                          "0000 03 616200" },
    { "read turned",           TELL("word", "4660", "4660"), { .key = "x", .deed = DEED_SWAP, .of = "WORD", .reads = true }, "0000 fffeff05 31003300330033003000" },
    { "a table anew",          "{'client': [{'word': 1}]},{'server': [{'object': 'CAge(1)'}]},{'client': [{'word': 1}]},{'server': [{'object': 'CAge(2)'}], 'check': 'second'}",
                                                           { .key = "x", .deed = DEED_TABLE_PER_MESSAGE },                   "ffff0100 0400 43416765 02000000" },
    { "what would have shown before", "{'client': [{'word': 1}]},{'server': [{'object': 'CAge(1)'}]},{'client': [{'word': 1}]},{'server': [{'object': 'CAge(2)'}], 'check': 'second'}",
                                                           { .key = "x", .deed = DEED_NO_TAG },                              "" },
};
// clang-format on

Test(separate, says_what_a_peer_says_that_makes_a_mistake, .timeout = 20)
{
    for (const struct said_row *r = said; r < said + COUNT_OF(said); r++) {
        SCRATCH(keep);
        struct library lib;
        struct program p;
        struct bytes due;
        TEXT(is);
        TEXT(want);
        const struct suspect one = { .by = &r->by, .reads = r->by.reads, .writes_right = r->by.reads, .cause = r->by.key, .sentence = "", .summary = "" };
        program_load(SERVICE, r->steps, &lib, &p, &keep);
        cr_assert(hex_read(r->says, &keep, &due) == NULL, "%s", r->label);
        text_hex(&is, suspect_says(&p, last_reply(&p), &one, &keep), false);
        text_hex(&want, due, false);
        cr_expect(eq(str, (char *)text_string(&is), (char *)text_string(&want)), "%s", r->label);
        library_free(&lib);
    }
}

/* ---- made up ---- */

static const struct run_options options = { .seed = 1 };
static const struct offer everything;

/* The finding about a wrong last reply. */
static struct finding wrong_reply(const struct program *p, const char *hex, struct arena *keep)
{
    struct findings f;
    struct bytes got;

    cr_assert(hex_read(hex, keep, &got) == NULL);
    struct trace t = trace_with(p, last_reply(p), got, keep);
    judge(p, &t, keep, &f);
    return f.items[f.count - 1];
}

static bool make(const struct program *p, const char *op, const struct suspects *s, const struct run_options *o, struct arena *keep, struct made *out, const char **why)
{
    return made_make(p->vector->service, op, s, &everything, o, &p->profile, keep, out, why);
}

static const char *summaries(const struct suspects *s, struct arena *keep)
{
    TEXT(all);

    for (size_t i = 0; s && i < s->count; i++)
        text_printf(&all, "%s%s", i ? "; " : "", s->items[i].summary);
    return arena_string(keep, text_string(&all));
}

// clang-format off
static const struct fit {
    const char *label, *steps, *got; // got: in the place of the last reply
    const char *suspects, *request;  // that fit, and what tells them apart; NULL: nothing does
} fits[] = {
    { "halves or bytes", ECHO("longlong", PALINDROMES), "0000 0304040301020201",
      "the halves of LONGLONG are exchanged; LONGLONGs are stored big-endian", "echo of longlong" },
    { "the escape, from where", ECHO("cstringa", "{'unit': 'x', 'times': 200}"), "0000 ffc800 78*200",
      "lengths always have the escape; lengths have the escape from 128 on", "echo of cstringa" },
    { "one alone", ECHO("word", "4660"), "0000 1234", "WORDs are stored big-endian", NULL },
};
// clang-format on

Test(separate, what_fits_is_told_apart_by_another_value, .timeout = 20)
{
    for (const struct fit *r = fits; r < fits + COUNT_OF(fits); r++) {
        SCRATCH(keep);
        struct library lib;
        struct program p;
        struct made made;
        const char *why;
        program_load(SERVICE, r->steps, &lib, &p, &keep);
        struct finding f = wrong_reply(&p, r->got, &keep);
        cr_expect(eq(str, (char *)summaries(f.suspects, &keep), (char *)r->suspects), "%s", r->label);
        if (r->request) {
            cr_assert(make(&p, NULL, f.suspects, &options, &keep, &made, &why), "%s: %s", r->label, why);
            cr_expect(eq(str, (char *)made.request, (char *)r->request), "%s", r->label);
        }
        library_free(&lib);
    }
}

/* The same bytes by other means: a LONGLONG and its two mistakes. */
Test(separate, values_are_drawn_until_the_mistakes_differ, .timeout = 20)
{
    for (uint64_t seed = 0; seed < 50; seed++) {
        SCRATCH(keep);
        struct library lib;
        struct program p;
        struct made made, again;
        const char *why;
        struct run_options o = { .seed = seed };
        uint8_t halves[10] = { 0 }, turned[10] = { 0 };
        program_load(SERVICE, ECHO("longlong", PALINDROMES), &lib, &p, &keep);
        struct finding f = wrong_reply(&p, fits[0].got, &keep);
        cr_assert(make(&p, NULL, f.suspects, &o, &keep, &made, &why), "%s", why);
        cr_assert(make(&p, "echo", f.suspects, &o, &keep, &again, &why), "%s", why);
        cr_expect(eq(sz, made.apart, 2));
        size_t at = last_reply(&made.program);
        struct bytes due = made.program.ops[at].bytes;
        cr_assert(eq(sz, due.len, 10));
        for (size_t i = 0; i < 8; i++) {
            halves[2 + i] = due.data[2 + (i + 4) % 8];
            turned[2 + i] = due.data[9 - i];
        }
        cr_expect(bytes_equal(made.said[0].says, (struct bytes){ halves, 10 }), "seed %d", (int)seed);
        cr_expect(bytes_equal(made.said[1].says, (struct bytes){ turned, 10 }), "seed %d", (int)seed);
        cr_expect(not(bytes_equal(made.said[0].says, made.said[1].says)), "seed %d", (int)seed);
        cr_expect(bytes_equal(due, again.program.ops[last_reply(&again.program)].bytes), "by its number or by its name: the same");
        library_free(&lib);
    }
}

Test(separate, objects_come_in_two_requests_and_refer_to_each_other, .timeout = 20)
{
    SCRATCH(keep);
    struct library lib;
    struct program p;
    struct made made;
    const char *why;
    size_t replies = 0;

    program_load(SERVICE, ECHO("obarray", "'[CAge(1),@1]'"), &lib, &p, &keep);
    struct finding f = wrong_reply(&p, "0000 0200 ffff0100 0400 43416765 01000000 0100", &keep);
    cr_expect(eq(str, (char *)summaries(f.suspects, &keep),
                 "objects take their index before their class; classes take no index; classes and objects are counted apart; indexes of objects count objects alone, those of classes all; indexes count from 0; a class is described with each of its objects, and never numbered"));
    cr_assert(make(&p, NULL, f.suspects, &options, &keep, &made, &why), "%s", why);
    cr_expect(eq(sz, made.apart, 6));
    cr_expect(strncmp(made.request, "echo of object,object", 21) == 0, "%s", made.request);
    for (size_t i = 0; i < made.program.count; i++)
        replies += made.program.ops[i].kind == OP_RECEIVE;
    cr_expect(eq(sz, replies, 2));
    library_free(&lib);
}

#define NO_OPS                                                                                    \
    "{'format': 1, 'service': 'talk', 'first-control': 'ping', 'probe': 'ping', 'pipelining': true,\n" \
    " 'end': {'name': 'end', 'clauses': ['X-1']},\n"                                               \
    " 'controls': {'ping': [ {'client': [{'word': 4}, {'dword': {'draw': {}, 'as': 'n'}}]}, {'server': [{'word': 0}, {'dword': {'reuse': 'n', 'plus': 1}}]} ]}}"

Test(separate, what_cannot_be_told_apart_says_why, .timeout = 20)
{
    SCRATCH(keep);
    struct library lib;
    struct program p;
    struct made made;
    const char *why;
    struct offer words = { .types = "word,dword" };

    program_load(NO_OPS, ECHO("longlong", PALINDROMES), &lib, &p, &keep);
    struct finding f = wrong_reply(&p, fits[0].got, &keep);
    cr_expect(not(make(&p, NULL, f.suspects, &options, &keep, &made, &why)));
    cr_expect(eq(str, (char *)why, "the service talk has no request that carries such a value"));
    library_free(&lib);
    program_load(SERVICE, ECHO("longlong", PALINDROMES), &lib, &p, &keep);
    cr_expect(not(made_make(p.vector->service, NULL, f.suspects, &words, &options, &p.profile, &keep, &made, &why)));
    cr_expect(eq(str, (char *)why, "no request carries what the reply is about by itself"));
    struct suspects twins = { .items = (struct suspect[]){ f.suspects->items[0], f.suspects->items[0] }, .count = 2, .types = "longlong", .has_request = true, .request = 1 };
    ((struct suspect *)twins.items)[1].summary = "the same by another name";
    cr_expect(not(make(&p, NULL, &twins, &options, &keep, &made, &why)));
    cr_expect(eq(str, (char *)why, "no value was found with which they differ"));
    library_free(&lib);
}

/* ---- judged ---- */

enum came { CAME_FIRST, CAME_SECOND, CAME_RIGHT, CAME_NEITHER, CAME_REFUSAL, CAME_NOTHING };

// clang-format off
static const struct judged {
    const char *label;
    enum came came;
    bool confirmed;
    const char *which, *sentence; // which: of the suspects fit, by place
} judged[] = {
    { "the first",    CAME_FIRST,   true,  "0",  "of the 2 causes that explain it, this one alone explains a second exchange, too" },
    { "the second",   CAME_SECOND,  true,  "1",  "of the 2 causes that explain it, this one alone explains a second exchange, too" },
    { "right",        CAME_RIGHT,   false, "",   "a second exchange came out right, which none of the 2 causes explains" },
    { "neither",      CAME_NEITHER, false, "",   "a second exchange went wrong as none of the 2 causes explains: " },
    { "a refusal",    CAME_REFUSAL, false, "",   "a second exchange went wrong as none of the 2 causes explains: the peer said \"refused\"" },
    { "nothing",      CAME_NOTHING, false, "",   "a second exchange went wrong as none of the 2 causes explains: the peer ended the connection before a byte of what was due" },
};
// clang-format on

static struct trace trace_of(const struct made *m, enum came came, struct arena *keep)
{
    size_t at = last_reply(&m->program);
    struct bytes due = m->program.ops[at].bytes;
    uint8_t *other = (uint8_t *)arena_bytes(keep, due).data;

    other[due.len - 1] ^= 1;
    struct bytes got = came == CAME_FIRST     ? m->said[0].says
                       : came == CAME_SECOND  ? m->said[1].says
                       : came == CAME_NEITHER ? (struct bytes){ other, due.len }
                       : came == CAME_REFUSAL ? BYTES(0x01, 0x00)
                       : came == CAME_NOTHING ? (struct bytes){ 0 }
                                              : due;
    struct trace t = trace_with(&m->program, at, got, keep);
    if (came == CAME_RIGHT) { // the end is not reached: it is not the replies' affair
        t.count -= 2;
        trace_add(&t, TRACE_OVER, 0, at + 1, 0);
    }
    if (came == CAME_NOTHING) {
        t.count -= 3;
        trace_add(&t, TRACE_FIN, 0, at, 0);
        trace_add(&t, TRACE_OVER, 0, at, 0);
    }
    return t;
}

Test(separate, one_that_explains_both_is_confirmed_and_nothing_else, .timeout = 20)
{
    for (const struct judged *r = judged; r < judged + COUNT_OF(judged); r++) {
        SCRATCH(keep);
        struct library lib;
        struct program p;
        struct made made;
        struct findings f;
        struct separation s;
        const char *why;
        TEXT(which);
        program_load(SERVICE, ECHO("longlong", PALINDROMES), &lib, &p, &keep);
        struct finding first = wrong_reply(&p, fits[0].got, &keep);
        cr_assert(make(&p, NULL, first.suspects, &options, &keep, &made, &why), "%s", why);
        struct trace t = trace_of(&made, r->came, &keep);
        judge(&made.program, &t, &keep, &f);
        separation_judge(first.suspects, &made, &t, &f, &keep, &s);
        for (size_t i = 0; i < s.count; i++)
            if (s.suspects[i].fits)
                text_printf(&which, "%zu", i);
        cr_expect(eq(int, s.confirmed, r->confirmed), "%s", r->label);
        cr_expect(eq(str, (char *)text_string(&which), (char *)r->which), "%s", r->label);
        cr_expect(strncmp(s.sentence, r->sentence, strlen(r->sentence)) == 0, "%s: %s", r->label, s.sentence);
        cr_expect(eq(sz, s.count, 2));
        cr_expect(bytes_equal(s.due.bytes, made.program.ops[last_reply(&made.program)].bytes), "%s", r->label);
        cr_expect(s.sent.len == 19 && s.sent.bytes.data[0] == 1, "%s: WORD, \"longlong\" with its length, 8 bytes", r->label);
        library_free(&lib);
    }
}

/* A mistake that explains the first value and not the one behind it does not explain the reply. */
Test(separate, what_explains_a_part_of_the_reply_is_not_confirmed, .timeout = 20)
{
    SCRATCH(keep);
    struct library lib;
    struct program p;
    struct made made;
    struct findings f;
    struct separation s;
    const char *why;

    program_load(SERVICE, "{'client': [{'word': 1}, {'cstringa': 'longlong,byte'}, {'longlong': " PALINDROMES "}, {'byte': 7}]},{'server': [{'word': 0}, {'longlong': " PALINDROMES "}, {'byte': 7}]}", &lib, &p, &keep);
    struct finding first = wrong_reply(&p, "0000 0304040301020201 07", &keep);
    cr_assert(make(&p, NULL, first.suspects, &options, &keep, &made, &why), "%s", why);
    for (int spoilt = 0; spoilt < 2; spoilt++) {
        struct bytes came = arena_bytes(&keep, made.said[0].says);
        ((uint8_t *)came.data)[came.len - 1] ^= spoilt;
        struct trace t = trace_with(&made.program, last_reply(&made.program), came, &keep);
        judge(&made.program, &t, &keep, &f);
        separation_judge(first.suspects, &made, &t, &f, &keep, &s);
        cr_expect(eq(int, s.confirmed, !spoilt));
    }
    library_free(&lib);
}

/* What two suspects say alike, both explain. */
Test(separate, several_that_explain_both_leave_it_open, .timeout = 20)
{
    SCRATCH(keep);
    struct library lib;
    struct program p;
    struct made made;
    struct findings f;
    struct separation s;
    const char *why;

    program_load(SERVICE, ECHO("longlong", PALINDROMES), &lib, &p, &keep);
    struct finding first = wrong_reply(&p, fits[0].got, &keep);
    struct suspect three[] = { first.suspects->items[0], first.suspects->items[1], first.suspects->items[1] };
    struct suspects suspects = *first.suspects;
    three[2].summary = "the same by another name";
    suspects.items = three;
    suspects.count = 3;
    cr_assert(make(&p, NULL, &suspects, &options, &keep, &made, &why), "%s", why);
    cr_expect(eq(sz, made.apart, 1), "only the first is apart");
    struct trace t = trace_of(&made, CAME_SECOND, &keep);
    judge(&made.program, &t, &keep, &f);
    separation_judge(&suspects, &made, &t, &f, &keep, &s);
    cr_expect(not(s.confirmed));
    cr_expect(eq(str, (char *)s.sentence, "a second exchange is explained by 2 of the 3 causes, too"));
    t = trace_of(&made, CAME_FIRST, &keep);
    judge(&made.program, &t, &keep, &f);
    separation_judge(&suspects, &made, &t, &f, &keep, &s);
    cr_expect(s.confirmed);
    library_free(&lib);
}

/* ---- runs ---- */

struct heard {
    struct text records;
    volatile int stop;
};

static bool on_profile(void *of, const char *service, const struct profile *p, const char *from, const char *types, struct error *err)
{
    (void)of, (void)service, (void)p, (void)from, (void)types, (void)err;
    return true;
}

/* A line for each result with a failure that several causes explain. */
static void describe(void *of, const struct result *r, struct text *to)
{
    (void)of;
    for (size_t i = 0; i < r->findings.count; i++) {
        const struct finding *f = &r->findings.items[i];
        if (f->grade != GRADE_FAIL || !f->suspects || f->suspects->count < 2)
            continue;
        size_t others = 0;
        for (size_t k = 0; k < f->other_count; k++)
            others += !f->others[k].narrow;
        text_printf(to, "%s %s: %s, %zu others, ", r->vector->id, verdict_name(r->verdict), f->summary, others);
        if (!f->separation) {
            text_add(to, "not tried\n");
            continue;
        }
        text_printf(to, "%s: %s, sent ", f->separation->confirmed ? "confirmed" : "open", f->separation->sentence);
        text_hex(to, f->separation->sent.bytes, false);
        text_add(to, ", got ");
        text_hex(to, f->separation->got.bytes, false);
        text_char(to, '\n');
    }
}

static bool on_record(void *of, size_t place, enum verdict v, struct bytes record, struct error *err)
{
    (void)place;
    (void)v, (void)err;
    text_addn(&((struct heard *)of)->records, (const char *)record.data, record.len);
    return true;
}

static void on_words(void *of, const char *line)
{
    (void)of, (void)line;
}

static const char *build(struct arena *keep)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);

    cr_assert(n > 0);
    path[n] = 0;
    *strrchr(path, '/') = 0;
    return arena_string(keep, path);
}

static void play(const char *flaw, const char *pattern, unsigned workers, bool no_separate, struct heard *h)
{
    static const char *const services[] = { "conformance", NULL };
    const char *listen[] = { "{build}/peers/flawed", "--flaw", flaw, "--port", "{port}", NULL };
    SCRATCH(keep);
    struct library lib = { 0 };
    struct run_totals totals;
    struct error err;
    struct manifest m = { .name = "flawed", .title = "F", .path = "peer.json", .directory = ".", .listen = listen,
                          .services = services, .ready = READY_LISTENER };
    struct run_options o = { .patterns = &pattern, .pattern_count = 1, .service = "conformance", .seed = 7, .limits = limits_default,
                             .profile = profile_default, .profile_from = "default", .how = "--peer flawed", .manifest = &m,
                             .build = build(&keep), .workers = workers, .no_separate = no_separate,
                             .deliveries = { delivery_find("plain"), delivery_find("bytewise") }, .delivery_count = 2 };
    struct sink sink = { h, on_profile, describe, on_record, on_words };

    *h = (struct heard){ 0 };
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    cr_assert(library_load(&lib, (const char *const[]){ "vectors" }, 1, &err), "%s", err.text);
    cr_assert(run_suites(&lib, &o, &sink, &h->stop, &totals, &err), "%s", err.text);
    cr_expect(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "nothing is left");
    library_free(&lib);
}

// clang-format off
static const struct flawed {
    const char *flaw, *pattern;
    bool no_separate;
    const char *each; // every line has it
    size_t lines;
} flawed[] = {
    { "cuts-at-nul",         "strings-nul-*",                        false, " fail: strings end at their first NUL, 0 others, confirmed: of the ", 18 },
    { "cuts-at-nul",         "strings-nul-*",                        true,  " fail: strings end at their first NUL, ", 18 },
    { "bytes-for-units-on-load", "strings-nul-*",                    false, " fail: lengths count bytes, not units, 1 others, open: ", 12 },
    { "object-before-class", "collections-obarray-*",                false, " fail: objects take their index before their class, 0 others, confirmed: of the ", 20 },
    { "restarts-tables",     "archive-lives-replies-do-not-describe-again", false, " fail: object tables begin anew with each message, 1 others, open: a second exchange is explained by 2 of the 3 causes, too", 2 },
    { "counts-the-terminator", "byte-order-empty-types",             false, " fail: strings are sent with their NUL, 0 others, confirmed: of the 2 causes", 2 },
};
// clang-format on

Test(separate, flawed_peers_are_asked_once_more_by_each_worker_and_all_say_the_same, .timeout = 180)
{
    for (const struct flawed *t = flawed; t < flawed + COUNT_OF(flawed); t++) {
        struct heard one, many;
        size_t lines = 0;
        play(t->flaw, t->pattern, 1, t->no_separate, &one);
        play(t->flaw, t->pattern, 3, t->no_separate, &many);
        cr_expect(eq(str, (char *)text_string(&many.records), (char *)text_string(&one.records)), "%s", t->flaw);
        for (char *line = (char *)text_string(&one.records), *end; (end = strchr(line, '\n')); line = end + 1, lines++) {
            *end = 0;
            cr_expect(strstr(line, t->each) != NULL, "%s: %s", t->flaw, line);
        }
        cr_expect(eq(sz, lines, t->lines), "%s", t->flaw);
        text_free(&one.records);
        text_free(&many.records);
    }
}
