#include "capture/recorded.h"

#include <stdlib.h>

#define DIFFERING_MAX 16384 // bytes; each is looked for among all others

static struct act *act_add(struct acts *a, enum act_kind kind, enum talk_side from, uint32_t on)
{
    if (a->count == a->room) {
        struct act *more = ARENA_ARRAY(a->keep, a->room = a->room ? 2 * a->room : 16, struct act);
        if (a->count)
            memcpy(more, a->items, a->count * sizeof *more);
        a->items = more;
    }
    a->items[a->count] = (struct act){ .kind = kind, .from = from, .on = on };
    return &a->items[a->count++];
}

static bool joined(const struct act *a, const struct act *b)
{
    return a->kind == SAID && b->kind == SAID && a->from == b->from && a->on == b->on;
}

/* Words behind words of the same party on the same connection are one step. */
static void merge(struct acts *a)
{
    size_t n = 0;

    for (size_t i = 0; i < a->count;) {
        struct act *first = &a->items[n++];
        size_t end = i + 1;
        CLEANUP(buffer_free) struct buffer all = { 0 };

        *first = a->items[i];
        while (end < a->count && joined(first, &a->items[end]))
            end++;
        if (end - i > 1) {
            for (size_t k = i; k < end; k++)
                buffer_append(&all, (k == i ? first : &a->items[k])->data.data, (k == i ? first : &a->items[k])->data.len);
            first->data = arena_bytes(a->keep, buffer_bytes(&all));
        }
        i = end;
    }
    a->count = n;
}

/* Stable: by connection, or the client's first. */
static void sort(struct act *items, size_t count, bool by_side)
{
    for (size_t i = 1; i < count; i++)
        for (size_t k = i; k > 0; k--) {
            struct act *a = &items[k - 1], *b = &items[k], other = *a;
            bool sides = by_side && a->from != b->from;
            if (sides ? a->from < b->from : a->on <= b->on)
                break;
            *a = *b;
            *b = other;
        }
}

/* Between two acts of the client what the server does on one connection has no order with what it does on another. */
static void sort_server(struct acts *a)
{
    for (size_t i = 0; i < a->count;) {
        size_t end = i;
        while (end < a->count && a->items[end].kind != OPENED && a->items[end].from == TALK_SERVER)
            end++;
        sort(&a->items[i], end - i, false);
        i = end > i ? end : i + 1;
    }
}

/* Ends that only answer ends, at the end: first all of the client's. */
static void sort_ends(struct acts *a)
{
    size_t begin = a->count;

    while (begin > 0 && a->items[begin - 1].kind == ENDED)
        begin--;
    for (size_t i = begin; i < a->count; i++) {
        bool asked = a->items[i].from == TALK_CLIENT;
        for (size_t k = 0; k < i && !asked; k++)
            asked = a->items[k].kind == ENDED && a->items[k].from == TALK_CLIENT && a->items[k].on == a->items[i].on;
        if (!asked)
            return;
    }
    sort(&a->items[begin], a->count - begin, true);
}

/* A connection whose first act is the client's word comes about with it. */
static void drop_opens(struct acts *a)
{
    size_t n = 0;

    for (size_t i = 0; i < a->count; i++) {
        const struct act *next = &a->items[i + 1];
        bool told = a->items[i].kind == OPENED && i + 1 < a->count && next->kind == SAID && next->from == TALK_CLIENT &&
                    next->on == a->items[i].on;
        if (!told)
            a->items[n++] = a->items[i];
    }
    a->count = n;
}

