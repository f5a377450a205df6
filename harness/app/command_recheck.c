/*
 * `arcwire recheck`: what today's checks say of yesterday's conversations.
 */
#include "app/app.h"

#include <stdio.h>

#include "base/file.h"
#include "report/recheck.h"

#define TOLD_MAX 50 // results that have changed, with what has

struct tally {
    size_t counts[RECHECKS];
    size_t told;
};

static void tell(struct tally *t, const struct report_result *r, enum recheck how, const struct text *said)
{
    if (how != RECHECK_CHANGED || t->told++ >= TOLD_MAX)
        return;
    printf("changed  %s  %s\n%s", r->of->id, r->delivery, text_string(said));
}

static bool recheck_run_of(const struct report *report, const struct library *lib, struct tally *t, struct error *err)
{
    struct recheck_run run;

    if (!recheck_begin(report, lib, &run, err))
        return false;
    for (const struct report_case *c = report->cases; c; c = c->next)
        for (const struct report_result *r = c->first; r; r = r->next) {
            enum recheck how;
            TEXT(said);
            if (!recheck_result(&run, r, &how, &said, err))
                return error_within(err, "%s", report->log->path);
            t->counts[how]++;
            tell(t, r, how, &said);
        }
    return true;
}

static bool recheck_log(const char *path, const struct library *lib, struct tally *t, struct error *err)
{
    SCRATCH(keep);
    struct report report;

    if (!report_load(path, &keep, &report, err))
        return false;
    bool good = recheck_run_of(&report, lib, t, err);
    report_release(&report);
    return good;
}

/* A log, a run's directory, or a directory of logs and runs. */
static bool recheck_path(const char *path, const struct library *lib, struct tally *t, struct error *err)
{
    SCRATCH(keep);
    const char *const *names;
    size_t count;
    const char *own = arena_printf(&keep, "%s/run.ndjson", path);

    if (!file_is_directory(path))
        return recheck_log(path, lib, t, err);
    if (file_exists(own))
        return recheck_log(own, lib, t, err);
    if (!file_list(path, "", &keep, &names, &count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *one = arena_printf(&keep, "%s/%s", path, names[i]);
        size_t len = strlen(names[i]);
        bool is_log = len > 7 && strcmp(names[i] + len - 7, ".ndjson") == 0;
        bool is_run = names[i][0] != '.' && file_exists(arena_printf(&keep, "%s/run.ndjson", one));
        if ((is_log || is_run) && !recheck_path(one, lib, t, err))
            return false;
    }
    return true;
}

int command_recheck(const struct options *o)
{
    struct library lib = { 0 };
    struct tally t = { 0 };
    struct error err;
    bool good;

    if (o->word_count == 0) {
        fputs("arcwire recheck: expected runs, or directories of runs; see arcwire recheck --help\n", stderr);
        return EXIT_USAGE;
    }
    good = library_open(o, &lib, &err);
    for (size_t i = 0; good && i < o->word_count; i++)
        good = recheck_path(o->words[i], &lib, &t, &err);
    library_free(&lib);
    if (!good)
        return fail(&err);
    if (t.told > TOLD_MAX)
        printf("… and %zu more\n", t.told - TOLD_MAX);
    printf("%zu as they were, %zu changed, %zu of cases that are others now, %zu not saved\n", t.counts[RECHECK_SAME], t.counts[RECHECK_CHANGED],
           t.counts[RECHECK_OTHER], t.counts[RECHECK_NOT_SAVED]);
    if (t.counts[RECHECK_CHANGED])
        return EXIT_UNEXPECTED;
    return t.counts[RECHECK_SAME] ? EXIT_EXPECTED : EXIT_NOTHING;
}
