/*
 * A reply that two mistakes explain names two causes, of which at most one is true. The next reply would tell, were it to
 * hold another value:
 *
 *   due          fffeff 03 6100 0000 6200      a wide string, a NUL in its middle
 *   came         fffeff 01 6100                cut at its NUL, or in its middle: both explain it
 *   second due   fffeff 05 7100 3200 0000 …
 *     at the NUL fffeff 02 7100 3200           now they differ from each other, and from what is due
 *     the middle fffeff 02 7100 3200 0000 …
 *
 * So values are drawn until what each mistake makes of them differs; the writer that makes the mistake says what that is
 * (check/mistake.c). Of classes and objects the draw is a graph, in two requests, with references to what was carried before.
 *
 * What is drawn depends on the seed and on what is to be told apart, not on the case: whichever worker asks, and for whichever of
 * the cases, asks the same.
 */
#include "run/apart.h"

#include <inttypes.h>

#include "archive/objects.h"

#define TYPES_MAX    16
#define MESSAGES     2   // of a graph
#define TRIES        4   // draws for each length and shape
#define GRAPHS       300 // draws of objects
#define VALUES_SHOWN 200 // characters

/* Lengths of strings and arrays: on either side of where a length changes its form. */
static const struct {
    uint64_t min, max;
} lengths[] = { { 2, 12 }, { 0, 40 }, { 100, 127 }, { 128, 253 }, { 254, 300 }, { 300, 600 }, { 1025, 1200 }, { 4097, 5000 }, { 32769, 33000 }, { 65536, 65600 } };

/* Counts likewise. */
static const struct {
    uint64_t min, max;
} counts[] = { { 1, 200 }, { 256, 65534 }, { 65535, 65536 }, { 65537, 1u << 24 }, { 0, 0 } };

/* What is in a string. */
enum shape { SHAPE_PLAIN, SHAPE_NUL, SHAPE_HIGH, SHAPES };

/* The values of one request. */
struct message {
    const char *types;
    struct value *values;
    size_t count;
};

/* ---- which request ---- */

static bool has_item(const struct steps *s, enum party who, enum item_kind kind)
{
    for (size_t i = 0; i < s->count; i++)
        for (size_t k = 0; s->items[i].kind == STEP_SAY && s->items[i].who == who && k < s->items[i].item_count; k++)
            if (s->items[i].items[k].kind == kind)
                return true;
    return false;
}

static bool begins_with(const struct steps *s, uint64_t request)
{
    for (size_t i = 0; i < s->count; i++) {
        const struct item *first = s->items[i].items;
        if (s->items[i].kind == STEP_SAY && s->items[i].who == PARTY_CLIENT && s->items[i].item_count)
            return first->kind == ITEM_VALUE && !first->template && first->of.type->kind == VALUE_INTEGER && first->value.number == request;
    }
    return false;
}

/* What is done with the values: what the case did, else what shows the mistake, alone if that can be. */
static const struct named_steps *find_op(const struct service *s, const char *name, const struct suspects *suspects)
{
    const struct named_steps *best = NULL;

    for (size_t i = 0; i < s->op_count; i++) {
        const struct named_steps *op = &s->ops[i];
        bool loads = has_item(&op->steps, PARTY_CLIENT, ITEM_ROW_LOAD), stores = has_item(&op->steps, PARTY_SERVER, ITEM_ROW_STORE);
        if (name ? strcmp(name, op->name) == 0 : suspects->has_request && begins_with(&op->steps, suspects->request))
            return op;
        if (suspects->told ? loads && !stores : stores && (!best || !loads))
            best = op;
    }
    return best;
}

/* ---- values ---- */

static bool is_text(const struct value *v)
{
    return v->of.type->kind == VALUE_STRING && strcmp(v->of.type->name, "line") != 0 && v->data.len;
}

