/*
 * Cases of the sample services, from the client's side. A harness that serves
 * says which one is to be played; what is to be said in it stands here.
 */
#ifndef REFERENCE_CASES_H
#define REFERENCE_CASES_H

#include "asker.h"

/* Whether clients of the service can be played. */
bool case_service(const char *service);

/*
 * Plays the client of a case of such a service. Returns 0 when it was
 * answered as is due, else 1 with a line on standard error; 2 when there is no
 * such case.
 */
int case_ask(const struct asking *a, const char *service, const char *name);

#endif
