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

#define SHOWN 16 // bytes

bool shadow_report_begin(struct shadow_report *r, const char *path, struct error *err)
{
    r->path = path;
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
        text_hex(t, bytes_slice(b, 0, SHOWN), true);
    else
        text_add(t, "nothing");
}

/*
 * What the byte behind `before` is part of, from the message to its smallest part: "message 2, text: cstring  u:0061, length 1". Nothing
 * where that is not whole, or what stands before could not be read.
 */
static void add_reading(struct text *t, const struct shadow_reader *how, struct bytes before, struct bytes rest)
{
    SCRATCH(keep);
    CLEANUP(buffer_free) struct buffer all = { 0 };
    struct decoding d = { 0 };
    const char *between = "";

    if (!rest.len)
        return;
    buffer_append(&all, before.data, before.len);
    buffer_append(&all, rest.data, rest.len);
    if (how->layout)
        layout_decode(how->layout, LAYOUT_SERVER, buffer_bytes(&all), &how->profile, NULL, NULL, &keep, &d);
    else
        stream_decode(buffer_bytes(&all), &how->profile, how->types, &keep, &d);
    for (size_t i = 0; i < d.count; i++) {
        const struct decode_line *l = &d.lines[i];
        if (before.len < l->at || before.len - l->at >= l->len)
            continue;
        text_add(t, between);
        for (const char *c = l->meaning; *c; c++) // columns are for lines
            if (*c != ' ' || c[1] != ' ')
                text_char(t, *c);
        between = ", ";
    }
}

/* The same of both servers. */
static void read_both(const struct shadow_report *r, const struct shadow_verdict *v, struct text *expected, struct text *got)
{
    bool told = v->outcome == SHADOW_DIFFERS || v->outcome == SHADOW_SHORT || v->outcome == SHADOW_LONG;

    if (!told || (!r->reads.layout && !r->reads.types) || v->before.len != v->at)
        return;
    add_reading(expected, &r->reads, v->before, v->expected);
    add_reading(got, &r->reads, v->before, v->got);
}

static const char *words_of(const struct text *reading, struct bytes b)
{
    return reading->b.len ? text_string(reading) : b.len ? "what is not whole, or not to be read so" : "nothing";
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
    TEXT(expected);
    TEXT(got);
    struct json_out j = { .to = &line };

    describe(&words, v);
    read_both(r, v, &expected, &got);
    if (expected.b.len || got.b.len)
        text_printf(&words, "; expected %s; got %s", words_of(&expected, v->expected), words_of(&got, v->got));
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
    json_put_hex(&j, "expected", bytes_slice(v->expected, 0, SHOWN));
    json_put_hex(&j, "got", bytes_slice(v->got, 0, SHOWN));
    if (expected.b.len)
        json_put_string(&j, "expected-reads", text_string(&expected));
    if (got.b.len)
        json_put_string(&j, "got-reads", text_string(&got));
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
