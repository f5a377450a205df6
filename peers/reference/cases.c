#include "cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "classes.h"
#include "flaw.h"
#include "message.h"

enum { MEMBERS = 3, LIST_MAX = 3 };

/* A client may have several connections, called a, b and c. */
struct client {
    const struct asking *asking;
    struct member {
        struct CSocket socket;
        struct channel channel;
        bool is_open;
    } members[MEMBERS];
    const char *fields; // of a message
};

static bool enter(struct client *c, struct member *m)
{
    if (!asking_connect(c->asking, &m->socket))
        return false;
    channel_open(&m->channel, &m->socket, c->asking->profile);
    m->channel.load.find_class = class_find;
    m->is_open = true;
    return true;
}

static void leave(struct member *m)
{
    if (m->is_open)
        channel_end(&m->channel);
    m->is_open = false;
}

/* All that are still there end together, so that none waits for the end of another. */
static void leave_all(struct client *c)
{
    for (struct member *m = c->members; m < c->members + MEMBERS; m++)
        if (m->is_open)
            CSocket_ShutDown(&m->socket);
    for (struct member *m = c->members; m < c->members + MEMBERS; m++)
        leave(m);
}

/* ---- packet [SVC-21] ---- */

enum habit { LOCK_STEP, AHEAD, AHEAD_AND_END };

static const struct packet_case {
    const char *name;
    enum habit habit;
    const char *senders[2]; // what each sends, as value:copies; they take turns
} packet_cases[] = {
    { "packet-lock-step", LOCK_STEP, { "90:3,7:0,255:300,0:1,165:4096" } },
    { "packet-ahead", AHEAD, { "90:3,7:0,165:300" } },
    { "packet-ahead-large", AHEAD, { "1:20000,2:4096,3:31999,4:4095" } },
    { "packet-ahead-half-close", AHEAD_AND_END, { "90:3,7:0,165:300" } },
    { "packet-two-senders", LOCK_STEP, { "9:2,7:0", "8:0,6:1" } },
    { "packet-wide-text", LOCK_STEP, { "90:3" } },
    { "packet-example", LOCK_STEP, { "90:3" } },
    { "packet-half-close", AHEAD_AND_END, { "90:3" } },
    { "packet-no-copies-first", LOCK_STEP, { "90:0" } },
    { "packet-no-copies-later", LOCK_STEP, { "90:3,7:0,7:1" } },
    { "packet-sent-ahead", AHEAD, { "1:2,2:0,3:1" } },
    { "packet-counts-per-connection", LOCK_STEP, { "9:1", "8:0" } },
    { "packet-copies-1", LOCK_STEP, { "165:1" } },
    { "packet-copies-255", LOCK_STEP, { "165:255" } },
    { "packet-copies-256", LOCK_STEP, { "165:256" } },
    { "packet-copies-4096", LOCK_STEP, { "165:4096" } },
    { "packet-copies-31999", LOCK_STEP, { "165:31999" } },
};

struct sender {
    struct channel *channel;
    struct packet packets[PACKETS_MAX];
    size_t count;
    unsigned last; // byte sent
};

static void send_one(struct sender *s, size_t i)
{
    packet_send(s->channel, &s->packets[i], i + 1, s->count);
}

static bool heard_one(struct sender *s, size_t i)
{
    const struct packet *p = &s->packets[i];

    s->last = p->copies ? p->value : s->last;
    return packet_is_acknowledged(s->channel, p, s->last, i + 1, s->count);
}

static bool send_in_turn(struct sender *senders, size_t count)
{
    for (size_t i = 0; i < senders->count; i++)
        for (size_t k = 0; k < count; k++) {
            send_one(&senders[k], i);
            if (!heard_one(&senders[k], i))
                return false;
        }
    return true;
}

static bool send_ahead(struct sender *s, bool end)
{
    for (size_t i = 0; i < s->count; i++)
        send_one(s, i);
    if (end)
        CSocket_ShutDown(s->channel->socket);
    for (size_t i = 0; i < s->count; i++)
        if (!heard_one(s, i))
            return false;
    return true;
}

