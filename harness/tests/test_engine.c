/*
 * The engine on real sockets, against peers that are threads of the test. Loopback, ports of the kernel's choice.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "base/fd.h"
#include "replay/engine.h"
#include "test_vector.h"

#define MUCH 262144   // bytes: what a kernel takes at once on loopback, but not over an Ethernet
#define BIG (8u << 20) // bytes: more than two kernels take before one of them blocks

static const struct limits quick = { .open = 2000000, .step = 2000000, .end = 2000000, .quiet = 20000, .settle = 100000, .whole = 5000000 };

/* What a peer does with its connection. */
struct peer_thread {
    void (*serve)(struct peer_thread *peer, int fd);
    const char *says;  // of serve_reply
    size_t reads;      // bytes that it reads before
    int listener;
    const char *at;    // where either listens; NULL: a port of 127.0.0.1
    struct address dials; // len 0: it listens
    size_t read, most; // bytes read in all; by the largest read
    bool saw_end, saw_reset, was_full;
    int done[2];       // a pipe that is closed when the play is over
    pthread_t thread;
    bool is_process;   // a child in the place of a thread: what it does can be seen from outside
    pid_t pid;
};

static void read_some(struct peer_thread *peer, int fd, size_t want)
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

/* Reads what it must, replies, reads to the end and ends. */
static void serve_reply(struct peer_thread *peer, int fd)
{
    read_some(peer, fd, peer->reads);
    if (send(fd, peer->says, strlen(peer->says), MSG_NOSIGNAL) < 0)
        return;
    read_some(peer, fd, SIZE_MAX);
}

static void serve_reply_reset(struct peer_thread *peer, int fd)
{
    read_some(peer, fd, peer->reads);
    if (send(fd, peer->says, strlen(peer->says), MSG_NOSIGNAL) < 0)
        return;
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger){ 1, 0 }, sizeof(struct linger));
}

/* Replies and ends at once, before it has read our end. */
static void serve_reply_end(struct peer_thread *peer, int fd)
{
    read_some(peer, fd, peer->reads);
    if (send(fd, peer->says, strlen(peer->says), MSG_NOSIGNAL) < 0)
        return;
    shutdown(fd, SHUT_WR);
    read_some(peer, fd, SIZE_MAX);
}

static void serve_nothing(struct peer_thread *peer, int fd)
{
    (void)fd;
    wait_done(peer);
}

static void serve_end_and_nothing(struct peer_thread *peer, int fd)
{
    shutdown(fd, SHUT_WR);
    wait_done(peer);
}

static void serve_reset_amid(struct peer_thread *peer, int fd)
{
    read_some(peer, fd, peer->reads);
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger){ 1, 0 }, sizeof(struct linger));
}

static void serve_flood(struct peer_thread *peer, int fd)
{
    static const uint8_t flood[65536];

    (void)peer;
    while (send(fd, flood, sizeof flood, MSG_NOSIGNAL) > 0)
        continue;
}

/* Answers one byte with BIG bytes, and then another. */
static void serve_much(struct peer_thread *peer, int fd)
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

/* Answers one byte with MUCH bytes, and notes whether there was room for all of them at once. */
static void serve_until_full(struct peer_thread *peer, int fd)
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

/* Sends back what comes, and reads no more while that does not go. */
static void serve_echo(struct peer_thread *peer, int fd)
{
    static _Thread_local uint8_t chunk[65536];

    (void)peer;
    for (ssize_t n; (n = recv(fd, chunk, sizeof chunk, 0)) > 0;)
        if (send(fd, chunk, (size_t)n, MSG_NOSIGNAL) < 0)
            return;
}

static void *peer_main(void *of)
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

struct scene {
    const char *service; // NULL: TINY
    struct library lib;
    struct program p;
    struct engine engine;
    struct meeting meeting;
    struct trace t;
    struct peer_thread peer;
};

static struct address place_of(const struct scene *s)
{
    struct address at;
    struct error err;

    cr_assert(address_parse(s->peer.at ? s->peer.at : "127.0.0.1:0", &at, &err), "%s", err.text);
    return at;
}

