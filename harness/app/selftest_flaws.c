/*
 * Plays every row of the tables of flaws, each in a process of its own with a run of its own, as `arcwire run` would, and holds the log
 * against the row.
 *
 *   controls     each peer that has a table, without a flaw: all cases must pass, and what they check is what there is to trip
 *   rows         each flaw on the cases of its row
 *   broad        what was tripped by none: those cases again, on one flaw after the other, until nothing is left
 *   only guards  where one check alone catches a flaw: the row again without that check, and then it must get by
 */
#include "app/selftest.h"

#include <fcntl.h>
#include <fnmatch.h>
#include <glob.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "report/report.h"
#include "report/selftest.h"
#include "run/selftest.h"

#define ENOUGH_FAILURES "8"  // of a flaw: that it does not get by is seen, and why
#define BROAD_LIMIT_MS  250  // for an answer, where cases are played for what they check
#define BROAD_SECONDS   10   // and for all of them
#define ROW_SECONDS     30   // for a row's own cases: what is caught by then is caught

/* What is to be played. */
struct job {
    const char *name;            // "flawed:keeps-rest"
    const char *way;             // of a control: how it is played, for people; NULL: ""
    const char *folder;          // of its run, in the selftest's directory
    const struct flaw *row;
    const char *const *patterns; // in place of the row's; NULL: the row's
    size_t pattern_count;
    bool broad;                  // as many failures as there are, and no longer than BROAD_SECONDS
    const struct selftest_guard *without; // a check that is taken out, or NULL
    struct selftest_outcome outcome;
    pid_t pid;                   // 0: not begun
    bool over;
    int64_t began;
};

struct jobs {
    struct job *items;
    size_t count;
};

struct selftest {
    const struct options *o;
    const struct library *lib;
    const char *directory, *seed;
    unsigned workers;
    struct arena *keep;
    struct jobs controls, rows;
    struct selftest_pairs pairs;
    bool complete; // no row was left out by the command line
    const struct json *reasons; // why some pairs are tripped by none, or NULL
};

static void job_add(struct jobs *all, struct job one, struct arena *keep)
{
    if ((all->count & (all->count - 1)) == 0) { // full at each power of two
        struct job *more = ARENA_ARRAY(keep, all->count ? 2 * all->count : 1, struct job);
        if (all->count)
            memcpy(more, all->items, all->count * sizeof *more);
        all->items = more;
    }
    all->items[all->count++] = one;
}

/* ---- which rows there are ---- */

static const char *folder_of(const char *name, struct arena *keep)
{
    char *folder = arena_string(keep, name);

    while (*folder == '.' || *folder == '/')
        folder++;
    for (char *c = folder; *c; c++)
        *c = strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.", *c) ? *c : '-';
    return folder;
}

static bool is_wanted(const struct options *o, const struct flaw *f, const char *name)
{
    for (size_t i = 0; i < o->word_count; i++)
        if (fnmatch(o->words[i], f->name, 0) == 0 || fnmatch(o->words[i], name, 0) == 0 || fnmatch(o->words[i], f->family, 0) == 0)
            return true;
    return o->word_count == 0;
}

/* The peer without a flaw, in one of the ways in which its rows are played. */
static void control_add(struct selftest *s, const char *peer, bool serves, bool dials)
{
    static const char *const none[] = { NULL };
    struct flaw *f = ARENA_NEW(s->keep, struct flaw);

    *f = (struct flaw){ .name = peer, .kind = FLAW_ODD, .family = "control", .clauses = none, .patterns = none, .delivery = "plain",
                        .serves = serves, .dials = dials,
                        .sentence = serves ? "It asks, and has no flaw." : dials ? "It dials, and has no flaw." : "It has no flaw." };
    const char *folder = arena_printf(s->keep, "control-%s%s", folder_of(peer, s->keep), serves ? "-asks" : dials ? "-dials" : "");
    job_add(&s->controls, (struct job){ .name = peer, .way = serves ? " (asks)" : dials ? " (dials)" : "", .folder = folder, .row = f, .broad = true }, s->keep);
}

