/*
 * What epoll is asked to look for: what a socket has armed, and nothing that would wake a thread in vain. The kernel
 * tells it, in /proc/self/fdinfo. A change is told to epoll at the next look, which a posted message brings about.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "reference/wsa.h"
#include "reference/wsa_posix.h"
#include "rig.h"

enum {
    NOTHING = 0,
    READS = EPOLLIN | EPOLLRDHUP,
    WRITES = EPOLLOUT,
    ALL = FD_READ | FD_WRITE | FD_ACCEPT | FD_CONNECT | FD_CLOSE,
};

/* Of any epoll; what it always tells is left out. */
static unsigned interest(intptr_t s)
{
    char path[300], line[200];
    unsigned found = NOTHING, events = 0;
    DIR *all = opendir("/proc/self/fdinfo");
    int fd;

    for (struct dirent *one; (one = readdir(all));) {
        snprintf(path, sizeof path, "/proc/self/fdinfo/%s", one->d_name);
        FILE *info = fopen(path, "r");
        while (info && fgets(line, sizeof line, info))
            if (sscanf(line, "tfd: %d events: %x", &fd, &events) == 2 && fd == s)
                found |= events & ~(unsigned)(EPOLLERR | EPOLLHUP);
        if (info)
            fclose(info);
    }
    closedir(all);
    return found;
}

static void look(unsigned times)
{
    struct wsa_message m;

    while (times-- > 0) {
        wsa_post(&(struct wsa_message){ .kind = WSA_CALL });
        cr_assert(wsa_peek(&m, WSA_CALL));
    }
}

/* What was told of any socket so far, together. */
static int told(void)
{
    struct wsa_message m;
    int events = 0;

    while (wsa_waiting(WSA_NOTIFY) && wsa_peek(&m, WSA_NOTIFY))
        events |= m.event;
    return events;
}

/* After so many looks. */
#define ASKS(s, looks, due)                                                                        \
    look(looks);                                                                                   \
    cr_expect(eq(uint, interest(s), (unsigned)(due)), "line %d", __LINE__)

static intptr_t pair(int *far)
{
    int ends[2];

    cr_assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    *far = ends[1];
    return wsa_adopt(ends[0], SOCK_STREAM, true);
}

Test(interest, data_are_looked_for_until_they_were_told_and_again_when_some_were_received, .timeout = 10)
{
    int far;
    intptr_t s = pair(&far);
    char byte;

    ASKS(s, 1, NOTHING);
    cr_assert(wsa_async_select(s, ALL));
    ASKS(s, 0, NOTHING);
    ASKS(s, 1, READS);
    cr_expect(eq(int, told(), FD_WRITE));
    cr_assert(write(far, "ab", 2) == 2);
    ASKS(s, 1, READS);
    cr_expect(eq(int, told(), FD_READ));
    ASKS(s, 2, NOTHING); // it is there still, and was told
    ASKS(s, 2, NOTHING);
    cr_expect(eq(int, told(), 0));
    cr_expect(eq(i64, wsa_recv(s, &byte, 1), 1));
    cr_expect(eq(int, told(), FD_READ), "the second was received with it, and is kept");
    ASKS(s, 1, READS);
    shutdown(far, SHUT_WR);
    ASKS(s, 2, NOTHING); // an end is behind what is kept
    cr_expect(eq(int, told(), 0));
    cr_expect(eq(i64, wsa_recv(s, &byte, 1), 1));
    ASKS(s, 1, READS);
    cr_expect(eq(int, told(), FD_CLOSE));
    ASKS(s, 2, NOTHING);
    cr_expect(eq(i64, wsa_recv(s, &byte, 1), 0));
    ASKS(s, 3, NOTHING);
    cr_expect(eq(int, told(), 0), "an end is told once");
    cr_assert(wsa_async_select(s, FD_CLOSE)); // anew
    ASKS(s, 1, READS);
    cr_expect(eq(int, told(), FD_CLOSE));
    cr_assert(wsa_async_select(s, 0));
    ASKS(s, 0, NOTHING);
    ASKS(s, 2, NOTHING);
    cr_expect(wsa_close(s));
    close(far);
}

Test(interest, room_is_looked_for_by_who_was_refused_and_wants_to_hear_of_it, .timeout = 10)
{
    static const struct {
        int selected;
        unsigned asks;
        int told;
    } rows[] = { { ALL, READS | WRITES, FD_WRITE }, { FD_WRITE, READS | WRITES, FD_WRITE }, { FD_READ | FD_CLOSE, READS, 0 } };
    static char much[1 << 16];

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int far;
        intptr_t s = pair(&far);
        cr_assert(wsa_async_select(s, rows[i].selected));
        ASKS(s, 1, READS);
        told();
        while (wsa_send(s, much, sizeof much) >= 0)
            ;
        cr_expect(eq(int, wsa_error(), WSAEWOULDBLOCK));
        ASKS(s, 1, rows[i].asks);
        ASKS(s, 2, rows[i].asks);
        cr_expect(eq(int, told(), 0), "row %zu", i);
        while (recv(far, much, sizeof much, MSG_DONTWAIT) > 0)
            ;
        look(1);
        cr_expect(eq(int, told(), rows[i].told), "row %zu", i);
        ASKS(s, 1, READS);
        cr_expect(eq(i64, wsa_send(s, "x", 1), 1));
        ASKS(s, 2, READS);
        cr_expect(eq(int, told(), 0), "row %zu: once", i);
        cr_expect(wsa_close(s));
        close(far);
    }
}

