/*
 * The program as a whole: exit statuses, what it says of wrong input, and that it leaves nothing behind. It lies beside
 * the test program, as do the peers.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "net/net.h"
#include "test_vector.h"
#include "tiny.h"

struct said {
    int status;          // as a shell tells it; 256 and more: a signal
    struct text out, err;
};

static const char *build(void)
{
    static char path[4096];

    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    cr_assert(n > 0);
    path[n] = 0;
    *strrchr(path, '/') = 0;
    return path;
}

static pid_t start(const char *command, int *out, int *err)
{
    int outs[2], errs[2];

    cr_assert(pipe2(outs, O_CLOEXEC) == 0 && pipe2(errs, O_CLOEXEC) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); // nothing outlives a test that is given up
        dup2(outs[1], 1);
        dup2(errs[1], 2);
        setenv("BUILD", build(), 1);
        execl("/bin/sh", "sh", "-c", command, NULL);
        _exit(127);
    }
    close(outs[1]);
    close(errs[1]);
    *out = outs[0];
    *err = errs[0];
    return pid;
}

static void finish(pid_t pid, int out, int err, struct said *said)
{
    struct pollfd both[] = { { out, POLLIN, 0 }, { err, POLLIN, 0 } };
    struct text *texts[] = { &said->out, &said->err };
    char chunk[4096];
    int status;

    while (both[0].fd >= 0 || both[1].fd >= 0) {
        poll(both, 2, -1);
        for (int i = 0; i < 2; i++) {
            if (both[i].fd < 0 || !both[i].revents)
                continue;
            ssize_t n = read(both[i].fd, chunk, sizeof chunk);
            if (n > 0)
                text_addn(texts[i], chunk, (size_t)n);
            else
                fd_close(&both[i].fd);
        }
    }
    waitpid(pid, &status, 0);
    said->status = WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}

static void run(const char *command, struct said *said)
{
    int out, err;

    *said = (struct said){ 0 };
    pid_t pid = start(command, &out, &err);
    finish(pid, out, err, said);
}

static void forget(struct said *said)
{
    text_free(&said->out);
    text_free(&said->err);
}

/* A directory of its own: a service, a suite and manifests, none of them ours. It becomes the working directory. */
static void own_place(char place[])
{
    static const struct {
        const char *path, *text;
    } files[] = {
        { "v/services/counter.json",
          "{'format': 1, 'service': 'counter', 'first-control': 'next', 'probe': 'next', 'pipelining': true,"
          " 'controls': {'next': [ {'client': [{'word': 4}, {'dword': {'draw': {}, 'as': 'n'}}]},"
          "                        {'server': [{'word': 0}, {'dword': {'reuse': 'n', 'plus': 1}}]} ]}}" },
        { "v/suites/counter.json",
          "{'format': 1, 'suite': 'counter', 'service': 'counter', 'cases': [\n"
          " {'id': 'counter-two', 'title': 'Two', 'clauses': ['MINE-1'], 'steps': [{'control': 'next'},"
          "  {'client': [{'word': 4}, {'dword': 7}, {'word': 4}, {'dword': 8}]},"
          "  {'server': [{'word': 0}, {'dword': 8}, {'word': 0}, {'dword': 9}]}]},\n"
          " {'id': 'counter-hopes', 'title': 'Wrong', 'clauses': ['MINE-1'], 'steps': [{'control': 'next'},"
          "  {'client': [{'word': 4}, {'dword': 7}]}, {'server': [{'word': 0}, {'dword': 9}]}]},\n"
          " {'id': 'counter-silent', 'title': 'Long', 'clauses': ['MINE-1'], 'steps': [{'control': 'next'},"
          "  {'client': [{'word': 4}]}, {'server': [{'byte': 1}]}]}]}" },
        { "broken/suites/broken.json",
          "{'format': 1, 'suite': 'broken', 'service': 'counter', 'cases': [\n"
          " {'id': 'broken-1', 'title': 'B', 'clauses': ['MINE-1'], 'steps': [{'sever': 'client'}]}]}" },
        { "peer.json",
          "{'format': 1, 'name': 'mine', 'listen': ['{build}/peers/reference', '--port', '{port}'], 'ready': 'listener',"
          " 'services': ['counter'], 'variants': {'v': []}}" },
        { "alone.json",
          "{'format': 1, 'name': 'alone', 'listen': ['{build}/peers/flawed', '--flaw', 'op-alone', '--port', '{port}'], 'ready': 'listener',"
          " 'services': ['counter']}" },
        { "words.json",
          "{'format': 1, 'name': 'words', 'listen': ['{build}/peers/reference', '--port', '0'], 'services': ['conformance']}" },
        { "dials.json",
          "{'format': 1, 'name': 'dials', 'dial': ['{build}/peers/reference', '--dial', '{host}:{port}'], 'services': ['counter']}" },
        { "declares.json",
          "{'format': 1, 'name': 'declares', 'listen': ['{build}/peers/reference', '--port', '{port}'], 'ready': 'listener',"
          " 'services': ['counter'],\n 'deviations': [{'clause': 'MINE-1', 'reason': 'it is wrong'}]}" },
        { "knows.json",
          "{'format': 1, 'name': 'knows', 'listen': ['{build}/peers/reference', '--port', '{port}'], 'ready': 'listener',"
          " 'services': ['counter'],\n 'deviations': [{'clause': 'YOURS-1', 'reason': 'it is wrong'}]}" },
        { "unbuilt.json", "{'format': 1, 'name': 'unbuilt', 'listen': ['/nowhere/peer'], 'services': ['counter'], 'built-by': 'make it'}" },
        { "absent.json", "{'format': 1, 'name': 'absent', 'listen': ['/nowhere/peer'], 'services': ['counter'], 'packages': ['some-package']}" },
        { "dies.json", "{'format': 1, 'name': 'dies', 'listen': ['/bin/sh', '-c', 'echo no luck >&2; exit 5'], 'services': ['counter']}" },
        { "asks.json", "{'format': 1, 'name': 'asks', 'ask': {'command': ['/bin/true', '{port}'], 'services': ['counter'], 'plays': ['counter']}}" },
        { "s/services/counter.json",
          "{'format': 1, 'service': 'counter', 'first-control': 'next', 'probe': 'next', 'pipelining': true,"
          " 'controls': {'next': [ {'client': [{'word': 4}, {'dword': {'draw': {}, 'as': 'n'}}]},"
          "                        {'server': [{'word': 0}, {'dword': {'reuse': 'n', 'plus': 1}}]} ]}}" },
        { "s/suites/counter.json",
          "{'format': 1, 'suite': 'counter', 'service': 'counter', 'cases': [\n"
          " {'id': 'counter-two', 'title': 'Two', 'clauses': ['MINE-1'], 'steps': [{'control': 'next'},"
          "  {'client': [{'word': 4}, {'dword': 7}, {'word': 4}, {'dword': 8}]},"
          "  {'server': [{'word': 0}, {'dword': 8}, {'word': 0}, {'dword': 9}]}]},\n"
          " {'id': 'counter-loose', 'title': 'Any', 'clauses': ['MINE-1'], 'steps': [{'control': 'next'},"
          "  {'client': [{'word': 4}, {'dword': 7}]}, {'server': [{'word': 0}, {'dword': {'any': true}, 'name': 'next'}]}]}]}" },
        { "flawed.json",
          "{'format': 1, 'name': 'mine', 'listen': ['{build}/peers/flawed', '--port', '{port}'], 'ready': 'listener',"
          " 'services': ['counter'], 'flaws': 'flaws.json'}" },
        { "flaws.json",
          "{'format': 1, 'flaws': [\n"
          " {'name': 'keeps-rest', 'kind': 'flaw', 'family': 'f', 'sentence': 'Keeps it.', 'clauses': ['MINE-1'], 'check': 'reply',"
          "  'cause': 'held-back', 'arguments': ['--flaw', 'keeps-rest'], 'patterns': ['counter'], 'limit': 250},\n"
          " {'name': 'mistaken', 'kind': 'flaw', 'family': 'f', 'sentence': 'Keeps it.', 'clauses': ['MINE-1'], 'check': 'reply',"
          "  'cause': 'bytes-swapped', 'held-out': true, 'arguments': ['--flaw', 'keeps-rest'], 'patterns': ['counter'], 'limit': 250},\n"
          " {'name': 'named', 'kind': 'flaw', 'family': 'f', 'sentence': 'Keeps it.', 'clauses': ['MINE-1'], 'check': 'reply',"
          "  'cause': 'held-back', 'held-out': true, 'arguments': ['--flaw', 'keeps-rest'], 'patterns': ['counter'], 'limit': 250},\n"
          " {'name': 'unseen', 'kind': 'flaw', 'family': 'g', 'sentence': 'Elsewhere.', 'clauses': ['MINE-1'], 'check': 'reply',"
          "  'cause': 'bytes-swapped', 'held-out': true, 'arguments': ['--flaw', 'swap-operands'], 'patterns': ['counter']},\n"
          " {'name': 'mute', 'kind': 'degenerate', 'family': 'g', 'sentence': 'Silent.', 'clauses': ['MINE-1'], 'check': 'reply',"
          "  'cause': 'no-answer', 'arguments': ['--flaw', 'mute'], 'patterns': ['counter'], 'limit': 250},\n"
          " {'name': 'half-right', 'kind': 'degenerate', 'family': 'h', 'sentence': 'Passes.', 'clauses': ['MINE-1'], 'check': 'reply',"
          "  'cause': 'held-back', 'arguments': ['--flaw', 'keeps-rest'], 'patterns': ['counter'], 'limit': 250},\n"
          " {'name': 'two-flushes', 'kind': 'odd', 'family': 'o', 'sentence': 'Slow.', 'clauses': ['MINE-1'],"
          "  'arguments': ['--flaw', 'two-flushes'], 'patterns': ['counter']},\n"
          " {'name': 'not-odd', 'kind': 'odd', 'family': 'p', 'sentence': 'Wrong.', 'clauses': ['MINE-1'],"
          "  'arguments': ['--flaw', 'keeps-rest'], 'patterns': ['counter'], 'limit': 250}]}" },
        { "foreign.json", "{'format': 1, 'name': 'foreign', 'listen': ['/bin/true'], 'services': ['chess']}" },
        { "wrong.json", "{'format': 1, 'name': 'wrong', 'listen': [], 'services': ['counter']}" },
    };
    SCRATCH(keep);
    struct error err;

    cr_assert(mkdtemp(place) != NULL && chdir(place) == 0);
    cr_assert(file_make_directory("s/services", &err) && file_make_directory("s/suites", &err) && file_make_directory("v/services", &err) && file_make_directory("v/suites", &err) &&
              file_make_directory("broken/suites", &err));
    for (size_t i = 0; i < COUNT_OF(files); i++)
        cr_assert(file_write(files[i].path, bytes_of(json_of(files[i].text, &keep)), &err), "%s", err.text);
}

