/*
 * What is made of a run: report.json, report.html and the console, from one small log.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "json/json.h"
#include "report/assets.h"
#include "report/markup.h"
#include "report/matrix.h"
#include "report/report.h"

#define EVIL "<script>alert(1)</script>\\\"'&"

// clang-format off
#define RUN                                                                                                            \
    "{\"record\":\"run\",\"log\":1,\"arcwire\":\"0.1\",\"vectors\":{\"version\":\"3\",\"digest\":\"5b\"},"             \
    "\"seed\":\"0x5eed01\",\"started\":\"2026-11-23T18:04:11Z\",\"command\":\"arcwire run --peer x\","                 \
    "\"peer\":{\"name\":\"x\",\"title\":\"X & Sons\",\"how\":\"--peer x\",\"dial\":\"us\"},"                           \
    "\"deliveries\":[\"plain\"],\"selected\":3}\n"                                                                     \
    "{\"record\":\"profile\",\"generation\":\"10\",\"charset\":\"unicode\",\"bits\":64,\"from\":\"capabilities\"}\n"
#define PASSED                                                                                                         \
    "{\"record\":\"case\",\"id\":\"ends-fin\",\"rev\":1,\"suite\":\"ends\",\"delivery\":\"plain\","                    \
    "\"profile\":\"10-unicode-64\",\"title\":\"FIN ends it\",\"why\":\"A reset destroys.\",\"level\":\"must\","        \
    "\"clauses\":[\"SVC-13\"],\"verdict\":\"pass\",\"us\":152,\"checks\":[{\"name\":\"end\",\"clauses\":[\"SVC-13\"]," \
    "\"level\":\"must\",\"verdict\":\"pass\",\"axis\":\"end\",\"op\":3}],"                                               \
    "\"again\":\"arcwire run ends-fin\"}\n{\"record\":\"conversation\",\"connections\":[\"main\"],\"program\":["        \
    "{\"op\":\"send\",\"on\":0,\"who\":\"client\",\"control\":\"next\",\"hex\":\"040007000000\",\"fields\":["          \
    "{\"at\":0,\"len\":2,\"type\":\"word\",\"text\":\"4\"},{\"at\":2,\"len\":4,\"type\":\"dword\",\"text\":\"7\"}]},"  \
    "{\"op\":\"receive\",\"on\":0,\"who\":\"server\",\"control\":\"next\",\"hex\":\"000008000000\"},"                  \
    "{\"op\":\"shutdown\",\"on\":0,\"who\":\"client\"},{\"op\":\"await-end\",\"on\":0,\"who\":\"server\"}],"           \
    "\"trace\":[{\"us\":10,\"on\":0,\"op\":0,\"sent\":6,\"from\":0,\"segments\":1},"                                   \
    "{\"us\":80,\"on\":0,\"op\":1,\"received\":6,\"from\":0},"                                                         \
    "{\"us\":90,\"on\":0,\"op\":2,\"event\":\"fin-sent\"},{\"us\":1500,\"on\":0,\"op\":3,\"event\":\"fin\"}]}\n"
#define FAILED                                                                                                         \
    "{\"record\":\"case\",\"id\":\"map@op=make\",\"rev\":2,\"suite\":\"maps\",\"delivery\":\"plain\","                 \
    "\"profile\":\"10-unicode-64\",\"title\":\"Keys are WORDs\",\"hint\":\"Use the operators.\",\"level\":\"must\","   \
    "\"clauses\":[\"COL-1\"],\"verdict\":\"fail\",\"us\":152,\"checks\":[{\"name\":\"reply\",\"clauses\":[\"BO-1\"],"  \
    "\"level\":\"must\",\"verdict\":\"fail\",\"axis\":\"data\",\"op\":1,\"cause\":\"bytes-swapped\","                  \
    "\"sentence\":\"the bytes of a WORD are swapped\",\"at\":2,\"field\":1,\"expected\":\"0201\",\"got\":\"0102\","    \
    "\"expected-text\":\"258\",\"got-text\":\"513\"}],"                                                              \
    "\"again\":\"arcwire run 'map@op=make'\"}\n{\"record\":\"conversation\",\"connections\":[\"main\"],\"program\":["   \
    "{\"op\":\"send\",\"on\":0,\"who\":\"client\",\"hex\":\"030007\",\"fields\":["                                     \
    "{\"at\":0,\"len\":2,\"type\":\"word\",\"text\":\"3\",\"name\":\"op\"},{\"at\":2,\"len\":1,\"type\":\"byte\",\"text\":\"7\"}]},"                                       \
    "{\"op\":\"receive\",\"on\":0,\"who\":\"server\",\"check\":\"reply\",\"hex\":\"00000201\",\"fields\":["            \
    "{\"at\":0,\"len\":2,\"type\":\"word\",\"text\":\"0\"},{\"at\":2,\"len\":2,\"type\":\"word\",\"text\":\"258\"}]}],"\
    "\"trace\":[{\"us\":10,\"on\":0,\"op\":0,\"sent\":1,\"from\":0,\"segments\":1},"                                   \
    "{\"us\":11,\"on\":0,\"op\":0,\"sent\":2,\"from\":1,\"segments\":1},"                                              \
    "{\"us\":80,\"on\":0,\"op\":1,\"received\":4,\"hex\":\"00000102\"}]}\n"
#define UNSUPPORTED                                                                                                    \
    "{\"record\":\"case\",\"id\":\"time\",\"rev\":1,\"suite\":\"values\",\"delivery\":\"plain\","                      \
    "\"profile\":\"10-unicode-64\",\"title\":\"CTime\",\"clauses\":[],\"verdict\":\"unsupported\","                    \
    "\"reason\":\"no time\",\"us\":0,\"checks\":[]}\n"
#define WARNED                                                                                                         \
    "{\"record\":\"case\",\"id\":\"late\",\"suite\":\"ends\",\"delivery\":\"plain\",\"verdict\":\"warn\"}\n"
#define UNSTABLE                                                                                                       \
    "{\"record\":\"case\",\"id\":\"next\",\"rev\":1,\"suite\":\"ends\",\"delivery\":\"plain\",\"profile\":\"10-unicode-64\","   \
    "\"title\":\"One more\",\"clauses\":[],\"verdict\":\"unstable\",\"reason\":\"fail here, pass then\",\"us\":9,"             \
    "\"checks\":[{\"name\":\"reply\",\"clauses\":[\"SVC-6\"],\"level\":\"must\",\"verdict\":\"fail\",\"axis\":\"data\",\"op\":0,"  \
    "\"sentence\":\"differs\",\"at\":0,\"field\":0,\"expected\":\"08\",\"got\":\"09\"}],\"repeated\":true,\"first\":\"fail\","     \
    "\"second\":{\"verdict\":\"pass\",\"us\":8,\"checks\":[{\"name\":\"reply\",\"verdict\":\"pass\",\"op\":0}]},"                  \
    "\"again\":\"arcwire run next\"}\n"                                                                               \
    "{\"record\":\"conversation\",\"connections\":[\"main\"],\"program\":[{\"op\":\"receive\",\"on\":0,\"who\":\"server\"," \
    "\"hex\":\"08\"}],\"trace\":[{\"us\":1,\"on\":0,\"op\":0,\"received\":1,\"hex\":\"09\"}]}\n"                           \
    "{\"record\":\"conversation\",\"connections\":[\"main\"],\"program\":[{\"op\":\"receive\",\"on\":0,\"who\":\"server\"," \
    "\"hex\":\"08\"}],\"trace\":[{\"us\":1,\"on\":0,\"op\":0,\"received\":1,\"from\":0}]}\n"
#define END "{\"record\":\"end\",\"exit\":1,\"us\":610000}\n"
// clang-format on

struct made {
    struct arena keep;
    struct report report;
    struct text json, html, text;
};

static void made_release(struct made *m)
{
    text_free(&m->json);
    text_free(&m->html);
    text_free(&m->text);
    arena_free(&m->keep);
}

#define MADE(name, log)                                                                                                \
    __attribute__((cleanup(made_release))) struct made name = { 0 };                                                   \
    make(&name, log)

static void make(struct made *m, const char *log)
{
    struct error err = { 0 };

    cr_assert(report_parse(bytes_of(log), "run.ndjson", &m->keep, &m->report, &err), "%s",
              err.text);
    report_json(&m->report, &m->json);
    report_html(&m->report, &m->html);
    report_text(&m->report, &m->text);
}

static void expect_piece(const struct text *in, const char *piece)
{
    cr_expect(strstr(text_string(in), piece) != NULL, "missing: %s", piece);
}

/* ---- the page ---- */

