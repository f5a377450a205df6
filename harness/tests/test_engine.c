/*
 * The engine on real sockets, against peers that are threads of the test. Loopback, ports of the kernel's choice.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "base/fd.h"
#include "scene.h"

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

/*
 * The segments in which what we said is told to have left. What the kernel holds back a while, as it may on a busy machine, is told
 * without one, for none had left by then: it counts as late.
 */
static size_t segments_of(const struct trace *t, size_t *late)
{
    size_t n = 0;

    *late = 0;
    for (size_t i = 0; i < t->count; i++) {
        n += t->events[i].kind == TRACE_SENT ? t->events[i].segments : 0;
        *late += t->events[i].kind == TRACE_SENT && t->events[i].segments == 0;
    }
    return n;
}

Test(engine, each_byte_leaves_in_a_segment_of_its_own, .timeout = 20)
{
    SCRATCH(keep);
    struct scene s = { .peer = { .serve = serve_reply, .says = "\1A", .reads = 201 } };

    scene_set(&s, CASE("{'client': [{'cstringa': {'unit': 'x', 'times': 200}}]},{'server': [{'cstringa': 'A'}]}"), "bytewise", &keep);
    scene_play(&s, &quick);
    cr_expect(eq(sz, count_of(&s.t, TRACE_SENT), 201));
    size_t late, segments = segments_of(&s.t, &late);
    cr_expect(eq(sz, segments + late, 201));
    cr_expect(lt(sz, late, 20));
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
        for (size_t i = 0; i < s.t.count; i++) // a proof takes some time, and all of it in the play
            if (s.t.events[i].kind == TRACE_PROVEN)
                cr_expect(s.t.events[i].number > 0 && s.t.events[i].number <= s.t.events[i].us, "%s", q->label);
        scene_end(&s);
    }
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
    size_t late, segments = segments_of(&s.t, &late), pieces = strcmp(delivery, "plain") == 0 ? 1 : 6;
    cr_expect(eq(sz, segments + late, pieces), "%s, %s", at, delivery);
    cr_expect(strncmp(at, "unix:", 5) != 0 || segments == 0, "%s, %s: a local socket has no segments", at, delivery);
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
    struct limits l = impatient;
    l.open = 100000;
    for (int i = 0; i < 2; i++) { // twice by one engine
        cr_assert(write(words[1], "refused, ", 9) == 9 && write(words[1], "retrying\n", 9) == 9);
        scene_play_alone(&s, &l, &keep); // and then nobody dials
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

/* What it has said before is heard whole, and nobody waits for it to dial. Twice by one engine, which forgets it. */
Test(engine, a_listening_peer_may_end_while_it_is_met, .timeout = 20)
{
    SCRATCH(keep);
    struct scene s = { .peer = { .serve = serve_reply, .says = "\1A", .reads = 6 } };
    int process[2];

    scene_set(&s, CASE(ASK), "plain", &keep);
    cr_assert(pipe(process) == 0);
    close(process[1]);
    s.meeting.process = process[0];
    scene_play(&s, &quick);
    const char *was = course(&s.t, &keep);
    cr_expect(strcmp(was, "open > < fin-sent fin over") == 0 || strcmp(was, "open > < fin fin-sent over") == 0, "%s", was);
    scene_play_alone(&s, &quick, &keep); // nobody is there
    cr_expect(eq(str, (char *)course(&s.t, &keep), "refused over"));
    cr_expect(eq(i64, s.t.events[0].number, ECONNREFUSED));
    close(process[0]);
    scene_end(&s);
}

/* A connection that is made for us is there at once; of several each is its own. */
static int made[2];

static int make(void *of, struct error *err)
{
    int ends[2];

    (void)err;
    cr_assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) == 0);
    made[(*(int *)of)++] = ends[1];
    cr_assert(send(ends[1], *(int *)of == 1 ? "\1A" : "\1B", 2, 0) == 2);
    shutdown(ends[1], SHUT_WR);
    return ends[0];
}

Test(engine, connections_may_be_made_for_it, .timeout = 20)
{
    SCRATCH(keep);
    struct scene s = { .peer = { 0 } };
    int count = 0;

    scene_set(&s, CASE("{'open': 'client', 'on': 'a'},{'open': 'client', 'on': 'b'},{'server': [{'cstringa': 'B'}], 'on': 'b'},{'server': [{'cstringa': 'A'}], 'on': 'a'}"),
              "plain", &keep);
    s.meeting.open = make;
    s.meeting.of = &count;
    scene_play_alone(&s, &quick, &keep);
    cr_expect(eq(int, count, 2));
    cr_expect(eq(sz, count_of(&s.t, TRACE_OPEN), 2));
    cr_expect(eq(sz, count_of(&s.t, TRACE_RECEIVED), 2));
    cr_expect(eq(sz, count_of(&s.t, TRACE_FIN), 2));
    cr_expect(eq(sz, count_of(&s.t, TRACE_FIN_SENT), 2));
    cr_expect(eq(uint, event_of(&s.t, TRACE_OVER)->op, s.p.count));
    for (int i = 0; i < 2; i++) {
        char byte;
        cr_expect(eq(i64, recv(made[i], &byte, 1, 0), 0)); // it was ended, not reset
        close(made[i]);
    }
    close(s.peer.done[0]);
    close(s.peer.done[1]);
    scene_end(&s);
}

/* Words come in whatever pieces they are read: here the last letter comes by itself, behind many that say nothing. */
Test(engine, a_peer_that_was_refused_is_heard_in_pieces, .timeout = 20)
{
    static const char refused[] = "refused, retrying";
    SCRATCH(keep);
    struct scene s = { .peer = { .says = "\2", .reads = 1 } };
    struct limits l = impatient;
    char said[513];
    int words[2];

    l.open = 100000;
    memset(said, '.', sizeof said);
    memcpy(said + sizeof said - strlen(refused), refused, strlen(refused));
    scene_set(&s, CASE("{'listen': 'client'},{'control': 'ping'}"), "plain", &keep);
    dial(&s);
    cr_assert(pipe(words) == 0);
    s.meeting.words = words[0];
    cr_assert(write(words[1], said, sizeof said) == (ssize_t)sizeof said);
    scene_play_alone(&s, &l, &keep);
    cr_expect(eq(str, (char *)course(&s.t, &keep), "retried refused over"));
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
    struct scene s = { .peer = { .says = "\1A" } };
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
        scene_play_alone(&s, &quick, keep);
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
    SCRATCH(keep);
    struct scene s = { .peer = { .says = "" } };
    struct limits l = impatient;
    struct error err;

    l.open = 50000;
    scene_set(&s, CASE(ASK), "plain", &keep);
    dial(&s);
    cr_assert(net_listen(s.meeting.listener, &err));
    for (int i = 0; i < 2; i++) {
        scene_play_alone(&s, &l, &keep);
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
