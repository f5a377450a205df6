/*
 * arcwire as the server: programs that ask, here a few lines of bash each, and which cases can be served at all.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/run.h"
#include "test_vector.h"
#include "tiny.h"

#define LINE(id, head, steps) "{'id': '" id "', 'title': 'T', 'clauses': ['X-1'], " head " 'steps': [" steps "]}"
#define SUITE(lines) "{'format': 1, 'suite': 't', 'service': 'tiny', 'cases': [" lines "]}"

/* 7, nothing more until 8 has come, then 9 and the end. */
#define TURNS "{'client': [{'byte': 7}]},{'silent': 'client'},{'server': [{'byte': 8}]},{'client': [{'byte': 9}]},{'end': 'client'},{'end': 'server'}"

static bool on_profile(void *of, const char *service, const struct profile *p, const char *from, const char *types, struct error *err)
{
    (void)of, (void)service, (void)p, (void)from, (void)types, (void)err;
    return true;
}

/* Whether the kernel has answered an end with RST because it remembers too many connections that are over: others' tests fill
 * its table. */
static bool was_forgotten(const struct result *r)
{
    for (size_t i = 0; r->trace && i < r->trace->count; i++)
        if (r->trace->events[i].kind == TRACE_FORGOTTEN)
            return true;
    return false;
}

/* What came of a case: its verdict, and the causes of what failed. */
static void describe(void *of, const struct result *r, struct text *to)
{
    (void)of;
    bool forgotten = was_forgotten(r);
    text_printf(to, "%s", verdict_name(forgotten && r->verdict == VERDICT_WARN ? VERDICT_PASS : r->verdict));
    if (r->reason)
        text_printf(to, " (%s)", r->reason);
    for (size_t i = 0; i < r->findings.count; i++) {
        const struct finding *f = &r->findings.items[i];
        if (f->grade == GRADE_FAIL && !(forgotten && f->axis == AXIS_END && strcmp(f->cause, "reset") == 0))
            text_printf(to, " %s:%s", f->check.name, f->cause);
        if (f->grade == GRADE_FAIL && f->sentence && strstr(f->sentence, "its last words: "))
            text_printf(to, " \"%s\"", strstr(f->sentence, "its last words: ") + 16);
    }
}

static bool on_record(void *of, size_t place, enum verdict v, struct bytes record, struct error *err)
{
    struct text *all = of;

    (void)place, (void)v, (void)err;
    text_printf(all, "%s%.*s", all->b.len ? "; " : "", (int)record.len, (const char *)record.data);
    return true;
}

static pid_t user = -1; // who started what was to be started by hand

static void on_words(void *of, const char *line)
{
    const char *command = strstr(line, "\n    ");

    (void)of;
    if (!command)
        return; // it tells of something else
    user = fork();
    if (user == 0) {
        SCRATCH(keep);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        execl("/bin/sh", "sh", "-c", arena_printf(&keep, "exec %s", command + 1), NULL);
        _exit(127);
    }
}

/* Long enough for a busy machine: only the programs that hang make a test wait for them. */
static const struct limits limits = { .open = 2000000, .step = 5000000, .end = 2000000, .quiet = 5000000, .settle = 100000, .whole = 20000000 };

/* Plays a suite with a program that asks; its results are in *out. */
static bool ask_as(const char *suite, bool dials, const char *const *command, const char *const *plays, bool hold, struct text *out, struct error *err)
{
    static const char *const services[] = { "tiny", NULL };
    static const volatile int never;
    const struct manifest_ask asks = { dials ? command : NULL, dials ? NULL : command, services, plays };
    const struct manifest m = { .name = "asks", .title = "asks", .path = "peer.json", .directory = ".", .ask = &asks, .services = services };
    struct sink sink = { out, on_profile, describe, on_record, on_words };
    struct run_options o = { .seed = 1, .limits = limits, .profile = profile_default, .profile_from = "default", .how = "--peer asks",
                             .manifest = &m, .build = ".", .play = PARTY_SERVER, .hold = hold, .peer_dials = dials, .workers = 1,
                             .deliveries = { delivery_find("plain") }, .delivery_count = 1 };
    struct run_totals totals;
    struct library lib;

    library_loads(TINY, suite, &lib);
    bool good = run_suites(&lib, &o, &sink, &never, &totals, err);
    library_free(&lib);
    return good;
}

