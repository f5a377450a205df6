/*
 * Objects in an archive: tags, classes, and the counter that they share [OBJ-6].
 *
 *   object    0000 | tag of an object known | class tag, body
 *   class tag FFFF schema length name | tag of a class known
 *   tag       index, with 8000 for a class | 7FFF and a DWORD, with 80000000 for a class
 *
 * Indexes count from 1, classes and objects together, in the order of their
 * first appearance, a class before its object and an object before its body.
 * They live as long as the archive: no flush and no message resets them.
 */
#ifndef REFERENCE_OBJECT_H
#define REFERENCE_OBJECT_H

#include "carchive.h"

struct CObject;

enum {
    CLASS_NAME_MAX = 63,        // the longest a reader takes [OBJ-25]
    CLASS_NOT_SERIAL = 0xffff,  // the schema of classes that cannot be inserted [OBJ-20]
    OBJECT_SCHEMA_UNKNOWN = -1, // what GetObjectSchema says when there is none [SCH-1]
    OBJECT_INDEX_MAX = 0x3ffffffe,
};

struct CRuntimeClass {
    const char *name;
    uint16_t schema;
    bool versionable; // accepts other schemas and asks for the number
    size_t size;      // bytes of an object, which begins with a struct CObject
    void (*load)(struct CArchive *ar, struct CObject *o);
    void (*store)(struct CArchive *ar, const struct CObject *o);
};

struct CObject {
    const struct CRuntimeClass *class;
    uint32_t loaded; // the how-manieth object of its load archive, from 1; 0: of none
};

/*
 * Extracts a pointer. requested is NULL for any class [OBJ-23]. NULL is a
 * value, too: ask CArchive_Failed. New objects live in ar->life.
 */
struct CObject *CArchive_ReadObject(struct CArchive *ar, const struct CRuntimeClass *requested);
void CArchive_WriteObject(struct CArchive *ar, struct CObject *o);

/* A class tag alone [OBJ-21]. *schema is the stream's number, or the one remembered. */
const struct CRuntimeClass *
CArchive_ReadClass(struct CArchive *ar, const struct CRuntimeClass *requested, unsigned *schema);
void CArchive_WriteClass(struct CArchive *ar, const struct CRuntimeClass *class);

/* Takes an index without a byte on the wire; both sides must [OBJ-15]. */
void CArchive_MapObject(struct CArchive *ar, struct CObject *o);

/* The schema of the object whose body is being loaded; once, then unknown [SCH-1]. */
int CArchive_GetObjectSchema(struct CArchive *ar);
void CArchive_SetObjectSchema(struct CArchive *ar, int schema);

/* Objects, without classes and mapped ones, that this archive has carried; the k-th, from 1 on. */
uint32_t CArchive_ObjectCount(const struct CArchive *ar);
struct CObject *CArchive_ObjectAt(const struct CArchive *ar, uint32_t k);

/* Whether this store archive knows the object, and would insert a reference only. */
bool CArchive_KnowsObject(const struct CArchive *ar, const struct CObject *o);

void object_table_free(struct object_table *t);

#endif
