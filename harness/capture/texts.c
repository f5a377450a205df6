/*
 * Texts that other tools print, recognised by their first lines:
 *
 *     strace       [pid 7] 12:00:00.5 read(3<TCP:[…]>, "\4\0", 4096) = 2
 *     yaml         - packet: 4 / peer: 0 / index: 0 / timestamp: 0.1 / data: !!binary |
 *     C arrays     char peer0_0[] = { 0x04, 0x00 };
 *     hex dumps    00000000  04 00 …   and, of the second side, the same with a tab before it
 *     raw          lines of hex digits, those of the second side with a tab before them
 *
 * The first side of a followed stream is its client. A dump of one direction is the client's.
 */
#include "capture/import.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"

/* Lines, without what ends them. */
struct lines {
    struct bytes rest;
    unsigned number;
};

static bool next_line(struct lines *l, struct bytes *out)
{
    if (!l->rest.len)
        return false;
    const uint8_t *end = memchr(l->rest.data, '\n', l->rest.len);
    size_t len = end ? (size_t)(end - l->rest.data) : l->rest.len;
    *out = bytes_slice(l->rest, 0, len);
    while (out->len && (out->data[out->len - 1] == '\r'))
        out->len--;
    l->rest = bytes_slice(l->rest, len + 1, l->rest.len);
    l->number++;
    return true;
}

static int digit(uint8_t c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t';
}

static bool begins(struct bytes s, const char *with)
{
    size_t len = strlen(with);

    return s.len >= len && memcmp(s.data, with, len) == 0;
}

static struct bytes from(struct bytes s, size_t at)
{
    return bytes_slice(s, at, s.len);
}

static struct bytes spaces_off(struct bytes s)
{
    while (s.len && is_space(s.data[0]))
        s = from(s, 1);
    return s;
}

static bool find(struct bytes s, const char *what, size_t *at)
{
    const uint8_t *p = s.len ? memmem(s.data, s.len, what, strlen(what)) : NULL;

    *at = p ? (size_t)(p - s.data) : 0;
    return p;
}

static bool wrong(struct error *err, const struct lines *l, const char *what)
{
    return error_set(err, ERROR_INPUT, "line %u: %s", l->number, what);
}

static void open_one(struct import *out)
{
    import_event(out, RELAY_OPEN, out->connections++, RELAY_CLIENT, 0, 0, (struct bytes){ 0 });
}

/* ---- hex dumps: an offset, bytes, characters that say them again ---- */

struct dump_line {
    bool other;     // has a tab before it: the second side's
    bool offset_is; // there is an offset
    uint64_t offset;
    uint8_t data[64];
    size_t len;
};

/* "00000000: 0400 0100  ....", "00000000  04 00 01 00 …  |....|". False: it is no such line. */
static bool dump_parse(struct bytes s, struct dump_line *d)
{
    *d = (struct dump_line){ .other = s.len && s.data[0] == '\t' };
    s = spaces_off(s);
    size_t n = 0;
    while (n < s.len && n < 16 && digit(s.data[n]) >= 0)
        d->offset = d->offset << 4 | (unsigned)digit(s.data[n++]);
    if (n < 4 || (n < s.len && s.data[n] != ':' && !is_space(s.data[n])))
        return false;
    d->offset_is = true;
    s = from(s, n + (n < s.len && s.data[n] == ':'));
    for (;;) {
        size_t gap = 0;
        while (gap < s.len && is_space(s.data[gap]))
            gap++;
        if (gap == s.len || (d->len && gap > 2) || (d->len == 16) || s.data[gap] == '|')
            return gap <= s.len;
        struct bytes group = from(s, gap);
        size_t digits = 0;
        while (digits < group.len && digit(group.data[digits]) >= 0)
            digits++;
        if (digits % 2 || !digits || digits > 8 || (digits < group.len && !is_space(group.data[digits])))
            return d->len > 0 && gap >= 2; // its characters
        if (gap >= 2 && d->len && d->len != 8)
            return true; // its characters, which look like digits
        for (size_t i = 0; i < digits && d->len < sizeof d->data; i += 2)
            d->data[d->len++] = (uint8_t)(digit(group.data[i]) << 4 | digit(group.data[i + 1]));
        s = from(group, digits);
    }
}

