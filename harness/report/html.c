/*
 * report.html: one file that asks nothing of a network, says all without its script, and answers in this order:
 * is it green; which run this is; why cases fail; where; and then each case.
 *
 * What vectors and peers say is escaped, and a content policy that knows the one script and the one style by their
 * digests lets nothing else run, should that ever fail.
 */
#include "report/report.h"

#include <inttypes.h>
#include <stdio.h>

#include "report/clauses.h"
#include "report/diff.h"
#include "report/html_case.h"
#include "report/html_clauses.h"
#include "report/html_page.h"
#include "report/html_talk.h"
#include "report/markup.h"
#include "report/requirements.h"
#include "report/unguarded.h"
#include "report/timeline.h"

#define CAUSES_MAX   50 // shown; the rest are counted
#define OPTION_MAX   60 // characters of a choice
#define EXAMPLES_MAX 5  // cases linked for a cause
#define AWAKE_MAX    300 // cases whose bodies are there at once; a browser's search reaches these

/* ---- the answer ---- */

enum state { GREEN, RED, OPEN }; // OPEN: not everything was judged

static size_t judged(const struct report *r)
{
    size_t n = 0;

    for (int v = 0; v < REPORT_VERDICTS; v++)
        n += report_verdicts[v].tested ? r->totals[v] : 0;
    return n;
}

static enum state state_of(const struct report *r)
{
    if (r->green)
        return GREEN;
    return r->red ? RED : OPEN;
}

/* The headline; also the title of the window. */
static void add_headline(struct text *to, const struct report *r)
{
    size_t n[REPORT_VERDICTS], tested = judged(r), known = 0;

    for (int v = 0; v < REPORT_VERDICTS; v++)
        n[v] = report_verdicts[v].bad ? r->red_totals[v] : r->totals[v];
    for (int s = 0; s < STANDING_COUNT; s++)
        known += r->known_totals[s];
    if (r->incomplete)
        text_add(to, "Incomplete: ");
    if (n[REPORT_FAIL]) {
        markup_count(to, n[REPORT_FAIL]);
        text_add(to, " of ");
        markup_counted(to, r->case_count, "case");
        text_add(to, n[REPORT_FAIL] == 1 ? " fails" : " fail");
        if (n[REPORT_ERROR] || n[REPORT_INCONCLUSIVE]) {
            text_add(to, ", ");
            markup_count(to, n[REPORT_ERROR] + n[REPORT_INCONCLUSIVE]);
            text_add(to, " could not be judged");
        }
    } else if (n[REPORT_ERROR] || n[REPORT_INCONCLUSIVE]) {
        markup_count(to, n[REPORT_ERROR] + n[REPORT_INCONCLUSIVE]);
        text_add(to, " of ");
        markup_counted(to, r->case_count, "case");
        text_add(to, " could not be judged");
    } else if (n[REPORT_UNSTABLE]) {
        markup_count(to, n[REPORT_UNSTABLE]);
        text_add(to, " of ");
        markup_counted(to, r->case_count, "case");
        text_add(to, n[REPORT_UNSTABLE] == 1 ? " is unstable" : " are unstable");
    } else if (known) {
        text_add(to, r->incomplete ? "no case fails that is not known to, " : "No case fails that is not known to, ");
        markup_count(to, known);
        text_add(to, known == 1 ? " is" : " are");
    } else if (n[REPORT_WARN]) {
        text_add(to, r->incomplete ? "no case fails, " : "No case fails, ");
        markup_count(to, n[REPORT_WARN]);
        text_add(to, n[REPORT_WARN] == 1 ? " falls short of a should" : " fall short of a should");
    } else if (n[REPORT_DECLARED]) {
        text_add(to, r->incomplete ? "no case fails, " : "No case fails, ");
        markup_count(to, n[REPORT_DECLARED]);
        text_add(to, n[REPORT_DECLARED] == 1 ? " deviates as declared" : " deviate as declared");
    } else if (n[REPORT_AS_GENUINE]) {
        text_add(to, r->incomplete ? "no case fails, " : "No case fails, ");
        markup_count(to, n[REPORT_AS_GENUINE]);
        text_add(to, n[REPORT_AS_GENUINE] == 1 ? " shows a genuine defect" : " show genuine defects");
    } else if (tested == 0) {
        text_add(to, r->incomplete ? "nothing was tested" : "Nothing was tested");
    } else if (tested == r->case_count) {
        text_add(to, tested == 1 ? "" : r->incomplete ? "all " : "All ");
        markup_counted(to, tested, "case");
        text_add(to, tested == 1 ? " passes" : " pass");
        if (r->incomplete)
            text_add(to, " so far");
    } else {
        markup_counted(to, tested, "case");
        text_add(to, tested == 1 ? " passes, " : " pass, ");
        markup_count(to, r->case_count - tested);
        text_add(to, " not tested");
    }
}

