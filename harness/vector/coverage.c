#include "vector/coverage.h"

#include <stdlib.h>

#include "json/write.h"
#include "vector/parse.h"

const uint8_t coverage_generations[GENERATIONS] = { 42, 60, 70, 71, 80, 90, 100 };

static bool provenance_valid(const char *s)
{
    return strcmp(s, "documented") == 0 || strcmp(s, "observed") == 0 || strcmp(s, "inferred") == 0;
}

static bool clause_parse(const struct json *at, struct clause *out, struct error *err)
{
    static const char *const keys[] = { "id",      "level", "provenance", "text",
                                        "genuine", "note",  "no-case", NULL };
    const struct json *unseen;

    if (!json_is(at, JSON_OBJECT, err) || !json_known(at, keys, err))
        return false;
    for (size_t i = 0; i < 4; i++)
        if (!json_get(at, keys[i]))
            return json_error(at, err, "expected \"%s\"", keys[i]);
    *out = (struct clause){ .at = at };
    if (!json_string(json_get(at, "id"), &out->id, err) || !json_string(json_get(at, "text"), &out->text, err) ||
        !json_string(json_get(at, "provenance"), &out->provenance, err) ||
        !level_parse(json_get(at, "level"), &out->level, err))
        return false;
    if (!provenance_valid(out->provenance))
        return json_error(json_get(at, "provenance"), err, "\"%.40s\": expected documented, observed or inferred",
                          out->provenance);
    if (out->level == LEVEL_MUST && strcmp(out->provenance, "inferred") == 0)
        return json_error(at, err, "a clause that is only inferred is at most should");
    return !(unseen = json_get(at, "no-case")) || json_string(unseen, &out->unseen, err);
}

static int by_id(const void *a, const void *b)
{
    return strcmp((*(const struct clause *const *)a)->id, (*(const struct clause *const *)b)->id);
}

/* The clauses by id, to be found; two of one id are an error. */
static bool sort(const struct coverage *c, struct clause **sorted, struct error *err)
{
    for (size_t i = 0; i < c->count; i++)
        sorted[i] = &c->clauses[i];
    qsort(sorted, c->count, sizeof *sorted, by_id);
    for (size_t i = 1; i < c->count; i++)
        if (strcmp(sorted[i - 1]->id, sorted[i]->id) == 0)
            return json_error(sorted[i]->at, err, "two clauses are called \"%s\"", sorted[i]->id);
    return true;
}

struct counter {
    struct clause **sorted;
    size_t count;
    const struct vector **last; // by clause: the case that was counted last
    struct clause *clauses;
    bool genuine[GENERATIONS]; // of the case that is counted
};

static void cite(struct counter *c, const struct vector *v, const char *const *ids)
{
    for (; ids && *ids; ids++) {
        struct clause wanted = { .id = *ids }, *key = &wanted;
        struct clause **found = bsearch(&key, c->sorted, c->count, sizeof *c->sorted, by_id);
        if (!found)
            continue; // lint says so
        size_t place = (size_t)(*found - c->clauses);
        (*found)->cases += c->last[place] != v;
        c->last[place] = v;
        for (size_t g = 0; g < GENERATIONS; g++)
            (*found)->genuine[g] |= c->genuine[g];
    }
}

/* Notes the generation of the recording that a source names. */
static void source_note(struct counter *c, const struct library *lib, const char *source)
{
    const struct capture *from =
        source && strncmp(source, "recorded ", 9) == 0 ? capture_find(&lib->captures, source + 9) : NULL;

    for (size_t g = 0; from && g < GENERATIONS; g++)
        c->genuine[g] |= from->writer.generation == coverage_generations[g];
}

static void count_case(struct counter *c, const struct library *lib, const struct vector *v)
{
    memset(c->genuine, 0, sizeof c->genuine);
    if (v->row)
        source_note(c, lib, v->row->source);
    for (size_t i = 0; i < v->steps.count; i++)
        source_note(c, lib, v->steps.items[i].source);
    cite(c, v, v->clauses);
    for (size_t i = 0; i < v->steps.count; i++)
        if (v->steps.items[i].kind != STEP_CONTROL && v->steps.items[i].check.clauses != v->clauses)
            cite(c, v, v->steps.items[i].check.clauses);
}

/* What guards.json says of the clauses, which are sorted. */
static bool guards_read(const struct library *lib, struct counter *c, struct arena *keep, struct error *err)
{
    const struct json *list = json_get(lib->guards, "guards");

    if (!format_parse(lib->guards, err))
        return false;
    if (!list)
        return json_error(lib->guards, err, "expected \"guards\"");
    if (!json_is(list, JSON_OBJECT, err))
        return false;
    for json_each (e, list) {
        struct clause wanted = { .id = e->key }, *key = &wanted;
        struct clause **found = bsearch(&key, c->sorted, c->count, sizeof *c->sorted, by_id);
        if (!found)
            return json_error(e, err, "no clause is called \"%s\"", e->key);
        if (!strings_parse(e, keep, &(*found)->guards, err))
            return false;
    }
    return true;
}

