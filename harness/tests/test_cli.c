/*
 * The program as a whole: exit statuses, what it says of wrong input, and that it leaves nothing behind. It lies beside
 * the test program, as do the peers.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "base/file.h"
#include "command.h"
#include "test_vector.h"

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

Test(cli, exits_and_says_as_it_should, .timeout = 180)
{
    char place[] = "/tmp/arcwire-test-XXXXXX";

    prctl(PR_SET_CHILD_SUBREAPER, 1); // what they leave behind becomes ours
    place_own(place);
    for (const struct command *t = commands; t < commands + COUNT_OF(commands); t++) {
        struct said said;
        command_run(t->command, &said);
        const char *out = text_string(&said.out), *err = text_string(&said.err);
        cr_expect(eq(int, said.status, t->status), "%s: %s%s", t->label, out, err);
        cr_expect(strstr(err, t->says) || strstr(out, t->says), "%s: says %s%s", t->label, out, err);
        if (t->status > 1 && t->status != 3) { // one line, and nothing else, says what is wrong
            const char *end = strchr(err, '\n');
            cr_expect(end && !end[1], "%s: says %s", t->label, err);
        }
        cr_expect(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "%s: nothing is left", t->label);
        said_forget(&said);
    }
    place_leave(place);
}

Test(cli, writes_log_page_and_json_of_a_run, .timeout = 30)
{
    SCRATCH(keep);
    char place[] = "/tmp/arcwire-test-XXXXXX";
    struct said said;
    struct bytes text;
    struct error err;

    place_own(place);
    command_run(MINE "counter-two counter-hopes", &said);
    cr_expect(eq(int, said.status, 1));
    cr_expect(file_exists("out/report.html"));
    cr_assert(file_read("out/report.json", 1 << 20, &keep, &text, &err), "%s", err.text);
    cr_expect(strstr((const char *)text.data, "counter-hopes") != NULL);
    cr_assert(file_read("out/run.ndjson", 1 << 20, &keep, &text, &err), "%s", err.text);
    cr_expect(strstr((const char *)text.data, "\"record\":\"end\"") != NULL);
    cr_expect(strstr((const char *)text.data, "\"exit\":1") != NULL);
    const char *again = strstr((const char *)text.data, "arcwire run 'counter-hopes'");
    cr_expect(again && strstr(again, "--seed 0x1 --peer ./peer.json"), "the command that repeats it");
    said_forget(&said);
    place_leave(place);
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

    place_own(place);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(keep);
        struct said said;
        struct bytes log, json;
        struct error err;
        const char *command = arena_printf(&keep, "$BUILD/arcwire run --vectors v --only-vectors --peer ./alone.json --out out --seed 1"
                                                  " counter-two --delivery plain,%s", rows[i].delivery);
        command_run(command, &said);
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
        said_forget(&said);
        command_run(arena_printf(&keep, "$BUILD/%s --vectors v --only-vectors --out out", again), &said);
        cr_expect(eq(int, said.status, 1), "%s: %s", again, text_string(&said.out));
        cr_expect(strstr(text_string(&said.out), "1 failed, 1 passed") != NULL, "%s", text_string(&said.out));
        said_forget(&said);
    }
    place_leave(place);
}

Test(cli, the_same_seed_sends_the_same_bytes, .timeout = 30)
{
    SCRATCH(keep);
    char place[] = "/tmp/arcwire-test-XXXXXX";
    struct said said[3];
    struct bytes logs[3];
    struct error err;
    const char *controls[3];

    place_own(place);
    for (int i = 0; i < 3; i++) {
        command_run(i < 2 ? MINE "counter-two --delivery plain" : MINE "counter-two --delivery plain --seed 2", &said[i]);
        cr_assert(file_read("out/run.ndjson", 1 << 20, &keep, &logs[i], &err), "%s", err.text);
        controls[i] = strstr((const char *)logs[i].data, "\"op\":\"send\"");
        cr_assert(controls[i] != NULL);
        controls[i] = strstr(controls[i], "\"hex\":");
        said_forget(&said[i]);
    }
    cr_expect(strncmp(controls[0], controls[1], 28) == 0);
    cr_expect(strncmp(controls[0], controls[2], 28) != 0);
    place_leave(place);
}

/* One command after the other, in one place; each says this among other things. */
struct told_command {
    const char *command, *said;
    int status;
};