static void add_under(struct text *to, const struct report *r)
{
    if (r->incomplete) {
        text_add(to, "<p>The run is incomplete: ");
        html_add(to, r->incomplete);
        if (r->selected > r->result_count) {
            text_add(to, ". ");
            markup_count(to, r->selected - r->result_count);
            text_add(to, " of ");
            markup_counted(to, r->selected, "result");
            text_add(to, " are missing");
        }
        text_add(to, ".</p>");
    }
    if (r->cause_count == 1 && report_cause_words(&r->causes[0])) {
        text_add(to, r->causes[0].case_count == 1 ? "<p>The cause: " : "<p>All have one cause: ");
        html_add(to, report_cause_words(&r->causes[0]));
        text_add(to, ".</p>");
    } else if (r->cause_count > 1) {
        text_add(to, "<p>");
        markup_counted(to, r->cause_count, "cause");
        text_add(to, ", the first behind ");
        markup_counted(to, r->causes[0].case_count, "case");
        text_add(to, report_cause_words(&r->causes[0]) ? ": " : "");
        html_add(to, report_cause_words(&r->causes[0]));
        text_add(to, ".</p>");
    } else if (!r->incomplete && r->exit == 5) {
        text_add(to, "<p>The baseline does not agree: something known has gone away, or less is "
                     "offered than it knows.</p>");
    } else if (r->totals[REPORT_PASS_TIMED]) {
        text_add(to, "<p>");
        markup_count(to, r->totals[REPORT_PASS_TIMED]);
        text_add(to, " rest on silence that could only be timed.</p>");
    }
}

static void fact(struct text *to, const char *name, const char *value)
{
    if (!value || !*value)
        return;
    text_printf(to, "<div><dt>%s<dd>", name);
    html_add(to, value);
    text_add(to, "</div>");
}

static void add_facts(struct text *to, const struct report *r)
{
    TEXT(line);

    text_add(to, "\n<dl class=facts>");
    text_add(to, "<div><dt>Peer<dd>");
    html_add(to, r->peer_title ? r->peer_title : r->peer_name);
    if (r->peer_title && strcmp(r->peer_title, r->peer_name) != 0) {
        text_add(to, " <small>");
        html_add(to, r->peer_name);
        text_add(to, "</small>");
    }
    text_add(to, "</div>");
    if (r->profiled) {
        text_add(to, "<div><dt>Profile<dd>");
        html_add(to, r->charset);
        text_printf(to, ", %" PRIu64 " bit, ", r->bits);
        if (r->generation && strcmp(r->generation, "none") != 0)
            text_add(to, "as MFC ");
        html_add(to,
                 r->generation && strcmp(r->generation, "none") != 0 ? r->generation : "no MFC");
        text_add(to, "</div>");
    }
    if (r->dial)
        fact(to, "Dialled by", strcmp(r->dial, "us") == 0 ? "arcwire" : "the peer");
    for (size_t i = 0; i < r->deliveries.count; i++) {
        text_add(&line, i ? ", " : "");
        text_add(&line, r->deliveries.names[i]);
    }
    fact(to, r->deliveries.count == 1 ? "Delivery" : "Deliveries", text_string(&line));
    fact(to, "Vectors", r->vectors_version);
    fact(to, "Seed", r->seed);
    if (r->started) {
        text_add(to, "<div><dt>Started<dd>");
        markup_time(to, MARKUP_HTML, r->started);
        text_add(to, "</div>");
    }
    if (r->us >= 0) {
        text_add(to, "<div><dt>Took<dd>");
        markup_duration(to, r->us);
        text_add(to, "</div>");
    }
    if (r->tells_spent) {
        text_add(to, "<div><dt>Spent, summed over all cases<dd>");
        markup_spent(to, r->spent.work, r->spent.waiting, r->spent.proven, r->spent.timed);
        text_add(to, "</div>");
    }
    fact(to, "arcwire", r->arcwire);
    fact(to, "Subject", r->subject);
    for (size_t i = 0; i < r->label_count; i++) {
        text_add(to, "<div><dt>");
        html_add(to, r->labels[i].key);
        text_add(to, "<dd>");
        html_add(to, r->labels[i].value);
        text_add(to, "</div>");
    }
    text_add(to, "</dl>");
    if (r->command) {
        text_add(to, "<p class=a><code>");
        html_add(to, r->command);
        text_add(to, "</code></p>");
    }
}

