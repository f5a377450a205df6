#include "scene.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "base/fd.h"

const struct limits quick = { .open = 2000000, .step = 2000000, .end = 2000000, .quiet = 20000, .settle = 100000, .whole = 5000000 };
const struct limits impatient = { .open = 200000, .step = 200000, .end = 200000, .quiet = 20000, .settle = 50000, .whole = 400000 };
const struct limits patient = { .open = 2000000, .step = 8000000, .end = 8000000, .quiet = 8000000, .settle = 8000000, .whole = 60000000 };

void read_some(struct peer_thread *peer, int fd, size_t want)
{
    static _Thread_local uint8_t chunk[65536];

    while (peer->read < want) {
        ssize_t n = recv(fd, chunk, want - peer->read < sizeof chunk ? want - peer->read : sizeof chunk, 0);
        peer->saw_end |= n == 0;
        peer->saw_reset |= n < 0;
        if (n <= 0)
            return;
        peer->read += (size_t)n;
        peer->most = (size_t)n > peer->most ? (size_t)n : peer->most;
    }
}

static void wait_done(struct peer_thread *peer)
{
    poll(&(struct pollfd){ peer->done[0], POLLIN, 0 }, 1, 5000);
}

void serve_reply(struct peer_thread *peer, int fd)
{
    read_some(peer, fd, peer->reads);
    if (send(fd, peer->says, strlen(peer->says), MSG_NOSIGNAL) < 0)
        return;
    read_some(peer, fd, SIZE_MAX);
}

void serve_reply_reset(struct peer_thread *peer, int fd)
{
    read_some(peer, fd, peer->reads);
    if (send(fd, peer->says, strlen(peer->says), MSG_NOSIGNAL) < 0)
        return;
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger){ 1, 0 }, sizeof(struct linger));
}

void serve_reply_end(struct peer_thread *peer, int fd)
{
    read_some(peer, fd, peer->reads);
    if (send(fd, peer->says, strlen(peer->says), MSG_NOSIGNAL) < 0)
        return;
    shutdown(fd, SHUT_WR);
    read_some(peer, fd, SIZE_MAX);
}

void serve_nothing(struct peer_thread *peer, int fd)
{
    (void)fd;
    wait_done(peer);
}

void serve_end_and_nothing(struct peer_thread *peer, int fd)
{
    shutdown(fd, SHUT_WR);
    wait_done(peer);
}

void serve_reset_amid(struct peer_thread *peer, int fd)
{
    read_some(peer, fd, peer->reads);
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger){ 1, 0 }, sizeof(struct linger));
}

void serve_flood(struct peer_thread *peer, int fd)
{
    static const uint8_t flood[65536];

    (void)peer;
    while (send(fd, flood, sizeof flood, MSG_NOSIGNAL) > 0)
        continue;
}

void serve_much(struct peer_thread *peer, int fd)
{
    static const uint8_t much[BIG];

    read_some(peer, fd, 1);
    for (size_t at = 0; at < BIG;) {
        ssize_t n = send(fd, much + at, BIG - at, MSG_NOSIGNAL);
        if (n <= 0)
            return;
        at += (size_t)n;
    }
    read_some(peer, fd, 2);
    if (send(fd, "\2", 1, MSG_NOSIGNAL) == 1)
        read_some(peer, fd, SIZE_MAX);
}

void serve_until_full(struct peer_thread *peer, int fd)
{
    static const uint8_t much[MUCH];
    ssize_t n;
    size_t at = 0;

    read_some(peer, fd, 1);
    while (at < MUCH && (n = send(fd, much + at, MUCH - at, MSG_NOSIGNAL | MSG_DONTWAIT)) > 0)
        at += (size_t)n;
    peer->was_full = at < MUCH;
    while (at < MUCH && (n = send(fd, much + at, MUCH - at, MSG_NOSIGNAL)) > 0)
        at += (size_t)n;
    read_some(peer, fd, SIZE_MAX);
}

void serve_echo(struct peer_thread *peer, int fd)
{
    static _Thread_local uint8_t chunk[65536];

    (void)peer;
    for (ssize_t n; (n = recv(fd, chunk, sizeof chunk, 0)) > 0;)
        if (send(fd, chunk, (size_t)n, MSG_NOSIGNAL) < 0)
            return;
}

void *peer_main(void *of)
{
    struct peer_thread *peer = of;
    const struct address *to = &peer->dials;

    AUTO_CLOSE int fd = to->len ? socket(to->storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0) : accept4(peer->listener, NULL, NULL, SOCK_CLOEXEC);
    if (to->len && connect(fd, (struct sockaddr *)&to->storage, to->len) < 0)
        return NULL;
    if (fd >= 0)
        peer->serve(peer, fd);
    return NULL;
}

