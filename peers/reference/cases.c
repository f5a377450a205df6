#include "cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cstring.h"
#include "flaw.h"

enum { MEMBERS = 3, LIST_MAX = 3 };

/* A client may have several connections, called a, b and c. */
struct client {
    const struct asking *asking;
    struct member {
        struct CSocket socket;
        struct channel channel;
        bool is_open;
    } members[MEMBERS];
};

static bool enter(struct client *c, struct member *m)
{
    if (!asking_connect(c->asking, &m->socket))
        return false;
    channel_open(&m->channel, &m->socket, c->asking->profile);
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

/* ---- chat [SVC-22] ---- */

/* What a member does; a case is a row of these, up to one without a member. */
struct act {
    char who;
    enum { ENTERS = 1, SAYS, HEARS, LEAVES } does;
    uint16_t close;
    const char *text;
    const char *list[LIST_MAX];
};

#define ACTS(...) ((const struct act[]){ __VA_ARGS__, { 0 } })

// clang-format off
static const struct chat_case {
    const char *name;
    const struct act *acts;
} chat_cases[] = {
    { "chat-talk", ACTS(
        { 'a', ENTERS }, { 'b', ENTERS },
        { 'b', SAYS, 0, "Hi" }, { 'a', HEARS, 0, "Hi" },
        { 'a', SAYS, 0, "Hi yourself" }, { 'b', HEARS, 0, "Hi yourself" },
        { 'b', SAYS, 0, "", { "one", "", "three" } }, { 'a', HEARS, 0, "", { "one", "", "three" } },
        { 'a', SAYS, 0, "well" }, { 'b', HEARS, 0, "well" },
        { 'b', SAYS, 0, "then" }, { 'a', HEARS, 0, "then" }) },
    { "chat-three-talk", ACTS(
        { 'a', ENTERS }, { 'b', ENTERS }, { 'c', ENTERS },
        { 'c', SAYS, 0, "all" }, { 'a', HEARS, 0, "all" }, { 'b', HEARS, 0, "all" },
        { 'a', SAYS, 0, "back", { "a: 1" } }, { 'b', HEARS, 0, "back", { "a: 1" } }, { 'c', HEARS, 0, "back", { "a: 1" } },
        { 'b', SAYS, 2, "bye" }, { 'a', HEARS, 2, "bye" }, { 'c', HEARS, 2, "bye" },
        { 'b', HEARS, 2, "" }, { 'b', LEAVES },
        { 'c', SAYS, 0, "two left" }, { 'a', HEARS, 0, "two left" },
        { 'a', SAYS, 0, "you and I" }, { 'c', HEARS, 0, "you and I" }) },
    { "chat-latecomer", ACTS(
        { 'a', ENTERS }, { 'b', ENTERS },
        { 'b', SAYS, 0, "early" }, { 'a', HEARS, 0, "early" },
        { 'c', ENTERS },
        { 'c', SAYS, 0, "hello" }, { 'a', HEARS, 0, "hello" }, { 'b', HEARS, 0, "hello" },
        { 'b', SAYS, 0, "late" }, { 'a', HEARS, 0, "late" }, { 'c', HEARS, 0, "late" },
        { 'a', SAYS, 0, "noted" }, { 'b', HEARS, 0, "noted" }, { 'c', HEARS, 0, "noted" },
        { 'b', SAYS, 0, "last" }, { 'a', HEARS, 0, "last" }, { 'c', HEARS, 0, "last" }) },
    { "chat-goodbye", ACTS(
        { 'a', ENTERS },
        { 'a', SAYS, 0, "anybody?" },
        { 'a', SAYS, 1, "bye" }, { 'a', HEARS, 1, "" }) },
    { "chat-farewell-alone", ACTS(
        { 'a', ENTERS },
        { 'a', SAYS, 7, "bye" }, { 'a', HEARS, 7, "" }) },
};
// clang-format on

static size_t list_count(const struct act *act)
{
    size_t n = 0;

    while (n < LIST_MAX && act->list[n])
        n++;
    return n;
}

static void say_text(struct channel *c, const char *text)
{
    struct units string;
    unsigned width = profile_width(c->store.profile);

    if (units_from_ascii(&string, &c->request, text, strlen(text), FLAW(asks_in_other_width) ? 3 - width : width))
        CArchive_InsertCString(&c->store, &string);
}

static void say(struct channel *c, const struct act *act)
{
    CArchive_InsertWORD(&c->store, act->close);
    say_text(c, act->text);
    CArchive_WriteCount(&c->store, list_count(act));
    for (size_t i = 0; i < list_count(act); i++)
        say_text(c, act->list[i]);
    CArchive_Flush(&c->store);
}

static bool hears_text(struct channel *c, const char *due)
{
    struct units string;

    CArchive_ExtractCString(&c->load, &string, profile_width(c->load.profile));
    const char *text = units_to_ascii(&string, &c->request);
    return !CArchive_Failed(&c->load) && text && string.count == strlen(due) &&
           memcmp(text, due, string.count) == 0;
}

static bool hears(struct channel *c, const struct act *act)
{
    bool right = CArchive_ExtractWORD(&c->load) == act->close && hears_text(c, act->text) &&
                 CArchive_ReadCount(&c->load) == list_count(act);

    for (size_t i = 0; right && i < list_count(act); i++)
        right = hears_text(c, act->list[i]);
    if (!right)
        fprintf(stderr, "%c was to hear \"%s\"\n", act->who, act->text);
    pool_release(&c->request);
    return right;
}

/* Behind its farewell the server ends first, and says nothing before. */
static bool ends(struct channel *c)
{
    CArchive_ExtractBYTE(&c->load);
    return CArchive_Failed(&c->load);
}

static bool perform(struct client *c, const struct act *act)
{
    struct member *m = &c->members[act->who - 'a'];

    switch (act->does) {
    case ENTERS:
        return enter(c, m);
    case SAYS:
        say(&m->channel, act);
        return true;
    case HEARS:
        if (!act->close || *act->text)
            return hears(&m->channel, act);
        return FLAW(asks_and_leaves) || (hears(&m->channel, act) && ends(&m->channel));
    case LEAVES:
        leave(m);
        return true;
    }
    return false;
}

static int chat_play(struct client *c, const char *name)
{
    const struct chat_case *p = chat_cases, *end = p + sizeof chat_cases / sizeof *p;

    while (p < end && strcmp(p->name, name) != 0)
        p++;
    if (p == end)
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
    int status = strcmp(service, "packet") == 0 ? packet_play(&c, name) : chat_play(&c, name);
    FLAW_STAYS(a->host, a->port);
    leave_all(&c);
    return FLAW(asks_and_fails) ? 3 : status;
}
