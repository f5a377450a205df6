/*
 * What the model stands on, asked for itself: the queue and its kinds, errors by
 * Winsock's numbers, what a socket tells of itself, and notifications one by one.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "reference/wsa.h"
#include "reference/wsa_posix.h"
#include "rig.h"

/* All that waits, of these kinds, in its order: "call tick read connect:10061". Calls have a letter. */
static const char *taken(unsigned kinds)
{
    static char text[256];
    struct wsa_message m;

    *text = '\0';
    while (wsa_peek(&m, kinds)) {
        const char *event = m.event == FD_READ ? "read" : m.event == FD_WRITE ? "write" : m.event == FD_ACCEPT ? "accept" : m.event == FD_CONNECT ? "connect" : m.event == FD_CLOSE ? "close" : "none";
        size_t len = strlen(text);
        const char *before = len ? " " : "";
        if (m.kind == WSA_NOTIFY)
            snprintf(text + len, sizeof text - len, m.error ? "%s%s:%d" : "%s%s", before, event, m.error);
        else if (m.kind == WSA_CALL)
            snprintf(text + len, sizeof text - len, "%s%s", before, (const char *)m.arg);
        else
            snprintf(text + len, sizeof text - len, "%s%s", before, m.kind == WSA_TICK ? "tick" : m.kind == WSA_TIMER ? "timer" : m.kind == WSA_DEAD ? "dead" : "quit");
    }
    return text;
}

static void post(enum wsa_kind kind, const char *arg)
{
    wsa_post(&(struct wsa_message){ .kind = kind, .arg = (void *)(uintptr_t)arg });
}

/* Taken by kind, from the first to the last; what is of other kinds stays as it stands. */
Test(wsa, the_queue_gives_the_first_of_the_kinds_that_are_asked_for, .timeout = 10)
{
    cr_expect(not(wsa_waiting(WSA_ANY)));
    cr_expect(eq(str, (char *)taken(WSA_ANY), ""));
    post(WSA_CALL, "a");
    post(WSA_NOTIFY, NULL); // the empty one
    post(WSA_CALL, "b");
    post(WSA_QUIT, NULL);
    post(WSA_DEAD, NULL);
    cr_expect(wsa_waiting(WSA_QUIT));
    cr_expect(wsa_waiting(WSA_QUIT | WSA_TICK));
    cr_expect(not(wsa_waiting(WSA_TICK | WSA_TIMER)));
    cr_expect(eq(str, (char *)taken(WSA_TICK), ""));
    cr_expect(eq(str, (char *)taken(WSA_CALL), "a b"));
    cr_expect(not(wsa_waiting(WSA_CALL)));
    cr_expect(eq(str, (char *)taken(WSA_DEAD), "dead")); // the last: what is posted then stands behind the others
    post(WSA_CALL, "c");
    cr_expect(eq(str, (char *)taken(WSA_ANY), "none quit c"));
    post(WSA_CALL, "d");
    cr_expect(eq(str, (char *)taken(WSA_ANY), "d"));
    post(WSA_CALL, "e");
    wsa_leave();
    cr_expect(not(wsa_waiting(WSA_ANY)));
    wsa_leave();
}

