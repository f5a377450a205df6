/*
 * Silence, a refusal, an end: a peer that is dead, stuck, or refuses everything gives them, too. What tells these
 * peers from a right one are exchanges: words of the client with an answer that is no refusal.
 *
 *   the case              before it, on its connection    behind it
 *   expects silence       an exchange, unless nothing     an answer on its connection; none where the server refuses or
 *                         has been said                   ends before the client could ask
 *   expects a refusal     an exchange                     an answer on its connection, or the server's end
 *   expects an end or     an exchange                     an exchange on another connection; none behind the ordinary end,
 *   a reset, or resets                                    after the client's own and with nothing owed
 *   says something        -                               one of the above, or an answer; else an exchange on another
 *   expects another dial  -                               an answer on its connection
 *
 * What serves so must be of no lower level than what it serves: a failed should does not fail a run.
 *
 * A case is walked once into moments, one for each thing that is said or done; controls and prologue are written out.
 * What the service adds may serve as an exchange, and is no expectation of the case.
 */
#include "vector/controls.h"

#include "archive/objects.h"

#define NONE      SIZE_MAX
#define BEGINNING 64 // bytes of an answer that are looked at to know it for a refusal

enum moment_kind {
    OPENED,
    SAID, // by the client
    ANSWERED,
    REFUSED,
    SILENT,
    CLIENT_ENDED,
    SERVER_ENDED,
    CLIENT_RESET,
    SERVER_RESET,
    LISTENED,
};

struct moment {
    enum moment_kind kind;
    const char *on;
    bool whole;              // SAID: the message is complete
    size_t asked;            // ANSWERED, REFUSED: the moment of the words that it answers, or NONE
    const struct step *step; // of the case; NULL: what the service adds
    enum level level;
};

struct course {
    const struct service *service;
    struct moment *items;
    size_t count, room;
    struct arena *keep;
};

static bool is_on(const struct moment *m, const char *on)
{
    return strcmp(m->on, on) == 0;
}

static bool same_connection(const struct course *c, size_t a, size_t b)
{
    return is_on(&c->items[a], c->items[b].on);
}

/* How a step's words begin: as many bytes as are the same in every run. Returns the item that is not, or NULL. */
static const struct item *beginning(const struct step *step, struct buffer *to, struct arena *keep)
{
    struct object_table *table = object_table_new(keep);

    for (size_t i = 0; i < step->item_count && to->len < BEGINNING; i++) {
        const struct item *item = &step->items[i];
        if (item->kind == ITEM_BYTES)
            item_say(item, to);
        else if (item->kind == ITEM_VALUE && !item->template && value_storable(&item->value, &profile_default, table, &(struct error){ 0 }))
            value_store(to, &profile_default, table, &item->value);
        else
            return item;
    }
    return NULL;
}

/* Whether words of the server are one of the service's refusals, or may be one since any value is right. */
static bool is_refusal(const struct course *c, const struct step *step)
{
    const struct service *s = c->service;
    CLEANUP(buffer_free) struct buffer ours = { 0 };
    const struct item *open = s->refusal_count ? beginning(step, &ours, c->keep) : NULL;

    for (size_t i = 0; i < s->refusal_count; i++) {
        CLEANUP(buffer_free) struct buffer theirs = { 0 };
        if (s->refusals[i].steps.count == 0)
            continue;
        beginning(&s->refusals[i].steps.items[0], &theirs, c->keep);
        size_t common = bytes_common(buffer_bytes(&ours), buffer_bytes(&theirs));
        bool more = open ? open->kind == ITEM_ANY : step->part; // may come that is not known here
        if (theirs.len && (common == theirs.len || (common == ours.len && more)))
            return true;
    }
    return false;
}

static struct moment *moment_add(struct course *c, enum moment_kind kind, const char *on, const struct step *step)
{
    if (c->count == c->room) {
        c->room = c->room ? 2 * c->room : 16;
        struct moment *more = ARENA_ARRAY(c->keep, c->room, struct moment);
        if (c->count)
            memcpy(more, c->items, c->count * sizeof *more);
        c->items = more;
    }
    struct moment *m = &c->items[c->count++];
    *m = (struct moment){ .kind = kind, .on = on, .whole = true, .asked = NONE, .step = step,
                          .level = step ? step->check.level : LEVEL_MUST };
    return m;
}

