/*
 * A run against its baseline.
 *
 * An entry is about the checks that its four patterns match. A result is known when each check that makes it bad is matched by
 * an entry with its signature: what fails for another reason than the one known is something new.
 *
 * The other way round an entry wants its failure to be there. One that names a case wants it in every result of that case that it
 * matches; one with a pattern for a case wants it somewhere, which only a run of all cases can deny.
 */
#include "verdict/baseline.h"

#include <fnmatch.h>

#include "base/text.h"

const char *standing_name(enum standing s)
{
    static const char *const names[STANDING_COUNT] = { "plain", "new", "known", "flaky", "expired", "unexpected-pass", "otherwise" };

    return names[s];
}

bool standing_is_red(enum standing s, enum verdict v)
{
    return verdict_is_bad(v) && (s == STANDING_PLAIN || s == STANDING_OTHERWISE || v == VERDICT_ERROR);
}

const char *complaint_name(enum complaint_kind k)
{
    static const char *const names[] = { "unexpected-pass", "stale", "expired", "less" };

    return names[k];
}

/* What became of an entry. */
struct use {
    size_t matched; // results
    size_t tested;
    size_t failed;  // as it says
    size_t passed;  // where it says that they fail
    const struct seen_result *pass; // the first of these
    bool pattern;   // its case is one, so that it need not fail everywhere
};

static bool matches(const char *pattern, const char *text)
{
    return strcmp(pattern, "*") == 0 || strcmp(pattern, text) == 0 || (strpbrk(pattern, "*?[\\") && fnmatch(pattern, text, 0) == 0);
}

static bool entry_about(const struct baseline_entry *e, const struct seen_result *r)
{
    return matches(e->id, r->id) && matches(e->delivery, r->delivery) && matches(e->profile, r->profile);
}

static bool signed_so(const struct baseline_entry *e, const struct seen_check *c)
{
    for (size_t i = 0; i < c->signature_count; i++)
        if (strcmp(c->signatures[i], e->signature) == 0)
            return true;
    return false;
}

bool baseline_entry_is_about(const struct baseline_entry *e, const struct seen_result *r, const struct seen_check *c)
{
    return entry_about(e, r) && matches(e->check, c->name) && e->flaky == (r->verdict == VERDICT_UNSTABLE);
}

bool baseline_entry_holds(const struct baseline_entry *e, const struct seen_result *r)
{
    for (const struct seen_check *c = r->checks; c < r->checks + r->check_count; c++)
        if (c->fails && baseline_entry_is_about(e, r, c) && signed_so(e, c))
            return true;
    return false;
}

static bool is_tested(enum verdict v)
{
    return v < VERDICT_INCONCLUSIVE;
}

/* The entries that are about a result: few of many. */
struct abouts {
    const struct baseline_entry **entries;
    size_t count;
};

/* Whether what makes it bad is known, each check by some entry; *expired: and one of them is over. */
static bool all_known(const struct seen_result *r, const struct abouts *about, const char *today, struct use *uses,
                      const struct baseline *b, bool *expired)
{
    size_t failing = 0, known = 0;

    for (const struct seen_check *c = r->checks; c < r->checks + r->check_count; c++) {
        bool covered = false;
        for (size_t i = 0; c->fails && i < about->count; i++) {
            const struct baseline_entry *e = about->entries[i];
            if (!matches(e->check, c->name) || !signed_so(e, c) || e->flaky != (r->verdict == VERDICT_UNSTABLE))
                continue;
            uses[e - b->entries].failed++;
            *expired |= e->until && strcmp(e->until, today) < 0;
            covered = true;
        }
        failing += c->fails;
        known += covered;
    }
    return failing > 0 && known == failing;
}

/* Whether what an entry says has become of a result is gone: it is good, or bad only by what other entries know. */
static bool is_gone(const struct baseline_entry *e, const struct seen_result *r, bool known)
{
    bool present = false;

    if (e->flaky || !is_tested(r->verdict))
        return false; // what is flaky passes now and then
    if (!verdict_is_bad(r->verdict)) {
        for (const struct seen_check *c = r->checks; c < r->checks + r->check_count; c++)
            if (c->fails && matches(e->check, c->name) && signed_so(e, c))
                return false; // a failing should, which is no bad verdict
        return true;
    }
    for (const struct seen_check *c = r->checks; c < r->checks + r->check_count; c++)
        if (matches(e->check, c->name)) {
            present = true;
            if (c->fails)
                return false;
        }
    return known && present;
}

bool baseline_is_older(const struct baseline *b, const struct seen_result *r)
{
    uint64_t rev = 1;

    if (!b->knows.told || r->since > b->knows.vectors)
        return b->knows.told;
    for (size_t i = 0; i < b->knows.rev_count; i++)
        if (strcmp(b->knows.revs[i].id, r->id) == 0)
            rev = b->knows.revs[i].rev;
    return b->knows.has_revs && r->rev > rev;
}

static void judge_result(const struct baseline *b, struct seen_result *r, const char *today, struct use *uses, struct abouts *about)
{
    bool expired = false, newer = baseline_is_older(b, r);

    about->count = 0;
    for (const struct baseline_entry *e = b->entries; e < b->entries + b->count; e++)
        if (entry_about(e, r)) {
            about->entries[about->count++] = e;
            uses[e - b->entries].matched++;
            uses[e - b->entries].tested += is_tested(r->verdict);
        }
    bool known = all_known(r, about, today, uses, b, &expired);
    bool bad = verdict_is_bad(r->verdict) && r->verdict != VERDICT_ERROR;
    r->standing = newer ? STANDING_NEW : STANDING_PLAIN;
    r->entry = about->count ? about->entries[0] : NULL;
    if (bad && known)
        r->standing = expired ? STANDING_EXPIRED : r->verdict == VERDICT_UNSTABLE ? STANDING_FLAKY : STANDING_KNOWN;
    else if (bad && about->count && !newer)
        r->standing = STANDING_OTHERWISE;
    else if (known && !verdict_is_bad(r->verdict))
        r->standing = STANDING_KNOWN;
    for (size_t i = 0; i < about->count; i++) {
        struct use *use = &uses[about->entries[i] - b->entries];
        if (!is_gone(about->entries[i], r, known))
            continue;
        use->passed++;
        use->pass = use->pass ? use->pass : r;
        if (!use->pattern && r->standing <= STANDING_FLAKY) {
            r->standing = STANDING_PASSES;
            r->entry = about->entries[i];
        }
    }
}

