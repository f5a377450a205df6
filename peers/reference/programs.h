/*
 * Services with the messages of programs that others wrote, for one client at a time.
 *
 * What is known of such a program is how its messages lie on the wire; what is answered is as little as shows that they
 * were understood. Malformed or cut input ends a connection without a further byte.
 */
#ifndef REFERENCE_PROGRAMS_H
#define REFERENCE_PROGRAMS_H

#include "channel.h"

/*
 * A telephone switch [APP-4]: DWORD command, DWORD size, so many bytes; the answer has 0 as its result, and the same
 * bytes. More than 65536 are not waited for: the result is 1, there are none, and the connection ends.
 */
void telephony_serve(struct channel *c);

/* A server of updates [APP-5]: str time, server, cov and project; then the connection ends. */
void update_serve(struct channel *c);

/*
 * A tutorial's chat, which inserts its messages as objects [APP-6]: each CNetMessage is answered by one of the server's
 * own, from "server", with the same text and time. A message that comes again, as a reference, is answered by the same
 * answer again, null by null.
 */
void net_message_serve(struct channel *c);

#endif
