#include "app/proxy_shadow.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/hex.h"
#include "json/write.h"

bool shadow_report_begin(struct shadow_report *r, const char *path, struct error *err)
{
    *r = (struct shadow_report){ .path = path };
    r->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_APPEND, 0666);
    return r->fd >= 0 || error_errno(err, "%s", path);
}

static const char *end_name(enum shadow_end e)
{
    static const char *const names[] = { "open", "fin-first", "fin-behind", "reset" };

    return names[e];
}

static const char *end_words(enum shadow_end e)
{
    static const char *const words[] = { "has not ended", "ends before its client (FIN)", "ends behind its client (FIN)", "resets" };

    return words[e];
}

static const char *shadow_outcome_name(enum shadow_outcome o)
{
    static const char *const names[] = { "same", "differs", "short", "long", "end", "absent", "given-up" };

    return names[o];
}

static void add_bytes(struct text *t, struct bytes b)
{
    if (b.len)
        text_hex(t, b, true);
    else
        text_add(t, "nothing");
}

/* "the shadow of #0 differs at byte 6 of what the server says: expected 08 00, got 09 00". */
static void describe(struct text *t, const struct shadow_verdict *v)
{
    text_printf(t, "the shadow of #%u ", v->on);
    switch (v->outcome) {
    case SHADOW_SAME:
        text_printf(t, "says the same %" PRIu64 " bytes", v->at);
        return;
    case SHADOW_DIFFERS:
    case SHADOW_SHORT:
    case SHADOW_LONG:
        text_printf(t, "%s byte %" PRIu64 " of what the server says: expected ",
                    v->outcome == SHADOW_DIFFERS ? "differs at" : v->outcome == SHADOW_SHORT ? "stays silent from" : "goes on at", v->at);
        add_bytes(t, v->expected);
        text_add(t, ", got ");
        add_bytes(t, v->got);
        if (v->outcome == SHADOW_SHORT)
            text_printf(t, "; the shadow %s", end_words(v->shadows));
        return;
    case SHADOW_END:
        text_printf(t, "says the same %" PRIu64 " bytes and ends otherwise: the server %s, the shadow %s", v->at, end_words(v->ends),
                    end_words(v->shadows));
        return;
    case SHADOW_ABSENT:
        text_printf(t, "cannot be reached: %s", strerror((int)v->number));
        return;
    case SHADOW_GIVEN_UP:
        if (v->number)
            text_printf(t, "is not compared: the server cannot be reached: %s", strerror((int)v->number));
        else
            text_printf(t, "is not compared any more behind byte %" PRIu64 ": one server is too far behind the other", v->at);
        return;
    }
}

bool shadow_report_add(void *context, const struct shadow_verdict *v, struct error *err)
{
    struct shadow_report *r = context;
    TEXT(words);
    TEXT(line);
    struct json_out j = { .to = &line };

    describe(&words, v);
    r->same += v->outcome == SHADOW_SAME;
    r->given_up += v->outcome == SHADOW_GIVEN_UP;
    r->differ += v->outcome != SHADOW_SAME && v->outcome != SHADOW_GIVEN_UP;
    if (v->outcome != SHADOW_SAME) {
        puts(text_string(&words));
        fflush(stdout);
    }
    json_begin(&j, NULL, '{');
    json_put_string(&j, "record", "shadow");
    json_put_u64(&j, "on", v->on);
    json_put_string(&j, "outcome", shadow_outcome_name(v->outcome));
    json_put_u64(&j, "at", v->at);
    json_put_hex(&j, "expected", v->expected);
    json_put_hex(&j, "got", v->got);
    json_put_string(&j, "server-end", end_name(v->ends));
    json_put_string(&j, "shadow-end", end_name(v->shadows));
    json_put_string(&j, "sentence", text_string(&words));
    json_end(&j, '}');
    text_char(&line, '\n');
    for (struct bytes rest = buffer_bytes(&line.b); rest.len;) {
        ssize_t n = write(r->fd, rest.data, rest.len);
        if (n < 0 && errno != EINTR)
            return error_errno(err, "%s", r->path);
        rest = bytes_slice(rest, n < 0 ? 0 : (size_t)n, rest.len);
    }
    return true;
}

int shadow_report_end(struct shadow_report *r)
{
    printf("shadow: %u as the server, %u otherwise, %u not compared   %s\n", r->same, r->differ, r->given_up, r->path);
    fd_close(&r->fd);
    return r->differ || r->given_up ? EXIT_UNEXPECTED : EXIT_EXPECTED;
}
