/*
 * A case, from the outside in:
 *
 *   summary          sign, id, title; where it fails
 *   why, hint, clauses
 *   failed checks    the cause, what was due beside what came
 *   axes             data, end, life: each with its checks
 *   deliveries       a line each
 *   conversation     of the telling result; of others only where they failed
 *   again            the command that repeats it
 */
#include "report/html_case.h"

#include <inttypes.h>

#include "report/html_clauses.h"
#include "report/html_talk.h"
#include "report/markup.h"
#include "report/timeline.h"

#define TEXT_MAX 100 // of values that were made up

const char *html_class(enum report_verdict v)
{
    static const char *const classes[REPORT_VERDICTS] = { "p", "t", "g", "d", "r", "y", "f",
                                                          "i", "e", "u", "s", "n" };

    return classes[v];
}

void html_add(struct text *to, const char *string)
{
    markup_add(to, MARKUP_HTML, string);
}

void html_names(struct text *to, const struct report_names *names)
{
    for (size_t i = 0; i < names->count; i++) {
        text_add(to, i ? ", " : "");
        html_add(to, names->names[i]);
    }
}

/* A check below must that failed is a shortcoming, unless it is what the result failed for. */
static enum report_verdict shown_as(const struct report_result *r, const struct report_check *c)
{
    const struct report_check *first = report_first_failure(r);
    bool below = c->verdict == REPORT_FAIL && strcmp(c->level, "must") != 0;

    return below && ((r->verdict != REPORT_FAIL && r->verdict != REPORT_UNSTABLE) || strcmp(first->level, "must") == 0) ? REPORT_WARN
                                                                                     : c->verdict;
}

/* Where two differ first; UINT64_MAX: not in what is shown of them. */
static uint64_t differs_at(const struct report_shown *a, const struct report_shown *b)
{
    uint8_t x[AROUND_MAX], y[AROUND_MAX];
    size_t m = a->hex ? hex_bytes(a->hex, 0, x, sizeof x) : 0, n = b->hex ? hex_bytes(b->hex, 0, y, sizeof y) : 0, i = 0;

    while (i < m && i < n && x[i] == y[i])
        i++;
    return i < m ? i : UINT64_MAX;
}

/* The beginning of a message. */
static void add_shown(struct text *to, const struct report_shown *s, uint64_t mark)
{
    uint8_t bytes[AROUND_MAX];
    size_t some = s->hex ? hex_bytes(s->hex, 0, bytes, sizeof bytes) : 0;
    uint64_t all = s->len ? s->len : s->hex ? hex_length(s->hex) : 0;

    if (some == 0)
        text_add(to, "<p>nothing");
    html_bytes(to, (struct bytes){ bytes, some }, mark);
    if (some < all) {
        text_add(to, " … <small>(");
        markup_count(to, all);
        text_add(to, " bytes)</small>");
    }
}

/* The second exchange: what was said and what came, and what each cause would have brought. */
static void add_separation(struct text *to, const struct report_separation *s)
{
    text_add(to, s->confirmed ? "<p class=h><b>Confirmed</b> " : "<p class=h><b>Open</b> ");
    html_add(to, s->sentence);
    if (!s->request)
        return;
    text_add(to, " <small>(");
    html_add(to, s->request);
    if (s->values) {
        text_add(to, ": ");
        markup_add_cut(to, MARKUP_HTML, s->values, TEXT_MAX);
    }
    text_add(to, ")</small><dl class=eg><div><dt>sent<dd>");
    add_shown(to, &s->sent, UINT64_MAX);
    text_add(to, "</div><div><dt>due<dd>");
    add_shown(to, &s->due, UINT64_MAX);
    text_add(to, "</div><div class=f><dt>got<dd>");
    add_shown(to, &s->got, differs_at(&s->got, &s->due));
    text_add(to, "</div></dl><ul class=ap>");
    for (const struct report_suspect *one = s->suspects; one < s->suspects + s->suspect_count; one++) {
        text_add(to, one->fits ? "<li>✓ " : "<li>✗ ");
        html_add(to, one->summary);
        text_add(to, one->fits ? ": so it came, <code>" : ": it would be <code>");
        add_shown(to, &one->says, differs_at(&one->says, &s->due));
        text_add(to, "</code>");
    }
    text_add(to, "</ul>");
}

