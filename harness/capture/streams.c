/*
 * Each direction has the sequence number that is due, `next`. A segment is
 *
 *     before it         seen already, and compared with what was taken
 *     at it             taken
 *     behind it         held, until a later one fills the gap; where none does the gap is lost
 *
 * Numbers are compared by their signed difference, which is right across the wrap at 2^32 and for whatever is at most
 * 2 GiB away; a segment further off than any window belongs to nobody.
 */
#include "capture/streams.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define AHEAD     4096        // segments of one direction that are searched, or held, for a gap
#define WINDOW    (1 << 30)   // bytes: the largest window that TCP can have
#define TABLE     4096        // chains of connections
#define COMPARED  (1u << 20)  // bytes, the last of a direction, that what comes again is compared with

struct kept {
    struct segment s;
    int64_t us;
    struct kept *next, *later; // in the capture; of the same direction of the same connection
    struct link *link;
    int side;
};

struct way {
    bool known;             // next is
    uint32_t next;          // due
    uint32_t first;         // of the SYN
    bool syn;
    struct buffer said;     // what was taken, since the last gap: its last bytes
    uint64_t taken;         // bytes, with those of gaps
    const struct kept **held;
    size_t held_count, held_room;
    const struct kept *filler; // the later segment that has the byte `filled`
    uint32_t filled;
    bool fin, ended;        // a FIN was seen, at `fin_at`; it was told
    uint32_t fin_at;
    bool acked;             // the other side acknowledged up to `ack`
    uint32_t ack;
    uint64_t again, conflicts, lost, cut, beyond;
    struct kept *last;
};

struct link {
    struct endpoint end[2];
    struct way *way[2];
    int client;             // which end is the client
    int64_t number;         // -1: not told yet
    bool over, answered;
    struct kept *first;
    struct link *chain, *next;
};

struct streams {
    struct arena keep;
    struct kept *first, **end;
    struct link *table[TABLE];
    struct link *links, **links_end;
};

struct streams *streams_new(void)
{
    struct streams *s = calloc(1, sizeof *s);

    if (!s)
        memory_exhausted();
    s->end = &s->first;
    s->links_end = &s->links;
    return s;
}

static bool endpoint_equal(const struct endpoint *a, const struct endpoint *b)
{
    return a->port == b->port && a->size == b->size && memcmp(a->address, b->address, a->size) == 0;
}

static uint32_t endpoint_hash(const struct endpoint *e)
{
    uint32_t h = 2166136261u ^ e->port;

    for (size_t i = 0; i < e->size; i++)
        h = (h ^ e->address[i]) * 16777619u;
    return h ^ h >> 15;
}

static struct link *link_add(struct streams *s, const struct segment *g, uint32_t at)
{
    struct link *l = ARENA_NEW(&s->keep, struct link);

    l->end[0] = g->from;
    l->end[1] = g->to;
    l->way[0] = ARENA_NEW(&s->keep, struct way);
    l->way[1] = ARENA_NEW(&s->keep, struct way);
    l->number = -1;
    l->chain = s->table[at];
    s->table[at] = l;
    *s->links_end = l;
    s->links_end = &l->next;
    return l;
}

/* The connection of a segment: the newest between both ends, or a new one where a SYN begins it with another number. */
static struct link *link_of(struct streams *s, const struct segment *g, int *side)
{
    uint32_t at = (endpoint_hash(&g->from) + endpoint_hash(&g->to)) % TABLE;

    for (struct link *l = s->table[at]; l; l = l->chain)
        for (int i = 0; i < 2; i++)
            if (endpoint_equal(&l->end[i], &g->from) && endpoint_equal(&l->end[!i], &g->to)) {
                const struct way *w = l->way[i];
                bool anew = (g->flags & SEGMENT_SYN) && !(g->flags & SEGMENT_ACK) && (w->syn ? w->first != g->seq : w->last || l->way[!i]->last);
                *side = i;
                if (!anew)
                    return l;
                *side = 0;
                return link_add(s, g, at);
            }
    *side = 0;
    return link_add(s, g, at);
}

