/*
 * The engine where sockets are not as one would have them: reset before a word was said, or behind both ends; and where there are no more of them.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>

#include "base/fd.h"
#include "scene.h"

#define ASK "{'client': [{'cstringa': 'hello'}]},{'server': [{'cstringa': 'A'}]}"

static void forget_pipe(struct scene *s)
{
    close(s->peer.done[0]);
    close(s->peer.done[1]);
}

/* Connections that are made for the engine, and are none any more: of each kind one. */
enum dead { NEVER_CONNECTED, WAS_REFUSED, WAS_RESET };

static int make_dead(void *of, struct error *err)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    AUTO_CLOSE int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct pollfd ready = { fd, POLLIN, 0 };

    (void)err;
    cr_assert(bind(listener, (struct sockaddr *)&at, len) == 0 && getsockname(listener, (struct sockaddr *)&at, &len) == 0);
    if (*(enum dead *)of == WAS_RESET) {
        cr_assert(listen(listener, 1) == 0 && connect(fd, (struct sockaddr *)&at, len) == 0);
        AUTO_CLOSE int peer = accept(listener, NULL, NULL);
        setsockopt(peer, SOL_SOCKET, SO_LINGER, &(struct linger){ 1, 0 }, sizeof(struct linger));
    }
    fcntl(fd, F_SETFL, O_NONBLOCK);
    if (*(enum dead *)of == WAS_REFUSED) // the error waits in the socket
        cr_assert(connect(fd, (struct sockaddr *)&at, len) < 0 && (errno == EINPROGRESS || errno == ECONNREFUSED));
    if (*(enum dead *)of != NEVER_CONNECTED)
        cr_assert(poll(&ready, 1, 5000) == 1);
    return fd;
}

/* Before anything was waited for: what we do is the first to see it. */
Test(engine_edges, what_is_dead_is_seen_by_what_is_done_first, .timeout = 10)
{
    static const struct {
        const char *suite;
        enum dead how;
        int number; // of the reset
        const char *course;
    } rows[] = {
        // clang-format off
        { CASE("{'open': 'client'},{'end': 'client'},{'end': 'server'}"), NEVER_CONNECTED, ECONNRESET,   "open reset over" },
        { CASE("{'open': 'client'},{'end': 'client'},{'end': 'server'}"), WAS_REFUSED,     ECONNREFUSED, "open reset over" },
        { CASE("{'open': 'client'},{'end': 'client'},{'end': 'server'}"), WAS_RESET,       ECONNRESET,   "open reset over" },
        { CASE(ASK),                                                      NEVER_CONNECTED, EPIPE,        "open reset mismatch over" },
        { CASE(ASK),                                                      WAS_REFUSED,     ECONNREFUSED, "open reset mismatch over" },
        { CASE(ASK),                                                      WAS_RESET,       ECONNRESET,   "open reset mismatch over" },
        // clang-format on
    };
    size_t before = descriptors();

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct scene s = { .peer = { 0 } };
        enum dead how = rows[i].how;
        scene_set(&s, rows[i].suite, "plain", &keep);
        s.meeting.open = make_dead;
        s.meeting.of = &how;
        s.engine.forgotten++; // says nothing of one that had not ended
        scene_play_alone(&s, &quick, &keep);
        cr_expect(eq(str, (char *)course(&s.t, &keep), (char *)rows[i].course), "%zu", i);
        cr_expect(eq(i64, event_of(&s.t, TRACE_RESET)->number, rows[i].number), "%zu", i);
        forget_pipe(&s);
        scene_end(&s);
    }
    cr_expect(eq(sz, descriptors(), before));
}

/* What another call has left in errno says nothing of one that went well. */
static int make_ended(void *of, struct error *err)
{
    int pair[2];

    (void)err;
    cr_assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) == 0);
    shutdown(pair[1], SHUT_WR);
    *(int *)of = pair[1];
    errno = ENOTCONN;
    return pair[0];
}

