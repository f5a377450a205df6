/* The tables of flawed peers, and what reads them. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <glob.h>
#include <libgen.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "peer/flaws.h"
#include "peer/manifest.h"
#include "vector/program.h"

/* Single quotes stand for double ones. */
static bool table_of(const char *text, struct arena *keep, const struct flaw **out, size_t *count, struct error *err)
{
    char place[] = "/tmp/arcwire-test-XXXXXX";
    char *json = arena_string(keep, text);
    struct error ignored;

    for (char *c = json; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    cr_assert(mkdtemp(place) != NULL && chdir(place) == 0);
    cr_assert(file_write("flaws.json", bytes_of(json), &ignored));
    bool good = flaws_read("flaws.json", keep, out, count, err);
    cr_assert(chdir("/") == 0);
    file_remove_directory(place);
    return good;
}

#define ROW "'name': 'n', 'kind': 'flaw', 'family': 'f', 'sentence': 's', 'clauses': ['C-1'], 'arguments': ['-f', 'n'], 'patterns': ['p-*']"
#define T(rows) "{'format': 1, 'flaws': [" rows "]}"

static const struct broken {
    const char *label, *table, *complaint;
} broken_tables[] = {
    { "no format", "{'flaws': []}", "flaws.json:1: expected \"format\": 1" },
    { "format 2", "{'format': 2, 'flaws': []}", "flaws.json:1: format: format 2 is not known, 1 is" },
    { "no rows", "{'format': 1}", "flaws.json:1: expected \"flaws\"" },
    { "no list", "{'format': 1, 'flaws': {}}", "flaws.json:1: flaws: expected an array, found an object" },
    { "no name", T("{'kind': 'flaw'}"), "flaws.json:1: flaws[0]: expected \"name\"" },
    { "no kind", T("{'name': 'n'}"), "flaws.json:1: flaws[0]: expected \"kind\": \"flaw\", \"degenerate\" or \"odd\"" },
    { "another kind", T("{'name': 'n', 'kind': 'bad'}"), "flaws.json:1: flaws[0].kind: \"bad\": expected flaw, degenerate or odd" },
    { "no sentence", T("{'name': 'n', 'kind': 'flaw', 'family': 'f'}"), "flaws.json:1: flaws[0]: expected \"sentence\"" },
    { "an empty one", T("{'name': 'n', 'kind': 'flaw', 'family': 'f', 'sentence': ''}"),
      "flaws.json:1: flaws[0].sentence: expected a text that is not empty" },
    { "nobody finds it", T("{" ROW "}"), "flaws.json:1: flaws[0]: expected \"check\" and \"cause\"" },
    { "no cause", T("{" ROW ", 'check': 'reply', 'cause': []}"), "flaws.json:1: flaws[0].cause: expected at least one cause" },
    { "played by nobody", T("{" ROW ", 'check': 'reply', 'cause': 'c', 'play': 'both'}"),
      "flaws.json:1: flaws[0].play: \"both\": expected client or server" },
    { "odd and wrong", T("{'name': 'n', 'kind': 'odd', 'family': 'f', 'sentence': 's', 'clauses': [], 'arguments': [], 'patterns': [], 'check': 'x'}"),
      "flaws.json:1: flaws[0].check: a peer that is right fails no check" },
    { "odd and held out", T("{'name': 'n', 'kind': 'odd', 'family': 'f', 'sentence': 's', 'clauses': [], 'arguments': [], 'patterns': [], 'held-out': true}"),
      "flaws.json:1: flaws[0].held-out: a peer that is right has no cause to be measured by" },
    { "held out, perhaps", T("{" ROW ", 'check': 'reply', 'cause': 'c', 'held-out': 'yes'}"),
      "flaws.json:1: flaws[0].held-out: expected true or false, found \"yes\"" },
    { "twice", T("{" ROW ", 'check': 'reply', 'cause': 'c'}, {" ROW ", 'check': 'reply', 'cause': 'c'}"),
      "flaws.json:1: flaws[1]: \"n\" stands twice" },
};

Test(flaws, a_broken_table_is_refused_with_the_place, .timeout = 10)
{
    for (const struct broken *t = broken_tables; t < broken_tables + COUNT_OF(broken_tables); t++) {
        SCRATCH(keep);
        const struct flaw *flaws;
        size_t count;
        struct error err = { 0 };
        cr_expect(not(table_of(t->table, &keep, &flaws, &count, &err)), "%s", t->label);
        cr_expect(eq(str, err.text, (char *)t->complaint), "%s", t->label);
    }
}

Test(flaws, a_table_says_what_its_file_says, .timeout = 10)
{
    SCRATCH(keep);
    const struct flaw *f;
    size_t count;
    struct error err = { 0 };

    cr_assert(table_of(T("{" ROW ", 'check': 'reply', 'cause': 'c'},"
                         "{'name': 'm', 'kind': 'degenerate', 'family': 'g', 'sentence': 't', 'clauses': [], 'arguments': ['-m'], 'patterns': [],"
                         " 'check': 'end', 'cause': ['c', 'd'], 'services': ['x'], 'suites': ['s', 'u'], 'delivery': 'bytewise', 'play': 'server',"
                         " 'dial': 'peer', 'strict': true, 'by-chance': true, 'unstable': true, 'held-out': true, 'limit': 250, 'profile': 'bits=32', 'packages': ['q'], 'note': 'why'},"
                         "{'name': 'o', 'kind': 'odd', 'family': 'h', 'sentence': 'u', 'clauses': [], 'arguments': [], 'patterns': []}"),
                       &keep, &f, &count, &err),
              "%s", err.text);
    cr_assert(eq(sz, count, 3));
    cr_expect(f[0].kind == FLAW_FLAW && f[1].kind == FLAW_DEGENERATE && f[2].kind == FLAW_ODD);
    cr_expect(eq(str, (char *)f[0].name, "n"));
    cr_expect(eq(str, (char *)f[0].arguments[1], "n"));
    cr_expect(eq(str, (char *)f[0].patterns[0], "p-*"));
    cr_expect(eq(str, (char *)f[0].causes[0], "c"));
    cr_expect(f[0].causes[1] == NULL);
    cr_expect(eq(str, (char *)f[0].delivery, "plain"));
    cr_expect(not(f[0].serves || f[0].dials || f[0].by_chance || f[0].strict || f[0].unstable || f[0].held_out || f[0].limit_ms));
    cr_expect(eq(str, (char *)f[1].causes[1], "d"));
    cr_expect(eq(str, (char *)f[1].services[0], "x"));
    cr_expect(eq(str, (char *)f[1].suites[1], "u"));
    cr_expect(eq(str, (char *)f[1].delivery, "bytewise"));
    cr_expect(eq(str, (char *)f[1].profile, "bits=32"));
    cr_expect(eq(str, (char *)f[1].packages[0], "q"));
    cr_expect(f[1].serves && f[1].dials && f[1].by_chance && f[1].strict && f[1].unstable && f[1].held_out && f[1].limit_ms == 250);
    cr_expect(f[2].check == NULL && f[2].causes == NULL);
}

/* Whether a list of words has one. */
static bool has(const char *const *words, const char *word)
{
    while (*words && strcmp(*words, word) != 0)
        words++;
    return *words;
}

static bool is_clause(const struct json *file, const char *id)
{
    for json_each (clause, json_get(file, "clauses"))
        if (strcmp(json_get(clause, "id")->string, id) == 0)
            return true;
    return false;
}

Test(flaws, every_row_of_this_tree_is_a_variant_that_can_be_run, .timeout = 10)
{
    SCRATCH(keep);
    glob_t found;
    const struct json *clauses;
    struct error unread = { 0 };

    cr_assert(json_read("vectors/clauses.json", &keep, &clauses, &unread), "%s", unread.text);
    cr_assert(glob("peers/*/flaws.json", 0, NULL, &found) == 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct manifest m;
        struct error err = { 0 };
        const char *manifest = arena_printf(&keep, "%.*speer.json", (int)(strrchr(found.gl_pathv[i], '/') + 1 - found.gl_pathv[i]),
                                            found.gl_pathv[i]);
        cr_assert(manifest_read(manifest, &keep, &m, &err), "%s", err.text);
        cr_expect(m.flaws_path && strcmp(m.flaws_path, found.gl_pathv[i]) == 0, "%s names it", manifest);
        for (const struct flaw *f = m.flaws; f < m.flaws + m.flaw_count; f++) {
            cr_expect(manifest_variant(&m, f->name) != NULL, "%s", f->name);
            cr_expect(f->clauses[0] != NULL, "%s breaks a clause, or keeps one", f->name);
            for (const char *const *c = f->clauses; *c; c++)
                cr_expect(is_clause(clauses, *c), "%s: there is no clause %s", f->name, *c);
            cr_expect(f->patterns[0] != NULL, "%s", f->name);
            cr_expect(strlen(f->sentence) > 10 && f->sentence[strlen(f->sentence) - 1] == '.', "%s: %s", f->name, f->sentence);
            TEXT(names);
            text_add(&names, f->delivery);
            for (char *name = strtok((char *)text_string(&names), ","); name; name = strtok(NULL, ","))
                cr_expect(delivery_find(name) != NULL, "%s: %s", f->name, name);
        }
    }
    globfree(&found);
}

/* Whether a table of this tree has a flaw, by peer:name. */
static bool is_flaw(const char *name, struct arena *keep)
{
    const char *colon = strchr(name, ':');
    struct manifest m;
    struct error err;

    if (!colon || !manifest_read(arena_printf(keep, "peers/%.*s/peer.json", (int)(colon - name), name), keep, &m, &err))
        return false;
    for (const struct flaw *f = m.flaws; f < m.flaws + m.flaw_count; f++)
        if (strcmp(f->name, colon + 1) == 0)
            return f->kind == FLAW_FLAW;
    return false;
}

Test(flaws, what_guards_a_clause_is_a_flaw_of_this_tree, .timeout = 30)
{
    SCRATCH(keep);
    const struct json *guards, *clauses;
    struct error err = { 0 };
    const char *known = "";

    cr_assert(json_read("vectors/guards.json", &keep, &guards, &err) && json_read("vectors/clauses.json", &keep, &clauses, &err), "%s", err.text);
    cr_expect(gt(sz, json_get(guards, "guards")->count, 100));
    for json_each (clause, json_get(guards, "guards")) {
        cr_expect(is_clause(clauses, clause->key), "there is no clause %s", clause->key);
        for json_each (flaw, clause) {
            const char *word = arena_printf(&keep, " %s ", flaw->string);
            if (strstr(known, word))
                continue;
            cr_expect(is_flaw(flaw->string, &keep), "%s: %s", clause->key, flaw->string);
            known = arena_printf(&keep, "%s%s", known, word);
        }
    }
}

/* What the program lists, a name a line. */
static const char *listed(struct arena *keep)
{
    char self[4096];
    ssize_t got = readlink("/proc/self/exe", self, sizeof self - 1);
    TEXT(list);

    cr_assert(got > 0);
    self[got] = 0;
    FILE *f = popen(arena_printf(keep, "%s/peers/flawed --list-flaws", dirname(self)), "r");
    cr_assert(f != NULL);
    for (int c; (c = getc(f)) != EOF;)
        text_char(&list, (char)c);
    cr_assert(eq(int, pclose(f), 0));
    return arena_string(keep, text_string(&list));
}

Test(flaws, the_flawed_peer_has_a_switch_for_each_that_its_table_names_and_a_row_for_each_switch, .timeout = 10)
{
    SCRATCH(keep);
    const struct flaw *flaws;
    size_t count;
    struct error err = { 0 };
    char *list = (char *)listed(&keep);
    const char **switches = ARENA_ARRAY(&keep, strlen(list) + 1, const char *);
    bool *used = ARENA_ARRAY(&keep, strlen(list) + 1, bool);
    size_t n = 0;

    for (char *name = strtok(list, "\n"); name; name = strtok(NULL, "\n"))
        switches[n++] = name;
    cr_assert(flaws_read("peers/flawed/flaws.json", &keep, &flaws, &count, &err), "%s", err.text);
    for (const struct flaw *f = flaws; f < flaws + count; f++)
        for (const char *const *a = f->arguments; *a; a++) {
            if (strcmp(*a, "--flaw") != 0)
                continue;
            cr_expect(a[1] && has(switches, a[1]), "%s: there is no switch \"%s\"", f->name, a[1] ? a[1] : "");
            for (size_t i = 0; a[1] && i < n; i++)
                used[i] |= strcmp(switches[i], a[1]) == 0;
        }
    for (size_t i = 0; i < n; i++)
        cr_expect(used[i], "no row uses the switch %s", switches[i]);
    cr_expect(ge(sz, n, 50));
}
