/*
 * The mistaken reader. Each leaf asks whether the mistake is about it; what the mistake is not about is read as the codec reads it.
 */
#include "check/reading_parts.h"

#include "check/forms.h"

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

static uint64_t extended(uint64_t n, size_t width, bool is_signed)
{
    unsigned unused = width < 8 ? (unsigned)(64 - 8 * width) : 0;

    return is_signed ? (uint64_t)((int64_t)(n << unused) >> unused) : n << unused >> unused;
}

/* ---- numbers ---- */

/* What becomes of a number whose bytes are taken to have a sign each. */
static uint64_t of_signed_bytes(uint64_t n, size_t width, enum bytes_signed how)
{
    uint64_t made = 0;

    for (size_t i = 0; i < width; i++) {
        uint64_t byte = (uint64_t)(int64_t)(int8_t)(n >> 8 * i) << 8 * i;
        made = how == BYTES_ADDED ? made + byte : made | byte;
    }
    return extended(made, width, false);
}

uint64_t reading_signed(struct reading *g, uint64_t n, size_t width, enum deed d, const char *of)
{
    uint64_t made = does(g, d) && width <= sizeof n ? of_signed_bytes(n, width, (enum bytes_signed)g->m->n) : n;

    if (made != n)
        about(g, of);
    return made;
}

static void skip_padding(struct reading *g, struct reader *r, const char *mfc, size_t width)
{
    size_t to = width < (size_t)g->m->n ? width : (size_t)g->m->n;
    size_t over = (r->at - (does(g, DEED_ALIGN_WITHIN) ? g->members : g->begin)) % to;

    if (over && about(g, mfc))
        reader_take(r, to - over);
}

/* Whether a number becomes another one, which then is what the mistake was made in. */
static bool about_other(struct reading *g, const char *mfc, uint64_t was, uint64_t is)
{
    return was != is && about(g, mfc);
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
    uint64_t high = halves ? take(r, width / 2, big) << 4 * width : 0, n = reading_signed(g, high | take(r, halves ? width / 2 : width, big), width, DEED_BYTES_SIGNED, t->mfc);
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
    if (whole && mistake_is_low(g->m, width) && about_other(g, t->mfc, v->number, extended(mistake_low(v->number, width, g->m->n), width, is_signed)))
        v->number = extended(mistake_low(v->number, width, g->m->n), width, is_signed);
    if (strcmp(t->name, "bool") == 0 || strcmp(t->name, "truth") == 0)
        v->number = n != 0;
}

static void get_time(struct reading *g, struct reader *r, struct value *v)
{
    bool turned = (does(g, DEED_SWAP_ALL) || does(g, DEED_SWAP_TIMES)) && about(g, v->of.type->mfc), all = turned && (does(g, DEED_SWAP_ALL) || !g->m->n);
    bool swap_mark = all || (turned && g->m->n == 4), swap = all || (turned && g->m->n == 8);
    int64_t form = does(g, DEED_TIME) && about(g, v->of.type->mfc) ? g->m->n : 0;
    uint64_t first = form == 8 ? 0 : reading_signed(g, take(r, 4, swap_mark), 4, DEED_BYTES_SIGNED, v->of.type->mfc);
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
    v->number = form == 8 || marked ? reading_signed(g, take(r, 8, swap), 8, DEED_BYTES_SIGNED, v->of.type->mfc) : extended(first, 4, !unsigned_one);
    if (mistake_is_low(g->m, form == 8 || marked ? 8 : 4) && about_other(g, v->of.type->mfc, v->number, extended(mistake_low(v->number, 8, g->m->n), 8, true)))
        v->number = mistake_low(v->number, 8, g->m->n);
    if (does(g, DEED_ROUND_WHOLE) && g->m->n <= 1 && about(g, v->of.type->mfc))
        v->number = mistake_round_whole(v->number, 8, true, g->m->n);
}

