/*
 * `arcwire matrix`: the same cases on many peers, one after the other, then between them, and one page over all of it. With --of the
 * page is of runs that are saved, such as those merged from shards, and nothing is played.
 */
#include "app/matrix_pairs.h"

#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "report/matrix.h"
#include "report/report.h"

#define PEERS_MAX  256
#define BLOCKS_MAX 3 // failures of a peer that are told on the terminal; its page has them all

/* What is played: names as --peer takes them. */
struct peers {
    const char *names[PEERS_MAX];
    size_t count;
    bool named; // by the user: each must be there
};

static bool peers_add(struct peers *p, const char *name, struct error *err)
{
    if (p->count == PEERS_MAX)
        return error_set(err, ERROR_USAGE, "more than %d peers", PEERS_MAX);
    p->names[p->count++] = name;
    return true;
}

/* The rows that a manifest has in the matrix. */
static bool peers_of(struct peers *p, const char *path, struct arena *keep, struct error *err)
{
    struct manifest m;

    if (!manifest_read(path, keep, &m, err))
        return false;
    const char *name = strrchr(m.directory, '/') ? strrchr(m.directory, '/') + 1 : m.directory;
    for (const char *const *v = m.matrix; *v; v++)
        if (!peers_add(p, **v ? arena_printf(keep, "%s:%s", name, *v) : name, err))
            return false;
    return true;
}

static bool peers_find(const struct options *o, struct peers *p, struct arena *keep, struct error *err)
{
    glob_t found = { 0 };
    bool good = true;

    for (size_t i = 0; i < o->peers.count; i++)
        if (!peers_add(p, o->peers.items[i], err))
            return false;
    p->named = p->count > 0;
    if (p->named)
        return true;
    if (glob(arena_printf(keep, "%s/peers/*/peer.json", place_data()), 0, NULL, &found) == 0)
        for (size_t i = 0; good && i < found.gl_pathc; i++)
            good = peers_of(p, found.gl_pathv[i], keep, err);
    globfree(&found);
    return good && (p->count > 0 || error_set(err, ERROR_USAGE, "no peer is at hand: %s/peers holds no manifest", place_data()));
}

static void tell_failures(const struct report *r)
{
    TEXT(out);
    size_t told = 0;

    for (const struct report_case *c = r->cases; c && told < BLOCKS_MAX; c = c->next) {
        if (!report_verdicts[c->verdict].bad)
            continue;
        report_text_result(report_telling(c), isatty(1) && !getenv("NO_COLOR"), &out);
        text_char(&out, '\n');
        told++;
    }
    fputs(text_string(&out), stdout);
}

/* The name of a row's directory. */
static const char *folder_of(const char *name, struct arena *keep)
{
    char *folder = arena_string(keep, name);

    for (char *c = folder; *c; c++)
        *c = strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.", *c) ? *c : '-';
    return folder;
}

/* One peer's run, with a directory and a page of its own. Its exit status. */
static int play_one(const struct options *o, const struct library *lib, const struct run_options *all, const char *name,
                    bool must, const char *directory, struct arena *keep, struct matrix_row *row)
{
    SCRATCH(own);
    struct options one = *o;
    struct run_options run = *all;
    struct manifest manifest;
    struct played_log log = { 0 };
    struct report report;
    struct error err;

    const char *folder = folder_of(name, &own);
    one.peer = name;
    one.peers = (struct option_list){ { name }, 1 };
    one.quiet = true;
    one.out = arena_printf(&own, "%s/%s", directory, folder);
    *row = (struct matrix_row){ .name = name, .title = "" };
    if (!play_choose(&one, lib, &run, &manifest, &own, &err)) {
        row->why = arena_string(keep, err.text);
        return must || err.kind != ERROR_PEER ? fail(&err) : EXIT_EXPECTED;
    }
    row->title = arena_string(keep, manifest.title);
    if (run_count(lib, &run) == 0) {
        row->why = "none of the cases that were asked for is of a service that it speaks";
        return EXIT_EXPECTED;
    }
    int status = play(&one, &run, lib, NULL, &own, &log);
    if (!log.path) {
        row->why = "it could not be played";
        return status;
    }
    if (!report_load_own(log.path, &own, &report, &err))
        return fail(&err);
    bool written = report_write(&report, log.directory, &err);
    if (written) {
        tell_failures(&report);
        matrix_row_of(&report, name, manifest.title, arena_printf(&own, "%s/report.html", folder), keep, row);
    }
    report_release(&report);
    return written ? status : fail(&err);
}

static bool write_views(const struct matrix_view *m, const char *directory, struct error *err)
{
    SCRATCH(scratch);
    TEXT(html);
    TEXT(json);

    matrix_html(m, &html);
    matrix_json(m, &json);
    return file_write(arena_printf(&scratch, "%s/matrix.html", directory), buffer_bytes(&html.b), err) &&
           file_write(arena_printf(&scratch, "%s/matrix.json", directory), buffer_bytes(&json.b), err);
}

