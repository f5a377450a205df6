/*
 * `arcwire export FILE --format pcapng`: a traffic.ndjson as a capture.
 */
#include "app/app.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "capture/import.h"
#include "capture/pcapng.h"

static bool event_parse(const struct json *record, const char *name, struct arena *keep, struct relay_event *out, bool *is, struct error *err)
{
    static const char *const names[] = { [RELAY_OPEN] = "open",   [RELAY_REFUSED] = "refused", [RELAY_DATA] = "data",
                                         [RELAY_END] = "fin",     [RELAY_RESET] = "reset",     [RELAY_CLOSED] = "closed" };
    const struct json *on = json_get(record, "on"), *us = json_get(record, "us"), *from = json_get(record, "from"), *port = json_get(record, "port"),
                      *hex = json_get(record, "hex");
    uint64_t number = 0, client_port = 0;
    const char *text;

    *is = false;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (names[i] && strcmp(name, names[i]) == 0) { // a fault is nothing that was said
            *out = (struct relay_event){ .kind = (enum relay_kind)i };
            *is = true;
        }
    if (!*is)
        return true;
    if (!on || !us)
        return json_error(record, err, "expected on and us");
    if (!json_u64(on, UINT32_MAX, &number, err) || !json_i64(us, 0, INT64_MAX / 4, &out->us, err) || (port && !json_u64(port, 65535, &client_port, err)))
        return false;
    out->on = (uint32_t)number;
    out->number = (int64_t)client_port;
    if (from && !json_string(from, &text, err))
        return false;
    out->from = from && strcmp(text, "server") == 0 ? RELAY_SERVER : RELAY_CLIENT;
    if (out->kind != RELAY_DATA)
        return true;
    if (!hex || !json_string(hex, &text, err))
        return hex ? false : json_error(record, err, "expected hex");
    size_t len = strlen(text);
    uint8_t *data = arena_alloc(keep, len / 2 + 1);
    out->data = (struct bytes){ data, len / 2 };
    return hex_parse(text, len, data) || json_error(hex, err, "expected hex digits in pairs");
}

static bool line_add(struct bytes line, const char *name, bool first, struct buffer *to, struct pcapng **p, struct error *err)
{
    SCRATCH(keep);
    const struct json *record;
    struct relay_event e;
    const char *kind, *server;
    bool is;

    if (!json_parse(line, name, &keep, &record, err))
        return false;
    if (record->kind != JSON_OBJECT || !json_get(record, "record"))
        return json_error(record, err, "expected a record");
    if (!json_string(json_get(record, "record"), &kind, err))
        return false;
    if (first) {
        if (strcmp(kind, "traffic") != 0 || !json_get(record, "to"))
            return json_error(record, err, "expected the record \"traffic\" first");
        if (!json_string(json_get(record, "to"), &server, err))
            return false;
        const char *colon = strrchr(server, ':');
        *p = pcapng_new(to, colon ? (uint16_t)strtoul(colon + 1, NULL, 10) : 0, 0);
        return true;
    }
    return event_parse(record, kind, &keep, &e, &is, err) && (!is || pcapng_add(*p, &e, err));
}

bool export_pcapng(const char *path, const char *output, struct error *err)
{
    CLEANUP(buffer_free) struct buffer out = { 0 };
    struct pcapng *p = NULL;
    struct bytes file;
    bool good = true;
    SCRATCH(keep);

    if (!file_read(path, IMPORT_MAX, &keep, &file, err))
        return false;
    for (size_t number = 1; good && file.len; number++) {
        const uint8_t *end = memchr(file.data, '\n', file.len);
        size_t len = end ? (size_t)(end - file.data) : file.len;
        SCRATCH(name);
        good = line_add(bytes_slice(file, 0, len), arena_printf(&name, "%s: record %zu", path, number), number == 1, &out, &p, err);
        file = bytes_slice(file, len + 1, file.len);
    }
    if (good && !p)
        good = error_set(err, ERROR_INPUT, "%s: the file is empty", path);
    if (p)
        pcapng_free(p);
    return good && file_write(output, buffer_bytes(&out), err);
}
