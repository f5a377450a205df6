#include "archive/wire.h"

#include <stdarg.h>
#include <stdio.h>

#define SPANS_MAX     4096 // notes kept per list; more than anybody reads
#define LANDMARKS_MAX 4096

const char *cause_name(unsigned cause)
{
    static const char *const names[] = { "none",      "genericException", "readOnly",
                                         "endOfFile", "writeOnly",        "badIndex",
                                         "badClass",  "badSchema",        "bufferFull" };

    return cause < COUNT_OF(names) ? names[cause] : "unknown";
}

struct bytes reader_take(struct reader *r, size_t len)
{
    if (r->status != WIRE_OK)
        return (struct bytes){ 0 };
    if (len > r->in.len - r->at) {
        r->status = WIRE_SHORT;
        r->need = len <= SIZE_MAX - r->at ? r->at + len : SIZE_MAX;
        r->cut = CAUSE_END_OF_FILE;
        return (struct bytes){ 0 };
    }
    struct bytes taken = { len ? r->in.data + r->at : r->in.data, len };
    r->at += len;
    return taken;
}

/* size bytes, 8 at most, least significant first. */
static uint64_t take_number(struct reader *r, size_t size)
{
    struct bytes b = reader_take(r, size);
    uint64_t v = 0;

    for (size_t i = b.len; i-- > 0;)
        v = v << 8 | b.data[i];
    return v;
}

uint8_t reader_u8(struct reader *r)
{
    return (uint8_t)take_number(r, 1);
}

uint16_t reader_u16(struct reader *r)
{
    return (uint16_t)take_number(r, 2);
}

uint32_t reader_u32(struct reader *r)
{
    return (uint32_t)take_number(r, 4);
}

uint64_t reader_u64(struct reader *r)
{
    return take_number(r, 8);
}

void reader_reject(struct reader *r, enum cause cause, const char *reason)
{
    reader_reject_at(r, r->at, cause, reason);
}

void reader_reject_at(struct reader *r, size_t at, enum cause cause, const char *reason)
{
    if (r->status != WIRE_OK)
        return;
    r->status = WIRE_BAD;
    r->taken = r->at;
    r->at = at;
    r->cause = cause;
    r->reason = reason;
}

void reader_reject_by(struct reader *r, size_t at, enum cause cause, const char *clause, const char *reason)
{
    if (r->status == WIRE_OK)
        r->clause = clause;
    reader_reject_at(r, at, cause, reason);
}

void reader_odd(struct reader *r, size_t at, enum odd_kind kind)
{
    if (r->status == WIRE_OK && !r->odd.kind)
        r->odd = (struct oddity){ kind, at };
}

void reader_loosen(struct reader *r, size_t at, enum odd_kind kind)
{
    r->loose |= r->status == WIRE_OK;
    reader_odd(r, at, kind);
}

void reader_note(struct reader *r, size_t from, const char *fmt, ...)
{
    struct span_list *list = r->spans;
    char meaning[160]; // bytes; a note is a few words
    va_list args;

    if (!list || r->status != WIRE_OK || list->count == SPANS_MAX)
        return;
    if (list->count == list->room) {
        size_t room = list->room ? list->room * 2 : 16;
        struct span *items = ARENA_ARRAY(list->keep, room, struct span);
        if (list->count)
            memcpy(items, list->items, list->count * sizeof *items);
        list->items = items;
        list->room = room;
    }
    va_start(args, fmt);
    vsnprintf(meaning, sizeof meaning, fmt, args);
    va_end(args);
    list->items[list->count++] =
        (struct span){ from, r->at - from, arena_string(list->keep, meaning) };
}

void reader_landmark(struct reader *r, size_t from, enum landmark_kind kind, uint64_t number, bool wide)
{
    struct landmark_list *list = r->landmarks;

    if (!list || r->status != WIRE_OK || list->count == LANDMARKS_MAX)
        return;
    if (list->count == list->room) {
        size_t room = list->room ? list->room * 2 : 16;
        struct landmark *items = ARENA_ARRAY(list->keep, room, struct landmark);
        if (list->count)
            memcpy(items, list->items, list->count * sizeof *items);
        list->items = items;
        list->room = room;
    }
    list->items[list->count++] = (struct landmark){ kind, from, r->at - from, number, wide };
}

static void put_number(struct buffer *w, uint64_t v, size_t size)
{
    uint8_t *to = buffer_reserve(w, size);

    for (size_t i = 0; i < size; i++)
        to[i] = (uint8_t)(v >> (8 * i));
    w->len += size;
}

void wire_u8(struct buffer *w, uint8_t v)
{
    put_number(w, v, 1);
}

void wire_u16(struct buffer *w, uint16_t v)
{
    put_number(w, v, 2);
}

void wire_u32(struct buffer *w, uint32_t v)
{
    put_number(w, v, 4);
}

void wire_u64(struct buffer *w, uint64_t v)
{
    put_number(w, v, 8);
}
