#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H
/*
 * Views of a run. A format is a row of report_formats and a function in a file of its own.
 */
#include "base/text.h"
#include "report/gitlab.h"
#include "report/model.h"

struct report_format {
    const char *name;  // on the command line
    const char *file;  // in the run's directory; NULL: it is shown
    bool always;       // it is made of every run; else when asked for
    const char *title; // what it is for, in a few words
    void (*write)(const struct report *r, struct text *to);
};

extern const struct report_format report_formats[];
extern const size_t report_format_count;

/* The row of that name, or NULL. */
const struct report_format *report_format_find(const char *name);

void report_json(const struct report *r, struct text *to);
void report_html(const struct report *r, struct text *to);
void report_junit(const struct report *r, struct text *to);
void report_tap(const struct report *r, struct text *to);
void report_github(const struct report *r, struct text *to);
void report_markdown(const struct report *r, struct text *to);
void report_badge(const struct report *r, struct text *to);
/* A block for each failing case (its telling result), then the summary. Without colour. */
void report_text(const struct report *r, struct text *to);

/*
 * The console's parts. What peers and vectors say is made harmless for a terminal.
 *
 * report_text_result  a block that tells one result that is not as it should be: what was said, what was due,
 *                     the cause, the command that repeats it; ends in a newline
 * report_text_failures an empty line and such a block for each failing case, at most max; fold, if there is one, folds those of a suite
 * report_text_causes  one line for each cause of failures, at most ten
 * report_text_baseline what is not right any more of the peer's baseline, a line each, at most ten
 * report_text_spent   a line: how the time was spent, over all results, if the log tells
 * report_text_summary the last line: counts, time and, unless page is NULL, where the page is
 */
void report_text_result(const struct report_result *result, bool colour, struct text *to);
void report_text_failures(const struct report *r, size_t max, bool colour, struct gitlab *fold, struct text *to);
void report_text_causes(const struct report *r, bool colour, struct text *to);
void report_text_baseline(const struct report *r, bool colour, struct text *to);
void report_text_spent(const struct report *r, struct text *to);
void report_text_summary(const struct report *r, const char *page, bool colour, struct text *to);

/* The formats that a list names, "junit,tap". out has room for REPORT_FORMATS_MAX. ERROR_USAGE. */
#define REPORT_FORMATS_MAX 16
bool report_formats_parse(const char *list, const struct report_format **out, size_t *count, struct error *err);

/* Writes into dir what is made of every run, each file under a temporary name at first. ERROR_SYSTEM. */
bool report_write(const struct report *r, const char *dir, struct error *err);
/* The same for one format, which has a file. */
bool report_write_one(const struct report *r, const struct report_format *f, const char *dir, struct error *err);

#endif
