/* What became of a flawed peer, held against its row; and what there is to trip. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/text.h"
#include "run/selftest.h"

#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define FAILED(s, i, c, k) { .suite = s, .id = i, .check = c, .kind = "receive", .clauses = LIST("X-1"), .cause = k }

static const struct selftest_failure one[] = { FAILED("a", "a-1", "reply", "swapped") };
static const struct selftest_failure two[] = { FAILED("a", "a-1", "reply", "swapped"), FAILED("b", "b-1", "second-reply", "differs") };
static const struct selftest_failure end[] = { FAILED("a", "a-1", "end", "reset") };
static const struct selftest_failure both[] = { FAILED("a", "a-1", "reply", "swapped"), FAILED("a", "a-1", "reply", "swapped"), FAILED("b", "b-1", "reply", "swapped") };
static const struct selftest_failure control[] = { FAILED("tiny", "first-control", "reply", "swapped") };

static const struct flaw reply = { .name = "n", .check = "reply", .causes = LIST("swapped") };
static const struct flaw replies = { .name = "n", .check = "*reply", .causes = LIST("differs", "swapped") };
static const struct flaw suites = { .name = "n", .check = "reply", .causes = LIST("swapped"), .suites = LIST("a", "b") };
static const struct flaw unstable = { .name = "n", .check = "reply", .causes = LIST("swapped"), .unstable = true };
static const struct flaw chance = { .name = "n", .check = "reply", .causes = LIST("swapped"), .by_chance = true };
static const struct flaw degenerate = { .name = "n", .kind = FLAW_DEGENERATE, .check = "reply", .causes = LIST("swapped") };
static const struct flaw odd = { .name = "n", .kind = FLAW_ODD };

#define OUT(list, s, ...) { .status = s, .failures = list, .count = COUNT_OF(list), .headline = "swapped", .totals = { __VA_ARGS__ } }
#define NONE(s, ...)      { .status = s, .totals = { __VA_ARGS__ } }
#define P(n)  [VERDICT_PASS] = n
#define F(n)  [VERDICT_FAIL] = n
#define U(n)  [VERDICT_UNSTABLE] = n

// clang-format off
static const struct judged {
    const char *label;
    const struct flaw *row;
    struct selftest_outcome outcome;
    const char *judgement; // verdict, how often caught, by which check, why
    const char *guards;    // checks without which it is missed
} rows[] = {
    { "caught",                &reply,      OUT(one, 1, P(9), F(1)),         "killed 1 reply", "a-1 reply" },
    { "caught twice",          &replies,    OUT(two, 1, F(2)),               "killed 2 reply", "" },
    { "by one of two",         &reply,      OUT(two, 1, F(2)),               "killed 1 reply", "a-1 reply" },
    { "in two deliveries",     &reply,      OUT(both, 1, F(2)),              "killed 3 reply", "" },
    { "of another cause",      &reply,      { .status = 1, .failures = one, .count = 1, .headline = "differs", .totals = { F(1) } },
                                                                             "misdiagnosed 1 reply: differs, not swapped", "a-1 reply" },
    { "of no cause",           &replies,    { .status = 1, .failures = one, .count = 1, .totals = { F(1) } },
                                                                             "misdiagnosed 1 reply: no cause, not differs or swapped", "a-1 reply" },
    { "not caught",            &reply,      NONE(0, P(10)),                  "missed 0 -: nothing failed", "" },
    { "by another check",      &reply,      OUT(end, 1, F(1)),               "missed 0 end: check reply did not fail, but end", "a-1 end" },
    { "it did not run",        &reply,      { .wrong = "exit status 4" },    "missed 0 -: exit status 4", "" },
    { "it was stopped",        &reply,      OUT(one, 6, F(1)),               "missed 1 reply: exit status 6, 1 is due", "a-1 reply" },
    { "is not installed",      &reply,      { .missing = "it needs x" },     "skipped 0 -: it needs x", "" },
    { "in both suites",        &suites,     OUT(both, 1, F(2)),              "killed 3 reply", "a-1 reply, b-1 reply" },
    { "in one of two suites",  &suites,     OUT(one, 1, F(1)),               "missed 1 reply: swapped is not named in suite b", "a-1 reply" },
    { "unstable where it is",  &unstable,   OUT(one, 1, U(1)),               "killed 1 reply", "a-1 reply" },
    { "stable where it is not", &unstable,  OUT(one, 1, F(1)),               "missed 1 reply: no case is unstable", "a-1 reply" },
    { "unstable for once",     &reply,      OUT(one, 1, U(2), F(10)),        "killed 1 reply", "a-1 reply" },
    { "unstable too often",    &reply,      OUT(one, 1, U(3), F(19)),        "missed 1 reply: 3 cases are unstable, and 19 fail", "a-1 reply" },
    { "unstable by chance",    &chance,     OUT(one, 1, U(1)),               "killed 1 reply", "a-1 reply" },
    { "nothing passes",        &degenerate, OUT(one, 1, F(1)),               "killed 1 reply", "" },
    { "a single pass",         &degenerate, OUT(one, 1, P(1), F(9)),         "missed 1 reply: 1 case passed", "" },
    { "a pass in time",        &degenerate, OUT(one, 1, [VERDICT_PASS_TIMED] = 2, F(9)), "missed 1 reply: 2 cases passed", "" },
    { "by the first control",  &reply,      OUT(control, 1, F(1)),           "killed 1 reply", "" },
    { "right, and odd",        &odd,        NONE(0, P(1)),                   "right 0 -", "" },
    { "odd, and failed",       &odd,        OUT(one, 1, P(1), F(1)),         "false alarm 0 reply: reply failed in a-1, of 1 checks", "" },
    { "odd, and nothing ran",  &odd,        NONE(0, [VERDICT_SKIPPED] = 1),  "false alarm 0 -: nothing passed", "" },
    { "odd, and did not run",  &odd,        { .wrong = "exit status 4" },    "false alarm 0 -: exit status 4", "" },
};
// clang-format on

Test(selftest, a_flaw_is_held_against_its_row)
{
    for (const struct judged *t = rows; t < rows + COUNT_OF(rows); t++) {
        SCRATCH(keep);
        TEXT(said);
        TEXT(guarded);
        const struct selftest_guard *guards;
        struct selftest_judgement j = selftest_judge(t->row, &t->outcome, &keep);
        text_printf(&said, "%s %zu %s%s%s", selftest_verdict_name(j.verdict), j.caught, j.check ? j.check : "-", j.why ? ": " : "", j.why ? j.why : "");
        cr_expect(eq(str, (char *)text_string(&said), (char *)t->judgement), "%s", t->label);
        size_t n = selftest_only_guards(t->row, &t->outcome, &keep, &guards);
        for (size_t i = 0; i < n; i++)
            text_printf(&guarded, "%s%s %s", i ? ", " : "", guards[i].id, guards[i].check);
        cr_expect(eq(str, (char *)text_string(&guarded), (char *)t->guards), "%s", t->label);
    }
}

static const struct selftest_failure tripping[] = {
    { .suite = "a", .id = "a-1", .check = "reply", .kind = "receive", .clauses = LIST("X-1", "X-2") },
    { .suite = "a", .id = "a-2", .check = "reply", .kind = "receive", .clauses = LIST("X-1", "X-9") },
};

static void pairs_make(struct selftest_pairs *all)
{
    const struct selftest_outcome o = { .failures = tripping, .count = COUNT_OF(tripping) };

    selftest_pair_add(all, "receive", LIST("X-1", "X-2"), "a-1");
    selftest_pair_add(all, "receive", LIST("X-1"), "a-2");
    selftest_pair_add(all, "silent", LIST("X-1"), "a-1");
    selftest_pair_add(all, "await-end", LIST("X-3"), "a-1");
    selftest_trip(all, "first", &o);
    selftest_trip(all, "second", &o);
}

static const char *pairs_text(const struct selftest_pairs *all, struct arena *keep)
{
    TEXT(out);

    for (size_t i = 0; i < all->count; i++) {
        const struct selftest_pair *p = &all->items[i];
        text_printf(&out, "%s%s %s %s", i ? "; " : "", p->kind, p->clause, p->by ? p->by : p->reason ? p->reason : "-");
        if (p->by)
            text_printf(&out, " %zu", p->rows);
    }
    return arena_string(keep, text_string(&out));
}

Test(selftest, a_kind_of_check_and_a_clause_are_tripped_together_or_not)
{
    SCRATCH(keep);
    struct selftest_pairs all = { .keep = &keep };

    pairs_make(&all);
    cr_expect(eq(str, (char *)pairs_text(&all, &keep), "receive X-1 first 2; receive X-2 first 2; silent X-1 -; await-end X-3 -"));
    cr_expect(eq(str, (char *)all.items[0].id, "a-1"));
    cr_expect(eq(str, (char *)all.items[0].id_more, "a-2"));
    cr_expect(eq(ptr, (void *)all.items[1].id_more, NULL));
}

static const struct reasons {
    const char *label, *json;
    bool complete;
    const char *pairs, *wrong;
} reasons[] = {
    { "one", "{\"format\": 1, \"untripped\": [{\"kind\": \"silent\", \"clause\": \"*\", \"reason\": \"why\"}]}", true,
      "receive X-1 first 2; receive X-2 first 2; silent X-1 why; await-end X-3 -", NULL },
    { "too many", "{\"format\": 1, \"untripped\": [{\"kind\": \"receive\", \"clause\": \"X-?\", \"reason\": \"why\"}]}", true, NULL,
      "t.json:1: untripped[0]: a reason, and every check of that kind and clause is tripped" },
    { "too many, of some flaws", "{\"format\": 1, \"untripped\": [{\"kind\": \"receive\", \"clause\": \"X-?\", \"reason\": \"why\"}]}", false,
      "receive X-1 first 2; receive X-2 first 2; silent X-1 -; await-end X-3 -", NULL },
    { "no reason", "{\"format\": 1, \"untripped\": [{\"kind\": \"silent\", \"clause\": \"X-1\"}]}", true, NULL,
      "t.json:1: untripped[0]: expected \"kind\", \"clause\" and \"reason\"" },
};

Test(selftest, what_nothing_trips_has_a_reason_as_long_as_it_needs_one)
{
    for (const struct reasons *t = reasons; t < reasons + COUNT_OF(reasons); t++) {
        SCRATCH(keep);
        struct selftest_pairs all = { .keep = &keep };
        const struct json *file;
        struct error err;
        pairs_make(&all);
        cr_assert(json_parse(bytes_of(t->json), "t.json", &keep, &file, &err));
        bool good = selftest_reasons(&all, file, t->complete, &err);
        cr_assert(eq(int, good, t->wrong == NULL), "%s", t->label);
        if (good)
            cr_expect(eq(str, (char *)pairs_text(&all, &keep), (char *)t->pairs), "%s", t->label);
        else
            cr_expect(eq(str, err.text, (char *)t->wrong), "%s", t->label);
    }
}

/* ---- what guards a clause ---- */

