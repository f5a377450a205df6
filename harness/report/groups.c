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

#define CANDIDATES 26 // causes that may explain one failure: its own, and others

/* A cause that explains some of the failures. */
struct candidate {
    const char *key, *summary;
    size_t count; // failures that it explains and no other has taken
    size_t own;   // of which it is named first
    bool general; // it says what was seen, not why
    bool ruled_out;
};

struct candidates {
    struct candidate *items;
    size_t count, room;
    const struct report_ruled_out *ruled_out;
};

struct failure {
    const struct report_result *result;
    const struct report_check *check; // NULL: it failed without saying where
    size_t by[CANDIDATES], by_count;  // places among the candidates, its own first
    bool taken;
};

/* Causes that say what was seen; a mistake may explain it. */
static bool is_general(const char *key)
{
    static const char *const keys[] = { "no-answer", "held-back", "other-reply", "wrong-value", "differs", "extra-bytes", "stray-bytes", "cut", NULL };

    for (const char *const *k = keys; *k; k++)
        if (strcmp(*k, key) == 0)
            return true;
    return false;
}

static bool is_ruled_out(const struct candidates *c, const char *key, const char *summary)
{
    for (const struct report_ruled_out *r = c->ruled_out; r; r = r->next)
        if (strcmp(r->cause, key) == 0 && strcmp(r->summary, summary) == 0)
            return true;
    return false;
}

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
    c->items[c->count] = (struct candidate){ .key = key, .summary = summary, .general = !*summary && is_general(key), .ruled_out = is_ruled_out(c, key, summary) };
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
    if (check && check->seen && f.by_count < CANDIDATES)
        f.by[f.by_count++] = candidate_place(c, check->seen, "", scratch);
    return f;
}

/* Whether a failure may be laid to a candidate: one that is ruled out only where all are, and it was named first; what was seen, where
 * it was not named first, only where all that would explain it is ruled out. */
static bool explains(const struct candidates *c, const struct failure *f, size_t by)
{
    bool among = false, all_out = true, rest_out = true;

    for (size_t i = 0; i < f->by_count; i++) {
        const struct candidate *one = &c->items[f->by[i]];
        among |= f->by[i] == by;
        all_out &= one->ruled_out;
        rest_out &= one->ruled_out || f->by[i] == by;
    }
    if (!among || f->by[0] == by)
        return among && (!c->items[by].ruled_out || all_out);
    return !c->items[by].ruled_out && (!c->items[by].general || rest_out);
}

/* Counts what each candidate explains of what no other has taken. */
static void count_candidates(struct candidates *c, const struct failure *failures, size_t count)
{
    for (size_t i = 0; i < c->count; i++)
        c->items[i].count = c->items[i].own = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; !failures[i].taken && k < failures[i].by_count; k++) {
            size_t by = failures[i].by[k];
            bool does = explains(c, &failures[i], by);
            c->items[by].count += does;
            c->items[by].own += does && k == 0;
        }
}

/* Whether one is said of who reads, and the other of who writes with the same mistake. */
static bool is_counterpart(const struct candidate *a, const struct candidate *b)
{
    static const char stored[] = " stored", read[] = " read";
    const char *x = strstr(a->summary, stored), *y = strstr(b->summary, read);
    size_t before = x ? (size_t)(x - a->summary) : 0;

    if (!x || !y || strcmp(a->key, b->key) != 0)
        return false;
    return (size_t)(y - b->summary) == before && memcmp(a->summary, b->summary, before) == 0 && strcmp(x + strlen(stored), y + strlen(read)) == 0;
}

/* What it explains, and what the same mistake explains on the other way. */
static size_t both_ways(const struct candidates *c, const struct candidate *x)
{
    size_t n = x->count;

    for (size_t i = 0; i < c->count; i++)
        n += is_counterpart(x, &c->items[i]) || is_counterpart(&c->items[i], x) ? c->items[i].count : 0;
    return n;
}

/* Whether it is made in one place alone: what has no such bound is the simpler guess. */
static bool is_placed(const struct candidate *x)
{
    return strstr(x->summary, ", in ") != NULL;
}

#define TELLING 2 // failures that one mistake explains, of which each by itself says only what was seen

/* The mistake that explains most of what a general cause only names; the general one where that is not the half of it, or where several
 * different ones explain as much. Of equals, one that is made everywhere goes before one that is made in one place. */
