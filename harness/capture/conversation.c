#include "capture/conversation.h"

#include <inttypes.h>

#include "base/file.h"
#include "base/hex.h"
#include "json/json.h"

#define FILE_MAX        (256u << 20)
#define CONNECTIONS_MAX 65536u

uint32_t conversation_open(struct conversation *c, enum talk_side opened, int64_t us, struct arena *keep)
{
    if ((c->count & (c->count - 1)) == 0) { // full whenever the count is a power of two
        struct talk *more = ARENA_ARRAY(keep, c->count ? 2 * (size_t)c->count : 1, struct talk);
        if (c->count)
            memcpy(more, c->talks, c->count * sizeof *more);
        c->talks = more;
    }
    c->talks[c->count] = (struct talk){ .opened = opened, .us = us };
    return c->count++;
}

bool conversation_add(struct conversation *c, uint32_t on, enum talk_kind kind, enum talk_side from, int64_t us, struct bytes data,
                      struct arena *keep)
{
    struct talk *talk = &c->talks[on];

    if ((kind == TALK_DATA) != (data.len > 0) || talk->reset[from] || (talk->ended[from] && kind != TALK_RESET))
        return false;
    struct said *s = ARENA_NEW(keep, struct said);
    *s = (struct said){ .kind = kind, .from = from, .on = on, .us = us, .data = arena_bytes(keep, data) };
    if (c->last && us < c->last->us)
        s->us = c->last->us;
    if (c->last)
        c->last->next = s;
    else
        c->first = s;
    c->last = s;
    talk->bytes[from] += data.len;
    talk->ended[from] |= kind == TALK_END;
    talk->reset[from] |= kind == TALK_RESET;
    return true;
}

struct bytes conversation_stream(const struct conversation *c, uint32_t on, enum talk_side from, struct arena *keep)
{
    CLEANUP(buffer_free) struct buffer all = { 0 };

    for (const struct said *s = c->first; s; s = s->next)
        if (s->on == on && s->from == from && s->kind == TALK_DATA)
            buffer_append(&all, s->data.data, s->data.len);
    return arena_bytes(keep, buffer_bytes(&all));
}

/* A line being read. */
struct line {
    const char *name;
    unsigned number;
    const struct json *json;
    struct arena *keep;
    struct error *err;
};

static bool wrong(const struct line *l, const char *what)
{
    return error_set(l->err, ERROR_INPUT, "%s:%u: %s", l->name, l->number, what);
}

static bool number(const struct line *l, const char *key, uint64_t max, uint64_t *out)
{
    struct error ignored;
    const struct json *at = json_get(l->json, key);
    TEXT(what);

    if (at && json_u64(at, max, out, &ignored))
        return true;
    text_printf(&what, "\"%s\": expected a number from 0 to %llu", key, (unsigned long long)max);
    return wrong(l, text_string(&what));
}

static const char *word(const struct line *l, const char *key)
{
    const struct json *at = json_get(l->json, key);

    return at && at->kind == JSON_STRING ? at->string : "";
}

/* data, fin and reset. */
static bool add(const struct line *l, struct conversation *c, uint32_t on, enum talk_kind kind, int64_t us)
{
    const char *from = word(l, "from");
    struct bytes data = { 0 };

    if (strcmp(from, "client") != 0 && strcmp(from, "server") != 0)
        return wrong(l, "\"from\": expected \"client\" or \"server\"");
    if (kind == TALK_DATA && (hex_read(word(l, "hex"), l->keep, &data) || !data.len))
        return wrong(l, "\"hex\": expected one byte or more, as hex digits in pairs");
    if (!conversation_add(c, on, kind, *from == 'c' ? TALK_CLIENT : TALK_SERVER, us, data, l->keep))
        return wrong(l, "expected nothing more from this side, which has ended");
    return true;
}

