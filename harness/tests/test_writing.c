/* What the writer that makes mistakes writes: golden. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/hex.h"
#include "check/mistake.h"

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
    struct bytes out;
} texts[] = {
    { "wide units",              "cstringw", true,  { (const uint8_t *)"A\1\xff\0", 4 },    DEED_NONE,        { (const uint8_t *)"\xff\xfe\xff\2A\1\xff\0", 8 } },
    { "their bytes swapped",     "cstringw", true,  { (const uint8_t *)"A\1\xff\0", 4 },    DEED_SWAP_UNITS,  { (const uint8_t *)"\xff\xfe\xff\2\1A\0\xff", 8 } },
    { "as all numbers are",      "cstringw", true,  { (const uint8_t *)"A\1\xff\0", 4 },    DEED_SWAP_ALL,    { (const uint8_t *)"\xff\xfe\xff\2\1A\0\xff", 8 } },
    { "narrow ones have one",    "cstringa", false, { (const uint8_t *)"A\xff", 2 },        DEED_SWAP_UNITS,  { (const uint8_t *)"\2A\xff", 3 } },
    { "narrow, as wide ones",    "cstringa", false, { (const uint8_t *)"B\xff", 2 },        DEED_OTHER_WIDTH, { (const uint8_t *)"\xff\xfe\xff\2B\0\xff\0", 8 } },
    { "wide, as narrow ones",    "cstringw", true,  { (const uint8_t *)"A\0\xff\0\0\1", 6 }, DEED_OTHER_WIDTH, { (const uint8_t *)"\3A\xff?", 4 } },
};
// clang-format on

Test(writing, units_of_strings, .timeout = 10)
{
    for (const struct written_text *row = texts; row < texts + COUNT_OF(texts); row++) {
        SCRATCH(keep);
        CLEANUP(buffer_free) struct buffer made = { 0 };
        struct mistake m = { .key = "x", .deed = row->deed };
        struct value v = { .of = type_named(row->type), .data = row->units, .wide = row->wide };
        writing_put(writing_new(&m, &profile_default, &keep), &v, &made);
        cr_expect(bytes_equal(buffer_bytes(&made), row->out), "%s", row->label);
    }
}
