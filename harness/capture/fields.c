/*
 * Fields of a layout in what was said. A layout reads all that a side says on a connection as one stream; its fields are then found
 * again in the acts that said them.
 *
 *     act        00 00 05 48 65 6c 6c 6f 17
 *     parts      └close└text────────────┘      └ a gap: the layout ends to fit
 */
#include "capture/recorded.h"

/* The bytes of a value that say how many units or elements follow. */
static size_t header_of(const struct layout_leaf *leaf)
{
    const struct type *t = leaf->value.of.type;

    return t && (t->kind == VALUE_STRING || t->kind == VALUE_ARRAY) && leaf->value.data.len <= leaf->len ? leaf->len - leaf->value.data.len : 0;
}

/* All that one side says on one connection. */
static struct bytes stream_of(const struct acts *a, uint32_t on, enum talk_side from)
{
    CLEANUP(buffer_free) struct buffer all = { 0 };

    for (size_t i = 0; i < a->count; i++)
        if (a->items[i].kind == SAID && a->items[i].on == on && a->items[i].from == from)
            buffer_append(&all, a->items[i].data.data, a->items[i].data.len);
    return arena_bytes(a->keep, buffer_bytes(&all));
}

static void stream_find(struct acts *a, uint32_t on, enum talk_side from, const struct layout *l)
{
    struct layout_reading *r = ARENA_NEW(a->keep, struct layout_reading);
    size_t begin = 0, leaf = 0;

    layout_leaves(l, from == TALK_CLIENT ? LAYOUT_CLIENT : LAYOUT_SERVER, stream_of(a, on, from), &profile_default, a->keep, r);
    for (size_t i = 0; i < a->count; i++) {
        struct act *act = &a->items[i];
        if (act->kind != SAID || act->on != on || act->from != from)
            continue;
        size_t end = begin + act->data.len, last = leaf;
        while (last < r->count && r->leaves[last].at + r->leaves[last].len <= end)
            last++;
        act->parts = ARENA_ARRAY(a->keep, last - leaf + 1, struct part);
        for (; leaf < last; leaf++)
            if (r->leaves[leaf].at >= begin && r->leaves[leaf].len)
                act->parts[act->part_count++] = (struct part){ .at = r->leaves[leaf].at - begin, .len = r->leaves[leaf].len,
                                                               .header = header_of(&r->leaves[leaf]), .leaf = &r->leaves[leaf], .of = r };
        if (r->stopped && r->whole >= begin && r->whole < end)
            act->note = arena_printf(a->keep, "The layout %s ends to fit in %s, at byte %zu of what that side says; from byte %zu on these are bytes.", l->name,
                                     r->stopped, r->stopped_at, r->whole);
        begin = end;
    }
}

void fields_find(struct acts *a, const struct recording_manner *how)
{
    for (size_t i = 0; i < a->count; i++) {
        const struct act *act = &a->items[i];
        if (act->kind == SAID && !act->parts && how->from[act->from == TALK_SERVER])
            stream_find(a, act->on, act->from, how->from[act->from == TALK_SERVER]);
    }
}

/* Where a part ends, or nothing has been said yet. */
static size_t end_of(const struct act *a, size_t parts)
{
    return parts ? a->parts[parts - 1].at + a->parts[parts - 1].len : 0;
}

/* Whether any value of the field's type can be said in its place, however long it is. */
static bool may_vary(const struct act *a, const struct part *p)
{
    const struct type *t = p->leaf->value.of.type;

    if (!t || t->kind == VALUE_OBJECT || t->kind == VALUE_CLASS || t->kind == VALUE_MAP || t->kind == VALUE_LIST)
        return false;
    if (t->kind != VALUE_BYTES)
        return true;
    for (size_t i = 0; p->leaf->measure && i < a->part_count; i++)
        if (a->parts[i].leaf == &p->of->leaves[p->leaf->measure - 1])
            return true;
    return false;
}

