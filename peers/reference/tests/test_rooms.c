/*
 * Rooms in which several hear each other: who hears what, and who is made to leave. That somebody hears nothing of a
 * message shows in what it hears next.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>

#include "reference/chat.h"
#include "reference/cwinthread.h"
#include "process.h"

enum { MEMBERS = 4 };

struct step {
    enum { END, SAYS, HEARS, IS_LEFT, LEAVES, COMES } what;
    int who;
    const char *words; // NULL: nothing
};

struct house {
    void (*host)(const struct server *s, struct CSocket *listener);
    const char *profile;
    intptr_t listener;
};

static void *host(void *arg)
{
    const struct house *h = arg;
    struct server server = { .profile = profile_of(h->profile) };
    struct CSocket listener = CSOCKET_EMPTY;

    AfxSocketInit(&server.profile);
    CSocket_Attach(&listener, h->listener);
    h->host(&server, &listener);
    CWinThread_Run();
    return NULL;
}

static void come(struct CSocket *member, uint16_t port)
{
    *member = CSOCKET_EMPTY;
    cr_assert(CSocket_Create(member, 0, SOCK_STREAM, NULL));
    cr_assert(CSocket_Connect(member, "127.0.0.1", port));
}

static void hear_step(struct CSocket *member, const char *words, size_t number)
{
    struct bytes wanted = spelt(words);
    uint8_t *heard = pool_new(&scratch, wanted.len, 1);

    for (size_t got = 0; got < wanted.len;) {
        ptrdiff_t came = CSocket_Receive(member, heard + got, wanted.len - got);
        cr_assert(came > 0, "step %zu: %zu bytes came", number, got);
        got += (size_t)came;
    }
    cr_assert(eq(str, hex_of((struct bytes){ heard, wanted.len }), hex_of(wanted)), "step %zu", number);
}

/* The first three are there from the beginning. */
static void play(struct house h, const struct step *steps)
{
    static struct house house; // as long as its thread
    struct CSocket listener = CSOCKET_EMPTY, members[MEMBERS];
    pthread_t thread;
    uint8_t byte;

    cr_assert(CSocket_Create(&listener, 0, SOCK_STREAM, "127.0.0.1") && CSocket_Listen(&listener, SOMAXCONN));
    uint16_t port = CSocket_GetSockPort(&listener);
    h.listener = CSocket_Detach(&listener);
    house = h;
    for (int i = 0; i < 3; i++)
        come(&members[i], port);
    pthread_create(&thread, NULL, host, &house);
    pthread_detach(thread);
    for (const struct step *s = steps; s->what != END; s++) {
        struct CSocket *who = &members[s->who];
        struct bytes said = spelt(s->words ? s->words : "");
        if (s->what == SAYS)
            cr_assert(eq(i64, CSocket_Send(who, said.data, said.len), (ptrdiff_t)said.len));
        else if (s->what == HEARS)
            hear_step(who, s->words, (size_t)(s - steps));
        else if (s->what == IS_LEFT)
            cr_assert(eq(i64, CSocket_Receive(who, &byte, 1), 0), "step %d", (int)(s - steps));
        else if (s->what == LEAVES)
            CSocket_Close(who);
        else
            come(who, port);
    }
}