static bool rows_of(struct selftest *s, const char *peer, const char *path, struct error *err)
{
    struct manifest *m = ARENA_NEW(s->keep, struct manifest);
    bool serves = false, dials = false, asks = false;

    if (!manifest_read(path, s->keep, m, err))
        return false;
    for (size_t i = 0; i < m->flaw_count; i++) {
        const struct flaw *f = &m->flaws[i];
        const char *name = arena_printf(s->keep, "%s:%s", peer, f->name);
        if (!is_wanted(s->o, f, name)) {
            s->complete = false;
            continue;
        }
        serves |= f->serves;
        dials |= f->dials;
        asks |= !f->serves && !f->dials;
        job_add(&s->rows, (struct job){ .name = name, .folder = folder_of(name, s->keep), .row = f }, s->keep);
    }
    if (asks)
        control_add(s, peer, false, false);
    if (serves)
        control_add(s, peer, true, false);
    if (dials)
        control_add(s, peer, false, true);
    return true;
}

static bool rows_find(struct selftest *s, struct error *err)
{
    const struct options *o = s->o;
    glob_t found = { 0 };
    bool good = true;

    s->complete = o->peers.count == 0;
    for (size_t i = 0; i < o->peers.count && good; i++) {
        const char *name = o->peers.items[i];
        good = rows_of(s, name, strchr(name, '/') ? name : arena_printf(s->keep, "%s/peers/%s/peer.json", place_data(), name), err);
    }
    if (o->peers.count == 0 && glob(arena_printf(s->keep, "%s/peers/*/peer.json", place_data()), 0, NULL, &found) == 0)
        for (size_t i = 0; i < found.gl_pathc && good; i++) {
            char *peer = arena_string(s->keep, found.gl_pathv[i]);
            *strrchr(peer, '/') = 0;
            good = rows_of(s, strrchr(peer, '/') + 1, found.gl_pathv[i], err);
        }
    globfree(&found);
    return good;
}

/* ---- one run ---- */

/* The options of `arcwire run` that play a job. */
static struct options options_of(const struct selftest *s, const struct job *j, struct arena *keep)
{
    const struct flaw *f = j->row;
    struct options one = { .peer = j->name, .deliveries = j->broad && !s->o->deliveries ? "plain" : f->delivery, .seed = s->seed, .workers = "1",
                           .quiet = true, .vectors = s->o->vectors, .only_vectors = s->o->only_vectors, .strict = s->o->strict || f->strict,
                           .no_separate = s->o->no_separate };

    one.peers = (struct option_list){ { one.peer }, 1 };
    one.out = arena_printf(keep, "%s/%s", s->directory, j->folder);
    one.play = f->serves ? "server" : NULL;
    one.dial = f->dials ? "peer" : NULL;
    one.profile = f->profile;
    if (f->limit_ms || (j->broad && f->kind != FLAW_ODD))
        one.limit = arena_printf(keep, "%" PRIu64, f->limit_ms ? f->limit_ms : BROAD_LIMIT_MS);
    if (f->kind == FLAW_FLAW && !f->suites && !j->broad)
        one.max_failures = ENOUGH_FAILURES;
    for (const char *const *p = f->patterns; *p && one.word_count < PATTERNS; p++)
        one.words[one.word_count++] = *p;
    return one;
}

/* What all runs of a peer have in common. */
static void know_peer(const struct selftest *s, const struct job *j)
{
    SCRATCH(keep);
    struct options one = options_of(s, j, &keep);
    struct run_options run = { 0 };
    struct manifest manifest;
    struct error err;

    if (run_options_parse(&one, &run, &keep, &err) && play_choose(&one, s->lib, &run, &manifest, &keep, &err))
        play_digest_peer(&run);
}

/* In a process of its own: its exit status. */
static int play_job(const struct selftest *s, const struct job *j)
{
    SCRATCH(keep);
    struct options one = options_of(s, j, &keep);
    struct run_options run = { 0 };
    struct manifest manifest;
    struct played_log log;
    struct error err;

    if (!run_options_parse(&one, &run, &keep, &err))
        return fail(&err);
    if (j->patterns) {
        run.patterns = j->patterns;
        run.pattern_count = j->pattern_count;
    }
    if (j->row->kind != FLAW_ODD)
        run.max_seconds = j->broad ? BROAD_SECONDS : ROW_SECONDS;
    if (j->without) {
        run.without_case = j->without->id;
        run.without_check = j->without->check;
    }
    if (!play_choose(&one, s->lib, &run, &manifest, &keep, &err))
        return fail(&err);
    return play(&one, &run, s->lib, NULL, &keep, &log);
}

