#ifndef CHECK_READERS_H
#define CHECK_READERS_H
/*
 * How a peer fares with what we have said that reads with one mistake; private to check/.
 */
#include "check/history.h"
#include "check/mistake.h"

enum fare {
    FARE_RIGHT,     // it takes what it is to answer for what it is
    FARE_OTHERWISE, // … for other values, which its reply tells
    FARE_WAITS,     // it wants more bytes than were said
    FARE_RAISES,    // an exception: cause
    FARE_REFUSES,   // it took something for another that its reply does not tell: a name, a request
};

struct fared {
    enum fare fare;
    bool ruled_out;             // an earlier reply of the connection would have shown it
    unsigned cause;             // RAISES
    const struct value *values; // what it took for each of the history's parts that are ours
    bool leaves;                // it leaves bytes of ours unread, as if the next request began there
    size_t where;               // the first of these that it takes for another; SIZE_MAX: none
    const char *about;          // MFC's name of what the mistake was made in
};

/* The same of a peer that makes no mistake, but got other bytes than were said. */
void reader_takes(const struct history *h, struct bytes got, bool ended, struct fared *out);

/* said: all that we said on the connection; ended: and then our direction ended. Lives in the history's arena. */
void reader_fares(const struct history *h, const struct mistake *m, struct bytes said, bool ended, struct fared *out);

#endif
