/*
 * The mistaken writer. It walks a value as the codec stores it, and each leaf asks whether the mistake is about it.
 */
#include "check/forms.h"
#include "check/writing_parts.h"

struct writing *writing_new(const struct mistake *m, const struct profile *p, struct arena *keep)
{
    struct writing *w = ARENA_NEW(keep, struct writing);

    *w = (struct writing){ .m = m, .p = p, .keep = keep, .next = 1, .next_class = 1 };
    return w;
}

void writing_forget(struct writing *w)
{
    for (size_t i = 0; i < w->classes.count; i++)
        w->classes.items[i].gone = true;
    for (size_t i = 0; i < w->objects.count; i++)
        w->objects.items[i].gone = true;
    w->next = w->next_class = 1;
}

void writing_message(struct writing *w, bool fresh)
{
    if (fresh) {
        w->classes.count = w->objects.count = w->heard.count = w->heard_classes.count = 0;
        w->next = w->next_class = 1;
    } else if (w->m->deed == DEED_TABLE_PER_MESSAGE) {
        writing_forget(w);
    }
}

void writing_skip(struct writing *w, size_t entries)
{
    w->next += entries;
}

const char *writing_about(const struct writing *w)
{
    return w->about ? w->about : "value";
}

/* ---- numbers ---- */

static bool is_network(const struct type *t)
{
    return strncmp(t->name, "net", 3) == 0;
}

static void align(struct writing *w, const char *mfc, size_t width)
{
    size_t to = width < (size_t)w->m->n ? width : (size_t)w->m->n;

    while ((w->to->len - w->begin) % to) {
        wire_u8(w->to, 0);
        about(w, mfc);
    }
}

/* What is left of a number. */
static uint64_t low(struct writing *w, uint64_t number, size_t width, const struct type *t)
{
    uint64_t kept = mistake_low(number, width, w->m->n);

    if (kept << (64 - 8 * width) != number << (64 - 8 * width))
        about(w, t->mfc);
    return kept;
}

static void put_number(struct writing *w, const struct type *t, uint64_t number)
{
    size_t width = t->width, size = width;
    bool big = is_network(t), halves = strcmp(t->name, "halves") == 0;

    if (strcmp(t->name, "truth") == 0)
        number = !number ? 0 : does(w, DEED_SIZE) ? UINT64_MAX : 0xffff; // a larger one is -1, too
    if (t->kind == VALUE_INTEGER && mistake_is_low(w->m, width))
        number = low(w, number, width, t);
    bool real = t->kind == VALUE_DOUBLE || (t->kind == VALUE_FLOAT && w->m->n);
    if (does(w, DEED_ROUND) && real && about(w, t->mfc))
        number = w->m->n ? mistake_round_digits(number, t->kind == VALUE_FLOAT, (int)w->m->n) : mistake_round(number);
    if (does(w, DEED_ROUND_WHOLE) && t->kind == VALUE_INTEGER && width >= (w->m->n > 1 ? 8 : 4) && about(w, t->mfc))
        number = mistake_round_whole(number, width, t->is_signed, w->m->n);
    if (width > 1 && (does(w, DEED_ALIGN) || w->within))
        align(w, w->within ? w->within : t->mfc, width);
    if (does(w, DEED_SWAP_ALL) || (does(w, DEED_SWAP) && width > 1 && about(w, t->mfc))) {
        big = !big;
    }
    if (mistake_halves(w->m, width) && about(w, t->mfc)) {
        halves = !halves;
    }
    if (mistake_resizes(w->m, t) && about(w, t->mfc)) {
        size = (size_t)w->m->n;
        big = big != does(w, DEED_SIZE_BIG);
        if (t->kind != VALUE_INTEGER)
            number = size == 8 ? mistake_widened(number) : mistake_narrowed(number);
        else if (does(w, DEED_SIZE_UNSIGNED) && width < 8)
            number &= (UINT64_C(1) << 8 * width) - 1;
    }
    if (halves) {
        put(w, number >> 4 * width, width / 2, big);
        put(w, number, width / 2, big);
    } else {
        put(w, number, size, big);
    }
}

