/*
 * Values are changed as the service's text has them (smaller.h). What is no text of the type, or cannot be stored, is dropped; whether
 * the rest still fails for the same cause is for whoever tries it.
 */
#include "shrink/rows.h"

#include "archive/objects.h"
#include "json/write.h"
#include "shrink/smaller.h"
#include "vector/mutate.h"

#define ACCEPTED_MAX 256 // smaller values, one after the other
#define TRIED_MAX    16  // positions of a family with smaller values

/* The values of a row, and how they are told. */
struct told {
    const char **names;
    struct type_ref *types;
    const char **texts; // as MAKE has them
    size_t count;
    struct bytes bytes; // what is loaded where that is not what a writer stores; none otherwise
    const char *text;   // … and what TELL says of it
};

/* What stands for the row in a step. */
struct filling {
    const char *types, *text, *make;
    const char *load, *store; // items, joined by commas
    int cause;
};

/* ---- values as items ---- */

static void put_units(struct json_out *j, const char *key, const struct value *v)
{
    bool plain = true;
    TEXT(text);

    for (size_t i = 0; i < v->data.len; i += v->wide ? 2 : 1) {
        unsigned unit = v->data.data[i] | (v->wide ? v->data.data[i + 1] << 8 : 0);
        plain &= unit >= ' ' && unit < 127 && unit != '{';
        text_char(&text, (char)unit);
    }
    if (plain) {
        json_put_string(j, key, text_string(&text));
        return;
    }
    json_begin(j, key, '{');
    if (!v->wide && v->of.type->width == 2) {
        CLEANUP(buffer_free) struct buffer wide = { 0 };
        for (size_t i = 0; i < v->data.len; i++)
            wire_u16(&wide, v->data.data[i]);
        json_put_hex(j, "hex", buffer_bytes(&wide));
    } else {
        json_put_hex(j, "hex", v->data);
    }
    json_end(j, '}');
}

/* As an item of a vector. */
const char *item_of(const struct value *v, const char *name, struct arena *keep)
{
    struct text out = { 0 };
    struct json_out j = { .to = &out };
    const struct type *t = v->of.type;
    TEXT(text);

    json_begin(&j, NULL, '{');
    switch (t->kind) {
    case VALUE_INTEGER:
        if (strcmp(name, "bool") == 0)
            json_put_bool(&j, name, v->number != 0);
        else if (t->is_signed)
            json_put_int(&j, name, (int64_t)v->number);
        else
            json_put_u64(&j, name, v->number);
        break;
    case VALUE_STRING:
        put_units(&j, name, v);
        break;
    case VALUE_BYTES:
        json_put_hex(&j, name, v->data);
        break;
    case VALUE_ARRAY:
        json_begin(&j, name, '[');
        for (size_t i = 0; i < v->count; i++) {
            uint64_t element = 0;
            for (size_t k = t->width; k > 0; k--)
                element = element << 8 | v->data.data[i * t->width + k - 1];
            json_put_u64(&j, NULL, element);
        }
        json_end(&j, ']');
        break;
    case VALUE_LIST:
        json_begin(&j, name, '[');
        for (size_t i = 0; i < v->count; i++)
            put_units(&j, NULL, &v->items[i]);
        json_end(&j, ']');
        break;
    default:
        value_make_text(&text, v);
        json_put_string(&j, name, text_string(&text));
        break;
    }
    json_end(&j, '}');
    const char *item = arena_string(keep, text_string(&out));
    text_free(&out);
    return item;
}

static bool is_text(struct type_ref t)
{
    return t.type->kind == VALUE_OBJECT || t.type->kind == VALUE_CLASS || t.type->kind == VALUE_MAP ||
           (t.type->kind == VALUE_LIST && strncmp(t.type->name, "string", 6) != 0);
}

/* ---- steps ---- */

/* A string of the service's, with what stands for {type}, {text} and {make}. */
static const char *filled(const char *at, const struct filling *f, struct arena *keep)
{
    const struct {
        const char *mark, *text;
    } marks[] = { { "{type}", f->types }, { "{text}", f->text }, { "{make}", f->make } };
    TEXT(out);

    while (*at) {
        size_t k = 0;
        while (k < COUNT_OF(marks) && strncmp(at, marks[k].mark, strlen(marks[k].mark)) != 0)
            k++;
        if (k == COUNT_OF(marks)) {
            text_char(&out, *at++);
            continue;
        }
        at += strlen(marks[k].mark);
        for (const char *c = marks[k].text; c && *c; c++)
            text_add(&out, *c == '{' ? "{{" : (const char[]){ *c, 0 });
    }
    return arena_string(keep, text_string(&out));
}

static void put_item(struct json_out *j, const struct json *item, const struct filling *f, struct arena *keep)
{
    const struct json *row = json_get(item, "row");

    if (row) {
        const char *items = strcmp(row->string, "load") == 0 ? f->load : f->store;
        if (*items)
            json_put_raw(j, NULL, items);
        return;
    }
    json_begin(j, NULL, '{');
    for json_each (part, item) {
        if (part->kind == JSON_STRING)
            json_put_string(j, part->key, filled(part->string, f, keep));
        else if (part->kind == JSON_OBJECT && json_get(part, "cause"))
            json_put_int(j, part->key, f->cause);
        else
            json_put_value(j, part->key, part);
    }
    json_end(j, '}');
}

