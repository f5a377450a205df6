/*
 * Manifests of peers, and the words of their commands.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "peer/process.h"
#include "peer/words.h"
#include "test_vector.h"
#include "verdict/baseline.h"

static bool manifest_of(const char *text, struct arena *keep, struct manifest *out, struct error *err)
{
    char place[] = "/tmp/arcwire-test-XXXXXX";
    struct error ignored;

    cr_assert(mkdtemp(place) != NULL && chdir(place) == 0);
    cr_assert(file_write("peer.json", bytes_of(json_of(text, keep)), &ignored));
    bool good = manifest_read("peer.json", keep, out, err);
    cr_assert(chdir("/") == 0);
    file_remove_directory(place);
    return good;
}

#define M(text) "{'format': 1, 'name': 'p', " text "}"

// clang-format off
static const struct broken {
    const char *label, *manifest, *complaint;
} broken_manifests[] = {
    { "not JSON",        "{",
      "peer.json:1:2: expected a key in quotes, found the end" },
    { "a list",          "[]",
      "peer.json:1: expected an object, found an array" },
    { "no format",       "{'name': 'p'}",
      "peer.json:1: expected \"format\": 1" },
    { "format 2",        "{'format': 2}",
      "peer.json:1: format: format 2 is not known, 1 is" },
    { "no name",         "{'format': 1}",
      "peer.json:1: expected \"name\"" },
    { "unknown key",     M("'lisen': ['x']"),
      "peer.json:1: unknown key \"lisen\"; known are format, name, title, listen, dial, stdio, ask, services, ready, port, variants, flaws, files, profile, packages, environment, directory, memory, reset, restart, deviations, connections, workers, patience, matrix, built-by, note" },
    { "no command",      M("'services': ['s']"),
      "peer.json:1: expected \"listen\", \"dial\" or \"stdio\", a command, or \"ask\"" },
    { "empty command",   M("'listen': []"),
      "peer.json:1: listen: a command has at least its program" },
    { "command, one string", M("'listen': 'x'"),
      "peer.json:1: listen: expected an array, found \"x\"" },
    { "number in a command", M("'listen': ['x', 1]"),
      "peer.json:1: listen[1]: expected a string, found 1" },
    { "no services",     M("'listen': ['x']"),
      "peer.json:1: expected \"services\"" },
    { "empty services",  M("'listen': ['x'], 'services': []"),
      "peer.json:1: services: expected at least one service" },
    { "unknown ready",   M("'listen': ['x'], 'services': ['s'], 'ready': 'soon'"),
      "peer.json:1: ready: \"soon\": expected stdout or listener" },
    { "listener, no port", M("'listen': ['x'], 'services': ['s'], 'ready': 'listener'"),
      "peer.json:1: ready: where does it listen? there is no \"port\", and neither {port} nor {socket} stands in an argument, file or variable" },
    { "variant of words", M("'listen': ['x'], 'services': ['s'], 'variants': {'v': 'x'}"),
      "peer.json:1: variants.v: expected an array, found \"x\"" },
    { "variant without arguments", M("'listen': ['x'], 'services': ['s'], 'variants': {'v': {'services': ['t']}}"),
      "peer.json:1: variants.v: expected \"arguments\"" },
    { "variant that speaks nothing", M("'listen': ['x'], 'services': ['s'], 'variants': {'v': {'arguments': [], 'services': []}}"),
      "peer.json:1: variants.v.services: expected at least one service" },
    { "variant with more", M("'listen': ['x'], 'services': ['s'], 'variants': {'v': {'arguments': [], 'listen': []}}"),
      "peer.json:1: variants.v: unknown key \"listen\"; known are arguments, services, note" },
    { "ask, a command alone", M("'ask': ['x', '{port}']"),
      "peer.json:1: ask: expected an object, found an array" },
    { "ask, incomplete", M("'ask': {'command': ['x', '{port}'], 'services': ['s']}"),
      "peer.json:1: ask: expected \"command\" or \"listen\", \"services\" and \"plays\"" },
    { "ask, on a port that nobody knows", M("'ask': {'listen': ['x'], 'services': ['s'], 'plays': []}, 'ready': 'listener'"),
      "peer.json:1: ready: where does it listen? there is no \"port\", and neither {port} nor {socket} stands in an argument, file or variable" },
    { "ask, no service", M("'ask': {'command': ['x', '{port}'], 'services': [], 'plays': []}"),
      "peer.json:1: ask.services: expected at least one service" },
    { "ask, no port",    M("'ask': {'command': ['x', '{case}'], 'services': ['s'], 'plays': []}"),
      "peer.json:1: ask.command: where does it dial? neither {port} nor {socket} stands in an argument" },
    { "ask, with more",  M("'ask': {'command': ['x', '{port}'], 'services': ['s'], 'plays': [], 'dial': 'us'}"),
      "peer.json:1: ask: unknown key \"dial\"; known are command, listen, services, plays, note" },
    { "file elsewhere",  M("'listen': ['x'], 'services': ['s'], 'files': {'../x': []}"),
      "peer.json:1: files.../x: \"../x\" is no plain file name" },
    { "hidden file",     M("'listen': ['x'], 'services': ['s'], 'files': {'.x': []}"),
      "peer.json:1: files..x: \".x\" is no plain file name" },
    { "matrix of nobody", M("'listen': ['x'], 'services': ['s'], 'variants': {'v': []}, 'matrix': ['v', 'w*']"),
      "peer.json:1: matrix[1]: \"w*\": none of its variants is called so" },
    { "listens and is on stdio", M("'listen': ['x'], 'stdio': ['x'], 'services': ['s']"),
      "peer.json:1: stdio: a peer on its standard descriptors neither listens nor dials" },
    { "a port that is none", M("'listen': ['x'], 'services': ['s'], 'port': 65536"),
      "peer.json:1: port: expected an integer from 0 to 65535, found 65536" },
    { "port 0",          M("'listen': ['x'], 'services': ['s'], 'port': 0"),
      "peer.json:1: port: 0 is no port" },
    { "directory, a list", M("'listen': ['x'], 'services': ['s'], 'directory': ['x']"),
      "peer.json:1: directory: expected a string, found an array" },
    { "no workers",      M("'listen': ['x'], 'services': ['s'], 'workers': 0"),
      "peer.json:1: workers: 0 is no number of workers" },
    { "no connections",  M("'dial': ['x'], 'services': ['s'], 'connections': 0"),
      "peer.json:1: connections: 0 is no number of connections" },
    { "too many connections", M("'dial': ['x'], 'services': ['s'], 'connections': 65"),
      "peer.json:1: connections: expected an integer from 0 to 64, found 65" },
    { "connections of one that does not dial", M("'listen': ['x'], 'services': ['s'], 'connections': 8"),
      "peer.json:1: connections: only a peer that dials keeps connections: \"dial\" is missing" },
    { "a crowd of workers", M("'listen': ['x'], 'services': ['s'], 'workers': 17"),
      "peer.json:1: workers: expected an integer from 0 to 16, found 17" },
    { "no patience",     M("'listen': ['x'], 'services': ['s'], 'patience': 0"),
      "peer.json:1: patience: 0 is no patience" },
    { "restart sometimes", M("'listen': ['x'], 'services': ['s'], 'restart': 'often'"),
      "peer.json:1: restart: \"often\": expected never, suite or case" },
    { "memory, perhaps", M("'listen': ['x'], 'services': ['s'], 'memory': 'may'"),
      "peer.json:1: memory: \"may\": expected must or should" },
    { "reset, one command", M("'listen': ['x'], 'services': ['s'], 'reset': ['x']"),
      "peer.json:1: reset: expected an object, found an array" },
    { "reset without a command", M("'listen': ['x'], 'services': ['s'], 'reset': {'before': 'case'}"),
      "peer.json:1: reset: expected \"command\"" },
    { "reset, but when", M("'listen': ['x'], 'services': ['s'], 'reset': {'command': ['x']}"),
      "peer.json:1: reset: expected \"before\": \"case\" or \"suite\"" },
    { "reset before lunch", M("'listen': ['x'], 'services': ['s'], 'reset': {'command': ['x'], 'before': 'lunch'}"),
      "peer.json:1: reset.before: \"lunch\": expected case or suite" },
    { "reset with more", M("'listen': ['x'], 'services': ['s'], 'reset': {'command': ['x'], 'before': 'case', 'after': 'case'}"),
      "peer.json:1: reset: unknown key \"after\"; known are command, before" },
    { "reset of stdio",  M("'stdio': ['x'], 'services': ['s'], 'reset': {'command': ['x'], 'before': 'case'}"),
      "peer.json:1: reset: a peer on its standard descriptors has a fresh process for each connection" },
    { "a deviation, one word", M("'listen': ['x'], 'services': ['s'], 'deviations': ['X-1']"),
      "peer.json:1: deviations[0]: expected an object, found \"X-1\"" },
    { "a deviation without a clause", M("'listen': ['x'], 'services': ['s'], 'deviations': [{'reason': 'r'}]"),
      "peer.json:1: deviations[0]: expected \"clause\"" },
    { "a deviation without a reason", M("'listen': ['x'], 'services': ['s'], 'deviations': [{'clause': 'X-1'}]"),
      "peer.json:1: deviations[0]: expected \"reason\"" },
    { "a deviation with an empty reason", M("'listen': ['x'], 'services': ['s'], 'deviations': [{'clause': 'X-1', 'reason': ''}]"),
      "peer.json:1: deviations[0].reason: a deviation has a reason" },
    { "a deviation twice", M("'listen': ['x'], 'services': ['s'], 'deviations': [{'clause': 'X-1', 'reason': 'r'}, {'clause': 'X-1', 'reason': 's'}]"),
      "peer.json:1: deviations[1].clause: X-1 is declared twice" },
    { "a variable with =", M("'listen': ['x'], 'services': ['s'], 'environment': {'X=Y': 'z'}"),
      "peer.json:1: environment.X=Y: \"X=Y\" cannot be the name of a variable" },
    { "number in the environment", M("'listen': ['x'], 'services': ['s'], 'environment': {'X': 1}"),
      "peer.json:1: environment.X: expected a string, found 1" },
};
// clang-format on

Test(manifest, a_broken_one_is_told_with_its_place, .timeout = 10)
{
    for (const struct broken *t = broken_manifests; t < broken_manifests + COUNT_OF(broken_manifests); t++) {
        SCRATCH(keep);
        struct manifest m;
        struct error err = { 0 };
        cr_expect(not(manifest_of(t->manifest, &keep, &m, &err)), "%s", t->label);
        cr_expect(eq(int, err.kind, ERROR_INPUT), "%s", t->label);
        cr_expect(eq(str, err.text, (char *)t->complaint), "%s", t->label);
    }
}

Test(manifest, says_what_its_file_says, .timeout = 10)
{
    SCRATCH(keep);
    struct manifest m;
    struct error err = { 0 };

    cr_assert(manifest_of(M("'title': 'T', 'listen': ['a', '{port}'], 'dial': ['b'], 'connections': 8, 'services': ['s', 't'], 'ready': 'listener',"
                            "'variants': {'v': ['-x'], 'w': {'arguments': ['-y'], 'services': ['u']}}, 'files': {'f': ['one', 'two']}, 'profile': 'bits=32',"
                            "'packages': ['p'], 'environment': {'X': 'y'}, 'directory': 'there', 'port': 4000, 'workers': 3, 'restart': 'suite',"
                            "'reset': {'command': ['r', '{port}'], 'before': 'case'}, 'memory': 'must',"
                            "'deviations': [{'clause': 'X-1', 'reason': 'because'}, {'clause': 'X-2', 'reason': 'so'}]"),
                          &keep, &m, &err),
              "%s", err.text);
    cr_expect(eq(str, (char *)m.title, "T"));
    cr_expect(eq(str, (char *)m.listen[1], "{port}"));
    cr_expect(m.listen[2] == NULL);
    cr_expect(eq(str, (char *)m.services[1], "t"));
    cr_expect(eq(int, m.ready, READY_LISTENER));
    cr_expect(eq(str, (char *)manifest_variant(&m, "v")->arguments[0], "-x"));
    cr_expect(eq(str, (char *)manifest_variant(&m, "w")->arguments[0], "-y"));
    cr_expect(eq(str, (char *)manifest_services(&m, manifest_variant(&m, "w"))[0], "u"));
    cr_expect(eq(str, (char *)manifest_services(&m, manifest_variant(&m, "v"))[0], "s"));
    cr_expect(eq(str, (char *)manifest_services(&m, NULL)[0], "s"));
    cr_expect(manifest_variant(&m, "x") == NULL);
    cr_expect(eq(str, (char *)m.files[0].lines[1], "two"));
    cr_expect(eq(str, (char *)m.environment[0], "X=y"));
    cr_expect(eq(str, (char *)m.work, "there"));
    cr_expect(eq(u16, m.port, 4000));
    cr_expect(eq(int, (int)m.connections, 8));
    cr_expect(eq(int, (int)m.workers, 3));
    cr_expect(eq(int, m.restart, RESTART_SUITE));
    cr_expect(eq(str, (char *)m.reset[1], "{port}"));
    cr_expect(m.reset[2] == NULL && m.reset_each_case && m.memory_must);
    cr_expect(eq(sz, m.deviation_count, 2));
    cr_expect(eq(str, (char *)m.deviations[1].clause, "X-2"));
    cr_expect(eq(str, (char *)m.deviations[1].reason, "so"));
}

/* The manifest in a block of a guide. */
static void block_loads(const char *begin, size_t len, struct arena *keep)
{
    char place[] = "/tmp/arcwire-test-XXXXXX";
    struct baseline baseline;
    struct manifest m;
    struct error err = { 0 };

    cr_assert(mkdtemp(place) != NULL);
    const char *path = arena_printf(keep, "%s/peer.json", place);
    cr_assert(file_write(path, (struct bytes){ (const uint8_t *)begin, len }, &err), "%s", err.text);
    if (memmem(begin, len, "\"entries\"", 9))
        cr_expect(baseline_read(path, keep, &baseline, &err), "%s", err.text);
    else
        cr_expect(manifest_read(path, keep, &m, &err), "%s", err.text);
    file_remove_directory(place);
}

