/*
 * All messages of up to GUESS_FIELDS fields are tried, field by field: what does not fit the first message is not gone on with. Each that
 * fits is read over the stream as often as it goes, and weighed:
 *
 *     a value          the bits that its shape saves: a DWORD below 256 has 24 that are not told
 *     a field          costs some once, so that of two readings that say as much the shorter one is told; more in a place where programs
 *                      rarely have it: numbers lead and texts follow, lists stand behind these [PRO-4]
 *     bytes left over  cost
 */
#include "layout/guess.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>

#include "json/write.h"

#define REJECTED INT_MIN // no value of that shape

struct shape_row {
    const char *type;   // of a layout
    const char *name;   // of a field of it
    int cost;
};

#define NUMBER_BEHIND_TEXT 4  // costs so much more
#define LIST_BEFORE_TEXTS  10

static const struct shape_row shapes[SHAPES] = {
    [SHAPE_BYTE] = { "byte", "number", 6 },
    [SHAPE_WORD] = { "word", "number", 6 },
    [SHAPE_DWORD] = { "dword", "number", 6 },
    [SHAPE_TEXT] = { "cstring", "text", 6 },
    [SHAPE_LIST] = { "stringlist", "list", 8 },
    [SHAPE_DATE] = { "oledatetime", "date", 8 },
    [SHAPE_OBJECT] = { "object", "object", 8 },
    [SHAPE_DATA] = { "raw", "data", 9 },
};

/* A reading on its way. */
struct attempt {
    struct reader r;
    const struct profile *profile;
    uint64_t last;      // number of the message
    bool has_last;
    size_t entries;     // of the table of objects
    uint64_t classes;   // a bit for each of the first 63 entries that is a class
};

static bool printable(uint32_t unit)
{
    return (unit >= 0x20 && unit < 0x7f) || unit == '\t' || unit == '\r' || unit == '\n';
}

static bool is_word(uint32_t unit)
{
    return unit == ' ' || (unit >= '0' && unit <= '9') || (unit >= 'A' && unit <= 'Z') || (unit >= 'a' && unit <= 'z');
}

/* Bits by which a string is likelier than chance; REJECTED where it is no text. */
static int weigh_text(struct attempt *a, struct guess_field *f)
{
    size_t from = a->r.at, units = 0;
    SCRATCH(scratch);
    struct value v;
    int bits = 0;

    value_load(&a->r, a->profile, NULL, type_named("cstring"), &scratch, &v);
    if (a->r.status != WIRE_OK)
        return REJECTED;
    size_t width = v.wide ? 2 : 1;
    for (size_t i = 0; i + width <= v.data.len; i += width, units++) {
        uint32_t unit = v.data.data[i] | (v.wide ? (uint32_t)v.data.data[i + 1] << 8 : 0);
        if (printable(unit))
            bits += v.wide ? 9 : is_word(unit) ? 3 : 2;
        else if (unit < 0x80)
            return REJECTED;
        else
            bits += v.wide ? 2 : -1;
    }
    f->wide += v.wide;
    f->empty += units == 0;
    f->some += units != 0;
    size_t header = a->r.at - from - v.data.len;
    return bits + (int)(v.wide ? 24 + 3 * (header - 3) : header > 1 ? 6 : units > 1 ? 3 : units ? 1 : 0);
}

static int weigh_number(struct attempt *a, enum shape s, struct guess_field *f)
{
    uint64_t n = s == SHAPE_BYTE ? reader_u8(&a->r) : s == SHAPE_WORD ? reader_u16(&a->r) : reader_u32(&a->r);

    if (a->r.status != WIRE_OK)
        return REJECTED;
    a->last = n;
    a->has_last = true;
    if (s == SHAPE_BYTE) {
        f->small += n < 32;
        return n == 0 ? 3 : n < 32 ? 2 : 0;
    }
    f->small += n < (s == SHAPE_WORD ? 256 : 65536);
    if (s == SHAPE_WORD)
        return n == 0 ? 10 : n < 256 ? 7 : n < 4096 ? 3 : -2;
    if (n > 0xffffff00) {
        f->negative = true;
        f->small++;
        return 22;
    }
    bool clock = n >= 631152000 && n < 2208988800; // 1990 to 2040
    f->clocks += clock;
    return n == 0 ? 23 : n < 256 ? 22 : n < 65536 ? 14 : clock ? 1 : -4;
}