static void put_time(struct writing *w, const struct value *v)
{
    size_t size = w->p->generation >= 80 ? 12 : 4;
    bool turned = does(w, DEED_SWAP_TIMES) && about(w, v->of.type->mfc), all = does(w, DEED_SWAP_ALL) || (turned && !w->m->n);
    bool swap_mark = all || (turned && w->m->n == 4), swap = all || (turned && size == 12 && w->m->n == 8);

    if (does(w, DEED_TIME) && size != (size_t)w->m->n && about(w, v->of.type->mfc)) {
        size = (size_t)w->m->n;
    }
    if (size == 12)
        put(w, 0x8000000a, 4, swap_mark);
    bool outermost = does(w, DEED_ALIGN_WITHIN) && !w->within && (!w->m->of || strcmp(w->m->of, v->of.type->mfc) == 0);
    if (size == 12 && outermost && w->m->n == 8 && about(w, v->of.type->mfc))
        put(w, 0, 4, false);
    bool cut = size == 12 && does(w, DEED_TIME_SHORT) && about(w, v->of.type->mfc);
    bool rounds = does(w, DEED_ROUND_WHOLE) && w->m->n <= 1 && about(w, v->of.type->mfc);
    uint64_t seconds = rounds ? mistake_round_whole(v->number, 8, true, w->m->n) : v->number;
    if (mistake_is_low(w->m, size == 12 ? 8 : size))
        seconds = low(w, seconds, 8, v->of.type);
    put(w, seconds, cut ? 4 : size == 12 ? 8 : size, swap);
}

static void put_length(struct writing *w, uint64_t n, bool wide);

/* A count in a form that is another one than its own; false: it has none for so small a count. */
static bool put_other_form(struct writing *w, uint64_t n)
{
    switch ((enum count_form)w->m->n) {
    case COUNT_LIKE_LENGTH:
        put_length(w, n, false);
        return true;
    case COUNT_ONE_FF:
        put(w, 0xff, n < 0xffff ? 0 : 1, false);
        put(w, n, n < 0xffff ? 0 : 4, false);
        break;
    case COUNT_QUAD:
        put(w, 0xffff, n < 0xffff ? 0 : 2, false);
        put(w, n, n < 0xffff ? 0 : 8, false);
        break;
    case COUNT_WIDE_MARK:
        return false;
    case COUNT_QUAD_KNOWN:
        if (w->p->bits == 64 || n < 0xffffffff)
            return false;
        put(w, 0xffff, 2, false);
        put(w, 0xffffffff, 4, false);
        put(w, n, 8, false);
        return true;
    case COUNT_QUAD_MARKED:
        put(w, 0xffff, n < 0xffff ? 0 : 2, false);
        put(w, 0xffffffff, n < 0xffff ? 0 : 4, false);
        put(w, n, n < 0xffff ? 0 : 8, false);
        break;
    }
    return n >= 0xffff;
}

static void put_count(struct writing *w, const char *of, uint64_t n)
{
    bool swap = does(w, DEED_SWAP_COUNTS) || does(w, DEED_SWAP_ALL), marked = does(w, DEED_COUNT_MARKED);

    w->about = of;
    if (does(w, DEED_COUNT_PLUS)) {
        n += (uint64_t)w->m->n;
    }
    if (does(w, DEED_COUNT_LOW))
        n &= (UINT64_C(1) << 8 * w->m->n) - 1;
    if (does(w, DEED_COUNT_MINUS) && !n) {
        put(w, UINT64_MAX, w->m->n == 2 ? 2 : 6, false);
        return;
    }
    if (does(w, DEED_COUNT_BYTES) && (n || w->m->n)) {
        put(w, n, (size_t)w->m->n, false);
        return;
    }
    if (does(w, DEED_COUNT_FORM) && put_other_form(w, n))
        return;
    bool early = does(w, DEED_COUNT_EARLY) && n >= (uint64_t)w->m->n;
    bool late = does(w, DEED_COUNT_LATE) && n == (uint64_t)w->m->n;
    if ((n < 0xffff && !marked && !early) || (late && n == 0xffff)) {
        put(w, n, 2, swap && w->m->n != 4);
        return;
    }
    swap = swap && w->m->n != 2;
    put(w, 0xffff, 2, false);
    bool has_quad = w->p->bits == 64 && w->p->generation >= 70 && !does(w, DEED_COUNT_SHORT);
    bool quad = n >= 0xffffffff || (early && w->m->n > 0xffff);
    if (!has_quad || !quad || late) {
        put(w, n, 4, swap);
        return;
    }
    put(w, 0xffffffff, 4, false);
    put(w, n, 8, swap);
}

/* ---- strings ---- */

