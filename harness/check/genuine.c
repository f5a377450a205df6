/*
 * Whether a check failed in the way in which MFC of the peer's generation itself does.
 *
 * A rule of the service or the case says how that looks and what must have been said to the peer before. What was
 * said is loaded again from the program's bytes, as the peer would: only so the width of a string within an object
 * is seen.
 */
#include "archive/objects.h"
#include "check/evidence.h"

struct said {
    const struct genuine *rule;
    const struct profile *profile;
    bool other_width, loads, bytes; // found
};

static bool listed(const char *const *names, const char *name)
{
    for (; names && *names; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

static bool is_empty(const struct value *v)
{
    return v->count == 0 && v->data.len == 0;
}

static void look_at(struct said *s, const struct value *v)
{
    const struct type *t = v->of.type;
    const char *const *names = s->rule->loads;

    if (t && t->kind == VALUE_STRING)
        s->other_width |= v->wide != (s->profile->charset == CHARSET_UNICODE);
    if ((t && listed(names, t->name) && !is_empty(v)) || (v->class && v->items && listed(names, v->class->name)))
        s->loads = true;
    s->bytes |= v->data.len >= s->rule->bytes;
    for (size_t i = 0; v->items && i < v->count && t && t->kind != VALUE_ARRAY; i++)
        look_at(s, &v->items[i]);
}

/* Whether what an op said can have reached the peer in several segments. */
static bool was_cut(const struct program *p, const struct trace *t, size_t at)
{
    size_t sent = 0;

    for (size_t i = 0; i < t->count; i++)
        if (t->events[i].kind == TRACE_SENT && t->events[i].op == at)
            sent += t->events[i].segments > 1 ? t->events[i].segments : 1;
    return p->ops[at].cut_count || !p->ops[at].whole || sent > 1;
}

/* Looks at every value in a SEND; table is that of our direction. */
static void look_through(struct said *s, const struct program *p, const struct op *op, struct object_table *table,
                         struct arena *keep)
{
    struct profile reader = p->profile;

    if (reader.generation == 70)
        reader.generation = 71; // 7.0 reads what 7.1 writes [VAL-9]
    for (size_t i = 0; i < op->fields.count; i++) {
        const struct field *f = &op->fields.items[i];
        struct reader r = { .in = bytes_slice(op->bytes, f->at, f->len) };
        struct value v;
        s->bytes |= f->len >= s->rule->bytes;
        if (!f->of.type) {
            // Raw bytes say what they are only where they have a wide string's mark in them; up to 6.0 the length
            // FFFFFFFF is one, too [STR-3].
            s->other_width |= reader.charset == CHARSET_ANSI &&
                              (memmem(r.in.data, r.in.len, "\xff\xfe\xff", 3) ||
                               (reader.generation <= 60 && memmem(r.in.data, r.in.len, "\xff\xff\xff\xff\xff\xff\xff", 7)));
            continue;
        }
        value_load(&r, &reader, table, f->of, keep, &v);
        if (r.status == WIRE_OK)
            look_at(s, &v);
    }
    object_table_skip(table, op->entries);
}

static bool conditions_hold(const struct genuine *g, const struct program *p, const struct trace *t, size_t end,
                            struct arena *keep)
{
    struct said s = { .rule = g, .profile = &p->profile };
    struct object_table *tables[8] = { 0 };
    bool cut = false;

    // Who ends amid a message answers the rest of it with a RST: then the message itself is what was said.
    end += end < p->count && p->ops[end].kind == OP_SEND;
    for (size_t i = 0; i < end; i++) {
        const struct op *op = &p->ops[i];
        if (op->kind != OP_SEND)
            continue;
        cut |= was_cut(p, t, i);
        if (!tables[op->on] || op->fresh)
            tables[op->on] = object_table_new(keep);
        look_through(&s, p, op, tables[op->on], keep);
    }
    return (!g->cut || cut) && (!g->other_width || s.other_width) && (!g->loads || s.loads) && (!g->bytes || s.bytes);
}

static bool is_one_of(const char *cause, const char *const *names)
{
    return cause && listed(names, cause);
}

/* Whether one of the service's refusals came, and with the cause due. */
static bool raised(const struct genuine *g, const struct program *p, struct bytes got, struct arena *keep)
{
    const struct service *s = p->vector->service;

    for (size_t i = 0; i < s->refusal_count; i++) {
        struct refusal r;
        if (!refusal_read(p, i, got, keep, &r))
            continue;
        const struct value *cause = refusal_value(&r, "cause");
        if (!g->has_cause || (cause && cause->number == g->cause))
            return true;
    }
    return false;
}

static bool shows(const struct genuine *g, const struct program *p, const struct finding *f, struct bytes got,
                  struct arena *keep)
{
    static const char *const hangs[] = { "no-answer", "held-back", "stuck", "never-ends", NULL };
    static const char *const ends[] = { "ended-early", "reset", NULL };
    bool hung = is_one_of(f->cause, hangs);
    bool ended = is_one_of(f->cause, ends) || (got.len == 0 && is_one_of(f->cause, (const char *const[]){ "false-end", NULL }));
    bool nothing = hung || ended;

    return ((g->outcomes & GENUINE_HANGS) && hung && !f->passed_over) || // who answers what comes behind does not hang
           ((g->outcomes & GENUINE_ENDS) && ended) ||
           ((g->outcomes & GENUINE_RAISES) && !nothing && raised(g, p, got, keep)) ||
           ((g->outcomes & GENUINE_DIFFERS) && !nothing);
}

/* Index of the op whose check has that name; beyond all when there is none. */
static size_t check_find(const struct program *p, const char *name)
{
    size_t i = 0;

    while (i < p->count && (p->ops[i].control || !p->ops[i].check.name || strcmp(p->ops[i].check.name, name) != 0))
        i++;
    return i;
}

static const struct genuine *find(const struct genuines *list, const struct program *p, const struct trace *t,
                                  const struct finding *f, struct bytes got, struct arena *keep)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct genuine *g = &list->items[i];
        if (profile_matches(&p->profile, g->predicate) && (!g->deliveries || listed(g->deliveries, p->delivery)) &&
            (!g->check || f->op >= check_find(p, g->check)) && shows(g, p, f, got, keep) &&
            conditions_hold(g, p, t, f->op, keep))
            return g;
    }
    return NULL;
}

void genuine_apply(const struct program *p, const struct trace *t, struct bytes got, struct finding *f,
                   struct arena *keep)
{
    const struct genuine *g = find(&p->vector->genuine, p, t, f, got, keep);

    if (!g)
        g = find(&p->vector->service->genuine, p, t, f, got, keep);
    if (!g)
        return;
    f->grade = GRADE_AS_GENUINE;
    f->genuine = g;
    f->sentence = arena_printf(keep, "%s; as MFC %s itself does [%s]: %s", f->sentence, g->predicate, g->clause, g->why);
}
