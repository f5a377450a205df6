#include "run/cut_series.h"

static const char *name(void *of, size_t at)
{
    return ((const struct cut_play *)of)->cuts->items[at].what;
}

static bool compile(void *of, size_t at, struct arena *keep, struct program *out, struct error *err)
{
    const struct cut_play *c = of;

    if (!program_compile(c->vector, c->profile, c->seed, c->us, keep, out, err))
        return false;
    out->delivery = delivery_row(c->delivery);
    out->sampled = c->cuts->sampled;
    c->delivery->apply(out, c->seed, keep);
    cut_apply(out, &c->cuts->items[at], keep);
    if (c->opens_early)
        program_open_early(out);
    return true;
}

static bool play(void *of, struct program *p, bool brief, struct trace *t, struct findings *f, struct arena *keep, struct error *err)
{
    const struct cut_play *c = of;

    (void)brief;
    return c->play(c->of, p, t, f, keep, err);
}

static bool look(void *of, enum omen omen, bool *lives, const char **how, struct arena *keep, struct error *err)
{
    const struct cut_play *c = of;

    return c->look(c->of, omen, lives, how, keep, err);
}

static bool renew(void *of, struct error *err)
{
    const struct cut_play *c = of;

    return c->renew(c->of, err);
}

bool cut_series_play(const struct cut_play *c, struct arena *keep, struct series_result *out, struct series_tally *tally, struct error *err)
{
    struct cut_play own = *c;
    struct check life = { "peer-lives", c->vector->service->end.clauses, LEVEL_MUST };
    struct series s = { .of = &own, .count = c->cuts->count, .life = &life, .strict = c->strict, .alike = true, .stop = c->stop,
                        .name = name, .compile = compile, .play = play, .look = look, .renew = renew };

    if (!series_play(&s, keep, out, err))
        return false;
    *tally = (struct series_tally){ .kind = delivery_row(c->delivery), .positions = c->cuts->count, .tried = out->tried, .failed = out->failed,
                                    .sampled = c->cuts->sampled };
    if (out->program) {
        tally->cut = &c->cuts->items[out->shown];
        tally->shown = tally->cut->what;
    }
    return true;
}
