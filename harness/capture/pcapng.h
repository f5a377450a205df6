#ifndef CAPTURE_PCAPNG_H
#define CAPTURE_PCAPNG_H
/*
 * Conversations as a capture that Wireshark opens. Addresses and TCP headers are made up: connection N is between 10.0.0.1 and 10.0.0.2, from
 * the port that its client had, else 49152 + N, to the server's. Bytes, their grouping, order, times, FINs and RSTs are those that were seen.
 */
#include "base/error.h"
#include "capture/relay.h"

struct pcapng;

/* began_us: since 1970 UTC, of the first event. */
struct pcapng *pcapng_new(struct buffer *to, uint16_t server_port, int64_t began_us);
/* The server's port of connections that are opened from here on. */
void pcapng_serve(struct pcapng *p, uint16_t server_port);
/* Stands as a comment beside the next packet (Wireshark: frame.comment). At most 65535 bytes of it are kept; it must live until then. */
void pcapng_remark(struct pcapng *p, const char *text);
/* ERROR_INPUT where the events of a connection do not follow each other. */
bool pcapng_add(struct pcapng *p, const struct relay_event *event, struct error *err);
void pcapng_free(struct pcapng *p);

#endif
