#ifndef RUN_RUN_H
#define RUN_RUN_H
/*
 * A run: which cases, on which peer, in which order, and where each finished one goes.
 *
 * First the service's control, alone, as the case `first-control`; then what the peer offers, as `capabilities`;
 * then every selected case under every delivery. Several workers may share the results out among themselves, each with
 * a peer of its own: records come in the order of the run all the same, and are the same but for times.
 */
#include "peer/process.h"
#include "replay/engine.h"
#include "run/deviations.h"
#include "verdict/verdict.h"

#define RUN_DELIVERIES 16
#define RUN_WORKERS    16
#define RUN_REPEATS    20 // results of a run that are played once more at most: a peer that is all broken costs no double
#define RUN_SLOW_REPEATS 2 // of these, results in which a limit passed: each costs it again

/* Why a run is to stop: what *stop is set to. */
enum run_stop {
    RUN_GOES_ON,
    RUN_STOPPED,   // somebody said so
    RUN_TIME_OVER, // it has had its time
};

struct run_options {
    const char *const *patterns; // ids or suites, with * ? [ ]; none selects all
    size_t pattern_count;
    const struct delivery *deliveries[RUN_DELIVERIES];
    size_t delivery_count;
    const char *service;         // only this one, or NULL: what the manifest names
    uint64_t seed;
    bool strict;                 // should and may count as must
    bool silence_probed;         // one that could only be timed shows nothing
    const char *without_case, *without_check; // a check that is not there: what it finds is not looked at; NULL: all are
    bool no_separate;            // nothing is asked to tell causes apart
    bool unguarded;              // what passes is changed and judged again
    unsigned further_plays;      // of what failed, was played once more and failed again: until it comes out otherwise
    unsigned shard, shards;      // of so many parts of the cases, which are told apart by their ids, this one, from 1; 0, 0: all
    const char *shard_from;      // who says that, for the log
    size_t max_failures;         // bad results, of which nothing is known, after which the rest is not run; 0: no bound
    unsigned max_seconds;        // after which whoever calls stops it; 0: no bound
    struct limits limits;
    bool limits_told;            // by the user: they stay as they are, however slow the peer is
    struct profile profile;      // where the peer does not tell
    const char *profile_from;    // "default", "manifest", "option"

    const struct manifest *manifest; // a peer that we start, or NULL
    const struct manifest_variant *variant;
    const char *const *under;        // words in front of its command, ended by NULL; or NULL
    unsigned slowness;               // it is that many times slower than by itself, for our patience; 0: 1
    bool hold;                       // the user starts it, with or without a manifest, and takes his time
    bool whole;                      // every case is played: what the manifest declares must show
    const char *build;               // directory of the arcwire program
    enum party play;                 // that we play; as the server, the peer is a program for each case, and dials
    bool peer_dials;
    struct address address;          // without a manifest: to connect to, or to listen on
    const char *how;                 // the words of the command line that choose the peer, for repeating commands
    unsigned workers;                // 0: as many as pay; more than one only with a manifest
};

/* Where a run's results go. Those that return bool return false with *err when something could not be kept; the run then
 * ends. */
struct sink {
    void *of;
    bool (*profile)(void *of, const char *service, const struct profile *p, const char *from, const char *types,
                    struct error *err);
    /* Makes the record of a result, behind what stands in *to. It may be called in a worker's process, and touches
     * nothing else. */
    void (*describe)(void *of, const struct result *r, struct text *to);
    /* Keeps it. In the order of the run, each before the next. place: of its turn in that order, which is the same in
     * every shard. */
    bool (*record)(void *of, size_t place, enum verdict v, struct bytes record, struct error *err);
    /* A line for people: where we listen, that a peer was restarted. */
    void (*say)(void *of, const char *line);
    /* A cause that explains failures, and cannot be it: it would have shown in the case `by`, which passed. NULL: nobody wants to know. */
    bool (*ruled_out)(void *of, const char *cause, const char *summary, const char *by, struct error *err);
    /* A cause that explains failures of a shard, the first of them at a place: what the other shards pass counts against it, too. NULL: as above. */
    bool (*suspect)(void *of, const char *service, size_t place, const struct accused *who, struct error *err);
    /* Whether a bad result fails as is known of the peer: then it stops no run. NULL: nothing is known. */
    bool (*known)(void *of, struct bytes record);
};

struct run_totals {
    size_t cases[VERDICT_COUNT];   // a case counts as its worst result
    size_t results[VERDICT_COUNT];
    struct spent spent;            // on all results; by several workers, the sum
    enum run_stop stopped;         // by *stop
    bool broken;                   // the breaker tripped, or the first control failed
    struct deviations_seen seen;   // of a shard in which all was played: what is declared is judged when all shards are in
    bool sees;                     // it was
    size_t unseen;                 // serving: cases that nobody came with
};

/* Whether a vector is selected by the patterns. */
bool run_selects(const struct run_options *o, const struct vector *v);

/* The case that is the only one selected, or NULL. */
const struct vector *run_only(const struct library *lib, const struct run_options *o);

/* How many workers will play that many results: what the options say, else as many as there are processors and as pay. */
unsigned run_workers(const struct run_options *o, size_t results);

/* The part, from 1, that a case falls to when there are so many: by the digest of its id alone. */
unsigned run_shard_of(const char *id, unsigned shards);

/* Turns of the run with all of its shards, prologues included: places are below it. */
size_t run_places(const struct library *lib, const struct run_options *o);

/* Results to come: selected cases × deliveries, over the services that the peer speaks. */
size_t run_count(const struct library *lib, const struct run_options *o);

/*
 * µs that a run takes at most when nothing answers, be it from the beginning or from any case on: a first control that fails, or
 * connections that bring nothing, end a service. Without the time that the peer takes to start.
 */
int64_t run_worst_case(const struct library *lib, const struct run_options *o);

/*
 * Runs. ERROR_PEER when the peer could not be started or no connection came about, ERROR_SYSTEM when our
 * surroundings fail, ERROR_INPUT when a vector contradicts itself. *stop is looked at all the time. No process is
 * left behind.
 */
bool run_suites(const struct library *lib, const struct run_options *o, const struct sink *sink,
                const volatile int *stop, struct run_totals *totals, struct error *err);

#endif
