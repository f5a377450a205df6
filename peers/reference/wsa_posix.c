/*
 * Notifications out of epoll.
 *
 * Each thread that selects notifications has an epoll instance and a queue.
 * epoll is level-triggered: it tells the truth each time it is asked. What it
 * tells is compared with what a socket has armed:
 *
 *   armed       a message is queued, and the event disarmed
 *   not armed   the socket is muted, so that nobody is woken for nothing, until
 *               something is armed again
 *
 * epoll learns what it has to look for only when a thread looks for messages, so
 * that a socket which is accepted here and handed on costs nothing.
 *
 * Archives from generation 7.0 on receive each value by itself, a few bytes at
 * a time. So a small wsa_recv takes all that there is and keeps the rest:
 * the kept bytes count as received by nobody yet, for FD_READ, FD_CLOSE,
 * wsa_available and wsa_close alike.
 */
#include "wsa_posix.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum {
    SOCKETS_MAX = 1 << 16, // descriptors above are refused
    KEPT_MAX = 4096,       // bytes
    EVENTS_AT_ONCE = 64,
};

struct queue;

struct state {
    struct queue *queue; // of the thread that is notified; NULL: nobody is
    int fd;
    int type;     // SOCK_…
    int selected; // FD_…
    int armed;    // FD_… that would be queued now
    int queued;   // FD_… that wait in the queue
    bool listens, connects, connected, shut;
    bool readable; // a receive would not wait: known from epoll, and nobody has received since
    bool muted;    // for all but FD_WRITE
    bool is_fresh;
    uint32_t interest; // as epoll knows it; 0: it does not
    int error;         // Winsock's number, once the connection is broken
    bool keeps;        // small receives take more
    uint8_t *kept;     // NULL: it never has
    size_t kept_at, kept_end;
};

struct node {
    struct wsa_message message;
    struct node *next;
};

struct timer {
    unsigned ms; // 0: not set
    long long due_ms;
    bool queued;
};

struct queue {
    int epoll;
    struct node *first, **last, *spare;
    uint8_t *spare_kept;
    struct state **fresh; // whose interest epoll must learn before the next look
    size_t fresh_count, fresh_room;
    size_t sockets;
    unsigned timers;
    struct timer timer[WSA_TIMERS];
};

static _Atomic(struct state *) states[SOCKETS_MAX]; // by descriptor
static _Thread_local struct queue *own;
static _Thread_local int last_error;

static void *allocate(void *old, size_t size)
{
    void *grown = realloc(old, size);

    if (!grown)
        abort();
    return grown;
}

static struct queue *queue_own(void)
{
    if (!own) {
        own = allocate(NULL, sizeof *own);
        *own = (struct queue){ .epoll = epoll_create1(EPOLL_CLOEXEC) };
        own->last = &own->first;
    }
    return own;
}

static int winsock_error(int error)
{
    static const struct {
        int posix, winsock;
    } same[] = {
        { EINTR, WSAEINTR },
        { EACCES, WSAEACCES },
        { EPERM, WSAEACCES },
        { EINVAL, WSAEINVAL },
        { EMFILE, WSAEMFILE },
        { ENFILE, WSAEMFILE },
        { EAGAIN, WSAEWOULDBLOCK },
        { EINPROGRESS, WSAEWOULDBLOCK },
        { EALREADY, WSAEINVAL },
        { EBADF, WSAENOTSOCK },
        { ENOTSOCK, WSAENOTSOCK },
        { EMSGSIZE, WSAEMSGSIZE },
        { EOPNOTSUPP, WSAEOPNOTSUPP },
        { EADDRINUSE, WSAEADDRINUSE },
        { EADDRNOTAVAIL, WSAEADDRNOTAVAIL },
        { ENETUNREACH, WSAENETUNREACH },
        { ECONNABORTED, WSAECONNABORTED },
        { ECONNRESET, WSAECONNRESET },
        { EPIPE, WSAECONNRESET }, // a reset that arrived behind an end
        { ENOBUFS, WSAENOBUFS },
        { ENOMEM, WSAENOBUFS },
        { EISCONN, WSAEISCONN },
        { ENOTCONN, WSAENOTCONN },
        { EDESTADDRREQ, WSAENOTCONN },
        { ETIMEDOUT, WSAETIMEDOUT },
        { ECONNREFUSED, WSAECONNREFUSED },
        { EHOSTUNREACH, WSAEHOSTUNREACH },
    };

    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        if (same[i].posix == error)
            return same[i].winsock;
    return WSAEINVAL;
}

