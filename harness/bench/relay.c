/*
 * One thread and one poll over all connections. Each is a pair: the asker's socket and one to the reference, which is
 * closed when the manner begins, so that nothing but the manner keeps anybody waiting.
 */
#include "bench/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/fd.h"
#include "peer/process.h"

#define SERVICE    "conformance"
#define PAIRS      64  // at once; the oldest goes when there are more, because who is stuck sees no end
#define DRIP_US    100000 // between two bytes
#define CHUNK      65536
#define START_US   10000000

// clang-format off
const struct manner manner_table[] = {
    { "mute",     "reads, and says nothing any more",              MANNER_MUTE },
    { "closing",  "closes the connection",                         MANNER_CLOSING },
    { "stuck",    "neither reads nor speaks, and closes nothing",  MANNER_STUCK },
    { "dripping", "says a byte every 100 ms, without end",         MANNER_DRIPPING },
    { "babbling", "says zeroes as fast as they are taken",         MANNER_BABBLING },
};
// clang-format on
const size_t manner_count = COUNT_OF(manner_table);

bool manner_parse(const char *text, const struct manner **out, unsigned *answers, struct error *err)
{
    size_t len = strcspn(text, ":");
    char *end = NULL;
    unsigned long n = text[len] ? strtoul(text + len + 1, &end, 10) : 1;

    for (size_t i = 0; i < manner_count; i++)
        if (strlen(manner_table[i].name) == len && memcmp(manner_table[i].name, text, len) == 0 && (!end || (!*end && end[-1] != ':')) &&
            n < 1000) {
            *out = &manner_table[i];
            *answers = (unsigned)n;
            return true;
        }
    return error_set(err, ERROR_USAGE, "--as: \"%s\": expected mute, closing, stuck, dripping or babbling, and :N for how many answers go before", text);
}

struct pair {
    int asker, peer; // -1: none
    unsigned answers; // that have been passed on
    bool spoken;      // the peer has, since the asker last did
    bool ended;       // the asker has
    bool bad;         // the manner has begun
};

struct relay {
    const struct manner *manner;
    unsigned answers;
    struct address reference;
    int listener;
    struct pair pairs[PAIRS]; // oldest first
    size_t count;
};

static uint8_t chunk[CHUNK];

static void let_go(struct pair *p)
{
    fd_close(&p->asker);
    fd_close(&p->peer);
}

static void turn_bad(const struct relay *r, struct pair *p)
{
    p->bad = true;
    fd_close(&p->peer);
    fcntl(p->asker, F_SETFL, O_NONBLOCK);
    if (r->manner->kind == MANNER_CLOSING) {
        while (recv(p->asker, chunk, sizeof chunk, 0) > 0) // what is unread would make it a RST
            continue;
        let_go(p);
    }
}

static void take(struct relay *r)
{
    struct pair p = { .asker = accept4(r->listener, NULL, NULL, SOCK_CLOEXEC), .peer = -1 };

    if (p.asker < 0)
        return;
    net_prepare(p.asker);
    if (r->answers == 0) {
        turn_bad(r, &p);
    } else {
        p.peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (p.peer < 0 || connect(p.peer, (struct sockaddr *)&r->reference.storage, r->reference.len) < 0) {
            let_go(&p);
            return;
        }
        net_prepare(p.peer);
    }
    if (r->count == PAIRS) {
        let_go(&r->pairs[0]);
        memmove(r->pairs, r->pairs + 1, --r->count * sizeof *r->pairs);
    }
    r->pairs[r->count++] = p;
}

/* What came on one socket goes to the other. 0 at its end, -1 when it is broken. */
static ssize_t pass(int from, int to)
{
    ssize_t n = recv(from, chunk, sizeof chunk, 0);

    net_acknowledge(from);
    for (ssize_t at = 0; at < n;) {
        ssize_t sent = send(to, chunk + at, (size_t)(n - at), MSG_NOSIGNAL);
        if (sent < 0)
            return -1;
        at += sent;
    }
    if (n == 0)
        shutdown(to, SHUT_WR);
    return n;
}

