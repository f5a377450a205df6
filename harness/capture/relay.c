#include "capture/relay.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/random.h"

#define READ_MAX 65536 // bytes of one read
#define EVENTS   64
#define LISTENER UINT64_MAX
#define TIMER    (UINT64_MAX - 1)
#define HEEDED   (UINT64_MAX - 2)
#define PIECE_BITS 7 // of the longest random piece

#define LOOKS_MAX    64  // in a row; then it is the turn of all others
#define LOOK_US      200 // who shares our processor lets us wait longer: sleeping is better then
#define UNLOOKED_MAX 63

/* What one side says. */
struct direction {
    uint8_t *held; // what was read and the other side has not taken
    size_t len, at;
    bool ended;  // its FIN was read
    bool passed; // and the other side has been told
    struct fault_way way;
    enum fault_next then; // behind what is held
    bool gathers;         // COALESCED
    bool waits;           // what is held does, until due
    int64_t due;
    struct random chance;
    size_t piece; // RANDOM: bytes up to the next cut
    uint64_t left; // CUT: bytes that have been passed on
    uint64_t said; // bytes, where fields are looked for
    struct by_field *fields; // or NULL: they are not
    unsigned missed;   // times that it is not looked for, after the last look that found nothing
    unsigned unlooked; // of these, those still to come
};

struct link {
    uint32_t number;
    int fd[2];           // by side
    uint32_t watched[2]; // what epoll was told to look for; 0: not registered
    bool dialling;       // the server is on its way
    struct direction says[2]; // by side that speaks
    struct layout_waiting waiting; // requests, where answers are read by them
    struct link *next;
};

struct relay {
    int epoll, listener, timer;
    struct address at, to;
    relay_watch *watch;
    void *context;
    int64_t began;
    struct link *links; // those that are not over, newest first
    uint32_t came, over;
    struct link *awaited; // whose answerer the next step looks for, or NULL
    enum relay_side answerer;
    unsigned looks;     // in a row
    bool alone;         // nothing else happened at the last wait
    bool deaf;          // no descriptors were left for another client
    const struct faults *faults[2]; // by side that speaks, or NULL
    struct by_field_plan plans[2]; // by side that speaks
    struct buffer spoiled;
    struct {
        enum relay_pieces kind;
        int64_t pause;
        uint64_t seed;
        const struct relay_cuts *cuts;
    } pieces[2]; // by side that speaks
    uint8_t room[READ_MAX];
};

static enum relay_side other(enum relay_side side)
{
    return side == RELAY_CLIENT ? RELAY_SERVER : RELAY_CLIENT;
}

static bool tell(struct relay *r, const struct link *l, enum relay_kind kind, enum relay_side from, int64_t number, struct bytes data,
                 struct error *err)
{
    const struct relay_event event = { .kind = kind, .on = l->number, .from = from, .us = clock_us() - r->began, .number = number, .data = data };

    return r->watch(r->context, &event, err);
}

/*
 * What is worth waiting for on a side: its words while the other can take them, and room for what the other said. A RST is
 * told without being asked for, but so is, again and again, that a connection is over on both ways: 0 then.
 */
static uint32_t wanted(const struct link *l, enum relay_side side)
{
    const struct direction *own = &l->says[side], *others = &l->says[other(side)];

    if (l->dialling)
        return side == RELAY_SERVER ? EPOLLOUT : 0;
    if (own->ended && others->passed)
        return 0;
    bool more = own->at == own->len || (own->gathers && own->waits); // a full one does not wait
    return EPOLLERR | (!own->ended && more ? EPOLLIN : 0) | (others->at < others->len && !others->waits ? EPOLLOUT : 0);
}

static bool rewatch(struct relay *r, struct link *l, enum relay_side side, struct error *err)
{
    uint32_t mask = wanted(l, side);
    struct epoll_event ev = { .events = mask, .data.u64 = (uint64_t)l->number << 1 | side };

    if (mask == l->watched[side])
        return true;
    int op = !mask ? EPOLL_CTL_DEL : l->watched[side] ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    l->watched[side] = mask;
    return epoll_ctl(r->epoll, op, l->fd[side], &ev) == 0 || error_errno(err, "epoll");
}

static bool listen_for_clients(struct relay *r, bool on, struct error *err)
{
    struct epoll_event ev = { .events = EPOLLIN, .data.u64 = LISTENER };

    r->deaf = !on;
    return epoll_ctl(r->epoll, on ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, r->listener, &ev) == 0 || error_errno(err, "epoll");
}

