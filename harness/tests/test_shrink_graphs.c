/*
 * Smaller graphs of objects in steps, and what their objects are called behind that. Expected texts are made by hand, from the service's rule that `@k` is the
 * k-th new object of a direction.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "shrink/graphs.h"

Test(shrink_graphs, smaller_texts_say_what_is_gone)
{
    static const struct {
        const char *text, *smaller;
        size_t from, to, kept, kept_end;
    } rows[] = {
        { "CNode(1,CAge(2))",        "null",               0, 16, 16, 16 },
        { "CNode(1,CAge(2))",        "CAge(2)",            0, 16, 8,  15 },
        { "CNode(1,CAge(2))",        "CNode(1,null)",      8, 15, 15, 15 },
        { "CNode(1,CAge(2))",        "CNode(0,CAge(2))",   6, 7,  7,  7  },
        { "CNode(1,CAge(2))",        "CNode(1,CAge(1))",   13, 14, 14, 14 },
        { "[CAge(1),null,CAge(0)]",  "[]",                 1, 21, 21, 21 },
        { "[CAge(1),null,CAge(0)]",  "[CAge(1),CAge(0)]",  9, 14, 14, 14 },
        { "[CAge(1),null,CAge(0)]",  "[CAge(1),null]",     13, 21, 21, 21 },
        { "[CAge(1),null,CAge(0)]",  "[null,CAge(0)]",     1, 9,  9,  9  },
        { "{u:0061=CAge(0),5=@1}",   "{5=@1}",             1, 16, 16, 16 },
        { "{u:0061=CAge(0),5=@1}",   "{u:0061=null,5=@1}", 8, 15, 15, 15 },
        { "CLetter(u:004100420043)", "CLetter(u:)",        10, 22, 22, 22 },
        { "CLetter(u:004100420043)", "CLetter(u:0041)",    14, 22, 22, 22 },
        { "CLetter(a:414243)",       "CLetter(a:4142)",    14, 16, 16, 16 },
        { "CStringList[u:0041]",     "CStringList[]",      12, 18, 18, 18 },
        { "CAge(-7)",                "CAge(0)",            5, 7,  7,  7  },
        { "CAge(9)",                 "CAge(4)",            5, 6,  6,  6  },
        { "CAge(9)",                 "CAge(8)",            5, 6,  6,  6  },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct smaller_texts c;
        size_t k = 0;
        smaller_texts(rows[i].text, &keep, &c);
        while (k < c.count && strcmp(c.items[k].text, rows[i].smaller) != 0)
            k++;
        cr_assert(k < c.count, "%s: no %s", rows[i].text, rows[i].smaller);
        cr_expect(eq(sz, c.items[k].from, rows[i].from), "%s → %s", rows[i].text, rows[i].smaller);
        cr_expect(eq(sz, c.items[k].to, rows[i].to), "%s → %s", rows[i].text, rows[i].smaller);
        cr_expect(eq(sz, c.items[k].kept, rows[i].kept), "%s → %s", rows[i].text, rows[i].smaller);
        cr_expect(eq(sz, c.items[k].kept_end, rows[i].kept_end), "%s → %s", rows[i].text, rows[i].smaller);
    }
}

Test(shrink_graphs, nothing_is_smaller_than_the_smallest)
{
    static const char *const rows[] = { "null", "@1", "[]", "{}", "u:", "0", "-", "CAge", "" };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct smaller_texts c;
        smaller_texts(rows[i], &keep, &c);
        cr_expect(eq(sz, c.count, 0), "%s", rows[i]);
    }
}

Test(shrink_graphs, what_is_a_graph)
{
    cr_expect(graph_is("CAge(1)"));
    cr_expect(graph_is("[]"));
    cr_expect(graph_is("CObArray[@1]"));
    cr_expect(graph_is("{u:0061=null}"));
    cr_expect(not(graph_is("@1")));
    cr_expect(not(graph_is("null")));
    cr_expect(not(graph_is("CAge(1) CAge(2)")));
    cr_expect(not(graph_is("")));
}

/* The steps, one to a line, when `text` is made `smaller` in them. */
static void expect_steps(const char *label, const char *text, const char *smaller, const char *const *before, const char *const *after, size_t count)
{
    SCRATCH(keep);
    struct smaller_texts c;
    struct steps_text steps = { (const char **)before, count };
    size_t k = 0;

    smaller_texts(text, &keep, &c);
    while (k < c.count && strcmp(c.items[k].text, smaller) != 0)
        k++;
    cr_assert(k < c.count, "%s: no %s", label, smaller);
    struct steps_text out = graph_smaller(&steps, text, &c.items[k], &keep);
    cr_assert(eq(sz, out.count, count), "%s", label);
    for (size_t i = 0; i < count; i++)
        cr_expect(eq(str, (char *)out.items[i], (char *)after[i]), "%s, step %zu", label, i + 1);
}

#define STEPS(label, text, smaller, before, after) expect_steps(label, text, smaller, before, after, COUNT_OF(before))

