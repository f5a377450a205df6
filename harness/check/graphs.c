/*
 * Causes that show when two graphs of objects are held against each other: the one that is due and the one that came, stored or told. What is
 * looked at is the first place at which they part: what stands there in place of what.
 */
#include "check/graphs.h"

#include "check/history.h"
#include "check/values.h"

#include <stdlib.h>

/* Objects that a direction has carried, by their k. */
struct carried {
    const struct value **items;
    size_t count, room;
};

static void carried_add(struct carried *c, const struct value *v, struct arena *keep)
{
    if (v->of.type->kind == VALUE_OBJECT && v->class) {
        if (c->count == c->room) {
            c->room = c->room ? 2 * c->room : 64;
            const struct value **more = ARENA_ARRAY(keep, c->room, const struct value *);
            for (size_t i = 0; i < c->count; i++)
                more[i] = c->items[i];
            c->items = more;
        }
        c->items[c->count++] = v;
    }
    for (size_t i = 0; v->items && i < v->count && v->of.type->kind != VALUE_ARRAY; i++)
        carried_add(c, &v->items[i], keep);
}

static const struct value *object(const struct carried *c, uint64_t k)
{
    return k > 0 && k <= c->count ? c->items[k - 1] : NULL;
}

/* What a graph is: what is due, what came, and what its references call. */
struct graphs {
    struct value *due, *got; // in a row
    size_t count;
    struct carried carried;
    size_t before;           // how many of these before what is due
    bool told;               // they are texts
    bool asked;              // the request had objects, or named some
};

/* Units of a string as ASCII, word by word, each a value of the type that it tells. */
static bool texts_parse(const struct history *h, const struct value *text, struct value *out)
{
    const struct evidence *e = h->e;
    size_t n = 0, step = text->wide ? 2 : 1;
    struct error ignored;
    TEXT(word);

    for (size_t i = 0; i <= text->data.len; i += step) {
        bool ends = i + step > text->data.len || text->data.data[i] == ' ';
        if (!ends && (text->data.data[i] > 0x7e || (text->wide && text->data.data[i + 1])))
            return false;
        if (!ends) {
            text_char(&word, (char)text->data.data[i]);
            continue;
        }
        if (n == h->told_to - h->told_from ||
            !value_parse(arena_string(e->keep, text_string(&word)), h->parts[h->told_from + n].value.of, &e->program->profile, e->keep, &out[n], &ignored))
            return false;
        n++;
        word.b.len = 0;
    }
    return n == h->told_to - h->told_from;
}

static bool texts_told(const struct history *h, struct graphs *g)
{
    const struct evidence *e = h->e;
    struct reader d = { .in = e->field_due }, r = { .in = e->field_got };
    struct value due, got;

    if (h->told >= h->count || h->parts[h->told].field != e->field)
        return false;
    value_load(&d, &e->program->profile, NULL, e->field->of, e->keep, &due);
    value_load(&r, &e->program->profile, NULL, e->field->of, e->keep, &got);
    g->told = true;
    g->count = h->told_to - h->told_from;
    g->due = ARENA_ARRAY(e->keep, g->count, struct value);
    g->got = ARENA_ARRAY(e->keep, g->count, struct value);
    return d.status == WIRE_OK && r.status == WIRE_OK && texts_parse(h, &due, g->due) && texts_parse(h, &got, g->got);
}

/* The values of the reply up to the one that differs, as they came; *cause: the exception that reading them raises at the difference. */
static bool stored(const struct history *h, struct graphs *g, unsigned *cause)
{
    const struct evidence *e = h->e;
    size_t begin = e->match.field ? e->match.starts[0] : e->match.start;
    struct reader r = { .in = bytes_slice(e->got, begin, SIZE_MAX) };
    struct object_table *table = e->table ? e->table : object_table_new(e->keep); // one for all values of the reply
    struct object_mark mark = object_table_mark(table);
    const struct part *due = &h->parts[h->due];

    *cause = CAUSE_NONE;
    g->count = e->match.field + 1;
    g->due = ARENA_ARRAY(e->keep, g->count, struct value);
    g->got = ARENA_ARRAY(e->keep, g->count, struct value);
    bool typed = h->count - h->due >= g->count;
    for (size_t i = 0; typed && i < g->count && r.status == WIRE_OK; i++) {
        typed = due[i].is_value && due[i].index == i && !due[i].field->any && due[i].field->of.type;
        if (!typed)
            break;
        g->due[i] = due[i].value;
        value_load(&r, &e->program->profile, table, due[i].field->of, e->keep, &g->got[i]);
    }
    object_table_rollback(table, mark);
    bool is_at = begin + r.at <= e->match.at && e->match.at < begin + r.taken; // what stands behind a difference is read as anything
    if (r.status == WIRE_BAD && is_at)
        *cause = (unsigned)r.cause;
    return typed && r.status == WIRE_OK;
}