Test(report_html, pieces, .timeout = 10)
{
    MADE(m, RUN PASSED FAILED UNSUPPORTED END);
    // clang-format off
    static const char *const pieces[] = {
        "<title>1 of 3 cases fails – x – arcwire</title>",
        "<header class=f><h1><b>✗</b> 1 of 3 cases fails</h1><p>The cause: the bytes of a WORD are swapped.</p></header>",
        "<dt>Peer<dd>X &amp; Sons <small>x</small></div>",
        "<dt>Profile<dd>unicode, 64 bit, as MFC 10</div>",
        "<dt>Started<dd>23 Nov 2026, 18:04 UTC</div>",
        "<dt>Took<dd>0.61 s</div>",
        // why
        "<li id=\"cause=0\"><b>1<span> case</span></b><div><h3>the bytes of a WORD are swapped</h3><p>Use the operators.",
        "<a href=\"#case=map@op=make\">map@op=make</a>",
        // where
        "<tr><th scope=row>ends<td class=p>✓ 1<tr><th scope=row>maps<td class=f><a href=\"#case=map@op=make\">✗ 1 of 1</a>"
        "<tr><th scope=row>values<td class=u>– 1",
        // the list
        "<button type=button class=f data-v=f aria-pressed=false><b>✗</b> 1 fail</button>",
        "\n<details class=f id=\"case=map@op=make\" data-s=1 data-c=0 data-k=\"COL-1\" data-d=f open><summary><b>✗</b><code>map@op=make</code><span>Keys are WORDs"
        "<i>the bytes of a WORD are swapped</i></span><em>fail</em></summary>",
        // due beside got
        "<dl class=eg><div><dt>due<dd><mark>02</mark> 01<p>word 258</div><div class=f><dt>got<dd><mark>01</mark> 02"
        "<p>word 513</div></dl>",
        // what was said, in two segments; what came; what was due
        "<dt>0.010<dd class=c><b>client</b> 3 bytes in 2 segments: 1 + 2<ol><li>03 ¦ 00<p>op 3<li>07<p>byte 7</ol>"
        "<dt>0.080<dd class=s><b>server</b> 4 bytes<ol><li>00 00<p>word 0<li class=x><mark>01</mark> 02<p>word 513</ol>"
        "<dt class=d>due<dd class=d>4 bytes<ol><li>00 00<p>word 0<li class=x><mark>02</mark> 01<p>word 258</ol>",
        "<p class=a><code>arcwire run &#39;map@op=make&#39;</code>",
        // a control, folded; ends
        "<dt>0.010<dd class=q><details><summary>control next</summary><p>client <code>04 00 07 00 00 00</code> word 4, dword 7"
        "<p>server <code>00 00 08 00 00 00</code></details>"
        "<dt>0.090<dd class=q><b>client</b> ends its direction (FIN)<dt>1.500<dd class=q><b>server</b> ends its direction (FIN)",
        "<ul class=ax><li class=p>✓ End: end</ul>",
        "<ul class=dv><li class=u>– plain unsupported, no time</ul>",
    };
    // clang-format on

    for (size_t i = 0; i < COUNT_OF(pieces); i++)
        expect_piece(&m.html, pieces[i]);
    cr_expect(strstr(text_string(&m.html), "id=\"case=map@op=make\"") <
                  strstr(text_string(&m.html), "id=\"case=ends-fin\""),
              "failing cases stand first");
}

