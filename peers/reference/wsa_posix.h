/*
 * Descriptors that come from elsewhere: from inetd, a parent process, a test.
 */
#ifndef REFERENCE_WSA_POSIX_H
#define REFERENCE_WSA_POSIX_H

#include "wsa.h"

/*
 * Makes a socket of it, to be closed with wsa_close. Here the number of a socket
 * is that of its descriptor.
 *
 * type   what wsa_type is to say
 * keeps  a small receive may take more out of the kernel, as it does for every
 *        other stream; not where each receive has to be one of the kernel's
 */
intptr_t wsa_adopt(int fd, int type, bool keeps);

#endif
