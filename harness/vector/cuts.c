/*
 * Positions are marked in an array with an element for each offset of a message, which orders them and names each once.
 */
#include "vector/cuts.h"

#include "archive/objects.h"
#include "vector/program.h"

#define EDGE       64   // bytes at either end that are always tried
#define SAMPLES    64   // positions drawn in between
#define BLOCK      4096 // bytes of a peer's buffer, at whose boundaries a long message is cut
#define BLOCKS_MAX 64   // boundaries of blocks; of more the first and last half
#define FIELD_TEXT 40   // bytes of a field's value that a position tells

/* A place and one beside it. */
static void mark_around(uint8_t *mark, size_t at)
{
    if (at)
        mark[at - 1] = 1;
    mark[at] = mark[at + 1] = 1;
}

static void mark_fields(const struct op *op, uint8_t *mark)
{
    for (size_t i = 0; i < op->fields.count; i++) {
        mark_around(mark, op->fields.items[i].at);
        mark_around(mark, op->fields.items[i].at + op->fields.items[i].len);
    }
}

void cuts_mark_selection(const struct op *op, struct random *chance, uint8_t *mark)
{
    size_t len = op->bytes.len, blocks = (len - 1) / BLOCK;

    for (size_t i = 0; i < EDGE; i++)
        mark[i] = mark[len - i] = 1;
    mark_fields(op, mark);
    for (size_t i = 1; i <= blocks; i++)
        if (i <= BLOCKS_MAX / 2 || i + BLOCKS_MAX / 2 > blocks)
            mark_around(mark, i * BLOCK);
    for (size_t i = 0; i < SAMPLES; i++)
        mark[random_below(chance, len)] = 1;
}

/* What a field is called, and the beginning of its value. */
static const char *field_name(const struct field *f, struct arena *keep)
{
    const char *name = f->label ? f->label : f->of.type ? f->of.type->mfc : "bytes";
    size_t len = f->text ? strlen(f->text) : 0, told = len < FIELD_TEXT ? len : FIELD_TEXT;

    while (told < len && told > 0 && ((uint8_t)f->text[told] & 0xc0) == 0x80) // never within a character
        told--;
    return len ? arena_printf(keep, "%s %.*s%s", name, (int)told, f->text, told < len ? "…" : "") : name;
}

/* The field that holds the byte behind a cut, or begins with it. */
static const char *field_told(const struct op *op, size_t at, struct arena *keep)
{
    for (size_t i = op->fields.count; i > 0; i--) {
        const struct field *f = &op->fields.items[i - 1];
        if (f->len && f->at <= at)
            return arena_printf(keep, "%s %s", f->at == at ? "before" : "within", field_name(f, keep));
    }
    return "within it";
}

static void cuts_add(struct cuts *to, const struct program *p, size_t op, size_t message, const uint8_t *mark, struct arena *keep)
{
    size_t len = p->ops[op].bytes.len, more = 0;

    for (size_t at = 1; at < len; at++)
        more += mark[at] != 0;
    struct cut *items = ARENA_ARRAY(keep, to->count + more, struct cut);
    if (to->count)
        memcpy(items, to->items, to->count * sizeof *items);
    to->items = items;
    for (size_t at = 1; at < len; at++) {
        if (!mark[at])
            continue;
        const char *field = field_told(&p->ops[op], at, keep);
        to->items[to->count++] = (struct cut){ .op = op, .message = message, .at = at, .field = field,
                                               .what = arena_printf(keep, "message %zu cut at %zu of %zu, %s", message, at, len, field) };
    }
}

/* Whether something in it is as long as the peer will have told: what is behind that is then not tried. */
static bool may_grow(const struct op *op)
{
    for (size_t i = 0; i < op->fields.count; i++)
        if (op->fields.items[i].takes && op->fields.items[i].len == 0)
            return true;
    return false;
}

struct cuts cuts_each(const struct program *p, uint64_t seed, struct arena *keep)
{
    struct cuts out = { 0 };
    size_t message = 0;

    for (size_t i = 0; i < p->count; i++) {
        const struct op *op = &p->ops[i];
        message += op->kind == OP_SEND;
        if (op->kind != OP_SEND || op->pinned)
            continue;
        SCRATCH(scratch);
        uint8_t *mark = arena_alloc(&scratch, op->bytes.len + 2);
        if (op->bytes.len <= EXHAUSTIVE) {
            memset(mark, 1, op->bytes.len);
        } else {
            struct random chance = random_for(seed, p->vector->id, 4000000 + i);
            cuts_mark_selection(op, &chance, mark);
        }
        out.sampled |= op->bytes.len > EXHAUSTIVE || may_grow(op);
        cuts_add(&out, p, i, message, mark, keep);
    }
    return out;
}

/* Lengths, counts and tags within an op's values; table is that of our direction. */
static void mark_landmarks(const struct program *p, const struct op *op, struct object_table *table, uint8_t *mark, struct arena *keep)
{
    struct profile reader = p->profile;

    if (reader.generation == 70)
        reader.generation = 71; // 7.0 reads what 7.1 writes [VAL-9]
    for (size_t i = 0; i < op->fields.count; i++) {
        const struct field *f = &op->fields.items[i];
        struct landmark_list marks = { .keep = keep };
        struct reader r = { .in = bytes_slice(op->bytes, f->at, f->len), .landmarks = &marks };
        struct value ignored;
        if (!f->of.type)
            continue;
        value_load(&r, &reader, table, f->of, keep, &ignored);
        for (size_t k = 0; k < marks.count; k++) {
            mark_around(mark, f->at + marks.items[k].at);
            mark_around(mark, f->at + marks.items[k].at + marks.items[k].len);
        }
    }
    object_table_skip(table, op->entries);
}

struct cuts cuts_fields(const struct program *p, uint64_t seed, struct arena *keep)
{
    SCRATCH(scratch);
    struct object_table **tables = ARENA_ARRAY(&scratch, p->connection_count, struct object_table *);
    struct cuts out = { 0 };
    size_t message = 0;

    (void)seed;
    for (size_t i = 0; i < p->count; i++) {
        const struct op *op = &p->ops[i];
        if (op->kind != OP_SEND)
            continue;
        message++;
        if (!tables[op->on] || op->fresh)
            tables[op->on] = object_table_new(&scratch);
        uint8_t *mark = arena_alloc(&scratch, op->bytes.len + 2);
        mark_fields(op, mark);
        mark_landmarks(p, op, tables[op->on], mark, &scratch);
        out.sampled |= !op->pinned && may_grow(op);
        if (!op->pinned)
            cuts_add(&out, p, i, message, mark, keep);
    }
    return out;
}

void cut_apply(struct program *p, const struct cut *c, struct arena *keep)
{
    struct op *op = &p->ops[c->op];

    op->cuts = ARENA_ARRAY(keep, 1, size_t);
    op->cuts[0] = c->at;
    op->cut_count = 1;
    op->apart = true;
}
