/*
 * Requirements of somebody else, and the cases of a run that show each.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

#include "base/file.h"
#include "report/report.h"
#include "report/requirements.h"

#define CASE(id, suite, clause, verdict)                                                                               \
    "{\"record\":\"case\",\"id\":\"" id "\",\"suite\":\"" suite "\",\"delivery\":\"plain\",\"profile\":\"p\",\"title\":\"T\","     \
    "\"clauses\":[\"A-1\"],\"verdict\":\"" verdict "\",\"checks\":[{\"name\":\"reply\",\"clauses\":[\"" clause "\"],\"level\":\"must\",\"verdict\":\"pass\",\"axis\":\"data\"}]}\n"
#define RUN "{\"record\":\"run\",\"log\":1}\n"
#define LOG                                                                                                            \
    RUN CASE("one-1", "one", "B-1", "pass") CASE("one-2", "one", "B-2", "fail") CASE("two-1", "two", "B-1", "skipped")     \
        "{\"record\":\"end\",\"exit\":1}\n"

struct made {
    char place[40];
    const char *path;
    struct arena keep;
    struct report report;
    struct report_requirements read;
    struct error err;
    bool good;
};

static void make(struct made *m, const char *file)
{
    struct error err;

    *m = (struct made){ .place = "/tmp/arcwire-test-XXXXXX" };
    cr_assert(mkdtemp(m->place) != NULL);
    m->path = arena_printf(&m->keep, "%s/r.json", m->place);
    cr_assert(file_write(m->path, bytes_of(file), &err), "%s", err.text);
    cr_assert(report_parse(bytes_of(LOG), "run.ndjson", &m->keep, &m->report, &err), "%s", err.text);
    m->good = report_requirements_read(m->path, &m->report, &m->keep, &m->read, &m->err);
    m->report.requirements = m->good ? &m->read : NULL;
}

static void clear(struct made *m)
{
    file_remove_directory(m->place);
    arena_free(&m->keep);
}

#define FILE_OF(list) "{\"format\":1,\"requirements\":[" list "]}"

Test(requirements, each_has_its_cases_or_a_line_of_its_own, .timeout = 10)
{
    struct made m;
    TEXT(csv);

    make(&m, FILE_OF("{\"id\":\"R-1\",\"title\":\"Say, \\\"all\\\"\",\"cases\":[\"one-*\"]},"
                     "{\"id\":\"R-2\",\"title\":\"a suite\",\"cases\":[\"two\"]},"
                     "{\"id\":\"R-3\",\"title\":\"a clause that a check cites\",\"clauses\":[\"B-2\"]},"
                     "{\"id\":\"R-4\",\"clauses\":[\"C-9\"],\"note\":\"later\"}"));
    cr_assert(m.good, "%s", m.err.text);
    report_trace(&m.report, &csv);
    cr_expect(eq(str, (char *)text_string(&csv),
                 "requirement,title,suite,case,verdict\r\n"
                 "R-1,\"Say, \"\"all\"\"\",one,one-1,pass\r\n"
                 "R-1,\"Say, \"\"all\"\"\",one,one-2,fail\r\n"
                 "R-2,a suite,two,two-1,skipped\r\n"
                 "R-2,a suite,,,not-shown\r\n"
                 "R-3,a clause that a check cites,one,one-2,fail\r\n"
                 "R-4,,,,not-shown\r\n"));
    cr_expect(eq(sz, m.read.unshown, 2));
    clear(&m);
}

Test(requirements, the_page_has_them, .timeout = 10)
{
    struct made m;
    TEXT(html);

    make(&m, FILE_OF("{\"id\":\"R<1\",\"title\":\"<b>\",\"cases\":[\"one-*\"]},{\"id\":\"R-2\",\"cases\":[\"two\"]},{\"id\":\"R-3\",\"cases\":[\"three\"]}"));
    cr_assert(m.good, "%s", m.err.text);
    report_html(&m.report, &html);
    static const char *const pieces[] = {
        "<h2 id=requirements>Requirements</h2><p class=sum>3 requirements, of which 2 are shown by no case of this run.</p>",
        "<tr><th scope=row>R&lt;1<td class=said>&lt;b&gt;<td class=f><a href=\"#case=one-2\">✗ 1 of 2</a>",
        "<tr><th scope=row>R-2<td class=said> <small>no case that shows it was played</small><td class=u>– 1",
        "<tr><th scope=row>R-3<td class=said> <small>no case of this run shows it</small><td>",
    };
    for (size_t i = 0; i < COUNT_OF(pieces); i++)
        cr_expect(strstr(text_string(&html), pieces[i]) != NULL, "missing: %s", pieces[i]);
    clear(&m);
}

// clang-format off
static const struct bad_row {
    const char *file, *said; // behind its name
} bad_rows[] = {
    { "[]",                                              ":1: " },
    { "{\"requirements\":[]}",                           ":1: expected \"format\": 1" },
    { "{\"format\":2,\"requirements\":[]}",              ":1: " },
    { "{\"format\":1}",                                  ":1: has no \"requirements\"" },
    { FILE_OF("{\"cases\":[\"x\"]}"),                    ": has no \"id\"" },
    { FILE_OF("{\"id\":\"a\"}"),                         "names neither \"cases\" nor \"clauses\"" },
    { FILE_OF("{\"id\":\"a\",\"cases\":[]}"),            "names neither \"cases\" nor \"clauses\"" },
    { FILE_OF("{\"id\":\"a\",\"cases\":[1]}"),           "expected a string" },
    { FILE_OF("{\"id\":\"a\",\"case\":[\"x\"]}"),        "unknown key \"case\"" },
    { FILE_OF("{\"id\":\"a\",\"cases\":[\"x\"]},{\"id\":\"a\",\"cases\":[\"y\"]}"), "two requirements are called \"a\"" },
};
// clang-format on

Test(requirements, a_wrong_file_is_told_with_its_place, .timeout = 10)
{
    for (size_t i = 0; i < COUNT_OF(bad_rows); i++) {
        struct made m;
        make(&m, bad_rows[i].file);
        cr_expect(not(m.good), "%s", bad_rows[i].file);
        cr_expect(eq(int, (int)m.err.kind, ERROR_INPUT));
        cr_expect(strncmp(m.err.text, m.path, strlen(m.path)) == 0 && strstr(m.err.text, bad_rows[i].said), "%s: %s", bad_rows[i].file, m.err.text);
        clear(&m);
    }
}
