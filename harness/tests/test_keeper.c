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
#include "run/offer.h"
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

/* A record: id:verdict(reason), and in brackets the sentence of each finding about the life of the peer or a declaration; not
 * that of a connection which did not come about, since that depends on how fast a dying peer is gone. */
static void describe(void *of, const struct result *r, struct text *to)
{
    (void)of;
    text_printf(to, "%s:%s", r->vector->id, verdict_name(r->verdict));
    if (r->reason)
        text_printf(to, "(%s)", r->reason);
    for (size_t i = 0; i < r->findings.count; i++) {
        const struct finding *f = &r->findings.items[i];
        if (f->sentence && strncmp(f->sentence, "no connection", 13) != 0 &&
            (f->axis == AXIS_LIFE || f->grade == GRADE_DECLARED || strncmp(f->check.name, "declared", 8) == 0))
            text_printf(to, "[%s]", f->sentence);
    }
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

static bool on_record(void *of, size_t place, enum verdict v, struct bytes record, struct error *err)
{
    struct heard *h = of;

    (void)place, (void)v, (void)err;
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

static const struct limits short_limits = { .open = 300000, .step = 2000000, .end = 2000000, .quiet = 10000, .settle = 20000, .whole = 10000000 };

static const char *info_in_use; // what the peer says of its limits

enum way { LISTENS, DIALS, STDIO };

/* The tiny peer's manifest. */
static struct manifest manifest_make(enum way way, const char *manner, struct arena *keep)
{
    static const char *const services[] = { "tiny", NULL };
    const char **command = ARENA_ARRAY(keep, 5, const char *), **environment = ARENA_ARRAY(keep, 4, const char *);
    struct manifest m = { .name = "tiny", .title = "tiny", .path = "peer.json", .directory = ".", .services = services,
                          .ready = way == LISTENS && strstr(manner, "words") ? READY_STDOUT : READY_LISTENER };

    command[0] = tiny_program();
    command[1] = "--tiny-peer";
    command[2] = manner;
    command[3] = way == STDIO ? "-" : way == DIALS ? "{host}:{port}" : strstr(manner, "words") ? "0" : "{port}";
    if (strstr(manner, "local"))
        command[3] = way == DIALS ? "unix:{socket}" : "{socket}";
    environment[0] = arena_printf(keep, "STATE=%s/state", place);
    environment[1] = arena_printf(keep, "ONCE=%s/once", place);
    if (info_in_use)
        environment[2] = arena_printf(keep, "INFO=%s", info_in_use);
    m.environment = environment;
    *(way == LISTENS ? &m.listen : way == DIALS ? &m.dial : &m.stdio) = (const char *const *)command;
    return m;
}

static const char *service_in_use = TINY;

/* Runs; what was heard into *h. */
static bool run(const char *suite, struct run_options *o, struct heard *h, struct run_totals *totals, struct error *err)
{
    static const volatile int never;
    struct sink sink = { h, on_profile, describe, on_record, on_words };
    struct library lib;

    library_loads(service_in_use, suite, &lib);
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
    bool fixed_port; // it listens where it wants to
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
    { "on a Unix socket", LISTENS, "quiet,local",
      SUITE(LINE("t-1", "X-1", SAY("14", "1")) "," LINE("t-2", "X-1", SAY("14", "2"))),
      "first-control:pass t-1:pass t-2:pass", .restart = RESTART_NEVER },
    { "fresh ones on Unix sockets, which they name", LISTENS, "words,local",
      SUITE(LINE("t-1", "X-1", SAY("14", "1")) "," LINE("t-2", "X-1", SAY("14", "1"))),
      "first-control:pass t-1:pass t-2:pass", .restart = RESTART_CASE },
    { "fresh ones that dial a Unix socket", DIALS, "quiet,local",
      SUITE(LINE("t-1", "X-1", SAY("14", "1")) "," LINE("t-2", "X-1", SAY("14", "1"))),
      "first-control:pass t-1:pass t-2:pass", .restart = RESTART_CASE },
    { "it dies of a case, on a Unix socket", LISTENS, "quiet,local",
      SUITE(LINE("t-1", "X-1", ASK("7")) "," LINE("t-2", "X-1", ASK("10")) "," LINE("t-3", "X-1", ASK("7"))),
      "first-control:pass t-1:pass t-2:fail[" DEAD ", its last words: this is the end; the case by itself ends a fresh peer, too] t-3:pass" },
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
    { "it dies of a case, and listens where it wants to", LISTENS, "quiet",
      SUITE(LINE("t-1", "X-1", ASK("10")) "," LINE("t-2", "X-1", ASK("7"))),
      "first-control:pass t-1:fail[" DEAD ", its last words: this is the end; the case by itself ends a fresh peer, too] t-2:pass", .fixed_port = true },
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
      "first-control:pass t-1:pass t-2:unstable(that the peer died did not happen again)"
      "[" KILLED "; it did not happen again, neither by the case alone nor behind t-1 (plain)] t-3:pass" },
    { "it is killed in the first case", LISTENS, "quiet",
      SUITE(LINE("t-1", "X-1", ASK("16")) "," LINE("t-2", "X-1", ASK("16"))),
      "first-control:pass t-1:unstable(that the peer died did not happen again)"
      "[" KILLED "; it did not happen again by the case on a fresh peer] t-2:pass" },
    { "it is killed between two cases", LISTENS, "quiet",
      SUITE(LINE("t-1", "X-1", ASK("7")) "," LINE("t-2", "X-1", ASK("7")) "," LINE("t-3", "X-1", ASK("7"))),
      "first-control:pass t-1:pass t-2:unstable(that the peer died did not happen again)"
      "[" KILLED "; it did not happen again, neither by the case alone nor behind t-1 (plain)] t-3:pass", .kill_behind = "t-1:" },
    { "it is killed behind the last", LISTENS, "quiet",
      SUITE(LINE("t-1", "X-1", ASK("7"))),
      "first-control:pass t-1:pass", .broken = true, .kill_behind = "t-1:" },
    { "on its descriptors, it dies of a case", STDIO, "quiet",
      SUITE(LINE("t-1", "X-1", ASK("7")) "," LINE("t-2", "X-1", ASK("10")) "," LINE("t-3", "X-1", ASK("16")) "," LINE("t-4", "X-1", ASK("7"))),
      "first-control:pass t-1:pass t-2:fail[" DEAD ", its last words: this is the end; the case by itself ends a fresh peer, too]"
      " t-3:unstable(that the peer died did not happen again)[" KILLED "; it did not happen again by the case on a fresh peer] t-4:pass" },

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
        if (t->fixed_port) {
            m.port = tiny_port();
            ((const char **)m.listen)[3] = arena_printf(&keep, "%u", m.port);
        }
        m.reset = t->reset;
        m.reset_each_case = t->reset_each_case;
        cr_expect(run(t->suite, &o, &h, &totals, &err), "%s: %s", t->label, err.text);
        cr_expect(eq(str, (char *)text_string(&h.results), (char *)t->results), "%s", t->label);
        cr_expect(eq(int, totals.broken, t->broken), "%s: %s", t->label, text_string(&h.words));
        forget(&h);
        place_leave();
    }
}

