#include "replay/engine.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>

#include "base/clock.h"
#include "base/fd.h"
#include "net/quiescence.h"

#define READ_SIZE 65536      // bytes taken by one read
#define STOLEN      3000     // µs behind the end of a wait that we run again without being kept from it
#define UNPROVABLE_MAX 3     // times that a peer may look unprovable: a runtime's locks have time limits while it works
#define PROOF_EVERY 2        // ms without an event after which a proof is tried (again)
#define ALONE_MS 20          // that a piece is waited for to leave, before it is looked what else there is to do
#define TAKE_US 2000         // that a peer is given to take a piece, where it cannot be seen whether it is still at it
#define TAKE_EVERY 50        // µs after which it is looked again
#define TAKE_LOOKS 10        // how often at least: where others take the processor, a time may pass in which nobody looks
#define QUEUE_EVERY 5        // ms after which it is looked again what waits unread
#define PAUSED_BUFFER 65536  // bytes, of a connection that will be paused: as much as is promised to a peer anyway; it
                             // does not grow, and so the same every time
#define DRAIN_READS 64       // reads that are made to spare a peer a RST when we hang up
#define LISTENER  SESSION_CONNECTIONS // epoll's name for the listener; connections have their numbers
#define WORDS     (LISTENER + 1)
#define PROCESS   (WORDS + 1)

struct play {
    struct engine *e;
    struct session s;
    const struct meeting *m;
    int fd[SESSION_CONNECTIONS];
    bool connecting[SESSION_CONNECTIONS];
    uint64_t sent[SESSION_CONNECTIONS]; // bytes that the network took
    struct net_progress left[SESSION_CONNECTIONS];
    int64_t stolen;                     // µs for which we did not run though our wait was over
    unsigned refusals;                  // proofs that could not be, so far
    bool unprovable;                    // the peer is not of the kind that can be proven quiet
    unsigned proofs;                    // tried in a row
    int64_t proof_cost;
    int accepting; // connection that waits for the listener, or -1
    bool listening_words;
    bool gone;     // the peer has ended: it does not dial any more
    struct buffer words; // of the peer, for a LISTEN op
    size_t heard;        // of them, up to the last that said that it was refused
};

/*
 * Time as the play has it: that of the clock, without what others took of it. On a crowded machine a peer that shares
 * our processor did not run then either, and a limit that passed meanwhile would speak against it.
 */
static int64_t now(const struct play *p)
{
    return clock_us() - p->stolen;
}

bool engine_init(struct engine *e, struct error *err)
{
    e->epoll = epoll_create1(EPOLL_CLOEXEC);
    e->forgotten = net_forgotten();
    return e->epoll >= 0 || error_errno(err, "epoll");
}

void engine_release(struct engine *e)
{
    fd_close(&e->epoll);
}

static bool watch(struct play *p, int fd, uint32_t events, unsigned name, struct error *err)
{
    struct epoll_event ev = { .events = events, .data.u32 = name };

    return epoll_ctl(p->e->epoll, EPOLL_CTL_ADD, fd, &ev) == 0 || error_errno(err, "epoll");
}

static void rewatch(struct play *p, unsigned on, uint32_t events)
{
    struct epoll_event ev = { .events = events, .data.u32 = on };

    epoll_ctl(p->e->epoll, EPOLL_CTL_MOD, p->fd[on], &ev);
}

/* Words of the peer, as long as it has not ended: its end would be told for ever. And more, for now. */
static void rewatch_words(struct play *p, unsigned on, uint32_t more)
{
    rewatch(p, on, (p->s.conn[on].fin ? 0 : EPOLLIN | EPOLLRDHUP) | more);
}

static bool will_pause(const struct program *p, unsigned on)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->ops[i].kind == OP_PAUSE && p->ops[i].on == on)
            return true;
    return false;
}

