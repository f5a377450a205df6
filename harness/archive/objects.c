/*
 * Objects and classes on the wire [6].
 *
 *   object    0000                       null
 *             w, or 7fff d               the object with that index
 *             class body                 a new one
 *   class     ffff schema length name    seen for the first time
 *             8000|w, or 7fff 80000000|d the class with that index
 *
 * Class and object are registered before the body is read or written, so a body can refer to its own object.
 * References are kept by number; nothing here follows one. The texts are in object_text.c.
 */
#include "archive/objects.h"

#include <assert.h>
#include <inttypes.h>

#include "archive/ops.h"
#include "archive/table.h"

#define CLASS_NAME_MAX 63     // bytes; longer ones are left unread [OBJ-25, 6.5 row 5]
#define BIG            0x7fff // from this index on the tag has 32 bits [OBJ-1]
#define BIG_CLASS      0x80000000

/* What a tag says. */
struct tag {
    size_t at;             // where it begins
    bool is_class, is_new; // is_new: a description follows
    uint32_t index;        // 0: null, or no class at all
};

static struct tag load_tag(struct reader *r)
{
    struct tag t = { .at = r->at };
    uint16_t word = reader_u16(r);
    uint32_t dword;

    if (word == 0xffff) {
        t.is_class = t.is_new = true;
    } else if (word == BIG) {
        dword = reader_u32(r);
        t.is_class = dword & BIG_CLASS;
        t.index = dword & ~BIG_CLASS;
        if (t.index < BIG)
            reader_loosen(r, t.at, ODD_TAG);
    } else {
        t.is_class = word & 0x8000;
        t.index = word & 0x7fff;
    }
    reader_landmark(r, t.at, LANDMARK_TAG, word, false);
    return t;
}

/* A description of a class, behind its tag; registers it. NULL on failure. */
static const struct mfc_class *load_description(struct load *l, size_t tag_at, uint16_t *schema)
{
    struct reader *r = l->r;
    size_t schema_at = r->at;

    *schema = reader_u16(r);
    reader_landmark(r, schema_at, LANDMARK_SCHEMA, *schema, false);
    size_t len_at = r->at, len = reader_u16(r), name_at = r->at;
    reader_landmark(r, len_at, LANDMARK_NAME_LENGTH, len, false);
    if (len > CLASS_NAME_MAX)
        reader_reject_at(r, len_at, CAUSE_BAD_CLASS, "a class name of 64 bytes or more");
    bool named = r->status == WIRE_OK;
    struct bytes name = reader_take(r, len);
    if (named && r->status == WIRE_SHORT)
        r->cut = CAUSE_BAD_CLASS; // not endOfFile [6.5 row 6]
    if (r->status != WIRE_OK)
        return NULL;
    const struct mfc_class *c = class_find(name);
    if (!c)
        reader_reject_at(r, name_at, CAUSE_BAD_CLASS, "a class that nobody knows");
    else if (*schema != c->schema && !c->versionable)
        reader_reject_at(r, schema_at, CAUSE_BAD_SCHEMA,
                  "another schema of a class that is not VERSIONABLE");
    else if (table_described(l->table, c, *schema))
        reader_odd(r, tag_at, ODD_CLASS);
    if (r->status == WIRE_OK && !table_add_class(l->table, c, *schema))
        reader_reject_at(r, tag_at, CAUSE_BAD_INDEX, "more entries than an archive can number");
    if (r->status != WIRE_OK)
        return NULL;
    reader_note(r, tag_at, "new class %s, schema %u, index %zu", c->name, *schema, object_table_entries(l->table));
    return c;
}

/* An index of the right kind; NULL on failure. Before 9 a wrong kind is misused memory, not an exception. */
static const struct entry *find_entry(struct load *l, const struct tag *t)
{
    const struct entry *e = table_at(l->table, t->index);

    if (!e)
        reader_reject_by(l->r, t->at, CAUSE_BAD_INDEX, t->index ? "OBJ-22" : "TAB-6.2",
                  t->is_class ? "a class index that is not in use"
                              : "an object index that is not in use");
    else if (!e->class)
        reader_reject_at(l->r, t->at, CAUSE_BAD_INDEX, "an entry that was carried unseen");
    else if (e->is_class != t->is_class)
        reader_reject_by(l->r, t->at, l->p->generation >= 90 ? CAUSE_BAD_INDEX : CAUSE_NONE, "TAB-6.2",
                  t->is_class ? "a class reference to an object"
                              : "an object reference to a class");
    return l->r->status == WIRE_OK ? e : NULL;
}

