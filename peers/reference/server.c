#include "server.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cwinthread.h"
#include "flaw.h"
#include "workers.h"

enum {
    RETRY_MS = 20, // [SVC-20]
    GIVE_UP_MS = 10000,
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
    FLAW_OVER();
}

struct connection {
    struct job job;
    const struct server *server;
    const struct service *service;
    intptr_t handle; // from the listening thread
};

static void connection_serve(struct connection *c)
{
    struct CSocket socket = CSOCKET_EMPTY;

    CSocket_Attach(&socket, c->handle);
    serve(c->server, c->service, &socket);
    free(c);
}

static void connection_run(struct job *job)
{
    struct connection *c = (struct connection *)job;

    AfxSocketInit(&c->server->profile);
    connection_serve(c);
}

void server_pause(void)
{
    nanosleep(&(struct timespec){ .tv_nsec = RETRY_MS * 1000000L }, NULL);
}

struct listener {
    struct CSocket socket;
    const struct server *server;
    const struct service *service;
};

/* One socket is accepted here and served in another thread. */
static void accept_one(struct CSocket *listening, int error)
{
    struct listener *l = listening->context;
    struct CSocket accepted = CSOCKET_EMPTY;
    struct connection *c = malloc(sizeof *c);

    (void)error;
    if (!c)
        abort();
    if (FLAW(accepts_late))
        FLAW_PAUSE();
    if (!CAsyncSocket_Accept(listening, &accepted)) {
        free(c);
        if (CSocket_GetLastError() != WSAEWOULDBLOCK)
            server_pause(); // out of descriptors: others will end
        return;
    }
    *c = (struct connection){
        { .run = connection_run }, l->server, l->service, CSocket_Detach(&accepted)
    };
    if (FLAW(one_at_a_time)) {
        connection_serve(c);
    } else if (!workers_do(&c->job)) {
        wsa_close(c->handle);
        free(c);
    }
}

static bool listener_open(struct listener *l, uint16_t port)
{
    static const struct CSocketEvents events = { .OnAccept = accept_one };

    l->socket.events = &events;
    l->socket.context = l;
    if (!CSocket_Create(&l->socket, port, SOCK_STREAM, "127.0.0.1") ||
        !CSocket_Listen(&l->socket, SOMAXCONN)) {
        fprintf(stderr, "port %u: %s\n", port, CSocket_ErrorText(CSocket_GetLastError()));
        return false;
    }
    if (l->service->host)
        l->service->host(l->server, &l->socket);
    printf("listening %s %u\n", l->service->name, CSocket_GetSockPort(&l->socket));
    return true;
}

/* All listening sockets are in one thread, which does nothing that could wait. */
int server_listen(const struct server *s, uint16_t port)
{
    enum { SERVICES_MAX = 16 };
    static struct listener listeners[SERVICES_MAX];
    size_t count = 0;

    for (const struct service *row = s->services; row->name; row++, count++) {
        listeners[count] = (struct listener){ CSOCKET_EMPTY, s, row };
        if (!listener_open(&listeners[count], count ? 0 : port))
            return 1;
    }
    puts("ready");
    fflush(stdout);
    CWinThread_Run();
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
            if (FLAW(dials_once))
                break;
            continue;
        }
        if (refused_ms == 0) {
            if (!FLAW(retries_silently))
                puts("refused, retrying");
            fflush(stdout);
        }
        if (FLAW(takes_no_for_an_answer))
            break;
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
        if (workers_start(&threads[started], dialler_run, &d))
            started++;
        else
            status = 1;
    for (unsigned i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    free(threads);
    return status;
}
