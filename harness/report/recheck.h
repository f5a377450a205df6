#ifndef REPORT_RECHECK_H
#define REPORT_RECHECK_H
/*
 * Saved conversations, judged anew: the case is compiled again, what the peer has shown is put into the program as it was
 * when it was played, and today's checks look at the trace of then. No socket, no peer.
 */
#include "check/check.h"
#include "report/model.h"
#include "trace/trace.h"
#include "vector/program.h"

enum recheck {
    RECHECK_SAME,
    RECHECK_CHANGED,   // a check finds otherwise than it did
    RECHECK_OTHER,     // the case is another now, or there is none of its id: nothing can be said
    RECHECK_NOT_SAVED, // not played, or an exchange that goes before the cases, or of a case without its further connections
    RECHECKS,
};

/* What all results of a run have in common. */
struct recheck_run {
    const struct library *lib;
    uint64_t seed;
    enum party us;
    bool opens_early;    // a server that dials its client
    bool silence_probed; // a silence that could only be timed showed nothing
};

/* Fails with ERROR_INPUT where the report does not say what is needed: a seed. */
bool recheck_begin(const struct report *r, const struct library *lib, struct recheck_run *out, struct error *err);

/* Judges one result; of a series the one position that is saved. What has changed goes to *said, a line for each check; of OTHER, why. ERROR_INPUT where the saved conversation
 * contradicts itself. */
bool recheck_result(const struct recheck_run *run, const struct report_result *r, enum recheck *out, struct text *said, struct error *err);

/* What today's checks find in one result, with SAME; lives in keep. CHANGED: its program is laid out otherwise now, so that nothing is found. *said tells why not. */
bool recheck_findings(const struct recheck_run *run, const struct report_result *r, struct arena *keep, enum recheck *out, struct findings *now,
                      struct text *said, struct error *err);

/* What a saved conversation was, as the session saw it; lives in keep. ERROR_INPUT where it contradicts itself. */
bool recheck_trace(const struct report_talk *talk, struct arena *keep, struct trace *out, struct error *err);

#endif