static int weigh_list(struct attempt *a, struct guess_field *f)
{
    uint64_t count = archive_load_count(&a->r, a->profile);
    int bits = count ? 1 : 10; // one string with a number before it is no list yet; none is a WORD that is 0, and no more

    if (a->r.status != WIRE_OK || count > a->r.in.len - a->r.at)
        return REJECTED;
    f->some += count != 0;
    for (uint64_t i = 0; i < count; i++) {
        struct guess_field inner = { 0 };
        int one = weigh_text(a, &inner);
        if (one == REJECTED)
            return REJECTED;
        f->wide += inner.wide;
        bits += one + (i ? 8 : 0);
    }
    return bits;
}

/* A day from 1927 to 2119, and a status that is one. */
static int weigh_date(struct attempt *a, struct guess_field *f)
{
    uint32_t status = reader_u32(&a->r);
    uint64_t halves = reader_u64(&a->r);
    double days;

    memcpy(&days, &halves, sizeof days);
    if (a->r.status != WIRE_OK || status > 2 || !(days > 10000 && days < 80000))
        return REJECTED;
    f->some++;
    return 30 + 12;
}

static bool is_name(struct bytes name)
{
    for (size_t i = 0; i < name.len; i++) {
        uint8_t c = name.data[i];
        if (!(c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (i && c >= '0' && c <= '9')))
            return false;
    }
    return name.len > 0 && name.len < 64;
}

static void entry_add(struct attempt *a, bool is_class)
{
    a->entries++;
    if (is_class && a->entries < 64)
        a->classes |= UINT64_C(1) << a->entries;
}

/* What stands before the fields of an object: a description of its class, or a reference to one. */
static int weigh_object(struct attempt *a, struct guess_field *f)
{
    unsigned tag = reader_u16(&a->r);

    if (tag == 0xffff) {
        unsigned schema = reader_u16(&a->r);
        struct bytes name = reader_take(&a->r, reader_u16(&a->r));
        if (a->r.status != WIRE_OK || !is_name(name))
            return REJECTED;
        if (!f->described++) {
            f->class_name = (const char *)name.data;
            f->some = name.len;
            f->schema = schema;
        }
        entry_add(a, true);
        entry_add(a, false);
        return 16 + (schema < 256 ? 8 : 0) + 10 + 2 * (int)name.len + (name.data[0] == 'C' ? 4 : 0);
    }
    unsigned index = tag & 0x7fff;
    if (a->r.status != WIRE_OK || !(tag & 0x8000) || index == 0 || index > 63 || !(a->classes >> index & 1))
        return REJECTED;
    f->referred++;
    entry_add(a, false);
    return 15;
}

/* As many bytes as the number before says. */
static int weigh_data(struct attempt *a, struct guess_field *f)
{
    if (!a->has_last)
        return REJECTED;
    struct bytes data = reader_take(&a->r, a->last);
    if (a->r.status != WIRE_OK)
        return REJECTED;
    size_t same = 1;
    while (same < data.len && data.data[same] == data.data[0])
        same++;
    f->some += data.len != 0;
    a->has_last = false;
    return (data.len ? 2 : -3) + (data.len > 1 && same == data.len ? 4 * (int)(same - 1) : 0);
}

static int weigh(struct attempt *a, enum shape s, struct guess_field *f)
{
    switch (s) {
    case SHAPE_BYTE:
    case SHAPE_WORD:
    case SHAPE_DWORD:
        return weigh_number(a, s, f);
    case SHAPE_TEXT:
        return weigh_text(a, f);
    case SHAPE_LIST:
        return weigh_list(a, f);
    case SHAPE_DATE:
        return weigh_date(a, f);
    case SHAPE_OBJECT:
        return weigh_object(a, f);
    case SHAPE_DATA:
        return weigh_data(a, f);
    case SHAPES:
        break;
    }
    return REJECTED;
}