Test(engine_edges, an_end_of_ours_that_is_taken_is_one, .timeout = 10)
{
    SCRATCH(keep);
    struct scene s = { .peer = { 0 } };
    int theirs = -1;

    scene_set(&s, CASE("{'open': 'client'},{'end': 'client'},{'end': 'server'}"), "plain", &keep);
    s.meeting.open = make_ended;
    s.meeting.of = &theirs;
    scene_play_alone(&s, &quick, &keep);
    cr_expect(eq(str, (char *)course(&s.t, &keep), "open fin-sent fin over"));
    fd_close(&theirs);
    forget_pipe(&s);
    scene_end(&s);
}

/* A Unix socket is refused at once, TCP a little later; either says why. */
Test(engine_edges, nobody_listens, .timeout = 10)
{
    static const struct {
        const char *at;
        int number;
    } rows[] = {
        { "unix:@arcwire-nobody-listens-here", ECONNREFUSED },
        { "unix:/proc/no-such-place/socket", ENOENT },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct scene s = { .peer = { 0 } };
        struct error err;
        scene_set(&s, CASE(ASK), "plain", &keep);
        cr_assert(address_parse(rows[i].at, &s.meeting.address, &err), "%s", err.text);
        scene_play_alone(&s, &impatient, &keep);
        cr_expect(eq(str, (char *)course(&s.t, &keep), "refused over"), "%s", rows[i].at);
        cr_expect(eq(i64, s.t.events[0].number, rows[i].number), "%s", rows[i].at);
        forget_pipe(&s);
        scene_end(&s);
    }
}

/* Two connections of which the peer has the other ends. */
static int ends[2], given;
static pthread_t other;

/* The first ends, is ended, and is reset once that has been seen: byte 7 was never read. What is said on the second tells how far we are. */
static void *reset_behind_its_end(void *unused)
{
    char byte;

    cr_assert(recv(ends[1], &byte, 1, 0) == 1 && byte == 9);
    cr_assert(send(ends[1], "\10", 1, 0) == 1);
    cr_assert(recv(ends[1], &byte, 1, 0) == 1 && byte == 10);
    close(ends[0]);
    cr_assert(send(ends[1], "\13", 1, 0) == 1);
    shutdown(ends[1], SHUT_WR);
    while (recv(ends[1], &byte, 1, 0) > 0)
        continue;
    close(ends[1]);
    return unused;
}

static int make_pair(void *of, struct error *err)
{
    int pair[2];

    (void)err;
    cr_assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
    fcntl(pair[0], F_SETFL, O_NONBLOCK);
    ends[given++] = pair[1];
    if (given == 1 && *(bool *)of)
        shutdown(pair[1], SHUT_WR);
    if (given == 2)
        cr_assert(pthread_create(&other, NULL, reset_behind_its_end, NULL) == 0);
    return pair[0];
}

#define TWO     "{'open': 'client', 'on': 'a'},{'open': 'client', 'on': 'b'},{'client': [{'byte': 7}], 'on': 'a'},"
#define THEIRS  "{'end': 'server', 'on': 'a'},"
#define OURS    "{'end': 'client', 'on': 'a'},"
#define LAST    "{'client': [{'byte': 9}], 'on': 'b'},{'server': [{'byte': 8}], 'on': 'b'},{'client': [{'byte': 10}], 'on': 'b'},{'server': [{'byte': 11}], 'on': 'b'}"

/* While one is open it is seen at once, while the next reply is waited for; behind both ends when all is over. Only then it may be the kernel's own,
 * where that has forgotten a connection since it was last asked. */