static void leave_place(const char *place)
{
    struct said said;

    cr_assert(chdir("/") == 0);
    SCRATCH(keep);
    run(arena_printf(&keep, "chmod -R u+w %s; rm -rf %s", place, place), &said);
    cr_expect(not(file_exists(place)));
    forget(&said);
}

#define MINE "$BUILD/arcwire run --vectors v --only-vectors --peer ./peer.json --out out --seed 1 "

#define SELFTEST "$BUILD/arcwire selftest --peer ./flawed.json --vectors s --only-vectors --out out -j 2 --seed 1 "
#define MATRIX "$BUILD/arcwire matrix --vectors v --only-vectors --out out --seed 1 "

// clang-format off
static const struct command {
    const char *label, *command;
    int status;
    const char *says;   // a part of what it says on stderr, or on stdout; "" for any
} commands[] = {
    { "all is well",           MINE "counter-two",                             0, "passed" },
    { "of a variant",          "$BUILD/arcwire run --vectors v --only-vectors --peer ./peer.json:v --out out counter-two", 0, "passed" },
    { "one delivery",          MINE "counter-two --delivery plain",            0, "passed" },
    { "a failure",             MINE "counter-hopes --delivery plain",          1, "counter-hopes" },
    { "no answer in time",     MINE "counter-silent --delivery plain --limit 250", 1, "counter-silent" },
    { "nothing selected",      MINE "no-such-case",                            7, "arcwire: no case is selected by these patterns" },
    { "a broken suite",        "$BUILD/arcwire run --vectors v --vectors broken --only-vectors --peer ./peer.json --out out", 3,
                               "arcwire: broken/suites/broken.json:2: case broken-1: steps[0].sever: unknown step \"sever\"" },
    { "a broken manifest",     "$BUILD/arcwire run --vectors v --only-vectors --peer ./wrong.json --out out", 3,
                               "arcwire: ./wrong.json:1: listen: a command has at least its program" },
    { "a manifest that is not there", "$BUILD/arcwire run --vectors v --only-vectors --peer ./none.json", 3,
                               "arcwire: ./none.json: No such file or directory" },
    { "no vectors there",      "$BUILD/arcwire run --vectors none --only-vectors --peer ./peer.json", 3,
                               "arcwire: none: holds neither suites/ nor services/" },
    { "an absent program",     "$BUILD/arcwire run --vectors v --only-vectors --peer ./absent.json --out out", 4,
                               "arcwire: ./absent.json: /nowhere/peer is not there: install the package some-package" },
    { "a program that was not built", "$BUILD/arcwire run --vectors v --only-vectors --peer ./unbuilt.json --out out", 4,
                               "arcwire: ./unbuilt.json: /nowhere/peer is not there: built by make it" },
    { "a peer that dies",      "$BUILD/arcwire run --vectors v --only-vectors --peer ./dies.json --out out", 4,
                               "arcwire: /bin/sh exited with status 5 before it was ready, its last words: no luck" },
    { "a host that is none",   "$BUILD/arcwire run --vectors v --only-vectors --service counter --connect 256.0.0.1:1 --out out", 4, "arcwire: 256.0.0.1: " },
    { "a command",             "$BUILD/arcwire run --vectors v --only-vectors --service counter --out out counter-two --exec \"$BUILD/peers/reference --port {port}\"", 0, "passed" },
    { "a command that dials",  "$BUILD/arcwire run --vectors v --only-vectors --service counter --out out counter-two --dial peer"
                               " --exec \"'$BUILD/peers/reference' --dial {host}:{port}\"", 0, "passed" },
    { "a command under another", "$BUILD/arcwire run --vectors v --only-vectors --service counter --out out counter-two --under 'env X=y'"
                               " --exec \"$BUILD/peers/reference --port {port}\"", 0, "passed" },
    { "a command that dies",   "$BUILD/arcwire run --vectors v --only-vectors --service counter --out out --exec \"sh -c 'echo no luck: \\$0 >&2; exit 5' {port}\"", 4,
                               "arcwire: sh exited with status 5 before it was ready, its last words: no luck: " },
    { "a command on its descriptors", "$BUILD/arcwire run --vectors v --only-vectors --service counter --out out counter-two --stdio cat --delivery plain", 1, "first-control" },
    { "a command that is not there", "$BUILD/arcwire run --exec '/nowhere/peer {port}'", 4, "arcwire: --exec: /nowhere/peer is not there" },
    { "a tool that is not there", "$BUILD/arcwire run --exec 'cat {port}' --under /nowhere/valgrind", 4, "arcwire: --exec: /nowhere/valgrind is not there" },
    { "deviations that are there", "$BUILD/arcwire run --vectors v --only-vectors --peer ./declares.json --out out counter-hopes", 0, "declared" },
    { "deviations from nothing", "$BUILD/arcwire run --vectors v --only-vectors --peer ./knows.json --out out", 3,
                               "arcwire: ./knows.json:2: deviations[0].clause: no clause is called \"YOURS-1\"" },
    { "lint of what is well",  "$BUILD/arcwire lint --help",                   0, "usage: arcwire lint" },
    { "lint of a broken suite", "$BUILD/arcwire lint --only-vectors --vectors v --vectors broken", 3, "unknown step \"sever\"" },

    { "no command",            "$BUILD/arcwire",                               2, "arcwire: expected a command; see arcwire help" },
    { "unknown command",       "$BUILD/arcwire sing",                          2, "arcwire: no command is called \"sing\"; see arcwire help" },
    { "unknown option",        "$BUILD/arcwire run --loud",                    2, "arcwire run: unknown option \"--loud\"; see arcwire run --help" },
    { "short option",          "$BUILD/arcwire run -x",                        2, "arcwire run: unknown option \"-x\"; see arcwire run --help" },
    { "another's option",      "$BUILD/arcwire run --update-lock",             2, "arcwire run: unknown option \"--update-lock\"; see arcwire run --help" },
    { "no value",              "$BUILD/arcwire run --peer",                    2, "arcwire run: a value is missing behind \"--peer\"; see arcwire run --help" },
    { "a value too many",      "$BUILD/arcwire run --strict=yes",              2, "arcwire run: no value goes with \"--strict=yes\"; see arcwire run --help" },
    { "no peer",               "$BUILD/arcwire run",                           2, "arcwire: expected one of --peer NAME, --exec CMD, --stdio CMD, --connect ADDRESS, --listen ADDRESS" },
    { "two peers",             "$BUILD/arcwire run --peer a --connect b:1",    2, "arcwire: expected one of --peer NAME, --exec CMD, --stdio CMD, --connect ADDRESS, --listen ADDRESS" },
    { "unknown peer",          "$BUILD/arcwire run --peer nobody",             2, "arcwire: --peer: no peer is called \"nobody\"" },
    { "unknown variant",       "$BUILD/arcwire run --vectors v --only-vectors --peer ./peer.json:w", 2, "arcwire: --peer: ./peer.json has no variant \"w\"" },
    { "dial whom",             "$BUILD/arcwire run --peer ./peer.json --vectors v --only-vectors --dial them", 2, "arcwire: --dial: \"them\": expected us or peer" },
    { "no port in a command",  "$BUILD/arcwire run --exec ./peer",             2, "arcwire: --exec: where does it listen? neither {port} nor {socket} stands in \"./peer\"" },
    { "an open quote",         "$BUILD/arcwire run --exec \"./peer '{port}\"", 2, "arcwire: --exec: a quote is not closed" },
    { "dial on descriptors",   "$BUILD/arcwire run --stdio ./peer --dial us",  2, "arcwire: --dial does not go with --stdio" },
    { "under nothing",         "$BUILD/arcwire run --connect a:1 --under valgrind", 2, "arcwire: --under goes with --peer, --exec and --stdio" },
    { "under an open quote",   "$BUILD/arcwire run --exec 'cat {port}' --under \"'\"", 2, "arcwire: --under: a quote is not closed" },
    { "workers of a stranger", "$BUILD/arcwire run --connect a:1 -j 2",        2, "arcwire: -j goes with --peer, --exec and --stdio" },
    { "hold descriptors",      "$BUILD/arcwire run --stdio ./peer --hold",     2, "arcwire: --hold does not go with --stdio" },
    { "hold everything",       "$BUILD/arcwire run --vectors v --only-vectors --service counter --connect 127.0.0.1:1 --hold", 2, "arcwire: --hold: 3 results are selected" },
    { "dial without a peer",   "$BUILD/arcwire run --connect a:1 --dial us",   2, "arcwire: --dial goes with --peer" },
    { "a proxy nowhere",       "$BUILD/arcwire proxy --to 127.0.0.1:1", 2, "arcwire: expected --listen ADDRESS" },
    { "a proxy to nobody",     "$BUILD/arcwire proxy --listen 127.0.0.1:0", 2, "arcwire: expected --to ADDRESS" },
    { "a proxy to no address", "$BUILD/arcwire proxy --listen 127.0.0.1:0 --to there", 2, "arcwire: --to: \"there\" is no address" },
    { "a proxy with words",    "$BUILD/arcwire proxy --listen 127.0.0.1:0 --to 127.0.0.1:1 x", 2, "arcwire: \"x\": expected options only" },
    { "a proxy of none",       "$BUILD/arcwire proxy --listen 127.0.0.1:0 --to 127.0.0.1:1 --count 0", 2, "arcwire: --count: \"0\": expected a number" },
    { "a fault nowhere",       "$BUILD/arcwire proxy --listen 127.0.0.1:0 --to 127.0.0.1:1 --fault to-nobody@1:flip", 2, "arcwire: --fault: \"to-nobody@1:flip\": expected to-client@WHERE:WHAT" },
    { "a field without a layout", "$BUILD/arcwire proxy --listen 127.0.0.1:0 --to 127.0.0.1:1 --delivery cut-fields", 2, "arcwire: --delivery: fields are those of a layout: expected --layout NAME" },
    { "a field that is none", "$BUILD/arcwire proxy --listen 127.0.0.1:0 --to 127.0.0.1:1 --delivery cut@txt --layout chatter", 2, "arcwire: --delivery: the layout has no field \"txt\" in what either side says" },
    { "… of that side", "$BUILD/arcwire proxy --listen 127.0.0.1:0 --to 127.0.0.1:1 --delivery to-client:cut@op --layout conformance", 2, "arcwire: --delivery: the layout has no field \"op\" in what a server says" },
    { "… of no side", "$BUILD/arcwire proxy --listen 127.0.0.1:0 --to 127.0.0.1:1 --delivery to-client:cut-fields --layout update", 2, "arcwire: --delivery: the layout does not tell what a server says" },
    { "… as a fault's place", "$BUILD/arcwire proxy --listen 127.0.0.1:0 --to 127.0.0.1:1 --fault to-client@op:reset --layout conformance", 2, "arcwire: --fault: the layout has no field \"op\" in what a server says" },
    { "a field's number that is none", "$BUILD/arcwire proxy --listen 127.0.0.1:0 --to 127.0.0.1:1 --delivery cut@text#0 --layout chatter", 2, "arcwire: --delivery: \"text#0\": expected FIELD or FIELD#N, N from 1 on" },
    { "a layout for nothing", "$BUILD/arcwire proxy --listen 127.0.0.1:0 --to 127.0.0.1:1 --delivery bytewise --layout chatter", 2, "arcwire: --layout goes with --check format" },
    { "the format without a layout", "$BUILD/arcwire proxy --listen 127.0.0.1:0 --to 127.0.0.1:1 --check format", 2, "arcwire: --check format: say what passes with --layout: without one nothing is certain" },
    { "a fault and a shadow",  "$BUILD/arcwire proxy --listen 127.0.0.1:0 --to 127.0.0.1:1 --shadow 127.0.0.1:2 --fault to-client@1:flip", 2, "arcwire: --fault does not go with --shadow" },
    { "play whom",             "$BUILD/arcwire run --peer ./peer.json --vectors v --only-vectors --play them", 2, "arcwire: --play: \"them\": expected client or server" },
    { "the server, of a peer that runs", "$BUILD/arcwire run --connect a:1 --play server", 2, "arcwire: --play server goes with --peer" },
    { "the server, of one that only dials", "$BUILD/arcwire run --vectors v --only-vectors --peer ./asks.json --play server --dial us", 4, "arcwire: ./asks.json: its manifest's \"ask\" has no \"listen\"" },
    { "a peer that cannot ask", MINE "counter-two --play server",              4, "arcwire: ./peer.json: its manifest has no \"ask\"" },
    { "one that asks a service that is none", "$BUILD/arcwire run --vectors v --only-vectors --peer ./asks.json --play server --service chess", 2, "--service: no service is called" },
    { "one that asks nothing", "$BUILD/arcwire run --vectors v --only-vectors --peer ./asks.json --play server --out out counter-two --delivery plain", 1, "the client did not dial" },
    { "one that only asks",    "$BUILD/arcwire run --vectors v --only-vectors --peer ./asks.json", 4, "arcwire: ./asks.json: its manifest has no \"listen\" command" },
    { "one that asks, shown",  "$BUILD/arcwire show counter-hopes --vectors v --only-vectors --play server", 0, "as seen by the server" },
    { "no port",               "$BUILD/arcwire run --connect localhost",       2, "arcwire: \"localhost\" is no address: expected HOST:PORT, unix:PATH or unix:@NAME" },
    { "port too large",        "$BUILD/arcwire run --connect 127.0.0.1:65536", 2, "arcwire: \"127.0.0.1:65536\" is no address: expected HOST:PORT, unix:PATH or unix:@NAME" },
    { "no path",               "$BUILD/arcwire run --connect unix:",           2, "arcwire: \"unix:\" is no address: expected unix:PATH or unix:@NAME" },
    { "a path too long",       "$BUILD/arcwire run --listen unix:/tmp/$(printf %0104d 0)", 2, "arcwire: the path of a socket has at most 107 bytes, and here are 109: /tmp/0" },
    { "a file in the way",     "touch in-the-way; $BUILD/arcwire run --vectors v --only-vectors --service counter --out out --listen unix:in-the-way", 4, "arcwire: cannot bind unix:in-the-way, which is there already: remove it if nobody listens on it" },
    { "no such socket",        "$BUILD/arcwire run --vectors v --only-vectors --service counter --out out --connect unix:nowhere", 4, "arcwire: no connection came about: unix:nowhere: No such file or directory" },
    { "unknown service",       "$BUILD/arcwire run --vectors v --only-vectors --peer ./peer.json --service chess", 2, "arcwire: --service: no service is called \"chess\"" },
    { "unknown delivery",      MINE "--delivery by-post",                      2, "arcwire: --delivery: \"by-post\" is none: " },
    { "no delivery",           MINE "--delivery ,",                            2, "arcwire: --delivery: \"\" is none: " },
    { "cut everywhere",        MINE "counter-two --delivery cut-each",         0, "passed" },
    { "cut in one place",      MINE "counter-two --delivery cut-each:2:11,cut-fields:1:2", 0, "passed" },
    { "behind the message",    MINE "counter-two --delivery cut-each:2:12",    2, "arcwire: --delivery cut-each:2:12: counter-two has no such position in its message of 12 bytes" },
    { "at no field",           MINE "counter-two --delivery cut-fields:2:4",   2, "arcwire: --delivery cut-fields:2:4: counter-two has no such position" },
    { "of a message too many", MINE "counter-two --delivery cut-each:3:1",     2, "arcwire: --delivery cut-each:3:1: counter-two has no such position: we send 2 messages" },
    { "of which case",         MINE "--delivery cut-each:2:1",                 2, "arcwire: --delivery cut-each:2:1: several cases are selected, and it is a position in one: name a case" },
    { "a position of what has none", MINE "counter-two --delivery plain:2:1",  2, "arcwire: --delivery: \"plain:2:1\": plain has no positions" },
    { "half a position",       MINE "counter-two --delivery cut-each:2",       2, "arcwire: --delivery: \"cut-each:2\": expected cut-each:MESSAGE:OFFSET, two numbers from 1 on" },
    { "a position, shown",     "$BUILD/arcwire show counter-two --vectors v --only-vectors --delivery cut-each:2:11", 0, "in 2 segments" },
    { "positions, shown",      "$BUILD/arcwire show counter-two --vectors v --only-vectors --delivery cut-fields", 0,
                               "cut-fields:2:6   message 2 cut at 6 of 12, before WORD 4" },
    { "a position too far, shown", "$BUILD/arcwire show counter-two --vectors v --only-vectors --delivery cut-each:2:12", 2, "has no such position" },
    { "seed in words",         "$BUILD/arcwire run --peer ./peer.json --seed x", 2, "arcwire: --seed: \"x\": expected a number from 0 to 18446744073709551615" },
    { "negative seed",         "$BUILD/arcwire run --peer ./peer.json --seed=-1", 2, "arcwire: --seed: \"-1\": expected a number" },
    { "seed too large",        "$BUILD/arcwire run --peer ./peer.json --seed 18446744073709551616", 2, "arcwire: --seed: \"18446744073709551616\": expected a number" },
    { "limit too small",       MINE "--limit 249",                             2, "arcwire: --limit: \"249\": expected a number from 250 to 3600000" },
    { "no time",               MINE "--max-time 0",                            2, "arcwire: --max-time: \"0\": expected a number from 1 to 1000000" },
    { "silence of another kind", MINE "--silence hoped",                       2, "arcwire: --silence: \"hoped\": expected timed or probed" },
    { "no silence is timed",   MINE "counter-two --silence probed",            0, " waiting for the peer\n" },
    { "the most that it takes", MINE "counter-two --delivery plain",           0, "\n4.35 s at most, should nothing answer\n" }, // one first control
    { "the most that it takes, of three", MINE "counter-two --max-time 60",    0, "\n10.05 s at most" },                       // three dead cases
    { "unknown profile",       MINE "--profile charset=ebcdic",                2, "arcwire: --profile: " },
    { "only nothing",          "$BUILD/arcwire run --only-vectors --peer x",   2, "arcwire: --only-vectors goes with --vectors DIR" },
    { "what an option is",     "$BUILD/arcwire report --help",                 0, "  --output        FILE            where the view goes (default: standard output)\n" },
    { "… to another command",  "$BUILD/arcwire record --help",                 0, "  --output        FILE            the suite's file, DIR/suites/NAME.json\n" },
    { "… to this one alone",   "$BUILD/arcwire run --help",                    0, "  --against       RUN             show what has changed since that run\n" },
    { "unknown help",          "$BUILD/arcwire help sing",                     2, "arcwire: no command is called \"sing\"; see arcwire help" },
    { "two peers of a run",    "$BUILD/arcwire run --peer a --peer b",         2, "arcwire: one --peer; arcwire matrix takes several" },
    { "doctor",                "$BUILD/arcwire doctor",                        0, "yes  segments          8 bytes left as 8 segments" },
    { "doctor, late speakers", "$BUILD/arcwire doctor",                        0, "yes  late speakers     one with a timer is not believed" },
    { "doctor of a peer",      "$BUILD/arcwire doctor --vectors v --only-vectors --peer ./peer.json", 0, "counter           it answers" },
    { "doctor of nobody",      "$BUILD/arcwire doctor --vectors v --only-vectors --peer ./dies.json", 4, "arcwire: /bin/sh exited with status 5" },
    { "two workers",           MINE "counter-two -j 2",                        0, "passed" },
    { "workers, joined",       MINE "counter-two -j2",                         0, "passed" },
    { "no worker",             MINE "-j 0",                                    2, "arcwire: -j: \"0\": expected a number from 1 to 16" },
    { "workers for a peer that runs", "$BUILD/arcwire run --connect a:1 -j 2", 2, "arcwire: -j goes with --peer" },
    { "a matrix",              MATRIX "--peer ./peer.json --peer ./peer.json:v counter-two", 0, "2 passed in" },
    { "a matrix with a failure", MATRIX "--peer ./peer.json --delivery plain", 1, "2 failed, 2 passed" },
    { "a matrix of nobody",    MATRIX "--peer ./absent.json",                  4, "arcwire: ./absent.json: /nowhere/peer is not there" },
    { "a peer that cannot dial", MINE "counter-two --dial peer",               4, "arcwire: ./peer.json: its manifest has no \"dial\" command" },
    { "a matrix of nothing",   MATRIX "--peer ./peer.json no-such-case",       7, "arcwire: nothing was played on any peer" },
    { "a matrix of a broken manifest", MATRIX "--peer ./wrong.json",           3, "arcwire: ./wrong.json:1: listen: " },
    { "serving nowhere",       "$BUILD/arcwire serve",                         2, "arcwire: expected --listen HOST:PORT" },
    { "serving no conversation", "$BUILD/arcwire serve --listen 127.0.0.1:0 --count 0", 2, "arcwire: --count: \"0\": expected a number from 1 to 1000000" },
    { "serving what is none",  "$BUILD/arcwire serve --listen 127.0.0.1:0 --service chess", 2, "--service: no service is called" },
    { "serving what no client says", "$BUILD/arcwire serve --listen 127.0.0.1:0 --out out daytime", 7, "arcwire: no case is selected by these patterns" },
    { "serving on a port that is none", "$BUILD/arcwire serve --listen 256.0.0.1:0 --out out", 4, "arcwire: 256.0.0.1: " },
    { "report of nothing",     "$BUILD/arcwire report none.ndjson",            3, "none.ndjson" },

    { "flaws that are caught", SELFTEST "keeps-rest mute two-flushes",         0, "2 killed, 0 missed, 0 misdiagnosed, 0 false alarms, 1 only guard in" },
    { "… and what guards them", SELFTEST "keeps-rest",                         0, "only guard    ./flawed.json:keeps-rest                  reply of counter-two\n" },
    { "a flaw by its family",  SELFTEST "g --json",                            1, "\"missed\":1," },
    { "of another cause",      SELFTEST "mistaken",                            0, "misdiagnosed  ./flawed.json:mistaken                    reply × 1                held-back, not bytes-swapped" },
    { "a flaw that gets by",   SELFTEST "unseen",                              1, "missed        ./flawed.json:unseen                                                nothing failed" },
    { "held out, and named",   SELFTEST "named mistaken keeps-rest",           0, "\nheld out: 1 of 2 with the right cause\n2 killed, 0 missed, 1 misdiagnosed" },
    { "held out, and missed",  SELFTEST "named unseen",                        1, "\nheld out: 1 of 2 with the right cause\n1 killed, 1 missed" },
    { "a case that passes",    SELFTEST "half-right",                          1, "missed        ./flawed.json:half-right                  reply × 1                1 case passed" },
    { "a false alarm",         SELFTEST "not-odd",                             1, "false alarm   ./flawed.json:not-odd                                               reply failed in counter-two, of 1 checks" },
    { "right, and yet failed", "$BUILD/arcwire selftest two-flushes --peer ./flawed.json --vectors v --only-vectors --out out --quiet", 1, "false alarm   ./flawed.json" },
    { "guards of some flaws",  SELFTEST "keeps-rest --update-guards",          2, "arcwire: --update-guards takes a selftest of every flaw" },
    { "no such flaw",          SELFTEST "no-such",                             7, "arcwire: no flaw is selected" },
    { "no table",              "$BUILD/arcwire selftest --peer ./peer.json --out out", 7, "arcwire: no flaw is selected" },
    { "what goes with --trace", SELFTEST "--delivery plain",                   2, "arcwire selftest: --delivery goes with --trace" },
    { "changes",               "$BUILD/arcwire selftest --trace counter-two --peer ./flawed.json --vectors s --only-vectors --out out", 0, " changes in all, 0 unguarded, 0 with a reason, 0 reasons too many" },
    { "what no change shows",  "$BUILD/arcwire selftest --trace --peer ./flawed.json --vectors s --only-vectors --out out", 1,
      "s/suites/counter.json:3  reply, next (bytes 2 to 5): another value  in 1 result, such as counter-loose" },
    { "out is a file",         "$BUILD/arcwire run --vectors v --only-vectors --peer ./peer.json --out peer.json counter-two", 8, "arcwire: peer.json: " },
    { "out is below a file",   "$BUILD/arcwire run --vectors v --only-vectors --peer ./peer.json --out peer.json/x counter-two", 8, "arcwire: peer.json" },
    { "stdout is full",        "$BUILD/arcwire list --vectors v --only-vectors >/dev/full", 8, "arcwire: standard output: No space left on device" },
};
// clang-format on

