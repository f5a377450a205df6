/*
 * What sockets are told, when, and in which order: Winsock's rules, the filter
 * of the generations, and what waits while something blocks.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loop.h"
#include "rig.h"

Test(notifications, data_are_told_once_until_some_are_received, .timeout = 10) // WS-1
{
    struct teller a = TELLER("A");
    int far = teller_open(&a);
    char byte;

    far_says(far, "12");
    settle();
    far_says(far, "34");
    settle();
    cr_expect(eq(str, told, "A:receive"));
    cr_expect(eq(i64, CAsyncSocket_Receive(&a.socket, &byte, 1), 1));
    settle();
    cr_expect(eq(str, told, "A:receive A:receive"), "there were more");
}

Test(notifications, a_receive_that_finds_nothing_arms_too, .timeout = 10) // WS-1
{
    struct teller a = TELLER("A");
    int far = teller_open(&a);
    char byte;

    far_says(far, "1");
    settle();
    CAsyncSocket_Receive(&a.socket, &byte, 1);
    cr_expect(eq(i64, CAsyncSocket_Receive(&a.socket, &byte, 1), -1));
    cr_expect(eq(int, CSocket_GetLastError(), WSAEWOULDBLOCK));
    settle();
    far_says(far, "2");
    settle();
    cr_expect(eq(str, told, "A:receive A:receive"));
}

static void ask_how_much(struct teller *t)
{
    char line[32];

    sprintf(line, "%zu", CSocket_Available(&t->socket));
    told_add(line);
}

/* The gate that the class page recommends: it waits for all of a message, and is not called again. */
Test(notifications, asking_how_much_there_is_arms_nothing, .timeout = 10) // WS-3, WS-9, PIT-40
{
    struct teller a = TELLER("A");
    int far = teller_open(&a);

    a.on_receive = ask_how_much;
    far_says(far, "12");
    settle();
    far_says(far, "34");
    settle();
    cr_expect(eq(str, told, "A:receive 2"));
    cr_expect(eq(sz, CSocket_Available(&a.socket), 4));
    cr_expect(CSocket_AsyncSelect(&a.socket, CSOCKET_ALL)); // WS-4
    settle();
    cr_expect(eq(str, told, "A:receive 2 A:send A:receive 4"));
}

static void receive_two(struct teller *t)
{
    teller_receive_one(t);
    teller_receive_one(t);
}

/* The first receive leaves a notification for what the second one takes. */
Test(notifications, two_receives_for_one_leave_one_that_is_filtered, .timeout = 10) // WS-2, SK-13
{
    for (const struct generation *g = generations; g->name; g++) {
        struct profile p = { .generation = g };
        struct teller a = TELLER("A");
        struct wsa_message m;
        int far = teller_open(&a);

        AfxSocketInit(&p);
        far_says(far, "12");
        settle();
        cr_expect(eq(str, told, "A:receive"), "%s", g->name);
        receive_two(&a);
        cr_expect(wsa_waiting(WSA_NOTIFY), "%s", g->name);
        settle();
        cr_expect(eq(str, told, "A:receive"), "%s", g->name);
        cr_expect(not(wsa_peek(&m, WSA_ANY)));
        CSocket_Close(&a.socket);
        close(far);
    }
}

/* Who finds nothing receives nothing: so whatever waits when all was received, the next data are told. */
Test(notifications, what_was_received_already_does_not_hide_what_comes,
     .timeout = 10) // WS-1, SK-13
{
    for (const struct generation *g = generations; g->name; g++) {
        struct profile p = { .generation = g };
        struct teller a = TELLER("A");
        int far = teller_open(&a);
        char all[CARCHIVE_BUFFER];

        AfxSocketInit(&p);
        far_says(far, "12");
        settle();
        teller_receive_one(&a);
        far_says(far, "3");
        settle();
        cr_expect(eq(str, told, "A:receive A:receive"), "%s", g->name);
        cr_expect(eq(i64, CAsyncSocket_Receive(&a.socket, all, sizeof all), 2), "%s", g->name);
        settle();
        far_says(far, "4");
        settle();
        cr_expect(eq(str, told, "A:receive A:receive A:receive"), "%s", g->name);
        CSocket_Close(&a.socket);
        close(far);
    }
}

