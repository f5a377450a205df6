/*
 * What earlier runs have said of each case.
 */
#include "report/diff.h"

#include <stdlib.h>

#include "base/file.h"

/* A run of a directory, as far as is looked at to put it in its place. */
struct past {
    const char *path, *started;
};

static int latest_first(const void *a, const void *b)
{
    const struct past *x = a, *y = b;
    int order = strcmp(y->started, x->started);

    return order ? order : strcmp(y->path, x->path);
}

/* The first line of a log says when the run began. */
static bool begins_at(const char *path, struct arena *keep, const char **started)
{
    struct report first;
    struct error err;
    struct bytes log;
    SCRATCH(scratch);

    if (!file_read_head(path, 65536, &scratch, &log))
        return false;
    const uint8_t *newline = memchr(log.data, '\n', log.len);
    if (!newline || !report_parse(bytes_slice(log, 0, (size_t)(newline - log.data) + 1), path, &scratch, &first, &err) || !first.started)
        return false;
    *started = arena_string(keep, first.started);
    return true;
}

static void add_sign(struct report_case *c, const struct report_case *then, struct arena *keep)
{
    c->history = arena_printf(keep, "%s%s", c->history ? c->history : "", then ? report_verdicts[then->verdict].sign : "·");
}

static int by_id(const void *a, const void *b)
{
    return strcmp((*(struct report_case *const *)a)->id, (*(struct report_case *const *)b)->id);
}

/* Goes through both runs' cases, each sorted by id. */
static void add_run(struct report_case **cases, size_t count, const struct report *then, struct arena *keep, struct arena *scratch)
{
    struct report_case **others = ARENA_ARRAY(scratch, then->case_count, struct report_case *);
    size_t n = 0, at = 0;

    for (struct report_case *c = then->cases; c; c = c->next)
        others[n++] = c;
    qsort(others, n, sizeof *others, by_id);
    for (size_t i = 0; i < count; i++) {
        while (at < n && strcmp(others[at]->id, cases[i]->id) < 0)
            at++;
        add_sign(cases[i], at < n && strcmp(others[at]->id, cases[i]->id) == 0 ? others[at] : NULL, keep);
    }
}

bool report_history(const char *directory, struct report *r, struct arena *keep, struct error *err)
{
    const char *const *names;
    size_t count, n = 0;
    SCRATCH(scratch);

    if (!file_list(directory, "", &scratch, &names, &count, err))
        return false;
    struct past *runs = ARENA_ARRAY(&scratch, count, struct past);
    for (size_t i = 0; i < count; i++) {
        runs[n].path = arena_printf(&scratch, "%s/%s/run.ndjson", directory, names[i]);
        bool own = r->log->path && file_is_same(r->log->path, runs[n].path);
        n += !own && begins_at(runs[n].path, &scratch, &runs[n].started);
    }
    qsort(runs, n, sizeof *runs, latest_first);
    n = n < HISTORY_RUNS ? n : HISTORY_RUNS;
    struct report_case **cases = ARENA_ARRAY(&scratch, r->case_count, struct report_case *);
    size_t at = 0;
    for (struct report_case *c = r->cases; c; c = c->next)
        cases[at++] = c;
    qsort(cases, at, sizeof *cases, by_id);
    for (size_t i = n; i-- > 0;) {
        SCRATCH(of_run);
        struct report then;
        struct error passed_over;
        if (!report_load_own(runs[i].path, &of_run, &then, &passed_over))
            continue;
        add_run(cases, at, &then, keep, &of_run);
        report_release(&then);
        r->history_runs++;
    }
    return true;
}
