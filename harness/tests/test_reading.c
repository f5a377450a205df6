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

// clang-format off
static const struct heard_row {
    const char *label, *heard; // of the other direction, before the object is read
    enum deed deed;
    uint16_t index; // under which the reader has the object
} counted[] = {
    { "an object and its class",       "CAge(1)",                DEED_COUNTER_SHARED, 4 },
    { "an object within it, too",      "CNode(2,CAge(1))",       DEED_COUNTER_SHARED, 6 },
    { "of a class that is known",      "CNode(2,CNode(1,null))", DEED_COUNTER_SHARED, 5 },
    { "none",                          "null",                   DEED_COUNTER_SHARED, 2 },
    { "in one table",                  "CNode(2,CAge(1))",       DEED_TABLE_SHARED,   6 },
    { "nothing is shared",             "CNode(2,CAge(1))",       DEED_NONE,           2 },
};
// clang-format on

/* An object is read, and then again by its index. */
Test(reading, what_was_heard_is_counted_where_both_directions_share, .timeout = 10)
{
    static const struct bytes object = { (const uint8_t *)"\xff\xff\1\0\4\0CAge\1\0\0\0", 14 };

    for (const struct heard_row *row = counted; row < counted + COUNT_OF(counted); row++)
        for (unsigned off = 0; off < 3; off++) {
            SCRATCH(keep);
            uint16_t index = (uint16_t)(row->index - 1 + off); // the one before and behind are none of objects
            uint8_t tag[2] = { (uint8_t)index, (uint8_t)(index >> 8) };
            struct mistake m = { .deed = row->deed, .reads = true };
            struct reading *g = reading_new(&m, &profile_default, &keep);
            struct reader first = { .in = object }, second = { .in = { tag, sizeof tag } };
            struct value heard, v;
            struct error err;
            cr_assert(value_parse(row->heard, type_named("object"), &profile_default, &keep, &heard, &err), "%s", row->label);
            reading_message(g, true, 0);
            reading_heard(g, &heard);
            reading_get(g, &first, type_named("object"), &v);
            cr_assert(first.status == WIRE_OK && first.at == object.len, "%s", row->label);
            reading_get(g, &second, type_named("object"), &v);
            bool found = second.status == WIRE_OK;
            cr_expect(eq(int, found, off == 1), "%s, %u", row->label, index);
        }
}
