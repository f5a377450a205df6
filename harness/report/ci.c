#include "report/ci.h"

#include "report/markup.h"

enum ci_kind ci_kind(const struct report_result *r)
{
    switch (r->standing) {
    case STANDING_NEW:
    case STANDING_KNOWN:
    case STANDING_FLAKY:
        if (report_verdicts[r->verdict].bad && !report_is_red(r))
            return CI_EXPECTED;
        break;
    case STANDING_EXPIRED:
    case STANDING_PASSES:
        return CI_BASELINE;
    case STANDING_PLAIN:
    case STANDING_OTHERWISE:
    case STANDING_COUNT:
        break;
    }
    switch (r->verdict) {
    case REPORT_PASS:
    case REPORT_PASS_TIMED:
    case REPORT_AS_GENUINE:
    case REPORT_DECLARED:
    case REPORT_WARN:
        return CI_PASS;
    case REPORT_UNSUPPORTED:
    case REPORT_SKIPPED:
    case REPORT_NOT_RUN:
        return CI_SKIPPED;
    case REPORT_UNSTABLE:
    case REPORT_FAIL:
        return CI_FAILURE;
    case REPORT_INCONCLUSIVE:
    case REPORT_ERROR:
    case REPORT_VERDICTS:
        break;
    }
    return CI_ERROR;
}

void ci_name(const struct report_result *r, struct text *to)
{
    size_t same = 1;

    text_printf(to, "%s %s", r->of->id, r->delivery);
    if (*r->profile)
        text_printf(to, " %s", r->profile);
    for (const struct report_result *other = r->of->first; other != r; other = other->next)
        same += strcmp(other->delivery, r->delivery) == 0 && strcmp(other->profile, r->profile) == 0;
    if (same > 1)
        text_printf(to, " #%zu", same);
}

/* What is wrong with it, or why there is nothing to say. */
static void say_why(const struct report_result *r, struct text *to)
{
    const struct report_check *bad = report_first_failure(r);

    if (r->verdict != REPORT_FAIL)
        text_printf(to, "%s%s", report_verdicts[r->verdict].past, r->reason || bad ? ": " : "");
    if (r->reason)
        text_add(to, r->reason);
    if (bad && r->reason)
        text_add(to, "; ");
    if (bad && bad->sentence)
        text_add(to, bad->sentence);
    else if (bad)
        text_printf(to, "check %s failed", bad->name);
    else if (r->verdict == REPORT_FAIL && !r->reason)
        text_add(to, "failed");
}

static void say_entry(const struct baseline_entry *e, struct text *to)
{
    text_add(to, e->reason);
    if (e->issue)
        text_printf(to, " (%s)", e->issue);
    if (e->until)
        text_printf(to, ", tolerated until %s", e->until);
}

void ci_message(const struct report_result *r, struct text *to)
{
    bool flaw = report_verdicts[r->verdict].flaw || ci_kind(r) == CI_SKIPPED;

    switch (r->standing) {
    case STANDING_KNOWN:
    case STANDING_FLAKY:
    case STANDING_EXPIRED:
    case STANDING_PASSES:
        text_printf(to, "%s: ", r->standing == STANDING_PASSES ? "passes, though the baseline says that it fails" : standing_name(r->standing));
        if (r->entry)
            say_entry(r->entry, to);
        break;
    case STANDING_NEW:
        text_add(to, "newer than the baseline");
        break;
    case STANDING_OTHERWISE:
        if (r->entry)
            text_printf(to, "otherwise than the baseline knows (%s): ", r->entry->flaky ? "flaky" : r->entry->signature);
        say_why(r, to);
        return;
    case STANDING_PLAIN:
    case STANDING_COUNT:
        if (flaw)
            say_why(r, to);
        return;
    }
    if (!flaw)
        return;
    text_add(to, "; ");
    say_why(r, to);
}

static bool shown_by_result(const struct report *r, const struct complaint *of)
{
    enum standing as = of->kind == COMPLAINT_PASSES ? STANDING_PASSES : of->kind == COMPLAINT_EXPIRED ? STANDING_EXPIRED : STANDING_PLAIN;

    for (const struct report_case *c = as && of->entry ? r->cases : NULL; c; c = c->next)
        for (const struct report_result *result = c->first; result; result = result->next)
            if (result->standing == as && result->entry == of->entry)
                return true;
    return false;
}

size_t ci_remarks(const struct report *r, struct arena *keep, const struct ci_remark **out)
{
    struct ci_remark *remarks = ARENA_ARRAY(keep, r->complaints.count + 1, struct ci_remark);
    size_t n = 0;

    for (const struct complaint *c = r->complaints.items; c < r->complaints.items + r->complaints.count; c++)
        remarks[n++] = (struct ci_remark){ complaint_name(c->kind), c->text, r->baseline_file, c->entry ? c->entry->line : 0, false, shown_by_result(r, c) };
    if (r->incomplete)
        remarks[n++] = (struct ci_remark){ "incomplete", r->incomplete, NULL, 0, true, false };
    *out = remarks;
    return n;
}

void ci_cut_lines(const char *lines, size_t max, struct text *to)
{
    size_t len = strlen(lines), cut = max;

    if (len <= max) {
        text_add(to, lines);
        return;
    }
    while (cut && lines[cut - 1] != '\n')
        cut--;
    text_addn(to, lines, cut);
    text_add(to, "… ");
    markup_counted(to, len - cut, "byte");
    text_add(to, " left out; report.html has them\n");
}

void ci_cut(const char *line, size_t max, struct text *to)
{
    markup_add_cut(to, MARKUP_NONE, line, max);
}