/* A row for a saved run, whose page is made again beside the matrix. Its exit status. */
static int show_one(const char *path, const char *directory, struct matrix_view *m, struct arena *keep)
{
    SCRATCH(own);
    struct report report;
    struct error err;

    const char *log = file_is_directory(path) ? arena_printf(&own, "%s/run.ndjson", path) : path;
    if (!report_load(log, &own, &report, &err))
        return fail(&err);
    const char *folder = arena_printf(&own, "%zu-%s", m->row_count + 1, folder_of(report.peer_name, &own)), *into = arena_printf(&own, "%s/%s", directory, folder);
    bool written = file_make_directory(into, &err) && report_write(&report, into, &err);
    if (written) {
        tell_failures(&report);
        m->seed = !m->seed || strcmp(m->seed, report.seed) == 0 ? arena_string(keep, report.seed) : "of each its own";
        matrix_row_of(&report, report.peer_name, report.peer_title ? report.peer_title : "", arena_printf(&own, "%s/report.html", folder), keep,
                      &m->rows[m->row_count++]);
    }
    int status = report.ended && report.exit >= 0 ? (int)report.exit : EXIT_STOPPED;
    report_release(&report);
    return written ? status : fail(&err);
}

static void started_now(char *out, size_t size)
{
    time_t now = (time_t)clock_wall();
    struct tm utc;

    gmtime_r(&now, &utc);
    strftime(out, size, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

static int show_all(const struct options *o, const char *directory, struct arena *keep)
{
    char started[32];
    struct error err;
    int status = EXIT_EXPECTED;
    TEXT(command);

    text_add(&command, "arcwire matrix --of");
    for (size_t i = 0; i < o->word_count; i++)
        text_printf(&command, " '%s'", o->words[i]);
    started_now(started, sizeof started);
    struct matrix_view m = { .started = started, .command = text_string(&command), .rows = ARENA_ARRAY(keep, o->word_count, struct matrix_row) };
    for (size_t i = 0; i < o->word_count; i++) {
        size_t before = m.row_count;
        status = exit_worse(status, show_one(o->words[i], directory, &m, keep));
        if (m.row_count == before)
            return status;
        printf("%-28s  %s\n", m.rows[before].name, m.rows[before].summary);
    }
    if (!write_views(&m, directory, &err))
        return fail(&err);
    printf("%s/matrix.html\n", directory);
    return status;
}

static int play_all(const struct options *o, const struct library *lib, const struct run_options *run, const struct peers *peers,
                    const char *directory, struct arena *keep)
{
    char started[32];
    struct error err;
    int status = EXIT_EXPECTED;
    TEXT(command);

    text_add(&command, "arcwire matrix");
    for (size_t i = 0; i < o->word_count; i++)
        text_printf(&command, " '%s'", o->words[i]);
    for (size_t i = 0; i < o->peers.count; i++)
        text_printf(&command, " --peer %s", o->peers.items[i]);
    text_printf(&command, " --seed 0x%" PRIx64, run->seed);
    started_now(started, sizeof started);
    struct matrix_view m = { .started = started, .command = text_string(&command), .seed = arena_printf(keep, "0x%" PRIx64, run->seed),
                             .rows = ARENA_ARRAY(keep, peers->count, struct matrix_row) };
    for (size_t i = 0; i < peers->count && !play_is_stopped(); i++) {
        struct matrix_row *row = &m.rows[m.row_count++];
        status = exit_worse(status, play_one(o, lib, run, peers->names[i], peers->named, directory, keep, row));
        if (!o->quiet || (row->page && !row->green))
            printf("%-28s  %s\n", row->name, row->page ? row->summary : row->why);
        fflush(stdout);
    }
    if (!play_is_stopped())
        status = exit_worse(status, matrix_pairs_play(o, lib, run, peers->names, peers->count, keep, &m));
    size_t ran = 0;
    for (size_t i = 0; i < m.row_count; i++)
        ran += m.rows[i].page != NULL;
    if (!write_views(&m, directory, &err))
        return fail(&err);
    if (ran == 0 && status == EXIT_EXPECTED) {
        fprintf(stderr, "arcwire: nothing was played on any peer\n");
        return EXIT_NOTHING;
    }
    printf("%s/matrix.html\n", play_latest(directory));
    return play_is_stopped() ? exit_worse(status, EXIT_STOPPED) : status;
}

int command_matrix(const struct options *o)
{
    SCRATCH(keep);
    struct run_options run = { 0 };
    struct library lib = { 0 };
    struct peers peers = { 0 };
    struct error err;
    const char *directory;
    int status;

    if (o->of_runs && (o->word_count == 0 || o->peers.count)) {
        fputs("arcwire matrix --of: expected RUN…, saved runs, and no --peer: nothing is played\n", stderr);
        return EXIT_USAGE;
    }
    if (o->of_runs)
        return play_directory(o, "matrix", &keep, &directory, &err) ? show_all(o, directory, &keep) : fail(&err);
    play_until_stopped();
    if (!run_options_parse(o, &run, &keep, &err) || !peers_find(o, &peers, &keep, &err) || !library_open(o, &lib, &err) ||
        !play_directory(o, "matrix", &keep, &directory, &err))
        status = fail(&err);
    else
        status = play_all(o, &lib, &run, &peers, directory, &keep);
    library_free(&lib);
    return status;
}