static bool by_server(const struct moment *m)
{
    return m->kind == ANSWERED || m->kind == REFUSED;
}

/*
 * The words that an answer on a connection is for: the first message on it since its last answer. Where there is none, the
 * last words on another connection (what one member says the others hear), else what has come of a message on it, else
 * the words of the answer before (several in one).
 */
static size_t words_for(const struct course *c, const char *on)
{
    size_t own = NONE, others = NONE, amid = NONE, earlier = NONE;

    for (size_t i = c->count; i-- > 0 && earlier == NONE;) {
        const struct moment *m = &c->items[i];
        if (by_server(m) && is_on(m, on))
            earlier = m->asked;
        if (m->kind == SAID && is_on(m, on))
            *(m->whole ? &own : &amid) = i;
        else if (m->kind == SAID && others == NONE)
            others = i;
        if (by_server(m) && is_on(m, on))
            break;
    }
    return own != NONE ? own : others != NONE ? others : amid != NONE ? amid : earlier;
}

/* The last thing that the server said on a connection, or NULL. */
static const struct moment *last_answer(const struct course *c, const char *on)
{
    for (size_t i = c->count; i-- > 0;)
        if (by_server(&c->items[i]) && is_on(&c->items[i], on))
            return &c->items[i];
    return NULL;
}

static void said(struct course *c, const struct step *step, const char *on, const struct step *of)
{
    if (step->least == 0)
        return; // what need not come shows nothing
    if (step->who == PARTY_CLIENT) {
        moment_add(c, SAID, on, of)->whole = !step->part;
        return;
    }
    const struct moment *last = last_answer(c, on);
    bool goes_on = last && !last->whole; // the message that the last step began
    enum moment_kind kind = goes_on ? last->kind : is_refusal(c, step) ? REFUSED : ANSWERED;
    size_t asked = words_for(c, on);
    struct moment *m = moment_add(c, kind, on, of);
    m->asked = asked;
    m->whole = !step->part;
}

static void walk(struct course *c, const struct steps *steps, const char *on);

static void step_walk(struct course *c, const struct step *step, const char *on, const struct step *of)
{
    const struct named_steps *control;

    switch (step->kind) {
    case STEP_SAY:
        said(c, step, on, of);
        break;
    case STEP_CONTROL:
        if ((control = service_control(c->service, step->control))) // else compiling says so
            walk(c, &control->steps, on);
        break;
    case STEP_SILENT:
        if (step->who == PARTY_SERVER) // what a client must not say shows nothing about servers
            moment_add(c, SILENT, on, of);
        break;
    case STEP_END:
        moment_add(c, step->who == PARTY_CLIENT ? CLIENT_ENDED : SERVER_ENDED, on, of);
        break;
    case STEP_RESET:
        moment_add(c, step->who == PARTY_CLIENT ? CLIENT_RESET : SERVER_RESET, on, of);
        break;
    case STEP_LISTEN:
        moment_add(c, LISTENED, on, of);
        break;
    case STEP_OPEN:
    case STEP_PAUSE:
    case STEP_RESUME:
    case STEP_NEW_ARCHIVE:
        break;
    }
}

/* Steps of a service are about the connection of the step around them. */
static void walk(struct course *c, const struct steps *steps, const char *on)
{
    for (size_t i = 0; i < steps->count; i++)
        step_walk(c, &steps->items[i], on, NULL);
}

/* Whether one moment shows enough for another: where it fails, the other must not be left to pass. */
static bool serves(const struct moment *m, const struct moment *other)
{
    return m->level <= other->level;
}

static bool occurs(const struct course *c, size_t from, size_t end, enum moment_kind kind, const char *on)
{
    for (size_t i = from; i < end; i++)
        if (c->items[i].kind == kind && is_on(&c->items[i], on))
            return true;
    return false;
}

static bool stands_before(const struct course *c, enum moment_kind kind, size_t at)
{
    return occurs(c, 0, at, kind, c->items[at].on);
}

