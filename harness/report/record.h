#ifndef REPORT_RECORD_H
#define REPORT_RECORD_H
/*
 * The records of a log, each into its part of the model. reports/README.md is the contract; ERROR_INPUT where a record
 * breaks it. What the model keeps lives in keep.
 */
#include "json/json.h"
#include "report/model.h"

bool record_run(const struct json *record, struct arena *keep, struct report *r, struct error *err);
bool record_profile(const struct json *record, struct arena *keep, struct report *r, struct error *err);
bool record_baseline(const struct json *record, struct arena *keep, struct report *r, struct error *err);
bool record_end(const struct json *record, struct arena *keep, struct report *r, struct error *err);
/* What the records of a case have in common; the first one counts. */
bool record_case(const struct json *record, struct arena *keep, struct report_case *c, struct error *err);
bool record_result(const struct json *record, struct arena *keep, struct report_result *r, struct error *err);

#endif
