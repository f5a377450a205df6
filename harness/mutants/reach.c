/*
 * Becomes part of the test programs when mutants are tried: tells, one after the other, which test now begins (REACHED.tests), and gives each
 * a row of its own in ARCWIRE_REACHED. So one run of all tests shows what each of them comes to.
 */
#include "switch.h"

#include <criterion/criterion.h>
#include <criterion/hooks.h>
#include <stdio.h>
#include <time.h>

/* Called by the runner, while the test waits for it. */
static void begins(const char *suite, const char *test)
{
    const char *path = getenv("ARCWIRE_REACHED");
    char name[4096];
    struct timespec now;
    FILE *names;

    if (!path || *mutants_row + 1 >= MUTANTS_ROWS)
        return;
    snprintf(name, sizeof name, "%s.tests", path);
    if (!(names = fopen(name, "a")))
        return;
    clock_gettime(CLOCK_MONOTONIC, &now);
    ++*mutants_row;
    fprintf(names, "%ld.%03ld %s/%s\n", (long)now.tv_sec, now.tv_nsec / 1000000, suite, test);
    fclose(names);
}

ReportHook(PRE_INIT)(struct criterion_test *test)
{
    begins(test->category, test->name);
}
