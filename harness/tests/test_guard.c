/*
 * Guards: nothing of a program outlives them, and they tell its end as if it were ours.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/text.h"
#include "peer/guard.h"
#include "peer/tree.h"

#define LIMIT_MS 10000 // for what should happen at once: the runner's own limit leaves running what a test has started

/* What a script says of itself. */
struct script {
    const char *text;
    int said[2]; // a pipe
};

static void run(void *of)
{
    const struct script *s = of;

    dup2(s->said[1], 1);
    execlp("sh", "sh", "-c", s->text, NULL);
}

static void script_start(struct script *s, struct guard *g)
{
    cr_assert(pipe2(s->said, O_CLOEXEC) == 0);
    cr_assert(guard_start(g, run, s));
    close(s->said[1]);
}

/* Waits for one line of it. */
static const char *line_of(const struct script *s)
{
    static char line[256];
    size_t len = 0;

    while (len < sizeof line - 1 && read(s->said[0], line + len, 1) == 1 && line[len] != '\n')
        len++;
    line[len] = 0;
    return line;
}

/* If it is not, it is ended now, so that a test that fails leaves nothing behind. */
static bool is_gone(pid_t pid)
{
    return pid > 0 && kill(pid, SIGKILL) < 0 && errno == ESRCH;
}

// clang-format off
static const struct ending {
    const char *label, *script;
    int exits, signal; // -1: it does not
} endings[] = {
    { "with 0",                    "exit 0",                                    0, -1 },
    { "with a status",             "exit 7",                                    7, -1 },
    { "by a signal",               "kill -SEGV $$",                             -1, SIGSEGV },
    { "by SIGKILL",                "kill -KILL $$",                             -1, SIGKILL },
    { "failing, with a child",     "sleep 1000 & echo $!; exit 3",              3, -1 },
    { "failing, with a session",   "setsid sleep 1000 & echo $!; exit 3",       3, -1 },
    { "by a signal, with a child", "sleep 1000 & echo $!; kill -ABRT $$",       -1, SIGABRT },
};
// clang-format on

Test(guard, ends_as_its_program_does, .timeout = 20)
{
    for (const struct ending *t = endings; t < endings + COUNT_OF(endings); t++) {
        struct script s = { .text = t->script };
        struct guard g;
        int status = 0;
        script_start(&s, &g);
        pid_t left = atoi(line_of(&s));
        cr_expect(guard_wait_program(&g, LIMIT_MS), "%s", t->label);
        guard_wait(&g, LIMIT_MS);
        bool ended = guard_ended(&g, &status);
        cr_expect(ended, "%s", t->label);
        if (!ended)
            guard_end(&g, 0, &status);
        cr_expect(eq(int, WIFEXITED(status) ? WEXITSTATUS(status) : -1, t->exits), "%s", t->label);
        cr_expect(eq(int, WIFSIGNALED(status) ? WTERMSIG(status) : -1, t->signal), "%s", t->label);
        cr_expect(left == 0 || is_gone(left), "%s", t->label);
        close(s.said[0]);
    }
}

Test(guard, stays_with_a_daemon_and_ends_it, .timeout = 20)
{
    struct script s = { .text = "setsid sh -c 'echo $$; exec sleep 1000' & exit 0" };
    struct guard g;
    int status = 0;

    script_start(&s, &g);
    pid_t daemon = atoi(line_of(&s));
    cr_expect(guard_wait_program(&g, LIMIT_MS));
    cr_expect(not(guard_ended(&g, &status)));
    cr_expect(kill(daemon, 0) == 0);
    guard_end(&g, 0, &status);
    cr_expect(eq(int, status, 0));
    cr_expect(is_gone(daemon));
    close(s.said[0]);
}

Test(guard, asks_before_it_kills, .timeout = 20)
{
    static const struct {
        const char *label, *script;
        int exits, signal;
    } rows[] = {
        { "one that listens", "trap 'exit 5' TERM; echo 1; sleep 1000 & wait", 5, -1 },
        { "one that does not", "trap '' TERM; echo 1; exec sleep 1000", -1, SIGKILL },
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct script s = { .text = rows[i].script };
        struct guard g;
        int status = 0;
        script_start(&s, &g);
        line_of(&s);
        guard_end(&g, rows[i].exits >= 0 ? 10000 : 1, &status);
        cr_expect(eq(int, WIFEXITED(status) ? WEXITSTATUS(status) : -1, rows[i].exits), "%s", rows[i].label);
        cr_expect(eq(int, WIFSIGNALED(status) ? WTERMSIG(status) : -1, rows[i].signal), "%s", rows[i].label);
        close(s.said[0]);
    }
}

Test(guard, ends_all_when_we_are_killed, .timeout = 20)
{
    struct script s = { .text = "setsid sleep 1000 & echo $!; echo $$; echo $PPID; exec sleep 1000" };
    struct pollfd left[3]; // the child, the program, the guard
    pid_t pids[COUNT_OF(left)];

    cr_assert(pipe2(s.said, O_CLOEXEC) == 0);
    pid_t us = fork();
    if (us == 0) {
        struct guard g;
        guard_start(&g, run, &s);
        for (;;)
            pause();
    }
    close(s.said[1]);
    for (size_t i = 0; i < COUNT_OF(left); i++) {
        pids[i] = atoi(line_of(&s));
        left[i] = (struct pollfd){ (int)syscall(SYS_pidfd_open, pids[i], 0), POLLIN, 0 };
        cr_expect(left[i].fd >= 0);
    }
    kill(us, SIGKILL);
    waitpid(us, NULL, 0);
    for (size_t i = 0; i < COUNT_OF(left); i++) {
        bool ended = poll(&left[i], 1, LIMIT_MS) == 1;
        cr_expect(ended, "process %zu", i);
        for (size_t k = 0; k < COUNT_OF(left) && !ended; k++)
            if (pids[k] > 0)
                kill(pids[k], SIGKILL);
        close(left[i].fd);
    }
    close(s.said[0]);
}

Test(guard, sets_limits, .timeout = 20)
{
    struct script s = { .text = "echo $(ulimit -t) $(cat /proc/self/oom_score_adj) $(ulimit -n)" };
    struct guard g;
    int status = 0, descriptors = 0;

    script_start(&s, &g);
    cr_expect(eq(int, sscanf(line_of(&s), "3600 900 %d", &descriptors), 1));
    cr_expect(descriptors > 0 && descriptors <= GUARD_DESCRIPTORS);
    guard_end(&g, 0, &status);
    close(s.said[0]);
}

static void nothing(int signal)
{
    (void)signal;
}

/* As when a run is stopped just then. */
Test(guard, signals_while_it_starts_are_no_failure, .timeout = 20)
{
    const struct sigaction on_alarm = { .sa_handler = nothing }; // interrupts what waits
    const struct itimerval often = { { 0, 50 }, { 0, 50 } }, never = { { 0, 0 }, { 0, 0 } };

    sigaction(SIGALRM, &on_alarm, NULL);
    for (int i = 0; i < 200; i++) {
        struct script s = { .text = "exit 0" };
        struct guard g;
        int status;
        cr_assert(pipe2(s.said, O_CLOEXEC) == 0);
        setitimer(ITIMER_REAL, &often, NULL);
        bool good = guard_start(&g, run, &s);
        setitimer(ITIMER_REAL, &never, NULL);
        cr_expect(good);
        guard_end(&g, LIMIT_MS, &status);
        close(s.said[0]);
        close(s.said[1]);
    }
}
