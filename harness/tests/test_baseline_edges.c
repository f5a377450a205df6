/*
 * Baselines, each public function by itself: days, patterns, what an entry holds of, how many cases were tested, and what is read from where.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "test_vector.h"
#include "verdict/baseline.h"

#define ENTRY(rest) "{'signature':'x','reason':'r'," rest "}"
#define HOLDS(entries) "{'format':1,'flaky-budget':1,'entries':[" entries "]}"

static bool parse(const char *text, const char *lines, struct arena *keep, struct baseline *out, struct error *err)
{
    const struct json *document, *beside = NULL;

    cr_assert(json_parse(bytes_of(json_of(text, keep)), "baseline.json", keep, &document, err), "%s", err->text);
    if (lines)
        cr_assert(json_parse(bytes_of(lines), "lines.json", keep, &beside, err), "%s", err->text);
    return baseline_parse(document, "baseline.json", beside, keep, out, err);
}

static void must(const char *text, struct arena *keep, struct baseline *out)
{
    struct error err = { 0 };

    cr_assert(parse(text, NULL, keep, out, &err), "%s: %s", text, err.text);
}

/* Each month has a last day, and none behind it. */
Test(baseline_edges, days_of_the_calendar, .timeout = 10)
{
    static const int last[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    static const int leap[] = { 2000, 2024, 2400 }, plain[] = { 1900, 2023, 2100, 2026 };
    char day[32];

    for (int month = 0; month <= 13; month++)
        for (int d = 0; d <= 40; d++) {
            bool is = month >= 1 && month <= 12 && d >= 1 && d <= last[month > 12 ? 0 : month - 1 + (month == 0)];
            snprintf(day, sizeof day, "2026-%02d-%02d", month, d);
            cr_expect(eq(int, baseline_is_day(day), is), "%s", day);
        }
    for (size_t i = 0; i < COUNT_OF(leap); i++) {
        snprintf(day, sizeof day, "%04d-02-29", leap[i]);
        cr_expect(baseline_is_day(day), "%s", day);
        snprintf(day, sizeof day, "%04d-02-30", leap[i]);
        cr_expect(not(baseline_is_day(day)), "%s", day);
    }
    for (size_t i = 0; i < COUNT_OF(plain); i++) {
        snprintf(day, sizeof day, "%04d-02-29", plain[i]);
        cr_expect(not(baseline_is_day(day)), "%s", day);
        snprintf(day, sizeof day, "%04d-02-28", plain[i]);
        cr_expect(baseline_is_day(day), "%s", day);
    }
}

/* Every place has a digit or a stroke, all digits are digits, and nothing stands behind. */
Test(baseline_edges, what_is_no_day, .timeout = 10)
{
    static const char right[] = "2019-09-10", other[] = "/:- a";

    cr_expect(baseline_is_day(right));
    cr_expect(baseline_is_day("0000-01-01"));
    cr_expect(baseline_is_day("9999-12-31"));
    for (size_t i = 0; i < strlen(right); i++) {
        char wrong[] = "2019-09-10";
        for (size_t k = 0; k < strlen(other); k++) {
            wrong[i] = other[k];
            cr_expect(eq(int, baseline_is_day(wrong), wrong[i] == right[i]), "%s", wrong);
        }
        if (right[i] == '-') {
            wrong[i] = '0';
            cr_expect(not(baseline_is_day(wrong)), "%s", wrong);
        }
        wrong[i] = 0;
        cr_expect(not(baseline_is_day(wrong)), "%s", wrong);
    }
    for (char behind = 1; behind < 127; behind++) {
        char wrong[] = "2019-09-10?";
        wrong[10] = behind;
        cr_expect(not(baseline_is_day(wrong)), "%d", behind);
    }
}

Test(baseline_edges, patterns, .timeout = 10)
{
    static const struct {
        const char *pattern, *text;
        bool match;
    } rows[] = {
        { "*", "a", true },       { "a", "a", true },       { "a", "b", false },      { "b", "a", false },      { "a", "ab", false },
        { "+", "a", false },      { "a*", "a", true },      { "a*", "ab", true },     { "a*", "b", false },     { "*b", "ab", true },
        { "*b", "ba", false },    { "a?", "ab", true },     { "a?", "a", false },     { "a?", "abc", false },   { "[ab]", "b", true },
        { "[ab]", "c", false },   { "a\\\\b", "ab", true }, { "a\\\\b", "ac", false }, { "a*", "a/b", true },  { "a.b", "axb", false },
    };
    static const char *const keys[] = { "case", "check", "delivery", "profile" };

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (size_t k = 0; k < COUNT_OF(keys); k++) {
            SCRATCH(keep);
            struct baseline b;
            const char *own = arena_printf(&keep, "'%s':'%s'%s", keys[k], rows[i].pattern, k ? ",'case':'q'" : "");
            const char *text = rows[i].text;
            must(arena_printf(&keep, HOLDS(ENTRY("%s")), own), &keep, &b);
            const struct seen_check c = { .name = k == 1 ? text : "q", .fails = true };
            const struct seen_result r = { .id = k == 0 ? text : "q", .delivery = k == 2 ? text : "q", .profile = k == 3 ? text : "q", .verdict = VERDICT_FAIL,
                                           .checks = &c, .check_count = 1 };
            cr_expect(eq(int, baseline_entry_is_about(b.entries, &r, &c), rows[i].match), "%s %s of %s", keys[k], rows[i].pattern, text);
        }
}

/* One that is flaky is about what is unstable, any other about what is not. */
Test(baseline_edges, what_an_entry_holds_of, .timeout = 10)
{
    static const struct {
        const char *label, *entry;
        enum verdict verdict;
        const char *checks[3]; // name=signature where they fail, name:signature where they do not
        bool holds;
    } rows[] = {
        { "it fails so", ENTRY("'case':'a'"), VERDICT_FAIL, { "reply=x" }, true },
        { "it fails otherwise", ENTRY("'case':'a'"), VERDICT_FAIL, { "reply=y" }, false },
        { "it does not fail", ENTRY("'case':'a'"), VERDICT_FAIL, { "reply:x" }, false },
        { "another check does not fail, and this one does otherwise", ENTRY("'case':'a'"), VERDICT_FAIL, { "reply:x", "end=y" }, false },
        { "the last of several", ENTRY("'case':'a'"), VERDICT_FAIL, { "reply", "end=y", "next=x" }, true },
        { "in the check that it names", ENTRY("'case':'a','check':'end'"), VERDICT_FAIL, { "reply=y", "end=x" }, true },
        { "in another", ENTRY("'case':'a','check':'end'"), VERDICT_FAIL, { "reply=x", "end" }, false },
        { "of another case", ENTRY("'case':'b'"), VERDICT_FAIL, { "reply=x" }, false },
        { "under another delivery", ENTRY("'case':'a','delivery':'bytewise'"), VERDICT_FAIL, { "reply=x" }, false },
        { "unstable", ENTRY("'case':'a'"), VERDICT_UNSTABLE, { "reply=x" }, false },
        { "flaky", ENTRY("'case':'a','flaky':true"), VERDICT_UNSTABLE, { "reply=x" }, true },
        { "flaky, and it fails each time", ENTRY("'case':'a','flaky':true"), VERDICT_FAIL, { "reply=x" }, false },
        { "nothing was checked", ENTRY("'case':'a'"), VERDICT_INCONCLUSIVE, { NULL }, false },
    };
    static const char *const held = "x";

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct baseline b;
        struct seen_check checks[COUNT_OF(rows[0].checks) + 2];
        const char *signatures[COUNT_OF(rows[0].checks)];
        struct seen_result r = { .id = "a", .delivery = "plain", .profile = "p", .verdict = rows[i].verdict, .checks = checks + 1 };
        checks[0] = (struct seen_check){ "before", &held, 1, true }; // neither it nor the one behind is of the result
        while (r.check_count < COUNT_OF(rows[0].checks) && rows[i].checks[r.check_count]) {
            const char *said = rows[i].checks[r.check_count];
            size_t len = strcspn(said, "=:");
            signatures[r.check_count] = said[len] ? said + len + 1 : "pass";
            checks[1 + r.check_count] =
                (struct seen_check){ arena_printf(&keep, "%.*s", (int)len, said), &signatures[r.check_count], 1, said[len] == '=' };
            r.check_count++;
        }
        checks[1 + r.check_count] = (struct seen_check){ "behind", &held, 1, true };
        must(arena_printf(&keep, HOLDS("%s"), rows[i].entry), &keep, &b);
        cr_expect(eq(int, baseline_entry_holds(b.entries, &r), rows[i].holds), "%s", rows[i].label);
    }
}

