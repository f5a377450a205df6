/*
 * Nothing here asks what the system is: each row does what a run would do and tells what came of it.
 */
#include "run/doctor.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "net/quiescence.h"
#include "peer/memory.h"
#include "run/worker.h"

#define TRIES    200   // of a proof, 5 ms apart
#define PROOFS   21    // that are timed
#define PIECES   8     // bytes that are sent apart

/* A child that has one connection to us and waits for bytes; with a timer, on request. */
struct partner {
    pid_t pid;
    int fd; // our end
};

static bool partner_start(bool timer, struct partner *p, struct error *err)
{
    struct address at = address_loopback(0);
    AUTO_CLOSE int listener = -1;

    *p = (struct partner){ -1, -1 };
    if (!net_bind(&at, &listener, err) || !net_listen(listener, err))
        return false;
    int wrong = net_connect(&at, &p->fd);
    struct pollfd waits = { listener, POLLIN, 0 };
    int theirs = wrong == 0 && poll(&waits, 1, 1000) == 1 ? net_accept(listener) : -1;
    if (theirs < 0)
        return error_set(err, ERROR_SYSTEM, "no connection to ourselves: %s", strerror(wrong ? wrong : errno));
    p->pid = fork();
    if (p->pid == 0) {
        char byte;
        int clock = timer ? timerfd_create(CLOCK_MONOTONIC, 0) : -1;
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(p->fd);
        while (poll(&(struct pollfd){ theirs, POLLIN, 0 }, 1, -1) == 1 && read(theirs, &byte, 1) == 1)
            ;
        _exit(clock >= 0);
    }
    close(theirs);
    return p->pid > 0 || error_errno(err, "fork");
}

static void partner_end(struct partner *p)
{
    if (p->pid > 0) {
        kill(p->pid, SIGKILL);
        waitpid(p->pid, NULL, 0);
    }
    fd_close(&p->fd);
}

/* A proof, tried until it is one or cannot be. */
static enum quiet prove(const struct quiet_socket *sockets, size_t count, const char **why)
{
    enum quiet q = QUIET_BUSY;

    for (int i = 0; q == QUIET_BUSY && i < TRIES; i++) {
        q = quiet_prove(sockets, count, why);
        if (q == QUIET_BUSY)
            poll(NULL, 0, 5);
    }
    return q;
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

static struct doctor_row proven_silence(struct arena *keep)
{
    struct doctor_row row = { .name = "proven silence" };
    struct partner p;
    struct error err;
    const char *why = "";
    int64_t took[PROOFS];
    size_t n = 0;

    if (partner_start(false, &p, &err)) {
        struct quiet_socket one = { p.fd, 0 };
        for (bool good = true; good && n < PROOFS; n += good) {
            enum quiet q = n == 0 ? prove(&one, 1, &why) : QUIET_PROVEN;
            int64_t began = clock_us();
            good = q == QUIET_PROVEN && quiet_prove(&one, 1, &why) == QUIET_PROVEN;
            took[n] = clock_us() - began;
        }
        qsort(took, n, sizeof *took, by_size);
        row.works = n == PROOFS;
        row.words = row.works ? arena_printf(keep, "a local peer that waits is known to say nothing: %lld µs, the median of %d", (long long)took[n / 2], PROOFS)
                              : arena_printf(keep, "%s: silence is probed, or waited for", why);
    } else {
        row.words = arena_string(keep, err.text);
    }
    partner_end(&p);
    return row;
}

/* The other side of a proof: what may speak by itself must not be believed. */
static struct doctor_row late_speakers(struct arena *keep)
{
    struct doctor_row row = { .name = "late speakers" };
    struct partner p;
    struct error err;
    const char *why = "";

    if (partner_start(true, &p, &err)) {
        enum quiet q = prove(&(struct quiet_socket){ p.fd, 0 }, 1, &why);
        row.works = q == QUIET_UNPROVABLE;
        row.words = row.works ? arena_printf(keep, "one with a timer is not believed: %s", why)
                              : arena_printf(keep, "one with a timer was not told from one that waits: %s", q == QUIET_PROVEN ? "it counted as quiet" : why);
    } else {
        row.words = arena_string(keep, err.text);
    }
    partner_end(&p);
    return row;
}

static struct doctor_row segments(struct arena *keep)
{
    struct doctor_row row = { .name = "segments" };
    struct partner p;
    struct error err;

    if (partner_start(false, &p, &err)) {
        net_prepare(p.fd);
        unsigned before = net_progress(p.fd).segments, sent = 0;
        for (int i = 0; i < PIECES; i++) {
            sent += send(p.fd, "x", 1, MSG_NOSIGNAL) == 1;
            for (int ms = 0; ms < 100 && net_progress(p.fd).unsent > 0; ms++)
                poll(NULL, 0, 1);
        }
        unsigned left = net_progress(p.fd).segments - before;
        row.works = sent == PIECES && left == PIECES;
        row.words = row.works ? arena_printf(keep, "%d bytes left as %u segments, by the kernel's count", PIECES, left)
                              : arena_printf(keep, "%u bytes left as %u segments, by the kernel's count: the trace cannot tell them apart", sent, left);
    } else {
        row.words = arena_string(keep, err.text);
    }
    partner_end(&p);
    return row;
}

static struct doctor_row refused_port(struct arena *keep)
{
    struct doctor_row row = { .name = "a closed port" };
    struct address at = address_loopback(0);
    AUTO_CLOSE int held = -1;
    AUTO_CLOSE int fd = -1;
    struct error err;