static void asker_spoke(struct relay *r, struct pair *p)
{
    if (p->bad) {
        ssize_t n = recv(p->asker, chunk, sizeof chunk, 0);
        p->ended |= n == 0;
        if ((n == 0 && r->manner->kind == MANNER_MUTE) || (n < 0 && errno != EAGAIN))
            let_go(p);
        return;
    }
    char byte;
    bool more = recv(p->asker, &byte, 1, MSG_PEEK) > 0; // its end is passed on, however many answers there were
    p->answers += more && p->spoken;
    p->spoken &= !more;
    if (more && p->answers >= r->answers) {
        turn_bad(r, p);
        return;
    }
    ssize_t n = pass(p->asker, p->peer);
    p->ended |= n == 0;
    if (n < 0)
        let_go(p);
}

static void peer_spoke(struct pair *p)
{
    ssize_t n = pass(p->peer, p->asker);

    p->spoken = true;
    if (n < 0 || (n == 0 && p->ended))
        let_go(p);
    else if (n == 0)
        fd_close(&p->peer); // the asker's end is still awaited
}

static void speak(struct pair *p, size_t len)
{
    memset(chunk, 0, len);
    if (send(p->asker, chunk, len, MSG_NOSIGNAL) < 0 && errno != EAGAIN)
        let_go(p);
}

/* What is waited for on an asker's socket. */
static short events_of(const struct relay *r, const struct pair *p)
{
    if (p->bad && r->manner->kind == MANNER_BABBLING)
        return POLLOUT;
    return p->ended || (p->bad && r->manner->kind == MANNER_STUCK) ? 0 : POLLIN;
}

static void look_at(struct relay *r, struct pair *p, short asker, short peer)
{
    if (p->peer >= 0 && peer)
        peer_spoke(p);
    if (p->asker < 0 || !asker)
        return;
    if (p->bad && r->manner->kind == MANNER_BABBLING)
        speak(p, CHUNK);
    else if (p->bad && r->manner->kind == MANNER_STUCK)
        let_go(p); // a RST: nobody is there any more
    else if (p->bad || p->peer >= 0)
        asker_spoke(r, p);
    else
        let_go(p); // both ends are over
}

static void serve(struct relay *r)
{
    int64_t next = 0; // drip

    for (;;) {
        struct pollfd all[1 + 2 * PAIRS] = { { r->listener, POLLIN, 0 } };
        bool drips = false;
        size_t kept = 0, was = r->count;
        for (size_t i = 0; i < was; i++) {
            struct pair *p = &r->pairs[i];
            all[1 + 2 * i] = (struct pollfd){ p->asker, events_of(r, p), 0 };
            all[2 + 2 * i] = (struct pollfd){ p->peer, POLLIN, 0 };
            drips |= p->bad && r->manner->kind == MANNER_DRIPPING;
        }
        int64_t left = (next - clock_us()) / 1000 + 1;
        int ready = poll(all, 1 + 2 * was, !drips ? -1 : left > 0 ? (int)left : 0);
        bool now = drips && clock_us() >= next;
        next = now ? clock_us() + DRIP_US : next;
        for (size_t i = 0; i < was; i++) {
            struct pair *p = &r->pairs[i];
            if (ready > 0)
                look_at(r, p, all[1 + 2 * i].revents, all[2 + 2 * i].revents);
            if (now && p->bad && p->asker >= 0)
                speak(p, 1);
            if (p->asker >= 0)
                r->pairs[kept++] = *p;
        }
        r->count = kept;
        if (ready > 0 && all[0].revents)
            take(r);
    }
}

bool relay_serve(const struct manner *manner, unsigned answers, const struct manifest *reference, const char *build,
                 void (*say)(const char *line), struct error *err)
{
    struct relay r = { .manner = manner, .answers = answers, .listener = -1 };
    struct address us = address_loopback(0);
    struct launch launch = { .manifest = reference, .build = build, .limit_us = START_US };
    struct peer peer;
    char line[64];

    if (!peer_start(&launch, &peer, err))
        return false;
    const struct address *at = peer_service(&peer, SERVICE);
    if (!at || !net_bind(&us, &r.listener, err) || !net_listen(r.listener, err)) {
        peer_stop(&peer);
        return at ? false : error_set(err, ERROR_PEER, "%s does not speak %s", reference->path, SERVICE);
    }
    fcntl(r.listener, F_SETFL, 0);
    r.reference = *at;
    snprintf(line, sizeof line, "listening " SERVICE " %u", address_port(&us));
    say(line);
    say("ready");
    serve(&r);
    return true;
}