static bool stands_behind(const struct course *c, enum moment_kind kind, size_t at)
{
    return occurs(c, at + 1, c->count, kind, c->items[at].on);
}

static void case_walk(struct course *c, const struct steps *steps)
{
    const struct service *s = c->service;

    for (size_t i = 0; i < steps->count; i++) {
        const struct step *step = &steps->items[i];
        if (step->kind != STEP_LISTEN && !occurs(c, 0, c->count, OPENED, step->on)) {
            moment_add(c, OPENED, step->on, NULL);
            walk(c, &s->prologue, step->on);
        }
        step_walk(c, step, step->on, step);
    }
    for (size_t i = 0, end = c->count; s->epilogue.count && i < end; i++)
        if (c->items[i].kind == OPENED && !stands_behind(c, CLIENT_ENDED, i) && !stands_behind(c, SERVER_ENDED, i) &&
            !stands_behind(c, CLIENT_RESET, i) && !stands_behind(c, SERVER_RESET, i))
            walk(c, &s->epilogue, c->items[i].on);
}

/* The first moment behind on the connection that is one of a set, or NULL. */
static const struct moment *first_behind(const struct course *c, size_t at, unsigned set)
{
    for (size_t i = at + 1; i < c->count; i++)
        if (same_connection(c, i, at) && (set & 1u << c->items[i].kind))
            return &c->items[i];
    return NULL;
}

#define BY_SERVER (1u << ANSWERED | 1u << REFUSED | 1u << SERVER_ENDED | 1u << SERVER_RESET)
#define BY_CLIENT (1u << CLIENT_ENDED | 1u << CLIENT_RESET)

static bool is_end_for(const struct moment *m, const struct moment *other)
{
    return m && (m->kind == SERVER_ENDED || m->kind == SERVER_RESET) && serves(m, other);
}

/* Whether the client could ask something here: its direction is open and stands between messages. */
static bool may_ask(const struct course *c, size_t at)
{
    bool amid = false;

    for (size_t i = 0; i < at; i++)
        if (c->items[i].kind == SAID && same_connection(c, i, at))
            amid = !c->items[i].whole;
    return !amid && !stands_before(c, CLIENT_ENDED, at);
}

/* ---- what must stand before ---- */

static bool exchange_before(const struct course *c, size_t at)
{
    bool asked = false;

    for (size_t i = 0; i < at; i++) {
        const struct moment *m = &c->items[i];
        if (!same_connection(c, i, at))
            continue;
        asked |= m->kind == SAID;
        if (asked && m->kind == ANSWERED && serves(m, &c->items[at]))
            return true;
    }
    return false;
}

static bool exchange_before_or_first(const struct course *c, size_t at)
{
    return exchange_before(c, at) ||
           (!stands_before(c, SAID, at) && !stands_before(c, ANSWERED, at) && !stands_before(c, REFUSED, at));
}

/* The client's end brings the server's about: where that is not said, it is expected here. */
static bool exchange_or_end_told(const struct course *c, size_t at)
{
    return exchange_before(c, at) || stands_behind(c, ANSWERED, at) || stands_behind(c, SERVER_ENDED, at);
}

static bool nothing(const struct course *c, size_t at)
{
    (void)c, (void)at;
    return true;
}

/* ---- what must stand behind ---- */

/* From a moment on, an answer on the connection of another. */
static bool answer_from(const struct course *c, size_t from, size_t at)
{
    for (size_t i = from; i < c->count; i++)
        if (c->items[i].kind == ANSWERED && same_connection(c, i, at) && serves(&c->items[i], &c->items[at]))
            return true;
    return false;
}

static bool answer(const struct course *c, size_t at)
{
    return answer_from(c, at + 1, at);
}

/* An answer; or no place for it, since the server refuses or ends before the client could have asked. */
static bool answer_or_no_place(const struct course *c, size_t at)
{
    const struct moment *silence = &c->items[at], *next = first_behind(c, at, ~0u);
    const struct moment *m = first_behind(c, at, BY_SERVER | BY_CLIENT);

    if (answer(c, at) || is_end_for(next, silence))
        return true;
    if (!m || may_ask(c, at))
        return false;
    return 1u << m->kind & BY_SERVER ? serves(m, silence) : !may_ask(c, (size_t)(m - c->items));
}

