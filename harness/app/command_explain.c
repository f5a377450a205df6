/*
 * `arcwire explain`: what a cause, a type, a clause or an exit status means. Each is a row of a table somewhere; here they
 * are looked up by whatever name was given.
 */
#include "app/app.h"

#include <stdio.h>
#include <stdlib.h>

#include "check/pages.h"

// clang-format off
static const struct {
    int status;
    const char *meaning, *what;
} exits[] = {
    { EXIT_EXPECTED,     "everything as expected", "Nothing failed that must not, and something ran." },
    { EXIT_UNEXPECTED,   "the peer did something unexpected, or could not be judged", "Look at the page that the last line names; `arcwire explain CAUSE` has more about each cause." },
    { EXIT_USAGE,        "the command line is wrong", "The message says which option; `arcwire help COMMAND` lists them." },
    { EXIT_INPUT,        "a vector, a manifest or another input is wrong", "The message names file, line and case; `arcwire lint DIR` shows all of it." },
    { EXIT_PEER,         "the peer could not be started or reached", "Look whether it runs by itself, and on which port; `arcwire doctor --peer NAME` tries." },
    { EXIT_BASELINE,     "only the baseline is not right any more", "Something known has gone away, is known for too long or names nothing, or the peer offers less: the lines before the last tell which. `arcwire baseline prune` and `update` bring it up to date." },
    { EXIT_STOPPED,      "stopped early", "By a signal, or by --max-time. What ran is in the report, which says that it is incomplete." },
    { EXIT_NOTHING,      "nothing was selected, or nothing ran", "`arcwire list PATTERN` shows what a pattern selects." },
    { EXIT_SURROUNDINGS, "our surroundings: disk full, no descriptors", "Nothing is said about the peer." },
    { EXIT_BUG,          "a bug in arcwire", "Please report it with the command that was typed." },
};

/* How a value looks on the wire, by how it is kept. */
static const char *const forms[] = {
    [VALUE_INTEGER] = "a number, little-endian",
    [VALUE_FLOAT] = "IEEE 754, little-endian",
    [VALUE_DOUBLE] = "IEEE 754, little-endian",
    [VALUE_STRING] = "units with a length before them, or up to a newline",
    [VALUE_BYTES] = "bytes as they are",
    [VALUE_TUPLE] = "its members, one behind the other, without padding",
    [VALUE_ARRAY] = "a count, then the elements, little-endian",
    [VALUE_LIST] = "a count, then the elements",
    [VALUE_MAP] = "a count, then keys and values by turns, in any order",
    [VALUE_OBJECT] = "a tag; behind that of a new object its body",
    [VALUE_CLASS] = "a tag; behind that of a new class its schema and name",
    [VALUE_VARIANT] = "a WORD that tells the kind, then a value of it",
};
// clang-format on

static const struct json *clause_find(const struct library *lib, const char *id)
{
    const struct json *list = lib->clauses ? json_get(lib->clauses, "clauses") : NULL;

    for (const struct json *c = list ? list->first : NULL; c; c = c->next) {
        const struct json *at = json_get(c, "id");
        struct error ignored;
        const char *name;
        if (at && json_string(at, &name, &ignored) && strcmp(name, id) == 0)
            return c;
    }
    return NULL;
}

static const char *clause_member(const struct json *clause, const char *key)
{
    const struct json *at = clause ? json_get(clause, key) : NULL;
    struct error ignored;
    const char *text;

    return at && json_string(at, &text, &ignored) ? text : NULL;
}

static void print_clause(struct text *out, const struct library *lib, const char *id)
{
    const char *text = clause_member(clause_find(lib, id), "text");

    text_printf(out, "clause  %s%s%s\n", id, text ? ": " : "", text ? text : "");
}

static bool explain_cause(struct text *out, const struct library *lib, const char *key)
{
    const struct cause_page *p = cause_page_find(key);

    if (!p)
        return false;
    text_printf(out, "%s   a cause\n%s\n\n%s\n\n", p->key, p->title, p->why);
    if (p->clause)
        print_clause(out, lib, p->clause);
    for (int l = 0; l < FIX_LANGUAGES; l++)
        if (p->fix[l])
            text_printf(out, "%-11s %s\n", fix_language_name((enum fix_language)l), p->fix[l]);
    return true;
}

