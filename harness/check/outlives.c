#include "check/outlives.h"

#include "check/evidence.h"

#define SHARED "one object table serves several connections"

static bool is_among(const char *cause, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(*list, cause) == 0)
            return true;
    return false;
}

/* Whether the cause is one by which what the peer has in an object table is not what the connection has carried. */
static bool is_about_tables(const char *cause)
{
    static const char *const tables[] = { "table-restarted", "table-shared", "wrong-index", "object-repeated", "objects-merged", "described-again", NULL };

    return is_among(cause, tables);
}

/* Whether values of a type are or hold objects, or may. */
static bool carries_objects(const struct type *t)
{
    enum value_kind k = t->kind;
    bool does = k == VALUE_OBJECT || k == VALUE_CLASS;

    for (size_t i = 0; !does && (k == VALUE_LIST || k == VALUE_MAP) && t->fields[i].name; i++)
        does = type_named(t->fields[i].type).type->kind == VALUE_OBJECT;
    return does;
}

static bool has_objects(const struct op *op)
{
    for (size_t i = 0; i < op->fields.count; i++)
        if (op->fields.items[i].of.type && carries_objects(op->fields.items[i].of.type))
            return true;
    return false;
}

/* Whether the words that an op says or awaits have objects, or those that it answers. */
static bool is_about_objects(const struct program *p, size_t op)
{
    if (!p || op >= p->count)
        return false;
    size_t asked = op;
    while (asked > 0 && (p->ops[asked].kind != OP_SEND || p->ops[asked].on != p->ops[op].on))
        asked--;
    return has_objects(&p->ops[op]) || has_objects(&p->ops[asked]);
}

/* … or may be that: a refusal that such a cause explains, too, or what has only the name of what was seen, where there are objects. */
static bool may_be_a_table(const struct finding *f, const struct program *p)
{
    static const char *const seen[] = { "other-reply", "wrong-value", "differs", NULL };
    bool may = is_among(f->cause, seen) && is_about_objects(p, f->op);

    for (size_t i = 0; i < f->other_count; i++)
        may |= is_about_tables(f->others[i].cause) && strcmp(f->cause, "other-reply") == 0;
    return may || is_about_tables(f->cause);
}

/* Whether objects were said before an op on its connection, or on another one. */
static bool said_objects(const struct program *p, const struct op *before, bool elsewhere)
{
    for (const struct op *op = p->ops; op < before; op++)
        if (op->kind == OP_SEND && (op->on != before->on) == elsewhere && has_objects(op))
            return true;
    return false;
}

/* Whether an index is said to be a bad one, where a reply is due. */
static bool says_bad_index(const struct evidence *e)
{
    struct refusal r;

    if (refusal_due(e->program, (size_t)(e->op - e->program->ops), e->keep) || !refusal_came(e, &r))
        return false;
    const struct value *told = refusal_value(&r, "cause");
    return told && told->number == CAUSE_BAD_INDEX;
}

const char *cause_loaded_elsewhere(const struct evidence *e)
{
    bool both = said_objects(e->program, e->op, true) && said_objects(e->program, e->op, false);

    if (!both || !says_bad_index(e))
        return NULL;
    return "the peer does not know (badIndex) what this connection has carried, and another one has carried objects, too: what both carry may stand in one table";
}

static void becomes(struct finding *f, const char *cause, const char *summary)
{
    f->cause = cause;
    f->summary = summary;
    f->seen = NULL;
    f->accused = NULL;
    f->suspects = NULL;
    f->other_count = 0;
}

void findings_outlive(struct findings *found, const struct program *p, struct arena *keep)
{
    for (size_t i = 0; i < found->count; i++) {
        struct finding *f = &found->items[i];
        if (f->grade != GRADE_FAIL || !f->cause || !may_be_a_table(f, p))
            continue;
        f->sentence = arena_printf(keep, "%s; on a fresh peer it is right: the object table holds what other connections have carried", f->sentence);
        becomes(f, "table-shared", SHARED);
    }
}

void findings_stay(struct findings *found, const struct program *p, struct arena *keep)
{
    for (size_t i = 0; i < found->count && p && p->connection_count == 1; i++) {
        struct finding *f = &found->items[i];
        if (f->grade != GRADE_FAIL || !f->cause || strcmp(f->cause, "table-shared") != 0 || !f->summary || strcmp(f->summary, SHARED) != 0)
            continue;
        f->sentence = arena_printf(keep, "%s; but it is the same on a fresh peer, where there was no other: what it has carried is numbered otherwise", f->sentence);
        becomes(f, "wrong-index", "references are to other objects than they should");
    }
}
