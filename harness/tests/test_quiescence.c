/*
 * The proof of silence: peers that only wait are proven quiet, and the late speakers never are, however quiet they look.
 *
 * Each peer is a forked child that says one byte when it is about to wait, so that no test waits for time.
 */
#include "net/quiescence.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "net/net.h"

#define LATE_S 600 // when a late speaker would speak: never within a test

static void ready(int fd)
{
    if (write(fd, "r", 1) != 1)
        _exit(1);
}

static void wait_recv(int fd)
{
    char byte;

    ready(fd);
    while (recv(fd, &byte, 1, 0) > 0)
        continue;
}

static void wait_poll(int fd)
{
    struct pollfd p = { fd, POLLIN, 0 };

    ready(fd);
    while (poll(&p, 1, -1) < 0)
        continue;
}

static void wait_epoll(int fd)
{
    int e = epoll_create1(0);
    struct epoll_event ev = { .events = EPOLLIN };

    epoll_ctl(e, EPOLL_CTL_ADD, fd, &ev);
    ready(fd);
    epoll_wait(e, &ev, 1, -1);
}

/* Fills its socket, and waits for room to say more. */
static void wait_for_room(int fd)
{
    static const char much[65536];
    struct pollfd p = { fd, POLLOUT, 0 };

    ready(fd);
    while (send(fd, much, sizeof much, MSG_DONTWAIT) > 0)
        continue;
    poll(&p, 1, -1);
}

static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;

static void *wait_lock(void *unused)
{
    pthread_mutex_lock(&held);
    return unused;
}

static void wait_two_threads(int fd)
{
    pthread_t t;

    pthread_mutex_lock(&held);
    pthread_create(&t, NULL, wait_lock, NULL);
    wait_recv(fd);
}

static void wait_socket_pair(int fd)
{
    int pair[2];
    char byte;

    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0) {
        ready(fd);
        recv(pair[0], &byte, 1, 0);
    }
}

static void late_timerfd(int fd)
{
    int t = timerfd_create(CLOCK_MONOTONIC, 0);
    struct itimerspec when = { .it_value = { LATE_S, 0 } };
    struct pollfd p[2] = { { fd, POLLIN, 0 }, { t, POLLIN, 0 } };

    timerfd_settime(t, 0, &when, NULL);
    ready(fd);
    poll(p, 2, -1);
}

static void on_alarm(int number)
{
    (void)number;
}

static void late_alarm(int fd)
{
    signal(SIGALRM, on_alarm);
    alarm(LATE_S);
    wait_recv(fd);
}

static void late_poll(int fd)
{
    struct pollfd p = { fd, POLLIN, 0 };

    ready(fd);
    poll(&p, 1, LATE_S * 1000);
}

static void *sleeps(void *unused)
{
    struct timespec t = { LATE_S, 0 };

    nanosleep(&t, NULL);
    return unused;
}

static void late_thread(int fd)
{
    pthread_t t;

    pthread_create(&t, NULL, sleeps, NULL);
    wait_recv(fd);
}

static void late_child(int fd)
{
    if (fork() == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        sleeps(NULL);
        _exit(0);
    }
    wait_recv(fd);
}

static void late_receive_limit(int fd)
{
    struct timeval limit = { LATE_S, 0 };

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    wait_recv(fd);
}

static void late_posix_timer(int fd)
{
    timer_t t;
    struct sigevent how = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
    struct itimerspec when = { .it_value = { LATE_S, 0 } };

    signal(SIGUSR1, on_alarm);
    timer_create(CLOCK_MONOTONIC, &how, &t);
    timer_settime(t, 0, &when, NULL);
    wait_recv(fd);
}

/* A TCP connection whose other end is not ours. That it is its own does not help: nothing is claimed of those. */
static void late_other_connection(int fd)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t len = sizeof at;
    int l = socket(AF_INET, SOCK_STREAM, 0), c = socket(AF_INET, SOCK_STREAM, 0);

    if (bind(l, (struct sockaddr *)&at, len) == 0 && listen(l, 1) == 0 && getsockname(l, (struct sockaddr *)&at, &len) == 0 &&
        connect(c, (struct sockaddr *)&at, len) == 0 && accept(l, NULL, NULL) >= 0)
        wait_recv(fd);
}

/* Another process has the connection, and is none of ours any more. It ends with the connection. */
static void late_stranger(int fd)
{
    int pair[2];
    char byte;

    pid_t between = fork();
    if (between == 0) {
        if (fork() == 0)
            wait_recv(fd);
        _exit(0);
    }
    waitpid(between, NULL, 0);
    close(fd);
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0)
        recv(pair[0], &byte, 1, 0);
}

