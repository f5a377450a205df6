/*
 * CString [4], and text lines [4.5].
 *
 *   string   [ff fffe] length units        the prefix for units of two bytes
 *   length   u8 below ff                   n up to 254
 *            ff u16                        up to fffd: fffe is the prefix
 *            ff ffff u32                   up to fffffffe
 *            ff ffff ffffffff u64          read from 7.0 on, never written by MFC
 *
 * The text notation of the units is in units.c.
 */
#include <inttypes.h>

#include "archive/ops.h"

#define CHUNK 128 // units that ReadString takes at a time [STR-28]

/*
 * One length. *marker is set when the bytes are the prefix instead. Up to 6.0 the reader cannot tell the
 * prefix from the length ffffffff, and behind a prefix either is a length that cannot be allocated [4.3].
 */
static uint64_t load_length(struct reader *r, const struct profile *p, bool behind, bool *marker)
{
    bool old = p->generation <= 60;
    size_t from = r->at;

    *marker = false;
    uint8_t n = reader_u8(r);
    if (n < 0xff)
        return n;
    uint16_t word = reader_u16(r);
    if (word == 0xfffe && !behind) {
        *marker = true;
        return 0;
    }
    if (word < 0xffff && !(word == 0xfffe && old)) {
        if (word < 0xff || word == 0xfffe)
            reader_loosen(r, from, ODD_LENGTH);
        return word;
    }
    uint32_t dword = word == 0xffff ? reader_u32(r) : 0xffffffff;
    if (dword < 0xffffffff) {
        if (dword < 0xfffe)
            reader_loosen(r, from, ODD_LENGTH);
        return dword;
    }
    if (old && behind) {
        reader_reject_at(r, from, CAUSE_NONE, "a second wide marker: length ffffffff, no memory");
        return 0;
    }
    if (old) {
        *marker = true;
        reader_loosen(r, from, ODD_LENGTH);
        return 0;
    }
    size_t qword_at = r->at;
    uint64_t qword = reader_u64(r);
    reader_loosen(r, from, ODD_LENGTH);
    if (p->bits == 32 && qword > INT32_MAX)
        reader_reject_at(r, qword_at, CAUSE_GENERIC, "a string length above 7fffffff in a 32-bit build");
    return p->bits == 64 && p->generation > 70 ? (uint32_t)qword : qword; // [STR-7]
}

uint64_t archive_load_string_length(struct reader *r, const struct profile *p, bool *wide)
{
    size_t from = r->at;
    bool again;
    uint64_t n = load_length(r, p, false, wide);

    if (*wide)
        n = load_length(r, p, true, &again);
    reader_landmark(r, from, LANDMARK_LENGTH, n, *wide);
    reader_note(r, from, *wide ? "wide, length %" PRIu64 : "length %" PRIu64, n);
    return n;
}

void archive_store_string_length(struct buffer *w, uint64_t units, bool wide)
{
    if (wide) {
        wire_u8(w, 0xff);
        wire_u16(w, 0xfffe);
    }
    if (units < 0xff) {
        wire_u8(w, (uint8_t)units);
        return;
    }
    wire_u8(w, 0xff);
    if (units < 0xfffe) {
        wire_u16(w, (uint16_t)units);
        return;
    }
    wire_u16(w, 0xffff);
    if (units < 0xffffffff) {
        wire_u32(w, (uint32_t)units);
        return;
    }
    wire_u32(w, 0xffffffff);
    wire_u64(w, units);
}

/* The width of the program's own string object. */
static bool is_wide(const struct type *t, const struct profile *p)
{
    return t->width ? t->width == 2 : p->charset == CHARSET_UNICODE;
}

/* What lies behind the first NUL is lost [STR-19]. */
static void cut_at_nul(struct value *v)
{
    for (size_t i = 0, n = units_count(v); i < n; i++)
        if (unit_at(v, i) == 0) {
            v->data.len = v->wide ? 2 * i : i;
            return;
        }
}

