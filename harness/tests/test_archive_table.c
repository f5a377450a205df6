/*
 * The table of what one direction has carried: what is taken back is gone, what was carried unseen has no class, and a
 * class that was described twice means what was said last.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "archive/objects.h"
#include "test_archive.h"

#define CAGE       "ffff 0100 0400 43416765 "
#define LETTER_600 "ffff 5802 0700 434c6574746572 "
#define LETTER_650 "ffff 8a02 0700 434c6574746572 "
#define LETTER_700 "ffff bc02 0700 434c6574746572 "

/* What is done to a table, one after the other: "load HEX", of an object in an ANSI build; "skip N"; "mark"; "back". */
struct step {
    enum { END, LOAD, SKIP, MARK, BACK } what;
    const char *hex;
    size_t number;
    const char *told; // what it loads as, or why not
};

// clang-format off
static const struct row {
    const char *label;
    struct step steps[8];
    size_t entries, objects; // at the end
} rows[] = {
    { "an object goes back alone", { { LOAD, CAGE "01000000", 0, "CAge(1)" }, { MARK }, { LOAD, "0180 02000000", 0, "CAge(2)" }, { BACK },
      { LOAD, "0300", 0, "an object index that is not in use" }, { LOAD, "0200", 0, "@1" }, { LOAD, "0180 03000000", 0, "CAge(3)" } }, 3, 2 },
    { "a class goes back", { { MARK }, { LOAD, CAGE "01000000", 0, "CAge(1)" }, { BACK }, { LOAD, "0180 02000000", 0, "a class index that is not in use" },
      { LOAD, CAGE "03000000", 0, "CAge(3)" } }, 2, 1 },
    { "a schema goes back", { { MARK }, { LOAD, LETTER_600 "0141", 0, "CLetter:600(u:0041)" }, { BACK },
      { LOAD, LETTER_700 "0142 05000000", 0, "CLetter:700(u:0042,5)" }, { LOAD, "0180 0143 06000000", 0, "CLetter:700(u:0043,6)" } }, 3, 2 },
    { "and is not that of what takes its place", { { LOAD, CAGE "01000000", 0, "CAge(1)" }, { MARK }, { LOAD, LETTER_600 "0141", 0, "CLetter:600(u:0041)" },
      { BACK }, { LOAD, "0180 02000000", 0, "CAge(2)" }, { LOAD, LETTER_700 "0142 05000000", 0, "CLetter:700(u:0042,5)" },
      { LOAD, "0480 0143 06000000", 0, "CLetter:700(u:0043,6)" } }, 6, 4 },
    { "an earlier schema stays", { { LOAD, LETTER_600 "0141", 0, "CLetter:600(u:0041)" }, { MARK }, { LOAD, LETTER_650 "0142", 0, "CLetter:650(u:0042)" },
      { LOAD, CAGE "01000000", 0, "CAge(1)" }, { BACK }, { LOAD, "0180 0143", 0, "CLetter:600(u:0043)" } }, 3, 2 },
    { "its own is no other schema", { { LOAD, LETTER_700 "0141 05000000", 0, "CLetter:700(u:0041,5)" }, { LOAD, LETTER_650 "0142", 0, "CLetter:650(u:0042)" },
      { LOAD, LETTER_700 "0141 05000000", 0, "CLetter:700(u:0041,5)" }, { LOAD, "0180 0143", 0, "CLetter:650(u:0043)" } }, 7, 4 },
    { "unseen", { { SKIP, NULL, 2, NULL }, { LOAD, "0200", 0, "an entry that was carried unseen" }, { LOAD, "0180", 0, "an entry that was carried unseen" },
      { LOAD, "0300", 0, "an object index that is not in use" }, { LOAD, CAGE "01000000", 0, "CAge(1)" }, { LOAD, "0380 02000000", 0, "CAge(2)" } }, 5, 2 },
    { "none unseen", { { SKIP, NULL, 0, NULL }, { LOAD, "0100", 0, "an object index that is not in use" } }, 0, 0 },
    { "unseen in the place of what went back", { { LOAD, CAGE "01000000", 0, "CAge(1)" }, { MARK }, { LOAD, "0180 02000000", 0, "CAge(2)" },
      { LOAD, LETTER_600 "0141", 0, "CLetter:600(u:0041)" }, { BACK }, { SKIP, NULL, 3, NULL },
      { LOAD, "0400", 0, "an entry that was carried unseen" } }, 5, 1 },
    { "and the last of them", { { LOAD, CAGE "01000000", 0, "CAge(1)" }, { MARK }, { LOAD, "0180 02000000", 0, "CAge(2)" },
      { LOAD, LETTER_600 "0141", 0, "CLetter:600(u:0041)" }, { BACK }, { SKIP, NULL, 3, NULL },
      { LOAD, "0500", 0, "an entry that was carried unseen" } }, 5, 1 },
    { "many unseen", { { LOAD, CAGE "01000000", 0, "CAge(1)" }, { SKIP, NULL, 1000, NULL }, { LOAD, "0180 02000000", 0, "CAge(2)" }, { LOAD, "eb03", 0, "@2" },
      { LOAD, "ea03", 0, "an entry that was carried unseen" }, { LOAD, "0200", 0, "@1" } }, 1003, 2 },
};
// clang-format on

