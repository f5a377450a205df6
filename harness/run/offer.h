#ifndef RUN_OFFER_H
#define RUN_OFFER_H
/*
 * What a peer offers, by its own word, and what a case asks of it.
 */
#include "run/run.h"

struct offer {
    const char *types; // joined by commas; NULL: it does not say
};

/* Whether the peer offers a type, as far as it has said. */
bool offer_has_type(const struct offer *f, struct type_ref t);

/* Why a case is not played, with the verdict in *verdict; NULL when it is. Lives in keep. */
const char *offer_excuse(const struct offer *f, const struct run_options *o, const struct profile *p, const struct vector *v,
                         struct arena *keep, enum verdict *verdict);

/*
 * The case as it can be played where each connection has a process of its own: up to the first step on a further
 * connection. NULL where the first goes on behind that: then it takes one program that serves several.
 */
const struct vector *offer_alone(const struct vector *v, struct arena *keep);

/* Whether a case has a step of a kind. */
bool vector_has_step(const struct vector *v, enum step_kind kind);

#endif