struct run {
    struct buffer data;
    enum relay_side side;
};

static void run_free(struct run *r)
{
    buffer_free(&r->data);
}

static void flush(struct import *out, struct run *r)
{
    if (r->data.len)
        import_event(out, RELAY_DATA, 0, r->side, 0, 0, buffer_bytes(&r->data));
    r->data.len = 0;
}

static bool read_dump(struct lines l, struct import *out, struct error *err)
{
    uint64_t at[2] = { 0 };
    struct dump_line d, before = { 0 };
    CLEANUP(run_free) struct run r = { 0 };
    bool repeats = false;
    struct bytes line;

    out->form = "hex dump";
    open_one(out);
    while (next_line(&l, &line)) {
        if (!spaces_off(line).len || begins(line, "==="))
            continue;
        if (begins(line, "*") && line.len == 1) {
            repeats = true; // hexdump leaves out lines like the one before
            continue;
        }
        if (!dump_parse(line, &d)) {
            if (begins(line, "Follow: ") || begins(line, "Filter: ") || begins(line, "Node "))
                continue;
            return wrong(err, &l, "expected an offset and bytes of a hex dump");
        }
        if (repeats) {
            if (!before.len || d.offset < at[before.other] || d.offset - at[before.other] > IMPORT_MAX)
                return wrong(err, &l, "the offset behind * is wrong");
            while (at[before.other] < d.offset) {
                size_t n = d.offset - at[before.other] < before.len ? (size_t)(d.offset - at[before.other]) : before.len;
                buffer_append(&r.data, before.data, n);
                at[before.other] += n;
            }
            repeats = false;
        }
        if (d.offset != at[d.other])
            return error_set(err, ERROR_INPUT, "line %u: offset %#llx does not follow %#llx", l.number, (unsigned long long)d.offset,
                             (unsigned long long)at[d.other]);
        if (d.len && d.other != (r.side == RELAY_SERVER)) {
            flush(out, &r);
            r.side = d.other ? RELAY_SERVER : RELAY_CLIENT;
        }
        buffer_append(&r.data, d.data, d.len);
        at[d.other] += d.len;
        before = d;
    }
    flush(out, &r);
    return true;
}

/* ---- nothing but hex digits ---- */

static bool read_plain(struct lines l, bool sides, struct import *out, struct error *err)
{
    CLEANUP(run_free) struct run r = { 0 };
    struct bytes line;

    out->form = sides ? "raw stream" : "plain hex";
    open_one(out);
    while (next_line(&l, &line)) {
        bool other = sides && line.len && line.data[0] == '\t';
        if (!spaces_off(line).len || begins(line, "===") || begins(line, "Follow: ") || begins(line, "Filter: ") || begins(line, "Node "))
            continue;
        if (other != (r.side == RELAY_SERVER)) {
            flush(out, &r);
            r.side = other ? RELAY_SERVER : RELAY_CLIENT;
        }
        for (size_t i = 0; i < line.len; i++) {
            if (is_space(line.data[i]))
                continue;
            int high = digit(line.data[i]), low = i + 1 < line.len ? digit(line.data[i + 1]) : -1;
            if (high < 0 || low < 0)
                return wrong(err, &l, "expected hex digits in pairs");
            uint8_t byte = (uint8_t)(high << 4 | low);
            buffer_append(&r.data, &byte, 1);
            i++;
        }
        if (sides)
            flush(out, &r);
    }
    flush(out, &r);
    return true;
}

/* ---- C arrays ---- */

