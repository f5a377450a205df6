/*
 * Families: what is made of a row, what a peer must make of that, and how many small conversations become one result.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

#include "archive/objects.h"
#include "base/hex.h"
#include "check/fold.h"
#include "test_vector.h"
#include "vector/lint.h"
#include "vector/mutate.h"

#define REQUEST "[ {'control': 'ping'}, {'client': [{'byte': 4}, {'cstringa': '{type}'}, {'row': 'load'}]}, {'end': 'client'} ]"
#define TELLS   "{'server': [{'cstring': '{text}'}], 'check': 'loaded'}"
#define MUTATED                                                                                                        \
    ", 'mutated': {'request': " REQUEST ","                                                                            \
    " 'loads': [ " TELLS ", {'end': 'server'} ],"                                                                      \
    " 'leaves': [ " TELLS ", {'end': 'server', 'before': 'anything'} ],"                                               \
    " 'refused': [ {'server': [{'byte': 2}], 'check': 'refused'}, {'server': [{'word': {'cause': true}}], 'check': 'cause'}," \
    "              {'end': 'server'} ],"                                                                               \
    " 'claims': [ {'server': [{'byte': 2}, {'word': {'any': true}}], 'check': 'refused'}, {'end': 'server'} ],"        \
    " 'open': [ {'end': 'server', 'before': 'anything'} ],"                                                            \
    " 'after': [ {'control': 'ping', 'on': 'fresh'} ]}}"

/* The service tiny, which says what it makes of changed rows. */
static const char *service_of(struct arena *keep)
{
    return arena_printf(keep, "%.*s%s", (int)(strlen(TINY) - 1), TINY, MUTATED);
}

#define ROWS                                                                                                           \
    "{'id': 't-rows', 'title': 'T', 'clauses': ['X-1'], 'ops': ['echo', 'tell'], 'rows': [\n"                          \
    " {'key': 'hi', 'type': 'cstringa', 'value': 'hi', 'wire': '02 6869', 'text': 'a:6869', 'source': 'hand'},\n"      \
    " {'key': 'age', 'type': 'object', 'value': 'CAge(7)', 'wire': 'ffff 0100 0400 43416765 07000000', 'text': 'CAge(7)', 'source': 'hand'},\n" \
    " {'key': 'drawn', 'type': 'cstringa', 'draw': {}} ]}"
#define HEAD "{'format': 1, 'suite': 't', 'service': 'tiny', "
#define FAMILY(rest) HEAD "'tables': [" ROWS "],\n'families': [\n{'id': 't-f', 'title': 'T', 'clauses': ['X-1']" rest "}]}"

static const struct vector *find(const struct library *lib, const char *id)
{
    for (size_t i = 0; i < lib->suites[0].count; i++)
        if (strcmp(lib->suites[0].vectors[i].id, id) == 0)
            return &lib->suites[0].vectors[i];
    return NULL;
}

Test(families, a_row_that_can_be_told_becomes_one_case)
{
    SCRATCH(keep);
    struct library lib;

    library_must(service_of(&keep), FAMILY(", 'kind': 'prefix', 'of': ['t-rows']"), &lib);
    cr_expect(eq(sz, lib.suites[0].count, 6 + 2)); // three rows by two ops; no drawn row has positions
    const struct vector *v = find(&lib, "t-f-t-rows-age");
    cr_assert(v != NULL);
    cr_expect(eq(int, v->family->kind, FAMILY_PREFIX));
    cr_expect(eq(str, (char *)v->row->key, "age"));
    cr_expect(find(&lib, "t-f-t-rows-drawn") == NULL);
    library_free(&lib);
}

Test(families, what_is_changed_is_part_of_the_digest)
{
    SCRATCH(keep);
    struct library a, b;

    library_must(service_of(&keep), FAMILY(", 'kind': 'prefix', 'of': ['t']"), &a);
    library_must(service_of(&keep), FAMILY(", 'kind': 'field', 'of': ['t']"), &b);
    cr_expect(ne(str, (char *)find(&a, "t-f-t-rows-hi")->digest, (char *)find(&b, "t-f-t-rows-hi")->digest));
    cr_expect(ne(str, (char *)find(&a, "t-f-t-rows-hi")->digest, (char *)find(&a, "t-f-t-rows-age")->digest));
    library_free(&a);
    library_free(&b);
}

