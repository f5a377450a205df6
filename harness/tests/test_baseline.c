/*
 * Baselines: what an entry makes of a run, rule by rule, and what is refused.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "report/model.h"
#include "verdict/baseline.h"

#define TODAY "2026-11-23"

static void read_text(const char *text, struct arena *keep, struct baseline *b)
{
    struct error err = { 0 };
    const struct json *document;

    cr_assert(json_parse(bytes_of(text), "baseline.json", keep, &document, &err), "%s: %s", text, err.text);
    cr_assert(baseline_parse(document, "baseline.json", NULL, keep, b, &err), "%s: %s", text, err.text);
}

/* One result: its checks are "name=signature" where they fail, "name" where they pass. */
struct one {
    const char *id, *delivery;
    enum verdict verdict;
    uint64_t since;
    const char *checks[3];
    enum standing due;
    uint64_t rev; // of the case; 0: it is not told
};

#define ALL     "", true                // the run is of all cases, and came to its end
#define PART    "some", true
#define STOPPED "", false

// clang-format off
static const struct rule {
    const char *label, *rest;       // of the document: members before the entries
    const char *entries;
    const char *selection;
    bool complete;
    struct one results[5];
    const char *complaints;         // kind and text, a line each
} rules[] = {
    { "what no entry knows is red", "", "", ALL,
      { { "a", "plain", VERDICT_FAIL, 1, { "reply=x" }, STANDING_PLAIN } }, "" },
    { "known by case, check and signature", "", "{'case':'a','check':'reply','signature':'x','reason':'r'}", ALL,
      { { "a", "plain", VERDICT_FAIL, 1, { "reply=x", "end" }, STANDING_KNOWN } }, "" },
    { "by another signature it is not", "", "{'case':'a','check':'reply','signature':'x','reason':'r'}", ALL,
      { { "a", "plain", VERDICT_FAIL, 1, { "reply=y" }, STANDING_OTHERWISE } }, "" },
    { "what expects otherwise than the baseline knew is new", "'knows':{'vectors':1,'cases':0,'revs':{'b':2,'c':2}},", "", PART,
      { { "a", "plain", VERDICT_FAIL, 1, { "reply=x" }, STANDING_NEW, 2 },   { "b", "plain", VERDICT_FAIL, 1, { "reply=x" }, STANDING_PLAIN, 2 },
        { "c", "plain", VERDICT_FAIL, 1, { "reply=x" }, STANDING_NEW, 3 },   { "d", "plain", VERDICT_FAIL, 1, { "reply=x" }, STANDING_PLAIN, 1 } }, "" },
    { "also where it was known to fail otherwise", "'knows':{'vectors':1,'cases':0,'revs':{}},", "{'case':'a','signature':'y','reason':'r'}", PART,
      { { "a", "plain", VERDICT_FAIL, 1, { "reply=x" }, STANDING_NEW, 2 } }, "" },
    { "what it does not know of revisions makes nothing new", "'knows':{'vectors':1,'cases':0},", "", PART,
      { { "a", "plain", VERDICT_FAIL, 1, { "reply=x" }, STANDING_PLAIN, 2 } }, "" },
    { "nor in another check", "", "{'case':'a','check':'reply','signature':'x','reason':'r'}", ALL,
      { { "a", "plain", VERDICT_FAIL, 1, { "reply", "end=x" }, STANDING_OTHERWISE } }, "" },
    { "one known check does not excuse another", "", "{'case':'a','check':'reply','signature':'x','reason':'r'}", ALL,
      { { "a", "plain", VERDICT_FAIL, 1, { "reply=x", "end=y" }, STANDING_OTHERWISE } }, "" },
    { "each by an entry of its own", "", "{'case':'a','check':'reply','signature':'x','reason':'r'},{'case':'a','check':'end','signature':'y','reason':'r'}", ALL,
      { { "a", "plain", VERDICT_FAIL, 1, { "reply=x", "end=y" }, STANDING_KNOWN } }, "" },
    { "under the delivery that it names, and no other", "", "{'case':'a','delivery':'bytewise','signature':'x','reason':'r'}", ALL,
      { { "a", "plain", VERDICT_FAIL, 1, { "reply=x" }, STANDING_PLAIN }, { "a", "bytewise", VERDICT_FAIL, 1, { "reply=x" }, STANDING_KNOWN } }, "" },
    { "of another profile it says nothing", "", "{'case':'a','profile':'6.0-*','signature':'x','reason':'r'}", PART,
      { { "a", "plain", VERDICT_FAIL, 1, { "reply=x" }, STANDING_PLAIN } }, "" },
    { "inconclusive can be known", "", "{'case':'a','check':'control','signature':'x','reason':'r'}", ALL,
      { { "a", "plain", VERDICT_INCONCLUSIVE, 1, { "control=x" }, STANDING_KNOWN } }, "" },
    { "our own error cannot", "", "{'case':'a','signature':'error','reason':'r'}", ALL,
      { { "a", "plain", VERDICT_ERROR, 1, { "case=error" }, STANDING_PLAIN } }, "" },
    { "a failing should is known, and its entry holds", "", "{'case':'a','signature':'x','reason':'r'}", ALL,
      { { "a", "plain", VERDICT_WARN, 1, { "reply=x" }, STANDING_KNOWN } }, "" },

    { "a pass that was not expected", "", "{'case':'a','check':'reply','signature':'x','reason':'r'}", ALL,
      { { "a", "plain", VERDICT_PASS, 1, { "reply" }, STANDING_PASSES } },
      "unexpected-pass a, check reply: known to fail as x, and does not under plain\n" },
    { "also under one delivery of several", "", "{'case':'a','signature':'x','reason':'r'}", ALL,
      { { "a", "plain", VERDICT_FAIL, 1, { "reply=x" }, STANDING_KNOWN }, { "a", "random", VERDICT_PASS_TIMED, 1, { "reply" }, STANDING_PASSES } },
      "unexpected-pass a: known to fail as x, and does not under random\n" },
    { "also beside another failure that is known", "", "{'case':'a','check':'reply','signature':'x','reason':'r'},{'case':'a','check':'end','signature':'y','reason':'r'}", ALL,
      { { "a", "plain", VERDICT_FAIL, 1, { "reply", "end=y" }, STANDING_PASSES } },
      "unexpected-pass a, check reply: known to fail as x, and does not under plain\n" },
    { "also in a part of a run", "", "{'case':'a','signature':'x','reason':'r'}", PART,
      { { "a", "plain", VERDICT_AS_GENUINE, 1, { "reply" }, STANDING_PASSES } }, "unexpected-pass a: known to fail as x, and does not under plain\n" },
    { "what was not tested is no pass", "", "{'case':'a','signature':'x','reason':'r'}", ALL,
      { { "a", "plain", VERDICT_UNSUPPORTED, 1, { NULL }, STANDING_PLAIN } }, "" },
    { "nor is what another failure hides", "", "{'case':'a','check':'reply','signature':'x','reason':'r'}", ALL,
      { { "a", "plain", VERDICT_INCONCLUSIVE, 1, { "control=y" }, STANDING_OTHERWISE } }, "" },
    { "a pattern need not fail everywhere", "", "{'case':'a*','signature':'x','reason':'r'}", ALL,
      { { "a", "plain", VERDICT_PASS, 1, { "reply" }, STANDING_PLAIN }, { "ab", "plain", VERDICT_FAIL, 1, { "reply=x" }, STANDING_KNOWN } }, "" },
    { "but somewhere", "", "{'case':'a*','signature':'x','reason':'r'}", ALL,
      { { "a", "plain", VERDICT_PASS, 1, { "reply" }, STANDING_PLAIN }, { "ab", "plain", VERDICT_PASS, 1, { "reply" }, STANDING_PLAIN } },
      "unexpected-pass a*: known to fail as x, and nothing that it matches does\n" },
    { "which a part of a run does not show", "", "{'case':'a*','signature':'x','reason':'r'}", PART,
      { { "a", "plain", VERDICT_PASS, 1, { "reply" }, STANDING_PLAIN } }, "" },

    { "an entry that matches nothing is stale", "", "{'case':'gone','signature':'x','reason':'r'}", ALL,
      { { "a", "plain", VERDICT_PASS, 1, { "reply" }, STANDING_PLAIN } }, "stale gone: matches no result of the run\n" },
    { "not where its case was not selected", "", "{'case':'gone','signature':'x','reason':'r'}", PART,
      { { "a", "plain", VERDICT_PASS, 1, { "reply" }, STANDING_PLAIN } }, "" },
    { "nor where the run was stopped", "", "{'case':'gone','signature':'x','reason':'r'}", STOPPED,
      { { "a", "plain", VERDICT_PASS, 1, { "reply" }, STANDING_PLAIN } }, "" },
    { "a run of the same part is a whole one", "'knows':{'vectors':1,'cases':1,'selection':'some'},", "{'case':'gone','signature':'x','reason':'r'}", PART,
      { { "a", "plain", VERDICT_PASS, 1, { "reply" }, STANDING_PLAIN } }, "stale gone: matches no result of the run\n" },

    { "tolerated on its last day", "", "{'case':'a','signature':'x','reason':'r','until':'2026-11-23'}", ALL,
      { { "a", "plain", VERDICT_FAIL, 1, { "reply=x" }, STANDING_KNOWN } }, "" },
    { "and no longer", "", "{'case':'a','signature':'x','reason':'r','until':'2026-11-22'}", ALL,
      { { "a", "plain", VERDICT_FAIL, 1, { "reply=x" }, STANDING_EXPIRED } }, "expired a: was tolerated until 2026-11-22, today is 2026-11-23\n" },
    { "an expired entry is told of where it is not selected in a whole run only", "", "{'case':'b','signature':'x','reason':'r','until':'2026-11-22'}", PART,
      { { "a", "plain", VERDICT_PASS, 1, { "reply" }, STANDING_PLAIN } }, "" },

    { "unstable is flaky where the baseline says so", "'flaky-budget':1,", "{'case':'a','signature':'x','flaky':true,'reason':'r'}", ALL,
      { { "a", "plain", VERDICT_UNSTABLE, 1, { "reply=x" }, STANDING_FLAKY } }, "" },
    { "and red where it does not", "", "{'case':'a','signature':'x','reason':'r'}", ALL,
      { { "a", "plain", VERDICT_UNSTABLE, 1, { "reply=x" }, STANDING_OTHERWISE } }, "" },
    { "what is flaky and fails each time is red", "'flaky-budget':1,", "{'case':'a','signature':'x','flaky':true,'reason':'r'}", ALL,
      { { "a", "plain", VERDICT_FAIL, 1, { "reply=x" }, STANDING_OTHERWISE } }, "" },
    { "that it passes is nothing to tell", "'flaky-budget':1,", "{'case':'a','signature':'x','flaky':true,'reason':'r'}", ALL,
      { { "a", "plain", VERDICT_PASS, 1, { "reply" }, STANDING_PLAIN } }, "" },
    { "the budget counts cases", "'flaky-budget':1,", "{'case':'*','signature':'x','flaky':true,'reason':'r'}", ALL,
      { { "a", "plain", VERDICT_UNSTABLE, 1, { "reply=x" }, STANDING_FLAKY }, { "a", "random", VERDICT_UNSTABLE, 1, { "reply=x" }, STANDING_FLAKY },
        { "b", "plain", VERDICT_UNSTABLE, 1, { "reply=x" }, STANDING_OTHERWISE } }, "" },

    { "a case that is newer is new, whatever came of it", "'knows':{'vectors':1,'cases':1},", "", ALL,
      { { "a", "plain", VERDICT_PASS, 1, { "reply" }, STANDING_PLAIN }, { "b", "plain", VERDICT_FAIL, 2, { "reply=x" }, STANDING_NEW },
        { "c", "plain", VERDICT_PASS, 2, { "reply" }, STANDING_NEW } }, "" },
    { "a newer one does not stand in for one that is lost", "'knows':{'vectors':1,'cases':2},", "", ALL,
      { { "a", "plain", VERDICT_PASS, 1, { "reply" }, STANDING_PLAIN }, { "c", "plain", VERDICT_PASS, 2, { "reply" }, STANDING_NEW } },
      "less 1 cases were tested, and the baseline knows 2\n" },
    { "fewer cases", "'knows':{'vectors':1,'cases':2},", "", ALL,
      { { "a", "plain", VERDICT_PASS, 1, { "reply" }, STANDING_PLAIN }, { "b", "plain", VERDICT_UNSUPPORTED, 1, { NULL }, STANDING_PLAIN } },
      "less 1 cases were tested, and the baseline knows 2\n" },
    { "of a part there are fewer", "'knows':{'vectors':1,'cases':2},", "", PART,
      { { "a", "plain", VERDICT_PASS, 1, { "reply" }, STANDING_PLAIN } }, "" },
    { "another profile", "'knows':{'vectors':1,'cases':1,'profile':'6.0-ansi-32'},", "", ALL,
      { { "a", "plain", VERDICT_PASS, 1, { "reply" }, STANDING_PLAIN } }, "less the peer's profile is 10-unicode-64, and the baseline knows 6.0-ansi-32\n" },
    { "of a part another service may have told it", "'knows':{'vectors':1,'cases':1,'profile':'6.0-ansi-32','types':['time']},", "", PART,
      { { "a", "plain", VERDICT_PASS, 1, { "reply" }, STANDING_PLAIN } }, "" },
    { "the same profile and types", "'knows':{'vectors':1,'cases':1,'profile':'10-unicode-64','types':['word','dword']},", "", ALL,
      { { "a", "plain", VERDICT_PASS, 1, { "reply" }, STANDING_PLAIN } }, "" },
    { "a single type less", "'knows':{'vectors':1,'cases':1,'types':['time']},", "", ALL,
      { { "a", "plain", VERDICT_PASS, 1, { "reply" }, STANDING_PLAIN } }, "less the peer offers no more: time\n" },
    { "of a case that fails one day too late, in a part", "", "{'case':'a','signature':'x','reason':'r','until':'2026-11-22'}", PART,
      { { "a", "plain", VERDICT_FAIL, 1, { "reply=x" }, STANDING_EXPIRED } }, "expired a: was tolerated until 2026-11-22, today is 2026-11-23\n" },
    { "one day too late where it is gone", "", "{'case':'a','signature':'x','reason':'r','until':'2026-11-22'}", PART,
      { { "a", "plain", VERDICT_PASS, 1, { "reply" }, STANDING_PASSES } },
      "unexpected-pass a: known to fail as x, and does not under plain\nexpired a: was tolerated until 2026-11-22, today is 2026-11-23\n" },
    { "a should that fails in another check", "", "{'case':'a','check':'end','signature':'x','reason':'r'}", ALL,
      { { "a", "plain", VERDICT_WARN, 1, { "reply=x", "end" }, STANDING_PASSES } }, "unexpected-pass a, check end: known to fail as x, and does not under plain\n" },
    { "a should that fails otherwise", "", "{'case':'a','check':'reply','signature':'x','reason':'r'}", ALL,
      { { "a", "plain", VERDICT_WARN, 1, { "reply=y" }, STANDING_PASSES } }, "unexpected-pass a, check reply: known to fail as x, and does not under plain\n" },
    { "a check that passes fails in no way, not even in the one of its name", "", "{'case':'a','check':'reply','signature':'pass','reason':'r'}", ALL,
      { { "a", "plain", VERDICT_PASS, 1, { "reply" }, STANDING_PASSES } }, "unexpected-pass a, check reply: known to fail as pass, and does not under plain\n" },
    { "what is inconclusive shows nobody's pass", "", "{'case':'a','check':'reply','signature':'x','reason':'r'},{'case':'a','check':'control','signature':'y','reason':'r'}", ALL,
      { { "a", "plain", VERDICT_INCONCLUSIVE, 1, { "reply", "control=y" }, STANDING_KNOWN } }, "" },
    { "of all checks one that fails is enough", "", "{'case':'a','signature':'x','reason':'r'},{'case':'a','check':'end','signature':'y','reason':'r'}", ALL,
      { { "a", "plain", VERDICT_FAIL, 1, { "reply", "end=y" }, STANDING_KNOWN } }, "" },
    { "gone beside what is flaky", "'flaky-budget':1,",
      "{'case':'a','check':'reply','signature':'x','flaky':true,'reason':'r'},{'case':'a','check':'end','signature':'y','reason':'r'}", ALL,
      { { "a", "plain", VERDICT_UNSTABLE, 1, { "reply=x", "end" }, STANDING_PASSES } }, "unexpected-pass a, check end: known to fail as y, and does not under plain\n" },
    { "a budget of none", "'flaky-budget':0,", "{'case':'a','signature':'x','flaky':true,'reason':'r'}", ALL,
      { { "a", "plain", VERDICT_UNSTABLE, 1, { "reply=x" }, STANDING_OTHERWISE } }, "" },
    { "fewer types", "'knows':{'vectors':1,'cases':1,'types':['word','time','dword','line']},", "", ALL,
      { { "a", "plain", VERDICT_PASS, 1, { "reply" }, STANDING_PLAIN } }, "less the peer offers no more: time, line\n" },
};
// clang-format on