static bool read_arrays(struct bytes file, struct import *out, struct error *err)
{
    CLEANUP(run_free) struct run r = { 0 };
    size_t at;

    out->form = "C arrays";
    open_one(out);
    while (find(file, "char peer", &at)) {
        file = from(file, at + strlen("char peer"));
        if (!file.len || (file.data[0] != '0' && file.data[0] != '1'))
            return error_set(err, ERROR_INPUT, "expected char peer0_… or char peer1_…");
        r.side = file.data[0] == '0' ? RELAY_CLIENT : RELAY_SERVER;
        size_t open, close;
        if (!find(file, "{", &open) || !find(from(file, open), "}", &close))
            return error_set(err, ERROR_INPUT, "an array has no end: the file is cut short");
        struct bytes body = bytes_slice(file, open + 1, close - 1);
        file = from(file, open + close);
        while (find(body, "*/", &at))
            body = from(body, at + 2);
        while (body.len) {
            if (is_space(body.data[0]) || body.data[0] == ',' || body.data[0] == '\n' || body.data[0] == '\r') {
                body = from(body, 1);
                continue;
            }
            if (body.len < 4 || !begins(body, "0x") || digit(body.data[2]) < 0 || digit(body.data[3]) < 0)
                return error_set(err, ERROR_INPUT, "expected 0x and two hex digits in an array");
            uint8_t byte = (uint8_t)(digit(body.data[2]) << 4 | digit(body.data[3]));
            buffer_append(&r.data, &byte, 1);
            body = from(body, 4);
        }
        flush(out, &r);
    }
    return true;
}

/* ---- YAML ---- */

static int base64(uint8_t c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *p = c ? strchr(digits, c) : NULL;

    return p ? (int)(p - digits) : -1;
}

/* Digits of 6 bits each; false where one is none. */
static bool base64_append(struct bytes s, uint32_t *bits, unsigned *have, struct buffer *to)
{
    for (size_t i = 0; i < s.len && s.data[i] != '='; i++) {
        int d = base64(s.data[i]);
        if (d < 0)
            return false;
        *bits = (*bits << 6 | (uint32_t)d) & 0xfffff;
        *have += 6;
        if (*have >= 8) {
            uint8_t byte = (uint8_t)(*bits >> (*have -= 8));
            buffer_append(to, &byte, 1);
        }
    }
    return true;
}

static int64_t micros(struct bytes s)
{
    int64_t us = 0, unit = 100000;
    size_t i = 0;

    for (; i < s.len && isdigit(s.data[i]) && us < 100000000000; i++) // thousands of years
        us = us * 10 + (s.data[i] - '0');
    us *= 1000000;
    if (i < s.len && s.data[i] == '.')
        for (i++; i < s.len && isdigit(s.data[i]) && unit; i++, unit /= 10)
            us += unit * (s.data[i] - '0');
    return us;
}

static bool read_yaml(struct lines l, struct import *out, struct error *err)
{
    CLEANUP(buffer_free) struct buffer data = { 0 };
    int64_t us = 0, began = -1;
    enum relay_side side = RELAY_CLIENT;
    bool in_packets = false, in_data = false;
    unsigned have = 0;
    uint32_t bits = 0;
    struct bytes line;

    out->form = "yaml";
    open_one(out);
    while (next_line(&l, &line)) {
        struct bytes s = spaces_off(line);
        bool key = memchr(s.data ? s.data : (const uint8_t *)"", ':', s.len) != NULL;
        if (!s.len || s.data[0] == '#')
            continue;
        if (in_data && !key) {
            if (!base64_append(s, &bits, &have, &data))
                return wrong(err, &l, "expected digits of base64");
            continue;
        }
        if (in_data && data.len)
            import_event(out, RELAY_DATA, 0, side, us - began, 0, buffer_bytes(&data));
        if (in_data)
            in_data = false;
        data.len = 0;
        if (begins(s, "packets:"))
            in_packets = true;
        if (begins(s, "- packet:"))
            side = RELAY_CLIENT;
        if (!in_packets)
            continue;
        if (begins(s, "peer:"))
            side = s.data[s.len - 1] == '0' ? RELAY_CLIENT : RELAY_SERVER;
        if (begins(s, "timestamp:")) {
            int64_t now = micros(spaces_off(from(s, 10)));
            if (began < 0) {
                began = now;
                out->started = now / 1000000;
            }
            us = now < us ? us : now; // clocks may be set back
        }
        if (begins(s, "data: !!binary")) {
            in_data = true;
            have = 0;
            if (began < 0)
                began = us;
        }
    }
    if (in_data && data.len)
        import_event(out, RELAY_DATA, 0, side, us - began, 0, buffer_bytes(&data));
    return in_packets || error_set(err, ERROR_INPUT, "expected packets: of a followed stream");
}