#define CLAUSES                                                                                                        \
    "{\"record\":\"clauses\",\"clauses\":["                                                                           \
    "{\"id\":\"COL-1\",\"level\":\"must\",\"provenance\":\"observed\",\"text\":\"A map's keys are WORDs.\",\"genuine\":true,"   \
    "\"guards\":[\"x:<a>\",\"x:b\",\"x:c\",\"x:d\",\"x:e\",\"x:f\",\"x:g\",\"x:h\"]},"                                                 \
    "{\"id\":\"SVC-13\",\"level\":\"should\",\"provenance\":\"inferred\",\"text\":\"It ends.\",\"guards\":[]},"              \
    "{\"id\":\"WS-1\",\"level\":\"must\",\"provenance\":\"documented\",\"text\":\"A < B.\",\"no-case\":\"unseen\"}]}\n"

/* What each clause asks for, and what the cases that cite it say: the broken ones stand first. */
Test(report_html, clauses, .timeout = 10)
{
    MADE(m, RUN CLAUSES PASSED FAILED UNSUPPORTED END);
    static const char *const pieces[] = {
        " clauses are cited by cases of this run; 1 can be shown by none.</p>",
        ("<tbody><tr id=\"clause=COL-1\"><th scope=row>COL-1<td class=said>A map&#39;s keys are WORDs. <small>must, observed, shown by genuine "
        "bytes</small><p><small>Guarded by 8 flaws: x:&lt;a&gt;, x:b, x:c, x:d, x:e, x:f<span title=\"x:g, x:h\">, and 2 more</span></small><td class=f><a href=\"#case=map@op=make\">✗ 1 of 1</a></table></div><details class=o><summary>The others</summary>"),
        "<tr id=\"clause=WS-1\"><th scope=row>WS-1<td class=said>A &lt; B. <small>must, documented</small><p><small>No case: unseen</small><td>",
        "It ends. <small>should, inferred</small><p><small>No flaw guards it</small><td",
        "<dl class=kl><dt><a href=\"#clause=COL-1\">COL-1</a><dd>A map&#39;s keys are WORDs.",
    };

    for (size_t i = 0; i < COUNT_OF(pieces); i++)
        expect_piece(&m.html, pieces[i]);
}

// clang-format off
static const struct headline_row {
    const char *log, *headline;
} headline_rows[] = {
    { RUN PASSED "{\"record\":\"end\",\"exit\":0}\n",             "<header class=p><h1><b>✓</b> 1 case passes</h1>"       },
    { RUN PASSED UNSUPPORTED "{\"record\":\"end\",\"exit\":0}\n", "<header class=p><h1><b>✓</b> 1 case passes, 1 not tested</h1>" },
    { RUN PASSED,                                                 "<header class=i><h1><b>?</b> Incomplete: 1 case passes so far</h1>" },
    { RUN "{\"record\":\"end\",\"exit\":7}\n",                    "<header class=i><h1><b>?</b> Nothing was tested</h1>"      },
    { RUN PASSED "{\"record\":\"end\",\"exit\":5}\n",             "<header class=i><h1><b>?</b> 1 case passes</h1><p>The baseline" },
    { RUN WARNED "{\"record\":\"end\",\"exit\":0}\n",             "<header class=p><h1><b>✓</b> No case fails, 1 falls short of a should</h1>" },
};
// clang-format on

Test(report_html, the_headline_answers_whether_it_is_green, .timeout = 10)
{
    for (size_t i = 0; i < COUNT_OF(headline_rows); i++) {
        MADE(m, headline_rows[i].log);
        expect_piece(&m.html, headline_rows[i].headline);
    }
}

Test(report_html, a_passing_case_is_small, .timeout = 10)
{
    MADE(m, RUN PASSED END);
    const char *from = strstr(text_string(&m.html), "\n<details class=p"),
               *to = strstr(from, "\n<footer");

    cr_expect(lt(sz, (size_t)(to - from), 1100));
}

