#ifndef BASE_BYTES_H
#define BASE_BYTES_H
/*
 * Bytes: borrowed slices, and a buffer that grows.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define COUNT_OF(array)  (sizeof(array) / sizeof((array)[0]))
#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define CLEANUP(function) __attribute__((cleanup(function)))

/* A slice. It does not own; whoever made it says how long it lives. */
struct bytes {
    const uint8_t *data;
    size_t len;
};

/* BYTES(0x01, 0x02): a slice of the values given, for tables of constants. */
#define BYTES(...) \
    ((struct bytes){ (const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ }) })

/* The characters of a string, without its NUL. */
static inline struct bytes bytes_of(const char *text)
{
    return (struct bytes){ (const uint8_t *)text, strlen(text) };
}

static inline bool bytes_equal(struct bytes a, struct bytes b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* The part of s from at on, len long at most; empty when at lies behind its end. */
static inline struct bytes bytes_slice(struct bytes s, size_t at, size_t len)
{
    if (at >= s.len)
        return (struct bytes){ 0 };
    return (struct bytes){ s.data + at, len < s.len - at ? len : s.len - at };
}

/* Offset of the first byte in which a and b differ, or of the end of the shorter one. */
size_t bytes_common(struct bytes a, struct bytes b);

/* Whether b begins with these bytes; with none it does not. */
static inline bool bytes_begin(struct bytes with, struct bytes b)
{
    return with.len && with.len <= b.len && memcmp(with.data, b.data, with.len) == 0;
}

/* A buffer that grows; all zero is empty. Memory is its own: buffer_free. Ends the program when
 * memory runs out, so nobody checks. */
struct buffer {
    uint8_t *data;
    size_t len;   // bytes in use
    size_t room;  // bytes allocated
};

/* Appends, growing as needed. data may be NULL when len is 0. */
void buffer_append(struct buffer *b, const void *data, size_t len);

/* Makes room for len bytes more and returns where they go; b->len is left alone. */
uint8_t *buffer_reserve(struct buffer *b, size_t len);

/* Fills `all` bytes with the `unit` bytes that stand at their beginning, again and again. unit is not 0. */
void bytes_repeat(uint8_t *to, size_t unit, size_t all);

void buffer_free(struct buffer *b);

static inline struct bytes buffer_bytes(const struct buffer *b)
{
    return (struct bytes){ b->data, b->len };
}

/* Ends the program with exit status 8: memory ran out. */
_Noreturn void memory_exhausted(void);

#endif
