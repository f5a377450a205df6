/*
 * A line is either plain (any types, drawn by the codec's own table, or here where that keeps to what every
 * profile can) or a graph: objects that hold, share and lie within each other, told as MAKE is told them.
 */
#include "agree/draw.h"

#include <inttypes.h>

#include "archive/objects.h"

#define DEPTH_MAX 4 // objects within each other, mostly

static const struct profile *any_profile(struct random *chance)
{
    return &profile_all[random_below(chance, profile_count)];
}

static bool one_in(struct random *chance, uint64_t n)
{
    return random_below(chance, n) == 0;
}

static struct type_ref type_of(const char *name)
{
    struct type_ref t = { 0 };
    struct error err;

    type_parse(name, &t, &err);
    return t;
}

static void put_units(struct random *chance, struct text *to, char letter, uint64_t n, uint64_t limit)
{
    text_printf(to, "%c:", letter);
    while (n--)
        text_printf(to, "%0*" PRIx64, letter == 'a' || letter == 'r' ? 2 : 4,
                    random_below(chance, limit));
}

/* A value of that type by the table. */
static void put_drawn(struct random *chance, struct text *to, const char *type, struct arena *keep)
{
    struct value v;

    value_draw(chance, type_of(type), 0, 0, keep, &v);
    value_make_text(to, &v);
}

// clang-format off
static const struct kind {
    unsigned vt;
    uint8_t since;
    const char *type; // whose text the value has; NULL: it has none
} kinds[] = {
    { 0,  42, NULL    }, { 1,  42, NULL    }, { 2,  42, "short"  }, { 3,  42, "long"     }, { 4,  42, "float"     },
    { 5,  42, "double" }, { 6, 42, "longlong" }, { 7, 42, "double" }, { 8, 42, "combstr" }, { 10, 42, "long"      },
    { 11, 42, "bool"  }, { 16, 71, "char"  }, { 17, 42, "byte"   }, { 18, 71, "word"     }, { 19, 71, "dword"     },
    { 20, 71, "longlong" }, { 21, 71, "ulonglong" },
};
// clang-format on

static void put_variant(struct random *chance, const struct profile *p, struct text *to,
                        struct arena *keep)
{
    const struct kind *k;

    do
        k = &kinds[random_below(chance, COUNT_OF(kinds))];
    while (k->since > p->generation);
    text_printf(to, "(%u", k->vt);
    if (k->type) {
        text_char(to, ',');
        put_drawn(chance, to, k->type, keep);
    }
    text_char(to, ')');
}

/* Numbers of every length, and both neighbours of the powers of two. */
static uint64_t draw_number(struct random *chance)
{
    uint64_t n = random_u64(chance) >> random_below(chance, 64);

    return one_in(chance, 3) ? (UINT64_C(1) << random_below(chance, 64)) + random_below(chance, 4) - 2
                             : n;
}

/* What the table's drawing leaves out because some profile lacks it; false: nothing. */
static bool put_wider(struct random *chance, const struct profile *p, const char *type,
                      struct text *to, struct arena *keep)
{
    bool is_long = p->bits == 64 && p->generation >= 70;
    uint64_t n = random_below(chance, 70);

    if (strcmp(type, "olevariant") == 0)
        put_variant(chance, p, to, keep);
    else if (strcmp(type, "count") == 0)
        text_printf(to, "%" PRIu64, is_long ? draw_number(chance) : (uint32_t)draw_number(chance));
    else if (strcmp(type, "time") == 0 && p->generation >= 80)
        text_printf(to, "%" PRId64, (int64_t)draw_number(chance));
    else if (strcmp(type, "cstringa") == 0)
        put_units(chance, to, 'a', n, 256);
    else if (strcmp(type, "cstringw") == 0)
        put_units(chance, to, 'w', n, 65536);
    else if (strcmp(type, "combstr") == 0)
        put_units(chance, to, 'u', n, 65536);
    else if (strcmp(type, "cstring") == 0 && one_in(chance, 2))
        put_units(chance, to, 'u', n, one_in(chance, 4) ? 8 : 256);
    else
        return false;
    return true;
}

static struct drawn draw_plain(struct random *chance, struct arena *keep)
{
    struct drawn d = { .profile = any_profile(chance), .count = 1 + random_below(chance, 4) };
    TEXT(types);
    TEXT(text);

    for (size_t i = 0; i < d.count; i++) {
        struct type_ref t;
        TEXT(name);
        do
            t = (struct type_ref){ .type = &type_table[random_below(chance, type_count)] };
        while (!type_offered(t, d.profile));
        if (t.type->kind == VALUE_BYTES)
            t.size = random_below(chance, 80);
        if (t.type->kind == VALUE_OBJECT && one_in(chance, 2))
            t.class_name = class_table[random_below(chance, class_count)].name;
        type_print(&name, t);
        text_printf(&types, "%s%s", i ? "," : "", text_string(&name));
        text_add(&text, i ? " " : "");
        if (!put_wider(chance, d.profile, t.type->name, &text, keep))
            put_drawn(chance, &text, text_string(&name), keep);
    }
    d.types = arena_string(keep, text_string(&types));
    d.text = arena_string(keep, text_string(&text));
    return d;
}

