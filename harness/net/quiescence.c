/*
 * The conditions, in the order in which they are looked at; the threads are looked at before and behind the rest,
 * so that nobody ran in between.
 *
 *   threads   each in a call of untimed_calls, without a limit
 *   sockets   receive queue of the peer's end empty, bytes received = bytes sent, that end is a descendant's, or closed; nothing of its own on the way: a call
 *             that waits for room to write would go on by itself; of a pair of local sockets, nothing of ours waits to be read
 *   timers    no timerfd, io_uring, POSIX timer; SIGALRM, SIGVTALRM, SIGPROF not caught
 *   channels  every socket is a listener, ends at us or within the descendants; every pipe is one that we or they made
 */
#include "net/quiescence.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fd.h"

#define PROCESSES 64   // descendants that are looked at; more are not proven quiet
#define SOCKETS   256  // of theirs
#define NETLINK_BUFFER 16384

enum limit_place { NO_LIMIT, INT_NEGATIVE, POINTER_NULL, FUTEX_CALL, SOCKET_TIMEOUT };

/* Calls in which a thread waits for others, and where a time limit would stand. */
static const struct {
    long number;
    enum limit_place limit;
    int argument; // that holds it
} untimed_calls[] = {
    { SYS_read, SOCKET_TIMEOUT, 0 },
    { SYS_recvfrom, SOCKET_TIMEOUT, 0 },
    { SYS_recvmsg, SOCKET_TIMEOUT, 0 },
    { SYS_accept4, SOCKET_TIMEOUT, 0 },
    { SYS_accept, SOCKET_TIMEOUT, 0 },
    { SYS_ppoll, POINTER_NULL, 2 },
    { SYS_pselect6, POINTER_NULL, 4 },
    { SYS_epoll_pwait, INT_NEGATIVE, 3 },
    { SYS_futex, FUTEX_CALL, 3 },
    { SYS_wait4, NO_LIMIT, 0 },
    { SYS_waitid, NO_LIMIT, 0 },
    { SYS_rt_sigsuspend, NO_LIMIT, 0 },
    { SYS_rt_sigtimedwait, POINTER_NULL, 2 },
#ifdef SYS_epoll_pwait2
    { SYS_epoll_pwait2, POINTER_NULL, 3 },
#endif
#ifdef SYS_poll // the older calls, which not every machine has
    { SYS_poll, INT_NEGATIVE, 2 },
    { SYS_select, POINTER_NULL, 4 },
    { SYS_epoll_wait, INT_NEGATIVE, 3 },
    { SYS_pause, NO_LIMIT, 0 },
#endif
};

struct look {
    pid_t pids[PROCESSES];
    size_t pid_count;
    struct their_socket {
        pid_t pid;
        int fd;
        ino_t inode;
    } sockets[SOCKETS];
    size_t socket_count;
    const char *why;
};

static enum quiet unprovable(struct look *l, const char *why)
{
    l->why = why;
    return QUIET_UNPROVABLE;
}

static enum quiet busy(struct look *l, const char *why)
{
    l->why = why;
    return QUIET_BUSY;
}

/* Reads a small file of /proc; -1 when it is not there (any more). */
static ssize_t slurp(const char *path, char *out, size_t size)
{
    AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return -1;
    ssize_t n = read(fd, out, size - 1);
    out[n < 0 ? 0 : n] = 0;
    return n;
}

/* Calls visit for each numeric name in a directory, until it is not PROVEN. */
static enum quiet each_number(struct look *l, const char *path, enum quiet (*visit)(struct look *l, pid_t pid, long n),
                              pid_t pid)
{
    DIR *d = opendir(path);
    enum quiet q = QUIET_PROVEN;

    if (!d)
        return busy(l, "a process has just ended");
    for (struct dirent *e; q == QUIET_PROVEN && (e = readdir(d));)
        if (isdigit((unsigned char)e->d_name[0]))
            q = visit(l, pid, atol(e->d_name));
    closedir(d);
    return q;
}

static pid_t mutes[QUIET_MUTES]; // 0: free