/* Each slot has a processor of its own, where there are as many. */
static void take_processor(unsigned slot)
{
    cpu_set_t all, one;
    int nth = 0;

    if (sched_getaffinity(0, sizeof all, &all) < 0)
        return;
    int count = CPU_COUNT(&all);
    CPU_ZERO(&one);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, &all) && nth++ == (int)slot % count)
            CPU_SET(cpu, &one);
    sched_setaffinity(0, sizeof one, &one);
}

static bool job_begin(const struct selftest *s, struct job *j, unsigned slot, struct error *err)
{
    SCRATCH(scratch);
    const char *directory = arena_printf(&scratch, "%s/%s", s->directory, j->folder);

    if (!file_make_directory(directory, err))
        return false;
    fflush(NULL);
    j->began = clock_us();
    j->pid = fork();
    if (j->pid < 0)
        return error_errno(err, "fork");
    if (j->pid > 0)
        return true;
    int said = open(arena_printf(&scratch, "%s/said.txt", directory), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (said < 0 || dup2(said, 1) < 0 || dup2(said, 2) < 0)
        _exit(EXIT_SURROUNDINGS);
    take_processor(slot);
    int status = play_job(s, j);
    fflush(NULL);
    _exit(status);
}

/* ---- what became of it ---- */

static size_t failures_count(const struct report *r)
{
    size_t n = 0;

    for (const struct report_case *c = r->cases; c; c = c->next)
        for (const struct report_result *result = c->first; result; result = result->next)
            for (size_t i = 0; i < result->check_count; i++)
                n += result->checks[i].verdict == REPORT_FAIL;
    return n;
}

/* The cause that most failing checks name, and how many do: what fails now and then is in no summary by cause. NULL: none does. */
static const char *most_named(const struct selftest_outcome *o, size_t *most)
{
    const char *best = NULL;

    *most = 0;
    for (size_t i = 0; i < o->count; i++) {
        const char *cause = o->failures[i].cause;
        size_t n = 0;
        for (size_t k = 0; cause && k < o->count; k++)
            n += o->failures[k].cause && strcmp(o->failures[k].cause, cause) == 0;
        if (n > *most) {
            *most = n;
            best = cause;
        }
    }
    return best;
}

static void outcome_read(struct selftest *s, const struct report *r, struct selftest_outcome *o)
{
    struct selftest_failure *failures = ARENA_ARRAY(s->keep, failures_count(r), struct selftest_failure);

    for (const struct report_case *c = r->cases; c; c = c->next)
        o->totals[c->verdict] += !selftest_goes_before(c->id);
    for (const struct report_case *c = r->cases; c; c = c->next)
        for (const struct report_result *result = c->first; result; result = result->next)
            for (size_t i = 0; i < result->check_count; i++) {
                const struct report_check *k = &result->checks[i];
                if (k->verdict != REPORT_FAIL)
                    continue;
                const char **clauses = ARENA_ARRAY(s->keep, k->clauses.count + 1, const char *);
                for (size_t n = 0; n < k->clauses.count; n++)
                    clauses[n] = arena_string(s->keep, k->clauses.names[n]);
                failures[o->count++] = (struct selftest_failure){ arena_string(s->keep, c->suite), arena_string(s->keep, c->id),
                                                                  arena_string(s->keep, k->name), arena_string(s->keep, k->kind), clauses,
                                                                  k->cause ? arena_string(s->keep, k->cause) : NULL };
            }
    o->failures = failures;
    size_t most;
    const char *named = most_named(o, &most);
    bool summed_up = r->cause_count && r->causes[0].key && 2 * r->causes[0].result_count >= most;
    o->headline = summed_up ? arena_string(s->keep, r->causes[0].key) : named;
}

/* What there is to trip. */
static void pairs_read(struct selftest *s, const struct report *r)
{
    for (const struct report_case *c = r->cases; c; c = c->next)
        for (const struct report_result *result = c->first; result; result = result->next)
            for (size_t i = 0; i < result->check_count; i++) {
                SCRATCH(scratch);
                const struct report_check *k = &result->checks[i];
                const char **clauses = ARENA_ARRAY(&scratch, k->clauses.count + 1, const char *);
                memcpy(clauses, k->clauses.names, k->clauses.count * sizeof *clauses);
                selftest_pair_add(&s->pairs, k->kind, clauses, c->id);
            }
}

/* The last line that a run has said. */
static const char *last_said(const struct selftest *s, const struct job *j)
{
    SCRATCH(scratch);
    struct bytes text;
    struct error err;

    if (!file_read(arena_printf(&scratch, "%s/%s/said.txt", s->directory, j->folder), 1 << 20, &scratch, &text, &err) || text.len == 0)
        return "it said nothing";
    while (text.len && text.data[text.len - 1] == '\n')
        text.len--;
    const uint8_t *line = memrchr(text.data, '\n', text.len);
    line = line ? line + 1 : text.data;
    return arena_printf(s->keep, "%.*s", (int)(text.data + text.len - line), (const char *)line);
}

static void job_end(struct selftest *s, struct job *j, int status)
{
    SCRATCH(scratch);
    struct report report;
    struct error err;
    struct selftest_outcome *o = &j->outcome;
    const char *path = arena_printf(&scratch, "%s/%s/run.ndjson", s->directory, j->folder);

    j->over = true;
    *o = (struct selftest_outcome){ .us = clock_us() - j->began, .status = WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_BUG };
    bool played = o->status == EXIT_EXPECTED || o->status == EXIT_UNEXPECTED || o->status == EXIT_STOPPED;
    if (o->status == EXIT_PEER && j->way) {
        o->missing = "by itself it does not start"; // as a relay without a server
        return;
    }
    if (o->status == EXIT_PEER && j->row->packages && strstr(last_said(s, j), "is not there")) {
        o->missing = arena_printf(s->keep, "it needs the package %s", j->row->packages[0]);
        return;
    }
    if (!played) {
        o->wrong = arena_printf(s->keep, "exit status %d: %s", o->status, last_said(s, j));
        return;
    }
    if (!report_load_own(path, &scratch, &report, &err)) {
        o->wrong = arena_string(s->keep, err.text);
        return;
    }
    outcome_read(s, &report, o);
    if (j->row->kind == FLAW_ODD && strcmp(j->row->family, "control") == 0)
        pairs_read(s, &report);
    report_release(&report);
}

/* ---- many of them ---- */

/* Whether a job is still worth while when its turn comes; may say what it plays. */
typedef bool prepares(struct selftest *s, struct job *j);
typedef void concludes(struct selftest *s, struct job *j);

static void stop_all(struct jobs *all)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].pid > 0 && !all->items[i].over)
            kill(all->items[i].pid, SIGTERM);
}

