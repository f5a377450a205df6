#include "run/selftest.h"

#include <fnmatch.h>
#include <stdlib.h>

#define UNSTABLE_SHARE 10 // besides one, of so many failures one may be unstable: now and then bytes come together that seldom do

const char *selftest_verdict_name(enum selftest_verdict v)
{
    static const char *const names[SELFTEST_VERDICTS] = { "killed", "misdiagnosed", "missed", "right", "false alarm", "skipped" };

    return names[v];
}

static bool among(const char *const *list, const char *what)
{
    for (; list && what && *list; list++)
        if (strcmp(*list, what) == 0)
            return true;
    return false;
}

bool selftest_goes_before(const char *id)
{
    static const char *const before[] = { "first-control", "capabilities", "information", NULL };

    return among(before, id);
}

static const char *list_text(const char *const *list, const char *between, struct arena *keep)
{
    TEXT(out);

    for (size_t i = 0; list && list[i]; i++)
        text_printf(&out, "%s%s", i ? between : "", list[i]);
    return arena_string(keep, text_string(&out));
}

static bool is_named(const struct flaw *row, const struct selftest_failure *f)
{
    return fnmatch(row->check, f->check, 0) == 0;
}

/* The first of the row's suites in which its cause is not named, or NULL. */
static const char *suite_without(const struct flaw *row, const struct selftest_outcome *o)
{
    for (const char *const *s = row->suites; s && *s; s++) {
        bool found = false;
        for (size_t i = 0; i < o->count && !found; i++)
            found = strcmp(o->failures[i].suite, *s) == 0 && among(row->causes, o->failures[i].cause);
        if (!found)
            return *s;
    }
    return NULL;
}

/* Why a row that should be caught is not, or NULL. */
static const char *why_missed(const struct flaw *row, const struct selftest_outcome *o, size_t caught, struct arena *keep)
{
    size_t passed = o->totals[VERDICT_PASS] + o->totals[VERDICT_PASS_TIMED] + o->totals[VERDICT_AS_GENUINE];
    size_t unstable = o->totals[VERDICT_UNSTABLE], failed = o->totals[VERDICT_FAIL];
    const char *suite;

    if (o->status == 0)
        return "nothing failed";
    if (o->status != 1)
        return arena_printf(keep, "exit status %d, 1 is due", o->status);
    if (row->kind == FLAW_DEGENERATE && passed)
        return arena_printf(keep, "%zu case%s passed", passed, passed == 1 ? "" : "s");
    if (!caught)
        return arena_printf(keep, "check %s did not fail%s%s", row->check, o->count ? ", but " : "", o->count ? o->failures[0].check : "");
    if (row->unstable && !unstable)
        return "no case is unstable";
    if (!row->unstable && !row->by_chance && unstable > 1 + failed / UNSTABLE_SHARE)
        return arena_printf(keep, "%zu cases are unstable, and %zu fail", unstable, failed);
    if ((suite = suite_without(row, o)))
        return arena_printf(keep, "%s is not named in suite %s", list_text(row->causes, " or ", keep), suite);
    return NULL;
}

static struct selftest_judgement judge_odd(const struct selftest_outcome *o, struct arena *keep)
{
    struct selftest_judgement j = { .verdict = SELFTEST_RIGHT };

    if (o->status == 0 && o->totals[VERDICT_PASS])
        return j;
    j.verdict = SELFTEST_FALSE_ALARM;
    j.check = o->count ? o->failures[0].check : NULL;
    if (o->status == 0)
        j.why = "nothing passed";
    else if (o->count)
        j.why = arena_printf(keep, "%s failed in %s, of %zu checks", o->failures[0].check, o->failures[0].id, o->count);
    else
        j.why = arena_printf(keep, "exit status %d", o->status);
    return j;
}

struct selftest_judgement selftest_judge(const struct flaw *row, const struct selftest_outcome *o, struct arena *keep)
{
    struct selftest_judgement j = { .verdict = SELFTEST_KILLED };

    if (o->missing)
        return (struct selftest_judgement){ .verdict = SELFTEST_SKIPPED, .why = o->missing };
    if (o->wrong)
        return (struct selftest_judgement){ .verdict = row->kind == FLAW_ODD ? SELFTEST_FALSE_ALARM : SELFTEST_MISSED, .why = o->wrong };
    if (row->kind == FLAW_ODD)
        return judge_odd(o, keep);
    j.check = o->count ? o->failures[0].check : NULL;
    for (size_t i = 0; i < o->count; i++) {
        if (!is_named(row, &o->failures[i]))
            continue;
        if (j.caught++ == 0)
            j.check = o->failures[i].check;
    }
    if ((j.why = why_missed(row, o, j.caught, keep))) {
        j.verdict = SELFTEST_MISSED;
    } else if (!among(row->causes, o->headline)) {
        j.verdict = SELFTEST_MISDIAGNOSED;
        j.why = arena_printf(keep, "%s, not %s", o->headline ? o->headline : "no cause", list_text(row->causes, " or ", keep));
    }
    return j;
}

