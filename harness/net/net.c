#include "net/net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>
#include <linux/sockios.h>
#include <linux/tcp.h> // tcpi_data_segs_out, which glibc's header lacks
#include <netinet/in.h>

#include "base/fd.h"

#define LOCAL         "unix:"
#define LOCAL_WAIT_MS 2000

/* A path, or @ and a name that is no file's. */
static bool local_parse(const char *path, struct address *out, struct error *err)
{
    struct sockaddr_un *un = (struct sockaddr_un *)&out->storage;
    size_t len = strlen(path), most = sizeof un->sun_path - 1, head = offsetof(struct sockaddr_un, sun_path);

    if (len <= (*path == '@'))
        return error_set(err, ERROR_USAGE, "\"" LOCAL "%s\" is no address: expected unix:PATH or unix:@NAME", path);
    if (len > most)
        return error_set(err, ERROR_USAGE, "the path of a socket has at most %zu bytes, and here are %zu: %s", most, len, path);
    memset(&out->storage, 0, sizeof out->storage);
    un->sun_family = AF_UNIX;
    memcpy(un->sun_path, path, len);
    if (*path == '@')
        un->sun_path[0] = 0;
    out->len = (socklen_t)(head + len + (*path != '@')); // a name may hold any byte, and so has no end of its own
    return true;
}

static void local_print(const struct address *a, char *out, size_t size)
{
    const struct sockaddr_un *un = (const struct sockaddr_un *)&a->storage;
    size_t len = a->len - offsetof(struct sockaddr_un, sun_path);

    if (un->sun_path[0])
        snprintf(out, size, LOCAL "%.*s", (int)len, un->sun_path);
    else
        snprintf(out, size, LOCAL "@%.*s", (int)len - 1, un->sun_path + 1);
}

bool address_is_open(const struct address *a)
{
    return !address_is_local(a) && address_port(a) == 0;
}

bool address_is_local(const struct address *a)
{
    return a->storage.ss_family == AF_UNIX;
}
#define ETHERNET_SEGMENT 1460 // bytes
#define SMALL_BUFFER     8192 // bytes; with less a window is often closed, and opening it again can take a timer of the kernel's

bool address_parse(const char *text, struct address *out, struct error *err)
{
    char host[256];

    if (strncmp(text, LOCAL, strlen(LOCAL)) == 0)
        return local_parse(text + strlen(LOCAL), out, err);
    const char *colon = strrchr(text, ':'), *end = colon;

    if (!colon || colon == text || !colon[1] || strspn(colon + 1, "0123456789") != strlen(colon + 1) ||
        strlen(colon + 1) > 5 || atoi(colon + 1) > 65535)
        return error_set(err, ERROR_USAGE, "\"%s\" is no address: expected HOST:PORT, unix:PATH or unix:@NAME", text);
    if (*text == '[' && end[-1] == ']') {
        text++;
        end--;
    }
    if ((size_t)(end - text) >= sizeof host)
        return error_set(err, ERROR_USAGE, "\"%s\": the host is too long", text);
    snprintf(host, sizeof host, "%.*s", (int)(end - text), text);
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found;
    int wrong = getaddrinfo(host, colon + 1, &hints, &found);
    if (wrong)
        return error_set(err, ERROR_PEER, "%s: %s", host, gai_strerror(wrong));
    memcpy(&out->storage, found->ai_addr, found->ai_addrlen);
    out->len = found->ai_addrlen;
    freeaddrinfo(found);
    return true;
}

struct address address_loopback(uint16_t port)
{
    struct address a = { .len = sizeof(struct sockaddr_in) };
    struct sockaddr_in *in = (struct sockaddr_in *)&a.storage;

    in->sin_family = AF_INET;
    in->sin_port = htons(port);
    in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return a;
}

uint16_t address_port(const struct address *a)
{
    if (address_is_local(a))
        return 0;
    return ntohs(a->storage.ss_family == AF_INET6 ? ((const struct sockaddr_in6 *)&a->storage)->sin6_port
                                                  : ((const struct sockaddr_in *)&a->storage)->sin_port);
}

void address_print(const struct address *a, char *out, size_t size)
{
    char host[64], port[8];

    if (address_is_local(a))
        local_print(a, out, size);
    else if (getnameinfo((const struct sockaddr *)&a->storage, a->len, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV))
        snprintf(out, size, "?");
    else
        snprintf(out, size, strchr(host, ':') ? "[%s]:%s" : "%s:%s", host, port);
}

void net_prepare(int fd)
{
    int on = 1;

    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    net_acknowledge(fd);
}

void net_acknowledge(int fd)
{
    int on = 1;

    setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

/* There is no connecting in the background: where it would wait, it says EAGAIN, and nothing tells when to try again. */
static int local_connect(const struct address *to, int *fd)
{
    struct timeval limit = { LOCAL_WAIT_MS / 1000, 0 }, none = { 0 };

    AUTO_CLOSE int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (s < 0)
        return errno;
    setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (connect(s, (const struct sockaddr *)&to->storage, to->len) < 0)
        return errno;
    setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &none, sizeof none);
    if (fcntl(s, F_SETFL, O_NONBLOCK) < 0)
        return errno;
    *fd = fd_keep(&s);
    return 0;
}

