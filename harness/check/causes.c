/*
 * Causes: what most likely went wrong in the peer, from what was due and what came.
 *
 * One row per cause, the more telling first; the first that fits is named. Each says its evidence in the
 * sentence, so that a reader can disagree.
 */
#include "check/evidence.h"

static const char *type_name(const struct evidence *e)
{
    return e->field && e->field->of.type ? e->field->of.type->mfc : "field";
}

static bool is_kind(const struct evidence *e, enum value_kind k)
{
    return e->field && e->field->of.type && e->field->of.type->kind == k;
}

/* A number that is due in network order, the most significant byte first. */
static bool is_network(const struct evidence *e)
{
    return e->field && e->field->of.type && strncmp(e->field->of.type->name, "net", 3) == 0;
}

static uint64_t number(struct bytes b, bool swapped)
{
    uint64_t v = 0;

    for (size_t i = 0; i < b.len; i++)
        v |= (uint64_t)b.data[i] << 8 * (swapped ? b.len - 1 - i : i);
    return v;
}

bool refusal_read(const struct program *program, size_t i, struct bytes got, struct arena *keep, struct refusal *out)
{
    const struct service *s = program->vector->service;
    struct vector v = { .id = "", .service = s, .clauses = s->end.clauses, .steps = s->refusals[i].steps };
    struct program *p = ARENA_NEW(keep, struct program);
    struct error ignored;

    // Compiled as a conversation of its own; its one RECEIVE is what is looked for. Servers refuse, clients do not.
    if (program->us != PARTY_CLIENT || !program_compile(&v, &program->profile, 0, PARTY_CLIENT, keep, p, &ignored))
        return false;
    for (size_t k = 0; k < p->count; k++) {
        if (p->ops[k].kind != OP_RECEIVE)
            continue;
        struct match m = match_fields(got, p->ops[k].bytes, &p->ops[k].fields, &program->profile, NULL, keep);
        if (m.status != MATCH_DONE)
            continue;
        *out = (struct refusal){ s->refusals[i].name, &p->ops[k], m.kept };
        return true;
    }
    return false;
}

const struct value *refusal_value(const struct refusal *r, const char *name)
{
    const struct value *v = r->values;

    for (size_t i = 0; i < r->op->fields.count; i++) {
        const struct field *f = &r->op->fields.items[i];
        if (f->any && f->name && strcmp(f->name, name) == 0)
            return v;
        v += f->any;
    }
    return NULL;
}

/* The reply is another one that the service knows: refused, an exception. */
static const char *other_reply(const struct evidence *e)
{
    for (size_t i = 0; i < e->program->vector->service->refusal_count; i++) {
        struct refusal r, due;
        if (!refusal_read(e->program, i, e->got, e->keep, &r) || refusal_read(e->program, i, e->due, e->keep, &due))
            continue; // it is not that, or what was due begins so, too
        TEXT(text);
        text_printf(&text, "the peer said \"%s\"", r.name);
        const struct value *v = r.values;
        for (size_t f = 0; f < r.op->fields.count; f++) {
            if (!r.op->fields.items[f].any)
                continue;
            const char *name = r.op->fields.items[f].name;
            text_printf(&text, ", %s ", name ? name : "and");
            value_print(&text, v);
            if (name && strcmp(name, "cause") == 0 && v->number)
                text_printf(&text, " (%s)", cause_name((unsigned)v->number));
            v++;
        }
        return arena_string(e->keep, text_string(&text));
    }
    return NULL;
}

