/*
 * All of it in one thread, by notifications alone: nothing here ever waits, so
 * that a member which speaks half a message, or does not read, holds up nobody.
 * So this is CSocket used as one would use CAsyncSocket, and the archives stand
 * on memory files; the sockets fill and empty those.
 *
 * Before a message is forwarded all who wait are accepted: a client whose
 * connect has returned hears what is said from then on.
 *
 * A member leaves by its farewell, its end, an error, or by falling too far
 * behind; what it is owed is sent, then its connection is ended as channel_end
 * ends one, but without waiting for it.
 */
#include "members.h"

#include <stdlib.h>

#include "cwinthread.h"
#include "flaw.h"

enum {
    RECEIVE_SIZE = 16384,
    BEHIND_MAX = 64 << 20, // bytes of a message that has not ended, or that a member does not take
    TICK_MS = 250,
    DRAIN_TICKS = 4, // how long its end is waited for
};

/*
 * The first message of what has come, which is then dropped. False where it has
 * not ended yet, or cannot be understood: then the member is broken.
 */
static bool load_message(struct member *member, struct message *m)
{
    struct CArchive ar;
    struct exception e;

    *m = (struct message){ 0 };
    member->in.at = 0;
    if (member->in.len == 0)
        return false;
    CArchive_Construct(&ar, &member->in.base, CARCHIVE_LOAD, CARCHIVE_BUFFER, NULL,
                       member->room->profile);
    message_load(&ar, member->room->dialect->fields, m);
    size_t used = member->in.at - (ar.max - ar.cur);
    bool failed = CArchive_Catch(&ar, &e);
    CArchive_Abort(&ar);
    if (!failed) {
        CMemFile_Drop(&member->in, used);
        return true;
    }
    pool_release(&m->pool);
    bool is_cut = e.kind == EXCEPTION_ARCHIVE && e.cause == CAUSE_END_OF_FILE;
    member->broken |= !is_cut || member->in.len > BEHIND_MAX;
    return false;
}

/* Sends what there is room for. */
static void send_owed(struct member *member)
{
    struct CMemFile *out = &member->out;

    while (!member->broken && out->at < out->len) {
        ptrdiff_t sent =
            CAsyncSocket_Send(&member->socket, out->data + out->at, out->len - out->at);
        if (sent < 0) {
            member->broken = CSocket_GetLastError() != WSAEWOULDBLOCK;
            return;
        }
        out->at += (size_t)sent;
        if (out->at == out->len)
            CMemFile_Drop(out, out->at);
    }
}

void member_tell(struct member *to, const struct message *m)
{
    struct CArchive ar;

    if (to->out.len - to->out.at > BEHIND_MAX)
        to->broken = true;
    if (to->broken || to->leaves)
        return;
    CArchive_Construct(&ar, &to->out.base, CARCHIVE_STORE, CARCHIVE_BUFFER, NULL,
                       to->room->profile);
    message_store(&ar, to->room->dialect->fields, m);
    CArchive_Destroy(&ar);
    send_owed(to);
}

/*
 * Leaving
 */

static void tick(void *arg);

/* Of all whose time it is; a member may do so only as the last thing in its notification. */
static void let_go(struct room *room)
{
    bool somebody_drains = false;

    for (struct member **at = &room->members, *m; (m = *at);) {
        bool is_sent = m->leaves && m->out.at == m->out.len;
        if (FLAW(chat_never_ends) && !m->ended)
            is_sent = false;
        if (is_sent && !m->broken && !m->drains && !FLAW_RESETS(&m->socket))
            m->drains = CSocket_ShutDown(&m->socket);
        bool is_done = is_sent && (m->ended || !m->drains || m->drained_ticks >= DRAIN_TICKS);
        if (m->broken || is_done) {
            *at = m->next;
            CSocket_Close(&m->socket);
            CMemFile_Destroy(&m->in);
            CMemFile_Destroy(&m->out);
            pool_release(&m->names);
            free(m);
        } else {
            somebody_drains |= m->drains;
            at = &m->next;
        }
    }
    if (somebody_drains && !room->timer) {
        room->timer = CWinThread_SetTimer(TICK_MS, tick, room);
    } else if (!somebody_drains && room->timer) {
        CWinThread_KillTimer(room->timer);
        room->timer = 0;
    }
    if (!room->members)
        room->spoken = room->left = false;
}

