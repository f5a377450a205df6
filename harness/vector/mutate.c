/*
 * A row's bytes are cut at every place, or one landmark after the other is overwritten by what lies next to it, by
 * nothing, by the marks that announce longer forms, and by the most it can hold. What becomes of each is read off
 * our own codec.
 */
#include "vector/mutate.h"

#include "archive/objects.h"

#define EXHAUSTIVE 256 // bytes up to which every prefix is tried
#define EDGE       64  // bytes at either end whose prefixes are always tried
#define SAMPLES    64  // drawn in between
#define FIELDS_MAX 64  // landmarks of one row that are changed: the first and the last half of them
#define CHANGES    16  // at most, of one landmark

const char *family_kind_name(enum family_kind k)
{
    return k == FAMILY_PREFIX ? "prefix" : "field";
}

const char *outcome_name(enum outcome o)
{
    static const char *const names[] = { "loads", "leaves", "refused", "claims", "open" };

    return names[o];
}

/* Whether a program of the profile's width converts the text, and by a code page that nobody knows [STR-16]. */
static bool text_is_open(const struct value *v, const struct profile *p)
{
    const struct type *t = v->of.type;

    if (!t || t->kind != VALUE_STRING)
        return false;
    bool own_wide = t->width ? t->width == 2 : p->charset == CHARSET_UNICODE;
    bool line = strcmp(t->name, "line") == 0;
    for (size_t i = 0; i < v->data.len; i += v->wide ? 2 : 1) {
        unsigned unit = v->data.data[i] | (v->wide && i + 1 < v->data.len ? v->data.data[i + 1] << 8 : 0);
        if ((v->wide != own_wide && unit > 0x7f) || (line && unit == 0))
            return true;
        // A cstring's text is the same in every build as long as it is ASCII [service, section 5].
        if (t->letter == 'u' && unit > 0x7f && p->charset == CHARSET_ANSI)
            return true;
    }
    return false;
}

static bool is_open(const struct value *v, const struct profile *p)
{
    if (text_is_open(v, p))
        return true;
    for (size_t i = 0; v->items && i < v->count; i++)
        if (is_open(&v->items[i], p))
            return true;
    return false;
}

/* A line without its end is a line, if it has a unit, and whole units [SVC-14]. */
static void judge_cut_line(struct mutant *m, struct type_ref t, struct bytes rest, const struct profile *p)
{
    size_t width = p->charset == CHARSET_UNICODE ? 2 : 1;

    m->outcome = OUTCOME_OPEN;
    if (rest.len % width)
        return;
    for (size_t i = 0; i < rest.len; i += width)
        if (rest.data[i] == '\r' || rest.data[i] == '\n' || rest.data[i] == 0)
            return;
    struct value v = value_string(t, width == 2, rest);
    if (text_is_open(&v, p))
        return;
    m->outcome = OUTCOME_LOADS;
}

/* The most that a length or count says will follow and does not: in units or elements of a byte at least. */
static uint64_t claim_of(const struct landmark_list *marks, size_t len)
{
    uint64_t most = 0;

    for (size_t i = 0; i < marks->count; i++) {
        const struct landmark *f = &marks->items[i];
        size_t rest = len - f->at - f->len;
        bool counts = f->kind == LANDMARK_LENGTH || f->kind == LANDMARK_COUNT || f->kind == LANDMARK_UNITS;
        if (counts && f->number > rest && f->number - rest > most)
            most = f->number - rest;
    }
    return most;
}

void mutant_judge(struct mutant *m, const struct type_ref *types, size_t count, const struct profile *p,
                  struct arena *keep)
{
    SCRATCH(scratch);
    struct landmark_list marks = { .keep = &scratch };
    struct reader r = { .in = m->bytes, .landmarks = &marks };
    struct object_table *table = object_table_new(&scratch);
    bool open = false;
    TEXT(text);

    for (size_t i = 0; i < count; i++) {
        struct value v;
        size_t from = r.at;
        bool line = strcmp(types[i].type->name, "line") == 0;
        value_load(&r, p, table, types[i], &scratch, &v);
        if (i)
            text_char(&text, ' ');
        struct bytes rest = bytes_slice(m->bytes, from, SIZE_MAX);
        if (r.status == WIRE_SHORT && line && rest.len) {
            judge_cut_line(m, types[i], rest, p);
            v = value_string(types[i], p->charset == CHARSET_UNICODE, rest);
            value_text(&text, &v);
            m->text = arena_string(keep, text_string(&text));
            if (i + 1 < count)
                m->outcome = OUTCOME_OPEN;
            return;
        }
        if (r.status != WIRE_OK) {
            m->claim = claim_of(&marks, m->bytes.len);
            m->cause = r.status == WIRE_BAD ? r.cause : r.cut;
            m->outcome = m->cause == CAUSE_NONE ? OUTCOME_OPEN
                         : m->claim >= CLAIM_HUGE ? OUTCOME_CLAIMS
                                                 : OUTCOME_REFUSED;
            return;
        }
        open |= is_open(&v, p);
        value_text(&text, &v);
    }
    struct bytes left = bytes_slice(m->bytes, r.at, SIZE_MAX);
    m->text = arena_string(keep, text_string(&text));
    m->outcome = open ? OUTCOME_OPEN : left.len ? OUTCOME_LEAVES : OUTCOME_LOADS;
}