Test(engine_edges, a_reset_behind_an_end, .timeout = 10)
{
    static const struct {
        const char *label, *suite;
        bool ends, forgotten;
        size_t op; // SIZE_MAX: when all is over
    } rows[] = {
        { "their end", CASE(TWO THEIRS LAST), true, true, 7 },
        { "ours", CASE(TWO OURS LAST), false, true, 7 },
        { "both", CASE(TWO THEIRS OURS LAST), true, false, SIZE_MAX },
        { "both, and the kernel has forgotten one", CASE(TWO THEIRS OURS LAST), true, true, SIZE_MAX },
    };
    size_t before = descriptors();

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct scene s = { .peer = { 0 } };
        bool theirs = rows[i].ends, is_last = rows[i].op == SIZE_MAX;
        given = 0;
        scene_set(&s, rows[i].suite, "plain", &keep);
        s.meeting.open = make_pair;
        s.meeting.of = &theirs;
        s.engine.forgotten += rows[i].forgotten;
        scene_play_alone(&s, &quick, &keep);
        pthread_join(other, NULL);
        const struct trace_event *reset = event_of(&s.t, TRACE_RESET);
        cr_expect(eq(uint, reset->on, 0), "%s", rows[i].label);
        cr_expect(eq(i64, reset->number, ECONNRESET), "%s", rows[i].label);
        cr_expect(eq(uint, reset->op, is_last ? s.p.count : rows[i].op), "%s", rows[i].label);
        cr_expect(eq(sz, count_of(&s.t, TRACE_RESET), 1), "%s", rows[i].label);
        cr_expect(eq(sz, count_of(&s.t, TRACE_FORGOTTEN), is_last && rows[i].forgotten), "%s", rows[i].label);
        if (is_last)
            cr_expect(eq(int, reset[1].kind, rows[i].forgotten ? TRACE_FORGOTTEN : TRACE_OVER), "%s", rows[i].label);
        forget_pipe(&s);
        scene_end(&s);
    }
    cr_expect(eq(sz, descriptors(), before));
}

