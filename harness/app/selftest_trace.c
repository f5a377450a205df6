/*
 * `arcwire selftest --trace`: what passes is changed and judged again.
 */
#include "app/selftest.h"

#include <stdio.h>

#include "report/report.h"
#include "report/unguarded.h"

#define PLACES_TOLD 20 // on the terminal

static bool go(const struct library *lib, const struct run_options *run, const struct play_job *job, const char *directory,
               const struct sink *sink, struct run_totals *totals, struct error *err)
{
    (void)job, (void)directory;
    return run_suites(lib, run, sink, play_stop(), totals, err);
}

/* What the log says of changes; the status, or a worse one. */
static int tell_unguarded(const struct played_log *log, bool quiet, struct arena *keep, int status)
{
    struct report report;
    struct error err;
    TEXT(out);

    if (!report_load_own(log->path, keep, &report, &err))
        return fail(&err);
    report_unguarded_text(&report, PLACES_TOLD, !quiet, &out);
    fputs(text_string(&out), stdout);
    if (report_unguarded_wrong(&report))
        status = exit_worse(status, EXIT_UNEXPECTED);
    report_release(&report);
    return status;
}

/* --trace: a run whose passing conversations are changed and judged again. */
int selftest_trace(const struct options *given)
{
    SCRATCH(keep);
    struct options o = *given;
    struct run_options run = { 0 };
    struct library lib = { 0 };
    struct manifest manifest;
    struct played_log log;
    struct error err;
    int status;

    if (!o.peers.count && !o.exec && !o.stdio && !o.connect && !o.listen)
        o.peer = "reference";
    if (!o.deliveries)
        o.deliveries = "plain";
    if (!run_options_parse(&o, &run, &keep, &err) || !library_open(&o, &lib, &err) || !play_choose(&o, &lib, &run, &manifest, &keep, &err)) {
        status = fail(&err);
    } else {
        const struct play_job job = { .command = "selftest --trace", .what = "result", .selected = run_count(&lib, &run), .go = go };
        run.unguarded = true;
        status = play_logged(&o, &run, &lib, &keep, &job, &log);
        if (log.path)
            status = play_conclude(&o, &log, &keep, status);
        if (log.path)
            status = tell_unguarded(&log, o.quiet, &keep, status);
    }
    library_free(&lib);
    return status;
}