static bool same_check(const struct selftest_failure *a, const struct selftest_failure *b)
{
    return strcmp(a->id, b->id) == 0 && strcmp(a->check, b->check) == 0;
}

size_t selftest_only_guards(const struct flaw *row, const struct selftest_outcome *o, struct arena *keep, const struct selftest_guard **out)
{
    struct selftest_guard *guards = ARENA_ARRAY(keep, o->count, struct selftest_guard);
    size_t n = 0;

    *out = guards;
    if (row->kind != FLAW_FLAW || o->missing || o->wrong)
        return 0;
    for (size_t i = 0; i < o->count; i++) {
        SCRATCH(scratch);
        struct selftest_failure *rest = ARENA_ARRAY(&scratch, o->count, struct selftest_failure);
        struct selftest_outcome without = *o;
        bool first = !selftest_goes_before(o->failures[i].id); // that guards all cases, and is no check of the suite's
        for (size_t k = 0; k < i && first; k++)
            first = !same_check(&o->failures[k], &o->failures[i]);
        if (!first)
            continue;
        without.failures = rest;
        without.count = 0;
        for (size_t k = 0; k < o->count; k++)
            if (!same_check(&o->failures[k], &o->failures[i]))
                rest[without.count++] = o->failures[k];
        without.status = without.count ? o->status : 0;
        if (selftest_judge(row, &without, &scratch).verdict == SELFTEST_MISSED)
            guards[n++] = (struct selftest_guard){ o->failures[i].id, o->failures[i].check };
    }
    return n;
}

/* ---- kinds and clauses ---- */

static struct selftest_pair *pair_find(const struct selftest_pairs *all, const char *kind, const char *clause)
{
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->items[i].kind, kind) == 0 && strcmp(all->items[i].clause, clause) == 0)
            return &all->items[i];
    return NULL;
}

void selftest_pair_add(struct selftest_pairs *all, const char *kind, const char *const *clauses, const char *id)
{
    for (; clauses && *clauses; clauses++) {
        struct selftest_pair *p = pair_find(all, kind, *clauses);
        if (p) {
            if (!p->id_more && strcmp(p->id, id) != 0)
                p->id_more = arena_string(all->keep, id);
            continue;
        }
        if (all->count == all->room) {
            all->room = all->room ? 2 * all->room : 64;
            struct selftest_pair *more = ARENA_ARRAY(all->keep, all->room, struct selftest_pair);
            if (all->count)
                memcpy(more, all->items, all->count * sizeof *more);
            all->items = more;
        }
        all->items[all->count++] = (struct selftest_pair){ .kind = arena_string(all->keep, kind), .clause = arena_string(all->keep, *clauses),
                                                           .id = arena_string(all->keep, id) };
    }
}

void selftest_trip(struct selftest_pairs *all, const char *row, const struct selftest_outcome *o)
{
    SCRATCH(scratch);
    bool *tripped = ARENA_ARRAY(&scratch, all->count, bool);

    for (size_t i = 0; i < o->count; i++)
        for (const char *const *c = o->failures[i].clauses; c && *c; c++) {
            struct selftest_pair *p = pair_find(all, o->failures[i].kind, *c);
            if (!p || tripped[p - all->items])
                continue;
            tripped[p - all->items] = true;
            p->by = p->by ? p->by : arena_string(all->keep, row);
            p->rows++;
        }
}

/* ---- what guards a clause ---- */

static struct selftest_guarded *guarded_find(const struct selftest_pairs *all, const char *clause)
{
    for (size_t i = 0; i < all->guarded_count; i++)
        if (strcmp(all->guarded[i].clause, clause) == 0)
            return &all->guarded[i];
    return NULL;
}

static void guarded_add(struct selftest_pairs *all, const char *clause, const char *row)
{
    struct selftest_guarded *g = guarded_find(all, clause);

    if (!g) {
        if (all->guarded_count == all->guarded_room) {
            all->guarded_room = all->guarded_room ? 2 * all->guarded_room : 64;
            struct selftest_guarded *more = ARENA_ARRAY(all->keep, all->guarded_room, struct selftest_guarded);
            if (all->guarded_count)
                memcpy(more, all->guarded, all->guarded_count * sizeof *more);
            all->guarded = more;
        }
        g = &all->guarded[all->guarded_count++];
        *g = (struct selftest_guarded){ .clause = arena_string(all->keep, clause) };
    }
    for (size_t i = 0; i < g->count; i++)
        if (strcmp(g->rows[i], row) == 0)
            return;
    if (g->count == g->room) {
        g->room = g->room ? 2 * g->room : 8;
        const char **more = ARENA_ARRAY(all->keep, g->room, const char *);
        if (g->count)
            memcpy(more, g->rows, g->count * sizeof *more);
        g->rows = more;
    }
    g->rows[g->count++] = arena_string(all->keep, row);
}