/* Asked of what is no socket, every function says so, and success leaves the error alone. */
Test(wsa, what_is_no_socket_is_told, .timeout = 10)
{
    static const intptr_t none[] = { -1, -2, 1 << 16, (1 << 16) + 1, 900 };
    struct wsa_name name = { 0 };
    char byte = 0;
    bool told;

    cr_assert(wsa_start());
    for (size_t i = 0; i < COUNT_OF(none); i++) {
#define TELLS(call)                                                                                \
    wsa_set_error(0);                                                                              \
    told = call;                                                                                   \
    cr_expect(wsa_error() == WSAENOTSOCK && told, "%zu: %s", i, #call)
        TELLS(!wsa_bind(none[i], name));
        TELLS(!wsa_listen(none[i], 1));
        TELLS(!wsa_connect(none[i], name));
        TELLS(wsa_accept(none[i]) == WSA_NONE);
        TELLS(wsa_recv(none[i], &byte, 1) == -1);
        TELLS(wsa_recv_from(none[i], &byte, 1, &name) == -1);
        TELLS(wsa_send(none[i], &byte, 1) == -1);
        TELLS(wsa_send_to(none[i], &byte, 1, name) == -1);
        TELLS(!wsa_shutdown(none[i], 1));
        TELLS(!wsa_close(none[i]));
        TELLS(wsa_available(none[i]) == 0);
        TELLS(!wsa_readable(none[i]));
        TELLS(wsa_type(none[i]) == -1);
        TELLS(!wsa_sock_name(none[i], &name));
        TELLS(!wsa_peer_name(none[i], &name));
        TELLS(!wsa_may_broadcast(none[i]));
        TELLS(!wsa_async_select(none[i], FD_READ));
        TELLS(!wsa_async_select(none[i], 0));
#undef TELLS
    }
    wsa_set_error(7);
    intptr_t s = wsa_socket(SOCK_STREAM);
    cr_assert(s >= 0);
    cr_expect(wsa_async_select(s, 0), "nothing was selected, and nothing is");
    cr_expect(eq(int, wsa_type(s), SOCK_STREAM));
    cr_expect(wsa_close(s));
    cr_expect(eq(int, wsa_error(), 7));
    cr_expect(not(wsa_close(s)));
    cr_expect(eq(int, wsa_error(), WSAENOTSOCK));
    cr_expect(eq(i64, wsa_socket(99), WSA_NONE));
    cr_expect(eq(int, wsa_error(), WSAEINVAL));
}

static const struct wsa_name loopback = { 0x7f000001, 0 };

/* A stream socket that listens on the loopback interface. */
static intptr_t listener(struct wsa_name *at)
{
    intptr_t s = wsa_socket(SOCK_STREAM);

    cr_assert(wsa_bind(s, loopback) && wsa_listen(s, 5) && wsa_sock_name(s, at));
    return s;
}

static int option(intptr_t s, int level, int name)
{
    int value = -1;
    socklen_t len = sizeof value;

    getsockopt((int)s, level, name, &value, &len);
    return value != 0;
}

/* They go to no other program, and no call on them waits. */
Test(wsa, sockets_are_made_neither_to_wait_nor_to_be_inherited, .timeout = 10)
{
    struct wsa_name at;
    intptr_t l = listener(&at), client = wsa_socket(SOCK_STREAM), d = wsa_socket(SOCK_DGRAM);

    wsa_connect(client, at);
    const intptr_t all[] = { l, client, d, wsa_accept(l) };
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        cr_assert(all[i] >= 0, "%zu", i);
        cr_expect(eq(int, fcntl((int)all[i], F_GETFL) & O_NONBLOCK, O_NONBLOCK), "%zu", i);
        cr_expect(eq(int, fcntl((int)all[i], F_GETFD), FD_CLOEXEC), "%zu", i);
        cr_expect(wsa_close(all[i]));
    }
}

/* A client's port is chosen when it connects, any other at once; only one that was asked for may have been in use. */
Test(wsa, who_binds_has_a_port_but_for_a_client, .timeout = 10)
{
    static const struct {
        int type;
        uint32_t address;
        bool asks; // for a port
        bool has;  // one
    } rows[] = {
        { SOCK_STREAM, 0,          false, false },
        { SOCK_STREAM, 0x7f000001, false, true  },
        { SOCK_STREAM, 0,          true,  true  },
        { SOCK_STREAM, 0x7f000001, true,  true  },
        { SOCK_DGRAM,  0,          false, true  },
        { SOCK_DGRAM,  0x7f000001, false, true  },
        { SOCK_DGRAM,  0x7f000001, true,  true  },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct wsa_name at, spare;
        intptr_t s = wsa_socket(rows[i].type);
        wsa_close(listener(&spare));
        cr_expect(wsa_bind(s, (struct wsa_name){ rows[i].address, rows[i].asks ? spare.port : 0 }), "%zu", i);
        cr_expect(wsa_sock_name(s, &at) && at.address == rows[i].address, "%zu", i);
        cr_expect(eq(int, at.port != 0, rows[i].has), "%zu", i);
        cr_expect(rows[i].asks == false || at.port == spare.port, "%zu", i);
        cr_expect(eq(int, option(s, SOL_SOCKET, SO_REUSEADDR), rows[i].asks), "%zu", i);
        cr_expect(wsa_close(s));
    }
}

