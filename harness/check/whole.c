/*
 * Causes that are seen by a whole message, whatever ops and fields it is judged in: it says what we said, its fields stand in another
 * order, its beginning is missing, or its end is, and what follows was taken for that.
 */
#include "check/evidence.h"

#define TELLING    3 // bytes by which a message is known again: statuses of two bytes are all alike
#define FIELDS_MAX 8 // of a message whose order is looked at

/* A message as it is due, field by field. */
struct whole {
    struct field fields[FIELDS_MAX];
    struct bytes due[FIELDS_MAX];
    size_t count;
};

/* What is read of bytes so far. */
struct taking {
    const struct evidence *e;
    struct bytes from;
    size_t at;
    size_t known; // bytes of it that can only be what they are taken for
};

static size_t place(const struct evidence *e)
{
    return (size_t)(e->op - e->program->ops);
}

/* False: its fields are too many, or none by themselves. */
static bool whole_make(const struct evidence *e, struct whole *out)
{
    const struct program *p = e->program;
    size_t op = place(e);

    *out = (struct whole){ 0 };
    if (e->op->kind != OP_RECEIVE)
        return false;
    for (size_t before; (before = part_before(p, op)) != SIZE_MAX;)
        op = before;
    for (; op != SIZE_MAX; op = part_behind(p, op))
        for (size_t i = 0; i < p->ops[op].fields.count; i++) {
            const struct field *f = &p->ops[op].fields.items[i];
            if (out->count == FIELDS_MAX || !f->of.type || f->measured || f->by_value)
                return false;
            out->fields[out->count] = *f;
            out->due[out->count++] = f->any ? (struct bytes){ 0 } : bytes_slice(p->ops[op].bytes, f->at, f->len);
        }
    return out->count > 1;
}

/* No character that nobody writes, and one at least. */
static bool is_words(const struct value *v)
{
    size_t step = v->wide ? 2 : 1;
    bool is = v->data.len >= step;

    for (size_t at = 0; is && at + step <= v->data.len; at += step)
        is = v->data.data[at] >= ' ' || (step == 2 && v->data.data[at + 1]);
    return is;
}

/* Takes a field from where one stands: its bytes, or any text where it may be any. A number that may be any proves nothing. */
static bool take(struct taking *t, const struct field *f, struct bytes due)
{
    struct bytes left = bytes_slice(t->from, t->at, SIZE_MAX);
    struct reader r = { .in = left };
    struct value v;

    if (!f->any) {
        t->at += due.len;
        t->known += due.len;
        return bytes_begin(due, left);
    }
    value_load(&r, &t->e->program->profile, NULL, f->of, t->e->keep, &v);
    t->at += r.at;
    return r.status == WIRE_OK && f->of.type->kind == VALUE_STRING && is_words(&v);
}

/* Whether nothing stands behind what was taken, or what should. */
static bool is_all(const struct taking *t)
{
    struct bytes rest = bytes_slice(t->from, t->at, SIZE_MAX);

    return rest.len == 0 || comes_later(t->e, rest);
}

/* ---- our own words ---- */

/* Whether what came are the values of an op's words, field by field, be its texts of one width or the other, and not those that are due; and
 * nothing behind them. */
static bool says_values(const struct evidence *e, const struct op *ours)
{
    struct reader said = { .in = ours->bytes }, came = { .in = e->got }, should = { .in = e->due };
    struct value a, b, c;
    bool right = true;

    for (size_t i = 0; i < ours->fields.count; i++) {
        const struct field *of = &ours->fields.items[i], *due = &e->fields->items[i];
        if (!of->of.type || !due->of.type || of->of.type->kind != due->of.type->kind || (of->of.type->kind == VALUE_INTEGER && of->of.type->width != due->of.type->width))
            return false;
        value_load(&said, &e->program->profile, NULL, of->of, e->keep, &a);
        value_load(&came, &e->program->profile, NULL, due->of, e->keep, &b);
        value_load(&should, &e->program->profile, NULL, due->of, e->keep, &c);
        if (said.status != WIRE_OK || came.status != WIRE_OK || should.status != WIRE_OK || !value_equal(&a, &b))
            return false;
        right &= value_equal(&b, &c);
    }
    const struct taking t = { .e = e, .from = e->got, .at = came.at };
    return !right && said.at == ours->bytes.len && said.at > TELLING && is_all(&t);
}

