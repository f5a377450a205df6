#ifndef REPORT_DIFF_H
#define REPORT_DIFF_H
/*
 * What has changed between two runs, case by case.
 */
#include "report/model.h"

enum report_change {
    CHANGE_BROKEN,   // it was not bad, and is
    CHANGE_CAUSE,    // it is bad as it was, by another verdict or another cause
    CHANGE_UNTESTED, // it was tested, and is not any more
    CHANGE_FIXED,    // it was bad, and is not
    CHANGE_NEW,      // there was no such case
    CHANGE_GONE,     // there is no such case any more
    CHANGES,         // how many there are
};

extern const char *const report_change_names[CHANGES];

struct report_changed {
    enum report_change change;
    const struct report_case *before, *after; // NULL of what is new or gone
};

struct report_diff {
    const struct report *before, *after;
    struct report_changed *items; // by change, then as the newer run has them
    size_t count;
    size_t totals[CHANGES];
};

/* Both reports must live as long. */
void report_diff_make(const struct report *before, const struct report *after, struct arena *keep, struct report_diff *out);

/* A line for each change, then one that counts them. */
void report_diff_text(const struct report_diff *d, struct text *to);
/* For programs; reports/diff.schema.json. */
void report_diff_json(const struct report_diff *d, struct text *to);
/* A section of the page. */
void report_diff_html(const struct report_diff *d, struct text *to);

#define HISTORY_RUNS 20

/*
 * What the last HISTORY_RUNS runs that lie in a directory, each in a directory of its own, say of each case of a run: signs of
 * verdicts, the latest last, into the cases' `history`. Runs are in the order in which they began; the run itself is not among
 * them. What is no run is passed over. ERROR_INPUT when the directory cannot be read.
 */
bool report_history(const char *directory, struct report *r, struct arena *keep, struct error *err);

#endif
