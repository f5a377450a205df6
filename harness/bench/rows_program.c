/*
 * What stands around a run: the start, lint, reports.
 */
#include "bench/rows.h"

#include <poll.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/file.h"
#include "bench/invent.h"
#include "bench/ours.h"
#include "bench/program.h"
#include "report/report.h"

#define START_LIMIT_MS 10000
#define ROUNDS         3 // at most, of what takes about a second

/* From the start of the program to the connection that its first control makes. */
static bool start_once(struct bench *b, int listener, const char *const *words, int64_t *us, struct program_used *used,
                       struct error *err)
{
    struct pollfd one = { listener, POLLIN, 0 };
    pid_t pid;
    int64_t began = clock_us();

    if (!program_start(b, words, &pid, err))
        return false;
    int ready = poll(&one, 1, START_LIMIT_MS);
    *us = clock_us() - began;
    program_end(pid, used);
    int came = net_accept(listener); // its connection, or it would be the next one's
    fd_close(&came);
    return ready > 0 || *b->stop || error_set(err, ERROR_SYSTEM, "the program did not connect in %d ms", START_LIMIT_MS);
}

bool measure_start(struct bench *b, struct measured *out, struct error *err)
{
    SCRATCH(keep);
    AUTO_CLOSE int listener = -1;
    struct address at = address_loopback(0);
    char text[80];

    if (!net_bind(&at, &listener, err) || !net_listen(listener, err))
        return false;
    address_print(&at, text, sizeof text);
    out->n = 1;
    out->of = "starts";
    const char *words[] = { "run", "--connect", text, "--quiet", "--out", arena_printf(&keep, "%s/start", b->directory), NULL };
    for (unsigned round = 0; round < b->rounds && !*b->stop; round++) {
        struct program_used used;
        int64_t us;
        if (!start_once(b, listener, words, &us, &used, err))
            return false;
        if (*b->stop)
            return true;
        series_add(&out->value, (double)us / 1e3);
        measured_more(out, "processor time", "ms", used.us / 1e3);
    }
    return true;
}

bool measure_lint(struct bench *b, struct measured *out, struct error *err)
{
    SCRATCH(keep);
    const char *directory;

    out->n = b->sizes.invented;
    out->of = "cases";
    if (!invent_many(b, "lint", true, b->sizes.invented, &keep, &directory, err))
        return false;
    const char *words[] = { "lint", "--only-vectors", "--vectors", directory, NULL };
    for (unsigned round = 0; round < b->rounds && round < ROUNDS && !*b->stop; round++) {
        struct program_used used;
        pid_t pid;
        int64_t began = clock_us();
        if (!program_start(b, words, &pid, err) || !program_wait(b, pid, false, &used, err))
            return false;
        if (*b->stop)
            return true;
        series_add(&out->value, (double)(clock_us() - began) / 1e6);
        measured_more(out, "processor time", "s", used.us / 1e6);
    }
    return true;
}

/* A run with its log, and then its reports: *us is what these took, in *directory they are. */
static bool reported(struct bench *b, struct arena *keep, struct ours_took *took, int64_t *us, const char **directory, struct error *err)
{
    SCRATCH(scratch);
    struct report report;

    *directory = arena_printf(keep, "%s/reports", b->directory);
    const char *log = arena_printf(keep, "%s/run.ndjson", *directory);
    struct ours o = { .lib = &b->talked->lib, .peer = &b->reference, .workers = 1, .log = log };
    if (!file_make_directory(*directory, err) || !ours_play(b, &o, took, err))
        return false;
    if (*b->stop)
        return true;
    int64_t began = clock_us();
    if (!report_load_own(log, &scratch, &report, err))
        return false;
    bool written = report_write(&report, *directory, err);
    report_release(&report);
    *us = clock_us() - began;
    return written;
}

bool measure_reports(struct bench *b, struct measured *out, struct error *err)
{
    SCRATCH(keep);

    if (!ours_talked(b, err))
        return false;
    out->n = b->talked->cases;
    out->of = "cases";
    for (unsigned round = 0; round < b->rounds && round < ROUNDS && !*b->stop; round++) {
        struct ours_took took;
        const char *directory;
        int64_t us;
        if (!reported(b, &keep, &took, &us, &directory, err))
            return false;
        if (*b->stop)
            return true;
        series_add(&out->value, 100.0 * (double)us / (double)took.all);
        measured_more(out, "reports", "ms", (double)us / 1e3);
        measured_more(out, "run", "ms", (double)took.all / 1e3);
    }
    return true;
}

bool measure_page(struct bench *b, struct measured *out, struct error *err)
{
    SCRATCH(keep);
    struct ours_took took;
    const char *directory;
    struct stat st;
    int64_t us;

    if (!ours_talked(b, err))
        return false;
    out->n = b->talked->cases;
    out->of = "cases";
    if (*b->stop)
        return true;
    if (!reported(b, &keep, &took, &us, &directory, err))
        return false;
    const char *page = arena_printf(&keep, "%s/report.html", directory);
    if (*b->stop)
        return true;
    if (stat(page, &st) < 0)
        return error_errno(err, "%s", page);
    series_add(&out->value, (double)st.st_size / 1e3 / (double)took.results);
    return true;
}