/* The class that a class tag names, new or known; NULL on failure. */
static const struct mfc_class *load_class(struct load *l, const struct tag *t, uint16_t *schema)
{
    if (t->is_new)
        return load_description(l, t->at, schema);
    const struct entry *e = find_entry(l, t);
    if (!e)
        return NULL;
    *schema = table_schema(l->table, e->class);
    reader_note(l->r, t->at, "class %s, index %u", e->class->name, t->index);
    return e->class;
}

static void load_new(struct load *l, const struct tag *t, struct value *v)
{
    const char *requested = v->of.class_name;
    const struct mfc_class *c = load_class(l, t, &v->schema);

    if (!c)
        return;
    if (requested && strcmp(c->name, requested) != 0)
        reader_reject_at(l->r, t->at, CAUSE_BAD_CLASS, "an object of another class than requested");
    else if (!table_add_object(l->table, c, v->schema))
        reader_reject_at(l->r, t->at, CAUSE_BAD_INDEX, "more entries than an archive can number");
    else if (++l->depth > DEPTH_MAX)
        reader_reject_at(l->r, t->at, CAUSE_NONE, "objects nested too deep");
    if (l->r->status != WIRE_OK)
        return;
    v->class = c;
    v->number = object_table_objects(l->table);
    v->items = ARENA_NEW(l->keep, struct value);
    v->count = 1;
    v->items->schema = v->schema;
    size_t index = object_table_entries(l->table);
    value_load_inner(l, type_named(c->body), v->items);
    reader_note(l->r, t->at, "object @%" PRIu64 ", index %zu, a %s", v->number, index, c->name);
    l->depth--;
}

static void object_load(struct load *l, struct value *v)
{
    struct reader *r = l->r;
    struct tag t = load_tag(r);
    const char *requested = v->of.class_name;

    assert(l->table);
    if (r->status != WIRE_OK)
        return;
    if (t.is_class) {
        load_new(l, &t, v);
        return;
    }
    if (t.index == 0) {
        reader_note(r, t.at, "null");
        return;
    }
    const struct entry *e = find_entry(l, &t);
    if (!e)
        return;
    if (requested && strcmp(e->class->name, requested) != 0) {
        reader_reject_at(r, t.at, CAUSE_BAD_CLASS,
                  "a reference to an object of another class than requested");
        return;
    }
    v->number = e->object;
    reader_note(r, t.at, "the %s @%zu, index %u", e->class->name, e->object, t.index);
}

static void store_class(struct store *s, const struct mfc_class *c, uint16_t schema)
{
    size_t index = table_class(s->table, c, schema);

    if (!index) {
        struct bytes name = bytes_of(c->name);
        wire_u16(s->w, 0xffff);
        wire_u16(s->w, schema);
        wire_u16(s->w, (uint16_t)name.len);
        buffer_append(s->w, name.data, name.len);
        table_add_class(s->table, c, schema);
    } else if (index < BIG) {
        wire_u16(s->w, (uint16_t)(0x8000 | index));
    } else {
        wire_u16(s->w, BIG);
        wire_u32(s->w, BIG_CLASS | (uint32_t)index);
    }
}

static void object_store(struct store *s, const struct value *v)
{
    assert(s->table);
    if (v->class) {
        store_class(s, v->class, v->schema);
        table_add_object(s->table, v->class, v->schema);
        value_store_inner(s, v->items);
        return;
    }
    size_t index = table_object(s->table, v->number);
    assert(index || v->number == 0);
    if (index < BIG) {
        wire_u16(s->w, (uint16_t)index);
    } else {
        wire_u16(s->w, BIG);
        wire_u32(s->w, (uint32_t)index);
    }
}

/*
 * A class tag alone [OBJ-21]. An object tag in its place is badIndex [6.5 row 4].
 */
static void class_load(struct load *l, struct value *v)
{
    struct tag t = load_tag(l->r);

    assert(l->table);
    if (l->r->status == WIRE_OK && !t.is_class)
        reader_reject_at(l->r, t.at, CAUSE_BAD_INDEX, "an object tag where a class must stand");
    if (l->r->status == WIRE_OK)
        v->class = load_class(l, &t, &v->schema);
}

static void class_store(struct store *s, const struct value *v)
{
    assert(s->table);
    store_class(s, v->class, v->schema);
}

const struct type_ops object_ops = { object_load,  object_store, object_say,
                                     object_parse, object_draw,  object_equal };
const struct type_ops class_ops = { class_load,  class_store, class_say,
                                    class_parse, class_draw,  class_equal };
