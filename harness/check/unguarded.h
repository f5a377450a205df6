#ifndef CHECK_UNGUARDED_H
#define CHECK_UNGUARDED_H
/*
 * What a passing conversation would let pass: each thing that came is changed in the trace, by itself, and what is then
 * there is judged again, without a peer. What no change makes fail is unguarded: a peer could do it wrong, and pass.
 */
#include "check/check.h"

/* Ways to change what came; each place is tried in each way that it has, and a way may have several changes. */
enum change {
    CHANGE_VALUE,     // a byte has another value: one more, its highest bit the other, 00, FF
    CHANGE_LENGTH,    // a byte is missing, comes twice, or has another in front
    CHANGE_CUT,       // nothing comes from a field on
    CHANGE_FIELDS,    // two fields that differ change places
    CHANGE_ORDER,     // two messages of a connection that differ change places
    CHANGE_EARLY,     // a message comes before what it answers has been sent
    CHANGE_SPEAKS,    // a byte comes in a silence
    CHANGE_BEHIND,    // a byte comes behind all that is due
    CHANGE_RESET,     // a RST comes in the place of the end
    CHANGE_NO_END,    // the end, or the RST that is due, does not come
    CHANGE_END_FIRST, // the end comes before ours, which it should follow
    CHANGE_NO_RETRY,  // the peer is not heard to try again
    CHANGE_COUNT
};

const char *change_name(enum change c);   // "value", in logs
const char *change_words(enum change c);  // for people

/* A place where nothing was noticed. Strings live in the arena that was given. */
struct unguarded_place {
    enum change change;
    size_t op;           // of the program
    const char *control; // the control that it belongs to, or NULL
    const char *check;   // what the op is judged as, or NULL
    const char *field;   // its name, or its type; NULL: no field has it
    size_t at, len;      // bytes of the op's message: where, and how many in a row
    const struct json *step; // that says the op, or NULL
    const struct json *reason; // the string that says why nothing can notice; NULL: none is given
};

struct unguarded {
    size_t changes;                // places × ways that were tried
    bool sampled;                  // not every byte of a long message was changed
    bool incomplete;               // it was stopped: places may be missing, and nothing is said of reasons
    struct unguarded_place *places;
    size_t count;
    const struct json **unneeded;  // reasons that are given for what is guarded
    size_t unneeded_count;
};

/*
 * Changes a passing trace. A step says in its key "unguarded" why a peer could do otherwise in it, a suite or a service why in fields
 * of a name. A value that is said again later is no such place: the peer must know it. Lives in keep; the program and the trace stay as
 * they are. It ends soon where *stop is not 0.
 */
void unguarded_find(const struct program *p, const struct trace *t, const volatile int *stop, struct arena *keep, struct unguarded *out);

/* Adds what was found in another conversation of the same case; alike places (step, way, field) count once. */
void unguarded_add(struct unguarded *sum, const struct unguarded *one, struct arena *keep);

#endif
