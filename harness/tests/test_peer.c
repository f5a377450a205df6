/*
 * Manifests, and processes under test: small shells, and the reference peer where one must listen.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "peer/memory.h"
#include "peer/process.h"
#include "test_vector.h"

static bool manifest_of(const char *text, struct arena *keep, struct manifest *out, struct error *err)
{
    char place[] = "/tmp/arcwire-test-XXXXXX";
    struct error ignored;

    cr_assert(mkdtemp(place) != NULL && chdir(place) == 0);
    cr_assert(file_write("peer.json", bytes_of(json_of(text, keep)), &ignored));
    bool good = manifest_read("peer.json", keep, out, err);
    cr_assert(chdir("/") == 0);
    file_remove_directory(place);
    return good;
}

#define M(text) "{'format': 1, 'name': 'p', " text "}"

// clang-format off
static const struct broken {
    const char *label, *manifest, *complaint;
} broken_manifests[] = {
    { "not JSON",        "{",
      "peer.json:1:2: expected a key in quotes, found the end" },
    { "a list",          "[]",
      "peer.json:1: expected an object, found an array" },
    { "no format",       "{'name': 'p'}",
      "peer.json:1: expected \"format\": 1" },
    { "format 2",        "{'format': 2}",
      "peer.json:1: format: format 2 is not known, 1 is" },
    { "no name",         "{'format': 1}",
      "peer.json:1: expected \"name\"" },
    { "unknown key",     M("'lisen': ['x']"),
      "peer.json:1: unknown key \"lisen\"; known are format, name, title, listen, dial, ask, services, ready, variants, files, profile, packages, environment, memory, matrix, note" },
    { "no command",      M("'services': ['s']"),
      "peer.json:1: expected \"listen\" or \"dial\", a command, or \"ask\"" },
    { "empty command",   M("'listen': []"),
      "peer.json:1: listen: a command has at least its program" },
    { "command, one string", M("'listen': 'x'"),
      "peer.json:1: listen: expected an array, found \"x\"" },
    { "number in a command", M("'listen': ['x', 1]"),
      "peer.json:1: listen[1]: expected a string, found 1" },
    { "no services",     M("'listen': ['x']"),
      "peer.json:1: expected \"services\"" },
    { "empty services",  M("'listen': ['x'], 'services': []"),
      "peer.json:1: services: expected at least one service" },
    { "unknown ready",   M("'listen': ['x'], 'services': ['s'], 'ready': 'soon'"),
      "peer.json:1: ready: \"soon\": expected stdout or listener" },
    { "listener, no port", M("'listen': ['x'], 'services': ['s'], 'ready': 'listener'"),
      "peer.json:1: ready: where does it listen? {port} stands in no argument and no file" },
    { "variant of words", M("'listen': ['x'], 'services': ['s'], 'variants': {'v': 'x'}"),
      "peer.json:1: variants.v: expected an array, found \"x\"" },
    { "variant without arguments", M("'listen': ['x'], 'services': ['s'], 'variants': {'v': {'services': ['t']}}"),
      "peer.json:1: variants.v: expected \"arguments\"" },
    { "variant that speaks nothing", M("'listen': ['x'], 'services': ['s'], 'variants': {'v': {'arguments': [], 'services': []}}"),
      "peer.json:1: variants.v.services: expected at least one service" },
    { "variant with more", M("'listen': ['x'], 'services': ['s'], 'variants': {'v': {'arguments': [], 'listen': []}}"),
      "peer.json:1: variants.v: unknown key \"listen\"; known are arguments, services, note" },
    { "ask, a command alone", M("'ask': ['x', '{port}']"),
      "peer.json:1: ask: expected an object, found an array" },
    { "ask, incomplete", M("'ask': {'command': ['x', '{port}'], 'services': ['s']}"),
      "peer.json:1: ask: expected \"command\", \"services\" and \"plays\"" },
    { "ask, no service", M("'ask': {'command': ['x', '{port}'], 'services': [], 'plays': []}"),
      "peer.json:1: ask.services: expected at least one service" },
    { "ask, no port",    M("'ask': {'command': ['x', '{case}'], 'services': ['s'], 'plays': []}"),
      "peer.json:1: ask.command: where does it dial? {port} stands in no argument" },
    { "ask, with more",  M("'ask': {'command': ['x', '{port}'], 'services': ['s'], 'plays': [], 'dial': 'us'}"),
      "peer.json:1: ask: unknown key \"dial\"; known are command, services, plays, note" },
    { "file elsewhere",  M("'listen': ['x'], 'services': ['s'], 'files': {'../x': []}"),
      "peer.json:1: files.../x: \"../x\" is no plain file name" },
    { "hidden file",     M("'listen': ['x'], 'services': ['s'], 'files': {'.x': []}"),
      "peer.json:1: files..x: \".x\" is no plain file name" },
    { "matrix of nobody", M("'listen': ['x'], 'services': ['s'], 'variants': {'v': []}, 'matrix': ['v', 'w*']"),
      "peer.json:1: matrix[1]: \"w*\": none of its variants is called so" },
    { "number in the environment", M("'listen': ['x'], 'services': ['s'], 'environment': {'X': 1}"),
      "peer.json:1: environment.X: expected a string, found 1" },
};
// clang-format on

Test(manifest, a_broken_one_is_told_with_its_place, .timeout = 10)
{
    for (const struct broken *t = broken_manifests; t < broken_manifests + COUNT_OF(broken_manifests); t++) {
        SCRATCH(keep);
        struct manifest m;
        struct error err = { 0 };
        cr_expect(not(manifest_of(t->manifest, &keep, &m, &err)), "%s", t->label);
        cr_expect(eq(int, err.kind, ERROR_INPUT), "%s", t->label);
        cr_expect(eq(str, err.text, (char *)t->complaint), "%s", t->label);
    }
}

Test(manifest, says_what_its_file_says, .timeout = 10)
{
    SCRATCH(keep);
    struct manifest m;
    struct error err = { 0 };

    cr_assert(manifest_of(M("'title': 'T', 'listen': ['a', '{port}'], 'dial': ['b'], 'services': ['s', 't'], 'ready': 'listener',"
                            "'variants': {'v': ['-x'], 'w': {'arguments': ['-y'], 'services': ['u']}}, 'files': {'f': ['one', 'two']}, 'profile': 'bits=32',"
                            "'packages': ['p'], 'environment': {'X': 'y'}"),
                          &keep, &m, &err),
              "%s", err.text);
    cr_expect(eq(str, (char *)m.title, "T"));
    cr_expect(eq(str, (char *)m.listen[1], "{port}"));
    cr_expect(m.listen[2] == NULL);
    cr_expect(eq(str, (char *)m.services[1], "t"));
    cr_expect(eq(int, m.ready, READY_LISTENER));
    cr_expect(eq(str, (char *)manifest_variant(&m, "v")->arguments[0], "-x"));
    cr_expect(eq(str, (char *)manifest_variant(&m, "w")->arguments[0], "-y"));
    cr_expect(eq(str, (char *)manifest_services(&m, manifest_variant(&m, "w"))[0], "u"));
    cr_expect(eq(str, (char *)manifest_services(&m, manifest_variant(&m, "v"))[0], "s"));
    cr_expect(eq(str, (char *)manifest_services(&m, NULL)[0], "s"));
    cr_expect(manifest_variant(&m, "x") == NULL);
    cr_expect(eq(str, (char *)m.files[0].lines[1], "two"));
    cr_expect(eq(str, (char *)m.environment[0], "X=y"));
}

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
    return peer_start(&m, NULL, "/nowhere", NULL, limit, p, err);
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
      "/bin/sh exited with status 3 before it was ready, its last words: no" },
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
    cr_expect(not(peer_start(&m, NULL, "/build", NULL, LONG, &p, &err)));
    cr_expect(eq(str, err.text, "cannot start /nowhere/peer: No such file or directory"));
    cr_expect(not(peer_installed(&m, "/build", &keep, &missing)));
    cr_expect(eq(str, (char *)missing, "/nowhere/peer"));
    ((const char **)m.listen)[0] = "sh";
    cr_expect(peer_installed(&m, "/build", &keep, &missing));
    struct address to = address_loopback(1);
    cr_expect(not(peer_start(&m, NULL, "/build", &to, LONG, &p, &err)));
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
    int status = 0;

    cr_assert(pid > 1, "%s", label);
    cr_assert(waitpid(pid, &status, 0) == pid, "%s", label); // ours to wait for, as a subreaper
    bool killed = WIFSIGNALED(status);
    cr_expect(killed, "%s", label);
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
    siginfo_t info;
    cr_assert(waitid(P_PID, (id_t)p.pid, &info, WEXITED | WNOWAIT) == 0); // its stdin is empty
    cr_expect(not(peer_lives(&p, &how)));
    cr_expect(strncmp(text_string(&how), "exited with status 7, its last words: :", 39) == 0, "%s", text_string(&how));
    is_killed(pid_in(text_string(&how)), "it ends by itself");
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
    cr_assert(peer_start(&m, &variant, "/build", NULL, LONG, &p, &err), "%s", err.text);
    struct address held = { .len = sizeof held.storage };
    cr_assert(getsockname(p.held, (struct sockaddr *)&held.storage, &held.len) == 0);
    cr_assert(pread(p.errors, said, sizeof said - 1, 0) > 0);
    const char *due = arena_printf(&keep, "port %u\nmore %s y /nowhere /build {unknown}\n", address_port(&held), p.files);
    cr_expect(eq(str, said, (char *)due));
    const char *files = arena_string(&keep, p.files);
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
    cr_assert(peer_start(&m, NULL, build, NULL, LONG, &p, &err), "%s", err.text);
    int fd = -1;
    cr_expect(net_connect(peer_service(&p, "two"), &fd) == 0);
    close(fd);
    peer_stop(&p);
    m = shell("echo in use >&2; exit 1", &keep);
    ((const char **)m.listen)[3] = "{port}";
    m.ready = READY_LISTENER;
    cr_expect(not(peer_start(&m, NULL, build, NULL, LONG, &p, &err)));
    cr_expect(eq(str, err.text, "/bin/sh exited with status 1 before it was ready, its last words: in use"));
    m = shell("exec sleep 1000", &keep);
    ((const char **)m.listen)[3] = "{port}";
    m.ready = READY_LISTENER;
    cr_expect(not(peer_start(&m, NULL, build, NULL, 50000, &p, &err)));
    cr_expect(strncmp(err.text, "/bin/sh does not listen on port ", 32) == 0, "%s", err.text);
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
