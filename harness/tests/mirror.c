/*
 * Two sessions and what lies between them. Each takes steps in its turn: it is told one thing that has reached it, and does
 * what it then wants. Time stands still as long as either can move.
 *
 *   neither can move, and            then
 *   one waits in a SILENT            its silence is proven
 *   one has words piling up unread   it is told that no more will come
 *   one waits for anything else      it waits in vain: that is proven, too, or its limit passes
 */
#include "mirror.h"

#include <criterion/criterion.h>
#include <limits.h>

#define PIPE_ROOM (256 << 10) // bytes that wait unread in one direction of a connection, at most
#define LOOK_EACH (64 << 10)  // unread bytes up to which a session is asked behind each piece

/* One direction of a connection: pieces as they were written, and what stands behind them. */
struct pipe {
    struct bytes *pieces;
    size_t from, count, room;
    size_t queued; // bytes
    bool fin, reset, heard_fin;
};

// clang-format off
const struct mirror_pace mirror_paces[] = {
    { "by turns",            { 1,        1        }, PARTY_CLIENT },
    { "by turns, dialled",   { 1,        1        }, PARTY_SERVER },
    { "a quick client",      { UINT_MAX, 1        }, PARTY_CLIENT },
    { "a quick server",      { 1,        UINT_MAX }, PARTY_SERVER },
    { "as long as one can",  { UINT_MAX, UINT_MAX }, PARTY_CLIENT },
    { "five and two",        { 5,        2        }, PARTY_CLIENT },
};
// clang-format on
const size_t mirror_pace_count = COUNT_OF(mirror_paces);

struct net {
    struct mirror *m;
    struct arena *keep;
    struct session s[2]; // by party
    struct want want[2];
    struct pipe to[2][SESSION_CONNECTIONS]; // by the party that reads
    bool asked[2][SESSION_CONNECTIONS];     // for the connection
    enum party dials;
    bool moved[2];        // by party, in its last step
    bool closed, refused; // nobody listens yet; and was asked for
    int64_t now;          // µs
};

static enum party other(enum party who)
{
    return who == PARTY_CLIENT ? PARTY_SERVER : PARTY_CLIENT;
}

static void pipe_put(struct pipe *p, struct bytes piece, struct arena *keep)
{
    if (p->count == p->room) {
        p->room = p->room ? 2 * p->room : 8;
        struct bytes *more = ARENA_ARRAY(keep, p->room, struct bytes);
        if (p->count)
            memcpy(more, p->pieces, p->count * sizeof *more);
        p->pieces = more;
    }
    p->pieces[p->count++] = piece;
    p->queued += piece.len;
}

static struct bytes pipe_take(struct pipe *p)
{
    struct bytes piece = p->pieces[p->from++];

    p->queued -= piece.len;
    if (p->from == p->count)
        p->from = p->count = 0;
    return piece;
}

static size_t unread(const struct session_connection *c)
{
    return c->inbox.len - c->taken;
}

/* A connection stands for the party that dials once somebody listens, for the other once it has been dialled. */
static bool hear_opened(struct net *n, enum party who, unsigned on)
{
    const struct session_connection *c = &n->s[who].conn[on];

    if (!n->asked[who][on] || c->open || c->dead)
        return false;
    n->refused |= n->closed;
    if (n->closed || !n->asked[n->dials][on])
        return false;
    session_opened(&n->s[who], on, n->now);
    return true;
}

static bool hear_words(struct net *n, enum party who, unsigned on)
{
    struct session *s = &n->s[who];
    struct pipe *p = &n->to[who][on];

    if (!s->conn[on].open || s->conn[on].dead || s->conn[on].paused)
        return false;
    bool amid_much = unread(&s->conn[on]) > LOOK_EACH; // looked at anew as a whole each time
    if (p->from < p->count && amid_much && p->queued < PIPE_ROOM && n->moved[other(who)])
        return false;
    if (p->from < p->count) {
        do
            session_received(s, on, pipe_take(p), n->now);
        while (p->from < p->count && amid_much);
    } else if (p->fin && !p->heard_fin) {
        p->heard_fin = true;
        session_fin(s, on, n->now);
    } else if (p->reset) {
        session_reset(s, on, 104, n->now);
    } else {
        return false;
    }
    return true;
}

/* Tells a party one thing that has reached it; false: there is none. */
static bool hear(struct net *n, enum party who)
{
    struct session *s = &n->s[who];

    for (unsigned on = 0; on < s->program->connection_count; on++)
        if (hear_opened(n, who, on) || hear_words(n, who, on))
            return true;
    if (who != n->dials && n->refused && !s->retried && s->program->ops[s->at].kind == OP_LISTEN) {
        session_retried(s, n->now);
        return true;
    }
    return false;
}

