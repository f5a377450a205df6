/*
 * Processes under test: small shells, and the reference peer where one must listen.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "peer/memory.h"
#include "peer/process.h"
#include "peer/tree.h"
#include "tiny.h"

/* A shell as a peer. */
static struct manifest shell(const char *script, struct arena *keep)
{
    static const char *const services[] = { "one", "two", NULL };
    const char **command = ARENA_ARRAY(keep, 5, const char *);

    command[0] = "/bin/sh";
    command[1] = "-c";
    command[2] = script;
    return (struct manifest){ .name = "sh", .title = "sh", .path = "peer.json", .directory = "/nowhere", .listen = command,
                              .services = services };
}

static bool start(const char *script, int64_t limit, struct peer *p, struct error *err, struct arena *keep)
{
    struct manifest m = shell(script, keep);

    *err = (struct error){ 0 };
    return peer_start(&(struct launch){ .manifest = &m, .build = "/nowhere", .limit_us = limit }, p, err);
}

#define LONG 5000000 // µs: longer than any of these takes

Test(peer, is_ready_when_it_says_so, .timeout = 10)
{
    SCRATCH(keep);
    struct peer p;
    struct error err;

    cr_assert(start("echo listening one 4242; echo nonsense; echo listening three 7; echo listening two 70000;"
                    "echo listening two 4243; echo ready; exec sleep 1000", LONG, &p, &err, &keep), "%s", err.text);
    cr_expect(eq(sz, p.service_count, 2));
    cr_expect(eq(u16, address_port(peer_service(&p, "one")), 4242));
    cr_expect(eq(u16, address_port(peer_service(&p, "two")), 4243));
    cr_expect(peer_service(&p, "three") == NULL);
    cr_expect(peer_lives(&p, NULL));
    pid_t pid = p.pid;
    peer_stop(&p);
    cr_expect(kill(pid, 0) < 0 && errno == ESRCH);
    peer_stop(&p); // twice is safe
}

// clang-format off
static const struct early {
    const char *label, *script;
    int64_t limit;
    const char *complaint;
} early_ends[] = {
    { "exits",             "echo oh >&2; echo no >&2; exit 3",     LONG,
      "/bin/sh exited with status 3 before it was ready, its last words: oh · no" },
    { "exits, says nothing", "exit 0",                             LONG,
      "/bin/sh exited with status 0 before it was ready" },
    { "dies",              "kill -9 $$",                           LONG,
      "/bin/sh died of signal 9 (Killed) before it was ready" },
    { "half a ready",      "printf ready; exit 1",                 LONG,
      "/bin/sh exited with status 1 before it was ready" },
    { "says nothing",      "exec sleep 1000",                      100000,
      "/bin/sh did not say \"ready\" in time" },
    { "closes its stdout", "exec >&-; exec sleep 1000",            100000,
      "/bin/sh did not say \"ready\" in time" },
    { "a child has its stdout", "sleep 1000 & exit 4",             LONG,
      "/bin/sh exited with status 4 before it was ready" },
};
// clang-format on

Test(peer, that_is_not_ready_is_told_why, .timeout = 20)
{
    for (const struct early *t = early_ends; t < early_ends + COUNT_OF(early_ends); t++) {
        SCRATCH(keep);
        struct peer p;
        struct error err;
        cr_expect(not(start(t->script, t->limit, &p, &err, &keep)), "%s", t->label);
        cr_expect(eq(int, err.kind, ERROR_PEER), "%s", t->label);
        cr_expect(eq(str, err.text, (char *)t->complaint), "%s", t->label);
        cr_expect(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "%s: nothing is left", t->label);
    }
}