static void tick(void *arg)
{
    struct room *room = arg;

    for (struct member *m = room->members; m; m = m->next)
        m->drained_ticks += m->drains;
    let_go(room);
}

/*
 * Notifications
 */

static void accept_all(struct room *room);

static void take(struct member *from, struct message *m)
{
    accept_all(from->room);
    from->room->dialect->take(from, m);
    from->room->spoken = true;
    pool_release(&m->pool);
}

/* What a flawed room tells the others of an end. */
static void announce(struct member *member)
{
    struct message nothing = message_blank(member->room->profile);

    take(member, &nothing);
}

static void on_receive(struct CSocket *socket, int error)
{
    struct member *member = socket->context;
    struct message m;

    (void)error;
    uint8_t *room = CMemFile_Room(&member->in, RECEIVE_SIZE);
    ptrdiff_t got = CAsyncSocket_Receive(socket, room, RECEIVE_SIZE);
    if (got > 0)
        member->in.len += (size_t)got;
    else if (got == 0)
        member->ended = true;
    else
        member->broken |= CSocket_GetLastError() != WSAEWOULDBLOCK;
    while (!member->leaves && load_message(member, &m)) {
        take(member, &m);
        if (FLAW(chat_loses_the_second) && load_message(member, &m))
            pool_release(&m.pool);
    }
    if (FLAW(chat_announces_ends) && member->ended && !member->leaves)
        announce(member);
    member->leaves |= member->ended;
    if (member->leaves)
        CMemFile_Drop(&member->in, member->in.len);
    let_go(member->room);
}

static void on_close(struct CSocket *socket, int error)
{
    struct member *member = socket->context;

    member->broken |= error != 0;
    if (FLAW(chat_announces_ends) && !member->broken && !member->leaves)
        announce(member);
    member->ended = member->leaves = true;
    let_go(member->room);
}

static void on_send(struct CSocket *socket, int error)
{
    struct member *member = socket->context;

    (void)error;
    send_owed(member);
    let_go(member->room);
}

static void accept_all(struct room *room)
{
    static const struct CSocketEvents events = { .OnReceive = on_receive,
                                                 .OnSend = on_send,
                                                 .OnClose = on_close };

    for (;;) {
        struct member *member = calloc(1, sizeof *member);
        if (!member)
            abort();
        member->socket = CSOCKET_EMPTY;
        member->socket.events = &events;
        member->socket.context = member;
        member->room = room;
        if (!CAsyncSocket_Accept(room->listener, &member->socket)) {
            free(member);
            return;
        }
        CMemFile_Construct(&member->in);
        CMemFile_Construct(&member->out);
        bool late = room->members && room->spoken;
        member->next = room->members;
        room->members = member;
        struct message nothing = message_blank(room->profile);
        if (FLAW(chat_greets_latecomers) && late)
            member_tell(member, &nothing);
        if (FLAW(chat_forgets_newcomers) && late)
            member->leaves = true;
    }
}

static void on_accept(struct CSocket *listener, int error)
{
    (void)error;
    accept_all(listener->context);
    if (CSocket_GetLastError() != WSAEWOULDBLOCK)
        server_pause(); // out of descriptors: others will end
}

void room_host(const struct server *s, struct CSocket *listener, const struct dialect *d)
{
    static const struct CSocketEvents events = { .OnAccept = on_accept };
    struct room *room = calloc(1, sizeof *room);

    if (!room)
        abort();
    *room = (struct room){ .profile = &s->profile, .dialect = d, .listener = listener };
    listener->context = room; // for as long as the program runs
    listener->events = &events;
}
