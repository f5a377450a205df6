/*
 * What the trace shows of one connection, as a judge asks for it.
 */
#include "check/judging.h"

size_t seen_event(const struct judge *j, enum trace_kind kind, unsigned on, size_t from)
{
    size_t i = from;

    while (i < j->t->count && (j->t->events[i].kind != kind || j->t->events[i].on != on))
        i++;
    return i;
}

bool seen_at(const struct judge *j, enum trace_kind kind, size_t op)
{
    for (size_t i = 0; i < j->t->count; i++)
        if (j->t->events[i].kind == kind && j->t->events[i].op == op)
            return true;
    return false;
}

bool seen_on(const struct judge *j, enum trace_kind kind, unsigned on)
{
    return seen_event(j, kind, on, 0) < j->t->count;
}

struct bytes seen_unread(const struct judge *j, unsigned on)
{
    return bytes_slice(j->came[on], j->taken[on], SIZE_MAX);
}

size_t seen_byte(const struct judge *j, unsigned on, size_t offset)
{
    for (size_t i = 0; i < j->t->count; i++) {
        const struct trace_event *e = &j->t->events[i];
        if (e->kind != TRACE_RECEIVED || e->on != on)
            continue;
        if (offset < e->data.len)
            return i;
        offset -= e->data.len;
    }
    return j->t->count;
}

size_t seen_sent(const struct judge *j, size_t at, bool last)
{
    size_t found = j->t->count;

    for (size_t i = 0; i < j->t->count && (last || found == j->t->count); i++)
        if (j->t->events[i].kind == TRACE_SENT && j->t->events[i].op == at)
            found = i;
    return found;
}

/* Whether words of ours may stand before an op of this kind, and be answered behind it. */
static bool lets_pass(enum op_kind kind)
{
    return kind == OP_RECEIVE || kind == OP_SHUTDOWN || kind == OP_PAUSE || kind == OP_RESUME;
}

bool seen_end_in_pause(const struct judge *j, unsigned on)
{
    size_t end = seen_event(j, TRACE_FIN, on, 0), at = end < j->t->count ? j->t->events[end].op : j->p->count;

    return at < j->p->count && j->p->ops[at].on == on && j->p->ops[at].kind == OP_SEND && j->p->ops[at].idle;
}

/* Index of the event with which the first byte of what a reply answers left; 0: nothing was asked. That is the first of a row of
 * SENDs that completes a message, be it one that a delivery joined with the beginning of the next; or one before other replies to
 * which a delivery has joined what stood behind them. */
static size_t asked_event(const struct judge *j, size_t at)
{
    const struct op *op = &j->p->ops[at];
    size_t asked = SIZE_MAX;
    bool in_row = true;

    for (size_t i = at; i-- > 0;) {
        const struct op *before = &j->p->ops[i];
        if (before->on != op->on)
            continue;
        if (before->kind != OP_SEND && !lets_pass(before->kind))
            break;
        if (before->kind != OP_SEND)
            in_row &= asked == SIZE_MAX;
        else if (asked == SIZE_MAX || before->message_count > !before->whole || (in_row && (before->whole || before->message_count)))
            asked = i;
    }
    return asked == SIZE_MAX ? 0 : seen_sent(j, asked, false);
}

bool seen_unasked(const struct judge *j, size_t at, size_t first)
{
    return first < asked_event(j, at);
}

size_t seen_unasked_bytes(const struct judge *j, size_t at)
{
    unsigned on = j->p->ops[at].on;
    size_t sent = asked_event(j, at), n = 0;

    for (size_t i = 0; i < sent; i++)
        n += j->t->events[i].kind == TRACE_RECEIVED && j->t->events[i].on == on ? j->t->events[i].data.len : 0;
    return n > j->taken[on] ? n - j->taken[on] : 0;
}

bool seen_too_early(const struct judge *j, const struct op *op, size_t first)
{
    size_t sent = 0;

    for (size_t i = 0; i < first && i < j->t->count; i++) {
        const struct trace_event *e = &j->t->events[i];
        if (e->kind == TRACE_SENT && e->on == op->on && e->op < j->p->count && j->p->ops[e->op].kind == OP_SEND)
            sent += e->data.len;
    }
    return op->asked != SIZE_MAX && sent <= op->asked;
}

size_t seen_given_up(const struct judge *j, size_t op)
{
    size_t i = 0;

    while (i < j->t->count && (j->t->events[i].op != op ||
                               (j->t->events[i].kind != TRACE_LATE && j->t->events[i].kind != TRACE_PROVEN)))
        i++;
    return i;
}

size_t seen_last_try(const struct judge *j, size_t op)
{
    unsigned on = j->p->ops[op].on;
    size_t late = seen_given_up(j, op), probed = late < j->t->count ? seen_event(j, TRACE_PROBE, on, late) : late;

    if (probed == j->t->count && j->p->ops[op].kind == OP_RECEIVE && j->p->probe.bytes.len == 0)
        probed = late; // there is none
    return probed < j->t->count ? seen_event(j, TRACE_FIN_SENT, on, probed) : probed;
}

size_t seen_bytes_before(const struct judge *j, unsigned on, size_t event)
{
    size_t n = 0;

    for (size_t i = 0; i < event; i++)
        n += j->t->events[i].kind == TRACE_RECEIVED && j->t->events[i].on == on ? j->t->events[i].data.len : 0;
    return n;
}

bool seen_refuted(const struct judge *j, size_t op)
{
    bool proven = false;

    for (size_t i = 0; i < j->t->count; i++) {
        const struct trace_event *e = &j->t->events[i];
        if (e->kind == TRACE_PROVEN && e->op == op)
            proven = true;
        else if (proven && e->kind == TRACE_RECEIVED)
            return true;
        else if (proven && (e->kind == TRACE_SENT || e->kind == TRACE_FIN_SENT || e->kind == TRACE_OPEN || e->kind == TRACE_RESET_SENT))
            return false;
    }
    return false;
}
