/*
 * What must hold of rows of golden bytes, and of every type in the table.
 */
#include "test_archive.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

#include "archive/objects.h"

struct bytes wire_of(const char *hex, struct arena *keep)
{
    CLEANUP(buffer_free) struct buffer b = { 0 };
    uint8_t byte;

    while (*hex) {
        if (*hex == ' ' || *hex == '|') {
            hex++;
            continue;
        }
        cr_assert(hex_parse(hex, 2, &byte), "hex at %s", hex);
        hex += 2;
        unsigned long times = 1;
        if (*hex == '*')
            times = strtoul(hex + 1, (char **)&hex, 10);
        while (times--)
            buffer_append(&b, &byte, 1);
    }
    return arena_bytes(keep, buffer_bytes(&b));
}

struct profile profile_of(const char *parts)
{
    struct profile p = profile_default;
    struct error err;

    if (*parts)
        cr_assert(profile_parse(parts, &p, &err), "%s", err.text);
    return p;
}

/* The types of a row, one after the other; false behind the last. */
static bool next_type(const char **list, struct type_ref *out, struct arena *keep)
{
    struct error err;
    size_t len = strcspn(*list, ",");

    if (!**list)
        return false;
    char *name = arena_printf(keep, "%.*s", (int)len, *list);
    *list += len + ((*list)[len] == ',');
    cr_assert(type_parse(name, out, &err), "%s", err.text);
    return true;
}

/* Loads a row's values from r as far as they go, telling them. */
static void load_all(const char *types, const struct profile *p, struct object_table *table,
                     struct reader *r, struct arena *keep, struct text *told)
{
    struct type_ref t;
    struct value v;

    while (next_type(&types, &t, keep)) {
        value_load(r, p, table, t, keep, &v);
        if (r->status != WIRE_OK)
            return;
        if (told->b.len)
            text_char(told, ' ');
        value_text(told, &v);
    }
}

void golden_loads(const struct golden *rows, size_t count, bool loose)
{
    for (const struct golden *g = rows; g < rows + count; g++) {
        SCRATCH(keep);
        TEXT(told);
        struct profile p = profile_of(g->profile);
        struct reader r = { .in = wire_of(g->wire, &keep) };
        load_all(g->types, &p, object_table_new(&keep), &r, &keep, &told);
        cr_expect(eq(int, r.status, WIRE_OK), "%s: %s", g->label, r.reason);
        cr_expect(eq(str, (char *)text_string(&told), (char *)g->text), "%s", g->label);
        cr_expect(eq(sz, r.at, r.in.len), "%s", g->label);
        cr_expect(eq(int, r.loose, loose), "%s", g->label);
    }
}

void golden_stores(const struct golden *rows, size_t count)
{
    for (const struct golden *g = rows; g < rows + count; g++) {
        SCRATCH(keep);
        TEXT(got);
        TEXT(wanted);
        CLEANUP(buffer_free) struct buffer w = { 0 };
        struct profile p = profile_of(g->profile);
        struct object_table *table = object_table_new(&keep);
        const char *types = g->types, *texts = g->text;
        struct type_ref t;
        struct value v;
        struct error err = { 0 };
        while (next_type(&types, &t, &keep)) {
            size_t len = strcspn(texts, " ");
            char *text = arena_printf(&keep, "%.*s", (int)len, texts);
            texts += len + (texts[len] == ' ');
            cr_assert(value_parse(text, t, &p, &keep, &v, &err), "%s: %s", g->label, err.text);
            cr_assert(value_storable(&v, &p, table, &err), "%s: %s", g->label, err.text);
            value_store(&w, &p, table, &v);
        }
        text_hex(&got, buffer_bytes(&w), true);
        text_hex(&wanted, wire_of(g->wire, &keep), true);
        cr_expect(eq(str, (char *)text_string(&got), (char *)text_string(&wanted)), "%s", g->label);
    }
}

/* A copy whose edges the address sanitizer guards; freed by the caller. */
static uint8_t *edged(struct bytes b)
{
    uint8_t *copy = malloc(b.len + !b.len);

    if (b.len)
        memcpy(copy, b.data, b.len);
    return copy;
}

