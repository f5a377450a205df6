#include "peer/process.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/file.h"

#define STOP_LIMIT_MS 3000 // how long a peer may take to end when it is told to
#define LISTENER_LOOK_MS 1 // how often the kernel is asked whether a peer listens: it tells no event
#define ERRORS_SHOWN 200   // bytes of the end of stderr

struct places {
    const char *build, *directory, *host, *port, *files, *user;
    const char *service, *id; // of a program that asks
};

/* Replaces {build} {dir} {host} {port} {files} {user} {service} {case}; anything else in braces is left alone. */
static const char *fill(const char *from, const struct places *places, struct arena *keep)
{
    struct {
        const char *mark, *text;
    } marks[] = { { "{build}", places->build }, { "{dir}", places->directory }, { "{host}", places->host },
                  { "{port}", places->port },   { "{files}", places->files },   { "{user}", places->user },
                  { "{service}", places->service }, { "{case}", places->id } };
    TEXT(out);

    while (*from) {
        size_t k = 0;
        while (k < COUNT_OF(marks) && (!marks[k].text || strncmp(from, marks[k].mark, strlen(marks[k].mark)) != 0))
            k++;
        if (k == COUNT_OF(marks)) {
            text_char(&out, *from++);
        } else {
            text_add(&out, marks[k].text);
            from += strlen(marks[k].mark);
        }
    }
    return arena_string(keep, text_string(&out));
}

static bool uses(const char *const *words, const char *mark)
{
    for (; words && *words; words++)
        if (strstr(*words, mark))
            return true;
    return false;
}

static bool wants_port(const struct manifest *m, const struct manifest_variant *variant)
{
    bool yes = uses(m->listen, "{port}") || (variant && uses(variant->arguments, "{port}"));

    for (size_t i = 0; i < m->file_count; i++)
        yes |= uses(m->files[i].lines, "{port}");
    return yes;
}

static bool make_files(const struct manifest *m, struct places *places, struct peer *p, struct error *err)
{
    char path[] = "/tmp/arcwire-XXXXXX";

    if (m->file_count == 0 && !uses(m->listen, "{files}") && !uses(m->dial, "{files}") &&
        !(m->ask && uses(m->ask->command, "{files}")))
        return true;
    if (!mkdtemp(path))
        return error_errno(err, "%s", path);
    chmod(path, 0755); // a peer that gives up root still reads its files
    places->files = p->files = arena_string(&p->keep, path);
    for (size_t i = 0; i < m->file_count; i++) {
        TEXT(content);
        for (const char *const *line = m->files[i].lines; *line; line++) {
            text_add(&content, fill(*line, places, &p->keep));
            text_char(&content, '\n');
        }
        if (!file_write(arena_printf(&p->keep, "%s/%s", path, m->files[i].name), buffer_bytes(&content.b), err))
            return false;
    }
    return true;
}

static const char **command_make(const char *const *command, const struct manifest_variant *variant,
                                 const struct places *places, struct arena *keep)
{
    size_t n = 0, more = 0;

    while (command[n])
        n++;
    while (variant && variant->arguments[more])
        more++;
    const char **argv = ARENA_ARRAY(keep, n + more + 1, const char *);
    for (size_t i = 0; i < n; i++)
        argv[i] = fill(command[i], places, keep);
    for (size_t i = 0; i < more; i++)
        argv[n + i] = fill(variant->arguments[i], places, keep);
    return argv;
}

/* Where what it prints goes. */
enum hearing { TO_US, WITH_ERRORS, NOWHERE };

static _Noreturn void child(const struct manifest *m, const char **argv, enum hearing hearing, int words, int errors, int failed)
{
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGINT, SIG_IGN); // the terminal's ^C is for us; we end it ourselves
    // No channel of whoever started us: only what we give it, and what it makes, leads out of it.
    close_range(3, ~0u, CLOSE_RANGE_CLOEXEC);
    int null = open("/dev/null", O_RDWR);
    dup2(null, 0);
    dup2(hearing == TO_US ? words : hearing == WITH_ERRORS ? errors : null, 1);
    dup2(errors, 2);
    for (const char *const *e = m->environment; e && *e; e++)
        putenv((char *)*e);
    execvp(argv[0], (char **)argv);
    int wrong = errno;
    if (write(failed, &wrong, sizeof wrong) < 0)
        _exit(126);
    _exit(127);
}