Test(baseline_edges, cases_that_were_tested, .timeout = 10)
{
    static const struct {
        const char *label;
        struct seen_result results[4];
        size_t count;
        uint64_t cases; // up to version 2
    } rows[] = {
        { "one", { { .id = "a", .since = 2, .verdict = VERDICT_PASS } }, 1, 1 },
        { "one that is newer", { { .id = "a", .since = 3, .verdict = VERDICT_PASS } }, 1, 0 },
        { "bad ones, too", { { .id = "a", .verdict = VERDICT_FAIL }, { .id = "b", .verdict = VERDICT_INCONCLUSIVE } }, 2, 2 },
        { "not what was not tested", { { .id = "a", .verdict = VERDICT_UNSUPPORTED }, { .id = "b", .verdict = VERDICT_ERROR }, { .id = "c", .verdict = VERDICT_SKIPPED } }, 3, 0 },
        { "one of several results is enough", { { .id = "a", .verdict = VERDICT_SKIPPED }, { .id = "a", .verdict = VERDICT_PASS }, { .id = "b", .verdict = VERDICT_PASS } }, 3, 2 },
        { "each once", { { .id = "a", .verdict = VERDICT_PASS }, { .id = "a", .verdict = VERDICT_PASS }, { .id = "b", .verdict = VERDICT_SKIPPED } }, 3, 1 },
        { "what stands behind is none of them", { { .id = "a", .verdict = VERDICT_SKIPPED }, { .id = "a", .verdict = VERDICT_PASS } }, 1, 0 },
        { "nor a further case", { { .id = "a", .verdict = VERDICT_PASS }, { .id = "b", .verdict = VERDICT_PASS } }, 1, 1 },
        { "none", { { .id = "a", .verdict = VERDICT_PASS } }, 0, 0 },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct seen_run run = { .results = (struct seen_result *)rows[i].results, .count = rows[i].count };
        cr_assert(eq(u64, baseline_cases(&run, 2), rows[i].cases), "%s", rows[i].label);
    }
}

