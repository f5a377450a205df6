/*
 * What the mistaken reader does with objects and classes: of object tables it keeps what it has under which index. Objects are told by
 * their number among objects, as everywhere; so a reader that counts otherwise takes one for another, or finds none.
 */
#include "check/reading_parts.h"

#include "check/forms.h"

#include <ctype.h>

#define BIG  0x7fff // an index of 32 bits follows [OBJ-1]
#define NAME 63     // bytes of a class's name [OBJ-25]
#define DEEP 200    // objects within each other; deeper ones are taken for no mistake

static struct place *place_add(struct reading *g, struct place one)
{
    if (g->count == g->room) {
        g->room = g->room ? 2 * g->room : 16;
        struct place *more = ARENA_ARRAY(g->keep, g->room, struct place);
        if (g->count)
            memcpy(more, g->places, g->count * sizeof *more);
        g->places = more;
    }
    size_t *newest = &g->newest[!one.object];
    one.before = *newest;
    g->places[g->count] = one;
    *newest = g->count + 1;
    return &g->places[g->count++];
}

/* Whose counter is not its own takes its index among all; what has one of its own is counted among all as well, unless both have. */
static uint64_t take_apart(struct reading *g, bool is_class)
{
    if (is_class == (g->m->n == OWN_OBJECTS))
        return g->next++;
    if (g->m->n != OWN_BOTH)
        g->next++;
    return g->next_class++;
}

static uint64_t take_index(struct reading *g, const struct mfc_class *class, bool is_class)
{
    if (does(g, DEED_OWN_COUNTERS))
        return take_apart(g, is_class);
    if ((is_class && does_to(g, DEED_CLASS_UNCOUNTED, class)) || (!is_class && does_to(g, DEED_OBJECT_UNCOUNTED, class)))
        return g->next;
    return g->next++;
}

static const struct place *place_find(struct reading *g, uint64_t index, bool is_class)
{
    if (does(g, DEED_INDEX_PLUS))
        index -= (uint64_t)g->m->n;
    index = form_index(g->m, is_class, index);
    for (size_t i = g->newest[is_class]; i; i = g->places[i - 1].before) // classes are few among many objects
        if (g->places[i - 1].index == index)
            return &g->places[i - 1];
    return NULL;
}

/* The first class that a lenient reader takes a name for, or NULL. */
static const struct mfc_class *class_alike(struct reading *g, struct bytes name)
{
    for (const struct mfc_class *c = class_table; c < class_table + class_count; c++) {
        size_t len = strlen(c->name), same = 0;
        while (same < len && same < name.len && tolower((unsigned char)c->name[same]) == tolower(name.data[same]) &&
               (does(g, DEED_NAME_ANY_CASE) || c->name[same] == (char)name.data[same]))
            same++;
        bool begins = same == name.len && does(g, DEED_NAME_BEGINS), longer = same == len && does(g, DEED_NAME_LONGER);
        if ((begins || longer || (same == len && same == name.len && does(g, DEED_NAME_ANY_CASE))) && about(g, c->name)) {
            g->lenient = true;
            return c;
        }
    }
    return NULL;
}

/* What stands behind FFFF; the class has its index, unless the object takes one before it. NULL: it is none. */
static const struct mfc_class *get_class(struct reading *g, struct reader *r, uint16_t *schema)
{
    bool swap = does(g, DEED_SWAP_ALL) || does(g, DEED_SWAP_TAGS);

    *schema = (uint16_t)take(r, 2, swap);
    size_t len = (size_t)take(r, 2, swap), width = does(g, DEED_NAME_WIDE) ? 2 : 1;
    if (r->status == WIRE_OK && len > NAME)
        reader_reject(r, CAUSE_BAD_CLASS, "a class name of 64 bytes or more");
    struct bytes name = reader_take(r, len * width);
    bool nul = does(g, DEED_NAME_NUL);
    if (nul && g->m->n)
        reader_take(r, 1);
    uint8_t plain[NAME + 1];
    for (size_t i = 0; i < len && i < NAME && name.len; i++)
        plain[i] = name.data[i * width];
    if (r->status != WIRE_OK)
        return NULL;
    const struct mfc_class *c = class_find((struct bytes){ plain, len - (nul && !g->m->n && len) });
    if (c && does_to(g, DEED_SWAP_SCHEMAS, c))
        *schema = (uint16_t)(*schema << 8 | *schema >> 8);
    if (!c && mistake_is_lenient(g->m->deed))
        c = class_alike(g, (struct bytes){ plain, len });
    if (!c)
        reader_reject(r, CAUSE_BAD_CLASS, "a class that nobody knows");
    else if (*schema != c->schema && !c->versionable && does(g, DEED_SCHEMA_ANY))
        g->lenient = about(g, c->name);
    else if (*schema != c->schema && !c->versionable)
        reader_reject(r, CAUSE_BAD_SCHEMA, "another schema");
    return r->status == WIRE_OK ? c : NULL;
}

static void get_body(struct reading *g, struct reader *r, struct value *body)
{
    if (++g->depth > DEEP)
        reader_reject(r, CAUSE_NONE, "nested too deep");
    reading_part(g, r, NULL, 0, body);
    g->depth--;
}

/* The object of a class that all others of it are read into, or NULL. */
static const struct place *object_of(struct reading *g, const struct mfc_class *class)
{
    for (size_t i = 0; i < g->count; i++)
        if (g->places[i].class == class && g->places[i].body)
            return &g->places[i];
    return NULL;
}

