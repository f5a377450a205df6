/*
 * Objects and classes, as the mistaken writer has them.
 *
 * It keeps what the stream means beside what the mistaken writer makes of it: an entry knows its place by the rules, by which values
 * refer to it, and the index under which the mistaken writer has it.
 */
#include "check/forms.h"
#include "check/writing_parts.h"

#define BIG 0x7fff // from this index on the tag has 32 bits [OBJ-1]

static struct entry *entry_add(struct writing *w, struct entries *to, struct entry e)
{
    if (to->count == to->room) {
        to->room = to->room ? 2 * to->room : 16;
        struct entry *more = ARENA_ARRAY(w->keep, to->room, struct entry);
        if (to->count)
            memcpy(more, to->items, to->count * sizeof *more);
        to->items = more;
    }
    to->items[to->count] = e;
    return &to->items[to->count++];
}

/* Whose counter is not its own takes its index among all; what has one of its own is counted among all as well, unless both have. */
static uint64_t take_apart(struct writing *w, bool is_class)
{
    if (is_class == (w->m->n == OWN_OBJECTS))
        return w->next++;
    if (w->m->n != OWN_BOTH)
        w->next++;
    return w->next_class++;
}

static uint64_t take_index(struct writing *w, const struct mfc_class *class, bool is_class)
{
    bool nameless = does_to(w, DEED_DESCRIBE_AGAIN, class) && w->m->n == 2, unknown = does_to(w, DEED_NEVER_REFERS, class) && w->m->n == 1;

    if (does(w, DEED_OWN_COUNTERS))
        return take_apart(w, is_class);
    if ((is_class && (does_to(w, DEED_CLASS_UNCOUNTED, class) || nameless)) || (!is_class && (does_to(w, DEED_OBJECT_UNCOUNTED, class) || unknown)))
        return w->next;
    return w->next++;
}

static struct entry *class_find_entry(struct writing *w, const struct mfc_class *class, uint16_t schema)
{
    for (size_t i = w->classes.count; i-- > 0;)
        if (w->classes.items[i].class == class && w->classes.items[i].schema == schema)
            return &w->classes.items[i];
    return NULL;
}

/* What the tables have under which index, so that it can be put back. */
struct tables writing_tables_begin(struct writing *w)
{
    const struct entries *all[] = { &w->classes, &w->objects };
    struct tables outer = { .next = w->next, .next_class = w->next_class };

    for (size_t k = 0; k < COUNT_OF(all); k++) {
        outer.count[k] = all[k]->count;
        outer.items[k] = ARENA_ARRAY(w->keep, all[k]->count + 1, struct entry);
        if (all[k]->count)
            memcpy(outer.items[k], all[k]->items, all[k]->count * sizeof *outer.items[k]);
    }
    if (!w->m->n)
        writing_forget(w);
    return outer;
}

void writing_tables_end(struct writing *w, const struct tables *outer)
{
    struct entries *all[] = { &w->classes, &w->objects };

    writing_forget(w);
    for (size_t k = 0; k < COUNT_OF(all); k++)
        if (outer->count[k])
            memcpy(all[k]->items, outer->items[k], outer->count[k] * sizeof *outer->items[k]);
    w->next = outer->next;
    w->next_class = outer->next_class;
}

static void put_tag(struct writing *w, uint64_t index, bool is_class)
{
    bool swap = does(w, DEED_SWAP_TAGS) || does(w, DEED_SWAP_ALL), meant = form_is_of_tag(w->m, is_class);
    bool small = meant && (does(w, DEED_TAG_SHORT) || (does(w, DEED_TAG_LATE) && index == (uint64_t)form_number(w->m)));
    bool lengthy = (!index && does(w, DEED_NULL_LONG)) || (meant && index && (does(w, DEED_TAG_LONG) || (does(w, DEED_TAG_EARLY) && index >= (uint64_t)form_number(w->m))));
    uint64_t bit = does(w, DEED_TAG_CLASS_BIT) ? (uint64_t)w->m->n : 0x80000000;

    if (!index && does(w, DEED_NULL_TAG)) {
        put(w, (uint64_t)w->m->n, 2, false);
        return;
    }
    if (!index && does(w, DEED_NULL_SIZE)) {
        put(w, 0, (size_t)w->m->n, false);
        return;
    }
    if (does(w, DEED_INDEX_PLUS) && index)
        index += (uint64_t)w->m->n;
    index = form_index(w->m, is_class, index);
    if ((index < BIG && !lengthy) || small) {
        bool marked = does(w, DEED_TAG_BIT) && index ? w->m->n : is_class;
        put(w, (marked ? 0x8000 : 0) | index, index && !is_class && does(w, DEED_TAG_SIZE) ? (size_t)w->m->n : 2, swap);
        return;
    }
    put(w, BIG, 2, swap);
    put(w, (is_class ? bit : 0) | index, 4, swap);
}

