#ifndef NET_NET_H
#define NET_NET_H
/*
 * Sockets: raw, non-blocking, IPv4 and IPv6 over TCP, and local ones (Unix stream sockets).
 *
 * All functions that make a descriptor set close-on-exec; the caller closes it.
 */
#include "base/error.h"

#include <sys/socket.h>

struct address {
    struct sockaddr_storage storage;
    socklen_t len;
};

/* "HOST:PORT", "[::1]:PORT", where host names are looked up; "unix:PATH", "unix:@NAME" without a file. ERROR_USAGE when
 * it is none of these, ERROR_PEER when there is no such host. */
bool address_parse(const char *text, struct address *out, struct error *err);
/* The loopback address with a port. */
struct address address_loopback(uint16_t port);
/* 0 of a local one. */
uint16_t address_port(const struct address *a);
bool address_is_local(const struct address *a);
/* Whether the port is still to be chosen. */
bool address_is_open(const struct address *a);
/* "127.0.0.1:4242", as address_parse reads it. */
#define ADDRESS_TEXT 128 // bytes that hold any
void address_print(const struct address *a, char *out, size_t size);

/* Begins to connect; *fd may still be on its way (poll for writing, then net_connected). Returns 0 or errno. A local
 * listener that has no room for another connection is waited for, LOCAL_WAIT_MS at most. */
int net_connect(const struct address *to, int *fd);
/* The same, with a small receive buffer, and segments of an Ethernet: on loopback the other side would else
 * have megabytes of room for what we do not read. */
int net_connect_narrow(const struct address *to, int *fd);
/* How connecting ended: 0 or errno. A connection to itself, which loopback allows, counts as ECONNREFUSED. */
int net_connected(int fd);

/* Binds a port, 0 for the kernel to choose, without listening: connections to it are refused and nobody else gets
 * it but a process that sets SO_REUSEADDR, too. *at becomes the address with its port. A local one makes a file, which
 * must not be there, and which net_unbind removes. */
bool net_bind(struct address *at, int *fd, struct error *err);
void net_unbind(const struct address *at);
bool net_listen(int fd, struct error *err);
/* The next waiting connection, or -1 with errno. */
int net_accept(int fd);

/* What every connection of ours is: no Nagle, so that a piece leaves as it is given. */
void net_prepare(int fd);
/* Asks for an acknowledgement of what came at once: a peer with Nagle on waits for it. Does not stay. */
void net_acknowledge(int fd);
/* How far sending has come. All 0 where the kernel does not tell, as of local sockets. */
struct net_progress {
    unsigned segments; // with data, that have left so far; what was sent once more counts once
    unsigned unsent;   // bytes that send took but the network has not seen yet
};
struct net_progress net_progress(int fd);
/* Waits until the network has all that was sent, or there is something to receive, or for ms. Where the kernel cannot
 * tell it is no wait at all. */
void net_wait_sent(int fd, int ms);
/*
 * How often the kernel has forgotten a connection that one side had ended, for want of room (tcp_max_tw_buckets): it
 * then answers the other side's FIN with a RST of its own. 0 where it does not tell.
 */
uint64_t net_forgotten(void);
/* Closes so that the peer sees a RST; a local peer sees an end. */
void net_reset(int fd);

#endif