static void scene_set(struct scene *s, const char *suite, const char *delivery, struct arena *keep)
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

static void scene_play(struct scene *s, const struct limits *l)
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

static void scene_end(struct scene *s)
{
    engine_release(&s->engine);
    library_free(&s->lib);
}

static size_t count_of(const struct trace *t, enum trace_kind kind)
{
    size_t n = 0;

    for (size_t i = 0; i < t->count; i++)
        n += t->events[i].kind == kind;
    return n;
}

/* The kinds of events, in order, rows of one kind once. */
static const char *course(const struct trace *t, struct arena *keep)
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

#define ASK "{'client': [{'cstringa': 'hello'}]},{'server': [{'cstringa': 'A'}]}" // 6 bytes, and 01 41
#define BIG_ASK "{'client': [{'bytes': '00*8388608'}]},{'server': [{'byte': 7}]}"

// clang-format off
static const struct course {
    const char *label, *suite;
    void (*serve)(struct peer_thread *peer, int fd);
    const char *course;
} courses[] = {
    { "an end is an end",            CASE(ASK), serve_reply,       "open > < fin-sent fin over"   },
    { "an end before ours",          CASE(ASK), serve_reply_end,   "open > < fin-sent fin over"   },
    { "a RST is a RST",              CASE(ASK), serve_reply_reset, "open > < fin-sent reset over" },
    { "a RST in place of a reply",   CASE(ASK), serve_reset_amid,  "open > reset mismatch over"   },
    { "a refused port",              CASE(ASK), NULL,              "refused over"                 },
};
// clang-format on

Test(engine, sees_what_happens, .timeout = 20)
{
    for (const struct course *c = courses; c < courses + COUNT_OF(courses); c++) {
        SCRATCH(keep);
        struct scene s = { .peer = { .serve = c->serve, .says = "\1A", .reads = 6 } };
        struct address closed = address_loopback(0);
        struct error err;
        AUTO_CLOSE int bound = -1;
        scene_set(&s, c->suite, "plain", &keep);
        if (!c->serve) {
            cr_assert(net_bind(&closed, &bound, &err));
            s.meeting.address = closed;
        }
        scene_play(&s, &quick);
        const char *was = course(&s.t, &keep);
        // Our end and the peer's FIN or RST may pass each other on the way.
        if (strcmp(was, "open > < fin fin-sent over") == 0)
            was = "open > < fin-sent fin over";
        if (strcmp(was, "open > < reset over") == 0)
            was = "open > < fin-sent reset over";
        cr_expect(eq(str, (char *)was, (char *)c->course), "%s", c->label);
        if (!c->serve)
            cr_expect(eq(i64, s.t.events[0].number, ECONNREFUSED));
        scene_end(&s);
    }
}

Test(engine, each_byte_leaves_in_a_segment_of_its_own, .timeout = 20)
{
    SCRATCH(keep);
    struct scene s = { .peer = { .serve = serve_reply, .says = "\1A", .reads = 201 } };

    scene_set(&s, CASE("{'client': [{'cstringa': {'unit': 'x', 'times': 200}}]},{'server': [{'cstringa': 'A'}]}"), "bytewise", &keep);
    scene_play(&s, &quick);
    cr_expect(eq(sz, count_of(&s.t, TRACE_SENT), 201));
    size_t segments = 0;
    for (size_t i = 0; i < s.t.count; i++)
        segments += s.t.events[i].kind == TRACE_SENT ? s.t.events[i].segments : 0;
    cr_expect(eq(sz, segments, 201));
    cr_expect(eq(sz, s.peer.read, 201));
    scene_end(&s);
}

Test(engine, a_message_as_written_leaves_in_one_segment, .timeout = 20)
{
    SCRATCH(keep);
    struct scene s = { .peer = { .serve = serve_reply, .says = "\1A", .reads = 6 } };

    scene_set(&s, CASE(ASK), "plain", &keep);
    scene_play(&s, &quick);
    cr_expect(eq(sz, count_of(&s.t, TRACE_SENT), 1));
    cr_expect(eq(u32, s.t.events[1].segments, 1));
    cr_expect(eq(sz, s.peer.most, 6));
    scene_end(&s);
}

