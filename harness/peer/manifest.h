#ifndef PEER_MANIFEST_H
#define PEER_MANIFEST_H
/*
 * Manifests: how a peer is started and what it says of itself. peers/README.md is the format.
 */
#include "json/json.h"

enum readiness {
    READY_STDOUT,   // it prints `listening SERVICE PORT` for each service, then `ready`
    READY_LISTENER, // it listens on {port}
};

struct manifest_variant {
    const char *name;
    const char *const *arguments; // ended by NULL
    const char *const *services;  // that it speaks in place of the manifest's, ended by NULL; or NULL
};

/* A program that asks: started once for each case. Lists are ended by NULL. */
struct manifest_ask {
    const char *const *command;  // that makes it dial, or NULL
    const char *const *listen;   // that makes it listen, and wait for whom it will ask; or NULL
    const char *const *services; // that it asks
    const char *const *plays;    // cases that it can play, as patterns
};

struct manifest_file {
    const char *name;
    const char *const *lines; // ended by NULL
};

/* When the peer gets a fresh process though the old one lives. */
enum restart { RESTART_NEVER, RESTART_SUITE, RESTART_CASE };

/* Where the peer is known to deviate: what fails and cites nothing but such clauses is declared, and it must fail. */
struct deviation {
    const char *clause, *reason;
    const struct json *at; // of the clause
};
#define DEVIATIONS_MAX 64
#define MANIFEST_WORKERS_MAX 16
#define MANIFEST_CONNECTIONS_MAX 64
#define MANIFEST_PATIENCE_MAX 100

struct manifest {
    const char *name, *title, *path, *directory; // directory: the one that holds it
    const char *work;                        // the peer's working directory, as it stands there; NULL: ours
    const char *const *listen, *const *dial; // commands ended by NULL, or NULL
    const struct manifest_ask *ask;          // or NULL
    const char *const *stdio;                // a command that speaks on its descriptors 0 and 1, which are one socket
    const char *const *services;             // ended by NULL
    enum readiness ready;
    struct manifest_variant *variants;
    size_t variant_count;
    const char *flaws_path;                  // the table of its flawed variants, which are among the variants; or NULL
    const struct flaw *flaws;
    size_t flaw_count;
    struct manifest_file *files;
    size_t file_count;
    bool memory_must;                          // "memory": "must": it promises to hold no more than it was sent
    const char *const *matrix;                 // its rows in the matrix: variants, "" is itself; ended by NULL
    const char *profile;                       // "generation=10,…", or NULL
    const char *const *packages;               // Debian packages, ended by NULL, or NULL
    const char *built_by;                      // the command that builds it, or NULL
    const char *const *environment;            // NAME=VALUE, ended by NULL, or NULL
    uint16_t port;                             // where it listens because it cannot be told; 0: it can
    const char *const *reset;                  // a command that resets its state, ended by NULL, or NULL
    bool reset_each_case;                      // before each result; else where another suite begins
    enum restart restart;
    struct deviation *deviations;
    size_t deviation_count;
    unsigned connections;                      // that it keeps when it dials; 0: one
    unsigned workers;                          // most at a time; 0: no bound
    unsigned patience;                         // how many times longer it may take for everything; 0: once
};

/* The keys that a manifest may have, ended by NULL. */
extern const char *const manifest_keys[];

/* Reads a manifest; it lives in keep. ERROR_INPUT with file, line and path. */
bool manifest_read(const char *path, struct arena *keep, struct manifest *out, struct error *err);

/* How a peer that has no manifest is talked to. */
enum command_way { COMMAND_LISTENS, COMMAND_DIALS, COMMAND_STDIO };

/*
 * The manifest that a command stands for which was given on the command line. option is what errors call it, "--exec".
 * ERROR_USAGE where it cannot be split into words, or does not say where it is to listen or dial.
 */
bool manifest_of_command(const char *option, const char *command, enum command_way way, const char *service,
                         struct arena *keep, struct manifest *out, struct error *err);

/* Whether the peer is told on which port to listen: {port} stands in its command, files or variables. */
bool manifest_tells_port(const struct manifest *m, const struct manifest_variant *variant);

/* The same of a program that asks, and listens. */
bool manifest_ask_tells_port(const struct manifest *m, const struct manifest_variant *variant);

/* Whether that command listens on a Unix socket of ours to name, or dials one: {socket} stands in it. NULL does not. */
bool manifest_uses_socket(const char *const *command);

/* Whether the peer needs a directory of its own: there are files, or {files} stands anywhere, or it listens on {socket}. */
bool manifest_has_files(const struct manifest *m, const struct manifest_variant *variant);

/* What the peer speaks as that variant (NULL: as it is), ended by NULL. */
const char *const *manifest_services(const struct manifest *m, const struct manifest_variant *variant);

/* The variant of that name, or NULL. */
const struct manifest_variant *manifest_variant(const struct manifest *m, const char *name);

#endif
