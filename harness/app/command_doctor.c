/*
 * `arcwire doctor`: what of this machine can be used, and why not; with --peer, how that peer's silence is decided.
 */
#include "app/play.h"

#include <stdio.h>

#include "run/doctor.h"

static void print(const struct doctor_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        printf("%-3s  %-16s  %s\n", rows[i].works ? "yes" : "no", rows[i].name, rows[i].words);
}

static int look_at_peer(const struct options *o, struct arena *keep)
{
    struct run_options run = { 0 };
    struct library lib = { 0 };
    struct manifest manifest;
    struct doctor_row rows[DOCTOR_ROWS];
    struct error err;
    size_t count;

    bool good = run_options_parse(o, &run, keep, &err) && services_open(o, &lib, &err) &&
                play_choose(o, &lib, &run, &manifest, keep, &err) && doctor_peer(&lib, &run, rows, &count, keep, &err);
    int status = good ? EXIT_EXPECTED : fail(&err);
    if (good)
        print(rows, count);
    library_free(&lib);
    return status;
}

int command_doctor(const struct options *o)
{
    SCRATCH(keep);
    struct doctor_row rows[DOCTOR_ROWS];

    if (o->peers.count)
        return look_at_peer(o, &keep);
    print(rows, doctor_look(rows, &keep));
    return EXIT_EXPECTED;
}