static void put_length(struct writing *w, uint64_t n, bool wide)
{
    bool swap = does(w, DEED_SWAP_LENGTHS) || does(w, DEED_SWAP_ALL);
    enum deed deed = form_is_of_width(w->m, wide) ? w->m->deed : DEED_NONE;
    int64_t m = form_number(w->m);

    if (does(w, DEED_LENGTH_PLUS)) {
        n += (uint64_t)m;
    }
    if (wide && (does(w, DEED_NO_PREFIX) || (does(w, DEED_LENGTH_LEFT) && m && n))) {
    } else if (wide) {
        wire_u8(w->to, 0xff);
        put(w, 0xfffe, 2, does(w, DEED_SWAP_MARK));
    }
    if (deed == DEED_LENGTH_BYTES) {
        put(w, n, (size_t)(m < 0 ? -m : m), m < 0);
        return;
    }
    if (deed == DEED_LENGTH_AS_COUNT) {
        put(w, n < 0xffff ? n : 0xffff, 2, false);
        put(w, n, n < 0xffff ? 0 : 4, false);
        return;
    }
    if (deed == DEED_LENGTH_7BIT) {
        for (; n > 0x7f; n >>= 7)
            wire_u8(w->to, (uint8_t)(n | 0x80));
        wire_u8(w->to, (uint8_t)n);
        return;
    }
    if (deed == DEED_LENGTH_LEFT && n)
        return;
    if (deed == DEED_LENGTH_LOW)
        n &= (UINT64_C(1) << 8 * m) - 1;
    if (deed == DEED_LENGTH_MINUS && !n) {
        put(w, UINT64_MAX, m == 1 ? 1 : 7, false); // FF, or with the longer forms before it
        return;
    }
    bool early = deed == DEED_LENGTH_ESCAPED && n >= (uint64_t)m && n < 0xff;
    bool late = deed == DEED_LENGTH_LATE && n == (uint64_t)m;
    bool one = (deed == DEED_LENGTH_SHORT && m == 1) || (late && m == 0xff);
    if ((n < 0xff && !early) || one) {
        wire_u8(w->to, (uint8_t)n);
        return;
    }
    wire_u8(w->to, 0xff);
    if (deed == DEED_LENGTH_FOUR) {
        put(w, n, 4, false);
        return;
    }
    bool two = (deed == DEED_LENGTH_SHORT && m == 3) || late, four = deed == DEED_LENGTH_LONG && n >= (uint64_t)m;
    if ((n < 0xfffe && !four) || two) {
        put(w, n, 2, swap && m != 4);
        return;
    }
    swap = swap && m != 2;
    put(w, 0xffff, deed == DEED_LENGTH_ONE_FF ? 1 : 2, false);
    if (n < 0xffffffff && deed != DEED_LENGTH_QUAD) {
        put(w, n, 4, swap);
        return;
    }
    if (deed != DEED_LENGTH_QUAD || !m)
        put(w, 0xffffffff, 4, false);
    put(w, n, 8, swap);
}

static void put_units(struct writing *w, const struct value *v, bool wide)
{
    bool swap = wide && (does(w, DEED_SWAP_UNITS) || does(w, DEED_SWAP_ALL));
    size_t step = v->wide ? 2 : 1;

    size_t size = does(w, DEED_UNIT_SIZE) && wide == (w->m->n != 2) ? (size_t)w->m->n : wide ? 2 : 1;
    if (v->wide == wide && !swap && size == step) {
        buffer_append(w->to, v->data.data, v->data.len);
        return;
    }
    for (size_t at = 0; at + step <= v->data.len; at += step) {
        unsigned unit = v->data.data[at] | (v->wide ? (unsigned)v->data.data[at + 1] << 8 : 0);
        put(w, !wide && unit > 0xff ? '?' : unit, size, swap);
    }
}

#define UTF8_MARK 3 // bytes of a byte order mark in UTF-8

/* Characters of a text, of which a surrogate pair is one. */
static size_t characters(const struct value *s)
{
    size_t n = 0;

    for (size_t at = 0; at + (s->wide ? 2 : 1) <= s->data.len; at += mistake_character(s, at))
        n++;
    return n;
}

/* Bytes that a text has in UTF-8; half a surrogate pair has three there. */
static size_t in_utf8(const struct value *s)
{
    size_t n = 0, len;

    for (size_t at = 0; at + (s->wide ? 2 : 1) <= s->data.len; at += len) {
        len = mistake_character(s, at);
        unsigned unit = s->data.data[at] | (s->wide ? (unsigned)s->data.data[at + 1] << 8 : 0);
        n += len == 4 ? 4 : unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
    }
    return n;
}