static void add_failures(struct text *to, const struct report_result *r)
{
    for (const struct report_check *c = r->checks; c < r->checks + r->check_count; c++) {
        if (!report_says_why(c))
            continue;
        enum report_verdict shown = shown_as(r, c);
        text_printf(to, "<div class=\"x %s\"><p><b>%s ", html_class(shown),
                    report_verdicts[shown].sign);
        html_add(to, c->name);
        text_add(to, c->sentence ? ":</b> " : "</b>");
        html_add(to, c->sentence);
        for (size_t i = 0; i < c->other_count; i++) {
            text_add(to, i ? "; or " : ". As likely: ");
            html_add(to, c->others[i].summary ? c->others[i].summary : c->others[i].cause);
        }
        text_add(to, " <small>");
        html_names(to, &c->clauses);
        text_add(to, c->clauses.count ? ", " : "");
        html_add(to, c->level);
        text_add(to, "</small>");
        html_difference(c, r, to);
        if (c->separation)
            add_separation(to, c->separation);
        text_add(to, "</div>");
    }
}

/* A control that went well is no check of the case. */
static bool is_listed(const struct report_check *c)
{
    return !c->control || c->verdict != REPORT_PASS;
}

static void add_axes(struct text *to, const struct report_result *r)
{
    static const char *const titles[REPORT_AXES] = { "Data", "End", "Life" };

    bool any = false;

    for (const struct report_check *c = r->checks; c < r->checks + r->check_count; c++)
        any = any || is_listed(c);
    if (!any)
        return;
    text_add(to, "<ul class=ax>");
    for (int a = 0; a < REPORT_AXES; a++) {
        enum report_verdict worst = REPORT_PASS;
        size_t count = 0;
        for (const struct report_check *c = r->checks; c < r->checks + r->check_count; c++) {
            enum report_verdict shown = shown_as(r, c);
            if ((int)c->axis != a || !is_listed(c))
                continue;
            if (count++ == 0 || report_verdicts[shown].rank > report_verdicts[worst].rank)
                worst = shown;
        }
        if (count == 0)
            continue;
        text_printf(to, "<li class=%s>%s %s%s%s: ", html_class(worst), report_verdicts[worst].sign,
                    titles[a], worst == REPORT_PASS ? "" : " ",
                    worst == REPORT_PASS ? "" : report_verdicts[worst].past);
        count = 0;
        for (const struct report_check *c = r->checks; c < r->checks + r->check_count; c++)
            if ((int)c->axis == a && is_listed(c)) {
                text_add(to, count++ ? ", " : "");
                if (c->control) {
                    text_add(to, "control ");
                    html_add(to, c->control);
                    text_char(to, ' ');
                }
                html_add(to, c->name);
                if (shown_as(r, c) != worst)
                    text_printf(to, " (%s)", report_verdicts[shown_as(r, c)].past);
            }
    }
    text_add(to, "</ul>");
}

static void add_delivery_name(struct text *to, const struct report_result *r, bool profiles)
{
    html_add(to, r->delivery);
    if (profiles) {
        text_add(to, ", ");
        html_add(to, r->profile);
    }
}

static void add_deliveries(struct text *to, const struct report_case *c, bool profiles)
{
    text_add(to, "<ul class=dv>");
    for (const struct report_result *r = c->first; r; r = r->next) {
        text_printf(to, "<li class=%s>%s ", html_class(r->verdict),
                    report_verdicts[r->verdict].sign);
        add_delivery_name(to, r, profiles);
        if (r->verdict != REPORT_PASS)
            text_printf(to, " %s", report_verdicts[r->verdict].past);
        if (report_verdicts[r->verdict].tested) {
            text_char(to, ' ');
            markup_duration(to, r->us);
        }
        if (r->series) {
            TEXT(series);
            report_series_print(&series, r->series);
            text_add(to, ", ");
            html_add(to, text_string(&series));
        }
        if (r->reason) {
            text_add(to, ", ");
            html_add(to, r->reason);
        }
    }
    text_add(to, "</ul>");
}

