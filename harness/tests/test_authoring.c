/*
 * What authors rely on: the examples of the guide load, wrong input is told with file, case and path, and a large suite
 * is checked as a small one is.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "json/edit.h"
#include "test_vector.h"
#include "vector/lint.h"
#include "vector/parse.h"

/*
 * The guide.
 */
struct guide {
    struct library lib; // our own services, clauses and recordings
    size_t blocks, items, steps, others;
};

static void complain(void *of, const char *line)
{
    cr_expect(false, "%s: %s", (const char *)of, line);
}

static void hear_nothing(void *of, const char *line)
{
    (void)of;
    (void)line;
}

static void suite_holds(struct guide *g, const struct json *file, const char *text)
{
    struct suite suite;
    struct error err;

    cr_expect(suite_parse(file, &g->lib, &g->lib.keep, &suite, &err), "%s\n%s", err.text, text);
    struct library alone = g->lib;
    alone.suites = &suite;
    alone.suite_count = 1;
    cr_expect(families_parse(&alone, &suite, &g->lib.keep, &err), "%s\n%s", err.text, text);
    struct lint lint = { .tell = complain, .of = (void *)text };
    lint_library(&lint, &alone);
}

static const struct json *parsed(const char *text, struct arena *keep)
{
    const struct json *tree;
    struct error err;

    return json_parse(bytes_of(text), "README.md", keep, &tree, &err) ? tree : NULL;
}

/* A suite around a list of one thing. */
static void within(struct guide *g, const char *list, const char *text)
{
    struct json *file = (struct json *)parsed("{\"format\": 1, \"suite\": \"b\", \"service\": \"conformance\"}", &g->lib.keep);
    struct json *all = json_make(list, JSON_ARRAY, &g->lib.keep);

    json_append(file, all);
    json_append(all, (struct json *)parsed(text, &g->lib.keep));
    suite_holds(g, file, text);
}

static void block_holds(struct guide *g, const char *text)
{
    const struct json *tree = parsed(text, &g->lib.keep);
    struct service *service;
    struct error err;

    cr_assert(tree != NULL, "no JSON:\n%s", text);
    g->blocks++;
    if (json_get(tree, "suite"))
        suite_holds(g, tree, text);
    else if (json_get(tree, "rows"))
        within(g, "tables", text);
    else if (json_get(tree, "steps"))
        within(g, "cases", text);
    else
        cr_expect(service_parse(tree, &g->lib.keep, &service, &err), "%s\n%s", err.text, text);
}

/* Words that stand for something in the text of the guide. */
static const struct {
    const char *word, *is;
} words[] = {
    { "ITEM…", "{\"word\": 0}" }, { "\"TYPE\": VALUE", "\"word\": 1" },   { "\"TYPE\"", "\"word\"" },
    { "\"NAME\"", "\"next\"" },   { "\"clauses\": […]", "\"clauses\": [\"L-1\"]" }, { "\"level\": …", "\"level\": \"must\"" },
    { "{\"name\": …", "{\"name\": \"first\"" },
};

static char *filled(const char *text, size_t len, struct arena *keep)
{
    TEXT(out);

    for (const char *at = text; at < text + len;) {
        size_t w = 0;
        while (w < COUNT_OF(words) && strncmp(at, words[w].word, strlen(words[w].word)) != 0)
            w++;
        if (w < COUNT_OF(words)) {
            text_add(&out, words[w].is);
            at += strlen(words[w].word);
        } else {
            text_char(&out, *at++);
        }
    }
    return arena_string(keep, text_string(&out));
}

static void case_holds(struct guide *g, const char *steps)
{
    within(g, "cases", arena_printf(&g->lib.keep, "{\"id\": \"b-1\", \"title\": \"T\", \"clauses\": [\"L-1\"], \"steps\": [%s]}", steps));
}

/* An example of steps among the controls without which it would not do; how a connection comes about stands first. */
static void steps_hold(struct guide *g, const char *steps)
{
    bool first = strstr(steps, "listen") || strstr(steps, "open"), stays = first || strstr(steps, "silent");

    case_holds(g, arena_printf(&g->lib.keep, "%s%s, {\"control\": \"next\"%s}", first ? "" : "{\"control\": \"next\"}, ",
                               steps, stays ? "" : ", \"on\": \"fresh\""));
}