/* Plays them, several at a time, begun in their order. False with *err when our surroundings fail. */
static bool jobs_play(struct selftest *s, struct jobs *all, prepares *prepare, concludes *conclude, struct error *err)
{
    struct job *slots[RUN_WORKERS] = { 0 };
    size_t next = 0, running = 0;
    bool good = true, told = false;

    while (running || (good && !play_is_stopped() && next < all->count)) {
        for (unsigned slot = 0; slot < s->workers && good && !play_is_stopped(); slot++) {
            if (slots[slot])
                continue;
            while (next < all->count && prepare && !prepare(s, &all->items[next]))
                next++;
            if (next == all->count)
                break;
            good = job_begin(s, &all->items[next], slot, err);
            slots[slot] = good ? &all->items[next++] : NULL;
            running += good;
        }
        if (!running)
            break;
        if ((play_is_stopped() || !good) && !told) {
            stop_all(all);
            told = true;
        }
        int status;
        pid_t pid = waitpid(-1, &status, 0);
        for (unsigned slot = 0; pid > 0 && slot < s->workers; slot++)
            if (slots[slot] && slots[slot]->pid == pid) {
                job_end(s, slots[slot], status);
                if (conclude)
                    conclude(s, slots[slot]);
                slots[slot] = NULL;
                running--;
            }
    }
    return good;
}

static void trip(struct selftest *s, struct job *j)
{
    if (j->row->kind != FLAW_ODD)
        selftest_trip(&s->pairs, j->name, &j->outcome);
    if (j->row->kind == FLAW_FLAW) // a degenerate peer fails whatever it is asked
        selftest_guard(&s->pairs, j->name, j->row, &j->outcome);
}

