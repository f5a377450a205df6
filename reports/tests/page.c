/*
 * Makes the views of a log without the rest of arcwire, for the tests of the page:
 * page LOG DIRECTORY writes them there and says on standard output what the console would.
 */
#include <stdio.h>

#include "report/report.h"

int main(int argc, char **argv)
{
    SCRATCH(keep);
    TEXT(console);
    struct report r;
    struct error err = { 0 };

    if (argc != 3) {
        fputs("usage: page LOG DIRECTORY\n", stderr);
        return 2;
    }
    if (!report_load(argv[1], &keep, &r, &err) || !report_write(&r, argv[2], &err)) {
        fprintf(stderr, "error: %s\n", err.text);
        return 3;
    }
    report_text(&r, &console);
    fputs(text_string(&console), stdout);
    return 0;
}