/* An answer, or the server ends the connection before the client does. */
static bool answer_or_end(const struct course *c, size_t at)
{
    return answer(c, at) || is_end_for(first_behind(c, at, BY_CLIENT | 1u << SERVER_ENDED | 1u << SERVER_RESET), &c->items[at]);
}

/* Something is asked, and answered; on another connection, since this one is over. */
static bool survival(const struct course *c, size_t at)
{
    for (size_t i = at + 1; i < c->count; i++)
        if (c->items[i].kind == ANSWERED && c->items[i].asked != NONE && c->items[i].asked > at && serves(&c->items[i], &c->items[at]))
            return true;
    return false;
}

/* An end behind the client's own, where all that it said has been answered, is how every connection goes. */
static bool survival_unless_ordinary(const struct course *c, size_t at)
{
    bool ended = stands_before(c, CLIENT_ENDED, at), owed = false;

    for (size_t i = 0; i < at; i++)
        if (same_connection(c, i, at) && (c->items[i].kind == SAID || by_server(&c->items[i])))
            owed = c->items[i].kind != ANSWERED;
    return (ended && !owed) || survival(c, at);
}

/* Words lead to something that is judged, here or on another connection, or are survived. */
static bool consequence(const struct course *c, size_t at)
{
    bool answered = first_behind(c, at, BY_SERVER | 1u << SILENT | 1u << CLIENT_RESET) != NULL;

    for (size_t i = at + 1; i < c->count; i++)
        answered |= c->items[i].kind == ANSWERED && c->items[i].asked == at;
    return answered || survival(c, at);
}

// clang-format off
#define ON    "on connection"
#define OTHER "on another connection than"

static const struct need {
    enum moment_kind kind;
    const char *does;
    bool (*before)(const struct course *c, size_t at);
    const char *passes_before; // who would otherwise
    bool (*behind)(const struct course *c, size_t at);
    const char *lacks_behind, *passes_behind;
} needs[] = {
    { SAID,         "is not answered",            nothing, "",
      consequence, "no exchange stands behind it " ON, "a peer that died of it" },
    { SILENT,       "expects silence",            exchange_before_or_first, "a dead peer",
      answer_or_no_place, "no answer stands behind it " ON, "a peer that hangs" },
    { REFUSED,      "expects a refusal",          exchange_before, "a peer that refuses everything",
      answer_or_end, "neither an answer nor the server's end stands behind it " ON, "a peer that refuses from then on" },
    { CLIENT_ENDED, "ends",                       exchange_or_end_told, "a peer that ends every connection",
      nothing, "", "" },
    { SERVER_ENDED, "expects the server's end",   exchange_before, "a peer that ends every connection",
      survival_unless_ordinary, "no exchange stands behind it " OTHER, "a peer that died of it" },
    { CLIENT_RESET, "resets",                     exchange_before, "a peer that never served it",
      survival, "no exchange stands behind it " OTHER, "a peer that died of it" },
    { SERVER_RESET, "expects the server's reset", exchange_before, "a peer that resets every connection",
      survival, "no exchange stands behind it " OTHER, "a peer that died of it" },
    { LISTENED,     "expects another attempt",    nothing, "",
      answer, "no answer stands behind it " ON, "a peer that only says so" },
};
// clang-format on

static const struct need *need_of(enum moment_kind kind)
{
    for (const struct need *n = needs; n < needs + COUNT_OF(needs); n++)
        if (n->kind == kind)
            return n;
    return NULL;
}

/* Without a control the server's words on the connection must do; without any, nothing is a must. */
static bool excused(const struct course *c, size_t at, struct error *err)
{
    const struct step *step = c->items[at].step;

    return answer_from(c, 0, at) || step->check.level != LEVEL_MUST ||
           json_error(step->at, err, "has no control, and the server says nothing on connection \"%s\": at most should", step->on);
}

