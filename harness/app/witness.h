#ifndef APP_WITNESS_H
#define APP_WITNESS_H
/*
 * A second peer, which is started here beside the one that is looked at.
 */
#include "app/app.h"
#include "peer/manifest.h"
#include "shrink/trial.h"

/* The one of that name, else the reference in the peer's profile. *has: there is one, for trial_end. A peer that was not asked for
 * by name may be missing. */
bool witness_begin(const char *name, const struct library *lib, const struct run_options *run, const struct trial *peer, const struct service *s,
                   struct manifest *m, struct trial *witness, bool *has, struct arena *keep, struct error *err);

#endif
