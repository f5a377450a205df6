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

struct merge {
    struct arena keep;
    struct merge_shard *shards; // by their number
    size_t count;
    struct merge_line *lines;   // of all
    size_t line_count, room;
    uint64_t places;
    struct log_deviation *declared; // what the manifest declares, seen by any; NULL: not all looked
    size_t declared_count;
    const char *profile, *again; // of the peer, as it stands in records, and the command that repeats the whole
    int exit;                    // once it is written
};

/* Reads the logs, in whatever order, and looks whether they fit. ERROR_INPUT. merge_free all the same. */
bool merge_read(struct merge *m, const char *const *paths, size_t count, struct error *err);

/*
 * Writes the log that they make. extra: the record of a result that only the whole has, or nothing. worse: of two exit
 * statuses the one that counts. ERROR_SYSTEM.
 */
bool merge_write(struct merge *m, const char *path, struct bytes extra, int (*worse)(int, int), struct error *err);

void merge_free(struct merge *m);

#endif
