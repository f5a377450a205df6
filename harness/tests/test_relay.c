/*
 * The relay between real sockets: what one side does the other sees, and the watcher is told of all of it. The tests
 * step the relay themselves until what they wait for has come; nothing here waits for time to pass.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/text.h"
#include "base/hex.h"
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
    case RELAY_FAULT:
        text_printf(&t->words, "%s %s", sides[e->from], fault_name(e->fault->kind));
        break;
    case RELAY_NOTE:
        text_printf(&t->words, "%s note: %s", sides[e->from], e->text);
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

/* Whoever stops it just before it waits is not overheard: what it heeds stays readable. */
Test(relay, no_step_waits_while_it_is_to_heed_something, .timeout = 30)
{
    struct scene s;
    struct error err;
    AUTO_CLOSE int heeded = eventfd(0, EFD_CLOEXEC);

    set(&s);
    cr_assert(relay_heed(s.relay, heeded, &err), "%s", err.text);
    cr_assert(eq(int, eventfd_write(heeded, 1), 0));
    for (int i = 0; i < 3; i++)
        cr_expect(relay_step(s.relay, -1, &err), "%s", err.text);
    cr_expect(eq(str, (char *)text_string(&s.told.words), "0 open"));
    strike(&s);
}

Test(relay, what_cannot_be_heeded_is_told, .timeout = 30)
{
    struct scene s;
    struct error err;

    set(&s);
    cr_expect(not(relay_heed(s.relay, -1, &err)));
    cr_expect(eq(str, err.text, "epoll: Bad file descriptor"));
    strike(&s);
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

/* Reads what is passed on until the direction is over: its length; *last is 0 at an end, -ECONNRESET. */
static size_t hear_all(struct scene *s, int fd, char *to, size_t room, int *last)
{
    size_t len = 0;

    for (ssize_t n; (*last = (int)(n = hear(s, fd, to + len, room - len))) > 0;)
        len += (size_t)n;
    return len;
}

static void expect_bytes(const char *name, const char *got, size_t len, const char *due, size_t due_len)
{
    cr_expect(len == due_len && memcmp(got, due, len) == 0, "%s: \"%.*s\" came, due was \"%.*s\"", name, (int)len, got, (int)due_len, due);
}

/* One side says two pieces, each after the one before has been passed on, and ends its direction. */
static const struct fault_row {
    const char *faults, *first, *second; // faults: with blanks between
    const char *due;
    size_t due_len;
    const char *told; // behind the open
} fault_rows[] = {
#define DUE(text) text, sizeof(text) - 1
    { "swap@1",        "abcd", "ef", DUE("acbdef"),    "4, swap, 2, end, closed" },
    { "swap@3",        "abcd", "ef", DUE("abcedf"),    "4, swap, 2, end, closed" }, // over the border of two reads
    { "swap@5",        "abcd", "ef", DUE("abcdef"),    "4, 2, swap, end, closed" }, // nothing comes behind it
    { "hold@3",        "abcd", "ef", DUE("abcdef"),    "4, hold, 2, end, closed" },
    { "hold@5",        "abcd", "ef", DUE("abcdef"),    "4, 2, hold, end, closed" },
    { "drop@0",        "abcd", "ef", DUE("bcdef"),     "4, drop, 2, end, closed" },
    { "drop@4",        "abcd", "ef", DUE("abcdf"),     "4, 2, drop, end, closed" },
    { "add@2",         "abcd", "ef", DUE("ab\0cdef"),  "4, add, 2, end, closed" },
    { "twice@3",       "abcd", "ef", DUE("abcddef"),   "4, twice, 2, end, closed" },
    { "flip@5",        "abcd", "ef", DUE("abcdev"),    "4, 2, flip, end, closed" },
    { "greet@start",   "abcd", "ef", DUE("!abcdef"),   "greet, 4, 2, end, closed" },
    { "drop@6",        "abcd", "ef", DUE("abcdef"),    "4, 2, end, closed" }, // never said
    { "end@3",         "abcd", NULL, DUE("abc"),       "4, end, closed" },
    { "end@0",         "abcd", NULL, DUE(""),          "4, end, closed" },
    { "stop@end",      "abcd", "ef", DUE("abcdef"),    "4, 2, end, stop, closed" },
    { "flip@4 drop@1 swap@2 greet@start", "abcd", "ef", DUE("!adcuf"), "greet, 4, drop, swap, 2, flip, end, closed" },
    { "hold@1 add@2",  "abcd", "ef", DUE("ab\0cdef"),  "4, hold, add, 2, end, closed" },
    { "swap@1 drop@3", "abcd", "ef", DUE("acbef"),     "4, swap, drop, 2, end, closed" },
};

/* "flip@4 drop@1" in one direction. */
static void spoil(struct scene *s, struct faults f[2], bool to_client, const char *all)
{
    static char texts[8][64]; // faults refer to them
    char words[128], *state = NULL, (*one)[64] = texts;
    struct error err;

    snprintf(words, sizeof words, "%s", all);
    for (char *w = strtok_r(words, " ", &state); w; w = strtok_r(NULL, " ", &state), one++) {
        char *at = strchr(w, '@');
        snprintf(*one, sizeof *one, "to-%s%s:%.*s", to_client ? "client" : "server", at, (int)(at - w), w);
        cr_assert(fault_parse(*one, &f[RELAY_SERVER], &f[RELAY_CLIENT], &err), "%s", err.text);
    }
    relay_spoil(s->relay, RELAY_CLIENT, &f[RELAY_CLIENT]);
    relay_spoil(s->relay, RELAY_SERVER, &f[RELAY_SERVER]);
}

/* A scene in which the faults are there before the client dials. */
static void set_spoiled(struct scene *s, struct faults f[2], bool to_client, const char *all)
{
    set(s);
    fd_close(&s->client);
    fd_close(&s->server);
    step_until_over(s, 1);
    s->told.words.b.len = 0;
    spoil(s, f, to_client, all);
    dial(s);
}

static void step_until_said(struct scene *s, size_t len, enum relay_side side)
{
    struct error err;

    for (int i = 0; s->told.said[side].len < len && i < FAR_TOO_LONG; i++)
        cr_assert(relay_step(s->relay, 1, &err), "%s", err.text);
    cr_assert(eq(sz, s->told.said[side].len, len));
}

/* "4, swap, end" of the watcher's words of connection 1. */
static void strip(char *words, const char *side)
{
    char prefix[16];

    snprintf(prefix, sizeof prefix, "1 %s ", side);
    for (const char *const *p = (const char *const[]){ prefix, "1 open, ", "1 ", NULL }; *p; p++)
        for (char *at; (at = strstr(words, *p));)
            memmove(at, at + strlen(*p), strlen(at + strlen(*p)) + 1);
}

Test(relay, a_fault_is_done_at_its_place, .timeout = 60)
{
    for (const struct fault_row *t = fault_rows; t < fault_rows + COUNT_OF(fault_rows); t++)
        for (int to_client = 0; to_client < 2; to_client++) {
            struct scene s;
            struct faults f[2] = { 0 };
            char got[64], told[256];
            int last;
            set_spoiled(&s, f, to_client, t->faults);
            int from = to_client ? s.server : s.client, to = to_client ? s.client : s.server;
            enum relay_side side = to_client ? RELAY_SERVER : RELAY_CLIENT;
            say(from, t->first);
            step_until_said(&s, strlen(t->first), side);
            if (t->second) {
                say(from, t->second);
                step_until_said(&s, strlen(t->first) + strlen(t->second), side);
                shutdown(from, SHUT_WR);
            }
            size_t len = hear_all(&s, to, got, sizeof got, &last);
            expect_bytes(t->faults, got, len, t->due, t->due_len);
            cr_expect(eq(int, last, 0), "%s", t->faults);
            shutdown(to, SHUT_WR);
            step_until_over(&s, 2);
            snprintf(told, sizeof told, "%s", text_string(&s.told.words));
            char *others = strstr(told, to_client ? ", 1 client end" : ", 1 server end"); // the other direction's
            if (others)
                memmove(others, others + 14, strlen(others + 14) + 1);
            strip(told, to_client ? "server" : "client");
            cr_expect(eq(str, told, (char *)t->told), "%s", t->faults);
            strike(&s);
        }
}

/* What is held comes with the next byte and not before. */
Test(relay, a_byte_that_is_held_waits_for_the_next, .timeout = 30)
{
    struct scene s;
    struct faults f[2] = { 0 };

    set_spoiled(&s, f, true, "hold@2");
    say(s.server, "abc");
    expect_heard(&s, s.client, "ab");
    say(s.server, "d");
    expect_heard(&s, s.client, "cd");
    strike(&s);
}

Test(relay, a_fault_resets_both_sides_behind_what_came_before, .timeout = 30)
{
    struct scene s;
    struct faults f[2] = { 0 };
    char byte;

    set_spoiled(&s, f, true, "reset@2");
    say(s.server, "a");
    expect_heard(&s, s.client, "a");
    say(s.server, "bcd");
    while (recv(s.client, &byte, 1, 0) >= 0 || errno == EAGAIN)
        relay_step(s.relay, 1, &(struct error){ 0 });
    cr_expect(eq(int, errno, ECONNRESET));
    cr_expect(eq(int, (int)hear(&s, s.server, &byte, 1), -ECONNRESET));
    expect_told(&s, "1 open, 1 server 1, 1 server 3, 1 server reset, 1 closed");
    strike(&s);
}

Test(relay, an_end_that_stays_is_not_passed_on, .timeout = 30)
{
    struct scene s;
    struct faults f[2] = { 0 };
    char byte;

    set_spoiled(&s, f, true, "stay@end");
    say(s.server, "a");
    shutdown(s.server, SHUT_WR);
    expect_heard(&s, s.client, "a");
    say(s.client, "b"); // the other way goes on
    expect_heard(&s, s.server, "b");
    cr_expect(strstr(text_string(&s.told.words), "1 server stay") != NULL);
    cr_expect(lt(int, (int)recv(s.client, &byte, 1, 0), 0));
    cr_expect(eq(int, errno, EAGAIN));
    shutdown(s.client, SHUT_WR);
    cr_expect(eq(int, (int)hear(&s, s.server, &byte, 1), 0));
    cr_expect(eq(u32, relay_open(s.relay), 1));
    net_reset(s.client);
    s.client = -1;
    step_until_over(&s, 2);
    strike(&s);
}

static const struct bad_fault {
    const char *text, *said; // the beginning of it, behind the text in quotes
} bad_faults[] = {
    { "",                      ": expected to-client@WHERE:WHAT or to-server@WHERE:WHAT" },
    { "client@1:flip",         ": expected to-client@WHERE:WHAT" },
    { "to-client@1",           ": expected to-client@WHERE:WHAT" },
    { "to-client@:flip",       ": expected to-client@WHERE:WHAT" },
    { "to-client@-1:flip",     ": expected to-client@WHERE:WHAT" },
    { "to-client@1x:flip",     ": expected to-client@WHERE:WHAT" },
    { "to-client@99999999999999999999:flip", ": expected to-client@WHERE:WHAT" },
    { "to-client@1:flop",      ": expected greet, swap, hold, drop, add, twice, flip, reset, end, stop or stay" },
    { "to-client@1:",          ": expected greet" },
    { "to-client@1:stay",      ": stay is a fault at the end" },
    { "to-client@end:flip",    ": flip is a fault at a byte's offset, or a field" },
    { "to-client@0:greet",     ": greet is a fault at the start" },
    { "to-client@text:stay",   ": stay is a fault at the end" },
    { "to-client@text#0:flip", ": expected to-client@WHERE:WHAT" },
    { "to-client@5:drop",      ": another fault is about the same place: swap" }, // whose second byte it is
    { "to-client@4:drop",      ": another fault is about the same place: swap" },
    { "to-client@3:swap",      ": another fault is about the same place: swap" },
};

Test(relay, a_fault_that_is_none_is_told)
{
    for (const struct bad_fault *t = bad_faults; t < bad_faults + COUNT_OF(bad_faults); t++) {
        struct faults client = { 0 }, server = { 0 };
        struct error err = { 0 };
        char due[128];
        cr_assert(fault_parse("to-client@4:swap", &client, &server, &err), "%s", err.text);
        cr_assert(fault_parse("to-server@4:swap", &client, &server, &err), "the other direction: %s", err.text);
        cr_expect(not(fault_parse(t->text, &client, &server, &err)), "%s", t->text);
        int len = snprintf(due, sizeof due, "\"%s\"%s", t->text, t->said);
        cr_expect(strncmp(err.text, due, (size_t)len) == 0, "%s", err.text);
        cr_expect(eq(int, err.kind, ERROR_USAGE));
        cr_expect(eq(sz, client.count, 1));
    }
}

/* "1,1,3": the pieces that come, up to the end. */
static void expect_pieces(struct scene *s, int fd, const char *due, const char *all)
{
    TEXT(pieces);
    char got[512];
    size_t len = 0;

    for (ssize_t n; (n = hear(s, fd, got + len, sizeof got - len)) > 0; len += (size_t)n)
        text_printf(&pieces, "%s%zd", len ? "," : "", n);
    cr_expect(eq(str, (char *)text_string(&pieces), (char *)due));
    expect_bytes(due, got, len, all, strlen(all));
}

static const struct pieces_row {
    enum relay_pieces kind;
    int64_t pause;
    uint64_t seed;
    const char *due;
    struct relay_cuts cuts;
} pieces_rows[] = {
    { RELAY_AS_READ,   0,         0, "4,6" },
    { RELAY_BYTEWISE,  1,         0, "1,1,1,1,1,1,1,1,1,1" },
    { RELAY_RANDOM,    1,         3, "3,3,4" },
    { RELAY_COALESCED, 600000000, 0, "10" }, // it does not wait for the pause: the end comes first
    { RELAY_CUT,       1,         0, "1,5,4",  { { 1, 6 }, 2 } },
    { RELAY_CUT,       1,         0, "10",     { { 10, 11 }, 2 } }, // nothing stands behind the first, nor in front of the other
    { RELAY_CUT,       1,         0, "3,3,3,1", { .every = 3 } },
    { RELAY_CUT,       1,         0, "3,1,2,3,1", { { 4 }, 1, 3 } },
};

/* No piece leaves but by a step of the relay, and a step is made only when all that came has been read. */
Test(relay, what_is_passed_on_is_cut, .timeout = 60)
{
    for (const struct pieces_row *t = pieces_rows; t < pieces_rows + COUNT_OF(pieces_rows); t++) {
        struct scene s;
        char four[4];
        struct faults f[2] = { 0 };
        set_spoiled(&s, f, true, "");
        fd_close(&s.client);
        fd_close(&s.server);
        step_until_over(&s, 2);
        relay_cut(s.relay, RELAY_SERVER, t->kind, t->pause, t->seed, &t->cuts);
        dial(&s);
        say(s.server, "abcd");
        if (t->kind == RELAY_AS_READ) {
            cr_expect(eq(int, (int)hear(&s, s.client, four, 4), 4));
            say(s.server, "efghij");
            shutdown(s.server, SHUT_WR);
            expect_pieces(&s, s.client, "6", "efghij");
        } else {
            if (t->kind == RELAY_COALESCED)
                step_until_said(&s, 4, RELAY_SERVER);
            say(s.server, "efghij");
            shutdown(s.server, SHUT_WR);
            expect_pieces(&s, s.client, t->due, "abcdefghij");
        }
        strike(&s);
    }
}

Test(relay, what_waits_for_more_leaves_behind_the_pause, .timeout = 60)
{
    struct scene s;

    set(&s);
    fd_close(&s.client);
    fd_close(&s.server);
    step_until_over(&s, 1);
    relay_cut(s.relay, RELAY_CLIENT, RELAY_COALESCED, 1, 0, NULL);
    dial(&s);
    say(s.client, "abc");
    expect_heard(&s, s.server, "abc");
    say(s.server, "d"); // the other direction is as it is said
    expect_heard(&s, s.client, "d");
    say(s.client, "e");
    expect_heard(&s, s.server, "e");
    strike(&s);
}

static void step(struct scene *s, int ms)
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
static void set_awaiting(struct scene *s)
{
    set(s);
    say(s->client, "ping");
    expect_heard(s, s->server, "ping");
    cr_assert(relay_looks(s->relay));
}

/* On loopback what was sent is there when send returns, so that each step here has one thing to do. */
Test(relay, an_answer_that_is_there_is_passed_on_by_a_look, .timeout = 30)
{
    struct scene s;
    char byte;

    set_awaiting(&s);
    say(s.server, "pong");
    step(&s, -1);
    expect_there(s.client, "pong");
    cr_expect(relay_looks(s.relay), "the other one may answer, too");
    say(s.client, "ping");
    step(&s, -1);
    expect_there(s.server, "ping");
    shutdown(s.server, SHUT_WR);
    step(&s, -1);
    cr_expect(eq(int, (int)recv(s.client, &byte, 1, 0), 0));
    say(s.client, "late");
    step(&s, -1);
    expect_there(s.server, "late");
    shutdown(s.client, SHUT_WR);
    step_until_over(&s, 1);
    cr_expect(not(relay_looks(s.relay)));
    expect_told(&s, "0 open, 0 client 4, 0 server 4, 0 client 4, 0 server end, 0 client 4, 0 client end, 0 closed");
    strike(&s);
}

Test(relay, a_look_sees_a_reset, .timeout = 30)
{
    struct scene s;
    char byte;

    set_awaiting(&s);
    net_reset(s.server);
    s.server = -1;
    step(&s, -1);
    cr_expect(eq(u32, relay_over(s.relay), 1));
    cr_expect(not(relay_looks(s.relay)));
    cr_expect(recv(s.client, &byte, 1, 0) < 0 && errno == ECONNRESET);
    expect_told(&s, "0 open, 0 client 4, 0 server reset, 0 closed");
    strike(&s);
}

Test(relay, who_answers_late_is_looked_for_less_often, .timeout = 30)
{
    static const int due[] = { 1, 3, 7, 15, 31, 63, 63 }; // messages between two looks
    struct scene s;

    set_awaiting(&s);
    for (size_t i = 0; i < COUNT_OF(due); i++) {
        int unlooked = 0;
        step(&s, -1); // it returns though nothing has come
        cr_expect(not(relay_looks(s.relay)));
        for (;; unlooked++) {
            say(s.client, "more");
            step(&s, -1);
            expect_there(s.server, "more");
            if (relay_looks(s.relay))
                break;
        }
        cr_expect(eq(int, unlooked, due[i]));
    }
    say(s.server, "pong");
    step(&s, -1);
    expect_there(s.client, "pong");
    say(s.client, "ping");
    step(&s, -1);
    cr_expect(relay_looks(s.relay), "one answer in time, and it is looked for again");
    strike(&s);
}

Test(relay, whoever_talks_by_turns_keeps_nobody_else_waiting, .timeout = 30)
{
    struct scene s;
    struct error err;
    int looks = 0;

    set_awaiting(&s);
    AUTO_CLOSE int another = -1;
    cr_assert(eq(int, net_connect(&s.at, &another), 0));
    for (; relay_looks(s.relay); looks++) {
        say(looks % 2 ? s.client : s.server, "turn");
        step(&s, -1);
        expect_there(looks % 2 ? s.server : s.client, "turn");
    }
    cr_expect(eq(int, looks, 64));
    cr_expect(eq(u32, relay_open(s.relay), 1));
    say(s.server, "turn"); // two things to do, and both are done
    cr_assert(relay_step(s.relay, -1, &err), "%s", err.text);
    expect_there(s.client, "turn");
    cr_expect(eq(u32, relay_open(s.relay), 2));
    cr_expect(not(relay_looks(s.relay)), "more than one is about");
    strike(&s);
}

Test(relay, a_step_that_may_not_wait_leaves_no_look, .timeout = 30)
{
    struct scene s;

    set_awaiting(&s);
    step(&s, 0); // nothing has come, and what is due does not wait for a look
    cr_expect(not(relay_looks(s.relay)));
    say(s.client, "ping");
    step(&s, 0);
    expect_there(s.server, "ping");
    cr_expect(not(relay_looks(s.relay)));
    strike(&s);
}

Test(relay, what_was_said_without_an_answer_goes_before_it, .timeout = 30)
{
    struct scene s;

    set_awaiting(&s);
    say(s.server, "answer");
    say(s.client, "again"); // without having heard it
    step(&s, -1);
    step(&s, -1);
    expect_there(s.server, "again");
    expect_there(s.client, "answer");
    expect_told(&s, "0 open, 0 client 4, 0 client 5, 0 server 6");
    strike(&s);
}

#define HI   "0000 02 6869 0000 " // CHATTER: close, text, the number of texts in its list
#define LIST "0000 00 0200 00 01 61 "
#define CUT_FIELDS "cut-fields"

/* One side says all in one piece, and ends: in what pieces it is passed on, and what is told besides. */
static const struct fields_row {
    const char *label, *says, *cuts, *faults; // cuts, faults: with blanks between
    const char *pieces, *due, *told;          // due: NULL: as it was said
} fields_rows[] = {
    { "each field",              HI HI,     CUT_FIELDS,         "",             "2,3,2,2,3,2" },
    { "the strings of a list",   LIST,      CUT_FIELDS,         "",             "2,1,2,1,2" },
    { "in front of each such",   HI HI,     "text",             "",             "2,7,5" },
    { "… of one of them",        HI HI,     "text#2",           "",             "9,5" },
    { "… of one that never comes", HI HI,   "text#3",           "",             "14" },
    { "several",                 HI HI,     "text#2 list.count", "",            "5,4,3,2" },
    { "a message",               HI HI HI,  "message",          "",             "7,7,7" },
    { "one string of a list",    LIST,      "list#2",           "",             "6,2" },
    { "no whole field behind it", HI "0000 05 68", CUT_FIELDS,  "",             "2,3,2,2,2" },
    { "a byte of a field is gone", HI HI,   CUT_FIELDS,         "drop@text",    "2,2,2,2,3,2", "0000 6869 0000" HI, "drop" },
    { "one is there twice",      HI HI,     "text#2 list.count", "twice@text",  "6,4,3,2", "0000 0202 6869 0000" HI, "twice" },
    { "the second is spoiled",   HI HI,     "",                 "flip@text#2",  "14", HI "0000 12 6869 0000", "flip" },
    { "two faults",              HI HI,     "",                 "flip@list.count add@text#2", "15", "0000 02 6869 1000 0000 00 02 6869 0000", "flip, add" },
    { "a fault, and one by offset", HI HI,  "",                 "drop@1 drop@text#2", "12", "00 02 6869 0000 0000 6869 0000", "drop, drop" },
    { "an end in front of a field", HI HI,  "",                 "end@text#2",   "9", HI "0000", "end" },
    { "the place of another",    HI,        "",                 "drop@2 flip@text", "6", "0000 6869 0000", "drop, note: flip at byte 2, text, is not done: another fault is about the same place" },
    { "what is no longer a message", "0000 ff ffff ffffff7f 0000", CUT_FIELDS, "flip@list.count", "2,9", NULL,
      "note: from byte 9 on its fields are not known, and it is passed on without regard to them: message 1, field text: a message longer than is kept" },
};

static void set_by_field(struct scene *s, const struct fields_row *t, struct layout *l, struct relay_cuts *cuts, struct faults f[2], bool to_client)
{
    static const struct layout *sides[2];
    char words[128], *state = NULL;
    struct error err;

    set_spoiled(s, f, to_client, t->faults);
    fd_close(&s->client);
    fd_close(&s->server);
    step_until_over(s, 2);
    snprintf(words, sizeof words, "%s", t->cuts);
    cuts->each_field = strcmp(words, CUT_FIELDS) == 0;
    for (char *w = strtok_r(words, " ", &state); w && !cuts->each_field; w = strtok_r(NULL, " ", &state))
        cr_assert(layout_place_parse(strstr(t->cuts, w), strlen(w), &cuts->fields[cuts->field_count++], &err), "%s", err.text);
    sides[0] = sides[1] = l;
    relay_read(s->relay, sides, &profile_default);
    if (*t->cuts)
        relay_cut(s->relay, to_client ? RELAY_SERVER : RELAY_CLIENT, RELAY_CUT, 1, 0, cuts);
    s->told.words.b.len = 0;
    dial(s);
}

Test(relay, fields_are_where_it_is_cut_and_spoiled, .timeout = 120)
{
    for (const struct fields_row *t = fields_rows; t < fields_rows + COUNT_OF(fields_rows); t++)
        for (int to_client = 0; to_client < 2; to_client++) {
            SCRATCH(keep);
            struct scene s;
            struct layout l;
            struct faults f[2] = { 0 };
            struct relay_cuts cuts = { 0 };
            struct error err;
            struct bytes says, due;
            TEXT(pieces);
            TEXT(told);
            char got[512];
            size_t len = 0;
            cr_assert(layout_read("vectors/layouts/chatter.json", &keep, &l, &err), "%s", err.text);
            cr_assert(hex_read(t->says, &keep, &says) == NULL && hex_read(t->due ? t->due : t->says, &keep, &due) == NULL);
            set_by_field(&s, t, &l, &cuts, f, to_client);
            int from = to_client ? s.server : s.client, to = to_client ? s.client : s.server;
            cr_assert(eq(int, (int)send(from, says.data, says.len, MSG_NOSIGNAL), (int)says.len));
            shutdown(from, SHUT_WR);
            for (ssize_t n; (n = hear(&s, to, got + len, sizeof got - len)) > 0; len += (size_t)n)
                text_printf(&pieces, "%s%zd", len ? "," : "", n);
            cr_expect(eq(str, (char *)text_string(&pieces), (char *)t->pieces), "%s", t->label);
            cr_expect(len == due.len && memcmp(got, due.data, len) == 0, "%s", t->label);
            text_printf(&told, "2 open, 2 %s %zu%s", to_client ? "server" : "client", says.len, t->told ? ", " : "");
            for (const char *one = t->told, *next; one; one = next) {
                next = strstr(one, ", ");
                next = strncmp(one, "note", 4) == 0 ? NULL : next;
                text_printf(&told, "2 %s %.*s", to_client ? "server" : "client", next ? (int)(next - one) + 2 : (int)strlen(one), one);
                next = next ? next + 2 : NULL;
            }
            cr_expect(strncmp(text_string(&s.told.words), text_string(&told), told.b.len) == 0, "%s: %s; due was %s", t->label, text_string(&s.told.words), text_string(&told));
            strike(&s);
        }
}

/* What the server says goes by the requests, though only its own direction is cut. */
Test(relay, answers_are_cut_by_what_was_asked, .timeout = 30)
{
    SCRATCH(keep);
    static const struct fields_row none = { "", "", CUT_FIELDS, "", "" };
    static const uint8_t ask[] = { 4, 0, 42, 0, 0, 0 }, answer[] = { 0, 0, 43, 0, 0, 0 };
    struct scene s;
    struct layout l;
    struct faults f[2] = { 0 };
    struct relay_cuts cuts = { 0 };
    struct error err;
    char got[16];

    cr_assert(layout_read("vectors/layouts/conformance.json", &keep, &l, &err), "%s", err.text);
    set_by_field(&s, &none, &l, &cuts, f, true);
    cr_assert(eq(int, (int)send(s.client, ask, sizeof ask, MSG_NOSIGNAL), 6));
    cr_expect(eq(int, (int)hear(&s, s.server, got, sizeof got), 6));
    cr_assert(eq(int, (int)send(s.server, answer, sizeof answer, MSG_NOSIGNAL), 6));
    cr_expect(eq(int, (int)hear(&s, s.client, got, sizeof got), 2));
    cr_expect(eq(int, (int)hear(&s, s.client, got, sizeof got), 4));
    cr_assert(eq(int, (int)send(s.server, answer, sizeof answer, MSG_NOSIGNAL), 6)); // nobody asked
    cr_expect(eq(int, (int)hear(&s, s.client, got, sizeof got), 6));
    cr_expect(strstr(text_string(&s.told.words), "2 server note: from byte 6 on its fields are not known, and it is passed on without regard to them: "
                                                 "message 2: it answers no request that was read") != NULL, "%s", text_string(&s.told.words));
    cr_assert(eq(int, (int)send(s.server, answer, sizeof answer, MSG_NOSIGNAL), 6)); // it is said once
    cr_expect(eq(int, (int)hear(&s, s.client, got, sizeof got), 6));
    cr_expect(strstr(strstr(text_string(&s.told.words), "note"), "2 server 6") != NULL);
    cr_expect(strstr(strstr(text_string(&s.told.words), "note") + 1, "note") == NULL);
    strike(&s);
}

/* Nothing is held back for what a cut needs: a piece of a field leaves as it comes. */
Test(relay, what_is_cut_by_fields_waits_for_nothing, .timeout = 30)
{
    SCRATCH(keep);
    static const struct fields_row none = { "", "", CUT_FIELDS, "", "" };
    static const uint8_t hi[] = { 0, 0, 2, 'h', 'i', 0, 0 };
    struct scene s;
    struct layout l;
    struct faults f[2] = { 0 };
    struct relay_cuts cuts = { 0 };
    struct error err;
    char got[16];

    cr_assert(layout_read("vectors/layouts/chatter.json", &keep, &l, &err), "%s", err.text);
    set_by_field(&s, &none, &l, &cuts, f, false);
    for (size_t i = 0; i < sizeof hi; i++) {
        cr_assert(eq(int, (int)send(s.client, hi + i, 1, MSG_NOSIGNAL), 1));
        cr_expect(eq(int, (int)hear(&s, s.server, got, sizeof got), 1));
    }
    strike(&s);
}
