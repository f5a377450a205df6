/*
 * A relay in front of a server, which spoils what passes. So a server that nobody here wrote becomes a flawed peer.
 *
 *   relay --port PORT [--MANNER]... [--fill FILE]... -- COMMAND...
 *
 * The command is the server's; {server} in it, and in each FILE, is the port on which it is to listen. It ends with us. Every
 * manner is about pieces: what one receive brings. A thread serves one connection, and waits without a time limit, so that it can
 * be seen to have nothing more to say.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PIECE = 65536, TRIES = 1000, TRY_MS = 10 };

/* What is done to the pieces that the server says, but for those that begin with "ask". */
static struct {
    bool swap, ask_swap, hold, ask_hold, drop, ask_drop, add, greet, twice, flip, reset, end, stop,
        stay, slow;
} does;

static const struct manner {
    const char *name;
    bool *on;
    const char *what;
} manners[] = {
    { "--swap", &does.swap, "exchanges the first two bytes of a piece" },
    { "--ask-swap", &does.ask_swap, "exchanges the first two bytes of what the asker says" },
    { "--hold", &does.hold, "keeps the last byte of a piece until the next one comes" },
    { "--ask-hold", &does.ask_hold, "keeps the last byte of what the asker says until more comes" },
    { "--drop", &does.drop, "drops the last byte of a piece" },
    { "--ask-drop", &does.ask_drop, "drops the last byte of what the asker says" },
    { "--add", &does.add, "sends a byte behind each piece" },
    { "--greet", &does.greet, "sends a byte when a connection begins" },
    { "--twice", &does.twice, "sends each piece twice" },
    { "--flip", &does.flip, "changes a bit of the last byte of a piece" },
    { "--reset", &does.reset, "resets the connection in the place of the first piece" },
    { "--end", &does.end, "ends the connection in the place of the first piece" },
    { "--stop", &does.stop, "ends the whole connection when the asker ends its direction" },
    { "--stay", &does.stay, "does not tell the asker that the server has ended the connection" },
    { "--slow", &does.slow, "sends byte by byte, a millisecond apart, which is odd, but right" },
};

static struct sockaddr_in server = { .sin_family = AF_INET };

static int fail(const char *what)
{
    fprintf(stderr, "relay: %s: %s\n", what, strerror(errno));
    exit(1);
}

static struct sockaddr_in local(unsigned port)
{
    return (struct sockaddr_in){ .sin_family = AF_INET,
                                 .sin_port = htons((uint16_t)port),
                                 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

static bool send_all(int to, const uint8_t *data, size_t len)
{
    for (size_t sent = 0; sent < len;) {
        size_t part = does.slow ? 1 : len - sent;
        ssize_t n = send(to, data + sent, part, MSG_NOSIGNAL);
        if (n < 0 && errno != EINTR)
            return false;
        sent += n > 0 ? (size_t)n : 0;
        if (does.slow)
            nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
    }
    return true;
}

/* One direction of a connection. */
struct way {
    int from, to;
    bool is_asker, ended, holds;
    uint8_t held;
};

enum next { GOES_ON, ENDS, RESETS };

static void swap(uint8_t *data, size_t len)
{
    if (len < 2)
        return;
    uint8_t first = data[0];
    data[0] = data[1];
    data[1] = first;
}

/* Passes a piece on; room for two more bytes is at its end. */
static enum next pass(struct way *w, uint8_t *data, size_t len)
{
    bool holds = w->is_asker ? does.ask_hold : does.hold,
         drops = w->is_asker ? does.ask_drop : does.drop;

    if (!w->is_asker && (does.reset || does.end))
        return does.reset ? RESETS : ENDS;
    if (w->is_asker ? does.ask_swap : does.swap)
        swap(data, len);
    if (!w->is_asker && does.flip)
        data[len - 1] ^= 0x10;
    if (!w->is_asker && does.add)
        data[len++] = 0;
    if (w->holds && !send_all(w->to, &w->held, 1))
        return ENDS;
    w->holds = false;
    if (holds || drops) {
        w->held = data[--len];
        w->holds = holds;
    }
    if (!send_all(w->to, data, len) || (!w->is_asker && does.twice && !send_all(w->to, data, len)))
        return ENDS;
    return GOES_ON;
}

/* What came last is passed on with the end. */
static enum next pass_end(struct way *w)
{
    w->ended = true;
    if (w->holds)
        send_all(w->to, &w->held, 1);
    if (w->is_asker ? does.stop : false)
        return ENDS;
    if (w->is_asker || !does.stay)
        shutdown(w->to, SHUT_WR);
    return GOES_ON;
}

static void reset_at_close(int fd)
{
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &(struct linger){ .l_onoff = 1 }, sizeof(struct linger));
}

static enum next relay_step(struct way ways[2], uint8_t *piece)
{
    struct pollfd p[2];

