#ifndef CAPTURE_RELAY_H
#define CAPTURE_RELAY_H
/*
 * Stands between clients and their server and passes on what they say, unchanged and at once: each read becomes one
 * write, an end of one side becomes an end of the other, and a RST becomes a RST. Whoever watches is told of all of it.
 *
 * What one side cannot take yet is held back, at most one read of it, and no more is read from the other: a slow reader
 * is as slow through the relay as without. What it cannot hide: a client is accepted before its server is dialled, so a
 * refusal reaches the client as a RST; and segments that come together may leave together.
 */
#include "capture/by_field.h"
#include "net/net.h"

enum relay_side { RELAY_CLIENT, RELAY_SERVER };

enum relay_kind {
    RELAY_OPEN,    // a client came; number is the port that it came from, 0 of a local one
    RELAY_REFUSED, // its server could not be dialled: number is errno; the client sees a RST
    RELAY_DATA,    // one read
    RELAY_END,     // FIN, behind all its data
    RELAY_RESET,   // RST, or a write that met a dead connection: number is errno
    RELAY_FAULT,   // what was said there was passed on otherwise, or its end was
    RELAY_NOTE,    // what is by field cannot be done there, or not any more: text says why
    RELAY_CLOSED,  // nothing more comes of this connection
};

struct relay_event {
    enum relay_kind kind;
    uint32_t on;          // connection, from 0 in the order in which they came
    enum relay_side from; // of DATA, END, RESET, FAULT and NOTE
    int64_t us;           // since the relay began
    int64_t number;
    struct bytes data;    // of DATA, as it was said; lives until the watcher returns
    const struct fault *fault; // of FAULT
    const char *text;          // of NOTE
};

/* Called while an event happens. False, with an error, stops the relay: relay_step fails with it. */
typedef bool relay_watch(void *context, const struct relay_event *event, struct error *err);

struct relay;

/* Listens; *listen becomes the address with its port. ERROR_USAGE, ERROR_SYSTEM. The caller frees it. */
struct relay *relay_new(struct address *listen, const struct address *to, relay_watch *watch, void *context, struct error *err);

/* From now on what a side says is passed on with these faults on each connection; borrowed. They are told behind what they spoil. */
void relay_spoil(struct relay *r, enum relay_side from, const struct faults *faults);

/* In what pieces it is passed on what a side says. */
enum relay_pieces {
    RELAY_AS_READ,
    RELAY_BYTEWISE,  // each byte by itself
    RELAY_RANDOM,    // 1 to 128 bytes: on each connection cut at the same offsets with the same seed
    RELAY_COALESCED, // what is said within the pause is one piece; so is what comes before the end
    RELAY_CUT,       // as read, but cut in front of some bytes, or fields
};

#define RELAY_CUTS_MAX BY_FIELD_MAX

/* Where a direction is cut: bytes are counted from 0 on each connection as they are passed on, faults included. */
struct relay_cuts {
    uint64_t at[RELAY_CUTS_MAX]; // in front of these; none of them is 0
    size_t count;
    uint64_t every; // and in front of each byte whose number this divides; 0: none
    struct layout_place fields[RELAY_CUTS_MAX]; // and in front of these, as they are said
    size_t field_count;
    bool each_field; // and behind each
};

/* From now on, on new connections, what each side says is read by its layout, or NULL, where a cut or a fault is by field; borrowed. */
void relay_read(struct relay *r, const struct layout *const layouts[2], const struct profile *p);

/* From now on, on new connections. pause: µs between two pieces, or that what is said waits for more. cuts: of CUT; borrowed. */
void relay_cut(struct relay *r, enum relay_side from, enum relay_pieces pieces, int64_t pause, uint64_t seed, const struct relay_cuts *cuts);

/* Waits at most ms (-1: without limit) for something to happen and does it. False with an error only where the relay itself cannot
 * go on; an interrupted wait is none. */
bool relay_step(struct relay *r, int ms, struct error *err);

/* The next step that may wait does not yet: it only looks whether an answer to what was passed on is there. Otherwise it waits, and
 * what a watcher has put off is due. */
bool relay_looks(const struct relay *r);

/* From now on relay_step does not wait while this can be read; borrowed. ERROR_SYSTEM. */
bool relay_heed(struct relay *r, int fd, struct error *err);

/* Readable when relay_step would not wait, for whoever waits for more than the relay. */
int relay_fd(const struct relay *r);

/* Connections that are over, and those that are not. */
uint32_t relay_over(const struct relay *r);
uint32_t relay_open(const struct relay *r);

/* Resets what is still open. */
void relay_free(struct relay *r);

#endif
