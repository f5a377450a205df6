/*
 * A badge: one line about a run as an image, for where a page has room for no more.
 */
#include "report/report.h"

#include "report/markup.h"

#define HEIGHT  20
#define PADDING 6 // beside the words
#define LETTER  7 // wide, on average, of an 11-pixel sans-serif

static void add_words(struct text *to, const struct report *r, const char **colour)
{
    size_t tested = 0, bad = 0;

    for (int v = 0; v < REPORT_VERDICTS; v++) {
        tested += report_verdicts[v].tested ? r->totals[v] : 0;
        bad += report_verdicts[v].bad ? r->totals[v] : 0;
    }
    *colour = bad ? "#b3261e" : r->green ? "#2e7d32" : "#8a6100";
    if (bad) {
        markup_count(to, bad);
        text_add(to, " of ");
        markup_count(to, r->case_count);
        text_add(to, " not right");
    } else {
        markup_count(to, tested);
        text_add(to, r->green ? " passed" : " passed, incomplete");
    }
}

static void add_side(struct text *to, size_t at, size_t width, const char *colour, const char *words)
{
    text_printf(to, "<rect x=\"%zu\" width=\"%zu\" height=\"%d\" fill=\"%s\"/>", at, width, HEIGHT, colour);
    text_printf(to, "<text x=\"%zu\" y=\"14\" textLength=\"%zu\">", at + PADDING, width - 2 * PADDING);
    markup_add(to, MARKUP_HTML, words);
    text_add(to, "</text>");
}

void report_badge(const struct report *r, struct text *to)
{
    static const char name[] = "arcwire";
    size_t left = sizeof name * LETTER - LETTER + 2 * PADDING;
    const char *colour;
    TEXT(words);

    add_words(&words, r, &colour);
    size_t right = words.b.len * LETTER + 2 * PADDING;
    text_printf(to, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%zu\" height=\"%d\" role=\"img\"><title>%s: ", left + right, HEIGHT, name);
    markup_add(to, MARKUP_HTML, text_string(&words));
    text_add(to, "</title><g font-family=\"Verdana,DejaVu Sans,sans-serif\" font-size=\"11\" fill=\"#fff\">");
    add_side(to, 0, left, "#444", name);
    add_side(to, left, right, colour, text_string(&words));
    text_add(to, "</g></svg>\n");
}
