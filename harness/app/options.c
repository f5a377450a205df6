#include "app/app.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

enum option_kind { TEXT_OPTION, FLAG_OPTION, LIST_OPTION, MAYBE_OPTION }; // MAYBE: a value only behind =, else ""

// clang-format off
static const struct option_row {
    const char *name, *value, *help;
    enum option_kind kind;
    size_t at;            // in struct options
    const char *standard; // what it is when nobody says anything, or NULL
} option_table[] = {
    { "--peer",         "NAME[:VARIANT]", "a peer of peers/, or PATH/peer.json, which is started",      LIST_OPTION, offsetof(struct options, peers) },
    { "--connect",      "ADDRESS",        "a peer that runs and listens at HOST:PORT or unix:PATH",      TEXT_OPTION, offsetof(struct options, connect) },
    { "--listen",       "ADDRESS",        "wait there for a peer that dials; port 0: any",               TEXT_OPTION, offsetof(struct options, listen) },
    { "--exec",         "'CMD {port}'",   "start this peer; it listens on {port} or {socket}, or dials {host} {port}", TEXT_OPTION, offsetof(struct options, exec) },
    { "--stdio",        "'CMD'",          "start it for each connection, which is its descriptors 0 and 1", TEXT_OPTION, offsetof(struct options, stdio) },
    { "--under",        "'CMD'",          "put these words before its command, such as valgrind -q",     TEXT_OPTION, offsetof(struct options, under) },
    { "--hold",         NULL,             "one case, no time limits, and you start the peer",            FLAG_OPTION, offsetof(struct options, hold) },
    { "--dial",         "us|peer",        "which party dials, with --peer or --exec (default: us)",      TEXT_OPTION, offsetof(struct options, dial), "us" },
    { "--play",         "client|server",  "which party arcwire plays (default: client); as the server it starts a program for each case", TEXT_OPTION, offsetof(struct options, play), "client" },
    { "--service",      "NAME",           "which service the peer speaks (default: conformance)",        TEXT_OPTION, offsetof(struct options, service) },
    { "--delivery",     "NAME,…",         "how bytes arrive (default: plain,coalesced,bytewise,random)",        TEXT_OPTION, offsetof(struct options, deliveries), "plain,coalesced,bytewise,random" },
    { "--seed",         "N",              "what drawn values come from (default: new for each run)",     TEXT_OPTION, offsetof(struct options, seed) },
    { "--profile",      "LIST",           "generation=10,charset=unicode,bits=64 where the peer does not tell", TEXT_OPTION, offsetof(struct options, profile) },
    { "--limit",        "MS",             "longest wait for one answer (default: 1000, at least 250)",   TEXT_OPTION, offsetof(struct options, limit), "1000" },
    { "--max-failures", "N",              "stop behind that many failing results",                       TEXT_OPTION, offsetof(struct options, max_failures) },
    { "--max-time",     "SECONDS",        "stop behind that time, as if interrupted",                    TEXT_OPTION, offsetof(struct options, max_time) },
    { "-j",             "N",              "workers, each with a peer of its own (default: one per processor, for selftest two)", TEXT_OPTION, offsetof(struct options, workers) },
    { "--silence",      "timed|probed",   "what a silence must be to pass (default: timed); proven is better than either", TEXT_OPTION, offsetof(struct options, silence), "timed" },
    { "--count",        "N",              "end behind that many conversations (default: when stopped)",  TEXT_OPTION, offsetof(struct options, count) },
    { "--of",           NULL,             "of these saved runs; nothing is played",                      FLAG_OPTION, offsetof(struct options, of_runs) },
    { "--no-separate",  NULL,             "ask nothing more where several causes explain a failure",     FLAG_OPTION, offsetof(struct options, no_separate) },
    { "--to",           "ADDRESS",        "where the server listens that what clients say is passed on to", TEXT_OPTION, offsetof(struct options, to) },
    { "--shadow",       "ADDRESS",        "where another server listens that hears the same; its answers are compared and dropped", TEXT_OPTION, offsetof(struct options, shadow) },
    { "--fault",        "WHERE:WHAT",     "spoil what is passed on, such as to-client@17:reset, with --layout to-client@FIELD[#N]:reset (repeatable; harness/capture/README.md)", LIST_OPTION, offsetof(struct options, faults) },
    { "--show",         NULL,             "show what is said as it is said",                             FLAG_OPTION, offsetof(struct options, show) },
    { "--strict",       NULL,             "should and may count like must",                              FLAG_OPTION, offsetof(struct options, strict) },
    { "--vectors",      "DIR",            "more vectors: DIR/suites, DIR/services (repeatable)",         LIST_OPTION, offsetof(struct options, vectors) },
    { "--only-vectors", NULL,             "leave arcwire's own vectors out",                             FLAG_OPTION, offsetof(struct options, only_vectors) },
    { "--out",          "DIR",            "where the run's files go (default: reports/runs/…)",          TEXT_OPTION, offsetof(struct options, out) },
    { "--quiet",        NULL,             "print only failures and the last line",                       FLAG_OPTION, offsetof(struct options, quiet) },
    { "--update-lock",  NULL,             "write the ids, revisions and digests to ids.lock",            FLAG_OPTION, offsetof(struct options, update_lock) },
    { "--update-guards", NULL,            "write which flaws guard each clause to guards.json",          FLAG_OPTION, offsetof(struct options, update_guards) },
    { "--clauses",      NULL,             "list clauses and their cases",                                FLAG_OPTION, offsetof(struct options, clauses) },
    { "--json",         NULL,             "as JSON",                                                     FLAG_OPTION, offsetof(struct options, json) },
    { "--format",       "NAME,…",         "json, html, junit, tap, markdown, github or text",            TEXT_OPTION, offsetof(struct options, format) },
    { "--output",       "FILE",           "where the view goes (default: standard output)",              TEXT_OPTION, offsetof(struct options, output) },
    { "--color",        "WHEN",           "auto, always or never (default: auto; NO_COLOR is honoured)", TEXT_OPTION, offsetof(struct options, color) },
    { "--baseline",     "FILE",           "what is known of the peer (default: baseline.json beside its manifest)", TEXT_OPTION, offsetof(struct options, baseline) },
    { "--today",        "YYYY-MM-DD",     "the day that baselines are held against (default: SOURCE_DATE_EPOCH, or today)", TEXT_OPTION, offsetof(struct options, today) },
    { "--reason",       "TEXT",           "why it is known to fail, of the entries that are added",      TEXT_OPTION, offsetof(struct options, reason) },
    { "--issue",        "LINK",           "where that is followed up",                                   TEXT_OPTION, offsetof(struct options, issue) },
    { "--until",        "YYYY-MM-DD",     "the last day on which it is tolerated",                       TEXT_OPTION, offsetof(struct options, until) },
    { "--rerun-failed", "[=RUN]",         "only the cases that failed in a saved run (default: reports/latest)", MAYBE_OPTION, offsetof(struct options, rerun_failed) },
    { "--retries",      "N",              "play what fails up to that often once more, by itself (default: 1); what then comes out otherwise is unstable", TEXT_OPTION, offsetof(struct options, retries) },
    { "--repeat",       "N",              "run that often, each with a seed of its own unless --seed",   TEXT_OPTION, offsetof(struct options, repeat) },
    { "--until-fail",   NULL,             "of these, end behind the first that is not green",            FLAG_OPTION, offsetof(struct options, until_fail) },
    { "--type",         "LIST",           "what the stream holds: word,cstring*2,object*",               TEXT_OPTION, offsetof(struct options, types) },
    { "--layout",       "NAME|FILE",      "the application's messages, in its own names: one of vectors/layouts, or a file (of record also client=NAME,server=NAME)", TEXT_OPTION, offsetof(struct options, layout) },
    { "--from",         "client|server",  "who sent the stream, where a layout tells them apart (default: client)", TEXT_OPTION, offsetof(struct options, from) },
    { "--guess",        NULL,             "what the messages could be, and what speaks for and against each reading (--count N: so many, 3 unless told)", FLAG_OPTION, offsetof(struct options, guess) },
    { "--output-layout", "FILE",          "with --guess: the likeliest reading as a layout to begin with", TEXT_OPTION, offsetof(struct options, output_layout) },
    { "--codepage",     "N",              "1250, 1252, 932 or 936: narrow text is told as characters, too",  TEXT_OPTION, offsetof(struct options, codepage) },
    { "--hex",          NULL,             "the input is hex text: white space anywhere, HH*N for runs",  FLAG_OPTION, offsetof(struct options, hex) },
    { "--check",        NULL,             "write nothing; exit status 1 when a file would change; of proxy: judge each connection by the cases that it can be",     FLAG_OPTION, offsetof(struct options, check) },
    { "--pin",          NULL,             "fill in golden bytes that are missing, by arcwire's own codec", FLAG_OPTION, offsetof(struct options, pin) },
    { "--suite",        "FILE|NAME",      "put the case into this suite instead of printing it", TEXT_OPTION, offsetof(struct options, suite) },
    { "--id",           "ID",             "what the case is called; it begins with the suite's name",     TEXT_OPTION, offsetof(struct options, id) },
    { "--connection",   "N[,N…]",         "these connections alone, each a recording of its own",        TEXT_OPTION, offsetof(struct options, connection) },
    { "--codec",        "DIR",            "write every codec case to DIR/codec.json, with its schema",   TEXT_OPTION, offsetof(struct options, codec) },
    { "--corpus",       "DIR",            "write one file per stream, for fuzzers",                      TEXT_OPTION, offsetof(struct options, corpus) },
    { "--port",         "N",              "only conversations with this port, which is then the server's", TEXT_OPTION, offsetof(struct options, port) },
    { "--filter",       "'EXPRESSION'",   "only packets that this lets through, as tcpdump has it",      TEXT_OPTION, offsetof(struct options, filter) },
    { "--runs",         "N",              "play no more cases than that on the peer (default: 1000)",    TEXT_OPTION, offsetof(struct options, runs) },
    { "--witness",      "NAME",           "the right peer that every smaller case must pass (default: reference, of the same profile)", TEXT_OPTION, offsetof(struct options, witness) },
    { "--rounds",       "N",              "how often each is measured, 1 to 100 (default: 5)",           TEXT_OPTION, offsetof(struct options, rounds) },
    { "--gate",         NULL,             "exit status 1 when a goal is missed",                         FLAG_OPTION, offsetof(struct options, gate) },
    { "--as",           "MANNER",         "be the peer that turns mute, closing, stuck, dripping or babbling, :N behind N answers", TEXT_OPTION, offsetof(struct options, as) },
    { "--trace",        NULL,             "change each thing that came in what passes, and judge again",  FLAG_OPTION, offsetof(struct options, trace) },
    { "--shard",        "I/N|auto",       "only part I of N of the cases; auto: as the CI system says",   TEXT_OPTION, offsetof(struct options, shard) },
    { "--subject",      "TEXT",           "what is tested, such as a version: it stands in the log",     TEXT_OPTION, offsetof(struct options, subject) },
    { "--label",        "KEY=VALUE",      "stands in the log, for whoever sorts runs (repeatable)",      LIST_OPTION, offsetof(struct options, labels) },
    { "--against",      "RUN",            "show what has changed since that run",                        TEXT_OPTION, offsetof(struct options, against) },
    { "--selftest",     "DIR",            "what this build's selftest left there",                       TEXT_OPTION, offsetof(struct options, selftest) },
    { "--requirements", "FILE",           "requirements of yours, and the cases and clauses that show each", TEXT_OPTION, offsetof(struct options, requirements) },
    { "--history",      "DIR",            "show the last 20 runs that lie there, for each case",         TEXT_OPTION, offsetof(struct options, history) },
    { "--without-times", NULL,            "of report.json: leave out what differs between equal runs: times, and where it ran", FLAG_OPTION, offsetof(struct options, without_times) },
    { "--verify",       NULL,             "only look whether lines of the log are lost, changed or moved", FLAG_OPTION, offsetof(struct options, verify) },
    { "--print-config", NULL,             "print what is in force, and where each value comes from; do nothing", FLAG_OPTION, offsetof(struct options, print_config) },
    { "--help",         NULL,             "this",                                                        FLAG_OPTION, offsetof(struct options, help) },
};

