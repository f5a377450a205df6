#ifndef ARCHIVE_OBJECTS_H
#define ARCHIVE_OBJECTS_H
/*
 * Classes, and the table of what one direction of a connection has carried.
 *
 * One counter numbers classes and objects alike, from 1 [OBJ-6, OBJ-7]; the text's @k counts objects alone, in
 * the same order [service, section 5].
 */
#include "base/arena.h"

/* A serial class that the conformance service knows [service, section 6]. */
struct mfc_class {
    const char *name;
    uint16_t schema;
    bool versionable;        // any schema of the stream is accepted
    const char *body;        // the type that its Serialize inserts; some occur only inside objects
};

extern const struct mfc_class class_table[];
extern const size_t class_count;

/* The class of that name, compared byte by byte [OBJ-24]; NULL if there is none. */
const struct mfc_class *class_find(struct bytes name);

struct object_table;

/* A fresh archive's table; it grows in keep. */
struct object_table *object_table_new(struct arena *keep);

/* Entries and objects so far. */
size_t object_table_entries(const struct object_table *t);
size_t object_table_objects(const struct object_table *t);

/*
 * Registers entries that were carried unseen, as MapObject does [OBJ-15] and as raw bytes may have done. They
 * have no number k; a reference to one does not load.
 */
void object_table_skip(struct object_table *t, size_t entries);

/* Takes back what was registered since. */
struct object_mark {
    size_t entries, objects;
};
struct object_mark object_table_mark(const struct object_table *t);
void object_table_rollback(struct object_table *t, struct object_mark to);

#endif
