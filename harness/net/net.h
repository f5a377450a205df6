#ifndef NET_NET_H
#define NET_NET_H
/*
 * Sockets: raw, non-blocking, IPv4 and IPv6 over TCP.
 *
 * All functions that make a descriptor set close-on-exec; the caller closes it.
 */
#include "base/error.h"

#include <sys/socket.h>

struct address {
    struct sockaddr_storage storage;
    socklen_t len;
};

/* "HOST:PORT", "[::1]:PORT"; host names are looked up. ERROR_USAGE when it is neither, ERROR_PEER when there is
 * no such host. */
bool address_parse(const char *text, struct address *out, struct error *err);
/* The loopback address with a port. */
struct address address_loopback(uint16_t port);
uint16_t address_port(const struct address *a);
/* "127.0.0.1:4242" */
void address_print(const struct address *a, char *out, size_t size);

/* Begins to connect; *fd may still be on its way (poll for writing, then net_connected). Returns 0 or errno. */
int net_connect(const struct address *to, int *fd);
/* The same, with a small receive buffer, and segments of an Ethernet: on loopback the other side would else
 * have megabytes of room for what we do not read. */
int net_connect_narrow(const struct address *to, int *fd);
/* How connecting ended: 0 or errno. A connection to itself, which loopback allows, counts as ECONNREFUSED. */
int net_connected(int fd);

/* Binds a port, 0 for the kernel to choose, without listening: connections to it are refused and nobody else gets
 * it but a process that sets SO_REUSEADDR, too. *at becomes the address with its port. */
bool net_bind(struct address *at, int *fd, struct error *err);
bool net_listen(int fd, struct error *err);
/* The next waiting connection, or -1 with errno. */
int net_accept(int fd);

/* What every connection of ours is: no Nagle, so that a piece leaves as it is given. */
void net_prepare(int fd);
/* Asks for an acknowledgement of what came at once: a peer with Nagle on waits for it. Does not stay. */
void net_acknowledge(int fd);
/* How far sending has come. All 0 where the kernel does not tell, as of local sockets. */
struct net_progress {
    unsigned segments; // with data, that have left so far
    unsigned unsent;   // bytes that send took but the network has not seen yet
};
struct net_progress net_progress(int fd);
/* Waits until the network has all that was sent, or there is something to receive, or for ms. Where the kernel cannot
 * tell it is no wait at all. */
void net_wait_sent(int fd, int ms);
/* Closes so that the peer sees a RST. */
void net_reset(int fd);

#endif