static bool spawn(const struct manifest *m, const char **argv, enum hearing hearing, struct peer *p, struct error *err)
{
    int words[2] = { -1, -1 }, failed[2] = { -1, -1 };

    p->errors = memfd_create("stderr", MFD_CLOEXEC);
    if (p->errors < 0 || pipe2(failed, O_CLOEXEC) < 0 || (hearing == TO_US && pipe2(words, O_CLOEXEC) < 0)) {
        error_errno(err, "cannot start %s", argv[0]);
        fd_close(&failed[0]);
        fd_close(&failed[1]);
        return false;
    }
    p->pid = fork();
    if (p->pid == 0)
        child(m, argv, hearing, words[1], p->errors, failed[1]);
    fd_close(&words[1]);
    fd_close(&failed[1]);
    p->words = words[0];
    if (p->words >= 0)
        fcntl(p->words, F_SETFL, O_NONBLOCK);
    AUTO_CLOSE int told = failed[0];
    if (p->pid < 0)
        return error_errno(err, "cannot start %s", argv[0]);
    setpgid(p->pid, p->pid);
    int wrong = 0;
    if (read(told, &wrong, sizeof wrong) == sizeof wrong) // closed unread once the program runs
        return error_set(err, ERROR_PEER, "cannot start %s: %s", argv[0], strerror(wrong));
    return true;
}

const char *peer_last_words(const struct peer *p, char *out, size_t size)
{
    off_t end = lseek(p->errors, 0, SEEK_END);
    ssize_t n = pread(p->errors, out, size - 1, end > (off_t)size - 1 ? end - (off_t)size + 1 : 0);

    if (n < 0)
        n = 0;
    while (n > 0 && (out[n - 1] == '\n' || out[n - 1] == '\r'))
        n--;
    out[n] = 0;
    char *line = strrchr(out, '\n');
    return line ? line + 1 : out;
}

static void describe_end(const struct peer *p, const char *when, struct text *to)
{
    char said[ERRORS_SHOWN];
    const char *line = peer_last_words(p, said, sizeof said);

    if (WIFSIGNALED(p->status))
        text_printf(to, "died of signal %d (%s)%s", WTERMSIG(p->status), strsignal(WTERMSIG(p->status)), when);
    else
        text_printf(to, "exited with status %d%s", WEXITSTATUS(p->status), when);
    if (*line)
        text_printf(to, ", its last words: %s", line);
}

static bool listens(uint16_t port)
{
    static const char *const tables[] = { "/proc/net/tcp", "/proc/net/tcp6" };
    unsigned local, state;
    char line[512];

    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        FILE *f = fopen(tables[i], "re");
        while (f && fgets(line, sizeof line, f))
            if (sscanf(line, " %*u: %*[0-9A-F]:%x %*[0-9A-F]:%*x %x", &local, &state) == 2 && local == port && state == 0x0a) {
                fclose(f);
                return true;
            }
        if (f)
            fclose(f);
    }
    return false;
}

/* One of its lines. True when it was `ready`. */
static bool line_heard(const char *const *services, char *line, struct peer *p)
{
    char name[64];
    unsigned port;

    if (sscanf(line, "listening %63s %u", name, &port) == 2 && p->service_count < PEER_SERVICES && port < 65536)
        for (const char *const *s = services; *s; s++)
            if (strcmp(*s, name) == 0) {
                p->services[p->service_count].name = *s;
                p->services[p->service_count++].address = address_loopback((uint16_t)port);
            }
    return strcmp(line, "ready") == 0;
}