static const struct limits impatient = { .open = 200000, .step = 200000, .end = 200000, .quiet = 20000, .settle = 50000, .whole = 400000 };

Test(engine, a_peer_that_never_reads_is_given_up, .timeout = 20)
{
    SCRATCH(keep);
    struct scene s = { .peer = { .serve = serve_nothing } };

    scene_set(&s, CASE(BIG_ASK), "plain", &keep);
    scene_play(&s, &impatient);
    cr_expect(eq(str, (char *)course(&s.t, &keep), "open > stopped over"));
    cr_expect(lt(sz, s.t.count, 2000));
    scene_end(&s);
}

Test(engine, a_peer_that_ends_and_never_reads_ends_once, .timeout = 20)
{
    SCRATCH(keep);
    struct scene s = { .peer = { .serve = serve_end_and_nothing } };

    scene_set(&s, CASE(BIG_ASK), "plain", &keep);
    scene_play(&s, &impatient);
    cr_expect(eq(sz, count_of(&s.t, TRACE_FIN), 1));
    cr_expect(eq(sz, count_of(&s.t, TRACE_STOPPED), 1));
    scene_end(&s);
}

Test(engine, a_flood_is_cut_off, .timeout = 20)
{
    SCRATCH(keep);
    struct scene s = { .peer = { .serve = serve_flood } };

    scene_set(&s, CASE(ASK), "plain", &keep);
    scene_play(&s, &quick);
    cr_expect(eq(sz, count_of(&s.t, TRACE_CUT_OFF), 1));
    cr_expect(le(sz, trace_received(&s.t, 0, s.t.count, &keep).len, SESSION_COLLECT_MAX + 2 * 65536));
    scene_end(&s);
}

Test(engine, a_flood_while_it_is_spoken_to_is_cut_off, .timeout = 20)
{
    SCRATCH(keep);
    struct scene s = { .peer = { .serve = serve_flood } };

    scene_set(&s, CASE(BIG_ASK), "plain", &keep);
    scene_play(&s, &quick);
    cr_expect(eq(sz, count_of(&s.t, TRACE_CUT_OFF), 1));
    cr_expect(eq(sz, trace_received(&s.t, 0, s.t.count, &keep).len, SESSION_AHEAD_MAX));
    scene_end(&s);
}

Test(engine, a_reset_of_ours_is_seen_as_one, .timeout = 20)
{
    SCRATCH(keep);
    struct scene s = { .peer = { .serve = serve_reply, .says = "\2", .reads = 1 } };

    scene_set(&s, CASE("{'control': 'ping'},{'reset': 'client'}"), "plain", &keep);
    scene_play(&s, &quick);
    cr_expect(eq(str, (char *)course(&s.t, &keep), "open > < reset-sent over"));
    cr_expect(s.peer.saw_reset);
    scene_end(&s);
}

Test(engine, our_hanging_up_is_no_reset, .timeout = 20)
{
    SCRATCH(keep);
    struct scene s = { .peer = { .serve = serve_reply, .says = "wrong", .reads = 6 } };

    scene_set(&s, CASE(ASK), "plain", &keep);
    scene_play(&s, &quick);
    cr_expect(eq(sz, count_of(&s.t, TRACE_MISMATCH), 1));
    cr_expect(s.peer.saw_end);
    cr_expect(not(s.peer.saw_reset));
    scene_end(&s);
}

static const struct trace_event *event_of(const struct trace *t, enum trace_kind kind)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->events[i].kind == kind)
            return &t->events[i];
    cr_assert(false, "no %s", trace_name(kind));
    return NULL;
}

Test(engine, what_is_not_read_waits_with_the_peer_and_then_comes_whole, .timeout = 20)
{
    static const char *const deliveries[] = { "plain", "bytewise" };

    for (size_t d = 0; d < COUNT_OF(deliveries); d++) {
        SCRATCH(keep);
        struct scene s = { .peer = { .serve = serve_much } };
        scene_set(&s, CASE("{'pause': 'client'},{'client': [{'byte': 9}]},{'resume': 'client'},{'server': [{'bytes': '00*8388608'}]},{'control': 'ping'}"),
                  deliveries[d], &keep);
        scene_play(&s, &quick);
        const char *was = course(&s.t, &keep);
        cr_expect(strncmp(was, "open paused > resumed < > < ", 28) == 0, "%s", was);
        cr_expect(eq(sz, trace_received(&s.t, 0, s.t.count, &keep).len, BIG + 1));
        int64_t waited = event_of(&s.t, TRACE_RESUMED)->number;
        cr_expect(waited > 0 && waited < BIG / 8, "%lld bytes", (long long)waited);
        scene_end(&s);
    }
}

