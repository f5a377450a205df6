#ifndef RUN_OFFER_H
#define RUN_OFFER_H
/*
 * What a peer offers, by its own word, and what a case asks of it.
 */
#include "run/run.h"

struct offer {
    const char *types;   // joined by commas; NULL: it does not say
    const char *ops;     // numbers of the requests that it answers, likewise
    uint64_t max_bytes;  // of a request or reply; 0: no limit
    uint64_t max_depth;  // of objects within objects; 0: no limit
};

/* Takes what the peer says in key=value lines. What is wrong in them, or NULL; lives in keep, as what is taken. */
const char *offer_learn(struct offer *f, const struct service *s, const char *lines, struct arena *keep);

/* Whether the peer offers a type, as far as it has said. */
bool offer_has_type(const struct offer *f, struct type_ref t);

/* Why a case is not played by a peer of that profile, with the verdict in *verdict; NULL when it is. Lives in keep. */
const char *offer_excuse(const struct offer *f, const struct run_options *o, const struct profile *p, const struct vector *v,
                         struct arena *keep, enum verdict *verdict);

/* The same for a compiled case that is no family, before its delivery: whether a message of it is longer than the peer takes. It is then
 * unsupported. */
const char *offer_excuse_program(const struct offer *f, const struct program *p, struct arena *keep);

/*
 * The case as it can be played where each connection has a process of its own: up to the first step on a further
 * connection. NULL where the first goes on behind that: then it takes one program that serves several.
 */
const struct vector *offer_alone(const struct vector *v, struct arena *keep);

/* Whether a case has a step of a kind. */
bool vector_has_step(const struct vector *v, enum step_kind kind);

#endif
