/*
 * The table of all types, one row each. Names that a row's fields mention are rows too.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "archive/ops.h"

// clang-format off
static const struct value_part size_fields[]  = { { "cx", "long" }, { "cy", "long" }, { 0 } };
static const struct value_part point_fields[] = { { "x", "long" }, { "y", "long" }, { 0 } };
static const struct value_part rect_fields[]  = { { "left", "long" }, { "top", "long" }, { "right", "long" },
                                             { "bottom", "long" }, { 0 } };
static const struct value_part ole_date[]     = { { "status", "long" }, { "date", "double" }, { 0 } };
static const struct value_part ole_span[]     = { { "status", "long" }, { "days", "double" }, { 0 } };
static const struct value_part ole_currency[] = { { "status", "long" }, { "amount", "halves" }, { 0 } };

static const struct value_part of_string[]  = { { "element", "cstring" }, { 0 } };
static const struct value_part of_object[]  = { { "element", "object" }, { 0 } };
static const struct value_part of_strings[] = { { "key", "cstring" }, { "value", "cstring" }, { 0 } };
static const struct value_part of_named[]   = { { "key", "cstring" }, { "value", "object" }, { 0 } };
static const struct value_part of_word[]    = { { "key", "word" }, { "value", "object" }, { 0 } };

static const struct value_part age_fields[]       = { { "age", "long" }, { 0 } };
static const struct value_part node_fields[]      = { { "value", "long" }, { "next", "object" }, { 0 } };
static const struct value_part message_fields[]   = { { "from", "cstring" }, { "text", "cstring" }, { "time", "long" }, { 0 } };
static const struct value_part test_fields[]      = { { "x", "long" }, { "y", "long" }, { "next", "object" }, { 0 } };
static const struct value_part versioned_fields[] = { { "value", "long" }, { 0 } };
static const struct value_part letter_fields[]    = { { "text", "cstring" }, { "stamp", "long", 700 }, { 0 } };

#define SIGNED .is_signed = true
#define BLOCK  .block = true

const struct type type_table[] = {
    /* name          MFC's own       clause      kind        since  width                              */
    { "byte",        "BYTE",         "3.1",      VALUE_INTEGER, 42, 1,         .ops = &integer_ops     },
    { "char",        "char",         "3.1",      VALUE_INTEGER, 42, 1, SIGNED, .ops = &integer_ops     },
    { "word",        "WORD",         "3.1",      VALUE_INTEGER, 42, 2,         .ops = &integer_ops     },
    { "short",       "short",        "3.1",      VALUE_INTEGER, 42, 2, SIGNED, .ops = &integer_ops     },
    { "int",         "int",          "3.1",      VALUE_INTEGER, 42, 4, SIGNED, .ops = &integer_ops     },
    { "uint",        "UINT",         "3.1",      VALUE_INTEGER, 42, 4,         .ops = &integer_ops     },
    { "long",        "LONG",         "3.1",      VALUE_INTEGER, 42, 4, SIGNED, .ops = &integer_ops     },
    { "dword",       "DWORD",        "3.1",      VALUE_INTEGER, 42, 4,         .ops = &integer_ops     },
    { "float",       "float",        "3.1",      VALUE_FLOAT,   42, 4,         .ops = &float_ops       },
    { "double",      "double",       "3.1",      VALUE_DOUBLE,  42, 8,         .ops = &float_ops       },
    { "bool",        "bool",         "3.1",      VALUE_INTEGER, 70, 1,         .ops = &bool_ops        },
    { "longlong",    "LONGLONG",     "3.1",      VALUE_INTEGER, 70, 8, SIGNED, .ops = &integer_ops     },
    { "ulonglong",   "ULONGLONG",    "3.1",      VALUE_INTEGER, 70, 8,         .ops = &integer_ops     },
    { "wchar",       "wchar_t",      "3.1",      VALUE_INTEGER, 70, 2,         .ops = &integer_ops     },
    { "net16",       "WORD",         "BYO-5",    VALUE_INTEGER, 42, 2,         .ops = &net_ops         },
    { "net32",       "DWORD",        "BYO-5",    VALUE_INTEGER, 42, 4,         .ops = &net_ops         },
    { "count",       "WriteCount",   "CNT-1",    VALUE_INTEGER, 42, 8,         .ops = &count_ops       },
    { "cstring",     "CString",      "STR-8",    VALUE_STRING,  42, 0, .letter = 'u', .ops = &string_ops },
    { "cstringa",    "CStringA",     "STR-9",    VALUE_STRING,  70, 1, .letter = 'a', .ops = &string_ops },
    { "cstringw",    "CStringW",     "STR-9",    VALUE_STRING,  70, 2, .letter = 'w', .ops = &string_ops },
    { "line",        "WriteString",  "STR-22",   VALUE_STRING,  42, 0, .letter = 'u', .ops = &line_ops },
    { "raw",         "Write",        "PRM-5",    VALUE_BYTES,   42, 1, .letter = 'r', .ops = &raw_ops  },
    { "size",        "CSize",        "8.1",      VALUE_TUPLE,   42, 0, BLOCK,  .ops = &tuple_ops, .fields = size_fields  },
    { "point",       "CPoint",       "8.1",      VALUE_TUPLE,   42, 0, BLOCK,  .ops = &tuple_ops, .fields = point_fields },
    { "rect",        "CRect",        "8.1",      VALUE_TUPLE,   42, 0, BLOCK,  .ops = &tuple_ops, .fields = rect_fields  },
    { "bytearray",   "CByteArray",   "8.4",      VALUE_ARRAY,   42, 1, BLOCK,  .ops = &array_ops       },
    { "wordarray",   "CWordArray",   "8.4",      VALUE_ARRAY,   42, 2, BLOCK,  .ops = &array_ops       },
    { "dwordarray",  "CDWordArray",  "8.4",      VALUE_ARRAY,   42, 4, BLOCK,  .ops = &array_ops       },
    { "stringarray", "CStringArray", "8.4",      VALUE_LIST,    42, 0, .ops = &list_ops, .fields = of_string },
    { "stringlist",  "CStringList",  "8.4",      VALUE_LIST,    42, 0, .ops = &list_ops, .fields = of_string },
    { "obarray",     "CObArray",     "8.4",      VALUE_LIST,    42, 0, .ops = &list_ops, .fields = of_object },
    { "oblist",      "CObList",      "8.4",      VALUE_LIST,    42, 0, .ops = &list_ops, .fields = of_object },
    { "mapstringtostring", "CMapStringToString", "8.4", VALUE_MAP, 42, 0, .ops = &map_ops, .fields = of_strings },
    { "mapstringtoob", "CMapStringToOb", "8.4",  VALUE_MAP,     42, 0, .ops = &map_ops,  .fields = of_named },
    { "mapwordtoob", "CMapWordToOb", "8.4",      VALUE_MAP,     42, 0, .ops = &map_ops,  .fields = of_word },
    { "object",      "CObject*",     "6.1",      VALUE_OBJECT,  42, 0, .ops = &object_ops              },
    { "class",       "WriteClass",   "OBJ-21",   VALUE_CLASS,   42, 0, .ops = &class_ops               },
    { "time",        "CTime",        "8.2",      VALUE_INTEGER, 42, 8, SIGNED, .ops = &time_ops        },
    { "timespan",    "CTimeSpan",    "VAL-7",    VALUE_INTEGER, 42, 4, SIGNED, .ops = &integer_ops     },
    { "time64",      "CTime::Serialize64", "VAL-6", VALUE_INTEGER, 70, 8, SIGNED, .ops = &time64_ops   },
    { "oledatetime", "COleDateTime", "8.3",      VALUE_TUPLE,   42, 0, .ops = &tuple_ops, .fields = ole_date },
    { "oledatetimespan", "COleDateTimeSpan", "8.3", VALUE_TUPLE, 42, 0, .ops = &span_ops, .fields = ole_span },
    { "olecurrency", "COleCurrency", "8.3",      VALUE_TUPLE,   42, 0, .ops = &tuple_ops, .fields = ole_currency },
    { "olevariant",  "COleVariant",  "8.3",      VALUE_VARIANT, 42, 0, .ops = &variant_ops             },
    { "combstr",     "CComBSTR",     "8.3",      VALUE_STRING,  70, 2, .letter = 'u', .ops = &combstr_ops },
};