// clang-format off
Test(rooms, talk_goes_to_all_others, .timeout = 20)
{
    static const struct step steps[] = {
        { SAYS,  0, "0000 'Hi'" },      { HEARS, 1, "0000 'Hi'" },      { HEARS, 2, "0000 'Hi'" },
        { SAYS,  1, "0000 ''" },        { HEARS, 0, "0000 ''" },        { HEARS, 2, "0000 ''" },
        { COMES, 3, NULL },
        { SAYS,  3, "0000 'new'" },     { HEARS, 0, "0000 'new'" },     { HEARS, 1, "0000 'new'" },   { HEARS, 2, "0000 'new'" },
        // A farewell is answered with an empty one, and the connection ends.
        { SAYS,  1, "0100 'bye'" },     { HEARS, 0, "0100 'bye'" },     { HEARS, 2, "0100 'bye'" },   { HEARS, 3, "0100 'bye'" },
        { HEARS, 1, "0100 ''" },        { IS_LEFT, 1, NULL },
        // Who goes without one is missed by nobody; what it said before is heard.
        { SAYS,  2, "0000 'last'" },    { LEAVES, 2, NULL },            { HEARS, 0, "0000 'last'" },  { HEARS, 3, "0000 'last'" },
        // Two at once, and a part of the third.
        { SAYS,  0, "0000 'a' 0000 'b' 00" }, { HEARS, 3, "0000 'a' 0000 'b'" },
        { SAYS,  0, "00 'c'" },         { HEARS, 3, "0000 'c'" },
        { SAYS,  3, "ffff ''" },        { HEARS, 0, "ffff ''" },        { HEARS, 3, "ffff ''" },      { IS_LEFT, 3, NULL },
        { END, 0, NULL },
    };

    play((struct house){ .host = talk_host, .profile = "10 ansi 64" }, steps);
}

Test(rooms, talk_that_cannot_be_understood_ends, .timeout = 20)
{
    static const struct step steps[] = {
        { SAYS,  0, "0000 fffeff01 4100" }, { HEARS, 1, "0000 01 41" }, { HEARS, 2, "0000 01 41" }, // narrowed
        { SAYS,  1, "0000 ffffffffffffff 0000008000000000" },                                       // too long for any string
        { IS_LEFT, 1, NULL },
        { SAYS,  2, "0000 'on'" },      { HEARS, 0, "0000 'on'" },
        { END, 0, NULL },
    };

    play((struct house){ .host = talk_host, .profile = "10 ansi 32" }, steps);
}

/* The farewell's answer is empty in the units of the build. */
Test(rooms, wide_talk_ends_in_wide_units, .timeout = 20)
{
    static const struct step steps[] = {
        { SAYS,  0, "0000 'Hi'" },   { HEARS, 1, "0000 fffeff02 4800 6900" }, { HEARS, 2, "0000 fffeff02 4800 6900" },
        { SAYS,  0, "0700 'bye'" },  { HEARS, 1, "0700 fffeff03 6200 7900 6500" },
        { HEARS, 0, "0700 fffeff00" }, { IS_LEFT, 0, NULL },
        { END, 0, NULL },
    };

    play((struct house){ .host = talk_host, .profile = "10 unicode 64" }, steps);
}