static int packet_play(struct client *c, const char *name)
{
    static struct sender senders[2];
    const struct packet_case *p = packet_cases, *end = p + sizeof packet_cases / sizeof *p;
    size_t count = 0;

    while (p < end && strcmp(p->name, name) != 0)
        p++;
    if (p == end)
        return 2;
    for (; count < 2 && p->senders[count]; count++) {
        if (!enter(c, &c->members[count]))
            return 1;
        senders[count].channel = &c->members[count].channel;
        senders[count].count = packets_parse(p->senders[count], senders[count].packets);
    }
    bool is_ahead = p->habit != LOCK_STEP || FLAW(asks_ahead);
    bool right = is_ahead ? send_ahead(&senders[0], p->habit == AHEAD_AND_END)
                          : send_in_turn(senders, count);
    return right ? 0 : 1;
}

/* ---- the others: chat [SVC-22], and programs whose messages are known [APP-1 to APP-6] ---- */

/* What a member does; a case is a row of these, up to one without a member. */
struct act {
    char who;
    enum { ENTERS = 1, SAYS, SAYS_AGAIN, HEARS, HEARS_AGAIN, HEARS_THE_END, LEAVES } does;
    uint32_t numbers[MESSAGE_NUMBERS]; // of SAYS_AGAIN and HEARS_AGAIN: which object, from 1; 0: null
    const char *texts[MESSAGE_TEXTS];  // of a message that ends in bytes: these
    const char *list[LIST_MAX];
};

#define ACTS(...) ((const struct act[]){ __VA_ARGS__, { 0 } })