static bool ask(const char *suite, const char *const *command, const char *const *plays, bool hold, struct text *out, struct error *err)
{
    return ask_as(suite, true, command, plays, hold, out, err);
}

#define DIAL "exec 3<>/dev/tcp/{host}/{port}; "
#define HEAR "IFS= read -r -d '' -n 1 <&3 || :; "

// clang-format off
static const struct asker {
    const char *label, *script, *came;
} askers[] = {
    { "all is well",             DIAL "printf '\\7' >&3; " HEAR "printf '\\11' >&3", "pass" },
    { "it is told the case",     "test {service}-{case} = tiny-t-1 || exit 9; " DIAL "printf '\\7' >&3; " HEAR "printf '\\11' >&3", "pass" },
    { "what it prints is not of interest", "echo one; " DIAL "printf '\\7' >&3; " HEAR "printf '\\11' >&3; echo two", "pass" },
    { "another byte",            DIAL "printf '\\6' >&3; " HEAR "printf '\\11' >&3", "fail says:wrong-value" },
    { "another byte, and words", DIAL "echo oh >&2; printf '\\6' >&3; " HEAR, "fail says:wrong-value \"oh\"" },
    { "it goes on unanswered",   DIAL "printf '\\7\\11' >&3; " HEAR, "fail silent:spoke-unasked" },
    { "it ends unanswered",      DIAL "printf '\\7' >&3", "fail says-2:reset" }, // which closes its socket to our answer, too
    { "too much at the end",     DIAL "printf '\\7' >&3; " HEAR "printf '\\11\\11' >&3", "fail end:extra-bytes" },
    { "it says nothing",         DIAL HEAR, "fail says:no-answer" },
    { "it does not dial",        "exit 0", "fail open:refused" },
    { "it does not dial, and says why", "echo no idea >&2; exit 2", "fail open:refused exit:exit-status \"no idea\"" },
    { "it hangs before it dials", "echo thinking >&2; read -r <> <(:)", "fail open:refused exit:never-exits \"thinking\"" },
    { "it hangs at the end",     DIAL "printf '\\7' >&3; " HEAR "printf '\\11' >&3; exec 3>&-; echo done >&2; read -r <> <(:)", "fail exit:never-exits \"done\"" },
    { "its status is not 0",     DIAL "printf '\\7' >&3; " HEAR "printf '\\11' >&3; exec 3>&-; echo wrong >&2; exit 3", "fail exit:exit-status \"wrong\"" },
    { "it dies",                 DIAL "printf '\\7' >&3; " HEAR "printf '\\11' >&3; exec 3>&-; kill -ABRT $$", "fail exit:peer-died" },
    { "a sanitizer complains",   "echo 'x.c:1:2: runtime error: overflow' >&2; " DIAL "printf '\\7' >&3; " HEAR "printf '\\11' >&3", "fail sanitizer:sanitizer" },
    { "it dials once more",      DIAL "printf '\\7' >&3; " HEAR "exec 4<>/dev/tcp/{host}/{port}; printf '\\11' >&3", "fail dials:extra-connection" },
    { "it leaves somebody behind", DIAL "printf '\\7' >&3; " HEAR "printf '\\11' >&3; exec 3>&-; sleep 600 & exit 0", "pass" },
};
// clang-format on

Test(ask, a_program_is_judged_by_what_it_says_and_how_it_ends, .timeout = 180)
{
    static const char *const plays[] = { "t-*", NULL };

    prctl(PR_SET_CHILD_SUBREAPER, 1); // what a program leaves behind becomes ours
    for (const struct asker *t = askers; t < askers + COUNT_OF(askers); t++) {
        const char *const command[] = { "/bin/bash", "-c", t->script, NULL };
        struct error err = { 0 };
        TEXT(came);
        cr_expect(ask(SUITE(LINE("t-1", "", TURNS)), command, plays, false, &came, &err), "%s: %s", t->label, err.text);
        cr_expect(eq(str, (char *)text_string(&came), (char *)t->came), "%s", t->label);
        while (waitpid(-1, NULL, 0) > 0) // what it has left to us has been killed
            continue;
        cr_expect(eq(int, errno, ECHILD), "%s: nothing of it is left", t->label);
    }
}