/* What an option is to a command that means something else by it than the table says. */
static const struct {
    const char *command, *option, *help;
} own_help[] = {
    { "record", "--output",  "the suite's file, DIR/suites/NAME.json" },
    { "record", "--suite",   "the suite's name (default: the beginning of --id)" },
    { "shrink", "--output",  "the suite's file for the small case (default: standard output)" },
    { "export", "--output",  "the capture's file" },
    { "export", "--format",  "pcapng" },
    { "import", "--output",  "the file to make, in the place of traffic.ndjson in --out" },
    { "import", "--out",     "where traffic.ndjson goes (default: reports/runs/…)" },
    { "proxy",  "--out",     "where traffic.ndjson goes (default: reports/runs/…)" },
    { "proxy",  "--count",   "end behind that many connections (default: when stopped)" },
    { "proxy",  "--layout",  "the messages that pass: for --check format, for --delivery and --fault by field, and to tell what differs from the shadow: a name or file, or client=NAME,server=NAME" },
    { "proxy",  "--delivery", "in what pieces it is passed on: bytewise, random, coalesced, cut@N, every@N, and with --layout cut-fields or cut@FIELD[#N]; behind to-client: or to-server: in one direction (default: as it comes)" },
    { "proxy",  "--type",    "types that a server says, TYPE, TYPE*N, and at the end TYPE*, by which it is told what differs from the shadow" },
    { "proxy",  "--limit",   "longest wait for the shadow's answer (default: 2000, at least 250)" },
    { "fuzz",   "--out",     "where what failed goes, small, as DIR/suites/N.json (default: nowhere)" },
    { "fuzz",   "--against", "a second peer, by its name, that is asked the same" },
    { "show",   "--as",      "a program that plays the case: nc (a shell script), python or c" },
};
// clang-format on

