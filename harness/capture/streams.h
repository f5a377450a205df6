#ifndef CAPTURE_STREAMS_H
#define CAPTURE_STREAMS_H
/*
 * TCP segments, in the order in which they were captured, to conversations.
 *
 * All segments are known before the first is looked at. So a gap waits for the segment that fills it only where there is
 * one; else it is told at once as lost, and what stands behind it keeps its place in the conversation. Where bytes
 * come twice the first stay, and a difference is told.
 */
#include "capture/frames.h"
#include "capture/import.h"

struct streams;

struct streams *streams_new(void);
/* A segment; its data are copied. us: since the capture began. */
void streams_add(struct streams *s, const struct segment *segment, int64_t us);
/* Puts together what was added. */
void streams_finish(struct streams *s, const struct import_options *o, struct import *out);
void streams_free(struct streams *s);

#endif
