/*
 * What conversations by chance reach. That a right peer passes them and a wrong one does not is what CI plays.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <regex.h>

#include "shrink/grammar.h"
#include "test_vector.h"

#define CONVERSATIONS 400

/* How many of the conversations of seed 7 match. */
static size_t matching(const char *pattern, const struct profile *p)
{
    struct grammar g = { .profile = *p, .seed = 7 };
    regex_t compiled;
    size_t n = 0;

    cr_assert(eq(int, regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB), 0), "%s", pattern);
    for (uint64_t number = 1; number <= CONVERSATIONS; number++) {
        SCRATCH(keep);
        n += regexec(&compiled, grammar_case(&g, number, &keep), 0, NULL, 0) == 0;
    }
    regfree(&compiled);
    return n;
}

Test(grammar, reaches_what_is_rare, .timeout = 60)
{
    static const struct {
        const char *label, *pattern;
        size_t least;
    } rows[] = {
        { "a class with its own schema",             "CVersioned:3\\(",                               20 },
        { "a class with another schema",             "CVersioned:(1|2|4|600|699|701|32767|65534)\\(", 10 },
        { "a letter without a stamp",                "CLetter:(0|1|2|3|4|600|699)\\(u:[0-9a-f]*\\)",  5 },
        { "a letter with one",                       "CLetter:(700|701|32767|65534)\\(u:[0-9a-f]*,-?[0-9]+\\)", 20 },
        { "what came without a stamp goes back with 0", "CLetter:700\\(u:[0-9a-f]*,0\\)",             5 },
        { "a map with two new objects",              "\"map[a-z]*toob\":\"\\{[^\"]*=C[^\"]*=C",       5 },
        { "a map that names an object again",        "\"map[a-z]*toob\":\"\\{[^\"]*=C[^\"]*=@",       3 },
        { "a table of objects beyond 32766 entries", "CNode\\(1,@327[0-9][0-9]\\)",                   1 },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        cr_expect(ge(sz, matching(rows[i].pattern, &profile_default), rows[i].least), "%s", rows[i].label);
}

/* A map that a peer writes by its buckets: with two new objects their numbers would be its choice [COL-13]. */
Test(grammar, asks_for_one_new_object_of_a_map_at_most, .timeout = 60)
{
    cr_expect(eq(sz, matching("\\{\"server\":\\[\\{\"word\":0\\}[^]]*\"map[a-z]*toob\":\"\\{[^\"]*=C[^\"]*C[A-Z]", &profile_default), 0));
}

/* 4.2 takes a schema of 0 that it remembers for none [SCH-4]. */
Test(grammar, has_no_schema_0_for_4_2, .timeout = 60)
{
    struct profile old = profile_default;

    old.generation = 42;
    cr_expect(eq(sz, matching("C(Versioned|Letter):0\\(", &old), 0));
    cr_expect(gt(sz, matching("C(Versioned|Letter):0\\(", &profile_default), 0));
}
