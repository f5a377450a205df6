/*
 * How findings fold into a verdict, and verdicts into one.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "verdict/verdict.h"

#define F(g, l, c) { .grade = GRADE_##g, .check = { .level = LEVEL_##l }, .control = (c) }

Test(verdict, folds_findings, .timeout = 10)
{
    const struct {
        const char *label;
        struct finding findings[3];
        size_t count;
        enum verdict easy, strict;
    } rows[] = {
        { "nothing",            { F(PASS, MUST, NULL) }, 0,                                                    VERDICT_INCONCLUSIVE, VERDICT_INCONCLUSIVE },
        { "a pass",             { F(PASS, MUST, NULL) }, 1,                                      VERDICT_PASS, VERDICT_PASS },
        { "a timed one, too",   { F(PASS, MUST, NULL), F(PASS_TIMED, MUST, NULL) }, 2,           VERDICT_PASS_TIMED, VERDICT_PASS_TIMED },
        { "in the other order", { F(PASS_TIMED, MUST, NULL), F(PASS, MUST, NULL) }, 2,           VERDICT_PASS_TIMED, VERDICT_PASS_TIMED },
        { "as genuine",         { F(PASS_TIMED, MUST, NULL), F(AS_GENUINE, MUST, NULL) }, 2,     VERDICT_AS_GENUINE, VERDICT_AS_GENUINE },
        { "as genuine, of should", { F(AS_GENUINE, SHOULD, NULL), F(PASS, MUST, NULL) }, 2,      VERDICT_AS_GENUINE, VERDICT_AS_GENUINE },
        { "a control, as genuine", { F(PASS, MUST, NULL), F(AS_GENUINE, MUST, "c") }, 2,         VERDICT_AS_GENUINE, VERDICT_AS_GENUINE },
        { "as genuine and a failure", { F(AS_GENUINE, MUST, NULL), F(FAIL, MUST, NULL) }, 2,     VERDICT_FAIL, VERDICT_FAIL },
        { "declared",           { F(AS_GENUINE, MUST, NULL), F(DECLARED, MUST, NULL) }, 2,       VERDICT_DECLARED, VERDICT_DECLARED },
        { "a control, as declared", { F(DECLARED, MUST, "c"), F(PASS, MUST, NULL) }, 2,          VERDICT_DECLARED, VERDICT_DECLARED },
        { "declared and a should", { F(DECLARED, MUST, NULL), F(FAIL, SHOULD, NULL) }, 2,        VERDICT_WARN, VERDICT_FAIL },
        { "declared and a failure", { F(FAIL, MUST, NULL), F(DECLARED, MUST, NULL) }, 2,         VERDICT_FAIL, VERDICT_FAIL },
        { "a failure",          { F(PASS, MUST, NULL), F(FAIL, MUST, NULL), F(PASS, MUST, NULL) }, 3, VERDICT_FAIL, VERDICT_FAIL },
        { "of should",          { F(FAIL, SHOULD, NULL), F(PASS_TIMED, MUST, NULL) }, 2,         VERDICT_WARN, VERDICT_FAIL },
        { "of may",             { F(FAIL, MAY, NULL) }, 1,                                       VERDICT_WARN, VERDICT_FAIL },
        { "of should and must", { F(FAIL, MUST, NULL), F(FAIL, SHOULD, NULL) }, 2,               VERDICT_FAIL, VERDICT_FAIL },
        { "a control",          { F(FAIL, MUST, "c") }, 1,                                       VERDICT_INCONCLUSIVE, VERDICT_INCONCLUSIVE },
        { "a control of may",   { F(FAIL, MAY, "c") }, 1,                                        VERDICT_INCONCLUSIVE, VERDICT_INCONCLUSIVE },
        { "a control behind a failure", { F(FAIL, MUST, NULL), F(FAIL, MUST, "c") }, 2,          VERDICT_INCONCLUSIVE, VERDICT_INCONCLUSIVE },
        { "a control that passed", { F(PASS, MUST, "c"), F(FAIL, MUST, NULL) }, 2,               VERDICT_FAIL, VERDICT_FAIL },
        { "stopped",            { F(PASS, MUST, NULL), F(INCONCLUSIVE, MUST, NULL) }, 2,         VERDICT_INCONCLUSIVE, VERDICT_INCONCLUSIVE },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct finding findings[4];
        struct findings f = { findings, rows[i].count };
        memcpy(findings, rows[i].findings, sizeof rows[i].findings);
        findings[f.count] = (struct finding)F(INCONCLUSIVE, MUST, NULL); // it is none of them
        cr_expect(eq(int, verdict_fold(&f, false), rows[i].easy), "%s", rows[i].label);
        cr_expect(eq(int, verdict_fold(&f, true), rows[i].strict), "%s, strict", rows[i].label);
    }
}

Test(verdict, the_worse_of_two_is_the_cases, .timeout = 10)
{
    static const enum verdict rising[] = { VERDICT_SKIPPED, VERDICT_UNSUPPORTED, VERDICT_PASS, VERDICT_PASS_TIMED, VERDICT_AS_GENUINE, VERDICT_DECLARED, VERDICT_WARN,
                                           VERDICT_NOT_RUN, VERDICT_UNSTABLE, VERDICT_FAIL, VERDICT_INCONCLUSIVE, VERDICT_ERROR };

    cr_expect(eq(sz, COUNT_OF(rising), VERDICT_COUNT));
    for (size_t i = 0; i < COUNT_OF(rising); i++)
        for (size_t k = 0; k < COUNT_OF(rising); k++)
            cr_expect(eq(int, verdict_worse(rising[i], rising[k]), rising[i > k ? i : k]));
    for (size_t i = 0; i < COUNT_OF(rising); i++)
        cr_expect(eq(int, verdict_is_bad(rising[i]), rising[i] == VERDICT_UNSTABLE || rising[i] == VERDICT_FAIL || rising[i] == VERDICT_INCONCLUSIVE || rising[i] == VERDICT_ERROR));
}
