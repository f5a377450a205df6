/*
 * `arcwire run`: a peer, the cases, the log, the page.
 */
#include "app/play.h"

#include <fnmatch.h>
#include <stdio.h>

#include "report/report.h"

static int run_once(const struct options *o, const struct run_options *given, const struct library *lib, struct arena *keep)
{
    struct run_options run = *given;
    struct play_known known;
    struct manifest manifest;
    struct played_log log;
    struct error err;

    if (!play_choose(o, lib, &run, &manifest, keep, &err) || !play_know(o, &run, keep, &known, &err))
        return fail(&err);
    int status = play(o, &run, lib, &known, keep, &log);
    return log.path ? play_conclude(o, &log, keep, status) : status;
}

static bool matches_words(const struct options *o, const struct report_case *c)
{
    for (size_t i = 0; i < o->word_count; i++)
        if (fnmatch(o->words[i], c->id, 0) == 0 || fnmatch(o->words[i], c->suite, 0) == 0)
            return true;
    return o->word_count == 0;
}

/* The cases of a saved run that did not come out well, or were not reached, as patterns; of these, the ones that the words select. */
static bool failed_before(const struct options *o, struct arena *keep, struct run_options *run, struct error *err)
{
    struct report report;
    size_t n = 0;

    if (!report_load(log_place(o->rerun_failed, keep), keep, &report, err))
        return error_within(err, "--rerun-failed");
    const char **ids = ARENA_ARRAY(keep, report.case_count + 1, const char *);
    for (const struct report_case *c = report.cases; c; c = c->next)
        if ((report_verdicts[c->verdict].bad || c->verdict == REPORT_NOT_RUN) && matches_words(o, c))
            ids[n++] = c->id;
    if (n == 0)
        ids[n++] = ""; // else all would be selected
    run->patterns = ids;
    run->pattern_count = n;
    run->whole = false;
    report_release(&report);
    return true;
}

/* A wrong file is told before anything is played. */
static bool requirements_fit(const struct options *o, const struct report_format *const *formats, size_t count, struct arena *keep, struct error *err)
{
    const struct report none = { 0 };
    struct report_requirements read;

    for (size_t i = 0; i < count; i++)
        if (formats[i]->write == report_trace && !o->requirements)
            return error_set(err, ERROR_USAGE, "--format trace goes with --requirements FILE");
    return !o->requirements || report_requirements_read(o->requirements, &none, keep, &read, err) || error_within(err, "--requirements");
}

/* What the command line says and no peer has to do with. */
static bool prepare(const struct options *o, struct arena *keep, struct run_options *run, uint64_t *times, struct error *err)
{
    const struct report_format *formats[REPORT_FORMATS_MAX];
    size_t count = 0;
    bool colour;

    *times = 1;
    if (o->until_fail && !o->repeat)
        return error_set(err, ERROR_USAGE, "--until-fail goes with --repeat N");
    if (o->format && !report_formats_parse(o->format, formats, &count, err))
        return error_within(err, "--format");
    return requirements_fit(o, formats, count, keep, err) && run_options_parse(o, run, keep, err) && colour_parse(o, &colour, err) &&
           (!o->repeat || number_parse("--repeat", o->repeat, 1, 1000000, times, err)) &&
           (!o->rerun_failed || failed_before(o, keep, run, err));
}

int command_run(const struct options *o)
{
    SCRATCH(keep);
    struct run_options run = { 0 };
    struct library lib = { 0 };
    struct error err;
    uint64_t times;
    int status = EXIT_EXPECTED;

    play_until_stopped();
    if (!prepare(o, &keep, &run, &times, &err) || !library_open(o, &lib, &err) || !shard_choose(o, &lib, &run, &err)) {
        library_free(&lib);
        return fail(&err);
    }
    for (uint64_t n = 1; n <= times && !play_is_stopped() && !(o->until_fail && status != EXIT_EXPECTED); n++) {
        SCRATCH(own);
        struct options one = *o;
        if (times > 1)
            printf("%llu of %llu\n", (unsigned long long)n, (unsigned long long)times);
        if (times > 1 && o->out)
            one.out = arena_printf(&own, "%s/%llu", o->out, (unsigned long long)n);
        if (n > 1 && !o->seed && !seed_draw(&run.seed, &err)) {
            status = fail(&err);
            break;
        }
        status = exit_worse(status, run_once(&one, &run, &lib, &own));
    }
    library_free(&lib);
    return status;
}
