/*
 * The findings of a series as one result.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#include "check/fold.h"

#define PASSES { .check.name = "reply", .grade = GRADE_PASS }
#define FAILS  { .check.name = "reply", .grade = GRADE_FAIL, .sentence = "wrong" }
#define STOPS  { .check.name = "reply", .grade = GRADE_INCONCLUSIVE, .sentence = "stopped" }

// clang-format off
/* Two positions, in each of which the check comes twice; what is counted of them, and what is told. */
static const struct {
    const char *label;
    bool alike;
    struct finding at[2][2];
    size_t tried, failed;
    enum grade grade;
    const char *sentence, *positions;
} folds[] = {
    { "apart, all well",           false, { { PASSES, PASSES }, { PASSES, PASSES } }, 4, 0, GRADE_PASS, "", "" },
    { "alike, all well",           true,  { { PASSES, PASSES }, { PASSES, PASSES } }, 2, 0, GRADE_PASS, "", "" },
    { "apart, one fails",          false, { { PASSES, FAILS },  { PASSES, PASSES } }, 4, 1, GRADE_FAIL, "wrong, at 1 of 4 positions: first", "first" },
    { "alike, one fails",          true,  { { PASSES, FAILS },  { PASSES, PASSES } }, 2, 1, GRADE_FAIL, "wrong, at 1 of 2 positions: first", "first" },
    { "apart, twice in one",       false, { { PASSES, PASSES }, { FAILS, FAILS } },   4, 2, GRADE_FAIL, "wrong, at 2 of 4 positions: second; second", "second second" },
    { "alike, twice in one",       true,  { { PASSES, PASSES }, { FAILS, FAILS } },   2, 1, GRADE_FAIL, "wrong, at 1 of 2 positions: second", "second" },
    { "alike, in both",            true,  { { FAILS, FAILS },   { FAILS, PASSES } },  2, 2, GRADE_FAIL, "wrong, at 2 of 2 positions: first; second", "first second" },
    { "the worse is told",         false, { { FAILS, STOPS },   { PASSES, FAILS } },  4, 3, GRADE_INCONCLUSIVE, "stopped, at 3 of 4 positions: first; first; second", "first first second" },
};
// clang-format on

Test(fold, a_check_counts_once_at_a_position_where_all_are_alike, .timeout = 10)
{
    for (size_t i = 0; i < COUNT_OF(folds); i++) {
        SCRATCH(keep);
        TEXT(positions);
        struct op ops[] = { { .kind = OP_SEND }, { .kind = OP_RECEIVE, .check.name = "reply" } };
        struct program shown = { .ops = ops, .count = 2 };
        struct fold f = { .keep = &keep, .alike = folds[i].alike };
        struct findings out;
        for (size_t at = 0; at < 2; at++) {
            struct finding both[2];
            memcpy(both, folds[i].at[at], sizeof both);
            fold_add(&f, &(struct findings){ both, 2 }, at ? "second" : "first");
        }
        fold_end(&f, &shown, NULL, &out);
        cr_assert(eq(sz, out.count, 1), "%s", folds[i].label);
        cr_expect(eq(sz, out.items->tried, folds[i].tried), "%s", folds[i].label);
        cr_expect(eq(sz, out.items->failed, folds[i].failed), "%s", folds[i].label);
        cr_expect(eq(int, out.items->grade, folds[i].grade), "%s", folds[i].label);
        cr_expect(eq(str, out.items->sentence ? (char *)out.items->sentence : "", (char *)folds[i].sentence), "%s", folds[i].label);
        for (size_t k = 0; k < out.items->failed; k++)
            text_printf(&positions, "%s%s", k ? " " : "", out.items->positions[k]);
        cr_expect(eq(str, (char *)text_string(&positions), (char *)folds[i].positions), "%s", folds[i].label);
    }
}

