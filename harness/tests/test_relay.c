/*
 * The relay between real sockets: what one side does the other sees, and the watcher is told of all of it. The tests
 * step the relay themselves until what they wait for has come; nothing here waits for time to pass.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/text.h"
#include "capture/relay.h"

#define FAR_TOO_LONG 20000 // steps; a test that fails must end

/* "0 open, 0 client 3, 0 server end": what the watcher was told; data as their length. */
struct told {
    struct text words;
    struct buffer said[2]; // by side, of all connections
};

static bool keep(void *context, const struct relay_event *e, struct error *err)
{
    static const char *const sides[] = { "client", "server" };
    struct told *t = context;

    (void)err;
    text_printf(&t->words, "%s%u ", t->words.b.len ? ", " : "", e->on);
    switch (e->kind) {
    case RELAY_OPEN:
        text_add(&t->words, "open");
        break;
    case RELAY_REFUSED:
        text_printf(&t->words, "refused %s", e->number == ECONNREFUSED ? "ECONNREFUSED" : "otherwise");
        break;
    case RELAY_DATA:
        text_printf(&t->words, "%s %zu", sides[e->from], e->data.len);
        buffer_append(&t->said[e->from], e->data.data, e->data.len);
        break;
    case RELAY_END:
        text_printf(&t->words, "%s end", sides[e->from]);
        break;
    case RELAY_RESET:
        text_printf(&t->words, "%s reset", sides[e->from]);
        break;
    case RELAY_CLOSED:
        text_add(&t->words, "closed");
        break;
    }
    return true;
}

/* A relay with a server behind it and a client that has dialled. */
struct scene {
    struct relay *relay;
    struct told told;
    struct address at, to;
    int listener, client, server;
};

static void dial(struct scene *s)
{
    struct error err;

    cr_assert(eq(int, net_connect(&s->at, &s->client), 0));
    while (s->server < 0) {
        cr_assert(relay_step(s->relay, 0, &err), "%s", err.text);
        s->server = net_accept(s->listener);
    }
    net_prepare(s->client);
    net_prepare(s->server);
}

static void set(struct scene *s)
{
    struct error err;

    *s = (struct scene){ .at = address_loopback(0), .to = address_loopback(0), .listener = -1, .client = -1, .server = -1 };
    cr_assert(net_bind(&s->to, &s->listener, &err) && net_listen(s->listener, &err), "%s", err.text);
    s->relay = relay_new(&s->at, &s->to, keep, &s->told, &err);
    cr_assert(s->relay != NULL, "%s", err.text);
    dial(s);
}

static void strike(struct scene *s)
{
    relay_free(s->relay);
    fd_close(&s->listener);
    fd_close(&s->client);
    fd_close(&s->server);
    text_free(&s->told.words);
    buffer_free(&s->told.said[0]);
    buffer_free(&s->told.said[1]);
}

/* Steps the relay until something can be read, and reads it: bytes, 0 at the end, -errno. */
static ssize_t hear(struct scene *s, int fd, void *to, size_t room)
{
    struct error err;

    for (int i = 0; i < FAR_TOO_LONG; i++) {
        ssize_t n = recv(fd, to, room, 0);
        if (n >= 0 || errno != EAGAIN)
            return n < 0 ? -errno : n;
        cr_assert(relay_step(s->relay, 1, &err), "%s", err.text);
    }
    cr_assert(false, "nothing came");
    return 0;
}

static void step_until_over(struct scene *s, uint32_t over)
{
    struct error err;

    for (int i = 0; relay_over(s->relay) < over && i < FAR_TOO_LONG; i++)
        cr_assert(relay_step(s->relay, 1, &err), "%s", err.text);
    cr_assert(eq(u32, relay_over(s->relay), over));
}

static void say(int fd, const char *words)
{
    cr_assert(eq(int, (int)send(fd, words, strlen(words), MSG_NOSIGNAL), (int)strlen(words)));
}

static void expect_heard(struct scene *s, int fd, const char *words)
{
    char got[64] = { 0 };

    cr_assert(eq(int, (int)hear(s, fd, got, sizeof got - 1), (int)strlen(words)));
    cr_expect(eq(str, got, (char *)words));
}

static void expect_told(struct scene *s, const char *words)
{
    cr_expect(eq(str, (char *)text_string(&s->told.words), (char *)words));
}

Test(relay, passes_on_what_is_said_and_each_end, .timeout = 30)
{
    struct scene s;
    char byte;

    set(&s);
    say(s.client, "one");
    expect_heard(&s, s.server, "one");
    say(s.server, "three");
    expect_heard(&s, s.client, "three");
    shutdown(s.client, SHUT_WR);
    cr_expect(eq(int, (int)hear(&s, s.server, &byte, 1), 0));
    say(s.server, "late"); // a half-close leaves the other way open
    expect_heard(&s, s.client, "late");
    shutdown(s.server, SHUT_WR);
    cr_expect(eq(int, (int)hear(&s, s.client, &byte, 1), 0));
    step_until_over(&s, 1);
    expect_told(&s, "0 open, 0 client 3, 0 server 5, 0 client end, 0 server 4, 0 server end, 0 closed");
    strike(&s);
}

Test(relay, segments_that_come_apart_leave_apart, .timeout = 30)
{
    struct scene s;

    set(&s);
    say(s.client, "a");
    expect_heard(&s, s.server, "a");
    say(s.client, "bc");
    expect_heard(&s, s.server, "bc");
    expect_told(&s, "0 open, 0 client 1, 0 client 2");
    strike(&s);
}

