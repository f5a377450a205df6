/*
 * matrix.html answers in this order: is every cell green; which is not, and why; the table; what was not tested, and why.
 */
#include "report/matrix.h"

#include <inttypes.h>

#include "json/write.h"
#include "report/html_case.h"
#include "report/html_page.h"
#include "report/markup.h"
#include "report/report.h"

static size_t sum(const size_t totals[REPORT_VERDICTS], bool (*which)(enum report_verdict v))
{
    size_t n = 0;

    for (int v = 0; v < REPORT_VERDICTS; v++)
        n += which((enum report_verdict)v) ? totals[v] : 0;
    return n;
}

static bool is_bad(enum report_verdict v)
{
    return report_verdicts[v].bad;
}

static bool is_tested(enum report_verdict v)
{
    return report_verdicts[v].tested;
}

static bool is_any(enum report_verdict v)
{
    (void)v;
    return true;
}

/* What is to be said of a case that is not green. */
static const char *reason_of(const struct report_case *c)
{
    const struct report_result *r = report_telling(c);
    const struct report_check *bad = report_first_failure(r);

    if (!report_verdicts[c->verdict].tested || !bad)
        return r->reason;
    return bad->sentence ? bad->sentence : bad->name;
}

static void count_case(struct matrix_row *row, const struct report_case *c, struct arena *keep)
{
    struct matrix_cell *cell = row->cells;

    while (cell < row->cells + row->cell_count && strcmp(cell->suite, c->suite) != 0)
        cell++;
    if (cell == row->cells + row->cell_count) {
        row->cell_count++;
        cell->suite = arena_string(keep, c->suite);
    }
    bool worse = is_bad(c->verdict) && sum(cell->totals, is_bad) == 0; // the first that is bad is told rather than one that is not tested
    const char *reason = c->verdict == REPORT_PASS || (cell->reason && !worse) ? NULL : reason_of(c);
    if (reason)
        cell->reason = arena_string(keep, reason);
    cell->totals[c->verdict]++;
}

void matrix_row_of(const struct report *r, const char *name, const char *title, const char *page, struct arena *keep,
                   struct matrix_row *out)
{
    TEXT(summary);

    report_text_summary(r, NULL, false, &summary);
    *out = (struct matrix_row){ .name = arena_string(keep, name), .title = arena_string(keep, title), .page = arena_string(keep, page),
                                .green = r->green };
    out->summary = arena_printf(keep, "%.*s", (int)strcspn(text_string(&summary), "\n"), text_string(&summary));
    if (r->profiled && r->profile_from && strcmp(r->profile_from, "default") != 0) // an established server has none
        out->profile = arena_printf(keep, "MFC %s, %s, %" PRIu64 " bit", r->generation, r->charset, r->bits);
    memcpy(out->totals, r->totals, sizeof out->totals);
    out->cells = ARENA_ARRAY(keep, r->suite_count + 1, struct matrix_cell);
    for (const struct report_case *c = r->cases; c; c = c->next)
        count_case(out, c, keep);
}

/* ---- the page ---- */

/* The suites of all rows, in the order in which they were first met. */
static size_t suites_of(const struct matrix_view *m, struct arena *keep, const char ***out)
{
    size_t n = 0, most = 0;

    for (size_t i = 0; i < m->row_count; i++)
        most += m->rows[i].cell_count;
    *out = ARENA_ARRAY(keep, most + 1, const char *);
    for (size_t i = 0; i < m->row_count; i++)
        for (size_t k = 0; k < m->rows[i].cell_count; k++) {
            size_t at = 0;
            while (at < n && strcmp((*out)[at], m->rows[i].cells[k].suite) != 0)
                at++;
            if (at == n)
                (*out)[n++] = m->rows[i].cells[k].suite;
        }
    return n;
}

static const struct matrix_cell *cell_of(const struct matrix_row *row, const char *suite)
{
    for (size_t i = 0; i < row->cell_count; i++)
        if (strcmp(row->cells[i].suite, suite) == 0)
            return &row->cells[i];
    return NULL;
}

static size_t bad_pairs(const struct matrix_view *m)
{
    size_t bad = 0;
    TEXT(ignored);

    for (size_t i = 0; i < m->pair_count; i++)
        bad += !matrix_pair_summary(&m->pairs[i], &ignored);
    return bad;
}

static void add_headline(struct text *to, const struct matrix_view *m)
{
    size_t bad = 0, absent = 0;

    for (size_t i = 0; i < m->row_count; i++) {
        absent += !m->rows[i].page;
        bad += m->rows[i].page && !m->rows[i].green;
    }
    if (bad) {
        text_printf(to, "%zu of ", bad);
        markup_counted(to, m->row_count - absent, "peer");
        text_add(to, bad == 1 ? " is not green" : " are not green");
    } else {
        markup_counted(to, m->row_count - absent, "peer");
        text_add(to, m->row_count - absent == 1 ? " is green" : " are green");
    }
    if (absent) {
        text_add(to, ", ");
        text_printf(to, "%zu not at hand", absent);
    }
    if (bad_pairs(m))
        text_printf(to, ", %zu of %zu cells of both ends foreign not right", bad_pairs(m), m->pair_count);
}