Test(peer, that_is_not_there_is_told, .timeout = 10)
{
    SCRATCH(keep);
    struct manifest m = shell("", &keep);
    struct peer p;
    struct error err;
    const char *missing;

    ((const char **)m.listen)[0] = "{dir}/peer";
    struct launch l = { .manifest = &m, .build = "/build", .limit_us = LONG };
    cr_expect(not(peer_start(&l, &p, &err)));
    cr_expect(eq(str, err.text, "cannot start /nowhere/peer: No such file or directory"));
    cr_expect(not(peer_installed(&l, &keep, &missing)));
    cr_expect(eq(str, (char *)missing, "/nowhere/peer"));
    ((const char **)m.listen)[0] = "sh";
    cr_expect(peer_installed(&l, &keep, &missing));
    l.under = (const char *const[]){ "/nowhere/valgrind", "-q", NULL };
    cr_expect(not(peer_installed(&l, &keep, &missing)));
    cr_expect(eq(str, (char *)missing, "/nowhere/valgrind"));
    l.under = NULL;
    m.work = "nowhere";
    cr_expect(not(peer_start(&l, &p, &err)));
    cr_expect(eq(str, err.text, "cannot start sh: /nowhere/nowhere: No such file or directory"));
    struct address to = address_loopback(1);
    l.dial_to = &to;
    cr_expect(not(peer_start(&l, &p, &err)));
    cr_expect(eq(str, err.text, "peer.json: has no \"dial\" command"));
}

/* The number behind the last words of a text: a pid that a script told. */
static pid_t pid_in(const char *text)
{
    const char *at = strrchr(text, ':');

    return at ? (pid_t)strtol(at + 1, NULL, 10) : 0;
}

static void is_killed(pid_t pid, const char *label)
{
    cr_assert(pid > 1, "%s", label);
    cr_expect(kill(pid, 0) < 0 && errno == ESRCH, "%s", label); // and waited for, by the guard
}

Test(peer, takes_its_children_with_it, .timeout = 20)
{
    SCRATCH(keep);
    struct peer p;
    struct error err;
    TEXT(how);

    prctl(PR_SET_CHILD_SUBREAPER, 1);
    cr_expect(not(start("sleep 1000 >/dev/null 2>&1 & echo : $! >&2; exit 1", LONG, &p, &err, &keep)));
    is_killed(pid_in(err.text), "it exits before it is ready");
    cr_expect(not(start("sleep 1000 & echo : $! >&2; exec sleep 1000", 200000, &p, &err, &keep)));
    while (waitpid(-1, NULL, 0) > 0) // all of them are gone, or this does not end
        continue;
    cr_assert(start("sleep 1000 & echo : $! >&2; echo ready; exec sleep 1000", LONG, &p, &err, &keep), "%s", err.text);
    char said[64] = "";
    cr_assert(pread(p.errors, said, sizeof said - 1, 0) > 0);
    peer_stop(&p);
    is_killed(pid_in(said), "it is stopped");
    cr_assert(start("sleep 1000 >/dev/null 2>&1 & echo : $! >&2; echo ready; read x; exit 7", LONG, &p, &err, &keep), "%s", err.text);
    peer_wait(&p, -1); // its stdin is empty
    cr_expect(not(peer_lives(&p, &how)));
    cr_expect(strncmp(text_string(&how), "exited with status 7, its last words: :", 39) == 0, "%s", text_string(&how));
    is_killed(pid_in(text_string(&how)), "it ends by itself");
    peer_stop(&p);
}

Test(peer, that_is_dying_is_told_from_one_whose_child_has_died, .timeout = 20)
{
    SCRATCH(keep);
    struct peer p;
    struct error err;

    cr_assert(start("echo ready; exec sleep 1000", LONG, &p, &err, &keep), "%s", err.text);
    cr_expect(eq(int, tree_dying(p.pid), DYING_NOBODY));
    kill(p.pid, SIGKILL);
    peer_wait(&p, -1);
    cr_expect(eq(int, tree_dying(p.pid), DYING_ITSELF));
    peer_stop(&p);
    // A child that nobody waits for: sleep does not, and the child dies only when its parent has become that.
    cr_assert(start("sh -c 'until grep -q sleep /proc/$PPID/comm; do :; done; kill -9 $$' & echo ready; exec sleep 1000", LONG, &p, &err, &keep), "%s", err.text);
    while (tree_dying(p.pid) != DYING_CHILD)
        sched_yield();
    cr_expect(peer_lives(&p, NULL));
    peer_stop(&p);
}

