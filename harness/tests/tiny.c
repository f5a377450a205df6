#include "tiny.h"

#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char report[] = "=================================================================\n"
                             "==4711==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x1\n"
                             "READ of size 1 at 0x1 thread T0\n"
                             "    #0 0x1 in serve tiny.c:1\n";

const char *tiny_program(void)
{
    static char path[4096];

    if (!path[0] && readlink("/proc/self/exe", path, sizeof path - 1) < 0)
        abort();
    return path;
}

static int bound(unsigned short port, int reuse)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse);
    if (bind(fd, (struct sockaddr *)&at, sizeof at) < 0) {
        perror("bind");
        _exit(3);
    }
    return fd;
}

static unsigned short port_of(int fd)
{
    struct sockaddr_in at;
    socklen_t len = sizeof at;

    getsockname(fd, (struct sockaddr *)&at, &len);
    return ntohs(at.sin_port);
}

unsigned short tiny_port(void)
{
    int fd = bound(0, 1);
    unsigned short port = port_of(fd);

    close(fd);
    return port;
}

static void complain(void)
{
    if (write(2, report, sizeof report - 1) < 0)
        _exit(4);
}

/* What $STATE says, and one more in it. */
static uint8_t next_state(void)
{
    FILE *f = fopen(getenv("STATE"), "r+");
    int n = 0;

    if (!f || fscanf(f, "%d", &n) != 1)
        _exit(5);
    rewind(f);
    fprintf(f, "%d\n", n + 1);
    fclose(f);
    return (uint8_t)n;
}

static uint8_t answer(uint8_t byte)
{
    static int remembered, counted;

    switch (byte) {
    case 1:
        return 2;
    case 10:
        fputs("this is the end\n", stderr);
        raise(SIGSEGV);
        break;
    case 11:
        remembered = 1;
        break;
    case 12:
        if (remembered)
            raise(SIGSEGV);
        break;
    case 13:
        complain();
        break;
    case 14:
        return (uint8_t)++counted;
    case 15:
        return next_state();
    case 16:
        if (unlink(getenv("ONCE")) == 0)
            raise(SIGKILL);
        break;
    }
    return 8;
}

/* Whether the connection goes on. */
static int inform(int out)
{
    const char *info = getenv("INFO");
    uint8_t reply[256] = { info ? 20 : 21, info ? (uint8_t)strlen(info) : 0 };

    if (info)
        memcpy(reply + 2, info, reply[1]);
    send(out, reply, info ? 2u + reply[1] : 1, MSG_NOSIGNAL);
    return info != NULL;
}

static void serve(int in, int out)
{
    uint8_t byte;

    while (read(in, &byte, 1) == 1) {
        if (byte == 20) {
            if (!inform(out))
                return;
            continue;
        }
        byte = answer(byte);
        if (send(out, &byte, 1, MSG_NOSIGNAL) < 0)
            return;
    }
}

static void told_to_end(int number)
{
    (void)number;
    complain();
    _exit(0);
}

static void listen_and_serve(const char *manner, unsigned short port)
{
    int listener = bound(port, !strstr(manner, "greedy"));

    listen(listener, 16);
    if (strstr(manner, "words")) {
        printf("listening tiny %d\nready\n", port_of(listener));
        fflush(stdout);
    }
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        serve(fd, fd);
        close(fd);
    }
}

static void accept_and_become(int port, int connections, char **command)
{
    int listener = bound((unsigned short)port, 1);

    if (dup2(listener, 100) < 0) // 3 and on are the connections'
        _exit(4);
    close(listener);
    listen(100, 16);
    printf("listening tiny %d\nready\n", port_of(100));
    fflush(stdout);
    for (int i = 0; i < connections; i++) {
        int fd = accept(100, NULL, NULL);
        if (fd != 3 + i && (dup2(fd, 3 + i) < 0 || close(fd) < 0))
            _exit(4);
    }
    close(100);
    execvp(command[0], command);
    _exit(127);
}

static void dial_and_serve(const char *to)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                              .sin_port = htons((unsigned short)atoi(strchr(to, ':') + 1)) };
    for (;;) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(fd, (struct sockaddr *)&at, sizeof at) < 0)
            _exit(0);
        serve(fd, fd);
        close(fd);
    }
}

/* Before any test is looked for. */
__attribute__((constructor)) static void be_the_peer(int argc, char **argv)
{
    if (argc > 4 && strcmp(argv[1], "--tiny-accept") == 0)
        accept_and_become(atoi(argv[2]), atoi(argv[3]), argv + 4);
    if (argc < 4 || strcmp(argv[1], "--tiny-peer") != 0)
        return;
    signal(SIGSEGV, SIG_DFL); // a sanitizer would make an exit of it
    if (strstr(argv[2], "leaks"))
        signal(SIGTERM, told_to_end);
    if (strcmp(argv[3], "-") == 0)
        serve(0, 1);
    else if (strchr(argv[3], ':'))
        dial_and_serve(argv[3]);
    else
        listen_and_serve(argv[2], (unsigned short)atoi(argv[3]));
    _exit(0);
}
