#ifndef BASE_ERROR_H
#define BASE_ERROR_H
/*
 * Harness errors: we could not do our work. What a peer does wrong is a finding, never one of these;
 * a bug of ours is an assertion, and ERROR_BUG to the process that waited for the one it ended.
 */
#include "base/bytes.h"

enum error_kind {
    ERROR_NONE,
    ERROR_USAGE,  // the command line                        exit 2
    ERROR_INPUT,  // a vector, manifest, baseline, log       exit 3
    ERROR_PEER,   // it did not start, or was not reached    exit 4
    ERROR_SYSTEM, // our surroundings: disk, descriptors     exit 8
    ERROR_BUG,    // a process of ours broke                 exit 70
};

struct error {
    enum error_kind kind;
    char text[512]; // one line, outermost context first, no newline
};

/* All three return false, so that a failing function ends in `return error_set(…)`. */
bool error_set(struct error *err, enum error_kind kind, const char *fmt, ...) PRINTF(3, 4);
/* The same with kind SYSTEM and errno's text behind it. */
bool error_errno(struct error *err, const char *fmt, ...) PRINTF(2, 3);
/* Puts more context in front of what err says already. */
bool error_within(struct error *err, const char *fmt, ...) PRINTF(2, 3);

#endif