/* It has ended before its time: takes its status, and ends what it has left behind. */
static bool ended_early(struct peer *p, const char *program, struct error *err)
{
    TEXT(how);

    kill(-p->pid, SIGKILL);
    waitpid(p->pid, &p->status, 0);
    p->pid = -1;
    describe_end(p, " before it was ready", &how);
    return error_set(err, ERROR_PEER, "%s %s", program, text_string(&how));
}

static bool wait_words(const char *const *services, struct peer *p, const char *program, int64_t until, struct error *err)
{
    AUTO_CLOSE int exit_fd = (int)syscall(SYS_pidfd_open, p->pid, 0);
    struct pollfd both[] = { { exit_fd, POLLIN, 0 }, { p->words, POLLIN, 0 } };
    char line[256];
    size_t len = 0;

    for (;;) {
        int64_t left = until - clock_us();
        char c;
        if (left <= 0)
            return error_set(err, ERROR_PEER, "%s did not say \"ready\" in time", program);
        poll(both, COUNT_OF(both), (int)(left / 1000) + 1);
        ssize_t n = both[1].fd >= 0 ? read(p->words, &c, 1) : 0;
        if (n <= 0) {
            if (both[0].revents)
                return ended_early(p, program, err); // and all its words are heard
            if (n == 0)
                both[1].fd = -1; // it says no more, but it lives
            continue;
        }
        if (c != '\n') {
            if (len + 1 < sizeof line)
                line[len++] = c;
            continue;
        }
        line[len] = 0;
        len = 0;
        if (line_heard(services, line, p))
            return true;
    }
}

static bool wait_listener(const char *const *services, struct peer *p, const char *program, uint16_t port, int64_t until,
                          struct error *err)
{
    AUTO_CLOSE int exit_fd = (int)syscall(SYS_pidfd_open, p->pid, 0);

    while (!listens(port)) {
        struct pollfd one = { exit_fd, POLLIN, 0 };
        if (poll(&one, 1, LISTENER_LOOK_MS) > 0)
            return ended_early(p, program, err);
        if (clock_us() >= until)
            return error_set(err, ERROR_PEER, "%s does not listen on port %u", program, port);
    }
    for (const char *const *s = services; *s && p->service_count < PEER_SERVICES; s++) {
        p->services[p->service_count].name = *s;
        p->services[p->service_count++].address = address_loopback(port);
    }
    return true;
}

static const char *user_name(struct arena *keep)
{
    const struct passwd *who = geteuid() == 0 ? getpwnam("nobody") : getpwuid(geteuid());

    return arena_string(keep, who ? who->pw_name : "nobody");
}

static void place_address(const struct address *at, struct places *places, struct arena *keep)
{
    char text[80];

    address_print(at, text, sizeof text);
    *strrchr(text, ':') = 0;
    places->host = arena_string(keep, text);
    places->port = arena_printf(keep, "%u", address_port(at));
}

bool peer_ask(const struct manifest *m, const struct manifest_variant *variant, const char *build, const struct address *dial_to,
              const char *service, const char *id, struct peer *out, struct error *err)
{
    struct peer p = { .pid = -1, .dials = true, .words = -1, .errors = -1, .held = -1 };
    struct places places = { .build = build, .directory = m->directory, .service = service, .id = id };

    places.user = user_name(&p.keep);
    place_address(dial_to, &places, &p.keep);
    bool good = make_files(m, &places, &p, err) &&
                spawn(m, command_make(m->ask->command, variant, &places, &p.keep), NOWHERE, &p, err);
    if (!good)
        peer_stop(&p);
    else
        *out = p;
    return good;
}

