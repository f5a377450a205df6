#ifndef REPORT_TALK_H
#define REPORT_TALK_H
/*
 * Reading a conversation out of a record's `program` and `trace`; see report_talk_load.
 */
#include "json/json.h"
#include "report/model.h"

/* Members of a record, copied to keep; each leaves *out alone when the member is missing. */
bool member_string(const struct json *object, const char *key, struct arena *keep, const char **out,
                   struct error *err);
bool member_u64(const struct json *object, const char *key, uint64_t *out, struct error *err);
bool member_i64(const struct json *object, const char *key, int64_t *out, struct error *err);
bool member_names(const struct json *object, const char *key, struct arena *keep,
                  struct report_names *out, struct error *err);
/* An array, or NULL in *out when the member is missing. */
bool member_array(const struct json *object, const char *key, const struct json **out,
                  struct error *err);

bool talk_read(const struct json *record, struct arena *keep, struct report_talk *out,
               struct error *err);

#endif
