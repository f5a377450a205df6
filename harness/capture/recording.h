#ifndef CAPTURE_RECORDING_H
#define CAPTURE_RECORDING_H
/*
 * A conversation that was heard, as a case: what client and server said, in order, as bytes; where a layout reads a whole message,
 * as the values of its fields, with their names.
 *
 * What the machine's load decides is taken out, so that the same session gives the same case: the cuts of segments; the order in
 * which the server's acts on several connections were heard, between two of the client's; the order of ends at the end of it all.
 *
 * Several recordings of one session tell what is volatile. They must be alike but for bytes that differ in place:
 *
 *   the server's, said again later by either    kept where it is first said, and repeated where it is said again
 *   the client's, also where the server         what the first recording has
 *   repeats it
 *   the server's otherwise                      any
 *
 * Of a field that is all of it, and recordings may differ in its length, too.
 */
#include "archive/codepage.h"
#include "base/text.h"
#include "capture/conversation.h"
#include "layout/layout.h"

/* One playing of the session. */
struct heard {
    const struct conversation *c;
    int64_t only; // this connection alone; -1: all of them
};

/* How what was said is read. */
struct recording_manner {
    const struct layout *from[2];    // what the client says, and the server; NULL: bytes
    const struct codepage *codepage; // of narrow text; NULL: not known
};

struct recording {
    struct act *acts;   // private
    size_t count;
    uint32_t connections;
    const struct codepage *codepage;
    struct arena *keep;
    size_t kept, any, typed; // values, once it is printed
};

/* ERROR_INPUT, one line: nothing was said, a connection that was there before, or recordings that are not alike. */
bool recording_make(const struct heard *all, size_t count, const struct recording_manner *how, struct arena *keep, struct recording *out,
                    struct error *err);

/* Where and why a layout ends to fit, line by line. */
void recording_notes(const struct recording *r, struct text *to);

/* What stands around the steps. */
struct recording_head {
    const char *suite, *id, *service;
    const char *const *clauses;    // ended by NULL
    const char *before, *behind;   // the control to be played so, on a connection of its own, or NULL
    const char *no_control, *level; // or NULL
};

/* A suite of this one case, in the canonical form. */
bool recording_print(struct text *to, struct recording *r, const struct recording_head *head, struct error *err);

#endif
