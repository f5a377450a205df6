/*
 * How what nobody would notice is looked for: what is sure to be found wrong without judging all of it, which reason a place has, and how places that go on become one.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/hex.h"
#include "check/hunt.h"
#include "talk.h"

#define SUITE                                                                                      \
    "{'format': 1, 'suite': 't', 'service': 'talk', 'unguarded': {'why': 'of the suite', 'when': 'of the suite, too'}, 'cases': [\n" \
    " {'id': 't-1', 'title': 'T', 'clauses': ['X-1'], 'steps': [\n"                                \
    "  {'client': [{'word': 4}]},{'server': [{'word': 0}, {'dword': 8, 'name': 'n'}, {'bytes': '0102'}]},\n"                          \
    "  {'client': [{'word': 4}]},{'server': [{'cstringa': {'any': true}}], 'check': 'text', 'unguarded': 'of the step'}]}]}"
#define SERVICE                                                                                    \
    "{'format': 1, 'service': 'talk', 'no-first-control': 'it has none', 'end': {'name': 'end', 'clauses': ['X-1']},"                 \
    " 'unguarded': {'why': 'of the service', 'version': 'its own to say'}}"

enum { NUMBERS = 2, TEXT_OP = 4 }; // ops of the two replies

static const volatile int no_stop = 0;

struct hunted {
    struct library lib;
    struct program p;
    struct trace t;
    struct unguarded out;
    struct hunt h;
};

static void hunted_make(struct hunted *d, const char *came, struct arena *keep)
{
    struct bytes bytes = { 0 };

    *d = (struct hunted){ .t = { .keep = keep } };
    library_loads(SERVICE, SUITE, &d->lib);
    d->p = program_of(&d->lib, "t-1", "bits=64", PARTY_CLIENT, "plain", keep);
    cr_assert(d->p.ops[NUMBERS].kind == OP_RECEIVE && d->p.ops[TEXT_OP].kind == OP_RECEIVE);
    cr_assert(hex_read(came, keep, &bytes) == NULL);
    d->h = (struct hunt){ .p = &d->p, .t = &d->t, .keep = keep, .own = keep, .out = &d->out, .stop = &no_stop, .came = { bytes } };
}

/* Nothing is sure of a message that goes on behind what is there, unless that is all. */
Test(hunt, what_is_sure_to_be_wrong, .timeout = 10)
{
    static const size_t starts[5] = { 0 };
    static const struct {
        size_t op;
        const char *in;
        bool all, wrong;
    } rows[] = {
        { NUMBERS, "0000 08000000 0102", true, false },
        { NUMBERS, "0000 08000000 0102", false, false },
        { NUMBERS, "0000 08000000 0102 07", true, false }, // what is behind it is another's
        { NUMBERS, "0000 08000000 01", true, true },
        { NUMBERS, "0000 08000000 01", false, false },
        { NUMBERS, "", true, true },
        { NUMBERS, "", false, false },
        { NUMBERS, "0000 09", true, true },
        { NUMBERS, "0000 09", false, true },
        { TEXT_OP, "02 6162", true, false },
        { TEXT_OP, "02 61", true, true },
        { TEXT_OP, "02 61", false, false },
        { TEXT_OP, "00", true, false },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct hunted d;
        struct bytes in = { 0 };
        hunted_make(&d, "", &keep);
        cr_assert(hex_read(rows[i].in, &keep, &in) == NULL);
        struct came_for s = { rows[i].op, 0, in.len, starts };
        cr_expect(eq(int, hunt_is_wrong(&d.h, &s, in, rows[i].all), rows[i].wrong), "%s, %d", rows[i].in, rows[i].all);
        s.starts = NULL; // no message of its own
        cr_expect(not(hunt_is_wrong(&d.h, &s, in, rows[i].all)), "%s, %d", rows[i].in, rows[i].all);
        library_free(&d.lib);
    }
}