static size_t telling(const struct candidates *c, size_t general)
{
    size_t best = c->count, twins = 0;

    for (size_t i = 0; i < c->count; i++) {
        const struct candidate *x = &c->items[i], *y = best < c->count ? &c->items[best] : NULL;
        size_t explained = both_ways(c, x), most = y ? both_ways(c, y) : 0;
        if (x->general || !x->count || explained < TELLING || 2 * explained < c->items[general].count)
            continue;
        if (!y || explained > most || (explained == most && is_placed(y) && !is_placed(x))) {
            best = i;
            twins = 0;
        } else if (explained == most && is_placed(x) <= is_placed(y)) {
            twins += strcmp(x->key, y->key) != 0;
            best = x->own > y->own ? i : best;
        }
    }
    return best < c->count && !twins ? best : general;
}

/* Whether one explains as much as the other, and goes before it: on the other way it explains more, or it is named first more often. */
static bool is_stronger(const struct candidates *c, const struct candidate *x, const struct candidate *y)
{
    size_t a = both_ways(c, x), b = both_ways(c, y);

    return x->count == y->count && (a != b ? a > b : x->own > y->own);
}

/* The candidate that explains most of what no other has taken; of equals the stronger, then the earlier one. */
static size_t most_explaining(struct candidates *c, const struct failure *failures, size_t count)
{
    size_t best = c->count;

    count_candidates(c, failures, count);
    for (size_t i = 0; i < c->count; i++) {
        const struct candidate *x = &c->items[i], *y = best < c->count ? &c->items[best] : NULL;
        if (x->count && (!y || x->count > y->count || is_stronger(c, x, y)))
            best = i;
    }
    return best < c->count && c->items[best].general ? telling(c, best) : best;
}

static int by_weight(const void *a, const void *b)
{
    const struct report_cause *x = a, *y = b;

    if (x->case_count != y->case_count)
        return x->case_count > y->case_count ? -1 : 1;
    if (!x->summary != !y->summary)
        return x->summary ? -1 : 1;
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
static void take(struct report_cause *c, const struct candidates *all, size_t place, struct failure *failures, size_t count,
                 struct arena *keep, struct arena *scratch)
{
    const struct candidate *by = &all->items[place];
    const struct report_check **own = ARENA_ARRAY(scratch, by->count, const struct report_check *);
    size_t owned = 0;

    c->results = ARENA_ARRAY(keep, by->count, const struct report_result *);
    for (size_t i = 0; i < count; i++) {
        struct failure *f = &failures[i];
        if (f->taken || !explains(all, f, place))
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

static bool says_what_was_seen(const struct report_cause *c)
{
    return !c->summary && c->key && is_general(c->key);
}

static bool is_key_of_one_before(const struct report *r, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (same(r->causes[k].key, r->causes[i].key))
            return true;
    return false;
}

#define DISAGREEING 3 // different causes that explain as much as each other are not one mistake

/* Where the first causes explain as much as each other and are too different to be one mistake, that goes first which only says what was seen. */
static void prefer_general(struct report *r)
{
    size_t keys = 0, seen = r->cause_count;

    for (size_t i = 0; i < r->cause_count && r->causes[i].case_count == r->causes[0].case_count; i++) {
        keys += !is_key_of_one_before(r, i);
        seen = seen == r->cause_count && says_what_was_seen(&r->causes[i]) ? i : seen;
    }
    if (keys < DISAGREEING || seen == r->cause_count || !r->causes[0].summary)
        return;
    struct report_cause one = r->causes[seen];
    memmove(r->causes + 1, r->causes, seen * sizeof one);
    r->causes[0] = one;
}

void report_group_causes(struct report *r, struct arena *keep)
{
    size_t n = 0, best;
    struct candidates candidates = { .ruled_out = r->ruled_out };
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
        take(&r->causes[r->cause_count++], &candidates, best, failures, n, keep, &scratch);
    qsort(r->causes, r->cause_count, sizeof *r->causes, by_weight);
    prefer_general(r);
    for (size_t i = 0; i < r->cause_count; i++)
        for (size_t k = 0; k < r->causes[i].result_count; k++) {
            const struct report_result *result = r->causes[i].results[k];
            if (report_telling(result->of) == result)
                result->of->cause = &r->causes[i];
        }
}
