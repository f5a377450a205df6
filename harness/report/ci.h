#ifndef REPORT_CI_H
#define REPORT_CI_H
/*
 * What CI systems are told of a result. They know fewer words than we do: passed, skipped, failed, error; so which word
 * stands for what is decided in one place.
 */
#include "report/model.h"

enum ci_kind {
    CI_PASS,     // also as genuine MFC does, as declared, and what falls short of a should
    CI_SKIPPED,  // unsupported, skipped, not run
    CI_EXPECTED, // it fails as the baseline knows, now and then as it knows, or is newer than the baseline
    CI_BASELINE, // the baseline is not right any more: it passes, or is known for too long
    CI_FAILURE,
    CI_ERROR,    // inconclusive, or our own error
};

enum ci_kind ci_kind(const struct report_result *r);

/* What tells a result from all others of the run: "draining-two-in-one-segment plain 10-unicode-64". */
void ci_name(const struct report_result *r, struct text *to);

/* Why it is not a plain pass, in one line; nothing for one that is. Markup is none. */
void ci_message(const struct report_result *r, struct text *to);

/* What is wrong with a run beside its results. */
struct ci_remark {
    const char *name;    // "unexpected-pass", "stale", "incomplete"
    const char *message;
    const char *file;    // or NULL
    unsigned line;
    bool error;          // ours or the run's; else the baseline's
    bool shown;          // by a result, too
};
/* Complaints about the baseline, and that the run ended early. Gives their number; they live in keep. */
size_t ci_remarks(const struct report *r, struct arena *keep, const struct ci_remark **out);

/* At most max bytes of lines, whole ones, then a line that says how much is left out. */
void ci_cut_lines(const char *lines, size_t max, struct text *to);

/* At most max bytes of one line, whole characters, with "… (N more)" behind what was cut. */
void ci_cut(const char *line, size_t max, struct text *to);

#endif
