/*
 * What the model stands on: Windows Sockets as MFC uses them, made small.
 *
 * Sockets never block here. What happens on them is told by notifications,
 * which wait, in the order in which things happened, in the message queue of
 * the thread that asked for them with wsa_async_select; timers and what the
 * program posts wait there, too.
 *
 *   FD_READ     there are data               again only after wsa_recv or wsa_recv_from,
 *                                            at once if there are more [WS-1]
 *   FD_ACCEPT   somebody waits               again only after wsa_accept
 *   FD_CONNECT  how wsa_connect ended        once
 *   FD_WRITE    there is room                once after connecting or accepting, then only
 *                                            after a send met WSAEWOULDBLOCK [WS-5]
 *   FD_CLOSE    the other side has ended,    once
 *               and all that it said has
 *               been received [WS-6], or
 *               the connection is broken
 *
 * No other function re-arms anything, wsa_available least of all [WS-3]. Of
 * each kind one notification waits per socket at most. It stays where it is
 * when its reason goes away: a program that receives twice for one FD_READ may
 * get another one for data that it already has [WS-2].
 *
 * wsa_posix.c implements this with epoll. To carry the model to another system,
 * implement this header; csocket.c and all above it stay as they are. Windows'
 * own headers, where they are needed, are included behind this one.
 *
 * What fails returns false, -1 or WSA_NONE, and wsa_error tells why, by
 * Winsock's numbers on every system [EXC-5]. A socket belongs to the thread
 * that selected its notifications; it may be handed to another thread after
 * wsa_async_select(s, 0).
 */
#ifndef REFERENCE_WSA_H
#define REFERENCE_WSA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef _WIN32
#include <sys/socket.h> // SOCK_STREAM, SOCK_DGRAM
#endif

#ifndef _WINSOCK2API_ // Windows' header has the same names for the same numbers
#ifdef _WIN32
enum { SOCK_STREAM = 1, SOCK_DGRAM = 2, SOMAXCONN = 0x7fffffff };
#endif

enum {
    FD_READ = 1,
    FD_WRITE = 2,
    FD_OOB = 4,
    FD_ACCEPT = 8,
    FD_CONNECT = 16,
    FD_CLOSE = 32,
};

// clang-format off
#define WSA_ERRORS(X)                                                                              \
    X(WSAEINTR,         10004, "a blocking call was cancelled")                                    \
    X(WSAEACCES,        10013, "permission denied")                                                \
    X(WSAEINVAL,        10022, "invalid argument")                                                 \
    X(WSAEMFILE,        10024, "too many open sockets")                                            \
    X(WSAEWOULDBLOCK,   10035, "the call would have to wait")                                      \
    X(WSAEINPROGRESS,   10036, "another call is blocking")                                         \
    X(WSAENOTSOCK,      10038, "not a socket")                                                     \
    X(WSAEMSGSIZE,      10040, "the message is larger than the buffer")                            \
    X(WSAEOPNOTSUPP,    10045, "not supported by this kind of socket")                             \
    X(WSAEADDRINUSE,    10048, "the address is in use")                                            \
    X(WSAEADDRNOTAVAIL, 10049, "no such address here")                                             \
    X(WSAENETUNREACH,   10051, "the network cannot be reached")                                    \
    X(WSAECONNABORTED,  10053, "the connection was given up")                                      \
    X(WSAECONNRESET,    10054, "the connection was reset")                                         \
    X(WSAENOBUFS,       10055, "no buffers are left")                                              \
    X(WSAEISCONN,       10056, "the socket is connected already")                                  \
    X(WSAENOTCONN,      10057, "the socket is not connected")                                      \
    X(WSAESHUTDOWN,     10058, "the socket was shut down")                                         \
    X(WSAETIMEDOUT,     10060, "the connection timed out")                                         \
    X(WSAECONNREFUSED,  10061, "the connection was refused")                                       \
    X(WSAEHOSTUNREACH,  10065, "the host cannot be reached")
// clang-format on
#define WSA_ERROR(name, number, text) name = (number),
enum { WSA_ERRORS(WSA_ERROR) };
#undef WSA_ERROR
#endif