void quiet_is_mute(pid_t pid, bool mute)
{
    for (size_t i = 0; i < QUIET_MUTES; i++)
        if (mutes[i] == (mute ? 0 : pid)) {
            mutes[i] = mute ? pid : 0;
            return;
        }
}

static bool is_mute(pid_t pid)
{
    for (size_t i = 0; i < QUIET_MUTES; i++)
        if (mutes[i] == pid)
            return true;
    return false;
}

static enum quiet add_children(struct look *l, pid_t pid, long tid);

static enum quiet add_process(struct look *l, pid_t pid)
{
    char path[64], text[512];

    if (is_mute(pid))
        return add_children(l, pid, pid);
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    const char *state = slurp(path, text, sizeof text) > 0 ? strrchr(text, ')') : NULL;
    long threads = 1;
    // State, and sixteen numbers on how many threads there are.
    if (state && state[2] == 'Z')
        sscanf(state + 3, " %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %ld", &threads);
    if (threads > 1)
        return busy(l, "a process is about to end"); // its first thread has, and others still hold its descriptors
    if (!state || state[2] == 'Z')
        return QUIET_PROVEN; // it has ended; nothing of it can speak
    if (l->pid_count == PROCESSES)
        return unprovable(l, "too many processes");
    l->pids[l->pid_count++] = pid;
    snprintf(path, sizeof path, "/proc/%d/task", pid);
    return each_number(l, path, add_children, pid);
}

static enum quiet add_children(struct look *l, pid_t pid, long tid)
{
    char path[96], list[4096];

    snprintf(path, sizeof path, "/proc/%d/task/%ld/children", pid, tid);
    ssize_t n = slurp(path, list, sizeof list);
    if (n < 0)
        return access("/proc/self/task", F_OK) == 0 && errno == ENOENT ? busy(l, "a thread has just ended")
                                                                       : unprovable(l, "the kernel does not tell of children");
    if (n == (ssize_t)sizeof list - 1)
        return unprovable(l, "too many processes");
    for (char *at = list, *end; *at; at = end) {
        long child = strtol(at, &end, 10);
        if (end == at)
            break;
        enum quiet q = add_process(l, (pid_t)child);
        if (q != QUIET_PROVEN)
            return q;
    }
    return QUIET_PROVEN;
}

/* A blocking call on a socket may have a limit that only the socket knows. */
static enum quiet look_at_reader(struct look *l, pid_t pid, int fd)
{
    AUTO_CLOSE int process = (int)syscall(SYS_pidfd_open, pid, 0);
    AUTO_CLOSE int copy = process < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, process, fd, 0);
    struct timeval limit = { 0 };
    socklen_t len = sizeof limit;
    struct stat st;

    if (copy < 0 && (errno == EBADF || errno == ESRCH))
        return busy(l, "a descriptor was just closed"); // it has gone on since we saw it wait
    if (copy < 0 || fstat(copy, &st) < 0)
        return unprovable(l, "the peer's sockets may not be looked at");
    if (S_ISFIFO(st.st_mode))
        return QUIET_PROVEN;
    if (S_ISREG(st.st_mode))
        return busy(l, "a thread reads a file");
    if (!S_ISSOCK(st.st_mode) || getsockopt(copy, SOL_SOCKET, SO_RCVTIMEO, &limit, &len) < 0 || limit.tv_sec || limit.tv_usec)
        return unprovable(l, "a thread reads something that may have a time limit");
    return QUIET_PROVEN;
}

static enum quiet look_at_thread(struct look *l, pid_t pid, long tid)
{
    char path[96], text[256];
    unsigned long a[6];
    long number;

