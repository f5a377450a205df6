#ifndef RUN_DOCTOR_H
#define RUN_DOCTOR_H
/*
 * What of this machine arcwire can use, found out by using it: on children and connections of its own.
 */
#include "run/run.h"

struct doctor_row {
    const char *name;  // "proven silence"
    bool works;
    const char *words; // what was seen, or why it does not work and what that costs
};
#define DOCTOR_ROWS 16

/* Looks at everything but peers. Words live in keep. Gives the number of rows. */
size_t doctor_look(struct doctor_row rows[DOCTOR_ROWS], struct arena *keep);

/*
 * Starts the peer of the options, speaks each of its services' first exchanges with it, and looks whether its silence
 * could be proven then: a row each. ERROR_PEER when it does not start.
 */
bool doctor_peer(const struct library *lib, const struct run_options *o, struct doctor_row rows[DOCTOR_ROWS], size_t *count,
                 struct arena *keep, struct error *err);

#endif
