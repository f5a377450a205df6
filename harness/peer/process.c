#include "peer/process.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/file.h"
#include "peer/launch.h"
#include "peer/tree.h"
#include "peer/words.h"

#define STOP_LIMIT_MS 3000 // how long a peer may take to end when it is told to
#define LISTENER_LOOK_MS 1 // how often the kernel is asked whether a peer listens: it tells no event
#define ERRORS_SHOWN 300   // bytes of the end of stderr
#define ERRORS_LINES 3     // of those, at most

const struct peer peer_none = { .guard = { -1, -1, -1, -1 }, .pid = -1, .words = -1, .errors = -1, .held = -1 };

/* The descriptors that a new process gets. */
struct channels {
    int in, out, errors;
};

/* Why a new process could not become the program. */
struct refusal {
    bool directory; // its working directory, not the program
    int wrong;
};

/* What becomes a program. */
struct becoming {
    const struct command *command;
    const struct channels *ends;
    int failed; // where a refusal is told
};

static void become(void *of)
{
    const struct becoming *b = of;
    const struct command *c = b->command;
    const struct channels *ends = b->ends;
    struct refusal why = { 0 };

    signal(SIGPIPE, SIG_DFL);
    signal(SIGXFSZ, SIG_DFL);
    signal(SIGINT, SIG_IGN); // the terminal's ^C is for us; we end it ourselves
    // No channel of whoever started us: only what we give it, and what it makes, leads out of it.
    close_range(3, ~0u, CLOSE_RANGE_CLOEXEC);
    int null = open("/dev/null", O_RDWR);
    dup2(ends->in >= 0 ? ends->in : null, 0);
    dup2(ends->out >= 0 ? ends->out : ends->errors, 1);
    dup2(ends->errors, 2);
    for (const char *const *e = c->environment; e && *e; e++)
        putenv((char *)*e);
    why.directory = c->directory && chdir(c->directory) < 0;
    if (!why.directory)
        execvp(c->argv[0], (char **)c->argv);
    why.wrong = errno;
    if (write(b->failed, &why, sizeof why) < 0)
        _exit(126);
    _exit(127);
}

/* ends->errors is the peer's own already. */
static bool spawn(const struct command *c, const struct channels *ends, struct guard *guard, struct error *err)
{
    int failed[2];
    struct refusal why = { 0 };

    if (pipe2(failed, O_CLOEXEC) < 0)
        return error_errno(err, "cannot start %s", c->argv[0]);
    struct becoming b = { c, ends, failed[1] };
    bool good = guard_start(guard, become, &b);
    fd_close(&failed[1]);
    AUTO_CLOSE int told = failed[0];
    if (!good)
        return error_errno(err, "cannot start %s", c->argv[0]);
    if (read(told, &why, sizeof why) == sizeof why) // closed unread once the program runs
        return error_set(err, ERROR_PEER, "cannot start %s: %s%s%s", c->argv[0], why.directory ? c->directory : "",
                         why.directory ? ": " : "", strerror(why.wrong));
    return true;
}

static bool spawn_into(const struct command *c, const struct channels *ends, struct peer *p, struct error *err)
{
    bool good = spawn(c, ends, &p->guard, err);

    p->pid = p->guard.program;
    return good;
}

static bool make_errors(struct peer *p, struct error *err)
{
    p->errors = memfd_create("stderr", MFD_CLOEXEC);
    return p->errors >= 0 || error_errno(err, "cannot keep what a peer says");
}

static bool spawn_peer(const struct launch *l, const struct command *c, struct peer *p, struct error *err)
{
    int words[2] = { -1, -1 };

    if (!make_errors(p, err))
        return false;
    if (l->id && l->dial_to) { // it has nothing to say to us
        AUTO_CLOSE int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
        return spawn_into(c, &(struct channels){ -1, nowhere, p->errors }, p, err);
    }
    // One that dials is heard, too: it says when it has been refused.
    if ((l->manifest->ready == READY_STDOUT || l->dial_to) && pipe2(words, O_CLOEXEC) < 0)
        return error_errno(err, "cannot start %s", c->argv[0]);
    bool good = spawn_into(c, &(struct channels){ -1, words[1], p->errors }, p, err);
    fd_close(&words[1]);
    p->words = words[0];
    if (p->words >= 0)
        fcntl(p->words, F_SETFL, O_NONBLOCK);
    return good;
}

