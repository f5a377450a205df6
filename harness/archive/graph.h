#ifndef ARCHIVE_GRAPH_H
#define ARCHIVE_GRAPH_H
/*
 * The objects within one value, private to archive/.
 */
#include "archive/ops.h"

/* The new objects of a value. Those of a text have no numbers; they count from the number given. */
struct fresh graph_fresh(const struct value *whole, uint64_t unless_numbered, struct arena *keep);

#endif