/* Whether the class was described; then its entry has yet to get its index where the object takes one before. */
bool writing_class(struct writing *w, const struct mfc_class *class, uint16_t schema)
{
    struct entry *known = class_find_entry(w, class, schema);
    struct bytes name = bytes_of(class->name);
    bool again = does_to(w, DEED_DESCRIBE_AGAIN, class), swap = does(w, DEED_SWAP_ALL) || does(w, DEED_SWAP_TAGS);

    w->about = class->name;
    if (known && !known->gone && !again) {
        put_tag(w, known->index, true);
        return false;
    }
    put(w, 0xffff, 2, false);
    put(w, does_to(w, DEED_SCHEMA, class) ? (uint64_t)w->m->n : schema, does_to(w, DEED_SCHEMA_SIZE, class) ? (size_t)w->m->n : 2, swap || does_to(w, DEED_SWAP_SCHEMAS, class));
    put(w, name.len + (does(w, DEED_NAME_NUL) && !w->m->n), does(w, DEED_NAME_LENGTH) ? (size_t)w->m->n : 2, swap);
    for (size_t i = 0; i < mistake_name_length(w->m, name.len) + does(w, DEED_NAME_NUL); i++)
        put(w, i < name.len ? name.data[i] : 0, does(w, DEED_NAME_WIDE) ? 2 : 1, false);
    bool keeps = known && !known->gone && again && w->m->n == 1;
    if (!known)
        known = entry_add(w, &w->classes, (struct entry){ .class = class, .schema = schema });
    known->gone = false;
    if (!does_to(w, DEED_OBJECT_FIRST, class) && !keeps)
        known->index = take_index(w, class, true);
    return true;
}

void writing_class_alone(struct writing *w, const struct value *v)
{
    bool described = writing_class(w, v->class, v->schema);

    if (described && does_to(w, DEED_OBJECT_FIRST, v->class)) // there is no object to go before it
        class_find_entry(w, v->class, v->schema)->index = take_index(w, v->class, true);
    if (!does(w, DEED_CLASS_ALONE))
        return;
    if (w->m->n == 1)
        w->next++;
    else if (!w->m->n)
        class_find_entry(w, v->class, v->schema)->gone = true;
}

/* What the other direction brought is sent back: the same object, for a table that serves both. */
static const struct entry *heard_alike(struct writing *w, const struct value *v)
{
    for (size_t i = w->heard.count; i-- > 0 && i + 64 > w->heard.count;)
        if (value_equal(w->heard.items[i].object, v))
            return &w->heard.items[i];
    return NULL;
}

/* The first object of its class, or the last. */
static const struct entry *said_of_class(struct writing *w, const struct value *v, bool first)
{
    for (size_t i = 0; i < w->objects.count; i++) {
        const struct entry *e = &w->objects.items[first ? i : w->objects.count - 1 - i];
        if (e->class == v->class && e->schema == v->schema)
            return e;
    }
    return NULL;
}

/* An object of this direction with the same value. */
static const struct entry *said_alike(struct writing *w, const struct value *v)
{
    if (w->m->n)
        return said_of_class(w, v, w->m->n == 1);
    for (size_t i = w->objects.count; i-- > 0 && i + 64 > w->objects.count;) {
        const struct entry *e = &w->objects.items[i];
        if (e->class == v->class && e->schema == v->schema && e->object->count == v->count && (!v->count || value_equal(e->object->items, v->items)))
            return e;
    }
    return NULL;
}

/* A body without elements, or (zeroes) with nothing but zeroes. */
static bool is_empty(const struct value *body, bool zeroes)
{
    enum value_kind kind = body ? body->of.type->kind : VALUE_OBJECT;
    bool empty = kind == VALUE_STRING || kind == VALUE_ARRAY || kind == VALUE_BYTES ? body->data.len == 0
                 : kind == VALUE_TUPLE ? zeroes : kind == VALUE_LIST || kind == VALUE_MAP ? body->count == 0 : false;

    if (zeroes && (kind == VALUE_INTEGER || kind == VALUE_FLOAT || kind == VALUE_DOUBLE))
        return body->number == 0;
    for (size_t i = 0; empty && kind == VALUE_TUPLE && i < body->count; i++)
        empty = is_empty(&body->items[i], zeroes);
    return empty;
}

void writing_body(struct writing *w, const struct value *v)
{
    struct bodies *behind = w->behind;

    w->behind = NULL;
    w->depth++;
    writing_apart(w, v);
    w->depth--;
    w->behind = behind;
}

