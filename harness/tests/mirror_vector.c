/*
 * The server's side of a transcript, as whoever answers must have it.
 *
 * Controls become plain steps, so that the server has their answers to give. Names that they draw are told apart by a
 * number behind them, for each has a scope of its own. What the server may choose, it chooses here: such an item becomes
 * the chosen value, and so does each that says it again. Nothing else changes, and above all not the order in which values
 * are drawn, which must be the same for both sides.
 */
#include "mirror.h"

#include <criterion/criterion.h>

#define NAMES_MAX   64
#define SPARE       40 // bytes beyond the least that a length which is told may have
#define PLACE       4000000 // of the mirror's own chance, apart from that of deliveries

struct chosen {
    const char *name; // as it stands in the result
    struct value value;
};

struct maker {
    const struct vector *v;
    uint64_t seed, place;
    struct arena *keep;
    const char *drawn[NAMES_MAX]; // as they stand in the result
    size_t drawn_count;
    struct chosen chosen[NAMES_MAX];
    size_t chosen_count;
    unsigned scope, scopes; // 0: that of the steps themselves
    struct step *steps;
    size_t count, room;
};

static void step_add(struct maker *m, struct step s)
{
    if (m->count == m->room) {
        m->room += 16 + m->room;
        struct step *more = ARENA_ARRAY(m->keep, m->room, struct step);
        if (m->count)
            memcpy(more, m->steps, m->count * sizeof *more);
        m->steps = more;
    }
    m->steps[m->count++] = s;
}

static const char *scoped(struct maker *m, const char *name, size_t len)
{
    return m->scope ? arena_printf(m->keep, "%.*s#%u", (int)len, name, m->scope) : arena_printf(m->keep, "%.*s", (int)len, name);
}

/* A name of this scope or, where that has none, of the case. */
static const char *meant(struct maker *m, const char *name, size_t len)
{
    const char *own = scoped(m, name, len);

    for (size_t i = 0; i < m->drawn_count; i++)
        if (strcmp(m->drawn[i], own) == 0)
            return own;
    for (size_t i = 0; i < m->chosen_count; i++)
        if (strcmp(m->chosen[i].name, own) == 0)
            return own;
    return arena_printf(m->keep, "%.*s", (int)len, name);
}

static const struct chosen *chosen_find(struct maker *m, const char *name)
{
    const char *own = meant(m, name, strlen(name));

    for (size_t i = m->chosen_count; i > 0; i--)
        if (strcmp(m->chosen[i - 1].name, own) == 0)
            return &m->chosen[i - 1];
    return NULL;
}

/* {name} as it is called in the result. */
static const char *template_scoped(struct maker *m, const char *template)
{
    TEXT(to);

    for (const char *at = template; *at; at++) {
        const char *end = at[0] == '{' && at[1] != '{' ? strchr(at, '}') : NULL;
        text_char(&to, *at);
        if (at[0] == '{' && !end && at[1])
            text_char(&to, *++at);
        if (!end)
            continue;
        text_add(&to, meant(m, at + 1, (size_t)(end - at - 1)));
        at = end - 1;
    }
    return arena_string(m->keep, text_string(&to));
}

/* The least value of a number that tells the length of what stands behind it in its step; true: it does. */
static bool measures(const struct step *s, size_t at, uint64_t *least)
{
    bool any = false;

    *least = s->items[at].min;
    for (size_t i = at + 1; s->items[at].name && i < s->item_count; i++) {
        const struct item *item = &s->items[i];
        if (item->kind != ITEM_ANY || !item->length || strcmp(item->length, s->items[at].name) != 0)
            continue;
        any = true;
        if (item->plus >> 63 && -item->plus > *least)
            *least = -item->plus;
    }
    return any;
}

/* A value of the server's own choice. */
static struct value choose(struct maker *m, const struct step *s, size_t at)
{
    const struct item *item = &s->items[at];
    struct random chance = random_for(m->seed, m->v->id, PLACE + m->place++);
    struct type_ref of = item->of;
    struct value v;
    uint64_t least, most = item->max;

    if (item->length) {
        const struct chosen *told = chosen_find(m, item->length);
        cr_assert(told != NULL, "%s: no length %s", m->v->id, item->length);
        of.size = told->value.number + item->plus;
    }
    bool length = measures(s, at, &least);
    if (length)
        most = least + SPARE;
    else if (item->min && !most && of.type->kind == VALUE_INTEGER)
        most = UINT64_MAX >> (64 - 8 * of.type->width);
    value_draw(&chance, of, least, most, m->keep, &v);
    return v;
}

/* Drops what a copy of an item has beyond its value. */
static void item_settle(struct item *i, struct value v)
{
    i->kind = ITEM_VALUE;
    i->of = v.of;
    i->value = v;
    i->template = i->name = i->length = NULL;
}

