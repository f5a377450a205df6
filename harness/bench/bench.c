#include "bench/bench.h"

#include <assert.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/ours.h"
#include "bench/rows.h"

const struct bench_sizes bench_sizes = { .cases = 3000, .trips = 2000, .silences = 500, .invented = 10000, .timeout = 1000000 };

// clang-format off
const struct bench_row bench_table[] = {
    /* name          what it measures                                                                  unit  goal                    */
    { "exchange",   "a case on a connection of its own, checks and log, beside the same bytes raw",     "×",  { GOAL_AT_MOST,  2.0 }, measure_exchange },
    { "harness",    "the same, where both sides have their answers from the same plain process",        "×",  { GOAL_NONE,     0   }, measure_harness },
    { "round-trip", "a round trip on a kept connection, beside a raw one",                              "×",  { GOAL_NONE,     0   }, measure_round_trip },
    { "silence",    "a silence proven, beside a raw round trip",                                        "×",  { GOAL_AT_MOST,  5.0 }, measure_silence },
    { "proxy",      "a round trip through arcwire proxy, which keeps what is said, beside a raw one",   "×",  { GOAL_AT_MOST,  2.0 }, measure_proxy },
    { "proxy-one",  "the same where both ends and the proxy share one processor",                      "×",  { GOAL_NONE,     0   }, measure_proxy_one },
    { "workers",    "throughput of two workers, beside that of one on its processor",                   "×",  { GOAL_AT_LEAST, 1.7 }, measure_workers },
    { "start",      "from the start of the program to its first connection",                            "ms", { GOAL_AT_MOST,  5   }, measure_start },
    { "lint",       "arcwire lint, from start to end, of 10,000 cases",                                 "s",  { GOAL_AT_MOST,  0.5 }, measure_lint },
    { "reports",    "all reports of a run, beside the run itself",                                      "%",  { GOAL_AT_MOST,  10  }, measure_reports },
    { "page",       "the page, for each case",                                                          "KB", { GOAL_AT_MOST,  2   }, measure_page },
    { "memory",     "peak memory of arcwire run, reports included, of 10,000 cases beside those shipped", "MB", { GOAL_AT_MOST,  200 }, measure_memory },
    { "mute",       "a suite on a peer that says nothing any more, less three time-outs, beside a healthy one", "×", { GOAL_AT_MOST, 3 }, measure_mute },
    { "closing",    "the same on a peer that closes",                                                   "×",  { GOAL_AT_MOST,  3   }, measure_closing },
    { "stuck",      "the same on a peer that neither reads nor closes",                                 "×",  { GOAL_AT_MOST,  3   }, measure_stuck },
    { "dripping",   "the same on a peer that says a byte now and then",                                 "×",  { GOAL_AT_MOST,  3   }, measure_dripping },
    { "babbling",   "the same on a peer that speaks without end",                                       "×",  { GOAL_AT_MOST,  3   }, measure_babbling },
};
// clang-format on
const size_t bench_count = COUNT_OF(bench_table);

void measured_more(struct measured *m, const char *name, const char *unit, double value)
{
    size_t i = 0;

    while (i < m->more_count && strcmp(m->more[i].name, name) != 0)
        i++;
    if (i == m->more_count) {
        assert(i < BENCH_MORE);
        m->more[m->more_count].name = name;
        m->more[m->more_count++].unit = unit;
    }
    series_add(&m->more[i].s, value);
}

void measured_remark(struct measured *m, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vsnprintf(m->remark, sizeof m->remark, fmt, args);
    va_end(args);
}

bool bench_begin(struct bench *b, struct error *err)
{
    const char *base = getenv("TMPDIR"), *vectors;
    char *path = arena_printf(&b->keep, "%s/arcwire-bench-XXXXXX", base && *base ? base : "/tmp");
    struct launch launch = { .manifest = &b->reference, .build = b->build };
    const char *missing;

    assert(b->rounds >= 1 && b->rounds <= SERIES_MAX);
    if (getloadavg(&b->load, 1) < 1)
        b->load = 0;
    if (!mkdtemp(path))
        return error_errno(err, "%s", path);
    b->directory = path;
    vectors = arena_printf(&b->keep, "%s/vectors", b->data);
    if (!manifest_read(arena_printf(&b->keep, "%s/peers/reference/peer.json", b->data), &b->keep, &b->reference, err))
        return false;
    if (!peer_installed(&launch, &b->keep, &missing))
        return error_set(err, ERROR_PEER, "%s is not there: make all builds it", missing);
    return library_load(&b->lib, &vectors, 1, err);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
    (void)st, (void)kind, (void)where;
    remove(path);
    return 0;
}

void bench_end(struct bench *b)
{
    if (b->directory)
        nftw(b->directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    library_free(&b->lib);
    arena_free(&b->keep);
}

bool bench_measure(struct bench *b, const struct bench_row *row, struct measured *out, struct error *err)
{
    *out = (struct measured){ 0 };
    return row->measure(b, out, err) || error_within(err, "%s", row->name);
}

bool bench_missed(const struct bench_row *row, const struct measured *m, double *by)
{
    *by = m->value.count ? goal_missed(row->goal, series_median(&m->value)) : 0;
    return *by > 0;
}