/* Text that people can read, with a NUL or a character beyond ASCII in it. */
static void shape_string(struct random *chance, struct value *v, enum shape shape, struct arena *keep)
{
    size_t width = v->wide ? 2 : 1, at = width * random_below(chance, v->data.len / width);
    struct bytes copy = arena_bytes(keep, v->data);
    uint8_t *units = (uint8_t *)copy.data;

    for (size_t i = 0; v->wide && i < copy.len; i += 2) {
        units[i] = (uint8_t)('!' + units[i] % ('~' - '!' + 1));
        units[i + 1] = 0;
    }
    if (shape == SHAPE_NUL)
        units[at] = 0;
    else if (shape == SHAPE_HIGH)
        units[at] = (uint8_t)(0xa1 + random_below(chance, 0x5e));
    v->data = copy;
}

/* Of a map one entry is left: in which order several stand is the peer's affair. */
static void reshape(struct random *chance, struct value *v, enum shape shape, struct arena *keep)
{
    if (is_text(v))
        shape_string(chance, v, shape, keep);
    if (v->of.type->kind == VALUE_MAP && v->count > 2)
        v->count = 2;
    for (size_t i = 0; v->items && i < v->count && v->of.type->kind != VALUE_ARRAY; i++)
        reshape(chance, &v->items[i], shape, keep);
}

static void draw_value(struct random *chance, struct type_ref t, size_t size, struct arena *keep, struct value *out)
{
    bool is_count = strcmp(t.type->name, "count") == 0, has_length = t.type->kind == VALUE_STRING || t.type->kind == VALUE_ARRAY;
    uint64_t min = is_count ? counts[size % COUNT_OF(counts)].min : has_length ? lengths[size].min : 0;
    uint64_t max = is_count ? counts[size % COUNT_OF(counts)].max : has_length ? lengths[size].max : 0;

    value_draw(chance, t, min, max, keep, out);
}

static uint64_t objects_in(const struct value *v)
{
    uint64_t n = v->of.type->kind == VALUE_OBJECT && v->class;

    for (size_t i = 0; v->items && i < v->count && v->of.type->kind != VALUE_ARRAY; i++)
        n += objects_in(&v->items[i]);
    return n;
}

/* Some objects: new ones of two classes that hold none, references to any that were carried before, and null. */
static void draw_objects(struct random *chance, struct type_ref t, uint64_t *carried, struct arena *keep, struct message *out)
{
    TEXT(types);
    TEXT(name);

    type_print(&name, t);
    out->count = 2 + random_below(chance, 4);
    out->values = ARENA_ARRAY(keep, out->count, struct value);
    for (size_t i = 0; i < out->count; i++) {
        struct value *v = &out->values[i];
        struct type_ref of = t;
        if (!of.class_name)
            of.class_name = random_below(chance, 2) ? "CAge" : "CVersioned";
        *v = (struct value){ .of = t };
        if (*carried && random_below(chance, 2))
            v->number = 1 + random_below(chance, *carried);
        else
            value_draw(chance, of, 0, 0, keep, v);
        v->of = t;
        *carried += objects_in(v);
        text_printf(&types, "%s%s", i ? "," : "", text_string(&name));
    }
    out->types = arena_string(keep, text_string(&types));
}

/* Of 7.0 one type is stored otherwise than it is loaded [VAL-9]. */
static bool goes_both_ways(const struct value *v, const struct profile *p)
{
    struct profile as_read = *p;
    CLEANUP(buffer_free) struct buffer one = { 0 };
    CLEANUP(buffer_free) struct buffer other = { 0 };

    if (p->generation != 70 || v->of.type->kind == VALUE_OBJECT)
        return true;
    as_read.generation = 71;
    value_store(&one, p, NULL, v);
    value_store(&other, &as_read, NULL, v);
    return bytes_equal(buffer_bytes(&one), buffer_bytes(&other));
}

/* ---- the case ---- */

/* A string of the service's with {type}, {text} or {make} in it, as it is of these values. */
static const char *filled(const char *at, const struct message *m, struct arena *keep)
{
    static const char *const names[] = { "{type}", "{text}", "{make}" };
    TEXT(out);

    while (*at) {
        size_t k = 0;
        while (k < COUNT_OF(names) && strncmp(at, names[k], strlen(names[k])) != 0)
            k++;
        if (k == COUNT_OF(names)) {
            if (at[0] == '{' && at[1] == '{')
                text_char(&out, *at++);
            text_char(&out, *at++);
            continue;
        }
        TEXT(put);
        at += strlen(names[k]);
        text_add(&put, k == 0 ? m->types : "");
        for (size_t i = 0; k && i < m->count; i++) {
            text_add(&put, i ? " " : "");
            (k == 2 ? value_make_text : value_text)(&put, &m->values[i]);
        }
        for (const char *c = text_string(&put); *c; c++)
            text_add(&out, *c == '{' ? "{{" : (const char[]){ *c, 0 });
    }
    return arena_string(keep, text_string(&out));
}

