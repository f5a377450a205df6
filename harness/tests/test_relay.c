/*
 * The relay between real sockets: what one side does the other sees, and the watcher is told of all of it.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/fd.h"
#include "relayed.h"

Test(relay, passes_on_what_is_said_and_each_end, .timeout = 30)
{
    struct relayed s;
    char byte;

    relayed_begin(&s);
    relayed_say(s.client, "one");
    relayed_expect_heard(&s, s.server, "one");
    relayed_say(s.server, "three");
    relayed_expect_heard(&s, s.client, "three");
    shutdown(s.client, SHUT_WR);
    cr_expect(eq(int, (int)relayed_hear(&s, s.server, &byte, 1), 0));
    relayed_say(s.server, "late"); // a half-close leaves the other way open
    relayed_expect_heard(&s, s.client, "late");
    shutdown(s.server, SHUT_WR);
    cr_expect(eq(int, (int)relayed_hear(&s, s.client, &byte, 1), 0));
    relayed_step_until_over(&s, 1);
    relayed_expect_told(&s, "0 open, 0 client 3, 0 server 5, 0 client end, 0 server 4, 0 server end, 0 closed");
    relayed_end(&s);
}

Test(relay, segments_that_come_apart_leave_apart, .timeout = 30)
{
    struct relayed s;

    relayed_begin(&s);
    relayed_say(s.client, "a");
    relayed_expect_heard(&s, s.server, "a");
    relayed_say(s.client, "bc");
    relayed_expect_heard(&s, s.server, "bc");
    relayed_expect_told(&s, "0 open, 0 client 1, 0 client 2");
    relayed_end(&s);
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
        struct relayed s;
        char byte;
        relayed_begin(&s);
        relayed_say(s.client, "hi");
        relayed_expect_heard(&s, s.server, "hi");
        net_reset(t->server ? s.server : s.client);
        *(t->server ? &s.server : &s.client) = -1;
        cr_expect(eq(int, (int)relayed_hear(&s, t->server ? s.client : s.server, &byte, 1), -ECONNRESET), "%s", t->name);
        relayed_step_until_over(&s, 1);
        relayed_expect_told(&s, t->told);
        relayed_end(&s);
    }
}

/* Also while nothing is read of that side: it has ended and is owed more. */
Test(relay, a_reset_behind_the_end_is_one, .timeout = 30)
{
    struct relayed s;
    char byte;

    relayed_begin(&s);
    shutdown(s.client, SHUT_WR);
    cr_expect(eq(int, (int)relayed_hear(&s, s.server, &byte, 1), 0));
    net_reset(s.client);
    s.client = -1;
    cr_expect(eq(int, (int)relayed_hear(&s, s.server, &byte, 1), 0)); // it has ended before; the RST shows when it is spoken to
    relayed_step_until_over(&s, 1);
    relayed_expect_told(&s, "0 open, 0 client end, 0 client reset, 0 closed");
    cr_expect(eq(int, (int)send(s.server, "x", 1, MSG_NOSIGNAL), -1));
    relayed_end(&s);
}

Test(relay, who_reads_slowly_loses_nothing, .timeout = 60)
{
    enum { ALL = 4 << 20 };
    struct relayed s;
    struct error err;
    uint8_t *out = malloc(ALL), *in = malloc(ALL);
    size_t sent = 0, got = 0;

    for (size_t i = 0; i < ALL; i++)
        out[i] = (uint8_t)(i * 2654435761u >> 24);
    relayed_begin(&s);
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
        n = relayed_hear(&s, s.client, in + got, ALL - got);
        cr_assert(gt(int, (int)n, 0));
        got += (size_t)n;
    }
    cr_expect(memcmp(in, out, ALL) == 0);
    cr_expect(eq(sz, s.told.said[RELAY_SERVER].len, ALL));
    free(out);
    free(in);
    relayed_end(&s);
}