/* ---- why ---- */

static void add_link(struct text *to, const struct report_case *c)
{
    text_add(to, "<a href=\"#case=");
    markup_fragment(to, c->id);
    text_add(to, "\">");
    html_add(to, c->id);
    text_add(to, "</a>");
}

static void add_cause(struct text *to, const struct report_cause *cause, size_t place)
{
    const struct report_case *last = NULL;
    size_t n = 0;

    text_printf(to, "<li id=\"cause=%zu\"><b>", place);
    markup_count(to, cause->case_count);
    text_printf(to, "<span> case%s</span></b><div><h3>", cause->case_count == 1 ? "" : "s");
    if (report_cause_words(cause))
        html_add(to, report_cause_words(cause));
    else {
        text_add(to, "No cause found; what fails is ");
        html_add(to, cause->example ? cause->example->name : "not told");
    }
    text_add(to, "</h3>");
    if (cause->results[0]->of->hint) {
        text_add(to, "<p>");
        html_add(to, cause->results[0]->of->hint);
    }
    if (cause->example)
        html_difference(cause->example, cause->results[0], to);
    text_add(to, "<p class=ex>");
    for (size_t i = 0; i < cause->result_count; i++) {
        if (cause->results[i]->of == last)
            continue;
        last = cause->results[i]->of;
        if (n == EXAMPLES_MAX) {
            text_printf(to, ", <a class=more href=\"#cause=%zu\">and ", place);
            markup_count(to, cause->case_count - n);
            text_add(to, " more</a>");
            break;
        }
        text_add(to, n++ ? ", " : "");
        add_link(to, last);
    }
    if (cause->example && cause->example->clauses.count) {
        text_add(to, " · <small>");
        html_names(to, &cause->example->clauses);
        text_add(to, "</small>");
    }
    text_add(to, "</div>");
}

/* What the peer's baseline is not right about any more. */
static void add_complaints(struct text *to, const struct report *r)
{
    if (r->complaints.count == 0)
        return;
    text_add(to, "\n<section><h2>Baseline</h2><ul class=known>");
    for (const struct complaint *c = r->complaints.items; c < r->complaints.items + r->complaints.count; c++) {
        text_printf(to, "<li><b>%s</b> <code>", complaint_name(c->kind));
        html_add(to, r->baseline_file);
        if (c->entry)
            text_printf(to, ":%u", c->entry->line);
        text_add(to, "</code> <span>");
        html_add(to, c->text);
        text_add(to, "</span>");
    }
    text_add(to, "</ul></section>");
}

static void add_causes(struct text *to, const struct report *r)
{
    size_t shown = r->cause_count < CAUSES_MAX ? r->cause_count : CAUSES_MAX;

    if (!r->cause_count)
        return;
    text_add(to, "\n<section><h2>Why</h2><ol class=causes>");
    for (size_t i = 0; i < shown; i++)
        add_cause(to, &r->causes[i], i);
    text_add(to, "</ol>");
    if (shown < r->cause_count) {
        text_add(to, "<p>");
        markup_counted(to, r->cause_count - shown, "more cause");
    }
    text_add(to, "</section>");
}

