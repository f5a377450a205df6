#ifndef APP_APP_H
#define APP_APP_H
/*
 * The command line: the only code that prints and exits.
 */
#include "layout/layout.h"
#include "run/run.h"

#define VERSION        "0.1.0"
#define DIRECTORIES    64 // of vectors, and other repeated options
#define PATTERNS       256

/* Exit statuses. Where several apply, the first of 70, 8, 2, 3, 4, 1, 6, 5, 7 it is. */
enum exit_status {
    EXIT_EXPECTED = 0,     // everything as expected
    EXIT_UNEXPECTED = 1,   // at least one unexpected verdict
    EXIT_USAGE = 2,        // the command line
    EXIT_INPUT = 3,        // vectors, manifest, log or other input invalid
    EXIT_PEER = 4,         // the peer could not be started, or no connection came about
    EXIT_BASELINE = 5,     // only what the baseline knows otherwise
    EXIT_STOPPED = 6,      // stopped early; reports are written and marked incomplete
    EXIT_NOTHING = 7,      // nothing selected, or nothing ran
    EXIT_SURROUNDINGS = 8, // disk full, no descriptors, log not writable, out of memory
    EXIT_BUG = 70,         // a bug in arcwire
};

/* Of two statuses the one that counts. */
int exit_worse(int a, int b);

/* A value that is in force, and who says so: for people and the log. */
struct setting {
    const char *name, *value, *from; // "delivery", "plain", "arcwire.json:3"
};
#define SETTINGS 128

/* Values of an option that may be repeated. */
struct option_list {
    const char *items[DIRECTORIES];
    size_t count;
};

/* What the command line says, before anything is looked up. Strings are argv's. */
struct options {
    const char *words[PATTERNS]; // what is no option: patterns, files
    size_t word_count;
    const char *peer, *connect, *listen, *exec, *stdio, *under, *dial, *play, *service, *out, *deliveries, *seed, *profile, *format, *limit, *max_failures, *max_time, *silence, *workers, *count, *to, *codepage, *types, *layout, *from, *suite,
        *codec, *corpus, *port, *filter;
    const char *output, *output_layout, *color, *today, *baseline, *rerun_failed, *repeat, *retries, *reason, *issue, *until; // rerun_failed: a run, "" the last
    const char *shard, *subject, *against, *history, *requirements, *selftest;
    struct option_list vectors, peers, labels; // peer is the only one of peers, else NULL
    const char *id, *connection; // of record
    bool guess, of_runs, until_fail, only_vectors, no_separate, strict, hold, update_lock, update_guards, clauses, json, quiet, help, hex, check, pin, trace, show, print_config, without_times, verify;
    const char *runs, *witness; // of shrink
    const char *rounds, *as; // of bench
    const char *shadow;      // of proxy
    struct option_list faults;
    bool gate;
    int argc;
    char **argv; // all of it, as it was typed
    struct setting settings[SETTINGS];
    size_t setting_count;
};

struct command {
    const char *name, *usage, *summary;
    int (*run)(const struct options *o);
    const char *takes; // names of the options it takes, each with a space behind
};
extern const struct command command_table[];
extern const size_t command_count;

/* Parses the words behind the command; prints what is wrong and returns false. */
bool options_parse(const struct command *c, int argc, char **argv, struct options *out);
void options_help(const struct command *c);

/*
 * What the command line leaves open, from arcwire.json in the working directory, if it is there: an object of options by
 * their names without the dashes. What chooses the peer is taken from one of the two alone. ERROR_INPUT.
 */
bool config_read(const struct command *c, struct options *o, struct error *err);
/* All values that are in force, and where each comes from, on standard output. */
void config_print(const struct options *o);

/* For config.c: rows of the table of options, and giving one a value. */
struct option_row;
const struct option_row *option_named(const char *name); // without dashes; NULL: there is none
bool option_taken(const struct command *c, const struct option_row *row);
bool option_is_set(const struct option_row *row, const struct options *o);
bool option_chooses_peer(const struct option_row *row);
/* value NULL: of a flag. False: it cannot have one more, or none. */
bool option_set(const struct option_row *row, const char *value, const char *from, struct options *o);
bool option_is_flag(const struct option_row *row);
/* Adds the settings that stand in no other place. */
void options_standards(const struct command *c, struct options *o);