/* The first entry that says something of a result; of one that passes, the one that says that it fails. */
Test(baseline_edges, which_entry_is_told, .timeout = 10)
{
    static const struct {
        const char *label, *entries, *check, *signature;
        bool fails;
        int entry; // -1: none
    } rows[] = {
        { "none", ENTRY("'case':'b'"), "reply", "x", true, -1 },
        { "the only one", ENTRY("'case':'b'") "," ENTRY("'case':'a'"), "reply", "x", true, 1 },
        { "the first", ENTRY("'case':'a'") "," ENTRY("'case':'a*'"), "reply", "x", true, 0 },
        { "also where it fails otherwise", ENTRY("'case':'b'") "," ENTRY("'case':'a'"), "reply", "y", true, 1 },
        { "the one that is gone", ENTRY("'case':'a*'") "," ENTRY("'case':'a'"), "reply", "pass", false, 1 },
        { "… the first of these", ENTRY("'case':'a*'") "," ENTRY("'case':'a'") "," ENTRY("'case':'a','check':'reply'"), "reply", "pass", false, 1 },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct baseline b;
        struct complaints complaints;
        const struct seen_check c = { rows[i].check, &rows[i].signature, 1, rows[i].fails };
        struct baseline_entry stale = { 0 };
        struct seen_result r = { .id = "a", .delivery = "plain", .profile = "p", .verdict = rows[i].fails ? VERDICT_FAIL : VERDICT_PASS, .checks = &c, .check_count = 1,
                                 .entry = &stale };
        struct seen_run run = { .results = &r, .count = 1, .selection = "", .complete = true, .today = "2026-11-23" };
        must(arena_printf(&keep, HOLDS("%s"), rows[i].entries), &keep, &b);
        baseline_judge(&b, &run, &keep, &complaints);
        cr_expect(eq(int, r.entry ? (int)(r.entry - b.entries) : -1, rows[i].entry), "%s", rows[i].label);
    }
}