static const struct selftest_failure guarding[] = {
    { .suite = "a", .id = "a-1", .check = "reply", .kind = "receive", .clauses = LIST("X-10", "X-9") },
    { .suite = "a", .id = "a-2", .check = "reply", .kind = "receive", .clauses = LIST("X-9") },
    { .suite = "t", .id = "first-control", .check = "reply", .kind = "receive", .clauses = LIST("X-8") },
    { .suite = "a", .id = "a-2", .check = "end", .kind = "await-end", .clauses = LIST("X-7") },
};

#define GUARDS(members) "{ \"format\": 1,\n  \"note\": \"Flaws that a check catches which cites the clause: arcwire selftest --update-guards\",\n  \"guards\": {" members " } }\n"

// clang-format off
static const struct guards {
    const char *label, *json, *wrong; // wrong: NULL: it is what is
} guards[] = {
    { "as it is",              GUARDS("\n    \"X-9\": [\"p:a\", \"p:b\"],\n    \"X-10\": [\"p:a\"]"), NULL },
    { "one of two, for once",  GUARDS("\"X-9\": [\"p:b\"]"), NULL },
    { "with a reason",         GUARDS("\"X-9\": [\"p:b\"], \"X-3\": [\"p:a\", \"p:b\"]"), NULL },
    { "one trips it now and then", GUARDS("\"X-9\": [\"p:b\"], \"X-1\": [\"p:b\"]"), NULL },
    { "nothing trips it",      GUARDS("\"X-9\": [\"p:b\"], \"X-1\": [\"p:a\", \"p:b\"]"), "t.json:3: guards.X-1: no flaw trips a check any more that cites X-1; arcwire selftest --update-guards writes it anew" },
    { "no such flaw",          GUARDS("\"X-9\": [\"p:c\"]"), "t.json:3: guards.X-9[0]: no flaw is called \"p:c\"; arcwire selftest --update-guards writes it anew" },
    { "two guard what is not there", GUARDS("\"X-10\": [\"p:a\"]"), "t.json:3: guards: X-9 is missing, which 2 flaws guard; arcwire selftest --update-guards writes it anew" },
    { "no list",               "{\"format\": 1}", "t.json:1: expected \"guards\"" },
    { "no list of a clause",   GUARDS("\"X-9\": 1"), "t.json:3: guards.X-9: expected an array, found 1" },
};
// clang-format on

