#include "run/opinion.h"

#include <inttypes.h>

#include "peer/memory.h"
#include "run/deviations.h"

#define MEMORY_MORE (8u << 20) // bytes that a peer may take for a case beyond what it was sent: stacks of its
                               // threads, arenas of its allocator; what is claimed and counts is 16 MiB and more

void opinion_add(struct findings *f, struct finding one, struct arena *keep)
{
    struct finding *more = ARENA_ARRAY(keep, f->count + 1, struct finding);

    if (f->count)
        memcpy(more, f->items, f->count * sizeof *more);
    more[f->count++] = one;
    f->items = more;
}

void opinion_add_first(struct findings *f, struct finding one, struct arena *keep)
{
    opinion_add(f, one, keep);
    memmove(f->items + 1, f->items, (f->count - 1) * sizeof *f->items);
    f->items[0] = one;
}

void opinion_complaint(struct worker *w, const char *what, struct findings *f, struct arena *keep)
{
    opinion_add_first(f,
                      (struct finding){ .check = { "sanitizer", w->service->end.clauses, LEVEL_MUST }, .axis = AXIS_LIFE,
                                        .grade = GRADE_FAIL, .cause = "sanitizer",
                                        .sentence = arena_printf(keep, "the peer's stderr says: %s", what) },
                      keep);
}

void opinion_weigh(struct worker *w, struct result *result, uint64_t before, uint64_t sent, struct arena *keep)
{
    static const char *const clauses[] = { "STR-15", "COL-4", NULL };
    uint64_t peak = peer_memory_peak(&w->keeper.peer), grown = peak > before ? peak - before : 0, may = MEMORY_MORE + sent;
    enum level level = w->o->manifest->memory_must ? LEVEL_MUST : LEVEL_SHOULD;
    struct finding one = { .check = { "memory", clauses, level }, .axis = AXIS_LIFE };

    if (before == 0 || peak == 0)
        return; // the kernel does not tell
    if (grown > may) {
        one.grade = GRADE_FAIL;
        one.cause = "memory";
        one.sentence = arena_printf(keep, "the peer took %" PRIu64 " MiB for at most %" PRIu64 " bytes that it was sent: it takes memory for what is claimed",
                                    grown >> 20, sent);
    }
    opinion_add(&result->findings, one, keep);
}

/* A peer that imitates no MFC need not know the numbers of its exceptions: what it says of them is advice, and 0 says
 * that it knows none [SVC-7, section 2]. */
static void soften(const struct worker *w, struct findings *f)
{
    size_t kept = 0;

    for (size_t i = 0; i < f->count; i++) {
        struct finding one = f->items[i];
        if (w->no_mfc && strcmp(one.check.name, "cause") == 0) {
            one.check.level = one.check.level == LEVEL_MUST ? LEVEL_SHOULD : one.check.level;
            if (one.grade == GRADE_FAIL && one.got.len == 2 && one.got.data[0] == 0 && one.got.data[1] == 0)
                continue;
        }
        f->items[kept++] = one;
    }
    f->count = kept;
}

/* A check that is taken out of the suite finds nothing. */
static void leave_out(const struct worker *w, const struct vector *v, struct findings *f)
{
    const char *id = w->o->without_case;
    size_t kept = 0;

    if (!id || strcmp(id, v->id) != 0)
        return;
    for (size_t i = 0; i < f->count; i++)
        if (strcmp(f->items[i].check.name, w->o->without_check) != 0)
            f->items[kept++] = f->items[i];
    f->count = kept;
}

/* A silence that could only be timed shows nothing where that was asked for. */
static void demand_silence(const struct worker *w, struct findings *f)
{
    for (size_t i = 0; w->o->silence_probed && i < f->count; i++)
        if (f->items[i].grade == GRADE_PASS_TIMED) {
            f->items[i].grade = GRADE_INCONCLUSIVE;
            f->items[i].sentence = "the silence could only be timed, and was to be probed or proven";
        }
}

bool opinion_has_died(const struct findings *f)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->items[i].grade == GRADE_FAIL && f->items[i].cause && strcmp(f->items[i].cause, "peer-died") == 0)
            return true;
    return false;
}

void opinion_conclude(const struct worker *w, struct result *result, struct arena *keep)
{
    deviations_apply(w->o->manifest, result->vector->service, &result->findings, keep);
    // Whether a control behind a death fails, or has no connection any more, is chance.
    result->verdict = opinion_has_died(&result->findings) ? VERDICT_FAIL : verdict_fold(&result->findings, w->o->strict);
}

void opinion_form(const struct worker *w, struct result *result, struct arena *keep)
{
    soften(w, &result->findings);
    leave_out(w, result->vector, &result->findings);
    demand_silence(w, &result->findings);
    opinion_conclude(w, result, keep);
}

void opinion_say_why(struct result *result, struct arena *keep)
{
    for (size_t i = 0; result->verdict == VERDICT_INCONCLUSIVE && !result->reason && i < result->findings.count; i++) {
        const struct finding *f = &result->findings.items[i];
        if (f->grade == GRADE_FAIL && f->control)
            result->reason = arena_printf(keep, "the control \"%s\" failed, so that nothing is shown about the case itself", f->control);
        else if (f->grade == GRADE_INCONCLUSIVE)
            result->reason = f->sentence;
    }
}