/* Both replies came, and so many bytes behind them: other bytes stand in the place of some. */
Test(hunt, what_is_sure_to_be_wrong_with_other_bytes, .timeout = 10)
{
    enum { FIRST = 8, BOTH = 12 };
    static const size_t starts[5] = { 0 };
    static const struct {
        const char *label;
        size_t op, behind, at, len;
        const char *put;
        bool wrong;
    } rows[] = {
        { "the same", NUMBERS, 0, 0, 1, "00", false },
        { "another at its beginning", NUMBERS, 0, 0, 1, "01", true },
        { "… at its end", NUMBERS, 0, 7, 1, "03", true },
        { "one more in front", NUMBERS, 0, 0, 0, "00", true },
        { "the same at its end", NUMBERS, 0, 7, 1, "02", false },
        { "one less at its end", NUMBERS, 0, 7, 1, "", true }, // 03 of the next
        { "nothing but the end", NUMBERS, 0, 0, BOTH, "", true },
        { "another where any may be", TEXT_OP, 0, 9, 1, "00", false },
        { "one less than it says", TEXT_OP, 0, 11, 1, "", true },
        { "… and more behind it", TEXT_OP, 1, 11, 1, "", false },
        { "a length that nothing has", TEXT_OP, 0, 8, 1, "ff 00f0", true },
        { "… and all is there", TEXT_OP, 4096, 8, 1, "ff 00f0", true },
        { "… but for a byte", TEXT_OP, 4097, 8, 1, "ff 00f0", false },
        { "a length that reaches further", TEXT_OP, 4096, 8, 1, "ff 0310", false }, // 4099: three of its own, and all behind it
        { "… by one too many", TEXT_OP, 4096, 8, 1, "ff 0410", true },
        { "what reaches into the next", TEXT_OP, 5000, 10, 1002, "", false },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct hunted d;
        struct bytes put = { 0 };
        hunted_make(&d, arena_printf(&keep, "0000 08000000 0102 03 616263 %s", rows[i].behind ? arena_printf(&keep, "07*%zu", rows[i].behind) : ""), &keep);
        cr_assert(hex_read(rows[i].put, &keep, &put) == NULL);
        struct came_for s = { rows[i].op, rows[i].op == NUMBERS ? 0 : FIRST, rows[i].op == NUMBERS ? FIRST : BOTH, starts };
        cr_expect(eq(int, hunt_is_wrong_with(&d.h, &s, rows[i].at, rows[i].len, put), rows[i].wrong), "%s", rows[i].label);
        library_free(&d.lib);
    }
}

/* The step's own, the suite's, or the service's; that of a name only where one is asked for. */
Test(hunt, which_reason_a_place_has, .timeout = 10)
{
    static const struct {
        size_t op;
        const char *name, *reason; // "": none
    } rows[] = {
        { NUMBERS, NULL, "" },
        { NUMBERS, "n", "" },
        { NUMBERS, "why", "of the suite" },
        { NUMBERS, "when", "of the suite, too" },
        { NUMBERS, "version", "its own to say" },
        { TEXT_OP, NULL, "of the step" },
        { TEXT_OP, "why", "of the step" },
        { TEXT_OP, "version", "of the step" },
    };
    SCRATCH(keep);
    struct hunted d;

    hunted_make(&d, "", &keep);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct json *reason = hunt_reason_of(&d.p, &d.p.ops[rows[i].op], rows[i].name);
        cr_expect(eq(str, reason ? (char *)reason->string : "", (char *)rows[i].reason), "%zu", i);
    }
    cr_expect(hunt_reason_of_step(&d.p.ops[NUMBERS]) == NULL);
    cr_expect(eq(str, (char *)hunt_reason_of_step(&d.p.ops[TEXT_OP])->string, "of the step"));
    cr_expect(hunt_reason_of_step(&(struct op){ .kind = OP_RECEIVE }) == NULL);
    library_free(&d.lib);
}

static const char *places(const struct unguarded *u, struct arena *keep)
{
    TEXT(out);

    for (size_t i = 0; i < u->count; i++) {
        const struct unguarded_place *p = &u->places[i];
        text_printf(&out, "%s%s %zu %s %zu+%zu", i ? ", " : "", change_name(p->change), p->op, p->field ? p->field : "-", p->at, p->len);
    }
    return arena_string(keep, text_string(&out));
}