static void add_steps(struct steps_text *to, size_t *room, const struct json *list, const struct filling *f, struct arena *keep)
{
    for json_each (step, list) {
        TEXT(text);
        struct json_out j = { .to = &text };
        json_begin(&j, NULL, '{');
        for json_each (part, step) {
            if (part->kind != JSON_ARRAY || (strcmp(part->key, "client") != 0 && strcmp(part->key, "server") != 0)) {
                json_put_value(&j, part->key, part);
                continue;
            }
            json_begin(&j, part->key, '[');
            for json_each (item, part)
                put_item(&j, item, f, keep);
            json_end(&j, ']');
        }
        json_end(&j, '}');
        if (to->count == *room) {
            const char **more = ARENA_ARRAY(keep, *room += 16, const char *);
            if (to->count)
                memcpy(more, to->items, to->count * sizeof *more);
            to->items = more;
        }
        to->items[to->count++] = arena_string(keep, text_string(&text));
    }
}

/* ---- a row ---- */

/* All values of it, or false: they are no values of a peer with this profile. */
static bool values_of(const struct rows *r, const struct told *t, struct value *out, struct buffer *stream, struct arena *keep)
{
    struct object_table *table = object_table_new(keep);
    struct error err;

    for (size_t i = 0; i < t->count; i++) {
        if (!value_parse(t->texts[i], t->types[i], r->profile, keep, &out[i], &err) || !value_storable(&out[i], r->profile, table, &err))
            return false;
        value_store(stream, r->profile, table, &out[i]);
    }
    return true;
}

static bool fill(const struct rows *r, const struct told *t, struct filling *f, struct buffer *stream, struct arena *keep)
{
    struct value *values = ARENA_ARRAY(keep, t->count + 1, struct value);
    TEXT(types);
    TEXT(text);
    TEXT(make);
    TEXT(items);

    if (!values_of(r, t, values, stream, keep))
        return false;
    for (size_t i = 0; i < t->count; i++) {
        const char *between = i ? " " : "", *comma = i ? "," : "";
        text_printf(&types, "%s%s", comma, t->names[i]);
        text_printf(&items, "%s%s", comma, is_text(t->types[i]) ? arena_printf(keep, "{\"%s\":\"%s\"}", t->names[i], t->texts[i]) : item_of(&values[i], t->names[i], keep));
        text_add(&text, between);
        value_text(&text, &values[i]);
        text_printf(&make, "%s%s", between, t->texts[i]);
    }
    f->types = arena_string(keep, text_string(&types));
    f->text = t->text ? t->text : arena_string(keep, text_string(&text));
    f->make = arena_string(keep, text_string(&make));
    f->load = f->store = arena_string(keep, text_string(&items));
    if (t->bytes.len) {
        TEXT(hex);
        text_hex(&hex, t->bytes, false);
        f->load = arena_printf(keep, "{\"bytes\":\"%s\"}", text_string(&hex));
    }
    return true;
}

static const struct named_steps *named(const struct named_steps *all, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(all[i].name, name) == 0)
            return &all[i];
    return NULL;
}

/* One position of a family, with what stands behind the last one. */
static struct steps_text position(const struct rows *r, const struct mutant *m, struct filling f, struct arena *keep)
{
    const struct service *s = r->v->service;
    const char *const parts[] = { "request", outcome_name(m->outcome), "after" };
    struct steps_text out = { 0 };
    size_t room = 0;
    TEXT(hex);

    text_hex(&hex, m->bytes, false);
    f.load = m->bytes.len ? arena_printf(keep, "{\"bytes\":\"%s\"}", text_string(&hex)) : "";
    f.text = m->text;
    f.cause = (int)m->cause;
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        const struct named_steps *n = named(s->mutated, s->mutated_count, parts[i]);
        if (n)
            add_steps(&out, &room, n->at, &f, keep);
    }
    return out;
}

/* Whether it fails with these values, at one of so many positions. */
static bool try_values(const struct rows *r, const struct told *t, size_t most, struct steps_text *out, bool *still, struct error *err)
{
    CLEANUP(buffer_free) struct buffer stream = { 0 };
    struct filling f = { 0 };
    size_t room = 0;

    *still = false;
    if (!fill(r, t, &f, &stream, r->keep))
        return true;
    if (!r->v->family) {
        const struct named_steps *op = named(r->v->service->ops, r->v->service->op_count, r->v->op);
        struct steps_text steps = { 0 };
        add_steps(&steps, &room, op->at, &f, r->keep);
        *out = steps;
        return r->try(r->of, &steps, still, err);
    }
    struct random chance = random_for(r->seed, r->v->id, 3000000);
    const struct original of = { t->types, t->count, t->bytes.len ? t->bytes : arena_bytes(r->keep, buffer_bytes(&stream)), r->v->family->kind };
    struct mutants all = of.bytes.len ? mutants_of(&of, r->profile, &chance, r->keep) : (struct mutants){ 0 };
    for (size_t i = 0; i < all.count && i < most && !*still; i++) {
        mutant_expect(&all.items[i], &of, r->profile, r->keep);
        struct steps_text steps = position(r, &all.items[i], f, r->keep);
        if (!r->try(r->of, &steps, still, err))
            return false;
        if (*still)
            *out = steps;
    }
    return true;
}

