/*
 * What becomes of a peer that arcwire starts: reset, restarted, dead, blamed on the right case, complained about, and
 * allowed to deviate. The peer is tiny.c's.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "run/run.h"
#include "test_vector.h"
#include "tiny.h"

#define LINE(id, clause, steps) "{'id': '" id "', 'title': 'T', 'clauses': ['" clause "'], 'no-control': 'an example', 'steps': [" steps "]}"
#define SUITE(lines) "{'format': 1, 'suite': 't', 'service': 'tiny', 'cases': [" lines "]}"
#define SAY(byte, answer) "{'client': [{'byte': " byte "}]},{'server': [{'byte': " answer "}]}"
#define ASK(byte) SAY(byte, "8")

struct heard {
    struct text results, words;
    const char *kill_behind; // the peer is killed when that result has come
};

static bool on_profile(void *of, const char *service, const struct profile *p, const char *from, const char *types, struct error *err)
{
    (void)of, (void)service, (void)p, (void)from, (void)types, (void)err;
    return true;
}

/* A record: id:verdict(reason), and in brackets the sentence of each finding about the life of the peer or a declaration. */
static void describe(void *of, const struct result *r, struct text *to)
{
    (void)of;
    text_printf(to, "%s:%s", r->vector->id, verdict_name(r->verdict));
    if (r->reason)
        text_printf(to, "(%s)", r->reason);
    for (size_t i = 0; i < r->findings.count; i++)
        if (r->findings.items[i].sentence && (r->findings.items[i].axis == AXIS_LIFE || r->findings.items[i].grade == GRADE_DECLARED ||
                                              !strncmp(r->findings.items[i].check.name, "declared", 8)))
            text_printf(to, "[%s]", r->findings.items[i].sentence);
}

/* The one child of this process. */
static pid_t child(void)
{
    pid_t pid = -1;
    FILE *f = fopen("/proc/thread-self/children", "r");

    cr_assert(f && fscanf(f, "%d", &pid) == 1);
    fclose(f);
    return pid;
}

static bool on_record(void *of, enum verdict v, struct bytes record, struct error *err)
{
    struct heard *h = of;

    (void)v, (void)err;
    text_printf(&h->results, "%s%.*s", h->results.b.len ? " " : "", (int)record.len, (const char *)record.data);
    if (h->kill_behind && memmem(record.data, record.len, h->kill_behind, strlen(h->kill_behind))) {
        siginfo_t info;
        pid_t pid = child();
        h->kill_behind = NULL;
        kill(pid, SIGKILL);
        cr_assert(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) == 0); // it is dead, and nobody knows yet
    }
    return true;
}

static void on_words(void *of, const char *line)
{
    text_printf(&((struct heard *)of)->words, "%s\n", line);
}

/* A directory for the peer's $STATE and $ONCE. */
static char place[32];

static void place_make(void)
{
    struct error err;

    strcpy(place, "/tmp/arcwire-test-XXXXXX");
    cr_assert(mkdtemp(place) != NULL && chdir(place) == 0);
    cr_assert(file_write("state", bytes_of("1\n"), &err) && file_write("once", bytes_of(""), &err));
}

static void place_leave(void)
{
    cr_assert(chdir("/") == 0);
    file_remove_directory(place);
    cr_expect(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "nothing is left");
}

static const struct limits short_limits = { .open = 2000000, .step = 2000000, .end = 2000000, .quiet = 10000, .settle = 20000, .whole = 10000000 };

enum way { LISTENS, DIALS, STDIO };

/* The tiny peer's manifest. */
static struct manifest manifest_make(enum way way, const char *manner, struct arena *keep)
{
    static const char *const services[] = { "tiny", NULL };
    const char **command = ARENA_ARRAY(keep, 5, const char *), **environment = ARENA_ARRAY(keep, 3, const char *);
    struct manifest m = { .name = "tiny", .title = "tiny", .path = "peer.json", .directory = ".", .services = services,
                          .ready = way == LISTENS && strstr(manner, "words") ? READY_STDOUT : READY_LISTENER };

    command[0] = tiny_program();
    command[1] = "--tiny-peer";
    command[2] = manner;
    command[3] = way == STDIO ? "-" : way == DIALS ? "{host}:{port}" : strstr(manner, "words") ? "0" : "{port}";
    environment[0] = arena_printf(keep, "STATE=%s/state", place);
    environment[1] = arena_printf(keep, "ONCE=%s/once", place);
    m.environment = environment;
    *(way == LISTENS ? &m.listen : way == DIALS ? &m.dial : &m.stdio) = (const char *const *)command;
    return m;
}

