/*
 * The small socket interface on the thing itself: WSAAsyncSelect.
 *
 * Each thread that selects notifications has a message-only window. Winsock
 * posts to it, and so do wsa_post and the timers. What Windows' queue holds is
 * moved, in its order, into a list of ours as soon as anybody looks. There it is
 * found by its kind, and
 *
 *   WaitMessage   sleeps until something comes that PeekMessage has not shown yet;
 *                 what stays in our list does not keep it awake, unless it came
 *                 while the program looked for another kind
 *   closing       takes the socket's notifications out of the list, killing a
 *                 timer its message
 *   one of each   of a socket and of a timer waits: Winsock posts one FD_READ
 *                 per receive, however many wait already [WS-2]
 *
 * Archives from generation 7.0 on receive each value by itself, a few bytes at
 * a time. So, as in wsa_posix.c, a small wsa_recv takes all that there is and
 * keeps the rest. What is kept the program has not received, and of what it has
 * received Winsock may tell too late. So these two are not passed on as they come:
 *
 *   FD_READ    after each receive we look ourselves, and tell it if there are
 *              more. Until the next receive Winsock's are then not wanted; nor
 *              are those behind which there are no data any more
 *   FD_CLOSE   is noted until all is received; Windows itself means to tell an
 *              end behind all data, but does not promise it [WS-6]
 *
 * Under Wine a receive is two steps: its server re-arms FD_READ, then the data
 * are fetched. Between the two it may post an FD_READ for these very data, which
 * nothing re-arms: a program that is told, finds nothing, and receives no more,
 * as MFC up to 6.0 does [SK-13], would never hear of what comes later. So an
 * FD_READ without data is not told, and MSG_PEEK re-arms it.
 */
#include "wsa_windows.h"

#define WIN32_LEAN_AND_MEAN
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>

#include <assert.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum {
    MESSAGE_NOTIFY = WM_APP, // Winsock's: socket; event and error
    MESSAGE_DEAD,            // socket
    MESSAGE_CALL,            // function; its argument
    MESSAGE_QUIT,

    TIMER_FIRST = 1, // numbers of timers; Windows has none that is 0

    KEPT_MAX = 4096, // bytes
    BUCKETS = 256,
};

struct state {
    intptr_t socket;
    struct state *next;  // in its bucket
    struct queue *queue; // of the thread that is notified; NULL: nobody is
    int selected;        // FD_…
    bool keeps;          // small receives take more
    bool armed;          // FD_READ may be told
    bool ended;          // FD_CLOSE was to be told, while not all was received
    size_t kept_at, kept_end;
    uint8_t kept[KEPT_MAX];
};

struct node {
    struct wsa_message message;
    struct node *next;
};

struct queue {
    HWND window;
    struct node *first, **last;
    unsigned news; // kinds of what has come into the list since somebody looked for them
};

/* A state belongs to the thread that has the socket. The lock is for the way to it, and for `queue`. */
static struct state *buckets[BUCKETS];
static SRWLOCK buckets_lock = SRWLOCK_INIT;
static _Thread_local struct queue *own;
static _Thread_local int last_error;

static void *allocate(size_t size)
{
    void *p = calloc(1, size);

    if (!p)
        abort();
    return p;
}

static struct queue *queue_own(void)
{
    if (own)
        return own;
    own = allocate(sizeof *own);
    own->last = &own->first;
    own->window = CreateWindowExW(0, L"STATIC", NULL, 0, 0, 0, 0, 0, HWND_MESSAGE, NULL, NULL, NULL);
    if (!own->window)
        abort();
    return own;
}

static bool fail(int error)
{
    last_error = error;
    return false;
}

static bool fail_as_winsock(void)
{
    return fail(WSAGetLastError());
}

static bool told(int result)
{
    return result != SOCKET_ERROR || fail_as_winsock();
}

bool wsa_start(void)
{
    WSADATA data;
    int error = WSAStartup(MAKEWORD(2, 2), &data); // counts; ends with the process

    return error == 0 || fail(error);
}

