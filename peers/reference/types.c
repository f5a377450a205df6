#include "types.h"

#include <string.h>

#include "flaw.h"

#define FUNCTIONS(kind) kind##_load, kind##_store, kind##_print, kind##_parse

// clang-format off
const struct type types[] = {
    /* name          since size negative  functions */
    { "byte",          42, 1, false, FUNCTIONS(number)  },
    { "char",          42, 1, true,  FUNCTIONS(number)  },
    { "word",          42, 2, false, FUNCTIONS(number)  },
    { "short",         42, 2, true,  FUNCTIONS(number)  },
    { "int",           42, 4, true,  FUNCTIONS(number)  },
    { "uint",          42, 4, false, FUNCTIONS(number)  },
    { "long",          42, 4, true,  FUNCTIONS(number)  },
    { "dword",         42, 4, false, FUNCTIONS(number)  },
    { "float",         42, 4, false, FUNCTIONS(real)    },
    { "double",        42, 8, false, FUNCTIONS(real)    },
    { "bool",          70, 1, false, FUNCTIONS(truth)   },
    { "longlong",      70, 8, true,  FUNCTIONS(number)  },
    { "ulonglong",     70, 8, false, FUNCTIONS(number)  },
    { "wchar",         70, 2, false, FUNCTIONS(number)  },
    { "cstring",       42, 0, false, FUNCTIONS(string)  },
    { "cstringa",      70, 1, false, FUNCTIONS(string)  },
    { "cstringw",      70, 2, false, FUNCTIONS(string)  },
    { "count",         42, 0, false, FUNCTIONS(count)   },
    { "size",          42, 2, false, FUNCTIONS(corner)  },  // here size is the number of LONGs
    { "point",         42, 2, false, FUNCTIONS(corner)  },
    { "rect",          42, 4, false, FUNCTIONS(corner)  },
    { "bytearray",     42, 1, false, FUNCTIONS(array)   },
    { "wordarray",     42, 2, false, FUNCTIONS(array)   },
    { "dwordarray",    42, 4, false, FUNCTIONS(array)   },
    { "stringarray",   42, 0, false, FUNCTIONS(strings) },
    { "stringlist",    42, 0, false, FUNCTIONS(strings) },
    { "time",          42, 0, false, FUNCTIONS(time)    },
    { "timespan",      42, 0, false, FUNCTIONS(span)    },
    { "time64",        70, 8, true,  FUNCTIONS(number)  },
    { "oledatetime",     42, 0, false, FUNCTIONS(ole)     },
    { "oledatetimespan", 42, 1, false, FUNCTIONS(ole)     },  // 1: the one that 7.0 writes wrongly
    { "olecurrency",   42, 0, false, FUNCTIONS(currency) },
    { "olevariant",    42, 0, false, FUNCTIONS(variant) },
    { "combstr",       70, 2, false, FUNCTIONS(bstr)    },
    { "obarray",       42, 0, false, FUNCTIONS(objects), NULL, objects_visit },
    { "oblist",        42, 0, false, FUNCTIONS(objects), NULL, objects_visit },
    { "mapstringtostring", 42, MAP_STRING_TO_STRING, false, FUNCTIONS(map) },
    { "mapstringtoob", 42, MAP_STRING_TO_OB, false, FUNCTIONS(map), NULL, map_visit },
    { "mapwordtoob",   42, MAP_WORD_TO_OB,   false, FUNCTIONS(map), NULL, map_visit },
    { "object",        42, 0, false, FUNCTIONS(object), object_suffix, object_visit },
    { "class",         42, 0, false, FUNCTIONS(class)   },
    { "raw",           42, 1, false, FUNCTIONS(raw), raw_suffix },
    { "net16",         42, 2, false, FUNCTIONS(network) },
    { "net32",         42, 4, false, FUNCTIONS(network) },
    { "line",          42, 0, false, FUNCTIONS(line)    },
    { NULL, 0 },
};
// clang-format on

bool type_is_offered(const struct type *t, const struct profile *p)
{
    return p->generation->rank >= t->since;
}

const struct type *type_named(const char *name)
{
    const struct type *row = types;

    while (strcmp(row->name, name) != 0)
        row++;
    return FLAW_TYPE(row);
}

void types_list(struct text *t, const struct profile *p)
{
    const char *comma = "";

    for (const struct type *row = types; row->name; row++) {
        if (!type_is_offered(row, p))
            continue;
        text_put(t, comma);
        text_put(t, row->name);
        comma = ",";
    }
}

bool slot_find(struct slot *s, const char *name, size_t len, const struct profile *p)
{
    const char *colon = memchr(name, ':', len);
    size_t stem = colon ? (size_t)(colon - name) : len;

    for (const struct type *row = types; row->name; row++) {
        if (strlen(row->name) != stem || memcmp(row->name, name, stem) != 0 ||
            !type_is_offered(row, p))
            continue;
        *s = (struct slot){ .type = FLAW_TYPE(row) };
        if (!row->suffix)
            return !colon;
        return row->suffix(s, colon ? colon + 1 : NULL, colon ? len - stem - 1 : 0);
    }
    return false;
}
