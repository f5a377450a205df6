#ifndef REPORT_HTML_PAGE_H
#define REPORT_HTML_PAGE_H
/*
 * What every page has: its head, with a content policy that lets nothing but our style and script run, and a cell of
 * a table that counts verdicts.
 */
#include "base/text.h"
#include "report/model.h"

// Colours of the mark beside the page's title, as they stand in a URL.
#define PAGE_GREEN "%232c7a4b"
#define PAGE_RED   "%23b3261e"
#define PAGE_AMBER "%238a5a00"

/* All before <main>. title is markup; " – arcwire" comes behind it. */
void html_page_head(struct text *to, const char *title, const char *colour);

/*
 * A <td> that tells how cases went: the worst first. link: a URL for it, or NULL; note: more about it, shown when it
 * is pointed at, or NULL. Both are made harmless here.
 */
void html_page_cell(struct text *to, const size_t totals[REPORT_VERDICTS], const char *link, const char *note);

#endif
