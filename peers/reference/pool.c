/*
 * Every piece is an allocation of its own in a ring-less double list, so that
 * one can grow without a copy of the others.
 */
#include "pool.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct pool_block {
    struct pool_block *next, *prev;
    struct pool *owner;
    size_t size;
    _Alignas(max_align_t) unsigned char data[];
};

static struct pool_block *block_of(void *data)
{
    return (struct pool_block *)(void *)((unsigned char *)data - offsetof(struct pool_block, data));
}

void *pool_grow(struct pool *p, void *old, size_t count, size_t size)
{
    size_t limit = p->limit ? p->limit : POOL_LIMIT;
    struct pool_block *block = old ? block_of(old) : NULL;
    size_t had = block ? block->size : 0;

    assert(!block || block->owner == p);
    if (count > limit / size || count * size > limit - (p->held - had))
        return NULL;
    size_t wanted = count * size;
    struct pool_block *grown = realloc(block, sizeof *grown + wanted);
    if (!grown)
        return NULL;
    if (!block)
        *grown = (struct pool_block){ .next = p->blocks, .owner = p };
    if (wanted > had)
        memset(grown->data + had, 0, wanted - had);
    if (grown->next)
        grown->next->prev = grown;
    if (grown->prev)
        grown->prev->next = grown;
    else
        p->blocks = grown;
    grown->size = wanted;
    p->held += wanted - had;
    return grown->data;
}

void *pool_new(struct pool *p, size_t count, size_t size)
{
    return pool_grow(p, NULL, count, size);
}

void *pool_more(struct pool *p, void *old, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return old;
    size_t more = *capacity ? *capacity * 2 : 8;
    void *grown = pool_grow(p, old, more, size);
    if (grown)
        *capacity = more;
    return grown;
}

void pool_release(struct pool *p)
{
    for (struct pool_block *b = p->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    p->blocks = NULL;
    p->held = 0;
}
