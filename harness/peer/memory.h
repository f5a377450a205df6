#ifndef PEER_MEMORY_H
#define PEER_MEMORY_H
/*
 * How much memory a peer of ours has held at most: of all its processes together, by what the kernel remembers.
 */
#include "peer/process.h"

/* Lets the kernel forget the peak so far: from here on it is what is held now. False where that is not allowed. */
bool peer_memory_reset(const struct peer *p);

/* The peak since, in bytes; 0 when it is not known. */
uint64_t peer_memory_peak(const struct peer *p);

#endif