/* A log in which everything that can be text is EVIL. */
// clang-format off
#define EVIL_LOG                                                                                                       \
    "{\"record\":\"run\",\"log\":1,\"arcwire\":\"" EVIL "\",\"vectors\":{\"version\":\"" EVIL "\"},"                   \
    "\"command\":\"" EVIL "\",\"seed\":\"" EVIL "\",\"started\":\"" EVIL "\","                                         \
    "\"peer\":{\"name\":\"" EVIL "\",\"title\":\"" EVIL "\"},\"deliveries\":[\"" EVIL "\"]}\n"                         \
    "{\"record\":\"profile\",\"generation\":\"" EVIL "\",\"charset\":\"" EVIL "\"}\n"                                  \
    "{\"record\":\"case\",\"id\":\"" EVIL "\",\"suite\":\"" EVIL "\",\"delivery\":\"" EVIL "\",\"profile\":\"" EVIL    \
    "\",\"title\":\"" EVIL "\",\"why\":\"" EVIL "\",\"hint\":\"" EVIL "\",\"level\":\"" EVIL "\",\"clauses\":[\"" EVIL \
    "\"],\"verdict\":\"fail\",\"reason\":\"" EVIL "\",\"again\":\"" EVIL "\",\"checks\":[{\"name\":\"" EVIL            \
    "\",\"clauses\":[\"" EVIL "\"],\"level\":\"" EVIL "\",\"verdict\":\"fail\",\"axis\":\"data\",\"op\":0,"            \
    "\"cause\":\"" EVIL "\",\"sentence\":\"" EVIL "\",\"at\":0,\"field\":0,\"expected\":\"00\",\"got\":\"01\","        \
    "\"expected-text\":\"" EVIL "\",\"got-text\":\"" EVIL "\"}]}\n{\"record\":\"conversation\",\"connections\":[\"" EVIL "\",\"" EVIL "\"],"          \
    "\"program\":[{\"op\":\"receive\",\"on\":0,\"who\":\"server\",\"hex\":\"00\",\"fields\":[{\"at\":0,\"len\":1,"     \
    "\"type\":\"" EVIL "\",\"text\":\"" EVIL "\",\"name\":\"" EVIL "\"}]},"                                            \
    "{\"op\":\"send\",\"on\":1,\"who\":\"client\",\"hex\":\"00\",\"control\":\"" EVIL "\",\"fields\":[{\"at\":0,"      \
    "\"len\":1,\"type\":\"" EVIL "\",\"text\":\"" EVIL "\"}]}],"                                                       \
    "\"trace\":[{\"us\":1,\"on\":0,\"op\":0,\"received\":1,\"hex\":\"01\"},"                                           \
    "{\"us\":2,\"on\":1,\"op\":0,\"event\":\"" EVIL "\",\"note\":\"" EVIL "\"},"                                       \
    "{\"us\":3,\"on\":1,\"op\":1,\"sent\":1,\"from\":0,\"segments\":1}]}\n"                                            \
    "{\"record\":\"end\",\"incomplete\":\"" EVIL "\"}\n"
// clang-format on

Test(report_html, what_others_say_stays_text, .timeout = 10)
{
    MADE(m, EVIL_LOG);
    const char *body = strstr(text_string(&m.html), "<main>");

    cr_expect(strstr(body, "<script") == NULL);
    cr_expect(strstr(body, "\"'") == NULL, "a quote that ends an attribute");
    expect_piece(&m.html, "id=\"case=&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;\"");
    expect_piece(&m.html, "href=\"#case=%3Cscript%3Ealert%281%29%3C%2Fscript%3E%22%27%26\"");
}

// clang-format off
static const struct markup_row {
    const char *label, *from, *html, *terminal;
} markup_rows[] = {
    { "markup",          "<a b=\"c\" d='e'>&amp;", "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;", "<a b=\"c\" d='e'>&amp;" },
    { "terminal codes",  "a\x1b[31mb\rc\x7f",      "a\\x1b[31mb\\x0dc\\x7f",   "a\\x1b[31mb\\x0dc\\x7f"   },
    { "C1 codes",        "\xc2\x9b",               "\\x9b",                    "\\x9b"                    },
    { "turned writing",  "\xe2\x80\xae" "gpj.exe", "\\u202egpj.exe",           "\\u202egpj.exe"           },
    { "nothing to see",  "a\xe2\x80\x8b" "b",      "a\\u200bb",                "a\\u200bb"                },
    { "letters",         "gr\xc3\xbc\xc3\x9f \xe6\x97\xa5 \xf0\x9f\x99\x82", "gr\xc3\xbc\xc3\x9f \xe6\x97\xa5 \xf0\x9f\x99\x82", "gr\xc3\xbc\xc3\x9f \xe6\x97\xa5 \xf0\x9f\x99\x82" },
    { "broken UTF-8",    "a\xff\xc3",              "a\\xff\\xc3",              "a\\xff\\xc3"              },
    { "cut UTF-8",       "\xe2\x80",               "\\xe2\\x80",               "\\xe2\\x80"               },
};
// clang-format on

