/*
 * What a step says, as bytes and fields: values are drawn, reused or completed, stored by our codec and held against the
 * golden bytes, which must agree.
 */
#include "vector/compiler.h"

#include "archive/objects.h"
#include "base/hex.h"

static struct name *name_find(struct compiler *c, const char *name)
{
    for (size_t i = c->name_count; i > 0; i--)
        if (strcmp(c->names[i - 1].name, name) == 0 && (c->names[i - 1].scope == c->scope || !c->names[i - 1].scope))
            return &c->names[i - 1];
    return NULL;
}

static bool name_add(struct compiler *c, const struct item *item, const struct value *value, struct error *err)
{
    if (!item->name)
        return true;
    if (c->name_count == NAMES_MAX)
        return json_error(item->at, err, "more than %d named values", NAMES_MAX);
    c->names[c->name_count++] =
        (struct name){ .name = item->name, .scope = c->scope, .comes = value == NULL, .value = { .of = item->of } };
    if (value)
        c->names[c->name_count - 1].value = *value;
    else
        c->names[c->name_count - 1].place = ++c->places;
    return true;
}

/* The row's values, drawn on first use. */
static const struct value *row_values(struct compiler *c)
{
    const struct row *row = c->v->row;

    c->depends |= !row->values;
    if (!c->row) {
        c->row = row->values;
        if (!c->row) {
            c->guessed = true;
            c->row = ARENA_ARRAY(c->keep, row->count, struct value);
            for (size_t i = 0; i < row->count; i++) {
                struct random chance = random_for(c->seed, c->v->id, 1000000 + i);
                value_draw(&chance, row->types[i], row->min, row->max, c->keep, &c->row[i]);
            }
        }
    }
    return c->row;
}

static void row_text(struct compiler *c, struct text *to, bool make)
{
    const struct row *row = c->v->row;
    const char *given = row->mutant ? row->mutant->text : make && row->make ? row->make : row->text;

    if (given) {
        text_add(to, given);
        return;
    }
    const struct value *values = row_values(c);
    for (size_t i = 0; i < row->count; i++) {
        if (i)
            text_char(to, ' ');
        (make ? value_make_text : value_text)(to, &values[i]);
    }
}

/* A string with {type}, {text}, {make} or a named value in it. {{ is a brace. */
static bool template_fill(struct compiler *c, const struct item *item, struct value *out, struct error *err)
{
    TEXT(text);

    for (const char *at = item->template; *at; at++) {
        if (at[0] != '{') {
            text_char(&text, *at);
            continue;
        }
        if (at[1] == '{') {
            text_char(&text, *at++);
            continue;
        }
        const char *end = strchr(at, '}');
        if (!end)
            return json_error(item->at, err, "{ without }; a brace itself is {{");
        char *name = arena_printf(c->keep, "%.*s", (int)(end - at - 1), at + 1);
        const struct name *n = name_find(c, name);
        if (c->v->row && strcmp(name, "type") == 0)
            text_add(&text, c->v->row->type_text);
        else if (c->v->row && strcmp(name, "text") == 0)
            row_text(c, &text, false);
        else if (c->v->row && strcmp(name, "make") == 0)
            row_text(c, &text, true);
        else if (n && !n->comes) {
            c->depends = true;
            value_text(&text, &n->value);
        } else
            return json_error(item->at, err, "{%s}: no value has that name here", name);
        at = end;
    }
    CLEANUP(buffer_free) struct buffer encoded = { 0 };
    struct bytes units = buffer_bytes(&text.b);
    if (c->v->service->codepage && item->of.type->width == 1) {
        struct error wrong;
        if (!codepage_encode(c->v->service->codepage, text_string(&text), &encoded, &wrong))
            return json_error(item->at, err, "%s", wrong.text);
        units = buffer_bytes(&encoded);
    }
    *out = value_string(item->of, false, arena_bytes(c->keep, units));
    return true;
}