static bool listen_to(const struct heard *h, struct acts *to, struct error *err)
{
    static const enum act_kind kinds[] = { [TALK_DATA] = SAID, [TALK_END] = ENDED, [TALK_RESET] = RESET };
    const struct conversation *c = h->c;
    uint32_t opened = 0, numbers = 0, *number = ARENA_ARRAY(to->keep, (size_t)c->count + 1, uint32_t);
    bool *gone = ARENA_ARRAY(to->keep, (size_t)c->count + 1, bool), some = false;

    if (h->only >= (int64_t)c->count)
        return error_set(err, ERROR_INPUT, "%s: has no connection #%lld", c->name, (long long)h->only);
    for (const struct said *s = c->first;; s = s->next) {
        for (; opened < c->count && (!s || opened <= s->on || c->talks[opened].us <= s->us); opened++) {
            if (c->talks[opened].refused || (h->only >= 0 && h->only != opened))
                continue;
            if (c->talks[opened].joined)
                return error_set(err, ERROR_INPUT, "%s: connection #%u was there before the recording began", c->name, opened);
            number[opened] = numbers++;
            act_add(to, OPENED, TALK_CLIENT, number[opened]);
        }
        if (!s)
            break;
        if (gone[s->on] || c->talks[s->on].refused || (h->only >= 0 && h->only != s->on))
            continue;
        act_add(to, kinds[s->kind], s->from, number[s->on])->data = s->data;
        gone[s->on] = s->kind == TALK_RESET;
        some |= s->kind == TALK_DATA;
    }
    sort_server(to);
    sort_ends(to);
    merge(to);
    drop_opens(to);
    return some || error_set(err, ERROR_INPUT, "%s: nobody says anything", c->name);
}

/* "#1: the server says 12 bytes". */
static const char *act_tell(const struct acts *a, size_t at, struct arena *keep)
{
    static const char *const does[] = { [OPENED] = "opens", [ENDED] = "ends", [RESET] = "resets" };

    if (at >= a->count)
        return "nothing more";
    const struct act *act = &a->items[at];
    const char *who = act->from == TALK_CLIENT ? "client" : "server";
    if (act->kind == SAID)
        return arena_printf(keep, "#%u: the %s says %zu byte%s", act->on, who, act->data.len, act->data.len == 1 ? "" : "s");
    return arena_printf(keep, "#%u: the %s %s", act->on, who, does[act->kind]);
}

static bool alike(const struct acts *a, const char *a_name, const struct acts *b, const char *b_name, struct error *err)
{
    size_t most = a->count > b->count ? a->count : b->count;

    for (size_t i = 0; i < most; i++) {
        const struct act *x = &a->items[i], *y = &b->items[i];
        if (i < a->count && i < b->count && x->kind == y->kind && x->from == y->from && x->on == y->on &&
            (x->part_count || x->data.len == y->data.len))
            continue;
        return error_set(err, ERROR_INPUT, "no recordings of one session: step %zu is in %s \"%s\", in %s \"%s\"", i + 1, a_name,
                         act_tell(a, i, a->keep), b_name, act_tell(b, i, a->keep));
    }
    return true;
}

/* How many bytes from a place on were said at another in every recording, and are volatile there. */
static size_t same_from(const struct act *a, size_t at, const struct act *b, size_t from, size_t recordings)
{
    size_t len = 0;

    for (; at + len < a->data.len && from + len < b->data.len; len++) {
        if (!a->differs[at + len] || !b->differs[from + len] || b->meanings[from + len] == AGAIN)
            return len;
        if (len && (a->edges[at + len] || b->edges[from + len]))
            return len; // a value does not go on in the next field
        if (b->from == TALK_SERVER && b->meanings[from + len] == FIXED)
            return len;
        for (size_t r = 0; r < recordings; r++)
            if (a->others[r].data[at + len] != b->others[r].data[from + len])
                return len;
    }
    return len;
}

static bool alone(const struct act *a, size_t at)
{
    return (at == 0 || a->edges[at] || !a->differs[at - 1]) && (at + 1 == a->data.len || a->edges[at + 1] || !a->differs[at + 1]);
}

/* The longest earlier mention by one party; a single byte only where it stands alone in both places. */
static size_t mention_find(const struct recording *r, size_t act, size_t at, enum talk_side by, size_t recordings, struct place *out)
{
    const struct act *a = &r->acts[act];
    size_t best = 0;

    for (size_t i = 0; i < act; i++) {
        const struct act *b = &r->acts[i];
        if (b->kind != SAID || b->from != by)
            continue;
        for (size_t from = 0; from < b->data.len; from++) {
            size_t len = b->differs[from] ? same_from(a, at, b, from, recordings) : 0;
            if (len <= best || (len == 1 && !(alone(a, at) && alone(b, from))))
                continue;
            best = len;
            *out = (struct place){ (uint32_t)i, (uint32_t)from };
        }
    }
    return best;
}