static const char *swapped(const struct evidence *e)
{
    struct bytes due = e->field_due, got = e->field_got;

    if (!is_kind(e, VALUE_INTEGER) && !is_kind(e, VALUE_FLOAT) && !is_kind(e, VALUE_DOUBLE))
        return NULL;
    if (due.len < 2 || due.len > 8 || got.len < due.len) // longer is only a count, whose escapes go before it
        return NULL;
    got.len = due.len;
    bool network = is_network(e);
    const char *order = network ? "little-endian" : "big-endian";
    uint64_t want = number(due, network), plain = number(got, network), turned = number(got, !network);
    uint64_t mask = due.len < 8 ? (1ull << 8 * due.len) - 1 : UINT64_MAX, plus = e->field->plus;
    struct buffer told = { 0 }; // the value before the addition, as the peer would have read it
    for (size_t i = 0; i < due.len; i++)
        wire_u8(&told, (uint8_t)((want - plus) >> 8 * i));
    uint64_t misread = (number(buffer_bytes(&told), true) + plus) & mask;
    buffer_free(&told);
    if (plain == turned)
        return NULL; // it reads the same either way
    if (turned == want)
        return arena_printf(e->keep, "the bytes of this %s stand in %s order: it reads %llu, and %llu with its bytes exchanged",
                            type_name(e), order, (unsigned long long)plain, (unsigned long long)turned);
    if (plus && turned == misread)
        return arena_printf(e->keep, "the peer reads and writes this %s %s: what came is right for the number with its bytes exchanged",
                            type_name(e), order);
    if (want < 256 && plain > 255 && turned < 256)
        return arena_printf(e->keep, "the bytes of this %s stand in %s order: it reads %llu, and %llu with its bytes exchanged",
                            type_name(e), order, (unsigned long long)plain, (unsigned long long)turned);
    return NULL;
}

static const char *elements_swapped(const struct evidence *e)
{
    struct bytes due = e->field_due, got = e->field_got;
    size_t width = is_kind(e, VALUE_TUPLE) ? 4 : is_kind(e, VALUE_ARRAY) ? e->field->of.type->width : 0;

    if (width < 2 || got.len < due.len)
        return NULL;
    struct reader r = { .in = due };
    if (is_kind(e, VALUE_ARRAY))
        archive_load_count(&r, &e->program->profile);
    struct bytes count = bytes_slice(due, 0, r.at), told = bytes_slice(got, 0, r.at);
    if (!bytes_equal(count, told) && number(count, false) != number(told, true))
        return NULL;
    for (size_t at = r.at; at + width <= due.len; at += width)
        if (number(bytes_slice(due, at, width), false) != number(bytes_slice(got, at, width), true))
            return NULL;
    return arena_printf(e->keep, "the elements of this %s stand in big-endian order", type_name(e));
}

/* A short ASCII string of either width, as characters. */
static bool ascii(const struct value *v, struct text *to)
{
    size_t step = v->wide ? 2 : 1;

    if (v->data.len > 64)
        return false;
    for (size_t i = 0; i + step <= v->data.len; i += step) {
        if (v->data.data[i] > 0x7e || v->data.data[i] < 0x20 || (v->wide && v->data.data[i + 1]))
            return false;
        text_char(to, (char)v->data.data[i]);
    }
    return true;
}

/* The text of a number that the peer read with its bytes exchanged. */
static const char *text_swapped(const struct evidence *e)
{
    const struct row *row = e->program->vector->row;

    if (!is_kind(e, VALUE_STRING) || !row || row->count != 1 || row->types[0].type->kind != VALUE_INTEGER)
        return NULL;
    unsigned width = row->types[0].type->width;
    struct reader r = { .in = e->field_got };
    struct value told;
    value_load(&r, &e->program->profile, NULL, e->field->of, e->keep, &told);
    if (r.status != WIRE_OK || width < 2)
        return NULL;
    struct value want, is, wanted;
    struct error ignored;
    struct reader d = { .in = e->field_due };
    value_load(&d, &e->program->profile, NULL, e->field->of, e->keep, &want);
    if (d.status != WIRE_OK)
        return NULL;
    TEXT(said);
    TEXT(due);
    if (!ascii(&told, &said) || !ascii(&want, &due) ||
        !value_parse(text_string(&said), row->types[0], &e->program->profile, e->keep, &is, &ignored) ||
        !value_parse(text_string(&due), row->types[0], &e->program->profile, e->keep, &wanted, &ignored))
        return NULL;
    uint64_t mask = width < 8 ? (1ull << 8 * width) - 1 : UINT64_MAX, turned = 0;
    for (unsigned i = 0; i < width; i++)
        turned |= (is.number >> 8 * i & 0xff) << 8 * (width - 1 - i);
    if ((turned & mask) != (wanted.number & mask))
        return NULL;
    return arena_printf(e->keep, "the peer reads this %s big-endian: it says %s where %s was sent", row->types[0].type->mfc,
                        text_string(&said), text_string(&due));
}