static void field_add(struct compiler *c, struct fields *to, struct field f)
{
    if ((to->count & (to->count - 1)) == 0) { // full at each power of two
        struct field *more = ARENA_ARRAY(c->keep, to->count ? 2 * to->count : 1, struct field);
        if (to->count)
            memcpy(more, to->items, to->count * sizeof *more);
        to->items = more;
    }
    to->items[to->count++] = f;
}

struct object_table *say_table(struct compiler *c)
{
    struct object_table **t = &c->conn[c->on].table[c->who];

    if (!*t)
        *t = object_table_new(c->keep);
    return *t;
}

/* Whether a value has parts whose order on the wire is the writer's affair: a map of several entries [COL-13]. */
static bool order_is_free(const struct value *v)
{
    if (v->of.type && v->of.type->kind == VALUE_MAP && v->count > 2)
        return true;
    for (size_t i = 0; v->items && i < v->count && v->of.type && v->of.type->kind != VALUE_ARRAY; i++)
        if (order_is_free(&v->items[i]))
            return true;
    return false;
}

bool may_carry_objects(struct type_ref t)
{
    enum value_kind kind = t.type->kind;

    return kind == VALUE_OBJECT || kind == VALUE_CLASS || kind == VALUE_LIST || kind == VALUE_MAP;
}

static bool storable(struct compiler *c, const struct json *at, const struct value *value, struct error *err)
{
    enum value_kind kind = value->of.type->kind;
    struct error wrong;

    if (!may_carry_objects(value->of))
        return true; // a request may hold types that the peer's MFC has not
    if (c->conn[c->on].unseen[c->who] && (kind == VALUE_OBJECT || kind == VALUE_CLASS))
        return json_error(at, err, "raw bytes went before: say how many \"entries\" they registered");
    return value_storable(value, c->p, say_table(c), &wrong) || json_error(at, err, "%s", wrong.text);
}

static struct field field_of(struct compiler *c, const struct item *item, const struct value *value, size_t at,
                             size_t len)
{
    TEXT(text);

    service_print(c->v->service, &text, value);
    struct field f = { .at = at, .len = len, .of = value->of, .label = item->label,
                       .text = arena_string(c->keep, text_string(&text)),
                       .plus = item->kind == ITEM_REUSE ? item->plus : 0 };
    if (c->who != c->us && order_is_free(value)) {
        struct value *due = ARENA_NEW(c->keep, struct value);
        *due = *value;
        f.by_value = true;
        f.value = due;
    }
    return f;
}

static bool value_add(struct compiler *c, const struct item *item, const struct value *value, struct buffer *bytes,
                      struct fields *fields, struct error *err)
{
    size_t at = bytes->len;

    if (!storable(c, item->at, value, err))
        return false;
    value_store(bytes, c->p, say_table(c), value);
    field_add(c, fields, field_of(c, item, value, at, bytes->len - at));
    return true;
}

/* "expected 3412, found 1234" at the first difference. */
static bool golden_differs(const struct json *at, const char *what, struct bytes values, struct bytes golden,
                           struct error *err)
{
    size_t k = bytes_common(values, golden);
    TEXT(ours);
    TEXT(theirs);

    text_hex(&ours, bytes_slice(values, k, 8), true);
    text_hex(&theirs, bytes_slice(golden, k, 8), true);
    return json_error(at, err, "%s and values differ at byte %zu: wire %s, values %s", what, k,
                      golden.len > k ? text_string(&theirs) : "ends", values.len > k ? text_string(&ours) : "end");
}

static bool hex_differs(const struct json *at, struct bytes values, const char *golden, struct error *err)
{
    CLEANUP(buffer_free) struct buffer b = { 0 };

    hex_append(golden, &b);
    return golden_differs(at, "wire", values, buffer_bytes(&b), err);
}

/* Golden bytes are right when they are ours, or when they load to the same values in another order. */
static bool golden_agrees(struct compiler *c, const struct row *row, struct bytes golden, struct bytes ours,
                          struct object_table *before)
{
    struct reader r = { .in = golden, .written = true };
    bool free = false;

