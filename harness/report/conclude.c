/*
 * Totals, by run and by suite.
 */
#include "report/conclude.h"

#include "report/clauses.h"

static struct report_suite *find_suite(struct report *r, const char *name)
{
    for (size_t i = r->suite_count; i-- > 0;) // the last one, mostly
        if (strcmp(r->suites[i].name, name) == 0)
            return &r->suites[i];
    return NULL;
}

static void count_places(struct report *r, struct report_suite *s, const struct report_unguarded *u)
{
    if (!u)
        return;
    r->hunted = true;
    s->changes += u->changes;
    for (size_t i = 0; i < u->count; i++) {
        s->reasoned += u->places[i].reason != NULL;
        s->unguarded += u->places[i].reason == NULL;
    }
}

static void count_suites(struct report *r, struct arena *keep)
{
    size_t room = 0;

    for (const struct report_case *c = r->cases; c; c = c->next) {
        struct report_suite *s = find_suite(r, c->suite);
        if (!s) {
            if (r->suite_count == room) {
                room = room ? 2 * room : 16;
                struct report_suite *more = ARENA_ARRAY(keep, room, struct report_suite);
                if (r->suite_count)
                    memcpy(more, r->suites, r->suite_count * sizeof *more);
                r->suites = more;
            }
            s = &r->suites[r->suite_count++];
            s->name = c->suite;
        }
        s->totals[c->verdict]++;
        for (const struct report_result *result = c->first; result; result = result->next)
            count_places(r, s, result->unguarded);
    }
}

void report_conclude(struct report *r, bool cut, struct arena *keep)
{
    for (const struct report_case *c = r->cases; c; c = c->next) {
        r->totals[c->verdict]++;
        for (const struct report_result *result = c->first; result; result = result->next)
            r->results[result->verdict]++;
    }
    if (!r->ended && !r->incomplete)
        r->incomplete =
            cut ? "the log ends in the middle of a record" : "the log ends before the run did";
    r->green = r->ended && !r->incomplete && r->exit == 0;
    report_compare(r, keep);
    for (const struct report_case *c = r->cases; c; c = c->next) {
        bool fails = false;
        for (const struct report_result *result = c->first; result; result = result->next)
            fails = fails || (result->verdict == REPORT_FAIL && report_is_red(result));
        r->failing += fails;
    }
    count_suites(r, keep);
    report_clauses_count(r);
    report_group_causes(r, keep);
}
