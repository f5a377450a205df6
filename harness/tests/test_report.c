/*
 * The model of a run: what it takes from a log, what it forgives, and what it refuses.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "report/model.h"
#include "report/timeline.h"
#include "verdict/verdict.h"

// clang-format off
#define RUN                                                                                                            \
    "{\"record\":\"run\",\"log\":1,\"arcwire\":\"0.1\",\"vectors\":{\"version\":\"3\",\"digest\":\"5b\"},"             \
    "\"seed\":\"0x5eed01\",\"started\":\"2026-11-23T18:04:11Z\",\"command\":\"arcwire run\","                          \
    "\"peer\":{\"name\":\"flawed:x\",\"title\":\"X\",\"how\":\"--peer flawed:x\",\"dial\":\"us\"},"                    \
    "\"deliveries\":[\"plain\",\"bytewise\"],\"selected\":6}\n"
#define PROFILE                                                                                                        \
    "{\"record\":\"profile\",\"generation\":\"10\",\"charset\":\"unicode\",\"bits\":64,\"from\":\"capabilities\","     \
    "\"types\":[\"word\",\"dword\"]}\n"
#define CASE(id, suite, delivery, verdict, rest)                                                                       \
    "{\"record\":\"case\",\"id\":\"" id "\",\"rev\":1,\"suite\":\"" suite "\",\"delivery\":\"" delivery                \
    "\",\"profile\":\"10-unicode-64\",\"title\":\"T\",\"clauses\":[\"BO-1\"],\"us\":7,\"verdict\":\"" verdict "\"" rest "}\n"
#define FAILED(check, cause, sentence)                                                                                 \
    ",\"checks\":[{\"name\":\"" check "\",\"clauses\":[\"BO-1\"],\"level\":\"must\",\"verdict\":\"fail\","              \
    "\"axis\":\"data\",\"op\":1,\"cause\":\"" cause "\",\"sentence\":\"" sentence "\"}]"
#define END "{\"record\":\"end\",\"totals\":{},\"results\":{},\"exit\":1,\"us\":1234}\n"
// clang-format on

static bool parse(const char *log, struct arena *keep, struct report *out, struct error *err)
{
    return report_parse(bytes_of(log), "run.ndjson", keep, out, err);
}

static struct report must_parse(const char *log, struct arena *keep)
{
    struct report r = { 0 };
    struct error err = { 0 };

    cr_assert(parse(log, keep, &r, &err), "%s", err.text);
    return r;
}

Test(report_model, takes_run_profile_and_end, .timeout = 10)
{
    SCRATCH(keep);
    struct report r = must_parse(RUN PROFILE CASE("a-1", "a", "plain", "pass", "") END, &keep);

    cr_expect(eq(str, (char *)r.peer_name, "flawed:x"));
    cr_expect(eq(str, (char *)r.seed, "0x5eed01"));
    cr_expect(eq(str, (char *)r.vectors_version, "3"));
    cr_expect(eq(sz, r.deliveries.count, 2));
    cr_expect(eq(str, (char *)r.generation, "10"));
    cr_expect(eq(u64, r.bits, 64));
    cr_expect(eq(sz, r.types.count, 2));
    cr_expect(eq(i64, r.exit, 1));
    cr_expect(eq(i64, r.us, 1234));
    cr_expect(r.incomplete == NULL);
}

Test(report_model, a_case_counts_as_its_worst_result, .timeout = 10)
{
    SCRATCH(keep);
    struct report r = must_parse(RUN CASE("a-1", "a", "plain", "pass", "")
                                     CASE("a-2", "a", "plain", "pass-timed", "")
                                         CASE("b-1", "b", "plain", "unsupported", "")
                                             CASE("a-1", "a", "bytewise", "fail", "")
                                                 CASE("a-2", "a", "bytewise", "pass", "") END,
                                 &keep);

    cr_expect(eq(sz, r.case_count, 3));
    cr_expect(eq(sz, r.result_count, 5));
    cr_expect(eq(str, (char *)r.cases->id, "a-1"), "in the order of the log");
    cr_expect(eq(int, (int)r.cases->verdict, REPORT_FAIL));
    cr_expect(eq(sz, r.cases->result_count, 2));
    cr_expect(eq(sz, r.totals[REPORT_FAIL], 1));
    cr_expect(eq(sz, r.totals[REPORT_PASS_TIMED], 1));
    cr_expect(eq(sz, r.totals[REPORT_UNSUPPORTED], 1));
    cr_expect(eq(sz, r.totals[REPORT_PASS], 0));
    cr_expect(eq(sz, r.results[REPORT_PASS], 2));
    cr_expect(eq(sz, r.suite_count, 2));
    cr_expect(eq(sz, r.suites[0].totals[REPORT_FAIL], 1));
    cr_expect(eq(str, (char *)report_telling(r.cases)->delivery, "bytewise"));
}

Test(report_model, verdicts_are_those_of_the_harness, .timeout = 10)
{
    cr_assert(eq(int, (int)REPORT_VERDICTS, (int)VERDICT_COUNT));
    for (int v = 0; v < VERDICT_COUNT; v++) {
        const struct report_verdict_row *row = &report_verdicts[v];
        cr_expect(eq(str, (char *)row->name, (char *)verdict_name((enum verdict)v)));
        cr_expect(eq(int, row->bad, verdict_is_bad((enum verdict)v)), "%s", row->name);
        cr_expect(row->words && row->past && *row->sign, "%s", row->name);
        for (int w = 0; w < VERDICT_COUNT; w++)
            cr_expect(eq(int, row->rank > report_verdicts[w].rank,
                         v != w &&
                             verdict_worse((enum verdict)v, (enum verdict)w) == (enum verdict)v),
                      "%s, %s", row->name, report_verdicts[w].name);
    }
}

Test(report_model, the_cause_behind_most_cases_stands_first, .timeout = 10)
{
    SCRATCH(keep);
    struct report r = must_parse(
        RUN CASE("a-1", "a", "plain", "fail", FAILED("reply", "held-back", "held back"))
            CASE("a-1", "a", "bytewise", "fail", FAILED("reply", "held-back", "held back"))
                CASE("a-2", "a", "plain", "fail", FAILED("reply", "bytes-swapped", "WORD swapped"))
                    CASE("a-3", "a", "plain", "fail", FAILED("reply", "bytes-swapped", "swapped"))
                        CASE("a-4", "a", "plain", "fail",
                             FAILED("other", "bytes-swapped", "swapped"))
                            CASE("a-5", "a", "plain", "fail", "") END,
        &keep);

    cr_assert(eq(sz, r.cause_count, 3));
    cr_expect(eq(str, (char *)r.causes[0].key, "bytes-swapped"));
    cr_expect(eq(sz, r.causes[0].case_count, 3));
    cr_expect(eq(str, (char *)r.causes[0].sentence, "swapped"), "the most frequent wording");
    cr_expect(eq(str, (char *)r.causes[1].key, "held-back"));
    cr_expect(eq(sz, r.causes[1].case_count, 1));
    cr_expect(eq(sz, r.causes[1].result_count, 2));
    cr_expect(r.causes[2].key == NULL);
    cr_expect(r.cases->cause == &r.causes[1]);
}

// clang-format off
#define EXPLAINED(cause, rest)                                                                     \
    ",\"checks\":[{\"name\":\"reply\",\"clauses\":[\"BO-1\"],\"level\":\"must\",\"verdict\":\"fail\",\"axis\":\"data\",\"op\":1,\"cause\":\"" cause "\",\"sentence\":\"" cause "\"" rest "}]"
// clang-format on

/* Of two causes that explain one failure it is the one that explains others, too; the same cause of another type is another. */
Test(report_model, a_failure_counts_for_the_cause_that_explains_most, .timeout = 10)
{
    SCRATCH(keep);
    struct report r = must_parse(
        RUN CASE("a-1", "a", "plain", "fail", EXPLAINED("described-again", ",\"others\":[{\"cause\":\"table-restarted\",\"summary\":\"anew\"}]"))
            CASE("a-2", "a", "plain", "fail", EXPLAINED("table-restarted", ",\"summary\":\"anew\""))
                CASE("a-3", "a", "plain", "fail", EXPLAINED("bytes-swapped", ",\"summary\":\"WORDs\""))
                    CASE("a-4", "a", "plain", "fail", EXPLAINED("bytes-swapped", ",\"summary\":\"DWORDs\""))
                        CASE("a-5", "a", "plain", "fail", EXPLAINED("cut", ",\"others\":[{\"cause\":\"wrong-size\"}]")) END,
        &keep);
    static const struct {
        const char *key, *words;
        size_t cases;
    } rows[] = { { "table-restarted", "anew", 2 }, { "bytes-swapped", "WORDs", 1 }, { "bytes-swapped", "DWORDs", 1 }, { "cut", "cut", 1 } };

    cr_assert(eq(sz, r.cause_count, COUNT_OF(rows)));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        cr_expect(eq(str, (char *)r.causes[i].key, (char *)rows[i].key));
        cr_expect(eq(str, (char *)report_cause_words(&r.causes[i]), (char *)rows[i].words));
        cr_expect(eq(sz, r.causes[i].case_count, rows[i].cases));
    }
    cr_expect(r.cases->cause == &r.causes[0]);
}

