#include "capture/import.h"

#include <stdarg.h>
#include <stdio.h>

#define NOTES_MAX 1000 // more help nobody

/* The next of an array that grows in the arena. */
static void *grow(struct arena *keep, void *items, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return items;
    size_t more = *room ? *room * 2 : 64;
    void *moved = arena_array(keep, more, size);
    if (count)
        memcpy(moved, items, count * size);
    *room = more;
    return moved;
}

void import_event(struct import *in, enum relay_kind kind, uint32_t on, enum relay_side from, int64_t us, int64_t number, struct bytes data)
{
    in->events = grow(in->keep, in->events, in->count, &in->room, sizeof *in->events);
    in->events[in->count++] = (struct relay_event){ .kind = kind, .on = on, .from = from, .us = us, .number = number, .data = arena_bytes(in->keep, data) };
}

void import_note(struct import *in, int64_t on, const char *fmt, ...)
{
    char text[512];
    va_list args;

    if (in->note_count > NOTES_MAX)
        return;
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    in->notes = grow(in->keep, in->notes, in->note_count, &in->note_room, sizeof *in->notes);
    in->notes[in->note_count] = in->note_count < NOTES_MAX ? (struct import_note){ on, arena_string(in->keep, text) }
                                                           : (struct import_note){ -1, "there is more to be said, which is left out" };
    in->note_count++;
}

bool import_read(struct bytes file, const struct import_options *o, struct arena *keep, struct import *out, struct error *err)
{
    *out = (struct import){ .keep = keep, .whole = true };
    if (!file.len)
        return error_set(err, ERROR_INPUT, "the file is empty");
    if (pcap_is(file))
        return pcap_import(file, o, out, err);
    if (o->port || o->filter)
        return error_set(err, ERROR_INPUT, "this is no pcap or pcapng, and only those have %s", o->port ? "ports" : "packets to filter");
    return texts_import(file, out, err);
}
