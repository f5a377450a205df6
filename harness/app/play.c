#include "app/play.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "report/log.h"
#include "report/markup.h"
#include "report/report.h"

#define BLOCKS_MAX 10 // failures told on the terminal; the page has them all

static volatile int stop;
static int stop_told = -1;

static void stopped(int number)
{
    int was = errno;

    (void)number;
    stop = RUN_STOPPED;
    if (stop_told >= 0)
        eventfd_write(stop_told, 1);
    errno = was;
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
    const struct play_known *known; // there is a baseline; or NULL
};

void play_until_stopped(void)
{
    struct sigaction action = { .sa_handler = stopped };

    if (stop_told < 0)
        stop_told = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

bool play_is_stopped(void)
{
    return stop;
}

int play_stop_fd(void)
{
    return stop_told;
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

static bool live_record(void *of, size_t place, enum verdict v, struct bytes record, struct error *err)
{
    struct live *l = of;

    l->done++;
    l->bad += verdict_is_bad(v);
    if (l->terminal)
        fprintf(stderr, "\r%zu of %zu%s \033[K", l->done, l->selected, l->bad ? ", not all pass" : "");
    return log_record(&l->log, place, record, err);
}

static bool live_ruled_out(void *of, const char *cause, const char *summary, const char *by, struct error *err)
{
    struct live *l = of;

    return log_ruled_out(&l->log, cause, summary, by, err);
}

static bool live_suspect(void *of, const char *service, size_t place, const struct accused *who, struct error *err)
{
    struct live *l = of;

    return log_suspect(&l->log, service, place, who, err);
}

static bool live_known(void *of, struct bytes record)
{
    struct live *l = of;

    return l->known && report_record_is_known(&l->known->baseline, l->known->today, record);
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
        if (!file_make_directory("reports/runs", err))
            return false;
        *out = path;
        if (mkdir(path, 0777) == 0)
            return true;
        if (errno != EEXIST) // else another run has it, perhaps one that began in this second, too
            return error_errno(err, "%s", path);
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

static bool labels_fit(const struct options *o, struct arena *keep, const char *const **out, struct error *err)
{
    const char **labels = ARENA_ARRAY(keep, o->labels.count + 1, const char *);

    for (size_t i = 0; i < o->labels.count; i++) {
        size_t key = strcspn(o->labels.items[i], "=");
        labels[i] = o->labels.items[i];
        if (key == 0 || !labels[i][key])
            return error_set(err, ERROR_USAGE, "--label: \"%s\": expected KEY=VALUE", labels[i]);
        for (size_t k = 0; k < i; k++)
            if (strncmp(labels[k], labels[i], key + 1) == 0)
                return error_set(err, ERROR_USAGE, "--label: \"%.*s\" is there twice", (int)key, labels[i]);
    }
    *out = labels;
    return true;
}

/* Digests that were computed already, of files that are as they were. */
static struct kept_digest {
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec changed;
    char sha256[65];
} kept_digests[64];
static size_t kept_count;

static bool is_of(const struct kept_digest *k, const struct stat *st)
{
    return k->device == st->st_dev && k->inode == st->st_ino && k->size == st->st_size && k->changed.tv_sec == st->st_ctim.tv_sec &&
           k->changed.tv_nsec == st->st_ctim.tv_nsec;
}

static bool digest_of(const char *path, char out[65])
{
    struct error err;
    struct stat st;

    if (stat(path, &st) < 0)
        return false;
    for (size_t i = 0; i < kept_count; i++)
        if (is_of(&kept_digests[i], &st)) {
            memcpy(out, kept_digests[i].sha256, sizeof kept_digests[i].sha256);
            return true;
        }
    if (!file_digest(path, out, &err))
        return false;
    if (kept_count < COUNT_OF(kept_digests)) {
        struct kept_digest *k = &kept_digests[kept_count++];
        *k = (struct kept_digest){ .device = st.st_dev, .inode = st.st_ino, .size = st.st_size, .changed = st.st_ctim };
        memcpy(k->sha256, out, sizeof k->sha256);
    }
    return true;
}

/* The peer's files and their digests. One that cannot be read has none, and that is no reason not to run. */
static void list_files(const struct run_options *run, struct arena *keep, struct log_run *about)
{
    const struct launch l = { .manifest = run->manifest, .variant = run->variant, .build = run->build };

    if (!run->manifest)
        return;
    const char *const *paths = peer_files(&l, keep);
    size_t n = 0;
    while (paths[n])
        n++;
    struct log_file *files = ARENA_ARRAY(keep, n, struct log_file);
    for (size_t i = 0; i < n; i++) {
        files[about->file_count].path = paths[i];
        about->file_count += digest_of(paths[i], files[about->file_count].sha256);
    }
    about->files = files;
}

void play_digest_peer(const struct run_options *run)
{
    SCRATCH(scratch);
    struct log_run unused = { 0 };

    list_files(run, &scratch, &unused);
}

/* All that is known when it begins. */
static bool describe_run(const struct options *o, const struct run_options *run, const struct library *lib, const struct play_job *job,
                         const char *peer, struct arena *keep, struct log_run *about, struct error *err)
{
    TEXT(names);
    char *clauses = arena_alloc(keep, 65);

    for (size_t i = 0; i < run->delivery_count; i++)
        text_printf(&names, "%s%s", i ? "," : "", run->deliveries[i]->name);
    struct log_setting *settings = ARENA_ARRAY(keep, o->setting_count, struct log_setting);
    for (size_t i = 0; i < o->setting_count; i++)
        settings[i] = (struct log_setting){ o->settings[i].name, o->settings[i].value, o->settings[i].from };
    *about = (struct log_run){
        .version = VERSION,
        .vectors_digest = lib->digest,
        .clauses_digest = lib->clauses && file_digest(lib->clauses->file, clauses, err) ? clauses : NULL,
        .command = command_words(o, run, job->command, keep),
        .delivery_names = arena_string(keep, text_string(&names)),
        .argv = (const char *const *)o->argv,
        .settings = settings,
        .setting_count = o->setting_count,
        .subject = o->subject,
        .peer_name = o->peer ? o->peer : peer,
        .peer_title = run->manifest ? run->manifest->title : peer,
        .how = run->how,
        .peer_dials = run->peer_dials,
        .serves = run->play == PARTY_SERVER,
        .seed = run->seed,
        .started = clock_wall(),
        .selected = job->selected,
        .places = strcmp(job->command, "serve") == 0 ? 0 : run_places(lib, run),
        .shard = run->shard,
        .shards = run->shards,
        .shard_from = run->shard_from,
        .worst = run->hold || strcmp(job->command, "run") != 0 ? 0 : run_worst_case(lib, run),
    };
    list_files(run, keep, about);
    return labels_fit(o, keep, &about->labels, err);
}

/* What the manifest declares, of a shard: for whoever merges. */
static bool tell_deviations(struct log *l, const struct run_options *run, const struct run_totals *totals, struct arena *keep,
                            struct error *err)
{
    const struct manifest *m = run->manifest;

    if (!totals->sees)
        return true;
    struct log_deviation *declared = ARENA_ARRAY(keep, m->deviation_count, struct log_deviation);
    for (size_t i = 0; i < m->deviation_count; i++)
        declared[i] = (struct log_deviation){ m->deviations[i].clause, m->deviations[i].reason, totals->seen.tested >> i & 1,
                                              totals->seen.shown >> i & 1 };
    return log_deviations(l, declared, m->deviation_count, err);
}

static const char *duration(int64_t us, struct arena *keep)
{
    TEXT(out);

    markup_duration(&out, us);
    return arena_string(keep, text_string(&out));
}

static int status_of(const struct run_totals *t, size_t selected, bool in_shards)
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
    if (selected == 0 && in_shards)
        return EXIT_EXPECTED; // others have what there is
    if (selected == 0 || ran == 0)
        return EXIT_NOTHING;
    return EXIT_EXPECTED;
}

/* The same where something is known of the peer: what of it the log shows. */
static int status_known(const char *log, const char *incomplete, const struct run_totals *t, size_t selected, unsigned shards, struct arena *keep)
{
    struct run_totals others = *t;
    struct report report;
    struct error err;

    if (!report_load_own(log, keep, &report, &err))
        return fail(&err);
    report_take_ended(&report, incomplete, keep);
    for (int v = 0; v < VERDICT_COUNT; v++)
        others.cases[v] = verdict_is_bad((enum verdict)v) ? 0 : others.cases[v];
    int status = exit_worse(status_of(&others, selected, shards), report.red ? EXIT_UNEXPECTED : EXIT_EXPECTED);
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
    if (selected == 0 && !(run->shards && run_places(lib, run))) {
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
    if (about->shards)
        printf(" in shard %u of %u", about->shard, about->shards);
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
    struct live live = { .terminal = isatty(2), .quiet = o->quiet, .options = o, .known = job->known && job->known->there ? job->known : NULL };
    struct sink sink = { &live, live_profile, live_describe, live_record, live_say, live_ruled_out, live_suspect, live_known };
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
    struct log_run about;
    if (!describe_run(o, run, lib, job, peer, keep, &about, &err) || !log_open(&live.log, path, &err))
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
    good = good && tell_deviations(&live.log, run, &totals, keep, &err);
    status = good ? status_of(&totals, live.selected, run->shards) : 0;
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
        status = status_known(path, incomplete, &totals, live.selected, run->shards, keep);
    const struct log_outcome outcome = { totals.cases, totals.results, status, clock_us() - began, clock_wall(), &totals.spent, incomplete };
    if (!log_end(&live.log, &outcome, &later) && good)
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
    struct gitlab fold = { .at = clock_wall() };
    TEXT(out);

    report_text_failures(report, BLOCKS_MAX, colour, getenv("GITLAB_CI") && !quiet ? &fold : NULL, &out);
    if (report->red) {
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

bool compare(const struct options *o, struct report *r, struct compared *c, struct arena *keep, struct error *err)
{
    *c = (struct compared){ .open = false };
    if (o->history && !report_history(o->history, r, keep, err))
        return error_within(err, "--history");
    if (o->requirements) {
        if (!report_requirements_read(o->requirements, r, keep, &c->requirements, err))
            return error_within(err, "--requirements");
        r->requirements = &c->requirements;
    }
    if (!o->against)
        return true;
    if (!report_load(file_is_directory(o->against) ? arena_printf(keep, "%s/run.ndjson", o->against) : o->against, keep, &c->before, err))
        return error_within(err, "--against");
    c->open = true;
    report_diff_make(&c->before, r, keep, &c->diff);
    r->since = &c->diff;
    return true;
}

void compared_release(struct compared *c)
{
    if (c->open)
        report_release(&c->before);
}

int play_conclude(const struct options *o, const struct played_log *log, struct arena *keep, int status)
{
    struct report report;
    struct compared compared;
    struct error err, later;
    bool colour;
    TEXT(last);

    if (!colour_parse(o, &colour, &err) || !report_load_own(log->path, keep, &report, &err))
        return fail(&err);
    bool comparable = compare(o, &report, &compared, keep, &later);
    bool written = report_write(&report, log->directory, &err);
    tell(&report, o->quiet, colour);
    const char *page = written ? arena_printf(keep, "%s/report.html", play_latest(log->directory)) : NULL;
    written = written && (!o->format || write_more(&report, o->format, log->directory, &err));
    report_text_summary(&report, page, colour && isatty(1), &last); // plain where programs read it
    fputs(text_string(&last), stdout);
    compared_release(&compared);
    report_release(&report);
    if (!written && status != EXIT_SURROUNDINGS) // else it has been said
        status = exit_worse(status, fail(&err));
    return comparable ? status : exit_worse(status, fail(&later));
}
