/*
 * Three kinds of conversation: a talk of several requests, a value whose stream was cut or changed, and an end at a bad moment.
 *
 * Objects are told by the service's own notation, in which @k counts what a direction has carried. ECHO and TELL carry them to
 * the peer, ECHO and MAKE back, so each graph is written once for each direction: by the same chance, from another k on.
 * To the peer a VERSIONABLE class may have any schema, one in a talk; back it has its own. Entries of maps stand in the order of their
 * keys' text, as TELL has them, and what comes back in any order has one new object at most: so k is the same in each.
 */
#include "shrink/grammar.h"

#include <inttypes.h>

#include "archive/objects.h"
#include "json/write.h"
#include "shrink/rows.h"
#include "vector/mutate.h"

#define TURNS_MAX    6
#define REQUESTS_MAX 4 // of one turn, in one message
#define VALUES_MAX   3 // of one request
#define DEPTH_MAX    3
#define BASE_VALUES  3 // of a stream that is changed
#define CLAIM_TRIES  8 // for a stream that claims more than anybody sends: few changes are of that kind
#define FIELDS_BYTES 4096 // a longer one is only cut
#define DEEP         100   // one talk of so many has a table of objects that takes the long form of tags
#define SMALL_INDEXES 32766 // that the short form has [OBJ-1]
#define ENTRIES_MAX  4     // of a map

enum request { ECHO = 1, TELL, MAKE, NEXT, NOTE, NOTES, FLOOD, QUIT };

struct talk {
    const struct grammar *g;
    struct random chance;
    struct json_out j;
    struct arena *keep;
    size_t carried[2];  // objects: to the peer, and back
    uint32_t notes;
    const char *note;   // the last
    unsigned replies;
    bool bulky;         // of this turn: too much for a segment per byte
    uint16_t versioned, letter; // schemas of the VERSIONABLE classes on the way to the peer
};

enum { TO_PEER, BACK };
enum { VERSIONED = 3, LETTER = 700 }; // the classes' own schemas

static uint64_t below(struct talk *t, uint64_t limit)
{
    return random_below(&t->chance, limit);
}

static bool one_in(struct talk *t, uint64_t n)
{
    return below(t, n) == 0;
}

/* ---- values ---- */

/* A value, and how it is said: item as JSON, to the peer and back; text as TELL has it, make as MAKE wants it. */
struct said {
    struct type_ref type;
    const char *name;
    const char *item[2], *text, *make;
    size_t objects; // new ones
};

static bool is_offered(const struct grammar *g, struct type_ref t)
{
    size_t len = strlen(t.type->name);

    if (!type_offered(t, &g->profile) || (g->profile.generation == 70 && strcmp(t.type->name, "oledatetimespan") == 0)) // it cannot read what it writes [VAL-9]
        return false;
    for (const char *at = g->types; at; at = strchr(at, ',')) {
        at += *at == ',';
        if (strncmp(at, t.type->name, len) == 0 && (at[len] == ',' || !at[len]))
            return true;
    }
    return !g->types;
}

static bool has_objects(const struct type *t)
{
    return t->kind == VALUE_OBJECT || t->kind == VALUE_CLASS ||
           ((t->kind == VALUE_LIST || t->kind == VALUE_MAP) && strcmp(t->name, "stringarray") != 0 && strcmp(t->name, "stringlist") != 0 &&
            strcmp(t->name, "mapstringtostring") != 0);
}

static struct said said_value(struct talk *t, const struct value *v, const char *name)
{
    struct said s = { .type = v->of, .name = name };
    TEXT(text);
    TEXT(make);

    s.item[TO_PEER] = s.item[BACK] = item_of(v, name, t->keep);
    value_text(&text, v);
    value_make_text(&make, v);
    s.text = arena_string(t->keep, text_string(&text));
    s.make = arena_string(t->keep, text_string(&make));
    return s;
}

/* A length next to where a longer form begins, or a buffer ends; large: also such as take much. */
static uint64_t edge(struct talk *t, bool large)
{
    static const uint32_t edges[] = { 1, 128, 255, 512, 4096, 65534, 65536 };

    return edges[below(t, large && one_in(t, 8) ? COUNT_OF(edges) : COUNT_OF(edges) - 2)] + below(t, 3) - 1;
}