// clang-format off
static const struct broken {
    const char *label, *suite, *complaint;
} broken[] = {
    { "no kind",        FAMILY(", 'of': ['t']"),
      "v/suites/t.json:6: family t-f: expected \"kind\": prefix or field" },
    { "unknown kind",   FAMILY(", 'kind': 'suffix', 'of': ['t']"),
      "v/suites/t.json:6: family t-f: kind: \"suffix\" is no kind of family: prefix or field" },
    { "no sources",     FAMILY(", 'kind': 'field'"),
      "v/suites/t.json:6: family t-f: expected \"of\", a list of suites and tables" },
    { "empty sources",  FAMILY(", 'kind': 'field', 'of': []"),
      "v/suites/t.json:6: family t-f: of: names no suite and no table" },
    { "unknown source", FAMILY(", 'kind': 'field', 'of': ['t', 'u']"),
      "v/suites/t.json:6: family t-f: of[1]: no suite or table \"u\" of service tiny has rows to tell" },
    { "unknown key",    FAMILY(", 'kind': 'field', 'of': ['t'], 'rows': []"),
      "v/suites/t.json:6: family t-f: unknown key \"rows\"; known are …" },
    { "unknown clause", FAMILY(", 'level': 'should', 'kind': 'field', 'of': ['t'], 'clauses': ['Y-1']"), NULL },
    { "no list",        HEAD "'families': 7}",
      "v/suites/t.json:1: families: expected an array, found 7" },
    { "no title",       HEAD "'tables': [" ROWS "], 'families': [{'id': 't-f', 'clauses': ['X-1'], 'kind': 'field', 'of': ['t']}]}",
      "v/suites/t.json:4: family t-f: expected \"title\"" },
    { "row names its cause", CASE("{'server': [{'word': {'cause': true}}]}"),
      "v/suites/t.json:3: case t-1: steps[0].server[0].word: expected an integer from 0 to 65535, found an object" },
    { "before a silence", CASE("{'control': 'ping'}, {'silent': 'server', 'before': 'anything'}"),
      "v/suites/t.json:3: case t-1: steps[1].before: \"before\": \"anything\" belongs to an end or a reset before which whatever comes is right" },
};
// clang-format on

Test(families, a_broken_definition_is_refused_with_file_case_and_path)
{
    for (const struct broken *t = broken; t < broken + COUNT_OF(broken); t++) {
        SCRATCH(keep);
        const char *said = complaint_of(service_of(&keep), t->suite, &keep);
        if (!t->complaint) {
            cr_expect(ne(str, (char *)said, ""), "%s", t->label);
            continue;
        }
        size_t len = strlen(t->complaint);
        bool open = len > 3 && strcmp(t->complaint + len - 3, "…") == 0; // and so on
        cr_expect(open ? strncmp(said, t->complaint, len - 3) == 0 : strcmp(said, t->complaint) == 0, "%s: %s", t->label, said);
    }
}

Test(families, a_service_must_say_what_it_makes_of_changed_rows)
{
    SCRATCH(keep);

    cr_expect(eq(str, (char *)complaint_of(TINY, FAMILY(", 'kind': 'prefix', 'of': ['t']"), &keep),
                 "v/suites/t.json:6: family t-f: service tiny does not say \"loads\" of \"mutated\" rows"));
}

/* What becomes of a mutant, in a word: "3" for a cause, else the outcome and its text. */
static const char *fate(const struct mutant *m, struct arena *keep)
{
    if (m->outcome == OUTCOME_REFUSED)
        return arena_printf(keep, "%d", (int)m->cause);
    if (m->outcome == OUTCOME_LOADS || m->outcome == OUTCOME_LEAVES)
        return arena_printf(keep, "%s %s", outcome_name(m->outcome), m->text);
    return outcome_name(m->outcome);
}