static bool note(const struct line *l, struct conversation *c)
{
    struct talk_note *n = ARENA_NEW(l->keep, struct talk_note);
    uint64_t on;

    *n = (struct talk_note){ .on = -1, .text = word(l, "text"), .next = c->notes };
    if (json_get(l->json, "on")) {
        if (!number(l, "on", CONNECTIONS_MAX - 1, &on))
            return false;
        n->on = (int64_t)on;
    }
    c->notes = n;
    return true;
}

static bool take(const struct line *l, struct conversation *c)
{
    const char *record = word(l, "record");
    uint64_t on, us, format;

    if (l->number == 1) {
        if (strcmp(record, "traffic") != 0)
            return wrong(l, "expected the record \"traffic\", with which arcwire proxy begins a file");
        return number(l, "traffic", UINT32_MAX, &format) && (format == 1 || wrong(l, "\"traffic\": expected format 1"));
    }
    if (strcmp(record, "note") == 0)
        return note(l, c);
    if (!number(l, "us", INT64_MAX, &us))
        return false;
    if (strcmp(record, "end") == 0) {
        c->cut = false;
        return true;
    }
    if (!number(l, "on", CONNECTIONS_MAX - 1, &on))
        return false;
    if (strcmp(record, "open") == 0) {
        if (on != c->count)
            return wrong(l, "\"on\": expected the next connection's number");
        conversation_open(c, TALK_CLIENT, (int64_t)us, l->keep);
        return true;
    }
    if (on >= c->count)
        return wrong(l, "\"on\": expected a connection that was opened before");
    struct talk *talk = &c->talks[on];
    if (strcmp(record, "refused") == 0)
        return talk->refused = true;
    if (strcmp(record, "closed") == 0)
        return talk->over = true;
    if (strcmp(record, "data") == 0)
        return add(l, c, (uint32_t)on, TALK_DATA, (int64_t)us);
    if (strcmp(record, "fault") == 0) {
        struct talk_note *n = ARENA_NEW(l->keep, struct talk_note);
        *n = (struct talk_note){ .on = (int64_t)on, .text = arena_printf(l->keep, "#%" PRIu64 ": the proxy made a fault, %s: one side heard otherwise than was said", on, word(l, "what")), .next = c->notes };
        c->notes = n;
        return true;
    }
    if (strcmp(record, "fin") == 0)
        return add(l, c, (uint32_t)on, TALK_END, (int64_t)us);
    if (strcmp(record, "reset") == 0)
        return add(l, c, (uint32_t)on, TALK_RESET, (int64_t)us);
    return wrong(l, "\"record\": expected open, refused, data, fin, reset, fault, closed, note or end");
}

bool conversation_parse(struct bytes text, const char *name, struct arena *keep, struct conversation *out, struct error *err)
{
    struct line l = { .name = name, .keep = keep, .err = err };

    *out = (struct conversation){ .name = arena_string(keep, name), .cut = true };
    for (size_t at = 0; at < text.len;) {
        const uint8_t *end = memchr(text.data + at, '\n', text.len - at);
        l.number++;
        if (!end && l.number > 1) { // the line that was being written when the proxy ended
            out->cut = true;
            break;
        }
        if (!end)
            return wrong(&l, "expected the record \"traffic\", with which arcwire proxy begins a file");
        size_t len = (size_t)(end - text.data) - at;
        struct error inner;
        if (l.number > 1 && !out->cut)
            return wrong(&l, "expected nothing behind the record \"end\"");
        if (!json_parse(bytes_slice(text, at, len), name, keep, &l.json, &inner) || l.json->kind != JSON_OBJECT)
            return wrong(&l, "expected a record, as one JSON object");
        if (!take(&l, out))
            return false;
        at += len + 1;
    }
    return l.number || error_set(err, ERROR_INPUT, "%s: expected the records of arcwire proxy; the file is empty", name);
}

bool conversation_read(const char *path, struct arena *keep, struct conversation *out, struct error *err)
{
    struct bytes text;

    return file_read(path, FILE_MAX, keep, &text, err) && conversation_parse(text, path, keep, out, err);
}
