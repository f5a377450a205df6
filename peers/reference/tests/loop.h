/*
 * The message loop in tests: sockets that write down what they are told, and
 * calls that wait, found out without waiting.
 */
#ifndef REFERENCE_TESTS_LOOP_H
#define REFERENCE_TESTS_LOOP_H

#include "reference/afxsock.h"

/* What sockets were told, in its order: "A:receive A:close 10054 B:accept". */
extern char told[1024];
void told_clear(void);
void told_add(const char *what);

/* A socket with a name, which writes down what it is told, and then may do something. */
struct teller {
    struct CSocket socket; // first, so that one is the other
    const char *name;
    void (*on_receive)(struct teller *t); // NULL: nothing
    void (*on_accept)(struct teller *t);
};

#define TELLER(n) ((struct teller){ .socket = CSOCKET_EMPTY, .name = (n) })

/* What all tellers have; set by teller_open. */
extern const struct CSocketEvents telling;

/* For any socket: while it waits, posted calls and timers are delivered. */
extern const struct CSocketEvents patient;

/* One end of a new connection is the teller's, what it returns is the other, a descriptor. */
int teller_open(struct teller *t);
int teller_open_quietly(struct teller *t); // without delivering that there is room to send
void teller_receive_one(struct teller *t); // one byte, which is dropped

/* The far end speaks, and ends its direction. */
void far_says(int far, const char *text);
void far_ends(int far);

/* Delivers all that there is to be delivered. */
void settle(void);

/*
 * Whether act waits for something on s that does not come. If so, the call that
 * waits is cancelled. The events of s are replaced while it lasts.
 */
bool hangs(struct CSocket *s, void (*act)(void *), void *arg);

/* While a call on s waits, call(arg) is called once; then, if it still waits, it is cancelled. */
void during(struct CSocket *s, void (*call)(void *), void *arg);

#endif