/* Bytes of a field that follow each other are one place, be it that their lengths were tried in between; all else is a place of its own. */
Test(hunt, places_that_go_on, .timeout = 10)
{
    static const struct {
        const char *label;
        struct {
            enum change change;
            size_t op;
            int field; // of the op; -1: none
            size_t at, len;
        } adds[10];
        size_t count;
        const char *is;
    } rows[] = {
        // clang-format off
        { "none",                   { { 0 } }, 0, "" },
        { "values in a row",        { { CHANGE_VALUE, 2, 0, 0, 1 }, { CHANGE_VALUE, 2, 0, 1, 1 }, { CHANGE_VALUE, 2, 0, 2, 1 } }, 3, "value 2 WORD 0+3" },
        { "with a gap",             { { CHANGE_VALUE, 2, 0, 0, 1 }, { CHANGE_VALUE, 2, 0, 2, 1 } }, 2, "value 2 WORD 0+1, value 2 WORD 2+1" },
        { "backwards",              { { CHANGE_VALUE, 2, 0, 1, 1 }, { CHANGE_VALUE, 2, 0, 0, 1 } }, 2, "value 2 WORD 1+1, value 2 WORD 0+1" },
        { "in turn",                { { CHANGE_VALUE, 2, 0, 0, 1 }, { CHANGE_LENGTH, 2, 0, 0, 1 }, { CHANGE_VALUE, 2, 0, 1, 1 }, { CHANGE_LENGTH, 2, 0, 1, 1 } }, 4, "value 2 WORD 0+2, length 2 WORD 0+2" },
        { "of two fields",          { { CHANGE_VALUE, 2, 0, 1, 1 }, { CHANGE_VALUE, 2, 1, 2, 1 } }, 2, "value 2 WORD 1+1, value 2 n 2+1" },
        { "of bytes",               { { CHANGE_LENGTH, 2, 2, 6, 1 }, { CHANGE_LENGTH, 2, 2, 7, 1 } }, 2, "length 2 bytes 6+2" },
        { "of two messages",        { { CHANGE_VALUE, 2, -1, 0, 1 }, { CHANGE_VALUE, 4, -1, 1, 1 } }, 2, "value 2 - 0+1, value 4 - 1+1" },
        { "cuts",                   { { CHANGE_CUT, 2, 0, 0, 2 }, { CHANGE_CUT, 2, 0, 2, 2 } }, 2, "cut 2 WORD 0+2, cut 2 WORD 2+2" },
        { "what has no bytes",      { { CHANGE_BEHIND, 2, -1, 0, 0 }, { CHANGE_BEHIND, 2, -1, 0, 0 } }, 2, "behind 2 - 0+0, behind 2 - 0+0" },
        { "nine places",            { { CHANGE_VALUE, 2, 0, 0, 1 }, { CHANGE_VALUE, 2, 0, 2, 1 }, { CHANGE_VALUE, 2, 0, 4, 1 }, { CHANGE_VALUE, 2, 0, 6, 1 }, { CHANGE_VALUE, 2, 0, 8, 1 },
                                      { CHANGE_VALUE, 2, 0, 10, 1 }, { CHANGE_VALUE, 2, 0, 12, 1 }, { CHANGE_VALUE, 2, 0, 14, 1 }, { CHANGE_VALUE, 2, 0, 16, 1 }, { CHANGE_VALUE, 2, 0, 3, 1 } }, 10,
          "value 2 WORD 0+1, value 2 WORD 2+2, value 2 WORD 4+1, value 2 WORD 6+1, value 2 WORD 8+1, value 2 WORD 10+1, value 2 WORD 12+1, value 2 WORD 14+1, value 2 WORD 16+1" },
        // clang-format on
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct hunted d;
        hunted_make(&d, "", &keep);
        for (size_t k = 0; k < rows[i].count; k++) {
            const struct op *op = &d.p.ops[rows[i].adds[k].op];
            hunt_add(&d.h, rows[i].adds[k].change, rows[i].adds[k].op, rows[i].adds[k].field < 0 ? NULL : &op->fields.items[rows[i].adds[k].field], rows[i].adds[k].at, rows[i].adds[k].len);
        }
        cr_expect(eq(str, (char *)places(&d.out, &keep), (char *)rows[i].is), "%s", rows[i].label);
        for (size_t k = 0; k < d.out.count; k++) {
            const struct unguarded_place *p = &d.out.places[k];
            cr_expect(p->step == d.p.ops[p->op].at && p->control == NULL);
            cr_expect(eq(str, (char *)p->check, p->op == NUMBERS ? "reply" : "text"));
        }
        library_free(&d.lib);
    }
}
