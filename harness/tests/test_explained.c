/*
 * Conversations of peers whose mistake is known, judged anew: what fails is what the row of the flaw says, for the cause that it
 * says, in words that somebody has read beside the row's sentence. And of each suite one conversation that passes.
 *
 * harness/tests/explained/README.md tells where they come from, and how to take them anew.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fnmatch.h>
#include <stdlib.h>

#include "base/file.h"
#include "peer/flaws.h"
#include "report/recheck.h"

#define EXPLAINED "harness/tests/explained/"
#define ANY       "*" // in the place of words that say other things than the row

struct table {
    const char *peer, *path;
    const struct flaw *rows;
    size_t count;
};

struct explained {
    struct arena keep;
    struct library lib;
    struct table tables[2];
    bool retold; // the lists are written anew: EXPLAINED=retell
};

static void explained_open(struct explained *e)
{
    const char *told = getenv("EXPLAINED");
    struct error err = { 0 };

    *e = (struct explained){ .tables = { { "flawed", "peers/flawed/flaws.json" }, { "python", "peers/python/flaws.json" } } };
    e->retold = told && strcmp(told, "retell") == 0;
    cr_assert(library_load(&e->lib, (const char *const[]){ "vectors" }, 1, &err), "%s", err.text);
    for (size_t i = 0; i < COUNT_OF(e->tables); i++)
        cr_assert(flaws_read(e->tables[i].path, &e->keep, &e->tables[i].rows, &e->tables[i].count, &err), "%s", err.text);
}

static void explained_close(struct explained *e)
{
    library_free(&e->lib);
    arena_free(&e->keep);
}

/* "flawed:swap-all", from the command that plays it again. */
static const char *peer_of(const struct report_result *r, struct arena *keep)
{
    const char *word = r->again ? strstr(r->again, "--peer ") : NULL;

    cr_assert(word != NULL, "%s: its peer is not told", r->of->id);
    word += strlen("--peer ");
    return arena_printf(keep, "%.*s", (int)strcspn(word, " "), word);
}

static const struct flaw *row_of(const struct explained *e, const char *peer)
{
    for (size_t i = 0; i < COUNT_OF(e->tables); i++) {
        const struct table *t = &e->tables[i];
        size_t len = strlen(t->peer);
        for (size_t k = 0; k < t->count; k++)
            if (strncmp(peer, t->peer, len) == 0 && peer[len] == ':' && strcmp(t->rows[k].name, peer + len + 1) == 0)
                return &t->rows[k];
    }
    return NULL;
}

static bool is_due(const struct flaw *row, const char *cause)
{
    for (const char *const *c = row->causes; cause && *c; c++)
        if (strcmp(*c, cause) == 0)
            return true;
    return false;
}

/* Its cause is one of the row's, or one of them explains the same bytes as well: which it is, other cases tell. */
static bool has_due(const struct flaw *row, const struct finding *f)
{
    bool has = is_due(row, f->cause);

    for (size_t i = 0; i < f->other_count && !has; i++)
        has = is_due(row, f->others[i].cause);
    return has;
}

/* A check that the row names fails, for one of its causes, and nothing fails for another. */
static bool is_explained(const struct flaw *row, const struct findings *all)
{
    bool caught = false;

    for (size_t i = 0; i < all->count; i++) {
        const struct finding *f = &all->items[i];
        if (f->grade != GRADE_FAIL)
            continue;
        if (!has_due(row, f))
            return false;
        caught |= fnmatch(row->check, f->check.name, 0) == 0;
    }
    return caught;
}

/* What else it may be that is one of the row's causes. */
static void tell_due(const struct flaw *row, const struct finding *f, struct text *to)
{
    for (size_t i = 0; row && i < f->other_count; i++)
        if (is_due(row, f->others[i].cause) && !f->others[i].narrow)
            text_printf(to, " or %s: %s", f->others[i].cause, f->others[i].summary ? f->others[i].summary : "-");
}