Test(cli, exits_and_says_as_it_should, .timeout = 60)
{
    char place[] = "/tmp/arcwire-test-XXXXXX";

    prctl(PR_SET_CHILD_SUBREAPER, 1); // what they leave behind becomes ours
    own_place(place);
    for (const struct command *t = commands; t < commands + COUNT_OF(commands); t++) {
        struct said said;
        run(t->command, &said);
        const char *out = text_string(&said.out), *err = text_string(&said.err);
        cr_expect(eq(int, said.status, t->status), "%s: %s%s", t->label, out, err);
        cr_expect(strstr(err, t->says) || strstr(out, t->says), "%s: says %s%s", t->label, out, err);
        if (t->status > 1 && t->status != 3) { // one line, and nothing else, says what is wrong
            const char *end = strchr(err, '\n');
            cr_expect(end && !end[1], "%s: says %s", t->label, err);
        }
        cr_expect(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "%s: nothing is left", t->label);
        forget(&said);
    }
    leave_place(place);
}

Test(cli, writes_log_page_and_json_of_a_run, .timeout = 30)
{
    SCRATCH(keep);
    char place[] = "/tmp/arcwire-test-XXXXXX";
    struct said said;
    struct bytes text;
    struct error err;

    own_place(place);
    run(MINE "counter-two counter-hopes", &said);
    cr_expect(eq(int, said.status, 1));
    cr_expect(file_exists("out/report.html"));
    cr_assert(file_read("out/report.json", 1 << 20, &keep, &text, &err), "%s", err.text);
    cr_expect(strstr((const char *)text.data, "counter-hopes") != NULL);
    cr_assert(file_read("out/run.ndjson", 1 << 20, &keep, &text, &err), "%s", err.text);
    cr_expect(strstr((const char *)text.data, "\"record\":\"end\"") != NULL);
    cr_expect(strstr((const char *)text.data, "\"exit\":1") != NULL);
    const char *again = strstr((const char *)text.data, "arcwire run 'counter-hopes'");
    cr_expect(again && strstr(again, "--seed 0x1 --peer ./peer.json"), "the command that repeats it");
    forget(&said);
    leave_place(place);
}

