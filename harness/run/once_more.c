#include "run/once_more.h"

#include "check/outlives.h"
#include "run/aftermath.h"
#include "run/opinion.h"

bool once_more_is_slow(const struct trace *t)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->events[i].kind == TRACE_LATE || t->events[i].kind == TRACE_STOPPED)
            return true;
    return false;
}

bool once_more_may(const struct worker *w, bool slow)
{
    return w->repeats < RUN_REPEATS && (!slow || w->slow_repeats < RUN_SLOW_REPEATS);
}

bool once_more_is_due(const struct worker *w, const struct playing *p, bool dead, bool died)
{
    bool judged = died || (p->family.tally.kind && opinion_has_died(&p->result.findings));
    bool slow = once_more_is_slow(&p->trace), gone = dead && (slow || !w->o->manifest);

    return verdict_is_bad(p->result.verdict) && !judged && !gone && !w->o->hold && once_more_may(w, slow);
}

bool once_more(struct worker *w, const struct turn *turn, struct playing **second, struct arena *keep, struct error *err)
{
    struct playing *p = ARENA_NEW(keep, struct playing);
    TEXT(how);
    TEXT(what);

    if (!keeper_refresh(&w->keeper, err) || !playing_weighed(w, turn, keep, p, err))
        return false;
    if (*w->stop || p->excuse)
        return true;
    bool lives = keeper_lives(&w->keeper, aftermath_omen(&p->result), &how);
    keeper_complains(&w->keeper, true, &what);
    aftermath_hear(w, &what, &p->result, keep);
    if (!lives && p->result.verdict != VERDICT_AS_GENUINE)
        p->result.verdict = VERDICT_FAIL;
    if (!lives && !keeper_renew(&w->keeper, err))
        return false;
    *second = p;
    return true;
}

void once_more_tell(struct worker *w, struct result *result, struct playing *second, bool dead, bool slow, struct arena *keep)
{
    bool ours = keeper_owns(&w->keeper);

    w->repeats++;
    w->slow_repeats += slow;
    result->repeated = true;
    if (result->verdict != second->result.verdict) {
        result->first = result->verdict;
        result->verdict = VERDICT_UNSTABLE;
        result->second = &second->result;
        if (ours && second->result.verdict == VERDICT_PASS)
            findings_outlive(&result->findings, result->program, keep);
        if (!opinion_has_died(&result->findings) || !result->reason) // of a death it says more
            result->reason = arena_printf(keep, "%s here, %s when it was played once more%s", verdict_name(result->first),
                                          verdict_name(second->result.verdict), ours ? " by itself on a fresh peer" : "");
    }
    if (ours && result->verdict == VERDICT_FAIL && second->result.verdict == VERDICT_FAIL)
        findings_stay(&result->findings, result->program, keep);
    worker_hand_over(w, result, dead, keep);
    struct played *out = w->out;
    out->results[1].repeated = true;
    out->results[1].slow = slow;
    out->results[1].once.verdict = out->results[0].verdict;
    out->results[1].once.begin = out->results[0].begin;
    out->results[1].once.end = out->results[0].end;
    out->results[0] = out->results[1];
    out->count = 1;
}