Test(peer, that_does_not_end_when_told_is_killed, .timeout = 20)
{
    SCRATCH(keep);
    struct peer p;
    struct error err;

    cr_assert(start("trap '' TERM; echo ready; while :; do sleep 1000; done", LONG, &p, &err, &keep), "%s", err.text);
    pid_t pid = p.pid;
    peer_stop(&p);
    cr_expect(kill(pid, 0) < 0 && errno == ESRCH);
}

Test(peer, gets_its_words_files_and_environment, .timeout = 20)
{
    SCRATCH(keep);
    struct manifest m = shell("cat {files}/f >&2; echo \"$1 $X {dir} {build} {unknown}\" >&2; echo ready; exec sleep 1000", &keep);
    static const char *const lines[] = { "port {port}", NULL }, *const more[] = { "sh", "more {files}", NULL };
    static const char *const environment[] = { "X=y", NULL };
    struct manifest_file file = { "f", lines };
    struct manifest_variant variant = { "v", more };
    struct peer p;
    struct error err;
    char said[512] = "";

    m.files = &file;
    m.file_count = 1;
    m.environment = environment;
    cr_assert(peer_start(&(struct launch){ .manifest = &m, .variant = &variant, .build = "/build", .limit_us = LONG }, &p, &err), "%s", err.text);
    struct address held = { .len = sizeof held.storage };
    cr_assert(getsockname(p.held, (struct sockaddr *)&held.storage, &held.len) == 0);
    cr_assert(pread(p.errors, said, sizeof said - 1, 0) > 0);
    const char *due = arena_printf(&keep, "port %u\nmore %s y /nowhere /build {unknown}\n", address_port(&held), p.places.files);
    cr_expect(eq(str, said, (char *)due));
    const char *files = arena_string(&keep, p.places.files);
    cr_expect(file_exists(files));
    peer_stop(&p);
    cr_expect(not(file_exists(files)));
}

Test(peer, that_has_no_words_is_ready_when_it_listens, .timeout = 20)
{
    SCRATCH(keep);
    struct manifest m = shell("", &keep);
    static const char *const command[] = { "{build}/peers/reference", "--port", "{port}", NULL };
    char build[4096];
    struct peer p;
    struct error err;

    ssize_t n = readlink("/proc/self/exe", build, sizeof build - 1);
    cr_assert(n > 0);
    build[n] = 0;
    *strrchr(build, '/') = 0;
    m.listen = command;
    m.ready = READY_LISTENER;
    struct launch l = { .manifest = &m, .build = build, .limit_us = LONG };
    cr_assert(peer_start(&l, &p, &err), "%s", err.text);
    int fd = -1;
    cr_expect(net_connect(peer_service(&p, "two"), &fd) == 0);
    close(fd);
    peer_stop(&p);
    m = shell("echo in use >&2; exit 1", &keep);
    ((const char **)m.listen)[3] = "{port}";
    m.ready = READY_LISTENER;
    cr_expect(not(peer_start(&l, &p, &err)));
    cr_expect(eq(str, err.text, "/bin/sh exited with status 1 before it was ready, its last words: in use"));
    m = shell("exec sleep 1000", &keep);
    ((const char **)m.listen)[3] = "{port}";
    m.ready = READY_LISTENER;
    l.limit_us = 50000;
    cr_expect(not(peer_start(&l, &p, &err)));
    cr_expect(strncmp(err.text, "/bin/sh does not listen on port ", 32) == 0, "%s", err.text);
}

/* The tiny peer, on a port that it is told. */
static struct manifest tiny(const char *manner, const char *port, struct arena *keep)
{
    static const char *const services[] = { "tiny", NULL };
    const char **command = ARENA_ARRAY(keep, 5, const char *);