Test(interest, who_comes_is_looked_for_by_who_listens_and_how_it_ends_by_who_connects, .timeout = 10)
{
    struct wsa_name at = { .address = 0x7f000001 };
    intptr_t l = wsa_socket(SOCK_STREAM), c = wsa_socket(SOCK_STREAM);

    cr_assert(wsa_async_select(l, ALL) && wsa_async_select(c, ALL));
    ASKS(l, 2, NOTHING); // neither yet
    cr_assert(wsa_bind(l, at) && wsa_sock_name(l, &at));
    ASKS(l, 2, NOTHING);
    cr_assert(wsa_listen(l, 1));
    ASKS(l, 1, READS);
    ASKS(c, 1, NOTHING);
    cr_expect(wsa_connect(c, at) == false && wsa_error() == WSAEWOULDBLOCK);
    ASKS(c, 1, WRITES);
    ASKS(c, 1, READS);
    cr_expect(eq(int, told(), FD_CONNECT | FD_WRITE | FD_ACCEPT));
    ASKS(l, 2, NOTHING); // it was told who waits
    intptr_t s = wsa_accept(l);
    cr_assert(s != WSA_NONE);
    ASKS(l, 1, READS);
    ASKS(s, 0, READS);
    ASKS(c, 2, READS);
    cr_expect(eq(int, told(), FD_WRITE));
    cr_expect(wsa_close(s) && wsa_close(c) && wsa_close(l));
}

/* A connection that is refused is no connection, and nothing more is looked for. */
Test(interest, who_was_refused_looks_for_nothing, .timeout = 10)
{
    struct wsa_name at = { .address = 0x7f000001 };
    intptr_t bound = wsa_socket(SOCK_STREAM), c = wsa_socket(SOCK_STREAM);

    cr_assert(wsa_bind(bound, at) && wsa_sock_name(bound, &at));
    cr_assert(wsa_async_select(c, ALL));
    cr_expect(not(wsa_connect(c, at)));
    look(1);
    cr_expect(eq(int, told(), FD_CONNECT));
    ASKS(c, 1, NOTHING);
    cr_expect(wsa_close(c) && wsa_close(bound));
}

/* A datagram socket is one that hears, once it has a name. */
Test(interest, datagrams_are_looked_for_where_there_is_a_name, .timeout = 10)
{
    struct wsa_name at = { .address = 0x7f000001 };
    intptr_t s = wsa_socket(SOCK_DGRAM), from = wsa_socket(SOCK_DGRAM);
    char byte;

    cr_assert(wsa_async_select(s, ALL));
    ASKS(s, 2, NOTHING);
    cr_expect(eq(int, told(), 0));
    cr_assert(wsa_bind(s, at) && wsa_sock_name(s, &at));
    ASKS(s, 1, READS);
    cr_expect(eq(int, told(), FD_WRITE));
    cr_expect(eq(i64, wsa_send_to(from, "ab", 2, at), 2));
    ASKS(s, 1, READS);
    cr_expect(eq(int, told(), FD_READ));
    ASKS(s, 2, NOTHING);
    cr_expect(eq(i64, wsa_recv(s, &byte, 1), -1)); // cut
    ASKS(s, 2, READS);
    cr_expect(eq(int, told(), 0));
    cr_expect(wsa_close(s) && wsa_close(from));
}

/* As many as change before a look; one that is let go before it is not among them. */
Test(interest, of_many_sockets_each_is_looked_for, .timeout = 10)
{
    enum { MANY = 40 };
    intptr_t s[MANY];
    int far[MANY];

    for (size_t i = 0; i < MANY; i++) {
        s[i] = pair(&far[i]);
        cr_assert(wsa_async_select(s[i], ALL));
    }
    for (size_t i = 0; i < MANY; i += 3)
        cr_assert(wsa_async_select(s[i], 0));
    cr_assert(wsa_async_select(s[3], ALL)); // once more
    look(1);
    for (size_t i = 0; i < MANY; i++)
        cr_expect(eq(uint, interest(s[i]), i % 3 || i == 3 ? READS : NOTHING), "%zu", i);
    for (size_t i = 0; i < MANY; i++) {
        cr_expect(wsa_close(s[i]));
        close(far[i]);
    }
}