    if (!net_bind(&at, &held, &err)) {
        row.words = arena_string(keep, err.text);
        return row;
    }
    int wrong = net_connect(&at, &fd);
    if (wrong == 0 && poll(&(struct pollfd){ fd, POLLOUT, 0 }, 1, 1000) == 1)
        wrong = net_connected(fd);
    row.works = wrong == ECONNREFUSED;
    row.words = row.works ? "a port that is held and does not listen refuses connections"
                          : arena_printf(keep, "connecting to one ended with: %s", strerror(wrong));
    return row;
}

static struct doctor_row memory(struct arena *keep)
{
    struct doctor_row row = { .name = "a peer's memory" };
    struct partner p;
    struct error err;

    if (partner_start(false, &p, &err)) {
        struct peer peer = { .pid = p.pid };
        bool forgets = peer_memory_reset(&peer);
        row.works = forgets && peer_memory_peak(&peer) > 0;
        row.words = row.works ? "the most that a peer held can be told for each case" : "its peak cannot be read or reset: the check \"memory\" is left out";
    } else {
        row.words = arena_string(keep, err.text);
    }
    partner_end(&p);
    return row;
}

static struct doctor_row processors(struct arena *keep)
{
    struct doctor_row row = { .name = "processors" };
    cpu_set_t all, one;
    int here = sched_getcpu();

    if (here < 0 || sched_getaffinity(0, sizeof all, &all) < 0) {
        row.words = "they are not told: harness and peer may be on different ones, which costs time";
        return row;
    }
    CPU_ZERO(&one);
    CPU_SET(here, &one);
    row.works = sched_setaffinity(0, sizeof one, &one) == 0 && sched_setaffinity(0, sizeof all, &all) == 0;
    row.words = row.works ? arena_printf(keep, "%d: so many workers play, each on one with its peer", CPU_COUNT(&all))
                          : "none can be chosen: harness and peer may be on different ones, which costs time";
    return row;
}

static struct doctor_row version_six(struct arena *keep)
{
    struct doctor_row row = { .name = "IPv6" };
    struct address at;
    AUTO_CLOSE int fd = -1;
    struct error err;

    row.works = address_parse("[::1]:0", &at, &err) && net_bind(&at, &fd, &err);
    row.words = row.works ? "peers may listen on ::1" : arena_printf(keep, "%s: peers on IPv6 cannot be tested here", err.text);
    return row;
}

static struct doctor_row descriptors(struct arena *keep)
{
    struct doctor_row row = { .name = "descriptors" };
    struct rlimit limit = { 0 };

    getrlimit(RLIMIT_NOFILE, &limit);
    row.works = limit.rlim_cur >= 256;
    row.words = arena_printf(keep, "%llu may be open%s", (unsigned long long)limit.rlim_cur, row.works ? "" : ": a run needs up to 256");
    return row;
}

size_t doctor_look(struct doctor_row rows[DOCTOR_ROWS], struct arena *keep)
{
    static const struct {
        struct doctor_row (*look)(struct arena *keep);
    } looks[] = { { proven_silence }, { late_speakers }, { segments },    { refused_port },
                  { memory },         { processors },    { version_six }, { descriptors } };

    for (size_t i = 0; i < COUNT_OF(looks); i++)
        rows[i] = looks[i].look(keep);
    return COUNT_OF(looks);
}

/* One service of a peer that runs: its prologue, then whether it is quiet. */
static bool look_at_service(struct worker *w, const struct service *s, struct doctor_row *row, struct arena *keep, struct error *err)
{
    struct played out = { 0 };
    const char *why = "";

    bool good = worker_play(w, &(struct turn){ .service = s }, &out, err);
    if (good) {
        enum quiet q = prove(NULL, 0, &why);
        row->name = s->name;
        row->works = out.passed && q == QUIET_PROVEN;
        row->words = !out.passed            ? arena_printf(keep, "its first exchange failed: arcwire run tells how")
                     : q == QUIET_PROVEN    ? "it answers, and its silence can be proven"
                     : q == QUIET_UNPROVABLE ? arena_printf(keep, "it answers; its silence is %s, for it cannot be proven: %s", s->probe ? "probed" : "waited for", why)
                                             : arena_printf(keep, "it answers, and does not come to rest: %s", why);
    }
    played_free(&out);
    return good;
}

static void describe_nothing(void *of, const struct result *r, struct text *to)
{
    (void)of, (void)r, (void)to;
}

static void say_nothing(void *of, const char *line)
{
    (void)of, (void)line;
}

bool doctor_peer(const struct library *lib, const struct run_options *o, struct doctor_row rows[DOCTOR_ROWS], size_t *count,
                 struct arena *keep, struct error *err)
{
    static const volatile int never;
    const struct sink sink = { .describe = describe_nothing, .say = say_nothing };
    const char *const *names = manifest_services(o->manifest, o->variant);
    struct worker w;

    *count = 0;
    bool good = worker_begin(&w, o, &sink, &never, err);
    for (size_t i = 0; good && names[i] && *count < DOCTOR_ROWS; i++) {
        const struct service *s = library_service(lib, names[i]);
        if (s && (!o->peer_dials || i == 0))
            good = look_at_service(&w, s, &rows[(*count)++], keep, err);
    }
    worker_end(&w);
    return good;
}