static bool all_green(const struct matrix_view *m)
{
    if (bad_pairs(m))
        return false;
    for (size_t i = 0; i < m->row_count; i++)
        if (m->rows[i].page && !m->rows[i].green)
            return false;
    return true;
}

static void add_cell(struct text *to, const struct matrix_row *row, const char *suite)
{
    const struct matrix_cell *cell = cell_of(row, suite);

    if (!cell) {
        text_add(to, "<td>");
        return;
    }
    const size_t *n = cell->totals;
    size_t bad = sum(n, is_bad), tested = sum(n, is_tested), all = sum(n, is_any);
    const char *class = n[REPORT_FAIL] + n[REPORT_ERROR] ? "f" : bad ? "i" : n[REPORT_WARN] ? "r" : n[REPORT_DECLARED] ? "d" : n[REPORT_AS_GENUINE] ? "g" : tested ? "p" : "u";
    const char *sign = n[REPORT_FAIL] + n[REPORT_ERROR] ? "✗" : bad && n[REPORT_UNSTABLE] == bad ? "±" : bad ? "?" : n[REPORT_WARN] ? "△" : n[REPORT_DECLARED] ? "§" : n[REPORT_AS_GENUINE] ? "≡" : tested ? "✓" : "–";
    TEXT(note);
    for (int v = 0; v < REPORT_VERDICTS; v++)
        if (n[v])
            text_printf(&note, "%s%zu %s", note.b.len ? ", " : "", n[v], report_verdicts[v].past);
    text_printf(to, "<td class=%s title=\"", class);
    html_add(to, text_string(&note));
    text_printf(to, "\">%s ", sign);
    markup_count(to, bad ? bad : n[REPORT_WARN] ? n[REPORT_WARN] : n[REPORT_DECLARED] ? n[REPORT_DECLARED] : n[REPORT_AS_GENUINE] ? n[REPORT_AS_GENUINE] : tested ? tested : all);
}

static void add_row(struct text *to, const struct matrix_row *row, const char *const *suites, size_t suite_count)
{
    text_add(to, "<tr><th scope=row>");
    if (row->page) {
        text_add(to, "<a href=\"");
        html_add(to, row->page);
        text_add(to, "\">");
    }
    html_add(to, row->name);
    text_add(to, row->page ? "</a><small>" : "<small>");
    html_add(to, row->profile ? row->profile : row->title);
    text_add(to, "</small>");
    if (!row->page) {
        text_printf(to, "<td class=u colspan=%zu>not at hand: ", suite_count ? suite_count : 1);
        html_add(to, row->why);
        return;
    }
    for (size_t i = 0; i < suite_count; i++)
        add_cell(to, row, suites[i]);
}

static void add_table(struct text *to, const struct matrix_view *m, const char *const *suites, size_t suite_count)
{
    text_add(to, "\n<section><h2 id=where>Peers and suites</h2><div class=scroll tabindex=0 role=region aria-labelledby=where>"
                 "<table class=peers><thead><tr><th scope=col>Peer");
    for (size_t i = 0; i < suite_count; i++) {
        text_add(to, "<th scope=col><span>");
        html_add(to, suites[i]);
        text_add(to, "</span>");
    }
    text_add(to, "<tbody>");
    for (size_t i = 0; i < m->row_count; i++)
        add_row(to, &m->rows[i], suites, suite_count);
    text_add(to, "</table></div></section>");
}

/* Cells that are not green: each with its reason. */
static void add_bad(struct text *to, const struct matrix_view *m)
{
    bool begun = false;

    for (size_t i = 0; i < m->row_count; i++)
        for (size_t k = 0; k < m->rows[i].cell_count; k++) {
            const struct matrix_cell *cell = &m->rows[i].cells[k];
            size_t bad = sum(cell->totals, is_bad);
            if (!bad)
                continue;
            if (!begun)
                text_add(to, "\n<section><h2>Not green</h2><ul class=causes>");
            begun = true;
            text_printf(to, "<li><b>%zu<span>of %zu</span></b><div><h3>", bad, sum(cell->totals, is_any));
            html_add(to, m->rows[i].name);
            text_add(to, ", ");
            html_add(to, cell->suite);
            text_add(to, "</h3><p>");
            html_add(to, cell->reason ? cell->reason : "no reason is told");
            text_add(to, "</div>");
        }
    if (begun)
        text_add(to, "</ul></section>");
}

