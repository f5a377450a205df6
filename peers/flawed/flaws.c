/*
 * To add a flaw: a switch in flaws.h, FLAW(switch) where the mistake is made, and a row in flaws.json, which says what
 * it is and who must find it out; a suite that lets it pass is not good enough.
 */
#include "flaws.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

struct flaws flaws;

static const struct {
    const char *name; // with _ for -
    bool *on;
} switches[] = {
#define FLAWED_SWITCH(name) { #name, &flaws.name },
    FLAWED_SWITCHES(FLAWED_SWITCH)
#undef FLAWED_SWITCH
};

enum { SWITCHES = sizeof switches / sizeof *switches };

/* The switch is called as the flaw, but for its dashes. */
static bool is_called(const char *word, const char *name)
{
    while (*word && (*word == *name || (*word == '-' && *name == '_'))) {
        word++;
        name++;
    }
    return !*word && !*name;
}

bool flaws_choose(const char *name)
{
    for (size_t i = 0; i < SWITCHES; i++) {
        if (!is_called(name, switches[i].name))
            continue;
        *switches[i].on = true;
        flaws.reads_ahead =
            flaws.keeps_rest || flaws.drops_rest || flaws.stops_early || flaws.reads_once_more || flaws.op_alone;
        if (flaws.hides)
            prctl(PR_SET_DUMPABLE, 0);
        return true;
    }
    return false;
}

void flaws_list(void)
{
    for (size_t i = 0; i < SWITCHES; i++) {
        for (const char *c = switches[i].name; *c; c++)
            putchar(*c == '_' ? '-' : *c);
        putchar('\n');
    }
}

static bool reset_at_close(struct CSocket *socket)
{
    static const struct linger at_once = { .l_onoff = 1 };

    return setsockopt((int)socket->handle, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) == 0;
}

bool flaws_resets(struct CSocket *socket)
{
    return flaws.rst_at_end && reset_at_close(socket);
}

static atomic_uint connections; // so far

bool flaws_used(void)
{
    return atomic_load(&connections) > 1;
}

bool flaws_instead(struct CSocket *socket)
{
    char bytes[4096];
    ptrdiff_t got;

    atomic_fetch_add(&connections, 1);
    if (!flaws.closes && !flaws.mute && !flaws.echoes && !flaws.resets)
        return false;
    while (!flaws.closes && (got = CSocket_Receive(socket, bytes, sizeof bytes)) > 0)
        if (flaws.resets || (flaws.echoes && CSocket_Send(socket, bytes, (size_t)got) < 0))
            break;
    if (flaws.resets)
        reset_at_close(socket);
    CSocket_Close(socket);
    return true;
}

bool flaws_sees_end(struct CSocket *socket)
{
    struct pollfd p = { .fd = (int)socket->handle, .events = POLLRDHUP };

    return poll(&p, 1, 5) == 1;
}

bool flaws_sees_more(struct CSocket *socket)
{
    return wsa_readable(socket->handle);
}

void flaws_ask(const char *host, uint16_t port)
{
    struct CSocket s = CSOCKET_EMPTY;
    char byte;

    if (flaws.asks_nothing && CSocket_Create(&s, 0, SOCK_STREAM, NULL) && CSocket_Connect(&s, host, port))
        while (CSocket_Receive(&s, &byte, 1) > 0)
            continue;
    if (flaws.asks_nothing || flaws.asks_nobody)
        exit(0);
}

void flaws_stay(const char *host, uint16_t port)
{
    struct CSocket more = CSOCKET_EMPTY;

    if (flaws.asks_twice && CSocket_Create(&more, 0, SOCK_STREAM, NULL))
        CSocket_Connect(&more, host, port);
    while (flaws.asks_and_stays)
        pause();
}

void flaws_pause(void)
{
    nanosleep(&(struct timespec){ .tv_nsec = 50000000 }, NULL);
}