/* Up to the words: "reply 4  bytes-swapped  ". */
static void tell_finding(const struct finding *f, struct text *to)
{
    text_printf(to, "%s %zu  %s  ", f->check.name, f->op, f->grade == GRADE_FAIL ? f->cause : grade_name(f->grade));
}

static bool is_good(const struct finding *f)
{
    return f->grade == GRADE_PASS || f->grade == GRADE_PASS_TIMED;
}

/* What all cases have in common that have the cause, if there is such, and what this one shows. */
static const char *words_of(const struct finding *f, struct arena *keep)
{
    if (f->grade != GRADE_FAIL)
        return "";
    return f->summary ? arena_printf(keep, "%s: %s", f->summary, f->sentence) : f->sentence;
}

/* The line of a list that begins so, or "". */
static const char *line_with(char *const *lines, const char *head)
{
    while (*lines && strncmp(*lines, head, strlen(head)) != 0)
        lines++;
    return *lines ? *lines : "";
}

/* What a list says of a conversation; where it has taken any words until now, it goes on to. */
static const char *line_of(const struct report_result *r, const char *peer, const struct flaw *row, const struct findings *all, char *const *list, struct arena *keep)
{
    TEXT(line);
    size_t bad = 0;

    text_printf(&line, "%s  %s  %s  ", peer, r->of->id, r->delivery);
    const char *was = line_with(list, text_string(&line));
    for (size_t i = 0; i < all->count; i++) {
        const struct finding *f = &all->items[i];
        if (is_good(f))
            continue;
        text_add(&line, bad++ ? " | " : "");
        tell_finding(f, &line);
        size_t len = strlen(text_string(&line));
        bool any = strncmp(was, text_string(&line), len) == 0 && strncmp(was + len, ANY, 1) == 0;
        text_add(&line, any ? ANY : words_of(f, keep));
        if (!any)
            tell_due(row, f, &line);
    }
    if (bad == 0)
        text_add(&line, "passes");
    return arena_string(keep, text_string(&line));
}

/* The lines of a list; NULL behind the last. */
static char **list_read(const char *path, struct arena *keep)
{
    struct bytes text = { 0 };
    struct error err = { 0 };
    size_t count = 0;

    if (file_exists(path))
        cr_assert(file_read(path, 1 << 20, keep, &text, &err), "%s", err.text);
    char *all = arena_printf(keep, "%.*s", (int)text.len, text.len ? (const char *)text.data : "");
    char **lines = ARENA_ARRAY(keep, text.len + 1, char *);
    for (char *line = strtok(all, "\n"); line; line = strtok(NULL, "\n"))
        lines[count++] = line;
    return lines;
}

/* The line of a conversation as its list has it now, and whether the row says the same. */
static const char *look(const struct explained *e, const struct recheck_run *run, const struct report_result *r, char *const *list, struct arena *keep)
{
    struct findings now;
    enum recheck how;
    struct error err = { 0 };
    TEXT(why);
    const char *peer = peer_of(r, keep);

    cr_assert(recheck_findings(run, r, keep, &how, &now, &why, &err), "%s", err.text);
    cr_assert(how == RECHECK_SAME, "%s of %s was played with other vectors, take them all anew with make explained:\n%s", r->of->id, peer, text_string(&why));
    const struct flaw *row = row_of(e, peer);
    const char *line = line_of(r, peer, row, &now, list, keep);
    if (strchr(peer, ':') && !e->retold) {
        cr_expect(row != NULL, "there is no flaw %s any more, take them all anew with make explained", peer);
        cr_expect(row && is_explained(row, &now), "%s\nis not what the row says: %s", line, row ? row->sentence : "");
    }
    return line;
}