int wsa_error(void)
{
    return last_error;
}

void wsa_set_error(int error)
{
    last_error = error;
}

/*
 * States
 */

static struct state **bucket_of(intptr_t s)
{
    return &buckets[(size_t)s / 4 % BUCKETS]; // handles are multiples of four
}

/* With the lock held; NULL where there is none. */
static struct state *find_state(intptr_t s)
{
    struct state *state = *bucket_of(s);

    while (state && state->socket != s)
        state = state->next;
    return state;
}

static struct state *state_of(intptr_t s)
{
    AcquireSRWLockShared(&buckets_lock);
    struct state *state = find_state(s);
    ReleaseSRWLockShared(&buckets_lock);
    if (!state)
        fail(WSAENOTSOCK);
    return state;
}

/* NULL also where another thread has it by now: what it was told here before is of no use to anybody. */
static struct state *state_notified(intptr_t s, const struct queue *to)
{
    AcquireSRWLockShared(&buckets_lock);
    struct state *state = find_state(s);
    if (state && state->queue != to)
        state = NULL;
    ReleaseSRWLockShared(&buckets_lock);
    return state;
}

static void state_notify(struct state *s, struct queue *to)
{
    AcquireSRWLockExclusive(&buckets_lock);
    s->queue = to;
    ReleaseSRWLockExclusive(&buckets_lock);
}

/* Of a socket that Winsock has given. */
static intptr_t state_new(SOCKET given, int type)
{
    if (given == INVALID_SOCKET) {
        fail_as_winsock();
        return WSA_NONE;
    }
    struct state *s = allocate(sizeof *s);
    s->socket = (intptr_t)given;
    s->keeps = type == SOCK_STREAM;
    s->armed = true;
    AcquireSRWLockExclusive(&buckets_lock);
    struct state **bucket = bucket_of(s->socket);
    s->next = *bucket;
    *bucket = s;
    ReleaseSRWLockExclusive(&buckets_lock);
    return s->socket;
}

static void state_free(struct state *s)
{
    AcquireSRWLockExclusive(&buckets_lock);
    struct state **at = bucket_of(s->socket);
    while (*at != s)
        at = &(*at)->next;
    *at = s->next;
    ReleaseSRWLockExclusive(&buckets_lock);
    free(s);
}

static size_t kept(const struct state *s)
{
    return s->kept_end - s->kept_at;
}

/*
 * The queue
 */

static bool is_same(const struct wsa_message *a, const struct wsa_message *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == WSA_NOTIFY)
        return a->event != 0 && a->event == b->event && a->socket == b->socket;
    return a->kind & (WSA_TIMER | WSA_TICK) && a->timer == b->timer;
}

static bool is_waiting(const struct queue *q, const struct wsa_message *m)
{
    const struct node *n = q->first;

    while (n && !is_same(&n->message, m))
        n = n->next;
    return n;
}

static void append(struct queue *q, const struct wsa_message *m)
{
    if (is_waiting(q, m))
        return;
    struct node *node = allocate(sizeof *node);
    node->message = *m;
    *q->last = node;
    q->last = &node->next;
    q->news |= m->kind;
}

static void node_remove(struct queue *q, struct node **at)
{
    struct node *gone = *at;

    *at = gone->next;
    if (q->last == &gone->next)
        q->last = at;
    free(gone);
}

/* Bytes that Winsock has; leaves the error alone. */
static size_t arrived(const struct state *s)
{
    u_long waiting = 0;

    return ioctlsocket((SOCKET)s->socket, FIONREAD, &waiting) == 0 ? waiting : 0;
}

/* Bytes that a receive would give; leaves the error alone. */
static size_t left(const struct state *s)
{
    return kept(s) + arrived(s);
}