    command[0] = tiny_program();
    command[1] = "--tiny-peer";
    command[2] = manner;
    command[3] = port;
    return (struct manifest){ .name = "tiny", .title = "tiny", .path = "peer.json", .directory = "/nowhere", .listen = command,
                              .services = services, .ready = READY_LISTENER };
}

/* Whether somebody answers there: 1 → 2. */
static bool answers(int fd)
{
    uint8_t byte = 1;

    return send(fd, &byte, 1, MSG_NOSIGNAL) == 1 && recv(fd, &byte, 1, 0) == 1 && byte == 2;
}

Test(peer, that_wants_its_port_for_itself_gets_it, .timeout = 20)
{
    SCRATCH(keep);
    struct manifest m = tiny("greedy", "{port}", &keep);
    struct peer p;
    struct error err;

    cr_assert(peer_start(&(struct launch){ .manifest = &m, .build = "/build", .limit_us = LONG }, &p, &err), "%s", err.text);
    cr_expect(eq(int, p.held, -1));
    cr_expect(address_port(peer_service(&p, "tiny")) > 0);
    peer_stop(&p);
}

Test(peer, with_a_port_that_cannot_be_told_is_waited_for_there, .timeout = 20)
{
    SCRATCH(keep);
    uint16_t port = tiny_port();
    struct manifest m = tiny("quiet", arena_printf(&keep, "%u", port), &keep);
    struct launch l = { .manifest = &m, .build = "/build", .limit_us = LONG };
    struct peer p, second;
    struct error err;

    m.port = port;
    cr_assert(peer_start(&l, &p, &err), "%s", err.text);
    cr_expect(eq(u16, address_port(peer_service(&p, "tiny")), port));
    cr_expect(eq(int, p.held, -1));
    cr_expect(not(peer_start(&l, &second, &err)));
    const char *due = arena_printf(&keep, "peer.json: port %u is taken: another process listens on it", port);
    cr_expect(eq(str, err.text, (char *)due));
    peer_stop(&p);
}

Test(peer, is_not_taken_for_another_that_listens_on_its_port, .timeout = 20)
{
    SCRATCH(keep);
    struct manifest m = shell("exec sleep 1000", &keep);
    struct address at = address_loopback(0);
    struct peer p;
    struct error err;
    AUTO_CLOSE int mine = -1;

    cr_assert(net_bind(&at, &mine, &err) && net_listen(mine, &err), "%s", err.text);
    m.ready = READY_LISTENER;
    ((const char **)m.listen)[2] = arena_printf(&keep, "exec sleep 1000 # {port}");
    m.environment = (const char *const[]){ "X={port}", NULL };
    // The same port, as if somebody else had been quicker.
    struct launch l = { .manifest = &m, .build = "/build", .limit_us = 50000 };
    m.port = 0;
    cr_expect(eq(int, tree_listens(getpid(), address_port(&at)), LISTENER_ITS_OWN));
    cr_assert(start("echo ready; exec sleep 1000", LONG, &p, &err, &keep), "%s", err.text);
    cr_expect(eq(int, tree_listens(p.pid, address_port(&at)), LISTENER_OTHER));
    peer_stop(&p);
    cr_expect(not(peer_start(&l, &p, &err)));
    cr_expect(strstr(err.text, "/bin/sh does not listen on port ") != NULL, "%s", err.text);
}

