/*
 * The small socket interface on the thing itself: WSAAsyncSelect.
 *
 * Each thread that selects notifications has a message-only window. Winsock
 * posts to it, and so do wsa_post and the timers. What Windows' queue holds is
 * moved, in its order, into a list of ours as soon as anybody looks. There it is
 * found by its kind, and
 *
 *   WaitMessage   sleeps until something comes that PeekMessage has not shown yet;
 *                 what stays in our list does not keep it awake
 *   closing       takes the socket's notifications out of the list
 *   one of each   of a socket and of a timer waits: Winsock posts one FD_READ
 *                 per receive, however many wait already [WS-2]
 *
 * Everything that re-arms notifications is Winsock's own.
 */
#include "wsa.h"

#define WIN32_LEAN_AND_MEAN
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>

#include <assert.h>
#include <stdlib.h>

enum {
    MESSAGE_NOTIFY = WM_APP, // Winsock's: socket; event and error
    MESSAGE_DEAD,            // socket
    MESSAGE_CALL,            // function; its argument
    MESSAGE_QUIT,

    TIMER_FIRST = 1, // numbers of timers; Windows has none that is 0

    LOOK_EVERY = 1000, // receives: each may leave a notification, and Windows' queue holds 10,000
};

struct node {
    struct wsa_message message;
    struct node *next;
};

struct queue {
    HWND window;
    struct node *first, **last;
    unsigned receives; // since the last look
};

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

static void append(struct queue *q, const struct wsa_message *m)
{
    for (struct node *n = q->first; n; n = n->next)
        if (is_same(&n->message, m))
            return;
    struct node *node = allocate(sizeof *node);
    node->message = *m;
    *q->last = node;
    q->last = &node->next;
}

static void node_remove(struct queue *q, struct node **at)
{
    struct node *gone = *at;

    *at = gone->next;
    if (q->last == &gone->next)
        q->last = at;
    free(gone);
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

/* Moves what has come into the list. */
static void look(struct queue *q)
{
    struct wsa_message m;
    MSG message;

    q->receives = 0;
    while (PeekMessageW(&message, NULL, 0, 0, PM_REMOVE))
        if (message.hwnd == q->window && message_from(&message, &m))
            append(q, &m);
        else
            DispatchMessageW(&message);
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

/* Windows means to tell an end behind all data, but does not promise it [WS-6]. */
static bool is_due(const struct wsa_message *m)
{
    return m->kind != WSA_NOTIFY || m->event != FD_CLOSE || m->error != 0 ||
           wsa_available(m->socket) == 0;
}

static struct node **find(struct queue *q, unsigned kinds)
{
    struct node **at = &q->first;

    while (*at && (!((*at)->message.kind & kinds) || !is_due(&(*at)->message)))
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

    WaitMessage();
    look(q);
}

void wsa_set_timer(unsigned timer, unsigned ms)
{
    assert(timer < WSA_TIMERS && ms > 0);
    SetTimer(queue_own()->window, timer + TIMER_FIRST, ms, NULL);
}

void wsa_kill_timer(unsigned timer)
{
    KillTimer(queue_own()->window, timer + TIMER_FIRST);
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

static intptr_t handle_of(SOCKET s)
{
    if (s != INVALID_SOCKET)
        return (intptr_t)s;
    fail_as_winsock();
    return WSA_NONE;
}

bool wsa_async_select(intptr_t s, int events)
{
    return told(WSAAsyncSelect((SOCKET)s, queue_own()->window, MESSAGE_NOTIFY, events));
}

intptr_t wsa_socket(int type)
{
    u_long on = 1;
    intptr_t s = handle_of(socket(AF_INET, type, 0));

    if (s != WSA_NONE)
        ioctlsocket((SOCKET)s, FIONBIO, &on);
    return s;
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

intptr_t wsa_accept(intptr_t s)
{
    return handle_of(accept((SOCKET)s, NULL, NULL));
}

/* Behind a receive. */
static ptrdiff_t received(int got)
{
    bool good = told(got);

    if (own && ++own->receives >= LOOK_EVERY)
        look(own);
    return good ? got : -1;
}

ptrdiff_t wsa_recv(intptr_t s, void *data, size_t size)
{
    return size == 0 ? 0 : received(recv((SOCKET)s, data, bounded(size), 0));
}

ptrdiff_t wsa_recv_from(intptr_t s, void *data, size_t size, struct wsa_name *from)
{
    struct sockaddr_in at = { 0 };
    int len = sizeof at;
    ptrdiff_t got =
        received(recvfrom((SOCKET)s, data, bounded(size), 0, (struct sockaddr *)&at, &len));

    if (got >= 0 && from && (wsa_type(s) == SOCK_DGRAM || !wsa_peer_name(s, from)))
        *from = name_of(&at);
    return got;
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

bool wsa_close(intptr_t s)
{
    if (own)
        WSAAsyncSelect((SOCKET)s, own->window, 0, 0);
    if (!told(closesocket((SOCKET)s)))
        return false;
    if (!own)
        return true;
    look(own);
    for (struct node **at = &own->first; *at;)
        if ((*at)->message.kind == WSA_NOTIFY && (*at)->message.socket == s)
            node_remove(own, at);
        else
            at = &(*at)->next;
    return true;
}

size_t wsa_available(intptr_t s)
{
    u_long left = 0;

    return told(ioctlsocket((SOCKET)s, FIONREAD, &left)) ? left : 0;
}

bool wsa_readable(intptr_t s)
{
    fd_set one = { 1, { (SOCKET)s } };
    struct timeval at_once = { 0 };

    return select(0, &one, NULL, NULL, &at_once) == 1;
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
