/*
 * `arcwire diff`: what has changed between two runs.
 */
#include "app/app.h"

#include <stdio.h>

#include "base/file.h"
#include "report/diff.h"

static bool load(const char *path, struct arena *keep, struct report *out, struct error *err)
{
    return report_load(file_is_directory(path) ? arena_printf(keep, "%s/run.ndjson", path) : path, keep, out, err);
}

int command_diff(const struct options *o)
{
    SCRATCH(keep);
    struct report before, after;
    struct report_diff diff;
    struct error err;
    TEXT(out);

    if (o->word_count != 2) {
        fputs("arcwire diff: expected the older and the newer run; see arcwire diff --help\n", stderr);
        return EXIT_USAGE;
    }
    if (!load(o->words[0], &keep, &before, &err))
        return fail(&err);
    if (!load(o->words[1], &keep, &after, &err)) {
        report_release(&before);
        return fail(&err);
    }
    report_diff_make(&before, &after, &keep, &diff);
    (o->json ? report_diff_json : report_diff_text)(&diff, &out);
    fputs(text_string(&out), stdout);
    report_release(&before);
    report_release(&after);
    return diff.totals[CHANGE_BROKEN] ? EXIT_UNEXPECTED : EXIT_EXPECTED;
}