/* Whether a text of the request calls objects by their number. */
static bool names_objects(const struct history *h)
{
    bool names = false;

    for (size_t i = h->asked; i < h->asked_end && !names; i++) {
        const struct value *v = &h->parts[i].value;
        names = h->parts[i].is_value && v->of.type->kind == VALUE_STRING && v->data.len && memchr(v->data.data, '@', v->data.len);
    }
    return names;
}

/* False: the field holds no graph, or what came does not read; *cause says whether it raises an exception. */
static bool graphs_of(const struct evidence *e, struct graphs *g, unsigned *cause)
{
    *g = (struct graphs){ 0 };
    *cause = CAUSE_NONE;
    if (!e->field || !e->field->of.type || e->field->any || e->match.status != MATCH_MISMATCH)
        return false;
    struct history *h = ARENA_NEW(e->keep, struct history);
    history_make(e, h);
    enum value_kind kind = e->field->of.type->kind;
    bool text = kind == VALUE_STRING;
    g->asked = h->asks_objects || names_objects(h);
    if (h->many || (!text && kind != VALUE_OBJECT && kind != VALUE_LIST && kind != VALUE_MAP))
        return false;
    for (size_t i = 0; i < h->count; i++) {
        if (h->parts[i].ours != text)
            continue;
        if (h->parts[i].op->fresh && h->parts[i].index == 0)
            g->carried.count = 0;
        if (h->parts[i].is_value)
            carried_add(&g->carried, &h->parts[i].value, e->keep);
        g->before = i < h->due ? g->carried.count : g->before;
    }
    return text ? texts_told(h, g) : stored(h, g, cause);
}

bool values_told(const struct evidence *e, const struct value **due, const struct value **got, size_t *count)
{
    struct graphs g;
    unsigned cause;

    if (!graphs_of(e, &g, &cause) || !g.told)
        return false;
    *due = g.due;
    *got = g.got;
    *count = g.count;
    return true;
}

/* ---- where they part ---- */

struct parting {
    const struct value *due, *got; // objects; NULL: they part otherwise
    size_t lacks;                  // elements that a list lacks, or entries
    size_t more;                   // entries that a map has and should not
};

static bool is_object(const struct value *v)
{
    return v->of.type->kind == VALUE_OBJECT;
}

/* How many elements of a list, or of a map the entries, are missing, if what is there is right and in order; 0: it is not that. */
static size_t missing(const struct value *due, const struct value *got)
{
    size_t step = due->of.type->kind == VALUE_MAP ? 2 : 1, at = 0;

    for (size_t i = 0; i < due->count && at < got->count; i += step) {
        bool same = true;
        for (size_t k = 0; k < step; k++)
            same &= value_equal(&due->items[i + k], &got->items[at + k]);
        at += same ? step : 0;
    }
    return at == got->count && got->count < due->count ? (due->count - got->count) / step : 0;
}

/* How many entries a map has besides those that are due; 0: it lacks one, or has none. */
static size_t besides(const struct value *due, const struct value *got)
{
    size_t found = 0;

    for (size_t i = 0; due->of.type->kind == VALUE_MAP && i < due->count; i += 2)
        for (size_t k = 0; k < got->count; k += 2)
            if (value_equal(&due->items[i], &got->items[k]) && value_equal(&due->items[i + 1], &got->items[k + 1])) {
                found += 2;
                break;
            }
    return due->of.type->kind == VALUE_MAP && found == due->count && got->count > found ? (got->count - found) / 2 : 0;
}