enum { WSA_NONE = -1 }; // no socket

/* An address of IPv4 and a port, both in host order [SK-5]. */
struct wsa_name {
    uint32_t address; // 0: all interfaces
    uint16_t port;    // 0: the system chooses
};

/* Before all else, once per process; more often does no harm. */
bool wsa_start(void);

/* The last error of this thread; success leaves it alone. */
int wsa_error(void);
void wsa_set_error(int error);

/* type is SOCK_STREAM or SOCK_DGRAM. */
intptr_t wsa_socket(int type);
bool wsa_bind(intptr_t s, struct wsa_name at);
bool wsa_listen(intptr_t s, int backlog);
/* False with WSAEWOULDBLOCK where FD_CONNECT will tell. */
bool wsa_connect(intptr_t s, struct wsa_name to);
/* The accepted socket's notifications are those of the listener, in the same thread [SK-7]. */
intptr_t wsa_accept(intptr_t s);
/* What there is, up to size bytes; 0 at the other side's end. */
ptrdiff_t wsa_recv(intptr_t s, void *data, size_t size);
/* The same with a datagram, whose sender is stored if from is not NULL. */
ptrdiff_t wsa_recv_from(intptr_t s, void *data, size_t size, struct wsa_name *from);
/* As much as there is room for, up to size bytes. */
ptrdiff_t wsa_send(intptr_t s, const void *data, size_t size);
ptrdiff_t wsa_send_to(intptr_t s, const void *data, size_t size, struct wsa_name to);
/* how: 0 receiving, 1 sending, 2 both. */
bool wsa_shutdown(intptr_t s, int how);
/* Its notifications that still wait are gone, too. */
bool wsa_close(intptr_t s);

/* FIONREAD: bytes that one receive would give; 0 also where it fails. */
size_t wsa_available(intptr_t s);
/* What select says: a receive, or an accept, would not have to wait. */
bool wsa_readable(intptr_t s);
/* SO_TYPE; -1 where it is no socket. */
int wsa_type(intptr_t s);
bool wsa_sock_name(intptr_t s, struct wsa_name *name);
bool wsa_peer_name(intptr_t s, struct wsa_name *name);
bool wsa_may_broadcast(intptr_t s); // SO_BROADCAST, which SendTo without a host needs
/* A dotted address or a name. */
bool wsa_resolve(const char *host, uint32_t *address);

/*
 * From now on these events, and no others, are notified to this thread, those
 * at once whose reason is there already [WS-4]. With 0 none are; what waits may
 * still come.
 */
bool wsa_async_select(intptr_t s, int events);

/* Kinds of message; they can be combined. */
enum wsa_kind {
    WSA_NOTIFY = 1, // of a socket; the empty one has neither socket nor event
    WSA_DEAD = 2,   // of a socket that was closed: nothing of it will come behind this
    WSA_TICK = 4,   // timer 0, which belongs to blocking calls
    WSA_TIMER = 8,  // any other timer
    WSA_CALL = 16,  // what the program has posted
    WSA_QUIT = 32,
    WSA_ANY = 63,
};

struct wsa_message {
    enum wsa_kind kind;
    intptr_t socket;      // NOTIFY, DEAD
    int event, error;     // NOTIFY: FD_…, and a number of wsa_error or 0
    unsigned timer;       // TIMER
    void (*call)(void *); // CALL
    void *arg;
};

/* Behind all that waits in this thread's queue. */
void wsa_post(const struct wsa_message *m);

/* Takes the first message of these kinds, if one waits. */
bool wsa_peek(struct wsa_message *m, unsigned kinds);

/* Whether there is one; it stays. */
bool wsa_waiting(unsigned kinds);

/* Sleeps until something arrives that was not there at the last look; may return without. */
void wsa_wait(void);

/*
 * Timer number `timer` of this thread, below WSA_TIMERS, leaves a message every ms
 * milliseconds, if none of it waits, until it is killed; one that waits then may
 * still come.
 */
enum { WSA_TIMERS = 16 };
void wsa_set_timer(unsigned timer, unsigned ms);
void wsa_kill_timer(unsigned timer);

/* Lets go of this thread's queue. */
void wsa_leave(void);

#endif