static const char *help_of(const struct command *c, const struct option_row *o)
{
    for (size_t i = 0; i < COUNT_OF(own_help); i++)
        if (strcmp(own_help[i].command, c->name) == 0 && strcmp(own_help[i].option, o->name) == 0)
            return own_help[i].help;
    return o->help;
}

static bool takes(const struct command *c, const char *name)
{
    size_t len = strlen(name);

    if (strcmp(name, "--help") == 0 || strcmp(name, "--print-config") == 0)
        return true;
    for (const char *at = c->takes; (at = strstr(at, name)); at += len)
        if (at[len] == ' ')
            return true;
    return false;
}

static const struct option_row *option_find(const struct command *c, const char *word, size_t len)
{
    for (size_t i = 0; i < COUNT_OF(option_table); i++)
        if (strlen(option_table[i].name) == len && strncmp(option_table[i].name, word, len) == 0 &&
            takes(c, option_table[i].name))
            return &option_table[i];
    return NULL;
}

static bool wrong(const struct command *c, const char *what, const char *word)
{
    fprintf(stderr, "arcwire %s: %s \"%s\"; see arcwire %s --help\n", c->name, what, word, c->name);
    return false;
}

const struct option_row *option_named(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(option_table); i++)
        if (strcmp(option_table[i].name + strspn(option_table[i].name, "-"), name) == 0)
            return &option_table[i];
    return NULL;
}