/* ---- where ---- */

struct cell {
    size_t totals[REPORT_VERDICTS];
    const struct report_case *bad; // the first that is
};

struct matrix {
    struct html_column *columns;
    size_t column_count, room;
    bool profiles; // results differ in profile
    struct cell *cells; // suite by suite, then one row for all
};

static size_t column_of(struct matrix *m, const struct report_result *r, struct arena *keep)
{
    for (size_t i = 0; i < m->column_count; i++)
        if (strcmp(m->columns[i].delivery, r->delivery) == 0 &&
            strcmp(m->columns[i].profile, r->profile) == 0)
            return i;
    if (m->column_count == m->room) {
        struct html_column *more = ARENA_ARRAY(keep, m->room = m->room ? 2 * m->room : 8, struct html_column);
        if (m->column_count)
            memcpy(more, m->columns, m->column_count * sizeof *more);
        m->columns = more;
    }
    m->columns[m->column_count] = (struct html_column){ r->delivery, r->profile };
    m->profiles = m->profiles || strcmp(m->columns[0].profile, r->profile) != 0;
    return m->column_count++;
}

static size_t suite_of(const struct report *r, const struct report_case *c, size_t last)
{
    if (last < r->suite_count && strcmp(r->suites[last].name, c->suite) == 0)
        return last;
    for (size_t i = 0; i < r->suite_count; i++)
        if (strcmp(r->suites[i].name, c->suite) == 0)
            return i;
    return 0;
}

static void count_cell(struct cell *cell, const struct report_result *r)
{
    bool known = report_verdicts[r->verdict].bad && !report_is_red(r); // it stands where what is declared does
    cell->totals[known ? REPORT_DECLARED : r->verdict]++;
    if (report_verdicts[r->verdict].bad && !known && !cell->bad)
        cell->bad = r->of;
}

static void matrix_fill(struct matrix *m, const struct report *r, struct arena *keep)
{
    size_t suite = 0;

    for (const struct report_case *c = r->cases; c; c = c->next)
        for (const struct report_result *result = c->first; result; result = result->next)
            column_of(m, result, keep);
    m->cells = ARENA_ARRAY(keep, (r->suite_count + 1) * (m->column_count + 1), struct cell);
    for (const struct report_case *c = r->cases; c; c = c->next) {
        suite = suite_of(r, c, suite);
        for (const struct report_result *result = c->first; result; result = result->next) {
            size_t column = column_of(m, result, keep);
            count_cell(&m->cells[suite * m->column_count + column], result);
            count_cell(&m->cells[r->suite_count * m->column_count + column], result);
        }
    }
}

static void add_cell(struct text *to, const struct cell *cell)
{
    TEXT(link);

    if (cell->bad) {
        text_add(&link, "#case=");
        markup_fragment(&link, cell->bad->id);
    }
    html_page_cell(to, cell->totals, cell->bad ? text_string(&link) : NULL, NULL);
}

static void add_matrix(struct text *to, const struct report *r, const struct matrix *m)
{
    if (!r->suite_count)
        return;
    text_add(to, "\n<section><h2 id=where>Where</h2><div class=scroll tabindex=0 role=region "
                 "aria-labelledby=where><table><thead><tr><th scope=col>Suite");
    for (size_t i = 0; i < m->column_count; i++) {
        text_add(to, "<th scope=col>");
        html_add(to, m->columns[i].delivery);
        if (m->profiles) {
            text_char(to, ' ');
            html_add(to, m->columns[i].profile);
        }
    }
    text_add(to, "<tbody>");
    for (size_t s = 0; s <= r->suite_count; s++) {
        if (s == r->suite_count && r->suite_count == 1)
            break;
        text_add(to, s < r->suite_count ? "<tr><th scope=row>" : "<tfoot><tr><th scope=row>all");
        if (s < r->suite_count)
            html_add(to, r->suites[s].name);
        for (size_t i = 0; i < m->column_count; i++)
            add_cell(to, &m->cells[s * m->column_count + i]);
    }
    text_add(to, "</table></div></section>");
}

/* ---- the list ---- */

#define PLACE_MAX 6