static bool part_differs(const struct act *a, const struct part *p)
{
    for (size_t i = 0; i < p->len; i++)
        if (a->differs[p->at + i])
            return true;
    return p->varies;
}

/* Whether all of one field is all of another, in every recording. */
static bool part_is(const struct part *p, const struct part *q, size_t recordings)
{
    if (p->leaf->value.of.type != q->leaf->value.of.type || p->header != q->header)
        return false;
    for (size_t r = 0; r < recordings; r++)
        if (!bytes_equal(p->others[r], q->others[r]))
            return false;
    return true;
}

/* The first mention of all of a field by one party, ahead of it. */
static struct part *part_mention(const struct recording *r, size_t act, const struct part *p, enum talk_side by, size_t recordings, size_t *in)
{
    for (size_t i = 0; i < act; i++) {
        struct act *b = &r->acts[i];
        for (size_t k = 0; b->from == by && k < b->part_count; k++) {
            struct part *q = &b->parts[k];
            bool volatile_there = part_differs(b, q) && !q->source && (by == TALK_CLIENT || q->varies || b->meanings[q->at + q->header] != FIXED);
            if (volatile_there && part_is(p, q, recordings)) {
                *in = i;
                return q;
            }
        }
    }
    return NULL;
}

/* The part of another length each time that this one says the length of, or NULL. */
static const struct part *part_measured(const struct act *a, const struct part *m)
{
    for (size_t i = 0; i < a->part_count; i++)
        if (a->parts[i].varies && part_measure(a, &a->parts[i]) == m)
            return &a->parts[i];
    return NULL;
}

/*
 * What a length says and what it is the length of must fit, also when the conversation is played. So a length of the server's is kept
 * where it stands, though it was said before; one of the client's is repeated only where all that it measures is.
 */
static bool length_mean(struct recording *r, size_t act, const struct part *p, size_t recordings)
{
    struct act *a = &r->acts[act];
    const struct part *measured = part_measured(a, p);
    size_t in;

    if (!measured || (a->from == TALK_CLIENT && part_mention(r, act, measured, TALK_SERVER, recordings, &in)))
        return false;
    if (a->from == TALK_SERVER && !part_mention(r, act, p, TALK_CLIENT, recordings, &in))
        for (size_t i = 0; i < p->len; i++)
            a->meanings[p->at + i] = ANY;
    return true;
}

/* A field that is all of another. False: its bytes tell. */
static bool part_mean(struct recording *r, size_t act, struct part *p, size_t recordings)
{
    struct act *a = &r->acts[act];
    size_t in;

    if (!part_differs(a, p) || length_mean(r, act, p, recordings))
        return true;
    struct part *q = p->leaf->value.of.type ? part_mention(r, act, p, TALK_SERVER, recordings, &in) : NULL;
    if (q && (!p->varies || (p->leaf->value.of.type->kind == VALUE_BYTES && part_measure(&r->acts[in], q)))) { // what was told is said again as bytes of that number
        struct act *b = &r->acts[in];
        b->cuts[q->at + q->header] = b->cuts[q->at + q->len] = true;
        for (size_t i = p->header; i < p->len; i++) {
            a->meanings[p->at + i] = AGAIN;
            a->sources[p->at + i] = (struct place){ (uint32_t)in, (uint32_t)(q->at + i) };
            b->meanings[q->at + i] = KEPT;
        }
        p->source = q;
        return true;
    }
    if (a->from == TALK_SERVER && p->leaf->value.of.type && part_mention(r, act, p, TALK_CLIENT, recordings, &in))
        return true; // the client's own, as the first recording has it
    if (!p->varies)
        return false;
    if (a->from == TALK_SERVER)
        for (size_t i = 0; i < p->len; i++)
            a->meanings[p->at + i] = ANY;
    else if (q)
        a->note = arena_printf(r->keep, "The field %s repeats what the server said, and is longer in one recording than in the other: here is the first.",
                               p->leaf->name);
    return true;
}