void selftest_guard(struct selftest_pairs *all, const char *name, const struct flaw *row, const struct selftest_outcome *o)
{
    for (size_t i = 0; i < o->count; i++) {
        const struct selftest_failure *f = &o->failures[i];
        bool guards = is_named(row, f) && !selftest_goes_before(f->id);
        for (const char *const *c = f->clauses; guards && c && *c; c++)
            guarded_add(all, *c, name);
    }
}

static int by_clause(const void *a, const void *b)
{
    return strverscmp(((const struct selftest_guarded *)a)->clause, ((const struct selftest_guarded *)b)->clause);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void selftest_guards_write(struct selftest_pairs *all, struct text *to)
{
    if (all->guarded_count)
        qsort(all->guarded, all->guarded_count, sizeof *all->guarded, by_clause);
    text_add(to, "{ \"format\": 1,\n  \"note\": \"Flaws that a check catches which cites the clause: arcwire selftest --update-guards\",\n  \"guards\": {");
    for (size_t i = 0; i < all->guarded_count; i++) {
        struct selftest_guarded *g = &all->guarded[i];
        qsort(g->rows, g->count, sizeof *g->rows, by_name);
        text_printf(to, "%s\n    \"%s\": [", i ? "," : "", g->clause);
        for (size_t k = 0; k < g->count; k++)
            text_printf(to, "%s\"%s\"", k ? ", " : "", g->rows[k]);
        text_char(to, ']');
    }
    text_add(to, " } }\n");
}

static bool has_reason(const struct selftest_pairs *all, const char *clause)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].reason && strcmp(all->items[i].clause, clause) == 0)
            return true;
    return false;
}

bool selftest_guards_judge(const struct selftest_pairs *all, const struct json *file, const char *const *rows, size_t count, struct error *err)
{
    static const char *const keys[] = { "format", "note", "guards", NULL };
    static const char update[] = "arcwire selftest --update-guards writes it anew";
    const struct json *list = json_get(file, "guards");
    const char *name;

    if (!json_is(file, JSON_OBJECT, err) || !json_known(file, keys, err))
        return false;
    if (!list)
        return json_error(file, err, "expected \"guards\"");
    if (!json_is(list, JSON_OBJECT, err))
        return false;
    for json_each (clause, list) {
        if (!json_is(clause, JSON_ARRAY, err))
            return false;
        for json_each (flaw, clause) {
            size_t i = 0;
            if (!json_string(flaw, &name, err))
                return false;
            while (i < count && strcmp(rows[i], name) != 0)
                i++;
            if (i == count)
                return json_error(flaw, err, "no flaw is called \"%s\"; %s", name, update);
        }
        if (clause->count > 1 && !guarded_find(all, clause->key) && !has_reason(all, clause->key))
            return json_error(clause, err, "no flaw trips a check any more that cites %s; %s", clause->key, update);
    }
    for (size_t i = 0; i < all->guarded_count; i++)
        if (all->guarded[i].count > 1 && !json_get(list, all->guarded[i].clause))
            return json_error(list, err, "%s is missing, which %zu flaws guard; %s", all->guarded[i].clause, all->guarded[i].count, update);
    return true;
}

bool selftest_reasons(struct selftest_pairs *all, const struct json *file, bool complete, struct error *err)
{
    static const char *const keys[] = { "format", "note", "untripped", NULL }, *const entry_keys[] = { "kind", "clause", "reason", NULL };
    const struct json *list = json_get(file, "untripped");
    const char *kind, *clause, *reason;

    if (!json_is(file, JSON_OBJECT, err) || !json_known(file, keys, err))
        return false;
    if (!list)
        return json_error(file, err, "expected \"untripped\"");
    if (!json_is(list, JSON_ARRAY, err))
        return false;
    for json_each (e, list) {
        size_t needed = 0;
        if (!json_is(e, JSON_OBJECT, err) || !json_known(e, entry_keys, err))
            return false;
        if (!json_get(e, "kind") || !json_get(e, "clause") || !json_get(e, "reason"))
            return json_error(e, err, "expected \"kind\", \"clause\" and \"reason\"");
        if (!json_string(json_get(e, "kind"), &kind, err) || !json_string(json_get(e, "clause"), &clause, err) ||
            !json_string(json_get(e, "reason"), &reason, err))
            return false;
        for (size_t i = 0; i < all->count; i++) {
            struct selftest_pair *p = &all->items[i];
            if (p->by || fnmatch(kind, p->kind, 0) != 0 || fnmatch(clause, p->clause, 0) != 0)
                continue;
            p->reason = p->reason ? p->reason : reason;
            needed++;
        }
        if (complete && !needed)
            return json_error(e, err, "a reason, and every check of that kind and clause is tripped");
    }
    return true;
}
