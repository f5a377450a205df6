/*
 * Positions are played one by one, or several at once where the series can join them: a peer that is right need not be waited
 * for. A batch in which anything is wrong proves nothing about anybody; its positions are played again alone, and so is
 * the rest of the series. The last position is always alone.
 */
#include "run/series.h"

#include "check/fold.h"
#include "run/blame.h"

#define FAILING_MAX 32 // positions that fail a must, behind which the rest is left: it will not get better
#define LATE_MAX    2  // positions whose limit passed, likewise: each has cost seconds
#define DEATHS_MAX  4  // deaths of the peer, likewise

struct playing {
    const struct series *s;
    struct arena *keep;
    struct series_result *out;
    struct fold fold;
    unsigned deaths, late, bad;
    bool over;
    const char *batch_death; // how the peer died while several were played at once; NULL: it did not
    const char *batch;       // which these were
};

static const char *name(const struct playing *p, size_t at)
{
    return p->s->name(p->s->of, at);
}

/* The genuine defect that one of the findings shows, or NULL. */
static const struct genuine *defect_of(const struct findings *f)
{
    for (size_t i = 0; i < f->count; i++)
        if (f->items[i].genuine)
            return f->items[i].genuine;
    return NULL;
}

static void died(struct playing *p, const char *what, const char *how, const char *proof, const struct genuine *defect)
{
    struct finding one = { .check = *p->s->life, .axis = AXIS_LIFE, .grade = defect ? GRADE_AS_GENUINE : GRADE_FAIL, .genuine = defect,
                           .cause = "peer-died",
                           .sentence = arena_printf(p->keep, "the peer %s%s%s", how, proof ? "; " : "", proof ? proof : "") };

    fold_add(&p->fold, &(struct findings){ &one, 1 }, what);
    p->over |= ++p->deaths == DEATHS_MAX;
}

static bool happened(const struct trace *t, enum trace_kind kind)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->events[i].kind == kind)
            return true;
    return false;
}

/* One position played again, for the sake of what becomes of the peer. */
struct retrial {
    struct playing *p;
    size_t at;
};

static bool retry_renew(void *of, struct error *err)
{
    const struct series *s = ((struct retrial *)of)->p->s;

    return s->renew(s->of, err);
}

static bool retry_play(void *of, bool before, bool *dead, struct error *err)
{
    struct retrial *r = of;
    const struct series *s = r->p->s;
    SCRATCH(own);
    struct program program;
    struct trace trace = { .keep = &own };
    struct findings findings;
    const char *how;
    bool lives = true;

    *dead = false;
    if (*s->stop)
        return true;
    if (!s->compile(s->of, r->at - before, &own, &program, err) || !s->play(s->of, &program, false, &trace, &findings, &own, err) ||
        !s->look(s->of, keeper_omen(&trace), &lives, &how, &own, err))
        return false;
    *dead = !lives;
    return true;
}

/* Whether the position that saw the peer die ends a fresh one, too; what is known of that into *sentence. */
static bool prove_blame(struct playing *p, size_t at, const char **sentence, struct error *err)
{
    struct retrial r = { p, at };
    struct blame_trial t = { .of = &r, .renew = retry_renew, .play = retry_play, .what = "the position",
                             .before = at > 0 ? name(p, at - 1) : NULL };
    struct blame blame;

    if (!blame_find(&t, p->keep, &blame, err))
        return false;
    *sentence = *p->s->stop ? NULL : blame.sentence;
    return true;
}

static enum verdict verdict_of(const struct playing *p, const struct findings *f)
{
    if (!p->s->alike)
        return findings_bad(f) ? VERDICT_FAIL : VERDICT_PASS;
    return verdict_fold(f, p->s->strict);
}

/* Which of two is told: what failed says more than what shows nothing. */
static bool tells_more(enum verdict one, enum verdict other)
{
    if (one == VERDICT_INCONCLUSIVE && other == VERDICT_FAIL)
        return false;
    if (one == VERDICT_FAIL && other == VERDICT_INCONCLUSIVE)
        return true;
    return one != other && verdict_worse(one, other) == one;
}

