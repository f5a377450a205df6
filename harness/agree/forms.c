/*
 * The codec's own notes say what the bytes mean: "length 5", "class CAge". A form is such a note and the number
 * of bytes that it is about; an exception is its reason.
 */
#include "agree/forms.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "archive/objects.h"

enum { WHOLE = -1 }; // the note must be this, not only begin so

// clang-format off
static struct form {
    const char *name;
    const char *note; // how the note begins; NULL: counted elsewhere
    int len;          // bytes
    uint64_t count;
} forms[] = {
    { "STR narrow length, 1 byte",          "length ",       1 },
    { "STR narrow length, FF and WORD",     "length ",       3 },
    { "STR narrow length, FFFF and DWORD",  "length ",       7 },
    { "STR narrow length, QWORD",           "length ",      15 },
    { "STR wide length, 1 byte",            "wide, length ", 4 },
    { "STR wide length, FF and WORD",       "wide, length ", 6 },
    { "STR wide length, FFFF and DWORD",    "wide, length ", 10 },
    { "STR wide length, QWORD",             "wide, length ", 18 },
    { "STR wide by length FFFFFFFF, up to 6.0", "wide, length ", 8 },
    { "STR-19 a NUL kept, same width" }, { "STR-19 a NUL cuts, same width" },
    { "STR-19 a NUL kept, converted" },  { "STR-19 a NUL cuts, converted" },
    { "STR-16 wide into narrow" }, { "STR-16 narrow into wide" },
    { "CNT WORD",                           "count ",        2 },
    { "CNT FFFF and DWORD",                 "count ",        6 },
    { "CNT QWORD, 64 bits",                 "count ",       14 },
    { "CNT-2 FFFFFFFF of 32 bits",          "count 4294967295", 6 },
    { "OBJ null",                           "null",          2 },
    { "OBJ null, big",                      "null",          6 },
    { "OBJ reference",                      "the ",          2 },
    { "OBJ reference, big",                 "the ",          6 },
    { "OBJ class reference",                "class ",        2 },
    { "OBJ class reference, big",           "class ",        6 },
    { "OBJ big reference that must be" }, { "OBJ big class reference that must be" },
    { "OBJ-10 a cycle" },
    { "OBJ-26 a class described again" },
    { "class CAge",               "new class CAge,",               10 },
    { "class CNode",              "new class CNode,",              11 },
    { "class CNetMessage",        "new class CNetMessage,",        17 },
    { "class CTestPoint",         "new class CTestPoint,",         16 },
    { "class CByteArray",         "new class CByteArray,",         16 },
    { "class CWordArray",         "new class CWordArray,",         16 },
    { "class CDWordArray",        "new class CDWordArray,",        17 },
    { "class CStringArray",       "new class CStringArray,",       18 },
    { "class CStringList",        "new class CStringList,",        17 },
    { "class CObArray",           "new class CObArray,",           14 },
    { "class CObList",            "new class CObList,",            13 },
    { "class CMapStringToString", "new class CMapStringToString,", 24 },
    { "class CMapStringToOb",     "new class CMapStringToOb,",     20 },
    { "class CMapWordToOb",       "new class CMapWordToOb,",       18 },
    { "SCH CVersioned, its own" }, { "SCH CVersioned, older" }, { "SCH CVersioned, newer" },
    { "SCH CLetter, its own" }, { "SCH CLetter, older, without a stamp" }, { "SCH CLetter, newer" },
    { "CTime, 4 bytes" }, { "CTime, 12 bytes" }, { "CTime, 4 bytes read from 8 on" },
    { "VAL-9 a span without status" },
    { "VT_EMPTY", "vartype 0", WHOLE },  { "VT_NULL", "vartype 1", WHOLE },  { "VT_I2", "vartype 2", WHOLE },
    { "VT_I4", "vartype 3", WHOLE },     { "VT_R4", "vartype 4", WHOLE },    { "VT_R8", "vartype 5", WHOLE },
    { "VT_CY", "vartype 6", WHOLE },     { "VT_DATE", "vartype 7", WHOLE },  { "VT_BSTR", "vartype 8", WHOLE },
    { "VT_ERROR", "vartype 10", WHOLE }, { "VT_BOOL", "vartype 11", WHOLE }, { "VT_I1", "vartype 16", WHOLE },
    { "VT_UI1", "vartype 17", WHOLE },   { "VT_UI2", "vartype 18", WHOLE },  { "VT_UI4", "vartype 19", WHOLE },
    { "VT_I8", "vartype 20", WHOLE },    { "VT_UI8", "vartype 21", WHOLE },
    { "VT with VT_ARRAY", "vartype 8195", WHOLE }, { "VT with VT_BYREF", "vartype 16387", WHOLE },
    { "VT unknown", "vartype 99", WHOLE },
    { "VT_BSTR of an odd length",           "3 bytes", WHOLE },
    { "CComBSTR length",                    "length ",       4 },
    { "a collection, empty",                "count 0",   WHOLE },
    { "a map of several entries",           "[1] key ",      0 },
    { "the longest stream loaded in full, over 64 KiB" },
    { "cause 0: a second wide marker, up to 6.0" }, { "cause 0: nested too deep" },
    { "cause 0: a tag of the other kind, up to 8" },
    { "cause 0: a COM object" },
    { "cause 1: a string beyond 7fffffff, 32 bits" },
    { "cause 3: inside a value" },
    { "cause 5: class index 0 or too high" }, { "cause 5: object index too high" },
    { "cause 5: a class reference to an object" }, { "cause 5: an object reference to a class" },
    { "cause 5: an object tag for a class" },
    { "cause 6: a name of 64 bytes" }, { "cause 6: an unknown class" }, { "cause 6: a cut name" },
    { "cause 6: not the class requested" }, { "cause 6: a reference to another class" },
    { "cause 7: another schema" },
    { "no exception: a cut block, up to 7.1" },
    { "no exception: a cut line" },
};
// clang-format on

