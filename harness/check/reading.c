/*
 * The mistaken reader. Each leaf asks whether the mistake is about it; what the mistake is not about is read as the codec reads it.
 *
 * Of object tables it keeps what it has under which index. Objects are told by their number among objects, as everywhere; so a
 * reader that counts otherwise takes one for another, or finds none.
 */
#include "check/reading.h"

#include "check/forms.h"

#include <ctype.h>

#define BIG     0x7fff // an index of 32 bits follows [OBJ-1]
#define NAME    63     // bytes of a class's name [OBJ-25]
#define DEEP    200    // objects within each other; deeper ones are taken for no mistake
#define MARK    0xfffe // that says that a string is wide [STR-6]
#define ESCAPE  0xff
#define NOTHING UINT64_MAX

/* A class, or an object, under its index. */
struct place {
    uint64_t index;
    const struct mfc_class *class;
    uint16_t schema;
    uint64_t object; // its number among objects; 0: a class; NOTHING: null, which takes no index
    bool open;       // its body is being read
    size_t before;   // the last one of its kind before it, counted from 1; 0: none
};

struct reading {
    const struct mistake *m;
    const struct profile *p;
    struct arena *keep;
    struct place *places;
    size_t count, room;
    size_t newest[2];          // of objects and of classes, as place.before
    uint64_t next, next_class; // counters of indexes
    uint64_t objects;
    size_t begin;              // of the message in the stream
    size_t members;            // … of the value of several that is read, where it is aligned so
    const char *within;        // MFC's name of that, or NULL
    const struct type *holder; // of the value of which a part is read, or NULL
    const char *part;          // which
    unsigned depth;
    const char *about;
    bool lenient;              // it has taken what must be refused
};

struct reading *reading_new(const struct mistake *m, const struct profile *p, struct arena *keep)
{
    struct reading *g = ARENA_NEW(keep, struct reading);

    *g = (struct reading){ .m = m, .p = p, .keep = keep, .next = 1, .next_class = 1 };
    return g;
}

void reading_forget(struct reading *g)
{
    g->count = g->newest[0] = g->newest[1] = 0;
    g->next = g->next_class = 1;
}

void reading_message(struct reading *g, bool fresh, size_t at)
{
    g->begin = at;
    if (fresh || g->m->deed == DEED_TABLE_PER_MESSAGE)
        reading_forget(g);
    if (fresh)
        g->objects = 0;
    for (size_t i = 0; i < g->count && g->m->deed == DEED_OBJECTS_PER_MESSAGE; i++)
        if (g->places[i].object)
            g->places[i].index = NOTHING;
}

void reading_skip(struct reading *g, size_t entries)
{
    g->next += entries;
}

const char *reading_about(const struct reading *g)
{
    return mistake_is_lenient(g->m->deed) && !g->lenient ? NULL : g->about;
}

static bool does(const struct reading *g, enum deed d)
{
    return g->m->deed == d;
}

static bool about(struct reading *g, const char *mfc)
{
    g->about = mfc;
    return true;
}

/* As leaf_begins of the writer. */
static const struct mistake *leaf_begins(struct reading *g, const char *mfc)
{
    static const struct mistake none = { .deed = DEED_NONE };
    const struct leaf l = { mfc, g->holder ? g->holder->mfc : NULL, g->part };
    const struct mistake *kept = g->m;

    if (!mistake_is_at(kept, &l))
        g->m = &none;
    return kept;
}

static uint64_t take(struct reader *r, size_t width, bool big)
{
    struct bytes b = reader_take(r, width);
    uint64_t n = 0;

    for (size_t i = 0; i < b.len && i < sizeof n; i++)
        n |= (uint64_t)b.data[big ? b.len - 1 - i : i] << 8 * i;
    return n;
}

static uint64_t extended(uint64_t n, size_t width, bool is_signed)
{
    unsigned unused = width < 8 ? (unsigned)(64 - 8 * width) : 0;

    return is_signed ? (uint64_t)((int64_t)(n << unused) >> unused) : n << unused >> unused;
}

/* ---- numbers ---- */

static void skip_padding(struct reading *g, struct reader *r, const char *mfc, size_t width)
{
    size_t to = width < (size_t)g->m->n ? width : (size_t)g->m->n;
    size_t over = (r->at - (does(g, DEED_ALIGN_WITHIN) ? g->members : g->begin)) % to;

    if (over && about(g, mfc))
        reader_take(r, to - over);
}

