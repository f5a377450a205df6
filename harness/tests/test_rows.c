/*
 * Rows of tables, written out and made smaller. Who fails is said by a word that must stay among the steps.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "shrink/rows.h"
#include "test_vector.h"

#define TABLE(op, row)                                                                                                     \
    "{'format': 1, 'suite': 't', 'service': 'tiny', 'tables': [{'id': 't', 'title': 'T', 'clauses': ['X-1'], 'ops': ['" op \
    "'], 'rows': [{'key': 'r', " row "}]}]}"

/* Any steps with these two words fail, and no other. */
struct failing {
    const char *word, *other;
    size_t tries;
};

static bool try(void *of, const struct steps_text *steps, bool *still, struct error *err)
{
    struct failing *f = of;
    bool word = false, other = false;

    (void)err;
    f->tries++;
    for (size_t i = 0; i < steps->count; i++) {
        word |= strstr(steps->items[i], f->word) != NULL;
        other |= strstr(steps->items[i], f->other) != NULL;
    }
    *still = word && other;
    return true;
}

static const char *shrunk(const char *suite, const char *word, const char *other, bool smaller, struct arena *keep)
{
    struct library lib;
    struct failing f = { word, other, 0 };
    struct steps_text out;
    struct error err;
    bool found;
    TEXT(all);

    library_loads(TINY, suite, &lib);
    const struct rows r = { .v = &lib.suites[0].vectors[0], .profile = &profile_default, .seed = 7, .smaller = smaller, .keep = keep, .try = try, .of = &f };
    cr_assert(rows_shrink(&r, &out, &found, &err), "%s", err.text);
    for (size_t i = 0; found && i < out.count; i++)
        text_printf(&all, "%s%s", i ? " " : "", out.items[i]);
    library_free(&lib);
    return arena_string(keep, text_string(&all));
}

Test(rows, values_get_as_small_as_they_may, .timeout = 60)
{
    static const struct {
        const char *label, *suite, *word, *other, *due;
    } rows[] = {
        { "a number keeps its sign", TABLE("tell", "'type': 'int', 'value': -300, 'wire': 'd4feffff', 'text': '-300'"), "\"int\":-", "",
          "{\"client\":[{\"byte\":4},{\"cstringa\":\"int\"},{\"int\":-1}]} {\"server\":[{\"cstring\":\"-1\"}]}" },
        { "a string keeps a character of its middle", TABLE("echo", "'type': 'cstringa', 'value': 'abxcd', 'wire': '05 6162786364', 'text': 'a:6162786364'"), "x", "",
          "{\"client\":[{\"byte\":3},{\"cstringa\":\"x\"}]} {\"server\":[{\"cstringa\":\"x\"}]}" },
        { "a graph keeps one object", TABLE("make", "'type': 'obarray', 'value': '[CNode(1,CAge(2)),null,CAge(3)]', 'wire': '0300 ffff 0300 0500 434e6f6465 01000000 ffff 0100 0300 434167 02000000'"),
          "CAge(", "", "{\"client\":[{\"byte\":5},{\"cstringa\":\"[CAge(0)]\"}]} {\"server\":[{\"obarray\":\"[CAge(0)]\"}]}" },
        { "of two values one", TABLE("tell", "'type': 'byte,word', 'value': [7, 300], 'wire': '07 2c01', 'text': '7 300'"), "\"word\"", "",
          "{\"client\":[{\"byte\":4},{\"cstringa\":\"word\"},{\"word\":0}]} {\"server\":[{\"cstring\":\"0\"}]}" },
        { "of two values both", TABLE("tell", "'type': 'byte,word', 'value': [7, 300], 'wire': '07 2c01', 'text': '7 300'"), "\"word\"", "{\"byte\":4},{\"cstringa\":\"byte,",
          "{\"client\":[{\"byte\":4},{\"cstringa\":\"byte,word\"},{\"byte\":0},{\"word\":0}]} {\"server\":[{\"cstring\":\"0 0\"}]}" },
        { "a map's brace is no name's", TABLE("make", "'type': 'mapwordtoob', 'value': '{5=null,6=CAge(3)}', 'wire': '0200 0500 0000 0600 ffff 0100 0400 43416765 03000000'"), "CAge", "6=",
          "{\"client\":[{\"byte\":5},{\"cstringa\":\"{{6=CAge(0)}\"}]} {\"server\":[{\"mapwordtoob\":\"{6=CAge(0)}\"}]}" },
        { "another form than a writer's goes", TABLE("tell", "'type': 'cstringa', 'value': 'ab', 'wire': '02 6162', 'load': 'ff 0200 6162', 'text': 'a:6162'"), "byte", "",
          "{\"client\":[{\"byte\":4},{\"cstringa\":\"cstringa\"},{\"cstringa\":\"\"}]} {\"server\":[{\"cstring\":\"a:\"}]}" },
        { "or stays, when it matters", TABLE("tell", "'type': 'cstringa', 'value': 'ab', 'wire': '02 6162', 'load': 'ff 0200 6162', 'text': 'a:6162'"), "ff02006162", "",
          "{\"client\":[{\"byte\":4},{\"cstringa\":\"cstringa\"},{\"bytes\":\"ff02006162\"}]} {\"server\":[{\"cstring\":\"a:6162\"}]}" },
        { "another schema stays one", TABLE("tell", "'type': 'object', 'value': 'CVersioned:3(1)', 'wire': 'ffff 0300 0a00 4356657273696f6e6564 01000000', 'load': 'ffff 0200 0a00 4356657273696f6e6564 01000000', 'text': 'CVersioned:2(1)'"),
          "CVersioned:2", "", "{\"client\":[{\"byte\":4},{\"cstringa\":\"object\"},{\"object\":\"CVersioned:2(0)\"}]} {\"server\":[{\"cstring\":\"CVersioned:2(0)\"}]}" },
        { "none that fails", TABLE("tell", "'type': 'byte', 'value': 7, 'wire': '07', 'text': '7'"), "\"word\"", "", "" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        cr_expect(eq(str, (char *)shrunk(rows[i].suite, rows[i].word, rows[i].other, true, &keep), (char *)rows[i].due), "%s", rows[i].label);
    }
}

/* Nobody could tell whether a smaller one is right. */
Test(rows, values_stay_as_they_are_without_a_witness, .timeout = 30)
{
    SCRATCH(keep);

    cr_expect(eq(str, (char *)shrunk(TABLE("tell", "'type': 'int', 'value': -300, 'wire': 'd4feffff', 'text': '-300'"), "int", "", false, &keep),
                 (char *)"{\"client\":[{\"byte\":4},{\"cstringa\":\"int\"},{\"int\":-300}]} {\"server\":[{\"cstring\":\"-300\"}]}"));
}

/* The seed tells a drawn value, and it gets smaller as any other. */
Test(rows, a_drawn_value_is_that_of_the_seed, .timeout = 30)
{
    static const char suite[] = TABLE("echo", "'type': 'dword', 'draw': {'min': 70000, 'max': 70000}");
    SCRATCH(keep);

    cr_expect(eq(str, (char *)shrunk(suite, "dword", "", false, &keep), (char *)"{\"client\":[{\"byte\":3},{\"dword\":70000}]} {\"server\":[{\"dword\":70000}]}"));
    cr_expect(eq(str, (char *)shrunk(suite, "dword", "", true, &keep), (char *)"{\"client\":[{\"byte\":3},{\"dword\":0}]} {\"server\":[{\"dword\":0}]}"));
}
