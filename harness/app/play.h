#ifndef APP_PLAY_H
#define APP_PLAY_H
/*
 * A run from the command line: its peer, its directory, its log. What is shown of it is the command's own.
 */
#include "app/app.h"
#include "peer/manifest.h"
#include "report/diff.h"
#include "report/requirements.h"
#include "verdict/baseline.h"

struct played_log {
    const char *directory, *path; // NULL: there is none, the status says why
};

/* From now on SIGINT and SIGTERM stop what is played. */
void play_until_stopped(void);
bool play_is_stopped(void);
/* The same for whoever looks at it while something is played. */
const volatile int *play_stop(void);
/* Readable from then on, for whoever waits without limit: a signal that comes just before a wait would not end it. Not to be closed. */
int play_stop_fd(void);

/* Chooses the peer by the options, and looks whether its services are known. ERROR_USAGE, ERROR_INPUT, ERROR_PEER. */
bool play_choose(const struct options *o, const struct library *lib, struct run_options *run, struct manifest *m,
                 struct arena *keep, struct error *err);

/* Computes the digests of the peer's files now: runs of processes that are forked from this one need not. */
void play_digest_peer(const struct run_options *run);

/* A new directory for a run: --out, else reports/runs/<time>-<name>. ERROR_SYSTEM. */
bool play_directory(const struct options *o, const char *name, struct arena *keep, const char **out, struct error *err);

/* Makes reports/latest point at the directory; gives the shorter of both names. */
const char *play_latest(const char *directory);

/* What is known of the peer of a run. */
struct play_known {
    const char *file;          // where its baseline is, or would be; NULL: there is no place for one
    const char *today;
    const char *selection;     // as log_baseline has it
    struct baseline baseline;
    bool there;                // else there is none
};

/* Reads the baseline of a run, if there is one. ERROR_INPUT, ERROR_USAGE. */
bool play_know(const struct options *o, const struct run_options *run, struct arena *keep, struct play_known *out, struct error *err);

/* Plays and writes the log. known: or NULL. Gives the exit status; what was wrong has been printed. */
int play(const struct options *o, const struct run_options *run, const struct library *lib, const struct play_known *known,
         struct arena *keep, struct played_log *out);

/* The same for what is no run of suites. */
struct play_job {
    const char *command, *what; // "run", and what comes of it: "result"
    size_t selected;            // so many of them
    bool (*go)(const struct library *lib, const struct run_options *run, const struct play_job *job, const char *directory,
               const struct sink *sink, struct run_totals *totals, struct error *err);
    const struct play_known *known; // or NULL
    size_t conversations;       // serving: behind so many it ends; 0: when it is stopped
};
int play_logged(const struct options *o, const struct run_options *run, const struct library *lib, struct arena *keep,
                const struct play_job *job, struct played_log *out);

/* Makes the views from the log and tells on the terminal what a person wants to know. Gives the status, or a worse one. */
int play_conclude(const struct options *o, const struct played_log *log, struct arena *keep, int status);

/* What --against, --history and --requirements add to a report; release what they hold, also after an error. */
struct compared {
    struct report before;
    struct report_diff diff;
    struct report_requirements requirements;
    bool open;
};
bool compare(const struct options *o, struct report *r, struct compared *c, struct arena *keep, struct error *err);
void compared_release(struct compared *c);

#endif
