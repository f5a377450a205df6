/*
 * GitHub Actions: annotations, which are lines of the job's output, and the summary of a step, which is Markdown.
 *
 * Ten annotations of a kind are shown for a step and the rest is dropped, so failures are grouped by cause, and where these are too many
 * the last annotation says how many it stands for. Each points at the vector of its first case. [docs: workflow commands]
 */
#include "report/report.h"

#include "report/ci.h"
#include "report/markup.h"

#define ANNOTATIONS_MAX 10
#define TITLE_MAX       200         // bytes; 255 characters are shown
#define MESSAGE_MAX     2000
#define CASES_NAMED     5           // of a group
#define SUMMARY_MAX     (1 << 20)   // bytes of a step's summary; beyond it nothing is shown at all
#define SUMMARY_ROOM    512         // kept for what is said of the rest
#define CELL_MAX        300

/* ---- annotations ---- */

/* The command's data: no line may end. Of a property also no comma and no colon. */
static void data(struct text *to, const char *text, bool property)
{
    for (; *text; text++)
        if (*text == '%' || *text == '\r' || *text == '\n' || (property && (*text == ':' || *text == ',')))
            text_printf(to, "%%%02X", (unsigned)(uint8_t)*text);
        else
            text_char(to, *text);
}

static void annotate(struct text *to, const char *file, unsigned long long line, const char *title, const char *message)
{
    TEXT(brief);
    size_t len = strlen(message), told = len < MESSAGE_MAX ? len : MESSAGE_MAX;

    text_add(to, "::error ");
    if (file) {
        text_add(to, "file=");
        data(to, file, true);
        if (line)
            text_printf(to, ",line=%llu", line);
        text_char(to, ',');
    }
    text_add(to, "title=");
    ci_cut(title, TITLE_MAX, &brief);
    data(to, text_string(&brief), true);
    text_add(to, "::");
    while (told < len && told && ((uint8_t)message[told] & 0xc0) == 0x80)
        told--;
    TEXT(cut);
    text_addn(&cut, message, told);
    text_add(&cut, told < len ? "…" : "");
    data(to, text_string(&cut), false);
    text_char(to, '\n');
}

/* Red results with one cause, or of one verdict. */
struct group {
    const char *title;
    const struct report_result *first;
    const struct report_case *named[CASES_NAMED];
    size_t cases, results;
    const struct report_case *last;
};

static void group_add(struct group *g, const struct report_result *r)
{
    g->results++;
    g->first = g->first ? g->first : r;
    if (g->last == r->of)
        return;
    g->last = r->of;
    if (g->cases < CASES_NAMED)
        g->named[g->cases] = r->of;
    g->cases++;
}

/* Groups of what is red, those of causes first; as many as there can be. */
static size_t group_all(const struct report *r, struct arena *keep, struct group **out)
{
    static const enum report_verdict others[] = { REPORT_UNSTABLE, REPORT_INCONCLUSIVE, REPORT_ERROR };
    struct group *groups = ARENA_ARRAY(keep, r->cause_count + COUNT_OF(others), struct group);
    size_t n = 0;

    for (const struct report_cause *c = r->causes; c < r->causes + r->cause_count; c++) {
        struct group *g = &groups[n];
        for (size_t i = 0; i < c->result_count; i++)
            if (report_is_red(c->results[i]))
                group_add(g, c->results[i]);
        g->title = report_cause_words(c) ? report_cause_words(c) : "no cause found";
        n += g->results > 0;
    }
    for (size_t v = 0; v < COUNT_OF(others); v++) {
        struct group *g = &groups[n];
        for (const struct report_case *c = r->cases; c; c = c->next)
            for (const struct report_result *result = c->first; result; result = result->next)
                if (result->verdict == others[v] && report_is_red(result))
                    group_add(g, result);
        g->title = report_verdicts[others[v]].words;
        n += g->results > 0;
    }
    *out = groups;
    return n;
}

static void group_title(const struct group *g, struct text *to)
{
    markup_counted(to, g->cases, "case");
    text_add(to, ": ");
    markup_add(to, MARKUP_NONE, g->title);
}

static void group_message(const struct group *g, struct text *to)
{
    TEXT(why);

    for (size_t i = 0; i < g->cases && i < CASES_NAMED; i++) {
        text_add(to, i ? ", " : "");
        markup_add(to, MARKUP_NONE, g->named[i]->id);
    }
    if (g->cases > CASES_NAMED) {
        text_add(to, " and ");
        markup_count(to, g->cases - CASES_NAMED);
        text_add(to, " more");
    }
    ci_message(g->first, &why);
    text_add(to, "\n");
    markup_add(to, MARKUP_NONE, text_string(&why));
    if (g->first->of->hint) {
        text_add(to, "\n");
        markup_add(to, MARKUP_NONE, g->first->of->hint);
    }
    if (g->first->again) {
        text_add(to, "\n");
        markup_add(to, MARKUP_NONE, g->first->again);
    }
}

void report_github(const struct report *r, struct text *to)
{
    SCRATCH(scratch);
    struct group *groups;
    const struct ci_remark *remarks;
    size_t group_count = group_all(r, &scratch, &groups), remark_count = ci_remarks(r, &scratch, &remarks);
    size_t all = group_count + remark_count, told = all <= ANNOTATIONS_MAX ? all : ANNOTATIONS_MAX - 1;

    for (size_t i = 0; i < told && i < group_count; i++) {
        TEXT(title);
        TEXT(message);
        group_title(&groups[i], &title);
        group_message(&groups[i], &message);
        annotate(to, groups[i].first->of->file, groups[i].first->of->line, text_string(&title), text_string(&message));
    }
    for (size_t i = group_count; i < told; i++) {
        const struct ci_remark *m = &remarks[i - group_count];
        TEXT(message);
        markup_add(&message, MARKUP_NONE, m->message);
        annotate(to, m->file, m->line, arena_printf(&scratch, "%s%s", m->error ? "" : "baseline: ", m->name), text_string(&message));
    }
    if (told == all)
        return;
    TEXT(message);
    for (size_t i = told; i < all; i++) {
        TEXT(line);
        if (i < group_count)
            group_title(&groups[i], &line);
        else
            markup_add(&line, MARKUP_NONE, remarks[i - group_count].message);
        text_printf(&message, "%s%s", i > told ? "\n" : "", text_string(&line));
    }
    annotate(to, NULL, 0, arena_printf(&scratch, "%zu more", all - told), text_string(&message));
}