static void get_number(struct reading *g, struct reader *r, struct value *v)
{
    const struct type *t = v->of.type;
    size_t width = t->width;
    bool big = strncmp(t->name, "net", 3) == 0, halves = strcmp(t->name, "halves") == 0, whole = t->kind == VALUE_INTEGER;

    if (width > 1 && (does(g, DEED_ALIGN) || g->within))
        skip_padding(g, r, g->within ? g->within : t->mfc, width);
    if (width > 1 && (does(g, DEED_SWAP_ALL) || does(g, DEED_SWAP)) && about(g, t->mfc))
        big = !big;
    if (mistake_halves(g->m, width) && about(g, t->mfc))
        halves = !halves;
    bool sized = mistake_resizes(g->m, t) && about(g, t->mfc);
    bool is_signed = t->is_signed && !(sized && does(g, DEED_SIZE_UNSIGNED));
    if (sized)
        width = (size_t)g->m->n;
    big = big != (sized && does(g, DEED_SIZE_BIG));
    uint64_t high = halves ? take(r, width / 2, big) << 4 * width : 0, n = high | take(r, halves ? width / 2 : width, big);
    if (does(g, is_signed ? DEED_NO_SIGN : DEED_SIGN) && whole && n >> (8 * width - 1) & 1 && about(g, t->mfc))
        is_signed = !is_signed;
    v->number = whole ? extended(n, width, is_signed) : n;
    if (sized && !whole)
        v->number = width == 8 ? mistake_narrowed(n) : mistake_widened(n);
    bool real = t->kind == VALUE_DOUBLE || (t->kind == VALUE_FLOAT && g->m->n);
    if (does(g, DEED_ROUND) && real && about(g, t->mfc))
        v->number = g->m->n ? mistake_round_digits(n, t->kind == VALUE_FLOAT, (int)g->m->n) : mistake_round(n);
    if (does(g, DEED_ROUND_WHOLE) && whole && width >= (g->m->n > 1 ? 8 : 4) && about(g, t->mfc))
        v->number = extended(mistake_round_whole(n, width, t->is_signed, g->m->n), width, t->is_signed);
    if (strcmp(t->name, "bool") == 0 || strcmp(t->name, "truth") == 0)
        v->number = n != 0;
}

static void get_time(struct reading *g, struct reader *r, struct value *v)
{
    bool turned = (does(g, DEED_SWAP_ALL) || does(g, DEED_SWAP_TIMES)) && about(g, v->of.type->mfc), all = turned && (does(g, DEED_SWAP_ALL) || !g->m->n);
    bool swap_mark = all || (turned && g->m->n == 4), swap = all || (turned && g->m->n == 8);
    int64_t form = does(g, DEED_TIME) && about(g, v->of.type->mfc) ? g->m->n : 0;
    uint64_t first = form == 8 ? 0 : take(r, 4, swap_mark);
    bool known = g->p->generation >= 80, is_mark = known && first == MARK_OF_TIME, taken = form_is_time_mark(g->m, first, known);
    if (is_mark != taken && about(g, v->of.type->mfc))
        is_mark = taken;
    bool marked = form == 12 || (form == 0 && is_mark);

    bool unsigned_one = does(g, DEED_NO_SIGN) && !marked && first >> 31 & 1 && about(g, v->of.type->mfc);
    bool outermost = does(g, DEED_ALIGN_WITHIN) && !g->within && (!g->m->of || strcmp(g->m->of, v->of.type->mfc) == 0);
    if (marked && outermost && g->m->n == 8 && about(g, v->of.type->mfc))
        reader_take(r, 4);
    if (marked && does(g, DEED_TIME_SHORT) && about(g, v->of.type->mfc)) {
        v->number = extended(take(r, 4, swap), 4, true);
        return;
    }
    v->number = form == 8 || marked ? take(r, 8, swap) : extended(first, 4, !unsigned_one);
    if (does(g, DEED_ROUND_WHOLE) && g->m->n <= 1 && about(g, v->of.type->mfc))
        v->number = mistake_round_whole(v->number, 8, true, g->m->n);
}

static uint64_t get_length(struct reading *g, struct reader *r, const char *of, bool behind, bool *marked);

/* A count that is taken to have another form than its own. */
static uint64_t get_other_form(struct reading *g, struct reader *r, const char *of)
{
    bool one_byte = r->at < r->in.len && r->in.data[r->at] == 0xff, marked;
    uint64_t n;

    switch ((enum count_form)g->m->n) {
    case COUNT_LIKE_LENGTH:
        return get_length(g, r, of, false, &marked);
    case COUNT_ONE_FF:
        reader_take(r, one_byte);
        return take(r, one_byte ? 4 : 2, false);
    case COUNT_QUAD:
        n = take(r, 2, false);
        return n == 0xffff ? take(r, 8, false) : n;
    case COUNT_WIDE_MARK:
        n = take(r, 2, false);
        n = n == MARK ? take(r, 2, false) : n;
        return n == 0xffff ? take(r, 4, false) : n;
    case COUNT_QUAD_KNOWN:
        n = take(r, 2, false);
        n = n == 0xffff ? take(r, 4, false) : n;
        return n == 0xffffffff ? take(r, 8, false) : n;
    case COUNT_QUAD_MARKED:
        n = take(r, 2, false);
        if (n == 0xffff)
            take(r, 4, false);
        return n == 0xffff ? take(r, 8, false) : n;
    }
    return 0;
}