/* A count that is taken to have another form than its own. */
static uint64_t get_other_form(struct reading *g, struct reader *r, const char *of)
{
    bool one_byte = r->at < r->in.len && r->in.data[r->at] == 0xff, marked;
    uint64_t n;

    switch ((enum count_form)g->m->n) {
    case COUNT_LIKE_LENGTH:
        return reading_length(g, r, of, false, &marked);
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
    uint64_t n = reading_signed(g, take(r, 2, swap && g->m->n != 4), 2, DEED_COUNT_SIGNED, of);
    if (does(g, DEED_COUNT_NONE) && n >= (uint64_t)g->m->n && about(g, of))
        return 0;
    swap = swap && g->m->n != 2;
    bool longer = n == 0xffff, has_quad = g->p->bits == 64 && g->p->generation >= 70;
    if (longer || (form_takes_count(g->m, n, 2) && about(g, of)))
        n = reading_signed(g, take(r, 4, swap), 4, DEED_COUNT_SIGNED, of);
    if (has_quad && (n == 0xffffffff || (longer && form_takes_count(g->m, n, 4) && about(g, of))) && !(does(g, DEED_COUNT_SHORT) && about(g, of)))
        n = reading_signed(g, take(r, 8, swap), 8, DEED_COUNT_SIGNED, of);
    if (does(g, DEED_COUNT_LOW) && n >> 8 * g->m->n && about(g, of))
        n &= (UINT64_C(1) << 8 * g->m->n) - 1;
    if (does(g, DEED_COUNT_PLUS) && (n || g->m->n < 0) && about(g, of))
        n -= (uint64_t)g->m->n;
    return n;
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

/* Elements whose bytes are taken to have a sign each. */
static void sign_elements(struct reading *g, struct value *v, size_t width)
{
    uint8_t *made = arena_array(g->keep, v->data.len + 1, 1);

    for (size_t at = 0; at + width <= v->data.len; at += width) {
        struct reader one = { .in = bytes_slice(v->data, at, width) };
        uint64_t n = reading_signed(g, take(&one, width, false), width, DEED_BYTES_SIGNED, v->of.type->mfc);
        for (size_t i = 0; i < width; i++)
            made[at + i] = (uint8_t)(n >> 8 * i);
    }
    v->data.data = made;
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
    if (does(g, DEED_BYTES_SIGNED) && width > 1)
        sign_elements(g, v, width);
    if (t->kind == VALUE_ARRAY && mistake_is_low(g->m, width) && v->data.len && about(g, t->mfc))
        v->data = mistake_low_block(v->data, width, g->m->n, g->keep);
    if (does(g, DEED_STRIP_BYTES) && mistake_stripped(g->m, v->data, width) < v->data.len && about(g, t->mfc))
        v->data.len = mistake_stripped(g->m, v->data, width);
    if (does(g, DEED_CUT_BYTES) && v->data.len > (size_t)g->m->n * width && about(g, t->mfc))
        v->data.len = (size_t)g->m->n * width;
    v->count = t->kind == VALUE_ARRAY ? v->data.len / width : 0;
}

/* ---- values within values ---- */

static void get_value(struct reading *g, struct reader *r, struct value *v);

void reading_part(struct reading *g, struct reader *r, const struct type *t, size_t i, struct value *v)
{
    const struct type *holder = g->holder;
    const char *part = g->part;

    g->holder = t;
    g->part = t ? place_part(t, i) : NULL;
    get_value(g, r, v);
    g->holder = holder;
    g->part = part;
}

/* Whether a mistake about members is made in a value of this type. */
static bool is_of_members(const struct reading *g, const struct type *t)
{
    return mistake_is_of_members(g->m->deed) && (!g->m->of || strcmp(g->m->of, t->mfc) == 0);
}

static void get_items(struct reading *g, struct reader *r, uint64_t count, struct value *v)
{
    const struct value_part *parts = v->of.type->fields;
    bool map = v->of.type->kind == VALUE_MAP, turned = does(g, DEED_ENTRIES_TURNED) && map && count && is_of_members(g, v->of.type) && about(g, v->of.type->mfc);
    size_t room = 0;

    for (uint64_t i = 0; i / (1 + map) < count && r->status == WIRE_OK; i++) { // a count may claim whatever it wants
        if (v->count == room) {
            room = room ? 2 * room : 4;
            struct value *more = ARENA_ARRAY(g->keep, room, struct value);
            if (v->count)
                memcpy(more, v->items, v->count * sizeof *more);
            v->items = more;
        }
        size_t at = (size_t)(turned ? i ^ 1 : i);
        v->items[v->count++].of = type_named(parts[map ? i % 2 : 0].type);
        v->items[at].of = type_named(parts[map ? at % 2 : 0].type);
        reading_part(g, r, v->of.type, at, &v->items[at]);
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

/* What stands as the i-th member, of those from `first` on, as often as it is read; else it is zero, or none. */
static void get_member(struct reading *g, struct reader *r, struct value *v, size_t i, size_t first)
{
    const struct type *t = v->of.type;
    bool meant = is_of_members(g, t);
    size_t at = meant ? mistake_member_at(g->m, i, v->count - first) : i, times = meant ? mistake_member_times(g->m, &t->fields[first + i], i) : 1;
    struct value *member = &v->items[first + at];

    if (at != i || times != 1)
        about(g, t->mfc);
    member->of = type_named(t->fields[first + at].type);
    for (; times > 0; times--) {
        struct value seen = { .of = member->of };
        reading_part(g, r, t, first + at, &seen);
        bool is_same = member->class && !seen.class && seen.number == member->number; // a reference to what it has just read
        *member = is_same ? *member : seen;
    }
    if (meant && r->status == WIRE_OK && mistake_unsets(g->m, &t->fields[first + i], i, member) && about(g, t->mfc))
        *member = mistake_unset(member);
}

static void get_tuple(struct reading *g, struct reader *r, struct value *v)
{
    const struct value_part *parts = v->of.type->fields;

    while (parts[v->count].name && is_since(g, v->of.type, parts[v->count].since, v->schema))
        v->count++;
    v->items = v->items ? v->items : ARENA_ARRAY(g->keep, v->count + 1, struct value); // an object that all of its class are read into has them
    bool bare = g->p->generation == 70 && r->written && strcmp(v->of.type->name, "oledatetimespan") == 0; // [VAL-9]
    if (bare)
        v->items[0].of = type_named(parts[0].type);
    bool outermost = members_begin(g, r, v->of.type->mfc);
    for (size_t i = bare; i < v->count && r->status == WIRE_OK; i++)
        get_member(g, r, v, i - bare, bare);
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
        reading_part(g, r, v->of.type, (size_t)v->number, v->items);
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

    g->next += mistake_counts(g->m, t, g->depth);
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
        reading_string(g, r, v);
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
        reading_object(g, r, v);
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
