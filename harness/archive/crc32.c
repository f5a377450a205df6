#include "archive/crc32.h"

uint32_t crc32_of(struct bytes bytes)
{
    uint32_t crc = 0xffffffff;

    for (size_t i = 0; i < bytes.len; i++) {
        crc ^= bytes.data[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (0xedb88320 & (0 - (crc & 1))); // the polynomial, reflected
    }
    return ~crc;
}