/* ---- families ---- */

#define ENDS "[ {'end': 'server', 'before': 'anything'} ]"
#define CHANGED                                                                                                        \
    "{'format': 1, 'service': 'tiny', 'first-control': 'ping', 'probe': 'ping', 'pipelining': true,"                   \
    " 'end': {'name': 'end', 'clauses': ['X-1']},"                                                                     \
    " 'controls': {'ping': [ {'client': [{'byte': 1}]}, {'server': [{'byte': 2}]} ]},"                                 \
    " 'ops': {'tell': [ {'client': [{'byte': 4}, {'row': 'load'}]}, {'server': [{'cstring': '{text}'}]} ]},"           \
    " 'mutated': {'request': [ {'control': 'ping'}, {'client': [{'byte': 4}, {'row': 'load'}]}, {'end': 'client'} ],"  \
    "  'loads': " ENDS ", 'leaves': " ENDS ", 'refused': " ENDS ", 'claims': " ENDS ", 'open': " ENDS ","              \
    "  'after': [ {'control': 'ping', 'on': 'fresh'} ]}}"
#define FAMILY(bytes)                                                                                                  \
    "{'format': 1, 'suite': 't', 'service': 'tiny', 'tables': [{'id': 't-rows', 'title': 'T', 'clauses': ['X-1'],"     \
    " 'ops': ['tell'], 'rows': [{'key': 'k', 'type': 'raw:4', 'value': '" bytes "', 'wire': '" bytes "', 'text': 'r:" bytes "', 'source': 'hand'}]}]," \
    " 'families': [{'id': 't-f', 'title': 'T', 'clauses': ['X-1'], 'kind': 'prefix', 'of': ['t-rows']}]}"

