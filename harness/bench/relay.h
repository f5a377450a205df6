#ifndef BENCH_RELAY_H
#define BENCH_RELAY_H
/*
 * Peers that begin well and then are no good: a relay in front of the reference, which passes on some answers of each
 * connection and has a manner of its own from the next request on.
 *
 * A peer that is bad from its first byte is found out by the first control. One that turns bad later is what makes a run
 * long, if anything does.
 */
#include "peer/manifest.h"

enum manner_kind { MANNER_MUTE, MANNER_CLOSING, MANNER_STUCK, MANNER_DRIPPING, MANNER_BABBLING };

struct manner {
    const char *name, *what;
    enum manner_kind kind;
};
extern const struct manner manner_table[];
extern const size_t manner_count;

/* "mute:1": a manner, and how many answers go before it. ERROR_USAGE. */
bool manner_parse(const char *text, const struct manner **out, unsigned *answers, struct error *err);

/*
 * Serves conformance on a port of its own, for ever: says `listening conformance PORT` and `ready`, each as a line, through say.
 * The reference is started for it and dies with us. Returns false when it could not begin.
 */
bool relay_serve(const struct manner *manner, unsigned answers, const struct manifest *reference, const char *build,
                 void (*say)(const char *line), struct error *err);

#endif
