/*
 * Suites: cases, and tables whose rows become cases.
 */
#include "vector/parse.h"

/* What cases and tables have in common. */
static const char *const case_keys[] = { "id",      "rev",   "since",  "level",   "title", "why",  "hint",   "prompt",
                                         "clauses", "needs", "profile", "dial",   "play", "no-control", "genuine", "steps", "note", NULL };
static const char *const table_keys[] = { "id",      "rev",   "since",  "level", "title", "why",  "hint",
                                          "clauses", "profile", "dial", "genuine", "ops",   "rows",  "note", NULL };
static const char *const row_keys[] = { "key",  "type", "value",  "draw",    "wire",  "load", "text", "make", "source",
                                        "ops",  "rev",  "why",    "clauses", "profile", "title", "hint", "level", "since",
                                        "genuine", "note", NULL };

bool id_valid(const char *id, bool with_axes)
{
    if (!((*id >= 'a' && *id <= 'z') || (*id >= '0' && *id <= '9')))
        return false;
    for (; *id; id++)
        if (!((*id >= 'a' && *id <= 'z') || (*id >= '0' && *id <= '9') || *id == '.' || *id == '-' ||
              (with_axes && (*id == '@' || *id == '='))))
            return false;
    return true;
}

bool vector_id_valid(const char *id)
{
    return id_valid(id, false);
}

static bool optional_string(const struct json *object, const char *key, const char **out, struct error *err)
{
    const struct json *part = json_get(object, key);

    return !part || json_string(part, out, err);
}

static bool optional_number(const struct json *object, const char *key, unsigned *out, struct error *err)
{
    const struct json *part = json_get(object, key);
    uint64_t n;

    if (!part)
        return true;
    if (!json_u64(part, 1000000, &n, err))
        return false;
    *out = (unsigned)n;
    return n > 0 || json_error(part, err, "counts from 1");
}

/* Fills in what object says and leaves the rest as it is. */
bool head_parse(const struct json *object, struct vector *v, struct arena *keep, struct error *err)
{
    const struct json *part;

    if (!optional_number(object, "rev", &v->rev, err) || !optional_number(object, "since", &v->since, err) ||
        !optional_string(object, "title", &v->title, err) || !optional_string(object, "why", &v->why, err) ||
        !optional_string(object, "hint", &v->hint, err) || !optional_string(object, "prompt", &v->prompt, err) ||
        !optional_string(object, "profile", &v->predicate, err) ||
        !optional_string(object, "dial", &v->dial, err) || !optional_string(object, "play", &v->play, err) ||
        !optional_string(object, "no-control", &v->no_control, err))
        return false;
    if ((part = json_get(object, "level")) && !level_parse(part, &v->level, err))
        return false;
    if ((part = json_get(object, "clauses")) && !strings_parse(part, keep, &v->clauses, err))
        return false;
    if ((part = json_get(object, "genuine")) && !genuine_parse(part, keep, &v->genuine, err))
        return false;
    if (v->predicate && !predicate_valid(v->predicate))
        return json_error(json_get(object, "profile"), err, "\"%s\" is no predicate", v->predicate);
    if (v->dial && strcmp(v->dial, "us") != 0 && strcmp(v->dial, "peer") != 0)
        return json_error(json_get(object, "dial"), err, "\"%s\": expected us or peer", v->dial);
    if (v->play && strcmp(v->play, "client") != 0 && strcmp(v->play, "server") != 0)
        return json_error(json_get(object, "play"), err, "\"%s\": expected client or server", v->play);
    return true;
}

bool head_complete(const struct json *object, const struct vector *v, struct error *err)
{
    if (!v->title)
        return json_error(object, err, "expected \"title\"");
    if (!v->clauses || !v->clauses[0])
        return json_error(object, err, "expected \"clauses\", at least one");
    return true;
}

static bool controls_known(const struct steps *steps, const struct service *s, struct error *err)
{
    for (size_t i = 0; i < steps->count; i++)
        if (steps->items[i].kind == STEP_CONTROL && !service_control(s, steps->items[i].control))
            return json_error(steps->items[i].at, err, "service %s has no control \"%s\"", s->name,
                              steps->items[i].control);
    return true;
}

static bool case_parse(const struct json *at, const struct suite *suite, struct arena *keep, struct vector *v,
                       struct error *err)
{
    const struct json *part;

