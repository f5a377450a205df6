/*
 * Who has read a number with a sign that it has not, or without one that it has, may find no room for it when it is to be stored again, and
 * end the connection: some languages raise an exception there.
 */
#include "check/history.h"
#include "check/mistake.h"

/* Whether no number of the type has these bits otherwise than with that sign. */
static bool has_highest_bit(const struct value *v)
{
    const struct type *t = v->of.type;

    return t->kind == VALUE_INTEGER && t->width && v->number >> (8 * t->width - 1) & 1;
}

static void also(const struct evidence *e, struct finding *f, const struct type *t)
{
    const struct mistake *m = mistake_table;
    const char *from = "%ss", *rest;

    while (m->deed != (t->is_signed ? DEED_NO_SIGN : DEED_SIGN))
        m++;
    rest = strncmp(m->summary, from, strlen(from)) == 0 ? m->summary + strlen(from) : m->summary;
    const char *summary = arena_printf(e->keep, "%ss%s", t->mfc, rest);
    for (size_t i = 0; i < f->other_count; i++)
        if (f->others[i].summary && strcmp(f->others[i].summary, summary) == 0)
            return;
    if (f->other_count == OTHERS_TOLD)
        return;
    f->others[f->other_count].cause = m->key;
    f->others[f->other_count++].summary = summary;
}

void cause_overflows(const struct evidence *e, struct finding *f)
{
    struct history h;

    history_make(e, &h);
    for (size_t i = h.due; i < h.count; i++)
        if (h.shows[i] != SIZE_MAX && h.parts[h.shows[i]].is_value && has_highest_bit(&h.parts[h.shows[i]].value))
            also(e, f, h.parts[h.shows[i]].value.of.type);
}