/* ---- strace ---- */

static const struct call {
    const char *name;
    bool out;
} calls[] = { { "read", false }, { "recv", false }, { "recvfrom", false }, { "write", true }, { "send", true }, { "sendto", true } };

#define FDS 1024 // sockets of one log

struct traced {
    uint64_t pid;
    unsigned fd;
    uint32_t on;
    bool open, client, ended[2]; // ended: by side
};

struct strace {
    struct traced fds[FDS];
    size_t count;
    int64_t began, us;
};

static bool number(struct bytes *s, uint64_t *out)
{
    size_t i = 0;

    for (*out = 0; i < s->len && isdigit(s->data[i]) && i < 15; i++)
        *out = *out * 10 + (s->data[i] - '0');
    *s = from(*s, i);
    return i > 0;
}

/* A string of C, as strace prints it, and whether it is all of it (no … behind). s is left behind it. */
static bool string(struct bytes *s, struct buffer *to, bool *all)
{
    static const char plain[] = "abfnrtv\\\"'", means[] = "\a\b\f\n\r\t\v\\\"'";
    size_t i = 1;

    if (!s->len || s->data[0] != '"')
        return false;
    while (i < s->len && s->data[i] != '"') {
        uint8_t c = s->data[i++];
        if (c == '\\' && i < s->len) {
            const char *p = s->data[i] ? strchr(plain, s->data[i]) : NULL;
            if (s->data[i] == 'x' && i + 2 < s->len && digit(s->data[i + 1]) >= 0 && digit(s->data[i + 2]) >= 0) {
                c = (uint8_t)(digit(s->data[i + 1]) << 4 | digit(s->data[i + 2]));
                i += 3;
            } else if (s->data[i] >= '0' && s->data[i] <= '7') {
                unsigned value = 0;
                for (int n = 0; n < 3 && i < s->len && s->data[i] >= '0' && s->data[i] <= '7'; n++)
                    value = value * 8 + (s->data[i++] - '0');
                c = (uint8_t)value;
            } else if (p) {
                c = (uint8_t)means[p - plain];
                i++;
            } else {
                return false;
            }
        }
        buffer_append(to, &c, 1);
    }
    if (i >= s->len)
        return false;
    *s = from(*s, i + 1);
    *all = !begins(*s, "...");
    return true;
}

static struct traced *traced(struct strace *t, uint64_t pid, unsigned fd)
{
    for (size_t i = t->count; i-- > 0;)
        if (t->fds[i].pid == pid && t->fds[i].fd == fd && t->fds[i].open)
            return &t->fds[i];
    return NULL;
}

/* The process, the time and what begins with a call. */
static struct bytes prefix(struct bytes s, struct strace *t, uint64_t *pid)
{
    struct bytes rest = spaces_off(s);
    uint64_t n;

    *pid = 0;
    if (begins(rest, "[pid")) {
        rest = spaces_off(from(rest, 4));
        number(&rest, pid);
        rest = spaces_off(begins(rest, "]") ? from(rest, 1) : rest);
    } else if (number(&rest, &n) && rest.len && is_space(rest.data[0])) {
        *pid = n;
        rest = spaces_off(rest);
    } else {
        rest = spaces_off(s);
    }
    if (rest.len && isdigit(rest.data[0])) {
        struct bytes time = rest;
        int64_t hours = 0;
        while (rest.len && !is_space(rest.data[0]))
            rest = from(rest, 1);
        time.len -= rest.len;
        size_t at;
        for (int i = 0; i < 2 && find(time, ":", &at); i++, time = from(time, at + 1)) {
            struct bytes part = bytes_slice(time, 0, at);
            if (!number(&part, &n) || n > 99)
                break;
            hours = (hours + (int64_t)n) * 60;
        }
        int64_t us = micros(time) + hours * 1000000;
        if (t->began < 0)
            t->began = us;
        if (us - t->began > t->us)
            t->us = us - t->began;
        rest = spaces_off(rest);
    }
    return rest;
}