bool option_taken(const struct command *c, const struct option_row *row)
{
    return takes(c, row->name);
}

bool option_is_flag(const struct option_row *row)
{
    return row->kind == FLAG_OPTION;
}

bool option_is_set(const struct option_row *row, const struct options *o)
{
    const void *place = (const char *)o + row->at;

    switch (row->kind) {
    case TEXT_OPTION:
    case MAYBE_OPTION:
        return *(const char *const *)place != NULL;
    case FLAG_OPTION:
        return *(const bool *)place;
    case LIST_OPTION:
        return ((const struct option_list *)place)->count > 0;
    }
    return false;
}

bool option_chooses_peer(const struct option_row *row)
{
    static const char *const ways[] = { "--peer", "--connect", "--listen", "--exec", "--stdio" };

    for (size_t i = 0; i < COUNT_OF(ways); i++)
        if (strcmp(ways[i], row->name) == 0)
            return true;
    return false;
}

static void tell(const struct option_row *row, const char *value, const char *from, struct options *o)
{
    if (o->setting_count < SETTINGS)
        o->settings[o->setting_count++] = (struct setting){ row->name + strspn(row->name, "-"), value, from };
}

bool option_set(const struct option_row *row, const char *value, const char *from, struct options *o)
{
    void *place = (char *)o + row->at;
    struct option_list *list = place;

    switch (row->kind) {
    case FLAG_OPTION:
        *(bool *)place = true;
        break;
    case TEXT_OPTION:
    case MAYBE_OPTION:
        *(const char **)place = value;
        break;
    case LIST_OPTION:
        if (list->count == COUNT_OF(list->items))
            return false;
        list->items[list->count++] = value;
        break;
    }
    tell(row, value ? value : "true", from, o);
    return true;
}