    if (bytes_equal(golden, ours))
        return true;
    for (size_t i = 0; i < row->count; i++) {
        struct value seen;
        value_load(&r, c->p, before, row->types[i], c->keep, &seen);
        if (r.status != WIRE_OK || !value_equal(&seen, &row->values[i]))
            return false;
        free |= order_is_free(&row->values[i]);
    }
    return free && r.at == golden.len;
}

/* The values of a drawn row, as they were said `at` bytes behind the beginning of the step. */
static void row_hear(struct compiler *c, size_t at)
{
    const struct row *row = c->v->row;
    struct value *values = ARENA_ARRAY(c->keep, row->count, struct value);
    struct reader r = { .in = bytes_slice(say_heard(c, c->on, c->who), at, SIZE_MAX) };

    for (size_t i = 0; i < row->count && r.status == WIRE_OK; i++)
        value_load(&r, c->p, NULL, row->types[i], c->keep, &values[i]);
    if (r.status == WIRE_OK)
        c->row = values;
}

/* The row's bytes: what is golden, cut into fields by loading it. */
static bool row_add(struct compiler *c, const struct item *item, bool load, struct buffer *bytes,
                    struct fields *fields, struct error *err)
{
    const struct row *row = c->v->row;

    if (row->mutant) {
        c->conn[c->on].unseen[c->who] = true;
        field_add(c, fields, (struct field){ .at = bytes->len, .len = row->mutant->bytes.len, .label = row->mutant->what });
        buffer_append(bytes, row->mutant->bytes.data, row->mutant->bytes.len);
        return true;
    }
    if (c->heard && load && !row->values && !c->row && c->who == PARTY_CLIENT)
        row_hear(c, bytes->len);
    const struct value *values = row_values(c);
    const struct bytes *stored = golden_for(row->store, c->p, c->keep);
    const struct bytes *sent = load && row->load ? golden_for(row->load, c->p, c->keep) : stored;

    if (!row->values) {
        const struct profile *p = c->p;
        struct profile as_read = *p;
        if (as_read.generation == 70)
            as_read.generation = 71; // 7.0 reads what 7.1 writes, and writes one type otherwise [VAL-9]
        bool good = true;
        c->p = load ? &as_read : p;
        for (size_t i = 0; good && i < row->count; i++)
            good = value_add(c, item, &values[i], bytes, fields, err);
        c->p = p;
        return good;
    }
    CLEANUP(buffer_free) struct buffer ours = { 0 };
    struct object_mark before = object_table_mark(say_table(c));
    for (size_t i = 0; i < row->count; i++) {
        if (!storable(c, row->at, &values[i], err))
            return false;
        value_store(&ours, c->p, say_table(c), &values[i]);
    }
    object_table_rollback(say_table(c), before);
    if (!stored || !sent)
        return json_error(row->at, err, "no golden bytes for this profile");
    bool agrees = golden_agrees(c, row, *stored, buffer_bytes(&ours), say_table(c));
    object_table_rollback(say_table(c), before);
    if (!agrees)
        return golden_differs(row->at, "wire", buffer_bytes(&ours), *stored, err);
    struct reader r = { .in = *sent, .written = sent == stored };
    for (size_t i = 0; i < row->count; i++) {
        size_t from = r.at;
        struct value seen;
        value_load(&r, c->p, say_table(c), row->types[i], c->keep, &seen);
        if (r.status != WIRE_OK)
            return json_error(row->at, err, "%s: our codec cannot load it (%s)", load && row->load ? "load" : "wire",
                              r.status == WIRE_SHORT ? "too short" : r.reason);
        // Of an older schema something else is stored than was loaded; of all else, a peer that is right would fail.
        if (sent != stored && !may_carry_objects(row->types[i]) && !value_equal(&seen, &values[i])) {
            TEXT(text);
            TEXT(due);
            value_print(&text, &seen);
            value_print(&due, &values[i]);
            return json_error(row->at, err, "load: loads as %.60s, the value is %.60s", text_string(&text), text_string(&due));
        }
        field_add(c, fields, field_of(c, item, &seen, bytes->len + from, r.at - from));
    }
    if (r.at != sent->len)
        return json_error(row->at, err, "%zu bytes stand behind the values", sent->len - r.at);
    buffer_append(bytes, sent->data, sent->len);
    return true;
}

