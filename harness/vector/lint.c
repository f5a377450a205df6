#include "vector/lint.h"

#include <stdlib.h>

#include "archive/objects.h"
#include "base/file.h"
#include "base/hex.h"
#include "vector/controls.h"
#include "vector/coverage.h"

static void complain(struct lint *l, const char *line)
{
    l->complaints++;
    l->tell(l->of, line);
}

/* A complaint at a place in a file. */
static void complain_at(struct lint *l, const struct json *at, const char *message)
{
    struct error err;

    json_error(at, &err, "%s", message);
    complain(l, err.text);
}

static const struct json *clause_find(const struct library *lib, const char *id)
{
    const struct json *list = lib->clauses ? json_get(lib->clauses, "clauses") : NULL;

    for (const struct json *c = list ? list->first : NULL; c; c = c->next) {
        const struct json *name = json_get(c, "id");
        if (name && name->kind == JSON_STRING && strcmp(name->string, id) == 0)
            return c;
    }
    return NULL;
}

static void lint_check(struct lint *l, const struct library *lib, const struct json *at, const struct check *check)
{
    SCRATCH(scratch);
    bool firm = false;

    for (const char *const *c = check->clauses; c && *c; c++) {
        const struct json *clause = clause_find(lib, *c);
        if (!clause) {
            complain_at(l, at, arena_printf(&scratch, "clause \"%s\" is not in the register", *c));
            return;
        }
        const struct json *provenance = json_get(clause, "provenance");
        firm |= !provenance || provenance->kind != JSON_STRING || strcmp(provenance->string, "inferred") != 0;
    }
    if (!firm && check->level == LEVEL_MUST)
        complain_at(l, at, "a check that rests on inferred clauses alone is at most should");
}

static void lint_names(struct lint *l, const struct vector *v)
{
    SCRATCH(scratch);

    for (size_t i = 0; i < v->steps.count; i++) {
        const struct step *a = &v->steps.items[i];
        if (a->kind != STEP_SAY || a->who != PARTY_SERVER)
            continue;
        for (size_t k = i + 1; k < v->steps.count; k++) {
            const struct step *b = &v->steps.items[k];
            if (b->kind == STEP_SAY && b->who == PARTY_SERVER && strcmp(a->check.name, b->check.name) == 0) {
                complain_at(l, b->at, arena_printf(&scratch, "two checks are called \"%s\"", a->check.name));
                return;
            }
        }
    }
}

static bool source_valid(const char *s)
{
    return strncmp(s, "recorded ", 9) == 0 || strncmp(s, "sheet ", 6) == 0 || strcmp(s, "hand") == 0 ||
           strcmp(s, "pinned") == 0 || strcmp(s, "heard") == 0;
}

static bool occurs(const struct golden *g, struct bytes in, struct arena *keep)
{
    for (; g; g = g->next) {
        struct bytes one;
        if (!hex_read(g->hex, keep, &one) && memmem(in.data, in.len, one.data, one.len))
            return true;
    }
    return false;
}

/* Bytes that are said to be recorded must be those of the recording: what is stored, or what is loaded. */
static void lint_source(struct lint *l, const struct library *lib, const struct json *at, const char *source,
                        const struct golden *store, const struct golden *load)
{
    SCRATCH(scratch);

    if (!source || !source_valid(source)) {
        complain_at(l, at, "where do the golden bytes come from? source is recorded NAME, sheet En, hand, pinned or heard");
        return;
    }
    if (strncmp(source, "recorded ", 9) != 0)
        return;
    const struct capture *c = capture_find(&lib->captures, source + 9);
    if (!c)
        complain_at(l, at, arena_printf(&scratch, "no recording is called \"%s\"", source + 9));
    else if (!occurs(store, c->bytes, &scratch) && !occurs(load, c->bytes, &scratch))
        complain_at(l, at, arena_printf(&scratch, "the bytes do not occur in the recording %s", c->name));
}

static void lint_sources(struct lint *l, const struct library *lib, const struct vector *v)
{
    if (v->row && v->row->store)
        lint_source(l, lib, v->row->at, v->row->source, v->row->store, v->row->load);
    for (size_t i = 0; i < v->steps.count; i++) {
        const struct step *s = &v->steps.items[i];
        if (s->golden)
            lint_source(l, lib, s->at, s->source, s->golden, NULL);
    }
}

