#include "vector/match.h"

#define MEASURED_MAX (1u << 20) // bytes of a field whose length the peer tells

/* Whether loading a value of that kind may register objects. */
static bool carries_objects(const struct field *f)
{
    enum value_kind kind = f->of.type ? f->of.type->kind : VALUE_INTEGER;

    return kind == VALUE_OBJECT || kind == VALUE_CLASS || kind == VALUE_LIST || kind == VALUE_MAP;
}

/* Loads the field's value at m->at. True: it is there, and m->at behind it. */
static bool field_load(struct match *m, struct bytes in, const struct field *f, const struct profile *p,
                       struct object_table *table, struct arena *keep, struct value *out)
{
    struct reader r = { .in = in, .at = m->at, .written = true }; // by the peer itself [VAL-9]

    value_load(&r, p, table, f->of, keep, out);
    if (r.status == WIRE_SHORT) {
        m->status = MATCH_MORE;
        m->need = r.need;
    } else if (r.status == WIRE_BAD) {
        m->status = MATCH_MISMATCH;
        m->at = r.at;
        m->reason = r.reason;
    } else {
        m->at = r.at;
        return true;
    }
    return false;
}

static bool exact_matches(struct match *m, struct bytes in, struct bytes bytes, const struct field *f)
{
    struct bytes due = bytes_slice(bytes, f->at, f->len), got = bytes_slice(in, m->at, f->len);
    size_t same = bytes_common(due, got);

    m->at += same;
    if (same < got.len) {
        m->status = MATCH_MISMATCH;
        return false;
    }
    if (same < due.len) {
        m->status = MATCH_MORE;
        m->need = m->start + due.len;
        return false;
    }
    return true;
}

static bool value_matches(struct match *m, struct bytes in, const struct field *f, const struct profile *p,
                          struct object_table *table, struct arena *keep)
{
    struct value seen;

    if (!field_load(m, in, f, p, table, keep, &seen))
        return false;
    if (value_equal(&seen, f->value))
        return true;
    m->status = MATCH_MISMATCH;
    m->at = m->start;
    m->reason = "its content is another";
    return false;
}

/* How many bytes an earlier field of the op says that this one has. */
static bool measure(struct match *m, const struct field *f, struct type_ref *of)
{
    uint64_t told = m->kept[f->measure].number, size = told + f->plus;

    of->size = size;
    if (size <= MEASURED_MAX && (f->plus >> 63 == 0 || told >= -f->plus))
        return true;
    m->status = MATCH_MISMATCH;
    m->reason = "the length that goes before it cannot be";
    return false;
}

/* Whether a value that may be any is there, and within its limits. */
static bool any_matches(struct match *m, struct bytes in, const struct field *f, const struct profile *p,
                        struct object_table *table, struct arena *keep, struct value *out)
{
    struct field sized = *f;

    if (f->measured && !measure(m, f, &sized.of))
        return false;
    if (!field_load(m, in, &sized, p, table, keep, out))
        return false;
    if (out->number >= f->min && (!f->max || out->number <= f->max))
        return true;
    m->status = MATCH_MISMATCH;
    m->at = m->start;
    m->reason = "it is not within its limits";
    return false;
}

static void fields_match(struct match *m, struct bytes in, struct bytes bytes, const struct fields *fields,
                         const struct profile *p, struct object_table *table, struct arena *keep)
{
    size_t kept = 0;

    for (; m->field < fields->count; m->field++) {
        const struct field *f = &fields->items[m->field];
        m->start = m->starts[m->field] = m->at;
        if (f->any) {
            if (!any_matches(m, in, f, p, table, keep, &m->kept[kept++]))
                return;
        } else if (f->by_value) {
            if (!value_matches(m, in, f, p, table, keep))
                return;
        } else {
            if (!exact_matches(m, in, bytes, f))
                return;
            struct value registered;
            struct match again = { .at = m->start };
            if (carries_objects(f))
                field_load(&again, in, f, p, table, keep, &registered);
        }
    }
    m->status = MATCH_DONE;
    m->len = m->starts[m->field] = m->at;
}

struct match match_fields(struct bytes in, struct bytes bytes, const struct fields *fields, const struct profile *p,
                          struct object_table *table, struct arena *keep)
{
    struct match m = { 0 };
    size_t kept = 0;

    for (size_t i = 0; i < fields->count; i++)
        kept += fields->items[i].any;
    m.kept = ARENA_ARRAY(keep, kept, struct value);
    m.starts = ARENA_ARRAY(keep, fields->count + 1, size_t);
    if (!table) {
        fields_match(&m, in, bytes, fields, p, object_table_new(keep), keep);
        return m;
    }
    struct object_mark before = object_table_mark(table);
    fields_match(&m, in, bytes, fields, p, table, keep);
    if (m.status != MATCH_DONE)
        object_table_rollback(table, before);
    return m;
}

struct match match_op(struct bytes in, const struct op *op, const struct profile *p, struct object_table **table,
                      struct arena *keep)
{
    bool silent = op->kind == OP_SILENT;
    struct object_table *fresh = op->fresh || !*table ? object_table_new(keep) : *table;
    struct match m = match_fields(in, silent ? op->answer : op->bytes, silent ? &op->answer_fields : &op->fields, p,
                                  fresh, keep);

    if (m.status == MATCH_DONE) {
        *table = fresh;
        object_table_skip(fresh, op->entries);
    }
    return m;
}

/* Whether an op says what is due, and not only that nothing is. */
static bool says_what(const struct op *op)
{
    return op->kind == OP_RECEIVE || (op->kind == OP_SILENT && op->answer_fields.count);
}

static enum match_status try_op(const struct program *p, const struct op *op, struct bytes in, struct object_table *table, struct arena *keep)
{
    struct object_table *own = table ? table : object_table_new(keep);
    struct object_mark before = object_table_mark(own);
    struct object_table *used = own;
    struct match m = match_op(in, op, &p->profile, &used, keep);

    object_table_rollback(own, before);
    return m.status;
}

struct met program_meet(const struct program *p, size_t at, struct bytes in, struct object_table *table, struct arena *keep)
{
    const struct op *op = &p->ops[at];
    struct met met = { .status = MATCH_MISMATCH };

    if (in.len == 0)
        return (struct met){ .status = MATCH_MORE };
    for (size_t i = at; says_what(op) && i < p->count && (i == at || (op->group && p->ops[i].group == op->group)); i++) {
        enum match_status s = try_op(p, &p->ops[i], in, table, keep);
        if (s == MATCH_DONE)
            return (struct met){ .status = s, .op = i };
        met.status = s == MATCH_MORE ? s : met.status;
    }
    for (size_t i = 0; i < op->may_count; i++) {
        struct aside *a = op->may[i];
        enum match_status s = a->left ? try_op(p, &a->op, in, table, keep) : MATCH_MISMATCH;
        if (s == MATCH_DONE)
            return (struct met){ .status = s, .aside = a };
        met.status = s == MATCH_MORE ? s : met.status;
    }
    return met;
}