Test(report_markup, steering_characters_become_codes, .timeout = 10)
{
    for (const struct markup_row *t = markup_rows; t < markup_rows + COUNT_OF(markup_rows); t++) {
        TEXT(html);
        TEXT(terminal);
        markup_add(&html, MARKUP_HTML, t->from);
        markup_add(&terminal, MARKUP_NONE, t->from);
        cr_expect(eq(str, (char *)text_string(&html), (char *)t->html), "%s", t->label);
        cr_expect(eq(str, (char *)text_string(&terminal), (char *)t->terminal), "%s", t->label);
    }
}

// clang-format off
static const struct duration_row {
    int64_t us;
    const char *words;
} duration_rows[] = {
    { 0,        "0 µs"    }, { 999,      "999 µs"  }, { 1000,      "1.00 ms"     }, { 9994,      "9.99 ms" },
    { 10000,    "10.0 ms" }, { 99949,    "99.9 ms" }, { 100000,    "0.10 s"      }, { 610000,    "0.61 s"  },
    { 59990000, "59.99 s" }, { 60000000, "1 min 0 s" }, { 125000000, "2 min 5 s" }, { -1,        "unknown" },
};
// clang-format on

Test(report_markup, durations_and_counts_read_well, .timeout = 10)
{
    for (size_t i = 0; i < COUNT_OF(duration_rows); i++) {
        TEXT(is);
        markup_duration(&is, duration_rows[i].us);
        cr_expect(eq(str, (char *)text_string(&is), (char *)duration_rows[i].words));
    }
    static const struct {
        int64_t us[4];
        const char *words;
    } spent[] = {
        { { 1020000, 400000, 4100, 250000 }, "1.02 s work · 0.40 s waiting for the peer · 4.10 ms proven silence · 0.25 s timed silence" },
        { { 990, 0, 0, 1000000 }, "990 µs work · 1.00 s timed silence" },
        { { 0, 0, 0, 0 }, "0 µs work" },
    };
    for (size_t i = 0; i < COUNT_OF(spent); i++) {
        TEXT(is);
        markup_spent(&is, spent[i].us[0], spent[i].us[1], spent[i].us[2], spent[i].us[3]);
        cr_expect(eq(str, (char *)text_string(&is), (char *)spent[i].words));
    }
    TEXT(is);
    markup_counted(&is, 1, "case");
    text_char(&is, ' ');
    markup_counted(&is, 999, "case");
    text_char(&is, ' ');
    markup_counted(&is, 1284, "case");
    text_char(&is, ' ');
    markup_count(&is, UINT64_MAX);
    text_char(&is, ' ');
    markup_add_cut(&is, MARKUP_NONE, "a\xc3\xa9z", 2);
    cr_expect(eq(str, (char *)text_string(&is),
                 "1 case 999 cases 1,284 cases 18,446,744,073,709,551,615 a… (3 more)"));
}

/* ---- the script and style must not end their elements ---- */

Test(report_html, style_and_script_stay_within_their_elements, .timeout = 10)
{
    cr_expect(gt(sz, asset_style().len, 1000));
    cr_expect(gt(sz, asset_script().len, 1000));
    cr_expect(memmem(asset_style().data, asset_style().len, "</", 2) == NULL);
    cr_expect(memmem(asset_script().data, asset_script().len, "</", 2) == NULL);
    cr_expect(memmem(asset_script().data, asset_script().len, "<!--", 4) == NULL);
    cr_expect(memmem(asset_script().data, asset_script().len, "innerHTML", 9) == NULL);
}

/* ---- report.json ---- */

Test(report_json, says_what_the_contract_says, .timeout = 10)
{
    MADE(m, RUN PASSED FAILED UNSUPPORTED END);
    const struct json *root;
    struct error err = { 0 };

    cr_assert(json_parse(buffer_bytes(&m.json.b), "report.json", &m.keep, &root, &err), "%s",
              err.text);
    cr_expect(eq(str, (char *)json_get(root, "format")->string, "1"));
    cr_expect(eq(str, (char *)json_get(json_get(root, "profile"), "charset")->string, "unicode"));
    cr_expect(eq(str, (char *)json_get(json_get(root, "totals"), "fail")->string, "1"));
    cr_expect(eq(sz, json_get(root, "suites")->count, 3));
    const struct json *cases = json_get(root, "cases");
    cr_assert(eq(sz, cases->count, 3));
    cr_expect(eq(str, (char *)json_get(cases->first, "id")->string, "ends-fin"),
              "in the order of the log");
    const struct json *failed = cases->first->next, *result = json_get(failed, "results")->first;
    cr_expect(eq(str, (char *)json_get(failed, "verdict")->string, "fail"));
    cr_expect(eq(str, (char *)json_get(result, "again")->string, "arcwire run 'map@op=make'"));
    cr_expect(
        eq(str, (char *)json_get(json_get(result, "checks")->first, "got-text")->string, "513"));
}

/* ---- the console ---- */

