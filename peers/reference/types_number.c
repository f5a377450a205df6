/*
 * Numbers, truth values, counts, and what consists of a few LONGs.
 *
 * They travel as bits of their size; sign and notation matter to the text
 * only.
 */
#include <inttypes.h>

#include "types.h"

static uint64_t all_ones(unsigned size)
{
    return size < 8 ? (UINT64_C(1) << 8 * size) - 1 : UINT64_MAX;
}

/* Extends the sign of a number of so many bytes to 64 bits. */
static int64_t extended(uint64_t bits, unsigned size)
{
    uint64_t sign = UINT64_C(1) << (8 * size - 1);

    return (int64_t)((bits ^ sign) - sign);
}

void number_load(struct CArchive *ar, const struct slot *s, struct value *v)
{
    v->bits = CArchive_Extract(ar, s->type->size);
}

void number_store(struct CArchive *ar, const struct slot *s, const struct value *v)
{
    CArchive_Insert(ar, v->bits, s->type->size);
}

void number_print(struct text *t, const struct slot *s, const struct value *v)
{
    if (s->type->negative)
        text_printf(t, "%" PRId64, extended(v->bits, s->type->size));
    else
        text_printf(t, "%" PRIu64, v->bits);
}

bool number_parse(struct reading *r, const struct slot *s, struct value *v)
{
    uint64_t max = all_ones(s->type->size);

    if (!s->type->negative)
        return scan_integer(&r->scan, 0, max, &v->bits);
    return scan_integer(&r->scan, -(int64_t)(max / 2) - 1, max / 2, &v->bits);
}

void real_load(struct CArchive *ar, const struct slot *s, struct value *v)
{
    number_load(ar, s, v);
}

void real_store(struct CArchive *ar, const struct slot *s, const struct value *v)
{
    number_store(ar, s, v);
}

/* The bits themselves, so that no rounding can hide a difference. */
void real_print(struct text *t, const struct slot *s, const struct value *v)
{
    text_printf(t, "%0*" PRIx64, 2 * (int)s->type->size, v->bits);
}

bool real_parse(struct reading *r, const struct slot *s, struct value *v)
{
    return scan_hex(&r->scan, 2 * s->type->size, &v->bits);
}

void truth_load(struct CArchive *ar, const struct slot *s, struct value *v)
{
    (void)s;
    v->bits = CArchive_Extractbool(ar);
}

void truth_store(struct CArchive *ar, const struct slot *s, const struct value *v)
{
    (void)s;
    CArchive_Insertbool(ar, v->bits);
}

void truth_print(struct text *t, const struct slot *s, const struct value *v)
{
    (void)s;
    text_put(t, v->bits ? "true" : "false");
}

bool truth_parse(struct reading *r, const struct slot *s, struct value *v)
{
    (void)s;
    v->bits = scan_word(&r->scan, "true");
    return v->bits || scan_word(&r->scan, "false");
}

/* htons and htonl before the insertion: big-endian on the wire [BYO-5]. The value is the host's. */
void network_load(struct CArchive *ar, const struct slot *s, struct value *v)
{
    v->bits = bits_turned(CArchive_Extract(ar, s->type->size), s->type->size);
}

void network_store(struct CArchive *ar, const struct slot *s, const struct value *v)
{
    CArchive_Insert(ar, bits_turned(v->bits, s->type->size), s->type->size);
}

void network_print(struct text *t, const struct slot *s, const struct value *v)
{
    number_print(t, s, v);
}

bool network_parse(struct reading *r, const struct slot *s, struct value *v)
{
    return number_parse(r, s, v);
}

void count_load(struct CArchive *ar, const struct slot *s, struct value *v)
{
    (void)s;
    v->bits = CArchive_ReadCount(ar);
}

void count_store(struct CArchive *ar, const struct slot *s, const struct value *v)
{
    (void)s;
    CArchive_WriteCount(ar, v->bits);
}

void count_print(struct text *t, const struct slot *s, const struct value *v)
{
    (void)s;
    text_printf(t, "%" PRIu64, v->bits);
}

bool count_parse(struct reading *r, const struct slot *s, struct value *v)
{
    (void)s;
    uint64_t max = profile_has_quad_count(r->profile) ? UINT64_MAX : UINT32_MAX;

    return scan_integer(&r->scan, 0, max, &v->bits);
}

/* Raw memory of a SIZE, POINT or RECT: LONGs, one after the other [VAL-1]. */
void corner_load(struct CArchive *ar, const struct slot *s, struct value *v)
{
    uint8_t wire[16] = { 0 };

    CArchive_EnsureRead(ar, wire, 4 * s->type->size);
    for (unsigned i = 0; i < s->type->size; i++)
        v->at[i] = (int32_t)bits_load(wire + 4 * i, 4);
}

void corner_store(struct CArchive *ar, const struct slot *s, const struct value *v)
{
    uint8_t wire[16];

    for (unsigned i = 0; i < s->type->size; i++)
        bits_store(wire + 4 * i, (uint32_t)v->at[i], 4);
    CArchive_Write(ar, wire, 4 * s->type->size);
}

void corner_print(struct text *t, const struct slot *s, const struct value *v)
{
    for (unsigned i = 0; i < s->type->size; i++)
        text_printf(t, "%c%" PRId32, i ? ',' : '(', v->at[i]);
    text_put(t, ")");
}

bool corner_parse(struct reading *r, const struct slot *s, struct value *v)
{
    for (unsigned i = 0; i < s->type->size; i++) {
        uint64_t bits;
        if (!scan_char(&r->scan, i ? ',' : '(') ||
            !scan_integer(&r->scan, INT32_MIN, INT32_MAX, &bits))
            return false;
        v->at[i] = (int32_t)bits;
    }
    return scan_char(&r->scan, ')');
}