    snprintf(path, sizeof path, "/proc/%d/task/%ld/syscall", pid, tid);
    if (slurp(path, text, sizeof text) <= 0)
        return errno == ENOENT || errno == ESRCH ? busy(l, "a thread has just ended")
                                                 : unprovable(l, "the peer's threads may not be looked at");
    if (strncmp(text, "running", 7) == 0)
        return busy(l, "a thread runs");
    if (sscanf(text, "%ld %lx %lx %lx %lx %lx %lx", &number, &a[0], &a[1], &a[2], &a[3], &a[4], &a[5]) != 7)
        return busy(l, "a thread is not in a call");
    for (size_t i = 0; i < COUNT_OF(untimed_calls); i++) {
        if (untimed_calls[i].number != number)
            continue;
        unsigned long limit = a[untimed_calls[i].argument];
        switch (untimed_calls[i].limit) {
        case NO_LIMIT:
            return QUIET_PROVEN;
        case INT_NEGATIVE:
            return (int)limit < 0 ? QUIET_PROVEN : unprovable(l, "a thread waits with a time limit");
        case POINTER_NULL:
            return limit == 0 ? QUIET_PROVEN : unprovable(l, "a thread waits with a time limit");
        case FUTEX_CALL: {
            int call = (int)a[1] & FUTEX_CMD_MASK;
            if (call != FUTEX_WAIT && call != FUTEX_WAIT_BITSET && call != FUTEX_LOCK_PI)
                return busy(l, "a thread runs");
            return limit == 0 ? QUIET_PROVEN : unprovable(l, "a thread waits with a time limit");
        }
        case SOCKET_TIMEOUT:
            return look_at_reader(l, pid, (int)limit);
        }
    }
    // Sleeping, writing, working on a file: it may go on by itself.
    return number == SYS_clock_nanosleep || number == SYS_nanosleep ? unprovable(l, "a thread sleeps")
                                                                    : busy(l, "a thread is in a call of its own");
}

static enum quiet look_at_threads(struct look *l)
{
    enum quiet q = QUIET_PROVEN;
    char path[64];

    for (size_t i = 0; q == QUIET_PROVEN && i < l->pid_count; i++) {
        snprintf(path, sizeof path, "/proc/%d/task", l->pids[i]);
        q = each_number(l, path, look_at_thread, l->pids[i]);
    }
    return q;
}

static enum quiet look_at_descriptor(struct look *l, pid_t pid, long fd)
{
    char path[96], to[128];
    unsigned long inode;

    snprintf(path, sizeof path, "/proc/%d/fd/%ld", pid, fd);
    ssize_t n = readlink(path, to, sizeof to - 1);
    if (n < 0)
        return errno == ENOENT ? busy(l, "a descriptor was just closed") : unprovable(l, "the peer's descriptors may not be looked at");
    to[n] = 0;
    if (strcmp(to, "anon_inode:[timerfd]") == 0)
        return unprovable(l, "a process has a timer descriptor");
    if (strcmp(to, "anon_inode:[io_uring]") == 0)
        return unprovable(l, "a process has an io_uring");
    if (sscanf(to, "socket:[%lu]", &inode) == 1) {
        if (l->socket_count == SOCKETS)
            return unprovable(l, "too many sockets");
        l->sockets[l->socket_count++] = (struct their_socket){ pid, (int)fd, (ino_t)inode };
        return QUIET_PROVEN;
    }
    struct stat st;
    bool named = to[0] == '/' && strcmp(to, "/dev/null") != 0;
    if (named && stat(path, &st) == 0 && (S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode)))
        return unprovable(l, "a process has a channel to somebody else");
    return QUIET_PROVEN;
}

static enum quiet look_at_process(struct look *l, pid_t pid)
{
    char path[64], text[4096];
    unsigned long long caught;

    snprintf(path, sizeof path, "/proc/%d/timers", pid);
    ssize_t n = slurp(path, text, sizeof text);
    if (n != 0)
        return n < 0 ? unprovable(l, "the kernel does not tell of timers") : unprovable(l, "a process has a timer");
    snprintf(path, sizeof path, "/proc/%d/status", pid);
    const char *mask = slurp(path, text, sizeof text) > 0 ? strstr(text, "\nSigCgt:") : NULL;
    if (!mask || sscanf(mask, "\nSigCgt: %llx", &caught) != 1)
        return busy(l, "a process has just ended");
    if (caught & (1ull << (SIGALRM - 1) | 1ull << (SIGVTALRM - 1) | 1ull << (SIGPROF - 1)))
        return unprovable(l, "a process catches alarms");
    snprintf(path, sizeof path, "/proc/%d/fd", pid);
    return each_number(l, path, look_at_descriptor, pid);
}

static int diag_open(void)
{
    return socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
}

