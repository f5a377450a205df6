/*
 * `arcwire compare`: what a newer peer does otherwise than an older one, where the older one agrees with itself.
 */
#include "app/play.h"

#include <stdio.h>

#define PLAYS 3 // the older one twice

static bool play_one(const struct options *o, const struct library *lib, const struct run_options *all, const char *peer, const char *directory,
                     struct arena *keep, struct report *out, int *status, struct error *err)
{
    struct options one = *o;
    struct run_options run = *all;
    struct manifest manifest;
    struct played_log log = { 0 };

    one.peer = peer;
    one.peers = (struct option_list){ { peer }, 1 };
    one.quiet = true;
    one.out = directory;
    if (!play_choose(&one, lib, &run, &manifest, keep, err))
        return false;
    *status = play(&one, &run, lib, NULL, keep, &log);
    if (!log.path)
        return error_set(err, ERROR_PEER, "%s could not be played", peer);
    if (*status != EXIT_EXPECTED && *status != EXIT_UNEXPECTED)
        return error_set(err, *status == EXIT_NOTHING ? ERROR_USAGE : ERROR_PEER, "%s was not played to the end; see %s", peer, log.path);
    return report_load_own(log.path, keep, out, err);
}

static bool is_among(const struct report_diff *d, const struct report_changed *one)
{
    const char *id = (one->after ? one->after : one->before)->id;

    for (size_t i = 0; i < d->count; i++)
        if (strcmp((d->items[i].after ? d->items[i].after : d->items[i].before)->id, id) == 0)
            return true;
    return false;
}

/* Leaves out of a diff what is in another. */
static size_t leave_out(struct report_diff *d, const struct report_diff *noise)
{
    size_t kept = 0, was = d->count;

    for (size_t i = 0; i < was; i++) {
        if (is_among(noise, &d->items[i]))
            d->totals[d->items[i].change]--;
        else
            d->items[kept++] = d->items[i];
    }
    d->count = kept;
    return was - kept;
}

int command_compare(const struct options *o)
{
    static const char *const folders[PLAYS] = { "old", "old-again", "new" };
    SCRATCH(keep);
    struct run_options run = { 0 };
    struct library lib = { 0 };
    struct report reports[PLAYS];
    struct report_diff noise, diff;
    struct error err;
    const char *directory;
    size_t played = 0;
    int status = EXIT_EXPECTED;
    TEXT(out);

    if (o->peers.count != 2) {
        fputs("arcwire compare: expected --peer OLD --peer NEW; see arcwire compare --help\n", stderr);
        return EXIT_USAGE;
    }
    play_until_stopped();
    bool good = run_options_parse(o, &run, &keep, &err) && library_open(o, &lib, &err) && play_directory(o, "compare", &keep, &directory, &err);
    while (good && played < PLAYS) {
        good = play_one(o, &lib, &run, o->peers.items[played == PLAYS - 1], arena_printf(&keep, "%s/%s", directory, folders[played]), &keep,
                        &reports[played], &status, &err);
        played += good;
    }
    if (good) {
        report_diff_make(&reports[0], &reports[1], &keep, &noise);
        report_diff_make(&reports[0], &reports[2], &keep, &diff);
        size_t left_out = leave_out(&diff, &noise);
        (o->json ? report_diff_json : report_diff_text)(&diff, &out);
        fputs(text_string(&out), stdout);
        if (noise.count)
            fprintf(stderr, "%zu cases of %s differ between its own two runs; %zu left out for that\n", noise.count, o->peers.items[0], left_out);
    }
    status = !good ? fail(&err) : diff.count ? EXIT_UNEXPECTED : EXIT_EXPECTED;
    for (size_t i = 0; i < played; i++)
        report_release(&reports[i]);
    library_free(&lib);
    return status;
}
