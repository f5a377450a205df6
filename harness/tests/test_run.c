/*
 * A run over cases, against peers that are children of the test or the reference peer: what is selected, what is not
 * run and why, and when it ends early.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/run.h"
#include "test_vector.h"

#define LINE(id, head, steps) "{'id': '" id "', 'title': 'T', 'clauses': ['X-1'], " head " 'steps': [" steps "]}"
#define SUITE(lines) "{'format': 1, 'suite': 't', 'service': 'tiny', 'cases': [" lines "]}"
#define PING "{'control': 'ping'}"
#define ASK(byte) "{'client': [{'byte': " byte "}]},{'server': [{'byte': 8}]}"

/* One word for each result, and what was said. */
struct heard {
    struct text results, words;
    size_t fail_after; // results, after which the sink fails; 0: never
    volatile int *stop_at_first;
};

static bool on_profile(void *of, const char *service, const struct profile *p, const char *from, const char *types, struct error *err)
{
    (void)of, (void)service, (void)p, (void)from, (void)types, (void)err;
    return true;
}

/* A record is the word itself. */
static void describe(void *of, const struct result *r, struct text *to)
{
    (void)of;
    text_printf(to, "%s:%s:%s", r->vector->id, r->delivery, verdict_name(r->verdict));
    if (r->reason)
        text_printf(to, "(%s)", r->reason);
}

static bool on_record(void *of, size_t place, enum verdict v, struct bytes record, struct error *err)
{
    struct heard *h = of;

    (void)place, (void)v;
    text_printf(&h->results, "%s%.*s", h->results.b.len ? " " : "", (int)record.len, (const char *)record.data);
    if (h->stop_at_first)
        *h->stop_at_first = 1;
    return !h->fail_after || --h->fail_after || error_set(err, ERROR_SYSTEM, "the disk is full");
}

static void on_words(void *of, const char *line)
{
    text_printf(&((struct heard *)of)->words, "%s\n", line);
}

enum manner { RIGHT, WRONG_BYTE, CLOSES, RESETS_END };

/* Speaks tiny: 1 → 2, all else → 8. CLOSES: from the second connection on, at once. */
static pid_t child_peer(enum manner manner, struct address *at)
{
    int listener = socket(AF_INET, SOCK_STREAM, 0), fd;

    cr_assert(bind(listener, (struct sockaddr *)&at->storage, at->len) == 0 && listen(listener, 8) == 0);
    at->len = sizeof at->storage;
    getsockname(listener, (struct sockaddr *)&at->storage, &at->len);
    pid_t pid = fork();
    if (pid) {
        close(listener);
        return pid;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (size_t n = 0; (fd = accept(listener, NULL, NULL)) >= 0; n++) {
        uint8_t byte;
        while (!(manner == CLOSES && n > 0) && recv(fd, &byte, 1, 0) == 1) {
            byte = byte == 1 ? 2 : 8;
            byte ^= manner == WRONG_BYTE;
            if (send(fd, &byte, 1, MSG_NOSIGNAL) < 0)
                break;
        }
        if (manner == RESETS_END)
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger){ 1, 0 }, sizeof(struct linger));
        close(fd);
    }
    _exit(0);
}

struct run_case {
    const char *label;
    enum manner manner;
    const char *suite, *patterns[2], *deliveries[2];
    const char *results;
    bool broken;
};

static const struct limits short_limits = { .open = 500000, .step = 500000, .end = 500000, .quiet = 10000, .settle = 20000, .whole = 2000000 };

static void options_make(struct run_options *o, const struct run_case *t)
{
    *o = (struct run_options){ .patterns = t->patterns, .service = "tiny", .seed = 1, .limits = short_limits,
                               .profile = profile_default, .profile_from = "default", .how = "--connect somewhere" };
    while (o->pattern_count < 2 && t->patterns[o->pattern_count])
        o->pattern_count++;
    for (size_t i = 0; i < 2 && t->deliveries[i]; i++)
        o->deliveries[o->delivery_count++] = delivery_find(t->deliveries[i]);
    if (!o->delivery_count)
        o->deliveries[o->delivery_count++] = delivery_find("plain");
}

#define THREE SUITE(LINE("t-1", "", ASK("7")) "," LINE("t-2", "", ASK("7")) "," LINE("t-3", "", PING))