void streams_add(struct streams *s, const struct segment *g, int64_t us)
{
    struct kept *k = ARENA_NEW(&s->keep, struct kept);

    *k = (struct kept){ .s = *g, .us = us };
    k->s.data = arena_bytes(&s->keep, g->data);
    k->link = link_of(s, g, &k->side);
    struct way *w = k->link->way[k->side];
    if (w->last)
        w->last->later = k;
    w->last = k;
    if (!k->link->first)
        k->link->first = k;
    if (g->flags & SEGMENT_SYN) {
        w->syn = true;
        w->first = g->seq;
    }
    *s->end = k;
    s->end = &k->next;
}

static void endpoint_print(const struct endpoint *e, char *out, size_t size)
{
    char text[INET6_ADDRSTRLEN];

    inet_ntop(e->size == 4 ? AF_INET : AF_INET6, e->address, text, sizeof text);
    snprintf(out, size, e->size == 4 ? "%s:%u" : "[%s]:%u", text, e->port);
}

static enum relay_side side_of(const struct link *l, int end)
{
    return end == l->client ? RELAY_CLIENT : RELAY_SERVER;
}

static const char *name_of(const struct link *l, int end)
{
    return end == l->client ? "client" : "server";
}

/* Tells that a connection is there, once its first segment comes. */
static void begin(struct link *l, const struct import_options *o, struct import *out)
{
    const struct kept *k = l->first;
    bool syn = l->way[0]->syn || l->way[1]->syn;

    if (k->s.flags & SEGMENT_SYN)
        l->client = k->s.flags & SEGMENT_ACK ? !k->side : k->side;
    else if (o->port && l->end[0].port != l->end[1].port)
        l->client = l->end[0].port == o->port;
    else
        l->client = l->end[0].port < l->end[1].port;
    l->number = out->connections++;
    if (!out->server[0])
        endpoint_print(&l->end[!l->client], out->server, sizeof out->server);
    import_event(out, RELAY_OPEN, (uint32_t)l->number, RELAY_CLIENT, k->us, l->end[l->client].port, (struct bytes){ 0 });
    if (!syn || !(k->s.flags & SEGMENT_SYN)) {
        char server[ADDRESS_TEXT];
        endpoint_print(&l->end[!l->client], server, sizeof server);
        import_note(out, l->number, "begins in the middle: the capture has not seen how it was opened; %s is taken for the server%s", server,
                    o->port ? "" : ", as the lower port");
    }
}

static void lose(struct link *l, int side, uint32_t len, struct import *out)
{
    struct way *w = l->way[side];

    import_note(out, l->number, "%u byte%s of the %s, at offset %llu, %s missing: no segment of the capture has them", len, len == 1 ? "" : "s",
                name_of(l, side), (unsigned long long)w->taken, len == 1 ? "is" : "are");
    w->lost += len;
    w->taken += len;
    w->next += len;
    w->said.len = 0;
}

/* What comes again is compared with what was taken. */
static void compare(struct link *l, int side, const struct kept *k, uint32_t behind, struct import *out)
{
    struct way *w = l->way[side];
    size_t again = behind < k->s.data.len ? behind : k->s.data.len, skipped = behind > w->said.len ? behind - w->said.len : 0;

    if (skipped >= again)
        return;
    struct bytes now = bytes_slice(k->s.data, skipped, again - skipped);
    struct bytes then = bytes_slice(buffer_bytes(&w->said), w->said.len - (behind - skipped), now.len);
    size_t same = bytes_common(now, then);
    if (same == now.len)
        return;
    if (!w->conflicts++)
        import_note(out, l->number, "the %s's byte at offset %llu comes again as %02x, and was %02x: what came first is kept", name_of(l, side),
                    (unsigned long long)(w->taken - (behind - skipped) + same), now.data[same], then.data[same]);
}