static struct said said_edge(struct talk *t)
{
    static const char *const names[] = { "cstring", "bytearray", "wordarray", "dwordarray", "raw", "line" };
    struct type_ref type;
    const char *name;

    do {
        name = names[below(t, COUNT_OF(names))];
        type = (struct type_ref){ .type = type_named(strcmp(name, "raw") == 0 ? "raw" : name).type };
    } while (!is_offered(t->g, type));
    bool string = type.type->kind == VALUE_STRING;
    uint64_t n = edge(t, string || type.type->kind == VALUE_BYTES);
    unsigned unit = string ? 'A' + (unsigned)below(t, 26) : (unsigned)below(t, 256);
    if (type.type->kind == VALUE_BYTES) {
        type.size = n;
        name = arena_printf(t->keep, "raw:%" PRIu64, n);
    }
    t->bulky |= n > 300;
    size_t width = type.type->width ? type.type->width : 1, len = n * width;
    uint8_t *bytes = arena_alloc(t->keep, len + 1);
    memset(bytes, 0, len + 1);
    for (size_t i = 0; i < n; i++)
        bytes[i * width] = (uint8_t)unit;
    struct value v = string ? value_string(type, false, (struct bytes){ bytes, len }) : value_bytes(type, (struct bytes){ bytes, len });
    struct said s = said_value(t, &v, name);
    if (type.type->kind == VALUE_BYTES)
        s.item[TO_PEER] = s.item[BACK] = n ? arena_printf(t->keep, "{\"%s\":\"%02x*%" PRIu64 "\"}", name, unit, n) : arena_printf(t->keep, "{\"%s\":\"\"}", name);
    else if (string)
        s.item[TO_PEER] = s.item[BACK] = arena_printf(t->keep, "{\"%s\":{\"unit\":\"%c\",\"times\":%" PRIu64 "}}", name, unit, n);
    else
        s.item[TO_PEER] = s.item[BACK] = arena_printf(t->keep, "{\"%s\":{\"unit\":%u,\"times\":%" PRIu64 "}}", name, unit, n);
    return s;
}

/* Of a type whose values can be drawn alone. */
static struct said said_typed(struct talk *t, struct type_ref type)
{
    struct value v;
    TEXT(name);

    do { // half a unit of a BSTR is written nowhere
        type.size = type.type->kind == VALUE_BYTES ? below(t, 40) : 0;
        value_draw(&t->chance, type, 0, 0, t->keep, &v);
    } while (type.type->kind == VALUE_STRING && v.wide && v.data.len % 2);
    type_print(&name, type);
    return said_value(t, &v, arena_string(t->keep, text_string(&name)));
}

static struct said said_drawn(struct talk *t)
{
    struct type_ref type;

    do
        type = (struct type_ref){ .type = &type_table[below(t, type_count)] };
    while (!is_offered(t->g, type) || has_objects(type.type));
    return said_typed(t, type);
}

/* What begins with a length or count. */
static struct said said_counted(struct talk *t)
{
    static const char *const names[] = { "cstring", "cstringw", "bytearray", "wordarray", "dwordarray", "stringarray", "stringlist", "mapstringtostring" };
    struct type_ref type;

    do
        type = type_named(names[below(t, COUNT_OF(names))]);
    while (!is_offered(t->g, type));
    return said_typed(t, type);
}

/* A graph in the making: from is the first k of its own, older the greatest k that it may name of those before. */
struct graph {
    struct random chance;
    struct text *to;
    size_t from, older, count;
    size_t most;                // new objects
    uint16_t versioned, letter; // schemas
    bool has_stamp, keeps_stamp; // a CLetter's, on the wire; and it is what was drawn, not 0
    unsigned depth;
};

static void put_object(struct graph *g);

static void put_string(struct graph *g)
{
    text_add(g->to, "u:");
    for (uint64_t n = random_below(&g->chance, 5); n; n--)
        text_printf(g->to, "00%02x", (unsigned)('a' + random_below(&g->chance, 26)));
}

static void put_number(struct graph *g)
{
    text_printf(g->to, "%" PRId32, (int32_t)(random_u64(&g->chance) >> random_below(&g->chance, 32)));
}

