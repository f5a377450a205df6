/*
 * The canonical form of vectors, golden bytes filled in, and new cases.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/file.h"
#include "json/edit.h"
#include "test_vector.h"
#include "vector/fmt.h"
#include "vector/lint.h"
#include "vector/parse.h"

static const struct json *tree_of(const char *text, struct arena *keep)
{
    const struct json *tree;
    struct error err;

    cr_assert(json_parse(bytes_of(json_of(text, keep)), "t.json", keep, &tree, &err), "%s", err.text);
    return tree;
}

static bool same(const struct json *a, const struct json *b)
{
    if (a->kind != b->kind || a->truth != b->truth || a->count != b->count || !a->key != !b->key ||
        (a->key && strcmp(a->key, b->key) != 0) || !a->string != !b->string || (a->string && strcmp(a->string, b->string) != 0))
        return false;
    for (a = a->first, b = b->first; a && b; a = a->next, b = b->next)
        if (!same(a, b))
            return false;
    return !a && !b;
}

/* Prints and reads again: the same values, and the same text. */
static void round_trip(const struct json *tree, const char *name, struct text *first)
{
    SCRATCH(keep);
    const struct json *again;
    struct error err;
    TEXT(second);

    fmt_print(first, tree);
    cr_assert(json_parse(buffer_bytes(&first->b), name, &keep, &again, &err), "%s", err.text);
    cr_expect(same(tree, again), "%s: other values", name);
    fmt_print(&second, again);
    cr_expect(eq(str, (char *)text_string(first), (char *)text_string(&second)), "%s: not idempotent", name);
}

Test(fmt, all_shipped_vectors_have_the_canonical_form, .timeout = 30)
{
    static const char *const directories[] = { "vectors/suites", "vectors/services", "vectors/captures", NULL };
    SCRATCH(keep);
    size_t seen = 0;

    for (const char *const *d = directories; *d; d++) {
        const char *const *names;
        size_t count;
        struct error err;
        cr_assert(file_list(*d, ".json", &keep, &names, &count, &err), "%s", err.text);
        for (size_t i = 0; i < count; i++, seen++) {
            const char *path = arena_printf(&keep, "%s/%s", *d, names[i]);
            const struct json *tree;
            struct bytes text;
            TEXT(out);
            cr_assert(json_read(path, &keep, &tree, &err), "%s", err.text);
            cr_assert(file_read(path, 64u << 20, &keep, &text, &err), "%s", err.text);
            round_trip(tree, path, &out);
            cr_expect(bytes_equal(buffer_bytes(&out.b), text), "%s: arcwire fmt would change it", path);
        }
    }
    cr_expect(gt(sz, seen, 20));
}

static const char *const odd[] = {
    "{}",
    "[]",
    "null",
    "[1, 2.50, -0, 1E+3, 12345678901234567890, true, false, null, '', [], {}]",
    "{'cases': [], 'steps': [1, [2, [3]]], 'rows': {'a': {}}, 'controls': {}, 'ops': {'x': []}}",
    "{'title': '\xc3\xa9\xf0\x9f\x98\x80 \\u00e9 \\n \\\\ \\u0001 /', '': {'': [{'': ''}]}}",
    "{'steps': [{'client': [{'word': 1}]}], 'cases': [{'steps': [{'steps': [{'wire': {'ansi': '00', 'unicode': '11'}}]}]}]}",
};

Test(fmt, whatever_the_value_it_stays_the_same, .timeout = 10)
{
    for (size_t i = 0; i < COUNT_OF(odd); i++) {
        SCRATCH(keep);
        TEXT(out);
        round_trip(tree_of(odd[i], &keep), odd[i], &out);
    }
}

Test(fmt, one_step_a_line_and_golden_bytes_below_the_values, .timeout = 10)
{
    SCRATCH(keep);
    TEXT(out);

    round_trip(tree_of("{'format':1,'suite':'t','service':'s','title':'T','cases':[{'id':'t-1','rev':1,'title':'One','why':'W',"
                       "'clauses':['X-1'],'steps':[{'control':'ping'},{'client':[{'word':1},{'cstringa':'word,word,word,word,word,word,"
                       "word,word,word,word,word'}],'wire':'0100 36 776f72642c776f72642c776f72642c776f7264','source':'hand'}]}]}",
                       &keep),
               "sample", &out);
    cr_expect(eq(str, (char *)text_string(&out),
                 "{ \"format\": 1, \"suite\": \"t\", \"service\": \"s\",\n"
                 "  \"title\": \"T\",\n"
                 "  \"cases\": [\n"
                 "    { \"id\": \"t-1\", \"rev\": 1,\n"
                 "      \"title\": \"One\",\n"
                 "      \"why\": \"W\",\n"
                 "      \"clauses\": [\"X-1\"],\n"
                 "      \"steps\": [\n"
                 "        { \"control\": \"ping\" },\n"
                 "        { \"client\": [ {\"word\": 1}, {\"cstringa\": \"word,word,word,word,word,word,word,word,word,word,word\"} ],\n"
                 "          \"wire\": \"0100 36 776f72642c776f72642c776f72642c776f7264\", \"source\": \"hand\" } ] } ] }\n"));
}