/* Cuts before `until`; each is loaded as far as it goes, then from there with everything at hand. */
static void check_prefix(const struct golden *g, struct bytes wire, size_t len)
{
    SCRATCH(keep);
    TEXT(told);
    struct profile p = profile_of(g->profile);
    uint8_t *cut = edged((struct bytes){ wire.data, len });
    struct reader r = { .in = { cut, len } };
    struct object_table *table = object_table_new(&keep);
    const char *types = g->types;
    struct type_ref t;
    struct value v;

    while (next_type(&types, &t, &keep)) {
        size_t from = r.at;
        value_load(&r, &p, table, t, &keep, &v);
        if (r.status == WIRE_SHORT) {
            cr_expect(gt(sz, r.need, len), "%s cut to %zu", g->label, len);
            cr_expect(le(sz, r.need, wire.len), "%s cut to %zu", g->label, len);
            r = (struct reader){ .in = wire, .at = from };
            value_load(&r, &p, table, t, &keep, &v);
        }
        cr_assert(eq(int, r.status, WIRE_OK), "%s cut to %zu", g->label, len);
        text_add(&told, told.b.len ? " " : "");
        value_text(&told, &v);
    }
    cr_expect(eq(ptr, (void *)r.in.data, (void *)wire.data), "%s cut to %zu is SHORT", g->label,
              len);
    cr_expect(eq(str, (char *)text_string(&told), (char *)g->text), "%s cut to %zu", g->label, len);
    free(cut);
}

void golden_prefixes(const struct golden *rows, size_t count)
{
    for (const struct golden *g = rows; g < rows + count; g++) {
        SCRATCH(keep);
        struct bytes wire = wire_of(g->wire, &keep);
        for (size_t len = 0; len < wire.len; len++)
            if (len < 300 || len + 300 > wire.len || len % 997 == 0)
                check_prefix(g, wire, len);
    }
}

static void check_change(const struct golden *g, struct bytes wire)
{
    SCRATCH(keep);
    CLEANUP(buffer_free) struct buffer w = { 0 };
    TEXT(shown);
    struct profile p = profile_of(g->profile);
    struct span_list spans = { .keep = &keep };
    struct reader r = { .in = wire, .spans = &spans };
    struct object_table *in = object_table_new(&keep), *out = object_table_new(&keep);
    const char *types = g->types;
    struct type_ref t;
    struct value v;

    while (next_type(&types, &t, &keep)) {
        value_load(&r, &p, in, t, &keep, &v);
        if (r.status != WIRE_OK)
            break;
        value_text(&shown, &v);
        value_make_text(&shown, &v);
        value_print(&shown, &v);
        cr_expect(value_equal(&v, &v));
        value_store(&w, &p, out, &v);
    }
    cr_expect(le(sz, r.at, wire.len));
    cr_expect(r.status != WIRE_SHORT || r.need > wire.len, "%s", g->label);
    cr_expect(r.status != WIRE_BAD || r.reason, "%s", g->label);
    for (size_t i = 0; i < spans.count; i++)
        cr_expect(le(sz, spans.items[i].at + spans.items[i].len, wire.len), "%s", g->label);
}

void golden_changes(const struct golden *rows, size_t count)
{
    static const uint8_t likely[] = { 0x00, 0x01, 0x02, 0x03, 0x04, 0x7f, 0x80, 0xfe, 0xff };

    for (const struct golden *g = rows; g < rows + count; g++) {
        SCRATCH(keep);
        struct bytes wire = wire_of(g->wire, &keep);
        uint8_t *copy = edged(wire);
        for (size_t at = 0; at < wire.len && at < 512; at++) {
            for (unsigned i = 0; i < (wire.len <= 32 ? 256 : COUNT_OF(likely) + 8); i++) {
                copy[at] = wire.len <= 32         ? (uint8_t)i
                           : i < COUNT_OF(likely) ? likely[i]
                                                  : wire.data[at] ^ (uint8_t)(1 << (i & 7));
                check_change(g, (struct bytes){ copy, wire.len });
            }
            copy[at] = wire.data[at];
        }
        free(copy);
    }
}

