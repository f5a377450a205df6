/*
 * Suites that are not what they must be, each with what is said of it.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "test_vector.h"
#include "vector/lint.h"

const char *json_of(const char *text, struct arena *keep)
{
    char *json = arena_string(keep, text);

    for (char *c = json; *c; c++)
        if (*c == '\'')
            *c = '"';
    return json;
}

static void put(const char *path, const char *text)
{
    SCRATCH(scratch);
    struct error err;

    cr_assert(file_write(path, bytes_of(json_of(text, &scratch)), &err), "%s", err.text);
}

bool library_of(const char *service, const char *suite, struct library *lib, struct error *err)
{
    char place[] = "/tmp/arcwire-test-XXXXXX";

    cr_assert(mkdtemp(place) != NULL);
    cr_assert(chdir(place) == 0);
    cr_assert(file_make_directory("v/services", err) && file_make_directory("v/suites", err));
    put("v/clauses.json", "{'clauses': ["
                          "{'id': 'X-1', 'level': 'must', 'provenance': 'documented', 'text': 'One.'}, "
                          "{'id': 'X-2', 'level': 'should', 'provenance': 'inferred', 'text': 'Two.'}]}");
    put("v/services/s.json", service);
    put("v/suites/t.json", suite);
    *lib = (struct library){ 0 };
    bool good = library_load(lib, (const char *const[]){ "v" }, 1, err);
    file_remove_directory("v/services");
    file_remove_directory("v/suites");
    file_remove_directory("v");
    cr_assert(chdir("/") == 0 && rmdir(place) == 0);
    return good;
}

struct first {
    struct arena *keep;
    const char *line;
};

static void hear(void *of, const char *line)
{
    struct first *first = of;

    if (!first->line)
        first->line = arena_string(first->keep, line);
}

const char *complaint_of(const char *service, const char *suite, struct arena *keep)
{
    struct library lib;
    struct error err;
    struct first first = { keep, NULL };
    struct lint lint = { .tell = hear, .of = &first };

    if (library_of(service, suite, &lib, &err))
        lint_library(&lint, &lib);
    else
        first.line = arena_string(keep, err.text);
    library_free(&lib);
    return first.line ? first.line : "";
}

void library_loads(const char *service, const char *suite, struct library *lib)
{
    struct error err;

    cr_assert(library_of(service, suite, lib, &err), "%s", err.text);
}

void library_must(const char *service, const char *suite, struct library *lib)
{
    SCRATCH(scratch);

    cr_assert(eq(str, (char *)complaint_of(service, suite, &scratch), ""));
    library_loads(service, suite, lib);
}

struct program program_of(const struct library *lib, const char *id, const char *profile, enum party us,
                          const char *delivery, struct arena *keep)
{
    struct profile p = profile_default;
    struct program out = { 0 };
    struct error err;

    cr_assert(profile_parse(profile, &p, &err), "%s", err.text);
    for (size_t i = 0; i < lib->suite_count; i++)
        for (size_t k = 0; k < lib->suites[i].count; k++)
            if (strcmp(lib->suites[i].vectors[k].id, id) == 0)
                cr_assert(program_compile(&lib->suites[i].vectors[k], &p, 1, us, keep, &out, &err), "%s", err.text);
    cr_assert(out.vector != NULL, "no case %s", id);
    const struct delivery *d;
    cr_assert(delivery_parse(delivery, keep, &d, &err) && delivery_apply(d, &out, 1, keep, &err), "%s", err.text);
    return out;
}

static void fields_text(struct text *to, struct bytes bytes, const struct fields *fields)
{
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *f = &fields->items[i];
        text_char(to, ' ');
        if (f->any) {
            text_add(to, "any ");
            type_print(to, f->of);
        } else {
            text_hex(to, bytes_slice(bytes, f->at, f->len), false);
        }
    }
}

const char *program_text(const struct program *p, struct arena *keep)
{
    TEXT(to);

    for (size_t i = 0; i < p->count; i++) {
        const struct op *op = &p->ops[i];
        text_printf(&to, "%s%s %s", i ? "\n" : "", op_name(op->kind), p->connections[op->on]);
        fields_text(&to, op->bytes, &op->fields);
        if (op->answer.len) {
            text_add(&to, " answer");
            fields_text(&to, op->answer, &op->answer_fields);
        }
        for (size_t k = 0; k < op->cut_count; k++)
            text_printf(&to, "%s%zu", k ? "," : " cut ", op->cuts[k]);
        if (op->kind == OP_SEND && !op->whole)
            text_add(&to, " part");
    }
    return arena_string(keep, text_string(&to));
}

#define HEAD  "{'format': 1, 'suite': 't', 'service': 'tiny', "
#define CASES(text) HEAD "'cases': [\n" text "]}"
#define ONE(head, steps) CASES("{'id': 't-1', 'title': 'T', " head " 'steps': [" steps "]}")
#define ROWS(text) HEAD "'tables': [{'id': 't-x', 'title': 'T', 'clauses': ['X-1'], 'ops': ['echo'], 'rows': [\n" text "]}]}"
#define PING  "{'control': 'ping'}"

// clang-format off
static const struct broken {
    const char *label, *suite, *complaint;
} broken_suites[] = {
    { "not JSON",            "{'format': 1,}",
      "v/suites/t.json:1:14: expected a key in quotes, found '}'" },
    { "no format",           "{'suite': 't'}",
      "v/suites/t.json:1: expected \"format\": 1" },
    { "another format",      "{'format': 2}",
      "v/suites/t.json:1: format: format 2 is not known, 1 is" },
    { "a list",              "[]",
      "v/suites/t.json:1: expected an object, found an array" },
    { "no suite",            "{'format': 1}",
      "v/suites/t.json:1: expected \"suite\", its name" },
    { "no service",          "{'format': 1, 'suite': 't'}",
      "v/suites/t.json:1: expected \"service\"" },
    { "unknown service",     "{'format': 1, 'suite': 't', 'service': 'huge'}",
      "v/suites/t.json:1: service: no service is called \"huge\"" },
    { "cut nowhere",         ONE("'clauses': ['X-1'],", "{'client': [{'word': 1}], 'cut': {'then': 'end'}}"),
      "v/suites/t.json:2: case t-1: steps[0].cut: expected \"at\" or \"behind\", and \"then\"" },
    { "cut in two places",   ONE("'clauses': ['X-1'],", "{'client': [{'word': 1}], 'cut': {'at': 1, 'behind': 'n', 'then': 'end'}}"),
      "v/suites/t.json:2: case t-1: steps[0].cut: expected \"at\" or \"behind\", and \"then\"" },
    { "cut for nothing",     ONE("'clauses': ['X-1'],", "{'client': [{'word': 1}], 'cut': {'at': 1}}"),
      "v/suites/t.json:2: case t-1: steps[0].cut: expected \"at\" or \"behind\", and \"then\"" },
    { "cut, then what",      ONE("'clauses': ['X-1'],", "{'client': [{'word': 1}], 'cut': {'at': 1, 'then': 'sever'}}"),
      "v/suites/t.json:2: case t-1: steps[0].cut.then: \"sever\": expected end, reset or stop" },
    { "cut before all",      ONE("'clauses': ['X-1'],", "{'client': [{'word': 1}], 'cut': {'at': 0, 'then': 'end'}}"),
      "v/suites/t.json:2: case t-1: steps[0].cut.at: at 0 nothing is said" },
    { "cut behind all",      ONE("'clauses': ['X-1'],", "{'client': [{'word': 1}], 'cut': {'at': 2, 'then': 'end'}}"),
      "v/suites/t.json:2: case t-1: steps[0].cut: the cut is at 2, and there are 2 bytes (profile 4.2-ansi-32)" },
    { "cut behind nobody",   ONE("'clauses': ['X-1'],", "{'client': [{'byte': 1, 'name': 'n'}, {'byte': 1}], 'cut': {'behind': 'm', 'then': 'end'}}"),
      "v/suites/t.json:2: case t-1: steps[0].cut: behind: no item of the step has the name \"m\" (profile 4.2-ansi-32)" },
    { "cut, and goes on",    ONE("'clauses': ['X-1'],", "{'client': [{'word': 1}], 'part': true, 'cut': {'at': 1, 'then': 'stop'}}"),
      "v/suites/t.json:2: case t-1: steps[0].cut: a message that is cut has no further part" },
    { "cut, and says more",  ONE("'clauses': ['X-1'],", "{'client': [{'word': 1}], 'cut': {'at': 1, 'then': 'stop'}},{'client': [{'word': 1}]}"),
      "v/suites/t.json:2: case t-1: steps[1]: the client has stopped amid its message before (profile 4.2-ansi-32)" },
    { "cut of an end",       ONE("'clauses': ['X-1'],", "{'end': 'client', 'cut': {'at': 1, 'then': 'end'}}"),
      "v/suites/t.json:2: case t-1: steps[0]: wire, segment, part, cut and entries belong to what a party says" },
    { "cut of what is open", ONE("'clauses': ['X-1'],", "{'client': [{'byte': 1}]},{'server': [{'byte': {'any': true}}, {'word': 1}], 'cut': {'at': 1, 'then': 'end'}}"),
      "v/suites/t.json:2: case t-1: steps[1].cut: only words whose bytes are known can be cut (profile 4.2-ansi-32)" },
    { "cut, golden bytes not", ONE("'clauses': ['X-1'],", "{'client': [{'word': 1}], 'wire': '01', 'source': 'hand', 'cut': {'at': 1, 'then': 'end'}}"),
      "v/suites/t.json:2: case t-1: steps[0]: wire and values differ at byte 1: wire ends, values 00 (profile 4.2-ansi-32)" },
    { "no cases",            HEAD "'cases': []}",
      "v/suites/t.json:1: has no cases" },
    { "unknown key",         HEAD "'case': []}",
      "v/suites/t.json:1: unknown key \"case\"; known are …" },
    { "duplicate key",       HEAD "'cases': [], 'cases': []}",
      "v/suites/t.json:1:61: duplicate key \"cases\"" },
    { "case without id",     CASES("{'title': 'T'}"),
      "v/suites/t.json:2: cases[0]: expected \"id\"" },
    { "id in capitals",      CASES("{'id': 'T-1'}"),
      "v/suites/t.json:2: case T-1: id: \"T-1\": an id is [a-z0-9][a-z0-9.-]*" },
    { "no title",            CASES("{'id': 't-1'}"),
      "v/suites/t.json:2: case t-1: expected \"title\"" },
    { "no clauses",          CASES("{'id': 't-1', 'title': 'T'}"),
      "v/suites/t.json:2: case t-1: expected \"clauses\", at least one" },
    { "empty clauses",       ONE("'clauses': [],", PING),
      "v/suites/t.json:2: case t-1: expected \"clauses\", at least one" },
    { "no steps",            CASES("{'id': 't-1', 'title': 'T', 'clauses': ['X-1']}"),
      "v/suites/t.json:2: case t-1: expected \"steps\"" },
    { "unknown case key",    ONE("'clauses': ['X-1'], 'hints': 'x',", PING),
      "v/suites/t.json:2: case t-1: unknown key \"hints\"; known are …" },
    { "unknown level",       ONE("'clauses': ['X-1'], 'level': 'shall',", PING),
      "v/suites/t.json:2: case t-1: level: \"shall\" is no level: must, should or may" },
    { "rev 0",               ONE("'clauses': ['X-1'], 'rev': 0,", PING),
      "v/suites/t.json:2: case t-1: rev: counts from 1" },
    { "unknown predicate",   ONE("'clauses': ['X-1'], 'profile': 'utf8',", PING),
      "v/suites/t.json:2: case t-1: profile: \"utf8\" is no predicate" },
    { "dialling third",      ONE("'clauses': ['X-1'], 'dial': 'them',", PING),
      "v/suites/t.json:2: case t-1: dial: \"them\": expected us or peer" },
    { "needs the unknown",   ONE("'clauses': ['X-1'], 'needs': ['wurd'],", PING),
      "v/suites/t.json:2: case t-1: needs: unknown type \"wurd\"" },
    { "no profile can",      ONE("'clauses': ['X-1'], 'profile': '64,<7.0',", PING),
      "v/suites/t.json:2: case t-1: no valid profile can run it" },
    { "id twice",            CASES("{'id': 't-1', 'title': 'T', 'clauses': ['X-1'], 'steps': [" PING "]},\n"
                                   "{'id': 't-1', 'title': 'T', 'clauses': ['X-1'], 'steps': [" PING "]}"),
      "v/suites/t.json:3: case t-1: the id \"t-1\" stands at v/suites/t.json:2, too" },
    { "another suite's id",  CASES("{'id': 'u-1', 'title': 'T', 'clauses': ['X-1'], 'steps': [" PING "]}"),
      "v/suites/t.json:2: case u-1: the id \"u-1\" does not begin with the suite's name" },
    { "unknown clause",      ONE("'clauses': ['Y-1'],", PING),
      "v/suites/t.json:2: case t-1: clause \"Y-1\" is not in the register" },
    { "inferred only",       ONE("'clauses': ['X-2'],", PING),
      "v/suites/t.json:2: case t-1: a check that rests on inferred clauses alone is at most should" },
    { "inferred check",      CASE("{'client': [{'byte': 7}]}, {'server': [{'byte': 8}], 'check': {'name': 'a', 'clauses': ['X-2']}}"),
      "v/suites/t.json:3: case t-1: steps[1]: a check that rests on inferred clauses alone is at most should" },

    { "unknown step",        CASE(PING ", {'sever': 'client'}"),
      "v/suites/t.json:3: case t-1: steps[1].sever: unknown step \"sever\"" },
    { "empty step",          CASE(PING ", {}"),
      "v/suites/t.json:3: case t-1: steps[1]: a step is client, server, control, …" },
    { "step of two kinds",   CASE("{'client': [{'byte': 1}], 'end': 'client'}"),
      "v/suites/t.json:3: case t-1: steps[0].end: a step says one thing: both \"client\" and \"end\"" },
    { "unknown step key",    CASE("{'client': [{'byte': 1}], 'wires': ''}"),
      "v/suites/t.json:3: case t-1: steps[0]: unknown key \"wires\"; known are …" },
    { "step is a string",    CASE("'ping'"),
      "v/suites/t.json:3: case t-1: steps[0]: expected an object, found \"ping\"" },
    { "unknown control",     CASE("{'control': 'pong'}"),
      "v/suites/t.json:3: case t-1: steps[0]: service tiny has no control \"pong\"" },
    { "unknown party",       CASE("{'end': 'peer'}"),
      "v/suites/t.json:3: case t-1: steps[0].end: \"peer\" is no party: client or server" },
    { "says nothing",        CASE("{'client': []}"),
      "v/suites/t.json:3: case t-1: steps[0].client: says nothing: expected at least one item" },
    { "segment on an end",   CASE("{'end': 'client', 'segment': 'one'}"),
      "v/suites/t.json:3: case t-1: steps[0]: wire, segment, part, cut and entries belong to what a party says" },
    { "part on a control",   CASE("{'control': 'ping', 'part': true}"),
      "v/suites/t.json:3: case t-1: steps[0]: wire, segment, part, cut and entries belong to what a party says" },
    { "wire on a silence",   CASE("{'silent': 'server', 'wire': ''}"),
      "v/suites/t.json:3: case t-1: steps[0]: wire, segment, part, cut and entries belong to what a party says" },
    { "unknown segment",     CASE("{'client': [{'byte': 1}], 'segment': 'two'}"),
      "v/suites/t.json:3: case t-1: steps[0].segment: \"two\" is no segmentation: one, bytes, or a list of offsets" },
    { "cut at 0",            CASE("{'client': [{'word': 1}], 'segment': [0]}"),
      "v/suites/t.json:3: case t-1: steps[0].segment[0]: offsets to cut at rise, and none is 0" },
    { "falling cuts",        CASE("{'client': [{'dword': 1}], 'segment': [2, 1]}"),
      "v/suites/t.json:3: case t-1: steps[0].segment[1]: offsets to cut at rise, and none is 0" },
    { "cut behind the end",  CASE("{'client': [{'word': 1}], 'segment': [2]}"),
      "v/suites/t.json:3: case t-1: steps[0]: cut at 2, and there are 2 bytes (profile 4.2-ansi-32)" },
    { "check without name",  CASE("{'server': [{'byte': 1}], 'check': {'level': 'may'}}"),
      "v/suites/t.json:3: case t-1: steps[0].check: a check needs a \"name\"" },
    { "two checks, one name", CASE("{'client': [{'byte': 1}]}, {'server': [{'byte': 2}]}, {'server': [{'byte': 3}]}"),
      "v/suites/t.json:3: case t-1: steps[2]: two checks are called \"reply\"" },
    { "speaks after its end", CASE(PING ", {'end': 'client'}, {'client': [{'byte': 1}]}"),
      "v/suites/t.json:3: case t-1: steps[2]: the client has ended its direction before (profile 4.2-ansi-32)" },
    { "ends twice",          CASE(PING ", {'end': 'client'}, {'end': 'client'}"),
      "v/suites/t.json:3: case t-1: steps[2]: the client has ended its direction before (profile 4.2-ansi-32)" },
    { "speaks after a reset", CASE(PING ", {'reset': 'client'}, {'client': [{'byte': 1}]}"),
      "v/suites/t.json:3: case t-1: steps[2]: the connection \"main\" has been reset before (profile 4.2-ansi-32)" },
    { "listens too late",    CASE(PING ", {'listen': 'client'}"),
      "v/suites/t.json:3: case t-1: steps[1]: listen stands before the first words of its connection (profile 4.2-ansi-32)" },
    { "open already",        CASE(PING ", {'open': 'client'}"),
      "v/suites/t.json:3: case t-1: steps[1]: the connection \"main\" is open already (profile 4.2-ansi-32)" },
    { "paused twice",        CASE(PING ", {'pause': 'client'}, {'pause': 'client'}"),
      "v/suites/t.json:3: case t-1: steps[2]: the client has stopped reading before (profile 4.2-ansi-32)" },
    { "resumed, not paused", CASE(PING ", {'resume': 'client'}"),
      "v/suites/t.json:3: case t-1: steps[1]: the client has not stopped reading before (profile 4.2-ansi-32)" },
    { "a reply that nobody reads", CASE(PING ", {'pause': 'client'}, {'client': [{'byte': 3}]}, {'server': [{'byte': 4}]}, {'resume': 'client'}"),
      "v/suites/t.json:3: case t-1: steps[3]: the client does not read on \"main\": it must resume before (profile 4.2-ansi-32)" },
    { "a silence that nobody hears", CASE(PING ", {'pause': 'client'}, {'silent': 'server'}, {'resume': 'client'}"),
      "v/suites/t.json:3: case t-1: steps[2]: the client does not read on \"main\": it must resume before (profile 4.2-ansi-32)" },
    { "an end that nobody sees", CASE(PING ", {'pause': 'client'}, {'end': 'server'}, {'resume': 'client'}"),
      "v/suites/t.json:3: case t-1: steps[2]: the client does not read on \"main\": it must resume before (profile 4.2-ansi-32)" },
    { "a control in a pause", CASE("{'open': 'client'}, {'pause': 'client'}, {'control': 'ping'}, {'resume': 'client'}"),
      "v/services/s.json:1: controls.ping[1]: the client does not read on \"main\": it must resume before (profile 4.2-ansi-32)" },
    { "paused for ever",     CASE(PING ", {'pause': 'client'}"),
      "v/suites/t.json:2: case t-1: the client never reads on \"main\" again: it must resume (profile 4.2-ansi-32)" },
    { "the server, too",     CASE(PING ", {'pause': 'server'}, {'client': [{'byte': 3}]}, {'resume': 'server'}"),
      "v/suites/t.json:3: case t-1: steps[2]: the server does not read on \"main\": it must resume before (profile 4.2-ansi-32)" },
    { "played by whom",      ONE("'clauses': ['X-1'], 'play': 'us',", PING),
      "v/suites/t.json:2: case t-1: play: \"us\": expected client or server" },
    { "played by nobody",    ONE("'clauses': ['X-1'], 'play': 'server',", PING),
      "v/suites/t.json:2: case t-1: only arcwire as the server may play it, and it cannot: the client says nothing, so that one that is dead would pass" },
    { "nine connections",    CASE("{'control': 'ping', 'on': 'a'}, {'control': 'ping', 'on': 'b'}, {'control': 'ping', 'on': 'c'},"
                                  "{'control': 'ping', 'on': 'd'}, {'control': 'ping', 'on': 'e'}, {'control': 'ping', 'on': 'f'},"
                                  "{'control': 'ping', 'on': 'g'}, {'control': 'ping', 'on': 'h'}, {'control': 'ping', 'on': 'i'}"),
      "v/suites/t.json:3: case t-1: steps[8]: more than 8 connections (profile 4.2-ansi-32)" },

    { "item of two types",   CASE("{'client': [{'byte': 1, 'word': 2}]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[0].word: \"word\": an item has one type" },
    { "item without type",   CASE("{'client': [{'name': 'x'}]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[0]: an item is {\"TYPE\": VALUE}" },
    { "item is a number",    CASE("{'client': [7]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[0]: expected an object, found 7" },
    { "unknown type",        CASE("{'client': [{'wurd': 1}]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[0].wurd: unknown type \"wurd\"" },
    { "row outside a table", CASE("{'client': [{'row': 'load'}]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[0].row: \"row\" belongs into the ops of a service" },
    { "any in what we say",  CASE("{'client': [{'byte': {'any': true}}]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[0]: \"any\" belongs to what the peer says (profile 4.2-ansi-32)" },
    { "any: false",          CASE("{'server': [{'byte': {'any': false}}]}"),
      "v/suites/t.json:3: case t-1: steps[0].server[0].byte.any: expected true" },
    { "any, and wire",       CASE("{'client': [{'byte': 1}]}, {'server': [{'byte': {'any': true}}], 'wire': '00', 'source': 'hand'}"),
      "v/suites/t.json:3: case t-1: steps[1]: wire cannot pin a step in which any value is right (profile 4.2-ansi-32)" },
    { "reuse of the unknown", CASE("{'client': [{'byte': {'reuse': 'n'}}]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[0]: no value was named \"n\" before (profile 4.2-ansi-32)" },
    { "a told string, reused", CASE("{'client': [{'byte': 1}]}, {'server': [{'cstringa': {'any': true, 'as': 'n'}}]}, {'client': [{'cstringa': {'reuse': 'n'}}]}"),
      "v/suites/t.json:3: case t-1: steps[2].client[0]: \"n\" is kept from what the peer says: integers are reused as integers, bytes as bytes (profile 4.2-ansi-32)" },
    { "a told number as bytes", CASE("{'client': [{'byte': 1}]}, {'server': [{'byte': {'any': true, 'as': 'n'}}]}, {'client': [{'bytes': {'reuse': 'n'}}]}"),
      "v/suites/t.json:3: case t-1: steps[2].client[0]: \"n\" is kept from what the peer says: integers are reused as integers, bytes as bytes (profile 4.2-ansi-32)" },
    { "told, and wire",      CASE("{'client': [{'byte': 1}]}, {'server': [{'byte': {'any': true, 'as': 'n'}}]}, {'client': [{'byte': {'reuse': 'n'}}], 'wire': '00', 'source': 'hand'}"),
      "v/suites/t.json:3: case t-1: steps[2]: wire cannot pin a step in which any value is right (profile 4.2-ansi-32)" },
    { "limits of a string",  CASE("{'server': [{'cstringa': {'any': true, 'max': 1}}]}"),
      "v/suites/t.json:3: case t-1: steps[0].server[0].cstringa: limits go with unsigned integers" },
    { "limits upside down",  CASE("{'server': [{'byte': {'any': true, 'min': 2, 'max': 1}}]}"),
      "v/suites/t.json:3: case t-1: steps[0].server[0].byte: min is above max" },
    { "a length unknown",    CASE("{'client': [{'byte': 1}]}, {'server': [{'byte': {'any': true, 'as': 'n'}}]}, {'server': [{'bytes': {'length': 'n'}}], 'check': 'b'}"),
      "v/suites/t.json:3: case t-1: steps[2].server[0]: no value before it in this step is kept as \"n\" (profile 4.2-ansi-32)" },
    { "a length of letters", CASE("{'client': [{'byte': 1}]}, {'server': [{'cstringa': {'any': true, 'as': 'n'}}, {'bytes': {'length': 'n'}}]}"),
      "v/suites/t.json:3: case t-1: steps[1].server[1]: \"n\" is no number (profile 4.2-ansi-32)" },
    { "bytes of no kind",    CASE("{'client': [{'bytes': {'as': 'n'}}]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[0].bytes: expected hex, \"length\" or \"reuse\"" },
    { "text of a line",      CASE("{'client': [{'text': 'a\\n'}]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[0].text: text is printable ASCII; other bytes stand in \"bytes\"" },
    { "plus on a string",    CASE("{'client': [{'cstringa': {'draw': {}, 'as': 's'}}, {'cstringa': {'reuse': 's', 'plus': 1}}]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[1]: plus goes with integers (profile 4.2-ansi-32)" },
    { "draw upside down",    CASE("{'client': [{'byte': {'draw': {'min': 2, 'max': 1}}}]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[0].byte.draw: min is above max" },
    { "unknown draw limit",  CASE("{'client': [{'byte': {'draw': {'most': 1}}}]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[0].byte.draw: unknown key \"most\"; known are min, max" },
    { "open brace",          CASE("{'client': [{'cstringa': '{n'}]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[0]: { without }; a brace itself is {{ (profile 4.2-ansi-32)" },
    { "unknown in braces",   CASE("{'client': [{'cstringa': '{n}'}]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[0]: {n}: no value has that name here (profile 4.2-ansi-32)" },
    { "any, an example short", CASE("{'client': [{'byte': 1}]}, {'server': [{'long': {'any': true}, 'wire': '010203'}]}"),
      "v/suites/t.json:3: case t-1: steps[1].server[0]: wire is no long: too short (profile 4.2-ansi-32)" },
    { "any, an example long", CASE("{'client': [{'byte': 1}]}, {'server': [{'cstringa': {'any': true}, 'wire': '014100'}]}"),
      "v/suites/t.json:3: case t-1: steps[1].server[0]: wire: 1 byte stands behind the cstringa (profile 4.2-ansi-32)" },
    { "any, an example beyond", CASE("{'client': [{'byte': 1}]}, {'server': [{'byte': {'any': true, 'max': 6}, 'wire': '07'}]}"),
      "v/suites/t.json:3: case t-1: steps[1].server[0]: wire is 7, beyond the limits (profile 4.2-ansi-32)" },
    { "a told, an example",  CASE("{'client': [{'byte': 1}]}, {'server': [{'word': {'any': true, 'as': 'n'}, 'wire': '0700'}]}, {'client': [{'word': {'reuse': 'n'}, 'wire': '07'}]}"),
      "v/suites/t.json:3: case t-1: steps[2].client[0]: wire is no word: too short (profile 4.2-ansi-32)" },
    { "a message in one",    CASE("{'client': [{'message': {'name': 'a', 'items': [{'message': {'name': 'b', 'items': [{'byte': 1}]}}]}}]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[0].message.items[0].message: a message within a message" },
    { "a message, no name",  CASE("{'client': [{'message': {'items': [{'byte': 1}]}}]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[0].message: expected \"name\" and \"items\"" },
    { "too many repeats",    CASE("{'client': [{'repeat': {'times': 4097, 'items': [{'byte': 1}]}}]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[0].repeat.times: expected an integer from 0 to 4096, found 4097" },

    { "byte 256",            CASE("{'client': [{'byte': 256}]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[0].byte: expected an integer from 0 to 255, found 256" },
    { "word -1",             CASE("{'client': [{'word': -1}]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[0].word: expected an integer from 0 to 65535, found -1" },
    { "short 32768",         CASE("{'client': [{'short': 32768}]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[0].short: expected an integer from -32768 to 32767, found 32768" },
    { "half a byte",         CASE("{'client': [{'byte': 1.5}]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[0].byte: expected an integer from 0 to 255, found 1.5" },
    { "beyond 2^53",         CASE("{'client': [{'ulonglong': 9007199254740993}]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[0].ulonglong: 9007199254740993 is beyond 2^53 and must be written as a string" },
    { "bool 1",              CASE("{'client': [{'bool': 1}]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[0].bool: expected true or false, found 1" },
    { "float as a number",   CASE("{'client': [{'float': 1.0}]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[0].float: expected a string, found 1.0" },
    { "float, 7 digits",     CASE("{'client': [{'float': '3f80000'}]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[0].float: expected 8 hex digits, the IEEE bits" },
    { "narrow umlaut",       CASE("{'client': [{'cstringa': '\xc3\xa4'}]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[0].cstringa: narrow text is ASCII here: other characters depend on a code page" },
    { "NUL in a string",     CASE("{'client': [{'cstringa': '\\u0000'}]}"),
      "v/suites/t.json:3:27: a string must not contain NUL" },
    { "raw of another size", CASE("{'client': [{'raw:2': '00'}]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[0].raw:2: 1 bytes where raw:2 wants 2" },
    { "half a hex pair",     CASE("{'client': [{'bytes': '0'}]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[0].bytes: expected hex digits in pairs" },
    { "over-long run",       CASE("{'client': [{'bytes': '00*67108865'}]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[0].bytes: more than 64 MiB" },
    { "over-long string",    CASE("{'client': [{'cstringa': {'unit': 'A', 'times': 16777217}}]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[0].cstringa.times: expected an integer from 0 to 16777216, found 16777217" },
    { "point of three",      CASE("{'client': [{'point': [1, 2, 3]}]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[0].point: expected 2 numbers, found 3" },

    { "wrong golden byte",   CASE("{'client': [{'word': 4660}], 'wire': '3413', 'source': 'hand'}"),
      "v/suites/t.json:3: case t-1: steps[0]: wire and values differ at byte 1: wire 13, values 12 (profile 4.2-ansi-32)" },
    { "short golden bytes",  CASE("{'client': [{'word': 4660}], 'wire': '34', 'source': 'hand'}"),
      "v/suites/t.json:3: case t-1: steps[0]: wire and values differ at byte 1: wire ends, values 12 (profile 4.2-ansi-32)" },
    { "long golden bytes",   CASE("{'client': [{'word': 4660}], 'wire': '341200', 'source': 'hand'}"),
      "v/suites/t.json:3: case t-1: steps[0]: wire and values differ at byte 2: wire 00, values end (profile 4.2-ansi-32)" },
    { "golden of an item",   CASE("{'client': [{'word': 4660, 'wire': '1234'}]}"),
      "v/suites/t.json:3: case t-1: steps[0].client[0]: wire and values differ at byte 0: wire 12 34, values 34 12 (profile 4.2-ansi-32)" },
    { "wrong for one profile", CASE("{'client': [{'cstring': 'a'}], 'wire': {'ansi': '0161', 'unicode': 'fffeff0161'}, 'source': 'hand'}"),
      "v/suites/t.json:3: case t-1: steps[0]: wire and values differ at byte 5: wire ends, values 00 (profile 4.2-unicode-32)" },
    { "no source",           CASE("{'client': [{'word': 4660}], 'wire': '3412'}"),
      "v/suites/t.json:3: case t-1: steps[0]: where do the golden bytes come from? source is recorded NAME, sheet En, hand, pinned or heard" },
    { "unknown source",      CASE("{'client': [{'word': 4660}], 'wire': '3412', 'source': 'me'}"),
      "v/suites/t.json:3: case t-1: steps[0]: where do the golden bytes come from? source is recorded NAME, sheet En, hand, pinned or heard" },
    { "predicate for none",  CASE("{'client': [{'byte': 1}], 'wire': {'ansi': '01'}}"),
      "v/suites/t.json:3: case t-1: steps[0].wire: profile 4.2-unicode-32 matches none of the predicates, must match one" },
    { "predicates for two",  CASE("{'client': [{'byte': 1}], 'wire': {'ansi': '01', 'unicode': '01', '64': '01'}}"),
      "v/suites/t.json:3: case t-1: steps[0].wire: profile 7.0-ansi-64 matches several of the predicates, must match one" },
    { "no predicate",        CASE("{'client': [{'byte': 1}], 'wire': {'wide': '01'}}"),
      "v/suites/t.json:3: case t-1: steps[0].wire.wide: \"wide\" is no predicate: ansi unicode 32 64, or < <= >= > and a generation" },

    { "row without key",     ROWS("{'type': 'byte', 'value': 1, 'wire': '01'}"),
      "v/suites/t.json:2: table t-x: rows[0]: expected \"key\"" },
    { "row without type",    ROWS("{'key': 'a'}"),
      "v/suites/t.json:2: table t-x: rows[0]: expected \"type\"" },
    { "row without value",   ROWS("{'key': 'a', 'type': 'byte'}"),
      "v/suites/t.json:2: table t-x: rows[0]: expected \"value\" or \"draw\"" },
    { "row without wire",    ROWS("{'key': 'a', 'type': 'byte', 'value': 1}"),
      "v/suites/t.json:2: table t-x: rows[0]: expected \"wire\", the golden bytes" },
    { "row without source",  ROWS("{'key': 'a', 'type': 'byte', 'value': 1, 'wire': '01'}"),
      "v/suites/t.json:2: table t-x: rows[0]: where do the golden bytes come from? source is recorded NAME, sheet En, hand, pinned or heard" },
    { "drawn, with wire",    ROWS("{'key': 'a', 'type': 'byte', 'draw': {}, 'wire': '01'}"),
      "v/suites/t.json:2: table t-x: rows[0]: a drawn row has no \"wire\"" },
    { "two types, one value", ROWS("{'key': 'a', 'type': 'byte,byte', 'value': [1], 'wire': '01'}"),
      "v/suites/t.json:2: table t-x: rows[0].value: 1 values for 2 types" },
    { "wrong row bytes",     ROWS("{'key': 'a', 'type': 'word', 'value': 1, 'wire': '0001', 'source': 'hand'}"),
      "v/suites/t.json:2: table t-x: rows[0]: wire and values differ at byte 0: wire 00 01, values 01 00 (profile 4.2-ansi-32)" },
    { "load of less",        ROWS("{'key': 'a', 'type': 'word', 'value': 1, 'wire': '0100', 'load': '01', 'source': 'hand'}"),
      "v/suites/t.json:2: table t-x: rows[0]: load: our codec cannot load it (too short) (profile 4.2-ansi-32)" },
    { "load of more",        ROWS("{'key': 'a', 'type': 'word', 'value': 1, 'wire': '0100', 'load': '010000', 'source': 'hand'}"),
      "v/suites/t.json:2: table t-x: rows[0]: 1 bytes stand behind the values (profile 4.2-ansi-32)" },
    { "load of another value", ROWS("{'key': 'a', 'type': 'word', 'value': 1, 'wire': '0100', 'load': '0200', 'source': 'hand'}"),
      "v/suites/t.json:2: table t-x: rows[0]: load: loads as 2, the value is 1 (profile 4.2-ansi-32)" },
    { "wrong text",          ROWS("{'key': 'a', 'type': 'word', 'value': 1, 'wire': '0100', 'text': '2', 'source': 'hand'}"),
      "v/suites/t.json:2: table t-x: rows[0]: text says 2, the value is 1" },
    { "wrong make",          ROWS("{'key': 'a', 'type': 'word', 'value': 1, 'wire': '0100', 'text': '1', 'make': '2', 'source': 'hand'}"),
      "v/suites/t.json:2: table t-x: rows[0]: make is another value" },
    { "unknown op",          ROWS("{'key': 'a', 'type': 'byte', 'value': 1, 'wire': '01', 'ops': ['sing']}"),
      "v/suites/t.json:2: table t-x: rows[0].ops[0]: service tiny has no op \"sing\"" },
    { "row twice",           ROWS("{'key': 'a', 'type': 'byte', 'draw': {}},\n{'key': 'a', 'type': 'byte', 'draw': {}}"),
      "v/suites/t.json:3: table t-x: rows[1]: the id \"t-x-a@op=echo\" stands at v/suites/t.json:2, too" },
};
// clang-format on

/* What is said, word for word, but for a list behind "…" to which anybody may add. */
static void is_told(const struct broken *t, const char *said)
{
    const char *open = strstr(t->complaint, "…");

    if (open)
        cr_expect(strncmp(said, t->complaint, (size_t)(open - t->complaint)) == 0, "%s: %s", t->label, said);
    else
        cr_expect(eq(str, (char *)said, (char *)t->complaint), "%s", t->label);
}