static void link_free(struct link *l)
{
    for (int side = 0; side < 2; side++) {
        free(l->says[side].held);
        by_field_free(l->says[side].fields);
    }
    layout_waiting_free(&l->waiting);
    free(l);
}

/* Takes a link out of the relay, its descriptors closed. */
static bool drop(struct relay *r, struct link *l, struct error *err)
{
    struct link **at = &r->links;

    while (*at != l)
        at = &(*at)->next;
    *at = l->next;
    r->awaited = NULL;
    fd_close(&l->fd[RELAY_CLIENT]);
    fd_close(&l->fd[RELAY_SERVER]);
    r->over++;
    bool good = tell(r, l, RELAY_CLOSED, RELAY_CLIENT, 0, (struct bytes){ 0 }, err);
    link_free(l);
    return good && (!r->deaf || listen_for_clients(r, true, err));
}

/* A side is gone: the other one sees a RST, too. */
static bool reset(struct relay *r, struct link *l, enum relay_side gone, int why, struct error *err)
{
    net_reset(l->fd[other(gone)]);
    l->fd[other(gone)] = -1;
    return tell(r, l, RELAY_RESET, gone, why, (struct bytes){ 0 }, err) && drop(r, l, err);
}

static bool refused(struct relay *r, struct link *l, int why, struct error *err)
{
    net_reset(l->fd[RELAY_CLIENT]);
    l->fd[RELAY_CLIENT] = -1;
    return tell(r, l, RELAY_REFUSED, RELAY_SERVER, why, (struct bytes){ 0 }, err) && drop(r, l, err);
}

/* Whether something is done by the fields of what a side says. */
static bool is_by_field(const struct relay *r, enum relay_side from)
{
    const struct by_field_plan *p = &r->plans[from];

    return p->layout && (p->each || p->cut_count || (p->faults && p->faults->by_field_count));
}

static void plan_fields(struct relay *r)
{
    for (int from = 0; from < 2; from++) {
        const struct relay_cuts *cuts = r->pieces[from].kind == RELAY_CUT ? r->pieces[from].cuts : NULL;
        struct by_field_plan *p = &r->plans[from];
        p->from = from == RELAY_CLIENT ? LAYOUT_CLIENT : LAYOUT_SERVER;
        p->each = cuts && cuts->each_field;
        p->cuts = cuts ? cuts->fields : NULL;
        p->cut_count = cuts ? cuts->field_count : 0;
        p->faults = r->faults[from];
    }
}

/* Whether they are looked for: also in requests, where the answers are read by them. */
static bool reads_fields(const struct relay *r, enum relay_side from)
{
    return is_by_field(r, from) || (from == RELAY_CLIENT && r->plans[from].layout && is_by_field(r, RELAY_SERVER) && r->plans[RELAY_SERVER].layout->answers);
}

static bool accept_client(struct relay *r, struct error *err)
{
    int fd = net_accept(r->listener);

    if (fd < 0) {
        if (errno == EMFILE || errno == ENFILE)
            return r->links ? listen_for_clients(r, false, err) : error_errno(err, "accept");
        return true; // it has gone again
    }
    struct address from = { .len = sizeof from.storage };
    struct link *l = calloc(1, sizeof *l);
    if (!l)
        memory_exhausted();
    *l = (struct link){ .number = r->came++, .fd = { fd, -1 }, .next = r->links, .dialling = true };
    r->links = l;
    plan_fields(r);
    for (int side = 0; side < 2; side++) {
        l->says[side].gathers = r->pieces[side].kind == RELAY_COALESCED;
        l->says[side].fields = reads_fields(r, side) ? by_field_new(&r->plans[side], &l->waiting) : NULL;
        l->says[side].chance = random_for(r->pieces[side].seed, side == RELAY_CLIENT ? "client" : "server", l->number);
    }
    net_prepare(fd);
    int64_t port = getpeername(fd, (struct sockaddr *)&from.storage, &from.len) == 0 ? address_port(&from) : 0;
    if (!tell(r, l, RELAY_OPEN, RELAY_CLIENT, port, (struct bytes){ 0 }, err))
        return false;
    int why = net_connect(&r->to, &l->fd[RELAY_SERVER]);
    if (why)
        return refused(r, l, why, err);
    net_prepare(l->fd[RELAY_SERVER]);
    return rewatch(r, l, RELAY_SERVER, err);
}

