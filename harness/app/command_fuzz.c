/*
 * `arcwire fuzz`: conversations by chance, of which those that fail are made small.
 */
#include "app/play.h"
#include "app/witness.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "shrink/hunt.h"

#define RUNS_STANDARD 1000

struct telling {
    const struct options *o;
    struct arena *keep;
    struct error err;
    bool failed; // err says why
};

static void found(void *of, const struct quarry *q)
{
    struct telling *t = of;
    const char *shown = verdict_name(q->came.verdict);

    printf("%" PRIu64 ": %s, check %s, cause %s, delivery %s", q->number, shown, q->came.check[0] ? q->came.check : "-", q->came.cause[0] ? q->came.cause : "-",
           q->delivery->name);
    if (t->o->against)
        printf("; the other: %s, check %s, cause %s", verdict_name(q->other.verdict), q->other.check[0] ? q->other.check : "-",
               q->other.cause[0] ? q->other.cause : "-");
    if (q->shrunk.file)
        printf("; %zu steps → %zu", q->shrunk.before, q->shrunk.after);
    else
        printf("; not each time");
    if (t->o->out && !t->failed) {
        const char *path = arena_printf(t->keep, "%s/suites/%" PRIu64 ".json", t->o->out, q->number);
        t->failed = !file_write(path, bytes_of(q->file), &t->err);
        printf("; %s", path);
    }
    printf("\n");
}

static bool prepare(const struct options *o, struct run_options *run, uint64_t *runs, struct arena *keep, struct error *err)
{
    *runs = RUNS_STANDARD;
    if (o->runs && !number_parse("--runs", o->runs, 1, 1000000000, runs, err))
        return false;
    if (o->max_time && !o->runs)
        *runs = UINT64_MAX;
    if (!run_options_parse(o, run, keep, err))
        return false;
    run->strict = true; // memory without end is only a should
    return !o->out || (file_make_directory(o->out, err) && file_make_directory(arena_printf(keep, "%s/suites", o->out), err));
}

int command_fuzz(const struct options *o)
{
    SCRATCH(keep);
    struct library lib = { 0 };
    struct run_options run = { 0 };
    struct manifest manifest, right, against;
    struct trial peer = { 0 }, witness = { 0 }, other = { 0 };
    struct telling telling = { .o = o, .keep = &keep };
    struct hunted hunted = { 0 };
    struct error err;
    bool begun = false, has_witness = false, has_other = false;
    uint64_t runs;
    int status;

    if (o->word_count) {
        fputs("arcwire fuzz: it makes its own cases; see arcwire fuzz --help\n", stderr);
        return EXIT_USAGE;
    }
    play_until_stopped();
    bool good = prepare(o, &run, &runs, &keep, &err) && library_open(o, &lib, &err) && play_choose(o, &lib, &run, &manifest, &keep, &err);
    const struct service *service = good ? library_service(&lib, "conformance") : NULL;
    if (good && !service)
        good = error_set(&err, ERROR_INPUT, "no service is called conformance");
    if (good) {
        begun = true;
        good = trial_begin(&peer, &run, service, play_stop(), &err) &&
               witness_begin(o->witness, &lib, &run, &peer, service, &right, &witness, &has_witness, &keep, &err) &&
               (!o->against || witness_begin(o->against, &lib, &run, &peer, service, &against, &other, &has_other, &keep, &err));
    }
    if (good) {
        const struct hunt h = { .library = &lib, .peer = &peer, .witness = has_witness ? &witness : NULL, .other = has_other ? &other : NULL,
                                .seed = run.seed, .runs = runs, .until = run.max_seconds ? clock_us() + 1000000ll * run.max_seconds : 0,
                                .stop = play_stop(), .keep = &keep, .found = found, .of = &telling };
        good = hunt(&h, &hunted, &err);
    }
    if (good && telling.failed) {
        err = telling.err;
        good = false;
    }
    if (good) {
        printf("%" PRIu64 " conversations, seed 0x%" PRIx64 ": %" PRIu64 " %s, %" PRIu64 " %s", hunted.played, run.seed, hunted.failed,
               o->against ? "differ" : "failed", hunted.found, hunted.found == 1 ? "finding" : "findings");
        if (hunted.wrong)
            printf("; %" PRIu64 " failed on the witness, too, and count for nothing", hunted.wrong);
        printf("\n");
    }
    status = !good ? fail(&err) : hunted.found ? EXIT_UNEXPECTED : play_is_stopped() ? EXIT_STOPPED : EXIT_EXPECTED;
    if (begun)
        trial_end(&peer);
    if (has_witness)
        trial_end(&witness);
    if (has_other)
        trial_end(&other);
    library_free(&lib);
    return status;
}
