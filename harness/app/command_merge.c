/*
 * `arcwire merge`: the shards of a run as one run.
 */
#include "app/play.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "report/merge.h"
#include "check/mistake.h"
#include "run/deviations.h"
#include "run/rule_out.h"

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

/* ---- what the cases of all shards rule out ---- */

static bool put_ruled_out(void *of, const char *cause, const char *summary, const char *by, struct error *err)
{
    (void)err;
    log_describe_ruled_out(cause, summary, by, of);
    return true;
}

/* Why the suspects of these shards cannot be looked at here, or NULL. */
static const char *unfit(struct merge *m, const struct library *lib)
{
    const char *version = merge_says(m, NULL, "arcwire"), *digest = merge_says(m, "vectors", "digest");

    if (!version || strcmp(version, VERSION) != 0)
        return "another arcwire played them";
    if (!digest || strcmp(digest, lib->digest) != 0)
        return "they were played with other vectors: --vectors names those";
    for (size_t i = 0; i < m->suspect_count; i++) {
        const struct accused *a = &m->suspects[i].is;
        if (a->mistake >= mistake_count || strcmp(mistake_table[a->mistake].key, a->cause) != 0)
            return "another arcwire played them";
    }
    return NULL;
}

static bool profile_named(const char *name, struct profile *out)
{
    for (size_t i = 0; i < profile_count; i++) {
        TEXT(text);
        profile_print(&text, &profile_all[i]);
        if (strcmp(text_string(&text), name) != 0)
            continue;
        *out = profile_all[i];
        return true;
    }
    return false;
}

static int by_id(const void *a, const void *b)
{
    return strcmp((*(const struct vector *const *)a)->id, (*(const struct vector *const *)b)->id);
}

/* The cases of a service, by id. */
static const struct vector **cases_of(const struct library *lib, const char *service, struct arena *keep, size_t *count)
{
    size_t all = 0;

    for (size_t i = 0; i < lib->suite_count; i++)
        all += lib->suites[i].count;
    const struct vector **cases = ARENA_ARRAY(keep, all + 1, const struct vector *);
    *count = 0;
    for (size_t i = 0; i < lib->suite_count; i++)
        for (size_t k = 0; k < lib->suites[i].count; k++)
            if (strcmp(lib->suites[i].service->name, service) == 0)
                cases[(*count)++] = &lib->suites[i].vectors[k];
    qsort(cases, *count, sizeof *cases, by_id);
    return cases;
}

/* As the end of a service's cases in a run of all. */
static bool rule_out_service(struct merge *m, const struct library *lib, const char *service, const struct sink *sink, struct error *err)
{
    SCRATCH(keep);
    struct suspicions s = { .keep = &keep };
    struct profile profile = profile_default;
    const char *seed = merge_says(m, NULL, "seed"), *play = merge_says(m, "peer", "play");
    struct run_options o = { .seed = strtoull(seed ? seed : "0", NULL, 16), .play = play && strcmp(play, "server") == 0 ? PARTY_SERVER : PARTY_CLIENT };
    size_t count;
    const struct vector **cases = cases_of(lib, service, &keep, &count);

    for (size_t i = 0; i < m->suspect_count; i++)
        if (strcmp(m->suspects[i].service, service) == 0)
            suspicions_add(&s, &(struct suspicion){ m->suspects[i].is, m->suspects[i].place });
    for (size_t i = 0; i < m->passed_count; i++) {
        struct vector named = { .id = m->passed[i].id };
        const struct vector *key = &named, **found = bsearch(&key, cases, count, sizeof *cases, by_id);
        if (!found)
            continue;
        if (!profile_named(m->passed[i].profile, &profile))
            return error_set(err, ERROR_INPUT, "case %.60s: \"%.40s\" is no profile", key->id, m->passed[i].profile);
        suspicions_passed(&s, *found);
    }
    return suspicions_end(&s, &o, &profile, sink, err);
}

/* A mistake of one shard would have shown in a case that passed in another. */
static bool rule_out(const struct options *o, struct merge *m, struct text *to, struct error *err)
{
    struct library lib = { 0 };
    const struct sink sink = { .of = to, .ruled_out = put_ruled_out };
    const char *why;

    m->rules_out = true;
    if (m->suspect_count == 0)
        return true;
    bool good = library_open(o, &lib, err);
    if (good && (why = unfit(m, &lib))) {
        m->rules_out = false;
        printf("causes are ruled out only by cases of the same shard: %s\n", why);
    }
    for (size_t i = 0; good && m->rules_out && i < m->suspect_count; i++) {
        bool done = false;
        for (size_t k = 0; k < i; k++)
            done |= strcmp(m->suspects[k].service, m->suspects[i].service) == 0;
        good = done || rule_out_service(m, &lib, m->suspects[i].service, &sink, err);
    }
    library_free(&lib);
    return good;
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
    good = good && rule_out(o, &merge, &extra, &err);
    good = good && file_make_directory(out, &err) && merge_write(&merge, log.path, buffer_bytes(&extra.b), exit_worse, &err);
    int status = merge.exit;
    merge_free(&merge);
    return good ? play_conclude(o, &log, &keep, status) : fail(&err);
}