// clang-format off
static const struct family_case {
    const char *label;
    enum way way;
    const char *suite, *results;
} family_cases[] = {
    { "no death", LISTENS, FAMILY("07070707"), "first-control:pass t-f-t-rows-k:pass" },
    { "no death on stdio, and nobody else who survives", STDIO, FAMILY("07070707"), "first-control:pass t-f-t-rows-k:pass" },
    { "killed while several are played at once", LISTENS, FAMILY("10070707"),
      "first-control:pass t-f-t-rows-k:fail[" KILLED "; it did not happen again when each was played by itself, at 1 of 1 positions:"
      " cut to 0 of 4 bytes to cut to 2 of 4 bytes, all at once]" },
    { "dies of the last position", LISTENS, FAMILY("07070a07"),
      "first-control:pass t-f-t-rows-k:fail[" DEAD ", its last words: this is the end; the position by itself ends a fresh peer, too,"
      " at 1 of 1 positions: cut to 3 of 4 bytes]" },
    { "dies of it, and dials", DIALS, FAMILY("07070a07"),
      "first-control:pass t-f-t-rows-k:fail[" DEAD ", its last words: this is the end; the position by itself ends a fresh peer, too,"
      " at 1 of 1 positions: cut to 3 of 4 bytes]" },
    { "dies of a position that ends as it should, and dials: the next one sees it", DIALS, FAMILY("070a0707"),
      "first-control:pass t-f-t-rows-k:fail[" DEAD
      ", its last words: this is the end; the position by itself ends a fresh peer, too, at 1 of 1 positions: cut to 3 of 4 bytes]" },
    { "killed in such a position", DIALS, FAMILY("07100707"),
      "first-control:pass t-f-t-rows-k:fail[" KILLED
      "; it did not happen again, neither by the position alone nor behind cut to 2 of 4 bytes, at 1 of 1 positions: cut to 3 of 4 bytes]" },
};
// clang-format on

Test(run, a_death_in_a_family_is_its, .timeout = 180)
{
    for (const struct family_case *t = family_cases; t < family_cases + COUNT_OF(family_cases); t++) {
        SCRATCH(keep);
        place_make();
        struct manifest m = manifest_make(t->way, "quiet", &keep);
        const char *const patterns[] = { "t-f-*" };
        struct run_options o = { .manifest = &m, .peer_dials = t->way == DIALS, .workers = 1, .patterns = patterns, .pattern_count = 1 };
        struct heard h = { 0 };
        struct run_totals totals;
        struct error err = { 0 };
        service_in_use = CHANGED;
        cr_expect(run(t->suite, &o, &h, &totals, &err), "%s: %s", t->label, err.text);
        cr_expect(eq(str, (char *)text_string(&h.results), (char *)t->results), "%s", t->label);
        forget(&h);
        place_leave();
    }
}

/* ---- what is declared ---- */

#define SHOULD(id, steps) "{'id': '" id "', 'title': 'T', 'clauses': ['X-2'], 'level': 'should', 'no-control': 'an example', 'steps': [" steps "]}"
#define TWO_CLAUSES(steps) "{'id': 't-2', 'title': 'T', 'clauses': ['X-1', 'X-2'], 'level': 'should', 'no-control': 'an example', 'steps': [" steps "]}"
#define THERE "[the manifest declares it, and it is there [X-2]: so it is]"
#define GONE "[the manifest declares a deviation from X-2 (so it is), but no check that cites it alone failed: it is gone, or was never there]"
#define WRONG "; the manifest declares that [X-2]: so it is]"

/* Connections end by X-2, and so do its controls cite it, of which one goes wrong. */
#define WRONG_CONTROL                                                                                                  \
    "{'format': 1, 'service': 'tiny', 'first-control': 'ping', 'probe': 'ping', 'pipelining': true,"                   \
    " 'end': {'name': 'end', 'clauses': ['X-2'], 'level': 'should'},"                                                  \
    " 'controls': {'ping': [ {'client': [{'byte': 1}]}, {'server': [{'byte': 2}]} ],"                                  \
    "              'wrong': [ {'client': [{'byte': 1}]}, {'server': [{'byte': 3}]} ]}}"

