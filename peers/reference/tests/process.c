#include "process.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct process process_start(const char *peer, int kept, const char *arguments)
{
    char self[4096], path[8192], line[512];
    char *argv[16] = { path };
    size_t argc = 1;
    int ends[2];
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);

    self[len > 0 ? len : 0] = '\0';
    snprintf(path, sizeof path, "%s/peers/%s", dirname(self), peer);
    snprintf(line, sizeof line, "%s", arguments);
    for (char *word = strtok(line, " "); word; word = strtok(NULL, " "))
        argv[argc++] = word;
    cr_assert(eq(int, pipe(ends), 0));
    struct process p = { .pid = fork() };
    if (p.pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); // a failed assertion leaves nothing behind
        dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO); // what is not kept disturbs nobody
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

char *process_line(struct process *p)
{
    static char line[256];

    if (!fgets(line, sizeof line, p->out))
        *line = '\0';
    return line;
}

struct process process_start_ready(const char *peer, const char *arguments)
{
    struct process p = process_start(peer, STDOUT_FILENO, arguments);
    unsigned port;

    for (char *line = process_line(&p); *line && strcmp(line, "ready\n") != 0;
         line = process_line(&p))
        if (sscanf(line, "listening conformance %u", &port) == 1)
            p.port = (uint16_t)port;
    return p;
}

int process_status(struct process *p)
{
    int status;

    cr_assert(eq(int, waitpid(p->pid, &status, 0), p->pid));
    fclose(p->out);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void process_dial(const struct process *p, struct CSocket *s)
{
    *s = CSOCKET_EMPTY;
    cr_assert(CSocket_Create(s, 0, SOCK_STREAM, NULL));
    cr_assert(CSocket_Connect(s, "127.0.0.1", p->port));
}

void say(struct CSocket *s, const char *words)
{
    struct bytes said = spelt(words);

    cr_assert(eq(i64, CSocket_Send(s, said.data, said.len), said.len));
}

char *hear_all(struct CSocket *s)
{
    static uint8_t heard[4096];
    size_t len = 0;
    ptrdiff_t got;

    while ((got = CSocket_Receive(s, heard + len, sizeof heard - len)) > 0)
        len += got;
    return got == 0 ? hex_of((struct bytes){ heard, len }) : "reset";
}

void hear(struct CSocket *s, const char *words)
{
    struct bytes due = spelt(words);
    uint8_t heard[256];
    size_t len = 0;
    ptrdiff_t got = 1;

    for (; len < due.len && got > 0; len += got > 0 ? got : 0)
        got = CSocket_Receive(s, heard + len, due.len - len);
    cr_expect(eq(str, hex_of((struct bytes){ heard, len }), hex_of(due)));
}