/* Does what a party wants; false: it must wait. */
static bool oblige(struct net *n, enum party who)
{
    struct session *s = &n->s[who];
    const struct want w = n->want[who];
    struct pipe *p = &n->to[other(who)][w.on], *own = &n->to[who][w.on];
    struct bytes piece;

    switch (w.kind) {
    case WANT_OPEN:
        n->asked[who][w.on] = true;
        return true;
    case WANT_LISTEN:
        n->closed = false;
        session_listening(s, n->now);
        return true;
    case WANT_WRITE:
        piece = bytes_slice(w.bytes, 0, PIPE_ROOM - p->queued);
        if (piece.len == 0)
            return false;
        pipe_put(p, piece, n->keep);
        session_sent(s, w.on, piece, 1, n->now);
        return true;
    case WANT_SHUTDOWN:
        p->fin = true;
        session_shut(s, w.on, n->now);
        return true;
    case WANT_RESET:
        p->reset = true;
        *own = (struct pipe){ 0 };
        session_did_reset(s, w.on, n->now);
        return true;
    case WANT_PAUSE:
        session_paused(s, w.on, n->now);
        return true;
    case WANT_RESUME:
        session_resumed(s, w.on, n->now);
        return true;
    case WANT_TAKEN:
        session_taken(s, w.on, -1, n->now);
        return true;
    case WANT_WAIT:
    case WANT_DONE:
        break;
    }
    return false;
}

/* One step of a party; false: it can do none. A session is asked only when something has happened to it. */
static bool move(struct net *n, enum party who)
{
    bool heard = n->want[who].kind != WANT_DONE && hear(n, who);

    if (heard || n->moved[who])
        n->want[who] = session_want(&n->s[who], n->now);
    n->moved[who] = oblige(n, who) || heard;
    return n->moved[who];
}

static bool waits_for_proof(const struct net *n, enum party who, bool silence)
{
    const struct session *s = &n->s[who];

    return n->want[who].kind == WANT_WAIT && n->want[who].prove && (!silence || s->program->ops[s->at].kind == OP_SILENT);
}

/* Neither can move. A silence is proven; then it is told how much waits unread; a wait in vain is at its end. */
static void stand_still(struct net *n)
{
    bool silence = false, told = false, resumes = false; // resumes: one reads again by and by, so that nothing is proven
    int64_t until = INT64_MAX;

    for (enum party who = PARTY_CLIENT; who <= PARTY_SERVER; who++)
        silence |= waits_for_proof(n, who, true);
    for (enum party who = PARTY_CLIENT; who <= PARTY_SERVER; who++) {
        const struct want *w = &n->want[who];
        size_t queued = w->queue && w->kind == WANT_WAIT && !silence ? n->to[who][w->on].queued : 0;
        resumes |= w->queue && w->kind == WANT_WAIT;
        if (queued) {
            session_queued(&n->s[who], w->on, queued, true, n->now);
            told = true;
        }
        if (silence && waits_for_proof(n, who, true)) {
            session_proven(&n->s[who], 0, n->now);
            n->m->proofs++;
        }
        if (w->kind != WANT_DONE && w->until < until)
            until = w->kind == WANT_WAIT ? w->until : n->now + 1000;
    }
    for (enum party who = PARTY_CLIENT; !silence && !told && !resumes && who <= PARTY_SERVER; who++)
        if (waits_for_proof(n, who, false)) {
            session_proven(&n->s[who], 0, n->now);
            told = true;
        }
    if (!silence && !told)
        n->now = until > n->now ? until : n->now + 1;
    n->moved[PARTY_CLIENT] = n->moved[PARTY_SERVER] = true;
}

/* A party's turn. */
static bool moves(struct net *n, enum party who, unsigned steps)
{
    bool moved = false;

    for (unsigned i = 0; i < steps && move(n, who); i++)
        moved = true;
    return moved;
}

static bool is_over(const struct net *n)
{
    return n->want[PARTY_CLIENT].kind == WANT_DONE && n->want[PARTY_SERVER].kind == WANT_DONE;
}

static void net_init(struct net *n, struct mirror *m, const struct mirror_pace *pace, struct arena *keep)
{
    *n = (struct net){ .m = m, .keep = keep, .moved = { true, true } };
    for (size_t i = 0; i < m->side[PARTY_CLIENT].count; i++)
        n->closed |= m->side[PARTY_CLIENT].ops[i].kind == OP_LISTEN;
    n->dials = n->closed ? PARTY_SERVER : pace->dials;
    for (enum party who = PARTY_CLIENT; who <= PARTY_SERVER; who++) {
        m->trace[who] = (struct trace){ .keep = keep };
        session_init(&n->s[who], &m->side[who], &m->trace[who], &limits_default, n->now);
        n->want[who].kind = WANT_WAIT;
    }
}

