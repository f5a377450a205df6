/* The program of the guide (README.md), which the Makefile takes out of it. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <pthread.h>
#include <sys/socket.h>

#include "guide.c"
#include "rig.h"

enum { QUESTIONS = 3 };

struct asking {
    struct profile mfc;
    uint16_t port;
    uint32_t answers[QUESTIONS];
};

static void *ask_all(void *arg)
{
    struct asking *a = arg;

    for (uint32_t i = 0; i < QUESTIONS; i++)
        if (!ask(&a->mfc, a->port, 21 + i, &a->answers[i]))
            a->answers[i] = 0;
    AfxSocketTerm();
    return NULL;
}

Test(guide, the_client_gets_what_the_server_answers_in_every_generation, .timeout = 10)
{
    for (const struct generation *g = generations; g->name; g++) {
        struct profile mfc = { .generation = g, .bits = 32 };
        struct asking asking = { .mfc = like_visual_studio_2019() };
        struct CSocket listener;
        pthread_t thread;

        ended = 0;
        cr_assert(serve(&listener, &mfc, 0));
        asking.port = CSocket_GetSockPort(&listener);
        pthread_create(&thread, NULL, ask_all, &asking);
        while (ended < QUESTIONS)
            CWinThread_PumpMessage();
        pthread_join(thread, NULL);
        CSocket_Close(&listener);
        for (uint32_t i = 0; i < QUESTIONS; i++)
            cr_expect(eq(u32, asking.answers[i], 2 * (21 + i)), "%s", g->name);
    }
}

Test(guide, a_datagram_goes_without_an_archive, .timeout = 10)
{
    struct CSocket s = CSOCKET_EMPTY;
    char heard[8];

    cr_assert(CSocket_Create(&s, 0, SOCK_DGRAM, "127.0.0.1"));
    cr_expect(eq(i64, send_datagram(CSocket_GetSockPort(&s), "hello", 5), 5));
    cr_expect(eq(i64, CSocket_ReceiveFrom(&s, heard, sizeof heard, NULL), 5));
}
