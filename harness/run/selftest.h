#ifndef RUN_SELFTEST_H
#define RUN_SELFTEST_H
/*
 * Whether verdicts mean something: what became of a flawed peer is held against its row in the table of flaws, and what all of them
 * tripped against what there is to trip. Nothing is played here.
 */
#include "peer/flaws.h"
#include "verdict/verdict.h"

/* A check that failed in a run. Strings are borrowed. */
struct selftest_failure {
    const char *suite, *id, *check;
    const char *kind;            // "receive", "silent": check_kind
    const char *const *clauses;  // ended by NULL
    const char *cause;           // or NULL
};

/* What became of a run. */
struct selftest_outcome {
    int status;                   // its exit status
    size_t totals[VERDICT_COUNT]; // cases, without what goes before them: selftest_goes_before
    const struct selftest_failure *failures;
    size_t count;
    const char *headline;         // the cause behind most cases, or NULL
    const char *missing;          // it was not played: what is not installed; else NULL
    const char *wrong;            // it could not be played: why; else NULL
    int64_t us;
};

enum selftest_verdict {
    SELFTEST_KILLED,       // the check that the row names failed, and the run's most frequent cause is the row's
    SELFTEST_MISDIAGNOSED, // the check failed, and the run's most frequent cause is another
    SELFTEST_MISSED,       // it got by: that check did not fail, or not where it must
    SELFTEST_RIGHT,        // an odd peer, and nothing failed
    SELFTEST_FALSE_ALARM,  // an odd peer, or one without a flaw, and something did
    SELFTEST_SKIPPED,      // what it needs is not installed
    SELFTEST_VERDICTS
};

const char *selftest_verdict_name(enum selftest_verdict v);

struct selftest_judgement {
    enum selftest_verdict verdict;
    const char *why;     // of MISSED, MISDIAGNOSED, FALSE_ALARM, SKIPPED; lives in keep
    size_t caught;       // failures of the check that the row names
    const char *check;   // the first of these, or the first failure at all; NULL: there is none
};

/* Whether that is no case of a suite but an exchange that goes before them, such as the first control. */
bool selftest_goes_before(const char *id);

struct selftest_judgement selftest_judge(const struct flaw *row, const struct selftest_outcome *o, struct arena *keep);

/* A check of a case without which a row is missed. */
struct selftest_guard {
    const char *id, *check;
};

/* Those of a killed or misdiagnosed row, by its outcome: as if each check in turn were not there. Returns how many. */
size_t selftest_only_guards(const struct flaw *row, const struct selftest_outcome *o, struct arena *keep,
                            const struct selftest_guard **out);

/* The kinds of checks and the clauses that they cite, and which of these pairs a flaw has tripped. */
struct selftest_pair {
    const char *kind, *clause;
    const char *id;      // a case that has it
    const char *id_more; // … and another, or NULL
    const char *by;      // the first row that tripped it, or NULL
    size_t rows;         // that did
    const char *reason;  // why none does, or NULL
};

/* A clause, and the flaws that a check has caught which cites it. */
struct selftest_guarded {
    const char *clause;
    const char **rows;
    size_t count, room;
};

struct selftest_pairs {
    struct arena *keep;
    struct selftest_pair *items;
    size_t count, room;
    struct selftest_guarded *guarded;
    size_t guarded_count, guarded_room;
};

/* There is a check of that kind in a case; what is copied lives in pairs->keep. */
void selftest_pair_add(struct selftest_pairs *all, const char *kind, const char *const *clauses, const char *id);

/* A row's failures trip pairs; a row counts once for each. */
void selftest_trip(struct selftest_pairs *all, const char *row, const struct selftest_outcome *o);

/* The failures of checks that the row names guard the clauses that they cite, but for what goes before all cases. name: of the row. */
void selftest_guard(struct selftest_pairs *all, const char *name, const struct flaw *row, const struct selftest_outcome *o);

/* The flaws that guard each clause, as vectors/guards.json has them, in an order of its own. */
void selftest_guards_write(struct selftest_pairs *all, struct text *to);

/*
 * Whether such a file says what is: each flaw in it is one of these rows, a clause that has several in it is guarded by one or has a reason
 * why nothing trips it, and what several flaws guard is in it. What one flaw trips now and then makes no difference. ERROR_INPUT.
 */
bool selftest_guards_judge(const struct selftest_pairs *all, const struct json *file, const char *const *rows, size_t count, struct error *err);

/*
 * Why some pairs are tripped by no flaw: {"format": 1, "untripped": [{"kind", "clause", "reason"}]}, kind and clause with * and ?.
 * complete: every flaw was played, so that a reason whose pairs are all tripped is one too many. ERROR_INPUT.
 */
bool selftest_reasons(struct selftest_pairs *all, const struct json *file, bool complete, struct error *err);

#endif
