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
    const char *const *command;
    const char *const *services; // that it asks
    const char *const *plays;    // cases that it can play, as patterns
};

struct manifest_file {
    const char *name;
    const char *const *lines; // ended by NULL
};

struct manifest {
    const char *name, *title, *path, *directory;
    const char *const *listen, *const *dial; // commands ended by NULL, or NULL
    const struct manifest_ask *ask;          // or NULL
    const char *const *services;             // ended by NULL
    enum readiness ready;
    struct manifest_variant *variants;
    size_t variant_count;
    struct manifest_file *files;
    size_t file_count;
    bool memory_must;                          // "memory": "must": it promises to hold no more than it was sent
    const char *const *matrix;                 // its rows in the matrix: variants, "" is itself; ended by NULL
    const char *profile;                       // "generation=10,…", or NULL
    const char *const *packages;               // Debian packages, ended by NULL, or NULL
    const char *const *environment;            // NAME=VALUE, ended by NULL, or NULL
};

/* Reads a manifest; it lives in keep. ERROR_INPUT with file, line and path. */
bool manifest_read(const char *path, struct arena *keep, struct manifest *out, struct error *err);

/* What the peer speaks as that variant (NULL: as it is), ended by NULL. */
const char *const *manifest_services(const struct manifest *m, const struct manifest_variant *variant);

/* The variant of that name, or NULL. */
const struct manifest_variant *manifest_variant(const struct manifest *m, const char *name);

#endif
