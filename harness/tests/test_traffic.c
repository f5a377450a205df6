/*
 * Live traffic on disk, line by line.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "capture/traffic.h"

static const uint8_t word[] = { 0x04, 0x00, 0xff };

// clang-format off
static const struct fault flip = { FAULT_FLIP, 17 }, stay = { FAULT_STAY, FAULT_AT_END };

static const struct traffic_row {
    struct relay_event event;
    const char *line;
} rows[] = {
    { { .kind = RELAY_OPEN, .on = 0, .us = 5, .number = 4242 },                                "{\"record\":\"open\",\"on\":0,\"us\":5,\"port\":4242}" },
    { { .kind = RELAY_OPEN, .on = 1, .us = 6 },                                                "{\"record\":\"open\",\"on\":1,\"us\":6}" },
    { { .kind = RELAY_DATA, .on = 0, .us = 7, .from = RELAY_CLIENT, .data = { word, 3 } },     "{\"record\":\"data\",\"on\":0,\"us\":7,\"from\":\"client\",\"hex\":\"0400ff\"}" },
    { { .kind = RELAY_DATA, .on = 1, .us = 8, .from = RELAY_SERVER, .data = { word, 1 } },     "{\"record\":\"data\",\"on\":1,\"us\":8,\"from\":\"server\",\"hex\":\"04\"}" },
    { { .kind = RELAY_END, .on = 0, .us = 9, .from = RELAY_SERVER },                           "{\"record\":\"fin\",\"on\":0,\"us\":9,\"from\":\"server\"}" },
    { { .kind = RELAY_RESET, .on = 1, .us = 10, .from = RELAY_CLIENT, .number = ECONNRESET },  "{\"record\":\"reset\",\"on\":1,\"us\":10,\"from\":\"client\",\"why\":\"Connection reset by peer\"}" },
    { { .kind = RELAY_REFUSED, .on = 2, .us = 11, .from = RELAY_SERVER, .number = ECONNREFUSED }, "{\"record\":\"refused\",\"on\":2,\"us\":11,\"why\":\"Connection refused\"}" },
    { { .kind = RELAY_FAULT, .on = 1, .us = 8, .from = RELAY_SERVER, .fault = &flip },         "{\"record\":\"fault\",\"on\":1,\"us\":8,\"from\":\"server\",\"what\":\"flip\",\"at\":17}" },
    { { .kind = RELAY_NOTE, .on = 1, .us = 8, .from = RELAY_CLIENT, .text = "why" },           "{\"record\":\"note\",\"on\":1,\"text\":\"#1: what the client says: why\"}" },
    { { .kind = RELAY_FAULT, .on = 1, .us = 8, .from = RELAY_CLIENT, .fault = &stay },         "{\"record\":\"fault\",\"on\":1,\"us\":8,\"from\":\"client\",\"what\":\"stay\"}" },
    { { .kind = RELAY_CLOSED, .on = 2, .us = 12 },                                             "{\"record\":\"closed\",\"on\":2,\"us\":12}" },
};
// clang-format on

Test(traffic, is_kept_line_by_line, .timeout = 10)
{
    char place[] = "/tmp/arcwire-test-XXXXXX";
    struct address listen = address_loopback(4000), to;
    struct traffic_log log;
    struct bytes text;
    struct error err;
    SCRATCH(keep);
    TEXT(due);

    cr_assert(mkdtemp(place) != NULL);
    const char *path = arena_printf(&keep, "%s/traffic.ndjson", place);
    cr_assert(address_parse("[::1]:5000", &to, &err), "%s", err.text);
    cr_assert(traffic_begin(&log, path, &listen, &to, 1764124800, &err), "%s", err.text);
    text_add(&due, "{\"record\":\"traffic\",\"traffic\":1,\"listen\":\"127.0.0.1:4000\",\"to\":\"[::1]:5000\",\"started\":\"2025-11-26T02:40:00Z\"}\n");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        cr_expect(traffic_add(&log, &rows[i].event, &err), "%s", err.text);
        text_printf(&due, "%s\n", rows[i].line);
        cr_expect(file_read(path, 1 << 20, &keep, &text, &err), "%s", err.text); // it is there before the next happens
        cr_expect(eq(str, (char *)text.data, (char *)text_string(&due)));
    }
    cr_expect(traffic_end(&log, 20, &err), "%s", err.text);
    text_add(&due, "{\"record\":\"end\",\"us\":20}\n");
    cr_expect(file_read(path, 1 << 20, &keep, &text, &err), "%s", err.text);
    cr_expect(eq(str, (char *)text.data, (char *)text_string(&due)));
    traffic_close(&log);

    struct traffic_log again;
    cr_expect(not(traffic_begin(&again, path, &listen, &to, 0, &err)), "what is there is not written over");
    cr_expect(eq(int, (int)err.kind, ERROR_SYSTEM));
    traffic_close(&again);
    file_remove_directory(place);
}

Test(traffic, what_is_put_off_is_kept_in_its_order, .timeout = 10)
{
    enum { FLUSHED, ENDED, CLOSED, WAYS };
    SCRATCH(keep);

    for (int way = 0; way < WAYS; way++) {
        char place[] = "/tmp/arcwire-test-XXXXXX";
        struct address at = address_loopback(4000);
        struct traffic_log log;
        struct bytes before, text;
        struct error err;
        TEXT(due);
        cr_assert(mkdtemp(place) != NULL);
        const char *path = arena_printf(&keep, "%s/traffic.ndjson", place);
        cr_assert(traffic_begin(&log, path, &at, &at, 0, &err), "%s", err.text);
        cr_assert(file_read(path, 1 << 20, &keep, &before, &err), "%s", err.text);
        text_addn(&due, (const char *)before.data, before.len);
        log.puts_off = true;
        for (size_t i = 0; i < COUNT_OF(rows); i++) {
            cr_expect(traffic_add(&log, &rows[i].event, &err), "%s", err.text);
            text_printf(&due, "%s\n", rows[i].line);
        }
        cr_assert(file_read(path, 1 << 20, &keep, &text, &err), "%s", err.text);
        cr_expect(eq(sz, text.len, before.len), "nothing is written yet");
        if (way == FLUSHED)
            cr_expect(traffic_flush(&log, &err) && traffic_flush(&log, &err), "the second has nothing to do");
        if (way == ENDED)
            cr_expect(traffic_end(&log, 20, &err), "%s", err.text);
        if (way == ENDED)
            text_add(&due, "{\"record\":\"end\",\"us\":20}\n");
        if (way == CLOSED)
            traffic_close(&log);
        cr_assert(file_read(path, 1 << 20, &keep, &text, &err), "%s", err.text);
        cr_expect(eq(str, (char *)text.data, (char *)text_string(&due)));
        if (way != CLOSED)
            traffic_close(&log);
        file_remove_directory(place);
    }
}

Test(traffic, a_full_disk_is_told, .timeout = 10)
{
    struct traffic_log log = { .fd = -1, .path = "nowhere" };
    const struct relay_event event = { .kind = RELAY_CLOSED };
    struct error err;

    cr_expect(not(traffic_add(&log, &event, &err)));
    cr_expect(eq(int, (int)err.kind, ERROR_SYSTEM));
    cr_expect(eq(str, err.text, "nowhere: Bad file descriptor"));
    log.puts_off = true;
    cr_expect(traffic_add(&log, &event, &err), "it is not tried yet");
    cr_expect(not(traffic_flush(&log, &err)));
    traffic_close(&log);
}