/* A peer that is wrong only where a request is cut behind its op: that place is told, kept, and repeated. */
Test(cli, a_flaw_at_one_boundary_is_named_by_each_delivery_that_cuts, .timeout = 30)
{
    static const struct {
        const char *delivery, *tally;
    } rows[] = {
        { "cut-each",   "\"cuts\":{\"kind\":\"cut-each\",\"positions\":16,\"tried\":16,\"failed\":3," },
        { "cut-fields", "\"cuts\":{\"kind\":\"cut-fields\",\"positions\":13,\"tried\":13,\"failed\":3," },
    };
    static const char shown[] = "\"shown\":\"message 2 cut at 2 of 12, before DWORD 7\",\"message\":2,\"at\":2,\"field\":\"before DWORD 7\"}";
    char place[] = "/tmp/arcwire-test-XXXXXX";

    own_place(place);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct said said;
        struct bytes log, json;
        struct error err;
        const char *command = arena_printf(&keep, "$BUILD/arcwire run --vectors v --only-vectors --peer ./alone.json --out out --seed 1"
                                                  " counter-two --delivery plain,%s", rows[i].delivery);
        run(command, &said);
        cr_expect(eq(int, said.status, 1), "%s", rows[i].delivery);
        cr_assert(file_read("out/run.ndjson", 1 << 20, &keep, &log, &err), "%s", err.text);
        const char *text = arena_printf(&keep, "%.*s", (int)log.len, (const char *)log.data);
        cr_expect(strstr(text, rows[i].tally) != NULL, "%s: %s", rows[i].delivery, text);
        cr_expect(strstr(text, shown) != NULL, "%s: %s", rows[i].delivery, text);
        cr_expect(strstr(text, "\"sent\":2,\"segments\":1,\"from\":0},") && strstr(text, "\"sent\":10,\"segments\":1,\"from\":2}"),
                  "%s: that position's conversation: %s", rows[i].delivery, text);
        const char *again = arena_printf(&keep, "arcwire run 'counter-two' --delivery %s:2:2 --seed 0x1 --peer ./alone.json", rows[i].delivery);
        cr_expect(strstr(text, again) != NULL, "%s: %s", again, text);
        cr_assert(file_read("out/report.json", 1 << 20, &keep, &json, &err), "%s", err.text);
        cr_expect(strstr((const char *)json.data, "\"shown\": \"message 2 cut at 2 of 12, before DWORD 7\"") != NULL);
        forget(&said);
        run(arena_printf(&keep, "$BUILD/%s --vectors v --only-vectors --out out", again), &said);
        cr_expect(eq(int, said.status, 1), "%s: %s", again, text_string(&said.out));
        cr_expect(strstr(text_string(&said.out), "1 failed, 1 passed") != NULL, "%s", text_string(&said.out));
        forget(&said);
    }
    leave_place(place);
}