static uint64_t get_count(struct reading *g, struct reader *r, const char *of)
{
    bool swap = (does(g, DEED_SWAP_COUNTS) || does(g, DEED_SWAP_ALL)) && about(g, of);

    if (does(g, DEED_COUNT_BYTES) && about(g, of))
        return take(r, (size_t)g->m->n, false);
    if (does(g, DEED_COUNT_FORM) && about(g, of))
        return get_other_form(g, r, of);
    uint64_t n = take(r, 2, swap && g->m->n != 4);
    if (does(g, DEED_COUNT_NONE) && n >= (uint64_t)g->m->n && about(g, of))
        return 0;
    swap = swap && g->m->n != 2;
    bool longer = n == 0xffff, has_quad = g->p->bits == 64 && g->p->generation >= 70;
    if (longer || (form_takes_count(g->m, n, 2) && about(g, of)))
        n = take(r, 4, swap);
    if (has_quad && (n == 0xffffffff || (longer && form_takes_count(g->m, n, 4) && about(g, of))) && !(does(g, DEED_COUNT_SHORT) && about(g, of)))
        n = take(r, 8, swap);
    if (does(g, DEED_COUNT_PLUS) && (n || g->m->n < 0) && about(g, of))
        n -= (uint64_t)g->m->n;
    return n;
}

/* ---- strings ---- */

static uint64_t get_7bit(struct reader *r)
{
    uint64_t n = 0;
    uint8_t byte = 0x80;

    for (unsigned i = 0; i < 63 && byte & 0x80 && r->status == WIRE_OK; i += 7) {
        byte = reader_u8(r);
        n |= (uint64_t)(byte & 0x7f) << i;
    }
    return n;
}

/* One length, or the mark of a wide string: then *marked. */
static uint64_t get_length(struct reading *g, struct reader *r, const char *of, bool behind, bool *marked)
{
    bool swap = (does(g, DEED_SWAP_LENGTHS) || does(g, DEED_SWAP_ALL)) && about(g, of);
    bool meant = form_is_of_width(g->m, behind), narrow = does(g, DEED_LENGTH_SHORT) && !form_is_of_width(g->m, true);
    enum deed deed = meant ? g->m->deed : DEED_NONE;
    int64_t m = form_number(g->m);

    *marked = false;
    if ((does(g, DEED_LENGTH_BYTES) || does(g, DEED_LENGTH_7BIT) || does(g, DEED_LENGTH_AS_COUNT) || does(g, DEED_LENGTH_FOUR) || narrow) && !behind && r->in.len - r->at > 2 && memcmp(r->in.data + r->at, "\xff\xfe\xff", 3) == 0) {
        reader_take(r, 3);
        *marked = true;
        return 0;
    }
    if (deed == DEED_LENGTH_BYTES && about(g, of))
        return take(r, (size_t)(m < 0 ? -m : m), m < 0);
    if (deed == DEED_LENGTH_7BIT && about(g, of))
        return get_7bit(r);
    if (deed == DEED_LENGTH_AS_COUNT && about(g, of)) {
        uint64_t count = take(r, 2, false);
        return count == 0xffff ? take(r, 4, false) : count;
    }
    uint64_t n = reader_u8(r);
    if (deed == DEED_LENGTH_SIGNED && n >= (uint64_t)m && n < ESCAPE && about(g, of))
        return 0;
    bool taken = deed == DEED_LENGTH_TAKEN && m < ESCAPE && n >= (uint64_t)m && n < ESCAPE && about(g, of);
    if ((n < ESCAPE && !taken) || (deed == DEED_LENGTH_SHORT && m == 1 && about(g, of)))
        return n;
    size_t from = r->at;
    if (deed == DEED_LENGTH_FOUR && about(g, of))
        return take(r, 4, false);
    n = take(r, 2, does(g, DEED_SWAP_MARK) && !behind && about(g, of));
    if (n != MARK && does(g, DEED_SWAP_MARK) && !behind)
        n = (n & 0xff) << 8 | n >> 8;
    if (n == MARK && !(behind ? !(does(g, DEED_MARK_AGAIN) && about(g, of)) : does(g, DEED_MARK_UNKNOWN) && about(g, of))) {
        *marked = true;
        return 0;
    }
    if (deed == DEED_LENGTH_ONE_FF && (n & 0xff) == 0xff && about(g, of)) {
        r->at = r->status == WIRE_OK ? from + 1 : r->at;
        return take(r, 4, false);
    }
    n = swap && m != 4 ? (n & 0xff) << 8 | n >> 8 : n;
    taken = deed == DEED_LENGTH_TAKEN && m > ESCAPE && n >= (uint64_t)m && n < 0xffff && about(g, of);
    if ((n < 0xffff && !taken) || (deed == DEED_LENGTH_SHORT && m == 3 && about(g, of)))
        return n;
    swap = swap && m != 2;
    n = take(r, 4, swap);
    if (deed == DEED_LENGTH_QUAD && n != 0xffffffff && about(g, of))
        return take(r, 8, swap);
    return n == 0xffffffff ? take(r, 8, swap) : n;
}

static void turn_units(struct reading *g, struct value *v)
{
    uint8_t *turned = arena_array(g->keep, v->data.len + 1, 1);

    for (size_t i = 0; i + 1 < v->data.len; i += 2) {
        turned[i] = v->data.data[i + 1];
        turned[i + 1] = v->data.data[i];
    }
    v->data.data = turned;
}