/* A connection that is to be paused cannot take more and more unread. */
static void narrow(struct play *p, unsigned on)
{
    int size = PAUSED_BUFFER;

    if (will_pause(p->s.program, on))
        setsockopt(p->fd[on], SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
}

static void opened(struct play *p, unsigned on)
{
    p->connecting[on] = false;
    if (!p->s.program->read_size)
        narrow(p, on);
    rewatch_words(p, on, 0);
    session_opened(&p->s, on, now(p));
}

/* The next connection of a peer that dials; left for later when none waits yet. */
static bool take(struct play *p, struct error *err)
{
    unsigned on = (unsigned)p->accepting;
    int fd = net_accept(p->m->listener);

    if (fd < 0) {
        if (errno == EMFILE || errno == ENFILE)
            return error_errno(err, "accept");
        return true;
    }
    epoll_ctl(p->e->epoll, EPOLL_CTL_DEL, p->m->listener, NULL);
    p->accepting = -1;
    p->fd[on] = fd;
    narrow(p, on);
    if (!watch(p, fd, EPOLLIN | EPOLLRDHUP, on, err))
        return false;
    session_opened(&p->s, on, now(p));
    return true;
}

/* A peer that has ended dials no more; whom it has dialled before is still taken. */
static bool take_last(struct play *p, struct error *err)
{
    if (p->accepting >= 0 && !take(p, err))
        return false;
    if (p->accepting < 0 || !p->gone)
        return true;
    epoll_ctl(p->e->epoll, EPOLL_CTL_DEL, p->m->listener, NULL);
    session_refused(&p->s, (unsigned)p->accepting, ECONNABORTED, now(p));
    p->accepting = -1;
    return true;
}

static bool open_connection(struct play *p, unsigned on, struct error *err)
{
    if (p->m->open) {
        p->fd[on] = p->m->open(p->m->of, err);
        if (p->fd[on] < 0 || !watch(p, p->fd[on], EPOLLIN | EPOLLRDHUP, on, err))
            return false;
        session_opened(&p->s, on, now(p));
        return true;
    }
    if (p->m->peer_dials) {
        p->accepting = (int)on;
        return watch(p, p->m->listener, EPOLLIN, LISTENER, err) && take_last(p, err);
    }
    bool narrow = p->s.program->read_size > 0; // before it connects: what is promised to the peer cannot be taken back
    int wrong = (narrow ? net_connect_narrow : net_connect)(&p->m->address, &p->fd[on]);
    if (wrong == EMFILE || wrong == ENFILE) {
        errno = wrong;
        return error_errno(err, "socket");
    }
    if (wrong) {
        session_refused(&p->s, on, wrong, now(p));
        return true;
    }
    p->connecting[on] = true;
    return watch(p, p->fd[on], EPOLLOUT, on, err);
}

static void connected(struct play *p, unsigned on)
{
    int wrong = net_connected(p->fd[on]);

    if (wrong) {
        fd_close(&p->fd[on]);
        session_refused(&p->s, on, wrong, now(p));
    } else {
        opened(p, on);
    }
}

static void broken(struct play *p, unsigned on, int wrong)
{
    const struct session_connection *c = &p->s.conn[on];
    uint64_t before = p->e->forgotten;

    fd_close(&p->fd[on]);
    session_reset(&p->s, on, wrong, now(p));
    if (c->fin && c->fin_sent && (p->e->forgotten = net_forgotten()) != before)
        session_forgotten(&p->s, on, now(p));
}

/* Sends what is wanted, as far as the socket takes it. A piece that must stand alone is waited for until the
 * network has it: then the next cannot join its segment. While a window is closed nothing goes, and we have more to do. */
static void send_bytes(struct play *p, const struct want *w)
{
    struct net_progress *left = &p->left[w->on];
    int fd = p->fd[w->on];

    if (left->unsent > 0)
        *left = net_progress(fd);
    if (w->alone && left->unsent > 0)
        return;
    ssize_t n = send(fd, w->bytes.data, w->bytes.len, MSG_NOSIGNAL);

    if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
        left->unsent = 1; // there is no room: wait, and look again before the next try
        rewatch_words(p, w->on, EPOLLOUT);
        return;
    }
    if (n < 0) {
        broken(p, w->on, errno);
        return;
    }
    unsigned before = left->segments;
    *left = net_progress(fd);
    if (w->alone && left->unsent > 0) {
        net_wait_sent(fd, ALONE_MS);
        *left = net_progress(fd); // some are left when the peer's window is closed; what it has to say is read first
    }
    p->sent[w->on] += (uint64_t)n;
    session_sent(&p->s, w->on, (struct bytes){ w->bytes.data, (size_t)n }, left->segments - before, now(p));
}

