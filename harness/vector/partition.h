#ifndef VECTOR_PARTITION_H
#define VECTOR_PARTITION_H
/*
 * Predicates that tell profiles apart, as few as will do.
 */
#include "archive/profile.h"

#define PROFILES_MAX 32 // bits of a set of profiles

struct partition {
    struct {
        char predicate[64]; // "" when there is one part only
        const char *answer; // NULL: none of its profiles matters
    } items[PROFILES_MAX];
    size_t count;
};

/*
 * answers: one for each of profile_all, equal ones by content; NULL where the profile does not matter and may be told
 * with any other. Each valid profile matches exactly one predicate of the result.
 */
void partition_make(const char *const *answers, struct partition *out);

#endif
