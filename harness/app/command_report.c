/*
 * `arcwire report`: a view of a saved run.
 */
#include "app/app.h"

#include <stdio.h>

#include "base/file.h"
#include "report/report.h"

int command_report(const struct options *o)
{
    SCRATCH(keep);
    struct report report;
    struct error err;
    const struct report_format *formats[REPORT_FORMATS_MAX];
    size_t count;
    TEXT(out);

    if (o->word_count > 1) {
        fputs("arcwire report: expected one run.ndjson; see arcwire report --help\n", stderr);
        return EXIT_USAGE;
    }
    if (!report_formats_parse(o->format ? o->format : "text", formats, &count, &err))
        return fail(&err);
    if (count != 1) {
        fputs("arcwire report: --format: expected one of them\n", stderr);
        return EXIT_USAGE;
    }
    if (!report_load(log_place(o->word_count ? o->words[0] : NULL, &keep), &keep, &report, &err))
        return fail(&err);
    formats[0]->write(&report, &out);
    report_release(&report);
    if (o->output)
        return file_write(o->output, buffer_bytes(&out.b), &err) ? EXIT_EXPECTED : fail(&err);
    fwrite(out.b.data, 1, out.b.len, stdout);
    return EXIT_EXPECTED;
}