Test(engine, a_slow_reader_lets_the_peer_run_full_and_reads_little_at_a_time, .timeout = 20)
{
    static const struct {
        const char *delivery, *begins;
        bool full;
        size_t most; // bytes in one read
    } rows[] = {
        { "plain",       "open > < ",                false, SIZE_MAX    },
        { "slow-reader", "open > paused resumed < ", true,  MUCH / 256 },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct scene s = { .peer = { .serve = serve_until_full } };
        size_t most = 0;
        scene_set(&s, CASE("{'client': [{'byte': 9}]},{'server': [{'bytes': '00*262144'}]}"), rows[i].delivery, &keep);
        scene_play(&s, &quick);
        const char *was = course(&s.t, &keep);
        cr_expect(strncmp(was, rows[i].begins, strlen(rows[i].begins)) == 0, "%s: %s", rows[i].delivery, was);
        for (size_t k = 0; k < s.t.count; k++)
            if (s.t.events[k].kind == TRACE_RECEIVED && s.t.events[k].data.len > most)
                most = s.t.events[k].data.len;
        cr_expect(most > 0 && most <= rows[i].most, "%s: %zu bytes in one read", rows[i].delivery, most);
        cr_expect(eq(sz, trace_received(&s.t, 0, s.t.count, &keep).len, MUCH));
        cr_expect(eq(int, s.peer.was_full, rows[i].full), "%s", rows[i].delivery);
        scene_end(&s);
    }
}

/* Pieces of many bytes: a kernel may take single ones for seconds after its buffer is full, as often as it is asked. */
Test(engine, a_peer_that_waits_for_us_while_we_speak_is_given_up, .timeout = 20)
{
    static const char *const deliveries[] = { "plain", "mfc" };

    for (size_t d = 0; d < COUNT_OF(deliveries); d++) {
        SCRATCH(keep);
        struct scene s = { .peer = { .serve = serve_echo } };
        scene_set(&s, CASE("{'pause': 'client'},{'client': [{'bytes': '00*33554432'}]},{'resume': 'client'},{'server': [{'bytes': '00*33554432'}]}"),
                  deliveries[d], &keep);
        scene_play(&s, &impatient);
        cr_expect(eq(str, (char *)course(&s.t, &keep), "open paused > late over"));
        scene_end(&s);
    }
}

Test(engine, pieces_that_nobody_takes_are_given_up, .timeout = 20)
{
    SCRATCH(keep);
    struct scene s = { .peer = { .serve = serve_nothing } };

    scene_set(&s, CASE(BIG_ASK), "bytewise", &keep);
    scene_play(&s, &impatient);
    cr_expect(eq(str, (char *)course(&s.t, &keep), "open > stopped over"));
    scene_end(&s);
}

/* Of a thread of ours nobody can see whether it has taken a piece, and nothing says that it has. */
Test(engine, that_pieces_are_taken_is_told_only_where_it_was_seen, .timeout = 20)
{
    SCRATCH(keep);
    struct scene s = { .peer = { .serve = serve_reply_end, .says = "\1A", .reads = 6 } };

    scene_set(&s, CASE(ASK), "cut-each:1:1", &keep);
    scene_play(&s, &quick);
    cr_expect(eq(sz, count_of(&s.t, TRACE_SENT), 2));
    cr_expect(eq(sz, count_of(&s.t, TRACE_RECEIVED), 1));
    cr_expect(eq(sz, count_of(&s.t, TRACE_TAKEN), 0));
    scene_end(&s);
}

