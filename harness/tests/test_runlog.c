/*
 * What becomes of a run's log: shards and their merging, what arcwire.json says, and that nothing that was found out is
 * lost when the surroundings fail. The program lies beside the test program, as do the peers.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/text.h"
#include "net/net.h"

static char place[] = "/tmp/arcwire-runlog-XXXXXX";

static void go_there(void)
{
    char build[4096];
    ssize_t n = readlink("/proc/self/exe", build, sizeof build - 16);

    cr_assert(n > 0 && mkdtemp(place) && chdir(place) == 0);
    build[n] = 0;
    *strrchr(build, '/') = 0;
    strcat(build, "/arcwire");
    setenv("A", build, 1);
    unsetenv("SOURCE_DATE_EPOCH");
}

static void leave(void)
{
    if (chdir("/") == 0)
        file_remove_directory(place);
}

TestSuite(runlog, .init = go_there, .fini = leave, .timeout = 180);

/* Runs a shell command in the test's directory; what it says on both ends. Its exit status. */
static int shell(const char *command, struct text *said)
{
    SCRATCH(scratch);
    char chunk[4096];
    size_t n;

    said->b.len = 0;
    FILE *f = popen(arena_printf(&scratch, "exec 2>&1 </dev/null\n%s", command), "r");
    cr_assert(f != NULL);
    while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
        text_addn(said, chunk, n);
    int status = pclose(f);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}

static void says(const char *command, int status, const char *words)
{
    TEXT(said);
    int got = shell(command, &said);

    cr_expect(eq(int, got, status), "%s: %s", command, text_string(&said));
    cr_expect(strstr(text_string(&said), words) != NULL, "%s: no \"%s\" in %s", command, words, text_string(&said));
}

/* The same, and that is all it says. */
static void says_just(const char *command, int status, const char *all)
{
    TEXT(said);
    int got = shell(command, &said);

    cr_expect(eq(int, got, status), "%s", command);
    cr_expect(eq(str, (char *)text_string(&said), (char *)all), "%s", command);
}

#define RUN "$A run --seed 7 --quiet "

/* Shards in any order make the report of the serial run, to the byte but for times. */
#define SERIAL_AND_SHARDS(options)                                                                                     \
    RUN options " --out serial; " RUN options " --shard 1/3 --out 1; " RUN options " --shard 2/3 --out 2; "             \
    RUN options " --shard 3/3 --out 3; $A merge merged 3 1 2/run.ndjson; echo status $?; "                             \
    "for i in serial merged; do $A report --format json --without-times $i >$i.json; done; cmp serial.json merged.json && echo equal"

Test(runlog, merged_shards_are_the_serial_run)
{
    says(SERIAL_AND_SHARDS("'byte-order-*' lifecycle-quit --peer reference"), 0, "status 0\nequal\n");
    says("for i in 1 2 3 merged; do $A report --verify $i || exit; done", 0, "of 3 shards\n");
}

Test(runlog, merged_shards_are_the_serial_run_also_where_it_fails)
{
    says(SERIAL_AND_SHARDS("'byte-order-word*' 'counts-*' --peer flawed:swap-operands --delivery plain --silence timed"), 0, "status 1\nequal\n");
}

/* The failures are in some shards, what speaks against a cause of theirs in another. */
Test(runlog, what_passes_in_one_shard_rules_out_causes_of_another)
{
    static const char *const out[] = {
        "DWORDs are stored big-endian\",\"by\":\"counts-count-0@op=echo\"", "DWORDs are read big-endian\",\"by\":\"counts-count-0@op=echo\"",
        "WORDs are read big-endian\",\"by\":\"counts-longer-dword-2@op=tell\"", "WORDs are stored big-endian\",\"by\":\"counts-next-value-word-form@op=echo\"",
    };
    TEXT(said);

    says(SERIAL_AND_SHARDS("'counts-*' --peer flawed:swap-operands --delivery plain"), 0, "status 1\nequal\n");
    for (size_t i = 0; i < COUNT_OF(out); i++)
        for (const char *const *in = (const char *const[]){ "serial", "merged", NULL }; *in; in++) {
            text_printf(&said, "grep -v '\"shard\":' %s/run.ndjson | grep -c '\"record\":\"ruled-out\".*%s'", *in, out[i]);
            says(text_string(&said), 0, "1\n");
            said.b.len = 0;
        }
    says("grep -c '\"ruled-out\":\"whole\"' merged/run.ndjson; $A report --verify merged", 0, "1\n");
    says("mkdir -p other/suites && $A merge elsewhere 1 2 3 --vectors other --only-vectors", 1,
         "causes are ruled out only by cases of the same shard: they were played with other vectors: --vectors names those\n");
    says("grep -c '\"ruled-out\":\"shards\"' elsewhere/run.ndjson", 0, "1\n");
}