static const char *quoted(const char *text, struct arena *keep)
{
    char *copy = arena_string(keep, text);

    for (char *at = copy; *at; at++)
        if (*at == '\'')
            *at = '"';
    return copy;
}

static void see(const struct one *from, struct arena *keep, struct seen_result *r)
{
    static const char *const behind = "x";
    struct seen_check *checks = ARENA_ARRAY(keep, COUNT_OF(from->checks) + 1, struct seen_check);

    *r = (struct seen_result){ .id = from->id, .delivery = from->delivery, .profile = "10-unicode-64", .since = from->since, .rev = from->rev, .verdict = from->verdict,
                               .checks = checks };
    for (size_t i = 0; i < COUNT_OF(from->checks) && from->checks[i]; i++) {
        const char *equals = strchr(from->checks[i], '=');
        const char **signature = ARENA_ARRAY(keep, 1, const char *);
        *signature = equals ? equals + 1 : "pass";
        checks[r->check_count++] = (struct seen_check){ arena_printf(keep, "%.*s", (int)strcspn(from->checks[i], "="), from->checks[i]), signature, 1,
                                                        equals != NULL };
    }
    checks[r->check_count] = (struct seen_check){ "reply", &behind, 1, true }; // it is none of the result
}

Test(baseline, each_rule, .timeout = 10)
{
    static const char *const types[] = { "word", "dword" };

    for (const struct rule *row = rules; row < rules + COUNT_OF(rules); row++) {
        SCRATCH(keep);
        struct baseline b;
        struct seen_result results[COUNT_OF(row->results) + 1];
        struct seen_run run = { .results = results, .selection = row->selection, .complete = row->complete, .today = TODAY,
                                .profile = "10-unicode-64", .types = { (const char **)types, 2 }, .has_types = true };
        struct complaints complaints;
        TEXT(said);
        read_text(quoted(arena_printf(&keep, "{'format':1,%s'entries':[%s]}", row->rest, row->entries), &keep), &keep, &b);
        while (run.count < COUNT_OF(row->results) && row->results[run.count].id) {
            see(&row->results[run.count], &keep, &results[run.count]);
            run.count++;
        }
        results[run.count] = (struct seen_result){ .id = "behind", .delivery = "plain", .profile = "", .standing = STANDING_FLAKY }; // it is none of the run
        baseline_judge(&b, &run, &keep, &complaints);
        for (size_t i = 0; i < run.count; i++)
            cr_expect(eq(str, (char *)standing_name(results[i].standing), (char *)standing_name(row->results[i].due)), "%s: result %zu", row->label, i);
        cr_expect(eq(int, (int)results[run.count].standing, STANDING_FLAKY), "%s: what stands behind the run", row->label);
        for (const struct complaint *c = complaints.items; c < complaints.items + complaints.count; c++)
            text_printf(&said, "%s %s\n", complaint_name(c->kind), c->text);
        cr_expect(eq(str, (char *)text_string(&said), (char *)row->complaints), "%s", row->label);
    }
}

