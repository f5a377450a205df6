/* What the writer that makes mistakes writes: golden. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/hex.h"
#include "check/writing.h"

// clang-format off
static const struct written_row {
    const char *label, *type;
    uint64_t number;
    enum deed deed;
    int64_t n;
    struct bytes out;
} rows[] = {
    { "-1, its sign going along", "short", UINT64_MAX, DEED_SIZE,          4, { (const uint8_t *)"\xff\xff\xff\xff", 4 } },
    { "-1, filled up",            "short", UINT64_MAX, DEED_SIZE_UNSIGNED, 4, { (const uint8_t *)"\xff\xff\0\0", 4 } },
};
// clang-format on

Test(writing, numbers_of_another_size, .timeout = 10)
{
    for (const struct written_row *row = rows; row < rows + COUNT_OF(rows); row++) {
        SCRATCH(keep);
        CLEANUP(buffer_free) struct buffer made = { 0 };
        struct mistake m = { .key = "x", .deed = row->deed, .n = row->n };
        struct value v = { .of = type_named(row->type), .number = row->number };
        writing_put(writing_new(&m, &profile_default, &keep), &v, &made);
        cr_expect(bytes_equal(buffer_bytes(&made), row->out), "%s", row->label);
    }
}

// clang-format off
static const struct written_text {
    const char *label, *type;
    bool wide;
    struct bytes units;
    enum deed deed;
    int64_t n;
    struct bytes out;
} texts[] = {
    { "wide units",              "cstringw", true,  { (const uint8_t *)"A\1\xff\0", 4 },     DEED_NONE,        0, { (const uint8_t *)"\xff\xfe\xff\2A\1\xff\0", 8 } },
    { "their bytes swapped",     "cstringw", true,  { (const uint8_t *)"A\1\xff\0", 4 },     DEED_SWAP_UNITS,  0, { (const uint8_t *)"\xff\xfe\xff\2\1A\0\xff", 8 } },
    { "as all numbers are",      "cstringw", true,  { (const uint8_t *)"A\1\xff\0", 4 },     DEED_SWAP_ALL,    0, { (const uint8_t *)"\xff\xfe\xff\2\1A\0\xff", 8 } },
    { "narrow ones have one",    "cstringa", false, { (const uint8_t *)"A\xff", 2 },         DEED_SWAP_UNITS,  0, { (const uint8_t *)"\2A\xff", 3 } },
    { "narrow, as wide ones",    "cstringa", false, { (const uint8_t *)"B\xff", 2 },         DEED_OTHER_WIDTH, 0, { (const uint8_t *)"\xff\xfe\xff\2B\0\xff\0", 8 } },
    { "wide, as narrow ones",    "cstringw", true,  { (const uint8_t *)"A\0\xff\0\0\1", 6 }, DEED_OTHER_WIDTH, 0, { (const uint8_t *)"\3A\xff?", 4 } },
    { "cut at a NUL",            "cstringa", false, { (const uint8_t *)"A\0B", 3 },          DEED_CUT_AT,  0, { (const uint8_t *)"\1A", 2 } },
    { "… that is the last",      "cstringa", false, { (const uint8_t *)"A\0", 2 },           DEED_CUT_AT,  0, { (const uint8_t *)"\1A", 2 } },
    { "… of two bytes",          "cstringw", true,  { (const uint8_t *)"\0\1\0\0B\0", 6 },   DEED_CUT_AT,  0, { (const uint8_t *)"\xff\xfe\xff\1\0\1", 6 } },
    { "half of it",              "cstringw", true,  { (const uint8_t *)"A\0B\0C\0D\0", 8 },  DEED_CUT_HALF,    0, { (const uint8_t *)"\xff\xfe\xff\2A\0B\0", 8 } },
    { "half of three units",     "cstringw", true,  { (const uint8_t *)"A\0B\0C\0", 6 },     DEED_CUT_HALF,    0, { (const uint8_t *)"\xff\xfe\xff\1A\0", 6 } },
    { "not of narrow ones",      "cstringa", false, { (const uint8_t *)"ABCD", 4 },          DEED_CUT_HALF,    0, { (const uint8_t *)"\4ABCD", 5 } },
    { "to two units",            "cstringa", false, { (const uint8_t *)"ABC", 3 },           DEED_CUT_TO,      2, { (const uint8_t *)"\2AB", 3 } },
    { "… wide ones",             "cstringw", true,  { (const uint8_t *)"A\0B\0C\0", 6 },     DEED_CUT_TO,      2, { (const uint8_t *)"\xff\xfe\xff\2A\0B\0", 8 } },
    { "in UTF-8",                "cstringa", false, { (const uint8_t *)"\x7f\x80\xe9", 3 },  DEED_UTF8,        0, { (const uint8_t *)"\5\x7f\xc2\x80\xc3\xa9", 6 } },
    { "in ASCII",                "cstringa", false, { (const uint8_t *)"\x7f\x80\xe9", 3 },  DEED_QUESTION,    0, { (const uint8_t *)"\3\x7f??", 4 } },
    { "of seven bits",           "cstringa", false, { (const uint8_t *)"\x7f\x80\xe9", 3 },  DEED_7BIT,        0, { (const uint8_t *)"\3\x7f\0\x69", 4 } },
    { "wide ones have more",     "cstringw", true,  { (const uint8_t *)"\xe9\0", 2 },        DEED_7BIT,        0, { (const uint8_t *)"\xff\xfe\xff\1\xe9\0", 6 } },
};
// clang-format on

Test(writing, units_of_strings, .timeout = 10)
{
    for (const struct written_text *row = texts; row < texts + COUNT_OF(texts); row++) {
        SCRATCH(keep);
        CLEANUP(buffer_free) struct buffer made = { 0 };
        struct mistake m = { .key = "x", .deed = row->deed, .n = row->n };
        struct value v = { .of = type_named(row->type), .data = row->units, .wide = row->wide };
        writing_put(writing_new(&m, &profile_default, &keep), &v, &made);
        cr_expect(bytes_equal(buffer_bytes(&made), row->out), "%s", row->label);
    }
}
