#include "loop.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "reference/wsa_posix.h"

char told[1024];

void told_clear(void)
{
    *told = '\0';
}

void told_add(const char *what)
{
    size_t len = strlen(told);

    snprintf(told + len, sizeof told - len, "%s%s", len ? " " : "", what);
}

static struct teller *tell(struct CSocket *s, const char *what, int error)
{
    struct teller *t = (struct teller *)s;
    char line[64];

    if (error)
        snprintf(line, sizeof line, "%s:%s %d", t->name, what, error);
    else
        snprintf(line, sizeof line, "%s:%s", t->name, what);
    told_add(line);
    return t;
}

static void on_receive(struct CSocket *s, int error)
{
    struct teller *t = tell(s, "receive", error);

    if (t->on_receive)
        t->on_receive(t);
}

static void on_send(struct CSocket *s, int error)
{
    tell(s, "send", error);
}

static void on_accept(struct CSocket *s, int error)
{
    struct teller *t = tell(s, "accept", error);

    if (t->on_accept)
        t->on_accept(t);
}

static void on_connect(struct CSocket *s, int error)
{
    tell(s, "connect", error);
}

static void on_close(struct CSocket *s, int error)
{
    tell(s, "close", error);
}

static bool dispatch_one(struct CSocket *s)
{
    (void)s;
    return CWinThread_DispatchOther();
}

const struct CSocketEvents telling = {
    .OnReceive = on_receive,
    .OnSend = on_send,
    .OnAccept = on_accept,
    .OnConnect = on_connect,
    .OnClose = on_close,
    .OnMessagePending = dispatch_one,
};

const struct CSocketEvents patient = { .OnMessagePending = dispatch_one };

int teller_open_quietly(struct teller *t)
{
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
        abort();
    t->socket.events = &telling;
    if (!CSocket_Attach(&t->socket, wsa_adopt(ends[0], SOCK_STREAM, true)))
        abort();
    return ends[1];
}

int teller_open(struct teller *t)
{
    int far = teller_open_quietly(t);

    settle();
    told_clear();
    return far;
}

void teller_receive_one(struct teller *t)
{
    char byte;

    CAsyncSocket_Receive(&t->socket, &byte, 1);
}

void far_says(int far, const char *text)
{
    ssize_t sent = send(far, text, strlen(text), MSG_NOSIGNAL);

    assert(sent == (ssize_t)strlen(text));
    (void)sent;
}

void far_ends(int far)
{
    shutdown(far, SHUT_WR);
}

static void set(void *flag)
{
    *(bool *)flag = true;
}

/* Before a posted call is taken, the system is asked for what has happened. */
void settle(void)
{
    for (int i = 0; i < 20; i++) {
        bool reached = false;
        CWinThread_Post(set, &reached);
        while (!reached)
            CWinThread_PumpMessage();
    }
}

struct meanwhile {
    struct CSocket *socket;
    void (*call)(void *);
    void *arg;
    bool waited;
};

static struct meanwhile meanwhile;

static void cancel(void *unused)
{
    (void)unused;
    if (CSocket_IsBlocking(meanwhile.socket))
        CSocket_CancelBlockingCall(meanwhile.socket);
}

static void call_meanwhile(void *unused)
{
    (void)unused;
    meanwhile.waited = CSocket_IsBlocking(meanwhile.socket);
    meanwhile.call(meanwhile.arg);
    CWinThread_Post(cancel, NULL);
}

void during(struct CSocket *s, void (*call)(void *), void *arg)
{
    meanwhile = (struct meanwhile){ .socket = s, .call = call, .arg = arg };
    CWinThread_Post(call_meanwhile, NULL);
}

static void nothing(void *unused)
{
    (void)unused;
}

bool hangs(struct CSocket *s, void (*act)(void *), void *arg)
{
    const struct CSocketEvents *events = s->events;

    s->events = &patient;
    during(s, nothing, NULL);
    act(arg);
    s->events = events;
    bool waited = meanwhile.waited;
    settle();
    return waited;
}