// clang-format off
static const struct declared_case {
    const char *label, *suite, *results;
    const char *clauses[3]; // declared
    bool part;              // not all cases are played
    unsigned workers;
    const char *service;    // NULL: TINY
} declared_cases[] = {
    { "it is there", SUITE(SHOULD("t-1", SAY("7", "9")) "," SHOULD("t-2", ASK("7"))),
      "first-control:pass t-1:declared[the value is another one: the BYTE reads 8 where 9 is due" WRONG " t-2:pass declared-deviations:declared" THERE, { "X-2" } },
    { "it is gone", SUITE(SHOULD("t-1", ASK("7"))),
      "first-control:pass t-1:pass declared-deviations:fail" GONE, { "X-2" } },
    { "it is gone, but not all was played", SUITE(SHOULD("t-1", ASK("7"))),
      "first-control:pass t-1:pass", { "X-2" }, .part = true },
    { "no check looks at it", SUITE(LINE("t-1", "X-1", ASK("7"))),
      "first-control:pass t-1:pass declared-deviations:skipped(no check cites the declared clauses alone)", { "X-2" } },
    { "another clause fails", SUITE(LINE("t-1", "X-1", SAY("7", "9"))),
      "first-control:pass t-1:fail declared-deviations:skipped(no check cites the declared clauses alone)", { "X-2" } },
    { "a check cites another clause, too", SUITE(TWO_CLAUSES(SAY("7", "9"))),
      "first-control:pass t-2:warn declared-deviations:skipped(no check cites the declared clauses alone)", { "X-2" } },
    { "a death is never declared", SUITE(LINE("t-1", "X-1", ASK("10"))),
      "first-control:pass t-1:fail[" DEAD ", its last words: this is the end; the case by itself ends a fresh peer, too]"
      "[the peer ended the connection before a byte of what was due; the manifest declares that [X-1]: so it is] declared-deviations:declared"
      "[the manifest declares it, and it is there [X-1]: so it is]", { "X-1" } },
    { "a wrong control is none, though it cites what is declared", SUITE("{'id': 't-1', 'title': 'T', 'clauses': ['X-1'], 'steps': [{'control': 'wrong'}," ASK("7") "]}"),
      "first-control:pass t-1:inconclusive(the control \"wrong\" failed, so that nothing is shown about the case itself)"
      " declared-deviations:fail" GONE, { "X-2" }, .service = WRONG_CONTROL }, // all ends are as they should be
    { "two of them, one gone, two workers", SUITE(SHOULD("t-1", SAY("7", "9")) "," LINE("t-2", "X-1", ASK("7"))),
      "first-control:pass t-1:declared[the value is another one: the BYTE reads 8 where 9 is due" WRONG " t-2:pass declared-deviations:fail"
      "[the manifest declares a deviation from X-1 (so it is), but no check that cites it alone failed: it is gone, or was never there]" THERE,
      { "X-1", "X-2" }, .workers = 2 },
};
// clang-format on

Test(run, what_a_manifest_declares_is_neither_a_pass_nor_a_failure_and_must_be_there, .timeout = 60)
{
    for (const struct declared_case *t = declared_cases; t < declared_cases + COUNT_OF(declared_cases); t++) {
        SCRATCH(keep);
        place_make();
        struct manifest m = manifest_make(LISTENS, "quiet", &keep);
        struct deviation deviations[3];
        struct run_options o = { .manifest = &m, .workers = t->workers ? t->workers : 1, .whole = !t->part };
        struct heard h = { 0 };
        struct run_totals totals;
        struct error err = { 0 };
        m.deviations = deviations;
        for (; m.deviation_count < 3 && t->clauses[m.deviation_count]; m.deviation_count++)
            deviations[m.deviation_count] = (struct deviation){ t->clauses[m.deviation_count], "so it is", NULL };
        service_in_use = t->service ? t->service : TINY;
        cr_expect(run(t->suite, &o, &h, &totals, &err), "%s: %s", t->label, err.text);
        cr_expect(eq(str, (char *)text_string(&h.results), (char *)t->results), "%s", t->label);
        forget(&h);
        place_leave();
    }
}

/* ---- what cannot be ---- */