/* Types that occur only inside others. */
static const struct type inner_table[] = {
    { "halves",      "CY",           "8.3",      VALUE_INTEGER, 42, 8, SIGNED, .ops = &halves_ops      },
    { "truth",       "VARIANT_BOOL", "8.3",      VALUE_INTEGER, 42, 2,         .ops = &truth_ops       },
    { "bstr",        "BSTR",         "8.3",      VALUE_STRING,  42, 2, .letter = 'u', .ops = &bstr_ops },
    { "CAge()",        "CAge",        "service 6", VALUE_TUPLE, 42, 0, .ops = &tuple_ops, .fields = age_fields       },
    { "CNode()",       "CNode",       "service 6", VALUE_TUPLE, 42, 0, .ops = &tuple_ops, .fields = node_fields      },
    { "CNetMessage()", "CNetMessage", "service 6", VALUE_TUPLE, 42, 0, .ops = &tuple_ops, .fields = message_fields   },
    { "CTestPoint()",  "CTestPoint",  "service 6", VALUE_TUPLE, 42, 0, .ops = &tuple_ops, .fields = test_fields      },
    { "CVersioned()",  "CVersioned",  "service 6", VALUE_TUPLE, 42, 0, .ops = &tuple_ops, .fields = versioned_fields },
    { "CLetter()",     "CLetter",     "service 6", VALUE_TUPLE, 42, 0, .ops = &tuple_ops, .fields = letter_fields    },
};
// clang-format on
const size_t type_count = COUNT_OF(type_table);