/* What stands in a line of text: a step, an item, or a part of one. */
static void span_holds(struct guide *g, const char *text)
{
    static const struct {
        const char *key, *before, *behind; // steps that it needs around it
    } steps[] = {
        { "client", "", "" }, { "server", "", "" }, { "control", "", "" }, { "silent", "", "" }, { "end", "", "" }, { "reset", "", "" },
        { "new-archive", "", "" }, { "open", "", "" }, { "listen", "", ", {\"client\": [ {\"word\": 1} ]}" },
        { "pause", "", ", {\"resume\": \"client\"}" }, { "resume", "{\"pause\": \"client\"}, ", "" },
    };
    struct arena *keep = &g->lib.keep;
    const struct json *tree = parsed(text, keep);
    struct type_ref type;
    struct error err;

    cr_assert(tree != NULL && tree->first, "no JSON: %s", text);
    const char *key = tree->first->key;
    size_t s = 0;
    while (s < COUNT_OF(steps) && strcmp(steps[s].key, key) != 0)
        s++;
    // Which archive a party keeps is said in the words of parties, too.
    bool archive = json_get(tree, "client") && json_get(tree, "client")->kind == JSON_STRING;
    // Any word might be a refusal.
    const char *before = strstr(text, "\"any\"")     ? "{\"word\": 0}, "
                         : strstr(text, "\"reuse\"") ? "{\"word\": {\"draw\": {}, \"as\": \"n\"}}, {\"raw:2\": {\"draw\": {}, \"as\": \"x\"}}, "
                         : strstr(text, "\"length\"") ? "{\"word\": 0}, {\"word\": {\"any\": true, \"as\": \"n\"}}, "
                                                     : "";
    if (s < COUNT_OF(steps) && !archive) {
        g->steps++;
        steps_hold(g, arena_printf(keep, "%s%s%s", steps[s].before, text, steps[s].behind));
    } else if (strcmp(key, "bytes") == 0 || strcmp(key, "text") == 0 || strcmp(key, "repeat") == 0 || strcmp(key, "message") == 0 || type_parse(key, &type, &err)) {
        g->items++;
        steps_hold(g, arena_printf(keep, "{\"%s\": [ %s%s ]}", strstr(text, "\"any\"") || strstr(text, "\"length\"") ? "server" : "client", before, text));
    } else if (strcmp(key, "ansi") == 0) {
        const struct golden *golden;
        g->others++;
        cr_expect(golden_parse(tree, keep, &golden, &err), "%s", err.text);
    } else if (strcmp(key, "unit") == 0) {
        g->others++;
        steps_hold(g, arena_printf(keep, "{\"client\": [ {\"%s\": %s} ]}", tree->first->kind == JSON_NUMBER ? "bytearray" : "cstringa", text));
    } else if (strcmp(key, "name") == 0) {
        g->others++;
        steps_hold(g, arena_printf(keep, "{\"client\": [ {\"word\": 1} ]}, {\"server\": [ {\"word\": 0} ], \"check\": %s}", text));
    } else {
        g->others++;
        cr_expect(archive || strcmp(key, "row") == 0, "nobody knows what this is an example of: %s", text);
    }
}

Test(authoring, every_example_of_the_guide_loads, .timeout = 30)
{
    struct guide g = { 0 };
    struct error err;
    struct bytes guide;

    cr_assert(library_load(&g.lib, (const char *const[]){ "vectors" }, 1, &err), "%s", err.text);
    cr_assert(file_read("vectors/README.md", 1u << 20, &g.lib.keep, &guide, &err), "%s", err.text);
    bool fenced = false, json = false;
    const char *begin = NULL;
    for (const char *at = (const char *)guide.data; *at;) {
        const char *end = strchrnul(at, '\n');
        if (strncmp(at, "```", 3) == 0) {
            if (fenced && json)
                block_holds(&g, arena_printf(&g.lib.keep, "%.*s", (int)(at - begin), begin));
            fenced = !fenced;
            json = fenced && strncmp(at, "```json", 7) == 0;
            begin = end + 1;
        } else if (!fenced) {
            // A span may go on in the next line, and begins with a brace and a quote.
            for (const char *tick = at; (tick = memmem(tick, (size_t)(end - tick), "`{\"", 3));) {
                const char *close = strchr(tick + 1, '`');
                cr_assert(close != NULL);
                span_holds(&g, filled(tick + 1, (size_t)(close - tick - 1), &g.lib.keep));
                tick = close + 1;
                if (tick > end)
                    end = strchrnul(tick, '\n');
            }
        }
        at = *end ? end + 1 : end;
    }
    cr_expect(eq(int, fenced, false));
    cr_expect(ge(sz, g.blocks, 3));
    cr_expect(ge(sz, g.steps, 6));
    cr_expect(ge(sz, g.items, 8));
    cr_expect(ge(sz, g.others, 5));
    library_free(&g.lib);
}

/*
 * Wrong input: file, line, case and path of each.
 */