/* From 7.0 on select is asked, for which an end is readable, too. */
Test(notifications, the_filter_lets_an_end_through_from_7_0_on, .timeout = 10) // SK-13
{
    for (const struct generation *g = generations; g->name; g++) {
        struct profile p = { .generation = g };
        struct teller a = TELLER("A");
        int far = teller_open(&a);

        AfxSocketInit(&p);
        a.on_receive = receive_two;
        far_says(far, "12");
        far_ends(far);
        settle();
        cr_expect(eq(str, told, g->rank < 70 ? "A:receive A:close" : "A:receive A:receive A:close"),
                  "%s", g->name);
        CSocket_Close(&a.socket);
        close(far);
    }
}

Test(notifications, the_end_is_told_when_all_before_it_was_received, .timeout = 10) // WS-6
{
    struct teller a = TELLER("A");
    int far = teller_open(&a);

    a.on_receive = teller_receive_one;
    far_says(far, "123");
    far_ends(far);
    settle();
    cr_expect(eq(str, told, "A:receive A:receive A:receive A:close"));
}

Test(notifications, an_end_behind_data_that_nobody_receives_is_not_told, .timeout = 10) // WS-6
{
    struct teller a = TELLER("A");
    int far = teller_open(&a);

    far_says(far, "1");
    far_ends(far);
    settle();
    cr_expect(eq(str, told, "A:receive"));
    teller_receive_one(&a);
    settle();
    cr_expect(eq(str, told, "A:receive A:close"));
}

Test(notifications, room_to_send_is_told_once_and_then_after_it_was_lacking, .timeout = 10) // WS-5
{
    static char block[65536];
    struct teller a = TELLER("A");
    int far = teller_open(&a);

    while (CAsyncSocket_Send(&a.socket, block, sizeof block) > 0)
        settle();
    cr_expect(eq(int, CSocket_GetLastError(), WSAEWOULDBLOCK));
    settle();
    cr_expect(eq(str, told, ""));
    while (recv(far, block, sizeof block, MSG_DONTWAIT) > 0)
        settle();
    cr_expect(eq(str, told, "A:send"));
}

Test(notifications, of_several_sockets_come_in_the_order_of_what_happened, .timeout = 10)
{
    struct teller a = TELLER("A"), b = TELLER("B"), c = TELLER("C");
    int far_a = teller_open(&a), far_b = teller_open(&b), far_c = teller_open(&c);

    far_says(far_c, "1");
    far_ends(far_a);
    far_says(far_b, "1");
    settle();
    cr_expect(eq(str, told, "C:receive A:close B:receive"));
}

static int far_of_b;

static void let_b_be_first(struct teller *t)
{
    if (far_of_b >= 0)
        far_says(far_of_b, "1");
    far_of_b = -1;
    teller_receive_one(t);
}

Test(notifications, of_more_data_come_behind_what_happened_before_they_were_asked_for,
     .timeout = 10)
{
    struct teller a = TELLER("A"), b = TELLER("B");
    int far_a = teller_open(&a);

    far_of_b = teller_open(&b);
    a.on_receive = let_b_be_first;
    far_says(far_a, "12");
    settle();
    cr_expect(eq(str, told, "A:receive B:receive A:receive"));
}

Test(notifications, a_mask_replaces_the_one_before, .timeout = 10) // WS-10a, PIT-46
{
    struct teller a = TELLER("A");
    int far = teller_open(&a);

    a.on_receive = teller_receive_one;
    CSocket_AsyncSelect(&a.socket, FD_READ);
    far_says(far, "1");
    far_ends(far);
    settle();
    cr_expect(eq(str, told, "A:receive"));
    CSocket_AsyncSelect(&a.socket, CSOCKET_ALL);
    settle();
    cr_expect(eq(str, told, "A:receive A:send A:close"));
}