Test(peer, gets_placeholders_in_its_environment_and_its_directory, .timeout = 20)
{
    SCRATCH(keep);
    char place[] = "/tmp/arcwire-test-XXXXXX";
    struct manifest m = shell("pwd >&2; echo \"$X\" >&2; echo ready; exec sleep 1000", &keep);
    static const char *const environment[] = { "X=at {port} in {dir}", NULL };
    struct launch l = { .manifest = &m, .build = "/build", .limit_us = LONG };
    struct peer p;
    struct error err;
    char said[512] = "";

    cr_assert(mkdtemp(place) != NULL && chdir(place) == 0 && mkdir("there", 0700) == 0);
    m.directory = ".";
    m.work = "there";
    m.environment = environment;
    cr_assert(peer_start(&l, &p, &err), "%s", err.text);
    cr_assert(pread(p.errors, said, sizeof said - 1, 0) > 0);
    const char *due = arena_printf(&keep, "%s/there\nat %s in %s\n", place, p.places.port, place);
    cr_expect(eq(str, said, (char *)due));
    peer_stop(&p);
    rmdir("there");
    cr_assert(chdir("/") == 0 && rmdir(place) == 0);
}

// clang-format off
static const struct reset_row {
    const char *label, *script, *complaint; // NULL: it goes well
    int64_t limit;
} resets[] = {
    { "goes well",        "test $X = y && test {port} -gt 0 && echo done",     NULL, LONG },
    { "fails",            "echo so; echo not so >&2; exit 4",
      "peer.json: reset: /bin/sh exited with status 4, its last words: so · not so", LONG },
    { "dies",             "kill -9 $$",
      "peer.json: reset: /bin/sh died of signal 9 (Killed)", LONG },
    { "does not end",     "exec sleep 1000",
      "peer.json: reset: /bin/sh did not end in time", 50000 },
    { "leaves somebody",  "sleep 1000 & echo : $!; exit 1",
      "peer.json: reset: /bin/sh exited with status 1, its last words: : ", LONG },
};
// clang-format on

Test(peer, is_reset_by_a_command, .timeout = 20)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    for (const struct reset_row *t = resets; t < resets + COUNT_OF(resets); t++) {
        SCRATCH(keep);
        struct manifest m = shell("echo listening one 4242; echo ready; exec sleep 1000", &keep);
        const char *const reset[] = { "/bin/sh", "-c", t->script, NULL };
        static const char *const environment[] = { "X=y", NULL };
        struct launch l = { .manifest = &m, .build = "/build", .limit_us = LONG };
        struct peer p;
        struct error err = { 0 };
        m.reset = reset;
        m.environment = environment;
        cr_assert(peer_start(&l, &p, &err), "%s", err.text);
        l.limit_us = t->limit;
        cr_expect(eq(int, peer_reset(&l, &p, &err), t->complaint == NULL), "%s: %s", t->label, err.text);
        if (t->complaint) {
            cr_expect(strncmp(err.text, t->complaint, strlen(t->complaint)) == 0, "%s: %s", t->label, err.text);
            cr_expect(eq(int, err.kind, ERROR_PEER), "%s", t->label);
        }
        cr_expect(peer_lives(&p, NULL));
        peer_stop(&p);
        if (strstr(t->script, "$!"))
            is_killed(pid_in(err.text), t->label);
        cr_expect(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "%s: nothing is left", t->label);
    }
}

Test(peer, may_be_a_process_on_a_pair_of_sockets, .timeout = 20)
{
    SCRATCH(keep);
    struct manifest m = tiny("quiet", "-", &keep);
    struct launch l = { .manifest = &m, .build = "/build", .limit_us = LONG };
    struct peer p;
    struct error err;
    TEXT(how);
    int fd;

    m.stdio = m.listen;
    m.listen = NULL;
    cr_assert(peer_start_pair(&l, &p, &fd, &err), "%s", err.text);
    fcntl(fd, F_SETFL, 0);
    cr_expect(answers(fd));
    cr_expect(peer_lives(&p, NULL));
    shutdown(fd, SHUT_WR);
    uint8_t byte;
    cr_expect(recv(fd, &byte, 1, 0) == 0); // its end, by its own
    peer_wait(&p, 10000);
    cr_expect(not(peer_lives(&p, &how)));
    cr_expect(eq(str, (char *)text_string(&how), "exited with status 0"));
    close(fd);
    peer_stop(&p);
}

