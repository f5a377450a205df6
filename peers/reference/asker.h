/*
 * The other side of a sample service: a program that asks.
 */
#ifndef REFERENCE_ASKER_H
#define REFERENCE_ASKER_H

#include <stdint.h>

#include "generation.h"

struct asking {
    const char *host;
    uint16_t port;
    const char *packets; // value:copies,…; NULL for random ones
    const struct profile *profile;
};

/*
 * The sender of PacketSerialize [SVC-21]: each packet goes when the one before
 * has been acknowledged. Prints the acknowledgements. Returns 0 when all are
 * right, else 1 with a line on standard error, 2 when packets makes no sense.
 */
int ask_packet(const struct asking *a);

#endif