static bool build_is_wide(const struct writing *w, const struct type *t)
{
    return t->width ? t->width == 2 : w->p->charset == CHARSET_UNICODE;
}

/* A BSTR's length, in steps of so many. */
static void put_dword_length(struct writing *w, uint64_t n, size_t step)
{
    int64_t m = w->m->n;

    if (does(w, DEED_LENGTH_PLUS))
        n += (uint64_t)m * step;
    if (does(w, DEED_LENGTH_MINUS) && !n)
        n = UINT32_MAX;
    if (does(w, DEED_LENGTH_LOW))
        n &= (UINT64_C(1) << 8 * m) - 1;
    if (does(w, DEED_LENGTH_LEFT) && n)
        return;
    bool all = m == form_number(w->m); // a BSTR is of neither width alone
    bool sized = does(w, DEED_LENGTH_BYTES) && w->m->of && all && m != 4 && m != -4, big = sized && m < 0;
    put(w, n, sized ? (size_t)(big ? -m : m) : 4, big || does(w, DEED_SWAP_LENGTHS) || does(w, DEED_SWAP_ALL));
}

static void put_string(struct writing *w, const struct value *v)
{
    const struct type *t = v->of.type;
    bool wide = build_is_wide(w, t), line = strcmp(t->name, "line") == 0;
    bool bstr = strcmp(t->name, "bstr") == 0, com = bstr || strcmp(t->name, "combstr") == 0;
    struct value s = mistake_units(w->m, v, false, w->keep);

    w->about = t->mfc;
    if (does(w, DEED_OTHER_WIDTH)) {
        wide = !wide;
    }
    size_t step = wide ? 2 : 1, units = s.data.len / (s.wide ? 2 : 1), counted = bstr ? units * step : units;
    bool marked = does(w, DEED_BYTE_ORDER_MARK) && (!line || !w->m->n);
    if (marked && w->m->n)
        counted += wide ? (bstr ? 2 : 1) : UTF8_MARK;
    bool nul = does(w, DEED_COUNTS_NUL) || (!line && does(w, DEED_NUL_BEHIND));
    if (does(w, DEED_COUNTS_BYTES) && !bstr && wide) {
        counted = units * 2;
    } else if (does(w, DEED_COUNTS_CHARS) && s.wide) {
        counted = characters(&s) * (bstr ? 2 : 1);
    } else if (does(w, DEED_COUNTS_UTF8)) {
        counted = in_utf8(&s);
    } else if (does(w, DEED_COUNTS_UNITS) && bstr) {
        counted = units;
    } else if (does(w, DEED_COUNTS_NUL)) {
        counted += bstr ? step : 1;
    }
    if (com && does(w, DEED_BSTR_AS_STRING) && bstr == (w->m->n == 2))
        put_length(w, units, w->m->n);
    else if (com)
        put_dword_length(w, counted, bstr ? step : 1);
    else if (!line)
        put_length(w, counted, wide);
    if (marked)
        put(w, wide ? 0xfeff : 0xbfbbef, wide ? 2 : UTF8_MARK, false);
    put_units(w, &s, wide);
    if (nul || (!line && does(w, DEED_BYTE_BEHIND)))
        put(w, 0, nul ? step : 1, false);
    if (!line)
        return;
    bool turned = wide && (does(w, DEED_SWAP_UNITS) || does(w, DEED_SWAP_ALL));
    if (does(w, DEED_CRLF))
        put(w, '\r', step, turned);
    if (!does(w, DEED_NO_NEWLINE))
        put(w, does(w, DEED_LINE_ENDS) ? (uint64_t)w->m->n : '\n', step, turned);
    if (does(w, DEED_NUL_BEHIND) || does(w, DEED_BYTE_BEHIND))
        put(w, 0, does(w, DEED_NUL_BEHIND) ? step : 1, false);
}

static uint64_t element_at(const struct value *v, size_t at, size_t width)
{
    uint64_t element = 0;

    for (size_t i = 0; i < width; i++)
        element |= (uint64_t)v->data.data[at + i] << 8 * i;
    return element;
}