Test(peer, can_be_started_by_hand, .timeout = 20)
{
    SCRATCH(keep);
    struct manifest m = shell("echo \"$X\" {port}; cat {files}/f", &keep);
    static const char *const environment[] = { "X=a b", NULL }, *const lines[] = { "of {port}", NULL };
    struct manifest_file file = { "f", lines };
    struct launch l = { .manifest = &m, .build = "/build", .under = (const char *const[]){ "env", "Y=z", NULL } };
    struct peer p;
    struct error err;
    struct address at;
    TEXT(line);

    m.environment = environment;
    m.files = &file;
    m.file_count = 1;
    m.work = "/";
    cr_assert(peer_by_hand(&l, &p, &line, &at, &err), "%s", err.text);
    unsigned port = address_port(&at);
    const char *due = arena_printf(&keep, "cd / && X='a b' env Y=z /bin/sh -c 'echo \"$X\" %u; cat %s/f'", port, p.places.files);
    cr_expect(eq(str, (char *)text_string(&line), (char *)due));
    FILE *f = popen(text_string(&line), "r");
    char said[128] = "";
    said[fread(said, 1, sizeof said - 1, f)] = 0;
    pclose(f);
    due = arena_printf(&keep, "a b %u\nof %u\n", port, port);
    cr_expect(eq(str, said, (char *)due));
    peer_stop(&p);
}

// clang-format off
static const struct complaint_row {
    const char *label, *stderr_text, *complaint; // NULL: none
} complaints[] = {
    { "nothing",            "",                                                     NULL },
    { "chatter",            "one\ntwo == three\n==12==\n== 1== x\nerror: runtime\n", NULL },
    { "address sanitizer",  "serving\n=====\n==12==ERROR: AddressSanitizer: heap-use-after-free on address 0x1\nREAD of size 1\n    #0 0x2 in f x.c:3\n    #1 0x3 in main\n    #2 0x4\n",
      "==12==ERROR: AddressSanitizer: heap-use-after-free on address 0x1 · READ of size 1 · #0 0x2 in f x.c:3 · #1 0x3 in main" },
    { "undefined behaviour", "x.c:3:5: runtime error: signed integer overflow\n",
      "x.c:3:5: runtime error: signed integer overflow" },
    { "leaks",              "\n=====\n==9==ERROR: LeakSanitizer: detected memory leaks\n\nDirect leak of 3 byte(s)\n",
      "==9==ERROR: LeakSanitizer: detected memory leaks · Direct leak of 3 byte(s)" },
    { "threads",            "=====\nWARNING: ThreadSanitizer: data race (pid=1)\n",  "WARNING: ThreadSanitizer: data race (pid=1)" },
    { "valgrind, an error", "==7== Invalid read of size 4\n==7==    at 0x1: f (x.c:3)\n==7==    by 0x2: main\n==7== \n",
      "==7== Invalid read of size 4 · at 0x1: f (x.c:3) · by 0x2: main" },
    { "valgrind, a leak",   "==7== 24 bytes in 1 blocks are definitely lost in loss record 1 of 1\n",
      "==7== 24 bytes in 1 blocks are definitely lost in loss record 1 of 1" },
    { "valgrind, no error", "==7== Memcheck, a memory error detector\n==7== Command: x\n==7== \n==7== HEAP SUMMARY:\n==7==    definitely lost: 0 bytes in 0 blocks\n==7== ERROR SUMMARY: 0 errors\n==7== Process terminating with default action of signal 15 (SIGTERM)\n", NULL },
    { "Go",                 "panic: runtime error: index out of range\n",           NULL },
};
// clang-format on