static const struct reset_row {
    const char *name;
    bool server;
    const char *told;
} reset_rows[] = {
    { "the client's", false, "0 open, 0 client 2, 0 client reset, 0 closed" },
    { "the server's", true,  "0 open, 0 client 2, 0 server reset, 0 closed" },
};

Test(relay, a_reset_is_a_reset_on_the_other_side, .timeout = 30)
{
    for (const struct reset_row *t = reset_rows; t < reset_rows + COUNT_OF(reset_rows); t++) {
        struct scene s;
        char byte;
        set(&s);
        say(s.client, "hi");
        expect_heard(&s, s.server, "hi");
        net_reset(t->server ? s.server : s.client);
        *(t->server ? &s.server : &s.client) = -1;
        cr_expect(eq(int, (int)hear(&s, t->server ? s.client : s.server, &byte, 1), -ECONNRESET), "%s", t->name);
        step_until_over(&s, 1);
        expect_told(&s, t->told);
        strike(&s);
    }
}

/* Also while nothing is read of that side: it has ended and is owed more. */
Test(relay, a_reset_behind_the_end_is_one, .timeout = 30)
{
    struct scene s;
    char byte;

    set(&s);
    shutdown(s.client, SHUT_WR);
    cr_expect(eq(int, (int)hear(&s, s.server, &byte, 1), 0));
    net_reset(s.client);
    s.client = -1;
    cr_expect(eq(int, (int)hear(&s, s.server, &byte, 1), 0)); // it has ended before; the RST shows when it is spoken to
    step_until_over(&s, 1);
    expect_told(&s, "0 open, 0 client end, 0 client reset, 0 closed");
    cr_expect(eq(int, (int)send(s.server, "x", 1, MSG_NOSIGNAL), -1));
    strike(&s);
}

Test(relay, who_reads_slowly_loses_nothing, .timeout = 60)
{
    enum { ALL = 4 << 20 };
    struct scene s;
    struct error err;
    uint8_t *out = malloc(ALL), *in = malloc(ALL);
    size_t sent = 0, got = 0;

    for (size_t i = 0; i < ALL; i++)
        out[i] = (uint8_t)(i * 2654435761u >> 24);
    set(&s);
    // Says all that fits while the other side does not read, to the point where nothing moves any more.
    for (int idle = 0; idle < 50;) {
        ssize_t n = sent < ALL ? send(s.server, out + sent, ALL - sent, MSG_NOSIGNAL) : -1;
        size_t before = s.told.words.b.len;
        cr_assert(relay_step(s.relay, 1, &err), "%s", err.text);
        sent += n > 0 ? (size_t)n : 0;
        idle = n > 0 || s.told.words.b.len > before ? 0 : idle + 1;
    }
    while (got < ALL) {
        ssize_t n = sent < ALL ? send(s.server, out + sent, ALL - sent, MSG_NOSIGNAL) : 0;
        sent += n > 0 ? (size_t)n : 0;
        n = hear(&s, s.client, in + got, ALL - got);
        cr_assert(gt(int, (int)n, 0));
        got += (size_t)n;
    }
    cr_expect(memcmp(in, out, ALL) == 0);
    cr_expect(eq(sz, s.told.said[RELAY_SERVER].len, ALL));
    free(out);
    free(in);
    strike(&s);
}

Test(relay, connections_are_apart, .timeout = 30)
{
    struct scene s;
    int first[2];

    set(&s);
    first[0] = s.client, first[1] = s.server;
    s.client = s.server = -1;
    dial(&s);
    say(s.client, "second");
    expect_heard(&s, s.server, "second");
    say(first[0], "first");
    expect_heard(&s, first[1], "first");
    expect_told(&s, "0 open, 1 open, 1 client 6, 0 client 5");
    cr_expect(eq(u32, relay_open(s.relay), 2));
    close(first[0]);
    close(first[1]);
    step_until_over(&s, 1);
    cr_expect(eq(u32, relay_open(s.relay), 1));
    strike(&s);
}

Test(relay, a_server_that_refuses_is_a_reset, .timeout = 30)
{
    struct scene s;
    char byte;

    set(&s);
    fd_close(&s.client);
    fd_close(&s.server);
    step_until_over(&s, 1);
    fd_close(&s.listener);
    cr_assert(eq(int, net_connect(&s.at, &s.client), 0));
    step_until_over(&s, 2);
    cr_expect(eq(int, (int)hear(&s, s.client, &byte, 1), -ECONNRESET));
    cr_expect(strstr(text_string(&s.told.words), "1 open, 1 refused ECONNREFUSED, 1 closed") != NULL);
    strike(&s);
}

static bool refuse(void *context, const struct relay_event *e, struct error *err)
{
    (void)context, (void)e;
    return error_set(err, ERROR_SYSTEM, "no room");
}

/* Whoever cannot keep what is said says so, and the relay stops: a capture with holes would be taken for the whole. */
Test(relay, stops_when_its_watcher_fails, .timeout = 30)
{
    struct address at = address_loopback(0), to = address_loopback(0);
    struct error err;
    AUTO_CLOSE int client = -1;
    bool good = true;

    struct relay *r = relay_new(&at, &to, refuse, NULL, &err);
    cr_assert(r != NULL, "%s", err.text);
    cr_assert(eq(int, net_connect(&at, &client), 0));
    for (int i = 0; good && i < FAR_TOO_LONG; i++)
        good = relay_step(r, 1, &err);
    cr_expect(not(good));
    cr_expect(eq(str, err.text, "no room"));
    relay_free(r);
}