/* Bytes as they are: what people read of them. Those without a name are of no interest by themselves. */
static const char *bytes_text(struct compiler *c, const struct item *item, struct bytes bytes)
{
    struct type_ref of = { 0 };
    struct error never;
    TEXT(text);

    if (!item->text && !item->label)
        return NULL;
    if (!type_parse(item->text ? "cstringa" : "raw:0", &of, &never))
        return NULL;
    if (!item->text)
        of.size = bytes.len;
    struct value v = item->text ? value_string(of, false, bytes) : (struct value){ .of = of, .data = bytes };
    value_print(&text, &v);
    return arena_string(c->keep, text_string(&text));
}

/* A value that the peer will have told: a stopgap until then. */
static bool told_add(struct compiler *c, const struct item *item, const struct name *n, struct buffer *bytes,
                     struct fields *fields, struct error *err)
{
    enum value_kind kind = item->of.type->kind;
    struct value stopgap = { .of = kind == VALUE_BYTES ? n->value.of : item->of };

    if (kind != n->value.of.type->kind || (kind != VALUE_INTEGER && kind != VALUE_BYTES))
        return json_error(item->at, err, "\"%s\" is kept from what the peer says: integers are reused as integers, bytes as bytes",
                          item->name);
    if (kind == VALUE_BYTES)
        stopgap.data = (struct bytes){ arena_alloc(c->keep, stopgap.of.size), stopgap.of.size };
    if (!value_add(c, item, &stopgap, bytes, fields, err))
        return false;
    struct field *f = &fields->items[fields->count - 1];
    f->takes = n->place;
    f->text = "as the peer told";
    return true;
}

/* {"length": NAME}: the field of that name stands before this one in the same step. */
static bool length_find(const struct item *item, const struct fields *fields, struct field *f, struct error *err)
{
    size_t any = 0;

    for (size_t i = 0; i < fields->count; i++) {
        const struct field *before = &fields->items[i];
        if (before->any && before->name && strcmp(before->name, item->length) == 0) {
            f->measured = true;
            f->measure = any;
            f->plus = item->plus;
            return before->of.type->kind == VALUE_INTEGER ||
                   json_error(item->at, err, "\"%s\" is no number", item->length);
        }
        any += before->any;
    }
    return json_error(item->at, err, "no value before it in this step is kept as \"%s\"", item->length);
}

/* What arcwire draws as the client a client of its own chooses: any value, within the limits where it is a number without a sign. */
static bool drawn_add(struct compiler *c, const struct item *item, size_t at, struct fields *fields, struct error *err)
{
    bool limited = item->of.type->kind == VALUE_INTEGER && !item->of.type->is_signed;

    if (!name_add(c, item, NULL, err))
        return false;
    field_add(c, fields, (struct field){ .at = at, .of = item->of, .any = true, .name = item->name, .label = item->label,
                                         .min = limited ? item->min : 0, .max = limited ? item->max : 0,
                                         .keeps = item->name ? c->places : 0 });
    return true;
}

static bool is_within(const struct item *item, const struct value *value)
{
    bool limited = item->of.type->kind == VALUE_INTEGER && !item->of.type->is_signed;

    return !limited || (value->number >= item->min && (!item->max || value->number <= item->max));
}

