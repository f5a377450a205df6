#ifndef REPORT_HTML_CLAUSES_H
#define REPORT_HTML_CLAUSES_H
/*
 * What the page says of clauses: which are broken and which no case of the run shows, and what each asks for.
 */
#include "base/text.h"
#include "report/model.h"

/* The section; nothing where the log has no register. */
void html_clauses(const struct report *r, struct text *to);

/* What a case cites: with the words of each clause, or as a line of links to them. */
void html_clauses_cited(const struct report *r, const struct report_names *cited, bool words, struct text *to);

#endif
