#ifndef REPORT_SEPARATION_H
#define REPORT_SEPARATION_H
/*
 * The exchange that was to tell causes apart, as a log has it.
 */
#include "json/json.h"
#include "report/model.h"

/* Reads a check's member "separated", where it has one. */
bool report_separation_read(const struct json *check, struct arena *keep, const struct report_separation **out, struct error *err);

#endif