Test(baseline, what_is_red, .timeout = 10)
{
    for (int s = 0; s < STANDING_COUNT; s++)
        for (int v = 0; v < VERDICT_COUNT; v++) {
            bool bad = verdict_is_bad((enum verdict)v), red = bad && (s == STANDING_PLAIN || s == STANDING_OTHERWISE || v == VERDICT_ERROR);
            cr_expect(eq(int, standing_is_red((enum standing)s, (enum verdict)v), red), "%s, %s", standing_name((enum standing)s),
                      verdict_name((enum verdict)v));
        }
}

/* Several causes may explain the same bytes: it is known by any of them. */
Test(baseline, known_by_any_cause_that_explains_it, .timeout = 10)
{
    SCRATCH(keep);
    static const char *const signatures[] = { "x", "y" };
    const struct seen_check check = { "reply", signatures, 2, true };
    struct seen_result r = { .id = "a", .delivery = "plain", .profile = "p", .verdict = VERDICT_FAIL, .checks = &check, .check_count = 1 };
    struct seen_run run = { &r, 1, "", true, TODAY };
    struct complaints complaints;
    struct baseline b;

    read_text("{\"format\":1,\"entries\":[{\"case\":\"a\",\"signature\":\"y\",\"reason\":\"r\"}]}", &keep, &b);
    baseline_judge(&b, &run, &keep, &complaints);
    cr_expect(eq(int, (int)r.standing, STANDING_KNOWN));
    cr_expect(eq(sz, complaints.count, 0));
}

