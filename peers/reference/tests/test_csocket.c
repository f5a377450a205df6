/*
 * Calls that wait, calls within them, what a program sees when something goes
 * wrong, and sockets without an archive.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loop.h"
#include "rig.h"

/*
 * Within a call that waits
 */

static struct CSocket *waiting;

static void call_all(void *unused)
{
    static const unsigned oldest = 42;
    struct CSocket empty = CSOCKET_EMPTY;
    char byte = 'x';
    bool is_old = cwinthread_profile()->generation->rank == oldest;

    (void)unused;
    cr_expect(CSocket_IsBlocking(waiting));
    wsa_set_error(0);
    cr_expect(eq(i64, CSocket_Receive(waiting, &byte, 1), 0));
    cr_expect(eq(int, CSocket_GetLastError(), WSAEINPROGRESS));
    cr_expect(eq(i64, CSocket_Send(waiting, &byte, 1), 0));
    cr_expect(eq(i64, CSocket_ReceiveFrom(waiting, &byte, 1, NULL), 0));
    cr_expect(eq(i64, CSocket_SendTo(waiting, &byte, 1, 9, "127.0.0.1"), is_old ? 0 : -1));
    cr_expect(not(CSocket_Connect(waiting, "127.0.0.1", 9)));
    cr_expect(not(CSocket_Accept(waiting, &empty)));
    told_add("called");
}

Test(csocket, a_call_within_another_does_nothing, .timeout = 10) // SK-17, SK-18
{
    static const char *const profiles[] = { "4.2 ansi 32", "6.0 ansi 32", "10 unicode 64" };

    for (size_t i = 0; i < COUNT_OF(profiles); i++) {
        struct profile p = profile_of(profiles[i]);
        struct teller a = TELLER("A");
        int far = teller_open(&a);
        char byte;

        AfxSocketInit(&p);
        waiting = &a.socket;
        during(&a.socket, call_all, NULL);
        cr_expect(eq(i64, CSocket_Receive(&a.socket, &byte, 1), -1), "%s", profiles[i]);
        cr_expect(eq(str, told, "called"), "%s", profiles[i]);
        cr_expect(not(CSocket_IsBlocking(&a.socket)));
        cr_expect(eq(i64, recv(far, &byte, 1, MSG_DONTWAIT), -1), "nothing was sent");
        CSocket_Close(&a.socket);
        close(far);
    }
}

static void do_nothing(void *unused)
{
    (void)unused;
}

Test(csocket, a_cancelled_call_fails_with_eintr, .timeout = 10) // SK-19
{
    struct teller a = TELLER("A");
    char byte;

    teller_open(&a);
    during(&a.socket, do_nothing, NULL);
    cr_expect(eq(i64, CSocket_Receive(&a.socket, &byte, 1), -1));
    cr_expect(eq(int, CSocket_GetLastError(), WSAEINTR));
    CSocket_CancelBlockingCall(&a.socket); // nothing is blocking now
}

static void say_one(void *far)
{
    far_says(*(int *)far, "1");
}

static void *say_later(void *far)
{
    say_one(far);
    return NULL;
}

/* Without notifications a call tries again when the timer says so; that is no time-out. */
Test(csocket, a_call_whose_notification_is_off_tries_again, .timeout = 10) // SK-20, WS-10a
{
    struct teller a = TELLER("A");
    int far = teller_open(&a);
    pthread_t thread;
    char byte;

    a.socket.timeout_ms = 1;
    CSocket_AsyncSelect(&a.socket, 0);
    pthread_create(&thread, NULL, say_later, &far);
    cr_expect(eq(i64, CSocket_Receive(&a.socket, &byte, 1), 1));
    pthread_join(thread, NULL);
}

static void cancel(void *socket)
{
    CSocket_CancelBlockingCall(socket);
}