/* Whoever reads one without a stamp takes it for 0. */
static void put_letter(struct graph *g)
{
    int32_t stamp = (int32_t)(random_u64(&g->chance) >> random_below(&g->chance, 32));

    text_printf(g->to, "CLetter:%u(", g->letter);
    put_string(g);
    if (g->has_stamp)
        text_printf(g->to, ",%" PRId32, g->keeps_stamp ? stamp : 0);
    text_char(g->to, ')');
}

static void put_new(struct graph *g)
{
    uint64_t class = random_below(&g->chance, 6);

    g->count++;
    g->depth++;
    if (class == 4) {
        text_printf(g->to, "CVersioned:%u(", g->versioned);
    } else if (class == 5) {
        put_letter(g);
        g->depth--;
        return;
    } else {
        text_add(g->to, class == 0 ? "CAge(" : class == 1 ? "CNode(" : class == 2 ? "CNetMessage(" : "CTestPoint(");
    }
    if (class == 2) {
        put_string(g);
        text_char(g->to, ',');
        put_string(g);
        text_char(g->to, ',');
    }
    put_number(g);
    if (class == 3) {
        text_char(g->to, ',');
        put_number(g);
    }
    if (class == 1 || class == 3) {
        text_char(g->to, ',');
        put_object(g);
    }
    text_char(g->to, ')');
    g->depth--;
}

static void put_object(struct graph *g)
{
    uint64_t kind = random_below(&g->chance, 6), which = random_u64(&g->chance);

    if (kind == 0)
        text_add(g->to, "null");
    else if (kind == 1 && g->older)
        text_printf(g->to, "@%zu", (size_t)(1 + which % g->older));
    else if ((kind < 3 || g->depth >= DEPTH_MAX) && g->count)
        text_printf(g->to, "@%zu", (size_t)(g->from + which % g->count));
    else if (g->depth >= DEPTH_MAX || g->count >= g->most)
        text_add(g->to, "null");
    else
        put_new(g);
}

/* Keys rise by their text. */
static void put_key(struct graph *g, bool word, uint64_t i)
{
    uint64_t first = 2 * i + random_below(&g->chance, 2), more = random_below(&g->chance, 4);

    text_printf(g->to, word ? "%u" : "u:%04x", (unsigned)(word ? 1 + first : 'a' + first));
    for (; more; more--)
        text_printf(g->to, word ? "%u" : "%04x", (unsigned)(random_below(&g->chance, 10) + (word ? 0 : 'a')));
    text_char(g->to, '=');
}

static const char *graph_text(struct talk *t, struct graph g, const char *name, size_t *objects)
{
    TEXT(text);
    bool map = strncmp(name, "map", 3) == 0, list = strncmp(name, "ob", 2) == 0 && strcmp(name, "object") != 0;

    g.to = &text;
    text_add(&text, map ? "{" : list ? "[" : "");
    for (uint64_t n = map ? random_below(&g.chance, ENTRIES_MAX + 1) : list ? random_below(&g.chance, 5) : 1, i = 0; i < n; i++) {
        text_add(&text, i ? "," : "");
        if (map)
            put_key(&g, strcmp(name, "mapwordtoob") == 0, i);
        put_object(&g);
    }
    text_add(&text, map ? "}" : list ? "]" : "");
    *objects = g.count;
    return arena_string(t->keep, text_string(&text));
}

static const char *const object_types[] = { "object", "obarray", "oblist", "mapstringtoob", "mapwordtoob" };

static bool has_object_types(const struct grammar *g)
{
    for (size_t i = 0; i < COUNT_OF(object_types); i++)
        if (!is_offered(g, type_named(object_types[i])))
            return false;
    return true;
}

/* In a request whose reply goes the other way, too, no object of another one: that direction may not have carried it. */
static struct said said_graph(struct talk *t, enum request op, const size_t before[2])
{
    struct said s = { .name = object_types[below(t, COUNT_OF(object_types))] };
    struct random chance = { random_u64(&t->chance) };
    const char *text[2];

