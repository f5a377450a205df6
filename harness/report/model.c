/*
 * What a run's model says beyond what it holds: words for its verdicts, and what to look at first.
 */
#include "report/model.h"

const struct report_verdict_row report_verdicts[REPORT_VERDICTS] = {
    /*                        name            words           past              sign rank tested bad   flaw */
    [REPORT_PASS]         = { "pass",         "pass",         "passed",         "✓", 2, true,  false, false },
    [REPORT_PASS_TIMED] = { "pass-timed", "pass (timed)", "passed (timed)", "≈", 3, true, false,
                            false },
    [REPORT_AS_GENUINE] = { "as-genuine", "as-genuine", "as-genuine", "≡", 4, true, false, true },
    [REPORT_DECLARED]     = { "declared",     "declared",     "declared",       "§", 5, true,  false, true  },
    [REPORT_WARN]         = { "warn",         "fall short",   "fell short",     "△", 6, true,  false, true  },
    [REPORT_UNSTABLE]     = { "unstable",     "unstable",     "unstable",       "±", 8, true,  true,  true  },
    [REPORT_FAIL]         = { "fail",         "fail",         "failed",         "✗", 9, true,  true,  true  },
    [REPORT_INCONCLUSIVE] = { "inconclusive", "inconclusive", "inconclusive", "?", 10, false, true,
                              true },
    [REPORT_ERROR]        = { "error",        "error",        "error",          "!", 11, false, true, true  },
    [REPORT_UNSUPPORTED] = { "unsupported", "unsupported", "unsupported", "–", 1, false, false,
                             false },
    [REPORT_SKIPPED]      = { "skipped",      "skipped",      "skipped",        "–", 0, false, false, false },
    [REPORT_NOT_RUN]      = { "not-run",      "not run",      "not run",        "○", 7, false, false, false },
};

const char *const report_axes[REPORT_AXES] = { "data", "end", "life" };

void report_series_print(struct text *to, const struct report_series *s)
{
    if (s->tried < s->positions)
        text_printf(to, "%llu of ", (unsigned long long)s->tried);
    text_printf(to, "%llu positions%s%s", (unsigned long long)s->positions, s->sampled ? " (sampled)" : "",
                s->tried < s->positions ? " played" : "");
    if (s->failed)
        text_printf(to, ", %llu failed; shown: %s", (unsigned long long)s->failed, s->shown);
}

const char *report_cause_words(const struct report_cause *c)
{
    return c->summary ? c->summary : c->sentence;
}

bool report_says_why(const struct report_check *c)
{
    return c->verdict == REPORT_FAIL || c->verdict == REPORT_AS_GENUINE || c->verdict == REPORT_DECLARED;
}

const struct report_check *report_first_failure(const struct report_result *r)
{
    const struct report_check *first = NULL;

    for (const struct report_check *c = r->checks; c < r->checks + r->check_count; c++)
        if (c->verdict == REPORT_FAIL) {
            if (strcmp(c->level, "must") == 0)
                return c;
            first = first ? first : c;
        } else if (report_says_why(c) && c->verdict == r->verdict) {
            first = first ? first : c;
        }
    return first;
}

const struct report_result *report_telling(const struct report_case *c)
{
    const struct report_result *red = NULL;

    for (const struct report_result *r = c->red ? c->first : NULL; r; r = r->next)
        if (report_is_red(r) && (!red || report_verdicts[r->verdict].rank > report_verdicts[red->verdict].rank))
            red = r;
    if (red)
        return red;
    if (report_verdicts[c->verdict].flaw || c->verdict == REPORT_NOT_RUN)
        for (const struct report_result *r = c->first; r; r = r->next)
            if (r->verdict == c->verdict)
                return r;
    for (const struct report_result *r = c->first; r; r = r->next)
        if (strcmp(r->delivery, "plain") == 0)
            return r;
    return c->first;
}