static struct mutant *mutant_add(struct mutants *to, size_t room, struct mutant m)
{
    if (to->count == room)
        return NULL;
    to->items[to->count] = m;
    return &to->items[to->count++];
}

/* Which prefixes are tried: mark[n] says that of n bytes. */
static bool choose_prefixes(struct bytes all, const struct landmark_list *fields, struct random *chance, uint8_t *mark)
{
    if (all.len <= EXHAUSTIVE) {
        memset(mark, 1, all.len);
        return false;
    }
    memset(mark, 1, EDGE);
    memset(mark + all.len - EDGE, 1, EDGE);
    for (size_t i = 0; i < fields->count; i++) {
        const struct landmark *f = &fields->items[i];
        if (i >= FIELDS_MAX / 2 && i + FIELDS_MAX / 2 < fields->count)
            continue;
        for (size_t k = 0; k < 3; k++) {
            if (f->at + k > 0 && f->at + k - 1 < all.len)
                mark[f->at + k - 1] = 1;
            if (f->at + f->len + k - 1 < all.len)
                mark[f->at + f->len + k - 1] = 1;
        }
    }
    for (size_t i = 0; i < SAMPLES; i++)
        mark[random_below(chance, all.len)] = 1;
    return true;
}

static void prefixes(struct mutants *to, struct bytes all, const struct landmark_list *fields, struct random *chance,
                     struct arena *keep)
{
    uint8_t *mark = arena_alloc(keep, all.len + 1);
    size_t room = 0;

    to->sampled = choose_prefixes(all, fields, chance, mark);
    for (size_t n = 0; n < all.len; n++)
        room += mark[n];
    to->items = ARENA_ARRAY(keep, room, struct mutant);
    for (size_t n = 0; n < all.len; n++)
        if (mark[n])
            mutant_add(to, room, (struct mutant){ .at = n, .bytes = { all.data, n },
                                                  .what = arena_printf(keep, "cut to %zu of %zu bytes", n, all.len) });
}

/* What stands in place of a landmark. */
struct change {
    uint8_t bytes[20];
    size_t len;
};

struct changes {
    struct change items[CHANGES];
    size_t count;
};

static void change_add(struct changes *c, struct buffer *bytes)
{
    if (c->count < CHANGES && bytes->len <= sizeof c->items[0].bytes) {
        struct change *one = &c->items[c->count++];
        memcpy(one->bytes, bytes->data, bytes->len);
        one->len = bytes->len;
    }
    bytes->len = 0;
}

static void change_string_length(struct changes *c, const struct landmark *f)
{
    static const struct {
        uint8_t bytes[15];
        uint8_t len;
    } marks[] = {
        { { 0xff }, 1 },                                     // a longer form follows
        { { 0xff, 0xfe, 0xff }, 3 },                         // the text is wide
        { { 0xff, 0xff, 0xff }, 3 },                         // a DWORD follows
        { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, 7 }, // a QWORD follows
        { { 0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff }, 7 },
        { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f }, 15 },
    };
    CLEANUP(buffer_free) struct buffer w = { 0 };
    uint64_t near[] = { f->number + 1, f->number - 1, 0 };

    for (size_t i = 0; i < COUNT_OF(near); i++) {
        if (f->number == 0 && i == 1)
            continue;
        archive_store_string_length(&w, near[i], f->wide);
        change_add(c, &w);
    }
    for (size_t i = 0; i < COUNT_OF(marks); i++) {
        if (f->wide && marks[i].len != 3) // the marks of a length stand behind the wide one, too
            buffer_append(&w, "\xff\xfe\xff", 3);
        buffer_append(&w, marks[i].bytes, marks[i].len);
        change_add(c, &w);
    }
}