/* Looks at those that wait when the first of them is due. */
static void set_timer(struct relay *r)
{
    int64_t due = INT64_MAX;

    for (const struct link *l = r->links; l; l = l->next)
        for (int side = 0; side < 2; side++)
            if (l->says[side].waits && l->says[side].due < due)
                due = l->says[side].due;
    struct itimerspec at = { .it_value = { due / 1000000, due % 1000000 * 1000 } };
    timerfd_settime(r->timer, TFD_TIMER_ABSTIME, due == INT64_MAX ? &(struct itimerspec){ 0 } : &at, NULL);
}

static void wait_for(struct relay *r, struct direction *d, enum relay_side from)
{
    d->waits = true;
    d->due = clock_us() + r->pieces[from].pause;
    set_timer(r);
}

static uint64_t up_to_cut(const struct relay_cuts *c, uint64_t left)
{
    uint64_t n = c->every ? c->every - left % c->every : UINT64_MAX;

    for (size_t i = 0; i < c->count; i++)
        if (c->at[i] > left && c->at[i] - left < n)
            n = c->at[i] - left;
    return n;
}

static bool is_cut(const struct relay_cuts *c, uint64_t at)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->at[i] == at)
            return true;
    return c->every && at % c->every == 0;
}

/* CUT: bytes up to the next cut behind those that have left. */
static uint64_t up_to_next(const struct relay *r, struct direction *d, enum relay_side from)
{
    uint64_t n = up_to_cut(r->pieces[from].cuts, d->left), field = d->fields ? by_field_up_to(d->fields, d->left) : UINT64_MAX;

    return n < field ? n : field;
}

/* How much of what is held leaves by itself. */
static size_t next_piece(const struct relay *r, struct direction *d, enum relay_side from)
{
    size_t held = d->len - d->at;

    if (r->pieces[from].kind == RELAY_BYTEWISE)
        return 1;
    if (r->pieces[from].kind == RELAY_CUT) {
        uint64_t most = up_to_next(r, d, from);
        return most < held ? (size_t)most : held;
    }
    if (r->pieces[from].kind != RELAY_RANDOM)
        return held;
    if (d->piece == 0)
        d->piece = 1 + (size_t)random_below(&d->chance, (uint64_t)1 << random_below(&d->chance, PIECE_BITS + 1));
    return d->piece < held ? d->piece : held;
}

/* So much has left: the next piece is apart from it. */
static void after_piece(struct relay *r, struct direction *d, enum relay_side from, size_t n)
{
    if (r->pieces[from].kind == RELAY_RANDOM)
        d->piece -= n;
    d->left += n;
    if (r->pieces[from].kind == RELAY_CUT && (is_cut(r->pieces[from].cuts, d->left) || (d->fields && by_field_is_cut(d->fields, d->left))))
        wait_for(r, d, from);
    if (r->pieces[from].kind == RELAY_BYTEWISE || (r->pieces[from].kind == RELAY_RANDOM && d->piece == 0))
        wait_for(r, d, from);
}

