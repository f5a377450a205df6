/*
 * A stream by a layout. Values are read by the archive's own loads; what is here is which comes next, and objects whose classes
 * only the application has.
 */
#include "layout/walk.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "archive/objects.h"

#define NAME_MAX_BYTES 63     // of a class; longer ones are refused [OBJ-25]
#define BIG            0x7fff // from this index on a tag has 32 bits [OBJ-1]
#define VALUES_MAX     (4u << 20) // of one stream

static void reject(struct walk *w, size_t at, enum cause cause, const char *fmt, ...) PRINTF(4, 5);

static void reject(struct walk *w, size_t at, enum cause cause, const char *fmt, ...)
{
    char why[256];
    va_list args;

    va_start(args, fmt);
    vsnprintf(why, sizeof why, fmt, args);
    va_end(args);
    w->d.out->of = (struct type_ref){ 0 };
    reader_reject_at(&w->r, at, cause, arena_string(w->d.keep, why));
}

/* What was read of the field of that name last. */
static const struct read_number *last(struct walk *w, const struct read_number *n, const char *name)
{
    size_t len = strlen(LAYOUT_REQUEST);

    if (strncmp(name, LAYOUT_REQUEST, len) == 0) {
        n = w->asked ? w->asked->fields : NULL;
        name += len;
    }
    while (n && strcmp(n->name, name) != 0)
        n = n->before;
    if (!n)
        reject(w, w->r.at, CAUSE_NONE, "%s is asked for, and came no time", name);
    return n;
}

static bool find(struct walk *w, const struct read_number *n, const char *name, int64_t *out)
{
    const struct read_number *found = last(w, n, name);

    *out = found ? found->number : 0;
    return found != NULL;
}

/* v is NULL for bytes before an object's fields. */
static struct layout_leaf *leaf_add(struct walk *w, const char *name, size_t at, size_t end, const struct value *v)
{
    struct layout_reading *to = w->reading;

    if (to->count == w->leaf_room) {
        w->leaf_room = w->leaf_room ? 2 * w->leaf_room : 64;
        struct layout_leaf *more = ARENA_ARRAY(w->d.keep, w->leaf_room, struct layout_leaf);
        if (to->count)
            memcpy(more, to->leaves, to->count * sizeof *more);
        to->leaves = more;
    }
    struct layout_leaf *leaf = &to->leaves[to->count++];
    *leaf = (struct layout_leaf){ .at = at, .len = end - at, .name = name, .message = w->message, .number = w->number };
    if (v)
        leaf->value = *v;
    return leaf;
}

bool walk_holds_strings(const struct type *t)
{
    bool all = t->kind == VALUE_LIST || t->kind == VALUE_MAP;

    for (size_t i = 0; all && i < type_fields(t); i++)
        all = strcmp(t->fields[i].type, "cstring") == 0;
    return all;
}

/* Strings that stand together are leaves of their own, behind their number. */
static void leaves_add(struct walk *w, const char *name, size_t at, const struct value *v, size_t measure)
{
    const struct type *t = v->of.type;
    struct reader r = { .in = w->r.in, .at = at };

    if (!walk_holds_strings(t)) {
        leaf_add(w, name, at, w->r.at, v)->measure = measure;
        return;
    }
    struct value count = value_integer(type_named("count"), archive_load_count(&r, w->d.profile)), one;
    leaf_add(w, arena_printf(w->d.keep, "%s.count", name), at, r.at, &count);
    for (size_t i = 0; i < v->count; i++) {
        const char *part = t->kind == VALUE_MAP ? t->fields[i % 2].name : NULL;
        size_t from = r.at;
        value_load(&r, w->d.profile, NULL, type_named("cstring"), w->d.keep, &one);
        leaf_add(w, part ? arena_printf(w->d.keep, "%s.%s", name, part) : name, from, r.at, &one);
    }
}