Test(vector, a_broken_suite_is_told_with_its_place, .timeout = 30)
{
    SCRATCH(keep);

    for (const struct broken *t = broken_suites; t < broken_suites + COUNT_OF(broken_suites); t++)
        is_told(t, complaint_of(TINY, t->suite, &keep));
}

#define SERVICE(text) "{'format': 1, 'service': 'tiny', " text "}"
#define CONTROLS "'controls': {'ping': [ {'client': [{'byte': 1}]}, {'server': [{'byte': 2}]} ]}"

// clang-format off
static const struct broken broken_services[] = {
    { "no name",             "{'format': 1}",
      "v/services/s.json:1: expected \"service\", its name" },
    { "unknown key",         SERVICE("'control': {}"),
      "v/services/s.json:1: unknown key \"control\"; known are …" },
    { "no first control",    SERVICE(CONTROLS),
      "v/services/s.json:1: expected either \"first-control\" or \"no-first-control\" with a reason" },
    { "both, and neither",   SERVICE(CONTROLS ", 'first-control': 'ping', 'no-first-control': 'x'"),
      "v/services/s.json:1: expected either \"first-control\" or \"no-first-control\" with a reason" },
    { "unknown control",     SERVICE(CONTROLS ", 'first-control': 'pong'"),
      "v/services/s.json:1: first-control: no control is called \"pong\"" },
    { "probe of one step",   SERVICE("'controls': {'shout': [{'client': [{'byte': 1}]}]}, 'first-control': 'shout', 'probe': 'shout'"),
      "v/services/s.json:1: probe: a probe is one request and its answer" },
    { "probe that only ends", SERVICE("'controls': {'ping': [{'end': 'client'}, {'end': 'server'}]}, 'no-first-control': 'x', 'probe': 'ping'"),
      "v/services/s.json:1: probe: a probe is one request and its answer" },
    { "probe with an object", SERVICE("'controls': {'ping': [{'client': [{'object': 'CAge(1)'}]}, {'server': [{'byte': 2}]}]}, 'first-control': 'ping', 'probe': 'ping'"),
      "v/services/s.json:1: controls.ping[0]: a probe carries no objects but null: the tags behind it would depend on it (profile 4.2-ansi-32)" },
    { "probe answered by one", SERVICE("'controls': {'ping': [{'client': [{'byte': 1}]}, {'server': [{'object': 'CAge(1)'}]}]}, 'first-control': 'ping', 'probe': 'ping'"),
      "v/services/s.json:1: controls.ping[1]: a probe carries no objects but null: the tags behind it would depend on it (profile 4.2-ansi-32)" },
    { "broken control",      SERVICE("'controls': {'ping': [{'ask': 1}]}, 'first-control': 'ping'"),
      "v/services/s.json:1: controls.ping[0].ask: unknown step \"ask\"" },
    { "control of itself",   SERVICE("'controls': {'ping': [{'control': 'ping'}]}, 'first-control': 'ping'"),
      "v/services/s.json:1: controls.ping[0]: a control holds no other" },
    { "unknown capability",  SERVICE(CONTROLS ", 'first-control': 'ping', 'capabilities': {'steps': [], 'speed': 'x'}"),
      "v/services/s.json:1: capabilities: unknown key \"speed\"; known are steps, types, generation, charset, bits, mandatory" },
    { "no steps of capabilities", SERVICE(CONTROLS ", 'first-control': 'ping', 'capabilities': {}"),
      "v/services/s.json:1: capabilities: expected \"steps\"" },
    { "pipelining in words", SERVICE(CONTROLS ", 'first-control': 'ping', 'pipelining': 'yes'"),
      "v/services/s.json:1: pipelining: expected true or false, found \"yes\"" },
    { "code page of DOS",    SERVICE(CONTROLS ", 'first-control': 'ping', 'codepage': 437"),
      "v/services/s.json:1: codepage: code page 437 is not known; known are 1250 1252 932 936" },
    { "defect without why",  SERVICE(CONTROLS ", 'first-control': 'ping', 'genuine': [{'profile': '<8', 'outcome': 'hangs', 'clause': 'X-1'}]"),
      "v/services/s.json:1: genuine[0]: expected \"why\"" },
    { "unknown outcome",     SERVICE(CONTROLS ", 'first-control': 'ping', 'genuine': [{'profile': '<8', 'outcome': 'sings', 'clause': 'X-1', 'why': 'x'}]"),
      "v/services/s.json:1: genuine[0].outcome: \"sings\" is no outcome: hangs, raises, ends or differs" },
    { "cause of a silence",  SERVICE(CONTROLS ", 'first-control': 'ping', 'genuine': [{'profile': '<8', 'outcome': 'hangs', 'cause': 3, 'clause': 'X-1', 'why': 'x'}]"),
      "v/services/s.json:1: genuine[0].cause: a cause belongs to \"raises\"" },
    { "defect of a check",   SERVICE(CONTROLS ", 'first-control': 'ping', 'genuine': [{'profile': '<8', 'check': 'reply', 'outcome': 'hangs', 'clause': 'X-1', 'why': 'x'}]"),
      "v/services/s.json:1: genuine[0]: a \"check\" belongs to a case" },
    { "defect in no delivery", SERVICE(CONTROLS ", 'first-control': 'ping', 'genuine': [{'profile': '<8', 'deliveries': ['pigeon'], 'outcome': 'hangs', 'clause': 'X-1', 'why': 'x'}]"),
      "v/services/s.json:1: genuine[0].deliveries: no delivery is called \"pigeon\"" },
    { "defect of today",     SERVICE(CONTROLS ", 'first-control': 'ping', 'genuine': [{'profile': '>=7.0', 'outcome': 'hangs', 'clause': 'X-1', 'why': 'x'}]"),
      "v/services/s.json:1: genuine[0]: the current generation has no known defect: it would excuse every peer" },
    { "defect of nobody",    SERVICE(CONTROLS ", 'first-control': 'ping', 'genuine': [{'profile': '<=6.0,64', 'outcome': 'hangs', 'clause': 'X-1', 'why': 'x'}]"),
      "v/services/s.json:1: genuine[0]: no valid profile has this defect" },
    { "defect without a rule", SERVICE(CONTROLS ", 'first-control': 'ping', 'genuine': [{'profile': '<8', 'outcome': 'hangs', 'clause': 'X-9', 'why': 'x'}]"),
      "v/services/s.json:1: genuine[0]: clause \"X-9\" is not in the register" },
    { "raises, by no words", SERVICE(CONTROLS ", 'first-control': 'ping', 'genuine': [{'profile': '<8', 'outcome': 'raises', 'clause': 'X-1', 'why': 'x'}]"),
      "v/services/s.json:1: genuine[0]: raises: the service has no \"refusals\" to know it by" },
    { "loads what is not",   SERVICE(CONTROLS ", 'first-control': 'ping', 'genuine': [{'profile': '<8', 'when': {'loads': ['CNone']}, 'outcome': 'hangs', 'clause': 'X-1', 'why': 'x'}]"),
      "v/services/s.json:1: genuine[0]: \"CNone\" is neither type nor class" },
    { "row outside of ops",  SERVICE("'prologue': [{'client': [{'row': 'load'}]}], 'no-first-control': 'x'"),
      "v/services/s.json:1: prologue[0].client[0].row: \"row\" belongs into the ops of a service" },
};
// clang-format on

