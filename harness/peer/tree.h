#ifndef PEER_TREE_H
#define PEER_TREE_H
/*
 * The processes of one peer: itself and its descendants.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define TREE_MAX 64 // processes of one peer that are looked at

/* The process and its descendants, breadth first, into out, which holds TREE_MAX. Returns how many; 0 for no process. */
size_t tree_of(pid_t root, pid_t *out);

/* Who of them is on his way out, or out and not waited for. The kernel marks a process before it closes its sockets. */
enum dying { DYING_NOBODY, DYING_CHILD, DYING_ITSELF };
enum dying tree_dying(pid_t root);

/* Who listens on a TCP port of this machine. */
enum listener {
    LISTENER_NONE,
    LISTENER_ITS_OWN, // a process of the tree, or one whose descriptors may not be looked at
    LISTENER_OTHER,
};
enum listener tree_listens(pid_t root, uint16_t port);

/* Whether any process listens on the Unix socket of that path. */
bool tree_socket_listens(const char *path);

#endif