/* Whether the two differ, and where first. */
static bool part_at(const struct value *due, const struct value *got, struct parting *out)
{
    enum value_kind kind = due->of.type->kind;

    if (value_equal(due, got))
        return false;
    *out = (struct parting){ 0 };
    if (is_object(due) && is_object(got) && !(due->class && due->class == got->class && due->schema == got->schema)) {
        out->due = due;
        out->got = got;
        return true;
    }
    if (kind == VALUE_MAP && got->of.type->kind == kind && (out->more = besides(due, got)))
        return true;
    if (kind != got->of.type->kind || !due->items || (!got->items && kind != VALUE_LIST && kind != VALUE_MAP))
        return true;
    if ((kind == VALUE_LIST || kind == VALUE_MAP) && (out->lacks = missing(due, got)))
        return true;
    for (size_t i = 0; i < due->count && i < got->count && kind != VALUE_ARRAY; i++)
        if (part_at(&due->items[i], &got->items[i], out))
            return true;
    return true;
}

/* As part_at, of values in a row. */
static bool find_parting(const struct graphs *g, struct parting *out)
{
    for (size_t i = 0; i < g->count; i++)
        if (part_at(&g->due[i], &g->got[i], out))
            return true;
    return false;
}

static bool is_reference(const struct value *v)
{
    return !v->class && v->number;
}

static bool is_null(const struct value *v)
{
    return !v->class && !v->number;
}

static const char *told_or_sent(const struct graphs *g)
{
    return g->told ? "told" : "sent";
}

/* What stands there in place of what. */
static bool parts(const struct evidence *e, struct graphs *g, struct parting *p)
{
    unsigned cause;

    return graphs_of(e, g, &cause) && find_parting(g, p);
}

/* Whether two objects are of one class, and alike but for the objects that they hold: what these are called depends on what came before. */
static bool is_alike(const struct value *a, const struct value *b)
{
    if (is_object(a) && is_object(b))
        return true;
    if (!a->items || !b->items || a->of.type->kind == VALUE_ARRAY || a->count != b->count || a->of.type != b->of.type)
        return value_equal(a, b);
    for (size_t i = 0; i < a->count; i++)
        if (!is_alike(&a->items[i], &b->items[i]))
            return false;
    return true;
}

static bool is_same_object(const struct value *a, const struct value *b)
{
    return a->class == b->class && a->items && b->items && is_alike(a->items, b->items);
}

const char *cause_sent_again(const struct evidence *e)
{
    struct graphs g;
    struct parting p;

    if (!parts(e, &g, &p) || !p.due || !is_reference(p.due) || !p.got->class)
        return NULL;
    const struct value *meant = object(&g.carried, p.due->number);
    if (!meant || !is_same_object(meant, p.got))
        return NULL;
    return arena_printf(e->keep, "the object @%llu is %s in full once more, where a reference to it is due", (unsigned long long)p.due->number, told_or_sent(&g));
}

const char *cause_never_carried(const struct evidence *e)
{
    struct graphs g;
    struct parting p;

    if (!parts(e, &g, &p) || !p.due || !g.asked || !is_reference(p.due) || !p.got->class)
        return NULL;
    for (size_t i = 0; i < g.carried.count; i++)
        if (is_same_object(g.carried.items[i], p.got))
            return NULL;
    return arena_printf(e->keep, "an object is %s where @%llu is due that this connection has not carried: the table is that of another, too", told_or_sent(&g), (unsigned long long)p.due->number);
}

const char *cause_merged(const struct evidence *e)
{
    struct graphs g;
    struct parting p;

    if (!parts(e, &g, &p) || !p.due || !p.due->class || !is_reference(p.got))
        return NULL;
    const struct value *other = object(&g.carried, p.got->number);
    if (!other || other->class != p.due->class)
        return NULL;
    return arena_printf(e->keep, "a reference to @%llu, another %s, stands where a new one is due", (unsigned long long)p.got->number, p.due->class->name);
}

