#include "run/crew.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "base/fd.h"

#define PIPE_SIZE (1 << 20)
#define READ_SIZE (256 << 10)
#define END_MS    10000 // for a worker to end its peer and itself, when it is told to

struct crew_shared {
    atomic_size_t wanted; // the turn that is asked for: none before it is of use
};

static volatile int halted; // in a worker

static void halt(int number)
{
    (void)number;
    halted = 1;
}

/* The processor of the n-th worker: workers are spread over those that we may use, their peers stay with them. */
static void take_processor(unsigned n)
{
    cpu_set_t all, one;

    if (sched_getaffinity(0, sizeof all, &all) < 0 || CPU_COUNT(&all) < 2)
        return;
    n %= (unsigned)CPU_COUNT(&all);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (!CPU_ISSET(cpu, &all) || n-- > 0)
            continue;
        CPU_ZERO(&one);
        CPU_SET(cpu, &one);
        sched_setaffinity(0, sizeof one, &one);
        return;
    }
}

/* False when nobody reads any more. */
static bool send_frame(int to, struct buffer *b)
{
    for (size_t at = 0; at < b->len;) {
        ssize_t n = write(to, b->data + at, b->len - at);
        if (n < 0 && errno != EINTR)
            return false;
        at += n < 0 ? 0 : (size_t)n;
    }
    b->len = 0;
    return true;
}

/* A worker's life, in its own process. */
static void work(struct crew *c, unsigned self, const struct run_options *o, const struct sink *sink, int to)
{
    struct worker w;
    struct played out = { 0 };
    struct buffer frame = { 0 };
    struct error err;
    bool good, ended = false, heard = true;

    take_processor(self);
    good = worker_begin(&w, o, sink, &halted, &err);
    if (!good)
        played_pack(0, &out, false, &err, &frame);
    for (size_t i = 0; good && heard && i < c->turn_count && !halted; i++) {
        const struct turn *turn = &c->turns[i];
        if (turn->vector && (c->owner[i] != self || ended || i < atomic_load(&c->shared->wanted)))
            continue;
        played_clear(&out);
        good = worker_play(&w, turn, &out, &err);
        if (!turn->vector)
            ended = !out.passed;
        played_pack(i, &out, good, &err, &frame);
        if (good)
            heard = send_frame(to, &frame);
    }
    if (good) {
        played_clear(&out);
        worker_last_look(&w, &out);
        played_pack(c->turn_count, &out, true, NULL, &frame);
    }
    send_frame(to, &frame);
    worker_end(&w);
    played_free(&out);
    buffer_free(&frame);
}

static bool start(struct crew *c, unsigned n, const struct run_options *o, const struct sink *sink, struct error *err)
{
    int ends[2];
    pid_t us = getpid();

    if (pipe2(ends, O_CLOEXEC) < 0)
        return error_errno(err, "pipe");
    fcntl(ends[1], F_SETPIPE_SZ, PIPE_SIZE);
    pid_t pid = fork();
    if (pid < 0) {
        error_errno(err, "fork");
        close(ends[0]);
        close(ends[1]);
        return false;
    }
    if (pid == 0) {
        struct sigaction action = { .sa_handler = halt };
        sigaction(SIGTERM, &action, NULL);
        sigaction(SIGINT, &action, NULL);
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() != us)
            _exit(0);
        for (unsigned i = 0; i < n; i++)
            fd_close(&c->workers[i].from);
        close(ends[0]);
        work(c, n, o, sink, ends[1]);
        _exit(0);
    }
    close(ends[1]);
    c->workers[n].pid = pid;
    c->workers[n].from = ends[0];
    c->count = n + 1;
    return true;
}

/* Deliveries of one case go to different workers: those that cost more are spread. */
static void share_out(struct crew *c, unsigned count)
{
    unsigned turn = 0, delivery = 0;

    c->owner = ARENA_ARRAY(&c->keep, c->turn_count + 1, unsigned);
    for (size_t i = 0; i < c->turn_count; i++) {
        if (i && c->turns[i].vector == c->turns[i - 1].vector) {
            delivery++;
        } else {
            delivery = 0;
            turn++;
        }
        c->owner[i] = (turn + delivery) % count;
    }
}

