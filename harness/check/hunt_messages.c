#include "check/altered.h"
#include "check/hunt.h"

#define WHOLE_MAX  256   // bytes of a message up to which each is changed
#define EDGE       64    // of a longer one: its first and last ones
#define DRAWN      64    // … and as many in between, evenly
#define LONG       65536 // … of one beyond that EDGE_LONG and DRAWN_LONG: judging it takes long
#define EDGE_LONG  8
#define DRAWN_LONG 8
#define FIELDS_MAX 64    // fields of a message up to which each is tried; else the first and last ones

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
    size_t offset, i = altered_event_of(h->t, on, at, &offset);
    uint8_t was = h->t->events[i].data.data[offset], others[] = { (uint8_t)(was + 1), was ^ 0x80, 0x00, 0xff };

    for (size_t k = 0; k < sizeof others; k++) {
        SCRATCH(scratch);
        if (others[k] == was)
            continue;
        if (hunt_is_wrong_with(h, s, at, 1, (struct bytes){ &others[k], 1 }))
            return true;
        struct trace t = altered_copy(h->t, &scratch);
        altered_exchange(&t, on, at, 1, (struct bytes){ &others[k], 1 });
        if (hunt_noticed(h, &t, &scratch))
            return true;
    }
    return false;
}

/* Whether the copy brings the same for an op: then what was changed is what stands behind it. */
static bool brings_same(const struct hunt *h, const struct trace *t, unsigned on, const struct came_for *s, struct arena *keep)
{
    return bytes_equal(altered_came(t, on, s->begin, s->end, keep), altered_came(h->t, on, s->begin, s->end, keep));
}

