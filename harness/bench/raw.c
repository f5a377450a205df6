#include "bench/raw.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "bench/processor.h"

#define CHUNK   65536 // bytes taken by one read, as the engine does
#define BACKLOG 128

/* The event continues the turn before it: chunks of one answer are one. */
static bool continues(const struct raw_talk *talk, const struct trace_event *e)
{
    return e->kind == TRACE_RECEIVED && talk->count && talk->turns[talk->count - 1].kind == RAW_HEAR;
}

static bool turn_of(const struct trace_event *e, enum raw_kind *kind)
{
    static const struct {
        enum trace_kind seen;
        enum raw_kind turn;
    } turns[] = { { TRACE_SENT, RAW_SAY }, { TRACE_RECEIVED, RAW_HEAR }, { TRACE_FIN_SENT, RAW_END }, { TRACE_FIN, RAW_AWAIT_END } };

    for (size_t i = 0; i < COUNT_OF(turns); i++)
        if (turns[i].seen == e->kind) {
            *kind = turns[i].turn;
            return true;
        }
    return false;
}

bool raw_talk_of(const struct trace *t, struct arena *keep, struct raw_talk *out)
{
    struct raw_talk talk = { .turns = ARENA_ARRAY(keep, t->count + 1, struct raw_turn) };
    bool opened = false, ours = false, theirs = false, owed = false;

    for (size_t i = 0; i < t->count; i++) {
        const struct trace_event *e = &t->events[i];
        enum raw_kind kind;
        if (e->on != 0 || (e->kind == TRACE_OPEN && opened))
            return false;
        opened |= e->kind == TRACE_OPEN;
        talk.proofs += e->kind == TRACE_PROVEN;
        if (e->kind == TRACE_OPEN || e->kind == TRACE_OVER || e->kind == TRACE_PROVEN)
            continue;
        if (!turn_of(e, &kind))
            return false;
        ours |= kind == RAW_END;
        theirs |= kind == RAW_AWAIT_END;
        talk.bytes += e->data.len;
        bool waits = kind == RAW_HEAR || kind == RAW_AWAIT_END;
        talk.trips += waits && owed;
        owed = waits ? false : true;
        if (continues(&talk, e)) {
            struct bytes *last = &talk.turns[talk.count - 1].bytes;
            uint8_t *all = arena_alloc(keep, last->len + e->data.len);
            memcpy(all, last->data, last->len);
            memcpy(all + last->len, e->data.data, e->data.len);
            *last = (struct bytes){ all, last->len + e->data.len };
        } else {
            talk.turns[talk.count++] = (struct raw_turn){ kind, arena_bytes(keep, e->data) };
        }
    }
    *out = talk;
    return opened && ours && theirs;
}

