/*
 * Memory that is let go of all at once, and never grows without bound.
 *
 * One pool lives as long as a request, one as long as a connection. A pool
 * refuses to hold more than its limit; what a peer claims is not believed
 * until its bytes are there, so the limit is reached by real data only.
 */
#ifndef REFERENCE_POOL_H
#define REFERENCE_POOL_H

#include <stddef.h>

struct pool_block;

struct pool {
    struct pool_block *blocks;
    size_t held;  // bytes handed out
    size_t limit; // in bytes; 0 stands for POOL_LIMIT
};

enum { POOL_LIMIT = 512 << 20 };

/* Zeroed memory for count elements, or NULL over the limit. count 0 gives a pointer, too. */
void *pool_new(struct pool *p, size_t count, size_t size);

/* What old (from this pool, or NULL) held, in room for count elements; NULL over the limit. */
void *pool_grow(struct pool *p, void *old, size_t count, size_t size);

/*
 * Room for one more in an array that holds count: doubles as needed.
 * *capacity is kept by the caller, 0 at first.
 */
void *pool_more(struct pool *p, void *old, size_t count, size_t *capacity, size_t size);

/* Lets everything go; the pool can be used again. */
void pool_release(struct pool *p);

#endif