bool fields_alike(struct act *first, struct act *other)
{
    if (first->part_count != other->part_count)
        return false;
    for (size_t i = 0; i < first->part_count; i++) {
        const struct part *a = &first->parts[i], *b = &other->parts[i];
        if (a->at - end_of(first, i) != b->at - end_of(other, i) || strcmp(a->leaf->name, b->leaf->name) != 0 ||
            a->leaf->value.of.type != b->leaf->value.of.type || (a->len != b->len && !may_vary(first, a)))
            return false;
    }
    return first->data.len - end_of(first, first->part_count) == other->data.len - end_of(other, other->part_count);
}

struct bytes fields_aligned(struct act *first, const struct act *other, size_t recording, struct arena *keep)
{
    CLEANUP(buffer_free) struct buffer out = { 0 };
    size_t done = 0;

    for (size_t i = 0; i < first->part_count; i++) {
        struct part *a = &first->parts[i];
        const struct part *b = &other->parts[i];
        struct bytes own = bytes_slice(other->data, b->at, b->len);
        buffer_append(&out, other->data.data + done, b->at - done); // a part has bytes, so that there are some
        done = b->at + b->len;
        a->others[recording] = own;
        a->varies |= a->len != b->len;
        if (a->len != b->len)
            own = bytes_slice(first->data, a->at, a->len);
        buffer_append(&out, own.data, own.len);
    }
    if (done < other->data.len)
        buffer_append(&out, other->data.data + done, other->data.len - done);
    return arena_bytes(keep, buffer_bytes(&out));
}

struct part *part_around(const struct act *a, size_t at)
{
    size_t low = 0, high = a->part_count; // the last that begins no later is below high

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (a->parts[middle].at <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && at < a->parts[low - 1].at + a->parts[low - 1].len ? &a->parts[low - 1] : NULL;
}

struct part *part_at(const struct act *a, size_t at)
{
    struct part *p = part_around(a, at);

    return p && p->at == at ? p : NULL;
}

/* A part whose bytes have meanings of their own takes those along from which they come. */
static bool take_apart(struct recording *r, const struct act *a, struct part *p)
{
    bool more = !p->apart;

    p->apart = true;
    for (size_t at = p->at; at < p->at + p->len; at++) {
        const struct place *from = &a->sources[at];
        struct part *source = a->meanings[at] == AGAIN ? part_around(&r->acts[from->act], from->at) : NULL;
        if (source && !source->apart)
            source->apart = more = true;
    }
    return more;
}

static void part_mean(const struct act *a, struct part *p)
{
    bool some[AGAIN + 1] = { false };

    for (size_t at = p->at; at < p->at + p->len; at++)
        some[a->meanings[at]] = true;
    p->meaning = some[AGAIN] ? AGAIN : some[KEPT] ? KEPT : some[ANY] ? ANY : FIXED;
    p->apart = some[AGAIN] && !p->source;
}

void fields_mean(struct recording *r)
{
    bool more = true;

    for (size_t i = 0; i < r->count; i++) {
        const struct act *a = &r->acts[i];
        for (size_t k = 0; k < a->part_count; k++)
            part_mean(a, &a->parts[k]);
    }
    // What is no field may repeat what is in one.
    for (size_t i = 0; i < r->count; i++) {
        const struct act *a = &r->acts[i];
        for (size_t at = 0; at < a->data.len; at++) {
            struct part *source = a->meanings[at] == AGAIN && !part_around(a, at) ? part_around(&r->acts[a->sources[at].act], a->sources[at].at) : NULL;
            if (source)
                source->apart = true;
        }
    }
    while (more) {
        more = false;
        for (size_t i = 0; i < r->count; i++)
            for (size_t k = 0; k < r->acts[i].part_count; k++) {
                struct part *p = &r->acts[i].parts[k];
                if (p->apart || (p->source && p->source->apart))
                    more |= take_apart(r, &r->acts[i], p);
            }
    }
}
