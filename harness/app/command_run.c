/*
 * `arcwire run`: a peer, the cases, the log, the page.
 */
#include "app/play.h"

int command_run(const struct options *o)
{
    SCRATCH(keep);
    struct run_options run = { 0 };
    struct library lib = { 0 };
    struct manifest manifest;
    struct played_log log;
    struct error err;
    int status;

    play_until_stopped();
    if (!run_options_parse(o, &run, &keep, &err) || !library_open(o, &lib, &err) || !shard_choose(o, &lib, &run, &err) ||
        !play_choose(o, &lib, &run, &manifest, &keep, &err)) {
        status = fail(&err);
    } else {
        status = play(o, &run, &lib, &keep, &log);
        if (log.path)
            status = play_conclude(o, &log, &keep, status);
    }
    library_free(&lib);
    return status;
}
