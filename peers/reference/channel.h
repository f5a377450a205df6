/*
 * A connection with its file and its two archives: steps 4 to 7 of the model.
 */
#ifndef REFERENCE_CHANNEL_H
#define REFERENCE_CHANNEL_H

#include "carchive.h"
#include "csocketfile.h"

struct channel {
    struct CSocket *socket; // the caller's; closed by channel_end
    struct CSocketFile file;
    struct CArchive load, store;
    struct pool request; // what the request at hand has brought
    struct pool life;    // what lives as long as the connection
    bool archive_per_message;
    uint8_t load_buffer[CARCHIVE_BUFFER]; // from here on nothing is set at first
    uint8_t store_buffer[CARCHIVE_BUFFER];
};

/* The socket must be connected. Both archives keep what they extract in `request`. */
void channel_open(struct channel *c, struct CSocket *socket, const struct profile *profile);

/* New archives on the same file: counters restart, and what was read ahead is lost [OBJ-12]. */
void channel_renew(struct channel *c);

/*
 * Destroys archives, file and socket, in this order, without a RST: what is
 * buffered is sent, then FIN; what still comes is dropped until the other side
 * ends, too, or for one second [SVC-17].
 */
void channel_end(struct channel *c);

#endif
