/*
 * Positions are played in batches, each position on a connection of its own, all of them at once: a peer that is right
 * need not be waited for. A batch in which anything is wrong proves nothing about anybody; its positions are played
 * again alone, and so is the rest of the family. The last position is always alone, with what the service says behind
 * it: that the peer still serves others.
 */
#include "run/family.h"

#include "check/fold.h"
#include "run/blame.h"
#include "vector/mutate.h"

#define FAILING_MAX 32 // positions that fail, behind which the rest is left: it will not get better
#define LATE_MAX    2  // positions whose limit passed, likewise: each has cost seconds
#define DEATHS_MAX  4  // deaths of the peer, likewise

struct playing {
    const struct family_play *f;
    const struct vector *v;
    struct arena *keep;
    struct family_result *out;
    struct mutants mutants;
    struct fold fold;
    const struct delivery *joined;
    unsigned deaths, late;
    bool over;
    const char *batch_death; // how the peer died while several were played at once; NULL: it did not
    const char *batch;       // which these were
};

static bool compile(struct playing *p, size_t i, struct arena *keep, struct program *out, struct error *err)
{
    bool last = i + 1 == p->mutants.count && !p->f->lone;
    const struct vector *v = mutant_vector(p->v, &p->mutants.items[i], last, keep);

    if (!program_compile(v, p->f->profile, p->f->seed, PARTY_CLIENT, keep, out, err))
        return error_within(err, "%s", p->mutants.items[i].what);
    return true;
}

static bool engine(struct playing *p, struct program *program, const struct limits *l, struct trace *t,
                   struct error *err)
{
    return engine_play(p->f->engine, program, p->f->meeting, l, p->f->stop, t, err);
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
    struct finding one = { .check = { "peer-lives", p->v->service->end.clauses, LEVEL_MUST }, .axis = AXIS_LIFE,
                           .grade = defect ? GRADE_AS_GENUINE : GRADE_FAIL, .genuine = defect, .cause = "peer-died",
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
    struct playing *p = ((struct retrial *)of)->p;

