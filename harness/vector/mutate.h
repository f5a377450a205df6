#ifndef VECTOR_MUTATE_H
#define VECTOR_MUTATE_H
/*
 * Mutation: what is valid, cut short or changed in one place, and what a peer of a profile must make of it.
 *
 * What must come of a mutant is never guessed. Our codec reads it as that peer would, up to the end of the stream
 * behind it; where the format leaves open what happens, so does the outcome.
 */
#include "vector/program.h"

#define CLAIM_HUGE (16u << 20) // bytes that a stream claims and does not hold, from which on want of memory is an answer

struct mutant {
    size_t at;           // PREFIX: bytes that are left; FIELD: where the field stands
    const char *what;    // "cut to 5 of 12 bytes", "length 05 at byte 0 as ff"
    struct bytes bytes;  // what is sent in place of the row's; borrowed from it where it can be
    enum outcome outcome;
    enum cause cause;    // REFUSED
    const char *text;    // LOADS, LEAVES: what TELL says
    bool schema_0;       // FIELD: a schema of 0 stands where another stood
    uint64_t claim;      // units or elements that a length in it claims beyond the bytes that follow; 0 where it loads
};

struct mutants {
    struct mutant *items;
    size_t count;
    bool sampled; // not every position was taken: beyond 256 bytes, beyond 64 fields
};

/*
 * The mutants of a family's case for a peer of profile p, in the order of their positions. seed draws positions
 * where there are too many. They live in keep and in the vector. The vector must be of a family, and p one that the
 * row is for.
 */
struct mutants mutants_make(const struct vector *v, const struct profile *p, uint64_t seed, struct arena *keep);

/* Values as a stream of their own, and how it is changed. */
struct original {
    const struct type_ref *types;
    size_t count;
    struct bytes bytes; // as a writer of the profile stores them
    enum family_kind kind;
};

/* All mutants of it, none of which has been judged; with at least one byte. */
struct mutants mutants_of(const struct original *of, const struct profile *p, struct random *chance, struct arena *keep);
/* What must come of one. */
void mutant_expect(struct mutant *m, const struct original *of, const struct profile *p, struct arena *keep);

/* What a peer of profile p makes of bytes that should be values of those types, and of the end behind them: outcome,
 * cause and text in *m. */
void mutant_judge(struct mutant *m, const struct type_ref *types, size_t count, const struct profile *p,
                  struct arena *keep);

/* One position as a case of its own; last: with what stands behind the last one. Lives in keep. */
const struct vector *mutant_vector(const struct vector *family, const struct mutant *m, bool last, struct arena *keep);

/*
 * Programs of one connection each, as one program of many: all that we say first, then all that is due, so that a
 * peer is not waited for. At most PROGRAM_SIDES; only for a service whose requests may go ahead of its replies.
 */
#define PROGRAM_SIDES 8
void program_side_by_side(const struct program *all, size_t count, struct arena *keep, struct program *out);

#endif