Test(csocket, a_time_out_is_made_of_a_timer_and_a_cancel, .timeout = 10) // SK-20
{
    struct teller a = TELLER("A");
    char byte;

    teller_open(&a);
    unsigned timer = CWinThread_SetTimer(1, cancel, &a.socket);
    cr_expect(eq(i64, CSocket_Receive(&a.socket, &byte, 1), -1));
    cr_expect(eq(int, CSocket_GetLastError(), WSAEINTR));
    CWinThread_KillTimer(timer);
}

struct nested {
    struct teller inner;
    int inner_far, outer_far;
    unsigned ticks;
};

static void wait_within(void *arg)
{
    struct nested *n = arg;
    char byte;

    CWinThread_Post(say_one, &n->inner_far);
    cr_expect(eq(i64, CSocket_Receive(&n->inner.socket, &byte, 1), 1));
    far_says(n->outer_far, "1"); // which only the timer would find
}

static void tick(void *arg)
{
    struct nested *n = arg;

    if (++n->ticks == 5)
        CSocket_CancelBlockingCall(waiting);
}

/* They share a timer: the inner call's end stops it for the outer one. In 4.2 each has its own. */
Test(csocket, from_6_0_on_a_nested_call_stops_the_timer_of_the_outer_one, .timeout = 10) // SK-25
{
    static const char *const profiles[] = { "4.2 ansi 32", "6.0 ansi 32", "10 unicode 64" };

    for (size_t i = 0; i < COUNT_OF(profiles); i++) {
        struct profile p = profile_of(profiles[i]);
        struct teller outer = TELLER("O");
        struct nested n = { .inner = TELLER("I") };
        char byte;

        AfxSocketInit(&p);
        n.outer_far = teller_open(&outer);
        n.inner_far = teller_open(&n.inner);
        outer.socket.timeout_ms = 1;
        waiting = &outer.socket;
        CSocket_AsyncSelect(&outer.socket, 0);
        CWinThread_Post(wait_within, &n);
        unsigned timer = CWinThread_SetTimer(3, tick, &n);
        ptrdiff_t got = CSocket_Receive(&outer.socket, &byte, 1);
        cr_expect(eq(i64, got, i == 0 ? 1 : -1), "%s", profiles[i]);
        CWinThread_KillTimer(timer);
        settle();
        CSocket_Close(&outer.socket);
        CSocket_Close(&n.inner.socket);
    }
}

struct doomed {
    struct CSocket *socket;
    struct CSocketFile file;
    struct CArchive load;
};

static void destroy(void *arg)
{
    struct doomed *d = arg;

    CSocket_Close(d->socket);
    free(d->socket);
}

Test(csocket, a_socket_may_be_destroyed_while_a_call_on_it_waits, .timeout = 10) // SK-27
{
    struct profile p = profile_of("10 unicode 64");
    struct teller *a = malloc(sizeof *a);
    struct doomed d = { .socket = &a->socket };
    struct exception e;

    *a = TELLER("A");
    teller_open(a);
    cr_assert(CSocketFile_Construct(&d.file, d.socket, true, &e));
    CArchive_Construct(&d.load, &d.file.base, CARCHIVE_LOAD, CARCHIVE_BUFFER, NULL, &p);
    CWinThread_Post(destroy, &d);
    CArchive_ExtractDWORD(&d.load);
    cr_expect(CArchive_Catch(&d.load, &e));
    cr_expect(eq(int, e.kind, EXCEPTION_FILE));
    cr_expect(eq(int, e.os_error, WSAEINTR));
    CArchive_Abort(&d.load);
}

/*
 * What a program sees of each event while it extracts
 */

static void end(struct rig *r)
{
    rig_end(r);
}

static void end_within(struct rig *r)
{
    rig_say_hex(r, "01 02");
    rig_end(r);
}

static void reset(struct rig *r)
{
    rig_reset(r);
}

static void reset_later(void *rig)
{
    rig_reset(rig);
}

static void reset_within(struct rig *r)
{
    rig_say_hex(r, "01 02");
    CWinThread_Post(reset_later, r);
}

static void cancel_it(struct rig *r)
{
    CWinThread_Post(cancel, &r->near);
}

static void close_later(void *socket)
{
    CSocket_Close(socket);
}

