#include "check/hypotheses.h"

/* A value that was said on the connection, or bytes that are none. */
struct part {
    const struct op *op;
    const struct field *field;
    bool ours;
    bool is_value;
    struct value value;
    struct bytes plain;
};

struct history {
    const struct evidence *e;
    struct part *parts;
    size_t count;
    size_t due;          // from this part on it is what is due
    size_t asked, asked_end; // parts of our last words before
    uint64_t asked_objects;  // that we had carried before these
    bool has_objects;    // what is due carries objects or classes
    size_t told;         // part of what is due that is the text of what we had asked; its count: none
    size_t told_from;    // … of the parts from this one to asked_end
};

static bool carries(const struct value *v)
{
    if (v->of.type->kind == VALUE_OBJECT || v->of.type->kind == VALUE_CLASS)
        return true;
    for (size_t i = 0; v->items && i < v->count; i++)
        if (carries(&v->items[i]))
            return true;
    return false;
}

static void add_parts(struct history *h, const struct op *op, const struct fields *fields, struct bytes bytes, bool ours, struct object_table *table)
{
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *f = &fields->items[i];
        struct part *p = &h->parts[h->count++];
        *p = (struct part){ .op = op, .field = f, .ours = ours, .plain = f->any ? (struct bytes){ 0 } : bytes_slice(bytes, f->at, f->len) };
        if (!f->of.type || f->any)
            continue;
        struct reader r = { .in = p->plain, .written = true };
        value_load(&r, &h->e->program->profile, table, f->of, h->e->keep, &p->value);
        p->is_value = r.status == WIRE_OK && r.at == p->plain.len;
    }
}

/* Whether a due text is what the values say that we had asked about. */
static bool tells(struct history *h, const struct value *text, size_t from)
{
    TEXT(said);
    size_t step = text->wide ? 2 : 1;

    for (size_t i = from; i < h->asked_end; i++) {
        if (!h->parts[i].is_value)
            return false;
        text_add(&said, i > from ? " " : "");
        value_text(&said, &h->parts[i].value);
    }
    struct bytes is = buffer_bytes(&said.b);
    if (is.len == 0 || is.len * step != text->data.len)
        return false;
    for (size_t i = 0; i < is.len; i++)
        if (text->data.data[i * step] != is.data[i])
            return false;
    return true;
}

static void find_told(struct history *h)
{
    h->told = h->count;
    for (size_t i = h->due; i < h->count; i++)
        for (size_t from = h->asked; h->parts[i].is_value && h->parts[i].value.of.type->kind == VALUE_STRING && from < h->asked_end; from++)
            if (tells(h, &h->parts[i].value, from)) {
                h->told = i;
                h->told_from = from;
                return;
            }
}

static void history_make(const struct evidence *e, struct history *h)
{
    const struct program *p = e->program;
    size_t at = (size_t)(e->op - p->ops), room = e->fields->count;
    struct object_table *tables[2] = { object_table_new(e->keep), object_table_new(e->keep) };

    *h = (struct history){ .e = e };
    for (size_t i = 0; i < at; i++)
        room += p->ops[i].on == e->op->on ? p->ops[i].fields.count : 0;
    h->parts = ARENA_ARRAY(e->keep, room + 1, struct part);
    for (size_t i = 0; i < at; i++) {
        const struct op *op = &p->ops[i];
        bool ours = op->kind == OP_SEND;
        if (op->on != e->op->on || (!ours && op->kind != OP_RECEIVE))
            continue;
        if (op->fresh)
            tables[ours] = object_table_new(e->keep);
        if (ours) {
            h->asked = h->count;
            h->asked_objects = object_table_objects(tables[1]);
        }
        add_parts(h, op, &op->fields, op->bytes, ours, tables[ours]);
        object_table_skip(tables[ours], op->entries);
        h->asked_end = ours ? h->count : h->asked_end;
    }
    h->due = h->count;
    if (e->op->fresh)
        tables[0] = object_table_new(e->keep);
    add_parts(h, e->op, e->fields, e->due, false, tables[0]);
    for (size_t i = h->due; i < h->count; i++)
        h->has_objects |= h->parts[i].is_value && carries(&h->parts[i].value);
    find_told(h);
}