static void put_block(struct writing *w, const struct value *v)
{
    const struct type *t = v->of.type;
    size_t width = t->kind == VALUE_ARRAY ? t->width : 1, count = v->data.len / width, size = width;
    bool swap = width > 1 && (does(w, DEED_SWAP_ALL) || (does(w, DEED_SWAP) && about(w, t->mfc)));
    bool resized = t->kind == VALUE_ARRAY && (does(w, DEED_SIZE) || does(w, DEED_SIZE_UNSIGNED) || does(w, DEED_SIZE_BIG));

    struct bytes data = t->kind == VALUE_ARRAY && mistake_is_low(w->m, width) ? mistake_low_block(v->data, width, w->m->n, w->keep) : v->data;
    if (resized && width != (size_t)w->m->n && about(w, t->mfc)) {
        size = (size_t)w->m->n;
        swap = does(w, DEED_SIZE_BIG);
    }
    w->about = t->mfc;
    if (does(w, DEED_CUT_BYTES) && count > (size_t)w->m->n) {
        count = (size_t)w->m->n;
    }
    if (does(w, DEED_STRIP_BYTES))
        count = mistake_stripped(w->m, v->data, width) / width;
    if (t->kind == VALUE_ARRAY)
        put_count(w, t->mfc, does(w, DEED_COUNT_OF_BYTES) ? count * width : count);
    if (does(w, DEED_WHOLE_BLOCKS))
        count = count * width / (size_t)w->m->n * (size_t)w->m->n / width;
    if (!swap && size == width) {
        buffer_append(w->to, data.data, count * width);
        return;
    }
    for (size_t at = 0; at < count * width; at += width)
        put(w, element_at(v, at, width), size, swap); // elements have no sign
}

/* ---- values within values ---- */

/* What stands as the i-th part of a value. */
static void put_as_part(struct writing *w, const struct value *v, size_t i, const struct value *item)
{
    const struct type *holder = w->holder;
    const char *part = w->part;

    w->holder = v->of.type;
    w->part = place_part(v->of.type, v->of.type->kind == VALUE_VARIANT ? (size_t)v->number : i);
    writing_value(w, item);
    w->holder = holder;
    w->part = part;
}

static void put_part(struct writing *w, const struct value *v, size_t i)
{
    put_as_part(w, v, i, &v->items[i]);
}

void writing_apart(struct writing *w, const struct value *v)
{
    const struct type *holder = w->holder;

    w->holder = NULL;
    writing_value(w, v);
    w->holder = holder;
}

static void put_vartype(struct writing *w, const struct value *v)
{
    const struct type *holder = w->holder, *t = mistake_type_of_variant(w->m);

    w->holder = v->of.type;
    const struct mistake *kept = leaf_begins(w, t->mfc);
    put_number(w, t, v->number);
    w->m = kept;
    w->holder = holder;
}

/* Whether a collection of its type has an object table of its own. */
static bool is_apart(const struct writing *w, const struct type *t)
{
    return does(w, DEED_TABLE_PER_COLLECTION) && (!w->m->of || strcmp(w->m->of, t->mfc) == 0);
}

/* Whether a mistake about members is made in a value of this type. */
static bool is_of_members(const struct writing *w, const struct type *t)
{
    return mistake_is_of_members(w->m->deed) && (!w->m->of || strcmp(w->m->of, t->mfc) == 0);
}

static void put_items(struct writing *w, const struct value *v)
{
    const struct type *t = v->of.type;
    const struct mistake *kept = leaf_begins(w, t->mfc);

    size_t step = t->kind == VALUE_MAP ? 2 : 1;
    bool leaves = does(w, DEED_NULLS_LEFT) && (!w->m->of || strcmp(w->m->of, t->mfc) == 0) && about(w, t->mfc), passes = leaves && w->m->n != 2;
    bool one_left = does(w, DEED_ELEMENT_LEFT) && v->count && about(w, t->mfc);
    size_t from = one_left && w->m->n ? step : 0, to = one_left && !w->m->n ? v->count - step : v->count;
    put_count(w, t->mfc, v->count / step - (leaves && w->m->n != 1 ? mistake_nulls(v) : 0));
    w->m = kept;
    struct bodies *outer_behind = w->behind, behind = { .items = does(w, DEED_BODIES_BEHIND) ? ARENA_ARRAY(w->keep, v->count + 1, const struct value *) : NULL };
    w->behind = behind.items ? &behind : NULL;
    bool apart = is_apart(w, t);
    bool turned = does(w, DEED_ENTRIES_TURNED) && step == 2 && is_of_members(w, t) && about(w, t->mfc);
    const struct tables outer = apart ? writing_tables_begin(w) : (struct tables){ 0 };
    for (size_t i = from; i < to; i++)
        if (!passes || !mistake_is_null(&v->items[i / step * step + step - 1]))
            put_part(w, v, turned ? i ^ 1 : i);
    for (size_t i = 0; i < behind.count; i++)
        writing_body(w, behind.items[i]);
    w->behind = outer_behind;
    if (apart)
        writing_tables_end(w, &outer);
}

