/*
 * The record `baseline`, and what it makes of the run: computed anew whenever a log is read, so that a view says of an old run
 * what was known of the peer then.
 */
#include "report/conclude.h"
#include "report/record.h"
#include "report/talk.h"

bool record_baseline(const struct json *record, struct arena *keep, struct report *r, struct error *err)
{
    const struct json *document = json_get(record, "document");
    struct baseline *b = ARENA_NEW(keep, struct baseline);

    r->today = "";
    if (!member_string(record, "file", keep, &r->baseline_file, err) || !member_string(record, "today", keep, &r->today, err) ||
        !member_string(record, "selection", keep, &r->selection, err))
        return false;
    if (!document)
        return true;
    if (!baseline_parse(document, r->baseline_file ? r->baseline_file : "", json_get(record, "lines"), keep, b, err))
        return false;
    b->document = NULL; // it lives no longer than its line
    r->baseline = b;
    return true;
}

/* Whether a check makes its result what it is. */
static bool makes_it_bad(const struct report_result *r, enum report_verdict v, const struct report_check *c)
{
    bool fails = c->verdict == REPORT_FAIL;

    if (v == REPORT_INCONCLUSIVE)
        return c->verdict == REPORT_INCONCLUSIVE || (fails && c->control);
    if (v == REPORT_FAIL)
        for (size_t i = 0; i < r->check_count; i++)
            if (r->checks[i].verdict == REPORT_FAIL && strcmp(r->checks[i].level, "must") == 0)
                return fails && strcmp(c->level, "must") == 0; // the others are no failures, unless all were to be
    return fails && (v == REPORT_FAIL || v == REPORT_WARN || v == REPORT_UNSTABLE);
}

static struct seen_check see_check(const struct report_check *c, bool fails, struct arena *keep)
{
    struct seen_check seen = { .name = c->name, .fails = fails };
    const char **signatures = ARENA_ARRAY(keep, 1 + c->other_count, const char *);

    seen.signatures = signatures;
    signatures[seen.signature_count++] = c->cause ? c->cause : report_verdicts[c->verdict].name;
    for (size_t i = 0; i < c->other_count; i++)
        signatures[seen.signature_count++] = c->others[i].cause;
    return seen;
}

void report_see(const struct report_result *r, struct arena *keep, struct seen_result *out)
{
    size_t more = r->second ? r->second->check_count : 0, failing = 0;
    struct seen_check *checks = ARENA_ARRAY(keep, r->check_count + more + 1, struct seen_check);

    *out = (struct seen_result){ .id = r->of->id, .delivery = r->delivery, .profile = r->profile, .since = r->of->since, .rev = r->of->rev,
                                 .verdict = (enum verdict)r->verdict, .checks = checks };
    for (const struct report_check *c = r->checks; c < r->checks + r->check_count; c++)
        checks[out->check_count++] = see_check(c, makes_it_bad(r, r->second ? r->once : r->verdict, c), keep);
    for (const struct report_check *c = more ? r->second->checks : NULL; c && c < r->second->checks + more; c++)
        if (makes_it_bad(r->second, r->second->verdict, c))
            checks[out->check_count++] = see_check(c, true, keep);
    for (size_t i = 0; i < out->check_count; i++)
        failing += checks[i].fails;
    if (failing || !report_verdicts[r->verdict].bad)
        return;
    const char **verdict = ARENA_ARRAY(keep, 1, const char *); // nothing was judged
    *verdict = report_verdicts[r->verdict].name;
    checks[out->check_count++] = (struct seen_check){ "case", verdict, 1, true };
}

void report_see_run(const struct report *r, struct arena *keep, struct seen_run *out)
{
    *out = (struct seen_run){ .results = ARENA_ARRAY(keep, r->result_count, struct seen_result),
                              .selection = r->shards ? NULL : r->selection, // a part is not the whole
                              .complete = r->ended && !r->incomplete,
                              .today = r->today,
                              .types = { r->types.names, r->types.count },
                              .has_types = r->has_types };
    if (r->profiled && r->generation && r->charset)
        out->profile = arena_printf(keep, "%s-%s-%u", r->generation, r->charset, (unsigned)r->bits);
    for (const struct report_case *c = r->cases; c; c = c->next)
        for (const struct report_result *result = c->first; result; result = result->next)
            report_see(result, keep, &out->results[out->count++]);
}

bool report_record_is_known(const struct baseline *b, const char *today, struct bytes record)
{
    SCRATCH(scratch);
    const char *end = memchr(record.data, '\n', record.len);
    const struct json *json;
    struct report_result r = { 0 };
    struct report_case of = { 0 };
    struct seen_result seen;
    struct complaints complaints;
    struct error err;

    if (!json_parse(bytes_slice(record, 0, end ? (size_t)(end - (const char *)record.data) : SIZE_MAX), "record", &scratch, &json, &err) ||
        !record_result(json, &scratch, &r, &err) || !record_case(json, &scratch, &of, &err))
        return false;
    r.of = &of;
    report_see(&r, &scratch, &seen);
    struct seen_run run = { .results = &seen, .count = 1, .today = today };
    baseline_judge(b, &run, &scratch, &complaints);
    return verdict_is_bad(seen.verdict) && !standing_is_red(seen.standing, seen.verdict);
}

bool report_is_red(const struct report_result *r)
{
    return standing_is_red(r->standing, (enum verdict)r->verdict);
}

void report_compare(struct report *r, struct arena *keep)
{
    SCRATCH(scratch);
    struct seen_run run;
    size_t i = 0;

    r->red = 0;
    memset(r->standings, 0, sizeof r->standings);
    memset(r->red_totals, 0, sizeof r->red_totals);
    memset(r->known_totals, 0, sizeof r->known_totals);
    if (r->baseline) {
        report_see_run(r, &scratch, &run);
        baseline_judge(r->baseline, &run, keep, &r->complaints);
    }
    for (struct report_case *c = r->cases; c; c = c->next) {
        c->standing = STANDING_PLAIN;
        c->red = false;
        for (struct report_result *result = c->first; result; result = result->next, i++) {
            if (r->baseline) {
                result->standing = run.results[i].standing;
                result->entry = run.results[i].entry;
            }
            if (result->standing > c->standing)
                c->standing = result->standing;
            c->red |= report_is_red(result);
        }
        r->standings[c->standing]++;
        r->red += c->red;
        r->red_totals[c->verdict] += c->red;
        r->known_totals[c->standing == STANDING_PASSES ? STANDING_KNOWN : c->standing] += !c->red && report_verdicts[c->verdict].bad;
    }
}

void report_take_ended(struct report *r, const char *incomplete, struct arena *keep)
{
    r->ended = true;
    r->incomplete = incomplete;
    report_compare(r, keep);
}