Test(manifest, every_example_of_the_guide_loads_and_every_key_stands_in_guide_and_schema, .timeout = 10)
{
    SCRATCH(keep);
    struct bytes guide;
    struct error err = { 0 };
    const struct json *schema;
    size_t blocks = 0;

    cr_assert(file_read("peers/README.md", 1u << 20, &keep, &guide, &err), "%s", err.text);
    for (const char *at = (const char *)guide.data; (at = strstr(at, "\n```json\n")); blocks++) {
        const char *begin = at + 9, *end = strstr(begin, "\n```\n");
        cr_assert(end != NULL);
        block_loads(begin, (size_t)(end - begin), &keep);
        at = end;
    }
    cr_expect(ge(sz, blocks, 3));
    cr_assert(json_read("peers/peer.schema.json", &keep, &schema, &err), "%s", err.text);
    const struct json *properties = json_get(schema, "properties");
    size_t count = 0;
    for (const char *const *key = manifest_keys; *key; key++, count++) {
        const char *cell = arena_printf(&keep, "`%s`", *key), *row = (const char *)guide.data;
        bool told = false; // in the first cell of a row
        for (; !told && (row = strstr(row, "\n| `")); row++)
            told = memmem(row, (size_t)(strstr(row + 2, " | ") - row), cell, strlen(cell)) != NULL;
        cr_expect(told, "the guide does not tell of %s", *key);
        cr_expect(json_get(properties, *key) != NULL, "the schema does not know %s", *key);
    }
    cr_expect(eq(sz, properties->count, count));
}

