#include "run/worker.h"

#include <assert.h>
#include <inttypes.h>

#include "base/clock.h"
#include "run/aftermath.h"
#include "run/deviations.h"
#include "run/once_more.h"
#include "run/rule_out.h"
#include "run/separate.h"

/* Whether it is one position of a series that the result is about. */
static const struct cut *told_cut(const struct result *r)
{
    bool well = r->verdict == VERDICT_PASS || r->verdict == VERDICT_PASS_TIMED;

    return r->series && !well ? r->series->cut : NULL;
}

/* The command that repeats one result. What goes before the cases is no case: it is repeated by any. */
static const char *again(const struct run_options *o, const struct result *r, struct arena *keep)
{
    const struct vector *v = r->vector;
    const struct cut *cut = told_cut(r);
    const char *delivery = cut ? arena_printf(keep, "%s:%zu:%zu", r->delivery, cut->message, cut->at) : r->delivery;
    bool is_case = v->service && v->at != v->service->at;
    const char *which = is_case ? arena_printf(keep, " '%s'", v->id) : "";

    return arena_printf(keep, "arcwire run%s --delivery %s --seed 0x%" PRIx64 " %s", which, delivery, o->seed, o->how);
}

static void tell(const struct run_options *o, const struct sink *sink, const char *profile, struct result *result, bool dead,
                 struct arena *keep, struct played *out)
{
    size_t begin = out->records.b.len;

    assert(out->count < PLAYED_RESULTS);
    result->profile = profile;
    result->again = again(o, result, keep);
    sink->describe(sink->of, result, &out->records);
    out->results[out->count].verdict = result->verdict;
    out->results[out->count].dead = dead;
    out->results[out->count].begin = begin;
    out->results[out->count++].end = out->records.b.len;
    deviations_count(o->manifest, result->vector->service, &result->findings, &out->seen);
    suspicions_tell(&result->findings, &out->suspects);
}

void worker_tell(const struct run_options *o, const struct sink *sink, const char *profile, struct result *result,
                 struct arena *keep, struct played *out)
{
    tell(o, sink, profile, result, false, keep, out);
}

void worker_hand_over(struct worker *w, struct result *result, bool dead, struct arena *keep)
{
    tell(w->o, w->sink, w->profile_name, result, dead, keep, w->out);
}

void worker_not_played(const struct run_options *o, const struct sink *sink, const char *profile, const struct turn *turn,
                       enum verdict verdict, const char *reason, struct played *out)
{
    SCRATCH(keep);
    struct result result = { .vector = turn->vector, .delivery = turn->delivery->name, .verdict = verdict, .reason = reason };

    tell(o, sink, profile, &result, false, &keep, out);
}

static bool came_nothing(const struct trace *t)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->events[i].kind == TRACE_RECEIVED)
            return false;
    return true;
}

static bool play_case(struct worker *w, const struct turn *turn, struct error *err)
{
    SCRATCH(keep);
    const struct vector *v = turn->vector;
    struct playing p, *second = NULL;
    enum verdict verdict;
    bool fresh, died;
    const char *reason = offer_excuse(&w->offer, w->o, &w->profile, v, &keep, &verdict);

    if (reason) {
        worker_not_played(w->o, w->sink, w->profile_name, turn, verdict, reason, w->out);
        return true;
    }
    if (!keeper_prepare(&w->keeper, v->suite, &fresh, err))
        return false;
    w->before = fresh ? NULL : w->before;
    if (!playing_weighed(w, turn, &keep, &p, err))
        return false;
    if (*w->stop) {
        w->out->stopped = true;
        return true;
    }
    if (p.excuse) {
        worker_not_played(w->o, w->sink, w->profile_name, turn, p.excused, p.excuse, w->out);
        return true;
    }
    bool dead = verdict_is_bad(p.result.verdict) && came_nothing(&p.trace);
    if (!aftermath_of(w, turn, &p.result, &died, &second, &keep, err))
        return false;
    for (unsigned plays = 0; plays <= w->o->further_plays && once_more_is_due(w, &p, dead, died) && !*w->stop; plays++) {
        if (!once_more(w, turn, &second, &keep, err))
            return false;
        if (!second || second->result.verdict != p.result.verdict)
            break;
    }
    bool changed = second && second->result.verdict != p.result.verdict;
    if (!changed && !*w->stop && !separate(w, &p.result, &keep, err))
        return false;
    worker_hand_over(w, &p.result, dead, &keep);
    bool slow = once_more_is_slow(&p.trace);
    if (second && once_more_may(w, slow))
        once_more_tell(w, &p.result, second, dead, slow, &keep);
    w->before = turn;
    return true;
}

bool worker_play(struct worker *w, const struct turn *turn, struct played *out, struct error *err)
{
    int64_t began = clock_us();
    bool good;

    w->engine.spent = (struct spent){ 0 };
    w->out = out;
    if (turn->vector) {
        good = play_case(w, turn, err);
    } else {
        w->service = turn->service;
        w->offer = (struct offer){ 0 };
        good = keeper_turn_to(&w->keeper, turn->service->name, err) && exchange_prologue(w, err);
    }
    w->out = NULL;
    out->spent = w->engine.spent;
    out->spent.work = clock_us() - began - out->spent.waiting - out->spent.proven - out->spent.timed;
    return good;
}

bool worker_begin(struct worker *w, const struct run_options *o, const struct sink *sink, const volatile int *stop,
                  struct error *err)
{
    *w = (struct worker){ .o = o, .sink = sink, .stop = stop, .limits = o->limits, .profile = o->profile, .profile_from = o->profile_from };
    w->engine.epoll = -1;
    return keeper_begin(&w->keeper, o, sink, stop, err) && engine_init(&w->engine, err);
}

void worker_last_look(struct worker *w, struct played *out)
{
    TEXT(words);

    if (*w->stop || !keeper_last_look(&w->keeper, &words))
        return;
    // No case is left to blame; the run is not green all the same.
    out->broken = true;
    text_add(&out->said, text_string(&words));
}

void worker_end(struct worker *w)
{
    keeper_end(&w->keeper);
    engine_release(&w->engine);
    arena_free(&w->keep);
}
