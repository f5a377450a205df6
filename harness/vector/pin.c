/*
 * Golden bytes by our own codec, where an author wrote values alone.
 *
 * What the bytes are is asked for each valid profile; where they differ, predicates tell them apart. Profiles for
 * which the case means nothing fit anywhere.
 */
#include "vector/fmt.h"

#include "archive/objects.h"
#include "base/hex.h"
#include "json/edit.h"
#include "vector/parse.h"
#include "vector/partition.h"
#include "vector/program.h"

struct pin {
    const struct library *lib;
    struct arena *keep;
    size_t pinned;
    const struct codepage *codepage; // of the file's service
};

/* The answers as `wire`; NULL when there are none. */
static struct json *wire_make(const char *const *answers, struct arena *keep)
{
    struct partition parts;

    partition_make(answers, &parts);
    if (!parts.items[0].answer)
        return NULL;
    if (parts.count == 1)
        return json_make_string("wire", parts.items[0].answer, keep);
    struct json *wire = json_make("wire", JSON_OBJECT, keep);
    for (size_t i = 0; i < parts.count; i++)
        json_append(wire, json_make_string(parts.items[i].predicate, parts.items[i].answer, keep));
    return wire;
}

static bool put(struct pin *pin, const struct json *into, const char *behind, const char *const *answers,
                struct error *err)
{
    struct json *wire = wire_make(answers, pin->keep);

    if (!wire)
        return json_error(into, err, "no valid profile can store these values");
    if (json_get(into, "source"))
        return json_error(into, err, "has a source, and no bytes that come from there");
    json_insert((struct json *)into, json_get(into, behind), wire);
    json_insert((struct json *)into, wire, json_make_string("source", "pinned", pin->keep));
    pin->pinned++;
    return true;
}

/* Rows: their values stand there and need nothing else. */
static bool row_pin(struct pin *pin, const struct json *row, const char *outer, struct error *err)
{
    const struct json *type = json_get(row, "type"), *value = json_get(row, "value"), *profile = json_get(row, "profile");
    const char *answers[PROFILES_MAX] = { 0 };
    struct type_ref *types;
    const char *list;
    size_t count;

    if (row->kind != JSON_OBJECT || json_get(row, "wire") || json_get(row, "draw") || !type || !value)
        return true;
    if (!json_string(type, &list, err) || !types_parse(type, list, pin->keep, &types, &count, err))
        return false;
    if (count > 1 && (!json_is(value, JSON_ARRAY, err) || value->count != count))
        return value->kind != JSON_ARRAY ? false : json_error(value, err, "%zu values for %zu types", value->count, count);
    struct value *values = ARENA_ARRAY(pin->keep, count, struct value);
    const struct json *each = count > 1 ? value->first : value;
    for (size_t i = 0; i < count; i++, each = each->next)
        if (!literal_parse(each, types[i], pin->codepage, pin->keep, &values[i], NULL, err))
            return false;
    const char *predicate = profile && profile->kind == JSON_STRING ? profile->string : outer;
    for (size_t i = 0; i < profile_count; i++) {
        SCRATCH(scratch);
        CLEANUP(buffer_free) struct buffer bytes = { 0 };
        TEXT(hex);
        const struct profile *p = &profile_all[i];
        struct object_table *table = object_table_new(&scratch);
        struct error ignored;
        size_t k = 0;
        if (predicate && !(predicate_valid(predicate) && profile_matches(p, predicate)))
            continue;
        for (; k < count && value_storable(&values[k], p, table, &ignored); k++) {
            size_t from = bytes.len;
            value_store(&bytes, p, table, &values[k]);
            text_add(&hex, k ? " " : "");
            hex_write(&hex, bytes_slice(buffer_bytes(&bytes), from, bytes.len));
        }
        if (k == count)
            answers[i] = arena_string(pin->keep, text_string(&hex));
    }
    return put(pin, row, "value", answers, err);
}