Test(runlog, a_shard_without_a_case_is_no_failure)
{
    says(SERIAL_AND_SHARDS("lifecycle-quit --peer reference"), 0, "status 0\nequal\n");
    says("grep -l '\"selected\":0,' ?/run.ndjson | wc -l", 0, "2\n");
}

Test(runlog, what_makes_no_whole_is_refused)
{
    static const struct {
        const char *command, *complaint;
    } rows[] = {
        { "$A merge out 1 3", "arcwire: shard 2 of 3 is missing\n" },
        { "$A merge out 1 2 3 1", "arcwire: shard 1 of 3 is there twice: 1/run.ndjson and 1/run.ndjson\n" },
        { "$A merge out 1 2 seed", "arcwire: 1/run.ndjson and seed/run.ndjson are no shards of one run: \"seed\" is \"0x7\" and \"0x8\"\n" },
        { "$A merge out 1 2 whole", "arcwire: whole/run.ndjson: is no shard: it was not run with --shard\n" },
        { "$A merge good 1 2 3 >/dev/null; $A merge out good 1 2", "arcwire: good/run.ndjson: is merged already\n" },
        { "cp -R 3 cut; head -n 5 3/run.ndjson >cut/run.ndjson; $A merge out 1 2 cut",
          "arcwire: cut/run.ndjson: the last record is missing: the log was cut short behind line 5\n" },
        { "sed -i 3d 2/run.ndjson; $A merge out 1 2 3",
          "arcwire: 2/run.ndjson:3: the chain breaks: this line was changed, or one before it is lost or in another place\n" },
        { "$A merge out 1 nowhere", "arcwire: nowhere: No such file or directory\n" },
    };
    TEXT(said);

    shell("for i in 1 2 3; do " RUN "'byte-order-*' --peer reference --delivery plain --shard $i/3 --out $i; done; " RUN
          "'byte-order-*' --peer reference --delivery plain --shard 3/3 --out seed --seed 8; " RUN
          "lifecycle-quit --peer reference --delivery plain --out whole", &said);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        says_just(rows[i].command, 3, rows[i].complaint);
        cr_expect(not(file_exists("out/run.ndjson")), "%s", rows[i].command);
    }
    says_just("$A merge out", 2, "arcwire merge: expected OUT and the runs to merge; see arcwire merge --help\n");
}

Test(runlog, shards_by_what_ci_systems_say)
{
    static const struct {
        const char *variables, *shard; // or why not
    } rows[] = {
        { "CI_NODE_INDEX=2 CI_NODE_TOTAL=3 CI_PIPELINE_ID=9", "\"shards\":3,\"shard-from\":\"GitLab\",\"shard\":2" },
        { "CIRCLE_NODE_INDEX=2 CIRCLE_NODE_TOTAL=3 CIRCLE_WORKFLOW_ID=x", "\"shards\":3,\"shard-from\":\"CircleCI\",\"shard\":3" },
        { "BUILDKITE_PARALLEL_JOB=0 BUILDKITE_PARALLEL_JOB_COUNT=2 BUILDKITE_BUILD_ID=x", "\"shards\":2,\"shard-from\":\"Buildkite\",\"shard\":1" },
        { "TEST_SHARD_INDEX=1 TEST_TOTAL_SHARDS=4 TEST_SHARD_STATUS_FILE=touched ARCWIRE_BUILD=x", "\"shards\":4,\"shard-from\":\"Bazel\",\"shard\":2" },
        { "SLURM_ARRAY_TASK_ID=7 SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_MIN=5 SLURM_ARRAY_JOB_ID=1", "\"shards\":3,\"shard-from\":\"Slurm\",\"shard\":3" },
        { "JOB_COMPLETION_INDEX=0 ARCWIRE_SHARDS=3 ARCWIRE_BUILD=x", "\"shards\":3,\"shard-from\":\"Kubernetes\",\"shard\":1" },
        { "ARCWIRE_SHARD=3 ARCWIRE_SHARDS=3 GITHUB_RUN_ID=5", "\"shards\":3,\"shard-from\":\"ARCWIRE_SHARD\",\"shard\":3" },
        { "CI_NODE_INDEX=2", "arcwire: --shard auto: CI_NODE_INDEX is set, but CI_NODE_TOTAL is not" },
        { "CI_NODE_INDEX=4 CI_NODE_TOTAL=3", "arcwire: --shard: 4 of 3 (GitLab): expected 1 to 1024 shards, counted from 1" },
        { "CI_NODE_INDEX=0 CI_NODE_TOTAL=3", "arcwire: CI_NODE_INDEX: \"0\": expected a number from 1 to" },
        { "ARCWIRE_SHARD=1 ARCWIRE_SHARDS=2", "arcwire: --shard auto: expected --seed N or the variable ARCWIRE_BUILD, the same in all shards" },
        { "X=1", "arcwire: --shard auto: no variable of a CI system is set; say --shard I/N" },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        SCRATCH(scratch);
        bool good = rows[i].shard[0] == '"';
        says(arena_printf(&scratch,
                          "env -u CI_NODE_INDEX -u CI_NODE_TOTAL -u GITHUB_RUN_ID -u ARCWIRE_BUILD -u ARCWIRE_SHARD -u TEST_SHARD_INDEX "
                          "%s $A run 'lifecycle-q*' --peer reference --delivery plain --quiet --shard auto --out %zu || exit; head -n 1 %zu/run.ndjson",
                          rows[i].variables, i, i),
             good ? 0 : 2, rows[i].shard);
    }
    says_just("wc -c <touched", 0, "0\n");
    says("$A run --peer reference --shard 2of3", 2, "--shard: \"2of3\": expected I/N, such as 2/3, or auto");
    says("$A run --peer reference --shard 4/3", 2, "arcwire: --shard: 4 of 3: expected 1 to 1024 shards, counted from 1");
    says("$A run --peer reference --shard 2/3", 2, "--shard 2/3: expected --seed N");
}