/* The first descriptor is one like others; there is a last one. */
Test(wsa, descriptors_have_a_range, .timeout = 10)
{
    enum { END = 1 << 16 };
    struct rlimit limit;
    int ends[2];

    cr_assert(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    int in = dup(0);
    cr_assert(dup2(ends[0], 0) == 0);
    intptr_t first = wsa_adopt(0, SOCK_STREAM, true);
    cr_expect(eq(i64, first, 0));
    cr_expect(eq(int, wsa_type(first), SOCK_STREAM));
    cr_expect(eq(i64, wsa_send(first, "a", 1), 1));
    cr_expect(wsa_close(first));
    dup2(in, 0);
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = END + 1;
    limit.rlim_max = limit.rlim_max < END + 1 ? END + 1 : limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
        return; // whoever may have fewer cannot come to the last one
    cr_assert(dup2(ends[0], END - 1) == END - 1 && dup2(ends[0], END) == END);
    intptr_t last = wsa_adopt(END - 1, SOCK_STREAM, true);
    cr_expect(eq(i64, last, END - 1));
    cr_expect(eq(int, wsa_type(last), SOCK_STREAM));
    cr_expect(wsa_close(last));
    wsa_set_error(0);
    cr_expect(eq(i64, wsa_adopt(END, SOCK_STREAM, true), WSA_NONE));
    cr_expect(eq(int, wsa_error(), WSAEMFILE));
    cr_expect(fcntl(END, F_GETFD) < 0, "it is closed");
}

/* What goes wrong has Winsock's number. */
Test(wsa, errors_have_winsocks_numbers, .timeout = 10)
{
    static const struct wsa_name elsewhere = { 0xc0000201, 0 }; // 192.0.2.1
    struct wsa_name at, name;
    intptr_t l = listener(&at), s = wsa_socket(SOCK_STREAM), d = wsa_socket(SOCK_DGRAM);
    char byte = 0;
    bool told;

#define FAILS(call, number)                                                                        \
    wsa_set_error(0);                                                                              \
    told = call;                                                                                   \
    cr_expect(wsa_error() == number && told, "%s: %d", #call, wsa_error())
    FAILS(!wsa_bind(s, elsewhere), WSAEADDRNOTAVAIL);
    FAILS(!wsa_bind(s, at), WSAEADDRINUSE);
    FAILS(!wsa_peer_name(s, &name), WSAENOTCONN);
    FAILS(wsa_accept(s) == WSA_NONE, WSAEINVAL);
    FAILS(wsa_accept(l) == WSA_NONE, WSAEWOULDBLOCK);
    FAILS(wsa_recv(s, &byte, 1) == -1, WSAENOTCONN);
    FAILS(!wsa_shutdown(s, 1), WSAENOTCONN);
    FAILS(wsa_available(l) == 0, WSAEINVAL);
    FAILS(!wsa_listen(d, 1), WSAEOPNOTSUPP);
    FAILS(wsa_send(d, &byte, 1) == -1, WSAENOTCONN);
    FAILS(wsa_recv(d, &byte, 1) == -1, WSAEWOULDBLOCK);
    FAILS(!wsa_connect(s, at), WSAEWOULDBLOCK);
#undef FAILS
    cr_expect(wsa_close(l) && wsa_close(s) && wsa_close(d));
}

Test(wsa, names_are_those_of_both_ends, .timeout = 10)
{
    struct wsa_name at, ours, theirs;
    intptr_t l = listener(&at), client = wsa_socket(SOCK_STREAM), d = wsa_socket(SOCK_DGRAM);
    uint32_t address = 0;

    cr_expect(at.address == loopback.address && at.port > 0);
    wsa_connect(client, at);
    intptr_t server = wsa_accept(l);
    cr_assert(server != WSA_NONE);
    cr_expect(wsa_sock_name(client, &ours) && wsa_peer_name(server, &theirs));
    cr_expect(ours.address == theirs.address && ours.port == theirs.port);
    cr_expect(wsa_sock_name(server, &ours) && wsa_peer_name(client, &theirs));
    cr_expect(ours.port == at.port && theirs.port == at.port);
    cr_expect(eq(int, wsa_type(server), SOCK_STREAM));
    cr_expect(eq(int, wsa_type(d), SOCK_DGRAM));
    cr_expect(eq(int, option(d, SOL_SOCKET, SO_BROADCAST), 0));
    cr_expect(wsa_may_broadcast(d));
    cr_expect(eq(int, option(d, SOL_SOCKET, SO_BROADCAST), 1));
    cr_expect(wsa_resolve("127.0.0.1", &address) && address == loopback.address);
    address = 0;
    cr_expect(wsa_resolve("localhost", &address) && address == loopback.address);
    address = 5;
    wsa_set_error(0);
    cr_expect(not(wsa_resolve("", &address)));
    cr_expect(eq(int, wsa_error(), WSAEADDRNOTAVAIL));
    cr_expect(eq(uint, address, 5));
    cr_expect(wsa_close(l) && wsa_close(client) && wsa_close(server) && wsa_close(d));
}

/* The end that closes first keeps its port for a while: who listens there again is not kept waiting. */
Test(wsa, a_port_that_was_in_use_can_be_bound_at_once, .timeout = 10)
{
    struct wsa_name at;
    intptr_t l = WSA_NONE, client = wsa_socket(SOCK_STREAM);
    char byte;

    for (int tries = 0; l == WSA_NONE && tries < 20; tries++) { // a port that was free a moment ago, asked for by its number
        wsa_close(listener(&at));
        l = wsa_socket(SOCK_STREAM);
        if (!wsa_bind(l, at) && wsa_close(l))
            l = WSA_NONE;
    }
    cr_assert(wsa_listen(l, 1));
    wsa_connect(client, at);
    intptr_t server = wsa_accept(l);
    cr_assert(server != WSA_NONE);
    cr_expect(wsa_close(l) && wsa_close(server));
    cr_expect(eq(i64, wsa_recv(client, &byte, 1), 0));
    cr_expect(wsa_close(client));
    intptr_t again = wsa_socket(SOCK_STREAM);
    cr_expect(wsa_bind(again, at) && wsa_listen(again, 1), "%d", wsa_error());
    cr_expect(wsa_close(again));
}

/* Who sent a datagram is told where it is asked for; one that is too long is lost from there on. */
Test(wsa, a_datagram_is_received_whole_or_cut, .timeout = 10)
{
    struct wsa_name at, from = { 0 }, sender;
    intptr_t a = wsa_socket(SOCK_DGRAM), b = wsa_socket(SOCK_DGRAM);
    char data[8] = "";

    cr_assert(wsa_bind(a, loopback) && wsa_sock_name(a, &at));
    cr_assert(wsa_bind(b, loopback) && wsa_sock_name(b, &sender));
    cr_expect(not(wsa_readable(a)));
    cr_expect(eq(i64, wsa_send_to(b, "abcd", 4, at), 4));
    cr_expect(wsa_readable(a));
    cr_expect(eq(sz, wsa_available(a), 4));
    cr_expect(eq(i64, wsa_recv_from(a, data, 4, &from), 4));
    cr_expect(memcmp(data, "abcd", 4) == 0 && from.port == sender.port && from.address == loopback.address);
    wsa_send_to(b, "efgh", 4, at);
    cr_expect(eq(i64, wsa_recv_from(a, data, 3, NULL), -1));
    cr_expect(eq(int, wsa_error(), WSAEMSGSIZE));
    cr_expect(eq(i64, wsa_recv(a, data, 8), -1));
    cr_expect(eq(int, wsa_error(), WSAEWOULDBLOCK));
    cr_expect(wsa_connect(b, at), "a datagram socket has its peer at once");
    cr_expect(eq(i64, wsa_send(b, "", 0), 0));
    cr_expect(eq(i64, wsa_recv(a, data, 8), 0), "an empty one is no end");
    cr_expect(wsa_close(a) && wsa_close(b));
}

/* One end is a socket of ours, the other a descriptor. */
static intptr_t pair(int *far)
{
    int ends[2];

    cr_assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    *far = ends[1];
    return wsa_adopt(ends[0], SOCK_STREAM, true);
}

/* A small receive takes more than it gives; what is kept is still there for all who ask. */
Test(wsa, what_a_small_receive_has_kept_is_still_there, .timeout = 10)
{
    int far;
    intptr_t s = pair(&far);
    char data[8] = "";

    cr_assert(write(far, "abcdef", 6) == 6);
    cr_expect(eq(i64, wsa_recv(s, data, 0), 0));
    cr_expect(eq(i64, wsa_recv(s, data, 2), 2));
    cr_expect(memcmp(data, "ab", 2) == 0);
    cr_expect(eq(sz, wsa_available(s), 4));
    cr_expect(wsa_readable(s));
    cr_assert(write(far, "gh", 2) == 2);
    cr_expect(eq(sz, wsa_available(s), 6));
    cr_expect(eq(i64, wsa_recv(s, data, 3), 3));
    cr_expect(memcmp(data, "cde", 3) == 0);
    wsa_set_error(7);
    cr_expect(eq(i64, wsa_recv(s, data, 8), 3), "what is kept, and what came since");
    cr_expect(memcmp(data, "fgh", 3) == 0);
    cr_assert(write(far, "ij", 2) == 2);
    cr_expect(eq(i64, wsa_recv(s, data, 1), 1));
    cr_expect(eq(i64, wsa_recv(s, data, 8), 1), "that there is nothing more is not told now");
    cr_expect(eq(int, wsa_error(), 7));
    cr_expect(not(wsa_readable(s)));
    cr_expect(eq(i64, wsa_recv(s, data, 8), -1));
    cr_expect(eq(int, wsa_error(), WSAEWOULDBLOCK));
    close(far);
    cr_expect(wsa_readable(s), "an end can be received");
    cr_expect(eq(i64, wsa_recv(s, data, 8), 0));
    cr_expect(eq(i64, wsa_recv(s, data, 8), 0));
    cr_expect(wsa_close(s));
}

/* What one receive leaves to the kernel, where 6000 bytes have come. */
Test(wsa, a_small_receive_takes_a_buffer_full, .timeout = 10)
{
    static const struct {
        size_t size;
        bool keeps;
        int left;
    } rows[] = {
        { 1,    true, 1904 }, { 4095, true, 1904 }, { 4096, true, 1904 }, { 4097, true, 1903 }, { 5000, true, 1000 }, { 9000, true, 0 },
        { 1,    false, 5999 }, { 4095, false, 1905 }, { 5000, false, 1000 },
    };
    static char data[9000];

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int ends[2], left;
        cr_assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
        intptr_t s = wsa_adopt(ends[0], SOCK_STREAM, rows[i].keeps);
        cr_assert(write(ends[1], data, 6000) == 6000);
        ptrdiff_t due = rows[i].size < 6000 ? (ptrdiff_t)rows[i].size : 6000;
        cr_expect(eq(i64, wsa_recv(s, data, rows[i].size), due), "%zu", i);
        cr_expect(ioctl(ends[0], FIONREAD, &left) == 0);
        cr_expect(eq(int, left, rows[i].left), "%zu", i);
        cr_expect(eq(sz, wsa_available(s), (size_t)(6000 - due)), "%zu", i);
        cr_expect(wsa_close(s));
        close(ends[1]);
    }
}

Test(wsa, a_direction_that_is_shut_is_shut, .timeout = 10)
{
    static const struct {
        int how;
        bool sends, receives;
    } rows[] = { { 0, true, false }, { 1, false, true }, { 2, false, false } };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int far;
        intptr_t s = pair(&far);
        char byte;
        cr_expect(wsa_shutdown(s, rows[i].how));
        cr_expect(eq(i64, wsa_send(s, "a", 1), rows[i].sends ? 1 : -1), "%zu", i);
        if (!rows[i].sends)
            cr_expect(eq(int, wsa_error(), WSAESHUTDOWN), "%zu", i);
        cr_expect(eq(i64, wsa_recv(s, &byte, 1), rows[i].receives ? -1 : 0), "%zu", i);
        close(far);
        wsa_set_error(0);
        cr_expect(eq(i64, wsa_send(s, "a", 1), -1), "%zu", i);
        cr_expect(eq(int, wsa_error(), rows[i].sends ? WSAECONNRESET : WSAESHUTDOWN), "%zu: whose doing it was", i);
        cr_expect(wsa_close(s));
    }
}