/* Reasons for which cells were not tested, each once, with how many cells that are. */
static void add_untested(struct text *to, const struct matrix_view *m)
{
    SCRATCH(scratch);
    size_t most = 0, n = 0;

    for (size_t i = 0; i < m->row_count; i++)
        most += m->rows[i].cell_count;
    struct {
        const char *reason, *row, *suite;
        size_t cells;
    } *seen = arena_array(&scratch, most + 1, sizeof *seen);
    for (size_t i = 0; i < m->row_count; i++)
        for (size_t k = 0; k < m->rows[i].cell_count; k++) {
            const struct matrix_cell *cell = &m->rows[i].cells[k];
            size_t at = 0;
            if (sum(cell->totals, is_bad) || !cell->reason)
                continue;
            while (at < n && strcmp(seen[at].reason, cell->reason) != 0)
                at++;
            if (at == n) {
                seen[n].reason = cell->reason;
                seen[n].row = m->rows[i].name;
                seen[n++].suite = cell->suite;
            }
            seen[at].cells++;
        }
    if (!n)
        return;
    text_add(to, "\n<section><h2>Not a plain pass, and why</h2><ul class=why>");
    for (size_t i = 0; i < n; i++) {
        text_add(to, "<li>");
        html_add(to, seen[i].reason);
        text_add(to, "<small> ");
        markup_counted(to, seen[i].cells, "cell");
        text_add(to, seen[i].cells == 1 ? ": " : ", such as ");
        html_add(to, seen[i].row);
        text_add(to, ", ");
        html_add(to, seen[i].suite);
        text_add(to, "</small>");
    }
    text_add(to, "</ul></section>");
}

void matrix_html(const struct matrix_view *m, struct text *to)
{
    SCRATCH(scratch);
    TEXT(title);
    const char **suites;
    size_t suite_count = suites_of(m, &scratch, &suites);
    bool green = all_green(m);

    add_headline(&title, m);
    html_page_head(to, text_string(&title), green ? PAGE_GREEN : PAGE_RED);
    text_printf(to, "<main>\n<header class=%s><h1><b>%s</b> %s</h1><p>", green ? "p" : "f", green ? "✓" : "✗", text_string(&title));
    text_add(to, "Each peer has a page of its own, behind its name. Numbers count cases.</header><dl class=facts><div><dt>Started<dd>");
    html_add(to, m->started);
    text_add(to, "</div><div><dt>Seed<dd>");
    html_add(to, m->seed);
    text_add(to, "</div></dl><div class=a><code>");
    html_add(to, m->command);
    text_add(to, "</code></div>");
    add_bad(to, m);
    add_table(to, m, suites, suite_count);
    matrix_pairs_html(m, to);
    add_untested(to, m);
    text_add(to, "\n<footer><p>✓ passed · ✗ failed · ? inconclusive · ± unstable · △ a check below must failed · § as the manifest declares · ≡ as MFC of that generation itself does "
                 "· – not tested · empty: the peer does not speak the suite's service.</footer>\n</main>\n");
}

/* ---- for programs ---- */

static void put(struct json_out *j, const char *key, const char *value)
{
    if (value)
        json_put_string(j, key, value);
}

static void put_totals(struct json_out *j, const size_t totals[REPORT_VERDICTS])
{
    json_begin(j, "totals", '{');
    for (int v = 0; v < REPORT_VERDICTS; v++)
        json_put_u64(j, report_verdicts[v].name, totals[v]);
    json_end(j, '}');
}

void matrix_json(const struct matrix_view *m, struct text *to)
{
    struct json_out j = { .to = to };

    json_begin(&j, NULL, '{');
    json_put_int(&j, "format", 1);
    put(&j, "started", m->started);
    put(&j, "command", m->command);
    put(&j, "seed", m->seed);
    json_begin(&j, "peers", '[');
    for (size_t i = 0; i < m->row_count; i++) {
        const struct matrix_row *row = &m->rows[i];
        json_begin(&j, NULL, '{');
        put(&j, "name", row->name);
        put(&j, "title", row->title);
        put(&j, "profile", row->profile);
        put(&j, "page", row->page);
        put(&j, "absent", row->why);
        json_put_bool(&j, "green", row->green);
        put_totals(&j, row->totals);
        json_begin(&j, "suites", '[');
        for (size_t k = 0; k < row->cell_count; k++) {
            json_begin(&j, NULL, '{');
            put(&j, "name", row->cells[k].suite);
            put(&j, "reason", row->cells[k].reason);
            put_totals(&j, row->cells[k].totals);
            json_end(&j, '}');
        }
        json_end(&j, ']');
        json_end(&j, '}');
    }
    json_end(&j, ']');
    matrix_pairs_json(m, &j);
    json_end(&j, '}');
    text_char(to, '\n');
}
