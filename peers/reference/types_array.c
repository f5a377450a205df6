/*
 * Collections of plain elements, Serialize called directly: a count, then the
 * elements [CNT-5].
 */
#include "types.h"

enum { FILL_MAX = 1 << 20 }; // bytes; a longer array that was cut just stays short

/* Up to 7.1 a short read leaves the rest of the elements at zero, without a word [COL-2]. */
static void fill_up(struct CArchive *ar, struct units *u, uint64_t count)
{
    if (u->count == count || CArchive_Failed(ar))
        return;
    if (ar->profile->generation->ensures_reads) {
        CArchive_Throw(ar, EXCEPTION_ARCHIVE, CAUSE_END_OF_FILE, "an array was cut");
        return;
    }
    if (count > FILL_MAX / u->width)
        return;
    uint8_t *data = pool_grow(ar->keep, u->data, (size_t)count, u->width);
    if (!data) {
        CArchive_Throw(ar, EXCEPTION_MEMORY, 0, "too large");
        return;
    }
    u->data = data;
    u->count = (size_t)count;
}

void array_load(struct CArchive *ar, const struct slot *s, struct value *v)
{
    uint64_t count = CArchive_ReadCount(ar);

    CArchive_ReadUnits(ar, &v->units, count, s->type->size);
    fill_up(ar, &v->units, count);
    if (ar->profile->bugs && ar->profile->generation->reads_twice && s->type->size == 1) {
        struct units lost; // MFC 7.0 overwrites memory with them [COL-3]
        CArchive_ReadUnits(ar, &lost, count, 1);
    }
}

void array_store(struct CArchive *ar, const struct slot *s, const struct value *v)
{
    (void)s;
    CArchive_WriteCount(ar, v->units.count);
    CArchive_Write(ar, v->units.data, v->units.count * v->units.width);
}

void array_print(struct text *t, const struct slot *s, const struct value *v)
{
    (void)s;
    text_array(t, &v->units);
}

bool array_parse(struct reading *r, const struct slot *s, struct value *v)
{
    return scan_array(&r->scan, s->type->size, &v->units);
}

void CStringList_Load(struct CArchive *ar, struct strings *list)
{
    uint64_t more = CArchive_ReadCount(ar);
    size_t capacity = list->count;

    for (; more > 0 && !CArchive_Failed(ar); more--) {
        struct units *items = pool_more(ar->keep, list->items, list->count, &capacity, sizeof *items);
        if (!items) {
            CArchive_Throw(ar, EXCEPTION_MEMORY, 0, "too large");
            return;
        }
        list->items = items;
        CArchive_ExtractCString(ar, &items[list->count++], profile_width(ar->profile));
    }
}

/* A request's array or list is a fresh one each time. */
void strings_load(struct CArchive *ar, const struct slot *s, struct value *v)
{
    (void)s;
    v->strings = (struct strings){ 0 };
    CStringList_Load(ar, &v->strings);
}

void strings_store(struct CArchive *ar, const struct slot *s, const struct value *v)
{
    (void)s;
    CArchive_WriteCount(ar, v->strings.count);
    for (size_t i = 0; i < v->strings.count; i++)
        CArchive_InsertCString(ar, &v->strings.items[i]);
}

void strings_print(struct text *t, const struct slot *s, const struct value *v)
{
    (void)s;
    text_put(t, "[");
    for (size_t i = 0; i < v->strings.count; i++) {
        text_put(t, i ? "," : "");
        string_text(t, &v->strings.items[i]);
    }
    text_put(t, "]");
}

bool strings_parse(struct reading *r, const struct slot *s, struct value *v)
{
    (void)s;
    size_t capacity = 0;

    v->strings = (struct strings){ 0 };
    if (!scan_char(&r->scan, '['))
        return false;
    if (scan_char(&r->scan, ']'))
        return true;
    do {
        struct units *items =
            pool_more(r->scan.pool, v->strings.items, v->strings.count, &capacity, sizeof *items);
        if (!items)
            return false;
        v->strings.items = items;
        if (!string_scan(r, &items[v->strings.count++]))
            return false;
    } while (scan_char(&r->scan, ','));
    return scan_char(&r->scan, ']');
}
