/*
 * CSocket: a socket that looks blocking, and tells what happens on it.
 *
 * Underneath it never blocks, as no MFC socket does [SK-2]. A call that cannot
 * go on waits until its notification has come, for ever if need be [SK-20];
 * everything else that happens meanwhile is delivered later, by the thread's
 * message loop (cwinthread.h) [SK-23]. While it waits the same socket takes no
 * other call, in neither direction: such a call does nothing and returns 0 or
 * false, with WSAEINPROGRESS [SK-17].
 *
 * The notifications are the functions of struct CSocketEvents: what one would
 * override in a class derived from CSocket. A socket belongs to the thread that
 * created, accepted or attached it, and stays where it is in memory while it
 * has a handle [SK-11].
 *
 * No option is set on it: Nagle is on [SK-9]. Functions return false or -1 when
 * they fail; CSocket_GetLastError then gives Winsock's number (wsa.h).
 */
#ifndef REFERENCE_CSOCKET_H
#define REFERENCE_CSOCKET_H

#include "wsa.h"

struct CSocket;

/* Members that are NULL do what MFC's own do: nothing. */
struct CSocketEvents {
    /* Data have come, or from 7.0 on perhaps the end [SK-13]. Again only after a Receive [WS-1]. */
    void (*OnReceive)(struct CSocket *s, int error);
    void (*OnSend)(struct CSocket *s, int error);
    /* Somebody waits to be accepted. */
    void (*OnAccept)(struct CSocket *s, int error);
    /* After CAsyncSocket_Connect; never after CSocket_Connect, which waits for it [SK-14]. */
    void (*OnConnect)(struct CSocket *s, int error);
    /* The end of the other side, unless a blocking call has met it first [SK-24]. */
    void (*OnClose)(struct CSocket *s, int error);
    /* Messages other than of sockets wait while a call blocks; true: look again at once [SK-21]. */
    bool (*OnMessagePending)(struct CSocket *s);
};

struct CSocket {
    intptr_t handle; // WSA_NONE: constructed, but empty

    /* The program's; set before Create, Accept or Attach. */
    const struct CSocketEvents *events; // NULL: none
    void *context;
    unsigned timeout_ms; // m_nTimeOut: how often a call tries again, not how long [SK-20]; 0: 2000

    bool met_end; // a call that waited has met the end: OnClose will not be called [SK-24]

    /* Of csocket.c. */
    int selected; // FD_…
    int connect_error;
    bool *blocking; // m_pbBlocking: set to false it cancels the call that waits
};

#define CSOCKET_EMPTY ((struct CSocket){ .handle = WSA_NONE })

enum {
    CSOCKET_BACKLOG = 5,       // MFC's default for Listen
    CSOCKET_TIMEOUT_MS = 2000, // and of m_nTimeOut
    CSOCKET_ALL = FD_READ | FD_WRITE | FD_OOB | FD_ACCEPT | FD_CONNECT | FD_CLOSE,
};

/* This thread's last error [SK-27]; its meaning in a few words. */
int CSocket_GetLastError(void);
const char *CSocket_ErrorText(int error);

/*
 * Step 2 of the model: makes the handle, selects all notifications, and binds
 * it, also for a client [SK-2, SK-4].
 *
 * port     host order; 0 lets the system choose
 * type     SOCK_STREAM, or SOCK_DGRAM, which no archive will take [SF-2]
 * address  dotted; NULL for all interfaces
 */
bool CSocket_Create(struct CSocket *s, uint16_t port, int type, const char *address);

/* Step 3 for clients: host by dotted address or name, port in host order [SK-5]. */
bool CSocket_Connect(struct CSocket *s, const char *host, uint16_t port);

/* Step 3 for servers. */
bool CSocket_Listen(struct CSocket *s, int backlog);

/*
 * accepted must be empty: do not Create it [SK-7]. Closing it, or leaving it to
 * its fate, ends the connection. It has the listener's notifications.
 */
bool CSocket_Accept(struct CSocket *listener, struct CSocket *accepted);

/* The first chunk, 1 to size bytes; 0 at the peer's end; -1. It does not go on to fill up. */
ptrdiff_t CSocket_Receive(struct CSocket *s, void *data, size_t size);

/* Goes on until all is handed to the system: size, or -1. */
ptrdiff_t CSocket_Send(struct CSocket *s, const void *data, size_t size);

/* Datagrams, without an archive. from may be NULL. A datagram larger than size is cut: -1. */
ptrdiff_t CSocket_ReceiveFrom(struct CSocket *s, void *data, size_t size, struct wsa_name *from);
/* host NULL: to all on the local network [SK-6], where the socket may: wsa_may_broadcast. */
ptrdiff_t CSocket_SendTo(struct CSocket *s, const void *data, size_t size, uint16_t port,
                         const char *host);

/* Whether a call on it waits [SK-18]. Lets that fail with WSAEINTR; then only Close is left [SK-19]. */
bool CSocket_IsBlocking(const struct CSocket *s);
void CSocket_CancelBlockingCall(struct CSocket *s);

/* The sending side only, as by default in MFC [SK-10]. */
bool CSocket_ShutDown(struct CSocket *s);

/* Cancels what blocks, and closes. An empty socket may be closed, too. */
void CSocket_Close(struct CSocket *s);

/* Moves a handle from one socket, or thread, to another [SK-11]. */
intptr_t CSocket_Detach(struct CSocket *s);
bool CSocket_Attach(struct CSocket *s, intptr_t handle);

/* From now on these notifications only; those at once whose reason is there already [WS-4]. */
bool CSocket_AsyncSelect(struct CSocket *s, int events);

/* FIONREAD: how much could be received. Does not re-arm OnReceive [WS-3]. */
size_t CSocket_Available(const struct CSocket *s);

/* Own and other side's address and port in host order; zeroes if there is none. */
struct wsa_name CSocket_GetSockName(const struct CSocket *s);
struct wsa_name CSocket_GetPeerName(const struct CSocket *s);
uint16_t CSocket_GetSockPort(const struct CSocket *s);

/* The same without waiting, as the base class has them: they fail with WSAEWOULDBLOCK instead. */
bool CAsyncSocket_Connect(struct CSocket *s, const char *host, uint16_t port);
bool CAsyncSocket_Accept(struct CSocket *listener, struct CSocket *accepted);
ptrdiff_t CAsyncSocket_Receive(struct CSocket *s, void *data, size_t size);
ptrdiff_t CAsyncSocket_Send(struct CSocket *s, const void *data, size_t size);

/* For cwinthread.c: delivers a notification. */
void csocket_notify(struct CSocket *s, int event, int error);

#endif