// clang-format off
static const struct talk_case {
    const char *name;
    const struct act *acts;
} talk_cases[] = {
    { "chat-talk", ACTS(
        { 'a', ENTERS }, { 'b', ENTERS },
        { 'b', SAYS, { 0 }, { "Hi" } }, { 'a', HEARS, { 0 }, { "Hi" } },
        { 'a', SAYS, { 0 }, { "Hi yourself" } }, { 'b', HEARS, { 0 }, { "Hi yourself" } },
        { 'b', SAYS, { 0 }, { "" }, { "one", "", "three" } }, { 'a', HEARS, { 0 }, { "" }, { "one", "", "three" } },
        { 'a', SAYS, { 0 }, { "well" } }, { 'b', HEARS, { 0 }, { "well" } },
        { 'b', SAYS, { 0 }, { "then" } }, { 'a', HEARS, { 0 }, { "then" } }) },
    { "chat-three-talk", ACTS(
        { 'a', ENTERS }, { 'b', ENTERS }, { 'c', ENTERS },
        { 'c', SAYS, { 0 }, { "all" } }, { 'a', HEARS, { 0 }, { "all" } }, { 'b', HEARS, { 0 }, { "all" } },
        { 'a', SAYS, { 0 }, { "back" }, { "a: 1" } }, { 'b', HEARS, { 0 }, { "back" }, { "a: 1" } }, { 'c', HEARS, { 0 }, { "back" }, { "a: 1" } },
        { 'b', SAYS, { 2 }, { "bye" } }, { 'a', HEARS, { 2 }, { "bye" } }, { 'c', HEARS, { 2 }, { "bye" } },
        { 'b', HEARS, { 2 }, { "" } }, { 'b', HEARS_THE_END }, { 'b', LEAVES },
        { 'c', SAYS, { 0 }, { "two left" } }, { 'a', HEARS, { 0 }, { "two left" } },
        { 'a', SAYS, { 0 }, { "you and I" } }, { 'c', HEARS, { 0 }, { "you and I" } }) },
    { "chat-latecomer", ACTS(
        { 'a', ENTERS }, { 'b', ENTERS },
        { 'b', SAYS, { 0 }, { "early" } }, { 'a', HEARS, { 0 }, { "early" } },
        { 'c', ENTERS },
        { 'c', SAYS, { 0 }, { "hello" } }, { 'a', HEARS, { 0 }, { "hello" } }, { 'b', HEARS, { 0 }, { "hello" } },
        { 'b', SAYS, { 0 }, { "late" } }, { 'a', HEARS, { 0 }, { "late" } }, { 'c', HEARS, { 0 }, { "late" } },
        { 'a', SAYS, { 0 }, { "noted" } }, { 'b', HEARS, { 0 }, { "noted" } }, { 'c', HEARS, { 0 }, { "noted" } },
        { 'b', SAYS, { 0 }, { "last" } }, { 'a', HEARS, { 0 }, { "last" } }, { 'c', HEARS, { 0 }, { "last" } }) },
    { "chat-goodbye", ACTS(
        { 'a', ENTERS },
        { 'a', SAYS, { 0 }, { "anybody?" } },
        { 'a', SAYS, { 1 }, { "bye" } }, { 'a', HEARS, { 1 }, { "" } }, { 'a', HEARS_THE_END }) },
    { "chat-farewell-alone", ACTS(
        { 'a', ENTERS },
        { 'a', SAYS, { 7 }, { "bye" } }, { 'a', HEARS, { 7 }, { "" } }, { 'a', HEARS_THE_END }) },
    { "talk-two-talk", ACTS(
        { 'a', ENTERS }, { 'b', ENTERS },
        { 'b', SAYS, { 0 }, { "Hi" } }, { 'a', HEARS, { 0 }, { "Hi" } },
        { 'a', SAYS, { 0 }, { "Hi yourself" } }, { 'b', HEARS, { 0 }, { "Hi yourself" } },
        { 'b', SAYS, { 0 }, { "" } }, { 'a', HEARS, { 0 }, { "" } },
        { 'a', SAYS, { 0 }, { "then" } }, { 'b', HEARS, { 0 }, { "then" } }) },
    { "talk-three-talk", ACTS(
        { 'a', ENTERS }, { 'b', ENTERS }, { 'c', ENTERS },
        { 'c', SAYS, { 0 }, { "all" } }, { 'a', HEARS, { 0 }, { "all" } }, { 'b', HEARS, { 0 }, { "all" } },
        { 'a', SAYS, { 0 }, { "back" } }, { 'b', HEARS, { 0 }, { "back" } }, { 'c', HEARS, { 0 }, { "back" } },
        { 'b', SAYS, { 2 }, { "bye" } }, { 'a', HEARS, { 2 }, { "bye" } }, { 'c', HEARS, { 2 }, { "bye" } },
        { 'b', HEARS, { 2 }, { "" } }, { 'b', HEARS_THE_END }, { 'b', LEAVES },
        { 'c', SAYS, { 0 }, { "two left" } }, { 'a', HEARS, { 0 }, { "two left" } },
        { 'a', SAYS, { 0 }, { "you and I" } }, { 'c', HEARS, { 0 }, { "you and I" } }) },
    { "talk-goodbye", ACTS(
        { 'a', ENTERS },
        { 'a', SAYS, { 0 }, { "anybody?" } },
        { 'a', SAYS, { 1 }, { "bye" } }, { 'a', HEARS, { 1 }, { "" } }, { 'a', HEARS_THE_END }) },
    { "messenger-comes-back", ACTS(
        { 'a', ENTERS },
        { 'a', SAYS, { 3 }, { "note", "", "ann" } }, { 'a', HEARS, { 3 }, { "note", "", "ann" } },
        { 'a', SAYS, { 10 }, { "", "", "" } }, { 'a', HEARS, { 10 }, { "", "", "" } }) },
    { "messenger-two-write", ACTS(
        { 'a', ENTERS }, { 'b', ENTERS },
        { 'a', SAYS, { 1 }, { "I am", "ann", "ann" } }, { 'a', HEARS, { 1 }, { "I am", "ann", "ann" } },
        { 'b', SAYS, { 2 }, { "Hi", "ann", "bob" } }, { 'a', HEARS, { 2 }, { "Hi", "ann", "bob" } },
        { 'a', SAYS, { 2 }, { "Hi yourself", "bob", "ann" } }, { 'b', HEARS, { 2 }, { "Hi yourself", "bob", "ann" } },
        { 'b', SAYS, { 2 }, { "then", "ann", "bob" } }, { 'a', HEARS, { 2 }, { "then", "ann", "bob" } }) },
    { "messenger-nobody", ACTS(
        { 'a', ENTERS },
        { 'a', SAYS, { 2 }, { "are you there?", "bob", "ann" } },
        { 'a', SAYS, { 2 }, { "then I", "ann", "ann" } }, { 'a', HEARS, { 2 }, { "then I", "ann", "ann" } }) },
    { "room-login", ACTS(
        { 'a', ENTERS },
        { 'a', SAYS, { 1, -1u, 10000 }, { "zoe" } }, { 'a', HEARS, { 1, 10000, -1u }, { "zoe" } },
        { 'a', SAYS, { 1, -1u, 10000 }, { "ann" } }, { 'a', HEARS, { 1, 10000, 101 }, { "ann" } },
        { 'a', SAYS, { 2, 101, 101 }, { "note" } }, { 'a', HEARS, { 2, 101, 101 }, { "note" } }) },
    { "room-two-talk", ACTS(
        { 'a', ENTERS }, { 'b', ENTERS },
        { 'a', SAYS, { 1, -1u, 10000 }, { "ann" } }, { 'a', HEARS, { 1, 10000, 101 }, { "ann" } },
        { 'b', SAYS, { 1, -1u, 10000 }, { "bob" } }, { 'b', HEARS, { 1, 10000, 102 }, { "bob" } },
        { 'b', SAYS, { 2, 102, 9999 }, { "all" } }, { 'a', HEARS, { 2, 102, 9999 }, { "all" } },
        { 'a', SAYS, { 2, 101, 102 }, { "you" } }, { 'b', HEARS, { 2, 101, 102 }, { "you" } },
        { 'b', SAYS, { -1u, 102, 9999 }, { "nothing" } },
        { 'b', SAYS, { 2, 102, 101 }, { "I" } }, { 'a', HEARS, { 2, 102, 101 }, { "I" } }) },
    { "telephony-blocks", ACTS(
        { 'a', ENTERS },
        { 'a', SAYS, { 17, 5 }, { "12345" } }, { 'a', HEARS, { 0, 5 }, { "12345" } },
        { 'a', SAYS, { 0x01020304, 0 }, { "" } }, { 'a', HEARS, { 0, 0 }, { "" } },
        { 'a', SAYS, { -1u, 1 }, { "x" } }, { 'a', HEARS, { 0, 1 }, { "x" } }) },
    { "telephony-too-large", ACTS(
        { 'a', ENTERS },
        { 'a', SAYS, { 17, 3 }, { "abc" } }, { 'a', HEARS, { 0, 3 }, { "abc" } },
        { 'a', SAYS, { 17, 65537 }, { "" } }, { 'a', HEARS, { 1, 0 }, { "" } }, { 'a', HEARS_THE_END }) },
    { "update-request", ACTS(
        { 'a', ENTERS },
        { 'a', SAYS, { 0 }, { "2003-05-17 08:30", "build-2", "full", "viewer" } }, { 'a', HEARS_THE_END }) },
    { "update-empty", ACTS(
        { 'a', ENTERS },
        { 'a', SAYS, { 0 }, { "", "", "", "" } }, { 'a', HEARS_THE_END }) },
    { "net-message-three", ACTS(
        { 'a', ENTERS },
        { 'a', SAYS, { 946684800 }, { "ann", "Hi" } }, { 'a', HEARS, { 946684800 }, { "server", "Hi" } },
        { 'a', SAYS, { -1u }, { "", "" } }, { 'a', HEARS, { -1u }, { "server", "" } },
        { 'a', SAYS, { 946684801 }, { "ann", "again" } }, { 'a', HEARS, { 946684801 }, { "server", "again" } }) },
    { "net-message-referred-to", ACTS(
        { 'a', ENTERS },
        { 'a', SAYS, { 946684800 }, { "ann", "Hi" } }, { 'a', HEARS, { 946684800 }, { "server", "Hi" } },
        { 'a', SAYS_AGAIN, { 1 } }, { 'a', HEARS_AGAIN, { 1 } },
        { 'a', SAYS_AGAIN, { 0 } }, { 'a', HEARS_AGAIN, { 0 } },
        { 'a', SAYS, { 5 }, { "ann", "more" } }, { 'a', HEARS, { 5 }, { "server", "more" } },
        { 'a', SAYS_AGAIN, { 2 } }, { 'a', HEARS_AGAIN, { 2 } }) },
};
// clang-format on

