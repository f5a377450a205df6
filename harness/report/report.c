#include "report/report.h"

#include "base/file.h"

const struct report_format report_formats[] = {
    /* name    file           title                                              */
    { "json",  "report.json", "for programs; reports/report.schema.json",        report_json },
    { "html",  "report.html", "a page for people: one file, works from disk",    report_html },
    { "badge", NULL,          "one line about the run as an image (SVG)",        report_badge },
    { "text",  NULL,          "what the console says",                           report_text },
};

const size_t report_format_count = COUNT_OF(report_formats);

const struct report_format *report_format_find(const char *name)
{
    for (size_t i = 0; i < report_format_count; i++)
        if (strcmp(report_formats[i].name, name) == 0)
            return &report_formats[i];
    return NULL;
}

bool report_write(const struct report *r, const char *dir, struct error *err)
{
    for (const struct report_format *f = report_formats; f < report_formats + report_format_count;
         f++) {
        SCRATCH(scratch);
        TEXT(text);
        if (!f->file)
            continue;
        f->write(r, &text);
        if (!file_write(arena_printf(&scratch, "%s/%s", dir, f->file), buffer_bytes(&text.b), err))
            return false;
    }
    return true;
}
