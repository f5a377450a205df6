/*
 * Many conversations as one result: which of them is shown, what they come to, and when the rest is left. The plays are a
 * table's; no peer is there.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

#include "run/series.h"

#define POSITIONS 100

/* What each position shows: a letter of "pwfcld", where the last holds for the rest. Pass; a should that fails; a must; a control; a must behind its
 * limit; a must, and the peer is dead behind it. */
struct play {
    const char *shows;
    char name[32];
    size_t at;          // in hand
    bool alive;
    unsigned renewed;
};

static char shown_at(const struct play *p, size_t at)
{
    size_t len = strlen(p->shows);

    return p->shows[at < len ? at : len - 1];
}

static const char *name(void *of, size_t at)
{
    struct play *p = of;

    snprintf(p->name, sizeof p->name, "place %zu", at + 1);
    return p->name;
}

static bool compile(void *of, size_t at, struct arena *keep, struct program *out, struct error *err)
{
    struct play *p = of;

    (void)err;
    p->at = at;
    *out = (struct program){ .ops = ARENA_ARRAY(keep, 2, struct op), .count = 2 };
    out->ops[1] = (struct op){ .kind = OP_RECEIVE, .check.name = "reply" };
    return true;
}

static bool play(void *of, struct program *program, bool brief, struct trace *t, struct findings *f, struct arena *keep, struct error *err)
{
    struct play *p = of;
    char shows = shown_at(p, p->at);
    struct finding *one = ARENA_NEW(keep, struct finding);

    (void)program, (void)brief, (void)err;
    *one = (struct finding){ .check = { "reply", NULL, shows == 'w' ? LEVEL_SHOULD : LEVEL_MUST }, .op = 1,
                             .grade = shows == 'p' ? GRADE_PASS : GRADE_FAIL, .control = shows == 'c' ? "next" : NULL,
                             .sentence = shows == 'p' ? NULL : "wrong" };
    *f = (struct findings){ one, 1 };
    if (shows == 'l')
        trace_add(t, TRACE_LATE, 0, 1, 7);
    p->alive = shows != 'd';
    return true;
}

static bool look(void *of, enum omen omen, bool *lives, const char **how, struct arena *keep, struct error *err)
{
    struct play *p = of;

    (void)omen, (void)keep, (void)err;
    *lives = p->alive;
    *how = "died";
    return true;
}

static bool renew(void *of, struct error *err)
{
    (void)err;
    ((struct play *)of)->renewed++;
    return true;
}

// clang-format off
static const struct series_row {
    const char *label, *shows;
    bool alike;
    size_t tried, failed, shown; // shown: from 1
    enum verdict worst;
    size_t findings;
} rows[] = {
    { "all pass: the last is shown",          "p",        true,  100, 0,   100, VERDICT_PASS,         1 },
    { "one fails",                            "ppfp",     true,  100, 1,   3,   VERDICT_FAIL,         1 },
    { "the first of several",                 "ppfpffp",  true,  100, 3,   3,   VERDICT_FAIL,         1 },
    { "a must is told before a should",       "wpfp",     true,  100, 2,   3,   VERDICT_FAIL,         1 },
    { "what fails before what shows nothing", "cpfp",     true,  100, 2,   3,   VERDICT_FAIL,         2 },
    { "only a control fails",                 "pcp",      true,  100, 1,   2,   VERDICT_INCONCLUSIVE, 2 },
    { "every should fails: all are played",   "w",        true,  100, 100, 1,   VERDICT_WARN,         1 },
    { "every must fails: the rest is left",   "f",        true,  32,  32,  1,   VERDICT_FAIL,         1 },
    { "two are late: the rest is left",       "pplpl",    true,  5,   2,   3,   VERDICT_FAIL,         1 },
    { "the peer dies each time",              "d",        true,  4,   4,   1,   VERDICT_FAIL,         2 },
    { "of a family each failure counts",      "w",        false, 32,  32,  1,   VERDICT_FAIL,         1 },
};
// clang-format on

Test(series, is_one_result, .timeout = 10)
{
    static const volatile int never;
    static const struct check life = { "peer-lives", NULL, LEVEL_MUST };

    for (const struct series_row *t = rows; t < rows + COUNT_OF(rows); t++) {
        SCRATCH(keep);
        struct play p = { .shows = t->shows, .alive = true };
        struct series s = { .of = &p, .count = POSITIONS, .life = &life, .alike = t->alike, .stop = &never, .name = name, .compile = compile,
                            .play = play, .look = look, .renew = renew };
        struct series_result r;
        struct error err;
        cr_assert(series_play(&s, &keep, &r, &err), "%s", t->label);
        cr_expect(eq(sz, r.tried, t->tried), "%s", t->label);
        cr_expect(eq(sz, r.failed, t->failed), "%s", t->label);
        cr_expect(eq(sz, r.shown + 1, t->shown), "%s", t->label);
        cr_expect(eq(int, r.worst, t->worst), "%s", t->label);
        cr_expect(eq(sz, r.findings.count, t->findings), "%s", t->label);
        // What failed elsewhere than in the conversation that is shown is about no op of it.
        for (size_t i = 0; i < r.findings.count && r.findings.items[i].control; i++)
            cr_expect(eq(sz, r.findings.items[i].op, r.worst == VERDICT_FAIL ? 2 : 1), "%s", t->label);
    }
}