/* The names around it go before the name of a field. */
static const char *named(struct walk *w, const char *name)
{
    return *w->within ? arena_printf(w->d.keep, "%s%s", w->within, name) : name;
}

/* What stands within a field of that name. Returns what it was before. */
static const char *enter(struct walk *w, const char *name)
{
    const char *outer = w->within;

    if (w->reading || w->marking)
        w->within = arena_printf(w->d.keep, "%s%s.", outer, name);
    return outer;
}

/* Those around it begin with their first field. */
static void mark_around(struct walk *w, struct around *a, size_t at)
{
    if (!a || a->told)
        return;
    mark_around(w, a->outer, at);
    a->told = true;
    w->marking->take(w->marking, at, a->name);
}

static void mark(struct walk *w, const char *name, size_t at)
{
    mark_around(w, w->around, at);
    w->marking->take(w->marking, at, named(w, name));
}

/* Strings that stand together, as far as they are there. */
static void mark_strings(struct walk *w, const char *name, const struct type *t)
{
    struct reader r = { .in = w->r.in, .at = w->r.at };
    struct value one;

    mark(w, arena_printf(w->d.keep, "%s.count", name), r.at);
    uint64_t count = archive_load_count(&r, w->d.profile);
    for (uint64_t i = 0; r.status == WIRE_OK && i < count * type_fields(t); i++) {
        const char *part = t->kind == VALUE_MAP ? t->fields[i % 2].name : NULL;
        mark(w, part ? arena_printf(w->d.keep, "%s.%s", name, part) : name, r.at);
        value_load(&r, w->d.profile, NULL, type_named("cstring"), w->d.keep, &one);
    }
}

/* A line about what follows below it; its length is set when that is over. */
static size_t begin(struct walk *w, unsigned depth, const char *meaning)
{
    if (w->marking)
        w->d.out->count = 0;
    struct decode_line *line = decoder_line(&w->d);

    *line = (struct decode_line){ .at = w->r.at, .depth = depth, .outer = true, .meaning = meaning };
    return w->d.out->count - 1;
}

static void end(struct walk *w, size_t line)
{
    struct decode_line *l = &w->d.out->lines[line];

    l->len = w->r.at - l->at;
}

static const char *word_of(const struct layout_field *f, int64_t number)
{
    for (size_t i = 0; i < f->word_count; i++)
        if (f->words[i].number == number)
            return f->words[i].word;
    return NULL;
}

/* Loads a value, and says where it begins; one without a byte does not. */
static bool value_marked(struct walk *w, const char *name, struct type_ref t, struct value *out)
{
    size_t at = w->r.at;
    bool strings = walk_holds_strings(t.type);

    w->d.out->of = t;
    if (strings)
        mark_strings(w, name, t.type);
    value_load(&w->r, w->d.profile, w->d.table, t, w->d.keep, out);
    if (!strings && (w->r.status == WIRE_SHORT || w->r.at > at))
        mark(w, name, at);
    return w->r.status == WIRE_OK;
}

static bool value(struct walk *w, const struct layout_field *f, unsigned depth, const struct read_number *before, struct read_number *out)
{
    struct type_ref t = f->type;
    size_t at = w->r.at, measure = 0;
    struct value v;

    w->field = f->name;
    if (f->length_of) {
        const struct read_number *length = last(w, before, f->length_of);
        if (!length)
            return false;
        int64_t size = length->number;
        measure = length->leaf;
        if (size < 0) {
            reject(w, at, CAUSE_NONE, "%s has %s, which is %" PRId64 ", as its length", f->name, f->length_of, size);
            return false;
        }
        t.size = (uint64_t)size;
    }
    if (++w->values > VALUES_MAX) {
        reject(w, at, CAUSE_NONE, "more than %u values", VALUES_MAX);
        return false;
    }
    size_t line = w->d.out->count;
    if (!(w->marking ? value_marked(w, f->name, t, &v) : decoder_value(&w->d, &w->r, t, f->name, depth, &v)))
        return false;
    if (w->reading)
        leaves_add(w, named(w, f->name), at, &v, measure);
    *out = (struct read_number){ f->name, (int64_t)v.number, v, w->reading ? w->reading->count : 0, before };
    if (w->asks) {
        struct layout_request *request = &w->requests->items[w->requests->count - 1];
        struct read_number *said = ARENA_NEW(w->d.keep, struct read_number);
        *said = *out;
        said->leaf = 0; // it is no leaf of the answer
        said->before = request->fields;
        request->fields = said;
    }
    const char *word = v.of.type->kind == VALUE_INTEGER && !w->marking ? word_of(f, (int64_t)v.number) : NULL;
    if (word)
        w->d.out->lines[line].meaning = arena_printf(w->d.keep, "%s (%s)", w->d.out->lines[line].meaning, word);
    return true;
}