/* ---- smaller values ---- */

static struct told with_text(const struct told *t, size_t i, const char *text, struct arena *keep)
{
    struct told out = *t;

    out.texts = ARENA_ARRAY(keep, t->count, const char *);
    memcpy(out.texts, t->texts, t->count * sizeof *out.texts);
    out.texts[i] = text;
    return out;
}

static struct told without_value(const struct told *t, size_t which, struct arena *keep)
{
    struct told out = *t;

    out.texts = ARENA_ARRAY(keep, t->count, const char *);
    out.names = ARENA_ARRAY(keep, t->count, const char *);
    out.types = ARENA_ARRAY(keep, t->count, struct type_ref);
    out.count = 0;
    for (size_t i = 0; i < t->count; i++) {
        if (i == which)
            continue;
        out.texts[out.count] = t->texts[i];
        out.names[out.count] = t->names[i];
        out.types[out.count++] = t->types[i];
    }
    return out;
}

/* One step towards smaller values. */
static bool once_smaller(const struct rows *r, struct told *t, struct steps_text *out, bool *some, struct error *err)
{
    *some = false;
    for (size_t i = 0; i < t->count && t->count > 1; i++) {
        struct told less = without_value(t, i, r->keep);
        if (!try_values(r, &less, TRIED_MAX, out, some, err))
            return false;
        if (*some)
            return *t = less, true;
    }
    for (size_t i = 0; i < t->count; i++) {
        struct smaller_texts c;
        smaller_texts(t->texts[i], r->keep, &c);
        for (size_t k = 0; k < c.count; k++) {
            struct told less = with_text(t, i, c.items[k].text, r->keep);
            if (!try_values(r, &less, TRIED_MAX, out, some, err))
                return false;
            if (*some)
                return *t = less, true;
        }
    }
    return true;
}

/* The values of the row, as they are told. Those that are drawn are the ones of the seed. */
static struct told told_of(const struct rows *r)
{
    const struct row *row = r->v->row;
    struct told t = { .types = row->types, .count = row->count };

    t.names = ARENA_ARRAY(r->keep, row->count + 1, const char *);
    t.texts = ARENA_ARRAY(r->keep, row->count + 1, const char *);
    for (size_t i = 0; i < row->count; i++) {
        struct value v;
        TEXT(name);
        TEXT(text);
        type_print(&name, row->types[i]);
        t.names[i] = arena_string(r->keep, text_string(&name));
        if (row->values) {
            v = row->values[i];
        } else {
            struct random chance = random_for(r->seed, r->v->id, 1000000 + i);
            value_draw(&chance, row->types[i], row->min, row->max, r->keep, &v);
        }
        value_make_text(&text, &v);
        t.texts[i] = arena_string(r->keep, text_string(&text));
    }
    const struct bytes *load = row->load ? golden_for(row->load, r->profile, r->keep) : NULL;
    if (load) {
        t.bytes = *load;
        t.text = row->text;
    }
    return t;
}

/* The same as a writer stores them: with what was loaded, such as another schema. */
static struct told canonical_of(const struct rows *r, const struct told *t)
{
    struct told out = *t;
    struct reader in = { .in = t->bytes };
    struct object_table *table = object_table_new(r->keep);

    out.bytes = (struct bytes){ 0 };
    out.text = NULL;
    for (size_t i = 0; i < t->count && t->bytes.len; i++) {
        struct value v;
        TEXT(text);
        value_load(&in, r->profile, table, t->types[i], r->keep, &v);
        if (in.status != WIRE_OK)
            return *t;
        value_make_text(&text, &v);
        out = with_text(&out, i, arena_string(r->keep, text_string(&text)), r->keep);
    }
    return out;
}

bool rows_shrink(const struct rows *r, struct steps_text *out, bool *found, struct error *err)
{
    struct told t = told_of(r);
    struct steps_text steps = { 0 };
    bool some;

    *out = steps;
    if (!try_values(r, &t, SIZE_MAX, out, found, err))
        return false;
    if (!*found || !r->smaller)
        return true;
    // Another form than a writer's, if the writer's fails, too.
    struct told canonical = canonical_of(r, &t);
    if (!try_values(r, &canonical, TRIED_MAX, &steps, &some, err))
        return false;
    if (!some)
        return true;
    *out = steps;
    t = canonical;
    for (int i = 0; i < ACCEPTED_MAX; i++) {
        if (!once_smaller(r, &t, &steps, &some, err))
            return false;
        if (!some)
            break;
        *out = steps;
    }
    return true;
}
