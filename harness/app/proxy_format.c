/*
 * Each direction is a stream of its own, with a table of objects of its own. A byte that no reader can make sense of stays one, whatever follows; an
 * end amid a message is one where that side ended its direction itself.
 */
#include "app/proxy_format.h"

static const struct vector format = { .id = "format" };

/* A direction that breaks the format. */
struct breach {
    bool is;
    const struct finding *why;
    int64_t us; // when what breaks it was said
};

static bool ended(const struct overheard_talk *t, enum party side, int64_t *us)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->events[i].kind == HEARD_END && t->events[i].from == side) {
            *us = t->events[i].us;
            return true;
        }
    return false;
}

static int64_t said_at(const struct overheard_talk *t, enum party side, size_t at)
{
    size_t before = 0;

    for (size_t i = 0; i < t->count; i++) {
        if (t->events[i].kind != HEARD_DATA || t->events[i].from != side)
            continue;
        before += t->events[i].len;
        if (at < before)
            return t->events[i].us;
    }
    return t->count ? t->events[t->count - 1].us : 0;
}

static const struct finding *finding_of(const struct decoding *d, const char *cause, const char *what, struct arena *keep)
{
    struct finding *f = ARENA_NEW(keep, struct finding);
    const char **clauses = ARENA_ARRAY(keep, 2, const char *);

    const char *clause = d->of.type ? d->of.type->clause : NULL; // how the value that it breaks is written
    if (clause)
        clauses[0] = *clause >= '0' && *clause <= '9' ? arena_printf(keep, "TAB-%s", clause) : clause;
    *f = (struct finding){ .check = { arena_printf(keep, "message-%zu", d->value_count + 1), clauses, LEVEL_MUST }, .grade = GRADE_FAIL, .cause = cause };
    f->sentence = arena_printf(keep, "byte %zu of what it says: %s%s%s%s", d->at, what, clauses[0] ? " [" : "", clauses[0] ? clauses[0] : "", clauses[0] ? "]" : "");
    return f;
}

static struct breach breach_of(const struct format_check *c, const struct overheard_talk *t, enum party side, struct layout_requests *requests,
                               struct arena *keep)
{
    struct bytes said = buffer_bytes(&t->said[side]);
    struct decoding d = { 0 };
    struct breach b = { 0 };

    layout_decode(c->layouts[side], side == PARTY_CLIENT ? LAYOUT_CLIENT : LAYOUT_SERVER, said, &c->profile, NULL, requests, keep, &d);
    if (d.status == WIRE_BAD)
        b = (struct breach){ true, finding_of(&d, "bad-format", d.reason ? d.reason : "no such value", keep), said_at(t, side, d.at) };
    else if (d.status == WIRE_SHORT && ended(t, side, &b.us))
        b = (struct breach){ true, finding_of(&d, "cut-off", arena_printf(keep, "its direction ends in the middle of a message, behind %zu whole one%s",
                                                                          d.value_count, d.value_count == 1 ? "" : "s"), keep), b.us };
    return b;
}

void format_judge(const struct format_check *c, const struct overheard_talk *t, struct arena *keep, struct overheard_judgement *out)
{
    struct layout_requests requests = { 0 }; // of the client's side, which is read first
    struct breach first = { 0 };
    bool looked = false;

    *out = (struct overheard_judgement){ .verdict = OVERHEARD_NOT_JUDGED, .text = "nothing was said that a layout describes" };
    for (int side = 0; side < 2; side++) {
        if (!c->layouts[side] || !c->layouts[side]->from[side] || !t->said[side].len)
            continue;
        struct breach b = breach_of(c, t, (enum party)side, &requests, keep);
        looked = true;
        if (b.is && (!first.is || b.us < first.us)) {
            first = b;
            out->side = (enum party)side;
        }
    }
    if (first.is)
        *out = (struct overheard_judgement){ .verdict = OVERHEARD_WRONG, .side = out->side, .of = &format, .why = first.why, .text = first.why->sentence, .certain = true };
    else if (looked)
        *out = (struct overheard_judgement){ .verdict = OVERHEARD_RIGHT, .of = &format };
}
