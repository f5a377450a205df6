#include "report/selftest.h"

#include "json/write.h"
#include "report/html_case.h"
#include "report/html_page.h"
#include "report/markup.h"

#define FORMAT 1

static bool is_caught(const struct selftest_row *r)
{
    return r->check && r->caught;
}

void selftest_row_text(const struct selftest_row *r, struct text *to)
{
    TEXT(by);

    if (is_caught(r))
        text_printf(&by, "%s × %zu", r->check, r->caught);
    text_printf(to, "%-12s  %-40s  ", r->verdict, r->name);
    text_printf(to, "%-24s  ", text_string(&by));
    if (r->why)
        markup_add_cut(to, MARKUP_NONE, r->why, 160);
    else
        text_add(to, r->headline ? r->headline : "");
    while (to->b.len && to->b.data[to->b.len - 1] == ' ')
        to->b.len--;
    text_char(to, '\n');
}

static void held_out(const struct selftest_view *v, struct text *to)
{
    text_printf(to, "held out: %zu of %zu with the right cause", v->held_out_right, v->held_out);
}

static void count(struct text *to, size_t n, const char *what)
{
    text_printf(to, "%s%zu %s", to->b.len && to->b.data[to->b.len - 1] != '\n' ? ", " : "", n, what);
}

void selftest_text(const struct selftest_view *v, const char *page, struct text *to)
{
    size_t guards = 0;

    for (size_t i = 0; i < v->untripped_count; i++)
        if (!v->untripped[i].reason && v->complete)
            text_printf(to, "not tripped   %-12s  %-10s  such as in %s\n", v->untripped[i].kind, v->untripped[i].clause, v->untripped[i].id);
    for (size_t i = 0; i < v->row_count; i++)
        for (size_t k = 0; k < v->rows[i].guard_count; k++, guards++) {
            const struct selftest_only *g = &v->rows[i].guards[k];
            text_printf(to, "only guard    %-40s  %s of %s%s\n", v->rows[i].name, g->check, g->id, g->confirmed ? "" : ": and yet it is caught without it");
        }
    if (v->held_out) {
        held_out(v, to);
        text_char(to, '\n');
    }
    TEXT(line);
    count(&line, v->killed, "killed");
    count(&line, v->missed, "missed");
    count(&line, v->misdiagnosed, "misdiagnosed");
    if (v->complete)
        text_printf(&line, ", %zu of %zu kinds × clauses not tripped", v->unreasoned, v->pairs);
    count(&line, v->false_alarms, v->false_alarms == 1 ? "false alarm" : "false alarms");
    count(&line, guards, guards == 1 ? "only guard" : "only guards");
    if (v->skipped)
        count(&line, v->skipped, "skipped");
    text_add(to, text_string(&line));
    text_add(to, " in ");
    markup_duration(to, v->us);
    if (page) {
        text_add(to, "   ");
        markup_add(to, MARKUP_NONE, page);
    }
    text_char(to, '\n');
}

/* ---- JSON ---- */

static void put(struct json_out *j, const char *key, const char *value)
{
    if (value)
        json_put_string(j, key, value);
}

static void put_row(struct json_out *j, const struct selftest_row *r)
{
    json_begin(j, NULL, '{');
    put(j, "name", r->name);
    put(j, "kind", r->kind);
    put(j, "sentence", r->sentence);
    put(j, "verdict", r->verdict);
    put(j, "why", r->why);
    put(j, "check", r->check);
    json_put_u64(j, "caught", r->caught);
    put(j, "cause", r->headline);
    put(j, "due", r->due);
    if (r->held_out)
        json_put_bool(j, "held-out", true);
    put(j, "directory", r->directory);
    put(j, "command", r->command);
    json_put_int(j, "us", r->us);
    json_begin(j, "only-guards", '[');
    for (size_t i = 0; i < r->guard_count; i++) {
        json_begin(j, NULL, '{');
        put(j, "case", r->guards[i].id);
        put(j, "check", r->guards[i].check);
        json_put_bool(j, "confirmed", r->guards[i].confirmed);
        json_end(j, '}');
    }
    json_end(j, ']');
    json_end(j, '}');
}

