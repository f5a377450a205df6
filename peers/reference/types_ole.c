/*
 * The OLE automation values.
 *
 * Mind the halves of a currency: COleCurrency has the high one first, a
 * VT_CY within a variant the low one.
 */
#include <inttypes.h>

#include "types.h"

/* COleDateTime and COleDateTimeSpan: LONG status, double. */
void ole_load(struct CArchive *ar, const struct slot *s, struct value *v)
{
    (void)s;
    v->ole.status = CArchive_ExtractLONG(ar);
    v->ole.bits = CArchive_ExtractULONGLONG(ar);
}

void ole_store(struct CArchive *ar, const struct slot *s, const struct value *v)
{
    bool is_span = s->type->size == 1;

    if (!is_span || !ar->profile->generation->bare_span) // 7.0 forgets the status [VAL-9]
        CArchive_InsertLONG(ar, v->ole.status);
    CArchive_InsertULONGLONG(ar, v->ole.bits);
}

void ole_print(struct text *t, const struct slot *s, const struct value *v)
{
    (void)s;
    text_printf(t, "(%" PRId32 ",%016" PRIx64 ")", v->ole.status, v->ole.bits);
}

static bool scan_status(struct reading *r, struct value *v)
{
    uint64_t status;

    if (!scan_char(&r->scan, '(') || !scan_integer(&r->scan, INT32_MIN, INT32_MAX, &status) ||
        !scan_char(&r->scan, ','))
        return false;
    v->ole.status = (int32_t)status;
    return true;
}

bool ole_parse(struct reading *r, const struct slot *s, struct value *v)
{
    (void)s;
    return scan_status(r, v) && scan_hex(&r->scan, 16, &v->ole.bits) && scan_char(&r->scan, ')');
}

void currency_load(struct CArchive *ar, const struct slot *s, struct value *v)
{
    (void)s;
    v->ole.status = CArchive_ExtractLONG(ar);
    uint64_t high = CArchive_ExtractDWORD(ar);
    v->ole.bits = high << 32 | CArchive_ExtractDWORD(ar);
}

void currency_store(struct CArchive *ar, const struct slot *s, const struct value *v)
{
    (void)s;
    uint32_t high = (uint32_t)(v->ole.bits >> 32), low = (uint32_t)v->ole.bits;

    CArchive_InsertLONG(ar, v->ole.status);
    CArchive_InsertDWORD(ar, high);
    CArchive_InsertDWORD(ar, low);
}

void currency_print(struct text *t, const struct slot *s, const struct value *v)
{
    (void)s;
    text_printf(t, "(%" PRId32 ",%" PRId64 ")", v->ole.status, (int64_t)v->ole.bits);
}

bool currency_parse(struct reading *r, const struct slot *s, struct value *v)
{
    (void)s;
    return scan_status(r, v) && scan_integer(&r->scan, INT64_MIN, INT64_MAX, &v->ole.bits) &&
           scan_char(&r->scan, ')');
}

/* A length, in bytes or units, and UTF-16 units. A cut one is exception 3. */
static void load_wide(struct CArchive *ar, uint32_t count, struct units *out)
{
    CArchive_ReadUnits(ar, out, count, 2);
    if (out->count < count)
        CArchive_Throw(ar, EXCEPTION_ARCHIVE, CAUSE_END_OF_FILE, "a string was cut");
}

/* The same counted in bytes; an odd one is read, but is no unit. */
static void load_wide_bytes(struct CArchive *ar, uint32_t bytes, struct units *out)
{
    CArchive_ReadUnits(ar, out, bytes, 1);
    if (out->count < bytes)
        CArchive_Throw(ar, EXCEPTION_ARCHIVE, CAUSE_END_OF_FILE, "a string was cut");
    *out = (struct units){ out->data, out->count / 2, 2 };
}

/* CComBSTR: DWORD units. */
void bstr_load(struct CArchive *ar, const struct slot *s, struct value *v)
{
    (void)s;
    load_wide(ar, CArchive_ExtractDWORD(ar), &v->units);
}

void bstr_store(struct CArchive *ar, const struct slot *s, const struct value *v)
{
    (void)s;
    CArchive_InsertDWORD(ar, (uint32_t)v->units.count);
    CArchive_Write(ar, v->units.data, 2 * v->units.count);
}

void bstr_print(struct text *t, const struct slot *s, const struct value *v)
{
    (void)s;
    string_text(t, &v->units);
}

bool bstr_parse(struct reading *r, const struct slot *s, struct value *v)
{
    (void)s;
    return scan_units(&r->scan, 'u', 4, &v->units); // wide in every build
}