/* The last lines of a file in memory, joined; "" when it is empty. */
static void last_words(int errors, struct text *to)
{
    char said[ERRORS_SHOWN + 1];
    struct stat file;
    off_t from = fstat(errors, &file) == 0 && file.st_size > ERRORS_SHOWN ? file.st_size - ERRORS_SHOWN : 0;
    ssize_t n = pread(errors, said, ERRORS_SHOWN, from);
    const char *lines[ERRORS_LINES] = { 0 };
    size_t count = 0;

    said[n > 0 ? n : 0] = 0;
    char *rest = said;
    for (char *line; (line = strsep(&rest, "\r\n"));) {
        bool whole = from == 0 || line > said || !rest; // the first may be the end of a longer one
        if (!*line || !whole)
            continue;
        if (count == ERRORS_LINES)
            memmove(lines, lines + 1, sizeof lines - sizeof *lines);
        else
            count++;
        lines[count - 1] = line;
    }
    for (size_t i = 0; i < count; i++)
        text_printf(to, "%s%s", i ? " · " : "", lines[i]);
}

void peer_last_words(const struct peer *p, struct text *to)
{
    last_words(p->errors, to);
}

static void describe_end(int status, int errors, const char *when, struct text *to)
{
    TEXT(said);

    if (WIFSIGNALED(status))
        text_printf(to, "died of signal %d (%s)%s", WTERMSIG(status), strsignal(WTERMSIG(status)), when);
    else
        text_printf(to, "exited with status %d%s", WEXITSTATUS(status), when);
    last_words(errors, &said);
    if (said.b.len)
        text_printf(to, ", its last words: %s", text_string(&said));
}

/* Where it says that it listens: a port, or a Unix socket's address. */
static bool place_parse(const char *place, struct address *out)
{
    struct error ignored;
    unsigned port;
    int used = 0;

    if (strncmp(place, "unix:", 5) == 0)
        return address_parse(place, out, &ignored);
    if (sscanf(place, "%5u%n", &port, &used) != 1 || place[used] || port > 65535)
        return false;
    *out = address_loopback((uint16_t)port);
    return true;
}

/* One of its lines. True when it was `ready`. */
static bool line_heard(const char *const *services, char *line, struct peer *p)
{
    char name[64], place[128];
    struct address at;

    if (sscanf(line, "listening %63s %127s", name, place) == 2 && p->service_count < PEER_SERVICES && place_parse(place, &at))
        for (const char *const *s = services; *s; s++)
            if (strcmp(*s, name) == 0) {
                p->services[p->service_count].name = *s;
                p->services[p->service_count++].address = at;
            }
    return strcmp(line, "ready") == 0;
}

/* It has ended before its time: takes its status, and ends what it has left behind. */
static bool ended_early(struct peer *p, const char *program, struct error *err)
{
    TEXT(how);

    guard_end(&p->guard, 0, &p->status);
    p->pid = -1;
    describe_end(p->status, p->errors, " before it was ready", &how);
    return error_set(err, ERROR_PEER, "%s %s", program, text_string(&how));
}

