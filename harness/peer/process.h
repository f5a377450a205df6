#ifndef PEER_PROCESS_H
#define PEER_PROCESS_H
/*
 * Processes under test: started, waited for, ended, and asked what became of them.
 *
 * A peer runs in a process group of its own and dies with us, however we die.
 */
#include <sys/types.h>

#include "base/text.h"
#include "net/net.h"
#include "peer/manifest.h"

#define PEER_SERVICES 8

struct peer {
    pid_t pid;               // -1 when none runs
    bool dials;
    struct {
        const char *name;    // of the manifest
        struct address address;
    } services[PEER_SERVICES];
    size_t service_count;    // that listen
    int words;               // its stdout, non-blocking; -1 when it says nothing to us
    int errors;              // its stderr, a file in memory
    int held;                // the port that we hold for it, bound; -1 when it chooses itself
    int status;              // of waitpid, once it has ended
    const char *files;       // directory that is removed with it, or NULL
    struct arena keep;
};

/*
 * Starts a peer and waits until it is ready: at most limit_us. build is the directory of the arcwire program.
 * dial_to NULL: it listens; else it dials that address.
 * ERROR_PEER when it does not start or does not become ready, with the end of what it said; then nothing is left of it.
 */
bool peer_start(const struct manifest *m, const struct manifest_variant *variant, const char *build,
                const struct address *dial_to, int64_t limit_us, struct peer *out, struct error *err);

/*
 * Starts a program that asks: it dials that address, to play that case of that service. What it prints is dropped, but
 * for stderr. The manifest has an "ask". ERROR_PEER.
 */
bool peer_ask(const struct manifest *m, const struct manifest_variant *variant, const char *build, const struct address *dial_to,
              const char *service, const char *id, struct peer *out, struct error *err);

/* The address of a service that it listens for, or NULL. */
const struct address *peer_service(const struct peer *p, const char *service);

/* False once it has ended; then `how` says in words how, with the last line of its stderr. Also reads away what it
 * has printed, so that it never waits for us. */
bool peer_lives(struct peer *p, struct text *how);

/* The last line that it wrote to stderr, or "". */
const char *peer_last_words(const struct peer *p, char *out, size_t size);

/* Waits until it has ended by itself, at most that long: a connection breaks a little before its process is gone. */
void peer_wait(struct peer *p, int limit_ms);

/* Ends it: SIGTERM, then SIGKILL for all of its group. Safe to call twice. */
void peer_stop(struct peer *p);

/* Whether the program of a manifest's command exists; else the name that was looked for is in *missing. */
bool peer_installed(const struct manifest *m, const char *build, struct arena *keep, const char **missing);

#endif
