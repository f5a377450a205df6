#ifndef CAPTURE_SHADOW_H
#define CAPTURE_SHADOW_H
/*
 * A second server that hears what the clients of a relay say, and whose answers are compared with the first one's and
 * dropped. It learns of a conversation only from what the relay's watcher is told, behind the relay's own write: nothing that it
 * does, or fails to do, reaches the client or the first server.
 *
 * Compared are the bytes that the two say on a connection, in their order, and how they end it: not how bytes are grouped, nor when
 * they come. What is held for either is bounded; where that is not enough the connection's comparison is given up.
 */
#include "capture/relay.h"

enum shadow_outcome {
    SHADOW_SAME,
    SHADOW_DIFFERS,  // another byte
    SHADOW_SHORT,    // bytes are missing, for it has ended, or stays silent
    SHADOW_LONG,     // more bytes than the first server said
    SHADOW_END,      // the bytes are the same, and the end is another
    SHADOW_ABSENT,   // it could not be dialled: number is errno
    SHADOW_GIVEN_UP, // one server is too far behind the other; or the first could not be dialled: number is errno
};

/* How a server ended a connection. */
enum shadow_end {
    SHADOW_OPEN,       // not at all
    SHADOW_FIN_FIRST,  // with FIN, while the client's direction was open
    SHADOW_FIN_BEHIND, // with FIN, behind the client's
    SHADOW_RST,
};

/* What is told of a connection, once. Behind a RST of the client no end is compared, nor what the shadow says beyond the first server. */
struct shadow_verdict {
    enum shadow_outcome outcome;
    uint32_t on;                   // the relay's connection
    int64_t number;
    uint64_t at;                   // bytes that are the same: the offset of the first that is not
    struct bytes expected, got;    // from there on, SHADOW_TOLD at most, of the first server and of the shadow; until the call returns
    struct bytes before;           // the bytes that are the same, where they are kept and all of them are there; or none
    enum shadow_end ends, shadows; // of the first server and of the shadow; as far as that had come
};
#define SHADOW_TOLD 4096

typedef bool shadow_tell(void *context, const struct shadow_verdict *v, struct error *err);

struct shadow_limits {
    size_t queue;     // bytes that are held of what the client says, and of what one server says before the other does
    int64_t patience; // µs that a shadow has for what the first server has said or done when the client's connection is over
    size_t before;    // bytes that are kept of what both have said, for whoever wants to read what differs; 0: none
};
extern const struct shadow_limits shadow_limits_default;

struct shadow;

/* ERROR_SYSTEM. The caller frees it. */
struct shadow *shadow_new(const struct address *to, const struct shadow_limits *l, shadow_tell *tell, void *context, struct error *err);

/* What the relay's watcher was told. Never waits. */
bool shadow_hear(struct shadow *s, const struct relay_event *e, int64_t now, struct error *err);

/* Readable when shadow_step has something to do; else that is at shadow_due, INT64_MAX: never. */
int shadow_fd(const struct shadow *s);
int64_t shadow_due(const struct shadow *s);

/* Does what can be done without waiting. */
bool shadow_step(struct shadow *s, int64_t now, struct error *err);

/* Conversations whose verdict has not been told. */
uint32_t shadow_open(const struct shadow *s);

void shadow_free(struct shadow *s);

#endif
