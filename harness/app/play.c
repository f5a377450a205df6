#include "app/play.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "report/log.h"
#include "report/markup.h"
#include "report/report.h"

#define BLOCKS_MAX 10 // failures told on the terminal; the page has them all

static volatile int stop;

static void stopped(int number)
{
    (void)number;
    stop = RUN_STOPPED;
}

static void time_over(int number)
{
    (void)number;
    stop = stop ? stop : RUN_TIME_OVER;
}

/* From now on a run has so many seconds; 0: it may take what it takes. */
static void give_time(unsigned seconds)
{
    struct sigaction action = { .sa_handler = time_over };

    if (seconds)
        sigaction(SIGALRM, &action, NULL);
    alarm(seconds);
}

struct live {
    struct log log;
    bool terminal, quiet;
    size_t done, selected, bad, untested;
    struct options const *options;
};

void play_until_stopped(void)
{
    struct sigaction action = { .sa_handler = stopped };

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool play_is_stopped(void)
{
    return stop;
}

const volatile int *play_stop(void)
{
    return &stop;
}

static void wipe(const struct live *l)
{
    if (l->terminal)
        fputs("\r\033[K", stderr);
}

static bool live_profile(void *of, const char *service, const struct profile *p, const char *from, const char *types,
                         struct error *err)
{
    struct live *l = of;

    wipe(l);
    if (!l->quiet)
        printf("%s  %s, %d bit, as MFC %s (%s)\n", service, p->charset == CHARSET_ANSI ? "ansi" : "unicode", p->bits,
               profile_generation_name(p->generation), from);
    fflush(stdout);
    return log_profile(&l->log, service, p, from, types, err);
}

static void live_describe(void *of, const struct result *r, struct text *to)
{
    (void)of;
    log_describe(r, to);
}

static bool live_record(void *of, enum verdict v, struct bytes record, struct error *err)
{
    struct live *l = of;

    l->done++;
    l->bad += verdict_is_bad(v);
    if (l->terminal)
        fprintf(stderr, "\r%zu of %zu%s \033[K", l->done, l->selected, l->bad ? ", not all pass" : "");
    return log_record(&l->log, record, err);
}

static void live_say(void *of, const char *line)
{
    struct live *l = of;

    wipe(l);
    printf("%s\n", line);
    fflush(stdout);
}

bool play_choose(const struct options *o, const struct library *lib, struct run_options *run, struct manifest *m,
                 struct arena *keep, struct error *err)
{
    return peer_choose(o, run, m, keep, err) && peer_fits(o, run, lib, err);
}

/* A directory of the run's own: <time>-<peer>, with a number where that is taken. */
bool play_directory(const struct options *o, const char *peer, struct arena *keep, const char **out, struct error *err)
{
    char stamp[32];
    time_t now = (time_t)clock_wall();
    struct tm utc;

    if (o->out) {
        *out = o->out;
        return file_make_directory(*out, err);
    }
    gmtime_r(&now, &utc);
    strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", &utc);
    char *name = arena_string(keep, peer);
    for (char *c = name; *c; c++)
        if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') || *c == '.'))
            *c = '-';
    for (int n = 1; n < 1000; n++) {
        const char *path = n == 1 ? arena_printf(keep, "reports/runs/%s-%s", stamp, name)
                                  : arena_printf(keep, "reports/runs/%s-%s.%d", stamp, name, n);
        if (file_exists(path))
            continue;
        *out = path;
        return file_make_directory(path, err);
    }
    return error_set(err, ERROR_SYSTEM, "reports/runs: too many runs in this second");
}

/* reports/latest points at the run; when it cannot, nothing is lost. */
const char *play_latest(const char *directory)
{
    if (strncmp(directory, "reports/runs/", 13) != 0)
        return directory;
    unlink("reports/latest.new");
    if (symlink(directory + 8, "reports/latest.new") < 0 || rename("reports/latest.new", "reports/latest") < 0)
        return directory;
    return "reports/latest";
}

static const char *command_words(const struct options *o, const struct run_options *run, const char *command, struct arena *keep)
{
    TEXT(out);

    text_printf(&out, "arcwire %s", command);
    for (size_t i = 0; i < o->word_count; i++)
        text_printf(&out, " '%s'", o->words[i]);
    if (o->deliveries)
        text_printf(&out, " --delivery %s", o->deliveries);
    text_printf(&out, " --seed 0x%" PRIx64 " %s", run->seed, run->how);
    return arena_string(keep, text_string(&out));
}

static const char *duration(int64_t us, struct arena *keep)
{
    TEXT(out);

    markup_duration(&out, us);
    return arena_string(keep, text_string(&out));
}

static int status_of(const struct run_totals *t, size_t selected)
{
    size_t ran = 0, bad = 0;

    for (int v = 0; v < VERDICT_COUNT; v++) {
        bad += verdict_is_bad((enum verdict)v) ? t->cases[v] : 0;
        ran += v < VERDICT_UNSUPPORTED ? t->results[v] : 0;
    }
    if (bad || t->broken)
        return EXIT_UNEXPECTED;
    if (t->stopped || t->unseen)
        return EXIT_STOPPED;
    if (selected == 0 || ran == 0)
        return EXIT_NOTHING;
    return EXIT_EXPECTED;
}

/* The same where something is known of the peer: what of it the log shows. */
static int status_known(const char *log, const char *incomplete, const struct run_totals *t, size_t selected, struct arena *keep)
{
    struct run_totals others = *t;
    struct report report;
    struct error err;

    if (!report_load_own(log, keep, &report, &err))
        return fail(&err);
    report_take_ended(&report, incomplete, keep);
    for (int v = 0; v < VERDICT_COUNT; v++)
        others.cases[v] = verdict_is_bad((enum verdict)v) ? 0 : others.cases[v];
    int status = exit_worse(status_of(&others, selected), report.red ? EXIT_UNEXPECTED : EXIT_EXPECTED);
    if (report.complaints.count)
        status = exit_worse(status, EXIT_BASELINE);
    report_release(&report);
    return status;
}

/* One position is one of one case. */
static bool positions_fit(const struct library *lib, const struct run_options *run)
{
    for (size_t i = 0; i < run->delivery_count; i++) {
        const struct delivery *d = run->deliveries[i];
        if (!d->message)
            continue;
        const struct vector *only = run_only(lib, run);
        if (only && !only->family)
            continue;
        if (only)
            fprintf(stderr, "arcwire: --delivery %s: %s has no such position: a family has positions of its own\n", d->name, only->id);
        else
            fprintf(stderr, "arcwire: --delivery %s: several cases are selected, and it is a position in one: name a case\n", d->name);
        return false;
    }
    return true;
}

/* Whether what is selected can be played at all; else the status is told. */
static bool is_playable(const struct options *o, const struct library *lib, const struct run_options *run, size_t selected, int *status)
{
    if (selected == 0) {
        fprintf(stderr, "arcwire: no case is selected%s\n", o->word_count ? " by these patterns" : "");
        *status = EXIT_NOTHING;
    } else if (!positions_fit(lib, run)) {
        *status = EXIT_USAGE;
    } else if (run->hold && selected != 1) {
        fprintf(stderr, "arcwire: --hold: %zu results are selected, and it is for one: name a case, and at most one delivery\n", selected);
        *status = EXIT_USAGE;
    } else {
        return true;
    }
    return false;
}

static void say_begin(const struct log_run *about, const struct play_job *job, size_t deliveries)
{
    printf("%s  seed 0x%" PRIx64 "  %zu %s%s to come", about->peer_name, about->seed, job->selected, job->what, job->selected == 1 ? "" : "s");
    if (strcmp(job->what, "result") == 0)
        printf(", %zu deliver%s", deliveries, deliveries == 1 ? "y" : "ies");
    printf("\n");
}

static bool write_clauses(struct log *log, const struct library *lib, struct arena *keep, struct error *err)
{
    struct coverage coverage;

    return !lib->clauses || (coverage_make(lib, keep, &coverage, err) && log_clauses(log, &coverage, err));
}

int play_logged(const struct options *o, const struct run_options *run, const struct library *lib, struct arena *keep,
                const struct play_job *job, struct played_log *out)
{
    struct live live = { .terminal = isatty(2), .quiet = o->quiet, .options = o };
    struct sink sink = { &live, live_profile, live_describe, live_record, live_say };
    struct run_totals totals = { 0 };
    struct error err = { 0 };
    const char *directory = NULL, *peer = run->manifest ? run->manifest->name : o->connect ? o->connect : o->listen;
    int64_t began = clock_us();

    *out = (struct played_log){ 0 };
    live.selected = job->selected;
    int status;
    if (!is_playable(o, lib, run, job->selected, &status))
        return status;
    if (!play_directory(o, o->peer && run->variant ? arena_printf(keep, "%s-%s", peer, run->variant->name) : peer, keep,
                        &directory, &err))
        return fail(&err);
    const char *path = arena_printf(keep, "%s/run.ndjson", directory);
    TEXT(names);
    for (size_t i = 0; i < run->delivery_count; i++)
        text_printf(&names, "%s%s", i ? "," : "", run->deliveries[i]->name);
    struct log_run about = {
        .version = VERSION,
        .vectors_digest = lib->digest,
        .command = command_words(o, run, job->command, keep),
        .delivery_names = text_string(&names),
        .peer_name = o->peer ? o->peer : peer,
        .peer_title = run->manifest ? run->manifest->title : peer,
        .how = run->how,
        .peer_dials = run->peer_dials,
        .seed = run->seed,
        .started = clock_wall(),
        .selected = live.selected,
        .worst = run->hold || strcmp(job->command, "run") != 0 ? 0 : run_worst_case(lib, run),
    };
    if (o->out)
        unlink(path);
    if (!log_open(&live.log, path, &err))
        return fail(&err);
    if (!o->quiet)
        say_begin(&about, job, run->delivery_count);
    if (!o->quiet && about.worst)
        printf("%s at most, should nothing answer\n", duration(about.worst, keep));
    fflush(stdout);
    give_time(run->max_seconds);
    const struct play_known *known = job->known;
    bool good = log_begin(&live.log, &about, &err) && write_clauses(&live.log, lib, keep, &err) &&
                (!known || log_baseline(&live.log, known->file, known->today, known->selection, known->there ? &known->baseline : NULL, &err)) &&
                job->go(lib, run, job, directory, &sink, &totals, &err);
    give_time(0);
    status = good ? status_of(&totals, live.selected) : 0;
    if (!good) {
        wipe(&live);
        status = fail(&err);
    }
    struct error later;
    const char *incomplete = !good                            ? err.text
                             : totals.stopped == RUN_TIME_OVER ? arena_printf(keep, "the run had more than its %u s", run->max_seconds)
                             : totals.stopped                  ? "the run was stopped"
                             : totals.unseen                   ? "some cases were never seen"
                             : totals.broken                   ? "the peer failed"
                                                               : NULL;
    if (good && known && known->there)
        status = status_known(path, incomplete, &totals, live.selected, keep);
    if (!log_end(&live.log, totals.cases, totals.results, status, clock_us() - began, &totals.spent, incomplete, &later))
        status = fail(&later);
    log_close(&live.log);
    wipe(&live);
    *out = (struct played_log){ directory, path };
    return status;
}

static bool go(const struct library *lib, const struct run_options *run, const struct play_job *job, const char *directory,
               const struct sink *sink, struct run_totals *totals, struct error *err)
{
    (void)job, (void)directory;
    return run_suites(lib, run, sink, &stop, totals, err);
}

bool play_know(const struct options *o, const struct run_options *run, struct arena *keep, struct play_known *out, struct error *err)
{
    TEXT(words);

    *out = (struct play_known){ .file = baseline_place(o, run, keep) };
    if (!today_parse(o, keep, &out->today, err))
        return false;
    for (size_t i = 0; i < o->word_count; i++)
        text_printf(&words, "%s%s", i ? " " : "", o->words[i]);
    if (o->deliveries)
        text_printf(&words, " --delivery %s", o->deliveries);
    if (o->service)
        text_printf(&words, " --service %s", o->service);
    if (o->dial)
        text_printf(&words, " --dial %s", o->dial);
    for (size_t i = 0; i < o->vectors.count; i++)
        text_printf(&words, " --vectors %s", o->vectors.items[i]);
    if (o->only_vectors)
        text_add(&words, " --only-vectors");
    const char *text = text_string(&words);
    out->selection = o->rerun_failed ? NULL : arena_string(keep, *text == ' ' ? text + 1 : text);
    if (o->baseline && !file_exists(o->baseline))
        return error_set(err, ERROR_INPUT, "--baseline: %s does not exist; arcwire baseline init --baseline %s makes it of a run", o->baseline, o->baseline);
    out->there = out->file && file_exists(out->file);
    return !out->there || baseline_read(out->file, keep, &out->baseline, err);
}

int play(const struct options *o, const struct run_options *run, const struct library *lib, const struct play_known *known,
         struct arena *keep, struct played_log *out)
{
    const struct play_job job = { .known = known, .command = "run", .what = "result", .selected = run_count(lib, run), .go = go };

    return play_logged(o, run, lib, keep, &job, out);
}

/* What a person wants to know, on the terminal, but for the last line. */
static void tell(const struct report *report, bool quiet, bool colour)
{
    TEXT(out);
    size_t told = 0, bad = 0;

    for (const struct report_case *c = report->cases; c; c = c->next) {
        if (!c->red || ++bad > BLOCKS_MAX)
            continue;
        text_char(&out, '\n');
        report_text_result(report_telling(c), colour, &out);
        told++;
    }
    if (bad > told)
        text_printf(&out, "\n… and %zu more; the page has them all\n", bad - told);
    if (bad) {
        text_char(&out, '\n');
        report_text_causes(report, colour, &out);
    }
    report_text_baseline(report, colour, &out);
    if (!quiet)
        report_text_spent(report, &out);
    fputs(text_string(&out), stdout);
}

/* The views that are asked for: into the run's directory, or shown. */
static bool write_more(const struct report *report, const char *formats, const char *directory, struct error *err)
{
    const struct report_format *list[REPORT_FORMATS_MAX];
    size_t count = 0;

    if (!report_formats_parse(formats, list, &count, err))
        return error_within(err, "--format");
    for (size_t i = 0; i < count; i++) {
        TEXT(shown);
        if (list[i]->file && !list[i]->always && !report_write_one(report, list[i], directory, err))
            return false;
        if (list[i]->file || list[i]->write == report_text)
            continue; // that is what is shown anyhow
        list[i]->write(report, &shown);
        fputs(text_string(&shown), stdout);
    }
    return true;
}

int play_conclude(const struct options *o, const struct played_log *log, struct arena *keep, int status)
{
    struct report report;
    struct error err;
    bool colour;
    TEXT(last);

    if (!colour_parse(o, &colour, &err) || !report_load_own(log->path, keep, &report, &err))
        return fail(&err);
    bool written = report_write(&report, log->directory, &err);
    if (written) {
        const char *page = arena_printf(keep, "%s/report.html", play_latest(log->directory));
        tell(&report, o->quiet, colour);
        written = !o->format || write_more(&report, o->format, log->directory, &err);
        report_text_summary(&report, page, colour && isatty(1), &last); // plain where programs read it
        fputs(text_string(&last), stdout);
    }
    report_release(&report);
    return written ? status : fail(&err);
}
