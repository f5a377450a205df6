/*
 * What a client must say first: its words up to where they follow from what is not known beforehand. So a conversation is told from most cases
 * without compiling each of them for it.
 */
#include "vector/program.h"

/* A client's words as far as they are known. False: the opening ends amid them. */
static bool words_add(const struct op *op, struct buffer *bytes, struct buffer *free)
{
    size_t at = 0;

    for (size_t i = 0; i < op->fields.count && bytes->len < OPENING_MAX; i++) {
        const struct field *f = &op->fields.items[i];
        bool chosen = f->drawn && f->len == f->of.type->width;
        if ((!f->same && !chosen) || f->at != at)
            return false;
        at += f->len;
        buffer_append(bytes, op->bytes.data + f->at, f->len);
        memset(buffer_reserve(free, f->len), chosen, f->len);
        free->len += f->len;
    }
    return at == op->bytes.len && bytes->len < OPENING_MAX;
}

struct opening program_opening(const struct vector *v, const struct profile *p, const char *on, struct arena *keep)
{
    CLEANUP(buffer_free) struct buffer bytes = { 0 };
    CLEANUP(buffer_free) struct buffer free = { 0 };
    struct opening out = { 0 };
    struct program program;
    struct error ignored;
    bool at_once = true, goes_on = true;
    SCRATCH(own);

    if (!program_compile(v, p, 0, PARTY_CLIENT, &own, &program, &ignored))
        return out;
    for (size_t i = 0; i < program.count && goes_on; i++) {
        const struct op *op = &program.ops[i];
        if (op->kind == OP_OPEN || strcmp(program.connections[op->on], on) != 0)
            continue;
        if (op->kind == OP_SEND)
            goes_on = words_add(op, &bytes, &free);
        else if (op->kind == OP_SILENT && op->bytes.len)
            goes_on = false; // the client may say a probe there
        if (at_once && op->kind == OP_SEND)
            out.first = bytes.len;
        at_once = false;
    }
    out.bytes = arena_bytes(keep, bytes_slice(buffer_bytes(&bytes), 0, OPENING_MAX));
    out.free = arena_bytes(keep, bytes_slice(buffer_bytes(&free), 0, OPENING_MAX));
    return out;
}

size_t opening_differs(const struct opening *o, struct bytes said)
{
    for (size_t i = 0; i < o->bytes.len && i < said.len; i++)
        if (o->bytes.data[i] != said.data[i] && !o->free.data[i])
            return i;
    return SIZE_MAX;
}
