/*
 * Walks over a value's objects, in the order in which a stream carries them. Loading and parsing have bounded
 * their depth.
 */
#include "archive/graph.h"

#include <inttypes.h>

#include "archive/table.h"

static void gather(const struct value *v, struct buffer *into)
{
    if (v->of.type->kind == VALUE_OBJECT && v->class)
        buffer_append(into, &v, sizeof v);
    for (size_t i = 0; v->items && i < v->count; i++)
        gather(&v->items[i], into);
}

struct fresh graph_fresh(const struct value *whole, uint64_t unless_numbered, struct arena *keep)
{
    CLEANUP(buffer_free) struct buffer found = { 0 };
    struct fresh f = { .first = unless_numbered };

    gather(whole, &found);
    f.count = found.len / sizeof *f.objects;
    f.objects = (const struct value **)arena_bytes(keep, buffer_bytes(&found)).data;
    if (f.count && f.objects[0]->number)
        f.first = f.objects[0]->number;
    return f;
}

/* A check of what can be stored: what the objects so far are. */
struct check {
    const struct profile *p;
    const struct object_table *table;
    struct buffer fresh; // classes of the value's own new objects
    struct error *err;
};

static const struct mfc_class *class_of(const struct check *c, uint64_t k)
{
    uint64_t before = c->table ? object_table_objects(c->table) : 0;
    const struct mfc_class *const *fresh = (const struct mfc_class *const *)c->fresh.data;

    if (k <= before)
        return table_at(c->table, table_object(c->table, k))->class;
    return k - before <= c->fresh.len / sizeof *fresh ? fresh[k - before - 1] : NULL;
}

static bool check_value(struct check *c, const struct value *v)
{
    bool (*fits)(const struct value *, const struct profile *) = v->of.type->ops->fits;

    if (fits && !fits(v, c->p)) {
        TEXT(text);
        value_text(&text, v);
        return error_set(c->err, ERROR_INPUT, "%s %s does not fit a %u-bit MFC %s",
                         v->of.type->name, text_string(&text), c->p->bits,
                         profile_generation_name(c->p->generation));
    }
    if (v->of.type->kind == VALUE_OBJECT && v->class)
        buffer_append(&c->fresh, &v->class, sizeof v->class);
    if (v->of.type->kind == VALUE_OBJECT && !v->class && v->number) {
        const struct mfc_class *found = class_of(c, v->number);
        if (!found)
            return error_set(c->err, ERROR_INPUT, "@%" PRIu64 " is not reached", v->number);
        if (v->of.class_name && strcmp(found->name, v->of.class_name) != 0)
            return error_set(c->err, ERROR_INPUT, "@%" PRIu64 " is a %s, expected %s", v->number,
                             found->name, v->of.class_name);
    }
    for (size_t i = 0; v->items && i < v->count; i++)
        if (!check_value(c, &v->items[i]))
            return false;
    return true;
}

bool value_storable(const struct value *v, const struct profile *p,
                    const struct object_table *table, struct error *err)
{
    struct check c = { .p = p, .table = table, .err = err };

    if (!type_offered(v->of, p))
        return error_set(err, ERROR_INPUT, "%s came with MFC %s", v->of.type->name,
                         profile_generation_name(v->of.type->since));
    bool ok = check_value(&c, v);
    buffer_free(&c.fresh);
    return ok;
}
