/*
 * JUnit XML, as Jenkins and GitLab read it and reports/junit.xsd has it: a suite for each of ours, a test case for each result.
 *
 * There is no standard. Readers agree on the elements here and their order; where they differ, this keeps to what all take:
 * properties stand in suites only, names are unique within a class (GitLab keeps the first of equal ones), a
 * test case has at most one of skipped, error and failure. Text is cut: message, an attribute, where lists show it, body
 * where a page does.
 */
#include "report/report.h"

#include "report/ci.h"
#include "report/markup.h"

#define MESSAGE_MAX 500         // bytes, as it is shown in lists
#define BODY_MAX    (16 << 10)
#define BODIES_MAX  (8 << 20)   // of all: GitLab takes files of 30 MB by default, Jenkins reads them into memory

struct junit {
    struct text *to;
    size_t bodies;              // bytes of them
};

static void attribute(struct text *to, const char *name, const char *value, size_t max)
{
    text_printf(to, " %s=\"", name);
    markup_add_cut(to, MARKUP_HTML, value, max);
    text_char(to, '"');
}

static void seconds(struct text *to, int64_t us)
{
    text_printf(to, " time=\"%.6f\"", us > 0 ? (double)us / 1e6 : 0.0);
}

/* Lines stay lines. */
static void lines(struct text *to, const char *text)
{
    while (*text) {
        size_t len = strcspn(text, "\n");
        TEXT(line);
        text_addn(&line, text, len);
        markup_add(to, MARKUP_HTML, text_string(&line));
        text += len;
        if (*text) {
            text_char(to, '\n');
            text++;
        }
    }
}

static void body(struct junit *j, const struct report_result *r)
{
    TEXT(block);
    TEXT(cut);

    if (j->bodies > BODIES_MAX) {
        text_add(j->to, "left out; report.html has it");
        return;
    }
    report_text_result(r, false, &block);
    ci_cut_lines(text_string(&block), BODY_MAX, &cut);
    j->bodies += cut.b.len;
    lines(j->to, text_string(&cut));
}

static const char *type_of(const struct report_result *r, enum ci_kind kind)
{
    const struct report_check *bad = report_first_failure(r);

    return kind == CI_EXPECTED   ? "expected"
           : kind == CI_BASELINE ? "baseline"
           : bad && bad->cause   ? bad->cause
                                 : report_verdicts[r->verdict].name;
}

static void test_case(struct junit *j, const struct report_result *r)
{
    static const char *const elements[] = { [CI_PASS] = "system-out", [CI_SKIPPED] = "skipped", [CI_EXPECTED] = "skipped",
                                            [CI_BASELINE] = "failure", [CI_FAILURE] = "failure", [CI_ERROR] = "error" };
    enum ci_kind kind = ci_kind(r);
    TEXT(name);
    TEXT(message);

    ci_name(r, &name);
    ci_message(r, &message);
    text_add(j->to, "    <testcase classname=\"arcwire.");
    markup_add(j->to, MARKUP_HTML, r->of->suite);
    text_char(j->to, '"');
    attribute(j->to, "name", text_string(&name), SIZE_MAX);
    seconds(j->to, r->us);
    if (r->of->file) {
        attribute(j->to, "file", r->of->file, SIZE_MAX);
        text_printf(j->to, " line=\"%llu\"", (unsigned long long)r->of->line);
    }
    if (kind == CI_PASS && !message.b.len) {
        text_add(j->to, "/>\n");
        return;
    }
    text_printf(j->to, ">\n      <%s", elements[kind]);
    if (kind == CI_PASS) {
        text_char(j->to, '>');
        markup_add_cut(j->to, MARKUP_HTML, text_string(&message), MESSAGE_MAX);
    } else {
        if (kind != CI_SKIPPED)
            attribute(j->to, "type", type_of(r, kind), MESSAGE_MAX);
        attribute(j->to, "message", text_string(&message), MESSAGE_MAX);
        text_char(j->to, '>');
        if (kind == CI_BASELINE || kind == CI_FAILURE || kind == CI_ERROR)
            body(j, r);
    }
    text_printf(j->to, "</%s>\n    </testcase>\n", elements[kind]);
}

struct counts {
    size_t tests, skipped, failures, errors;
    int64_t us;
};