Test(manifest, those_of_this_tree_load, .timeout = 10)
{
    glob_t found;
    SCRATCH(keep);

    cr_assert(glob("peers/*/peer.json", 0, NULL, &found) == 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct manifest m;
        struct error err = { 0 };
        cr_expect(manifest_read(found.gl_pathv[i], &keep, &m, &err), "%s", err.text);
    }
    cr_expect(ge(sz, found.gl_pathc, 5));
    globfree(&found);
}

// clang-format off
static const struct split {
    const char *line, *words; // in brackets; NULL: a quote is not closed, or there is none
} splits[] = {
    { "a",                        "[a]" },
    { "  a\tb\n c  ",             "[a][b][c]" },
    { "'a b' \"c d\"",            "[a b][c d]" },
    { "a'b c'd",                  "[ab cd]" },
    { "'' \"\"",                  "[][]" },
    { "'a\\b' \"a\\b\" a\\b",   "[a\\b][a\\b][ab]" },
    { "\"a\\\"b\\\\\" a\\ b",    "[a\"b\\][a b]" },
    { "$HOME *.c | {port}; a=b",  "[$HOME][*.c][|][{port};][a=b]" },
    { "\"it's\" 'say \"x\"'",     "[it's][say \"x\"]" },
    { "a\\",                      "[a\\]" },
    { "",                         NULL },
    { "   ",                      NULL },
    { "'a",                       NULL },
    { "a \"b",                    NULL },
    { "\"a\\\"",                 NULL },
};
// clang-format on