    for (int i = 0; i < 2; i++)
        p[i] = (struct pollfd){ .fd = ways[i].ended ? -1 : ways[i].from, .events = POLLIN };
    if (poll(p, 2, -1) < 0)
        return errno == EINTR ? GOES_ON : ENDS;
    for (int i = 0; i < 2; i++) {
        if (!p[i].revents)
            continue;
        ssize_t got = recv(ways[i].from, piece, PIECE, 0);
        if (got < 0)
            return RESETS;
        enum next next = got ? pass(&ways[i], piece, (size_t)got) : pass_end(&ways[i]);
        if (next != GOES_ON)
            return next;
    }
    return GOES_ON;
}

static void *relay_run(void *arg)
{
    int asker = (int)(intptr_t)arg, there = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct way ways[2] = { { .from = asker, .to = there, .is_asker = true },
                           { .from = there, .to = asker } };
    uint8_t *piece = malloc(PIECE + 2);
    enum next next = GOES_ON;

    if (!piece || connect(there, (struct sockaddr *)&server, sizeof server) < 0)
        next = RESETS;
    if (does.greet)
        send_all(asker, (const uint8_t *)"!", 1);
    while (next == GOES_ON && (!ways[0].ended || !ways[1].ended || does.stay))
        next = relay_step(ways, piece);
    if (next == RESETS) {
        reset_at_close(asker);
        reset_at_close(there);
    }
    close(there);
    close(asker);
    free(piece);
    return NULL;
}

/* The word with {server} replaced by the port; a copy. */
static char *fill(const char *word, unsigned port)
{
    static const char mark[] = "{server}";
    const char *at = strstr(word, mark);
    char *filled;

    if (!at)
        return strdup(word);
    if (asprintf(&filled, "%.*s%u%s", (int)(at - word), word, port, at + sizeof mark - 1) < 0)
        fail("memory");
    char *again = fill(filled, port);
    free(filled);
    return again;
}

static void fill_file(const char *path, unsigned port)
{
    static char text[65536];
    FILE *f = fopen(path, "r");
    size_t len = f ? fread(text, 1, sizeof text - 1, f) : 0;

    if (!f)
        fail(path);
    fclose(f);
    text[len] = '\0';
    char *filled = fill(text, port);
    if (!(f = fopen(path, "w")) || fputs(filled, f) < 0 || fclose(f) != 0)
        fail(path);
    free(filled);
}

/* Held by nobody from here on until the server takes it: so is that of every server that must be told. */
static unsigned free_port(void)
{
    struct sockaddr_in at = local(0);
    socklen_t len = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) < 0 ||
        getsockname(fd, (struct sockaddr *)&at, &len) < 0)
        fail("a port");
    close(fd);
    return ntohs(at.sin_port);
}

static pid_t start(char **command, unsigned port)
{
    for (char **word = command; *word; word++)
        *word = fill(*word, port);
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execvp(command[0], command);
    fprintf(stderr, "relay: %s is not there\n", command[0]);
    _exit(127);
}

/* Until somebody listens there; who has ended before will not. */
static void wait_until_ready(pid_t pid)
{
    for (int i = 0; i < TRIES; i++) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), status;
        bool is_there = connect(fd, (struct sockaddr *)&server, sizeof server) == 0;
        close(fd);
        if (is_there)
            return;
        if (waitpid(pid, &status, WNOHANG) == pid)
            exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
        nanosleep(&(struct timespec){ .tv_nsec = TRY_MS * 1000000L }, NULL);
    }
    errno = ETIMEDOUT;
    fail("the server");
}

static void help(void)
{
    puts("relay --port PORT [--MANNER]... [--fill FILE]... -- COMMAND...");
    for (size_t i = 0; i < sizeof manners / sizeof *manners; i++)
        printf("  %-12s %s\n", manners[i].name, manners[i].what);
}

static bool manner_choose(const char *word)
{
    for (size_t i = 0; i < sizeof manners / sizeof *manners; i++)
        if (strcmp(manners[i].name, word) == 0)
            return *manners[i].on = true;
    return false;
}

int main(int argc, char **argv)
{
    unsigned port = 0, behind = free_port();
    int i = 1, on = 1;

    for (; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            help();
            return 0;
        }
        if (manner_choose(argv[i]))
            continue;
        if (i + 1 < argc && strcmp(argv[i], "--port") == 0) {
            port = (unsigned)atoi(argv[++i]);
        } else if (i + 1 < argc && strcmp(argv[i], "--fill") == 0) {
            fill_file(argv[++i], behind);
        } else {
            fprintf(stderr, "relay: \"%s\"? see --help\n", argv[i]);
            return 2;
        }
    }
    if (i + 1 >= argc) {
        fprintf(stderr, "relay: which server? see --help\n");
        return 2;
    }
    server = local(behind);
    wait_until_ready(start(argv + i + 1, behind));
    signal(SIGCHLD, SIG_DFL);

    struct sockaddr_in at = local(port);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
        bind(listener, (struct sockaddr *)&at, sizeof at) < 0 || listen(listener, SOMAXCONN) < 0)
        fail("listening");
    for (;;) {
        pthread_t thread;
        int asker = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (asker < 0)
            continue;
        if (pthread_create(&thread, NULL, relay_run, (void *)(intptr_t)asker) != 0)
            close(asker);
        else
            pthread_detach(thread);
    }
}