/* The items of a step, of these values in the place of a row's. */
static void fill_step(struct step *step, const struct message *m, struct arena *keep)
{
    const struct item *from = step->items;
    size_t count = step->item_count;

    step->items = ARENA_ARRAY(keep, count * (1 + m->count), struct item);
    step->item_count = 0;
    for (size_t i = 0; i < count; i++) {
        bool is_row = from[i].kind == ITEM_ROW_LOAD || from[i].kind == ITEM_ROW_STORE;
        for (size_t k = 0; is_row && k < m->count; k++)
            step->items[step->item_count++] = (struct item){ .kind = ITEM_VALUE, .of = m->values[k].of, .value = m->values[k], .at = from[i].at };
        if (is_row)
            continue;
        struct item *one = &step->items[step->item_count++];
        *one = from[i];
        if (one->template)
            one->template = filled(one->template, m, keep);
    }
}

/* A case with one request for each message. */
static struct vector *case_of(const struct service *s, const char *id, const struct named_steps *op, const struct message *messages, size_t count, struct arena *keep)
{
    struct vector *v = ARENA_NEW(keep, struct vector);
    size_t each = op->steps.count;
    struct step *steps = ARENA_ARRAY(keep, count * each, struct step);

    for (size_t m = 0; m < count; m++)
        for (size_t i = 0; i < each; i++) {
            steps[m * each + i] = op->steps.items[i];
            if (steps[m * each + i].kind == STEP_SAY)
                fill_step(&steps[m * each + i], &messages[m], keep);
        }
    *v = (struct vector){ .id = id, .suite = s->name, .title = "Which of several causes it is", .rev = 1, .since = 1, .service = s,
                          .clauses = s->end.clauses, .steps = { steps, count * each }, .at = s->at };
    return v;
}

/* ---- telling apart ---- */

bool made_replies(const struct made *m, size_t op)
{
    return m->program.ops[op].kind == OP_RECEIVE && !m->program.ops[op].control;
}

static void foresee(const struct suspects *suspects, struct made *m, struct arena *keep)
{
    const struct program *p = &m->program;

    for (size_t i = 0; i < suspects->count; i++) {
        m->said[i].op = p->count;
        for (size_t at = 0; at < p->count && m->said[i].op == p->count; at++) {
            if (!made_replies(m, at))
                continue;
            m->said[i].says = suspect_says(p, at, &suspects->items[i], keep);
            if (!bytes_equal(m->said[i].says, p->ops[at].bytes))
                m->said[i].op = at;
        }
    }
}

static bool is_apart(const struct suspects *s, const struct made *m, size_t i)
{
    if (m->said[i].op == m->program.count || m->said[i].says.len == 0)
        return false;
    for (size_t k = 0; k < s->count; k++)
        if (!suspect_alike(&s->items[i], &s->items[k]) &&
            (m->said[k].says.len == 0 || (m->said[i].op == m->said[k].op && bytes_equal(m->said[i].says, m->said[k].says))))
            return false;
    return true;
}

/* What is to be told apart, and with what. */
struct making {
    const struct service *service;
    const struct named_steps *op;
    const struct suspects *suspects;
    const struct offer *offer;
    const struct run_options *o;
    const struct profile *profile;
    const char *key; // in words
    struct type_ref types[TYPES_MAX];
    size_t type_count;
};

static size_t draw(const struct making *g, size_t attempt, struct message *messages, struct arena *keep)
{
    struct random chance = random_for(g->o->seed, g->key, attempt);
    uint64_t carried = 0;

    if (g->suspects->tables) {
        for (size_t i = 0; i < MESSAGES; i++)
            draw_objects(&chance, g->types[0], &carried, keep, &messages[i]);
        return MESSAGES;
    }
    struct message *m = &messages[0];
    *m = (struct message){ .types = g->suspects->types, .count = g->type_count, .values = ARENA_ARRAY(keep, g->type_count, struct value) };
    for (size_t i = 0; i < m->count; i++) {
        draw_value(&chance, g->types[i], attempt / TRIES / SHAPES, keep, &m->values[i]);
        reshape(&chance, &m->values[i], (enum shape)(attempt / TRIES % SHAPES), keep);
    }
    return 1;
}

