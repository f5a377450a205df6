#include "object.h"

#include <string.h>

#include "flaw.h"
#include "object_table.h"

enum tag {
    TAG_NULL = 0x0000,
    TAG_BIG = 0x7fff,
    TAG_NEW_CLASS = 0xffff,
    TAG_CLASS = 0x8000,
};
static const uint32_t BIG_TAG_CLASS = 0x80000000;

static struct object_table *table_of(struct CArchive *ar)
{
    if (!ar->table)
        ar->table = object_table_new();
    return ar->table;
}

static bool out_of_memory(struct CArchive *ar)
{
    CArchive_Throw(ar, EXCEPTION_MEMORY, 0, "too many objects");
    return false;
}

/* Gives the next index to a class or an object. */
static bool enter(struct CArchive *ar, const struct CRuntimeClass *class, struct CObject *object)
{
    struct object_table *t = table_of(ar);

    if (t->count >= OBJECT_INDEX_MAX) {
        CArchive_Throw(ar, EXCEPTION_ARCHIVE, CAUSE_BAD_INDEX, "no index is left");
        return false;
    }
    return object_table_enter(t, class, object, CArchive_IsStoring(ar)) || out_of_memory(ar);
}

/* The same for an object that travels: it gets its number, too. */
static bool enter_carried(struct CArchive *ar, struct CObject *o)
{
    struct object_table *t = table_of(ar);

    if (!enter(ar, NULL, o))
        return false;
    if (!object_table_carry(t, o))
        return out_of_memory(ar);
    if (CArchive_IsLoading(ar))
        o->loaded = (uint32_t)t->objects_count;
    return true;
}

static void insert_tag(struct CArchive *ar, uint32_t index, bool class)
{
    if (FLAW(separate_counters))
        index = FLAW_ORDINAL(ar->table, index, class);
    if (FLAW(counts_from_zero_on_store))
        index--;
    if (FLAW(swap_tags)) {
        CArchive_InsertWORD(ar, (uint16_t)bits_turned(index | (class ? TAG_CLASS : 0), 2));
        return;
    }
    if (FLAW(big_tags_only) ? index == 0 : index < TAG_BIG || FLAW(small_tags_only)) {
        CArchive_InsertWORD(ar, (uint16_t)(index | (class ? TAG_CLASS : 0)));
        return;
    }
    CArchive_InsertWORD(ar, TAG_BIG);
    CArchive_InsertDWORD(ar, index | (class ? BIG_TAG_CLASS : 0));
}

/* Up to 7.0 the wrong direction is undefined [M-4]; here it then does nothing. */
static bool may(struct CArchive *ar, bool load, int cause)
{
    if (CArchive_Failed(ar))
        return false;
    if (CArchive_IsLoading(ar) == load)
        return true;
    if (ar->profile->generation->refuses_direction)
        CArchive_Throw(ar, EXCEPTION_ARCHIVE, cause, "this archive goes the other way");
    return false;
}

void CArchive_WriteClass(struct CArchive *ar, const struct CRuntimeClass *class)
{
    if (!class)
        CArchive_Throw(ar, EXCEPTION_ARCHIVE, CAUSE_BAD_CLASS, "no class");
    if (!may(ar, false, CAUSE_GENERIC))
        return;
    if (class->schema == CLASS_NOT_SERIAL) {
        CArchive_Throw(ar, EXCEPTION_NOT_SUPPORTED, 0, "not a serial class");
        return;
    }
    uint32_t known = object_table_index(table_of(ar), class);
    if (known && !FLAW(describes_again)) {
        insert_tag(ar, known, true);
        return;
    }
    CArchive_InsertWORD(ar, TAG_NEW_CLASS);
    CArchive_InsertWORD(ar, FLAW(swap_schemas) ? (uint16_t)bits_turned(class->schema, 2)
                                               : class->schema);
    CArchive_InsertWORD(ar, (uint16_t)(strlen(class->name) + FLAW(terminates_names)));
    for (const char *c = class->name; FLAW(wide_names) && *c; c++)
        CArchive_InsertWORD(ar, (uint8_t)*c);
    if (!FLAW(wide_names))
        CArchive_Write(ar, class->name, strlen(class->name) + FLAW(terminates_names));
    enter(ar, class, NULL); // only now: an overflow leaves the description in the stream [OBJ-14]
}