/* Names of types, of a text; NULL where it holds other than ASCII. */
static char *types_text(struct walk *w, const struct value *v)
{
    size_t width = v->wide ? 2 : 1, count = v->data.len / width;
    char *out = arena_array(w->d.keep, count + 1, 1);

    for (size_t i = 0; i < count; i++) {
        out[i] = (char)v->data.data[i * width];
        if (out[i] < ' ' || out[i] > '~' || (v->wide && v->data.data[2 * i + 1]))
            return NULL;
    }
    return out;
}

static bool values(struct walk *w, const struct layout_field *f, unsigned depth, const struct read_number *before)
{
    const struct read_number *types = last(w, before, f->types_of);
    struct error why = { .text = "its text is no list of types" };
    struct read_number one;
    char *rest = types ? types_text(w, &types->value) : NULL, *name;
    size_t at = w->r.at;

    w->field = f->name;
    if (types && !rest)
        reject(w, at, CAUSE_NONE, "%s: %s", f->types_of, why.text);
    if (!rest)
        return false;
    while (rest && *rest && (name = strsep(&rest, ","))) {
        struct layout_field each = { .kind = LAYOUT_VALUE, .name = f->name, .times = 1 };
        if (!type_parse(name, &each.type, &why)) {
            reject(w, at, CAUSE_NONE, "%s: %s", f->types_of, why.text);
            return false;
        }
        if (!value(w, &each, depth, before, &one))
            return false;
    }
    return true;
}

static void register_entry(struct walk *w, const struct layout_message *class, unsigned schema, bool is_class)
{
    if (w->entry_count == w->entry_room) {
        w->entry_room = w->entry_room ? 2 * w->entry_room : 16;
        struct entry *more = ARENA_ARRAY(w->tables, w->entry_room, struct entry);
        if (w->entry_count)
            memcpy(more, w->entries, w->entry_count * sizeof *more);
        w->entries = more;
    }
    w->entries[w->entry_count++] = (struct entry){ class, schema, is_class };
}

/* Whether the class was described before, and last with that schema. */
static bool is_described(const struct walk *w, const struct layout_message *class, unsigned schema)
{
    for (size_t i = w->entry_count; i-- > 0;)
        if (w->entries[i].is_class && w->entries[i].class == class)
            return w->entries[i].schema == schema;
    return false;
}