static void show_values(const struct service *s, const struct message *messages, size_t count, struct text *to)
{
    for (size_t m = 0; m < count; m++)
        for (size_t i = 0; i < messages[m].count && to->b.len < VALUES_SHOWN; i++) {
            text_add(to, i ? " " : m ? ", then " : "");
            service_print(s, to, &messages[m].values[i]);
        }
}

/* False: it cannot be asked. */
static bool attempt(const struct making *g, size_t number, struct arena *keep, struct made *out)
{
    struct message messages[MESSAGES];
    enum verdict ignored;
    struct error err;
    TEXT(values);

    *out = (struct made){ .request = g->op->name };
    size_t count = draw(g, number, messages, keep);
    for (size_t m = 0; m < count; m++)
        for (size_t i = 0; i < messages[m].count; i++)
            if (!goes_both_ways(&messages[m].values[i], g->profile))
                return false;
    const struct vector *v = case_of(g->service, g->key, g->op, messages, count, keep);
    if (offer_excuse(g->offer, g->o, g->profile, v, keep, &ignored) ||
        !program_compile(v, g->profile, g->o->seed, PARTY_CLIENT, keep, &out->program, &err) ||
        offer_excuse_program(g->offer, &out->program, keep))
        return false;
    show_values(g->service, messages, count, &values);
    out->request = arena_printf(keep, "%s of %s", g->op->name, messages[0].types);
    out->values = arena_string(keep, text_string(&values));
    foresee(g->suspects, out, keep);
    for (size_t i = 0; i < g->suspects->count; i++)
        out->apart += is_apart(g->suspects, out, i);
    return true;
}

const char *made_key(const struct service *s, const char *op, const struct suspects *suspects, struct arena *keep)
{
    TEXT(key);

    text_printf(&key, "%s %s %" PRIu64 " %d %s", s->name, op, suspects->request, suspects->told, suspects->tables ? "object" : suspects->types ? suspects->types : "");
    for (size_t i = 0; i < suspects->count; i++)
        text_printf(&key, " %s %s", suspects->items[i].cause, suspects->items[i].summary);
    return arena_string(keep, text_string(&key));
}

static bool parse_types(struct making *g, struct arena *keep)
{
    char *rest = arena_string(keep, g->suspects->tables ? "object" : g->suspects->types ? g->suspects->types : "");
    struct error ignored;

    for (char *name; (name = strsep(&rest, ","));)
        if (g->type_count == TYPES_MAX || !type_parse(name, &g->types[g->type_count], &ignored) || !offer_has_type(g->offer, g->types[g->type_count++]))
            return false;
    return true;
}

bool made_make(const struct service *service, const char *op, const struct suspects *suspects, const struct offer *offer,
                     const struct run_options *o, const struct profile *profile, struct arena *keep, struct made *out,
                     const char **why)
{
    struct making g = { .service = service, .op = find_op(service, op, suspects), .suspects = suspects, .offer = offer, .o = o, .profile = profile };
    size_t best = 0, most = 0, all = suspects->tables ? GRAPHS : TRIES * SHAPES * COUNT_OF(lengths);

    if (!g.op) {
        *why = arena_printf(keep, "the service %s has no request that carries such a value", service->name);
        return false;
    }
    g.key = made_key(service, g.op->name, suspects, keep);
    if (!parse_types(&g, keep)) {
        *why = "no request carries what the reply is about by itself";
        return false;
    }
    for (size_t i = 0; most < suspects->count && i < all; i++) {
        SCRATCH(scratch);
        struct made made;
        if (attempt(&g, i, &scratch, &made) && made.apart > most) {
            most = made.apart;
            best = i;
        }
    }
    *why = "no value was found with which they differ";
    return most && attempt(&g, best, keep, out);
}