/* Each event by itself: selected anew, what is there already is told at once; what was not selected is not. */
Test(wsa, what_is_selected_is_told, .timeout = 10)
{
    enum { ALL = FD_READ | FD_WRITE | FD_ACCEPT | FD_CONNECT | FD_CLOSE };
    static const struct {
        const char *label, *said;
        bool ends;
        int events;
        const char *told;
    } rows[] = {
        { "nothing has come",     "",   false, ALL,                 "write"      },
        { "something",            "ab", false, ALL,                 "write read" },
        { "and its end",          "ab", true,  ALL,                 "write read" },
        { "an end alone",         "",   true,  ALL,                 "write close" },
        { "only what is to read", "ab", false, FD_READ,             "read"       },
        { "only an end",          "ab", false, FD_CLOSE,            ""           },
        { "an end, and no room",  "",   true,  FD_CLOSE | FD_READ,  "close"      },
        { "only room",            "ab", true,  FD_WRITE,            "write"      },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int far;
        intptr_t s = pair(&far);
        cr_assert(write(far, rows[i].said, strlen(rows[i].said)) == (ssize_t)strlen(rows[i].said));
        if (rows[i].ends)
            shutdown(far, SHUT_WR);
        for (int again = 0; again < 2; again++) {
            cr_expect(wsa_async_select(s, rows[i].events));
            post(WSA_CALL, "."); // so that it is looked for more without waiting
            const char *told = taken(WSA_NOTIFY);
            cr_expect(eq(str, (char *)told, (char *)rows[i].told), "%s", rows[i].label);
            cr_expect(eq(str, (char *)taken(WSA_NOTIFY), ""), "%s: once", rows[i].label);
            cr_expect(eq(str, (char *)taken(WSA_CALL), "."));
        }
        cr_expect(wsa_async_select(s, 0));
        cr_expect(wsa_close(s));
        close(far);
    }
}

