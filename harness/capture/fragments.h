#ifndef CAPTURE_FRAGMENTS_H
#define CAPTURE_FRAGMENTS_H
/*
 * Pieces of IP packets put together. Where two have the same bytes the first stay; a packet of which a piece is missing, or cut by the capture, is none.
 */
#include "capture/frames.h"

struct fragments;

struct fragments *fragments_new(void);
/* A frame of FRAME_FRAGMENT. True: its packet is whole now; *payload is what its pieces hold, until the next call. */
bool fragments_add(struct fragments *f, const struct segment *piece, struct bytes *payload);
/* Pieces that were added and are in no whole packet. */
unsigned fragments_left(const struct fragments *f);
void fragments_free(struct fragments *f);

#endif