/* More kinds of checks than there is room for at first keep their counts. */
Test(fold, any_number_of_checks_keep_their_counts, .timeout = 10)
{
    enum { CHECKS = 40, TIMES = 70 };
    SCRATCH(keep);
    struct fold f = { .keep = &keep };
    struct program none = { 0 };
    struct findings out;
    char names[CHECKS][8];

    for (size_t time = 0; time < TIMES; time++) {
        struct finding all[CHECKS];
        for (size_t i = 0; i < CHECKS; i++) {
            snprintf(names[i], sizeof names[i], "c%zu", i);
            all[i] = (struct finding){ .check.name = names[i], .grade = i % 2 ? GRADE_FAIL : GRADE_PASS };
        }
        fold_add(&f, &(struct findings){ all, time ? CHECKS : 1 }, "here"); // the first brings one alone
    }
    fold_end(&f, &none, NULL, &out);
    cr_assert(eq(sz, out.count, CHECKS));
    for (size_t i = 0; i < CHECKS; i++) {
        cr_expect(eq(str, (char *)out.items[i].check.name, names[i]));
        cr_expect(eq(sz, out.items[i].tried, TIMES - (i > 0)));
        cr_expect(eq(sz, out.items[i].failed, i % 2 ? TIMES - 1 : 0));
    }
    cr_expect(eq(str, (char *)out.items[1].sentence,
                 "failed, at 69 of 69 positions: here; here; here; here; here; here; and 63 more"));
    cr_expect(eq(str, (char *)out.items[1].positions[POSITIONS_TOLD - 1], "here"));
}

/* What is folded is the result's own, down to its last byte: the conversation that it was of is gone by then. */
Test(fold, what_is_told_lives_on, .timeout = 10)
{
    SCRATCH(keep);
    char name[] = "reply", cause[] = "wrong-value", sentence[] = "wrong", summary[] = "all are wrong", expected[] = "1", got[] = "2";
    uint8_t due[] = { 1, 2 }, came[] = { 3 };
    struct op ops[] = { { .kind = OP_SEND }, { .kind = OP_RECEIVE, .check.name = "reply" } };
    struct program shown = { .ops = ops, .count = 2 };
    struct fold f = { .keep = &keep };
    struct findings out;
    struct accused by = { "wrong-value", summary, 7, 1, NULL, 0 }, other = { "cut", summary, 8, 2, NULL, 0 };
    struct finding one = { .check.name = name, .grade = GRADE_FAIL, .cause = cause, .sentence = sentence, .summary = summary, .expected = { due, 2 }, .got = { came, 1 },
                           .expected_text = expected, .got_text = got, .accused = &by, .other_count = 1 };
    one.others[0].cause = "cut";
    one.others[0].summary = summary;
    one.others[0].accused = &other;

    fold_add(&f, &(struct findings){ &one, 1 }, "first");
    memset(name, 'x', sizeof name - 1);
    memset(sentence, 'x', sizeof sentence - 1);
    memset(summary, 'x', sizeof summary - 1);
    by = other = (struct accused){ 0 };
    memset(expected, 'x', sizeof expected - 1);
    memset(got, 'x', sizeof got - 1);
    memset(due, 9, sizeof due);
    memset(came, 9, sizeof came);
    fold_end(&f, &shown, NULL, &out);
    cr_assert(eq(sz, out.count, 1));
    cr_expect(eq(str, (char *)out.items->sentence, "wrong, at 1 of 1 positions: first"));
    cr_expect(eq(str, (char *)out.items->check.name, "reply"));
    cr_expect(eq(str, (char *)out.items->summary, "all are wrong"));
    cr_assert(out.items->accused && out.items->other_count == 1 && out.items->others[0].accused);
    cr_expect(out.items->accused->mistake == 7 && out.items->others[0].accused->mistake == 8);
    cr_expect(eq(str, (char *)out.items->accused->summary, "all are wrong"));
    cr_expect(eq(str, (char *)out.items->others[0].summary, "all are wrong"));
    cr_expect(eq(str, (char *)out.items->others[0].accused->summary, "all are wrong"));
    cr_expect(eq(str, (char *)out.items->expected_text, "1"));
    cr_expect(eq(str, (char *)out.items->got_text, "2"));
    cr_expect(bytes_equal(out.items->expected, BYTES(1, 2)) && bytes_equal(out.items->got, BYTES(3)));
}