/* A graph in the making. */
struct graph {
    struct random *chance;
    struct text *to;
    struct arena *keep;
    const struct mfc_class *made[512]; // by k
    size_t count;
    unsigned depth;
    bool leaves_only; // within a map, where the order of new objects is open
};

static void put_object(struct graph *g, const char *requested);

static void put_key(struct graph *g, bool is_word, size_t place)
{
    uint64_t key = place * 1000 + random_below(g->chance, 1000);

    if (is_word)
        text_printf(g->to, "%" PRIu64, key);
    else // digits, so that no key stands twice
        text_printf(g->to, "u:%04" PRIx64 "%04" PRIx64, '0' + place, 'a' + key % 26);
}

/* The k of a random object made so far, of that class if one is requested; 0: there is none. */
static size_t any_made(struct graph *g, const char *requested)
{
    for (int tries = 0; g->count && tries < 8; tries++) {
        size_t k = 1 + random_below(g->chance, g->count);
        if (!requested || strcmp(g->made[k - 1]->name, requested) == 0)
            return k;
    }
    return 0;
}

/* At most one new object, which holds no other: bucket order decides the numbers [COL-13]. */
static void put_map(struct graph *g, const struct type *t)
{
    size_t n = random_below(g->chance, 5), fresh = random_below(g->chance, 5);
    bool outer = g->leaves_only;

    text_char(g->to, '{');
    for (size_t i = 0; i < n; i++) {
        text_add(g->to, i ? "," : "");
        put_key(g, strcmp(t->fields[0].type, "word") == 0, i);
        text_char(g->to, '=');
        size_t known = any_made(g, NULL);
        g->leaves_only = true;
        if (strcmp(t->fields[1].type, "cstring") == 0)
            put_drawn(g->chance, g->to, "cstring", g->keep);
        else if (i == fresh && !outer)
            put_object(g, "CAge");
        else if (known && known < g->count) // not the one that this map has made
            text_printf(g->to, "@%zu", known);
        else
            text_add(g->to, "null");
        g->leaves_only = outer;
    }
    text_char(g->to, '}');
}

static void put_list(struct graph *g)
{
    size_t n = random_below(g->chance, 6);

    text_char(g->to, '[');
    for (size_t i = 0; i < n; i++) {
        text_add(g->to, i ? "," : "");
        put_object(g, NULL);
    }
    text_char(g->to, ']');
}

static void put_value(struct graph *g, struct type_ref t);

static void put_fields(struct graph *g, const struct value_part *f, uint16_t schema)
{
    text_char(g->to, '(');
    for (bool first = true; f->name; f++) {
        if (f->since > schema)
            continue;
        text_add(g->to, first ? "" : ",");
        first = false;
        put_value(g, type_of(f->type));
    }
    text_char(g->to, ')');
}

static void put_value(struct graph *g, struct type_ref t)
{
    TEXT(name);

    type_print(&name, t);
    if (t.type->kind == VALUE_OBJECT)
        put_object(g, t.class_name);
    else if (t.type->kind == VALUE_MAP)
        put_map(g, t.type);
    else if (t.type->kind == VALUE_LIST && strcmp(t.type->fields->type, "object") == 0)
        put_list(g);
    else
        put_drawn(g->chance, g->to, text_string(&name), g->keep);
}

static uint16_t draw_schema(struct random *chance, const struct mfc_class *c)
{
    if (!c->versionable || !one_in(chance, 6))
        return c->schema;
    return (uint16_t)(one_in(chance, 4) ? random_below(chance, 65536)
                                        : c->schema + random_below(chance, 5) - 2);
}

static void put_new(struct graph *g, const struct mfc_class *c)
{
    uint16_t schema = draw_schema(g->chance, c);
    static const struct {
        const char *class;
        struct value_part fields[5];
    } bodies[] = {
        { "CAge", { { "age", "long" } } },
        { "CNode", { { "value", "long" }, { "next", "object" } } },
        { "CNetMessage", { { "from", "cstring" }, { "text", "cstring" }, { "time", "long" } } },
        { "CTestPoint", { { "x", "long" }, { "y", "long" }, { "next", "object" } } },
        { "CVersioned", { { "value", "long" } } },
        { "CLetter", { { "text", "cstring" }, { "stamp", "long", 700 } } },
    };

    g->made[g->count++] = c;
    text_add(g->to, c->name);
    if (c->versionable)
        text_printf(g->to, ":%u", schema);
    g->depth++;
    size_t i = 0;
    while (i < COUNT_OF(bodies) && strcmp(bodies[i].class, c->name) != 0)
        i++;
    if (i < COUNT_OF(bodies))
        put_fields(g, bodies[i].fields, schema);
    else
        put_value(g, type_of(c->body));
    g->depth--;
}