static const struct speaker {
    const char *label;
    void (*run)(int fd);
    bool quiet;
} speakers[] = {
    { "waits in recv",                  wait_recv,             true  },
    { "waits in poll",                  wait_poll,             true  },
    { "waits in epoll",                 wait_epoll,            true  },
    { "has a thread that waits",        wait_two_threads,      true  },
    { "waits for its own socket pair",  wait_socket_pair,      true  },
    { "has a timer descriptor",         late_timerfd,          false },
    { "catches an alarm",               late_alarm,            false },
    { "polls with a time limit",        late_poll,             false },
    { "has a thread that sleeps",       late_thread,           false },
    { "has a child that sleeps",        late_child,            false },
    { "receives with a time limit",     late_receive_limit,    false },
    { "has a POSIX timer",              late_posix_timer,      false },
    { "has a connection of its own",    late_other_connection, false },
    { "has given the connection away",  late_stranger,         false },
};

/* The life of a forked speaker on its end of a connection. */
static _Noreturn void speak(const struct speaker *s, int end)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(end, 3); // nothing of the test runner's: its channels would speak against the peer
    close_range(4, ~0u, 0);
    for (int std = 0; std < 3; std++)
        dup2(open("/dev/null", O_RDWR), std);
    close_range(4, ~0u, 0);
    s->run(3);
    _exit(0);
}

/* Our end of a connection to a forked speaker that has dialled us. */
static int start_dialled(const struct speaker *s, const char *text, pid_t *pid)
{
    struct address at;
    struct error err;

    cr_assert(address_parse(text, &at, &err), "%s", err.text);
    int l = socket(at.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert(bind(l, (struct sockaddr *)&at.storage, at.len) == 0 && listen(l, 1) == 0, "%s", text);
    at.len = sizeof at.storage;
    getsockname(l, (struct sockaddr *)&at.storage, &at.len);
    *pid = fork();
    if (*pid == 0) {
        int c = socket(at.storage.ss_family, SOCK_STREAM, 0);
        if (connect(c, (struct sockaddr *)&at.storage, at.len) < 0)
            _exit(1);
        speak(s, c);
    }
    int fd = accept(l, NULL, NULL);
    close(l);
    return fd;
}

static int start_tcp(const struct speaker *s, pid_t *pid)
{
    return start_dialled(s, "127.0.0.1:0", pid);
}

static int start_tcp_six(const struct speaker *s, pid_t *pid)
{
    return start_dialled(s, "[::1]:0", pid);
}

static int start_local(const struct speaker *s, pid_t *pid)
{
    char name[64];

    snprintf(name, sizeof name, "unix:@arcwire-quiescence-%d", getpid());
    return start_dialled(s, name, pid);
}

/* Our end of a pair of local sockets; a forked speaker has the other one. */
static int start_pair(const struct speaker *s, pid_t *pid)
{
    int ends[2];

    cr_assert(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    *pid = fork();
    if (*pid == 0)
        speak(s, ends[1]);
    close(ends[1]);
    return ends[0];
}

static const struct way {
    const char *name;
    int (*start)(const struct speaker *s, pid_t *pid);
} starts[] = { { "TCP", start_tcp }, { "TCP over IPv6", start_tcp_six }, { "a local socket", start_local }, { "a pair", start_pair } };

/* A connection to a speaker that is about to wait. */
static int start(const struct speaker *s, int way, pid_t *pid)
{
    char byte;
    int fd = starts[way].start(s, pid);

    cr_assert(eq(int, (int)recv(fd, &byte, 1, 0), 1), "%s did not come to wait", s->label);
    return fd;
}

ParameterizedTestParameters(quiescence, only_who_waits_for_input_is_proven_quiet)
{
    static int index[COUNT_OF(speakers) * COUNT_OF(starts)];

    for (size_t i = 0; i < COUNT_OF(index); i++)
        index[i] = (int)i;
    return cr_make_param_array(int, index, COUNT_OF(index));
}

ParameterizedTest(int *index, quiescence, only_who_waits_for_input_is_proven_quiet, .timeout = 20)
{
    const struct speaker *s = &speakers[*index / (int)COUNT_OF(starts)];
    const char *why;
    enum quiet q;
    pid_t pid;
    int way = *index % (int)COUNT_OF(starts), fd = start(s, way, &pid);
    struct quiet_socket socket = { fd, 0 };

    do // until it has come to rest, one way or the other; a time limit bounds the test
        q = quiet_prove(&socket, 1, &why);
    while (q == QUIET_BUSY);
    cr_expect(eq(int, (int)q, s->quiet ? QUIET_PROVEN : QUIET_UNPROVABLE), "who %s on %s: %s", s->label, starts[way].name, why);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    close(fd);
}

static void *says_ready(void *fd)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL); // that of the first thread went with it
    ready(*(int *)fd);
    return sleeps(NULL);
}

