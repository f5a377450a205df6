/*
 * `arcwire report`: a view of a saved run.
 */
#include "app/play.h"

#include <stdio.h>

#include "base/file.h"
#include "report/chain.h"
#include "report/report.h"

/* Whether the log is as it was written. */
static int verify(const char *path)
{
    struct chain_verdict held;
    struct error err;

    if (!chain_verify(path, &held, &err))
        return fail(&err);
    printf("%s: %zu lines, none lost, changed or moved", path, held.lines);
    if (held.shards)
        printf(", of %zu shards", held.shards);
    printf("\n");
    return EXIT_EXPECTED;
}

int command_report(const struct options *o)
{
    SCRATCH(keep);
    struct report report;
    struct error err;
    const struct report_format *formats[REPORT_FORMATS_MAX];
    const char *path = log_place(o->word_count ? o->words[0] : NULL, &keep);
    size_t count;

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
    if (formats[0]->write == report_trace && !o->requirements) {
        fputs("arcwire report: --format trace goes with --requirements FILE\n", stderr);
        return EXIT_USAGE;
    }
    if (o->verify)
        return verify(path);
    if (!report_load(path, &keep, &report, &err))
        return fail(&err);
    struct compared compared;
    bool comparable = compare(o, &report, &compared, &keep, &err);
    TEXT(out);
    report.without_times = o->without_times;
    if (comparable)
        formats[0]->write(&report, &out);
    compared_release(&compared);
    report_release(&report);
    if (!comparable)
        return fail(&err);
    if (o->output)
        return file_write(o->output, buffer_bytes(&out.b), &err) ? EXIT_EXPECTED : fail(&err);
    fwrite(out.b.data, 1, out.b.len, stdout);
    return EXIT_EXPECTED;
}
