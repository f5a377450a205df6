/*
 * Small services after the classic articles and samples, byte for byte.
 *
 * Malformed or cut input ends a connection without a further byte.
 */
#ifndef REFERENCE_SAMPLES_H
#define REFERENCE_SAMPLES_H

#include "channel.h"

/*
 * The recipient of PacketSerialize [SVC-21]: BYTE value, WORD copies, so many
 * BYTEs, str text; each is acknowledged with a str. The value it tells is
 * that of the last BYTE it read, were it one of an earlier packet [PRO-1].
 */
void packet_serve(struct channel *c);

/* Validating a password: str user, str password; WORD 1 and the conformance service, or WORD 0. */
void login_serve(struct channel *c);

/*
 * A server that is not MFC, with its numbers in network order: magic,
 * command, param1, param2; the answer has the next command and -param1.
 */
void netorder_serve(struct channel *c);

#endif
