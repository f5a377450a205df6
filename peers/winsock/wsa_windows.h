/*
 * Sockets that come from elsewhere: from a test.
 */
#ifndef WINSOCK_WSA_WINDOWS_H
#define WINSOCK_WSA_WINDOWS_H

#include "wsa.h"

/*
 * To be closed with wsa_close.
 *
 * type   what wsa_type is to say
 * keeps  a small receive may take more out of the system, as it does for every other stream
 */
intptr_t wsa_adopt(int socket, int type, bool keeps);

#endif
