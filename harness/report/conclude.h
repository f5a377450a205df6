#ifndef REPORT_CONCLUDE_H
#define REPORT_CONCLUDE_H
/*
 * What a run comes down to, once all its records are in.
 */
#include "report/model.h"

/* Totals, suites and causes, and whether the run is green. cut: the log's last line was not finished. */
void report_conclude(struct report *r, bool cut, struct arena *keep);

/* What the baseline makes of it. Before the causes are grouped. */
void report_compare(struct report *r, struct arena *keep);

/* Of that, the failing results by what caused them. */
void report_group_causes(struct report *r, struct arena *keep);

#endif
