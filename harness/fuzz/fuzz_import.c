/*
 * Any bytes as a file to import. The events of each connection follow each other as those of the proxy do: opened once,
 * nothing behind its end. What was taken of a file is never more than the file says.
 */
#include <stdlib.h>

#include "capture/import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CONNECTIONS 4096 // that are looked at

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct import_options any;
    enum { NEW, OPEN, OVER } state[CONNECTIONS] = { 0 };
    bool ended[CONNECTIONS][2] = { 0 };
    int64_t us = 0;
    struct import in;
    struct error err;
    SCRATCH(keep);

    if (!import_read((struct bytes){ data, size }, &any, &keep, &in, &err)) {
        if (err.kind != ERROR_INPUT || !err.text[0] || strchr(err.text, '\n'))
            abort();
        return 0;
    }
    for (size_t i = 0; i < in.count; i++) {
        const struct relay_event *e = &in.events[i];
        if (e->on >= in.connections || e->us < us)
            abort();
        us = e->us;
        if (e->on >= CONNECTIONS)
            continue;
        if ((e->kind == RELAY_OPEN) != (state[e->on] == NEW) || state[e->on] == OVER)
            abort();
        if (e->kind == RELAY_DATA && (!e->data.len || ended[e->on][e->from]))
            abort();
        if (e->kind == RELAY_END) {
            if (ended[e->on][e->from])
                abort();
            ended[e->on][e->from] = true;
        }
        state[e->on] = e->kind == RELAY_CLOSED ? OVER : OPEN;
    }
    return 0;
}
