/*
 * What has changed between two runs, in every way in which a case can.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "report/diff.h"
#include "report/report.h"

// clang-format off
#define RUN "{\"record\":\"run\",\"log\":2,\"started\":\"2026-11-23T18:04:11Z\",\"peer\":{\"name\":\"p\"}}\n"
#define END "{\"record\":\"end\",\"exit\":0,\"us\":1}\n"
#define CASE(id, verdict, rest) "{\"record\":\"case\",\"id\":\"" id "\",\"suite\":\"s\",\"verdict\":\"" verdict "\"" rest "}\n"
#define WHY(cause, sentence, summary) ",\"checks\":[{\"name\":\"reply\",\"verdict\":\"fail\",\"cause\":\"" cause "\",\"sentence\":\"" sentence "\"" summary "}]"
// clang-format on

static const char before[] = RUN CASE("stays", "pass", "") CASE("breaks", "pass", "") CASE("is-mended", "fail", WHY("swapped", "a 1", ""))
    CASE("fails-on", "fail", WHY("swapped", "after 12 ms", "")) CASE("fails-otherwise", "fail", WHY("swapped", "a", ""))
        CASE("other-summary", "fail", WHY("swapped", "a", ",\"summary\":\"WORDs are big\"")) CASE("not-asked", "pass", "")
            CASE("was-unsure", "inconclusive", "") CASE("falls-short", "pass", "") CASE("stays-away", "skipped", "") CASE("leaves", "pass", "") END;
static const char after[] = RUN CASE("arrives", "fail", WHY("x", "y", "")) CASE("stays", "pass", "") CASE("breaks", "fail", WHY("swapped", "it is <so>", ""))
    CASE("is-mended", "pass", "") CASE("fails-on", "fail", WHY("swapped", "after 13 ms", "")) CASE("fails-otherwise", "fail", WHY("wide", "b", ""))
        CASE("other-summary", "fail", WHY("swapped", "a", ",\"summary\":\"LONGs are big\"")) CASE("not-asked", "unsupported", "")
            CASE("was-unsure", "fail", WHY("swapped", "c", "")) CASE("falls-short", "warn", "") CASE("stays-away", "skipped", "") END;

static struct report read(const char *log, struct arena *keep)
{
    struct report r;
    struct error err = { 0 };

    cr_assert(report_parse(bytes_of(log), "run.ndjson", keep, &r, &err), "%s", err.text);
    return r;
}

Test(diff, text_tells_every_kind_of_change, .timeout = 10)
{
    SCRATCH(keep);
    struct report old = read(before, &keep), new = read(after, &keep);
    struct report_diff d;
    TEXT(out);

    report_diff_make(&old, &new, &keep, &d);
    report_diff_text(&d, &out);
    cr_expect(eq(str, (char *)text_string(&out),
                 "broken    breaks  pass → fail: it is <so>\n"
                 "changed   fails-otherwise  fail → fail: a → b\n"
                 "changed   other-summary  fail → fail: WORDs are big → LONGs are big\n"
                 "changed   was-unsure  inconclusive → fail: c\n"
                 "changed   falls-short  pass → fall short\n"
                 "untested  not-asked  pass → unsupported\n"
                 "fixed     is-mended  fail → pass\n"
                 "new       arrives  fail: y\n"
                 "gone      leaves  pass\n"
                 "1 broken, 4 changed, 1 untested, 1 fixed, 1 new, 1 gone\n"));
}

Test(diff, equal_runs_have_none, .timeout = 10)
{
    SCRATCH(keep);
    struct report old = read(before, &keep), new = read(before, &keep);
    struct report_diff d;
    TEXT(out);

    report_diff_make(&old, &new, &keep, &d);
    report_diff_text(&d, &out);
    cr_expect(eq(str, (char *)text_string(&out), "nothing has changed\n"));
}

Test(diff, json_has_both_sides, .timeout = 10)
{
    SCRATCH(keep);
    struct report old = read(RUN CASE("a", "pass", "") END, &keep), new = read(RUN CASE("a", "fail", WHY("k", "s", "")) END, &keep);
    struct report_diff d;
    TEXT(out);

    report_diff_make(&old, &new, &keep, &d);
    report_diff_json(&d, &out);
    cr_expect(strstr(text_string(&out), "\"totals\": {\n  \"broken\": 1,") != NULL);
    cr_expect(strstr(text_string(&out), "\"case\": \"a\",\n   \"change\": \"broken\",\n   \"before\": {\n    \"verdict\": \"pass\"\n   },\n"
                                        "   \"after\": {\n    \"verdict\": \"fail\",\n    \"cause\": \"s\"\n   }") != NULL, "%s", text_string(&out));
}

Test(diff, the_page_shows_it_escaped, .timeout = 10)
{
    SCRATCH(keep);
    struct report old = read(before, &keep), new = read(after, &keep);
    struct report_diff d;
    TEXT(out);

    report_diff_make(&old, &new, &keep, &d);
    new.since = &d;
    report_html(&new, &out);
    cr_expect(strstr(text_string(&out), "<h2>Since 23 Nov 2026, 18:04 UTC</h2><p>1 broken, 4 changed,") != NULL);
    cr_expect(strstr(text_string(&out), "<a href=\"#case=breaks\">breaks</a> <span>pass → fail</span>: it is &lt;so&gt;<li>") != NULL);
}

Test(badge, says_what_the_run_came_to, .timeout = 10)
{
    static const struct {
        const char *log, *title, *colour;
    } rows[] = {
        { RUN CASE("a", "pass", "") CASE("b", "pass-timed", "") CASE("c", "skipped", "") END, "<title>arcwire: 2 passed</title>", "#2e7d32" },
        { RUN CASE("a", "pass", "") CASE("b", "fail", "") END, "<title>arcwire: 1 of 2 not right</title>", "#b3261e" },
        { RUN CASE("a", "pass", ""), "<title>arcwire: 1 passed, incomplete</title>", "#8a6100" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct report r = read(rows[i].log, &keep);
        TEXT(out);
        report_badge(&r, &out);
        cr_expect(strstr(text_string(&out), rows[i].title) != NULL, "%s", text_string(&out));
        cr_expect(strstr(text_string(&out), rows[i].colour) != NULL, "%s", text_string(&out));
    }
}