/* By the fields of its messages, as message.h has them; `o` is a CNetMessage, inserted as an object. */
static const struct {
    const char *service, *fields;
} spoken[] = {
    { "chat", "wsc" },      { "talk", "ws" },     { "messenger", "wsss" },  { "room", "llls" },
    { "telephony", "ddr" }, { "update", "ssss" }, { "net-message", "o" },
};

static const char *fields_of(const char *service)
{
    for (size_t i = 0; i < sizeof spoken / sizeof *spoken; i++)
        if (strcmp(spoken[i].service, service) == 0)
            return spoken[i].fields;
    return NULL;
}

bool case_service(const char *service)
{
    return strcmp(service, "packet") == 0 || fields_of(service);
}

static size_t list_count(const struct act *act)
{
    size_t n = 0;

    while (n < LIST_MAX && act->list[n])
        n++;
    return n;
}

static void make_text(struct channel *c, const char *text, struct units *out)
{
    unsigned width = profile_width(c->store.profile);

    if (!units_from_ascii(out, &c->life, text, strlen(text),
                          FLAW(asks_in_other_width) ? 3 - width : width))
        abort();
}

static void say_object(struct channel *c, const struct act *act)
{
    struct thing *thing = thing_new(&c->life, class_find("CNetMessage", strlen("CNetMessage")));

    if (!thing)
        abort();
    make_text(c, act->texts[0], &thing->strings[0]);
    make_text(c, act->texts[1], &thing->strings[1]);
    thing->numbers[0] = FLAW(asks_swapped) ? (int32_t)bits_turned(act->numbers[0], 4)
                                           : (int32_t)act->numbers[0];
    CArchive_WriteObject(&c->store, &thing->object);
}