Test(runlog, arcwire_json_gives_what_the_command_line_leaves_open)
{
    says("cat >arcwire.json <<'J'\n"
         "{ \"format\": 1,\n"
         "  \"peer\": \"reference\",\n"
         "  \"delivery\": \"plain\", \"seed\": 7,\n"
         "  \"label\": [\"branch=main\", \"os=any\"],\n"
         "  \"strict\": true, \"json\": true }\n"
         "J\n"
         "$A run --print-config --delivery coalesced | tr -s ' '", 0,
         "delivery coalesced command line\n"
         "peer reference arcwire.json:2\n"
         "seed 7 arcwire.json:3\n"
         "label branch=main arcwire.json:4\n"
         "label os=any arcwire.json:4\n"
         "strict true arcwire.json:5\n"
         "dial us default\n"
         "play client default\n"
         "limit 1000 default\n"
         "silence timed default\n");
    says("$A run --print-config --connect 127.0.0.1:1 | grep -c 'arcwire.json:2'", 1, "0\n");
    says("$A run lifecycle-quit --quiet --out o && head -n 1 o/run.ndjson", 0, "\"labels\":{\"branch\":\"main\",\"os\":\"any\"}");
    says("grep -o '\"again\":\"[^\"]*' o/run.ndjson | tail -n 1", 0, "--delivery plain --seed 0x7 --peer reference --strict");
    says_just("echo '{\"format\":1,\"sede\":1}' >arcwire.json; $A run", 3, "arcwire: arcwire.json:1: sede: there is no option --sede\n");
    says("echo '{\"format\":2}' >arcwire.json; $A run", 3, "arcwire.json:1: format:");
    says("echo '{\"format\":1,\"strict\":1}' >arcwire.json; $A run", 3, "arcwire.json:1: strict:");
}

Test(runlog, labels_are_pairs)
{
    says_just("$A run lifecycle-quit --peer reference --quiet --out o --label x", 2, "arcwire: --label: \"x\": expected KEY=VALUE\n");
    says_just("$A run lifecycle-quit --peer reference --quiet --out o --label x=1 --label x=2", 2, "arcwire: --label: \"x\" is there twice\n");
}

Test(runlog, what_has_changed_is_told_by_the_exit_status_and_on_the_page)
{
    says(RUN "'byte-order-word*' --peer reference --delivery plain --out old; " RUN
             "'byte-order-word*' --peer flawed:swap-operands --delivery plain --out new --against old --history . >/dev/null; $A diff old new", 1, " broken\n");
    says("$A diff new/run.ndjson old", 0, " fixed\n");
    says("$A diff old", 2, "expected the older and the newer run");
    says("$A diff old nowhere", 3, "arcwire: nowhere: No such file or directory\n");
    says("cat new/report.html", 0, "<h2>Since ");
    says("cat new/report.html", 0, "Earlier runs, the latest last: ✓");
    says("$A report old --against new --format text | tail -n 1", 0, "passed");
    says("$A report old --against nowhere", 3, "arcwire: --against: nowhere: No such file or directory\n");
    says("$A report old --history nowhere", 3, "arcwire: --history: nowhere");
}