static bool fail(int error)
{
    last_error = error;
    return false;
}

static bool fail_errno(void)
{
    return fail(winsock_error(errno));
}

bool wsa_start(void)
{
    return true;
}

int wsa_error(void)
{
    return last_error;
}

void wsa_set_error(int error)
{
    last_error = error;
}

static struct state *state_of(intptr_t s)
{
    struct state *state = s >= 0 && s < SOCKETS_MAX ? states[s] : NULL;

    if (!state)
        last_error = WSAENOTSOCK;
    return state;
}

static intptr_t adopt(int fd, int type, bool connected)
{
    if (fd >= SOCKETS_MAX) {
        close(fd);
        last_error = WSAEMFILE;
        return WSA_NONE;
    }
    struct state *s = allocate(NULL, sizeof *s);
    *s = (struct state){
        .fd = fd, .type = type, .connected = connected, .keeps = type == SOCK_STREAM };
    states[fd] = s;
    return fd;
}

/*
 * The queue
 */

void wsa_post(const struct wsa_message *m)
{
    struct queue *q = queue_own();
    struct node *node = q->spare ? q->spare : allocate(NULL, sizeof *node);

    q->spare = NULL;
    *node = (struct node){ .message = *m };
    *q->last = node;
    q->last = &node->next;
}

static void node_remove(struct queue *q, struct node **at)
{
    struct node *gone = *at;

    *at = gone->next;
    if (q->last == &gone->next)
        q->last = at;
    free(q->spare);
    q->spare = gone;
}

static void notify(struct state *s, int event, int error)
{
    s->armed &= ~event;
    if (!(s->selected & event) || (s->queued & event))
        return;
    s->queued |= event;
    wsa_post(&(struct wsa_message){
        .kind = WSA_NOTIFY, .socket = s->fd, .event = event, .error = error });
}

/* Where it comes from must know that it is taken. */
static void taken(struct queue *q, const struct wsa_message *m)
{
    if (m->kind & (WSA_TIMER | WSA_TICK))
        q->timer[m->timer].queued = false;
    else if (m->kind == WSA_NOTIFY && m->event)
        state_of(m->socket)->queued &= ~m->event;
}

static struct node **find(struct queue *q, unsigned kinds)
{
    struct node **at = &q->first;

    while (*at && !((*at)->message.kind & kinds))
        at = &(*at)->next;
    return at;
}

/*
 * epoll
 */

static size_t kept(const struct state *s)
{
    return s->kept_end - s->kept_at;
}

/* epoll will learn of it. */
static void freshen(struct state *s)
{
    struct queue *q = s->queue;

    if (!q || s->is_fresh)
        return;
    if (q->fresh_count == q->fresh_room) {
        q->fresh_room = q->fresh_room ? 2 * q->fresh_room : 8;
        q->fresh = allocate(q->fresh, q->fresh_room * sizeof(struct state *));
    }
    q->fresh[q->fresh_count++] = s;
    s->is_fresh = true;
}

static void arm(struct state *s, int event)
{
    s->armed |= event;
    if (s->muted || event == FD_WRITE)
        freshen(s);
    if (event != FD_WRITE)
        s->muted = false;
}

static void mute(struct state *s)
{
    s->muted = true;
    freshen(s);
}

static bool waits_to_write(const struct state *s)
{
    return s->armed & s->selected & FD_WRITE;
}

static void tell_epoll(struct state *s)
{
    uint32_t writes = s->connects || waits_to_write(s) ? EPOLLOUT : 0;
    uint32_t reads = s->muted || !(s->connected || s->listens) ? 0 : EPOLLIN | EPOLLRDHUP;
    struct epoll_event e = { .events = writes | reads, .data.ptr = s };

    s->is_fresh = false;
    if (e.events == s->interest)
        return;
    epoll_ctl(s->queue->epoll,
              !s->interest ? EPOLL_CTL_ADD
              : !e.events  ? EPOLL_CTL_DEL
                           : EPOLL_CTL_MOD,
              s->fd, &e);
    s->interest = e.events;
}