/*
 * Golden bytes filled in.
 */
static const struct json *pinned(const char *suite, struct library *lib, size_t *count, struct arena *keep, struct error *err)
{
    const struct json *out = NULL;

    *count = 0;
    return fmt_pin(tree_of(suite, keep), lib, keep, &out, count, err) ? out : NULL;
}

/* The service tiny, for suites that are not loaded from a directory. */
static void tiny(struct library *lib)
{
    struct error err;

    cr_assert(library_of(TINY, CASE("{'client': [{'byte': 1}]}"), lib, &err), "%s", err.text);
    lib->suite_count = 0;
}

#define ROW(row)                                                                                   \
    "{'format': 1, 'suite': 't', 'service': 'tiny', 'tables': [{'id': 't-a', 'title': 'T', 'clauses': ['X-1'], 'ops': ['echo']," \
    " 'rows': [" row "]}]}"

static const struct pin_row {
    const char *label, *suite, *wire; // the first one that was filled in
    size_t count;
} pins[] = {
    { "a step of numbers", CASE("{'client': [{'word': 4660}, {'byte': 1}]}"), "\"3412 01\"", 1 },
    { "by charset", CASE("{'server': [{'cstring': 'Hi'}]}"), "{\"ansi\": \"024869\", \"unicode\": \"fffeff0248006900\"}", 1 },
    { "by generation", CASE("{'server': [{'time': 1}]}"), "{\"<8\": \"01000000\", \">=8\": \"0a0000800100000000000000\"}", 1 },
    { "by both, with three predicates", CASE("{'server': [{'cstring': ''}, {'time': 1}]}"), NULL, 1 },
    { "where a type came late", CASE("{'server': [{'longlong': 1}]}"), "\"0100000000000000\"", 1 },
    { "raw bytes beside a typed value", CASE("{'client': [{'byte': 9}, {'bytes': '41*9'}]}"), "\"09 41*9\"", 1 },
    { "not raw bytes alone", CASE("{'client': [{'bytes': '41'}]}"), NULL, 0 },
    { "not drawn values", CASE("{'client': [{'word': {'draw': {}, 'as': 'n'}}]}, {'server': [{'word': {'reuse': 'n'}}]}"), NULL, 0 },
    { "not what is there", CASE("{'client': [{'byte': 1}], 'wire': '01', 'source': 'hand'}"), NULL, 0 },
    { "a row", ROW("{'key': 'a', 'type': 'word', 'value': 1, 'text': '1'}"), "\"0100\"", 1 },
    { "a row of several types", ROW("{'key': 'a', 'type': 'word,count', 'value': [1, 65535], 'text': '1 65535'}"),
      "\"0100 ffffffff0000\"", 1 },
    { "a row whose reference needs what stands before",
      ROW("{'key': 'a', 'type': 'object,object', 'value': ['CAge(1)', '@1'], 'text': 'CAge(1) @1'}"),
      "\"ffff010004004341676501000000 0200\"", 1 },
    { "a row that only one charset has", ROW("{'key': 'a', 'type': 'cstring', 'value': 'x', 'text': 'u:0078', 'profile': 'ansi'}"),
      "\"0178\"", 1 },
    { "a count beyond 32 bits", ROW("{'key': 'a', 'type': 'count', 'value': '0x100000000', 'text': '4294967296', 'profile': '64'}"),
      "\"ffffffffffff0000000001000000\"", 1 },
    { "not a drawn row", ROW("{'key': 'a', 'type': 'word', 'draw': {}}"), NULL, 0 },
};