static void put_object(struct graph *g, const char *requested)
{
    struct random *chance = g->chance;
    size_t known = any_made(g, requested);
    bool deep = g->depth >= DEPTH_MAX && !one_in(chance, 20);

    if (one_in(chance, 10) || g->count == COUNT_OF(g->made) || (deep && !known)) {
        text_add(g->to, "null");
    } else if (known && (deep || one_in(chance, 3))) {
        text_printf(g->to, "@%zu", known);
    } else if (g->leaves_only) {
        put_new(g, class_find(bytes_of("CAge")));
    } else {
        const struct mfc_class *c = requested ? class_find(bytes_of(requested))
                                              : &class_table[random_below(chance, class_count)];
        put_new(g, c);
    }
}

static struct drawn draw_graph(struct random *chance, struct arena *keep)
{
    static const char *const types[] = { "object", "object", "object", "obarray", "oblist",
                                         "mapstringtoob", "mapwordtoob", "class", "word",
                                         "cstring" };
    struct drawn d = { .profile = any_profile(chance), .count = 1 + random_below(chance, 6) };
    TEXT(names);
    TEXT(text);
    struct graph *g = ARENA_NEW(keep, struct graph);

    *g = (struct graph){ .chance = chance, .to = &text, .keep = keep };
    for (size_t i = 0; i < d.count; i++) {
        struct type_ref t = type_of(types[random_below(chance, COUNT_OF(types))]);
        if (t.type->kind == VALUE_OBJECT && one_in(chance, 4))
            t.class_name = class_table[random_below(chance, class_count)].name;
        TEXT(name);
        type_print(&name, t);
        text_printf(&names, "%s%s", i ? "," : "", text_string(&name));
        text_add(&text, i ? " " : "");
        put_value(g, t);
    }
    d.types = arena_string(keep, text_string(&names));
    d.text = arena_string(keep, text_string(&text));
    return d;
}

struct drawn draw(struct random *chance, struct arena *keep)
{
    return one_in(chance, 2) ? draw_plain(chance, keep) : draw_graph(chance, keep);
}

/* Next to where a longer form begins. */
static uint64_t edge(struct random *chance)
{
    static const uint64_t edges[] = { 255, 255, 255, 65534, 65535, 65536 };

    return edges[random_below(chance, COUNT_OF(edges))] + random_below(chance, 3) - 1;
}

struct drawn draw_long(struct random *chance, struct arena *keep)
{
    static const struct {
        const char *type, *unit; // unit: in X*N:unit; NULL: a list of as many elements
        uint64_t limit;
    } rows[] = {
        { "cstring", "u*%llu:%04llx", 0x7f },    { "cstringa", "a*%llu:%02llx", 0xff },
        { "cstringw", "w*%llu:%04llx", 0xffff }, { "combstr", "u*%llu:%04llx", 0xffff },
        { "bytearray", "[*%llu:%llu]", 0xff },   { "wordarray", "[*%llu:%llu]", 0xffff },
        { "dwordarray", "[*%llu:%llu]", 0xffff }, { "stringarray", NULL, 0 },
        { "stringlist", NULL, 0 },               { "obarray", NULL, 0 },
        { "oblist", NULL, 0 },                   { "line", "u*%llu:%04llx", 0x7f },
    };
    size_t i = random_below(chance, COUNT_OF(rows));
    struct drawn d = { .profile = any_profile(chance), .types = rows[i].type, .count = 1 };
    uint64_t n = edge(chance), unit = random_below(chance, rows[i].limit);
    TEXT(text);

    while (!type_offered(type_of(d.types), d.profile))
        d.profile = any_profile(chance);
    if (strcmp(d.types, "line") == 0) {
        n = 128 * (1 + random_below(chance, 3)) + random_below(chance, 3) - 1; // its chunks [STR-28]
        unit = 'a';
    }
    if (rows[i].unit) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        text_printf(&text, rows[i].unit, (unsigned long long)n, (unsigned long long)unit);
#pragma GCC diagnostic pop
    } else {
        bool strings = strncmp(d.types, "string", 6) == 0;
        text_char(&text, '[');
        for (uint64_t k = 0; k < n; k++)
            text_printf(&text, "%s%s", k ? "," : "", strings ? "u:" : "null");
        text_char(&text, ']');
    }
    d.text = arena_string(keep, text_string(&text));
    return d;
}

/* Enough objects that the next indexes are around 7fff [OBJ-1], then references and classes, each on its own. */
struct drawn draw_big_tags(struct random *chance, struct arena *keep)
{
    struct drawn d = { .profile = any_profile(chance), .count = 9 };
    size_t n = 32763 + random_below(chance, 6); // index of the last one: n + 1
    TEXT(text);

    text_char(&text, '[');
    for (size_t k = 0; k < n; k++)
        text_printf(&text, "%sCAge(%zu)", k ? "," : "", k);
    text_printf(&text, "] CNode(1,@%zu) CNode(2,@%zu) @%zu @%zu CTestPoint(1,2,@1) CNode(3,@%zu) CAge:1 CTestPoint:7",
                n - 1, n + 1, n + 2, n, n + 3);
    d.types = "obarray,object,object,object,object:CAge,object,object:CNode,class,class";
    d.text = arena_string(keep, text_string(&text));
    return d;
}