// clang-format off
static const struct asker listeners[] = {
    { "all is well",             "printf '\\7' >&3; " HEAR "printf '\\11' >&3", "pass" },
    { "it is told the case",     "test {service}-{case} = tiny-t-1 || exit 9; printf '\\7' >&3; " HEAR "printf '\\11' >&3", "pass" },
    { "another byte",            "echo oh >&2; printf '\\6' >&3; " HEAR, "fail says:wrong-value \"oh\"" },
    { "it goes on unanswered",   "printf '\\7\\11' >&3; " HEAR, "fail silent:spoke-unasked" },
    { "it says nothing",         HEAR, "fail says:no-answer" },
    { "its status is not 0",     "printf '\\7' >&3; " HEAR "printf '\\11' >&3; exec 3>&-; echo wrong >&2; exit 3", "fail exit:exit-status \"wrong\"" },
    { "it hangs at the end",     "printf '\\7' >&3; " HEAR "printf '\\11' >&3; exec 3>&-; echo done >&2; read -r <> <(:)", "fail exit:never-exits \"done\"" },
};
// clang-format on

Test(ask, a_program_that_listens_is_dialled_and_judged_alike, .timeout = 60)
{
    static const char *const plays[] = { "t-*", NULL };

    for (const struct asker *t = listeners; t < listeners + COUNT_OF(listeners); t++) {
        const char *const command[] = { tiny_program(), "--tiny-accept", "{port}", "1", "/bin/bash", "-c", t->script, NULL };
        struct error err = { 0 };
        TEXT(came);
        cr_expect(ask_as(SUITE(LINE("t-1", "", TURNS)), false, command, plays, false, &came, &err), "%s: %s", t->label, err.text);
        cr_expect(eq(str, (char *)text_string(&came), (char *)t->came), "%s", t->label);
    }
}

#define TWO "{'client': [{'byte': 7}], 'on': 'a'},{'server': [{'byte': 8}], 'on': 'a'},{'client': [{'byte': 9}], 'on': 'b'},{'server': [{'byte': 8}], 'on': 'b'}"

Test(ask, who_listens_may_wait_for_all_of_its_connections_or_take_them_one_by_one, .timeout = 20)
{
    static const char *const plays[] = { "t-*", NULL };
    const char *const all[] = { tiny_program(), "--tiny-accept", "0", "2", "/bin/bash", "-c",
                                "printf '\\7' >&3; " HEAR "printf '\\11' >&4; IFS= read -r -d '' -n 1 <&4", NULL };
    const char *const one[] = { tiny_program(), "--tiny-accept", "0", "1", "/bin/bash", "-c",
                                "printf '\\7' >&3; " HEAR, NULL };
    struct error err = { 0 };
    TEXT(came);
    TEXT(then);

    cr_expect(ask_as(SUITE(LINE("t-1", "", TWO)), false, all, plays, false, &came, &err), "%s", err.text);
    cr_expect(eq(str, (char *)text_string(&came), "pass"));
    cr_expect(ask_as(SUITE(LINE("t-1", "", TWO)), false, one, plays, false, &then, &err), "%s", err.text);
    cr_expect(eq(str, (char *)text_string(&then), "fail says-2:reset"), "nobody takes the second");
}