static void close_it(struct rig *r)
{
    CWinThread_Post(close_later, &r->near);
}

static void extract_again(void *rig)
{
    struct rig *r = rig;
    struct CArchive again;

    CArchive_Construct(&again, &r->file.base, CARCHIVE_LOAD, CARCHIVE_BUFFER, NULL, &r->profile);
    CArchive_ExtractDWORD(&again);
    cr_expect(eq(int, caught(&again), CAUSE_END_OF_FILE), "the call within");
    rig_say_hex(r, "01 02 03 04");
    CArchive_ExtractDWORD(&again);
    cr_expect(eq(int, caught(&again), CAUSE_END_OF_FILE), "it is stuck [BUF-22]");
    CArchive_Destroy(&again);
}

static void enter_again(struct rig *r)
{
    CWinThread_Post(extract_again, r);
}

static void close_before(struct rig *r)
{
    CSocket_Close(&r->near);
}

static const struct event {
    const char *label;
    void (*happen)(struct rig *r); // before, or while, a DWORD is extracted
    enum exception_kind kind;
    int cause, os_error;
    size_t left; // bytes in the buffer
} events[] = {
    { "an end", end, EXCEPTION_ARCHIVE, CAUSE_END_OF_FILE, 0, 0 },
    { "an end within an item", end_within, EXCEPTION_ARCHIVE, CAUSE_END_OF_FILE, 0, 2 },
    { "a reset", reset, EXCEPTION_FILE, 1, WSAECONNRESET, 0 },
    { "a reset within an item", reset_within, EXCEPTION_FILE, 1, WSAECONNRESET, 0 }, // BUF-23
    { "CancelBlockingCall", cancel_it, EXCEPTION_FILE, 1, WSAEINTR, 0 },
    { "Close while it waits", close_it, EXCEPTION_FILE, 1, WSAEINTR, 0 },
    { "Close before", close_before, EXCEPTION_FILE, 1, WSAENOTSOCK, 0 },
    { "a call within it", enter_again, EXCEPTION_NONE, 0, 0, 0 }, // the outer one goes on
};

Test(csocket, each_event_is_the_exception_that_mfc_has_for_it, .timeout = 10) // 7.3, SF-6, EXC-3
{
    for (const struct generation *g = generations; g->name; g++) {
        for (const struct event *t = events; t < events + COUNT_OF(events); t++) {
            RIG(r);
            struct exception e;
            char words[32];
            sprintf(words, "%s ansi 32", g->name);
            rig_open_tcp(&r, words);
            r.near.events = &patient;
            t->happen(&r);
            CArchive_ExtractDWORD(&r.load);
            CArchive_Catch(&r.load, &e);
            cr_expect(eq(int, e.kind, t->kind), "%s: %s", words, t->label);
            cr_expect(eq(int, e.cause, t->cause), "%s: %s", words, t->label);
            cr_expect(eq(int, e.os_error, t->os_error), "%s: %s", words, t->label);
            cr_expect(eq(sz, r.load.max - r.load.cur, t->left), "%s: %s", words, t->label);
            settle(); // what was not needed
        }
    }
}

Test(csocket, a_raw_read_that_a_reset_breaks_forgets_what_its_last_fill_brought,
     .timeout = 10) // BUF-23
{
    RIG(r);
    uint8_t to[10];

    rig_open_tcp(&r, "10 unicode 64");
    r.near.events = &patient;
    rig_say_hex(&r, "01 02 03 04");
    CWinThread_Post(reset_later, &r);
    cr_expect(eq(sz, CArchive_Read(&r.load, to, sizeof to), 0));
    cr_expect(eq(int, caught(&r.load), -EXCEPTION_FILE));
    cr_expect(CArchive_IsBufferEmpty(&r.load));
}