static bool diag_ask(int nl, void *request, size_t len, int flags, int type)
{
    struct {
        struct nlmsghdr h;
        char body[128];
    } m = { .h = { .nlmsg_len = (uint32_t)(NLMSG_HDRLEN + len), .nlmsg_type = (uint16_t)type,
                   .nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags) } };

    memcpy(m.body, request, len);
    return send(nl, &m, m.h.nlmsg_len, 0) == (ssize_t)m.h.nlmsg_len;
}

static void socket_id(const struct sockaddr_storage *from, const struct sockaddr_storage *to, struct inet_diag_sockid *id)
{
    bool six = from->ss_family == AF_INET6;

    memset(id, 0, sizeof *id);
    if (six) {
        const struct sockaddr_in6 *a = (const void *)from, *b = (const void *)to;
        id->idiag_sport = a->sin6_port;
        id->idiag_dport = b->sin6_port;
        memcpy(id->idiag_src, &a->sin6_addr, 16);
        memcpy(id->idiag_dst, &b->sin6_addr, 16);
    } else {
        const struct sockaddr_in *a = (const void *)from, *b = (const void *)to;
        id->idiag_sport = a->sin_port;
        id->idiag_dport = b->sin_port;
        id->idiag_src[0] = a->sin_addr.s_addr;
        id->idiag_dst[0] = b->sin_addr.s_addr;
    }
    id->idiag_cookie[0] = id->idiag_cookie[1] = INET_DIAG_NOCOOKIE;
}

/* The inode of the other end of a connected Unix socket; 0 when it has none or that cannot be told. */
static ino_t unix_other_end(int nl, ino_t inode)
{
    struct unix_diag_req ask = { .sdiag_family = AF_UNIX, .udiag_states = ~0u, .udiag_ino = (uint32_t)inode,
                                 .udiag_show = UDIAG_SHOW_PEER, .udiag_cookie = { ~0u, ~0u } };
    char buffer[1024];
    ssize_t n = diag_ask(nl, &ask, sizeof ask, 0, SOCK_DIAG_BY_FAMILY) ? recv(nl, buffer, sizeof buffer, 0) : -1;
    struct nlmsghdr *h = (struct nlmsghdr *)buffer;

    if (n < (ssize_t)NLMSG_HDRLEN || h->nlmsg_type != SOCK_DIAG_BY_FAMILY)
        return 0;
    struct unix_diag_msg *m = NLMSG_DATA(h);
    int rest = (int)(h->nlmsg_len - NLMSG_LENGTH(sizeof *m));
    for (struct rtattr *a = (struct rtattr *)(m + 1); RTA_OK(a, rest); a = RTA_NEXT(a, rest))
        if (a->rta_type == UNIX_DIAG_PEER) {
            uint32_t other;
            memcpy(&other, RTA_DATA(a), sizeof other);
            return other;
        }
    return 0;
}

/* Whether the other end of a connection, on this machine, has read all that was sent, and all that it said has come.
 * *inode is that end's, or 0 when it is closed, or not yet accepted. */
static enum quiet look_at_connection(struct look *l, int nl, const struct quiet_socket *s, ino_t *inode)
{
    struct sockaddr_storage us, them;
    socklen_t len = sizeof us, other = sizeof them;
    char buffer[NETLINK_BUFFER];
    *inode = 0;
    struct inet_diag_req_v2 ask = { .sdiag_protocol = IPPROTO_TCP, .idiag_ext = 1 << (INET_DIAG_INFO - 1), .idiag_states = ~0u };

