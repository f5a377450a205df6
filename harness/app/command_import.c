/*
 * `arcwire import`: what other tools kept of a conversation, in the form that the proxy keeps it in.
 */
#include "app/play.h"

#include <stdio.h>

#include "base/file.h"
#include "capture/import.h"
#include "capture/traffic.h"

static bool place(const struct options *o, struct arena *keep, const char **out, struct error *err)
{
    const char *directory;

    if (o->out && o->output)
        return error_set(err, ERROR_USAGE, "expected --out DIR or --output FILE, not both");
    *out = o->output;
    if (!o->output) {
        if (!play_directory(o, "import", keep, &directory, err))
            return false;
        *out = arena_printf(keep, "%s/traffic.ndjson", directory);
    }
    return true;
}

static bool save(const char *path, const char *from, const struct import *in, struct error *err)
{
    struct traffic_log log = { .fd = -1 };
    int64_t us = in->count ? in->events[in->count - 1].us : 0;
    bool good = traffic_begin_import(&log, path, from, in->server, in->started, err);

    for (size_t i = 0; good && i < in->count; i++)
        good = traffic_add(&log, &in->events[i], err);
    for (size_t i = 0; good && i < in->note_count; i++)
        good = traffic_note(&log, in->notes[i].on, in->notes[i].text, err);
    good = good && (!in->whole || traffic_end(&log, us, err));
    traffic_close(&log);
    return good;
}

static void tell(const struct import *in, const char *path)
{
    uint64_t bytes[2] = { 0 };

    for (size_t i = 0; i < in->count; i++)
        if (in->events[i].kind == RELAY_DATA)
            bytes[in->events[i].from] += in->events[i].data.len;
    for (size_t i = 0; i < in->note_count; i++)
        if (in->notes[i].on < 0)
            printf("note: %s\n", in->notes[i].text);
        else
            printf("#%u: %s\n", (unsigned)in->notes[i].on, in->notes[i].text);
    printf("%s: %u connection%s, %llu bytes from clients, %llu from the server   %s\n", in->form, in->connections, in->connections == 1 ? "" : "s",
           (unsigned long long)bytes[RELAY_CLIENT], (unsigned long long)bytes[RELAY_SERVER], path);
}

static bool import(const struct options *o, struct arena *keep, struct import *in, struct error *err)
{
    struct import_options how = { .filter = o->filter };
    uint64_t port = 0;
    struct bytes file;
    const char *path = NULL;

    if (o->word_count != 1)
        return error_set(err, ERROR_USAGE, "expected one file; see arcwire import --help");
    if (o->port && !number_parse("--port", o->port, 1, 65535, &port, err))
        return false;
    how.port = (uint16_t)port;
    if (!file_read(o->words[0], IMPORT_MAX, keep, &file, err))
        return false;
    if (!import_read(file, &how, keep, in, err))
        return err->kind == ERROR_INPUT ? error_within(err, "%s", o->words[0]) : false;
    if (!place(o, keep, &path, err) || !save(path, o->words[0], in, err))
        return false;
    tell(in, path);
    return true;
}

int command_import(const struct options *o)
{
    SCRATCH(keep);
    struct import in;
    struct error err;

    if (!import(o, &keep, &in, &err))
        return fail(&err);
    return !in.whole ? EXIT_INPUT : in.connections ? EXIT_EXPECTED : EXIT_NOTHING;
}