// clang-format off
static const struct fate_row {
    const char *label, *profile, *types, *hex, *fate;
} fates[] = {
    { "string cut",              "generation=10",        "cstringa",      "05 4142",                   "3"                      },
    { "no byte at all",          "generation=10",        "cstringa",      "",                          "3"                      },
    { "complete",                "generation=10",        "cstringa",      "02 4142",                   "loads a:4142"           },
    { "and one byte more",       "generation=10",        "cstringa",      "02 4142 43",                "leaves a:4142"          },
    { "class name cut",          "generation=10",        "object",        "ffff 0100 0400 4341",       "6"                      },
    { "class name missing",      "generation=10",        "object",        "ffff 0100 0400",            "6"                      },
    { "class name's length cut", "generation=10",        "object",        "ffff 0100 04",              "3"                      },
    { "unknown class",           "generation=10",        "object",        "ffff 0100 0300 434167",     "6"                      },
    { "another schema",          "generation=10",        "object",        "ffff 0200 0400 43416765",   "7"                      },
    { "index out of range",      "generation=10",        "object",        "0100",                      "5"                      },
    { "class 1 as an object",    "generation=10",        "object,object", "ffff 0100 0400 43416765 07000000 0100", "5"          },
    { "the same before 9",       "generation=8",         "object,object", "ffff 0100 0400 43416765 07000000 0100", "open"       },
    { "point cut from 8 on",     "generation=8",         "point",         "01000000",                  "3"                      },
    { "point cut up to 7.1",     "generation=7.1",       "point",         "01000000",                  "open"                   },
    { "point in an array cut",   "generation=7.1",       "bytearray",     "0500 01",                   "open"                   },
    { "its count cut",           "generation=7.1",       "bytearray",     "05",                        "3"                      },
    { "line without its end",    "charset=ansi",         "line",          "4142",                      "loads u:00410042"       },
    { "line of nothing",         "charset=ansi",         "line",          "",                          "3"                      },
    { "line behind a CR",        "charset=ansi",         "line",          "410d",                      "open"                   },
    { "wide line, half a unit",  "charset=unicode",      "line",          "410042",                    "open"                   },
    { "wide line, one unit",     "charset=unicode",      "line",          "4100",                      "loads u:0041"           },
    { "other code page",         "charset=unicode",      "cstring",       "01 80",                     "open"                   },
    { "4 GB of text",            "generation=10",        "cstringa",      "ff ffff feffffff 41",       "claims"                 },
    { "16 MiB and one",          "generation=10",        "cstringa",      "ff ffff 00000001",          "claims"                 },
    { "one less than 16 MiB",    "generation=10",        "cstringa",      "ff ffff ffffff00",          "3"                      },
    { "4 G of strings",          "generation=10",        "stringarray",   "ffff feffffff 0141",        "claims"                 },
    { "2^31 with 32 bits",       "generation=10,bits=32", "cstringa",     "ff ffff ffffffff 0000008000000000", "1"              },
    { "schema 0, 4.2",           "generation=4.2,charset=ansi,bits=32", "object", "ffff 0000 0a00 4356657273696f6e6564 07000000", "loads CVersioned:0(7)" },
    { "schema 0 else",           "generation=6.0,charset=ansi,bits=32", "object", "ffff 0000 0a00 4356657273696f6e6564 07000000", "loads CVersioned:0(7)" },
};
// clang-format on

static size_t types_of(const char *names, struct type_ref *out)
{
    SCRATCH(keep);
    char *rest = arena_string(&keep, names);
    struct error err;
    size_t n = 0;

    for (char *name; (name = strsep(&rest, ","));)
        cr_assert(type_parse(name, &out[n++], &err), "%s", err.text);
    return n;
}

Test(families, what_must_come_of_a_stream_is_what_the_format_says)
{
    for (const struct fate_row *t = fates; t < fates + COUNT_OF(fates); t++) {
        SCRATCH(keep);
        struct profile p = profile_default;
        struct type_ref types[4];
        struct mutant m = { 0 };
        struct error err;
        size_t count = types_of(t->types, types);
        cr_assert(profile_parse(t->profile, &p, &err), "%s", err.text);
        cr_assert(hex_read(t->hex, &keep, &m.bytes) == NULL);
        mutant_judge(&m, types, count, &p, &keep);
        cr_expect(eq(str, (char *)fate(&m, &keep), (char *)t->fate), "%s", t->label);
    }
}