static bool explain_type(struct text *out, const struct library *lib, const char *name)
{
    struct type_ref t;
    struct error ignored;

    if (!type_parse(strcmp(name, "raw") == 0 ? "raw:4" : name, &t, &ignored))
        return false;
    bool network = strncmp(t.type->name, "net", 3) == 0;
    text_printf(out, "%s   a type\n%s: %s\n\n", t.type->name, t.type->mfc, network ? "a number in network order" : forms[t.type->kind]);
    if (t.type->width && strcmp(t.type->name, "count") != 0 && strcmp(t.type->name, "time") != 0)
        text_printf(out, "bytes   %u%s\n", t.type->width,
                    t.type->kind == VALUE_ARRAY    ? " for each element"
                    : t.type->kind == VALUE_STRING ? " for each unit"
                    : t.type->is_signed            ? ", with a sign"
                                                   : "");
    if (network)
        text_add(out, "order   the most significant byte first: the program turns it before it is inserted\n");
    for (const struct value_part *f = t.type->fields; f && f->name; f++)
        text_printf(out, "member  %s: %s\n", f->name, f->type);
    if (t.type->since > 42)
        text_printf(out, "since   %s\n", profile_generation_name(t.type->since));
    const char *clause = clause_find(lib, t.type->clause) ? t.type->clause : arena_printf((struct arena *)&lib->keep, "TAB-%s", t.type->clause);
    if (clause_find(lib, clause))
        print_clause(out, lib, clause);
    return true;
}

static bool explain_clause(struct text *out, const struct library *lib, const char *id)
{
    const struct json *c = clause_find(lib, id);
    size_t cases = 0;

    if (!c)
        return false;
    const char *level = clause_member(c, "level"), *provenance = clause_member(c, "provenance"), *none = clause_member(c, "no-case");
    text_printf(out, "%s   a clause (%s, %s)\n%s\n\n", id, level ? level : "must", provenance ? provenance : "?", clause_member(c, "text"));
    for (size_t i = 0; i < lib->suite_count; i++)
        for (size_t k = 0; k < lib->suites[i].count; k++)
            for (const char *const *n = lib->suites[i].vectors[k].clauses; *n; n++)
                cases += strcmp(*n, id) == 0;
    if (cases)
        text_printf(out, "cases   %zu; arcwire list --clauses names them\n", cases);
    else if (none)
        text_printf(out, "cases   none: %s\n", none);
    for (const struct cause_page *p = cause_pages; p < cause_pages + cause_page_count; p++)
        if (p->clause && strcmp(p->clause, id) == 0)
            text_printf(out, "cause   %s: %s\n", p->key, p->title);
    return true;
}

static bool explain_exit(struct text *out, const char *word)
{
    char *behind;
    long status = strtol(word, &behind, 10);

    for (size_t i = 0; *word && !*behind && i < COUNT_OF(exits); i++)
        if (exits[i].status == status) {
            text_printf(out, "%ld   an exit status\n%s\n\n%s\n", status, exits[i].meaning, exits[i].what);
            return true;
        }
    return false;
}

/* All that there are pages for, but clauses: `arcwire list --clauses` has these. */
static void explain_all(struct text *out)
{
    text_add(out, "causes\n");
    for (const struct cause_page *p = cause_pages; p < cause_pages + cause_page_count; p++)
        text_printf(out, "  %-18s %s\n", p->key, p->title);
    text_add(out, "\ntypes\n");
    for (size_t i = 0; i < type_count; i++)
        text_printf(out, "  %-18s %s\n", type_table[i].name, type_table[i].mfc);
    text_add(out, "\nexit statuses\n");
    for (size_t i = 0; i < COUNT_OF(exits); i++)
        text_printf(out, "  %-18d %s\n", exits[i].status, exits[i].meaning);
    text_add(out, "\nclauses: see arcwire list --clauses\n");
}

int command_explain(const struct options *o)
{
    struct library lib = { 0 };
    struct error err;
    TEXT(out);

    if (o->word_count > 1) {
        fputs("arcwire explain: expected one cause, type, clause or exit status\n", stderr);
        return EXIT_USAGE;
    }
    if (o->word_count == 0) {
        explain_all(&out);
        fputs(text_string(&out), stdout);
        return EXIT_EXPECTED;
    }
    const char *word = o->words[0];
    if (!library_open(o, &lib, &err)) {
        library_free(&lib);
        return fail(&err);
    }
    bool found = explain_cause(&out, &lib, word) || explain_clause(&out, &lib, word) || explain_type(&out, &lib, word) || explain_exit(&out, word);
    library_free(&lib);
    if (!found) {
        fprintf(stderr, "arcwire: \"%s\" is no cause, type, clause or exit status; see arcwire explain\n", word);
        return EXIT_NOTHING;
    }
    fputs(text_string(&out), stdout);
    return EXIT_EXPECTED;
}