Test(run, a_reset_that_fails_ends_it, .timeout = 20)
{
    static const char *const fails[] = { "/bin/sh", "-c", "echo no way; exit 3", NULL };
    SCRATCH(keep);
    place_make();
    struct manifest m = manifest_make(LISTENS, "quiet", &keep);
    struct run_options o = { .manifest = &m, .workers = 1 };
    struct heard h = { 0 };
    struct run_totals totals;
    struct error err = { 0 };

    m.reset = fails;
    cr_expect(not(run(SUITE(LINE("t-1", "X-1", ASK("7"))), &o, &h, &totals, &err)));
    cr_expect(eq(int, err.kind, ERROR_PEER));
    cr_expect(eq(str, err.text, "peer.json: reset: /bin/sh exited with status 3, its last words: no way"));
    cr_expect(eq(str, (char *)text_string(&h.results), "first-control:pass"));
    forget(&h);
    place_leave();
}

Test(run, on_standard_descriptors_what_needs_tcp_or_a_server_is_left_out, .timeout = 20)
{
    SCRATCH(keep);
    place_make();
    struct manifest m = manifest_make(STDIO, "quiet", &keep);
    struct run_options o = { .manifest = &m, .workers = 1 };
    struct heard h = { 0 };
    struct run_totals totals;
    struct error err = { 0 };

    cr_expect(run(SUITE(LINE("t-1", "X-1", ASK("7") ",{'reset': 'client'}") ","
                        LINE("t-2", "X-1", ASK("7") ",{'client': [{'byte': 7}], 'on': 'other'},{'server': [{'byte': 8}], 'on': 'other', 'check': 'b'},"
                                         "{'client': [{'byte': 7}]},{'server': [{'byte': 8}], 'check': 'c'}") ","
                        LINE("t-3", "X-1", ASK("7") ",{'client': [{'byte': 7}], 'on': 'fresh'},{'server': [{'byte': 9}], 'on': 'fresh', 'check': 'b'}") ","
                        LINE("t-4", "X-1", ASK("7") ",{'silent': 'server'},{'end': 'client'},{'end': 'server'}")),
                  &o, &h, &totals, &err), "%s", err.text);
    cr_expect(eq(str, (char *)text_string(&h.results),
                 "first-control:pass"
                 " t-1:skipped(needs TCP: a pair of local sockets is never reset)"
                 " t-2:skipped(needs one program that serves several connections: each has a process of its own)"
                 " t-3:pass(its steps on further connections are left out: each would have a process of its own)"
                 " t-4:pass"));
    forget(&h);
    place_leave();
}

Test(run, as_many_workers_as_the_manifest_allows, .timeout = 10)
{
    struct manifest m = { 0 };
    struct run_options o = { .manifest = &m, .workers = 8 };

    cr_expect(eq(int, (int)run_workers(&o, 10000), 8));
    m.workers = 3;
    cr_expect(eq(int, (int)run_workers(&o, 10000), 3));
    o.workers = 2;
    cr_expect(eq(int, (int)run_workers(&o, 10000), 2));
    m.port = 4000;
    cr_expect(eq(int, (int)run_workers(&o, 10000), 1));
    m.port = 0;
    o.hold = true;
    cr_expect(eq(int, (int)run_workers(&o, 10000), 1));
    o.workers = 0;
    o.hold = false;
    m.workers = 1;
    cr_expect(eq(int, (int)run_workers(&o, 10000), 1));
}

/* ---- what the peer says of its limits ---- */

#define LIMITED(TYPE)                                                                                                  \
    "{'format': 1, 'service': 'tiny', 'first-control': 'ping', 'probe': 'ping', 'pipelining': true,"                   \
    " 'end': {'name': 'end', 'clauses': ['X-1']},"                                                                     \
    " 'controls': {'ping': [ {'client': [{'byte': 1}]}, {'server': [{'byte': 2}]} ]},"                                 \
    " 'refusals': {'refused': [ {'server': [{'byte': 21}]} ]},"                                                        \
    " 'information': {'steps': [ {'client': [{'byte': 20}]}, {'server': [{'byte': 20}, {'" TYPE "': {'any': true, 'as': 'lines'}}],"    \
    "   'check': {'name': 'information', 'clauses': ['X-2'], 'level': 'may'}} ],"                                      \
    "  'lines': 'lines', 'refused': 'refused', 'ops': 'ops', 'max-bytes': 'max-bytes', 'max-depth': 'max-depth', 'requests': [7, 9]}}"
#define ASKS SUITE(LINE("t-7", "X-1", ASK("7")) "," LINE("t-9", "X-1", ASK("9")) "," LINE("t-99", "X-1", ASK("99")) ","         \
                   LINE("t-five", "X-1", "{'client': [{'bytes': '63 63 63'}], 'part': true},{'client': [{'bytes': '63 63'}]},"        \
                                         "{'server': [{'bytes': '08 08 08 08 08'}]}"))