// clang-format off
static const struct run_case cases[] = {
    { "all is well", RIGHT, THREE, { NULL }, { NULL },
      "first-control:plain:pass t-1:plain:pass t-2:plain:pass t-3:plain:pass", false },
    { "two deliveries", RIGHT, THREE, { "t-3" }, { "plain", "bytewise" },
      "first-control:plain:pass t-3:plain:pass t-3:bytewise:pass", false },
    { "a pattern", RIGHT, THREE, { "t-[13]" }, { NULL },
      "first-control:plain:pass t-1:plain:pass t-3:plain:pass", false },
    { "two patterns", RIGHT, THREE, { "*-1", "t-2" }, { NULL },
      "first-control:plain:pass t-1:plain:pass t-2:plain:pass", false },
    { "a suite", RIGHT, THREE, { "t" }, { NULL },
      "first-control:plain:pass t-1:plain:pass t-2:plain:pass t-3:plain:pass", false },
    { "the first control fails", WRONG_BYTE, THREE, { NULL }, { NULL },
      "first-control:plain:fail t-1:plain:not-run(first-control failed) t-2:plain:not-run(first-control failed) t-3:plain:not-run(first-control failed)", true },
    { "the right answer and a wrong end", RESETS_END, SUITE(LINE("t-1", "", PING)), { NULL }, { NULL },
      "first-control:plain:fail t-1:plain:fail", false },
    { "three dead connections", CLOSES, SUITE(LINE("t-1", "", ASK("7")) "," LINE("t-2", "", ASK("7")) "," LINE("t-3", "", ASK("7")) "," LINE("t-4", "", ASK("7"))), { NULL }, { NULL },
      "first-control:plain:pass t-1:plain:fail t-2:plain:fail t-3:plain:fail t-4:plain:not-run(three connections in a row brought nothing)", true },
    { "a failed control is inconclusive", CLOSES, SUITE(LINE("t-1", "", PING "," ASK("7"))), { NULL }, { NULL },
      "first-control:plain:pass t-1:plain:inconclusive(the control \"ping\" failed, so that nothing is shown about the case itself)", false },
    { "another profile, another party", RIGHT,
      SUITE(LINE("t-1", "'profile': 'ansi',", ASK("7")) "," LINE("t-2", "'dial': 'peer',", ASK("7")) "," LINE("t-3", "", "{'listen': 'client'}," ASK("7")) "," LINE("t-4", "'dial': 'us', 'profile': 'unicode',", ASK("7"))), { NULL }, { NULL },
      "first-control:plain:pass t-1:plain:skipped(for peers of profile ansi) t-2:plain:skipped(for peers that dial)"
      " t-3:plain:skipped(needs a peer that arcwire starts, to hear that it was refused) t-4:plain:pass", false },
    { "should", RIGHT, SUITE(LINE("t-1", "'level': 'should',", "{'client': [{'byte': 7}]},{'server': [{'byte': 9}]}")), { NULL }, { NULL },
      "first-control:plain:pass t-1:plain:warn", false },
};
// clang-format on

Test(run, plays_what_is_selected_and_tells_why_not, .timeout = 30)
{
    for (const struct run_case *t = cases; t < cases + COUNT_OF(cases); t++) {
        struct library lib;
        struct run_options o;
        struct heard h = { 0 };
        struct sink sink = { &h, on_profile, describe, on_record, on_words };
        struct run_totals totals;
        struct error err = { 0 };
        static const volatile int never;
        library_must(TINY, t->suite, &lib);
        options_make(&o, t);
        o.address = address_loopback(0);
        pid_t pid = child_peer(t->manner, &o.address);
        cr_expect(run_suites(&lib, &o, &sink, &never, &totals, &err), "%s: %s", t->label, err.text);
        cr_expect(eq(str, (char *)text_string(&h.results), (char *)t->results), "%s", t->label);
        cr_expect(eq(int, totals.broken, t->broken), "%s", t->label);
        size_t results = 0;
        for (int v = 0; v < VERDICT_COUNT; v++)
            results += totals.results[v];
        cr_expect(eq(sz, results, run_count(&lib, &o) + 1), "%s: no result is lost", t->label);
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        text_free(&h.results);
        text_free(&h.words);
        library_free(&lib);
    }
}

Test(run, ends_when_it_is_told_and_names_the_rest, .timeout = 20)
{
    static const struct run_case t = { "", RIGHT, THREE, { NULL }, { NULL }, NULL, false };
    static volatile int stop;
    struct library lib;
    struct run_options o;
    struct heard h = { .stop_at_first = &stop };
    struct sink sink = { &h, on_profile, describe, on_record, on_words };
    struct run_totals totals;
    struct error err = { 0 };

    library_must(TINY, t.suite, &lib);
    options_make(&o, &t);
    o.address = address_loopback(0);
    pid_t pid = child_peer(RIGHT, &o.address);
    cr_expect(run_suites(&lib, &o, &sink, &stop, &totals, &err), "%s", err.text);
    cr_expect(eq(str, (char *)text_string(&h.results),
                 "first-control:plain:pass t-1:plain:not-run(the run was stopped) t-2:plain:not-run(the run was stopped)"
                 " t-3:plain:not-run(the run was stopped)"));
    cr_expect(totals.stopped);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    library_free(&lib);
    text_free(&h.results);
}

