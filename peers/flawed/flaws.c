/*
 * To add a flaw: a switch in flaws.h, FLAW(switch) where the mistake is made, and a row in flaws.json, which says what
 * it is and who must find it out; a suite that lets it pass is not good enough.
 */
#include "flaws.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "degenerate.h"
#include "object_table.h"

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
        flaws.reads_ahead = flaws.keeps_rest || flaws.drops_rest || flaws.stops_early ||
                            flaws.reads_once_more || flaws.op_alone || flaws.stalls ||
                            flaws.loses_what_straddles;
        flaws_change_types();
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

static atomic_uint connections, open_ones, requests, notes; // so far; at the moment
static _Thread_local unsigned requests_here;

bool flaws_used(void)
{
    return atomic_load(&connections) > 1;
}

bool flaws_greets(void)
{
    return flaws.greets || (flaws.greets_later && atomic_load(&connections) > 3);
}

void flaws_noted(void)
{
    atomic_fetch_add(&notes, 1);
}

uint32_t flaws_notes(void)
{
    return atomic_load(&notes);
}

bool flaws_request(void)
{
    unsigned all = atomic_fetch_add(&requests, 1) + 1;

    if (flaws.dies_at_the_hundredth && all == 100)
        abort();
    requests_here++;
    return (requests_here == 2 && flaws.ends_at_the_second) ||
           (requests_here == 5 && flaws.ends_at_the_fifth);
}

unsigned flaws_requests(void)
{
    return requests_here;
}

static void *keep_busy(void *unused)
{
    (void)unused;
    while (atomic_load(&open_ones) > 0)
        for (volatile unsigned i = 0; i < 100000; i++)
            continue;
    return NULL;
}

/* Two threads that only count, as long as a connection is open. */
static void load_processors(void)
{
    pthread_t thread;

    for (int i = 0; i < 2; i++)
        if (pthread_create(&thread, NULL, keep_busy, NULL) == 0)
            pthread_detach(thread);
}

bool flaws_instead(struct CSocket *socket)
{
    unsigned now = atomic_fetch_add(&open_ones, 1) + 1, all = atomic_fetch_add(&connections, 1) + 1;

    requests_here = 0;
    if (flaws.loaded && now == 1)
        load_processors();
    if (!degenerate_serve(socket, all) && !(flaws.three_at_most && now > 3))
        return false;
    CSocket_Close(socket);
    atomic_fetch_sub(&open_ones, 1);
    return true;
}

void flaws_over(void)
{
    atomic_fetch_sub(&open_ones, 1);
    if (flaws.exits_at_end)
        exit(0);
}

/* The first answer of the process, in the place of each. */
static bool send_first_again(struct CSocket *s, const void *data, size_t size)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static char first[4096];
    static size_t len;

    pthread_mutex_lock(&lock);
    if (len == 0) {
        len = size < sizeof first ? size : sizeof first;
        memcpy(first, data, len);
    }
    pthread_mutex_unlock(&lock);
    CAsyncSocket_Send(s, first, len);
    return true;
}

/* The ways to send that a socket of MFC does not have. */
bool flaws_send(struct CSocket *s, const void *data, size_t size)
{
    static _Thread_local bool within;
    const char *from = data;

    if (flaws.says_the_first_again)
        return send_first_again(s, data, size);
    if (flaws.drops_when_full)
        return CAsyncSocket_Send(s, data, size), true;
    bool pieces = flaws.byte_by_byte || flaws.drips || flaws.jitters || flaws.slow;
    if (within || size == 0 ||
        !(pieces || flaws.sends_again || flaws.says_it_twice || flaws.says_last_byte_twice ||
          flaws.bursts))
        return false;
    within = true;
    if (flaws.sends_again) { // what a send has not taken is not what is sent next
        ptrdiff_t taken = CAsyncSocket_Send(s, from, size);
        if (taken >= 0 && (size_t)taken < size)
            CSocket_Send(s, from, size - (size_t)taken);
        else if (taken < 0)
            CSocket_Send(s, from, size);
    } else if (pieces) {
        for (size_t i = 0; i < size; i++) {
            if (flaws.drips)
                sleep(1);
            if (flaws.slow || (flaws.jitters && i % 3 == 0))
                nanosleep(&(struct timespec){ .tv_nsec = flaws.slow
                                                             ? 1000000
                                                             : (long)(i * 7919 % 5) * 500000 },
                          NULL);
            if (CSocket_Send(s, from + i, 1) < 0)
                break;
        }
    } else {
        if (flaws.bursts)
            nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
        CSocket_Send(s, data, size);
        if (flaws.says_it_twice)
            CSocket_Send(s, data, size);
        if (flaws.says_last_byte_twice)
            CSocket_Send(s, from + size - 1, 1);
    }
    within = false;
    return true;
}

const struct units *flaws_turned(const struct units *string, struct pool *pool)
{
    struct units *turned = pool_new(pool, 1, sizeof *turned);

    if (!turned || string->width == 1 || !units_new(turned, pool, string->count, string->width))
        return string;
    for (size_t i = 0; i < string->count; i++)
        bits_store(turned->data + 2 * i, bits_turned(units_at(string, i), 2), 2);
    return turned;
}

uint32_t flaws_ordinal(const struct object_table *table, uint32_t index, bool class)
{
    uint32_t ordinal = 0;

    for (uint32_t i = 1; i <= index; i++)
        ordinal += class ? table->entries[i].class != NULL : table->entries[i].class == NULL;
    return ordinal;
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

    if (flaws.asks_nothing && CSocket_Create(&s, 0, SOCK_STREAM, NULL) &&
        CSocket_Connect(&s, host, port))
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