/* Long enough that a test which needs a proof does not end without. */
static const struct limits patient = { .open = 2000000, .step = 600000000, .end = 600000000, .quiet = 600000000, .settle = 600000000, .whole = 900000000 };

/* Of a child it can be seen, and how long that took. */
Test(engine, that_pieces_are_taken_is_told_where_it_was_seen, .timeout = 20)
{
    SCRATCH(keep);
    struct scene s = { .peer = { .serve = serve_reply_end, .says = "\1A", .reads = 6, .is_process = true } };

    scene_set(&s, CASE(ASK), "cut-each:1:1", &keep);
    scene_play(&s, &patient);
    cr_expect(eq(sz, count_of(&s.t, TRACE_SENT), 2));
    cr_expect(eq(sz, count_of(&s.t, TRACE_RECEIVED), 1));
    cr_expect(eq(sz, count_of(&s.t, TRACE_TAKEN), 1));
    cr_expect(ge(i64, event_of(&s.t, TRACE_TAKEN)->number, 0));
    cr_expect(lt(i64, event_of(&s.t, TRACE_TAKEN)->number, event_of(&s.t, TRACE_OVER)->us));
    scene_end(&s);
}

#define BLUNT "{'format': 1, 'service': 'tiny', 'no-first-control': 'it has none', 'end': {'name': 'end', 'clauses': ['X-1']}," \
              " 'controls': {'ping': [ {'client': [{'byte': 1}]}, {'server': [{'byte': 2}]} ]}}"

// clang-format off
static const struct silence {
    const char *label, *service, *suite, *says;
    bool is_process, ours; // ours: we are told that it is; a thread cannot be proven to be silent
    const struct limits *limits;
    const char *course;
} silences[] = {
    { "a child's silence is proven", BLUNT, CASE("{'control': 'ping'},{'silent': 'server'}"), "\2", true,  true,  &patient, "open > < proven fin-sent fin over" },
    { "that nothing comes is, too",  TINY,  CASE("{'control': 'ping'},{'client': [{'byte': 7}]},{'server': [{'byte': 8}]}"), "\2", true, true, &patient, "open > < > proven probe > proven fin-sent fin over" },
    { "that no end comes is, too",   BLUNT, CASE("{'control': 'ping'},{'end': 'server'},{'end': 'client'}"), "\2", true, true, &patient, "open > < proven fin-sent over" },
    { "a thread's is waited for",    BLUNT, CASE("{'control': 'ping'},{'silent': 'server'}"), "\2", false, false, &quick,   "open > < quiet fin-sent fin over" },
    { "… also where it is ours",     BLUNT, CASE("{'control': 'ping'},{'silent': 'server'}"), "\2", false, true,  &quick,   "open > < quiet fin-sent fin over" },
    { "a child's that is not ours",  BLUNT, CASE("{'control': 'ping'},{'silent': 'server'}"), "\2", true,  false, &quick,   "open > < quiet fin-sent fin over" },
};
// clang-format on

Test(engine, silence_is_proven_where_it_can_be, .timeout = 30)
{
    for (const struct silence *q = silences; q < silences + COUNT_OF(silences); q++) {
        SCRATCH(keep);
        struct scene s = { .service = q->service, .peer = { .serve = serve_reply, .says = q->says, .reads = 1, .is_process = q->is_process } };
        scene_set(&s, q->suite, "plain", &keep);
        s.meeting.ours = q->ours;
        scene_play(&s, q->limits);
        cr_expect(eq(str, (char *)course(&s.t, &keep), (char *)q->course), "%s", q->label);
        scene_end(&s);
    }
}

static void dial(struct scene *s)
{
    struct error err;
    struct address us = place_of(s);

    cr_assert(net_bind(&us, &s->meeting.listener, &err), "%s", err.text);
    s->meeting.peer_dials = true;
    s->peer.dials = us;
}

/* The segments in which what we said is told to have left. */
static size_t segments_of(const struct trace *t)
{
    size_t n = 0;

    for (size_t i = 0; i < t->count; i++)
        n += t->events[i].kind == TRACE_SENT ? t->events[i].segments : 0;
    return n;
}