bool peer_start(const struct manifest *m, const struct manifest_variant *variant, const char *build,
                const struct address *dial_to, int64_t limit_us, struct peer *out, struct error *err)
{
    struct peer p = { .pid = -1, .dials = dial_to != NULL, .words = -1, .errors = -1, .held = -1 };
    struct places places = { .build = build, .directory = m->directory };
    struct address held = address_loopback(0);
    bool good = false;

    places.user = user_name(&p.keep);
    const char *const *command = dial_to ? m->dial : m->listen;
    if (!command) {
        error_set(err, ERROR_PEER, "%s: has no \"%s\" command", m->path, dial_to ? "dial" : "listen");
        goto failed;
    }
    if (dial_to) {
        place_address(dial_to, &places, &p.keep);
    } else if (wants_port(m, variant)) {
        if (!net_bind(&held, &p.held, err))
            goto failed;
        places.host = "127.0.0.1";
        places.port = arena_printf(&p.keep, "%u", address_port(&held));
    }
    if (!make_files(m, &places, &p, err))
        goto failed;
    const char **argv = command_make(command, variant, &places, &p.keep);
    int64_t until = clock_us() + limit_us;
    if (!spawn(m, argv, m->ready == READY_STDOUT ? TO_US : WITH_ERRORS, &p, err))
        goto failed;
    good = m->ready == READY_STDOUT ? wait_words(manifest_services(m, variant), &p, argv[0], until, err)
           : dial_to                ? true
                                    : wait_listener(manifest_services(m, variant), &p, argv[0], address_port(&held), until, err);
failed:
    if (!good)
        peer_stop(&p);
    else
        *out = p;
    return good;
}

const struct address *peer_service(const struct peer *p, const char *service)
{
    for (size_t i = 0; i < p->service_count; i++)
        if (strcmp(p->services[i].name, service) == 0)
            return &p->services[i].address;
    return NULL;
}

bool peer_lives(struct peer *p, struct text *how)
{
    char chunk[4096];

    while (p->words >= 0 && read(p->words, chunk, sizeof chunk) > 0)
        continue;
    if (p->pid > 0 && waitpid(p->pid, &p->status, WNOHANG) == p->pid) {
        kill(-p->pid, SIGKILL); // what it has left behind
        p->pid = -1;
    }
    if (p->pid > 0)
        return true;
    if (how)
        describe_end(p, "", how);
    return false;
}

void peer_wait(struct peer *p, int limit_ms)
{
    if (p->pid <= 0)
        return;
    AUTO_CLOSE int exit_fd = (int)syscall(SYS_pidfd_open, p->pid, 0);
    struct pollfd one = { exit_fd, POLLIN, 0 };
    poll(&one, 1, limit_ms);
}

void peer_stop(struct peer *p)
{
    if (p->pid > 0) {
        AUTO_CLOSE int exit_fd = (int)syscall(SYS_pidfd_open, p->pid, 0);
        struct pollfd one = { exit_fd, POLLIN, 0 };
        kill(-p->pid, SIGTERM);
        kill(-p->pid, SIGCONT);
        if (poll(&one, 1, STOP_LIMIT_MS) <= 0)
            kill(-p->pid, SIGKILL);
        waitpid(p->pid, &p->status, 0);
        kill(-p->pid, SIGKILL);
        p->pid = -1;
    }
    fd_close(&p->words);
    fd_close(&p->errors);
    fd_close(&p->held);
    if (p->files)
        file_remove_directory(p->files);
    arena_free(&p->keep);
    *p = (struct peer){ .pid = -1, .words = -1, .errors = -1, .held = -1 };
}

bool peer_installed(const struct manifest *m, const char *build, struct arena *keep, const char **missing)
{
    struct places places = { .build = build, .directory = m->directory };
    const char *const *command = m->listen ? m->listen : m->dial ? m->dial : m->ask->command;
    const char *program = fill(command[0], &places, keep);

    *missing = program;
    if (strchr(program, '/'))
        return access(program, X_OK) == 0;
    const char *path = getenv("PATH");
    char *rest = arena_string(keep, path ? path : "/usr/bin:/bin");
    for (char *d; (d = strsep(&rest, ":"));)
        if (access(arena_printf(keep, "%s/%s", *d ? d : ".", program), X_OK) == 0)
            return true;
    return false;
}
