/*
 * CTime and CTimeSpan, in seconds [VAL-4, VAL-7].
 *
 *   CTime      up to 7.1   DWORD
 *              from 8 on   8000000A, then 64 bits; loading takes a DWORD, too
 *   CTimeSpan              DWORD, in every generation
 *
 * A DWORD is loaded as a signed number. CTime::Serialize64 is a plain number.
 */
#include <inttypes.h>

#include "types.h"

static const uint32_t LONG_TIME = 0x8000000a;

static int64_t load_seconds(struct CArchive *ar, bool may_be_long)
{
    uint32_t seconds = CArchive_ExtractDWORD(ar);

    return may_be_long && seconds == LONG_TIME ? CArchive_ExtractLONGLONG(ar) : (int32_t)seconds;
}

static void seconds_text(struct text *t, const struct value *v)
{
    text_printf(t, "%" PRId64, (int64_t)v->bits);
}

void time_load(struct CArchive *ar, const struct slot *s, struct value *v)
{
    (void)s;
    v->bits = (uint64_t)load_seconds(ar, ar->profile->generation->long_time);
}

void time_store(struct CArchive *ar, const struct slot *s, const struct value *v)
{
    (void)s;

    if (!ar->profile->generation->long_time) {
        CArchive_InsertDWORD(ar, (uint32_t)v->bits);
        return;
    }
    CArchive_InsertDWORD(ar, LONG_TIME);
    CArchive_InsertULONGLONG(ar, v->bits);
}

void time_print(struct text *t, const struct slot *s, const struct value *v)
{
    (void)s;
    seconds_text(t, v);
}

bool time_parse(struct reading *r, const struct slot *s, struct value *v)
{
    (void)s;
    if (r->profile->generation->long_time)
        return scan_integer(&r->scan, INT64_MIN, INT64_MAX, &v->bits);
    return scan_integer(&r->scan, INT32_MIN, INT32_MAX, &v->bits);
}

void span_load(struct CArchive *ar, const struct slot *s, struct value *v)
{
    (void)s;
    v->bits = (uint64_t)load_seconds(ar, false);
}

void span_store(struct CArchive *ar, const struct slot *s, const struct value *v)
{
    (void)s;
    CArchive_InsertDWORD(ar, (uint32_t)v->bits);
}

void span_print(struct text *t, const struct slot *s, const struct value *v)
{
    (void)s;
    seconds_text(t, v);
}

bool span_parse(struct reading *r, const struct slot *s, struct value *v)
{
    (void)s;
    return scan_integer(&r->scan, INT32_MIN, INT32_MAX, &v->bits);
}