/* A segment that begins at what is due, or before it. */
static void take(struct link *l, const struct kept *k, uint32_t seq, int64_t us, struct import *out)
{
    struct way *w = l->way[k->side];
    uint32_t behind = w->next - seq;

    if (behind) {
        if (behind == 1 && k->s.len == 1)
            return; // keeps alive: the byte means nothing
        w->again += k->s.len > 0;
        compare(l, k->side, k, behind, out);
    }
    struct bytes fresh = bytes_slice(k->s.data, behind, k->s.data.len);
    if (fresh.len && w->ended) {
        if (!w->beyond++)
            import_note(out, l->number, "the %s speaks behind its own end: that is left out", name_of(l, k->side));
        return;
    }
    if (!fresh.len)
        return;
    import_event(out, RELAY_DATA, (uint32_t)l->number, side_of(l, k->side), us, 0, fresh);
    if (w->said.len > 2 * COMPARED) {
        memmove(w->said.data, w->said.data + w->said.len - COMPARED, COMPARED);
        w->said.len = COMPARED;
    }
    buffer_append(&w->said, fresh.data, fresh.len);
    w->taken += fresh.len;
    w->next += (uint32_t)fresh.len;
}

static uint32_t seq_of(const struct kept *k)
{
    return k->s.seq + (k->s.flags & SEGMENT_SYN ? 1 : 0);
}

static bool covers(const struct kept *k, uint32_t next)
{
    int32_t ahead = (int32_t)(next - seq_of(k));

    return ahead >= 0 && (uint32_t)ahead < k->s.data.len;
}

/* How far from what is due the nearest byte is that a later segment has: 0, it will come; at most `nearest`. */
static uint32_t distance(struct way *w, const struct kept *after, uint32_t nearest)
{
    const struct kept *k = after->later;

    if (w->filler && w->filled == w->next && w->filler != after)
        return 0;
    for (int i = 0; k && i < AHEAD; i++, k = k->later) {
        uint32_t ahead = seq_of(k) - w->next;
        if (covers(k, w->next)) {
            w->filler = k;
            w->filled = w->next;
            return 0;
        }
        if (k->s.data.len && ahead < nearest)
            nearest = ahead;
    }
    return nearest;
}

static void over(struct link *l, int64_t us, struct import *out)
{
    if (l->over)
        return;
    l->over = true;
    import_event(out, RELAY_CLOSED, (uint32_t)l->number, RELAY_CLIENT, us, 0, (struct bytes){ 0 });
}

static void hold(struct link *l, const struct kept *k, struct arena *keep)
{
    struct way *w = l->way[k->side];

    if (w->held_count == w->held_room) {
        size_t room = w->held_room ? w->held_room * 2 : 8;
        const struct kept **more = ARENA_ARRAY(keep, room, const struct kept *);
        if (w->held_count)
            memcpy(more, w->held, w->held_count * sizeof *more);
        w->held = more;
        w->held_room = room;
    }
    w->held[w->held_count++] = k;
}

/* Takes what is held as far as there is no gap; past gaps that nothing fills. */
static void drain(struct link *l, int side, const struct kept *now, struct import *out)
{
    struct way *w = l->way[side];
    bool more = true;

    while (more) {
        more = false;
        uint32_t nearest = UINT32_MAX;
        for (size_t i = 0; i < w->held_count && !more; i++) {
            uint32_t seq = seq_of(w->held[i]);
            int32_t ahead = (int32_t)(seq - w->next);
            if (ahead <= 0) {
                const struct kept *k = w->held[i];
                memmove(&w->held[i], &w->held[i + 1], (w->held_count - i - 1) * sizeof w->held[0]);
                w->held_count--;
                take(l, k, seq, now->us, out);
                more = true;
            } else if ((uint32_t)ahead < nearest) {
                nearest = (uint32_t)ahead;
            }
        }
        if (!more && w->fin && w->fin_at != w->next && (int32_t)(w->fin_at - w->next) > 0 && w->fin_at - w->next < nearest)
            nearest = w->fin_at - w->next;
        if (!more && nearest != UINT32_MAX) {
            uint32_t lost = w->held_count >= AHEAD ? nearest : distance(w, now, nearest);
            more = lost > 0;
            if (more)
                lose(l, side, lost, out);
        }
    }
    if (w->fin && !w->ended && w->next == w->fin_at) {
        w->ended = true;
        import_event(out, RELAY_END, (uint32_t)l->number, side_of(l, side), now->us, 0, (struct bytes){ 0 });
        if (l->way[!side]->ended)
            over(l, now->us, out);
    }
}

