/*
 * Mistakes that are made with the values of one type: the type's row, with other functions.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flaws.h"
#include "types.h"

static uint64_t halves(uint64_t bits)
{
    return bits << 32 | bits >> 32;
}

static void load_turned(struct CArchive *ar, const struct slot *s, struct value *v)
{
    v->bits = bits_turned(CArchive_Extract(ar, s->type->size), s->type->size);
}

static void store_turned(struct CArchive *ar, const struct slot *s, const struct value *v)
{
    CArchive_Insert(ar, bits_turned(v->bits, s->type->size), s->type->size);
}

static void load_halves(struct CArchive *ar, const struct slot *s, struct value *v)
{
    (void)s;
    v->bits = halves(CArchive_ExtractULONGLONG(ar));
}

static void store_halves(struct CArchive *ar, const struct slot *s, const struct value *v)
{
    (void)s;
    CArchive_InsertULONGLONG(ar, halves(v->bits));
}

static void store_elements_turned(struct CArchive *ar, const struct slot *s, const struct value *v)
{
    (void)s;
    CArchive_WriteCount(ar, v->units.count);
    for (size_t i = 0; i < v->units.count; i++)
        CArchive_Insert(ar, bits_turned(units_at(&v->units, i), v->units.width), v->units.width);
}

static void store_corners_turned(struct CArchive *ar, const struct slot *s, const struct value *v)
{
    for (unsigned i = 0; i < s->type->size; i++)
        CArchive_InsertDWORD(ar, (uint32_t)bits_turned((uint32_t)v->at[i], 4));
}

static void store_in_four(struct CArchive *ar, const struct slot *s, const struct value *v)
{
    (void)s;
    CArchive_InsertDWORD(ar, (uint32_t)v->bits);
}

static void load_in_eight(struct CArchive *ar, const struct slot *s, struct value *v)
{
    (void)s;
    v->bits = CArchive_ExtractULONGLONG(ar);
}

static void store_in_eight(struct CArchive *ar, const struct slot *s, const struct value *v)
{
    (void)s;
    CArchive_InsertULONGLONG(ar, v->bits);
}

/* As a struct would have it, counted from where the reply begins. */
static void store_aligned(struct CArchive *ar, const struct slot *s, const struct value *v)
{
    while (ar->cur % s->type->size != 0)
        CArchive_InsertBYTE(ar, 0);
    number_store(ar, s, v);
}

static void load_through_float(struct CArchive *ar, const struct slot *s, struct value *v)
{
    (void)s;
    double rounded = (float)CArchive_Extractdouble(ar);

    memcpy(&v->bits, &rounded, sizeof v->bits);
}

static void print_unsigned(struct text *t, const struct slot *s, const struct value *v)
{
    (void)s;
    text_printf(t, "%" PRIu64, v->bits);
}

static void print_signed(struct text *t, const struct slot *s, const struct value *v)
{
    (void)s;
    text_printf(t, "%d", (int8_t)v->bits);
}

static void store_widened(struct CArchive *ar, const struct slot *s, const struct value *v)
{
    struct units wide = v->units;

    (void)s;
    units_widen_or_narrow(&wide, ar->keep, 2);
    CArchive_InsertCString(ar, &wide);
}

static void line_store_ended(struct CArchive *ar, const struct value *v, const char *end)
{
    struct units ending;

    CArchive_WriteString(ar, &v->units);
    if (units_from_ascii(&ending, ar->keep, end, strlen(end), v->units.width))
        CArchive_WriteString(ar, &ending);
}

static void line_store_cr_lf(struct CArchive *ar, const struct slot *s, const struct value *v)
{
    (void)s;
    line_store_ended(ar, v, "\r\n");
}

static void line_store_bare(struct CArchive *ar, const struct slot *s, const struct value *v)
{
    (void)s;
    line_store_ended(ar, v, "");
}

static void raw_load_cut(struct CArchive *ar, const struct slot *s, struct value *v)
{
    CArchive_ReadUnits(ar, &v->units, s->bytes, 1);
}

static void array_load_cut(struct CArchive *ar, const struct slot *s, struct value *v)
{
    uint64_t count = CArchive_ReadCount(ar);

    CArchive_ReadUnits(ar, &v->units, count, s->type->size);
    if (CArchive_Failed(ar) || v->units.count == count || count > 4096)
        return;
    uint8_t *data = pool_new(ar->keep, (size_t)count, s->type->size);
    if (!data)
        return;
    memcpy(data, v->units.data, v->units.count * s->type->size);
    v->units = (struct units){ data, (size_t)count, s->type->size };
}