    if (getsockname(s->fd, (struct sockaddr *)&us, &len) < 0 || getpeername(s->fd, (struct sockaddr *)&them, &other) < 0)
        return QUIET_PROVEN; // it is over
    if (us.ss_family == AF_UNIX) {
        int waiting = 0; // memory of what we sent and the other end has not read to its end
        struct stat st;
        if (ioctl(s->fd, SIOCOUTQ, &waiting) < 0 || fstat(s->fd, &st) < 0)
            return unprovable(l, "the kernel does not tell what has been read");
        *inode = unix_other_end(nl, st.st_ino);
        return waiting == 0 ? QUIET_PROVEN : busy(l, "the peer has not read all");
    }
    ask.sdiag_family = (uint8_t)us.ss_family;
    socket_id(&them, &us, &ask.id);
    ssize_t n = diag_ask(nl, &ask, sizeof ask, 0, SOCK_DIAG_BY_FAMILY) ? recv(nl, buffer, sizeof buffer, 0) : -1;
    struct nlmsghdr *h = (struct nlmsghdr *)buffer;
    if (n < (ssize_t)NLMSG_HDRLEN || h->nlmsg_type != SOCK_DIAG_BY_FAMILY)
        return unprovable(l, "the peer's socket is not to be seen: it is elsewhere, or closed");
    struct inet_diag_msg *m = NLMSG_DATA(h);
    *inode = m->idiag_inode;
    if (m->idiag_rqueue != 0)
        return busy(l, "the peer has not read all");
    if (m->idiag_wqueue != 0)
        return busy(l, "not all that it said has come");
    int rest = (int)(h->nlmsg_len - NLMSG_LENGTH(sizeof *m));
    for (struct rtattr *a = (struct rtattr *)(m + 1); RTA_OK(a, rest); a = RTA_NEXT(a, rest)) {
        struct tcp_info info = { 0 };
        if (a->rta_type != INET_DIAG_INFO)
            continue;
        memcpy(&info, RTA_DATA(a), RTA_PAYLOAD(a) < sizeof info ? RTA_PAYLOAD(a) : sizeof info);
        // A FIN of ours counts as one byte.
        if (info.tcpi_bytes_received == s->sent || info.tcpi_bytes_received == s->sent + 1)
            return QUIET_PROVEN;
        return busy(l, "not all has arrived");
    }
    return unprovable(l, "the kernel does not tell what has arrived");
}

/* Whether one of the descendants that were looked at has that socket. */
static bool is_theirs(const struct look *l, ino_t inode)
{
    for (size_t i = 0; i < l->socket_count; i++)
        if (l->sockets[i].inode == inode)
            return true;
    return false;
}

/* Ports of our own TCP sockets, the listener included: connections to them end at us. */
static size_t own_ports(uint16_t *out, size_t room)
{
    DIR *d = opendir("/proc/self/fd");
    size_t n = 0;

    for (struct dirent *e; d && (e = readdir(d));) {
        struct sockaddr_storage a;
        socklen_t len = sizeof a;
        if (!isdigit((unsigned char)e->d_name[0]) || getsockname(atoi(e->d_name), (struct sockaddr *)&a, &len) < 0)
            continue;
        if (n < room && a.ss_family == AF_INET)
            out[n++] = ((struct sockaddr_in *)&a)->sin_port;
        else if (n < room && a.ss_family == AF_INET6)
            out[n++] = ((struct sockaddr_in6 *)&a)->sin6_port;
    }
    if (d)
        closedir(d);
    return n;
}

static uint16_t port_of(const struct sockaddr_storage *a)
{
    return a->ss_family == AF_INET6 ? ((const struct sockaddr_in6 *)a)->sin6_port : ((const struct sockaddr_in *)a)->sin_port;
}

/* Whether one of our connections to the peer is that socket. */
static bool is_ours(const struct quiet_socket *sockets, size_t count, ino_t inode)
{
    struct stat st;

    for (size_t i = 0; inode && i < count; i++)
        if (fstat(sockets[i].fd, &st) == 0 && st.st_ino == inode)
            return true;
    return false;
}

/* Whether a port is that of a socket of ours. Most are those of our connections to the peer, which are at hand. */
static bool is_own_port(const struct quiet_socket *sockets, size_t count, uint16_t port)
{
    uint16_t ports[64];
    struct sockaddr_storage a;

    for (size_t i = 0; i < count; i++) {
        socklen_t len = sizeof a;
        if (getsockname(sockets[i].fd, (struct sockaddr *)&a, &len) == 0 && a.ss_family != AF_UNIX && port_of(&a) == port)
            return true;
    }
    for (size_t i = 0, n = own_ports(ports, COUNT_OF(ports)); i < n; i++)
        if (ports[i] == port)
            return true;
    return false;
}

