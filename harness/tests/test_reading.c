/* What the reader that makes mistakes takes bytes for where it makes none: golden. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/hex.h"
#include "check/reading.h"

// clang-format off
static const struct read_row {
    const char *label, *type;
    uint8_t generation;
    enum charset charset;
    struct bytes in, out;
    bool wide;
} rows[] = {
    { "8.0 keeps what stands behind a NUL", "cstringa", 80, CHARSET_ANSI,    { (const uint8_t *)"\3A\0B", 4 },     { (const uint8_t *)"A\0B", 3 }, false },
    { "7.1 does not",                       "cstringa", 71, CHARSET_ANSI,    { (const uint8_t *)"\3A\0B", 4 },     { (const uint8_t *)"A", 1 },    false },
    { "a narrow line",                      "line",     80, CHARSET_ANSI,    { (const uint8_t *)"A\n", 2 },        { (const uint8_t *)"A", 1 },    false },
    { "a wide line",                        "line",     80, CHARSET_UNICODE, { (const uint8_t *)"A\0\n\0", 4 },    { (const uint8_t *)"A\0", 2 },  true },
};
// clang-format on

Test(reading, strings_are_read_as_the_profile_has_them, .timeout = 10)
{
    static const struct mistake none = { .deed = DEED_NONE, .reads = true };

    for (const struct read_row *row = rows; row < rows + COUNT_OF(rows); row++) {
        SCRATCH(keep);
        struct profile p = profile_default;
        struct reader r = { .in = row->in };
        struct value v;
        p.generation = row->generation;
        p.charset = row->charset;
        struct reading *g = reading_new(&none, &p, &keep);
        reading_message(g, true, 0);
        reading_get(g, &r, type_named(row->type), &v);
        cr_expect(r.status == WIRE_OK && r.at == row->in.len, "%s", row->label);
        cr_expect(bytes_equal(v.data, row->out) && v.wide == row->wide, "%s", row->label);
    }
}