Test(ask, connections_come_early_only_where_no_step_says_when, .timeout = 20)
{
    static const struct {
        const char *steps, *order; // of the ops: O and the connection for OPEN, . for another
    } rows[] = {
        { TWO "," "{'client': [{'byte': 7}], 'on': 'c'}", "OaObOc" },
        { "{'open': 'client', 'on': 'a'},{'client': [{'byte': 7}], 'on': 'a'},{'open': 'client', 'on': 'b'},{'client': [{'byte': 7}], 'on': 'b'}", "Oa.Ob" },
        { "{'open': 'client', 'on': 'a'},{'client': [{'byte': 7}], 'on': 'a'},{'client': [{'byte': 7}], 'on': 'b'}", "OaOb" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct library lib;
        struct program p;
        struct error err;
        TEXT(order);
        library_loads(TINY, arena_printf(&keep, SUITE("{'id': 't-1', 'title': 'T', 'clauses': ['X-1'], 'steps': [%s]}"), rows[i].steps), &lib);
        cr_assert(program_compile(&lib.suites[0].vectors[0], &profile_default, 1, PARTY_SERVER, &keep, &p, &err), "%s", err.text);
        program_open_early(&p);
        program_open_early(&p); // changes nothing
        for (size_t k = 0; k < p.count; k++)
            text_printf(&order, "%s%s", p.ops[k].kind == OP_OPEN ? "O" : ".", p.ops[k].kind == OP_OPEN ? p.connections[p.ops[k].on] : "");
        cr_expect(strncmp(text_string(&order), rows[i].order, strlen(rows[i].order)) == 0, "%zu: %s", i, text_string(&order));
        library_free(&lib);
    }
}

Test(ask, it_is_waited_for_until_the_user_has_started_it, .timeout = 20)
{
    static const char *const command[] = { "/bin/bash", "-c", DIAL "printf '\\7' >&3; " HEAR "printf '\\11' >&3; exec 3>&-; exec sleep 1000", NULL };
    static const char *const plays[] = { "t-*", NULL };
    struct error err = { 0 };
    TEXT(came);

    cr_expect(ask(SUITE(LINE("t-1", "", "{'client': [{'byte': 7}]},{'server': [{'byte': 8}]},{'client': [{'byte': 9}]},{'end': 'client'},{'end': 'server'}")),
                  command, plays, true, &came, &err), "%s", err.text);
    cr_expect(eq(str, (char *)text_string(&came), "pass"));
    cr_assert(user > 0);
    cr_expect(kill(user, SIGKILL) == 0, "how it ends is the user's to see");
    cr_expect(waitpid(user, NULL, 0) == user);
}

Test(ask, a_connection_that_the_play_did_not_come_to_is_none_too_many, .timeout = 20)
{
    static const char *const command[] = { "/bin/bash", "-c", "exec 4<>/dev/tcp/{host}/{port}; " DIAL "printf '\\6' >&4; exit 0", NULL };
    static const char *const plays[] = { "t", NULL };
    struct error err = { 0 };
    TEXT(came);

    cr_expect(ask(SUITE(LINE("t-1", "", "{'client': [{'byte': 7}], 'on': 'a'},{'client': [{'byte': 8}], 'on': 'b'}")), command, plays, false, &came, &err), "%s", err.text);
    cr_expect(eq(str, (char *)text_string(&came), "fail says:wrong-value"));
}

Test(ask, what_it_does_not_play_is_not_played, .timeout = 20)
{
    static const char *const command[] = { "/bin/bash", "-c", DIAL "printf '\\7' >&3; " HEAR "printf '\\11' >&3", NULL };
    static const char *const plays[] = { "t-[1-4]", NULL };
    struct error err = { 0 };
    TEXT(came);

    cr_expect(ask(SUITE(LINE("t-1", "", TURNS) "," LINE("t-2", "'play': 'client',", TURNS) "," LINE("t-3", "'profile': 'ansi',", TURNS) ","
                        LINE("t-4", "'play': 'server',", TURNS) "," LINE("t-5", "", TURNS)), command, plays, false, &came, &err), "%s", err.text);
    cr_expect(eq(str, (char *)text_string(&came),
                 "pass; skipped (about servers: no right client says this); skipped (for peers of profile ansi); pass;"
                 " unsupported (the manifest's \"ask\" does not list it)"));
}

Test(ask, a_program_that_cannot_be_started_ends_the_run, .timeout = 20)
{
    static const char *const command[] = { "/nowhere/asker", "{port}", NULL }, *const plays[] = { "*", NULL };
    struct error err = { 0 };
    TEXT(came);

    cr_expect(not(ask(SUITE(LINE("t-1", "", TURNS)), command, plays, false, &came, &err)));
    cr_expect(eq(int, err.kind, ERROR_PEER));
    cr_expect(eq(str, err.text, "cannot start /nowhere/asker: No such file or directory"));
}

#define ASKS "{'client': [{'byte': 7}]}"

// clang-format off
static const struct unserved {
    const char *label, *head, *steps, *profile, *why; // why: NULL where it can be served
} unserved[] = {
    { "an exchange",            "", TURNS, "charset=unicode", NULL },
    { "with a control",         "", "{'control': 'ping'}," TURNS, "charset=unicode", NULL },
    { "only as the server",     "'play': 'server',", TURNS, "charset=unicode", NULL },
    { "only as the client",     "'play': 'client',", TURNS, "charset=unicode", "about servers: no right client says this" },
    { "controls alone",         "", "{'control': 'ping'}", "charset=unicode", "the client says nothing, so that one that is dead would pass" },
    { "a server that speaks",   "", "{'server': [{'byte': 7}]},{'control': 'ping'}", "charset=unicode", "the client says nothing, so that one that is dead would pass" },
    { "drawn by the client",    "", "{'client': [{'byte': {'draw': {}, 'as': 'n'}}]},{'server': [{'byte': {'reuse': 'n', 'plus': 1}}]}", "charset=unicode", NULL },
    { "drawn, and said again in the message", "", "{'client': [{'byte': {'draw': {}, 'as': 'n'}}, {'byte': {'reuse': 'n'}}]}", "charset=unicode", "what the client chooses is said again in the same message, or is no number" },
    { "drawn, and no number",   "", "{'client': [{'cstring': {'draw': {}, 'as': 's'}}]},{'server': [{'cstring': {'reuse': 's'}}]}", "charset=unicode", "what the client chooses is said again in the same message, or is no number" },
    { "drawn, and in a text",   "", "{'client': [{'byte': {'draw': {}, 'as': 'n'}}]},{'server': [{'cstring': '{n}!'}]}", "charset=unicode", "what the client chooses is said in a text" },
    { "drawn by the server",    "", ASKS ",{'server': [{'byte': {'draw': {}, 'as': 'n'}}]},{'client': [{'byte': {'reuse': 'n'}}]}", "charset=unicode", NULL },
    { "any from the server",    "", ASKS ",{'server': [{'byte': {'any': true}}]}", "charset=unicode", "what the server says is left to the server" },
    { "amid a message",         "", "{'client': [{'byte': 7}], 'part': true}", "charset=unicode", "the client stops amid a message" },
    { "amid a message, on another connection", "", "{'client': [{'byte': 7}], 'part': true, 'on': 'a'},{'client': [{'byte': 7}], 'on': 'b'}", "charset=unicode", "the client stops amid a message" },
    { "in parts",               "", "{'client': [{'byte': 7}], 'part': true},{'server': [{'byte': 8}]},{'client': [{'byte': 7}]}", "charset=unicode", NULL },
    { "the client does not read", "", "{'pause': 'client'}," ASKS ",{'resume': 'client'},{'server': [{'byte': 8}]}", "charset=unicode", "that a client does not read is not to be seen" },
    { "the server does not read", "", "{'pause': 'server'},{'server': [{'byte': 8}]},{'resume': 'server'}," ASKS, "charset=unicode", NULL },
    { "a closed port",          "", "{'listen': 'client'}," ASKS ",{'control': 'ping'}", "charset=unicode", "the port is open from the beginning" },
    { "of its width",           "", "{'client': [{'cstring': 'x'}]}", "charset=unicode", NULL },
    { "narrow, from Unicode",   "", "{'client': [{'cstringa': 'x'}]}", "charset=unicode", "a client writes strings in the width of its build, and these are of the other" },
    { "narrow, from ANSI",      "", "{'client': [{'cstringa': 'x'}]}", "charset=ansi,bits=32", NULL },
    { "wide, from ANSI",        "", "{'client': [{'cstringw': 'x'}]}", "charset=ansi,bits=32", "a client writes strings in the width of its build, and these are of the other" },
    { "narrow, to Unicode",     "", ASKS ",{'server': [{'cstringa': 'x'}]}", "charset=unicode", NULL },
};
// clang-format on

Test(ask, what_can_be_served, .timeout = 20)
{
    for (const struct unserved *t = unserved; t < unserved + COUNT_OF(unserved); t++) {
        SCRATCH(keep);
        struct library lib;
        struct profile p = profile_default;
        struct error err;
        library_loads(TINY, arena_printf(&keep, "{'format': 1, 'suite': 't', 'service': 'tiny', 'cases': [{'id': 't-1', 'title': 'T', 'clauses': ['X-1'],"
                                             " %s 'steps': [%s]}]}", t->head, t->steps), &lib);
        cr_assert(profile_parse(t->profile, &p, &err), "%s", err.text);
        const char *why = vector_unserved(&lib.suites[0].vectors[0], &p);
        cr_expect(eq(str, (char *)(why ? why : ""), (char *)(t->why ? t->why : "")), "%s", t->label);
        library_free(&lib);
    }
}