static void change_count(struct changes *c, const struct landmark *f, const struct profile *p)
{
    CLEANUP(buffer_free) struct buffer w = { 0 };
    uint64_t near[] = { f->number + 1, f->number - 1, 0, 0xfffffffe };

    for (size_t i = 0; i < COUNT_OF(near); i++) {
        if (f->number == 0 && i == 1)
            continue;
        archive_store_count(&w, p, near[i]);
        change_add(c, &w);
    }
    wire_u16(&w, 0xffff); // a DWORD follows
    change_add(c, &w);
    wire_u16(&w, 0xffff); // in a 64-bit build a QWORD follows, else it is the count
    wire_u32(&w, 0xffffffff);
    change_add(c, &w);
    wire_u16(&w, 0xffff);
    wire_u32(&w, 0xffffffff);
    wire_u64(&w, INT64_MAX);
    change_add(c, &w);
}

static void change_words(struct changes *c, uint64_t number, const uint16_t *marks, size_t count)
{
    CLEANUP(buffer_free) struct buffer w = { 0 };

    wire_u16(&w, (uint16_t)(number + 1));
    change_add(c, &w);
    wire_u16(&w, (uint16_t)(number - 1));
    change_add(c, &w);
    for (size_t i = 0; i < count; i++) {
        wire_u16(&w, marks[i]);
        change_add(c, &w);
    }
}

static void change_tag(struct changes *c, const struct landmark *f)
{
    static const uint16_t words[] = { 0, 1, 0x7ffe, 0x7fff, 0x8000, 0x8001, 0xfffe, 0xffff };
    static const uint32_t dwords[] = { 0, 0x7fffffff, 0x80000000, 0xffffffff };
    CLEANUP(buffer_free) struct buffer w = { 0 };

    change_words(c, f->number, words, COUNT_OF(words));
    for (size_t i = 0; i < COUNT_OF(dwords); i++) {
        wire_u16(&w, 0x7fff);
        wire_u32(&w, dwords[i]);
        change_add(c, &w);
    }
}

static void change_units(struct changes *c, const struct landmark *f)
{
    uint32_t values[] = { (uint32_t)f->number + 1, (uint32_t)f->number - 1, 0, INT32_MAX, UINT32_MAX };
    CLEANUP(buffer_free) struct buffer w = { 0 };

    for (size_t i = 0; i < COUNT_OF(values); i++) {
        wire_u32(&w, values[i]);
        change_add(c, &w);
    }
}

static void change(struct changes *c, const struct landmark *f, const struct profile *p)
{
    static const uint16_t schemas[] = { 0, 0x7fff, 0x8000, 0xffff }, names[] = { 0, 63, 64, 0xffff };

    switch (f->kind) {
    case LANDMARK_LENGTH:
        change_string_length(c, f);
        break;
    case LANDMARK_COUNT:
        change_count(c, f, p);
        break;
    case LANDMARK_UNITS:
        change_units(c, f);
        break;
    case LANDMARK_TAG:
        change_tag(c, f);
        break;
    case LANDMARK_SCHEMA:
        change_words(c, f->number, schemas, COUNT_OF(schemas));
        break;
    case LANDMARK_NAME_LENGTH:
        change_words(c, f->number, names, COUNT_OF(names));
        break;
    }
}

static const char *landmark_name(enum landmark_kind k)
{
    static const char *const names[] = { "length", "count", "length", "tag", "schema", "length of the name" };

    return names[k];
}

static struct mutant overwritten(struct bytes all, const struct landmark *f, const struct change *c, struct arena *keep)
{
    size_t rest = all.len - f->at - f->len;
    uint8_t *bytes = arena_alloc(keep, f->at + c->len + rest);
    TEXT(was);
    TEXT(is);

    if (f->at)
        memcpy(bytes, all.data, f->at);
    memcpy(bytes + f->at, c->bytes, c->len);
    if (rest)
        memcpy(bytes + f->at + c->len, all.data + f->at + f->len, rest);
    text_hex(&was, bytes_slice(all, f->at, f->len), false);
    text_hex(&is, (struct bytes){ c->bytes, c->len }, false);
    return (struct mutant){ .at = f->at, .bytes = { bytes, f->at + c->len + rest },
                            .schema_0 = f->kind == LANDMARK_SCHEMA && c->bytes[0] == 0 && c->bytes[1] == 0,
                            .what = arena_printf(keep, "%s %s at byte %zu as %s", landmark_name(f->kind),
                                                 text_string(&was), f->at, text_string(&is)) };
}

static void fields(struct mutants *to, struct bytes all, const struct landmark_list *marks, const struct profile *p,
                   struct arena *keep)
{
    size_t taken = marks->count < FIELDS_MAX ? marks->count : FIELDS_MAX, room = taken * CHANGES;

