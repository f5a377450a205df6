/*
 * `arcwire bench`: what arcwire costs beside what the same costs in plain C.
 */
#include "app/play.h"

#include <fnmatch.h>
#include <stdio.h>

#include "bench/relay.h"
#include "bench/tell.h"

static bool wanted(const struct options *o, const struct bench_row *row)
{
    for (size_t i = 0; i < o->word_count; i++)
        if (fnmatch(o->words[i], row->name, 0) == 0)
            return true;
    return o->word_count == 0;
}

/* Each word must name something; a name that has been mistyped is not nothing missed. */
static bool words_check(const struct options *o, struct error *err)
{
    for (size_t i = 0; i < o->word_count; i++) {
        bool names = false;
        TEXT(all);
        for (size_t k = 0; k < bench_count; k++) {
            names |= fnmatch(o->words[i], bench_table[k].name, 0) == 0;
            text_printf(&all, "%s%s", k ? ", " : "", bench_table[k].name);
        }
        if (!names)
            return error_set(err, ERROR_USAGE, "no benchmark is called \"%s\": %s", o->words[i], text_string(&all));
    }
    return true;
}

/* Measures what is wanted, each told as soon as it is there, the document at the end. */
static bool measure_all(const struct options *o, struct bench *b, size_t *missed, struct error *err)
{
    TEXT(json);
    TEXT(head);
    struct json_out j = { .to = &json, .indent = 1 };
    bool good = true;

    tell_json_begin(b, &j);
    tell_head(b, &head);
    if (!o->json)
        fputs(text_string(&head), stdout);
    fflush(stdout);
    for (size_t i = 0; good && i < bench_count && !play_is_stopped(); i++) {
        struct measured m;
        TEXT(line);
        double by;
        if (!wanted(o, &bench_table[i]))
            continue;
        good = bench_measure(b, &bench_table[i], &m, err);
        if (!good || play_is_stopped())
            break;
        *missed += bench_missed(&bench_table[i], &m, &by);
        tell_json_row(&bench_table[i], &m, &j);
        tell_row(&bench_table[i], &m, &line);
        if (!o->json)
            fputs(text_string(&line), stdout);
        fflush(stdout);
    }
    tell_json_end(&j);
    if (good && o->json)
        printf("%s\n", text_string(&json));
    return good;
}

static void say(const char *line)
{
    puts(line);
    fflush(stdout);
}

/* The peer that some of the benchmarks start. */
static int be_bad(const struct options *o)
{
    SCRATCH(keep);
    const struct manner *manner;
    struct manifest reference;
    unsigned answers;
    struct error err;

    if (manner_parse(o->as, &manner, &answers, &err) &&
        manifest_read(arena_printf(&keep, "%s/peers/reference/peer.json", place_data()), &keep, &reference, &err))
        relay_serve(manner, answers, &reference, place_build(), say, &err);
    return fail(&err);
}

int command_bench(const struct options *o)
{
    struct bench b = { .build = place_build(), .data = place_data(), .version = VERSION, .sizes = bench_sizes };
    struct error err;
    uint64_t rounds = BENCH_ROUNDS;
    size_t missed = 0;
    int status = EXIT_EXPECTED;

    if (o->as)
        return be_bad(o);
    play_until_stopped();
    b.stop = play_stop();
    if (!words_check(o, &err) || (o->rounds && !number_parse("--rounds", o->rounds, 1, SERIES_MAX, &rounds, &err)))
        return fail(&err);
    b.rounds = (unsigned)rounds;
    if (!bench_begin(&b, &err) || !measure_all(o, &b, &missed, &err))
        status = fail(&err);
    else if (play_is_stopped())
        status = EXIT_STOPPED;
    else if (missed && o->gate)
        status = EXIT_UNEXPECTED;
    if (status == EXIT_STOPPED)
        fputs("arcwire: the bench was stopped\n", stderr);
    bench_end(&b);
    return status;
}
