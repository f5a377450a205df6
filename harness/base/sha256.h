#ifndef BASE_SHA256_H
#define BASE_SHA256_H
/*
 * SHA-256 (FIPS 180-4), for digests of cases and vectors. The program builds with nothing but libcjson,
 * which is why it is here and not a library's.
 */
#include "base/bytes.h"

struct sha256 {
    uint32_t state[8];
    uint64_t total;    // bytes so far
    uint8_t block[64]; // the unfinished one
};

void sha256_init(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *data, size_t len);
/* The digest as 64 lower-case digits and a NUL; s is used up. */
void sha256_hex(struct sha256 *s, char out[65]);

#endif
