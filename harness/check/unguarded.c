/*
 * Each change is made in a copy of the trace's events, in one place, and the copy is judged. Where a message ends is found as judge
 * finds it, by match_op; so a place is an op, and an offset in what came for it.
 *
 * Most changes are noticed at the op whose message they are in, and all before it is as it was. So that op is asked first, by itself,
 * with no copy of the whole; judge is asked where the message would still be right, or goes on. See hunt_is_wrong.
 *
 * What a session would have done behind the change is not asked: it ends the play where a byte is wrong, which judge sees at
 * the same byte. What the peer told and we said back is as it was; see said_again.
 */
#include "check/unguarded.h"

#include "check/hunt.h"

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
        if ((op->kind != OP_RECEIVE && op->kind != OP_SILENT) || hunt_fields_of(op)->count == 0)
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
    const struct fields *fields = hunt_fields_of(op);

    look_at_reason(h, hunt_reason_of_step(op));
    for (size_t i = 0; i < fields->count && (op->kind == OP_RECEIVE || op->kind == OP_SILENT); i++)
        if (hunt_name_of(&fields->items[i]))
            look_at_reason(h, hunt_reason_of(h->p, op, hunt_name_of(&fields->items[i])));
}

/* Whatever is changed in what came for an op; the tables are then as behind it. */
static void try_span(struct hunt *h, const struct came_for *s, const struct came_for *next)
{
    const struct op *op = &h->p->ops[s->op];

    hunt_bytes(h, s);
    hunt_fields(h, s);
    if (next && !hunt_is_stopped(h))
        hunt_order(h, s, next);
    if (!s->starts)
        return;
    if (!hunt_is_stopped(h))
        hunt_early(h, s);
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
    for (size_t at = 0; at < p->count && !hunt_is_stopped(&h); at++)
        hunt_op(&h, at);
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
        hunt_append(sum, p, keep);
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