/* Behind what the list held before; nothing of it is ever given back. */
static void strings_load_behind(struct CArchive *ar, const struct slot *s, struct value *v)
{
    static _Thread_local struct strings list;

    strings_load(ar, s, v);
    struct units *items = realloc(list.items, (list.count + v->strings.count + 1) * sizeof *items);
    if (!items || CArchive_Failed(ar))
        return;
    list.items = items;
    for (size_t i = 0; i < v->strings.count; i++) {
        struct units u = v->strings.items[i];
        size_t len = u.count * u.width;
        uint8_t *data = malloc(len + 1);
        if (data)
            items[list.count++] =
                (struct units){ memcpy(data, len ? u.data : data, len), u.count, u.width };
    }
    v->strings = list;
}

enum { TIME_MARK = (int)0x8000000a };

static void time_store_other(struct CArchive *ar, const struct slot *s, const struct value *v)
{
    (void)s;
    if (!ar->profile->generation->long_time) {
        CArchive_InsertDWORD(ar, (uint32_t)TIME_MARK);
        CArchive_InsertULONGLONG(ar, v->bits);
    } else {
        CArchive_InsertDWORD(ar, (uint32_t)v->bits);
    }
}

static void time_load_other(struct CArchive *ar, const struct slot *s, struct value *v)
{
    (void)s;
    if (!ar->profile->generation->long_time)
        CArchive_ExtractDWORD(ar);
    v->bits = ar->profile->generation->long_time ? (uint64_t)CArchive_ExtractLONG(ar)
                                                 : CArchive_ExtractULONGLONG(ar);
}

static void time_load_long(struct CArchive *ar, const struct slot *s, struct value *v)
{
    (void)s;
    CArchive_ExtractDWORD(ar);
    v->bits = CArchive_ExtractULONGLONG(ar);
}

static void span_store_bare(struct CArchive *ar, const struct slot *s, const struct value *v)
{
    (void)s;
    CArchive_InsertULONGLONG(ar, v->ole.bits);
}

static void currency_load_low_first(struct CArchive *ar, const struct slot *s, struct value *v)
{
    (void)s;
    v->ole.status = CArchive_ExtractLONG(ar);
    v->ole.bits = CArchive_ExtractULONGLONG(ar);
}

static void currency_store_low_first(struct CArchive *ar, const struct slot *s,
                                     const struct value *v)
{
    (void)s;
    CArchive_InsertLONG(ar, v->ole.status);
    CArchive_InsertULONGLONG(ar, v->ole.bits);
}

enum { VT_CY = 6, VT_BOOL = 11 };

static void variant_store_high_first(struct CArchive *ar, const struct slot *s,
                                     const struct value *v)
{
    struct value turned = *v;

    if (v->variant.vt == VT_CY)
        turned.variant.bits = halves(v->variant.bits);
    variant_store(ar, s, &turned);
}

static void variant_store_true_as_one(struct CArchive *ar, const struct slot *s,
                                      const struct value *v)
{
    if (v->variant.vt != VT_BOOL) {
        variant_store(ar, s, v);
        return;
    }
    CArchive_InsertWORD(ar, VT_BOOL);
    CArchive_InsertWORD(ar, v->variant.bits != 0);
}

/* As 7.0, to which the unsigned ones and the 64-bit ones have no value. */
static void variant_load_of_old(struct CArchive *ar, const struct slot *s, struct value *v)
{
    struct profile old = *ar->profile;
    struct generation generation = *old.generation;
    const struct profile *own = ar->profile;

    generation.newer_variants = false;
    old.generation = &generation;
    ar->profile = &old;
    variant_load(ar, s, v);
    ar->profile = own;
}

static const char numbers[] =
    " word short int uint long dword float double longlong ulonglong wchar time64 ";

typedef void load_function(struct CArchive *, const struct slot *, struct value *);
typedef void store_function(struct CArchive *, const struct slot *, const struct value *);
typedef void print_function(struct text *, const struct slot *, const struct value *);

