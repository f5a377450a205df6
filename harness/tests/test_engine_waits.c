/*
 * How long the engine waits, and when it asks for a proof: with a clock that stands still but for what is waited for. What the engine
 * asks of the system stands in a row of numbers, milliseconds; nothing here takes any time.
 */
#undef _FORTIFY_SOURCE // whose headers would define, inline, what is defined here

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "base/fd.h"
#include "net/quiescence.h"
#include "scene.h"

#define KERNEL_SIGSET 8   // bytes
#define READS_MAX 20000   // of the clock, behind which it runs after all: who never waits ends by a limit
#define PAIR "{'open': 'client', 'on': 'a'},{'open': 'client', 'on': 'b'},"
#define BLUNT "{'format': 1, 'service': 'tiny', 'no-first-control': 'it has none', 'end': {'name': 'end', 'clauses': ['X-1']}}"

/* ---- the system, as the engine sees it ---- */

static struct {
    bool on;
    int64_t ns;
    int64_t late;     // µs that each wait takes too long
    unsigned reads, pauses;
    int wrong;        // errno of the first wait, or 0
    const char *says; // what comes, and in which wait, the first being 0
    unsigned says_in;
    bool reads_all;   // the peer reads in each wait what there is
    unsigned waits;
    struct text *asked;
} fake;

static int ends[2]; // those of the peer
static unsigned given;

int clock_gettime(clockid_t clock, struct timespec *t)
{
    if (!fake.on)
        return (int)syscall(SYS_clock_gettime, clock, t);
    if (++fake.reads > READS_MAX)
        fake.ns += 1000000;
    *t = (struct timespec){ .tv_sec = 1000 + fake.ns / 1000000000, .tv_nsec = fake.ns % 1000000000 };
    return 0;
}

static int look(int epoll, struct epoll_event *events, int most, int ms)
{
    return (int)syscall(SYS_epoll_pwait, epoll, events, most, ms, NULL, KERNEL_SIGSET);
}

int epoll_wait(int epoll, struct epoll_event *events, int most, int ms)
{
    if (!fake.on)
        return look(epoll, events, most, ms);
    if ((errno = fake.wrong)) {
        fake.wrong = 0;
        return -1;
    }
    int n = look(epoll, events, most, 0);
    if (n)
        return n;
    text_printf(fake.asked, "%s%d", fake.waits ? " " : "", ms);
    fake.ns += 1000000ll * ms + 1000 * fake.late;
    static uint8_t chunk[65536];
    while (fake.reads_all && recv(ends[0], chunk, sizeof chunk, MSG_DONTWAIT) > 0)
        continue;
    if (fake.waits++ != fake.says_in || !fake.says)
        return fake.reads_all ? look(epoll, events, most, 0) : 0;
    cr_assert(send(ends[0], fake.says, strlen(fake.says), 0) == (ssize_t)strlen(fake.says));
    return look(epoll, events, most, 0);
}

int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *limit, const sigset_t *mask)
{
    if (!fake.on)
        return (int)syscall(SYS_ppoll, fds, count, limit, mask, KERNEL_SIGSET);
    fake.pauses++;
    fake.ns += limit->tv_sec * 1000000000ll + limit->tv_nsec;
    return 0;
}

/* ---- the peer ---- */

enum peer {
    NOBODY, // its ends are with us
    WAITS,  // a child has them, and says nothing for ever
    SLEEPS, // … or may say something some day
    RUNS,   // … or at any moment
};

/* A child has the peer's ends of so many connections. */
static pid_t peer_start(enum peer how, int count)
{
    static const enum quiet is[] = { [WAITS] = QUIET_PROVEN, [SLEEPS] = QUIET_UNPROVABLE, [RUNS] = QUIET_BUSY };

    if (how == NOBODY)
        return 0;
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(ends[0], 3);
        if (count > 1)
            dup2(ends[1], 4);
        close_range(3 + (unsigned)count, ~0u, 0);
        for (int std = 0; std < 3; std++)
            dup2(open("/dev/null", O_RDWR), std);
        close_range(3 + (unsigned)count, ~0u, 0);
        while (how == WAITS)
            pause();
        while (how == SLEEPS)
            nanosleep(&(struct timespec){ .tv_sec = 600 }, NULL);
        for (volatile int n = 0;; n = !n)
            continue;
    }
    while (quiet_all_wait() != is[how])
        sched_yield();
    return pid;
}