Test(rooms, a_messenger_delivers_to_who_has_the_name, .timeout = 20)
{
    static const struct step steps[] = {
        // Without a receiver it goes back, and the sender becomes no name.
        { SAYS,  0, "0100 'Hi' '' 'al'" },        { HEARS, 0, "0100 'Hi' '' 'al'" },
        { SAYS,  1, "0100 'early' 'al' 'bob'" },  // nobody is called so yet
        { SAYS,  1, "0200 'me' 'bob' 'bob'" },    { HEARS, 1, "0200 'me' 'bob' 'bob'" },
        { SAYS,  0, "0100 'Hi' 'bob' 'al'" },     { HEARS, 1, "0100 'Hi' 'bob' 'al'" },
        { SAYS,  1, "0100 'yo' 'al' 'bob'" },     { HEARS, 0, "0100 'yo' 'al' 'bob'" },
        // A name is all of its units.
        { SAYS,  0, "0100 'no' 'bo' 'al'" },      { SAYS, 0, "0100 'no' 'bobb' 'al'" },
        { SAYS,  0, "0100 'yes' 'bob' 'al'" },    { HEARS, 1, "0100 'yes' 'bob' 'al'" },
        // It is that of who used it last, and of one only.
        { SAYS,  2, "0100 'mine' 'bob' 'bob'" },  { HEARS, 2, "0100 'mine' 'bob' 'bob'" },
        { SAYS,  0, "0100 'which' 'bob' 'al'" },  { HEARS, 2, "0100 'which' 'bob' 'al'" },
        { SAYS,  0, "0100 'who' 'b' 'al'" },      // nor has who lost it a part of it
        { SAYS,  1, "0100 'new' 'ben' 'ben'" },   { HEARS, 1, "0100 'new' 'ben' 'ben'" },
        { SAYS,  0, "0100 'Hi' 'ben' 'al'" },     { HEARS, 1, "0100 'Hi' 'ben' 'al'" },
        // Short ones differ as long ones do.
        { SAYS,  1, "0100 'I' 'x' 'x'" },         { HEARS, 1, "0100 'I' 'x' 'x'" },
        { SAYS,  0, "0100 'who' 'y' 'al'" },
        { SAYS,  0, "0100 'you' 'x' 'al'" },      { HEARS, 1, "0100 'you' 'x' 'al'" },
        { SAYS,  2, "0100 'now' 'x' 'x'" },       { HEARS, 2, "0100 'now' 'x' 'x'" },
        { SAYS,  0, "0100 'you' 'x' 'al'" },      { HEARS, 2, "0100 'you' 'x' 'al'" },
        { SAYS,  2, "0100 'back' 'bob' 'bob'" },  { HEARS, 2, "0100 'back' 'bob' 'bob'" },
        { LEAVES, 2, NULL },
        { SAYS,  0, "0100 'gone' 'bob' 'al'" },   { SAYS, 0, "0100 'end' 'al' 'al'" }, { HEARS, 0, "0100 'end' 'al' 'al'" },
        { END, 0, NULL },
    };

    play((struct house){ .host = messenger_host, .profile = "10 ansi 64" }, steps);
}

/* Of wide units all bytes count; a narrow name is the same as a wide one. */
Test(rooms, wide_names_are_compared_as_a_whole, .timeout = 20)
{
    static const struct step steps[] = {
        { SAYS,  0, "0100 'I' 'ann' fffeff03 6100 6e00 6e00" }, { HEARS, 0, "0100 fffeff01 4900 fffeff03 6100 6e00 6e00 fffeff03 6100 6e00 6e00" },
        { SAYS,  1, "0100 'a' 'anx' 'bob'" },                   { SAYS,  1, "0100 'b' fffeff03 6100 6e00 6e01 'bob'" },
        { SAYS,  1, "0100 'c' 'ann' 'bob'" },                   { HEARS, 0, "0100 fffeff01 6300 fffeff03 6100 6e00 6e00 fffeff03 6200 6f00 6200" },
        { END, 0, NULL },
    };

    play((struct house){ .host = messenger_host, .profile = "10 unicode 64" }, steps);
}

