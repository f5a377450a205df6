/*
 * Transcript to program.
 *
 * Steps are walked once. Each say becomes bytes and fields: values are drawn, reused or completed, stored by our
 * codec and held against the golden bytes, which must agree. Connections open where they are first named, and
 * what the steps leave open is ended behind them. Controls are asked of servers: where we are the server, there are none,
 * nor the connections that exist for them alone.
 */
#include "archive/objects.h"
#include "base/hex.h"
#include "vector/mutate.h"
#include "vector/program.h"

#define NAMES_MAX   64 // drawn or kept values in one case
#define OPS_STEP    16 // ops allocated at a time
#define CONNECTIONS 8  // named connections of one case

struct name {
    const char *name;
    struct value value;
    int scope; // 0: the case; each control has its own
    bool comes; // kept from what the peer says: no value yet, but its type
    unsigned place; // comes: where it is kept
};

struct compiler {
    const struct vector *v;
    const struct profile *p;
    uint64_t seed;
    enum party us;
    struct arena *keep;
    struct program *out;
    size_t room; // ops allocated
    struct name names[NAMES_MAX];
    size_t name_count;
    unsigned places; // for what comes
    int scope, scopes;
    uint64_t draws; // so far in this case: the place of the next
    bool knows;     // a server: what its client draws
    unsigned said;  // messages of the client that have no name of their own
    struct value *row; // the row's values, drawn or given
    const char *control;
    int step;
    struct {
        bool open, reset, ended[2]; // by party
        bool paused[2];             // the party does not read
        bool part[2];               // the party's message is not complete
        bool stopped[2];            // … and will never be
        bool fresh[2];              // its archive begins anew with its next message
        bool unseen[2];             // raw bytes have gone, and may have registered objects
        struct object_table *table[2];
        struct aside *may[MAY_MAX]; // what the other party may say before what it must say next
        size_t may_count, any_count; // the first any_count of them at any time
        size_t sent, begun;         // our bytes, and those before our last message; SIZE_MAX: that is not known
    } conn[CONNECTIONS];
    unsigned on;                    // connection and party of the step in hand
    enum party who;
    const struct json *at;          // the step in hand
    size_t lead;                    // of what was made last: bytes at its beginning that are the same in every run
    unsigned group, groups;         // the group in hand, and how many there were
};

static bool steps_compile(struct compiler *c, const struct steps *steps, struct error *err);

const char *op_name(enum op_kind k)
{
    static const char *const names[] = { "open",     "listen", "send",      "receive",    "silent",
                                         "shutdown", "reset",  "await-end", "await-reset", "pause",
                                         "resume" };

    return names[k];
}

static struct op *op_add(struct compiler *c, enum op_kind kind, unsigned on, enum party who)
{
    struct program *p = c->out;

