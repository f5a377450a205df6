/*
 * `arcwire serve`: the server for a client that chooses what it says.
 */
#include "app/play.h"

#include "run/serve.h"

#define THINKING (7ll * 86400000000) // µs: as long as anybody sits before a client

static bool go(const struct library *lib, const struct run_options *run, const struct play_job *job, const char *directory,
               const struct sink *sink, struct run_totals *totals, struct error *err)
{
    const struct serve_options o = { .run = run, .conversations = job->conversations, .directory = directory };

    return serve(lib, &o, sink, play_stop(), totals, err);
}

/* A person has all the time in the world, unless --limit says how much. */
static void adapt_limits(const struct options *o, struct limits *l)
{
    if (!o->limit)
        l->step = l->end = l->whole = THINKING;
    else if (l->end < l->step)
        l->end = l->step;
    l->open = l->step;
}

static bool choose(const struct options *o, const struct library *lib, struct run_options *run, struct play_job *job,
                   struct arena *keep, struct error *err)
{
    static struct manifest none;
    uint64_t count;

    if (!o->listen)
        return error_set(err, ERROR_USAGE, "expected --listen HOST:PORT, where the client dials; port 0: any");
    if (!peer_choose(o, run, &none, keep, err) || !peer_fits(o, run, lib, err))
        return false;
    if (o->count && !number_parse("--count", o->count, 1, 1000000, &count, err))
        return false;
    job->conversations = o->count ? count : 0;
    run->play = PARTY_SERVER;
    run->deliveries[0] = delivery_find("plain");
    run->delivery_count = 1;
    adapt_limits(o, &run->limits);
    job->selected = serve_count(lib, run);
    return true;
}

int command_serve(const struct options *o)
{
    SCRATCH(keep);
    struct play_job job = { .command = "serve", .what = "case", .go = go };
    struct run_options run = { 0 };
    struct library lib = { 0 };
    struct played_log log;
    struct error err;
    int status;

    play_until_stopped();
    if (!run_options_parse(o, &run, &keep, &err) || !library_open(o, &lib, &err) || !choose(o, &lib, &run, &job, &keep, &err)) {
        status = fail(&err);
    } else {
        status = play_logged(o, &run, &lib, &keep, &job, &log);
        if (log.path)
            status = play_conclude(o, &log, &keep, status);
    }
    library_free(&lib);
    return status;
}