static const struct call *call_of(struct bytes s)
{
    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        size_t len = strlen(calls[i].name);
        if (begins(s, calls[i].name) && s.len > len && s.data[len] == '(')
            return &calls[i];
    }
    return NULL;
}

/* What a call returned: behind the last " = ". */
static bool returned(struct bytes s, int64_t *out)
{
    for (size_t i = s.len; i-- > 3;)
        if (memcmp(s.data + i - 3, " = ", 3) == 0) {
            struct bytes rest = from(s, i);
            bool minus = begins(rest, "-");
            uint64_t n;
            rest = minus ? from(rest, 1) : rest;
            if (!number(&rest, &n))
                return false;
            *out = minus ? -(int64_t)n : (int64_t)n;
            return true;
        }
    return false;
}

/* Which party a descriptor's process plays is known where the log has how it came about. */
static struct traced *add(struct strace *t, struct import *out, uint64_t pid, unsigned fd, bool known, bool client)
{
    if (t->count == FDS)
        return NULL;
    struct traced *f = &t->fds[t->count++];
    *f = (struct traced){ .pid = pid, .fd = fd, .on = out->connections++, .open = true, .client = client };
    import_event(out, RELAY_OPEN, f->on, RELAY_CLIENT, t->us, 0, (struct bytes){ 0 });
    if (!known)
        import_note(out, f->on, "descriptor %u begins in the middle: the log has not how it came about; its process is taken for the %s", fd,
                    client ? "client, as it writes first" : "server, as it reads first");
    return f;
}

/* FIN of a side, which is told once. */
static void end(struct strace *t, struct traced *f, enum relay_side side, struct import *out)
{
    if (!f->ended[side])
        import_event(out, RELAY_END, f->on, side, t->us, 0, (struct bytes){ 0 });
    f->ended[side] = true;
}

static bool read_call(struct strace *t, struct bytes s, uint64_t pid, const struct lines *l, struct import *out, struct error *err)
{
    CLEANUP(buffer_free) struct buffer data = { 0 };
    const struct call *c = call_of(s);
    struct bytes rest = s;
    int64_t result;
    uint64_t fd;
    bool all = true;
    size_t at;

    if (begins(s, "close(") || begins(s, "connect(") || begins(s, "accept(") || begins(s, "accept4(")) {
        bool accepts = begins(s, "accept");
        if (!returned(s, &result) || (result < 0 && !(begins(s, "connect(") && find(s, "EINPROGRESS", &at))))
            return true;
        find(s, "(", &at);
        rest = from(s, at + 1);
        if (!number(&rest, &fd) || (!accepts && fd > INT32_MAX))
            return true;
        fd = accepts ? (uint64_t)result : fd;
        struct traced *f = traced(t, pid, (unsigned)fd);
        if (f && f->open) {
            f->open = false;
            import_event(out, RELAY_CLOSED, f->on, RELAY_CLIENT, t->us, 0, (struct bytes){ 0 });
        }
        if (!begins(s, "close(") && (find(s, "AF_INET", &at) || accepts) && !add(t, out, pid, (unsigned)fd, true, !accepts))
            return wrong(err, l, "too many descriptors");
        return true;
    }
    if (begins(s, "shutdown(") && returned(s, &result) && result == 0 && (find(s, "SHUT_WR", &at) || find(s, "SHUT_RDWR", &at))) {
        rest = from(s, strlen("shutdown("));
        struct traced *f = number(&rest, &fd) ? traced(t, pid, (unsigned)fd) : NULL;
        if (f)
            end(t, f, f->client ? RELAY_CLIENT : RELAY_SERVER, out);
        return true;
    }
    if (!c)
        return true;
    rest = from(s, strlen(c->name) + 1);
    if (!number(&rest, &fd))
        return wrong(err, l, "expected a descriptor");
    bool socket = begins(rest, "<TCP") || begins(rest, "<socket") || strncmp(c->name, "re", 2) != 0;
    if (begins(rest, "<")) {
        if (!socket || !(begins(rest, "<TCP") || begins(rest, "<socket")))
            return true; // -y tells that it is a file
        if (!find(rest, ">, ", &at))
            return wrong(err, l, "expected > behind a descriptor's name");
        rest = from(rest, at + 1);
    } else if (fd <= 2)
        return true; // a terminal's, most likely
    if (find(s, "<unfinished ...>", &at))
        return wrong(err, l, "a call is in two pieces, as of several threads: trace with strace -ff -o FILE, and import each file");
    if (!returned(s, &result))
        return wrong(err, l, "expected what the call returned: the file is cut short");
    if (result < 0)
        return true;
    if (!begins(rest, ", ") || !(rest = from(rest, 2), string(&rest, &data, &all)))
        return wrong(err, l, "expected a string in quotes");
    struct traced *f = traced(t, pid, (unsigned)fd);
    if (!f && !(f = add(t, out, pid, (unsigned)fd, false, c->out)))
        return wrong(err, l, "too many descriptors");
    enum relay_side side = c->out == f->client ? RELAY_CLIENT : RELAY_SERVER;
    if (result == 0 && !c->out) {
        end(t, f, side, out);
        return true;
    }
    if (f->ended[side])
        return wrong(err, l, "bytes behind the end of their direction");
    if ((uint64_t)result < data.len)
        data.len = (size_t)result; // a write that took less
    else if ((uint64_t)result > data.len)
        import_note(out, f->on, "line %u has %zu of %lld bytes: trace with strace -s 65536", l->number, data.len, (long long)result);
    if (data.len)
        import_event(out, RELAY_DATA, f->on, side, t->us, 0, buffer_bytes(&data));
    return true;
}