/* As many bytes as are left for the log, so that it ends in every part of a record; dash counts blocks of 512. */
Test(runlog, a_full_disk_is_one_line_and_loses_nothing, .timeout = 120)
{
    for (int blocks = 3; blocks < 60; blocks += 9) {
        SCRATCH(scratch);
        TEXT(said);
        const char *command = arena_printf(&scratch, "ulimit -f %d; rm -rf full; " RUN "'byte-order-word*' --peer reference --delivery plain --out full", blocks);
        int status = shell(command, &said);
        cr_expect(eq(int, status, 8), "%d: %s", blocks, text_string(&said));
        const char *line = strstr(text_string(&said), "arcwire: full/run.ndjson: File too large\n");
        cr_expect(line && !strstr(line + 1, "arcwire:"), "%d: %s", blocks, text_string(&said));
        says("tail -c 1 full/run.ndjson | od -An -c", 0, "\\n"); // no line is broken
        says("$A report full", 0, "incomplete");
        says("$A report --verify full; :", 0, "");
    }
}

Test(runlog, a_directory_that_cannot_be_written_is_told_before_anything_is_played)
{
    says_just("echo >file; " RUN "lifecycle-quit --peer reference --out file/run", 8, "arcwire: file/run: Not a directory\n");
    says("mkdir -p closed/run.ndjson; " RUN "lifecycle-quit --peer reference --out closed", 8, "arcwire: closed/run.ndjson: Is a directory\n");
}

Test(runlog, two_runs_do_not_share_a_log)
{
    SCRATCH(keep);
    struct bytes before, after;
    struct error err;

    says(RUN "lifecycle-quit --peer reference --out same", 0, "passed");
    cr_assert(file_read("same/run.ndjson", 1 << 20, &keep, &before, &err));
    AUTO_CLOSE int fd = open("same/run.ndjson", O_RDONLY | O_CLOEXEC);
    cr_assert(flock(fd, LOCK_EX) == 0); // as a run that goes on has it
    says_just(RUN "lifecycle-quit --peer reference --out same", 8, "arcwire: same/run.ndjson: another run is writing it\n");
    cr_assert(file_read("same/run.ndjson", 1 << 20, &keep, &after, &err));
    cr_expect(bytes_equal(before, after));
    fd_close(&fd);
    says(RUN "lifecycle-quit --peer reference --out same", 0, "passed");
    // Those that choose their own names share none, also in one second.
    says("for i in 1 2 3; do SOURCE_DATE_EPOCH=1 $A run lifecycle-quit --peer reference --delivery plain --quiet & done; wait; ls reports/runs | wc -l", 0, "3\n");
}

/* A peer that takes connections and says nothing: ours is killed while it waits for the first answer. */
Test(runlog, what_was_written_before_a_kill_is_a_log)
{
    struct address at = { 0 };
    struct error err = { 0 };
    SCRATCH(scratch);

    cr_assert(address_parse("127.0.0.1:0", &at, &err));
    AUTO_CLOSE int listener = -1;
    cr_assert(net_bind(&at, &listener, &err) && listen(listener, 8) == 0, "%s", err.text);
    const char *command = arena_printf(&scratch, "exec $A run lifecycle-quit --connect 127.0.0.1:%u --out killed >/dev/null 2>&1", address_port(&at));
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        execl("/bin/sh", "sh", "-c", command, NULL);
        _exit(127);
    }
    poll(&(struct pollfd){ listener, POLLIN, 0 }, 1, -1);
    AUTO_CLOSE int connection = accept(listener, NULL, NULL);
    cr_assert(connection >= 0);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    says("$A report killed", 0, "incomplete");
    says_just("$A report --verify killed", 3, "arcwire: killed/run.ndjson: the last record is missing: the log was cut short behind line 3\n");
}

Test(runlog, saved_conversations_are_judged_anew)
{
    says(RUN "'byte-order-*' 'draining-*' --peer flawed:keeps-rest --delivery plain,coalesced --out was >/dev/null; $A recheck was", 0, " 0 changed, 0 of cases that are others now");
    says("sed -i 's/\"cause\":\"held-back\"/\"cause\":\"wide\"/' was/run.ndjson; $A recheck .", 1, "fail held-back, was fail wide\n");
    says(RUN "'malformed-prefix-objects-one-*' --peer reference --delivery plain --out family >/dev/null; $A recheck family", 0, "18 as they were, 0 changed, 0 of cases that are others now, 3 not saved");
    says("sed -i 's/\"op\":7,\"event\":\"fin\"/\"op\":7,\"event\":\"reset\"/' family/run.ndjson; $A recheck family", 1, "end (op 7): fail");
    says(RUN "draining-two-in-one-segment --peer flawed:keeps-rest --delivery cut-each --out cut >/dev/null; $A recheck cut", 0, " 0 changed, 0 of cases that are others now");
    says("sed -i '/\"record\":\"case\"/s/\"cause\":\"held-back\"/\"cause\":\"wide\"/' cut/run.ndjson; $A recheck cut", 1, "fail held-back, was fail wide\n");
    says("$A recheck", 2, "expected runs, or directories of runs");
    says("mkdir empty; $A recheck empty", 7, "0 as they were");
}
