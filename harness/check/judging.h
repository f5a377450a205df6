#ifndef CHECK_JUDGING_H
#define CHECK_JUDGING_H
/*
 * What the files of the judge share; private to them.
 */
#include "check/evidence.h"

#define SHOWN 64 // bytes of a wrong field that a finding keeps

struct judge {
    const struct program *p;
    const struct trace *t;
    struct arena *keep;
    struct findings *out;
    bool brief;                  // nobody asks why
    size_t over;                 // the op in force when the play ended
    struct bytes came[8];        // all that came, by connection
    size_t taken[8];             // of it, accounted for by earlier ops
    size_t answer[8];            // of it, where what came since our last words begins
    struct {
        const struct op *op;     // of the last reply that was right; NULL: none so far
        size_t at;               // of all that came: where it begins
        struct match match;
        struct evidence evidence; // of it, for what came behind it
    } last[8];
    struct object_table *table[8]; // of what the peer has said
};

/* ---- findings ---- */

struct finding *finding_add(struct judge *j, size_t op, enum axis axis);

void finding_fail(struct finding *f, const char *cause, const char *sentence);

/* What is missing: how the connection stood when it was given up. */
void finding_missing(struct judge *j, struct finding *f, unsigned on, const char *what);

/* The bytes around a difference: the field that was due, and as much of what came. */
void finding_show(struct judge *j, struct finding *f, struct evidence *e);

/* ---- what the trace shows ---- */

/* The first event of a kind on a connection from index `from` on; the count of events when there is none. */
size_t seen_event(const struct judge *j, enum trace_kind kind, unsigned on, size_t from);

/* Whether there is an event of a kind that an op, or a connection, has. */
bool seen_at(const struct judge *j, enum trace_kind kind, size_t op);
bool seen_on(const struct judge *j, enum trace_kind kind, unsigned on);

/* Whether the peer ended a connection while a message of ours was to be said on it, before or amid which the conversation stands still. */
bool seen_end_in_pause(const struct judge *j, unsigned on);

struct bytes seen_unread(const struct judge *j, unsigned on);

/* Index of the event that brought byte `offset` of a connection. */
size_t seen_byte(const struct judge *j, unsigned on, size_t offset);

/* Index of the event with which the first byte of an op left, or the last; the count of events when none did. */
size_t seen_sent(const struct judge *j, size_t at, bool last);

/* A reply that came before any byte of what it answers had been sent was not an answer. */
bool seen_unasked(const struct judge *j, size_t at, size_t first);

/* Bytes that are not accounted for and came before any of what the op answers had been sent. */
size_t seen_unasked_bytes(const struct judge *j, size_t at);

/* Whether a message that may come, and did, came before any byte of what goes before its place had been sent. */
bool seen_too_early(const struct judge *j, const struct op *op, size_t first);

/* Index of the event by which an op was given up, the count of events when it was not. */
size_t seen_given_up(const struct judge *j, size_t op);

/* Index of the event with which we ended our direction since nothing had come for an op that was given up, to see what that brings; the count of events: we did not. */
size_t seen_last_try(const struct judge *j, size_t op);

/* Bytes of a connection that came before an event. */
size_t seen_bytes_before(const struct judge *j, unsigned on, size_t event);

/* Whether a byte came after it had been proven that none would, before we said anything more. */
bool seen_refuted(const struct judge *j, size_t op);

/* ---- judging one op ---- */

/* The cause of bytes where none are due: by what they stand behind, or as it was. */
void judge_strays(struct judge *j, struct finding *f, const struct op *op, size_t strays);

void judge_receive(struct judge *j, size_t at);

void judge_silent(struct judge *j, size_t at);

void judge_end(struct judge *j, size_t at);

/* Where we reset: the peer must not have done so before, and all that it said was due, unless words of ours stand
 * unanswered. */
void judge_reset(struct judge *j, size_t at);

void judge_await_reset(struct judge *j, size_t at);

#endif