static const struct type *type_find(struct bytes name)
{
    for (const struct type *t = type_table; t < type_table + type_count; t++)
        if (bytes_equal(bytes_of(t->name), name))
            return t;
    return NULL;
}

struct type_ref type_named(const char *name)
{
    const struct type *t = type_find(bytes_of(name));

    for (size_t i = 0; !t; i++)
        if (strcmp(inner_table[i].name, name) == 0)
            t = &inner_table[i];
    return (struct type_ref){ .type = t };
}

size_t type_fields(const struct type *t)
{
    size_t n = 0;

    while (t->fields && t->fields[n].name)
        n++;
    return n;
}

/* The N of raw:N, canonical [SVC-10]. */
static bool raw_size(const char *digits, uint64_t *out)
{
    SCRATCH(scratch);
    struct error ignored;
    struct cursor c = { .at = digits, .keep = &scratch, .err = &ignored };

    return cursor_number(&c, 0, REPEAT_MAX, out) && !*c.at;
}

bool type_parse(const char *name, struct type_ref *out, struct error *err)
{
    size_t len = strcspn(name, ":");
    const char *detail = name[len] ? name + len + 1 : NULL;
    struct type_ref t = { .type = type_find((struct bytes){ (const uint8_t *)name, len }) };
    bool sized = t.type && t.type->kind == VALUE_BYTES;
    bool classed = t.type && t.type->kind == VALUE_OBJECT;

    if (classed && detail) {
        const struct mfc_class *c = class_find(bytes_of(detail));
        if (!c)
            return error_set(err, ERROR_INPUT, "type \"%.60s\": no such class", name);
        t.class_name = c->name;
    }
    if (!t.type || (detail && !sized && !classed))
        return error_set(err, ERROR_INPUT, "unknown type \"%.60s\"", name);
    if (sized && (!detail || !raw_size(detail, &t.size)))
        return error_set(err, ERROR_INPUT, "type \"%.60s\": expected raw:N, N from 0 to %d", name,
                         REPEAT_MAX);
    *out = t;
    return true;
}

void type_print(struct text *to, struct type_ref t)
{
    text_add(to, t.type->name);
    if (t.type->kind == VALUE_BYTES)
        text_printf(to, ":%" PRIu64, t.size);
    if (t.class_name)
        text_printf(to, ":%s", t.class_name);
}

bool type_offered(struct type_ref t, const struct profile *p)
{
    return p->generation >= t.type->since;
}
