/*
 * The other side of a sample service: a program that asks.
 */
#ifndef REFERENCE_ASKER_H
#define REFERENCE_ASKER_H

#include "channel.h"

struct asking {
    const char *host;
    uint16_t port;
    struct CSocket *listener; // asks whoever dials it; NULL: dials host and port
    const char *packets; // value:copies,…; NULL for random ones
    const struct profile *profile;
};

/* Creates the socket and connects it, or accepts into it. false, with a line on standard error, when that fails. */
bool asking_connect(const struct asking *a, struct CSocket *socket);

/*
 * The sender of PacketSerialize [SVC-21]: each packet goes when the one before
 * has been acknowledged. Prints the acknowledgements. Returns 0 when all are
 * right, else 1 with a line on standard error, 2 when packets makes no sense.
 */
int ask_packet(const struct asking *a);

enum { PACKETS_MAX = 1000, RANDOM_PACKETS = 5, RANDOM_COPIES = 32000 };

struct packet {
    uint8_t value;
    uint16_t copies;
};

/* How many there are; 0 where the list makes no sense. packets has room for PACKETS_MAX. */
size_t packets_parse(const char *list, struct packet *packets);

/* RANDOM_PACKETS of them, each of fewer than RANDOM_COPIES copies; the same for the same seed. */
size_t packets_draw(struct packet *packets, unsigned seed);

/* The number-th of so many packets, flushed. */
void packet_send(struct channel *c, const struct packet *p, size_t number, size_t of);

/* Waits for the acknowledgement; last is the value of the last byte sent, in this packet or before [PRO-1]. */
bool packet_is_acknowledged(struct channel *c, const struct packet *p, unsigned last, size_t number,
                            size_t of);

#endif
