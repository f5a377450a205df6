#ifndef RUN_RULE_OUT_H
#define RUN_RULE_OUT_H
/*
 * Suspects of a run: mistakes that explain failures. A peer makes its mistake in every case: one that would have shown in a case that
 * has passed is ruled out.
 */
#include "run/run.h"

struct suspicions {
    struct arena *keep;
    struct accused *items; // each once
    size_t count, room;
    const struct vector **passed; // cases of the service in turn, each once
    size_t passed_count, passed_room;
};

/* Puts the suspects of a result's failures, a line each. */
void suspicions_tell(const struct findings *f, struct text *to);

/* Takes such lines. */
void suspicions_take(struct suspicions *s, const char *lines);

/* A case has passed. */
void suspicions_passed(struct suspicions *s, const struct vector *v);

/* The cases of a service are over: tells the sink whom they rule out, and begins anew. */
bool suspicions_end(struct suspicions *s, const struct run_options *o, const struct profile *p, const struct sink *sink, struct error *err);

#endif
