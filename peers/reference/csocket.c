#include "csocket.h"

#include <assert.h>

#include "cwinthread.h"
#include "flaw.h"

static bool would_block(void)
{
    return wsa_error() == WSAEWOULDBLOCK;
}

int CSocket_GetLastError(void)
{
    return wsa_error();
}

const char *CSocket_ErrorText(int error)
{
#define WSA_ERROR(name, number, text) { number, text },
    static const struct {
        int error;
        const char *text;
    } texts[] = { WSA_ERRORS(WSA_ERROR) };
#undef WSA_ERROR

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].error == error)
            return texts[i].text;
    return "the socket failed";
}

static unsigned rank(void)
{
    return (unsigned)cwinthread_profile()->generation->rank;
}

static void take(struct CSocket *s, intptr_t handle)
{
    s->handle = handle;
    s->blocking = NULL;
    s->met_end = false;
    cwinthread_attach(s);
}

bool CSocket_Attach(struct CSocket *s, intptr_t handle)
{
    assert(s->handle == WSA_NONE);
    take(s, handle);
    return CSocket_AsyncSelect(s, CSOCKET_ALL);
}

intptr_t CSocket_Detach(struct CSocket *s)
{
    intptr_t handle = s->handle;

    CSocket_AsyncSelect(s, 0);
    cwinthread_detach(s);
    s->handle = WSA_NONE;
    return handle;
}

bool CSocket_AsyncSelect(struct CSocket *s, int events)
{
    s->selected = events;
    return wsa_async_select(s->handle, events);
}

bool CSocket_Create(struct CSocket *s, uint16_t port, int type, const char *address)
{
    struct wsa_name at = { .port = port };
    intptr_t handle;

    if ((address && !wsa_resolve(address, &at.address)) || (handle = wsa_socket(type)) == WSA_NONE)
        return false;
    if (CSocket_Attach(s, handle) && wsa_bind(handle, at))
        return true;
    int error = wsa_error();
    CSocket_Close(s);
    wsa_set_error(error);
    return false;
}

void CSocket_Close(struct CSocket *s)
{
    if (s->handle == WSA_NONE)
        return;
    CSocket_CancelBlockingCall(s);
    cwinthread_detach(s);
    wsa_close(s->handle);
    s->handle = WSA_NONE;
}

/*
 * Blocking
 */

/* The timer of calls that wait: one for all of a thread [SK-25]. */
enum { TICK = 0 };

bool CSocket_IsBlocking(const struct CSocket *s)
{
    return s->blocking;
}

void CSocket_CancelBlockingCall(struct CSocket *s)
{
    if (!s->blocking)
        return;
    *s->blocking = false;
    s->blocking = NULL;
}

static bool is_free(const struct CSocket *s)
{
    if (s->blocking)
        wsa_set_error(WSAEINPROGRESS);
    return !s->blocking;
}

static void wait_or_let_others(struct CSocket *s, bool *looks)
{
    bool others_wait = *looks && wsa_waiting(WSA_CALL | WSA_TIMER);

    if (others_wait && s->events && s->events->OnMessagePending) {
        *looks = s->events->OnMessagePending(s);
    } else if (others_wait) {
        *looks = false;
    } else {
        wsa_wait();
        *looks = true;
    }
}

/*
 * Waits until `event` or the end is notified to s, or the timer says that it is
 * time to try again; false when the call was cancelled: then s may be gone
 * [SK-27]. What it waited for is not delivered any more [SK-24].
 *
 * The timer runs only while the event is not selected [WS-10a]. Otherwise trying
 * again would find what it has found before, and a thread that waits without a
 * time limit can be seen to have nothing more to say.
 */
static bool pump(struct CSocket *s, int event)
{
    intptr_t handle = s->handle;
    bool blocking = true, timed = !(s->selected & event), looks = true;
    struct wsa_message m;

    s->blocking = &blocking;
    if (timed)
        wsa_set_timer(TICK, s->timeout_ms ? s->timeout_ms : CSOCKET_TIMEOUT_MS);
    while (blocking) {
        if (wsa_peek(&m, WSA_NOTIFY | WSA_DEAD)) {
            bool is_mine = m.kind == WSA_NOTIFY && m.socket == handle && m.event != 0;
            if (is_mine && (m.event == event || m.event == FD_CLOSE)) {
                if (m.event == FD_CONNECT)
                    s->connect_error = m.error;
                s->met_end |= m.event == FD_CLOSE;
                break;
            }
            if (m.kind == WSA_DEAD || m.event != 0)
                cwinthread_put_off(&m);
            looks = true;
        } else if (timed && wsa_peek(&m, WSA_TICK)) {
            break;
        } else {
            wait_or_let_others(s, &looks);
        }
    }
    if (timed || rank() >= 60) // from 6.0 on also that of a call which waits around this one
        wsa_kill_timer(TICK);
    if (!blocking) {
        wsa_set_error(WSAEINTR);
        return false;
    }
    s->blocking = NULL;
    cwinthread_wake();
    return true;
}

/*
 * Calls
 */

static bool accept_now(struct CSocket *listener, struct CSocket *accepted)
{
    intptr_t handle = wsa_accept(listener->handle);

    if (handle == WSA_NONE)
        return false;
    take(accepted, handle);
    accepted->selected = listener->selected; // and so it is already
    return true;
}

bool CAsyncSocket_Accept(struct CSocket *listener, struct CSocket *accepted)
{
    assert(accepted->handle == WSA_NONE);
    return accept_now(listener, accepted);
}

