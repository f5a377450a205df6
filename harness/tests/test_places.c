/*
 * Places of mistakes against deeds: what came is written down here by hand, byte by byte, and the cause is due wherever the mistake is made.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

#include "base/hex.h"
#include "check/check.h"
#include "check/place.h"
#include "test_vector.h"

#define SERVICE                                                                                    \
    "{'format': 1, 'service': 'talk', 'first-control': 'ping', 'probe': 'ping', 'pipelining': true,\n" \
    " 'end': {'name': 'end', 'clauses': ['X-1']},\n"                                               \
    " 'refusals': {'exception': [ {'server': [{'word': 2}, {'word': {'any': true, 'as': 'cause'}}]} ]},\n" \
    " 'controls': {'ping': [ {'client': [{'word': 4}, {'dword': {'draw': {}, 'as': 'n'}}]},\n"     \
    "                        {'server': [{'word': 0}, {'dword': {'reuse': 'n', 'plus': 1}}]} ]}}"

// clang-format off
static const struct place_row {
    const char *label, *value, *got, *cause; // value: that is due behind a WORD 0; cause: and what of it is said of the narrowest place
} rows[] = {
    { "members of 16 bits",        "{'point': '(1,-1)'}, {'long': 2}",          "0000 0100 ffff 02000000", "wrong-size: LONGs of CPoint are stored in 2 bytes" },
    { "… of 64",                   "{'size': '(1,-1)'}, {'long': 2}",           "0000 0100000000000000 ffffffffffffffff 02000000", "wrong-size: LONGs of CSize are stored in 8 bytes" },
    { "members turned",            "{'rect': '(1,2,3,4)'}, {'long': 5}",        "0000 00000001 00000002 00000003 00000004 05000000", "bytes-swapped: LONGs of CRect are stored big-endian" },
    { "one member turned",         "{'rect': '(1,2,3,4)'}, {'long': 5}",        "0000 01000000 02000000 00000003 04000000 05000000", "bytes-swapped: LONGs of CRect.right are stored big-endian" },
    { "members of any type turned", "{'oledatetime': '(1,3ff0000000000001)'}, {'long': 5}", "0000 00000001 3ff0000000000001 05000000", "bytes-swapped: numbers of COleDateTime are stored big-endian" },
    { "the double alone",          "{'oledatetime': '(1,3ff0000000000001)'}, {'double': '3ff0000000000001'}", "0000 01000000 3ff0000000000001 010000000000f03f", "bytes-swapped: doubles of COleDateTime are stored big-endian" },
    { "a flag of 16 bits",         "{'olecurrency': '(0,123400)'}, {'long': 5}", "0000 0000 00000000 08e20100 05000000", "wrong-size: LONGs of COleCurrency are stored in 2 bytes" },
    { "keys of 32 bits",           "{'mapwordtoob': '{5=null}'}, {'word': 7}",  "0000 0100 05000000 0000 0700", "wrong-size: WORDs of CMapWordToOb are stored in 4 bytes" },
    { "keys turned",               "{'mapwordtoob': '{5=null}'}, {'word': 7}",  "0000 0100 0005 0000 0700", "bytes-swapped: WORDs of CMapWordToOb are stored big-endian" },
    { "keys with a NUL",           "{'mapstringtostring': '{u:0061=u:0062}'}", "0000 0100 fffeff02 6100 0000 fffeff01 6200", "terminated: strings are sent with their NUL, in CString of CMapStringToString.key" },
    { "values of the other width", "{'mapstringtostring': '{u:0061=u:0062}'}", "0000 0100 fffeff01 6100 01 62", "string-width: strings have the other width, in CString of CMapStringToString.value" },
    { "a count of one type",       "{'stringarray': ['x']}, {'stringlist': ['y']}", "0000 0000 fffeff01 7800 0100 fffeff01 7900", "off-by-one: counts are one too small, in CStringArray" },
    { "… that falls below 0",      "{'stringarray': []}, {'stringlist': ['y']}", "0000 ffff ffffffff ffffffffffffffff 0100 fffeff01 7900", "off-by-one: counts are one too small, in CStringArray" },
    { "… turned",                  "{'wordarray': [7]}, {'dwordarray': [8]}",   "0000 0001 0700 0100 08000000", "bytes-swapped: counts are stored big-endian, in CWordArray" },
    { "… of four bytes",           "{'wordarray': [7]}, {'dwordarray': [8]}",   "0000 0100 0700 01000000 08000000", "wrong-size: counts are stored in four bytes, in CDWordArray" },
    { "a time as a struct",        "{'time': 7}, {'long': 5}",                  "0000 0a000080 00000000 0700000000000000 05000000", "padded: members of CTime are aligned, to 8 bytes at most" },
    { "a line with its NUL",       "{'line': 'ab'}, {'cstringw': 'c'}",         "0000 6100 6200 0a00 0000 fffeff01 6300", "terminated: strings are sent with a NUL behind, in WriteString" },
    { "a line with its NUL before its newline", "{'line': 'ab'}, {'cstringw': 'c'}", "0000 6100 6200 0000 0a00 fffeff01 6300", "terminated: strings are sent with their NUL, in WriteString" },
    { "a BSTR with its NUL",       "{'olevariant': '(8,u:0041)'}, {'cstringw': 'c'}", "0000 0800 04000000 4100 0000 fffeff01 6300", "terminated: strings are sent with their NUL, in BSTR" },
    { "a BSTR's length is one too large", "{'combstr': 'ab'}, {'cstringw': 'c'}", "0000 03000000 6100 6200 fffeff01 6300", "off-by-one: lengths of strings are one too large, in CComBSTR" },
    { "… in two bytes",            "{'combstr': 'ab'}, {'cstringw': 'c'}",      "0000 0200 6100 6200 fffeff01 6300", "length-escape: lengths are stored in two bytes, in CComBSTR" },
    { "437",                       "{'cstringa': {'hex': '41e9'}}",             "0000 02 4182", "code-page: narrow text is encoded in the code page 437" },
    { "what 437 has not",          "{'cstringa': {'hex': '41e9c0'}}",           "0000 03 4182b7", "code-page: narrow text is encoded in the code page 850" },
    { "1251 from what 1252 says",  "{'cstringa': {'hex': '4180'}}",             "0000 02 4188", "code-page: narrow text is encoded in the code page 1251" },
    { "elements with a table of their own", "{'object': 'CObArray[CAge(1),CAge(2)]'}",
      "0000 ffff 0000 0800 434f624172726179 0200 ffff 0100 0400 43416765 01000000 0180 02000000", "table-restarted: the elements of a collection have an object table of their own" },
};
// clang-format on

static struct trace trace_of(const struct program *p, struct bytes got, struct arena *keep)
{
    struct trace t = { .keep = keep };
    size_t last = 0;

    for (size_t i = 0; i < p->count; i++)
        last = p->ops[i].kind == OP_RECEIVE ? i : last;
    for (size_t i = 0; i < last; i++) {
        if (p->ops[i].kind == OP_OPEN)
            trace_add(&t, TRACE_OPEN, 0, i, 0);
        else
            trace_add_data(&t, p->ops[i].kind == OP_SEND ? TRACE_SENT : TRACE_RECEIVED, 0, i, 0, p->ops[i].bytes, 1);
    }
    trace_add_data(&t, TRACE_RECEIVED, 0, last, 0, got, 0);
    trace_add(&t, TRACE_MISMATCH, 0, last, 0);
    trace_add(&t, TRACE_OVER, 0, last, 0);
    return t;
}

static bool is_said(const struct finding *f, const char *said)
{
    TEXT(first);

    text_printf(&first, "%s: %s", f->cause, f->summary ? f->summary : "");
    bool is = strcmp(text_string(&first), said) == 0;
    for (size_t i = 0; i < f->other_count && !is; i++) {
        TEXT(other);
        text_printf(&other, "%s: %s", f->others[i].cause, f->others[i].summary ? f->others[i].summary : "");
        is = strcmp(text_string(&other), said) == 0;
    }
    return is;
}

Test(places, a_mistake_is_named_wherever_it_is_made, .timeout = 20)
{
    for (const struct place_row *r = rows; r < rows + COUNT_OF(rows); r++) {
        SCRATCH(keep);
        struct library lib;
        struct findings f;
        struct bytes got;
        char suite[2048];
        snprintf(suite, sizeof suite, "{'format': 1, 'suite': 't', 'service': 'talk', 'cases': [\n {'id': 't-1', 'title': 'T', 'clauses': ['X-1'], 'steps': ["
                 "{'client': [{'word': 1}]},{'server': [{'word': 0}, %s]}]}]}", r->value);
        library_loads(SERVICE, suite, &lib);
        struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", &keep);
        cr_assert(hex_read(r->got, &keep, &got) == NULL, "%s", r->label);
        struct trace t = trace_of(&p, got, &keep);
        judge(&p, &t, &keep, &f);
        const struct finding *one = &f.items[f.count - 1];
        bool right = strncmp(one->cause, r->cause, strlen(one->cause)) == 0 && r->cause[strlen(one->cause)] == ':';
        cr_expect(right && is_said(one, r->cause), "%s: %s: %s, %s", r->label, one->cause, one->summary ? one->summary : one->sentence, r->cause);
        library_free(&lib);
    }
}

// clang-format off
static const struct chosen_row {
    struct leaf leaf;
    const char *place;
    bool is;
} chosen[] = {
    { { "LONG", "CRect", "right" }, NULL,                     true  },
    { { "LONG", "CRect", "right" }, "LONG",                   true  },
    { { "LONG", "CRect", "right" }, "LON",                    false },
    { { "LONG", "CRect", "right" }, "LONG of CRect",          true  },
    { { "LONG", "CRect", "right" }, "LONG of CRe",            false },
    { { "LONG", "CRect", "right" }, "LONG of CRect.right",    true  },
    { { "LONG", "CRect", "right" }, "LONG of CRect.left",     false },
    { { "LONG", "CRect", "right" }, "number of CRect",        true  },
    { { "LONG", "CRect", "right" }, "DWORD of CRect",         false },
    { { "LONG", NULL, NULL },       "LONG of CRect",          false },
    { { "number", NULL, NULL },     "number",                 true  },
};
// clang-format on

Test(places, choose_leaves, .timeout = 10)
{
    for (const struct chosen_row *row = chosen; row < chosen + COUNT_OF(chosen); row++)
        cr_expect(leaf_is_at(&row->leaf, row->place) == row->is, "%s of %s at %s", row->leaf.type, row->leaf.holder ? row->leaf.holder : "-", row->place ? row->place : "-");
}
