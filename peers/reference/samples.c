#include "samples.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cstring.h"
#include "flaw.h"
#include "service.h"
#include "text.h"

/* The str as ASCII, terminated; "" after an exception. Lives until the pool is released. */
static const char *load_text(struct channel *c)
{
    struct units string;

    CArchive_ExtractCString(&c->load, &string, profile_width(c->load.profile));
    char *ascii = units_to_ascii(&string, &c->request);
    char *text = ascii ? pool_grow(&c->request, ascii, string.count + 1, 1) : NULL;
    return text ? text : "";
}

static void put_str(struct channel *c, const char *text)
{
    struct units string;

    if (units_from_ascii(&string, &c->request, text, strlen(text), profile_width(c->store.profile)))
        CArchive_InsertCString(&c->store, &string);
}

/* N of "packet P of N", which may stand anywhere; false without it. */
static bool packets_of(const char *text, uint32_t *n)
{
    uint32_t p;

    for (const char *at = text; (at = strstr(at, "packet ")); at++)
        if (sscanf(at, "packet %9" SCNu32 " of %9" SCNu32, &p, n) == 2)
            return true;
    return false;
}

void packet_serve(struct channel *c)
{
    uint8_t last = 0;
    uint32_t of;
    char ack[128];

    for (uint32_t packet = 1;; packet++) {
        CArchive_ExtractBYTE(&c->load); // the value, which the copies repeat
        unsigned copies = CArchive_ExtractWORD(&c->load);
        for (unsigned i = 0; i < copies && !CArchive_Failed(&c->load); i++)
            last = CArchive_ExtractBYTE(&c->load);
        const char *text = load_text(c);
        if (CArchive_Failed(&c->load) || !packets_of(text, &of))
            return;
        snprintf(ack, sizeof ack,
                 "Recipient received packet %" PRIu32 " of %" PRIu32 " (Value = %u, Copies = %u)",
                 packet, of, last, copies);
        put_str(c, ack);
        CArchive_Flush(&c->store);
        if (CArchive_Failed(&c->store))
            return;
        pool_release(&c->request);
    }
}

void login_serve(struct channel *c)
{
    bool is_guest = strcmp(load_text(c), "guest") == 0;
    bool may_enter = strcmp(load_text(c), "guest") == 0 && is_guest;

    if (CArchive_Failed(&c->load))
        return;
    CArchive_InsertWORD(&c->store, may_enter);
    CArchive_Flush(&c->store);
    pool_release(&c->request);
    if (may_enter && !CArchive_Failed(&c->store))
        conformance_serve(c);
}

static uint32_t load_net(struct CArchive *ar, unsigned size)
{
    return (uint32_t)bits_turned(CArchive_Extract(ar, size), size);
}

static void store_net(struct CArchive *ar, uint32_t value, unsigned size)
{
    CArchive_Insert(ar, bits_turned(value, size), size);
}

void netorder_serve(struct channel *c)
{
    const uint32_t magic = 0x4d464331; // "MFC1"

    for (;;) {
        uint32_t found = load_net(&c->load, 4);
        uint32_t command = load_net(&c->load, 2);
        uint32_t param1 = load_net(&c->load, 2);
        uint32_t param2 = load_net(&c->load, 4);
        if (CArchive_Failed(&c->load) || found != magic)
            return;
        store_net(&c->store, magic, 4);
        store_net(&c->store, command + 1, 2);
        store_net(&c->store, 0 - param1, 2);
        store_net(&c->store, param2, 4);
        if (FLAW(babbles_behind_negatives) && param1 != 5) // which all controls say
            CArchive_InsertBYTE(&c->store, 0);
        CArchive_Flush(&c->store);
        if (CArchive_Failed(&c->store))
            return;
    }
}