static void item_make(struct maker *m, const struct step *s, size_t at, struct item *out)
{
    const struct item *item = &s->items[at];
    const struct chosen *told;

    *out = *item;
    if (item->kind == ITEM_ANY) {
        struct value v = choose(m, s, at);
        if (item->name) {
            cr_assert(m->chosen_count < NAMES_MAX);
            m->chosen[m->chosen_count++] = (struct chosen){ scoped(m, item->name, strlen(item->name)), v };
        }
        item_settle(out, v);
    } else if (item->kind == ITEM_DRAW && item->name) {
        cr_assert(m->drawn_count < NAMES_MAX);
        m->drawn[m->drawn_count++] = out->name = scoped(m, item->name, strlen(item->name));
    } else if (item->kind == ITEM_REUSE && (told = chosen_find(m, item->name))) {
        struct value v = told->value;
        if (v.of.type->kind == VALUE_INTEGER)
            v.of = item->of;
        value_plus(&v, item->plus);
        item_settle(out, v);
    } else if (item->kind == ITEM_REUSE) {
        out->name = meant(m, item->name, strlen(item->name));
    } else if (item->kind == ITEM_VALUE && item->template) {
        out->template = template_scoped(m, item->template);
    }
}

static bool goes_on(const struct steps *steps, size_t at)
{
    for (size_t i = at + 1; i < steps->count; i++)
        if (strcmp(steps->items[i].on, steps->items[at].on) == 0)
            return true;
    return false;
}

/* Where anything may come before an end, something does, now and then, and where nothing is left to say, a RST may be the
 * end. */
static void whatever_make(struct maker *m, const struct steps *steps, size_t at, struct step *s)
{
    static const char *const words[] = { NULL, "5a", "00*100", NULL };
    struct random chance = random_for(m->seed, m->v->id, PLACE + m->place++);
    size_t which = random_below(&chance, COUNT_OF(words));

    if (words[which]) {
        struct item *said = ARENA_NEW(m->keep, struct item);
        *said = (struct item){ .kind = ITEM_BYTES, .hex = words[which], .at = s->at };
        step_add(m, (struct step){ .kind = STEP_SAY, .who = PARTY_SERVER, .on = s->on, .items = said, .item_count = 1, .at = s->at });
    } else if (which && !goes_on(steps, at)) {
        s->kind = STEP_RESET;
        s->whatever = false;
    }
}

/* Steps, with controls in full; on: the connection they are about, or NULL where each says it. */
static void steps_make(struct maker *m, const struct steps *steps, const char *on)
{
    for (size_t i = 0; i < steps->count; i++) {
        struct step s = steps->items[i];
        s.on = on ? on : s.on;
        if (s.kind == STEP_LISTEN)
            continue; // it is the client's port that is closed
        if (s.kind == STEP_CONTROL) {
            const struct named_steps *control = service_control(m->v->service, s.control);
            unsigned outer = m->scope;
            m->scope = ++m->scopes;
            steps_make(m, &control->steps, s.on);
            m->scope = outer;
            continue;
        }
        if (s.whatever && s.kind == STEP_END)
            whatever_make(m, steps, i, &s);
        struct item *items = ARENA_ARRAY(m->keep, s.item_count, struct item);
        for (size_t k = 0; k < s.item_count; k++)
            item_make(m, &steps->items[i], k, &items[k]);
        s.items = items;
        step_add(m, s);
    }
}

static bool is_spoken_on(const struct maker *m, const char *on)
{
    for (size_t i = 0; i < m->count; i++)
        if (m->steps[i].kind == STEP_SAY && strcmp(m->steps[i].on, on) == 0)
            return true;
    return false;
}

/* Where nobody speaks the server says nothing in so many words: a connection without any is not one that it would
 * keep. */
static void steps_complete(struct maker *m)
{
    struct maker all = { .keep = m->keep };

    for (size_t i = 0; i < m->count; i++) {
        const struct step *s = &m->steps[i], nothing = { .kind = STEP_SAY, .who = PARTY_SERVER, .on = s->on, .at = s->at };
        bool mute = !is_spoken_on(m, s->on) && !is_spoken_on(&all, s->on);
        if (mute && s->kind != STEP_OPEN)
            step_add(&all, nothing);
        step_add(&all, *s);
        if (mute && s->kind == STEP_OPEN)
            step_add(&all, nothing);
    }
    m->steps = all.steps;
    m->count = all.count;
}

/* Steps around every conversation: names in them are theirs alone. */
static struct steps settled(const struct vector *v, const struct steps *steps, uint64_t seed, struct arena *keep)
{
    struct maker m = { .v = v, .seed = seed, .keep = keep };

    steps_make(&m, steps, NULL);
    return (struct steps){ m.steps, m.count };
}

void mirror_vector(const struct vector *v, uint64_t seed, struct arena *keep, struct vector *out)
{
    struct maker m = { .v = v, .seed = seed, .keep = keep };
    struct service *s = ARENA_NEW(keep, struct service);

    steps_make(&m, &v->steps, NULL);
    steps_complete(&m);
    *s = *v->service;
    s->prologue = settled(v, &s->prologue, seed, keep);
    s->epilogue = settled(v, &s->epilogue, seed, keep);
    *out = *v;
    out->service = s;
    out->steps = (struct steps){ m.steps, m.count };
}

void mirror_vector_served(const struct vector *v, struct arena *keep, struct vector *out)
{
    struct maker m = { .keep = keep }, spoken = { .keep = keep };

    for (size_t i = 0; i < v->steps.count; i++)
        if (v->steps.items[i].kind != STEP_CONTROL)
            step_add(&spoken, v->steps.items[i]);
    for (size_t i = 0; i < spoken.count; i++)
        if (is_spoken_on(&spoken, spoken.steps[i].on))
            step_add(&m, spoken.steps[i]);
    *out = *v;
    out->steps = (struct steps){ m.steps, m.count };
}