static bool say(int fd, struct bytes what)
{
    while (what.len) {
        ssize_t n = send(fd, what.data, what.len, MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        what = bytes_slice(what, (size_t)n, SIZE_MAX);
    }
    return true;
}

static bool hear(int fd, size_t len)
{
    static uint8_t chunk[CHUNK];

    while (len) {
        ssize_t n = recv(fd, chunk, len < sizeof chunk ? len : sizeof chunk, 0);
        if (n <= 0)
            return false;
        len -= (size_t)n;
    }
    return true;
}

static bool hear_end(int fd)
{
    char byte;

    return recv(fd, &byte, 1, 0) == 0;
}

static void note(struct raw_each *each, int64_t began)
{
    if (each->count < each->room)
        each->us[each->count++] = (double)(clock_ns() - began) / 1e3;
}

/* One connection, from either side. each: NULL, or of whoever asks for round trips. */
static bool talk_on(int fd, const struct raw_talk *talk, bool answers, struct raw_each *each)
{
    bool good = true;
    int64_t said = 0;

    for (size_t i = 0; good && i < talk->count; i++) {
        const struct raw_turn *turn = &talk->turns[i];
        switch (turn->kind) {
        case RAW_SAY:
            said = each ? clock_ns() : 0;
            good = answers ? hear(fd, turn->bytes.len) : say(fd, turn->bytes);
            break;
        case RAW_HEAR:
            good = answers ? say(fd, turn->bytes) : hear(fd, turn->bytes.len);
            if (said)
                note(each, said);
            said = 0;
            break;
        case RAW_END:
            good = answers ? hear_end(fd) : shutdown(fd, SHUT_WR) == 0;
            break;
        case RAW_AWAIT_END:
            good = answers ? shutdown(fd, SHUT_WR) == 0 : hear_end(fd);
            break;
        }
    }
    return good;
}

static void no_delay(int fd)
{
    int on = 1;

    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static _Noreturn void answer(const struct raw_plan *plan, int listener)
{
    for (;;) {
        for (size_t i = 0; i < plan->count; i++) {
            int fd = accept(listener, NULL, NULL);
            if (fd < 0)
                _exit(1);
            no_delay(fd);
            if (!talk_on(fd, &plan->talks[i], true, NULL))
                _exit(1); // whoever asks is told by the RST
            close(fd);
        }
    }
}

/* A child that dies with us. 0 in the child, -1 with *err. */
static pid_t child_of_ours(struct error *err)
{
    pid_t us = getpid(), pid = fork();

    if (pid < 0)
        error_errno(err, "fork");
    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGINT, SIG_IGN); // the terminal's ^C is for whoever started it
    signal(SIGTERM, SIG_DFL);
    if (getppid() != us)
        _exit(1);
    return 0;
}

static void end_child(pid_t *pid)
{
    if (*pid > 0) {
        kill(*pid, SIGKILL);
        waitpid(*pid, NULL, 0);
    }
    *pid = -1;
}

/* Until both directions have ended. */
static void pass_on(int client, int server)
{
    static uint8_t chunk[CHUNK];
    struct pollfd fds[] = { { client, POLLIN, 0 }, { server, POLLIN, 0 } };
    int open = 2;

    while (open && poll(fds, 2, -1) > 0)
        for (int i = 0; i < 2; i++) {
            if (!fds[i].revents)
                continue;
            int to = i ? client : server;
            ssize_t n = recv(i ? server : client, chunk, sizeof chunk, 0);
            if (n < 0 || (n > 0 && !say(to, (struct bytes){ chunk, (size_t)n })))
                return;
            if (n == 0) {
                fds[i].fd = -1;
                shutdown(to, SHUT_WR);
                open--;
            }
        }
}

static _Noreturn void relay(const struct address *to, int listener)
{
    for (;;) {
        int client = accept(listener, NULL, NULL), server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (client < 0 || server < 0 || connect(server, (const struct sockaddr *)&to->storage, to->len) < 0)
            _exit(1);
        no_delay(client);
        no_delay(server);
        pass_on(client, server);
        close(client);
        close(server);
    }
}

static int listen_on(struct address *at, struct error *err)
{
    AUTO_CLOSE int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    *at = address_loopback(0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&at->storage, at->len) < 0 || listen(listener, BACKLOG) < 0 ||
        getsockname(listener, (struct sockaddr *)&at->storage, &at->len) < 0) {
        error_errno(err, "a listener on loopback");
        return -1;
    }
    return fd_keep(&listener);
}

bool raw_relay(const struct address *to, struct raw_answerer *out, struct error *err)
{
    out->pid = -1;
    AUTO_CLOSE int listener = listen_on(&out->at, err);
    if (listener < 0)
        return false;
    out->pid = child_of_ours(err);
    if (out->pid == 0)
        relay(to, listener);
    return out->pid > 0;
}

bool raw_answer(const struct raw_plan *plan, struct raw_answerer *out, struct error *err)
{
    out->pid = -1;
    AUTO_CLOSE int listener = listen_on(&out->at, err);
    if (listener < 0)
        return false;
    out->pid = child_of_ours(err);
    if (out->pid == 0)
        answer(plan, listener);
    return out->pid > 0;
}