/* Behind FFFF [6.1], which stands at tag_at. */
static const struct layout_message *description(struct walk *w, size_t tag_at)
{
    unsigned schema = reader_u16(&w->r);
    size_t len_at = w->r.at, len = reader_u16(&w->r), name_at = w->r.at;

    if (w->r.status == WIRE_OK && len > NAME_MAX_BYTES)
        reject(w, len_at, CAUSE_BAD_CLASS, "a class name of %zu bytes, 63 at most", len);
    struct bytes name = reader_take(&w->r, len);
    if (w->r.status != WIRE_OK)
        return NULL;
    for (size_t i = 0; i < w->layout->class_count; i++) {
        const struct layout_message *c = &w->layout->classes[i];
        if (strlen(c->name) != len || memcmp(c->name, name.data, len) != 0)
            continue;
        if (is_described(w, c, schema))
            reader_odd(&w->r, tag_at, ODD_CLASS);
        register_entry(w, c, schema, true);
        struct decode_line *line = &w->d.out->lines[w->d.out->count - 1];
        line->meaning = arena_printf(w->d.keep, "%s, new class %s, schema %u, index %zu", line->meaning, c->name, schema, w->entry_count);
        return c;
    }
    reject(w, name_at, CAUSE_BAD_CLASS, "the class \"%.*s\", which the layout does not have", (int)len, (const char *)name.data);
    return NULL;
}

static const struct entry *entry_at(struct walk *w, size_t at, uint32_t index, bool is_class)
{
    const char *what = is_class ? "class" : "object";

    if (index && index <= w->entry_count && w->entries[index - 1].is_class == is_class)
        return &w->entries[index - 1];
    w->r.clause = index > w->entry_count ? "OBJ-22" : "TAB-6.2";
    if (index > w->entry_count)
        reject(w, at, CAUSE_BAD_INDEX, "index %" PRIu32 ", which is no %s: there are %zu so far", index, what, w->entry_count);
    else
        reject(w, at, CAUSE_BAD_INDEX, "index %" PRIu32 ", which is no %s", index, what);
    return NULL;
}

static bool object(struct walk *w, const struct layout_field *f, unsigned depth)
{
    size_t at = w->r.at, line = begin(w, depth, arena_printf(w->d.keep, "%s: object", f->name));
    w->field = f->name;
    w->d.out->of = type_named("object");
    if (w->marking)
        mark(w, f->name, at);
    uint32_t tag = reader_u16(&w->r);
    bool described = tag == 0xffff, is_class = tag & 0x8000;
    const struct layout_message *class = NULL;

    if (tag == BIG) {
        uint32_t big = reader_u32(&w->r);
        is_class = big & 0x80000000;
        tag = big & 0x7fffffff;
        if (tag < BIG)
            reader_loosen(&w->r, at, ODD_TAG);
    } else {
        tag &= 0x7fff;
    }
    if (w->r.status != WIRE_OK)
        return false;
    if (described) {
        class = description(w, at);
    } else if (is_class) {
        const struct entry *e = entry_at(w, at, tag, true);
        class = e ? e->class : NULL;
    } else {
        if (tag && !entry_at(w, at, tag, false))
            return false;
        w->d.out->lines[line].outer = false;
        w->d.out->lines[line].meaning = tag ? arena_printf(w->d.keep, "%s: the object with index %" PRIu32, f->name, tag) :
                                              arena_printf(w->d.keep, "%s: null", f->name);
        end(w, line);
        if (w->reading)
            leaf_add(w, named(w, f->name), at, w->r.at, NULL)->object = w->nested ? 0 : w->r.at - at;
        return true;
    }
    if (!class)
        return false;
    register_entry(w, class, 0, false);
    w->d.out->lines[line].meaning = arena_printf(w->d.keep, "%s, a %s with index %zu", w->d.out->lines[line].meaning, class->name, w->entry_count);
    if (++w->nested > LAYOUT_NESTED_MAX) {
        reject(w, at, CAUSE_NONE, "more than %d objects within each other", LAYOUT_NESTED_MAX);
        return false;
    }
    size_t leaf = w->reading ? w->reading->count : 0;
    if (w->reading)
        leaf_add(w, named(w, f->name), at, w->r.at, NULL);
    const char *outer = enter(w, f->name);
    bool good = walk_fields(w, &class->fields, depth + 1, NULL);
    w->within = outer;
    w->nested--;
    if (w->reading && !w->nested)
        w->reading->leaves[leaf].object = w->r.at - at;
    end(w, line);
    return good;
}