/* Up to a newline, or also up to a CR alone: as no ReadString does [STR-23]. */
static void take_line(struct reading *g, struct reader *r, struct value *v)
{
    CLEANUP(buffer_free) struct buffer got = { 0 };
    size_t width = g->p->charset == CHARSET_UNICODE ? 2 : 1;
    uint64_t unit;

    v->wide = width == 2;
    while (unit = take(r, width, false), r->status == WIRE_OK && unit != '\n' && !(unit == '\r' && does(g, DEED_LINE_AT_CR)))
        for (size_t i = 0; i < width; i++)
            wire_u8(&got, (uint8_t)(unit >> 8 * i));
    struct reader next = *r;
    if (unit == '\r' && r->status == WIRE_OK && take(&next, width, false) == '\n' && next.status == WIRE_OK)
        *r = next;
    v->data = arena_bytes(g->keep, buffer_bytes(&got));
    if (unit == '\r' || memchr(v->data.data, '\r', v->data.len))
        about(g, v->of.type->mfc);
}

/* A line up to whatever ends it. */
static void take_units(struct reading *g, struct reader *r, struct value *v, unsigned end, bool swap)
{
    CLEANUP(buffer_free) struct buffer got = { 0 };
    size_t width = g->p->charset == CHARSET_UNICODE ? 2 : 1;
    uint64_t unit;

    v->wide = width == 2;
    while (unit = take(r, width, swap), r->status == WIRE_OK && unit != end)
        for (size_t i = 0; i < width; i++)
            wire_u8(&got, (uint8_t)(unit >> 8 * i));
    v->data = arena_bytes(g->keep, buffer_bytes(&got));
    about(g, v->of.type->mfc);
}

static void get_line(struct reading *g, struct reader *r, struct value *v)
{
    if (does(g, DEED_LINE_AT_CR) || does(g, DEED_LINE_KEEPS_CR)) {
        take_line(g, r, v);
        return;
    }
    bool turned = does(g, DEED_SWAP_UNITS) || does(g, DEED_SWAP_ALL), ends = does(g, DEED_LINE_ENDS);
    if (g->p->charset == CHARSET_UNICODE ? turned || ends : ends)
        take_units(g, r, v, ends ? (unsigned)g->m->n : '\n', turned && about(g, v->of.type->mfc));
    else
        value_load(r, g->p, NULL, v->of, g->keep, v);
    if (does(g, DEED_NUL_BEHIND) && about(g, v->of.type->mfc))
        reader_take(r, v->wide ? 2 : 1);
    if (r->status != WIRE_OK)
        return;
    struct value kept = mistake_units(g->m, v, true, g->keep);
    if (!bytes_equal(kept.data, v->data))
        g->about = v->of.type->mfc;
    v->data = kept.data;
}

/* Units that so many characters take. */
static uint64_t units_of(struct reading *g, const struct reader *r, const char *of, uint64_t characters)
{
    const struct value rest = { .wide = true, .data = bytes_slice(r->in, r->at, SIZE_MAX) };
    size_t at = 0;
    uint64_t n = 0;

    for (; n < characters && at + 2 <= rest.data.len; n++)
        at += mistake_character(&rest, at);
    if (at != 2 * n)
        about(g, of);
    return at / 2 + (characters - n);
}

static void get_string(struct reading *g, struct reader *r, struct value *v)
{
    const struct type *t = v->of.type;
    bool com = strcmp(t->name, "combstr") == 0, bstr = strcmp(t->name, "bstr") == 0, again = false;
    uint64_t units;

    if (strcmp(t->name, "line") == 0) {
        get_line(g, r, v);
        return;
    }
    if (com || bstr) {
        bool swap = (does(g, DEED_SWAP_LENGTHS) || does(g, DEED_SWAP_ALL)) && about(g, t->mfc), sized = does(g, DEED_LENGTH_BYTES) && g->m->of && g->m->n == form_number(g->m) && g->m->n != 4 && g->m->n != -4 && about(g, t->mfc);
        int64_t m = g->m->n;
        if (does(g, DEED_BSTR_AS_STRING) && about(g, t->mfc)) {
            units = get_length(g, r, t->mfc, false, &again);
            units = again ? get_length(g, r, t->mfc, true, &again) : units;
        } else {
            units = take(r, !sized ? 4 : (size_t)(m < 0 ? -m : m), sized ? m < 0 : swap);
        }
        v->wide = true;
        if (does(g, DEED_LENGTH_PLUS) && (units || m < 0) && about(g, t->mfc))
            units = (uint32_t)(units - (uint64_t)m * (bstr ? 2 : 1));
        if (bstr && !(does(g, DEED_COUNTS_UNITS) && about(g, t->mfc)))
            units /= 2;
    } else {
        units = get_length(g, r, t->mfc, false, &v->wide);
        for (again = v->wide; again;)
            units = get_length(g, r, t->mfc, true, &again);
        if (does(g, DEED_NO_PREFIX) && !v->wide && g->p->charset == CHARSET_UNICODE && t->width != 1)
            v->wide = about(g, t->mfc);
    }
    if (does(g, DEED_WIDE_AS_NARROW) && v->wide && units && !com && !bstr && about(g, t->mfc))
        v->wide = false;
    size_t step = v->wide ? 2 : 1;
    if (does(g, DEED_COUNTS_BYTES) && !bstr && v->wide && about(g, t->mfc))
        units /= 2;
    if (does(g, DEED_LENGTH_PLUS) && !com && !bstr && (units || g->m->n < 0) && about(g, t->mfc))
        units -= (uint64_t)g->m->n;
    if (does(g, DEED_COUNTS_CHARS) && v->wide && units)
        units = units_of(g, r, t->mfc, units);
    v->data = reader_take(r, units < SIZE_MAX / 4 ? (size_t)units * step : SIZE_MAX);
    if (does(g, DEED_COUNTS_NUL) && v->data.len && about(g, t->mfc))
        v->data.len -= step;
    if (does(g, DEED_NUL_BEHIND) && about(g, t->mfc))
        reader_take(r, step);
    if ((does(g, DEED_BYTE_BEHIND) || does(g, DEED_BYTE_SKIPPED)) && about(g, t->mfc))
        reader_take(r, 1);
    if (v->wide && (does(g, DEED_SWAP_UNITS) || does(g, DEED_SWAP_ALL)) && about(g, t->mfc))
        turn_units(g, v);
    struct value kept = mistake_units(g->m, v, true, g->keep);
    if (!bytes_equal(kept.data, v->data))
        g->about = t->mfc;
    v->data = kept.data;
    bool own = v->wide == (t->width ? t->width == 2 : g->p->charset == CHARSET_UNICODE);
    static const struct mistake cuts = { .deed = DEED_CUT_AT };
    if (!com && !bstr && g->p->generation < 80 && (g->p->generation >= 70 || !own))
        v->data = mistake_units(&cuts, v, true, g->keep).data; // [STR-19]
}