/* ---- the summary ---- */

/* Text that others wrote: nothing in it is Markdown or HTML, and nobody is mentioned by it. */
static void markdown(struct text *to, const char *text, size_t max)
{
    TEXT(clean);

    ci_cut(text, max, &clean);
    for (const char *at = text_string(&clean); *at; at++)
        if (*at == '<' || *at == '>' || *at == '&' || *at == '@' || *at == '#' || *at == '|')
            text_printf(to, "&#%d;", *at);
        else if (strchr("\\`*_{}[]()!~$:", *at))
            text_printf(to, "\\%c", *at);
        else
            text_char(to, *at);
}

/* Code in a line, which may hold backticks itself. */
static void code(struct text *to, const char *text)
{
    TEXT(clean);

    markup_add_cut(&clean, MARKUP_HTML, text, CELL_MAX);
    text_add(to, "<code>");
    for (const char *at = text_string(&clean); *at; at++)
        if (strchr("\\`*_[]~|@$:", *at))
            text_printf(to, "&#%d;", *at);
        else
            text_char(to, *at);
    text_add(to, "</code>");
}

static void counts(const struct report *r, struct text *to)
{
    TEXT(line);

    report_text_summary(r, NULL, false, &line);
    text_add(to, "**");
    TEXT(one);
    text_addn(&one, text_string(&line), line.b.len ? line.b.len - 1 : 0); // without its newline
    markdown(to, text_string(&one), SIZE_MAX);
    text_add(to, "**\n");
}

static void about(const struct report *r, struct text *to)
{
    struct {
        const char *name, *value;
    } rows[] = { { "Peer", r->peer_title && *r->peer_title ? r->peer_title : r->peer_name }, { "Seed", r->seed }, { "Command", r->command },
                 { "Baseline", r->baseline ? r->baseline_file : NULL } };

    text_add(to, "\n| | |\n|---|---|\n");
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (rows[i].value) {
            text_printf(to, "| %s | ", rows[i].name);
            markdown(to, rows[i].value, CELL_MAX);
            text_add(to, " |\n");
        }
}

/* The table of what is not plain, as long as there is room; gives how many rows there were none for. */
static size_t rows_of(const struct report *r, struct text *to)
{
    size_t left = 0;

    for (const struct report_case *c = r->cases; c; c = c->next)
        for (const struct report_result *result = c->first; result; result = result->next) {
            enum ci_kind kind = ci_kind(result);
            TEXT(row);
            TEXT(why);
            if (kind == CI_PASS || kind == CI_SKIPPED)
                continue;
            ci_message(result, &why);
            text_printf(&row, "| %s | ", kind == CI_EXPECTED || kind == CI_BASELINE ? standing_name(result->standing) : report_verdicts[result->verdict].past);
            code(&row, c->id);
            text_add(&row, " | ");
            markdown(&row, result->delivery, CELL_MAX);
            text_add(&row, " | ");
            markdown(&row, text_string(&why), CELL_MAX);
            text_add(&row, " |\n");
            if (left || to->b.len + row.b.len > SUMMARY_MAX - SUMMARY_ROOM)
                left++;
            else
                text_add(to, text_string(&row));
        }
    return left;
}

void report_markdown(const struct report *r, struct text *to)
{
    SCRATCH(scratch);
    struct group *groups;
    const struct ci_remark *remarks;
    size_t group_count = group_all(r, &scratch, &groups), remark_count = ci_remarks(r, &scratch, &remarks), plain = 0, left = 0;

    text_add(to, "## arcwire: ");
    markdown(to, r->peer_name, CELL_MAX);
    text_printf(to, "\n\n%s ", r->green ? "✓" : r->red ? "✗" : "?");
    counts(r, to);
    about(r, to);
    if (group_count || remark_count)
        text_add(to, "\n### Why\n\n");
    for (size_t i = 0; i < group_count; i++) {
        TEXT(title);
        group_title(&groups[i], &title);
        text_add(to, "* ");
        markdown(to, text_string(&title), CELL_MAX);
        text_char(to, '\n');
    }
    for (size_t i = 0; i < remark_count; i++) {
        TEXT(line);
        text_add(&line, "* ");
        markdown(&line, remarks[i].message, CELL_MAX);
        text_char(&line, '\n');
        if (left || to->b.len + line.b.len > SUMMARY_MAX - SUMMARY_ROOM)
            left++;
        else
            text_add(to, text_string(&line));
    }
    for (const struct report_case *c = r->cases; c && !plain; c = c->next)
        for (const struct report_result *result = c->first; result; result = result->next)
            plain += ci_kind(result) != CI_PASS && ci_kind(result) != CI_SKIPPED;
    if (plain) {
        text_add(to, "\n### Results that are not plain passes\n\n| | case | delivery | why |\n|---|---|---|---|\n");
        left += rows_of(r, to);
    }
    if (left) {
        text_add(to, "\n… and ");
        markup_count(to, left);
        text_add(to, " more, for which a summary has no room; report.html has them all\n");
    }
}
