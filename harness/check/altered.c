#include "check/altered.h"

struct trace altered_copy(const struct trace *t, struct arena *keep)
{
    struct trace c = { .keep = keep, .count = t->count, .room = t->count + 4 };

    c.events = ARENA_ARRAY(keep, c.room, struct trace_event);
    memcpy(c.events, t->events, t->count * sizeof *c.events);
    return c;
}

void altered_insert(struct trace *t, size_t at, struct trace_event e)
{
    memmove(t->events + at + 1, t->events + at, (t->count - at) * sizeof *t->events);
    t->events[at] = e;
    t->count++;
}

void altered_remove(struct trace *t, size_t at)
{
    memmove(t->events + at, t->events + at + 1, (t->count - at - 1) * sizeof *t->events);
    t->count--;
}

size_t altered_find(const struct trace *t, enum trace_kind kind, unsigned on)
{
    size_t i = 0;

    while (i < t->count && (t->events[i].kind != kind || t->events[i].on != on))
        i++;
    return i;
}

size_t altered_event_of(const struct trace *t, unsigned on, size_t at, size_t *offset)
{
    size_t i = 0;

    for (; i < t->count; i++) {
        const struct trace_event *e = &t->events[i];
        if (e->kind != TRACE_RECEIVED || e->on != on)
            continue;
        if (at < e->data.len)
            break;
        at -= e->data.len;
    }
    *offset = at;
    return i;
}

void altered_exchange(struct trace *t, unsigned on, size_t at, size_t len, struct bytes put)
{
    size_t offset, i = altered_event_of(t, on, at, &offset);
    struct bytes was = t->events[i].data;
    uint8_t *data = arena_alloc(t->keep, was.len + put.len);

    memcpy(data, was.data, offset);
    if (put.len)
        memcpy(data + offset, put.data, put.len);
    memcpy(data + offset + put.len, was.data + offset + len, was.len - offset - len);
    t->events[i].data = (struct bytes){ data, was.len - len + put.len };
}

void altered_leave_out(struct trace *t, unsigned on, size_t from, size_t to)
{
    while (from < to) {
        size_t offset, i = altered_event_of(t, on, from, &offset), len = t->events[i].data.len - offset;
        len = len < to - from ? len : to - from;
        altered_exchange(t, on, from, len, (struct bytes){ 0 });
        to -= len;
    }
}

struct bytes altered_came(const struct trace *t, unsigned on, size_t from, size_t to, struct arena *keep)
{
    return arena_bytes(keep, bytes_slice(trace_received(t, on, t->count, keep), from, to - from));
}

void altered_replace(struct trace *t, unsigned on, size_t from, struct bytes with)
{
    for (size_t done = 0; done < with.len;) {
        size_t offset, i = altered_event_of(t, on, from + done, &offset), len = t->events[i].data.len - offset;
        len = len < with.len - done ? len : with.len - done;
        altered_exchange(t, on, from + done, len, bytes_slice(with, done, len));
        done += len;
    }
}