    s.type = type_named(s.name);
    for (int way = TO_PEER; way <= BACK; way++) {
        size_t objects;
        bool own = way == BACK || op == MAKE;
        struct graph g = { .chance = chance, .from = before[way] + 1, .older = op != ECHO ? before[way] : 0,
                           .most = op != TELL && strncmp(s.name, "map", 3) == 0 ? 1 : SIZE_MAX,
                           .versioned = own ? VERSIONED : t->versioned, .letter = own ? LETTER : t->letter,
                           .has_stamp = own || t->letter >= LETTER, .keeps_stamp = op != ECHO || t->letter >= LETTER };
        text[way] = graph_text(t, g, s.name, &objects);
        s.item[way] = arena_printf(t->keep, "{\"%s\":\"%s\"}", s.name, text[way]);
        if (way == (op == MAKE ? BACK : TO_PEER))
            s.objects = objects;
    }
    s.text = text[TO_PEER];
    s.make = text[op == MAKE ? BACK : TO_PEER];
    return s;
}

static struct said said_any(struct talk *t, enum request op, const size_t before[2])
{
    if (one_in(t, 4) && has_object_types(t->g))
        return said_graph(t, op, before);
    return one_in(t, 6) ? said_edge(t) : said_drawn(t);
}

/* ---- requests ---- */

/* What one request says, and the replies that are due: each the items of a message. */
struct exchange {
    const char *request;
    const char *replies[4];
    size_t reply_count;
};

static const char *string_item(const char *type, const char *value, struct arena *keep)
{
    struct text out = { 0 };
    struct json_out j = { .to = &out };

    json_begin(&j, NULL, '{');
    if (strchr(value, '{')) { // else it would name a value
        json_begin(&j, type, '{');
        json_put_string(&j, "unit", value);
        json_put_int(&j, "times", 1);
        json_end(&j, '}');
    } else {
        json_put_string(&j, type, value);
    }
    json_end(&j, '}');
    const char *item = arena_string(keep, text_string(&out));
    text_free(&out);
    return item;
}

static struct exchange values(struct talk *t, enum request op)
{
    size_t n = below(t, VALUES_MAX + 1), before[2] = { t->carried[TO_PEER], t->carried[BACK] };
    struct exchange e = { .reply_count = 1 };
    TEXT(types);
    TEXT(text);
    TEXT(make);
    TEXT(to_peer);
    TEXT(back);

    for (size_t i = 0; i < n; i++) {
        struct said s = said_any(t, op, before);
        text_printf(&types, "%s%s", i ? "," : "", s.name);
        text_printf(&text, "%s%s", i ? " " : "", s.text);
        text_printf(&make, "%s%s", i ? " " : "", s.make);
        text_printf(&to_peer, ",%s", s.item[TO_PEER]);
        text_printf(&back, ",%s", s.item[BACK]);
        before[TO_PEER] += op == MAKE ? 0 : s.objects;
        before[BACK] += op == TELL ? 0 : s.objects;
    }
    memcpy(t->carried, before, sizeof before);
    const char *list = string_item("cstringa", text_string(&types), t->keep);
    e.request = op == MAKE ? arena_printf(t->keep, "{\"word\":3},%s,%s", list, string_item("cstringa", text_string(&make), t->keep))
                           : arena_printf(t->keep, "{\"word\":%d},%s%s", op, list, text_string(&to_peer));
    e.replies[0] = op == TELL ? arena_printf(t->keep, "{\"word\":0},%s", string_item("cstring", text_string(&text), t->keep))
                              : arena_printf(t->keep, "{\"word\":0}%s", text_string(&back));
    return e;
}

static struct exchange flood(struct talk *t)
{
    unsigned count = (unsigned)below(t, 4), size = (unsigned)below(t, 40);
    struct exchange e = { .request = arena_printf(t->keep, "{\"word\":7},{\"word\":%u},{\"dword\":%u}", count, size) };

    for (unsigned i = 0; i < count; i++) {
        TEXT(bytes);
        for (unsigned k = 0; k < size; k++)
            text_printf(&bytes, "%s%u", k ? "," : "", (i + k) % 256);
        e.replies[e.reply_count++] = arena_printf(t->keep, "{\"word\":0},{\"dword\":%u},{\"bytearray\":[%s]}", i, text_string(&bytes));
    }
    return e;
}

static struct exchange any_request(struct talk *t)
{
    static const enum request ops[] = { ECHO, ECHO, TELL, TELL, TELL, MAKE, MAKE, NEXT, NOTE, NOTES, FLOOD };
    enum request op = ops[below(t, COUNT_OF(ops))];
    struct exchange e = { .reply_count = 1 };
    uint32_t number;

