#ifndef BASE_HEX_H
#define BASE_HEX_H
/*
 * Hex with runs, as vectors and logs write it: `fffdff 41*65533`. A token is an even number of digits, and may
 * be repeated by `*N`.
 */
#include "base/arena.h"
#include "base/text.h"

#define HEX_MAX (64u << 20) // bytes that one notation may stand for

/* How many bytes it stands for. Returns NULL, or what is wrong (a constant). */
const char *hex_measure(const char *text, size_t *len);

/* Returns NULL and sets *out on success, else what is wrong (a constant). */
const char *hex_read(const char *text, struct arena *keep, struct bytes *out);

/* Of a notation that is known to be right: appends what it stands for; whether it stands for these bytes. */
void hex_append(const char *text, struct buffer *to);
bool hex_is(const char *text, struct bytes bytes);

/* Writes runs with a star: 8 and more equal bytes or pairs, 2 and more equal blocks of 256. */
void hex_write(struct text *to, struct bytes bytes);

#endif