/* Failing ones stand first, by cause; what was not tested last. */
static int place_of(enum report_verdict v)
{
    static const int places[REPORT_VERDICTS] = {
        [REPORT_FAIL] = 0,    [REPORT_ERROR] = 1,       [REPORT_INCONCLUSIVE] = 2, [REPORT_UNSTABLE] = 2,
        [REPORT_WARN] = 3,    [REPORT_AS_GENUINE] = 3, [REPORT_DECLARED] = 3,  [REPORT_PASS] = 4,        [REPORT_PASS_TIMED] = 4,
        [REPORT_NOT_RUN] = 5, [REPORT_UNSUPPORTED] = 6, [REPORT_SKIPPED] = PLACE_MAX,
    };

    return places[v];
}

static void add_chip(struct text *to, const char *class, const char *sign, size_t n, const char *words)
{
    if (n == 0)
        return;
    text_printf(to, "<button type=button class=%s data-v=%s aria-pressed=false><b>%s</b> ", class, class, sign);
    markup_count(to, n);
    text_printf(to, " %s</button>", words);
}

static void add_chips(struct text *to, const struct report *r)
{
    static const enum report_verdict order[] = {
        REPORT_FAIL,       REPORT_ERROR,   REPORT_INCONCLUSIVE, REPORT_UNSTABLE, REPORT_WARN,   REPORT_DECLARED, REPORT_AS_GENUINE, REPORT_PASS,
        REPORT_PASS_TIMED, REPORT_NOT_RUN, REPORT_UNSUPPORTED,  REPORT_SKIPPED
    };

    text_add(to, "<div class=chips role=group aria-label=\"Show\"><button type=button data-v=\"\" "
                 "aria-pressed=true>");
    markup_count(to, r->case_count);
    text_add(to, " all</button>");
    for (size_t i = 0; i < COUNT_OF(order); i++) {
        enum report_verdict v = order[i];
        size_t n = report_verdicts[v].bad ? r->red_totals[v] : r->totals[v];
        add_chip(to, html_class(v), report_verdicts[v].sign, n, report_verdicts[v].words);
    }
    add_chip(to, "k", "✗", r->known_totals[STANDING_KNOWN] + r->known_totals[STANDING_FLAKY], "known");
    add_chip(to, "z", "+", r->standings[STANDING_NEW], "new");
    add_chip(to, "x", "!", r->standings[STANDING_EXPIRED] + r->standings[STANDING_PASSES], "for the baseline");
    text_add(to, "</div>");
}

struct list {
    struct text *to;
    struct html_view view;
    bool opened; // the first bad one is
    size_t count;
};

static void add_case(struct list *l, const struct report_case *c)
{
    bool open = !l->opened && report_verdicts[c->verdict].flaw && (c->red || !report_verdicts[c->verdict].bad);

    html_case(&l->view, c, open, l->count++ >= AWAKE_MAX, l->to);
    l->opened = l->opened || open;
}

static void begin_choice(struct text *to, const char *name, const char *all)
{
    text_printf(to, "<select name=%s aria-label=\"%s\"><option value=\"\">%s", name, all, all);
}

static void add_option(struct text *to, size_t value, const char *words)
{
    text_printf(to, "<option value=%zu>", value);
    markup_add_cut(to, MARKUP_HTML, words, OPTION_MAX);
}

static void add_column_option(struct text *to, size_t i, const struct matrix *m)
{
    TEXT(words);

    text_add(&words, m->columns[i].delivery);
    if (m->profiles)
        text_printf(&words, ", %s", m->columns[i].profile);
    add_option(to, i, text_string(&words));
}