/* All positions of a family's case as lines. */
static const char *positions_of(const char *kind, const char *row, const char *profile, struct arena *keep)
{
    struct library lib;
    struct profile p = profile_default;
    struct error err;
    TEXT(out);

    cr_assert(profile_parse(profile, &p, &err), "%s", err.text);
    library_must(service_of(keep), arena_printf(keep, "%s%s%s", HEAD "'tables': [" ROWS "], 'families': [{'id': 't-f', 'title': 'T', 'clauses': ['X-1'], 'kind': '", kind, "', 'of': ['t']}]}"), &lib);
    const struct vector *v = find(&lib, arena_printf(keep, "t-f-t-rows-%s", row));
    cr_assert(v != NULL);
    struct mutants all = mutants_make(v, &p, 1, keep);
    for (size_t i = 0; i < all.count; i++)
        text_printf(&out, "%s: %s\n", all.items[i].what, fate(&all.items[i], keep));
    const char *text = arena_string(keep, text_string(&out));
    library_free(&lib);
    return text;
}

Test(families, every_strict_prefix_is_a_position)
{
    SCRATCH(keep);

    cr_expect(eq(str, (char *)positions_of("prefix", "age", "generation=10", &keep),
                 "cut to 0 of 14 bytes: 3\ncut to 1 of 14 bytes: 3\ncut to 2 of 14 bytes: 3\ncut to 3 of 14 bytes: 3\n"
                 "cut to 4 of 14 bytes: 3\ncut to 5 of 14 bytes: 3\ncut to 6 of 14 bytes: 6\ncut to 7 of 14 bytes: 6\n"
                 "cut to 8 of 14 bytes: 6\ncut to 9 of 14 bytes: 6\ncut to 10 of 14 bytes: 3\ncut to 11 of 14 bytes: 3\n"
                 "cut to 12 of 14 bytes: 3\ncut to 13 of 14 bytes: 3\n"));
}

Test(families, every_length_is_changed_to_its_neighbours_the_escapes_and_the_most)
{
    SCRATCH(keep);

    cr_expect(eq(str, (char *)positions_of("field", "hi", "generation=10,bits=64", &keep),
                 "length 02 at byte 0 as 03: 3\n"
                 "length 02 at byte 0 as 01: leaves a:68\n"
                 "length 02 at byte 0 as 00: leaves a:\n"
                 "length 02 at byte 0 as ff: 3\n"
                 "length 02 at byte 0 as fffeff: 3\n"
                 "length 02 at byte 0 as ffffff: 3\n"
                 "length 02 at byte 0 as ffffffffffffff: 3\n"
                 "length 02 at byte 0 as fffffffeffffff: claims\n"
                 "length 02 at byte 0 as ffffffffffffffffffffffffffff7f: claims\n"));
}

Test(families, tags_schemas_and_names_are_changed_too)
{
    SCRATCH(keep);
    const char *said = positions_of("field", "age", "generation=10", &keep);

    cr_expect(strstr(said, "tag ffff at byte 0 as 0000: leaves null\n") != NULL, "%s", said);
    cr_expect(strstr(said, "tag ffff at byte 0 as 8000: 5\n") == NULL); // 0080 on the wire
    cr_expect(strstr(said, "tag ffff at byte 0 as 0080: 5\n") != NULL, "%s", said);
    cr_expect(strstr(said, "tag ffff at byte 0 as ff7fffffffff: 5\n") != NULL, "%s", said);
    cr_expect(strstr(said, "schema 0100 at byte 2 as 0200: 7\n") != NULL, "%s", said);
    cr_expect(strstr(said, "length of the name 0400 at byte 4 as 0500: 6\n") != NULL, "%s", said);
    cr_expect(strstr(said, "length of the name 0400 at byte 4 as 4000: 6\n") != NULL, "%s", said);
    cr_expect(strstr(said, "as ffff: ") != NULL, "%s", said);
}

