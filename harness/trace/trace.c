#include "trace/trace.h"

struct trace_event *trace_add(struct trace *t, enum trace_kind kind, unsigned on, size_t op, int64_t us)
{
    if (t->count == t->room) {
        size_t room = t->room ? 2 * t->room : 32;
        struct trace_event *more = ARENA_ARRAY(t->keep, room, struct trace_event);
        if (t->count)
            memcpy(more, t->events, t->count * sizeof *more);
        t->events = more;
        t->room = room;
    }
    struct trace_event *e = &t->events[t->count++];
    *e = (struct trace_event){ .kind = kind, .on = (uint8_t)on, .op = (uint32_t)op, .us = us };
    return e;
}

void trace_add_data(struct trace *t, enum trace_kind kind, unsigned on, size_t op, int64_t us, struct bytes data,
                    unsigned segments)
{
    struct trace_event *e = trace_add(t, kind, on, op, us);

    e->data = arena_bytes(t->keep, data);
    e->segments = segments;
}

const char *trace_name(enum trace_kind kind)
{
    static const char *const names[] = {
        [TRACE_OPEN] = "open",       [TRACE_REFUSED] = "refused",       [TRACE_FIN_SENT] = "fin-sent",
        [TRACE_FIN] = "fin",         [TRACE_RESET_SENT] = "reset-sent", [TRACE_RESET] = "reset",
        [TRACE_RETRIED] = "retried", [TRACE_PROBE] = "probe",           [TRACE_QUIET] = "quiet",
        [TRACE_LATE] = "late",       [TRACE_MISMATCH] = "mismatch",     [TRACE_CUT_OFF] = "cut-off",
        [TRACE_PROVEN] = "proven",   [TRACE_PAUSED] = "paused",         [TRACE_RESUMED] = "resumed",
        [TRACE_TAKEN] = "taken",     [TRACE_STOPPED] = "stopped",       [TRACE_OVER] = "over",
        [TRACE_FORGOTTEN] = "forgotten",
    };

    return names[kind];
}

struct bytes trace_received(const struct trace *t, unsigned on, size_t end, struct arena *keep)
{
    size_t len = 0, at = 0;

    for (size_t i = 0; i < end && i < t->count; i++)
        if (t->events[i].kind == TRACE_RECEIVED && t->events[i].on == on)
            len += t->events[i].data.len;
    uint8_t *all = arena_alloc(keep, len);
    for (size_t i = 0; i < end && i < t->count; i++)
        if (t->events[i].kind == TRACE_RECEIVED && t->events[i].on == on) {
            memcpy(all + at, t->events[i].data.data, t->events[i].data.len);
            at += t->events[i].data.len;
        }
    return (struct bytes){ all, len };
}

void trace_spent(const struct trace *t, struct spent *s)
{
    int64_t before = 0;
    bool over = false; // what was due is given up: only what still comes is collected

    for (size_t i = 0; i < t->count; i++) {
        const struct trace_event *e = &t->events[i];
        int64_t us = e->us - before;
        int64_t *to = &s->work;
        before = e->us;
        switch (e->kind) {
        case TRACE_OPEN:
        case TRACE_REFUSED:
        case TRACE_RECEIVED:
        case TRACE_FIN:
        case TRACE_RESET:
        case TRACE_FORGOTTEN:
        case TRACE_RETRIED:
        case TRACE_RESUMED:
        case TRACE_TAKEN:
            to = &s->waiting;
            break;
        case TRACE_PROVEN:
            to = &s->proven;
            break;
        case TRACE_QUIET:
        case TRACE_LATE:
            to = &s->timed;
            break;
        case TRACE_OVER:
        case TRACE_STOPPED:
            if (over || e->kind == TRACE_STOPPED)
                to = &s->timed;
            break;
        case TRACE_SENT:
        case TRACE_FIN_SENT:
        case TRACE_RESET_SENT:
        case TRACE_PROBE:
        case TRACE_MISMATCH:
        case TRACE_CUT_OFF:
        case TRACE_PAUSED:
            break;
        }
        *to += us;
        if (e->kind == TRACE_MISMATCH || e->kind == TRACE_PROBE)
            over = true;
        else if (e->kind == TRACE_FIN || e->kind == TRACE_RESET || e->kind == TRACE_PROVEN || e->kind == TRACE_STOPPED || e->kind == TRACE_CUT_OFF)
            over = false; // nothing is waited for behind that
    }
}
