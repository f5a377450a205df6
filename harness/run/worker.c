#include "run/worker.h"

#include <assert.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/fd.h"
#include "peer/memory.h"
#include "run/ask.h"
#include "run/blame.h"
#include "run/cut_series.h"
#include "run/deviations.h"
#include "run/family.h"
#include "run/rule_out.h"
#include "run/separate.h"

#define MEMORY_MORE (8u << 20) // bytes that a peer may take for a case beyond what it was sent: stacks of its
                               // threads, arenas of its allocator; what is claimed and counts is 16 MiB and more
#define HOLD_AGAIN_MS 100      // between two tries to reach a peer that the user has yet to start

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

void worker_finding(struct findings *f, struct finding one, struct arena *keep)
{
    struct finding *more = ARENA_ARRAY(keep, f->count + 1, struct finding);

    if (f->count)
        memcpy(more, f->items, f->count * sizeof *more);
    more[f->count++] = one;
    f->items = more;
}

/* The same in front of all others: the first failure is the one that is told of a result, and of its cause. */
static void finding_first(struct findings *f, struct finding one, struct arena *keep)
{
    worker_finding(f, one, keep);
    memmove(f->items + 1, f->items, (f->count - 1) * sizeof *f->items);
    f->items[0] = one;
}

void worker_complaint(struct worker *w, const char *what, struct findings *f, struct arena *keep)
{
    finding_first(f,
                  (struct finding){ .check = { "sanitizer", w->service->end.clauses, LEVEL_MUST }, .axis = AXIS_LIFE,
                                    .grade = GRADE_FAIL, .cause = "sanitizer",
                                    .sentence = arena_printf(keep, "the peer's stderr says: %s", what) },
                  keep);
}

static bool came_nothing(const struct trace *t)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->events[i].kind == TRACE_RECEIVED)
            return false;
    return true;
}

static bool was_refused(const struct trace *t)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->events[i].kind == TRACE_REFUSED)
            return true;
    return false;
}

/* Whether what a case claims and does not send has made the peer grow [COL-4, STR-15]. */
static void weigh(struct worker *w, struct result *result, uint64_t before, uint64_t sent, struct arena *keep)
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
    worker_finding(&result->findings, one, keep);
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

static bool has_died(const struct findings *f)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->items[i].grade == GRADE_FAIL && f->items[i].cause && strcmp(f->items[i].cause, "peer-died") == 0)
            return true;
    return false;
}

/* From findings as the checks made them to a verdict. */
static void conclude(const struct worker *w, struct result *result, struct arena *keep)
{
    deviations_apply(w->o->manifest, result->vector->service, &result->findings, keep);
    // Whether a control behind a death fails, or has no connection any more, is chance.
    result->verdict = has_died(&result->findings) ? VERDICT_FAIL : verdict_fold(&result->findings, w->o->strict);
}