void CArchive_WriteObject(struct CArchive *ar, struct CObject *o)
{
    if (!may(ar, false, CAUSE_READ_ONLY))
        return;
    uint32_t known = o ? object_table_index(table_of(ar), o) : 0;
    if (FLAW(repeats_objects) && o && strcmp(o->class->name, "CAge") == 0)
        known = 0;
    if (!o) {
        CArchive_InsertWORD(ar, TAG_NULL);
        if (FLAW(null_takes_an_index))
            enter(ar, NULL, NULL);
    } else if (known) {
        insert_tag(ar, known, false);
    } else {
        bool early = FLAW(object_before_class) && enter_carried(ar, o);
        CArchive_WriteClass(ar, o->class);
        if (!CArchive_Failed(ar) && (early || enter_carried(ar, o)))
            o->class->store(ar, o);
    }
}

static void bad(struct CArchive *ar, enum archive_cause cause, const char *what)
{
    CArchive_Throw(ar, EXCEPTION_ARCHIVE, cause, what);
}

/* Behind FFFF: schema, length and name, which is in bytes in every build. */
static const struct CRuntimeClass *load_description(struct CArchive *ar, unsigned *schema)
{
    char name[CLASS_NAME_MAX];

    *schema = CArchive_ExtractWORD(ar);
    size_t len = CArchive_ExtractWORD(ar);
    if (CArchive_Failed(ar))
        return NULL;
    if (len > CLASS_NAME_MAX) { // the name stays in the stream
        bad(ar, CAUSE_BAD_CLASS, "a class name too long");
        return NULL;
    }
    bool cut = CArchive_Read(ar, name, len) < len; // not exception 3 [N21]
    if (FLAW(cut_name_is_the_end) && cut)
        bad(ar, CAUSE_END_OF_FILE, "a class name was cut");
    const struct CRuntimeClass *class = cut || !ar->find_class ? NULL : ar->find_class(name, len);
    if (!class)
        bad(ar, CAUSE_BAD_CLASS, "an unknown class");
    return class;
}

static unsigned known_schema(struct CArchive *ar, const struct CRuntimeClass *class)
{
    const struct remembered *r =
        FLAW(forgets_schemas) ? NULL : object_table_remembered(ar->table, class);
    bool forgets = ar->profile->bugs && ar->profile->generation->forgets_schema_0;

    return r && !(forgets && r->schema == 0) ? r->schema : class->schema;
}

static const struct CRuntimeClass *load_new_class(struct CArchive *ar, unsigned *schema)
{
    const struct CRuntimeClass *class = load_description(ar, schema);

    if (!class)
        return NULL;
    if (*schema != class->schema) {
        if ((!class->versionable && !FLAW(takes_any_schema)) || FLAW(refuses_other_schemas)) {
            bad(ar, CAUSE_BAD_SCHEMA, "another schema");
            return NULL;
        }
        if (!object_table_remember(table_of(ar), class, (uint16_t)*schema)) {
            out_of_memory(ar);
            return NULL;
        }
    }
    return enter(ar, class, NULL) ? class : NULL;
}

/*
 * Reads a tag, and the class that it names. Where an object may stand, too,
 * object is not NULL and gets its index; the class returned is NULL then.
 *
 * A tag of the other kind is exception 5 from 9 on. Before it misuses memory
 * [N27, N28], which is not imitated.
 */
static const struct CRuntimeClass *load_class_tag(struct CArchive *ar, unsigned *schema,
                                                  const struct CRuntimeClass *requested,
                                                  uint32_t *object)
{
    struct object_table *t = table_of(ar);
    uint32_t tag = CArchive_ExtractWORD(ar);
    const struct CRuntimeClass *class;

    if (tag == TAG_NEW_CLASS) {
        class = load_new_class(ar, schema);
    } else {
        bool is_class = tag & TAG_CLASS;
        uint32_t index = tag & ~(uint32_t)TAG_CLASS;
        if (tag == TAG_BIG) {
            tag = CArchive_ExtractDWORD(ar);
            is_class = tag & BIG_TAG_CLASS;
            index = tag & ~BIG_TAG_CLASS;
        }
        if (CArchive_Failed(ar))
            return NULL;
        if (FLAW(counts_from_zero_on_load) && (index || is_class))
            index++;
        if (FLAW(takes_8000_for_null) && is_class && index == 0)
            is_class = false;
        if (!is_class && object) {
            *object = index;
            return NULL;
        }
        class = is_class && index < t->count ? t->entries[index].class : NULL;
        if (!class)
            bad(ar, CAUSE_BAD_INDEX, "no such class index");
        else
            *schema = known_schema(ar, class);
    }
    if (class && requested && class != requested && !FLAW(takes_any_class))
        bad(ar, CAUSE_BAD_CLASS, "not the class requested"); // a new one has its index already
    return CArchive_Failed(ar) ? NULL : class;
}

