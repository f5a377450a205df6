#ifndef TRACE_TRACE_H
#define TRACE_TRACE_H
/*
 * Traces: what happened on the connections of one case, in the order in which it was seen.
 *
 * The waist of arcwire. Replay makes them; checks and reports read them, also years later from a log. A trace
 * says only what was seen, never what should have been.
 */
#include "base/arena.h"
#include "base/error.h"
#include "json/json.h"
#include "json/write.h"

enum trace_kind {
    TRACE_OPEN,       // connected or accepted
    TRACE_REFUSED,    // could not be connected: number is errno
    TRACE_SENT,       // data of ours left
    TRACE_RECEIVED,   // one chunk came: what one read returned, not a segment
    TRACE_FIN_SENT,
    TRACE_FIN,        // the peer's end, seen behind all its data
    TRACE_RESET_SENT,
    TRACE_RESET,      // the peer's RST, or a send that met a dead connection: number is errno
    TRACE_FORGOTTEN,  // … behind both FINs, while the kernel forgot connections for want of room: it may be the kernel's
    TRACE_RETRIED,    // the peer said that it was refused and tries again
    TRACE_PROBE,      // the probe was sent: what comes behind it may have been waiting for more bytes
    TRACE_QUIET,      // nothing came in the time that a silence was given: number is µs waited
    TRACE_PROVEN,     // nothing is left to come, by the state of the peer's processes: number is the proof's µs
    TRACE_LATE,       // the limit of the op passed: number is µs
    TRACE_MISMATCH,   // not what was due; from here on bytes are only collected
    TRACE_CUT_OFF,    // more came than is collected
    TRACE_PAUSED,     // we stopped reading
    TRACE_RESUMED,    // we read again: number is the bytes that waited for us
    TRACE_TAKEN,      // amid a message: the peer had nothing left to do with what we had said of it. number is µs waited
    TRACE_STOPPED,    // the case's limit passed, or the run was stopped
    TRACE_OVER,       // the play is over: op is the one in force, or the number of ops when all were played
};

struct trace_event {
    enum trace_kind kind;
    uint8_t on;        // connection
    uint32_t op;       // index of the op in force, or its count when none was
    uint32_t segments; // SENT: segments that left, 0 when the kernel does not tell
    int64_t us;        // since the case began
    int64_t number;
    struct bytes data; // SENT, RECEIVED
};

struct trace {
    struct arena *keep;
    struct trace_event *events;
    size_t count, room;
};

/* Adds an event; data is copied into the trace's arena. */
struct trace_event *trace_add(struct trace *t, enum trace_kind kind, unsigned on, size_t op, int64_t us);
void trace_add_data(struct trace *t, enum trace_kind kind, unsigned on, size_t op, int64_t us, struct bytes data,
                    unsigned segments);

/* The name in a log: "fin-sent"; NULL for SENT and RECEIVED, which have members of their own. */
const char *trace_name(enum trace_kind kind);

/* How time was spent, in µs. */
struct spent {
    int64_t work;    // ours
    int64_t waiting; // for what the peer had to say or do
    int64_t proven;  // for silences to be proven
    int64_t timed;   // for silences, and limits, that had to be waited for
};

/* Adds what a play spent, by what each of its stretches ended with. */
void trace_spent(const struct trace *t, struct spent *s);

/* All bytes received on a connection, in order, up to the event with index end (exclusive). */
struct bytes trace_received(const struct trace *t, unsigned on, size_t end, struct arena *keep);

#endif