static void say_message(struct client *client, struct channel *c, const struct act *act)
{
    struct message m = message_blank(c->store.profile);
    struct units items[LIST_MAX];

    for (size_t i = 0; i < MESSAGE_NUMBERS; i++)
        m.numbers[i] = FLAW(asks_swapped) ? (uint32_t)bits_turned(act->numbers[i], *client->fields == 'w' ? 2 : 4)
                                          : act->numbers[i];
    for (size_t i = 0; i < MESSAGE_TEXTS && act->texts[i]; i++)
        make_text(c, act->texts[i], &m.texts[i]);
    if (strchr(client->fields, 'r') &&
        !units_from_ascii(&m.data, &c->life, act->texts[0], strlen(act->texts[0]), 1))
        abort();
    m.list = (struct strings){ items, list_count(act) };
    for (size_t i = 0; i < m.list.count; i++)
        make_text(c, act->list[i], &items[i]);
    message_store(&c->store, client->fields, &m);
}

static void say(struct client *client, struct channel *c, const struct act *act)
{
    uint32_t k = act->numbers[0];

    if (act->does == SAYS_AGAIN)
        CArchive_WriteObject(&c->store, k ? CArchive_ObjectAt(&c->store, k) : NULL);
    else if (*client->fields == 'o')
        say_object(c, act);
    else
        say_message(client, c, act);
    CArchive_Flush(&c->store);
}

static bool is_text(struct channel *c, const struct units *string, const char *due)
{
    const char *text = units_to_ascii(string, &c->request);

    return text && string->count == strlen(due) && memcmp(text, due, string->count) == 0;
}