/* Only one who says that it was refused, and will try again, is let in. */
Test(engine_edges, words_that_open_a_port, .timeout = 10)
{
    static const struct {
        const char *said;
        bool ends; // it says no more
        const char *course;
        unsigned dialers;
        bool waits; // for the limit: one of them has not said it
    } rows[] = {
        { "refused, retrying", false, "retried refused over" },
        { "refused, retrying\nrefused, retrying\n", false, "retried refused over", 2 },
        { "refused, retrying\n", false, "retried refused over", 2, true },
        { "127.0.0.1: refused, retrying in 1 s\n", true, "retried refused over" },
        { "refused, retrying\nrefused, retrying\n", false, "retried refused over" },
        { "refused, retryin", false, "late over" },
        { "efused, retrying", true, "late over" },
        { "refused, retryi\nng", true, "late over" },
        { "", true, "late over" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct scene s = { .peer = { .says = "\2", .reads = 1 } };
        struct limits l = impatient;
        int words[2];
        l.open = 20000;
        scene_set(&s, CASE("{'listen': 'client'},{'control': 'ping'}"), "plain", &keep);
        dial(&s);
        cr_assert(pipe(words) == 0);
        s.meeting.words = words[0];
        s.meeting.dialers = rows[i].dialers;
        cr_assert(write(words[1], rows[i].said, strlen(rows[i].said)) == (ssize_t)strlen(rows[i].said));
        if (rows[i].ends)
            fd_close(&words[1]);
        scene_play_alone(&s, &l, &keep);
        cr_expect(eq(str, (char *)course(&s.t, &keep), (char *)rows[i].course), "%s", rows[i].said);
        if (rows[i].waits)
            cr_expect(s.t.events[0].us >= l.open, "%s", rows[i].said);
        fd_close(&words[0]);
        fd_close(&words[1]);
        fd_close(&s.meeting.listener);
        forget_pipe(&s);
        scene_end(&s);
    }
}

/* That we have no descriptors left is our error, and nothing of the peer's. */
Test(engine_edges, no_descriptor_is_left, .timeout = 10)
{
    static const volatile int never;
    static const char *const due[] = { "socket: Too many open files", "accept: Too many open files" };

    for (int dials = 0; dials < 2; dials++) {
        SCRATCH(keep);
        struct scene s = { .peer = { 0 } };
        struct error err = { 0 };
        struct rlimit was, none;
        AUTO_CLOSE int caller = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        scene_set(&s, CASE(ASK), "plain", &keep);
        s.meeting.address = address_loopback(1);
        if (dials) {
            dial(&s);
            cr_assert(net_listen(s.meeting.listener, &err));
            cr_assert(connect(caller, (struct sockaddr *)&s.peer.dials.storage, s.peer.dials.len) == 0);
        }
        int free = dup(caller);
        close(free);
        getrlimit(RLIMIT_NOFILE, &was);
        none = (struct rlimit){ (rlim_t)free, was.rlim_max };
        cr_assert(setrlimit(RLIMIT_NOFILE, &none) == 0);
        bool played = engine_play(&s.engine, &s.p, &s.meeting, &impatient, &never, &s.t, &err);
        setrlimit(RLIMIT_NOFILE, &was);
        cr_expect(not(played));
        cr_expect(eq(int, (int)err.kind, ERROR_SYSTEM));
        cr_expect(eq(str, err.text, (char *)due[dials]));
        fd_close(&s.meeting.listener);
        forget_pipe(&s);
        scene_end(&s);
    }
}

Test(engine_edges, what_an_engine_begins_with, .timeout = 10)
{
    struct engine e;
    struct error err = { 0 };
    struct rlimit was, none;
    int free = dup(STDIN_FILENO);

    memset(&e, 0xff, sizeof e);
    cr_assert(engine_init(&e, &err));
    cr_expect(e.epoll >= 0);
    cr_expect(eq(u64, e.forgotten, net_forgotten()));
    engine_release(&e);
    close(free);
    getrlimit(RLIMIT_NOFILE, &was);
    none = (struct rlimit){ (rlim_t)free, was.rlim_max };
    cr_assert(setrlimit(RLIMIT_NOFILE, &none) == 0);
    bool good = engine_init(&e, &err);
    setrlimit(RLIMIT_NOFILE, &was);
    cr_expect(not(good));
    cr_expect(eq(int, (int)err.kind, ERROR_SYSTEM));
    cr_expect(eq(str, err.text, "epoll: Too many open files"));
}

/* It is known to have ended when its second connection is due: nobody waits for that. */
Test(engine_edges, who_has_ended_is_not_waited_for, .timeout = 10)
{
    SCRATCH(keep);
    struct scene s = { .peer = { .says = "" } };
    AUTO_CLOSE int caller = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct error err;
    int process[2];

    scene_set(&s, CASE("{'server': [{'byte': 8}], 'on': 'a'},{'server': [{'byte': 9}], 'on': 'b'}"), "plain", &keep);
    dial(&s);
    cr_assert(net_listen(s.meeting.listener, &err) && connect(caller, (struct sockaddr *)&s.peer.dials.storage, s.peer.dials.len) == 0);
    cr_assert(send(caller, "\10", 1, 0) == 1);
    cr_assert(pipe(process) == 0);
    close(process[1]);
    s.meeting.process = process[0];
    scene_play_alone(&s, &impatient, &keep);
    cr_expect(eq(str, (char *)course(&s.t, &keep), "open < refused over"));
    cr_expect(eq(i64, event_of(&s.t, TRACE_REFUSED)->number, ECONNABORTED));
    close(process[0]);
    fd_close(&s.meeting.listener);
    forget_pipe(&s);
    scene_end(&s);
}

#ifndef SO_BUF_LOCK
#define SO_BUF_LOCK 72
#endif
#define IS_SET 2 // the receive buffer has a size of its own: SOCK_RCVBUF_LOCK of the kernel

/* What room there is on the engine's connections, by name, seen when it has spoken. */
static struct room {
    int set, bytes;
} rooms[2];

static void look_at_rooms(struct peer_thread *peer, int fd)
{
    struct sockaddr_in end, us, mine;
    socklen_t len = sizeof us;

    read_some(peer, fd, 1);
    memset(rooms, 0, sizeof rooms);
    cr_assert(getsockname(fd, (struct sockaddr *)&us, &len) == 0 && getpeername(fd, (struct sockaddr *)&mine, &len) == 0);
    for (int n = 3; n < 256; n++) { // those that end at us, or where we listen
        struct room r;
        struct sockaddr_in at;
        len = sizeof end;
        if (getpeername(n, (struct sockaddr *)&end, &len) < 0 || end.sin_family != AF_INET || end.sin_port != us.sin_port)
            continue;
        len = sizeof at;
        cr_assert(getsockname(n, (struct sockaddr *)&at, &len) == 0);
        len = sizeof r.set;
        cr_assert(getsockopt(n, SOL_SOCKET, SO_BUF_LOCK, &r.set, &len) == 0 && getsockopt(n, SOL_SOCKET, SO_RCVBUF, &r.bytes, &len) == 0);
        rooms[at.sin_port != mine.sin_port] = r;
    }
    cr_expect(send(fd, "\2", 1, MSG_NOSIGNAL) == 1);
    read_some(peer, fd, SIZE_MAX);
}

/* Who is to be paused is promised no more room than it has at first, and a slow reader promises little; of all others the kernel may
 * let it grow. */
Test(engine_edges, room_for_what_is_not_read, .timeout = 10)
{
    enum { PROMISED = 2 * 65536, SMALL = 2 * 8192 }; // twice as much as is asked for, says the kernel
    static const struct {
        const char *label, *suite, *delivery;
        bool dials;
        struct room rooms[2]; // bytes 0: whatever
    } rows[] = {
        // clang-format off
        { "read",        CASE("{'client': [{'byte': 9}]},{'server': [{'byte': 2}]}"),                                               "plain",       false, { { 0, 0 } } },
        { "paused",      CASE("{'client': [{'byte': 9}]},{'server': [{'byte': 2}]},{'pause': 'client'},{'reset': 'client'}"),        "plain",       false, { { IS_SET, PROMISED } } },
        { "read slowly", CASE("{'client': [{'byte': 9}]},{'server': [{'byte': 2}]}"),                                               "slow-reader", false, { { IS_SET, SMALL } } },
        { "read, and it dials",   CASE("{'client': [{'byte': 9}]},{'server': [{'byte': 2}]}"),                                      "plain",       true,  { { 0, 0 } } },
        { "paused, and it dials", CASE("{'client': [{'byte': 9}]},{'server': [{'byte': 2}]},{'pause': 'client'},{'reset': 'client'}"), "plain",    true,  { { IS_SET, PROMISED } } },
        { "another is paused",    CASE("{'open': 'client', 'on': 'a'},{'open': 'client', 'on': 'b'},{'client': [{'byte': 9}], 'on': 'a'},{'server': [{'byte': 2}], 'on': 'a'},"
                                       "{'pause': 'client', 'on': 'b'},{'reset': 'client', 'on': 'b'}"),                             "plain",       false, { { 0, 0 }, { IS_SET, PROMISED } } },
        // clang-format on
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct scene s = { .peer = { .serve = rows[i].dials ? NULL : look_at_rooms } };
        struct error err;
        scene_set(&s, rows[i].suite, rows[i].delivery, &keep);
        if (rows[i].dials) {
            dial(&s);
            cr_assert(net_listen(s.meeting.listener, &err));
            s.peer.serve = look_at_rooms;
            cr_assert(pthread_create(&s.peer.thread, NULL, peer_main, &s.peer) == 0);
        }
        scene_play(&s, &quick);
        for (int on = 0; on < 2; on++) {
            cr_expect(eq(int, rooms[on].set, rows[i].rooms[on].set), "%s, %d", rows[i].label, on);
            if (rows[i].rooms[on].bytes)
                cr_expect(eq(int, rooms[on].bytes, rows[i].rooms[on].bytes), "%s, %d", rows[i].label, on);
        }
        fd_close(&s.meeting.listener);
        scene_end(&s);
    }
}
