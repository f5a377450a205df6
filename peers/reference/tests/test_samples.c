/* The sample services, by worked examples. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>

#include "reference/chat.h"
#include "reference/cwinthread.h"
#include "reference/programs.h"
#include "reference/samples.h"
#include "process.h"

static const struct exchange {
    const char *label, *profile;
    void (*serve)(struct channel *c);
    const char *request, *reply;
} exchanges[] = {
    { "E130 and E131", "10 ansi 64", packet_serve,
      "5a 0300 5a5a5a 'Sender sent packet 1 of 1 (Value = 90, Copies = 3)'",
      "'Recipient received packet 1 of 1 (Value = 90, Copies = 3)'" },
    { "no copies: the value of before", "10 ansi 64", packet_serve,
      "07 0000 'packet 1 of 3' 08 0200 0808 'packet 2 of 3' 09 0000 'packet 3 of 3'",
      "'Recipient received packet 1 of 3 (Value = 0, Copies = 0)'"
      "'Recipient received packet 2 of 3 (Value = 8, Copies = 2)'"
      "'Recipient received packet 3 of 3 (Value = 8, Copies = 0)'" },
    { "a text without it", "10 ansi 64", packet_serve, "07 0000 'packets'", "" },
    { "a cut packet", "10 ansi 64", packet_serve, "07 0300 07", "" },
    { "guest", "10 ansi 64", login_serve, "'guest' 'guest' 0400 01000000", "0100 0000 02000000" },
    { "guest, read ahead", "6.0 ansi 32", login_serve, "'guest' 'guest' 0400 01000000",
      "0100 0000 02000000" },
    { "another password", "10 ansi 64", login_serve, "'guest' 'x' 0400 01000000", "0000" },
    { "another user", "10 ansi 64", login_serve, "'x' 'guest' 0400 01000000", "0000" },
    { "a cut login", "10 ansi 64", login_serve, "'guest'", "" },
    { "E150", "10 unicode 64", netorder_serve, "4d464331 0007 fffe 000186a0",
      "4d464331 0008 0002 000186a0" },
    { "around the end", "10 unicode 64", netorder_serve, "4d464331 ffff 8000 ffffffff",
      "4d464331 0000 8000 ffffffff" },
    { "a wrong magic", "10 unicode 64", netorder_serve,
      "4d464332 0007 fffe 000186a0 4d464331 0007 fffe 000186a0", "" },
    { "a cut message", "10 unicode 64", netorder_serve, "4d464331 0007", "" },
    { "blocks", "10 ansi 64", telephony_serve, "11000000 03000000 616263 ffffffff 00000000",
      "00000000 03000000 616263 00000000 00000000" },
    { "a block that is too large", "10 ansi 64", telephony_serve, "11000000 01000100 616263",
      "01000000 00000000" },
    { "a cut block", "10 ansi 64", telephony_serve, "11000000 03000000 6162", "" },
    { "a request for an update, and more", "10 ansi 64", update_serve, "'t' 's' 'c' 'p' 'x'", "" },
    { "a message, its like, and both again", "10 ansi 64", net_message_serve,
      "ffff 0100 0b00 434e65744d657373616765 'ann' 'Hi' 80436d38 0180 '' '' ffffffff 0200 0300 0000",
      "ffff 0100 0b00 434e65744d657373616765 'server' 'Hi' 80436d38 0180 'server' '' ffffffff 0200 0300 0000" },
    { "an object of another class", "10 ansi 64", net_message_serve, "ffff 0100 0400 43416765 15000000", "" },
};

Test(samples, answer_as_the_articles_say, .timeout = 20)
{
    for (const struct exchange *t = exchanges; t < exchanges + COUNT_OF(exchanges); t++) {
        struct bytes reply = rig_ask(t->serve, t->profile, spelt(t->request), 0);
        cr_expect(eq(str, hex_of(reply), hex_of(spelt(t->reply))), "%s", t->label);
    }
}

static intptr_t room;
static uint16_t room_port;

static void *host(void *profile)
{
    struct server server = { .profile = profile_of(profile) };
    struct CSocket listener = CSOCKET_EMPTY;

    CSocket_Attach(&listener, room);
    chat_host(&server, &listener);
    CWinThread_Run();
    return NULL;
}

static void enter(struct CSocket *client)
{
    *client = CSOCKET_EMPTY;
    cr_assert(CSocket_Create(client, 0, SOCK_STREAM, NULL));
    cr_assert(CSocket_Connect(client, "127.0.0.1", room_port));
}

Test(samples, chat_forwards_to_all_others_and_answers_a_farewell, .timeout = 20)
{
    struct CSocket listener = CSOCKET_EMPTY, a, b, c;
    pthread_t thread;
    uint8_t byte;

    cr_assert(CSocket_Create(&listener, 0, SOCK_STREAM, "127.0.0.1"));
    cr_assert(CSocket_Listen(&listener, SOMAXCONN));
    room_port = CSocket_GetSockPort(&listener);
    room = CSocket_Detach(&listener);
    enter(&a);
    enter(&b);
    pthread_create(&thread, NULL, host, "10 ansi 64");
    pthread_detach(thread);
    say(&a, "0000 'Hi' 0000"); // E127
    hear(&b, "0000 'Hi' 0000");
    enter(&c);
    say(&c, "0000 'new' 0100 'c: 1'");
    hear(&a, "0000 'new' 0100 'c: 1'");
    hear(&b, "0000 'new' 0100 'c: 1'");
    say(&b, "0500 'bye' 0000");
    hear(&a, "0500 'bye' 0000");
    hear(&c, "0500 'bye' 0000");
    hear(&b, "0500 '' 0000");
    cr_expect(eq(i64, CSocket_Receive(&b, &byte, 1), 0));
    CSocket_Close(&c); // without a farewell: nobody is told
    say(&a, "0000 ff00");
    CSocket_ShutDown(&a);
    cr_expect(eq(i64, CSocket_Receive(&a, &byte, 1), 0));
}

enum { LONG = 60000, MANY = 300 }; // more than two kernels hold

/* A message of LONG units: its number goes round, so that none can be missed. */
static size_t long_message(uint8_t *to, unsigned number)
{
    static const uint8_t begin[] = { 0, 0, 0xff, LONG & 0xff, LONG >> 8 };
    size_t len = sizeof begin;

    memcpy(to, begin, len);
    memset(to + len, 'a' + number % 23, LONG);
    len += LONG;
    to[len++] = 0;
    to[len++] = 0;
    return len;
}

