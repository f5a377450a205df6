/*
 * Each member has two threads: one loads what it says, the other sends it
 * what the others say, from a queue. So a member that does not read holds up
 * nobody, until its queue is full and it has to go.
 *
 * Before a message is forwarded all who wait are accepted: a client whose
 * connect has returned hears what is said from then on. Accepting, joining
 * and forwarding therefore happen under one lock.
 */
#include "chat.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "types.h"

enum { QUEUE_MAX = 10000 }; // messages that one member may be behind

/* Shared by the queues that hold it; the lock guards the count. */
struct message {
    struct pool pool;
    unsigned holders;
    uint16_t close;
    struct units text;
    struct value list;
};

struct queued {
    struct message *message;
    struct queued *next;
};

struct member {
    struct CSocket socket;
    struct channel channel;
    struct room *room;
    struct member *next;
    pthread_t sender;
    bool has_sender;
    pthread_cond_t changed;
    struct queued *first, **last;
    unsigned behind;
    bool leaves; // nothing more will be queued
};

struct room {
    pthread_mutex_t lock; // members, their queues, and who is accepted
    const struct server *server;
    struct CSocket *listener;
    struct member *members;
};

static void release(struct message *m)
{
    if (--m->holders > 0)
        return;
    pool_release(&m->pool);
    free(m);
}

static struct slot list_slot(void)
{
    return (struct slot){ .type = type_named("stringlist") };
}

/* NULL at the end, or where the rest cannot be understood. */
static struct message *load_message(struct CArchive *ar)
{
    struct message *m = calloc(1, sizeof *m);
    struct slot slot = list_slot();

    if (!m)
        abort();
    ar->keep = &m->pool;
    m->close = CArchive_ExtractWORD(ar);
    CArchive_ExtractCString(ar, &m->text, profile_width(ar->profile));
    slot.type->load(ar, &slot, &m->list);
    m->holders = 1;
    if (!CArchive_Failed(ar))
        return m;
    release(m);
    return NULL;
}

static void store_message(struct CArchive *ar, const struct message *m)
{
    struct slot slot = list_slot();

    CArchive_InsertWORD(ar, m->close);
    CArchive_InsertCString(ar, &m->text);
    slot.type->store(ar, &slot, &m->list);
    CArchive_Flush(ar);
}

/* Under the lock. A member too far behind is let go: its socket says so to both its threads. */
static void queue(struct member *member, struct message *m)
{
    struct queued *q = member->behind < QUEUE_MAX ? malloc(sizeof *q) : NULL;

    if (!q) {
        shutdown(member->socket.fd, SHUT_RDWR);
        return;
    }
    *q = (struct queued){ .message = m };
    m->holders++;
    member->behind++;
    *member->last = q;
    member->last = &q->next;
    pthread_cond_signal(&member->changed);
}

/* Under the lock: takes the next message, or waits for one; NULL when there will be none. */
static struct message *dequeue(struct member *member)
{
    while (!member->first && !member->leaves)
        pthread_cond_wait(&member->changed, &member->room->lock);
    struct queued *q = member->first;
    if (!q)
        return NULL;
    struct message *m = q->message;
    member->first = q->next;
    member->behind--;
    if (!member->first)
        member->last = &member->first;
    free(q);
    return m;
}

static void *send_to(void *arg)
{
    struct member *member = arg;
    struct room *room = member->room;
    struct message *m;

    pthread_mutex_lock(&room->lock);
    while ((m = dequeue(member))) {
        pthread_mutex_unlock(&room->lock);
        store_message(&member->channel.store, m); // does nothing once it has failed
        pthread_mutex_lock(&room->lock);
        release(m);
    }
    pthread_mutex_unlock(&room->lock);
    return NULL;
}

static void accept_all(struct room *room);

static void forward(struct member *from, struct message *m)
{
    static const struct units nothing[] = { { NULL, 0, 1 }, { NULL, 0, 2 } };
    struct room *room = from->room;

    pthread_mutex_lock(&room->lock);
    accept_all(room);
    for (struct member *to = room->members; to; to = to->next)
        if (to != from)
            queue(to, m);
    if (m->close) {
        struct message *farewell = calloc(1, sizeof *farewell);
        if (!farewell)
            abort();
        farewell->holders = 1;
        farewell->close = m->close;
        farewell->text = nothing[room->server->profile.unicode];
        queue(from, farewell);
        release(farewell);
    }
    release(m);
    pthread_mutex_unlock(&room->lock);
}

static void leave(struct member *member)
{
    struct room *room = member->room;
    struct member **at = &room->members;

    pthread_mutex_lock(&room->lock);
    while (*at != member)
        at = &(*at)->next;
    *at = member->next;
    member->leaves = true;
    pthread_cond_signal(&member->changed);
    pthread_mutex_unlock(&room->lock);
    if (member->has_sender)
        pthread_join(member->sender, NULL); // it sends what is queued first
    channel_end(&member->channel);
    pthread_cond_destroy(&member->changed);
    free(member);
}

static void *listen_to(void *arg)
{
    struct member *member = arg;
    struct message *m;
    bool stays = member->has_sender = server_thread(send_to, member, &member->sender);

    while (stays && (m = load_message(&member->channel.load))) {
        stays = !m->close;
        forward(member, m);
    }
    leave(member);
    return NULL;
}

/* Under the lock. */
static void join(struct room *room, struct CSocket socket)
{
    struct member *member = calloc(1, sizeof *member);

    if (!member)
        abort();
    member->socket = socket;
    member->room = room;
    member->last = &member->first;
    pthread_cond_init(&member->changed, NULL);
    channel_open(&member->channel, &member->socket, &room->server->profile);
    member->next = room->members;
    room->members = member;
    if (!server_thread(listen_to, member, NULL)) {
        room->members = member->next;
        channel_end(&member->channel);
        pthread_cond_destroy(&member->changed);
        free(member);
    }
}

static void accept_all(struct room *room)
{
    struct CSocket socket = CSOCKET_EMPTY;

    while (CSocket_AcceptWaiting(room->listener, &socket)) {
        join(room, socket);
        socket = CSOCKET_EMPTY;
    }
}

void chat_host(const struct server *s, struct CSocket *listener)
{
    struct room room = {
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .server = s,
        .listener = listener,
    };

    for (;;) {
        CSocket_AwaitReadable(listener);
        pthread_mutex_lock(&room.lock);
        accept_all(&room);
        pthread_mutex_unlock(&room.lock);
        if (listener->error != EAGAIN)
            server_pause(); // out of descriptors: others will end
    }
}