const struct CRuntimeClass *
CArchive_ReadClass(struct CArchive *ar, const struct CRuntimeClass *requested, unsigned *schema)
{
    if (!may(ar, true, CAUSE_GENERIC))
        return NULL;
    return load_class_tag(ar, schema, requested, NULL);
}

static struct CObject *known_object(struct CArchive *ar, const struct CRuntimeClass *requested,
                                    uint32_t index)
{
    const struct object_table *t = ar->table;

    if (index == 0)
        return NULL;
    if (FLAW(unknown_index_is_null) && (!t || index >= t->count))
        return NULL;
    if (FLAW(class_for_object_is_null) && t && index < t->count && !t->entries[index].object)
        return NULL;
    if (index >= t->count || !t->entries[index].object) {
        bad(ar, CAUSE_BAD_INDEX, "no such object index");
        return NULL;
    }
    struct CObject *o = t->entries[index].object;
    if (requested && o->class != requested && !FLAW(takes_any_class)) {
        bad(ar, CAUSE_BAD_CLASS, "not the class requested");
        return NULL;
    }
    return o;
}

/* Registered before its body, so that it can be pointed to from there [OBJ-10]. */
static struct CObject *load_new_object(struct CArchive *ar, const struct CRuntimeClass *class,
                                       unsigned schema)
{
    if (ar->depth_max && ar->depth == ar->depth_max) {
        CArchive_Throw(ar, EXCEPTION_MEMORY, 0, "objects nested too deep");
        return NULL;
    }
    struct CObject *o = pool_new(ar->life, 1, class->size);
    if (!o) {
        out_of_memory(ar);
        return NULL;
    }
    o->class = class;
    if (!FLAW(registers_late) && !enter_carried(ar, o))
        return NULL;

    struct pool *keep = ar->keep;
    int outer = ar->table->schema;
    ar->keep = ar->life;
    ar->table->schema = (int)schema;
    ar->depth++;
    class->load(ar, o);
    ar->depth--;
    ar->table->schema = outer;
    ar->keep = keep;
    if (FLAW(registers_late) && !CArchive_Failed(ar))
        enter_carried(ar, o);
    return CArchive_Failed(ar) ? NULL : o;
}

struct CObject *CArchive_ReadObject(struct CArchive *ar, const struct CRuntimeClass *requested)
{
    uint32_t index = 0;
    unsigned schema = 0;

    if (!may(ar, true, CAUSE_WRITE_ONLY))
        return NULL;
    if (requested && requested->schema == CLASS_NOT_SERIAL) {
        CArchive_Throw(ar, EXCEPTION_NOT_SUPPORTED, 0, "not a serial class");
        return NULL;
    }
    const struct CRuntimeClass *class = load_class_tag(ar, &schema, requested, &index);
    if (CArchive_Failed(ar))
        return NULL;
    return class ? load_new_object(ar, class, schema) : known_object(ar, requested, index);
}

void CArchive_MapObject(struct CArchive *ar, struct CObject *o)
{
    table_of(ar);
    if (o && !CArchive_Failed(ar))
        enter(ar, NULL, o);
}

int CArchive_GetObjectSchema(struct CArchive *ar)
{
    struct object_table *t = table_of(ar);
    int schema = t->schema;

    t->schema = OBJECT_SCHEMA_UNKNOWN;
    return schema;
}

void CArchive_SetObjectSchema(struct CArchive *ar, int schema)
{
    table_of(ar)->schema = schema;
}

uint32_t CArchive_ObjectCount(const struct CArchive *ar)
{
    return ar->table ? (uint32_t)ar->table->objects_count : 0;
}

struct CObject *CArchive_ObjectAt(const struct CArchive *ar, uint32_t k)
{
    return ar->table->objects[k - 1];
}

bool CArchive_KnowsObject(const struct CArchive *ar, const struct CObject *o)
{
    return ar->table && object_table_index(ar->table, o) != 0;
}