static void string_load(struct load *l, struct value *v)
{
    uint64_t n = archive_load_string_length(l->r, l->p, &v->wide);
    size_t from = l->r->at;

    v->data = reader_take(l->r, bytes_for(n, v->wide ? 2 : 1));
    if (v->data.len)
        note_value(l, from, "text", v);
    bool converted = v->wide != is_wide(v->of.type, l->p);
    if (l->p->generation < 80 && (l->p->generation >= 70 || converted))
        cut_at_nul(v);
}

static void string_store(struct store *s, const struct value *v)
{
    SCRATCH(scratch);
    bool wide = v->own_width ? v->wide : is_wide(v->of.type, s->p);
    struct bytes units = units_as(v, wide, &scratch);

    archive_store_string_length(s->w, units_count(v), wide);
    buffer_append(s->w, units.data, units.len);
}

/* Text that every build and code page agrees on; any units but NUL where nothing is converted. */
void string_draw(struct draw *d, struct value *v)
{
    size_t n = draw_count(d, 40);
    uint8_t *units = arena_array(d->keep, n, 2);

    v->wide = v->of.type->letter == 'w';
    v->data = (struct bytes){ units, v->wide ? 2 * n : n };
    for (size_t i = 0; i < n; i++) {
        uint64_t unit = v->wide ? 1 + random_below(d->chance, 0xffff)
                                : ' ' + random_below(d->chance, '~' - ' ' + 1);
        units[v->wide ? 2 * i : i] = (uint8_t)unit;
        if (v->wide)
            units[2 * i + 1] = (uint8_t)(unit >> 8);
    }
}

const struct type_ops string_ops = { string_load, string_store, units_say,
                                     units_parse, string_draw,  units_equal };

/*
 * A line, as ReadString into a CString loads it. A CR takes whatever follows it, and is dropped; what it took
 * ends the line only if it was LF, or did not fill the chunk [STR-23, STR-25, STR-28].
 */
static void line_load(struct load *l, struct value *v)
{
    CLEANUP(buffer_free) struct buffer got = { 0 };
    size_t width = l->p->charset == CHARSET_UNICODE ? 2 : 1, taken;
    struct bytes unit = { 0 };
    struct value last = { .wide = width == 2 };

    do {
        bool ended = false;
        for (taken = 0; taken < CHUNK && !ended; taken++) {
            last.data = unit = reader_take(l->r, width);
            ended = unit.len && (unit_at(&last, 0) == '\n' || unit_at(&last, 0) == '\r');
            if (ended && unit_at(&last, 0) == '\r')
                last.data = unit = reader_take(l->r, width);
            if (l->r->status != WIRE_OK) {
                // A line that has a unit is a line also at the end of the stream [STR-26, SVC-14].
                l->r->cut = got.len ? CAUSE_NONE : CAUSE_END_OF_FILE;
                return;
            }
            buffer_append(&got, unit.data, unit.len);
        }
    } while (taken == CHUNK && unit_at(&last, 0) != '\n');
    if (unit_at(&last, 0) == '\n')
        got.len -= width;
    v->wide = width == 2;
    v->data = arena_bytes(l->keep, buffer_bytes(&got));
}

static void line_store(struct store *s, const struct value *v)
{
    SCRATCH(scratch);
    bool wide = s->p->charset == CHARSET_UNICODE;
    struct bytes units = units_as(v, wide, &scratch);

    buffer_append(s->w, units.data, units.len);
    if (wide)
        wire_u16(s->w, '\n');
    else
        wire_u8(s->w, '\n');
}

static bool line_parse(struct cursor *c, struct value *v)
{
    const char *from = c->at;

    if (!units_parse(c, v))
        return false;
    for (size_t i = 0, n = units_count(v); i < n; i++)
        if (unit_at(v, i) == 0 || unit_at(v, i) == '\n' || unit_at(v, i) == '\r') {
            c->at = from;
            return cursor_fail(c, "a line without 0000, 000a and 000d");
        }
    return true;
}

const struct type_ops line_ops = { line_load,  line_store,  units_say,
                                   line_parse, string_draw, units_equal };