/* A peer listens, or dials, at an address of any kind. */
static void meet_at(const char *at, bool dials, const char *delivery)
{
    SCRATCH(keep);
    struct scene s = { .peer = { .serve = dials ? NULL : serve_reply, .says = "\1A", .reads = 6, .at = at } };
    struct error err;

    scene_set(&s, CASE(ASK), delivery, &keep);
    if (dials) {
        dial(&s);
        cr_assert(net_listen(s.meeting.listener, &err));
        s.peer.serve = serve_reply;
        cr_assert(pthread_create(&s.peer.thread, NULL, peer_main, &s.peer) == 0);
    }
    scene_play(&s, &quick);
    const char *was = course(&s.t, &keep);
    cr_expect(strcmp(was, "open > < fin-sent fin over") == 0 || strcmp(was, "open > < fin fin-sent over") == 0, "%s: %s", at, was);
    size_t segments = strncmp(at, "unix:", 5) == 0 ? 0 : strcmp(delivery, "plain") == 0 ? 1 : 6;
    cr_expect(eq(sz, segments_of(&s.t), segments), "%s, %s", at, delivery);
    fd_close(&s.meeting.listener);
    struct address ours = place_of(&s);
    net_unbind(&ours);
    scene_end(&s);
}

Test(engine, a_peer_may_listen_or_dial_at_an_address_of_any_kind, .timeout = 20)
{
    char place[] = "/tmp/arcwire-engine-XXXXXX";
    SCRATCH(keep);

    cr_assert(mkdtemp(place) != NULL);
    const char *at[] = { "127.0.0.1:0", "[::1]:0", arena_printf(&keep, "unix:%s/socket", place), arena_printf(&keep, "unix:@%s", place) };
    for (size_t i = 0; i < COUNT_OF(at); i++)
        for (int dials = 0; dials < 2; dials++) {
            meet_at(at[i], dials, "plain");
            meet_at(at[i], dials, "bytewise");
        }
    cr_expect(rmdir(place) == 0, "no socket is left");
}

