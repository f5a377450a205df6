#ifndef BENCH_OURS_H
#define BENCH_OURS_H
/*
 * Our side of a ratio: a run as `arcwire run` has it, with all checks and its log, and what it took.
 */
#include "bench/bench.h"
#include "bench/raw.h"
#include "run/run.h"

#define OURS_SEED 0x5eed // the same bytes in every round and in every run

struct ours {
    const struct library *lib;
    const struct manifest *peer; // started for it; NULL: it listens at `at`
    struct address at;
    unsigned workers;            // as in run_options
    int64_t limit;               // µs for one answer; 0: as usual
    int64_t budget;              // µs after which it is stopped; 0: it may take its time
    bool any_verdict;            // else a result that is bad is an error: what is measured must be right
    void (*seen)(void *of, const struct result *r); // every result, or NULL; with one worker
    void *of;
    double *each;                // µs of each case, from record to record, or NULL; room for all
    const char *log;             // its path; NULL: one that is removed
};

struct ours_took {
    int64_t all;               // µs: all of it
    int64_t cases;             // µs: from the end of the prologue to the last record; the rest for these, too
    double self, peers;        // µs of processor time: ours, and of the processes we started; with one worker
    size_t results;            // played, the prologue's among them
    bool cut_short;            // by the budget
    struct run_totals totals;
};

/* Plays. ERROR_SYSTEM, or whatever a run fails with. */
bool ours_play(const struct bench *b, const struct ours *o, struct ours_took *out, struct error *err);

/*
 * Conversations that two plain processes can have, too: single ones, not families, on one connection each, with no RST in
 * them. The plan has their talks behind those of the prologue.
 */
struct talked {
    struct library lib; // its suites hold just these; all else is borrowed from the library they come from
    struct raw_plan plan;
    size_t prologue;    // talks that come before the first case
    size_t cases, trips, bytes; // without the prologue
    const struct vector **vectors; // of the cases
};

/* Plays what a library has for the conformance service on the reference, at most `max` cases, and keeps what was said.
 * silences: also where one was proven, which costs us and not the raw side. Lives in keep. */
bool ours_talk(const struct bench *b, const struct library *from, size_t max, bool silences, struct arena *keep,
               struct talked *out, struct error *err);

/* The n-th of so many parts of it, about as many cases each, behind the same prologue. Lives in keep. */
void talked_part(const struct talked *t, size_t n, size_t parts, struct arena *keep, struct talked *out);

/* The whole suite, as a user has it; a test has less time, and takes what was talked. */
const struct library *ours_suite(struct bench *b);

/* That of the shipped vectors, made once. */
bool ours_talked(struct bench *b, struct error *err);

#endif
