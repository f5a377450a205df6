#ifndef REPLAY_ENGINE_H
#define REPLAY_ENGINE_H
/*
 * The engine lends a session its sockets: it does what the session wants, on epoll, and tells it what happened.
 */
#include "net/net.h"
#include "replay/session.h"

/* How connections to the peer come about. */
struct meeting {
    bool peer_dials;
    struct address address; // of the peer, when we dial
    int listener;           // ours, when the peer dials; may be bound but closed for a LISTEN op
    bool ours;              // the peer is a descendant of this process: its silence may be provable
    int process;            // becomes readable when the peer, which dials, has ended; -1 when that cannot be told
    int words;              // the peer's stdout, for a LISTEN op; -1 when it cannot be heard
    unsigned dialers;       // how many connections it keeps, each of which says there that it was refused; 0: not known
    /* Where connections are not TCP: makes one, a non-blocking stream socket that is then the engine's, or -1 with *err; and
     * is told behind a play that all of them are closed. Both NULL: TCP. */
    int (*open)(void *of, struct error *err);
    void (*over)(void *of, const struct trace *t);
    void *of;
};

struct engine {
    int epoll;
    struct spent spent; // by all plays since somebody set it to nothing
    uint64_t forgotten; // connections that the kernel has, as last looked at
};

bool engine_init(struct engine *e, struct error *err);
void engine_release(struct engine *e);

/*
 * Plays a program; what happened is in the trace, whatever it was. False only when our surroundings fail
 * (ERROR_SYSTEM). All connections are closed on return. *stop is looked at between events: a signal handler may
 * set it.
 */
bool engine_play(struct engine *e, struct program *p, const struct meeting *m, const struct limits *l,
                 const volatile int *stop, struct trace *t, struct error *err);

#endif
