#include "peer/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "base/fd.h"
#include "net/quiescence.h"

#define KILL_MS    2000 // for what we have killed to be gone; more is left to the system
#define LOOK_MS    10   // how often it is looked who is left then
#define NO_RIGHTS  126  // exit status of a guard that could not start its program

const struct guard guard_none = { -1, -1, -1, -1 };

/*
 * In the guard
 */

static void wake(int number)
{
    (void)number; // that a call was interrupted is all that is wanted
}

static void limit(int resource, rlim_t most)
{
    struct rlimit l;

    if (getrlimit(resource, &l) < 0 || l.rlim_cur == most)
        return;
    l.rlim_cur = l.rlim_max == RLIM_INFINITY || most < l.rlim_max ? most : l.rlim_max;
    setrlimit(resource, &l);
}

static void set_limits(void)
{
    limit(RLIMIT_NOFILE, GUARD_DESCRIPTORS);
    limit(RLIMIT_CPU, GUARD_CPU);
    AUTO_CLOSE int first = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (first >= 0 && write(first, GUARD_OOM, sizeof GUARD_OOM - 1) < 0)
        return; // it is refused where it is more already
}

/* Takes who has ended. False when nobody is left. */
static bool reap(pid_t program, bool *ended, int *status, int flags)
{
    int one;

    for (;;) {
        pid_t pid = waitpid(-1, &one, flags);
        if (pid < 0 && errno == EINTR)
            continue;
        if (pid <= 0)
            return pid == 0;
        if (pid == program) {
            *ended = true;
            *status = one;
        }
    }
}

/* All of ours, until none is left: who is killed leaves us his children. */
static void kill_all(pid_t program, bool *ended, int *status)
{
    char path[64];

    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    for (int ms = 0; ms < KILL_MS && reap(program, ended, status, WNOHANG); ms += LOOK_MS) {
        FILE *f = fopen(path, "re");
        int child;
        while (f && fscanf(f, "%d", &child) == 1)
            kill(child, SIGKILL);
        if (f)
            fclose(f);
        ppoll(NULL, 0, &(struct timespec){ .tv_nsec = LOOK_MS * 1000000L }, &(sigset_t){ 0 });
    }
}

/* Ends as the program has. */
static _Noreturn void follow(int status)
{
    if (WIFSIGNALED(status)) {
        sigset_t all;
        setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
        signal(WTERMSIG(status), SIG_DFL);
        sigfillset(&all);
        sigprocmask(SIG_UNBLOCK, &all, NULL);
        raise(WTERMSIG(status));
    }
    _exit(WEXITSTATUS(status));
}

/* Signals are taken only while it waits, so that none is slept over. */
static _Noreturn void stand(pid_t program, int leash)
{
    struct pollfd held = { 0, POLLIN, 0 };
    sigset_t none;
    bool ended = false;
    int status = 0;

    dup2(leash, 0);
    close_range(1, ~0u, 0);
    sigemptyset(&none);
    while (reap(program, &ended, &status, WNOHANG)) {
        if (ended && (!WIFEXITED(status) || WEXITSTATUS(status) != 0))
            break;
        if (ppoll(&held, 1, NULL, &none) > 0)
            break; // who held it has let go
    }
    kill_all(program, &ended, &status);
    follow(ended ? status : SIGKILL);
}

static _Noreturn void guard(int leash, int told, void (*become)(void *of), void *of)
{
    struct sigaction on_child = { .sa_handler = wake };
    sigset_t all, before;

    setpgid(0, 0);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    prctl(PR_SET_NAME, "arcwire guard");
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before); // what is sent to the group is for the others
    pid_t program = fork();
    if (program == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        set_limits();
        sigprocmask(SIG_SETMASK, &before, NULL);
        become(of);
        _exit(NO_RIGHTS);
    }
    char go;
    if (program < 0 || write(told, &program, sizeof program) < 0 || read(leash, &go, 1) < 0)
        _exit(NO_RIGHTS); // until then it is not waited for: who is told its number must still find it
    sigaction(SIGCHLD, &on_child, NULL);
    for (int n = 1; n < NSIG; n++)
        if (n != SIGCHLD)
            signal(n, SIG_IGN); // while it waits
    stand(program, leash);
}

/*
 * On our side
 */

bool guard_start(struct guard *g, void (*become)(void *of), void *of)
{
    int leash[2], told[2];

    *g = guard_none;
    if (pipe2(leash, O_CLOEXEC) < 0)
        return false;
    if (pipe2(told, O_CLOEXEC) < 0) {
        close(leash[0]);
        close(leash[1]);
        return false;
    }
    g->pid = fork();
    if (g->pid == 0) {
        close(leash[1]);
        guard(leash[0], told[1], become, of);
    }
    close(leash[0]);
    close(told[1]);
    g->leash = leash[1];
    setpgid(g->pid, g->pid);
    if (g->pid > 0)
        quiet_is_mute(g->pid, true);
    // Who stops the run while it starts does not hear that it could not be started.
    bool good = g->pid > 0 && TEMP_FAILURE_RETRY(read(told[0], &g->program, sizeof g->program)) == sizeof g->program;
    g->over = good ? (int)syscall(SYS_pidfd_open, g->program, 0) : -1;
    good = g->over >= 0 && write(g->leash, "", 1) == 1;
    int wrong = errno;
    close(told[0]);
    if (!good) {
        guard_end(g, 0, &(int){ 0 });
        errno = wrong;
    }
    return good;
}

void guard_wait(const struct guard *g, int limit_ms)
{
    AUTO_CLOSE int event = g->pid > 0 ? (int)syscall(SYS_pidfd_open, g->pid, 0) : -1;

    if (event >= 0)
        poll(&(struct pollfd){ event, POLLIN, 0 }, 1, limit_ms);
}

bool guard_wait_program(const struct guard *g, int limit_ms)
{
    return g->over < 0 || poll(&(struct pollfd){ g->over, POLLIN, 0 }, 1, limit_ms) > 0;
}

static void forget(struct guard *g)
{
    if (g->pid > 0)
        quiet_is_mute(g->pid, false);
    fd_close(&g->over);
    fd_close(&g->leash);
    *g = guard_none;
}

bool guard_ended(struct guard *g, int *status)
{
    if (g->pid > 0 && waitpid(g->pid, status, WNOHANG) == g->pid)
        forget(g);
    return g->pid <= 0;
}

void guard_end(struct guard *g, int polite_ms, int *status)
{
    if (g->pid > 0) {
        if (polite_ms > 0) {
            bool leads = !guard_wait_program(g, 0);
            kill(-g->pid, SIGTERM);
            kill(-g->pid, SIGCONT);
            if (leads)
                guard_wait_program(g, polite_ms);
            else
                guard_wait(g, polite_ms);
        }
        fd_close(&g->leash);
        guard_wait(g, KILL_MS + KILL_MS);
        kill(-g->pid, SIGKILL);
        waitpid(g->pid, status, 0);
    }
    forget(g);
}