/* guest, ann, bob and cid are 100 to 103; 9999 are all, 10000 is the room. */
Test(rooms, a_room_knows_its_people_by_number, .timeout = 20)
{
    static const struct step steps[] = {
        { SAYS,  0, "01000000 ffffffff 10270000 'ann'" },   { HEARS, 0, "01000000 10270000 65000000 'ann'" },
        { SAYS,  1, "01000000 ffffffff 10270000 'bob'" },   { HEARS, 1, "01000000 10270000 66000000 'bob'" },
        { SAYS,  2, "01000000 ffffffff 10270000 'annie'" }, { HEARS, 2, "01000000 10270000 ffffffff 'annie'" },
        { SAYS,  2, "01000000 ffffffff 10270000 'an'" },    { HEARS, 2, "01000000 10270000 ffffffff 'an'" },
        { SAYS,  0, "05000000 65000000 66000000 'Hi'" },    { HEARS, 1, "05000000 65000000 66000000 'Hi'" },
        // All others who have a number, but not oneself.
        { SAYS,  0, "05000000 65000000 0f270000 'all'" },   { HEARS, 1, "05000000 65000000 0f270000 'all'" },
        { SAYS,  1, "05000000 66000000 66000000 'me'" },    { HEARS, 1, "05000000 66000000 66000000 'me'" },
        { SAYS,  1, "05000000 66000000 65000000 'ann'" },   { HEARS, 0, "05000000 66000000 65000000 'ann'" },
        // Nothing is passed on, to nobody.
        { SAYS,  0, "ffffffff 65000000 66000000 'x'" },     { SAYS, 0, "05000000 65000000 67000000 'cid'" },
        { SAYS,  0, "05000000 65000000 66000000 'y'" },     { HEARS, 1, "05000000 65000000 66000000 'y'" },
        // A number is that of who logged in with it last.
        { SAYS,  2, "01000000 ffffffff 10270000 'guest'" }, { HEARS, 2, "01000000 10270000 64000000 'guest'" },
        { SAYS,  2, "01000000 ffffffff 10270000 'bob'" },   { HEARS, 2, "01000000 10270000 66000000 'bob'" },
        { SAYS,  0, "05000000 65000000 66000000 'z'" },     { HEARS, 2, "05000000 65000000 66000000 'z'" },
        { SAYS,  0, "05000000 65000000 0f270000 'all'" },   { HEARS, 2, "05000000 65000000 0f270000 'all'" },
        { SAYS,  1, "05000000 66000000 65000000 'mine'" },  { IS_LEFT, 1, NULL },
        { SAYS,  2, "05000000 66000000 65000000 'ours'" },  { HEARS, 0, "05000000 66000000 65000000 'ours'" },
        // Who has no number, or another, leaves, and is not heard.
        { COMES, 3, NULL },
        { SAYS,  3, "05000000 ffffffff 65000000 'who'" },   { IS_LEFT, 3, NULL },
        { COMES, 3, NULL },
        { SAYS,  3, "05000000 00000000 65000000 'none'" },  { IS_LEFT, 3, NULL },
        { SAYS,  2, "05000000 65000000 65000000 'liar'" },  { IS_LEFT, 2, NULL },
        // So does who all but logs in; from one's own number it is a message, which nobody gets.
        { COMES, 1, NULL },
        { SAYS,  1, "02000000 ffffffff 10270000 'bob'" },   { IS_LEFT, 1, NULL },
        { COMES, 1, NULL },
        { SAYS,  1, "01000000 00000000 10270000 'bob'" },   { IS_LEFT, 1, NULL },
        { COMES, 1, NULL },
        { SAYS,  1, "01000000 ffffffff 65000000 'bob'" },   { IS_LEFT, 1, NULL },
        { SAYS,  0, "01000000 65000000 10270000 'bob'" },
        { SAYS,  0, "05000000 65000000 65000000 'end'" },   { HEARS, 0, "05000000 65000000 65000000 'end'" },
        { END, 0, NULL },
    };

    play((struct house){ .host = room_of_numbers_host, .profile = "10 ansi 64" }, steps);
}

/* With units of two bytes, as the messages of such a build have them. */
Test(rooms, names_of_wide_units_are_names, .timeout = 20)
{
    static const struct step steps[] = {
        { SAYS,  0, "01000000 ffffffff 10270000 fffeff03 6100 6e00 6e00" }, { HEARS, 0, "01000000 10270000 65000000 fffeff03 6100 6e00 6e00" },
        { SAYS,  1, "01000000 ffffffff 10270000 'cid'" },  { HEARS, 1, "01000000 10270000 67000000 fffeff03 6300 6900 6400" },
        { SAYS,  0, "05000000 65000000 67000000 'Hi'" },   { HEARS, 1, "05000000 65000000 67000000 fffeff02 4800 6900" },
        { END, 0, NULL },
    };

    play((struct house){ .host = room_of_numbers_host, .profile = "10 unicode 64" }, steps);
}
// clang-format on