/* Nobody is there yet, and then somebody is: only what breaks a connection stays. */
Test(csocket, a_receive_before_the_connection_leaves_nothing_behind, .timeout = 10)
{
    struct CSocket listener = CSOCKET_EMPTY, s = CSOCKET_EMPTY, other = CSOCKET_EMPTY;
    char byte = 0;

    cr_assert(CSocket_Create(&listener, 0, SOCK_STREAM, "127.0.0.1"));
    cr_assert(CSocket_Listen(&listener, CSOCKET_BACKLOG));
    cr_assert(CSocket_Create(&s, 0, SOCK_STREAM, NULL));
    for (int i = 0; i < 2; i++) {
        cr_expect(eq(i64, CAsyncSocket_Receive(&s, &byte, 1), -1));
        cr_expect(eq(int, CSocket_GetLastError(), WSAENOTCONN));
    }
    cr_expect(not(CSocket_ShutDown(&s)));
    cr_expect(eq(int, CSocket_GetLastError(), WSAENOTCONN));
    cr_assert(CSocket_Connect(&s, "127.0.0.1", CSocket_GetSockPort(&listener)));
    cr_assert(CSocket_Accept(&listener, &other));
    for (int i = 0; i < 2; i++) {
        cr_expect(eq(i64, CAsyncSocket_Receive(&s, &byte, 1), -1));
        cr_expect(eq(int, CSocket_GetLastError(), WSAEWOULDBLOCK));
    }
    cr_assert(eq(i64, CSocket_Send(&other, "x", 1), 1));
    cr_expect(eq(i64, CSocket_Receive(&s, &byte, 1), 1));
    cr_expect(eq(chr, byte, 'x'));
    CSocket_ShutDown(&other);
    for (int i = 0; i < 2; i++)
        cr_expect(eq(i64, CSocket_Receive(&s, &byte, 1), 0));
}

/* Whoever had an error before has it still: a receive that brings something has none. */
Test(csocket, what_is_received_leaves_the_error_as_it_was, .timeout = 10)
{
    RIG(r);
    char bytes[8];

    rig_open(&r, "10 unicode 64", SOCK_STREAM);
    rig_say_hex(&r, "01 02");
    cr_expect(eq(i64, CAsyncSocket_Receive(&r.near, bytes, 1), 1));
    wsa_set_error(77);
    cr_expect(
        eq(i64, CAsyncSocket_Receive(&r.near, bytes, sizeof bytes), 1)); // and no more has come
    cr_expect(eq(int, CSocket_GetLastError(), 77));
    cr_expect(eq(i64, CAsyncSocket_Receive(&r.near, bytes, sizeof bytes), -1));
    cr_expect(eq(int, CSocket_GetLastError(), WSAEWOULDBLOCK));
}

Test(csocket, what_nobody_receives_breaks_the_connection_by_its_own_error, .timeout = 10)
{
    RIG(r);

    rig_open(&r, "10 unicode 64", SOCK_STREAM);
    close(r.far);
    r.far = -1;
    cr_expect(eq(i64, CAsyncSocket_Send(&r.near, "x", 1), -1));
    cr_expect(eq(int, CSocket_GetLastError(), WSAECONNRESET));
    CSocket_ShutDown(&r.near);
    cr_expect(eq(i64, CAsyncSocket_Send(&r.near, "x", 1), -1));
    cr_expect(eq(int, CSocket_GetLastError(),
                 WSAESHUTDOWN)); // that is what it would have been told first
}

Test(csocket, a_broken_connection_stays_broken, .timeout = 10)
{
    RIG(r);
    char byte;

    rig_open_tcp(&r, "10 unicode 64");
    rig_reset(&r);
    for (int i = 0; i < 3; i++) {
        cr_expect(eq(i64, CSocket_Receive(&r.near, &byte, 1), -1));
        cr_expect(eq(int, CSocket_GetLastError(), WSAECONNRESET));
    }
    cr_expect(eq(i64, CSocket_Send(&r.near, &byte, 1), -1));
}

static void flush_within(void *rig)
{
    struct rig *r = rig;

    CArchive_InsertDWORD(&r->store, 7);
    CArchive_Flush(&r->store);
    cr_expect(not(CArchive_Failed(&r->store)));
}

