#include "check/hunt.h"

#define BEHIND 4096 // bytes behind a changed message that are looked at to find it wrong

bool hunt_is_stopped(struct hunt *h)
{
    if (*h->stop)
        h->out->incomplete = true;
    return h->out->incomplete;
}

bool hunt_noticed(const struct hunt *h, const struct trace *t, struct arena *keep)
{
    return !judge_passes(h->p, t, keep);
}

bool hunt_is_wrong(const struct hunt *h, const struct came_for *s, struct bytes in, bool all)
{
    SCRATCH(scratch);
    const struct op *op = &h->p->ops[s->op];

    if (!s->starts)
        return false;
    struct object_table *own = h->table[op->on] ? h->table[op->on] : object_table_new(&scratch), *used = own;
    struct object_mark before = object_table_mark(own);
    struct match m = match_op(in, op, &h->p->profile, &used, &scratch);
    object_table_rollback(own, before);
    return m.status == MATCH_MISMATCH || (all && m.status == MATCH_MORE);
}

bool hunt_is_wrong_with(const struct hunt *h, const struct came_for *s, size_t at, size_t len, struct bytes put)
{
    struct bytes came = h->came[h->p->ops[s->op].on];
    size_t end = (s->end > at + len ? s->end : at + len) + BEHIND;
    CLEANUP(buffer_free) struct buffer in = { 0 };

    end = end < came.len ? end : came.len;
    buffer_append(&in, came.data + s->begin, at - s->begin);
    buffer_append(&in, put.data, put.len);
    buffer_append(&in, came.data + at + len, end - at - len);
    return hunt_is_wrong(h, s, buffer_bytes(&in), end == came.len);
}

const struct fields *hunt_fields_of(const struct op *op)
{
    return op->kind == OP_SILENT ? &op->answer_fields : &op->fields;
}

static const struct json *root_of(const struct json *at)
{
    while (at && at->parent)
        at = at->parent;
    return at;
}

/* What the file that holds `at` says of all fields of that name, or NULL. */
static const struct json *reason_of_name(const struct json *at, const char *name)
{
    const struct json *root = root_of(at), *all = root && root->kind == JSON_OBJECT ? json_get(root, "unguarded") : NULL;

    return all && name && all->kind == JSON_OBJECT ? json_get(all, name) : NULL;
}

const char *hunt_name_of(const struct field *f)
{
    return f->label ? f->label : f->name;
}

const struct json *hunt_reason_of_step(const struct op *op)
{
    return op->at && op->at->kind == JSON_OBJECT ? json_get(op->at, "unguarded") : NULL;
}

const struct json *hunt_reason_of(const struct program *p, const struct op *op, const char *name)
{
    const struct json *reason = hunt_reason_of_step(op);

    reason = reason ? reason : reason_of_name(p->vector->at, name);
    return reason ? reason : reason_of_name(p->vector->service->at, name);
}

static bool goes_on(const struct unguarded_place *a, const struct unguarded_place *b)
{
    return a->change == b->change && a->op == b->op && a->field == b->field && a->at + a->len == b->at && a->change <= CHANGE_LENGTH;
}

void hunt_append(struct unguarded *u, struct unguarded_place one, struct arena *keep)
{
    if ((u->count & (u->count - 1)) == 0) { // full at each power of two
        struct unguarded_place *more = ARENA_ARRAY(keep, u->count ? 2 * u->count : 1, struct unguarded_place);
        if (u->count)
            memcpy(more, u->places, u->count * sizeof *more);
        u->places = more;
    }
    u->places[u->count++] = one;
}

void hunt_add(struct hunt *h, enum change change, size_t op, const struct field *field, size_t at, size_t len)
{
    const struct op *o = &h->p->ops[op];
    const char *name = field ? hunt_name_of(field) : NULL;
    const struct json *reason = hunt_reason_of(h->p, o, change == CHANGE_VALUE ? name : NULL);
    struct unguarded_place one = { change, op, o->control, o->check.name, name, at, len, o->at, reason };

    if (field && !name)
        one.field = field->of.type ? field->of.type->mfc : "bytes";

    for (size_t i = 0; i < h->out->count; i++) // the ways of a byte come in turn
        if (goes_on(&h->out->places[i], &one)) {
            h->out->places[i].len += len;
            return;
        }
    hunt_append(h->out, one, h->keep);
}