Test(engine, a_closed_port_opens_once_the_peer_says_that_it_was_refused, .timeout = 20)
{
    SCRATCH(keep);
    struct scene s = { .peer = { .says = "\2", .reads = 1 } };
    int words[2];

    scene_set(&s, CASE("{'listen': 'client'},{'control': 'ping'}"), "plain", &keep);
    dial(&s);
    cr_assert(pipe(words) == 0);
    s.meeting.words = words[0];
    struct address to = s.peer.dials;
    AUTO_CLOSE int probe = socket(AF_INET, SOCK_STREAM, 0);
    cr_expect(connect(probe, (struct sockaddr *)&to.storage, to.len) < 0 && errno == ECONNREFUSED);
    static const volatile int never;
    struct error err;
    struct limits l = impatient;
    l.open = 100000;
    for (int i = 0; i < 2; i++) { // twice by one engine
        cr_assert(write(words[1], "refused, ", 9) == 9 && write(words[1], "retrying\n", 9) == 9);
        s.p = program_of(&s.lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        s.t = (struct trace){ .keep = &keep };
        cr_assert(engine_play(&s.engine, &s.p, &s.meeting, &l, &never, &s.t, &err), "%s", err.text); // and then nobody dials
        cr_expect(eq(str, (char *)course(&s.t, &keep), "retried refused over"));
        fd_close(&s.meeting.listener); // that nobody listens there again
        dial(&s);
    }
    close(words[0]);
    close(words[1]);
    fd_close(&s.meeting.listener);
    close(s.peer.done[0]);
    close(s.peer.done[1]);
    scene_end(&s);
}

/* A peer whose process has ended before it is met; what it has dialled before waits, and is taken. Twice by one engine, which forgets all of it. */
static void meet_gone(bool dialled, struct arena *keep, struct trace *out)
{
    static const volatile int never;
    struct scene s = { .peer = { .says = "\1A" } };
    struct error err;
    int process[2];

    scene_set(&s, CASE(ASK), "plain", keep);
    dial(&s);
    cr_assert(pipe(process) == 0);
    close(process[1]);
    s.meeting.process = process[0];
    for (int i = 0; i < 2; i++) {
        AUTO_CLOSE int caller = socket(AF_INET, SOCK_STREAM, 0);
        if (dialled) {
            cr_assert(listen(s.meeting.listener, 1) == 0);
            cr_assert(connect(caller, (struct sockaddr *)&s.peer.dials.storage, s.peer.dials.len) == 0);
            cr_assert(send(caller, "\1A", 2, 0) == 2 && shutdown(caller, SHUT_WR) == 0);
        }
        s.p = program_of(&s.lib, "t-1", "bits=64", PARTY_CLIENT, "plain", keep);
        s.t = (struct trace){ .keep = keep };
        cr_assert(engine_play(&s.engine, &s.p, &s.meeting, &quick, &never, &s.t, &err), "%s", err.text);
    }
    *out = s.t;
    close(process[0]);
    fd_close(&s.meeting.listener);
    close(s.peer.done[0]);
    close(s.peer.done[1]);
    scene_end(&s);
}

Test(engine, a_peer_that_has_ended_dials_no_more, .timeout = 20)
{
    SCRATCH(keep);
    struct trace t;

    meet_gone(false, &keep, &t);
    cr_expect(eq(str, (char *)course(&t, &keep), "refused over"));
    cr_expect(eq(i64, t.events[0].number, ECONNABORTED));
    meet_gone(true, &keep, &t);
    cr_expect(eq(int, t.events[0].kind, TRACE_OPEN));
    cr_expect(eq(sz, count_of(&t, TRACE_RECEIVED), 1));
    cr_expect(eq(sz, count_of(&t, TRACE_REFUSED), 0));
}

/* Twice by one engine: that the peer was waited for is forgotten. */
Test(engine, a_peer_that_never_dials_is_given_up, .timeout = 20)
{
    static const volatile int never;
    SCRATCH(keep);
    struct scene s = { .peer = { .says = "" } };
    struct limits l = impatient;
    struct error err;

    l.open = 50000;
    scene_set(&s, CASE(ASK), "plain", &keep);
    dial(&s);
    cr_assert(net_listen(s.meeting.listener, &err));
    for (int i = 0; i < 2; i++) {
        s.p = program_of(&s.lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        s.t = (struct trace){ .keep = &keep };
        cr_assert(engine_play(&s.engine, &s.p, &s.meeting, &l, &never, &s.t, &err), "%s", err.text);
        cr_expect(eq(str, (char *)course(&s.t, &keep), "refused over"));
        cr_expect(eq(i64, s.t.events[0].number, ETIMEDOUT));
        cr_expect(fcntl(STDIN_FILENO, F_GETFD) >= 0); // it is no connection's
    }
    fd_close(&s.meeting.listener);
    close(s.peer.done[0]);
    close(s.peer.done[1]);
    scene_end(&s);
}

Test(engine, stops_when_it_is_told, .timeout = 20)
{
    SCRATCH(keep);
    struct scene s = { .peer = { .serve = serve_nothing } };
    static volatile int stop = 1;
    struct error err;

    scene_set(&s, CASE(ASK), "plain", &keep);
    cr_assert(engine_play(&s.engine, &s.p, &s.meeting, &quick, &stop, &s.t, &err));
    cr_expect(eq(str, (char *)course(&s.t, &keep), "stopped over"));
    shutdown(s.peer.listener, SHUT_RDWR);
    close(s.peer.done[1]);
    pthread_join(s.peer.thread, NULL);
    fd_close(&s.peer.listener);
    close(s.peer.done[0]);
    scene_end(&s);
}

static size_t descriptors(void)
{
    DIR *d = opendir("/proc/self/fd");
    size_t n = 0;

    while (readdir(d))
        n++;
    closedir(d);
    return n;
}

Test(engine, leaves_no_descriptor_open, .timeout = 20)
{
    size_t before = descriptors();

    for (const struct course *c = courses; c < courses + COUNT_OF(courses); c++) {
        SCRATCH(keep);
        struct scene s = { .peer = { .serve = c->serve, .says = "\1A", .reads = 6 } };
        scene_set(&s, c->suite, "plain", &keep);
        scene_play(&s, &quick);
        scene_end(&s);
    }
    cr_expect(eq(sz, descriptors(), before));
}
