#include "report/html_clauses.h"

#include <stdio.h>

#include "report/clauses.h"
#include "report/html_case.h"
#include "report/html_page.h"
#include "report/markup.h"

static void add_standing(struct text *to, const struct report_clause *c)
{
    text_add(to, " <small>");
    html_add(to, c->level);
    text_add(to, ", ");
    html_add(to, c->provenance);
    text_add(to, c->genuine ? ", shown by genuine bytes</small>" : "</small>");
}

#define GUARDS_SHOWN 6

/* The flaws by which it is known that a check of it catches something. */
static void add_guards(struct text *to, const struct report_clause *c)
{
    size_t shown = c->guards.count > GUARDS_SHOWN + 1 ? GUARDS_SHOWN : c->guards.count;

    if (!c->tells_guards || (!report_clause_is_cited(c) && !c->guards.count))
        return;
    text_add(to, "<p><small>");
    if (c->guards.count == 0)
        text_add(to, "No flaw guards it");
    else if (c->guards.count == 1)
        text_add(to, "Guarded by the flaw ");
    else {
        text_add(to, "Guarded by ");
        markup_counted(to, c->guards.count, "flaw");
        text_add(to, ": ");
    }
    for (size_t i = 0; i < shown; i++) {
        text_add(to, i ? ", " : "");
        html_add(to, c->guards.names[i]);
    }
    if (shown < c->guards.count) {
        text_add(to, "<span title=\"");
        for (size_t i = shown; i < c->guards.count; i++) {
            text_add(to, i > shown ? ", " : "");
            html_add(to, c->guards.names[i]);
        }
        text_printf(to, "\">, and %zu more</span>", c->guards.count - shown);
    }
    text_add(to, "</small>");
}

static void add_link(struct text *to, const struct report_clause *c)
{
    text_add(to, "<a href=\"#clause=");
    markup_fragment(to, c->id);
    text_add(to, "\">");
    html_add(to, c->id);
    text_add(to, "</a>");
}

static void add_row(struct text *to, const struct report_clause *c)
{
    TEXT(link);

    if (c->bad) {
        text_add(&link, "#case=");
        markup_fragment(&link, c->bad->id);
    }
    text_add(to, "<tr id=\"clause=");
    html_add(to, c->id);
    text_add(to, "\"><th scope=row>");
    html_add(to, c->id);
    text_add(to, "<td class=said>");
    html_add(to, c->text);
    add_standing(to, c);
    if (c->unseen) {
        text_add(to, "<p><small>No case: ");
        html_add(to, c->unseen);
        text_add(to, "</small>");
    }
    add_guards(to, c);
    html_page_cell(to, c->totals, c->bad ? text_string(&link) : NULL, NULL);
}

static void add_table(struct text *to, const struct report *r, bool broken)
{
    text_add(to, "<div class=scroll tabindex=0 role=region aria-labelledby=clauses><table class=k><thead><tr><th scope=col>Clause<th "
                 "scope=col>What it asks for<th scope=col>Cases<tbody>");
    for (const struct report_clause *c = r->clauses; c < r->clauses + r->clause_count; c++)
        if ((c->bad != NULL) == broken)
            add_row(to, c);
    text_add(to, "</table></div>");
}

void html_clauses(const struct report *r, struct text *to)
{
    size_t shown = 0, broken = 0, unseen = 0;

    if (!r->clause_count)
        return;
    for (const struct report_clause *c = r->clauses; c < r->clauses + r->clause_count; c++) {
        shown += report_clause_is_cited(c);
        broken += c->bad != NULL;
        unseen += c->unseen != NULL;
    }
    text_add(to, "\n<section><h2 id=clauses>Clauses</h2><p class=sum>");
    markup_count(to, shown);
    text_add(to, " of ");
    markup_counted(to, r->clause_count, "clause");
    text_add(to, shown == 1 ? " is cited by cases of this run" : " are cited by cases of this run");
    if (unseen) {
        text_add(to, "; ");
        markup_count(to, unseen);
        text_add(to, " can be shown by none");
    }
    text_add(to, ".</p>");
    if (broken)
        add_table(to, r, true);
    if (broken < r->clause_count) {
        text_add(to, broken ? "<details class=o><summary>The others" : "<details class=o><summary>All of them");
        text_add(to, "</summary>");
        add_table(to, r, false);
        text_add(to, "</details>");
    }
    text_add(to, "</section>");
}

void html_clauses_cited(const struct report *r, const struct report_names *names, bool words, struct text *to)
{
    if (!words) {
        for (size_t i = 0; i < names->count; i++) {
            const struct report_clause *c = report_clause_find(r, names->names[i]);
            text_add(to, i ? ", " : "");
            if (c)
                add_link(to, c);
            else
                html_add(to, names->names[i]);
        }
        return;
    }
    text_add(to, "<dl class=kl>");
    for (size_t i = 0; i < names->count; i++) {
        const struct report_clause *c = report_clause_find(r, names->names[i]);
        text_add(to, "<dt>");
        if (c)
            add_link(to, c);
        else
            html_add(to, names->names[i]);
        text_add(to, "<dd>");
        if (c) {
            html_add(to, c->text);
            add_standing(to, c);
        }
    }
    text_add(to, "</dl>");
}
