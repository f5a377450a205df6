#include "run/deviations.h"

static const struct deviation *find(const struct manifest *m, const char *clause)
{
    for (size_t i = 0; i < m->deviation_count; i++)
        if (strcmp(m->deviations[i].clause, clause) == 0)
            return &m->deviations[i];
    return NULL;
}

/* The declared deviations of all clauses that a check cites, as bits; 0 when one of them is not declared. */
static uint64_t declared(const struct manifest *m, const struct service *s, const struct finding *f)
{
    uint64_t bits = 0;

    if (f->axis != AXIS_END && (f->control || (s && f->check.clauses == s->end.clauses)))
        return 0;
    if (strcmp(f->check.name, "peer-lives") == 0 || strcmp(f->check.name, "sanitizer") == 0)
        return 0; // a death deviates from nothing that one could agree on
    for (const char *const *c = f->check.clauses; c && *c; c++) {
        const struct deviation *d = find(m, *c);
        if (!d)
            return 0;
        bits |= 1ull << (d - m->deviations);
    }
    return bits;
}

void deviations_apply(const struct manifest *m, const struct service *s, struct findings *f, struct arena *keep)
{
    for (size_t i = 0; m && m->deviation_count && i < f->count; i++) {
        struct finding *one = &f->items[i];
        if (one->grade != GRADE_FAIL || !declared(m, s, one))
            continue;
        const struct deviation *d = find(m, one->check.clauses[0]);
        one->grade = GRADE_DECLARED;
        one->sentence = arena_printf(keep, "%s; the manifest declares that [%s]: %s", one->sentence ? one->sentence : "failed",
                                     d->clause, d->reason);
    }
}

void deviations_count(const struct manifest *m, const struct service *s, const struct findings *f, struct deviations_seen *seen)
{
    for (size_t i = 0; m && m->deviation_count && i < f->count; i++) {
        const struct finding *one = &f->items[i];
        if (one->grade == GRADE_INCONCLUSIVE)
            continue;
        uint64_t bits = declared(m, s, one);
        seen->tested |= bits;
        seen->shown |= one->grade == GRADE_DECLARED ? bits : 0;
    }
}

struct result deviations_result(const struct manifest *m, const struct deviations_seen *seen, struct arena *keep)
{
    struct vector *v = ARENA_NEW(keep, struct vector);
    const char **all = ARENA_ARRAY(keep, m->deviation_count + 1, const char *);
    struct findings f = { ARENA_ARRAY(keep, m->deviation_count, struct finding), 0 };
    struct result r = { .vector = v, .delivery = "plain", .profile = "" };

    for (size_t i = 0; i < m->deviation_count; i++) {
        const struct deviation *d = &m->deviations[i];
        const char **clauses = ARENA_ARRAY(keep, 2, const char *);
        struct finding one = { .check = { arena_printf(keep, "declared-%s", d->clause), clauses, LEVEL_MUST }, .axis = AXIS_DATA };
        all[i] = clauses[0] = d->clause;
        if (!(seen->tested >> i & 1))
            continue; // nothing looked at it alone: nothing is known
        if (seen->shown >> i & 1) {
            one.grade = GRADE_DECLARED;
            one.cause = "declared";
            one.sentence = arena_printf(keep, "the manifest declares it, and it is there [%s]: %s", d->clause, d->reason);
        } else {
            one.grade = GRADE_FAIL;
            one.cause = "not-there";
            one.sentence = arena_printf(keep, "the manifest declares a deviation from %s (%s), but no check that cites it alone failed: it is gone, or was never there",
                                        d->clause, d->reason);
        }
        f.items[f.count++] = one;
    }
    *v = (struct vector){ .id = "declared-deviations", .suite = "declared", .title = "What the manifest declares is there", .rev = 1,
                          .level = LEVEL_MUST, .clauses = all, .hint = "Take it out of the manifest's deviations." };
    r.findings = f;
    r.verdict = f.count ? verdict_fold(&f, false) : VERDICT_SKIPPED;
    if (!f.count)
        r.reason = "no check cites the declared clauses alone";
    return r;
}
