#ifndef NET_QUIESCENCE_H
#define NET_QUIESCENCE_H
/*
 * Proof that processes will say nothing until they are spoken to.
 *
 * Empty queues and waiting threads are no proof: a timer, an alarm or a child may still wake them. What is shown
 * here, of all our descendants: every byte we sent has been read, and every byte they sent has come; every thread waits, without a time limit, for a
 * socket, an event or another thread; nobody has a timer, catches an alarm or holds a channel to somebody else.
 * What cannot be shown is not claimed.
 */
#include "net/net.h"

/* One connection of ours to a process under test: TCP, or an end of a pair of local stream sockets. */
struct quiet_socket {
    int fd;
    uint64_t sent; // bytes that the network took from us
};

enum quiet {
    QUIET_PROVEN,
    QUIET_BUSY,       // somebody runs, or has not read yet: ask again
    QUIET_UNPROVABLE, // something cannot be shown, and will not become so by waiting
};

/*
 * Looks once at all descendants of this process. *why says, for BUSY and UNPROVABLE, what stood against the proof (a
 * constant). Needs the right to look at them (as root, or as their user where that may trace its children).
 */
enum quiet quiet_prove(const struct quiet_socket *sockets, size_t count, const char **why);

/*
 * Tells of a child that is our own, of one thread, and known to say nothing, now and for ever, and to have no channel but
 * ours: it is not looked at, but for its children. At most QUIET_MUTES at a time; more are looked at like all others.
 */
#define QUIET_MUTES 32
void quiet_is_mute(pid_t pid, bool mute);

/*
 * Looks once whether all descendants only wait, without a time limit. Much less than a proof: what is on its way may still wake
 * them. For what no verdict rests on, such as when there is no use in waiting any longer for more of what they say.
 */
enum quiet quiet_all_wait(void);

#endif