Test(peer, what_a_sanitizer_says_is_heard_once, .timeout = 20)
{
    for (const struct complaint_row *t = complaints; t < complaints + COUNT_OF(complaints); t++) {
        struct peer p = peer_none;
        TEXT(what);
        TEXT(again);
        p.errors = memfd_create("stderr", 0);
        p.pid = getpid(); // it lives
        cr_assert(pwrite(p.errors, t->stderr_text, strlen(t->stderr_text), 0) == (ssize_t)strlen(t->stderr_text));
        cr_expect(eq(int, peer_complaint(&p, &what), t->complaint != NULL), "%s", t->label);
        cr_expect(eq(str, (char *)text_string(&what), (char *)(t->complaint ? t->complaint : "")), "%s", t->label);
        cr_expect(not(peer_complaint(&p, &again)), "%s", t->label);
        close(p.errors);
    }
}

Test(peer, half_a_line_of_a_sanitizer_is_heard_when_it_is_whole, .timeout = 10)
{
    struct peer p = peer_none;
    const char text[] = "x.c:3:5: runtime error: overflow\n";
    size_t half = 20;
    TEXT(what);

    p.errors = memfd_create("stderr", 0);
    p.pid = getpid();
    cr_assert(pwrite(p.errors, text, half, 0) == (ssize_t)half);
    cr_expect(not(peer_complaint(&p, &what)));
    cr_assert(pwrite(p.errors, text + half, strlen(text) - half, half) == (ssize_t)(strlen(text) - half));
    cr_expect(peer_complaint(&p, &what));
    cr_expect(eq(str, (char *)text_string(&what), "x.c:3:5: runtime error: overflow"));
    close(p.errors);
}

// clang-format off
static const struct words_row {
    const char *label, *script, *how;
} last_lines[] = {
    { "three lines at most", "for i in 1 2 3 4 5; do echo line $i >&2; done; kill -SEGV $$",
      "died of signal 11 (Segmentation fault), its last words: line 3 · line 4 · line 5" },
    { "blank ones do not count", "printf 'a\\n\\n\\nb\\n\\n' >&2; kill -ABRT $$",
      "died of signal 6 (Aborted), its last words: a · b" },
    { "a long one is cut at its beginning", "printf '%0400d' 7 >&2; exit 0", NULL },
};
// clang-format on

Test(peer, the_end_of_its_stderr_is_told, .timeout = 20)
{
    for (const struct words_row *t = last_lines; t < last_lines + COUNT_OF(last_lines); t++) {
        SCRATCH(keep);
        struct peer p;
        struct error err;
        TEXT(how);
        cr_assert(start(arena_printf(&keep, "echo ready; read x; %s", t->script), LONG, &p, &err, &keep), "%s", err.text);
        peer_wait(&p, 10000);
        cr_expect(not(peer_lives(&p, &how)), "%s", t->label);
        if (t->how)
            cr_expect(eq(str, (char *)text_string(&how), (char *)t->how), "%s", t->label);
        else
            cr_expect(strlen(text_string(&how)) > 300 && strlen(text_string(&how)) < 360, "%s: %s", t->label, text_string(&how));
        peer_stop(&p);
    }
}

Test(memory, a_process_that_touches_memory_has_had_it, .timeout = 10)
{
    struct peer p = { .pid = getpid() };
    size_t size = 32u << 20;

    if (!peer_memory_reset(&p))
        return; // not allowed here
    uint64_t before = peer_memory_peak(&p);
    // From the kernel itself: malloc may keep what is given back.
    volatile char *claimed = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    cr_assert(claimed != MAP_FAILED);
    uint64_t mapped = peer_memory_peak(&p);
    for (size_t i = 0; i < size; i += 4096)
        claimed[i] = 1;
    uint64_t touched = peer_memory_peak(&p);
    munmap((void *)claimed, size);
    cr_expect(gt(u64, before, 0));
    cr_expect(lt(u64, mapped, before + size / 2)); // a claim that is not touched costs nothing
    cr_expect(ge(u64, touched, before + size * 3 / 4));
    cr_expect(ge(u64, peer_memory_peak(&p), touched - (1 << 20))); // and the peak stays, but for what is counted late
    cr_assert(peer_memory_reset(&p));
    cr_expect(lt(u64, peer_memory_peak(&p), touched));
}
