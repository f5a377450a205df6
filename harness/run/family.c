/*
 * A family's positions are its mutants. Where the service allows requests to go ahead of replies, several are played at once,
 * each on a connection of its own. The last has what the service says behind it: that the peer still serves others.
 */
#include "run/family.h"

#include "check/fold.h"
#include "run/series.h"
#include "vector/mutate.h"

struct playing {
    const struct family_play *f;
    const struct vector *v;
    struct family_result *out;
    struct mutants mutants;
    struct arena *keep; // of what is added to f->unguarded
    const struct delivery *joined;
};

static const char *name(void *of, size_t at)
{
    return ((struct playing *)of)->mutants.items[at].what;
}

static bool compile(void *of, size_t at, struct arena *keep, struct program *out, struct error *err)
{
    struct playing *p = of;
    bool last = at + 1 == p->mutants.count && !p->f->lone;
    const struct vector *v = mutant_vector(p->v, &p->mutants.items[at], last, keep);

    if (!program_compile(v, p->f->profile, p->f->seed, PARTY_CLIENT, keep, out, err))
        return error_within(err, "%s", p->mutants.items[at].what);
    return true;
}

static bool play(void *of, struct program *program, bool brief, struct trace *t, struct findings *f, struct arena *keep, struct error *err)
{
    struct playing *p = of;
    struct limits l = *p->f->limits;

    if (brief) // one that does not end is waited for once
        l.whole = l.whole < l.end ? l.whole : l.end;
    if (!engine_play(p->f->engine, program, p->f->meeting, &l, p->f->stop, t, err))
        return false;
    judge(program, t, keep, f);
    if (p->f->unguarded && !findings_bad(f)) {
        struct unguarded found;
        unguarded_find(program, t, p->f->stop, keep, &found);
        unguarded_add(p->f->unguarded, &found, p->keep);
    }
    return true;
}

static bool join(void *of, size_t at, size_t *count, struct arena *keep, struct program *out, struct error *err)
{
    struct playing *p = of;
    struct program each[PROGRAM_SIDES];

    *count = *count < PROGRAM_SIDES ? *count : PROGRAM_SIDES;
    for (size_t i = 0; i < *count; i++) {
        if (!compile(p, at + i, keep, &each[i], err))
            return false;
        p->joined->apply(&each[i], p->f->seed, keep);
    }
    program_side_by_side(each, *count, keep, out);
    return true;
}

static void tried(void *of, size_t at)
{
    struct playing *p = of;

    p->out->tally.outcomes[p->mutants.items[at].outcome]++;
}

static bool look(void *of, enum omen omen, bool *lives, const char **how, struct arena *keep, struct error *err)
{
    const struct family_play *f = ((struct playing *)of)->f;

    return f->look(f->of, omen, lives, how, keep, err);
}

static bool renew(void *of, struct error *err)
{
    const struct family_play *f = ((struct playing *)of)->f;

    return f->renew(f->of, err);
}

bool family_play(const struct family_play *f, const struct vector *v, struct arena *keep, struct family_result *out,
                 struct error *err)
{
    struct playing p = { .f = f, .v = v, .out = out, .joined = delivery_find("coalesced"), .keep = keep };
    struct check life = { "peer-lives", v->service->end.clauses, LEVEL_MUST };

    *out = (struct family_result){ .tally.kind = family_kind_name(v->family->kind) };
    p.mutants = mutants_make(v, f->profile, f->seed, keep);
    out->tally.positions = p.mutants.count;
    out->tally.sampled = p.mutants.sampled;
    for (size_t i = 0; i < p.mutants.count; i++) {
        const struct mutant *m = &p.mutants.items[i];
        out->sent = m->bytes.len > out->sent ? m->bytes.len : out->sent;
        out->claim = m->claim > out->claim ? m->claim : out->claim;
    }
    struct series s = { .of = &p, .count = p.mutants.count, .life = &life, .stop = f->stop, .name = name, .compile = compile, .play = play,
                        .join = !f->one_by_one && v->service->pipelining ? join : NULL, .tried = tried, .look = look, .renew = renew };
    if (!series_play(&s, keep, &out->series, err))
        return false;
    out->tally.tried = out->series.tried;
    out->tally.failed = out->series.failed;
    if (out->series.program)
        out->tally.shown = p.mutants.items[out->series.shown].what;
    return true;
}