Test(report_text, a_block_for_a_failure_then_causes_and_the_last_line, .timeout = 10)
{
    MADE(m, RUN PASSED FAILED UNSUPPORTED END);

    cr_expect(
        eq(str, (char *)text_string(&m.text),
           "✗ map@op=make  plain\n"
           "  BO-1  Keys are WORDs\n"
           "  client  03 00 · 07                                op 3 · byte 7  in 2 segments\n"
           "  server  00 00 · 01 02                             word 0 · word 513\n"
           "  due     00 00 · 02 01                             word 0 · word 258\n"
           "                  ^^ first difference, byte 2\n"
           "  cause   the bytes of a WORD are swapped\n"
           "  hint    Use the operators.\n"
           "  again   arcwire run 'map@op=make'\n"
           "\n"
           "     1 of 1 failure: the bytes of a WORD are swapped\n"
           "\n"
           "1 failed, 1 passed, 1 unsupported in 0.61 s\n"));
}

Test(report_text, both_plays_of_an_unstable_case_are_told, .timeout = 10)
{
    MADE(m, RUN UNSTABLE END);

    cr_expect(
        eq(str, (char *)text_string(&m.text),
           "± next  plain  unstable\n"
           "  SVC-6  One more\n"
           "  server  09\n"
           "  due     08\n"
           "          ^^ first difference, byte 0\n"
           "  reason  fail here, pass then\n"
           "  cause   differs\n"
           "  second  ✓ passed\n"
           "  server  08\n"
           "  again   arcwire run next\n"
           "\n"
           "1 unstable in 0.61 s\n"));
    expect_piece(&m.html, "<header class=f><h1><b>✗</b> 1 of 1 case is unstable</h1>");
    expect_piece(&m.html, "<h4>Once more, by itself: ✓ passed</h4>");
    expect_piece(&m.json, "\"repeated\": true");
    expect_piece(&m.json, "\"first\": \"fail\"");
    expect_piece(&m.json, "\"second\": {");
}

/* ---- what told causes apart ---- */

// clang-format off
#define APART(rest)                                                                                                    \
    "{\"record\":\"case\",\"id\":\"time\",\"suite\":\"values\",\"delivery\":\"plain\",\"title\":\"T\",\"clauses\":[],"         \
    "\"verdict\":\"fail\",\"us\":1,\"checks\":[{\"name\":\"reply\",\"clauses\":[],\"level\":\"must\",\"verdict\":\"fail\","         \
    "\"axis\":\"data\",\"cause\":\"cut\",\"sentence\":\"it is cut\",\"separated\":{" rest "}}]}\n"
#define CONFIRMED                                                                                                      \
    "\"outcome\":\"confirmed\",\"sentence\":\"of the 2\",\"request\":\"echo of <b>\",\"values\":\"a & b\",\"sent\":\"0100\","           \
    "\"due\":\"00 41*90\",\"due-len\":200,\"got\":\"000041\",\"causes\":["                                                   \
    "{\"cause\":\"cut\",\"summary\":\"cut <i>\",\"says\":\"000041\",\"fits\":true},"                                         \
    "{\"cause\":\"other\",\"summary\":\"another\",\"says\":\"0041\",\"fits\":false}]"
// clang-format on

Test(report_separation, a_confirmed_cause_shows_both_exchanges, .timeout = 10)
{
    MADE(m, RUN APART(CONFIRMED) END);

    expect_piece(&m.text, "  cause   it is cut\n"
                          "  tested  confirmed by a second exchange: sent 01 00, got 00 00 41\n");
    expect_piece(&m.html, "<p class=h><b>Confirmed</b> of the 2 <small>(echo of &lt;b&gt;: a &amp; b)</small><dl class=eg><div><dt>sent<dd>01 00</div>");
    expect_piece(&m.html, " 41 41 … <small>(200 bytes)</small></div><div class=f><dt>got<dd>00 <mark>00</mark> 41</div></dl>");
    expect_piece(&m.html, "<ul class=ap><li>✓ cut &lt;i&gt;: so it came, <code>00 <mark>00</mark> 41</code><li>✗ another: it would be <code>00 41</code></ul>");
    expect_piece(&m.json, "\"outcome\": \"confirmed\"");
    expect_piece(&m.json, "\"due\": \"00 41*90\"");
    expect_piece(&m.json, "\"due-len\": 200");
    expect_piece(&m.json, "\"fits\": false");
}

Test(report_separation, an_open_one_says_why, .timeout = 10)
{
    MADE(m, RUN APART("\"outcome\":\"open\",\"sentence\":\"nobody <there>\"") END);

    expect_piece(&m.text, "  cause   it is cut\n  open    nobody <there>\n");
    expect_piece(&m.html, "<p class=h><b>Open</b> nobody &lt;there&gt;</div>");
    expect_piece(&m.json, "\"sentence\": \"nobody <there>\"");
}

Test(report_separation, what_is_wrong_in_it_names_its_line, .timeout = 10)
{
    static const char *const rows[] = { "\"outcome\":[]", "\"causes\":7", "\"causes\":[7]", "\"causes\":[{\"cause\":\"cut\"}]",
                                        "\"sent\":[]", "\"sent-len\":\"x\"", "\"causes\":[{\"cause\":\"c\",\"summary\":\"s\",\"fits\":1}]" };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct report r;
        struct error err = { 0 };
        char log[4096];
        snprintf(log, sizeof log, "%s" APART("%s") END, RUN, rows[i]);
        cr_expect(not(report_parse(bytes_of(log), "run.ndjson", &keep, &r, &err)), "%s", rows[i]);
        cr_expect(strncmp(err.text, "run.ndjson:3", 12) == 0, "%s: %s", rows[i], err.text);
    }
}