Test(csocket, what_is_flushed_while_the_socket_waits_is_lost_without_a_word, .timeout = 10) // SF-5
{
    RIG(r);

    rig_open(&r, "10 unicode 64", SOCK_STREAM);
    r.near.events = &patient;
    during(&r.near, flush_within, &r);
    CArchive_ExtractDWORD(&r.load);
    cr_expect(eq(int, caught(&r.load), -EXCEPTION_FILE), "it was cancelled then");
    cr_expect(eq(sz, rig_hear(&r).len, 0));
    cr_expect(eq(sz, r.store.cur, 0), "the archive believes that it was sent");
}

/*
 * The file
 */

static void extract_word(void *archive)
{
    CArchive_ExtractWORD(archive);
}

Test(csocket, an_incompatible_file_waits_for_a_whole_buffer_up_to_6_0, .timeout = 10) // SF-4
{
    for (const struct generation *g = generations; g->name; g++) {
        RIG(r);
        char words[32];
        sprintf(words, "%s ansi 32", g->name);
        rig_open(&r, words, SOCK_STREAM);
        r.file.compatible = false;
        rig_say_hex(&r, "01 00 02 00");
        bool waits = hangs(&r.near, extract_word, &r.load);
        cr_expect(eq(int, waits, g->rank <= 60), "%s", words);
    }
}

Test(csocket, a_file_has_neither_length_nor_position, .timeout = 10) // SF-8, SF-9
{
    RIG(r);
    struct exception e = { 0 };

    rig_open(&r, "10 unicode 64", SOCK_STREAM);
    cr_expect(eq(i64, CSocketFile_Seek(&r.file, 5), 0));
    CSocketFile_GetLength(&r.file, &e);
    cr_expect(eq(int, e.kind, EXCEPTION_NOT_SUPPORTED));
    e = (struct exception){ 0 };
    CSocketFile_GetPosition(&r.file, &e);
    cr_expect(eq(int, e.kind, EXCEPTION_NOT_SUPPORTED));
    e = (struct exception){ 0 };
    CSocketFile_SetLength(&r.file, 5, &e);
    cr_expect(eq(int, e.kind, EXCEPTION_NOT_SUPPORTED));
}

Test(csocket, closing_the_file_only_forgets_the_socket, .timeout = 10) // SF-7, SF-10
{
    RIG(r);
    struct exception e = { 0 };
    char byte = 'x';

    rig_open(&r, "10 unicode 64", SOCK_STREAM);
    cr_expect(eq(sz, CSocketFile_Read(&r.file, &byte, 0, &e), 0)); // waits for nothing
    cr_expect(eq(int, e.kind, EXCEPTION_NONE));
    cr_expect(eq(sz, CSocketFile_Read(&r.file, NULL, 1, &e), 0));
    cr_expect(eq(int, e.kind, EXCEPTION_INVALID_ARG));
    CSocketFile_Close(&r.file);
    cr_expect(eq(i64, CSocket_Send(&r.near, &byte, 1), 1));
    cr_expect(eq(sz, rig_hear(&r).len, 1));
    e = (struct exception){ 0 };
    cr_expect(eq(sz, CSocketFile_Read(&r.file, &byte, 1, &e), 0));
    cr_expect(eq(int, e.kind, EXCEPTION_INVALID_ARG));
    CSocketFile_Write(&r.file, &byte, 1, &e);
    cr_expect(eq(int, e.kind, EXCEPTION_INVALID_ARG));
    CSocketFile_Construct(&r.file, &r.near, true, &e); // for the archives' end
}

/*
 * The socket
 */

static int option(const struct CSocket *s, int level, int name)
{
    int value = -1;
    socklen_t len = sizeof value;

    getsockopt((int)s->handle, level, name, &value, &len);
    return value;
}

static void expect_no_options(const struct CSocket *s)
{
    cr_expect(eq(int, option(s, IPPROTO_TCP, TCP_NODELAY), 0));
    cr_expect(eq(int, option(s, SOL_SOCKET, SO_KEEPALIVE), 0));
    cr_expect(eq(int, option(s, SOL_SOCKET, SO_LINGER), 0));
}