Test(families, a_long_row_is_sampled_and_repeats_with_its_seed)
{
    SCRATCH(keep);
    struct type_ref t;
    struct error err;
    struct family f = { .kind = FAMILY_PREFIX };
    struct golden g = { .hex = "ffb80b 00*3000" };
    cr_assert(type_parse("cstringa", &t, &err));
    struct row row = { .key = "long", .types = &t, .count = 1, .store = &g };
    struct vector v = { .id = "t", .row = &row, .family = &f };
    struct mutants a = mutants_make(&v, &profile_default, 1, &keep), b = mutants_make(&v, &profile_default, 1, &keep);

    cr_assert(eq(sz, a.count, b.count));
    cr_expect(a.sampled && a.count >= 128 && a.count <= 200);
    for (size_t i = 0; i < a.count; i++)
        cr_expect(eq(sz, a.items[i].at, b.items[i].at));
    for (size_t i = 0; i < 64; i++) {
        cr_expect(eq(sz, a.items[i].at, i));
        cr_expect(eq(sz, a.items[a.count - 1 - i].at, 3002 - i));
    }
}

Test(families, each_position_is_a_conversation_and_the_last_looks_behind)
{
    SCRATCH(keep);
    struct library lib;
    struct error err;
    struct program p;

    library_must(service_of(&keep), FAMILY(", 'kind': 'prefix', 'of': ['t']"), &lib);
    const struct vector *v = find(&lib, "t-f-t-rows-hi");
    struct mutants all = mutants_make(v, &profile_default, 1, &keep);
    cr_assert(eq(sz, all.count, 3));
    cr_assert(program_compile(mutant_vector(v, &all.items[1], false, &keep), &profile_default, 1, PARTY_CLIENT, &keep, &p, &err), "%s", err.text);
    cr_expect(eq(str, (char *)program_text(&p, &keep),
                 "open main\nsend main 01\nreceive main 02\nsend main 04 0863737472696e6761 02\nshutdown main\n"
                 "receive main 02\nreceive main 0300\nawait-end main"));
    cr_assert(program_compile(mutant_vector(v, &all.items[2], true, &keep), &profile_default, 1, PARTY_CLIENT, &keep, &p, &err), "%s", err.text);
    cr_expect(eq(int, p.connection_count, 2));
    library_free(&lib);
}

Test(families, side_by_side_all_is_said_before_anything_is_awaited)
{
    SCRATCH(keep);
    struct library lib;
    struct error err;
    struct program each[3], all;

    library_must(service_of(&keep), FAMILY(", 'kind': 'prefix', 'of': ['t']"), &lib);
    const struct vector *v = find(&lib, "t-f-t-rows-hi");
    struct mutants m = mutants_make(v, &profile_default, 1, &keep);
    for (size_t i = 0; i < 3; i++)
        cr_assert(program_compile(mutant_vector(v, &m.items[i], false, &keep), &profile_default, 1, PARTY_CLIENT, &keep, &each[i], &err));
    program_side_by_side(each, 3, &keep, &all);
    cr_expect(eq(int, all.connection_count, 3));
    cr_expect(eq(sz, all.count, each[0].count + each[1].count + each[2].count));
    bool waiting = false;
    for (size_t i = 0; i < all.count; i++) {
        bool ours = all.ops[i].kind == OP_OPEN || all.ops[i].kind == OP_SEND || all.ops[i].kind == OP_SHUTDOWN;
        bool too_late = ours ? waiting : false;
        cr_expect(eq(int, too_late, 0), "op %zu", i);
        waiting |= !ours;
    }
    library_free(&lib);
}

static struct finding graded(const char *name, enum grade g, const char *sentence)
{
    static const char *const clauses[] = { "X-1", NULL };

    return (struct finding){ .check = { name, clauses, LEVEL_MUST }, .grade = g, .sentence = sentence, .cause = sentence ? "differs" : NULL };
}

