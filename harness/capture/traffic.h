#ifndef CAPTURE_TRAFFIC_H
#define CAPTURE_TRAFFIC_H
/*
 * Live traffic on disk: traffic.ndjson, a record a line, each there when it has been added, or flushed where that is put off.
 * reports/README.md is the format.
 */
#include "base/text.h"
#include "capture/relay.h"

struct traffic_log {
    int fd;
    const char *path; // borrowed
    bool puts_off; // records wait for traffic_flush, traffic_end or traffic_close
    struct text line; // or several of them
};

/* A new file; one that is there is refused, for it may be the only copy. started: seconds since 1970 UTC. All fail with ERROR_SYSTEM. */
bool traffic_begin(struct traffic_log *l, const char *path, const struct address *listen, const struct address *to, int64_t started,
                   struct error *err);
/* The same for what was kept by something else: from is its file, server its server's address, or "". started 0: nobody knows. */
bool traffic_begin_import(struct traffic_log *l, const char *path, const char *from, const char *server, int64_t started, struct error *err);
/* Something that the source of an import could not tell, or tells twice; on -1: of all of it. */
bool traffic_note(struct traffic_log *l, int64_t on, const char *text, struct error *err);
bool traffic_add(struct traffic_log *l, const struct relay_event *event, struct error *err);
bool traffic_flush(struct traffic_log *l, struct error *err);
/* The last record: a file without it was cut short. */
bool traffic_end(struct traffic_log *l, int64_t us, struct error *err);
void traffic_close(struct traffic_log *l);

#endif
