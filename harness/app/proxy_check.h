#ifndef APP_PROXY_CHECK_H
#define APP_PROXY_CHECK_H
/*
 * The judge of what a proxy passes on: a process of its own, which is told all that happens and judges each connection when it is over, and, where
 * it is certain before, tells when all rests who is wrong.
 * Telling it never waits.
 */
#include <sys/types.h>

#include "app/app.h"
#include "capture/relay.h"

struct proxy_check {
    pid_t judge;
    int fd;
    struct buffer waits; // that the judge has not taken yet
    bool behind;         // it is too far behind: it is told nothing more
    int64_t over;        // µs: from then on nothing more happens, and a signal is for the judge; 0: not yet
};

/* Loads the cases and starts the judge, which writes `path`. ERROR_USAGE, ERROR_INPUT, ERROR_SYSTEM. */
bool proxy_check_begin(struct proxy_check *c, const struct options *o, const char *path, struct error *err);

/* Tells what happened. */
void proxy_check_hear(struct proxy_check *c, const struct relay_event *e);

/* Whether something waits to be told; proxy_check_push tries again. */
bool proxy_check_waits(const struct proxy_check *c);
void proxy_check_push(struct proxy_check *c);

/* Nothing more happens: waits for the judge, and gives the exit status that follows. A further signal has it judge no more. Safe where there is none. */
int proxy_check_end(struct proxy_check *c);

#endif