/* One of the class once more: what refers to it then refers to that, which has now what stands there. */
static void get_into(struct reading *g, struct reader *r, const struct place *one, struct value *v)
{
    struct value *body = one->body, whole = { .of = body->of, .schema = v->schema };
    bool has_members = body->of.type->kind == VALUE_TUPLE, open = one->open; // members are set as they are read
    uint64_t number = g->m->n ? ++g->objects : one->object;

    for (size_t i = 0; i < g->count; i++)
        if (g->places[i].body == body)
            g->places[i].object = number;
    place_add(g, (struct place){ take_index(g, v->class, false), v->class, v->schema, .object = number, .body = body });
    v->class = NULL;
    v->number = number;
    get_body(g, r, has_members ? body : &whole);
    if (!has_members && !open && r->status == WIRE_OK)
        *body = whole;
}

static void get_new(struct reading *g, struct reader *r, uint64_t index, bool described, struct value *v)
{
    if (described) {
        v->class = get_class(g, r, &v->schema);
    } else {
        const struct place *known = place_find(g, index, true);
        if (!known)
            reader_reject(r, CAUSE_BAD_INDEX, "a class index that is not in use");
        v->class = known ? known->class : NULL;
        v->schema = known ? known->schema : 0;
    }
    if (r->status != WIRE_OK)
        return;
    g->about = v->class->name;
    bool first = does_to(g, DEED_OBJECT_FIRST, v->class), late = does_to(g, DEED_OBJECT_LATE, v->class), own = does_to(g, DEED_SCHEMA_OWN, v->class);
    bool alone = v->of.type->kind == VALUE_CLASS, otherwise = alone && does(g, DEED_CLASS_ALONE);
    if (described && (!first || alone) && !(otherwise && g->m->n == 2))
        place_add(g, (struct place){ take_index(g, v->class, true), v->class, v->schema, .object = 0 });
    if (otherwise && g->m->n == 1)
        place_add(g, (struct place){ take_index(g, v->class, false), .object = NOTHING });
    if (alone)
        return;
    const struct place *one = does_to(g, DEED_ONE_OF_CLASS, v->class) ? object_of(g, v->class) : NULL;
    if (one) {
        get_into(g, r, one, v);
        return;
    }
    v->number = ++g->objects;
    size_t place = g->count;
    if (!late)
        place_add(g, (struct place){ take_index(g, v->class, false), v->class, v->schema, .object = v->number })->open = true;
    if (described && first)
        place_add(g, (struct place){ take_index(g, v->class, true), v->class, v->schema, .object = 0 });
    v->items = ARENA_NEW(g->keep, struct value);
    v->count = 1;
    v->items->schema = own ? v->class->schema : v->schema;
    v->schema = own && g->m->n ? v->class->schema : v->schema;
    v->items->of = type_named(v->class->body);
    if (!late)
        g->places[place].body = v->items;
    get_body(g, r, v->items);
    if (!late)
        g->places[place].open = false;
    if (late)
        place_add(g, (struct place){ take_index(g, v->class, false), v->class, v->schema, .object = v->number });
}

void reading_object(struct reading *g, struct reader *r, struct value *v)
{
    bool swap = does(g, DEED_SWAP_TAGS) || does(g, DEED_SWAP_ALL);
    uint64_t tag = take(r, 2, swap), index = tag & 0x7fff;
    bool is_class = tag & 0x8000, early = tag != 0xffff && tag != BIG && does(g, DEED_TAG_EARLY) && form_is_of_tag(g->m, is_class) && index >= (uint64_t)form_number(g->m);

    if (tag == BIG && does(g, DEED_TAG_SHORT))
        g->about = "CObject*";
    if ((tag == BIG && !does(g, DEED_TAG_SHORT)) || early) {
        uint64_t bit = does(g, DEED_TAG_CLASS_BIT) ? (uint64_t)g->m->n : 0x80000000;
        index = take(r, 4, swap);
        if (does(g, DEED_TAG_CLASS_BIT) && !(index & bit) != !(index & 0x80000000))
            g->about = "CObject*";
        is_class = index & bit;
        index &= ~bit & 0x7fffffff;
    }
    if (r->status != WIRE_OK)
        return;
    if (v->of.type->kind == VALUE_CLASS && !is_class) {
        reader_reject(r, CAUSE_BAD_INDEX, "an object tag where a class must stand");
        return;
    }
    if (tag == 0xffff || is_class) {
        get_new(g, r, index, tag == 0xffff, v);
        return;
    }
    if (index == 0 && does(g, DEED_NULL_COUNTED))
        place_add(g, (struct place){ .index = g->next++, .object = NOTHING });
    if (index == 0)
        return;
    const struct place *known = place_find(g, index, false);
    if (!known) {
        reader_reject(r, CAUSE_BAD_INDEX, "an object index that is not in use");
        return;
    }
    g->about = known->class ? known->class->name : "CObject*";
    bool unfinished = known->open && does_to(g, DEED_CYCLE_NULL, known->class);
    v->number = known->object == NOTHING || unfinished ? 0 : known->object;
}

void reading_heard(struct reading *g, const struct value *v)
{
    if (!does(g, DEED_COUNTER_SHARED) && !does(g, DEED_TABLE_SHARED))
        return;
    if (v->of.type->kind == VALUE_OBJECT && v->class) {
        bool known = false;
        for (size_t i = 0; i < g->count; i++)
            known |= g->places[i].class == v->class && !g->places[i].object;
        if (!known)
            place_add(g, (struct place){ take_index(g, v->class, true), v->class, v->schema, .object = 0 });
        take_index(g, v->class, false);
    }
    for (size_t i = 0; v->items && i < v->count && v->of.type->kind != VALUE_ARRAY; i++)
        reading_heard(g, &v->items[i]);
}
