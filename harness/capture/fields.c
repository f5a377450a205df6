/*
 * Fields of a layout in what was said. A layout reads all that a side says on a connection as one stream; its fields are then found
 * again in the acts that said them.
 *
 *     act        00 00 05 48 65 6c 6c 6f 17
 *     parts      └close└text────────────┘      └ a gap: the layout ends to fit
 *
 * Objects are written as such where every one that the side says on the connection can be, and is the same in each recording: the tag
 * of one depends on all before it. A layout's own classes can be written where the conformance service has the like.
 */
#include "capture/recorded.h"

#include "archive/objects.h"

/* The bytes of a value that say how many units or elements follow. */
static size_t header_of(const struct layout_leaf *leaf)
{
    const struct type *t = leaf->value.of.type;

    return t && (t->kind == VALUE_STRING || t->kind == VALUE_ARRAY) && leaf->value.data.len <= leaf->len ? leaf->len - leaf->value.data.len : 0;
}

static bool carries_objects(const struct type *t)
{
    return t && (t->kind == VALUE_OBJECT || t->kind == VALUE_CLASS || t->kind == VALUE_MAP || t->kind == VALUE_LIST);
}

/* Texts within it are written in the width in which they were said. */
static void keep_widths(struct value *v)
{
    const struct type *t = v->of.type;

    if (t && t->kind == VALUE_STRING && !t->width)
        v->own_width = true;
    if (t && t->kind != VALUE_ARRAY)
        for (size_t i = 0; i < v->count; i++)
            keep_widths(&v->items[i]);
}

/* What the codec makes of a leaf that carries objects: NULL where that is not to be written, or stored otherwise by some build. */
static struct value *object_load(const struct layout_leaf *leaf, struct bytes all, struct object_table *loaded, struct object_table **stored, struct arena *keep)
{
    struct reader r = { .in = all, .at = leaf->at };
    struct value *v = ARENA_NEW(keep, struct value), again;
    size_t len = leaf->object ? leaf->object : leaf->len;
    struct error err;
    TEXT(text);

    value_load(&r, &profile_default, loaded, leaf->object ? type_named("object") : leaf->value.of, keep, v);
    if (r.status != WIRE_OK || r.at != leaf->at + len)
        return NULL;
    keep_widths(v);
    value_make_text(&text, v);
    if (!value_parse(text_string(&text), v->of, &profile_default, keep, &again, &err))
        return NULL;
    for (size_t i = 0; i < profile_count; i++) {
        CLEANUP(buffer_free) struct buffer made = { 0 };
        if (!value_storable(&again, &profile_all[i], stored[i], &err))
            return NULL;
        value_store(&made, &profile_all[i], stored[i], &again);
        if (!bytes_equal(buffer_bytes(&made), bytes_slice(all, leaf->at, len)))
            return NULL;
    }
    return v;
}

/* By leaf, what is written for it; NULL: no object of this stream can be. */
static struct value **objects_load(const struct layout_reading *r, struct bytes all, struct arena *keep)
{
    struct value **out = ARENA_ARRAY(keep, r->count + 1, struct value *);
    struct object_table *loaded = object_table_new(keep), **stored = ARENA_ARRAY(keep, profile_count, struct object_table *);
    bool by_layout = false, by_type = false;

    for (size_t i = 0; i < profile_count; i++)
        stored[i] = object_table_new(keep);
    for (size_t i = 0; i < r->count; i++) {
        const struct layout_leaf *leaf = &r->leaves[i];
        by_layout |= !leaf->value.of.type;
        by_type |= carries_objects(leaf->value.of.type);
        if (!leaf->object && !carries_objects(leaf->value.of.type))
            continue;
        out[i] = object_load(leaf, all, loaded, stored, keep);
        if (!out[i])
            return NULL;
    }
    return by_layout && by_type ? NULL : out;
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

/* The objects of a side on a connection are bytes, all of them. */
static void objects_drop(struct act *acts, size_t count, uint32_t on, enum talk_side from)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; acts[i].on == on && acts[i].from == from && k < acts[i].part_count; k++)
            acts[i].parts[k].object = NULL;
}

