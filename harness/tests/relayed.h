#ifndef RELAYED_H
#define RELAYED_H
/*
 * A relay between real sockets, for tests that step it themselves until what they wait for has come; nothing waits for time to pass.
 */
#include <sys/types.h>

#include "base/text.h"
#include "capture/relay.h"

#define FAR_TOO_LONG 20000 // steps; a test that fails must end

/* "0 open, 0 client 3, 0 server end": what the watcher was told; data as their length. */
struct told {
    struct text words;
    struct buffer said[2]; // by side, of all connections
};

/* A relay with a server behind it and a client that has dialled. */
struct relayed {
    struct relay *relay;
    struct told told;
    struct address at, to;
    int listener, client, server;
};

/* Until both ends of a connection are there; relayed_begin does so, too. */
void relayed_dial(struct relayed *s);

void relayed_begin(struct relayed *s);
void relayed_end(struct relayed *s);

void relayed_say(int fd, const char *words);

/* Steps the relay until something can be read, and reads it: bytes, 0 at the end, -errno. */
ssize_t relayed_hear(struct relayed *s, int fd, void *to, size_t room);
void relayed_expect_heard(struct relayed *s, int fd, const char *words);

/* Reads what is passed on until the direction is over: its length; *last is 0 at an end, -ECONNRESET. */
size_t relayed_hear_all(struct relayed *s, int fd, char *to, size_t room, int *last);

/* Until so many connections are over, or the watcher was told of so many bytes of a side. */
void relayed_step_until_over(struct relayed *s, uint32_t over);
void relayed_step_until_said(struct relayed *s, size_t len, enum relay_side side);

void relayed_expect_told(struct relayed *s, const char *words);

#endif
