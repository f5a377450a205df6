#include "agree/golden.h"

#include <assert.h>

#include "archive/objects.h"
#include "vector/vector.h"

static void add(struct golden_list *l, const char *types, struct bytes bytes, size_t profile)
{
    static_assert(sizeof l->items->profiles * 8 >= 24, "a bit for each profile");

    for (struct golden_stream *s = l->items; s < l->items + l->count; s++)
        if (bytes_equal(s->bytes, bytes) && strcmp(s->types, types) == 0) {
            s->profiles |= UINT32_C(1) << profile;
            return;
        }
    if (l->count == l->room) {
        struct golden_stream *more = ARENA_ARRAY(l->keep, 2 * l->room + 64, struct golden_stream);
        if (l->count)
            memcpy(more, l->items, l->count * sizeof *more);
        l->items = more;
        l->room = 2 * l->room + 64;
    }
    l->items[l->count++] = (struct golden_stream){ arena_string(l->keep, types),
                                                   arena_bytes(l->keep, bytes),
                                                   UINT32_C(1) << profile };
}

static void add_row(struct golden_list *l, const struct row *row, size_t profile)
{
    const struct profile *p = &profile_all[profile];
    const struct bytes *store = golden_for(row->store, p, l->keep), *load = golden_for(row->load, p, l->keep);

    for (size_t i = 0; i < row->count; i++)
        if (!type_offered(row->types[i], p))
            return;
    if (store)
        add(l, row->type_text, *store, profile);
    if (load)
        add(l, row->type_text, *load, profile);
}

/* What one party has said so far. */
struct said {
    struct text types;
    struct buffer bytes;
    struct object_table *table;
    bool lost; // something came that is not written down as bytes or values
};

static void put_type(struct said *s, const char *type)
{
    text_add(&s->types, s->types.b.len ? "," : "");
    text_add(&s->types, type);
}

/* The types that a request of the conformance service announces for the raw bytes behind it; NULL if it does not. */
static const char *announced(const struct step *s)
{
    const struct item *op = s->items, *types = s->items + 1;

    if (s->item_count < 3 || op->kind != ITEM_VALUE || types->kind != ITEM_VALUE || types->template ||
        strcmp(op->of.type->name, "word") != 0 || strcmp(types->of.type->name, "cstring") != 0 ||
        (op->value.number != 1 && op->value.number != 2))
        return NULL;
    static char text[400];
    size_t n = 0, width = types->value.wide ? 2 : 1;
    for (; n * width < types->value.data.len && n < sizeof text - 1; n++)
        text[n] = (char)types->value.data.data[n * width];
    text[n] = '\0';
    struct type_ref t;
    struct error err;
    return n && !strchr(text, ',') && type_parse(text, &t, &err) ? text : NULL;
}

static void say_step(struct said *said, const struct step *s, const struct profile *p)
{
    SCRATCH(scratch);
    const struct bytes *golden = golden_for(s->golden, p, &scratch);
    const char *loads = announced(s);
    TEXT(name);
    struct error err;

    for (size_t i = 0; i < s->item_count && !said->lost; i++) {
        const struct item *it = &s->items[i];
        name.b.len = 0;
        if (it->kind == ITEM_BYTES) {
            CLEANUP(buffer_free) struct buffer bytes = { 0 };
            item_say(it, &bytes);
            text_printf(&name, "raw:%zu", bytes.len);
            if (!(loads && i > 2))
                put_type(said, loads && i == 2 ? loads : text_string(&name));
            buffer_append(&said->bytes, golden ? NULL : bytes.data, golden ? 0 : bytes.len);
        } else if (it->kind == ITEM_VALUE && !it->template &&
                   value_storable(&it->value, p, said->table, &err)) {
            type_print(&name, it->of);
            put_type(said, text_string(&name));
            CLEANUP(buffer_free) struct buffer stored = { 0 };
            value_store(&stored, p, said->table, &it->value);
            if (!golden)
                buffer_append(&said->bytes, stored.data, stored.len);
        } else {
            said->lost = true;
            return;
        }
    }
    if (golden)
        buffer_append(&said->bytes, golden->data, golden->len);
}

static void add_case(struct golden_list *l, const struct vector *v, size_t profile)
{
    const struct profile *p = &profile_all[profile];

    if (v->predicate && !profile_matches(p, v->predicate))
        return;
    for (int party = 0; party < 2; party++) {
        SCRATCH(scratch);
        struct said said = { .table = object_table_new(&scratch) };
        const char *on = NULL;
        for (size_t i = 0; i < v->steps.count && !said.lost; i++) {
            const struct step *s = &v->steps.items[i];
            bool restarts = s->kind == STEP_NEW_ARCHIVE;
            if ((s->kind != STEP_SAY && !restarts) || (int)s->who != party)
                continue;
            on = on ? on : s->on;
            if (restarts || strcmp(on, s->on) != 0)
                break;
            say_step(&said, s, p);
        }
        if (said.bytes.len && said.types.b.len)
            add(l, text_string(&said.types), buffer_bytes(&said.bytes), profile);
        text_free(&said.types);
        buffer_free(&said.bytes);
    }
}

bool golden_collect(const char *vectors, struct golden_list *out, struct error *err)
{
    static struct library lib; // lives as long as the program

    if (!library_load(&lib, &vectors, 1, err))
        return false;
    for (size_t i = 0; i < lib.suite_count; i++)
        for (size_t k = 0; k < lib.suites[i].count; k++) {
            const struct vector *v = &lib.suites[i].vectors[k];
            if (v->family)
                continue; // its rows stand elsewhere
            bool again = v->row && k && v[-1].row == v->row; // by another op
            out->cases++;
            for (size_t profile = 0; profile < profile_count && !again; profile++) {
                if (v->row)
                    add_row(out, v->row, profile);
                else
                    add_case(out, v, profile);
            }
        }
    return true;
}
