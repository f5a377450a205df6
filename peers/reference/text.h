/*
 * The text notation of the service: writing it and reading it.
 *
 * Numbers are decimal, hexadecimal letters lower case, values separated by
 * one space. A run of units is a letter, a colon and hexadecimal digits:
 *
 *   u:00480069      literal
 *   u#1000:9571905c longer than 64 units: their number and their CRC-32
 *   u*1000:0041     only in requests: that many equal units
 */
#ifndef REFERENCE_TEXT_H
#define REFERENCE_TEXT_H

#include "units.h"

/* ASCII that grows in a pool. Over the pool's limit it stops growing and says so. */
struct text {
    struct pool *pool;
    char *data; // not terminated
    size_t len, capacity;
    bool over;
    uint32_t told; // objects up to this number were carried before, and are named @k only
};

void text_add(struct text *t, const char *s, size_t len);
void text_put(struct text *t, const char *s);
#ifdef __MINGW32__ // its own printf is meant, not that of Windows
__attribute__((format(gnu_printf, 2, 3)))
#else
__attribute__((format(printf, 2, 3)))
#endif
void text_printf(struct text *t, const char *format, ...);

/* Digits hexadecimal digits per unit; the CRC is over digits / 2 bytes per unit. */
void text_units(struct text *t, char letter, const struct units *u, unsigned digits);

/* [1,2,3] or [#N:CRC]. */
void text_array(struct text *t, const struct units *elements);

/* A text being read. Each scan_… consumes what it reads, or returns false. */
struct scan {
    const char *at, *end;
    struct pool *pool; // where strings go
    const char *why;   // the reason of the last false, if there is a special one
};

enum { SCAN_REPEAT_MAX = 1048576 }; // largest N of letter*N:unit

bool scan_char(struct scan *s, char c);
bool scan_word(struct scan *s, const char *word);
bool scan_ended(const struct scan *s);

/* A decimal number, in two's complement in *out, that lies in [min, max]; min is 0 or negative. */
bool scan_integer(struct scan *s, int64_t min, uint64_t max, uint64_t *out);

/* Exactly so many hexadecimal digits, at most 16. */
bool scan_hex(struct scan *s, unsigned digits, uint64_t *out);

/* The three notations above but for '#'; units of digits / 2 bytes. */
bool scan_units(struct scan *s, char letter, unsigned digits, struct units *out);

/* [1,2,3] or [*N:v], elements of width bytes, unsigned. */
bool scan_array(struct scan *s, unsigned width, struct units *out);

#endif
