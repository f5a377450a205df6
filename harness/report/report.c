#include "report/report.h"

#include "base/file.h"
#include "report/requirements.h"

// clang-format off
const struct report_format report_formats[] = {
    /* name        file           always title                                              */
    { "json",     "report.json", true,  "for programs; reports/report.schema.json",        report_json },
    { "html",     "report.html", true,  "a page for people: one file, works from disk",    report_html },
    { "junit",    "junit.xml",   true,  "JUnit XML, for CI systems; reports/junit.xsd",    report_junit },
    { "tap",      "report.tap",  false, "TAP 14",                                          report_tap },
    { "markdown", "summary.md",  false, "the summary of a step of GitHub Actions",         report_markdown },
    { "github",   NULL,          false, "annotations of GitHub Actions, ten at most",      report_github },
    { "trace",    "trace.csv",   false, "which cases show each requirement, as CSV",       report_trace },
    { "badge",    NULL,          false, "one line about the run as an image (SVG)",        report_badge },
    { "text",     NULL,          false, "what the console says",                           report_text },
};
// clang-format on

const size_t report_format_count = COUNT_OF(report_formats);

const struct report_format *report_format_find(const char *name)
{
    for (size_t i = 0; i < report_format_count; i++)
        if (strcmp(report_formats[i].name, name) == 0)
            return &report_formats[i];
    return NULL;
}

bool report_formats_parse(const char *list, const struct report_format **out, size_t *count, struct error *err)
{
    *count = 0;
    while (*list) {
        size_t len = strcspn(list, ",");
        TEXT(name);
        text_addn(&name, list, len);
        const struct report_format *f = report_format_find(text_string(&name));
        if (!f) {
            TEXT(known);
            for (size_t i = 0; i < report_format_count; i++)
                text_printf(&known, " %s", report_formats[i].name);
            return error_set(err, ERROR_USAGE, "\"%s\" is no format:%s", text_string(&name), text_string(&known));
        }
        if (*count == REPORT_FORMATS_MAX)
            return error_set(err, ERROR_USAGE, "more than %d formats", REPORT_FORMATS_MAX);
        out[(*count)++] = f;
        list += len + (list[len] == ',');
    }
    return true;
}

bool report_write_one(const struct report *r, const struct report_format *f, const char *dir, struct error *err)
{
    SCRATCH(scratch);
    TEXT(text);

    f->write(r, &text);
    return file_write(arena_printf(&scratch, "%s/%s", dir, f->file), buffer_bytes(&text.b), err);
}

bool report_write(const struct report *r, const char *dir, struct error *err)
{
    for (const struct report_format *f = report_formats; f < report_formats + report_format_count; f++)
        if (f->always && !report_write_one(r, f, dir, err))
            return false;
    return true;
}