static void peer_end(pid_t pid)
{
    if (pid)
        kill(pid, SIGKILL);
    if (pid)
        waitpid(pid, NULL, 0);
    fd_close(&ends[0]);
    fd_close(&ends[1]);
}

/* Connections are pairs of sockets that are there before. */
static int ours[2];

static int give(void *of, struct error *err)
{
    (void)of, (void)err;
    return fd_keep(&ours[given++]);
}

static void pairs_make(void)
{
    given = 0;
    for (int i = 0; i < 2; i++) {
        int pair[2];
        cr_assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
        fcntl(pair[0], F_SETFL, O_NONBLOCK);
        ours[i] = pair[0];
        ends[i] = pair[1];
    }
}

/* ---- plays ---- */

#define HEAR  "{'server': [{'byte': 8}]}"
#define ANY   "{'server': [{'cstringa': {'any': true}}]}"
#define PAUSE "{'open': 'client'},{'pause': 'client'},{'resume': 'client'}," HEAR
#define CUT   "{'client': [{'word': 772}]},{'reset': 'client'}"

struct wait {
    const char *label, *steps, *delivery;
    enum peer peer;
    bool is_ours;
    int64_t step, quiet, whole; // µs, 0: long
    int64_t late;
    const char *had, *says; // what lies there before, and what comes
    unsigned says_in, pauses;
    const char *asked; // NULL: how much a kernel takes at once is its own business
    const char *course;
    int64_t over; // µs: when
};

