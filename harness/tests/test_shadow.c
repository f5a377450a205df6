/*
 * A shadow behind a relay: what becomes of it is told, and client and first server see what they see without one. Shadows are
 * played by the tests, with real sockets; their time is an argument.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/text.h"
#include "capture/shadow.h"

#define FAR_TOO_LONG 20000 // steps; a test that fails must end
#define PATIENCE     1000
#define QUEUE        4096
#define SERVER_SAYS  "answer" // to each conversation of the table

enum shadow_manner { ABSENT, STUCK, RESETTING, ENDING, EARLY, TALKING };

static struct {
    struct relay *relay;
    struct shadow *shadow;
    struct text order; // what the relay's watcher was told
    struct shadow_verdict verdict;
    uint8_t expected[SHADOW_TOLD], got[SHADOW_TOLD];
    int verdicts;
    int64_t now;
    int listener, second; // of the first server and of the shadow
    int client, server, other;
} s;

static bool watch(void *context, const struct relay_event *e, struct error *err)
{
    (void)context;
    text_printf(&s.order, "%d%d:%.*s ", e->kind, e->from, (int)e->data.len, (const char *)e->data.data);
    return !s.shadow || shadow_hear(s.shadow, e, s.now, err);
}

static bool tell(void *context, const struct shadow_verdict *v, struct error *err)
{
    (void)context;
    (void)err;
    s.verdict = *v;
    cr_expect(v->before.len == v->at && memcmp(v->before.len ? (char *)v->before.data : "", "answer", v->before.len) == 0, "what is the same up to %zu is kept", (size_t)v->at);
    if (v->expected.len)
        memcpy(s.expected, v->expected.data, v->expected.len);
    if (v->got.len)
        memcpy(s.got, v->got.data, v->got.len);
    s.verdicts++;
    return true;
}

static void step(void)
{
    struct error err;

    cr_assert(relay_step(s.relay, 0, &err), "%s", err.text);
    cr_assert(s.shadow == NULL || shadow_step(s.shadow, s.now, &err), "%s", err.text);
}

static void listen_at(struct address *at, int *fd)
{
    struct error err;

    *at = address_loopback(0);
    cr_assert(net_bind(at, fd, &err) && net_listen(*fd, &err), "%s", err.text);
}

static int accept_from(int listener)
{
    int fd = -1;

    for (int i = 0; fd < 0 && i < FAR_TOO_LONG; i++) {
        step();
        fd = net_accept(listener);
    }
    cr_assert(fd >= 0);
    return fd;
}

/* A client that has dialled, its server, and the shadow where there is to be one. */
static void set(bool shadowed, bool absent)
{
    struct address to, new, at = address_loopback(0);
    struct shadow_limits limits = { .queue = QUEUE, .patience = PATIENCE, .before = 6 };
    struct error err;

    memset(&s, 0, sizeof s);
    s.other = -1;
    listen_at(&to, &s.listener);
    listen_at(&new, &s.second);
    if (absent)
        fd_close(&s.second);
    if (shadowed)
        s.shadow = shadow_new(&new, &limits, tell, NULL, &err);
    s.relay = relay_new(&at, &to, watch, NULL, &err);
    cr_assert(s.relay != NULL && (s.shadow != NULL) == shadowed, "%s", err.text);
    cr_assert(eq(int, net_connect(&at, &s.client), 0));
    s.server = accept_from(s.listener);
    if (shadowed && !absent)
        s.other = accept_from(s.second);
}

static void strike(void)
{
    relay_free(s.relay);
    if (s.shadow)
        shadow_free(s.shadow);
    fd_close(&s.listener);
    fd_close(&s.second);
    fd_close(&s.client);
    fd_close(&s.server);
    fd_close(&s.other);
    text_free(&s.order);
}

static void say(int fd, const char *words)
{
    cr_assert(eq(int, (int)send(fd, words, strlen(words), MSG_NOSIGNAL), (int)strlen(words)));
}

/* Until these words, or with "" the end, have come. */
static void hear(int fd, const char *words)
{
    char got[64] = { 0 };
    size_t len = 0;

    for (int i = 0; i < FAR_TOO_LONG; i++) {
        ssize_t n = recv(fd, got + len, sizeof got - 1 - len, MSG_DONTWAIT);
        if (n < 0)
            cr_assert(eq(int, errno, EAGAIN));
        len += n > 0 ? (size_t)n : 0;
        if (*words ? len >= strlen(words) : n == 0)
            break;
        step();
    }
    cr_expect(eq(str, got, (char *)words));
}

static void until_over(void)
{
    for (int i = 0; relay_over(s.relay) == 0 && i < FAR_TOO_LONG; i++)
        step();
    cr_assert(eq(u32, relay_over(s.relay), 1));
}