static void judge_file(struct explained *e, const char *name)
{
    SCRATCH(keep);
    const char *path = arena_printf(&keep, EXPLAINED "%s.txt", name);
    char **list = list_read(path, &keep), **was = list;
    struct report report;
    struct recheck_run run;
    struct error err = { 0 };
    TEXT(told);

    cr_assert(report_load(arena_printf(&keep, EXPLAINED "%s.ndjson", name), &keep, &report, &err), "%s", err.text);
    cr_assert(recheck_begin(&report, &e->lib, &run, &err), "%s", err.text);
    for (const struct report_case *c = report.cases; c; c = c->next)
        for (const struct report_result *r = c->first; r; r = r->next) {
            const char *line = look(e, &run, r, list, &keep);
            if (!e->retold)
                cr_expect(was[0] && strcmp(was[0], line) == 0, "In %s is\n    %s\nand found is\n    %s\nWhere the new words are better: make retold", path,
                          *was ? *was : "shorter", line);
            text_printf(&told, "%s\n", line);
            was += *was != NULL;
        }
    cr_expect(e->retold || *was == NULL, "%s is longer: %s", path, *was);
    if (e->retold)
        cr_assert(file_write(path, buffer_bytes(&told.b), &err), "%s", err.text);
    report_release(&report);
}

/* One suite, in all ways in which it is played. */
static void judge_suite(const char *suite)
{
    static const char *const ways[] = { "", "-asks", "-dials" };
    struct explained e;

    explained_open(&e);
    for (size_t i = 0; i < COUNT_OF(ways); i++)
        if (file_exists(arena_printf(&e.keep, EXPLAINED "%s%s.ndjson", suite, ways[i])))
            judge_file(&e, arena_printf(&e.keep, "%s%s", suite, ways[i]));
    explained_close(&e);
}

/* A test each, so that they are told apart; and a list of them. */
#define SUITES(X) \
    X(archive_lives,   "archive-lives") \
    X(byte_order,      "byte-order") \
    X(chat,            "chat") \
    X(collections,     "collections") \
    X(counts,          "counts") \
    X(direction,       "direction") \
    X(draining,        "draining") \
    X(examples,        "examples") \
    X(generation_bugs, "generation-bugs") \
    X(generations,     "generations") \
    X(genuine,         "genuine") \
    X(lifecycle,       "lifecycle") \
    X(lines,           "lines") \
    X(login,           "login") \
    X(malformed,       "malformed") \
    X(messenger,       "messenger") \
    X(net_message,     "net-message") \
    X(netorder,        "netorder") \
    X(objects,         "objects") \
    X(packet,          "packet") \
    X(pausing,         "pausing") \
    X(room,            "room") \
    X(strings,         "strings") \
    X(talk,            "talk") \
    X(telephony,       "telephony") \
    X(update,          "update") \
    X(values,          "values")

#define SUITE(name, suite) \
    Test(explained, name, .timeout = 20) { judge_suite(suite); }
SUITES(SUITE)

#define NAME(name, suite) suite,
static const char *const suites[] = { SUITES(NAME) };

/* "byte-order-asks.ndjson" is of byte-order. */
static bool is_of(const char *file, const char *suite)
{
    size_t len = strlen(suite);

    return strncmp(file, suite, len) == 0 && (file[len] == '.' || strncmp(file + len, "-asks.", 6) == 0 || strncmp(file + len, "-dials.", 7) == 0);
}

Test(explained, every_conversation_is_judged)
{
    SCRATCH(keep);
    const char *const *names;
    size_t count;
    struct error err = { 0 };

    cr_assert(file_list(EXPLAINED, "", &keep, &names, &count, &err), "%s", err.text);
    for (size_t i = 0; i < count; i++) {
        bool known = strcmp(names[i], "README.md") == 0 || strcmp(names[i], "pick.py") == 0;
        for (size_t k = 0; k < COUNT_OF(suites); k++)
            known |= is_of(names[i], suites[k]);
        cr_expect(known, EXPLAINED "%s: there is no test of that suite", names[i]);
    }
}
