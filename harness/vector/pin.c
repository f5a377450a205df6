/*
 * Golden bytes by our own codec, where an author wrote values alone.
 *
 * What the bytes are is asked for each valid profile. A tree of questions (which charset? how many bits? before which
 * generation?) then tells the different answers apart; the one with the fewest leaves wins, and each leaf becomes a
 * predicate. Profiles for which the case means nothing fit anywhere.
 */
#include "vector/fmt.h"

#include "archive/objects.h"
#include "base/hex.h"
#include "json/edit.h"
#include "vector/parse.h"
#include "vector/program.h"

#define PROFILES_MAX 32 // bits of a set of profiles

struct pin {
    const struct library *lib;
    struct arena *keep;
    size_t pinned;
};

/* What is stored for one profile: NULL when the profile does not matter. */
struct answer {
    const char *hex; // fields apart
    struct bytes bytes;
};

/* Questions about a profile; each with the terms of a predicate for yes and no. */
static const struct question {
    const char *yes, *no;
} questions[] = { { "ansi", "unicode" }, { "<8", ">=8" },     { "<7.0", ">=7.0" }, { "<7.1", ">=7.1" }, { "32", "64" },
                  { "<10", ">=10" },     { "<6.0", ">=6.0" }, { "<9", ">=9" } };

struct leaf {
    char predicate[64];
    size_t answer; // index of a profile that has it
};

struct leaves {
    struct leaf items[PROFILES_MAX];
    size_t count;
};

static bool same_answer(const struct answer *answers, uint32_t set, size_t *which)
{
    size_t first = PROFILES_MAX;

    for (size_t i = 0; i < profile_count; i++) {
        if (!(set & 1u << i) || !answers[i].hex)
            continue;
        if (first == PROFILES_MAX)
            first = i;
        else if (!bytes_equal(answers[i].bytes, answers[first].bytes))
            return false;
    }
    *which = first;
    return true;
}

static uint32_t subset(uint32_t set, const char *term)
{
    uint32_t part = 0;

    for (size_t i = 0; i < profile_count; i++)
        if (set & 1u << i && profile_matches(&profile_all[i], term))
            part |= 1u << i;
    return part;
}

/* The fewest leaves that tell the answers of a set apart, or at most `most`. False when there are more. */
static bool divide(const struct answer *answers, uint32_t set, const char *path, size_t most, struct leaves *out)
{
    size_t which;
    bool found = false;

    if (same_answer(answers, set, &which)) {
        *out = (struct leaves){ .count = 1 };
        memcpy(out->items[0].predicate, path, strlen(path) + 1);
        out->items[0].answer = which;
        return most > 0;
    }
    for (size_t q = 0; q < COUNT_OF(questions); q++) {
        uint32_t yes = subset(set, questions[q].yes), no = set & ~yes;
        struct leaves left, right;
        char next[64];
        size_t unused;
        if (!yes || !no || most < 2 || (same_answer(answers, yes, &unused) && unused == PROFILES_MAX) ||
            (same_answer(answers, no, &unused) && unused == PROFILES_MAX))
            continue;
        size_t len = strlen(path);
        memcpy(next, path, len);
        const char *terms[] = { questions[q].yes, questions[q].no };
        struct leaves *sides[] = { &left, &right };
        uint32_t sets[] = { yes, no };
        bool good = true;
        for (size_t side = 0; side < 2 && good; side++) {
            size_t used = side ? left.count : 1;
            size_t at = len;
            if (at)
                next[at++] = ',';
            memcpy(next + at, terms[side], strlen(terms[side]) + 1);
            good = at + 8 < sizeof next && most > used && divide(answers, sets[side], next, most - used, sides[side]);
        }
        if (!good)
            continue;
        *out = left;
        memcpy(out->items + out->count, right.items, right.count * sizeof *right.items);
        out->count += right.count;
        most = out->count - 1; // only fewer is better
        found = true;
    }
    return found;
}

/* The answers as `wire`; NULL when there are none. */
static struct json *wire_make(const struct answer *answers, struct arena *keep)
{
    struct leaves leaves;

    if (!divide(answers, (1u << profile_count) - 1, "", profile_count, &leaves))
        return NULL;
    if (leaves.count == 1 && leaves.items[0].answer == PROFILES_MAX)
        return NULL;
    if (leaves.count == 1)
        return json_make_string("wire", answers[leaves.items[0].answer].hex, keep);
    struct json *wire = json_make("wire", JSON_OBJECT, keep);
    for (size_t i = 0; i < leaves.count; i++)
        json_append(wire, json_make_string(leaves.items[i].predicate, answers[leaves.items[i].answer].hex, keep));
    return wire;
}

static bool put(struct pin *pin, const struct json *into, const char *behind, const struct answer *answers,
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

static void answer_set(struct answer *a, struct bytes bytes, const struct text *hex, struct arena *keep)
{
    a->bytes = arena_bytes(keep, bytes);
    a->hex = arena_string(keep, text_string(hex));
}

/* Rows: their values stand there and need nothing else. */
static bool row_pin(struct pin *pin, const struct json *row, const char *outer, struct error *err)
{
    const struct json *type = json_get(row, "type"), *value = json_get(row, "value"), *profile = json_get(row, "profile");
    struct answer answers[PROFILES_MAX] = { 0 };
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
        if (!literal_parse(each, types[i], pin->keep, &values[i], NULL, err))
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
            answer_set(&answers[i], buffer_bytes(&bytes), &hex, pin->keep);
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

    if (s->kind != STEP_SAY || s->golden)
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

static void op_answer(struct answer *a, const struct op *op, struct arena *keep)
{
    TEXT(hex);

    for (size_t i = 0; i < op->fields.count; i++) {
        text_add(&hex, i ? " " : "");
        hex_write(&hex, bytes_slice(op->bytes, op->fields.items[i].at, op->fields.items[i].len));
    }
    answer_set(a, op->bytes, &hex, keep);
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
    struct answer *answers = ARENA_ARRAY(pin->keep, v->steps.count * PROFILES_MAX + 1, struct answer);
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
                op_answer(&answers[k * PROFILES_MAX + i], op, pin->keep);
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
    struct json *copy = json_clone(file, keep);
    struct suite suite;

    if (!tables_pin(&pin, copy, err) || !suite_parse(copy, lib, keep, &suite, err))
        return false;
    for (size_t i = 0; i < suite.count; i++)
        if (!suite.vectors[i].row && !case_pin(&pin, &suite.vectors[i], err))
            return false;
    *out = copy;
    *pinned = pin.pinned;
    return true;
}