/* A peer of ours that has read what has come waits again; with all that is acknowledged and nobody that runs, it has. Of others
 * nothing can be seen. No verdict rests on it: that the peer reads pieces together is right, and shows less. */
static void let_take(struct play *p, unsigned on)
{
    const struct timespec pause = { .tv_nsec = TAKE_EVERY * 1000 };
    int64_t began = now(p), until = began + TAKE_US;
    unsigned looks = 0;
    enum quiet q;

    sched_yield(); // it may share our processor
    while ((q = p->m->ours ? quiet_all_wait() : QUIET_UNPROVABLE) != QUIET_PROVEN && (now(p) < until || ++looks < TAKE_LOOKS)) {
        if (q == QUIET_BUSY)
            until = began + p->s.limits.quiet;
        ppoll(NULL, 0, &pause, NULL);
    }
    session_taken(&p->s, on, q == QUIET_PROVEN ? now(p) - began : -1, now(p));
}

static void receive(struct play *p, unsigned on)
{
    static uint8_t chunk[READ_SIZE];
    size_t few = p->s.program->read_size;
    ssize_t n = recv(p->fd[on], chunk, few && few < sizeof chunk ? few : sizeof chunk, 0);

    if (n > 0) {
        net_acknowledge(p->fd[on]);
        session_received(&p->s, on, (struct bytes){ chunk, (size_t)n }, now(p));
    } else if (n == 0) {
        rewatch(p, on, 0); // nothing more will come; a RST is still told
        session_fin(&p->s, on, now(p));
    } else if (errno != EAGAIN && errno != EINTR) {
        broken(p, on, errno);
    }
}

/* Not watched at all: that something waits would be told for ever. */
static void stop_reading(struct play *p, unsigned on)
{
    epoll_ctl(p->e->epoll, EPOLL_CTL_DEL, p->fd[on], NULL);
    session_paused(&p->s, on, now(p));
}

static bool read_again(struct play *p, unsigned on, struct error *err)
{
    if (!watch(p, p->fd[on], EPOLLIN | EPOLLRDHUP, on, err))
        return false;
    session_resumed(&p->s, on, now(p));
    return true;
}

static void shut(struct play *p, unsigned on)
{
    int wrong = 0;
    socklen_t len = sizeof wrong;

    if (shutdown(p->fd[on], SHUT_WR) < 0 && errno == ENOTCONN) {
        getsockopt(p->fd[on], SOL_SOCKET, SO_ERROR, &wrong, &len);
        broken(p, on, wrong ? wrong : ECONNRESET);
        return;
    }
    session_shut(&p->s, on, now(p));
}

/* The peer's words while a port is closed to it. */
static void hear(struct play *p)
{
    static const char refused[] = "refused, retrying";
    char chunk[512];
    ssize_t n = read(p->m->words, chunk, sizeof chunk);

    if (n <= 0) {
        epoll_ctl(p->e->epoll, EPOLL_CTL_DEL, p->m->words, NULL);
        return;
    }
    buffer_append(&p->words, chunk, (size_t)n);
    for (struct bytes rest; (rest = bytes_slice(buffer_bytes(&p->words), p->heard, SIZE_MAX)).len;) {
        const uint8_t *said = memmem(rest.data, rest.len, refused, strlen(refused));
        if (!said)
            break;
        p->heard += (size_t)(said - rest.data) + strlen(refused);
        session_retried(&p->s, now(p));
    }
}