/* The cases that have what none has tripped yet, as patterns; none: nothing is left. */
static bool take_untripped(struct selftest *s, struct job *j)
{
    const char **ids = ARENA_ARRAY(s->keep, 2 * s->pairs.count, const char *);
    size_t n = 0;

    if (j->row->kind == FLAW_ODD)
        return false;
    for (size_t i = 0; i < s->pairs.count; i++) {
        const struct selftest_pair *p = &s->pairs.items[i];
        const char *two[] = { p->id, p->id_more };
        for (size_t k = 0; !p->by && k < 2; k++) {
            bool known = !two[k];
            for (size_t m = 0; m < n && !known; m++)
                known = strcmp(ids[m], two[k]) == 0;
            if (!known)
                ids[n++] = two[k];
        }
    }
    j->patterns = ids;
    j->pattern_count = n;
    return n > 0;
}

static bool play_broad(struct selftest *s, struct error *err)
{
    struct jobs all = { 0 };

    for (size_t i = 0; i < s->rows.count; i++) {
        struct job j = s->rows.items[i];
        if (j.outcome.missing || j.outcome.wrong)
            continue;
        job_add(&all, (struct job){ .name = j.name, .folder = arena_printf(s->keep, "%s-broad", j.folder), .row = j.row, .broad = true }, s->keep);
    }
    return jobs_play(s, &all, take_untripped, trip, err);
}

/* ---- only guards ---- */

/* For each row, checks without which it is missed, each played again without it. */
static bool play_guards(struct selftest *s, struct selftest_row *views, struct error *err)
{
    struct jobs all = { 0 };
    size_t n = 0;

    for (size_t i = 0; i < s->rows.count; i++) {
        const struct selftest_guard *guards;
        size_t count = selftest_only_guards(s->rows.items[i].row, &s->rows.items[i].outcome, s->keep, &guards);
        struct selftest_only *only = ARENA_ARRAY(s->keep, count, struct selftest_only);
        if (views[i].bad)
            continue;
        for (size_t k = 0; k < count; k++) {
            only[k] = (struct selftest_only){ guards[k].id, guards[k].check, false };
            job_add(&all, (struct job){ .name = s->rows.items[i].name, .folder = arena_printf(s->keep, "%s-without-%zu", s->rows.items[i].folder, k + 1),
                                        .row = s->rows.items[i].row, .without = &guards[k] }, s->keep);
        }
        views[i].guards = only;
        views[i].guard_count = count;
    }
    if (!jobs_play(s, &all, NULL, NULL, err))
        return false;
    for (size_t i = 0; i < s->rows.count; i++)
        for (size_t k = 0; k < views[i].guard_count; k++) {
            const struct job *j = &all.items[n++];
            ((struct selftest_only *)views[i].guards)[k].confirmed = j->over && selftest_judge(j->row, &j->outcome, s->keep).verdict == SELFTEST_MISSED;
        }
    return true;
}

/* ---- the view ---- */

static const char *due_text(const char *const *causes, struct arena *keep)
{
    TEXT(out);

    for (size_t i = 0; causes && causes[i]; i++)
        text_printf(&out, "%s%s", i ? " or " : "", causes[i]);
    return arena_string(keep, text_string(&out));
}

static const char *command_of(const struct job *j, const char *seed, struct arena *keep)
{
    const struct flaw *f = j->row;
    TEXT(out);

    text_add(&out, "arcwire run");
    for (const char *const *p = f->patterns; *p; p++)
        text_printf(&out, " '%s'", *p);
    text_printf(&out, " --peer %s --delivery %s", j->name, f->delivery);
    if (f->serves)
        text_add(&out, " --play server");
    if (f->dials)
        text_add(&out, " --dial peer");
    if (f->limit_ms)
        text_printf(&out, " --limit %" PRIu64, f->limit_ms);
    if (f->profile)
        text_printf(&out, " --profile %s", f->profile);
    text_printf(&out, " --seed %s", seed);
    return arena_string(keep, text_string(&out));
}