/* Elements of `size` bytes as those of `width`. */
static void resize(struct reading *g, struct value *v, size_t size, size_t width, bool big)
{
    size_t count = v->data.len / size;
    uint8_t *made = arena_array(g->keep, count * width + 1, 1);

    for (size_t i = 0; i < count; i++) {
        struct reader one = { .in = bytes_slice(v->data, i * size, size) };
        uint64_t element = take(&one, size, big); // elements have no sign
        for (size_t k = 0; k < width; k++)
            made[i * width + k] = (uint8_t)(element >> 8 * k);
    }
    v->data = (struct bytes){ made, count * width };
}

static void get_block(struct reading *g, struct reader *r, struct value *v)
{
    const struct type *t = v->of.type;
    size_t width = t->kind == VALUE_ARRAY ? t->width : 1;
    uint64_t count = t->kind == VALUE_ARRAY ? get_count(g, r, t->mfc) : v->of.size;

    if (does(g, DEED_COUNT_OF_BYTES) && t->kind == VALUE_ARRAY && width > 1 && count && about(g, t->mfc))
        count /= width;
    bool other_size = does(g, DEED_SIZE) || does(g, DEED_SIZE_UNSIGNED) || does(g, DEED_SIZE_BIG), sized = t->kind == VALUE_ARRAY && other_size && width != (size_t)g->m->n && about(g, t->mfc);
    size_t size = sized ? (size_t)g->m->n : width;
    v->data = reader_take(r, count < SIZE_MAX / 8 ? (size_t)count * size : SIZE_MAX);
    if (sized)
        resize(g, v, size, width, does(g, DEED_SIZE_BIG));
    if (width > 1 && (does(g, DEED_SWAP_ALL) || does(g, DEED_SWAP)) && about(g, t->mfc)) {
        uint8_t *turned = arena_array(g->keep, v->data.len + 1, 1);
        for (size_t i = 0; i < v->data.len; i++)
            turned[i] = v->data.data[i / width * width + (width - 1 - i % width)];
        v->data.data = turned;
    }
    if (does(g, DEED_STRIP_BYTES) && mistake_stripped(g->m, v->data, width) < v->data.len && about(g, t->mfc))
        v->data.len = mistake_stripped(g->m, v->data, width);
    if (does(g, DEED_CUT_BYTES) && v->data.len > (size_t)g->m->n * width && about(g, t->mfc))
        v->data.len = (size_t)g->m->n * width;
    v->count = t->kind == VALUE_ARRAY ? v->data.len / width : 0;
}

/* ---- objects ---- */

static struct place *place_add(struct reading *g, struct place one)
{
    if (g->count == g->room) {
        g->room = g->room ? 2 * g->room : 16;
        struct place *more = ARENA_ARRAY(g->keep, g->room, struct place);
        if (g->count)
            memcpy(more, g->places, g->count * sizeof *more);
        g->places = more;
    }
    size_t *newest = &g->newest[!one.object];
    one.before = *newest;
    g->places[g->count] = one;
    *newest = g->count + 1;
    return &g->places[g->count++];
}

/* As does_to of the writer. */
static bool does_to(const struct reading *g, enum deed d, const struct mfc_class *class)
{
    const struct leaf l = { class->name, g->holder ? g->holder->mfc : NULL, NULL };

    return does(g, d) && leaf_is_at(&l, g->m->of);
}

static uint64_t take_index(struct reading *g, const struct mfc_class *class, bool is_class)
{
    if (does(g, DEED_OWN_COUNTERS))
        return is_class ? g->next_class++ : g->next++;
    if ((is_class && does_to(g, DEED_CLASS_UNCOUNTED, class)) || (!is_class && does_to(g, DEED_OBJECT_UNCOUNTED, class)))
        return g->next;
    return g->next++;
}

