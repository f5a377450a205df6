/*
 * Failures by what caused them. Several causes can explain one failure; it counts for the one that explains most, so
 * that a run has as few causes as can be.
 */
#include "report/conclude.h"

#include <stdlib.h>

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

#define CANDIDATES 5 // causes that may explain one failure: its own, and others

/* A cause that explains some of the failures. */
struct candidate {
    const char *key, *summary;
    size_t count; // failures that it explains and no other has taken
    size_t own;   // of which it is named first
};

struct candidates {
    struct candidate *items;
    size_t count, room;
};

struct failure {
    const struct report_result *result;
    const struct report_check *check; // NULL: it failed without saying where
    size_t by[CANDIDATES], by_count;  // places among the candidates, its own first
    bool taken;
};

static size_t candidate_place(struct candidates *c, const char *key, const char *summary, struct arena *scratch)
{
    for (size_t i = 0; i < c->count; i++)
        if (strcmp(c->items[i].key, key) == 0 && strcmp(c->items[i].summary, summary) == 0)
            return i;
    if (c->count == c->room) {
        struct candidate *more = ARENA_ARRAY(scratch, c->room ? 2 * c->room : 16, struct candidate);
        if (c->count)
            memcpy(more, c->items, c->count * sizeof *more);
        c->items = more;
        c->room = c->room ? 2 * c->room : 16;
    }
    c->items[c->count] = (struct candidate){ .key = key, .summary = summary };
    return c->count++;
}

static struct failure failure_of(const struct report_result *r, struct candidates *c, struct arena *scratch)
{
    const struct report_check *check = report_first_failure(r);
    struct failure f = { .result = r, .check = check };
    const char *key = !check ? "" : check->cause ? check->cause : check->name; // checks without a cause group by their name

    f.by[f.by_count++] = candidate_place(c, key, check && check->summary ? check->summary : "", scratch);
    for (size_t i = 0; check && i < check->other_count && f.by_count < CANDIDATES; i++)
        f.by[f.by_count++] = candidate_place(c, check->others[i].cause, check->others[i].summary ? check->others[i].summary : "", scratch);
    return f;
}

static bool explains(const struct failure *f, size_t by)
{
    for (size_t i = 0; i < f->by_count; i++)
        if (f->by[i] == by)
            return true;
    return false;
}

/* The candidate that explains most of what no other has taken; of equals the one that is named first more often, then earlier. */
static size_t most_explaining(struct candidates *c, const struct failure *failures, size_t count)
{
    size_t best = c->count;

    for (size_t i = 0; i < c->count; i++)
        c->items[i].count = c->items[i].own = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; !failures[i].taken && k < failures[i].by_count; k++) {
            c->items[failures[i].by[k]].count++;
            c->items[failures[i].by[k]].own += k == 0;
        }
    for (size_t i = 0; i < c->count; i++) {
        const struct candidate *x = &c->items[i], *y = best < c->count ? &c->items[best] : NULL;
        if (x->count && (!y || x->count > y->count || (x->count == y->count && x->own > y->own)))
            best = i;
    }
    return best;
}

static int by_weight(const void *a, const void *b)
{
    const struct report_cause *x = a, *y = b;

    if (x->case_count != y->case_count)
        return x->case_count > y->case_count ? -1 : 1;
    return x->results[0]->number < y->results[0]->number ? -1 : 1;
}

/* The most frequent sentence of a group; the earliest of equals. Groups have few different ones. */
static const char *usual_sentence(const struct report_check *const *checks, size_t count)
{
    const char *best = NULL;
    size_t most = 0;

    for (size_t i = 0; i < count && i < 64; i++) {
        const char *sentence = checks[i] ? checks[i]->sentence : NULL;
        size_t n = 0;
        for (size_t k = 0; sentence && k < count; k++)
            n += checks[k] && same(checks[k]->sentence, sentence);
        if (n > most) {
            most = n;
            best = sentence;
        }
    }
    return best;
}

/* The group of all failures that a candidate explains and no other has taken. */
static void take(struct report_cause *c, const struct candidate *by, size_t place, struct failure *failures, size_t count,
                 struct arena *keep, struct arena *scratch)
{
    const struct report_check **own = ARENA_ARRAY(scratch, by->count, const struct report_check *);
    size_t owned = 0;

    c->results = ARENA_ARRAY(keep, by->count, const struct report_result *);
    for (size_t i = 0; i < count; i++) {
        struct failure *f = &failures[i];
        if (f->taken || !explains(f, place))
            continue;
        const struct report_result *before = c->result_count ? c->results[c->result_count - 1] : NULL;
        f->taken = true;
        c->case_count += !before || before->of != f->result->of;
        c->results[c->result_count++] = f->result;
        if (f->by[0] == place)
            own[owned++] = f->check;
    }
    c->example = owned ? own[0] : report_first_failure(c->results[0]);
    c->key = owned ? (c->example ? c->example->cause : NULL) : by->key;
    c->summary = *by->summary ? by->summary : NULL;
    c->sentence = usual_sentence(own, owned);
}

void report_group_causes(struct report *r, struct arena *keep)
{
    size_t n = 0, best;
    struct candidates candidates = { 0 };
    SCRATCH(scratch);

    if (r->results[REPORT_FAIL] == 0)
        return;
    struct failure *failures = ARENA_ARRAY(&scratch, r->results[REPORT_FAIL], struct failure); // what the baseline knows needs no cause
    for (const struct report_case *c = r->cases; c; c = c->next)
        for (const struct report_result *result = c->first; result; result = result->next)
            if (result->verdict == REPORT_FAIL && report_is_red(result))
                failures[n++] = failure_of(result, &candidates, &scratch);
    r->causes = ARENA_ARRAY(keep, candidates.count, struct report_cause);
    while ((best = most_explaining(&candidates, failures, n)) < candidates.count)
        take(&r->causes[r->cause_count++], &candidates.items[best], best, failures, n, keep, &scratch);
    qsort(r->causes, r->cause_count, sizeof *r->causes, by_weight);
    for (size_t i = 0; i < r->cause_count; i++)
        for (size_t k = 0; k < r->causes[i].result_count; k++) {
            const struct report_result *result = r->causes[i].results[k];
            if (report_telling(result->of) == result)
                result->of->cause = &r->causes[i];
        }
}