/* What is not told is not compared: neither a profile nor types. */
Test(baseline_edges, what_is_offered_is_compared_where_both_tell_it, .timeout = 10)
{
    static const struct {
        const char *knows, *profile;
        bool has_types;
        const char *said;
    } rows[] = {
        { "'vectors':1,'cases':0,'profile':'p','types':['t','u']", "q", true, "the peer's profile is q, and the baseline knows p|the peer offers no more: u|" },
        { "'vectors':1,'cases':0,'profile':'p','types':['t','u']", "p", true, "the peer offers no more: u|" },
        { "'vectors':1,'cases':0,'profile':'p','types':['t','u']", NULL, false, "" },
        { "'vectors':1,'cases':0,'types':['u']", "q", false, "" },
        { "'vectors':1,'cases':0", "q", true, "" },
        { "'vectors':1,'cases':0,'types':[]", "q", true, "" },
    };
    static const char *types[] = { "t" };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        TEXT(said);
        struct baseline b;
        struct complaints complaints;
        struct seen_run run = { .selection = "", .complete = true, .today = "2026-11-23", .profile = rows[i].profile, .types = { types, 1 }, .has_types = rows[i].has_types };
        must(arena_printf(&keep, "{'format':1,'knows':{%s},'entries':[]}", rows[i].knows), &keep, &b);
        baseline_judge(&b, &run, &keep, &complaints);
        for (size_t k = 0; k < complaints.count; k++)
            text_printf(&said, "%s|", complaints.items[k].text);
        cr_expect(eq(str, (char *)text_string(&said), (char *)rows[i].said), "%s", rows[i].knows);
    }
}

