#ifndef PEER_FLAWS_H
#define PEER_FLAWS_H
/*
 * Tables of flawed peers: each row is a variant of a peer, what it does wrong, and what must find that out.
 * peers/README.md is the format.
 */
#include "json/json.h"

enum flaw_kind {
    FLAW_FLAW,       // it makes one mistake, or several that hide each other
    FLAW_DEGENERATE, // it does not speak the protocol at all: not a case passes
    FLAW_ODD,        // it is right, in an unusual way: not a case fails
};

/* Lists are ended by NULL. */
struct flaw {
    const char *name; // of the variant
    enum flaw_kind kind;
    const char *family, *sentence;
    const char *const *clauses;
    const char *check;            // that fails, as a report names it, with * and ?; NULL of an odd one
    const char *const *causes;    // of which one is named; NULL of an odd one
    const char *const *arguments; // of the variant
    const char *const *services;  // that it speaks in place of the manifest's, or NULL
    const char *const *patterns;  // of the cases among which it is caught; none: all of them
    const char *const *suites;    // in each of which it is caught with its cause, or NULL
    const char *delivery;         // as --delivery takes it
    bool serves;                  // arcwire serves it ("play": "server")
    bool dials;                   // it dials arcwire
    bool strict;                  // what it breaks is at level should or may: that fails, too
    bool by_chance;               // it shows or not as bytes come together: what fails may be unstable
    bool unstable;                // what fails comes out otherwise when it is played again
    bool held_out;                // what names causes was made without it, and is measured by it
    uint64_t limit_ms;            // to wait; 0: as ever
    const char *profile;          // as --profile takes it, or NULL
    const char *const *packages;  // Debian packages that hold what it starts, or NULL
    const struct json *at;        // its row
};

/* The keys that a row may have, ended by NULL. */
extern const char *const flaw_keys[];

/* Reads a table; it lives in keep. ERROR_INPUT with file, line and path. */
bool flaws_read(const char *path, struct arena *keep, const struct flaw **out, size_t *count, struct error *err);

#endif