static void run_in_turn(const struct told_command *rows, size_t count)
{
    char place[] = "/tmp/arcwire-test-XXXXXX";

    place_own(place);
    for (size_t i = 0; i < count; i++) {
        struct said said;
        TEXT(both);
        command_run(rows[i].command, &said);
        text_printf(&both, "%s%s", text_string(&said.out), text_string(&said.err));
        cr_expect(eq(int, said.status, rows[i].status), "%s: %s", rows[i].command, text_string(&both));
        cr_expect(strstr(text_string(&both), rows[i].said) != NULL, "%s: %s", rows[i].command, text_string(&both));
        said_forget(&said);
    }
    place_leave(place);
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
Test(cli, failed_cases_again_and_runs_until_one_fails, .timeout = 180)
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

    place_own(place);
    cr_assert(file_write("t.ndjson", bytes_of("{\"record\":\"traffic\",\"traffic\":1}\n"
                                              "{\"record\":\"note\",\"on\":0,\"text\":\"3 bytes were lost\"}\n"
                                              "{\"record\":\"open\",\"on\":0,\"us\":1}\n{\"record\":\"open\",\"on\":1,\"us\":1}\n"
                                              "{\"record\":\"data\",\"on\":0,\"us\":2,\"from\":\"client\",\"hex\":\"000002\"}\n"
                                              "{\"record\":\"data\",\"on\":1,\"us\":3,\"from\":\"server\",\"hex\":\"0000000000\"}\n"
                                              "{\"record\":\"data\",\"on\":0,\"us\":4,\"from\":\"client\",\"hex\":\"48690000\"}\n"),
                         &err), "%s", err.text);
    command_run("$BUILD/arcwire decode --type word,cstring,count t.ndjson", &said);
    cr_expect(eq(int, said.status, 0), "%s", text_string(&said.err));
    cr_expect(eq(str, (char *)text_string(&said.out), (char *)due));
    said_forget(&said);
    command_run("$BUILD/arcwire decode --type word,cstring t.ndjson", &said);
    cr_expect(eq(int, said.status, 1), "bytes are left");
    said_forget(&said);
    cr_assert(file_write("t.ndjson", bytes_of("{\"record\":\"open\"}\n"), &err), "%s", err.text);
    command_run("$BUILD/arcwire decode --type word t.ndjson", &said);
    cr_expect(eq(int, said.status, 3));
    cr_expect(strstr(text_string(&said.err), "t.ndjson:1: expected the record") != NULL, "%s", text_string(&said.err));
    said_forget(&said);
    place_leave(place);
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

    place_own(place);
    cr_assert(file_write("said.ndjson", bytes_of(SAID OVER), &err) && file_write("fault.ndjson", bytes_of(SAID FAULT OVER), &err), "%s", err.text);
    command_run("$BUILD/arcwire export said.ndjson --format pcapng --output said.pcapng && "
        "$BUILD/arcwire export fault.ndjson --format pcapng --output fault.pcapng && cmp said.pcapng fault.pcapng", &said);
    cr_expect(eq(int, said.status, 0), "%s", text_string(&said.err));
    said_forget(&said);
    place_leave(place);
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
        command_run(arena_printf(&keep, "$BUILD/arcwire explain %s", rows[i].word), &said);
        cr_expect(eq(int, said.status, rows[i].status), "%s", rows[i].word);
        cr_expect(strncmp(text_string(&said.out), rows[i].begins, strlen(rows[i].begins)) == 0, "%s: %s", rows[i].word, text_string(&said.out));
        said_forget(&said);
    }
}