Test(notifications, none_come_while_none_are_selected, .timeout = 10) // WS-10
{
    struct teller a = TELLER("A");
    int far = teller_open(&a);

    CSocket_AsyncSelect(&a.socket, 0);
    far_says(far, "1");
    settle();
    cr_expect(eq(str, told, ""));
    CSocket_AsyncSelect(&a.socket, CSOCKET_ALL);
    settle();
    cr_expect(eq(str, told, "A:send A:receive"));
}

static void set(void *flag)
{
    *(bool *)flag = true;
}

Test(notifications, what_is_not_told_wakes_nobody, .timeout = 10)
{
    struct teller unasked = TELLER("U"), unread = TELLER("R"), ended = TELLER("E");
    int far = teller_open(&unasked), far_unread = teller_open(&unread);
    int far_ended = teller_open(&ended);
    bool over = false;
    unsigned wakes = 0;

    far_says(far_unread, "1");
    far_ends(far_unread);
    far_ends(far_ended);
    settle();
    CSocket_AsyncSelect(&unasked.socket, 0);
    far_says(far, "1");
    unsigned timer = CWinThread_SetTimer(20, set, &over);
    while (!over) {
        wsa_wait();
        while (CWinThread_DispatchOther())
            ;
        wakes++;
    }
    CWinThread_KillTimer(timer);
    cr_expect(lt(u32, wakes, 5));
}

/*
 * Connecting and accepting, over TCP
 */

static uint16_t listen_on_loopback(struct teller *t)
{
    t->socket.events = &telling;
    cr_assert(CSocket_Create(&t->socket, 0, SOCK_STREAM, "127.0.0.1"));
    cr_assert(CSocket_Listen(&t->socket, CSOCKET_BACKLOG));
    return CSocket_GetSockPort(&t->socket);
}

/* Delivers until something was told, which may be a moment away. */
static void await_told(const char *due)
{
    while (strcmp(told, due) != 0 && strlen(told) < sizeof told / 2)
        CWinThread_PumpMessage();
    settle();
    cr_expect(eq(str, told, (char *)due));
}

static struct CSocket accepted[3];
static size_t accepted_count;

static void accept_one(struct teller *t)
{
    struct CSocket *s = &accepted[accepted_count++];

    *s = CSOCKET_EMPTY;
    cr_expect(CSocket_Accept(&t->socket, s));
}

Test(notifications, each_who_waits_is_told_when_the_one_before_was_accepted, .timeout = 10)
{
    struct teller listener = TELLER("L");
    uint16_t port = listen_on_loopback(&listener);
    struct CSocket clients[3];

    for (size_t i = 0; i < COUNT_OF(clients); i++) {
        clients[i] = CSOCKET_EMPTY;
        cr_assert(CSocket_Create(&clients[i], 0, SOCK_STREAM, NULL));
        cr_assert(CSocket_Connect(&clients[i], "127.0.0.1", port));
    }
    await_told("L:accept");
    listener.on_accept = accept_one;
    told_clear();
    accept_one(&listener);
    await_told("L:accept L:accept");
    cr_expect(eq(sz, accepted_count, 3));
}

Test(notifications, connecting_without_waiting_tells_how_it_ended, .timeout = 10) // SK-14
{
    struct teller listener = TELLER("L"), client = TELLER("C"), refused = TELLER("R");
    uint16_t port = listen_on_loopback(&listener);

    client.socket.events = refused.socket.events = &telling;
    cr_assert(CSocket_Create(&client.socket, 0, SOCK_STREAM, NULL));
    cr_expect(not(CAsyncSocket_Connect(&client.socket, "127.0.0.1", port)));
    cr_expect(eq(int, CSocket_GetLastError(), WSAEWOULDBLOCK));
    CSocket_AsyncSelect(&listener.socket, 0);
    await_told("C:connect C:send");
    told_clear();

    CSocket_Close(&listener.socket);
    cr_assert(CSocket_Create(&refused.socket, 0, SOCK_STREAM, NULL));
    CAsyncSocket_Connect(&refused.socket, "127.0.0.1", port);
    if (CSocket_GetLastError() == WSAEWOULDBLOCK) // loopback can tell it at once
        while (!strstr(told, "R:connect 10061"))
            CWinThread_PumpMessage();
    else
        cr_expect(eq(int, CSocket_GetLastError(), WSAECONNREFUSED));
}

