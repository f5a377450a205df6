/*
 * Several workers: what they bring together is what one brings, whatever becomes of them.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/crew.h"
#include "test_vector.h"

/* The reference's NEXT: WORD 4, a DWORD; WORD 0, the next one. */
#define COUNTER                                                                                                       \
    "{'format': 1, 'service': 'counter', 'first-control': 'next', 'probe': 'next', 'pipelining': true,"                 \
    " 'end': {'name': 'end', 'clauses': ['X-1']},"                                                                       \
    " 'controls': {'next': [ {'client': [{'word': 4}, {'dword': {'draw': {}, 'as': 'n'}}]},"                             \
    "                        {'server': [{'word': 0}, {'dword': {'reuse': 'n', 'plus': 1}}]} ]}}"
#define ONE(id, head, plus)                                                                                           \
    "{'id': '" id "', 'title': 'T', 'clauses': ['X-1'], " head " 'steps': [{'control': 'next'},"                         \
    " {'client': [{'word': 4}, {'dword': 7}]}, {'server': [{'word': 0}, {'dword': " plus "}]}]}"
#define SUITE                                                                                                         \
    "{'format': 1, 'suite': 't', 'service': 'counter', 'cases': [" ONE("t-1", "", "8") "," ONE("t-2", "", "9") ","       \
    ONE("t-3", "'profile': 'ansi',", "8") "," ONE("t-4", "", "8") "," ONE("t-5", "", "9") "," ONE("t-6", "", "8") "]}"

struct heard {
    struct text records, words;
    size_t count, stop_after;
    volatile int stop;
    const char *breaks; // id at which a worker breaks
    int by;             // the signal
};

static bool on_profile(void *of, const char *service, const struct profile *p, const char *from, const char *types, struct error *err)
{
    (void)p, (void)types, (void)err;
    text_printf(&((struct heard *)of)->records, "[%s %s]\n", service, from);
    return true;
}

static void describe(void *of, const struct result *r, struct text *to)
{
    const struct heard *h = of;

    if (h->breaks && strcmp(r->vector->id, h->breaks) == 0) {
        signal(h->by, SIG_DFL); // a sanitizer would make an exit of it
        raise(h->by);
    }
    if (r->second)
        text_printf(to, "(then %s, of %zu ops) ", verdict_name(r->second->verdict), r->second->program->count);
    text_printf(to, "%s%s %s %s %s %s", r->repeated ? "twice " : "", r->vector->id, r->delivery, r->profile, verdict_name(r->verdict), r->reason ? r->reason : "");
    for (size_t i = 0; i < r->findings.count; i++)
        text_printf(to, " %s:%s:%s", r->findings.items[i].check.name, grade_name(r->findings.items[i].grade),
                    r->findings.items[i].cause ? r->findings.items[i].cause : "");
    for (size_t i = 0; r->program && i < r->program->count; i++)
        text_hex(to, r->program->ops[i].bytes, false);
    text_char(to, '\n');
}

static bool on_record(void *of, size_t place, enum verdict v, struct bytes record, struct error *err)
{
    struct heard *h = of;

    (void)place, (void)v, (void)err;
    text_addn(&h->records, (const char *)record.data, record.len);
    h->stop |= ++h->count == h->stop_after;
    return true;
}

static void on_words(void *of, const char *line)
{
    text_printf(&((struct heard *)of)->words, "%s\n", line);
}

static const char *build(struct arena *keep)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);

    cr_assert(n > 0);
    path[n] = 0;
    *strrchr(path, '/') = 0;
    return arena_string(keep, path);
}

struct crew_case {
    const char *label;
    const char *command[8];
    size_t max_failures, stop_after;
};

/* Plays the suite with that many workers; all that is left of them is waited for. */
static bool play(const struct crew_case *t, unsigned workers, struct heard *h, struct run_totals *totals, struct error *err)
{
    static const char *const services[] = { "counter", NULL };
    SCRATCH(keep);
    struct library lib;
    struct manifest m = { .name = "reference", .title = "R", .path = "peer.json", .directory = ".", .listen = t->command,
                          .services = services, .ready = READY_LISTENER };
    struct run_options o = { .service = "counter", .seed = 7, .limits = limits_default, .profile = profile_default,
                             .profile_from = "default", .how = "--peer reference", .manifest = &m, .build = build(&keep),
                             .workers = workers, .max_failures = t->max_failures,
                             .deliveries = { delivery_find("plain"), delivery_find("coalesced"), delivery_find("bytewise") },
                             .delivery_count = 3 };
    struct sink sink = { h, on_profile, describe, on_record, on_words };

    prctl(PR_SET_CHILD_SUBREAPER, 1);
    library_must(COUNTER, SUITE, &lib);
    h->stop_after = t->stop_after;
    bool good = run_suites(&lib, &o, &sink, &h->stop, totals, err);
    while ((h->breaks || t->stop_after) && waitpid(-1, NULL, 0) > 0) // a peer dies with its worker, but may have nobody to wait for it
        ;
    cr_expect(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "%s, %u workers: nothing is left", t->label, workers);
    library_free(&lib);
    return good;
}

static void forget(struct heard *h)
{
    text_free(&h->records);
    text_free(&h->words);
}

#define REFERENCE { "{build}/peers/reference", "--port", "{port}", NULL }