struct search {
    struct bytes in;
    const struct profile *profile;
    size_t most;
    struct guess *out;
};

/* A shape whose bytes can be wrong. */
static bool tells(const struct guess_field *f)
{
    return f->shape == SHAPE_OBJECT || f->shape == SHAPE_DATE || ((f->shape == SHAPE_TEXT || f->shape == SHAPE_LIST) && f->some);
}

/* What the fields of a message cost. */
static int cost_of(const enum shape *fields, size_t count)
{
    bool behind = false; // a text
    int cost = 0;

    for (size_t i = 0; i < count; i++) {
        bool measures = i + 1 < count && fields[i + 1] == SHAPE_DATA;
        cost += shapes[fields[i]].cost;
        cost += behind && fields[i] <= SHAPE_DWORD && !measures ? NUMBER_BEHIND_TEXT : 0;
        cost += !behind && fields[i] == SHAPE_LIST ? LIST_BEFORE_TEXTS : 0;
        behind |= fields[i] == SHAPE_TEXT;
    }
    return cost;
}

/* The same message again and again, as far as it goes. */
static void read_all(const struct search *s, const enum shape *fields, size_t count, struct guess_reading *out)
{
    struct attempt a = { .r = { .in = s->in }, .profile = s->profile };

    *out = (struct guess_reading){ .field_count = count, .score = -cost_of(fields, count) };
    for (size_t i = 0; i < count; i++)
        out->fields[i].shape = fields[i];
    while (a.r.at < s->in.len) {
        struct guess_reading before = *out;
        int bits = 0;
        a.has_last = false;
        for (size_t i = 0; i < count && bits != REJECTED; i++) {
            int one = weigh(&a, fields[i], &out->fields[i]);
            bits = one == REJECTED ? REJECTED : bits + one;
        }
        if (bits == REJECTED || a.r.at == out->bytes) {
            *out = before;
            break;
        }
        out->score += bits;
        out->messages++;
        out->bytes = a.r.at;
    }
    bool long_as_told = false;
    for (size_t i = 0; i < count; i++)
        if (fields[i] <= SHAPE_DWORD && out->fields[i].small && out->fields[i].small < out->messages)
            out->score -= 6; // a number that is small now and then
    for (size_t i = 0; i < count; i++)
        long_as_told |= tells(&out->fields[i]) || fields[i] == SHAPE_DATA;
    out->score += out->bytes == s->in.len && long_as_told ? 8 : 0;
    out->score -= 2 * (int)(s->in.len - out->bytes);
}

/* Two messages of one kind are no message of their own. */
static bool repeats_itself(const enum shape *fields, size_t count)
{
    for (size_t part = 1; part < count; part++) {
        bool same = count % part == 0;
        for (size_t i = part; i < count && same; i++)
            same = fields[i] == fields[i - part];
        if (same)
            return true;
    }
    return false;
}

static void keep_reading(const struct search *s, const struct guess_reading *r)
{
    struct guess *g = s->out;
    size_t at = g->count;

    while (at > 0 && g->readings[at - 1].score < r->score)
        at--;
    if (at == s->most)
        return;
    g->count += g->count < s->most;
    for (size_t i = g->count - 1; i > at; i--)
        g->readings[i] = g->readings[i - 1];
    g->readings[at] = *r;
}

/* before: the first message up to its next field. */
static void go_on(const struct search *s, enum shape *fields, size_t count, const struct attempt *before)
{
    for (enum shape next = 0; next < SHAPES; next++) {
        struct attempt a = *before;
        struct guess_field ignored = { 0 };
        struct guess_reading r;
        if (weigh(&a, next, &ignored) == REJECTED)
            continue;
        fields[count] = next;
        if (!repeats_itself(fields, count + 1)) {
            read_all(s, fields, count + 1, &r);
            if (r.messages)
                keep_reading(s, &r);
        }
        if (count + 1 < GUESS_FIELDS && a.r.at < s->in.len)
            go_on(s, fields, count + 1, &a);
    }
}