/* Of a result that is inconclusive: why. */
static void say_why(struct result *result, struct arena *keep)
{
    for (size_t i = 0; result->verdict == VERDICT_INCONCLUSIVE && !result->reason && i < result->findings.count; i++) {
        const struct finding *f = &result->findings.items[i];
        if (f->grade == GRADE_FAIL && f->control)
            result->reason = arena_printf(keep, "the control \"%s\" failed, so that nothing is shown about the case itself", f->control);
        else if (f->grade == GRADE_INCONCLUSIVE)
            result->reason = f->sentence;
    }
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

bool worker_play_program(struct worker *w, struct program *p, const struct meeting *m, const struct limits *l,
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
    soften(w, &result->findings);
    leave_out(w, result->vector, &result->findings);
    demand_silence(w, &result->findings);
    conclude(w, result, keep);
    say_why(result, keep);
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
    soften(w, &result->findings);
    leave_out(w, result->vector, &result->findings);
    demand_silence(w, &result->findings);
    conclude(w, result, keep);
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
                worker_play_program(w, p, &m, &w->limits, delivery, t, result, keep, err);
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
    return worker_play_program(w, p, &w->keeper.meeting, &w->limits, delivery, t, result, keep, err);
}

/* ---- a case that is cut at one place after the other ---- */

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

/* What became of the series, and what is to be known of its positions. */
struct cut_played {
    struct cuts cuts;
    struct series_result series;
    struct series_tally tally;
};

static bool play_cuts(struct worker *w, const struct vector *v, const struct delivery *d, struct trace *t, struct cut_played *cut,
                      struct result *result, struct arena *keep, struct error *err)
{
    struct cut_play c = { .vector = v, .delivery = d, .profile = &w->profile, .seed = w->o->seed, .us = w->o->play, .cuts = &cut->cuts,
                          .play = play_cut, .look = look_at, .renew = renew, .of = w, .strict = w->o->strict, .stop = w->stop };
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
    conclude(w, result, keep);
    if (result->verdict == VERDICT_INCONCLUSIVE && cut->series.worst == VERDICT_FAIL) {
        result->verdict = VERDICT_FAIL; // that a control fails elsewhere is no excuse for where the case does
        own_first(&result->findings, keep);
    }
    say_why(result, keep);
    result->us = clock_us() - began;
    return true;
}

/* One case, played and judged; what it points to lives beside it. */
struct playing {
    struct program program;
    struct trace trace;
    struct family_result family;
    struct cut_played cut;
    struct result result;
    uint64_t sent; // bytes
    const char *excuse;   // why it was not played, or NULL
    enum verdict excused; // … and what it then is
};

static bool play_once(struct worker *w, const struct turn *turn, struct arena *keep, struct playing *p, struct error *err)
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

/* ---- behind a case ---- */

/* The genuine defect by which the peer ended a connection, or NULL: one that crashes takes its process along. */
static const struct genuine *genuine_end(const struct findings *f)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->items[i].genuine && (f->items[i].genuine->outcomes & GENUINE_ENDS))
            return f->items[i].genuine;
    return NULL;
}

/* A peer that did all that was due is not waited for: should it be dying, the next case sees that, and proves whose it was. */
static enum omen omen_of(const struct result *r)
{
    bool well = r->verdict == VERDICT_PASS || r->verdict == VERDICT_PASS_TIMED ||
                (r->verdict == VERDICT_AS_GENUINE && !genuine_end(&r->findings));

    return r->trace && !well ? keeper_omen(r->trace) : OMEN_NONE;
}

struct retrial {
    struct worker *w;
    const struct turn *turn, *before;
    struct arena *keep;
    struct playing *alone; // the case by itself, on a fresh peer; NULL: not yet
};

static bool retry_renew(void *of, struct error *err)
{
    return renew(((struct retrial *)of)->w, err);
}

static bool retry_play(void *of, bool before, bool *died, struct error *err)
{
    struct retrial *r = of;
    SCRATCH(passing);
    TEXT(how);
    bool kept = !before && !r->alone;
    struct arena *keep = kept ? r->keep : &passing;
    struct playing *p = ARENA_NEW(keep, struct playing);

    *died = false;
    if (*r->w->stop)
        return true;
    if (!play_once(r->w, before ? r->before : r->turn, keep, p, err))
        return false;
    *died = has_died(&p->result.findings) || !keeper_lives(&r->w->keeper, omen_of(&p->result), &how);
    keeper_forget(&r->w->keeper);
    r->alone = kept ? p : r->alone;
    return true;
}

/* Plays the case that saw the peer die again. Its sentence, and result->reason where somebody else has a part in it; *second
 * where nobody has, and nothing of the kind happened again. */
static bool prove_blame(struct worker *w, const struct turn *turn, struct result *result, const char **sentence,
                        struct playing **second, struct arena *keep, struct error *err)
{
    struct retrial r = { .w = w, .turn = turn, .before = w->before, .keep = keep };
    struct blame_trial t = { .of = &r, .renew = retry_renew, .play = retry_play, .what = "the case" };
    struct blame blame;

