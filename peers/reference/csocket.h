/*
 * CSocket: a socket that looks blocking [SK-2].
 *
 * Underneath it is non-blocking, as every MFC socket is [SK-2]; a call that
 * cannot go on waits in poll without a time limit, where MFC pumps messages.
 * A silent peer is waited for for ever [SK-20]. No option is set on it: Nagle
 * is on [SK-9]. (One exception: SO_REUSEADDR, which Winsock programs do not
 * need in order to start again at once.)
 *
 * Functions return false or -1 when they fail; error then holds errno.
 */
#ifndef REFERENCE_CSOCKET_H
#define REFERENCE_CSOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

struct CSocket {
    int fd;    // -1: constructed, but empty
    int error; // errno of the last failure
};

#define CSOCKET_EMPTY ((struct CSocket){ .fd = -1 })

enum { CSOCKET_BACKLOG = 5 }; // MFC's default for Listen

/*
 * Step 2 of the model: makes the handle and binds it, also for a client [SK-4].
 *
 * port     host order; 0 lets the system choose
 * type     SOCK_STREAM, or SOCK_DGRAM, which no archive will take [SF-2]
 * address  dotted; NULL for all interfaces
 */
bool CSocket_Create(struct CSocket *s, uint16_t port, int type, const char *address);

/* Host by dotted address or name, port in host order [SK-5]. */
bool CSocket_Connect(struct CSocket *s, const char *host, uint16_t port);

bool CSocket_Listen(struct CSocket *s, int backlog);

/* accepted must be empty: do not Create it [SK-7]. Closing it ends the connection. */
bool CSocket_Accept(struct CSocket *listener, struct CSocket *accepted);

/* The same, but false at once, with error EAGAIN, where nobody is waiting. */
bool CSocket_AcceptWaiting(struct CSocket *listener, struct CSocket *accepted);

/* The first chunk, 1 to size bytes; 0 at the peer's end; -1. It does not go on to fill up. */
ptrdiff_t CSocket_Receive(struct CSocket *s, void *data, size_t size);

/* Goes on until all is handed to the system: size, or -1. */
ptrdiff_t CSocket_Send(struct CSocket *s, const void *data, size_t size);

/* The sending side only, as by default in MFC [SK-10]. */
bool CSocket_ShutDown(struct CSocket *s);

/* An empty socket may be closed, too. */
void CSocket_Close(struct CSocket *s);

/* The port in host order; 0 if there is none. */
uint16_t CSocket_GetSockPort(const struct CSocket *s);

/*
 * Waits until Receive would not wait: where MFC would post FD_READ or
 * FD_CLOSE and call OnReceive.
 */
void CSocket_AwaitReadable(struct CSocket *s);

#endif
