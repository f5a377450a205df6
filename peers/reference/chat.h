/*
 * Services whose clients talk to each other.
 *
 * chat is CHATSRVR, as Microsoft's sample has it [SVC-22]: a message is WORD close, str text, count and str list. What
 * one member says, every other member hears. One with close set is a farewell: it is forwarded like any other, answered
 * with the same flag and nothing else, and then the member's connection ends.
 *
 * talk is the same without the list, as most of its descendants have it [APP-1].
 *
 * messenger has WORD type, and str text, receiver and sender [APP-2]. Whoever sends is known by that name from then on,
 * and nobody else is. A message goes to who is known by the receiver's name; one without a receiver comes back, and makes
 * no name known.
 *
 * room has LONG type, from and to, and str text [APP-3]. It knows some people by name, each with a number. A login (1, from
 * -1, to 10000, the name) is answered with type 1, from 10000, to the number, or -1 where the name is not known. What a
 * member says must be from the number that it logged in with last; it goes to all others who are logged in (9999), or to
 * whoever has the number, which may be itself. Type -1 is nothing.
 */
#ifndef REFERENCE_CHAT_H
#define REFERENCE_CHAT_H

#include "server.h"

/* Each serves all who come, in the message loop of this thread. */
void chat_host(const struct server *s, struct CSocket *listener);
void talk_host(const struct server *s, struct CSocket *listener);
void messenger_host(const struct server *s, struct CSocket *listener);
void room_of_numbers_host(const struct server *s, struct CSocket *listener);

#endif
