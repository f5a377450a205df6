#ifndef CAPTURE_CONVERSATION_H
#define CAPTURE_CONVERSATION_H
/*
 * What two programs said to each other, in memory: the form that recording works on, wherever it was heard (the proxy's
 * traffic.ndjson, a file of packets).
 *
 * One list holds what happened on all connections, in the order in which it was heard; each connection says who opened it
 * and how it began. The client is the party that asks first in the role of the transcript; whoever dialled is told apart
 * from that. Bytes are runs of one direction without gaps: what was sent again, or came out of order, is put right by
 * whoever makes the conversation.
 */
#include "base/arena.h"
#include "base/error.h"

enum talk_side { TALK_CLIENT, TALK_SERVER };

enum talk_kind {
    TALK_DATA,  // a run of bytes, as one read or one segment brought it; never empty
    TALK_END,   // half-close: nothing more comes from this side
    TALK_RESET, // RST
};

struct said {
    enum talk_kind kind;
    enum talk_side from;
    uint32_t on;           // index of its connection
    int64_t us;            // since the conversation began; never less than that of what stands before
    struct bytes data;     // of DATA
    const struct said *next; // what was heard next, on whichever connection
};

struct talk {
    enum talk_side opened; // who dialled
    bool refused;          // the connection never came about
    bool joined;           // it was there before: what was said earlier is not known
    bool over;             // seen to its end
    int64_t us;            // when it began
    size_t bytes[2];       // by side, as all below
    bool ended[2], reset[2];
};

/* What the source of the bytes could not tell, or told twice: lost segments, say. */
struct talk_note {
    int64_t on;            // -1: of all of it
    const char *text;
    const struct talk_note *next;
};

struct conversation {
    const char *name;      // where it comes from, for messages
    struct talk *talks;
    uint32_t count;
    const struct said *first;
    struct said *last;
    const struct talk_note *notes; // newest first
    bool cut;              // the record of it was cut short
};

/* All memory is keep's, which must be the same for one conversation. Returns the index of the connection. */
uint32_t conversation_open(struct conversation *c, enum talk_side opened, int64_t us, struct arena *keep);

/* Adds at the end; data is copied. Refused, with false: data that is empty, what a side says behind its RST, and what it says
 * behind its end, but for a RST. A time before the last one becomes the last one. */
bool conversation_add(struct conversation *c, uint32_t on, enum talk_kind kind, enum talk_side from, int64_t us, struct bytes data,
                      struct arena *keep);

/* All bytes of one direction of a connection. */
struct bytes conversation_stream(const struct conversation *c, uint32_t on, enum talk_side from, struct arena *keep);

/* The proxy's traffic.ndjson. A line that is wrong is ERROR_INPUT, "file:line: …"; a file that ends early is `cut`. */
bool conversation_read(const char *path, struct arena *keep, struct conversation *out, struct error *err);
/* The same from memory. */
bool conversation_parse(struct bytes text, const char *name, struct arena *keep, struct conversation *out, struct error *err);

#endif
