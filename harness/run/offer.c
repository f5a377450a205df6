#include "run/offer.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "run/ask.h"

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

/* Whether a name stands in a list joined by commas. */
static bool is_listed(const char *list, const char *name, size_t len)
{
    for (const char *at = list; *at;) {
        size_t n = strcspn(at, ",");
        if (n == len && memcmp(at, name, len) == 0)
            return true;
        at += n + (at[n] == ',');
    }
    return false;
}

bool offer_has_type(const struct offer *f, struct type_ref t)
{
    return !f->types || is_listed(f->types, t.type->name, strlen(t.type->name));
}

/* A number that is all of a text, and not 0. */
static bool number_of(const char *text, uint64_t *out)
{
    char *end;

    errno = 0;
    *out = strtoull(text, &end, 10);
    return isdigit((unsigned char)*text) && !*end && !errno && *out > 0;
}

static bool ops_are_numbers(const char *list)
{
    return *list && list[strspn(list, "0123456789,")] == 0;
}

const char *offer_learn(struct offer *f, const struct service *s, const char *lines, struct arena *keep)
{
    char *rest = arena_string(keep, lines);

    for (char *line; (line = strsep(&rest, "\n"));) {
        char *value = strchr(line, '=');
        if (!value) {
            if (*line)
                return arena_printf(keep, "\"%s\" is no key=value", line);
            continue;
        }
        *value++ = 0;
        struct {
            const char *key;
            uint64_t *number;
        } limits[] = { { s->information.max_bytes, &f->max_bytes }, { s->information.max_depth, &f->max_depth } };
        for (size_t i = 0; i < COUNT_OF(limits); i++)
            if (limits[i].key && strcmp(limits[i].key, line) == 0 && !number_of(value, limits[i].number))
                return arena_printf(keep, "%s=%s: a limit is a number", line, value);
        if (s->information.ops && strcmp(s->information.ops, line) == 0) {
            if (!ops_are_numbers(value))
                return arena_printf(keep, "%s=%s: requests are numbers, joined by commas", line, value);
            f->ops = value;
        }
    }
    return NULL;
}

/* The first request of a case that the peer may leave out, and says that it does; false where there is none. */
static bool asks_too_much(const struct offer *f, const struct vector *v, uint64_t *op)
{
    bool begins[2] = { true, true };
    char digits[24];

    for (size_t i = 0; f->ops && i < v->steps.count; i++) {
        const struct step *step = &v->steps.items[i];
        if (step->kind != STEP_SAY)
            continue;
        bool first = begins[step->who];
        begins[step->who] = !step->part;
        const struct item *item = step->items;
        if (step->who != PARTY_CLIENT || !first || !step->item_count || item->kind != ITEM_VALUE || item->of.type->kind != VALUE_INTEGER)
            continue;
        *op = item->value.number;
        int len = snprintf(digits, sizeof digits, "%" PRIu64, *op);
        for (size_t k = 0; k < v->service->information.request_count; k++)
            if (v->service->information.requests[k] == *op && !is_listed(f->ops, digits, (size_t)len))
                return true;
    }
    return false;
}

static uint64_t depth_of(const struct value *v)
{
    uint64_t deepest = 0;

    for (size_t i = 0; v->items && i < v->count && (!v->of.type || v->of.type->kind != VALUE_ARRAY); i++) {
        uint64_t depth = depth_of(&v->items[i]);
        deepest = depth > deepest ? depth : deepest;
    }
    return deepest + (v->of.type && v->of.type->kind == VALUE_OBJECT && v->class);
}

/* How deep objects stand within objects in what is said. */
static uint64_t deepest(const struct vector *v)
{
    uint64_t most = 0, depth;

    for (size_t i = 0; v->row && v->row->values && i < v->row->count; i++)
        most = (depth = depth_of(&v->row->values[i])) > most ? depth : most;
    for (size_t i = 0; i < v->steps.count; i++)
        for (size_t k = 0; k < v->steps.items[i].item_count; k++)
            if (v->steps.items[i].items[k].kind == ITEM_VALUE)
                most = (depth = depth_of(&v->steps.items[i].items[k].value)) > most ? depth : most;
    return most;
}

static const char *too_long(const struct offer *f, uint64_t len, struct arena *keep)
{
    return f->max_bytes && len > f->max_bytes
               ? arena_printf(keep, "the peer takes messages of %" PRIu64 " bytes, and here is one of %" PRIu64, f->max_bytes, len)
               : NULL;
}

/* What a case asks beyond what the peer says that it takes, or NULL. */
static const char *excess(const struct offer *f, const struct profile *p, const struct vector *v, struct arena *keep)
{
    uint64_t n;

    for (size_t i = 0; i < v->need_count; i++)
        if (!offer_has_type(f, v->needs[i]))
            return arena_printf(keep, "the peer does not offer %s", v->needs[i].type->name);
    if (asks_too_much(f, v, &n))
        return arena_printf(keep, "the peer does not answer request %" PRIu64, n);
    if (f->max_depth && (n = deepest(v)) > f->max_depth)
        return arena_printf(keep, "the peer takes objects nested %" PRIu64 " deep, and here they are %" PRIu64, f->max_depth, n);
    const struct bytes *wire = v->family ? golden_for(v->row->load ? v->row->load : v->row->store, p, keep) : NULL;
    return wire ? too_long(f, wire->len, keep) : NULL;
}

const char *offer_excuse_program(const struct offer *f, const struct program *p, struct arena *keep)
{
    uint64_t most = 0, len = 0;

    for (size_t i = 0; i < p->count; i++) {
        const struct op *op = &p->ops[i];
        if (op->kind != OP_SEND && op->kind != OP_RECEIVE)
            continue;
        len = op->bytes.len + (op->kind == OP_SEND && i > 0 && p->ops[i - 1].kind == OP_SEND && !p->ops[i - 1].whole ? len : 0);
        most = len > most ? len : most;
    }
    return too_long(f, most, keep);
}

const char *offer_excuse(const struct offer *f, const struct run_options *o, const struct profile *p, const struct vector *v,
                         struct arena *keep, enum verdict *verdict)
{
    bool ours = o->manifest && !o->hold && o->play == PARTY_CLIENT;

    *verdict = VERDICT_SKIPPED;
    if (v->predicate && !profile_matches(p, v->predicate))
        return arena_printf(keep, "for peers of profile %s", v->predicate);
    if (v->dial && strcmp(v->dial, o->peer_dials ? "peer" : "us") != 0)
        return o->peer_dials ? "for peers that listen" : "for peers that dial";
    if (vector_has_step(v, STEP_LISTEN) && !ours)
        return "needs a peer that arcwire starts, to hear that it was refused";
    if (ours && o->manifest->stdio && vector_has_step(v, STEP_RESET))
        return "needs TCP: a pair of local sockets is never reset";
    if (!o->manifest && address_is_local(&o->address) && vector_has_step(v, STEP_RESET))
        return "needs TCP: a local socket is never reset";
    if (ours && o->manifest->stdio && !offer_alone(v, keep))
        return "needs one program that serves several connections: each has a process of its own";
    if (o->play == PARTY_CLIENT && v->play && strcmp(v->play, "server") == 0)
        return "for programs that ask";
    const char *unserved = o->play == PARTY_SERVER ? ask_excused(o, p, v, verdict) : NULL;
    if (unserved)
        return unserved;
    *verdict = VERDICT_UNSUPPORTED;
    return excess(f, p, v, keep);
}
