/*
 * The places that choose leaves of a value, and how many each chooses: golden.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "check/place.h"

/* Each place, how many leaves it chooses, and behind a < the words by their type alone; * behind those that are by what holds them. */
// clang-format off
static const struct places_row {
    const char *label, *type, *text;
    enum leaf_kind kind;
    const char *are;
} rows[] = {
    { "a number",             "dword",    "7", LEAF_NUMBER, "DWORD 1; 1 in all" },
    { "… no text",            "dword",    "7", LEAF_TEXT, "; 0 in all" },
    { "four of one type",     "rect",     "(1,2,3,4)", LEAF_NUMBER,
      "LONG 4, LONG of CRect 4 < LONG, LONG of CRect.left 1 < LONG, LONG of CRect.top 1 < LONG, LONG of CRect.right 1 < LONG, LONG of CRect.bottom 1 < LONG; 4 in all" },
    { "two types",            "oledatetime", "(0,0000000000000000)", LEAF_NUMBER,
      "LONG 1, LONG of COleDateTime 1 < LONG, number of COleDateTime 2* < LONG, double 1, double of COleDateTime 1 < double; 2 in all" },
    { "a type that is its own", "olecurrency", "(0,7)", LEAF_NUMBER,
      "LONG 1, LONG of COleCurrency 1 < LONG, number of COleCurrency 2* < LONG, CY 1; 2 in all" },
    { "a variant",            "olevariant", "(3,7)", LEAF_NUMBER,
      "VARTYPE 1, number of COleVariant 2* < VARTYPE, LONG 1, LONG of COleVariant 1 < LONG, LONG of COleVariant.I4 1 < LONG; 2 in all" },
    { "… without a value",    "olevariant", "(0)", LEAF_NUMBER, "VARTYPE 1, number of COleVariant 1* < VARTYPE; 1 in all" },
    { "an array",             "wordarray", "[1,2,3]", LEAF_NUMBER, "CWordArray 1; 1 in all" },
    { "… its count",          "wordarray", "[1,2,3]", LEAF_COUNT, "CWordArray 1; 1 in all" },
    { "a count",              "count",    "7", LEAF_COUNT, "WriteCount 1; 1 in all" },
    { "… of a list",          "obarray",  "[CObArray[],null]", LEAF_COUNT, "CObArray 2; 2 in all" },
    { "… of a map",           "mapwordtoob", "{1=null}", LEAF_COUNT, "CMapWordToOb 1; 1 in all" },
    { "… none",               "cstringa", "a:61", LEAF_COUNT, "; 0 in all" },
    { "a text",               "cstringa", "a:61", LEAF_TEXT, "CStringA 1; 1 in all" },
    { "… of a list",          "stringlist", "[u:0061,u:]", LEAF_TEXT, "CString 2, CString of CStringList 2 < CString; 2 in all" },
    { "… of a map",           "mapstringtostring", "{u:0061=u:0062}", LEAF_TEXT,
      "CString 2, CString of CMapStringToString 2 < CString, CString of CMapStringToString.key 1 < CString, CString of CMapStringToString.value 1 < CString; 2 in all" },
    { "… of a variant",       "olevariant", "(8,u:0061)", LEAF_TEXT, "BSTR 1; 1 in all" },
    { "a value of several",   "rect",     "(1,2,3,4)", LEAF_STRUCT, "CRect 1; 1 in all" },
    { "… a variant",          "olevariant", "(3,7)", LEAF_STRUCT, "COleVariant 1; 1 in all" },
    { "… a time",             "time",     "7", LEAF_STRUCT, "CTime 1; 1 in all" },
    { "… a number",           "dword",    "7", LEAF_STRUCT, "; 0 in all" },
    { "a collection",         "obarray",  "[null,CObList[]]", LEAF_COLLECTION, "CObArray 1, CObList 1; 2 in all" },
    { "… a map",              "mapwordtoob", "{1=null}", LEAF_COLLECTION, "CMapWordToOb 1; 1 in all" },
    { "… an array is none",   "wordarray", "[1]", LEAF_COLLECTION, "; 0 in all" },
    { "objects",              "obarray",  "[CAge(1),CNode(2,CAge(3)),@1,null]", LEAF_OBJECT,
      "CAge 2, CAge of CObArray 1 < CAge, object of CObArray 2 < CAge, CNode 1, CNode of CObArray 1 < CNode; 3 in all" },
    { "… by itself",          "object",   "CAge(1)", LEAF_OBJECT, "CAge 1; 1 in all" },
    { "… of a map",           "mapwordtoob", "{1=CAge(2)}", LEAF_OBJECT, "CAge 1, CAge of CMapWordToOb 1 < CAge, object of CMapWordToOb 1 < CAge; 1 in all" },
    { "… none",               "object",   "null", LEAF_OBJECT, "; 0 in all" },
};
// clang-format on

Test(place_lists, are_all_that_choose_a_leaf, .timeout = 10)
{
    for (const struct places_row *r = rows; r < rows + COUNT_OF(rows); r++) {
        SCRATCH(keep);
        struct leaf_places *to = ARENA_NEW(&keep, struct leaf_places);
        struct value v;
        struct error err;
        TEXT(are);
        cr_assert(value_parse(r->text, type_named(r->type), &profile_default, &keep, &v, &err), "%s: %s", r->label, err.text);
        places_add(to, &v, NULL, 0, r->kind, &keep);
        size_t once = to->count;
        places_add(to, &v, NULL, 0, r->kind, &keep);
        cr_expect(eq(sz, to->count, once), "%s: each once", r->label);
        places_count(to, &v, NULL, 0, r->kind);
        for (size_t i = 0; i < to->count; i++) {
            text_printf(&are, "%s%s %zu%s", i ? ", " : "", to->items[i].words, to->items[i].leaves, to->items[i].is_any ? "*" : "");
            if (to->items[i].is_type)
                cr_expect(eq(sz, to->items[i].of_type, i), "%s", r->label);
            else
                text_printf(&are, " < %s", to->items[to->items[i].of_type].words);
        }
        text_printf(&are, "; %zu in all", to->leaves);
        cr_expect(eq(str, (char *)text_string(&are), (char *)r->are), "%s", r->label);
    }
}

/* No more places than there is room for; what has none is not told. */
Test(place_lists, end_where_there_is_no_more_room, .timeout = 10)
{
    SCRATCH(keep);
    struct leaf_places *to = ARENA_NEW(&keep, struct leaf_places);
    const struct type own = { .name = "own", .mfc = "own", .kind = VALUE_INTEGER, .width = 2 };

    for (size_t i = 0; i < PLACES_MAX + 2; i++) {
        struct type *one = ARENA_NEW(&keep, struct type);
        struct value v = { 0 };
        *one = own;
        one->mfc = arena_printf(&keep, "type %zu", i);
        v.of.type = one;
        places_add(to, &v, NULL, 0, LEAF_NUMBER, &keep);
        cr_expect(eq(sz, to->count, i < PLACES_MAX ? i + 1 : PLACES_MAX));
    }
    cr_expect(eq(str, (char *)to->items[PLACES_MAX - 1].words, "type 63"));
}