/* What a reader that makes the mistake takes for the values, as text. False: it would not get through. */
static bool misread(const struct history *h, const struct mistake *m, struct text *said, const char **about)
{
    const struct profile *p = &h->e->program->profile;
    struct writing *w = writing_new(m, p, h->e->keep);
    struct object_table *table = object_table_new(h->e->keep);

    for (size_t i = h->told_from; i < h->asked_end; i++) {
        const struct value *v = &h->parts[i].value;
        CLEANUP(buffer_free) struct buffer wire = { 0 };
        if (carries(v))
            return false;
        writing_put(w, v, &wire);
        struct reader r = { .in = arena_bytes(h->e->keep, buffer_bytes(&wire)), .written = true };
        struct value seen;
        value_load(&r, p, table, v->of, h->e->keep, &seen);
        if (r.status != WIRE_OK || r.at != r.in.len)
            return false;
        text_add(said, i > h->told_from ? " " : "");
        value_text(said, &seen);
    }
    *about = writing_about(w);
    return true;
}

struct prediction {
    struct buffer bytes;
    size_t upto;        // behind the field that differs
    size_t complete;    // as much as can be said
    const char *about;
    bool told;
};

/* Puts in front of what is due what came before it: where the object tables stand. */
static void replay(const struct history *h, struct writing *w)
{
    const struct op *op = NULL;
    CLEANUP(buffer_free) struct buffer lost = { 0 };

    for (size_t i = 0; i < h->due; i++) {
        const struct part *p = &h->parts[i];
        if (p->op != op && !p->ours)
            writing_message(w, p->op->fresh);
        op = p->op;
        lost.len = 0;
        if (p->is_value && p->ours)
            writing_heard(w, &p->value);
        else if (p->is_value)
            writing_put(w, &p->value, &lost);
        else if (!p->ours && p->op->entries && p->field == p->op->fields.items)
            writing_skip(w, p->op->entries);
    }
    writing_message(w, h->e->op->fresh);
}

static void predict(const struct history *h, const struct mistake *m, struct prediction *out)
{
    const struct evidence *e = h->e;
    struct writing *w = writing_new(m, &e->program->profile, e->keep);
    bool open = false;

    if (h->has_objects)
        replay(h, w);
    for (size_t i = h->due; i < h->count; i++) {
        const struct part *p = &h->parts[i];
        size_t field = i - h->due;
        if (i == h->told && m->reads) {
            TEXT(said);
            const char *about;
            struct value text = p->value;
            if (misread(h, m, &said, &about)) {
                static const struct mistake none = { .deed = DEED_NONE };
                struct writing *right = writing_new(&none, &e->program->profile, e->keep);
                text.wide = false;
                text.data = buffer_bytes(&said.b);
                writing_put(right, &text, &out->bytes);
                out->told = true;
                out->about = about;
            } else {
                buffer_append(&out->bytes, p->plain.data, p->plain.len);
            }
        } else if (p->field->any) { // as it came, as far as that can be told
            open |= field >= e->match.field;
            if (field < e->match.field)
                buffer_append(&out->bytes, e->got.data + e->match.starts[field], e->match.starts[field + 1] - e->match.starts[field]);
        } else if (p->is_value) {
            writing_put(w, &p->value, &out->bytes);
        } else {
            buffer_append(&out->bytes, p->plain.data, p->plain.len);
        }
        if (!open)
            out->complete = out->bytes.len;
        if (field == e->match.field)
            out->upto = out->complete;
    }
    if (!out->about)
        out->about = writing_about(w);
}

/* Whether behind what a hypothesis explains there stands nothing, or what should. */
static bool goes_right(const struct evidence *e, struct bytes rest)
{
    const struct program *p = e->program;

    if (rest.len == 0)
        return true;
    for (size_t i = (size_t)(e->op - p->ops) + 1; i < p->count; i++)
        if (p->ops[i].on == e->op->on && p->ops[i].kind == OP_RECEIVE) {
            struct bytes due = p->ops[i].bytes;
            if (due.len && due.len <= rest.len && memcmp(due.data, rest.data, due.len) == 0)
                return true;
            break;
        }
    return p->probe.answer.len && rest.len >= p->probe.answer.len && memcmp(rest.data, p->probe.answer.data, p->probe.answer.len) == 0;
}

