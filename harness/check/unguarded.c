/*
 * Each change is made in a copy of the trace's events, in one place, and the copy is judged. Where a message ends is found as judge
 * finds it, by match_op; so a place is an op, and an offset in what came for it.
 *
 * Most changes are noticed at the op whose message they are in, and all before it is as it was. So that op is asked first, by itself,
 * with no copy of the whole; judge is asked where the message would still be right, or goes on. See is_wrong.
 *
 * What a session would have done behind the change is not asked: it ends the play where a byte is wrong, which judge sees at
 * the same byte. What the peer told and we said back is as it was; see said_again.
 */
#include "check/unguarded.h"

#include <errno.h>
#include <stdlib.h>

#define WHOLE_MAX   256     // bytes of a message up to which each is changed
#define EDGE        64      // of a longer one: its first and last ones
#define DRAWN       64      // … and as many in between, evenly
#define LONG        65536   // … of one beyond that EDGE_LONG and DRAWN_LONG: judging it takes long
#define EDGE_LONG   8
#define DRAWN_LONG  8
#define FIELDS_MAX  64      // fields of a message up to which each is tried; else the first and last ones
#define BEHIND      4096    // bytes behind a changed message that are looked at to find it wrong
#define CONNECTIONS 8

static const struct {
    const char *name, *words;
} change_table[CHANGE_COUNT] = {
    [CHANGE_VALUE] = { "value", "another value" },
    [CHANGE_LENGTH] = { "length", "a byte more or less" },
    [CHANGE_CUT] = { "cut", "nothing from there on" },
    [CHANGE_FIELDS] = { "fields", "exchanged with the next field" },
    [CHANGE_ORDER] = { "order", "exchanged with the next message" },
    [CHANGE_EARLY] = { "early", "before what it answers was sent" },
    [CHANGE_SPEAKS] = { "speaks", "a byte in the silence" },
    [CHANGE_BEHIND] = { "behind", "a byte behind all that is due" },
    [CHANGE_RESET] = { "reset", "a RST in the place of the end" },
    [CHANGE_NO_END] = { "no-end", "no end" },
    [CHANGE_END_FIRST] = { "end-first", "the end before ours" },
    [CHANGE_NO_RETRY] = { "no-retry", "no further attempt" },
};

const char *change_name(enum change c)
{
    return change_table[c].name;
}

const char *change_words(enum change c)
{
    return change_table[c].words;
}

/* What came for an op on its connection. */
struct came_for {
    size_t op, begin, end;
    const size_t *starts; // of its fields, from begin; one more than there are
};

struct hunt {
    const struct program *p;
    const struct trace *t;
    struct arena *keep; // of what is found
    struct arena *own;  // … and of what is only known meanwhile
    struct unguarded *out;
    struct came_for *spans;
    size_t span_count;
    struct bytes came[CONNECTIONS];
    struct object_table *table[CONNECTIONS]; // as it is before the span that is tried
    const volatile int *stop;
};

static bool stopped(struct hunt *h)
{
    if (*h->stop)
        h->out->incomplete = true;
    return h->out->incomplete;
}

/* ---- a copy of the trace with one change ---- */

static struct trace copy(const struct trace *t, struct arena *keep)
{
    struct trace c = { .keep = keep, .count = t->count, .room = t->count + 4 };

    c.events = ARENA_ARRAY(keep, c.room, struct trace_event);
    memcpy(c.events, t->events, t->count * sizeof *c.events);
    return c;
}

static void event_insert(struct trace *t, size_t at, struct trace_event e)
{
    memmove(t->events + at + 1, t->events + at, (t->count - at) * sizeof *t->events);
    t->events[at] = e;
    t->count++;
}

static void event_remove(struct trace *t, size_t at)
{
    memmove(t->events + at, t->events + at + 1, (t->count - at - 1) * sizeof *t->events);
    t->count--;
}

/* The first event of a kind on a connection, or the count of events. */
static size_t event_find(const struct trace *t, enum trace_kind kind, unsigned on)
{
    size_t i = 0;

    while (i < t->count && (t->events[i].kind != kind || t->events[i].on != on))
        i++;
    return i;
}