bool coverage_make(const struct library *lib, struct arena *keep, struct coverage *out, struct error *err)
{
    const struct json *list = lib->clauses ? json_get(lib->clauses, "clauses") : NULL;

    if (!list)
        return error_set(err, ERROR_INPUT, "there is no clauses.json with a list of clauses");
    if (!json_is(list, JSON_ARRAY, err))
        return false;
    struct coverage c = { .clauses = ARENA_ARRAY(keep, list->count, struct clause) };
    for json_each (e, list)
        if (!clause_parse(e, &c.clauses[c.count++], err))
            return false;
    struct counter counter = { .sorted = ARENA_ARRAY(keep, c.count, struct clause *), .count = c.count,
                               .last = ARENA_ARRAY(keep, c.count, const struct vector *), .clauses = c.clauses };
    if (!sort(&c, counter.sorted, err) || (lib->guards && !guards_read(lib, &counter, keep, err)))
        return false;
    c.tells_guards = lib->guards != NULL;
    for (size_t i = 0; i < lib->suite_count; i++)
        for (size_t k = 0; k < lib->suites[i].count; k++)
            count_case(&counter, lib, &lib->suites[i].vectors[k]);
    for (size_t i = 0; i < c.count; i++) {
        const struct clause *clause = &c.clauses[i];
        bool must = clause->level == LEVEL_MUST && !clause->unseen;
        c.uncovered += !clause->cases && !clause->unseen;
        c.musts += must;
        for (size_t g = 0; g < GENERATIONS; g++)
            c.genuine[g] += must && clause->genuine[g];
    }
    *out = c;
    return true;
}

/* "4.2 10": the generations whose bytes a clause rests on. */
static void generations_print(struct text *to, const struct clause *c)
{
    for (size_t g = 0; g < GENERATIONS; g++)
        if (c->genuine[g])
            text_printf(to, "%s%s", to->b.len ? " " : "", profile_generation_name(coverage_generations[g]));
}

void coverage_print(struct text *to, const struct coverage *c)
{
    size_t unseen = 0;

    text_printf(to, "%-10s %-6s %-10s %5s  %-8s %s\n", "clause", "level", "provenance", "cases", "genuine", "");
    for (const struct clause *e = c->clauses; e < c->clauses + c->count; e++) {
        TEXT(genuine);
        generations_print(&genuine, e);
        text_printf(to, "%-10s %-6s %-10s %5zu  %-8s %s\n", e->id, level_name(e->level), e->provenance, e->cases,
                    text_string(&genuine), e->text);
        unseen += e->unseen && !e->cases;
    }
    if (unseen)
        text_printf(to, "\nno case can show these (%zu):\n", unseen);
    for (const struct clause *e = c->clauses; e < c->clauses + c->count; e++)
        if (e->unseen && !e->cases)
            text_printf(to, "%-10s %s\n", e->id, e->unseen);
    if (c->uncovered)
        text_printf(to, "\nno case covers these (%zu):\n", c->uncovered);
    for (const struct clause *e = c->clauses; e < c->clauses + c->count; e++)
        if (!e->unseen && !e->cases)
            text_printf(to, "%-10s %-6s %s\n", e->id, level_name(e->level), e->text);
    text_printf(to, "\n%zu must-clauses can have a case; of them rest on bytes that genuine MFC wrote:", c->musts);
    for (size_t g = 0; g < GENERATIONS; g++)
        text_printf(to, "%s %zu of %s", g ? "," : "", c->genuine[g], profile_generation_name(coverage_generations[g]));
    text_printf(to, "\n%zu clauses: %zu shown by cases, %zu that no case can show, %zu still without one\n", c->count,
                c->count - unseen - c->uncovered, unseen, c->uncovered);
}

void coverage_json(struct text *to, const struct coverage *c)
{
    struct json_out j = { .to = to, .indent = 2 };

    json_begin(&j, NULL, '{');
    json_begin(&j, "clauses", '[');
    for (const struct clause *e = c->clauses; e < c->clauses + c->count; e++) {
        json_begin(&j, NULL, '{');
        json_put_string(&j, "id", e->id);
        json_put_string(&j, "level", level_name(e->level));
        json_put_string(&j, "provenance", e->provenance);
        json_put_u64(&j, "cases", e->cases);
        json_begin(&j, "genuine", '[');
        for (size_t g = 0; g < GENERATIONS; g++)
            if (e->genuine[g])
                json_put_string(&j, NULL, profile_generation_name(coverage_generations[g]));
        json_end(&j, ']');
        if (e->unseen)
            json_put_string(&j, "no-case", e->unseen);
        json_put_string(&j, "text", e->text);
        json_end(&j, '}');
    }
    json_end(&j, ']');
    json_put_u64(&j, "uncovered", c->uncovered);
    json_put_u64(&j, "musts", c->musts);
    json_begin(&j, "genuine-musts", '{');
    for (size_t g = 0; g < GENERATIONS; g++)
        json_put_u64(&j, profile_generation_name(coverage_generations[g]), c->genuine[g]);
    json_end(&j, '}');
    json_end(&j, '}');
    text_char(to, '\n');
}