/* Prints "arcwire: text" and gives the exit status of an error. */
int fail(const struct error *err);

/* Where the program lies, "build/release", and where its data do: a directory with vectors/ in it. Both relative to
 * the working directory where that is shorter. Lives as long as the program. */
const char *place_build(void);
const char *place_data(void);

/* A layout by its name, of those that come with arcwire, or by its file; and --layout of what has two sides, NAME or
 * client=NAME,server=NAME (NULL: none), as what the client says and what the server says. */
bool layout_open(const char *name, struct arena *keep, struct layout *out, struct error *err);
bool layouts_open(const char *text, struct arena *keep, const struct layout *out[2], struct error *err);

/* Loads the vectors that the options name. */
bool library_open(const struct options *o, struct library *lib, struct error *err);
/* Their services alone. */
bool services_open(const struct options *o, struct library *lib, struct error *err);

int command_run(const struct options *o);
int command_proxy(const struct options *o);
int command_record(const struct options *o);
int command_selftest(const struct options *o);
int command_serve(const struct options *o);
int command_matrix(const struct options *o);
int command_doctor(const struct options *o);
int command_list(const struct options *o);
int command_show(const struct options *o);
int command_explain(const struct options *o);
int command_lint(const struct options *o);
int command_report(const struct options *o);
int command_baseline(const struct options *o);
int command_merge(const struct options *o);
int command_evidence(const struct options *o);
int command_recheck(const struct options *o);
int command_diff(const struct options *o);
int command_decode(const struct options *o);
int command_fmt(const struct options *o);
int command_new(const struct options *o);
int command_shrink(const struct options *o);
int command_fuzz(const struct options *o);
int command_compare(const struct options *o);
int command_bench(const struct options *o);
int command_export(const struct options *o);
/* A traffic.ndjson as a capture. ERROR_INPUT, ERROR_SYSTEM. */
bool export_pcapng(const char *path, const char *output, struct error *err);
int command_import(const struct options *o);
int command_help(const struct options *o);
int command_version(const struct options *o);

/* Which peer, and how it is started or reached, from the options into *run; a manifest into *m. Strings live in keep.
 * ERROR_USAGE, ERROR_INPUT, ERROR_PEER. */
bool peer_choose(const struct options *o, struct run_options *run, struct manifest *m, struct arena *keep, struct error *err);

/* Where the baseline of a run is: --baseline, else beside the manifest; NULL: the peer has no place for one. */
const char *baseline_place(const struct options *o, const struct run_options *run, struct arena *keep);

/* Today: --today, else SOURCE_DATE_EPOCH, else by the clock; "2026-11-23". ERROR_USAGE. */
bool today_parse(const struct options *o, struct arena *keep, const char **out, struct error *err);

/* Whether what goes to standard output has colours: --color, else on a terminal where NO_COLOR is not set. ERROR_USAGE. */
bool colour_parse(const struct options *o, bool *out, struct error *err);

/* A saved run's log: of a directory, the one in it; NULL: of the last run. */
const char *log_place(const char *run, struct arena *keep);

/* Whether the peer speaks a service that the library has, the one asked for if any, and deviates from clauses that it has. */
bool peer_fits(const struct options *o, const struct run_options *run, const struct library *lib, struct error *err);

/* --shard I/N, or auto: by what the CI system says. Fills in the run's shard, and the seed, where it must be
 * the same in all shards and nobody says which. ERROR_USAGE. */
bool shard_choose(const struct options *o, const struct library *lib, struct run_options *run, struct error *err);

/* The number that an option has, decimal or 0x. ERROR_USAGE. */
bool number_parse(const char *option, const char *text, uint64_t min, uint64_t max, uint64_t *out, struct error *err);

/* A seed by chance. ERROR_SYSTEM. */
bool seed_draw(uint64_t *out, struct error *err);

/* Fills what running and showing have in common: deliveries, seed, profile, limits. What it makes lives in keep. ERROR_USAGE. */
bool run_options_parse(const struct options *o, struct run_options *out, struct arena *keep, struct error *err);

#endif