static bool tables_pin(struct pin *pin, const struct json *file, struct error *err)
{
    const struct json *tables = json_get(file, "tables");

    for (const struct json *t = tables ? tables->first : NULL; t; t = t->next) {
        const struct json *rows = json_get(t, "rows"), *profile = json_get(t, "profile");
        const char *outer = profile && profile->kind == JSON_STRING ? profile->string : NULL;
        for (const struct json *r = rows ? rows->first : NULL; r; r = r->next)
            if (!row_pin(pin, r, outer, err))
                return false;
    }
    return true;
}

/* Nothing in it is drawn, kept or completed, and something has a type. */
static bool step_pinnable(const struct step *s)
{
    bool typed = false;

    if (s->kind != STEP_SAY || s->golden || s->cut.is) // of what is cut the program has only the beginning
        return false;
    for (size_t i = 0; i < s->item_count; i++) {
        const struct item *item = &s->items[i];
        if ((item->kind != ITEM_VALUE && item->kind != ITEM_BYTES) || item->template)
            return false;
        typed |= item->kind == ITEM_VALUE;
    }
    return typed;
}

static const struct op *op_of(const struct program *p, size_t step)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->ops[i].step == (int)step && !p->ops[i].control && (p->ops[i].kind == OP_SEND || p->ops[i].kind == OP_RECEIVE))
            return &p->ops[i];
    return NULL;
}

/* Its bytes, the fields apart. */
static const char *op_hex(const struct op *op, struct arena *keep)
{
    TEXT(hex);

    for (size_t i = 0; i < op->fields.count; i++) {
        text_add(&hex, i ? " " : "");
        hex_write(&hex, bytes_slice(op->bytes, op->fields.items[i].at, op->fields.items[i].len));
    }
    return arena_string(keep, text_string(&hex));
}

static bool vector_runs(const struct vector *v, const struct profile *p)
{
    for (size_t i = 0; i < v->need_count; i++)
        if (!type_offered(v->needs[i], p))
            return false;
    return !v->predicate || profile_matches(p, v->predicate);
}

static bool case_pin(struct pin *pin, const struct vector *v, struct error *err)
{
    const char **answers = ARENA_ARRAY(pin->keep, v->steps.count * PROFILES_MAX + 1, const char *);
    size_t due = 0;

    for (size_t k = 0; k < v->steps.count; k++)
        due += step_pinnable(&v->steps.items[k]);
    for (size_t i = 0; due && i < profile_count; i++) {
        struct program p;
        if (!vector_runs(v, &profile_all[i]))
            continue;
        if (!program_compile(v, &profile_all[i], 1, PARTY_CLIENT, pin->keep, &p, err))
            return false;
        for (size_t k = 0; k < v->steps.count; k++) {
            const struct op *op = step_pinnable(&v->steps.items[k]) ? op_of(&p, k) : NULL;
            if (op)
                answers[k * PROFILES_MAX + i] = op_hex(op, pin->keep);
        }
    }
    for (size_t k = 0; k < v->steps.count; k++) {
        const struct step *s = &v->steps.items[k];
        if (step_pinnable(s) && !put(pin, s->at, party_name(s->who), answers + k * PROFILES_MAX, err))
            return false;
    }
    return true;
}

bool fmt_pin(const struct json *file, const struct library *lib, struct arena *keep, const struct json **out,
             size_t *pinned, struct error *err)
{
    struct pin pin = { .lib = lib, .keep = keep };
    const struct json *name = json_get(file, "service");
    const struct service *service = name && name->kind == JSON_STRING ? library_service(lib, name->string) : NULL;
    struct json *copy = json_clone(file, keep);
    struct suite suite;

    pin.codepage = service ? service->codepage : NULL;
    if (!tables_pin(&pin, copy, err) || !suite_parse(copy, lib, keep, &suite, err))
        return false;
    for (size_t i = 0; i < suite.count; i++)
        if (!suite.vectors[i].row && !case_pin(&pin, &suite.vectors[i], err))
            return false;
    *out = copy;
    *pinned = pin.pinned;
    return true;
}
