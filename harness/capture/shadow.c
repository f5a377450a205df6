/*
 * Of each connection one of the two streams of answers is ahead: only what the other has not said yet is held. The queue of the
 * client's words is what the shadow has not taken.
 *
 *   client ──► relay ──► first server ──► relay ──► client
 *                │ told, behind the write   │ told, behind the write
 *                ▼                          ▼
 *              queue ──► shadow ──► compared, dropped
 *
 * A server that ends first, without being asked to, is told from one that ends because its client did: where the first server
 * did that, the client's end is kept from the shadow until it has had the time to do the same. The other way round the ends of client
 * and first server may have crossed: a shadow that ends first differs only where the connection went on for long behind that.
 */
#include "capture/shadow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/fd.h"

#define READ_MAX 65536
#define READS    4 // of one connection, before others have their turn
#define EVENTS   64

const struct shadow_limits shadow_limits_default = { .queue = 16 << 20, .patience = 2000000 };

struct mirror {
    uint32_t on;
    int fd;
    uint32_t watched;     // what epoll was told to look for; 0: not registered
    bool dialling;
    struct buffer queue;  // what the client has said
    size_t taken;         // … and the shadow has taken
    bool client_ended;    // the client's FIN stands behind the queue
    bool shut;            // … and the shadow has been told
    bool client_reset;    // the client has gone: nothing more is compared than what both have said
    bool over;            // the client's connection is
    bool awaited;         // the first server has ended by itself: the client's end is kept until the shadow has, too
    int64_t ended;        // when the shadow's FIN came
    bool outlived;        // the client ended its direction only when a server that ends by itself would have done so, too
    int64_t until;        // awaited, or over: when the shadow's time is up
    struct buffer ahead;  // what one server has said and the other has not
    bool shadow_is_ahead; // … which of them
    uint64_t same;        // bytes that both have said
    struct buffer before; // … as long as they are no more than limits.before
    enum shadow_end ends, shadows;
    struct mirror *next;
};

struct shadow {
    int epoll;
    struct address to;
    struct shadow_limits limits;
    shadow_tell *tell;
    void *context;
    struct mirror *mirrors;
    uint32_t open;
    uint8_t room[READ_MAX];
};

/* Takes the first n bytes of a buffer away. */
static void drop_front(struct buffer *b, size_t n)
{
    if (n)
        memmove(b->data, b->data + n, b->len - n);
    b->len -= n;
}

/* Tells what became of a connection, and is done with it. */
static bool conclude(struct shadow *s, struct mirror *m, struct shadow_verdict v, struct error *err)
{
    struct mirror **at = &s->mirrors;

    while (*at != m)
        at = &(*at)->next;
    *at = m->next;
    v.on = m->on;
    v.before = m->before.len == v.at ? buffer_bytes(&m->before) : (struct bytes){ 0 };
    v.ends = m->ends;
    v.shadows = m->shadows;
    bool good = s->tell(s->context, &v, err);
    if (m->fd >= 0)
        net_reset(fd_keep(&m->fd));
    buffer_free(&m->queue);
    buffer_free(&m->ahead);
    buffer_free(&m->before);
    free(m);
    s->open--;
    return good;
}

static bool outcome(struct shadow *s, struct mirror *m, enum shadow_outcome o, int64_t number, struct error *err)
{
    struct bytes rest = bytes_slice(buffer_bytes(&m->ahead), 0, SHADOW_TOLD);

    return conclude(s, m, (struct shadow_verdict){ .outcome = o, .number = number, .at = m->same,
                                                   .expected = m->shadow_is_ahead ? (struct bytes){ 0 } : rest,
                                                   .got = m->shadow_is_ahead ? rest : (struct bytes){ 0 } }, err);
}

/* What is to be said when nothing more is waited for. */
static bool conclude_as_is(struct shadow *s, struct mirror *m, struct error *err)
{
    bool lost = m->client_reset || m->ends == SHADOW_RST; // a RST takes away what was on its way from the first server

    if (m->ahead.len && !m->shadow_is_ahead && !(m->ends == SHADOW_RST && m->shadows == SHADOW_RST))
        return outcome(s, m, SHADOW_SHORT, 0, err);
    if (m->ahead.len && m->shadow_is_ahead && !lost)
        return outcome(s, m, SHADOW_LONG, 0, err);
    bool crossed = m->ends == SHADOW_FIN_BEHIND && m->shadows == SHADOW_FIN_FIRST && !m->outlived;
    return outcome(s, m, m->ends != m->shadows && !crossed && !m->client_reset ? SHADOW_END : SHADOW_SAME, 0, err);
}

static size_t common(const uint8_t *a, const uint8_t *b, size_t len)
{
    size_t n = 0;

    while (n < len && a[n] == b[n])
        n++;
    return n;
}

