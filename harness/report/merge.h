#ifndef REPORT_MERGE_H
#define REPORT_MERGE_H
/*
 * Several shards' logs as one, as if one run had played it all.
 *
 * Every line of the shards is in it as it was, in the order of the whole run, so that their chains still hold; a record
 * `run` goes before them and a record `end` behind. What is missing, there twice, or of another run, vectors or peer is
 * refused.
 */
#include "report/log.h"
#include "report/model.h"

struct merge_line;

struct merge_shard {
    const char *path;
    struct report_log log;
    const struct json *run, *end; // the records
    size_t results;               // of cases, without what goes before them
};

/* A mistake that explains failures of a shard. */
struct merge_suspect {
    const char *service;
    size_t place; // of the first of them
    size_t order; // in which its log has it
    struct accused is;
};

/* A case that has passed. */
struct merge_passed {
    const char *id, *profile;
    uint64_t place;
};

struct merge {
    struct arena keep;
    struct merge_shard *shards; // by their number
    size_t count;
    struct merge_line *lines;   // of all
    size_t line_count, room;
    uint64_t places;
    struct log_deviation *declared; // what the manifest declares, seen by any; NULL: not all looked
    size_t declared_count;
    struct merge_suspect *suspects; // by place
    size_t suspect_count, suspect_room;
    struct merge_passed *passed;    // by place
    size_t passed_count, passed_room;
    bool rules_out;              // set by who merges: extra tells what the cases of all shards rule out
    const char *profile, *again; // of the peer, as it stands in records, and the command that repeats the whole
    int exit;                    // once it is written
};

/* Reads the logs, in whatever order, and looks whether they fit. ERROR_INPUT. merge_free all the same. */
bool merge_read(struct merge *m, const char *const *paths, size_t count, struct error *err);

/* What the record `run` of all shards says, such as the seed, or NULL. Lives in m->keep. */
const char *merge_says(struct merge *m, const char *of, const char *key);

/*
 * Writes the log that they make. extra: records that only the whole has, or nothing. worse: of two exit
 * statuses the one that counts. ERROR_SYSTEM.
 */
bool merge_write(struct merge *m, const char *path, struct bytes extra, int (*worse)(int, int), struct error *err);

void merge_free(struct merge *m);

#endif