/* Golden bytes of what is left open are one of the values that are right. */
static bool golden_loads(struct compiler *c, const struct item *item, const char *hex, struct error *err)
{
    struct object_mark before = object_table_mark(say_table(c));
    struct reader r = { 0 };
    struct value seen;

    const char *wrong = hex_read(hex, c->keep, &r.in);
    if (wrong)
        return json_error(item->at, err, "wire: %s", wrong);
    if (item->length || (item->kind == ITEM_REUSE && item->of.type->kind == VALUE_BYTES))
        return true; // as many as another value says
    value_load(&r, c->p, say_table(c), item->of, c->keep, &seen);
    object_table_rollback(say_table(c), before);
    if (r.status != WIRE_OK)
        return json_error(item->at, err, "wire is no %s: %s", item->of.type->name, r.status == WIRE_SHORT ? "too short" : r.reason);
    if (r.at != r.in.len)
        return json_error(item->at, err, "wire: %zu byte%s behind the %s", r.in.len - r.at, r.in.len - r.at == 1 ? " stands" : "s stand", item->of.type->name);
    return is_within(item, &seen) ||
           json_error(item->at, err, "wire is %llu, beyond the limits", (unsigned long long)seen.number);
}

/* What golden bytes are an example of has another value where it was heard. */
static const char *golden_of(const struct compiler *c, const struct golden *golden)
{
    return c->heard ? NULL : golden_hex(golden, c->p);
}

struct bytes say_heard(const struct compiler *c, unsigned on, enum party who)
{
    if (!c->heard || strcmp(c->out->connections[on], c->heard->on) != 0)
        return (struct bytes){ 0 };
    return bytes_slice(c->heard->said[who], c->conn[on].heard[who], SIZE_MAX);
}

/* The value that was said where a party chooses one, `at` bytes behind the beginning of its step. */
static bool choice_heard(const struct compiler *c, const struct item *item, size_t at, struct value *out)
{
    struct reader r = { .in = bytes_slice(say_heard(c, c->on, c->who), at, SIZE_MAX) };

    if (r.in.len == 0 || may_carry_objects(item->of))
        return false;
    value_load(&r, c->p, NULL, item->of, c->keep, out);
    return r.status == WIRE_OK && is_within(item, out);
}

static bool item_say_fields(struct compiler *c, const struct step *step, const struct item *item, struct buffer *bytes,
                            struct fields *fields, bool *open, struct error *err)
{
    struct value value = item->value;
    size_t from = bytes->len;
    const struct name *n;
    struct random chance;
    struct field told;
    struct bytes said;

    switch (item->kind) {
    case ITEM_VALUE:
        if (item->template && !template_fill(c, item, &value, err))
            return false;
        if (!value_add(c, item, &value, bytes, fields, err))
            return false;
        break;
    case ITEM_BYTES:
        c->conn[c->on].unseen[c->who] = !step->tells_entries;
        item_say(item, bytes);
        said = bytes_slice(buffer_bytes(bytes), from, SIZE_MAX);
        field_add(c, fields, (struct field){ .at = from, .len = said.len, .label = item->label, .text = bytes_text(c, item, said) });
        break;
    case ITEM_DRAW:
        if (step->who == PARTY_CLIENT && choice_heard(c, item, from, &value)) {
            if (!name_add(c, item, &value, err) || !value_add(c, item, &value, bytes, fields, err))
                return false;
            break;
        }
        if (step->who != c->us && c->us == PARTY_SERVER && !c->knows) {
            *open = true;
            return drawn_add(c, item, from, fields, err);
        }
        c->guessed |= step->who == PARTY_CLIENT;
        chance = random_for(c->seed, c->v->id, c->draws++);
        value_draw(&chance, item->of, item->min, item->max, c->keep, &value);
        if (!name_add(c, item, &value, err))
            return false;
        if (!value_add(c, item, &value, bytes, fields, err))
            return false;
        break;
    case ITEM_REUSE:
        n = name_find(c, item->name);
        if (!n)
            return json_error(item->at, err, "no value was named \"%s\" before", item->name);
        if (item->plus && item->of.type->kind != VALUE_INTEGER)
            return json_error(item->at, err, "plus goes with integers");
        if (n->comes) {
            *open = true;
            if (!told_add(c, item, n, bytes, fields, err))
                return false;
            break;
        }
        value = n->value;
        if (item->of.type->kind != VALUE_BYTES || item->of.size) // of "bytes" the length is that of the value
            value.of = item->of;
        value_plus(&value, item->plus);
        if (!value_add(c, item, &value, bytes, fields, err))
            return false;
        break;
    case ITEM_ANY:
        if (step->who == c->us && c->heard && !item->length && choice_heard(c, item, from, &value)) {
            if (!name_add(c, item, &value, err) || !value_add(c, item, &value, bytes, fields, err))
                return false;
            break;
        }
        if (step->who == c->us && c->heard) {
            c->unheard = true;
            break;
        }
        if (step->who == c->us)
            return json_error(item->at, err, "\"any\" belongs to what the peer says");
        if (!name_add(c, item, NULL, err))
            return false;
        told = (struct field){ .at = from, .of = item->of, .any = true, .name = item->name, .label = item->label,
                               .min = item->min, .max = item->max, .keeps = item->name ? c->places : 0 };
        if (item->length && !length_find(item, fields, &told, err))
            return false;
        field_add(c, fields, told);
        *open = true;
        break;
    case ITEM_CAUSE:
        value = value_integer(item->of, c->v->row->mutant ? c->v->row->mutant->cause : CAUSE_NONE);
        if (!value_add(c, item, &value, bytes, fields, err))
            return false;
        break;
    case ITEM_ROW_LOAD:
    case ITEM_ROW_STORE:
        if (!row_add(c, item, item->kind == ITEM_ROW_LOAD, bytes, fields, err))
            return false;
        break;
    }
    const char *golden = golden_of(c, item->golden);
    struct bytes made = bytes_slice(buffer_bytes(bytes), from, SIZE_MAX);
    const struct field *last = fields->count ? &fields->items[fields->count - 1] : NULL;
    if (golden && last && (last->any || last->takes))
        return golden_loads(c, item, golden, err);
    return !golden || hex_is(golden, made) || hex_differs(item->at, made, golden, err);
}

