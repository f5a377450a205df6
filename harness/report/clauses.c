#include "report/clauses.h"

#include <stdlib.h>

#include "report/talk.h"

static bool read_text(const struct json *from, const char *key, bool required, struct arena *keep, const char **out, struct error *err)
{
    const struct json *at = json_get(from, key);
    const char *text;

    *out = NULL;
    if (!at)
        return !required || json_error(from, err, "has no \"%s\"", key);
    if (!json_string(at, &text, err))
        return false;
    *out = arena_string(keep, text);
    return true;
}

static bool read_clause(const struct json *from, struct arena *keep, struct report_clause *out, struct error *err)
{
    const struct json *genuine;

    if (!json_is(from, JSON_OBJECT, err) || !read_text(from, "id", true, keep, &out->id, err) ||
        !read_text(from, "level", true, keep, &out->level, err) ||
        !read_text(from, "provenance", true, keep, &out->provenance, err) || !read_text(from, "text", true, keep, &out->text, err) ||
        !read_text(from, "no-case", false, keep, &out->unseen, err))
        return false;
    out->tells_guards = json_get(from, "guards") != NULL;
    return member_names(from, "guards", keep, &out->guards, err) && (!(genuine = json_get(from, "genuine")) || json_bool(genuine, &out->genuine, err));
}

static int by_id(const void *a, const void *b)
{
    return strcmp((*(const struct report_clause *const *)a)->id, (*(const struct report_clause *const *)b)->id);
}

bool report_clauses_read(const struct json *record, struct arena *keep, struct report *out, struct error *err)
{
    const struct json *list = json_get(record, "clauses");
    size_t n = 0;

    if (!list)
        return json_error(record, err, "has no \"clauses\"");
    if (!json_is(list, JSON_ARRAY, err))
        return false;
    out->clauses = ARENA_ARRAY(keep, list->count, struct report_clause);
    out->clauses_by_id = ARENA_ARRAY(keep, list->count, struct report_clause *);
    for
        json_each (one, list) {
            out->clauses[n] = (struct report_clause){ 0 };
            out->clauses_by_id[n] = &out->clauses[n];
            if (!read_clause(one, keep, &out->clauses[n++], err))
                return false;
        }
    out->clause_count = n;
    if (n)
        qsort(out->clauses_by_id, n, sizeof *out->clauses_by_id, by_id);
    return true;
}

static struct report_clause *find(const struct report *r, const char *id)
{
    const struct report_clause wanted = { .id = id }, *key = &wanted;

    struct report_clause **found =
        r->clause_count ? bsearch(&key, r->clauses_by_id, r->clause_count, sizeof *r->clauses_by_id, by_id) : NULL;
    return found ? *found : NULL;
}

const struct report_clause *report_clause_find(const struct report *r, const char *id)
{
    return find(r, id);
}

bool report_clause_is_cited(const struct report_clause *c)
{
    return c->last != NULL;
}

static bool cites(const struct report_names *names, const char *id)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->names[i], id) == 0)
            return true;
    return false;
}

/*
 * What a case says of a clause: the worst of the checks that cite it. A case whose checks were not judged, or none of
 * which cites it, says of it what it says as a whole.
 */
static enum report_verdict said_of(const struct report_case *c, const char *id)
{
    enum report_verdict worst = c->verdict;
    bool any = false;

    if (c->verdict == REPORT_INCONCLUSIVE || c->verdict == REPORT_ERROR || c->verdict == REPORT_UNSTABLE)
        return c->verdict;
    for (const struct report_result *r = c->first; r; r = r->next)
        for (const struct report_check *check = r->checks; check < r->checks + r->check_count; check++) {
            if (check->control || !cites(&check->clauses, id))
                continue;
            bool below = check->verdict == REPORT_FAIL && c->verdict != REPORT_FAIL; // it fell short of a should
            enum report_verdict v = below ? REPORT_WARN : check->verdict;
            if (!any || report_verdicts[v].rank > report_verdicts[worst].rank)
                worst = v;
            any = true;
        }
    return worst;
}

static void count_for(struct report *r, const struct report_case *c, const char *id)
{
    struct report_clause *clause = find(r, id);

    if (!clause || clause->last == c)
        return;
    enum report_verdict v = said_of(c, id);
    clause->last = c;
    clause->totals[v]++;
    if (report_verdicts[v].bad && !clause->bad)
        clause->bad = c;
}

void report_clauses_count(struct report *r)
{
    for (const struct report_case *c = r->cases; c && r->clause_count; c = c->next) {
        for (size_t i = 0; i < c->clauses.count; i++)
            count_for(r, c, c->clauses.names[i]);
        for (const struct report_result *result = c->first; result; result = result->next)
            for (const struct report_check *check = result->checks; check < result->checks + result->check_count; check++)
                for (size_t i = 0; !check->control && i < check->clauses.count; i++)
                    count_for(r, c, check->clauses.names[i]);
    }
}