void raw_answer_end(struct raw_answerer *a)
{
    end_child(&a->pid);
}

static bool ask(const struct raw_talk *talk, const struct address *at, struct raw_each *each)
{
    bool whole = each && each->talks;
    int64_t began = whole ? clock_ns() : 0;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return false;
    no_delay(fd);
    bool good = connect(fd, (const struct sockaddr *)&at->storage, at->len) == 0 && talk_on(fd, talk, false, whole ? NULL : each);
    int wrong = errno;
    close(fd);
    errno = wrong;
    if (whole)
        note(each, began);
    return good;
}

bool raw_ask(const struct raw_plan *plan, size_t before, const struct raw_answerer *a, const volatile int *stop, struct raw_took *out,
             struct raw_each *each, struct error *err)
{
    int64_t began = 0;
    double used = 0;

    *out = (struct raw_took){ 0 };
    for (size_t i = 0; i < plan->count && !*stop; i++) {
        if (i == before) {
            used = processor_used() + processor_used_by(a->pid);
            began = clock_us();
        }
        errno = 0;
        if (!ask(&plan->talks[i], &a->at, i >= before ? each : NULL) && !*stop)
            return error_set(err, ERROR_SYSTEM, "the raw exchange broke off in connection %zu of %zu: %s", i + 1, plan->count,
                             errno ? strerror(errno) : "the end came early");
    }
    if (!*stop)
        *out = (struct raw_took){ clock_us() - began, processor_used() + processor_used_by(a->pid) - used };
    return true;
}

bool raw_play(const struct raw_plan *plan, size_t before, const volatile int *stop, struct raw_took *out, struct raw_each *each,
              struct error *err)
{
    struct raw_answerer answerer;

    bool good = raw_answer(plan, &answerer, err) && raw_ask(plan, before, &answerer, stop, out, each, err);
    raw_answer_end(&answerer);
    return good;
}

/* What a pair in a process of its own brings back. */
struct brought {
    bool good;
    struct raw_took took;
    struct error err;
};

static bool start_pair(const struct raw_plan *plan, size_t before, unsigned n, const volatile int *stop, int ends[2], pid_t *pid,
                       struct error *err)
{
    if (pipe(ends) < 0)
        return error_errno(err, "pipe");
    *pid = child_of_ours(err);
    if (*pid == 0) {
        struct processor p;
        struct brought b;
        memset(&b, 0, sizeof b);
        processor_take(&p, n);
        b.good = raw_play(plan, before, stop, &b.took, NULL, &b.err);
        _exit(write(ends[1], &b, sizeof b) == sizeof b ? 0 : 1);
    }
    fd_close(&ends[1]);
    return *pid > 0;
}

bool raw_play_at_once(const struct raw_plan *plan, size_t before, unsigned pairs, const volatile int *stop, struct raw_took *out,
                      struct error *err)
{
    pid_t pids[CPU_SETSIZE];
    int ends[CPU_SETSIZE][2];
    unsigned started = 0;
    bool good = true;

    *out = (struct raw_took){ 0 };
    while (good && started < pairs && started < CPU_SETSIZE) {
        pids[started] = ends[started][0] = ends[started][1] = -1;
        good = start_pair(plan, before, started, stop, ends[started], &pids[started], err);
        started++;
    }
    for (unsigned i = 0; i < started; i++) {
        struct brought b;
        ssize_t n = 0;
        while (good && !*stop && (n = read(ends[i][0], &b, sizeof b)) < 0 && errno == EINTR)
            continue;
        if (good && !*stop && (n != sizeof b || !b.good)) {
            good = n == sizeof b ? (*err = b.err, false) : error_set(err, ERROR_SYSTEM, "a pair that talks ended early");
        } else if (good && !*stop) {
            out->us = b.took.us > out->us ? b.took.us : out->us;
        }
        fd_close(&ends[i][0]);
        end_child(&pids[i]);
    }
    if (*stop)
        *out = (struct raw_took){ 0 };
    return good;
}