static size_t count_of(const char *in, const char *what)
{
    size_t n = 0;

    for (; (in = strstr(in, what)); in++)
        n++;
    return n;
}

/* Waits until the log of the run in hand tells of something. */
static void await_log(const char *what)
{
    for (bool found = false; !found; poll(NULL, 0, 2)) {
        SCRATCH(keep);
        struct bytes text;
        struct error err;
        found = file_read("out/run.ndjson", 64 << 20, &keep, &text, &err) && strstr((const char *)text.data, what);
    }
}

/* Serves the service counter on one connection. */
static void count_on(int fd)
{
    uint8_t asked[6];
    size_t have = 0;

    for (ssize_t n = 1; n > 0; have += n > 0 ? (size_t)n : 0) {
        if (have == sizeof asked) {
            uint32_t next;
            memcpy(&next, asked + 2, 4);
            next++;
            memcpy(asked + 2, &next, 4);
            asked[0] = asked[1] = 0;
            if (send(fd, asked, sizeof asked, MSG_NOSIGNAL) < 0)
                break;
            have = 0;
        }
        n = poll(&(struct pollfd){ fd, POLLIN, 0 }, 1, 60000) > 0 ? recv(fd, asked + have, sizeof asked - have, 0) : 0;
    }
    close(fd);
}

/* A counter that waits with a time limit, so that nobody can be sure of its silence. */
static pid_t hesitant(struct address *at)
{
    int listener = socket(at->storage.ss_family, SOCK_STREAM, 0), fd;

    cr_assert(bind(listener, (struct sockaddr *)&at->storage, at->len) == 0 && listen(listener, 8) == 0);
    at->len = sizeof at->storage;
    getsockname(listener, (struct sockaddr *)&at->storage, &at->len);
    pid_t pid = fork();
    if (pid) {
        close(listener);
        return pid;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    while ((fd = accept(listener, NULL, NULL)) >= 0)
        count_on(fd);
    _exit(0);
}

/* The same, which dials, again and again. */
static pid_t persistent(const struct address *to)
{
    pid_t pid = fork();

    if (pid)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) {
        int fd = socket(to->storage.ss_family, SOCK_STREAM, 0);
        if (connect(fd, (const struct sockaddr *)&to->storage, to->len) == 0) {
            count_on(fd);
            continue;
        }
        close(fd);
        poll(NULL, 0, 2); // nobody listens yet
    }
}

/* A port that nobody has, for somebody else to listen on. */
static void free_port(struct address *at)
{
    struct error err;
    AUTO_CLOSE int fd = -1;

    cr_assert(net_bind(at, &fd, &err), "%s", err.text);
    net_unbind(at);
}

/* How often something stands in the log of the last run. */
static size_t count_log(const char *what)
{
    SCRATCH(keep);
    struct bytes text;
    struct error err;

    cr_assert(file_read("out/run.ndjson", 1 << 20, &keep, &text, &err), "%s", err.text);
    return count_of((const char *)text.data, what);
}

/* A case that needs a RST, which local sockets have not, and one that does not. */
static void run_at(const char *text, bool dials)
{
    SCRATCH(keep);
    struct address at;
    struct said said = { 0 };
    struct error err;
    char named[ADDRESS_TEXT];
    int out, errors;

    cr_assert(address_parse(text, &at, &err), "%s", err.text);
    if (dials)
        free_port(&at);
    pid_t peer = dials ? persistent(&at) : hesitant(&at);
    address_print(&at, named, sizeof named);
    pid_t pid = start(arena_printf(&keep, "exec $BUILD/arcwire run --vectors v --only-vectors --service counter --out out --delivery bytewise"
                                          " counter-two cut --%s '%s'", dials ? "listen" : "connect", named), &out, &errors);
    finish(pid, out, errors, &said);
    bool local = address_is_local(&at);
    const char *all = text_string(&said.out);
    cr_expect(eq(int, said.status, 0), "%s: %s%s", named, all, text_string(&said.err));
    cr_expect(strstr(all, local ? "2 passed, 1 skipped" : "3 passed") != NULL, "%s: %s", named, all);
    cr_expect(eq(sz, count_log("needs TCP: a local socket is never reset"), local), "%s", named);
    cr_expect(eq(sz, count_log("\"segments\":0,") > 0, local), "%s", named);
    cr_expect(eq(sz, count_log("\"segments\":1,") > 0, !local), "%s", named);
    kill(peer, SIGKILL);
    cr_expect(waitpid(peer, NULL, 0) == peer);
    if (!dials)
        net_unbind(&at); // the peer's own
    forget(&said);
}

Test(cli, a_peer_is_reached_at_an_address_of_any_kind, .timeout = 60)
{
    static const char suite[] = "{'format': 1, 'suite': 'cut', 'service': 'counter', 'cases': [\n"
                                " {'id': 'cut-reset', 'title': 'Reset', 'clauses': ['MINE-1'], 'steps': [{'control': 'next'},"
                                "  {'reset': 'client'}, {'control': 'next', 'on': 'fresh'}]}]}";
    char place[] = "/tmp/arcwire-test-XXXXXX";
    struct error err;
    SCRATCH(keep);

    own_place(place);
    cr_assert(file_write("v/suites/cut.json", bytes_of(json_of(suite, &keep)), &err), "%s", err.text);
    const char *at[] = { "127.0.0.1:0", "[::1]:0", "unix:socket", arena_printf(&keep, "unix:@%s", place) };
    for (size_t i = 0; i < COUNT_OF(at); i++) {
        run_at(at[i], false);
        run_at(at[i], true);
        cr_expect(not(file_exists("socket")), "%s", at[i]);
    }
    leave_place(place);
}

Test(cli, a_stopped_run_keeps_its_log_and_its_page, .timeout = 30)
{
    static const struct {
        int by;
        const char *more, *why;
    } rows[] = { { SIGTERM, "", "\"the run was stopped\"" }, { SIGINT, "", "\"the run was stopped\"" },
                 { SIGALRM, " --max-time 3600", "\"the run had more than its 3600 s\"" } }; // its time is over when we say so

    prctl(PR_SET_CHILD_SUBREAPER, 1);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        char place[] = "/tmp/arcwire-test-XXXXXX";
        struct said said = { 0 };
        struct bytes text;
        struct error err;
        int out, errors;
        own_place(place);
        struct address at = address_loopback(0);
        pid_t peer = hesitant(&at);
        pid_t pid = start(arena_printf(&keep, "exec $BUILD/arcwire run --vectors v --only-vectors --service counter --out out --delivery plain"
                                              " --limit 60000 counter-two counter-silent --connect 127.0.0.1:%u%s", address_port(&at), rows[i].more),
                          &out, &errors);
        await_log("\"id\":\"counter-two\""); // the next takes a minute, or until it is told to stop
        kill(pid, rows[i].by);
        finish(pid, out, errors, &said);
        cr_expect(eq(int, said.status, 6), "%s%s", text_string(&said.out), text_string(&said.err));
        cr_assert(file_read("out/run.ndjson", 1 << 20, &keep, &text, &err), "%s", err.text);
        const char *log = (const char *)text.data;
        cr_expect(eq(sz, count_of(log, "\"record\":\"end\""), 1));
        cr_expect(strstr(log, arena_printf(&keep, "\"incomplete\":%s", rows[i].why)) != NULL);
        cr_expect(strstr(log, "\"verdict\":\"not-run\"") != NULL);
        cr_expect(file_exists("out/report.html") && file_exists("out/report.json"));
        kill(peer, SIGKILL);
        cr_expect(waitpid(peer, NULL, 0) == peer);
        cr_expect(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "nothing is left");
        forget(&said);
        leave_place(place);
    }
}

Test(cli, a_closed_port_is_no_peer, .timeout = 30)
{
    SCRATCH(keep);
    char place[] = "/tmp/arcwire-test-XXXXXX";
    struct address at = address_loopback(0);
    struct said said;
    struct error err;
    AUTO_CLOSE int held = -1;

    own_place(place);
    cr_assert(net_bind(&at, &held, &err));
    run(arena_printf(&keep, "$BUILD/arcwire run --vectors v --only-vectors --service counter --out out --connect 127.0.0.1:%u", address_port(&at)), &said);
    cr_expect(eq(int, said.status, 4), "%s%s", text_string(&said.out), text_string(&said.err));
    const char *due = arena_printf(&keep, "arcwire: no connection came about: 127.0.0.1:%u refused it\n", address_port(&at));
    cr_expect(eq(str, (char *)text_string(&said.err), (char *)due));
    forget(&said);
    leave_place(place);
}