// clang-format off
static const struct wait waits[] = {
    { "up to the limit",                 HEAR, .step = 9900,  .asked = "10", .course = "open late over", .over = 10000 }, // a byte has 100 µs
    { "… a µs more is a ms",             HEAR, .step = 9901,  .asked = "11", .course = "open late over", .over = 11000 },
    { "… and one alone is one, too",     ANY,  .step = 1,     .asked = "1",  .course = "open late over", .over = 1000 },
    { "others had the processor",        HEAR, .step = 9900,  .late = 3001, .asked = "10", .course = "open late over", .over = 10000 },
    { "… for a moment",                  HEAR, .step = 9900,  .late = 3000, .asked = "10", .course = "open late over", .over = 13000 },
    { "… and then something was there",  HEAR, .step = 9900,  .late = 5000, .says = "\10", .asked = "10 10", .course = "open < fin-sent late over", .over = 25000 },

    { "a proof soon",                    HEAR, .peer = WAITS,  .is_ours = true, .step = 9900,  .asked = "2 0", .course = "open proven over", .over = 2000 },
    { "… in a silence at once",          "{'silent': 'server'}", .peer = WAITS, .is_ours = true, .asked = "0 0 2 0", .course = "open proven fin-sent proven over", .over = 2000 },
    { "… of nobody else's",              HEAR, .peer = WAITS,  .step = 9900,  .asked = "10", .course = "open late over", .over = 10000 },
    { "… and something had come",        HEAR, .peer = WAITS,  .is_ours = true, .step = 9900, .says = "\10", .says_in = 1, .asked = "2 0 2 0", .course = "open < fin-sent proven over", .over = 4000 },
    { "… of all connections",            PAIR "{'server': [{'byte': 8}], 'on': 'b'}", .peer = WAITS, .is_ours = true, .step = 9900, .asked = "2 0", .course = "open proven over", .over = 2000 },
    { "none while one has not been read", PAIR "{'client': [{'byte': 7}], 'on': 'a'},{'server': [{'byte': 8}], 'on': 'b'}", .peer = WAITS, .is_ours = true, .step = 10900, .asked = "2 2 2 2 2 1", .course = "open > late over", .over = 11000 },
    { "no proof of one that sleeps",     HEAR, .peer = SLEEPS, .is_ours = true, .step = 9900,  .asked = "2 2 2 4", .course = "open late over", .over = 10000 },
    { "… in a silence",                  "{'silent': 'server'}", .peer = SLEEPS, .is_ours = true, .step = 9900, .quiet = 10000, .asked = "0 2 2 6 10", .course = "open quiet fin-sent late over", .over = 20000 },
    { "none yet of one that runs",       HEAR, .peer = RUNS,   .is_ours = true, .step = 10900, .asked = "2 2 2 2 2 1", .course = "open late over", .over = 11000 },
    { "… and something came elsewhere",  PAIR "{'silent': 'server', 'on': 'b'},{'reset': 'client', 'on': 'a'},{'reset': 'client', 'on': 'b'}", .peer = RUNS, .is_ours = true, .quiet = 10000, .says = "\10",
      .says_in = 1, .asked = "0 2 0 2 2 2 2", .course = "open < quiet reset-sent over", .over = 10000 },
    { "none when the time is over",      HEAR, .peer = WAITS,  .is_ours = true, .step = 1500,  .asked = "2", .course = "open late over", .over = 2000 },
    { "… just now",                      HEAR, .peer = WAITS,  .is_ours = true, .step = 1900,  .asked = "2", .course = "open late over", .over = 2000 },

    { "who waits for us is read again",  PAUSE ",{'reset': 'client'}", .peer = WAITS, .is_ours = true, .step = 9900, .had = "\10", .asked = "5", .course = "open paused resumed < reset-sent over", .over = 5000 },
    { "… or after a silence",            PAUSE ",{'reset': 'client'}", .step = 9900, .quiet = 8000, .had = "\10", .asked = "5 3", .course = "open paused resumed < reset-sent over", .over = 8000 },
    { "… or at the limit",               PAUSE, .peer = WAITS, .is_ours = true, .step = 9900, .asked = "5 5 2 0", .course = "open paused resumed proven over", .over = 12000 },

    { "room for our words",              "{'client': [{'bytes': '00*8388608'}]}", .whole = 5000, .asked = "1 1 1 1 1 1", .course = "open > stopped over", .over = 6000 },
    { "… which comes",                   "{'client': [{'bytes': '00*1048576'}]},{'reset': 'client'}", "mfc", .course = "open > reset-sent over" },
    { "that a piece is taken",           CUT, "cut-each:1:1", .asked = "0", .course = "open > reset-sent over", .pauses = 40 + 9, .over = 2450 },
    { "… which is seen",                 CUT, "cut-each:1:1", .peer = WAITS, .is_ours = true, .asked = "0", .course = "open > taken > reset-sent over" },
    { "… by one that runs",              CUT, "cut-each:1:1", .peer = RUNS, .is_ours = true, .quiet = 3000, .asked = "0", .course = "open > reset-sent over", .pauses = 60 + 9, .over = 3450 },
};
// clang-format on

static struct limits limits_of(const struct wait *w)
{
    int64_t long_enough = 1000000, step = w->step ? w->step : long_enough;

    return (struct limits){ .open = 50000, .step = step, .end = step, .quiet = w->quiet ? w->quiet : long_enough, .settle = 4000,
                            .whole = w->whole ? w->whole : 100 * long_enough };
}

static void fake_begin(struct text *asked)
{
    memset(&fake, 0, sizeof fake);
    fake.asked = asked;
}

/* Nothing is asserted while the clock stands still. */
static bool play(struct scene *s, const struct limits *l, struct error *err)
{
    static const volatile int never;

    fake.on = true;
    bool played = engine_play(&s->engine, &s->p, &s->meeting, l, &never, &s->t, err);
    fake.on = false;
    return played;
}

