#include "server.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cwinthread.h"
#include "flaw.h"

enum {
    STACK_SIZE = 8 << 20, // of a connection's thread; objects within objects use it
    RETRY_MS = 20,        // [SVC-20]
    GIVE_UP_MS = 10000,
};

struct connection {
    const struct server *server;
    const struct service *service;
    intptr_t handle; // from the listener's thread
};

static void serve(const struct server *server, const struct service *service,
                  struct CSocket *socket)
{
    struct channel channel;

    if (FLAW_INSTEAD(socket))
        return;
    channel_open(&channel, socket, &server->profile);
    channel.archive_per_message = server->archive_per_message;
    service->serve(&channel);
    channel_end(&channel);
}

static void connection_serve(struct connection *c)
{
    struct CSocket socket = CSOCKET_EMPTY;

    CSocket_Attach(&socket, c->handle);
    serve(c->server, c->service, &socket);
    free(c);
}

static void *connection_run(void *arg)
{
    struct connection *c = arg;

    AfxSocketInit(&c->server->profile);
    connection_serve(c);
    AfxSocketTerm();
    return NULL;
}

bool server_thread(void *(*run)(void *), void *arg, pthread_t *joinable)
{
    pthread_attr_t attr;
    pthread_t thread;

    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STACK_SIZE);
    if (!joinable)
        pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    int error = pthread_create(joinable ? joinable : &thread, &attr, run, arg);
    pthread_attr_destroy(&attr);
    return error == 0;
}

void server_pause(void)
{
    nanosleep(&(struct timespec){ .tv_nsec = RETRY_MS * 1000000L }, NULL);
}

struct listener {
    const struct server *server;
    const struct service *service;
    struct CSocket socket; // while it is opened
    intptr_t handle;       // for its thread
};

/* One socket is accepted here and served in a thread of its own. */
static void accept_one(struct CSocket *listening, int error)
{
    struct listener *l = listening->context;
    struct CSocket accepted = CSOCKET_EMPTY;
    struct connection *c = malloc(sizeof *c);

    (void)error;
    if (!c)
        abort();
    if (!CAsyncSocket_Accept(listening, &accepted)) {
        free(c);
        if (CSocket_GetLastError() != WSAEWOULDBLOCK)
            server_pause(); // out of descriptors: others will end
        return;
    }
    *c = (struct connection){ l->server, l->service, CSocket_Detach(&accepted) };
    if (FLAW(one_at_a_time)) {
        connection_serve(c);
    } else if (!server_thread(connection_run, c, NULL)) {
        wsa_close(c->handle);
        free(c);
    }
}

static void *listener_run(void *arg)
{
    static const struct CSocketEvents events = { .OnAccept = accept_one };
    struct listener *l = arg;
    struct CSocket listening = CSOCKET_EMPTY;

    AfxSocketInit(&l->server->profile);
    listening.context = l;
    listening.events = &events;
    CSocket_Attach(&listening, l->handle);
    if (l->service->host)
        l->service->host(l->server, &listening);
    CWinThread_Run();
    return NULL;
}

static bool listener_open(struct listener *l, uint16_t port)
{
    if (CSocket_Create(&l->socket, port, SOCK_STREAM, "127.0.0.1") &&
        CSocket_Listen(&l->socket, SOMAXCONN)) {
        printf("listening %s %u\n", l->service->name, CSocket_GetSockPort(&l->socket));
        l->handle = CSocket_Detach(&l->socket);
        return true;
    }
    fprintf(stderr, "port %u: %s\n", port, CSocket_ErrorText(CSocket_GetLastError()));
    return false;
}

int server_listen(const struct server *s, uint16_t port)
{
    enum { SERVICES_MAX = 8 };
    static struct listener listeners[SERVICES_MAX];
    pthread_t threads[SERVICES_MAX];
    size_t count = 0;

    for (const struct service *row = s->services; row->name; row++, count++) {
        listeners[count] = (struct listener){ s, row, CSOCKET_EMPTY, WSA_NONE };
        if (!listener_open(&listeners[count], count ? 0 : port))
            return 1;
    }
    for (size_t i = 0; i < count; i++)
        if (!server_thread(listener_run, &listeners[i], &threads[i]))
            return 1;
    puts("ready");
    fflush(stdout);
    for (size_t i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    return 0;
}

struct dialler {
    const struct server *server;
    const char *host;
    uint16_t port;
};

/* On loopback an unused port can answer itself [SVC-20]. */
static bool is_connected_to_itself(const struct CSocket *s)
{
    struct wsa_name here = CSocket_GetSockName(s), there = CSocket_GetPeerName(s);

    return here.port == there.port && here.address == there.address;
}

static bool dial(const struct dialler *d, struct CSocket *s)
{
    *s = CSOCKET_EMPTY;
    if (CSocket_Create(s, 0, SOCK_STREAM, NULL) && CSocket_Connect(s, d->host, d->port) &&
        !is_connected_to_itself(s))
        return true;
    CSocket_Close(s);
    return false;
}

static void *dialler_run(void *arg)
{
    const struct dialler *d = arg;

    AfxSocketInit(&d->server->profile);
    for (long refused_ms = 0; refused_ms < GIVE_UP_MS;) {
        struct CSocket socket;
        if (dial(d, &socket)) {
            refused_ms = 0;
            serve(d->server, d->server->services, &socket);
            continue;
        }
        if (refused_ms == 0) {
            puts("refused, retrying");
            fflush(stdout);
        }
        server_pause();
        refused_ms += RETRY_MS;
    }
    return NULL;
}

int server_dial(const struct server *s, const char *host, uint16_t port, unsigned connections)
{
    struct dialler d = { s, host, port };
    pthread_t *threads = calloc(connections, sizeof *threads);
    int status = threads ? 0 : 1;
    unsigned started = 0;

    puts("ready");
    fflush(stdout);
    while (status == 0 && started < connections)
        if (server_thread(dialler_run, &d, &threads[started]))
            started++;
        else
            status = 1;
    for (unsigned i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    free(threads);
    return status;
}