// clang-format off
static const struct bad_row {
    const char *text, *said;
} bad_rows[] = {
    { "[]", "baseline.json:1: expected an object, found an array" },
    { "{'entries':[]}", "has no \"format\": a baseline begins with { \"format\": 1" },
    { "{'format':2,'entries':[]}", "format: 2 is a format that this arcwire does not know: expected 1" },
    { "{'format':1}", "has no \"entries\"" },
    { "{'format':1,'entries':{}}", "entries: expected an array" },
    { "{'format':1,'entris':[],'entries':[]}", "unknown key \"entris\"" },
    { "{'format':1,'entries':[{'signature':'x','reason':'r'}]}", "entries[0]: has no \"case\"" },
    { "{'format':1,'entries':[{'case':'a','reason':'r'}]}", "entries[0]: has no \"signature\"" },
    { "{'format':1,'entries':[{'case':'a','signature':'x'}]}", "entries[0]: has no \"reason\"" },
    { "{'format':1,'entries':[\n{'case':'a','signature':'x','reason':''}]}", "baseline.json:2: entries[0].reason: expected a text that is not empty" },
    { "{'format':1,'entries':[{'case':'a','signature':'x','reason':'r','until':'soon'}]}", "entries[0].until: \"soon\" is no day: expected one such as \"2027-03-31\"" },
    { "{'format':1,'entries':[{'case':'a','signature':'x','reason':'r','until':'2027-02-29'}]}", "\"2027-02-29\" is no day" },
    { "{'format':1,'entries':[{'case':'a','signature':'x','reason':'r','flaky':1}]}", "entries[0].flaky: expected true or false" },
    { "{'format':1,'entries':[{'case':'a','signature':'x','reason':'r','flaky':true}]}", "an entry is flaky, and there is no \"flaky-budget\"" },
    { "{'format':1,'entries':[{'case':'a','signature':'x','reason':'r'},{'case':'a','signature':'x','reason':'s'}]}", "entries[1]: the same as entries[0], line 1" },
    { "{'format':1,'entries':[{'case':'a','signature':'x','reason':'r','note':7}]}", "entries[0].note: expected a string" },
    { "{'format':1,'entries':[7]}", "entries[0]: expected an object, found 7" },
    { "{'format':1,'entries':[{'case':'a','signature':'x','reason':'r','reson':'s'}]}", "entries[0]: unknown key \"reson\"" },
    { "{'format':1,'entries':[{'case':7,'signature':'x','reason':'r'}]}", "entries[0].case: expected a string, found 7" },
    { "{'format':1,'entries':[{'case':'a','check':'','signature':'x','reason':'r'}]}", "entries[0].check: expected a text that is not empty" },
    { "{'format':1,'entries':[{'case':'a','delivery':7,'signature':'x','reason':'r'}]}", "entries[0].delivery: expected a string, found 7" },
    { "{'format':1,'entries':[{'case':'a','profile':7,'signature':'x','reason':'r'}]}", "entries[0].profile: expected a string, found 7" },
    { "{'format':1,'entries':[{'case':'a','signature':'x','reason':'r','issue':7}]}", "entries[0].issue: expected a string, found 7" },
    { "{'format':1,'entries':[{'case':'a','signature':'x','reason':'r','note':['b',7]}]}", "entries[0].note[1]: expected a string, found 7" },
    { "{'format':1,'note':7,'entries':[]}", "note: expected a string, found 7" },
    { "{'format':1,'flaky-budget':'x','entries':[]}", "flaky-budget: expected an integer from 0 to 4294967295" },
    { "{'format':'x','entries':[]}", "format: expected an integer from 0 to 4294967295" },
    { "{'format':1,'knows':7,'entries':[]}", "knows: expected an object, found 7" },
    { "{'format':1,'knows':{'vectors':1,'cases':1,'tipes':[]},'entries':[]}", "knows: unknown key \"tipes\"" },
    { "{'format':1,'knows':{'vectors':1,'cases':1,'note':7},'entries':[]}", "knows.note: expected a string, found 7" },
    { "{'format':1,'knows':{'vectors':'x','cases':1},'entries':[]}", "knows.vectors: expected an integer from 0 to 4294967295" },
    { "{'format':1,'knows':{'vectors':1,'cases':1,'profile':''},'entries':[]}", "knows.profile: expected a text that is not empty" },
    { "{'format':1,'knows':{'vectors':1,'cases':1,'selection':7},'entries':[]}", "knows.selection: expected a string, found 7" },
    { "{'format':1,'knows':{'vectors':1,'cases':1,'revs':[]},'entries':[]}", "knows.revs: expected an object, found an array" },
    { "{'format':1,'knows':{'vectors':1,'cases':1,'revs':{'a':2,'b':'x'}},'entries':[]}", "knows.revs.b: expected an integer from 0 to 4294967295" },
    { "{'format':1,'knows':{'vectors':1,'cases':1,'types':7},'entries':[]}", "knows.types: expected an array, found 7" },
    { "{'format':1,'knows':{'vectors':1,'cases':1,'types':['a',7]},'entries':[]}", "knows.types[1]: expected a string, found 7" },
    { "{'format':1,'knows':{'cases':1},'entries':[]}", "knows: has no \"vectors\"" },
    { "{'format':1,'knows':{'vectors':1},'entries':[]}", "knows: has no \"cases\"" },
    { "{'format':1,'knows':{'vectors':1,'cases':-1},'entries':[]}", "knows.cases: expected an integer from 0 to 4294967295" },
};
// clang-format on

