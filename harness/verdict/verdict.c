#include "verdict/verdict.h"

const char *verdict_name(enum verdict v)
{
    static const char *const names[] = { "pass",         "pass-timed", "as-genuine",  "declared", "warn", "unstable",
                                         "fail",         "inconclusive", "error",      "unsupported", "skipped", "not-run" };

    return names[v];
}

bool verdict_is_bad(enum verdict v)
{
    return v == VERDICT_UNSTABLE || v == VERDICT_FAIL || v == VERDICT_INCONCLUSIVE || v == VERDICT_ERROR;
}

enum verdict verdict_worse(enum verdict a, enum verdict b)
{
    static const int rank[VERDICT_COUNT] = {
        [VERDICT_SKIPPED] = 0,    [VERDICT_UNSUPPORTED] = 1, [VERDICT_PASS] = 2, [VERDICT_PASS_TIMED] = 3,
        [VERDICT_AS_GENUINE] = 4, [VERDICT_DECLARED] = 5,    [VERDICT_WARN] = 6,    [VERDICT_NOT_RUN] = 7,
        [VERDICT_UNSTABLE] = 8,   [VERDICT_FAIL] = 9,        [VERDICT_INCONCLUSIVE] = 10, [VERDICT_ERROR] = 11,
    };

    return rank[a] >= rank[b] ? a : b;
}

enum verdict verdict_fold(const struct findings *f, bool strict)
{
    enum verdict worst = VERDICT_PASS;

    if (f->count == 0)
        return VERDICT_INCONCLUSIVE; // nothing was judged: no pass
    for (size_t i = 0; i < f->count; i++) {
        const struct finding *one = &f->items[i];
        enum verdict v = VERDICT_PASS;
        if (one->grade == GRADE_INCONCLUSIVE || (one->grade == GRADE_FAIL && one->control))
            return VERDICT_INCONCLUSIVE;
        if (one->grade == GRADE_FAIL)
            v = strict || one->check.level == LEVEL_MUST ? VERDICT_FAIL : VERDICT_WARN;
        else if (one->grade == GRADE_AS_GENUINE)
            v = VERDICT_AS_GENUINE;
        else if (one->grade == GRADE_DECLARED)
            v = VERDICT_DECLARED;
        else if (one->grade == GRADE_PASS_TIMED)
            v = VERDICT_PASS_TIMED;
        if (v > worst)
            worst = v;
    }
    return worst;
}
