/*
 * What CI systems read: JUnit XML, TAP, GitHub's annotations and step summary, from one small log held against a baseline.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>

#include "report/ci.h"
#include "report/report.h"

// clang-format off
#define RUN                                                                                                            \
    "{\"record\":\"run\",\"log\":1,\"arcwire\":\"0.1\",\"vectors\":{\"version\":\"1\",\"digest\":\"5b\"},"             \
    "\"seed\":\"0x5eed\",\"started\":\"2026-11-23T18:04:11Z\",\"command\":\"arcwire run --peer x\","                   \
    "\"peer\":{\"name\":\"x\",\"title\":\"X & Sons\",\"how\":\"--peer x\",\"dial\":\"us\"},"                           \
    "\"deliveries\":[\"plain\"],\"selected\":3}\n"                                                                     \
    "{\"record\":\"profile\",\"generation\":\"10\",\"charset\":\"ansi\",\"bits\":32,\"from\":\"capabilities\"}\n"
#define BASELINE(knows, entries)                                                                                       \
    "{\"record\":\"baseline\",\"file\":\"peers/x/baseline.json\",\"today\":\"2026-11-23\",\"selection\":\"\","         \
    "\"lines\":[4,5,6,7],\"document\":{\"format\":1," knows "\"flaky-budget\":1,\"entries\":[" entries "]}}\n"
#define CASE(id, suite, line, verdict, rest)                                                                           \
    "{\"record\":\"case\",\"id\":\"" id "\",\"rev\":1,\"since\":1,\"file\":\"vectors/suites/" suite ".json\","         \
    "\"line\":" line ",\"suite\":\"" suite "\",\"delivery\":\"plain\",\"profile\":\"10-ansi-32\",\"title\":\"T\","      \
    "\"level\":\"must\",\"clauses\":[\"BO-1\"],\"verdict\":\"" verdict "\",\"us\":1500" rest ",\"again\":\"arcwire run " id "\"}\n"
#define CHECK(name, verdict, cause, sentence)                                                                          \
    ",\"checks\":[{\"name\":\"" name "\",\"level\":\"must\",\"verdict\":\"" verdict "\",\"axis\":\"data\",\"op\":0,"    \
    "\"cause\":\"" cause "\",\"sentence\":\"" sentence "\"}]"
#define SWAPPED CHECK("reply", "fail", "bytes-swapped", "the bytes of a WORD are swapped")
#define ENTRY(id, signature, rest) "{\"case\":\"" id "\",\"check\":\"reply\",\"signature\":\"" signature "\"," rest "}"
#define END(exit) "{\"record\":\"end\",\"exit\":" exit ",\"us\":610000}\n"

/* Each of the ways in which a result may stand to its CI system. */
#define MIXED                                                                                                           \
    RUN                                                                                                                 \
    BASELINE("", ENTRY("a-known", "bytes-swapped", "\"reason\":\"old, it is\",\"issue\":\"https://x/1\"") ","            \
                 ENTRY("a-mended", "bytes-swapped", "\"reason\":\"slow\"") ","                                          \
                 ENTRY("a-late", "bytes-swapped", "\"reason\":\"soon\",\"until\":\"2026-11-22\"") ","                    \
                 ENTRY("a-gone", "bytes-swapped", "\"reason\":\"no case\""))                                             \
    CASE("a-fails", "a", "14", "fail", SWAPPED)                                                                         \
    CASE("a-known", "a", "20", "fail", SWAPPED)                                                                         \
    CASE("a-late", "a", "30", "fail", SWAPPED)                                                                          \
    CASE("a-mended", "a", "40", "pass", CHECK("reply", "pass", "", ""))                                                  \
    CASE("b-none", "b", "5", "unsupported", ",\"reason\":\"no # time\"")                                                \
    CASE("b-open", "b", "6", "inconclusive", ",\"reason\":\"the control failed\"")                                       \
    CASE("b-pass", "b", "7", "pass", "")                                                                                \
    END("1")
// clang-format on

typedef void writes(const struct report *r, struct text *to);

