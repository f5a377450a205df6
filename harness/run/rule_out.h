#ifndef RUN_RULE_OUT_H
#define RUN_RULE_OUT_H
/*
 * Suspects of a run: mistakes that explain failures. A peer makes its mistake in every case: one that would have shown in a case that
 * has passed is ruled out.
 */
#include "run/run.h"

struct suspicion {
    struct accused of;
    size_t place; // of the turn, in the run over all shards, in which it first explained a failure
};

struct suspicions {
    struct arena *keep;
    struct suspicion *items; // each once
    size_t count, room;
    const struct vector **passed; // cases of the service in turn, each once
    size_t passed_count, passed_room;
};

/* Puts the suspects of a result's failures, a line each. */
void suspicions_tell(const struct findings *f, struct text *to);

/* Takes such lines, of the turn at a place. */
void suspicions_take(struct suspicions *s, size_t place, const char *lines);

/* Takes one suspect; places must rise. Its strings are copied. */
void suspicions_add(struct suspicions *s, const struct suspicion *one);

/* A case has passed. */
void suspicions_passed(struct suspicions *s, const struct vector *v);

/* Of a shard: tells the sink each suspect of a service, for whoever sees all that has passed. */
bool suspicions_hand_on(const struct suspicions *s, const char *service, const struct sink *sink, struct error *err);

/* The cases of a service are over: tells the sink whom they rule out, and begins anew. Of the options seed and side count. */
bool suspicions_end(struct suspicions *s, const struct run_options *o, const struct profile *p, const struct sink *sink, struct error *err);

#endif