/* The event that brought byte `at` of a connection, and the byte's offset in it; the count of events when none did. */
static size_t event_of(const struct trace *t, unsigned on, size_t at, size_t *offset)
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

/* Puts other bytes in the place of `len` from byte `at` of a connection on, all of which one chunk brought. */
static void exchange_bytes(struct trace *t, unsigned on, size_t at, size_t len, struct bytes put)
{
    size_t offset, i = event_of(t, on, at, &offset);
    struct bytes was = t->events[i].data;
    uint8_t *data = arena_alloc(t->keep, was.len + put.len);

    memcpy(data, was.data, offset);
    if (put.len)
        memcpy(data + offset, put.data, put.len);
    memcpy(data + offset + put.len, was.data + offset + len, was.len - offset - len);
    t->events[i].data = (struct bytes){ data, was.len - len + put.len };
}

/* Takes what came from byte `from` of a connection up to byte `to` away. */
static void leave_out(struct trace *t, unsigned on, size_t from, size_t to)
{
    while (from < to) {
        size_t offset, i = event_of(t, on, from, &offset), len = t->events[i].data.len - offset;
        len = len < to - from ? len : to - from;
        exchange_bytes(t, on, from, len, (struct bytes){ 0 });
        to -= len;
    }
}

static struct bytes came_from(const struct trace *t, unsigned on, size_t from, size_t to, struct arena *keep)
{
    return arena_bytes(keep, bytes_slice(trace_received(t, on, t->count, keep), from, to - from));
}

/* Puts other bytes, as many, in the place of those from byte `from` on. */
static void replace(struct trace *t, unsigned on, size_t from, struct bytes with)
{
    for (size_t done = 0; done < with.len;) {
        size_t offset, i = event_of(t, on, from + done, &offset), len = t->events[i].data.len - offset;
        len = len < with.len - done ? len : with.len - done;
        exchange_bytes(t, on, from + done, len, bytes_slice(with, done, len));
        done += len;
    }
}

static bool noticed(const struct hunt *h, const struct trace *t, struct arena *keep)
{
    return !judge_passes(h->p, t, keep);
}

/* Whether judge is sure to fail the op of a span when it begins with the bytes of `in`. They may be cut behind, unless they are all. */
static bool is_wrong(const struct hunt *h, const struct came_for *s, struct bytes in, bool all)
{
    SCRATCH(scratch);
    const struct op *op = &h->p->ops[s->op];

    if (!s->starts)
        return false;
    struct object_table *own = h->table[op->on] ? h->table[op->on] : object_table_new(&scratch), *used = own;
    struct object_mark before = object_table_mark(own);
    struct match m = match_op(in, op, &h->p->profile, &used, &scratch);
    object_table_rollback(own, before);
    return m.status == MATCH_MISMATCH || (all && m.status == MATCH_MORE);
}

/* The same where `len` bytes from byte `at` of the connection on, which the span holds or reaches into, are others. */
static bool is_wrong_with(const struct hunt *h, const struct came_for *s, size_t at, size_t len, struct bytes put)
{
    struct bytes came = h->came[h->p->ops[s->op].on];
    size_t end = (s->end > at + len ? s->end : at + len) + BEHIND;
    CLEANUP(buffer_free) struct buffer in = { 0 };

    end = end < came.len ? end : came.len;
    buffer_append(&in, came.data + s->begin, at - s->begin);
    buffer_append(&in, put.data, put.len);
    buffer_append(&in, came.data + at + len, end - at - len);
    return is_wrong(h, s, buffer_bytes(&in), end == came.len);
}

/* ---- places ---- */

static const struct json *root_of(const struct json *at)
{
    while (at && at->parent)
        at = at->parent;
    return at;
}