/* The other play of what is unstable. */
static void add_second(struct text *to, const struct report_result *r)
{
    const struct report_result *second = r->second;

    if (!second)
        return;
    text_printf(to, "<h4>Once more, by itself: %s %s", report_verdicts[second->verdict].sign, report_verdicts[second->verdict].past);
    if (second->reason) {
        text_add(to, ", ");
        html_add(to, second->reason);
    }
    text_add(to, "</h4>");
    add_failures(to, second);
    add_axes(to, second);
    html_talk(second, to);
}

static void add_again(struct text *to, const struct report_result *r)
{
    if (!r->again)
        return;
    text_add(to, "<p class=a><code>");
    html_add(to, r->again);
    text_add(to, "</code>");
}

/* "fail in coalesced, bytewise" */
static void add_where(struct text *to, const struct report_case *c)
{
    size_t bad = 0, n = 0;

    if (c->verdict == REPORT_PASS)
        return;
    for (const struct report_result *r = c->first; r; r = r->next)
        bad += r->verdict == c->verdict;
    text_printf(to, "<em>%s", report_verdicts[c->verdict].words);
    if (bad < c->result_count && bad <= 3) {
        text_add(to, " in ");
        for (const struct report_result *r = c->first; r; r = r->next)
            if (r->verdict == c->verdict) {
                text_add(to, n++ ? ", " : "");
                html_add(to, r->delivery);
            }
    } else if (bad < c->result_count)
        text_printf(to, " in %zu of %zu", bad, c->result_count);
    else if (bad > 1)
        text_printf(to, " in all %zu", bad);
    text_add(to, "</em>");
}

/* In a long list, deliveries that fail alike are told once. */
static bool same_failure(const struct report_result *a, const struct report_result *b)
{
    const struct report_check *x = report_first_failure(a), *y = report_first_failure(b);

    return a->verdict == b->verdict && x && y && strcmp(x->name, y->name) == 0 && x->cause &&
           y->cause && strcmp(x->cause, y->cause) == 0;
}

/* By its verdict, or by what is known of it; and what is asked for besides. */
static void add_class(struct text *to, const struct report_case *c)
{
    bool known = report_verdicts[c->verdict].bad && !c->red;
    const char *class = !known                            ? html_class(c->verdict)
                        : c->standing == STANDING_NEW     ? "z"
                        : c->standing == STANDING_EXPIRED ? "x"
                                                          : "k";
    const char *more = c->standing == STANDING_PASSES ? "x" : c->standing == STANDING_NEW && !known ? "z" : NULL;

    if (more)
        text_printf(to, "\n<details class=\"%s %s\"", class, more);
    else
        text_printf(to, "\n<details class=%s", class);
}

static void add_standing(struct text *to, const struct report_case *c)
{
    const struct report_result *r = c->first;

    while (r && r->standing != c->standing)
        r = r->next;
    if (!r || c->standing == STANDING_PLAIN)
        return;
    text_printf(to, "<i>%s", standing_name(c->standing));
    if (r->entry) {
        text_add(to, ": ");
        html_add(to, r->entry->reason);
        if (r->entry->issue) {
            text_add(to, ", ");
            html_add(to, r->entry->issue);
        }
    }
    text_add(to, "</i>");
}

