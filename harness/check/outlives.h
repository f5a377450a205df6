#ifndef CHECK_OUTLIVES_H
#define CHECK_OUTLIVES_H
/*
 * What a peer keeps beyond a connection, as it shows when a case that failed passes on a fresh one.
 */
#include "check/check.h"

/* The case passed when it was played once more by itself on a fresh peer: whose object tables are wrong only behind other connections, has
 * what those have carried in them. */
void findings_outlive(struct findings *found, struct arena *keep);

#endif
