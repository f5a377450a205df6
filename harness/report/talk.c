/*
 * A conversation as the log has it: what was to be done (`program`) and what happened (`trace`). Nothing is
 * expanded here: hex with runs stays as it is written, and timeline.c reads as much of it as is shown.
 */
#include "report/talk.h"

#include <assert.h>
#include <stdlib.h>

#define BYTES_MAX (256u << 20) // that one hex text may stand for

bool member_string(const struct json *object, const char *key, struct arena *keep, const char **out,
                   struct error *err)
{
    const struct json *at = json_get(object, key);
    const char *text;

    if (!at || at->kind == JSON_NULL)
        return true;
    if (at->kind == JSON_NUMBER) // a version, say, that its writer takes for a number
        text = at->string;
    else if (!json_string(at, &text, err))
        return false;
    *out = arena_string(keep, text);
    return true;
}

bool member_u64(const struct json *object, const char *key, uint64_t *out, struct error *err)
{
    const struct json *at = json_get(object, key);

    return !at || at->kind == JSON_NULL || json_u64(at, UINT64_MAX, out, err);
}

bool member_i64(const struct json *object, const char *key, int64_t *out, struct error *err)
{
    const struct json *at = json_get(object, key);

    return !at || at->kind == JSON_NULL || json_i64(at, INT64_MIN, INT64_MAX, out, err);
}

bool member_array(const struct json *object, const char *key, const struct json **out,
                  struct error *err)
{
    *out = json_get(object, key);
    if (*out && (*out)->kind == JSON_NULL)
        *out = NULL;
    return !*out || json_is(*out, JSON_ARRAY, err);
}

bool member_names(const struct json *object, const char *key, struct arena *keep,
                  struct report_names *out, struct error *err)
{
    const struct json *list;
    struct report_names n = { 0 };

    if (!member_array(object, key, &list, err))
        return false;
    if (!list)
        return true;
    n.names = ARENA_ARRAY(keep, list->count, const char *);
    for
        json_each (name, list) {
            const char *text;
            if (!json_string(name, &text, err))
                return false;
            n.names[n.count++] = arena_string(keep, text);
        }
    *out = n;
    return true;
}

/* Hex is looked through here, so that those who show it need not; it stands for a bounded number of bytes. */
static bool member_hex(const struct json *object, const char *key, struct arena *keep,
                       const char **out, struct error *err)
{
    if (!member_string(object, key, keep, out, err))
        return false;
    const char *at = *out ? *out : "";
    uint64_t all = 0;
    while (*at) {
        uint64_t times = 1;
        size_t digits = strspn(at, "0123456789abcdefABCDEF");
        if (digits == 0 || digits % 2)
            return json_error(json_get(object, key), err, "expected hex digits in pairs");
        at += digits;
        if (*at == '*') {
            size_t len = strspn(at + 1, "0123456789");
            if (len == 0 || len > 8)
                return json_error(json_get(object, key), err, "expected a number behind *");
            times = strtoull(at + 1, NULL, 10);
            at += 1 + len;
        }
        if (times > BYTES_MAX / (digits / 2) || (all += times * (digits / 2)) > BYTES_MAX)
            return json_error(json_get(object, key), err, "more than 256 MiB");
        if (*at && *at != ' ')
            return json_error(json_get(object, key), err,
                              "expected one space between tokens of hex");
        at += *at == ' ';
    }
    return true;
}

static bool read_field(const struct json *from, struct arena *keep, struct report_field *f,
                       struct error *err)
{
    const struct json *any = json_is(from, JSON_OBJECT, err) ? json_get(from, "any") : NULL;

    return from->kind == JSON_OBJECT && member_u64(from, "at", &f->at, err) &&
           member_u64(from, "len", &f->len, err) &&
           member_string(from, "type", keep, &f->type, err) &&
           member_string(from, "text", keep, &f->text, err) &&
           member_string(from, "name", keep, &f->name, err) &&
           member_string(from, "of", keep, &f->of, err) &&
           (!any || json_bool(any, &f->any, err));
}