// clang-format off
static const struct crew_case same[] = {
    { "all are played",               REFERENCE, 0, 0 },
    { "as many failures as asked for", REFERENCE, 2, 0 },
    { "stopped behind the fourth",    REFERENCE, 0, 4 },
    { "unstable",                 { "{build}/peers/flawed", "--flaw", "right-once", "--port", "{port}", NULL }, 0, 0 },
    { "unstable, up to the second", { "{build}/peers/flawed", "--flaw", "right-once", "--port", "{port}", NULL }, 2, 0 },
    { "the first control fails",      { "{build}/peers/flawed", "--flaw", "swap-all", "--port", "{port}", NULL }, 0, 0 },
    { "the peer hangs up at once",    { "{build}/peers/flawed", "--flaw", "closes", "--port", "{port}", NULL }, 0, 0 },
};
// clang-format on

Test(crew, brings_what_one_worker_brings, .timeout = 60)
{
    for (const struct crew_case *t = same; t < same + COUNT_OF(same); t++) {
        struct heard alone = { 0 };
        struct run_totals one, many;
        struct error err = { 0 };
        cr_assert(play(t, 1, &alone, &one, &err), "%s: %s", t->label, err.text);
        cr_expect(alone.count >= 18);
        for (unsigned workers = 2; workers <= 4; workers++) {
            struct heard h = { 0 };
            cr_assert(play(t, workers, &h, &many, &err), "%s: %s", t->label, err.text);
            cr_expect(eq(str, (char *)text_string(&h.records), (char *)text_string(&alone.records)), "%s, %u workers", t->label, workers);
            one.spent = many.spent = (struct spent){ 0 };
            cr_expect(memcmp(&one, &many, sizeof one) == 0, "%s, %u workers: the totals", t->label, workers);
            forget(&h);
        }
        forget(&alone);
    }
}

/* The first is by one worker. */
Test(crew, twenty_runs_bring_the_same, .timeout = 120)
{
    struct heard first = { 0 };

    for (unsigned i = 0; i < 20; i++) {
        const struct crew_case *t = &same[3 * (i / 10)]; // all pass, and all fail
        struct heard h = { 0 };
        struct run_totals totals;
        struct error err = { 0 };
        cr_assert(play(t, i % 10 ? 1 + i % 4 : 1, &h, &totals, &err), "%s, run %u: %s", t->label, i, err.text);
        if (i % 10 == 0) {
            forget(&first);
            first = h;
            continue;
        }
        cr_expect(eq(str, (char *)text_string(&h.records), (char *)text_string(&first.records)), "%s, run %u", t->label, i);
        forget(&h);
    }
    forget(&first);
}

Test(crew, a_worker_that_breaks_is_a_bug_and_names_its_case, .timeout = 30)
{
    static const struct crew_case t = { "breaks", REFERENCE, 0, 0 };
    static const struct {
        int by;
        enum error_kind kind;
    } rows[] = { { SIGSEGV, ERROR_BUG }, { SIGKILL, ERROR_SYSTEM } }; // nobody but the surroundings sends SIGKILL

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct heard h = { .breaks = "t-4", .by = rows[i].by };
        struct run_totals totals;
        struct error err = { 0 };
        cr_expect(not(play(&t, 2, &h, &totals, &err)));
        cr_expect(eq(int, err.kind, rows[i].kind), "%s", err.text);
        cr_expect(strncmp(err.text, "the worker that plays t-4 was ended by signal ", 46) == 0, "%s", err.text);
        cr_expect(strstr(text_string(&h.records), "t-2 bytewise") != NULL, "what was before is kept");
        forget(&h);
    }
}

Test(crew, a_peer_that_does_not_start_ends_it, .timeout = 30)
{
    static const struct crew_case t = { "exits", { "/bin/sh", "-c", "exit 9", NULL }, 0, 0 };
    struct heard h = { 0 };
    struct run_totals totals;
    struct error err = { 0 };

    cr_expect(not(play(&t, 3, &h, &totals, &err)));
    cr_expect(eq(int, err.kind, ERROR_PEER));
    cr_expect(eq(str, err.text, "/bin/sh exited with status 9 before it was ready"));
    forget(&h);
}

Test(crew, what_was_played_goes_through_a_pipe_in_any_pieces)
{
    struct played out = { .count = 1, .results = { { VERDICT_FAIL, true, 0, 4 } }, .profile = { 70, CHARSET_ANSI, 32 } }, back = { 0 };
    struct buffer pipe = { 0 };
    struct error err = { 0 }, said;
    size_t which = 0;
    bool good;

    text_add(&out.records, "one\n");
    text_add(&out.ended, "first-control failed");
    played_say(&out, "a line");
    played_pack(41, &out, true, NULL, &pipe);
    size_t first = pipe.len;
    error_set(&err, ERROR_PEER, "gone");
    played_pack(42, &back, false, &err, &pipe);
    for (size_t len = 0; len < first; len++)
        cr_expect(eq(sz, played_unpack(bytes_slice(buffer_bytes(&pipe), 0, len), &which, &back, &good, &said), 0));
    cr_expect(eq(sz, played_unpack(buffer_bytes(&pipe), &which, &back, &good, &said), first));
    cr_expect(good && which == 41 && back.results[0].verdict == VERDICT_FAIL && back.results[0].dead && back.profile.bits == 32);
    cr_expect(eq(str, (char *)text_string(&back.records), "one\n"));
    cr_expect(eq(str, (char *)text_string(&back.ended), "first-control failed"));
    cr_expect(eq(str, (char *)text_string(&back.said), "a line\n"));
    cr_expect(eq(sz, played_unpack(bytes_slice(buffer_bytes(&pipe), first, SIZE_MAX), &which, &back, &good, &said), pipe.len - first));
    cr_expect(good == false && which == 42 && said.kind == ERROR_PEER);
    cr_expect(eq(str, said.text, "gone"));
    played_free(&out);
    played_free(&back);
    buffer_free(&pipe);
}
