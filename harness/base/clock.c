#include "base/clock.h"

#include <stdlib.h>
#include <time.h>

int64_t clock_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t clock_wall(void)
{
    const char *fixed = getenv("SOURCE_DATE_EPOCH");

    return fixed && *fixed ? strtoll(fixed, NULL, 10) : (int64_t)time(NULL);
}
