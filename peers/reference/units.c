#include "units.h"

uint64_t bits_load(const uint8_t *from, unsigned size)
{
    uint64_t bits = 0;

    for (unsigned i = size; i-- > 0;)
        bits = bits << 8 | from[i];
    return bits;
}

void bits_store(uint8_t *to, uint64_t bits, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        to[i] = (uint8_t)(bits >> 8 * i);
}

uint64_t bits_turned(uint64_t bits, unsigned size)
{
    uint64_t turned = 0;

    for (unsigned i = 0; i < size; i++)
        turned = turned << 8 | (bits >> 8 * i & 0xff);
    return turned;
}

uint32_t units_at(const struct units *u, size_t i)
{
    return (uint32_t)bits_load(u->data + i * u->width, u->width);
}

bool units_new(struct units *out, struct pool *pool, size_t count, unsigned width)
{
    uint8_t *data = pool_new(pool, count, width);

    if (!data)
        return false;
    *out = (struct units){ data, count, width };
    return true;
}

bool units_widen_or_narrow(struct units *u, struct pool *pool, unsigned width)
{
    struct units other;

    if (u->width == width)
        return true;
    if (!units_new(&other, pool, u->count, width))
        return false;
    for (size_t i = 0; i < u->count; i++) {
        uint32_t unit = units_at(u, i);
        bits_store(other.data + i * width, width == 1 && unit > 0xff ? '?' : unit, width);
    }
    *u = other;
    return true;
}

bool units_from_ascii(struct units *out, struct pool *pool, const char *text, size_t len,
                      unsigned width)
{
    if (!units_new(out, pool, len, width))
        return false;
    for (size_t i = 0; i < len; i++)
        bits_store(out->data + i * width, (uint8_t)text[i], width);
    return true;
}

char *units_to_ascii(const struct units *u, struct pool *pool)
{
    char *text = pool_new(pool, u->count, 1);

    for (size_t i = 0; text && i < u->count; i++) {
        uint32_t unit = units_at(u, i);
        text[i] = unit < 0x80 ? (char)unit : '?';
    }
    return text;
}
