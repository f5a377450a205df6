#ifndef VECTOR_CONTROLS_H
#define VECTOR_CONTROLS_H
/*
 * Where controls must stand: what a dead peer would give as well shows nothing without them.
 */
#include "vector/vector.h"

/*
 * Whether each silence, refusal, end and reset of a case has the exchanges around it without which a peer that is
 * dead, stuck or refuses everything would pass, by the rule in vectors/README.md. ERROR_INPUT at the step; scratch is
 * for the work alone.
 */
bool controls_stand(const struct vector *v, struct arena *scratch, struct error *err);

/* The same of the ops and changed rows of a service, and whether each of its controls is an exchange at all. */
bool controls_of_service(const struct service *s, struct error *err);

#endif