static const struct place *place_find(struct reading *g, uint64_t index, bool is_class)
{
    if (does(g, DEED_INDEX_PLUS))
        index -= (uint64_t)g->m->n;
    for (size_t i = g->newest[is_class]; i; i = g->places[i - 1].before) // classes are few among many objects
        if (g->places[i - 1].index == index)
            return &g->places[i - 1];
    return NULL;
}

/* The first class that a lenient reader takes a name for, or NULL. */
static const struct mfc_class *class_alike(struct reading *g, struct bytes name)
{
    for (const struct mfc_class *c = class_table; c < class_table + class_count; c++) {
        size_t len = strlen(c->name), same = 0;
        while (same < len && same < name.len && tolower((unsigned char)c->name[same]) == tolower(name.data[same]) &&
               (does(g, DEED_NAME_ANY_CASE) || c->name[same] == (char)name.data[same]))
            same++;
        bool begins = same == name.len && does(g, DEED_NAME_BEGINS), longer = same == len && does(g, DEED_NAME_LONGER);
        if ((begins || longer || (same == len && same == name.len && does(g, DEED_NAME_ANY_CASE))) && about(g, c->name)) {
            g->lenient = true;
            return c;
        }
    }
    return NULL;
}

/* What stands behind FFFF; the class has its index, unless the object takes one before it. NULL: it is none. */
static const struct mfc_class *get_class(struct reading *g, struct reader *r, uint16_t *schema)
{
    bool swap = does(g, DEED_SWAP_ALL) || does(g, DEED_SWAP_TAGS);

    *schema = (uint16_t)take(r, 2, swap);
    size_t len = (size_t)take(r, 2, swap), width = does(g, DEED_NAME_WIDE) ? 2 : 1;
    if (r->status == WIRE_OK && len > NAME)
        reader_reject(r, CAUSE_BAD_CLASS, "a class name of 64 bytes or more");
    struct bytes name = reader_take(r, len * width);
    uint8_t plain[NAME + 1];
    for (size_t i = 0; i < len && i < NAME && name.len; i++)
        plain[i] = name.data[i * width];
    if (r->status != WIRE_OK)
        return NULL;
    const struct mfc_class *c = class_find((struct bytes){ plain, len - (does(g, DEED_NAME_NUL) && len) });
    if (c && does_to(g, DEED_SWAP_SCHEMAS, c))
        *schema = (uint16_t)(*schema << 8 | *schema >> 8);
    if (!c && mistake_is_lenient(g->m->deed))
        c = class_alike(g, (struct bytes){ plain, len });
    if (!c)
        reader_reject(r, CAUSE_BAD_CLASS, "a class that nobody knows");
    else if (*schema != c->schema && !c->versionable && does(g, DEED_SCHEMA_ANY))
        g->lenient = about(g, c->name);
    else if (*schema != c->schema && !c->versionable)
        reader_reject(r, CAUSE_BAD_SCHEMA, "another schema");
    return r->status == WIRE_OK ? c : NULL;
}

static void get_value(struct reading *g, struct reader *r, struct value *v);

/* The i-th part of a value of type t; NULL: the body of an object, which is no part. */
static void get_part(struct reading *g, struct reader *r, const struct type *t, size_t i, struct value *v)
{
    const struct type *holder = g->holder;
    const char *part = g->part;

    g->holder = t;
    g->part = t ? place_part(t, i) : NULL;
    get_value(g, r, v);
    g->holder = holder;
    g->part = part;
}

static void get_new(struct reading *g, struct reader *r, uint64_t index, bool described, struct value *v)
{
    if (described) {
        v->class = get_class(g, r, &v->schema);
    } else {
        const struct place *known = place_find(g, index, true);
        if (!known)
            reader_reject(r, CAUSE_BAD_INDEX, "a class index that is not in use");
        if (known && !known->class)
            reader_reject(r, CAUSE_BAD_INDEX, "a class that it has forgotten");
        v->class = known ? known->class : NULL;
        v->schema = known ? known->schema : 0;
    }
    if (r->status != WIRE_OK)
        return;
    g->about = v->class->name;
    bool first = does_to(g, DEED_OBJECT_FIRST, v->class), late = does_to(g, DEED_OBJECT_LATE, v->class), own = does_to(g, DEED_SCHEMA_OWN, v->class);
    bool alone = v->of.type->kind == VALUE_CLASS, forgets = alone && does(g, DEED_CLASS_ALONE);
    if (described && !first)
        place_add(g, (struct place){ take_index(g, v->class, true), forgets && !g->m->n ? NULL : v->class, v->schema, .object = 0 });
    if (forgets && g->m->n)
        place_add(g, (struct place){ take_index(g, v->class, false), .object = NOTHING });
    if (alone)
        return;
    v->number = ++g->objects;
    size_t place = g->count;
    if (!late)
        place_add(g, (struct place){ take_index(g, v->class, false), v->class, v->schema, .object = v->number })->open = true;
    if (described && first)
        place_add(g, (struct place){ take_index(g, v->class, true), v->class, v->schema, .object = 0 });
    v->items = ARENA_NEW(g->keep, struct value);
    v->count = 1;
    v->items->schema = own ? v->class->schema : v->schema;
    v->schema = own && g->m->n ? v->class->schema : v->schema;
    v->items->of = type_named(v->class->body);
    if (++g->depth > DEEP)
        reader_reject(r, CAUSE_NONE, "nested too deep");
    get_part(g, r, NULL, 0, v->items);
    g->depth--;
    if (!late)
        g->places[place].open = false;
    if (late)
        place_add(g, (struct place){ take_index(g, v->class, false), v->class, v->schema, .object = v->number });
}