static enum report_op_kind op_kind(const char *op)
{
    static const struct {
        const char *name;
        enum report_op_kind kind;
    } rows[] = {
        { "open", REPORT_OP_OPEN },           { "send", REPORT_OP_SEND },
        { "receive", REPORT_OP_RECEIVE },     { "silent", REPORT_OP_SILENT },
        { "shutdown", REPORT_OP_SHUTDOWN },   { "reset", REPORT_OP_RESET },
        { "await-end", REPORT_OP_AWAIT_END }, { "listen", REPORT_OP_LISTEN },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (strcmp(rows[i].name, op) == 0)
            return rows[i].kind;
    return REPORT_OP_OTHER;
}

static bool read_op(const struct json *from, struct arena *keep, struct report_op *o,
                    struct error *err)
{
    const struct json *fields, *messages;
    const char *who = "client";

    o->op = "";
    o->hex = o->probe = "";
    if (!json_is(from, JSON_OBJECT, err) || !member_string(from, "op", keep, &o->op, err) ||
        !member_u64(from, "on", &o->on, err) || !member_string(from, "who", keep, &who, err) ||
        !member_string(from, "control", keep, &o->control, err) ||
        !member_string(from, "check", keep, &o->check, err) ||
        !member_hex(from, "hex", keep, &o->hex, err) ||
        !member_hex(from, "probe", keep, &o->probe, err) ||
        !member_array(from, "fields", &fields, err) ||
        !member_array(from, "messages", &messages, err))
        return false;
    o->kind = op_kind(o->op);
    o->server = strcmp(who, "server") == 0;
    if (fields) {
        o->fields = ARENA_ARRAY(keep, fields->count, struct report_field);
        for
            json_each (f, fields)
                if (!read_field(f, keep, &o->fields[o->field_count++], err))
                    return false;
    }
    if (messages) {
        o->messages = ARENA_ARRAY(keep, messages->count, uint64_t);
        for
            json_each (m, messages)
                if (!json_u64(m, UINT64_MAX, &o->messages[o->message_count++], err))
                    return false;
    }
    return true;
}

static bool read_event(const struct json *from, struct arena *keep, struct report_event *e,
                       struct error *err)
{
    if (!json_is(from, JSON_OBJECT, err))
        return false;
    const struct json *sent = json_get(from, "sent"), *received = json_get(from, "received");
    const struct json *same_chunk = json_get(from, "same-chunk");

    e->kind = sent ? REPORT_SENT : received ? REPORT_RECEIVED : REPORT_HAPPENED;
    e->event = "";
    e->segments = 1;
    if (!member_u64(from, "op", &e->op, err))
        return false;
    e->in = e->op;
    return member_i64(from, "us", &e->us, err) && member_u64(from, "on", &e->on, err) && member_u64(from, "in", &e->in, err) &&
           member_string(from, "event", keep, &e->event, err) &&
           member_string(from, "note", keep, &e->note, err) &&
           member_i64(from, "number", &e->number, err) && member_u64(from, "from", &e->from, err) &&
           member_u64(from, "segments", &e->segments, err) &&
           (e->kind == REPORT_HAPPENED || member_hex(from, "hex", keep, &e->hex, err)) &&
           (!same_chunk || json_bool(same_chunk, &e->same_chunk, err)) &&
           member_u64(from, sent ? "sent" : "received", &e->len, err);
}

bool talk_read(const struct json *record, struct arena *keep, struct report_talk *out,
               struct error *err)
{
    const struct json *program, *trace;
    struct report_talk t = { 0 };

    if (!member_names(record, "connections", keep, &t.connections, err) ||
        !member_array(record, "program", &program, err) ||
        !member_array(record, "trace", &trace, err))
        return false;
    if (program) {
        t.ops = ARENA_ARRAY(keep, program->count, struct report_op);
        for
            json_each (op, program)
                if (!read_op(op, keep, &t.ops[t.op_count++], err))
                    return false;
    }
    if (trace) {
        t.events = ARENA_ARRAY(keep, trace->count, struct report_event);
        for
            json_each (event, trace)
                if (!read_event(event, keep, &t.events[t.event_count++], err))
                    return false;
    }
    *out = t;
    return true;
}

void report_talk_load(const struct report_result *r, struct arena *keep, struct report_talk *out)
{
    CLEANUP(buffer_free) struct buffer line = { 0 };
    const struct json *record;
    struct error err;
    SCRATCH(scratch);

    // A log that somebody has changed since it was looked through shows nothing here.
    if (r->line_len == 0 || !report_line_read(r->log, r->line_at, r->line_len, &line) ||
        !json_parse(buffer_bytes(&line), "log", &scratch, &record, &err) || !talk_read(record, keep, out, &err))
        *out = (struct report_talk){ 0 };
}
