#ifndef APP_PROXY_SHADOW_H
#define APP_PROXY_SHADOW_H
/*
 * `arcwire proxy --shadow`: what became of the shadow of each connection, told and kept as it is known; what differs is told
 * in bytes, and in values where it is known how they are read.
 */
#include "app/app.h"
#include "archive/decode.h"
#include "capture/shadow.h"

#define SHADOW_BEFORE (1 << 20) // bytes of a connection that are kept to be read

/* How what the servers say is read, where that is told: by one of the two. */
struct shadow_reader {
    const struct layout *layout;   // or NULL
    const struct type_list *types; // or NULL
    struct profile profile;
};

struct shadow_report {
    int fd;           // shadow.ndjson
    const char *path; // borrowed
    uint32_t same, differ, given_up;
    struct shadow_reader reads; // what differs
};

/* A new file. ERROR_SYSTEM. */
bool shadow_report_begin(struct shadow_report *r, const char *path, struct error *err);

/* For shadow_new; the context is the report. */
bool shadow_report_add(void *context, const struct shadow_verdict *v, struct error *err);

/* "3 as the first server, 1 otherwise, 0 given up", and the status that follows. */
int shadow_report_end(struct shadow_report *r);

#endif
