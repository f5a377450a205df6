#ifndef REPORT_CLAUSES_H
#define REPORT_CLAUSES_H
/*
 * The register of clauses as the log has it, and what a run says of each.
 */
#include "json/json.h"
#include "report/model.h"

/* Reads the record `clauses`. ERROR_INPUT where it is not as the contract says. */
bool report_clauses_read(const struct json *record, struct arena *keep, struct report *out, struct error *err);

/* Counts, for each clause, the cases that cite it by what their checks of it say. */
void report_clauses_count(struct report *r);

/* A case of the run cites it. */
bool report_clause_is_cited(const struct report_clause *c);

/* NULL: the register does not have it. */
const struct report_clause *report_clause_find(const struct report *r, const char *id);

#endif
