#ifndef REPORT_REQUIREMENTS_H
#define REPORT_REQUIREMENTS_H
/*
 * What somebody else's papers ask for, and which cases of a run show it: requirements.json names the cases and clauses of
 * each. reports/README.md is the format.
 */
#include "report/model.h"

struct report_requirement {
    const char *id, *title;         // title: "" where there is none
    const char *const *cases;       // patterns for ids and suites, ended by NULL
    const char *const *clauses;     // ended by NULL
    const struct report_case **shown_by; // cases of the run that are meant, in the order of the log
    size_t count, tested;           // of them; and those in which the peer was judged
    size_t totals[REPORT_VERDICTS];
    const struct report_case *bad;  // the first that is
};

struct report_requirements {
    struct report_requirement *items; // in the order of the file
    size_t count;
    size_t unshown; // without a case in which the peer was judged
};

/* Reads the file and finds the cases of each. ERROR_INPUT: file, line and what was expected. */
bool report_requirements_read(const char *path, const struct report *r, struct arena *keep, struct report_requirements *out, struct error *err);

/* As CSV [RFC 4180]: a line for each requirement and case; one that no case shows is a line of its own. Nothing that a peer said stands in it. */
void report_trace(const struct report *r, struct text *to);

/* The section of the page. */
void report_requirements_html(const struct report_requirements *q, struct text *to);

#endif