    switch (op) {
    case NEXT:
        number = one_in(t, 8) ? UINT32_MAX : (uint32_t)(random_u64(&t->chance) >> below(t, 64));
        e.request = arena_printf(t->keep, "{\"word\":4},{\"dword\":%" PRIu32 "}", number);
        e.replies[0] = arena_printf(t->keep, "{\"word\":0},{\"dword\":%" PRIu32 "}", number + 1);
        return e;
    case NOTE:
        t->notes++;
        t->note = arena_printf(t->keep, "note %" PRIu64, below(t, 1000));
        return (struct exchange){ .request = arena_printf(t->keep, "{\"word\":5},%s", string_item("cstringa", t->note, t->keep)) };
    case NOTES:
        e.request = "{\"word\":6}";
        e.replies[0] = arena_printf(t->keep, "{\"word\":0},{\"dword\":%" PRIu32 "},%s", t->notes, string_item("cstring", t->note, t->keep));
        return e;
    case FLOOD:
        return flood(t);
    default:
        return values(t, op);
    }
}

/* ---- steps ---- */

static void step(struct talk *t, const char *text)
{
    json_put_raw(&t->j, NULL, text);
}

static void replies(struct talk *t, const struct exchange *e)
{
    for (size_t i = 0; i < e->reply_count; i++)
        step(t, arena_printf(t->keep, "{\"server\":[%s],\"check\":\"reply-%u\"}", e->replies[i], ++t->replies));
}

/* Several requests in one message, and then all that is due for them; ends: the client ends its direction in between. */
static void turn(struct talk *t, bool ends)
{
    static const char *const segments[] = { "", "", ",\"segment\":\"one\"", ",\"segment\":\"bytes\"" };
    struct exchange all[REQUESTS_MAX + 1];
    size_t n = 0;
    TEXT(items);

    t->bulky = false;
    for (uint64_t k = one_in(t, 2) ? 1 : 1 + below(t, REQUESTS_MAX); k; k--)
        all[n++] = any_request(t);
    if (ends) // a last word that is answered
        all[n++] = (struct exchange){ "{\"word\":4},{\"dword\":7}", { "{\"word\":0},{\"dword\":8}" }, 1 };
    for (size_t i = 0; i < n; i++)
        text_printf(&items, "%s%s", i ? "," : "", all[i].request);
    const char *segment = segments[below(t, COUNT_OF(segments))];
    if (t->bulky && strstr(segment, "bytes"))
        segment = "";
    step(t, arena_printf(t->keep, "{\"client\":[%s]%s}", text_string(&items), segment));
    if (ends)
        step(t, "{\"end\":\"client\"}");
    for (size_t i = 0; i < n; i++)
        replies(t, &all[i]);
}

/* One of some schemas that the peer may meet; 4.2 takes 0 for none [SCH-4]. */
static void choose_schemas(struct talk *t)
{
    static const uint16_t schemas[] = { VERSIONED, 1, 2, 4, 600, LETTER - 1, LETTER, LETTER + 1, 0x7fff, 65534, 0 };
    size_t count = COUNT_OF(schemas) - (t->g->profile.generation < 60);

    t->versioned = one_in(t, 2) ? VERSIONED : schemas[below(t, count)];
    t->letter = one_in(t, 2) ? LETTER : schemas[below(t, count)];
}

