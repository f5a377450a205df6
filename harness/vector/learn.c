/*
 * What the peer tells and the conversation says again: an id that a receipt repeats, the handle of a job.
 *
 * Such a field holds a stopgap until the RECEIVE that brings the value is over. Then the ops that say it are made
 * anew, which moves what stands behind it. So is the order in which the peer brings what may come in any: once it is
 * known, the program says it, and whoever reads the program behind the play finds one message behind the other.
 */
#include "archive/objects.h"
#include "vector/program.h"

void value_plus(struct value *v, uint64_t plus)
{
    unsigned bits = v->of.type->width * 8;

    if (!plus)
        return;
    v->number += plus;
    if (bits < 64) // modulo the type, and sign-extended again where it is signed
        v->number = v->of.type->is_signed ? (uint64_t)((int64_t)(v->number << (64 - bits)) >> (64 - bits))
                                          : v->number & (UINT64_MAX >> (64 - bits));
}

bool op_takes(const struct op *op)
{
    for (size_t i = 0; i < op->fields.count; i++)
        if (op->fields.items[i].takes)
            return true;
    return false;
}

/* Cut between all bytes before, it is so again; other cuts stay where they are. */
static void cut_again(struct op *op, struct arena *keep)
{
    size_t len = op->bytes.len, kept = 0;

    if (op->everywhere) {
        op->cut_count = len ? len - 1 : 0;
        op->cuts = ARENA_ARRAY(keep, op->cut_count, size_t);
        for (size_t i = 0; i < op->cut_count; i++)
            op->cuts[i] = i + 1;
        return;
    }
    while (kept < op->cut_count && op->cuts[kept] < len)
        kept++;
    op->cut_count = kept;
}

static void make_anew(struct op *op, unsigned place, const struct value *told, const struct profile *p, struct arena *keep)
{
    CLEANUP(buffer_free) struct buffer made = { 0 };
    struct object_table *table = object_table_new(keep);

    for (size_t i = 0; i < op->fields.count; i++) {
        struct field *f = &op->fields.items[i];
        size_t at = made.len;
        if (f->takes == place) {
            struct value v = *told;
            TEXT(text);
            if (v.of.type->kind == VALUE_INTEGER)
                v.of = f->of;
            else
                f->of = v.of;
            value_plus(&v, f->plus);
            value_store(&made, p, table, &v);
            value_print(&text, &v);
            f->text = arena_string(keep, text_string(&text));
            f->len = made.len - at;
        } else if (!f->any) {
            struct bytes same = bytes_slice(op->bytes, f->at, f->len);
            buffer_append(&made, same.data, same.len);
        }
        f->at = at;
    }
    op->bytes = arena_bytes(keep, buffer_bytes(&made));
    if (op->kind == OP_SEND)
        cut_again(op, keep);
}

void program_learn(struct program *p, size_t at, const struct value *kept, struct arena *keep)
{
    const struct fields *fields = &p->ops[at].fields;

    for (size_t i = 0; i < fields->count; i++) {
        const struct field *f = &fields->items[i];
        if (!f->any)
            continue;
        for (size_t k = at + 1; f->keeps && k < p->count; k++)
            for (size_t t = 0; t < p->ops[k].fields.count; t++)
                if (p->ops[k].fields.items[t].takes == f->keeps) {
                    make_anew(&p->ops[k], f->keeps, kept, &p->profile, keep);
                    break;
                }
        kept++;
    }
}

void program_swap(struct program *p, size_t at, size_t other)
{
    struct op first = p->ops[at];
    struct op *a = &p->ops[at], *b = &p->ops[other];

    *a = *b;
    *b = first;
    b->may = a->may; // what may stand before belongs to the place
    b->may_count = a->may_count;
    a->may = first.may;
    a->may_count = first.may_count;
}

bool program_set_aside(struct program *p, size_t at, struct aside *a, struct arena *keep)
{
    if (p->asides == ASIDES_MAX)
        return false;
    if (p->room <= p->count) {
        p->room = 2 * p->count + 1;
        struct op *more = ARENA_ARRAY(keep, p->room, struct op);
        memcpy(more, p->ops, p->count * sizeof *more);
        p->ops = more;
    }
    memmove(p->ops + at + 1, p->ops + at, (p->count - at) * sizeof *p->ops);
    p->ops[at] = a->op;
    p->count++;
    p->asides++;
    a->left -= a->left != UINT64_MAX;
    return true;
}