static void drop(struct queue *q, unsigned kinds, intptr_t socket, unsigned timer)
{
    for (struct node **at = &q->first; *at;) {
        const struct wsa_message *m = &(*at)->message;
        if ((m->kind & kinds) && m->socket == socket && m->timer == timer)
            node_remove(q, at);
        else
            at = &(*at)->next;
    }
}

static void notify(struct queue *q, struct state *s, const struct wsa_message *m)
{
    bool reads = m->event == FD_READ, ends = m->event == FD_CLOSE && m->error == 0;

    if (ends && left(s) > 0)
        s->ended = true;
    else if (!reads || s->armed)
        append(q, m);
    s->armed &= !reads;
}

/* False for a message that is none of ours. */
static bool message_from(const MSG *from, struct wsa_message *m)
{
    *m = (struct wsa_message){ 0 };
    switch (from->message) {
    case MESSAGE_NOTIFY:
        m->kind = WSA_NOTIFY;
        m->socket = (intptr_t)from->wParam;
        m->event = WSAGETSELECTEVENT(from->lParam);
        m->error = WSAGETSELECTERROR(from->lParam);
        return true;
    case MESSAGE_DEAD:
        m->kind = WSA_DEAD;
        m->socket = (intptr_t)from->wParam;
        return true;
    case MESSAGE_CALL:
        m->kind = WSA_CALL;
        m->call = (void (*)(void *))from->wParam;
        m->arg = (void *)from->lParam;
        return true;
    case MESSAGE_QUIT:
        m->kind = WSA_QUIT;
        return true;
    case WM_TIMER:
        m->timer = (unsigned)from->wParam - TIMER_FIRST;
        m->kind = m->timer ? WSA_TIMER : WSA_TICK;
        return true;
    default:
        return false;
    }
}

static void take(struct queue *q, const struct wsa_message *m)
{
    bool is_of_socket = m->kind == WSA_NOTIFY && m->event != 0;
    struct state *s = is_of_socket ? state_notified(m->socket, q) : NULL;
    char ignored;

    if (s && m->event == FD_READ && arrived(s) == 0)
        recv((SOCKET)s->socket, &ignored, sizeof ignored, MSG_PEEK);
    else if (s)
        notify(q, s, m);
    else if (!is_of_socket)
        append(q, m);
}

/* Moves what has come into the list. */
static void look(struct queue *q)
{
    int before = last_error;
    struct wsa_message m;
    MSG message;

    while (PeekMessageW(&message, NULL, 0, 0, PM_REMOVE))
        if (message.hwnd == q->window && message_from(&message, &m))
            take(q, &m);
        else
            DispatchMessageW(&message);
    last_error = before;
}

void wsa_post(const struct wsa_message *m)
{
    struct queue *q = queue_own();
    WPARAM w = m->kind == WSA_CALL ? (WPARAM)m->call : (WPARAM)m->socket;
    LPARAM l = m->kind == WSA_CALL ? (LPARAM)m->arg : 0;
    UINT message = m->kind == WSA_NOTIFY ? MESSAGE_NOTIFY
                   : m->kind == WSA_DEAD ? MESSAGE_DEAD
                   : m->kind == WSA_CALL ? MESSAGE_CALL
                                         : MESSAGE_QUIT;

    if (PostMessageW(q->window, message, w, l))
        return;
    look(q); // Windows' queue was full
    append(q, m);
}

static struct node **find(struct queue *q, unsigned kinds)
{
    struct node **at = &q->first;

    while (*at && !((*at)->message.kind & kinds))
        at = &(*at)->next;
    return at;
}

bool wsa_peek(struct wsa_message *m, unsigned kinds)
{
    struct queue *q = queue_own();
    struct node **at = find(q, kinds);

    if (!*at) {
        look(q);
        at = find(q, kinds);
    }
    q->news &= ~kinds;
    if (!*at)
        return false;
    *m = (*at)->message;
    node_remove(q, at);
    return true;
}

bool wsa_waiting(unsigned kinds)
{
    return *find(queue_own(), kinds);
}

