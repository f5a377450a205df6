#include "programs.h"

#include <string.h>

#include "classes.h"
#include "flaw.h"
#include "message.h"

enum { BLOCK_MAX = 65536 };

void telephony_serve(struct channel *c)
{
    enum { DONE, TOO_LARGE };

    for (;;) {
        struct message m = message_blank(c->load.profile);
        message_load(&c->load, "dd", &m);
        if (CArchive_Failed(&c->load))
            return;
        uint32_t size = m.numbers[1];
        bool is_taken = size <= BLOCK_MAX || FLAW(telephony_believes_sizes);
        if (is_taken) {
            const struct slot slot = { .type = type_named("raw"), .bytes = size };
            struct value v = { 0 };
            slot.type->load(&c->load, &slot, &v);
            m.data = v.units;
        }
        if (CArchive_Failed(&c->load))
            return;
        m.numbers[0] = is_taken ? DONE : TOO_LARGE;
        m.numbers[1] = (uint32_t)m.data.count + (FLAW(telephony_counts_the_head) ? 8 : 0);
        message_store(&c->store, "ddr", &m);
        CArchive_Flush(&c->store);
        if (CArchive_Failed(&c->store) || !is_taken)
            return;
        pool_release(&c->request);
    }
}

void update_serve(struct channel *c)
{
    struct message m = { 0 };

    message_load(&c->load, FLAW(update_ends_early) ? "sss" : "ssss", &m);
    pool_release(&m.pool);
}

static struct thing *answer_new(struct channel *c, const struct thing *asked)
{
    static const char name[] = "server";
    struct thing *answer = thing_new(&c->life, asked->object.class);

    if (!answer || !units_from_ascii(&answer->strings[0], &c->life, name, strlen(name),
                                     profile_width(c->store.profile)))
        return NULL;
    answer->strings[1] = asked->strings[1];
    answer->numbers[0] = asked->numbers[0];
    return answer;
}

void net_message_serve(struct channel *c)
{
    static const char name[] = "CNetMessage";
    const struct CRuntimeClass *class = class_find(name, strlen(name));

    c->load.find_class = class_find;
    c->load.depth_max = TYPES_DEPTH_MAX;
    for (;;) {
        struct thing *asked = (struct thing *)CArchive_ReadObject(&c->load, NULL);
        if (CArchive_Failed(&c->load) || (asked && asked->object.class != class))
            return;
        if (asked && !asked->next && !(asked->next = (struct CObject *)answer_new(c, asked)))
            return;
        CArchive_WriteObject(&c->store, asked ? asked->next : NULL);
        CArchive_Flush(&c->store);
        if (CArchive_Failed(&c->store))
            return;
    }
}