static void get_object(struct reading *g, struct reader *r, struct value *v)
{
    bool swap = does(g, DEED_SWAP_TAGS) || does(g, DEED_SWAP_ALL);
    uint64_t tag = take(r, 2, swap), index = tag & 0x7fff;
    bool is_class = tag & 0x8000, early = tag != 0xffff && tag != BIG && does(g, DEED_TAG_EARLY) && form_is_of_tag(g->m, is_class) && index >= (uint64_t)form_number(g->m);

    if (tag == BIG && does(g, DEED_TAG_SHORT))
        g->about = "CObject*";
    if ((tag == BIG && !does(g, DEED_TAG_SHORT)) || early) {
        uint64_t bit = does(g, DEED_TAG_CLASS_BIT) ? (uint64_t)g->m->n : 0x80000000;
        index = take(r, 4, swap);
        if (does(g, DEED_TAG_CLASS_BIT) && !(index & bit) != !(index & 0x80000000))
            g->about = "CObject*";
        is_class = index & bit;
        index &= ~bit & 0x7fffffff;
    }
    if (r->status != WIRE_OK)
        return;
    if (v->of.type->kind == VALUE_CLASS && !is_class) {
        reader_reject(r, CAUSE_BAD_INDEX, "an object tag where a class must stand");
        return;
    }
    if (tag == 0xffff || is_class) {
        get_new(g, r, index, tag == 0xffff, v);
        return;
    }
    if (index == 0 && does(g, DEED_NULL_COUNTED))
        place_add(g, (struct place){ .index = g->next++, .object = NOTHING });
    if (index == 0)
        return;
    const struct place *known = place_find(g, index, false);
    if (!known) {
        reader_reject(r, CAUSE_BAD_INDEX, "an object index that is not in use");
        return;
    }
    g->about = known->class ? known->class->name : "CObject*";
    bool unfinished = known->open && does_to(g, DEED_CYCLE_NULL, known->class);
    v->number = known->object == NOTHING || unfinished ? 0 : known->object;
}

/* ---- values within values ---- */

static void get_items(struct reading *g, struct reader *r, uint64_t count, struct value *v)
{
    const struct value_part *parts = v->of.type->fields;
    bool map = v->of.type->kind == VALUE_MAP;
    size_t room = 0;

    for (uint64_t i = 0; i / (1 + map) < count && r->status == WIRE_OK; i++) { // a count may claim whatever it wants
        if (v->count == room) {
            room = room ? 2 * room : 4;
            struct value *more = ARENA_ARRAY(g->keep, room, struct value);
            if (v->count)
                memcpy(more, v->items, v->count * sizeof *more);
            v->items = more;
        }
        struct value *item = &v->items[v->count++];
        item->of = type_named(parts[map ? i % 2 : 0].type);
        get_part(g, r, v->of.type, (size_t)i, item);
    }
}

/* Whether a value of several begins whose members are aligned. */
static bool members_begin(struct reading *g, const struct reader *r, const char *mfc)
{
    if (!does(g, DEED_ALIGN_WITHIN) || g->within || (g->m->of && strcmp(g->m->of, mfc) != 0))
        return false;
    g->members = r->at;
    g->within = mfc;
    return true;
}

/* Whether a body of a schema has what came with another; 0: what every one has. */
static bool is_since(struct reading *g, const struct type *t, unsigned since, unsigned schema)
{
    bool has = since <= schema, taken = !since || !does(g, DEED_SINCE) ? has : (int64_t)since + g->m->n <= (int64_t)schema;

    if (has != taken)
        g->about = t->mfc;
    return taken;
}

static void get_tuple(struct reading *g, struct reader *r, struct value *v)
{
    const struct value_part *parts = v->of.type->fields;

    while (parts[v->count].name && is_since(g, v->of.type, parts[v->count].since, v->schema))
        v->count++;
    v->items = ARENA_ARRAY(g->keep, v->count + 1, struct value);
    bool bare = g->p->generation == 70 && r->written && strcmp(v->of.type->name, "oledatetimespan") == 0; // [VAL-9]
    if (bare)
        v->items[0].of = type_named(parts[0].type);
    bool outermost = members_begin(g, r, v->of.type->mfc);
    for (size_t i = bare; i < v->count && r->status == WIRE_OK; i++) {
        v->items[i].of = type_named(parts[i].type);
        get_part(g, r, v->of.type, i, &v->items[i]);
    }
    g->within = outermost ? NULL : g->within;
}

