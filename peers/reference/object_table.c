#include "object_table.h"

#include <stdlib.h>

struct object_table *object_table_new(void)
{
    struct object_table *t = calloc(1, sizeof *t);

    if (!t)
        abort();
    t->entries = pool_more(&t->pool, NULL, 0, &t->capacity, sizeof *t->entries);
    t->count = 1;
    t->schema = OBJECT_SCHEMA_UNKNOWN;
    return t;
}

void object_table_free(struct object_table *t)
{
    if (!t)
        return;
    pool_release(&t->pool);
    free(t);
}

static const void *key_of(const struct entry *e)
{
    return e->class ? (const void *)e->class : e->object;
}

static size_t place_of(const struct object_table *t, const void *key)
{
    uint64_t mixed = (uint64_t)(uintptr_t)key * UINT64_C(0x9e3779b97f4a7c15);
    size_t at = (size_t)(mixed >> 32) & (t->hash_size - 1);

    while (t->hash[at] && key_of(&t->entries[t->hash[at]]) != key)
        at = (at + 1) & (t->hash_size - 1);
    return at;
}

uint32_t object_table_index(const struct object_table *t, const void *key)
{
    return t->hash_size ? t->hash[place_of(t, key)] : 0;
}

static bool hash_last(struct object_table *t)
{
    if (t->count * 2 > t->hash_size) {
        size_t size = t->hash_size ? t->hash_size * 2 : 16;
        uint32_t *hash = pool_new(&t->pool, size, sizeof *hash);
        if (!hash)
            return false;
        t->hash = hash; // the old one goes with the pool
        t->hash_size = size;
        for (size_t i = 1; i < t->count; i++)
            hash[place_of(t, key_of(&t->entries[i]))] = (uint32_t)i;
    }
    t->hash[place_of(t, key_of(&t->entries[t->count - 1]))] = (uint32_t)(t->count - 1);
    return true;
}

bool object_table_enter(struct object_table *t, const struct CRuntimeClass *class,
                        struct CObject *object, bool hashed)
{
    struct entry *entries =
        pool_more(&t->pool, t->entries, t->count, &t->capacity, sizeof *entries);

    if (!entries)
        return false;
    t->entries = entries;
    entries[t->count++] = (struct entry){ class, object };
    return !hashed || hash_last(t);
}

bool object_table_carry(struct object_table *t, struct CObject *object)
{
    struct CObject **objects = pool_more(&t->pool, t->objects, t->objects_count,
                                         &t->objects_capacity, sizeof(struct CObject *));

    if (!objects)
        return false;
    t->objects = objects;
    objects[t->objects_count++] = object;
    return true;
}

static struct remembered *find(const struct object_table *t, const struct CRuntimeClass *class)
{
    for (size_t i = 0; i < t->remembered_count; i++)
        if (t->remembered[i].class == class)
            return &t->remembered[i];
    return NULL;
}

const struct remembered *object_table_remembered(const struct object_table *t,
                                                 const struct CRuntimeClass *class)
{
    return find(t, class);
}

bool object_table_remember(struct object_table *t, const struct CRuntimeClass *class,
                           uint16_t schema)
{
    struct remembered *r = find(t, class);

    if (!r) {
        r = pool_more(&t->pool, t->remembered, t->remembered_count, &t->remembered_capacity,
                      sizeof *r);
        if (!r)
            return false;
        t->remembered = r;
        r += t->remembered_count++;
    }
    *r = (struct remembered){ class, schema };
    return true;
}