void options_standards(const struct command *c, struct options *o)
{
    for (size_t i = 0; i < COUNT_OF(option_table); i++) {
        const struct option_row *row = &option_table[i];
        if (row->standard && takes(c, row->name) && !option_is_set(row, o))
            tell(row, row->standard, "default", o);
    }
}

bool options_parse(const struct command *c, int argc, char **argv, struct options *out)
{
    bool only_words = false;

    *out = (struct options){ 0 };
    for (int i = 0; i < argc; i++) {
        const char *word = argv[i];
        if (!only_words && strcmp(word, "--") == 0) {
            only_words = true;
            continue;
        }
        if (only_words || word[0] != '-' || !word[1]) {
            if (out->word_count == PATTERNS)
                return wrong(c, "too many words, at", word);
            out->words[out->word_count++] = word;
            continue;
        }
        bool brief = word[1] != '-'; // -j N or -jN
        size_t len = brief ? 2 : strcspn(word, "=");
        const struct option_row *row = option_find(c, word, len);
        if (!row)
            return wrong(c, "unknown option", word);
        const char *value = NULL;
        if (row->kind == FLAG_OPTION && word[len])
            return wrong(c, "no value goes with", word);
        if (row->kind != FLAG_OPTION) {
            value = word[len] ? word + len + !brief : row->kind == MAYBE_OPTION ? "" : i + 1 < argc ? argv[++i] : NULL;
            if (!value || (!*value && row->kind != MAYBE_OPTION))
                return wrong(c, "a value is missing behind", word);
        }
        if (!option_set(row, value, "command line", out))
            return wrong(c, "too many times", word);
    }
    out->peer = out->peers.count == 1 ? out->peers.items[0] : NULL;
    return true;
}

void options_help(const struct command *c)
{
    printf("usage: arcwire %s %s\n%s\n", c->name, c->usage, c->summary);
    for (size_t i = 0; i < COUNT_OF(option_table); i++) {
        const struct option_row *o = &option_table[i];
        if (!takes(c, o->name))
            continue;
        printf("  %-15s %-14s  %s\n", o->name, o->value ? o->value : "", help_of(c, o));
    }
}