static char *made(const char *log, writes *write, struct arena *keep)
{
    struct report r;
    struct error err = { 0 };
    TEXT(out);

    cr_assert(report_parse(bytes_of(log), "run.ndjson", keep, &r, &err), "%s", err.text);
    write(&r, &out);
    return arena_string(keep, text_string(&out));
}

static void expect_text(const char *got, const char *due)
{
    size_t line = 1;

    for (size_t i = 0; got[i] || due[i]; i++) {
        cr_assert(got[i] == due[i], "line %zu differs:\n%.300s\ndue:\n%.300s", line, got + i, due + i);
        line += got[i] == '\n';
    }
}

// clang-format off
static const char junit_golden[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<testsuites name=\"arcwire\" tests=\"8\" failures=\"4\" errors=\"1\" skipped=\"2\" time=\"0.010500\">\n"
    "  <testsuite name=\"arcwire.a\" tests=\"4\" failures=\"3\" errors=\"0\" skipped=\"1\" time=\"0.006000\" timestamp=\"2026-11-23T18:04:11\">\n"
    "    <properties>\n"
    "      <property name=\"arcwire\" value=\"0.1\"/>\n"
    "      <property name=\"vectors\" value=\"5b\"/>\n"
    "      <property name=\"seed\" value=\"0x5eed\"/>\n"
    "      <property name=\"peer\" value=\"x\"/>\n"
    "      <property name=\"command\" value=\"arcwire run --peer x\"/>\n"
    "      <property name=\"profile\" value=\"10-ansi-32\"/>\n"
    "    </properties>\n"
    "    <testcase classname=\"arcwire.a\" name=\"a-fails plain 10-ansi-32\" time=\"0.001500\" file=\"vectors/suites/a.json\" line=\"14\">\n"
    "      <failure type=\"bytes-swapped\" message=\"the bytes of a WORD are swapped\">✗ a-fails  plain\n"
    "  BO-1  T\n"
    "  cause   the bytes of a WORD are swapped\n"
    "  again   arcwire run a-fails\n"
    "</failure>\n"
    "    </testcase>\n"
    "    <testcase classname=\"arcwire.a\" name=\"a-known plain 10-ansi-32\" time=\"0.001500\" file=\"vectors/suites/a.json\" line=\"20\">\n"
    "      <skipped type=\"expected\" message=\"known: old, it is (https://x/1); the bytes of a WORD are swapped\"></skipped>\n"
    "    </testcase>\n"
    "    <testcase classname=\"arcwire.a\" name=\"a-late plain 10-ansi-32\" time=\"0.001500\" file=\"vectors/suites/a.json\" line=\"30\">\n"
    "      <failure type=\"baseline\" message=\"expired: soon, tolerated until 2026-11-22; the bytes of a WORD are swapped\">✗ a-late  plain\n"
    "  BO-1  T\n"
    "  cause   the bytes of a WORD are swapped\n"
    "  again   arcwire run a-late\n"
    "</failure>\n"
    "    </testcase>\n"
    "    <testcase classname=\"arcwire.a\" name=\"a-mended plain 10-ansi-32\" time=\"0.001500\" file=\"vectors/suites/a.json\" line=\"40\">\n"
    "      <failure type=\"baseline\" message=\"passes, though the baseline says that it fails: slow\">✓ a-mended  plain  pass\n"
    "  BO-1  T\n"
    "  again   arcwire run a-mended\n"
    "</failure>\n"
    "    </testcase>\n"
    "  </testsuite>\n"
    "  <testsuite name=\"arcwire.b\" tests=\"3\" failures=\"0\" errors=\"1\" skipped=\"1\" time=\"0.004500\" timestamp=\"2026-11-23T18:04:11\">\n"
    "    <properties>\n"
    "      <property name=\"arcwire\" value=\"0.1\"/>\n"
    "      <property name=\"vectors\" value=\"5b\"/>\n"
    "      <property name=\"seed\" value=\"0x5eed\"/>\n"
    "      <property name=\"peer\" value=\"x\"/>\n"
    "      <property name=\"command\" value=\"arcwire run --peer x\"/>\n"
    "      <property name=\"profile\" value=\"10-ansi-32\"/>\n"
    "    </properties>\n"
    "    <testcase classname=\"arcwire.b\" name=\"b-none plain 10-ansi-32\" time=\"0.001500\" file=\"vectors/suites/b.json\" line=\"5\">\n"
    "      <skipped message=\"unsupported: no # time\"></skipped>\n"
    "    </testcase>\n"
    "    <testcase classname=\"arcwire.b\" name=\"b-open plain 10-ansi-32\" time=\"0.001500\" file=\"vectors/suites/b.json\" line=\"6\">\n"
    "      <error type=\"inconclusive\" message=\"inconclusive: the control failed\">? b-open  plain  inconclusive\n"
    "  BO-1  T\n"
    "  reason  the control failed\n"
    "  again   arcwire run b-open\n"
    "</error>\n"
    "    </testcase>\n"
    "    <testcase classname=\"arcwire.b\" name=\"b-pass plain 10-ansi-32\" time=\"0.001500\" file=\"vectors/suites/b.json\" line=\"7\"/>\n"
    "  </testsuite>\n"
    "  <testsuite name=\"arcwire.run\" tests=\"1\" failures=\"1\" errors=\"0\" skipped=\"0\" time=\"0.000000\" timestamp=\"2026-11-23T18:04:11\">\n"
    "    <properties>\n"
    "      <property name=\"arcwire\" value=\"0.1\"/>\n"
    "      <property name=\"vectors\" value=\"5b\"/>\n"
    "      <property name=\"seed\" value=\"0x5eed\"/>\n"
    "      <property name=\"peer\" value=\"x\"/>\n"
    "      <property name=\"command\" value=\"arcwire run --peer x\"/>\n"
    "      <property name=\"profile\" value=\"10-ansi-32\"/>\n"
    "    </properties>\n"
    "    <testcase classname=\"arcwire.run\" name=\"stale 3\" time=\"0.000000\" file=\"peers/x/baseline.json\" line=\"7\">\n"
    "      <failure type=\"baseline\" message=\"a-gone, check reply: matches no result of the run\"></failure>\n"
    "    </testcase>\n"
    "  </testsuite>\n"
    "</testsuites>\n";
static const char tap_golden[] =
    "TAP version 14\n"
    "1..8\n"
    "not ok 1 - a-fails plain 10-ansi-32\n"
    "  ---\n"
    "  message: \"the bytes of a WORD are swapped\"\n"
    "  verdict: \"fail\"\n"
    "  check: \"reply\"\n"
    "  cause: \"bytes-swapped\"\n"
    "  file: \"vectors/suites/a.json\"\n"
    "  line: 14\n"
    "  again: \"arcwire run a-fails\"\n"
    "  told: |\n"
    "    ✗ a-fails  plain\n"
    "      BO-1  T\n"
    "      cause   the bytes of a WORD are swapped\n"
    "      again   arcwire run a-fails\n"
    "  ...\n"
    "not ok 2 - a-known plain 10-ansi-32 # TODO known: old, it is (https://x/1); the bytes of a WORD are swapped\n"
    "  ---\n"
    "  message: \"known: old, it is (https://x/1); the bytes of a WORD are swapped\"\n"
    "  verdict: \"fail\"\n"
    "  baseline: \"known\"\n"
    "  check: \"reply\"\n"
    "  cause: \"bytes-swapped\"\n"
    "  file: \"vectors/suites/a.json\"\n"
    "  line: 20\n"
    "  again: \"arcwire run a-known\"\n"
    "  told: |\n"
    "    ✗ a-known  plain\n"
    "      BO-1  T\n"
    "      cause   the bytes of a WORD are swapped\n"
    "      again   arcwire run a-known\n"
    "  ...\n"
    "not ok 3 - a-late plain 10-ansi-32\n"
    "  ---\n"
    "  message: \"expired: soon, tolerated until 2026-11-22; the bytes of a WORD are swapped\"\n"
    "  verdict: \"fail\"\n"
    "  baseline: \"expired\"\n"
    "  check: \"reply\"\n"
    "  cause: \"bytes-swapped\"\n"
    "  file: \"vectors/suites/a.json\"\n"
    "  line: 30\n"
    "  again: \"arcwire run a-late\"\n"
    "  told: |\n"
    "    ✗ a-late  plain\n"
    "      BO-1  T\n"
    "      cause   the bytes of a WORD are swapped\n"
    "      again   arcwire run a-late\n"
    "  ...\n"
    "not ok 4 - a-mended plain 10-ansi-32\n"
    "  ---\n"
    "  message: \"passes, though the baseline says that it fails: slow\"\n"
    "  verdict: \"pass\"\n"
    "  baseline: \"unexpected-pass\"\n"
    "  file: \"vectors/suites/a.json\"\n"
    "  line: 40\n"
    "  again: \"arcwire run a-mended\"\n"
    "  told: |\n"
    "    ✓ a-mended  plain  pass\n"
    "      BO-1  T\n"
    "      again   arcwire run a-mended\n"
    "  ...\n"
    "ok 5 - b-none plain 10-ansi-32 # SKIP unsupported: no \\# time\n"
    "not ok 6 - b-open plain 10-ansi-32\n"
    "  ---\n"
    "  message: \"inconclusive: the control failed\"\n"
    "  verdict: \"inconclusive\"\n"
    "  file: \"vectors/suites/b.json\"\n"
    "  line: 6\n"
    "  again: \"arcwire run b-open\"\n"
    "  told: |\n"
    "    ? b-open  plain  inconclusive\n"
    "      BO-1  T\n"
    "      reason  the control failed\n"
    "      again   arcwire run b-open\n"
    "  ...\n"
    "ok 7 - b-pass plain 10-ansi-32\n"
    "not ok 8 - stale: a-gone, check reply: matches no result of the run\n"
    "  ---\n"
    "  file: \"peers/x/baseline.json\"\n"
    "  line: 7\n"
    "  ...\n";
static const char github_golden[] =
    "::error file=vectors/suites/a.json,line=14,title=1 case%3A the bytes of a WORD are swapped::a-fails%0Athe bytes of a WORD are swapped%0Aarcwire run a-fails\n"
    "::error file=vectors/suites/b.json,line=6,title=1 case%3A inconclusive::b-open%0Ainconclusive: the control failed%0Aarcwire run b-open\n"
    "::error file=peers/x/baseline.json,line=5,title=baseline%3A unexpected-pass::a-mended, check reply: known to fail as bytes-swapped, and does not under plain\n"
    "::error file=peers/x/baseline.json,line=6,title=baseline%3A expired::a-late, check reply: was tolerated until 2026-11-22, today is 2026-11-23\n"
    "::error file=peers/x/baseline.json,line=7,title=baseline%3A stale::a-gone, check reply: matches no result of the run\n";
static const char markdown_golden[] =
    "## arcwire: x\n"
    "\n"
    "✗ **1 failed, 1 inconclusive, 1 known for too long, 1 known, 2 passed, 1 unsupported; 3 complaints about the baseline in 0.61 s**\n"
    "\n"
    "| | |\n"
    "|---|---|\n"
    "| Peer | X &#38; Sons |\n"
    "| Seed | 0x5eed |\n"
    "| Command | arcwire run --peer x |\n"
    "| Baseline | peers/x/baseline.json |\n"
    "\n"
    "### Why\n"
    "\n"
    "* 1 case\\: the bytes of a WORD are swapped\n"
    "* 1 case\\: inconclusive\n"
    "* a-mended, check reply\\: known to fail as bytes-swapped, and does not under plain\n"
    "* a-late, check reply\\: was tolerated until 2026-11-22, today is 2026-11-23\n"
    "* a-gone, check reply\\: matches no result of the run\n"
    "\n"
    "### Results that are not plain passes\n"
    "\n"
    "| | case | delivery | why |\n"
    "|---|---|---|---|\n"
    "| failed | <code>a-fails</code> | plain | the bytes of a WORD are swapped |\n"
    "| known | <code>a-known</code> | plain | known\\: old, it is \\(https\\://x/1\\); the bytes of a WORD are swapped |\n"
    "| expired | <code>a-late</code> | plain | expired\\: soon, tolerated until 2026-11-22; the bytes of a WORD are swapped |\n"
    "| unexpected-pass | <code>a-mended</code> | plain | passes, though the baseline says that it fails\\: slow |\n"
    "| inconclusive | <code>b-open</code> | plain | inconclusive\\: the control failed |\n";
// clang-format on

Test(formats, junit, .timeout = 10)
{
    SCRATCH(keep);

    expect_text(made(MIXED, report_junit, &keep), junit_golden);
}

Test(formats, tap, .timeout = 10)
{
    SCRATCH(keep);

    expect_text(made(MIXED, report_tap, &keep), tap_golden);
}

Test(formats, github, .timeout = 10)
{
    SCRATCH(keep);

    expect_text(made(MIXED, report_github, &keep), github_golden);
}

Test(formats, markdown, .timeout = 10)
{
    SCRATCH(keep);

    expect_text(made(MIXED, report_markdown, &keep), markdown_golden);
}

/* What the baseline says of cases shows on the page, in report.json and on the console, too. */
// clang-format off
static const struct piece_row {
    writes *write;
    const char *piece;
} piece_rows[] = {
    { report_html, "<header class=f><h1><b>✗</b> 1 of 7 cases fails, 1 could not be judged</h1>" },
    { report_html, "<button type=button class=f data-v=f aria-pressed=false><b>✗</b> 1 fail</button>" },
    { report_html, "<button type=button class=k data-v=k aria-pressed=false><b>✗</b> 1 known</button>" },
    { report_html, "<button type=button class=x data-v=x aria-pressed=false><b>!</b> 2 for the baseline</button>" },
    { report_html, "\n<details class=k id=\"case=a-known\"" },
    { report_html, "<i>known: old, it is, https://x/1</i>" },
    { report_html, "\n<details class=x id=\"case=a-late\"" },
    { report_html, "\n<details class=\"p x\" id=\"case=a-mended\"" },
    { report_html, "<li><b>stale</b> <code>peers/x/baseline.json:7</code> <span>a-gone, check reply: matches no result of the run</span>" },
    { report_html, "<h3>the bytes of a WORD are swapped</h3>" },
    { report_json, "\"baseline\": {\n  \"file\": \"peers/x/baseline.json\",\n  \"today\": \"2026-11-23\",\n  \"entries\": 4," },
    { report_json, "\"kind\": \"stale\",\n    \"line\": 7," },
    { report_json, "\"baseline\": \"unexpected-pass\",\n     \"entry\": 5," },
    { report_text, "1 failed, 1 inconclusive, 1 known for too long, 1 known, 2 passed, 1 unsupported; 3 complaints about the baseline in 0.61 s\n" },
    { report_text, "     1 of 1 failure: the bytes of a WORD are swapped\n" },
    { report_text, "expired         peers/x/baseline.json:6: a-late, check reply: was tolerated until 2026-11-22, today is 2026-11-23\n" },
};
// clang-format on

Test(formats, what_is_known_shows_everywhere, .timeout = 10)
{
    SCRATCH(keep);

    for (const struct piece_row *row = piece_rows; row < piece_rows + COUNT_OF(piece_rows); row++)
        cr_expect(strstr(made(MIXED, row->write, &keep), row->piece) != NULL, "missing: %s", row->piece);
    cr_expect(strstr(made(MIXED, report_text, &keep), "a-known") == NULL, "what is known is no block on the console");
}

/* ---- what peers say ---- */

/* Markup, the end of a CDATA section, control characters, what turns the direction of writing, and characters that XML does not have. */
#define EVIL "<script>]]>&amp;'\\u001b[31m\\u0085\\u202e\\ufffe\\uffff\\n::error::x%0A,\\u20ac # \\\\ | ` @a"
#define HOSTILE                                                                                                         \
    RUN CASE(EVIL, "s", "1", "fail", CHECK(EVIL, "fail", EVIL, EVIL))                                       \
        CASE("skips", "s", "2", "skipped", ",\"reason\":\"" EVIL "\"") END("1")

static bool in_xml(const char *text)
{
    for (const unsigned char *at = (const unsigned char *)text; *at; at++)
        if ((*at < 0x20 && *at != '\n') || (at[0] == 0xef && at[1] == 0xbf && at[2] >= 0xbe) || (at[0] == 0xc2 && at[1] < 0xa0))
            return false;
    return true;
}

Test(formats, what_a_peer_says_stays_in_its_place, .timeout = 10)
{
    SCRATCH(keep);
    const char *junit = made(HOSTILE, report_junit, &keep), *tap = made(HOSTILE, report_tap, &keep);
    const char *github = made(HOSTILE, report_github, &keep), *markdown = made(HOSTILE, report_markdown, &keep);

    cr_expect(in_xml(junit));
    cr_expect(strstr(junit, "<script") == NULL);
    cr_expect(strstr(junit, "]]>") == NULL);
    cr_expect(strstr(junit, "name=\"&lt;script&gt;]]&gt;&amp;amp;&#39;\\x1b[31m\\x85\\u202e\\ufffe\\uffff\\x0a::error::x%0A,€ # \\ | ` @a plain") != NULL);
    cr_expect(in_xml(tap));
    cr_expect(strstr(tap, "\nok 2 - skips plain 10-ansi-32 # SKIP skipped: <script>]]>&amp;'\\\\x1b[31m") != NULL);
    cr_expect(strstr(tap, "x%0A,€ \\# \\\\ | ` @a\n") != NULL, "%s", tap);
    cr_expect(strncmp(github, "::error file=vectors/suites/s.json,line=1,title=1 case%3A <script>]]>&amp;'\\x1b[31m\\x85\\u202e\\ufffe\\uffff\\x0a%3A%3Aerror%3A%3Ax%250A%2C€ # \\ | ` @a::", 140) == 0, "%s", github);
    cr_expect(eq(int, strchr(github, '\n') - github, (int)strlen(github) - 1), "one line");
    cr_expect(strstr(markdown, "<script") == NULL);
    cr_expect(strstr(markdown, "`") == NULL || strstr(markdown, "\\`") != NULL);
    cr_expect(strstr(markdown, " @a") == NULL, "nobody is mentioned");
    cr_expect(strstr(markdown, "<code>&lt;script&gt;&#93;&#93;&gt;&amp;amp;&#39;") != NULL, "%s", markdown);
}

/* ---- limits ---- */

static char *many(size_t count, const char *verdict, const char *rest)
{
    TEXT(log);

    text_add(&log, RUN);
    for (size_t i = 0; i < count; i++)
        text_printf(&log,
                    "{\"record\":\"case\",\"id\":\"case-%zu\",\"suite\":\"s%zu\",\"delivery\":\"plain\",\"profile\":\"p\",\"title\":\"T\","
                    "\"verdict\":\"%s\",\"us\":1%s}\n",
                    i, i % 30, verdict, rest);
    text_add(&log, END("1"));
    return strdup(text_string(&log));
}

static size_t occurrences(const char *in, const char *what)
{
    size_t n = 0;

    for (; (in = strstr(in, what)); in += strlen(what))
        n++;
    return n;
}

Test(formats, ten_thousand_cases, .timeout = 180)
{
    SCRATCH(keep);
    char *log = many(10000, "fail", SWAPPED);
    const char *junit = made(log, report_junit, &keep), *tap = made(log, report_tap, &keep), *markdown = made(log, report_markdown, &keep);

    cr_expect(strstr(junit, "<testsuites name=\"arcwire\" tests=\"10000\" failures=\"10000\" errors=\"0\" skipped=\"0\"") != NULL);
    cr_expect(eq(sz, occurrences(junit, "<testcase "), 10000));
    cr_expect(eq(sz, occurrences(junit, "<testsuite "), 30));
    cr_expect(strstr(tap, "\n1..10000\n") != NULL);
    cr_expect(eq(sz, occurrences(tap, "\nnot ok "), 10000));
    cr_expect(le(sz, strlen(markdown), 1 << 20), "GitHub shows nothing of a longer one");
    cr_expect(gt(sz, strlen(markdown), 700000), "there is room for most of them");
    free(log);
}

Test(formats, a_summary_that_is_too_long_says_what_it_leaves_out, .timeout = 60)
{
    SCRATCH(keep);
    char *log = many(20000, "fail", SWAPPED), due[80];
    const char *markdown = made(log, report_markdown, &keep);
    size_t told = occurrences(markdown, "\n| failed | ");

    cr_expect(le(sz, strlen(markdown), 1 << 20));
    cr_expect(gt(sz, strlen(markdown), (1 << 20) - 1024));
    snprintf(due, sizeof due, "\n… and %zu,%03zu more, for which", (20000 - told) / 1000, (20000 - told) % 1000);
    cr_expect(strstr(markdown, due) != NULL, "%s %s", due, markdown + strlen(markdown) - 200);
    free(log);
}

Test(formats, bodies_and_messages_are_cut_with_a_note, .timeout = 60)
{
    SCRATCH(keep);
    char *sentence = arena_alloc(&keep, 20001);
    memset(sentence, 'x', 20000);
    char *log = many(2, "fail", arena_printf(&keep, ",\"checks\":[{\"name\":\"reply\",\"verdict\":\"fail\",\"sentence\":\"%s\"}]", sentence));
    const char *junit = made(log, report_junit, &keep), *tap = made(log, report_tap, &keep), *github = made(log, report_github, &keep);
    TEXT(cut);

    cr_expect(strstr(junit, "xxx… (19,500 more)\">") != NULL);
    cr_expect(strstr(tap, "xxx… (19,500 more)\"\n") != NULL);
    cr_expect(lt(sz, strlen(github), 4096));
    ci_cut_lines("one\ntwo\nthree\n", 9, &cut);
    cr_expect(eq(str, (char *)text_string(&cut), "one\ntwo\n… 6 bytes left out; report.html has them\n"));
    free(log);
}

Test(formats, at_most_ten_annotations_the_last_of_which_names_the_rest, .timeout = 10)
{
    SCRATCH(keep);
    TEXT(log);

    text_add(&log, RUN);
    for (int i = 0; i < 12; i++)
        text_printf(&log, "{\"record\":\"case\",\"id\":\"c-%d\",\"suite\":\"s\",\"delivery\":\"plain\",\"verdict\":\"fail\",\"checks\":["
                          "{\"name\":\"reply\",\"verdict\":\"fail\",\"cause\":\"cause-%d\",\"sentence\":\"sentence %d\"}]}\n", i, i, i);
    text_add(&log, END("1"));
    const char *github = made(text_string(&log), report_github, &keep);
    cr_expect(eq(sz, occurrences(github, "::error "), 10));
    cr_expect(strstr(github, "\n::error title=3 more::1 case: sentence 9%0A1 case: sentence 10%0A1 case: sentence 11\n") != NULL, "%s", github);
}

Test(formats, names_are_unique_within_a_class, .timeout = 10)
{
    SCRATCH(keep);
    const char *junit = made(RUN CASE("same", "s", "1", "pass", "") CASE("same", "s", "1", "pass", "") END("0"), report_junit, &keep);

    cr_expect(eq(sz, occurrences(junit, "name=\"same plain 10-ansi-32\""), 1));
    cr_expect(eq(sz, occurrences(junit, "name=\"same plain 10-ansi-32 #2\""), 1));
}

Test(formats, a_run_that_ended_early_is_an_error_of_its_own, .timeout = 10)
{
    SCRATCH(keep);
    const char *log = RUN CASE("one", "s", "1", "pass", "");

    cr_expect(strstr(made(log, report_junit, &keep), "<error type=\"run\" message=\"the log ends before the run did\">") != NULL);
    cr_expect(strstr(made(log, report_tap, &keep), "1..2\nok 1 - one plain 10-ansi-32\nnot ok 2 - incomplete: the log ends before the run did\n") != NULL);
    cr_expect(strstr(made(log, report_github, &keep), "::error title=incomplete::the log ends before the run did\n") != NULL);
}