static int dial(const struct address *to, bool narrow, int *fd)
{
    int small = SMALL_BUFFER, segment = ETHERNET_SEGMENT;

    *fd = -1;
    if (address_is_local(to))
        return local_connect(to, fd);
    *fd = socket(to->storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (*fd < 0)
        return errno;
    net_prepare(*fd);
    if (narrow) {
        setsockopt(*fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
        setsockopt(*fd, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof segment);
    }
    if (connect(*fd, (const struct sockaddr *)&to->storage, to->len) == 0 || errno == EINPROGRESS)
        return 0;
    int wrong = errno;
    fd_close(fd);
    return wrong;
}

int net_connect(const struct address *to, int *fd)
{
    return dial(to, false, fd);
}

int net_connect_narrow(const struct address *to, int *fd)
{
    return dial(to, true, fd);
}

int net_connected(int fd)
{
    int wrong = 0;
    socklen_t len = sizeof wrong;
    struct address us = { .len = sizeof us.storage }, them = { .len = sizeof them.storage };

    getsockopt(fd, SOL_SOCKET, SO_ERROR, &wrong, &len);
    if (wrong)
        return wrong;
    if (getpeername(fd, (struct sockaddr *)&them.storage, &them.len) < 0)
        return errno;
    getsockname(fd, (struct sockaddr *)&us.storage, &us.len);
    if (!address_is_local(&us) && us.len == them.len && memcmp(&us.storage, &them.storage, us.len) == 0)
        return ECONNREFUSED;
    net_acknowledge(fd);
    return 0;
}

bool net_bind(struct address *at, int *fd, struct error *err)
{
    int on = 1;
    char name[ADDRESS_TEXT];

    AUTO_CLOSE int s = socket(at->storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    address_print(at, name, sizeof name);
    if (s < 0)
        return error_errno(err, "socket");
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(s, (const struct sockaddr *)&at->storage, at->len) < 0) {
        bool there = address_is_local(at) && errno == EADDRINUSE;
        error_errno(err, there ? "cannot bind %s, which is there already: remove it if nobody listens on it" : "cannot bind %s", name);
        err->kind = ERROR_PEER;
        return false;
    }
    at->len = sizeof at->storage;
    getsockname(s, (struct sockaddr *)&at->storage, &at->len);
    *fd = fd_keep(&s);
    return true;
}

void net_unbind(const struct address *at)
{
    const struct sockaddr_un *un = (const struct sockaddr_un *)&at->storage;

    if (address_is_local(at) && un->sun_path[0])
        unlink(un->sun_path);
}

bool net_listen(int fd, struct error *err)
{
    return listen(fd, 128) == 0 || error_errno(err, "listen");
}

int net_accept(int fd)
{
    int s = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

    if (s >= 0)
        net_prepare(s);
    return s;
}

struct net_progress net_progress(int fd)
{
    struct tcp_info info;
    socklen_t len = sizeof info;

    memset(&info, 0, sizeof info);
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) < 0 ||
        len < offsetof(struct tcp_info, tcpi_data_segs_out) + sizeof info.tcpi_data_segs_out)
        return (struct net_progress){ 0 };
    // On a busy machine an acknowledgement may be late, and a segment is sent once more: it is still the one.
    unsigned again = info.tcpi_total_retrans < info.tcpi_data_segs_out ? info.tcpi_total_retrans : 0;
    return (struct net_progress){ info.tcpi_data_segs_out - again, info.tcpi_notsent_bytes };
}

void net_wait_sent(int fd, int ms)
{
    int none = 1, any = 0; // bytes from which on there is no room; 0: as the system has it
    struct pollfd ready = { fd, POLLIN | POLLOUT, 0 };

    setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &none, sizeof none);
    poll(&ready, 1, ms);
    setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &any, sizeof any);
}

uint64_t net_forgotten(void)
{
    static const char wanted[] = "TCPTimeWaitOverflow";
    AUTO_CLOSE int fd = open("/proc/net/netstat", O_RDONLY | O_CLOEXEC);
    char text[16384], *names, *numbers, *name, *number;
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);

    // A line of names, and one of numbers in the same order.
    if (n <= 0)
        return 0;
    text[n] = 0;
    if (!(names = strtok_r(text, "\n", &numbers)) || !(numbers = strtok_r(NULL, "\n", &numbers)))
        return 0;
    for (name = strtok_r(names, " ", &names), number = strtok_r(numbers, " ", &numbers); name && number;
         name = strtok_r(NULL, " ", &names), number = strtok_r(NULL, " ", &numbers))
        if (strcmp(name, wanted) == 0)
            return strtoull(number, NULL, 10);
    return 0;
}

void net_reset(int fd)
{
    struct linger now = { 1, 0 };

    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(fd);
}
