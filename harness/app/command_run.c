/*
 * `arcwire run`: a peer, the cases, the log, the page.
 */
#include "app/play.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "report/report.h"

#define BLOCKS_MAX 10 // failures told on the terminal; the page has them all

/* What a person wants to know, on the terminal. */
static void tell(const struct report *report, bool quiet, const char *page)
{
    TEXT(out);
    size_t told = 0, bad = 0;
    bool colour = isatty(1) && !getenv("NO_COLOR");

    for (const struct report_case *c = report->cases; c; c = c->next) {
        if (!report_verdicts[c->verdict].bad)
            continue;
        if (++bad > BLOCKS_MAX)
            continue;
        text_char(&out, '\n');
        report_text_result(report_telling(c), colour, &out);
        told++;
    }
    if (bad > told)
        text_printf(&out, "\n… and %zu more; the page has them all\n", bad - told);
    if (bad) {
        text_char(&out, '\n');
        report_text_causes(report, colour, &out);
    }
    if (!quiet)
        report_text_spent(report, &out);
    report_text_summary(report, page, colour, &out);
    fputs(text_string(&out), stdout);
}

/* Makes the views from the log. */
static int conclude(const struct played_log *log, bool quiet, struct arena *keep, int status)
{
    struct report report;
    struct error err;

    if (!report_load_own(log->path, keep, &report, &err))
        return fail(&err);
    bool written = report_write(&report, log->directory, &err);
    if (written)
        tell(&report, quiet, arena_printf(keep, "%s/report.html", play_latest(log->directory)));
    report_release(&report);
    return written ? status : fail(&err);
}

int command_run(const struct options *o)
{
    SCRATCH(keep);
    struct run_options run = { 0 };
    struct library lib = { 0 };
    struct manifest manifest;
    struct played_log log;
    struct error err;
    int status;

    play_until_stopped();
    if (!run_options_parse(o, &run, &err) || !library_open(o, &lib, &err) || !play_choose(o, &lib, &run, &manifest, &keep, &err)) {
        status = fail(&err);
    } else {
        status = play(o, &run, &lib, &keep, &log);
        if (log.path)
            status = conclude(&log, o->quiet, &keep, status);
    }
    library_free(&lib);
    return status;
}