Test(notifications, a_blocking_connect_is_not_told, .timeout = 10) // SK-14
{
    struct teller listener = TELLER("L"), client = TELLER("C");
    uint16_t port = listen_on_loopback(&listener);

    client.socket.events = &telling;
    cr_assert(CSocket_Create(&client.socket, 0, SOCK_STREAM, NULL));
    cr_assert(CSocket_Connect(&client.socket, "127.0.0.1", port));
    listener.socket.events = NULL;
    settle();
    cr_expect(eq(str, told, "C:send"));
}

/*
 * Which socket
 */

Test(notifications, of_a_closed_socket_reach_nobody, .timeout = 10) // SK-15
{
    struct teller a = TELLER("A"), next = TELLER("N");
    int far = teller_open(&a);

    far_says(far, "1");
    wsa_wait(); // it is in the queue
    cr_assert(wsa_waiting(WSA_NOTIFY));
    intptr_t handle = a.socket.handle;
    CSocket_Close(&a.socket);
    int other = teller_open(&next);
    cr_assert(eq(i64, next.socket.handle, handle), "the system gives the same number");
    settle();
    cr_expect(eq(str, told, ""));
    far_says(other, "1");
    settle();
    cr_expect(eq(str, told, "N:receive"));
}

static void *serve_there(void *handle)
{
    struct teller t = TELLER("T");

    t.socket.events = &telling;
    CSocket_Attach(&t.socket, *(intptr_t *)handle);
    settle();
    CSocket_Close(&t.socket);
    AfxSocketTerm();
    return NULL;
}

Test(notifications, a_socket_that_moves_to_another_thread_is_told_there, .timeout = 10) // SK-11
{
    struct teller a = TELLER("A");
    int far = teller_open(&a);
    pthread_t thread;

    far_says(far, "1");
    wsa_wait();
    intptr_t handle = CSocket_Detach(&a.socket);
    cr_expect(eq(i64, a.socket.handle, WSA_NONE));
    pthread_create(&thread, NULL, serve_there, &handle);
    pthread_join(thread, NULL);
    cr_expect(eq(str, told, "T:send T:receive"));
}

static void *say_later(void *far)
{
    far_says(*(int *)far, "1");
    return NULL;
}

Test(notifications, the_loop_sleeps_until_there_are_some, .timeout = 10)
{
    struct teller a = TELLER("A");
    int far = teller_open(&a);
    pthread_t thread;

    pthread_create(&thread, NULL, say_later, &far);
    while (!*told)
        CWinThread_PumpMessage();
    cr_expect(eq(str, told, "A:receive"));
    pthread_join(thread, NULL);
}

/*
 * While something blocks
 */

struct others {
    int far_a, far_b, far_c;
};

static void others_happen(void *arg)
{
    struct others *o = arg;

    far_says(o->far_c, "c");
    far_ends(o->far_b);
    wsa_wait();
    wsa_wait();
    far_says(o->far_a, "2"); // what is waited for
}

static void receive_and_wait(struct teller *t)
{
    char byte;

    told_add("(");
    CSocket_Receive(&t->socket, &byte, 1);
    CSocket_Receive(&t->socket, &byte, 1);
    told_add(")");
}

Test(notifications, of_all_sockets_wait_until_the_blocking_call_and_its_handler_have_returned,
     .timeout = 10) // SK-23
{
    struct teller a = TELLER("A"), b = TELLER("B"), c = TELLER("C");
    struct others o = { teller_open(&a), teller_open(&b), teller_open(&c) };

    a.on_receive = receive_and_wait;
    far_says(o.far_a, "1");
    during(&a.socket, others_happen, &o);
    settle();
    cr_expect(eq(str, told, "A:receive ( ) C:receive B:close"));
}