const char *cause_null_stands(const struct evidence *e)
{
    struct graphs g;
    struct parting p;

    if (!parts(e, &g, &p) || !p.due || is_null(p.due) || !is_null(p.got))
        return NULL;
    return "null stands where an object is due";
}

const char *cause_object_stands(const struct evidence *e)
{
    struct graphs g;
    struct parting p;
    struct value got;
    struct reader r = { .in = e->field_got };

    if (!e->field || !e->field->of.type || e->field->of.type->kind != VALUE_OBJECT || !parts(e, &g, &p) || !p.due || !is_null(p.due) || is_null(p.got))
        return NULL;
    struct object_mark mark = e->table ? object_table_mark(e->table) : (struct object_mark){ 0 };
    value_load(&r, &e->program->profile, e->table, e->field->of, e->keep, &got);
    if (e->table)
        object_table_rollback(e->table, mark);
    return r.status == WIRE_OK && r.at == r.in.len ? "an object stands where null is due" : NULL;
}

/* How many more the number of each object is told as, behind an @, where that is all that differs; 0: it is not. */
static int64_t told_more(const char *due, const char *got)
{
    int64_t more = 0;

    while (*due && *due == *got) {
        bool number = *due++ == '@';
        got++;
        if (!number)
            continue;
        char *behind_due, *behind_got;
        int64_t by = (int64_t)(strtoull(got, &behind_got, 10) - strtoull(due, &behind_due, 10));
        if (behind_due == due || behind_got == got || (more && by != more))
            return 0;
        more = by;
        due = behind_due;
        got = behind_got;
    }
    return *due || *got ? 0 : more;
}

const char *cause_told_off(const struct evidence *e)
{
    TEXT(due);
    TEXT(got);

    if (!texts_of(e, &due, &got))
        return NULL;
    int64_t more = told_more(text_string(&due), text_string(&got));
    return more == 1 || more == -1 ? arena_printf(e->keep, "the number of an object is told one too %s", more > 0 ? "large" : "small") : NULL;
}

const char *cause_refers_otherwise(const struct evidence *e)
{
    struct graphs g;
    struct parting p;
    unsigned cause;
    bool is = graphs_of(e, &g, &cause);

    if (cause == CAUSE_BAD_INDEX && (g.before || e->match.at != e->match.start || e->match.field > 1)) // behind a status, and more
        return "a tag refers to an entry that this direction has not, or not of that kind: what it has carried is numbered otherwise";
    if (!is || !find_parting(&g, &p) || !p.due || !is_reference(p.got) || is_null(p.due))
        return NULL;
    return arena_printf(e->keep, "a reference to @%llu stands where %s is due", (unsigned long long)p.got->number,
                        is_reference(p.due) ? arena_printf(e->keep, "one to @%llu", (unsigned long long)p.due->number) : "a new object");
}

const char *cause_refused_kept(const struct evidence *e)
{
    const struct program *p = e->program;
    struct graphs g;
    unsigned cause;

    if (graphs_of(e, &g, &cause) || cause != CAUSE_BAD_INDEX)
        return NULL;
    for (size_t i = 0; i < (size_t)(e->op - p->ops); i++)
        if (p->ops[i].kind == OP_RECEIVE && p->ops[i].on == e->op->on && refusal_due(p, i, e->keep))
            return "a tag refers to an entry that this direction has not: what was refused before has kept its place in the table";
    return NULL;
}

const char *cause_has_more(const struct evidence *e)
{
    struct graphs g;
    struct parting p;

    if (!parts(e, &g, &p) || !p.more)
        return NULL;
    return arena_printf(e->keep, "%zu %s in the map besides those that are due: it held %s before, perhaps", p.more, p.more == 1 ? "entry is" : "entries are", p.more == 1 ? "that" : "them");
}

const char *cause_lacks_elements(const struct evidence *e)
{
    struct graphs g;
    struct parting p;

    if (!parts(e, &g, &p) || !p.lacks)
        return NULL;
    return arena_printf(e->keep, "%zu element%s of a collection %s missing", p.lacks, p.lacks == 1 ? "" : "s", p.lacks == 1 ? "is" : "are");
}
