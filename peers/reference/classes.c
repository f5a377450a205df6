#include "classes.h"

#include <inttypes.h>
#include <string.h>

#include "flaw.h"

enum { STAMP_SCHEMA = 700 }; // a CLetter has its stamp from this schema on

struct class_row {
    struct CRuntimeClass class;
    const char *fields;     // n LONG, s str, o object, t stamp, c the collection
    const char *collection; // the type that its body is
};

static void thing_load(struct CArchive *ar, struct CObject *o);
static void thing_store(struct CArchive *ar, const struct CObject *o);

// clang-format off
#define CLASS(name, schema, versionable)                                                           \
    { name, schema, versionable, sizeof(struct thing), thing_load, thing_store }

static const struct class_row classes[] = {
    { CLASS("CAge",               1,   false), "n",   NULL },
    { CLASS("CNode",              3,   false), "no",  NULL },
    { CLASS("CNetMessage",        1,   false), "ssn", NULL },
    { CLASS("CTestPoint",         7,   false), "nno", NULL },
    { CLASS("CVersioned",         3,   true),  "n",   NULL },
    { CLASS("CLetter",            700, true),  "st",  NULL },
    { CLASS("CByteArray",         0,   false), "c",   "bytearray" },
    { CLASS("CWordArray",         0,   false), "c",   "wordarray" },
    { CLASS("CDWordArray",        0,   false), "c",   "dwordarray" },
    { CLASS("CObArray",           0,   false), "c",   "obarray" },
    { CLASS("CStringArray",       0,   false), "c",   "stringarray" },
    { CLASS("CObList",            0,   false), "c",   "oblist" },
    { CLASS("CStringList",        0,   false), "c",   "stringlist" },
    { CLASS("CMapStringToString", 0,   false), "c",   "mapstringtostring" },
    { CLASS("CMapStringToOb",     0,   false), "c",   "mapstringtoob" },
    { CLASS("CMapWordToOb",       0,   false), "c",   "mapwordtoob" },
};
// clang-format on

enum { CLASSES = sizeof classes / sizeof *classes };

/* The class is the first member of its row. */
static const struct class_row *row_of(const struct thing *thing)
{
    return (const struct class_row *)thing->object.class;
}

static struct slot slot_of(const struct class_row *row)
{
    return (struct slot){ .type = type_named(row->collection) };
}

const struct CRuntimeClass *class_find(const char *name, size_t len)
{
    for (const struct class_row *row = classes; row < classes + CLASSES; row++)
        if (strlen(row->class.name) == len && memcmp(row->class.name, name, len) == 0)
            return &row->class;
    return NULL;
}

struct thing *thing_new(struct pool *pool, const struct CRuntimeClass *class)
{
    struct thing *thing = pool_new(pool, 1, sizeof *thing);

    if (thing) {
        thing->object.class = class;
        thing->schema = class->schema;
    }
    return thing;
}

static void thing_load(struct CArchive *ar, struct CObject *o)
{
    struct thing *thing = (struct thing *)o;
    const struct class_row *row = row_of(thing);
    struct slot slot;
    int32_t *number = thing->numbers;
    struct units *string = thing->strings;

    thing->schema = CArchive_GetObjectSchema(ar);
    if (FLAW(reads_schemas_twice))
        thing->schema = CArchive_GetObjectSchema(ar);
    for (const char *field = row->fields; *field && !CArchive_Failed(ar); field++) {
        switch (*field) {
        case 'n':
            *number++ = CArchive_ExtractLONG(ar);
            break;
        case 's':
            CArchive_ExtractCString(ar, string++, profile_width(ar->profile));
            break;
        case 't':
            thing->stamp = thing->schema >= STAMP_SCHEMA ? CArchive_ExtractLONG(ar) : 0;
            break;
        case 'o':
            thing->next = CArchive_ReadObject(ar, NULL);
            break;
        case 'c':
            slot = slot_of(row);
            slot.type->load(ar, &slot, &thing->collection);
            break;
        }
    }
}