    if (r.before)
        t.before = arena_printf(keep, "%s (%s)", r.before->vector->id, r.before->delivery->name);
    if (!blame_find(&t, keep, &blame, err))
        return false;
    keeper_forget(&w->keeper);
    if (*w->stop)
        return true; // nothing was proven
    *sentence = blame.sentence;
    if (blame.reason)
        result->reason = blame.reason;
    if (blame.kind == BLAME_NOT_AGAIN)
        *second = r.alone;
    return true;
}

/* What a sanitizer says during a case is the case's. */
static void hear_complaint(struct worker *w, const struct text *what, struct result *result, struct arena *keep)
{
    if (what->b.len == 0)
        return;
    worker_complaint(w, text_string(what), &result->findings, keep);
    result->verdict = verdict_worse(result->verdict, VERDICT_FAIL);
}

#define WELL "exited with status 0"

/* A peer that dials ends when it has nothing more to do: then it is that it did not dial which is wrong. */
static bool never_dialled(const struct findings *f)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->items[i].grade == GRADE_FAIL && strcmp(f->items[i].check.name, "open") == 0)
            return true;
    return false;
}

/* The peer has died: whose fault that is, and another one. turn NULL: an exchange, which is not played again. */
static bool bury(struct worker *w, const struct turn *turn, const struct text *how, struct result *result, struct playing **second,
                 struct arena *keep, struct error *err)
{
    const struct genuine *defect = genuine_end(&result->findings);
    const char *proof = NULL;
    TEXT(more);

    if (!keeper_renew(&w->keeper, err))
        return false;
    if (turn && !defect && !prove_blame(w, turn, result, &proof, second, keep, err))
        return false;
    if (proof)
        text_printf(&more, "; %s", proof);
    struct finding one = { .check = { "peer-lives", w->service->end.clauses, LEVEL_MUST }, .axis = AXIS_LIFE,
                           .grade = defect ? GRADE_AS_GENUINE : GRADE_FAIL, .genuine = defect, .cause = "peer-died",
                           .sentence = arena_printf(keep, "the peer %s%s", text_string(how), text_string(&more)) };
    if (defect) {
        worker_finding(&result->findings, one, keep);
    } else if (w->o->peer_dials && never_dialled(&result->findings) && strncmp(text_string(how), WELL, strlen(WELL)) == 0) {
        worker_finding(&result->findings, one, keep);
        result->verdict = VERDICT_FAIL;
    } else {
        finding_first(&result->findings, one, keep);
        result->verdict = VERDICT_FAIL;
    }
    played_say(w->out, arena_printf(keep, "%s: the peer %s%s; started again", result->vector->id, text_string(how), text_string(&more)));
    return true;
}

/* *died: the peer has, and who is to blame was found out; *second as prove_blame has it. */
static bool look_after(struct worker *w, const struct turn *turn, struct result *result, bool *died, struct playing **second,
                       struct arena *keep, struct error *err)
{
    TEXT(how);
    TEXT(what);

    bool lives = keeper_lives(&w->keeper, omen_of(result), &how);
    keeper_complains(&w->keeper, turn != NULL, &what);
    *died = !lives;
    if (!lives && !bury(w, turn, &how, result, second, keep, err))
        return false;
    hear_complaint(w, &what, result, keep);
    return true;
}

bool worker_look_after(struct worker *w, struct result *result, struct arena *keep, struct error *err)
{
    struct playing *second;
    bool died;

    return look_after(w, NULL, result, &died, &second, keep, err);
}

/* ---- once more ---- */

static bool passed_a_limit(const struct trace *t)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->events[i].kind == TRACE_LATE || t->events[i].kind == TRACE_STOPPED)
            return true;
    return false;
}