/* The row's text must be what our printer says; MAKE's must read back to the value. */
static void lint_text(struct lint *l, const struct vector *v, const struct profile *p)
{
    SCRATCH(scratch);
    const struct row *row = v->row;
    TEXT(ours);

    if (!row || !row->values || !row->text)
        return;
    const struct bytes *load = golden_for(row->load, p, &scratch);
    struct reader r = { .in = load ? *load : (struct bytes){ 0 } };
    struct object_table *table = object_table_new(&scratch);
    for (size_t i = 0; i < row->count; i++) {
        struct value told = row->values[i];
        if (load) // what is told is what was loaded, such as an older schema
            value_load(&r, p, table, row->types[i], &scratch, &told);
        if (i)
            text_char(&ours, ' ');
        if (r.status == WIRE_OK)
            value_text(&ours, &told);
    }
    if (strcmp(text_string(&ours), row->text) != 0)
        complain_at(l, row->at, arena_printf(&scratch, "text says %.60s, the value is %.60s", row->text, text_string(&ours)));
    if (row->make && row->count == 1) {
        struct value made;
        struct error err;
        if (!value_parse(row->make, row->types[0], p, &scratch, &made, &err))
            complain_at(l, row->at, arena_printf(&scratch, "make: %s", err.text));
        else if (!value_equal(&made, &row->values[0]))
            complain_at(l, row->at, "make is another value");
    }
}

static bool names_check(const struct vector *v, const char *name)
{
    for (size_t i = 0; i < v->steps.count; i++)
        if (v->steps.items[i].kind != STEP_CONTROL && strcmp(v->steps.items[i].check.name, name) == 0)
            return true;
    return false;
}

/* Defects must cite the register, name a check that there is, and excuse no generation that has them not. */
static void lint_genuine(struct lint *l, const struct library *lib, const struct service *s, const struct vector *v,
                         const struct genuines *list)
{
    SCRATCH(scratch);

    for (size_t i = 0; i < list->count; i++) {
        const struct genuine *g = &list->items[i];
        size_t matching = 0;
        for (size_t k = 0; k < profile_count; k++)
            matching += profile_matches(&profile_all[k], g->predicate);
        if (!clause_find(lib, g->clause))
            complain_at(l, g->at, arena_printf(&scratch, "clause \"%s\" is not in the register", g->clause));
        if (v && g->check && !names_check(v, g->check))
            complain_at(l, g->at, arena_printf(&scratch, "the case has no check \"%s\"", g->check));
        if (matching == 0)
            complain_at(l, g->at, "no valid profile has this defect");
        if (profile_matches(&profile_default, g->predicate))
            complain_at(l, g->at, "the current generation has no known defect: it would excuse every peer");
        if ((g->outcomes & GENUINE_RAISES) && s->refusal_count == 0)
            complain_at(l, g->at, "raises: the service has no \"refusals\" to know it by");
        for (const char *const *name = g->loads; name && *name; name++) {
            struct type_ref t;
            struct error ignored;
            if (!type_parse(*name, &t, &ignored) && !class_find(bytes_of(*name)))
                complain_at(l, g->at, arena_printf(&scratch, "\"%s\" is neither type nor class", *name));
        }
    }
}

/* Types whose bytes are the same under every profile. */
static bool is_plain(struct type_ref t)
{
    return t.type->kind == VALUE_FLOAT || t.type->kind == VALUE_DOUBLE || t.type->kind == VALUE_BYTES ||
           (t.type->kind == VALUE_INTEGER && strcmp(t.type->name, "count") != 0 && strcmp(t.type->name, "time") != 0);
}

static bool steps_are_plain(const struct service *s, const struct steps *steps)
{
    for (size_t i = 0; i < steps->count; i++) {
        const struct step *step = &steps->items[i];
        const struct named_steps *control = step->kind == STEP_CONTROL ? service_control(s, step->control) : NULL;
        if ((step->golden && step->golden->predicate) || (control && !steps_are_plain(s, &control->steps)))
            return false;
        for (size_t k = 0; k < step->item_count; k++) {
            const struct item *item = &step->items[k];
            if ((item->golden && item->golden->predicate) || (item->kind != ITEM_BYTES && !(item->of.type && is_plain(item->of))))
                return false;
        }
    }
    return true;
}

