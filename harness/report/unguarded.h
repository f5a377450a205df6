#ifndef REPORT_UNGUARDED_H
#define REPORT_UNGUARDED_H
/*
 * What a peer could do otherwise and pass all the same, where a run looked for it.
 */
#include "report/model.h"

/* Places with no reason, and reasons that none needs. */
size_t report_unguarded_wrong(const struct report *r);

/* A line for each place without a reason (alike ones together, at most `most` of them), and for each reason that none needs;
 * then, where suites are asked for, a line with counts for each, and one over all. */
void report_unguarded_text(const struct report *r, size_t most, bool suites, struct text *to);

/* The same as a section of the page, with the reasons; nothing where it was not looked for. */
void report_unguarded_html(const struct report *r, struct text *to);

#endif
