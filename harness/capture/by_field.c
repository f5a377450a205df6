#include "capture/by_field.h"

#include <inttypes.h>
#include <stdlib.h>

/* Offsets in their order, those in front of `next` passed. */
struct offsets {
    uint64_t *items;
    size_t count, room, next;
};

struct by_field {
    const struct by_field_plan *plan;
    struct layout_follower *follower;
    struct faults faults;
    uint64_t cuts_seen[BY_FIELD_MAX], faults_seen[FAULTS_MAX];
    struct offsets said;   // cuts in what was heard last
    struct offsets passed; // in what is passed on
    bool lost;             // and told
    struct text note;
};

static void add(struct offsets *o, uint64_t at)
{
    if (o->next < o->count && o->items[o->count - 1] == at)
        return;
    if (o->next == o->count)
        o->next = o->count = 0;
    if (o->count == o->room) {
        o->room = o->room ? 2 * o->room : 64;
        o->items = reallocarray(o->items, o->room, sizeof *o->items);
        if (!o->items)
            memory_exhausted();
    }
    o->items[o->count++] = at;
}

static void place_fault(struct by_field *b, const struct fault *one, uint64_t at)
{
    if (!fault_place(&b->faults, one, at))
        text_printf(&b->note, "%s%s at byte %" PRIu64 ", %.*s, is not done: another fault is about the same place", b->note.b.len ? "; " : "",
                    fault_name(one->kind), at, (int)one->of.len, one->of.name);
}

static void take(void *context, const struct layout_mark *m)
{
    struct by_field *b = context;
    const struct by_field_plan *p = b->plan;
    bool cut = p->each && m->kind != LAYOUT_MESSAGE;

    for (size_t i = 0; i < p->cut_count; i++)
        cut |= layout_mark_is(m, p->layout, p->from, &p->cuts[i], &b->cuts_seen[i]);
    if (cut)
        add(&b->said, m->at);
    for (size_t i = 0; p->faults && i < p->faults->by_field_count; i++)
        if (layout_mark_is(m, p->layout, p->from, &p->faults->by_field[i].of, &b->faults_seen[i]))
            place_fault(b, &p->faults->by_field[i], m->at);
}

struct by_field *by_field_new(const struct by_field_plan *plan, struct layout_waiting *waiting)
{
    struct by_field *b = calloc(1, sizeof *b);

    if (!b)
        memory_exhausted();
    b->plan = plan;
    b->follower = layout_follow(plan->layout, plan->from, plan->profile, waiting, take, b);
    if (plan->faults)
        b->faults = *plan->faults;
    return b;
}

void by_field_free(struct by_field *b)
{
    if (!b)
        return;
    layout_follow_free(b->follower);
    free(b->said.items);
    free(b->passed.items);
    text_free(&b->note);
    free(b);
}

const char *by_field_hear(struct by_field *b, struct bytes said)
{
    uint64_t at;

    b->note.b.len = 0;
    b->said.count = b->said.next = 0;
    if (b->lost)
        return NULL;
    b->lost = !layout_follow_on(b->follower, said);
    if (b->lost) {
        const char *why = layout_follow_lost(b->follower, &at);
        text_printf(&b->note, "%sfrom byte %" PRIu64 " on its fields are not known, and it is passed on without regard to them: %s", b->note.b.len ? "; " : "", at, why);
    }
    return b->note.b.len ? text_string(&b->note) : NULL;
}

const struct faults *by_field_faults(const struct by_field *b)
{
    return &b->faults;
}

/* The first behind `at`. */
static uint64_t behind(const struct offsets *o, uint64_t at)
{
    size_t low = o->next, high = o->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (o->items[middle] > at)
            high = middle;
        else
            low = middle + 1;
    }
    return low < o->count ? o->items[low] - at : UINT64_MAX;
}

size_t by_field_said(const struct by_field *b, uint64_t at)
{
    uint64_t n = behind(&b->said, at);

    return n < SIZE_MAX ? (size_t)n : SIZE_MAX;
}

void by_field_cut(struct by_field *b, uint64_t at)
{
    add(&b->passed, at);
}

uint64_t by_field_up_to(struct by_field *b, uint64_t left)
{
    struct offsets *o = &b->passed;

    while (o->next < o->count && o->items[o->next] < left)
        o->next++;
    return behind(o, left);
}

bool by_field_is_cut(const struct by_field *b, uint64_t left)
{
    const struct offsets *o = &b->passed;

    for (size_t i = o->next; i < o->count && o->items[i] <= left; i++)
        if (o->items[i] == left)
            return true;
    return false;
}
