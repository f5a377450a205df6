/*
 * Two ends of a connection in one process, one of them with archives.
 *
 * Nothing here needs a second thread or the time: what the far end says is
 * said, and its end if wanted, before the near end is asked. The near end is a
 * socket of the model, the far end a descriptor.
 */
#ifndef REFERENCE_TESTS_RIG_H
#define REFERENCE_TESTS_RIG_H

#include <stddef.h>
#include <stdint.h>

#include "reference/channel.h"
#include "reference/cstring.h"

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

struct bytes {
    const uint8_t *data;
    size_t len;
};

#define BYTES(...)                                                                                 \
    {                                                                                              \
        (const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ })                 \
    }

struct rig {
    struct CSocket near;
    int far; // a descriptor, which waits
    struct profile profile;
    struct CSocketFile file;
    struct CArchive load, store;
};

/* A rig that is closed with its scope: RIG(r); rig_open(&r, …); */
#define RIG(r) __attribute__((cleanup(rig_close))) struct rig r = { .near.handle = -1, .far = -1 }
void rig_close(struct rig *r);

extern struct pool scratch; // for what need not outlive the test, which is a process of its own

/* "10 unicode 64", "6.0 ansi 32 bugs": a profile in words. */
struct profile profile_of(const char *words);

/* type is SOCK_STREAM, or SOCK_SEQPACKET, where each send arrives as one receive of its own. */
void rig_open(struct rig *r, const char *profile, int type);
/* The same over TCP on the loopback interface, where a connection can be reset. */
void rig_open_tcp(struct rig *r, const char *profile);
void rig_reset(struct rig *r);
void rig_say(struct rig *r, struct bytes said);
void rig_say_hex(struct rig *r, const char *hex);
void rig_end(struct rig *r);

/* What the near end has sent since the last call; len 0 if nothing. One receive. */
struct bytes rig_hear(struct rig *r);

/* The cause of the archive exception that is caught; 0 without one, -kind for others. */
int caught(struct CArchive *ar);

/*
 * All that a service answers to `said`, which arrives in pieces of that size
 * (0: in one) with the end behind. Another thread only takes what is answered,
 * so that there is always room for it.
 */
struct bytes rig_ask(void (*serve)(struct channel *), const char *profile, struct bytes said,
                     size_t piece);

/* A request or reply in words: 'text' is a str of one length byte, the rest is hexadecimal. */
struct bytes spelt(const char *words);

/* Bytes as text for comparisons that fail readably; in scratch. */
char *hex_of(struct bytes b);
struct bytes bytes_of(const char *hex);

#endif
