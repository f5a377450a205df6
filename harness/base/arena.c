#include "base/arena.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>

#ifndef ARENA_BLOCK
#define ARENA_BLOCK 16384 // bytes; a usual case fits into one
#endif

struct arena_block {
    struct arena_block *next;
    size_t used, size;
    alignas(max_align_t) uint8_t data[];
};

static const size_t step = alignof(max_align_t);

void *arena_alloc(struct arena *keep, size_t size)
{
    if (size > SIZE_MAX / 2)
        memory_exhausted();
    size_t need = (size + step - 1) / step * step;
    struct arena_block *b = keep->blocks;

    keep->used += need;
    if (!b || need > b->size - b->used) {
        // A large one gets a block of its own behind the current, which may still have room.
        size_t block = need > ARENA_BLOCK / 4 ? (ARENA_BLOCK ? need : size) : ARENA_BLOCK;
        struct arena_block *fresh = calloc(1, sizeof *fresh + block);
        if (!fresh)
            memory_exhausted();
        fresh->size = block;
        if (b && block != ARENA_BLOCK) {
            fresh->next = b->next;
            b->next = fresh;
        } else {
            fresh->next = b;
            keep->blocks = fresh;
        }
        b = fresh;
    }
    void *p = b->data + b->used;
    b->used += need < b->size - b->used ? need : b->size - b->used;
    return p;
}

void *arena_array(struct arena *keep, size_t count, size_t size)
{
    size_t total;

    if (__builtin_mul_overflow(count, size, &total))
        memory_exhausted();
    return arena_alloc(keep, total);
}

struct bytes arena_bytes(struct arena *keep, struct bytes from)
{
    uint8_t *to = arena_alloc(keep, from.len);

    if (from.len)
        memcpy(to, from.data, from.len);
    return (struct bytes){ to, from.len };
}

char *arena_string(struct arena *keep, const char *from)
{
    size_t size = strlen(from) + 1;

    return memcpy(arena_alloc(keep, size), from, size);
}

char *arena_printf(struct arena *keep, const char *fmt, ...)
{
    va_list args, again;

    va_start(args, fmt);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    char *text = arena_alloc(keep, (size_t)(len < 0 ? 0 : len) + 1);
    if (len > 0)
        vsnprintf(text, (size_t)len + 1, fmt, again);
    va_end(again);
    return text;
}

void arena_adopt(struct arena *keep, struct arena *from)
{
    struct arena_block **end = &keep->blocks;

    while (*end) // the newest stays the one that has room
        end = &(*end)->next;
    *end = from->blocks;
    keep->used += from->used;
    *from = (struct arena){ 0 };
}

void arena_free(struct arena *a)
{
    for (struct arena_block *b = a->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    *a = (struct arena){ 0 };
}