static void scene_make(struct scene *s, const char *steps, const char *delivery, struct arena *keep)
{
    *s = (struct scene){ .service = BLUNT };
    scene_set(s, arena_printf(keep, CASE("%s"), steps), delivery ? delivery : "plain", keep);
    s->meeting.open = give;
    pairs_make();
}

static void scene_leave(struct scene *s, pid_t pid)
{
    peer_end(pid);
    fd_close(&ours[0]);
    fd_close(&ours[1]);
    close(s->peer.done[0]);
    close(s->peer.done[1]);
    scene_end(s);
}

Test(engine_waits, as_long_as_is_due, .timeout = 20)
{
    for (const struct wait *w = waits; w < waits + COUNT_OF(waits); w++) {
        SCRATCH(keep);
        TEXT(asked);
        struct scene s;
        struct error err;
        struct limits l = limits_of(w);
        scene_make(&s, w->steps, w->delivery, &keep);
        s.meeting.ours = w->is_ours;
        if (w->had)
            cr_assert(send(ends[0], w->had, strlen(w->had), 0) == (ssize_t)strlen(w->had));
        pid_t pid = peer_start(w->peer, strstr(w->steps, "'b'") ? 2 : 1);
        fake_begin(&asked);
        fake.late = w->late;
        fake.says = w->says;
        fake.says_in = w->says_in;
        fake.reads_all = !w->asked;
        cr_assert(play(&s, &l, &err), "%s: %s", w->label, err.text);
        cr_expect(eq(str, (char *)course(&s.t, &keep), (char *)w->course), "%s", w->label);
        cr_expect(eq(uint, fake.pauses, w->pauses), "%s", w->label);
        if (w->asked) {
            cr_expect(eq(str, (char *)text_string(&asked), (char *)w->asked), "%s", w->label);
            cr_expect(eq(i64, event_of(&s.t, TRACE_OVER)->us, w->over), "%s", w->label);
        }
        scene_leave(&s, pid);
    }
}