/* What one of the two has said is held against what the other has said before. *gone: the verdict is told. */
static bool compare(struct shadow *s, struct mirror *m, bool by_shadow, struct bytes said, bool *gone, struct error *err)
{
    if (m->ahead.len && m->shadow_is_ahead != by_shadow) {
        size_t both = m->ahead.len < said.len ? m->ahead.len : said.len, same = common(m->ahead.data, said.data, both);
        if (m->before.len + same <= s->limits.before)
            buffer_append(&m->before, said.data, same);
        if (same < both) {
            struct bytes before = bytes_slice(buffer_bytes(&m->ahead), same, SHADOW_TOLD), now = bytes_slice(said, same, SHADOW_TOLD);
            *gone = true;
            return conclude(s, m, (struct shadow_verdict){ .outcome = SHADOW_DIFFERS, .at = m->same + same,
                                                           .expected = by_shadow ? before : now, .got = by_shadow ? now : before }, err);
        }
        m->same += both;
        drop_front(&m->ahead, both);
        said = bytes_slice(said, both, SIZE_MAX);
    }
    if (said.len == 0)
        return true;
    if (m->ahead.len + said.len > s->limits.queue) {
        *gone = true;
        return outcome(s, m, SHADOW_GIVEN_UP, 0, err);
    }
    m->shadow_is_ahead = by_shadow;
    buffer_append(&m->ahead, said.data, said.len);
    return true;
}

static bool rewatch(struct shadow *s, struct mirror *m, struct error *err)
{
    bool says = m->taken < m->queue.len, ended = m->shadows != SHADOW_OPEN;
    uint32_t mask = (m->dialling || says ? EPOLLOUT : 0) | (!m->dialling && !ended ? EPOLLIN : 0);
    struct epoll_event ev = { .events = mask, .data.u64 = m->on };

    if (m->fd < 0)
        mask = 0;
    if (mask == m->watched)
        return true;
    int op = !mask ? EPOLL_CTL_DEL : m->watched ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    m->watched = mask;
    return m->fd < 0 || epoll_ctl(s->epoll, op, m->fd, &ev) == 0 || error_errno(err, "epoll");
}

/* The shadow's socket is dead. What it has left unsaid is looked at when its client is done. */
static void die(struct mirror *m)
{
    fd_close(&m->fd); // epoll forgets it
    m->watched = 0;
    m->shadows = SHADOW_RST;
    m->queue.len = m->taken = 0;
}