/* Tries to prove that the peer only waits for input. */
static bool proven(struct play *p)
{
    struct quiet_socket sockets[SESSION_CONNECTIONS];
    const char *why;
    size_t n = 0;
    int64_t began = now(p);

    for (unsigned on = 0; on < SESSION_CONNECTIONS; on++) {
        if (p->fd[on] < 0 || p->connecting[on])
            continue;
        net_acknowledge(p->fd[on]); // what has come would count as on its way, for 40 ms
        sockets[n++] = (struct quiet_socket){ p->fd[on], p->sent[on] };
    }
    enum quiet q = quiet_prove(sockets, n, &why);
    p->proofs++;
    p->proof_cost = now(p) - began;
    p->unprovable = q == QUIET_UNPROVABLE && ++p->refusals == UNPROVABLE_MAX;
    return q == QUIET_PROVEN;
}

static bool wait_for(struct play *p, const struct want *w, struct error *err)
{
    const struct op *op = &p->s.program->ops[p->s.at];
    struct epoll_event events[SESSION_CONNECTIONS + 3];

    if (op->kind == OP_LISTEN && !p->listening_words && p->m->words >= 0) {
        p->listening_words = true;
        if (!watch(p, p->m->words, EPOLLIN, WORDS, err))
            return false;
    }
    int64_t left = w->until - now(p);
    int patience = left <= 0 ? 0 : (int)((left + 999) / 1000);
    if (w->queue) {
        int waiting = 0;
        ioctl(p->fd[w->on], FIONREAD, &waiting);
        bool stuck = waiting > 0 && (size_t)waiting == p->s.conn[w->on].queued && p->m->ours && quiet_all_wait() == QUIET_PROVEN;
        session_queued(&p->s, w->on, (size_t)waiting, stuck, now(p));
        if (stuck)
            return true;
        patience = patience > QUEUE_EVERY ? QUEUE_EVERY : patience;
    }
    bool prove = w->prove && p->m->ours && !p->unprovable && left > 0;
    if (prove && patience > PROOF_EVERY)
        patience = op->kind == OP_SILENT && p->proofs == 0 ? 0 : PROOF_EVERY;
    if (prove && patience == 0)
        sched_yield(); // a peer on our processor has not yet run since we spoke
    int64_t began = clock_us();
    int n = epoll_wait(p->e->epoll, events, COUNT_OF(events), patience);
    int64_t late = clock_us() - began - 1000ll * patience;
    if (n == 0 && late > STOLEN)
        p->stolen += late;
    if (n < 0 && errno != EINTR)
        return error_errno(err, "epoll");
    if (n == 0 && prove && now(p) < w->until && proven(p))
        // What it has said before it fell silent is in our sockets by now.
        if ((n = epoll_wait(p->e->epoll, events, COUNT_OF(events), 0)) == 0)
            session_proven(&p->s, p->proof_cost, now(p));
    if (n > 0)
        p->proofs = 0;
    for (int i = 0; i < n; i++) {
        unsigned on = events[i].data.u32;
        if (on == LISTENER) {
            if (p->accepting >= 0 && !take(p, err))
                return false;
        } else if (on == WORDS) {
            hear(p);
        } else if (on == PROCESS) {
            p->gone = true;
            epoll_ctl(p->e->epoll, EPOLL_CTL_DEL, p->m->process, NULL);
            if (!take_last(p, err))
                return false;
        } else if (p->connecting[on]) {
            connected(p, on);
        } else if (p->fd[on] >= 0) {
            if (events[i].events & (EPOLLIN | EPOLLRDHUP))
                receive(p, on);
            else if (events[i].events & EPOLLERR)
                broken(p, on, ECONNRESET);
            if (p->fd[on] >= 0 && events[i].events & EPOLLOUT)
                rewatch_words(p, on, 0);
            else if (p->fd[on] >= 0 && events[i].events & EPOLLHUP && p->s.conn[on].fin)
                epoll_ctl(p->e->epoll, EPOLL_CTL_DEL, p->fd[on], NULL); // both ends are over
        }
    }
    return true;
}

