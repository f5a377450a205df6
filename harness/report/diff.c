#include "report/diff.h"

#include <stdlib.h>

#include "json/write.h"
#include "report/html_case.h"
#include "report/markup.h"

#define SHOWN_MAX 50 // changes of a kind on the page; the rest are counted

const char *const report_change_names[CHANGES] = {
    [CHANGE_BROKEN] = "broken", [CHANGE_CAUSE] = "changed", [CHANGE_UNTESTED] = "untested",
    [CHANGE_FIXED] = "fixed",   [CHANGE_NEW] = "new",       [CHANGE_GONE] = "gone",
};

static bool is_bad(const struct report_case *c)
{
    return report_verdicts[c->verdict].bad;
}

static bool is_tested(const struct report_case *c)
{
    return report_verdicts[c->verdict].tested || is_bad(c);
}

static const struct report_check *reason(const struct report_case *c)
{
    return c && report_verdicts[c->verdict].flaw ? report_first_failure(report_telling(c)) : NULL;
}

/* Why a case is as it is, in words; "" where there is nothing to explain. */
static const char *why(const struct report_case *c)
{
    const struct report_check *f = reason(c);

    return !f ? "" : f->summary ? f->summary : f->sentence ? f->sentence : f->cause ? f->cause : f->name;
}

static const char *text(const char *string)
{
    return string ? string : "";
}

/* Sentences hold figures that no two runs share; a cause and its summary do not. */
static bool same_cause(const struct report_case *a, const struct report_case *b)
{
    const struct report_check *x = reason(a), *y = reason(b);

    if (!x || !y)
        return x == y;
    return strcmp(text(x->cause), text(y->cause)) == 0 && strcmp(text(x->summary), text(y->summary)) == 0 && strcmp(x->name, y->name) == 0;
}

static bool has_changed(const struct report_case *before, const struct report_case *after, enum report_change *change)
{
    if (!before || !after)
        *change = before ? CHANGE_GONE : CHANGE_NEW;
    else if (is_bad(after) && !is_bad(before))
        *change = CHANGE_BROKEN;
    else if (is_tested(before) && !is_tested(after))
        *change = CHANGE_UNTESTED;
    else if (is_bad(before) && !is_bad(after))
        *change = CHANGE_FIXED;
    else if (before->verdict != after->verdict && (report_verdicts[before->verdict].flaw || report_verdicts[after->verdict].flaw))
        *change = CHANGE_CAUSE;
    else if (!same_cause(before, after))
        *change = CHANGE_CAUSE;
    else
        return false;
    return true;
}

static int by_id(const void *a, const void *b)
{
    return strcmp((*(const struct report_case *const *)a)->id, (*(const struct report_case *const *)b)->id);
}

/* The cases of a run, sorted by their ids. */
static const struct report_case **sorted(const struct report *r, struct arena *keep)
{
    const struct report_case **all = ARENA_ARRAY(keep, r->case_count, const struct report_case *);
    size_t n = 0;

    for (const struct report_case *c = r->cases; c; c = c->next)
        all[n++] = c;
    qsort(all, n, sizeof *all, by_id);
    return all;
}

static const struct report_case *find(const struct report_case **all, size_t count, const struct report_case *like)
{
    const struct report_case **found = bsearch(&like, all, count, sizeof *all, by_id);

    return found ? *found : NULL;
}

static void add(struct report_diff *d, const struct report_case *before, const struct report_case *after)
{
    enum report_change change;

    if (!has_changed(before, after, &change))
        return;
    d->items[d->count++] = (struct report_changed){ change, before, after };
    d->totals[change]++;
}

/* Stable, for there are few kinds. */
static void sort_by_change(struct report_diff *d, struct arena *keep)
{
    struct report_changed *to = ARENA_ARRAY(keep, d->count, struct report_changed);
    size_t n = 0;

    for (int change = 0; change < CHANGES; change++)
        for (size_t i = 0; i < d->count; i++)
            if (d->items[i].change == (enum report_change)change)
                to[n++] = d->items[i];
    d->items = to;
}

void report_diff_make(const struct report *before, const struct report *after, struct arena *keep, struct report_diff *out)
{
    SCRATCH(scratch);
    const struct report_case **old = sorted(before, &scratch), **new = sorted(after, &scratch);
    struct report_diff d = { .before = before, .after = after };

    d.items = ARENA_ARRAY(&scratch, before->case_count + after->case_count, struct report_changed);
    for (const struct report_case *c = after->cases; c; c = c->next)
        add(&d, find(old, before->case_count, c), c);
    for (const struct report_case *c = before->cases; c; c = c->next)
        if (!find(new, after->case_count, c))
            add(&d, c, NULL);
    sort_by_change(&d, keep);
    *out = d;
}

/* ---- what is told ---- */