/* Passes on what is held, and the end behind it. Returns 0, or errno where the other side is gone. */
static int pass(struct relay *r, struct link *l, enum relay_side from)
{
    struct direction *d = &l->says[from];
    int to = l->fd[other(from)];

    while (d->at < d->len) {
        if (d->waits)
            return 0;
        ssize_t n = send(to, d->held + d->at, next_piece(r, d, from), MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return errno == EAGAIN ? 0 : errno;
        d->at += (size_t)n;
        after_piece(r, d, from, (size_t)n);
    }
    if (d->ended && !d->passed && d->then == FAULT_GOES_ON) {
        d->passed = true;
        shutdown(to, SHUT_WR);
    }
    return 0;
}

/* A fault ends the connection on both sides. */
static bool cut(struct relay *r, struct link *l, bool resets, struct error *err)
{
    for (int side = 0; side < 2; side++) {
        if (resets) {
            net_reset(l->fd[side]);
            l->fd[side] = -1;
        } else {
            shutdown(l->fd[side], SHUT_WR);
        }
    }
    return drop(r, l, err);
}

/* What follows from having passed on what a side said. *alive: the link is still there. */
static bool settle(struct relay *r, struct link *l, enum relay_side from, int why, bool *alive, struct error *err)
{
    const struct direction *d = &l->says[from];

    if (!why && d->then >= FAULT_CLOSES && d->at == d->len) {
        *alive = false;
        return cut(r, l, d->then == FAULT_RESETS, err);
    }
    *alive = !why && !(l->says[RELAY_CLIENT].passed && l->says[RELAY_SERVER].passed);
    return *alive || (why ? reset(r, l, other(from), why, err) : drop(r, l, err));
}

/* Behind what waits for more, or in the place of what has left. */
static void hold(struct relay *r, struct direction *d, enum relay_side from, struct bytes more)
{
    if (!d->held && !(d->held = malloc(READ_MAX + FAULTS_MAX))) // each adds one byte at most
        memory_exhausted();
    if (d->at == d->len)
        d->at = d->len = 0;
    if (more.len)
        memcpy(d->held + d->len, more.data, more.len);
    d->len += more.len;
    if (!d->gathers)
        return;
    if (d->ended || d->then != FAULT_GOES_ON || d->len >= READ_MAX)
        d->waits = false;
    else if (!d->waits && d->len)
        wait_for(r, d, from);
}

/* Field by field where it is cut so: a cut stands where what is said before it ends in what is passed on. */
static struct fault_done spoil(struct relay *r, struct direction *d, const struct faults *faults, struct bytes said)
{
    struct fault_done done = { &faults->list[d->way.next], 0 };

    do {
        size_t len = d->fields ? by_field_said(d->fields, d->said) : SIZE_MAX;
        struct bytes some = bytes_slice(said, 0, len);
        done.count += fault_pass(faults, &d->way, some, &r->spoiled, &d->then).count;
        said = bytes_slice(said, some.len, SIZE_MAX);
        d->said += some.len;
        if (some.len == len)
            by_field_cut(d->fields, d->left + (d->len - d->at) + r->spoiled.len);
    } while (said.len && d->then == FAULT_GOES_ON);
    return done;
}

/* What is passed on of what a side said, and what was done to it. */
static struct fault_done hold_spoiled(struct relay *r, struct direction *d, enum relay_side from, struct bytes said)
{
    const struct faults *faults = d->fields ? by_field_faults(d->fields) : r->faults[from];
    struct fault_done done = { 0 };

    if (!faults) {
        hold(r, d, from, said);
        return done;
    }
    r->spoiled.len = 0;
    done = said.len ? spoil(r, d, faults, said) : fault_end(faults, &d->way, &r->spoiled, &d->then);
    hold(r, d, from, buffer_bytes(&r->spoiled));
    return done;
}

static bool tell_faults(struct relay *r, const struct link *l, enum relay_side from, struct fault_done done, struct error *err)
{
    for (size_t i = 0; i < done.count; i++) {
        const struct relay_event event = { .kind = RELAY_FAULT, .on = l->number, .from = from, .us = clock_us() - r->began, .fault = &done.first[i] };
        if (!r->watch(r->context, &event, err))
            return false;
    }
    return true;
}

static bool tell_note(struct relay *r, const struct link *l, enum relay_side from, const char *text, struct error *err)
{
    const struct relay_event event = { .kind = RELAY_NOTE, .on = l->number, .from = from, .us = clock_us() - r->began, .text = text };

    return !text || r->watch(r->context, &event, err);
}

/* What waited until now leaves. */
static bool pass_due(struct relay *r, struct error *err)
{
    int64_t now = clock_us();
    uint64_t times;

    if (read(r->timer, &times, sizeof times) < 0 && errno != EAGAIN)
        return error_errno(err, "timerfd");
    for (struct link *l = r->links, *next; l; l = next) {
        bool alive = true;
        next = l->next;
        for (int from = 0; from < 2 && alive; from++) {
            struct direction *d = &l->says[from];
            if (!d->waits || d->due > now)
                continue;
            d->waits = false;
            if (!settle(r, l, from, pass(r, l, from), &alive, err))
                return false;
        }
        if (alive && !l->dialling && !(rewatch(r, l, RELAY_CLIENT, err) && rewatch(r, l, RELAY_SERVER, err)))
            return false;
    }
    set_timer(r);
    return true;
}

/* Both sides are there. */
static bool greet(struct relay *r, struct link *l, bool *alive, struct error *err)
{
    for (int from = 0; from < 2 && *alive; from++) {
        struct direction *d = &l->says[from];
        r->spoiled.len = 0;
        struct fault_done done = r->faults[from] ? fault_begin(r->faults[from], &d->way, &r->spoiled) : (struct fault_done){ 0 };
        if (done.count == 0)
            continue;
        hold(r, d, from, buffer_bytes(&r->spoiled));
        int why = pass(r, l, from);
        if (!tell_faults(r, l, from, done, err) || !settle(r, l, from, why, alive, err))
            return false;
    }
    return true;
}

/* Its other side has heard something, and may answer before a wait could begin. */
static void expect_answer(struct relay *r, struct link *l, enum relay_side from)
{
    struct direction *answer = &l->says[other(from)];

    if (answer->unlooked) {
        answer->unlooked--;
    } else if (r->alone && r->looks < LOOKS_MAX) {
        r->awaited = l;
        r->answerer = other(from);
    }
}

static bool take(struct relay *r, struct link *l, enum relay_side from, bool *alive, bool *came, struct error *err)
{
    const struct direction *d = &l->says[from];
    ssize_t n = recv(l->fd[from], r->room, sizeof r->room - (d->len - d->at), 0);

    *came = n >= 0 || (errno != EAGAIN && errno != EINTR);
    if (!*came)
        return true;
    if (n < 0) {
        *alive = false;
        return reset(r, l, from, errno, err);
    }
    l->says[from].ended = n == 0;
    const char *note = n && d->fields ? by_field_hear(d->fields, (struct bytes){ r->room, (size_t)n }) : NULL;
    struct fault_done done = hold_spoiled(r, &l->says[from], from, (struct bytes){ r->room, (size_t)n });
    int why = pass(r, l, from); // first of all: watching must not delay anybody
    expect_answer(r, l, from);
    return tell(r, l, n ? RELAY_DATA : RELAY_END, from, 0, (struct bytes){ r->room, (size_t)n }, err) &&
           tell_faults(r, l, from, done, err) && tell_note(r, l, from, note, err) && settle(r, l, from, why, alive, err);
}

/* A side is gone while it was not listened to. */
static bool take_error(struct relay *r, struct link *l, enum relay_side from, bool *alive, struct error *err)
{
    int why = 0;
    socklen_t len = sizeof why;

    getsockopt(l->fd[from], SOL_SOCKET, SO_ERROR, &why, &len);
    *alive = false;
    return reset(r, l, from, why ? why : ECONNRESET, err);
}

static bool happened(struct relay *r, struct link *l, enum relay_side side, uint32_t events, struct error *err)
{
    bool alive = true, good = true, came;

    if (l->dialling) {
        int why = net_connected(l->fd[RELAY_SERVER]);
        if (why)
            return refused(r, l, why, err);
        l->dialling = false;
        return greet(r, l, &alive, err) && (!alive || (rewatch(r, l, RELAY_CLIENT, err) && rewatch(r, l, RELAY_SERVER, err)));
    }
    if (events & EPOLLOUT)
        good = settle(r, l, other(side), pass(r, l, other(side)), &alive, err);
    if (good && alive && (wanted(l, side) & EPOLLIN))
        good = take(r, l, side, &alive, &came, err);
    else if (good && alive && events & EPOLLERR)
        good = take_error(r, l, side, &alive, err);
    return good && (!alive || (rewatch(r, l, RELAY_CLIENT, err) && rewatch(r, l, RELAY_SERVER, err)));
}

static struct link *find(const struct relay *r, uint64_t number)
{
    for (struct link *l = r->links; l; l = l->next)
        if (l->number == number)
            return l;
    return NULL;
}

struct relay *relay_new(struct address *listen, const struct address *to, relay_watch *watch, void *context, struct error *err)
{
    struct relay *r = calloc(1, sizeof *r);

    if (!r)
        memory_exhausted();
    r->to = *to;
    r->watch = watch;
    r->context = context;
    r->began = clock_us();
    r->listener = r->epoll = r->timer = -1;
    if (!net_bind(listen, &r->listener, err) || !net_listen(r->listener, err)) {
        relay_free(r);
        return NULL;
    }
    r->at = *listen;
    r->epoll = epoll_create1(EPOLL_CLOEXEC);
    r->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    struct epoll_event ev = { .events = EPOLLIN, .data.u64 = TIMER };
    if (r->epoll < 0 || r->timer < 0 || epoll_ctl(r->epoll, EPOLL_CTL_ADD, r->timer, &ev) < 0) {
        error_errno(err, "epoll");
        relay_free(r);
        return NULL;
    }
    if (!listen_for_clients(r, true, err)) {
        relay_free(r);
        return NULL;
    }
    return r;
}

void relay_cut(struct relay *r, enum relay_side from, enum relay_pieces pieces, int64_t pause, uint64_t seed,
               const struct relay_cuts *cuts)
{
    r->pieces[from].cuts = cuts;
    r->pieces[from].kind = pieces;
    r->pieces[from].pause = pause;
    r->pieces[from].seed = seed;
}

void relay_read(struct relay *r, const struct layout *const layouts[2], const struct profile *p)
{
    for (int side = 0; side < 2; side++) {
        r->plans[side].layout = layouts[side];
        r->plans[side].profile = p;
    }
}

void relay_spoil(struct relay *r, enum relay_side from, const struct faults *faults)
{
    r->faults[from] = faults;
}

/*
 * Looks for the answer to what was passed on last: at once, and behind whoever shares our processor. While two talk by turns that
 * spares a sleep and a wake-up for each message; who answers later is looked for less and less often. What the speaker has said
 * meanwhile goes first: it was said without that answer, and must not look as if it came upon it.
 */
static bool look(struct relay *r, struct error *err)
{
    struct link *l = r->awaited;
    enum relay_side from = r->answerer;
    struct direction *d = &l->says[from];
    bool alive = true, came = false;
    int64_t yielded = 0;

    r->awaited = NULL;
    r->looks++;
    for (int i = 0; i < 2 && !came && wanted(l, from) & EPOLLIN; i++) {
        if (i) {
            yielded = clock_us();
            sched_yield();
            yielded = clock_us() - yielded;
        }
        if (wanted(l, other(from)) & EPOLLIN && !take(r, l, other(from), &alive, &came, err))
            return false;
        if (!came && !take(r, l, from, &alive, &came, err))
            return false;
    }
    if (!alive)
        return true;
    bool missed = !came || yielded > LOOK_US;
    d->missed = !missed ? 0 : d->missed < UNLOOKED_MAX ? 2 * d->missed + 1 : UNLOOKED_MAX;
    d->unlooked = d->missed;
    return !came || (rewatch(r, l, RELAY_CLIENT, err) && rewatch(r, l, RELAY_SERVER, err));
}

bool relay_step(struct relay *r, int ms, struct error *err)
{
    struct epoll_event events[EVENTS];

    if (ms && r->awaited)
        return look(r, err);
    int n = epoll_wait(r->epoll, events, EVENTS, ms);
    if (n < 0)
        return errno == EINTR || error_errno(err, "epoll");
    r->alone = n == 1;
    r->looks = 0;
    r->awaited = NULL;
    for (int i = 0; i < n; i++) {
        if (events[i].data.u64 == HEEDED)
            continue;
        if (events[i].data.u64 == TIMER) {
            if (!pass_due(r, err))
                return false;
            continue;
        }
        struct link *l = events[i].data.u64 == LISTENER ? NULL : find(r, events[i].data.u64 >> 1);
        if (events[i].data.u64 == LISTENER ? !accept_client(r, err)
                                           : l && !happened(r, l, (enum relay_side)(events[i].data.u64 & 1), events[i].events, err))
            return false;
    }
    if (!ms)
        r->awaited = NULL; // no wait is spared
    return true;
}

bool relay_heed(struct relay *r, int fd, struct error *err)
{
    struct epoll_event ev = { .events = EPOLLIN, .data.u64 = HEEDED };

    return epoll_ctl(r->epoll, EPOLL_CTL_ADD, fd, &ev) == 0 || error_errno(err, "epoll");
}

bool relay_looks(const struct relay *r)
{
    return r->awaited != NULL;
}

int relay_fd(const struct relay *r)
{
    return r->epoll;
}

uint32_t relay_over(const struct relay *r)
{
    return r->over;
}

uint32_t relay_open(const struct relay *r)
{
    return r->came - r->over;
}

void relay_free(struct relay *r)
{
    while (r->links) {
        struct link *l = r->links;
        r->links = l->next;
        for (int side = 0; side < 2; side++) {
            if (l->fd[side] >= 0)
                net_reset(l->fd[side]);
        }
        link_free(l);
    }
    if (r->listener >= 0)
        net_unbind(&r->at);
    fd_close(&r->listener);
    fd_close(&r->epoll);
    fd_close(&r->timer);
    buffer_free(&r->spoiled);
    free(r);
}