Test(words, a_line_is_split_at_blanks_outside_of_quotes, .timeout = 10)
{
    for (const struct split *t = splits; t < splits + COUNT_OF(splits); t++) {
        SCRATCH(keep);
        const char *const *words;
        struct error err;
        TEXT(got);
        bool good = words_split(t->line, &keep, &words, &err);
        cr_expect(eq(int, good, t->words != NULL), "%s", t->line);
        for (size_t i = 0; good && words[i]; i++)
            text_printf(&got, "[%s]", words[i]);
        if (t->words)
            cr_expect(eq(str, (char *)text_string(&got), (char *)t->words), "%s", t->line);
    }
}

Test(words, a_quoted_word_is_that_word_to_a_shell, .timeout = 10)
{
    static const char *const words[] = { "a", "", "a b", "it's", "$HOME", "'", "a\\b", "{port}", "\"x\"", "--x=y" };

    for (size_t i = 0; i < COUNT_OF(words); i++) {
        TEXT(line);
        char got[64] = "";
        text_add(&line, "printf %s ");
        words_quote(&line, words[i]);
        FILE *f = popen(text_string(&line), "r");
        cr_assert(f != NULL);
        size_t n = fread(got, 1, sizeof got - 1, f);
        got[n] = 0;
        pclose(f);
        cr_expect(eq(str, got, (char *)words[i]));
    }
}

