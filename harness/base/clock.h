#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H
/*
 * Time. Only the engine and app/ look at a clock; everything else is told the time.
 */
#include <stdint.h>

/* Microseconds of the monotonic clock; only differences mean something. */
int64_t clock_us(void);

/* Seconds since 1970 UTC: SOURCE_DATE_EPOCH if set, else the wall clock. */
int64_t clock_wall(void);

#endif