Test(fold, what_is_bad, .timeout = 10)
{
    static const struct {
        struct finding items[3];
        size_t count;
        bool bad;
    } rows[] = {
        { { PASSES }, 0, true }, // nothing was judged
        { { PASSES }, 1, false },
        { { FAILS }, 1, true },
        { { STOPS }, 1, true },
        { { PASSES, PASSES, FAILS }, 3, true },
        { { PASSES, FAILS }, 1, false }, // what stands behind is none of them
        { { { .grade = GRADE_AS_GENUINE }, { .grade = GRADE_DECLARED }, { .grade = GRADE_PASS_TIMED } }, 3, false },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        cr_expect(eq(int, findings_bad(&(struct findings){ (struct finding *)rows[i].items, rows[i].count }), rows[i].bad), "%zu", i);
}

/* It stands at the op of its check in the conversation that is shown; where it failed in another one, at none. */
Test(fold, the_op_of_a_check, .timeout = 10)
{
    static const struct {
        const char *label, *name, *control;
        bool alike, fails;
        const char *shown; // NULL: any
        size_t op;
    } rows[] = {
        { "the first of its name", "reply", NULL, false, true, NULL, 2 },
        { "in a control", "reply", "ping", false, true, NULL, 1 },
        { "another name", "end", NULL, false, true, NULL, 4 },
        { "a name that is not there", "next", NULL, false, true, NULL, 0 },
        { "where all are alike it is the one that it was", "reply", NULL, true, true, NULL, 7 },
        { "it failed in the one that is shown", "reply", NULL, false, true, "here", 2 },
        { "it failed in another", "reply", NULL, false, true, "there", 5 },
        { "… and all are alike", "reply", NULL, true, true, "there", 5 },
        { "it passed in another", "reply", NULL, false, false, "there", 2 },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct op ops[] = { { .kind = OP_SEND },
                            { .kind = OP_RECEIVE, .check.name = "reply", .control = "ping" },
                            { .kind = OP_RECEIVE, .check.name = "reply" },
                            { .kind = OP_RECEIVE, .check.name = "reply" },
                            { .kind = OP_AWAIT_END, .check.name = "end" } };
        struct program shown = { .ops = ops, .count = COUNT_OF(ops) };
        struct fold f = { .keep = &keep, .alike = rows[i].alike };
        struct findings out;
        struct finding one = { .check.name = rows[i].name, .control = rows[i].control, .op = 7, .grade = rows[i].fails ? GRADE_FAIL : GRADE_PASS };
        fold_add(&f, &(struct findings){ &one, 1 }, "here");
        fold_end(&f, &shown, rows[i].shown, &out);
        cr_assert(eq(sz, out.count, 1));
        cr_expect(eq(sz, out.items->op, rows[i].op), "%s", rows[i].label);
    }
}

/* One check in several controls, and outside of them, is as many checks. */
Test(fold, checks_are_the_same_by_name_and_control, .timeout = 10)
{
    SCRATCH(keep);
    struct fold f = { .keep = &keep };
    struct program none = { 0 };
    struct findings out;
    struct finding few[] = { { .check.name = "reply" }, { .check.name = "reply", .control = "ping" }, { .check.name = "reply", .control = "next" },
                             { .check.name = "end", .control = "ping" }, { .check.name = "end" } };
    enum { COUNT = COUNT_OF(few) };

    fold_add(&f, &(struct findings){ few, COUNT }, "first");
    fold_add(&f, &(struct findings){ few, COUNT - 1 }, "second");
    fold_end(&f, &none, NULL, &out);
    cr_assert(eq(sz, out.count, COUNT));
    for (size_t i = 0; i < COUNT; i++)
        cr_expect(eq(sz, out.items[i].tried, i < COUNT - 1 ? 2 : 1), "%zu", i);
}

/* However often a check comes at a position; of those that are as bad as each other the first is told. Of many failures of neighbours each keeps
 * its own first. */
Test(fold, the_first_of_those_that_are_as_bad, .timeout = 10)
{
    enum { TIMES = POSITIONS_TOLD + 3 };
    SCRATCH(keep);
    struct fold f = { .keep = &keep, .alike = true };
    struct program none = { 0 };
    struct findings out;

    for (size_t time = 0; time < TIMES; time++) {
        struct finding three[] = { { .check.name = "reply", .grade = GRADE_FAIL, .sentence = time ? "wrong again" : "wrong" },
                                   { .check.name = "end", .grade = GRADE_FAIL, .sentence = time ? "no end again" : "no end" },
                                   { .check.name = "reply", .grade = GRADE_FAIL, .sentence = "wrong twice" } };
        fold_add(&f, &(struct findings){ three, time % 2 ? 3 : 2 }, time ? "later" : "first");
    }
    fold_end(&f, &none, NULL, &out);
    cr_assert(eq(sz, out.count, 2));
    for (size_t i = 0; i < 2; i++) {
        cr_expect(eq(sz, out.items[i].tried, TIMES));
        cr_expect(eq(sz, out.items[i].failed, TIMES));
        cr_expect(eq(str, (char *)out.items[i].positions[0], "first"));
        cr_expect(eq(str, (char *)out.items[i].positions[POSITIONS_TOLD - 1], "later"));
    }
    cr_expect(strncmp(out.items[0].sentence, "wrong, at 67 of 67 positions: first; later;", 43) == 0, "%s", out.items[0].sentence);
    cr_expect(strncmp(out.items[1].sentence, "no end, at 67 of 67 positions: first; later;", 44) == 0, "%s", out.items[1].sentence);
}