/* So many objects that references to the last of them, and to the classes behind them, have the long form: both ways by ECHO. */
static void fill_table(struct talk *t)
{
    size_t n = SMALL_INDEXES - 6 + below(t, 12), last = n - below(t, 3);
    TEXT(all);

    for (size_t i = 0; i < n; i++)
        text_add(&all, i ? ",CAge(7)" : "CAge(7)");
    t->carried[TO_PEER] = t->carried[BACK] = n;
    step(t, arena_printf(t->keep, "{\"client\":[{\"word\":1},{\"cstringa\":\"obarray\"},{\"obarray\":\"[%s]\"}]}", text_string(&all)));
    step(t, arena_printf(t->keep, "{\"server\":[{\"word\":0},{\"obarray\":\"[%s]\"}],\"check\":\"filled\"}", text_string(&all)));
    const char *few = arena_printf(t->keep, "[@%zu,CNode(1,@%zu),CNode(2,null),@%zu,CVersioned:%u(5)]", last, n, n + 2, t->versioned);
    step(t, arena_printf(t->keep, "{\"client\":[{\"word\":2},{\"cstringa\":\"oblist\"},{\"oblist\":\"%s\"}]}", few));
    step(t, arena_printf(t->keep, "{\"server\":[{\"word\":0},{\"cstring\":\"%s\"}],\"check\":\"told\"}", few));
    few = arena_printf(t->keep, "[@%zu,CNode(1,@%zu),CNode(2,null),@%zu]", last, n, n + 2);
    step(t, arena_printf(t->keep, "{\"client\":[{\"word\":3},{\"cstringa\":\"oblist\"},{\"cstringa\":\"%s\"}]}", few));
    step(t, arena_printf(t->keep, "{\"server\":[{\"word\":0},{\"oblist\":\"%s\"}],\"check\":\"made\"}", few));
    t->carried[TO_PEER] += 3;
    t->carried[BACK] += 2;
}

static void talk(struct talk *t)
{
    uint64_t turns = 1 + below(t, TURNS_MAX), how = below(t, 8);

    step(t, "{\"control\":\"next\"}");
    if (one_in(t, DEEP) && has_object_types(t->g))
        fill_table(t);
    for (uint64_t i = 0; i < turns; i++)
        turn(t, false);
    step(t, "{\"control\":\"next\"}");
    if (how == 0) {
        turn(t, true);
        step(t, "{\"end\":\"server\"}");
    } else if (how == 1) {
        step(t, "{\"client\":[{\"word\":8}]}");
        step(t, "{\"server\":[{\"word\":0}],\"check\":\"quit\"}");
        step(t, "{\"end\":\"server\"}");
        step(t, "{\"control\":\"next\",\"on\":\"fresh\"}");
    } else if (how == 2) {
        step(t, "{\"reset\":\"client\"}");
        step(t, "{\"control\":\"next\",\"on\":\"fresh\"}");
    } else if (how == 3) {
        step(t, "{\"client\":[{\"word\":3},{\"cstringa\":\"word\"},{\"cstringa\":\"x\"}]}");
        step(t, "{\"server\":[{\"word\":3},{\"cstring\":{\"any\":true,\"as\":\"reason\"}}],\"check\":\"bad-text\"}");
        step(t, "{\"control\":\"next\"}");
    } else if (how == 4) {
        step(t, arena_printf(t->keep, "{\"client\":[{\"word\":%u}]}", (unsigned)(11 + below(t, 65525))));
        step(t, "{\"server\":[{\"word\":1},{\"cstring\":{\"any\":true,\"as\":\"reason\"}}],\"check\":\"refused\"}");
        step(t, "{\"end\":\"server\"}");
        step(t, "{\"control\":\"next\",\"on\":\"fresh\"}");
    }
}

/* What is due for a stream that the end of the client's direction follows. */
static void outcome(struct talk *t, const struct mutant *m)
{
    const char *end = "{\"end\":\"server\"}";

    switch (m->outcome) {
    case OUTCOME_LOADS:
    case OUTCOME_LEAVES:
        step(t, arena_printf(t->keep, "{\"server\":[{\"word\":0},%s],\"check\":\"loaded\"}", string_item("cstring", m->text, t->keep)));
        if (m->outcome == OUTCOME_LEAVES)
            end = "{\"end\":\"server\",\"before\":\"anything\",\"unguarded\":\"What stands behind the values is a request or is none.\"}";
        break;
    case OUTCOME_REFUSED:
        step(t, "{\"server\":[{\"word\":2}],\"part\":true,\"check\":\"refused\"}");
        step(t, arena_printf(t->keep, "{\"server\":[{\"word\":%d}],\"check\":\"cause\"}", m->cause));
        break;
    case OUTCOME_CLAIMS:
        step(t, "{\"server\":[{\"word\":2},{\"word\":{\"any\":true,\"as\":\"cause\"}}],\"check\":{\"name\":\"refused-claim\",\"level\":\"should\"}}");
        break;
    case OUTCOME_OPEN:
    case OUTCOME_COUNT:
        end = "{\"end\":\"server\",\"before\":\"anything\",\"unguarded\":\"The rules leave open what happens, but that it ends.\"}";
        break;
    }
    step(t, end);
}

