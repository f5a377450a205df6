#ifndef CHECK_SUSPECTS_H
#define CHECK_SUSPECTS_H
/*
 * Suspects: the mistakes that explain a wrong reply equally well, and what became of an exchange that was made up to tell
 * them apart.
 */
#include "vector/program.h"

#define SUSPECTS_MAX 16

struct mistake; // mistake.h

/* Two with the same cause and summary are one to whoever reads. */
struct suspect {
    const struct mistake *by;
    bool reads, writes_right; // the peer makes it as it reads; and then not as it writes
    const char *cause, *sentence, *summary; // as a finding has them
};

/* All that explain one reply, and what the reply was about. */
struct suspects {
    const struct suspect *items; // the one that the finding names first
    size_t count;
    const char *types;  // that the request named, or of the field that differs; NULL: it has none
    bool has_request;   // the request began with a number
    uint64_t request;
    bool told;          // it shows in a text of what the peer has read
    bool tables;        // one of them is about classes and objects that were carried before
};

bool suspect_same(const struct suspect *a, const struct suspect *b);

/* One of them that is the same to a reader. */
bool suspect_alike(const struct suspect *a, const struct suspect *b);

/* What a peer that makes the mistake says for the RECEIVE `op` of a program in which all went right before; empty where
 * that cannot be told. Lives in keep. */
struct bytes suspect_says(const struct program *p, size_t op, const struct suspect *s, struct arena *keep);

struct suspects *suspects_copy(const struct suspects *s, struct arena *keep);

#define SEPARATION_SHOWN 128 // bytes of a message that are kept

/* Bytes of which the first SEPARATION_SHOWN are kept. */
struct part_shown {
    struct bytes bytes;
    size_t len; // of all
};

/* What became of an exchange that was made up to tell suspects apart. */
struct separation {
    bool confirmed;       // one of them explains it, and no other; else it is open
    const char *sentence; // why, in words
    const char *request;  // what was asked for, in words: "echo of CTime"; NULL: nothing was
    const char *values;   // and the values, as people read them
    struct part_shown sent, due, got;
    struct {
        const char *cause, *summary;
        struct part_shown says; // what a peer says that makes this mistake
        bool fits;              // it is what came
    } suspects[SUSPECTS_MAX];
    size_t count;
};

#endif