Test(cli, the_same_seed_sends_the_same_bytes, .timeout = 30)
{
    SCRATCH(keep);
    char place[] = "/tmp/arcwire-test-XXXXXX";
    struct said said[3];
    struct bytes logs[3];
    struct error err;
    const char *controls[3];

    own_place(place);
    for (int i = 0; i < 3; i++) {
        run(i < 2 ? MINE "counter-two --delivery plain" : MINE "counter-two --delivery plain --seed 2", &said[i]);
        cr_assert(file_read("out/run.ndjson", 1 << 20, &keep, &logs[i], &err), "%s", err.text);
        controls[i] = strstr((const char *)logs[i].data, "\"op\":\"send\"");
        cr_assert(controls[i] != NULL);
        controls[i] = strstr(controls[i], "\"hex\":");
        forget(&said[i]);
    }
    cr_expect(strncmp(controls[0], controls[1], 28) == 0);
    cr_expect(strncmp(controls[0], controls[2], 28) != 0);
    leave_place(place);
}

/* One line of what is printed, the first that begins so; what stands behind that into out. */
static void await_line(int from, const char *begin, struct text *out)
{
    char c;

    for (;;) {
        out->b.len = 0;
        while (read(from, &c, 1) == 1 && c != '\n')
            text_char(out, c);
        cr_assert(out->b.len > 0, "it never said \"%s\"", begin);
        if (strncmp(text_string(out), begin, strlen(begin)) == 0)
            return;
    }
}

/* What the user types to start a peer that arcwire holds a case for. */
static pid_t by_hand(const char *command)
{
    pid_t pid = fork();

    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(open("/dev/null", O_WRONLY), 1);
        setenv("BUILD", build(), 1);
        execl("/bin/sh", "sh", "-c", command, NULL);
        _exit(127);
    }
    return pid;
}

// clang-format off
static const struct held {
    const char *label, *options, *line; // the line behind which the peer is started
} held_cases[] = {
    { "a peer of a manifest",     "--peer ./peer.json --only-vectors",                        "    " },
    { "a peer that dials",        "--peer ./dials.json --dial peer --only-vectors",            "    " },
    { "a peer that runs",         "--connect 127.0.0.1:%u --service counter --only-vectors",  "waiting for the peer to listen on 127.0.0.1:" },
};
// clang-format on

Test(cli, a_case_is_held_until_the_user_has_started_the_peer, .timeout = 60)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    for (const struct held *t = held_cases; t < held_cases + COUNT_OF(held_cases); t++) {
        SCRATCH(keep);
        char place[] = "/tmp/arcwire-test-XXXXXX";
        struct said said = { 0 };
        int out, errors;
        TEXT(line);
        own_place(place);
        uint16_t port = tiny_port();
        const char *options = strstr(t->options, "%u") ? arena_printf(&keep, "--connect 127.0.0.1:%u --service counter --only-vectors", port) : t->options;
        pid_t pid = start(arena_printf(&keep, "exec $BUILD/arcwire run --hold counter-two --vectors v --out out %s", options), &out, &errors);
        await_line(out, t->line, &line);
        const char *typed = strncmp(t->line, "    ", 4) == 0 ? arena_printf(&keep, "exec %s", text_string(&line) + 4)
                                                             : arena_printf(&keep, "exec $BUILD/peers/reference --port %u", port);
        pid_t peer = by_hand(typed);
        finish(pid, out, errors, &said);
        cr_expect(eq(int, said.status, 0), "%s: %s%s", t->label, text_string(&said.out), text_string(&said.err));
        cr_expect(kill(peer, 0) == 0, "%s: it is the user's to end", t->label);
        kill(peer, SIGKILL);
        cr_expect(waitpid(peer, NULL, 0) == peer);
        cr_expect(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "%s: nothing is left", t->label);
        forget(&said);
        leave_place(place);
    }
}

Test(cli, a_peer_that_chooses_its_port_is_held_once_that_is_typed, .timeout = 30)
{
    SCRATCH(keep);
    char place[] = "/tmp/arcwire-test-XXXXXX";
    struct said said = { 0 };
    int out, errors;

    prctl(PR_SET_CHILD_SUBREAPER, 1);
    own_place(place);
    uint16_t port = tiny_port();
    pid_t peer = by_hand(arena_printf(&keep, "exec $BUILD/peers/reference --port %u >/dev/null", port));
    // The port is typed behind what is no port.
    pid_t pid = start(arena_printf(&keep, "printf 'what?\\nlistening conformance %u\\n' |"
                                          " $BUILD/arcwire run --hold --peer ./words.json byte-order-word-1234@op=tell --out out", port), &out, &errors);
    finish(pid, out, errors, &said);
    cr_expect(strstr(text_string(&said.out), "it prints \"listening conformance PORT\": type that port, and Return") != NULL, "%s", text_string(&said.out));
    cr_expect(eq(int, said.status, 0), "%s%s", text_string(&said.out), text_string(&said.err));
    kill(peer, SIGKILL);
    cr_expect(waitpid(peer, NULL, 0) == peer);
    forget(&said);
    leave_place(place);
}

/* The first child of a process. */
static pid_t child_of(pid_t pid)
{
    SCRATCH(keep);
    pid_t child = -1;
    FILE *f = fopen(arena_printf(&keep, "/proc/%d/task/%d/children", pid, pid), "r");

    cr_assert(f && fscanf(f, "%d", &child) == 1);
    fclose(f);
    return child;
}

Test(cli, a_peer_that_is_killed_in_the_middle_of_a_run_fails_one_case, .timeout = 60)
{
    SCRATCH(keep);
    char place[] = "/tmp/arcwire-test-XXXXXX";
    struct said said = { 0 };
    struct bytes text;
    struct error err;
    int out, errors;

    prctl(PR_SET_CHILD_SUBREAPER, 1);
    own_place(place);
    pid_t pid = start("exec $BUILD/arcwire run --peer reference --service conformance --out out -j 1 --seed 1 'byte-order-*' 'strings-*'", &out, &errors);
    await_log("\"id\":\"byte-order-");
    kill(child_of(child_of(pid)), SIGKILL); // behind its guard
    finish(pid, out, errors, &said);
    cr_expect(eq(int, said.status, 1), "%s%s", text_string(&said.out), text_string(&said.err));
    cr_expect(strstr(text_string(&said.out), "died of signal 9 (Killed); it did not happen again") != NULL, "%s", text_string(&said.out));
    cr_expect(strstr(text_string(&said.out), "not run") == NULL, "%s", text_string(&said.out));
    cr_assert(file_read("out/run.ndjson", 256 << 20, &keep, &text, &err), "%s", err.text);
    cr_expect(eq(sz, count_of((const char *)text.data, "\"cause\":\"peer-died\""), 1));
    cr_expect(strstr((const char *)text.data, "\"warn\":0,\"unstable\":1,\"fail\":0,\"inconclusive\":0,\"error\":0,") != NULL, "%s", text_string(&said.out));
    cr_expect(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "nothing is left");
    forget(&said);
    leave_place(place);
}

/* A peer that is wrong in its first two processes, and right from then on. */
Test(cli, what_fails_is_played_again_as_often_as_is_asked_for, .timeout = 60)
{
    static const struct {
        const char *options, *said;
        int status;
    } rows[] = {
        { "",            "1 failed", 1 },
        { "--retries 2", "1 unstable", 1 }, // and never a pass
        { "--retries 2 --baseline known.json", "1 flaky", 0 },
        { "--retries 2 --baseline tight.json", "1 unstable", 1 },
    };
    static const char *const known = "{\"format\":1,\"flaky-budget\":%d,\"entries\":[{\"case\":\"byte-order-word-1234@op=tell\",\"check\":\"reply\","
                                     "\"signature\":\"bytes-swapped\",\"flaky\":true,\"reason\":\"r\"}]}";
    SCRATCH(keep);
    char place[] = "/tmp/arcwire-test-XXXXXX";
    struct error err;

    own_place(place);
    cr_assert(file_write("peer.sh", bytes_of("n=$(cat n); echo $((n + 1)) >n\n[ $n -ge 2 ] || exec $BUILD/peers/flawed --flaw swap-words --port $1\n"
                                             "exec $BUILD/peers/reference --port $1\n"), &err), "%s", err.text);
    cr_assert(file_write("known.json", bytes_of(arena_printf(&keep, known, 1)), &err));
    cr_assert(file_write("tight.json", bytes_of(arena_printf(&keep, known, 0)), &err));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct said said;
        run(arena_printf(&keep, "echo 0 >n; exec $BUILD/arcwire run 'byte-order-word-1234@op=tell' --delivery plain -j 1 --quiet --out out%zu %s --exec 'sh peer.sh {port}'", i,
                         rows[i].options), &said);
        cr_expect(eq(int, said.status, rows[i].status), "%s: %s%s", rows[i].options, text_string(&said.out), text_string(&said.err));
        cr_expect(strstr(text_string(&said.out), rows[i].said) != NULL, "%s: %s", rows[i].options, text_string(&said.out));
        forget(&said);
    }
    leave_place(place);
}

/* One command after the other, in one place; each says this among other things. */
struct told_command {
    const char *command, *said;
    int status;
};

static void run_in_turn(const struct told_command *rows, size_t count)
{
    char place[] = "/tmp/arcwire-test-XXXXXX";

    own_place(place);
    for (size_t i = 0; i < count; i++) {
        struct said said;
        TEXT(both);
        run(rows[i].command, &said);
        text_printf(&both, "%s%s", text_string(&said.out), text_string(&said.err));
        cr_expect(eq(int, said.status, rows[i].status), "%s: %s", rows[i].command, text_string(&both));
        cr_expect(strstr(text_string(&both), rows[i].said) != NULL, "%s: %s", rows[i].command, text_string(&both));
        forget(&said);
    }
    leave_place(place);
}

