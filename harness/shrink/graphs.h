#ifndef SHRINK_GRAPHS_H
#define SHRINK_GRAPHS_H
/*
 * Smaller graphs of objects in steps that stand by themselves: "[CAge(1),CNode(2,@1)]" is said, stored and told in several of them, and
 * what stands behind it calls its objects by their number.
 */
#include "json/json.h"
#include "shrink/rows.h"
#include "shrink/smaller.h"

/* Whether a text of the service's holds objects or elements, and so may get smaller in this way. */
bool graph_is(const char *text);

/*
 * The steps with a smaller text wherever this one stands as a value of its own. Behind it each side's `@k` [service, section 5] is what the
 * k-th object is called now, or null where that is gone. They live in keep.
 */
struct steps_text graph_smaller(const struct steps_text *steps, const char *text, const struct smaller_text *by, struct arena *keep);

#endif