static bool all_is_known(void *of, struct bytes record)
{
    (void)of, (void)record;
    return true;
}

Test(run, is_not_ended_by_what_is_known, .timeout = 20)
{
    static const struct run_case t = { "", CLOSES, SUITE(LINE("t-1", "", ASK("7")) "," LINE("t-2", "", ASK("7")) "," LINE("t-3", "", ASK("7")) "," LINE("t-4", "", ASK("7"))),
                                       { NULL }, { NULL }, NULL, false };
    static const volatile int never;
    struct library lib;
    struct run_options o;
    struct heard h = { 0 };
    struct sink sink = { &h, on_profile, describe, on_record, on_words, .known = all_is_known };
    struct run_totals totals;
    struct error err = { 0 };

    library_must(TINY, t.suite, &lib);
    options_make(&o, &t);
    o.max_failures = 1;
    o.address = address_loopback(0);
    pid_t pid = child_peer(t.manner, &o.address);
    cr_expect(run_suites(&lib, &o, &sink, &never, &totals, &err), "%s", err.text);
    cr_expect(eq(str, (char *)text_string(&h.results), "first-control:plain:pass t-1:plain:fail t-2:plain:fail t-3:plain:fail t-4:plain:fail"));
    cr_expect(not(totals.broken));
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    library_free(&lib);
    text_free(&h.results);
    text_free(&h.words);
}

Test(run, ends_when_a_result_cannot_be_kept, .timeout = 20)
{
    static const struct run_case t = { "", RIGHT, THREE, { NULL }, { NULL }, NULL, false };
    static const volatile int never;
    struct library lib;
    struct run_options o;
    struct heard h = { .fail_after = 2 };
    struct sink sink = { &h, on_profile, describe, on_record, on_words };
    struct run_totals totals;
    struct error err = { 0 };

    library_must(TINY, t.suite, &lib);
    options_make(&o, &t);
    o.address = address_loopback(0);
    pid_t pid = child_peer(RIGHT, &o.address);
    cr_expect(not(run_suites(&lib, &o, &sink, &never, &totals, &err)));
    cr_expect(eq(str, err.text, "the disk is full"));
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    library_free(&lib);
    text_free(&h.results);
}

Test(run, needs_a_peer_that_can_be_reached, .timeout = 20)
{
    static const struct run_case t = { "", RIGHT, THREE, { NULL }, { NULL }, NULL, false };
    static const volatile int never;
    struct library lib;
    struct run_options o;
    struct heard h = { 0 };
    struct sink sink = { &h, on_profile, describe, on_record, on_words };
    struct run_totals totals;
    struct error err = { 0 };
    int held;

    library_must(TINY, t.suite, &lib);
    options_make(&o, &t);
    o.address = address_loopback(0);
    cr_assert(net_bind(&o.address, &held, &err));
    cr_expect(not(run_suites(&lib, &o, &sink, &never, &totals, &err)));
    cr_expect(eq(int, err.kind, ERROR_PEER));
    cr_expect(eq(str, (char *)text_string(&h.results), ""));
    close(held);
    library_free(&lib);
}

static const char *const exits[] = { "/bin/sh", "-c", "exit 9", NULL };

Test(run, a_peer_that_does_not_start_ends_it, .timeout = 20)
{
    static const char *const services[] = { "tiny", NULL };
    static const struct run_case t = { "", RIGHT, THREE, { NULL }, { NULL }, NULL, false };
    static const volatile int never;
    const struct manifest m = { .name = "sh", .title = "sh", .path = "peer.json", .directory = ".", .listen = exits, .services = services };
    struct library lib;
    struct run_options o;
    struct heard h = { 0 };
    struct sink sink = { &h, on_profile, describe, on_record, on_words };
    struct run_totals totals;
    struct error err = { 0 };

    library_must(TINY, t.suite, &lib);
    options_make(&o, &t);
    o.manifest = &m;
    o.build = ".";
    cr_expect(not(run_suites(&lib, &o, &sink, &never, &totals, &err)));
    cr_expect(eq(str, err.text, "/bin/sh exited with status 9 before it was ready"));
    cr_expect(eq(int, err.kind, ERROR_PEER));
    cr_expect(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD);
    library_free(&lib);
}
