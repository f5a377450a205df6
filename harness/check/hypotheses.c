#include "check/hypotheses.h"

/* A value that was said on the connection, or bytes that are none. */
struct part {
    const struct op *op;
    const struct field *field;
    size_t index;        // of the field in its op
    bool ours;
    bool is_value;
    struct value value;
    struct bytes plain;
};

#define MANY         2000 // objects that were carried, beyond which only mistakes about objects are looked for
#define MESSAGES_MAX 64 // of ours that are looked at, in a row

struct history {
    const struct evidence *e;
    struct part *parts;
    size_t count, room;
    size_t due;          // from this part on it is what is due
    size_t asked, asked_end; // parts of the words of ours that it answers
    size_t said_end;     // behind our last
    uint64_t asked_objects;  // that we had carried before these
    bool has_objects;    // what is due carries objects or classes
    bool many;           // and so many were carried that not all can be tried
    uint64_t units;      // of the longest string, at least 1 where there is one
    size_t told;         // part of what is due that is the text of what we had asked; its count: none
    size_t told_from, told_to; // … of the parts from this one on, up to that
    const struct value *named; // a string of it, which may name types
    size_t messages[MESSAGES_MAX]; // parts at which those of our messages begin that have not been answered yet
    size_t message_count;
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

static struct part *add_part(struct history *h, const struct part *p)
{
    if (h->count == h->room) {
        h->room = h->room ? 2 * h->room : 64;
        struct part *more = ARENA_ARRAY(h->e->keep, h->room, struct part);
        if (h->count)
            memcpy(more, h->parts, h->count * sizeof *more);
        h->parts = more;
    }
    h->parts[h->count] = *p;
    return &h->parts[h->count++];
}

#define NAMED_MAX 16 // types that a string may name

/* The types that a string names, joined by commas; 0: it names none. */
static size_t types_named(const struct value *v, struct type_ref *types, struct arena *keep)
{
    size_t step = v->wide ? 2 : 1, n = 0;
    struct error ignored;
    TEXT(name);

    for (size_t i = 0; v->data.len <= 200 * step && i <= v->data.len; i += step) {
        char c = i < v->data.len ? (char)v->data.data[i] : ',';
        if (c != ',') {
            text_char(&name, c);
            continue;
        }
        if (n == NAMED_MAX || !type_parse(arena_string(keep, text_string(&name)), &types[n++], &ignored))
            return 0;
        name.b.len = 0;
    }
    return n;
}

/* Bytes that a case has as they are: a string before them may have named what they hold. */
static bool add_named(struct history *h, const struct part *raw, struct object_table *table)
{
    struct type_ref types[NAMED_MAX];
    struct object_mark mark = object_table_mark(table);
    struct reader r = { .in = raw->plain, .written = true };
    size_t begin = h->count, n = h->named ? types_named(h->named, types, h->e->keep) : 0;

    for (size_t i = 0; i < n; i++) {
        struct part p = *raw;
        size_t from = r.at;
        value_load(&r, &h->e->program->profile, table, types[i], h->e->keep, &p.value);
        p.plain = bytes_slice(raw->plain, from, r.at - from);
        p.is_value = true;
        add_part(h, &p);
    }
    if (n && r.status == WIRE_OK && r.at == raw->plain.len)
        return true;
    h->count = begin;
    object_table_rollback(table, mark);
    return false;
}

static void name_types(struct history *h, const struct value *v)
{
    struct value *named = ARENA_NEW(h->e->keep, struct value);

    *named = *v;
    h->named = named;
}

static void message_add(struct history *h)
{
    if (h->message_count < MESSAGES_MAX)
        h->messages[h->message_count++] = h->count;
}

static void add_parts(struct history *h, const struct op *op, const struct fields *fields, struct bytes bytes, bool ours, struct object_table *table)
{
    bool seen = false;

    for (size_t i = 0; i < fields->count; i++) {
        const struct field *f = &fields->items[i];
        struct part p = { .op = op, .field = f, .index = i, .ours = ours, .plain = f->any ? (struct bytes){ 0 } : bytes_slice(bytes, f->at, f->len) };
        if (!f->of.type && !f->any && add_named(h, &p, table)) {
            seen = true;
            continue;
        }
        if (f->of.type && !f->any) {
            struct reader r = { .in = p.plain, .written = true };
            value_load(&r, &h->e->program->profile, table, f->of, h->e->keep, &p.value);
            p.is_value = r.status == WIRE_OK && r.at == p.plain.len;
        }
        for (size_t m = 0; ours && m < op->message_count; m++)
            if (op->messages[m] == f->at)
                message_add(h);
        struct part *kept = add_part(h, &p);
        if (ours && kept->is_value && kept->value.of.type->kind == VALUE_STRING)
            name_types(h, &kept->value);
    }
    if (!seen)
        object_table_skip(table, op->entries);
}

/* The part behind the values from `from` on that a text tells, or 0. */
static size_t tells(struct history *h, const struct value *text, size_t from)
{
    TEXT(said);
    size_t step = text->wide ? 2 : 1;

    for (size_t i = from; i < h->asked_end && h->parts[i].is_value; i++) {
        text_add(&said, i > from ? " " : "");
        value_text(&said, &h->parts[i].value);
        struct bytes is = buffer_bytes(&said.b);
        if (is.len * step > text->data.len)
            return 0;
        bool same = is.len && is.len * step == text->data.len;
        for (size_t k = 0; same && k < is.len; k++)
            same = text->data.data[k * step] == is.data[k];
        if (same)
            return i + 1;
    }
    return 0;
}

static void find_told(struct history *h)
{
    h->told = h->count;
    for (size_t i = h->due; i < h->count; i++)
        for (size_t from = h->asked; h->parts[i].is_value && h->parts[i].value.of.type->kind == VALUE_STRING && from < h->asked_end; from++)
            if ((h->told_to = tells(h, &h->parts[i].value, from))) {
                h->told = i;
                h->told_from = from;
                return;
            }
}

/* Replies that are due from op `at` on, until we speak again. */
static size_t replies_due(const struct program *p, size_t at, unsigned on)
{
    size_t n = 0;

    for (size_t i = at; i < p->count && (p->ops[i].kind != OP_SEND || p->ops[i].on != on); i++)
        n += p->ops[i].kind == OP_RECEIVE && p->ops[i].on == on;
    return n;
}

/* Which of our messages the op at `at` answers: the first that has no answer yet, but for those that have none. */
static void answer(struct history *h, const struct program *p, size_t at)
{
    size_t due = replies_due(p, at, h->e->op->on), passed = h->message_count > due ? h->message_count - due : 0;

    if (h->message_count == 0)
        return;
    h->message_count -= passed;
    memmove(h->messages, h->messages + passed, h->message_count * sizeof *h->messages);
    if (h->message_count == 0)
        return;
    h->asked = h->messages[0];
    h->asked_end = h->message_count > 1 ? h->messages[1] : h->said_end;
    h->message_count--;
    memmove(h->messages, h->messages + 1, h->message_count * sizeof *h->messages);
    for (size_t i = h->asked; i < h->asked_end; i++)
        if (h->parts[i].is_value && h->parts[i].value.of.type->kind == VALUE_STRING) {
            name_types(h, &h->parts[i].value);
            break;
        }
}

static uint64_t objects_in(const struct value *v)
{
    uint64_t n = v->of.type->kind == VALUE_OBJECT && v->class;

    for (size_t i = 0; v->items && i < v->count; i++)
        n += objects_in(&v->items[i]);
    return n;
}

static uint64_t longest(const struct value *v)
{
    uint64_t most = v->of.type->kind == VALUE_STRING ? v->data.len / (v->wide ? 2 : 1) + 1 : 0;

    for (size_t i = 0; v->items && i < v->count && v->of.type->kind != VALUE_ARRAY; i++) {
        uint64_t n = longest(&v->items[i]);
        most = n > most ? n : most;
    }
    return most;
}

static void history_make(const struct evidence *e, struct history *h)
{
    const struct program *p = e->program;
    size_t at = (size_t)(e->op - p->ops);
    struct object_table *tables[2] = { object_table_new(e->keep), object_table_new(e->keep) };

    *h = (struct history){ .e = e };
    for (size_t i = 0; i <= at; i++) {
        const struct op *op = &p->ops[i];
        bool ours = op->kind == OP_SEND, due = i == at;
        if (op->on != e->op->on || (!ours && !due && op->kind != OP_RECEIVE))
            continue;
        if (op->fresh)
            tables[ours] = object_table_new(e->keep);
        if (ours)
            message_add(h);
        else
            answer(h, p, i);
        if (due)
            h->due = h->count;
        add_parts(h, op, due ? e->fields : &op->fields, due ? e->due : op->bytes, ours, tables[ours]);
        h->said_end = ours ? h->count : h->said_end;
    }
    for (size_t i = 0; i < h->asked; i++)
        if (h->parts[i].ours && h->parts[i].is_value)
            h->asked_objects += objects_in(&h->parts[i].value);
    for (size_t i = h->due; i < h->count; i++)
        h->has_objects |= h->parts[i].is_value && carries(&h->parts[i].value);
    h->many = h->has_objects && object_table_objects(tables[0]) > MANY;
    for (size_t i = h->asked; i < h->count; i++) {
        uint64_t n = h->parts[i].is_value ? longest(&h->parts[i].value) : 0;
        h->units = n > h->units ? n : h->units;
    }
    find_told(h);
}

/* What a reader that makes the mistake takes for the values, as text. False: it would not get through. */
static bool misread(const struct history *h, const struct mistake *m, struct text *said, const char **about)
{
    const struct profile *p = &h->e->program->profile;
    struct writing *w = writing_new(m, p, h->e->keep);
    struct object_table *table = object_table_new(h->e->keep);

    for (size_t i = h->told_from; i < h->told_to; i++) {
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

static bool is_about_tables(enum deed d)
{
    return d >= DEED_TABLE_PER_MESSAGE;
}

/* Puts in front of what is due what came before it: where the object tables stand. False: the mistake would have shown there. */
static bool replay(const struct history *h, const struct mistake *m, struct writing *w)
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
        else if (p->is_value) {
            writing_put(w, &p->value, &lost);
            if (is_about_tables(m->deed) && !p->field->by_value && !bytes_equal(buffer_bytes(&lost), p->plain))
                return false;
        } else if (!p->ours && p->op->entries && p->field == p->op->fields.items)
            writing_skip(w, p->op->entries);
    }
    writing_message(w, h->e->op->fresh);
    return true;
}

static void predict(const struct history *h, const struct mistake *m, struct prediction *out)
{
    const struct evidence *e = h->e;
    struct writing *w = writing_new(m, &e->program->profile, e->keep);
    bool open = false;

    if (h->has_objects && !replay(h, m, w))
        return;
    for (size_t i = h->due; i < h->count; i++) {
        const struct part *p = &h->parts[i];
        size_t field = p->index;
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
        size_t known = out->bytes.len < e->got.len ? out->bytes.len : e->got.len;
        if (known && field < e->match.field && memcmp(out->bytes.data, e->got.data, known) != 0)
            return; // it is not that, whatever follows
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

#define COLLECTED 65536 // bytes that are collected at most behind a difference

/* 3: all that came; 2: it is what came begins with; 1: only the field that differs; 0: it is not that. */
static unsigned explains(const struct evidence *e, const struct prediction *p)
{
    struct bytes is = bytes_slice(buffer_bytes(&p->bytes), 0, p->complete);
    struct bytes field = bytes_slice(is, 0, p->upto);

    bool is_cut = e->got.len >= COLLECTED && e->got.len < is.len;
    if (is_cut && e->got.len > e->match.at + 2 && memcmp(is.data, e->got.data, e->got.len) == 0)
        return 3;
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

static bool is_about_strings(enum deed d)
{
    return d == DEED_SWAP_LENGTHS || d == DEED_SWAP_UNITS || (d >= DEED_OTHER_WIDTH && d <= DEED_CRLF && d != DEED_CUT_BYTES);
}

/* What is due, and told, holds values of the kind that the mistake is about. */
static bool is_met(const struct history *h, const struct mistake *m)
{
    if (is_about_tables(m->deed))
        return h->has_objects;
    if (is_about_strings(m->deed))
        return h->units >= (m->deed == DEED_CUT_TO ? (uint64_t)m->n + 1 : 1) && !h->many;
    return !h->many;
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

/* Whether it is about more than one that is in the list, which does as well. */
static bool is_listed(const struct explained *x, const struct mistake *m)
{
    for (size_t i = 0; i < x->all_count; i++)
        if (is_wider(&x->all[i], m) && (m->deed == DEED_SWAP_ALL ? x->all[i].deed == DEED_SWAP : x->all[i].of && !m->of))
            return true;
    return x->all_count == SUSPECTS_MAX;
}

static void list(struct explained *x, const struct mistake *m, const char *about)
{
    if (is_listed(x, m))
        return;
    x->all[x->all_count] = *m;
    x->all_about[x->all_count++] = about;
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
    if (rank && rank == s->best)
        list(s->out, m, p.about);
    buffer_free(&p.bytes);
}

static size_t names_of(const struct history *h, const char **names, size_t most)
{
    size_t n = 0;

    for (size_t i = h->due; i < h->count; i++)
        if (h->parts[i].is_value)
            n = value_numbers(&h->parts[i].value, names, n, most);
    for (size_t i = h->told_from; h->told < h->count && i < h->told_to; i++)
        n = value_numbers(&h->parts[i].value, names, n, most);
    return n;
}

/* What the request was: its number, and the types that it named. */
static void tell_request(const struct history *h, struct explained *out)
{
    struct type_ref types[NAMED_MAX];

    if (h->asked == h->asked_end)
        return;
    const struct part *first = &h->parts[h->asked];
    out->has_request = first->is_value && first->value.of.type->kind == VALUE_INTEGER;
    out->request = first->value.number;
    for (size_t i = h->asked; i < h->asked_end; i++) {
        const struct value *v = &h->parts[i].value;
        if (!h->parts[i].is_value || v->of.type->kind != VALUE_STRING)
            continue;
        TEXT(said);
        for (size_t k = 0; k < v->data.len; k += v->wide ? 2 : 1)
            text_char(&said, (char)v->data.data[k]);
        if (types_named(v, types, h->e->keep))
            out->types = arena_string(h->e->keep, text_string(&said));
        return;
    }
}

unsigned hypothesis_find(const struct evidence *e, struct explained *out)
{
    struct history h;
    const char *names[16];

    if (e->match.field >= e->fields->count || e->got.len == 0 || e->field->any)
        return 0;
    history_make(e, &h);
    struct search s = { .h = &h, .out = out, .best = 0 };
    size_t n = names_of(&h, names, COUNT_OF(names));
    for (const struct mistake *m = mistake_table; m < mistake_table + mistake_count; m++) {
        if (!is_met(&h, m))
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
    if (s.best)
        tell_request(&h, out);
    return s.best;
}

struct bytes suspect_says(const struct program *p, size_t op, const struct suspect *s, struct arena *keep)
{
    const struct op *of = &p->ops[op];
    const struct evidence e = { .program = p, .op = of, .fields = &of->fields, .due = of->bytes, .keep = keep };
    struct prediction said = { 0 };
    struct history h;

    history_make(&e, &h);
    predict(&h, s->by, &said);
    struct bytes is = arena_bytes(keep, bytes_slice(buffer_bytes(&said.bytes), 0, said.complete));
    buffer_free(&said.bytes);
    return is;
}

bool suspect_same(const struct suspect *a, const struct suspect *b)
{
    const char *x = a->by->of ? a->by->of : "", *y = b->by->of ? b->by->of : "";

    return a->by->deed == b->by->deed && a->by->n == b->by->n && strcmp(a->by->key, b->by->key) == 0 && strcmp(x, y) == 0;
}

bool suspect_alike(const struct suspect *a, const struct suspect *b)
{
    return strcmp(a->cause, b->cause) == 0 && strcmp(a->summary, b->summary) == 0;
}

struct suspects *suspects_copy(const struct suspects *s, struct arena *keep)
{
    struct suspects *copy = ARENA_NEW(keep, struct suspects);
    struct suspect *items = ARENA_ARRAY(keep, s->count, struct suspect);

    *copy = *s;
    copy->items = items;
    copy->types = s->types ? arena_string(keep, s->types) : NULL;
    for (size_t i = 0; i < s->count; i++) {
        struct mistake *by = ARENA_NEW(keep, struct mistake);
        *by = *s->items[i].by;
        items[i] = (struct suspect){ by, s->items[i].cause, arena_string(keep, s->items[i].sentence), arena_string(keep, s->items[i].summary) };
    }
    return copy;
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

static bool has_class(const struct value *v, const struct mfc_class *class)
{
    if (v->class == class)
        return true;
    for (size_t i = 0; v->items && i < v->count && v->of.type->kind != VALUE_ARRAY; i++)
        if (has_class(&v->items[i], class))
            return true;
    return false;
}

/* Whether an object of v is of a class that the other value has described. */
static bool shares_class(const struct value *v, const struct value *before)
{
    if (v->class && has_class(before, v->class))
        return true;
    for (size_t i = 0; v->items && i < v->count && v->of.type->kind != VALUE_ARRAY; i++)
        if (shares_class(&v->items[i], before))
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
        out->refers |= refers(v, h.asked_objects);
        for (size_t k = 0; !out->refers && k < h.asked; k++)
            out->refers = h.parts[k].ours && h.parts[k].is_value && shares_class(v, &h.parts[k].value);
    }
}