/* The last of our words before the op, on its connection or on others, of which the values came; NULL: none. */
static const struct op *said_so(const struct evidence *e, bool here)
{
    const struct program *p = e->program;

    for (size_t i = place(e); i-- > 0;)
        if (p->ops[i].kind == OP_SEND && (p->ops[i].on == e->op->on) == here && p->ops[i].fields.count == e->fields->count && says_values(e, &p->ops[i]))
            return &p->ops[i];
    return NULL;
}

const char *cause_own_values(const struct evidence *e)
{
    return said_so(e, true) ? "what came is what we had said, value by value" : NULL;
}

const char *cause_said_elsewhere(const struct evidence *e)
{
    const struct op *said = e->fields->count > 1 ? said_so(e, false) : NULL;

    return said ? arena_printf(e->keep, "what came is what we had said on connection %s, and something else was due of it", e->program->connections[said->on]) : NULL;
}

/* ---- another order ---- */

/* Whether the fields came in that order. */
static bool came_as(const struct evidence *e, const struct whole *w, const size_t *order)
{
    struct taking t = { .e = e, .from = message_came(e) };
    bool is = true;

    for (size_t i = 0; is && i < w->count; i++)
        is = take(&t, &w->fields[order[i]], w->due[order[i]]);
    return is && t.at > TELLING && t.known && is_all(&t);
}

/* Their order, but that one stands elsewhere, or that two have changed places. */
static void turn(size_t *order, size_t count, size_t from, size_t to, bool both)
{
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    if (!both && from < to)
        memmove(order + from, order + from + 1, (to - from) * sizeof *order);
    else if (!both)
        memmove(order + to + 1, order + to, (from - to) * sizeof *order);
    else
        order[from] = to;
    order[to] = from;
}

static const char *named(const struct evidence *e, const struct field *f)
{
    return f->label ? arena_printf(e->keep, "%s (%s)", f->of.type->mfc, f->label) : f->of.type->mfc;
}

/* Whether two fields have a byte each: then it may as well be a number whose bytes are exchanged. */
static bool is_of_a_byte(const struct whole *w, size_t a, size_t b)
{
    return w->due[a].len == 1 && w->due[b].len == 1;
}

const char *cause_fields_turned(const struct evidence *e)
{
    struct whole w;
    size_t order[FIELDS_MAX];

    if (!whole_make(e, &w))
        return NULL;
    for (size_t from = 0; from < w.count; from++)
        for (size_t to = from + 1; to < w.count; to++) {
            turn(order, w.count, from, to, true);
            if (!is_of_a_byte(&w, from, to) && came_as(e, &w, order))
                return arena_printf(e->keep, "the fields stand in another order: %s and %s, fields %zu and %zu, have changed places", named(e, &w.fields[from]), named(e, &w.fields[to]), from + 1, to + 1);
        }
    for (size_t from = 0; from < w.count; from++)
        for (size_t to = 0; to < w.count; to++) {
            turn(order, w.count, from, to, false);
            if (from + 1 != to && to + 1 != from && from != to && came_as(e, &w, order)) // those beside each other have been looked at
                return arena_printf(e->keep, "the fields stand in another order: %s, which is due as field %zu, came as field %zu", named(e, &w.fields[from]), from + 1, to + 1);
        }
    return NULL;
}

/* ---- the text of another field ---- */

/* The value that is due of a field. */
static struct value due_of(const struct evidence *e, const struct field *f, struct bytes due)
{
    struct reader r = { .in = due };
    struct value v;

    value_load(&r, &e->program->profile, NULL, f->of, e->keep, &v);
    return v;
}

/* Whether all is right but for a text, the i-th field, which is read into *out. */
static bool is_right_but(const struct evidence *e, const struct whole *w, size_t i, struct value *out)
{
    struct taking t = { .e = e, .from = message_came(e) };
    bool is = !w->fields[i].any && w->fields[i].of.type->kind == VALUE_STRING;

    for (size_t k = 0; is && k < w->count; k++) {
        struct reader r = { .in = bytes_slice(t.from, t.at, SIZE_MAX) };
        if (k != i) {
            is = take(&t, &w->fields[k], w->due[k]);
            continue;
        }
        value_load(&r, &e->program->profile, NULL, w->fields[k].of, e->keep, out);
        is = r.status == WIRE_OK;
        t.at += r.at;
    }
    return is && is_all(&t);
}

