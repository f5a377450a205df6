/* What a selftest found, as text, JSON and a page. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "report/selftest.h"

static const struct selftest_row rows[] = {
    { .name = "p:a", .kind = "flaw", .sentence = "A.", .verdict = "killed", .check = "reply", .caught = 2, .headline = "cut", .due = "cut",
      .directory = "p-a", .command = "again a", .held_out = true, .us = 1000 },
    { .name = "p:b", .kind = "flaw", .sentence = "B.", .verdict = "misdiagnosed", .why = "echo, not cut", .check = "reply", .caught = 1,
      .headline = "echo", .due = "cut", .directory = "p-b", .command = "again b", .us = 1000 },
};

static const struct selftest_view seen = { .started = "s", .command = "c", .seed = "0x1", .us = 2000000, .rows = rows, .row_count = 2, .killed = 1, .misdiagnosed = 1 };
static const struct selftest_view measured = { .started = "s", .command = "c", .seed = "0x1", .us = 2000000, .rows = rows, .row_count = 2, .killed = 1,
                                               .misdiagnosed = 1, .held_out = 1, .held_out_right = 1 };

Test(selftest_views, rows_that_are_held_out_have_a_line_of_their_own, .timeout = 10)
{
    TEXT(without);
    TEXT(with);

    selftest_text(&seen, NULL, &without);
    selftest_text(&measured, NULL, &with);
    cr_expect(eq(str, (char *)text_string(&without), "1 killed, 0 missed, 1 misdiagnosed, 0 false alarms, 0 only guards in 2.00 s\n"));
    cr_expect(eq(str, (char *)text_string(&with), "held out: 1 of 1 with the right cause\n"
                                                  "1 killed, 0 missed, 1 misdiagnosed, 0 false alarms, 0 only guards in 2.00 s\n"));
}

Test(selftest_views, json_counts_and_marks_what_is_held_out, .timeout = 10)
{
    TEXT(json);

    selftest_json(&measured, &json);
    const char *text = text_string(&json), *first = strstr(text, "\"p:a\""), *second = strstr(text, "\"p:b\"");
    cr_expect(strstr(text, "\"held-out\":1,\"held-out-right\":1,\"pairs\":0") != NULL, "%s", text);
    cr_assert(first && second && first < second);
    const char *mark = strstr(first, "\"due\":\"cut\",\"held-out\":true,");
    cr_expect(mark && mark < second, "%s", text);
    cr_expect(strstr(second, "held-out") == NULL, "%s", text);
}

Test(selftest_views, the_page_counts_and_marks_what_is_held_out, .timeout = 10)
{
    TEXT(without);
    TEXT(with);

    selftest_html(&seen, &without);
    selftest_html(&measured, &with);
    cr_expect(strstr(text_string(&without), "held out:") == NULL);
    cr_expect(strstr(text_string(&with), "<p>held out: 1 of 1 with the right cause</header>") != NULL);
    cr_expect(strstr(text_string(&with), ">p:a (held out)<td>reply") != NULL);
    cr_expect(strstr(text_string(&with), ">p:b<td>reply") != NULL);
}

/* Among six hundred rows nobody finds the three that matter. */
Test(selftest_views, what_is_to_be_looked_at_stands_first_on_the_page, .timeout = 10)
{
    static const struct selftest_row three[] = {
        { .name = "p:killed", .verdict = "killed" },
        { .name = "p:misdiagnosed", .verdict = "misdiagnosed", .why = "echo, not cut" },
        { .name = "p:missed", .verdict = "missed", .bad = true },
    };
    static const struct selftest_view v = { .started = "s", .command = "c", .seed = "0x1", .rows = three, .row_count = 3 };
    TEXT(page);

    selftest_html(&v, &page);
    const char *text = text_string(&page), *killed = strstr(text, ">p:killed<"), *misdiagnosed = strstr(text, ">p:misdiagnosed<"), *missed = strstr(text, ">p:missed<");
    cr_assert(killed && misdiagnosed && missed);
    cr_expect(misdiagnosed < missed && missed < killed);
    cr_expect(strstr(killed + 1, ">p:killed<") == NULL && strstr(missed + 1, ">p:missed<") == NULL);
}
