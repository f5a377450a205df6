/*
 * CHATSRVR, as Microsoft's sample has it [SVC-22]: what one member says, every other member hears.
 *
 * A message is WORD close, str text, count and str list. One with close set
 * is a farewell: it is forwarded like any other, answered with the same flag
 * and nothing else, and then the member's connection ends.
 */
#ifndef REFERENCE_CHAT_H
#define REFERENCE_CHAT_H

#include "server.h"

/* Serves all who come, in the message loop of this thread. */
void chat_host(const struct server *s, struct CSocket *listener);

#endif
