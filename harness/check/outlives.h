#ifndef CHECK_OUTLIVES_H
#define CHECK_OUTLIVES_H
/*
 * What a peer keeps beyond a connection, as it shows when a case that failed is played once more by itself on a fresh one.
 */
#include "check/check.h"

/* The case passed there: whose object tables, or objects, are wrong only behind other connections, has what those have carried in them. */
void findings_outlive(struct findings *found, const struct program *p, struct arena *keep);

/* It failed there, too: with one connection no table can be that of another. */
void findings_stay(struct findings *found, const struct program *p, struct arena *keep);

#endif
