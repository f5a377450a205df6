/*
 * The archive conformance service, version 1: what it answers.
 */
#ifndef REFERENCE_SERVICE_H
#define REFERENCE_SERVICE_H

#include "channel.h"

/* Largest request taken and reply given, in bytes, as INFO tells. */
enum { SERVICE_MAX_BYTES = 128 << 20, FLOOD_MAX = 64 << 20 };

/* Answers until either side has had enough; the caller ends the channel. */
void conformance_serve(struct channel *c);

#endif