Test(baseline, what_is_refused_is_told_with_its_place, .timeout = 10)
{
    for (const struct bad_row *row = bad_rows; row < bad_rows + COUNT_OF(bad_rows); row++) {
        SCRATCH(keep);
        struct error err = { 0 };
        const struct json *document;
        struct baseline b;
        cr_assert(json_parse(bytes_of(quoted(row->text, &keep)), "baseline.json", &keep, &document, &err), "%s", err.text);
        cr_expect(not(baseline_parse(document, "baseline.json", NULL, &keep, &b, &err)), "%s", row->text);
        cr_expect(eq(int, (int)err.kind, ERROR_INPUT));
        cr_expect(strstr(err.text, row->said) != NULL, "%s: \"%s\", due was \"%s\"", row->text, err.text, row->said);
        cr_expect(strncmp(err.text, "baseline.json:", 14) == 0, "%s", err.text);
    }
}

Test(baseline, many_results_and_entries, .timeout = 30)
{
    SCRATCH(keep);
    TEXT(text);
    struct baseline b;
    struct complaints complaints;
    struct seen_result *results = ARENA_ARRAY(&keep, 10000, struct seen_result);
    struct seen_run run = { results, 10000, "", true, TODAY };
    size_t known = 0;

    text_add(&text, "{\"format\":1,\"entries\":[");
    for (int i = 0; i < 1000; i++)
        text_printf(&text, "%s{\"case\":\"case-%d\",\"check\":\"reply\",\"signature\":\"x\",\"reason\":\"r\"}", i ? "," : "", i * 10);
    text_add(&text, "]}");
    read_text(text_string(&text), &keep, &b);
    for (int i = 0; i < 10000; i++)
        see(&(struct one){ arena_printf(&keep, "case-%d", i), "plain", i % 10 ? VERDICT_PASS : VERDICT_FAIL, 1, { i % 10 ? "reply" : "reply=x" }, 0 }, &keep,
            &results[i]);
    baseline_judge(&b, &run, &keep, &complaints);
    for (int i = 0; i < 10000; i++)
        known += results[i].standing == STANDING_KNOWN;
    cr_expect(eq(sz, known, 1000));
    cr_expect(eq(sz, complaints.count, 0));
}