Test(archive_table, what_goes_back_is_gone_and_what_stays_means_the_same, .timeout = 10)
{
    for (const struct row *x = rows; x < rows + COUNT_OF(rows); x++) {
        SCRATCH(keep);
        struct profile p = profile_of("charset=ansi");
        struct object_table *table = object_table_new(&keep);
        struct object_mark mark = { 0 };
        for (const struct step *s = x->steps; s->what != END; s++) {
            struct value v;
            TEXT(told);
            if (s->what == SKIP)
                object_table_skip(table, s->number);
            if (s->what == MARK)
                mark = object_table_mark(table);
            if (s->what == BACK)
                object_table_rollback(table, mark);
            if (s->what != LOAD)
                continue;
            struct reader r = { .in = wire_of(s->hex, &keep) };
            value_load(&r, &p, table, type_named("object"), &keep, &v);
            if (r.status == WIRE_OK)
                value_text(&told, &v);
            else
                text_add(&told, r.reason);
            cr_expect(eq(str, (char *)text_string(&told), (char *)s->told), "%s: %s", x->label, s->hex);
        }
        cr_expect(eq(sz, object_table_entries(table), x->entries), "%s", x->label);
        cr_expect(eq(sz, object_table_objects(table), x->objects), "%s", x->label);
    }
}

/* A writer names a class by its latest entry that means the schema, and describes it anew where there is none. */
Test(archive_table, a_writer_describes_a_class_once_for_each_change_of_schema, .timeout = 10)
{
    static const struct {
        const char *text, *wire;
        bool back; // and then it is taken back
    } steps[] = {
        { "CLetter:600(u:0041)",   LETTER_600 "0141",          false },
        { "CLetter:600(u:0042)",   "0180 0142",                false },
        { "CLetter:650(u:0043)",   LETTER_650 "0143",          true },
        { "CLetter:600(u:0044)",   "0180 0144",                false },
        { "CAge(1)",               CAGE "01000000",            true },
        { "CLetter:600(u:0045)",   "0180 0145",                false },
        { "CLetter:650(u:0046)",   LETTER_650 "0146",          false },
        { "CLetter:650(u:0047)",   "0680 0147",                false },
        { "CLetter:600(u:0048)",   LETTER_600 "0148",          false },
        { "CAge(2)",               CAGE "02000000",            false },
        { "CAge(3)",               "0b80 03000000",            false },
    };
    SCRATCH(keep);
    struct profile p = profile_of("charset=ansi");
    struct object_table *table = object_table_new(&keep);

    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        CLEANUP(buffer_free) struct buffer w = { 0 };
        TEXT(got);
        TEXT(wanted);
        struct value v;
        struct error err;
        struct object_mark mark = object_table_mark(table);
        cr_assert(value_parse(steps[i].text, type_named("object"), &p, &keep, &v, &err), "%s", err.text);
        value_store(&w, &p, table, &v);
        if (steps[i].back)
            object_table_rollback(table, mark);
        text_hex(&got, buffer_bytes(&w), false);
        text_hex(&wanted, wire_of(steps[i].wire, &keep), false);
        cr_expect(eq(str, (char *)text_string(&got), (char *)text_string(&wanted)), "%s", steps[i].text);
    }
}

/* Classes alone, with nothing between them. */
static const struct golden classes[] = {
    { "each has its schema", "charset=ansi", "class,class,class,class,object", "CLetter:600 CAge:1 CLetter:600 CAge:1 CLetter:600(u:0041)",
      LETTER_600 CAGE "0180 0280 0180 0141" },
    { "the last", "charset=ansi", "class,object,class", "CAge:1 CLetter:600(u:0041) CLetter:600", CAGE LETTER_600 "0141 0280" },
};

Test(archive_table, classes_keep_their_schema, .timeout = 10)
{
    golden_loads(classes, COUNT_OF(classes), false);
    golden_stores(classes, COUNT_OF(classes));
}

/* An object in the place of a class, and the other way round: misused memory up to 8, an exception from 9 on [6.5]. */
Test(archive_table, a_wrong_kind_is_told_as_what_it_is, .timeout = 10)
{
    static const struct {
        const char *generation, *hex;
        enum cause cause;
        const char *reason;
    } kinds[] = {
        { "generation=8", "0100", CAUSE_NONE, "an object reference to a class" },
        { "generation=8", "0280", CAUSE_NONE, "a class reference to an object" },
        { "generation=9", "0100", CAUSE_BAD_INDEX, "an object reference to a class" },
        { "generation=9", "0280", CAUSE_BAD_INDEX, "a class reference to an object" },
    };

    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        SCRATCH(keep);
        struct profile p = profile_of(kinds[i].generation);
        struct object_table *table = object_table_new(&keep);
        struct reader r = { .in = wire_of(CAGE "01000000", &keep) };
        struct value v;
        value_load(&r, &p, table, type_named("object"), &keep, &v);
        r.in = wire_of(kinds[i].hex, &keep);
        r.at = 0;
        value_load(&r, &p, table, type_named("object"), &keep, &v);
        cr_expect(eq(int, r.status, WIRE_BAD));
        cr_expect(eq(int, r.cause, kinds[i].cause));
        cr_expect(eq(str, (char *)r.reason, (char *)kinds[i].reason));
    }
}
