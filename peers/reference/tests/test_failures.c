/* Calls that fail: what they return, by which number they say why, and that the socket is as it was. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loop.h"
#include "rig.h"

/* The call must give this, and this error; without an error it leaves the one before alone. */
#define FAILS(call, due, number)                                                                   \
    wsa_set_error(7);                                                                              \
    gives = (long)(call);                                                                          \
    cr_expect(gives == (due) && CSocket_GetLastError() == (number), "%s: %ld, %d", #call, gives,   \
              CSocket_GetLastError())

Test(failures, of_addresses_that_lead_nowhere, .timeout = 10)
{
    struct CSocket taken = CSOCKET_EMPTY, s = CSOCKET_EMPTY, d = CSOCKET_EMPTY;
    long gives;

    cr_assert(CSocket_Create(&taken, 0, SOCK_STREAM, "127.0.0.1") && CSocket_Listen(&taken, 1));
    uint16_t port = CSocket_GetSockPort(&taken);
    FAILS(CSocket_Create(&s, 0, SOCK_STREAM, ""), false, WSAEADDRNOTAVAIL);
    FAILS(s.handle, WSA_NONE, 7);
    FAILS(CSocket_Create(&s, 0, 99, "127.0.0.1"), false, WSAEINVAL);
    FAILS(s.handle, WSA_NONE, 7);
    FAILS(CSocket_Create(&s, 0, 99, NULL), false, WSAEINVAL);
    FAILS(CSocket_Create(&s, port, SOCK_STREAM, "127.0.0.1"), false, WSAEADDRINUSE);
    FAILS(s.handle, WSA_NONE, 7);
    FAILS(CSocket_Create(&s, 0, SOCK_STREAM, "192.0.2.1"), false, WSAEADDRNOTAVAIL);
    FAILS(CSocket_Create(&s, 0, SOCK_STREAM, NULL), true, 7);
    FAILS(CAsyncSocket_Connect(&s, "", port), false, WSAEADDRNOTAVAIL);
    FAILS(CSocket_Connect(&s, "", port), false, WSAEADDRNOTAVAIL);
    FAILS(CSocket_Connect(&s, "127.0.0.1", port), true, WSAEWOULDBLOCK); // as it was told meanwhile
    FAILS(CSocket_Create(&d, 0, SOCK_DGRAM, "127.0.0.1"), true, 7);
    FAILS(CSocket_SendTo(&d, "x", 1, port, ""), -1, WSAEADDRNOTAVAIL);
    FAILS(CSocket_SendTo(&d, "x", 1, port, "127.0.0.1"), 1, 7);
    FAILS(CSocket_SendTo(&d, "x", 1, port, NULL), -1, WSAEACCES);
}

Test(failures, of_sockets_that_are_not_what_the_call_needs, .timeout = 10)
{
    struct CSocket s = CSOCKET_EMPTY, d = CSOCKET_EMPTY, none = CSOCKET_EMPTY, accepted = CSOCKET_EMPTY;
    struct wsa_name name;
    char byte = 0;
    long gives;

    cr_assert(CSocket_Create(&s, 0, SOCK_STREAM, "127.0.0.1") && CSocket_Create(&d, 0, SOCK_DGRAM, "127.0.0.1"));
    FAILS(CSocket_Receive(&s, &byte, 1), -1, WSAENOTCONN);
    FAILS(CSocket_ReceiveFrom(&s, &byte, 1, NULL), -1, WSAENOTCONN);
    FAILS(CAsyncSocket_Receive(&s, &byte, 1), -1, WSAENOTCONN);
    FAILS(CSocket_Send(&d, &byte, 1), -1, WSAENOTCONN);
    FAILS(CAsyncSocket_Send(&d, &byte, 1), -1, WSAENOTCONN);
    FAILS(CSocket_ShutDown(&s), false, WSAENOTCONN);
    FAILS(CSocket_Accept(&s, &accepted), false, WSAEINVAL);
    FAILS(CAsyncSocket_Accept(&s, &accepted), false, WSAEINVAL);
    FAILS(accepted.handle, WSA_NONE, 7);
    FAILS(CSocket_Listen(&d, 1), false, WSAEOPNOTSUPP);
    FAILS(CSocket_Available(&none), 0, WSAENOTSOCK);
    FAILS(CSocket_Receive(&none, &byte, 1), -1, WSAENOTSOCK);
    FAILS(CSocket_Send(&none, &byte, 1), -1, WSAENOTSOCK);
    FAILS(CSocket_Send(&none, &byte, 0), 0, 7); // nothing is to be sent
    name = CSocket_GetPeerName(&s);
    cr_expect(name.address == 0 && name.port == 0);
    name = CSocket_GetSockName(&none);
    cr_expect(name.address == 0 && name.port == 0);
    name = CSocket_GetSockName(&s);
    cr_expect(name.address == 0x7f000001 && name.port > 0);
}

static void nothing(void *unused)
{
    (void)unused;
}

/* Each call that waits can be cancelled; what it had sent is sent. */
Test(failures, of_calls_that_are_cancelled, .timeout = 10)
{
    struct CSocket l = CSOCKET_EMPTY, d = CSOCKET_EMPTY, accepted = CSOCKET_EMPTY;
    struct teller a = TELLER("A");
    static char much[1 << 22];
    char byte;
    long gives;

    int far = teller_open(&a);
    cr_assert(CSocket_Create(&l, 0, SOCK_STREAM, "127.0.0.1") && CSocket_Listen(&l, 1));
    cr_assert(CSocket_Create(&d, 0, SOCK_DGRAM, "127.0.0.1"));
    l.events = d.events = &patient;
    during(&a.socket, nothing, NULL);
    FAILS(CSocket_Receive(&a.socket, &byte, 1), -1, WSAEINTR);
    during(&a.socket, nothing, NULL);
    FAILS(CSocket_ReceiveFrom(&a.socket, &byte, 1, NULL), -1, WSAEINTR);
    during(&d, nothing, NULL);
    FAILS(CSocket_ReceiveFrom(&d, &byte, 1, NULL), -1, WSAEINTR);
    during(&l, nothing, NULL);
    FAILS(CSocket_Accept(&l, &accepted), false, WSAEINTR);
    FAILS(accepted.handle, WSA_NONE, 7);
    during(&a.socket, nothing, NULL);
    FAILS(CSocket_Send(&a.socket, much, sizeof much), -1, WSAEINTR);
    cr_expect(not(CSocket_IsBlocking(&a.socket)));
    cr_expect(recv(far, much, sizeof much, MSG_DONTWAIT) > 0);
    close(far);
}