/* Keeps a position's conversation. */
static bool show(struct playing *p, size_t at, const struct trace *t, struct error *err)
{
    struct trace copy = { .keep = p->keep };

    p->out->program = ARENA_NEW(p->keep, struct program);
    p->out->shown = at;
    for (size_t k = 0; k < t->count; k++) {
        const struct trace_event *e = &t->events[k];
        struct trace_event *to = trace_add(&copy, e->kind, e->on, e->op, e->us);
        to->number = e->number;
        to->segments = e->segments;
        to->data = arena_bytes(p->keep, e->data);
    }
    p->out->trace = copy;
    return p->s->compile(p->s->of, at, p->keep, p->out->program, err);
}

/* One position by itself: its findings count. */
static bool alone(struct playing *p, size_t at, struct error *err)
{
    const struct series *s = p->s;
    struct arena own = { 0 };
    struct program *program = ARENA_NEW(&own, struct program);
    struct trace trace = { .keep = &own };
    struct findings findings;
    bool last = at + 1 == s->count;

    bool good = s->compile(s->of, at, &own, program, err) && s->play(s->of, program, false, &trace, &findings, &own, err);
    if (!good || *s->stop) {
        arena_free(&own);
        return good;
    }
    enum verdict v = verdict_of(p, &findings);
    bool failed = findings_bad(&findings);
    fold_add(&p->fold, &findings, name(p, at));
    p->out->tried++;
    p->out->failed += failed;
    p->bad += verdict_is_bad(v);
    if (s->tried)
        s->tried(s->of, at);
    if (tells_more(v, p->out->worst) || (last && p->out->worst == VERDICT_PASS)) {
        p->out->worst = v;
        good = show(p, at, &trace, err);
    }
    p->late += failed && (happened(&trace, TRACE_LATE) || happened(&trace, TRACE_STOPPED));
    p->over |= p->bad == FAILING_MAX || p->late == LATE_MAX;
    const struct genuine *defect = defect_of(&findings);
    if (good && (failed || defect)) {
        const char *how = NULL;
        bool lives = true;
        const char *proof = NULL;
        good = s->look(s->of, keeper_omen(&trace), &lives, &how, p->keep, err) &&
               (lives || defect || prove_blame(p, at, &proof, err));
        if (good && !lives)
            died(p, name(p, at), how, proof, defect);
    }
    arena_free(&own);
    return good;
}

/* Several at once, *count of them. *all_right: they count; else nothing of it does. */
static bool together(struct playing *p, size_t from, size_t *count, bool *all_right, enum omen *omen, struct error *err)
{
    const struct series *s = p->s;
    SCRATCH(own);
    struct program all;
    struct trace trace = { .keep = &own };
    struct findings findings;

    if (!s->join(s->of, from, count, &own, &all, err) || !s->play(s->of, &all, true, &trace, &findings, &own, err))
        return false;
    *all_right = !findings_bad(&findings) && !*s->stop;
    *omen = keeper_omen(&trace);
    if (!*all_right)
        return true;
    fold_add(&p->fold, &findings, "");
    p->out->tried += *count;
    for (size_t i = 0; i < *count && s->tried; i++)
        s->tried(s->of, from + i);
    return true;
}

static bool play_all(struct playing *p, struct error *err)
{
    const struct series *s = p->s;
    bool joins = s->join != NULL;

    for (size_t i = 0; i < s->count && !p->over && !*s->stop;) {
        size_t batch = s->count - 1 - i; // the last is alone
        if (joins && batch > 1) {
            bool all_right;
            enum omen omen;
            if (!together(p, i, &batch, &all_right, &omen, err))
                return false;
            if (all_right) {
                i += batch;
                continue;
            }
            joins = false;
            bool lives = true;
            const char *how;
            if (!*s->stop && !s->look(s->of, omen, &lives, &how, p->keep, err))
                return false;
            if (!lives) { // whoever killed it is found out below
                p->batch_death = how;
                p->batch = arena_printf(p->keep, "%s to %s, all at once", name(p, i), name(p, i + batch - 1));
            }
        }
        if (!*s->stop && !alone(p, i++, err))
            return false;
    }
    if (p->batch_death && p->deaths == 0)
        died(p, p->batch, p->batch_death, "it did not happen again when each was played by itself", NULL);
    return true;
}

bool series_play(const struct series *s, struct arena *keep, struct series_result *out, struct error *err)
{
    struct playing p = { .s = s, .keep = keep, .out = out, .fold = { .keep = keep, .alike = s->alike } };

    *out = (struct series_result){ .worst = VERDICT_PASS };
    if (!play_all(&p, err))
        return false;
    if (out->program)
        fold_end(&p.fold, out->program, s->name(s->of, out->shown), &out->findings);
    return true;
}