static bool read_strace(struct lines l, struct import *out, struct error *err)
{
    struct strace *t = ARENA_NEW(out->keep, struct strace);
    struct bytes line;

    out->form = "strace";
    t->began = -1;
    while (next_line(&l, &line)) {
        uint64_t pid;
        struct bytes s = prefix(line, t, &pid);
        if (begins(s, "<... "))
            return wrong(err, &l, "a call is in two pieces, as of several threads: trace with strace -ff -o FILE, and import each file");
        if (!read_call(t, s, pid, &l, out, err))
            return false;
    }
    return true;
}

/* ---- which of them ---- */

static bool has_calls(struct bytes file)
{
    struct lines l = { .rest = file };
    struct strace t = { .began = -1 };
    struct bytes line;
    uint64_t pid;
    size_t at;

    for (int i = 0; i < 2000 && next_line(&l, &line); i++) {
        struct bytes s = prefix(line, &t, &pid);
        if (call_of(s) || ((begins(s, "execve(") || begins(s, "connect(") || begins(s, "accept")) && find(s, ") = ", &at)))
            return true;
    }
    return false;
}

bool texts_import(struct bytes file, struct import *out, struct error *err)
{
    struct lines l = { .rest = file };
    struct bytes line;
    struct dump_line d;
    bool tabs = false, any = false, offsets = true;
    uint64_t due[2] = { 0 };
    size_t at;

    if (find(file, "char peer", &at))
        return read_arrays(file, out, err);
    if (find(file, "!!binary", &at))
        return read_yaml(l, out, err);
    if (has_calls(file))
        return read_strace(l, out, err);
    /* A dump's first lines have the offsets that are due; hex digits alone have not. */
    for (int i = 0; i < 64 && next_line(&l, &line); i++) {
        if (!spaces_off(line).len || begins(line, "===") || begins(line, "Follow: ") || begins(line, "Filter: ") || begins(line, "Node "))
            continue;
        if (line.data[0] == '\t')
            tabs = true;
        if (!any && dump_parse(line, &d) && d.offset == due[d.other] && d.len)
            due[d.other] += d.len;
        else if (!any)
            offsets = false;
        any = true;
    }
    l = (struct lines){ .rest = file };
    if (any && offsets)
        return read_dump(l, out, err);
    if (!any || !read_plain(l, tabs, out, err))
        return error_set(err, ERROR_INPUT, "this is no capture, no followed stream, no log of strace, and no hex dump");
    return true;
}