/* The child has nothing but the listener, and then its connection: other channels would speak against it. */
static pid_t peer_fork(struct peer_thread *peer)
{
    pid_t pid = fork();

    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(peer->listener, 3);
    close_range(4, ~0u, 0);
    for (int std = 0; std < 3; std++)
        dup2(open("/dev/null", O_RDWR), std);
    close_range(4, ~0u, 0);
    int fd = accept(3, NULL, NULL);
    close(3);
    peer->serve(peer, fd);
    _exit(0);
}

struct address place_of(const struct scene *s)
{
    struct address at;
    struct error err;

    cr_assert(address_parse(s->peer.at ? s->peer.at : "127.0.0.1:0", &at, &err), "%s", err.text);
    return at;
}

void scene_set(struct scene *s, const char *suite, const char *delivery, struct arena *keep)
{
    struct error err;
    struct address us = place_of(s);

    library_loads(s->service ? s->service : TINY, suite, &s->lib);
    s->p = program_of(&s->lib, "t-1", "bits=64", PARTY_CLIENT, delivery, keep);
    s->t = (struct trace){ .keep = keep };
    s->meeting = (struct meeting){ .listener = -1, .words = -1, .process = -1 };
    cr_assert(engine_init(&s->engine, &err), "%s", err.text);
    s->peer.listener = -1;
    cr_assert(pipe(s->peer.done) == 0);
    if (!s->peer.serve)
        return;
    s->peer.listener = socket(us.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0); // one that blocks
    cr_assert(bind(s->peer.listener, (struct sockaddr *)&us.storage, us.len) == 0 && listen(s->peer.listener, 8) == 0);
    us.len = sizeof us.storage;
    getsockname(s->peer.listener, (struct sockaddr *)&us.storage, &us.len);
    s->meeting.address = us;
    s->meeting.ours = s->peer.is_process;
    s->peer.pid = s->peer.is_process ? peer_fork(&s->peer) : 0;
    if (!s->peer.is_process)
        cr_assert(pthread_create(&s->peer.thread, NULL, peer_main, &s->peer) == 0);
}

void scene_play(struct scene *s, const struct limits *l)
{
    static const volatile int never;
    struct error err;

    cr_assert(engine_play(&s->engine, &s->p, &s->meeting, l, &never, &s->t, &err), "%s", err.text);
    close(s->peer.done[1]);
    if (s->peer.pid) {
        kill(s->peer.pid, SIGKILL);
        waitpid(s->peer.pid, NULL, 0);
    } else if (s->peer.serve) {
        pthread_join(s->peer.thread, NULL);
    }
    close(s->peer.done[0]);
    fd_close(&s->peer.listener);
}

void scene_play_alone(struct scene *s, const struct limits *l, struct arena *keep)
{
    static const volatile int never;
    struct error err;

    s->p = program_of(&s->lib, "t-1", "bits=64", PARTY_CLIENT, s->p.delivery, keep);
    s->t = (struct trace){ .keep = keep };
    cr_assert(engine_play(&s->engine, &s->p, &s->meeting, l, &never, &s->t, &err), "%s", err.text);
}

void scene_end(struct scene *s)
{
    engine_release(&s->engine);
    library_free(&s->lib);
}

size_t count_of(const struct trace *t, enum trace_kind kind)
{
    size_t n = 0;

    for (size_t i = 0; i < t->count; i++)
        n += t->events[i].kind == kind;
    return n;
}

const char *course(const struct trace *t, struct arena *keep)
{
    TEXT(out);

    for (size_t i = 0; i < t->count; i++) {
        const struct trace_event *e = &t->events[i];
        if (i && e->kind == t->events[i - 1].kind)
            continue;
        text_printf(&out, "%s%s", i ? " " : "", e->kind == TRACE_SENT ? ">" : e->kind == TRACE_RECEIVED ? "<" : trace_name(e->kind));
    }
    return arena_string(keep, text_string(&out));
}

const struct trace_event *event_of(const struct trace *t, enum trace_kind kind)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->events[i].kind == kind)
            return &t->events[i];
    cr_assert(false, "no %s", trace_name(kind));
    return NULL;
}

void dial(struct scene *s)
{
    struct error err;
    struct address us = place_of(s);

    cr_assert(net_bind(&us, &s->meeting.listener, &err), "%s", err.text);
    s->meeting.peer_dials = true;
    s->peer.dials = us;
}

size_t descriptors(void)
{
    DIR *d = opendir("/proc/self/fd");
    size_t n = 0;

    while (readdir(d))
        n++;
    closedir(d);
    return n;
}