/* Runs; what was heard into *h. */
static bool run(const char *suite, struct run_options *o, struct heard *h, struct run_totals *totals, struct error *err)
{
    static const volatile int never;
    struct sink sink = { h, on_profile, describe, on_record, on_words };
    struct library lib;

    library_must(TINY, suite, &lib);
    o->seed = 1;
    o->limits = short_limits;
    o->profile = profile_default;
    o->profile_from = "default";
    o->how = "--peer somewhere";
    o->build = "/build";
    o->deliveries[0] = delivery_find("plain");
    o->delivery_count = 1;
    bool good = run_suites(&lib, o, &sink, &never, totals, err);
    library_free(&lib);
    return good;
}

static void forget(struct heard *h)
{
    text_free(&h->results);
    text_free(&h->words);
}

static const char *const one_in_state[] = { "/bin/sh", "-c", "echo 1 >\"$STATE\"", NULL };
#define DEAD "the peer died of signal 11 (Segmentation fault)"
#define KILLED "the peer died of signal 9 (Killed)"
#define REPORT "the peer's stderr says: ==4711==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x1 · READ of size 1 at 0x1 thread T0 · #0 0x1 in serve tiny.c:1"

// clang-format off
static const struct kept_case {
    const char *label;
    enum way way;
    const char *manner, *suite, *results;
    enum restart restart;
    const char *const *reset;
    bool reset_each_case, broken;
    const char *kill_behind;
} kept_cases[] = {
    { "one process for all", LISTENS, "quiet",
      SUITE(LINE("t-1", "X-1", SAY("14", "1")) "," LINE("t-2", "X-1", SAY("14", "2"))),
      "first-control:pass t-1:pass t-2:pass", .restart = RESTART_NEVER },
    { "a fresh one for each case", LISTENS, "words",
      SUITE(LINE("t-1", "X-1", SAY("14", "1")) "," LINE("t-2", "X-1", SAY("14", "1"))),
      "first-control:pass t-1:pass t-2:pass", .restart = RESTART_CASE },
    { "a fresh one that dials", DIALS, "quiet",
      SUITE(LINE("t-1", "X-1", SAY("14", "1")) "," LINE("t-2", "X-1", SAY("14", "1"))),
      "first-control:pass t-1:pass t-2:pass", .restart = RESTART_CASE },
    { "a fresh one for the suite", LISTENS, "quiet",
      SUITE(LINE("t-1", "X-1", SAY("14", "1")) "," LINE("t-2", "X-1", SAY("14", "2"))),
      "first-control:pass t-1:pass t-2:pass", .restart = RESTART_SUITE },
    { "state that stays", LISTENS, "quiet",
      SUITE(LINE("t-1", "X-1", SAY("15", "1")) "," LINE("t-2", "X-1", SAY("15", "2"))),
      "first-control:pass t-1:pass t-2:pass", .restart = RESTART_CASE },
    { "state that is reset before each case", LISTENS, "quiet",
      SUITE(LINE("t-1", "X-1", SAY("15", "1")) "," LINE("t-2", "X-1", SAY("15", "1"))),
      "first-control:pass t-1:pass t-2:pass", .reset = one_in_state, .reset_each_case = true },
    { "state that is reset before the suite", LISTENS, "quiet",
      SUITE(LINE("t-1", "X-1", SAY("15", "1")) "," LINE("t-2", "X-1", SAY("15", "2"))),
      "first-control:pass t-1:pass t-2:pass", .reset = one_in_state },

    { "it dies of a case", LISTENS, "quiet",
      SUITE(LINE("t-1", "X-1", ASK("7")) "," LINE("t-2", "X-1", ASK("10")) "," LINE("t-3", "X-1", ASK("7"))),
      "first-control:pass t-1:pass t-2:fail[" DEAD ", its last words: this is the end; the case by itself ends a fresh peer, too] t-3:pass" },
    { "it dies of a case, and dials", DIALS, "quiet",
      SUITE(LINE("t-1", "X-1", ASK("10")) "," LINE("t-2", "X-1", ASK("7"))),
      "first-control:pass t-1:fail[" DEAD ", its last words: this is the end; the case by itself ends a fresh peer, too] t-2:pass" },
    { "it dies of a case behind another", LISTENS, "quiet",
      SUITE(LINE("t-1", "X-1", ASK("11")) "," LINE("t-2", "X-1", ASK("12")) "," LINE("t-3", "X-1", ASK("12"))),
      "first-control:pass t-1:pass t-2:fail(the peer dies of it only after t-1 (plain))"
      "[" DEAD "; only after t-1 (plain): the case by itself does no harm to a fresh peer, behind that it ends it] t-3:pass" },
    { "fresh ones do not die of both", LISTENS, "quiet",
      SUITE(LINE("t-1", "X-1", ASK("11")) "," LINE("t-2", "X-1", ASK("12"))),
      "first-control:pass t-1:pass t-2:pass", .restart = RESTART_CASE },
    { "it is killed in the middle of a case", LISTENS, "quiet",
      SUITE(LINE("t-1", "X-1", ASK("7")) "," LINE("t-2", "X-1", ASK("16")) "," LINE("t-3", "X-1", ASK("16"))),
      "first-control:pass t-1:pass t-2:fail(that the peer died did not happen again)"
      "[" KILLED "; it did not happen again, neither by the case alone nor behind t-1 (plain)] t-3:pass" },
    { "it is killed in the first case", LISTENS, "quiet",
      SUITE(LINE("t-1", "X-1", ASK("16")) "," LINE("t-2", "X-1", ASK("16"))),
      "first-control:pass t-1:fail(that the peer died did not happen again)"
      "[" KILLED "; it did not happen again by the case on a fresh peer] t-2:pass" },
    { "it is killed between two cases", LISTENS, "quiet",
      SUITE(LINE("t-1", "X-1", ASK("7")) "," LINE("t-2", "X-1", ASK("7")) "," LINE("t-3", "X-1", ASK("7"))),
      "first-control:pass t-1:pass t-2:fail(that the peer died did not happen again)"
      "[no connection came about][" KILLED "; it did not happen again, neither by the case alone nor behind t-1 (plain)] t-3:pass", .kill_behind = "t-1:" },
    { "it is killed behind the last", LISTENS, "quiet",
      SUITE(LINE("t-1", "X-1", ASK("7"))),
      "first-control:pass t-1:pass", .broken = true, .kill_behind = "t-1:" },
    { "on its descriptors, it dies of a case", STDIO, "quiet",
      SUITE(LINE("t-1", "X-1", ASK("7")) "," LINE("t-2", "X-1", ASK("10")) "," LINE("t-3", "X-1", ASK("16")) "," LINE("t-4", "X-1", ASK("7"))),
      "first-control:pass t-1:pass t-2:fail[" DEAD ", its last words: this is the end; the case by itself ends a fresh peer, too]"
      " t-3:fail(that the peer died did not happen again)[" KILLED "; it did not happen again by the case on a fresh peer] t-4:pass" },

    { "a sanitizer's report", LISTENS, "quiet",
      SUITE(LINE("t-1", "X-1", ASK("7")) "," LINE("t-2", "X-1", ASK("13")) "," LINE("t-3", "X-1", ASK("7"))),
      "first-control:pass t-1:pass t-2:fail[" REPORT "] t-3:pass" },
    { "a sanitizer's report on stdio", STDIO, "quiet",
      SUITE(LINE("t-1", "X-1", ASK("13")) "," LINE("t-2", "X-1", ASK("7"))),
      "first-control:pass t-1:fail[" REPORT "] t-2:pass" },
    { "a report when it is ended is nobody's", LISTENS, "quiet,leaks",
      SUITE(LINE("t-1", "X-1", ASK("7"))),
      "first-control:pass t-1:pass", .broken = true },
    { "unless each case has a process", LISTENS, "quiet,leaks",
      SUITE(LINE("t-1", "X-1", ASK("7")) "," LINE("t-2", "X-1", ASK("7"))),
      "first-control:pass t-1:fail[" REPORT "] t-2:fail[" REPORT "]", .restart = RESTART_CASE, .broken = true },
};
// clang-format on

Test(run, keeps_a_peer_as_its_manifest_says_and_blames_who_is_to_blame, .timeout = 60)
{
    for (const struct kept_case *t = kept_cases; t < kept_cases + COUNT_OF(kept_cases); t++) {
        SCRATCH(keep);
        place_make();
        struct manifest m = manifest_make(t->way, t->manner, &keep);
        struct run_options o = { .manifest = &m, .peer_dials = t->way == DIALS, .workers = 1 };
        struct heard h = { .kill_behind = t->kill_behind };
        struct run_totals totals;
        struct error err = { 0 };
        m.restart = t->restart;
        m.reset = t->reset;
        m.reset_each_case = t->reset_each_case;
        cr_expect(run(t->suite, &o, &h, &totals, &err), "%s: %s", t->label, err.text);
        cr_expect(eq(str, (char *)text_string(&h.results), (char *)t->results), "%s", t->label);
        cr_expect(eq(int, totals.broken, t->broken), "%s: %s", t->label, text_string(&h.words));
        forget(&h);
        place_leave();
    }
}
