#include <errno.h>

#include "check/altered.h"
#include "check/hunt.h"

static struct trace_event stray(const struct op *op, const struct trace_event *before)
{
    static const uint8_t byte[] = { 0x5a };

    return (struct trace_event){ .kind = TRACE_RECEIVED, .on = (uint8_t)op->on, .op = before->op, .us = before->us, .data = { byte, 1 } };
}

/* Judges the trace with an event put in, in front of event `at`. */
static void try_insert(struct hunt *h, enum change change, size_t op, size_t at, struct trace_event e)
{
    SCRATCH(scratch);
    struct trace t = altered_copy(h->t, &scratch);

    altered_insert(&t, at, e);
    h->out->changes++;
    if (!hunt_noticed(h, &t, &scratch))
        hunt_add(h, change, op, NULL, 0, 0);
}

static void try_silence(struct hunt *h, size_t at)
{
    const struct op *op = &h->p->ops[at];

    for (size_t i = 0; i < h->t->count; i++) {
        const struct trace_event *e = &h->t->events[i];
        if (e->op == at && (e->kind == TRACE_QUIET || e->kind == TRACE_PROVEN)) {
            try_insert(h, CHANGE_SPEAKS, at, i, stray(op, e));
            return;
        }
    }
}

/* An event becomes another, or goes; where nothing is in its place, the limit of the op passes. */
static void try_without(struct hunt *h, enum change change, size_t op, size_t at, enum trace_kind in_place)
{
    SCRATCH(scratch);
    struct trace t = altered_copy(h->t, &scratch);
    struct trace_event *e = &t.events[at];

    *e = (struct trace_event){ .kind = in_place, .on = e->on, .op = (uint32_t)op, .us = e->us, .number = in_place == TRACE_RESET ? ECONNRESET : 0 };
    h->out->changes++;
    if (!hunt_noticed(h, &t, &scratch))
        hunt_add(h, change, op, NULL, 0, 0);
}

static void try_end_first(struct hunt *h, size_t op, size_t fin, size_t ours)
{
    SCRATCH(scratch);
    struct trace t = altered_copy(h->t, &scratch);
    struct trace_event e = t.events[fin];

    altered_remove(&t, fin);
    altered_insert(&t, ours, e);
    h->out->changes++;
    if (!hunt_noticed(h, &t, &scratch))
        hunt_add(h, CHANGE_END_FIRST, op, NULL, 0, 0);
}

static bool comes_between(const struct trace *t, unsigned on, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (t->events[i].kind == TRACE_RECEIVED && t->events[i].on == on)
            return true;
    return false;
}

static void try_end(struct hunt *h, size_t at)
{
    const struct op *op = &h->p->ops[at];
    size_t fin = altered_find(h->t, TRACE_FIN, op->on), ours = altered_find(h->t, TRACE_FIN_SENT, op->on);
    size_t end = fin < h->t->count ? fin : altered_find(h->t, TRACE_RESET, op->on);
    bool follows = false;

    if (end == h->t->count)
        return;
    for (size_t i = 0; i < at; i++)
        follows |= h->p->ops[i].kind == OP_SHUTDOWN && h->p->ops[i].on == op->on;
    try_insert(h, CHANGE_BEHIND, at, end, stray(op, &h->t->events[end]));
    try_without(h, CHANGE_NO_END, at, end, TRACE_LATE);
    if (fin < h->t->count)
        try_without(h, CHANGE_RESET, at, fin, TRACE_RESET);
    if (follows && fin < h->t->count && ours < fin && !comes_between(h->t, op->on, ours, fin))
        try_end_first(h, at, fin, ours);
}

void hunt_op(struct hunt *h, size_t at)
{
    const struct op *op = &h->p->ops[at];
    size_t event;

    switch (op->kind) {
    case OP_SILENT:
        if (op->bytes.len == 0)
            try_silence(h, at);
        break;
    case OP_AWAIT_END:
        try_end(h, at);
        break;
    case OP_AWAIT_RESET:
        if ((event = altered_find(h->t, TRACE_RESET, op->on)) == h->t->count)
            break;
        try_without(h, CHANGE_NO_END, at, event, TRACE_LATE);
        try_without(h, CHANGE_RESET, at, event, TRACE_FIN);
        break;
    case OP_RESET:
        if ((event = altered_find(h->t, TRACE_RESET_SENT, op->on)) < h->t->count)
            try_insert(h, CHANGE_BEHIND, at, event, stray(op, &h->t->events[event]));
        break;
    case OP_LISTEN:
        if ((event = altered_find(h->t, TRACE_RETRIED, 0)) < h->t->count)
            try_without(h, CHANGE_NO_RETRY, at, event, TRACE_LATE);
        break;
    case OP_OPEN:
    case OP_SEND:
    case OP_RECEIVE:
    case OP_SHUTDOWN:
    case OP_PAUSE:
    case OP_RESUME:
        break;
    }
}