/* A child whose first thread has ended, as one does on the way to the end of a process; another one still lives. */
static void child_without_first_thread(int fd)
{
    if (fork() == 0) {
        static int copy;
        pthread_t t;
        copy = fd;
        pthread_create(&t, NULL, says_ready, &copy);
        pthread_exit(NULL);
    }
    char byte;
    recv(fd, &byte, 1, 0);
}

Test(quiescence, a_process_has_not_ended_before_its_last_thread, .timeout = 20)
{
    const struct speaker s = { "has a child whose first thread has ended", child_without_first_thread, false };
    const char *why;
    pid_t pid;
    int fd = start(&s, 0, &pid);
    struct quiet_socket socket = { fd, 0 };

    for (int i = 0; i < 200; i++)
        cr_expect(ne(int, (int)quiet_prove(&socket, 1, &why), QUIET_PROVEN), "%s", why);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    close(fd);
}

Test(quiescence, who_has_not_read_all_is_busy, .timeout = 20)
{
    const struct speaker unread = { "waits for its own socket pair", wait_socket_pair, true };
    const char *why;

    for (int way = 0; way < (int)COUNT_OF(starts); way++) {
        pid_t pid;
        int fd = start(&unread, way, &pid);
        cr_assert(eq(int, (int)send(fd, "x", 1, 0), 1));
        for (int i = 0; i < 200; i++) {
            struct quiet_socket one = { fd, 1 };
            cr_expect(eq(int, (int)quiet_prove(&one, 1, &why), QUIET_BUSY));
        }
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        close(fd);
    }
}

Test(quiescence, a_pair_that_does_not_lead_to_us_is_a_channel_to_somebody_else, .timeout = 20)
{
    const char *why;
    enum quiet q;
    pid_t pid;
    int fd = start_pair(&speakers[0], &pid), other[2];
    char byte;

    cr_assert(recv(fd, &byte, 1, 0) == 1);
    cr_assert(socketpair(AF_UNIX, SOCK_STREAM, 0, other) == 0);
    struct quiet_socket wrong = { other[0], 0 }; // as if we did not know of the one that the speaker has
    do
        q = quiet_prove(&wrong, 1, &why);
    while (q == QUIET_BUSY);
    cr_expect(eq(int, (int)q, QUIET_UNPROVABLE));
    cr_expect(eq(str, (char *)why, "a process has a connection to somebody else"));
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    close(fd);
}

/* It goes on by itself once we read. */
Test(quiescence, who_waits_to_be_read_is_busy, .timeout = 20)
{
    const struct speaker full = { "waits for room", wait_for_room, false };
    const char *why;
    pid_t pid;
    int fd = start(&full, 0, &pid);
    struct quiet_socket one = { fd, 0 };

    do
        cr_assert(eq(int, (int)quiet_prove(&one, 1, &why), QUIET_BUSY));
    while (strcmp(why, "not all that it said has come") != 0);
    for (int i = 0; i < 200; i++) {
        cr_expect(eq(int, (int)quiet_prove(&one, 1, &why), QUIET_BUSY));
        cr_expect(eq(str, (char *)why, "not all that it said has come"));
    }
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    close(fd);
}

Test(quiescence, bytes_that_have_not_arrived_are_no_silence, .timeout = 20)
{
    const char *why;
    pid_t pid;
    int fd = start(&speakers[0], 0, &pid);
    struct quiet_socket more = { fd, 5 }; // as if five bytes were on their way

    for (int i = 0; i < 200; i++)
        cr_expect(eq(int, (int)quiet_prove(&more, 1, &why), QUIET_BUSY));
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    close(fd);
}

Test(quiescence, without_a_process_of_ours_nothing_is_claimed, .timeout = 20)
{
    const char *why;

    cr_expect(eq(int, (int)quiet_prove(NULL, 0, &why), QUIET_UNPROVABLE));
}
