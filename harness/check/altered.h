#ifndef CHECK_ALTERED_H
#define CHECK_ALTERED_H
/*
 * A trace whose events are others than those that were: a copy, with a change in one place. Bytes of a connection are counted over
 * all that came on it.
 */
#include "trace/trace.h"

/* What the events point to is shared; it has room for four more. */
struct trace altered_copy(const struct trace *t, struct arena *keep);

void altered_insert(struct trace *t, size_t at, struct trace_event e);
void altered_remove(struct trace *t, size_t at);

/* The first event of a kind on a connection, or the count of events. */
size_t altered_find(const struct trace *t, enum trace_kind kind, unsigned on);

/* The event that brought byte `at` of a connection, and the byte's offset in it; the count of events when none did. */
size_t altered_event_of(const struct trace *t, unsigned on, size_t at, size_t *offset);

/* Puts other bytes in the place of `len` from byte `at` of a connection on, all of which one chunk brought. */
void altered_exchange(struct trace *t, unsigned on, size_t at, size_t len, struct bytes put);

/* Takes what came from byte `from` of a connection up to byte `to` away. */
void altered_leave_out(struct trace *t, unsigned on, size_t from, size_t to);

/* Puts other bytes, as many, in the place of those from byte `from` on. */
void altered_replace(struct trace *t, unsigned on, size_t from, struct bytes with);

/* What came from byte `from` of a connection up to byte `to`. */
struct bytes altered_came(const struct trace *t, unsigned on, size_t from, size_t to, struct arena *keep);

#endif