/* Beyond the budget what is flaky counts as if nothing were known of it. */
static void bound_flaky(const struct baseline *b, struct seen_run *run)
{
    const char *last = NULL;
    uint64_t cases = 0;

    for (struct seen_result *r = run->results; r < run->results + run->count; r++) {
        if (r->standing != STANDING_FLAKY)
            continue;
        cases += !last || strcmp(last, r->id) != 0;
        last = r->id;
        if (cases > b->flaky_budget)
            r->standing = STANDING_OTHERWISE;
    }
}

static void complain(struct complaints *to, enum complaint_kind kind, const struct baseline_entry *e, const char *text)
{
    to->items[to->count++] = (struct complaint){ kind, e, text };
}

static void judge_entry(const struct baseline_entry *e, const struct use *use, bool whole, const struct seen_run *run, struct arena *keep,
                        struct complaints *out)
{
    const char *where = strcmp(e->check, "*") == 0 ? e->id : arena_printf(keep, "%s, check %s", e->id, e->check);
    bool gone = use->pattern ? whole && use->tested && !use->failed && use->passed : use->passed > 0;

    if (gone && use->pattern)
        complain(out, COMPLAINT_PASSES, e, arena_printf(keep, "%s: known to fail as %s, and nothing that it matches does", where, e->signature));
    else if (gone)
        complain(out, COMPLAINT_PASSES, e, arena_printf(keep, "%s: known to fail as %s, and does not under %s", where, e->signature, use->pass->delivery));
    if (whole && use->matched == 0)
        complain(out, COMPLAINT_STALE, e, arena_printf(keep, "%s: matches no result of the run", where));
    else if (e->until && strcmp(e->until, run->today) < 0 && (whole || use->matched))
        complain(out, COMPLAINT_EXPIRED, e, arena_printf(keep, "%s: was tolerated until %s, today is %s", where, e->until, run->today));
}

uint64_t baseline_cases(const struct seen_run *run, uint64_t version)
{
    uint64_t cases = 0;

    for (size_t i = 0, end; i < run->count; i = end) {
        bool tested = false;
        for (end = i; end < run->count && strcmp(run->results[end].id, run->results[i].id) == 0; end++)
            tested |= is_tested(run->results[end].verdict) || run->results[end].verdict == VERDICT_INCONCLUSIVE;
        cases += tested && run->results[i].since <= version;
    }
    return cases;
}

bool baseline_is_whole(const struct baseline *b, const struct seen_run *run)
{
    return run->complete && run->selection && strcmp(run->selection, b->knows.selection) == 0;
}

static bool among(const struct baseline_names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->names[i], name) == 0)
            return true;
    return false;
}

/* What the peer offered, and offers no more. Which service tells it depends on what is selected, so only a whole run can say. */
static void judge_offer(const struct baseline *b, bool whole, const struct seen_run *run, struct arena *keep, struct complaints *out)
{
    TEXT(missing);

    if (!b->knows.told || !whole)
        return;
    if (b->knows.profile && run->profile && strcmp(b->knows.profile, run->profile) != 0)
        complain(out, COMPLAINT_LESS, NULL, arena_printf(keep, "the peer's profile is %s, and the baseline knows %s", run->profile, b->knows.profile));
    for (size_t i = 0; b->knows.has_types && run->has_types && i < b->knows.types.count; i++)
        if (!among(&run->types, b->knows.types.names[i]))
            text_printf(&missing, "%s%s", missing.b.len ? ", " : "", b->knows.types.names[i]);
    if (missing.b.len)
        complain(out, COMPLAINT_LESS, NULL, arena_printf(keep, "the peer offers no more: %s", text_string(&missing)));
    uint64_t cases = baseline_cases(run, b->knows.vectors);
    if (cases < b->knows.cases)
        complain(out, COMPLAINT_LESS, NULL, arena_printf(keep, "%llu cases were tested, and the baseline knows %llu", (unsigned long long)cases,
                                                         (unsigned long long)b->knows.cases));
}

void baseline_judge(const struct baseline *b, struct seen_run *run, struct arena *keep, struct complaints *out)
{
    SCRATCH(scratch);
    struct use *uses = ARENA_ARRAY(&scratch, b->count, struct use);
    bool whole = baseline_is_whole(b, run);
    struct abouts about = { ARENA_ARRAY(&scratch, b->count, const struct baseline_entry *), 0 };

    for (size_t i = 0; i < b->count; i++)
        uses[i].pattern = strpbrk(b->entries[i].id, "*?[") != NULL;
    for (struct seen_result *r = run->results; r < run->results + run->count; r++)
        judge_result(b, r, run->today, uses, &about);
    bound_flaky(b, run);
    *out = (struct complaints){ ARENA_ARRAY(keep, 2 * b->count + 3, struct complaint), 0 };
    judge_offer(b, whole, run, keep, out);
    for (size_t i = 0; i < b->count; i++)
        judge_entry(&b->entries[i], &uses[i], whole, run, keep, out);
}
