#include "csocket.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "flaw.h"

static bool fail(struct CSocket *s, int error)
{
    s->error = error;
    return false;
}

static void await(const struct CSocket *s, short events)
{
    struct pollfd p = { .fd = s->fd, .events = events };

    while (poll(&p, 1, -1) < 0 && errno == EINTR)
        ;
}

static bool would_block(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK;
}

bool CSocket_Create(struct CSocket *s, uint16_t port, int type, const char *address)
{
    assert(s->fd < 0);
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(port) };
    int on = 1;

    if (address && inet_pton(AF_INET, address, &at.sin_addr) != 1)
        return fail(s, EINVAL);
    int fd = socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return fail(s, errno);
    // A client's port is chosen at connect: one that has just been used can serve again then.
    bool is_client = !port && !address && type == SOCK_STREAM;
    if ((port && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0) ||
        (is_client && setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on) < 0) ||
        bind(fd, (struct sockaddr *)&at, sizeof at) < 0) {
        int error = errno;
        close(fd);
        return fail(s, error);
    }
    *s = (struct CSocket){ .fd = fd };
    return true;
}

/* MFC asks inet_addr first and gethostbyname then; getaddrinfo does both. */
static bool resolve(const char *host, struct sockaddr_in *at)
{
    struct addrinfo hints = { .ai_family = AF_INET }, *found;

    if (getaddrinfo(host, NULL, &hints, &found) != 0)
        return false;
    memcpy(&at->sin_addr, &((struct sockaddr_in *)(void *)found->ai_addr)->sin_addr,
           sizeof at->sin_addr);
    freeaddrinfo(found);
    return true;
}

bool CSocket_Connect(struct CSocket *s, const char *host, uint16_t port)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(port) };
    int error = 0;
    socklen_t len = sizeof error;

    if (!resolve(host, &at))
        return fail(s, EADDRNOTAVAIL);
    if (connect(s->fd, (struct sockaddr *)&at, sizeof at) == 0)
        return true;
    if (errno != EINPROGRESS && errno != EINTR)
        return fail(s, errno);
    await(s, POLLOUT);
    if (getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
        return fail(s, errno);
    return error ? fail(s, error) : true;
}

bool CSocket_Listen(struct CSocket *s, int backlog)
{
    return listen(s->fd, backlog) == 0 || fail(s, errno);
}

bool CSocket_AcceptWaiting(struct CSocket *listener, struct CSocket *accepted)
{
    assert(accepted->fd < 0);
    for (;;) {
        int fd = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            *accepted = (struct CSocket){ .fd = fd };
            return true;
        }
        if (errno != EINTR && errno != ECONNABORTED) // it was gone before it was taken
            return fail(listener, errno);
    }
}

bool CSocket_Accept(struct CSocket *listener, struct CSocket *accepted)
{
    while (!CSocket_AcceptWaiting(listener, accepted)) {
        if (!would_block(listener->error))
            return false;
        await(listener, POLLIN);
    }
    return true;
}

ptrdiff_t CSocket_Receive(struct CSocket *s, void *data, size_t size)
{
    for (;;) {
        ssize_t got = recv(s->fd, data, size, 0);
        if (got >= 0)
            return got;
        if (would_block(errno)) {
            await(s, POLLIN);
        } else if (errno != EINTR) {
            s->error = errno;
            return -1;
        }
    }
}

ptrdiff_t CSocket_Send(struct CSocket *s, const void *data, size_t size)
{
    const char *from = data;

    for (size_t sent = 0; sent < size;) {
        size_t piece = FLAW(byte_by_byte) ? 1 : size - sent;
        ssize_t chunk = send(s->fd, from + sent, piece, MSG_NOSIGNAL);
        if (chunk >= 0) {
            sent += (size_t)chunk;
        } else if (would_block(errno)) {
            if (FLAW(drops_when_full))
                break;
            await(s, POLLOUT);
        } else if (errno != EINTR) {
            s->error = errno;
            return -1;
        }
    }
    return (ptrdiff_t)size;
}

bool CSocket_ShutDown(struct CSocket *s)
{
    return shutdown(s->fd, SHUT_WR) == 0 || fail(s, errno);
}

void CSocket_Close(struct CSocket *s)
{
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
}

uint16_t CSocket_GetSockPort(const struct CSocket *s)
{
    struct sockaddr_in at;
    socklen_t len = sizeof at;

    return getsockname(s->fd, (struct sockaddr *)&at, &len) == 0 ? ntohs(at.sin_port) : 0;
}

void CSocket_AwaitReadable(struct CSocket *s)
{
    await(s, POLLIN);
}