#define OUT(cause, summary) "{\"record\":\"ruled-out\",\"cause\":\"" cause "\",\"summary\":\"" summary "\",\"by\":\"a-9\"}\n"
#define SILENT(id)         CASE(id, "a", "plain", "fail", EXPLAINED("no-answer", ",\"others\":[{\"cause\":\"wrong-size\",\"summary\":\"size\"},{\"cause\":\"bytes-swapped\",\"summary\":\"order\"}]"))

/* What was seen has the name of the one mistake that explains it, unless several do; what is ruled out explains nothing, and where that
 * leaves none, what was seen, or what was named first, stays. */
Test(report_model, a_mistake_stands_for_what_was_seen_unless_it_is_ruled_out, .timeout = 10)
{
    static const struct {
        const char *label, *log, *key;
    } rows[] = {
        { "two explain as much", RUN SILENT("a-1") SILENT("a-2") END, "no-answer" },
        { "one of them is ruled out", RUN SILENT("a-1") SILENT("a-2") OUT("wrong-size", "size") END, "bytes-swapped" },
        { "both are", RUN SILENT("a-1") SILENT("a-2") OUT("wrong-size", "size") OUT("bytes-swapped", "order") END, "no-answer" },
        { "one failure is too few", RUN SILENT("a-1") OUT("wrong-size", "size") END, "no-answer" },
        { "what is named first is ruled out", RUN CASE("a-1", "a", "plain", "fail", EXPLAINED("padded", ",\"summary\":\"p\",\"seen\":\"extra-bytes\"")) OUT("padded", "p") END, "extra-bytes" },
        { "and is not", RUN CASE("a-1", "a", "plain", "fail", EXPLAINED("padded", ",\"summary\":\"p\",\"seen\":\"extra-bytes\"")) END, "padded" },
        { "and nothing else was seen", RUN CASE("a-1", "a", "plain", "fail", EXPLAINED("rounded", ",\"summary\":\"r\"")) OUT("rounded", "r") END, "rounded" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct report r = must_parse(rows[i].log, &keep);
        cr_assert(eq(sz, r.cause_count, 1), "%s", rows[i].label);
        cr_expect(eq(str, (char *)r.causes[0].key, (char *)rows[i].key), "%s", rows[i].label);
    }
}

#define ONE_OF(id, cause, rest) CASE(id, "a", "plain", "fail", EXPLAINED(cause, rest))
#define SAYS(words)             ",\"summary\":\"" words "\""

/* Where three different mistakes would each explain as much as what was only seen, that is the simplest guess. */
Test(report_model, what_was_seen_goes_before_mistakes_that_do_not_agree, .timeout = 10)
{
    static const struct {
        const char *label, *log, *key;
    } rows[] = {
        { "three different ones", RUN ONE_OF("a-1", "cut", SAYS("c")) ONE_OF("a-2", "replaced", SAYS("r")) ONE_OF("a-3", "wrong-value", "") END, "wrong-value" },
        { "two of them", RUN ONE_OF("a-1", "cut", SAYS("c")) ONE_OF("a-2", "wrong-value", "") END, "cut" },
        { "two of one kind", RUN ONE_OF("a-1", "cut", SAYS("c")) ONE_OF("a-2", "cut", SAYS("d")) ONE_OF("a-3", "wrong-value", "") END, "cut" },
        { "one explains more", RUN ONE_OF("a-1", "cut", SAYS("c")) ONE_OF("a-2", "cut", SAYS("c")) ONE_OF("a-3", "replaced", SAYS("r")) ONE_OF("a-4", "wrong-value", "") END, "cut" },
        { "the third explains less", RUN ONE_OF("a-1", "cut", SAYS("c")) ONE_OF("a-2", "cut", SAYS("c")) ONE_OF("a-3", "wrong-value", "") ONE_OF("a-4", "wrong-value", "") ONE_OF("a-5", "replaced", SAYS("r")) END, "cut" },
        { "the first is no mistake either", RUN ONE_OF("a-1", "off-by-one", "") ONE_OF("a-2", "replaced", "") ONE_OF("a-3", "wrong-value", "") END, "off-by-one" },
        { "nothing was only seen", RUN ONE_OF("a-1", "cut", SAYS("c")) ONE_OF("a-2", "replaced", SAYS("r")) ONE_OF("a-3", "rounded", "") END, "cut" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct report r = must_parse(rows[i].log, &keep);
        cr_expect(eq(str, (char *)r.causes[0].key, (char *)rows[i].key), "%s", rows[i].label);
    }
}

/* Bytes behind the end are what was seen: what each says of them by its own words is not theirs together, unless all that it says is ruled out. */
Test(report_model, bytes_behind_the_end_explain_nothing, .timeout = 10)
{
#define BEHIND(id, summary) CASE(id, "a", "plain", "fail", EXPLAINED("spoke-unasked", ",\"summary\":\"" summary "\",\"others\":[{\"cause\":\"stray-bytes\"}]"))
    SCRATCH(keep);
    struct report r = must_parse(RUN BEHIND("a-1", "answers") BEHIND("a-2", "tells") BEHIND("a-3", "tells") END, &keep);
    struct report out = must_parse(RUN BEHIND("a-1", "answers") BEHIND("a-2", "answers") OUT("spoke-unasked", "answers") END, &keep);

    cr_assert(eq(sz, r.cause_count, 2));
    cr_expect(eq(str, (char *)r.causes[0].key, "spoke-unasked"));
    cr_expect(eq(sz, r.causes[0].case_count, 2));
    cr_expect(eq(str, (char *)r.causes[1].key, "spoke-unasked"));
    cr_expect(eq(str, (char *)out.causes[0].key, "stray-bytes"));
}

#define READ(id)   CASE(id, "a", "plain", "fail", EXPLAINED("no-answer", ",\"others\":[{\"cause\":\"wrong-size\",\"summary\":\"counts are read in 4 bytes\"},{\"cause\":\"bytes-swapped\",\"summary\":\"counts are read turned\"}]"))
#define STORED(id) CASE(id, "a", "plain", "fail", EXPLAINED("bytes-swapped", ",\"summary\":\"counts are stored turned\""))
#define OTHERWISE(id) CASE(id, "a", "plain", "fail", EXPLAINED("bytes-swapped", ",\"summary\":\"WORDs are stored turned\""))

/* Of two that explain as much of what was only seen, the one that explains more where the peer writes. */
Test(report_model, what_is_read_and_stored_with_one_mistake_speaks_for_that, .timeout = 10)
{
    SCRATCH(keep);
    struct report r = must_parse(RUN READ("a-1") READ("a-2") READ("a-3") STORED("a-4") END, &keep);
    struct report other = must_parse(RUN READ("a-1") READ("a-2") READ("a-3") OTHERWISE("a-4") END, &keep);

    cr_expect(eq(str, (char *)r.causes[0].key, "bytes-swapped"));
    cr_expect(eq(str, (char *)r.causes[0].summary, "counts are read turned"));
    cr_expect(eq(sz, r.causes[0].case_count, 3));
    cr_expect(other.causes[0].summary == NULL, "it is another type's");
}

#define WAITED(id, how) CASE(id, "a", "plain", "fail", EXPLAINED("held-back", ",\"others\":[{\"cause\":\"wrong-size\",\"summary\":\"BYTEs are " how " in 2 bytes\"}]"))

/* … even where it explains one failure on each way. */
Test(report_model, one_mistake_may_show_once_on_each_way, .timeout = 10)
{
    SCRATCH(keep);
    struct report both = must_parse(RUN WAITED("a-1", "stored") WAITED("a-2", "read") END, &keep);
    struct report one = must_parse(RUN WAITED("a-1", "stored") SILENT("a-2") END, &keep);

    cr_expect(eq(str, (char *)both.causes[0].key, "wrong-size"));
    cr_expect(eq(str, (char *)both.causes[0].summary, "BYTEs are stored in 2 bytes"));
    cr_expect(eq(str, (char *)one.causes[0].key, "held-back"));
}

#define OTHER(cause, summary) "{\"cause\":\"" cause "\",\"summary\":\"" summary "\"},"
#define NINE(cause) OTHER(cause, "1") OTHER(cause, "2") OTHER(cause, "3") OTHER(cause, "4") OTHER(cause, "5") OTHER(cause, "6") OTHER(cause, "7") OTHER(cause, "8") OTHER(cause, "9")
#define MANY(id) CASE(id, "a", "plain", "fail", EXPLAINED("no-answer", ",\"others\":[" NINE("cut") NINE("replaced") "{\"cause\":\"bytes-swapped\",\"summary\":\"order\"}]"))

Test(report_model, the_last_of_many_that_explain_it_counts_too, .timeout = 10)
{
    SCRATCH(keep);
    struct report r = must_parse(RUN MANY("a-1") MANY("a-2") CASE("a-3", "a", "plain", "fail", EXPLAINED("bytes-swapped", ",\"summary\":\"order\"")) END, &keep);

    cr_assert(eq(sz, r.cause_count, 1));
    cr_expect(eq(sz, r.causes[0].case_count, 3));
    cr_expect(eq(str, (char *)r.causes[0].summary, "order"));
}

// clang-format off
static const struct incomplete_row {
    const char *label, *log;
    size_t cases;
    bool incomplete, green;
} incomplete_rows[] = {
    { "whole",                  RUN CASE("a-1", "a", "plain", "pass", "") "{\"record\":\"end\",\"exit\":0}\n", 1, false, true  },
    { "without its last newline", RUN CASE("a-1", "a", "plain", "pass", "") "{\"record\":\"end\",\"exit\":0}", 1, false, true  },
    { "stopped early",          RUN CASE("a-1", "a", "plain", "pass", "") "{\"record\":\"end\",\"exit\":6,\"incomplete\":\"stopped\"}\n", 1, true, false },
    { "without end",            RUN CASE("a-1", "a", "plain", "pass", ""),                   1, true, false },
    { "in the middle of a case", RUN CASE("a-1", "a", "plain", "pass", "") "{\"record\":\"case\",\"id\":\"a", 1, true, false },
    { "behind a brace",         RUN "{",                                                     0, true, false },
    { "run alone",              RUN,                                                         0, true, false },
};
// clang-format on

Test(report_model, a_log_cut_short_is_incomplete_and_no_error, .timeout = 10)
{
    for (const struct incomplete_row *t = incomplete_rows;
         t < incomplete_rows + COUNT_OF(incomplete_rows); t++) {
        SCRATCH(keep);
        struct report r = must_parse(t->log, &keep);
        cr_expect(eq(sz, r.case_count, t->cases), "%s", t->label);
        cr_expect(eq(int, r.incomplete != NULL, t->incomplete), "%s", t->label);
        cr_expect(eq(int, r.green, t->green), "%s", t->label);
    }
}

/* Whatever a kill leaves behind is read, as soon as the first record is there. */
Test(report_model, every_prefix_behind_the_first_record_is_read, .timeout = 30)
{
    static const char log[] =
        RUN PROFILE CASE("a-1", "a", "plain", "fail", FAILED("reply", "c", "s")) END;

    for (size_t len = sizeof RUN - 1; len < sizeof log; len++) {
        SCRATCH(keep);
        struct report r;
        struct error err = { 0 };
        char *edge = memcpy(malloc(len + !len), log, len); // the address sanitizer guards its end
        cr_expect(report_parse((struct bytes){ (uint8_t *)edge, len }, "run.ndjson", &keep, &r,
                               &err),
                  "%zu: %s", len, err.text);
        free(edge);
    }
}

// clang-format off
static const struct refused_row {
    const char *label, *log, *message;
} refused_rows[] = {
    { "empty",              "",                       "run.ndjson:1: expected the record \"run\"" },
    { "no log",             "hello\n",                "run.ndjson:1:1: "                          },
    { "another first",      PROFILE,                  "run.ndjson:1: expected the record \"run\" first" },
    { "two runs",           RUN RUN,                  "run.ndjson:2: a second record \"run\""     },
    { "newer format",       "{\"record\":\"run\",\"log\":3}\n", "run.ndjson:1: log format 3, this arcwire reads 1 to 2"    },
    { "broken in the middle", RUN "{\"record\":\n" END, "run.ndjson:2:"                          },
    { "clauses of none",    RUN "{\"record\":\"clauses\"}\n", "run.ndjson:2: has no \"clauses\"" },
    { "clause without text", RUN "{\"record\":\"clauses\",\"clauses\":[{\"id\":\"A\",\"level\":\"must\",\"provenance\":\"x\"}]}\n", "run.ndjson:2: clause A: has no \"text\"" },
    { "no record",          RUN "{}\n",               "run.ndjson:2: has no \"record\""           },
    { "an array",           RUN "[]\n",               "run.ndjson:2: "                            },
    { "case without id",    RUN "{\"record\":\"case\",\"verdict\":\"pass\"}\n", "run.ndjson:2: a case without" },
    { "case without verdict", RUN "{\"record\":\"case\",\"id\":\"a\"}\n", "run.ndjson:2: has no \"verdict\"" },
    { "unknown verdict",    RUN CASE("a", "a", "plain", "maybe", ""), "run.ndjson:2: verdict: unknown verdict \"maybe\"" },
    { "title is a list",    RUN "{\"record\":\"case\",\"id\":\"a\",\"verdict\":\"pass\",\"title\":[]}\n", "run.ndjson:2: title: " },
    { "broken hex",         RUN CASE("a", "a", "plain", "pass", "}\n{\"record\":\"conversation\",\"program\":[{\"op\":\"send\",\"hex\":\"0\"}]"), "run.ndjson:3: program[0].hex: expected hex" },
    { "run without number", RUN CASE("a", "a", "plain", "pass", "}\n{\"record\":\"conversation\",\"program\":[{\"op\":\"send\",\"hex\":\"00*\"}]"), "run.ndjson:3: program[0].hex: expected a number" },
    { "hex without end",    RUN CASE("a", "a", "plain", "pass", "}\n{\"record\":\"conversation\",\"program\":[{\"op\":\"send\",\"hex\":\"00*99999999 0000*99999999\"}]"), "run.ndjson:3: program[0].hex: more than 256 MiB" },
    { "a conversation alone", RUN "{\"record\":\"conversation\"}\n", "run.ndjson:2: a conversation without its case" },
    { "two conversations",  RUN CASE("a", "a", "plain", "pass", "") "{\"record\":\"conversation\"}\n{\"record\":\"conversation\"}\n", "run.ndjson:4: a conversation without its case" },
    { "second is no object", RUN CASE("a", "a", "plain", "unstable", ",\"first\":\"fail\",\"second\":1"), "run.ndjson:2: second: " },
    { "second without first", RUN CASE("a", "a", "plain", "unstable", ",\"second\":{\"verdict\":\"pass\"}"), "run.ndjson:2: has no \"first\"" },
    { "three conversations", RUN CASE("a", "a", "plain", "unstable", ",\"first\":\"fail\",\"second\":{\"verdict\":\"pass\"}")
      "{\"record\":\"conversation\"}\n{\"record\":\"conversation\"}\n{\"record\":\"conversation\"}\n", "run.ndjson:5: a conversation without its case" },
    { "event is no object", RUN CASE("a", "a", "plain", "pass", "}\n{\"record\":\"conversation\",\"trace\":[1]"), "run.ndjson:3: trace[0]: " },
};
// clang-format on

Test(report_model, anything_else_is_refused_with_file_and_line, .timeout = 10)
{
    for (const struct refused_row *t = refused_rows; t < refused_rows + COUNT_OF(refused_rows);
         t++) {
        SCRATCH(keep);
        struct report r = { .case_count = 77 };
        struct error err = { 0 };
        cr_expect(not(parse(t->log, &keep, &r, &err)), "%s", t->label);
        cr_expect(eq(int, (int)err.kind, ERROR_INPUT), "%s", t->label);
        cr_expect(strncmp(err.text, t->message, strlen(t->message)) == 0, "%s: %s", t->label,
                  err.text);
        cr_expect(eq(sz, r.case_count, 77), "%s: out was touched", t->label);
    }
}

Test(report_model, a_file_that_is_not_there_is_an_input_error, .timeout = 10)
{
    SCRATCH(keep);
    struct report r;
    struct error err = { 0 };

    cr_expect(not(report_load("/nowhere/run.ndjson", &keep, &r, &err)));
    cr_expect(eq(int, (int)err.kind, ERROR_INPUT));
}

Test(report_model, what_is_not_known_is_passed_over, .timeout = 10)
{
    SCRATCH(keep);
    struct report r =
        must_parse(RUN "{\"record\":\"weather\",\"id\":7}\n" CASE(
                       "a-1", "a", "plain", "pass",
                       ",\"mood\":{\"x\":[1]}}\n{\"record\":\"conversation\",\"program\":[{\"op\":\"dance\",\"tempo\":3}],"
                       "\"trace\":[{\"us\":1,\"op\":0,\"event\":\"bow\"}]") END,
                   &keep);
    struct report_talk talk;

    cr_assert(eq(sz, r.case_count, 1));
    report_talk_load(r.cases->first, &keep, &talk);
    cr_assert(eq(sz, talk.op_count, 1));
    cr_expect(eq(int, (int)talk.ops[0].kind, REPORT_OP_OTHER));
    cr_expect(eq(str, (char *)talk.events[0].event, "bow"));
}

Test(report_model, thousands_of_ids_are_found_again, .timeout = 60)
{
    SCRATCH(keep);
    struct report r;
    struct error err = { 0 };
    CLEANUP(buffer_free) struct buffer log = { 0 };

    buffer_append(&log, RUN, sizeof RUN - 1);
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 3000; i++) {
            char line[128];
            int len = snprintf(line, sizeof line,
                               "{\"record\":\"case\",\"id\":\"c-%d\",\"verdict\":\"pass\"}\n", i);
            buffer_append(&log, line, (size_t)len);
        }
    cr_assert(report_parse(buffer_bytes(&log), "run.ndjson", &keep, &r, &err), "%s", err.text);
    cr_expect(eq(sz, r.case_count, 3000));
    cr_expect(eq(sz, r.result_count, 6000));
    cr_expect(eq(sz, r.cases->result_count, 2));
}

/* ---- hex with runs, read in parts ---- */

static const struct hex_row {
    const char *hex;
    uint64_t len;
    uint64_t at;
    const char *three; // the three bytes from at on
} hex_rows[] = {
    { "",                   0,      0,     ""       },
    { "00ff",               2,      0,     "00ff"   },
    { "0102030405",         5,      1,     "020304" },
    { "0102030405",         5,      4,     "05"     },
    { "0102030405",         5,      5,     ""       },
    { "41*65533",           65533,  65531, "4141"   },
    { "fffd 41*65533 42",   65536,  1,     "fd4141" },
    { "fffd 41*65533 42",   65536,  65534, "4142"   },
    { "4100*300",           600,    299,   "004100" },
    { "00 4100*8 01",       18,     15,    "410001" },
};

Test(report_timeline, hex_with_runs_is_read_without_expanding_it, .timeout = 10)
{
    for (const struct hex_row *t = hex_rows; t < hex_rows + COUNT_OF(hex_rows); t++) {
        uint8_t bytes[3];
        TEXT(is);
        cr_expect(eq(u64, hex_length(t->hex), t->len), "%s", t->hex);
        text_hex(&is, (struct bytes){ bytes, hex_bytes(t->hex, t->at, bytes, 3) }, false);
        cr_expect(eq(str, (char *)text_string(&is), (char *)t->three), "%s at %d", t->hex,
                  (int)t->at);
    }
}

/* ---- the two streams ---- */

// clang-format off
#define TALK                                                                                                           \
    "}\n{\"record\":\"conversation\",\"connections\":[\"main\"],\"program\":["                                         \
    "{\"op\":\"open\",\"on\":0,\"who\":\"client\"},"                                                                   \
    "{\"op\":\"send\",\"on\":0,\"who\":\"client\",\"hex\":\"040007000000\",\"fields\":["                               \
    "{\"at\":0,\"len\":2,\"type\":\"word\",\"text\":\"4\"},{\"at\":2,\"len\":4,\"type\":\"dword\",\"text\":\"7\"}]},"  \
    "{\"op\":\"receive\",\"on\":0,\"who\":\"server\",\"hex\":\"000008000000\"},"                                       \
    "{\"op\":\"await-end\",\"on\":0,\"who\":\"server\"}],\"trace\":["                                                  \
    "{\"us\":1,\"on\":0,\"op\":0,\"event\":\"open\"},"                                                                 \
    "{\"us\":2,\"on\":0,\"op\":1,\"sent\":1,\"from\":0,\"segments\":1},"                                               \
    "{\"us\":3,\"on\":0,\"op\":1,\"sent\":5,\"from\":1,\"segments\":2},"                                               \
    "{\"us\":4,\"on\":0,\"op\":2,\"received\":2,\"from\":0},"                                                          \
    "{\"us\":5,\"on\":0,\"op\":2,\"received\":3,\"hex\":\"090000\"},"                                                  \
    "{\"us\":6,\"on\":0,\"op\":2,\"event\":\"mismatch\"},"                                                             \
    "{\"us\":7,\"on\":0,\"op\":3,\"received\":1,\"hex\":\"ff\"},"                                                      \
    "{\"us\":8,\"on\":0,\"op\":3,\"event\":\"fin\"}]"
// clang-format on

Test(report_timeline, segments_and_chunks_of_a_message_are_one_row, .timeout = 10)
{
    SCRATCH(keep);
    struct report r = must_parse(RUN CASE("a-1", "a", "plain", "fail", TALK) END, &keep);
    struct timeline t;
    uint8_t bytes[8];

    timeline_load(r.cases->first, &keep, &t);
    const struct talk_row *row = t.rows; // connected
    cr_assert(row && row->kind == ROW_HAPPENED && row->next);
    row = row->next;
    cr_expect(eq(int, (int)row->kind, ROW_SENT));
    cr_expect(not(row->server));
    cr_expect(eq(u64, row->len, 6));
    cr_expect(eq(u64, row->segments, 3));
    cr_expect(eq(sz, row->piece_count, 2));
    row = row->next;
    cr_expect(eq(int, (int)row->kind, ROW_RECEIVED));
    cr_expect(row->server && row->last && !row->astray);
    cr_expect(eq(sz, row_bytes(row, 0, bytes, sizeof bytes), 5));
    cr_expect(bytes_equal((struct bytes){ bytes, 5 }, BYTES(0, 0, 9, 0, 0)),
              "bytes as due, then others");
    cr_expect(row_as_expected(row, 0, 2));
    cr_expect(not(row_as_expected(row, 0, 5)));
    row = row->next;
    cr_expect(eq(str, (char *)row->event->event, "mismatch"));
    row = row->next;
    cr_expect(row->astray, "nothing is due while the end is waited for");
    row = row->next;
    cr_expect(row->kind == ROW_HAPPENED && row->server && !row->next);
}

/* What is shown of a message with one field of `len` bytes, when the first difference is at `bad`. */
static const struct span_row {
    uint64_t len;
    int64_t bad;
    const char *spans; // shown and left out (in brackets), by length
} span_rows[] = {
    { 256,   -1,    "256"                     },
    { 257,   -1,    "64 (193)"                },
    { 65536, -1,    "64 (65472)"              },
    { 257,   10,    "64 (193)"                },
    { 257,   64,    "96 (161)"                },
    { 300,   150,   "64 (54) 64 (118)"        },
    { 65536, 65535, "64 (65439) 33"           },
};

Test(report_timeline, long_messages_show_their_beginning_and_the_first_difference, .timeout = 10)
{
    for (const struct span_row *t = span_rows; t < span_rows + COUNT_OF(span_rows); t++) {
        SCRATCH(keep);
        TEXT(is);
        struct report_field field = { .len = t->len };
        struct report_op op = { .hex = arena_printf(&keep, "00*%d", (int)t->len),
                                .fields = &field,
                                .field_count = 1 };
        struct report_check bad = { .at = t->bad, .field = 0 };
        struct talk_spans spans;
        size_t told = 0;
        spans_cut(&op, 0, t->len, t->bad < 0 ? NULL : &bad, t->len, true, &keep, &spans);
        for (const struct talk_span *s = spans.list; s < spans.list + spans.count; s++) {
            text_printf(&is, s->left_out ? "%s(%d)" : "%s%d", s == spans.list ? "" : " ",
                        (int)s->len);
            told += s->tells;
        }
        cr_expect(eq(str, (char *)text_string(&is), (char *)t->spans), "%d, bad %d", (int)t->len,
                  (int)t->bad);
        cr_expect(eq(sz, told, 1), "its value is told once");
    }
}

/* ---- bytes that come at other times than the program waits for them ---- */

// clang-format off
#define PROGRAM                                                                                    \
    "}\n{\"record\":\"conversation\",\"program\":[{\"op\":\"send\",\"on\":0,\"who\":\"client\",\"hex\":\"aa\"},"  \
    "{\"op\":\"send\",\"on\":0,\"who\":\"client\",\"hex\":\"bb\"},"                                \
    "{\"op\":\"receive\",\"on\":0,\"who\":\"server\",\"hex\":\"0102\"},"                           \
    "{\"op\":\"receive\",\"on\":0,\"who\":\"server\",\"hex\":\"0304\"},"                           \
    "{\"op\":\"silent\",\"on\":0,\"who\":\"server\",\"probe\":\"cc\",\"hex\":\"cd\"}],\"trace\":["

static const struct laid_row {
    const char *label, *trace;
    const char *rows; // op and bytes; ! nothing was due, ? a probe, ~ what was due came too late
} laid_rows[] = {
    { "answers in time",        "{\"op\":2,\"received\":2,\"from\":0},{\"op\":3,\"received\":2,\"from\":0}",        "2:0102~ 3:0304~"  },
    { "two answers in a chunk", "{\"op\":2,\"received\":4,\"hex\":\"01020304\"}",                                 "2:0102~ 3:0304~"  },
    { "ahead of time",          "{\"op\":1,\"received\":4,\"hex\":\"01020304\"}",                                 "2:0102~ 3:0304~"  },
    { "in two halves",          "{\"op\":1,\"received\":1,\"hex\":\"01\"},{\"op\":2,\"received\":3,\"hex\":\"020304\"}", "2:0102~ 3:0304~" },
    { "wrong from the second byte on", "{\"op\":2,\"received\":4,\"hex\":\"01ff0304\"}",                          "2:01ff0304"       },
    { "too much at the end",    "{\"op\":3,\"received\":3,\"hex\":\"030405\"}",                                   "3:030405~"        },
    { "while silence is due",   "{\"op\":4,\"received\":1,\"hex\":\"ee\"}",                                       "4:ee!"            },
    { "probed silence",         "{\"op\":4,\"sent\":1,\"from\":0},{\"op\":4,\"received\":1,\"from\":0}",            "4:cc? 4:cd~"      },
    { "a probe for an answer",  "{\"op\":2,\"sent\":1,\"hex\":\"cc\"},{\"op\":2,\"received\":2,\"hex\":\"0102\"}",  "2:cc? 2:0102~"    },
    { "a send alone",           "{\"op\":0,\"sent\":1,\"from\":0},{\"op\":1,\"sent\":1,\"from\":0}",                "0:aa 1:bb"        },
    { "an op that is not there", "{\"op\":9,\"received\":1,\"hex\":\"ee\"}",                                      "9:ee!"            },
};
// clang-format on

Test(report_timeline, bytes_are_laid_under_the_messages_that_they_are, .timeout = 10)
{
    for (const struct laid_row *t = laid_rows; t < laid_rows + COUNT_OF(laid_rows); t++) {
        SCRATCH(keep);
        TEXT(log);
        TEXT(is);
        struct report r = { 0 };
        struct error err = { 0 };
        struct timeline line;
        text_printf(&log, "%s%.*s%s%s]}\n", RUN,
                    (int)sizeof CASE("a", "a", "plain", "fail", "") - 3,
                    CASE("a", "a", "plain", "fail", ""), PROGRAM, t->trace);
        cr_assert(report_parse(buffer_bytes(&log.b), "run.ndjson", &keep, &r, &err), "%s: %s",
                  t->label, err.text);
        timeline_load(r.cases->first, &keep, &line);
        for (const struct talk_row *row = line.rows; row; row = row->next) {
            uint8_t bytes[8];
            text_printf(&is, "%s%zu:", row == line.rows ? "" : " ", row->op_index);
            text_hex(&is, (struct bytes){ bytes, row_bytes(row, row->at, bytes, sizeof bytes) },
                     false);
            text_add(&is, row->astray ? "!" : row->probe ? "?" : "");
            text_add(&is, row->kind == ROW_RECEIVED && row_is_late(row) ? "~" : "");
        }
        cr_expect(eq(str, (char *)text_string(&is), (char *)t->rows), "%s", t->label);
    }
}