static const struct bytes wide_mark = { (const uint8_t[]){ 0xff, 0xfe, 0xff }, 3 };

static bool is_wide(struct bytes b)
{
    return b.len >= 3 && memcmp(b.data, wide_mark.data, 3) == 0;
}

static const char *width(const struct evidence *e)
{
    if (!is_kind(e, VALUE_STRING) || is_wide(e->field_due) == is_wide(e->field_got) || e->field_got.len == 0)
        return NULL;
    return is_wide(e->field_got) ? "a wide string came where a narrow one was due"
                                 : "a narrow string came where a wide one was due";
}

/* 65534 in the short form: its bytes are the mark of a wide string [STR-6, STR-13]. */
static const char *escape_of_65534(const struct evidence *e)
{
    struct bytes due = e->field_due, got = e->field_got;

    if (!is_kind(e, VALUE_STRING) || is_wide(due) || !is_wide(got))
        return NULL;
    struct reader r = { .in = due };
    bool wide;
    if (archive_load_string_length(&r, &e->program->profile, &wide) != 65534)
        return NULL;
    return "the length 65534 stands in two bytes, FFFE, which says that the string is wide";
}

/* A length that needs the escape was written in one byte: the units follow at once. */
static const char *escape(const struct evidence *e)
{
    struct bytes due = e->field_due, got = e->field_got;

    if (!is_kind(e, VALUE_STRING))
        return NULL;
    size_t mark = is_wide(due) ? 3 : 0;
    if (due.len < mark + 8 || due.data[mark] != 0xff || got.len < mark + 5 || memcmp(due.data, got.data, mark + 1) != 0)
        return NULL;
    struct reader r = { .in = due };
    bool wide;
    uint64_t units = archive_load_string_length(&r, &e->program->profile, &wide);
    struct bytes text = bytes_slice(due, r.at, SIZE_MAX), rest = bytes_slice(got, mark + 1, 4);
    if (text.len < 4 || memcmp(text.data, rest.data, 4) != 0)
        return NULL;
    return arena_printf(e->keep, "the length %llu stands in one byte, FF, which says that a longer form follows",
                        (unsigned long long)units);
}

/* What was due comes, but later: something stands before it. */
static const char *shifted(const struct evidence *e)
{
    if (e->due.len < 2 || e->due.len > e->got.len)
        return NULL;
    const uint8_t *found = memmem(e->got.data, e->got.len, e->due.data, e->due.len);
    if (!found || found == e->got.data)
        return NULL;
    size_t n = (size_t)(found - e->got.data);
    return arena_printf(e->keep, "%zu byte%s stand%s before what was due", n, n == 1 ? "" : "s", n == 1 ? "s" : "");
}

static const char *anything(const struct evidence *e)
{
    if (e->match.reason)
        return arena_printf(e->keep, "no %s: %s", type_name(e), e->match.reason);
    return arena_printf(e->keep, "differs from byte %zu on", e->match.at);
}

// clang-format off
static const struct {
    const char *key;
    const char *(*fits)(const struct evidence *e); // the sentence, or NULL
} causes[] = {
    { "other-reply",   other_reply      },
    { "bytes-swapped", swapped          },
    { "bytes-swapped", elements_swapped },
    { "bytes-swapped", text_swapped     },
    { "length-escape", escape_of_65534  },
    { "string-width",  width            },
    { "length-escape", escape           },
    { "extra-bytes",   shifted          },
    { "differs",       anything         },
};
// clang-format on

void cause_find(const struct evidence *e, const char **cause, const char **sentence)
{
    for (size_t i = 0; i < COUNT_OF(causes); i++)
        if ((*sentence = causes[i].fits(e))) {
            *cause = causes[i].key;
            return;
        }
}