/* What the file that holds `at` says of all fields of that name, or NULL. */
static const struct json *reason_of_name(const struct json *at, const char *name)
{
    const struct json *root = root_of(at), *all = root && root->kind == JSON_OBJECT ? json_get(root, "unguarded") : NULL;

    return all && name && all->kind == JSON_OBJECT ? json_get(all, name) : NULL;
}

static const char *name_of(const struct field *f)
{
    return f->label ? f->label : f->name;
}

static const struct json *reason_of_step(const struct op *op)
{
    return op->at && op->at->kind == JSON_OBJECT ? json_get(op->at, "unguarded") : NULL;
}

/* Why nothing can be noticed at a field of an op, or NULL: the step's own reason, the suite's, or the service's. */
static const struct json *reason_of(const struct program *p, const struct op *op, const char *name)
{
    const struct json *reason = reason_of_step(op);

    reason = reason ? reason : reason_of_name(p->vector->at, name);
    return reason ? reason : reason_of_name(p->vector->service->at, name);
}

static bool goes_on(const struct unguarded_place *a, const struct unguarded_place *b)
{
    return a->change == b->change && a->op == b->op && a->field == b->field && a->at + a->len == b->at && a->change <= CHANGE_LENGTH;
}

static void place_append(struct unguarded *u, struct unguarded_place one, struct arena *keep)
{
    if ((u->count & (u->count - 1)) == 0) { // full at each power of two
        struct unguarded_place *more = ARENA_ARRAY(keep, u->count ? 2 * u->count : 1, struct unguarded_place);
        if (u->count)
            memcpy(more, u->places, u->count * sizeof *more);
        u->places = more;
    }
    u->places[u->count++] = one;
}

static void place_add(struct hunt *h, enum change change, size_t op, const struct field *field, size_t at, size_t len)
{
    const struct op *o = &h->p->ops[op];
    const char *name = field ? name_of(field) : NULL;
    const struct json *reason = reason_of(h->p, o, change == CHANGE_VALUE ? name : NULL);
    struct unguarded_place one = { change, op, o->control, o->check.name, name, at, len, o->at, reason };

    if (field && !name)
        one.field = field->of.type ? field->of.type->mfc : "bytes";

    for (size_t i = 0; i < h->out->count; i++) // the ways of a byte come in turn
        if (goes_on(&h->out->places[i], &one)) {
            h->out->places[i].len += len;
            return;
        }
    place_append(h->out, one, h->keep);
}

/* ---- bytes ---- */

/* Whether what came for a field is said again: by us, and then the peer has to know it, or by the peer, and then it must be the same. */
static bool said_again(const struct hunt *h, size_t op, const struct field *f)
{
    for (size_t i = op + 1; f->keeps && i < h->p->count; i++)
        for (size_t k = 0; k < h->p->ops[i].fields.count; k++)
            if (h->p->ops[i].fields.items[k].takes == f->keeps)
                return true;
    return false;
}

static bool value_noticed(const struct hunt *h, unsigned on, const struct came_for *s, size_t at)
{
    size_t offset, i = event_of(h->t, on, at, &offset);
    uint8_t was = h->t->events[i].data.data[offset], others[] = { (uint8_t)(was + 1), was ^ 0x80, 0x00, 0xff };

    for (size_t k = 0; k < sizeof others; k++) {
        SCRATCH(scratch);
        if (others[k] == was)
            continue;
        if (is_wrong_with(h, s, at, 1, (struct bytes){ &others[k], 1 }))
            return true;
        struct trace t = copy(h->t, &scratch);
        exchange_bytes(&t, on, at, 1, (struct bytes){ &others[k], 1 });
        if (noticed(h, &t, &scratch))
            return true;
    }
    return false;
}

/* Whether the copy brings the same for an op: then what was changed is what stands behind it. */
static bool brings_same(const struct hunt *h, const struct trace *t, unsigned on, const struct came_for *s, struct arena *keep)
{
    return bytes_equal(came_from(t, on, s->begin, s->end, keep), came_from(h->t, on, s->begin, s->end, keep));
}