/* In a log all stands on one line, and where the entries stood is told beside them. */
Test(baseline_edges, lines_of_entries_may_be_told_beside_them, .timeout = 10)
{
    static const struct {
        const char *lines;
        unsigned line[2]; // of the two entries
        const char *said; // NULL: it is taken
    } rows[] = {
        { NULL,         { 1, 1 },  NULL },
        { "[7, 12]",    { 7, 12 }, NULL },
        { "[7]",        { 7, 1 },  NULL },
        { "[7, 12, 9]", { 7, 12 }, NULL },
        { "[]",         { 1, 1 },  NULL },
        { "7",          { 0 },     "lines.json:1: expected an array, found 7" },
        { "[7, true]",  { 0 },     "lines.json:1: [1]: expected an integer from 0 to 4294967295, found true or false" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct error err = { 0 };
        struct baseline b;
        bool taken = parse(HOLDS(ENTRY("'case':'a'") "," ENTRY("'case':'b'")), rows[i].lines, &keep, &b, &err);
        if (rows[i].said) {
            cr_expect(not(taken), "%s", rows[i].lines);
            cr_expect(eq(str, err.text, (char *)rows[i].said));
            continue;
        }
        cr_assert(taken, "%s", err.text);
        cr_assert(eq(sz, b.count, 2));
        for (int k = 0; k < 2; k++)
            cr_expect(eq(uint, b.entries[k].line, rows[i].line[k]), "%s", rows[i].lines);
    }
}

/* So many are read, of which here the first is wrong, and one more is not even looked at. */
Test(baseline_edges, the_most_entries, .timeout = 10)
{
    static const char *const due[] = { "baseline.json:1: entries[0]: expected an object, found 7", "baseline.json:1: entries: 10001 entries, 10000 are the most" };

    for (int more = 0; more < 2; more++) {
        SCRATCH(keep);
        TEXT(text);
        struct baseline b;
        struct error err = { 0 };
        text_add(&text, "{'format':1,'entries':[7");
        for (int i = 1; i < BASELINE_ENTRIES_MAX + more; i++)
            text_add(&text, ",7");
        text_add(&text, "]}");
        cr_expect(not(parse(text_string(&text), NULL, &keep, &b, &err)));
        cr_expect(eq(str, err.text, (char *)due[more]));
    }
}

/* All that a baseline may say, and what stands where it does not. */
Test(baseline_edges, what_it_says_is_read, .timeout = 10)
{
    SCRATCH(keep);
    struct baseline b;

    must("{'format':1,'note':['m','n'],'flaky-budget':3,'knows':{'vectors':4,'cases':5,'profile':'p','selection':'s','types':['t','u'],'revs':{'a':2},'note':'o'},\n"
         "'entries':[\n{'case':'a','check':'b','delivery':'c','profile':'d','signature':'e','flaky':true,'reason':'f','issue':'g','until':'2027-03-31','note':[]},\n"
         "{'case':'h','signature':'i','reason':'j'}]}",
         &keep, &b);
    cr_expect(eq(str, (char *)b.file, "baseline.json"));
    cr_expect(b.flaky_budget == 3 && b.knows.told && b.knows.vectors == 4 && b.knows.cases == 5 && b.knows.has_types && b.knows.has_revs);
    cr_expect(eq(str, (char *)b.knows.profile, "p"));
    cr_expect(eq(str, (char *)b.knows.selection, "s"));
    cr_assert(b.knows.types.count == 2 && b.knows.rev_count == 1 && b.count == 2);
    cr_expect(strcmp(b.knows.types.names[0], "t") == 0 && strcmp(b.knows.types.names[1], "u") == 0);
    cr_expect(strcmp(b.knows.revs[0].id, "a") == 0 && b.knows.revs[0].rev == 2);
    const struct baseline_entry *e = b.entries;
    const char *all[] = { e->id, e->check, e->delivery, e->profile, e->signature, e->reason, e->issue, e->until };
    const char *due[] = { "a", "b", "c", "d", "e", "f", "g", "2027-03-31" };
    for (size_t i = 0; i < COUNT_OF(due); i++)
        cr_expect(eq(str, (char *)all[i], (char *)due[i]));
    cr_expect(e->flaky && e->line == 3);
    e++;
    cr_expect(strcmp(e->check, "*") == 0 && strcmp(e->delivery, "*") == 0 && strcmp(e->profile, "*") == 0 && !e->issue && !e->until && !e->flaky && e->line == 4);

    must("{'format':1,'entries':[]}", &keep, &b);
    cr_expect(b.flaky_budget == 0 && !b.knows.told && !b.knows.profile && !b.knows.has_types && !b.knows.has_revs && b.count == 0);
    cr_expect(eq(str, (char *)b.knows.selection, ""));
}

Test(baseline_edges, is_read_from_a_file, .timeout = 10)
{
    static const struct {
        const char *text, *said; // NULL: it is read
    } rows[] = {
        { "{'format':1,'entries':[]}", NULL },
        { "{'format':1}",              "b.json:1: has no \"entries\"" },
        { "{",                         "b.json:1:2: expected a key in quotes, found the end" },
    };
    char place[] = "/tmp/arcwire-test-XXXXXX";
    struct error err = { 0 };
    struct baseline b;
    SCRATCH(keep);

    cr_assert(mkdtemp(place) != NULL && chdir(place) == 0);
    cr_expect(not(baseline_read("b.json", &keep, &b, &err)));
    cr_expect(strstr(err.text, "b.json") != NULL, "%s", err.text);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        cr_assert(file_write("b.json", bytes_of(json_of(rows[i].text, &keep)), &err));
        bool read = baseline_read("b.json", &keep, &b, &err);
        cr_expect(eq(int, read, !rows[i].said), "%s", rows[i].text);
        if (rows[i].said)
            cr_expect(eq(str, err.text, (char *)rows[i].said));
    }
    cr_assert(chdir("/") == 0);
    file_remove_directory(place);
}