/* What the script filters by: the suite's and the cause's place, clauses, and a letter for each column. */
static void add_filters(struct text *to, const struct html_view *view, const struct report_case *c)
{
    const struct report *r = view->report;
    size_t suite = 0;

    while (suite < r->suite_count && strcmp(r->suites[suite].name, c->suite) != 0)
        suite++;
    text_printf(to, " data-s=%zu", suite);
    if (c->cause)
        text_printf(to, " data-c=%zu", (size_t)(c->cause - r->causes));
    if (c->clauses.count) {
        text_add(to, " data-k=\"");
        for (size_t i = 0; i < c->clauses.count; i++) {
            text_add(to, i ? " " : "");
            html_add(to, c->clauses.names[i]);
        }
        text_char(to, '"');
    }
    text_add(to, " data-d=");
    for (size_t i = 0; i < view->column_count; i++) {
        const struct report_result *result = c->first;
        while (result && (strcmp(result->delivery, view->columns[i].delivery) != 0 || strcmp(result->profile, view->columns[i].profile) != 0))
            result = result->next;
        text_add(to, result ? html_class(result->verdict) : "-");
    }
}

void html_case(const struct html_view *view, const struct report_case *c, bool open, bool asleep, struct text *to)
{
    bool profiles = view->profiles;
    const struct report_result *telling = report_telling(c);
    const struct report_check *failure = report_first_failure(telling);

    add_class(to, c);
    text_add(to, " id=\"case=");
    html_add(to, c->id);
    text_char(to, '"');
    add_filters(to, view, c);
    text_printf(to, "%s><summary><b>%s</b><code>", open ? " open" : "",
                report_verdicts[c->verdict].sign);
    html_add(to, c->id);
    text_add(to, "</code><span>");
    html_add(to, c->title);
    if ((c->verdict == REPORT_FAIL || c->verdict == REPORT_UNSTABLE || c->verdict == REPORT_AS_GENUINE || c->verdict == REPORT_DECLARED) && failure && failure->sentence) {
        text_add(to, "<i>");
        html_add(to, failure->sentence);
        text_add(to, "</i>");
    }
    add_standing(to, c);
    text_add(to, "</span>");
    add_where(to, c);
    text_add(to, asleep ? "</summary><noscript><div>" : "</summary><div>");
    if (c->why) {
        text_add(to, "<p>");
        html_add(to, c->why);
    }
    if (c->hint && report_verdicts[c->verdict].flaw) {
        text_add(to, "<p class=h><b>Hint</b> ");
        html_add(to, c->hint);
    }
    if (report_verdicts[c->verdict].flaw) {
        html_clauses_cited(view->report, &c->clauses, true, to);
    } else {
        text_add(to, "<p class=cl>");
        html_clauses_cited(view->report, &c->clauses, false, to);
    }
    if (strcmp(c->level, "must") != 0) {
        text_add(to, "<p class=cl>level ");
        html_add(to, c->level);
    }
    if (c->history) {
        text_add(to, "<p class=cl>Earlier runs, the latest last: ");
        html_add(to, c->history);
    }
    add_failures(to, telling);
    add_axes(to, telling);
    add_deliveries(to, c, profiles);
    if (c->result_count > 1 && report_verdicts[telling->verdict].flaw) {
        text_add(to, "<h4>Conversation, ");
        add_delivery_name(to, telling, profiles);
        text_add(to, "</h4>");
    }
    html_talk(telling, to);
    add_second(to, telling);
    add_again(to, telling);
    for (const struct report_result *r = c->first; r; r = r->next) {
        const struct report_check *why = report_first_failure(r);
        if (r == telling || !report_verdicts[r->verdict].flaw ||
            (asleep && same_failure(r, telling)))
            continue;
        text_printf(to, "<details class=o><summary><b class=%s>%s</b> ", html_class(r->verdict),
                    report_verdicts[r->verdict].sign);
        add_delivery_name(to, r, profiles);
        text_add(to, ": ");
        html_add(to, why && why->sentence ? why->sentence : report_verdicts[r->verdict].words);
        text_add(to, "</summary>");
        add_failures(to, r);
        add_axes(to, r);
        html_talk(r, to);
        add_second(to, r);
        add_again(to, r);
        text_add(to, "</details>");
    }
    text_add(to, asleep ? "</div></noscript></details>" : "</div></details>");
}