/* Drawn values of one type, each for another profile that has the type. */
static void draw_and_return(struct type_ref t, uint64_t seed)
{
    SCRATCH(keep);
    CLEANUP(buffer_free) struct buffer w = { 0 };
    TEXT(text);
    const struct profile *p = &profile_all[seed % profile_count];
    struct random chance = random_for(seed, t.type->name, 0);
    struct value v, back, again;
    struct error err = { 0 };

    if (!type_offered(t, p) ||
        (p->generation == 70 && strcmp(t.type->name, "oledatetimespan") == 0))
        p = &profile_default; // 7.0 cannot read what it writes [VAL-9]
    value_draw(&chance, t, 0, 0, &keep, &v);
    value_store(&w, p, object_table_new(&keep), &v);
    struct reader r = { .in = buffer_bytes(&w) };
    value_load(&r, p, object_table_new(&keep), t, &keep, &back);
    cr_assert(eq(int, r.status, WIRE_OK), "%s, seed %d", t.type->name, (int)seed);
    cr_expect(eq(sz, r.at, w.len), "%s, seed %d", t.type->name, (int)seed);
    cr_expect(value_equal(&v, &back), "%s, seed %d", t.type->name, (int)seed);
    cr_expect(not(r.loose), "%s, seed %d", t.type->name, (int)seed);
    value_make_text(&text, &back);
    cr_assert(value_parse(text_string(&text), t, p, &keep, &again, &err), "%s", err.text);
    cr_expect(value_equal(&v, &again), "%s from %s", t.type->name, text_string(&text));
    cr_expect(value_equal(&again, &v), "%s from %s", t.type->name, text_string(&text));
}

Test(archive, what_is_drawn_and_stored_loads_as_the_same, .timeout = 60)
{
    for (const struct type *t = type_table; t < type_table + type_count; t++)
        for (uint64_t seed = 0; seed < 1000; seed++)
            draw_and_return((struct type_ref){ .type = t, .size = seed % 20 }, seed);
}

Test(archive, drawing_is_repeatable_and_keeps_its_bounds, .timeout = 10)
{
    struct type_ref t;
    struct error err;

    cr_assert(type_parse("cstring", &t, &err));
    for (uint64_t seed = 0; seed < 100; seed++) {
        SCRATCH(keep);
        struct value a, b;
        struct random x = random_for(seed, "x", 1), y = x;
        value_draw(&x, t, 3, 5, &keep, &a);
        value_draw(&y, t, 3, 5, &keep, &b);
        cr_expect(value_equal(&a, &b));
        cr_expect(a.data.len >= 3 && a.data.len <= 5);
    }
}

// clang-format off
static const struct name_row {
    const char *name;
    bool valid;
} names[] = {
    { "word", true },      { "raw:0", true },     { "raw:1048576", true }, { "raw:12", true },
    { "", false },         { "words", false },    { "Word", false },       { "word:1", false },
    { "raw", false },      { "raw:", false },     { "raw:01", false },     { "raw:1048577", false },
    { "raw:-1", false },   { "raw:1x", false },   { " word", false },      { "a,b", false },
    { "object", true },    { "object:CAge", true }, { "object:CMapWordToOb", true }, { "class", true },
    { "object:", false },  { "object:cage", false }, { "object:CObject", false }, { "class:CAge", false },
    { "halves", false },   { "bstr", false },     { "CAge()", false },     { "mapwordtoob", true },
};
// clang-format on

Test(archive, type_names_are_exact_and_print_as_they_were_parsed, .timeout = 10)
{
    for (const struct name_row *n = names; n < names + COUNT_OF(names); n++) {
        TEXT(printed);
        struct type_ref t;
        struct error err = { 0 };
        cr_expect(eq(int, type_parse(n->name, &t, &err), n->valid), "%s", n->name);
        if (!n->valid)
            continue;
        type_print(&printed, t);
        cr_expect(eq(str, (char *)text_string(&printed), (char *)n->name));
    }
}

Test(archive, types_belong_to_the_generation_that_brought_them, .timeout = 10)
{
    static const char *const new_in_70[] = { "bool",  "longlong", "ulonglong",
                                             "wchar", "cstringa", "cstringw" };
    struct profile p60 = profile_of("generation=6.0"), p70 = profile_of("generation=7.0");

    for (const struct type *t = type_table; t < type_table + type_count; t++) {
        bool late = t->since > 60;
        for (size_t i = 0; i < COUNT_OF(new_in_70); i++)
            if (strcmp(t->name, new_in_70[i]) == 0)
                cr_expect(late, "%s", t->name);
        cr_expect(eq(int, type_offered((struct type_ref){ .type = t }, &p60), !late));
        cr_expect(type_offered((struct type_ref){ .type = t }, &p70));
    }
}
