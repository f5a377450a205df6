#ifndef RUN_OPINION_H
#define RUN_OPINION_H
/*
 * What a worker opines on a result: what it adds to the findings of the checks, what it takes from them, and the verdict.
 */
#include "run/worker.h"

/* Adds one finding to those of a result. */
void opinion_add(struct findings *f, struct finding one, struct arena *keep);

/* The same in front of all others: the first failure is the one that is told of a result, and of its cause. */
void opinion_add_first(struct findings *f, struct finding one, struct arena *keep);

/* Adds what a sanitizer has said on the peer's stderr. */
void opinion_complaint(struct worker *w, const char *what, struct findings *f, struct arena *keep);

/* Adds whether what a case claims and does not send has made the peer grow [COL-4, STR-15]. before: its peak, 0 where it is not known. */
void opinion_weigh(struct worker *w, struct result *result, uint64_t before, uint64_t sent, struct arena *keep);

/* Whether a finding tells of the peer's death. */
bool opinion_has_died(const struct findings *f);

/* From the findings as the checks made them to a verdict: what this run or this peer takes from them is left out. */
void opinion_form(const struct worker *w, struct result *result, struct arena *keep);

/* The same once more, for findings that were added since. */
void opinion_conclude(const struct worker *w, struct result *result, struct arena *keep);

/* Of a result that is inconclusive: why. */
void opinion_say_why(struct result *result, struct arena *keep);

#endif