static void row_view(const struct selftest *s, const struct job *j, struct selftest_view *v, struct selftest_row *out)
{
    static const char *const kinds[] = { "flaw", "degenerate", "odd" };
    struct selftest_judgement done = selftest_judge(j->row, &j->outcome, s->keep);

    *out = (struct selftest_row){ .name = j->way ? arena_printf(s->keep, "%s%s", j->name, j->way) : j->name, .kind = kinds[j->row->kind], .sentence = j->row->sentence,
                                  .verdict = selftest_verdict_name(done.verdict), .why = done.why, .check = done.check, .caught = done.caught, .held_out = j->row->held_out,
                                  .bad = done.verdict == SELFTEST_MISSED || done.verdict == SELFTEST_FALSE_ALARM,
                                  .headline = j->outcome.headline, .due = due_text(j->row->causes, s->keep), .directory = j->folder,
                                  .command = command_of(j, s->seed, s->keep), .us = j->outcome.us };
    v->killed += done.verdict == SELFTEST_KILLED;
    v->misdiagnosed += done.verdict == SELFTEST_MISDIAGNOSED;
    v->missed += done.verdict == SELFTEST_MISSED;
    v->right += done.verdict == SELFTEST_RIGHT;
    v->false_alarms += done.verdict == SELFTEST_FALSE_ALARM;
    v->skipped += done.verdict == SELFTEST_SKIPPED;
    v->held_out += j->row->held_out && done.verdict != SELFTEST_SKIPPED;
    v->held_out_right += j->row->held_out && done.verdict == SELFTEST_KILLED;
}

static bool untripped_view(struct selftest *s, struct selftest_view *v, struct error *err)
{
    const char *path = arena_printf(s->keep, "%s/vectors/untripped.json", place_data());
    struct selftest_untripped *items = ARENA_ARRAY(s->keep, s->pairs.count, struct selftest_untripped);

    if (s->complete && file_exists(path) &&
        (!json_read(path, s->keep, &s->reasons, err) || !selftest_reasons(&s->pairs, s->reasons, false, err)))
        return false;
    for (size_t i = 0; i < s->pairs.count; i++) {
        const struct selftest_pair *p = &s->pairs.items[i];
        if (p->by)
            continue;
        items[v->untripped_count++] = (struct selftest_untripped){ p->kind, p->clause, p->id, p->reason };
        v->unreasoned += p->reason == NULL;
    }
    v->untripped = items;
    v->pairs = s->pairs.count;
    return true;
}

/* ---- what guards each clause ---- */

static bool guards_update(struct selftest *s, const char *path, struct error *err)
{
    TEXT(out);

    selftest_guards_write(&s->pairs, &out);
    return file_write(path, buffer_bytes(&out.b), err);
}

/* The register of guards says what is, where all flaws were played; or is made to. */
static bool guards_keep(struct selftest *s, const struct selftest_view *v, struct error *err)
{
    const char *path = arena_printf(s->keep, "%s/vectors/guards.json", place_data());
    const char **names = ARENA_ARRAY(s->keep, s->rows.count, const char *);
    const struct json *file;

    if (!s->complete || v->skipped)
        return !s->o->update_guards || error_set(err, ERROR_PEER, "--update-guards takes every flaw, and some need what is not installed");
    if (s->o->update_guards)
        return guards_update(s, path, err);
    for (size_t i = 0; i < s->rows.count; i++)
        names[i] = s->rows.items[i].name;
    return !file_exists(path) || (json_read(path, s->keep, &file, err) && selftest_guards_judge(&s->pairs, file, names, s->rows.count, err));
}

static bool view_write(const struct selftest *s, const struct selftest_view *v, struct error *err)
{
    SCRATCH(scratch);
    TEXT(html);
    TEXT(json);

    selftest_html(v, &html);
    selftest_json(v, &json);
    if (s->o->json)
        fputs(text_string(&json), stdout);
    return file_write(arena_printf(&scratch, "%s/selftest.html", s->directory), buffer_bytes(&html.b), err) &&
           file_write(arena_printf(&scratch, "%s/selftest.json", s->directory), buffer_bytes(&json.b), err);
}

static void say_row(const struct selftest *s, const struct selftest_row *r)
{
    TEXT(line);

    if (s->o->json || (s->o->quiet && !r->bad))
        return;
    selftest_row_text(r, &line);
    fputs(text_string(&line), stdout);
    fflush(stdout);
}

