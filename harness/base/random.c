#include "base/random.h"

/* The finalizer of SplitMix64, which is also the generator: small, and equal on every machine. */
static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

struct random random_for(uint64_t seed, const char *name, uint64_t place)
{
    uint64_t h = mix(seed + 0x9e3779b97f4a7c15u);

    for (; *name; name++)
        h = mix(h ^ (uint8_t)*name);
    return (struct random){ mix(h ^ (place * 0x9e3779b97f4a7c15u + 1)) };
}

uint64_t random_u64(struct random *r)
{
    r->state += 0x9e3779b97f4a7c15u;
    return mix(r->state);
}

uint64_t random_below(struct random *r, uint64_t limit)
{
    if (limit == 0)
        return random_u64(r);
    // Values above the last whole multiple of limit would favour the small ones.
    uint64_t spare = (0 - limit) % limit, value;
    do
        value = random_u64(r);
    while (value < spare);
    return value % limit;
}
