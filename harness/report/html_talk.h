#ifndef REPORT_HTML_TALK_H
#define REPORT_HTML_TALK_H
/*
 * What was said, byte by byte: the conversation of a result, and due beside got where a check failed.
 */
#include "base/text.h"
#include "report/model.h"

/* Bytes in hex, the one at offset mark marked; UINT64_MAX: none. */
void html_bytes(struct text *to, struct bytes bytes, uint64_t mark);

/* Expected beside got for a failed check that knows them; nothing otherwise. */
void html_difference(const struct report_check *c, const struct report_result *r, struct text *to);

/* Nothing where the result has no conversation. */
void html_talk(const struct report_result *r, struct text *to);

#endif