/* One stream that was cut or changed, and what the format says comes of it. */
static void changed(struct talk *t)
{
    const struct profile *p = &t->g->profile;
    size_t before[2] = { 0 }, n = 1 + below(t, BASE_VALUES);
    struct object_table *table = object_table_new(t->keep);
    struct type_ref types[BASE_VALUES];
    CLEANUP(buffer_free) struct buffer stream = { 0 };
    TEXT(names);
    bool claims = one_in(t, 3);
    TEXT(hex);

    step(t, "{\"control\":\"next\"}");
    for (size_t i = 0; i < n; i++) {
        struct said s = claims && i == 0 ? said_counted(t) : said_any(t, TELL, before);
        struct value v;
        struct error err;
        if (!value_parse(s.make, s.type, p, t->keep, &v, &err) || !value_storable(&v, p, table, &err)) {
            n = i;
            break;
        }
        value_store(&stream, p, table, &v);
        before[TO_PEER] += s.objects;
        types[i] = s.type;
        text_printf(&names, "%s%s", i ? "," : "", s.name);
    }
    const struct original of = { types, n, buffer_bytes(&stream), stream.len > FIELDS_BYTES || (!claims && one_in(t, 2)) ? FAMILY_PREFIX : FAMILY_FIELD };
    struct mutants all = stream.len ? mutants_of(&of, p, &t->chance, t->keep) : (struct mutants){ 0 };
    struct mutant m = { .bytes = of.bytes };
    for (int tries = 0; tries < CLAIM_TRIES; tries++) {
        m = all.count ? all.items[below(t, all.count)] : m;
        mutant_expect(&m, &of, p, t->keep);
        if (!claims || m.outcome == OUTCOME_CLAIMS)
            break;
    }
    text_hex(&hex, m.bytes, false);
    step(t, arena_printf(t->keep, "{\"client\":[{\"word\":2},%s%s]}", string_item("cstringa", text_string(&names), t->keep),
                         m.bytes.len ? arena_printf(t->keep, ",{\"bytes\":\"%s\"}", text_string(&hex)) : ""));
    step(t, "{\"end\":\"client\"}");
    outcome(t, &m);
    step(t, "{\"client\":[{\"word\":4},{\"dword\":7}],\"on\":\"fresh\"}");
    step(t, "{\"server\":[{\"word\":0},{\"dword\":8}],\"on\":\"fresh\",\"check\":\"survives\"}");
}

const char *grammar_case(const struct grammar *g, uint64_t number, struct arena *keep)
{
    static const char *const clauses[] = { "SVC-4", "SVC-6", "SVC-14", "SVC-17", "SVC-19", NULL };
    struct text out = { 0 };
    struct talk t = { .g = g, .chance = random_for(g->seed, GRAMMAR_SUITE, number), .j = { .to = &out }, .keep = keep, .note = "" };
    bool is_changed = one_in(&t, 3);
    choose_schemas(&t);

    json_begin(&t.j, NULL, '{');
    json_put_int(&t.j, "format", 1);
    json_put_string(&t.j, "suite", GRAMMAR_SUITE);
    json_put_string(&t.j, "service", "conformance");
    json_put_string(&t.j, "title", "Conversations by chance");
    if (is_changed)
        json_put_bool(&t.j, "memory", true);
    json_begin(&t.j, "cases", '[');
    json_begin(&t.j, NULL, '{');
    json_put_string(&t.j, "id", arena_printf(keep, "%s-%" PRIx64 "-%" PRIu64, GRAMMAR_SUITE, g->seed, number));
    json_put_int(&t.j, "rev", 1);
    json_put_int(&t.j, "since", 1);
    json_put_string(&t.j, "title", is_changed ? "A stream that was cut or changed" : "A talk by chance");
    json_put_strings(&t.j, "clauses", clauses);
    json_begin(&t.j, "steps", '[');
    (is_changed ? changed : talk)(&t);
    json_end(&t.j, ']');
    json_end(&t.j, '}');
    json_end(&t.j, ']');
    json_end(&t.j, '}');
    const char *text = arena_string(keep, text_string(&out));
    text_free(&out);
    return text;
}
