#ifndef REPORT_SELFTEST_H
#define REPORT_SELFTEST_H
/*
 * The views of a selftest: flaw × caught by × cause named, what no flaw trips, and what is the only guard of a flaw.
 */
#include "base/text.h"

struct selftest_only {
    const char *id, *check;
    bool confirmed; // with that check out of the suite the flaw got by
};

struct selftest_row {
    const char *name, *kind, *sentence; // "flawed:keeps-rest", "flaw"
    const char *verdict;   // "killed"
    bool bad;              // … and the selftest is not green
    bool held_out;         // what names causes was made without it
    const char *why;       // or NULL
    const char *check;     // that caught it, or NULL
    size_t caught;         // how often
    const char *headline;  // the cause that the run names, or NULL
    const char *due;       // causes that are right
    const char *directory; // of its run, beside the view; NULL: it was not played
    const char *command;   // that plays it again
    int64_t us;
    const struct selftest_only *guards;
    size_t guard_count;
};

struct selftest_untripped {
    const char *kind, *clause, *id; // a case that has such a check
    const char *reason;             // or NULL
};

struct selftest_view {
    const char *started, *command, *seed;
    int64_t us;
    const struct selftest_row *rows;
    size_t row_count;
    size_t killed, missed, misdiagnosed, right, false_alarms, skipped;
    size_t held_out, held_out_right;    // rows that were made for measuring and played; held_out_right: killed, so that their cause was named
    const struct selftest_untripped *untripped;
    size_t untripped_count, unreasoned; // unreasoned: those without a reason
    size_t pairs;                       // kinds × clauses that there are
    bool complete;                      // all rows were played, so that untripped says something
};

/* A line for a row. */
void selftest_row_text(const struct selftest_row *r, struct text *to);

/* What no flaw trips, only guards, how rows that are held out came out if there are any, and the totals as the last line. page: where the page is, or NULL. */
void selftest_text(const struct selftest_view *v, const char *page, struct text *to);
void selftest_html(const struct selftest_view *v, struct text *to);
void selftest_json(const struct selftest_view *v, struct text *to);

#endif