    to->items = ARENA_ARRAY(keep, room, struct mutant);
    to->sampled = taken < marks->count;
    for (size_t i = 0; i < marks->count; i++) {
        const struct landmark *f = &marks->items[i];
        struct changes c = { 0 };
        if (to->sampled && i >= FIELDS_MAX / 2 && i + FIELDS_MAX / 2 < marks->count)
            continue;
        change(&c, f, p);
        for (size_t k = 0; k < c.count; k++) {
            bool told = bytes_equal((struct bytes){ c.items[k].bytes, c.items[k].len }, bytes_slice(all, f->at, f->len));
            for (size_t e = 0; e < k && !told; e++)
                told = c.items[e].len == c.items[k].len && memcmp(c.items[e].bytes, c.items[k].bytes, c.items[k].len) == 0;
            if (!told)
                mutant_add(to, room, overwritten(all, f, &c.items[k], keep));
        }
    }
}

struct mutants mutants_of(const struct original *of, const struct profile *p, struct random *chance, struct arena *keep)
{
    struct landmark_list marks = { .keep = keep };
    struct object_table *table = object_table_new(keep);
    struct reader r = { .in = of->bytes, .landmarks = &marks };
    struct mutants out = { 0 };

    for (size_t i = 0; i < of->count; i++) {
        struct value ignored;
        value_load(&r, p, table, of->types[i], keep, &ignored);
    }
    if (of->kind == FAMILY_PREFIX)
        prefixes(&out, of->bytes, &marks, chance, keep);
    else
        fields(&out, of->bytes, &marks, p, keep);
    return out;
}

void mutant_expect(struct mutant *m, const struct original *of, const struct profile *p, struct arena *keep)
{
    mutant_judge(m, of->types, of->count, p, keep);
    // 4.2 may forget that a stream's schema was 0, and read the next object of the class as its own [SCH-4].
    if (m->schema_0 && p->generation == 42)
        m->outcome = OUTCOME_OPEN;
}

struct mutants mutants_make(const struct vector *v, const struct profile *p, uint64_t seed, struct arena *keep)
{
    const struct row *row = v->row;
    const struct bytes *all = golden_for(row->load ? row->load : row->store, p, keep);
    struct random chance = random_for(seed, v->id, 3000000);

    if (!all)
        return (struct mutants){ 0 };
    const struct original of = { row->types, row->count, *all, v->family->kind };
    struct mutants out = mutants_of(&of, p, &chance, keep);
    for (size_t i = 0; i < out.count; i++)
        mutant_expect(&out.items[i], &of, p, keep);
    return out;
}

const struct vector *mutant_vector(const struct vector *family, const struct mutant *m, bool last, struct arena *keep)
{
    const struct steps *steps = &family->family->steps[m->outcome], *after = &family->family->after;
    struct vector *v = ARENA_NEW(keep, struct vector);
    struct row *row = ARENA_NEW(keep, struct row);

    *row = *family->row;
    row->mutant = m;
    *v = *family;
    v->row = row;
    v->id = arena_printf(keep, "%s#%s", family->id, m->what); // draws values of its own
    v->steps = *steps;
    if (last) {
        v->steps.count = steps->count + after->count;
        v->steps.items = ARENA_ARRAY(keep, v->steps.count, struct step);
        memcpy(v->steps.items, steps->items, steps->count * sizeof *steps->items);
        if (after->count)
            memcpy(v->steps.items + steps->count, after->items, after->count * sizeof *after->items);
    }
    return v;
}

static bool is_ours(const struct op *op)
{
    return op->kind == OP_OPEN || op->kind == OP_SEND || op->kind == OP_SHUTDOWN;
}

void program_side_by_side(const struct program *all, size_t count, struct arena *keep, struct program *out)
{
    size_t room = 0, n = 0;

    for (size_t i = 0; i < count; i++)
        room += all[i].count;
    *out = all[0];
    out->probe.bytes = (struct bytes){ 0 }; // what fails here is played again alone
    out->connections = ARENA_ARRAY(keep, count, const char *);
    out->connection_count = (unsigned)count;
    out->ops = ARENA_ARRAY(keep, room, struct op);
    for (size_t i = 0; i < count; i++)
        out->connections[i] = arena_printf(keep, "%zu", i + 1);
    for (int ours = 1; ours >= 0; ours--)
        for (size_t i = 0; i < count; i++)
            for (size_t k = 0; k < all[i].count; k++) {
                if (is_ours(&all[i].ops[k]) != ours)
                    continue;
                out->ops[n] = all[i].ops[k];
                out->ops[n++].on = (unsigned)i;
            }
    out->count = n;
}
