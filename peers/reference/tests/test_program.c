/* The program as a process: its command line, its ways of meeting, its ends. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rig.h"

struct process {
    pid_t pid;
    FILE *out;
    uint16_t port; // of the conformance service, once it is ready
};

/* It is built beside this test program. Standard output or, if asked for, standard error is kept. */
static struct process start(int kept, const char *arguments)
{
    char self[4096], path[8192], line[512];
    char *argv[16] = { path };
    size_t argc = 1;
    int ends[2];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);

    self[len > 0 ? len : 0] = '\0';
    snprintf(path, sizeof path, "%s/peers/reference", dirname(self));
    snprintf(line, sizeof line, "%s", arguments);
    for (char *word = strtok(line, " "); word; word = strtok(NULL, " "))
        argv[argc++] = word;
    cr_assert(eq(int, pipe(ends), 0));
    struct process p = { .pid = fork() };
    if (p.pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); // a failed assertion leaves nothing behind
        dup2(ends[1], kept);
        close(ends[0]);
        close(ends[1]);
        execv(path, argv);
        _exit(127);
    }
    close(ends[1]);
    p.out = fdopen(ends[0], "r");
    return p;
}

static char *line_of(struct process *p)
{
    static char line[256];

    if (!fgets(line, sizeof line, p->out))
        *line = '\0';
    return line;
}

static struct process start_ready(const char *arguments)
{
    struct process p = start(STDOUT_FILENO, arguments);
    unsigned port;

    for (char *line = line_of(&p); *line && strcmp(line, "ready\n") != 0; line = line_of(&p))
        if (sscanf(line, "listening conformance %u", &port) == 1)
            p.port = (uint16_t)port;
    return p;
}

static int status_of(struct process *p)
{
    int status;

    cr_assert(eq(int, waitpid(p->pid, &status, 0), p->pid));
    fclose(p->out);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static struct CSocket dial(const struct process *p)
{
    struct CSocket s = CSOCKET_EMPTY;

    cr_assert(CSocket_Create(&s, 0, SOCK_STREAM, NULL));
    cr_assert(CSocket_Connect(&s, "127.0.0.1", p->port));
    return s;
}

static void say(struct CSocket *s, const char *words)
{
    struct bytes said = spelt(words);

    cr_assert(eq(i64, CSocket_Send(s, said.data, said.len), said.len));
}

/* Up to the end, which must not be a reset. */
static char *all_of(struct CSocket *s)
{
    static uint8_t heard[4096];
    size_t len = 0;
    ptrdiff_t got;

    while ((got = CSocket_Receive(s, heard + len, sizeof heard - len)) > 0)
        len += got;
    return got == 0 ? hex_of((struct bytes){ heard, len }) : "reset";
}

static void expect(struct CSocket *s, const char *words)
{
    struct bytes due = spelt(words);
    uint8_t heard[256];
    size_t len = 0;
    ptrdiff_t got = 1;

    for (; len < due.len && got > 0; len += got > 0 ? got : 0)
        got = CSocket_Receive(s, heard + len, due.len - len);
    cr_expect(eq(str, hex_of((struct bytes){ heard, len }), hex_of(due)));
}

Test(program, ends_with_status_0_when_it_is_told_to, .timeout = 10)
{
    static const int signals[] = { SIGTERM, SIGINT };

    for (size_t i = 0; i < COUNT_OF(signals); i++) {
        struct process p = start_ready("--port 0");
        cr_expect(ne(int, p.port, 0));
        kill(p.pid, signals[i]);
        cr_expect(eq(int, status_of(&p), 0));
    }
}

Test(program, says_in_one_line_what_is_wrong_with_its_usage, .timeout = 10)
{
    static const char *const wrong[] = {
        "--nonsense",       "--port",
        "--port x",         "--port 65536",
        "--generation 5.0", "--charset ebcdic",
        "--bits 16",        "word",
        "--generation 6.0", "--bits 64 --generation 4.2",
        "--dial nowhere",   "--dial 127.0.0.1:x",
        "--connections -1", "--archive always",
        "--flaw mute",
    };

    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct process p = start(STDERR_FILENO, wrong[i]);
        cr_expect(ne(chr, *line_of(&p), '\0'), "%s", wrong[i]);
        cr_expect(eq(chr, *line_of(&p), '\0'), "%s", wrong[i]);
        cr_expect(eq(int, status_of(&p), 2), "%s", wrong[i]);
    }
}

Test(program, ends_a_connection_with_fin_and_loses_nothing, .timeout = 10) // SVC-15 to SVC-17
{
    static const struct {
        const char *label, *said, *heard;
    } rows[] = {
        { "half-close", "0400 01000000 0400 02000000", "0000 02000000 0000 03000000" },
        { "QUIT", "0800 0400 01000000", "0000" },
        { "refused", "0200 'nonsense' 0400 01000000", "0100 'unsupported type'" },
        { "exception", "0200 'object' 0100 0400 01000000", "0200 0500" },
        { "nothing", "", "" },
    };
    struct process p = start_ready("--port 0 --charset ansi");

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct CSocket s = dial(&p);
        say(&s, rows[i].said);
        CSocket_ShutDown(&s);
        cr_expect(eq(str, all_of(&s), hex_of(spelt(rows[i].heard))), "%s", rows[i].label);
        CSocket_Close(&s);
    }
    kill(p.pid, SIGTERM);
    status_of(&p);
}

Test(program, a_connection_that_is_silent_or_does_not_read_or_resets_holds_up_no_other,
     .timeout = 10) // SVC-18, SVC-19
{
    static const struct linger at_once = { .l_onoff = 1 };
    struct process p = start_ready("--port 0 --charset ansi");
    struct CSocket silent = dial(&p), deaf = dial(&p), gone = dial(&p);

    say(&deaf, "0700 4000 00001000"); // 64 MiB
    say(&gone, "0400 0100");
    setsockopt(gone.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    CSocket_Close(&gone);
    struct CSocket other = dial(&p);
    say(&other, "0400 01000000");
    expect(&other, "0000 02000000");
    say(&silent, "0400 07000000");
    expect(&silent, "0000 08000000");
    kill(p.pid, SIGTERM);
    cr_expect(eq(int, status_of(&p), 0));
}

Test(program, dials_until_it_is_taken_and_again_when_a_connection_ends, .timeout = 10) // SVC-20
{
    struct CSocket listener = CSOCKET_EMPTY, s = CSOCKET_EMPTY;
    char arguments[64];

    cr_assert(CSocket_Create(&listener, 0, SOCK_STREAM, "127.0.0.1"));
    sprintf(arguments, "--charset ansi --dial 127.0.0.1:%u", CSocket_GetSockPort(&listener));
    struct process p = start(STDOUT_FILENO, arguments);
    cr_expect(eq(str, line_of(&p), "ready\n"));
    cr_expect(eq(str, line_of(&p), "refused, retrying\n"));
    cr_assert(CSocket_Listen(&listener, CSOCKET_BACKLOG));
    for (int i = 0; i < 3; i++) {
        cr_assert(CSocket_Accept(&listener, &s));
        say(&s, "0400 01000000");
        expect(&s, "0000 02000000");
        CSocket_Close(&s);
    }
    kill(p.pid, SIGTERM);
    cr_expect(eq(int, status_of(&p), 0));
}
