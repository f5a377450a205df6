#ifndef VERDICT_VERDICT_H
#define VERDICT_VERDICT_H
/*
 * Verdicts: a case's findings folded into one word.
 */
#include "check/check.h"
#include "check/unguarded.h"

enum verdict {
    VERDICT_PASS,
    VERDICT_PASS_TIMED, // a silence in it could only be waited for
    VERDICT_AS_GENUINE, // a check failed as MFC of the peer's generation itself does
    VERDICT_DECLARED,   // a check failed, and the peer's manifest declares that
    VERDICT_WARN,       // a check below must failed: no failure of the run unless it is strict
    VERDICT_UNSTABLE,     // it failed, or was inconclusive, and by itself on a fresh peer it came out otherwise
    VERDICT_FAIL,
    VERDICT_INCONCLUSIVE, // a control failed, or the play was stopped
    VERDICT_ERROR,        // we failed
    VERDICT_UNSUPPORTED,  // the peer said that it has not what the case needs
    VERDICT_SKIPPED,      // the case does not apply here
    VERDICT_NOT_RUN,      // the run ended before
    VERDICT_COUNT
};

const char *verdict_name(enum verdict v);

/* Whether a run with such a result is not green. */
bool verdict_is_bad(enum verdict v);

/* The worse of two results of one case: what was not run hides a pass, what does not apply does not. */
enum verdict verdict_worse(enum verdict a, enum verdict b);

/* A failed control makes the case inconclusive; else the worst check counts. strict: should and may count as must. */
enum verdict verdict_fold(const struct findings *f, bool strict);

/* How the positions of a case went that stands for many conversations: a family, or a case that is cut at one place after the other. */
struct series_tally {
    const char *kind;             // "prefix", "cut-each"
    size_t positions, tried;      // tried is less where so many failed that the rest was left
    size_t outcomes[8];           // of a family: of those tried, by enum outcome
    size_t failed;
    bool sampled;                 // a selection of the positions
    const char *shown;            // the position whose conversation the result holds
    const struct cut *cut;        // that position; NULL: of a family
};

/* One case and delivery, finished: what the log keeps and reports show. Everything is borrowed. */
struct result {
    const struct vector *vector;
    const char *delivery;
    const char *profile;           // "10-unicode-64", or "" when it is not known
    const struct program *program; // NULL when it was not run
    const struct trace *trace;     // NULL when it was not run
    struct findings findings;
    enum verdict verdict;
    const char *reason;            // of UNSUPPORTED, SKIPPED, NOT_RUN: why; of others: more about it, or NULL
    const struct series_tally *series; // NULL: one conversation
    const struct unguarded *unguarded; // what a peer could do otherwise and pass; NULL: it was not looked for
    int64_t us;                    // that it took
    int64_t round_trip, step_limit; // of a first control: what it took, and what each step of a case may take from now on, in µs; else 0
    bool repeated;                 // it was played once more, alone
    enum verdict first;            // UNSTABLE: what came of this play …
    const struct result *second;   // … and the other one, whose findings, verdict, reason, us, program and trace count; else NULL
    const char *again;             // the command that repeats it
};

#endif