Test(relay, connections_are_apart, .timeout = 30)
{
    struct relayed s;
    int first[2];

    relayed_begin(&s);
    first[0] = s.client, first[1] = s.server;
    s.client = s.server = -1;
    relayed_dial(&s);
    relayed_say(s.client, "second");
    relayed_expect_heard(&s, s.server, "second");
    relayed_say(first[0], "first");
    relayed_expect_heard(&s, first[1], "first");
    relayed_expect_told(&s, "0 open, 1 open, 1 client 6, 0 client 5");
    cr_expect(eq(u32, relay_open(s.relay), 2));
    close(first[0]);
    close(first[1]);
    relayed_step_until_over(&s, 1);
    cr_expect(eq(u32, relay_open(s.relay), 1));
    relayed_end(&s);
}

Test(relay, a_server_that_refuses_is_a_reset, .timeout = 30)
{
    struct relayed s;
    char byte;

    relayed_begin(&s);
    fd_close(&s.client);
    fd_close(&s.server);
    relayed_step_until_over(&s, 1);
    fd_close(&s.listener);
    cr_assert(eq(int, net_connect(&s.at, &s.client), 0));
    relayed_step_until_over(&s, 2);
    cr_expect(eq(int, (int)relayed_hear(&s, s.client, &byte, 1), -ECONNRESET));
    cr_expect(strstr(text_string(&s.told.words), "1 open, 1 refused ECONNREFUSED, 1 closed") != NULL);
    relayed_end(&s);
}

static bool refuse(void *context, const struct relay_event *e, struct error *err)
{
    (void)context, (void)e;
    return error_set(err, ERROR_SYSTEM, "no room");
}

/* Whoever stops it just before it waits is not overheard: what it heeds stays readable. */
Test(relay, no_step_waits_while_it_is_to_heed_something, .timeout = 30)
{
    struct relayed s;
    struct error err;
    AUTO_CLOSE int heeded = eventfd(0, EFD_CLOEXEC);

    relayed_begin(&s);
    cr_assert(relay_heed(s.relay, heeded, &err), "%s", err.text);
    cr_assert(eq(int, eventfd_write(heeded, 1), 0));
    for (int i = 0; i < 3; i++)
        cr_expect(relay_step(s.relay, -1, &err), "%s", err.text);
    cr_expect(eq(str, (char *)text_string(&s.told.words), "0 open"));
    relayed_end(&s);
}

