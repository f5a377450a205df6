#include "check/history.h"

#include "check/forms.h"

bool carries(const struct value *v)
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
    struct reader r = { .in = raw->plain, .written = !raw->ours }; // what we say is what a reader wants [VAL-9]
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
            struct reader r = { .in = p.plain, .written = !ours };
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
    if (seen || fields->count == 0)
        return;
    object_table_skip(table, op->entries);
    h->parts[h->count - 1].entries = op->entries;
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

/* Whether an object in it has another schema than its class. */
static bool is_of_another_schema(const struct value *v)
{
    bool is = v->of.type->kind == VALUE_OBJECT && v->class && v->schema != v->class->schema;

    for (size_t i = 0; !is && v->items && i < v->count && v->of.type->kind != VALUE_ARRAY; i++)
        is = is_of_another_schema(&v->items[i]);
    return is;
}

static struct value anew(const struct value *v, struct arena *keep)
{
    struct value made = *v;
    const struct value_part *parts = v->of.type->kind == VALUE_TUPLE ? v->of.type->fields : NULL;
    size_t count = v->count, all = parts && v->schema ? type_fields(v->of.type) : count;

    if (v->of.type->kind == VALUE_OBJECT && v->class)
        made.schema = v->class->schema;
    if (!v->items || v->of.type->kind == VALUE_ARRAY)
        return made;
    made.count = all > count ? all : count;
    made.items = ARENA_ARRAY(keep, made.count + 1, struct value);
    for (size_t i = 0; i < made.count; i++)
        made.items[i] = i < count ? anew(&v->items[i], keep) : (struct value){ .of = type_named(parts[i].type) };
    if (v->of.type->kind == VALUE_OBJECT && v->class)
        made.items->schema = v->class->schema;
    return made;
}

struct value stored_anew(const struct value *v, struct arena *keep)
{
    return is_of_another_schema(v) ? anew(v, keep) : *v;
}

struct value stored_as_loaded(const struct value *v, struct arena *keep)
{
    struct value made = *v;

    if (v->of.type->kind == VALUE_OBJECT && v->class)
        made.schema = v->class->schema;
    if (!v->items || v->of.type->kind == VALUE_ARRAY)
        return made;
    made.items = ARENA_ARRAY(keep, v->count + 1, struct value);
    for (size_t i = 0; i < v->count; i++)
        made.items[i] = stored_as_loaded(&v->items[i], keep);
    return made;
}

static bool says_again(const struct part *due, const struct part *asked, struct arena *keep)
{
    const struct type *a = asked->ours && asked->is_value ? asked->value.of.type : NULL, *b = due->value.of.type;

    if (!a || (a != b && (a->kind != VALUE_STRING || b->kind != VALUE_STRING)) || asked->value.of.size != due->value.of.size)
        return false;
    const struct value again = carries(&asked->value) ? stored_anew(&asked->value, keep) : asked->value;
    return value_equal(&again, &due->value);
}

static bool counts_on(const struct part *due, const struct part *asked)
{
    struct value more = asked->value;

    if (!asked->ours || !asked->is_value || more.of.type != due->value.of.type || more.of.type->width < 4)
        return false;
    value_plus(&more, 1);
    return value_equal(&more, &due->value);
}