/* Who gets it needs no arcwire to see that all of it is there as it was. */
Test(cli, evidence_is_whole_or_is_not, .timeout = 60)
{
    static const struct told_command rows[] = {
        { "$BUILD/arcwire run byte-order-word-1234* --delivery plain --quiet --out one --exec \"$BUILD/peers/reference --port {port}\"", "6 passed", 0 },
        { "echo '{\"format\":1,\"requirements\":[{\"id\":\"R\",\"clauses\":[\"BO-1\"]}]}' >r.json; $BUILD/arcwire evidence kept one --requirements r.json", "without a selftest", 0 },
        { "cd kept && sha256sum -c SHA256SUMS && cat trace.csv && ls evidence.json schemas/log.schema.json licences/arcwire report.html", "R,,byte-order,byte-order-word-1234@op=echo,pass", 0 },
        { "$BUILD/arcwire evidence kept one", "arcwire: kept: holds evidence already", 3 },
        { "echo >>kept/report.json; cd kept; sha256sum --quiet -c SHA256SUMS", "report.json: FAILED", 1 },
        { "sed -i 5d one/run.ndjson; $BUILD/arcwire evidence other one", "arcwire: one/run.ndjson:5: ", 3 },
        { "ls other", "", 2 },
        { "$BUILD/arcwire evidence", "arcwire evidence: expected DIR", 2 },
        { "$BUILD/arcwire evidence other gone", "arcwire: gone", 3 },
    };

    run_in_turn(rows, COUNT_OF(rows));
}

/* In a job of GitLab failures are folded, unless little is to be said; so is nothing elsewhere. */
Test(cli, gitlab_sections, .timeout = 60)
{
#define SWAPS "$BUILD/arcwire run byte-order-word-1234* --delivery plain --out one --exec \"$BUILD/peers/flawed --flaw swap-words --port {port}\" "
    static const struct told_command rows[] = {
        { "GITLAB_CI=true " SWAPS "| grep -c '^.\\[0Ksection_[a-z]*:[0-9]*:arcwire_[0-9]*_1[^0-9]*.\\[0K'", "2\n", 0 },
        { "GITLAB_CI=true " SWAPS "--quiet | grep -c section_", "0\n", 1 },
        { "env -u GITLAB_CI " SWAPS "| grep -c section_", "0\n", 1 },
    };

    run_in_turn(rows, COUNT_OF(rows));
#undef SWAPS
}

/* A run of what failed, and one that goes on until something does. */
Test(cli, failed_cases_again_and_runs_until_one_fails, .timeout = 60)
{
    static const struct told_command rows[] = {
        { "$BUILD/arcwire run byte-order --delivery plain --quiet --seed 5 --out one --exec \"$BUILD/peers/flawed --flaw swap-words --port {port}\" --color always", "\x1b[31m", 1 },
        { "$BUILD/arcwire run --rerun-failed=one --delivery plain --out two --exec \"$BUILD/peers/reference --port {port}\"", "30 results to come", 0 },
        { "$BUILD/arcwire run --rerun-failed=two --delivery plain --out none --exec \"$BUILD/peers/reference --port {port}\"", "no case is selected", 7 },
        { "$BUILD/arcwire run --rerun-failed=gone --delivery plain --out none --exec \"$BUILD/peers/reference --port {port}\"", "--rerun-failed: gone: No such file", 3 },
        { "$BUILD/arcwire run byte-order-word-1234* --repeat 3 --until-fail --delivery plain --out many --exec \"$BUILD/peers/reference --port {port}\" && ls many", "3 of 3\n", 0 },
        { "$BUILD/arcwire run byte-order-word-1234* --repeat 3 --until-fail --delivery plain --out bad --exec \"$BUILD/peers/flawed --flaw swap-words --port {port}\"; echo $?; ls bad", "\n1\n1\n", 0 },
        { "$BUILD/arcwire run --until-fail --exec x", "--until-fail goes with --repeat N", 2 },
        { "$BUILD/arcwire run --format trace --exec x", "--format trace goes with --requirements FILE", 2 },
        { "$BUILD/arcwire run --requirements gone.json --exec 'true {port}'", "--requirements: gone.json: ", 3 },
        { "$BUILD/arcwire run --color blue --exec x", "--color: \"blue\": expected auto, always or never", 2 },
        { "$BUILD/arcwire run --format xml --exec x", "--format: \"xml\" is no format: json html junit tap markdown github trace badge text", 2 },
        { "$BUILD/arcwire run --today soon --exec 'true {port}'", "--today: \"soon\": expected a day such as 2027-03-31", 2 },
        { "SOURCE_DATE_EPOCH=1e9 $BUILD/arcwire run --exec 'true {port}'", "SOURCE_DATE_EPOCH: \"1e9\": expected a number", 2 },
        { "SOURCE_DATE_EPOCH=1000000000 $BUILD/arcwire run byte-order-word-1234* --delivery plain --quiet --out day --exec \"$BUILD/peers/reference --port {port}\" && grep today day/run.ndjson",
          "\"today\":\"2001-09-09\"", 0 },
        { "echo '{\"format\":1,\"entries\":[{\"case\":\"byte-order-word-1234@op=tell\",\"signature\":\"x\",\"reason\":\"r\"}]}' >b.json;"
          "$BUILD/arcwire run byte-order-word-1234* --delivery plain --quiet --out five --baseline b.json --exec \"$BUILD/peers/reference --port {port}\"",
          "unexpected-pass b.json:1: byte-order-word-1234@op=tell: known to fail as x, and does not under plain\n6 passed; 1 complaint about the baseline", 5 },
        { "$BUILD/arcwire report one --format junit --output one.xml && grep -c '<testcase' one.xml", "\n", 0 },
        { "$BUILD/arcwire report one --format junit,tap", "--format: expected one of them", 2 },
    };
    run_in_turn(rows, COUNT_OF(rows));
}

#define ASK(service, id) "$BUILD/peers/reference --ask " service " --case " id " --dial 127.0.0.1:$PORT >/dev/null && "
#define DIAL "exec 3<>/dev/tcp/127.0.0.1/$PORT; "
#define COUNTER "--vectors v --only-vectors "

// clang-format off
static const struct served {
    const char *label, *options;
    const char *client;   // of bash, which must end with status 0
    int status;
    const char *says[4];  // parts of what it says
    bool stopped;         // by SIGINT, behind the client
} served[] = {
    { "a program's own choice",  "--count 2 chat-goodbye chat-talk", ASK("chat", "chat-goodbye") ASK("chat", "chat-talk") "true", 0,
      { "wanted: chat-talk  Two members talk\n    Start two members", "1: chat-goodbye  pass", "2: chat-talk  pass", " passed" } },
    { "of many cases",           "--count 2 --service packet", ASK("packet", "packet-ahead-large") ASK("packet", "packet-two-senders") "true", 6,
      { "1: packet-ahead-large  pass\n", "2: packet-two-senders  pass", "never seen: packet-lock-step", "incomplete: some cases were never seen" } },
    { "all was seen, and it is stopped", "packet-ahead", ASK("packet", "packet-ahead") "true", 0, { "1: packet-ahead  pass\n", "1 passed" }, true },
    { "it is stopped before",    "packet-ahead", "true", 6, { "never seen: packet-ahead", "1 not run" }, true },
    { "fewer came than were to", "--count 2 packet-ahead", ASK("packet", "packet-ahead") "true", 6, { "incomplete: the run was stopped" }, true },
    { "the same again",          "--count 2 packet-ahead", ASK("packet", "packet-ahead") ASK("packet", "packet-ahead") "true", 0, { "2: packet-ahead  pass\n", "\n1 passed" } },
    { "by bytes",                "--count 1 counter-two " COUNTER, DIAL "printf '\\4\\0\\7\\0\\0\\0\\4\\0\\10\\0\\0\\0' >&3; test $(head -c 12 <&3 | tail -c 4 | od -An -tu4) = 9", 0, { "1: counter-two  pass\n" } },
    { "by what it does not say", "--count 1 " COUNTER, DIAL "printf '\\4\\0\\7\\0\\0\\0' >&3; test $(head -c 6 <&3 | tail -c 4 | od -An -tu4) = 9", 6, { "1: counter-hopes  pass\n", "never seen: counter-two" } },
    { "another byte",            "--count 1 " COUNTER, DIAL "printf '\\4\\0\\7\\0\\0\\0\\4\\0\\11\\0\\0\\0' >&3; cat <&3 >/dev/null", 1,
      { "1: none of the cases; counter-two is nearest: ", "saved in out/conversation-1-client", "✗ counter-two", "again   arcwire serve 'counter-two' --seed " } },
    { "it ends in the middle",   "--count 1 " COUNTER, DIAL "printf '\\4\\0\\7\\0\\0\\0\\4\\0' >&3", 1, { "1: none of the cases; counter-two is nearest: " } },
    { "it hangs in the middle",  "--limit 250 --count 1 counter-two " COUNTER, DIAL "printf '\\4\\0\\7\\0\\0\\0\\4\\0' >&3; cat <&3", 1, { "1: none of the cases; counter-two is nearest: " } },
    { "too much at the end",     "--count 1 counter-two " COUNTER, DIAL "printf '\\4\\0\\7\\0\\0\\0\\4\\0\\10\\0\\0\\0x' >&3; cat <&3 >/dev/null", 1, { "1: none of the cases; counter-two is nearest: " } },
    { "a failure, and then well", "--count 2 counter-two " COUNTER, DIAL "printf '\\5' >&3; cat <&3 >/dev/null; " DIAL "printf '\\4\\0\\7\\0\\0\\0\\4\\0\\10\\0\\0\\0' >&3; head -c 12 <&3 >/dev/null", 1,
      { "1: none of the cases", "2: counter-two  pass\n", "1 failed" } },
    { "two at once",             "--count 2 chat --profile generation=6.0,charset=ansi,bits=32",
      "exec 3<>/dev/tcp/127.0.0.1/$PORT 4<>/dev/tcp/127.0.0.1/$PORT; for to in 4 3; do printf '\\0\\0\\10anybody?\\0\\0\\1\\0\\3bye\\0\\0' >&$to; done;"
      " cat <&3 >/dev/null; exec 3>&-; cat <&4 >/dev/null", 6,
      { "1: chat-goodbye  pass", "2: chat-goodbye  pass" } },
    { "nothing said is nothing", "--count 1 counter-two " COUNTER, DIAL "exec 3>&-; " DIAL "printf '\\4\\0\\7\\0\\0\\0\\4\\0\\10\\0\\0\\0' >&3; head -c 12 <&3 >/dev/null", 0,
      { "a connection on which nothing was said", "1: counter-two  pass\n" } },
};
// clang-format on

