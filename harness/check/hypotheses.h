#ifndef CHECK_HYPOTHESES_H
#define CHECK_HYPOTHESES_H
/*
 * Each row of the table of mistakes as a hypothesis about one reply: the bytes that a peer would have sent which makes
 * that mistake are made, and compared with those that came. Private to check/.
 */
#include "check/evidence.h"
#include "check/mistake.h"
#include "check/readers.h"

#define OTHERS_MAX 24

/* Who makes it. */
enum way { WAY_WRITES, WAY_READS, WAY_BOTH, WAYS };

/* A mistake that explains what came. */
struct explanation {
    struct mistake by;
    const char *about; // MFC's name of what it shows in
    enum way way;      // WAY_READS: the peer read, not wrote, otherwise
    unsigned ways;     // a bit for each that explains as much, and ACCUSED_REQUEST
    bool narrow;       // it is made in fewer places than one of the same deed might be
    bool doubtful;     // whoever reads so leaves bytes unread, and nothing came in answer to these
};

struct explained {
    struct explanation first;
    bool instead;      // it explains that no reply came, or a refusal, and no value
    size_t others;     // further mistakes that explain the same as well
    struct explanation other[OTHERS_MAX];
    const char *types; // that the request named, or NULL
    bool has_request;  // it began with a number
    uint64_t request;
};

/* The mistake that explains most of what came; how much: 3 all, 2 the reply that was due, 1 the field that differs, 0 nothing. */
unsigned hypothesis_find(const struct evidence *e, struct explained *out);

/* Whether all that came is right for what was read so, by a peer that makes no mistake. */
bool hypothesis_fits(const struct history *h, const struct fared *read);

#endif
