/*
 * Each direction is a stream of its own, with a table of objects of its own. A byte that no reader can make sense of stays one, whatever follows, and
 * so does what every reader takes and no writer says. An end amid a message is one where that side ended its direction itself, or reset the connection
 * while the other still spoke.
 */
#include "app/proxy_format.h"

static const struct vector format = { .id = "format" };

/* A direction that breaks the format. */
struct breach {
    bool is;
    const struct finding *why;
    int64_t us; // when what breaks it was said
};

/* What a reader takes, and no writer says. */
static const struct {
    const char *cause, *clause, *what;
} oddities[] = {
    [ODD_LENGTH] = { "length-escape",   "STR-5", "a length in a longer form than it needs: a reader takes it, MFC does not write it" },
    [ODD_COUNT]  = { "count-escape",    "TAB-5", "a count in a longer form than it needs: a reader takes it, MFC does not write it" },
    [ODD_TAG]    = { "tag-form",        "OBJ-1", "the tag of an object or class in a longer form than its index needs: a reader takes it, MFC does not write it" },
    [ODD_CLASS]  = { "described-again", "OBJ-8", "a class is described that was described before, as if its archive began anew: in one archive its index stands there" },
};

/* How a side ended what it says: by its FIN, or by a RST before the other one had ended; NULL: not of its own accord. */
static const struct heard_event *end_of(const struct overheard_talk *t, enum party side)
{
    bool other_over = false;

    for (size_t i = 0; i < t->count; i++) {
        const struct heard_event *e = &t->events[i];
        if (e->from == side && (e->kind == HEARD_END || (e->kind == HEARD_RESET && !other_over)))
            return e;
        other_over |= e->from != side && e->kind != HEARD_DATA;
    }
    return NULL;
}

/* When the byte at an offset was said, or the last one where it is behind that. */
static int64_t said_at(const struct overheard_talk *t, enum party side, size_t at)
{
    size_t before = 0;
    int64_t us = 0;

    for (size_t i = 0; i < t->count; i++) {
        if (t->events[i].kind != HEARD_DATA || t->events[i].from != side)
            continue;
        before += t->events[i].len;
        us = t->events[i].us;
        if (at < before)
            break;
    }
    return us;
}

/* The register calls a section of the fact sheet TAB. */
static const char *clause_of(const struct decoding *d, struct arena *keep)
{
    const char *clause = d->clause ? d->clause : d->of.type ? d->of.type->clause : NULL;

    return clause && *clause >= '0' && *clause <= '9' ? arena_printf(keep, "TAB-%s", clause) : clause;
}

/* Clauses end with NULL. */
static const struct finding *finding_of(size_t message, size_t at, const char *cause, const char *const *clauses, const char *what, struct arena *keep)
{
    struct finding *f = ARENA_NEW(keep, struct finding);
    TEXT(cited);

    for (size_t i = 0; clauses[i]; i++)
        text_printf(&cited, "%s%s", i ? ", " : " [", clauses[i]);
    text_add(&cited, clauses[0] ? "]" : "");
    *f = (struct finding){ .check = { arena_printf(keep, "message-%zu", message), clauses, LEVEL_MUST }, .grade = GRADE_FAIL, .cause = cause };
    f->sentence = arena_printf(keep, "byte %zu of what it says: %s%s", at, what, text_string(&cited));
    return f;
}

static const char *const *cite(const char *first, const char *second, struct arena *keep)
{
    const char **clauses = ARENA_ARRAY(keep, 3, const char *);
    size_t count = 0;

    if (first)
        clauses[count++] = first;
    if (second)
        clauses[count] = second;
    return clauses;
}

static const struct finding *cut_off(const struct decoding *d, const struct heard_event *end, struct arena *keep)
{
    const char *what = arena_printf(keep, "%s in the middle of a message, behind %zu whole one%s", end->kind == HEARD_END ? "its direction ends" : "it resets the connection",
                                    d->value_count, d->value_count == 1 ? "" : "s");

    return finding_of(d->value_count + 1, d->at, end->kind == HEARD_END ? "ended-early" : "reset", cite("TAB-7.3", clause_of(d, keep), keep), what, keep);
}

/* asked: all that the client said was read as requests; otherwise what a server says to what was not read is not judged. */
static struct breach breach_of(const struct format_check *c, const struct overheard_talk *t, enum party side, struct layout_requests *requests,
                               bool *asked, bool *looked, struct arena *keep)
{
    const struct heard_event *end = end_of(t, side);
    struct bytes said = buffer_bytes(&t->said[side]);
    struct decoding d = { 0 };
    struct breach b = { 0 };

    layout_decode(c->layouts[side], side == PARTY_CLIENT ? LAYOUT_CLIENT : LAYOUT_SERVER, said, &c->profile, NULL, requests, keep, &d);
    bool unknown = requests->exceeded && !*asked;
    *looked |= !unknown || d.value_count;
    if (side == PARTY_CLIENT)
        *asked = d.status == WIRE_OK;
    if (d.odd.kind && (d.status != WIRE_BAD || d.odd.at < d.at))
        b = (struct breach){ true, finding_of(d.odd_number ? d.odd_number : d.value_count + 1, d.odd.at, oddities[d.odd.kind].cause, cite(oddities[d.odd.kind].clause, NULL, keep),
                                              oddities[d.odd.kind].what, keep), said_at(t, side, d.odd.at) };
    else if (d.status == WIRE_BAD && !unknown)
        b = (struct breach){ true, finding_of(d.value_count + 1, d.at, d.cause == CAUSE_BAD_INDEX ? "wrong-index" : "bad-format", cite(clause_of(&d, keep), NULL, keep),
                                              d.reason ? d.reason : "no such value", keep), said_at(t, side, d.at) };
    else if (d.status == WIRE_SHORT && end)
        b = (struct breach){ true, cut_off(&d, end, keep), end->us };
    return b;
}

void format_judge(const struct format_check *c, const struct overheard_talk *t, struct arena *keep, struct overheard_judgement *out)
{
    struct layout_requests requests = { 0 }; // of the client's side, which is read first
    struct breach first = { 0 };
    bool looked = false, asked = false;

    *out = (struct overheard_judgement){ .verdict = OVERHEARD_NOT_JUDGED, .text = "nothing was said that a layout describes" };
    for (int side = 0; side < 2; side++) {
        if (!c->layouts[side] || !c->layouts[side]->from[side] || !t->said[side].len)
            continue;
        struct breach b = breach_of(c, t, (enum party)side, &requests, &asked, &looked, keep);
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
