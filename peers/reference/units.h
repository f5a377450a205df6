/*
 * A counted run of equal units: a string, a block of bytes, the elements of
 * an array. The units stand as on the wire, little-endian, whatever the
 * machine.
 */
#ifndef REFERENCE_UNITS_H
#define REFERENCE_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pool.h"

struct units {
    uint8_t *data; // count * width bytes, in some pool
    size_t count;
    unsigned width; // bytes of one unit: 1, 2 or 4
};

/* Little-endian numbers of 1 to 8 bytes in memory. */
uint64_t bits_load(const uint8_t *from, unsigned size);
void bits_store(uint8_t *to, uint64_t bits, unsigned size);

/* The same bytes the other way round: to network order and back. */
uint64_t bits_turned(uint64_t bits, unsigned size);

uint32_t units_at(const struct units *u, size_t i);

/* Sets *out to count zero units; false over the pool's limit. */
bool units_new(struct units *out, struct pool *pool, size_t count, unsigned width);

/*
 * The same text in the other width: STR-16, with ISO 8859-1 for the code page,
 * and a question mark for what it lacks [STR-17, STR-18].
 */
bool units_widen_or_narrow(struct units *u, struct pool *pool, unsigned width);

/* ASCII to a string of the width. */
bool units_from_ascii(struct units *out, struct pool *pool, const char *text, size_t len,
                      unsigned width);

/* A string as ASCII, not terminated; other units become question marks. NULL over the limit. */
char *units_to_ascii(const struct units *u, struct pool *pool);

#endif