/* Whether something is asked and answered at all; *words: whether the server says anything. */
static bool has_exchange(const struct course *c, bool *words)
{
    bool exchange = false;

    for (size_t i = 0; i < c->count; i++) {
        *words |= c->items[i].kind == ANSWERED;
        exchange |= c->items[i].kind == ANSWERED && c->items[i].asked != NONE;
    }
    return exchange;
}

bool controls_stand(const struct vector *v, struct arena *scratch, struct error *err)
{
    const struct service *s = v->service;
    struct course c = { .service = s, .keep = scratch };
    bool used = false, words = false; // the case's "no-control"; the server says something

    case_walk(&c, &v->steps);
    for (size_t i = 0; i < c.count; i++) {
        const struct need *n = c.items[i].step ? need_of(c.items[i].kind) : NULL;
        if (!n)
            continue;
        const struct step *step = c.items[i].step;
        bool before = n->before(&c, i), behind = n->behind(&c, i);
        if (!before && !v->no_control)
            return json_error(step->at, err, "%s, and no exchange stands before it on connection \"%s\": %s would pass", n->does,
                              step->on, n->passes_before);
        // Where the service has exchanges, there is a place for one behind.
        if (!behind && !(v->no_control && s->control_count == 0))
            return json_error(step->at, err, "%s, and %s \"%s\": %s would pass", n->does, n->lacks_behind, step->on,
                              n->passes_behind);
        if ((!before || !behind) && !excused(&c, i, err))
            return false;
        used |= !before || !behind;
    }
    if (!has_exchange(&c, &words)) {
        if (!v->no_control)
            return json_error(v->at, err, "nothing is asked and answered in it: a peer that only ends connections would pass");
        if (!words && v->level == LEVEL_MUST)
            return json_error(v->at, err, "has no control, and the server says nothing: at most should");
        used = true;
    }
    return used || !v->no_control || json_error(v->at, err, "\"no-control\" gives a reason, and no control is missing");
}

/* A conversation of the service itself, told at its place there. */
static bool conversation_stands(const struct service *s, const struct steps *steps, const struct json *at, struct error *err)
{
    SCRATCH(scratch);
    struct vector v = { .service = s, .steps = *steps, .at = at };

    return controls_stand(&v, &scratch, err);
}

static const struct steps *mutated(const struct service *s, const char *name)
{
    static const struct steps none;

    for (size_t i = 0; i < s->mutated_count; i++)
        if (strcmp(s->mutated[i].name, name) == 0)
            return &s->mutated[i].steps;
    return &none;
}

/* The request, what becomes of it, and what stands behind, as families.c puts them together. */
static bool outcome_stands(const struct service *s, const struct named_steps *outcome, struct error *err)
{
    const struct steps *parts[] = { mutated(s, "request"), &outcome->steps, mutated(s, "after") };
    SCRATCH(scratch);
    struct steps all = { ARENA_ARRAY(&scratch, parts[0]->count + parts[1]->count + parts[2]->count, struct step), 0 };

    for (size_t p = 0; p < COUNT_OF(parts); p++)
        for (size_t i = 0; i < parts[p]->count; i++)
            all.items[all.count++] = parts[p]->items[i];
    return conversation_stands(s, &all, outcome->at, err);
}

bool controls_of_service(const struct service *s, struct error *err)
{
    for (size_t i = 0; i < s->control_count; i++) {
        SCRATCH(scratch);
        struct course c = { .service = s, .keep = &scratch };
        bool words = false;
        walk(&c, &s->controls[i].steps, "main");
        if (!has_exchange(&c, &words))
            return json_error(s->controls[i].at, err, "a control is something that the client says and an answer that is no refusal");
    }
    for (size_t i = 0; i < s->op_count; i++)
        if (!conversation_stands(s, &s->ops[i].steps, s->ops[i].at, err))
            return false;
    for (size_t i = 0; i < s->mutated_count; i++) {
        const char *name = s->mutated[i].name;
        if (strcmp(name, "request") != 0 && strcmp(name, "after") != 0 && !outcome_stands(s, &s->mutated[i], err))
            return false;
    }
    return true;
}
