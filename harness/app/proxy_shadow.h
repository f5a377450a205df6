#ifndef APP_PROXY_SHADOW_H
#define APP_PROXY_SHADOW_H
/*
 * `arcwire proxy --shadow`: what became of the shadow of each connection, told and kept as it is known.
 */
#include "app/app.h"
#include "capture/shadow.h"

struct shadow_report {
    int fd;           // shadow.ndjson
    const char *path; // borrowed
    uint32_t same, differ, given_up;
};

/* A new file. ERROR_SYSTEM. */
bool shadow_report_begin(struct shadow_report *r, const char *path, struct error *err);

/* For shadow_new; the context is the report. */
bool shadow_report_add(void *context, const struct shadow_verdict *v, struct error *err);

/* "3 as the first server, 1 otherwise, 0 given up", and the status that follows. */
int shadow_report_end(struct shadow_report *r);

#endif