static bool choice(struct walk *w, const struct layout_field *f, unsigned depth, const struct read_number *before)
{
    int64_t number;

    if (!find(w, before, f->name, &number))
        return false;
    for (size_t i = 0; i < f->case_count; i++)
        if (f->cases[i].number == number)
            return walk_fields(w, &f->cases[i].fields, depth, before);
    if (f->has_else)
        return walk_fields(w, &f->fields, depth, before);
    reject(w, w->r.at, CAUSE_NONE, "%s is %" PRId64 ", and the layout has no case for that", f->name, number);
    return false;
}

static bool times_of(struct walk *w, const struct layout_field *f, const struct read_number *before, uint64_t *out)
{
    *out = f->times;
    if (!f->times_of)
        return true;
    int64_t number;
    if (!find(w, before, f->times_of, &number))
        return false;
    *out = (uint64_t)number;
    if (number >= 0 && number <= LAYOUT_TIMES_MAX)
        return true;
    reject(w, w->r.at, CAUSE_NONE, "%s comes %" PRId64 " times, by %s: 0 to %d are read", f->name, number, f->times_of, LAYOUT_TIMES_MAX);
    return false;
}

static bool group(struct walk *w, const struct layout_field *f, const struct layout_fields *of, unsigned depth, const struct read_number *before,
                  uint64_t at, uint64_t times)
{
    size_t line = begin(w, depth, f->times_of || f->times != 1 ? arena_printf(w->d.keep, "%s %" PRIu64 " of %" PRIu64, f->name, at + 1, times) : f->name);
    struct around own = { w->marking ? named(w, f->name) : NULL, false, w->around };
    const char *outer = enter(w, f->name);
    w->around = &own;
    bool good = walk_fields(w, of, depth + 1, before);

    w->around = own.outer;
    w->within = outer;
    end(w, line);
    return good;
}

/* From the first field on; numbers that were read are on the stack, each knowing the one before it. */
static bool field(struct walk *w, const struct layout_fields *all, size_t at, unsigned depth, const struct read_number *before)
{
    for (; at < all->count; at++) {
        const struct layout_field *f = &all->items[at];
        struct read_number one = { 0 };
        uint64_t times;
        if (f->kind == LAYOUT_CHOICE) {
            if (!choice(w, f, depth, before))
                return false;
            continue;
        }
        if (!times_of(w, f, before, &times))
            return false;
        for (uint64_t i = 0; i < times; i++) {
            size_t from = w->r.at;
            if (!(f->kind == LAYOUT_VALUE    ? value(w, f, depth, before, &one)
                  : f->kind == LAYOUT_OBJECT ? object(w, f, depth)
                  : f->kind == LAYOUT_VALUES ? values(w, f, depth, before)
                                             : group(w, f, f->use ? &f->use->fields : &f->fields, depth, before, i, times)))
                return false;
            if (i && w->r.at == from)
                break; // what has no bytes comes once
        }
        if (f->kind == LAYOUT_VALUE && times)
            return field(w, all, at + 1, depth, &one);
    }
    return true;
}

bool walk_fields(struct walk *w, const struct layout_fields *f, unsigned depth, const struct read_number *before)
{
    return field(w, f, 0, depth, before);
}

static void request_begin(struct walk *w)
{
    struct layout_requests *q = w->requests;

    if (q->count == q->room) {
        q->room = q->room ? 2 * q->room : 16;
        struct layout_request *more = ARENA_ARRAY(w->d.keep, q->room, struct layout_request);
        if (q->count)
            memcpy(more, q->items, q->count * sizeof *more);
        q->items = more;
    }
    q->items[q->count++] = (struct layout_request){ 0 };
}

/* Which request comes to be answered next; false: none does. */
static bool answer_begin(struct walk *w, size_t number)
{
    struct layout_requests *q = w->requests;

    w->asked = q && number < q->count ? &q->items[number] : NULL;
    if (q)
        q->exceeded = !w->asked;
    if (!w->asked)
        reject(w, w->r.at, CAUSE_NONE, q ? "it answers no request that was read" : "the requests that it answers are not known");
    return w->asked;
}