/* What is over is not told again and again: the engine waits for what may still come, once. */
Test(engine_waits, what_is_over_wakes_it_once, .timeout = 20)
{
    enum what { AN_END, BOTH_ENDS, THE_PEER, ITS_WORDS };
    static const struct {
        const char *label, *steps;
        enum what over;
        const char *asked, *course;
    } rows[] = {
        { "their end", PAIR "{'end': 'server', 'on': 'a'},{'server': [{'byte': 8}], 'on': 'b'}", AN_END, "10", "open fin late over" },
        { "both ends", PAIR "{'end': 'server', 'on': 'a'},{'end': 'client', 'on': 'a'},{'server': [{'byte': 8}], 'on': 'b'}", BOTH_ENDS, "10", "open fin fin-sent late over" },
        { "the peer itself", HEAR, THE_PEER, "10", "open late over" },
        { "its words", "{'listen': 'client'}," HEAR, ITS_WORDS, "50", "late over" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        TEXT(asked);
        struct scene s;
        struct error err;
        struct limits l = limits_of(&(struct wait){ .step = 9900 });
        int gone[2];
        scene_make(&s, rows[i].steps, NULL, &keep);
        cr_assert(pipe(gone) == 0);
        close(gone[1]);
        if (rows[i].over <= BOTH_ENDS)
            shutdown(ends[0], SHUT_WR);
        if (rows[i].over == THE_PEER)
            s.meeting.process = gone[0];
        if (rows[i].over == ITS_WORDS)
            s.meeting.words = gone[0];
        fake_begin(&asked);
        cr_assert(play(&s, &l, &err), "%s: %s", rows[i].label, err.text);
        cr_expect(eq(str, (char *)text_string(&asked), (char *)rows[i].asked), "%s", rows[i].label);
        cr_expect(eq(str, (char *)course(&s.t, &keep), (char *)rows[i].course), "%s", rows[i].label);
        close(gone[0]);
        scene_leave(&s, 0);
    }
}

/* One engine meets a peer that lives on, and whose words may still come, once more. */
Test(engine_waits, who_lives_on_is_met_again, .timeout = 20)
{
    static const char *const steps[] = { HEAR, "{'listen': 'client'}," HEAR }, *const due[] = { "open late over", "late over" };

    for (int listens = 0; listens < 2; listens++) {
        SCRATCH(keep);
        struct scene s;
        struct limits l = limits_of(&(struct wait){ .step = 9900 });
        int alive[2];
        scene_make(&s, steps[listens], NULL, &keep);
        cr_assert(pipe(alive) == 0);
        *(listens ? &s.meeting.words : &s.meeting.process) = alive[0];
        for (int i = 0; i < 2; i++) {
            TEXT(asked);
            struct error err = { 0 };
            s.t = (struct trace){ .keep = &keep };
            given = i;
            fake_begin(&asked);
            cr_assert(play(&s, &l, &err), "%s", err.text);
            cr_expect(eq(str, (char *)text_string(&asked), listens ? "50" : "10"));
            cr_expect(eq(str, (char *)course(&s.t, &keep), (char *)due[listens]));
        }
        close(alive[0]);
        close(alive[1]);
        scene_leave(&s, 0);
    }
}

/* So many messages of a byte each. A descriptor goes with each, so that a read takes no more than one of them. */
static void say_singly(int count)
{
    union {
        struct cmsghdr head;
        char all[CMSG_SPACE(sizeof(int))];
    } extra = { .head = { .cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS } };
    struct iovec one = { "x", 1 };
    struct msghdr m = { .msg_iov = &one, .msg_iovlen = 1, .msg_control = &extra, .msg_controllen = sizeof extra };

    memcpy(CMSG_DATA(&extra.head), &ends[0], sizeof(int));
    for (int i = 0; i < count; i++)
        cr_assert(sendmsg(ends[0], &m, 0) == 1);
}

static volatile int stopped;

static int give_and_stop(void *of, struct error *err)
{
    stopped = 1;
    return give(of, err);
}

/* Up to 64 reads: what is left then makes a reset of our end. */
Test(engine_waits, what_nobody_has_read_is_read_away, .timeout = 20)
{
    static const struct {
        int messages;
        bool is_reset;
    } rows[] = { { 0, false }, { 1, false }, { 64, false }, { 65, true } };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct scene s;
        struct error err;
        struct limits l = limits_of(&(struct wait){ .step = 9900 });
        char byte;
        scene_make(&s, HEAR, NULL, &keep);
        s.meeting.open = give_and_stop;
        say_singly(rows[i].messages);
        stopped = 0;
        cr_assert(engine_play(&s.engine, &s.p, &s.meeting, &l, &stopped, &s.t, &err));
        cr_expect(eq(str, (char *)course(&s.t, &keep), "open stopped over"));
        ssize_t n = recv(ends[0], &byte, 1, MSG_DONTWAIT);
        cr_expect(rows[i].is_reset ? n < 0 && errno == ECONNRESET : n == 0, "%d", rows[i].messages);
        scene_leave(&s, 0);
    }
}

/* A signal is no error: it is waited for on. */
Test(engine_waits, that_cannot_be_waited_is_an_error, .timeout = 20)
{
    static const struct {
        int wrong;
        const char *error, *asked;
    } rows[] = { { EINTR, "", "10" }, { EBADF, "epoll: Bad file descriptor", "" } };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        TEXT(asked);
        struct scene s;
        struct error err = { 0 };
        struct limits l = limits_of(&(struct wait){ .step = 9900 });
        scene_make(&s, HEAR, NULL, &keep);
        fake_begin(&asked);
        fake.wrong = rows[i].wrong;
        cr_expect(eq(int, play(&s, &l, &err), !rows[i].error[0]));
        cr_expect(eq(str, err.text, (char *)rows[i].error));
        cr_expect(eq(str, (char *)text_string(&asked), (char *)rows[i].asked));
        scene_leave(&s, 0);
    }
}
