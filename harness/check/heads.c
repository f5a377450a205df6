/*
 * Replies that lack the number with which they begin, or have another one, and all else of them is there; or that lack the end of a part, and the
 * next one is there.
 */
#include "check/evidence.h"

#define TELLING 3 // bytes by which a reply is known again: those of two bytes are all alike

/* The fields of an op but for its first, as if they began there. */
static struct fields behind_head(const struct evidence *e, const struct op *op)
{
    const struct fields *of = &op->fields;
    struct fields rest = { ARENA_ARRAY(e->keep, of->count, struct field), of->count - 1 };

    for (size_t i = 0; i < rest.count; i++) {
        rest.items[i] = of->items[i + 1];
        rest.items[i].at -= rest.items[i].at < of->items[0].len ? rest.items[i].at : of->items[0].len;
    }
    return rest;
}

static bool has_head(const struct op *op)
{
    const struct field *f = op->fields.items;

    return op->fields.count > 1 && f->of.type && f->of.type->kind == VALUE_INTEGER && !f->any;
}

static bool is_known(const struct op *op)
{
    for (size_t i = 0; i < op->fields.count; i++)
        if (op->fields.items[i].any)
            return false;
    return true;
}

/* Bytes at the beginning of b that are what an op is due, with its head or without; open: or all of b, where that ends within it. 0: they are not. */
static size_t reads_as(const struct evidence *e, const struct op *op, bool head, bool open, struct bytes b)
{
    struct fields rest = head || !has_head(op) ? op->fields : behind_head(e, op);
    struct bytes due = bytes_slice(op->bytes, rest.count < op->fields.count ? op->fields.items[0].len : 0, SIZE_MAX);
    struct match m = match_fields(b, due, &rest, &e->program->profile, NULL, e->keep);

    return m.status == MATCH_DONE ? m.len : open && m.status == MATCH_MORE ? b.len : 0;
}

const char *cause_heads_missing(const struct evidence *e)
{
    const struct program *p = e->program;
    size_t at = e->op->kind == OP_RECEIVE && has_head(e->op) && is_known(e->op) ? reads_as(e, e->op, false, false, e->got) : 0, lacking = 1;

    for (size_t i = (size_t)(e->op - p->ops) + 1; i < p->count && at && at < e->got.len; i++) {
        const struct op *op = &p->ops[i];
        struct bytes rest = bytes_slice(e->got, at, SIZE_MAX);
        if (op->kind != OP_RECEIVE || op->on != e->op->on)
            continue;
        size_t whole = reads_as(e, op, true, true, rest), n = whole ? whole : reads_as(e, op, false, true, rest);
        if (!n)
            break;
        lacking += !whole;
        at += n;
    }
    size_t head = at ? e->op->fields.items[0].len : 0;
    if (!at || e->op->bytes.len <= head + TELLING || (at < e->got.len && !comes_later(e, bytes_slice(e->got, at, SIZE_MAX))))
        return NULL;
    const char *name = e->op->fields.items[0].of.type->mfc;
    const char *told = head == 1 ? arena_printf(e->keep, "the reply came without its first byte, the %s", name) : arena_printf(e->keep, "the reply came without its first %zu bytes, the %s", head, name);
    return lacking == 1 ? told : arena_printf(e->keep, "%s, and so did %zu behind it", told, lacking - 1);
}

/* Whether bytes are, from first to last, the refusal that is due. */
static bool is_due_refusal(const struct evidence *e, struct bytes b)
{
    const struct service *s = e->program->vector->service;
    const char *due = refusal_named(e->program, (size_t)(e->op - e->program->ops), e->keep);
    struct refusal r;

    for (size_t i = 0; due && i < s->refusal_count; i++)
        if (strcmp(s->refusals[i].name, due) == 0 && refusal_read(e->program, i, b, e->keep, &r))
            return r.len == b.len;
    return false;
}

/* The number with which a message that is due begins, and differs; NULL: it is not that. */
static const struct field *other_number(const struct evidence *e)
{
    const struct field *head = e->fields->items;
    bool differs = e->op->kind == OP_RECEIVE && e->match.status == MATCH_MISMATCH && e->match.field == 0 && e->fields->count;

    if (!differs || head->any || !head->of.type || head->of.type->kind != VALUE_INTEGER || e->got.len < head->len)
        return NULL;
    return reply_begun(e->program, (size_t)(e->op - e->program->ops), e->keep) ? NULL : head;
}

static struct value number_at_head(const struct evidence *e, const struct field *head, struct bytes b)
{
    struct reader r = { .in = b };
    struct value v;

    value_load(&r, &e->program->profile, NULL, head->of, e->keep, &v);
    return v;
}

const char *cause_other_head(const struct evidence *e)
{
    const struct field *head = other_number(e);
    struct bytes behind = head ? bytes_slice(e->got, head->len, SIZE_MAX) : e->got;
    CLEANUP(buffer_free) struct buffer b = { 0 };
    TEXT(is);
    TEXT(due);

    if (!head || behind.len < TELLING)
        return NULL;
    buffer_append(&b, e->due.data, head->len);
    buffer_append(&b, behind.data, behind.len);
    struct value come = number_at_head(e, head, e->got), want = number_at_head(e, head, e->due);
    bool one_off = come.number + 1 == want.number || want.number + 1 == come.number; // which has a cause of its own; statuses are no counts
    if (!is_due_refusal(e, buffer_bytes(&b)) && (one_off || !bytes_equal(buffer_bytes(&b), e->due)))
        return NULL;
    value_print(&is, &come);
    value_print(&due, &want);
    return arena_printf(e->keep, "the reply begins with %s where %s is due, and all that stands behind it is right", text_string(&is), text_string(&due));
}

#define SURE 64 // bytes by which a part is known beyond doubt

const char *cause_part_cut(const struct evidence *e)
{
    struct bytes rest = bytes_slice(e->got, e->match.at, SURE);

    if (e->match.status != MATCH_MISMATCH || rest.len < SURE || !is_known(e->op))
        return NULL;
    for (size_t i = e->match.field + 1; i < e->fields->count; i++)
        if (bytes_equal(rest, bytes_slice(e->due, e->fields->items[i].at, SURE)))
            return arena_printf(e->keep, "part %zu of the reply ends at byte %zu of it, %zu bytes before its end, and part %zu follows: the rest was never sent", e->match.field + 1, e->match.at,
                                e->fields->items[i].at - e->match.at, i + 1);
    return NULL;
}