/* The i-th member of a value of several, of those from `first` on, as often as it stands there. */
static void put_member(struct writing *w, const struct value *v, size_t i, size_t first)
{
    const struct type *t = v->of.type;
    bool meant = t->kind == VALUE_TUPLE && is_of_members(w, t);
    size_t at = meant ? mistake_member_at(w->m, i - first, v->count - first) : i - first, times = meant ? mistake_member_times(w->m, &t->fields[i], i - first) : 1;

    if (at != i - first || times != 1)
        about(w, t->mfc);
    const struct value *member = &v->items[first + at], known = { .of = member->of, .number = w->objects.count + 1 };
    bool unset = meant && mistake_unsets(w->m, &t->fields[i], i - first, member) && about(w, t->mfc);
    const struct value before = mistake_unset(member), *stands = unset ? &before : member; // objects are kept by their place
    if (times)
        put_as_part(w, v, first + at, stands);
    if (times == 2) // an object was carried just now
        put_as_part(w, v, first + at, member->of.type->kind == VALUE_OBJECT && member->class ? &known : member);
}

/* Whoever keeps values in structs has them begin where the struct does. */
static void put_members(struct writing *w, const struct value *v)
{
    const struct type *t = v->of.type;
    bool variant = t->kind == VALUE_VARIANT, outermost = does(w, DEED_ALIGN_WITHIN) && !w->within && (!w->m->of || strcmp(w->m->of, t->mfc) == 0);
    size_t first = strcmp(t->name, "oledatetimespan") == 0 && w->p->generation == 70;

    if (outermost) {
        w->begin = w->to->len;
        w->within = t->mfc;
    }
    if (variant)
        put_vartype(w, v);
    if (variant && outermost && v->count && w->m->n == 8)
        align(w, t->mfc, 8); // a VARIANT reserves six bytes
    for (size_t i = first; i < v->count; i++)
        put_member(w, v, i, first);
    if (variant && does(w, DEED_EMPTY_FILLED) && !v->count && about(w, t->mfc))
        put(w, 0, (size_t)w->m->n, false);
    if (outermost)
        w->within = NULL;
}

void writing_value(struct writing *w, const struct value *v)
{
    const struct type *t = v->of.type;
    bool is_leaf = t->kind <= VALUE_BYTES || t->kind == VALUE_ARRAY;
    const struct mistake *kept = is_leaf ? leaf_begins(w, t->mfc) : w->m;

    w->next += mistake_counts(w->m, t, w->depth);
    switch (t->kind) {
    case VALUE_INTEGER:
        if (strcmp(t->name, "time") == 0 || (form_is_like_time(w->m, t) && about(w, t->mfc)))
            put_time(w, v);
        else if (strcmp(t->name, "count") == 0)
            put_count(w, t->mfc, v->number);
        else
            put_number(w, t, v->number);
        break;
    case VALUE_FLOAT:
    case VALUE_DOUBLE:
        put_number(w, t, v->number);
        break;
    case VALUE_STRING:
        put_string(w, v);
        break;
    case VALUE_BYTES:
    case VALUE_ARRAY:
        put_block(w, v);
        break;
    case VALUE_LIST:
    case VALUE_MAP:
        put_items(w, v);
        break;
    case VALUE_TUPLE:
    case VALUE_VARIANT:
        put_members(w, v);
        break;
    case VALUE_CLASS:
        writing_class_alone(w, v);
        break;
    case VALUE_OBJECT:
        writing_object(w, v);
        break;
    }
    w->m = kept;
}

void writing_put(struct writing *w, const struct value *v, struct buffer *to)
{
    w->to = to;
    if (does(w, DEED_TABLE_PER_OBJECT))
        writing_forget(w);
    writing_value(w, v);
}

void writing_within(struct writing *w, const struct type *holder, size_t i)
{
    w->holder = holder;
    w->part = holder ? place_part(holder, i) : NULL;
}

bool writing_is_endless(const struct writing *w)
{
    return w->endless;
}
