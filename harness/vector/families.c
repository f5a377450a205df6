/*
 * Families: the rows of other suites, cut or changed at every position. Each row becomes one case.
 */
#include "vector/parse.h"

static const char *const family_keys[] = { "id",   "rev",  "since",   "level", "title", "why", "hint",
                                           "clauses", "kind", "of", "note", NULL };

/* What the service says of changed rows. */
enum part { PART_REQUEST = OUTCOME_COUNT, PART_AFTER, PARTS };

static const char *part_name(int part)
{
    return part == PART_REQUEST ? "request" : part == PART_AFTER ? "after" : outcome_name((enum outcome)part);
}

static const struct named_steps *service_mutated(const struct service *s, const char *name)
{
    for (size_t i = 0; i < s->mutated_count; i++)
        if (strcmp(s->mutated[i].name, name) == 0)
            return &s->mutated[i];
    return NULL;
}

static struct steps joined(const struct steps *a, const struct steps *b, struct arena *keep)
{
    struct steps both = { ARENA_ARRAY(keep, a->count + b->count, struct step), a->count + b->count };

    if (a->count)
        memcpy(both.items, a->items, a->count * sizeof *a->items);
    if (b->count)
        memcpy(both.items + a->count, b->items, b->count * sizeof *b->items);
    return both;
}

static bool kind_parse(const struct json *at, enum family_kind *out, struct error *err)
{
    const char *text;

    if (!json_string(at, &text, err))
        return false;
    for (enum family_kind k = FAMILY_PREFIX; k <= FAMILY_FIELD; k++)
        if (strcmp(text, family_kind_name(k)) == 0) {
            *out = k;
            return true;
        }
    return json_error(at, err, "\"%s\" is no kind of family: prefix or field", text);
}

/* The service's steps, with checks that cite the family's clauses. */
static bool conversation_parse(const struct json *at, const struct vector *head, struct family *f, struct arena *keep,
                               struct error *err)
{
    struct step_context outer = { head->clauses, head->level, true, keep };
    struct steps parts[PARTS];

    for (int i = 0; i < PARTS; i++) {
        const struct named_steps *part = service_mutated(head->service, part_name(i));
        if (!part)
            return json_error(at, err, "service %s does not say \"%s\" of \"mutated\" rows", head->service->name, part_name(i));
        if (!steps_parse(part->at, &outer, &parts[i], err))
            return false;
    }
    for (int i = 0; i < OUTCOME_COUNT; i++)
        f->steps[i] = joined(&parts[PART_REQUEST], &parts[i], keep);
    f->after = parts[PART_AFTER];
    return true;
}

/* Whether a vector is of a suite or table of that name: tables are known by the ids they give. */
static bool comes_from(const struct vector *v, const char *name)
{
    size_t len = strlen(name);

    return strcmp(v->suite, name) == 0 ||
           (strncmp(v->id, name, len) == 0 && v->id[len] == '-' && strncmp(v->id + len + 1, v->row->key, strlen(v->row->key)) == 0);
}

struct family_cases {
    struct vector *items;
    size_t count, room;
};

static void case_add(struct family_cases *to, const struct vector *head, const struct vector *source,
                     struct arena *keep)
{
    if (to->count == to->room) {
        size_t room = to->room ? 2 * to->room : 64;
        struct vector *more = ARENA_ARRAY(keep, room, struct vector);
        if (to->count)
            memcpy(more, to->items, to->count * sizeof *more);
        to->items = more;
        to->room = room;
    }
    struct vector *v = &to->items[to->count++];
    size_t len = strcspn(source->id, "@");
    *v = *head;
    v->id = arena_printf(keep, "%s-%.*s", head->id, (int)len, source->id);
    v->title = arena_printf(keep, "%s: %.*s", head->title, (int)len, source->id);
    v->row = source->row;
    v->op = source->op;
    v->needs = source->needs;
    v->need_count = source->need_count;
    v->predicate = source->predicate;
    v->steps = joined(&head->family->steps[OUTCOME_REFUSED], &head->family->after, keep);
    vector_digest(v);
}

static bool family_parse(const struct json *at, const struct library *lib, const struct suite *suite,
                         struct arena *keep, struct family_cases *to, struct error *err)
{
    struct vector head = { .at = at, .suite = suite->name, .service = suite->service, .rev = 1, .since = 1, .memory = true };
    struct family *f = ARENA_NEW(keep, struct family);
    const struct json *part, *of;
    const char *name;

    if (!json_is(at, JSON_OBJECT, err) || !json_known(at, family_keys, err))
        return false;
    if (!(part = json_get(at, "id")))
        return json_error(at, err, "expected \"id\"");
    if (!json_string(part, &head.id, err))
        return false;
    if (!id_valid(head.id, false))
        return json_error(part, err, "\"%s\": an id is [a-z0-9][a-z0-9.-]*", head.id);
    if (!head_parse(at, &head, keep, err) || !head_complete(at, &head, err))
        return false;
    if (!(part = json_get(at, "kind")))
        return json_error(at, err, "expected \"kind\": prefix or field");
    if (!kind_parse(part, &f->kind, err) || !conversation_parse(at, &head, f, keep, err))
        return false;
    head.family = f;
    if (!(of = json_get(at, "of")))
        return json_error(at, err, "expected \"of\", a list of suites and tables");
    if (!json_is(of, JSON_ARRAY, err))
        return false;
    for json_each (e, of) {
        size_t before = to->count;
        if (!json_string(e, &name, err))
            return false;
        for (size_t i = 0; i < lib->suite_count; i++)
            for (size_t k = 0; lib->suites[i].service == suite->service && k < lib->suites[i].count; k++) {
                const struct vector *v = &lib->suites[i].vectors[k];
                // A drawn row has other bytes in each run, and so other positions.
                if (v->row && !v->family && v->row->values && v->row->count && strcmp(v->op, "tell") == 0 && comes_from(v, name))
                    case_add(to, &head, v, keep);
            }
        if (to->count == before)
            return json_error(e, err, "no suite or table \"%s\" of service %s has rows to tell", name, suite->service->name);
    }
    return to->count > 0 || json_error(of, err, "names no suite and no table");
}

bool families_parse(const struct library *lib, struct suite *suite, struct arena *keep, struct error *err)
{
    struct family_cases more = { 0 };

    if (!suite->families)
        return true;
    for json_each (e, suite->families)
        if (!family_parse(e, lib, suite, keep, &more, err))
            return false;
    struct vector *all = ARENA_ARRAY(keep, suite->count + more.count, struct vector);
    if (suite->count)
        memcpy(all, suite->vectors, suite->count * sizeof *all);
    if (more.count)
        memcpy(all + suite->count, more.items, more.count * sizeof *all);
    suite->vectors = all;
    suite->count += more.count;
    suite->families = NULL;
    return true;
}
