/*
 * Which cases can be played from the server's side, against a program that asks.
 *
 * Most cases were written about servers. What a right client never says, what only arcwire can choose, and what the
 * client alone can see is left out; the rest is the same transcript from the other side.
 */
#include "vector/program.h"

static bool is_narrow_only(const struct item *i)
{
    return i->of.type && strcmp(i->of.type->name, "cstringa") == 0;
}

static bool is_wide_only(const struct item *i)
{
    return i->of.type && strcmp(i->of.type->name, "cstringw") == 0;
}

/* Why what a party says cannot be said, or heard, when arcwire is the server. */
static const char *words_unfit(const struct step *s, const struct profile *p)
{
    for (const struct item *i = s->items; i < s->items + s->item_count; i++) {
        if (s->who == PARTY_SERVER && i->kind == ITEM_ANY)
            return "what the server says is left to the server";
        if (s->who == PARTY_SERVER)
            continue;
        if (p->charset == CHARSET_UNICODE ? is_narrow_only(i) : is_wide_only(i))
            return "a client writes strings in the width of its build, and these are of the other";
    }
    return NULL;
}

/* Whether a text says {name}. */
static bool tells(const char *template, const char *name)
{
    size_t len = strlen(name);

    for (const char *at = template; at && (at = strstr(at, name)); at++)
        if (at > template && at[-1] == '{' && at[len] == '}')
            return true;
    return false;
}

/* Why a value that the client chooses, where arcwire would draw it, cannot be said again as it is from step `at` on. */
static const char *chosen_unfit(const struct steps *steps, size_t at, const struct item *drawn)
{
    bool plain = drawn->of.type->kind == VALUE_INTEGER || drawn->of.type->kind == VALUE_BYTES;

    for (size_t k = at; drawn->name && k < steps->count; k++)
        for (const struct item *i = steps->items[k].items; i < steps->items[k].items + steps->items[k].item_count; i++) {
            if (i->kind == ITEM_VALUE && tells(i->template, drawn->name))
                return "what the client chooses is said in a text";
            if (i->kind == ITEM_REUSE && strcmp(i->name, drawn->name) == 0 && (k == at || !plain))
                return "what the client chooses is said again in the same message, or is no number";
        }
    return NULL;
}

static const char *choices_unfit(const struct steps *steps, size_t at)
{
    const struct step *s = &steps->items[at];
    const char *why = NULL;

    for (size_t i = 0; s->who == PARTY_CLIENT && !why && i < s->item_count; i++)
        if (s->items[i].kind == ITEM_DRAW)
            why = chosen_unfit(steps, at, &s->items[i]);
    return why;
}

/* Whether the client goes on with its message. */
static bool goes_on(const struct steps *steps, size_t at)
{
    const struct step *s = &steps->items[at];

    for (size_t i = at + 1; i < steps->count; i++)
        if (steps->items[i].kind == STEP_SAY && steps->items[i].who == s->who && strcmp(steps->items[i].on, s->on) == 0)
            return true;
    return false;
}

static const char *steps_unfit(const struct steps *steps, const struct profile *p)
{
    for (size_t i = 0; i < steps->count; i++) {
        const struct step *s = &steps->items[i];
        const char *why = s->kind == STEP_SAY ? words_unfit(s, p) : NULL;
        if (why || (why = choices_unfit(steps, i)))
            return why;
        if (s->kind == STEP_SAY && s->who == PARTY_CLIENT && s->part && !goes_on(steps, i))
            return "the client stops amid a message";
        if (s->kind == STEP_PAUSE && s->who == PARTY_CLIENT)
            return "that a client does not read is not to be seen";
        if (s->kind == STEP_LISTEN)
            return "the port is open from the beginning";
    }
    return NULL;
}

static bool is_heard(const struct steps *steps)
{
    for (size_t i = 0; i < steps->count; i++)
        if (steps->items[i].kind == STEP_SAY && steps->items[i].who == PARTY_CLIENT && steps->items[i].least > 0)
            return true;
    return false;
}

const char *vector_unserved(const struct vector *v, const struct profile *p)
{
    const struct service *s = v->service;
    const char *why;

    if (v->play && strcmp(v->play, "client") == 0)
        return "about servers: no right client says this";
    if (v->row || v->family)
        return "about servers: it asks what they make of a value";
    if ((why = steps_unfit(&s->prologue, p)) || (why = steps_unfit(&v->steps, p)) || (why = steps_unfit(&s->epilogue, p)))
        return why;
    return is_heard(&v->steps) ? NULL : "the client says nothing, so that one that is dead would pass";
}

void program_open_early(struct program *p)
{
    size_t to = 0; // behind the connections that are there

    for (size_t i = 0; i < p->count; i++) {
        struct op op = p->ops[i];
        if (op.kind != OP_OPEN)
            continue;
        if (op.step >= 0 && p->vector->steps.items[op.step].kind == STEP_OPEN) {
            to = i + 1;
            continue;
        }
        memmove(&p->ops[to + 1], &p->ops[to], (i - to) * sizeof op);
        p->ops[to++] = op;
    }
}
