#include "bench/program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"

#define WORDS   32
#define STOP_MS 100 // how often *stop is looked at
#define PEAK_MS 5   // … and the memory

bool program_start(const struct bench *b, const char *const *words, pid_t *pid, struct error *err)
{
    SCRATCH(scratch);
    const char *argv[WORDS + 2] = { arena_printf(&scratch, "%s/arcwire", b->build) };
    pid_t us = getpid();

    for (size_t i = 0; words[i] && i < WORDS; i++)
        argv[i + 1] = words[i];
    if (access(argv[0], X_OK) < 0)
        return error_errno(err, "%s", argv[0]);
    *pid = fork();
    if (*pid < 0)
        return error_errno(err, "fork");
    if (*pid > 0)
        return true;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGINT, SIG_IGN); // the terminal's ^C is for us; we end it ourselves
    if (getppid() != us)
        _exit(127);
    int null = open("/dev/null", O_RDWR);
    for (int fd = 0; fd < 3; fd++)
        dup2(null, fd);
    execv(argv[0], (char **)argv);
    _exit(127);
}

static double peak_of(pid_t pid)
{
    char path[48], text[4096];

    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, text, sizeof text - 1) : 0;
    text[n > 0 ? n : 0] = 0;
    const char *line = strstr(text, "VmHWM:");
    return line ? (double)strtoull(line + 6, NULL, 10) * 1024 : 0;
}

/* Takes the status of one that has ended or is ending. */
static int reap(pid_t pid, struct program_used *used)
{
    struct rusage r = { 0 };
    int status = 0;

    while (wait4(pid, &status, 0, &r) < 0 && errno == EINTR)
        continue;
    used->us = (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1e6 + (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec);
    return status;
}

bool program_wait(const struct bench *b, pid_t pid, bool peak, struct program_used *used, struct error *err)
{
    AUTO_CLOSE int ended = (int)syscall(SYS_pidfd_open, pid, 0);
    struct pollfd one = { ended, POLLIN, 0 };

    *used = (struct program_used){ 0 };
    while (!*b->stop && poll(&one, 1, peak ? PEAK_MS : STOP_MS) <= 0) {
        double now = peak ? peak_of(pid) : 0;
        used->peak = now > used->peak ? now : used->peak;
    }
    if (*b->stop)
        kill(pid, SIGKILL); // its peer dies with it
    int status = reap(pid, used);
    if (*b->stop || (WIFEXITED(status) && WEXITSTATUS(status) == 0))
        return true;
    return error_set(err, ERROR_SYSTEM, "%s/arcwire ended with %s %d", b->build, WIFEXITED(status) ? "status" : "signal",
                     WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
}

void program_end(pid_t pid, struct program_used *used)
{
    *used = (struct program_used){ 0 };
    kill(pid, SIGKILL);
    reap(pid, used);
}
