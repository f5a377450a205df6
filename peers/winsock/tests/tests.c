/*
 *   tests-winsock.exe              runs every test in a process of its own; names those that fail
 *   tests-winsock.exe SUITE/NAME   one of them, here, also one that is left out otherwise
 */
#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <windows.h>

enum { TIMEOUT_MS = 30000 };

#define ANY_ORDER  "room and data, both there, may be told in any order"
#define ENDS_FIRST "Wine ends a connection before it resets it"

/* Tests that expect what Winsock, or Wine, does not promise. */
static const struct {
    const char *name, *why;
} not_here[] = {
    { "notifications/asking_how_much_there_is_arms_nothing", ANY_ORDER },
    { "notifications/none_come_while_none_are_selected", ANY_ORDER },
    { "notifications/a_socket_that_moves_to_another_thread_is_told_there", ANY_ORDER },
    { "notifications/of_a_closed_socket_reach_nobody", "the next socket has another number" },
    { "notifications/that_were_put_off_go_with_their_socket", "the next socket has another number" },
    { "notifications/of_all_sockets_wait_until_the_blocking_call_and_its_handler_have_returned",
      "it waits twice for two messages, which may come together" },
    { "csocket/each_event_is_the_exception_that_mfc_has_for_it", ENDS_FIRST },
    { "csocket/a_raw_read_that_a_reset_breaks_forgets_what_its_last_fill_brought", ENDS_FIRST },
    { "csocket/a_broken_connection_stays_broken", ENDS_FIRST },
    { "csocket/what_nobody_receives_breaks_the_connection_by_its_own_error", ENDS_FIRST },
    { "csocket/closing_before_all_was_received_resets", ENDS_FIRST },
};

static struct test *tests;
static bool failed;

void test_add(struct test *t)
{
    t->next = tests;
    tests = t;
}

bool test_check(bool good, const char *what, const char *file, int line, const char *fmt, ...)
{
    va_list args;

    if (good)
        return true;
    printf("%s:%d: %s: ", file, line, what);
    va_start(args, fmt);
    vprintf(fmt, args);
    va_end(args);
    puts("");
    failed = true;
    return false;
}

void test_give_up(void)
{
    exit(1);
}

bool test_equal_str(const char *is, const char *due)
{
    if (strcmp(is, due) == 0)
        return true;
    printf("is  %s\ndue %s\n", is, due);
    return false;
}

bool test_equal_number(long long is, long long due)
{
    if (is != due)
        printf("is %lld, due is %lld\n", is, due);
    return is == due;
}

/*
 * Far ends
 */

#undef socketpair
#undef send
#undef recv
#undef close
#undef socket
#undef accept
#undef setsockopt
#undef getsockopt

int far_pair(int domain, int type, int protocol, int ends[2])
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    BOOL on = TRUE;
    int len = sizeof at;
    SOCKET listener = socket(AF_INET, SOCK_STREAM, 0), dialled = socket(AF_INET, SOCK_STREAM, 0);

    (void)domain;
    (void)protocol;
    if (type != SOCK_STREAM || bind(listener, (struct sockaddr *)&at, len) != 0 ||
        listen(listener, 1) != 0 || getsockname(listener, (struct sockaddr *)&at, &len) != 0 ||
        connect(dialled, (struct sockaddr *)&at, len) != 0)
        return -1;
    ends[0] = (int)dialled;
    ends[1] = (int)accept(listener, NULL, NULL);
    closesocket(listener);
    setsockopt((SOCKET)ends[1], IPPROTO_TCP, TCP_NODELAY, (const char *)&on, sizeof on);
    return 0;
}

ssize_t far_send(int fd, const void *data, size_t size, int flags)
{
    return send((SOCKET)fd, data, (int)size, flags & ~(MSG_NOSIGNAL | MSG_DONTWAIT));
}

ssize_t far_recv(int fd, void *data, size_t size, int flags)
{
    u_long waits = !(flags & MSG_DONTWAIT), at_once = !waits, again = 0;

    ioctlsocket((SOCKET)fd, (long)FIONBIO, &at_once);
    int got = recv((SOCKET)fd, data, (int)size, flags & ~(MSG_NOSIGNAL | MSG_DONTWAIT));
    ioctlsocket((SOCKET)fd, (long)FIONBIO, &again);
    return got;
}

int far_close(int fd)
{
    return closesocket((SOCKET)fd);
}

/* Of a truth value Wine writes the first byte alone. */
int far_option(int fd, int level, int name, void *value, socklen_t *len)
{
    memset(value, 0, (size_t)*len);
    return getsockopt((SOCKET)fd, level, name, value, len);
}

/*
 * Running
 */

static bool run_apart(const struct test *t, char *program)
{
    char line[512];
    STARTUPINFOA start = { .cb = sizeof start };
    PROCESS_INFORMATION process;
    DWORD status = 1;

    snprintf(line, sizeof line, "\"%s\" %s/%s", program, t->suite, t->name);
    if (!CreateProcessA(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &start, &process))
        return false;
    if (WaitForSingleObject(process.hProcess, TIMEOUT_MS) != WAIT_OBJECT_0) {
        printf("%s/%s takes too long\n", t->suite, t->name);
        TerminateProcess(process.hProcess, 1);
        WaitForSingleObject(process.hProcess, TIMEOUT_MS);
    }
    GetExitCodeProcess(process.hProcess, &status);
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    return status == 0;
}

static bool is_called(const struct test *t, const char *name)
{
    size_t len = strlen(t->suite);

    return strncmp(name, t->suite, len) == 0 && name[len] == '/' && strcmp(name + len + 1, t->name) == 0;
}

static bool is_left_out(const struct test *t)
{
    for (size_t i = 0; i < sizeof not_here / sizeof *not_here; i++)
        if (is_called(t, not_here[i].name)) {
            printf("left out: %s: %s\n", not_here[i].name, not_here[i].why);
            return true;
        }
    return false;
}

int main(int argc, char **argv)
{
    unsigned count = 0, bad = 0, left_out = 0;

    if (!wsa_start())
        return 1;
    for (const struct test *t = tests; t; t = t->next) {
        if (argc > 1 && !is_called(t, argv[1]))
            continue;
        if (argc > 1) {
            t->run();
            return failed;
        }
        if (is_left_out(t)) {
            left_out++;
            continue;
        }
        count++;
        if (!run_apart(t, argv[0])) {
            bad++;
            printf("failed: %s/%s\n", t->suite, t->name);
        }
        fflush(stdout);
    }
    printf("%u tests, %u failed, %u left out\n", count, bad, left_out);
    return count == 0 || bad > 0 || left_out != sizeof not_here / sizeof *not_here;
}
