#ifndef PEER_PROCESS_H
#define PEER_PROCESS_H
/*
 * Processes under test: started, waited for, ended, and asked what became of them.
 *
 * A peer has a guard (peer/guard.h), so that all of it dies with us, however we die.
 */
#include <sys/types.h>

#include "base/text.h"
#include "net/net.h"
#include "peer/guard.h"
#include "peer/manifest.h"

#define PEER_SERVICES 16

/* What is started, and how. Borrowed. */
struct launch {
    const struct manifest *manifest;
    const struct manifest_variant *variant; // or NULL
    const char *build;                      // directory of the arcwire program
    const char *const *under;               // words in front of its command, ended by NULL; or NULL
    const struct address *dial_to;          // NULL: it listens, or is on its standard descriptors
    int64_t limit_us;                       // until it must be ready, or its state reset
    const char *service, *id;               // of a program that asks: of which service, and its case; else NULL
};

/* What placeholders stand for. */
struct places {
    const char *build, *directory, *host, *port, *files, *user;
    const char *socket;       // where it dials or listens; NULL: on a port
    const char *service, *id; // of a program that asks
};

struct peer {
    struct guard guard;
    pid_t pid;               // the program's own, to look at it; -1 when none runs
    struct {
        const char *name;    // of the manifest
        struct address address;
    } services[PEER_SERVICES];
    size_t service_count;    // that listen
    int words;               // its stdout, non-blocking; -1 when it says nothing to us
    int errors;              // its stderr, a file in memory
    off_t heard;             // of its stderr, in peer_complaint
    int held;                // the port that we hold for it, bound; -1 when it chooses itself
    int status;              // of waitpid, once it has ended
    struct places places;    // files: a directory that is removed with it
    struct arena keep;
};
extern const struct peer peer_none;

/* Where we are to listen for a peer that this command makes dial, with a port or name that net_bind still finds free. */
struct address peer_dial_place(const char *const *command);

/*
 * Starts a peer and waits until it is ready. ERROR_PEER when it does not start or does not become ready, with the end of
 * what it said; then nothing is left of it.
 */
bool peer_start(const struct launch *l, struct peer *out, struct error *err);

/* Starts a process whose descriptors 0 and 1 are one socket; *fd is the other end, ours to close and non-blocking. */
bool peer_start_pair(const struct launch *l, struct peer *out, int *fd, struct error *err);

/*
 * What somebody types to start it himself, as a line for a shell, into *out; p then holds its files and is to be stopped.
 * *at is where it will listen, with port 0 where it chooses that itself.
 */
bool peer_by_hand(const struct launch *l, struct peer *p, struct text *out, struct address *at, struct error *err);

/* Runs the manifest's reset command. ERROR_PEER when it fails, with the end of what it said. */
bool peer_reset(const struct launch *l, struct peer *p, struct error *err);

/*
 * Starts a program that asks and dials: an address, to play that case of that service. What it prints is dropped, but
 * for stderr. The manifest has an "ask". ERROR_PEER. One that asks and listens is started by peer_start.
 */
bool peer_ask(const struct launch *l, struct peer *out, struct error *err);

/* The address of a service that it listens for, or NULL. */
const struct address *peer_service(const struct peer *p, const char *service);

/* False once it has ended; then `how` says in words how, with the end of its stderr. Also reads away what it
 * has printed, so that it never waits for us. */
bool peer_lives(struct peer *p, struct text *how);

/* Whether a sanitizer or valgrind has complained on its stderr since the last call; the beginning of that into *what. */
bool peer_complaint(struct peer *p, struct text *what);

/* The last lines that it wrote to stderr, joined; nothing when there are none. */
void peer_last_words(const struct peer *p, struct text *to);

/* Waits until it has ended by itself, at most that long: a connection breaks a little before its process is gone. */
void peer_wait(struct peer *p, int limit_ms);

/* Ends it: SIGTERM, then SIGKILL for all of its group. peer_complaint and peer_lives may still be asked. */
void peer_end(struct peer *p);

/* The same, and forgets it. Safe to call twice. */
void peer_stop(struct peer *p);

/* Whether the program that is started exists; else the name that was looked for is in *missing. */
bool peer_installed(const struct launch *l, struct arena *keep, const char **missing);

/* The files of its command that are there, its program first, ended by NULL: what it consists of, as far as that can be seen. */
const char *const *peer_files(const struct launch *l, struct arena *keep);

#endif