/* One case, with the memory that the peer takes for it. */
static bool play_weighed(struct worker *w, const struct turn *turn, struct arena *keep, struct playing *p, struct error *err)
{
    uint64_t before = 0;

    if (turn->vector->memory && keeper_weighs(&w->keeper) && peer_memory_reset(&w->keeper.peer))
        before = peer_memory_peak(&w->keeper.peer);
    if (!play_once(w, turn, keep, p, err))
        return false;
    if (before && !*w->stop && !p->excuse) {
        weigh(w, &p->result, before, p->sent, keep);
        conclude(w, &p->result, keep);
    }
    return true;
}

/* The bound of run.c, as far as this worker can tell; it never holds back what that would take. */
static bool may_repeat(const struct worker *w, bool slow)
{
    return w->repeats < RUN_REPEATS && (!slow || w->slow_repeats < RUN_SLOW_REPEATS);
}

/*
 * Whether what came of a case is to be asked once more. Not where that was done to find out who ended the peer, and not
 * where a connection brought nothing at the cost of a whole limit, or the peer is somebody else's and does not speak any more:
 * that is the breaker's.
 */
static bool is_doubtful(const struct worker *w, const struct playing *p, bool dead, bool died)
{
    bool judged = died || (p->family.tally.kind && has_died(&p->result.findings));
    bool slow = passed_a_limit(&p->trace), gone = dead && (slow || !w->o->manifest);

    return verdict_is_bad(p->result.verdict) && !judged && !gone && !w->o->hold && may_repeat(w, slow);
}

/* Plays it by itself, on a fresh peer where it is ours. *second stays NULL where that came to nothing. */
static bool repeat(struct worker *w, const struct turn *turn, struct playing **second, struct arena *keep, struct error *err)
{
    struct playing *p = ARENA_NEW(keep, struct playing);
    TEXT(how);
    TEXT(what);

    if (!keeper_refresh(&w->keeper, err) || !play_weighed(w, turn, keep, p, err))
        return false;
    if (*w->stop || p->excuse)
        return true;
    bool lives = keeper_lives(&w->keeper, omen_of(&p->result), &how);
    keeper_complains(&w->keeper, true, &what);
    hear_complaint(w, &what, &p->result, keep);
    if (!lives && p->result.verdict != VERDICT_AS_GENUINE)
        p->result.verdict = VERDICT_FAIL;
    if (!lives && !keeper_renew(&w->keeper, err))
        return false;
    *second = p;
    return true;
}

/* The record of both plays, behind that of the first alone: which of them counts takes the order of the run to see. */
static void tell_both(struct worker *w, struct result *result, struct playing *second, bool dead, bool slow, struct arena *keep)
{
    bool ours = keeper_owns(&w->keeper);

    w->repeats++;
    w->slow_repeats += slow;
    result->repeated = true;
    if (result->verdict != second->result.verdict) {
        result->first = result->verdict;
        result->verdict = VERDICT_UNSTABLE;
        result->second = &second->result;
        if (!has_died(&result->findings) || !result->reason) // of a death it says more
            result->reason = arena_printf(keep, "%s here, %s when it was played once more%s", verdict_name(result->first),
                                          verdict_name(second->result.verdict), ours ? " by itself on a fresh peer" : "");
    }
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
    if (!play_weighed(w, turn, &keep, &p, err))
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
    if (!look_after(w, turn, &p.result, &died, &second, &keep, err))
        return false;
    for (unsigned plays = 0; plays <= w->o->further_plays && is_doubtful(w, &p, dead, died) && !*w->stop; plays++) {
        if (!repeat(w, turn, &second, &keep, err))
            return false;
        if (!second || second->result.verdict != p.result.verdict)
            break;
    }
    bool changed = second && second->result.verdict != p.result.verdict;
    if (!changed && !*w->stop && !separate(w, &p.result, &keep, err))
        return false;
    worker_hand_over(w, &p.result, dead, &keep);
    bool slow = passed_a_limit(&p.trace);
    if (second && may_repeat(w, slow))
        tell_both(w, &p.result, second, dead, slow, &keep);
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
