/*
 * `arcwire merge`: the shards of a run as one run.
 */
#include "app/play.h"

#include <stdio.h>

#include "base/file.h"
#include "report/merge.h"
#include "run/deviations.h"

/* Whether what the manifest declares is there, by what all shards have seen. */
static void judge_deviations(const struct merge *m, struct text *to)
{
    SCRATCH(keep);
    struct manifest manifest = { 0 };
    struct deviations_seen seen = { 0 };

    if (!m->declared)
        return;
    manifest.deviations = ARENA_ARRAY(&keep, m->declared_count, struct deviation);
    manifest.deviation_count = m->declared_count;
    for (size_t i = 0; i < m->declared_count; i++) {
        manifest.deviations[i] = (struct deviation){ .clause = m->declared[i].clause, .reason = m->declared[i].reason };
        seen.tested |= (uint64_t)m->declared[i].tested << i;
        seen.shown |= (uint64_t)m->declared[i].shown << i;
    }
    struct result r = deviations_result(&manifest, &seen, &keep);
    r.profile = m->profile;
    r.again = m->again;
    log_describe(&r, to);
}

int command_merge(const struct options *o)
{
    SCRATCH(keep);
    struct merge merge = { 0 };
    struct error err;
    TEXT(extra);

    if (o->word_count < 2) {
        fputs("arcwire merge: expected OUT and the runs to merge; see arcwire merge --help\n", stderr);
        return EXIT_USAGE;
    }
    const char *out = o->words[0], *paths[PATTERNS];
    for (size_t i = 1; i < o->word_count; i++)
        paths[i - 1] = file_is_directory(o->words[i]) ? arena_printf(&keep, "%s/run.ndjson", o->words[i]) : o->words[i];
    struct played_log log = { out, arena_printf(&keep, "%s/run.ndjson", out) };
    bool good = merge_read(&merge, paths, o->word_count - 1, &err);
    if (good)
        judge_deviations(&merge, &extra);
    good = good && file_make_directory(out, &err) && merge_write(&merge, log.path, buffer_bytes(&extra.b), exit_worse, &err);
    int status = merge.exit;
    merge_free(&merge);
    return good ? play_conclude(o, &log, &keep, status) : fail(&err);
}