Test(relay, what_cannot_be_heeded_is_told, .timeout = 30)
{
    struct relayed s;
    struct error err;

    relayed_begin(&s);
    cr_expect(not(relay_heed(s.relay, -1, &err)));
    cr_expect(eq(str, err.text, "epoll: Bad file descriptor"));
    relayed_end(&s);
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

static void step(struct relayed *s, int ms)
{
    struct error err;

    cr_assert(relay_step(s->relay, ms, &err), "%s", err.text);
}

/* What has been passed on, without another step. */
static void expect_there(int fd, const char *words)
{
    char got[64] = { 0 };

    cr_assert(eq(int, (int)recv(fd, got, sizeof got - 1, 0), (int)strlen(words)));
    cr_expect(eq(str, got, (char *)words));
}

/* A step has heard the client, and the next one looks for the server. */
static void set_awaiting(struct relayed *s)
{
    relayed_begin(s);
    relayed_say(s->client, "ping");
    relayed_expect_heard(s, s->server, "ping");
    cr_assert(relay_looks(s->relay));
}

/* On loopback what was sent is there when send returns, so that each step here has one thing to do. */
Test(relay, an_answer_that_is_there_is_passed_on_by_a_look, .timeout = 30)
{
    struct relayed s;
    char byte;

    set_awaiting(&s);
    relayed_say(s.server, "pong");
    step(&s, -1);
    expect_there(s.client, "pong");
    cr_expect(relay_looks(s.relay), "the other one may answer, too");
    relayed_say(s.client, "ping");
    step(&s, -1);
    expect_there(s.server, "ping");
    shutdown(s.server, SHUT_WR);
    step(&s, -1);
    cr_expect(eq(int, (int)recv(s.client, &byte, 1, 0), 0));
    relayed_say(s.client, "late");
    step(&s, -1);
    expect_there(s.server, "late");
    shutdown(s.client, SHUT_WR);
    relayed_step_until_over(&s, 1);
    cr_expect(not(relay_looks(s.relay)));
    relayed_expect_told(&s, "0 open, 0 client 4, 0 server 4, 0 client 4, 0 server end, 0 client 4, 0 client end, 0 closed");
    relayed_end(&s);
}

Test(relay, a_look_sees_a_reset, .timeout = 30)
{
    struct relayed s;
    char byte;

    set_awaiting(&s);
    net_reset(s.server);
    s.server = -1;
    step(&s, -1);
    cr_expect(eq(u32, relay_over(s.relay), 1));
    cr_expect(not(relay_looks(s.relay)));
    cr_expect(recv(s.client, &byte, 1, 0) < 0 && errno == ECONNRESET);
    relayed_expect_told(&s, "0 open, 0 client 4, 0 server reset, 0 closed");
    relayed_end(&s);
}

Test(relay, who_answers_late_is_looked_for_less_often, .timeout = 30)
{
    static const int due[] = { 1, 3, 7, 15, 31, 63, 63 }; // messages between two looks
    struct relayed s;

    set_awaiting(&s);
    for (size_t i = 0; i < COUNT_OF(due); i++) {
        int unlooked = 0;
        step(&s, -1); // it returns though nothing has come
        cr_expect(not(relay_looks(s.relay)));
        for (;; unlooked++) {
            relayed_say(s.client, "more");
            step(&s, -1);
            expect_there(s.server, "more");
            if (relay_looks(s.relay))
                break;
        }
        cr_expect(eq(int, unlooked, due[i]));
    }
    relayed_say(s.server, "pong");
    step(&s, -1);
    expect_there(s.client, "pong");
    relayed_say(s.client, "ping");
    step(&s, -1);
    cr_expect(relay_looks(s.relay), "one answer in time, and it is looked for again");
    relayed_end(&s);
}

Test(relay, whoever_talks_by_turns_keeps_nobody_else_waiting, .timeout = 30)
{
    struct relayed s;
    struct error err;
    int looks = 0;

    set_awaiting(&s);
    AUTO_CLOSE int another = -1;
    cr_assert(eq(int, net_connect(&s.at, &another), 0));
    for (; relay_looks(s.relay); looks++) {
        relayed_say(looks % 2 ? s.client : s.server, "turn");
        step(&s, -1);
        expect_there(looks % 2 ? s.server : s.client, "turn");
    }
    cr_expect(eq(int, looks, 64));
    cr_expect(eq(u32, relay_open(s.relay), 1));
    relayed_say(s.server, "turn"); // two things to do, and both are done
    cr_assert(relay_step(s.relay, -1, &err), "%s", err.text);
    expect_there(s.client, "turn");
    cr_expect(eq(u32, relay_open(s.relay), 2));
    cr_expect(not(relay_looks(s.relay)), "more than one is about");
    relayed_end(&s);
}

Test(relay, a_step_that_may_not_wait_leaves_no_look, .timeout = 30)
{
    struct relayed s;

    set_awaiting(&s);
    step(&s, 0); // nothing has come, and what is due does not wait for a look
    cr_expect(not(relay_looks(s.relay)));
    relayed_say(s.client, "ping");
    step(&s, 0);
    expect_there(s.server, "ping");
    cr_expect(not(relay_looks(s.relay)));
    relayed_end(&s);
}

Test(relay, what_was_said_without_an_answer_goes_before_it, .timeout = 30)
{
    struct relayed s;

    set_awaiting(&s);
    relayed_say(s.server, "answer");
    relayed_say(s.client, "again"); // without having heard it
    step(&s, -1);
    step(&s, -1);
    expect_there(s.server, "again");
    expect_there(s.client, "answer");
    relayed_expect_told(&s, "0 open, 0 client 4, 0 client 5, 0 server 6");
    relayed_end(&s);
}