void guess_make(struct bytes in, const struct profile *p, size_t most, struct guess *out)
{
    struct search s = { .in = bytes_slice(in, 0, GUESS_BYTES), .profile = p, .most = most < GUESS_READINGS ? most : GUESS_READINGS, .out = out };
    enum shape fields[GUESS_FIELDS];
    struct attempt begin = { .r = { .in = s.in }, .profile = p };

    *out = (struct guess){ .looked_at = s.in.len };
    if (s.in.len && s.most)
        go_on(&s, fields, 0, &begin);
}

static const char *type_of(const struct guess_field *f)
{
    return f->shape == SHAPE_DWORD && f->negative ? "long" : shapes[f->shape].type;
}

void guess_types(const struct guess_reading *r, struct text *to)
{
    for (size_t i = 0; i < r->field_count; i++)
        text_printf(to, "%s%s", i ? "," : "", r->fields[i].shape == SHAPE_DATA ? "raw" : type_of(&r->fields[i]));
}

struct reasons {
    struct arena *keep;
    const char **out;
    size_t count, room;
};

static void add(struct reasons *to, const char *fmt, ...) PRINTF(2, 3);

static void add(struct reasons *to, const char *fmt, ...)
{
    char line[256];
    va_list args;

    va_start(args, fmt);
    vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    if (to->count < to->room)
        to->out[to->count++] = arena_string(to->keep, line);
}

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

static void field_for(struct reasons *to, const struct guess_field *f, size_t at, size_t messages)
{
    size_t n = at + 1;

    switch (f->shape) {
    case SHAPE_TEXT:
        if (f->some)
            add(to, "field %zu: %zu string%s of %sprintable text, whose length%s fit%s", n, f->some, plural(f->some),
                !f->wide ? "" : f->wide < f->some + f->empty ? "partly wide " : "wide ", plural(f->some), f->some == 1 ? "s" : "");
        break;
    case SHAPE_LIST:
        if (f->some)
            add(to, "field %zu: %zu time%s as many strings of printable text as the count before them says", n, f->some, plural(f->some));
        break;
    case SHAPE_OBJECT:
        if (!f->described)
            add(to, "field %zu: a class that was described before, referred to %zu time%s", n, f->referred, plural(f->referred));
        else
            add(to, "field %zu: class %.*s, schema %u, described%s, and referred to %zu time%s", n, (int)f->some, f->class_name, f->schema,
            f->described == 1 ? " once" : ", with others", f->referred, plural(f->referred));
        break;
    case SHAPE_DATE:
        add(to, "field %zu: a status, and a day from 1927 to 2119 as a double", n);
        break;
    case SHAPE_DATA:
        if (f->some)
            add(to, "field %zu: %zu time%s as many bytes as the number before says", n, f->some, plural(f->some));
        break;
    case SHAPE_BYTE:
    case SHAPE_WORD:
    case SHAPE_DWORD:
        if (f->small == messages)
            add(to, "field %zu: each number is far below what it could hold%s", n, f->negative ? ", or just below 0" : "");
        if (f->clocks == messages)
            add(to, "field %zu: each could be a time from 1990 to 2040", n);
        break;
    case SHAPES:
        break;
    }
}

static void field_against(struct reasons *to, const struct guess_field *f, size_t at, size_t messages)
{
    if (f->shape <= SHAPE_DWORD && f->small + f->clocks < messages)
        add(to, "field %zu: %zu number%s that could be any bytes", at + 1, messages - f->small - f->clocks, plural(messages - f->small - f->clocks));
    if ((f->shape == SHAPE_TEXT || f->shape == SHAPE_LIST) && !f->some)
        add(to, "field %zu: always empty, so that it could be a number that is 0", at + 1);
    if (f->shape == SHAPE_DATA && !f->some)
        add(to, "field %zu: never a byte", at + 1);
}