/* A socket of theirs, of the process that the descriptor `process` stands for: a listener, not connected, or connected to
 * us or to one of them. */
static enum quiet look_at_socket(struct look *l, int nl, const struct their_socket *s, int process, const struct quiet_socket *sockets,
                                 size_t count)
{
    AUTO_CLOSE int copy = process < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, process, s->fd, 0);
    struct sockaddr_storage other;
    socklen_t len = sizeof other;
    int domain = 0;
    socklen_t size = sizeof domain;

    if (copy < 0)
        return errno == EBADF || errno == ESRCH ? busy(l, "a descriptor was just closed")
                                                : unprovable(l, "the peer's sockets may not be looked at");
    getsockopt(copy, SOL_SOCKET, SO_DOMAIN, &domain, &size);
    if (domain == AF_UNIX) {
        ino_t inode = getpeername(copy, (struct sockaddr *)&other, &len) < 0 ? s->inode : unix_other_end(nl, s->inode);
        if (is_ours(sockets, count, inode) || is_theirs(l, inode))
            return QUIET_PROVEN;
    } else if (domain == AF_INET || domain == AF_INET6) {
        if (getpeername(copy, (struct sockaddr *)&other, &len) < 0 || is_own_port(sockets, count, port_of(&other)))
            return QUIET_PROVEN;
    }
    return unprovable(l, "a process has a connection to somebody else");
}

static enum quiet look_at_channels(struct look *l, int nl, const struct quiet_socket *sockets, size_t count)
{
    enum quiet q = QUIET_PROVEN;
    AUTO_CLOSE int process = -1;

    for (size_t i = 0; q == QUIET_PROVEN && i < l->socket_count; i++) {
        const struct their_socket *s = &l->sockets[i];
        if (i == 0 || s->pid != l->sockets[i - 1].pid) {
            fd_close(&process);
            process = (int)syscall(SYS_pidfd_open, s->pid, 0);
        }
        q = look_at_socket(l, nl, s, process, sockets, count);
    }
    return q;
}

enum quiet quiet_prove(const struct quiet_socket *sockets, size_t count, const char **why)
{
    struct look l = { .why = "" };
    AUTO_CLOSE int nl = diag_open();
    char path[64];
    ino_t inode;

    snprintf(path, sizeof path, "/proc/%d/task", getpid());
    enum quiet q = nl < 0 ? unprovable(&l, "the kernel does not tell of sockets") : each_number(&l, path, add_children, getpid());
    if (q == QUIET_PROVEN && l.pid_count == 0)
        q = unprovable(&l, "the peer is not a process of ours");
    if (q == QUIET_PROVEN)
        q = look_at_threads(&l);
    for (size_t i = 0; q == QUIET_PROVEN && i < count; i++)
        q = look_at_connection(&l, nl, &sockets[i], &inode);
    for (size_t i = 0; q == QUIET_PROVEN && i < l.pid_count; i++)
        q = look_at_process(&l, l.pids[i]);
    if (q == QUIET_PROVEN)
        q = look_at_channels(&l, nl, sockets, count);
    // Nobody may have run meanwhile, nor a process been born.
    struct look again = { .why = "" };
    if (q == QUIET_PROVEN && (each_number(&again, path, add_children, getpid()) != QUIET_PROVEN || again.pid_count != l.pid_count))
        q = busy(&l, "a process was born");
    if (q == QUIET_PROVEN)
        q = look_at_threads(&l);
    for (size_t i = 0; q == QUIET_PROVEN && i < count; i++) {
        q = look_at_connection(&l, nl, &sockets[i], &inode);
        if (q == QUIET_PROVEN && inode && !is_theirs(&l, inode))
            q = unprovable(&l, "a connection is held by somebody who is no process of ours");
    }
    *why = l.why;
    return q;
}

enum quiet quiet_all_wait(void)
{
    struct look l = { .why = "" };
    char path[64];

    snprintf(path, sizeof path, "/proc/%d/task", getpid());
    enum quiet q = each_number(&l, path, add_children, getpid());
    if (q == QUIET_PROVEN && l.pid_count == 0)
        q = QUIET_UNPROVABLE;
    return q == QUIET_PROVEN ? look_at_threads(&l) : q;
}