/* A RST that came when all was said is still a RST. */
static void last_look(struct play *p)
{
    for (unsigned on = 0; on < p->s.program->connection_count; on++) {
        int wrong = 0;
        socklen_t len = sizeof wrong;
        if (p->fd[on] >= 0 && p->s.conn[on].fin && p->s.conn[on].fin_sent &&
            getsockopt(p->fd[on], SOL_SOCKET, SO_ERROR, &wrong, &len) == 0 && wrong)
            broken(p, on, wrong);
    }
}

static bool play(struct play *p, const volatile int *stop, struct error *err)
{
    for (;;) {
        struct want w = session_want(&p->s, now(p));
        if (*stop && w.kind != WANT_DONE) {
            session_stopped(&p->s, now(p));
            continue;
        }
        switch (w.kind) {
        case WANT_OPEN:
            if (!open_connection(p, w.on, err))
                return false;
            break;
        case WANT_LISTEN:
            if (!net_listen(p->m->listener, err))
                return false;
            session_listening(&p->s, now(p));
            break;
        case WANT_WRITE:
            send_bytes(p, &w);
            if (p->fd[w.on] >= 0 && p->s.conn[w.on].dead == false && p->left[w.on].unsent == 0)
                break;
            if (!wait_for(p, &(struct want){ .until = now(p) + 1000 }, err))
                return false;
            break;
        case WANT_SHUTDOWN:
            shut(p, w.on);
            break;
        case WANT_RESET:
            net_reset(fd_keep(&p->fd[w.on]));
            session_did_reset(&p->s, w.on, now(p));
            break;
        case WANT_PAUSE:
            stop_reading(p, w.on);
            break;
        case WANT_RESUME:
            if (!read_again(p, w.on, err))
                return false;
            break;
        case WANT_TAKEN:
            let_take(p, w.on);
            if (!wait_for(p, &(struct want){ .until = INT64_MIN / 2 }, err)) // what it has said to that is heard before the rest goes
                return false;
            break;
        case WANT_WAIT:
            if (!wait_for(p, &w, err))
                return false;
            break;
        case WANT_DONE:
            last_look(p);
            session_over(&p->s, now(p));
            return true;
        }
    }
}

/* A socket closed with unread data would send a RST and be blamed on the peer's next connection; what is left
 * is read away first. */
static void hang_up(struct play *p)
{
    static uint8_t chunk[READ_SIZE];

    for (unsigned on = 0; on < SESSION_CONNECTIONS; on++) {
        if (p->fd[on] < 0)
            continue;
        shutdown(p->fd[on], SHUT_WR);
        for (int reads = 0; reads < DRAIN_READS && recv(p->fd[on], chunk, sizeof chunk, 0) > 0;)
            reads++;
        fd_close(&p->fd[on]);
    }
}

bool engine_play(struct engine *e, struct program *program, const struct meeting *m, const struct limits *l,
                 const volatile int *stop, struct trace *t, struct error *err)
{
    struct play p = { .e = e, .m = m, .accepting = -1 };

    for (unsigned i = 0; i < SESSION_CONNECTIONS; i++)
        p.fd[i] = -1;
    session_init(&p.s, program, t, l, now(&p));
    p.s.dialers = m->dialers;
    bool good = (m->process < 0 || watch(&p, m->process, EPOLLIN, PROCESS, err)) && play(&p, stop, err);
    hang_up(&p);
    if (m->process >= 0 && !p.gone)
        epoll_ctl(e->epoll, EPOLL_CTL_DEL, m->process, NULL);
    if (m->over)
        m->over(m->of, t);
    if (p.accepting >= 0)
        epoll_ctl(e->epoll, EPOLL_CTL_DEL, m->listener, NULL);
    if (p.listening_words)
        epoll_ctl(e->epoll, EPOLL_CTL_DEL, m->words, NULL);
    trace_spent(t, &e->spent);
    session_release(&p.s);
    buffer_free(&p.words);
    return good;
}
