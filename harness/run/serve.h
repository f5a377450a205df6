#ifndef RUN_SERVE_H
#define RUN_SERVE_H
/*
 * Serving a client that chooses its own conversation: arcwire listens, and what the client says tells which case it is. One
 * conversation goes on at a time, with all the connections that its case has; whoever dials meanwhile waits.
 */
#include "run/run.h"

struct serve_options {
    const struct run_options *run; // its address, patterns, service, profile, seed, limits
    size_t conversations;          // behind which it ends; 0: when it is stopped
    const char *directory;         // for the bytes of conversations that match no case
};

/* Cases that the client may come with: those selected that can be played from the server's side. */
size_t serve_count(const struct library *lib, const struct run_options *o);

/*
 * Serves. Each conversation is a result of its case, or, as a failure, of the one that came nearest; a connection on which
 * nothing was said is none. Cases that nobody came with are recorded as not run. Errors as run_suites.
 */
bool serve(const struct library *lib, const struct serve_options *o, const struct sink *sink, const volatile int *stop,
           struct run_totals *totals, struct error *err);

#endif