Test(report_text, the_last_line_says_when_a_run_is_incomplete, .timeout = 10)
{
    MADE(m, RUN PASSED);
    TEXT(last);

    report_text_summary(&m.report, "report.html", false, &last);
    cr_expect(eq(str, (char *)text_string(&last),
                 "incomplete: the log ends before the run did; 1 passed   report.html\n"));
}

Test(report_text, colour_is_only_added, .timeout = 10)
{
    MADE(m, RUN FAILED END);
    TEXT(plain);
    TEXT(coloured);
    TEXT(stripped);

    report_text_result(m.report.cases->first, false, &plain);
    report_text_result(m.report.cases->first, true, &coloured);
    for (const char *at = text_string(&coloured); *at; at++) {
        if (*at == '\x1b')
            at = strchr(at, 'm');
        else
            text_char(&stripped, *at);
    }
    cr_expect(gt(sz, coloured.b.len, plain.b.len));
    cr_expect(eq(str, (char *)text_string(&stripped), (char *)text_string(&plain)));
}

/* ---- sections of GitLab ---- */

#define RED_CASE(id, suite)                                                                                                \
    "{\"record\":\"case\",\"id\":\"" id "\",\"suite\":\"" suite "\",\"delivery\":\"plain\",\"title\":\"T\","       \
    "\"clauses\":[],\"verdict\":\"fail\",\"checks\":[{\"name\":\"reply\",\"verdict\":\"fail\",\"sentence\":\"differs\"}]}\n"
#define BEGINS(n)     "\x1b[0Ksection_start:1795716251:arcwire_1795716251_" #n "[collapsed=true]\r\x1b[0K"
#define ENDS(n)       "\x1b[0Ksection_end:1795716251:arcwire_1795716251_" #n "\r\x1b[0K\n"
#define RED_BLOCK(id) "\n✗ " id "  plain\n  T\n  cause   differs\n"

/* A suite is one section, however many passed amid it; what a suite is called cannot end a section. */
Test(report_text, gitlab_folds_the_failures_of_each_suite, .timeout = 10)
{
    MADE(m, RUN RED_CASE("one", "ends") PASSED RED_CASE("two", "ends") RED_CASE("three", "a\\u001b[0Ksection_end\\n") END);
    struct gitlab fold = { .at = 1795716251 };
    TEXT(folded);
    TEXT(plain);
    TEXT(cut);

    report_text_failures(&m.report, 10, false, &fold, &folded);
    cr_expect(eq(str, (char *)text_string(&folded),
                 BEGINS(1) "ends: 2 cases\n" RED_BLOCK("one") RED_BLOCK("two") ENDS(1)
                 BEGINS(2) "a\\x1b[0Ksection_end\\x0a: 1 case\n" RED_BLOCK("three") ENDS(2)));
    report_text_failures(&m.report, 10, false, NULL, &plain);
    cr_expect(eq(str, (char *)text_string(&plain), RED_BLOCK("one") RED_BLOCK("two") RED_BLOCK("three")));

    fold = (struct gitlab){ .at = 1795716251 };
    report_text_failures(&m.report, 1, false, &fold, &cut);
    cr_expect(eq(str, (char *)text_string(&cut),
                 BEGINS(1) "ends: 2 cases\n" RED_BLOCK("one") ENDS(1) "\n… and 2 more; the page has them all\n"), "the rest is told behind the section");
}

Test(report_text, where_nothing_fails_nothing_is_folded, .timeout = 10)
{
    MADE(m, RUN PASSED END);
    struct gitlab fold = { .at = 1795716251 };
    TEXT(none);

    report_text_failures(&m.report, 10, false, &fold, &none);
    cr_expect(eq(str, (char *)text_string(&none), ""));
}

/* ---- files ---- */

Test(report_formats, all_files_are_written_and_nothing_else_is_left, .timeout = 10)
{
    char dir[] = "/tmp/arcwire-report-XXXXXX";
    const char *const *names;
    size_t count, files = 0;
    struct error err = { 0 };
    MADE(m, RUN PASSED END);

    cr_assert(mkdtemp(dir) != NULL);
    cr_expect(report_write(&m.report, dir, &err), "%s", err.text);
    for (size_t i = 0; i < report_format_count; i++) {
        files += report_formats[i].always;
        cr_expect(report_formats[i].file || !report_formats[i].always);
        cr_expect(report_format_find(report_formats[i].name) == &report_formats[i]);
        cr_expect(report_formats[i].write && report_formats[i].title);
    }
    cr_assert(file_list(dir, "", &m.keep, &names, &count, &err));
    cr_expect(eq(sz, count, files));
    file_remove_directory(dir);
    cr_expect(not(report_write(&m.report, dir, &err)));
    cr_expect(eq(int, (int)err.kind, ERROR_SYSTEM));
    cr_expect(report_format_find("none") == NULL);
}

/* ---- peers × suites ---- */