static void thing_store(struct CArchive *ar, const struct CObject *o)
{
    const struct thing *thing = (const struct thing *)o;
    const struct class_row *row = row_of(thing);
    struct slot slot;
    const int32_t *number = thing->numbers;
    const struct units *string = thing->strings;

    for (const char *field = row->fields; *field; field++) {
        switch (*field) {
        case 'n':
            CArchive_InsertLONG(ar, *number++);
            break;
        case 's':
            CArchive_InsertCString(ar, string++);
            break;
        case 't':
            CArchive_InsertLONG(ar, thing->stamp);
            break;
        case 'o':
            CArchive_WriteObject(ar, thing->next);
            break;
        case 'c':
            slot = slot_of(row);
            slot.type->store(ar, &slot, &thing->collection);
            break;
        }
    }
}

void thing_text(struct text *t, struct thing *thing)
{
    const struct class_row *row = row_of(thing);
    const int32_t *number = thing->numbers;
    const struct units *string = thing->strings;
    const char *before = "(";

    text_put(t, row->class.name);
    if (row->class.versionable)
        text_printf(t, ":%d", thing->schema);
    for (const char *field = row->fields; *field; field++, before = ",") {
        switch (*field) {
        case 'n':
            text_printf(t, "%s%" PRId32, before, *number++);
            break;
        case 's':
            text_put(t, before);
            string_text(t, string++);
            break;
        case 't':
            if (thing->schema >= STAMP_SCHEMA)
                text_printf(t, "%s%" PRId32, before, thing->stamp);
            break;
        case 'o':
            text_put(t, before);
            object_text(t, thing->next);
            break;
        case 'c': {
            struct slot slot = slot_of(row);
            slot.type->print(t, &slot, &thing->collection);
            return; // it has brackets of its own
        }
        }
    }
    text_put(t, ")");
}

static bool scan_long(struct reading *r, int32_t *out)
{
    uint64_t bits;

    if (!scan_integer(&r->scan, INT32_MIN, INT32_MAX, &bits))
        return false;
    *out = (int32_t)bits;
    return true;
}

/* MAKE takes the class's own schema only. */
static bool scan_schema(struct reading *r, const struct CRuntimeClass *class)
{
    uint64_t schema;

    if (!class->versionable)
        return true;
    return scan_char(&r->scan, ':') && scan_integer(&r->scan, 0, UINT16_MAX, &schema) &&
           schema == class->schema;
}

bool thing_scan(struct reading *r, struct thing *thing)
{
    const struct class_row *row = row_of(thing);
    int32_t *number = thing->numbers;
    struct units *string = thing->strings;
    char before = '(';
    struct slot slot;

    if (!scan_schema(r, &row->class))
        return false;
    for (const char *field = row->fields; *field; field++, before = ',') {
        bool found = *field == 'c' || scan_char(&r->scan, before);
        switch (*field) {
        case 'n':
            found = found && scan_long(r, number++);
            break;
        case 's':
            found = found && string_scan(r, string++);
            break;
        case 't':
            found = found && scan_long(r, &thing->stamp);
            break;
        case 'o':
            found = found && object_scan(r, &thing->next);
            break;
        case 'c':
            slot = slot_of(row);
            return slot.type->parse(r, &slot, &thing->collection);
        }
        if (!found)
            return false;
    }
    return scan_char(&r->scan, ')');
}

void visit_object(struct CObject *o, struct visit *visit)
{
    struct thing *thing = (struct thing *)o;

    if (!o || visit->too_deep || thing->visited == visit->number ||
        CArchive_KnowsObject(visit->store, o))
        return;
    thing->visited = visit->number;
    if (visit->depth == TYPES_DEPTH_MAX) {
        visit->too_deep = true;
        return;
    }
    visit->depth++;
    visit_object(thing->next, visit);
    const struct class_row *row = row_of(thing);
    if (row->collection) {
        const struct type *type = type_named(row->collection);
        if (type->visit)
            type->visit(&thing->collection, visit);
    }
    visit->depth--;
}