size_t guess_reasons(const struct guess *g, const struct guess_reading *r, bool for_it, struct arena *keep, const char **out, size_t room)
{
    struct reasons to = { .keep = keep, .out = out, .room = room };
    bool some = false;

    for (size_t i = 0; i < r->field_count; i++) {
        (for_it ? field_for : field_against)(&to, &r->fields[i], i, r->messages);
        some |= tells(&r->fields[i]);
    }
    if (for_it && r->bytes == g->looked_at && some)
        add(&to, "the last message ends with the stream");
    if (for_it && r->messages > 1 && some)
        add(&to, "%zu messages, one behind the other, have this form", r->messages);
    if (!for_it && r->bytes < g->looked_at)
        add(&to, "%zu byte%s unexplained at 0x%zx", g->looked_at - r->bytes, plural(g->looked_at - r->bytes), r->bytes);
    if (!for_it && !some)
        add(&to, "no text, class or date in it: most bytes can be read so");
    if (!for_it && r->messages == 1)
        add(&to, "one message alone: nothing tells where it ends");
    return to.count;
}

/* "text-2"; the number that says how long data is is looked up by its place. */
static void put_name(struct text *to, const struct guess_field *f, size_t at)
{
    text_printf(to, "%s-%zu", shapes[f->shape].name, at + 1);
}

static void put_field(struct json_out *j, const struct guess_reading *r, size_t at)
{
    const struct guess_field *f = &r->fields[at];
    TEXT(name);
    TEXT(length);

    put_name(&name, f, at);
    json_begin(j, NULL, '{');
    json_put_string(j, type_of(f), text_string(&name));
    if (f->shape == SHAPE_DATA) {
        size_t number = at;
        while (number > 0 && r->fields[--number].shape > SHAPE_DWORD)
            ;
        put_name(&length, &r->fields[number], number);
        json_put_string(j, "length", text_string(&length));
    }
    json_end(j, '}');
}

/* The fields of a message; those behind an object's tag are its class's. */
static void put_message(struct json_out *j, const char *name, const struct guess_reading *r)
{
    json_begin(j, name, '[');
    for (size_t i = 0; i < r->field_count; i++) {
        put_field(j, r, i);
        if (r->fields[i].shape == SHAPE_OBJECT)
            break;
    }
    json_end(j, ']');
}

static const struct guess_field *object_of(const struct guess_reading *r, size_t *at)
{
    for (*at = 0; r && *at < r->field_count; ++*at)
        if (r->fields[*at].shape == SHAPE_OBJECT)
            return &r->fields[*at];
    return NULL;
}

static void put_classes(struct json_out *j, const struct guess_reading *const sides[2])
{
    const struct guess_field *first = NULL;

    for (int i = 0; i < 2; i++) {
        SCRATCH(scratch);
        size_t at;
        const struct guess_field *f = object_of(sides[i], &at);
        if (!f || (first && first->some == f->some && memcmp(first->class_name, f->class_name, f->some) == 0))
            continue;
        if (!first)
            json_begin(j, "classes", '{');
        first = f;
        json_begin(j, arena_printf(&scratch, "%.*s", (int)f->some, f->class_name), '[');
        for (size_t k = at + 1; k < sides[i]->field_count; k++)
            put_field(j, sides[i], k);
        json_end(j, ']');
    }
    if (first)
        json_end(j, '}');
}

void guess_layout(const struct guess_reading *client, const struct guess_reading *server, struct text *to)
{
    struct json_out j = { .to = to, .indent = 2 };

    json_begin(&j, NULL, '{');
    json_put_int(&j, "format", 1);
    json_put_string(&j, "layout", "guess");
    json_put_string(&j, "title", "A guess by the shape of the bytes: to be looked at, and given names");
    if (client)
        json_put_string(&j, "client", "from-client");
    if (server)
        json_put_string(&j, "server", "from-server");
    json_begin(&j, "messages", '{');
    if (client)
        put_message(&j, "from-client", client);
    if (server)
        put_message(&j, "from-server", server);
    json_end(&j, '}');
    put_classes(&j, (const struct guess_reading *const[]){ client, server });
    json_end(&j, '}');
    text_char(to, '\n');
}
