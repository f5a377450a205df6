/*
 * What shrinking says of a case: how small it gets, and why it gets no smaller. The peers are tiny.c's; one that is told what to
 * answer to 20 is right, one that is not told is wrong.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>

#include "base/file.h"
#include "shrink/shrink.h"
#include "test_vector.h"
#include "tiny.h"

#define LINE(steps)                                                                                      \
    "{'format': 1, 'suite': 't', 'service': 'tiny', 'cases': ["                                          \
    "{'id': 't-1', 'title': 'T', 'clauses': ['X-1'], 'steps': [" steps "]}]}"
#define SAY(byte, answer) "{'client': [{'byte': " byte "}]},{'server': [{'byte': " answer "}], 'check': 'reply-" byte "'}"
#define TOLD              "{'client': [{'byte': 20}]},{'server': [{'byte': 20}, {'cstringa': 'x'}], 'check': 'told'}"

/* A tiny peer of its own, with what it needs to be started. */
struct rig {
    struct manifest manifest;
    struct run_options options;
    struct trial trial;
};

static const volatile int never = 0;

static void rig_begin(struct rig *p, const struct service *service, const char *info, struct arena *keep)
{
    static const char *const services[] = { "tiny", NULL };
    static const struct limits limits = { .open = 2000000, .step = 2000000, .end = 2000000, .quiet = 10000, .settle = 20000, .whole = 10000000 };
    const char **command = ARENA_ARRAY(keep, 5, const char *), **environment = ARENA_ARRAY(keep, 2, const char *);
    struct error err = { 0 };

    command[0] = tiny_program();
    command[1] = "--tiny-peer";
    command[2] = "words";
    command[3] = "0";
    command[4] = NULL;
    environment[0] = info;
    environment[1] = NULL;
    p->manifest = (struct manifest){ .name = "tiny", .title = "tiny", .path = "peer.json", .directory = ".", .services = services, .ready = READY_STDOUT,
                                     .listen = (const char *const *)command, .environment = environment };
    p->options = (struct run_options){ .profile = profile_default, .profile_from = "default", .limits = limits, .how = "--peer tiny", .manifest = &p->manifest };
    cr_assert(trial_begin(&p->trial, &p->options, service, &never, &err), "%s", err.text);
}

/* The case of these steps, shrunk on a peer; witness: what that is told, or NULL: there is none. */
static void play(const char *steps, const char *witness, size_t max_runs, struct shrunk *out, struct arena *keep)
{
    struct library lib;
    struct rig *peer = ARENA_NEW(keep, struct rig), *right = ARENA_NEW(keep, struct rig);
    struct error err = { 0 };

    library_must(TINY, steps, &lib);
    const struct vector *v = &lib.suites[0].vectors[0];
    rig_begin(peer, v->service, NULL, keep);
    if (witness)
        rig_begin(right, v->service, witness, keep);
    const struct shrink s = { .library = &lib, .peer = &peer->trial, .witness = witness ? &right->trial : NULL, .delivery = delivery_find("plain"),
                              .max_runs = max_runs, .stop = &never, .keep = keep };
    cr_assert(shrink(&s, v, out, &err), "%s", err.text);
    trial_end(&peer->trial);
    if (witness)
        trial_end(&right->trial);
    library_free(&lib);
    cr_expect(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "nothing is left");
}

Test(shrink, says_how_it_ended, .timeout = 60)
{
    static const struct {
        const char *label, *suite, *witness;
        size_t max_runs;
        enum shrunk_how how;
        enum verdict came, other;
        size_t before, after;
    } rows[] = {
        { "it passes",                         LINE(SAY("1", "2")),                                      NULL,     99, SHRUNK_PASSES,   VERDICT_PASS, 0,            2, 2 },
        { "the second time it passes",         LINE(SAY("14", "2")),                                     NULL,     99, SHRUNK_UNSTABLE, VERDICT_FAIL, VERDICT_PASS, 2, 2 },
        { "the second time it fails",          LINE(SAY("14", "1")),                                     NULL,     99, SHRUNK_UNSTABLE, VERDICT_PASS, VERDICT_FAIL, 2, 2 },
        { "a right peer fails it, too",        LINE(SAY("1", "2") "," SAY("3", "9")),                    "INFO=x", 99, SHRUNK_WITNESS,  VERDICT_FAIL, VERDICT_FAIL, 4, 4 },
        { "what fails is left",                LINE(SAY("1", "2") "," TOLD),                             "INFO=x", 99, SHRUNK_SMALLEST, VERDICT_FAIL, VERDICT_PASS, 4, 2 },
        { "the same amid more",                LINE(SAY("1", "2") "," SAY("3", "8") "," TOLD),           "INFO=x", 99, SHRUNK_SMALLEST, VERDICT_FAIL, VERDICT_PASS, 6, 2 },
        { "no more plays than that",           LINE(SAY("1", "2") "," SAY("3", "8") "," TOLD),           "INFO=x", 3,  SHRUNK_BOUND,    VERDICT_FAIL, VERDICT_PASS, 6, 6 },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct shrunk s;
        play(rows[i].suite, rows[i].witness, rows[i].max_runs, &s, &keep);
        cr_expect(eq(int, (int)s.how, (int)rows[i].how), "%s", rows[i].label);
        cr_expect(eq(int, (int)s.came.verdict, (int)rows[i].came), "%s", rows[i].label);
        cr_expect(eq(int, (int)s.other.verdict, (int)rows[i].other), "%s", rows[i].label);
        cr_expect(eq(sz, s.before, rows[i].before), "%s", rows[i].label);
        cr_expect(eq(sz, s.after, rows[i].after), "%s", rows[i].label);
        cr_expect(eq(int, s.file != NULL, rows[i].how == SHRUNK_SMALLEST || rows[i].how == SHRUNK_BOUND), "%s", rows[i].label);
    }
}

/* A smaller number would be another question, which a wrong peer fails alike: only the witness tells. */
Test(shrink, values_are_as_small_as_a_right_peer_lets_them_be, .timeout = 30)
{
    static const char golden[] = "{ \"format\": 1, \"suite\": \"shrunk\", \"service\": \"tiny\",\n"
                                 "  \"title\": \"What fails, in its smallest form\",\n"
                                 "  \"cases\": [\n"
                                 "    { \"id\": \"shrunk-t-1\", \"rev\": 1, \"since\": 1, \"level\": \"must\",\n"
                                 "      \"title\": \"T\",\n"
                                 "      \"clauses\": [\"X-1\"],\n"
                                 "      \"steps\": [\n"
                                 "        { \"client\": [ {\"byte\": 20} ] },\n"
                                 "        { \"server\": [ {\"byte\": 20}, {\"cstringa\": \"x\"} ], \"check\": \"told\" } ] } ] }\n";
    SCRATCH(keep);
    struct shrunk s;

    play(LINE(SAY("1", "2") "," TOLD), "INFO=x", 99, &s, &keep);
    cr_expect(eq(str, (char *)s.file, (char *)golden));
}