enum { VT_NULL = 1, VT_BSTR = 8, VT_DISPATCH = 9, VT_BOOL = 11, VT_UNKNOWN = 13 };

/* The kinds that have a body; their value is told and loaded as the type of that name. */
static const struct kind {
    uint16_t vt;
    const char *type;
    bool newer; // from 7.1 on; before, nothing stands behind the vt [VAL-10]
} kinds[] = {
    { 2, "short", false },         { 3, "long", false },     { 4, "float", false },
    { 5, "double", false },        { 6, "longlong", false }, { 7, "double", false },
    { VT_BSTR, "combstr", false }, { 10, "long", false },    { VT_BOOL, "bool", false },
    { 16, "char", true },          { 17, "byte", false },    { 18, "word", true },
    { 19, "dword", true },         { 20, "longlong", true }, { 21, "ulonglong", true },
};

static const struct kind *kind_find(uint16_t vt, bool newer)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].vt == vt && (!kinds[i].newer || newer))
            return &kinds[i];
    return NULL;
}

static struct slot slot_of(const struct kind *kind)
{
    return (struct slot){ .type = type_named(kind->type) };
}

void variant_load(struct CArchive *ar, const struct slot *s, struct value *v)
{
    (void)s;
    *v = (struct value){ .variant.vt = CArchive_ExtractWORD(ar) };
    const struct kind *kind = kind_find(v->variant.vt, ar->profile->generation->newer_variants);
    struct value inner;

    // These bring a COM object, which the program would have to be able to create [8.3].
    if (v->variant.vt == VT_DISPATCH || v->variant.vt == VT_UNKNOWN)
        CArchive_Throw(ar, EXCEPTION_NOT_SUPPORTED, 0, "a variant with a COM object");
    v->variant.has_body = kind;
    if (!kind)
        return;
    if (kind->vt == VT_BSTR) {
        load_wide_bytes(ar, CArchive_ExtractDWORD(ar), &v->variant.string);
    } else if (kind->vt == VT_BOOL) {
        v->variant.bits = CArchive_ExtractWORD(ar) != 0; // FFFF for true, but any will do
    } else {
        struct slot slot = slot_of(kind);
        slot.type->load(ar, &slot, &inner);
        v->variant.bits = inner.bits;
    }
}

void variant_store(struct CArchive *ar, const struct slot *s, const struct value *v)
{
    (void)s;
    const struct kind *kind = kind_find(v->variant.vt, ar->profile->generation->newer_variants);

    CArchive_InsertWORD(ar, v->variant.vt);
    if (!kind)
        return;
    if (kind->vt == VT_BSTR) {
        CArchive_InsertDWORD(ar, (uint32_t)(2 * v->variant.string.count));
        CArchive_Write(ar, v->variant.string.data, 2 * v->variant.string.count);
    } else if (kind->vt == VT_BOOL) {
        CArchive_InsertWORD(ar, v->variant.bits ? 0xffff : 0);
    } else {
        struct slot slot = slot_of(kind);
        slot.type->store(ar, &slot, &(struct value){ .bits = v->variant.bits });
    }
}

/* A kind that this generation lacks was loaded without a body [VAL-10]. */
void variant_print(struct text *t, const struct slot *s, const struct value *v)
{
    (void)s;
    const struct kind *kind = v->variant.has_body ? kind_find(v->variant.vt, true) : NULL;

    text_printf(t, "(%u", v->variant.vt);
    if (kind) {
        struct slot slot = slot_of(kind);
        struct value inner = { .bits = v->variant.bits };
        if (kind->vt == VT_BSTR)
            inner.units = v->variant.string;
        text_put(t, ",");
        slot.type->print(t, &slot, &inner);
    }
    text_put(t, ")");
}

bool variant_parse(struct reading *r, const struct slot *s, struct value *v)
{
    (void)s;
    uint64_t vt;
    struct value inner;

    if (!scan_char(&r->scan, '(') || !scan_integer(&r->scan, 0, UINT16_MAX, &vt))
        return false;
    *v = (struct value){ .variant.vt = (uint16_t)vt };
    if (vt > VT_NULL) {
        const struct kind *kind = kind_find((uint16_t)vt, r->profile->generation->newer_variants);
        if (!kind) {
            r->scan.why = "no such variant here";
            return false;
        }
        v->variant.has_body = true;
        struct slot slot = slot_of(kind);
        if (!scan_char(&r->scan, ',') || !slot.type->parse(r, &slot, &inner))
            return false;
        if (kind->vt == VT_BSTR)
            v->variant.string = inner.units;
        else
            v->variant.bits = inner.bits;
    }
    return scan_char(&r->scan, ')');
}
