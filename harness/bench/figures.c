#include "bench/figures.h"

#include <assert.h>
#include <stdlib.h>

void series_add(struct series *s, double value)
{
    assert(s->count < SERIES_MAX);
    s->values[s->count++] = value;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

double median(double *values, size_t count)
{
    if (count == 0)
        return 0;
    qsort(values, count, sizeof *values, by_value);
    return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

double series_median(const struct series *s)
{
    struct series sorted = *s; // the order of the rounds is kept

    return median(sorted.values, sorted.count);
}

double series_low(const struct series *s)
{
    double low = s->count ? s->values[0] : 0;

    for (size_t i = 1; i < s->count; i++)
        low = s->values[i] < low ? s->values[i] : low;
    return low;
}

double series_high(const struct series *s)
{
    double high = s->count ? s->values[0] : 0;

    for (size_t i = 1; i < s->count; i++)
        high = s->values[i] > high ? s->values[i] : high;
    return high;
}

double goal_missed(struct goal g, double value)
{
    double by = g.kind == GOAL_AT_MOST ? value - g.value : g.kind == GOAL_AT_LEAST ? g.value - value : 0;

    return by > 0 ? by : 0;
}