static void receive_whole(struct CSocket *s, uint8_t *to, size_t len)
{
    for (size_t got = 0; got < len;) {
        ptrdiff_t came = CSocket_Receive(s, to + got, len - got);
        cr_assert(came > 0, "%zu bytes came", got);
        got += (size_t)came;
    }
}

/* Who does not read holds up nobody, and is owed all of it. */
Test(samples, chat_owes_a_member_all_that_it_has_not_read, .timeout = 20)
{
    static uint8_t said[LONG + 16], heard[LONG + 16];
    struct CSocket listener = CSOCKET_EMPTY, a, b, c;
    pthread_t thread;
    uint8_t byte;

    cr_assert(CSocket_Create(&listener, 0, SOCK_STREAM, "127.0.0.1"));
    cr_assert(CSocket_Listen(&listener, SOMAXCONN));
    room_port = CSocket_GetSockPort(&listener);
    room = CSocket_Detach(&listener);
    enter(&a);
    enter(&b);
    enter(&c);
    pthread_create(&thread, NULL, host, "10 ansi 64");
    pthread_detach(thread);
    for (unsigned i = 0; i < MANY; i++) {
        size_t len = long_message(said, i);
        cr_assert(eq(i64, CSocket_Send(&a, said, len), (ptrdiff_t)len));
        receive_whole(&c, heard, len);
        cr_assert(eq(int, memcmp(said, heard, len), 0), "message %u", i);
    }
    say(&c, "0000 'Hi' 0000");
    hear(&a, "0000 'Hi' 0000");
    for (unsigned i = 0; i < MANY; i++) {
        size_t len = long_message(said, i);
        receive_whole(&b, heard, len);
        cr_assert(eq(int, memcmp(said, heard, len), 0), "message %u", i);
    }
    hear(&b, "0000 'Hi' 0000");
    say(&b, "0500 'bye' 0000");
    hear(&a, "0500 'bye' 0000");
    hear(&b, "0500 '' 0000");
    cr_expect(eq(i64, CSocket_Receive(&b, &byte, 1), 0));
}

/* Who has left hears what it is owed before its connection ends; who resets is forgotten. */
Test(samples, chat_ends_a_connection_behind_what_is_owed, .timeout = 20)
{
    static const struct linger at_once = { .l_onoff = 1 };
    static uint8_t said[LONG + 16], heard[LONG + 16];
    struct CSocket listener = CSOCKET_EMPTY, a, b, gone;
    pthread_t thread;
    uint8_t byte;

    cr_assert(CSocket_Create(&listener, 0, SOCK_STREAM, "127.0.0.1"));
    cr_assert(CSocket_Listen(&listener, SOMAXCONN));
    room_port = CSocket_GetSockPort(&listener);
    room = CSocket_Detach(&listener);
    enter(&a);
    enter(&b);
    enter(&gone);
    pthread_create(&thread, NULL, host, "10 ansi 64");
    pthread_detach(thread);
    for (unsigned i = 0; i < MANY; i++) {
        size_t len = long_message(said, i);
        cr_assert(eq(i64, CSocket_Send(&a, said, len), (ptrdiff_t)len));
        receive_whole(&gone, heard, len); // it was told, and so was b
    }
    setsockopt((int)gone.handle, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    CSocket_Close(&gone);
    say(&b, "0500 'bye' 0000");
    hear(&a, "0500 'bye' 0000");
    say(&a, "0000 'nobody' 0000"); // is left to hear it
    for (unsigned i = 0; i < MANY; i++) {
        size_t len = long_message(said, i);
        receive_whole(&b, heard, len);
        cr_assert(eq(int, memcmp(said, heard, len), 0), "message %u", i);
    }
    hear(&b, "0500 '' 0000");
    cr_expect(eq(i64, CSocket_Receive(&b, &byte, 1), 0));
}