    if (!json_is(at, JSON_OBJECT, err) || !json_known(at, case_keys, err))
        return false;
    *v = (struct vector){ .at = at, .suite = suite->name, .service = suite->service, .rev = 1, .since = 1 };
    if (!(part = json_get(at, "id")))
        return json_error(at, err, "expected \"id\"");
    if (!json_string(part, &v->id, err))
        return false;
    if (!id_valid(v->id, true))
        return json_error(part, err, "\"%s\": an id is [a-z0-9][a-z0-9.-]*", v->id);
    if (!head_parse(at, v, keep, err) || !head_complete(at, v, err))
        return false;
    if ((part = json_get(at, "needs"))) {
        const char *const *names;
        if (!strings_parse(part, keep, &names, err))
            return false;
        v->needs = ARENA_ARRAY(keep, part->count, struct type_ref);
        for (; names[v->need_count]; v->need_count++) {
            struct error unknown;
            if (!type_parse(names[v->need_count], &v->needs[v->need_count], &unknown))
                return json_error(part, err, "%s", unknown.text);
        }
    }
    if (!(part = json_get(at, "steps")))
        return json_error(at, err, "expected \"steps\"");
    struct step_context outer = { v->clauses, v->level, false, keep, v->service->codepage };
    if (!steps_parse(part, &outer, &v->steps, err) || !controls_known(&v->steps, v->service, err))
        return false;
    vector_digest(v);
    return true;
}

static bool row_values_parse(const struct json *at, struct row *row, const struct codepage *page, struct arena *keep,
                             struct error *err)
{
    row->values = ARENA_ARRAY(keep, row->count, struct value);
    if (row->count == 1)
        return literal_parse(at, row->types[0], page, keep, &row->values[0], NULL, err);
    if (!json_is(at, JSON_ARRAY, err))
        return false;
    if (at->count != row->count)
        return json_error(at, err, "%zu values for %zu types", at->count, row->count);
    size_t n = 0;
    for json_each (e, at) {
        if (!literal_parse(e, row->types[n], page, keep, &row->values[n], NULL, err))
            return false;
        n++;
    }
    return true;
}

static bool row_draw_parse(const struct json *at, struct row *row, struct error *err)
{
    static const char *const keys[] = { "min", "max", NULL };
    const struct json *part;

    if (!json_is(at, JSON_OBJECT, err) || !json_known(at, keys, err))
        return false;
    if ((part = json_get(at, "min")) && !json_u64(part, UINT64_MAX, &row->min, err))
        return false;
    return !(part = json_get(at, "max")) || json_u64(part, UINT64_MAX, &row->max, err);
}

static bool row_parse(const struct json *at, const struct codepage *page, struct arena *keep, struct row *row,
                      struct error *err)
{
    const struct json *part, *draw;

    if (!json_is(at, JSON_OBJECT, err) || !json_known(at, row_keys, err))
        return false;
    *row = (struct row){ .at = at };
    if (!(part = json_get(at, "key")))
        return json_error(at, err, "expected \"key\"");
    if (!json_string(part, &row->key, err))
        return false;
    if (!id_valid(row->key, false))
        return json_error(part, err, "\"%s\": a key is [a-z0-9][a-z0-9.-]*", row->key);
    if (!(part = json_get(at, "type")))
        return json_error(at, err, "expected \"type\"");
    if (!json_string(part, &row->type_text, err))
        return false;
    if (*row->type_text && !types_parse(part, row->type_text, keep, &row->types, &row->count, err))
        return false;
    if (!optional_string(at, "text", &row->text, err) || !optional_string(at, "make", &row->make, err) ||
        !optional_string(at, "source", &row->source, err))
        return false;
    if ((part = json_get(at, "load")) && !golden_parse(part, keep, &row->load, err))
        return false;
    if ((draw = json_get(at, "draw"))) {
        static const char *const none[] = { "value", "wire", "load", "text", "make", NULL };
        for (const char *const *k = none; *k; k++)
            if (json_get(at, *k))
                return json_error(at, err, "a drawn row has no \"%s\"", *k);
        return row_draw_parse(draw, row, err);
    }
    if (!(part = json_get(at, "value")))
        return json_error(at, err, "expected \"value\" or \"draw\"");
    if (!row_values_parse(part, row, page, keep, err))
        return false;
    if (!(part = json_get(at, "wire")))
        return json_error(at, err, "expected \"wire\", the golden bytes");
    return golden_parse(part, keep, &row->store, err);
}

static const struct named_steps *service_op(const struct service *s, const char *name)
{
    for (size_t i = 0; i < s->op_count; i++)
        if (strcmp(s->ops[i].name, name) == 0)
            return &s->ops[i];
    return NULL;
}

/* {text}, {type}, {key} and {op} in a table's title. */
static const char *title_fill(const char *title, const struct row *row, const char *op, struct arena *keep)
{
    struct {
        const char *mark, *text;
    } marks[] = {
        { "{text}", row->text ? row->text : "a drawn value" },
        { "{type}", row->type_text },
        { "{key}", row->key },
        { "{op}", op },
    };
    TEXT(out);

    for (const char *at = title; *at;) {
        size_t k = 0;
        while (k < COUNT_OF(marks) && strncmp(at, marks[k].mark, strlen(marks[k].mark)) != 0)
            k++;
        if (k == COUNT_OF(marks)) {
            text_char(&out, *at++);
        } else {
            text_add(&out, marks[k].text);
            at += strlen(marks[k].mark);
        }
    }
    return arena_string(keep, text_string(&out));
}

