/*
 * Whether the peer lets in whom it must turn away, or the reverse: a service may begin with words of its own, behind which it is another
 * one. Its first control says what it answers to whom it lets in.
 */
#include "check/evidence.h"

/* What the service answers to the first words of its first control, where these are others than the probe's; empty: it is as any. */
static struct bytes admission(const struct program *p, struct arena *keep)
{
    const struct service *s = p->vector->service;
    const struct named_steps *first = s->first_control ? service_control(s, s->first_control) : NULL;
    struct vector v = { .id = "", .service = s, .clauses = s->end.clauses };
    struct program *c = ARENA_NEW(keep, struct program);
    struct error ignored;

    if (!first || first == s->probe || p->us != PARTY_CLIENT)
        return (struct bytes){ 0 };
    v.steps = first->steps;
    if (!program_compile(&v, &p->profile, 0, PARTY_CLIENT, keep, c, &ignored))
        return (struct bytes){ 0 };
    for (size_t i = 0; i < c->count; i++)
        if (c->ops[i].kind == OP_RECEIVE)
            return c->ops[i].bytes;
    return (struct bytes){ 0 };
}

/* Whether the op is the first on its connection that the peer says something by; behind it the peer is to end, or not. */
static bool is_first(const struct evidence *e, bool then_ends)
{
    const struct program *p = e->program;
    size_t at = (size_t)(e->op - p->ops), next = at + 1;

    for (size_t i = 0; i < at; i++)
        if (p->ops[i].kind == OP_RECEIVE && p->ops[i].on == e->op->on)
            return false;
    while (next < p->count && p->ops[next].on != e->op->on)
        next++;
    return (next < p->count && p->ops[next].kind == OP_AWAIT_END) == then_ends;
}

const char *cause_let_in(const struct evidence *e)
{
    struct bytes in = admission(e->program, e->keep);

    if (!in.len || bytes_equal(in, e->due) || !bytes_begin(in, e->got) || !is_first(e, true))
        return NULL;
    return "the peer let in whom it must turn away";
}

static bool is_zero(struct bytes b)
{
    for (size_t i = 0; i < b.len; i++)
        if (b.data[i])
            return false;
    return true;
}

const char *cause_turned_away(const struct evidence *e)
{
    struct bytes in = admission(e->program, e->keep);
    bool ended = false, ours = false; // whose end came first

    for (size_t i = 0; i < e->trace->count && !ended && !ours; i++) {
        const struct trace_event *t = &e->trace->events[i];
        ended = t->kind == TRACE_FIN && t->on == e->op->on;
        ours = t->kind == TRACE_FIN_SENT && t->on == e->op->on;
    }
    if (!in.len || !bytes_equal(in, e->due) || e->got.len != in.len || (!ended && !is_zero(e->got)) || !is_first(e, false))
        return NULL;
    return ended ? "the peer turned away whom it must let in, and ended" : "the peer turned away whom it must let in";
}