/* With bytes that are kept nothing of the kernel's tells it. */
Test(wsa, what_is_kept_is_told_to_who_selects, .timeout = 10)
{
    int far;
    intptr_t s = pair(&far);
    char byte;

    cr_assert(write(far, "ab", 2) == 2);
    cr_expect(eq(i64, wsa_recv(s, &byte, 1), 1));
    cr_expect(wsa_async_select(s, FD_READ));
    cr_expect(eq(str, (char *)taken(WSA_NOTIFY), "read"));
    cr_expect(eq(i64, wsa_recv(s, &byte, 1), 1));
    cr_expect(wsa_async_select(s, FD_READ));
    cr_expect(eq(str, (char *)taken(WSA_NOTIFY), ""));
    cr_expect(wsa_close(s));
    close(far);
}

/* What waits of a timer goes with it, and nothing of others; the one of blocking calls is of a kind of its own. */
Test(wsa, a_timer_that_is_killed_leaves_nothing, .timeout = 10)
{
    post(WSA_CALL, "a");
    wsa_set_timer(0, 1);
    wsa_set_timer(3, 1);
    while (!wsa_waiting(WSA_TICK) || !wsa_waiting(WSA_TIMER))
        wsa_wait();
    post(WSA_CALL, "b");
    wsa_kill_timer(3);
    cr_expect(not(wsa_waiting(WSA_TIMER)));
    cr_expect(wsa_waiting(WSA_TICK));
    wsa_kill_timer(0);
    wsa_kill_timer(0); // it has none
    cr_expect(not(wsa_waiting(WSA_TICK)));
    cr_expect(eq(str, (char *)taken(WSA_ANY), "a b"));
    wsa_set_timer(2, 60000);
    wsa_set_timer(2, 1); // again: sooner
    wsa_wait();
    while (!wsa_waiting(WSA_TIMER))
        wsa_wait();
    struct wsa_message m;
    cr_expect(wsa_peek(&m, WSA_TIMER) && m.timer == 2);
    while (!wsa_waiting(WSA_TIMER)) // it goes on
        wsa_wait();
    wsa_kill_timer(2);
    cr_expect(not(wsa_waiting(WSA_ANY)));
}