/* Any bytes that it may have are read as a value that may have been drawn. */
static bool is_any_integer(const struct item *item)
{
    const struct type *t = item->of.type;

    return t->kind == VALUE_INTEGER && t->width <= 4 && !item->min && (!item->max || item->max == UINT64_MAX);
}

static bool item_add(struct compiler *c, const struct step *step, const struct item *item, struct buffer *bytes,
                     struct fields *fields, bool *open, struct error *err)
{
    size_t from = fields->count;

    c->depends = item->kind == ITEM_DRAW || item->kind == ITEM_REUSE || item->kind == ITEM_ANY;
    bool good = item_say_fields(c, step, item, bytes, fields, open, err);
    for (size_t i = from; i < fields->count; i++) {
        struct field *f = &fields->items[i];
        f->message = item->message;
        f->same = !c->depends;
        f->drawn = item->kind == ITEM_DRAW && is_any_integer(item);
    }
    return good;
}

/* Items to bytes and fields. open: a field of which any value is right stands among them. */
bool say_bytes(struct compiler *c, const struct step *step, struct bytes *bytes, struct fields *fields, struct error *err)
{
    CLEANUP(buffer_free) struct buffer made = { 0 };
    bool open = false, same = true;

    c->who = step->who;
    c->lead = 0;
    for (size_t i = 0; i < step->item_count; i++) {
        const struct item *item = &step->items[i];
        if (!item_add(c, step, item, &made, fields, &open, err))
            return false;
        same &= (item->kind == ITEM_VALUE && !item->template && !order_is_free(&item->value)) || item->kind == ITEM_BYTES;
        c->lead = same ? made.len : c->lead;
    }
    *bytes = arena_bytes(c->keep, buffer_bytes(&made));
    const char *golden = golden_of(c, step->golden);
    if (!golden)
        return true;
    if (open)
        return json_error(step->at, err, "wire cannot pin a step in which any value is right");
    for (size_t i = 0; i < fields->count; i++)
        if (fields->items[i].by_value)
            return true; // the order is the writer's affair; a row says its bytes value by value
    return hex_is(golden, *bytes) || hex_differs(step->at, *bytes, golden, err);
}