struct replaced {
    struct teller *b, *next;
    int far_a, far_b;
};

static void replace(void *arg)
{
    struct replaced *r = arg;

    far_says(r->far_b, "1");
    wsa_wait(); // the call that waits will put it off
}

static void close_and_open(void *arg)
{
    struct replaced *r = arg;
    intptr_t handle = r->b->socket.handle;

    CSocket_Close(&r->b->socket);
    far_says(teller_open_quietly(r->next), "1");
    cr_assert(eq(i64, r->next->socket.handle, handle));
    far_says(r->far_a, "1");
}

Test(notifications, that_were_put_off_go_with_their_socket, .timeout = 10) // SK-15
{
    struct teller a = TELLER("A"), b = TELLER("B"), next = TELLER("N");
    struct replaced r = { &b, &next, teller_open(&a), teller_open(&b) };
    char byte;

    CWinThread_Post(replace, &r);
    CWinThread_Post(close_and_open, &r);
    cr_expect(eq(i64, CSocket_Receive(&a.socket, &byte, 1), 1));
    settle();
    cr_expect(eq(str, told, "N:send N:receive"));
}

static void far_end_ends(void *far)
{
    far_ends(*(int *)far);
}

Test(notifications, an_end_that_a_blocking_call_has_met_is_not_told_again, .timeout = 10) // SK-24
{
    struct teller a = TELLER("A");
    int far = teller_open(&a);
    char byte;

    during(&a.socket, far_end_ends, &far);
    cr_expect(eq(i64, CSocket_Receive(&a.socket, &byte, 1), 0));
    cr_expect(a.socket.met_end);
    settle();
    cr_expect(eq(str, told, ""));
}

static void write_down(void *what)
{
    told_add(what);
}

static void say_one(void *far)
{
    far_says(*(int *)far, "1");
}

Test(notifications, other_messages_wait_unless_the_socket_lets_them_pass, .timeout = 10) // SK-21
{
    struct CSocketEvents deaf = telling;
    struct teller a = TELLER("A");
    int far = teller_open(&a);
    char byte;

    during(&a.socket, say_one, &far);
    CWinThread_Post(write_down, "passed");
    cr_expect(eq(i64, CSocket_Receive(&a.socket, &byte, 1), 1));
    settle();
    cr_expect(eq(str, told, "passed"));

    told_clear();
    deaf.OnMessagePending = NULL;
    a.socket.events = &deaf;
    CWinThread_Post(write_down, "later");
    pthread_t thread;
    pthread_create(&thread, NULL, say_later, &far);
    cr_expect(eq(i64, CSocket_Receive(&a.socket, &byte, 1), 1));
    cr_expect(eq(str, told, ""));
    settle();
    cr_expect(eq(str, told, "later"));
    pthread_join(thread, NULL);
}

static struct refuser {
    int near, far; // descriptors of other ends: whose words wake, and whose words are waited for
    unsigned asked;
} refuser;

/* Lets nothing pass. Asked at first it has another socket woken, then the one that waits. */
static bool refuses(struct CSocket *s)
{
    (void)s;
    if (++refuser.asked <= 2)
        far_says(refuser.asked == 1 ? refuser.near : refuser.far, "1");
    return false;
}

Test(notifications, who_lets_nothing_pass_is_asked_again_when_something_has_come,
     .timeout = 10) // SK-21
{
    struct CSocketEvents busy = telling;
    struct teller a = TELLER("A"), b = TELLER("B");
    char byte;

    refuser = (struct refuser){ .near = teller_open(&b), .far = teller_open(&a) };
    busy.OnMessagePending = refuses;
    a.socket.events = &busy;
    CWinThread_Post(write_down, "later");
    cr_expect(eq(i64, CSocket_Receive(&a.socket, &byte, 1), 1));
    cr_expect(eq(uint, refuser.asked, 2));
    cr_expect(eq(str, told, ""));
    settle();
    cr_expect(eq(str, told, "later B:receive"));
}
