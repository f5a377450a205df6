#include "command.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "test_vector.h"

const char *command_build(void)
{
    static char path[4096];

    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    cr_assert(n > 0);
    path[n] = 0;
    *strrchr(path, '/') = 0;
    return path;
}

pid_t command_start(const char *command, int *out, int *err)
{
    int outs[2], errs[2];

    cr_assert(pipe2(outs, O_CLOEXEC) == 0 && pipe2(errs, O_CLOEXEC) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); // nothing outlives a test that is given up
        dup2(outs[1], 1);
        dup2(errs[1], 2);
        setenv("BUILD", command_build(), 1);
        execl("/bin/sh", "sh", "-c", command, NULL);
        _exit(127);
    }
    close(outs[1]);
    close(errs[1]);
    *out = outs[0];
    *err = errs[0];
    return pid;
}

void command_finish(pid_t pid, int out, int err, struct said *said)
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

void command_run(const char *command, struct said *said)
{
    int out, err;

    *said = (struct said){ 0 };
    pid_t pid = command_start(command, &out, &err);
    command_finish(pid, out, err, said);
}

void said_forget(struct said *said)
{
    text_free(&said->out);
    text_free(&said->err);
}

void place_own(char place[])
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

void place_leave(const char *place)
{
    struct said said;

    cr_assert(chdir("/") == 0);
    SCRATCH(keep);
    command_run(arena_printf(&keep, "chmod -R u+w %s; rm -rf %s", place, place), &said);
    cr_expect(not(file_exists(place)));
    said_forget(&said);
}

size_t count_in(const char *in, const char *what)
{
    size_t n = 0;

    for (; (in = strstr(in, what)); in++)
        n++;
    return n;
}
