/*
 * A reply that reads well to its end, in which several values are other ones.
 */
#include "check/several.h"

#include "check/history.h"

bool says_again(const struct evidence *e, const struct field *f)
{
    struct history h;

    history_make(e, &h);
    for (size_t i = h.due; i < h.count; i++)
        if (h.parts[i].field == f && h.shows[i] != SIZE_MAX)
            return true;
    return false;
}

#define NUMBER_MIN 4 // bytes of what counts something: a status has fewer

/* By how much a number is another one, if it may be that of something that is counted; 0: it is no such number. */
static int64_t more(const struct evidence *e, const struct field *f, const struct value *came)
{
    struct reader d = { .in = bytes_slice(e->due, f->at, f->len) };
    struct value due;

    if (f->of.type->kind != VALUE_INTEGER || f->of.type->width < NUMBER_MIN || f->plus || says_again(e, f))
        return 0;
    value_load(&d, &e->program->profile, NULL, f->of, e->keep, &due);
    return (int64_t)(came->number - due.number);
}

/* How many values are others from the one that differs on, and by how much: 0 where not all by as much. Nothing else came behind them that
 * is not due; else none are. */
static size_t others(const struct evidence *e, int64_t *by)
{
    SCRATCH(scratch);
    struct reader r = { .in = bytes_slice(e->got, e->match.start, SIZE_MAX) };
    struct object_mark mark = e->table ? object_table_mark(e->table) : (struct object_mark){ 0 };
    size_t n = 0;

    for (size_t i = e->match.field; i < e->fields->count && r.status == WIRE_OK; i++) {
        const struct field *f = &e->fields->items[i];
        struct value seen;
        size_t begin = r.at;
        if (!f->of.type || f->measured) {
            r.status = WIRE_BAD;
            break;
        }
        value_load(&r, &e->program->profile, e->table, f->of, &scratch, &seen);
        struct bytes is = bytes_slice(r.in, begin, r.at - begin);
        if (r.status != WIRE_OK || f->any || bytes_equal(is, bytes_slice(e->due, f->at, f->len)))
            continue;
        int64_t one = more(e, f, &seen);
        *by = n == 0 || *by == one ? one : 0;
        n++;
    }
    if (e->table)
        object_table_rollback(e->table, mark);
    struct bytes rest = bytes_slice(r.in, r.at, SIZE_MAX);
    return r.status == WIRE_OK && (rest.len == 0 || comes_later(e, rest)) ? n : 0;
}

static const char *type_name(const struct evidence *e)
{
    return e->field->of.type->mfc;
}

/* Whether it begins as the reply that is due. */
static bool begins_so(const struct evidence *e)
{
    return e->field && e->match.field > 0 && e->field->of.type && !e->field->any;
}

const char *cause_several_off(const struct evidence *e)
{
    int64_t by = 0;
    size_t n = begins_so(e) ? others(e, &by) : 0;

    if (n < 2 || (by != 1 && by != -1))
        return NULL;
    return arena_printf(e->keep, "%zu numbers of the reply are one too %s, the %s first", n, by > 0 ? "large" : "small", type_name(e));
}

const char *cause_wrong_values(const struct evidence *e)
{
    int64_t by = 0;
    size_t n = begins_so(e) ? others(e, &by) : 0;

    if (n < 2)
        return NULL;
    return arena_printf(e->keep, "the reply reads well, and %zu of its values are other ones, the %s first", n, type_name(e));
}

#define SIZE_MOST 16 // bytes that a number may take

/* What is due behind the field, in the message of which the op is a part. */
static struct bytes left_of_message(const struct evidence *e)
{
    CLEANUP(buffer_free) struct buffer b = { 0 };
    struct bytes left = bytes_slice(e->due, e->field->at + e->field->len, SIZE_MAX);
    const struct program *p = e->program;

    buffer_append(&b, left.data, left.len);
    for (size_t k = part_behind(p, (size_t)(e->op - p->ops)); k != SIZE_MAX; k = part_behind(p, k))
        buffer_append(&b, p->ops[k].bytes.data, p->ops[k].bytes.len);
    return arena_bytes(e->keep, buffer_bytes(&b));
}

/* Whether so many bytes behind the beginning of the field stands what is due behind it, and all is right from there on. */
static bool goes_on_at(const struct evidence *e, size_t size)
{
    struct bytes left = left_of_message(e), rest = bytes_slice(e->got, e->match.start + size, SIZE_MAX);

    if (e->match.start + size > e->got.len || left.len > rest.len || (left.len && memcmp(left.data, rest.data, left.len) != 0))
        return false;
    struct bytes behind = bytes_slice(rest, left.len, SIZE_MAX);
    return behind.len == 0 || comes_later(e, behind) || begins_refusal(e->program, behind, e->keep);
}

const char *cause_other_size(const struct evidence *e)
{
    const struct type *t = e->field && !e->field->any ? e->field->of.type : NULL;
    size_t width = t && (t->kind == VALUE_INTEGER || t->kind == VALUE_FLOAT || t->kind == VALUE_DOUBLE) ? t->width : 0;

    if (!width || width != e->field->len || goes_on_at(e, width))
        return NULL;
    if (width == 1 && e->field->at + width == e->due.len)
        return NULL; // nothing stands behind it by which its end is known, and another byte may be any
    for (size_t size = 1; size <= SIZE_MOST; size++)
        if (size != width && goes_on_at(e, size))
            return arena_printf(e->keep, "%s takes %zu byte%s, where %zu %s due", t->mfc, size, size == 1 ? "" : "s", width, width == 1 ? "is" : "are");
    return NULL;
}