// clang-format off
static const struct change {
    const bool *on;
    const char *types; // a blank before and behind each
    load_function *load;
    store_function *store;
    print_function *print;
} changes[] = {
    { &flaws.swap_operands,              numbers,                      load_turned,   store_turned, NULL },
    { &flaws.swap_words,                 " word short ",               load_turned,   store_turned, NULL },
    { &flaws.swap_on_load,               numbers,                      load_turned,   NULL, NULL },
    { &flaws.swap_on_store,              numbers,                      NULL, store_turned, NULL },
    { &flaws.swap_double_halves,         " double ",                   load_halves,   store_halves, NULL },
    { &flaws.swap_wide_halves,           " longlong ulonglong ",       NULL, store_halves, NULL },
    { &flaws.network_not_turned,         " net16 net32 ",              number_load,   number_store, NULL },
    { &flaws.swap_elements,              " wordarray dwordarray ",     NULL, store_elements_turned, NULL },
    { &flaws.swap_corners,               " size point rect ",          NULL, store_corners_turned, NULL },
    { &flaws.currency_low_first,         " olecurrency ",              NULL, currency_store_low_first, NULL },
    { &flaws.currency_low_first_on_load, " olecurrency ",              currency_load_low_first, NULL, NULL },
    { &flaws.variant_currency_high_first, " olevariant ",              NULL, variant_store_high_first, NULL },
    { &flaws.variant_true_is_one,        " olevariant ",               NULL, variant_store_true_as_one, NULL },
    { &flaws.variants_of_old,            " olevariant ",               variant_load_of_old, NULL, NULL },
    { &flaws.widens_narrow_strings,      " cstringa ",                 NULL, store_widened, NULL },
    { &flaws.line_ends_in_cr_lf,         " line ",                     NULL, line_store_cr_lf, NULL },
    { &flaws.line_without_newline,       " line ",                     NULL, line_store_bare, NULL },
    { &flaws.takes_cut_blocks,           " raw ",                      raw_load_cut,  NULL, NULL },
    { &flaws.fills_cut_arrays,           " bytearray wordarray dwordarray ", array_load_cut, NULL, NULL },
    { &flaws.lists_append,               " stringarray stringlist ",   strings_load_behind, NULL, NULL },
    { &flaws.bool_in_four_bytes,         " bool ",                     NULL, store_in_four, NULL },
    { &flaws.long_in_eight_bytes,        " long ",                     load_in_eight, store_in_eight, NULL },
    { &flaws.wchar_in_four_bytes,        " wchar ",                    NULL, store_in_four, NULL },
    { &flaws.pads_values,                " int uint long dword float ", NULL, store_aligned, NULL },
    { &flaws.double_through_float,       " double ",                   load_through_float, NULL, NULL },
    { &flaws.tells_unsigned,             " char short int long longlong time64 ", NULL, NULL, print_unsigned },
    { &flaws.tells_bytes_signed,         " byte ",                     NULL, NULL, print_signed },
    { &flaws.time_of_other_generations,  " time ",                     NULL, time_store_other, NULL },
    { &flaws.time_long_on_load,          " time ",                     time_load_other, NULL, NULL },
    { &flaws.time_without_mark,          " time ",                     NULL, store_in_eight, NULL },
    { &flaws.time_never_short,           " time ",                     time_load_long, NULL, NULL },
    { &flaws.span_in_eight_bytes,        " timespan ",                 NULL, store_in_eight, NULL },
    { &flaws.span_without_status,        " oledatetimespan ",          NULL, span_store_bare, NULL },
};
// clang-format on

enum { TYPES_MAX = 64 };

static struct type changed[TYPES_MAX];
static size_t changed_count;

void flaws_change_types(void)
{
    for (changed_count = 0; types[changed_count].name && changed_count < TYPES_MAX;
         changed_count++) {
        struct type *t = &changed[changed_count];
        char name[64];
        *t = types[changed_count];
        snprintf(name, sizeof name, " %s ", t->name);
        for (const struct change *c = changes; c < changes + sizeof changes / sizeof *changes;
             c++) {
            if (!*c->on || !strstr(c->types, name))
                continue;
            t->load = c->load ? c->load : t->load;
            t->store = c->store ? c->store : t->store;
            t->print = c->print ? c->print : t->print;
        }
    }
}

const struct type *flaws_type(const struct type *row)
{
    size_t i = (size_t)(row - types);

    return i < changed_count ? &changed[i] : row;
}