/* 3: all that came; 2: it is what came begins with; 1: only the field that differs; 0: it is not that. */
static unsigned explains(const struct evidence *e, const struct prediction *p)
{
    struct bytes is = bytes_slice(buffer_bytes(&p->bytes), 0, p->complete);
    struct bytes field = bytes_slice(is, 0, p->upto);

    if (bytes_equal(is, e->due) || field.len == 0 || field.len > e->got.len || memcmp(field.data, e->got.data, field.len) != 0)
        return 0;
    if (is.len > e->got.len || memcmp(is.data, e->got.data, is.len) != 0)
        return field.len > e->match.at;
    if (goes_right(e, bytes_slice(e->got, is.len, SIZE_MAX)))
        return 3;
    return is.len > e->match.at ? 2 : 0;
}

static bool is_typed(enum deed d)
{
    return d == DEED_SWAP || d == DEED_SIZE || d == DEED_SIZE_UNSIGNED;
}

static bool is_about_tables(enum deed d)
{
    return d >= DEED_TABLE_PER_MESSAGE;
}

struct search {
    const struct history *h;
    unsigned best;
    struct explained *out;
};

/* A wider form of what was found already: all numbers where one type would do. */
static bool is_wider(const struct mistake *found, const struct mistake *m)
{
    return strcmp(found->key, m->key) == 0 && (m->deed == found->deed || m->deed == DEED_SWAP_ALL);
}

static void try_one(struct search *s, const struct mistake *m)
{
    struct prediction p = { 0 };

    predict(s->h, m, &p);
    unsigned rank = explains(s->h->e, &p);
    if (rank > s->best) {
        *s->out = (struct explained){ .by = *m, .about = p.about, .told = p.told };
        s->best = rank;
    } else if (rank && rank == s->best && s->out->others < OTHERS_MAX && !is_wider(&s->out->by, m)) {
        s->out->other[s->out->others] = *m;
        s->out->other_about[s->out->others++] = p.about;
    }
    buffer_free(&p.bytes);
}

static size_t names_of(const struct history *h, const char **names, size_t most)
{
    size_t n = 0;

    for (size_t i = h->due; i < h->count; i++)
        if (h->parts[i].is_value)
            n = value_numbers(&h->parts[i].value, names, n, most);
    for (size_t i = h->told_from; h->told < h->count && i < h->asked_end; i++)
        n = value_numbers(&h->parts[i].value, names, n, most);
    return n;
}

bool hypothesis_find(const struct evidence *e, unsigned least, struct explained *out)
{
    struct history h;
    const char *names[16];

    if (e->match.field >= e->fields->count || e->got.len == 0)
        return false;
    history_make(e, &h);
    struct search s = { .h = &h, .out = out, .best = 0 };
    size_t n = names_of(&h, names, COUNT_OF(names));
    for (const struct mistake *m = mistake_table; m < mistake_table + mistake_count; m++) {
        if (is_about_tables(m->deed) && !h.has_objects)
            continue;
        struct mistake one = *m;
        for (size_t i = 0; is_typed(m->deed) && i < n; i++) {
            one.of = names[i];
            try_one(&s, &one);
        }
        one.of = NULL;
        if (!is_typed(m->deed) || m->deed == DEED_SWAP)
            try_one(&s, &one);
    }
    return s.best && s.best >= least;
}

static bool refers(const struct value *v, uint64_t before)
{
    if (v->of.type->kind == VALUE_OBJECT && !v->class && v->number && v->number <= before)
        return true;
    for (size_t i = 0; v->items && i < v->count; i++)
        if (refers(&v->items[i], before))
            return true;
    return false;
}

void asked_last(const struct evidence *e, struct asked *out)
{
    struct history h;

    history_make(e, &h);
    struct value *values = ARENA_ARRAY(e->keep, h.asked_end - h.asked + 1, struct value);
    *out = (struct asked){ .values = values, .objects = h.asked_objects };
    for (size_t i = h.asked; i < h.asked_end; i++) {
        if (!h.parts[i].is_value)
            continue;
        const struct value *v = &h.parts[i].value;
        values[out->count++] = *v;
        // A class that was described before is referred to by a tag whose highest bit is set, but for FFFF [6.1].
        struct bytes wire = h.parts[i].plain;
        bool tag = v->of.type->kind == VALUE_OBJECT || v->of.type->kind == VALUE_CLASS;
        out->refers |= refers(v, h.asked_objects) ||
                       (tag && wire.len >= 2 && wire.data[1] >= 0x80 && !(wire.data[0] == 0xff && wire.data[1] == 0xff));
    }
}