Test(manifest, stands_for_a_command_on_the_command_line, .timeout = 10)
{
    SCRATCH(keep);
    struct manifest m;
    struct error err;

    cr_assert(manifest_of_command("--exec", "/x/serve -p {port}", COMMAND_LISTENS, "s", &keep, &m, &err), "%s", err.text);
    cr_expect(eq(str, (char *)m.name, "serve"));
    cr_expect(eq(str, (char *)m.title, "/x/serve -p {port}"));
    cr_expect(eq(str, (char *)m.listen[2], "{port}"));
    cr_expect(eq(str, (char *)m.services[0], "s"));
    cr_expect(eq(int, m.ready, READY_LISTENER));
    cr_assert(manifest_of_command("--exec", "call {host} {port}", COMMAND_DIALS, "s", &keep, &m, &err), "%s", err.text);
    cr_expect(m.listen == NULL);
    cr_expect(eq(str, (char *)m.dial[0], "call"));
    cr_assert(manifest_of_command("--stdio", "lib", COMMAND_STDIO, "s", &keep, &m, &err), "%s", err.text);
    cr_expect(m.listen == NULL && m.dial == NULL);
    cr_expect(eq(str, (char *)m.stdio[0], "lib"));
    cr_expect(not(manifest_of_command("--exec", "serve", COMMAND_LISTENS, "s", &keep, &m, &err)));
    cr_expect(eq(str, err.text, "--exec: where does it listen? neither {port} nor {socket} stands in \"serve\""));
    cr_expect(not(manifest_of_command("--exec", "serve", COMMAND_DIALS, "s", &keep, &m, &err)));
    cr_expect(eq(str, err.text, "--exec: where does it dial to? neither {port} nor {socket} stands in \"serve\""));
    cr_expect(not(manifest_of_command("--stdio", "'x", COMMAND_STDIO, "s", &keep, &m, &err)));
    cr_expect(eq(str, err.text, "--stdio: a quote is not closed"));
    cr_expect(eq(int, err.kind, ERROR_USAGE));
}
