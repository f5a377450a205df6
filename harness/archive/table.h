#ifndef ARCHIVE_TABLE_H
#define ARCHIVE_TABLE_H
/*
 * Entries of an object table, private to archive/. Indexes count from 1 [OBJ-6].
 */
#include "archive/objects.h"

#define ENTRIES_MAX 0x3ffffffe // [OBJ-13]

struct entry {
    const struct mfc_class *class; // of a class or object; NULL: carried unseen
    uint16_t schema;           // what the stream said of the class
    bool is_class;
    size_t object; // k of an object; 0 for a class
};

/* The entry at index, or NULL where there is none. */
const struct entry *table_at(const struct object_table *t, size_t index);

/* The index of the k-th object; 0 when it has not been carried. */
size_t table_object(const struct object_table *t, uint64_t k);

/* The schema of objects whose class comes by reference: the last that was described and is not the class's own,
 * whatever the entry that is referred to [6.5 row 10, SCH-3]. */
uint16_t table_schema(const struct object_table *t, const struct mfc_class *c);

/* The latest index under which a reference to the class means that schema; 0 if there is none. */
size_t table_class(const struct object_table *t, const struct mfc_class *c, uint16_t schema);

/* Whether the class was described before, and last with that schema: a writer refers to it then [OBJ-8]. */
bool table_described(const struct object_table *t, const struct mfc_class *c, uint16_t schema);

/* Registers one entry. False when the counter is at its limit [OBJ-13]. */
bool table_add_class(struct object_table *t, const struct mfc_class *c, uint16_t schema);
bool table_add_object(struct object_table *t, const struct mfc_class *c, uint16_t schema);

#endif