/* Whatever the shadow does, this is what client and server live through. */
static void converse(void)
{
    say(s.client, "ask");
    hear(s.server, "ask");
    say(s.server, SERVER_SAYS);
    hear(s.client, SERVER_SAYS);
    shutdown(s.client, SHUT_WR);
    hear(s.server, "");
    shutdown(s.server, SHUT_WR);
    hear(s.client, "");
    until_over();
}

static void until_told(void)
{
    for (int i = 0; !s.verdicts && i < FAR_TOO_LONG; i++)
        step();
    cr_assert(eq(int, s.verdicts, 1));
}

/* The time of a shadow that says nothing more is up. */
static void lose_patience(void)
{
    for (int i = 0; i < 100; i++)
        step();
    cr_expect(eq(int, s.verdicts, 0));
    s.now += PATIENCE - 1;
    step();
    cr_expect(eq(int, s.verdicts, 0));
    s.now += 1;
    step();
    cr_assert(eq(int, s.verdicts, 1));
}

// clang-format off
static const struct manner_row {
    const char *name;
    enum shadow_manner manner;
    const char *before, *behind; // what it says before and behind the client's end
    enum shadow_outcome outcome;
    uint64_t at;
    const char *expected, *got;
    enum shadow_end end;
} manners[] = {
    { "the same",       TALKING,   "answer",  "",       SHADOW_SAME,    6, "",       "",      SHADOW_FIN_BEHIND },
    { "in pieces",      TALKING,   "ans",     "wer",    SHADOW_SAME,    6, "",       "",      SHADOW_FIN_BEHIND },
    { "late",           TALKING,   "",        "answer", SHADOW_SAME,    6, "",       "",      SHADOW_FIN_BEHIND },
    { "another byte",   TALKING,   "anSwer",  "",       SHADOW_DIFFERS, 2, "swer",   "Swer",  SHADOW_OPEN },
    { "another, late",  TALKING,   "answ",    "Er",     SHADOW_DIFFERS, 4, "er",     "Er",    SHADOW_OPEN },
    { "more",           TALKING,   "answer!", "",       SHADOW_LONG,    6, "",       "!",     SHADOW_FIN_BEHIND },
    { "less",           TALKING,   "answe",   "",       SHADOW_SHORT,   5, "r",      "",      SHADOW_FIN_BEHIND },
    { "ends too early", EARLY,     "answer",  "",       SHADOW_END,     6, "",       "",      SHADOW_FIN_FIRST },
    { "may have crossed", ENDING,  "answer",  "",       SHADOW_SAME,    6, "",       "",      SHADOW_FIN_FIRST },
    { "resets",         RESETTING, "",        "",       SHADOW_SHORT,   0, "answer", "",      SHADOW_RST },
    { "stuck",          STUCK,     "",        "",       SHADOW_SHORT,   0, "answer", "",      SHADOW_OPEN },
    { "stays",          STUCK,     "answer",  "",       SHADOW_END,     6, "",       "",      SHADOW_OPEN },
    { "not there",      ABSENT,    "",        "",       SHADOW_ABSENT,  0, "",       "",      SHADOW_OPEN },
};
// clang-format on

static void expect_shown(struct bytes shown, const uint8_t *kept, const char *due, const char *name)
{
    cr_expect(shown.len == strlen(due) && memcmp(kept, due, strlen(due)) == 0, "%s: %.*s, not %s", name, (int)shown.len, (const char *)kept, due);
}

static void play(const struct manner_row *row)
{
    set(true, row->manner == ABSENT);
    if (*row->before)
        say(s.other, row->before);
    if (row->manner == ENDING || row->manner == EARLY)
        shutdown(s.other, SHUT_WR);
    if (row->manner == RESETTING)
        net_reset(fd_keep(&s.other));
    if (row->manner == ENDING || row->manner == EARLY || row->manner == RESETTING || (row->manner == TALKING && *row->before))
        for (int i = 0; i < 20; i++)
            step();
    s.now += row->manner == EARLY ? PATIENCE : 0;
    converse();
    if (*row->behind)
        say(s.other, row->behind);
    if (row->manner == TALKING && !s.verdicts) {
        hear(s.other, "ask");
        hear(s.other, "");
        shutdown(s.other, SHUT_WR);
    }
    if (row->manner == STUCK)
        lose_patience();
    until_told();
    cr_expect(eq(int, s.verdict.outcome, row->outcome), "%s", row->name);
    cr_expect(eq(u64, s.verdict.at, row->at), "%s", row->name);
    cr_expect(eq(int, s.verdict.shadows, row->end), "%s", row->name);
    expect_shown(s.verdict.expected, s.expected, row->expected, row->name);
    expect_shown(s.verdict.got, s.got, row->got, row->name);
    cr_expect(eq(u32, shadow_open(s.shadow), 0));
}