static bool length_noticed(const struct hunt *h, unsigned on, const struct came_for *s, size_t at)
{
    size_t offset, i = event_of(h->t, on, at, &offset);
    uint8_t was = h->t->events[i].data.data[offset];
    const struct {
        size_t len;
        struct bytes put;
    } ways[] = { { 1, { 0 } }, { 0, { &was, 1 } }, { 0, BYTES(0x00) } };
    bool same = true;

    for (size_t k = 0; k < COUNT_OF(ways); k++) {
        SCRATCH(scratch);
        if (is_wrong_with(h, s, at, ways[k].len, ways[k].put))
            return true;
        struct trace t = copy(h->t, &scratch);
        exchange_bytes(&t, on, at, ways[k].len, ways[k].put);
        if (noticed(h, &t, &scratch))
            return true;
        same &= s->starts && brings_same(h, &t, on, s, &scratch);
    }
    return same;
}

static const struct fields *fields_of(const struct op *op)
{
    return op->kind == OP_SILENT ? &op->answer_fields : &op->fields;
}

/* Whether byte `at` of a message is among those that are tried. */
static bool is_tried(struct hunt *h, const struct came_for *s, size_t at)
{
    size_t len = s->end - s->begin, edge = len > LONG ? EDGE_LONG : EDGE, drawn = len > LONG ? DRAWN_LONG : DRAWN;

    if (len <= WHOLE_MAX || at < edge || at >= len - edge)
        return true;
    h->out->sampled = true;
    return at % (len / drawn) == 0;
}

static bool field_is_tried(const struct fields *f, size_t i)
{
    return f->count <= FIELDS_MAX || i < FIELDS_MAX / 2 || i >= f->count - FIELDS_MAX / 2;
}

static void try_bytes(struct hunt *h, const struct came_for *s)
{
    const struct op *op = &h->p->ops[s->op];
    const struct fields *fields = fields_of(op);
    size_t field = 0;

    for (size_t at = 0; at < s->end - s->begin; at++) {
        while (s->starts && field + 1 < fields->count && at >= s->starts[field + 1])
            field++;
        if (!is_tried(h, s, at))
            continue;
        if (stopped(h))
            return;
        const struct field *f = s->starts ? &fields->items[field] : NULL;
        h->out->changes += 2;
        if ((!f || !said_again(h, s->op, f)) && !value_noticed(h, op->on, s, s->begin + at))
            place_add(h, CHANGE_VALUE, s->op, f, at, 1);
        if (!length_noticed(h, op->on, s, s->begin + at))
            place_add(h, CHANGE_LENGTH, s->op, f, at, 1);
    }
}

/* ---- fields and messages ---- */

/* Two neighbours change places: [from, amid) and [amid, to). True, too, where they do not differ. */
static bool exchange_noticed(const struct hunt *h, unsigned on, const struct came_for *s, size_t from, size_t amid, size_t to)
{
    SCRATCH(scratch);
    struct bytes all = came_from(h->t, on, from, to, &scratch);
    CLEANUP(buffer_free) struct buffer other = { 0 };

    buffer_append(&other, all.data + (amid - from), to - amid);
    buffer_append(&other, all.data, amid - from);
    if (bytes_equal(all, buffer_bytes(&other)) || is_wrong_with(h, s, from, to - from, buffer_bytes(&other)))
        return true;
    struct trace t = copy(h->t, &scratch);
    replace(&t, on, from, buffer_bytes(&other));
    return noticed(h, &t, &scratch);
}

static bool cut_noticed(const struct hunt *h, unsigned on, const struct came_for *s, size_t at)
{
    SCRATCH(scratch);

    if (is_wrong(h, s, bytes_slice(h->came[on], s->begin, at), true))
        return true;
    struct trace t = copy(h->t, &scratch);
    leave_out(&t, on, s->begin + at, h->came[on].len);
    return noticed(h, &t, &scratch);
}

