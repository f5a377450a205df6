/*
 * GitLab folds a piece of a job's output between two marks that it does not show. A mark is a line of its own up to the carriage
 * return; what stands behind it, up to the newline, is the head of what is folded. Sections with one name are one section to it, so a
 * name has the time, which tells a job's runs apart, and a number. [docs: custom collapsible sections]
 */
#include "report/gitlab.h"

#include "report/markup.h"

#define CLEAR_LINE "\x1b[0K"

static void mark(const struct gitlab *g, const char *what, const char *options, struct text *to)
{
    text_printf(to, CLEAR_LINE "section_%s:%" PRId64 ":arcwire_%" PRId64 "_%u%s\r" CLEAR_LINE, what, g->at, g->at, g->sections, options);
}

void gitlab_open(struct gitlab *g, const char *head, struct text *to)
{
    gitlab_close(g, to);
    g->sections++;
    g->open = true;
    mark(g, "start", "[collapsed=true]", to);
    markup_add(to, MARKUP_NONE, head);
    text_char(to, '\n');
}

void gitlab_close(struct gitlab *g, struct text *to)
{
    if (!g->open)
        return;
    g->open = false;
    mark(g, "end", "", to);
    text_char(to, '\n');
}