Test(shadow, tells_each_manner_and_disturbs_nobody, .timeout = 60)
{
    CLEANUP(text_free) struct text without = { 0 };

    set(false, false);
    converse();
    text_add(&without, text_string(&s.order));
    strike();
    for (size_t i = 0; i < COUNT_OF(manners); i++) {
        play(&manners[i]);
        cr_expect(eq(str, (char *)text_string(&s.order), (char *)text_string(&without)), "%s", manners[i].name);
        strike();
    }
}

/* The first server ends by itself, and its client behind it: a shadow that waits for the client does otherwise. */
static void first_ends(void)
{
    set(true, false);
    shutdown(s.server, SHUT_WR);
    hear(s.client, "");
    shutdown(s.client, SHUT_WR);
    hear(s.server, "");
    until_over();
}

Test(shadow, that_ends_first_as_the_server_does_is_the_same, .timeout = 30)
{
    first_ends();
    shutdown(s.other, SHUT_WR);
    until_told();
    cr_expect(eq(int, s.verdict.outcome, SHADOW_SAME));
    cr_expect(eq(int, s.verdict.ends, SHADOW_FIN_FIRST));
    strike();
}

Test(shadow, that_waits_for_its_client_where_the_server_did_not_is_told, .timeout = 30)
{
    char byte;

    first_ends();
    for (int i = 0; i < 100; i++)
        step();
    cr_expect(recv(s.other, &byte, 1, MSG_DONTWAIT) < 0 && errno == EAGAIN, "the client's end was not kept from it");
    lose_patience();
    cr_expect(eq(int, s.verdict.outcome, SHADOW_END));
    cr_expect(eq(int, s.verdict.shadows, SHADOW_OPEN));
    strike();
}

Test(shadow, a_server_that_says_more_than_is_held_gives_the_comparison_up_and_is_heard_all_the_same, .timeout = 30)
{
    uint8_t answer[QUEUE + 1] = { 0 }, got[QUEUE + 1];
    size_t len = 0;

    set(true, false);
    cr_assert(eq(int, (int)send(s.server, answer, sizeof answer, MSG_NOSIGNAL), (int)sizeof answer));
    for (int i = 0; len < sizeof got && i < FAR_TOO_LONG; i++) {
        ssize_t n = recv(s.client, got + len, sizeof got - len, MSG_DONTWAIT);
        len += n > 0 ? (size_t)n : 0;
        step();
    }
    cr_expect(eq(int, (int)len, QUEUE + 1));
    until_told();
    cr_expect(eq(int, s.verdict.outcome, SHADOW_GIVEN_UP));
    cr_expect(eq(i64, s.verdict.number, 0));
    strike();
}

/* The kernel's buffers hold much, so more than they do is said; the shadow reads none of it. */
Test(shadow, that_takes_nothing_is_given_up_and_delays_nobody, .timeout = 60)
{
    static uint8_t piece[65536];
    size_t heard = 0;

    set(true, false);
    for (size_t said = 0; !s.verdicts && said < (64u << 20);) {
        ssize_t n = send(s.client, piece, sizeof piece, MSG_NOSIGNAL | MSG_DONTWAIT);
        said += n > 0 ? (size_t)n : 0;
        step();
        while ((n = recv(s.server, piece, sizeof piece, MSG_DONTWAIT)) > 0)
            heard += (size_t)n;
    }
    cr_assert(eq(int, s.verdicts, 1));
    cr_expect(eq(int, s.verdict.outcome, SHADOW_GIVEN_UP));
    cr_expect(heard > QUEUE);
    say(s.server, SERVER_SAYS);
    hear(s.client, SERVER_SAYS);
    strike();
}

Test(shadow, a_client_that_resets_is_owed_no_end, .timeout = 30)
{
    set(true, false);
    say(s.client, "ask");
    hear(s.server, "ask");
    net_reset(fd_keep(&s.client));
    until_over();
    until_told();
    cr_expect(eq(int, s.verdict.outcome, SHADOW_SAME));
    strike();
}

Test(shadow, is_not_compared_with_a_server_that_is_not_there, .timeout = 30)
{
    struct address to, new, at = address_loopback(0);
    struct error err;

    memset(&s, 0, sizeof s);
    s.server = s.other = -1;
    listen_at(&to, &s.listener);
    listen_at(&new, &s.second);
    fd_close(&s.listener);
    s.shadow = shadow_new(&new, &shadow_limits_default, tell, NULL, &err);
    s.relay = relay_new(&at, &to, watch, NULL, &err);
    cr_assert(s.shadow && s.relay && net_connect(&at, &s.client) == 0);
    until_told();
    cr_expect(eq(int, s.verdict.outcome, SHADOW_GIVEN_UP));
    cr_expect(eq(i64, s.verdict.number, ECONNREFUSED));
    strike();
}
