/*
 * The classes and objects that one archive has met, by index and by address.
 *
 * A load archive finds by index, a store archive by address: one list of
 * entries serves both, with a hash over it for storing. Entry 0 is NULL.
 *
 * Functions that add return false when the pool's limit is reached.
 */
#ifndef REFERENCE_OBJECT_TABLE_H
#define REFERENCE_OBJECT_TABLE_H

#include "object.h"

struct entry {
    const struct CRuntimeClass *class; // set for a class
    struct CObject *object;            // set for an object
};

/* The stream's schema of a VERSIONABLE class, where it was not the program's [SCH-3]. */
struct remembered {
    const struct CRuntimeClass *class;
    uint16_t schema;
};

struct object_table {
    struct pool pool;
    struct entry *entries;
    size_t count, capacity;
    uint32_t *hash; // indexes of entries, 0 for free; hash_size is a power of two
    size_t hash_size;
    struct CObject **objects; // those that were carried, in order
    size_t objects_count, objects_capacity;
    struct remembered *remembered;
    size_t remembered_count, remembered_capacity;
    int schema; // m_nObjectSchema
};

struct object_table *object_table_new(void);

/* The index of a class or object by its address; 0: not known. Only what was entered hashed is. */
uint32_t object_table_index(const struct object_table *t, const void *key);

/* Gives the next index to a class or an object. */
bool object_table_enter(struct object_table *t, const struct CRuntimeClass *class,
                        struct CObject *object, bool hashed);

/* Puts an object behind those that were carried; its number is objects_count then. */
bool object_table_carry(struct object_table *t, struct CObject *object);

/* NULL: nothing is remembered of the class. */
const struct remembered *object_table_remembered(const struct object_table *t,
                                                 const struct CRuntimeClass *class);
bool object_table_remember(struct object_table *t, const struct CRuntimeClass *class,
                           uint16_t schema);

#endif