Test(report_matrix, pieces, .timeout = 10)
{
    SCRATCH(keep);
    MADE(bad, RUN PASSED FAILED UNSUPPORTED END);
    MADE(good, RUN PASSED "{\"record\":\"end\",\"exit\":0,\"us\":610000}\n");
    struct matrix_row rows[3] = { { 0 }, { 0 }, { .name = "c<d", .title = "", .why = "no <b> is there" } };
    struct matrix_case talks[] = {
        { .id = "talk", .verdict = MATRIX_RIGHT },
        { .id = "bye", .verdict = MATRIX_WRONG, .wrong = { false, true }, .cause = { NULL, "echo" }, .sentence = { NULL, "our <own> bytes" } },
        { .id = "hi", .verdict = MATRIX_WRONG, .wrong = { true, false }, .cause = { "refused", NULL }, .sentence = { "did not dial", NULL } },
        { .id = "on", .verdict = MATRIX_NOT_JUDGED, .why = "it went away" },
    };
    struct matrix_pair pairs[] = { { "a", "b", "chat", NULL, talks, 4 }, { "b", "a", "chat", NULL, talks, 1 }, { "b", "a", "packet", "b is gone", NULL, 0 } };
    struct matrix_view m = { .started = "2026-11-23T18:04:11Z", .command = "arcwire matrix", .seed = "0x5", .rows = rows, .row_count = 3,
                             .pairs = pairs, .pair_count = 3 };
    TEXT(line);
    TEXT(html);
    TEXT(json);

    matrix_row_of(&bad.report, "a", "A", "a/report.html", &keep, &rows[0]);
    matrix_row_of(&good.report, "b", "B", "b/report.html", &keep, &rows[1]);
    cr_expect(eq(str, (char *)rows[1].summary, "1 passed in 0.61 s"));
    cr_expect(not(matrix_pair_summary(&pairs[0], &line)));
    cr_expect(eq(str, (char *)text_string(&line), "1 right, 1 wrong by the asking side, 1 wrong by the answering side, 1 not judged"));
    cr_expect(matrix_pair_summary(&pairs[1], &line));
    cr_expect(not(matrix_pair_summary(&pairs[2], &line)), "what was not played is not right");
    matrix_html(&m, &html);
    matrix_json(&m, &json);
    // clang-format off
    static const char *const pieces[] = {
        "<title>1 of 2 peers is not green, 1 not at hand, 2 of 3 cells of both ends foreign not right – arcwire</title>",
        "<header class=f><h1><b>✗</b> 1 of 2 peers is not green, 1 not at hand, 2 of 3 cells of both ends foreign not right</h1>",
        "<li><b>✗<span>answering</span></b><div><h3>b, which answers a, bye</h3><p>our &lt;own&gt; bytes</div>",
        "<li><b>✗<span>asking</span></b><div><h3>a, which asks b, hi</h3><p>did not dial</div>",
        "<li><b>?<span>not judged</span></b><div><h3>a and b, on</h3><p>it went away</div>",
        "<tr><th scope=row>a<td>b<td>chat<td class=p>✓ 1<td class=f>✗ 1<td class=f>✗ 1<td class=i>? 1",
        "<tr><th scope=row>b<td>a<td>chat<td class=p>✓ 1<td>0<td>0<td>0",
        "<tr><th scope=row>b<td>a<td>packet<td class=u colspan=4>not played: b is gone",
        "<li><b>1<span>of 1</span></b><div><h3>a, maps</h3><p>the bytes of a WORD are swapped</div>",
        "<tr><th scope=col>Peer<th scope=col><span>ends</span><th scope=col><span>maps</span><th scope=col><span>values</span><tbody>",
        ("<tr><th scope=row><a href=\"a/report.html\">a</a><small>MFC 10, unicode, 64 bit</small><td class=p title=\"1 passed\">✓ 1"
         "<td class=f title=\"1 failed\">✗ 1<td class=u title=\"1 unsupported\">– 1"),
        "<tr><th scope=row><a href=\"b/report.html\">b</a><small>MFC 10, unicode, 64 bit</small><td class=p title=\"1 passed\">✓ 1<td><td>",
        "<tr><th scope=row>c&lt;d<small></small><td class=u colspan=3>not at hand: no &lt;b&gt; is there",
        "<li>no time<small> 1 cell: a, values</small>",
    };
    static const char *const members[] = {
        "{\"format\":1,\"started\":\"2026-11-23T18:04:11Z\",\"command\":\"arcwire matrix\",\"seed\":\"0x5\",\"peers\":[{\"name\":\"a\",",
        "\"page\":\"a/report.html\",\"green\":false,\"totals\":{\"pass\":1,",
        "{\"name\":\"maps\",\"reason\":\"the bytes of a WORD are swapped\",\"totals\":{",
        "{\"name\":\"c<d\",\"title\":\"\",\"absent\":\"no <b> is there\",\"green\":false,",
        "\"foreign\":[{\"asks\":\"a\",\"answers\":\"b\",\"service\":\"chat\",\"right\":1,\"asking-wrong\":1,\"answering-wrong\":1,\"not-judged\":1,\"cases\":[",
        "{\"case\":\"bye\",\"verdict\":\"wrong\",\"answering\":{\"cause\":\"echo\",\"sentence\":\"our <own> bytes\"}}",
        "{\"case\":\"on\",\"verdict\":\"not-judged\",\"reason\":\"it went away\"}",
    };
    // clang-format on
    for (size_t i = 0; i < COUNT_OF(pieces); i++)
        expect_piece(&html, pieces[i]);
    for (size_t i = 0; i < COUNT_OF(members); i++)
        expect_piece(&json, members[i]);
}
