#include "run/playing.h"

#include <poll.h>

#include "base/clock.h"
#include "base/fd.h"
#include "peer/memory.h"
#include "run/ask.h"
#include "run/opinion.h"

#define HOLD_AGAIN_MS 100 // between two tries to reach a peer that the user has yet to start

static bool was_refused(const struct trace *t)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->events[i].kind == TRACE_REFUSED)
            return true;
    return false;
}

/* What a passing conversation would let pass, where that is asked. */
static void hunt(const struct worker *w, struct result *result, struct arena *keep)
{
    if (!w->o->unguarded || (result->verdict != VERDICT_PASS && result->verdict != VERDICT_PASS_TIMED))
        return;
    struct unguarded *found = ARENA_NEW(keep, struct unguarded);
    unguarded_find(result->program, result->trace, w->stop, keep, found);
    result->unguarded = found;
}

bool playing_program(struct worker *w, struct program *p, const struct meeting *m, const struct limits *l,
                         const char *delivery, struct trace *t, struct result *result, struct arena *keep, struct error *err)
{
    int64_t began = clock_us();

    for (;;) {
        *t = (struct trace){ .keep = keep };
        if (!engine_play(&w->engine, p, m, l, w->stop, t, err))
            return false;
        if (!w->o->hold || *w->stop || !was_refused(t))
            break;
        poll(NULL, 0, HOLD_AGAIN_MS); // the user has all the time in the world
    }
    *result = (struct result){ .vector = p->vector, .delivery = delivery, .program = p, .trace = t };
    judge(p, t, keep, &result->findings);
    opinion_form(w, result, keep);
    opinion_say_why(result, keep);
    result->us = clock_us() - began;
    hunt(w, result, keep);
    return true;
}

/* The peer of a family's position: a new one where it has died. The position's findings say so. */
static bool look_at(void *of, enum omen omen, bool *lives, const char **how, struct arena *keep, struct error *err)
{
    struct worker *w = of;
    TEXT(said);

    *lives = keeper_lives(&w->keeper, omen, &said);
    if (*lives)
        return true;
    *how = arena_string(keep, text_string(&said));
    return keeper_renew(&w->keeper, err);
}

static bool renew(void *of, struct error *err)
{
    struct worker *w = of;

    return keeper_renew(&w->keeper, err);
}

static bool play_family(struct worker *w, const struct vector *v, const char *delivery, struct trace *t,
                        struct family_result *family, struct result *result, struct arena *keep, struct error *err)
{
    struct family_play f = { .engine = &w->engine, .meeting = &w->keeper.meeting, .limits = &w->limits,
                             .profile = &w->profile, .seed = w->o->seed, .stop = w->stop,
                             .one_by_one = w->o->peer_dials, .lone = keeper_is_crowd(&w->keeper), .look = look_at, .renew = renew, .of = w,
                             .unguarded = w->o->unguarded ? ARENA_NEW(keep, struct unguarded) : NULL };
    int64_t began = clock_us();

    *t = (struct trace){ .keep = keep };
    *result = (struct result){ .vector = v, .delivery = delivery };
    if (!family_play(&f, v, keep, family, err))
        return false;
    if (family->series.program) {
        *t = family->series.trace;
        result->program = family->series.program;
        result->trace = t;
        result->series = &family->tally;
    }
    result->findings = family->series.findings;
    opinion_form(w, result, keep);
    result->us = clock_us() - began;
    result->unguarded = f.unguarded;
    return true;
}

static uint64_t bytes_sent(const struct program *p)
{
    uint64_t n = 0;

    for (size_t i = 0; i < p->count; i++)
        if (p->ops[i].kind == OP_SEND)
            n += p->ops[i].bytes.len;
    return n;
}

/* A case whose port is closed at first has a peer and a port of its own. */
static bool play_closed_port(struct worker *w, struct program *p, const char *delivery, struct trace *t,
                             struct result *result, struct arena *keep, struct error *err)
{
    struct meeting m;
    struct peer peer;

    bool good = keeper_extra(&w->keeper, &peer, &m, err) &&
                playing_program(w, p, &m, &w->limits, delivery, t, result, keep, err);
    peer_stop(&peer);
    fd_close(&m.listener);
    net_unbind(&m.address);
    return good;
}

/* A compiled case, in the way that it needs. */
static bool play_compiled(struct worker *w, struct program *p, const char *delivery, struct trace *t, struct result *result,
                          struct arena *keep, struct error *err)
{
    if (w->o->play == PARTY_SERVER)
        return ask_play(w, p, delivery, t, result, keep, err);
    if (vector_has_step(p->vector, STEP_LISTEN))
        return play_closed_port(w, p, delivery, t, result, keep, err);
    return playing_program(w, p, &w->keeper.meeting, &w->limits, delivery, t, result, keep, err);
}