/* No notification of it comes any more. */
static void forget(struct state *s)
{
    struct queue *q = s->queue;
    size_t left = 0;

    assert(q == own); // else it is still notified to another thread
    for (size_t i = 0; i < q->fresh_count; i++)
        if (q->fresh[i] != s)
            q->fresh[left++] = q->fresh[i];
    q->fresh_count = left;
    for (struct node **at = &q->first; s->queued && *at;)
        if ((*at)->message.kind == WSA_NOTIFY && (*at)->message.socket == s->fd)
            node_remove(q, at);
        else
            at = &(*at)->next;
    if (s->interest)
        epoll_ctl(q->epoll, EPOLL_CTL_DEL, s->fd, NULL);
    s->interest = 0;
    s->is_fresh = false;
    s->queued = 0;
    s->queue = NULL;
    q->sockets--;
}

static int pending_error(struct state *s)
{
    int error = 0;
    socklen_t len = sizeof error;

    getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &len);
    return error ? winsock_error(error) : 0;
}

static void note_connected(struct state *s)
{
    int error = pending_error(s);

    s->connects = false;
    s->connected = !error;
    notify(s, FD_CONNECT, error);
    if (!error)
        notify(s, FD_WRITE, 0);
    freshen(s);
}

/* Whether nothing more can be received; data are told, and received, before an end. */
static bool is_at_end(struct state *s, uint32_t events)
{
    int left = 0;

    if (s->type == SOCK_DGRAM || !(events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)))
        return false;
    if (events & EPOLLERR && !s->error)
        s->error = pending_error(s);
    return s->error || (kept(s) == 0 && (ioctl(s->fd, FIONREAD, &left) < 0 || left == 0));
}

static void note(struct state *s, uint32_t events)
{
    if (s->connects) {
        note_connected(s);
        return;
    }
    if (waits_to_write(s) && (events & (EPOLLOUT | EPOLLHUP | EPOLLERR))) {
        notify(s, FD_WRITE, 0);
        freshen(s);
    }
    if (s->muted || !(events & ~(uint32_t)EPOLLOUT))
        return;
    int event = s->listens ? FD_ACCEPT : is_at_end(s, events) ? FD_CLOSE : FD_READ;
    s->readable = true;
    if (s->armed & event)
        notify(s, event, event == FD_CLOSE ? s->error : 0);
    else
        mute(s);
}

static long long now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Queues the timers that are due; returns how long until the next one, or -1. */
static int timers_look(struct queue *q)
{
    long long now = now_ms(), next = -1;

    for (unsigned i = 0; i < WSA_TIMERS; i++) {
        struct timer *t = &q->timer[i];
        if (!t->ms)
            continue;
        if (t->due_ms <= now) {
            t->due_ms = now + t->ms;
            if (!t->queued)
                wsa_post(&(struct wsa_message){ .kind = i ? WSA_TIMER : WSA_TICK, .timer = i });
            t->queued = true;
            return 0;
        }
        if (next < 0 || t->due_ms - now < next)
            next = t->due_ms - now;
    }
    return (int)next;
}

/* Queues what has happened; waits for it if told to. */
static void look(struct queue *q, bool waits)
{
    struct epoll_event events[EVENTS_AT_ONCE];

    for (size_t i = 0; i < q->fresh_count; i++)
        tell_epoll(q->fresh[i]);
    q->fresh_count = 0;
    int until = q->timers ? timers_look(q) : -1;
    int count = epoll_wait(q->epoll, events, EVENTS_AT_ONCE, waits ? until : 0);
    for (int i = 0; i < count; i++)
        note(events[i].data.ptr, events[i].events);
    if (count == 0 && q->timers)
        timers_look(q);
}

bool wsa_peek(struct wsa_message *m, unsigned kinds)
{
    struct queue *q = queue_own();
    struct node **at = find(q, kinds);

    // Who finds nothing at all is going to wait; others must hear of what happens meanwhile.
    bool takes_call = *at && (*at)->message.kind == WSA_CALL;
    if (takes_call || (!*at && q->first)) {
        look(q, false);
        at = find(q, kinds);
    } else if (!*at && q->timers && (kinds & (WSA_TIMER | WSA_TICK))) {
        timers_look(q);
        at = find(q, kinds);
    }
    if (!*at)
        return false;
    *m = (*at)->message;
    node_remove(q, at);
    taken(q, m);
    return true;
}

bool wsa_waiting(unsigned kinds)
{
    return *find(queue_own(), kinds);
}

void wsa_wait(void)
{
    look(queue_own(), true);
}

void wsa_set_timer(unsigned timer, unsigned ms)
{
    struct queue *q = queue_own();

    assert(timer < WSA_TIMERS && ms > 0);
    q->timers += q->timer[timer].ms == 0;
    q->timer[timer].ms = ms;
    q->timer[timer].due_ms = now_ms() + ms;
}