/* Message by message, to the end or to where it does not fit. */
static size_t messages(struct walk *w, enum layout_side from)
{
    const struct layout_message *message = w->layout->from[from];
    bool answers = w->layout->answers && from == LAYOUT_SERVER;
    size_t count = 0, request = 0;

    w->asks = w->layout->answers && from == LAYOUT_CLIENT && w->requests;
    *w->d.out = (struct decoding){ .noun = "message" };
    while (message && w->r.at < w->r.in.len) {
        size_t at = w->r.at, leaves = w->reading ? w->reading->count : 0,
               line = begin(w, 0, arena_printf(w->d.keep, "%s %zu", message->name, count + 1));
        w->message = message->name;
        w->number = count;
        w->within = w->field = "";
        if (w->asks)
            request_begin(w);
        bool good = (!answers || answer_begin(w, request++)) && walk_fields(w, &message->fields, 1, NULL);
        end(w, line);
        if (good && answers && w->r.at == at) {
            w->d.out->count = line; // that request is answered by nothing
            continue;
        }
        if (!good) {
            if (w->reading)
                w->reading->count = leaves;
            if (w->asks)
                w->requests->count--;
            break;
        }
        count++;
        if (w->r.odd.kind && !w->d.out->odd_number)
            w->d.out->odd_number = count;
        if (w->reading)
            w->reading->whole = w->r.at;
        if (w->r.at == at) {
            reject(w, at, CAUSE_NONE, "a %s without a byte", message->name);
            break;
        }
    }
    if (!message && w->r.in.len)
        reject(w, 0, CAUSE_NONE, "by the layout this side sends nothing");
    return count;
}

void layout_decode(const struct layout *l, enum layout_side from, struct bytes in, const struct profile *p, const struct codepage *page,
                   struct layout_requests *requests, struct arena *keep, struct decoding *out)
{
    struct walk w = { .layout = l, .requests = requests, .d = { .out = out, .keep = keep, .profile = p, .page = page, .table = object_table_new(keep) }, .tables = keep, .r = { .in = in } };
    size_t count = messages(&w, from);

    decoder_end(&w.d, &w.r);
    out->value_count = count;
}

/* "message 2 of the client, field text: the stream ends 3 bytes too early" */
static const char *stop_tell(struct walk *w, enum layout_side from, size_t count)
{
    static const char *const sides[] = { "client", "server" };
    const struct decoding *d = w->d.out;
    TEXT(why);

    text_printf(&why, "message %zu of the %s", count + 1, sides[from]);
    if (*w->field)
        text_printf(&why, ", field %s", named(w, w->field));
    if (d->status == WIRE_SHORT && d->need != SIZE_MAX)
        text_printf(&why, ": the stream ends %zu byte%s too early", d->need - w->r.in.len, d->need - w->r.in.len == 1 ? "" : "s");
    else
        text_printf(&why, ": %s", d->status == WIRE_SHORT ? "the stream ends too early" : d->reason);
    return arena_string(w->d.keep, text_string(&why));
}

void layout_leaves(const struct layout *l, enum layout_side from, struct bytes in, const struct profile *p,
                   struct layout_requests *requests, struct arena *keep, struct layout_reading *out)
{
    struct decoding lines;
    struct walk w = { .layout = l, .requests = requests, .d = { .out = &lines, .keep = keep, .profile = p, .table = object_table_new(keep) }, .tables = keep, .r = { .in = in }, .reading = out };

    *out = (struct layout_reading){ 0 };
    size_t count = messages(&w, from);
    decoder_end(&w.d, &w.r);
    if (lines.status != WIRE_OK) {
        out->stopped = stop_tell(&w, from, count);
        out->stopped_at = lines.at;
    }
}
