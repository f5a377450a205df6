#ifndef REPORT_HTML_CASE_H
#define REPORT_HTML_CASE_H
/*
 * One case of the page: a <details> whose summary names it and whose body tells what happened.
 *
 * There may be thousands, so the markup is terse: end tags that HTML lets out are left out, and what repeats is
 * said by the style, never anything that only a colour or a sign of the style tells.
 */
#include "base/text.h"
#include "report/model.h"

/* The class of a verdict in the page. */
const char *html_class(enum report_verdict v);

/* Text that others wrote, escaped. */
void html_add(struct text *to, const char *string);

/* A list of clauses, comma between. */
void html_names(struct text *to, const struct report_names *names);

/* A column of the table of suites: what a result was played with. */
struct html_column {
    const char *delivery, *profile;
};

/* What all cases of a page have in common. */
struct html_view {
    const struct report *report;
    const struct html_column *columns;
    size_t column_count;
    bool profiles; // results differ in profile, so name it
};

/*
 * open      the reader sees its body at once
 * asleep    the body stands in <noscript>: without a script it is there as ever, with one a browser has nothing to
 *           do for it until it is asked for
 */
void html_case(const struct html_view *view, const struct report_case *c, bool open, bool asleep, struct text *to);

#endif