static void try_fields(struct hunt *h, const struct came_for *s)
{
    const struct op *op = &h->p->ops[s->op];
    const struct fields *fields = fields_of(op);

    for (size_t i = 0; s->starts && i < fields->count && !stopped(h); i++) {
        size_t at = s->starts[i];
        if (!field_is_tried(fields, i) || s->begin + at == s->end)
            continue;
        h->out->changes++;
        if (!cut_noticed(h, op->on, s, at))
            place_add(h, CHANGE_CUT, s->op, &fields->items[i], at, s->end - s->begin - at);
        if (i + 1 == fields->count || s->end - s->begin > LONG || fields->items[i].any || fields->items[i + 1].any)
            continue; // of what may be any the value has been changed already
        h->out->changes++;
        if (!exchange_noticed(h, op->on, s, s->begin + at, s->begin + s->starts[i + 1], s->begin + s->starts[i + 2]))
            place_add(h, CHANGE_FIELDS, s->op, &fields->items[i], at, s->starts[i + 2] - at);
    }
}

/* Whether two messages are the same but for what may be any: of that each value has been changed already. */
static bool may_be_same(const struct op *a, const struct op *b)
{
    const struct fields *x = fields_of(a), *y = fields_of(b);
    struct bytes due[] = { a->kind == OP_SILENT ? a->answer : a->bytes, b->kind == OP_SILENT ? b->answer : b->bytes };
    bool same = x->count == y->count && bytes_equal(due[0], due[1]), any = false;

    for (size_t i = 0; i < x->count && same; i++) {
        same = x->items[i].any == y->items[i].any && x->items[i].len == y->items[i].len;
        any |= x->items[i].any;
    }
    return same && any;
}

static void try_order(struct hunt *h, const struct came_for *s, const struct came_for *next)
{
    unsigned on = h->p->ops[s->op].on;

    if (!s->starts || !next->starts || may_be_same(&h->p->ops[s->op], &h->p->ops[next->op]) || s->end != next->begin || next->end - s->begin > LONG || h->p->ops[next->op].on != on)
        return;
    h->out->changes++;
    if (!exchange_noticed(h, on, s, s->begin, s->end, next->end))
        place_add(h, CHANGE_ORDER, s->op, NULL, 0, s->end - s->begin);
}

/* The event with which the words that an op answers began to leave; the count of events where it answers none. */
static size_t asked_at(const struct hunt *h, size_t op)
{
    const struct program *p = h->p;
    size_t first = h->t->count;

    for (size_t i = op; i-- > 0;) {
        const struct op *before = &p->ops[i];
        if (before->on != p->ops[op].on)
            continue;
        if (before->kind != OP_SEND)
            break;
        for (size_t e = 0; e < h->t->count; e++)
            if (h->t->events[e].kind == TRACE_SENT && h->t->events[e].op == i) {
                first = e;
                break;
            }
    }
    if (p->ops[op].kind == OP_SILENT) // its own probe is what is answered
        for (first = 0; first < h->t->count && (h->t->events[first].kind != TRACE_SENT || h->t->events[first].op != op);)
            first++;
    return first;
}

static void try_early(struct hunt *h, const struct came_for *s)
{
    SCRATCH(scratch);
    const struct op *op = &h->p->ops[s->op];
    size_t asked = asked_at(h, s->op), offset, first = event_of(h->t, op->on, s->begin, &offset);

    if (asked >= first)
        return;
    struct trace t = copy(h->t, &scratch);
    struct trace_event e = { .kind = TRACE_RECEIVED, .on = (uint8_t)op->on, .op = t.events[asked].op, .us = t.events[asked].us };
    e.data = came_from(h->t, op->on, s->begin, s->end, &scratch);
    leave_out(&t, op->on, s->begin, s->end);
    event_insert(&t, asked, e);
    h->out->changes++;
    if (!noticed(h, &t, &scratch))
        place_add(h, CHANGE_EARLY, s->op, NULL, 0, s->end - s->begin);
}

/* ---- silences and ends ---- */

static struct trace_event stray(const struct op *op, const struct trace_event *before)
{
    static const uint8_t byte[] = { 0x5a };

    return (struct trace_event){ .kind = TRACE_RECEIVED, .on = (uint8_t)op->on, .op = before->op, .us = before->us, .data = { byte, 1 } };
}