static bool play_all(struct selftest *s, struct selftest_view *v, struct error *err)
{
    struct selftest_row *views = ARENA_ARRAY(s->keep, s->controls.count + s->rows.count, struct selftest_row);
    size_t n = s->controls.count; // then: those that there are

    v->rows = views;
    for (size_t i = 0; i < s->controls.count; i++)
        know_peer(s, &s->controls.items[i]);
    if (!jobs_play(s, &s->controls, NULL, NULL, err) || !jobs_play(s, &s->rows, NULL, trip, err))
        return false;
    if (play_is_stopped())
        return true;
    struct selftest_row *out = views;
    for (size_t i = 0; i < n; i++) {
        if (s->controls.items[i].outcome.missing)
            continue; // there is no such peer
        row_view(s, &s->controls.items[i], v, out);
        say_row(s, out++);
    }
    n = (size_t)(out - views);
    for (size_t i = 0; i < s->rows.count; i++) {
        row_view(s, &s->rows.items[i], v, out);
        say_row(s, out++);
    }
    v->row_count = (size_t)(out - views);
    return (!s->complete || play_broad(s, err)) && play_guards(s, views + n, err) && untripped_view(s, v, err);
}

static bool workers_choose(const struct options *o, unsigned *out, struct error *err)
{
    uint64_t told;
    cpu_set_t all;

    // As many again as there are processors: broken peers are waited for half of the time.
    *out = 2 * (sched_getaffinity(0, sizeof all, &all) == 0 ? (unsigned)CPU_COUNT(&all) : 1);
    *out = *out < RUN_WORKERS ? *out : RUN_WORKERS;
    if (!o->workers)
        return true;
    if (!number_parse("-j", o->workers, 1, RUN_WORKERS, &told, err))
        return false;
    *out = (unsigned)told;
    return true;
}

static int play_selftest(struct selftest *s, struct error *err)
{
    int64_t began = clock_us();
    char started[32];
    time_t now = (time_t)clock_wall();
    struct tm utc;
    TEXT(command);
    TEXT(out);

    text_add(&command, "arcwire selftest");
    for (size_t i = 0; i < s->o->word_count; i++)
        text_printf(&command, " '%s'", s->o->words[i]);
    for (size_t i = 0; i < s->o->peers.count; i++)
        text_printf(&command, " --peer %s", s->o->peers.items[i]);
    text_printf(&command, " --seed %s", s->seed);
    gmtime_r(&now, &utc);
    strftime(started, sizeof started, "%Y-%m-%dT%H:%M:%SZ", &utc);
    struct selftest_view v = { .started = started, .command = text_string(&command), .seed = s->seed, .complete = s->complete };
    if (!play_all(s, &v, err))
        return fail(err);
    if (play_is_stopped()) {
        fprintf(stderr, "arcwire: the selftest was stopped\n");
        return EXIT_STOPPED;
    }
    v.us = clock_us() - began;
    if (!view_write(s, &v, err))
        return fail(err);
    selftest_text(&v, arena_printf(s->keep, "%s/selftest.html", play_latest(s->directory)), &out);
    if (!s->o->json)
        fputs(text_string(&out), stdout);
    if ((s->reasons && !selftest_reasons(&s->pairs, s->reasons, v.skipped == 0, err)) || !guards_keep(s, &v, err))
        return fail(err);
    if (v.missed || v.false_alarms || (v.complete && v.unreasoned))
        return EXIT_UNEXPECTED;
    return v.killed + v.misdiagnosed + v.right ? EXIT_EXPECTED : EXIT_NOTHING;
}

int selftest_flaws(const struct options *o)
{
    SCRATCH(keep);
    struct selftest s = { .o = o, .keep = &keep, .pairs = { .keep = &keep } };
    struct run_options run = { 0 };
    struct library lib = { 0 };
    struct error err;
    int status;

    if (!run_options_parse(&(struct options){ .seed = o->seed }, &run, &keep, &err) || !workers_choose(o, &s.workers, &err) ||
        !rows_find(&s, &err) || !library_open(o, &lib, &err)) {
        status = fail(&err);
    } else if (s.rows.count == 0) {
        fprintf(stderr, "arcwire: no flaw is selected\n");
        status = EXIT_NOTHING;
    } else if (o->update_guards && !s.complete) {
        fprintf(stderr, "arcwire: --update-guards takes a selftest of every flaw\n");
        status = EXIT_USAGE;
    } else if (!play_directory(o, "selftest", &keep, &s.directory, &err)) {
        status = fail(&err);
    } else {
        s.lib = &lib;
        s.seed = arena_printf(&keep, "0x%" PRIx64, run.seed);
        status = play_selftest(&s, &err);
    }
    library_free(&lib);
    return status;
}