    if (p->count == c->room) {
        c->room += OPS_STEP + c->room;
        struct op *more = ARENA_ARRAY(c->keep, c->room, struct op);
        if (p->count)
            memcpy(more, p->ops, p->count * sizeof *more);
        p->ops = more;
    }
    struct op *op = &p->ops[p->count++];
    *op = (struct op){ .kind = kind, .on = on, .who = who, .control = c->control, .step = c->step, .at = c->at };
    return op;
}

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

    if (!c->row) {
        c->row = row->values;
        if (!c->row) {
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
        else if (n && !n->comes)
            value_text(&text, &n->value);
        else
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

static struct object_table *table(struct compiler *c)
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

static bool may_carry_objects(struct type_ref t)
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
    return value_storable(value, c->p, table(c), &wrong) || json_error(at, err, "%s", wrong.text);
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
    value_store(bytes, c->p, table(c), value);
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
    struct object_mark before = object_table_mark(table(c));
    for (size_t i = 0; i < row->count; i++) {
        if (!storable(c, row->at, &values[i], err))
            return false;
        value_store(&ours, c->p, table(c), &values[i]);
    }
    object_table_rollback(table(c), before);
    if (!stored || !sent)
        return json_error(row->at, err, "no golden bytes for this profile");
    bool agrees = golden_agrees(c, row, *stored, buffer_bytes(&ours), table(c));
    object_table_rollback(table(c), before);
    if (!agrees)
        return golden_differs(row->at, "wire", buffer_bytes(&ours), *stored, err);
    struct reader r = { .in = *sent, .written = sent == stored };
    for (size_t i = 0; i < row->count; i++) {
        size_t from = r.at;
        struct value seen;
        value_load(&r, c->p, table(c), row->types[i], c->keep, &seen);
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

static bool item_add(struct compiler *c, const struct step *step, const struct item *item, struct buffer *bytes,
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
        if (step->who != c->us && c->us == PARTY_SERVER && !c->knows) {
            *open = true;
            return drawn_add(c, item, from, fields, err);
        }
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
            return told_add(c, item, n, bytes, fields, err);
        }
        value = n->value;
        if (item->of.type->kind != VALUE_BYTES || item->of.size) // of "bytes" the length is that of the value
            value.of = item->of;
        value_plus(&value, item->plus);
        if (!value_add(c, item, &value, bytes, fields, err))
            return false;
        break;
    case ITEM_ANY:
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
    const char *golden = golden_hex(item->golden, c->p);
    struct bytes made = bytes_slice(buffer_bytes(bytes), from, SIZE_MAX);
    return !golden || hex_is(golden, made) || hex_differs(item->at, made, golden, err);
}

/* Items to bytes and fields. open: a field of which any value is right stands among them. */
static bool say_bytes(struct compiler *c, const struct step *step, struct bytes *bytes, struct fields *fields,
                      struct error *err)
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
    const char *golden = golden_hex(step->golden, c->p);
    if (!golden)
        return true;
    if (open)
        return json_error(step->at, err, "wire cannot pin a step in which any value is right");
    for (size_t i = 0; i < fields->count; i++)
        if (fields->items[i].by_value)
            return true; // the order is the writer's affair; a row says its bytes value by value
    return hex_is(golden, *bytes) || hex_differs(step->at, *bytes, golden, err);
}

static bool segment(struct compiler *c, const struct step *step, struct op *op, struct error *err)
{
    if (step->cut_count && step->cuts[step->cut_count - 1] >= op->bytes.len)
        return json_error(step->at, err, "cut at %zu, and there are %zu bytes", step->cuts[step->cut_count - 1],
                          op->bytes.len);
    op->pinned = step->segment != SEGMENT_DELIVERY;
    op->everywhere = step->segment == SEGMENT_BYTES;
    if (step->segment == SEGMENT_CUTS) {
        op->cuts = step->cuts;
        op->cut_count = step->cut_count;
    } else if (step->segment == SEGMENT_BYTES && op->bytes.len > 1) {
        op->cut_count = op->bytes.len - 1;
        op->cuts = ARENA_ARRAY(c->keep, op->cut_count, size_t);
        for (size_t i = 0; i < op->cut_count; i++)
            op->cuts[i] = i + 1;
    }
    return true;
}

/* Where a message is cut, in bytes. */
static bool cut_place(const struct step *step, const struct op *op, size_t *out, struct error *err)
{
    const struct json *at = json_get(step->at, "cut");
    const struct field *f = NULL;

    *out = step->cut.at;
    for (size_t i = 0; step->cut.behind && !f && i < op->fields.count; i++)
        if (op->fields.items[i].label && strcmp(op->fields.items[i].label, step->cut.behind) == 0)
            f = &op->fields.items[i];
    if (step->cut.behind && !f)
        return json_error(at, err, "behind: no item of the step has the name \"%s\"", step->cut.behind);
    if (f)
        *out = f->at + f->len;
    return *out < op->bytes.len || json_error(at, err, "the cut is at %zu, and there are %zu bytes", *out, op->bytes.len);
}

/* The party says no more than the beginning. */
static bool cut_short(struct compiler *c, const struct step *step, struct op *op, struct error *err)
{
    size_t at, kept = 0;

    for (size_t i = 0; i < op->fields.count; i++)
        if (op->fields.items[i].any || op->fields.items[i].by_value || op->fields.items[i].takes)
            return json_error(json_get(step->at, "cut"), err, "only words whose bytes are known can be cut");
    if (!cut_place(step, op, &at, err))
        return false;
    for (; kept < op->fields.count && op->fields.items[kept].at < at; kept++) {
        struct field *f = &op->fields.items[kept];
        if (f->at + f->len <= at)
            continue;
        f->text = arena_printf(c->keep, "%s, %zu of %zu bytes", f->text ? f->text : "bytes", at - f->at, f->len);
        f->of = (struct type_ref){ 0 }; // what has come of it is no value
        f->len = at - f->at;
    }
    op->fields.count = kept;
    op->bytes.len = at;
    c->conn[c->on].stopped[step->who] = true;
    return true;
}

static bool connection(struct compiler *c, const struct step *step, unsigned *out, struct error *err)
{
    struct program *p = c->out;

    for (*out = 0; *out < p->connection_count; (*out)++)
        if (strcmp(p->connections[*out], step->on) == 0)
            return true;
    if (p->connection_count == CONNECTIONS)
        return json_error(step->at, err, "more than %d connections", CONNECTIONS);
    p->connections[p->connection_count++] = step->on;
    return true;
}

/* Steps that a service adds are about the connection of the step around them. */
static bool inserted(struct compiler *c, const struct steps *steps, const char *on, const char *control, int scope,
                     struct error *err)
{
    const char *outer = c->control;
    int outer_scope = c->scope;
    unsigned outer_group = c->group;
    const struct json *outer_at = c->at;
    struct steps here = { ARENA_ARRAY(c->keep, steps->count, struct step), steps->count };

    for (size_t i = 0; i < steps->count; i++) {
        here.items[i] = steps->items[i];
        here.items[i].on = on;
    }
    c->control = control;
    c->scope = scope;
    bool good = steps_compile(c, &here, err);
    c->control = outer;
    c->scope = outer_scope;
    c->group = outer_group;
    c->at = outer_at;
    return good;
}

static bool open_first(struct compiler *c, unsigned on, struct error *err)
{
    if (c->conn[on].open)
        return true;
    c->conn[on].open = true;
    op_add(c, OP_OPEN, on, c->us);
    return inserted(c, &c->v->service->prologue, c->out->connections[on], "prologue", ++c->scopes, err);
}

static bool probe_legal(const struct compiler *c, unsigned on)
{
    return c->v->service->probe && c->us == PARTY_CLIENT && !c->conn[on].ended[c->us] && !c->conn[on].part[c->us];
}

/* The service's probe with values of its own. */
static bool probe_compile(struct compiler *c, struct op *op, struct error *err)
{
    const struct steps *probe = &c->v->service->probe->steps;
    int outer = c->scope;

    c->scope = ++c->scopes;
    bool good = say_bytes(c, &probe->items[0], &op->bytes, &op->fields, err) &&
                say_bytes(c, &probe->items[1], &op->answer, &op->answer_fields, err);
    c->scope = outer;
    op->lead = c->lead; // of the answer
    return good;
}

/* What may stand before an op of the other party that it hears. What need not come is not looked for behind it any more. */
static void may_stand_before(struct compiler *c, unsigned on, struct op *op)
{
    size_t n = c->conn[on].may_count;

    op->may_count = n;
    op->may = ARENA_ARRAY(c->keep, n, struct aside *);
    if (n)
        memcpy(op->may, c->conn[on].may, n * sizeof *op->may);
    c->conn[on].may_count = c->conn[on].any_count;
}

static bool silent_compile(struct compiler *c, const struct step *step, unsigned on, struct error *err)
{
    if (step->who == c->us)
        return true; // we say nothing by going on
    struct op *op = op_add(c, OP_SILENT, on, step->who);
    op->check = step->check;
    may_stand_before(c, on, op);
    return step->waits || !probe_legal(c, on) || probe_compile(c, op, err);
}

static bool say_compile(struct compiler *c, const struct step *step, unsigned on, struct error *err)
{
    struct op *op = op_add(c, step->who == c->us ? OP_SEND : OP_RECEIVE, on, step->who);

    if (c->conn[on].ended[step->who])
        return json_error(step->at, err, "the %s has ended its direction before", party_name(step->who));
    if (c->conn[on].stopped[step->who])
        return json_error(step->at, err, "the %s has stopped amid its message before", party_name(step->who));
    size_t index = c->out->count - 1;
    bool fresh = c->conn[on].fresh[step->who] || (c->v->service->per_message[step->who] && !c->conn[on].part[step->who]);
    if (fresh) {
        c->conn[on].table[step->who] = NULL;
        c->conn[on].fresh[step->who] = c->conn[on].unseen[step->who] = false;
    }
    struct bytes bytes = { 0 };
    struct fields fields = { 0 };
    if (!say_bytes(c, step, &bytes, &fields, err))
        return false;
    op = &c->out->ops[index];
    op->bytes = bytes;
    op->fields = fields;
    if (step->cut.is && !cut_short(c, step, op, err))
        return false;
    op->whole = !step->part;
    op->fresh = fresh;
    op->entries = step->entries;
    op->lead = c->lead;
    object_table_skip(table(c), step->entries);
    c->conn[on].part[step->who] = step->part;
    if (step->who == c->us) {
        c->conn[on].begun = c->conn[on].begun == SIZE_MAX || op_takes(op) ? SIZE_MAX : c->conn[on].sent;
        c->conn[on].sent += bytes.len;
        if (!segment(c, step, op, err))
            return false;
    } else {
        op->check = step->check;
        if (step->who == PARTY_CLIENT && strcmp(step->check.name, "says") == 0 && ++c->said > 1)
            op->check.name = arena_printf(c->keep, "says-%u", c->said);
    }
    return true;
}

/* The n-th time that a message comes has a name of its own. */
static void name_again(struct compiler *c, struct op *op, uint64_t n)
{
    if (n > 1 && op->check.name)
        op->check.name = arena_printf(c->keep, "%s-%u", op->check.name, (unsigned)n);
}

/* A message out of its place, or not there: what goes with it must not depend on that. */
static bool is_free(struct compiler *c, const struct step *step, const struct op *op, bool is_aside, struct error *err)
{
    for (size_t i = 0; i < op->fields.count; i++) {
        const struct field *f = &op->fields.items[i];
        if (f->of.type && may_carry_objects(f->of))
            return json_error(step->at, err, "a message that need not come in its place carries no objects: their tags depend on what came before");
        if (is_aside && (f->keeps || f->takes))
            return json_error(step->at, err, "a message that need not come keeps no value, and repeats none that the peer tells");
    }
    return !c->conn[op->on].fresh[step->who] || json_error(step->at, err, "a new archive begins with a message that must come");
}

/* The message just compiled is no op, but may become one. */
static bool aside_make(struct compiler *c, const struct step *step, unsigned on, struct error *err)
{
    struct aside *a = ARENA_NEW(c->keep, struct aside);
    size_t *count = &c->conn[on].may_count, *any = &c->conn[on].any_count;

    *a = (struct aside){ .op = c->out->ops[--c->out->count], .left = step->anytime ? UINT64_MAX : step->most - step->least };
    a->op.is_aside = true;
    a->op.asked = c->conn[on].sent ? c->conn[on].begun : SIZE_MAX;
    if (*count == MAY_MAX)
        return json_error(step->at, err, "more than %d messages may stand before one", MAY_MAX);
    if (!is_free(c, step, &a->op, true, err))
        return false;
    struct aside **place = c->conn[on].may + (step->anytime ? *any : *count);
    memmove(place + 1, place, (size_t)(c->conn[on].may + *count - place) * sizeof *place);
    *place = a;
    ++*count;
    *any += step->anytime;
    return true;
}

/* A message as often as it comes. Of what need not come we ourselves say nothing. */
static bool messages_compile(struct compiler *c, const struct step *step, unsigned on, struct error *err)
{
    bool ours = step->who == c->us, moves = step->group || step->most > 1;

    for (uint64_t n = 1; n <= step->least; n++) {
        if (!say_compile(c, step, on, err))
            return false;
        struct op *op = &c->out->ops[c->out->count - 1];
        if (ours)
            continue;
        name_again(c, op, n);
        op->group = step->group ? c->group : 0;
        if (moves && !is_free(c, step, op, step->most > 1, err))
            return false;
        may_stand_before(c, on, op);
    }
    if (ours || (!step->anytime && step->most == step->least))
        return true;
    if (!say_compile(c, step, on, err))
        return false;
    name_again(c, &c->out->ops[c->out->count - 1], step->least + 1);
    return aside_make(c, step, on, err);
}

static void end_compile(struct compiler *c, unsigned on, enum party who, const struct check *check)
{
    struct op *op = op_add(c, who == c->us ? OP_SHUTDOWN : OP_AWAIT_END, on, who);

    c->conn[on].ended[who] = true;
    if (who != c->us) {
        op->check = *check;
        may_stand_before(c, on, op);
    }
}

/* Whether the case itself says anything on a connection. */
static bool is_spoken_on(const struct compiler *c, const char *on)
{
    const struct steps *steps = &c->v->steps;

    for (size_t i = 0; i < steps->count; i++)
        if (steps->items[i].kind == STEP_SAY && strcmp(steps->items[i].on, on) == 0)
            return true;
    return false;
}

static enum party other(enum party who)
{
    return who == PARTY_CLIENT ? PARTY_SERVER : PARTY_CLIENT;
}

/* Whether a step is about words or an end of its party, which somebody has to read. */
static bool is_read(const struct step *step)
{
    return step->kind == STEP_SAY || step->kind == STEP_SILENT || step->kind == STEP_END || step->kind == STEP_RESET;
}

/* What the other party does to its own reading is not to be seen from here. */
static bool pause_compile(struct compiler *c, const struct step *step, unsigned on, struct error *err)
{
    bool pauses = step->kind == STEP_PAUSE, *paused = &c->conn[on].paused[step->who];

    if (*paused == pauses)
        return json_error(step->at, err, pauses ? "the %s has stopped reading before" : "the %s has not stopped reading before",
                          party_name(step->who));
    *paused = pauses;
    if (step->who == c->us)
        op_add(c, pauses ? OP_PAUSE : OP_RESUME, on, step->who);
    return true;
}

static bool step_compile(struct compiler *c, const struct step *step, struct error *err)
{
    const struct named_steps *control;
    struct op *op;
    unsigned on;

    if (c->us == PARTY_SERVER && (step->kind == STEP_CONTROL || !is_spoken_on(c, step->on)))
        return true;
    if (!connection(c, step, &on, err))
        return false;
    if (c->conn[on].reset)
        return json_error(step->at, err, "the connection \"%s\" has been reset before", step->on);
    if (step->kind == STEP_LISTEN) {
        if (c->conn[on].open)
            return json_error(step->at, err, "listen stands before the first words of its connection");
        op_add(c, OP_LISTEN, on, c->us)->check = step->check;
        return true;
    }
    if (step->kind == STEP_OPEN && c->conn[on].open)
        return json_error(step->at, err, "the connection \"%s\" is open already", step->on);
    if (!open_first(c, on, err))
        return false;
    if (is_read(step) && c->conn[on].paused[other(step->who)])
        return json_error(step->at, err, "the %s does not read on \"%s\": it must resume before", party_name(other(step->who)),
                          step->on);
    c->on = on;
    switch (step->kind) {
    case STEP_SAY:
        return messages_compile(c, step, on, err);
    case STEP_CONTROL:
        control = service_control(c->v->service, step->control);
        if (!control)
            return json_error(step->at, err, "service %s has no control \"%s\"", c->v->service->name, step->control);
        return inserted(c, &control->steps, step->on, control->name, ++c->scopes, err);
    case STEP_SILENT:
        return silent_compile(c, step, on, err);
    case STEP_END:
        if (c->conn[on].ended[step->who])
            return json_error(step->at, err, "the %s has ended its direction before", party_name(step->who));
        end_compile(c, on, step->who, &step->check);
        c->out->ops[c->out->count - 1].whatever = step->whatever;
        return true;
    case STEP_RESET:
        op = op_add(c, step->who == c->us ? OP_RESET : OP_AWAIT_RESET, on, step->who);
        if (step->who != c->us)
            op->check = step->check;
        else
            op->whatever = step->whatever;
        c->conn[on].reset = true;
        return true;
    case STEP_NEW_ARCHIVE:
        c->conn[on].fresh[step->who] = true;
        return true;
    case STEP_PAUSE:
    case STEP_RESUME:
        return pause_compile(c, step, on, err);
    case STEP_OPEN:
    case STEP_LISTEN:
        break;
    }
    return true;
}

static bool steps_compile(struct compiler *c, const struct steps *steps, struct error *err)
{
    for (size_t i = 0; i < steps->count; i++) {
        if (!c->control)
            c->step = (int)i;
        if (steps->items[i].group && (i == 0 || steps->items[i - 1].group != steps->items[i].group))
            c->group = ++c->groups;
        c->at = steps->items[i].at;
        if (!step_compile(c, &steps->items[i], err))
            return false;
    }
    return true;
}

/* Ends what the steps have left open: the client's direction first, then the server's. */
static bool rest_compile(struct compiler *c, struct error *err)
{
    const struct service *s = c->v->service;

    c->step = -1;
    c->at = NULL;
    for (unsigned on = 0; on < c->out->connection_count; on++) {
        if (!c->conn[on].open || c->conn[on].reset)
            continue;
        for (enum party who = PARTY_CLIENT; who <= PARTY_SERVER; who++)
            if (c->conn[on].paused[who])
                return json_error(c->v->at, err, "the %s never reads on \"%s\" again: it must resume", party_name(who),
                                  c->out->connections[on]);
        if (!c->conn[on].ended[0] && !c->conn[on].ended[1] &&
            !inserted(c, &s->epilogue, c->out->connections[on], "epilogue", ++c->scopes, err))
            return false;
        for (enum party who = PARTY_CLIENT; who <= PARTY_SERVER; who++)
            if (!c->conn[on].ended[who])
                end_compile(c, on, who, &s->end);
    }
    return true;
}

/* ---- what may come in the place of what is due must be told from it by its bytes ---- */

static struct bytes lead_of(const struct op *op)
{
    return bytes_slice(op->kind == OP_SILENT ? op->answer : op->bytes, 0, op->lead);
}

static bool can_be_told(const struct op *a, const struct op *b, struct error *err)
{
    struct bytes first = lead_of(a), second = lead_of(b);
    const struct json *at = b->at ? b->at : a->at;

    if (bytes_common(first, second) < (first.len < second.len ? first.len : second.len))
        return true;
    return json_error(at, err, "\"%s\" and \"%s\" may both come here, and begin alike: no byte that is the same in every run tells them apart",
                      a->check.name ? a->check.name : op_name(a->kind), b->check.name ? b->check.name : op_name(b->kind));
}

/* All that may come where op `at` is due, itself first. */
static size_t candidates(const struct program *p, size_t at, const struct op **out)
{
    const struct op *op = &p->ops[at];
    bool says = op->kind == OP_RECEIVE || (op->kind == OP_SILENT && op->answer.len);
    size_t n = 0;

    for (size_t i = at; says && i < p->count && n < MAY_MAX && (i == at || (op->group && p->ops[i].group == op->group)); i++)
        out[n++] = &p->ops[i];
    for (size_t i = 0; i < op->may_count; i++)
        out[n++] = &op->may[i]->op;
    return n;
}

static bool all_can_be_told(const struct program *p, struct error *err)
{
    const struct op *all[2 * MAY_MAX];

    for (size_t at = 0; at < p->count; at++) {
        if (!p->ops[at].may_count && !p->ops[at].group)
            continue;
        size_t n = candidates(p, at, all);
        for (size_t a = 0; a < n; a++)
            for (size_t b = a + 1; b < n; b++)
                if (!can_be_told(all[a], all[b], err))
                    return false;
    }
    return true;
}

static bool compile(const struct vector *v, const struct profile *p, uint64_t seed, enum party us, bool knows, struct arena *keep,
                    struct program *out, struct error *err)
{
    struct compiler c = { .v = v, .p = p, .seed = seed, .us = us, .knows = knows, .keep = keep, .out = out, .step = -1 };

    *out = (struct program){ .vector = v, .profile = *p, .us = us, .delivery = "plain" };
    out->connections = ARENA_ARRAY(keep, CONNECTIONS, const char *);
    out->probe = (struct op){ .kind = OP_SILENT, .step = -1 };
    if (v->service->probe && us == PARTY_CLIENT && !probe_compile(&c, &out->probe, err))
        return false;
    return steps_compile(&c, &v->steps, err) && rest_compile(&c, err) && all_can_be_told(out, err);
}

bool program_compile(const struct vector *v, const struct profile *p, uint64_t seed, enum party us, struct arena *keep,
                     struct program *out, struct error *err)
{
    return compile(v, p, seed, us, false, keep, out, err);
}

bool program_compile_knowing(const struct vector *v, const struct profile *p, uint64_t seed, struct arena *keep, struct program *out,
                             struct error *err)
{
    return compile(v, p, seed, PARTY_SERVER, true, keep, out, err);
}

bool program_compile_exchange(const struct service *s, const char *id, const char *title, const struct steps *steps,
                              const struct profile *p, uint64_t seed, struct arena *keep, struct program *out,
                              struct error *err)
{
    struct vector *v = ARENA_NEW(keep, struct vector);

    *v = (struct vector){ .id = id, .suite = s->name, .title = title, .rev = 1, .since = 1, .service = s,
                          .clauses = s->end.clauses, .steps = *steps, .at = s->at };
    vector_digest(v);
    return program_compile(v, p, seed, PARTY_CLIENT, keep, out, err);
}