void wsa_kill_timer(unsigned timer)
{
    struct queue *q = queue_own();

    q->timers -= q->timer[timer].ms != 0;
    q->timer[timer].ms = 0;
    for (struct node **at = &q->first; q->timer[timer].queued && *at;) {
        const struct wsa_message *m = &(*at)->message;
        if (!(m->kind & (WSA_TIMER | WSA_TICK)) || m->timer != timer) {
            at = &(*at)->next;
        } else {
            q->timer[timer].queued = false;
            node_remove(q, at);
        }
    }
}

void wsa_leave(void)
{
    if (!own)
        return;
    assert(own->sockets == 0);
    while (own->first)
        node_remove(own, &own->first);
    free(own->spare);
    free(own->spare_kept);
    free(own->fresh);
    close(own->epoll);
    free(own);
    own = NULL;
}

bool wsa_async_select(intptr_t handle, int events)
{
    struct state *s = state_of(handle);
    struct queue *q = events ? queue_own() : NULL;

    if (!s)
        return false;
    s->selected = events;
    if (s->queue && !q)
        forget(s);
    if (!q)
        return true;
    assert(!s->queue || s->queue == q);
    q->sockets += !s->queue;
    s->queue = q;
    s->armed = FD_READ | FD_ACCEPT | FD_CONNECT | FD_CLOSE;
    s->muted = false;
    if (s->connected)
        notify(s, FD_WRITE, 0); // if there is no room, the send will tell
    if (kept(s) > 0)
        notify(s, FD_READ, 0);
    freshen(s);
    return true;
}

/*
 * Sockets
 */

static struct sockaddr_in sockaddr_of(struct wsa_name name)
{
    return (struct sockaddr_in){ .sin_family = AF_INET,
                                 .sin_port = htons(name.port),
                                 .sin_addr.s_addr = htonl(name.address) };
}

static struct wsa_name name_of(const struct sockaddr_in *at)
{
    return (struct wsa_name){ ntohl(at->sin_addr.s_addr), ntohs(at->sin_port) };
}

intptr_t wsa_socket(int type)
{
    int fd = socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0) {
        fail_errno();
        return WSA_NONE;
    }
    return adopt(fd, type, false);
}