static void put_new(struct writing *w, const struct value *v)
{
    const struct entry *alike = heard_alike(w, v);

    if (does_to(w, DEED_EMPTY_NULL, v->class) && is_empty(v->items, w->m->n)) {
        w->about = v->class->name;
        put_tag(w, 0, false);
        entry_add(w, &w->objects, (struct entry){ .class = v->class, .schema = v->schema, .object = v });
        return;
    }
    if (does_to(w, DEED_EQUAL_MERGED, v->class) && !alike)
        alike = said_alike(w, v);
    if (alike) {
        w->about = v->class->name;
        put_tag(w, alike->index, false);
        entry_add(w, &w->objects, *alike);
        return;
    }
    bool described = !does_to(w, DEED_NO_TAG, v->class) && writing_class(w, v->class, v->schema);
    struct entry *e = entry_add(w, &w->objects, (struct entry){ .class = v->class, .schema = v->schema, .object = v });
    size_t place = (size_t)(e - w->objects.items);
    bool unknown = does_to(w, DEED_OBJECT_UNKNOWN, v->class), late = does_to(w, DEED_OBJECT_LATE, v->class) || unknown;
    e->gone = unknown;
    e->open = true;
    if (!late)
        e->index = take_index(w, v->class, false);
    if (described && does_to(w, DEED_OBJECT_FIRST, v->class))
        class_find_entry(w, v->class, v->schema)->index = take_index(w, v->class, true);
    if (v->count && w->behind)
        w->behind->items[w->behind->count++] = v->items;
    else if (v->count)
        writing_body(w, v->items);
    w->objects.items[place].open = false;
    if (late) {
        w->objects.items[place].index = take_index(w, v->class, false);
        w->objects.items[place].gone = false;
    }
}

#define DEEP 8      // objects sent again within each other, and bytes: a cycle would be sent for ever
#define LONG 0x10000

static void put_again(struct writing *w, const struct value *object)
{
    w->endless |= w->again == DEEP;
    if (object->count && w->again < DEEP && w->to->len < LONG) {
        w->again++;
        writing_body(w, object->items);
        w->again--;
    }
}

static void put_reference(struct writing *w, uint64_t k)
{
    if (k > w->objects.count) {
        put_tag(w, k, false); // it was carried unseen
        return;
    }
    struct entry *e = &w->objects.items[k - 1];
    const struct value *object = e->object;
    w->about = e->class->name;
    if (e->open && does_to(w, DEED_CYCLE_NULL, e->class)) {
        put_tag(w, 0, false);
        return;
    }
    if (e->gone && does_to(w, DEED_OBJECT_UNKNOWN, e->class)) {
        w->endless = true;
        return;
    }
    if (e->gone || does_to(w, DEED_NEVER_REFERS, e->class)) {
        writing_class(w, e->class, e->schema);
        e->index = take_index(w, e->class, false);
        e->gone = false;
        put_again(w, object);
        return;
    }
    put_tag(w, e->index, false);
    if (does_to(w, DEED_BODY_AGAIN, e->class))
        put_again(w, object);
}

void writing_object(struct writing *w, const struct value *v)
{
    if (v->class)
        put_new(w, v);
    else if (v->number)
        put_reference(w, v->number);
    else
        put_tag(w, 0, false);
    if (!v->class && !v->number && does(w, DEED_NULL_COUNTED))
        w->next++;
}

/* Whether the other direction had its class described by then; it is from now on. */
static bool heard_class(struct writing *w, const struct mfc_class *class, uint16_t schema)
{
    for (size_t i = 0; i < w->heard_classes.count; i++)
        if (w->heard_classes.items[i].class == class && w->heard_classes.items[i].schema == schema)
            return true;
    entry_add(w, &w->heard_classes, (struct entry){ .class = class, .schema = schema });
    return false;
}

void writing_heard(struct writing *w, const struct value *v)
{
    bool counted = does(w, DEED_COUNTER_SHARED), shared = does(w, DEED_TABLE_SHARED);

    if (!counted && !shared)
        return;
    if (v->of.type->kind == VALUE_OBJECT && v->class && counted) {
        w->next += heard_class(w, v->class, v->schema) ? 1 : 2;
    } else if (v->of.type->kind == VALUE_OBJECT && v->class) {
        if (!class_find_entry(w, v->class, v->schema))
            entry_add(w, &w->classes, (struct entry){ .class = v->class, .schema = v->schema, .index = take_index(w, v->class, true) });
        entry_add(w, &w->heard, (struct entry){ .class = v->class, .schema = v->schema, .object = v, .index = take_index(w, v->class, false) });
    }
    for (size_t i = 0; v->items && i < (v->of.type->kind == VALUE_ARRAY ? 0 : v->count); i++)
        writing_heard(w, &v->items[i]);
}
