/*
 * Which part of the cases a run plays, and how CI systems say so.
 */
#include "app/app.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/random.h"

#define SHARDS_MAX 1024

/* A CI system's variables. The number is first + 1 for the first job where it counts from `first`. */
static const struct system_row {
    const char *name, *index, *count;
    uint64_t first;
    const char *first_is; // variable that says where it counts from, or NULL
    const char *build;    // the same in all jobs of one build, and no other; or NULL
} systems[] = {
    { "ARCWIRE_SHARD", "ARCWIRE_SHARD",       "ARCWIRE_SHARDS",                  1, NULL,                   "GITHUB_RUN_ID"      },
    { "Bazel",      "TEST_SHARD_INDEX",       "TEST_TOTAL_SHARDS",               0, NULL,                   NULL                 },
    { "GitLab",     "CI_NODE_INDEX",          "CI_NODE_TOTAL",                   1, NULL,                   "CI_PIPELINE_ID"     },
    { "CircleCI",   "CIRCLE_NODE_INDEX",      "CIRCLE_NODE_TOTAL",               0, NULL,                   "CIRCLE_WORKFLOW_ID" },
    { "Buildkite",  "BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT",    0, NULL,                   "BUILDKITE_BUILD_ID" },
    { "Slurm",      "SLURM_ARRAY_TASK_ID",    "SLURM_ARRAY_TASK_COUNT",          0, "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_JOB_ID" },
    { "Kubernetes", "JOB_COMPLETION_INDEX",   "ARCWIRE_SHARDS",                  0, NULL,                   NULL                 },
};

static const char *variable(const char *name)
{
    const char *value = name ? getenv(name) : NULL;

    return value && *value ? value : NULL;
}

static bool set(uint64_t index, uint64_t count, const char *from, struct run_options *run, struct error *err)
{
    bool typed = strcmp(from, "--shard") == 0;

    if (count < 1 || count > SHARDS_MAX || index < 1 || index > count)
        return error_set(err, ERROR_USAGE, "--shard: %" PRIu64 " of %" PRIu64 "%s%s%s: expected 1 to %d shards, counted from 1", index, count,
                         typed ? "" : " (", typed ? "" : from, typed ? "" : ")", SHARDS_MAX);
    run->shard = (unsigned)index;
    run->shards = (unsigned)count;
    run->shard_from = from;
    return true;
}

/* Bazel counts a shard as played when this file is there. */
static bool touch(const char *path, struct error *err)
{
    FILE *f = path ? fopen(path, "w") : NULL;

    return !path || (f && fclose(f) == 0) || error_errno(err, "%s", path);
}

static bool by_system(const struct system_row *s, struct run_options *run, struct error *err)
{
    uint64_t index, count, first = s->first;

    if (!variable(s->count))
        return error_set(err, ERROR_USAGE, "--shard auto: %s is set, but %s is not", s->index, s->count);
    if (!number_parse(s->count, variable(s->count), 1, SHARDS_MAX, &count, err) ||
        (variable(s->first_is) && !number_parse(s->first_is, variable(s->first_is), 0, UINT64_MAX, &first, err)) ||
        !number_parse(s->index, variable(s->index), first, UINT64_MAX, &index, err))
        return false;
    return set(index - first + 1, count, s->name, run, err) && touch(variable("TEST_SHARD_STATUS_FILE"), err);
}

/* All shards draw the same values: from what the build is called and what is played. */
static bool same_seed(const struct options *o, const struct library *lib, const char *build, struct run_options *run, struct error *err)
{
    if (o->seed || run->shards == 1)
        return true;
    build = variable("ARCWIRE_BUILD") ? variable("ARCWIRE_BUILD") : build;
    if (!build)
        return error_set(err, ERROR_USAGE, "--shard %s: expected --seed N or the variable ARCWIRE_BUILD, the same in all shards", o->shard);
    struct random chance = random_for(strtoull(lib->digest, NULL, 16), build, 0);
    run->seed = random_u64(&chance) & 0xffffffffffff;
    return true;
}

bool shard_choose(const struct options *o, const struct library *lib, struct run_options *run, struct error *err)
{
    char *behind;

    if (!o->shard)
        return true;
    if (strcmp(o->shard, "auto") == 0) {
        for (size_t i = 0; i < COUNT_OF(systems); i++) {
            if (!variable(systems[i].index))
                continue;
            return by_system(&systems[i], run, err) && same_seed(o, lib, variable(systems[i].build), run, err);
        }
        return error_set(err, ERROR_USAGE, "--shard auto: no variable of a CI system is set; say --shard I/N");
    }
    uint64_t index = strtoull(o->shard, &behind, 10), count = *behind == '/' ? strtoull(behind + 1, &behind, 10) : 0;
    if (o->shard[0] < '0' || o->shard[0] > '9' || *behind)
        return error_set(err, ERROR_USAGE, "--shard: \"%s\": expected I/N, such as 2/3, or auto", o->shard);
    return set(index, count, "--shard", run, err) && same_seed(o, lib, NULL, run, err);
}