static bool hears_object(struct channel *c, const struct act *act)
{
    struct CObject *o = CArchive_ReadObject(&c->load, NULL);
    struct thing *thing = (struct thing *)o;
    uint32_t k = act->numbers[0];

    if (CArchive_Failed(&c->load))
        return false;
    if (act->does == HEARS_AGAIN)
        return o == (k ? CArchive_ObjectAt(&c->load, k) : NULL);
    return o && strcmp(o->class->name, "CNetMessage") == 0 && !thing->told && (thing->told = true) &&
           is_text(c, &thing->strings[0], act->texts[0]) &&
           is_text(c, &thing->strings[1], act->texts[1]) && (uint32_t)thing->numbers[0] == k;
}

static bool hears_message(struct client *client, struct channel *c, const struct act *act)
{
    struct message m = { 0 };
    size_t number = 0, text = 0;
    bool right = true;

    message_load(&c->load, client->fields, &m);
    right = !CArchive_Failed(&c->load) && m.list.count == list_count(act);
    for (const char *field = client->fields; right && *field; field++) {
        if (strchr("wld", *field)) {
            right = m.numbers[number] == act->numbers[number];
            number++;
        } else if (*field == 's') {
            right = is_text(c, &m.texts[text], act->texts[text]);
            text++;
        } else if (*field == 'r') {
            right = is_text(c, &m.data, act->texts[0]);
        }
    }
    for (size_t i = 0; right && i < m.list.count; i++)
        right = is_text(c, &m.list.items[i], act->list[i]);
    pool_release(&m.pool);
    return right;
}

static bool hears(struct client *client, struct channel *c, const struct act *act)
{
    bool right = *client->fields == 'o' ? hears_object(c, act) : hears_message(client, c, act);

    if (!right && act->texts[0])
        fprintf(stderr, "%c was to hear \"%s\"\n", act->who, act->texts[0]);
    else if (!right)
        fprintf(stderr, "%c was to hear %s\n", act->who, act->numbers[0] ? "the same object again" : "null");
    pool_release(&c->request);
    return right;
}

static bool hears_the_end(struct channel *c, const struct act *act)
{
    struct exception e;

    CArchive_ExtractBYTE(&c->load);
    bool right = CArchive_Catch(&c->load, &e) && e.kind == EXCEPTION_ARCHIVE;
    if (!right)
        fprintf(stderr, "%c was to hear the end\n", act->who);
    return right;
}

static bool perform(struct client *c, const struct act *act)
{
    struct member *m = &c->members[act->who - 'a'];

    switch (act->does) {
    case ENTERS:
        return enter(c, m);
    case SAYS:
    case SAYS_AGAIN:
        say(c, &m->channel, act);
        return true;
    case HEARS:
    case HEARS_AGAIN:
        return FLAW(asks_ahead) || (FLAW(asks_and_leaves) && act->numbers[0] && act->texts[0] && !*act->texts[0]) ||
               hears(c, &m->channel, act);
    case HEARS_THE_END:
        return FLAW(asks_and_leaves) || hears_the_end(&m->channel, act);
    case LEAVES:
        leave(m);
        return true;
    }
    return false;
}

/* A case of another service is none of this one. */
static bool is_of(const char *name, const char *service)
{
    size_t len = strlen(service);

    return strncmp(name, service, len) == 0 && name[len] == '-';
}

static int talk_play(struct client *c, const char *service, const char *name)
{
    const struct talk_case *p = talk_cases, *end = p + sizeof talk_cases / sizeof *p;

    c->fields = fields_of(service);
    while (p < end && strcmp(p->name, name) != 0)
        p++;
    if (p == end || !is_of(name, service))
        return 2;
    for (const struct act *act = p->acts; act->who; act++)
        if (!perform(c, act))
            return 1;
    return 0;
}

int case_ask(const struct asking *a, const char *service, const char *name)
{
    struct client c = { .asking = a };

    FLAW_ASKS(a->host, a->port);
    int status = strcmp(service, "packet") == 0 ? packet_play(&c, name) : talk_play(&c, service, name);
    FLAW_STAYS(a->host, a->port);
    leave_all(&c);
    return FLAW(asks_and_fails) ? 3 : status;
}