static bool play_cut(void *of, struct program *p, struct trace *t, struct findings *f, struct arena *keep, struct error *err)
{
    struct result result;

    if (!play_compiled(of, p, p->delivery, t, &result, keep, err))
        return false;
    *f = result.findings;
    return true;
}

/* Puts the findings about controls behind all others. */
static void own_first(struct findings *f, struct arena *keep)
{
    struct finding *items = ARENA_ARRAY(keep, f->count, struct finding);
    size_t n = 0;

    for (int controls = 0; controls < 2; controls++)
        for (size_t i = 0; i < f->count; i++)
            if ((f->items[i].control != NULL) == controls)
                items[n++] = f->items[i];
    f->items = items;
}

static bool play_cuts(struct worker *w, const struct vector *v, const struct delivery *d, struct trace *t, struct cut_played *cut,
                      struct result *result, struct arena *keep, struct error *err)
{
    struct cut_play c = { .vector = v, .delivery = d, .profile = &w->profile, .seed = w->o->seed, .us = w->o->play, .cuts = &cut->cuts,
                          .play = play_cut, .look = look_at, .renew = renew, .of = w, .strict = w->o->strict, .stop = w->stop,
                          .opens_early = w->o->play == PARTY_SERVER && !w->o->peer_dials };
    int64_t began = clock_us();

    *result = (struct result){ .vector = v, .delivery = d->name };
    if (!cut_series_play(&c, keep, &cut->series, &cut->tally, err))
        return false;
    if (cut->series.program) {
        *t = cut->series.trace;
        result->program = cut->series.program;
        result->trace = t;
        result->series = &cut->tally;
    }
    result->findings = cut->series.findings;
    opinion_conclude(w, result, keep);
    if (result->verdict == VERDICT_INCONCLUSIVE && cut->series.worst == VERDICT_FAIL) {
        result->verdict = VERDICT_FAIL; // that a control fails elsewhere is no excuse for where the case does
        own_first(&result->findings, keep);
    }
    opinion_say_why(result, keep);
    result->us = clock_us() - began;
    return true;
}

bool playing_once(struct worker *w, const struct turn *turn, struct arena *keep, struct playing *p, struct error *err)
{
    const struct vector *v = turn->vector, *whole = v;
    const struct delivery *d = turn->delivery;

    *p = (struct playing){ .excused = VERDICT_UNSUPPORTED };
    if (v->family) {
        bool good = play_family(w, v, d->name, &p->trace, &p->family, &p->result, keep, err);
        p->sent = good ? p->family.sent : 0;
        return good;
    }
    if (keeper_is_crowd(&w->keeper))
        v = offer_alone(v, keep);
    if (!program_compile(v, &w->profile, w->o->seed, w->o->play, keep, &p->program, err))
        return false;
    if ((p->excuse = offer_excuse_program(&w->offer, &p->program, keep)))
        return true;
    if (!delivery_apply(d, &p->program, w->o->seed, keep, err))
        return false;
    p->sent = bytes_sent(&p->program);
    if (d->cuts && !d->message) {
        p->cut.cuts = d->cuts(&p->program, w->o->seed, keep);
        if (p->cut.cuts.count == 0) {
            p->excuse = "nothing that we say in it can be cut elsewhere";
            p->excused = VERDICT_SKIPPED;
            return true;
        }
        if (!play_cuts(w, v, d, &p->trace, &p->cut, &p->result, keep, err))
            return false;
    } else if (!play_compiled(w, &p->program, d->name, &p->trace, &p->result, keep, err)) {
        return false;
    }
    if (v != whole && !p->result.reason)
        p->result.reason = "its steps on further connections are left out: each would have a process of its own";
    return true;
}

bool playing_weighed(struct worker *w, const struct turn *turn, struct arena *keep, struct playing *p, struct error *err)
{
    uint64_t before = 0;

    if (turn->vector->memory && keeper_weighs(&w->keeper) && peer_memory_reset(&w->keeper.peer))
        before = peer_memory_peak(&w->keeper.peer);
    if (!playing_once(w, turn, keep, p, err))
        return false;
    if (before && !*w->stop && !p->excuse) {
        opinion_weigh(w, &p->result, before, p->sent, keep);
        opinion_conclude(w, &p->result, keep);
    }
    return true;
}
