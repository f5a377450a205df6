#ifndef BASE_ARENA_H
#define BASE_ARENA_H
/*
 * Memory with a lifetime instead of a destructor: what is allocated together dies together.
 *
 * Zeroed, aligned for any type; ends the program when memory runs out, so nobody checks. Built with
 * -DARENA_BLOCK=0 each allocation is a malloc of its own, which lets the address sanitizer guard
 * its edges.
 */
#include "base/bytes.h"

#include <stdarg.h>

struct arena_block;

struct arena {
    struct arena_block *blocks; // newest first
    size_t used;                // bytes handed out, for limits and reports
};

/* size bytes, zeroed; never NULL. */
void *arena_alloc(struct arena *keep, size_t size);

/* count elements of size bytes each, zeroed; the product is checked here. */
void *arena_array(struct arena *keep, size_t count, size_t size);

#define ARENA_NEW(keep, type)          ((type *)arena_alloc((keep), sizeof(type)))
#define ARENA_ARRAY(keep, count, type) ((type *)arena_array((keep), (count), sizeof(type)))

/* Copies that live in keep. */
struct bytes arena_bytes(struct arena *keep, struct bytes from);
char *arena_string(struct arena *keep, const char *from);
char *arena_printf(struct arena *keep, const char *fmt, ...) PRINTF(2, 3);

/* What lives in `from` lives in keep from now on; `from` is then empty and usable. */
void arena_adopt(struct arena *keep, struct arena *from);

/* Gives all of it back; the arena is then empty and usable. */
void arena_free(struct arena *a);

/* An arena that dies with the enclosing scope, whichever way it is left. */
#define SCRATCH(name) CLEANUP(arena_free) struct arena name = { 0 }

#endif