/* Types that were loaded, by their place in the table. */
static uint64_t loaded[64];

/* Why a load failed, by the codec's reason and MFC's cause. */
// clang-format off
static const struct reason {
    const char *says;
    enum cause cause;
    const char *form;
} reasons[] = {
    { "a second wide marker: length ffffffff, no memory",            CAUSE_NONE,       "cause 0: a second wide marker, up to 6.0" },
    { "objects nested too deep",                                     CAUSE_NONE,       "cause 0: nested too deep" },
    { "a class reference to an object",                              CAUSE_NONE,       "cause 0: a tag of the other kind, up to 8" },
    { "an object reference to a class",                              CAUSE_NONE,       "cause 0: a tag of the other kind, up to 8" },
    { "a variant that carries a COM object",                         CAUSE_NONE,       "cause 0: a COM object" },
    { "a string length above 7fffffff in a 32-bit build",            CAUSE_GENERIC,    "cause 1: a string beyond 7fffffff, 32 bits" },
    { "a class index that is not in use",                            CAUSE_BAD_INDEX,  "cause 5: class index 0 or too high" },
    { "an object index that is not in use",                          CAUSE_BAD_INDEX,  "cause 5: object index too high" },
    { "a class reference to an object",                              CAUSE_BAD_INDEX,  "cause 5: a class reference to an object" },
    { "an object reference to a class",                              CAUSE_BAD_INDEX,  "cause 5: an object reference to a class" },
    { "an object tag where a class must stand",                      CAUSE_BAD_INDEX,  "cause 5: an object tag for a class" },
    { "a class name of 64 bytes or more",                            CAUSE_BAD_CLASS,  "cause 6: a name of 64 bytes" },
    { "a class that nobody knows",                                   CAUSE_BAD_CLASS,  "cause 6: an unknown class" },
    { "an object of another class than requested",                   CAUSE_BAD_CLASS,  "cause 6: not the class requested" },
    { "a reference to an object of another class than requested",    CAUSE_BAD_CLASS,  "cause 6: a reference to another class" },
    { "another schema of a class that is not VERSIONABLE",           CAUSE_BAD_SCHEMA, "cause 7: another schema" },
};
// clang-format on

void forms_hit(const char *name)
{
    for (struct form *f = forms; f < forms + COUNT_OF(forms); f++)
        if (strcmp(f->name, name) == 0)
            f->count++;
}

struct type_ref *types_of(const char *types, struct arena *keep, size_t *count)
{
    char *names = arena_string(keep, types);
    struct type_ref *list = ARENA_ARRAY(keep, strlen(types) / 2 + 1, struct type_ref);
    struct error err;

    *count = 0;
    for (char *name = names, *comma; name; name = comma) {
        comma = strchr(name, ',');
        if (comma)
            *comma++ = '\0';
        if (!type_parse(name, &list[*count], &err)) {
            *count = 0;
            return list;
        }
        ++*count;
    }
    return list;
}