static const char *words_of(const struct report_case *c)
{
    return c ? report_verdicts[c->verdict].words : "";
}

static void add_totals(const struct report_diff *d, struct text *to)
{
    bool any = false;

    for (int change = 0; change < CHANGES; change++) {
        if (!d->totals[change])
            continue;
        text_add(to, any ? ", " : "");
        markup_count(to, d->totals[change]);
        text_printf(to, " %s", report_change_names[change]);
        any = true;
    }
    text_add(to, any ? "" : "nothing has changed");
}

void report_diff_text(const struct report_diff *d, struct text *to)
{
    for (size_t i = 0; i < d->count; i++) {
        const struct report_changed *c = &d->items[i];
        text_printf(to, "%-9s ", report_change_names[c->change]);
        markup_add(to, MARKUP_NONE, (c->after ? c->after : c->before)->id);
        text_printf(to, "  %s%s%s", words_of(c->before), c->before && c->after ? " → " : "", words_of(c->after));
        if (*why(c->before) && c->change == CHANGE_CAUSE) {
            text_add(to, ": ");
            markup_add(to, MARKUP_NONE, why(c->before));
            text_add(to, " → ");
            markup_add(to, MARKUP_NONE, *why(c->after) ? why(c->after) : "none known");
        } else if (*why(c->after)) {
            text_add(to, ": ");
            markup_add(to, MARKUP_NONE, why(c->after));
        }
        text_char(to, '\n');
    }
    add_totals(d, to);
    text_char(to, '\n');
}

static void put_side(struct json_out *j, const char *key, const struct report *r)
{
    json_begin(j, key, '{');
    if (r->started)
        json_put_string(j, "started", r->started);
    json_put_string(j, "peer", r->peer_name);
    if (r->subject)
        json_put_string(j, "subject", r->subject);
    if (r->vectors_digest)
        json_put_string(j, "vectors", r->vectors_digest);
    json_end(j, '}');
}

static void put_state(struct json_out *j, const char *key, const struct report_case *c)
{
    if (!c)
        return;
    json_begin(j, key, '{');
    json_put_string(j, "verdict", report_verdicts[c->verdict].name);
    if (*why(c))
        json_put_string(j, "cause", why(c));
    json_end(j, '}');
}

void report_diff_json(const struct report_diff *d, struct text *to)
{
    struct json_out j = { .to = to, .indent = 1 };

    json_begin(&j, NULL, '{');
    json_put_int(&j, "format", 1);
    put_side(&j, "before", d->before);
    put_side(&j, "after", d->after);
    json_begin(&j, "totals", '{');
    for (int change = 0; change < CHANGES; change++)
        json_put_u64(&j, report_change_names[change], d->totals[change]);
    json_end(&j, '}');
    json_begin(&j, "changes", '[');
    for (size_t i = 0; i < d->count; i++) {
        const struct report_changed *c = &d->items[i];
        json_begin(&j, NULL, '{');
        json_put_string(&j, "case", (c->after ? c->after : c->before)->id);
        json_put_string(&j, "change", report_change_names[c->change]);
        put_state(&j, "before", c->before);
        put_state(&j, "after", c->after);
        json_end(&j, '}');
    }
    json_end(&j, ']');
    json_end(&j, '}');
    text_char(to, '\n');
}

void report_diff_html(const struct report_diff *d, struct text *to)
{
    size_t shown[CHANGES] = { 0 };

    text_add(to, "\n<section><h2>Since ");
    if (d->before->started)
        markup_time(to, MARKUP_HTML, d->before->started);
    else
        text_add(to, "the run before");
    if (d->before->subject) {
        text_add(to, ", ");
        html_add(to, d->before->subject);
    }
    text_add(to, "</h2><p>");
    add_totals(d, to);
    text_add(to, ".</p><ul class=since>");
    for (size_t i = 0; i < d->count; i++) {
        const struct report_changed *c = &d->items[i];
        if (++shown[c->change] > SHOWN_MAX)
            continue;
        text_printf(to, "<li><b>%s</b> ", report_change_names[c->change]);
        if (c->after) {
            text_add(to, "<a href=\"#case=");
            markup_fragment(to, c->after->id);
            text_add(to, "\">");
        }
        html_add(to, (c->after ? c->after : c->before)->id);
        text_printf(to, "%s <span>%s%s%s</span>", c->after ? "</a>" : "", words_of(c->before), c->before && c->after ? " → " : "",
                    words_of(c->after));
        if (*why(c->after)) {
            text_add(to, ": ");
            html_add(to, why(c->after));
        }
    }
    for (int change = 0; change < CHANGES; change++)
        if (shown[change] > SHOWN_MAX) {
            text_add(to, "<li>and ");
            markup_count(to, shown[change] - SHOWN_MAX);
            text_printf(to, " more %s", report_change_names[change]);
        }
    text_add(to, "</ul></section>");
}