    return p->f->renew(p->f->of, err);
}

static bool retry_play(void *of, bool before, bool *dead, struct error *err)
{
    struct retrial *r = of;
    struct playing *p = r->p;
    SCRATCH(own);
    struct program program;
    struct trace trace = { .keep = &own };
    const char *how;
    bool lives = true;

    *dead = false;
    if (*p->f->stop)
        return true;
    if (!compile(p, r->at - before, &own, &program, err) || !engine(p, &program, p->f->limits, &trace, err) ||
        !p->f->look(p->f->of, keeper_omen(&trace), &lives, &how, &own, err))
        return false;
    *dead = !lives;
    return true;
}

/* Whether the position that saw the peer die ends a fresh one, too; what is known of that into *sentence. */
static bool prove_blame(struct playing *p, size_t at, const char **sentence, struct error *err)
{
    struct retrial r = { p, at };
    struct blame_trial t = { .of = &r, .renew = retry_renew, .play = retry_play, .what = "the position",
                             .before = at > 0 ? p->mutants.items[at - 1].what : NULL };
    struct blame blame;

    if (!blame_find(&t, p->keep, &blame, err))
        return false;
    *sentence = *p->f->stop ? NULL : blame.sentence;
    return true;
}

/* One position by itself: its findings count. */
static bool alone(struct playing *p, size_t i, struct error *err)
{
    const struct mutant *m = &p->mutants.items[i];
    struct arena own = { 0 };
    struct program *program = ARENA_NEW(&own, struct program);
    struct trace trace = { .keep = &own };
    struct findings findings;
    bool last = i + 1 == p->mutants.count;

    bool good = compile(p, i, &own, program, err) && engine(p, program, p->f->limits, &trace, err);
    if (!good || *p->f->stop) {
        arena_free(&own);
        return good;
    }
    judge(program, &trace, &own, &findings);
    bool bad = findings_bad(&findings);
    fold_add(&p->fold, &findings, m->what);
    p->out->tally.tried++;
    p->out->tally.outcomes[m->outcome]++;
    p->out->tally.failed += bad;
    if (bad ? p->out->tally.failed == 1 : last && p->out->tally.failed == 0) {
        struct trace copy = { .keep = p->keep };
        p->out->program = ARENA_NEW(p->keep, struct program);
        good = compile(p, i, p->keep, p->out->program, err);
        for (size_t k = 0; k < trace.count; k++) {
            const struct trace_event *e = &trace.events[k];
            struct trace_event *to = trace_add(&copy, e->kind, e->on, e->op, e->us);
            to->number = e->number;
            to->segments = e->segments;
            to->data = arena_bytes(p->keep, e->data);
        }
        p->out->trace = copy;
        p->out->tally.shown = m->what;
    }
    p->late += bad && (happened(&trace, TRACE_LATE) || happened(&trace, TRACE_STOPPED));
    p->over |= p->out->tally.failed == FAILING_MAX || p->late == LATE_MAX;
    const struct genuine *defect = defect_of(&findings);
    if (good && (bad || defect)) {
        const char *how = NULL;
        bool lives = true;
        const char *proof = NULL;
        good = p->f->look(p->f->of, keeper_omen(&trace), &lives, &how, p->keep, err) &&
               (lives || defect || prove_blame(p, i, &proof, err));
        if (good && !lives)
            died(p, m->what, how, proof, defect);
    }
    arena_free(&own);
    return good;
}

/* Several at once. *all_right: they count; else nothing of it does. */
static bool together(struct playing *p, size_t from, size_t count, bool *all_right, enum omen *omen, struct error *err)
{
    SCRATCH(own);
    struct program each[PROGRAM_SIDES], all;
    struct trace trace = { .keep = &own };
    struct findings findings;

    for (size_t i = 0; i < count; i++) {
        if (!compile(p, from + i, &own, &each[i], err))
            return false;
        p->joined->apply(&each[i], p->f->seed, &own);
    }
    program_side_by_side(each, count, &own, &all);
    struct limits brief = *p->f->limits;
    brief.whole = brief.whole < brief.end ? brief.whole : brief.end; // one that does not end is waited for once
    if (!engine(p, &all, &brief, &trace, err))
        return false;
    judge(&all, &trace, &own, &findings);
    *all_right = !findings_bad(&findings) && !*p->f->stop;
    *omen = keeper_omen(&trace);
    if (!*all_right)
        return true;
    fold_add(&p->fold, &findings, "");
    p->out->tally.tried += count;
    for (size_t i = 0; i < count; i++)
        p->out->tally.outcomes[p->mutants.items[from + i].outcome]++;
    return true;
}

static bool play_all(struct playing *p, struct error *err)
{
    bool side_by_side = !p->f->one_by_one && p->v->service->pipelining;
    size_t count = p->mutants.count;

    for (size_t i = 0; i < count && !p->over && !*p->f->stop;) {
        size_t batch = count - 1 - i < PROGRAM_SIDES ? count - 1 - i : PROGRAM_SIDES; // the last is alone
        if (side_by_side && batch > 1) {
            bool all_right;
            enum omen omen;
            if (!together(p, i, batch, &all_right, &omen, err))
                return false;
            if (all_right) {
                i += batch;
                continue;
            }
            side_by_side = false;
            bool lives = true;
            const char *how;
            if (!*p->f->stop && !p->f->look(p->f->of, omen, &lives, &how, p->keep, err))
                return false;
            if (!lives) { // whoever killed it is found out below
                p->batch_death = how;
                p->batch = arena_printf(p->keep, "%s to %s, all at once", p->mutants.items[i].what, p->mutants.items[i + batch - 1].what);
            }
        }
        if (!*p->f->stop && !alone(p, i++, err))
            return false;
    }
    if (p->batch_death && p->deaths == 0)
        died(p, p->batch, p->batch_death, "it did not happen again when each was played by itself", NULL);
    return true;
}

bool family_play(const struct family_play *f, const struct vector *v, struct arena *keep, struct family_result *out,
                 struct error *err)
{
    struct playing p = { .f = f, .v = v, .keep = keep, .out = out, .fold.keep = keep };

    *out = (struct family_result){ .tally.kind = family_kind_name(v->family->kind) };
    p.mutants = mutants_make(v, f->profile, f->seed, keep);
    p.joined = delivery_find("coalesced");
    out->tally.positions = p.mutants.count;
    out->tally.sampled = p.mutants.sampled;
    for (size_t i = 0; i < p.mutants.count; i++) {
        const struct mutant *m = &p.mutants.items[i];
        out->sent = m->bytes.len > out->sent ? m->bytes.len : out->sent;
        out->claim = m->claim > out->claim ? m->claim : out->claim;
    }
    if (!play_all(&p, err))
        return false;
    if (!out->program)
        return true; // stopped before anything was shown
    fold_end(&p.fold, out->program, &out->findings);
    return true;
}