static void stream_find(struct acts *a, uint32_t on, enum talk_side from, const struct layout *l, struct layout_requests *requests)
{
    struct layout_reading *r = ARENA_NEW(a->keep, struct layout_reading);
    struct bytes all = stream_of(a, on, from);
    size_t begin = 0, leaf = 0;
    bool cut = false;

    layout_leaves(l, from == TALK_CLIENT ? LAYOUT_CLIENT : LAYOUT_SERVER, all, &profile_default, requests, a->keep, r);
    struct value **objects = objects_load(r, all, a->keep);
    for (size_t i = 0; i < a->count; i++) {
        struct act *act = &a->items[i];
        if (act->kind != SAID || act->on != on || act->from != from)
            continue;
        size_t end = begin + act->data.len, last = leaf;
        while (last < r->count && r->leaves[last].at + r->leaves[last].len <= end)
            last++;
        act->parts = ARENA_ARRAY(a->keep, last - leaf + 1, struct part);
        for (; leaf < last; leaf++) {
            const struct layout_leaf *one = &r->leaves[leaf];
            bool object = objects && objects[leaf];
            size_t len = one->object ? one->object : one->len;
            cut |= object && (one->at < begin || one->at + len > end);
            if (one->at >= begin && one->len)
                act->parts[act->part_count++] = (struct part){ .at = one->at - begin, .len = one->len, .header = header_of(one), .leaf = one, .of = r,
                                                               .object = object ? objects[leaf] : NULL, .object_len = object ? len : 0 };
        }
        if (r->stopped && r->whole >= begin && r->whole < end)
            act->note = arena_printf(a->keep, "The layout %s ends to fit in %s, at byte %zu of what that side says; from byte %zu on these are bytes.", l->name,
                                     r->stopped, r->stopped_at, r->whole);
        begin = end;
    }
    if (cut)
        objects_drop(a->items, a->count, on, from);
}

void fields_find(struct acts *a, const struct recording_manner *how)
{
    for (size_t i = 0; i < a->count; i++) {
        const struct act *act = &a->items[i];
        struct layout_requests requests = { 0 };
        size_t first = 0;
        while (a->items[first].on != act->on)
            first++;
        if (first != i)
            continue; // that connection has been looked at
        for (enum talk_side from = TALK_CLIENT; from <= TALK_SERVER; from++)
            if (how->from[from == TALK_SERVER])
                stream_find(a, act->on, from, how->from[from == TALK_SERVER], &requests);
    }
}

/* Where a part ends, or nothing has been said yet. */
static size_t end_of(const struct act *a, size_t parts)
{
    return parts ? a->parts[parts - 1].at + a->parts[parts - 1].len : 0;
}

const struct part *part_measure(const struct act *a, const struct part *p)
{
    for (size_t i = 0; p->leaf->measure && i < a->part_count; i++)
        if (a->parts[i].of == p->of && a->parts[i].leaf == &p->of->leaves[p->leaf->measure - 1])
            return &a->parts[i];
    return NULL;
}

/* Whether any value of the field's type can be said in its place, however long it is. */
static bool may_vary(const struct act *a, const struct part *p)
{
    const struct type *t = p->leaf->value.of.type;

    if (!t || t->kind == VALUE_OBJECT || t->kind == VALUE_CLASS || t->kind == VALUE_MAP || t->kind == VALUE_LIST)
        return false;
    return t->kind != VALUE_BYTES || part_measure(a, p);
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
    for (size_t i = 0; i < first->part_count; i++)
        if (first->parts[i].object_len != other->parts[i].object_len)
            first->parts[i].object = NULL; // which drops all of that side when it is looked at
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

/* Whether what is written for an object has no volatile byte, and none that is repeated elsewhere. */
static bool object_fixed(const struct act *a, const struct part *p)
{
    for (size_t i = 0; i < p->object_len; i++) {
        const struct part *within = part_around(a, p->at + i);
        if (a->meanings[p->at + i] != FIXED || a->differs[p->at + i] || (within && (within->apart || within->varies)))
            return false;
    }
    return p->object;
}

static void objects_mean(struct recording *r)
{
    for (size_t i = 0; i < r->count; i++)
        for (size_t k = 0; k < r->acts[i].part_count; k++)
            if (r->acts[i].parts[k].object_len && !object_fixed(&r->acts[i], &r->acts[i].parts[k]))
                objects_drop(r->acts, r->count, r->acts[i].on, r->acts[i].from);
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
    objects_mean(r);
}
