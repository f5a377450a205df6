#ifndef BASE_HEX_H
#define BASE_HEX_H
/*
 * Hex with runs, as vectors and logs write it: `fffdff 41*65533`. A token is an even number of digits, and may
 * be repeated by `*N`.
 */
#include "base/arena.h"
#include "base/text.h"

#define HEX_MAX (64u << 20) // bytes that one notation may stand for

/* Returns NULL and sets *out on success, else what is wrong (a constant). */
const char *hex_read(const char *text, struct arena *keep, struct bytes *out);

/* Writes runs with a star: 8 and more equal bytes or pairs, 2 and more equal blocks of 256. */
void hex_write(struct text *to, struct bytes bytes);

#endif
