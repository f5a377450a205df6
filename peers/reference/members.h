/*
 * A server whose clients have to do with each other: what one says others hear.
 *
 * A client is a member from its accept on, and all who wait are accepted before what somebody has said is looked at.
 * Malformed or cut input ends a member's connection without a byte of its own; an end is told to nobody.
 */
#ifndef REFERENCE_MEMBERS_H
#define REFERENCE_MEMBERS_H

#include "cmemfile.h"
#include "message.h"
#include "server.h"

struct member {
    struct CSocket socket;
    struct room *room;
    struct member *next; // who came before
    struct CMemFile in;  // what it has said, from the message on that has not ended
    struct CMemFile out; // what it has to be told, from `at` on
    bool leaves;         // hears nothing new, and what it says is dropped
    bool ended;          // its end has come
    bool broken;
    unsigned drained_ticks;
    bool drains; // all is sent, and our end, too

    int32_t number;    // of the rooms where members have one; 0: it has none yet
    struct units name; // … or a name
    struct pool names; // where that lives
};

/* What is said in a room, and who hears it. */
struct dialect {
    const char *fields; // of a message
    void (*take)(struct member *from, struct message *m); // may put more into its pool
};

struct room {
    const struct profile *profile;
    const struct dialect *dialect;
    struct CSocket *listener;
    struct member *members; // the newest first
    unsigned timer;         // while somebody drains
    bool spoken, left;      // somebody has, since it was empty; only a flawed room remembers it
};

/* Serves all who come, in the message loop of this thread. */
void room_host(const struct server *s, struct CSocket *listener, const struct dialect *d);

/* It is sent as soon as its socket takes it, unless the member leaves. */
void member_tell(struct member *to, const struct message *m);

#endif
