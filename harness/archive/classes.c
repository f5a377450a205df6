/*
 * The classes of the conformance service, one row each.
 */
#include "archive/objects.h"

// clang-format off
const struct mfc_class class_table[] = {
    /* name             schema  VERSIONABLE  body */
    { "CAge",               1,   false,  "CAge()"            },
    { "CNode",              3,   false,  "CNode()"           },
    { "CNetMessage",        1,   false,  "CNetMessage()"     },
    { "CTestPoint",         7,   false,  "CTestPoint()"      },
    { "CVersioned",         3,   true,   "CVersioned()"      },
    { "CLetter",            700, true,   "CLetter()"         },
    { "CByteArray",         0,   false,  "bytearray"         },
    { "CWordArray",         0,   false,  "wordarray"         },
    { "CDWordArray",        0,   false,  "dwordarray"        },
    { "CStringArray",       0,   false,  "stringarray"       },
    { "CStringList",        0,   false,  "stringlist"        },
    { "CObArray",           0,   false,  "obarray"           },
    { "CObList",            0,   false,  "oblist"            },
    { "CMapStringToString", 0,   false,  "mapstringtostring" },
    { "CMapStringToOb",     0,   false,  "mapstringtoob"     },
    { "CMapWordToOb",       0,   false,  "mapwordtoob"       },
};
// clang-format on
const size_t class_count = COUNT_OF(class_table);

const struct mfc_class *class_find(struct bytes name)
{
    for (const struct mfc_class *c = class_table; c < class_table + class_count; c++)
        if (bytes_equal(bytes_of(c->name), name))
            return c;
    return NULL;
}