Test(cli, a_client_is_served_whatever_it_chooses, .timeout = 60)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    for (const struct served *t = served; t < served + COUNT_OF(served); t++) {
        SCRATCH(keep);
        char place[] = "/tmp/arcwire-test-XXXXXX";
        struct said said = { 0 }, client;
        int out, errors;
        TEXT(line);
        own_place(place);
        pid_t pid = start(arena_printf(&keep, "exec $BUILD/arcwire serve --listen 127.0.0.1:0 --out out %s", t->options), &out, &errors);
        await_line(out, "listening on 127.0.0.1:", &line);
        setenv("PORT", strrchr(text_string(&line), ':') + 1, 1);
        setenv("CLIENT", t->client, 1);
        run("exec bash -c \"$CLIENT\"", &client);
        cr_expect(eq(int, client.status, 0), "%s: its client says %s%s", t->label, text_string(&client.out), text_string(&client.err));
        if (t->stopped)
            kill(pid, SIGINT);
        finish(pid, out, errors, &said);
        cr_expect(eq(int, said.status, t->status), "%s: %s%s", t->label, text_string(&said.out), text_string(&said.err));
        for (size_t i = 0; i < COUNT_OF(t->says) && t->says[i]; i++)
            cr_expect(strstr(text_string(&said.out), t->says[i]) != NULL, "%s: \"%s\" is not in %s", t->label, t->says[i], text_string(&said.out));
        cr_expect(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "%s: nothing is left", t->label);
        forget(&said);
        forget(&client);
        leave_place(place);
    }
}

Test(cli, what_is_no_case_is_kept, .timeout = 30)
{
    char place[] = "/tmp/arcwire-test-XXXXXX";
    struct said said = { 0 }, decoded;
    int out, errors;
    TEXT(line);

    prctl(PR_SET_CHILD_SUBREAPER, 1);
    own_place(place);
    pid_t pid = start("exec $BUILD/arcwire serve --listen 127.0.0.1:0 --out out --count 1 counter-hopes --vectors v --only-vectors", &out, &errors);
    await_line(out, "listening on 127.0.0.1:", &line);
    setenv("PORT", strrchr(text_string(&line), ':') + 1, 1);
    run("exec bash -c 'exec 3<>/dev/tcp/127.0.0.1/$PORT; printf \"\\4\\0\\7\\0\\0\\0\" >&3; head -c 6 <&3 >/dev/null; printf x >&3; cat <&3'", &decoded);
    forget(&decoded);
    finish(pid, out, errors, &said);
    cr_expect(eq(int, said.status, 1), "%s%s", text_string(&said.out), text_string(&said.err));
    run("$BUILD/arcwire decode --type word,dword,byte out/conversation-1-client", &decoded);
    cr_expect(eq(int, decoded.status, 0), "%s%s", text_string(&decoded.out), text_string(&decoded.err));
    cr_expect(strstr(text_string(&decoded.out), "3 values, 7 of 7 bytes") != NULL, "%s", text_string(&decoded.out));
    forget(&decoded);
    run("$BUILD/arcwire decode --type word,dword out/conversation-1-server", &decoded);
    cr_expect(strstr(text_string(&decoded.out), "2 values, 6 of 6 bytes") != NULL, "%s", text_string(&decoded.out));
    forget(&decoded);
    forget(&said);
    leave_place(place);
}

Test(cli, decodes_what_the_proxy_kept, .timeout = 20)
{
    static const char due[] = "note: 3 bytes were lost\n"
                              "note: the file was cut short\n"
                              "#0 client, 7 bytes\n"
                              "00000000  00 00                                     word     0\n"
                              "00000002  3 bytes                                   cstring  u:00480069\n"
                              "00000002    02                                        length 2\n"
                              "00000003    48 69                                     text \"Hi\"\n"
                              "00000005  00 00                                     count    0\n\n"
                              "3 values, 7 of 7 bytes\n"
                              "#1 server, 5 bytes\n"
                              "00000000  00 00                                     word     0\n"
                              "00000002  1 byte                                    cstring  u:\n"
                              "00000002    00                                        length 0\n"
                              "00000003  00 00                                     count    0\n\n"
                              "3 values, 5 of 5 bytes\n";
    char place[] = "/tmp/arcwire-test-XXXXXX";
    struct said said;
    struct error err;

    own_place(place);
    cr_assert(file_write("t.ndjson", bytes_of("{\"record\":\"traffic\",\"traffic\":1}\n"
                                              "{\"record\":\"note\",\"on\":0,\"text\":\"3 bytes were lost\"}\n"
                                              "{\"record\":\"open\",\"on\":0,\"us\":1}\n{\"record\":\"open\",\"on\":1,\"us\":1}\n"
                                              "{\"record\":\"data\",\"on\":0,\"us\":2,\"from\":\"client\",\"hex\":\"000002\"}\n"
                                              "{\"record\":\"data\",\"on\":1,\"us\":3,\"from\":\"server\",\"hex\":\"0000000000\"}\n"
                                              "{\"record\":\"data\",\"on\":0,\"us\":4,\"from\":\"client\",\"hex\":\"48690000\"}\n"),
                         &err), "%s", err.text);
    run("$BUILD/arcwire decode --type word,cstring,count t.ndjson", &said);
    cr_expect(eq(int, said.status, 0), "%s", text_string(&said.err));
    cr_expect(eq(str, (char *)text_string(&said.out), (char *)due));
    forget(&said);
    run("$BUILD/arcwire decode --type word,cstring t.ndjson", &said);
    cr_expect(eq(int, said.status, 1), "bytes are left");
    forget(&said);
    cr_assert(file_write("t.ndjson", bytes_of("{\"record\":\"open\"}\n"), &err), "%s", err.text);
    run("$BUILD/arcwire decode --type word t.ndjson", &said);
    cr_expect(eq(int, said.status, 3));
    cr_expect(strstr(text_string(&said.err), "t.ndjson:1: expected the record") != NULL, "%s", text_string(&said.err));
    forget(&said);
    leave_place(place);
}

/* What was said is exported; a fault that the proxy made of it is not. */
Test(cli, exports_what_was_said_and_no_fault, .timeout = 20)
{
#define SAID  "{\"record\":\"traffic\",\"traffic\":1,\"listen\":\"\",\"to\":\"\",\"started\":\"\"}\n{\"record\":\"open\",\"on\":0,\"us\":1,\"port\":7}\n" \
              "{\"record\":\"data\",\"on\":0,\"us\":2,\"from\":\"client\",\"hex\":\"0400\"}\n"
#define FAULT "{\"record\":\"fault\",\"on\":0,\"us\":3,\"from\":\"client\",\"what\":\"flip\",\"at\":0}\n"
#define OVER  "{\"record\":\"closed\",\"on\":0,\"us\":4}\n{\"record\":\"end\",\"us\":5}\n"
    char place[] = "/tmp/arcwire-test-XXXXXX";
    struct said said;
    struct error err;

    own_place(place);
    cr_assert(file_write("said.ndjson", bytes_of(SAID OVER), &err) && file_write("fault.ndjson", bytes_of(SAID FAULT OVER), &err), "%s", err.text);
    run("$BUILD/arcwire export said.ndjson --format pcapng --output said.pcapng && "
        "$BUILD/arcwire export fault.ndjson --format pcapng --output fault.pcapng && cmp said.pcapng fault.pcapng", &said);
    cr_expect(eq(int, said.status, 0), "%s", text_string(&said.err));
    forget(&said);
    leave_place(place);
}

Test(cli, explains_causes_types_clauses_and_exit_statuses, .timeout = 20)
{
    static const struct {
        const char *word, *begins;
        int status;
    } rows[] = {
        { "padded", "padded   a cause\nAlignment bytes inserted\n", 0 },
        { "dword", "dword   a type\nDWORD: a number, little-endian\n\nbytes   4\n", 0 },
        { "net16", "net16   a type\nWORD: a number in network order\n\nbytes   2\norder   the most significant byte first", 0 },
        { "CNT-1", "CNT-1   a clause (must, observed)\nThe WORD form of a count ends at 65534;", 0 },
        { "6", "6   an exit status\nstopped early\n", 0 },
        { "", "causes\n  bytes-swapped      Bytes swapped\n", 0 },
        { "nonsense", "", 7 },
        { "one two", "", 2 },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct said said;
        run(arena_printf(&keep, "$BUILD/arcwire explain %s", rows[i].word), &said);
        cr_expect(eq(int, said.status, rows[i].status), "%s", rows[i].word);
        cr_expect(strncmp(text_string(&said.out), rows[i].begins, strlen(rows[i].begins)) == 0, "%s: %s", rows[i].word, text_string(&said.out));
        forget(&said);
    }
}
