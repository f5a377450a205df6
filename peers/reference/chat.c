/*
 * Who hears what; connections, and when they end, are the business of members.c.
 */
#include "chat.h"

#include <string.h>

#include "flaw.h"
#include "members.h"

static void forward(struct member *to, const struct message *m)
{
    member_tell(to, m);
    if (FLAW(chat_says_it_twice))
        member_tell(to, m);
}

static void tell_others(struct member *from, const struct message *m, bool farewell)
{
    struct room *room = from->room;

    room->left |= farewell && room->members->next;
    for (struct member *to = room->members; to; to = to->next) {
        bool echoed = FLAW(chat_echoes) || (FLAW(chat_echoes_behind_farewells) && room->left);
        if (to == from && (farewell || !echoed))
            continue;
        forward(to, m);
        if (FLAW(chat_tells_one))
            break;
    }
}

/* chat and talk [SVC-22, APP-1] */

static void chat_take(struct member *from, struct message *m)
{
    bool is_farewell = m->numbers[0] != 0;
    struct message farewell = message_blank(from->room->profile);

    tell_others(from, m, is_farewell);
    if (!is_farewell)
        return;
    farewell.numbers[0] = m->numbers[0];
    member_tell(from, &farewell);
    from->leaves = true;
}

void chat_host(const struct server *s, struct CSocket *listener)
{
    static const struct dialect chat = { "wsc", chat_take };

    room_host(s, listener, &chat);
}

void talk_host(const struct server *s, struct CSocket *listener)
{
    static const struct dialect talk = { "ws", chat_take };

    room_host(s, listener, &talk);
}

/* messenger [APP-2] */

enum { TEXT, RECEIVER, SENDER };

static bool units_equal(const struct units *a, const struct units *b)
{
    return a->count == b->count && a->width == b->width &&
           (a->count == 0 || memcmp(a->data, b->data, a->count * a->width) == 0);
}

/* A name is that of who used it last. */
static void become_known(struct member *member, const struct units *name)
{
    for (struct member *m = member->room->members; m; m = m->next)
        if (units_equal(&m->name, name))
            m->name.count = 0;
    pool_release(&member->names);
    if (!units_new(&member->name, &member->names, name->count, name->width))
        member->name.count = 0;
    else if (name->count)
        memcpy(member->name.data, name->data, name->count * name->width);
}

static void messenger_take(struct member *from, struct message *m)
{
    const struct units *receiver = &m->texts[FLAW(messenger_mixes_names) ? SENDER : RECEIVER];

    if (m->texts[RECEIVER].count == 0) {
        forward(from, m);
        return;
    }
    become_known(from, &m->texts[SENDER]);
    for (struct member *to = from->room->members; to; to = to->next)
        if (units_equal(&to->name, receiver) || FLAW(messenger_tells_all))
            forward(to, m);
}

void messenger_host(const struct server *s, struct CSocket *listener)
{
    static const struct dialect messenger = { "wsss", messenger_take };

    room_host(s, listener, &messenger);
}

/* room [APP-3] */

enum { TYPE, FROM, TO };
enum { VOID = -1, LOGIN = 1, NOBODY = -1, ALL = 9999, SYSTEM = 10000 };

static const struct {
    const char *name;
    int32_t number;
} people[] = { { "guest", 100 }, { "ann", 101 }, { "bob", 102 }, { "cid", 103 } };

static int32_t number_of(const struct units *name, struct pool *pool)
{
    const char *text = units_to_ascii(name, pool);

    for (size_t i = 0; text && i < sizeof people / sizeof *people; i++)
        if (strlen(people[i].name) == name->count && memcmp(people[i].name, text, name->count) == 0)
            return people[i].number;
    return NOBODY;
}

/* A number is that of who logged in with it last. */
static void log_in(struct member *member, struct message *m)
{
    int32_t number = number_of(&m->texts[TEXT], &m->pool);
    struct message answer = *m;

    for (struct member *one = member->room->members; number != NOBODY && one; one = one->next)
        if (one->number == number)
            one->number = 0;
    if (number != NOBODY)
        member->number = number;
    answer.numbers[FROM] = SYSTEM;
    answer.numbers[TO] = (uint32_t)(FLAW(room_says_the_next_number) ? number + 1 : number);
    member_tell(member, &answer);
}

static void room_take(struct member *from, struct message *m)
{
    int32_t type = (int32_t)m->numbers[TYPE], to = (int32_t)m->numbers[TO];

    if (type == VOID && !FLAW(room_passes_nothing_on))
        return;
    if (type == LOGIN && (int32_t)m->numbers[FROM] == NOBODY && to == SYSTEM) {
        log_in(from, m);
        return;
    }
    if (from->number == 0 || (int32_t)m->numbers[FROM] != from->number) {
        from->leaves = !FLAW(room_believes_numbers);
        if (from->leaves)
            return;
    }
    for (struct member *one = from->room->members; one; one = one->next)
        if (one->number && (to == ALL ? one != from : one->number == to))
            forward(one, m);
}

void room_of_numbers_host(const struct server *s, struct CSocket *listener)
{
    static const struct dialect room = { "llls", room_take };

    room_host(s, listener, &room);
}