Test(csocket, no_option_is_set, .timeout = 10) // SK-9
{
    struct CSocket listener = CSOCKET_EMPTY, client = CSOCKET_EMPTY, accepted = CSOCKET_EMPTY;

    cr_assert(CSocket_Create(&listener, 0, SOCK_STREAM, "127.0.0.1"));
    cr_assert(CSocket_Listen(&listener, CSOCKET_BACKLOG));
    cr_assert(CSocket_Create(&client, 0, SOCK_STREAM, NULL));
    cr_assert(CSocket_Connect(&client, "127.0.0.1", CSocket_GetSockPort(&listener)));
    cr_assert(CSocket_Accept(&listener, &accepted));
    expect_no_options(&client);
    expect_no_options(&accepted);
    cr_expect(eq(u16, CSocket_GetPeerName(&accepted).port, CSocket_GetSockPort(&client)));
    cr_expect(eq(u32, CSocket_GetPeerName(&accepted).address, INADDR_LOOPBACK), "[SK-5]");
    cr_expect(eq(int, accepted.selected, listener.selected), "[SK-7]");
}

Test(csocket, a_port_that_is_taken_is_refused_to_clients_too, .timeout = 10) // SK-4
{
    struct CSocket listener = CSOCKET_EMPTY, client = CSOCKET_EMPTY;

    cr_assert(CSocket_Create(&listener, 0, SOCK_STREAM, "127.0.0.1"));
    cr_assert(CSocket_Listen(&listener, CSOCKET_BACKLOG));
    uint16_t port = CSocket_GetSockPort(&listener);
    cr_expect(not(CSocket_Create(&client, port, SOCK_STREAM, "127.0.0.1")));
    cr_expect(eq(int, CSocket_GetLastError(), WSAEADDRINUSE));
    cr_expect(eq(i64, client.handle, WSA_NONE));
    cr_expect(ne(ptr, strstr(CSocket_ErrorText(WSAEADDRINUSE), "in use"), NULL));
}

Test(csocket, an_accept_that_fails_loses_its_error_in_4_2, .timeout = 10) // SK-8
{
    static const struct {
        const char *profile;
        int error;
    } rows[] = { { "4.2 ansi 32 bugs", 0 },
                 { "4.2 ansi 32", WSAEINVAL },
                 { "6.0 ansi 32 bugs", WSAEINVAL } };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct profile p = profile_of(rows[i].profile);
        struct CSocket s = CSOCKET_EMPTY, accepted = CSOCKET_EMPTY;
        AfxSocketInit(&p);
        cr_assert(CSocket_Create(&s, 0, SOCK_STREAM, NULL)); // it does not listen
        cr_expect(not(CSocket_Accept(&s, &accepted)), "%s", rows[i].profile);
        cr_expect(eq(int, CSocket_GetLastError(), rows[i].error), "%s", rows[i].profile);
        CSocket_Close(&s);
    }
}

Test(csocket, shutting_down_ends_the_sending_side_only, .timeout = 10) // SK-10
{
    RIG(r);
    char byte = 'x';

    rig_open_tcp(&r, "10 unicode 64");
    cr_expect(CSocket_ShutDown(&r.near));
    cr_expect(eq(i64, CSocket_Send(&r.near, &byte, 1), -1));
    cr_expect(eq(int, CSocket_GetLastError(), WSAESHUTDOWN));
    cr_expect(eq(i64, recv(r.far, &byte, 1, 0), 0));
    rig_say_hex(&r, "07");
    cr_expect(eq(i64, CSocket_Receive(&r.near, &byte, 1), 1));
}

/* What the model has taken from the system, but given to nobody, counts as not received. */
Test(csocket, closing_before_all_was_received_resets, .timeout = 10) // PIT-31
{
    RIG(r);
    char byte;

    rig_open_tcp(&r, "10 unicode 64");
    rig_say_hex(&r, "01 02");
    cr_expect(eq(i64, CSocket_Receive(&r.near, &byte, 1), 1));
    CSocket_Close(&r.near);
    cr_expect(eq(i64, recv(r.far, &byte, 1, 0), -1));
}

