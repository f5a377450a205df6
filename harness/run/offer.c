#include "run/offer.h"

bool vector_has_step(const struct vector *v, enum step_kind kind)
{
    for (size_t i = 0; i < v->steps.count; i++)
        if (v->steps.items[i].kind == kind)
            return true;
    return false;
}

const struct vector *offer_alone(const struct vector *v, struct arena *keep)
{
    const struct steps *s = &v->steps;
    size_t apart = 0;

    while (apart < s->count && strcmp(s->items[apart].on, s->items[0].on) == 0)
        apart++;
    for (size_t i = apart; i < s->count; i++)
        if (strcmp(s->items[i].on, s->items[0].on) == 0)
            return NULL;
    if (apart == s->count)
        return v;
    struct vector *alone = ARENA_NEW(keep, struct vector);
    *alone = *v;
    alone->steps.count = apart;
    return alone;
}

bool offer_has_type(const struct offer *f, struct type_ref t)
{
    size_t len = strlen(t.type->name);

    for (const char *at = f->types; at && *at;) {
        size_t n = strcspn(at, ",");
        if (n == len && memcmp(at, t.type->name, len) == 0)
            return true;
        at += n + (at[n] == ',');
    }
    return f->types == NULL;
}

const char *offer_excuse(const struct offer *f, const struct run_options *o, const struct profile *p, const struct vector *v,
                         struct arena *keep, enum verdict *verdict)
{
    bool ours = o->manifest && !o->hold;

    *verdict = VERDICT_SKIPPED;
    if (v->predicate && !profile_matches(p, v->predicate))
        return arena_printf(keep, "for peers of profile %s", v->predicate);
    if (v->dial && strcmp(v->dial, o->peer_dials ? "peer" : "us") != 0)
        return o->peer_dials ? "for peers that listen" : "for peers that dial";
    if (vector_has_step(v, STEP_LISTEN) && !ours)
        return "needs a peer that arcwire starts, to hear that it was refused";
    if (ours && o->manifest->stdio && vector_has_step(v, STEP_RESET))
        return "needs TCP: a pair of local sockets is never reset";
    if (ours && o->manifest->stdio && !offer_alone(v, keep))
        return "needs one program that serves several connections: each has a process of its own";
    *verdict = VERDICT_UNSUPPORTED;
    for (size_t i = 0; i < v->need_count; i++)
        if (!offer_has_type(f, v->needs[i]))
            return arena_printf(keep, "the peer does not offer %s", v->needs[i].type->name);
    return NULL;
}