/* Whether a vector is the same program under every profile: then it is enough to compile it for one. */
static bool is_same_for_all(const struct vector *v)
{
    return !v->row && steps_are_plain(v->service, &v->service->prologue) && steps_are_plain(v->service, &v->steps) &&
           steps_are_plain(v->service, &v->service->epilogue);
}

static void lint_vector(struct lint *l, const struct library *lib, const struct suite *suite, const struct vector *v)
{
    SCRATCH(keep);
    struct check whole = { "case", v->clauses, v->level };
    const char *unserved = NULL;
    bool asked = !v->play || strcmp(v->play, "client") == 0;
    size_t compiled = 0, served = 0;

    if (strncmp(v->id, suite->name, strlen(suite->name)) != 0)
        complain_at(l, v->at, arena_printf(&keep, "the id \"%s\" does not begin with the suite's name", v->id));
    lint_check(l, lib, v->at, &whole);
    for (size_t i = 0; i < v->steps.count; i++) {
        const struct step *s = &v->steps.items[i];
        if (s->check.clauses != v->clauses && s->kind != STEP_CONTROL)
            lint_check(l, lib, s->at, &s->check);
    }
    for (int o = 0; v->family && o < OUTCOME_COUNT; o++)
        for (size_t i = 0; i < v->family->steps[o].count; i++) {
            const struct step *s = &v->family->steps[o].items[i];
            if (s->check.clauses != v->clauses && s->kind != STEP_CONTROL)
                lint_check(l, lib, s->at, &s->check);
        }
    lint_names(l, v);
    lint_genuine(l, lib, v->service, v, &v->genuine);
    lint_sources(l, lib, v);
    for (size_t i = 0; i < profile_count; i++) {
        const struct profile *p = &profile_all[i];
        struct program program;
        struct error err;
        bool has_all = true;
        for (size_t k = 0; k < v->need_count; k++)
            has_all &= type_offered(v->needs[k], p);
        if ((v->predicate && !profile_matches(p, v->predicate)) || !has_all)
            continue;
        compiled++;
        unserved = vector_unserved(v, p);
        served += !unserved;
        if ((asked && !program_compile(v, p, 1, PARTY_CLIENT, &keep, &program, &err)) ||
            (!unserved && served == 1 && !program_compile(v, p, 1, PARTY_SERVER, &keep, &program, &err))) {
            TEXT(name);
            profile_print(&name, p);
            complain(l, arena_printf(&keep, "%s (profile %s)", err.text, text_string(&name)));
            return;
        }
        if (compiled == 1)
            lint_text(l, v, p);
        if (is_same_for_all(v))
            break;
    }
    if (compiled == 0)
        complain_at(l, v->at, "no valid profile can run it");
    else if (!asked && served == 0)
        complain_at(l, v->at, arena_printf(&keep, "only arcwire as the server may play it, and it cannot: %s", unserved));
    struct error err;
    // Rows are told by ops and outcomes of their service; who asks shows by its words that it lives.
    if (!v->row && asked && !controls_stand(v, &keep, &err))
        complain(l, err.text);
}

void lint_library(struct lint *l, const struct library *lib)
{
    SCRATCH(scratch);
    struct coverage coverage;
    struct error err;

    for (size_t i = 0; i < lib->service_count; i++) {
        lint_genuine(l, lib, lib->services[i], NULL, &lib->services[i]->genuine);
        if (!controls_of_service(lib->services[i], &err))
            complain(l, err.text);
    }
    if (lib->clauses && !coverage_make(lib, &scratch, &coverage, &err))
        complain(l, err.text);
    for (size_t i = 0; i < lib->suite_count; i++)
        for (size_t k = 0; k < lib->suites[i].count; k++)
            lint_vector(l, lib, &lib->suites[i], &lib->suites[i].vectors[k]);
}

static int by_id(const void *a, const void *b)
{
    return strcmp((*(const struct vector *const *)a)->id, (*(const struct vector *const *)b)->id);
}

