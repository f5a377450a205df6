#ifndef REPORT_LOG_H
#define REPORT_LOG_H
/*
 * Writing run.ndjson: one record a line, each on disk before the next case begins. reports/README.md is the format.
 */
#include "trace/trace.h"
#include "vector/coverage.h"
#include "verdict/baseline.h"
#include "verdict/verdict.h"

struct log {
    int fd;
    const char *path; // borrowed
    struct text line;
};

/* What is known when a run begins. Borrowed. */
struct log_run {
    const char *version, *vectors_digest, *command, *delivery_names; // names joined by commas
    const char *peer_name, *peer_title, *how;                        // how: the words that choose it
    bool peer_dials;
    uint64_t seed;
    int64_t started; // seconds since 1970 UTC
    size_t selected;
    int64_t worst;   // µs that it takes at most when nothing answers; 0: there is no bound
};

/* All fail with ERROR_SYSTEM: the disk is full, the directory is not writable. */
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
bool log_record(struct log *l, struct bytes record, struct error *err);
/* incomplete: why the run stopped early, or NULL. cases and results: by verdict. */
bool log_end(struct log *l, const size_t cases[VERDICT_COUNT], const size_t results[VERDICT_COUNT], int exit_status,
             int64_t us, const struct spent *spent, const char *incomplete, struct error *err);
void log_close(struct log *l);

#endif