static void mean(struct recording *r, size_t act, size_t recordings)
{
    struct act *a = &r->acts[act];

    for (size_t at = 0, len; at < a->data.len; at += len) {
        struct place source;
        struct part *part = part_at(a, at);
        len = 1;
        if (part && part->len && part_mean(r, act, part, recordings)) {
            len = part->len;
            continue;
        }
        if (!a->differs[at])
            continue;
        size_t found = mention_find(r, act, at, TALK_SERVER, recordings, &source);
        if (found) {
            struct act *b = &r->acts[source.act];
            len = found;
            b->cuts[source.at] = b->cuts[source.at + len] = true;
            for (size_t i = 0; i < len; i++) {
                a->meanings[at + i] = AGAIN;
                a->sources[at + i] = (struct place){ source.act, source.at + (uint32_t)i };
                b->meanings[source.at + i] = KEPT;
            }
        } else if (a->from == TALK_SERVER) {
            found = mention_find(r, act, at, TALK_CLIENT, recordings, &source);
            len = found ? found : 1;
            if (!found)
                a->meanings[at] = ANY;
        }
    }
}

/* What is kept of each byte of the first recording. */
static void act_prepare(struct act *a, size_t recordings, struct arena *keep)
{
    a->others = ARENA_ARRAY(keep, recordings, struct bytes);
    a->differs = ARENA_ARRAY(keep, a->data.len + 1, bool);
    a->cuts = ARENA_ARRAY(keep, a->data.len + 1, bool);
    a->edges = ARENA_ARRAY(keep, a->data.len + 1, bool);
    a->meanings = ARENA_ARRAY(keep, a->data.len + 1, enum meaning);
    a->sources = ARENA_ARRAY(keep, a->data.len + 1, struct place);
    for (size_t i = 0; i < a->part_count; i++) {
        struct part *p = &a->parts[i];
        p->others = ARENA_ARRAY(keep, recordings, struct bytes);
        a->edges[p->at] = a->edges[p->at + p->len] = true;
    }
}

bool recording_make(const struct heard *all, size_t count, const struct recording_manner *how, struct arena *keep, struct recording *out,
                    struct error *err)
{
    struct acts *heard = ARENA_ARRAY(keep, count, struct acts), *first = &heard[0];
    size_t differing = 0;

    for (size_t r = 0; r < count; r++) {
        heard[r].keep = keep;
        if (!listen_to(&all[r], &heard[r], err))
            return false;
        fields_find(&heard[r], how);
        for (size_t i = 0; r && i < first->count && i < heard[r].count; i++)
            if (!fields_alike(&first->items[i], &heard[r].items[i]))
                first->items[i].part_count = 0;
    }
    for (size_t r = 1; r < count; r++)
        if (!alike(first, all[0].c->name, &heard[r], all[r].c->name, err))
            return false;
    for (size_t i = 0; i < first->count; i++) {
        struct act *a = &first->items[i];
        act_prepare(a, count, keep);
        for (size_t r = 0; r < count; r++) {
            a->others[r] = fields_aligned(a, &heard[r].items[i], r, keep);
            for (size_t k = 0; k < a->data.len; k++)
                if (!a->differs[k] && a->data.data[k] != a->others[r].data[k]) {
                    a->differs[k] = true;
                    differing++;
                }
        }
    }
    if (differing > DIFFERING_MAX)
        return error_set(err, ERROR_INPUT, "no recordings of one session: %zu bytes differ, more than %d", differing, DIFFERING_MAX);
    *out = (struct recording){ .acts = first->items, .count = first->count, .codepage = how->codepage, .keep = keep };
    for (size_t i = 0; i < out->count; i++) {
        if (out->acts[i].on >= out->connections)
            out->connections = out->acts[i].on + 1;
        mean(out, i, count);
    }
    fields_mean(out);
    return true;
}

/* Where the bytes from `at` on stop being one item. */
size_t item_end(const struct recording *r, const struct act *a, size_t at)
{
    size_t end = at + 1;

    for (; end < a->data.len && a->meanings[end] == a->meanings[at] && !a->edges[end]; end++) {
        const struct place *p = &a->sources[end];
        if (a->meanings[at] == KEPT && a->cuts[end])
            break;
        if (a->meanings[at] == AGAIN && (p->act != p[-1].act || p->at != p[-1].at + 1 || r->acts[p->act].cuts[p->at]))
            break;
    }
    return end;
}
