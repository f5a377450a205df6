/*
 * Peers that do not speak the protocol at all.
 */
#ifndef FLAWED_DEGENERATE_H
#define FLAWED_DEGENERATE_H

#include "csocket.h"

/* Deals with the whole of the process's n-th connection, and says so. The socket is left to be closed. */
bool degenerate_serve(struct CSocket *socket, unsigned n);

#endif