/* SO_REUSEADDR is what Windows does by itself: a port that was in use can be bound at once. */
bool wsa_bind(intptr_t handle, struct wsa_name name)
{
    struct state *s = state_of(handle);
    struct sockaddr_in at = sockaddr_of(name);
    int on = 1;

    if (!s)
        return false;
    // A client's port is chosen at connect: one that has just been used can serve again then.
    bool is_client = !name.port && !name.address && s->type == SOCK_STREAM;
    if ((name.port && setsockopt(s->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0) ||
        (is_client &&
         setsockopt(s->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on) < 0) ||
        bind(s->fd, (struct sockaddr *)&at, sizeof at) < 0)
        return fail_errno();
    if (s->type == SOCK_DGRAM) {
        s->connected = true;
        notify(s, FD_WRITE, 0);
        freshen(s);
    }
    return true;
}

bool wsa_listen(intptr_t handle, int backlog)
{
    struct state *s = state_of(handle);

    if (!s || (listen(s->fd, backlog) < 0 && !fail_errno()))
        return false;
    s->listens = true;
    freshen(s);
    return true;
}

bool wsa_connect(intptr_t handle, struct wsa_name name)
{
    struct state *s = state_of(handle);
    struct sockaddr_in to = sockaddr_of(name);

    if (!s)
        return false;
    if (connect(s->fd, (struct sockaddr *)&to, sizeof to) == 0) {
        s->connected = true;
        if (s->type == SOCK_DGRAM)
            return true;
        notify(s, FD_CONNECT, 0); // at once, and yet by a notification, as in Winsock
        notify(s, FD_WRITE, 0);
        freshen(s);
        return fail(WSAEWOULDBLOCK);
    }
    if (errno == EINPROGRESS) {
        s->connects = true;
        freshen(s);
    }
    return fail_errno();
}

intptr_t wsa_accept(intptr_t handle)
{
    struct state *s = state_of(handle);
    int fd = -1;

    if (!s)
        return WSA_NONE;
    do
        fd = accept4(s->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    while (fd < 0 && (errno == EINTR || errno == ECONNABORTED)); // it was gone before it was taken
    arm(s, FD_ACCEPT);
    if (fd < 0) {
        fail_errno();
        return WSA_NONE;
    }
    intptr_t accepted = adopt(fd, s->type, true);
    if (accepted != WSA_NONE && s->queue)
        wsa_async_select(accepted, s->selected);
    return accepted;
}

/* What one receive of the kernel gives, or -1 with an error of Winsock's. */
static ptrdiff_t receive(struct state *s, void *data, size_t size)
{
    ptrdiff_t got;

    do
        got = recv(s->fd, data, size, MSG_DONTWAIT);
    while (got < 0 && errno == EINTR);
    if (got > 0 || (got == 0 && !s->error))
        return got;
    if (!s->error && errno != EAGAIN && s->connected)
        s->error = winsock_error(errno); // the kernel tells it once, Winsock always
    last_error = s->error ? s->error : winsock_error(errno);
    return -1;
}

/* Room for what is kept goes from one socket of a thread to its next. */
static uint8_t *kept_room(void)
{
    uint8_t *room = own ? own->spare_kept : NULL;

    if (!room)
        return allocate(NULL, KEPT_MAX);
    own->spare_kept = NULL;
    return room;
}

static void kept_leave(uint8_t *room)
{
    if (own && !own->spare_kept)
        own->spare_kept = room;
    else
        free(room);
}

static size_t take_kept(struct state *s, void *data, size_t size)
{
    size_t taken = size < kept(s) ? size : kept(s);

    memcpy(data, s->kept + s->kept_at, taken);
    s->kept_at += taken;
    return taken;
}

/* As one receive: all that has arrived, up to size. */
static ptrdiff_t receive_small(struct state *s, void *data, size_t size)
{
    if (!s->kept)
        s->kept = kept_room();
    if (kept(s) == 0) {
        ptrdiff_t got = receive(s, s->kept, KEPT_MAX);
        if (got <= 0)
            return got;
        s->kept_at = 0;
        s->kept_end = (size_t)got;
        return (ptrdiff_t)take_kept(s, data, size);
    }
    size_t taken = take_kept(s, data, size);
    if (taken == size)
        return (ptrdiff_t)taken;
    int before = last_error;
    ptrdiff_t more = receive(s, (char *)data + taken, size - taken);
    last_error = before; // the next time tells
    return (ptrdiff_t)taken + (more > 0 ? more : 0);
}

ptrdiff_t wsa_recv(intptr_t handle, void *data, size_t size)
{
    struct state *s = state_of(handle);

    if (!s)
        return -1;
    if (s->type == SOCK_DGRAM)
        return wsa_recv_from(handle, data, size, NULL);
    bool is_small = s->keeps && (size < KEPT_MAX || kept(s) > 0);
    ptrdiff_t got = size == 0  ? 0
                    : is_small ? receive_small(s, data, size)
                               : receive(s, data, size);
    s->readable = false;
    arm(s, FD_READ);
    if (kept(s) > 0) {
        if (s->queue && s->queue->sockets > 1)
            look(s->queue, false); // what happened before on other sockets is told before
        notify(s, FD_READ, 0);
    }
    return got;
}

ptrdiff_t wsa_recv_from(intptr_t handle, void *data, size_t size, struct wsa_name *from)
{
    struct state *s = state_of(handle);
    struct sockaddr_in at = { 0 };
    struct iovec room = { data, size };
    struct msghdr m = {
        .msg_name = &at, .msg_namelen = sizeof at, .msg_iov = &room, .msg_iovlen = 1 };
    ptrdiff_t got;

    if (!s)
        return -1;
    if (s->type != SOCK_DGRAM) {
        if (from)
            wsa_peer_name(handle, from);
        return wsa_recv(handle, data, size);
    }
    do
        got = recvmsg(s->fd, &m, MSG_DONTWAIT);
    while (got < 0 && errno == EINTR);
    s->readable = false;
    arm(s, FD_READ);
    if (got >= 0 && from)
        *from = name_of(&at);
    if (got < 0) {
        fail_errno();
    } else if (m.msg_flags & MSG_TRUNC) {
        last_error = WSAEMSGSIZE; // the rest of the datagram is lost
        got = -1;
    }
    return got;
}

static ptrdiff_t send_by(struct state *s, const struct msghdr *m)
{
    ptrdiff_t sent;

    if (s->error) {
        last_error = s->error;
        return -1;
    }
    do
        sent = sendmsg(s->fd, m, MSG_NOSIGNAL | MSG_DONTWAIT);
    while (sent < 0 && errno == EINTR);
    if (sent >= 0)
        return sent;
    if (errno == EAGAIN)
        arm(s, FD_WRITE);
    last_error = errno == EPIPE && s->shut ? WSAESHUTDOWN : winsock_error(errno);
    return -1;
}

ptrdiff_t wsa_send(intptr_t handle, const void *data, size_t size)
{
    struct state *s = state_of(handle);
    struct iovec piece = { (void *)(uintptr_t)data, size };

    return s ? send_by(s, &(struct msghdr){ .msg_iov = &piece, .msg_iovlen = 1 }) : -1;
}

ptrdiff_t wsa_send_to(intptr_t handle, const void *data, size_t size, struct wsa_name to)
{
    struct state *s = state_of(handle);
    struct sockaddr_in at = sockaddr_of(to);
    struct iovec piece = { (void *)(uintptr_t)data, size };

    return s ? send_by(s, &(struct msghdr){ .msg_name = &at,
                                            .msg_namelen = sizeof at,
                                            .msg_iov = &piece,
                                            .msg_iovlen = 1 })
             : -1;
}

bool wsa_shutdown(intptr_t handle, int how)
{
    static const int hows[] = { SHUT_RD, SHUT_WR, SHUT_RDWR };
    struct state *s = state_of(handle);

    if (!s || (shutdown(s->fd, hows[how]) < 0 && !fail_errno()))
        return false;
    s->shut |= how > 0;
    return true;
}

/* A socket that is closed before all was received resets its connection, as the kernel would. */
bool wsa_close(intptr_t handle)
{
    static const struct linger at_once = { .l_onoff = 1 };
    struct state *s = state_of(handle);

    if (!s)
        return false;
    if (kept(s) > 0)
        setsockopt(s->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    s->interest = 0; // closing takes it out of epoll
    if (s->queue)
        forget(s);
    int fd = s->fd;
    states[fd] = NULL;
    kept_leave(s->kept);
    free(s);
    close(fd);
    return true;
}

size_t wsa_available(intptr_t handle)
{
    struct state *s = state_of(handle);
    int left = 0;

    if (!s || (ioctl(s->fd, FIONREAD, &left) < 0 && !fail_errno()))
        return 0;
    return kept(s) + (size_t)left;
}

bool wsa_readable(intptr_t handle)
{
    struct state *s = state_of(handle);

    if (!s)
        return false;
    struct pollfd p = { .fd = s->fd, .events = POLLIN };
    return s->readable || s->error || kept(s) > 0 || poll(&p, 1, 0) == 1;
}

int wsa_type(intptr_t handle)
{
    struct state *s = state_of(handle);

    return s ? s->type : -1;
}

static bool name_by(int (*get)(int, struct sockaddr *, socklen_t *), intptr_t handle,
                    struct wsa_name *name)
{
    struct state *s = state_of(handle);
    struct sockaddr_in at;
    socklen_t len = sizeof at;

    if (!s || (get(s->fd, (struct sockaddr *)&at, &len) < 0 && !fail_errno()))
        return false;
    *name = name_of(&at);
    return true;
}

bool wsa_sock_name(intptr_t handle, struct wsa_name *name)
{
    return name_by(getsockname, handle, name);
}

bool wsa_peer_name(intptr_t handle, struct wsa_name *name)
{
    return name_by(getpeername, handle, name);
}

bool wsa_may_broadcast(intptr_t handle)
{
    struct state *s = state_of(handle);
    int on = 1;

    return s && (setsockopt(s->fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on) == 0 || fail_errno());
}

bool wsa_resolve(const char *host, uint32_t *address)
{
    struct addrinfo hints = { .ai_family = AF_INET }, *found;
    struct in_addr dotted;

    if (inet_pton(AF_INET, host, &dotted) == 1) {
        *address = ntohl(dotted.s_addr);
        return true;
    }
    if (getaddrinfo(host, NULL, &hints, &found) != 0)
        return fail(WSAEADDRNOTAVAIL);
    *address = ntohl(((struct sockaddr_in *)(void *)found->ai_addr)->sin_addr.s_addr);
    freeaddrinfo(found);
    return true;
}

intptr_t wsa_adopt(int fd, int type, bool keeps)
{
    struct sockaddr_storage name;
    socklen_t len = sizeof name;
    intptr_t s = adopt(fd, type, getpeername(fd, (struct sockaddr *)&name, &len) == 0);

    if (s != WSA_NONE)
        state_of(s)->keeps = keeps;
    return s;
}
