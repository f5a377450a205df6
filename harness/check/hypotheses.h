#ifndef CHECK_HYPOTHESES_H
#define CHECK_HYPOTHESES_H
/*
 * Each row of the table of mistakes as a hypothesis about one reply: the bytes that a peer would have sent which makes
 * that mistake are made, and compared with those that came. Private to check/.
 */
#include "check/evidence.h"
#include "check/mistake.h"

#define OTHERS_MAX 3

struct explained {
    struct mistake by;
    const char *about;    // MFC's name of what it shows in
    bool told;            // it shows in a text: the peer read, not wrote, otherwise
    size_t others;        // further mistakes that explain the same bytes, OTHERS_MAX at most
    struct mistake other[OTHERS_MAX];
    const char *other_about[OTHERS_MAX];
    size_t all_count;     // all that explain as much, itself among them: what an exchange may tell apart
    struct mistake all[SUSPECTS_MAX];
    const char *all_about[SUSPECTS_MAX];
    const char *types;    // that the request named, or NULL
    bool has_request;     // it began with a number
    uint64_t request;
};

/* The mistake that explains most of what came; how much: 3 all, 2 the reply that was due, 1 the field that differs, 0 nothing. */
unsigned hypothesis_find(const struct evidence *e, struct explained *out);

/* The values of the last words that were said to the peer before the op, and which of them were carried before them. */
struct asked {
    const struct value *values;
    size_t count;
    uint64_t objects; // that our direction had carried before
    bool refers;      // to an object or class that was carried before
};
void asked_last(const struct evidence *e, struct asked *out);

#endif
