#include "peer/tree.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>

#include "base/bytes.h"
#include "base/fd.h"

#define INODES_MAX 16  // sockets that listen on one port, by address and by process
#define EXITING    0x4 // PF_EXITING among the flags in /proc/PID/stat
#define LISTENING  0x10000 // __SO_ACCEPTCON among the flags in /proc/net/unix

static size_t add_children(pid_t pid, const char *thread, pid_t *out, size_t count)
{
    char path[96];
    int child;

    snprintf(path, sizeof path, "/proc/%d/task/%.20s/children", (int)pid, thread);
    FILE *f = fopen(path, "re");
    while (f && count < TREE_MAX && fscanf(f, "%d", &child) == 1)
        out[count++] = child;
    if (f)
        fclose(f);
    return count;
}

size_t tree_of(pid_t root, pid_t *out)
{
    size_t count = 0;

    if (root > 0)
        out[count++] = root;
    for (size_t i = 0; i < count; i++) {
        char path[48];
        snprintf(path, sizeof path, "/proc/%d/task", (int)out[i]);
        DIR *d = opendir(path);
        for (struct dirent *e; d && (e = readdir(d));)
            if (isdigit((unsigned char)e->d_name[0]))
                count = add_children(out[i], e->d_name, out, count);
        if (d)
            closedir(d);
    }
    return count;
}

static bool is_exiting(pid_t pid)
{
    char path[48], text[512];
    unsigned flags;
    char state;

    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *f = fopen(path, "re");
    size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
    if (f)
        fclose(f);
    text[n] = 0;
    const char *behind_name = strrchr(text, ')');
    if (!behind_name || sscanf(behind_name + 1, " %c %*d %*d %*d %*d %*d %u", &state, &flags) != 2)
        return true; // it is gone
    return state == 'Z' || state == 'X' || (flags & EXITING);
}

enum dying tree_dying(pid_t root)
{
    pid_t pids[TREE_MAX];
    size_t count = tree_of(root, pids);
    enum dying who = DYING_NOBODY;

    for (size_t i = 0; i < count; i++)
        if (is_exiting(pids[i]))
            who = i == 0 ? DYING_ITSELF : who == DYING_NOBODY ? DYING_CHILD : who;
    return who;
}

/* Inodes of the sockets of one family that listen on a port, from the kernel's list of listeners alone: the table of all
 * connections may be long. False when it is not told. */
static bool ask_listeners(int nl, int family, uint16_t port, unsigned long *out, size_t *count)
{
    struct {
        struct nlmsghdr h;
        struct inet_diag_req_v2 ask;
    } m = { .h = { .nlmsg_len = sizeof m, .nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
            .ask = { .sdiag_family = (uint8_t)family, .sdiag_protocol = IPPROTO_TCP, .idiag_states = 1 << TCP_LISTEN } };
    char buffer[16384];

    if (send(nl, &m, sizeof m, 0) != sizeof m)
        return false;
    for (;;) {
        ssize_t n = recv(nl, buffer, sizeof buffer, 0);
        if (n <= 0)
            return false;
        unsigned rest = (unsigned)n;
        for (struct nlmsghdr *h = (struct nlmsghdr *)buffer; NLMSG_OK(h, rest); h = NLMSG_NEXT(h, rest)) {
            struct inet_diag_msg *one = NLMSG_DATA(h);
            if (h->nlmsg_type == NLMSG_DONE)
                return true;
            if (h->nlmsg_type != SOCK_DIAG_BY_FAMILY)
                return false;
            if (ntohs(one->id.idiag_sport) == port && *count < INODES_MAX)
                out[(*count)++] = one->idiag_inode;
        }
    }
}

/* The same from the table of all connections. */
static void read_listeners(const char *table, uint16_t port, unsigned long *out, size_t *count)
{
    unsigned local, state;
    unsigned long inode;
    char line[512];
    FILE *f = fopen(table, "re");

    while (f && *count < INODES_MAX && fgets(line, sizeof line, f))
        if (sscanf(line, " %*u: %*[0-9A-F]:%x %*[0-9A-F]:%*x %x %*x:%*x %*x:%*x %*x %*u %*u %lu", &local, &state, &inode) == 3 &&
            local == port && state == TCP_LISTEN)
            out[(*count)++] = inode;
    if (f)
        fclose(f);
}

static size_t inodes_of(uint16_t port, unsigned long *out)
{
    static const struct {
        int family;
        const char *table;
    } families[] = { { AF_INET, "/proc/net/tcp" }, { AF_INET6, "/proc/net/tcp6" } };
    AUTO_CLOSE int nl = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    size_t count = 0;

    for (size_t i = 0; i < COUNT_OF(families); i++)
        if (nl < 0 || !ask_listeners(nl, families[i].family, port, out, &count))
            read_listeners(families[i].table, port, out, &count);
    return count;
}

/* Whether a process holds one of the sockets; true as well where that is not to be seen. */
static bool holds(pid_t pid, const unsigned long *inodes, size_t count)
{
    char path[320], to[64];
    unsigned long inode;
    bool yes = false;

    snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    DIR *d = opendir(path);
    if (!d)
        return access(path, F_OK) == 0; // it is there, and another's
    for (struct dirent *e; !yes && (e = readdir(d));) {
        snprintf(path, sizeof path, "/proc/%d/fd/%s", (int)pid, e->d_name);
        ssize_t n = readlink(path, to, sizeof to - 1);
        to[n > 0 ? n : 0] = 0;
        for (size_t i = 0; sscanf(to, "socket:[%lu]", &inode) == 1 && i < count; i++)
            yes |= inodes[i] == inode;
    }
    closedir(d);
    return yes;
}

enum listener tree_listens(pid_t root, uint16_t port)
{
    unsigned long inodes[INODES_MAX];
    size_t count = inodes_of(port, inodes);
    pid_t pids[TREE_MAX];

    if (count == 0)
        return LISTENER_NONE;
    for (size_t i = 0, n = tree_of(root, pids); i < n; i++)
        if (holds(pids[i], inodes, count))
            return LISTENER_ITS_OWN;
    return LISTENER_OTHER;
}

bool tree_socket_listens(const char *path)
{
    char line[512], at[128];
    unsigned flags;
    bool yes = false;
    FILE *f = fopen("/proc/net/unix", "re");

    while (f && !yes && fgets(line, sizeof line, f)) // address, count, protocol, flags, type, state, inode, path
        yes = sscanf(line, "%*s %*s %*s %x %*s %*s %*s %127s", &flags, at) == 2 && (flags & LISTENING) && strcmp(at, path) == 0;
    if (f)
        fclose(f);
    return yes;
}