static void get_variant(struct reading *g, struct reader *r, struct value *v)
{
    struct value vartype = { .of.type = mistake_type_of_variant(g->m) };
    bool outermost = members_begin(g, r, v->of.type->mfc);

    const struct type *holder = g->holder;
    g->holder = v->of.type;
    const struct mistake *kept = leaf_begins(g, vartype.of.type->mfc);
    get_number(g, r, &vartype);
    g->m = kept;
    g->holder = holder;
    v->number = vartype.number;
    if (v->number == 9 || v->number == 13)
        reader_reject(r, CAUSE_NONE, "a variant that carries a COM object");
    const char *body = variant_body(v->number, g->p);
    if (r->status == WIRE_OK && body) {
        v->items = ARENA_NEW(g->keep, struct value);
        v->count = 1;
        v->items->of = type_named(body);
        if (outermost && g->m->n == 8)
            skip_padding(g, r, v->of.type->mfc, 8);
        get_part(g, r, v->of.type, 0, v->items);
    } else if (does(g, DEED_EMPTY_FILLED) && about(g, v->of.type->mfc)) {
        reader_take(r, (size_t)g->m->n);
    }
    g->within = outermost ? NULL : g->within;
}

static void leave_nulls(struct reading *g, struct value *v)
{
    size_t step = v->of.type->kind == VALUE_MAP ? 2 : 1, kept = 0;

    for (size_t i = 0; i + step <= v->count; i += step) {
        if (mistake_is_null(&v->items[i + step - 1]) && about(g, v->of.type->mfc))
            continue;
        for (size_t k = 0; k < step; k++)
            v->items[kept++] = v->items[i + k];
    }
    v->count = kept;
}

/* A collection, whose elements may have an object table of their own. */
static void get_collection(struct reading *g, struct reader *r, struct value *v)
{
    const struct type *t = v->of.type;
    const struct mistake *kept = leaf_begins(g, t->mfc);
    uint64_t count = get_count(g, r, t->mfc);
    struct reading outer = *g;

    g->m = kept;
    bool apart = does(g, DEED_TABLE_PER_COLLECTION) && (!g->m->of || strcmp(g->m->of, t->mfc) == 0);
    if (apart && !g->m->n) {
        reading_forget(g);
        g->places = NULL;
        g->room = 0;
    }
    get_items(g, r, count, v);
    if (does(g, DEED_NULLS_LEFT) && !g->m->n && (!g->m->of || strcmp(g->m->of, t->mfc) == 0))
        leave_nulls(g, v);
    if (!apart)
        return;
    g->places = outer.places;
    g->count = outer.count;
    g->room = outer.room;
    memcpy(g->newest, outer.newest, sizeof g->newest);
    g->next = outer.next;
    g->next_class = outer.next_class;
}

static void get_value(struct reading *g, struct reader *r, struct value *v)
{
    const struct type *t = v->of.type;
    bool is_leaf = t->kind <= VALUE_BYTES || t->kind == VALUE_ARRAY;
    const struct mistake *kept = is_leaf ? leaf_begins(g, t->mfc) : g->m;

    switch (t->kind) {
    case VALUE_INTEGER:
        if (strcmp(t->name, "time") == 0 || (form_is_like_time(g->m, t) && about(g, t->mfc)))
            get_time(g, r, v);
        else if (strcmp(t->name, "count") == 0)
            v->number = get_count(g, r, t->mfc);
        else
            get_number(g, r, v);
        break;
    case VALUE_FLOAT:
    case VALUE_DOUBLE:
        get_number(g, r, v);
        break;
    case VALUE_STRING:
        get_string(g, r, v);
        break;
    case VALUE_BYTES:
    case VALUE_ARRAY:
        get_block(g, r, v);
        break;
    case VALUE_LIST:
    case VALUE_MAP:
        get_collection(g, r, v);
        break;
    case VALUE_TUPLE:
        get_tuple(g, r, v);
        break;
    case VALUE_VARIANT:
        get_variant(g, r, v);
        break;
    case VALUE_CLASS:
    case VALUE_OBJECT:
        get_object(g, r, v);
        break;
    }
    g->m = kept;
}

void reading_get(struct reading *g, struct reader *r, struct type_ref of, struct value *out)
{
    *out = (struct value){ .of = of };
    if (does(g, DEED_TABLE_PER_OBJECT))
        reading_forget(g);
    get_value(g, r, out);
}

void reading_within(struct reading *g, const struct type *holder, size_t i)
{
    g->holder = holder;
    g->part = holder ? place_part(holder, i) : NULL;
}

void reading_heard(struct reading *g, const struct value *v)
{
    if (!does(g, DEED_COUNTER_SHARED) && !does(g, DEED_TABLE_SHARED))
        return;
    if (v->of.type->kind == VALUE_OBJECT && v->class) {
        bool known = false;
        for (size_t i = 0; i < g->count; i++)
            known |= g->places[i].class == v->class && !g->places[i].object;
        if (!known)
            place_add(g, (struct place){ take_index(g, v->class, true), v->class, v->schema, .object = 0 });
        take_index(g, v->class, false);
    }
    for (size_t i = 0; v->items && i < v->count && v->of.type->kind != VALUE_ARRAY; i++)
        reading_heard(g, &v->items[i]);
}