void wsa_wait(void)
{
    struct queue *q = queue_own();

    if (!q->news) {
        WaitMessage();
        look(q);
    }
    q->news = 0;
}

void wsa_set_timer(unsigned timer, unsigned ms)
{
    assert(timer < WSA_TIMERS && ms > 0);
    SetTimer(queue_own()->window, timer + TIMER_FIRST, ms, NULL);
}

void wsa_kill_timer(unsigned timer)
{
    struct queue *q = queue_own();

    KillTimer(q->window, timer + TIMER_FIRST);
    drop(q, WSA_TIMER | WSA_TICK, 0, timer); // Windows would not have made it yet
}

void wsa_leave(void)
{
    if (!own)
        return;
    while (own->first)
        node_remove(own, &own->first);
    DestroyWindow(own->window);
    free(own);
    own = NULL;
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

/* Winsock's calls take an int. */
static int bounded(size_t size)
{
    return size < INT_MAX ? (int)size : INT_MAX;
}

/* Tells what is left, and then the end that waits for it. What happened before on other sockets is told before. */
static void tell_rest(struct state *s)
{
    struct wsa_message reads = { .kind = WSA_NOTIFY, .socket = s->socket, .event = FD_READ };
    struct wsa_message ends = { .kind = WSA_NOTIFY, .socket = s->socket, .event = FD_CLOSE };

    if (!own)
        return;
    if ((s->selected & FD_READ) && (kept(s) > 0 || arrived(s) > 0)) {
        if (!is_waiting(own, &reads))
            look(own);
        notify(own, s, &reads);
    }
    if ((s->selected & FD_CLOSE) && s->ended && kept(s) == 0) {
        s->ended = false;
        notify(own, s, &ends);
    }
}

bool wsa_async_select(intptr_t handle, int events)
{
    struct state *s = state_of(handle);

    if (!s || !told(WSAAsyncSelect((SOCKET)handle, queue_own()->window, MESSAGE_NOTIFY, events)))
        return false;
    state_notify(s, events ? own : NULL);
    s->selected = events;
    s->armed = true;
    tell_rest(s);
    return true;
}

intptr_t wsa_socket(int type)
{
    u_long on = 1;
    SOCKET s = socket(AF_INET, type, 0);

    if (s != INVALID_SOCKET)
        ioctlsocket(s, FIONBIO, &on);
    return state_new(s, type);
}

bool wsa_bind(intptr_t s, struct wsa_name name)
{
    struct sockaddr_in at = sockaddr_of(name);

    return told(bind((SOCKET)s, (struct sockaddr *)&at, sizeof at));
}

bool wsa_listen(intptr_t s, int backlog)
{
    return told(listen((SOCKET)s, backlog));
}

bool wsa_connect(intptr_t s, struct wsa_name name)
{
    struct sockaddr_in to = sockaddr_of(name);

    return told(connect((SOCKET)s, (struct sockaddr *)&to, sizeof to));
}

intptr_t wsa_accept(intptr_t handle)
{
    struct state *s = state_of(handle);

    if (!s)
        return WSA_NONE;
    intptr_t accepted = state_new(accept((SOCKET)handle, NULL, NULL), SOCK_STREAM);
    if (accepted != WSA_NONE) { // Winsock has selected for it what is selected for the listener
        state_of(accepted)->selected = s->selected;
        state_notify(state_of(accepted), s->queue);
    }
    return accepted;
}

/* One receive of Winsock's. */
static ptrdiff_t receive(const struct state *s, void *data, size_t size)
{
    int got = recv((SOCKET)s->socket, data, bounded(size), 0);

    return told(got) ? got : -1;
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

/* Behind a receive. */
static void arm(struct state *s)
{
    s->armed = true;
    tell_rest(s);
}

ptrdiff_t wsa_recv(intptr_t handle, void *data, size_t size)
{
    struct state *s = state_of(handle);

    if (!s)
        return -1;
    bool is_small = s->keeps && (size < KEPT_MAX || kept(s) > 0);
    ptrdiff_t got = size == 0 ? 0 : is_small ? receive_small(s, data, size) : receive(s, data, size);
    arm(s);
    return got;
}

ptrdiff_t wsa_recv_from(intptr_t handle, void *data, size_t size, struct wsa_name *from)
{
    struct state *s = state_of(handle);
    struct sockaddr_in at = { 0 };
    int len = sizeof at;

    if (!s)
        return -1;
    if (s->keeps) {
        if (from)
            wsa_peer_name(handle, from);
        return wsa_recv(handle, data, size);
    }
    int got = recvfrom((SOCKET)handle, data, bounded(size), 0, (struct sockaddr *)&at, &len);
    bool good = told(got);
    arm(s);
    if (good && from)
        *from = name_of(&at);
    return good ? got : -1;
}

ptrdiff_t wsa_send(intptr_t s, const void *data, size_t size)
{
    int sent = send((SOCKET)s, data, bounded(size), 0);

    return told(sent) ? sent : -1;
}

ptrdiff_t wsa_send_to(intptr_t s, const void *data, size_t size, struct wsa_name to)
{
    struct sockaddr_in at = sockaddr_of(to);
    int sent = sendto((SOCKET)s, data, bounded(size), 0, (struct sockaddr *)&at, sizeof at);

    return told(sent) ? sent : -1;
}

bool wsa_shutdown(intptr_t s, int how)
{
    return told(shutdown((SOCKET)s, how));
}

/* A socket that is closed before all was received resets its connection, as Windows would. */
bool wsa_close(intptr_t handle)
{
    static const struct linger at_once = { .l_onoff = 1 };
    struct state *s = state_of(handle);

    if (!s)
        return false;
    if (kept(s) > 0)
        setsockopt((SOCKET)handle, SOL_SOCKET, SO_LINGER, (const char *)&at_once, sizeof at_once);
    state_free(s); // before another thread can get the same number
    closesocket((SOCKET)handle);
    if (own) {
        look(own);
        drop(own, WSA_NOTIFY, handle, 0);
    }
    return true;
}

size_t wsa_available(intptr_t handle)
{
    struct state *s = state_of(handle);

    return s ? left(s) : 0;
}

bool wsa_readable(intptr_t handle)
{
    struct state *s = state_of(handle);
    fd_set one = { 1, { (SOCKET)handle } };
    struct timeval at_once = { 0 };

    return s && (kept(s) > 0 || select(0, &one, NULL, NULL, &at_once) == 1);
}

int wsa_type(intptr_t s)
{
    int type = -1, len = sizeof type;

    return told(getsockopt((SOCKET)s, SOL_SOCKET, SO_TYPE, (char *)&type, &len)) ? type : -1;
}

bool wsa_sock_name(intptr_t s, struct wsa_name *name)
{
    struct sockaddr_in at = { 0 };
    int len = sizeof at;

    if (!told(getsockname((SOCKET)s, (struct sockaddr *)&at, &len)))
        return false;
    *name = name_of(&at);
    return true;
}

bool wsa_peer_name(intptr_t s, struct wsa_name *name)
{
    struct sockaddr_in at = { 0 };
    int len = sizeof at;

    if (!told(getpeername((SOCKET)s, (struct sockaddr *)&at, &len)))
        return false;
    *name = name_of(&at);
    return true;
}

bool wsa_may_broadcast(intptr_t s)
{
    BOOL on = TRUE;

    return told(setsockopt((SOCKET)s, SOL_SOCKET, SO_BROADCAST, (const char *)&on, sizeof on));
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

intptr_t wsa_adopt(int socket, int type, bool keeps)
{
    u_long on = 1;

    ioctlsocket((SOCKET)socket, FIONBIO, &on);
    intptr_t s = state_new((SOCKET)socket, type);
    if (s != WSA_NONE)
        state_of(s)->keeps = keeps;
    return s;
}
