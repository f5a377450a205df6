/*
 * The far ends of the reference peer's tests, which are descriptors that wait, on Winsock. A Unix socket pair is a
 * TCP connection over loopback here.
 */
#ifndef WINSOCK_SYS_SOCKET_H
#define WINSOCK_SYS_SOCKET_H

#include "reference/wsa.h"

#define WIN32_LEAN_AND_MEAN
#include <winsock2.h>
#include <ws2tcpip.h>

#include <sys/types.h>

#undef near // of 16-bit days
#undef far

enum { SHUT_RD, SHUT_WR, SHUT_RDWR, MSG_DONTWAIT = 0x40000000, MSG_NOSIGNAL = 0x20000000 };

int far_pair(int domain, int type, int protocol, int ends[2]);
ssize_t far_send(int fd, const void *data, size_t size, int flags);
ssize_t far_recv(int fd, void *data, size_t size, int flags);
int far_close(int fd);
int far_option(int fd, int level, int name, void *value, socklen_t *len);

#define socketpair(domain, type, protocol, ends) far_pair(domain, type, protocol, ends)
#define send(fd, data, size, flags)              far_send(fd, data, size, flags)
#define recv(fd, data, size, flags)              far_recv(fd, data, size, flags)
#define close(fd)                                far_close(fd)
#define socket(domain, type, protocol)           ((int)socket(domain, type, protocol))
#define accept(fd, name, len)                    ((int)accept(fd, name, len))
#define setsockopt(fd, level, name, value, len)  setsockopt(fd, level, name, (const char *)(value), len)
#define getsockopt(fd, level, name, value, len)  far_option(fd, level, name, value, len)

#endif
