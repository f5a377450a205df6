/*
 * `arcwire shrink`: the smallest case that still fails for the same cause.
 */
#include "app/play.h"
#include "app/witness.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "shrink/shrink.h"

#define RUNS_STANDARD 1000

static const struct vector *find(const struct library *lib, const char *id)
{
    for (size_t i = 0; i < lib->suite_count; i++)
        for (size_t k = 0; k < lib->suites[i].count; k++)
            if (strcmp(lib->suites[i].vectors[k].id, id) == 0)
                return &lib->suites[i].vectors[k];
    return NULL;
}

static int tell(const struct options *o, const struct vector *v, const struct shrunk *s, size_t runs, bool has_witness)
{
    struct error err;

    switch (s->how) {
    case SHRUNK_PASSES:
        fprintf(stderr, "arcwire: %s does not fail: %s\n", v->id, verdict_name(s->came.verdict));
        return EXIT_NOTHING;
    case SHRUNK_UNSTABLE:
        fprintf(stderr, "arcwire: %s is unstable: %s (check %s, cause %s), then %s (check %s, cause %s)\n", v->id, verdict_name(s->came.verdict), s->came.check,
                s->came.cause, verdict_name(s->other.verdict), s->other.check, s->other.cause);
        return EXIT_UNEXPECTED;
    case SHRUNK_WITNESS:
        fprintf(stderr, "arcwire: %s fails on the witness, too (check %s, cause %s): nothing can show that a smaller case is right\n", v->id, s->other.check,
                s->other.cause);
        return EXIT_UNEXPECTED;
    case SHRUNK_SMALLEST:
    case SHRUNK_BOUND:
        break;
    }
    if (o->output && !file_write(o->output, bytes_of(s->file), &err))
        return fail(&err);
    if (!o->output)
        fputs(s->file, stdout);
    fprintf(stderr, "%s: %zu steps → %zu, %zu runs%s; check %s, cause %s, delivery %s%s\n", v->id, s->before, s->after, runs,
            s->how == SHRUNK_BOUND ? " (stopped at a bound)" : "", s->came.check, s->came.cause, s->delivery->name,
            has_witness ? "" : "; without a witness: look whether a right peer passes it");
    return s->how == SHRUNK_BOUND ? EXIT_STOPPED : EXIT_EXPECTED;
}

static bool prepare(const struct options *o, const struct library *lib, struct run_options *run, struct manifest *m, const struct vector **v, uint64_t *runs,
                    struct arena *keep, struct error *err)
{
    *runs = RUNS_STANDARD;
    if (!(*v = find(lib, o->words[0])))
        return error_set(err, ERROR_USAGE, "no case is called \"%s\"; see arcwire list", o->words[0]);
    return (!o->runs || number_parse("--runs", o->runs, 4, 1000000, runs, err)) && play_choose(o, lib, run, m, keep, err);
}

int command_shrink(const struct options *o)
{
    SCRATCH(keep);
    struct library lib = { 0 };
    struct run_options run = { 0 };
    struct manifest manifest, right;
    struct trial peer = { 0 }, witness = { 0 };
    struct shrunk shrunk;
    struct error err;
    const struct vector *v;
    bool begun = false, has_witness = false;
    uint64_t runs;
    int status;

    if (o->word_count != 1) {
        fputs("arcwire shrink: expected one id; see arcwire list\n", stderr);
        return EXIT_USAGE;
    }
    play_until_stopped();
    bool good = run_options_parse(o, &run, &keep, &err) && library_open(o, &lib, &err) && prepare(o, &lib, &run, &manifest, &v, &runs, &keep, &err);
    if (good) {
        begun = true;
        good = trial_begin(&peer, &run, v->service, play_stop(), &err) &&
               witness_begin(o->witness, &lib, &run, &peer, v->service, &right, &witness, &has_witness, &keep, &err);
    }
    if (good) {
        const struct shrink s = { .library = &lib, .peer = &peer, .witness = has_witness ? &witness : NULL, .delivery = run.deliveries[0], .max_runs = runs,
                                  .until = run.max_seconds ? clock_us() + 1000000ll * run.max_seconds : 0, .stop = play_stop(), .keep = &keep };
        good = shrink(&s, v, &shrunk, &err);
    }
    status = good ? tell(o, v, &shrunk, peer.runs + witness.runs, has_witness) : fail(&err);
    if (begun)
        trial_end(&peer);
    if (has_witness)
        trial_end(&witness);
    library_free(&lib);
    return status;
}