/* What is due says again what we have said: values of the words that it answers, from their end on, or a string from before. */
static void find_shown(struct history *h)
{
    size_t left = h->asked_end;

    h->shows = ARENA_ARRAY(h->e->keep, h->count + 1, size_t);
    h->counts_on = ARENA_ARRAY(h->e->keep, h->count + 1, bool);
    for (size_t d = h->count; d-- > h->due;) {
        const struct part *due = &h->parts[d];
        size_t a = left;
        h->shows[d] = SIZE_MAX;
        while (due->is_value && a > h->asked && !says_again(due, &h->parts[a - 1], h->e->keep))
            a--;
        if (due->is_value && a > h->asked) {
            h->shows[d] = left = a - 1;
            continue;
        }
        for (a = h->asked_end; due->is_value && due->value.of.type->kind == VALUE_INTEGER && a > h->asked && h->shows[d] == SIZE_MAX; a--)
            if (counts_on(due, &h->parts[a - 1])) {
                h->shows[d] = a - 1;
                h->counts_on[d] = true;
            }
        for (a = h->asked; due->is_value && due->value.of.type->kind == VALUE_STRING && due->value.data.len && a > 0 && h->shows[d] == SIZE_MAX; a--)
            if (says_again(due, &h->parts[a - 1], h->e->keep))
                h->shows[d] = a - 1;
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

/* The last of our words, where they are bytes that hold no values. */
static void find_unread(struct history *h)
{
    size_t last = h->asked_end;

    while (last > h->asked && !h->parts[last - 1].ours)
        last--;
    bool is = last > h->asked && h->named && !h->parts[last - 1].is_value && !h->parts[last - 1].field->of.type;
    h->unread = is ? last - 1 : h->count;
}

/* … and are to be refused. */
static void find_malformed(struct history *h)
{
    const struct evidence *e = h->e;
    struct type_ref *types = ARENA_ARRAY(e->keep, NAMED_MAX, struct type_ref);

    find_unread(h);
    h->malformed = h->count;
    if (h->unread == h->count || !refusal_due(e->program, (size_t)(e->op - e->program->ops), e->keep))
        return;
    h->malformed = h->unread;
    h->malformed_types = types;
    h->malformed_count = types_named(h->named, types, e->keep);
}

void history_make(const struct evidence *e, struct history *h)
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
    for (size_t i = h->asked; i < h->asked_end; i++)
        h->asks_objects |= h->parts[i].is_value && carries(&h->parts[i].value);
    h->many = (h->has_objects && object_table_objects(tables[0]) > MANY) || (h->asks_objects && object_table_objects(tables[1]) > MANY);
    for (size_t i = h->due; i < h->count; i++)
        h->has_any_text |= h->parts[i].field->any && h->parts[i].field->of.type && h->parts[i].field->of.type->kind == VALUE_STRING;
    for (size_t i = h->asked; i < h->count; i++) {
        uint64_t n = h->parts[i].is_value ? longest(&h->parts[i].value) : 0;
        h->units = n > h->units ? n : h->units;
    }
    form_reach(h);
    find_malformed(h);
    find_told(h);
    find_shown(h);
}

void history_refusal(struct history *h)
{
    const char *name = refusal_named(h->e->program, (size_t)(h->e->op - h->e->program->ops), h->e->keep);
    size_t count = h->count - h->due;
    struct value_part *fields = ARENA_ARRAY(h->e->keep, count + 1, struct value_part);
    struct type *t = ARENA_NEW(h->e->keep, struct type);

    for (size_t i = 0; name && i < count; i++) {
        const struct part *p = &h->parts[h->due + i];
        if (p->index != i || !p->field->of.type)
            return;
        fields[i] = (struct value_part){ arena_printf(h->e->keep, "%zu", i + 1), p->field->of.type->name, 0 };
    }
    *t = (struct type){ .name = "refusal", .mfc = name, .kind = VALUE_TUPLE, .fields = fields };
    h->refusal = name ? t : NULL;
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

bool asked_before(const struct evidence *e)
{
    struct history h;

    history_make(e, &h);
    for (size_t i = h.asked; i < h.asked_end; i++) {
        if (!h.parts[i].is_value)
            continue;
        const struct value *v = &h.parts[i].value;
        if (refers(v, h.asked_objects))
            return true;
        for (size_t k = 0; k < h.asked; k++)
            if (h.parts[k].ours && h.parts[k].is_value && shares_class(v, &h.parts[k].value))
                return true;
    }
    return false;
}

const struct value *history_types(const struct history *h)
{
    struct type_ref types[NAMED_MAX];

    for (size_t i = h->asked; i < h->asked_end; i++)
        if (h->parts[i].is_value && h->parts[i].value.of.type->kind == VALUE_STRING)
            return types_named(&h->parts[i].value, types, h->e->keep) ? &h->parts[i].value : NULL;
    return NULL;
}

struct bytes history_said(const struct evidence *e, size_t *in_time, bool *ended)
{
    CLEANUP(buffer_free) struct buffer b = { 0 };

    *ended = false;
    *in_time = 0;
    for (size_t i = 0; i < e->trace->count; i++) {
        const struct trace_event *t = &e->trace->events[i];
        if (t->on != e->op->on)
            continue;
        if (t->kind == TRACE_PROBE && e->late)
            *in_time = b.len;
        if (t->kind == TRACE_SENT)
            buffer_append(&b, t->data.data, t->data.len);
        *ended |= t->kind == TRACE_FIN_SENT && t->op < (size_t)(e->op - e->program->ops);
    }
    return arena_bytes(e->keep, buffer_bytes(&b));
}