static bool length_noticed(const struct hunt *h, unsigned on, const struct came_for *s, size_t at)
{
    size_t offset, i = altered_event_of(h->t, on, at, &offset);
    uint8_t was = h->t->events[i].data.data[offset];
    const struct {
        size_t len;
        struct bytes put;
    } ways[] = { { 1, { 0 } }, { 0, { &was, 1 } }, { 0, BYTES(0x00) } };
    bool same = true;

    for (size_t k = 0; k < COUNT_OF(ways); k++) {
        SCRATCH(scratch);
        if (hunt_is_wrong_with(h, s, at, ways[k].len, ways[k].put))
            return true;
        struct trace t = altered_copy(h->t, &scratch);
        altered_exchange(&t, on, at, ways[k].len, ways[k].put);
        if (hunt_noticed(h, &t, &scratch))
            return true;
        same &= s->starts && brings_same(h, &t, on, s, &scratch);
    }
    return same;
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

void hunt_bytes(struct hunt *h, const struct came_for *s)
{
    const struct op *op = &h->p->ops[s->op];
    const struct fields *fields = hunt_fields_of(op);
    size_t field = 0;

    for (size_t at = 0; at < s->end - s->begin; at++) {
        while (s->starts && field + 1 < fields->count && at >= s->starts[field + 1])
            field++;
        if (!is_tried(h, s, at))
            continue;
        if (hunt_is_stopped(h))
            return;
        const struct field *f = s->starts ? &fields->items[field] : NULL;
        h->out->changes += 2;
        if ((!f || !said_again(h, s->op, f)) && !value_noticed(h, op->on, s, s->begin + at))
            hunt_add(h, CHANGE_VALUE, s->op, f, at, 1);
        if (!length_noticed(h, op->on, s, s->begin + at))
            hunt_add(h, CHANGE_LENGTH, s->op, f, at, 1);
    }
}

/* ---- fields and messages ---- */

/* Two neighbours change places: [from, amid) and [amid, to). True, too, where they do not differ. */
static bool exchange_noticed(const struct hunt *h, unsigned on, const struct came_for *s, size_t from, size_t amid, size_t to)
{
    SCRATCH(scratch);
    struct bytes all = altered_came(h->t, on, from, to, &scratch);
    CLEANUP(buffer_free) struct buffer other = { 0 };

    buffer_append(&other, all.data + (amid - from), to - amid);
    buffer_append(&other, all.data, amid - from);
    if (bytes_equal(all, buffer_bytes(&other)) || hunt_is_wrong_with(h, s, from, to - from, buffer_bytes(&other)))
        return true;
    struct trace t = altered_copy(h->t, &scratch);
    altered_replace(&t, on, from, buffer_bytes(&other));
    return hunt_noticed(h, &t, &scratch);
}

static bool cut_noticed(const struct hunt *h, unsigned on, const struct came_for *s, size_t at)
{
    SCRATCH(scratch);

    if (hunt_is_wrong(h, s, bytes_slice(h->came[on], s->begin, at), true))
        return true;
    struct trace t = altered_copy(h->t, &scratch);
    altered_leave_out(&t, on, s->begin + at, h->came[on].len);
    return hunt_noticed(h, &t, &scratch);
}

void hunt_fields(struct hunt *h, const struct came_for *s)
{
    const struct op *op = &h->p->ops[s->op];
    const struct fields *fields = hunt_fields_of(op);

    for (size_t i = 0; s->starts && i < fields->count && !hunt_is_stopped(h); i++) {
        size_t at = s->starts[i];
        if (!field_is_tried(fields, i) || s->begin + at == s->end)
            continue;
        h->out->changes++;
        if (!cut_noticed(h, op->on, s, at))
            hunt_add(h, CHANGE_CUT, s->op, &fields->items[i], at, s->end - s->begin - at);
        if (i + 1 == fields->count || s->end - s->begin > LONG || fields->items[i].any || fields->items[i + 1].any)
            continue; // of what may be any the value has been changed already
        h->out->changes++;
        if (!exchange_noticed(h, op->on, s, s->begin + at, s->begin + s->starts[i + 1], s->begin + s->starts[i + 2]))
            hunt_add(h, CHANGE_FIELDS, s->op, &fields->items[i], at, s->starts[i + 2] - at);
    }
}

/* Whether two messages are the same but for what may be any: of that each value has been changed already. */
static bool may_be_same(const struct op *a, const struct op *b)
{
    const struct fields *x = hunt_fields_of(a), *y = hunt_fields_of(b);
    struct bytes due[] = { a->kind == OP_SILENT ? a->answer : a->bytes, b->kind == OP_SILENT ? b->answer : b->bytes };
    bool same = x->count == y->count && bytes_equal(due[0], due[1]), any = false;

    for (size_t i = 0; i < x->count && same; i++) {
        same = x->items[i].any == y->items[i].any && x->items[i].len == y->items[i].len;
        any |= x->items[i].any;
    }
    return same && any;
}

void hunt_order(struct hunt *h, const struct came_for *s, const struct came_for *next)
{
    unsigned on = h->p->ops[s->op].on;

    if (!s->starts || !next->starts || may_be_same(&h->p->ops[s->op], &h->p->ops[next->op]) || s->end != next->begin || next->end - s->begin > LONG || h->p->ops[next->op].on != on)
        return;
    h->out->changes++;
    if (!exchange_noticed(h, on, s, s->begin, s->end, next->end))
        hunt_add(h, CHANGE_ORDER, s->op, NULL, 0, s->end - s->begin);
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

void hunt_early(struct hunt *h, const struct came_for *s)
{
    SCRATCH(scratch);
    const struct op *op = &h->p->ops[s->op];
    size_t asked = asked_at(h, s->op), offset, first = altered_event_of(h->t, op->on, s->begin, &offset);

    if (asked >= first)
        return;
    struct trace t = altered_copy(h->t, &scratch);
    struct trace_event e = { .kind = TRACE_RECEIVED, .on = (uint8_t)op->on, .op = t.events[asked].op, .us = t.events[asked].us };
    e.data = altered_came(h->t, op->on, s->begin, s->end, &scratch);
    altered_leave_out(&t, op->on, s->begin, s->end);
    altered_insert(&t, asked, e);
    h->out->changes++;
    if (!hunt_noticed(h, &t, &scratch))
        hunt_add(h, CHANGE_EARLY, s->op, NULL, 0, s->end - s->begin);
}