static void reset(struct link *l, const struct kept *k, struct import *out)
{
    bool refused = !l->way[k->side]->syn && l->way[!k->side]->syn && !l->answered && side_of(l, k->side) == RELAY_SERVER;

    if (l->over)
        return;
    import_event(out, refused ? RELAY_REFUSED : RELAY_RESET, (uint32_t)l->number, side_of(l, k->side), k->us, refused ? ECONNREFUSED : ECONNRESET,
                 (struct bytes){ 0 });
    over(l, k->us, out);
}

static void happened(struct streams *s, struct link *l, const struct kept *k, struct import *out)
{
    struct way *w = l->way[k->side], *other = l->way[!k->side];
    uint32_t seq = seq_of(k);

    if (l->over) {
        if (k->s.data.len && (!w->known || (int32_t)(seq + (uint32_t)k->s.data.len - w->next) > 0) && !w->beyond++)
            import_note(out, l->number, "the %s speaks behind the end of the connection: that is left out", name_of(l, k->side));
        return;
    }
    if (k->s.flags & SEGMENT_RST) {
        reset(l, k, out);
        return;
    }
    if (k->s.flags & SEGMENT_ACK) {
        l->answered = true;
        if (!other->known) {
            other->known = true;
            other->next = k->s.ack;
        }
        if (!other->acked || (int32_t)(k->s.ack - other->ack) > 0)
            other->ack = k->s.ack;
        other->acked = true;
    }
    if (!w->known || (k->s.flags & SEGMENT_SYN && !w->taken && !w->held_count)) {
        w->known = true;
        w->next = seq;
    }
    int32_t ahead = (int32_t)(seq - w->next);
    if (ahead > WINDOW || ahead < -WINDOW) {
        if (!w->beyond++)
            import_note(out, l->number, "a segment of the %s is further off than any window: left out", name_of(l, k->side));
        return;
    }
    if (k->s.data.len < k->s.len)
        w->cut++;
    if (k->s.flags & SEGMENT_FIN && !w->fin) {
        w->fin = true;
        w->fin_at = seq + (uint32_t)k->s.len;
    }
    if (ahead <= 0)
        take(l, k, seq, k->us, out);
    else if (k->s.data.len)
        hold(l, k, &s->keep);
    drain(l, k->side, k, out);
}

static void tell_way(struct link *l, int side, struct import *out)
{
    struct way *w = l->way[side];

    if (w->again)
        import_note(out, l->number, "%llu segment%s of the %s came more than once", (unsigned long long)w->again, w->again == 1 ? "" : "s", name_of(l, side));
    if (w->conflicts > 1)
        import_note(out, l->number, "%llu segments of the %s came again with other bytes", (unsigned long long)w->conflicts, name_of(l, side));
    if (w->cut)
        import_note(out, l->number, "%llu segment%s of the %s %s cut by the capture (its snaplen): bytes are missing", (unsigned long long)w->cut,
                    w->cut == 1 ? "" : "s", name_of(l, side), w->cut == 1 ? "is" : "are");
    if (w->known && w->acked && !w->ended && (int32_t)(w->ack - w->next) > 0)
        import_note(out, l->number, "%u bytes of the %s, at offset %llu, were acknowledged, and no segment of the capture has them", w->ack - w->next,
                    name_of(l, side), (unsigned long long)w->taken);
}

static bool chosen(const struct link *l, const struct import_options *o)
{
    return !o->port || l->end[0].port == o->port || l->end[1].port == o->port;
}

void streams_finish(struct streams *s, const struct import_options *o, struct import *out)
{
    for (struct kept *k = s->first; k; k = k->next) {
        if (!chosen(k->link, o))
            continue;
        if (k->link->number < 0)
            begin(k->link, o, out);
        happened(s, k->link, k, out);
    }
    for (struct link *l = s->links; l; l = l->next) {
        if (l->number < 0)
            continue;
        tell_way(l, l->client, out);
        tell_way(l, !l->client, out);
        if (!l->over)
            import_note(out, l->number, l->answered ? "its end was not seen" : "was never answered");
    }
}

void streams_free(struct streams *s)
{
    for (struct link *l = s->links; l; l = l->next)
        for (int i = 0; i < 2; i++)
            buffer_free(&l->way[i]->said);
    arena_free(&s->keep);
    free(s);
}