static bool wait_words(const char *const *services, struct peer *p, const char *program, int64_t until, struct error *err)
{
    struct pollfd both[] = { { p->guard.over, POLLIN, 0 }, { p->words, POLLIN, 0 } };
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

/* Who listens where it is to: a socket of its own directory is nobody else's. */
static enum listener listens_at(const struct peer *p, const struct address *at)
{
    return p->places.socket ? (tree_socket_listens(p->places.socket) ? LISTENER_ITS_OWN : LISTENER_NONE)
                            : tree_listens(p->guard.pid, address_port(at));
}

static bool wait_listener(const char *const *services, struct peer *p, const char *program, const struct address *at, int64_t until,
                          struct error *err)
{
    char text[ADDRESS_TEXT];
    enum listener who;

    if (address_is_local(at))
        address_print(at, text, sizeof text);
    else
        snprintf(text, sizeof text, "port %u", address_port(at));
    while ((who = listens_at(p, at)) != LISTENER_ITS_OWN) {
        // Who has become a daemon has ended well, and lives on.
        if (guard_wait_program(&p->guard, LISTENER_LOOK_MS) && guard_ended(&p->guard, &p->status))
            return ended_early(p, program, err);
        if (clock_us() >= until)
            return error_set(err, ERROR_PEER, "%s does not listen on %s%s", program, text,
                             who == LISTENER_OTHER ? ": another process does" : "");
    }
    for (const char *const *s = services; *s && p->service_count < PEER_SERVICES; s++) {
        p->services[p->service_count].name = *s;
        p->services[p->service_count++].address = *at;
    }
    return true;
}

/* Where it listens; port 0 where that is its own to choose. */
static struct address place_of(const struct peer *p, struct arena *keep)
{
    struct address at = address_loopback(p->places.port ? (uint16_t)strtoul(p->places.port, NULL, 10) : 0);
    struct error ignored;

    if (p->places.socket) // its path is short enough
        address_parse(arena_printf(keep, "unix:%s", p->places.socket), &at, &ignored);
    return at;
}

struct address peer_dial_place(const char *const *command)
{
    static atomic_uint made;
    struct address at = address_loopback(0);
    struct error ignored;
    char text[64];

    if (manifest_uses_socket(command)) {
        snprintf(text, sizeof text, "unix:/tmp/arcwire-%d-%u", (int)getpid(), atomic_fetch_add(&made, 1));
        address_parse(text, &at, &ignored);
        net_unbind(&at); // of one who had our number
    }
    return at;
}

/* p is to be stopped by the caller, whatever comes of it. */
static bool begin(const struct launch *l, enum port_keeping keeping, struct peer *p, struct error *err)
{
    const struct manifest *m = l->manifest;
    const char *const *services = l->id ? m->ask->services : manifest_services(m, l->variant);
    int64_t until = clock_us() + l->limit_us;

    if (m->port && !l->dial_to && tree_listens(0, m->port) != LISTENER_NONE)
        return error_set(err, ERROR_PEER, "%s: port %u is taken: another process listens on it", m->path, m->port);
    if (!launch_prepare(l, keeping, p, err))
        return false;
    struct command c = launch_command(l, p);
    if (!spawn_peer(l, &c, p, err))
        return false;
    if (m->ready == READY_STDOUT && !wait_words(services, p, c.argv[0], until, err))
        return false;
    const struct address at = place_of(p, &p->keep);
    if (m->ready == READY_LISTENER && !l->dial_to && !wait_listener(services, p, c.argv[0], &at, until, err))
        return false;
    pid_t tree[TREE_MAX];
    if (guard_wait_program(&p->guard, 0) && tree_of(p->guard.pid, tree) > 1)
        p->pid = tree[1]; // it has become a daemon
    if (!p->places.port && p->service_count && !address_is_local(&p->services[0].address))
        p->places.port = arena_printf(&p->keep, "%u", address_port(&p->services[0].address));
    return true;
}

bool peer_ask(const struct launch *l, struct peer *out, struct error *err)
{
    struct peer p = peer_none;
    bool good = launch_prepare(l, PORT_HELD, &p, err);

    if (good) {
        struct command c = launch_command(l, &p);
        good = spawn_peer(l, &c, &p, err);
    }
    if (!good)
        peer_stop(&p);
    else
        *out = p;
    return good;
}

bool peer_start(const struct launch *l, struct peer *out, struct error *err)
{
    struct peer p = peer_none;
    bool good = begin(l, PORT_HELD, &p, err);

    // A program that does not say SO_REUSEADDR cannot have a port that somebody else holds.
    if (!good && p.held >= 0 && p.pid < 0 && err->kind == ERROR_PEER) {
        peer_stop(&p);
        good = begin(l, PORT_FREED, &p, err);
    }
    if (!good)
        peer_stop(&p);
    else
        *out = p;
    return good;
}

bool peer_start_pair(const struct launch *l, struct peer *out, int *fd, struct error *err)
{
    struct peer p = peer_none;
    int ends[2] = { -1, -1 };

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        return error_errno(err, "socketpair");
    AUTO_CLOSE int ours = ends[0], its = ends[1];
    fcntl(ours, F_SETFL, O_NONBLOCK);
    bool good = launch_prepare(l, PORT_FREED, &p, err) && make_errors(&p, err);
    if (good) {
        struct command c = launch_command(l, &p);
        good = spawn_into(&c, &(struct channels){ its, its, p.errors }, &p, err);
    }
    if (!good) {
        peer_stop(&p);
        return false;
    }
    *out = p;
    *fd = fd_keep(&ours);
    return true;
}

bool peer_by_hand(const struct launch *l, struct peer *p, struct text *out, struct address *at, struct error *err)
{
    *p = peer_none;
    if (!launch_prepare(l, PORT_FREED, p, err))
        return false;
    struct command c = launch_command(l, p);
    if (c.directory) {
        text_add(out, "cd ");
        words_quote(out, c.directory);
        text_add(out, " && ");
    }
    for (const char *const *e = c.environment; e && *e; e++) {
        int name = (int)(strchr(*e, '=') - *e);
        text_printf(out, "%.*s=", name, *e);
        words_quote(out, *e + name + 1);
        text_char(out, ' ');
    }
    for (size_t i = 0; c.argv[i]; i++) {
        text_add(out, i ? " " : "");
        words_quote(out, c.argv[i]);
    }
    *at = place_of(p, &p->keep);
    return true;
}

bool peer_reset(const struct launch *l, struct peer *p, struct error *err)
{
    struct command c = launch_reset(l, p);
    AUTO_CLOSE int errors = memfd_create("reset", MFD_CLOEXEC);
    struct guard guard;
    int status = 0;

    if (errors < 0)
        return error_errno(err, "memfd_create");
    bool good = spawn(&c, &(struct channels){ -1, -1, errors }, &guard, err);
    bool ended = good && guard_wait_program(&guard, (int)(l->limit_us / 1000));
    guard_end(&guard, 0, &status); // what it has left behind, too
    if (!good)
        return error_within(err, "%s: reset", l->manifest->path);
    if (ended && WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    TEXT(how);
    if (ended)
        describe_end(status, errors, "", &how);
    else
        text_add(&how, "did not end in time");
    return error_set(err, ERROR_PEER, "%s: reset: %s %s", l->manifest->path, c.argv[0], text_string(&how));
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
    bool over = guard_ended(&p->guard, &p->status);
    if (!over && p->pid == p->guard.program && guard_wait_program(&p->guard, 0)) {
        guard_end(&p->guard, 0, &p->status); // what it has left behind
        over = true;
    }
    if (!over)
        return true;
    p->pid = -1;
    if (how)
        describe_end(p->status, p->errors, "", how);
    return false;
}

void peer_wait(struct peer *p, int limit_ms)
{
    if (p->pid == p->guard.program)
        guard_wait_program(&p->guard, limit_ms);
    else
        guard_wait(&p->guard, limit_ms);
}

void peer_end(struct peer *p)
{
    if (p->guard.pid > 0)
        guard_end(&p->guard, STOP_LIMIT_MS, &p->status);
    p->pid = -1;
}

void peer_stop(struct peer *p)
{
    peer_end(p);
    fd_close(&p->words);
    fd_close(&p->errors);
    fd_close(&p->held);
    if (p->places.files)
        file_remove_directory(p->places.files);
    arena_free(&p->keep);
    *p = peer_none;
}
