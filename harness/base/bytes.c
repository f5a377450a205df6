#include "base/bytes.h"

#include <stdio.h>
#include <stdlib.h>

size_t bytes_common(struct bytes a, struct bytes b)
{
    size_t n = a.len < b.len ? a.len : b.len, i = 0;

    while (n - i >= 256 && memcmp(a.data + i, b.data + i, 256) == 0) // a long message is looked at for each of its pieces
        i += 256;
    for (; i < n; i++)
        if (a.data[i] != b.data[i])
            return i;
    return n;
}

uint8_t *buffer_reserve(struct buffer *b, size_t len)
{
    if (len > SIZE_MAX / 2 - b->len)
        memory_exhausted();
    if (b->len + len > b->room || !b->data) {
        size_t room = b->room ? b->room : 64;
        while (room < b->len + len)
            room *= 2;
        uint8_t *data = realloc(b->data, room);
        if (!data)
            memory_exhausted();
        b->data = data;
        b->room = room;
    }
    return b->data + b->len;
}

void buffer_append(struct buffer *b, const void *data, size_t len)
{
    if (len == 0)
        return;
    memcpy(buffer_reserve(b, len), data, len);
    b->len += len;
}

void bytes_repeat(uint8_t *to, size_t unit, size_t all)
{
    for (size_t have = unit; have < all;) { // what is there, once more behind itself
        size_t more = have < all - have ? have : all - have;
        memcpy(to + have, to, more);
        have += more;
    }
}

void buffer_free(struct buffer *b)
{
    free(b->data);
    *b = (struct buffer){ 0 };
}

void memory_exhausted(void)
{
    fputs("arcwire: out of memory\n", stderr);
    exit(8); // the design's code for our surroundings; nothing can be saved without memory
}