/* Judges the trace with an event put in, in front of event `at`. */
static void try_insert(struct hunt *h, enum change change, size_t op, size_t at, struct trace_event e)
{
    SCRATCH(scratch);
    struct trace t = copy(h->t, &scratch);

    event_insert(&t, at, e);
    h->out->changes++;
    if (!noticed(h, &t, &scratch))
        place_add(h, change, op, NULL, 0, 0);
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
    struct trace t = copy(h->t, &scratch);
    struct trace_event *e = &t.events[at];

    *e = (struct trace_event){ .kind = in_place, .on = e->on, .op = (uint32_t)op, .us = e->us, .number = in_place == TRACE_RESET ? ECONNRESET : 0 };
    h->out->changes++;
    if (!noticed(h, &t, &scratch))
        place_add(h, change, op, NULL, 0, 0);
}

static void try_end_first(struct hunt *h, size_t op, size_t fin, size_t ours)
{
    SCRATCH(scratch);
    struct trace t = copy(h->t, &scratch);
    struct trace_event e = t.events[fin];

    event_remove(&t, fin);
    event_insert(&t, ours, e);
    h->out->changes++;
    if (!noticed(h, &t, &scratch))
        place_add(h, CHANGE_END_FIRST, op, NULL, 0, 0);
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
    size_t fin = event_find(h->t, TRACE_FIN, op->on), ours = event_find(h->t, TRACE_FIN_SENT, op->on);
    size_t end = fin < h->t->count ? fin : event_find(h->t, TRACE_RESET, op->on);
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

static void try_op(struct hunt *h, size_t at)
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
        if ((event = event_find(h->t, TRACE_RESET, op->on)) == h->t->count)
            break;
        try_without(h, CHANGE_NO_END, at, event, TRACE_LATE);
        try_without(h, CHANGE_RESET, at, event, TRACE_FIN);
        break;
    case OP_RESET:
        if ((event = event_find(h->t, TRACE_RESET_SENT, op->on)) < h->t->count)
            try_insert(h, CHANGE_BEHIND, at, event, stray(op, &h->t->events[event]));
        break;
    case OP_LISTEN:
        if ((event = event_find(h->t, TRACE_RETRIED, 0)) < h->t->count)
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

/* Shares out what came on a connection among the ops that expect it; what is left belongs to its end. */
static void share_out(struct hunt *h, unsigned on)
{
    struct bytes came = trace_received(h->t, on, h->t->count, h->own);
    struct object_table *table = NULL;
    size_t at = 0, last = h->p->count;

    h->came[on] = came;
    for (size_t i = 0; i < h->p->count; i++) {
        const struct op *op = &h->p->ops[i];
        if (op->on != on)
            continue;
        last = op->kind == OP_AWAIT_END || op->kind == OP_RESET ? i : last;
        if ((op->kind != OP_RECEIVE && op->kind != OP_SILENT) || fields_of(op)->count == 0)
            continue;
        struct match m = match_op(bytes_slice(came, at, SIZE_MAX), op, &h->p->profile, &table, h->own);
        if (m.status != MATCH_DONE)
            break;
        h->spans[h->span_count++] = (struct came_for){ i, at, at + m.len, m.starts };
        at += m.len;
    }
    if (at < came.len && last < h->p->count)
        h->spans[h->span_count++] = (struct came_for){ last, at, came.len, NULL };
}

/* A reason that may be needed here, and is not: nothing refers to it. */
static void look_at_reason(struct hunt *h, const struct json *reason)
{
    struct unguarded *u = h->out;

    if (!reason)
        return;
    for (size_t i = 0; i < u->count; i++)
        if (u->places[i].reason == reason)
            return;
    for (size_t i = 0; i < u->unneeded_count; i++)
        if (u->unneeded[i] == reason)
            return;
    const struct json **more = ARENA_ARRAY(h->keep, u->unneeded_count + 1, const struct json *);
    if (u->unneeded_count)
        memcpy(more, u->unneeded, u->unneeded_count * sizeof *more);
    more[u->unneeded_count++] = reason;
    u->unneeded = more;
}

static void look_at_reasons(struct hunt *h, const struct op *op)
{
    const struct fields *fields = fields_of(op);

    look_at_reason(h, reason_of_step(op));
    for (size_t i = 0; i < fields->count && (op->kind == OP_RECEIVE || op->kind == OP_SILENT); i++)
        if (name_of(&fields->items[i]))
            look_at_reason(h, reason_of(h->p, op, name_of(&fields->items[i])));
}

/* Whatever is changed in what came for an op; the tables are then as behind it. */
static void try_span(struct hunt *h, const struct came_for *s, const struct came_for *next)
{
    const struct op *op = &h->p->ops[s->op];

    try_bytes(h, s);
    try_fields(h, s);
    if (next && !stopped(h))
        try_order(h, s, next);
    if (!s->starts)
        return;
    if (!stopped(h))
        try_early(h, s);
    match_op(bytes_slice(h->came[op->on], s->begin, SIZE_MAX), op, &h->p->profile, &h->table[op->on], h->own);
}

void unguarded_find(const struct program *p, const struct trace *t, const volatile int *stop, struct arena *keep, struct unguarded *out)
{
    SCRATCH(scratch);
    struct hunt h = { .p = p, .t = t, .keep = keep, .own = &scratch, .out = out, .stop = stop, .spans = ARENA_ARRAY(&scratch, p->count + CONNECTIONS, struct came_for) };

    *out = (struct unguarded){ 0 };
    for (unsigned on = 0; on < p->connection_count; on++)
        share_out(&h, on);
    for (size_t i = 0; i < h.span_count; i++)
        try_span(&h, &h.spans[i], i + 1 < h.span_count ? &h.spans[i + 1] : NULL);
    for (size_t at = 0; at < p->count && !stopped(&h); at++)
        try_op(&h, at);
    for (size_t at = 0; at < p->count && !out->incomplete; at++)
        look_at_reasons(&h, &p->ops[at]);
}

/* ---- many conversations of one case ---- */

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool alike(const struct unguarded_place *a, const struct unguarded_place *b)
{
    return a->change == b->change && a->step == b->step && same_text(a->field, b->field) && same_text(a->control, b->control) &&
           same_text(a->check, b->check);
}

static bool refers_to(const struct unguarded *u, const struct json *reason)
{
    for (size_t i = 0; i < u->count; i++)
        if (u->places[i].reason == reason)
            return true;
    return false;
}

void unguarded_add(struct unguarded *sum, const struct unguarded *one, struct arena *keep)
{
    size_t known = sum->count, unneeded = 0;
    const struct json **reasons = ARENA_ARRAY(keep, sum->unneeded_count + one->unneeded_count, const struct json *);

    sum->changes += one->changes;
    sum->sampled |= one->sampled;
    sum->incomplete |= one->incomplete;
    for (size_t i = 0; i < one->count; i++) {
        bool is_known = false;
        for (size_t k = 0; k < known && !is_known; k++)
            is_known = alike(&sum->places[k], &one->places[i]);
        if (is_known)
            continue;
        struct unguarded_place p = one->places[i];
        p.control = p.control ? arena_string(keep, p.control) : NULL;
        p.check = p.check ? arena_string(keep, p.check) : NULL;
        p.field = p.field ? arena_string(keep, p.field) : NULL;
        place_append(sum, p, keep);
    }
    for (size_t i = 0; i < sum->unneeded_count + one->unneeded_count; i++) {
        const struct json *reason = i < sum->unneeded_count ? sum->unneeded[i] : one->unneeded[i - sum->unneeded_count];
        bool is_known = refers_to(sum, reason);
        for (size_t k = 0; k < unneeded && !is_known; k++)
            is_known = reasons[k] == reason;
        if (!is_known)
            reasons[unneeded++] = reason;
    }
    sum->unneeded = reasons;
    sum->unneeded_count = unneeded;
}