void mirror_play(struct mirror *m, const struct mirror_pace *pace, struct arena *keep)
{
    struct net *n = ARENA_NEW(keep, struct net);
    unsigned idle = 0;

    net_init(n, m, pace, keep);
    while (!is_over(n)) {
        bool moved = moves(n, PARTY_CLIENT, pace->steps[PARTY_CLIENT]);
        moved |= moves(n, PARTY_SERVER, pace->steps[PARTY_SERVER]);
        idle = moved ? 0 : idle + 1;
        if (idle == 2) { // who held back for the sake of the other has had its turn, too
            stand_still(n);
            idle = 0;
        }
    }
    for (enum party who = PARTY_CLIENT; who <= PARTY_SERVER; who++) {
        for (unsigned on = 0; on < SESSION_CONNECTIONS; on++) {
            const struct pipe *p = &n->to[who][on];
            m->unheard += n->s[who].conn[on].dead ? 0 : p->queued + (p->fin && !p->heard_fin) + p->reset;
        }
        session_over(&n->s[who], n->now);
        session_release(&n->s[who]);
    }
}

static void compile(const struct vector *v, const struct profile *p, uint64_t seed, enum party who, struct arena *keep,
                    struct mirror *out)
{
    struct error err;

    cr_assert(program_compile(v, p, seed, who, keep, &out->side[who], &err), "%s as %s: %s", v->id, party_name(who), err.text);
}

void mirror_compile(const struct vector *v, const struct profile *p, uint64_t seed, struct arena *keep, struct mirror *out)
{
    struct vector *side = ARENA_ARRAY(keep, 2, struct vector);
    struct service *unprobed = ARENA_NEW(keep, struct service);
    struct error err;

    *out = (struct mirror){ 0 };
    *unprobed = *v->service;
    unprobed->probe = NULL;
    side[PARTY_CLIENT] = *v;
    side[PARTY_CLIENT].service = unprobed;
    mirror_vector(&side[PARTY_CLIENT], seed, keep, &side[PARTY_SERVER]);
    compile(&side[PARTY_CLIENT], p, seed, PARTY_CLIENT, keep, out);
    cr_assert(program_compile_knowing(&side[PARTY_SERVER], p, seed, keep, &out->side[PARTY_SERVER], &err), "%s as server: %s", v->id, err.text);
}

void mirror_compile_served(const struct vector *v, const struct profile *p, uint64_t seed, struct arena *keep, struct mirror *out)
{
    struct vector *client = ARENA_NEW(keep, struct vector);
    struct service *unprobed = ARENA_NEW(keep, struct service);

    *out = (struct mirror){ 0 };
    mirror_vector_served(v, keep, client);
    *unprobed = *v->service;
    unprobed->probe = NULL;
    client->service = unprobed;
    compile(client, p, seed, PARTY_CLIENT, keep, out);
    compile(v, p, seed, PARTY_SERVER, keep, out);
}

/* How many messages the client's nth SEND on a connection holds. */
static size_t joined(const struct program *client, unsigned on, size_t nth)
{
    for (size_t i = 0; i < client->count; i++)
        if (client->ops[i].kind == OP_SEND && client->ops[i].on == on && nth-- == 0)
            return client->ops[i].message_count + 1;
    return 1;
}

/* Requests that the client joins are taken together, before any of them is answered. */
static void follow(struct program *server, const struct program *client, struct arena *keep)
{
    struct op *ops = ARENA_ARRAY(keep, server->count, struct op);
    bool *gone = ARENA_ARRAY(keep, server->count, bool);
    size_t sends[SESSION_CONNECTIONS] = { 0 }, count = 0;

    for (size_t i = 0; i < server->count; i++) {
        const struct op *op = &server->ops[i];
        if (gone[i])
            continue;
        ops[count++] = *op;
        if (op->kind != OP_RECEIVE)
            continue;
        size_t more = joined(client, op->on, sends[op->on]++) - 1;
        for (size_t k = i + 1; more && k < server->count; k++)
            if (server->ops[k].kind == OP_RECEIVE && server->ops[k].on == op->on) {
                ops[count++] = server->ops[k];
                gone[k] = true;
                more--;
            }
    }
    server->ops = ops;
}

void mirror_deliver(struct mirror *m, const struct delivery *d, uint64_t seed, struct arena *keep)
{
    d->apply(&m->side[PARTY_CLIENT], seed, keep);
    follow(&m->side[PARTY_SERVER], &m->side[PARTY_CLIENT], keep);
    if (m->side[PARTY_CLIENT].read_size == 0) // two who read late wait for each other
        d->apply(&m->side[PARTY_SERVER], seed, keep);
    m->side[PARTY_CLIENT].delivery = m->side[PARTY_SERVER].delivery = d->name;
}