/* Passes on what the shadow takes. */
static void push(struct mirror *m)
{
    while (m->fd >= 0 && !m->dialling && m->taken < m->queue.len) {
        ssize_t n = send(m->fd, m->queue.data + m->taken, m->queue.len - m->taken, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            return;
        if (n < 0) {
            die(m); // with what it may have said: the kernel has dropped that
            return;
        }
        m->taken += (size_t)n;
    }
    if (m->taken == m->queue.len)
        m->queue.len = m->taken = 0;
    if (m->fd >= 0 && !m->dialling && !m->queue.len && m->client_ended && !m->shut && !m->awaited) {
        m->shut = true;
        shutdown(m->fd, SHUT_WR);
    }
}

/* Whether nothing is left that could change the verdict. */
static bool is_settled(const struct mirror *m)
{
    bool owes = m->ahead.len && !m->shadow_is_ahead;

    return m->over && (m->shadows != SHADOW_OPEN || (m->client_reset && !owes));
}

static bool settle(struct shadow *s, struct mirror *m, int64_t now, struct error *err)
{
    m->awaited &= m->shadows == SHADOW_OPEN && now < m->until;
    push(m);
    if (is_settled(m) || (m->over && now >= m->until))
        return conclude_as_is(s, m, err);
    return rewatch(s, m, err);
}

static struct mirror *find(const struct shadow *s, uint64_t on)
{
    for (struct mirror *m = s->mirrors; m; m = m->next)
        if (m->on == on)
            return m;
    return NULL;
}

static bool begin(struct shadow *s, uint32_t on, struct error *err)
{
    struct mirror *m = calloc(1, sizeof *m);

    if (!m)
        memory_exhausted();
    *m = (struct mirror){ .on = on, .fd = -1, .dialling = true, .until = INT64_MAX, .next = s->mirrors };
    s->mirrors = m;
    s->open++;
    int why = net_connect(&s->to, &m->fd);
    if (why) {
        m->fd = -1;
        return outcome(s, m, SHADOW_ABSENT, why, err);
    }
    net_prepare(m->fd);
    return rewatch(s, m, err);
}

static bool queue(struct shadow *s, struct mirror *m, struct bytes said, bool *gone, struct error *err)
{
    if (m->fd < 0)
        return true; // it is dead
    if (m->queue.len - m->taken + said.len > s->limits.queue) {
        *gone = true;
        return outcome(s, m, SHADOW_GIVEN_UP, 0, err);
    }
    drop_front(&m->queue, m->taken);
    m->taken = 0;
    buffer_append(&m->queue, said.data, said.len);
    return true;
}

bool shadow_hear(struct shadow *s, const struct relay_event *e, int64_t now, struct error *err)
{
    bool gone = false, good = true;

    if (e->kind == RELAY_OPEN)
        return begin(s, e->on, err);
    struct mirror *m = find(s, e->on);
    if (!m)
        return true;
    switch (e->kind) {
    case RELAY_OPEN:
    case RELAY_FAULT:
    case RELAY_NOTE:
        break;
    case RELAY_REFUSED:
        return outcome(s, m, SHADOW_GIVEN_UP, e->number, err);
    case RELAY_DATA:
        good = e->from == RELAY_CLIENT ? queue(s, m, e->data, &gone, err) : compare(s, m, false, e->data, &gone, err);
        break;
    case RELAY_END:
        if (e->from == RELAY_CLIENT) {
            m->client_ended = true;
            m->outlived = m->shadows == SHADOW_FIN_FIRST && now - m->ended >= s->limits.patience;
        } else {
            m->ends = m->client_ended ? SHADOW_FIN_BEHIND : SHADOW_FIN_FIRST;
            m->awaited = !m->client_ended;
            m->until = now + s->limits.patience;
        }
        break;
    case RELAY_RESET:
        if (e->from == RELAY_CLIENT)
            m->client_reset = true;
        else
            m->ends = SHADOW_RST;
        break;
    case RELAY_CLOSED:
        m->over = true;
        m->until = now + s->limits.patience;
        break;
    }
    return good && (gone || settle(s, m, now, err));
}

/* Reads what the shadow says. */
static bool pull(struct shadow *s, struct mirror *m, int64_t now, bool *gone, struct error *err)
{
    for (int i = 0; i < READS && !*gone && m->fd >= 0 && m->shadows == SHADOW_OPEN; i++) {
        ssize_t n = recv(m->fd, s->room, sizeof s->room, MSG_DONTWAIT);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            return true;
        if (n < 0) {
            die(m);
        } else if (n == 0) {
            m->shadows = m->shut ? SHADOW_FIN_BEHIND : SHADOW_FIN_FIRST;
            m->ended = now;
        } else if (!compare(s, m, true, (struct bytes){ s->room, (size_t)n }, gone, err)) {
            return false;
        }
    }
    return true;
}

static bool happened(struct shadow *s, struct mirror *m, int64_t now, uint32_t events, struct error *err)
{
    bool gone = false;

    if (m->dialling) {
        int why = net_connected(m->fd);
        if (why)
            return outcome(s, m, SHADOW_ABSENT, why, err);
        m->dialling = false;
    }
    if (events & (EPOLLIN | EPOLLERR | EPOLLHUP)) {
        if (!pull(s, m, now, &gone, err))
            return false;
        if (!gone && m->fd >= 0 && m->shadows != SHADOW_OPEN && events & EPOLLERR)
            die(m); // a RST behind its FIN
    }
    return gone || settle(s, m, now, err);
}

bool shadow_step(struct shadow *s, int64_t now, struct error *err)
{
    struct epoll_event events[EVENTS];
    int n = epoll_wait(s->epoll, events, EVENTS, 0);

    if (n < 0 && errno != EINTR)
        return error_errno(err, "epoll");
    for (int i = 0; i < n; i++) {
        struct mirror *m = find(s, events[i].data.u64);
        if (m && !happened(s, m, now, events[i].events, err))
            return false;
    }
    for (struct mirror *m = s->mirrors, *next; m; m = next) {
        next = m->next;
        if (now < m->until)
            continue;
        if (!m->over)
            m->until = INT64_MAX; // it had the time to end by itself
        m->awaited = false;
        if (!(m->over ? conclude_as_is(s, m, err) : settle(s, m, now, err)))
            return false;
    }
    return true;
}

int shadow_fd(const struct shadow *s)
{
    return s->epoll;
}

int64_t shadow_due(const struct shadow *s)
{
    int64_t due = INT64_MAX;

    for (const struct mirror *m = s->mirrors; m; m = m->next)
        due = m->until < due ? m->until : due;
    return due;
}

uint32_t shadow_open(const struct shadow *s)
{
    return s->open;
}

struct shadow *shadow_new(const struct address *to, const struct shadow_limits *l, shadow_tell *tell, void *context, struct error *err)
{
    struct shadow *s = calloc(1, sizeof *s);

    if (!s)
        memory_exhausted();
    s->to = *to;
    s->limits = *l;
    s->tell = tell;
    s->context = context;
    s->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (s->epoll < 0) {
        error_errno(err, "epoll");
        shadow_free(s);
        return NULL;
    }
    return s;
}

void shadow_free(struct shadow *s)
{
    while (s->mirrors) {
        struct mirror *m = s->mirrors;
        s->mirrors = m->next;
        if (m->fd >= 0)
            net_reset(m->fd);
        buffer_free(&m->queue);
        buffer_free(&m->ahead);
        buffer_free(&m->before);
        free(m);
    }
    fd_close(&s->epoll);
    free(s);
}