/* One row and op become one case; the checks of the op's steps take clauses and level from the row. */
static bool expand(const struct vector *head, const struct row *row, const struct named_steps *op,
                   struct arena *keep, struct vector *v, struct error *err)
{
    *v = *head;
    v->row = row;
    v->op = op->name;
    v->at = row->at;
    v->id = arena_printf(keep, "%s-%s@op=%s", head->id, row->key, op->name);
    v->title = title_fill(head->title, row, op->name, keep);
    v->needs = row->types;
    v->need_count = row->count;
    struct step_context outer = { v->clauses, v->level, true, keep, v->service->codepage };
    if (!steps_parse(op->at, &outer, &v->steps, err))
        return false;
    vector_digest(v);
    return true;
}

struct vector_list {
    struct vector *items;
    size_t count, room;
};

static struct vector *vector_add(struct vector_list *l, struct arena *keep)
{
    if (l->count == l->room) {
        size_t room = l->room ? 2 * l->room : 64;
        struct vector *more = ARENA_ARRAY(keep, room, struct vector);
        if (l->count)
            memcpy(more, l->items, l->count * sizeof *more);
        l->items = more;
        l->room = room;
    }
    return &l->items[l->count++];
}

static bool table_parse(const struct json *at, const struct suite *suite, struct arena *keep,
                        struct vector_list *to, struct error *err)
{
    struct vector head = { .suite = suite->name, .service = suite->service, .rev = 1, .since = 1 };
    const struct json *part, *rows;

    if (!json_is(at, JSON_OBJECT, err) || !json_known(at, table_keys, err))
        return false;
    if (!(part = json_get(at, "id")))
        return json_error(at, err, "expected \"id\"");
    if (!json_string(part, &head.id, err))
        return false;
    if (!id_valid(head.id, false))
        return json_error(part, err, "\"%s\": an id is [a-z0-9][a-z0-9.-]*", head.id);
    if (!head_parse(at, &head, keep, err) || !head_complete(at, &head, err))
        return false;
    const struct json *table_ops = json_get(at, "ops");
    if (!(rows = json_get(at, "rows")))
        return json_error(at, err, "expected \"rows\"");
    if (!json_is(rows, JSON_ARRAY, err))
        return false;
    for json_each (r, rows) {
        struct row *row = ARENA_NEW(keep, struct row);
        struct vector line = head;
        if (!row_parse(r, suite->service->codepage, keep, row, err) || !head_parse(r, &line, keep, err))
            return false;
        const struct json *ops = json_get(r, "ops");
        if (!ops)
            ops = table_ops;
        if (!ops)
            return json_error(r, err, "expected \"ops\" in the table or the row");
        if (!json_is(ops, JSON_ARRAY, err))
            return false;
        for json_each (o, ops) {
            const char *name;
            if (!json_string(o, &name, err))
                return false;
            const struct named_steps *op = service_op(suite->service, name);
            if (!op)
                return json_error(o, err, "service %s has no op \"%s\"", suite->service->name, name);
            if (!expand(&line, row, op, keep, vector_add(to, keep), err))
                return false;
        }
    }
    return true;
}

bool suite_parse(const struct json *file, const struct library *lib, struct arena *keep, struct suite *out,
                 struct error *err)
{
    static const char *const keys[] = { "format", "suite", "service", "title", "cases", "tables", "families", "memory",
                                        "note",   "unguarded", NULL };
    struct vector_list list = { 0 };
    const struct json *part;
    const char *service;

    if (!format_parse(file, err) || !json_known(file, keys, err) || !reasons_parse(file, err))
        return false;
    *out = (struct suite){ .file = file->file };
    if (!(part = json_get(file, "suite")))
        return json_error(file, err, "expected \"suite\", its name");
    if (!json_string(part, &out->name, err))
        return false;
    if (!(part = json_get(file, "service")))
        return json_error(file, err, "expected \"service\"");
    if (!json_string(part, &service, err))
        return false;
    if (!(out->service = library_service(lib, service)))
        return json_error(part, err, "no service is called \"%s\"", service);
    out->title = out->name;
    if (!optional_string(file, "title", &out->title, err))
        return false;
    if ((part = json_get(file, "cases"))) {
        if (!json_is(part, JSON_ARRAY, err))
            return false;
        for json_each (e, part)
            if (!case_parse(e, out, keep, vector_add(&list, keep), err))
                return false;
    }
    if ((part = json_get(file, "tables"))) {
        if (!json_is(part, JSON_ARRAY, err))
            return false;
        for json_each (e, part)
            if (!table_parse(e, out, keep, &list, err))
                return false;
    }
    if ((out->families = json_get(file, "families")) && !json_is(out->families, JSON_ARRAY, err))
        return false;
    if (list.count == 0 && !out->families)
        return json_error(file, err, "has no cases");
    bool memory = false;
    if ((part = json_get(file, "memory")) && !json_bool(part, &memory, err))
        return false;
    for (size_t i = 0; i < list.count; i++)
        list.items[i].memory = memory;
    out->vectors = list.items;
    out->count = list.count;
    return true;
}
