/* What only wsa_windows.c can get wrong. */
#include <criterion/criterion.h>
#include <pthread.h>

#include "reference/tests/loop.h"

Test(windows, while_some_are_kept_data_that_arrive_are_not_told_again, .timeout = 10) // WS-1
{
    struct teller a = TELLER("A");
    int far = teller_open(&a);

    far_says(far, "12");
    settle();
    teller_receive_one(&a);
    settle();
    cr_expect(eq(str, told, "A:receive A:receive"), "2 is kept");
    far_says(far, "3");
    settle();
    cr_expect(eq(str, told, "A:receive A:receive"), "nobody has received since");
    teller_receive_one(&a);
    settle();
    cr_expect(eq(str, told, "A:receive A:receive A:receive"), "3 is there");
    teller_receive_one(&a);
    settle();
    cr_expect(eq(str, told, "A:receive A:receive A:receive"));
}

static pthread_barrier_t barrier;

static void *attach_there(void *handle)
{
    struct teller t = TELLER("T");

    t.socket.events = &telling;
    CSocket_Attach(&t.socket, *(intptr_t *)handle);
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier); // the other thread has looked
    settle();
    CSocket_Close(&t.socket);
    AfxSocketTerm();
    return NULL;
}

/* As every connection that is accepted in one thread and served in another may do. */
Test(windows, what_the_thread_before_was_told_takes_nothing_from_the_next, .timeout = 10)
{
    struct teller a = TELLER("A");
    int far = teller_open(&a);
    pthread_t thread;

    far_says(far, "1");
    intptr_t handle = CSocket_Detach(&a.socket);
    pthread_barrier_init(&barrier, NULL, 2);
    pthread_create(&thread, NULL, attach_there, &handle);
    pthread_barrier_wait(&barrier);
    settle();
    cr_expect(eq(str, told, ""));
    pthread_barrier_wait(&barrier);
    pthread_join(thread, NULL);
    cr_expect(strstr(told, "T:receive") != NULL, "%s", told);
}

static void set(void *flag)
{
    *(bool *)flag = true;
}

Test(windows, what_came_while_something_else_was_looked_for_is_not_slept_over, .timeout = 10)
{
    struct teller a = TELLER("A");
    int far = teller_open(&a);
    struct wsa_message m;
    bool timed_out = false;

    far_says(far, "1");
    for (int i = 0; i < 20; i++)
        cr_expect(not(wsa_peek(&m, WSA_TICK))); // FD_READ comes into the list here
    unsigned timer = CWinThread_SetTimer(5000, set, &timed_out);
    wsa_wait();
    settle();
    cr_expect(not(timed_out));
    CWinThread_KillTimer(timer);
    cr_expect(eq(str, told, "A:receive"));
}