static const struct {
    const char *label, *suite, *said;
} wrong[] = {
    { "a wrong golden byte", CASE("{'client': [{'word': 4660}], 'wire': '3413', 'source': 'hand'}"),
      "v/suites/t.json:3: case t-1: steps[0]: wire and values differ at byte 1: wire 13, values 12 (profile 4.2-ansi-32)" },
    { "a wrong value", CASE("{'client': [{'word': 4661}], 'wire': '3412', 'source': 'hand'}"),
      "v/suites/t.json:3: case t-1: steps[0]: wire and values differ at byte 0: wire 34 12, values 35 12 (profile 4.2-ansi-32)" },
    { "a value that its type cannot hold", CASE("{'client': [{'byte': 256}]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[0].byte: expected an integer from 0 to 255, found 256" },
    { "an unknown key", CASE("{'client': [{'byte': 1}], 'wrie': '01'}"), "v/suites/t.json:3: case t-1: steps[0]: unknown key \"wrie\"; known are " },
    { "a number beyond 2^53", CASE("{'client': [{'ulonglong': 9007199254740993}]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[0].ulonglong: 9007199254740993 is beyond 2^53 and must be written as a string" },
    { "an id that stands there twice",
      "{'format': 1, 'suite': 't', 'service': 'tiny', 'cases': [\n"
      " {'id': 't-1', 'title': 'T', 'clauses': ['X-1'], 'steps': [{'client': [{'byte': 1}]}]},\n"
      " {'id': 't-1', 'title': 'U', 'clauses': ['X-1'], 'steps': [{'client': [{'byte': 2}]}]}]}",
      "v/suites/t.json:3: case t-1: the id \"t-1\" stands at v/suites/t.json:2, too" },
    { "a recording that nobody made", CASE("{'client': [{'byte': 1}], 'wire': '01', 'source': 'recorded it'}"),
      "v/suites/t.json:3: case t-1: steps[0]: no recording is called \"it\"" },
};

Test(authoring, wrong_input_is_told_with_file_case_and_path, .timeout = 30)
{
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        SCRATCH(keep);
        const char *said = complaint_of(TINY, wrong[i].suite, &keep);
        cr_expect(strncmp(said, wrong[i].said, strlen(wrong[i].said)) == 0, "%s:\n%s\n%s", wrong[i].label, said, wrong[i].said);
    }
}

Test(authoring, bytes_that_are_said_to_be_recorded_are_those_of_the_recording, .timeout = 30)
{
    static const char *const sources[] = { "recorded chat", "recorded count", NULL };
    SCRATCH(keep);

    for (size_t i = 0; sources[i]; i++) {
        struct guide g = { 0 };
        struct error err;
        struct suite suite;
        cr_assert(library_load(&g.lib, (const char *const[]){ "vectors" }, 1, &err), "%s", err.text);
        const char *text = arena_printf(&keep,
                                        "{'format': 1, 'suite': 'b', 'service': 'conformance', 'cases': [{'id': 'b-1', 'title': 'T', 'clauses': ['L-1'],"
                                        " 'steps': [{'client': [{'word': 0}, {'cstringw': 'Hello from MFC'}],"
                                        " 'wire': '0000 fffeff 0e 480065006c006c006f002000660072006f006d0020004d0046004300', 'source': '%s'}, {'control': 'next'}]}]}",
                                        sources[i]);
        cr_assert(suite_parse(parsed(json_of(text, &keep), &keep), &g.lib, &g.lib.keep, &suite, &err), "%s", err.text);
        struct library alone = g.lib;
        alone.suites = &suite;
        alone.suite_count = 1;
        struct lint lint = { .tell = hear_nothing };
        lint_library(&lint, &alone);
        cr_expect(eq(sz, lint.complaints, i), "%s", sources[i]); // the second one is not the recording
        library_free(&g.lib);
    }
}

/*
 * A suite of ten thousand cases.
 */
Test(authoring, ten_thousand_cases_are_checked, .timeout = 120)
{
    struct library lib;
    struct error err;
    size_t count = 0;
    TEXT(suite);

    text_add(&suite, "{'format': 1, 'suite': 't', 'service': 'tiny', 'cases': [");
    for (unsigned i = 0; i < 10000; i++)
        text_printf(&suite,
                    "%s\n{'id': 't-%u', 'title': 'Case %u', 'why': 'It is one of many.', 'clauses': ['X-1'], 'steps': [{'control': 'ping'},"
                    " {'client': [{'word': %u}, {'cstringw': 'Hello'}, {'dword': 7}],"
                    " 'wire': '%02x%02x fffeff 05 480065006c006c006f00 07000000', 'source': 'hand'},"
                    " {'server': [{'byte': 1}], 'wire': '01', 'source': 'hand'}]}",
                    i ? "," : "", i, i, i, i & 255, i >> 8);
    text_add(&suite, "]}");
    int64_t began = clock_us();
    cr_assert(library_of(TINY, text_string(&suite), &lib, &err), "%s", err.text);
    int64_t loaded = clock_us();
    struct lint lint = { .tell = complain, .of = (void *)"" };
    lint_library(&lint, &lib);
    int64_t checked = clock_us();
    for (size_t i = 0; i < lib.suite_count; i++)
        count += lib.suites[i].count;
    printf("10,000 cases: loaded in %d ms, checked in %d ms\n", (int)((loaded - began) / 1000), (int)((checked - loaded) / 1000));
    cr_expect(eq(sz, count, 10000));
    cr_expect(eq(sz, lint.complaints, 0));
    library_free(&lib);
}