void selftest_json(const struct selftest_view *v, struct text *to)
{
    struct json_out j = { .to = to };

    json_begin(&j, NULL, '{');
    json_put_int(&j, "format", FORMAT);
    put(&j, "started", v->started);
    put(&j, "command", v->command);
    put(&j, "seed", v->seed);
    json_put_int(&j, "us", v->us);
    json_put_bool(&j, "complete", v->complete);
    json_begin(&j, "totals", '{');
    json_put_u64(&j, "killed", v->killed);
    json_put_u64(&j, "missed", v->missed);
    json_put_u64(&j, "misdiagnosed", v->misdiagnosed);
    json_put_u64(&j, "right", v->right);
    json_put_u64(&j, "false-alarms", v->false_alarms);
    json_put_u64(&j, "skipped", v->skipped);
    json_put_u64(&j, "held-out", v->held_out);
    json_put_u64(&j, "held-out-right", v->held_out_right);
    json_put_u64(&j, "pairs", v->pairs);
    json_put_u64(&j, "untripped", v->unreasoned);
    json_end(&j, '}');
    json_begin(&j, "flaws", '[');
    for (size_t i = 0; i < v->row_count; i++)
        put_row(&j, &v->rows[i]);
    json_end(&j, ']');
    json_begin(&j, "untripped", '[');
    for (size_t i = 0; i < v->untripped_count; i++) {
        const struct selftest_untripped *u = &v->untripped[i];
        json_begin(&j, NULL, '{');
        put(&j, "kind", u->kind);
        put(&j, "clause", u->clause);
        put(&j, "case", u->id);
        put(&j, "reason", u->reason);
        json_end(&j, '}');
    }
    json_end(&j, ']');
    json_end(&j, '}');
    text_char(to, '\n');
}

/* ---- the page ---- */

static void cell(struct text *to, const char *string)
{
    text_add(to, "<td>");
    html_add(to, string ? string : "");
}

static void add_row(struct text *to, const struct selftest_row *r)
{
    text_printf(to, "<tr><td class=%s>%s<th scope=row title=\"", r->bad ? "f" : r->why ? "i" : "p", r->verdict);
    html_add(to, r->sentence);
    text_add(to, "\">");
    html_add(to, r->name);
    text_add(to, r->held_out ? " (held out)<td>" : "<td>");
    html_add(to, r->check ? r->check : "");
    if (is_caught(r))
        text_printf(to, " × %zu", r->caught);
    cell(to, r->headline);
    cell(to, r->due);
    text_add(to, "<td>");
    html_add(to, r->why ? r->why : "");
    for (size_t i = 0; i < r->guard_count; i++) {
        text_add(to, i || r->why ? "; only guard: " : "only guard: ");
        html_add(to, r->guards[i].check);
        text_add(to, " of ");
        html_add(to, r->guards[i].id);
    }
    text_add(to, "<td><code>");
    html_add(to, r->command ? r->command : "");
    text_add(to, "</code>");
}

void selftest_html(const struct selftest_view *v, struct text *to)
{
    bool green = !v->missed && !v->false_alarms && !(v->complete && v->unreasoned);

    html_page_head(to, green ? "Every flaw is caught" : "Flaws get by", green ? PAGE_GREEN : PAGE_RED);
    text_printf(to, "<main>\n<header class=%s><h1><b>%s</b> %zu killed, %zu missed, %zu misdiagnosed, %zu false alarms</h1><p>", green ? "p" : "f",
                green ? "✓" : "✗", v->killed, v->missed, v->misdiagnosed, v->false_alarms);
    html_add(to, v->started);
    text_add(to, " · <code>");
    html_add(to, v->command);
    text_add(to, "</code>");
    if (v->held_out) {
        text_add(to, "<p>");
        held_out(v, to);
    }
    text_add(to, "</header>\n<section><h2 id=flaws>Flaws</h2><div class=scroll tabindex=0 role=region aria-labelledby=flaws><table>"
                 "<thead><tr><th scope=col>Verdict<th scope=col>Flaw<th scope=col>Caught by<th scope=col>Cause named<th scope=col>Cause due"
                 "<th scope=col>More<th scope=col>Again<tbody>");
    for (int rest = 0; rest < 2; rest++) // what is to be looked at stands first
        for (size_t i = 0; i < v->row_count; i++)
            if ((v->rows[i].bad || v->rows[i].why) == !rest)
                add_row(to, &v->rows[i]);
    text_add(to, "</table></div></section>");
    if (v->complete) {
        text_printf(to, "\n<section><h2 id=untripped>Not tripped by any flaw</h2><p>%zu of %zu kinds of checks × clauses that they cite; %zu of these without a reason."
                        "<div class=scroll tabindex=0 role=region aria-labelledby=untripped><table><thead><tr><th scope=col>Kind<th scope=col>Clause<th scope=col>Such as in<th scope=col>Reason<tbody>",
                    v->untripped_count, v->pairs, v->unreasoned);
        for (size_t i = 0; i < v->untripped_count; i++) {
            text_add(to, "<tr>");
            cell(to, v->untripped[i].kind);
            cell(to, v->untripped[i].clause);
            cell(to, v->untripped[i].id);
            cell(to, v->untripped[i].reason);
        }
        text_add(to, "</table></div></section>");
    }
    text_add(to, "\n</main>\n");
}
