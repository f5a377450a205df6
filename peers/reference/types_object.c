/*
 * Pointers to objects, collections of them, and classes alone.
 *
 * A text tells an object in full where the stream first carries it, and
 * names it @k from then on: the k-th object of its direction.
 */
#include <inttypes.h>
#include <string.h>

#include "classes.h"

void object_text(struct text *t, struct CObject *o)
{
    struct thing *thing = (struct thing *)o;

    if (!o) {
        text_put(t, "null");
    } else if (thing->told || o->loaded <= t->told) {
        text_printf(t, "@%" PRIu32, o->loaded);
    } else {
        thing->told = true;
        thing_text(t, thing);
    }
}

static bool refuse(struct reading *r, const char *why)
{
    r->scan.why = why;
    return false;
}

static bool scan_reference(struct reading *r, struct CObject **o)
{
    uint64_t k, carried = CArchive_ObjectCount(r->store);

    if (!scan_integer(&r->scan, 0, UINT32_MAX, &k))
        return false;
    if (k == 0 || k > carried + r->made_count)
        return refuse(r, "an @k that is not yet reached");
    *o = k <= carried ? CArchive_ObjectAt(r->store, (uint32_t)k) : r->made[k - carried - 1];
    return true;
}

static bool ends_name(char c)
{
    return c <= ' ' || strchr(":([{", c);
}

/* The name of a class, up to what cannot be one. */
static const struct CRuntimeClass *scan_class(struct scan *s)
{
    const char *name = s->at;

    while (!scan_ended(s) && !ends_name(*s->at))
        s->at++;
    const struct CRuntimeClass *class = class_find(name, (size_t)(s->at - name));
    if (!class)
        s->why = "no such class";
    return class;
}

static bool scan_new(struct reading *r, struct CObject **o)
{
    const struct CRuntimeClass *class = scan_class(&r->scan);

    if (!class)
        return false;
    if (r->depth == TYPES_DEPTH_MAX)
        return refuse(r, "objects nested deeper than max-depth");
    struct CObject **made =
        pool_more(r->request, r->made, r->made_count, &r->made_capacity, sizeof(struct CObject *));
    struct thing *thing = thing_new(r->life, class);
    if (!made || !thing)
        return refuse(r, "more than this peer takes");
    r->made = made;
    made[r->made_count++] = *o = &thing->object;

    struct pool *pool = r->scan.pool;
    r->scan.pool = r->life; // what is in it must live as long as it does
    r->depth++;
    bool found = thing_scan(r, thing);
    r->depth--;
    r->scan.pool = pool;
    return found;
}

bool object_scan(struct reading *r, struct CObject **o)
{
    *o = NULL;
    if (scan_word(&r->scan, "null"))
        return true;
    return scan_char(&r->scan, '@') ? scan_reference(r, o) : scan_new(r, o);
}

/* object, or object:NAME with a class that there is [SVC-10]. */
bool object_suffix(struct slot *s, const char *suffix, size_t len)
{
    if (!suffix)
        return true;
    s->class = class_find(suffix, len);
    return s->class;
}

void object_load(struct CArchive *ar, const struct slot *s, struct value *v)
{
    v->object = CArchive_ReadObject(ar, s->class);
}

void object_store(struct CArchive *ar, const struct slot *s, const struct value *v)
{
    (void)s;
    CArchive_WriteObject(ar, v->object);
}

void object_print(struct text *t, const struct slot *s, const struct value *v)
{
    (void)s;
    object_text(t, v->object);
}

bool object_parse(struct reading *r, const struct slot *s, struct value *v)
{
    if (!object_scan(r, &v->object))
        return false;
    if (s->class && v->object && v->object->class != s->class)
        return refuse(r, "not an object of this class");
    return true;
}

void object_visit(const struct value *v, struct visit *visit)
{
    visit_object(v->object, visit);
}

void objects_load(struct CArchive *ar, const struct slot *s, struct value *v)
{
    (void)s;
    uint64_t count = CArchive_ReadCount(ar);
    size_t capacity = 0;

    v->objects = (struct objects){ 0 };
    while (v->objects.count < count && !CArchive_Failed(ar)) {
        struct CObject **items = pool_more(ar->keep, v->objects.items, v->objects.count, &capacity,
                                           sizeof(struct CObject *));
        if (!items) {
            CArchive_Throw(ar, EXCEPTION_MEMORY, 0, "too large");
            return;
        }
        v->objects.items = items;
        items[v->objects.count++] = CArchive_ReadObject(ar, NULL);
    }
}

void objects_store(struct CArchive *ar, const struct slot *s, const struct value *v)
{
    (void)s;
    CArchive_WriteCount(ar, v->objects.count);
    for (size_t i = 0; i < v->objects.count; i++)
        CArchive_WriteObject(ar, v->objects.items[i]);
}

void objects_print(struct text *t, const struct slot *s, const struct value *v)
{
    (void)s;
    text_put(t, "[");
    for (size_t i = 0; i < v->objects.count; i++) {
        text_put(t, i ? "," : "");
        object_text(t, v->objects.items[i]);
    }
    text_put(t, "]");
}

bool objects_parse(struct reading *r, const struct slot *s, struct value *v)
{
    (void)s;
    size_t capacity = 0;

    v->objects = (struct objects){ 0 };
    if (!scan_char(&r->scan, '['))
        return false;
    if (scan_char(&r->scan, ']'))
        return true;
    do {
        struct CObject **items = pool_more(r->scan.pool, v->objects.items, v->objects.count,
                                           &capacity, sizeof(struct CObject *));
        if (!items)
            return refuse(r, "more than this peer takes");
        v->objects.items = items;
        if (!object_scan(r, &items[v->objects.count++]))
            return false;
    } while (scan_char(&r->scan, ','));
    return scan_char(&r->scan, ']');
}

void objects_visit(const struct value *v, struct visit *visit)
{
    for (size_t i = 0; i < v->objects.count; i++)
        visit_object(v->objects.items[i], visit);
}

void class_load(struct CArchive *ar, const struct slot *s, struct value *v)
{
    (void)s;
    v->class.class = CArchive_ReadClass(ar, NULL, &v->class.schema);
}

void class_store(struct CArchive *ar, const struct slot *s, const struct value *v)
{
    (void)s;
    CArchive_WriteClass(ar, v->class.class);
}

void class_print(struct text *t, const struct slot *s, const struct value *v)
{
    (void)s;
    text_printf(t, "%s:%u", v->class.class->name, v->class.schema);
}

bool class_parse(struct reading *r, const struct slot *s, struct value *v)
{
    (void)s;
    uint64_t schema;

    v->class.class = scan_class(&r->scan);
    if (!v->class.class || !scan_char(&r->scan, ':') ||
        !scan_integer(&r->scan, 0, UINT16_MAX, &schema))
        return false;
    return schema == v->class.class->schema;
}
