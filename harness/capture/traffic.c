#include "capture/traffic.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/fd.h"
#include "json/write.h"

#define FORMAT 1

static struct json_out begin(struct traffic_log *l, const char *record)
{
    struct json_out j = { .to = &l->line };
    json_begin(&j, NULL, '{');
    json_put_string(&j, "record", record);
    return j;
}

static bool put_line(struct traffic_log *l, struct error *err)
{
    text_char(&l->line, '\n');
    return l->puts_off || traffic_flush(l, err);
}

static bool put(struct traffic_log *l, struct json_out *j, struct error *err)
{
    json_end(j, '}');
    return put_line(l, err);
}

bool traffic_flush(struct traffic_log *l, struct error *err)
{
    struct bytes rest = buffer_bytes(&l->line.b);

    l->line.b.len = 0;
    while (rest.len) {
        ssize_t n = write(l->fd, rest.data, rest.len);
        if (n < 0 && errno != EINTR)
            return error_errno(err, "%s", l->path);
        rest = bytes_slice(rest, n < 0 ? 0 : (size_t)n, rest.len);
    }
    return true;
}

/* A file that was not there yet. */
static bool create(struct traffic_log *l, const char *path, struct error *err)
{
    *l = (struct traffic_log){ .path = path };
    l->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_APPEND, 0666);
    return l->fd >= 0 || error_errno(err, "%s", path);
}

bool traffic_begin(struct traffic_log *l, const char *path, const struct address *listen, const struct address *to, int64_t started,
                   struct error *err)
{
    char text[ADDRESS_TEXT];
    struct tm utc;

    if (!create(l, path, err))
        return false;
    struct json_out j = begin(l, "traffic");
    json_put_int(&j, "traffic", FORMAT);
    address_print(listen, text, sizeof text);
    json_put_string(&j, "listen", text);
    address_print(to, text, sizeof text);
    json_put_string(&j, "to", text);
    time_t when = (time_t)started;
    gmtime_r(&when, &utc);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    json_put_string(&j, "started", text);
    return put(l, &j, err);
}

bool traffic_begin_import(struct traffic_log *l, const char *path, const char *from, const char *server, int64_t started, struct error *err)
{
    char text[ADDRESS_TEXT];
    struct tm utc;

    if (!create(l, path, err))
        return false;
    struct json_out j = begin(l, "traffic");
    json_put_int(&j, "traffic", FORMAT);
    json_put_string(&j, "listen", server);
    json_put_string(&j, "to", server);
    time_t when = (time_t)started;
    if (!gmtime_r(&when, &utc))
        return error_set(err, ERROR_INPUT, "%s: its time is none", from);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    json_put_string(&j, "started", started ? text : "");
    json_put_string(&j, "imported", from);
    return put(l, &j, err);
}

bool traffic_note(struct traffic_log *l, int64_t on, const char *text, struct error *err)
{
    struct json_out j = begin(l, "note");

    if (on >= 0)
        json_put_int(&j, "on", on);
    json_put_string(&j, "text", text);
    return put(l, &j, err);
}

/* Nearly all records are of this kind, and whoever shares the processor waits for them: not key by key. */
static bool add_data(struct traffic_log *l, const struct relay_event *e, struct error *err)
{
    text_add(&l->line, "{\"record\":\"data\",\"on\":");
    text_u64(&l->line, e->on);
    text_add(&l->line, ",\"us\":");
    text_u64(&l->line, (uint64_t)e->us);
    text_add(&l->line, e->from == RELAY_CLIENT ? ",\"from\":\"client\",\"hex\":\"" : ",\"from\":\"server\",\"hex\":\"");
    text_hex(&l->line, e->data, false);
    text_add(&l->line, "\"}");
    return put_line(l, err);
}

static bool add_note(struct traffic_log *l, const struct relay_event *e, struct error *err)
{
    TEXT(text);

    text_printf(&text, "#%u: what the %s says: %s", e->on, e->from == RELAY_CLIENT ? "client" : "server", e->text);
    return traffic_note(l, e->on, text_string(&text), err);
}

bool traffic_add(struct traffic_log *l, const struct relay_event *e, struct error *err)
{
    static const char *const names[] = { [RELAY_OPEN] = "open",   [RELAY_REFUSED] = "refused", [RELAY_END] = "fin",
                                         [RELAY_RESET] = "reset", [RELAY_CLOSED] = "closed",   [RELAY_FAULT] = "fault" };

    if (e->kind == RELAY_DATA)
        return add_data(l, e, err);
    if (e->kind == RELAY_NOTE)
        return add_note(l, e, err);
    struct json_out j = begin(l, names[e->kind]);
    json_put_int(&j, "on", e->on);
    json_put_int(&j, "us", e->us);
    if (e->kind == RELAY_END || e->kind == RELAY_RESET || e->kind == RELAY_FAULT)
        json_put_string(&j, "from", e->from == RELAY_CLIENT ? "client" : "server");
    if (e->kind == RELAY_FAULT)
        json_put_string(&j, "what", fault_name(e->fault->kind));
    if (e->kind == RELAY_FAULT && fault_is_at_byte(e->fault))
        json_put_u64(&j, "at", e->fault->at);
    if (e->kind == RELAY_OPEN && e->number)
        json_put_int(&j, "port", e->number);
    if (e->kind == RELAY_REFUSED || e->kind == RELAY_RESET)
        json_put_string(&j, "why", strerror((int)e->number));
    return put(l, &j, err);
}

bool traffic_end(struct traffic_log *l, int64_t us, struct error *err)
{
    struct json_out j = begin(l, "end");

    json_put_int(&j, "us", us);
    return put(l, &j, err) && traffic_flush(l, err);
}

void traffic_close(struct traffic_log *l)
{
    struct error err;

    if (l->fd >= 0)
        traffic_flush(l, &err); // whoever closes without an end has something worse to tell
    fd_close(&l->fd);
    text_free(&l->line);
}
