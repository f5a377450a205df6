/*
 * The log of a case whose replies hold values that may be any: fields stand where they are in what came.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "report/log.h"
#include "test_vector.h"
#include "trace/trace.h"

/* The records of a case in which that came, as text. */
static const char *record_of(const char *steps, struct bytes came, struct arena *keep)
{
    struct trace t = { .keep = keep };
    struct library lib;
    TEXT(text);

    library_loads(TINY, steps, &lib);
    struct program p = program_of(&lib, "t-1", "bits=64", PARTY_CLIENT, "plain", keep);
    trace_add(&t, TRACE_OPEN, 0, 0, 0);
    trace_add_data(&t, TRACE_SENT, 0, 1, 1, p.ops[1].bytes, 1);
    trace_add_data(&t, TRACE_RECEIVED, 0, 2, 2, came, 0);
    const struct result r = { .vector = p.vector, .delivery = "plain", .profile = "", .program = &p, .trace = &t, .again = "" };
    log_describe(&r, &text);
    library_free(&lib);
    return arena_string(keep, text_string(&text));
}

#define STEPS CASE("{'client': [{'byte': 1}]}, {'server': [{'net16': {'any': true, 'as': 'n'}, 'name': 'length'}, " \
                   "{'bytes': {'length': 'n'}, 'name': 'words'}, {'text': 'OK', 'name': 'state'}, {'bytes': '00'}]}")

Test(log, fields_stand_where_they_are_in_what_came, .timeout = 10)
{
    const struct {
        const char *label;
        struct bytes came;
        const char *hex, *fields, *event;
    } rows[] = {
        { "as due", BYTES(0, 2, 'h', 'i', 'O', 'K', 0), "00026869 4f4b00",
          "{\"at\":0,\"len\":2,\"type\":\"WORD\",\"text\":\"2\",\"name\":\"length\",\"any\":true},"
          "{\"at\":2,\"len\":2,\"type\":\"Write\",\"text\":\"68 69\",\"name\":\"words\",\"any\":true},"
          "{\"at\":4,\"len\":2,\"type\":\"bytes\",\"text\":\"\\\"OK\\\"\",\"name\":\"state\"},{\"at\":6,\"len\":1,\"type\":\"bytes\"}]",
          "\"received\":7,\"from\":0" },
        { "with a difference behind", BYTES(0, 1, 'h', 'N', 'O', 0), "000168 4f4b00",
          "{\"at\":3,\"len\":2,\"type\":\"bytes\",\"text\":\"\\\"OK\\\"\",\"name\":\"state\"},{\"at\":5,\"len\":1,\"type\":\"bytes\"}]",
          "\"received\":6,\"hex\":\"0001684e4f00\"" },
        { "cut short", BYTES(0, 3, 'h'), "0003 4f4b00",
          "{\"at\":2,\"len\":0,\"type\":\"Write\",\"name\":\"words\",\"any\":true},{\"at\":2,\"len\":2",
          "\"received\":3,\"hex\":\"000368\"" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        const char *record = record_of(STEPS, rows[i].came, &keep);
        TEXT(hex);
        for (const char *c = rows[i].hex; *c; c++)
            if (*c != ' ')
                text_char(&hex, *c);
        const char *op = strstr(record, text_string(&hex));
        cr_assert(op != NULL, "%s: no %s in %s", rows[i].label, text_string(&hex), record);
        cr_expect(strstr(op, rows[i].fields) != NULL, "%s: %s", rows[i].label, op);
        cr_expect(strstr(op, rows[i].event) != NULL, "%s: %s", rows[i].label, op);
    }
}