/* A choice of one is none. */
static void add_choices(struct text *to, const struct report *r, const struct matrix *m)
{
    text_add(to, "<div class=by>");
    if (r->suite_count > 1) {
        begin_choice(to, "s", "All suites");
        for (size_t i = 0; i < r->suite_count; i++)
            add_option(to, i, r->suites[i].name);
        text_add(to, "</select>");
    }
    if (m->column_count > 1) {
        begin_choice(to, "d", "All deliveries");
        for (size_t i = 0; i < m->column_count; i++)
            add_column_option(to, i, m);
        text_add(to, "</select>");
    }
    if (r->cause_count > 1) {
        begin_choice(to, "c", "All causes");
        for (size_t i = 0; i < r->cause_count; i++)
            add_option(to, i, report_cause_words(&r->causes[i]) ? report_cause_words(&r->causes[i]) : "no cause found");
        text_add(to, "</select>");
    }
    if (r->clause_count) {
        begin_choice(to, "k", "All clauses");
        for (const struct report_clause *c = r->clauses; c < r->clauses + r->clause_count; c++)
            if (report_clause_is_cited(c)) {
                text_add(to, "<option>");
                html_add(to, c->id);
            }
        text_add(to, "</select>");
    }
    text_add(to, "</div>");
}

static void add_cases(struct text *to, const struct report *r, const struct matrix *m)
{
    struct list list = { .to = to, .view = { r, m->columns, m->column_count, m->profiles } };

    text_add(to, "\n<section><h2>Cases</h2><form class=filter role=search><input type=search "
                 "name=q autocomplete=off spellcheck=false aria-keyshortcuts=\"/\" "
                 "placeholder=\"Search: id, title, clause, cause\" aria-label=\"Search cases\">");
    add_chips(to, r);
    add_choices(to, r, m);
    text_add(to, "<output aria-live=polite>");
    markup_counted(to, r->case_count, "case");
    text_add(to, "</output></form><p class=none hidden>No case is like that.</p><div id=cases>");
    for (const struct report_cause *cause = r->causes; cause < r->causes + r->cause_count; cause++)
        for (size_t i = 0; i < cause->result_count; i++)
            if (cause->results[i]->of->cause == cause &&
                report_telling(cause->results[i]->of) == cause->results[i])
                add_case(&list, cause->results[i]->of);
    for (int place = 1; place <= PLACE_MAX; place++)
        for (const struct report_case *c = r->cases; c; c = c->next)
            if (place_of(c->verdict) == place || (place == 3 && c->verdict == REPORT_FAIL && !c->cause)) // known
                add_case(&list, c);
    text_add(to, "</div></section>");
}

/* ---- the page ---- */

static void add_head(struct text *to, const struct report *r)
{
    static const char *const colours[] = { [GREEN] = PAGE_GREEN, [RED] = PAGE_RED, [OPEN] = PAGE_AMBER };
    TEXT(title);

    add_headline(&title, r);
    text_add(&title, " – ");
    html_add(&title, *r->peer_name ? r->peer_name : r->peer_title);
    html_page_head(to, text_string(&title), colours[state_of(r)]);
}

void report_html(const struct report *r, struct text *to)
{
    static const char *const states[] = { [GREEN] = "p", [RED] = "f", [OPEN] = "i" };
    static const char *const signs[] = { [GREEN] = "✓", [RED] = "✗", [OPEN] = "?" };
    SCRATCH(scratch);
    struct matrix m = { 0 };

    matrix_fill(&m, r, &scratch);
    add_head(to, r);
    text_printf(to, "<main>\n<header class=%s><h1><b>%s</b> ", states[state_of(r)],
                signs[state_of(r)]);
    add_headline(to, r);
    text_add(to, "</h1>");
    add_under(to, r);
    text_add(to, "</header>");
    add_facts(to, r);
    if (r->since)
        report_diff_html(r->since, to);
    add_complaints(to, r);
    add_causes(to, r);
    add_matrix(to, r, &m);
    report_unguarded_html(r, to);
    if (r->requirements)
        report_requirements_html(r->requirements, to);
    html_clauses(r, to);
    add_cases(to, r, &m);
    text_add(to,
             "\n<footer><p>Times in a conversation are milliseconds since its case began; ¦ is "
             "where a new segment left or a new chunk arrived. Of a message beyond 256 bytes the "
             "beginning and what is around the first difference are shown; the log beside this "
             "page, <code>run.ndjson</code>, has all.<p class=keys>Keys: <kbd>/</kbd> search, "
             "<kbd>j</kbd> <kbd>k</kbd> next and previous case, <kbd>Esc</kbd> show all."
             "</footer>\n</main>\n");
}
