#include "relayed.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>

#include "base/fd.h"

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

void relayed_dial(struct relayed *s)
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

void relayed_begin(struct relayed *s)
{
    struct error err;

    *s = (struct relayed){ .at = address_loopback(0), .to = address_loopback(0), .listener = -1, .client = -1, .server = -1 };
    cr_assert(net_bind(&s->to, &s->listener, &err) && net_listen(s->listener, &err), "%s", err.text);
    s->relay = relay_new(&s->at, &s->to, keep, &s->told, &err);
    cr_assert(s->relay != NULL, "%s", err.text);
    relayed_dial(s);
}

void relayed_end(struct relayed *s)
{
    relay_free(s->relay);
    fd_close(&s->listener);
    fd_close(&s->client);
    fd_close(&s->server);
    text_free(&s->told.words);
    buffer_free(&s->told.said[0]);
    buffer_free(&s->told.said[1]);
}

ssize_t relayed_hear(struct relayed *s, int fd, void *to, size_t room)
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

void relayed_step_until_over(struct relayed *s, uint32_t over)
{
    struct error err;

    for (int i = 0; relay_over(s->relay) < over && i < FAR_TOO_LONG; i++)
        cr_assert(relay_step(s->relay, 1, &err), "%s", err.text);
    cr_assert(eq(u32, relay_over(s->relay), over));
}

void relayed_say(int fd, const char *words)
{
    cr_assert(eq(int, (int)send(fd, words, strlen(words), MSG_NOSIGNAL), (int)strlen(words)));
}

void relayed_expect_heard(struct relayed *s, int fd, const char *words)
{
    char got[64] = { 0 };

    cr_assert(eq(int, (int)relayed_hear(s, fd, got, sizeof got - 1), (int)strlen(words)));
    cr_expect(eq(str, got, (char *)words));
}

void relayed_expect_told(struct relayed *s, const char *words)
{
    cr_expect(eq(str, (char *)text_string(&s->told.words), (char *)words));
}

size_t relayed_hear_all(struct relayed *s, int fd, char *to, size_t room, int *last)
{
    size_t len = 0;

    for (ssize_t n; (*last = (int)(n = relayed_hear(s, fd, to + len, room - len))) > 0;)
        len += (size_t)n;
    return len;
}

void relayed_step_until_said(struct relayed *s, size_t len, enum relay_side side)
{
    struct error err;

    for (int i = 0; s->told.said[side].len < len && i < FAR_TOO_LONG; i++)
        cr_assert(relay_step(s->relay, 1, &err), "%s", err.text);
    cr_assert(eq(sz, s->told.said[side].len, len));
}
