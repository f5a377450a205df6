/*
 * Connections, accepted or dialled, each in a thread of its own: a blocked
 * call of one must not hold up another [SVC-19].
 */
#ifndef REFERENCE_SERVER_H
#define REFERENCE_SERVER_H

#include "channel.h"

struct server;

struct service {
    const char *name;                 // as in "listening NAME PORT"
    void (*serve)(struct channel *c); // one connection; the caller opens and ends the channel
    /*
     * Or all connections of a listener, when they have to do with each other: sets the listener's
     * notifications, and what follows from them must never wait.
     */
    void (*host)(const struct server *s, struct CSocket *listener);
};

struct server {
    const struct service *services; // ends with a row without a name; the first has the given port
    struct profile profile;
    bool archive_per_message;
};

/* Twenty milliseconds, before what failed is tried again. */
void server_pause(void);

/*
 * Listens on 127.0.0.1, says where and then "ready", and serves for ever. 1 if it cannot.
 * The thread has sockets already [SK-1]; those that serve take care of themselves.
 */
int server_listen(const struct server *s, uint16_t port);

/* Keeps so many connections of the first service to the asker; returns when all are given up. */
int server_dial(const struct server *s, const char *host, uint16_t port, unsigned connections);

#endif