static bool deliveries_parse(const char *text, struct run_options *out, struct arena *keep, struct error *err)
{
    out->delivery_count = 0;
    while (*text) {
        size_t len = strcspn(text, ",");
        if (out->delivery_count == RUN_DELIVERIES)
            return error_set(err, ERROR_USAGE, "--delivery: more than %d", RUN_DELIVERIES);
        if (!delivery_parse(arena_printf(keep, "%.*s", (int)len, text), keep, &out->deliveries[out->delivery_count++], err))
            return error_within(err, "--delivery");
        text += len + (text[len] == ',');
    }
    return true;
}

bool number_parse(const char *option, const char *text, uint64_t min, uint64_t max, uint64_t *out,
                  struct error *err)
{
    char *end;

    errno = 0;
    *out = strtoull(text, &end, 0);
    if (errno || *end || end == text || *text == '-' || *out < min || *out > max)
        return error_set(err, ERROR_USAGE, "%s: \"%s\": expected a number from %" PRIu64 " to %" PRIu64, option, text,
                         min, max);
    return true;
}

bool seed_draw(uint64_t *out, struct error *err)
{
    if (getrandom(out, sizeof *out, 0) != sizeof *out)
        return error_errno(err, "getrandom");
    *out &= 0xffffffffffff; // twelve digits are enough to type
    return true;
}

bool run_options_parse(const struct options *o, struct run_options *out, struct arena *keep, struct error *err)
{
    uint64_t limit;

    out->patterns = o->words;
    out->pattern_count = o->word_count;
    out->service = o->service;
    out->strict = o->strict;
    out->limits = limits_default;
    out->profile = profile_default;
    out->profile_from = "default";
    out->build = place_build();
    out->hold = o->hold;
    out->whole = o->word_count == 0 && !o->deliveries && !o->service && !o->max_failures;
    if (o->limit) {
        if (!number_parse("--limit", o->limit, 250, 3600000, &limit, err))
            return false;
        out->limits.step = (int64_t)limit * 1000;
        out->limits_told = true;
        if (out->limits.whole < 20 * out->limits.step)
            out->limits.whole = 20 * out->limits.step;
    }
    if (o->play && strcmp(o->play, "client") != 0 && strcmp(o->play, "server") != 0)
        return error_set(err, ERROR_USAGE, "--play: \"%s\": expected client or server", o->play);
    out->play = o->play && o->play[0] == 's' ? PARTY_SERVER : PARTY_CLIENT;
    if (o->silence && strcmp(o->silence, "timed") != 0 && strcmp(o->silence, "probed") != 0)
        return error_set(err, ERROR_USAGE, "--silence: \"%s\": expected timed or probed", o->silence);
    out->silence_probed = o->silence && o->silence[0] == 'p';
    out->no_separate = o->no_separate;
    if (o->max_failures) {
        if (!number_parse("--max-failures", o->max_failures, 1, 1000000, &limit, err))
            return false;
        out->max_failures = limit;
    }
    if (o->retries) {
        if (!number_parse("--retries", o->retries, 1, 100, &limit, err))
            return false;
        out->further_plays = (unsigned)limit - 1;
    }
    if (o->max_time) {
        if (!number_parse("--max-time", o->max_time, 1, 1000000, &limit, err))
            return false;
        out->max_seconds = (unsigned)limit;
    }
    if (o->workers) {
        if (!number_parse("-j", o->workers, 1, RUN_WORKERS, &limit, err))
            return false;
        out->workers = (unsigned)limit;
    }
    if (o->profile) {
        out->profile_from = "option";
        if (!profile_parse(o->profile, &out->profile, err)) {
            err->kind = ERROR_USAGE;
            return error_within(err, "--profile");
        }
    }
    if (o->seed && !number_parse("--seed", o->seed, 0, UINT64_MAX, &out->seed, err))
        return false;
    if (!o->seed && !seed_draw(&out->seed, err))
        return false;
    return deliveries_parse(o->deliveries ? o->deliveries : o->hold ? "plain" : "plain,coalesced,bytewise,random", out, keep, err);
}