Test(families, positions_fold_into_one_finding_for_each_check)
{
    SCRATCH(keep);
    struct fold f = { .keep = &keep };
    struct op ops[] = { { .kind = OP_OPEN }, { .kind = OP_RECEIVE, .check.name = "cause" } };
    struct program shown = { .ops = ops, .count = 2 };
    struct findings out;

    for (int i = 0; i < 100; i++) {
        bool bad = i % 10 == 3;
        struct finding of[] = { graded("refused", GRADE_PASS, NULL),
                                graded("cause", bad ? GRADE_FAIL : GRADE_PASS, bad ? i == 3 ? "first" : "other" : NULL) };
        char what[16];
        snprintf(what, sizeof what, "at %d", i);
        fold_add(&f, &(struct findings){ of, 2 }, what);
    }
    fold_end(&f, &shown, NULL, &out);
    cr_assert(eq(sz, out.count, 2));
    cr_expect(eq(int, out.items[0].grade, GRADE_PASS));
    cr_expect(eq(sz, out.items[0].tried, 100));
    cr_expect(eq(sz, out.items[0].failed, 0));
    const struct finding *cause = &out.items[1];
    cr_expect(eq(int, cause->grade, GRADE_FAIL));
    cr_expect(eq(sz, cause->failed, 10));
    cr_expect(eq(sz, cause->op, 1));
    cr_expect(eq(str, (char *)cause->sentence,
                 "first, at 10 of 100 positions: at 3; at 13; at 23; at 33; at 43; at 53; and 4 more"));
    cr_expect(eq(str, (char *)cause->positions[9], "at 93"));
}

Test(families, a_control_that_failed_once_is_not_hidden_by_those_that_passed)
{
    SCRATCH(keep);
    struct fold f = { .keep = &keep };
    struct program shown = { 0 };
    struct findings out;

    for (int i = 0; i < 3; i++) {
        struct finding one = graded("reply", i == 1 ? GRADE_FAIL : GRADE_PASS, i == 1 ? "no" : NULL);
        one.control = "ping";
        fold_add(&f, &(struct findings){ &one, 1 }, "x");
    }
    struct finding own = graded("reply", GRADE_PASS, NULL);
    fold_add(&f, &(struct findings){ &own, 1 }, "x");
    fold_end(&f, &shown, NULL, &out);
    cr_assert(eq(sz, out.count, 2)); // one of the control, one of the case
    cr_expect(eq(int, out.items[0].grade, GRADE_FAIL));
    cr_expect(eq(str, (char *)out.items[0].control, "ping"));
    cr_expect(eq(int, out.items[1].grade, GRADE_PASS));
}

Test(families, nothing_found_is_no_pass)
{
    cr_expect(findings_bad(&(struct findings){ 0 }));
}

/* Claims that no data backs: length or count, and what little stands behind. */
// clang-format off
static const struct claim {
    const char *types, *hex;
} claims[] = {
    { "cstringa",          "ff ffff feffffff 41"                    },
    { "cstringa",          "ff ffff ffffffff ffffffffffffff7f 41"   },
    { "cstringw",          "ff feff ff ffff feffffff 4100"          },
    { "combstr",           "ffffffff 4100"                          },
    { "bytearray",         "ffff feffffff 01"                       },
    { "dwordarray",        "ffff ffffffff ffffffffffffff3f 01"      },
    { "stringarray",       "ffff feffffff 0141"                     },
    { "stringlist",        "ffff feffffff 0141"                     },
    { "obarray",           "ffff feffffff 0000"                     },
    { "mapstringtostring", "ffff feffffff 0141 0142"                },
    { "mapwordtoob",       "ffff feffffff 0100 0000"                },
    { "raw:1048576",       "01"                                     },
    { "olevariant",        "0800 ffffffff 4100"                     },
    { "object",            "ffff 0000 0a00 43427974654172726179 ffff feffffff 01" },
};
// clang-format on

Test(families, our_codec_takes_no_memory_for_a_claim)
{
    for (const struct claim *t = claims; t < claims + COUNT_OF(claims); t++) {
        SCRATCH(scratch);
        struct arena keep = { 0 };
        struct type_ref type;
        struct error err;
        struct value v;
        struct reader r = { 0 };
        cr_assert(type_parse(t->types, &type, &err), "%s", err.text);
        cr_assert(hex_read(t->hex, &scratch, &r.in) == NULL);
        value_load(&r, &profile_default, object_table_new(&scratch), type, &keep, &v);
        cr_expect(ne(int, r.status, WIRE_OK), "%s %s", t->types, t->hex);
        cr_expect(lt(sz, keep.used, 2048), "%s %s: %zu bytes", t->types, t->hex, keep.used);
        arena_free(&keep);
    }
}