Test(vector, a_broken_service_is_told_with_its_place, .timeout = 10)
{
    SCRATCH(keep);

    for (const struct broken *t = broken_services; t < broken_services + COUNT_OF(broken_services); t++)
        is_told(t, complaint_of(t->suite, CASE(PING), &keep));
}

#define PAGED(page, mark) "{'format': 1, 'service': 'tiny', 'no-first-control': 'x', 'codepage': " page ", 'end': {'name': 'end', 'clauses': ['X-1']}," \
    " 'ops': {'tell': [ {'client': [{'byte': 4}, {'cstringa': '{type} " mark "'}, {'row': 'load'}]}, {'server': [{'byte': 1}]} ]}}"

/* Narrow text of a service with a code page, lengths in encoded units [E31, E32]. */
Test(vector, narrow_text_is_encoded_in_the_services_code_page, .timeout = 20)
{
    static const struct {
        const char *label, *service, *suite, *is; // program, or what is complained of
    } rows[] = {
        { "Western", PAGED("1252", "\u00e9"), CASE("{'client': [{'cstringa': '\u00e9'}]}"), "send 01e9 '\"\u00e9\"'" },
        { "Shift-JIS", PAGED("932", "\u30b4"), CASE("{'client': [{'cstringa': '\uff2d\uff33 \u30b4\u30b7\u30c3\u30af'}]}"),
          "send 0d826c827220835383568362834e '\"\uff2d\uff33 \u30b4\u30b7\u30c3\u30af\"'" },
        { "ASCII", PAGED("936", "\u4e2d"), CASE("{'client': [{'cstringa': 'ab'}]}"), "send 026162 '\"ab\"'" },
        { "twice", PAGED("936", "\u4e2d"), CASE("{'client': [{'cstringa': {'unit': '\u4e2d', 'times': 2}}]}"), "send 04d6d0d6d0 '\"\u4e2d\u4e2d\"'" },
        { "wide text has none", PAGED("932", "\u30b4"), CASE("{'client': [{'cstringw': '\u00e9'}]}"), "send fffeff01e900 '\"\u00e9\"'" },
        { "in an op", PAGED("1252", "\u00e9"), "{'format': 1, 'suite': 't', 'service': 'tiny', 'tables': [{'id': 't', 'title': 'T', 'clauses': ['X-1'], 'ops': ['tell'],\n"
          " 'rows': [{'key': '1', 'type': 'cstringa', 'value': '\u20ac', 'wire': '01 80', 'source': 'hand'}]}]}",
          "send 040a637374" "72696e6761" "20e90180" },
        { "not in the page", PAGED("1252", "\u00e9"), CASE("{'client': [{'cstringa': '\u4e2d'}]}"),
          "v/suites/t.json:3: case t-1: steps[0].client[0].cstringa: \"\u4e2d\" is not in code page 1252" },
        { "of the peer's width", PAGED("1252", "\u00e9"), CASE("{'client': [{'cstring': '\u00e9'}]}"),
          "v/suites/t.json:3: case t-1: steps[0].client[0].cstring: narrow text is ASCII here: other characters depend on a code page" },
        { "no code page", TINY, CASE("{'client': [{'cstringa': '\u00e9'}]}"),
          "v/suites/t.json:3: case t-1: steps[0].client[0].cstringa: narrow text is ASCII here: other characters depend on a code page" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct library lib;
        struct error err = { 0 };
        TEXT(is);
        if (!library_of(rows[i].service, rows[i].suite, &lib, &err)) {
            text_add(&is, err.text);
        } else {
            struct program p = program_of(&lib, lib.suites[0].vectors[0].id, "charset=ansi", PARTY_CLIENT, "plain", &keep);
            text_add(&is, "send ");
            text_hex(&is, p.ops[1].bytes, false);
            for (size_t f = 0; !lib.suites[0].vectors[0].row && f < p.ops[1].fields.count; f++)
                text_printf(&is, " '%s'", p.ops[1].fields.items[f].text);
        }
        cr_expect(eq(str, (char *)text_string(&is), (char *)rows[i].is), "%s", rows[i].label);
        library_free(&lib);
    }
}