static void note_schema(const char *meaning)
{
    static const struct {
        const char *note;
        unsigned long own;
        const char *same, *older, *newer;
    } rows[] = {
        { "new class CVersioned, schema ", 3, "SCH CVersioned, its own", "SCH CVersioned, older", "SCH CVersioned, newer" },
        { "new class CLetter, schema ", 700, "SCH CLetter, its own", "SCH CLetter, older, without a stamp", "SCH CLetter, newer" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t len = strlen(rows[i].note);
        if (strncmp(meaning, rows[i].note, len) != 0)
            continue;
        unsigned long schema = strtoul(meaning + len, NULL, 10);
        forms_hit(schema == rows[i].own  ? rows[i].same
                  : schema < rows[i].own ? rows[i].older
                                         : rows[i].newer);
    }
}

static void note_span(const struct span *s)
{
    for (struct form *f = forms; f < forms + COUNT_OF(forms); f++)
        if (f->note && (f->len == WHOLE ? strcmp(s->meaning, f->note) == 0
                                        : strncmp(s->meaning, f->note, strlen(f->note)) == 0 &&
                                              (!f->len || (size_t)f->len == s->len)))
            f->count++;
    if (strncmp(s->meaning, "new class ", 10) == 0)
        note_schema(s->meaning);
    const char *index = strstr(s->meaning, ", index ");
    if (s->len == 6 && index && strtoul(index + 8, NULL, 10) >= 0x7fff)
        forms_hit("OBJ big reference that must be");
}

/* What strings do with widths and NULs: the stream's width against the object's. */
static void note_string(const struct profile *p, const struct value *v, struct bytes wire)
{
    bool own = v->of.type->width ? v->of.type->width == 2 : p->charset == CHARSET_UNICODE;
    bool converted = own != v->wide;
    size_t width = v->wide ? 2 : 1, units = v->data.len / width, header = v->wide ? 4 : 1;

    if (converted)
        forms_hit(v->wide ? "STR-16 wide into narrow" : "STR-16 narrow into wide");
    if (wire.len < header)
        return;
    bool cut = wire.len > header + v->data.len && units < 254 && wire.data[header - 1] < 0xff;
    bool has = false;
    for (size_t i = 0; i < units; i++)
        has |= v->data.data[i * width] == 0 && (!v->wide || v->data.data[2 * i + 1] == 0);
    if (cut)
        forms_hit(converted ? "STR-19 a NUL cuts, converted" : "STR-19 a NUL cuts, same width");
    if (has)
        forms_hit(converted ? "STR-19 a NUL kept, converted" : "STR-19 a NUL kept, same width");
}

static bool is_type(const struct value *v, const char *name)
{
    return strcmp(v->of.type->name, name) == 0;
}

/* Whether an object within v refers to one that it lies in. */
static bool has_cycle(const struct value *v, uint64_t above[], size_t depth)
{
    if (v->of.type->kind == VALUE_OBJECT && !v->class && v->number)
        for (size_t i = 0; i < depth; i++)
            if (above[i] == v->number)
                return true;
    if (v->of.type->kind == VALUE_OBJECT && v->class) {
        if (depth == 64)
            return false;
        above[depth++] = v->number;
    }
    for (size_t i = 0; v->items && i < v->count; i++)
        if (has_cycle(&v->items[i], above, depth))
            return true;
    return false;
}

static void note_value_loaded(const struct profile *p, const struct value *v, struct bytes wire)
{
    uint64_t above[64];

    loaded[v->of.type - type_table]++;
    if (is_type(v, "time") && wire.len == 12)
        forms_hit("CTime, 12 bytes");
    else if (is_type(v, "time"))
        forms_hit(p->generation >= 80 ? "CTime, 4 bytes read from 8 on" : "CTime, 4 bytes");
    if (is_type(v, "cstring") || is_type(v, "cstringa") || is_type(v, "cstringw"))
        note_string(p, v, wire);
    if (has_cycle(v, above, 0))
        forms_hit("OBJ-10 a cycle");
}

static void note_failure(const struct profile *p, const struct reader *r, const struct type *t)
{
    if (r->status == WIRE_BAD)
        for (const struct reason *x = reasons; x < reasons + COUNT_OF(reasons); x++)
            if (x->cause == r->cause && strcmp(x->says, r->reason) == 0)
                forms_hit(x->form);
    if (r->status == WIRE_SHORT && r->cut == CAUSE_END_OF_FILE)
        forms_hit("cause 3: inside a value");
    if (r->status == WIRE_SHORT && r->cut == CAUSE_BAD_CLASS)
        forms_hit("cause 6: a cut name");
    if (r->status == WIRE_SHORT && r->cut == CAUSE_NONE)
        forms_hit(strcmp(t->name, "line") == 0 ? "no exception: a cut line"
                                               : "no exception: a cut block, up to 7.1");
    (void)p;
}

/* Loads value by value, each with notes of its own, since a list of notes has a limit. Returns all spans. */
static void walk(const struct profile *p, const char *types, struct bytes bytes, struct arena *keep,
                 void (*each)(const struct profile *p, const struct reader *r, size_t from,
                              const struct value *v, void *context),
                 void *context)
{
    struct object_table *table = object_table_new(keep);
    struct reader r = { .in = bytes };
    size_t count;
    struct type_ref *list = types_of(types, keep, &count);

    for (size_t i = 0; i < count && r.status == WIRE_OK; i++) {
        struct span_list spans = { .keep = keep };
        struct value v = { .of = list[i] };
        size_t from = r.at;
        if (!type_offered(list[i], p))
            return;
        r.spans = &spans;
        value_load(&r, p, table, list[i], keep, &v);
        each(p, &r, from, &v, context);
    }
}

static void note_one(const struct profile *p, const struct reader *r, size_t from,
                     const struct value *v, void *context)
{
    (void)context;
    char again[64][24];
    size_t described = 0;

    for (size_t i = 0; i < r->spans->count; i++) {
        const struct span *s = &r->spans->items[i];
        note_span(s);
        if (strncmp(s->meaning, "new class ", 10) != 0 || described == COUNT_OF(again))
            continue;
        snprintf(again[described], sizeof again[0], "%.*s", (int)strcspn(s->meaning + 10, ","), s->meaning + 10);
        for (size_t k = 0; k < described; k++)
            if (strcmp(again[k], again[described]) == 0) {
                forms_hit("OBJ-26 a class described again");
                break;
            }
        described++;
    }
    if (r->status == WIRE_OK)
        note_value_loaded(p, v, bytes_slice(r->in, from, r->at - from));
    else
        note_failure(p, r, v->of.type);
    if (r->status == WIRE_OK && r->at - from > 65536)
        forms_hit("the longest stream loaded in full, over 64 KiB");
    if (from > 0x8000) // behind thousands of objects
        for (size_t i = 0; i < r->spans->count; i++)
            if (r->spans->items[i].len == 6 && strncmp(r->spans->items[i].meaning, "class ", 6) == 0)
                forms_hit("OBJ big class reference that must be");
}

void forms_note(const struct profile *p, const char *types, struct bytes bytes)
{
    SCRATCH(keep);

    walk(p, types, bytes, &keep, note_one, NULL);
}

/* A place whose form can be another. */
struct places {
    struct span *items;
    size_t count, room;
    struct arena *keep;
};

static void find_places(const struct profile *p, const struct reader *r, size_t from,
                        const struct value *v, void *context)
{
    static const char *const notes[] = { "length ", "count ", "null", "the ", "class ",
                                         "new class CVersioned", "new class CLetter" };
    struct places *all = context;

    (void)p;
    (void)from;
    if (strcmp(v->of.type->name, "combstr") == 0 || r->status != WIRE_OK)
        return;
    for (size_t i = 0; i < r->spans->count; i++)
        for (size_t k = 0; k < COUNT_OF(notes); k++)
            if (strncmp(r->spans->items[i].meaning, notes[k], strlen(notes[k])) == 0) {
                if (all->count == all->room) {
                    struct span *more = ARENA_ARRAY(all->keep, 2 * all->room + 16, struct span);
                    if (all->count)
                        memcpy(more, all->items, all->count * sizeof *more);
                    all->items = more;
                    all->room = 2 * all->room + 16;
                }
                all->items[all->count++] = r->spans->items[i];
            }
}

static void put_longer(struct random *chance, struct buffer *w, const struct span *s,
                       struct bytes was)
{
    uint64_t n = strtoull(s->meaning + strcspn(s->meaning, " "), NULL, 10), form = random_below(chance, 3);

    if (*s->meaning == 'l' && s->len != 4) { // of a string, but not a BSTR
        wire_u8(w, 0xff);
        if (form == 0 && n < 0xfffe) {
            wire_u16(w, (uint16_t)n);
            return;
        }
        wire_u16(w, 0xffff);
        wire_u32(w, form == 2 ? 0xffffffff : (uint32_t)n);
        if (form == 2)
            wire_u64(w, n);
    } else if (strncmp(s->meaning, "count ", 6) == 0) {
        wire_u16(w, 0xffff);
        wire_u32(w, form == 2 ? 0xffffffff : (uint32_t)n);
        if (form == 2)
            wire_u64(w, n);
    } else if (*s->meaning == 'n' && s->meaning[1] == 'e' && was.len > 4) { // a class: another schema
        uint16_t own = (uint16_t)(was.data[2] | was.data[3] << 8);
        wire_u16(w, 0xffff);
        wire_u16(w, (uint16_t)(own >= 700 ? own + random_below(chance, 100) : random_below(chance, 8)));
        buffer_append(w, was.data + 4, was.len - 4);
    } else if (was.len == 2 && *s->meaning != 'l') {
        uint32_t tag = was.data[0] | (uint32_t)was.data[1] << 8;
        wire_u16(w, 0x7fff);
        wire_u32(w, tag & 0x8000 ? 0x80000000 | (tag & 0x7fff) : tag);
    } else {
        buffer_append(w, was.data, was.len);
    }
}

bool forms_loosen(struct random *chance, const struct profile *p, const char *types,
                  struct bytes bytes, struct arena *keep, struct bytes *out)
{
    struct places all = { .keep = keep };
    CLEANUP(buffer_free) struct buffer w = { 0 };

    walk(p, types, bytes, keep, find_places, &all);
    if (!all.count)
        return false;
    const struct span *s = &all.items[random_below(chance, all.count)];
    buffer_append(&w, bytes.data, s->at);
    put_longer(chance, &w, s, bytes_slice(bytes, s->at, s->len));
    buffer_append(&w, bytes.data + s->at + s->len, bytes.len - s->at - s->len);
    *out = arena_bytes(keep, buffer_bytes(&w));
    return true;
}

size_t forms_print(void)
{
    size_t zero = 0;

    for (const struct form *f = forms; f < forms + COUNT_OF(forms); f++) {
        printf("%9" PRIu64 "  %s%s\n", f->count, f->name, f->count ? "" : "   NEVER MET");
        zero += !f->count;
    }
    for (size_t i = 0; i < type_count; i++) {
        printf("%9" PRIu64 "  type %s%s\n", loaded[i], type_table[i].name,
               loaded[i] ? "" : "   NEVER MET");
        zero += !loaded[i];
    }
    return zero;
}

#define CAGE  "ffff 0100 0400 43416765"
#define CNODE "ffff 0300 0500 434e6f6465"

// clang-format off
const struct odd_stream odd_streams[] = {
    /* Strings [4.3, STR-12, STR-19, section 19]. */
    { "cstring,byte",  "03 410042 07" },
    { "cstring,byte",  "fffeff 03 410000004200 07" },
    { "cstringa,byte", "03 410042 07" },
    { "cstringw,byte", "03 410042 07" },
    { "cstringa,byte", "fffeff 03 410000004200 07" },
    { "cstringw,byte", "fffeff 03 410000004200 07" },
    { "cstring,byte",  "ff 0000 07" },
    { "cstring,byte",  "ff ffff 00000000 07" },
    { "cstring,byte",  "ff ffff ffffffff 0100000000000000 41 07" },
    { "cstring,byte",  "ff ffff ffffffff 0200000001000000 4142 07" },
    { "cstring",       "ff ffff ffffffff 0000008000000000" },
    { "cstring",       "ff ffff ffffffff ffffffffffffffff" },
    { "cstring",       "ff ffff ffffff7f" },
    { "cstring,byte",  "fffeff ff 0100 4100 07" },
    { "cstring,byte",  "fffeff ff ffff 01000000 4100 07" },
    { "cstring,byte",  "fffeff ff ffff ffffffff 0100000000000000 4100 07" },
    { "cstring",       "fffeff ff feff 41*131068" },
    { "cstring",       "fffeff ff ffff ffffffff 0000008000000000" },
    { "cstring,byte",  "ff ffff ffffffff 02 41004200 07" },
    { "stringarray",   "0300 0141 fffeff014100 ff 0100 42" },
    /* Counts. */
    { "count,byte",    "ffff 0500 0000 07" },
    { "count,count",   "ffff ffff ffff ffff 0000 0100 0000" },
    { "bytearray",     "ffff ffff ffff 0500 0000 0000 0000 0102030405" },
    { "bytearray",     "ffff ffff ff7f 0102" },
    { "obarray",       "ffff ffff ff7f 0000" },
    /* Objects: every row of 6.5 that a stream can bring about. */
    { "object",        "0080" }, { "object", "0100" }, { "object", "0180" }, { "object", "ff7f 00000000" },
    { "object",        "ff7f ffffffff" }, { "object", "ff7f 00000080" }, { "object", "ff7f 01000080" },
    { "object",        "ffff 0100 4000 41*64" }, { "object", "ffff 0100 3f00 41*63" }, { "object", "ffff 0100 0000" },
    { "object",        "ffff 0100 0400 4341" }, { "object", "ffff 0100" }, { "object", "ffff 0200 0400 43416765" },
    { "object:CNode",  CAGE "15000000" },
    { "object,object:CNode", CAGE "15000000 0200" },
    { "object,object:CNode", CAGE "15000000 0180" },
    { "object,object", CAGE "15000000 0100" },
    { "object,object", CAGE "15000000 0280" },
    { "object,object", CAGE "15000000 0300" },
    { "object,object", CAGE "15000000" CAGE "16000000" },
    { "object,object,object", CAGE "15000000 ff7f 02000000 ff7f 01000080 16000000" },
    { "object,class",  CAGE "15000000 0200" },
    { "class",         "0000" }, { "class", "0100" }, { "class,class", CAGE "0180" },
    { "class",         "ffff ffff 0400 43416765" },
    { "object",        CNODE "07000000 0200" },
    { "object",        CNODE " 01000000 018001000000*1999 0000" },
    { "object",        CNODE " 01000000 018001000000*2000 0000" },
    /* Schemas: a remembered one holds for the class, whichever description a reference names [SCH-3]. */
    { "object,object,object", "ffff 0200 0a00 4356657273696f6e6564 01000000 0180 02000000 0180 03000000" },
    { "object,object,object", "ffff 0200 0a00 4356657273696f6e6564 01000000"
                              "ffff 0300 0a00 4356657273696f6e6564 02000000 0380 03000000" },
    { "object,object,object", "ffff 0300 0a00 4356657273696f6e6564 01000000"
                              "ffff 0200 0a00 4356657273696f6e6564 02000000 0180 03000000" },
    { "object,object,object", "ffff 0500 0a00 4356657273696f6e6564 01000000"
                              "ffff 0400 0a00 4356657273696f6e6564 02000000 0180 03000000" },
    { "object,object",        "ffff 0000 0a00 4356657273696f6e6564 01000000 0180 02000000" },
    { "object,object",        "ffff 5802 0700 434c6574746572 0141 0180 0142" },
    { "object,object",        "ffff bd02 0700 434c6574746572 0141 05000000 0180 0142 06000000" },
    { "class,class",          "ffff 0200 0a00 4356657273696f6e6564 0180" },
    /* Values. */
    { "time,byte",       "80436d38 07" },
    { "time,byte",       "0a000080 0100000000000000 07" },
    { "time",            "0a000080" },
    { "olevariant,byte", "0320 07" }, { "olevariant,byte", "0340 07" }, { "olevariant,byte", "6300 07" },
    { "olevariant,byte", "0900 00*16 07" }, { "olevariant,byte", "0d00 00*16 07" },
    { "olevariant,byte", "0800 03000000 410042 07" }, { "olevariant,byte", "0800 01000000 41 07" },
    { "olevariant,byte", "0b00 0100 07" }, { "olevariant,byte", "1000 05 07" }, { "olevariant,byte", "1500 0500000000000000 07" },
    { "bool,byte",       "02 07" },
    { "rect",            "00*15" }, { "size", "00*7" }, { "bytearray", "0500 0102" }, { "wordarray", "0200 010203" },
    { "object",          "ffff 0000 0a00 43427974654172726179 0500 0102" },
    { "oledatetimespan", "00000000 0000000000000000" },
    { "mapwordtoob",     "0200 0500 0000 0500 0000" },
    { "mapstringtostring", "0300 0141 0142 0141 0143 0144 00" },
    { "line,byte",       "61 0d 62 0a 07" }, { "line,byte", "6100 0d00 6200 0a00 07" },
    { "line",            "6162" }, { "line,line", "61*128 0a 62 0a" }, { "line", "61*127 0d 0a" }, { "line", "61*127 0d 62 0a" },
    { "raw:10",          "01020304" }, { "raw:0,byte", "07" },
};
// clang-format on
const size_t odd_stream_count = COUNT_OF(odd_streams);
