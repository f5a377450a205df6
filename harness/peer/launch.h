#ifndef PEER_LAUNCH_H
#define PEER_LAUNCH_H
/*
 * From a manifest to what is executed; private to peer/.
 */
#include "peer/process.h"

/* What execvp is given. Lives in the peer's arena. */
struct command {
    const char **argv;
    const char *const *environment; // NAME=VALUE, ended by NULL, or NULL
    const char *directory;          // NULL: ours
};

/* How a port that the peer can be told is kept free for it. */
enum port_keeping {
    PORT_HELD,  // bound by us: nobody else gets it but who says SO_REUSEADDR, as the peer must
    PORT_FREED, // chosen, and free again
};

/* Finds out what the placeholders stand for, and writes the manifest's files. peer_stop frees, also when it fails. */
bool launch_prepare(const struct launch *l, enum port_keeping keeping, struct peer *p, struct error *err);

/* The command that starts it. */
struct command launch_command(const struct launch *l, struct peer *p);

/* The command that resets its state. */
struct command launch_reset(const struct launch *l, struct peer *p);

#endif
