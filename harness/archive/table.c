#include "archive/table.h"

#include <assert.h>

#define CLASSES_MAX 32 // rows of class_table, with room to grow

struct object_table {
    struct arena *keep;
    struct entry *entries; // index 1 first
    size_t count, room;
    size_t *objects; // index of each object, by k, from 1
    size_t object_count, object_room;
    size_t latest[CLASSES_MAX]; // index of each class's latest description; 0: none
    size_t other[CLASSES_MAX];  // the same of those with another schema than its own
};

struct object_table *object_table_new(struct arena *keep)
{
    struct object_table *t = ARENA_NEW(keep, struct object_table);

    assert(class_count <= CLASSES_MAX);
    t->keep = keep;
    return t;
}

size_t object_table_entries(const struct object_table *t)
{
    return t->count;
}

size_t object_table_objects(const struct object_table *t)
{
    return t->object_count;
}

/* Room for more; what it grew out of stays in the arena, which doubling bounds. */
static void *grown(struct arena *keep, void *from, size_t count, size_t *room, size_t more,
                   size_t size)
{
    if (more <= *room - count)
        return from;
    size_t wanted = *room ? *room * 2 : 16;
    while (wanted - count < more)
        wanted *= 2;
    void *to = arena_array(keep, wanted, size);
    if (count)
        memcpy(to, from, count * size);
    *room = wanted;
    return to;
}

static void make_room(struct object_table *t, size_t more)
{
    t->entries = grown(t->keep, t->entries, t->count, &t->room, more, sizeof *t->entries);
}

void object_table_skip(struct object_table *t, size_t entries)
{
    assert(entries <= ENTRIES_MAX - t->count);
    if (!entries)
        return;
    make_room(t, entries);
    memset(t->entries + t->count, 0, entries * sizeof *t->entries);
    t->count += entries;
}

static void note_class(struct object_table *t, size_t index)
{
    const struct entry *e = &t->entries[index - 1];
    size_t row = e->class - class_table;

    t->latest[row] = index;
    if (e->schema != e->class->schema)
        t->other[row] = index;
}

struct object_mark object_table_mark(const struct object_table *t)
{
    return (struct object_mark){ t->count, t->object_count };
}

void object_table_rollback(struct object_table *t, struct object_mark to)
{
    bool class_gone = false;

    for (size_t i = to.entries; i < t->count; i++)
        class_gone |= t->entries[i].is_class;
    t->count = to.entries;
    t->object_count = to.objects;
    if (!class_gone)
        return;
    memset(t->latest, 0, sizeof t->latest);
    memset(t->other, 0, sizeof t->other);
    for (size_t i = 0; i < t->count; i++)
        if (t->entries[i].is_class)
            note_class(t, i + 1);
}

const struct entry *table_at(const struct object_table *t, size_t index)
{
    return index && index <= t->count ? &t->entries[index - 1] : NULL;
}

size_t table_object(const struct object_table *t, uint64_t k)
{
    return k && k <= t->object_count ? t->objects[k - 1] : 0;
}

uint16_t table_schema(const struct object_table *t, const struct mfc_class *c)
{
    size_t index = t->other[c - class_table];

    return index ? t->entries[index - 1].schema : c->schema;
}

size_t table_class(const struct object_table *t, const struct mfc_class *c, uint16_t schema)
{
    return table_schema(t, c) == schema ? t->latest[c - class_table] : 0;
}

bool table_described(const struct object_table *t, const struct mfc_class *c, uint16_t schema)
{
    size_t index = t->latest[c - class_table];

    return index && t->entries[index - 1].schema == schema;
}

static bool add(struct object_table *t, struct entry e)
{
    if (t->count >= ENTRIES_MAX - 1)
        return false;
    make_room(t, 1);
    t->entries[t->count++] = e;
    return true;
}

bool table_add_class(struct object_table *t, const struct mfc_class *c, uint16_t schema)
{
    if (!add(t, (struct entry){ c, schema, true, 0 }))
        return false;
    note_class(t, t->count);
    return true;
}

bool table_add_object(struct object_table *t, const struct mfc_class *c, uint16_t schema)
{
    if (!add(t, (struct entry){ c, schema, false, t->object_count + 1 }))
        return false;
    t->objects =
        grown(t->keep, t->objects, t->object_count, &t->object_room, 1, sizeof *t->objects);
    t->objects[t->object_count++] = t->count;
    return true;
}