bool CSocket_Accept(struct CSocket *listener, struct CSocket *accepted)
{
    assert(accepted->handle == WSA_NONE);
    if (!is_free(listener))
        return false;
    while (!accept_now(listener, accepted)) {
        if (!would_block()) {
            if (cwinthread_profile()->bugs && cwinthread_profile()->generation->forgets_error)
                wsa_set_error(0);
            return false;
        }
        if (!pump(listener, FD_ACCEPT))
            return false;
    }
    return true;
}

bool CAsyncSocket_Connect(struct CSocket *s, const char *host, uint16_t port)
{
    struct wsa_name to = { .port = port };

    return wsa_resolve(host, &to.address) && wsa_connect(s->handle, to);
}

bool CSocket_Connect(struct CSocket *s, const char *host, uint16_t port)
{
    enum { PENDING = -1 };

    if (!is_free(s))
        return false;
    s->connect_error = PENDING;
    if (CAsyncSocket_Connect(s, host, port))
        return true;
    if (!would_block())
        return false;
    while (s->connect_error == PENDING)
        if (!pump(s, FD_CONNECT))
            return false;
    if (s->connect_error != 0)
        wsa_set_error(s->connect_error);
    return s->connect_error == 0;
}

bool CSocket_Listen(struct CSocket *s, int backlog)
{
    return wsa_listen(s->handle, backlog);
}

ptrdiff_t CAsyncSocket_Receive(struct CSocket *s, void *data, size_t size)
{
    return wsa_recv(s->handle, data, size);
}

ptrdiff_t CSocket_Receive(struct CSocket *s, void *data, size_t size)
{
    ptrdiff_t got;

    if (!is_free(s))
        return 0;
    while ((got = wsa_recv(s->handle, data, size)) < 0)
        if (!would_block() || !pump(s, FD_READ))
            return -1;
    return got;
}

ptrdiff_t CSocket_ReceiveFrom(struct CSocket *s, void *data, size_t size, struct wsa_name *from)
{
    ptrdiff_t got;

    if (!is_free(s))
        return 0;
    while ((got = wsa_recv_from(s->handle, data, size, from)) < 0)
        if (!would_block() || !pump(s, FD_READ))
            return -1;
    return got;
}

ptrdiff_t CAsyncSocket_Send(struct CSocket *s, const void *data, size_t size)
{
    return wsa_send(s->handle, data, size);
}

static ptrdiff_t send_chunk(struct CSocket *s, const void *data, size_t size)
{
    ptrdiff_t sent;

    while ((sent = wsa_send(s->handle, data, size)) < 0)
        if (!would_block() || !pump(s, FD_WRITE))
            return -1;
    return sent;
}

ptrdiff_t CSocket_Send(struct CSocket *s, const void *data, size_t size)
{
    const char *from = data;

    if (!is_free(s))
        return 0;
    if (FLAW_SEND(s, data, size))
        return (ptrdiff_t)size;
    for (size_t sent = 0; sent < size;) {
        ptrdiff_t chunk = send_chunk(s, from + sent, size - sent);
        if (chunk < 0)
            return -1;
        sent += (size_t)chunk;
    }
    return (ptrdiff_t)size;
}

ptrdiff_t CSocket_SendTo(struct CSocket *s, const void *data, size_t size, uint16_t port,
                         const char *host)
{
    struct wsa_name to = { .address = 0xffffffff, .port = port };
    ptrdiff_t sent;

    if (!is_free(s))
        return rank() < 60 ? 0 : -1;
    if (host && !wsa_resolve(host, &to.address))
        return -1;
    while ((sent = wsa_send_to(s->handle, data, size, to)) < 0)
        if (!would_block() || !pump(s, FD_WRITE))
            return -1;
    return sent;
}

bool CSocket_ShutDown(struct CSocket *s)
{
    enum { SENDS = 1 };

    return wsa_shutdown(s->handle, SENDS);
}

size_t CSocket_Available(const struct CSocket *s)
{
    return wsa_available(s->handle);
}

struct wsa_name CSocket_GetSockName(const struct CSocket *s)
{
    struct wsa_name name = { 0 };

    wsa_sock_name(s->handle, &name);
    return name;
}

struct wsa_name CSocket_GetPeerName(const struct CSocket *s)
{
    struct wsa_name name = { 0 };

    wsa_peer_name(s->handle, &name);
    return name;
}

uint16_t CSocket_GetSockPort(const struct CSocket *s)
{
    return CSocket_GetSockName(s).port;
}

/*
 * Notifications
 */

/* Whether FD_READ is passed on: what it tells of may have been received already [SK-13]. */
static bool is_worth_telling(const struct CSocket *s, int error)
{
    if (rank() < 60)
        return wsa_available(s->handle) > 0;
    return error != 0 || (rank() < 70 ? wsa_available(s->handle) > 0 : wsa_readable(s->handle));
}

void csocket_notify(struct CSocket *s, int event, int error)
{
    const struct CSocketEvents none = { 0 }, *on = s->events ? s->events : &none;
    void (*tell)(struct CSocket *, int) = event == FD_READ      ? on->OnReceive
                                          : event == FD_WRITE   ? on->OnSend
                                          : event == FD_ACCEPT  ? on->OnAccept
                                          : event == FD_CONNECT ? on->OnConnect
                                          : event == FD_CLOSE   ? on->OnClose
                                                                : NULL;

    if (tell && (event != FD_READ || is_worth_telling(s, error)))
        tell(s, error);
}