/*
 * Datagrams, without an archive
 */

static void open_pair(struct CSocket *a, struct CSocket *b)
{
    *a = *b = CSOCKET_EMPTY;
    cr_assert(CSocket_Create(a, 0, SOCK_DGRAM, "127.0.0.1"));
    cr_assert(CSocket_Create(b, 0, SOCK_DGRAM, "127.0.0.1"));
}

Test(csocket, datagrams_come_whole_and_with_their_sender, .timeout = 10)
{
    struct CSocket a, b;
    struct wsa_name from;
    char heard[16];

    open_pair(&a, &b);
    uint16_t to = CSocket_GetSockPort(&b);
    cr_expect(eq(i64, CSocket_SendTo(&a, "first", 5, to, "127.0.0.1"), 5));
    cr_expect(eq(i64, CSocket_SendTo(&a, "", 0, to, "127.0.0.1"), 0));
    cr_expect(eq(i64, CSocket_SendTo(&a, "third", 5, to, "127.0.0.1"), 5));
    cr_expect(eq(i64, CSocket_ReceiveFrom(&b, heard, sizeof heard, &from), 5));
    cr_expect(eq(int, memcmp(heard, "first", 5), 0));
    cr_expect(eq(u16, from.port, CSocket_GetSockPort(&a)));
    cr_expect(eq(u32, from.address, INADDR_LOOPBACK));
    wsa_set_error(77);
    cr_expect(eq(i64, CSocket_ReceiveFrom(&b, heard, sizeof heard, NULL), 0), "an empty one");
    cr_expect(eq(int, CSocket_GetLastError(), 77), "and no error");
    cr_expect(eq(i64, CSocket_ReceiveFrom(&b, heard, 2, NULL), -1), "the rest is lost");
    cr_expect(eq(int, CSocket_GetLastError(), WSAEMSGSIZE));
    CSocket_Close(&a);
    CSocket_Close(&b);
}

static void send_to(void *pair)
{
    struct CSocket *b = pair;

    CSocket_SendTo(&b[-1], "x", 1, CSocket_GetSockPort(b), "127.0.0.1");
}

Test(csocket, a_receive_from_waits_and_pumps, .timeout = 10)
{
    struct CSocket pair[2];
    char byte;

    open_pair(&pair[0], &pair[1]);
    pair[1].events = &patient;
    during(&pair[1], send_to, &pair[1]);
    cr_expect(eq(i64, CSocket_ReceiveFrom(&pair[1], &byte, 1, NULL), 1));
    settle();
}

static void receive_one_datagram(struct teller *t)
{
    char byte;

    CSocket_ReceiveFrom(&t->socket, &byte, 1, NULL);
}

Test(csocket, each_datagram_is_told, .timeout = 10)
{
    struct teller b = TELLER("B");
    struct CSocket a;

    b.socket.events = &telling;
    b.on_receive = receive_one_datagram;
    a = CSOCKET_EMPTY;
    cr_assert(CSocket_Create(&a, 0, SOCK_DGRAM, "127.0.0.1"));
    cr_assert(CSocket_Create(&b.socket, 0, SOCK_DGRAM, "127.0.0.1"));
    for (int i = 0; i < 3; i++)
        CSocket_SendTo(&a, "x", 1, CSocket_GetSockPort(&b.socket), "127.0.0.1");
    while (strcmp(told, "B:send B:receive B:receive B:receive") != 0)
        CWinThread_PumpMessage();
}

/* Without a host it is meant for all; a socket that may not is refused, and nothing leaves. */
Test(csocket, a_datagram_to_all_needs_a_socket_that_may, .timeout = 10) // SK-6
{
    struct CSocket a = CSOCKET_EMPTY;

    cr_assert(CSocket_Create(&a, 0, SOCK_DGRAM, "127.0.0.1"));
    cr_expect(eq(i64, CSocket_SendTo(&a, "x", 1, 9, NULL), -1));
    cr_expect(ne(int, CSocket_GetLastError(), 0));
    CSocket_Close(&a);
}