const char *cause_text_of_another(const struct evidence *e)
{
    struct whole w;
    struct value came;

    if (!whole_make(e, &w))
        return NULL;
    for (size_t i = 0; i < w.count; i++) {
        if (!is_right_but(e, &w, i, &came) || !came.data.len)
            continue;
        for (size_t k = 0; k < w.count; k++) {
            bool text = k != i && !w.fields[k].any && w.fields[k].of.type->kind == VALUE_STRING;
            struct value other = text ? due_of(e, &w.fields[k], w.due[k]) : (struct value){ 0 };
            if (text && value_equal(&came, &other))
                return arena_printf(e->keep, "field %zu, a %s, has the text that is due as field %zu", i + 1, named(e, &w.fields[i]), k + 1);
        }
    }
    return NULL;
}

/* ---- a stream that is written as text ---- */

const char *cause_written_as_text(const struct evidence *e)
{
    CLEANUP(buffer_free) struct buffer b = { 0 };
    size_t lines = 0;

    for (size_t i = 0; i < e->due.len; i++) {
        if (e->due.data[i] == '\n')
            buffer_append(&b, "\r", 1);
        lines += e->due.data[i] == '\n';
        buffer_append(&b, &e->due.data[i], 1);
    }
    const struct taking t = { .e = e, .from = e->got, .at = b.len };
    if (e->match.status != MATCH_MISMATCH || !lines || b.len - lines <= TELLING || !bytes_begin(buffer_bytes(&b), e->got) || !is_all(&t))
        return NULL;
    return lines == 1 ? "before the byte 0A stands a 0D: the stream is written as text" : arena_printf(e->keep, "before each of the %zu bytes 0A stands a 0D: the stream is written as text", lines);
}

/* ---- a part of it is missing ---- */

const char *cause_head_missing(const struct evidence *e)
{
    struct whole w;

    if (!whole_make(e, &w) || !refusal_due(e->program, place(e), e->keep))
        return NULL;
    struct taking t = { .e = e, .from = message_came(e) };
    bool is = true;
    for (size_t i = 1; is && i < w.count; i++)
        is = take(&t, &w.fields[i], w.due[i]);
    if (!is || !is_all(&t))
        return NULL;
    return arena_printf(e->keep, "the refusal came without its first %zu bytes, the %s", w.due[0].len, named(e, &w.fields[0]));
}

#define TAIL_MAX 4 // bytes of what follows that may have been taken for the end of a reply

const char *cause_taken_for_end(const struct evidence *e)
{
    const struct evidence *b = e->before;

    if (!b || !b->fields->count || !b->field->any || b->field->of.type->kind != VALUE_STRING || e->op->kind != OP_RECEIVE)
        return NULL;
    size_t len = b->got.len - e->got.len, last = len - b->match.start;
    for (size_t n = 1; n <= last && n <= TAIL_MAX; n++) {
        struct bytes from = bytes_slice(b->got, len - n, SIZE_MAX);
        struct match m = match_fields(from, e->due, e->fields, &e->program->profile, NULL, e->keep);
        if (m.status == MATCH_DONE && m.len > TELLING)
            return arena_printf(e->keep, "what was taken for the last %zu byte%s of the reply before is the beginning of this one: of that only %zu byte%s came", n, n == 1 ? "" : "s", len - n,
                                len - n == 1 ? "" : "s");
    }
    return NULL;
}

/* Whether what came is what is due, but for n bytes less at several places, each of them between bytes that are right, and then perhaps at its end. */
static bool lacks_often(const struct evidence *e, size_t n, size_t *places)
{
    size_t due = e->match.at, got = due;

    for (*places = 0; due < e->due.len;) {
        if (got < e->got.len && e->due.data[due] == e->got.data[got]) {
            due++;
            got++;
            continue;
        }
        size_t known = e->due.len - due > n ? e->due.len - due - n : 0;
        known = known < TELLING + 1 ? known : TELLING + 1;
        if (got == e->got.len && e->due.len - due == n && *places > 1) {
            ++*places; // its last bytes as well
            return true;
        }
        if (!known || got + known > e->got.len || memcmp(e->due.data + due + n, e->got.data + got, known) != 0)
            return false;
        due += n;
        ++*places;
    }
    return got == e->got.len || comes_later(e, bytes_slice(e->got, got, SIZE_MAX));
}

#define LACKS_MAX 8 // bytes that are missing at a time

const char *cause_missing_often(const struct evidence *e)
{
    size_t places;

    for (size_t n = 1; n <= LACKS_MAX && e->match.status == MATCH_MISMATCH; n++)
        if (lacks_often(e, n, &places) && places > 1)
            return arena_printf(e->keep, "%zu byte%s of what was due %s missing at each of %zu places, from byte %zu on", n, n == 1 ? "" : "s", n == 1 ? "is" : "are", places, e->match.at);
    return NULL;
}