#define ALL " t-7:pass t-9:pass t-99:pass t-five:pass"

// clang-format off
static const struct limits_case {
    const char *label, *info, *results; // info NULL: it refuses to tell
    bool by_build;                      // in the width of its build; it tells narrowly, and is of a Unicode build
} limits_cases[] = {
    { "it does not know the request", NULL,
      "first-control:pass information:unsupported(the peer does not know this request, which is optional)" ALL },
    { "nothing that matters", "service=1\nimpl=tiny 1\nnew=thing\n", "first-control:pass information:pass" ALL },
    { "all requests",        "ops=7,9\nmax-bytes=5\nmax-depth=1",     "first-control:pass information:pass" ALL },
    { "a request less; one that the service does not know is asked all the same", "ops=7",
      "first-control:pass information:pass t-7:pass t-9:unsupported(the peer does not answer request 9) t-99:pass t-five:pass" },
    { "few bytes",           "max-bytes=4",
      "first-control:pass information:pass t-7:pass t-9:pass t-99:pass t-five:unsupported(the peer takes messages of 4 bytes, and here is one of 5)" },
    { "a limit in words",    "max-bytes=lots",  "first-control:pass information:warn" ALL },
    { "requests in words",   "ops=all",         "first-control:pass information:warn" ALL },
    { "no line at all",      "hello",           "first-control:pass information:warn" ALL },
    { "the other width",     "service=1\n",     "first-control:pass information:warn" ALL, .by_build = true },
};
// clang-format on

Test(run, what_is_beyond_the_limits_that_a_peer_tells_is_unsupported, .timeout = 60)
{
    for (const struct limits_case *t = limits_cases; t < limits_cases + COUNT_OF(limits_cases); t++) {
        SCRATCH(keep);
        place_make();
        info_in_use = t->info;
        struct manifest m = manifest_make(LISTENS, "quiet", &keep);
        struct run_options o = { .manifest = &m, .workers = 1 };
        struct heard h = { 0 };
        struct run_totals totals;
        struct error err = { 0 };
        service_in_use = t->by_build ? LIMITED("cstring") : LIMITED("cstringa");
        cr_expect(run(ASKS, &o, &h, &totals, &err), "%s: %s", t->label, err.text);
        cr_expect(eq(str, (char *)text_string(&h.results), (char *)t->results), "%s", t->label);
        cr_expect(not(totals.broken), "%s", t->label);
        forget(&h);
        place_leave();
    }
}

static const char *excuse_for(const char *line, struct offer *f, struct arena *keep)
{
    struct run_options o = { 0 };
    struct library lib;
    enum verdict verdict;

    library_loads(TINY, arena_printf(keep, "{'format': 1, 'suite': 't', 'service': 'tiny', %s}", line), &lib);
    const char *said = offer_excuse(f, &o, &profile_default, &lib.suites[0].vectors[0], keep, &verdict);
    said = said ? arena_string(keep, said) : "";
    library_free(&lib);
    return said;
}

#define NESTED "'tables': [{'id': 't-rows', 'title': 'T', 'clauses': ['X-1'], 'ops': ['echo'], 'rows': [" \
               "{'key': 'k', 'type': 'object', 'value': 'CNode(1,CNode(2,CNode(3,null)))', 'text': 'CNode(1,CNode(2,CNode(3,null)))'," \
               " 'wire': 'ffff 0300 0500 434e6f6465 01000000 0180 02000000 0180 03000000 0000', 'source': 'hand'}]}]"

Test(offer, objects_nested_deeper_than_the_peer_takes_are_unsupported, .timeout = 10)
{
    SCRATCH(keep);

    cr_expect(eq(str, (char *)excuse_for(NESTED, &(struct offer){ 0 }, &keep), ""));
    cr_expect(eq(str, (char *)excuse_for(NESTED, &(struct offer){ .max_depth = 3 }, &keep), ""));
    cr_expect(eq(str, (char *)excuse_for(NESTED, &(struct offer){ .max_depth = 2 }, &keep),
                 "the peer takes objects nested 2 deep, and here they are 3"));
    cr_expect(eq(str, (char *)excuse_for(NESTED, &(struct offer){ .types = "byte,word" }, &keep), "the peer does not offer object"));
    cr_expect(eq(str, (char *)excuse_for(NESTED, &(struct offer){ .types = "byte,objects,object" }, &keep), ""));
}
