/*
 * What many processors and many cases make of a run.
 */
#include "bench/rows.h"

#include <sys/stat.h>

#include "base/clock.h"
#include "bench/invent.h"
#include "bench/ours.h"
#include "bench/processor.h"
#include "bench/program.h"
#include "run/run.h"

#define ROUNDS 3 // at most: a round takes a second

bool measure_workers(struct bench *b, struct measured *out, struct error *err)
{
    const struct talked *t;

    if (processors() < 2) {
        measured_remark(out, "one processor only");
        return true;
    }
    if (!ours_talked(b, err))
        return false;
    t = b->talked;
    struct run_options count = { .service = "conformance", .delivery_count = 1 };
    out->n = run_count(ours_suite(b), &count);
    out->of = "cases";
    for (unsigned round = 0; round < b->rounds && round < ROUNDS && !*b->stop; round++) {
        struct ours o = { .lib = ours_suite(b), .peer = &b->reference, .workers = 1 };
        struct ours_took one, two;
        struct raw_took pair, pairs;
        if (!ours_play(b, &o, &one, err))
            return false;
        o.workers = 2;
        if (!ours_play(b, &o, &two, err) || !raw_play_at_once(&t->plan, t->prologue, 1, b->stop, &pair, err) ||
            !raw_play_at_once(&t->plan, t->prologue, 2, b->stop, &pairs, err))
            return false;
        if (*b->stop)
            return true;
        series_add(&out->value, (double)one.all / (double)two.all);
        measured_more(out, "one", "ms", (double)one.all / 1e3);
        measured_more(out, "two", "ms", (double)two.all / 1e3);
        measured_more(out, "two raw pairs beside one", "×", 2.0 * (double)pair.us / (double)pairs.us);
    }
    return true;
}

static double size_of(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 ? (double)st.st_size : 0;
}

bool measure_memory(struct bench *b, struct measured *out, struct error *err)
{
    SCRATCH(keep);
    const char *directory;
    struct program_used used;
    pid_t pid;

    out->n = b->sizes.invented;
    out->of = "cases";
    if (!invent_many(b, "memory", false, b->sizes.invented, &keep, &directory, err))
        return false;
    const char *to = arena_printf(&keep, "%s/memory-run", b->directory);
    // Beside what is shipped, which a user's run holds, too.
    const char *words[] = { "run", "bench-*", "--peer", "reference", "--service", "conformance", "--vectors", directory,
                            "--delivery", "plain", "--seed", "1", "-j", "1", "--quiet", "--out", to, NULL };
    int64_t began = clock_us();
    if (!program_start(b, words, &pid, err) || !program_wait(b, pid, true, &used, err))
        return false;
    if (*b->stop)
        return true;
    series_add(&out->value, used.peak / 1e6);
    measured_more(out, "it took", "s", (double)(clock_us() - began) / 1e6);
    measured_more(out, "of it processor time", "s", used.us / 1e6);
    measured_more(out, "log", "MB", size_of(arena_printf(&keep, "%s/run.ndjson", to)) / 1e6);
    measured_more(out, "page", "MB", size_of(arena_printf(&keep, "%s/report.html", to)) / 1e6);
    return true;
}
