#include "asker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "channel.h"
#include "cstring.h"
#include "flaw.h"

enum { COPIES_MAX = 65535 };

size_t packets_parse(const char *list, struct packet *packets)
{
    size_t count = 0;

    for (const char *at = list; count < PACKETS_MAX;) {
        unsigned value, copies;
        int used = 0;
        if (sscanf(at, "%3u:%5u%n", &value, &copies, &used) != 2 || value > 255 ||
            copies > COPIES_MAX)
            return 0;
        packets[count++] = (struct packet){ (uint8_t)value, (uint16_t)copies };
        at += used;
        if (*at == '\0')
            return count;
        if (*at++ != ',')
            return 0;
    }
    return 0;
}

size_t packets_draw(struct packet *packets, unsigned seed)
{
    srand(seed);
    for (size_t i = 0; i < RANDOM_PACKETS; i++)
        packets[i] = (struct packet){ (uint8_t)rand(), (uint16_t)(rand() % RANDOM_COPIES) };
    return RANDOM_PACKETS;
}

void packet_send(struct channel *c, const struct packet *p, size_t number, size_t of)
{
    char text[128];
    struct units string;

    CArchive_InsertBYTE(&c->store, p->value);
    uint16_t copies = p->copies;
    if (FLAW(asks_swapped))
        copies = (uint16_t)bits_turned(copies, sizeof copies);
    CArchive_InsertWORD(&c->store, copies);
    for (unsigned i = 0; i < p->copies; i++)
        CArchive_InsertBYTE(&c->store, p->value);
    int len = snprintf(text, sizeof text, "Sender sent packet %zu of %zu (Value = %u, Copies = %u)",
                       number, of, p->value, p->copies);
    if (units_from_ascii(&string, &c->request, text, (size_t)len, profile_width(c->store.profile)))
        CArchive_InsertCString(&c->store, &string);
    CArchive_Flush(&c->store);
}

bool packet_is_acknowledged(struct channel *c, const struct packet *p, unsigned last, size_t number,
                            size_t of)
{
    char due[128];
    struct units string;

    int len =
        snprintf(due, sizeof due, "Recipient received packet %zu of %zu (Value = %u, Copies = %u)",
                 number, of, last, p->copies);
    CArchive_ExtractCString(&c->load, &string, profile_width(c->load.profile));
    const char *text = units_to_ascii(&string, &c->request);
    if (CArchive_Failed(&c->load) || !text) {
        fprintf(stderr, "packet %zu: no acknowledgement\n", number);
        return false;
    }
    printf("%.*s\n", (int)string.count, text);
    if (string.count == (size_t)len && memcmp(text, due, string.count) == 0)
        return true;
    fprintf(stderr, "packet %zu: due was %s\n", number, due);
    return false;
}

static bool converse(struct channel *c, const struct packet *packets, size_t count)
{
    unsigned last = 0;
    bool right = true;

    for (size_t i = 0; i < count && right; i++) {
        if (packets[i].copies > 0)
            last = packets[i].value;
        packet_send(c, &packets[i], i + 1, count);
        right = packet_is_acknowledged(c, &packets[i], last, i + 1, count);
        pool_release(&c->request);
    }
    return right;
}

bool asking_connect(const struct asking *a, struct CSocket *socket)
{
    *socket = CSOCKET_EMPTY;
    if (a->listener ? CSocket_Accept(a->listener, socket)
                    : CSocket_Create(socket, 0, SOCK_STREAM, NULL) &&
                          CSocket_Connect(socket, a->host, a->port))
        return true;
    const char *why = CSocket_ErrorText(CSocket_GetLastError());
    if (a->listener)
        fprintf(stderr, "no connection: %s\n", why);
    else
        fprintf(stderr, "%s:%u: %s\n", a->host, a->port, why);
    CSocket_Close(socket);
    return false;
}

int ask_packet(const struct asking *a)
{
    struct packet packets[PACKETS_MAX];
    size_t count = a->packets ? packets_parse(a->packets, packets)
                              : packets_draw(packets, (unsigned)time(NULL));
    struct CSocket s;
    struct channel channel;

    if (count == 0)
        return 2;
    if (!asking_connect(a, &s))
        return 1;
    channel_open(&channel, &s, a->profile);
    bool right = converse(&channel, packets, count);
    channel_end(&channel);
    return right ? 0 : 1;
}