static void count(struct counts *c, const struct report_result *r)
{
    enum ci_kind kind = ci_kind(r);

    c->tests++;
    c->skipped += kind == CI_SKIPPED || kind == CI_EXPECTED;
    c->failures += kind == CI_FAILURE || kind == CI_BASELINE;
    c->errors += kind == CI_ERROR;
    c->us += r->us;
}

static void counted(struct text *to, const struct counts *c)
{
    text_printf(to, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"", c->tests, c->failures, c->errors, c->skipped);
    seconds(to, c->us);
}

static void property(struct text *to, const char *name, const char *value)
{
    if (!value)
        return;
    text_printf(to, "      <property name=\"%s\"", name);
    attribute(to, "value", value, MESSAGE_MAX);
    text_add(to, "/>\n");
}

static void suite_begin(struct text *to, const struct report *r, const char *name, const struct counts *c)
{
    text_add(to, "  <testsuite name=\"arcwire.");
    markup_add(to, MARKUP_HTML, name);
    text_char(to, '"');
    counted(to, c);
    if (r->started && strlen(r->started) == 20) { // in UTC; readers want no zone
        text_add(to, " timestamp=\"");
        TEXT(started);
        text_addn(&started, r->started, 19);
        markup_add(to, MARKUP_HTML, text_string(&started));
        text_char(to, '"');
    }
    text_add(to, ">\n    <properties>\n");
    property(to, "arcwire", r->arcwire);
    property(to, "vectors", r->vectors_digest);
    property(to, "seed", r->seed);
    property(to, "peer", r->peer_name);
    property(to, "command", r->command);
    if (r->profiled && r->generation && r->charset) {
        SCRATCH(scratch);
        property(to, "profile", arena_printf(&scratch, "%s-%s-%u", r->generation, r->charset, (unsigned)r->bits));
    }
    text_add(to, "    </properties>\n");
}

static void remark(struct text *to, const struct ci_remark *m, size_t number)
{
    const char *element = m->error ? "error" : "failure";

    text_printf(to, "    <testcase classname=\"arcwire.run\" name=\"%s %zu\" time=\"0.000000\"", m->name, number);
    if (m->file) {
        attribute(to, "file", m->file, SIZE_MAX);
        if (m->line)
            text_printf(to, " line=\"%u\"", m->line);
    }
    text_printf(to, ">\n      <%s type=\"%s\"", element, m->error ? "run" : "baseline");
    attribute(to, "message", m->message, MESSAGE_MAX);
    text_printf(to, "></%s>\n    </testcase>\n", element);
}

void report_junit(const struct report *r, struct text *to)
{
    SCRATCH(scratch);
    struct junit j = { .to = to };
    struct counts *suites = ARENA_ARRAY(&scratch, r->suite_count + 1, struct counts), all = { 0 }, run = { 0 };
    const struct ci_remark *remarks;
    size_t remark_count = ci_remarks(r, &scratch, &remarks);

    for (size_t i = 0; i < r->suite_count; i++)
        for (const struct report_case *c = r->cases; c; c = c->next)
            for (const struct report_result *result = c->first; strcmp(c->suite, r->suites[i].name) == 0 && result; result = result->next) {
                count(&suites[i], result);
                count(&all, result);
            }
    for (size_t i = 0; i < remark_count; i++) {
        if (remarks[i].shown)
            continue;
        run.tests++;
        run.errors += remarks[i].error;
        run.failures += !remarks[i].error;
    }
    all.tests += run.tests;
    all.errors += run.errors;
    all.failures += run.failures;
    text_add(to, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"arcwire\"");
    counted(to, &all);
    text_add(to, ">\n");
    for (size_t i = 0; i < r->suite_count; i++) {
        suite_begin(to, r, r->suites[i].name, &suites[i]);
        for (const struct report_case *c = r->cases; c; c = c->next)
            for (const struct report_result *result = c->first; strcmp(c->suite, r->suites[i].name) == 0 && result; result = result->next)
                test_case(&j, result);
        text_add(to, "  </testsuite>\n");
    }
    if (run.tests) {
        suite_begin(to, r, "run", &run);
        for (size_t i = 0; i < remark_count; i++)
            if (!remarks[i].shown)
                remark(to, &remarks[i], i + 1);
        text_add(to, "  </testsuite>\n");
    }
    text_add(to, "</testsuites>\n");
}
