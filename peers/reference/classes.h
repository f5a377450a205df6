/*
 * The classes that the service knows: one row each.
 *
 * A body is a row of fields, so that loading, storing, telling and making
 * all walk the same few letters. To add a class is to add a row.
 */
#ifndef REFERENCE_CLASSES_H
#define REFERENCE_CLASSES_H

#include "types.h"

/* An object of any of the classes. */
struct thing {
    struct CObject object;
    int schema;       // of the stream it came from, or the class's own
    bool told;        // in full, by some text
    uint32_t visited; // number of the last visit
    int32_t numbers[2];
    int32_t stamp;
    struct units strings[2];
    struct CObject *next;
    struct value collection;
};

/* NULL for a name that no row has. Fits CArchive.find_class. */
const struct CRuntimeClass *class_find(const char *name, size_t len);

/* CAge(21), with its name; fields of objects in turn by object_text. */
void thing_text(struct text *t, struct thing *thing);

/* Behind the name of its class. */
bool thing_scan(struct reading *r, struct thing *thing);

/* Sizes, for making one. */
struct thing *thing_new(struct pool *pool, const struct CRuntimeClass *class);

/* Goes through what storing o would store. */
void visit_object(struct CObject *o, struct visit *visit);

/* null, @k or in full: types_object.c. */
void object_text(struct text *t, struct CObject *o);
bool object_scan(struct reading *r, struct CObject **o);

#endif
