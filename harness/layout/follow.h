#ifndef LAYOUT_FOLLOW_H
#define LAYOUT_FOLLOW_H
/*
 * A stream that comes in pieces, read by a layout: where a field begins is told with the bytes in front of it, before its own are there.
 *
 * Kept are the bytes of the one message that is not whole, the table of objects, and what the messages of the other side go by.
 */
#include "layout/layout.h"

#define FOLLOW_MESSAGE_MAX  (1u << 20)  // bytes of one message
#define FOLLOW_AGAIN_MAX    (64u << 20) // bytes of one message that are read again, since it comes in pieces
#define FOLLOW_TABLE_MAX    (1u << 18)  // classes and objects
#define FOLLOW_REQUESTS_MAX 4096        // that wait for their answer …
#define FOLLOW_WAITING_MAX  (4u << 20)  // … and their bytes

/* What begins, or is over, in front of a byte. */
enum layout_mark_kind { LAYOUT_FIELD, LAYOUT_MESSAGE, LAYOUT_MESSAGE_END };

struct layout_mark {
    enum layout_mark_kind kind;
    uint64_t at;      // of the stream, from 0
    const char *name; // of the field, behind those around it, "head.size", or of the message; lives until the watcher returns
};
typedef void layout_marked(void *context, const struct layout_mark *mark);

/* Requests of a connection that have not been answered, for layouts whose answers go by them. All zero at first. */
struct layout_waiting {
    struct waiting *first, *last;
    size_t count, bytes;
};
void layout_waiting_free(struct layout_waiting *w);

struct layout_follower;

/* What one side says on a connection; all is borrowed. `waiting` is shared by its two sides. */
struct layout_follower *layout_follow(const struct layout *l, enum layout_side from, const struct profile *p, struct layout_waiting *waiting,
                                      layout_marked *watch, void *context);

/* More has come. False, from then on, when the stream is not understood any more. */
bool layout_follow_on(struct layout_follower *f, struct bytes more);

/* Of a stream that is not understood any more: the offset of what does not fit, and why. */
const char *layout_follow_lost(const struct layout_follower *f, uint64_t *at);

void layout_follow_free(struct layout_follower *f);

/* "text", "head.size#2": a field by its name, or a message where no field is called so; each, or the n-th on its connection. */
struct layout_place {
    const char *name; // borrowed, not terminated; NULL: none
    size_t len;
    uint64_t number;  // from 1; 0: each
};

/* ERROR_USAGE where what stands behind the last # is no number from 1 on. */
bool layout_place_parse(const char *text, size_t len, struct layout_place *out, struct error *err);

/* Whether that side says such a field, or message. */
bool layout_has_place(const struct layout *l, enum layout_side from, const struct layout_place *p);

/* Whether it is that; *seen counts those of that name. */
bool layout_mark_is(const struct layout_mark *m, const struct layout *l, enum layout_side from, const struct layout_place *p, uint64_t *seen);

#endif