static const struct vector **sorted(const struct library *lib, struct arena *keep, size_t *count)
{
    size_t n = 0;

    for (size_t i = 0; i < lib->suite_count; i++)
        n += lib->suites[i].count;
    const struct vector **all = ARENA_ARRAY(keep, n + 1, const struct vector *);
    n = 0;
    for (size_t i = 0; i < lib->suite_count; i++)
        for (size_t k = 0; k < lib->suites[i].count; k++)
            all[n++] = &lib->suites[i].vectors[k];
    qsort(all, n, sizeof *all, by_id);
    *count = n;
    return all;
}

struct lock_entry {
    char *id, *digest;
    unsigned rev;
    bool gone;
};

/* `id rev digest` or `id rev gone`; lines that begin with # are words. */
static struct lock_entry *lock_parse(struct bytes text, struct arena *keep, size_t *count)
{
    char *rest = (char *)arena_alloc(keep, text.len + 1);
    size_t lines = 1, n = 0;

    if (text.len)
        memcpy(rest, text.data, text.len);
    for (size_t i = 0; i < text.len; i++)
        lines += text.data[i] == '\n';
    struct lock_entry *entries = ARENA_ARRAY(keep, lines, struct lock_entry);
    for (char *line; (line = strsep(&rest, "\n"));) {
        if (!*line || *line == '#')
            continue;
        char *id = strsep(&line, " "), *rev = line ? strsep(&line, " ") : NULL;
        if (!rev || !line)
            continue;
        entries[n++] = (struct lock_entry){ id, line, (unsigned)atoi(rev), strcmp(line, "gone") == 0 };
    }
    *count = n;
    return entries;
}

void lint_lock(struct lint *l, const struct library *lib, const char *path)
{
    SCRATCH(scratch);
    struct bytes text;
    struct error err;
    size_t locked, count, i = 0, k = 0;

    if (!file_read(path, 64u << 20, &scratch, &text, &err)) {
        complain(l, err.text);
        return;
    }
    struct lock_entry *lock = lock_parse(text, &scratch, &locked);
    const struct vector **all = sorted(lib, &scratch, &count);
    while (i < locked || k < count) {
        int order = i == locked ? 1 : k == count ? -1 : strcmp(lock[i].id, all[k]->id);
        if (order < 0) {
            if (!lock[i].gone)
                complain(l, arena_printf(&scratch, "%s: %s is in the lock and not in the suites (renamed? removed?)", path, lock[i].id));
            i++;
            continue;
        }
        if (order > 0)
            complain_at(l, all[k]->at, arena_printf(&scratch, "%s is not in the lock: arcwire lint --update-lock", all[k]->id));
        else if (lock[i].gone)
            complain_at(l, all[k]->at, arena_printf(&scratch, "the id %s was used before and is gone for ever", all[k]->id));
        else if (lock[i].rev > all[k]->rev)
            complain_at(l, all[k]->at, arena_printf(&scratch, "rev %u, but the lock knows %u", all[k]->rev, lock[i].rev));
        else if (strcmp(lock[i].digest, all[k]->digest) != 0 && lock[i].rev == all[k]->rev)
            complain_at(l, all[k]->at, arena_printf(&scratch, "%s has changed and its rev has not", all[k]->id));
        else if (lock[i].rev != all[k]->rev)
            complain_at(l, all[k]->at, arena_printf(&scratch, "%s: the lock knows rev %u: arcwire lint --update-lock", all[k]->id, lock[i].rev));
        i += order == 0;
        k++;
    }
}

void lock_print(struct text *to, const struct library *lib, struct bytes old)
{
    SCRATCH(scratch);
    size_t locked, count, i = 0, k = 0;
    struct lock_entry *lock = lock_parse(old, &scratch, &locked);
    const struct vector **all = sorted(lib, &scratch, &count);

    text_add(to, "# Every id for ever: id, revision, digest of what decides the verdict. Written by arcwire lint --update-lock.\n");
    while (i < locked || k < count) {
        int order = i == locked ? 1 : k == count ? -1 : strcmp(lock[i].id, all[k]->id);
        if (order < 0)
            text_printf(to, "%s %u gone\n", lock[i].id, lock[i].rev);
        else
            text_printf(to, "%s %u %s\n", all[k]->id, all[k]->rev, all[k]->digest);
        i += order <= 0;
        k += order >= 0;
    }
}
