#ifndef REPORT_LOG_H
#define REPORT_LOG_H
/*
 * Writing run.ndjson: one record a line, each on disk before the next case begins. reports/README.md is the format.
 */
#include "report/chain.h"
#include "trace/trace.h"
#include "vector/coverage.h"
#include "verdict/baseline.h"
#include "verdict/verdict.h"

struct log {
    int fd;
    const char *path; // borrowed
    uint64_t end;      // offset behind the last whole record
    size_t place;     // of the last result
    unsigned shard;   // 0: none
    struct chain chain;
    struct text line;
};

/* A value that the run goes by, and who says so. */
struct log_setting {
    const char *name, *value, *from; // "delivery", "plain", "arcwire.json:3"
};

/* A file of the peer: its program, or what its command line names. */
struct log_file {
    const char *path;
    char sha256[65];
};

/* What is known when a run begins. Borrowed; lists that are NULL are left out. */
struct log_run {
    const char *version, *vectors_digest, *clauses_digest, *command, *delivery_names; // names joined by commas
    const char *const *argv;                   // as it was typed, ended by NULL
    const struct log_setting *settings;
    size_t setting_count;
    const char *const *labels;                 // KEY=VALUE, ended by NULL
    const char *subject;                       // what is tested, in the user's words, or NULL
    const char *peer_name, *peer_title, *how;  // how: the words that choose it
    const struct log_file *files;
    size_t file_count;
    bool peer_dials, serves;                   // serves: we play the server
    uint64_t seed;
    int64_t started; // seconds since 1970 UTC
    size_t selected, places;
    unsigned shard, shards;                    // 0, 0: the run is whole
    const char *shard_from;                    // who says that
    int64_t worst;   // µs that it takes at most when nothing answers; 0: there is no bound
};

/* A deviation that the peer's manifest declares, and what the run has seen of it. */
struct log_deviation {
    const char *clause, *reason;
    bool tested, shown;
};

/* How it ended. cases and results: by verdict. */
struct log_outcome {
    const size_t *cases, *results;
    int exit_status;
    int64_t us, ended; // ended: seconds since 1970 UTC
    const struct spent *spent;
    const char *incomplete; // why the run stopped early, or NULL
};

/*
 * All fail with ERROR_SYSTEM: the disk is full, the directory is not writable. A record that could not be written whole
 * is taken back, so that what stands there can be read.
 *
 * log_open takes the place of a log that is there already, unless another run is writing it.
 */
bool log_open(struct log *l, const char *path, struct error *err);
bool log_begin(struct log *l, const struct log_run *run, struct error *err);
/* What is known of the peer, and where that stands. selection: the words that selected the cases, "" for all, or NULL where none stand
 * for themselves; known: NULL where there is no such file. */
bool log_baseline(struct log *l, const char *file, const char *today, const char *selection, const struct baseline *known, struct error *err);
/* The register of clauses, so that views can say what a clause asks for without it. */
bool log_clauses(struct log *l, const struct coverage *register_of, struct error *err);
/* types: names joined by commas, or NULL when the service does not tell. */
bool log_profile(struct log *l, const char *service, const struct profile *p, const char *from, const char *types,
                 struct error *err);
/* A result's records, the case and its conversation, each with its newline, as log_record takes them. Needs no log. */
void log_describe(const struct result *r, struct text *to);
/* place: of the result in the run, over all shards. */
bool log_record(struct log *l, size_t place, struct bytes record, struct error *err);
/* A cause that explains failures, and would have shown in the case `by`, which passed. */
bool log_ruled_out(struct log *l, const char *cause, const char *summary, const char *by, struct error *err);
/* The same, as it is put, without what goes with its place: for whoever merges shards. Needs no log. */
void log_describe_ruled_out(const char *cause, const char *summary, const char *by, struct text *to);
/* A cause that explains failures of this shard, the first of them at a place: for whoever merges shards. */
bool log_suspect(struct log *l, const char *service, size_t place, const struct accused *who, struct error *err);
/* What the peer's manifest declares, and what this run has seen of it: for whoever merges shards. */
bool log_deviations(struct log *l, const struct log_deviation *declared, size_t count, struct error *err);
bool log_end(struct log *l, const struct log_outcome *o, struct error *err);
void log_close(struct log *l);

#endif