Test(fmt, pin_fills_in_what_is_missing_with_the_fewest_predicates, .timeout = 30)
{
    struct library lib;

    tiny(&lib);
    for (const struct pin_row *t = pins; t < pins + COUNT_OF(pins); t++) {
        SCRATCH(keep);
        struct error err = { 0 };
        size_t count;
        TEXT(out);
        const struct json *tree = pinned(t->suite, &lib, &count, &keep, &err);
        cr_expect(tree != NULL, "%s: %s", t->label, err.text);
        if (!tree)
            continue;
        cr_expect(eq(sz, count, t->count), "%s", t->label);
        fmt_print(&out, tree);
        const char *found = strstr(text_string(&out), "\"wire\": ");
        if (t->wire) {
            cr_expect(found && strncmp(found + 8, t->wire, strlen(t->wire)) == 0, "%s:\n%s", t->label, text_string(&out));
            cr_expect(strstr(text_string(&out), "\"source\": \"pinned\"") != NULL, "%s", t->label);
        }
        // It is a suite now, and there is nothing more to do.
        struct suite suite;
        cr_expect(suite_parse(tree, &lib, &keep, &suite, &err), "%s: %s", t->label, err.text);
        const struct json *again;
        cr_expect(fmt_pin(tree, &lib, &keep, &again, &count, &err) && count == 0, "%s", t->label);
    }
    library_free(&lib);
}

Test(fmt, pin_asks_three_questions_where_two_do_not_do, .timeout = 10)
{
    SCRATCH(keep);
    struct library lib;
    struct error err;
    size_t count;

    tiny(&lib);
    const struct json *tree = pinned(ROW("{'key': 'a', 'type': 'cstring,time', 'value': ['', 1], 'text': 'u: 1'}"), &lib, &count, &keep, &err);
    cr_assert(tree != NULL, "%s", err.text);
    const struct json *wire = json_get(json_get(json_get(tree, "tables")->first, "rows")->first, "wire");
    cr_expect(eq(sz, wire->count, 4));
    cr_expect(eq(str, (char *)wire->first->key, "ansi,<8"));
    library_free(&lib);
}

static const struct {
    const char *suite, *said;
} refused[] = {
    { ROW("{'key': 'a', 'type': 'word', 'value': 65536, 'text': ''}"),
      "t.json:1: table t-a: rows[0].value: expected an integer from 0 to 65535, found 65536" },
    { ROW("{'key': 'a', 'type': 'word,word', 'value': [1], 'text': ''}"), "t.json:1: table t-a: rows[0].value: 1 values for 2 types" },
    { ROW("{'key': 'a', 'type': 'object', 'value': '@7', 'text': '@7'}"),
      "t.json:1: table t-a: rows[0]: no valid profile can store these values" },
    { ROW("{'key': 'a', 'type': 'word', 'value': 1, 'text': '1', 'source': 'hand'}"),
      "t.json:1: table t-a: rows[0]: has a source, and no bytes that come from there" },
};

Test(fmt, pin_refuses_what_it_cannot_store, .timeout = 10)
{
    struct library lib;

    tiny(&lib);
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        SCRATCH(keep);
        struct error err = { 0 };
        size_t count;
        cr_expect(not(pinned(refused[i].suite, &lib, &count, &keep, &err) != NULL), "%s", refused[i].suite);
        cr_expect(eq(str, err.text, (char *)refused[i].said));
    }
    library_free(&lib);
}

static void complain(void *of, const char *line)
{
    (void)of;
    cr_expect(false, "%s", line);
}

Test(fmt, a_new_case_of_any_service_loads_and_passes_lint, .timeout = 30)
{
    struct library lib = { 0 };
    struct error err;

    cr_assert(library_load(&lib, (const char *const[]){ "vectors" }, 1, &err), "%s", err.text);
    for (size_t i = 0; i < lib.service_count; i++) {
        const char *text = arena_printf(&lib.keep, "{'format': 1, 'suite': 'n', 'service': '%s', 'cases': []}", lib.services[i]->name);
        struct json *file = (struct json *)tree_of(text, &lib.keep);
        json_append((struct json *)json_get(file, "cases"), (struct json *)fmt_new_case("n-one", lib.services[i], &lib.keep));
        struct suite suite;
        cr_expect(suite_parse(file, &lib, &lib.keep, &suite, &err), "%s: %s", lib.services[i]->name, err.text);
        struct library alone = lib;
        alone.suites = &suite;
        alone.suite_count = 1;
        struct lint lint = { .tell = complain };
        lint_library(&lint, &alone);
    }
    library_free(&lib);
}