/* ECHO: each side says it, and each has numbers of its own. */
Test(shrink_graphs, each_side_calls_its_objects_anew)
{
    static const char *const before[] = {
        "{\"client\":[{\"word\":1},{\"object\":\"CAge(9)\"}]}",
        "{\"server\":[{\"word\":0},{\"object\":\"CAge(9)\"}],\"check\":\"a\"}",
        "{\"client\":[{\"oblist\":\"[CAge(1),CNode(2,@3),CAge(3)]\"}]}",
        "{\"server\":[{\"word\":7},{\"oblist\":\"[CAge(1),CNode(2,@3),CAge(3)]\"}]}",
        "{\"client\":[{\"object\":\"@1\"},{\"object\":\"@3\"},{\"object:CAge\":\"@4\"},{\"object\":\"@2\"}]}",
        "{\"server\":[{\"object\":\"CAge(5)\"},{\"object\":\"@4\"},{\"object\":\"@5\"},{\"object\":\"@6\"}]}",
    };
    static const char *const after[] = {
        "{\"client\":[{\"word\":1},{\"object\":\"CAge(9)\"}]}",
        "{\"server\":[{\"word\":0},{\"object\":\"CAge(9)\"}],\"check\":\"a\"}",
        "{\"client\":[{\"oblist\":\"[CNode(2,@2),CAge(3)]\"}]}",
        "{\"server\":[{\"word\":7},{\"oblist\":\"[CNode(2,@2),CAge(3)]\"}]}",
        "{\"client\":[{\"object\":\"@1\"},{\"object\":\"@2\"},{\"object:CAge\":\"@3\"},{\"object\":\"null\"}]}",
        "{\"server\":[{\"object\":\"CAge(5)\"},{\"object\":\"@3\"},{\"object\":\"@4\"},{\"object\":\"@6\"}]}",
    };

    STEPS("an element less", "[CAge(1),CNode(2,@3),CAge(3)]", "[CNode(2,@3),CAge(3)]", before, after);
}

/* TELL: the server's text calls the client's objects; MAKE: the client's calls those that the server will make. */
Test(shrink_graphs, a_text_calls_the_other_sides_objects)
{
    static const char *const before[] = {
        "{\"client\":[{\"word\":2},{\"cstringa\":\"object,object\"},{\"object\":\"CNode(1,CAge(2))\"},{\"object\":\"@2\"}]}",
        "{\"server\":[{\"word\":0},{\"cstring\":\"CNode(1,CAge(2)) @2\"}]}",
        "{\"client\":[{\"word\":3},{\"cstringa\":\"object,object\"},{\"cstringa\":\"CNode(1,CAge(2)) @2\"}]}",
        "{\"server\":[{\"word\":0},{\"object\":\"CNode(1,CAge(2))\"},{\"object\":\"@2\"}]}",
        "{\"client\":[{\"word\":3},{\"cstringa\":\"object\"},{\"cstringa\":\"CNode(8,@3)\"}]}",
        "{\"server\":[{\"word\":0},{\"object\":\"CNode(8,@3)\"}]}",
        "{\"client\":[{\"word\":2},{\"object\":\"CAge(6)\"},{\"object\":\"@3\"}]}",
        "{\"server\":[{\"word\":0},{\"cstring\":\"CAge(6) @3\"}]}",
    };
    static const char *const hoisted[] = {
        "{\"client\":[{\"word\":2},{\"cstringa\":\"object,object\"},{\"object\":\"CAge(2)\"},{\"object\":\"@1\"}]}",
        "{\"server\":[{\"word\":0},{\"cstring\":\"CAge(2) @1\"}]}",
        "{\"client\":[{\"word\":3},{\"cstringa\":\"object,object\"},{\"cstringa\":\"CAge(2) @1\"}]}",
        "{\"server\":[{\"word\":0},{\"object\":\"CAge(2)\"},{\"object\":\"@1\"}]}",
        "{\"client\":[{\"word\":3},{\"cstringa\":\"object\"},{\"cstringa\":\"CNode(8,@2)\"}]}",
        "{\"server\":[{\"word\":0},{\"object\":\"CNode(8,@2)\"}]}",
        "{\"client\":[{\"word\":2},{\"object\":\"CAge(6)\"},{\"object\":\"@2\"}]}",
        "{\"server\":[{\"word\":0},{\"cstring\":\"CAge(6) @2\"}]}",
    };

    STEPS("the inner one in the place of the outer", "CNode(1,CAge(2))", "CAge(2)", before, hoisted);
}

Test(shrink_graphs, an_archive_anew_counts_anew)
{
    static const char *const before[] = {
        "{\"client\":[{\"object\":\"CNode(1,CAge(2))\"}]}",
        "{\"new-archive\":\"client\"}",
        "{\"client\":[{\"object\":\"CAge(3)\"},{\"object\":\"@1\"},{\"repeat\":{\"unit\":[{\"object\":\"@1\"}],\"times\":3}},{\"cstring\":\"me@home\"},{\"any\":\"object\"}]}",
    };
    static const char *const after[] = {
        "{\"client\":[{\"object\":\"null\"}]}",
        "{\"new-archive\":\"client\"}",
        "{\"client\":[{\"object\":\"CAge(3)\"},{\"object\":\"@1\"},{\"repeat\":{\"unit\":[{\"object\":\"@1\"}],\"times\":3}},{\"cstring\":\"me@home\"},{\"any\":\"object\"}]}",
    };

    STEPS("null", "CNode(1,CAge(2))", "null", before, after);
}
