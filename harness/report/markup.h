#ifndef REPORT_MARKUP_H
#define REPORT_MARKUP_H
/*
 * Words for people: numbers, times, and text that others wrote, made harmless.
 *
 * Ids, titles, decoded values and all that a peer said may hold anything. Here it becomes text that cannot leave
 * its place: markup is escaped, and what would steer a terminal or turn the direction of writing is shown as a
 * code (`\x1b`, `\u202e`).
 */
#include "base/text.h"

enum markup {
    MARKUP_NONE, // a terminal
    MARKUP_HTML, // between tags, or within a quoted attribute
};

void markup_add(struct text *to, enum markup how, const char *string);

/* At most max bytes of it, whole characters, then "… (N more)". */
void markup_add_cut(struct text *to, enum markup how, const char *string, size_t max);

/* 1,284 */
void markup_count(struct text *to, uint64_t n);

/* "1 case", "1,284 cases": the plural is one + "s". */
void markup_counted(struct text *to, uint64_t n, const char *one);

/* A duration: 131 µs, 4.1 ms, 0.61 s, 2 min 5 s. */
void markup_duration(struct text *to, int64_t us);

/* "2026-11-23T18:04:11Z" as 23 Nov 2026, 18:04 UTC; anything else as it is, made harmless. */
void markup_time(struct text *to, enum markup how, const char *stamp);

/* How time was spent, in µs: "1.02 s work · 0.40 s waiting for the peer · …", without what took none. */
void markup_spent(struct text *to, int64_t work, int64_t waiting, int64_t proven, int64_t timed);

/* A fragment of a URL: everything but unreserved characters becomes %XX. */
void markup_fragment(struct text *to, const char *string);

#endif
