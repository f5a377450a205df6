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
