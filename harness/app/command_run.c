/*
 * `arcwire run`: a peer, the cases, the log, the page.
 */
#include "app/play.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "report/report.h"

#define BLOCKS_MAX 10 // failures told on the terminal; the page has them all

/* Makes the views from the log and tells on the terminal what a person wants to know. */
static int conclude(const struct played_log *log, struct arena *keep, int status)
{
    struct report report;
    struct error err;

    if (!report_load_own(log->path, keep, &report, &err) || !report_write(&report, log->directory, &err))
        return fail(&err);
    TEXT(out);
    size_t told = 0, bad = 0;
    bool colour = isatty(1) && !getenv("NO_COLOR");
    for (const struct report_case *c = report.cases; c; c = c->next) {
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
        report_text_causes(&report, colour, &out);
    }
    const char *page = arena_printf(keep, "%s/report.html", play_latest(log->directory));
    report_text_summary(&report, page, colour, &out);
    fputs(text_string(&out), stdout);
    return status;
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
    if (!run_options_parse(o, &run, &keep, &err) || !library_open(o, &lib, &err) || !play_choose(o, &lib, &run, &manifest, &keep, &err)) {
        status = fail(&err);
    } else {
        status = play(o, &run, &lib, &keep, &log);
        if (log.path)
            status = conclude(&log, &keep, status);
    }
    library_free(&lib);
    return status;
}