/* The one that is due first comes first, whatever its number. */
Test(wsa, of_several_timers_the_next_is_waited_for, .timeout = 10)
{
    static const unsigned ms[][3] = { { 1, 900, 900 }, { 900, 1, 900 }, { 900, 900, 1 }, { 800, 900, 1 }, { 900, 800, 1 } };
    struct wsa_message m;

    for (size_t i = 0; i < COUNT_OF(ms); i++) {
        unsigned due = 0;
        for (unsigned k = 0; k < 3; k++) {
            wsa_set_timer(k + 1, ms[i][k]);
            due = ms[i][k] == 1 ? k + 1 : due;
        }
        while (!wsa_peek(&m, WSA_TIMER))
            wsa_wait();
        cr_expect(eq(uint, m.timer, due), "%zu", i);
        for (unsigned k = 0; k < 3; k++)
            wsa_kill_timer(k + 1);
    }
}

/* One that nobody receives is told with its number, and so is all that is tried afterwards. */
Test(wsa, a_reset_is_told_with_its_number, .timeout = 10)
{
    static const struct linger at_once = { .l_onoff = 1 };
    struct wsa_name at;
    struct wsa_message m;
    intptr_t l = listener(&at), client = wsa_socket(SOCK_STREAM);
    char byte = 0;

    wsa_connect(client, at);
    intptr_t s = wsa_accept(l);
    cr_assert(s != WSA_NONE && wsa_async_select(s, FD_READ | FD_CLOSE));
    post(WSA_CALL, "."); // so that it is looked for more without waiting
    cr_expect(eq(str, (char *)taken(WSA_NOTIFY), ""));
    setsockopt((int)client, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    cr_expect(wsa_close(client));
    while (!wsa_waiting(WSA_NOTIFY))
        wsa_peek(&m, WSA_TICK); // looks, too
    cr_expect(wsa_peek(&m, WSA_NOTIFY) && m.event == FD_CLOSE && m.error == WSAECONNRESET, "%d, %d", m.event, m.error);
    for (int again = 0; again < 2; again++) {
        cr_expect(wsa_readable(s));
        wsa_set_error(0);
        cr_expect(eq(i64, wsa_recv(s, &byte, 1), -1));
        cr_expect(eq(int, wsa_error(), WSAECONNRESET));
        wsa_set_error(0);
        cr_expect(eq(i64, wsa_send(s, &byte, 1), -1));
        cr_expect(eq(int, wsa_error(), WSAECONNRESET));
    }
    cr_expect(eq(str, (char *)taken(WSA_NOTIFY), ""));
    cr_expect(wsa_close(s) && wsa_close(l));
}