/* ---- what a result of a log fails with ---- */

#define LOG(verdict, rest)                                                                                             \
    "{\"record\":\"run\",\"log\":1}\n{\"record\":\"case\",\"id\":\"a\",\"suite\":\"s\",\"delivery\":\"plain\",\"verdict\":\"" verdict "\"" rest "}\n"
#define CHECKS(checks) ",\"checks\":[" checks "]"
#define CHECK(name, level, verdict, rest) "{\"name\":\"" name "\",\"level\":\"" level "\",\"verdict\":\"" verdict "\"" rest "}"

// clang-format off
static const struct seen_row {
    const char *label, *log, *fails; // name=signature,…
} seen_rows[] = {
    { "the cause that is named, and the others", LOG("fail", CHECKS(CHECK("reply", "must", "fail", ",\"cause\":\"x\",\"others\":[{\"cause\":\"y\"}]") ","
                                                                     CHECK("end", "must", "pass", ""))), "reply=x|y" },
    { "the verdict where none is", LOG("fail", CHECKS(CHECK("reply", "must", "fail", ""))), "reply=fail" },
    { "a must that fails, not the should beside it", LOG("fail", CHECKS(CHECK("reply", "must", "fail", "") "," CHECK("end", "should", "fail", ""))), "reply=fail" },
    { "a should where the run was strict", LOG("fail", CHECKS(CHECK("end", "should", "fail", ""))), "end=fail" },
    { "a should that is only told", LOG("warn", CHECKS(CHECK("end", "should", "fail", ",\"cause\":\"x\""))), "end=x" },
    { "a control, not what it excuses", LOG("inconclusive", CHECKS(CHECK("reply", "must", "fail", "") "," CHECK("next", "must", "fail", ",\"control\":\"next\",\"cause\":\"x\""))), "next=x" },
    { "a check that could not be made", LOG("inconclusive", CHECKS(CHECK("silent", "must", "inconclusive", ""))), "silent=inconclusive" },
    { "nothing was judged", LOG("inconclusive", ""), "case=inconclusive" },
    { "neither a genuine defect nor a declared deviation", LOG("as-genuine", CHECKS(CHECK("reply", "must", "as-genuine", ",\"cause\":\"x\""))), "" },
    { "unstable, the first play", LOG("unstable", CHECKS(CHECK("reply", "must", "fail", ",\"cause\":\"x\"")) ",\"first\":\"fail\",\"second\":{\"verdict\":\"pass\""
                                      CHECKS(CHECK("reply", "must", "pass", "")) "}"), "reply=x" },
    { "unstable, the second", LOG("unstable", CHECKS(CHECK("reply", "must", "pass", "")) ",\"first\":\"pass\",\"second\":{\"verdict\":\"fail\""
                                  CHECKS(CHECK("reply", "must", "fail", ",\"cause\":\"z\"")) "}"), "reply=z" },
};
// clang-format on

Test(baseline, what_a_result_fails_with, .timeout = 10)
{
    for (const struct seen_row *row = seen_rows; row < seen_rows + COUNT_OF(seen_rows); row++) {
        SCRATCH(keep);
        struct report report;
        struct error err = { 0 };
        struct seen_result seen;
        TEXT(fails);
        cr_assert(report_parse(bytes_of(row->log), "run.ndjson", &keep, &report, &err), "%s: %s", row->label, err.text);
        report_see(report.cases->first, &keep, &seen);
        for (const struct seen_check *c = seen.checks; c < seen.checks + seen.check_count; c++)
            for (size_t i = 0; c->fails && i < c->signature_count; i++)
                text_printf(&fails, "%s%s%s", i ? "|" : fails.b.len ? "," : "", i ? "" : arena_printf(&keep, "%s=", c->name), c->signatures[i]);
        cr_expect(eq(str, (char *)text_string(&fails), (char *)row->fails), "%s", row->label);
    }
}
