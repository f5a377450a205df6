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
static const struct value_part string_element[] = { { "element", "cstring" }, { 0 } };

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
    { "stringarray", "CStringArray", "8.4",      VALUE_LIST,    42, 0, .ops = &list_ops, .fields = string_element },
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
    return (struct type_ref){ .type = type_find(bytes_of(name)) };
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

    if (!t.type || (detail && !sized))
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