bool crew_begin(struct crew *c, unsigned count, const struct turn *turns, size_t turn_count, const struct run_options *o,
                const struct sink *sink, const volatile int *stop, struct error *err)
{
    *c = (struct crew){ .turns = turns, .turn_count = turn_count, .stop = stop };
    share_out(c, count);
    void *shared = mmap(NULL, sizeof *c->shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return error_errno(err, "mmap");
    c->shared = shared;
    for (unsigned n = 0; n < count && n < RUN_WORKERS; n++)
        if (!start(c, n, o, sink, err))
            return false;
    return true;
}

static void read_from(struct crew *c, unsigned n)
{
    struct buffer *b = &c->workers[n].came;

    if (c->workers[n].at > b->len / 2) {
        b->len -= c->workers[n].at;
        memmove(b->data, b->data + c->workers[n].at, b->len);
        c->workers[n].at = 0;
    }
    ssize_t got = read(c->workers[n].from, buffer_reserve(b, READ_SIZE), READ_SIZE);
    if (got > 0)
        b->len += (size_t)got;
    else if (got == 0 || errno != EINTR)
        fd_close(&c->workers[n].from);
}

/* Waits until a worker has said more, or limit_ms has passed (-1: none), or a signal has come. */
static void listen_to_all(struct crew *c, int limit_ms)
{
    struct pollfd pipes[RUN_WORKERS];
    sigset_t signals, before;

    for (unsigned n = 0; n < c->count; n++)
        pipes[n] = (struct pollfd){ .fd = c->workers[n].from, .events = POLLIN };
    // A stop between the look at it and the wait must not be slept over.
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGALRM);
    sigprocmask(SIG_BLOCK, &signals, &before);
    struct timespec limit = { limit_ms / 1000, limit_ms % 1000 * 1000000L };
    int ready = *c->stop && limit_ms < 0 ? 0 : ppoll(pipes, c->count, limit_ms < 0 ? NULL : &limit, &before);
    sigprocmask(SIG_SETMASK, &before, NULL);
    for (unsigned n = 0; ready > 0 && n < c->count; n++)
        if (pipes[n].revents)
            read_from(c, n);
}

/* A worker that said no more: it did not fail, it broke. */
static bool broke(struct crew *c, unsigned n, size_t turn, struct error *err)
{
    const struct vector *v = turn < c->turn_count ? c->turns[turn].vector : NULL;
    const char *what = v ? v->id : "no case";
    int status = 0;

    waitpid(c->workers[n].pid, &status, 0);
    c->workers[n].pid = -1;
    if (WIFSIGNALED(status))
        return error_set(err, WTERMSIG(status) == SIGKILL ? ERROR_SYSTEM : ERROR_BUG, "the worker that plays %s was ended by signal %d (%s)",
                         what, WTERMSIG(status), strsignal(WTERMSIG(status)));
    return error_set(err, WEXITSTATUS(status) == 8 ? ERROR_SYSTEM : ERROR_BUG, "the worker that plays %s exited with status %d", what,
                     WEXITSTATUS(status));
}

/* The outcome of a turn from the worker that plays it. */
static bool next_from(struct crew *c, unsigned n, size_t turn, struct played *out, struct error *err)
{
    for (;;) {
        struct buffer *b = &c->workers[n].came;
        size_t which, len;
        bool good;
        while ((len = played_unpack(bytes_slice(buffer_bytes(b), c->workers[n].at, SIZE_MAX), &which, out, &good, err)) > 0) {
            c->workers[n].at += len;
            if (!good || which == turn)
                return good;
        }
        played_clear(out);
        if (*c->stop) {
            out->stopped = true;
            return true;
        }
        if (c->workers[n].from < 0)
            return broke(c, n, turn, err);
        listen_to_all(c, -1);
    }
}

bool crew_next(struct crew *c, size_t turn, struct played *out, struct error *err)
{
    atomic_store(&c->shared->wanted, turn);
    if (c->turns[turn].vector)
        return next_from(c, c->owner[turn], turn, out, err);

    struct played other = { 0 };
    bool good = next_from(c, 0, turn, out, err);
    for (unsigned n = 1; good && n < c->count && out->passed && !out->stopped; n++) {
        good = next_from(c, n, turn, &other, err);
        if (good && !other.passed) {
            struct played first = *out;
            *out = other;
            other = first;
        }
    }
    played_free(&other);
    return good;
}

void crew_last_look(struct crew *c, struct played *out)
{
    struct played one = { 0 };
    struct error ignored;

    atomic_store(&c->shared->wanted, c->turn_count); // what has not been asked for is not played any more
    for (unsigned n = 0; n < c->count && !*c->stop; n++) {
        if (!next_from(c, n, c->turn_count, &one, &ignored))
            continue;
        out->broken |= one.broken;
        text_addn(&out->said, text_string(&one.said), one.said.b.len);
    }
    played_free(&one);
}

static bool any_left(const struct crew *c)
{
    for (unsigned n = 0; n < c->count; n++)
        if (c->workers[n].from >= 0)
            return true;
    return false;
}

void crew_end(struct crew *c)
{
    for (unsigned n = 0; n < c->count; n++)
        if (c->workers[n].pid > 0 && c->workers[n].from >= 0)
            kill(c->workers[n].pid, SIGTERM);
    // A pipe ends with its worker. A worker that would not end is a bug, and must not keep us.
    for (int waited = 0; any_left(c) && waited < END_MS; waited += 100)
        listen_to_all(c, 100);
    for (unsigned n = 0; n < c->count; n++) {
        if (c->workers[n].from >= 0)
            kill(c->workers[n].pid, SIGKILL);
        if (c->workers[n].pid > 0)
            waitpid(c->workers[n].pid, NULL, 0);
        fd_close(&c->workers[n].from);
        buffer_free(&c->workers[n].came);
    }
    if (c->shared)
        munmap(c->shared, sizeof *c->shared);
    arena_free(&c->keep);
}
