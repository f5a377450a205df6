#ifndef REPORT_SEPARATION_H
#define REPORT_SEPARATION_H
/*
 * The exchange that was to tell causes apart, as a log and a report have it: a check's member "separated".
 */
#include "json/json.h"
#include "json/write.h"
#include "report/model.h"

/* Reads it, where the check has one. */
bool report_separation_read(const struct json *check, struct arena *keep, const struct report_separation **out, struct error *err);
void report_separation_put(struct json_out *j, const struct report_separation *s);

#endif