static void guards_make(struct selftest_pairs *all)
{
    const struct selftest_outcome both_cases = { .failures = guarding, .count = COUNT_OF(guarding) }, second = { .failures = guarding + 1, .count = 1 };
    static struct selftest_pair reasoned = { .kind = "silent", .clause = "X-3", .reason = "why" };

    selftest_guard(all, "p:b", &reply, &second);
    selftest_guard(all, "p:a", &replies, &both_cases);
    all->items = &reasoned;
    all->count = 1;
}

Test(selftest, guards_of_a_clause_are_the_flaws_caught_by_checks_that_cite_it)
{
    SCRATCH(keep);
    struct selftest_pairs all = { .keep = &keep };
    TEXT(out);

    guards_make(&all);
    selftest_guards_write(&all, &out);
    cr_expect(eq(str, (char *)text_string(&out), (char *)guards[0].json), "clauses by number, flaws by name, nothing of what goes before all cases, nor of other checks");
}

Test(selftest, a_file_of_guards_is_held_against_what_is)
{
    for (const struct guards *t = guards; t < guards + COUNT_OF(guards); t++) {
        SCRATCH(keep);
        struct selftest_pairs all = { .keep = &keep };
        const struct json *file;
        struct error err = { 0 };
        guards_make(&all);
        cr_assert(json_parse(bytes_of(t->json), "t.json", &keep, &file, &err), "%s: %s", t->label, err.text);
        bool good = selftest_guards_judge(&all, file, LIST("p:a", "p:b"), 2, &err);
        cr_expect(eq(int, good, t->wrong == NULL), "%s: %s", t->label, err.text);
        if (t->wrong)
            cr_expect(eq(str, err.text, (char *)t->wrong), "%s", t->label);
    }
}
